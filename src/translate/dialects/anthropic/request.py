"""Anthropic Messages requests to records (wire/anthropic.md 2, 3, 5, 6, 7)."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from ...draft import Draft, Slot
from ...records import Extra, Message, OutputFormat, Path, Reasoning, Request, Tool, ToolChoice, evolve, traits
from ...records.request import ChoiceMode, Role
from ...values import (
    array_at,
    bool_at,
    choice_at,
    int_at,
    maybe_text,
    missing,
    number_at,
    object_at,
    strings_at,
    text_of,
    wrong_type,
    wrong_value,
)
from ..searches import read_anthropic
from .blocks import NAME, read_cache, read_content

POINTERS = MappingProxyType({
    "stop": ("stop_sequences",),
    "filename": ("title",),
    "filters": ("allowed_domains",),
    "parallel_calls": ("tool_choice", "disable_parallel_tool_use"),
    "reasoning": ("output_config", "effort"),
    "effort": ("output_config", "effort"),
    "budget": ("thinking", "budget_tokens"),
    "output": ("output_config", "format"),
    "output.schema": ("output_config", "format", "schema"),
    "call_id": ("tool_use_id",),
    "user": ("metadata", "user_id"),
    "cache": ("cache_control",),
    "tools.schema": ("input_schema",),
})  # fmt: skip
"""Where the fields of a Request stand in this dialect, when their key is not their name."""


def read_request(body: Any) -> Request:
    """A parsed Messages body as a Request.

    Raises:
        TranslationError: with the pointer of the field that is missing or of a wrong type or value.
    """
    body = object_at(body, ("body",))
    draft = Draft(POINTERS)
    draft.walk(body, SLOTS)
    for name in ("model", "messages", "max_tokens"):
        if getattr(draft, name) is None:
            missing((name,))
    if draft.system is not None:
        draft.messages = (draft.system, *(draft.messages or ()))
    draft.include_usage = True
    draft.traits = traits.of_messages(draft.messages or ()) | traits.of_tools(draft.tools)
    return draft.request(NAME, body)


def _model(key: str, value: Any, draft: Draft) -> None:
    if type(value) is not str or not value:
        wrong_type((key,), value, "a non-empty string")
    draft.model = value


def _system(key: str, value: Any, draft: Draft) -> None:
    content = read_content(value, (key,), draft)
    if content:
        draft.system = Message("system", content, (key,), {"role": "system", "content": value})


def _messages(key: str, value: Any, draft: Draft) -> None:
    if not array_at(value, (key,)):
        wrong_value((key,), value, "at least one message")
    draft.messages = tuple([_message(raw, (key, index), draft) for index, raw in enumerate(value)])


_MESSAGE_KEYS = frozenset({"role", "content"})


def _message(raw: Any, path: Path, draft: Draft) -> Message:
    if type(raw) is not dict:
        wrong_type(path, raw, "a message object")
    role: Role = choice_at(
        raw.get("role") or missing((*path, "role")), (*path, "role"), ("user", "assistant", "system")
    )
    content = raw.get("content")
    if content is None:
        missing((*path, "content"))
    if len(raw) > 2:
        draft.unknown(raw, path, _MESSAGE_KEYS)
    return Message(role, read_content(content, (*path, "content"), draft), path, raw)


def _limit(key: str, value: Any, draft: Draft) -> None:
    draft.max_tokens = int_at(value, (key,), 0)


def _stop(key: str, value: Any, draft: Draft) -> None:
    draft.stop = strings_at(value, (key,))


def _stream(key: str, value: Any, draft: Draft) -> None:
    draft.stream = bool_at(value, (key,))


_TOOL_KEYS = frozenset({"type", "name", "description", "input_schema", "strict", "cache_control"})


def _tools(key: str, value: Any, draft: Draft) -> None:
    draft.tools = tuple(
        [_tool(object_at(raw, (key, index)), (key, index), draft) for index, raw in enumerate(array_at(value, (key,)))]
    )


def _tool(raw: dict[str, Any], path: Path, draft: Draft) -> Tool:
    kind = raw.get("type")
    if kind not in (None, "custom"):
        if type(kind) is not str:
            wrong_type((*path, "type"), kind, "a string")
        searches = kind.startswith("web_search_")
        told = read_anthropic(raw, path, draft) if searches else None
        word, cache = "web_search" if searches else kind, read_cache(raw, path, draft)
        return Tool(word, path=path, native=raw, cache=cache, kind="builtin", format=told)
    draft.unknown(raw, path, _TOOL_KEYS)
    schema = _required(raw, "input_schema", path)
    strict = raw.get("strict")
    if strict is not None:
        bool_at(strict, (*path, "strict"))
    name, description = text_of(raw, "name", path), maybe_text(raw, "description", path)
    return Tool(name, description, schema, strict, path, raw, read_cache(raw, path, draft))


_MODES: dict[str, ChoiceMode] = {"auto": "auto", "any": "required", "tool": "named", "none": "none"}


def _required(raw: dict[str, Any], key: str, path: Path) -> dict[str, Any]:
    if raw.get(key) is None:
        missing((*path, key))
    return object_at(raw[key], (*path, key))


def _tool_choice(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    mode = _MODES[choice_at(raw.get("type"), (key, "type"), tuple(_MODES))]
    draft.unknown(raw, (key,), ("type", "disable_parallel_tool_use", "name" if mode == "named" else ""))
    name = text_of(raw, "name", (key,)) if mode == "named" else None
    draft.tool_choice = ToolChoice(mode, name)
    single = raw.get("disable_parallel_tool_use")
    if single is not None:
        draft.parallel_calls = not bool_at(single, (key, "disable_parallel_tool_use"))


def _reasoning(draft: Draft, **fields: Any) -> None:
    known = draft.reasoning or Reasoning()
    draft.reasoning = evolve(known, **fields)


def _thinking(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    mode = text_of(raw, "type", (key,))
    budget = raw.get("budget_tokens")
    if budget is not None:
        int_at(budget, (key, "budget_tokens"), 0)
    extras = {k: v for k, v in raw.items() if k not in ("type", "budget_tokens", "display")}
    draft.extras.extend(Extra((key, k), v) for k, v in extras.items())
    _reasoning(draft, mode=mode, budget=budget, display=maybe_text(raw, "display", (key,)))
    draft.point("reasoning", (key,))


def _output_config(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    effort = maybe_text(raw, "effort", (key,))
    if effort is not None:
        _reasoning(draft, effort=effort)
    form = raw.get("format")
    if form is not None:
        at = (key, "format")
        choice_at(object_at(form, at).get("type"), (*at, "type"), ("json_schema",))
        schema = _required(form, "schema", at)
        draft.unknown(form, at, ("type", "schema"))
        draft.output = OutputFormat("schema", "output", schema, None)
    draft.unknown(raw, (key,), frozenset({"effort", "format"}))


def _output_format(key: str, value: Any, draft: Draft) -> None:
    """The former place of ``output_config.format``."""
    raw = object_at(value, (key,))
    choice_at(raw.get("type"), (key, "type"), ("json_schema",))
    draft.unknown(raw, (key,), ("type", "schema"))
    if draft.output is None:
        draft.output = OutputFormat("schema", "output", _required(raw, "schema", (key,)))
        draft.point("output", (key,))
        draft.point("output.schema", (key, "schema"))


def _metadata(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    user = maybe_text(raw, "user_id", (key,))
    if user is not None:
        draft.option("user", user)
    draft.unknown(raw, (key,), frozenset({"user_id"}))


def _tier(key: str, value: Any, draft: Draft) -> None:
    tier = value if type(value) is str else wrong_type((key,), value, "a string")
    draft.option("service_tier", {"standard_only": "default"}.get(tier, tier))


def _cache(key: str, value: Any, draft: Draft) -> None:
    draft.cache = read_cache({"cache_control": value}, (), draft)


def _number(low: float, high: float) -> Callable[[str, Any, Draft], None]:
    def slot(key: str, value: Any, draft: Draft) -> None:
        draft.option(key, number_at(value, (key,), low, high))

    return slot


def _top_k(key: str, value: Any, draft: Draft) -> None:
    draft.option(key, int_at(value, (key,), 0))


SLOTS: dict[str, Slot] = {
    "model": _model,
    "messages": _messages,
    "max_tokens": _limit,
    "system": _system,
    "stream": _stream,
    "stop_sequences": _stop,
    "tools": _tools,
    "tool_choice": _tool_choice,
    "thinking": _thinking,
    "output_config": _output_config,
    "output_format": _output_format,
    "cache_control": _cache,
    "metadata": _metadata,
    "service_tier": _tier,
    "temperature": _number(0, 1),
    "top_p": _number(0, 1),
    "top_k": _top_k,
}
"""Every field of wire/anthropic.md 2 that has a meaning elsewhere; the others are extras."""
