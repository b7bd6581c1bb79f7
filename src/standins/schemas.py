"""Small deterministic instances of JSON Schemas: what a model would answer, without the model."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

MAX_DEPTH = 6
FORMATS = {
    "date-time": "2026-11-20T12:00:00Z",
    "date": "2026-11-20",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
PATTERN_GUESSES = (
    "a",
    "A",
    "1",
    "abc",
    "ABC",
    "Abc",
    "123",
    "2026-11-20",
    "a1",
    "A1",
    "ABC-123",
    "12345",
    "+12025550123",
)


@attrs.define
class _Maker:
    root: Mapping[str, Any]
    hints: Iterator[str]

    def make(self, schema: Any, name: str = "value", depth: int = 0) -> Any:
        if not isinstance(schema, Mapping):
            return name
        schema = self._resolve(schema)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return schema["enum"][0]
        for key in ("anyOf", "oneOf"):
            if schema.get(key):
                return self.make(_liveliest(schema[key], depth), name, depth)
        kind = schema.get("type") or ("object" if "properties" in schema else "string")
        if isinstance(kind, list):
            kind = next((item for item in kind if item != "null"), "null")
        return self._typed(kind, schema, name, depth)

    def _typed(self, kind: str, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                few = int(schema.get("minItems", 0 if depth >= MAX_DEPTH else 1))
                return [self.make(schema.get("items", {}), name, depth + 1) for _ in range(few)]
            case "integer" | "number":
                return _number(kind, schema)
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return self._string(schema, name)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties") or {}
        required = schema.get("required") or ()
        return {
            key: self.make(value, key, depth + 1)
            for key, value in properties.items()
            if key in required or (not required and depth < MAX_DEPTH)
        }

    def _string(self, schema: Mapping[str, Any], name: str) -> str:
        if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]]
        if pattern := schema.get("pattern"):
            return next((guess for guess in PATTERN_GUESSES if re.search(pattern, guess)), name)
        text = next(self.hints, f"some {name}")
        text = text.ljust(int(schema.get("minLength", 0)), ".")
        return text[: int(schema["maxLength"])] if "maxLength" in schema else text

    def _resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        for _ in range(20):
            if "$ref" in schema:
                rest = {key: value for key, value in schema.items() if key != "$ref"}
                schema = {**pointed(self.root, schema["$ref"]), **rest}
            elif "allOf" in schema:
                schema = _merged(schema, [self._resolve(part) for part in schema["allOf"]])
            else:
                break
        return schema


def instance(schema: Mapping[str, Any], hints: tuple[str, ...] = ()) -> Any:
    """An instance of the schema; `hints` fill the first free strings."""
    return _Maker(schema, iter(hints)).make(schema)


def pointed(root: Mapping[str, Any], ref: str) -> Mapping[str, Any]:
    """What a local `$ref` points at; empty when it points nowhere."""
    node: Any = root
    for step in ref.removeprefix("#").strip("/").split("/"):
        if step:
            node = node.get(step.replace("~1", "/").replace("~0", "~"), {}) if isinstance(node, Mapping) else {}
    return node if isinstance(node, Mapping) else {}


def _liveliest(choices: list[Any], depth: int) -> Any:
    nulls = [item for item in choices if isinstance(item, Mapping) and item.get("type") == "null"]
    if nulls and depth >= MAX_DEPTH:
        return nulls[0]
    return next((item for item in choices if item not in nulls), choices[0])


def _merged(schema: Mapping[str, Any], parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    whole: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
    for part in parts:
        for key, value in part.items():
            if key == "properties":
                whole[key] = {**whole.get(key, {}), **value}
            elif key == "required":
                whole[key] = [*whole.get(key, ()), *value]
            else:
                whole.setdefault(key, value)
    return whole


def _number(kind: str, schema: Mapping[str, Any]) -> float:
    step = schema.get("multipleOf", 1)
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    value: float = 3 if low is None else low
    if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
        value = schema["exclusiveMinimum"] + min(step, 1)
    if high is not None and value > high:
        value = high - (step if "exclusiveMaximum" in schema else 0)
    if "multipleOf" in schema:
        value = -(-value // step) * step
    return int(value) if kind == "integer" else value
