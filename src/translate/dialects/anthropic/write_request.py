"""Records to Anthropic Messages requests (wire/anthropic.md 2 to 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...records import (
    Request,
    Stale,
    Tool,
)
from ...rewrite import Body, Writers, assemble
from ...target import Target
from ..searches import write_place
from .blocks import NAME
from .request import SLOTS
from .write_messages import write_mark, write_messages

EMPTY_SCHEMA: Body = {"type": "object", "properties": {}}
"""What a tool without arguments declares: ``input_schema`` is required here."""


def write_request(request: Request, target: Target, original: Request | None) -> Body:
    """The body of the call; ``original`` is the request as read when the client speaks this dialect too."""
    return assemble(request, target, original, WRITERS, OWNERS)


def _tools(request: Request, target: Target, body: Body) -> None:
    own = request.dialect == NAME
    tools = [_tool(tool, own=own) for tool in request.tools]
    search = request.options.get("web_search")
    if search is not None:
        tools.append(_web_search(search))
    if tools:
        body["tools"] = tools


def _tool(tool: Tool, *, own: bool) -> Body:
    if own:
        native = tool.native.value if type(tool.native) is Stale else tool.native
        if tool.native is native or tool.kind == "builtin":
            return {k: v for k, v in native.items() if k != "cache_control"} | write_mark(tool.cache)
    out: Body = {"name": tool.name}
    if tool.description is not None:
        out["description"] = tool.description
    if tool.kind == "custom":
        # A free-text tool is a tool with one string (wire/anthropic.md 18).
        out["input_schema"] = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}
    else:
        out["input_schema"] = _schema(tool.schema)
    if tool.strict:
        out["strict"] = True
    if tool.cache is not None:
        out.update(write_mark(tool.cache))
    return out


def _schema(schema: Any) -> Body:
    """A tool's schema; the dialect wants ``"type": "object"`` at its root."""
    if not schema:
        return EMPTY_SCHEMA
    return schema if "type" in schema else {"type": "object", **schema}


def _web_search(options: Body) -> Body:
    tool: Body = {"type": "web_search_20250305", "name": "web_search", **write_place(options)}
    domains = options.get("filters", {}).get("allowed_domains")
    return tool | {"allowed_domains": domains} if domains else tool


def _tool_choice(request: Request, target: Target, body: Body) -> None:
    choice = request.tool_choice
    single = request.parallel_calls is False
    if choice is None:
        if single:
            body["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": True}
        return
    out: Body = {"type": _CHOICES[choice.mode]}
    if choice.mode == "named":
        out["name"] = choice.name
    if single and choice.mode != "none":
        out["disable_parallel_tool_use"] = True
    body["tool_choice"] = out


def _limit(request: Request, target: Target, body: Body) -> None:
    if request.max_tokens is not None:
        body["max_tokens"] = request.max_tokens


def _stop(request: Request, target: Target, body: Body) -> None:
    if request.stop:
        body["stop_sequences"] = list(request.stop)


def _stream(request: Request, target: Target, body: Body) -> None:
    if request.stream:
        body["stream"] = True


def _reasoning(request: Request, target: Target, body: Body) -> None:
    reasoning, output = request.reasoning, request.output
    if reasoning is None and output is None and request.dialect != NAME:
        return
    native = (request.native.get("output_config") or {}) if request.dialect == NAME else {}
    config: Body = {k: v for k, v in native.items() if k not in ("effort", "format")}
    if reasoning is not None and reasoning.mode is not None:
        thinking: Body = {"type": reasoning.mode}
        if reasoning.mode == "enabled":
            thinking["budget_tokens"] = reasoning.budget
        if reasoning.display and reasoning.mode in ("enabled", "adaptive"):
            thinking["display"] = reasoning.display
        body["thinking"] = thinking
    if reasoning is not None and reasoning.effort is not None:
        config["effort"] = reasoning.effort
    if output is not None and output.kind == "schema":
        config["format"] = {"type": "json_schema", "schema": output.schema}
    if config:
        body["output_config"] = config


def _cache(request: Request, target: Target, body: Body) -> None:
    if request.cache is not None:
        body.update(write_mark(request.cache))


def _options(request: Request, target: Target, body: Body) -> None:
    for name, value in request.options.items():
        if name == "user":
            metadata = request.native.get("metadata") if request.dialect == NAME else None
            body["metadata"] = {**(metadata or {}), "user_id": value}
        elif name == "service_tier":
            body["service_tier"] = "standard_only" if value == "default" else value
        elif name != "web_search":
            body[name] = value


_CHOICES = {"auto": "auto", "required": "any", "named": "tool", "none": "none"}

WRITERS: Writers = (
    (("max_tokens",), _limit),
    (("messages",), write_messages),
    (("tools",), _tools),
    (("tool_choice", "parallel_calls"), _tool_choice),
    (("stop",), _stop),
    (("stream",), _stream),
    (("reasoning", "output"), _reasoning),
    (("cache",), _cache),
    (("options",), _options),
)

OWNERS: Mapping[str, tuple[str, ...]] = dict.fromkeys(SLOTS, ("options",)) | {
    "model": ("model",),
    "messages": ("messages",),
    "system": ("messages",),
    "max_tokens": ("max_tokens",),
    "tools": ("tools",),
    "tool_choice": ("tool_choice", "parallel_calls"),
    "stop_sequences": ("stop",),
    "stream": ("stream",),
    "thinking": ("reasoning", "output"),
    "output_config": ("reasoning", "output"),
    "output_format": ("reasoning", "output"),
    "cache_control": ("cache",),
}
"""Which writer speaks for a top-level key."""
