"""What OpenAI's models accept on chat completions: data, longest prefix first."""

from typing import Literal

import attrs

Sampling = Literal["free", "unless-reasoning", "only-with-none", "never"]

LOW_TO_HIGH = ("low", "medium", "high")
WITH_NONE = ("none", *LOW_TO_HIGH)
TO_XHIGH = (*WITH_NONE, "xhigh")
TO_MAX = (*TO_XHIGH, "max")


@attrs.frozen
class Model:
    """One family."""

    prefix: str
    efforts: tuple[str, ...] = ()
    """The `reasoning_effort` values accepted; none at all when empty."""
    default: str = "none"
    """The effort when none is given."""
    sampling: Sampling = "free"
    max_tokens: bool = False
    """Takes the old `max_tokens`."""
    tools_need_none: bool = False
    """Function tools with reasoning are refused on this endpoint."""
    cache_options: bool = False
    audio: bool = False
    chat: bool = True
    snapshot: str = ""
    """What the reply calls the model when asked by its alias."""

    @property
    def reasoning(self) -> bool:
        """Belongs to the reasoning families."""
        return bool(self.efforts) or self.default != "none"


MODELS = (
    Model("gpt-3.5", max_tokens=True),
    Model("gpt-4", max_tokens=True),
    Model("gpt-4o", max_tokens=True, snapshot="2024-08-06"),
    Model("gpt-4.1", max_tokens=True, snapshot="2025-04-14"),
    Model("chatgpt-4o", max_tokens=True),
    Model("gpt-4o-audio", max_tokens=True, audio=True),
    Model("gpt-4o-mini-audio", max_tokens=True, audio=True),
    Model("gpt-audio", max_tokens=True, audio=True),
    Model("gpt-5-chat", max_tokens=True),
    Model("o1", LOW_TO_HIGH, "medium", "never"),
    Model("o3", LOW_TO_HIGH, "medium", "never"),
    Model("o4", LOW_TO_HIGH, "medium", "never"),
    Model("gpt-5", ("minimal", *LOW_TO_HIGH), "medium", "never", snapshot="2025-08-07"),
    Model("gpt-5.1", WITH_NONE, "none", "unless-reasoning", snapshot="2025-11-13"),
    Model("gpt-5.1-chat", (), "medium", "never"),
    Model("gpt-5.2", TO_XHIGH, "none", "unless-reasoning"),
    Model("gpt-5.2-chat", (), "medium", "never"),
    Model("gpt-5.3", TO_XHIGH, "none", "unless-reasoning"),
    Model("gpt-5.3-chat", (), "medium", "never"),
    Model("gpt-5.4", TO_XHIGH, "none", "unless-reasoning", tools_need_none=True, snapshot="2026-03-05"),
    Model("gpt-5.5", TO_XHIGH, "medium", "only-with-none", tools_need_none=True),
    Model("gpt-5.6", TO_MAX, "medium", "only-with-none", tools_need_none=True, cache_options=True),
    Model("gpt-6", TO_MAX, "medium", "only-with-none", tools_need_none=True, cache_options=True),
    Model("gpt-6-astra", TO_MAX[1:], "medium", "never", tools_need_none=True, cache_options=True),
    Model("gpt-6.1-sol", TO_MAX[1:], "medium", "never", tools_need_none=True, cache_options=True),
    Model("gpt-6.2", TO_MAX[1:], "medium", "never", tools_need_none=True, cache_options=True),
)
RESPONSES_ONLY = ("-pro", "-codex", "deep-research")
LISTED = ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "o3", "gpt-5", "gpt-5.1", "gpt-5.4", "gpt-5.6-terra", "gpt-6-sol")


def model(name: str) -> Model | None:
    """The row for a model name; nothing for a name of no known family."""
    fitting = [row for row in MODELS if name.startswith(row.prefix)]
    row = max(fitting, key=lambda found: len(found.prefix), default=None)
    if row is not None and any(mark in name for mark in RESPONSES_ONLY):
        return attrs.evolve(row, chat=False)
    return row
