"""What the ledger keeps of a request."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from ..access_log import MAX_TEXT, PARTIAL, Trail, milliseconds

BUCKETS: Final = (
    "fresh", "cache_read", "cache_write", "cache_write_long", "audio_in", "text", "reasoning", "audio_out",
)  # fmt: skip
"""Where the core counts tokens, each in exactly one of them."""

COLUMNS: Final[Mapping[str, Any]] = {
    "id": str,
    "time": int,
    "request_id": str,
    "key": str,
    "account": str | None,
    "provider": str | None,
    "model": str | None,
    "route": str | None,
    "dialect": str | None,
    "stream": int,
    "status": int,
    "error": str | None,
    "attempts": int,
    **dict.fromkeys(BUCKETS, int),
    "cost": float | None,
    "latency_ms": float,
    "first_token_ms": float | None,
    "losses_contract": int,
    "losses_quality": int,
    "losses_cost": int,
    "losses_hint": int,
    "metadata": str | None,
    "cache": str | None,
    "action": str | None,
    "counted": str | None,
    "failed_tokens": int,
    "failed_cost": float | None,
}
"""The columns of the table, in their order, and what is in them.

- id: tells entries apart, so that one that is written again is there once.
- time: when it was over, milliseconds since 1970, UTC.
- request_id: as in ``x-request-id``; a client may choose it.
- key: the name of its key; ``""`` where the gateway has none.
- account, provider, model, route: where it went, as far as it came.
- dialect: the client's.
- stream: 1 when the answer was a stream.
- status: what the client was sent.
- error: a stable word; None when all went well.
- attempts: calls to providers.
- those of `BUCKETS`: tokens.
- cost: USD, of failed attempts too; None where it is not known.
- latency_ms: from the first byte of the request to the end of its answer.
- first_token_ms: until the first bytes of a stream went to the client.
- losses_contract, losses_quality, losses_cost, losses_hint: losses by their severity.
- metadata: the client's, a JSON object.
- cache: ``hit`` where the answer is one of the cache, whose tokens no provider counted for this request; ``miss`` or
  ``refresh`` where the cache was for it and a provider was asked; None for others.
- action: what was asked: generate, count or embed.
- counted: whether tokens and cost are ``whole``, ``partial`` (there is at least so much: an answer was cut short before
  its provider's last word) or ``unknown`` (its provider told none); None where there was nothing to count.
- failed_tokens: of attempts that failed before another one answered; they are in no other column.
- failed_cost: USD of these, a part of `cost`.
"""

_MAX_INTEGER: Final = 2**63 - 1
_BUCKETS: Final = frozenset(BUCKETS)
_ALWAYS: Final = (
    "id", "time", "request_id", "key", "account", "provider", "model", "dialect", "status", "attempts", "cost",
    "latency_ms", "action", "counted", "failed_cost",
)  # fmt: skip


Entry = tuple[tuple[str, ...], tuple[str | float | None, ...]]
"""One request for a model: the columns that it has something in, and what.

All other columns have 0, ``""`` or None there: to hand a value over to an engine costs more than to write it.
"""


def entry_of(trail: Trail, number: str, time: float, ended: float) -> Entry:
    """The entry of a request that is over.

    Args:
        trail: what is known of it.
        number: the entry's id.
        time: seconds since 1970 when it was over.
        ended: the same moment, monotonic seconds.
    """
    always = (
        number,
        int(time * 1000),
        _text(trail.request_id),
        trail.key,
        trail.account,
        trail.provider,
        _text(trail.model) if trail.model else trail.model,
        trail.dialect,
        trail.status,
        trail.attempts,
        trail.cost,
        milliseconds(ended - trail.started),
        trail.action,
        _counted(trail) if trail.wasted else trail.counted,
        trail.cost_failed,
    )
    more = _more(trail)
    return _ALWAYS + tuple(more), always + tuple(more.values())


def _more(trail: Trail) -> dict[str, str | float]:
    """What not every request has."""
    more: dict[str, str | float] = {}
    if trail.route is not None:
        more["route"] = trail.route
    if trail.stream:
        more["stream"] = 1
    if trail.error is not None:
        more["error"] = trail.error
    if trail.usage is not None:
        _add_tokens(more, trail.usage)
    if trail.first_at:
        more["first_token_ms"] = milliseconds(trail.first_at - trail.started)
    if trail.losses:
        _add_losses(more, trail)
    if trail.metadata:
        more["metadata"] = _clean(orjson.dumps(dict(trail.metadata)).decode())
    if trail.cache is not None:
        more["cache"] = trail.cache
    if trail.wasted:
        more["failed_tokens"] = _wasted_tokens(trail)
    return more


def _add_tokens(more: dict[str, str | float], usage: Mapping[str, int]) -> None:
    for name, count in usage.items():
        if count and name in _BUCKETS:
            more[name] = count if count < _MAX_INTEGER else _MAX_INTEGER  # noqa: FURB136 - `min` takes longer


def _add_losses(more: dict[str, str | float], trail: Trail) -> None:
    for severity, number in trail.losses_by_severity().items():
        if (column := f"losses_{severity}") in COLUMNS:
            more[column] = number


def _wasted_tokens(trail: Trail) -> int:
    usages = [one.usage for one in trail.wasted if one.usage is not None]
    total: int = sum(usage.get(bucket, 0) for usage in usages for bucket in BUCKETS)
    return min(total, _MAX_INTEGER)


def _counted(trail: Trail) -> str | None:
    """How far what a request used was counted, over all its calls."""
    words = {outlay.counted for outlay in trail.outlays()}
    return words.pop() if len(words) == 1 else PARTIAL if words else None


def _text(value: str) -> str:
    """What clients may choose is kept short, and free of what engines do not take."""
    return _clean(value if len(value) <= MAX_TEXT else value[:MAX_TEXT])


def _clean(value: str) -> str:
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "").encode("utf-8", "replace").decode()
