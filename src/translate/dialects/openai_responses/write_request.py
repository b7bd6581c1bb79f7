"""Records to OpenAI Responses requests (wire/openai-responses.md 2, 4, 8 and 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...records import Request, Stale, Tool
from ...rewrite import Body, Writers, assemble
from ...target import Target
from ..searches import write_place
from .parts import NAME
from .request import ENCRYPTED, LOGPROBS, SLOTS
from .write_items import write_input

EMPTY_SCHEMA: Body = {"type": "object", "properties": {}}
"""What a tool without arguments declares."""


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
    native = tool.native.value if type(tool.native) is Stale else tool.native
    if (own and tool.native is native) or tool.kind == "builtin":
        return dict(native)
    out: Body = {"type": tool.kind, "name": tool.name}
    if tool.description is not None:
        out["description"] = tool.description
    if tool.kind == "custom":
        if tool.format is not None:
            grammar = tool.format.get("grammar")
            words = {"type": "grammar", **grammar} if isinstance(grammar, dict) else tool.format
            out["format"] = {key: words[key] for key in ("type", "syntax", "definition") if key in words}
        return out
    out["parameters"] = EMPTY_SCHEMA if tool.schema is None else tool.schema
    # Left out it means "try strict" here, and "not strict" everywhere else.
    out["strict"] = tool.strict if own else bool(tool.strict)
    return {**native, **out} if own else out


def _web_search(options: Body) -> Body:
    tool: Body = {"type": "web_search", **write_place(options)}
    return tool | {key: options[key] for key in ("search_context_size", "filters") if options.get(key) is not None}


def _tool_choice(request: Request, target: Target, body: Body) -> None:
    choice = request.tool_choice
    if choice is None:
        return
    if choice.mode == "named":
        body["tool_choice"] = {"type": "custom" if choice.custom else "function", "name": choice.name}
    elif choice.allowed is not None:
        kinds = {tool.name: tool.kind for tool in request.tools}
        tools = [{"type": kinds.get(name, "function"), "name": name} for name in choice.allowed]
        body["tool_choice"] = {"type": "allowed_tools", "mode": choice.mode, "tools": tools}
    else:
        body["tool_choice"] = choice.mode


def _parallel(request: Request, target: Target, body: Body) -> None:
    if request.parallel_calls is not None:
        body["parallel_tool_calls"] = request.parallel_calls


def _limit(request: Request, target: Target, body: Body) -> None:
    if request.max_tokens is not None:
        body["max_output_tokens"] = request.max_tokens


def _stream(request: Request, target: Target, body: Body) -> None:
    if request.stream:
        body["stream"] = True


def _reasoning(request: Request, target: Target, body: Body) -> None:
    wish = request.reasoning
    if wish is None:
        return
    native = request.native.get("reasoning") if request.dialect == NAME else None
    out: Body = dict(native or {})
    out.pop("effort", None)
    if wish.effort is not None:
        out["effort"] = wish.effort
    if wish.display is not None and wish.display != "omitted":
        out.setdefault("summary", "auto")
    if out:
        body["reasoning"] = out


def _text(request: Request, target: Target, body: Body) -> None:
    native = request.native.get("text") if request.dialect == NAME else None
    out: Body = {key: value for key, value in (native or {}).items() if key not in ("format", "verbosity")}
    form = _format(request, (native or {}).get("format"))
    if form is not None:
        out["format"] = form
    if "verbosity" in request.options:
        out["verbosity"] = request.options["verbosity"]
    if out:
        body["text"] = out


def _format(request: Request, native: Body | None) -> Body | None:
    """The form of the answer; what the client's own words say beyond the record is kept."""
    output = request.output
    if output is None or output.kind == "text":
        return native if native is not None and native.get("type") == "text" else None
    if output.kind == "json":
        return {**(native or {}), "type": "json_object"}
    out: Body = {"type": "json_schema", "name": output.name or "output", "schema": output.schema}
    if output.description is not None:
        out["description"] = output.description
    if output.strict is not None:
        out["strict"] = output.strict
    return {**(native or {}), **out}


def _cache(request: Request, target: Target, body: Body) -> None:
    if request.cache is not None:
        ttl = {} if request.cache.ttl is None else {"ttl": request.cache.ttl}
        body["prompt_cache_options"] = {"mode": "implicit", **ttl}


def _options(request: Request, target: Target, body: Body) -> None:
    for name, value in request.options.items():
        if name not in _ELSEWHERE:
            body[name] = value


_ELSEWHERE = frozenset({"verbosity", "logprobs", "web_search"})


def _include(request: Request, target: Target, body: Body) -> None:
    """What is not kept comes encrypted, so that it can be sent back; only models that reason can be asked for it."""
    said = request.native.get("include") if request.dialect == NAME else None
    words = [word for word in said or () if word != LOGPROBS or "logprobs" in request.options]
    reasons = target.row.reasoning.kind in ("native", "fixed")
    if reasons and request.options.get("store") is False and ENCRYPTED not in words:
        words.append(ENCRYPTED)
    if request.options.get("logprobs") and LOGPROBS not in words:
        words.append(LOGPROBS)
    if words or said is not None:
        body["include"] = words


WRITERS: Writers = (
    (("messages",), write_input),
    (("tools",), _tools),
    (("tool_choice",), _tool_choice),
    (("parallel_calls",), _parallel),
    (("max_tokens",), _limit),
    (("stream",), _stream),
    (("reasoning",), _reasoning),
    (("output", "options"), _text),
    (("cache",), _cache),
    (("options",), _options),
    (("options",), _include),
)

OWNERS: Mapping[str, Any] = dict.fromkeys(SLOTS, ("options",)) | {
    "model": ("model",),
    "input": ("messages",),
    "instructions": ("messages",),
    "tools": ("tools",),
    "tool_choice": ("tool_choice",),
    "parallel_tool_calls": ("parallel_calls",),
    "max_output_tokens": ("max_tokens",),
    "stream": ("stream",),
    "stream_options": ("stream",),
    "reasoning": ("reasoning",),
    "text": ("output", "options"),
    "background": ("model",),
}
"""Which writer speaks for a top-level key."""
