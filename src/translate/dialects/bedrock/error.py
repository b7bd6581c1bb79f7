"""Errors of Bedrock, both ways (wire/bedrock.md 11 and 13)."""

from __future__ import annotations

from typing import Any, Final

from ...context import Context
from ...records import Failure
from ...records.errors import RETRYABLE_KINDS, kind_of

Body = dict[str, Any]

NAME = "bedrock"
HEADER: Final = "x-amzn-errortype"

# Type -> (HTTP status on Bedrock's wire, kind, status that says the same elsewhere)
TYPES: Final[dict[str, tuple[int, str, int]]] = {
    "ValidationException": (400, "invalid_request", 400),
    "AccessDeniedException": (403, "permission", 403),
    "UnrecognizedClientException": (403, "authentication", 401),
    "InvalidSignatureException": (403, "authentication", 401),
    "IncompleteSignatureException": (403, "authentication", 401),
    "ExpiredTokenException": (403, "authentication", 401),
    "MissingAuthenticationTokenException": (403, "authentication", 401),
    "ResourceNotFoundException": (404, "not_found", 404),
    "UnknownOperationException": (404, "not_found", 404),
    "ServiceQuotaExceededException": (400, "quota", 429),
    "ThrottlingException": (429, "rate_limit", 429),
    "ModelNotReadyException": (429, "overloaded", 503),
    "ModelTimeoutException": (408, "timeout", 504),
    "ModelErrorException": (424, "server", 502),
    "ModelStreamErrorException": (424, "server", 502),
    "ConflictException": (400, "conflict", 409),
    "InternalServerException": (500, "server", 500),
    "ServiceUnavailableException": (503, "overloaded", 503),
}

FINAL: Final = frozenset({"ConflictException"})
"""Types that no other try will cure, though elsewhere their kind may be worth one."""

# Kind -> (type, HTTP status) for errors of other providers and our own
_SPOKEN: Final = {
    "invalid_request": ("ValidationException", 400),
    "authentication": ("UnrecognizedClientException", 403),
    "permission": ("AccessDeniedException", 403),
    "not_found": ("ResourceNotFoundException", 404),
    "too_large": ("ValidationException", 400),
    "rate_limit": ("ThrottlingException", 429),
    "quota": ("ServiceQuotaExceededException", 400),
    "billing": ("AccessDeniedException", 403),
    "conflict": ("ConflictException", 400),
    "timeout": ("ModelTimeoutException", 408),
    "overloaded": ("ServiceUnavailableException", 503),
    "server": ("InternalServerException", 500),
}
_IN_STREAMS: Final = frozenset({
    "InternalServerException", "ModelStreamErrorException", "ValidationException", "ThrottlingException",
    "ServiceUnavailableException",
})  # fmt: skip
"""Errors that a stream can hold; others are told as one of these."""


def type_in(word: str | None, body: Any) -> str | None:
    """An error's type: of a header, up to its first colon, or of the body, behind its namespace."""
    if not word and type(body) is dict:
        inner = body.get("Output")
        found = body.get("__type") or (inner.get("__type") if type(inner) is dict else None)
        word = found if type(found) is str else None
    if not word:
        return None
    name = word.partition(":")[0].rpartition("#")[2].strip()
    return name[:1].upper() + name[1:] or None


def read_error(
    status: int, body: Any, provider: str | None, request_id: str | None, word: str | None = None
) -> Failure:
    """A provider's error body (parsed JSON, or text) as a Failure.

    Args:
        status: HTTP status; below 400 for an error inside a stream, or one that was told with success.
        body: with ``message`` or ``Message``.
        provider: whose it is.
        request_id: of the exchange.
        word: the error's type, as the header or the frame says it.
    """
    name = type_in(word, body)
    known = TYPES.get(name or "")
    told = body if type(body) is dict else {"message": body if type(body) is str and body else None}
    message = told.get("message") or told.get("Message") or told.get("originalMessage")
    given = status if status >= 400 else None
    if known is not None:
        _, kind, status = known
    else:
        status = given or 502
        kind = kind_of(status)
    return Failure(
        status=status,
        kind=kind,
        message=str(message or f"The provider answered with {name or f'status {status}'}."),
        code=name,
        retryable=kind in RETRYABLE_KINDS and name not in FINAL,
        provider=provider,
        native=body,
        request_id=request_id,
        dialect=NAME,
        type=name,
        wire_status=None if given == status else given,
    )


def spoken(failure: Failure) -> tuple[str, int]:
    """The type and the HTTP status by which a client of this dialect knows a failure."""
    if failure.dialect == NAME and failure.type is not None:
        known = TYPES.get(failure.type)
        return failure.type, failure.status if known is None else known[0]
    name, status = _SPOKEN[failure.kind]
    # Statuses that have no type of their own here keep their number, since clients go by it, too.
    return name, failure.status if failure.kind in ("invalid_request", "server") else status


def write_error(failure: Failure, context: Context | None) -> tuple[int, Body]:
    """Status and body for a Converse client; the type goes into a header (``error_headers``)."""
    _, status = spoken(failure)
    body: Body = {"message": failure.message}
    if failure.dialect == NAME and type(failure.native) is dict:
        body = {**failure.native, **body}
    return status, body


def error_headers(failure: Failure) -> dict[str, str]:
    """The headers that belong to the error."""
    headers = {HEADER: spoken(failure)[0]}
    if failure.request_id is not None:
        headers["x-amzn-requestid"] = failure.request_id
    return headers


def exception_of(failure: Failure) -> tuple[str, Body]:
    """The name and the payload of an exception inside a stream."""
    name, _ = spoken(failure)
    _, body = write_error(failure, None)
    if name not in _IN_STREAMS:
        name = "ValidationException" if failure.kind == "invalid_request" else "ModelStreamErrorException"
        if failure.kind in ("timeout", "overloaded"):
            name = "ServiceUnavailableException"
    if name == "ModelStreamErrorException":
        body.setdefault("originalStatusCode", failure.status)
    return name[:1].lower() + name[1:], body
