"""Anthropic Messages requests to records (wire/anthropic.md 2, 3, 5, 6, 7)."""

from collections.abc import Callable
from typing import Any

from attrs import evolve

from ...draft import Draft
from ...records import Extra, Message, OutputFormat, Path, Reasoning, Request, Tool, ToolChoice
from ...records.request import NOTHING
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
from .blocks import NAME, read_cache, read_content


def read_request(body: Any) -> Request:
    """A parsed Messages body as a Request.

    Raises:
        TranslationError: with the pointer of the field that is missing or of a wrong type or value.
    """
    body = object_at(body, ("body",))
    draft = Draft()
    for key, value in body.items():
        slot = SLOTS.get(key)
        if slot is None:
            draft.extras.append(Extra((key,), value))
        elif value is not None:
            slot(key, value, draft)
    fields = draft.fields
    for name in ("model", "messages", "max_tokens"):
        if name not in fields:
            missing((name,))
    system = fields.pop("system", None)
    if system is not None:
        fields["messages"] = (system, *fields["messages"])
    return Request(
        NAME,
        include_usage=True,
        options=draft.options or NOTHING,
        extras=tuple(draft.extras),
        pointers=draft.pointers,
        native=body,
        **fields,
    )


def _model(key: str, value: Any, draft: Draft) -> None:
    if type(value) is not str or not value:
        wrong_type((key,), value, "a non-empty string")
    draft.fields["model"] = value


def _system(key: str, value: Any, draft: Draft) -> None:
    parts = read_content(value, (key,), draft)
    if parts:
        draft.fields["system"] = Message("system", parts, None, (key,), {"role": "system", "content": value})


def _messages(key: str, value: Any, draft: Draft) -> None:
    if not array_at(value, (key,)):
        wrong_value((key,), value, "at least one message")
    draft.fields["messages"] = tuple([_message(raw, (key, index), draft) for index, raw in enumerate(value)])


_MESSAGE_KEYS = frozenset({"role", "content"})


def _message(raw: Any, path: Path, draft: Draft) -> Message:
    if type(raw) is not dict:
        wrong_type(path, raw, "a message object")
    role = choice_at(raw.get("role") or missing((*path, "role")), (*path, "role"), ("user", "assistant", "system"))
    content = raw.get("content")
    if content is None:
        missing((*path, "content"))
    if len(raw) > 2:
        draft.unknown(raw, path, _MESSAGE_KEYS)
    return Message(role, read_content(content, (*path, "content"), draft), None, path, raw)  # type: ignore[arg-type]


def _limit(key: str, value: Any, draft: Draft) -> None:
    draft.fields["max_tokens"] = int_at(value, (key,), 0)


def _stop(key: str, value: Any, draft: Draft) -> None:
    draft.fields["stop"] = strings_at(value, (key,))
    draft.pointers["stop"] = (key,)


def _stream(key: str, value: Any, draft: Draft) -> None:
    draft.fields["stream"] = bool_at(value, (key,))


_TOOL_KEYS = frozenset({"type", "name", "description", "input_schema", "strict", "cache_control"})


def _tools(key: str, value: Any, draft: Draft) -> None:
    draft.fields["tools"] = tuple(
        [_tool(object_at(raw, (key, index)), (key, index), draft) for index, raw in enumerate(array_at(value, (key,)))]
    )


def _tool(raw: dict[str, Any], path: Path, draft: Draft) -> Tool:
    kind = raw.get("type")
    if kind not in (None, "custom"):
        if type(kind) is not str:
            wrong_type((*path, "type"), kind, "a string")
        word = "web_search" if kind.startswith("web_search_") else kind
        return Tool(word, kind="builtin", cache=read_cache(raw, path), path=path, native=raw)
    draft.unknown(raw, path, _TOOL_KEYS)
    schema = _required(raw, "input_schema", path)
    strict = raw.get("strict")
    if strict is not None:
        bool_at(strict, (*path, "strict"))
    name, description = text_of(raw, "name", path), maybe_text(raw, "description", path)
    return Tool(name, description, schema, strict, "function", None, read_cache(raw, path), path, raw)


_MODES = {"auto": "auto", "any": "required", "tool": "named", "none": "none"}


def _required(raw: dict[str, Any], key: str, path: Path) -> dict[str, Any]:
    if raw.get(key) is None:
        missing((*path, key))
    return object_at(raw[key], (*path, key))


def _tool_choice(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    mode = _MODES[choice_at(raw.get("type"), (key, "type"), tuple(_MODES))]
    name = text_of(raw, "name", (key,)) if mode == "named" else None
    draft.fields["tool_choice"] = ToolChoice(mode, name)  # type: ignore[arg-type]
    single = raw.get("disable_parallel_tool_use")
    if single is not None:
        draft.fields["parallel_calls"] = not bool_at(single, (key, "disable_parallel_tool_use"))
        draft.pointers["parallel_calls"] = (key, "disable_parallel_tool_use")


def _reasoning(draft: Draft, **fields: Any) -> None:
    known = draft.fields.get("reasoning") or Reasoning()
    draft.fields["reasoning"] = evolve(known, **fields)


def _thinking(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    mode = text_of(raw, "type", (key,))
    budget = raw.get("budget_tokens")
    if budget is not None:
        int_at(budget, (key, "budget_tokens"), 0)
    extras = {k: v for k, v in raw.items() if k not in ("type", "budget_tokens", "display")}
    draft.extras.extend(Extra((key, k), v) for k, v in extras.items())
    _reasoning(draft, mode=mode, budget=budget, display=maybe_text(raw, "display", (key,)))
    draft.pointers["reasoning"] = (key,)


def _output_config(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    effort = maybe_text(raw, "effort", (key,))
    if effort is not None:
        _reasoning(draft, effort=effort)
        draft.pointers.setdefault("reasoning", (key, "effort"))
    form = raw.get("format")
    if form is not None:
        at = (key, "format")
        choice_at(object_at(form, at).get("type"), (*at, "type"), ("json_schema",))
        schema = _required(form, "schema", at)
        draft.fields["output"] = OutputFormat("schema", "output", schema, None)
        draft.pointers["output"] = at
    draft.unknown(raw, (key,), frozenset({"effort", "format"}))


def _metadata(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    user = maybe_text(raw, "user_id", (key,))
    if user is not None:
        draft.options["user"] = user
        draft.pointers["user"] = (key, "user_id")
    draft.unknown(raw, (key,), frozenset({"user_id"}))


def _tier(key: str, value: Any, draft: Draft) -> None:
    tier = value if type(value) is str else wrong_type((key,), value, "a string")
    draft.options["service_tier"] = {"standard_only": "default"}.get(tier, tier)


def _cache(key: str, value: Any, draft: Draft) -> None:
    draft.fields["cache"] = read_cache({"cache_control": value}, ())
    draft.pointers["cache"] = (key,)


def _number(low: float, high: float) -> Callable[[str, Any, Draft], None]:
    def slot(key: str, value: Any, draft: Draft) -> None:
        draft.options[key] = number_at(value, (key,), low, high)

    return slot


def _top_k(key: str, value: Any, draft: Draft) -> None:
    draft.options[key] = int_at(value, (key,), 0)


SLOTS: dict[str, Callable[[str, Any, Draft], None]] = {
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
    "cache_control": _cache,
    "metadata": _metadata,
    "service_tier": _tier,
    "temperature": _number(0, 1),
    "top_p": _number(0, 1),
    "top_k": _top_k,
}
"""Every field of wire/anthropic.md 2 that has a meaning elsewhere; the others are extras."""
