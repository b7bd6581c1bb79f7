"""The lane, the second driver: sockets in one epoll, callbacks that feed the parsers, tasks woken only when it pays.

With plain trio each wait for bytes is a system call to arm it and a task that wakes, often only to sleep again: it got
half a message, or a piece of a stream that is sent on at once. Here the sockets of clients and upstreams stay in a
private, level-triggered epoll. One system task waits for that epoll, by trio's own means, and for each socket that has
something calls what its reader left here: a `Feed`, which parses, translates, sends. A task is woken when its feed has
enough: a request, a response, the head of a stream, the end.

Everything that waits for something else (connecting, TLS, timers, signals, the drain) is plain trio.

Small whole messages of one turn leave together, at its end. A peer that sleeps has to be woken by whoever sends to it,
which costs a busy gateway more than the bytes do, and peers are seldom one process a connection: what is sent one after
another while they sleep wakes them each time, what is sent at once only the first time.

Two rules keep this safe. A callback is guarded: what it raises goes to the task that waits for the socket, or to the
connection that owns it, never into the lane. And nobody's bytes are read unasked: a socket that nobody reads from
leaves the epoll as soon as it has something, which is the back-pressure and keeps the level trigger quiet.
"""

import select
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import trio

if sys.platform == "linux":
    from fcntl import ioctl
    from termios import TIOCOUTQ

    def _unsent(fd: int) -> int:
        """How many bytes the kernel has taken that the peer does not have."""
        return int(struct.unpack("i", ioctl(fd, TIOCOUTQ, _INT))[0])
else:

    def _unsent(fd: int) -> int:  # noqa: ARG001
        """Where nobody can tell, nothing is held."""
        return 1


from .wire import FAREWELL_SECONDS, GONE, RECEIVE_BYTES, Feed, SocketWire

_IN: Final = getattr(select, "EPOLLIN", 1)
_OUT: Final = getattr(select, "EPOLLOUT", 4)
# Events of one turn: between two turns every other task of the process has its own.
_MAX_EVENTS: Final = 256
# So many sockets with events in a turn: others may have something to send, too.
_CROWD: Final = 2
# Larger messages cost more to send than to wake somebody.
_SOON_BYTES: Final = 32_768
# The kernel counts more than bytes in its buffer; so much of it is free for bytes when there is nothing else in it.
_ROOM: Final = 1 / 4
_INT: Final = bytes(4)


class Lane:
    """The epoll of one trio run, and the sockets in it.

    Attributes:
        crowded: Whether the last turn had events of several sockets, so that others may have something to send.
    """

    __slots__ = ("_epoll", "_held", "_sender", "_wires", "crowded")

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._wires: dict[int, LaneWire] = {}
        self._held: list[LaneWire] = []
        self._sender: trio.lowlevel.Task | None = None
        self.crowded = False

    async def run(self) -> None:
        """Serve until the trio run is over."""
        epoll, wires = self._epoll, self._wires
        try:
            while True:
                await trio.lowlevel.wait_readable(epoll.fileno())
                events_of = epoll.poll(0, _MAX_EVENTS)
                self.crowded = len(events_of) >= _CROWD
                for fd, events in events_of:
                    wire = wires.get(fd)
                    if wire is not None:  # else an earlier event of this turn led to its end
                        wire.on_events(events)
        finally:
            epoll.close()

    async def send(self) -> None:
        """Send what is held until the trio run is over, whenever all tasks that were awake have had their turn."""
        while True:
            if not self._held:
                self._sender = trio.lowlevel.current_task()
                await trio.lowlevel.wait_task_rescheduled(self._forget_sender)
            held, self._held = self._held, []
            for wire in held:
                try:
                    wire.push()
                except Exception:  # noqa: BLE001 - the guard, as in `run`: its reader sees the end of the connection
                    wire.abort()

    def _forget_sender(self, _: object) -> trio.lowlevel.Abort:
        self._sender = None
        return trio.lowlevel.Abort.SUCCEEDED

    def hold(self, wire: "LaneWire") -> None:
        """Send what a wire holds when this turn is over."""
        self._held.append(wire)
        if self._sender is not None:
            trio.lowlevel.reschedule(self._sender)
            self._sender = None

    def change(self, wire: "LaneWire", fd: int, before: int, after: int) -> None:
        """Watch a socket for other events than before; for none, it leaves."""
        if not after:
            del self._wires[fd]
            with suppress(OSError, ValueError):  # at the end of the run the epoll may be closed before the sockets
                self._epoll.unregister(fd)
        elif before:
            self._epoll.modify(fd, after)
        else:
            self._epoll.register(fd, after)
            self._wires[fd] = wire


_current: Final = trio.lowlevel.RunVar[Lane]("lane")


def current_lane() -> Lane:
    """The lane of this trio run, which begins with its first use."""
    try:
        return _current.get()
    except LookupError:
        lane = Lane()
        _current.set(lane)
        trio.lowlevel.spawn_system_task(lane.run)
        trio.lowlevel.spawn_system_task(lane.send)
        return lane


class LaneWire(SocketWire):
    """A socket in the lane. Beside what a wire does, it can be read from behind a task's back: see `start`."""

    __slots__ = ("_error", "_events", "_fail", "_feed", "_held", "_lane", "_reader", "_room", "_writer")

    def __init__(self, stream: trio.SocketStream) -> None:
        super().__init__(stream)
        self._lane = current_lane()
        self._events = 0
        self._held = b""
        room = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) * _ROOM
        self._room = min(int(room), _SOON_BYTES)
        self._feed: Feed | None = None
        self._fail: Callable[[Exception], None] | None = None
        self._reader: trio.lowlevel.Task | None = None
        self._writer: trio.lowlevel.Task | None = None
        self._error: Exception | None = None

    async def read_into(self, feed: Feed) -> None:
        """See `Wire`."""
        self._begin(feed)
        self._reader = trio.lowlevel.current_task()
        await trio.lowlevel.wait_task_rescheduled(self._forget_reader)
        error, self._error = self._error, None
        if error is not None:
            raise error

    def start(self, feed: Feed, fail: Callable[[Exception], None]) -> None:
        """Read without a task that waits, until `feed` has enough.

        Args:
            feed: A broken connection is an end to it, like an orderly one.
            fail: Told what `feed` raises, which is a fault of ours.

        Raises:
            trio.ClosedResourceError: The connection is closed.
        """
        self._begin(feed)
        self._fail = fail

    def stop(self) -> None:
        """Undo `start`."""
        self._feed = self._fail = None

    def send_now(self, data: bytes) -> int:
        """See `Wire`."""
        if self._held and not self.push():
            return 0
        return super().send_now(data)

    def send_soon(self, data: bytes) -> bool:
        """See `Wire`. Only what the kernel has room for: nobody waits for the rest of it, or counts its time."""
        if not self._lane.crowded or len(data) > self._room or self._held or self._fd < 0 or _unsent(self._fd):
            return False
        self._held = data
        self._lane.hold(self)
        return True

    def push(self) -> bool:
        """Send what is held; returns whether nothing is any more. What the kernel does not take, the lane sends later.

        A broken connection is noticed by whoever reads from it.
        """
        held = self._held
        if held and self._fd >= 0:
            try:
                self._held = held = held[self._socket.send(held) :]
            except BlockingIOError:
                pass
            except OSError:
                self._held = held = b""
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
            if held or self._events & _OUT:
                self._watch(self._events | _OUT if held or self._writer is not None else self._events & ~_OUT)
        return not held

    async def send_some(self, data: memoryview) -> int:
        """See `Wire`."""
        self._watch(self._events | _OUT)
        self._writer = trio.lowlevel.current_task()
        try:
            await trio.lowlevel.wait_task_rescheduled(self._forget_writer)
        finally:
            if self._fd >= 0 and not self._held:
                self._watch(self._events & ~_OUT)
        if self._fd < 0:
            raise trio.ClosedResourceError("another task closed this connection")
        if self._held and not self.push():
            return 0
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0

    def on_events(self, events: int) -> None:
        """What the lane calls. An error or a hang-up of the peer is shown to the reader and to the writer alike."""
        try:
            if self._writer is not None and events & ~_IN:
                trio.lowlevel.reschedule(self._writer)
                self._writer = None
            elif self._held and events & ~_IN:
                self.push()
            if events != _OUT and self._read():
                self._end()
        except Exception as error:  # noqa: BLE001 - the guard: nothing that fails for one may end the lane of all
            self._end(error)

    def _read(self) -> bool:
        """Read for whoever reads; returns whether that is over."""
        feed = self._feed
        if feed is None:
            self._watch(self._events & ~_IN if self._writer is not None or self._held else 0)
            return False
        data = self._receive()
        return data is not None and feed(data)

    def _receive(self) -> bytes | None:
        """What is there; None for a false alarm."""
        try:
            return self._socket.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return None
        except OSError:
            if self._reader is not None:
                raise
            return b""

    def _begin(self, feed: Feed) -> None:
        if self._feed is not None:
            raise trio.BusyResourceError("another task already reads from this connection")
        self._watch(self._events | _IN)
        self._feed = feed

    def _end(self, error: Exception | None = None) -> None:
        """The feed has enough, or there is an error: tell whoever waits for it."""
        fail, self._feed, self._fail = self._fail, None, None
        if self._reader is not None:
            self._error = error
            trio.lowlevel.reschedule(self._reader)
            self._reader = None
        elif fail is not None and error is not None:
            fail(error)

    def _watch(self, events: int) -> None:
        if events != self._events:
            if self._fd < 0:
                raise trio.ClosedResourceError("this connection is closed")
            self._lane.change(self, self._fd, self._events, events)
            self._events = events

    def _forget_reader(self, _: object) -> trio.lowlevel.Abort:
        self._feed = self._reader = None
        return trio.lowlevel.Abort.SUCCEEDED

    def _forget_writer(self, _: object) -> trio.lowlevel.Abort:
        self._writer = None
        return trio.lowlevel.Abort.SUCCEEDED

    async def aclose(self) -> None:
        """See `Wire`."""
        with trio.move_on_after(FAREWELL_SECONDS, shield=True), suppress(*GONE):
            while self._fd >= 0 and not self.push():
                await self.send_some(memoryview(b""))
        await super().aclose()

    def _wake_waiters(self) -> None:
        self._held = b""
        self._watch(0)
        closed = trio.ClosedResourceError("another task closed this connection")
        self._end(closed if self._reader is not None else None)
        if self._writer is not None:
            trio.lowlevel.reschedule(self._writer)
            self._writer = None
