"""The memory of how targets do: the one place where it changes. What a change is, `route_health` says."""

import time
from collections.abc import Callable, Iterable
from types import MappingProxyType

from .access_log import Trail
from .refusal import Refusal
from .route_health import HEALTHY, Health, Snapshot, answered, failed, probed, rested

OnChange = Callable[[str, bool], None]
"""Told the name of an account, and whether all of its targets do well now."""

# Statuses of failures that are the request's: they tell nothing of the target.
_REQUESTS = frozenset((400, 404, 409, 413, 422))
_TOO_MANY = 429
_BROKEN = 502
# A shorter rest is a matter of one request and its retries.
_LONG_REST = 1.0


class RouteMemory:
    """What is remembered of the targets of all routes, by their models: as much as there are, however many requests.

    Args:
        models: of the configured targets.
        paced: those of which somebody wants to know the pace.
        on_change: told when an account begins to fail, or does well again.
        clock: monotonic seconds.
        before: the memory whose place this one takes: of the targets that are in both, all is kept.
    """

    def __init__(
        self,
        models: Iterable[str],
        paced: Iterable[str] = (),
        on_change: OnChange | None = None,
        clock: Callable[[], float] = time.monotonic,
        before: "RouteMemory | None" = None,
    ) -> None:
        known = Snapshot() if before is None else before.snapshot()
        self._health: dict[str, Health] = {model: known.health(model) for model in models}
        self._paced = frozenset(paced)
        self._uneasy = {model for model, health in self._health.items() if not health.is_calm}
        self._view = MappingProxyType(self._health)
        self._clock = clock
        self._on_change = on_change

    @property
    def accounts(self) -> frozenset[str]:
        """The names of the accounts of all targets."""
        return frozenset(map(_account_of, self._health))

    def snapshot(self) -> Snapshot:
        """What is remembered now. It is to be looked at before anything else happens."""
        return Snapshot(self._clock(), self._view, not self._uneasy)

    def ask(self, model: str) -> None:
        """A target is asked."""
        health = self._health[model]
        if health.failing:
            self._health[model] = probed(health, self._clock())

    def note_answer(self, model: str, trail: Trail) -> None:
        """A target has answered, and the client was told so: well, or with an error in the middle."""
        if trail.status == _TOO_MANY or trail.status >= 500 or (trail.first_at and trail.error is not None):
            # It had begun well, as far as the status goes.
            self.note_failure(model, trail.status if trail.status >= 400 else _BROKEN)
            return
        took, tokens = 0.0, 0
        if model in self._paced and trail.usage:
            took = max(time.monotonic() - (trail.first_at or trail.asked_at), 0.0)
            tokens = trail.usage.get("completion", 0)
        now = self._clock()
        self._change(model, answered(self._health[model], now, took, tokens), now)

    def note_failure(self, model: str, status: int, rest: float = 0.0) -> None:
        """A target has failed.

        Args:
            model: the target's.
            status: the HTTP status of the failure.
            rest: seconds for which it wants to be left alone.
        """
        if status in _REQUESTS:
            return
        now, health = self._clock(), self._health[model]
        if rest > _LONG_REST or (rest and status == _TOO_MANY):
            health = rested(health, now, rest)
        if not rest or status != _TOO_MANY:
            # Who says until when it has too much to do does not fail.
            health = failed(health, now)
        self._change(model, health, now)

    def _change(self, model: str, health: Health, now: float) -> None:
        before = self._health[model]
        self._health[model] = health
        if before.is_calm and health.is_calm:
            return
        (self._uneasy.discard if health.is_calm else self._uneasy.add)(model)
        if self._on_change is None or before is health:
            return
        if (before.standing(now) == HEALTHY) is not (health.standing(now) == HEALTHY) or before.rest_until > 0:
            account = _account_of(model)
            standings = [one.standing(now) for name, one in self._health.items() if _account_of(name) == account]
            self._on_change(account, not any(standings))


def _account_of(model: str) -> str:
    return model.partition("/")[0]


def is_of_target(failure: Refusal) -> bool:
    """Whether a refusal tells something of the target: it failed, and not the client's or this gateway's bounds."""
    return failure.status >= 500 and failure.code not in _OWN


_OWN = frozenset(("overloaded", "target_busy"))
