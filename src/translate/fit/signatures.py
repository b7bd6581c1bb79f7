"""Signatures that calls of the running turn must carry (spec/chat.md 5, wire/gemini.md 9)."""

from __future__ import annotations

from ..records import Call, Message, Request, Result, changed, evolve
from ..records.traits import ODD
from ..target import Target
from .notes import Notes

SKIP = "skip_thought_signature_validator"
"""The documented value for calls that another model made; both of Google's hosts take it."""


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """The first call of every step of the running turn, signed if only by the value that skips the check."""
    messages = list(request.messages)
    stepping = False
    for index in range(_turn(messages), len(messages)):
        message = messages[index]
        if message.role != "assistant":
            # System text between turns is hoisted, and does not part two messages of one step.
            stepping = stepping and message.role not in ("user", "tool")
            continue
        first = next((place for place, part in enumerate(message.parts) if type(part) is Call), None)
        if first is None or stepping:
            continue
        stepping = True
        call = message.parts[first]
        assert isinstance(call, Call)
        if call.signature is None:
            detail = f"{target.model} checks the signature of this call, which has none: the check is skipped."
            notes.lose(call.path, "added", "quality", detail)
            signed = changed(call, signature=SKIP, origin=target.provider.signing_domain)
            parts = (*message.parts[:first], signed, *message.parts[first + 1 :])
            messages[index] = changed(message, content=parts)
            notes.traits |= ODD
    return evolve(request, messages=tuple(messages))


def _turn(messages: list[Message]) -> int:
    """Where the running turn begins: behind the last ordinary input of the user."""
    said = (
        place
        for place, message in enumerate(messages, 1)
        if message.role == "user" and any(type(part) is not Result for part in message.parts)
    )
    return max(said, default=0)
