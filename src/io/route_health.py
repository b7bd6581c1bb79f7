"""What is remembered of how the targets of routes do. Pure values: the time is an argument, in monotonic seconds.

A target fails when, over the last minute, at least three of its answers and half of them were failures. Then it is
asked last, and once a cool-down is over it is tried with a request now and then. One good answer makes it healthy
again; each try that fails, and each new failure soon after, makes the next cool-down longer. A target that said for how
long it wants to be left alone is asked last for as long. What is kept is of a fixed size, whatever happens.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

WINDOW: Final = 60.0
"""Seconds over which answers are counted."""
LEAST_FAILURES: Final = 3
FAILING_SHARE: Final = 0.5
"""So many failures at least, and such a share of all answers, make a target a failing one."""
FIRST_COOL_DOWN: Final = 5.0
LONGEST_COOL_DOWN: Final = 300.0
"""Seconds from the failure to the first try, doubled for each one that fails, and their ceiling."""
LONGEST_REST: Final = 3600.0
"""Most seconds that a target is left alone since it said so."""
PACE_WINDOW: Final = 300.0
"""Seconds over which the time for a token is averaged; what is older counts as unknown."""

HEALTHY: Final = 0
FAILING: Final = 1
RESTING: Final = 2


class Sums(NamedTuple):
    """Two sums over a sliding window, kept as those of its newer and its older half.

    Attributes:
        began: when the newer half began.
        first, second: its sums.
        old_first, old_second: those of the older half.
    """

    began: float = -math.inf
    first: float = 0.0
    second: float = 0.0
    old_first: float = 0.0
    old_second: float = 0.0

    def plus(self, first: float, second: float, now: float, window: float) -> "Sums":
        """The sums with something more in them."""
        age = now - self.began
        if age < window / 2:
            return Sums(self.began, self.first + first, self.second + second, self.old_first, self.old_second)
        if age < window:
            return Sums(self.began + window / 2, first, second, self.first, self.second)
        return Sums(now, first, second)

    def total(self, now: float, window: float) -> tuple[float, float]:
        """Both sums over the last half to whole of a window."""
        age = now - self.began
        if age < window / 2:
            return self.first + self.old_first, self.second + self.old_second
        return (self.first, self.second) if age < window else (0.0, 0.0)


NOTHING: Final = Sums()


class Health(NamedTuple):
    """What is remembered of one target.

    Attributes:
        outcomes: good answers and failures.
        paces: seconds, and the tokens that were written in them.
        failing: whether it is one to be asked last.
        cool_down: seconds of the last cool-down.
        probe_at: when a failing one may be tried.
        probing: whether such a try is under way, or was given up.
        recovered_at: when it last ceased to fail.
        rest_until: how long it wants to be left alone.
    """

    outcomes: Sums = NOTHING
    paces: Sums = NOTHING
    failing: bool = False
    cool_down: float = 0.0
    probe_at: float = -math.inf
    probing: bool = False
    recovered_at: float = -math.inf
    rest_until: float = -math.inf

    @property
    def is_calm(self) -> bool:
        """Whether it does well now, and will if nothing happens."""
        return not self.failing and self.rest_until < 0

    def standing(self, now: float) -> int:
        """`HEALTHY`, `FAILING` or `RESTING`: the lower, the earlier it is asked."""
        if self.rest_until > now:
            return RESTING
        return FAILING if self.failing else HEALTHY

    def is_due(self, now: float) -> bool:
        """Whether it fails and may be tried again."""
        return self.failing and self.probe_at <= now and self.rest_until <= now

    def pace(self, now: float) -> float | None:
        """Seconds for a token of its answers; None where nothing is known, or not any more."""
        seconds, tokens = self.paces.total(now, PACE_WINDOW)
        return seconds / tokens if tokens else None


UNKNOWN: Final = Health()


def answered(health: Health, now: float, seconds: float = 0.0, tokens: float = 0.0) -> Health:
    """After a good answer, whose tokens took these seconds (none: it had none)."""
    paces = health.paces.plus(seconds, tokens, now, PACE_WINDOW) if tokens else health.paces
    if health.failing:
        return Health(Sums(now, 1.0, 0.0), paces, cool_down=health.cool_down, recovered_at=now)
    outcomes = health.outcomes.plus(1.0, 0.0, now, WINDOW)
    return Health(outcomes, paces, cool_down=health.cool_down, recovered_at=health.recovered_at)


def failed(health: Health, now: float) -> Health:
    """After a failure of the target."""
    outcomes = health.outcomes.plus(0.0, 1.0, now, WINDOW)
    if health.failing:
        if not health.probing:
            return health._replace(outcomes=outcomes)
        cool_down = _longer(health.cool_down)
        return health._replace(outcomes=outcomes, cool_down=cool_down, probe_at=now + cool_down, probing=False)
    good, bad = outcomes.total(now, WINDOW)
    if bad < LEAST_FAILURES or bad < FAILING_SHARE * (good + bad):
        return health._replace(outcomes=outcomes)
    cool_down = _longer(health.cool_down) if now - health.recovered_at < WINDOW else FIRST_COOL_DOWN
    return health._replace(outcomes=outcomes, failing=True, cool_down=cool_down, probe_at=now + cool_down)


def rested(health: Health, now: float, seconds: float) -> Health:
    """After the target said for how long it wants to be left alone."""
    until = now + min(seconds, LONGEST_REST)
    return health._replace(rest_until=max(health.rest_until, until))


def probed(health: Health, now: float) -> Health:
    """When the target is asked: of one that is due this is the try, and nobody else makes one for a cool-down."""
    return health._replace(probe_at=now + health.cool_down, probing=True) if health.is_due(now) else health


def _longer(cool_down: float) -> float:
    return min(max(2 * cool_down, FIRST_COOL_DOWN), LONGEST_COOL_DOWN)


class Snapshot(NamedTuple):
    """What is remembered of all targets at some time.

    Attributes:
        now: that time.
        of: model of a target -> its health, where there is something to remember.
        calm: whether all are known to do well, so that nobody has to look at each.
    """

    now: float = 0.0
    of: Mapping[str, Health] = MappingProxyType({})
    calm: bool = False

    def health(self, model: str) -> Health:
        """That of one target."""
        return self.of.get(model, UNKNOWN)


NO_MEMORY: Final = Snapshot()
