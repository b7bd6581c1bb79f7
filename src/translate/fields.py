"""What becomes of a field that a target has no place for: data, read by ``fit``.

``OPTIONS`` lists the less frequent wishes of a request by their common name. ``CARRIES`` says which of them a dialect
can express. ``EXTRAS`` lists fields that exist in one dialect only, as pointers with ``*`` for an index.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from .records import Severity
from .records.quick import record


@record
class Option:
    """A wish by its common name.

    Attributes:
        severity: of the loss when the target has no place for it (spec/chat.md 2).
        neutral: values that ask for nothing: dropping them changes nothing and is not reported.
        what: the option in words, for messages.
    """

    severity: Severity
    neutral: tuple[Any, ...] = ()
    what: str = ""


OPTIONS: Final[Mapping[str, Option]] = MappingProxyType({
    "temperature": Option("quality", (), "sampling temperature"),
    "top_p": Option("quality", (1, 1.0), "nucleus sampling"),
    "top_k": Option("quality", (), "top-k sampling"),
    "presence_penalty": Option("quality", (0, 0.0), "presence penalty"),
    "frequency_penalty": Option("quality", (0, 0.0), "frequency penalty"),
    "seed": Option("hint", (), "a sampling seed"),
    "n": Option("contract", (1,), "several answers to one request"),
    "logprobs": Option("contract", (False,), "log probabilities"),
    "top_logprobs": Option("contract", (0,), "alternative log probabilities"),
    "logit_bias": Option("contract", ({},), "token biases"),
    "user": Option("hint", ("",), "an end-user id"),
    "safety_identifier": Option("hint", ("",), "an end-user id"),
    "metadata": Option("hint", ({},), "request metadata"),
    "store": Option("hint", (False,), "storing the answer"),
    "service_tier": Option("cost", ("auto", "default"), "a service tier"),
    "verbosity": Option("quality", ("medium",), "verbosity of the answer"),
    "prompt_cache_key": Option("cost", (), "cache routing"),
    "prompt_cache_retention": Option("cost", (), "cache retention"),
    "prompt_cache_options": Option("cost", (), "cache options"),
    "web_search": Option("contract", (), "web search"),
    "prediction": Option("contract", (), "a predicted output"),
    "modalities": Option("contract", (["text"], []), "output modalities"),
    "audio": Option("contract", (), "audio output"),
    "moderation": Option("contract", (), "moderation results"),
    "media_resolution": Option("quality", (), "one resolution for all media"),
})  # fmt: skip

_OPENAI = frozenset(OPTIONS) - {"top_k", "media_resolution"}
_RESPONSES = frozenset({
    "temperature", "top_p", "user", "safety_identifier", "metadata", "store", "service_tier", "verbosity",
    "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "web_search", "moderation", "logprobs",
    "top_logprobs",
})  # fmt: skip

CARRIES: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    "openai_chat": _OPENAI,
    "openai_responses": _RESPONSES,
    "anthropic": frozenset({"temperature", "top_p", "top_k", "user", "service_tier", "web_search"}),
    "bedrock": frozenset({"temperature", "top_p", "user", "metadata", "service_tier", "web_search"}),
    "gemini": frozenset({
        "temperature", "top_p", "top_k", "presence_penalty", "frequency_penalty", "seed", "n", "logprobs",
        "top_logprobs", "metadata", "store", "service_tier", "web_search", "modalities", "media_resolution",
    }),
})  # fmt: skip

TRIES_STRICT: Final = frozenset({"openai_responses"})
"""Dialects in which a function that leaves out ``strict`` is strict if it can be (wire/openai-responses.md 4)."""

ALIASES: Final[Mapping[str, str]] = MappingProxyType({"safety_identifier": "user"})
"""An option that another one can stand for, where the target has only that."""

VALUES: Final[Mapping[tuple[str, str], frozenset[Any]]] = MappingProxyType({
    ("openai_responses", "service_tier"): frozenset({
        "auto", "default", "flex", "scale", "priority", "fast", "ultrafast",
    }),
    ("anthropic", "service_tier"): frozenset({"auto", "default"}),
    ("bedrock", "service_tier"): frozenset({"auto", "default", "flex", "priority"}),
    ("gemini", "service_tier"): frozenset({"auto", "default", "flex", "priority"}),
})  # fmt: skip
"""(dialect, option) -> the only values that another dialect's clients can have expressed."""

FREE: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    dialect: names - {name for known, name in VALUES if known == dialect} for dialect, names in CARRIES.items()
})  # fmt: skip
"""Options that a dialect can express whatever their value."""

_ANTHROPIC: Mapping[str, Severity] = {
    "/anthropic_version": "hint",
    "/anthropic_beta": "hint",
    "/container": "contract",
    "/context_management": "contract",
    "/mcp_servers": "contract",
    "/fallbacks": "hint",
    "/fallback_credit_token": "hint",
    "/speed": "cost",
    "/inference_geo": "contract",
    "/diagnostics": "hint",
    "/metadata/*": "hint",
    "/tools/*/eager_input_streaming": "hint",
    "/tools/*/input_examples": "quality",
    "/tools/*/defer_loading": "cost",
    "/tools/*/allowed_callers": "contract",
    "/messages/*/content/*/caller": "hint",
    "/messages/*/content/*/citations": "hint",
    "/messages/*/content/*/transformations": "hint",
    "/system/*/citations": "hint",
}
_OPENAI_CHAT: Mapping[str, Severity] = {
    "/max_tokens": "hint",
    "/reasoning_effort": "quality",
    "/reasoning": "quality",
    "/thinking": "quality",
    "/reasoning/*": "hint",
    "/web_search_options/search_context_size": "hint",
    "/stream_options/include_obfuscation": "hint",
    "/messages/*/annotations": "hint",
    "/messages/*/cache_control": "cost",
    "/messages/*/audio": "contract",
    "/messages/*/provider_specific_fields": "hint",
    "/messages/*/extra_content": "hint",
    "/messages/*/citations": "hint",
    "/messages/*/tool_calls/*/index": "hint",
    "/messages/*/tool_calls/*/provider_specific_fields": "hint",
    "/messages/*/tool_calls/*/extra_content": "hint",
}
_BEDROCK: Mapping[str, Severity] = {
    "/guardrailConfig": "contract",
    "/promptVariables": "contract",
    "/projectIdentifier": "hint",
    "/performanceConfig": "cost",
    "/serviceTier": "cost",
    "/additionalModelResponseFieldPaths": "hint",
    "/additionalModelRequestFields/*": "quality",
    "/additionalModelRequestFields/anthropic_beta": "hint",
    "/requestMetadata": "hint",
    "/messages/*/content/*": "cost",
    "/system/*": "cost",
    "/toolConfig/tools/*": "cost",
    "/messages/*/content/*/toolUse/type": "hint",
    "/messages/*/content/*/toolResult/type": "hint",
}

_OPENAI_RESPONSES: Mapping[str, Severity] = {
    "/include/*": "hint",
    "/max_tool_calls": "hint",
    "/truncation": "quality",
    "/context_management": "quality",
    "/image": "hint",
    "/access_programs": "hint",
    "/background_options": "hint",
    "/reasoning/*": "hint",
    "/reasoning/mode": "quality",
    "/stream_options/*": "hint",
    "/tool_choice": "contract",
    "/tool_choice/tools/*": "contract",
    "/tools/*/search_context_size": "hint",
    "/tools/*/defer_loading": "cost",
    "/tools/*/allowed_callers": "contract",
    "/tools/*/output_schema": "hint",
    "/tools/*/async": "contract",
    "/input/*/phase": "hint",
    "/input/*/caller": "hint",
    "/input/*/created_by": "hint",
    "/input/*/content/*/annotations": "hint",
    "/input/*/content/*/logprobs": "hint",
}

_GEMINI: Mapping[str, Severity] = {
    "/safetySettings": "quality",
    "/safety_settings": "quality",
    "/cachedContent": "contract",
    "/modelArmorConfig": "contract",
    "/continuationToken": "contract",
    "/toolConfig/*": "hint",
    "/toolConfig/functionCallingConfig/*": "hint",
    "/tools/*/functionDeclarations/*/*": "hint",
    "/generationConfig/speechConfig": "contract",
    "/generationConfig/imageConfig": "contract",
    "/generationConfig/responseFormat": "contract",
    "/generationConfig/*": "quality",
    "/generation_config/*": "quality",
    "/systemInstruction/role": "hint",
    "/contents/*/parts/*/partMetadata": "hint",
    "/contents/*/parts/*/functionResponse/scheduling": "hint",
    "/contents/*/parts/*/functionResponse/willContinue": "hint",
    "/contents/*/parts/*/inlineData/displayName": "hint",
    "/contents/*/parts/*/fileData/displayName": "hint",
}

EXTRAS: Final[Mapping[str, Mapping[str, Severity]]] = MappingProxyType({
    "anthropic": _ANTHROPIC,
    "openai_chat": _OPENAI_CHAT,
    "openai_responses": _OPENAI_RESPONSES,
    "bedrock": _BEDROCK,
    "gemini": _GEMINI,
})  # fmt: skip


EXTENSIONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    "openai_chat": frozenset({
        "reasoning", "thinking", "cache_control", "reasoning_content", "reasoning_details", "thinking_blocks",
        "content_blocks", "provider_specific_fields", "extra_content",
    }),
})  # fmt: skip
"""Keys of foreign origin that a reader understands: forwarded only to providers whose row lists them."""


def foreign_key(dialect: str, key: Any, taken: frozenset[str]) -> bool:
    """Whether a key is an extension that a provider with these extensions does not take."""
    return key in EXTENSIONS.get(dialect, ()) and not taken & {"*", key}


def extra_severity(dialect: str, path: tuple[str | int, ...]) -> Severity:
    """The severity of losing a field without a place.

    An unknown top-level field is a contract (spec/chat.md 2); an unknown nested one is a matter of quality.
    """
    rows = EXTRAS.get(dialect, {})
    pattern = "".join("/*" if isinstance(step, int) else f"/{step}" for step in path)
    found = rows.get(pattern) or rows.get(pattern.rpartition("/")[0] + "/*")
    return found or ("contract" if len(path) == 1 else "quality")
