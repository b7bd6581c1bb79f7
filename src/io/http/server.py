"""The HTTP/1.1 server: accepts, counts, drains. What happens on a connection is in `connection`."""

import errno
import json
import logging
import math
import operator
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import trio

from .budget import Budget
from .connection import Connection, ErrorWriter, OnError
from .driver import Driver, wire_of
from .exchange import Handler, date_line
from .framing import RETRY_AFTER, Headers, whole_response
from .limits import Limits
from .server_protocol import Request, Screen, no_screen
from .wire import GONE, Wire

_log = logging.getLogger("dragoman.http")

# Out of file descriptors or memory: connections that end will free some. Waiting is all there is to do.
_PAUSE_SECONDS: Final = 0.1
# How often the log is told of it.
_COMPLAIN_SECONDS: Final = 10.0
_FULL: Final = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS))
# Turned-away clients that are given time to read their answer, at once; beyond them the door is simply shut.
_MAX_TURNED_AWAY: Final = 128
_TURN_AWAY_SECONDS: Final = 1.0
# How long after its last answer, or its beginning, a connection is not taken for idle by a server that drains.
_BUSY_SECONDS: Final = 0.25


def write_error(request: Request | None, path: str, status: int, code: str, message: str) -> tuple[Headers, bytes]:  # noqa: ARG001
    """The default error writer: a small JSON object. A gateway passes one that knows its clients' dialects.

    Args:
        request: The request, unless it could not be read.
        path: Its path, or what was read of it.
        status: What is answered.
        code: For programs: `body_too_large`, `request_timeout`, ...
        message: For people.
    """
    body = json.dumps({"error": {"message": message, "code": code, "status": status}}).encode()
    return ((b"content-type", b"application/json"),), body


def log_error(error: Exception, request: Request | None) -> None:
    """The default `on_error`: logs what a handler raised."""
    where = f"{request.method} {request.path}" if request else "a connection"
    _log.error("failed to serve %s", where, exc_info=error)


class Server:
    """Serves a handler on listeners until it is drained, stopped or cancelled.

    Attributes:
        draining: Set by `drain`; a load balancer's readiness probe may want to know.
        open_connections: Client connections now open.
        refused_connections: Clients turned away because there were `max_connections` others.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        limits: Limits | None = None,
        error_writer: ErrorWriter = write_error,
        on_error: OnError = log_error,
        driver: Driver = "auto",
        budget: Budget | None = None,
        screen: Screen = no_screen,
    ) -> None:
        self.handler = handler
        self.limits = limits or Limits()
        self.budget = budget or Budget(self.limits.max_buffered_bytes)
        self.error_writer = error_writer
        self.screen = screen
        self._on_error = on_error
        self._driver = driver
        self.draining = False
        self.refused_connections = 0
        self._connections: set[Connection] = set()
        self._turned_away = 0
        self._complained = -math.inf
        self._scope = trio.CancelScope()
        self._accepting = trio.CancelScope()
        self._over = trio.Event()

    @property
    def open_connections(self) -> int:
        """See the class."""
        return len(self._connections)

    async def serve(
        self,
        listeners: Sequence[trio.abc.Listener[trio.abc.Stream]],
        *,
        task_status: "trio.TaskStatus[Server]" = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Serve until the end; the listeners are closed then, or as soon as the server drains. Once per server."""
        try:
            with self._scope:
                async with trio.open_nursery() as keeping:
                    keeping.start_soon(self._keep)
                    async with trio.open_nursery() as nursery:
                        with self._accepting:
                            async with trio.open_nursery() as accepting:
                                for listener in listeners:
                                    accepting.start_soon(self._accept, listener, nursery)
                                task_status.started(self)
                    keeping.cancel_scope.cancel()
        finally:
            self._over.set()

    async def drain(self) -> None:
        """Stop accepting, close idle connections, let exchanges finish; returns when the server is over.

        Connections that had something to do a moment ago are given another moment for their next request.

        Responses that begin from now on say `connection: close`. What runs longer than `drain_timeout` is cancelled.
        """
        self.draining = True
        self._accepting.cancel()
        self._scope.deadline = min(self._scope.deadline, trio.current_time() + self.limits.drain_timeout)
        # Who has just come, or was just answered, may be about to ask: closed now, its request would fail.
        self._close_idle(trio.current_time() - _BUSY_SECONDS)
        with trio.move_on_after(_BUSY_SECONDS):
            await self._over.wait()
        self._close_idle()
        await self._over.wait()

    def _close_idle(self, since: float = math.inf) -> None:
        for connection in tuple(self._connections):
            connection.close_if_idle(since)

    def stop(self) -> None:
        """End at once, cancelling what runs."""
        self._scope.cancel()

    def on_error(self, error: Exception, request: Request | None) -> None:
        """Tell whoever wanted to know. A listener that fails itself harms nobody."""
        try:
            self._on_error(error, request)
        except Exception:  # noqa: BLE001 - whatever it is
            _log.exception("on_error failed while it was told of %r", error)

    async def _accept(self, listener: trio.abc.Listener[trio.abc.Stream], nursery: trio.Nursery) -> None:
        try:
            while True:
                try:
                    stream = await listener.accept()
                except trio.ClosedResourceError:
                    return
                except OSError as error:
                    if error.errno in _FULL and self._complained < trio.current_time() - _COMPLAIN_SECONDS:
                        self._complained = trio.current_time()
                        _log.warning("cannot accept connections for now: %s", error)
                    await trio.sleep(_PAUSE_SECONDS)
                else:
                    nursery.start_soon(self._run, stream)
        finally:
            await trio.aclose_forcefully(listener)

    async def _keep(self) -> None:
        """Close the connections that were idle for too long."""
        timeout = self.limits.idle_timeout
        while True:
            await trio.sleep(timeout / 8)
            self._close_idle(trio.current_time() - timeout)

    async def _run(self, stream: trio.abc.Stream) -> None:
        """One connection. Nothing that goes wrong in it may reach the nursery, or every other one would go down too."""
        connection = None
        try:
            peer = _peer_name(stream)
            wire = wire_of(stream, self._driver)
            if len(self._connections) >= self.limits.max_connections:
                await self._turn_away(wire)
                return
            connection = Connection(self, wire, peer)
            self._connections.add(connection)
            await connection.run()
        except Exception as error:  # noqa: BLE001 - see above; a group of exceptions is an Exception too
            self.on_error(error, None)
        finally:
            if connection is not None:
                self._connections.discard(connection)

    async def _turn_away(self, wire: Wire) -> None:
        self.refused_connections += 1
        try:
            if self._turned_away >= _MAX_TURNED_AWAY:
                return
            self._turned_away += 1
            try:
                with trio.move_on_after(_TURN_AWAY_SECONDS), suppress(*GONE):
                    await self._say_full(wire)
            finally:
                self._turned_away -= 1
        finally:
            await wire.aclose()

    async def _say_full(self, wire: Wire) -> None:
        message = "The server has as many connections as it may; try again."
        headers, body = self.error_writer(None, "", 503, "too_many_connections", message)
        head = whole_response(503, (*headers, RETRY_AFTER), body, keep_alive=False, extra=date_line())
        data = memoryview(head + body)
        while data:
            data = data[await wire.send_some(data) :]
        await wire.send_end()
        await wire.read_into(operator.not_)


async def serve(  # noqa: PLR0913 - what a Server takes, by name
    handler: Handler,
    listeners: Sequence[trio.abc.Listener[trio.abc.Stream]],
    *,
    limits: Limits | None = None,
    error_writer: ErrorWriter = write_error,
    on_error: OnError = log_error,
    driver: Driver = "auto",
    budget: Budget | None = None,
    screen: Screen = no_screen,
    task_status: "trio.TaskStatus[Server]" = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve until drained, stopped or cancelled. `nursery.start` returns the `Server` to drain or stop.

    Args:
        handler: Called with each `Exchange`, in one task a connection. It is cancelled when its client hangs up.
        listeners: As from `open_tcp_listeners`, or TLS ones. They are closed at the end.
        limits: Sizes, times and counts.
        error_writer: Writes the answers the edge gives by itself.
        on_error: Told of every exception a handler lets out. The client is told nothing of it.
        driver: What moves the bytes.
        budget: For the bodies of requests, when something else counts on it too; else the limits' own.
        screen: Looks at requests whose bodies are long, before these are read.
        task_status: For `nursery.start`.
    """
    server = Server(
        handler,
        limits=limits,
        error_writer=error_writer,
        on_error=on_error,
        driver=driver,
        budget=budget,
        screen=screen,
    )
    await server.serve(listeners, task_status=task_status)


async def open_tcp_listeners(host: str, port: int, *, backlog: int = 1024) -> list[trio.SocketListener]:
    """Listeners on every address of a host, with SO_REUSEADDR; what they accept has TCP_NODELAY.

    Args:
        host: A name or address; an empty one means every interface.
        port: 0 for a free one.
        backlog: Connections that the kernel holds until they are accepted.

    Raises:
        OSError: The address is taken, or not this machine's.
    """
    return await trio.open_tcp_listeners(port, host=host or None, backlog=backlog)


def _peer_name(stream: object) -> str:
    while not isinstance(stream, trio.SocketStream):
        stream = getattr(stream, "transport_stream", None)
        if stream is None:
            return ""
    try:
        address = stream.socket.getpeername()
    except OSError:
        return ""
    if not isinstance(address, tuple):
        return ""
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
