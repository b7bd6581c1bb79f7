"""A connection's bytes in and out. Here are a bare socket, driven close to the system calls, and any trio stream.

trio's own `SocketStream` pays a checkpoint and a lock on each call; a request costs a third less CPU without them. All
kinds keep trio's promises where they matter: `read_into` always yields to other tasks and can always be cancelled. A
third kind, a socket in the lane, is in `lane`.
"""

import select
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

import trio

Feed = Callable[[bytes], bool]
"""Takes bytes as they come, none at the end; returns whether it has enough. It must not wait."""

RECEIVE_BYTES: Final = 65_536
FAREWELL_SECONDS: Final = 1.0
# What a peer's disappearance looks like on either kind of wire.
GONE: Final = (OSError, trio.BrokenResourceError, trio.ClosedResourceError)


class Wire(Protocol):
    """What the drivers need of a connection. Every method but `abort` may raise one of `GONE`."""

    async def read_into(self, feed: Feed) -> None:
        """Hand what comes to `feed` until it has enough, which it must have at the end. What it raises is raised."""

    def send_now(self, data: bytes) -> int:
        """How many bytes the kernel took without waiting."""

    def send_soon(self, data: bytes) -> bool:
        """Take a whole message, to send it together with those of others that are awake; returns whether it was taken.

        For messages after which the connection stays open. What is not taken must be sent by other means; what is
        taken cannot fail any more, other than by the end of the connection.
        """

    async def send_some(self, data: memoryview) -> int:
        """Wait until some bytes can be sent, send them, say how many."""

    def is_readable(self) -> bool:
        """Whether there is something to receive, be it the end."""

    async def send_end(self) -> None:
        """Say that nothing more will be sent, while still receiving, as far as the transport knows how."""

    def abort(self, *, reset: bool = False) -> None:
        """Close at once; with `reset` so that the peer sees an error and not an orderly end. Never raises."""

    async def aclose(self) -> None:
        """Close in good order, in bounded time, whatever happens."""


class SocketWire:
    """A TCP (or Unix) connection taken over from a trio stream, which is of no use afterwards."""

    __slots__ = ("_fd", "_poll", "_socket")

    def __init__(self, stream: trio.SocketStream) -> None:
        self._socket = socket.socket(fileno=stream.socket.detach())
        self._socket.setblocking(False)
        self._fd = self._socket.fileno()
        self._poll: select.poll | None = None

    async def read_into(self, feed: Feed) -> None:
        """See `Wire`. Waits first: after a request or between chunks there is next to never something there."""
        enough = False
        while not enough:
            await trio.lowlevel.wait_readable(self._fd)
            try:
                data = self._socket.recv(RECEIVE_BYTES)
            except BlockingIOError:
                continue
            enough = feed(data)

    def send_now(self, data: bytes) -> int:
        """See `Wire`."""
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0

    def send_soon(self, data: bytes) -> bool:  # noqa: ARG002 - nobody knows here who else is awake
        """See `Wire`."""
        return False

    async def send_some(self, data: memoryview) -> int:
        """See `Wire`."""
        await trio.lowlevel.wait_writable(self._fd)
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0

    def is_readable(self) -> bool:
        """See `Wire`."""
        if self._poll is None:
            self._poll = select.poll()
            self._poll.register(self._fd, select.POLLIN)
        return bool(self._poll.poll(0))

    async def send_end(self) -> None:
        """See `Wire`."""
        self._socket.shutdown(socket.SHUT_WR)

    def abort(self, *, reset: bool = False) -> None:
        """See `Wire`."""
        if self._socket.fileno() < 0:
            return
        if reset:
            with suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._wake_waiters()
        with suppress(OSError):
            self._socket.close()
        self._fd = -1  # the number may soon be another connection's

    def _wake_waiters(self) -> None:
        """Let tasks that wait for the socket know that it is being closed."""
        trio.lowlevel.notify_closing(self._fd)

    async def aclose(self) -> None:
        """See `Wire`."""
        self.abort()


class StreamWire:
    """Any trio stream, TLS above all."""

    __slots__ = ("_stream", "socket")

    def __init__(self, stream: trio.abc.Stream) -> None:
        self._stream = stream
        self.socket = _socket_below(stream)

    async def read_into(self, feed: Feed) -> None:
        """See `Wire`."""
        enough = False
        while not enough:
            enough = feed(bytes(await self._stream.receive_some(RECEIVE_BYTES)))

    def send_now(self, data: bytes) -> int:  # noqa: ARG002 - a trio stream can only be waited for
        """See `Wire`."""
        return 0

    def send_soon(self, data: bytes) -> bool:  # noqa: ARG002
        """See `Wire`."""
        return False

    async def send_some(self, data: memoryview) -> int:
        """See `Wire`."""
        part = data[:RECEIVE_BYTES]
        await self._stream.send_all(part)
        return len(part)

    def is_readable(self) -> bool:
        """See `Wire`. Bytes that TLS has taken off the socket and not yet handed out are not seen."""
        return self.socket is not None and self.socket.is_readable()

    async def send_end(self) -> None:
        """See `Wire`. TLS and plain trio streams have no half-close: nothing is said."""

    def abort(self, *, reset: bool = False) -> None:  # noqa: ARG002 - TLS shows truncation by itself
        """See `Wire`."""
        if self.socket is not None:
            self.socket.close()

    async def aclose(self) -> None:
        """See `Wire`. Leaves the TLS closing alert, but does not wait long for it to be taken."""
        with trio.CancelScope(deadline=trio.current_time() + FAREWELL_SECONDS, shield=True), suppress(*GONE):
            await self._stream.aclose()


def _socket_below(stream: object) -> trio.socket.SocketType | None:
    while not isinstance(stream, trio.SocketStream):
        stream = getattr(stream, "transport_stream", None)
        if stream is None:
            return None
    return stream.socket
