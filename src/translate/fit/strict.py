"""Functions that do not say whether they are strict, from clients in whose dialect that is tried (fields.TRIES_STRICT).

Their own API tries strict, and falls back (wire/openai-responses.md 4). So does this: such a function is strict where
its schema keeps to the rules of strict schemas (wire/openai-chat.md 7), and the target is known to have strict
functions and loses nothing of the schema. Nobody asked for it: to fall back is no loss.
"""

from __future__ import annotations

from typing import Any, Final

from ..fields import TRIES_STRICT
from ..records import Request, Tool, changed, evolve
from ..records.traits import ODD_TOOLS
from ..schema import STRICT, SUBSETS, Schema, adapt, children, recursive, resolve, strict_fault, unions
from ..target import Target
from .notes import Notes


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Functions as strict as the target can have them at no cost; all or none, where their number is limited."""
    row = target.row
    if request.dialect not in TRIES_STRICT or request.dialect == target.provider.dialect or not row.strict_tools:
        return request
    may = [_may(tool, target) for tool in request.tools]
    if True not in may or (target.provider.strict_together and not _all(request.tools, may)):
        return request
    tools = tuple([changed(tool, strict=True) if so else tool for tool, so in zip(request.tools, may, strict=True)])
    if row.strict_limits is not None:
        strict = [tool for tool in tools if tool.strict]
        most, most_unions = row.strict_limits
        if len(strict) > most or sum(unions(tool.schema) for tool in strict) > most_unions:
            return request
    notes.traits |= ODD_TOOLS
    return evolve(request, tools=tools)


def _all(tools: tuple[Tool, ...], may: list[bool]) -> bool:
    """Whether all that the client itself runs is strict, or can be."""
    return all(so or tool.strict or tool.kind == "builtin" for tool, so in zip(tools, may, strict=True))


def _may(tool: Tool, target: Target) -> bool:
    """Whether a function that says nothing of it can be strict without a loss."""
    schema: Any = tool.schema
    if tool.kind != "function" or tool.strict is not None:
        return False
    if not keeps_rules(schema) or _fitted(schema, STRICT) != schema:
        return False
    subset = SUBSETS.get(target.row.schema_subset or "")
    if subset is None:
        return True
    if not subset.recursive and recursive(schema):
        return False
    # Where the schemas of all tools keep to the subset, being strict costs nothing more.
    return target.row.tool_schemas or _fitted(schema, subset) is not None


def _fitted(schema: dict[str, Any], subset: Any) -> Any:
    """The schema in a subset; None when something of it would be lost."""
    lost: list[str] = []
    fitted = adapt(schema, subset, lambda _, what: lost.append(what))
    return None if lost else fitted


_TYPES: Final = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_LEVELS, _PROPERTIES, _ENUMS, _CHARACTERS = 10, 5_000, 1_000, 120_000
_LONG, _LONG_CHARACTERS = 250, 15_000


def keeps_rules(schema: Any) -> bool:
    """Whether a schema surely keeps to the rules of strict schemas, their limits included.

    Where the rules say too little, it does not: this is for schemas that nobody asked to be strict.
    """
    if type(schema) is not dict or schema.get("type") != "object" or "anyOf" in schema or "$ref" in schema:
        return False
    return strict_fault(schema) is None and _small(schema) and _Rules(schema).kept()


class _Rules:
    """What ``strict_fault`` leaves out: every schema has a known form, and none stands too deep."""

    def __init__(self, root: Schema) -> None:
        self.root = root
        self.open: set[str] = set()
        self.reached: dict[str, int] = {}

    def kept(self) -> bool:
        definitions = self.root.get("$defs", {})
        return (
            type(definitions) is dict
            and self.walk(self.root, 0)
            and all(self.walk(definition, 1) for definition in definitions.values())
        )

    def walk(self, node: Any, level: int) -> bool:
        """Whether a schema at a level, and all inside it, keeps to the rules."""
        if type(node) is not dict or level > _LEVELS or ("$defs" in node and node is not self.root):
            return False
        if "$ref" in node:
            return len(node) == 1 and self.refer(node["$ref"], level)
        if not _formed(node):
            return False
        return all(self.walk(child, level + 1) for path, child in children(node) if path[0] != "$defs")

    def refer(self, name: Any, level: int) -> bool:
        """Whether a reference leads to a schema, which counts from where the reference stands."""
        if type(name) is not str or not (name == "#" or name.startswith("#/$defs/")):
            return False
        found = resolve(self.root, name)
        if type(found) is not dict or "$ref" in found:
            return False
        if name == "#" or name in self.open or self.reached.get(name, -1) >= level:
            return True
        self.reached[name] = level
        self.open.add(name)
        kept = self.walk(found, level)
        self.open.discard(name)
        return kept


def _formed(node: Schema) -> bool:
    """Whether the keywords of one schema that is no reference have a form that is known to be taken."""
    kinds = node.get("type")
    if kinds is None and not node.keys() & {"anyOf", "enum", "const"}:
        return False
    listed = kinds if type(kinds) is list else [] if "type" not in node else [kinds]
    if ("type" in node and not listed) or not all(type(kind) is str and kind in _TYPES for kind in listed):
        return False
    if not all(type(node[key]) is list and node[key] for key in ("anyOf", "enum") if key in node):
        return False
    if "array" in listed and type(node.get("items")) is not dict:
        return False
    names, required = node.get("properties"), node.get("required", [])
    if "object" not in listed:
        return names is None and not required
    return type(names) is dict and type(required) is list and all(type(at) is str and at in names for at in required)


def _small(root: Schema) -> bool:
    """Whether a schema keeps to the limits of its size."""
    properties = enums = characters = 0
    left: list[Any] = [root]
    while left:
        node = left.pop()
        if type(node) is not dict:
            continue
        for key in ("properties", "$defs"):
            if type(node.get(key)) is dict:
                properties += len(node[key]) * (key == "properties")
                characters += sum(map(len, node[key]))
        if type(node.get("enum")) is list:
            length = sum(len(value) for value in node["enum"] if type(value) is str)
            if len(node["enum"]) > _LONG and length > _LONG_CHARACTERS:
                return False
            enums += len(node["enum"])
            characters += length
        if type(node.get("const")) is str:
            characters += len(node["const"])
        left.extend(child for _, child in children(node))
    return properties <= _PROPERTIES and enums <= _ENUMS and characters <= _CHARACTERS
