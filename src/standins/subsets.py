"""The subsets of JSON Schema that the providers compile into grammars; the rest they refuse."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from .schemas import pointed

DEFINITIONS = ("$defs", "definitions")


@attrs.frozen
class Complaint:
    """What is wrong, and where in the schema."""

    path: tuple[str, ...]
    message: str


@attrs.frozen
class Subset:
    """One provider's rules."""

    refused: frozenset[str]
    formats: frozenset[str]
    all_required: bool
    recursion: bool
    root_object: bool


FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"})
CONDITIONAL = ("if", "then", "else", "not", "dependentRequired", "dependentSchemas")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength")
SIZES = ("minProperties", "maxProperties", "maxItems", "uniqueItems", "contains", "prefixItems")
NAMES = ("patternProperties", "propertyNames")

OPENAI = Subset(
    refused=frozenset((*CONDITIONAL, *NAMES, "allOf", "oneOf")),
    formats=FORMATS,
    all_required=True,
    recursion=True,
    root_object=True,
)
ANTHROPIC = Subset(
    refused=frozenset((*CONDITIONAL, *NAMES, *BOUNDS, *SIZES, "oneOf")),
    formats=FORMATS | {"uri"},
    all_required=False,
    recursion=False,
    root_object=False,
)


def complaint(schema: Mapping[str, Any], subset: Subset) -> Complaint | None:
    """The first thing in the schema that the subset has no room for."""
    if subset.root_object and (schema.get("type") != "object" or "anyOf" in schema):
        return Complaint((), f'schema must have type "object" at its root and no "anyOf", got {schema.get("type")!r}')
    if not subset.recursion and _recursive(schema, schema, ()):
        return Complaint((), "Circular reference detected in schema definitions")
    return next(_complaints(schema, subset, ()), None)


def _complaints(node: Mapping[str, Any], subset: Subset, path: tuple[str, ...]) -> Iterator[Complaint]:
    for key in node:
        if key in subset.refused:
            yield Complaint(path, f"'{key}' is not permitted")
    yield from _node(node, subset, path)
    for steps, child in _children(node):
        yield from _complaints(child, subset, (*path, *steps))


def _node(node: Mapping[str, Any], subset: Subset, path: tuple[str, ...]) -> Iterator[Complaint]:
    reference = node.get("$ref")
    if reference is not None and not str(reference).startswith("#"):
        yield Complaint(path, "external $ref is not supported")
    if reference is not None and subset.all_required and len(node) > 1:
        yield Complaint(path, "$ref cannot have keywords beside it")
    if "format" in node and node["format"] not in subset.formats:
        yield Complaint(path, f"'{node['format']}' is not a valid format")
    if not subset.all_required and node.get("minItems", 0) not in (0, 1):
        yield Complaint(path, "For 'array' type, 'minItems' values other than 0 or 1 are not supported")
    kind = node.get("type")
    if kind == "object" or "properties" in node or (isinstance(kind, list) and "object" in kind):
        yield from _object(node, subset, path)
    if subset.all_required and not {"type", "enum", "const", "anyOf", "$ref"} & node.keys():
        yield Complaint(path, "schema must have a 'type' key")


def _object(node: Mapping[str, Any], subset: Subset, path: tuple[str, ...]) -> Iterator[Complaint]:
    if node.get("additionalProperties") is not False:
        yield Complaint(path, "'additionalProperties' is required to be supplied and to be false")
    names, required = set(node.get("properties", ())), set(node.get("required", ()))
    if subset.all_required and names - required:
        missing = min(names - required)
        yield Complaint(
            path,
            "'required' is required to be supplied and to be an array including every key in properties. "
            f"Missing '{missing}'.",
        )
    if required - names:
        yield Complaint(path, f"'required' names {min(required - names)!r}, which is no property")


def _children(node: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    for key in ("properties", *DEFINITIONS):
        for name, child in (node.get(key) or {}).items():
            if isinstance(child, Mapping):
                yield (key, name), child
    for key in ("anyOf", "allOf"):
        for number, child in enumerate(node.get(key) or ()):
            if isinstance(child, Mapping):
                yield (key, str(number)), child
    if isinstance(node.get("items"), Mapping):
        yield ("items",), node["items"]


def _recursive(root: Mapping[str, Any], node: Mapping[str, Any], above: tuple[str, ...]) -> bool:
    reference = str(node.get("$ref", ""))
    if reference.startswith("#"):
        target = pointed(root, reference)
        return reference in above or _recursive(root, target, (*above, reference))
    return any(_recursive(root, child, above) for steps, child in _children(node) if steps[0] not in DEFINITIONS)
