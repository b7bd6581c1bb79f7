"""One request and its response, as a handler sees them."""

import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Final, Protocol

from . import framing
from .framing import Headers
from .server_protocol import Request

# Up to this size head and body go out in one piece: copying is cheaper than a system call.
_JOIN_BYTES: Final = 65_536


class Line(Protocol):
    """What an exchange needs of its connection. One that need not be waited for has `write_now` too: `DirectLine`."""

    @property
    def is_closing(self) -> bool:
        """Whether no response may follow the one that begins now."""

    @property
    def hung_up(self) -> bool:
        """Whether the client is known to be gone."""

    async def write(self, data: bytes) -> None:
        """Send everything, or be cancelled."""


class DirectLine(Line, Protocol):
    """A connection that takes bytes from a callback."""

    def write_now(self, data: bytes) -> int:
        """Send what can be sent without waiting; returns how many bytes. Never raises."""

    async def write_soon(self, data: bytes) -> None:
        """Send the whole of a response after which the connection stays open, if it pays with those of others."""


class Exchange:
    """One request and its response. A handler calls `respond`; or `start`, `send` as often as it likes, `finish`.

    Every method raises `trio.Cancelled` once the client is gone, and `RuntimeError` when called out of turn. A handler
    that goes on working after its response can be cancelled too: what must not be lost is done before, or shielded.

    Attributes:
        request: What the client asked.
        started: Whether response bytes may have left; from then on no other response can be given.
        finished: Whether the response is whole.
    """

    __slots__ = (
        "_line",
        "_plain",
        "_rest",
        "_silent",
        "_write_now",
        "_write_soon",
        "finished",
        "keep_alive",
        "request",
        "started",
    )

    def __init__(self, line: Line | DirectLine, request: Request) -> None:
        self._line = line
        self._write_now: Callable[[bytes], int] = getattr(line, "write_now", _takes_nothing)
        self._write_soon: Callable[[bytes], Awaitable[None]] = getattr(line, "write_soon", line.write)
        self._silent = request.method == "HEAD"
        self._plain = request.http_version == "1.0"
        self._rest = b""
        self.request = request
        self.keep_alive = request.keep_alive
        self.started = False
        self.finished = False

    @property
    def client_left(self) -> bool:
        """Whether it was the client who ended this before its time, and not the server's own end."""
        return self._line.hung_up

    async def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """Send a whole response.

        Args:
            status: 200 to 599.
            headers: Lower-case names; framing headers are left out, content-length and date are added.
            body: Not sent to a HEAD request, but counted.

        Raises:
            ValueError: A header holds a line break; nothing was sent.
        """
        keep_alive = self._begin()
        version = self.request.http_version
        head = framing.whole_response(
            status, headers, body, keep_alive=keep_alive, http_version=version, extra=date_line()
        )
        self.started = True
        if self._silent or status in framing.BODILESS:
            await self._line.write(head)
        elif len(body) <= _JOIN_BYTES:
            await (self._write_soon if keep_alive else self._line.write)(head + body)
        else:
            await self._line.write(head)
            await self._line.write(body)
        self.finished = True

    async def start(self, status: int, headers: Headers) -> None:
        """Send the head of a streamed response. It leaves at once.

        Raises:
            ValueError: A header holds a line break; nothing was sent.
        """
        # Without chunks only the connection's end can tell an HTTP/1.0 client where the body ends.
        self.keep_alive = self._begin() and not self._plain
        version = self.request.http_version
        head = framing.stream_head(status, headers, keep_alive=self.keep_alive, http_version=version, extra=date_line())
        self.started = True
        self._silent = self._silent or status in framing.BODILESS
        await self._line.write(head)

    def send_now(self, data: bytes) -> bool:
        """Send a piece of a streamed response without waiting, from anywhere, also from a callback.

        Returns:
            Whether all of it left. What did not is kept: `flush` before the next piece.
        """
        if not self.started or self.finished or self._rest:
            raise RuntimeError("send_now() belongs between start() and finish(), and after flush()")
        if not data or self._silent:
            return True
        framed = data if self._plain else framing.chunk(data)
        taken = self._write_now(framed)
        if taken == len(framed):
            return True
        self._rest = framed[taken:]
        return False

    async def flush(self) -> None:
        """Send what `send_now` kept; returns when the kernel took it."""
        if self._rest:
            rest, self._rest = self._rest, b""
            await self._line.write(rest)

    async def send(self, data: bytes) -> None:
        """Send a piece of a streamed response; returns when the kernel took it."""
        if not self.send_now(data):
            await self.flush()

    async def finish(self) -> None:
        """End a streamed response."""
        if not self.started or self.finished:
            raise RuntimeError("finish() belongs after start(), once")
        self.finished = True
        if not self._plain and not self._silent:
            await self._line.write(framing.LAST_CHUNK)

    def _begin(self) -> bool:
        if self.started:
            raise RuntimeError("this exchange already has a response")
        self.keep_alive = self.keep_alive and not self._line.is_closing
        return self.keep_alive


def _takes_nothing(_: bytes) -> int:
    return 0


Handler = Callable[[Exchange], Awaitable[None]]


_date: tuple[int, bytes] = (0, b"")


def date_line() -> bytes:
    """The date header, made once a second."""
    global _date  # noqa: PLW0603 - a cache of one value
    now = int(time.time())
    if _date[0] != now:
        _date = now, b"date: %b\r\n" % formatdate(now, usegmt=True).encode("ascii")
    return _date[1]
