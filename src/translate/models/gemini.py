"""Gemini and Gemma families: thinking, sampling, media, schemas (wire/gemini.md 3 to 10)."""

from __future__ import annotations

from ..records import evolve
from .row import ModelRow, ReasoningRow

_LEVELS = ("low", "medium", "high")
_MINIMAL = ("minimal", *_LEVELS)
_NATIVE = frozenset({"enabled", "adaptive"})
_SAMPLING = frozenset({"temperature", "top_p", "top_k"})
_TEXT = frozenset({"text"})
_PICTURES = frozenset({"text", "image"})
_SOUND = frozenset({"audio"})
_IMAGES = frozenset({"image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"})
_DOCUMENTS = frozenset({
    "application/pdf", "text/plain", "text/markdown", "text/csv", "text/html", "text/xml", "text/css", "text/rtf",
    "text/javascript", "text/x-python", "application/json", "application/xml", "application/rtf",
    "application/x-javascript", "application/x-python",
})  # fmt: skip
_IN_RESULTS = frozenset({"image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"})
_INT32 = (-(2**31), 2**31 - 1)


def _levels(levels: tuple[str, ...]) -> ReasoningRow:
    """Levels; a budget of the client's own dialect is deprecated there, but taken."""
    return ReasoningRow("level", levels, _NATIVE, off="lowest", on=True, display=True, loops=False)


_BASE = ModelRow(
    prefix="gemini",
    max_output=65_536,
    stop=5,
    schema_subset="gemini",
    tool_schemas=True,
    strict_tools=True,
    images=_IMAGES,
    documents=_DOCUMENTS,
    prefill="ignored",
    inner_system="no",
    outputs=_TEXT,
    seed=_INT32,
    context=1_048_576,
)
# Generation 3: levels, signed calls, media in results, a resolution for each part.
_THREE = evolve(
    _BASE,
    never=frozenset({"n"}),
    reasoning=_levels(_MINIMAL),
    signed_calls=True,
    result_media=_IN_RESULTS,
)
# From 3.6 Flash and 3.5 Flash-Lite on: sampling is ignored, a trailing model turn refused.
_NEW = evolve(_THREE, sampling="refused", sampling_names=_SAMPLING, prefill="refused")
_LOW_UP = evolve(_NEW, reasoning=_levels(_LEVELS))
# A budget of 0 switches reasoning off.
_BUDGET = ReasoningRow(
    "budget", (), _NATIVE | {"disabled"}, off="disabled", on=True, minimum=1, maximum=24_576, display=True, loops=False
)
_TWO_FIVE = evolve(
    _BASE,
    reasoning=_BUDGET,
    schema_beside_tools=False,
    search_beside_tools=False,
    result_media=frozenset(),
    media_detail="request",
)
_SILENT = ReasoningRow("none")
# Before 2.5 there was no JSON Schema.
_OLD = evolve(_TWO_FIVE, reasoning=_SILENT, schema_subset="openapi", strict_tools=None, max_output=8_192)
_GEMMA = evolve(
    _OLD,
    images=frozenset({"image/png", "image/jpeg", "image/webp"}),
    documents=frozenset(),
    audio=frozenset(),
    video=frozenset(),
    schema_output=False,
    json_output=False,
    context=131_072,
)
_DRAWS = evolve(_TWO_FIVE, reasoning=_SILENT, outputs=_PICTURES, max_output=32_768, schema_output=False)
_SPEAKS = evolve(_TWO_FIVE, reasoning=_SILENT, outputs=_SOUND, max_output=16_384, schema_output=False)

GEMINI: tuple[ModelRow, ...] = (
    # An id that no row knows is taken for a model of the current generation, the strictest one.
    evolve(_LOW_UP, prefix="gemini"),
    evolve(_LOW_UP, prefix="gemini-4-argon"),
    evolve(_LOW_UP, prefix="gemini-3.8-flash"),
    evolve(_LOW_UP, prefix="gemini-3.7-flash"),
    evolve(_LOW_UP, prefix="gemini-flash-latest"),
    evolve(_NEW, prefix="gemini-3.6-flash"),
    evolve(_THREE, prefix="gemini-3.5-flash"),
    evolve(_NEW, prefix="gemini-3.5-flash-lite"),
    evolve(_NEW, prefix="gemini-flash-lite-latest"),
    evolve(_THREE, prefix="gemini-3.1-flash-lite"),
    evolve(_THREE, prefix="gemini-3.1-pro", reasoning=_levels(_LEVELS)),
    evolve(_THREE, prefix="gemini-pro-latest", reasoning=_levels(_LEVELS)),
    evolve(_THREE, prefix="gemini-3", reasoning=_levels(_LEVELS)),
    evolve(_THREE, prefix="gemini-3-flash"),
    evolve(_THREE, prefix="gemini-3-pro", reasoning=_levels(("low", "high"))),
    evolve(
        _THREE,
        prefix="gemini-3.1-flash-image",
        reasoning=_levels(("minimal", "high")),
        outputs=_PICTURES,
        signed_calls=False,
    ),
    evolve(_THREE, prefix="gemini-3-pro-image", reasoning=_levels(("high",)), outputs=_PICTURES, signed_calls=False),
    evolve(
        _TWO_FIVE,
        prefix="gemini-2.5-pro",
        reasoning=evolve(_BUDGET, modes=_NATIVE, off="lowest", minimum=128, maximum=32_768),
    ),
    evolve(_TWO_FIVE, prefix="gemini-2.5"),
    evolve(_TWO_FIVE, prefix="gemini-2.5-flash"),
    evolve(_TWO_FIVE, prefix="gemini-2.5-flash-lite", reasoning=evolve(_BUDGET, on=False, minimum=512)),
    evolve(_DRAWS, prefix="gemini-2.5-flash-image"),
    evolve(_SPEAKS, prefix="gemini-2.5-flash-preview-tts"),
    evolve(_SPEAKS, prefix="gemini-2.5-pro-preview-tts"),
    evolve(_OLD, prefix="gemini-2.0"),
    evolve(_OLD, prefix="gemini-1.5"),
    evolve(_OLD, prefix="gemini-1.0"),
    evolve(_GEMMA, prefix="gemma", reasoning=_levels(("minimal", "high")), schema_subset="gemini"),
    *(
        evolve(_GEMMA, prefix=prefix)
        for prefix in ("gemma-2", "gemma-3n", "gemma-3-1b", "gemma-3-4b", "gemma-3-12b", "gemma-3-27b")
    ),
)
