"""Where it is kept what keys have used: in this process, or in files that the workers of one gateway share."""

import fcntl
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import attrs
import orjson

from .decisions import Used, without

_T = TypeVar("_T")
Change = Callable[[Used], tuple[Used, _T]]


class Store(Protocol):
    """Keeps what keys have used."""

    def change(self, key: str, change: Change[_T]) -> _T:
        """Replace what a key has used, in one step that nobody else comes between; returns what the change tells."""


class MemoryStore:
    """Keeps it in this process."""

    def __init__(self) -> None:
        self._used: dict[str, Used] = {}

    def change(self, key: str, change: Change[_T]) -> _T:
        """See `Store`."""
        self._used[key], told = change(self._used.get(key, Used()))
        return told


@attrs.frozen
class FolderStore:
    """Keeps it in a folder, one small file a key, each under the system's lock.

    The system takes the lock from a process that dies, and the requests that were under way in it are forgotten. A file
    that cannot be read counts as nothing used.

    Attributes:
        folder: of nobody else.
    """

    folder: Path

    def change(self, key: str, change: Change[_T]) -> _T:
        """See `Store`."""
        file = self._open(hashlib.sha256(key.encode()).hexdigest())
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = os.fstat(file).st_size
            used = _read(os.pread(file, size, 0))
            dead = frozenset(process for process, _ in used.running if not _lives(process))
            used, told = change(without(used, dead) if dead else used)
            data = orjson.dumps((used.seconds, used.running, used.day, used.month))
            # One write and no second step: whoever is killed leaves what was there, or all of this.
            os.pwrite(file, data.ljust(size), 0)
        finally:
            os.close(file)
        return told

    def _open(self, name: str) -> int:
        try:
            return os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            # Systems clean up folders of temporary files that nobody has touched for long.
            self.folder.mkdir(mode=0o700, exist_ok=True)
            return os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600)


def _read(data: bytes) -> Used:
    try:
        seconds, running, day, month = orjson.loads(data)
    except (orjson.JSONDecodeError, ValueError, TypeError):
        return Used()
    return Used(tuple(map(tuple, seconds)), tuple(map(tuple, running)), tuple(day), tuple(month))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
