"""Messages replies, both ways (wire/anthropic.md 10, spec/chat.md 7, 10)."""

from __future__ import annotations

from typing import Any, cast

from ...context import Context, Stamp
from ...records import (
    Call,
    Opaque,
    Part,
    Redacted,
    Refusal,
    Reply,
    Text,
    Thinking,
    TranslationError,
    make,
)
from ...records.reply import FinishReason
from ...seal import seal
from ...values import dumps
from ..arguments import reply_arguments
from .blocks import NAME, ORIGIN, read_citation
from .usage import read_usage, write_usage

Body = dict[str, Any]

FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}
"""``stop_reason`` -> the common reason; anything else is ``stop``."""

REASONS = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal"}
"""The common reason -> ``stop_reason``."""


def common_finish(word: str | None, *, called: bool) -> FinishReason:
    """The common finish reason of a ``stop_reason``; a call that was made outweighs the word (spec/chat.md 4)."""
    finish = FINISH.get(word or "end_turn", "stop")
    return cast(FinishReason, "tool_calls" if called and finish == "stop" else finish)


def explanation_of(details: Any) -> str | None:
    """The provider's words about a refusal (``stop_details``)."""
    if type(details) is not dict:
        return None
    category = details.get("category")
    return details.get("explanation") or (f"The provider declined to answer ({category})." if category else None)


def read_reply(body: Any) -> Reply:
    """A parsed message as a Reply.

    Raises:
        TranslationError: status 502, when it is no message.
    """
    content = body.get("content") if type(body) is dict else None
    if type(content) is not list:
        raise TranslationError("The provider's reply has no content.", path="/content", code="bad_reply", status=502)
    word = body.get("stop_reason")
    parts = tuple([_part(raw) for raw in content])
    called = Call in map(type, parts)
    choice = make.choice(
        parts,
        common_finish(word, called=called),
        word,
        body.get("stop_sequence"),
        explanation_of(body.get("stop_details")),
    )
    usage = body.get("usage")
    tier = usage.get("service_tier") if type(usage) is dict else None
    return make.reply(
        body.get("id") or "", body.get("model") or "", (choice,), read_usage(usage), None, tier, NAME, body
    )  # fmt: skip


def _part(raw: Body) -> Part:
    kind = raw["type"]
    if kind == "text":
        citations = raw.get("citations")
        return make.text(raw["text"], citations=tuple(map(read_citation, citations)) if citations else ())
    if kind == "tool_use":
        return Call(raw["id"], raw["name"], dumps(raw.get("input") or {}).decode())
    if kind == "thinking":
        signature = raw.get("signature") or None
        return Thinking(raw.get("thinking") or "", signature, ORIGIN if signature else None)
    if kind == "redacted_thinking":
        return Redacted(raw["data"], ORIGIN)
    return Opaque(kind, NAME, native=raw)


# Writing


def write_reply(reply: Reply, context: Context, stamp: Stamp) -> Body:
    """A Reply as a message; of several answers the first."""
    if reply.dialect == NAME and type(reply.native) is dict:
        return dict(reply.native)
    choice = reply.choices[0]
    called = any(type(part) is Call for part in choice.parts)
    refusal = "".join(part.text for part in choice.parts if type(part) is Refusal) or None
    reason = stop_reason(choice.finish, called, choice.stop_sequence, refusal is not None)
    return {
        "id": message_id(reply.id, stamp),
        "type": "message",
        "role": "assistant",
        "model": reply.model or context.model,
        "content": [block for part in choice.parts for block in _blocks(part)],
        "stop_reason": reason,
        "stop_sequence": choice.stop_sequence,
        "stop_details": stop_details(reason, choice.explanation or refusal),
        "usage": write_usage(reply.usage),
    }


def message_id(upstream: str, stamp: Stamp) -> str:
    """An id for the message: the provider's own, else one from the seed."""
    return upstream or f"msg_{stamp.id}"


def stop_reason(finish: str | None, called: bool, stop_sequence: str | None, refused: bool) -> str:
    """The ``stop_reason``, derived from what was emitted."""
    if called and finish in ("stop", "tool_calls", None):
        return "tool_use"
    if refused and finish != "length":
        return "refusal"
    if finish == "tool_calls" or finish is None:
        return "end_turn"
    if finish == "stop" and stop_sequence is not None:
        return "stop_sequence"
    return REASONS[finish]


def stop_details(reason: str, explanation: str | None) -> Body | None:
    """``stop_details`` of a refusal."""
    if reason != "refusal":
        return None
    return {"type": "refusal", "category": None, "explanation": explanation}


def _blocks(part: Part) -> list[Body]:
    """A part's block; a call has no place for its state, which comes before it, sealed."""
    block = _block(part)
    before = [call_state(part.signature, part.origin)] if isinstance(part, Call) and part.signature else []
    return before if block is None else [*before, block]


def call_state(signature: str, origin: str | None) -> Body:
    """The state of the call that follows, as a thought without words (``seal``)."""
    return {"type": "thinking", "thinking": "", "signature": seal(origin, "call", signature, ORIGIN)}


def _block(part: Part) -> Body | None:
    if isinstance(part, Text | Refusal):
        if not part.text:
            return None
        # Foreign citations cannot be told: what is sent back must be what the provider has issued.
        notes = [note.native for note in part.citations if note.dialect == NAME] if isinstance(part, Text) else []
        return {"type": "text", "text": part.text, **({"citations": notes} if notes else {})}
    if isinstance(part, Call):
        return {"type": "tool_use", "id": part.id, "name": part.name, "input": reply_arguments(part)}
    if isinstance(part, Thinking):
        signature = seal(part.origin, "thinking", part.signature, ORIGIN) if part.signature else ""
        if not part.text and not signature:
            return None
        return {"type": "thinking", "thinking": part.text, "signature": signature}
    if isinstance(part, Redacted):
        return {"type": "redacted_thinking", "data": seal(part.origin, "redacted", part.data, ORIGIN)}
    return dict(part.native) if isinstance(part, Opaque) and part.dialect == NAME else None
