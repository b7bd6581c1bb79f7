"""Claude families: thinking, effort, sampling, limits (wire/anthropic.md 5 to 8)."""

from __future__ import annotations

from ..records import evolve
from .row import ModelRow, ReasoningRow

LEVELS = ("low", "medium", "high", "xhigh", "max")
NO_XHIGH = ("low", "medium", "high", "max")
ADAPTIVE = frozenset({"adaptive"})
SAMPLING = frozenset({"temperature", "top_p", "top_k"})

_BASE = ModelRow(
    prefix="claude",
    sampling="refused",
    sampling_names=SAMPLING,
    temperature=(0.0, 1.0),
    max_output=128_000,
    blank_stop=False,
    json_output=False,
    schema_prefill=False,
    schema_subset="anthropic",
    strict_tools=True,
    strict_limits=(20, 16),
    prefill="refused",
    inner_system="after_user",
    images=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
    documents=frozenset({"application/pdf", "text/plain"}),
    audio=frozenset(),
    video=frozenset(),
    cache_ttls=("5m", "1h"),
    context=1_000_000,
)
_ALWAYS_ON = ReasoningRow("effort", LEVELS, ADAPTIVE, off="lowest", on=True, display=True)
_ON = ReasoningRow("effort", LEVELS, ADAPTIVE | {"disabled"}, off="disabled", on=True, display=True)
_OFF = evolve(_ON, on=False)

# Up to 4.6: sampling is free while thinking is off, and manual thinking refuses a forced tool.
_OLDER = evolve(
    _BASE,
    sampling="without_reasoning",
    top_p_floor=0.95,
    forced_tools="manual",
    inner_system="no",
)
_FOUR_SIX = evolve(
    _OLDER,
    reasoning=ReasoningRow("effort", NO_XHIGH, ADAPTIVE | {"enabled", "disabled"}, off="omit"),
)
_BUDGET = ReasoningRow("budget", (), frozenset({"enabled", "disabled"}), off="omit", maximum=63_999)
_FOUR_FIVE = evolve(_OLDER, reasoning=_BUDGET, exclusive=True, max_output=64_000, prefill="continued", context=200_000)
_FOUR = evolve(_FOUR_FIVE, exclusive=False, schema_output=False, strict_tools=False)
_THREE = evolve(_FOUR, reasoning=ReasoningRow("none"), max_output=4_096, sampling="free", forced_tools="yes")

CLAUDE: tuple[ModelRow, ...] = (
    # An id that no row knows is taken for a model of the current generation, the strictest one.
    evolve(_BASE, prefix="claude", reasoning=_ON, forced_tools="no"),
    evolve(_BASE, prefix="claude-fable-5", reasoning=_ALWAYS_ON),
    evolve(_BASE, prefix="claude-fable-5-1", reasoning=_ALWAYS_ON, forced_tools="no"),
    evolve(_BASE, prefix="claude-fable-5-2", reasoning=_ALWAYS_ON, forced_tools="no"),
    evolve(_BASE, prefix="claude-mythos-5", reasoning=_ALWAYS_ON),
    evolve(_BASE, prefix="claude-mythos-5-1", reasoning=_ALWAYS_ON, forced_tools="no"),
    evolve(_BASE, prefix="claude-mythos-5-2", reasoning=_ALWAYS_ON, forced_tools="no"),
    evolve(
        _BASE,
        prefix="claude-mythos-preview",
        reasoning=ReasoningRow("effort", NO_XHIGH, ADAPTIVE | {"enabled"}, off="lowest", on=True, display=True),
        forced_tools="no",
        inner_system="no",
    ),
    evolve(_BASE, prefix="claude-opus-5-5", reasoning=_ALWAYS_ON, forced_tools="no"),
    evolve(_BASE, prefix="claude-opus-5", reasoning=_ON),
    evolve(
        _BASE,
        prefix="claude-sonnet-5-5",
        reasoning=ReasoningRow(
            "effort",
            LEVELS,
            ADAPTIVE | {"between_tools"},
            off="between_tools",
            on=True,
            display=True,
        ),
        forced_tools="no",
    ),
    evolve(_BASE, prefix="claude-sonnet-5", reasoning=_ON, inner_system="no"),
    evolve(_BASE, prefix="claude-haiku-5-5", reasoning=_ON),
    evolve(_BASE, prefix="claude-opus-4-8", reasoning=_OFF),
    evolve(_BASE, prefix="claude-opus-4-7", reasoning=_OFF, inner_system="no"),
    evolve(_FOUR_SIX, prefix="claude-opus-4-6"),
    evolve(_FOUR_SIX, prefix="claude-sonnet-4-6"),
    evolve(
        _FOUR_FIVE,
        prefix="claude-opus-4-5",
        reasoning=evolve(_BUDGET, efforts=("low", "medium", "high")),
    ),
    evolve(_FOUR_FIVE, prefix="claude-sonnet-4-5"),
    evolve(_FOUR_FIVE, prefix="claude-haiku-4-5"),
    evolve(
        _FOUR, prefix="claude-opus-4-1", max_output=32_000, reasoning=evolve(_BUDGET, maximum=31_999), exclusive=True
    ),
    evolve(_FOUR, prefix="claude-opus-4-0", max_output=32_000, reasoning=evolve(_BUDGET, maximum=31_999)),
    evolve(_FOUR, prefix="claude-opus-4", max_output=32_000, reasoning=evolve(_BUDGET, maximum=31_999)),
    evolve(_FOUR, prefix="claude-sonnet-4-0"),
    evolve(_FOUR, prefix="claude-sonnet-4"),
    evolve(_FOUR, prefix="claude-3-7-sonnet"),
    evolve(_THREE, prefix="claude-3-5", max_output=8_192),
    evolve(_THREE, prefix="claude-3"),
    evolve(_THREE, prefix="claude-2"),
    evolve(_THREE, prefix="claude-2.1"),
    evolve(_THREE, prefix="claude-instant"),
)
