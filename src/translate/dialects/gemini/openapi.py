"""Google's old schema style as JSON Schema (wire/gemini.md 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...records.numerals import numeral

Schema = dict[str, Any]


def from_openapi(schema: Any) -> Any:
    """A schema in the old style as JSON Schema: types in lower case, ``nullable`` as a type, counts as numbers."""
    if not isinstance(schema, dict):
        return schema
    out: Schema = {}
    for name, value in schema.items():
        key = str(_CAMEL.get(name, name))
        reader = _READERS.get(key)
        if reader is not None:
            key, said = reader(value, schema)
            out[key] = said
        elif key not in _TOLD_ELSEWHERE:
            out[key] = value
    return _nullable(out) if schema.get("nullable") is True else out


def _type(value: Any, schema: Schema) -> tuple[str, Any]:
    return "type", value.lower() if isinstance(value, str) else value


def _properties(value: Any, schema: Schema) -> tuple[str, Any]:
    """Properties in the order that the schema wants of the answer."""
    if not isinstance(value, dict):
        return "properties", value
    order = schema.get("propertyOrdering") or schema.get("property_ordering")
    wanted = [name for name in order if isinstance(name, str) and name in value] if isinstance(order, list) else []
    return "properties", {name: from_openapi(value[name]) for name in dict.fromkeys((*wanted, *value))}


def _any_of(value: Any, schema: Schema) -> tuple[str, Any]:
    return "anyOf", [from_openapi(item) for item in value] if isinstance(value, list) else value


def _count(key: str) -> Callable[[Any, Schema], tuple[str, Any]]:
    """A 64-bit integer, which may be a string."""

    def read(value: Any, _: Schema) -> tuple[str, Any]:
        number = numeral(value) if isinstance(value, str) else None
        return key, value if number is None else number

    return read


_READERS: dict[str, Callable[[Any, Schema], tuple[str, Any]]] = {
    "type": _type,
    "properties": _properties,
    "items": lambda value, _: ("items", from_openapi(value)),
    "anyOf": _any_of,
    "example": lambda value, _: ("examples", [value]),
    **{
        key: _count(key) for key in ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties")
    },
}
_TOLD_ELSEWHERE = frozenset({"nullable", "propertyOrdering"})
_CAMEL: dict[str, str] = {
    "any_of": "anyOf", "min_items": "minItems", "max_items": "maxItems", "min_length": "minLength",
    "max_length": "maxLength", "min_properties": "minProperties", "max_properties": "maxProperties",
    "property_ordering": "propertyOrdering", "additional_properties": "additionalProperties",
}  # fmt: skip
"""Keys of the old style in its other spelling."""


def _nullable(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    outer: Schema = {key: schema[key] for key in ("title", "description") if key in schema}
    inner = {key: value for key, value in schema.items() if key not in outer}
    branches = inner["anyOf"] if inner.keys() == {"anyOf"} else [inner]
    return {**outer, "anyOf": [*branches, {"type": "null"}]}
