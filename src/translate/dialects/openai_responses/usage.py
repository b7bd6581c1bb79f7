"""Usage of the Responses dialect, both ways (wire/openai-responses.md 5): input with cache, output with reasoning."""

from __future__ import annotations

from typing import Any

from ...records import Usage
from ...values import count_of


def read_usage(raw: Any) -> Usage | None:
    """The provider's usage as disjoint buckets; None when there is none."""
    if type(raw) is not dict or not raw:
        return None
    before, after = raw.get("input_tokens_details"), raw.get("output_tokens_details")
    prompt, completion = count_of(raw, "input_tokens"), count_of(raw, "output_tokens")
    cached = min(count_of(before, "cached_tokens"), prompt)
    written = min(count_of(before, "cache_write_tokens"), prompt - cached)
    split = before.get("cache_write_tokens_details") if type(before) is dict else None
    long = min(count_of(split, "ttl_12h_tokens"), written)
    reasoning = min(count_of(after, "reasoning_tokens"), completion)
    return Usage(
        fresh=prompt - cached - written,
        cache_read=cached,
        cache_write=written - long,
        cache_write_long=long,
        text=completion - reasoning,
        reasoning=reasoning,
        split=type(after) is dict and "reasoning_tokens" in after,
        native=raw,
    )


def write_usage(usage: Usage) -> dict[str, Any]:
    """Usage as Responses clients read it."""
    written = usage.cache_write + usage.cache_write_long
    return {
        "input_tokens": usage.prompt,
        "input_tokens_details": {"cached_tokens": usage.cache_read, "cache_write_tokens": written},
        "output_tokens": usage.completion,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": usage.total,
    }
