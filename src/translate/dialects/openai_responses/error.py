"""Errors of the Responses dialect: those of its family, and generations that failed with status 200.

A failed generation is a response with ``status: "failed"`` and an ``error`` (wire/openai-responses.md 5). Its code
tells the status that the fault would have had as an answer.
"""

from __future__ import annotations

from typing import Any

from ...records import Failure
from ...records.errors import stated_status
from .. import openai_error
from ..openai_error import QUOTA, write_error
from .parts import NAME

__all__ = ["error_code", "read_error", "write_error"]

STATUSES = {
    "rate_limit_exceeded": 429,
    "invalid_prompt": 400,
    "context_length_exceeded": 400,
    "data_residency_mismatch": 400,
    "bio_policy": 400,
    "misalignment_policy_violation": 400,
    "vector_store_timeout": 504,
    "server_is_overloaded": 503,
    "failed_to_download_image": 400,
    "empty_image_file": 400,
    "unsupported_image_media_type": 400,
}
"""Code of a failed generation -> status; codes about images are the request's fault, any other is the server's."""

CODES = frozenset({
    "server_error", "rate_limit_exceeded", "invalid_prompt", "data_residency_mismatch", "bio_policy",
    "misalignment_policy_violation", "vector_store_timeout", "invalid_image", "invalid_image_format",
    "invalid_base64_image", "invalid_image_url", "image_too_large", "image_too_small", "image_parse_error",
    "image_content_policy_violation", "invalid_image_mode", "image_file_too_large", "unsupported_image_media_type",
    "empty_image_file", "failed_to_download_image", "image_file_not_found",
})  # fmt: skip
"""Codes that the dialect knows in a failed response."""


def read_error(status: int, body: Any, provider: str | None, request_id: str | None) -> Failure:
    """A provider's error body, a failed response or an ``error`` event (status 0) as a Failure."""
    if type(body) is dict and body.get("object") == "response":
        status = 0
    if status == 0:
        error = body.get("error")
        # An event may be flat, or hold its error in an object of its own.
        body = {"error": error if type(error) is dict else {**body, "type": None}}
        code = body["error"].get("code")
        status = _status(code) if type(code) is str else stated_status(body)
    return openai_error.read_error(status, body, provider, request_id, NAME)


def _status(code: str) -> int:
    if code in QUOTA:
        return 429
    about_image = code.startswith(("image_", "invalid_image", "invalid_base64_image"))
    return STATUSES.get(code) or (400 if about_image or code.startswith("invalid_") else 500)


def error_code(failure: Failure) -> str:
    """The code that a failed response tells its client."""
    if failure.code in CODES:
        return str(failure.code)
    if failure.kind in ("rate_limit", "quota", "billing"):
        return "rate_limit_exceeded"
    return "invalid_prompt" if failure.kind in ("invalid_request", "too_large", "not_found") else "server_error"
