"""Reading parsed JSON with errors that name the field, the value and what would be right."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

import orjson

from .records import Path, TranslationError, render

_WORDS = {
    dict: "an object",
    list: "an array",
    str: "a string",
    int: "an integer",
    float: "a number",
    bool: "a boolean",
    type(None): "null",
}


def word(value: Any) -> str:
    """What a JSON value is, in words."""
    return _WORDS.get(type(value), "something else")


def dotted(path: Path) -> str:
    """A path as people write it: ``messages[2].content[1]``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else (f".{step}" if text else step)
    return text


def show(value: Any) -> str:
    """A value for an error message, shortened to 80 characters."""
    try:
        text = orjson.dumps(value).decode()
    except TypeError:
        text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def named(word: Any) -> str:
    """A provider's word for a sentence; JSON where it is no word. An exact number shows its address otherwise."""
    return word if type(word) is str else show(word)


def wrong_type(path: Path, value: Any, expected: str) -> NoReturn:
    """Raise ``invalid_type``: ``expected`` in words, for example ``a string or an array of parts``."""
    raise TranslationError(
        f"Invalid type for '{dotted(path)}': expected {expected}, but got {word(value)} ({show(value)}).",
        path=render(path),
        code="invalid_type",
    )


def wrong_value(path: Path, value: Any, expected: str) -> NoReturn:
    """Raise ``invalid_value``: ``expected`` in words, for example ``one of 'auto', 'none'``."""
    raise TranslationError(
        f"Invalid value for '{dotted(path)}': expected {expected}, but got {show(value)}.",
        path=render(path),
        code="invalid_value",
    )


def missing(path: Path) -> NoReturn:
    """Raise ``missing_required_parameter``."""
    raise TranslationError(
        f"Missing required parameter: '{dotted(path)}'.", path=render(path), code="missing_required_parameter"
    )


def text_of(raw: dict[str, Any], key: str, path: Path) -> str:
    """A required string."""
    value = raw.get(key)
    if type(value) is str:
        return value
    if value is None:
        missing((*path, key))
    wrong_type((*path, key), value, "a string")


def maybe_text(raw: dict[str, Any], key: str, path: Path) -> str | None:
    """An optional string."""
    value = raw.get(key)
    if value is None or type(value) is str:
        return value
    wrong_type((*path, key), value, "a string")


def object_at(value: Any, path: Path) -> dict[str, Any]:
    """The value, which must be an object."""
    if type(value) is dict:
        return value
    wrong_type(path, value, "an object")


def array_at(value: Any, path: Path) -> list[Any]:
    """The value, which must be an array."""
    if type(value) is list:
        return value
    wrong_type(path, value, "an array")


def bool_at(value: Any, path: Path) -> bool:
    """The value, which must be a boolean."""
    if type(value) is bool:
        return value
    wrong_type(path, value, "a boolean")


def int_at(value: Any, path: Path, low: int | None = None, high: int | None = None) -> int:
    """The value, which must be an integer (a float without a fraction will do) within limits."""
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int:
        wrong_type(path, value, "an integer")
    if not -(2**63) <= value < 2**63:
        wrong_value(path, value, "an integer of at most 64 bits")
    if (low is not None and value < low) or (high is not None and value > high):
        wrong_value(path, value, f"an integer from {low} up" if high is None else f"an integer from {low} to {high}")
    return value


def number_at(value: Any, path: Path, low: float, high: float) -> float:
    """The value, which must be a number within limits."""
    if type(value) is not int and type(value) is not float:
        wrong_type(path, value, "a number")
    if not low <= value <= high:
        wrong_value(path, value, f"a number from {low:g} to {high:g}")
    return value


_W = TypeVar("_W", bound=str)


def choice_at(value: Any, path: Path, allowed: tuple[_W, ...]) -> _W:
    """The value, which must be one of some words."""
    if type(value) is not str:
        wrong_type(path, value, "a string")
    if value not in allowed:
        wrong_value(path, value, "one of " + ", ".join(f"'{word}'" for word in allowed))
    return value


def strings_at(value: Any, path: Path) -> tuple[str, ...]:
    """The value, which must be an array of strings."""
    for index, item in enumerate(array_at(value, path)):
        if type(item) is not str:
            wrong_type((*path, index), item, "a string")
    return tuple(value)


def count_of(raw: Any, key: str) -> int:
    """A count in a provider's usage: 0 where there is none, or a number that is no count (beyond 2**53)."""
    value = raw.get(key) if type(raw) is dict else None
    return int(value) if isinstance(value, int | float) and 0 < value < 2**53 else 0


def loads(body: bytes, *, exactly: bool = False) -> Any:
    """Parse a client's JSON; see ``loads_exactly``.

    Raises:
        TranslationError: ``invalid_json`` with line and column.
    """
    try:
        return loads_exactly(body) if exactly else orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise TranslationError(f"The body is not valid JSON: {error}.", code="invalid_json") from None


_LONG = re.compile(rb"[0-9]{19}")
# What a 64-bit integer has at most; longer ones are not even looked at.
_MOST_DIGITS = len(str(-(2**63)))


def exact(body: bytes) -> Any:
    """Parse JSON that was parsed before, keeping integers beyond 64 bits, which the usual parser rounds to floats.

    They become ``orjson.Fragment``: text that is written as it was read.

    Raises:
        RecursionError: this parser does not go as deep as the usual one.
    """
    return json.loads(body, parse_int=_integer)


def _integer(text: str) -> Any:
    if len(text) <= _MOST_DIGITS and -(2**63) <= int(text) < 2**64:
        return int(text)
    return orjson.Fragment(text)


def loads_exactly(body: bytes) -> Any:
    """Parse JSON, its long integers kept. Not for the hot path.

    Raises:
        orjson.JSONDecodeError: it is none.
    """
    value = orjson.loads(body)
    if _LONG.search(body):
        with suppress(RecursionError):
            return exact(body)
    return value


def may_be_rounded(out: bytes) -> bool:
    """Whether serialised JSON may hold a rounded integer: the serialiser writes such floats with ``e+``, nothing else.

    A plus sign is looked for at the speed of memory, and is rare, but in base64: where there are many, both signs are
    looked for. Text may look like such a number, too, but base64 does not.
    """
    place, left = out.find(b"+"), 64
    while place >= 0:
        if out[place - 1 : place] == b"e" and _EXPONENT.match(out, place - 2):
            return True
        left -= 1
        place = out.find(b"+", place + 1) if left > 0 else out.find(b"e+", place + 1) + 1 or -1
    return False


_EXPONENT = re.compile(rb"[0-9]e\+[0-9]+[,}\]]")


def dumps(value: Any) -> bytes:
    """Serialise what a writer made.

    Raises:
        TranslationError: ``too_deep`` when it is nested deeper than the serialiser goes (254 levels).
    """
    try:
        return orjson.dumps(value)
    except TypeError:
        raise TranslationError("The body is nested deeper than 254 levels.", code="too_deep") from None
