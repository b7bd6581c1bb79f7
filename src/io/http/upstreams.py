"""What a gateway needs of whatever carries its requests to upstreams: `Pool`, or `HttpxPool`."""

from typing import Protocol

from .budget import Lease
from .framing import Headers
from .limits import UpstreamLimits
from .origin import Origin
from .patience import Patience


class UpstreamResponse(Protocol):
    """See `Response`."""

    @property
    def status(self) -> int:
        """200 to 599 or beyond."""

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """(name, value) in the order sent, names lower-case."""

    @property
    def lease(self) -> Lease:
        """Of the bytes that are held of its body."""

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, by its lower-case name."""

    async def receive(self) -> bytes:
        """The next piece of the body; empty at the end."""

    async def read(self, limit: int | None = None) -> bytes:
        """The whole rest of the body."""

    async def aclose(self) -> None:
        """Let go of the connection."""


class Upstreams(Protocol):
    """See `Pool`."""

    async def request(
        self,
        origin: Origin,
        method: str,
        target: str,
        headers: Headers,
        body: bytes,
        *,
        limits: UpstreamLimits | None = None,
        patience: Patience | None = None,
    ) -> UpstreamResponse:
        """Send a request and wait for the head of its response."""

    async def aclose(self) -> None:
        """Close what is open. No request can be sent any more."""
