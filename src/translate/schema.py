"""JSON Schema: the strict rules, and the subsets that targets take.

Sources: wire/anthropic.md 7, wire/openai-chat.md 7, wire/gemini.md 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal

from .records.quick import record
from .values import dumps

Schema = dict[str, Any]
Pointer = tuple[str | int, ...]
Report = Callable[[Pointer, str], None]

_ONE = ("not", "if", "then", "else", "propertyNames", "contains", "items", "additionalProperties")
_MANY = ("anyOf", "oneOf", "allOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")


def children(schema: Schema) -> Iterator[tuple[Pointer, Any]]:
    """The schemas directly inside a schema, with their pointers."""
    for key in _ONE:
        if isinstance(schema.get(key), dict):
            yield (key,), schema[key]
    for key in _MANY:
        if isinstance(schema.get(key), list):
            for index, item in enumerate(schema[key]):
                yield (key, index), item
    for key in _NAMED:
        if isinstance(schema.get(key), dict):
            for name, item in schema[key].items():
                yield (key, name), item


def strict_fault(schema: Any, at: Pointer = ()) -> tuple[Pointer, str] | None:
    """The first place that breaks the rules of ``strict: true``, and why; None when there is none.

    The rules: ``additionalProperties: false`` at every object, and every property in ``required``.
    """
    if not isinstance(schema, dict):
        return None
    kind = schema.get("type")
    if kind == "object" or (isinstance(kind, list) and "object" in kind) or "properties" in schema:
        if schema.get("additionalProperties") is not False:
            return at, "'additionalProperties' must be false at every object when strict is true"
        required = schema.get("required")
        names = schema.get("properties", {})
        if not isinstance(names, dict):
            return at, "'properties' must be an object"
        absent = [name for name in names if not isinstance(required, list) or name not in required]
        if absent:
            listed = ", ".join(f"'{name}'" for name in absent)
            return at, f"'required' must list every property when strict is true: missing {listed}"
    for path, child in children(schema):
        fault = strict_fault(child, (*at, *path))
        if fault is not None:
            return fault
    return None


def recursive(schema: Schema) -> bool:
    """Whether a local reference leads back to a schema that it stands in."""
    open_: set[str] = {"#"}
    done: set[str] = set()

    def cycles(node: Any) -> bool:
        if not isinstance(node, dict):
            return False
        reference = node.get("$ref")
        if isinstance(reference, str) and reference not in done:
            if reference in open_:
                return True
            open_.add(reference)
            if cycles(resolve(schema, reference)):
                return True
            open_.discard(reference)
            done.add(reference)
        return any(cycles(child) for path, child in children(node) if path[0] not in ("$defs", "definitions"))

    return cycles(schema)


def resolve(root: Schema, reference: str) -> Any:
    """What a local reference such as ``#/$defs/x`` points to; None when it points nowhere."""
    if not reference.startswith("#"):
        return None
    node: Any = root
    for step in reference[1:].split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")  # noqa: PLW2901 - RFC 6901
        node = node.get(step) if isinstance(node, dict) else None
    return node


@record
class Subset:
    """What a target's schemas may say.

    Attributes:
        keywords: taken as they are.
        silent: annotations that may go without a loss.
        formats: values of ``format`` that are taken; None means all.
        min_items: the highest ``minItems``; None means any.
        closed: whether every object must have ``additionalProperties: false``.
        type_lists: whether ``type`` may be a list.
        recursive: whether a schema may refer to itself.
        refs: ``free``; ``alone`` (no words beside a reference); ``inline`` (there are none).
        enums: types of values that ``enum`` may list.
        upper: whether types are upper-case words, and null is said by ``nullable``.
    """

    keywords: frozenset[str]
    silent: frozenset[str]
    formats: frozenset[str] | None = None
    min_items: int | None = None
    closed: bool = False
    type_lists: bool = False
    recursive: bool = False
    refs: Literal["free", "alone", "inline"] = "free"
    enums: tuple[type, ...] = (object,)
    upper: bool = False


_FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"})
_NOTES = frozenset({"$schema", "$id", "$comment", "examples", "deprecated", "readOnly", "writeOnly", "nullable"})

SUBSETS: Final[Mapping[str, Subset]] = {
    "anthropic": Subset(
        keywords=frozenset({
            "type", "enum", "const", "anyOf", "allOf", "$ref", "$defs", "definitions", "default", "required",
            "additionalProperties", "format", "minItems", "pattern", "properties", "items", "description", "title",
        }),
        silent=_NOTES,
        formats=_FORMATS,
        min_items=1,
        closed=True,
    ),
    "gemini": Subset(
        keywords=frozenset({
            "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items", "prefixItems",
            "minItems", "maxItems", "minimum", "maximum", "anyOf", "properties", "additionalProperties", "required",
            "propertyOrdering",
        }),
        silent=_NOTES - {"$id"},
        type_lists=True,
        recursive=True,
        refs="alone",
        enums=(str, int, float),
    ),
    "openapi": Subset(
        keywords=frozenset({
            "type", "format", "title", "description", "nullable", "enum", "items", "minItems", "maxItems", "properties",
            "required", "propertyOrdering", "minProperties", "maxProperties", "minLength", "maxLength", "pattern",
            "minimum", "maximum", "anyOf", "default", "example",
        }),
        silent=_NOTES - {"nullable"} | {"$defs", "definitions", "$anchor"},
        refs="inline",
        enums=(str,),
        upper=True,
    ),
}  # fmt: skip


STRICT: Final = Subset(
    keywords=frozenset({
        "type", "properties", "required", "additionalProperties", "items", "anyOf", "enum", "const", "$ref", "$defs",
        "title", "description", "format", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
        "minItems", "maxItems",
    }),
    silent=frozenset(),
    formats=_FORMATS - {"uri"},
    type_lists=True,
    recursive=True,
)  # fmt: skip
"""What strict schemas surely may say (wire/openai-chat.md 7): of patterns, some are taken and others not."""


def unions(schema: Any) -> int:
    """How many schemas in a schema are one of several (wire/anthropic.md 5: union-typed parameters)."""
    if not isinstance(schema, dict):
        return 0
    own = "anyOf" in schema or isinstance(schema.get("type"), list)
    return own + sum(unions(child) for _, child in children(schema))


def adapt(schema: Any, subset: Subset, report: Report) -> Any:
    """A schema in a target's subset.

    What can be said otherwise is rewritten (``oneOf`` as ``anyOf``, ``const`` as ``enum``, a list of types as
    ``anyOf``); what cannot goes into the description and is reported with its pointer.
    """
    return _Adapter(schema, subset, report).adapt(schema, ())


MOST_INLINED: Final = 5_000
"""Schemas within what references are replaced by: a few that refer to one another twice would grow without end."""


class _Adapter:
    """One schema on its way into a subset."""

    def __init__(self, root: Any, subset: Subset, tell: Report) -> None:
        self.root = root
        self.subset = subset
        self.tell = tell
        self.told: set[tuple[Pointer, str]] = set()
        self.open: list[str] = []
        self.left = MOST_INLINED

    def report(self, at: Pointer, what: str) -> None:
        """Tell what is lost at a place, once: what is referred to may be inlined in many."""
        if (at, what) not in self.told:
            self.told.add((at, what))
            self.tell(at, what)

    def adapt(self, schema: Any, at: Pointer) -> Any:
        """A schema, or a part of it, at a pointer."""
        if not isinstance(schema, dict):
            return schema
        self.left -= bool(self.open)
        subset = self.subset
        if "$ref" in schema and subset.refs != "free":
            return self.reference(schema, at)
        named = schema.keys()
        schema = self.simpler(schema)
        if isinstance(schema.get("type"), list) and schema["type"] and not subset.type_lists:
            return self.spread_types(schema, at)
        words: list[str] = []
        out: Schema = {}
        for key, value in schema.items():
            name = "anyOf" if key == "oneOf" and "anyOf" not in schema else key
            if key in subset.silent or (key == "additionalProperties" and subset.upper and isinstance(value, bool)):
                continue
            if name not in subset.keywords or not self.taken(key, value):
                words.append(f"{key}: {_say(value)}")
                self.report((*at, key) if key in named else at, f"'{key}' is not taken; it is told in the description")
                continue
            out[name] = self.value(key, value, at)
        if subset.closed and ("properties" in out or out.get("type") == "object"):
            if schema.get("additionalProperties", False) is not False:
                self.report((*at, "additionalProperties"), "objects must be closed here")
            out["additionalProperties"] = False
        if words:
            told = out.get("description")
            out["description"] = f"{told}\n\n{{{', '.join(words)}}}" if told else f"{{{', '.join(words)}}}"
        return _upper(out) if subset.upper else out

    def simpler(self, schema: Schema) -> Schema:
        """The same in fewer keywords: ``const`` as ``enum``, ``allOf`` merged, null out of ``enum``."""
        taken = self.subset.keywords
        if "const" in schema and "const" not in taken and "enum" not in schema:
            value = schema["const"]
            kind = {"type": "string"} if isinstance(value, str) else {}
            schema = {**kind, **{key: item for key, item in schema.items() if key != "const"}, "enum": [value]}
        if "definitions" in schema and "definitions" not in taken and "$defs" in taken:
            schema = {"$defs" if key == "definitions" else key: item for key, item in schema.items()}
        if isinstance(schema.get("allOf"), list) and "allOf" not in taken:
            schema = self.merged(schema)
        values = schema.get("enum")
        if isinstance(values, list) and None in values and len(values) > 1 and object not in self.subset.enums:
            kinds = schema.get("type")
            rest: Schema = {**schema, "enum": [value for value in values if value is not None]}
            if isinstance(kinds, list):
                named = [kind for kind in kinds if kind != "null"]
                rest["type"] = named[0] if len(named) == 1 else named
            outer: Schema = {key: rest.pop(key) for key in ("title", "description") if key in rest}
            schema = {**outer, "anyOf": [rest, {"type": "null"}]}
        return schema

    def merged(self, schema: Schema) -> Schema:
        """``allOf`` as one schema; what two of its members say differently stays, and is reported."""
        out = {key: value for key, value in schema.items() if key != "allOf"}
        left = []
        for item in schema["allOf"]:
            name = item.get("$ref") if isinstance(item, dict) else None
            found = resolve(self.root, name) if isinstance(name, str) and name not in self.open else item
            if not isinstance(found, dict) or "$ref" in found or not _joined(out, found):
                left.append(item)
        return {**out, "allOf": left} if left else out

    def reference(self, schema: Schema, at: Pointer) -> Any:
        """A reference: alone, or what it refers to, as the subset has it."""
        name = schema["$ref"]
        beside = {key: value for key, value in schema.items() if key != "$ref" and not key.startswith("$")}
        if self.subset.refs == "alone":
            same = str(name).replace("#/definitions/", "#/$defs/")
            inner: Schema = {"$ref": same}
            if "$defs" in schema:
                inner["$defs"] = self.value("$defs", schema["$defs"], at)
            return {**self.adapt(beside, at), "anyOf": [inner]} if beside else inner
        found = resolve(self.root, name) if isinstance(name, str) else None
        if name in self.open or name == "#" or not isinstance(found, dict) or self.left <= 0:
            if self.left <= 0:
                self.report((*at, "$ref"), "a reference is cut, since the schema would grow too large")
            else:
                self.report((*at, "$ref"), "a recursive schema is cut where it begins again")
            told = f"{{as {name} above}}"
            return _upper({"type": "object", "description": told} | beside)
        self.open.append(name)
        steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in name[1:].split("/")[1:])
        whole = self.adapt({**found, **beside}, steps)
        self.open.pop()
        return whole

    def taken(self, key: str, value: Any) -> bool:
        subset = self.subset
        if key == "format" and subset.formats is not None:
            return isinstance(value, str) and value in subset.formats
        if key == "minItems" and subset.min_items is not None:
            return isinstance(value, int) and value <= subset.min_items
        if key == "enum" and isinstance(value, list):
            return all(isinstance(item, subset.enums) and (object in subset.enums or not isinstance(item, bool))
                       for item in value)  # fmt: skip
        return True

    def value(self, key: str, value: Any, at: Pointer) -> Any:
        if key in _NAMED and isinstance(value, dict):
            return {name: self.adapt(item, (*at, key, name)) for name, item in value.items()}
        if key in _MANY and isinstance(value, list):
            return [self.adapt(item, (*at, key, index)) for index, item in enumerate(value)]
        if key in _ONE and isinstance(value, dict):
            return self.adapt(value, (*at, key))
        return value

    def spread_types(self, schema: Schema, at: Pointer) -> Schema:
        """``{"type": ["string", "null"], ...}`` as alternatives, each with the keywords that belong to it."""
        kinds = schema["type"]
        if self.subset.upper and "null" in kinds and len(kinds) > 1:
            rest = [kind for kind in kinds if kind != "null"]
            inner: Schema = self.adapt({**schema, "type": rest[0] if len(rest) == 1 else rest}, at)
            return {**inner, "nullable": True}
        if len(kinds) == 1:
            single: Schema = self.adapt({**schema, "type": kinds[0]}, at)
            return single
        outer = {key: value for key, value in schema.items() if key in ("description", "title", "default")}
        inner = {key: value for key, value in schema.items() if key not in outer and key != "type"}
        branches = []
        for kind in kinds:
            branch: Schema = {"type": kind}
            if kind != "null":
                branch |= inner
                if isinstance(inner.get("enum"), list):
                    branch["enum"] = [value for value in inner["enum"] if value is not None]
            branches.append(self.adapt(branch, at))
        return {**outer, "anyOf": branches}


def _joined(out: Schema, found: Schema) -> bool:
    """Add the keywords of a member of ``allOf``; False, and nothing added, when two say different things."""
    both = out.keys() & found.keys() - {"properties", "required", "title", "description"}
    if any(out[key] != found[key] for key in both) or not all(map(_is_joinable, (out, found))):
        return False
    names = {**out.get("properties", {}), **found.get("properties", {})}
    required = [*dict.fromkeys([*out.get("required", ()), *found.get("required", ())])]
    for key, value in found.items():
        out.setdefault(key, value)
    if names:
        out["properties"] = names
    if required:
        out["required"] = required
    return True


def _is_joinable(schema: Schema) -> bool:
    """Whether properties and their duty to be there, where they are said, have the shape that the format gives them."""
    required = schema.get("required", [])
    named = isinstance(required, list) and all(isinstance(name, str) for name in required)
    return named and isinstance(schema.get("properties", {}), dict)


def _upper(schema: Schema) -> Schema:
    """Types as upper-case words; null as ``nullable``."""
    kind = schema.get("type")
    if isinstance(kind, str):
        schema["type"] = kind.upper()
    branches = schema.get("anyOf")
    if isinstance(branches, list) and {"type": "NULL"} in branches:
        rest = [branch for branch in branches if branch != {"type": "NULL"}]
        schema = {key: value for key, value in schema.items() if key != "anyOf"} | {"nullable": True}
        schema |= {"anyOf": rest} if len(rest) > 1 else {**rest[0], **schema} if rest else {}
    return schema


def _say(value: Any) -> str:
    return value if isinstance(value, str) else dumps(value).decode()
