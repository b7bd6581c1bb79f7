"""Usage of Converse, both ways (wire/bedrock.md 9 and 10). Reasoning is inside the output and not told apart."""

from __future__ import annotations

from typing import Any

from ...records import Usage
from ...values import count_of


def read_usage(raw: Any) -> Usage | None:
    """The provider's usage as disjoint buckets; None when there is none. ``inputTokens`` is fresh input only."""
    if type(raw) is not dict or not raw:
        return None
    written = count_of(raw, "cacheWriteInputTokens")
    details = raw.get("cacheDetails")
    long = sum(
        count_of(item, "inputTokens")
        for item in (details if type(details) is list else ())
        if type(item) is dict and item.get("ttl") == "1h"
    )
    long = min(long, written)
    return Usage(
        fresh=count_of(raw, "inputTokens"),
        cache_read=count_of(raw, "cacheReadInputTokens"),
        cache_write=written - long,
        cache_write_long=long,
        text=count_of(raw, "outputTokens"),
        native=raw,
    )


def write_usage(usage: Usage | None) -> dict[str, Any]:
    """Usage as Converse clients read it; zeros when nothing is known, since the keys must be there."""
    usage = usage or Usage()
    written = usage.cache_write + usage.cache_write_long
    out: dict[str, Any] = {
        "inputTokens": usage.fresh + usage.audio_in,
        "outputTokens": usage.completion,
        "totalTokens": usage.total,
        "cacheReadInputTokens": usage.cache_read,
        "cacheWriteInputTokens": written,
    }
    if usage.cache_write_long:
        lifetimes = (("5m", usage.cache_write), ("1h", usage.cache_write_long))
        out["cacheDetails"] = [{"ttl": ttl, "inputTokens": count} for ttl, count in lifetimes if count]
    return out
