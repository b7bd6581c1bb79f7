"""Models that Groq serves: reasoning and where it appears, JSON schema, images (wire/groq.md 1 to 3)."""

from __future__ import annotations

from ..records import evolve
from .row import ModelRow, ReasoningRow

_CLASSIC = ModelRow(
    prefix="groq",
    reasoning=ReasoningRow("none"),
    stop=4,
    schema_output=False,
    images=frozenset(),
    audio=frozenset(),
    video=frozenset(),
    context=131_072,
)
_BOUND = evolve(_CLASSIC, schema_output=True)
_IMAGES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})

_OSS = evolve(
    _BOUND,
    reasoning=ReasoningRow(
        "native", ("low", "medium", "high"), off="lowest", on=True, shown=True, ask="include_reasoning"
    ),
    max_output=65_536,
)


# Reasoning stands inside the answer unless it is asked to be apart; it is on or off.
_SWITCH = ReasoningRow(
    "native",
    ("none", "medium"),
    words=("none", "default"),
    off="none",
    on=True,
    shown=True,
    ask="reasoning_format",
)
_QWEN = evolve(_CLASSIC, reasoning=_SWITCH, max_output=40_960)

GROQ: tuple[ModelRow, ...] = (
    evolve(_OSS, prefix="openai/gpt-oss-120b"),
    evolve(_OSS, prefix="openai/gpt-oss-20b"),
    evolve(_OSS, prefix="openai/gpt-oss-safeguard-20b"),
    evolve(_QWEN, prefix="qwen/qwen3-32b"),
    evolve(_QWEN, prefix="qwen/qwen3.6-27b"),
    evolve(
        _BOUND,
        prefix="qwen/qwen3.8-27b",
        reasoning=evolve(_SWITCH, efforts=("none", "low", "medium", "high"), words=()),
        images=_IMAGES,
        max_images=3,
    ),
    evolve(_CLASSIC, prefix="llama-3.1-8b-instant", max_output=131_072),
    evolve(_CLASSIC, prefix="llama-3.3-70b-versatile", max_output=32_768),
    evolve(_CLASSIC, prefix="meta-llama/llama-4-maverick", images=_IMAGES, max_images=5, max_output=8_192),
    evolve(_CLASSIC, prefix="meta-llama/llama-4-scout", images=_IMAGES, max_images=5, max_output=8_192),
    evolve(_CLASSIC, prefix="moonshotai/kimi-k2-instruct", max_output=16_384, context=262_144),
)
