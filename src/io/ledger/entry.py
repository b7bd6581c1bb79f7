"""What the ledger keeps of a request."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs
import orjson

from ..access_log import PARTIAL, Trail

BUCKETS: Final = (
    "fresh", "cache_read", "cache_write", "cache_write_long", "audio_in", "text", "reasoning", "audio_out",
)  # fmt: skip
"""Where the core counts tokens, each in exactly one of them."""

MAX_TEXT: Final = 200
_MAX_INTEGER: Final = 2**63 - 1
_NONE: Final[Mapping[str, int]] = MappingProxyType({})
_NO_LOSSES: Final[Counter[str]] = Counter()


@attrs.frozen
class Entry:
    """One request for a model. The fields are the columns of the table, in their order.

    Attributes:
        id: tells entries apart, so that one that is written again is there once.
        time: when it was over, milliseconds since 1970, UTC.
        request_id: as in ``x-request-id``; a client may choose it.
        key: the name of its key; ``""`` where the gateway has none.
        account, provider, model, route: where it went, as far as it came.
        dialect: the client's.
        stream: 1 when the answer was a stream.
        status: what the client was sent.
        error: a stable word; None when all went well.
        attempts: calls to providers.
        fresh, cache_read, cache_write, cache_write_long, audio_in, text, reasoning, audio_out: tokens.
        cost: USD, of failed attempts too; None where it is not known.
        latency_ms: from the first byte of the request to the end of its answer.
        first_token_ms: until the first bytes of a stream went to the client.
        losses_contract, losses_quality, losses_cost, losses_hint: losses by their severity.
        metadata: the client's, a JSON object.
        cache: ``hit`` where the answer is one of the cache, whose tokens no provider counted for this request; ``miss``
            or ``refresh`` where the cache was for it and a provider was asked; None for others.
        action: what was asked: generate, count or embed.
        counted: whether tokens and cost are ``whole``, ``partial`` (there is at least so much: an answer was cut short
            before its provider's last word) or ``unknown`` (its provider told none); None where there was nothing to
            count.
        failed_tokens: of attempts that failed before another one answered; they are in no other column.
        failed_cost: USD of these, a part of `cost`.
    """

    id: str
    time: int
    request_id: str
    key: str
    account: str | None
    provider: str | None
    model: str | None
    route: str | None
    dialect: str | None
    stream: int
    status: int
    error: str | None
    attempts: int
    fresh: int
    cache_read: int
    cache_write: int
    cache_write_long: int
    audio_in: int
    text: int
    reasoning: int
    audio_out: int
    cost: float | None
    latency_ms: float
    first_token_ms: float | None
    losses_contract: int
    losses_quality: int
    losses_cost: int
    losses_hint: int
    metadata: str | None
    cache: str | None
    action: str | None
    counted: str | None
    failed_tokens: int
    failed_cost: float | None


def entry_of(trail: Trail, number: str, time: float, ended: float) -> Entry:
    """The entry of a request that is over.

    Args:
        trail: what is known of it.
        number: the entry's id.
        time: seconds since 1970 when it was over.
        ended: the same moment, monotonic seconds.
    """
    get = (trail.usage or _NONE).get
    losses = Counter([loss["severity"] for loss in trail.losses]) if trail.losses else _NO_LOSSES
    first = round((trail.first_at - trail.started) * 1000, 1) if trail.first_at else None
    return Entry(
        number,
        int(time * 1000),
        _text(trail.request_id) or "",
        trail.key,
        trail.account,
        trail.provider,
        _text(trail.model),
        trail.route,
        trail.dialect,
        int(trail.stream),
        trail.status,
        trail.error,
        trail.attempts,
        min(get("fresh", 0), _MAX_INTEGER),
        min(get("cache_read", 0), _MAX_INTEGER),
        min(get("cache_write", 0), _MAX_INTEGER),
        min(get("cache_write_long", 0), _MAX_INTEGER),
        min(get("audio_in", 0), _MAX_INTEGER),
        min(get("text", 0), _MAX_INTEGER),
        min(get("reasoning", 0), _MAX_INTEGER),
        min(get("audio_out", 0), _MAX_INTEGER),
        trail.cost,
        round((ended - trail.started) * 1000, 1),
        first,
        losses["contract"],
        losses["quality"],
        losses["cost"],
        losses["hint"],
        None if not trail.metadata else _clean(orjson.dumps(dict(trail.metadata)).decode()),
        trail.cache,
        trail.action,
        _counted(trail),
        _wasted_tokens(trail) if trail.wasted else 0,
        trail.cost_failed,
    )


def _wasted_tokens(trail: Trail) -> int:
    usages = [one.usage or _NONE for one in trail.wasted]
    return min(sum(usage.get(bucket, 0) for usage in usages for bucket in BUCKETS), _MAX_INTEGER)


def _counted(trail: Trail) -> str | None:
    """How far what a request used was counted, over all its calls."""
    if not trail.wasted:
        return trail.counted
    words = {outlay.counted for outlay in trail.outlays()}
    return words.pop() if len(words) == 1 else PARTIAL if words else None


def _text(value: str | None) -> str | None:
    """What clients may choose is kept short, and free of what engines do not take."""
    return None if value is None else _clean(value[:MAX_TEXT])


def _clean(value: str) -> str:
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "").encode("utf-8", "replace").decode()
