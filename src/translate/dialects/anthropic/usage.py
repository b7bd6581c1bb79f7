"""Usage of the Messages dialect, both ways (wire/anthropic.md 10, spec/chat.md 9)."""

from __future__ import annotations

from typing import Any

from ...records import Usage, make
from ...values import count_of


def read_usage(raw: Any) -> Usage | None:
    """The provider's usage as disjoint buckets; None when there is none. ``input_tokens`` is fresh input only."""
    if type(raw) is not dict or not raw:
        return None
    written = count_of(raw, "cache_creation_input_tokens")
    long = min(count_of(raw.get("cache_creation"), "ephemeral_1h_input_tokens"), written) if written else 0
    output = count_of(raw, "output_tokens")
    details = raw.get("output_tokens_details")
    thinking = min(count_of(details, "thinking_tokens"), output) if details else 0
    return make.usage(
        fresh=count_of(raw, "input_tokens"),
        cache_read=count_of(raw, "cache_read_input_tokens"),
        cache_write=written - long,
        cache_write_long=long,
        text=output - thinking,
        reasoning=thinking,
        split=type(details) is dict and details.get("thinking_tokens") is not None,
        native=raw,
    )


def write_usage(usage: Usage | None) -> dict[str, Any]:
    """Usage as Messages clients read it; zeros when nothing is known, since the keys must be there."""
    usage = usage or Usage()
    out: dict[str, Any] = {
        "input_tokens": usage.fresh + usage.audio_in,
        "cache_creation_input_tokens": usage.cache_write + usage.cache_write_long,
        "cache_read_input_tokens": usage.cache_read,
        "output_tokens": usage.completion,
    }
    if usage.cache_write_long:
        out["cache_creation"] = {
            "ephemeral_5m_input_tokens": usage.cache_write,
            "ephemeral_1h_input_tokens": usage.cache_write_long,
        }
    if usage.split or usage.reasoning:
        out["output_tokens_details"] = {"thinking_tokens": usage.reasoning}
    return out
