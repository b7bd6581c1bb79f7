"""Errors of the chat dialect: those of its family."""

from __future__ import annotations

from typing import Any

from ...records import Failure
from .. import openai_error
from ..openai_error import write_error

__all__ = ["read_error", "write_error"]


def read_error(status: int, body: Any, provider: str | None, request_id: str | None) -> Failure:
    """A provider's error body (parsed JSON, or text) as a Failure, by status and structured code."""
    return openai_error.read_error(status, body, provider, request_id, "openai_chat")
