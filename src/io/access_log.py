"""One line of JSON for each request, on stderr."""

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import attrs
import orjson

AccessLog = Callable[["Trail"], None]


@attrs.define
class Trail:
    """What is known of a request when it is over. The gateway fills it in as it goes.

    Attributes:
        request_id: the id in ``x-request-id``.
        method, path: as they came, without the query.
        started: monotonic seconds.
        key: name of the client's key.
        account, model: where it went.
        status: what the client was sent; 499 when it left before the end.
        upstream_status: what the provider said.
        usage, finish_reason: as the core counted and named them.
        losses: how many differences there were.
        error: a stable word for what went wrong, and ``detail`` about it.
    """

    method: str
    path: str
    started: float = attrs.field(factory=time.monotonic)
    request_id: str = ""
    key: str = ""
    account: str | None = None
    model: str | None = None
    status: int = 499
    upstream_status: int | None = None
    stream: bool = False
    usage: Mapping[str, Any] | None = None
    finish_reason: str | None = None
    losses: int = 0
    error: str | None = None
    detail: str | None = None
    metadata: Mapping[str, str] | None = None


def write_line(trail: Trail) -> None:
    """The access log of ``serve``. A closed stderr is nobody's fault."""
    line = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "request_id": trail.request_id,
        "key": trail.key or None,
        "method": trail.method,
        "path": trail.path[:200],
        "account": trail.account,
        "model": trail.model[:200] if trail.model else None,
        "stream": trail.stream,
        "status": trail.status,
        "upstream_status": trail.upstream_status,
        "ms": round((time.monotonic() - trail.started) * 1000, 1),
        "usage": trail.usage,
        "finish_reason": trail.finish_reason,
        "losses": trail.losses,
        "error": trail.error,
        "detail": trail.detail,
        "metadata": trail.metadata,
    }
    data = orjson.dumps(
        {key: value for key, value in line.items() if value is not None}, option=orjson.OPT_APPEND_NEWLINE
    )
    try:
        sys.stderr.buffer.write(data)
        sys.stderr.buffer.flush()
    except (OSError, ValueError, AttributeError):
        return


def no_log(_: Trail) -> None:
    """An access log that keeps nothing."""
