"""What a gateway does that is one of several workers; `supervisor` says how the two speak."""

import math
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import trio

from .server import Order, Orders

# As many connections as the listeners of a process on its own hold until they are accepted.
_BACKLOG: Final = 1024


def inherited(descriptors: Sequence[int]) -> list[trio.SocketListener]:
    """A worker's listeners: the sockets that its supervisor bound for it.

    Raises:
        OSError: a descriptor is no socket.
    """
    listeners = []
    for descriptor in descriptors:
        made = socket.socket(fileno=descriptor)
        made.listen(_BACKLOG)
        listeners.append(trio.SocketListener(trio.socket.from_stdlib_socket(made)))
    return listeners


def end_of_announcement() -> None:
    """Tell the supervisor that this worker is ready and has said all it says on stdout."""
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


@asynccontextmanager
async def supervised_orders() -> AsyncIterator[Orders]:
    """A worker's orders: its supervisor's. SIGTERM and SIGINT drain it too, however often they come."""
    # To re-load is the supervisor's matter, whoever is told. And a terminal that stops those who write to it from the
    # background (`stty tostop`) would stop a worker, which is in a process group of its own.
    for number in (signal.SIGHUP, signal.SIGTTOU):
        signal.signal(number, signal.SIG_IGN)
    sender, receiver = trio.open_memory_channel[Order](math.inf)
    with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_pass_on_signals, signals, sender)
            nursery.start_soon(_pass_on_bytes, sender)
            yield receiver
            nursery.cancel_scope.cancel()


async def _pass_on_signals(signals: AsyncIterator[int], orders: trio.MemorySendChannel[Order]) -> None:
    async for _ in signals:
        orders.send_nowait(Order.DRAIN)


async def _pass_on_bytes(orders: trio.MemorySendChannel[Order]) -> None:
    async with trio.lowlevel.FdStream(os.dup(sys.stdin.fileno())) as supervisor:
        async for data in supervisor:
            for byte in data:
                orders.send_nowait(Order(bytes((byte,))))
    orders.send_nowait(Order.DRAIN)
