"""JSON Schema: the strict rules, and the subsets that targets take (wire/anthropic.md 7, wire/openai-chat.md 7)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import attrs
import orjson

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


@attrs.frozen
class Subset:
    """What a target's schemas may say.

    Attributes:
        keywords: taken as they are.
        silent: annotations that may go without a loss.
        formats: values of ``format`` that are taken.
        min_items: the highest ``minItems``.
        closed: whether every object must have ``additionalProperties: false``.
        type_lists: whether ``type`` may be a list.
    """

    keywords: frozenset[str]
    silent: frozenset[str]
    formats: frozenset[str]
    min_items: int
    closed: bool
    type_lists: bool


_FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"})

SUBSETS: Final[Mapping[str, Subset]] = {
    "anthropic": Subset(
        keywords=frozenset({
            "type", "enum", "const", "anyOf", "allOf", "$ref", "$defs", "definitions", "default", "required",
            "additionalProperties", "format", "minItems", "pattern", "properties", "items", "description", "title",
        }),
        silent=frozenset({"$schema", "$id", "$comment", "examples", "deprecated", "readOnly", "writeOnly", "nullable"}),
        formats=_FORMATS,
        min_items=1,
        closed=True,
        type_lists=False,
    ),
}  # fmt: skip


def adapt(schema: Any, subset: Subset, report: Report, at: Pointer = ()) -> Any:
    """A schema in a target's subset.

    What can be said otherwise is rewritten (``oneOf`` as ``anyOf``, a list of types as ``anyOf``); what cannot goes
    into the description and is reported with its pointer.
    """
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("type"), list) and schema["type"] and not subset.type_lists:
        return _spread_types(schema, subset, report, at)
    words: list[str] = []
    out: Schema = {}
    for key, value in schema.items():
        name = "anyOf" if key == "oneOf" and "anyOf" not in schema else key
        if key in subset.silent:
            continue
        if name not in subset.keywords or not _taken(key, value, subset):
            words.append(f"{key}: {_say(value)}")
            report((*at, key), f"'{key}' is not taken; it is told in the description")
            continue
        out[name] = _adapt_value(key, value, subset, report, at)
    if subset.closed and ("properties" in out or out.get("type") == "object"):
        if schema.get("additionalProperties", False) is not False:
            report((*at, "additionalProperties"), "objects must be closed here")
        out["additionalProperties"] = False
    if words:
        told = out.get("description")
        out["description"] = f"{told}\n\n{{{', '.join(words)}}}" if told else f"{{{', '.join(words)}}}"
    return out


def _taken(key: str, value: Any, subset: Subset) -> bool:
    if key == "format":
        return isinstance(value, str) and value in subset.formats
    if key == "minItems":
        return isinstance(value, int) and value <= subset.min_items
    return True


def _say(value: Any) -> str:
    return orjson.dumps(value).decode() if isinstance(value, dict | list | bool) else str(value)


def _adapt_value(key: str, value: Any, subset: Subset, report: Report, at: Pointer) -> Any:
    if key in _NAMED and isinstance(value, dict):
        return {name: adapt(item, subset, report, (*at, key, name)) for name, item in value.items()}
    if key in _MANY and isinstance(value, list):
        return [adapt(item, subset, report, (*at, key, index)) for index, item in enumerate(value)]
    if key in _ONE and isinstance(value, dict):
        return adapt(value, subset, report, (*at, key))
    return value


def _spread_types(schema: Schema, subset: Subset, report: Report, at: Pointer) -> Schema:
    """``{"type": ["string", "null"], ...}`` as alternatives, each with the keywords that belong to it."""
    kinds = schema["type"]
    if len(kinds) == 1:
        single: Schema = adapt({**schema, "type": kinds[0]}, subset, report, at)
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
        branches.append(adapt(branch, subset, report, at))
    return {**outer, "anyOf": branches}
