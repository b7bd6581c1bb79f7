"""Usage of the chat dialect, both ways (wire/openai-chat.md 8, wire/observed.md 9, spec/chat.md 9)."""

from __future__ import annotations

from typing import Any

from ...records import Usage
from ...values import count_of


def read_usage(raw: Any) -> Usage | None:
    """The provider's usage as disjoint buckets; None when there is none.

    Some servers count reasoning outside ``completion_tokens``; their own total tells. Some report more cached tokens
    than prompt tokens: parts are never larger than their whole.
    """
    if type(raw) is not dict or not raw:
        return None
    prompt, completion, total = (count_of(raw, key) for key in ("prompt_tokens", "completion_tokens", "total_tokens"))
    before, after = raw.get("prompt_tokens_details"), raw.get("completion_tokens_details")
    cached = min(count_of(before, "cached_tokens") or count_of(raw, "cache_read_input_tokens"), prompt)
    written = min(
        count_of(before, "cache_write_tokens") or count_of(raw, "cache_creation_input_tokens"), prompt - cached
    )
    audio_in = min(count_of(before, "audio_tokens"), prompt - cached - written)
    reasoning = count_of(after, "reasoning_tokens")
    if reasoning and total == prompt + completion + reasoning:
        completion += reasoning
    reasoning = min(reasoning, completion)
    audio_out = min(count_of(after, "audio_tokens"), completion - reasoning)
    return Usage(
        fresh=prompt - cached - written - audio_in,
        cache_read=cached,
        cache_write=written,
        audio_in=audio_in,
        text=completion - reasoning - audio_out,
        reasoning=reasoning,
        audio_out=audio_out,
        split=type(after) is dict and "reasoning_tokens" in after,
        native=raw,
    )


def write_usage(usage: Usage, *, own: bool, strict: bool) -> dict[str, Any]:
    """Usage as chat clients read it.

    Args:
        usage: the buckets.
        own: whether ``usage.native`` is of this dialect; its further keys are then kept.
        strict: whether only keys of the dialect itself may appear.
    """
    totals = {"prompt_tokens": usage.prompt, "completion_tokens": usage.completion, "total_tokens": usage.total}
    if own and type(usage.native) is dict:
        return {**usage.native, **totals}
    written = usage.cache_write + usage.cache_write_long
    before = {"cached_tokens": usage.cache_read, "cache_write_tokens": written}
    after: dict[str, int] = {}
    if usage.audio_in:
        before["audio_tokens"] = usage.audio_in
    if usage.split or usage.reasoning:
        after["reasoning_tokens"] = usage.reasoning
    if usage.audio_out:
        after["audio_tokens"] = usage.audio_out
    out: dict[str, Any] = {**totals, "prompt_tokens_details": before}
    if after:
        out["completion_tokens_details"] = after
    if not strict:
        out["cache_read_input_tokens"] = usage.cache_read
        out["cache_creation_input_tokens"] = written
    return out
