"""One client connection: someone who reads, a task that answers, one cancel scope around both.

The reader is a callback in the lane, and else a task. It is always there, which makes the hang-up watch free of cost
and of theft: it is the only one who reads, so a pipelined request goes to the queue, and the end of the stream cancels
the scope and with it a running handler and whatever that has open. An end of stream is taken for a hang-up even though
TCP would allow a client to close its sending side only: HTTP clients do not do that, and a model that generates for
nobody costs money.

Time is kept by the scope's deadline, which moves: head and body while half a request is there, none while a handler
runs, the write deadline while the client does not take what is sent. To move it costs more than to read a request, so
the most frequent wait, between two requests, has no deadline: the server looks after idle connections now and then.
"""

import math
import operator
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

import trio

from .budget import Budget
from .exchange import Exchange, Handler
from .framing import CONTINUE, RETRY_AFTER, Headers
from .lane import LaneWire
from .limits import Limits
from .server_protocol import ProtocolError, Request, Screen, ServerProtocol
from .wire import GONE, Wire

ErrorWriter = Callable[[Request | None, str, int, str, str], tuple[Headers, bytes]]
OnError = Callable[[Exception, Request | None], None]

# How long a refused client may go on sending before its connection is closed under it (RFC 9112, 9.6).
_LINGER_SECONDS: Final = 2.0


class Context(Protocol):
    """What connections share: a server, or whoever stands in for one."""

    handler: Handler
    limits: Limits
    budget: Budget
    error_writer: ErrorWriter
    screen: Screen
    draining: bool

    def on_error(self, error: Exception, request: Request | None) -> None:
        """Take note of what a handler raised."""


class Connection:
    """Serves one client from accept to close. `run` is its whole life."""

    __slots__ = (
        "_context",
        "_fault",
        "_full",
        "_hung_up",
        "_limits",
        "_now",
        "_protocol",
        "_queue",
        "_refused",
        "_resume",
        "_scope",
        "_since",
        "_waiting",
        "_wake",
        "_wire",
    )

    def __init__(self, context: Context, wire: Wire, peer: str) -> None:
        self._context = context
        self._limits = context.limits
        self._wire = wire
        self._protocol = ServerProtocol(context.limits, peer, context.budget, context.screen)
        self._queue: deque[Request] = deque()
        self._wake = _Bell()
        self._resume: Callable[[], None] = _nothing
        self._full = False
        self._fault: Exception | None = None
        self._scope = trio.CancelScope()
        # The clock itself, since asking trio for it costs as much as everything else of a wait.
        self._now = trio.lowlevel.current_clock().current_time
        self._since = self._now()
        self._waiting = False
        self._refused = False
        self._hung_up = False

    @property
    def is_closing(self) -> bool:
        """Whether no response may follow the one that begins now."""
        return self._context.draining

    @property
    def hung_up(self) -> bool:
        """Whether the client is gone, or gave itself up by taking nothing for too long."""
        return self._hung_up or self._scope.deadline <= self._now()

    async def run(self) -> None:
        """Serve until the client leaves, an answer was the last, time is up or the scope around is cancelled."""
        try:
            if isinstance(self._wire, LaneWire):
                await self._run_in_lane(self._wire)
            else:
                await self._run_in_tasks()
            if self._scope.cancel_called and self._waiting and not self._hung_up:
                await self._time_out()
            elif self._scope.deadline <= self._now():
                # What the client did not take would stay in the kernel for minutes after an orderly end.
                self._wire.abort(reset=True)
            if self._refused and not self._hung_up:
                await self._linger()
        finally:
            self._resume = _nothing  # which else would keep this connection in memory until the collector finds it
            await self._wire.aclose()

    async def _run_in_lane(self, wire: LaneWire) -> None:
        self._resume = partial(wire.start, self._take, self._fail)
        with self._scope:
            self._resume()
            await self._serve()
        wire.stop()
        if self._fault is not None:
            raise self._fault

    async def _run_in_tasks(self) -> None:
        room = _Bell()
        self._resume = room.ring
        async with trio.open_nursery() as nursery:
            self._scope = nursery.cancel_scope
            nursery.start_soon(self._read, room)
            await self._serve()
            self._scope.cancel()

    def close_if_idle(self, since: float = math.inf) -> None:
        """Close now unless a request is there, being read or answered, or one was after `since`."""
        idle = self._waiting and self._since <= since and self._protocol.phase == "idle" and not self._queue
        # What has arrived is no less a request for not having been read yet.
        if idle and not self._wire.is_readable():
            self._scope.cancel()

    def write_now(self, data: bytes) -> int:
        """See `Line`. For a client that is gone nothing can be sent, and the scope is cancelled."""
        try:
            return self._wire.send_now(data)
        except GONE:
            self._hung_up = True
            self._scope.cancel()
            return 0

    async def write(self, data: bytes) -> None:
        """Send everything, or be cancelled: because the client is gone, or because it took nothing for too long."""
        try:
            taken = self._wire.send_now(data)
            if taken < len(data):
                await self._write_rest(memoryview(data)[taken:])
        except GONE as error:
            self._hung_up = True
            self._scope.cancel()
            await trio.lowlevel.checkpoint_if_cancelled()
            # Only reached from within a scope that the handler shielded.
            raise trio.BrokenResourceError("the client is gone") from error

    async def write_soon(self, data: bytes) -> None:
        """Send a whole response after which the connection stays open, perhaps together with others."""
        if not self._wire.send_soon(data):
            await self.write(data)

    async def _write_rest(self, rest: memoryview) -> None:
        while rest:
            self._scope.deadline = self._now() + self._limits.write_timeout
            rest = rest[await self._wire.send_some(rest) :]
        self._scope.deadline = math.inf

    # The answering task.

    async def _serve(self) -> None:
        while True:
            if self._queue:
                request = self._queue.popleft()
                if self._full and not self._is_full() and not (self._protocol.unread and self._hand_on(b"")):
                    self._full = False
                    self._resume()
                if not await self._answer(request):
                    return
            elif self._protocol.error is not None:
                await self._refuse(self._protocol.error)
                return
            elif self._protocol.closed or (self._context.draining and self._protocol.phase == "idle"):
                return
            else:
                await self._next_request()

    async def _next_request(self) -> None:
        self._waiting = True
        self._since = self._now()
        if self._protocol.wants_continue:
            self._protocol.wants_continue = False
            await self.write(CONTINUE)
        self._set_deadline()
        await self._wake.wait()
        self._waiting = False
        self._move_deadline(math.inf)

    async def _answer(self, request: Request) -> bool:
        """Run the handler; returns whether the connection can go on."""
        exchange = Exchange(self, request)
        try:
            await self._context.handler(exchange)
            if not exchange.finished:
                raise RuntimeError("the handler returned without finishing its response")  # noqa: TRY301
        except Exception as error:  # noqa: BLE001 - whatever a handler does, the server lives
            self._context.on_error(error, request)
            if self._hung_up:
                return False
            if exchange.started and not exchange.finished:
                self._wire.abort(reset=request.http_version == "1.0")
                return False
            if not exchange.started:
                await self._respond_error(exchange, 500, "The server failed to answer this request.", "internal_error")
        return exchange.keep_alive

    async def _refuse(self, error: ProtocolError) -> None:
        request = error.request
        if request is None:
            target = self._protocol.target
            request = Request("", target, target.partition("?")[0], "", (), b"", "1.1", "", keep_alive=False)
        self._refused = True
        known = error.request is not None
        await self._respond_error(Exchange(self, request), error.status, error.message, error.code, known=known)

    async def _respond_error(
        self, exchange: Exchange, status: int, message: str, code: str, *, known: bool = True
    ) -> None:
        request = exchange.request
        try:
            headers, body = self._context.error_writer(request if known else None, request.path, status, code, message)
        except Exception as error:  # noqa: BLE001 - a broken writer must not turn an answer into none
            self._context.on_error(error, request if known else None)
            headers, body = (), b""
        await exchange.respond(status, (*headers, RETRY_AFTER) if status == 503 else headers, body)

    async def _time_out(self) -> None:
        """Tell a client whose request did not come in time; one that sent nothing of it is left without a word."""
        if self._protocol.phase == "idle":
            return
        self._scope = trio.CancelScope(deadline=self._now() + _LINGER_SECONDS)
        with self._scope:
            await self._refuse(ProtocolError(408, "The request did not arrive in time.", "request_timeout"))

    async def _linger(self) -> None:
        # Closing while the client still sends would reset the connection, and the answer could be lost with it.
        with trio.move_on_after(_LINGER_SECONDS):
            try:
                await self._wire.send_end()
                await self._wire.read_into(operator.not_)
            except GONE:
                pass

    # The reading side.

    async def _read(self, room: "_Bell") -> None:
        """Where there is no lane: a task that reads."""
        try:
            while not self._hung_up:
                await self._wire.read_into(self._take)
                if self._full:
                    await room.wait()
        except GONE:
            self._take(b"")

    def _take(self, data: bytes) -> bool:
        """Take what the client sent, none at the end; returns whether nothing more is to be read for now."""
        if not data:
            self._hung_up = True
            self._scope.cancel()
            return True
        return self._hand_on(data)

    def _hand_on(self, data: bytes) -> bool:
        """Give bytes to the protocol and its requests to the answering task; returns whether there is no more room."""
        protocol = self._protocol
        phase = protocol.phase
        requests = protocol.receive(data)
        if requests or phase != protocol.phase:
            self._since = self._now()
        self._queue.extend(requests)
        if requests or protocol.error is not None:
            self._wake.ring()
        elif self._waiting:
            if protocol.wants_continue:
                self._wake.ring()
            else:
                self._set_deadline()
        self._full = self._is_full()
        return self._full

    def _fail(self, error: Exception) -> None:
        self._fault = error
        self._scope.cancel()

    def _is_full(self) -> bool:
        # While the queue is full, nothing is read and a hang-up goes unseen. Only a client out for harm gets there.
        queue, limits = self._queue, self._limits
        return len(queue) >= limits.max_pipelined or (
            len(queue) > 1 and sum(len(request.body) for request in queue) > limits.max_body_bytes
        )

    def _set_deadline(self) -> None:
        """Keep the time a client has for its next request. Only while no response is being written."""
        limits, protocol = self._limits, self._protocol
        if protocol.phase == "idle":
            grant = math.inf
        elif protocol.phase == "head":
            grant = limits.head_timeout
        else:
            grant = limits.body_timeout + protocol.body_bytes / limits.min_body_rate
        self._move_deadline(self._since + grant)

    def _move_deadline(self, deadline: float) -> None:
        if self._scope.deadline != deadline:
            self._scope.deadline = deadline


def _nothing() -> None:
    """What there is to resume before reading has begun."""


class _Bell:
    """An event for one waiter, used again and again: cheaper than a new `trio.Event` for each request."""

    __slots__ = ("_rung", "_task")

    def __init__(self) -> None:
        self._rung = False
        self._task: trio.lowlevel.Task | None = None

    def ring(self) -> None:
        if self._task is None:
            self._rung = True
        else:
            trio.lowlevel.reschedule(self._task)
            self._task = None

    async def wait(self) -> None:
        if not self._rung:
            self._task = trio.lowlevel.current_task()
            await trio.lowlevel.wait_task_rescheduled(self._forget)
        self._rung = False

    def _forget(self, _: object) -> trio.lowlevel.Abort:
        self._task = None
        return trio.lowlevel.Abort.SUCCEEDED
