"""Tools in one plain form, in which only what wires cannot tell apart is the same: a part of ``meaning``."""

from typing import Any

import orjson
from dragoman.translate.records import Request, Tool, ToolChoice

from .reported import ANY, Losses


def choice(request: Request) -> Any:
    """The choice of tools; to leave it to the model is what happens when nothing is said, and without tools too."""
    chosen = request.tool_choice
    quiet = chosen is None or chosen == ToolChoice("auto") or not [t for t in request.tools if t.kind != "builtin"]
    return None if quiet else chosen


def cache(part: Any, losses: Losses) -> Any:
    """A cache mark."""
    if part.path == losses.marked:
        return ANY
    if part.cache is None:
        return None
    return ANY if losses.covers(part.cache.path) else (part.cache.ttl or "5m",)


def tools(request: Request, losses: Losses, strict: set[str]) -> dict[str, Any]:
    """What is said of every function, by its name; some of them are meant to be strict."""
    return {tool.name: function(tool, losses, strict) for tool in request.tools if tool.kind == "function"}


def function(tool: Tool, losses: Losses, closed: set[str]) -> Any:
    """A function. A loss at the tool itself takes all of it."""
    if losses.covers(tool.path):
        return ANY
    strict = ANY if losses.covers(losses.request.where_in(tool, "strict")) else bool(tool.strict)
    schema: Any = orjson.dumps(plain_schema(inlined(tool.schema), closed=tool.name in closed))
    if losses.inside(losses.request.where_in(tool, "schema")):
        schema = ANY
    return (tool.description or None, schema, strict, cache(tool, losses))


def inlined(schema: Any, root: Any = None) -> Any:
    """A schema with its definitions where they are meant: some targets have no references."""
    root = schema if root is None else root
    if isinstance(schema, list):
        return [inlined(item, root) for item in schema]
    if not isinstance(schema, dict):
        return schema
    name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
    if name in root.get("$defs", {}):
        return inlined(root["$defs"][name], root)
    return {key: inlined(item, root) for key, item in schema.items() if key != "$defs"}


def plain_schema(schema: Any, *, closed: bool = False) -> Any:
    """A schema in fewer words: targets without ``oneOf`` and ``const`` are told the same by ``anyOf`` and ``enum``."""
    if schema is None:
        # No arguments, and an object without any, are the same.
        schema = {"type": "object", "properties": {}}
    if isinstance(schema, list):
        return [plain_schema(item, closed=closed) for item in schema]
    if not isinstance(schema, dict):
        return schema
    words = {"oneOf": "anyOf", "const": "enum"}
    out = {
        words.get(key, key): plain_schema([item] if key == "const" else item, closed=closed)
        for key, item in schema.items()
        if (key, item) != ("required", [])
    }
    if closed and schema.get("type") == "object":
        # To be strict is to be closed.
        out.setdefault("additionalProperties", False)
    return out


def tools_differ(meant: Request, heard: Request, losses: Losses) -> Any:
    """Functions that differ; what is added is told."""
    strict = {tool.name for tool in meant.tools if tool.strict and not losses.at(meant.where_in(tool, "strict"))}
    if losses.closed:
        strict = {tool.name for tool in meant.tools}
    want, got = tools(meant, losses, strict), tools(heard, Losses(heard, []), strict)
    if choice(meant) == ToolChoice("none") and losses.of("tool_choice"):
        # Tools that may not be called say nothing.
        want = {name: said for name, said in want.items() if name in got}
    validated = any(extra.value == "VALIDATED" for extra in heard.extras)
    if heard.dialect == "gemini" and (validated or choice(heard) is not None):
        # All calls keep to their schemas, or there are none: it is said once, by the mode of calling.
        got = {name: (*said[:2], ANY, *said[3:]) for name, said in got.items()}
    for name, said in want.items():
        if said is not ANY and said != got.get(name):
            return ("tool", name, said, got.get(name))
    added = [name for name in got if name not in want]
    if added and not losses.added(("tools", "output")):
        return ("added", added)
    return None
