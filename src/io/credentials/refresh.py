"""One value that expires: fetched once for all who wait, renewed ahead of time, kept while it is valid."""

import logging
import math
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import attrs
import trio

from .source import Unavailable, reason

T = TypeVar("T")

# A value is renewed this long before it expires; Google's metadata server has no newer one earlier.
AHEAD_SECONDS: Final = 225.0
# A value so near its end is not used any more: the call has to arrive as well.
MARGIN_SECONDS: Final = 10.0
# Of short-lived values no larger parts than these are given away.
AHEAD_PART: Final = 0.25
MARGIN_PART: Final = 0.05
# An issuer that gives out what our clock calls expired is believed for so long: our clock may be wrong.
LEAST_SECONDS: Final = 60.0
# A provider may refuse any value: for that reason one is renewed no more often than this.
PAUSE_SECONDS: Final = 10.0
FETCH_SECONDS: Final = 30.0
FIRST_BACKOFF_SECONDS: Final = 1.0
LAST_BACKOFF_SECONDS: Final = 60.0

_log = logging.getLogger("dragoman.credentials")


@attrs.frozen
class Fetched(Generic[T]):
    """A value and when it expires, in seconds since 1970; ``math.inf`` when it does not."""

    value: T = attrs.field(repr=False)
    expires: float = math.inf


@attrs.frozen
class _Held(Generic[T]):
    value: T = attrs.field(repr=False)
    renew_at: float
    last_use: float


class Refreshed(Generic[T]):
    """The value, for any number of tasks of one trio run.

    Args:
        fetch: gets a new value; it may block, and runs in a thread.
        name: of whom the value is, for the log.
        clock: seconds since 1970.
    """

    def __init__(self, fetch: Callable[[], Fetched[T]], name: str, clock: Callable[[], float] = time.time) -> None:
        self._fetch = fetch
        self._name = name
        self._clock = clock
        self._held: _Held[T] | None = None
        self._flight: trio.Event | None = None
        self._not_before = -math.inf
        self._renewed = -math.inf
        self._failures = 0
        self._why = ""

    async def get(self) -> T:
        """The value; waits only when there is no valid one.

        Raises:
            Unavailable: there is none, and it cannot be fetched.
        """
        held, now = self._held, self._clock()
        if held is not None and now < held.last_use:
            if now >= held.renew_at:
                self._begin(now)
            return held.value
        await self._wait(now)
        held = self._held
        if held is None or self._clock() >= held.last_use:
            raise Unavailable(self._why, max(self._not_before - self._clock(), 0))
        return held.value

    async def renew(self, refused: T) -> bool:
        """Fetch another value than the one that a provider refused; returns whether there is one now."""
        if self._is_held(refused):
            now = self._clock()
            if self._flight is not None:
                await self._flight.wait()
            elif now >= self._renewed + PAUSE_SECONDS:
                self._renewed = now
                await self._wait(now)
        return not self._is_held(refused)

    def _is_held(self, value: T) -> bool:
        return self._held is not None and self._held.value == value

    async def _wait(self, now: float) -> None:
        flight = self._begin(now)
        if flight is not None:
            await flight.wait()

    def _begin(self, now: float) -> trio.Event | None:
        """The fetch under way, which begins now if it may. It belongs to nobody: who waits for it may leave."""
        if self._flight is None and now >= self._not_before:
            self._flight = trio.Event()
            trio.lowlevel.spawn_system_task(self._fly, self._flight)
        return self._flight

    async def _fly(self, flight: trio.Event) -> None:
        try:
            with trio.move_on_after(FETCH_SECONDS) as scope:
                fetched = await trio.to_thread.run_sync(self._fetch, abandon_on_cancel=True)
                self._keep(fetched)
            if scope.cancelled_caught:
                self._note_failure(f"no answer within {FETCH_SECONDS:g} s")
        except Unavailable as error:
            self._note_failure(error.message)
        except Exception as error:  # noqa: BLE001 - a library may raise what it likes; a system task may raise nothing
            self._note_failure(reason(error))
        finally:
            self._flight = None
            flight.set()

    def _keep(self, fetched: Fetched[T]) -> None:
        now = self._clock()
        left = fetched.expires - now
        if left <= 0:
            left = LEAST_SECONDS
        ahead, margin = min(AHEAD_SECONDS, left * AHEAD_PART), min(MARGIN_SECONDS, left * MARGIN_PART)
        self._held = _Held(fetched.value, now + left - ahead, now + left - margin)
        self._failures = 0
        self._not_before = -math.inf

    def _note_failure(self, why: str) -> None:
        now = self._clock()
        self._why = why
        self._not_before = now + min(FIRST_BACKOFF_SECONDS * 2.0**self._failures, LAST_BACKOFF_SECONDS)
        self._failures = min(self._failures + 1, 16)
        left = 0 if self._held is None else max(self._held.last_use - now, 0)
        state = f"the old ones serve for {left:.0f} s more" if 0 < left < math.inf else "there are none that are valid"
        _log.warning("the credentials of %s could not be fetched (%s); %s", self._name, why, state)
