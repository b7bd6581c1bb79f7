"""A route's targets asked one after the other until one answers. Which one is next, `route_choice` says."""

from collections.abc import Callable
from typing import Any, Final

import attrs
import trio

from .accounts import ModelRoute
from .attempt import StateUnread, TooLate, Way
from .caller import Asked, Caller
from .calls import Declined, Unserved
from .core import Core
from .deadline import Deadline
from .headers import retry_after
from .refusal import Refusal
from .route_choice import Tried, choose, pause, was_put_off
from .route_memory import RouteMemory, is_of_target
from .route_settings import RouteTarget
from .sessions import session_of
from .slots import TargetBusy

Failure = Refusal | Unserved

# Connections that failed: the same target may do better the next time. With others only another target may.
_AGAIN: Final = frozenset(("upstream_unreachable", "upstream_closed", "upstream_truncated", "upstream_timeout"))
# What no target can do better.
_OURS: Final = frozenset(("overloaded",))
_ENOUGH: Final = (b"x-should-retry", b"false")


class Router:
    """Answers requests for routes.

    Args:
        caller: makes the attempts.
        core: reads sessions.
        memory: of how the targets do.
        draw: random numbers from 0 to less than 1.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        caller: Caller,
        core: Core,
        memory: RouteMemory,
        draw: Callable[[], float],
        clock: Callable[[], float],
    ) -> None:
        self._caller = caller
        self._core = core
        self._memory = memory
        self._draw = draw
        self._clock = clock

    async def run(self, asked: Asked, route: ModelRoute) -> None:
        """Answer a request from one of a route's targets.

        Every attempt begins with the request as the client made it. Where no target answers, the client is told the
        last failure of a provider, or else why the first target could not be asked.

        Raises:
            Refusal: no target could be asked or answered.
            Unserved: that is what a target or the core said.
        """
        asked.trail.route = route.name
        config, session = route.config, self._session(asked, route)
        _limit(asked, route)
        tried: list[Tried] = []
        worst = _Worst(asked)
        while (choice := choose(config, self._memory.snapshot(), self._draw(), tried, session)) is not None:
            if tried and not await self._wait(asked, pause(tried, choice, self._draw())):
                # One that was not asked yet needs no wait.
                tried[-1] = attrs.evolve(tried[-1], again=False)
                continue
            way = route.way
            if tried:
                waits, drops = was_put_off(tried, choice, "busy"), was_put_off(tried, choice, "foreign")
                way = Way(way.failover, waits, drops, way.timeouts, way.limits)
            target = route.targets[choice.model]
            try:
                # What is told from the cache says nothing of how the target does.
                if asked.caching is not None and await self._caller.recall(asked, target, way):
                    return
                self._memory.ask(choice.model)
                await self._caller.run(asked, target, way)
            except (Refusal, Unserved) as error:
                self._note(asked, choice, error)
                if asked.exchange.started or _is_final(asked, error):
                    raise
                worst.take(error)
                tried.append(self._tried(choice, error))
            else:
                self._memory.note_answer(choice.model, asked.trail)
                return
        raise worst.told()

    def _session(self, asked: Asked, route: ModelRoute) -> str | None:
        sticky, body = route.config.sticky, asked.body
        if sticky is None or body is None:
            return None
        return session_of(sticky, asked.address.dialect, asked.headers, asked.key, body, self._core)

    async def _wait(self, asked: Asked, seconds: float) -> bool:
        """Wait; False, and at once, where the client does not wait for so long."""
        if seconds:
            if asked.deadline is not None and asked.deadline.left() <= seconds:
                return False
            await trio.sleep(seconds)
        return True

    def _note(self, asked: Asked, target: RouteTarget, failure: Failure) -> None:
        """Remember what a failure tells of the target. A client that gives a call no time tells nothing of it."""
        if isinstance(failure, Refusal):
            late = asked.deadline is not None and asked.deadline.is_client and asked.deadline.left() <= 0
            if is_of_target(failure) and not late:
                self._memory.note_failure(target.model, failure.status)
        elif not isinstance(failure, Declined):
            status = asked.trail.upstream_status or failure.status
            rest = retry_after(failure.answer.headers, self._clock())
            self._memory.note_failure(target.model, status if status >= 400 else failure.status, rest)

    def _tried(self, target: RouteTarget, failure: Failure) -> Tried:
        if isinstance(failure, TargetBusy):
            return Tried(target, again=False, put_off="busy")
        if isinstance(failure, StateUnread):
            return Tried(target, again=False, put_off="foreign")
        if isinstance(failure, Refusal):
            return Tried(target, again=failure.code in _AGAIN and not isinstance(failure, TooLate))
        if isinstance(failure, Declined):
            return Tried(target, again=False)
        again = failure.status not in _LASTING
        return Tried(target, again=again, retry_after=retry_after(failure.answer.headers, self._clock()))


# What the very same request meets at the very same target again.
_LASTING: Final = frozenset((400, 401, 403, 404, 413, 422))


class _Worst:
    """The failure that the client is told where no target answers, with what the log has to say of it."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._failure: Failure | None = None
        self._rank = -1
        self._told: tuple[Any, ...] = ()

    def take(self, failure: Failure) -> None:
        """Remember a failure, if it is worth more than the one before; the next attempt is made as if none had been."""
        trail = self._asked.trail
        # Where it was raised holds the parsed body, which is not to stay while another target answers.
        failure.__context__ = failure.__traceback__ = None
        rank = _rank(failure)
        if rank == _OF_PROVIDER:
            trail.note_failed()
        if rank > self._rank or rank == self._rank != 0:
            self._failure, self._rank, self._told = failure, rank, trail.attempt()
        trail.forget()

    def told(self) -> Failure:
        """What the client is told."""
        trail = self._asked.trail
        assert self._failure is not None, "a route has a target"
        trail.remember(self._told)
        # What it used is counted with that of all that failed.
        trail.usage = trail.counted = None
        return _last(self._failure) if trail.attempts > 1 else self._failure


_OF_PROVIDER: Final = 2


def _rank(failure: Failure) -> int:
    """What a failure is worth to the client: one of a provider most, one of the attempt to ask it least."""
    if isinstance(failure, TargetBusy):
        return 1
    at_provider = failure.status >= 500 if isinstance(failure, Refusal) else not isinstance(failure, Declined)
    return _OF_PROVIDER if at_provider else 0


def _limit(asked: Asked, route: ModelRoute) -> None:
    """Hold a request to the time that its route gives it."""
    total = route.config.timeouts.total
    if total is None:
        return
    own = Deadline.after(total, "timeouts.total of the route")
    asked.total_at = own.at
    if asked.deadline is None or own.at < asked.deadline.at:
        asked.deadline = own


def _is_final(asked: Asked, failure: Failure) -> bool:
    """Whether no other target need be asked: time is up, or the fault is this gateway's."""
    late = asked.deadline is not None and asked.deadline.left() <= 0
    return late or (isinstance(failure, Refusal) and failure.code in _OURS)


def _last(failure: Failure) -> Failure:
    """A failure after which clients need not try again: that has been done for them."""
    if isinstance(failure, Refusal):
        failure.headers = (*failure.headers, _ENOUGH)
        return failure
    answer = failure.answer
    headers = [pair for pair in answer.headers if pair[0] != _ENOUGH[0]]
    return Unserved(answer._replace(headers=[*headers, _ENOUGH]))
