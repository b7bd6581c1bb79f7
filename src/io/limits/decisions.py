"""Whether a request of a key is within its limits: pure functions of what was used, the limits and the time.

The window slides in whole seconds. What was let through at a moment counts until the 61st second after the one in which
that moment lies, so that no 60 seconds, wherever they begin, see more than the limit; room comes back at most a second
late. Money is counted by calendar days and months of UTC, in billionths of a US dollar, so that sums are exact.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from ..settings import KeyLimits

WINDOW_SECONDS: Final = 60
_BILLION: Final = 1_000_000_000
_DAY_SECONDS: Final = 86400

_Seconds = tuple[tuple[int, int, int], ...]
_Running = tuple[tuple[int, int], ...]
_Sum = tuple[int, int]


class Used(NamedTuple):
    """What a key has used.

    Attributes:
        seconds: (second since 1970, requests, tokens) of every second of the window in which there were any, in order.
        running: (process id, requests) of those processes that have requests under way.
        day, month: (number of the day or month, billionths of a US dollar spent in it).
        requests, tokens: the sums of the seconds.
    """

    seconds: _Seconds = ()
    running: _Running = ()
    day: _Sum = (0, 0)
    month: _Sum = (0, 0)
    requests: int = 0
    tokens: int = 0

    @classmethod
    def of(cls, seconds: _Seconds, running: _Running, day: _Sum, month: _Sum) -> "Used":
        """The same, with the sums."""
        return cls(seconds, running, day, month, sum(item[1] for item in seconds), sum(item[2] for item in seconds))


NOTHING: Final = Used()
"""What a key has used that nobody has used yet."""


class Verdict(NamedTuple):
    """What becomes of a request.

    Attributes:
        refused: the limit that it would break, by its name in the configuration; None when it is let through.
        wait: seconds until it may be asked again, where it is refused.
        requests, tokens: used in the window, this request included when it is let through.
        requests_reset, tokens_reset: whole seconds until none of them counts any more.
        second: in which the request counts, for `settle`.
        reserved: its tokens.
    """

    refused: str | None
    wait: float
    requests: int
    tokens: int
    requests_reset: int
    tokens_reset: int
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
    second, seconds = int(now), used.seconds
    if seconds and not second - WINDOW_SECONDS <= seconds[0][0] <= seconds[-1][0] <= second:
        used, now = _window(used, now)
        second = int(now)
    most = limits.tokens_per_minute
    if tokens < 0:
        tokens = 0
    elif most is not None and tokens > most:
        tokens = most
    refused, wait = _broken(used, limits, tokens, now)
    seconds, running, day, month, requests, all_tokens = used
    if refused is None:
        if seconds and seconds[-1][0] == second:
            _, there, reserved = seconds[-1]
            row = ((second, there + 1, reserved + tokens),)
            seconds = seconds[:-1] + row
        else:
            seconds += ((second, 1, tokens),)
        requests, all_tokens = requests + 1, all_tokens + tokens
        # Every request makes three of these: a NamedTuple's own constructor is a Python function around this.
        used = tuple.__new__(Used, (seconds, _with(running, process, 1), day, month, requests, all_tokens))
    # What is let through counts as long as the window that begins now.
    end = WINDOW_SECONDS + 1 if refused is None else _end(seconds, 1, second)
    tokens_end = end if refused is None and tokens else _end(seconds, 2, second)
    told = refused, wait, requests, all_tokens, end, tokens_end, second, tokens
    return used, tuple.__new__(Verdict, told)


def _window(used: Used, now: float) -> tuple[Used, float]:
    """What counts at a moment, and the moment.

    A far future is left out: a clock that was set back must not lock a key out. A near one is what another process
    whose clock is a little ahead has counted: time goes on from there.
    """
    seconds, running, day, month, requests, tokens = used
    if seconds[-1][0] > now + WINDOW_SECONDS + 1:
        near = tuple(item for item in seconds if item[0] <= now + WINDOW_SECONDS + 1)
        seconds, running, day, month, requests, tokens = Used.of(near, running, day, month)
    if seconds and seconds[-1][0] > now:
        now = float(seconds[-1][0])
    first, over = int(now) - WINDOW_SECONDS, 0
    for item in seconds:
        if item[0] >= first:
            break
        requests, tokens, over = requests - item[1], tokens - item[2], over + 1
    return Used(seconds[over:], running, day, month, requests, tokens), now


def _broken(used: Used, limits: KeyLimits, tokens: int, now: float) -> tuple[str | None, float]:
    """The limit that a request would break, and for how many seconds: of several the one that lasts longest."""
    seconds, running, day, month, requests, all_tokens = used
    broken: str | None = None
    wait = 0.0
    most = limits.requests_per_minute
    if most is not None and requests >= most:
        broken, wait = "requests_per_minute", _wait(seconds, 1, most - 1, now)
    most = limits.tokens_per_minute
    if most is not None and all_tokens + tokens > most and (pause := _wait(seconds, 2, most - tokens, now)) > wait:
        broken, wait = "tokens_per_minute", pause
    by_month, by_day = limits.usd_per_month, limits.usd_per_day
    # Mostly less was spent, in whatever day and month: then it matters neither which they are nor how the limit rounds.
    if (by_month is not None and month[1] >= by_month * _BILLION - 1) or (
        by_day is not None and day[1] >= by_day * _BILLION - 1
    ):
        pause, spent = _wait_for_money(used, limits, now)
        if pause > wait:
            broken, wait = spent, pause
    room = limits.concurrent_requests
    if broken is None and room is not None:
        for _, count in running:
            room -= count
        if room <= 0:
            broken, wait = "concurrent_requests", 1.0
    return broken, wait


def settle(used: Used, verdict: Verdict, tokens: int, process: int, usd: float = 0.0, now: float = 0.0) -> Used:
    """What is used when a request that was let through is over.

    Args:
        used: before that.
        verdict: its own.
        tokens: what it used indeed. They count in the second in which they were reserved.
        process: that served it.
        usd: what it cost.
        now: seconds since 1970, for what it cost.
    """
    seconds, running, day, month, requests, all_tokens = used
    reserved_in = verdict.second
    place = len(seconds) - 1
    while place >= 0 and seconds[place][0] > reserved_in:
        place -= 1
    if place >= 0 and seconds[place][0] == reserved_in:
        _, there, had = seconds[place]
        change = tokens - verdict.reserved
        if had + change < 0:
            change = -had
        row = ((reserved_in, there, had + change),)
        seconds = seconds[:place] + row + seconds[place + 1 :]
        all_tokens += change
    if usd:
        day, month = _dearer(day, month, usd, now)
    return tuple.__new__(Used, (seconds, _with(running, process, -1), day, month, requests, all_tokens))


def spend(used: Used, usd: float, now: float) -> Used:
    """What is used when so much more was spent.

    Args:
        used: before that.
        usd: US dollars.
        now: seconds since 1970.
    """
    day, month = _dearer(used.day, used.month, usd, now)
    return used._replace(day=day, month=month)


def _dearer(day: _Sum, month: _Sum, usd: float, now: float) -> tuple[_Sum, _Sum]:
    more, today = round(usd * _BILLION), _day(now)
    this_month = _month_of(today)
    by_day = more + day[1] if day[0] == today else more
    return (today, by_day), (this_month, more + month[1] if month[0] == this_month else more)


def begin_with(used: Used, day_usd: float, month_usd: float, now: float) -> Used:
    """What is used when it is known from elsewhere how much was spent; where more is counted already, that stays.

    Args:
        used: before that.
        day_usd: US dollars spent in this day.
        month_usd: the same of this month.
        now: seconds since 1970.
    """
    day, month = _day(now), _month(now)
    return used._replace(
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
    month = _month(now)
    if limits.usd_per_month is not None and _in(used.month, month) >= round(limits.usd_per_month * _BILLION):
        next_month = datetime((month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=UTC)
        return next_month.timestamp() - now, "usd_per_month"
    if limits.usd_per_day is not None and _in(used.day, _day(now)) >= round(limits.usd_per_day * _BILLION):
        return _DAY_SECONDS - now % _DAY_SECONDS, "usd_per_day"
    return 0.0, None


def without(used: Used, processes: frozenset[int]) -> Used:
    """The same without the running requests of processes that are no more."""
    return used._replace(running=tuple(item for item in used.running if item[0] not in processes))


def _with(running: _Running, process: int, more: int) -> _Running:
    others: _Running = ()
    for one, count in running:
        if one == process:
            more += count
        else:
            others += ((one, count),)
    return (*others, (process, more)) if more > 0 else others


def _wait(seconds: _Seconds, column: int, room: int, now: float) -> float:
    """Seconds until no more than `room` is used."""
    left = sum(item[column] for item in seconds)
    wait = 0.0
    for item in seconds:
        if left <= room:
            break
        left -= item[column]
        wait = item[0] + WINDOW_SECONDS + 1 - now
    return wait


def _end(seconds: _Seconds, column: int, second: int) -> int:
    """Whole seconds until none is used."""
    for item in reversed(seconds):
        if item[column]:
            return item[0] + WINDOW_SECONDS + 1 - second
    return 0
