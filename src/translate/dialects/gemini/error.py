"""Errors of the generateContent dialect, both ways (wire/gemini.md 15, wire/observed.md 6)."""

from __future__ import annotations

import re
from typing import Any

from ...context import Context
from ...records import Failure
from ...records.errors import RETRYABLE_KINDS, kind_of

Body = dict[str, Any]

KINDS = {
    "INVALID_ARGUMENT": "invalid_request",
    "FAILED_PRECONDITION": "invalid_request",
    "OUT_OF_RANGE": "invalid_request",
    "UNAUTHENTICATED": "authentication",
    "PERMISSION_DENIED": "permission",
    "NOT_FOUND": "not_found",
    "ALREADY_EXISTS": "conflict",
    "ABORTED": "conflict",
    "RESOURCE_EXHAUSTED": "rate_limit",
    "CANCELLED": "timeout",
    "DEADLINE_EXCEEDED": "timeout",
    "INTERNAL": "server",
    "UNKNOWN": "server",
    "UNAVAILABLE": "overloaded",
}
"""``status`` -> the common kind."""

WORDS = {
    "invalid_request": (400, "INVALID_ARGUMENT"),
    "authentication": (401, "UNAUTHENTICATED"),
    "billing": (402, "FAILED_PRECONDITION"),
    "permission": (403, "PERMISSION_DENIED"),
    "not_found": (404, "NOT_FOUND"),
    "conflict": (409, "ABORTED"),
    "too_large": (413, "INVALID_ARGUMENT"),
    "rate_limit": (429, "RESOURCE_EXHAUSTED"),
    "quota": (429, "RESOURCE_EXHAUSTED"),
    "server": (500, "INTERNAL"),
    "overloaded": (503, "UNAVAILABLE"),
    "timeout": (504, "DEADLINE_EXCEEDED"),
}
"""The common kind -> HTTP status and ``status``."""


def read_error(status: int, body: Any, provider: str | None, request_id: str | None) -> Failure:
    """A provider's error body as a Failure; it may be a list of one. Status 0 is an error inside a stream."""
    whole = body[0] if type(body) is list and body else body
    error = whole.get("error") if type(whole) is dict else None
    if type(error) is not dict:
        error = {"message": error if type(error) is str else body if type(body) is str else None}
    word = error.get("status") if type(error.get("status")) is str else None
    code = error.get("code")
    if not status:
        status = code if type(code) is int and 400 <= code <= 599 else WORDS[KINDS.get(word or "", "server")][0]
    kind = KINDS.get(word or "") or kind_of(status)
    given = error.get("details")
    details = [item for item in given if type(item) is dict] if type(given) is list else []
    reason = next((item["reason"] for item in details if type(item.get("reason")) is str), None)
    told = status
    if reason == "API_KEY_INVALID":
        # The provider says 400; it is the key all the same.
        status, kind = 401, "authentication"
    return Failure(
        status=status,
        kind=kind,
        message=str(error.get("message") or f"The provider answered with status {status}."),
        code=reason or word,
        retryable=kind in RETRYABLE_KINDS,
        provider=provider,
        native=body,
        request_id=request_id,
        dialect="gemini",
        type=word,
        retry_after=_delay(details),
        wire_status=None if told == status else told,
    )


def _delay(details: list[Body]) -> float | None:
    """Seconds of a ``RetryInfo``: ``"27s"``, ``"1.5s"``."""
    for item in details:
        delay = _SECONDS.fullmatch(str(item.get("retryDelay")))
        if delay is not None:
            return float(delay[1])
    return None


_SECONDS = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?)s")
"""A duration of proto JSON that is to be waited."""


def _is_whole(error: Any) -> bool:
    """Whether an error says all that clients of the dialect read of one."""
    shape = {"code": int, "message": str, "status": str}
    return type(error) is dict and all(type(error.get(key)) is kind for key, kind in shape.items())


def write_error(failure: Failure, context: Context | None) -> tuple[int, Body]:
    """Status and body for a client of the dialect."""
    native = failure.native[0] if type(failure.native) is list and failure.native else failure.native
    if failure.dialect == "gemini" and type(native) is dict and _is_whole(native.get("error")):
        code = native["error"]["code"]
        return (code if 400 <= code <= 599 else failure.status), native
    usual, word = WORDS[failure.kind]
    status = usual if failure.kind in ("overloaded", "billing") else failure.status
    error: Body = {"code": status, "message": failure.message, "status": word}
    if failure.provider is not None and not (context and context.strict):
        error["provider"] = failure.provider_json()
    return status, {"error": error}
