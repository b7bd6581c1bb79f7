"""A small HTTP/1.1 server on trio and h11.

h11 on purpose: it is strict, and the gateway's own HTTP code is built on something else, so the one judges the other.
What h11 objects to is kept in `StandIn.protocol_errors`.
"""

import socket
import struct
import traceback
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

import attrs
import h11
import trio

from .wire import Answer, Call, Reply

KEPT_REQUESTS = 1000
READ_SIZE = 65_536
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@attrs.define(eq=False)
class StandIn:
    """One running stand-in: where it is and what it has seen."""

    provider: str
    base_url: str
    requests: deque[Call] = attrs.field(factory=lambda: deque(maxlen=KEPT_REQUESTS))
    open_connections: int = 0
    connections_accepted: int = 0
    streams_running: int = 0
    hang_ups: int = 0
    """Clients that went away before their answer was complete."""
    protocol_errors: list[str] = attrs.field(factory=list)
    """What clients did wrong in HTTP itself."""
    crashes: list[str] = attrs.field(factory=list)
    """Tracebacks of the stand-in's own faults; it answers 500 and goes on."""
    scope: trio.CancelScope = attrs.field(factory=trio.CancelScope)

    def stop(self) -> None:
        """Stop serving and drop every connection."""
        self.scope.cancel()


async def serve(
    app: Answer,
    *,
    provider: str = "",
    host: str = "127.0.0.1",
    port: int = 0,
    task_status: trio.TaskStatus[StandIn] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve `app` until cancelled; `task_status` gets the `StandIn`."""
    listeners = await trio.open_tcp_listeners(port, host=host)
    bound = listeners[0].socket.getsockname()[1]
    standin = StandIn(provider, f"http://{host}:{bound}")

    async def connection(stream: trio.SocketStream) -> None:
        standin.open_connections += 1
        standin.connections_accepted += 1
        try:
            await _Connection(stream, standin, app).run()
        finally:
            standin.open_connections -= 1
            with trio.move_on_after(1, shield=True):
                await trio.aclose_forcefully(stream)

    with standin.scope:
        async with trio.open_nursery() as nursery:
            await nursery.start(trio.serve_listeners, connection, listeners)
            task_status.started(standin)


@attrs.define(eq=False)
class _Connection:
    stream: trio.SocketStream
    standin: StandIn
    app: Answer
    wire: h11.Connection = attrs.field(factory=lambda: h11.Connection(h11.SERVER))
    complete: bool = False
    """The answer under way has been sent whole."""

    async def run(self) -> None:
        try:
            while (call := await self._read()) is not None:
                self.standin.requests.append(call)
                if not await self._answer(self._reply(call)):
                    return
                self.wire.start_next_cycle()
        except trio.BrokenResourceError:
            return
        except h11.RemoteProtocolError as error:
            self.standin.protocol_errors.append(str(error))
            with suppress(h11.LocalProtocolError, trio.BrokenResourceError):
                await self._send(h11.Response(status_code=error.error_status_hint, headers=[("connection", "close")]))
                await self._send(h11.EndOfMessage())

    async def _read(self) -> Call | None:
        request: h11.Request | None = None
        body = bytearray()
        while True:
            event = self.wire.next_event()
            if event is h11.NEED_DATA:
                if self.wire.they_are_waiting_for_100_continue:
                    await self._send(h11.InformationalResponse(status_code=100, headers=[]))
                self.wire.receive_data(await self.stream.receive_some(READ_SIZE))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and request is not None:
                return _call(request, bytes(body))
            else:
                return None  # the client closed between two requests

    def _reply(self, call: Call) -> Reply:
        try:
            return self.app(call)
        except Exception:  # noqa: BLE001 - a fault here must not look like one of the client's
            self.standin.crashes.append(traceback.format_exc())
            return Reply(500, (("content-type", "text/plain"),), self.standin.crashes[-1].encode())

    async def _answer(self, reply: Reply) -> bool:
        """Send the answer while watching for a hang-up; true when another request may follow."""
        self.complete = False
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._watch, nursery.cancel_scope)
            with suppress(trio.BrokenResourceError):
                await self._write(reply)
                self.complete = reply.ending == "clean"
            nursery.cancel_scope.cancel()
        return self.complete and self.wire.our_state is h11.DONE and self.wire.their_state is h11.DONE

    async def _watch(self, answering: trio.CancelScope) -> None:
        data = b"."
        with suppress(trio.BrokenResourceError):
            while data:
                data = await self.stream.receive_some(READ_SIZE)
                self.wire.receive_data(data)
        if not self.complete:
            self.standin.hang_ups += 1
            answering.cancel()

    async def _write(self, reply: Reply) -> None:
        if reply.ending == "hang":
            await trio.sleep_forever()
        if reply.ending == "reset":
            self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            return
        self.standin.streams_running += reply.frames is not None
        try:
            await self._write_answer(reply)
        finally:
            self.standin.streams_running -= reply.frames is not None

    async def _write_answer(self, reply: Reply) -> None:
        whole = reply.ending == "clean"
        if reply.frames is None:
            length, data = str(len(reply.body)), reply.body if whole else reply.body[: len(reply.body) // 2]
            head, frames = ("content-length", length), iter((data,))
        else:
            head, frames = ("transfer-encoding", "chunked"), iter(reply.frames if whole else _first_half(reply.frames))
        await self._send(h11.Response(status_code=reply.status, headers=[*reply.headers, head]))
        for frame in frames:
            await trio.sleep(reply.pause)
            await self._send(h11.Data(data=frame))
        if reply.ending == "stall":
            await trio.sleep_forever()
        if whole:
            await self._send(h11.EndOfMessage())

    async def _send(self, event: h11.Event) -> None:
        data = self.wire.send(event)
        if data:
            await self.stream.send_all(data)


def _first_half(frames: Iterable[bytes]) -> list[bytes]:
    """The first frames and a piece of the next: what is left of a stream that breaks."""
    every = list(frames)
    middle = len(every) // 2
    return [*every[:middle], *(frame[: len(frame) // 2] for frame in every[middle : middle + 1])]


def _call(request: h11.Request, body: bytes) -> Call:
    path, _, query = request.target.decode("ascii").partition("?")
    headers = {name.decode("ascii"): value.decode("latin-1") for name, value in request.headers}
    return Call(request.method.decode("ascii"), path, query, headers, body)
