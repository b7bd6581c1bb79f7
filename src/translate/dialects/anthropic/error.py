"""Errors of the Messages dialect, both ways (wire/anthropic.md 12)."""

from __future__ import annotations

from typing import Any

from ...context import Context
from ...records import Failure
from ...records.errors import RETRYABLE_KINDS, kind_of, stated_status

Body = dict[str, Any]

KINDS = {
    "invalid_request_error": "invalid_request",
    "authentication_error": "authentication",
    "billing_error": "billing",
    "permission_error": "permission",
    "not_found_error": "not_found",
    "conflict_error": "conflict",
    "request_too_large": "too_large",
    "rate_limit_error": "rate_limit",
    "api_error": "server",
    "timeout_error": "timeout",
    "overloaded_error": "overloaded",
}
STATUSES = {
    "invalid_request": 400, "authentication": 401, "billing": 402, "permission": 403, "not_found": 404,
    "conflict": 409, "too_large": 413, "rate_limit": 429, "quota": 429, "server": 500, "timeout": 504,
    "overloaded": 529,
}  # fmt: skip
TYPES = {kind: word for word, kind in KINDS.items()} | {"quota": "rate_limit_error"}


def read_error(status: int, body: Any, provider: str | None, request_id: str | None) -> Failure:
    """A provider's error body (parsed JSON, or text) as a Failure; status 0 is an error inside a stream."""
    whole = body[0] if type(body) is list and body else body  # Google's door may answer with a list of one
    error = whole.get("error") if type(whole) is dict else None
    if type(error) is not dict:
        error = {"message": body if type(body) is str and body else None}
    word = error.get("type") if type(error.get("type")) is str else None
    if not status and word not in KINDS and type(whole) is dict:
        status = stated_status(whole)  # the host's own words, in the middle of the model's stream
    kind = KINDS.get(word or "") or (kind_of(status) if status else "server")
    status = status or STATUSES[kind]
    details = error.get("details")
    code = details.get("error_code") if type(details) is dict else None
    return Failure(
        status=status,
        kind=kind,
        message=str(error.get("message") or f"The provider answered with status {status}."),
        code=code if type(code) is str else word,
        retryable=kind in RETRYABLE_KINDS,
        provider=provider,
        native=body,
        request_id=(body.get("request_id") if type(body) is dict else None) or request_id,
        dialect="anthropic",
        type=word,
    )


def write_error(failure: Failure, context: Context | None) -> tuple[int, Body]:
    """Status and body for a Messages client."""
    own = failure.dialect == "anthropic"
    status = failure.status if own or failure.kind not in ("overloaded", "billing", "too_large") else 0
    error: Body = {"type": (failure.type if own else None) or TYPES[failure.kind], "message": failure.message}
    if own and type(failure.native) is dict and type(failure.native.get("error")) is dict:
        error = {**failure.native["error"], **error}
    body: Body = {"type": "error", "error": error, "request_id": failure.request_id}
    if failure.provider is not None and not own and not (context and context.strict):
        error["provider"] = failure.provider_json()
    return status or STATUSES[failure.kind], body
