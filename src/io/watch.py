"""A configuration that is read again when its file changes (``[server] watch``): the same as SIGHUP, sent by itself.

The file is looked at once a second, which every file system can do, also one that is mounted or reached by links.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_SECONDS: Final = 1.0


@contextmanager
def watched(path: Path | None, seconds: float = _SECONDS) -> Iterator[None]:
    """Send this process SIGHUP when a file has changed and then rests, as long as the block.

    Args:
        path: the file; None for nothing.
        seconds: between two looks.
    """
    if path is None:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(path, seconds, over), name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _watch(path: Path, seconds: float, over: threading.Event) -> None:
    known = last = _state(path)
    while not over.wait(seconds):
        now = _state(path)
        # One that is being written is left alone until it rests. One that is gone is on its way: nothing to read.
        # And as long as nobody takes the signal, at the start or the end, it would end the process.
        if now == last != known and now is not None and signal.getsignal(signal.SIGHUP) is not signal.SIG_DFL:
            known = now
            os.kill(os.getpid(), signal.SIGHUP)
        last = now


def _state(path: Path) -> tuple[int, ...] | None:
    """What differs when a file was written or replaced."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev
