"""Whether a request of a key is within its limits: pure functions of what was used, the limits and the time.

The window slides in whole seconds. What was let through at a moment counts until the 61st second after the one in which
that moment lies, so that no 60 seconds, wherever they begin, see more than the limit; room comes back at most a second
late. Money is counted by calendar days and months of UTC, in billionths of a US dollar, so that sums are exact.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import attrs

from ..settings import KeyLimits

WINDOW_SECONDS: Final = 60
_BILLION: Final = 1_000_000_000
_DAY_SECONDS: Final = 86400


@attrs.frozen
class Used:
    """What a key has used.

    Attributes:
        seconds: (second since 1970, requests, tokens) of every second of the window in which there were any, in order.
        requests, tokens: their sums.
        running: (process id, requests) of those processes that have requests under way.
        day, month: (number of the day or month, billionths of a US dollar spent in it).
    """

    seconds: tuple[tuple[int, int, int], ...] = ()
    running: tuple[tuple[int, int], ...] = ()
    day: tuple[int, int] = (0, 0)
    month: tuple[int, int] = (0, 0)
    requests: int = 0
    tokens: int = 0

    @classmethod
    def of(
        cls,
        seconds: tuple[tuple[int, int, int], ...],
        running: tuple[tuple[int, int], ...],
        day: tuple[int, int],
        month: tuple[int, int],
    ) -> "Used":
        """The same, with the sums."""
        return cls(seconds, running, day, month, sum(item[1] for item in seconds), sum(item[2] for item in seconds))


@attrs.frozen
class Verdict:
    """What becomes of a request.

    Attributes:
        refused: the limit that it would break, by its name in the configuration; None when it is let through.
        wait: seconds until it may be asked again, where it is refused.
        requests, tokens: used in the window, this request included when it is let through.
        requests_reset, tokens_reset: seconds until none of them counts any more.
        second: in which the request counts, for `settle`.
        reserved: its tokens.
    """

    refused: str | None
    wait: float
    requests: int
    tokens: int
    requests_reset: float
    tokens_reset: float
    second: int
    reserved: int


def admit(used: Used, limits: KeyLimits, tokens: int, process: int, now: float) -> tuple[Used, Verdict]:
    """Let a request through, or not.

    Args:
        used: before it.
        limits: the key's.
        tokens: an estimate of what it will use. One above the limit is taken for the limit, so that it waits for an
            empty window instead of being refused for ever.
        process: that serves it.
        now: seconds since 1970.

    Returns:
        What is used after it, and the verdict.
    """
    seconds, all_requests, all_tokens, now = _window(used, now)
    second = int(now)
    tokens = max(tokens, 0) if limits.tokens_per_minute is None else min(max(tokens, 0), limits.tokens_per_minute)
    wait, refused = 0.0, None
    for name, column, there, wanted in (
        ("requests_per_minute", 1, all_requests, 1),
        ("tokens_per_minute", 2, all_tokens, tokens),
    ):
        limit = getattr(limits, name)
        if (
            limit is not None
            and there + wanted > limit
            and (pause := _wait(seconds, column, limit - wanted, now)) > wait
        ):
            wait, refused = pause, name
    pause, spent = _wait_for_money(used, limits, now)
    if pause > wait:
        wait, refused = pause, spent
    most = limits.concurrent_requests
    if refused is None and most is not None and sum(count for _, count in used.running) >= most:
        wait, refused = 1.0, "concurrent_requests"
    running = used.running
    if refused is None:
        if seconds and seconds[-1][0] == second:
            _, requests, reserved = seconds[-1]
            seconds = (*seconds[:-1], (second, requests + 1, reserved + tokens))
        else:
            seconds = (*seconds, (second, 1, tokens))
        all_requests, all_tokens = all_requests + 1, all_tokens + tokens
        running = _with(running, process, 1)
    verdict = Verdict(
        refused,
        wait,
        all_requests,
        all_tokens,
        _reset(seconds, 1, now),
        _reset(seconds, 2, now),
        second,
        tokens,
    )
    return Used(seconds, running, used.day, used.month, all_requests, all_tokens), verdict


def _window(used: Used, now: float) -> tuple[tuple[tuple[int, int, int], ...], int, int, float]:
    """What counts at a moment, with its sums, and the moment.

    A far future is left out: a clock that was set back must not lock a key out. A near one is what another process
    whose clock is a little ahead has counted: time goes on from there.
    """
    seconds, requests, tokens = used.seconds, used.requests, used.tokens
    if seconds and seconds[-1][0] > now:
        if seconds[-1][0] > now + WINDOW_SECONDS + 1:
            near = tuple(item for item in seconds if item[0] <= now + WINDOW_SECONDS + 1)
            return _window(Used.of(near, (), used.day, used.month), now)
        now = float(seconds[-1][0])
    first, over = int(now) - WINDOW_SECONDS, 0
    for item in seconds:
        if item[0] >= first:
            break
        requests, tokens, over = requests - item[1], tokens - item[2], over + 1
    return seconds[over:] if over else seconds, requests, tokens, now


def settle(used: Used, verdict: Verdict, tokens: int, process: int) -> Used:
    """What is used when a request that was let through is over.

    Args:
        used: before that.
        verdict: its own.
        tokens: what it used indeed. They count in the second in which they were reserved.
        process: that served it.
    """
    seconds, change = used.seconds, 0
    for place in range(len(seconds) - 1, -1, -1):
        second, requests, had = seconds[place]
        if second <= verdict.second:
            if second == verdict.second:
                change = max(tokens - verdict.reserved, -had)
                seconds = (*seconds[:place], (second, requests, had + change), *seconds[place + 1 :])
            break
    running = _with(used.running, process, -1)
    return Used(seconds, running, used.day, used.month, used.requests, used.tokens + change)


def spend(used: Used, usd: float, now: float) -> Used:
    """What is used when so much more was spent.

    Args:
        used: before that.
        usd: US dollars.
        now: seconds since 1970.
    """
    more = round(usd * _BILLION)
    day, month = _day(now), _month(now)
    days, months = (day, _in(used.day, day) + more), (month, _in(used.month, month) + more)
    return Used(used.seconds, used.running, days, months, used.requests, used.tokens)


def begin_with(used: Used, day_usd: float, month_usd: float, now: float) -> Used:
    """What is used when it is known from elsewhere how much was spent; where more is counted already, that stays.

    Args:
        used: before that.
        day_usd: US dollars spent in this day.
        month_usd: the same of this month.
        now: seconds since 1970.
    """
    day, month = _day(now), _month(now)
    return attrs.evolve(
        used,
        day=(day, max(_in(used.day, day), round(day_usd * _BILLION))),
        month=(month, max(_in(used.month, month), round(month_usd * _BILLION))),
    )


def day_and_month(now: float) -> tuple[datetime, datetime]:
    """When the day and the month of a moment began."""
    day = datetime.fromtimestamp(_day(now) * _DAY_SECONDS, UTC)
    return day, day.replace(day=1)


def _day(now: float) -> int:
    return int(now // _DAY_SECONDS)


@lru_cache(maxsize=8)
def _month_of(day: int) -> int:
    moment = datetime.fromtimestamp(day * _DAY_SECONDS, UTC)
    return moment.year * 12 + moment.month - 1


def _month(now: float) -> int:
    return _month_of(_day(now))


def _in(sums: tuple[int, int], period: int) -> int:
    return sums[1] if sums[0] == period else 0


def _wait_for_money(used: Used, limits: KeyLimits, now: float) -> tuple[float, str | None]:
    """Seconds until there is money again, and the limit that was reached: the one that is reached for longer."""
    if limits.usd_per_month is None and limits.usd_per_day is None:
        return 0.0, None
    month = _month(now)
    if limits.usd_per_month is not None and _in(used.month, month) >= round(limits.usd_per_month * _BILLION):
        next_month = datetime((month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=UTC)
        return next_month.timestamp() - now, "usd_per_month"
    if limits.usd_per_day is not None and _in(used.day, _day(now)) >= round(limits.usd_per_day * _BILLION):
        return _DAY_SECONDS - now % _DAY_SECONDS, "usd_per_day"
    return 0.0, None


def without(used: Used, processes: frozenset[int]) -> Used:
    """The same without the running requests of processes that are no more."""
    return attrs.evolve(used, running=tuple(item for item in used.running if item[0] not in processes))


def _with(running: tuple[tuple[int, int], ...], process: int, more: int) -> tuple[tuple[int, int], ...]:
    others = tuple([item for item in running if item[0] != process])
    count = more + sum([item[1] for item in running if item[0] == process])
    return (*others, (process, count)) if count > 0 else others


def _wait(seconds: tuple[tuple[int, int, int], ...], column: int, room: int, now: float) -> float:
    """Seconds until no more than `room` is used."""
    left = sum(item[column] for item in seconds)
    wait = 0.0
    for item in seconds:
        if left <= room:
            break
        left -= item[column]
        wait = item[0] + WINDOW_SECONDS + 1 - now
    return wait


def _reset(seconds: tuple[tuple[int, int, int], ...], column: int, now: float) -> float:
    for item in reversed(seconds):
        if item[column]:
            return item[0] + WINDOW_SECONDS + 1 - now
    return 0.0
