"""A route's targets asked one after the other until one answers. Which one is next, `route_choice` says."""

from collections.abc import Callable
from typing import Final

import attrs
import trio

from .accounts import ModelRoute
from .caller import Asked, Caller
from .calls import Declined, Unserved
from .headers import retry_after
from .refusal import Refusal
from .route_choice import Tried, choose, pause
from .settings import RouteTarget

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
        draw: random numbers from 0 to less than 1.
        clock: seconds since 1970.
    """

    def __init__(self, caller: Caller, draw: Callable[[], float], clock: Callable[[], float]) -> None:
        self._caller = caller
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
        tried: list[Tried] = []
        failure: Failure | None = None
        told = asked.trail.attempt()
        while (choice := choose(route.config, self._draw(), tried)) is not None:
            if not await self._wait(asked, pause(tried, choice, self._draw())):
                # One that was not asked yet needs no wait.
                tried[-1] = attrs.evolve(tried[-1], again=False)
                continue
            try:
                await self._caller.run(asked, route.targets[choice.model], route.on)
            except (Refusal, Unserved) as error:
                if asked.exchange.started or _is_final(asked, error):
                    raise
                # Where it was raised holds the parsed body, which is not to stay while another target answers.
                error.__context__ = error.__traceback__ = None
                at_provider = _is_providers(error)
                if at_provider:
                    asked.trail.note_failed()
                if failure is None or at_provider:
                    failure, told = error, asked.trail.attempt()
                asked.trail.forget()
                tried.append(self._tried(choice, error))
            else:
                return
        assert failure is not None, "a route has a target"
        asked.trail.remember(told)
        raise _last(failure) if asked.trail.attempts > 1 else failure

    async def _wait(self, asked: Asked, seconds: float) -> bool:
        """Wait; False, and at once, where the client does not wait for so long."""
        if seconds:
            if asked.deadline is not None and asked.deadline.left() <= seconds:
                return False
            await trio.sleep(seconds)
        return True

    def _tried(self, target: RouteTarget, failure: Failure) -> Tried:
        if isinstance(failure, Refusal):
            return Tried(target, again=failure.code in _AGAIN)
        if isinstance(failure, Declined):
            return Tried(target, again=False)
        return Tried(target, retry_after=retry_after(failure.answer.headers, self._clock()))


def _is_final(asked: Asked, failure: Failure) -> bool:
    """Whether no other target need be asked: time is up, or the fault is this gateway's."""
    late = asked.deadline is not None and asked.deadline.left() <= 0
    return late or (isinstance(failure, Refusal) and failure.code in _OURS)


def _is_providers(failure: Failure) -> bool:
    """Whether a provider failed, and not the attempt to ask it."""
    return failure.status >= 500 if isinstance(failure, Refusal) else not isinstance(failure, Declined)


def _last(failure: Failure) -> Failure:
    """A failure after which clients need not try again: that has been done for them."""
    if isinstance(failure, Refusal):
        failure.headers = (*failure.headers, _ENOUGH)
        return failure
    answer = failure.answer
    headers = [pair for pair in answer.headers if pair[0] != _ENOUGH[0]]
    return Unserved(answer._replace(headers=[*headers, _ENOUGH]))
