"""OpenAI Responses requests to records (wire/openai-responses.md 2, 4 and 9)."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from ...draft import Draft, Slot
from ...records import Extra, Message, OutputFormat, Path, Reasoning, Request, Tool, ToolChoice, traits
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
)
from ..searches import read_openai
from .items import read_input, stateful
from .parts import NAME

POINTERS = MappingProxyType({
    "max_tokens": ("max_output_tokens",),
    "parallel_calls": ("parallel_tool_calls",),
    "output": ("text", "format"),
    "output.schema": ("text", "format", "schema"),
    "reasoning": ("reasoning", "effort"),
    "effort": ("reasoning", "effort"),
    "verbosity": ("text", "verbosity"),
    "tools.schema": ("parameters",),
    "messages": ("input",),
    "parts.content": ("output",),
})  # fmt: skip
"""Where the fields of a Request stand in this dialect, when their key is not their name."""

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
LOGPROBS = "message.output_text.logprobs"
ENCRYPTED = "reasoning.encrypted_content"


def read_request(body: Any) -> Request:
    """A parsed Responses body as a Request.

    Raises:
        TranslationError: with the pointer of the field that is missing or of a wrong type or value.
    """
    body = object_at(body, ("body",))
    draft = Draft(POINTERS)
    draft.walk(body, SLOTS)
    if draft.messages is None:
        missing(("input",))
    if draft.model is None:
        missing(("model",))
    if draft.system is not None:
        draft.messages = (draft.system, *draft.messages)
    draft.include_usage = True
    draft.traits = traits.of_messages(draft.messages) | traits.of_tools(draft.tools)
    return draft.request(NAME, body)


def _model(key: str, value: Any, draft: Draft) -> None:
    if type(value) is not str or not value:
        wrong_type((key,), value, "a non-empty string")
    draft.model = value


def _input(key: str, value: Any, draft: Draft) -> None:
    draft.messages = read_input(value, draft)


def _instructions(key: str, value: Any, draft: Draft) -> None:
    if type(value) is not str:
        wrong_type((key,), value, "a string")
    if value:
        draft.system = Message("system", value, (key,), {"role": "system", "content": value})


def _stateful(what: str, instead: str) -> Slot:
    def slot(key: str, value: Any, draft: Draft) -> None:
        if value is not False:
            raise stateful((key,), what, instead)

    return slot


def _limit(key: str, value: Any, draft: Draft) -> None:
    draft.max_tokens = int_at(value, (key,), 1)


def _stream(key: str, value: Any, draft: Draft) -> None:
    draft.stream = bool_at(value, (key,))


def _stream_options(key: str, value: Any, draft: Draft) -> None:
    draft.unknown(object_at(value, (key,)), (key,), ())


def _parallel(key: str, value: Any, draft: Draft) -> None:
    draft.parallel_calls = bool_at(value, (key,))


def _include(key: str, value: Any, draft: Draft) -> None:
    """Encrypted reasoning is always given; what else may be included has no place in other dialects."""
    for index, word in enumerate(strings_at(value, (key,))):
        if word == LOGPROBS:
            draft.option("logprobs", True)
            draft.point("logprobs", (key, index))
        elif word != ENCRYPTED:
            draft.extras.append(Extra((key, index), word))


# Tools


def _tools(key: str, value: Any, draft: Draft) -> None:
    draft.tools = tuple(
        [_tool(object_at(raw, (key, index)), (key, index), draft) for index, raw in enumerate(array_at(value, (key,)))]
    )


_FUNCTION_KEYS = frozenset({"type", "name", "description", "parameters", "strict"})
_SEARCH = frozenset({"web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11"})


def _tool(raw: dict[str, Any], path: Path, draft: Draft) -> Tool:
    kind = text_of(raw, "type", path)
    if kind == "function":
        draft.unknown(raw, path, _FUNCTION_KEYS)
        schema, strict = raw.get("parameters"), raw.get("strict")
        if schema is not None:
            object_at(schema, (*path, "parameters"))
        if strict is not None:
            bool_at(strict, (*path, "strict"))
        name, description = text_of(raw, "name", path), maybe_text(raw, "description", path)
        return Tool(name, description, schema, strict, path, raw)
    if kind == "custom":
        draft.unknown(raw, path, ("type", "name", "description", "format"))
        name, description = text_of(raw, "name", path), maybe_text(raw, "description", path)
        return Tool(name, description, None, None, path, raw, None, "custom", _format(raw, path))
    if kind in _SEARCH:
        return Tool("web_search", kind="builtin", path=path, native=raw, format=read_openai(raw, path, draft))
    return Tool(kind, kind="builtin", path=path, native=raw)


def _format(raw: dict[str, Any], path: Path) -> Any:
    """The form of a free-text tool's input; a grammar is an object of its own in the record."""
    form = raw.get("format")
    if form is None:
        return None
    inner = object_at(form, (*path, "format"))
    if inner.get("type") != "grammar":
        return form
    return {"type": "grammar", "grammar": {key: inner.get(key) for key in ("syntax", "definition")}}


def _tool_choice(key: str, value: Any, draft: Draft) -> None:
    if type(value) is str:
        draft.tool_choice = ToolChoice(choice_at(value, (key,), ("none", "auto", "required")))
        return
    raw = object_at(value, (key,))
    kind = text_of(raw, "type", (key,))
    if kind in ("function", "custom"):
        draft.unknown(raw, (key,), ("type", "name"))
        draft.tool_choice = ToolChoice("named", text_of(raw, "name", (key,)), custom=kind == "custom")
    elif kind == "allowed_tools":
        draft.tool_choice = _allowed(raw, (key,), draft)
    else:
        # A tool that the provider runs: only its own dialect can name it.
        draft.extras.append(Extra((key,), value))


def _allowed(raw: dict[str, Any], path: Path, draft: Draft) -> ToolChoice | None:
    draft.unknown(raw, path, ("type", "mode", "tools"))
    mode: ChoiceMode = choice_at(raw.get("mode", "auto"), (*path, "mode"), ("auto", "required"))
    names = []
    for index, item in enumerate(array_at(raw.get("tools"), (*path, "tools"))):
        at = (*path, "tools", index)
        entry = object_at(item, at)
        if entry.get("type", "function") in ("function", "custom"):
            draft.unknown(entry, at, ("type", "name"))
            names.append(text_of(entry, "name", at))
        else:
            draft.extras.append(Extra(at, entry))
    return ToolChoice(mode, allowed=tuple(names))


# The answer


def _text(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    draft.unknown(raw, (key,), ("format", "verbosity"))
    if raw.get("verbosity") is not None:
        draft.option("verbosity", choice_at(raw["verbosity"], (key, "verbosity"), ("low", "medium", "high")))
    if raw.get("format") is not None:
        draft.output = _output(object_at(raw["format"], (key, "format")), (key, "format"), draft)


_SCHEMA_KEYS = frozenset({"type", "name", "schema", "strict", "description"})


def _output(raw: dict[str, Any], path: Path, draft: Draft) -> OutputFormat | None:
    kind = choice_at(raw.get("type"), (*path, "type"), ("text", "json_object", "json_schema"))
    draft.unknown(raw, path, _SCHEMA_KEYS if kind == "json_schema" else ("type",))
    if kind == "text":
        return None
    if kind == "json_object":
        return OutputFormat("json")
    strict = raw.get("strict")
    return OutputFormat(
        "schema",
        text_of(raw, "name", path),
        object_at(raw.get("schema"), (*path, "schema")),
        strict if strict is None else bool_at(strict, (*path, "strict")),
        maybe_text(raw, "description", path),
    )


def _reasoning(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    effort = raw.get("effort")
    if effort is not None:
        choice_at(effort, (key, "effort"), EFFORTS)
    word = "summary" if raw.get("summary") else "generate_summary"
    shown = maybe_text(raw, word, (key,))
    draft.unknown(raw, (key,), ("effort", "summary", "generate_summary"))
    if effort is not None or shown is not None:
        draft.reasoning = Reasoning(effort, display=None if shown is None else "summarized")
        draft.point("display", (key, word))
        if effort is None:
            draft.point("reasoning", (key,))


# Options


def _option(check: Callable[[Any, Path], Any], name: str | None = None) -> Slot:
    def slot(key: str, value: Any, draft: Draft) -> None:
        draft.option(name or key, check(value, (key,)))

    return slot


def _range(low: float, high: float) -> Callable[[Any, Path], Any]:
    return lambda value, path: number_at(value, path, low, high)


def _word(value: Any, path: Path) -> Any:
    return value if type(value) is str else wrong_type(path, value, "a string")


def _top_logprobs(value: Any, path: Path) -> Any:
    return int_at(value, path, 0, 20)


_LATER = "Send the whole conversation as 'input'."

SLOTS: dict[str, Slot] = {
    "model": _model,
    "input": _input,
    "instructions": _instructions,
    "previous_response_id": _stateful("an earlier response", _LATER),
    "conversation": _stateful("a stored conversation", _LATER),
    "prompt": _stateful("a stored prompt template", "Send its text as 'instructions' and 'input'."),
    "background": _stateful("a response that is read later", "Ask for a stream instead."),
    "max_output_tokens": _limit,
    "stream": _stream,
    "stream_options": _stream_options,
    "parallel_tool_calls": _parallel,
    "include": _include,
    "tools": _tools,
    "tool_choice": _tool_choice,
    "text": _text,
    "reasoning": _reasoning,
    "temperature": _option(_range(0, 2)),
    "top_p": _option(_range(0, 1)),
    "top_logprobs": _option(_top_logprobs),
    "user": _option(_word),
    "safety_identifier": _option(_word),
    "metadata": _option(object_at),
    "store": _option(bool_at),
    "service_tier": _option(_word),
    "prompt_cache_key": _option(_word),
    "prompt_cache_retention": _option(_word),
    "prompt_cache_options": _option(object_at),
    "moderation": _option(object_at),
}
"""Every field of wire/openai-responses.md 2 that has a meaning elsewhere; the others are extras."""
