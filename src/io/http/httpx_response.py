"""A response that came through httpx, and what httpx's errors mean."""

from contextlib import suppress
from typing import Final, Self

import httpx
import trio

from .budget import Budget, Lease
from .client_protocol import ErrorKind
from .limits import UpstreamLimits
from .patience import Patience
from .response import overfull
from .upstream_error import UpstreamError, reason
from .wire import GONE

_LARGE_HEAD: Final = "the upstream's response head is too large"


class HttpxResponse:
    """A response and its body as it arrives; see `Response`, which promises the same.

    Attributes:
        status: 200 to 599 or beyond.
        headers: (name, value) in the order sent, names lower-case.
    """

    def __init__(self, response: httpx.Response, limits: UpstreamLimits, budget: Budget, patience: Patience) -> None:
        assert isinstance(response.stream, httpx.AsyncByteStream)
        self.status = response.status_code
        self.headers = tuple((name.lower(), value) for name, value in response.headers.raw)
        self._limits = limits
        self._patience = patience
        self._lease = Lease(budget)
        self._stream = response.stream
        self._pieces = aiter(response.stream)
        self._error: UpstreamError | None = None
        self._closed = False
        self._over = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def check(self) -> None:
        """Apply what httpx does not.

        Raises:
            UpstreamError: the head is not one to go on with.
        """
        size = sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self._limits.max_head_bytes:
            raise UpstreamError("too_large", _LARGE_HEAD, sent=True)
        if len(self.headers) > self._limits.max_headers:
            raise UpstreamError("too_large", "the upstream's response has too many headers", sent=True)

    @property
    def lease(self) -> Lease:
        """Of the bytes that are held of its body."""
        return self._lease

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, by its lower-case name."""
        return next((value for key, value in self.headers if key == name), None)

    async def receive(self) -> bytes:
        """The next piece of the body, transfer coding removed; empty at the end, again and again.

        Raises:
            UpstreamError: The body was cut short, malformed or too slow.
            trio.ClosedResourceError: `aclose` was called.
        """
        if self._closed:
            raise trio.ClosedResourceError("the response is closed")
        if self._error is not None:
            raise self._error
        if self._over:
            return b""
        began, scope = trio.current_time(), trio.CancelScope()

        def bound() -> None:
            scope.deadline = min(began + self._grant(), self._patience.until)

        with scope:
            bound()
            self._patience.tell(bound)
            try:
                piece: bytes | None = b""
                while piece == b"":  # an HTTP/2 frame may be empty
                    piece = await anext(self._pieces, None)
            except httpx.TransportError as error:
                self._error = failure_of(error, "truncated")
                raise self._error from error
        if scope.cancelled_caught:
            words = f"nothing more of the response came within {self._grant():g} s"
            self._error = UpstreamError("timeout", words, sent=True)
            raise self._error
        if piece is None:
            await self._end()
        return piece or b""

    def _grant(self) -> float:
        """Seconds in which a read must bring something."""
        return self._limits.idle_read_timeout if self._patience.idle is None else self._patience.idle

    async def read(self, limit: int | None = None) -> bytes:
        """The whole rest of the body, of at most `limit` bytes.

        Raises:
            UpstreamError: As `receive`, or `too_large` or `overloaded`; the connection is closed then.
        """
        limit = self._limits.max_body_bytes if limit is None else limit
        body = bytearray()
        while piece := await self.receive():
            body += piece
            self._error = overfull(self._lease, len(piece), len(body), limit)
            if self._error is not None:
                await self._leave()
                raise self._error
        return bytes(body)

    async def aclose(self) -> None:
        """Let go of the connection: a body that was not read to its end cannot be skipped, so it is closed at once.

        Waits for nothing, so that it works in a cancelled scope; calling it twice is fine.
        """
        self._closed = True
        await self._leave()

    async def _leave(self) -> None:
        """Stop in the middle of a body.

        httpcore reads through generators inside generators. Dropping them would leave each to the garbage collector;
        an exception from the innermost read unwinds all of them, which also closes the connection.
        """
        if self._over:
            return
        with trio.CancelScope(shield=True) as scope, suppress(httpx.TransportError):
            scope.cancel()
            async for _ in self._pieces:
                pass
        await self._end()

    async def _end(self) -> None:
        self._over = True
        with trio.CancelScope(shield=True):  # what httpcore still does then is bookkeeping, and a close
            await self._stream.aclose()


# What h11 and httpcore tell apart by their words only.
_WORDS: Final[dict[str, tuple[ErrorKind, str]]] = {
    "Server disconnected": ("reset", "the upstream closed the connection without an answer"),
    "peer closed connection": ("truncated", "the upstream closed the connection before the end of its response"),
    "Receive buffer too long": ("too_large", _LARGE_HEAD),
    "Received server _SWITCH": ("protocol", "the upstream switched protocols unasked"),
}


def failure_of(error: httpx.TransportError, broken: ErrorKind) -> UpstreamError:
    """What an error means once the request was sent; `broken` is the kind of one of the connection's."""
    if isinstance(error, httpx.NetworkError):
        return UpstreamError(broken, f"the connection broke: {reason_below(error)}", sent=True)
    words = str(error)
    kind, message = next((found for start, found in _WORDS.items() if words.startswith(start)), ("protocol", ""))
    return UpstreamError(kind, message or f"the upstream does not speak HTTP: {words}", sent=True)


def reason_below(error: BaseException) -> str:
    """What went wrong below httpx and httpcore."""
    inner: BaseException | None = error
    while inner is not None and not isinstance(inner, GONE):
        inner = inner.__cause__ or inner.__context__
    return reason(inner or error)
