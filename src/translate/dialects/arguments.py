"""A call's arguments for dialects that want an object where others have text."""

from __future__ import annotations

from typing import Any

import orjson

from ..records import Call, TranslationError, render
from ..records.parts import place
from ..values import dotted, show


def request_arguments(call: Call) -> Any:
    """A call's arguments of the history as an object, their text kept byte for byte.

    Raises:
        TranslationError: when they are not a JSON object.
    """
    text = call.arguments
    if call.custom:
        return {"input": text}
    if not text or text.isspace():
        return {}
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _bad_arguments(call, f"is not valid JSON ({error})") from None
    if type(value) is not dict:
        if value is None:
            return {}
        raise _bad_arguments(call, "is not a JSON object")
    return orjson.Fragment(text)


def _bad_arguments(call: Call, why: str) -> TranslationError:
    path = place(call, "arguments")
    return TranslationError(
        f"Invalid value for '{dotted(path)}': the target needs a JSON object as arguments of a call, "
        f"but {show(call.arguments)} {why}.",
        path=render(path),
        code="invalid_arguments",
    )


def reply_arguments(call: Call) -> Any:
    """A model's arguments as an object: its text byte for byte, or what it wrote under one key when it is none."""
    if not call.arguments.strip():
        return {}
    if not call.custom:
        try:
            value = orjson.loads(call.arguments)
        except orjson.JSONDecodeError:
            value = None
        if type(value) is dict:
            return orjson.Fragment(call.arguments)
        if call.arguments == "null":
            return {}
    return {"input": call.arguments}
