"""OpenAI families: efforts, sampling, limits on the chat surface (wire/openai-chat.md 5)."""

from attrs import evolve

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
    images=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
    video=frozenset(),
)
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


GPT: tuple[ModelRow, ...] = (
    # Unknown ids of the family: everything passes.
    ModelRow(prefix="gpt", schema_subset="openai"),
    ModelRow(prefix="chatgpt", schema_subset="openai"),
    evolve(_CLASSIC, prefix="gpt-3.5", schema_output=False, images=frozenset(), max_output=4_096),
    evolve(_CLASSIC, prefix="gpt-4", schema_output=False, max_output=8_192),
    evolve(_CLASSIC, prefix="gpt-4-turbo", schema_output=False, max_output=4_096),
    evolve(_CLASSIC, prefix="gpt-4-vision-preview", schema_output=False, max_output=4_096),
    evolve(_CLASSIC, prefix="gpt-4o", max_output=16_384, context=128_000),
    evolve(_CLASSIC, prefix="gpt-4.1", max_output=32_768, context=1_047_576),
    evolve(_CLASSIC, prefix="gpt-audio", max_output=16_384),
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
