"""One line of JSON on stderr for each request, and for what the edge has to say between requests."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import attrs

from .lines import LINES

if TYPE_CHECKING:
    from .tracing import RequestTrace

HIT: Final = "hit"
"""`Trail.cache` of a request that was told an answer of the cache."""

AccessLog = Callable[["Trail"], None]

WHOLE: Final = "whole"
PARTIAL: Final = "partial"
UNKNOWN: Final = "unknown"
"""How far tokens were counted: see `Trail.counted`."""
_TOTALS: Final = frozenset(("completion", "total"))
MAX_TEXT: Final = 200
"""What clients may choose is kept to so many characters."""


class Outlay(NamedTuple):
    """What one call to a provider used.

    Attributes:
        account, provider, model: where it went.
        usage: as the core counted it.
        counted: see `Trail`.
    """

    account: str
    provider: str
    model: str
    usage: Mapping[str, Any] | None
    counted: str


@attrs.define
class Trail:
    """What is known of a request when it is over. The gateway fills it in as it goes.

    Attributes:
        request_id: the id in ``x-request-id``.
        method, path: as they came, without the query.
        started: monotonic seconds.
        key: name of the client's key.
        dialect, action: of a request for a model: the client's, and what is asked: generate, count or embed.
        route: the route that the client named.
        attempts: how many calls were made to providers.
        failed: account and provider of those that failed there, of a route.
        wasted: what those of them used that may have used anything.
        account, provider, model: where it went; of a route, the target that answered.
        status: what the client was sent; 499 when it left, or the server was stopped, before the end.
        upstream_status: what the provider said.
        usage, finish_reason: as the core counted and named them. Of an answer that was cut short the usage is what had
            been counted by then, without the totals ``completion`` and ``total``.
        counted: whether the usage is ``whole``, ``partial`` (there is at least so much), or ``unknown`` (the provider
            may have used tokens and told none); None where there is nothing to count.
        served: what the provider calls the model that answered; None where it does not say, or nobody asks.
        cost, cost_failed: USD, of all calls and of those in `wasted`; None until the request is over, and where it is
            not known.
        losses: the differences between what was asked and what was sent or told.
        cache: of a request that the cache is for: ``hit`` (it was told an answer of the cache, and no provider was
            asked), ``miss`` (there was none) or ``refresh`` (it wanted a new one).
        kept: what became of its own answer there: ``stored``, ``too_large`` or ``unstored``; None where there was none
            that is good.
        asked_at, first_at: monotonic seconds, when the last call was made and when its stream began; 0 where not.
        limits: headers that tell the client how much of its limits is left.
        limits_unknown: whether its key has limits that could not be looked up.
        grant: what is to be settled with the limits of its key when it is over.
        trace: of the request, where it is traced.
        error: a stable word for what went wrong, and ``detail`` about it.
    """

    method: str
    path: str
    started: float = attrs.field(factory=time.monotonic)
    request_id: str = ""
    key: str = ""
    dialect: str | None = None
    action: str | None = None
    route: str | None = None
    attempts: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    wasted: tuple[Outlay, ...] = ()
    account: str | None = None
    provider: str | None = None
    model: str | None = None
    status: int = 499
    upstream_status: int | None = None
    stream: bool = False
    usage: Mapping[str, Any] | None = None
    counted: str | None = None
    finish_reason: str | None = None
    served: str | None = None
    losses: Sequence[Mapping[str, str]] = ()
    asked_at: float = 0.0
    first_at: float = 0.0
    error: str | None = None
    detail: str | None = None
    metadata: Mapping[str, str] | None = None
    cost: float | None = None
    cache: str | None = None
    kept: str | None = None
    cost_failed: float | None = None
    limits: tuple[tuple[bytes, bytes], ...] = ()
    limits_unknown: bool = False
    grant: Any = attrs.field(default=None, repr=False)
    trace: "RequestTrace | None" = attrs.field(default=None, repr=False)

    def aim(self, account: str, provider: str, model: str) -> None:
        """Note where an attempt goes."""
        self.account, self.provider, self.model = account, provider, model

    def ask(self) -> None:
        """Note that a provider is asked; nobody knows yet what for. To count tokens uses none."""
        self.attempts += 1
        self.counted = None if self.action == "count" else UNKNOWN

    def note_usage(self, usage: Mapping[str, Any] | None, *, whole: bool = True) -> None:
        """Note what a provider has counted: for the whole answer, or until it was cut short."""
        if usage is None or self.action == "count":
            self.usage = None
            return
        self.counted = WHOLE if whole else PARTIAL
        self.usage = usage if whole else {name: count for name, count in usage.items() if name not in _TOTALS}

    def note_failed(self) -> None:
        """Remember that this attempt failed at its provider, and what it used."""
        assert self.account is not None and self.provider is not None, "it was aimed"  # noqa: PT018 - one thing
        self.failed = (*self.failed, (self.account, self.provider))
        self.wasted = self.outlays()

    def outlays(self) -> tuple[Outlay, ...]:
        """What every call used that may have used anything; the answer's is the last."""
        if self.counted is None or self.provider is None:
            return self.wasted
        return (*self.wasted, Outlay(self.account or "", self.provider, self.model or "", self.usage, self.counted))

    def losses_by_severity(self) -> dict[str, int]:
        """How many there are of each severity."""
        numbers: dict[str, int] = {}
        for loss in self.losses:
            numbers[loss["severity"]] = numbers.get(loss["severity"], 0) + 1
        return numbers

    @property
    def used(self) -> "Trail":
        """The same as far as a provider was asked for it: who is told an answer of the cache has used nothing."""
        return attrs.evolve(self, usage=None, counted=None, attempts=0) if self.cache == HIT else self

    def attempt(self) -> tuple[Any, ...]:
        """What is known of the last attempt, for `remember`."""
        return tuple(getattr(self, name) for name in _OF_AN_ATTEMPT)

    def forget(self) -> None:
        """Let the last attempt be forgotten: what comes next is not to be told with what it left."""
        self.remember(_NOTHING)

    def remember(self, attempt: Sequence[Any]) -> None:
        """Tell of this attempt."""
        for name, value in zip(_OF_AN_ATTEMPT, attempt, strict=True):
            setattr(self, name, value)


_OF_AN_ATTEMPT: Final = (
    "account", "provider", "model", "status", "upstream_status", "stream", "usage", "counted", "finish_reason",
    "served", "losses", "asked_at", "first_at", "error", "detail", "cache", "kept",
)  # fmt: skip
_NOTHING: Final = Trail("", "", started=0.0).attempt()


def milliseconds(seconds: float) -> float:
    """The same time in milliseconds, to a tenth of one."""
    # To `round` to digits takes several times as long.
    return (seconds * 10_000 + 0.5) // 1 / 10


def write_line(trail: Trail) -> None:
    """The access log of ``serve``: it says nothing of what there is not."""
    line: dict[str, Any] = {"time": _now(), "request_id": trail.request_id}
    if trail.trace is not None:
        line["trace_id"] = trail.trace.trace_id
    if trail.key:
        line["key"] = trail.key
    line["method"] = trail.method
    line["path"] = trail.path[:MAX_TEXT]
    _tell_target(line, trail)
    line["stream"] = trail.stream
    line["status"] = trail.status
    if trail.upstream_status is not None:
        line["upstream_status"] = trail.upstream_status
    line["ms"] = milliseconds(time.monotonic() - trail.started)
    if trail.first_at:
        line["first_token_ms"] = milliseconds(trail.first_at - trail.started)
    _tell_use(line, trail)
    line["losses"] = len(trail.losses)
    if trail.limits_unknown:
        line["limits_unknown"] = True
    if trail.losses:
        line["losses_by_severity"] = trail.losses_by_severity()
    if trail.error is not None:
        line["error"] = trail.error
    if trail.detail is not None:
        line["detail"] = trail.detail
    if trail.metadata is not None:
        line["metadata"] = trail.metadata
    LINES.put(line)


def _tell_target(line: dict[str, Any], trail: Trail) -> None:
    if trail.route:
        line["route"] = trail.route
        line["attempts"] = trail.attempts
    if trail.failed:
        line["failed"] = [account for account, _ in trail.failed]
    if trail.account is not None:
        line["account"] = trail.account
    if trail.model:
        line["model"] = trail.model[:MAX_TEXT]


def _tell_use(line: dict[str, Any], trail: Trail) -> None:
    if trail.usage is not None:
        line["usage"] = trail.usage
    if trail.counted is not None and trail.counted != WHOLE:
        line["counted"] = trail.counted
    if trail.cost is not None:
        line["cost"] = (trail.cost * 1e9 + 0.5) // 1 / 1e9
    if trail.finish_reason is not None:
        line["finish_reason"] = trail.finish_reason
    if trail.cache is not None:
        line["cache"] = trail.cache


class LogLines(logging.Handler):
    """Writes log records as such lines too, so that whoever reads stderr as JSON reads all of it."""

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`. Tracebacks are left out: the values in them may be somebody's."""
        line = {"time": _now(), "level": record.levelname.lower(), "logger": record.name}
        LINES.put({**line, "message": record.getMessage()})


@lru_cache(maxsize=4)
def _written(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def _now() -> str:
    return _written(int(time.time()))


def no_log(_: Trail) -> None:
    """An access log that keeps nothing."""
