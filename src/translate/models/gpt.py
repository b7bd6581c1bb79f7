"""OpenAI families: efforts, sampling, limits, surfaces (wire/openai-chat.md 5, wire/openai-responses.md 1)."""

from __future__ import annotations

from ..records import evolve
from .row import ModelRow, ReasoningRow

_UP_TO_HIGH = ("low", "medium", "high")
_MINIMAL = ("minimal", *_UP_TO_HIGH)
_NONE = ("none", *_UP_TO_HIGH)
_XHIGH = (*_NONE, "xhigh")
_MAX = (*_XHIGH, "max")

# Refused while the model reasons, usable with effort none.
_WITH_NONE = frozenset({"temperature", "top_p", "logprobs", "top_logprobs"})
# Off for every reasoning family, whatever the effort.
_NEVER = frozenset({"presence_penalty", "frequency_penalty", "logit_bias"})

_CLASSIC = ModelRow(
    prefix="gpt",
    reasoning=ReasoningRow("none"),
    max_output=None,
    stop=4,
    schema_subset="openai",
    strict_tools=True,
    images=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
    # Two formats, the first under all its names (wire/openai-chat.md 4).
    audio=frozenset({"audio/mp3", "audio/mpeg", "audio/mpga", "audio/wav", "audio/x-wav", "audio/wave"}),
    video=frozenset(),
    outputs=frozenset({"text"}),
)
# Before structured output; of their functions nothing is known.
_FOUR = evolve(_CLASSIC, schema_output=False, strict_tools=None)
_REASONER = evolve(
    _CLASSIC,
    sampling="refused",
    sampling_names=_WITH_NONE,
    never=_NEVER,
    limit_field="max_completion_tokens",
    max_output=128_000,
)
_O = evolve(_REASONER, reasoning=ReasoningRow("native", _UP_TO_HIGH, off="lowest", on=True), max_output=100_000)
_SWITCHABLE = evolve(_REASONER, sampling="without_reasoning")


def _switchable(
    prefix: str, efforts: tuple[str, ...], *, on: bool, tools: bool, ttls: tuple[str, ...] = ()
) -> ModelRow:
    reasoning = ReasoningRow("native", efforts, off="none", on=on, tools=tools)
    return evolve(_SWITCHABLE, prefix=prefix, reasoning=reasoning, cache_ttls=ttls)


def _always_on(prefix: str) -> ModelRow:
    reasoning = ReasoningRow("native", (*_UP_TO_HIGH, "xhigh", "max"), off="lowest", on=True, tools=False)
    return evolve(_REASONER, prefix=prefix, reasoning=reasoning, cache_ttls=("30m",))


def _fixed(prefix: str) -> ModelRow:
    return evolve(_REASONER, prefix=prefix, reasoning=ReasoningRow("fixed", on=True))


_FAMILIES: tuple[ModelRow, ...] = (
    # Unknown ids of the family: everything passes.
    ModelRow(prefix="gpt", schema_subset="openai"),
    ModelRow(prefix="chatgpt", schema_subset="openai"),
    evolve(_FOUR, prefix="gpt-3.5", images=frozenset(), max_output=4_096),
    evolve(_FOUR, prefix="gpt-4", max_output=8_192),
    evolve(_FOUR, prefix="gpt-4-turbo", max_output=4_096),
    evolve(_FOUR, prefix="gpt-4-vision-preview", max_output=4_096),
    evolve(_CLASSIC, prefix="gpt-4o", max_output=16_384, context=128_000),
    evolve(_CLASSIC, prefix="gpt-4.1", max_output=32_768, context=1_047_576),
    evolve(_CLASSIC, prefix="gpt-audio", max_output=16_384, outputs=frozenset({"text", "audio"})),
    evolve(_O, prefix="o1"),
    evolve(_O, prefix="o3", stop=0),
    evolve(_O, prefix="o3-mini"),
    evolve(_O, prefix="o4-mini", stop=0),
    evolve(
        _REASONER, prefix="gpt-5", reasoning=ReasoningRow("native", _MINIMAL, off="lowest", on=True), context=400_000
    ),
    evolve(_CLASSIC, prefix="gpt-5-chat-latest", max_output=16_384),
    _switchable("gpt-5.1", _NONE, on=False, tools=True),
    _switchable("gpt-5.2", _XHIGH, on=False, tools=True),
    _switchable("gpt-5.3", _XHIGH, on=False, tools=True),
    _switchable("gpt-5.4", _XHIGH, on=False, tools=False),
    _switchable("gpt-5.5", _XHIGH, on=True, tools=False),
    _switchable("gpt-5.6", _MAX, on=True, tools=False, ttls=("30m",)),
    _fixed("gpt-5.1-chat"),
    _fixed("gpt-5.2-chat"),
    _fixed("gpt-5.3-chat"),
    _switchable("gpt-6-sol", _MAX, on=True, tools=False, ttls=("30m",)),
    _switchable("gpt-6-luna", _MAX, on=True, tools=False, ttls=("30m",)),
    _switchable("gpt-6.1-terra", _MAX, on=True, tools=False, ttls=("30m",)),
    _always_on("gpt-6-astra"),
    _always_on("gpt-6.1-sol"),
)


def _elsewhere(row: ModelRow, suffix: str, efforts: tuple[str, ...]) -> ModelRow:
    """A relative of a family that the chat surface does not serve; it cannot be kept from reasoning."""
    reasoning = ReasoningRow("native", efforts, off="lowest", on=True)
    return evolve(
        row, prefix=row.prefix + suffix, chat=False, reasoning=reasoning, sampling="refused",
        sampling_names=_WITH_NONE, never=_NEVER,
    )  # fmt: skip


def _at_least(row: ModelRow, effort: str) -> tuple[str, ...]:
    """The efforts of a family from one up; pro models think hard, and codex models always do."""
    efforts = row.reasoning.efforts
    return efforts[efforts.index(effort) :]


_REASONERS = tuple(row for row in _FAMILIES if row.reasoning.kind == "native")
# Names within a family, which a suffix may follow.
_RELATIVES = tuple(
    evolve(row, prefix=row.prefix + name)
    for row in _REASONERS
    for name in ("-sol", "-terra", "-luna", "-mini", "-nano")
    if row.prefix in ("gpt-5", "gpt-5.1", "gpt-5.4", "gpt-5.6")
)

GPT: tuple[ModelRow, ...] = (
    *_FAMILIES,
    *(_elsewhere(row, "-pro", _at_least(row, "high")) for row in (*_REASONERS, *_RELATIVES)),
    *(
        _elsewhere(row, "-codex", _at_least(row, "low"))
        for row in (*_REASONERS, *_RELATIVES)
        if row.prefix != "gpt-5.3"
    ),
    *(_elsewhere(row, "-deep-research", _UP_TO_HIGH) for row in _REASONERS),
    evolve(_switchable("gpt-5.3-codex", _XHIGH, on=False, tools=True), chat=False),
    evolve(_elsewhere(_O, "", (*_UP_TO_HIGH, "xhigh")), prefix="gpt-5.1-codex-max"),
    evolve(_elsewhere(_O, "", _UP_TO_HIGH), prefix="codex"),
    evolve(_CLASSIC, prefix="computer-use-preview", chat=False),
)
