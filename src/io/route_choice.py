"""Which target of a route is asked next, and after which wait. Pure: what is random is an argument."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from .settings import RouteConfig, RouteTarget

FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 8.0
"""Seconds before a target is asked for the second time, doubled for each time after it, and their ceiling."""
PATIENCE: Final = 1.0
"""Seconds that a target may want to be left alone while there are others that were not asked yet."""


@attrs.frozen
class Tried:
    """An attempt that failed.

    Attributes:
        target: who was asked.
        again: whether the same target may be asked once more; if not, another one may still do better.
        retry_after: seconds that it wants to be left alone.
    """

    target: RouteTarget
    again: bool = True
    retry_after: float = 0.0


def choose(route: RouteConfig, draw: float, tried: Sequence[Tried]) -> RouteTarget | None:
    """The target to ask next; None when all that may be tried has been.

    A target is asked up to ``retry.attempts`` times in a row, unless it cannot do better, or wants to be left alone for
    longer than is worth waiting. Then it is the turn of one that was not asked yet, as the strategy has it.

    Args:
        route: the route.
        draw: a random number, from 0 to less than 1.
        tried: what failed, in order.
    """
    asked = [one.target for one in tried]
    left = [target for target in route.targets if target not in asked]
    if tried:
        last = tried[-1]
        patience = PATIENCE if left else LONGEST_PAUSE
        if last.again and last.retry_after <= patience and asked.count(last.target) < route.retry.attempts:
            return last.target
    return _FIRST_OF[route.strategy](left, draw) if left else None


def pause(tried: Sequence[Tried], target: RouteTarget, draw: float) -> float:
    """Seconds to wait before a target is asked: none for one that is new, else ever longer, and as long as it said.

    Args:
        tried: what failed, in order.
        target: who is asked next.
        draw: a random number, from 0 to less than 1: a crowd whose requests failed together is not to come back so.
    """
    times = sum(one.target == target for one in tried)
    if not times:
        return 0.0
    backoff = min(FIRST_PAUSE * 2.0 ** (times - 1), LONGEST_PAUSE)
    return max(backoff / 2, tried[-1].retry_after) + draw * backoff / 2


def _by_weight(left: Sequence[RouteTarget], draw: float) -> RouteTarget:
    point = draw * sum(target.weight for target in left)
    for target in left:
        point -= target.weight
        if point < 0:
            return target
    return left[-1]  # the sum was rounded


_FIRST_OF: Final[Mapping[str, Callable[[Sequence[RouteTarget], float], RouteTarget]]] = {
    "priority": lambda left, _: left[0],
    "weighted": _by_weight,
}
"""Strategy -> the first of the targets that are left."""
