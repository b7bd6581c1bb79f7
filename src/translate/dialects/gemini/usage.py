"""Usage of the generateContent dialect, both ways (wire/gemini.md 13, spec/chat.md 9)."""

from __future__ import annotations

from typing import Any

from ...records import Usage
from ...records.numerals import numeral

Body = dict[str, Any]

_COUNTS = frozenset({
    "promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "toolUsePromptTokenCount", "totalTokenCount",
    "cachedContentTokenCount",
})  # fmt: skip


def read_usage(raw: Any) -> Usage | None:
    """The provider's usage as disjoint buckets; None when it counts nothing (some chunks name a traffic type only).

    Thoughts stand beside the candidates' tokens, cached tokens inside the prompt's, a server tool's beside them.
    """
    if type(raw) is not dict or not _COUNTS & raw.keys():
        return None
    prompt = _count(raw.get("promptTokenCount")) + _count(raw.get("toolUsePromptTokenCount"))
    cached = min(_count(raw.get("cachedContentTokenCount")), prompt)
    heard = _audio(raw, "promptTokensDetails") - _audio(raw, "cacheTokensDetails")
    audio_in = max(min(heard, prompt - cached), 0)
    written = _count(raw.get("candidatesTokenCount"))
    audio_out = min(_audio(raw, "candidatesTokensDetails"), written)
    return Usage(
        fresh=prompt - cached - audio_in,
        cache_read=cached,
        audio_in=audio_in,
        text=written - audio_out,
        reasoning=_count(raw.get("thoughtsTokenCount")),
        audio_out=audio_out,
        split=True,
        native=raw,
    )


def _count(value: Any) -> int:
    """A count; 64-bit integers may be strings in proto JSON."""
    if type(value) is str:
        value = numeral(value)
    return int(value) if isinstance(value, int | float) and 0 < value < 2**53 else 0


def _audio(raw: Body, key: str) -> int:
    details = raw.get(key)
    return sum(
        _count(item.get("tokenCount"))
        for item in (details if type(details) is list else ())
        if type(item) is dict and item.get("modality") == "AUDIO"
    )


def write_usage(usage: Usage | None) -> Body:
    """Usage as clients of the dialect read it; zero counters are absent, as on the wire."""
    if usage is None:
        return {}
    out: Body = {
        "promptTokenCount": usage.prompt,
        "candidatesTokenCount": usage.text + usage.audio_out,
        "thoughtsTokenCount": usage.reasoning,
        "cachedContentTokenCount": usage.cache_read,
        "totalTokenCount": usage.total,
    }
    out = {key: count for key, count in out.items() if count}
    if usage.audio_in:
        out["promptTokensDetails"] = _details(usage.prompt - usage.audio_in, usage.audio_in)
    if usage.audio_out:
        out["candidatesTokensDetails"] = _details(usage.text, usage.audio_out)
    return out


def _details(text: int, audio: int) -> list[Body]:
    counts = {"TEXT": text, "AUDIO": audio}
    return [{"modality": word, "tokenCount": count} for word, count in counts.items() if count]
