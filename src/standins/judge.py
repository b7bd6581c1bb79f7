"""Judge a body by the official SDK's request types, and by nothing else.

The types are TypedDicts, and pydantic's reading of them is lax in three ways that would let a wrong payload pass:
unknown keys are ignored, `Iterable` fields are checked only when somebody walks them, and response models (which take
anything) stand beside the parameters in many unions. So the schema that pydantic derives is rewritten first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import attrs
from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

NOT_JSON = frozenset({"model", "lax-or-strict", "is-instance"})
"""Union members that no JSON body can be: response objects, paths and open files."""


DEFAULT = "(none)"
"""The union member that stands when the telling field is absent or null."""


@attrs.frozen
class Fault:
    """The most telling thing that is wrong, with the path as the client sees its own body."""

    path: tuple[str | int, ...]
    kind: str
    """pydantic's name for it, such as `missing`, `extra_forbidden`, `string_type`."""
    message: str
    given: Any = None
    expected: str = ""


def fault(params: Any, body: bytes, value: Any) -> Fault | None:
    """What the type `params` has against the body, whose parsed form is `value`."""
    try:
        _validator(params).validate_json(body, strict=True)
    except ValidationError as error:
        faults = [_fault(line, value) for line in error.errors(include_url=False)]
        return max(faults, key=lambda found: (len(found.path), found.kind != "extra_forbidden"))
    return None


@cache
def _validator(params: Any) -> SchemaValidator:
    schema: Any = TypeAdapter(params).core_schema
    definitions = {item["ref"]: item for item in schema.get("definitions", ())}
    return SchemaValidator(_strict(schema, definitions))


def _fault(line: Any, value: Any) -> Fault:
    path = _follow(line["loc"], value, missing=line["type"] == "missing")
    return Fault(path, line["type"], line["msg"], line["input"], str(line.get("ctx", {}).get("expected", "")))


def _follow(steps: tuple[str | int, ...], value: Any, *, missing: bool) -> tuple[str | int, ...]:
    """The steps that lead through the body; pydantic puts the union members that it tried between them."""
    if not steps:
        return ()
    step, rest = steps[0], steps[1:]
    found: tuple[str | int, ...] = ()
    keys: Any = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    if step in keys:
        found = (step, *_follow(rest, value[step], missing=missing))
    elif missing and not rest:
        return (step,)
    other = _follow(rest, value, missing=missing)
    return max(found, other, key=lambda path: (path[-1:] == steps[-1:], len(path)))


def _strict(node: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_strict(item, definitions) for item in node]
    if isinstance(node, tuple):
        return tuple(_strict(item, definitions) for item in node)
    if not isinstance(node, dict):
        return node
    kind = node.get("type")
    if kind == "json-or-python":
        return _strict(node["json_schema"], definitions)
    # A schema node names its type; other dicts are keyed by field names, which may be these very words.
    dropped = ("metadata", "serialization") if isinstance(kind, str) else ()
    new = {key: _strict(item, definitions) for key, item in node.items() if key not in dropped}
    if kind == "generator":
        new["type"] = "list"
    elif kind == "typed-dict" and node.get("extras_schema") is None and _extra(node) != "allow":
        new["extra_behavior"] = "forbid"
    elif kind == "union":
        return _union(new, definitions)
    return new


def _extra(node: Mapping[str, Any]) -> Any:
    return node.get("extra_behavior") or node.get("config", {}).get("extra_fields_behavior")


def _union(new: dict[str, Any], definitions: Mapping[str, Any]) -> Any:
    kept = list(_members(new, definitions))
    for key in ("type", "role"):
        tags = [_tags(_resolve(choice, definitions), key) for choice in kept]
        flat = [tag for group in tags for tag in group]
        if all(tags) and len(flat) == len(set(flat)):
            tagged = {tag: choice for choice, group in zip(kept, tags, strict=True) for tag in group}
            by = _tag(key) if DEFAULT in flat else key
            return {"type": "tagged-union", "discriminator": by, "choices": tagged}
    return {**new, "choices": kept}


def _members(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[Any]:
    choices = node["choices"]
    for item in choices.values() if isinstance(choices, dict) else choices:
        choice = item[0] if isinstance(item, tuple) else item
        found = _resolve(choice, definitions)
        if found.get("type") in ("union", "tagged-union"):
            yield from _members(found, definitions)
        elif found.get("type") not in NOT_JSON:
            yield choice


def _tag(key: str) -> Callable[[Any], Any]:
    def tag(value: Any) -> Any:
        found = value.get(key) if isinstance(value, dict) else None
        return DEFAULT if found is None else found

    return tag


def _resolve(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    while node.get("type") == "definition-ref":
        node = definitions[node["schema_ref"]]
    return node


def _tags(node: Mapping[str, Any], key: str) -> Sequence[Any]:
    """The literal values of the field that tells this member from the others."""
    field = node.get("fields", {}).get(key) if node.get("type") == "typed-dict" else None
    if field is None:
        return ()
    literal = field["schema"]
    optional = not field.get("required", False)
    if literal.get("type") == "nullable":
        optional, literal = True, literal["schema"]
    if literal.get("type") != "literal":
        return ()
    return [*literal["expected"], DEFAULT] if optional else literal["expected"]
