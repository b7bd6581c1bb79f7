"""Which target of a route is asked next, and after which wait. Pure: what is random is an argument.

Targets that do well are asked before those that fail, and these before those that want to be left alone; among those
that do alike, the session or the strategy decides. None is left out for what is remembered of it.
"""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

import attrs

from .route_health import HEALTHY, Snapshot
from .route_settings import RouteConfig, RouteTarget

FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 8.0
"""Seconds before a target is asked for the second time, doubled for each time after it, and their ceiling."""
PATIENCE: Final = 1.0
"""Seconds that a target may want to be left alone while there are others that were not asked yet."""
PROBE_SHARE: Final = 0.1
"""Share of the requests that may try a target that failed and has cooled down."""
EXPLORE_SHARE: Final = 0.1
"""Share of the requests that ask a target whose pace is not known, where that of others is."""

PutOff = Literal["busy", "foreign"]
"""Why a target was passed over for now: all its places are taken, or it cannot read state that others may read."""


@attrs.frozen
class Tried:
    """An attempt that failed.

    Attributes:
        target: who was asked.
        again: whether the same target may be asked once more; if not, another one may still do better.
        retry_after: seconds that it wants to be left alone.
        put_off: why it was not asked, though it may be where the others fail.
    """

    target: RouteTarget
    again: bool = True
    retry_after: float = 0.0
    put_off: PutOff | None = None


def choose(
    route: RouteConfig, health: Snapshot, draw: float, tried: Sequence[Tried], session: str | None = None
) -> RouteTarget | None:
    """The target to ask next; None when all that may be tried has been.

    A target is asked up to ``retry.attempts`` times in a row, unless it cannot do better, or wants to be left alone for
    longer than is worth waiting. Then it is the turn of one that was not asked yet. At last come those that were put
    off: the busy ones, which are then waited for, and those that have to drop state, unless affinity is required.

    Args:
        route: the route.
        health: what is remembered of its targets.
        draw: a random number, from 0 to less than 1.
        tried: what failed, in order.
        session: what the request belongs to, of a route whose sessions stick.
    """
    if not tried:
        return _first(route, health, draw, route.targets, session, probe=True)
    asked = [one.target for one in tried]
    left = [target for target in route.targets if target not in asked]
    last = tried[-1]
    patience = PATIENCE if left else LONGEST_PAUSE
    if last.again and last.retry_after <= patience and _times(tried, last.target) < route.retry.attempts:
        return last.target
    if left:
        return _first(route, health, draw, left, session, probe=False)
    return _put_off(tried, ("busy",) if route.required_affinity else ("busy", "foreign"))


def pause(tried: Sequence[Tried], target: RouteTarget, draw: float) -> float:
    """Seconds to wait before a target is asked: none for one that is new, else ever longer, and as long as it said.

    Args:
        tried: what failed, in order.
        target: who is asked next.
        draw: a random number, from 0 to less than 1: a crowd whose requests failed together is not to come back so.
    """
    times = _times(tried, target)
    if not times:
        return 0.0
    backoff = min(FIRST_PAUSE * 2.0 ** (times - 1), LONGEST_PAUSE)
    return max(backoff / 2, tried[-1].retry_after) + draw * backoff / 2


def _times(tried: Sequence[Tried], target: RouteTarget) -> int:
    """How often a target was asked in vain."""
    return sum(one.target == target and one.put_off is None for one in tried)


def was_put_off(tried: Sequence[Tried], target: RouteTarget, why: PutOff) -> bool:
    """Whether a target was passed over for this reason already: then it is asked all the same."""
    return any(one.target == target and one.put_off == why for one in tried)


def _put_off(tried: Sequence[Tried], reasons: Sequence[PutOff]) -> RouteTarget | None:
    """The first target that was put off and has not been asked since."""
    for why in reasons:
        for one in tried:
            told = [other.put_off for other in tried if other.target == one.target]
            if told[-1] == why and told.count(why) == 1:
                return one.target
    return None


def _first(
    route: RouteConfig,
    health: Snapshot,
    draw: float,
    left: Sequence[RouteTarget],
    session: str | None,
    *,
    probe: bool,
) -> RouteTarget:
    alike = left
    if not health.calm:
        now = health.now
        standings = [health.health(target.model).standing(now) for target in left]
        best = min(standings)
        if best == HEALTHY and probe and any(standings):
            due = [target for target in left if health.health(target.model).is_due(now)]
            if due:
                if draw < PROBE_SHARE:
                    return due[int(draw / PROBE_SHARE * len(due))]
                draw = (draw - PROBE_SHARE) / (1 - PROBE_SHARE)
        alike = [target for target, standing in zip(left, standings, strict=True) if standing == best]
    if session is not None:
        return max(alike, key=lambda target: _score(session, target))
    return _FIRST_OF[route.strategy](alike, health, draw)


def _score(session: str, target: RouteTarget) -> float:
    """How much a session is drawn to a target (weighted rendezvous hashing).

    Each target's score is its own: where one leaves, only the sessions that were drawn to it go elsewhere.
    """
    digest = hashlib.blake2b(f"{session}\0{target.model}".encode("utf-8", "surrogatepass"), digest_size=7).digest()
    return -target.weight / math.log((int.from_bytes(digest, "big") + 0.5) / 2.0**56)


def _by_priority(alike: Sequence[RouteTarget], _: Snapshot, __: float) -> RouteTarget:
    return alike[0]


def _by_weight(alike: Sequence[RouteTarget], _: Snapshot, draw: float) -> RouteTarget:
    point = draw * sum(target.weight for target in alike)
    for target in alike:
        point -= target.weight
        if point < 0:
            return target
    return alike[-1]  # the sum was rounded


def _by_pace(alike: Sequence[RouteTarget], health: Snapshot, draw: float) -> RouteTarget:
    paces = [(health.health(target.model).pace(health.now), target) for target in alike]
    unknown = [target for pace, target in paces if pace is None]
    if len(unknown) == len(alike):
        return unknown[int(draw * len(unknown))]
    if unknown and draw < EXPLORE_SHARE:
        return unknown[int(draw / EXPLORE_SHARE * len(unknown))]
    return min(((pace, target) for pace, target in paces if pace is not None), key=lambda one: one[0])[1]


_FIRST_OF: Final[Mapping[str, Callable[[Sequence[RouteTarget], Snapshot, float], RouteTarget]]] = {
    "priority": _by_priority,
    "weighted": _by_weight,
    "latency": _by_pace,
}
"""Strategy -> the first of the targets that are left."""
