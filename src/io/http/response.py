"""An upstream's response, read as it comes."""

import math
from collections.abc import Callable
from typing import NoReturn, Protocol, Self

import trio

from .budget import Budget, Lease
from .client_protocol import ClientProtocol, ErrorKind
from .limits import UpstreamLimits
from .patience import Patience
from .upstream_error import UpstreamError, reason
from .wire import GONE, Wire

Take = Callable[[bytes], bool]
"""Takes a piece of a body; returns whether it wants no more for now. It must not wait."""
Enough = Callable[[ClientProtocol], bool]


class Incoming(Protocol):
    """What brings a body, as far as `pump` needs it."""

    async def receive(self) -> bytes:
        """See `Response`."""


class Pumping:
    """A response that hands on what arrives without a task being woken for each piece: see `pump`."""

    __slots__ = ()

    async def pump(self, take: Take) -> bool:
        """See the function of this name."""
        raise NotImplementedError


def _has_head(protocol: ClientProtocol) -> bool:
    return protocol.status != 0


class UpstreamConnection:
    """One connection of a pool, with what it takes to read from it.

    Attributes:
        wire: Its bytes.
        limits: Of the request under way; the pool's, unless it has its own.
        patience: Its own; None where the limits are all there is.
        budget: The pool's.
        protocol: Reads the response under way.
        now: The clock of this trio run, since asking trio for it costs as much as a read.
        idle_since: When it was last given back.
        broken: Nothing can be sent on it any more, though an answer may still be read.
        due: When the read under way is to be given up; infinity while there is none.
    """

    __slots__ = (
        "_enough",
        "_extends",
        "_given_up",
        "_grant",
        "_look_by",
        "_release",
        "broken",
        "budget",
        "due",
        "idle_since",
        "limits",
        "now",
        "patience",
        "protocol",
        "wire",
    )

    def __init__(
        self,
        wire: Wire,
        limits: UpstreamLimits,
        budget: Budget,
        release: "Callable[[UpstreamConnection, bool], None]",
        look_by: Callable[[float], None],
    ) -> None:
        self.wire = wire
        self.limits = limits
        self.patience: Patience | None = None
        self.budget = budget
        self.protocol = ClientProtocol(limits)
        self.now = trio.lowlevel.current_clock().current_time
        self.idle_since = 0.0
        self.broken = False
        self.due = math.inf
        self._enough: Enough = _has_head
        self._grant = math.inf
        self._extends = False
        self._given_up = False
        self._release = release
        self._look_by = look_by

    def begin(self, method: str, limits: UpstreamLimits, patience: Patience | None) -> None:
        """A request is sent next."""
        self.limits, self.patience = limits, patience
        if patience is not None:
            patience.tell(self._recheck)
        self.protocol.begin(method)

    @property
    def until(self) -> float:
        """When the request under way is given up, whatever it is at."""
        return math.inf if self.patience is None else self.patience.until

    async def read_head(self, grant: float | None = None) -> None:
        """Read until the head is there, or an error is: see `protocol`.

        Args:
            grant: Seconds for it, which progress does not extend; the limits' or the patience's if not given.

        Raises:
            UpstreamError: The connection broke, or time was up.
        """
        if grant is None:
            patience = self.patience
            grant = self.limits.head_timeout if patience is None or patience.head is None else patience.head
        self._extends = False
        await self._read(_has_head, grant, "no response")

    async def read_body(self, enough: Enough) -> None:
        """Read until `enough` says so, or the response is complete, or an error is there.

        Raises:
            UpstreamError: The connection broke, or nothing came within `idle_read_timeout`. What `enough` raises is
                raised too.
        """
        self._extends = True
        await self._read(enough, self._idle(), "nothing more of the response came")

    async def _read(self, enough: Enough, grant: float, late: str) -> None:
        """Read as long as that is not overdue.

        A cancel scope for each read would cost a quarter of relaying what it brings, so the time is written down and
        the pool's keeper looks at it when the first of all is due: see `give_up`.
        """
        self._enough = enough
        self._grant = grant
        due = self._put_off()
        self._look_by(due)
        try:
            await self.wire.read_into(self._take)
        except GONE as error:
            if self._given_up:
                raise UpstreamError("timeout", f"{late} within {self._grant:g} s", sent=True) from error
            kind: ErrorKind = "truncated" if self.protocol.touched else "reset"
            raise UpstreamError(kind, f"the connection broke: {reason(error)}", sent=True) from error
        finally:
            self.due = math.inf
            self._enough = _has_head  # an idle connection must not keep what belonged to its last response

    def _take(self, data: bytes) -> bool:
        protocol = self.protocol
        if data:
            protocol.receive(data)
            if self._extends:
                self._put_off()
        else:
            protocol.receive_end()
        over = self._enough(protocol) or protocol.complete or protocol.error is not None
        if over:
            self.due = math.inf  # what has come in time is not given up before the reader wakes
        return over

    def _put_off(self) -> float:
        """Something came, or is waited for from now on: when that is overdue."""
        due, patience = self.now() + self._grant, self.patience
        if patience is not None and patience.until < due:
            due = patience.until
        self.due = due
        return due

    def _idle(self) -> float:
        patience = self.patience
        return self.limits.idle_read_timeout if patience is None or patience.idle is None else patience.idle

    def _recheck(self) -> None:
        """The patience has changed."""
        if self.due < math.inf:
            if self._extends:
                self._grant = self._idle()
            self._look_by(self._put_off())

    def give_up(self) -> None:
        """End a read that takes too long: closing the wire wakes it."""
        self._given_up = True
        self.due = math.inf
        self.wire.abort()

    def end(self, *, reusable: bool) -> None:
        """Hand the connection back, for another request or to be closed. Waits for nothing, cannot fail."""
        patience, self.patience = self.patience, None
        if patience is not None:
            patience.tell_nobody()  # the next request on this connection is none of its matter
        self._release(self, reusable and not self.broken and not self._given_up)


class Response(Pumping):
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
        self._buffer = protocol.take()
        self._settle(protocol)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    @property
    def lease(self) -> Lease:
        """Of the bytes that are held of its body."""
        return self._lease

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
        piece = b""

        def take(data: bytes) -> bool:
            nonlocal piece
            piece = data
            return True

        await self.pump(take)
        return piece

    async def pump(self, take: Take) -> bool:
        """See the function of this name. In the lane, `take` runs as the bytes arrive, and the task here sleeps on."""
        if self._closed:
            raise trio.ClosedResourceError("the response is closed")
        buffer, self._buffer = self._buffer, b""
        stopped = bool(buffer) and take(buffer)

        def enough(protocol: ClientProtocol) -> bool:
            nonlocal stopped
            piece = protocol.take()
            stopped = bool(piece) and take(piece)
            return stopped

        while not stopped and self._connection is not None:
            await self._read(self._connection, enough)
        if not stopped and self._error is not None:
            raise self._error
        return stopped

    async def read(self, limit: int | None = None) -> bytes:
        """The whole rest of the body. It counts as held for as long as this response is kept.

        Args:
            limit: Most bytes to take; `max_body_bytes` of the pool's limits if not given.

        Raises:
            UpstreamError: As `receive`, or `too_large` or `overloaded`; the connection is closed then.
        """
        limit = self._limits.max_body_bytes if limit is None else limit
        if self._connection is None and self._error is None and not self._closed:
            if self._is_too_much(len(self._buffer), len(self._buffer), limit):
                self._give_up()
            whole, self._buffer = self._buffer, b""
            return whole  # all of it came with the head
        first = b""
        # Not a list of pieces: a body that comes two bytes at a time would take twenty times its size.
        body = bytearray()

        def take(piece: bytes) -> bool:
            nonlocal first
            if first:
                body.extend(piece)
            else:
                first = piece
            return self._is_too_much(len(piece), len(first) + len(body), limit)

        if await self.pump(take):
            self._give_up()
        return first + body if body else first

    def _is_too_much(self, more: int, size: int, limit: int) -> bool:
        self._error = overfull(self._lease, more, size, limit)
        return self._error is not None

    def _give_up(self) -> NoReturn:
        self._let_go(reusable=False)
        assert self._error is not None
        raise self._error

    async def aclose(self) -> None:
        """Let go of the connection: a body that was not read to its end cannot be skipped, so it is closed at once.

        Waits for nothing, so that it works in a cancelled scope; calling it twice is fine.
        """
        self._closed = True
        self._buffer = b""
        self._let_go(reusable=False)

    async def _read(self, connection: UpstreamConnection, enough: Enough) -> None:
        done = False
        try:
            await connection.read_body(enough)
            done = True
        except UpstreamError as error:
            self._error = error
            raise
        finally:
            if not done:  # also when cancelled: half a message is left, of no use to anyone
                self._let_go(reusable=False)
        self._settle(connection.protocol)

    def _settle(self, protocol: ClientProtocol) -> None:
        if protocol.error is not None:
            self._error = UpstreamError(protocol.error.kind, str(protocol.error), sent=True)
            self._let_go(reusable=False)
        elif protocol.complete:
            self._let_go(reusable=protocol.reusable)

    def _let_go(self, *, reusable: bool) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.end(reusable=reusable)


async def pump(response: Incoming, take: Take) -> bool:
    """Hand each piece of a body to `take` as soon as it is there; returns at the end, or when it wants no more.

    Args:
        response: The pool's own, or any other with its `receive`.
        take: See `Take`.

    Returns:
        Whether it was `take` who stopped. What comes after that waits for the next call.

    Raises:
        UpstreamError: As `receive`.
    """
    if isinstance(response, Pumping):
        return await response.pump(take)
    while piece := await response.receive():
        if take(piece):
            return True
    return False


def overfull(lease: Lease, more: int, size: int, limit: int) -> UpstreamError | None:
    """Why a body may not be held that has grown by so many bytes to a size; None when it may."""
    if size > limit:
        return UpstreamError("too_large", f"the response body is larger than {limit} bytes", sent=True)
    if not lease.take(more):
        return UpstreamError("overloaded", "too many bodies are held in memory", sent=True)
    return None
