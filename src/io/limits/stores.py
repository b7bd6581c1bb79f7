"""Where it is kept what keys have used: in this process, or in files that the workers of one gateway share."""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import orjson
import trio

from .decisions import NOTHING, Used, without

_T = TypeVar("_T")
_Clock = Callable[[], float]
Change = Callable[[Used], tuple[Used, _T]]

# What a change may wait for another process that is at the same key: a time, and more than a few looks, since a process
# with much to do looks seldom.
_LOCK_SECONDS: Final = 0.25
_LOCK_LOOKS: Final = 50
_LOCK_PAUSE: Final = 0.001


class StoreAway(Exception):  # noqa: N818 - a state of the world, which the limiter has an answer to
    """What keys have used cannot be had now."""


class Store(Protocol):
    """Keeps what keys have used.

    Attributes:
        process: the number of this process among all that use the store.
    """

    @property
    def process(self) -> int:
        """See above."""

    def now(self) -> float:
        """Seconds since 1970, by the one clock of all that use the store."""

    async def change(self, key: str, change: Change[_T]) -> _T:
        """Replace what a key has used, in one step that nobody else comes between; returns what the change tells.

        A change that has begun is not cancelled.

        Raises:
            StoreAway: it cannot be done now, and nothing is changed.
        """

    def post(self, key: str, change: Change[None], *, soon: bool) -> None:
        """The same without waiting: before the next change of this process; `soon` if other processes wait for it."""


class MemoryStore:
    """Keeps it in this process.

    Args:
        clock: seconds since 1970.
    """

    def __init__(self, clock: _Clock = time.time) -> None:
        self.process: int = os.getpid()
        self.now: _Clock = clock
        self._used: dict[str, Used] = {}

    async def change(self, key: str, change: Change[_T]) -> _T:
        """See `Store`."""
        self._used[key], told = change(self._used.get(key, NOTHING))
        return told

    def post(self, key: str, change: Change[None], *, soon: bool) -> None:  # noqa: ARG002 - at once, always
        """See `Store`."""
        self._used[key], _ = change(self._used.get(key, NOTHING))


class FolderStore:
    """Keeps it in a folder, one small file a key, each under the system's lock.

    The system takes the lock from a process that dies, and the requests that were under way in it are forgotten. A
    process that was stopped while it had the lock is not waited for longer than a moment. A file that cannot be read
    counts as nothing used.

    Args:
        folder: of nobody else.
        clock: seconds since 1970.
    """

    def __init__(self, folder: Path, clock: _Clock = time.time) -> None:
        self.process: int = os.getpid()
        self.now: _Clock = clock
        self._folder = folder
        self._late: dict[str, list[Change[None]]] = {}
        self._known: dict[str, tuple[bytes, Used]] = {}

    async def change(self, key: str, change: Change[_T]) -> _T:
        """See `Store`."""
        try:
            return self._change(key, change)
        except BlockingIOError:
            return await self._change_when_free(key, change)

    async def _change_when_free(self, key: str, change: Change[_T]) -> _T:
        with trio.CancelScope(shield=True):
            until, looks = trio.current_time() + _LOCK_SECONDS, 1
            while trio.current_time() < until or looks < _LOCK_LOOKS:
                looks += 1
                await trio.sleep(_LOCK_PAUSE)
                with suppress(BlockingIOError):
                    return self._change(key, change)
        raise StoreAway

    def post(self, key: str, change: Change[None], *, soon: bool) -> None:  # noqa: ARG002 - at once, if it can be
        """See `Store`."""
        try:
            self._change(key, change)
        except BlockingIOError:
            self._late.setdefault(key, []).append(change)

    def _change(self, key: str, change: Change[_T]) -> _T:
        """One step.

        Raises:
            BlockingIOError: another process is at the key, and nothing is changed.
        """
        file = self._open(f"{self._folder}/{_name(key)}")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            size = os.fstat(file).st_size
            data = os.pread(file, size, 0)
            known, used = self._known.get(key, _UNKNOWN)
            if data != known:  # another process was there
                used = read(data)
            dead = frozenset([one for one, _ in used.running if one != self.process and not _lives(one)])
            used = without(used, dead) if dead else used
            for late in self._late.pop(key, ()):
                used, _ = late(used)
            used, told = change(used)
            # One write and no second step: whoever is killed leaves what was there, or all of this.
            data = written(used).ljust(size)
            os.pwrite(file, data, 0)
            self._known[key] = data, used
        finally:
            os.close(file)
        return told

    def _open(self, path: str) -> int:
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            # Systems clean up folders of temporary files that nobody has touched for long.
            self._folder.mkdir(mode=0o700, exist_ok=True)
            return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


_UNKNOWN: Final = (b"", NOTHING)


@lru_cache(maxsize=1024)
def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def written(used: Used) -> bytes:
    """What a key has used, as stores keep it."""
    return orjson.dumps((used.seconds, used.running, used.day, used.month))


def read(data: bytes) -> Used:
    """What `written` wrote; nothing used where it is something else."""
    try:
        seconds, running, day, month = orjson.loads(data)
        return Used.of(_rows(seconds, 3), _rows(running, 2), *_rows((day, month), 2))
    except (orjson.JSONDecodeError, ValueError, TypeError):
        return NOTHING


def _rows(value: Any, width: int) -> tuple[Any, ...]:
    rows = tuple(map(tuple, value))
    if not ({*map(len, rows)} <= {width} and {type(item) for row in rows for item in row} <= {int}):
        raise ValueError
    return rows


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
