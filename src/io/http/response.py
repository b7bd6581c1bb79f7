"""An upstream's response, read as it comes, and what can go wrong with it."""

import math
from collections.abc import Callable
from typing import Self

import trio

from .budget import Budget, Lease
from .client_protocol import ClientProtocol, ErrorKind
from .limits import UpstreamLimits
from .wire import GONE, Wire


class UpstreamError(Exception):
    """An upstream that could not be used.

    Attributes:
        kind: What happened. A time-out while connecting is a `timeout` that was not `sent`.
        message: For logs and people; holds no header or body.
        sent: Whether the upstream may have seen any of the request; if not, it is safe to send it elsewhere.
    """

    def __init__(self, kind: ErrorKind, message: str, *, sent: bool) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind: ErrorKind = kind
        self.message = message
        self.sent = sent


class UpstreamConnection:
    """One connection of a pool, with what it takes to read from it.

    Attributes:
        wire: Its bytes.
        limits: The pool's.
        budget: The pool's.
        protocol: Reads the response under way.
        idle_since: When it was last given back.
        broken: Nothing can be sent on it any more, though an answer may still be read.
        read_by: When the body read under way is overdue; infinity while there is none.
    """

    __slots__ = ("_given_up", "_release", "broken", "budget", "idle_since", "limits", "protocol", "read_by", "wire")

    def __init__(
        self,
        wire: Wire,
        limits: UpstreamLimits,
        budget: Budget,
        release: "Callable[[UpstreamConnection, bool], None]",
    ) -> None:
        self.wire = wire
        self.limits = limits
        self.budget = budget
        self.protocol = ClientProtocol(limits)
        self.idle_since = 0.0
        self.broken = False
        self.read_by = math.inf
        self._given_up = False
        self._release = release

    async def pull(self) -> None:
        """Read once.

        Raises:
            UpstreamError: The connection broke.
        """
        try:
            data = await self.wire.receive()
        except GONE as error:
            kind: ErrorKind = "truncated" if self.protocol.touched else "reset"
            raise UpstreamError(kind, f"the connection broke: {reason(error)}", sent=True) from error
        if data:
            self.protocol.receive(data)
        else:
            self.protocol.receive_end()

    async def pull_in_time(self) -> None:
        """Read once more of a response body.

        A cancel scope for each piece would cost a quarter of relaying it, so the time is written down here and the
        pool's keeper looks at it now and then: see `give_up`.

        Raises:
            UpstreamError: The connection broke, or nothing came within `idle_read_timeout`.
        """
        grant = self.limits.idle_read_timeout
        self.read_by = trio.current_time() + grant
        try:
            await self.pull()
        except UpstreamError as error:
            if self._given_up:
                message = f"nothing more of the response came within {grant:g} s"
                raise UpstreamError("timeout", message, sent=True) from error
            raise
        finally:
            self.read_by = math.inf

    def give_up(self) -> None:
        """End a read that takes too long: closing the wire wakes it."""
        self._given_up = True
        self.wire.abort()

    def end(self, *, reusable: bool) -> None:
        """Hand the connection back, for another request or to be closed. Waits for nothing, cannot fail."""
        self._release(self, reusable and not self.broken)


class Response:
    """The head of a response, and its body as it arrives.

    The connection goes back to the pool by itself when the end of the body has arrived. A response that is not read to
    its end must be closed: use `async with`, or `aclose`.

    Attributes:
        status: 200 to 599 or beyond.
        headers: (name, value) in the order sent, names lower-case.
    """

    __slots__ = ("_buffer", "_closed", "_connection", "_error", "_lease", "_limits", "headers", "status")

    def __init__(self, connection: UpstreamConnection) -> None:
        protocol = connection.protocol
        self.status = protocol.status
        self.headers = protocol.headers
        self._limits = connection.limits
        self._lease = Lease(connection.budget)
        self._connection: UpstreamConnection | None = connection
        self._error: UpstreamError | None = None
        self._closed = False
        self._buffer = b""
        self._take(protocol)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, by its lower-case name."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    async def receive(self) -> bytes:
        """The next piece of the body, transfer coding removed; empty at the end, again and again.

        Raises:
            UpstreamError: The body was cut short, malformed or too slow. What came before it is returned first.
            trio.ClosedResourceError: `aclose` was called.
        """
        if self._closed:
            raise trio.ClosedResourceError("the response is closed")
        while not self._buffer and self._connection is not None:
            await self._pull(self._connection)
        if not self._buffer and self._error is not None:
            raise self._error
        piece, self._buffer = self._buffer, b""
        return piece

    async def read(self, limit: int | None = None) -> bytes:
        """The whole rest of the body. It counts as held for as long as this response is kept.

        Args:
            limit: Most bytes to take; `max_body_bytes` of the pool's limits if not given.

        Raises:
            UpstreamError: As `receive`, or `too_large` or `overloaded`; the connection is closed then.
        """
        limit = self._limits.max_body_bytes if limit is None else limit
        piece = await self.receive()
        self._hold(len(piece), len(piece), limit)
        if self._connection is None and self._error is None:
            return piece  # all of it came with the head
        body = bytearray()
        while piece:
            body += piece
            piece = await self.receive()
            self._hold(len(piece), len(body) + len(piece), limit)
        return bytes(body)

    def _hold(self, more: int, size: int, limit: int) -> None:
        if size > limit:
            self._error = UpstreamError("too_large", f"the response body is larger than {limit} bytes", sent=True)
        elif not self._lease.take(more):
            self._error = UpstreamError("overloaded", "too many bodies are held in memory", sent=True)
        else:
            return
        self._let_go(reusable=False)
        raise self._error

    async def aclose(self) -> None:
        """Let go of the connection: a body that was not read to its end cannot be skipped, so it is closed at once.

        Waits for nothing, so that it works in a cancelled scope; calling it twice is fine.
        """
        self._closed = True
        self._buffer = b""
        self._let_go(reusable=False)

    async def _pull(self, connection: UpstreamConnection) -> None:
        done = False
        try:
            await connection.pull_in_time()
            done = True
        except UpstreamError as error:
            self._error = error
            raise
        finally:
            if not done:  # also when cancelled: half a message is left, of no use to anyone
                self._let_go(reusable=False)
        self._take(connection.protocol)

    def _take(self, protocol: ClientProtocol) -> None:
        self._buffer = protocol.take()
        if protocol.error is not None:
            self._error = UpstreamError(protocol.error.kind, str(protocol.error), sent=True)
            self._let_go(reusable=False)
        elif protocol.complete:
            self._let_go(reusable=protocol.reusable)

    def _let_go(self, *, reusable: bool) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.end(reusable=reusable)


def reason(error: BaseException) -> str:
    """What went wrong, from the innermost cause: trio's own messages only say that something did."""
    while (
        isinstance(error, (OSError, trio.BrokenResourceError, trio.ClosedResourceError)) and error.__cause__ is not None
    ):
        error = error.__cause__
        if isinstance(error, BaseExceptionGroup):  # one error for each address that was tried
            error = error.exceptions[0]
    return str(error) or type(error).__name__
