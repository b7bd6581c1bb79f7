"""Grok families: efforts, parameters that are refused, images (wire/xai.md 1 and 2)."""

from __future__ import annotations

from ..records import evolve
from .row import ModelRow, ReasoningRow

_UP_TO_HIGH = ("low", "medium", "high")
_XHIGH = (*_UP_TO_HIGH, "xhigh")
_PENALTIES = frozenset({"presence_penalty", "frequency_penalty"})
_LOGPROBS = frozenset({"logprobs", "top_logprobs"})

_CLASSIC = ModelRow(
    prefix="grok",
    reasoning=ReasoningRow("none"),
    images=frozenset({"image/jpeg", "image/png"}),
    audio=frozenset(),
    video=frozenset(),
    context=131_072,
)
# From grok-4 on: penalties are refused, and reasoning models take no stop sequences.
_FOUR = evolve(_CLASSIC, refused=_PENALTIES, context=256_000)
_FIXED = evolve(_FOUR, reasoning=ReasoningRow("fixed", on=True), stop=0)
# From grok-4.20 on log probabilities are ignored without a word.
_LATER = evolve(_FOUR, refused=_PENALTIES | _LOGPROBS, context=1_000_000)
_LATER_FIXED = evolve(_LATER, reasoning=ReasoningRow("fixed", on=True), stop=0)


def _always_on(prefix: str, efforts: tuple[str, ...], context: int | None) -> ModelRow:
    reasoning = ReasoningRow("native", efforts, off="lowest", on=True, shown=True)
    return evolve(_LATER, prefix=prefix, reasoning=reasoning, stop=0, context=context)


GROK: tuple[ModelRow, ...] = (
    # Unknown ids of the family: everything passes.
    ModelRow(prefix="grok"),
    evolve(_CLASSIC, prefix="grok-2", images=frozenset()),
    evolve(_CLASSIC, prefix="grok-2-vision", context=32_768),
    evolve(_CLASSIC, prefix="grok-3", images=frozenset()),
    evolve(
        _CLASSIC,
        prefix="grok-3-mini",
        reasoning=ReasoningRow("native", ("low", "high"), off="lowest", on=True, shown=True),
        refused=_PENALTIES,
        stop=0,
        images=frozenset(),
    ),
    evolve(_FIXED, prefix="grok-4"),
    evolve(_FIXED, prefix="grok-4-fast", context=2_000_000),
    evolve(_FOUR, prefix="grok-4-fast-non-reasoning", context=2_000_000),
    evolve(_FIXED, prefix="grok-4-1-fast", context=2_000_000),
    evolve(_FOUR, prefix="grok-4-1-fast-non-reasoning", context=2_000_000),
    evolve(_FIXED, prefix="grok-4.1-fast", context=2_000_000),
    evolve(_FOUR, prefix="grok-4.1-fast-non-reasoning", context=2_000_000),
    evolve(_FIXED, prefix="grok-code-fast-1", images=frozenset()),
    evolve(_LATER_FIXED, prefix="grok-4.20"),
    evolve(_LATER_FIXED, prefix="grok-4.20-reasoning"),
    evolve(_LATER, prefix="grok-4.20-non-reasoning"),
    # The effort says how many agents work.
    _always_on("grok-4.20-multi-agent", _XHIGH, 1_000_000),
    evolve(
        _LATER,
        prefix="grok-4.3",
        reasoning=ReasoningRow("native", ("none", *_UP_TO_HIGH), off="none", on=True, shown=True),
        stop=0,
    ),
    _always_on("grok-4.5", _UP_TO_HIGH, 500_000),
    _always_on("grok-4.6", _XHIGH, None),
    _always_on("grok-4.7", _XHIGH, None),
)
