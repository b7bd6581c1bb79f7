"""Models and their reasoning as the wire documents have it, and how native bodies say it (spec/chat.md 7)."""

from typing import Any

from ..core.proof.calls import PLAIN
from .provider_answers import (
    BEDROCK_IDS,
    CHAT,
    CLAUDE,
    GOOGLE,
    USER,
    Json,
)

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
ORDER = {effort: place for place, effort in enumerate(EFFORTS)}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
FORCED = {"type": "function", "function": {"name": "f"}}
DROPPED, BENT = ("dropped", "quality"), ("approximated", "quality")


def at(path: str, loss: tuple[str, str] = BENT) -> set[tuple[str, str, str]]:
    return {(path, *loss)}


def about_reasoning(sent: Any) -> set[tuple[str, str, str]]:
    """The losses of a request but for those that every call to a provider has."""
    habits = {("/max_tokens", "added", "hint"), ("/stream_options/include_usage", "added", "hint")}
    # Groq is asked for reasoning beside the answer, and that is reported where reasoning was asked for.
    return {loss for loss in sent.lost - habits if loss[1:] != ("added", "hint")}


def budget_of(name: str, body: Json) -> int | None:
    """The thinking budget of a native body; None where thinking is not switched on by a budget."""
    if name in GOOGLE:
        budget: int | None = body["generationConfig"].get("thinkingConfig", {}).get("thinkingBudget")
        return budget
    thinking = (body["additionalModelRequestFields"] if name == "bedrock" else body).get("thinking", {})
    assert thinking.get("type") in ("enabled", None)
    return thinking.get("budget_tokens")


def limit_of(name: str, body: Json) -> int | None:
    """The limit of a native body."""
    if name in GOOGLE:
        return body.get("generationConfig", {}).get("maxOutputTokens")
    return body.get("inferenceConfig", {}).get("maxTokens") if name == "bedrock" else body.get("max_tokens")


ONLY_EFFORTS = [("openai", "gpt-5.1"), ("azure", "gpt-5.1"), ("xai", "grok-4.5"), ("groq", "openai/gpt-oss-120b")]


NATIVE = {"type": "enabled", "budget_tokens": 3000}
BOTH = {"messages": [USER], "max_tokens": 8000, "thinking": NATIVE, "output_config": {"effort": "low"}}
TAKES = {
    ("anthropic", "claude-opus-4-5"): ("budget", "effort"),
    ("bedrock", "claude-opus-4-5"): ("budget", "effort"),
    ("vertex_claude", "claude-opus-4-5"): ("budget", "effort"),
    ("anthropic", "claude-sonnet-4-5"): ("budget",),
    ("bedrock", "claude-sonnet-4-5"): ("budget",),
    ("anthropic", "claude-opus-5"): ("effort",),
    ("bedrock", "claude-opus-5"): ("effort",),
    ("gemini", "gemini-2.5-flash"): ("budget",),
    ("vertex", "gemini-3.8-flash"): ("effort",),
    ("openai", "gpt-5.1"): ("effort",),
    ("azure", "gpt-5.1"): ("effort",),
    ("xai", "grok-4.5"): ("effort",),
    ("groq", "openai/gpt-oss-120b"): ("effort",),
    ("openai", "gpt-4o"): (),
    ("gemini", "gemini-2.0-flash"): (),
}
"""What of an effort beside a budget a model takes (wire/anthropic.md 6: Opus 4.5 has both fields)."""


# "The model row names the kind": `budget` (Claude up to 4.5, Gemini 2.5)

BUDGETS = {
    "claude-opus-4-5": (1024, 63_999, 64_000),
    "claude-sonnet-4-5": (1024, 63_999, 64_000),
    "claude-haiku-4-5": (1024, 63_999, 64_000),
    "claude-opus-4-1": (1024, 31_999, 32_000),
    "claude-opus-4": (1024, 31_999, 32_000),
    "claude-sonnet-4": (1024, 63_999, 64_000),
    "gemini-2.5-pro": (128, 32_768, 65_536),
    "gemini-2.5-flash": (1, 24_576, 65_536),
    "gemini-2.5-flash-lite": (512, 24_576, 65_536),
}
"""Model -> the least and the greatest budget, and the ceiling of the answer (wire/anthropic.md 6, wire/gemini.md 8).

For 2.5 Flash 0 is "off", so the least thinking is one token.
"""
SHARES = {"low": 30, "medium": 60, "high": 90, "xhigh": 90, "max": 90}
AT = [
    (name, model)
    for model in BUDGETS
    for name in (GOOGLE if model.startswith("gemini") else CLAUDE)
    if name != "bedrock" or model in BEDROCK_IDS
]
LIMITS = [500, 1024, 1025, 1138, 1500, 2048, 3414, 4096, 8192, 30_001]


SMALL = {model: row[0] for model, row in BUDGETS.items() if row[0] > 1}


# `effort` (adaptive Claude with output_config.effort)

UP, NO_XHIGH = ("low", "medium", "high", "xhigh", "max"), ("low", "medium", "high", "max")
ADAPTIVE = {
    "claude-fable-5": (UP, "lowest"),
    "claude-fable-5-1": (UP, "lowest"),
    "claude-fable-5-2": (UP, "lowest"),
    "claude-mythos-5": (UP, "lowest"),
    "claude-mythos-5-1": (UP, "lowest"),
    "claude-mythos-5-2": (UP, "lowest"),
    "claude-mythos-preview": (NO_XHIGH, "lowest"),
    "claude-opus-5-5": (UP, "lowest"),
    "claude-opus-5": (UP, "disabled"),
    "claude-sonnet-5-5": (UP, "between_tools"),
    "claude-sonnet-5": (UP, "disabled"),
    "claude-haiku-5-5": (UP, "disabled"),
    "claude-opus-4-8": (UP, "disabled"),
    "claude-opus-4-7": (UP, "disabled"),
    "claude-opus-4-6": (NO_XHIGH, "omitted"),
    "claude-sonnet-4-6": (NO_XHIGH, "omitted"),
}
"""Model -> the efforts that it takes, and its nearest to "off" (wire/anthropic.md 6)."""


def nearest(effort: str, levels: tuple[str, ...]) -> str:
    """The level at the least distance; of two as close, the weaker."""
    return min(levels, key=lambda level: (abs(ORDER[level] - ORDER[effort]), ORDER[level]))


def thinking_of(name: str, body: Json) -> tuple[Json, str | None]:
    """The thinking object and the effort of a native body of Claude."""
    if name == "bedrock":
        fields = body.get("additionalModelRequestFields", {})
        return fields.get("thinking", {}), body.get("outputConfig", {}).get("effort")
    return body.get("thinking", {}), body.get("output_config", {}).get("effort")


# `level` (Gemini 3 and later)

LEVELS = {
    "gemini-4-argon": ("low", "medium", "high"),
    "gemini-3.8-flash": ("low", "medium", "high"),
    "gemini-3.7-flash": ("low", "medium", "high"),
    "gemini-3.6-flash": ("minimal", "low", "medium", "high"),
    "gemini-3.5-flash": ("minimal", "low", "medium", "high"),
    "gemini-3.5-flash-lite": ("minimal", "low", "medium", "high"),
    "gemini-3.1-flash-lite": ("minimal", "low", "medium", "high"),
    "gemini-3.1-pro-preview": ("low", "medium", "high"),
    "gemini-3-flash-preview": ("minimal", "low", "medium", "high"),
    "gemini-3.1-flash-image": ("minimal", "high"),
    "gemini-3-pro-image": ("high",),
    "gemini-3-pro-preview": ("low", "high"),
    "gemma-4-31b-it": ("minimal", "high"),
}
"""Model -> levels (wire/gemini.md 8)."""


# `native` (OpenAI family)

TO_HIGH = ("low", "medium", "high")
OPENAI = {
    "o3": TO_HIGH,
    "o4-mini": TO_HIGH,
    "gpt-5": ("minimal", *TO_HIGH),
    "gpt-5-mini": ("minimal", *TO_HIGH),
    "gpt-5-nano": ("minimal", *TO_HIGH),
    "gpt-5.1": ("none", *TO_HIGH),
    "gpt-5.2": ("none", *TO_HIGH, "xhigh"),
    "gpt-5.4-mini": ("none", *TO_HIGH, "xhigh"),
    "gpt-5.5": ("none", *TO_HIGH, "xhigh"),
    "gpt-5.6-terra": ("none", *TO_HIGH, "xhigh", "max"),
    "gpt-6-sol": ("none", *TO_HIGH, "xhigh", "max"),
    "gpt-6-luna": ("none", *TO_HIGH, "xhigh", "max"),
    "gpt-6.1-terra": ("none", *TO_HIGH, "xhigh", "max"),
    "gpt-6-astra": (*TO_HIGH, "xhigh", "max"),
    "gpt-6.1-sol": (*TO_HIGH, "xhigh", "max"),
}
"""Model -> efforts (wire/openai-chat.md 5)."""
GROK = {
    "grok-3-mini": ("low", "high"),
    "grok-4.20-multi-agent": (*TO_HIGH, "xhigh"),
    "grok-4.3": ("none", *TO_HIGH),
    "grok-4.5": TO_HIGH,
    "grok-4.6": (*TO_HIGH, "xhigh"),
    "grok-4.7": (*TO_HIGH, "xhigh"),
}
"""Model -> efforts (wire/xai.md 2)."""
GROQ = {"openai/gpt-oss-20b": TO_HIGH, "openai/gpt-oss-120b": TO_HIGH, "qwen/qwen3.8-27b": ("none", *TO_HIGH)}
"""Model -> efforts (wire/groq.md 2)."""
EFFORTS_AT = [
    *(("openai", model, levels) for model, levels in OPENAI.items()),
    *(("azure", model, levels) for model, levels in OPENAI.items()),
    *(("xai", model, levels) for model, levels in GROK.items()),
    *(("groq", model, levels) for model, levels in GROQ.items()),
]


BEDROCK_EFFORTS = {
    "openai.gpt-oss-120b-1:0": "reasoning_effort",
    "deepseek.v3-v1:0": "reasoning_config",
    "us.amazon.nova-2-lite-v1:0": "reasoningConfig",
}


# `fixed` / `none`

UNTOLD = [
    ("openai", "gpt-4o"), ("openai", "gpt-4.1"), ("openai", "gpt-5-chat-latest"), ("openai", "gpt-5.1-chat"),
    ("azure", "gpt-4o"), ("azure", "gpt-5.2-chat"), ("xai", "grok-4"), ("xai", "grok-4-0709"), ("xai", "grok-3"),
    ("xai", "grok-4-fast-reasoning"), ("xai", "grok-4-1-fast-reasoning"), ("xai", "grok-code-fast-1"),
    ("xai", "grok-4-fast-non-reasoning"), ("xai", "grok-4.20-reasoning"), ("xai", "grok-4.20-non-reasoning"),
    ("groq", "llama-3.3-70b-versatile"), ("bedrock", "amazon.nova-pro-v1:0"), ("bedrock", "us.deepseek.r1-v1:0"),
    ("bedrock", "meta.llama3-1-70b-instruct-v1:0"), ("gemini", "gemini-2.0-flash"), ("vertex", "gemini-2.0-flash"),
    ("anthropic", "claude-3-5-haiku-20241022"),
]  # fmt: skip
"""Models that do not reason, or reason as they like (wire/openai-chat.md 5, xai.md 2, groq.md 2, bedrock.md 7)."""


XAI_REASONS = ["grok-3-mini", "grok-4", "grok-4-0709", "grok-4.20-reasoning", "grok-4.3", "grok-4.5", "grok-4.6"]


# `none` on a model that cannot be off: the lowest legal setting, reported.

CANNOT = [
    *((name, model, "low") for name in CLAUDE for model, (_, off) in ADAPTIVE.items() if off == "lowest"),
    *((name, "claude-sonnet-5-5", "low") for name in CLAUDE),
    *((name, model, levels[0]) for name in GOOGLE for model, levels in LEVELS.items()),
    *((name, model, levels[0]) for name, model, levels in EFFORTS_AT if "none" not in levels),
    ("bedrock", "openai.gpt-oss-120b-1:0", "low"),
]


PREFILL = [USER, {"role": "assistant", "content": "Dear"}]
OLD = ["claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"]


SPELLINGS = [
    {"reasoning": "Hm."},
    {"reasoning_content": "Hm."},
    {"reasoning": {"content": "Hm."}},
    {"reasoning_details": [{"type": "reasoning.text", "text": "Hm.", "index": 0}]},
]


# OpenAI and Azure answer a Responses client by Responses.
READERS = [(name, client) for name in CHAT for client in PLAIN if (name, client) not in {
    ("openai", "openai_responses"), ("azure", "openai_responses")}]  # fmt: skip


ON_RESPONSES = [
    ("gpt-5.4", "low"), ("gpt-5.4-mini", "high"), ("gpt-5.5", "low"), ("gpt-5.6-sol", "low"), ("gpt-5.6-terra", None),
    ("gpt-5.6-luna", "max"), ("gpt-6-luna", "low"), ("gpt-6-astra", "low"), ("gpt-6-astra", None),
]  # fmt: skip
"""Models and efforts with which chat refuses tools (wire/openai-chat.md 5); 5.6 does so unasked, too."""
