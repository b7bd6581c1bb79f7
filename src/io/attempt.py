"""How one attempt to answer a client is made: what leads to another one, what it waits for, and how long."""

import math
from collections.abc import Mapping
from typing import Any, Final, Self

import attrs
import trio

from .deadline import Deadline
from .http import Patience, UpstreamError
from .http.limits import UpstreamLimits
from .refusal import Refusal
from .route_settings import Timeouts


@attrs.frozen
class Failover:
    """The answers that the client is not told, since another attempt may do better.

    Attributes:
        statuses: the provider's, or those that the client would be told.
        codes: the provider's codes of errors, and its or the common words for their kinds.
    """

    statuses: frozenset[int] = frozenset()
    codes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, on: tuple[int | str, ...]) -> "Failover":
        """Those of a configuration."""
        statuses = frozenset(one for one in on if isinstance(one, int))
        return cls(statuses, frozenset(one for one in on if isinstance(one, str)))

    def takes(self, upstream_status: int, status: int, error: Mapping[str, Any] | None) -> bool:
        """Whether an answer is one of them: by the provider's status, the client's, or what the core says of it."""
        if upstream_status in self.statuses or status in self.statuses:
            return True
        if not self.codes or error is None:
            return False
        return any(error.get(name) in self.codes for name in ("code", "type", "kind"))


@attrs.frozen
class Way:
    """How an attempt is made.

    Attributes:
        failover: what leads to another one; None where there is none, and streams are passed on from the first byte.
        waits: whether to wait for a place at a busy target.
        drops: whether state that the target cannot read may be dropped.
        timeouts: the route's.
        limits: what its targets are granted.
    """

    failover: Failover | None = None
    waits: bool = True
    drops: bool = True
    timeouts: Timeouts | None = None
    limits: UpstreamLimits | None = None


DIRECT: Final = Way()
"""Of a request that names its target itself."""


def granted(timeouts: Timeouts, server: UpstreamLimits) -> UpstreamLimits:
    """What the targets of a route are granted; the rest of its times a `Watch` knows."""
    return server if timeouts.connect is None else attrs.evolve(server, connect_timeout=timeouts.connect)


class StateUnread(Refusal):
    """The target would have to drop state that only those can read who gave it out."""

    def __init__(self, param: str, provider: str) -> None:
        message = (
            f"'{param}' holds state, such as encrypted reasoning, that {provider} did not give out and cannot read, "
            "nor can another target that may be asked: leave it out, or ask the model that gave it out "
            "(required_affinity of the route is on)."
        )
        super().__init__(400, "affinity_required", message, param=param)


class TooLate(Refusal):
    """A target did not begin to answer within the time that the route gives it: another one may be faster."""

    def __init__(self, provider: str, seconds: float) -> None:
        message = f"{provider} did not begin to answer in time (timeouts.first_byte of the route is {seconds:g} s)."
        super().__init__(504, "upstream_timeout", message)


class Watch(Patience):
    """The time for one attempt, as the client and the route give it: whoever carries the call heeds it.

    Args:
        provider: the target's, in words.
        way: how the attempt is made.
        deadline: when the client, or the route, wants the whole answer, or a stream to begin.
        total_at: when the route wants a stream to end, on trio's clock.

    Attributes:
        limits: what the target is granted otherwise.
    """

    __slots__ = ("_begun", "_deadline", "_first", "_first_at", "_provider", "_silence", "_total_at", "limits")

    def __init__(self, provider: str, way: Way, deadline: Deadline | None, total_at: float) -> None:
        timeouts = way.timeouts
        self.limits = way.limits
        self._provider = provider
        self._deadline = deadline
        self._first = math.inf if timeouts is None or timeouts.first_byte is None else timeouts.first_byte
        self._silence = None if timeouts is None else timeouts.idle
        self._first_at = trio.current_time() + self._first
        self._total_at = total_at
        self._begun = False
        until = self._first_at if deadline is None else min(self._first_at, deadline.at)
        # Where the whole is bounded, the bound that all heads have does not come before it. And until the first piece
        # of an answer there is no stream to be idle.
        idle = None
        if way.limits is not None:
            idle = math.inf if until < math.inf else max(way.limits.head_timeout, way.limits.idle_read_timeout)
        super().__init__(until, head=None if until == math.inf else math.inf, idle=idle)

    @classmethod
    def of(cls, provider: str, way: Way, deadline: Deadline | None, total_at: float) -> Self | None:
        """That of an attempt that begins now; None where there is nothing to watch."""
        return None if way.timeouts is None and deadline is None else cls(provider, way, deadline, total_at)

    def begin(self) -> None:
        """The client's answer has begun: from now on a stream's silence is limited, not the time until it begins."""
        self._begun = True
        self.change(self._total_at, self._silence)

    def take_whole(self) -> None:
        """The head of a whole answer is there: what is left of it has the time of the request."""
        if self.limits is not None:
            self._first = self._first_at = math.inf
            self.change(math.inf if self._deadline is None else self._deadline.at)

    def told(self, error: UpstreamError) -> UpstreamError | Refusal:
        """What an error of the upstream means: it may be the time that was over."""
        if error.kind != "timeout":
            return error
        now = trio.current_time()
        if self._begun:
            words = error.message
            if now >= self._total_at:
                words = "the time that the route gives a request (timeouts.total) is over"
            elif self._silence is not None:
                words = f"nothing more of the stream came within {self._silence:g} s (timeouts.idle of the route)"
            return UpstreamError("timeout", words, sent=True)
        if self._deadline is not None and now >= self._deadline.at:
            return self._deadline.missed(f"{self._provider} did not answer")
        return TooLate(self._provider, self._first) if now >= self._first_at else error
