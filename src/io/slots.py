"""How many requests a target answers at once: places, and a bounded queue in front of them, first come, first served.

A place that becomes free is handed to whoever waits longest; one that comes new never overtakes. Who is cancelled while
waiting leaves nothing behind.
"""

from collections.abc import Sequence

import trio

from .deadline import Deadline
from .http import RETRY_AFTER
from .refusal import Refusal


class TargetBusy(Refusal):
    """All places of a target are taken, and it has kept this request waiting for as long as it may."""

    def __init__(self, what: str, why: str) -> None:
        message = f"{what} answers as many requests at once as it may, and {why}: try again later."
        super().__init__(503, "target_busy", message, headers=(RETRY_AFTER,))


class Slots:
    """The places of a target.

    Args:
        what: whose they are, in words.
        most: how many requests have one at once.
        max_queued: how many may wait for one.
        queue_seconds: how long each of them may.
    """

    __slots__ = ("_free", "_max_queued", "_queue_seconds", "_what")

    def __init__(self, what: str, most: int, max_queued: int, queue_seconds: float) -> None:
        # It hands a place on to who waits longest, without letting it become free for somebody else in between.
        self._free = trio.Semaphore(most)
        self._what = what
        self._max_queued = max_queued
        self._queue_seconds = queue_seconds

    def take_now(self) -> None:
        """Take a place that is free.

        Raises:
            TargetBusy: none is.
        """
        try:
            self._free.acquire_nowait()
        except trio.WouldBlock:
            raise TargetBusy(self._what, "has no place free now") from None

    async def take(self, seconds: float) -> None:
        """Take a place, if need be after a wait.

        Args:
            seconds: that the request has.

        Raises:
            TargetBusy: the queue is full, or the wait was too long.
        """
        try:
            self._free.acquire_nowait()
        except trio.WouldBlock:
            pass
        else:
            return
        if self._free.statistics().tasks_waiting >= self._max_queued:
            raise TargetBusy(self._what, f"{self._max_queued} are waiting already")
        grant = min(self._queue_seconds, seconds)
        with trio.move_on_after(grant):
            await self._free.acquire()
            return
        raise TargetBusy(self._what, f"none of them ended within {grant:g} s")

    def give_back(self) -> None:
        """Let somebody else have the place."""
        self._free.release()


class Places:
    """A place at each of several bounds, for as long as the block lasts.

    They are taken in one order, so that no two requests wait for each other.

    Args:
        slots: the bounds.
        waits: whether to wait for them.
        deadline: the client's, if there is one.
    """

    __slots__ = ("_deadline", "_slots", "_taken", "_waits")

    def __init__(self, slots: Sequence[Slots], *, waits: bool, deadline: Deadline | None) -> None:
        self._slots = slots
        self._waits = waits
        self._deadline = deadline
        self._taken: list[Slots] = []

    async def __aenter__(self) -> None:
        try:
            for one in self._slots:
                if self._waits:
                    await one.take(max(self._deadline.left(), 0.0) if self._deadline is not None else float("inf"))
                else:
                    one.take_now()
                self._taken.append(one)
        except BaseException:
            self._give_back()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._give_back()

    def _give_back(self) -> None:
        while self._taken:
            self._taken.pop().give_back()
