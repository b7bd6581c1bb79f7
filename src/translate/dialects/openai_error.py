"""Errors of the OpenAI dialects, both ways (wire/openai-chat.md 10, wire/observed.md 0, spec/chat.md 10)."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..records import Failure
from ..records.errors import RETRYABLE_KINDS, kind_of

Body = dict[str, Any]

FAMILY = frozenset({"openai_chat", "openai_responses"})
"""Dialects with this body of errors: their words mean the same."""

QUOTA = frozenset({
    "insufficient_quota", "credit_balance_exhausted", "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded", "organization_usage_limit_exceeded",
})  # fmt: skip
"""Codes of a 429 that no waiting will cure."""

TYPES = {
    "invalid_request": "invalid_request_error",
    "authentication": "authentication_error",
    "permission": "permission_error",
    "not_found": "invalid_request_error",
    "too_large": "invalid_request_error",
    "rate_limit": "rate_limit_error",
    "quota": "insufficient_quota",
    "billing": "insufficient_quota",
    "conflict": "invalid_request_error",
    "timeout": "timeout_error",
    "overloaded": "service_unavailable_error",
    "server": "server_error",
}
RETRYABLE_CODES = frozenset({"tool_use_failed", "json_validate_failed"})
"""Codes of a 400 that is the model's fault: the next try may go better (wire/groq.md 6)."""

CODES = {
    "authentication": "invalid_api_key",
    "rate_limit": "rate_limit_exceeded",
    "quota": "insufficient_quota",
    "billing": "insufficient_quota",
    "overloaded": "server_is_overloaded",
    "timeout": "timeout",
    "server": "server_error",
}


def read_error(status: int, body: Any, provider: str | None, request_id: str | None, dialect: str) -> Failure:
    """A provider's error body (parsed JSON, or text) as a Failure, by status and structured code."""
    error = body.get("error") if type(body) is dict else None
    if type(error) is not dict:
        # xAI: {"code", "error": text}; Mistral: {"message", "type", "code"}; others: {"detail"} or plain text.
        error = dict(body) if type(body) is dict else {}
        text = error.get("error") or error.get("message") or error.get("detail") or body
        error["message"] = text if type(text) is str else None
    code = error.get("code")
    code = str(code) if code is not None else None
    message = error.get("message") or f"The provider answered with status {status}."
    kind = kind_of(status)
    if code == str(status):
        # It says nothing that the status does not say (wire/azure-openai.md 7).
        code = CODES.get(kind)
    if kind == "rate_limit" and (code in QUOTA or str(error.get("type")) in QUOTA):
        kind = "quota"
    param = error.get("param")
    return Failure(
        status=status,
        kind=kind,
        message=str(message),
        code=code,
        param=param if type(param) is str else None,
        retryable=kind in RETRYABLE_KINDS or code in RETRYABLE_CODES,
        provider=provider,
        native=body,
        request_id=request_id,
        dialect=dialect,
        type=error.get("type") if type(error.get("type")) is str else None,
    )


def write_error(failure: Failure, context: Context | None) -> tuple[int, Body]:
    """Status and body for a client of the family; 529 and its like become 503."""
    own = failure.dialect in FAMILY
    error: Body = {
        "message": failure.message,
        "type": (failure.type if own else None) or TYPES[failure.kind],
        "param": failure.param,
        "code": failure.code if failure.code is not None or own else CODES.get(failure.kind),
    }
    if failure.provider is not None and not (context and context.strict):
        error["provider"] = failure.provider_json()
    return (503 if failure.kind == "overloaded" else failure.status), {"error": error}
