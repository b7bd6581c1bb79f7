"""Whether a value is what a JSON Schema says, for answers that no grammar has bound (spec/chat.md 6).

Keywords that are not looked at are taken to hold: formats and patterns among them, whose cost a client could choose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from .schema import Pointer, Schema, resolve


def fault(schema: Any, value: Any) -> tuple[Pointer, str] | None:
    """The first place of a value that breaks a schema, and the keyword that it breaks; None when there is none."""
    return next(_Check(schema).faults(schema, value, ()), None)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_KINDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": _number,
    "integer": lambda value: _number(value) and value == value // 1,
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def _of_kind(kinds: Any, value: Any) -> bool:
    known = [_KINDS.get(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
    return not known or any(check is None or check(value) for check in known)


def _same(one: Any, other: Any) -> bool:
    """Whether two JSON values are one; true is no 1 there."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _bound(kind: type, measure: Callable[[Any], Any], holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """A keyword that compares what one kind of value measures with a number."""

    def check(limit: Any, value: Any) -> bool:
        return not (_number(limit) and isinstance(value, kind) and not isinstance(value, bool)) or holds(
            measure(value), limit
        )

    return check


def _itself(value: Any) -> Any:
    return value


_LEAST, _MOST = (lambda have, limit: have >= limit), (lambda have, limit: have <= limit)
_NUMBERS: Final[Any] = int | float

_SIMPLE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "type": _of_kind,
    "enum": lambda values, value: not isinstance(values, list) or any(_same(item, value) for item in values),
    "const": _same,
    "required": lambda names, value: (
        not (isinstance(names, list) and isinstance(value, dict)) or all(name in value for name in names)
    ),
    "minimum": _bound(_NUMBERS, _itself, _LEAST),
    "maximum": _bound(_NUMBERS, _itself, _MOST),
    "exclusiveMinimum": _bound(_NUMBERS, _itself, lambda have, limit: have > limit),
    "exclusiveMaximum": _bound(_NUMBERS, _itself, lambda have, limit: have < limit),
    "minLength": _bound(str, len, _LEAST),
    "maxLength": _bound(str, len, _MOST),
    "minItems": _bound(list, len, _LEAST),
    "maxItems": _bound(list, len, _MOST),
    "minProperties": _bound(dict, len, _LEAST),
    "maxProperties": _bound(dict, len, _MOST),
}
"""Keywords that look at a value alone: (what the schema says, the value) -> whether it holds."""


class _Check:
    """One value on its way through a schema."""

    def __init__(self, root: Any) -> None:
        self.root = root
        # (reference, place) -> the first fault found; none while it is looked for. Each is followed once: references
        # that lead to one another would otherwise be followed as often as there are ways between them.
        self.found: dict[tuple[str, Pointer], tuple[Pointer, str] | None] = {}

    def faults(self, schema: Any, value: Any, at: Pointer) -> Iterator[tuple[Pointer, str]]:
        """The places at or below a pointer where a value breaks a schema."""
        if schema is False:
            yield at, "false"
        if not isinstance(schema, dict):
            return
        for key, said in schema.items():
            check = _SIMPLE.get(key)
            if check is not None and not check(said, value):
                yield at, key
        yield from self.referred(schema, value, at)
        yield from self.combined(schema, value, at)
        if isinstance(value, dict):
            yield from self.members(schema, value, at)
        elif isinstance(value, list):
            yield from self.items(schema, value, at)

    def referred(self, schema: Schema, value: Any, at: Pointer) -> Iterator[tuple[Pointer, str]]:
        name = schema.get("$ref")
        if not isinstance(name, str):
            return
        if (name, at) not in self.found:
            self.found[name, at] = None
            meant = resolve(self.root, name) if isinstance(self.root, dict) else None
            self.found[name, at] = next(self.faults(meant, value, at), None)
        first = self.found[name, at]
        if first is not None:
            yield first

    def holds(self, schema: Any, value: Any, at: Pointer) -> bool:
        return next(self.faults(schema, value, at), None) is None

    def combined(self, schema: Schema, value: Any, at: Pointer) -> Iterator[tuple[Pointer, str]]:
        for key, wanted in (("anyOf", None), ("oneOf", 1)):
            branches = schema.get(key)
            if isinstance(branches, list) and branches:
                held = sum(self.holds(branch, value, at) for branch in branches)
                if held == 0 or wanted not in (None, held):
                    yield at, key
        for branch in schema["allOf"] if isinstance(schema.get("allOf"), list) else ():
            yield from self.faults(branch, value, at)
        if "not" in schema and self.holds(schema["not"], value, at):
            yield at, "not"

    def members(self, schema: Schema, value: dict[str, Any], at: Pointer) -> Iterator[tuple[Pointer, str]]:
        known = schema.get("properties")
        known = known if isinstance(known, dict) else {}
        rest = True if "patternProperties" in schema else schema.get("additionalProperties", True)
        for name, item in value.items():
            if name in known or rest is not False:
                yield from self.faults(known.get(name, rest), item, (*at, name))
            else:
                yield (*at, name), "additionalProperties"

    def items(self, schema: Schema, value: list[Any], at: Pointer) -> Iterator[tuple[Pointer, str]]:
        first = schema.get("prefixItems")
        first = first if isinstance(first, list) else []
        for index, item in enumerate(value):
            yield from self.faults(
                first[index] if index < len(first) else schema.get("items", True), item, (*at, index)
            )
