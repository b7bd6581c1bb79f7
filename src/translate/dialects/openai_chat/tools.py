"""Tools of chat completions requests: functions, free-text tools, the deprecated functions, providers' own."""

from __future__ import annotations

from typing import Any

from ...draft import Draft
from ...records import Tool, make, traits
from ...records.traits import plain
from ...values import array_at, bool_at, maybe_text, object_at, text_of, wrong_type
from ..searches import read_anthropic, read_openai
from .parts import read_cache


def read_tools(key: str, value: Any, draft: Draft) -> None:
    """Tools, beside those that are there already."""
    tools: list[Tool] = []
    for index, raw in enumerate(array_at(value, (key,))):
        tool = _plain_tool(raw, (key, index))
        if tool is None:
            tool = _tool(raw, (key, index), draft)
            draft.traits |= traits.of_tools((tool,))
        tools.append(tool)
    draft.tools += tuple(tools)


def _plain_tool(raw: Any, path: tuple[str | int, ...]) -> Tool | None:
    """A function of a name, a description and a schema, which most tools are; None when it is anything else."""
    try:
        function = raw["function"]
        name, description, schema = function["name"], function["description"], function["parameters"]
        if len(raw) != 2 or len(function) != 3 or raw["type"] != "function" or not plain(name):
            return None
    except (KeyError, TypeError, AttributeError):
        return None
    if type(description) is not str or type(schema) is not dict:
        return None
    return make.tool(name, description, schema, None, path, raw)


def _tool(raw: Any, path: tuple[str | int, ...], draft: Draft) -> Tool:
    raw = object_at(raw, path)
    kind = raw.get("type", "function")
    if kind == "function":
        function = raw.get("function")
        at = (*path, "function")
        if type(function) is not dict:
            object_at(function, at)
        return _function(function, at, path, raw, draft)
    if kind == "custom":
        at = (*path, "custom")
        custom = object_at(raw.get("custom"), at)
        draft.unknown(raw, path, ("type", "custom", "cache_control"))
        draft.unknown(custom, at, ("name", "description", "format"))
        name, description = text_of(custom, "name", at), maybe_text(custom, "description", at)
        cache = read_cache(raw, path, draft)
        return Tool(name, description, None, None, path, raw, cache, "custom", _format(custom, at, draft))
    if type(kind) is not str:
        wrong_type((*path, "type"), kind, "a string")
    return _search(kind, raw, path, draft) or Tool(kind, kind="builtin", path=path, native=raw)


def _search(kind: str, raw: dict[str, Any], path: tuple[str | int, ...], draft: Draft) -> Tool | None:
    """A provider's own search tool; None when the tool is another. OpenAI's and Anthropic's have versions, too."""
    told = None
    if kind == "web_search" or kind.startswith("web_search_preview"):
        told = read_openai(raw, path, draft)
    elif kind.startswith("web_search_"):
        told = read_anthropic(raw, path, draft)
        draft.point("filters", ("allowed_domains",))
    elif kind != "google_search":
        return None
    return Tool("web_search", kind="builtin", path=path, native=raw, format=told)


def _format(custom: dict[str, Any], path: tuple[str | int, ...], draft: Draft) -> Any:
    """The form of a free-text tool's input."""
    form, at = custom.get("format"), (*path, "format")
    if form is None:
        return None
    draft.unknown(object_at(form, at), at, ("type", "grammar"))
    if type(form.get("grammar")) is dict:
        draft.unknown(form["grammar"], (*at, "grammar"), ("syntax", "definition"))
    return form


_FUNCTION_KEYS = frozenset({"name", "description", "parameters", "strict"})
_MARKED_KEYS = frozenset({"cache_control"}) | _FUNCTION_KEYS


def _function(
    function: dict[str, Any], at: tuple[str | int, ...], path: tuple[str | int, ...], raw: Any, draft: Draft
) -> Tool:
    name, schema = text_of(function, "name", at), function.get("parameters")
    if schema is not None and type(schema) is not dict:
        wrong_type((*at, "parameters"), schema, "a JSON Schema object")
    strict, description = function.get("strict"), function.get("description")
    if strict is not None:
        bool_at(strict, (*at, "strict"))
    if description is not None:
        maybe_text(function, "description", at)
    if len(raw) == 2 and function.keys() <= _FUNCTION_KEYS:
        return Tool(name, description, schema, strict, path, raw)
    draft.unknown(function, at, _MARKED_KEYS)
    if raw is not function:
        draft.unknown(raw, path, ("type", "function", "cache_control"))
    cache = read_cache(raw, path, draft) or read_cache(function, at, draft)
    return Tool(name, description, schema, strict, path, raw, cache)


def read_functions(key: str, value: Any, draft: Draft) -> None:
    """The deprecated form of tools, beside those that are there already."""
    tools = tuple(
        _function(object_at(item, (key, index)), (key, index), (key, index), item, draft)
        for index, item in enumerate(array_at(value, (key,)))
    )
    draft.tools = draft.tools + tools
    draft.traits |= traits.of_tools(tools)
