"""Time and memory, watched."""

import gc
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from .case import Fault

BASE_SECONDS = 0.05
SECONDS_A_BYTE = 4e-6
SECONDS_A_PIECE = 60e-6
"""What a call may take on a slow machine: several times what it takes here, and far less than anything quadratic."""
HANG_SECONDS = 20.0


class Hang(BaseException):
    """A call that does not come back. No ``except Exception`` of the core catches it."""


@contextmanager
def bounded(seconds: float = HANG_SECONDS) -> Iterator[None]:
    """Raise Hang in what takes more than some seconds of processor time."""

    def ring(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


_R = TypeVar("_R")


def timed(size: int, pieces: int, call: Callable[..., _R], *arguments: Any) -> _R:
    """The result of a call that must take time in proportion to its input; one slow measurement proves nothing."""
    limit = BASE_SECONDS + size * SECONDS_A_BYTE + pieces * SECONDS_A_PIECE
    least = float("inf")
    for _ in range(4):
        began = time.process_time()
        result = call(*arguments)
        least = min(least, time.process_time() - began)
        if least <= limit:
            return result
    raise Fault("slow", f"{least:.2f} s of processor time for {size} bytes in {pieces} pieces")


_PAGE = 4096


def resident() -> int:
    """Bytes of memory that this process holds, after a collection."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def blocks() -> int:
    """Objects that this process holds, nearly."""
    gc.collect()
    return sys.getallocatedblocks()
