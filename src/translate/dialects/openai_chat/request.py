"""OpenAI Chat Completions requests to records (wire/openai-chat.md 2, 3, 6, 7, 12)."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from ...draft import Draft, Slot
from ...records import Extra, OutputFormat, Reasoning, Request, ToolChoice
from ...records.request import ChoiceMode
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
from .messages import read_messages
from .parts import read_cache
from .tools import read_functions, read_tools

NAME = "openai_chat"

POINTERS = MappingProxyType({
    "include_usage": ("stream_options", "include_usage"),
    "parallel_calls": ("parallel_tool_calls",),
    "output": ("response_format",),
    "output.schema": ("response_format", "json_schema", "schema"),
    "call_id": ("tool_call_id",),
    "reasoning": ("reasoning_effort",),
    "effort": ("reasoning", "effort"),
    "budget": ("reasoning", "max_tokens"),
    "cache": ("cache_control",),
    "detail": ("image_url", "detail"),
    "web_search": ("web_search_options",),
    "tools.strict": ("function", "strict"),
    "tools.schema": ("function", "parameters"),
    "functions.schema": ("parameters",),
})  # fmt: skip
"""Where the fields of a Request stand in this dialect, when their key is not their name."""

# Nearly every request needs just this one: made once.
_CURRENT_LIMIT = MappingProxyType({**POINTERS, "max_tokens": ("max_completion_tokens",)})

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max", "default")


def read_request(body: Any) -> Request:
    """A parsed chat-completions body as a Request.

    Raises:
        TranslationError: with the pointer of the field that is missing or of a wrong type or value.
    """
    body = object_at(body, ("body",))
    draft = Draft(POINTERS)
    draft.walk(body, SLOTS)
    if draft.messages is None:
        missing(("messages",))
    if draft.model is None:
        missing(("model",))
    return draft.request(NAME, body)


def _model(key: str, value: Any, draft: Draft) -> None:
    if type(value) is not str or not value:
        wrong_type((key,), value, "a non-empty string")
    draft.model = value


def _messages(key: str, value: Any, draft: Draft) -> None:
    if not array_at(value, (key,)):
        wrong_value((key,), value, "at least one message")
    draft.messages = read_messages(value, draft)


def _limit(key: str, value: Any, draft: Draft) -> None:
    limit = value if type(value) is int and value > 0 else int_at(value, (key,), 1)
    known = draft.max_tokens
    if known is None or key == "max_completion_tokens":
        draft.max_tokens = limit
        if key == "max_completion_tokens":
            if draft.pointers is POINTERS:
                draft.pointers = _CURRENT_LIMIT
            else:
                draft.point("max_tokens", (key,))
    if known is not None and known != limit:
        # Two different limits: the current spelling wins and the deprecated one is a loss.
        draft.extras.append(Extra(("max_tokens",), value))


def _stop(key: str, value: Any, draft: Draft) -> None:
    if type(value) is str:
        draft.stop = (value,)
    elif type(value) is list:
        draft.stop = strings_at(value, (key,))
    else:
        wrong_type((key,), value, "a string or an array of strings")


def _stream(key: str, value: Any, draft: Draft) -> None:
    draft.stream = bool_at(value, (key,))


def _stream_options(key: str, value: Any, draft: Draft) -> None:
    for name, item in object_at(value, (key,)).items():
        if name == "include_usage":
            draft.include_usage = item is not None and bool_at(item, (key, name))
        elif item is not None:
            draft.extras.append(Extra((key, name), item))


def _parallel(key: str, value: Any, draft: Draft) -> None:
    draft.parallel_calls = bool_at(value, (key,))


def _tool_choice(key: str, value: Any, draft: Draft) -> None:
    if type(value) is str:
        # "any" is how some servers spell "required".
        word = "required" if value == "any" else value
        choice = ToolChoice(choice_at(word, (key,), ("none", "auto", "required")))
    else:
        choice = _choice_object(object_at(value, (key,)), (key,), draft)
    draft.tool_choice = choice


def _choice_object(raw: dict[str, Any], path: tuple[str | int, ...], draft: Draft) -> ToolChoice:
    kind = choice_at(raw.get("type", "function"), (*path, "type"), ("function", "custom", "allowed_tools"))
    inner = object_at(raw.get(kind), (*path, kind))
    draft.unknown(raw, path, ("type", kind))
    draft.unknown(inner, (*path, kind), ("mode", "tools") if kind == "allowed_tools" else ("name",))
    if kind != "allowed_tools":
        return ToolChoice("named", text_of(inner, "name", (*path, kind)), custom=kind == "custom")
    mode: ChoiceMode = choice_at(inner.get("mode", "auto"), (*path, kind, "mode"), ("auto", "required"))
    names = []
    for index, item in enumerate(array_at(inner.get("tools"), (*path, kind, "tools"))):
        at = (*path, kind, "tools", index)
        entry = object_at(item, at)
        sort = choice_at(entry.get("type", "function"), (*at, "type"), ("function", "custom"))
        tool = object_at(entry.get(sort), (*at, sort))
        draft.unknown(entry, at, ("type", sort))
        draft.unknown(tool, (*at, sort), ("name",))
        names.append(text_of(tool, "name", (*at, sort)))
    return ToolChoice(mode, allowed=tuple(names))


def _function_call(key: str, value: Any, draft: Draft) -> None:
    if type(value) is str:
        choice = ToolChoice(choice_at(value, (key,), ("none", "auto")))
    else:
        choice = ToolChoice("named", text_of(object_at(value, (key,)), "name", (key,)))
        draft.unknown(value, (key,), ("name",))
    if draft.tool_choice is None:
        draft.tool_choice = choice
        draft.point("tool_choice", (key,))


def _response_format(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    kind = choice_at(raw.get("type"), (key, "type"), ("text", "json_object", "json_schema"))
    draft.unknown(raw, (key,), ("type", "json_schema") if kind == "json_schema" else ("type",))
    if kind == "text":
        return
    if kind == "json_object":
        draft.output = OutputFormat("json")
        return
    at = (key, "json_schema")
    inner = object_at(raw.get("json_schema"), at)
    draft.unknown(inner, at, ("name", "description", "schema", "strict"))
    strict = inner.get("strict")
    schema = inner.get("schema")
    draft.output = OutputFormat(
        "schema",
        text_of(inner, "name", at),
        {} if schema is None else object_at(schema, (*at, "schema")),
        strict if strict is None else bool_at(strict, (*at, "strict")),
        maybe_text(inner, "description", at),
    )


def _effort(key: str, value: Any, draft: Draft) -> None:
    effort = choice_at(value, (key,), EFFORTS)
    known = draft.reasoning
    if known is None:
        draft.reasoning = Reasoning(effort)
    else:
        # A native object wins over the effort (spec/chat.md 7).
        draft.extras.append(Extra((key,), value))


def _native_reasoning(key: str, reasoning: Reasoning, draft: Draft) -> None:
    known = draft.reasoning
    if known is not None:
        draft.extras.append(Extra(draft.pointers["reasoning"], known.effort or known.mode))
    draft.reasoning = reasoning
    draft.point("reasoning", (key,))


def _reasoning(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    effort = raw.get("effort")
    budget = raw.get("max_tokens")
    enabled = raw.get("enabled")
    if effort is not None:
        choice_at(effort, (key, "effort"), EFFORTS)
    elif enabled is False and budget is None:
        effort = "none"
    elif enabled is True and budget is None:
        effort = "medium"
    draft.unknown(raw, (key,), ("effort", "max_tokens", "enabled"))
    if enabled is False and (raw.get("effort") or "none", budget) != ("none", None):
        # How much is more than whether.
        draft.extras.append(Extra((key, "enabled"), enabled))
    if budget is not None:
        int_at(budget, (key, "max_tokens"), 1)
    if effort is not None or budget is not None:
        _native_reasoning(key, Reasoning(effort, "enabled" if budget is not None else None, budget), draft)


def _thinking(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    mode = choice_at(raw.get("type"), (key, "type"), ("enabled", "adaptive", "disabled", "between_tools"))
    budget = raw.get("budget_tokens")
    if budget is not None:
        int_at(budget, (key, "budget_tokens"), 0)
    display = maybe_text(raw, "display", (key,))
    draft.unknown(raw, (key,), ("type", "budget_tokens", "display"))
    _native_reasoning(key, Reasoning(None, mode, budget, display), draft)


def _cache(key: str, value: Any, draft: Draft) -> None:
    draft.cache = read_cache({"cache_control": value}, (), draft)


def _web_search(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    draft.unknown(raw, (key,), ("user_location", "search_context_size"))
    maybe_text(raw, "search_context_size", (key,))
    location = raw.get("user_location")
    if location is not None:
        at = (key, "user_location")
        draft.unknown(object_at(location, at), at, ("type", "approximate"))
        approximate = object_at(location.get("approximate"), (*at, "approximate"))
        draft.unknown(approximate, (*at, "approximate"), ("city", "country", "region", "timezone"))
    draft.option("web_search", raw)


def _option(name: str, check: Callable[[Any, tuple[str]], Any]) -> Callable[[str, Any, Draft], None]:
    def slot(key: str, value: Any, draft: Draft) -> None:
        draft.option(name, check(value, (key,)))

    return slot


def _range(low: float, high: float) -> Callable[[Any, tuple[str]], Any]:
    return lambda value, path: number_at(value, path, low, high)


def _integer(low: int | None, high: int | None = None) -> Callable[[Any, tuple[str]], Any]:
    return lambda value, path: int_at(value, path, low, high)


def _text(value: Any, path: tuple[str]) -> Any:
    return value if type(value) is str else wrong_type(path, value, "a string")


def _verbosity(value: Any, path: tuple[str]) -> Any:
    return choice_at(value, path, ("low", "medium", "high"))


SLOTS: dict[str, Slot] = {
    "model": _model,
    "messages": _messages,
    "max_completion_tokens": _limit,
    "max_tokens": _limit,
    "stop": _stop,
    "stream": _stream,
    "stream_options": _stream_options,
    "parallel_tool_calls": _parallel,
    "tools": read_tools,
    "functions": read_functions,
    "tool_choice": _tool_choice,
    "function_call": _function_call,
    "response_format": _response_format,
    "reasoning_effort": _effort,
    "reasoning": _reasoning,
    "thinking": _thinking,
    "cache_control": _cache,
    "temperature": _option("temperature", _range(0, 2)),
    "top_p": _option("top_p", _range(0, 1)),
    "top_k": _option("top_k", _integer(0)),
    "presence_penalty": _option("presence_penalty", _range(-2, 2)),
    "frequency_penalty": _option("frequency_penalty", _range(-2, 2)),
    "seed": _option("seed", _integer(None)),
    "n": _option("n", _integer(1, 128)),
    "logprobs": _option("logprobs", bool_at),
    "top_logprobs": _option("top_logprobs", _integer(0, 20)),
    "logit_bias": _option("logit_bias", object_at),
    "user": _option("user", _text),
    "safety_identifier": _option("safety_identifier", _text),
    "metadata": _option("metadata", object_at),
    "store": _option("store", bool_at),
    "service_tier": _option("service_tier", _text),
    "verbosity": _option("verbosity", _verbosity),
    "prompt_cache_key": _option("prompt_cache_key", _text),
    "prompt_cache_retention": _option("prompt_cache_retention", _text),
    "prompt_cache_options": _option("prompt_cache_options", object_at),
    "web_search_options": _web_search,
    "prediction": _option("prediction", object_at),
    "modalities": _option("modalities", lambda value, path: list(strings_at(value, path))),
    "audio": _option("audio", object_at),
    "moderation": _option("moderation", object_at),
}
"""Every top-level field of the dialect (wire/openai-chat.md 2) and the extensions of section 12."""
