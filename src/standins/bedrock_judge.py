"""Judge a Converse body by the official SDK's service model, and by nothing else.

The SDK checks types, required members and minima before it sends; patterns, enumerations and maxima of the same model
are what the service checks. All of them are checked here, on the JSON of the wire: blobs are base64 text.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ServiceModel, Shape

from .media import decode

Path = tuple[str | int, ...]
Faults = Iterator[tuple[Path, str]]


@cache
def service() -> ServiceModel:
    """The service model that the official SDK is driven by."""
    model: ServiceModel = botocore.session.get_session().get_service_model("bedrock-runtime")
    return model


def request_fault(operation: str, body: Any) -> str | None:
    """What the model of an operation has against a body; None when nothing."""
    shape = service().operation_model(operation).input_shape
    members = {name: inner for name, inner in shape.members.items() if inner.serialization.get("location") is None}
    members.pop("modelId", None)
    required = [name for name in shape.required_members if name in members]
    found = next(_object(body, (), members, required, union=False), None)
    return None if found is None else f"{'.'.join(map(str, found[0])) or 'body'}: {found[1]}"


def shape_fault(name: str, value: Any) -> str | None:
    """What a shape of the model has against a value; None when nothing."""
    found = next(_faults(value, (), service().shape_for(name)), None)
    return None if found is None else f"{'.'.join(map(str, found[0])) or name}: {found[1]}"


def _faults(value: Any, at: Path, shape: Shape) -> Faults:
    if shape.metadata.get("document"):
        return iter(())
    return CHECKS[shape.type_name](value, at, shape)


def _structure(value: Any, at: Path, shape: Any) -> Faults:
    union = bool(getattr(shape, "is_tagged_union", False)) or shape.name in ONE_KEY
    return _object(value, at, shape.members, shape.required_members, union=union)


ONE_KEY = frozenset({"ContentBlock", "SystemContentBlock", "Tool", "ToolResultContentBlock"})
"""Unions whose members may grow, which the model therefore does not call unions."""


def _object(value: Any, at: Path, members: Any, required: Any, *, union: bool) -> Faults:
    if not isinstance(value, dict):
        yield at, "must be an object"
        return
    given = {key: item for key, item in value.items() if item is not None}
    if union and len(given) != 1:
        yield at, f"must have exactly one key, not {sorted(given)}"
    for name in required:
        if name not in given:
            yield at, f"misses the required key {name}"
    for key, item in given.items():
        if key not in members:
            yield (*at, key), "is unknown"
        else:
            yield from _faults(item, (*at, key), members[key])


def _list(value: Any, at: Path, shape: Any) -> Faults:
    if not isinstance(value, list):
        yield at, "must be an array"
        return
    yield from _size(len(value), at, shape, "items")
    for index, item in enumerate(value):
        yield from _faults(item, (*at, index), shape.member)


def _map(value: Any, at: Path, shape: Any) -> Faults:
    if not isinstance(value, dict):
        yield at, "must be an object"
        return
    yield from _size(len(value), at, shape, "entries")
    for key, item in value.items():
        yield from _faults(key, (*at, key), shape.key)
        yield from _faults(item, (*at, key), shape.value)


def _string(value: Any, at: Path, shape: Any) -> Faults:
    if not isinstance(value, str):
        yield at, "must be a string"
        return
    yield from _size(len(value), at, shape, "characters")
    if shape.enum and value not in shape.enum:
        yield at, f"must be one of {', '.join(shape.enum)}, not {value}"
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value, re.ASCII):
        yield at, f"must match {pattern}"


def _blob(value: Any, at: Path, shape: Any) -> Faults:
    data = decode(value) if isinstance(value, str) else None
    if data is None:
        yield at, "must be base64"
    elif len(data) < shape.metadata.get("min", 0):
        yield at, "is empty"


def _number(value: Any, at: Path, shape: Any) -> Faults:
    whole = shape.type_name in ("integer", "long")
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        yield at, "must be an integer" if whole else "must be a number"
    else:
        yield from _size(value, at, shape, "")


def _boolean(value: Any, at: Path, _shape: Any) -> Faults:
    if not isinstance(value, bool):
        yield at, "must be a boolean"


def _size(size: float, at: Path, shape: Any, what: str) -> Faults:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and size < low) or (high is not None and size > high):
        yield at, f"must have from {low} to {high} {what}".strip()


CHECKS: dict[str, Callable[[Any, Path, Any], Faults]] = {
    "structure": _structure, "list": _list, "map": _map, "string": _string, "blob": _blob, "boolean": _boolean,
    "integer": _number, "long": _number, "float": _number, "double": _number,
}  # fmt: skip
