"""The core: pure translators between model-API wire formats.

Records in and out, ``TranslationError`` for what is wrong:

>>> from dragoman.translate import aim, plan, read_request
>>> request = read_request("openai_chat", b'{"model":"x","messages":[{"role":"user","content":"Hi"}]}')
>>> call = plan(request, aim("anthropic", "claude-sonnet-4-5"))
>>> call.url
'https://api.anthropic.com/v1/messages'

For bytes in and bytes out, with nothing raised, see ``dragoman.translate.boundary``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from . import records
from .collect import collect
from .context import Context, Stamp
from .dialects import DIALECTS, Dialect
from .models import ModelRow, ReasoningRow
from .plan import Call, Needs, plan
from .providers import PROVIDERS, ProviderRow
from .records import (
    ALLOW_ALL,
    DEFAULT_POLICY,
    REFUSE_ALL,
    Event,
    Failure,
    Loss,
    Policy,
    Reply,
    Request,
    TranslationError,
    Usage,
)
from .restore import identify
from .target import Target, aim
from .values import dumps, loads

__all__ = [
    "ALLOW_ALL",
    "DEFAULT_POLICY",
    "DIALECTS",
    "PROVIDERS",
    "REFUSE_ALL",
    "Call",
    "Context",
    "Dialect",
    "Event",
    "Failure",
    "Loss",
    "ModelRow",
    "Needs",
    "Policy",
    "ProviderRow",
    "ReasoningRow",
    "Reply",
    "Request",
    "Stamp",
    "Target",
    "TranslationError",
    "Usage",
    "aim",
    "collect",
    "plan",
    "read_events",
    "read_reply",
    "read_request",
    "records",
    "write_reply",
]


_R = TypeVar("_R")


def _dialect(name: str) -> Dialect:
    dialect = DIALECTS.get(name)
    if dialect is None:
        raise TranslationError(f"Unknown dialect '{name}'; known: {', '.join(DIALECTS)}.", code="unknown_dialect")
    return dialect


def _read(read: Callable[[Any], _R], body: bytes) -> _R:
    value = loads(body, exactly=True)
    try:
        return read(value)
    except Exception:  # noqa: BLE001 - what is wrong is said of the body as it is usually read
        return read(loads(body))


def read_request(dialect: str, body: bytes) -> Request:
    """A client's body as a Request.

    Args:
        dialect: a key of DIALECTS.
        body: JSON in UTF-8.

    Raises:
        TranslationError: naming the field, its value and what would be right.
    """
    return _read(_dialect(dialect).read_request, body)


def read_reply(dialect: str, body: bytes) -> Reply:
    """A provider's whole reply as a Reply.

    Raises:
        TranslationError: status 502, when it is no reply of the dialect.
    """
    try:
        return _read(_dialect(dialect).read_reply, body)
    except TranslationError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a reader stumbles over, it is no reply
        message = f"The reply is not what the dialect '{dialect}' promises ({error!r})."
        raise TranslationError(message, code="bad_reply", status=502) from None


def write_reply(reply: Reply, context: Context, stamp: Stamp = Stamp()) -> bytes:  # noqa: B008 - a frozen value
    """A Reply as the client's body; ``context`` comes from the call that ``plan`` made."""
    return dumps(_dialect(context.client).write_reply(identify(reply, stamp), context, stamp))


def read_events(dialect: str, data: bytes) -> list[Event]:
    """A provider's whole stream as events; ``collect`` makes them a Reply.

    Raises:
        KeyError, TypeError, ValueError: for an event that is none.
    """
    format_ = _dialect(dialect)
    state = format_.start_reading(dialect)
    tail, frames = format_.split(b"", data)
    out: list[Event] = []
    for frame in [*frames, *format_.last(tail)]:
        if state.closed:
            break
        state, events = format_.read_event(state, frame)
        out.extend(events)
    _, events = format_.end_reading(state)
    return [*out, *events]
