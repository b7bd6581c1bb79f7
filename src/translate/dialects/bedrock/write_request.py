"""Records to Converse requests (wire/bedrock.md 4, 6, 7, 8)."""

from __future__ import annotations

from typing import Any

from ...records import Request, Stale, Tool
from ...rewrite import Body, Writers, assemble
from ...spelling import spell
from ...target import Target
from ...values import dumps
from .blocks import NAME
from .request import FIELDS, SEARCH
from .write_messages import cache_point, write_messages

EMPTY_SCHEMA: Body = {"type": "object", "properties": {}}
"""What a tool without arguments declares: ``inputSchema`` is required here."""


def write_request(request: Request, target: Target, original: Request | None) -> Body:
    """The body of the call; ``original`` is the request as read when the client speaks this dialect too."""
    body = assemble(request, target, original, WRITERS, OWNERS)
    # The path says it.
    body.pop("stream", None)
    return body


def _kept(request: Request, key: str) -> Body:
    """Keys of an object of a client that speaks this dialect that no writer speaks for."""
    if request.dialect != NAME:
        return {}
    return {
        str(extra.path[1]): extra.value for extra in request.extras if len(extra.path) == 2 and extra.path[0] == key
    }


def _inference(request: Request, target: Target, body: Body) -> None:
    out = _kept(request, "inferenceConfig")
    if request.max_tokens is not None:
        out["maxTokens"] = request.max_tokens
    for name, own in (("temperature", "temperature"), ("top_p", "topP")):
        if name in request.options:
            out[own] = request.options[name]
    if request.stop:
        out["stopSequences"] = list(request.stop)
    if out:
        body["inferenceConfig"] = out


_CHOICES = {"auto": "auto", "required": "any", "named": "tool"}


def _tools(request: Request, target: Target, body: Body) -> None:
    tools: list[Body] = []
    for tool in request.tools:
        tools.append(_tool(tool, own=request.dialect == NAME))
        if tool.cache is not None:
            tools.append(cache_point(tool.cache))
    if "web_search" in request.options:
        tools.append({"systemTool": {"name": SEARCH}})
    if not tools:
        return
    out: Body = {"tools": tools}
    choice = request.tool_choice
    if choice is not None and choice.mode in _CHOICES:
        out["toolChoice"] = {_CHOICES[choice.mode]: {"name": choice.name} if choice.mode == "named" else {}}
    body["toolConfig"] = {**_kept(request, "toolConfig"), **out}


def _tool(tool: Tool, *, own: bool) -> Body:
    native = tool.native.value if type(tool.native) is Stale else tool.native
    if own and type(native) is dict and (tool.native is native or tool.kind == "builtin"):
        return native
    spec: Body = {"name": tool.name}
    if tool.description:
        spec["description"] = tool.description
    if tool.kind == "custom":
        # A free-text tool is a tool with one string.
        schema: Any = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}
    else:
        schema = tool.schema or EMPTY_SCHEMA
    spec["inputSchema"] = {"json": schema if "type" in schema else {"type": "object", **schema}}
    if tool.strict:
        spec["strict"] = True
    return {"toolSpec": spec}


def _additional(request: Request, target: Target, body: Body) -> None:
    """Fields of the model's own, spelled as its row says, and ``outputConfig``, where some of them stand."""
    row, reasoning, choice = target.row, request.reasoning, request.tool_choice
    for key in (FIELDS, "outputConfig"):
        kept = _kept(request, key)
        if kept:
            body[key] = kept
    if reasoning is not None:
        words = {name: getattr(reasoning, name) for name in ("mode", "budget", "effort")}
        words["display"] = reasoning.display or None
        spell(row.reasoning.switch or _EFFORT, words, body)
    spell(row.own_options, request.options, body)
    if request.parallel_calls is False and request.tools:
        mode = "auto" if choice is None else _CHOICES.get(choice.mode, "auto")
        spell(row.single_calls or (), {"choice": mode, "name": None if choice is None else choice.name}, body)
    form = request.output
    if form is not None and form.kind == "schema":
        inner: Body = {"schema": dumps(form.schema).decode()}
        if form.name:
            inner["name"] = form.name
        if form.description is not None:
            inner["description"] = form.description
        body.setdefault("outputConfig", {})["textFormat"] = {"type": "json_schema", "structure": {"jsonSchema": inner}}


_EFFORT = ("outputConfig.effort={effort}",)
"""The dialect's own place for an effort, for models that nothing is known of."""


def _options(request: Request, target: Target, body: Body) -> None:
    tier = request.options.get("service_tier")
    if tier is not None:
        body["serviceTier"] = {"type": "default" if tier == "auto" else tier}
    labels = dict(request.options.get("metadata") or {})
    if request.options.get("user"):
        labels.setdefault("user", request.options["user"])
    if labels:
        body["requestMetadata"] = labels


WRITERS: Writers = (
    (("messages",), write_messages),
    (("max_tokens", "stop", "options"), _inference),
    (("tools", "tool_choice", "options"), _tools),
    (("reasoning", "output", "options", "parallel_calls"), _additional),
    (("options",), _options),
)

OWNERS = {
    "stream": ("stream",),
    "messages": ("messages",),
    "system": ("messages",),
    "inferenceConfig": ("max_tokens", "stop", "options"),
    "toolConfig": ("tools", "tool_choice", "options"),
    FIELDS: ("reasoning", "output", "options", "parallel_calls"),
    "outputConfig": ("reasoning", "output", "options", "parallel_calls"),
    "requestMetadata": ("options",),
    "serviceTier": ("options",),
}
"""Which writer speaks for a top-level key."""
