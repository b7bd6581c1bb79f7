"""The one exception of the core, and a provider's error as a record."""

from __future__ import annotations

from typing import Any

from .numerals import numeral
from .quick import record


class TranslationError(Exception):
    """What is wrong with a message, where, and how to say it to the client.

    Attributes:
        message: one or two sentences for a person: the field, the value, what would be right.
        path: JSON pointer into the body at fault; ``""`` is the whole body.
        code: a stable word for programs, for example ``invalid_type``.
        status: the HTTP status to answer with.
        param: the name of the field for the client's dialect, when it differs from the path.
        losses: what had been lost when a policy refused; data for ``x-dragoman-losses``.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str = "",
        code: str = "invalid_value",
        status: int = 400,
        param: str | None = None,
        losses: tuple[Any, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.code = code
        self.status = status
        self.param = param
        self.losses = losses


@record
class Failure:
    """An error, a provider's or our own, without a dialect.

    Attributes:
        status: HTTP status, the provider's own where it means the same everywhere (529 stays 529 here; writers choose
            their own).
        kind: what went wrong, in one vocabulary for all dialects: ``invalid_request``, ``authentication``,
            ``permission``, ``not_found``, ``too_large``, ``rate_limit``, ``quota``, ``billing``, ``conflict``,
            ``timeout``, ``overloaded``, ``server``.
        message: the provider's own words.
        code: the provider's structured code, if it has one.
        param: the field at fault, if the provider names one.
        retryable: whether the same call may succeed later.
        provider: the name of the provider row it came from; None when the gateway itself speaks.
        native: the provider's original body, parsed where it was JSON, else text.
        request_id: the provider's id of the exchange.
        dialect: whose words ``type`` and ``code`` are.
        type: the provider's own word for the kind.
        truncated: whether this stands for the missing end of a stream.
        retry_after: seconds after which the provider wants to be asked again, where its body tells.
        wire_status: the HTTP status of the provider's answer, where another one says the same elsewhere.
    """

    status: int
    kind: str
    message: str
    code: str | None = None
    param: str | None = None
    retryable: bool = False
    provider: str | None = None
    native: Any = None
    request_id: str | None = None
    dialect: str | None = None
    type: str | None = None
    truncated: bool = False
    retry_after: float | None = None
    wire_status: int | None = None

    def provider_json(self) -> dict[str, Any]:
        """Who failed, and how it said so, for clients that look closer."""
        return {"name": self.provider, "status": self.wire_status or self.status, "body": self.native}


STATUS_KINDS = {
    400: "invalid_request",
    401: "authentication",
    402: "billing",
    403: "permission",
    404: "not_found",
    405: "invalid_request",
    408: "timeout",
    409: "conflict",
    413: "too_large",
    422: "invalid_request",
    429: "rate_limit",
    498: "overloaded",
    500: "server",
    502: "server",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}

RETRYABLE_KINDS = frozenset({"rate_limit", "conflict", "timeout", "overloaded", "server"})


_CODES = {
    "invalid-argument": 400, "failed-precondition": 400, "out-of-range": 400, "unauthenticated": 401,
    "permission-denied": 403, "not-found": 404, "already-exists": 409, "aborted": 409, "resource-exhausted": 429,
    "internal": 500, "unimplemented": 501, "unavailable": 503, "deadline-exceeded": 504,
    "rate-limit-exceeded": 429, "slow-down": 429, "insufficient-quota": 429, "invalid-api-key": 401,
    "model-not-found": 404, "content-filter": 400, "context-length-exceeded": 400, "server-error": 500,
    "server-is-overloaded": 503, "invalid-request-error": 400, "authentication-error": 401, "billing-error": 402,
    "permission-error": 403, "not-found-error": 404, "conflict-error": 409, "request-too-large": 413,
    "rate-limit-error": 429, "api-error": 500, "timeout-error": 504, "service-unavailable-error": 503,
    "overloaded-error": 529,
}  # fmt: skip
"""Words that stand for a status: the common RPC codes (wire/xai.md 7), the codes of OpenAI's family and the types of
Anthropic's (wire/openai-chat.md 10, wire/anthropic.md 12)."""


def stated_status(body: Any) -> int:
    """The HTTP status that an error body names itself, for errors that came as a success; 502 when it names none."""
    error = body.get("error")
    inner = error if isinstance(error, dict) else body
    for key in ("status_code", "status", "code", "type"):
        value = inner.get(key)
        if isinstance(value, str):
            value = numeral(value) or _CODES.get(value.lower().replace("_", "-").replace(" ", "-"))
        if isinstance(value, int) and 400 <= value <= 599:
            return value
    return 502


def kind_of(status: int) -> str:
    """The error kind that a bare HTTP status tells."""
    return STATUS_KINDS.get(status) or ("server" if status >= 500 else "invalid_request")
