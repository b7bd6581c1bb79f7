"""The small JSON heads of the boundary, and the answer that each of its calls gives."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from .context import Context, Stamp
from .dialects import DIALECTS
from .providers import PROVIDERS
from .records import TranslationError
from .records.quick import maker
from .values import wrong_type, wrong_value


class Answer(NamedTuple):
    """A status, a small JSON head and a body of wire bytes."""

    status: int
    head: bytes
    body: bytes


def head_of(head: bytes) -> dict[str, Any]:
    """The settings that a head says."""
    try:
        settings = orjson.loads(head)
    except orjson.JSONDecodeError as error:
        raise TranslationError(f"The head is not valid JSON: {error}.", code="invalid_head") from None
    if type(settings) is not dict:
        raise TranslationError("The head must be a JSON object.", code="invalid_head")
    return settings


def context_of(settings: dict[str, Any]) -> Context:
    """The context that a head brings back from the request."""
    context = Context.read(settings.get("context"))
    if context.client in DIALECTS and context.dialect in DIALECTS and context.provider in PROVIDERS:
        return context
    raise TranslationError("The context names an unknown dialect or provider.", path="/context", code="invalid_context")


def client_of(settings: dict[str, Any]) -> str:
    """The dialect that a head says the client speaks."""
    client = settings.get("from") or "openai_chat"
    if type(client) is not str or client not in DIALECTS:
        known = ", ".join(DIALECTS)
        message = f"Unknown dialect {client!r} as 'from'; known: {known}."
        raise TranslationError(message, path="/from", code="unknown_dialect")
    return str(client)


def word_of(settings: Any, key: str) -> str | None:
    """A setting that is a word, or None."""
    value = settings.get(key) if type(settings) is dict else None
    return value if type(value) is str else None


def object_of(settings: dict[str, Any], key: str) -> dict[str, Any]:
    """A setting that is an object; the empty one where it is not said.

    Raises:
        TranslationError: it is something else.
    """
    value = settings.get(key)
    if value is None:
        return {}
    if type(value) is not dict:
        wrong_type((key,), value, "an object in the head")
    return value


def status_of(settings: dict[str, Any], least: int, unsaid: int) -> int:
    """The HTTP status that a head says, from ``least`` up; any other is a server's error (RFC 9110, 15)."""
    status = settings.get("status")
    if status is None:
        return unsaid
    return status if type(status) is int and least <= status <= 599 else 502


_MOST_NOW = 2**53
_stamp = maker(Stamp)


def stamp_of(settings: dict[str, Any]) -> Stamp:
    """What a head says that a reply is to be stamped with.

    Raises:
        TranslationError: the time is none.
    """
    now = settings.get("now") or 0
    if type(now) is not int or not 0 <= now <= _MOST_NOW:
        wrong_value(("now",), now, "whole seconds since 1970 in the head")
    return _stamp(now, str(settings.get("id") or ""), settings.get("tell_model") is True)
