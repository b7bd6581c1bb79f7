"""One line of JSON on stderr for each request, and for what the edge has to say between requests."""

import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs
import orjson

if TYPE_CHECKING:
    from .tracing import RequestTrace

AccessLog = Callable[["Trail"], None]


@attrs.define
class Trail:
    """What is known of a request when it is over. The gateway fills it in as it goes.

    Attributes:
        request_id: the id in ``x-request-id``.
        method, path: as they came, without the query.
        started: monotonic seconds.
        key: name of the client's key.
        dialect: the client's, of a request for a model.
        route: the route that the client named.
        attempts: how many calls were made to providers.
        failed: account and provider of those that failed there, of a route.
        account, provider, model: where it went; of a route, the target that answered.
        status: what the client was sent; 499 when it left, or the server was stopped, before the end.
        upstream_status: what the provider said.
        usage, finish_reason: as the core counted and named them.
        served: what the provider calls the model that answered; None where it does not say, or nobody asks.
        cost: USD; None until the request is over, and where it is not known.
        losses: the differences between what was asked and what was sent or told.
        asked_at, first_at: monotonic seconds, when the last call was made and when its stream began; 0 where not.
        limits: headers that tell the client how much of its limits is left.
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
    route: str | None = None
    attempts: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    account: str | None = None
    provider: str | None = None
    model: str | None = None
    status: int = 499
    upstream_status: int | None = None
    stream: bool = False
    usage: Mapping[str, Any] | None = None
    finish_reason: str | None = None
    served: str | None = None
    losses: Sequence[Mapping[str, str]] = ()
    asked_at: float = 0.0
    first_at: float = 0.0
    error: str | None = None
    detail: str | None = None
    metadata: Mapping[str, str] | None = None
    cost: float | None = None
    limits: tuple[tuple[bytes, bytes], ...] = ()
    grant: Any = attrs.field(default=None, repr=False)
    trace: "RequestTrace | None" = attrs.field(default=None, repr=False)

    def aim(self, account: str, provider: str, model: str) -> None:
        """Note where an attempt goes."""
        self.account, self.provider, self.model = account, provider, model

    def note_failed(self) -> None:
        """Remember that this attempt failed at its provider."""
        assert self.account is not None and self.provider is not None, "it was aimed"  # noqa: PT018 - one thing
        self.failed = (*self.failed, (self.account, self.provider))

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
    "account", "provider", "model", "status", "upstream_status", "stream", "usage", "finish_reason", "served",
    "losses", "asked_at", "first_at", "error", "detail",
)  # fmt: skip
_NOTHING: Final = Trail("", "", started=0.0).attempt()


def write_line(trail: Trail) -> None:
    """The access log of ``serve``. A closed stderr is nobody's fault."""
    line = {
        "time": _now(),
        "request_id": trail.request_id,
        "trace_id": trail.trace.trace_id if trail.trace is not None else None,
        "key": trail.key or None,
        "method": trail.method,
        "path": trail.path[:200],
        "route": trail.route,
        "attempts": trail.attempts if trail.route else None,
        "failed": [account for account, _ in trail.failed] or None,
        "account": trail.account,
        "model": trail.model[:200] if trail.model else None,
        "stream": trail.stream,
        "status": trail.status,
        "upstream_status": trail.upstream_status,
        "ms": round((time.monotonic() - trail.started) * 1000, 1),
        "first_token_ms": round((trail.first_at - trail.started) * 1000, 1) if trail.first_at else None,
        "usage": trail.usage,
        "cost": None if trail.cost is None else round(trail.cost, 9),
        "finish_reason": trail.finish_reason,
        "losses": len(trail.losses),
        "losses_by_severity": dict(Counter(loss["severity"] for loss in trail.losses)) if trail.losses else None,
        "error": trail.error,
        "detail": trail.detail,
        "metadata": trail.metadata,
    }
    _put({key: value for key, value in line.items() if value is not None})


class LogLines(logging.Handler):
    """Writes log records as such lines too, so that whoever reads stderr as JSON reads all of it."""

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`. Tracebacks are left out: the values in them may be somebody's."""
        line = {"time": _now(), "level": record.levelname.lower(), "logger": record.name}
        _put({**line, "message": record.getMessage()})


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _put(line: Mapping[str, Any]) -> None:
    # One write, past all buffers: the lines of processes that share stderr do not mix.
    data = orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
    try:
        while data:
            data = data[os.write(sys.stderr.fileno(), data) :]
    except (OSError, ValueError, AttributeError):
        return


def no_log(_: Trail) -> None:
    """An access log that keeps nothing."""
