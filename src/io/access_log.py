"""One line of JSON on stderr for each request, and for what the edge has to say between requests."""

import logging
import os
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
        status: what the client was sent; 499 when it left, or the server was stopped, before the end.
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
        "time": _now(),
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
