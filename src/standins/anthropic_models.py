"""What Anthropic's models accept: data, longest prefix first."""

from typing import Any, Literal

import attrs

Forced = Literal["accepted", "refused", "without-thinking"]
Sampling = Literal["free", "one-of-two", "default", "haiku-5-5"]

LOW_TO_HIGH = ("low", "medium", "high")
NO_XHIGH = (*LOW_TO_HIGH, "max")
ALL_EFFORTS = (*LOW_TO_HIGH, "xhigh", "max")


@attrs.frozen
class Model:
    """One family."""

    prefix: str
    thinking: tuple[str, ...]
    """The `thinking.type` values accepted."""
    efforts: tuple[str, ...] = ()
    on: bool = False
    """Thinks when `thinking` is left out."""
    off_up_to_high: bool = False
    """`disabled` and `between_tools` go with an effort of high at most."""
    forced: Forced = "accepted"
    sampling: Sampling = "default"
    prefill: bool = False
    shown: bool = False
    """Shows its thinking when `display` is left out."""
    cache_minimum: int = 1024
    ceiling: int = 128_000
    formats: bool = True
    system_turns: bool = False
    bound: bool = False
    """Verifies that what came before a thinking block is what it was."""


ADAPTIVE = ("adaptive",)
MANUAL = ("enabled", "disabled")
BOTH = ("adaptive", "disabled")


def _fable(prefix: str, **other: Any) -> Model:
    row = Model(prefix, ADAPTIVE, ALL_EFFORTS, on=True, cache_minimum=512, system_turns=True)
    return attrs.evolve(row, **other)


def _older(prefix: str, **other: Any) -> Model:
    row = Model(prefix, MANUAL, sampling="free", prefill=True, shown=True, ceiling=64_000)
    return attrs.evolve(row, **other)


MODELS = (
    _fable("claude-fable-5"),
    _fable("claude-fable-5-1", forced="refused"),
    _fable("claude-fable-5-2", forced="refused", bound=True),
    _fable("claude-mythos-5"),
    _fable("claude-mythos-5-1", forced="refused"),
    _fable("claude-mythos-5-2", forced="refused"),
    _fable(
        "claude-mythos-preview",
        thinking=("adaptive", "enabled"),
        efforts=NO_XHIGH,
        forced="refused",
        cache_minimum=2048,
        system_turns=False,
    ),
    _fable("claude-opus-5-5", forced="refused"),
    _fable(
        "claude-sonnet-5-5",
        thinking=("adaptive", "between_tools"),
        off_up_to_high=True,
        forced="refused",
        system_turns=False,
    ),
    _fable(
        "claude-haiku-5-5",
        thinking=BOTH,
        off_up_to_high=True,
        forced="without-thinking",
        sampling="haiku-5-5",
        system_turns=False,
    ),
    _fable("claude-opus-5", thinking=BOTH, off_up_to_high=True),
    _fable("claude-sonnet-5", thinking=BOTH, cache_minimum=1024, system_turns=False),
    Model("claude-opus-4-8", BOTH, ALL_EFFORTS, system_turns=True),
    Model("claude-opus-4-7", BOTH, ALL_EFFORTS, cache_minimum=2048),
    Model("claude-opus-4-6", (*BOTH, "enabled"), NO_XHIGH, sampling="free", shown=True, cache_minimum=4096),
    Model("claude-sonnet-4-6", (*BOTH, "enabled"), NO_XHIGH, sampling="free", shown=True),
    _older("claude-opus-4-5", efforts=LOW_TO_HIGH, sampling="one-of-two", cache_minimum=4096),
    _older("claude-sonnet-4-5", sampling="one-of-two"),
    _older("claude-haiku-4-5", sampling="one-of-two", cache_minimum=4096),
    _older("claude-opus-4-1", formats=False, ceiling=32_000),
    _older("claude-opus-4", formats=False, ceiling=32_000),
    _older("claude-sonnet-4", formats=False),
    _older("claude-3", thinking=(), formats=False, ceiling=8_192, cache_minimum=2048),
    _older("claude-3-7-sonnet", formats=False),
)
LISTED = {
    "claude-fable-5-2": "Claude Fable 5.2",
    "claude-opus-5-5": "Claude Opus 5.5",
    "claude-sonnet-5-5": "Claude Sonnet 5.5",
    "claude-haiku-5-5": "Claude Haiku 5.5",
    "claude-opus-5": "Claude Opus 5",
    "claude-opus-4-6": "Claude Opus 4.6",
    "claude-sonnet-4-5": "Claude Sonnet 4.5",
    "claude-haiku-4-5": "Claude Haiku 4.5",
}


def model(name: str) -> Model | None:
    """The row for a model name; nothing for a name of no known family."""
    fitting = [row for row in MODELS if name.startswith(row.prefix)]
    return max(fitting, key=lambda found: len(found.prefix), default=None)
