"""How one attempt to answer a client is made: what leads to another one, what it waits for, and how long."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Self

import attrs
import trio

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
        total_at: when the time of the request is over, on trio's clock.
    """

    failover: Failover | None = None
    waits: bool = True
    drops: bool = True
    timeouts: Timeouts | None = None
    limits: UpstreamLimits | None = None
    total_at: float = math.inf


DIRECT: Final = Way()
"""Of a request that names its target itself."""


def granted(timeouts: Timeouts, server: UpstreamLimits) -> UpstreamLimits:
    """What the targets of a route are granted. Where a `Watch` looks at the time more closely, it is to be first."""
    first = server.head_timeout if timeouts.first_byte is None else 2 * timeouts.first_byte + 1
    idle = server.idle_read_timeout if timeouts.idle is None else timeouts.idle
    return attrs.evolve(
        server,
        connect_timeout=server.connect_timeout if timeouts.connect is None else timeouts.connect,
        head_timeout=first,
        # Until the first piece of the answer there is no stream to be idle.
        idle_read_timeout=max(first, 2 * idle + 1),
    )


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


class Watch:
    """The time-outs of one attempt, of a route that has any.

    Attributes:
        limits: what the target is granted by whoever carries the call.
    """

    __slots__ = ("_begun", "_first", "_first_at", "_idle", "_provider", "_scope", "_total_at", "limits")

    def __init__(self, provider: str, timeouts: Timeouts, limits: UpstreamLimits | None, total_at: float) -> None:
        first = math.inf if timeouts.first_byte is None else timeouts.first_byte
        self.limits = limits
        self._provider = provider
        self._first = first
        self._first_at = trio.current_time() + first
        self._idle = math.inf if timeouts.idle is None else timeouts.idle
        self._total_at = total_at
        self._begun = False
        self._scope: trio.CancelScope | None = None

    @classmethod
    def of(cls, provider: str, way: Way) -> Self | None:
        """That of an attempt that begins now; None where there is nothing to watch."""
        return None if way.timeouts is None else cls(provider, way.timeouts, way.limits, way.total_at)

    @contextmanager
    def first(self) -> Iterator[None]:
        """Wait for the answer to begin.

        Raises:
            TooLate: it did not.
        """
        with trio.CancelScope(deadline=self._first_at) as scope:
            yield
        if scope.cancelled_caught:
            raise TooLate(self._provider, self._first)

    def begin(self) -> None:
        """The answer has begun: from now on silence is limited."""
        self._begun = True
        self.touch()

    def touch(self) -> None:
        """Something came."""
        if self._begun and self._scope is not None:
            self._scope.deadline = min(trio.current_time() + self._idle, self._total_at)

    @contextmanager
    def reading(self) -> Iterator[trio.CancelScope]:
        """Read a stream, as long as it is neither late to begin nor silent for too long."""
        with trio.CancelScope() as scope:
            self._scope = scope
            if self._begun:
                self.touch()
            else:
                scope.deadline = self._first_at
            try:
                yield scope
            finally:
                self._scope = None

    def late(self) -> str:
        """Why reading ended.

        Raises:
            TooLate: the answer did not begin in time.
        """
        if not self._begun:
            raise TooLate(self._provider, self._first)
        if trio.current_time() >= self._total_at:
            return "the time that the route gives a request (timeouts.total) is over"
        return f"nothing more of the stream came within {self._idle:g} s (timeouts.idle of the route)"
