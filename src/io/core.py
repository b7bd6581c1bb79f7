"""What the shell asks of the core: bytes in, bytes out. ``dragoman.translate.boundary`` is the one that serves."""

from collections.abc import Sequence
from typing import Any, Protocol


class Answer(Protocol):
    """A status, a small JSON object, and wire bytes."""

    @property
    def status(self) -> int:
        """An HTTP status."""

    @property
    def head(self) -> bytes:
        """A JSON object."""

    @property
    def body(self) -> bytes:
        """Wire bytes."""


class Parsed(Protocol):
    """A parsed body, opaque but for the model that it asks for."""

    @property
    def model(self) -> str | None:
        """The top-level model, if there is one."""


class Core(Protocol):
    """The boundary of the core. Nothing is raised across it."""

    def parse(self, body: bytes, /) -> Parsed:
        """A client's body, parsed once: for its model, and for `request`."""

    def request(self, head: bytes, body: Any, /) -> Answer:
        """A client's request, its body parsed or not -> the call to make, or the error to send."""

    def reply(self, head: bytes, body: bytes, /) -> Answer:
        """A provider's whole reply -> the client's reply."""

    def embed(self, head: bytes, body: Any, /) -> Answer:
        """A client's request for embeddings, parsed or not -> the calls to make, or the error to send."""

    def embedded(self, head: bytes, bodies: Sequence[bytes], /) -> Answer:
        """The replies of these calls, or the first that failed -> the client's reply."""

    def essence(self, head: bytes, body: bytes, /) -> bytes:
        """What of a call tells its answer."""

    def open(self, head: bytes, /) -> tuple[int, Any]:
        """A provider's stream begins: a status and a pipe."""

    def feed(self, pipe: Any, data: bytes, /) -> tuple[Any, bytes]:
        """Bytes of the provider -> bytes for the client."""

    def failed(self, pipe: Any, unsent: bool = False, /) -> Answer | None:
        """The whole error of a stream that failed before it began, or before the client was sent anything of it."""

    def listen(self, pipe: Any, /) -> Any:
        """A second ear for a stream whose beginning is held back."""

    def hear(self, hearing: Any, data: bytes, /) -> Any:
        """The same after more bytes of the provider."""

    def heard(self, hearing: Any, /) -> bool:
        """Whether the stream has said something, and not only that it began."""

    def session(self, client: str, what: str, body: Any, /) -> str | None:
        """The ``user`` or the ``conversation`` of a parsed body."""

    def estimate(self, client: str, action: str, body: Any, /) -> int:
        """The tokens that a parsed body may use, roughly."""

    def over(self, pipe: Any, /) -> bool:
        """Whether the provider has said its last word."""

    def conceal(self, pipe: Any, data: bytes, secret: bytes, mask: bytes, /) -> bytes:
        """A stream's bytes for the client without a secret."""

    def close(self, pipe: Any, /) -> tuple[bytes, bytes]:
        """The stream is over: the last bytes for the client, and a JSON object."""

    def error(self, head: bytes, /) -> Answer:
        """An error of the shell in the client's dialect."""

    def sign(self, head: bytes, body: bytes, /) -> Answer:
        """The headers that sign a call with AWS credentials."""

    def models(self) -> bytes:
        """The model rows as a JSON list."""

    def providers(self) -> bytes:
        """The provider rows as a JSON list."""
