"""Where answers are kept: bytes under bytes, for a time."""

import heapq
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Protocol

# What a key and an entry take beside the bytes of the answer: measured with CPython 3.11.
_BESIDE: Final = 400
# Few notes of entries that are gone cost nothing; they are cleared away when there are as many as entries, and more.
_FEW: Final = 64


class CacheStore(Protocol):
    """Keeps answers. A request waits for both calls, so they are quick, and they raise nothing.

    A store that is away, or full, or slow, has nothing (`get`) and keeps nothing (`put`).
    """

    async def get(self, key: bytes) -> bytes | None:
        """What is kept under a key, of 32 bytes; None where nothing is, or its time is over."""

    async def put(self, key: bytes, value: bytes, ttl_seconds: float) -> None:
        """Keep a value for a time, above 0; it takes the place of what is kept under the key."""


class MemoryStore:
    """Keeps them in this process: the least lately used make room for new ones.

    Args:
        max_bytes: most bytes at once, keys and what is beside them included.
        clock: monotonic seconds.

    Attributes:
        held: bytes now kept.
    """

    def __init__(self, max_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.held = 0
        self._max_bytes = max_bytes
        self._clock = clock
        # The least lately used first.
        self._kept: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()
        # The next to end first. What was replaced or has made room is still noted.
        self._ends: list[tuple[float, bytes]] = []

    def __len__(self) -> int:
        return len(self._kept)

    def resize(self, max_bytes: int) -> None:
        """Keep at most so many bytes from now on."""
        self._max_bytes = max_bytes
        self._make_room(0)

    async def get(self, key: bytes) -> bytes | None:
        """See `CacheStore`."""
        self._drop_ended()
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[1]

    async def put(self, key: bytes, value: bytes, ttl_seconds: float) -> None:
        """See `CacheStore`."""
        self._drop_ended()
        self._drop(key)
        size = _size(value)
        if size > self._max_bytes:
            return
        self._make_room(size)
        end = self._clock() + ttl_seconds
        self._kept[key] = end, value
        self.held += size
        heapq.heappush(self._ends, (end, key))
        if len(self._ends) > 2 * len(self._kept) + _FEW:
            self._ends = [(end, key) for key, (end, _) in self._kept.items()]
            heapq.heapify(self._ends)

    def _drop_ended(self) -> None:
        now = self._clock()
        while self._ends and self._ends[0][0] <= now:
            end, key = heapq.heappop(self._ends)
            found = self._kept.get(key)
            if found is not None and found[0] == end:
                self._drop(key)

    def _make_room(self, size: int) -> None:
        while self._kept and self.held + size > self._max_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: bytes) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self.held -= _size(found[1])


def _size(value: bytes) -> int:
    return len(value) + _BESIDE
