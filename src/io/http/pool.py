"""Connections to upstreams, kept for reuse.

Each origin has a deque: the connection used last is used next, so that a quiet hour lets the surplus expire on the
other end of the deque. Taking and giving back cost the same however many are idle. Nothing looks at idle connections
but one keeper, which only touches those that have expired; it also ends the reads that are overdue, and sleeps until
the first of them is.
"""

import math
import ssl
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import certifi
import trio

from .budget import Budget
from .driver import Driver, wire_of
from .framing import Headers, request_head
from .limits import UpstreamLimits
from .origin import Origin
from .patience import Patience
from .response import Response, UpstreamConnection
from .upstream_error import UpstreamError, reason
from .wire import GONE, StreamWire, Wire

# As for a response: up to this size copying the body behind its head is cheaper than another system call.
_JOIN_BYTES: Final = 65_536
# How long the answer of an upstream is waited for that hung up while the request was sent.
_EARLY_ANSWER_SECONDS: Final = 2.0

_PLAIN: Final = b"accept-encoding: identity\r\n"
_GIVEN: Final = frozenset((b"host", b"accept-encoding"))


Connect = Callable[[str, int], Awaitable[trio.SocketStream]]
"""Host and port -> a connection to it; raises OSError when there is none."""


class _StaleError(Exception):
    """A kept connection turned out to be closed before it gave any sign of life."""


class _Station:
    """What is known of one origin."""

    __slots__ = ("_fixed", "_host", "idle", "origin")

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self._host = b"host: %b\r\n" % origin.authority
        self._fixed = self._host + _PLAIN
        self.idle: deque[UpstreamConnection] = deque()

    def fixed_for(self, headers: Headers) -> bytes:
        """The header lines that a request lacks."""
        given = {lower for name, _ in headers if (lower := name.lower()) in _GIVEN}
        if not given:
            return self._fixed
        host = b"" if b"host" in given else self._host
        return host if b"accept-encoding" in given else host + _PLAIN


class Pool:
    """Sends requests to any number of origins. For one trio run; `aclose` it at the end.

    A request that fails on a kept connection before any byte of an answer is sent once more on a fresh one: the
    upstream closed while the connection was idle. Bodies are decoded from their transfer coding only; unless the
    caller says otherwise, upstreams are asked for no content coding.

    Attributes:
        open_connections: All of them, idle or not.
        idle_connections: Those that wait for a request.
    """

    def __init__(
        self,
        limits: UpstreamLimits | None = None,
        ssl_context: ssl.SSLContext | None = None,
        budget: Budget | None = None,
        *,
        driver: Driver = "auto",
        connect: Connect = trio.open_tcp_stream,
    ) -> None:
        self.limits = limits or UpstreamLimits()
        self._budget = budget or Budget(sys.maxsize)
        self.idle_connections = 0
        self._ssl_context = ssl_context
        self._driver = driver
        self._open_tcp = connect
        self._stations: dict[Origin, _Station] = {}
        self._closed = False
        self._busy: set[UpstreamConnection] = set()
        self._kept = False
        self._nap = trio.CancelScope()
        self._look_at = math.inf

    @property
    def open_connections(self) -> int:
        """See the class."""
        return len(self._busy) + self.idle_connections

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
    ) -> Response:
        """Send a request and wait for the head of its response.

        Args:
            origin: Where to.
            method: Upper-case.
            target: Path and query, percent-encoded.
            headers: Names lower-case. Framing headers are left out; content-length, `host` (unless given) and
                `accept-encoding: identity` (unless given) are added.
            body: Whole; may be empty.
            limits: Of this request, instead of the pool's.
            patience: Bounds connecting, sending and reading, to the end of the response, beside the limits.

        Returns:
            The response. Read it to its end or close it.

        Raises:
            UpstreamError: No response; `sent` tells whether the upstream may have acted on the request.
            ValueError: The request cannot be written as HTTP/1.1.
        """
        if self._closed:
            raise trio.ClosedResourceError("the pool is closed")
        if patience is not None and patience.until <= trio.current_time():
            raise UpstreamError("timeout", "its time was over before it could be sent", sent=False)
        station = self._stations.get(origin)
        if station is None:
            station = self._stations[origin] = _Station(origin)
        head = request_head(method.encode("ascii"), target.encode("ascii"), station.fixed_for(headers), headers, body)
        pieces = (head + body,) if len(body) <= _JOIN_BYTES else (head, body)
        limits = limits or self.limits
        kept = self._take_idle(station)
        if kept is not None:
            kept.begin(method, limits, patience)
            try:
                return await _ask(kept, pieces, kept=True)
            except _StaleError:
                pass
        fresh = await self._connect(station, limits, patience)
        fresh.begin(method, limits, patience)
        return await _ask(fresh, pieces, kept=False)

    async def aclose(self) -> None:
        """Close what is idle now and the rest as it comes back. No request can be sent any more."""
        self._closed = True
        for station in self._stations.values():
            while station.idle:
                self._discard(station.idle.pop())

    async def _connect(
        self, station: _Station, limits: UpstreamLimits, patience: Patience | None
    ) -> UpstreamConnection:
        grant = limits.connect_timeout
        until = trio.current_time() + grant
        with trio.CancelScope(deadline=until if patience is None else min(until, patience.until)) as scope:
            wire = await self._open(station.origin)
        if scope.cancelled_caught:
            raise UpstreamError("timeout", f"no connection to {station.origin.host} within {grant:g} s", sent=False)
        connection = UpstreamConnection(wire, limits, self._budget, partial(self._release, station), self._look_by)
        self._busy.add(connection)
        if not self._kept:
            self._kept = True
            trio.lowlevel.spawn_system_task(self._keep)
        return connection

    async def _open(self, origin: Origin) -> Wire:
        try:
            stream = await self._open_tcp(origin.host, origin.port)
        except OSError as error:
            raise UpstreamError("connect", f"cannot connect to {origin.host}: {reason(error)}", sent=False) from error
        if origin.scheme == "http":
            return wire_of(stream, self._driver)
        if self._ssl_context is None:
            self._ssl_context = default_context()
        secured = trio.SSLStream(stream, self._ssl_context, server_hostname=origin.host, https_compatible=True)
        try:
            await secured.do_handshake()
        except GONE as error:
            stream.socket.close()
            raise UpstreamError("tls", f"no TLS with {origin.host}: {reason(error)}", sent=False) from error
        except BaseException:
            stream.socket.close()
            raise
        return StreamWire(secured)

    # The idle ones.

    def _take_idle(self, station: _Station) -> UpstreamConnection | None:
        idle = station.idle
        if not idle:
            return None
        oldest = idle[-1].now() - self.limits.idle_ttl
        while idle:
            connection = idle.pop()
            self.idle_connections -= 1
            # An idle connection has nothing to say: if it has, it is the end, or worse.
            if connection.idle_since >= oldest and not connection.wire.is_readable():
                self._busy.add(connection)
                return connection
            connection.wire.abort()
        return None

    def _release(self, station: _Station, connection: UpstreamConnection, reusable: bool) -> None:
        self._busy.discard(connection)
        if not reusable or self._closed or not self.limits.max_idle_per_origin:
            connection.wire.abort()
            return
        if len(station.idle) >= self.limits.max_idle_per_origin:
            self._discard(station.idle.popleft())
        connection.idle_since = connection.now()
        station.idle.append(connection)
        self.idle_connections += 1

    def _discard(self, connection: UpstreamConnection) -> None:
        self.idle_connections -= 1
        connection.wire.abort()

    def _look_by(self, due: float) -> None:
        """Let the keeper look no later than at this time."""
        if due < self._look_at:
            self._look_at = self._nap.deadline = due

    async def _keep(self) -> None:
        """Close what is idle for too long, end reads that take too long, until no connection is open."""
        ttl = self.limits.idle_ttl
        try:
            while self.open_connections:
                now = trio.current_time()
                for station in self._stations.values():
                    while station.idle and station.idle[0].idle_since < now - ttl:
                        self._discard(station.idle.popleft())
                self._look_at = now + ttl / 8
                for connection in self._busy:
                    if connection.due <= now:
                        connection.give_up()
                    elif connection.due < self._look_at:
                        self._look_at = connection.due
                with trio.CancelScope(deadline=self._look_at) as self._nap:
                    await trio.sleep_forever()
        finally:
            self._kept = False
            self._look_at = math.inf


async def _ask(connection: UpstreamConnection, pieces: tuple[bytes, ...], *, kept: bool) -> Response:
    """Send a request on a connection and read the head of its response; on any failure the connection is closed."""
    answered = False
    try:
        await _exchange(connection, pieces)
        answered = True
        return Response(connection)
    except UpstreamError as error:
        if kept and error.kind == "reset" and not connection.protocol.touched:
            raise _StaleError from error
        raise
    finally:
        if not answered:
            connection.end(reusable=False)


async def _exchange(connection: UpstreamConnection, pieces: tuple[bytes, ...]) -> None:
    protocol, wire = connection.protocol, connection.wire
    try:
        for piece in pieces:
            if len(pieces) == 1 and wire.send_soon(piece):
                break
            taken = wire.send_now(piece)
            if taken < len(piece):
                await _send_rest(connection, memoryview(piece)[taken:])
    except GONE:
        # An upstream that refuses a large body may have answered and hung up before it took all of it.
        connection.broken = True
        await _read_early_answer(connection)
    else:
        await connection.read_head()
    if protocol.error is not None and not protocol.status:
        raise UpstreamError(protocol.error.kind, str(protocol.error), sent=True)


async def _read_early_answer(connection: UpstreamConnection) -> None:
    try:
        await connection.read_head(_EARLY_ANSWER_SECONDS)
    except UpstreamError as error:
        if error.kind != "timeout" or connection.until <= connection.now():
            raise
        broken = "the upstream broke the connection while the request was sent"
        raise UpstreamError("reset", broken, sent=True) from None


async def _send_rest(connection: UpstreamConnection, rest: memoryview) -> None:
    grant = connection.limits.write_timeout
    with trio.CancelScope() as scope:
        while rest:
            scope.deadline = min(trio.current_time() + grant, connection.until)
            rest = rest[await connection.wire.send_some(rest) :]
    if scope.cancelled_caught:
        raise UpstreamError("timeout", f"the upstream took nothing of the request for {grant:g} s", sent=True)


def default_context() -> ssl.SSLContext:
    """TLS for whom nobody says otherwise: the public authorities are trusted."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context
