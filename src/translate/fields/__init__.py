"""What becomes of every field of a client at every target: data, read by ``fit``.

``OPTIONS`` lists the less frequent wishes of a request by their common name. ``CARRIES`` says which of them a dialect
can express. ``table`` is the whole: each field of each client's dialect, with what becomes of it at each target.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ..records import Severity
from ..records.quick import record
from .table import neutral, severities


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

BINDS: Final = frozenset({"anthropic", "bedrock", "gemini"})
"""Dialects whose bound answers are all strict, and that have no word for it (wire/anthropic.md 7)."""

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

EXTENSIONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    "openai_chat": frozenset({
        "reasoning", "thinking", "cache_control", "reasoning_content", "reasoning_details", "thinking_blocks",
        "content_blocks", "provider_specific_fields", "extra_content",
    }),
})  # fmt: skip
"""Keys of foreign origin that a reader understands: forwarded only to providers whose row lists them."""


@functools.cache
def foreign_keys(dialect: str, taken: frozenset[str]) -> frozenset[str]:
    """The keys of foreign origin that a provider with these extensions does not take."""
    return frozenset() if "*" in taken else EXTENSIONS.get(dialect, frozenset()) - taken


def foreign_key(dialect: str, key: Any, taken: frozenset[str]) -> bool:
    """Whether a key is an extension that a provider with these extensions does not take."""
    return key in foreign_keys(dialect, taken)


def says_nothing(dialect: str, path: tuple[str | int, ...], value: Any) -> bool:
    """Whether dropping a field without a place changes nothing: null, echoes such as ``[]``, and what is so anyway."""
    return value in (None, [], {}, "") or value in neutral(dialect).get(_pattern(path), ())


def extra_severity(dialect: str, path: tuple[str | int, ...], kind: str = "") -> Severity:
    """The severity of losing a field without a place, or a thing of a kind, as the disposition table has it.

    An unknown key is lost like the ``x_unknown`` beside it there; where the table has none, a top-level field is a
    contract (spec/chat.md 2), and a nested one a matter of quality.
    """
    listed, pattern = severities(dialect), _pattern(path)
    beside = f"{pattern.rpartition('/')[0]}/x_unknown"
    found = listed.get(f"{pattern}:{kind}") or listed.get(pattern) or listed.get(beside)
    return found or ("contract" if len(path) == 1 else "quality")


def _pattern(path: tuple[str | int, ...]) -> str:
    return "".join("/*" if isinstance(step, int) else f"/{step}" for step in path)
