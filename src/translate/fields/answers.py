"""What replies hold that has a place in other dialects, or says nothing there: all else is told as lost.

``LEVELS`` lists, by a provider's dialect, where to look: (name, path to the objects, keys that are read or say nothing
new, the ``type`` of the objects it is about). A key that is not listed is of use to clients of that dialect only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

Level = tuple[str, tuple[str, ...], frozenset[str], frozenset[str] | None]

_CHAT_MESSAGE = frozenset({
    "role", "content", "refusal", "tool_calls", "function_call", "reasoning_content", "reasoning", "reasoning_details",
    "thinking_blocks", "content_blocks", "provider_specific_fields", "extra_content", "annotations", "images", "name",
})  # fmt: skip
_ECHOES = frozenset({
    "background", "instructions", "max_output_tokens", "max_tool_calls", "metadata", "parallel_tool_calls",
    "previous_response_id", "prompt", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "reasoning",
    "safety_identifier", "store", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation",
    "user", "presence_penalty", "frequency_penalty", "context_management",
})  # fmt: skip
"""Keys of a Response that repeat the request."""
_ITEM = frozenset({"id", "type", "status"})

LEVELS: Final[Mapping[str, tuple[Level, ...]]] = MappingProxyType({
    "openai_chat": (
        ("", (), frozenset({
            "id", "object", "created", "model", "choices", "usage", "service_tier", "citations", "error",
            "prompt_filter_results", "obfuscation", "p",
        }), None),
        ("choices[].", ("choices", "*"), frozenset({
            "index", "message", "delta", "finish_reason", "logprobs", "content_filter_results",
            "content_filter_offsets",
        }), None),
        ("message.", ("choices", "*", "message"), _CHAT_MESSAGE, None),
        ("message.", ("choices", "*", "delta"), _CHAT_MESSAGE, None),
        ("usage.", ("usage",), frozenset({
            "prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "completion_tokens_details",
            "prompt_cache_hit_tokens", "prompt_cache_miss_tokens", "cache_read_input_tokens",
            "cache_creation_input_tokens", "cached_tokens", "num_cached_tokens",
        }), None),
    ),
    "openai_responses": (
        ("", (), _ECHOES | {
            "id", "object", "created_at", "model", "output", "output_text", "usage", "status", "error",
            "incomplete_details", "service_tier", "completed_at",
        }, None),
        ("output[].", ("output", "*"), _ITEM | {"role", "content"}, frozenset({"message"})),
        ("output[].", ("output", "*"), _ITEM | {"call_id", "name", "arguments", "input"},
         frozenset({"function_call", "custom_tool_call"})),
        ("output[].", ("output", "*"), _ITEM | {"summary", "content", "encrypted_content"}, frozenset({"reasoning"})),
        ("usage.", ("usage",), frozenset({
            "input_tokens", "input_tokens_details", "output_tokens", "output_tokens_details", "total_tokens",
        }), None),
    ),
    "anthropic": (
        ("", (), frozenset({
            "id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "stop_details", "usage",
        }), None),
        ("content[].", ("content", "*"), frozenset({"type", "id", "name", "input"}), frozenset({"tool_use"})),
        ("usage.", ("usage",), frozenset({
            "input_tokens", "output_tokens", "cache_creation", "cache_creation_input_tokens", "cache_read_input_tokens",
            "output_tokens_details", "service_tier",
        }), None),
    ),
    "gemini": (
        ("", (), frozenset({
            "candidates", "usageMetadata", "modelVersion", "responseId", "promptFeedback", "createTime",
        }), None),
        ("candidates[].", ("candidates", "*"), frozenset({
            "content", "finishReason", "finishMessage", "index", "citationMetadata", "groundingMetadata",
            "urlContextMetadata", "logprobsResult",
        }), None),
        ("usageMetadata.", ("usageMetadata",), frozenset({
            "promptTokenCount", "cachedContentTokenCount", "candidatesTokenCount", "thoughtsTokenCount",
            "toolUsePromptTokenCount", "totalTokenCount", "promptTokensDetails", "cacheTokensDetails",
            "candidatesTokensDetails", "toolUsePromptTokensDetails", "serviceTier",
        }), None),
    ),
    "bedrock": (
        # Every reply has metrics; they are about the call and not of the answer.
        ("", (), frozenset({"output", "stopReason", "usage", "serviceTier", "metrics", "p"}), None),
        ("usage.", ("usage",), frozenset({
            "inputTokens", "outputTokens", "totalTokens", "cacheReadInputTokens", "cacheWriteInputTokens",
            "cacheReadInputTokenCount", "cacheWriteInputTokenCount", "cacheDetails",
        }), None),
    ),
})  # fmt: skip

_NOTHING: Final[tuple[Any, ...]] = (None, "", False, 0, [], {}, {"type": "direct"})
"""Values that say nothing; a call is direct where nothing else is said (wire/anthropic.md 4)."""


def unheard(dialect: str, body: Any) -> tuple[str, ...]:
    """Names of what a reply, or a piece of a stream, holds for clients of its own dialect only, in order."""
    found: set[str] = set()
    for name, path, known, kinds in LEVELS[dialect]:
        for item in _at(body, path):
            if type(item) is dict and not item.keys() <= known and (kinds is None or item.get("type") in kinds):
                found.update(name + key for key, value in item.items() if key not in known and value not in _NOTHING)
    return tuple(sorted(found)) if found else ()


def _at(body: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if not path:
        yield body
    elif path[0] != "*":
        if type(body) is dict:
            yield from _at(body.get(path[0]), path[1:])
    elif type(body) is list:
        for item in body:
            yield from _at(item, path[1:])
