"""Converse replies, both ways (wire/bedrock.md 10, spec/chat.md 7, 10)."""

from __future__ import annotations

from typing import Any, Final, cast
from urllib.parse import urlsplit

from ...context import Context, Stamp
from ...records import (
    Call,
    Choice,
    Citation,
    Failure,
    Opaque,
    Part,
    Redacted,
    Refusal,
    Reply,
    Text,
    Thinking,
    TranslationError,
)
from ...records.reply import FinishReason
from ...seal import seal
from ...values import dumps
from ..arguments import reply_arguments
from .blocks import NAME, ORIGIN, read_citation, read_redacted, write_redacted
from .error import read_error, type_in
from .usage import read_usage, write_usage

Body = dict[str, Any]

FINISH: Final = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
    "refusal": "content_filter",
}
"""``stopReason`` -> the common reason; anything else is ``stop``."""

MALFORMED: Final = frozenset({"malformed_model_output", "malformed_tool_use"})
"""Reasons that make an answer none."""

REASONS: Final = {
    "stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "content_filtered",
}  # fmt: skip
"""The common reason -> ``stopReason``."""

HIDDEN: Final = "[REDACTED]"
"""What Nova says instead of its reasoning (wire/bedrock.md 7)."""


def common_finish(word: str | None, *, called: bool) -> FinishReason:
    """The common finish reason of a ``stopReason``; a call that was made outweighs the word (spec/chat.md 4)."""
    finish = FINISH.get(word or "end_turn", "stop")
    return cast(FinishReason, "tool_calls" if called and finish == "stop" else finish)


def malformed(word: str | None, native: Any = None, provider: str | None = None) -> Failure | None:
    """The failure that a ``stopReason`` stands for."""
    if word not in MALFORMED:
        return None
    what = "tool call" if word == "malformed_tool_use" else "output"
    message = f"The model's {what} is malformed ({word})."
    return Failure(502, "server", message, word, retryable=True, provider=provider, native=native, dialect=NAME)


def stopped_by(fields: Any) -> str | None:
    """The stop sequence that was hit, where ``additionalModelResponseFieldPaths`` asked for it."""
    found = fields.get("stop_sequence") if type(fields) is dict else None
    return found if type(found) is str else None


def read_reply(body: Any) -> Reply:
    """A parsed reply as a Reply. It has no id, no model and no time.

    Raises:
        TranslationError: the error that the body holds, or status 502 when it is no reply.
    """
    output = body.get("output") if type(body) is dict else None
    message = output.get("message") if type(output) is dict else None
    content = message.get("content") if type(message) is dict else None
    if type(content) is not list:
        if type_in(None, body) is not None:
            failure = read_error(0, body, None, None)
            raise TranslationError(failure.message, code=failure.code or "bad_reply", status=failure.status)
        raise TranslationError("The provider's reply has no content.", path="/output", code="bad_reply", status=502)
    word = body.get("stopReason")
    parts = tuple([part for raw in content if (part := _part(raw)) is not None])
    called = any(type(part) is Call for part in parts)
    choice = Choice(
        parts, common_finish(word, called=called), word, stopped_by(body.get("additionalModelResponseFields"))
    )  # fmt: skip
    tier = body.get("serviceTier")
    tier = tier.get("type") if type(tier) is dict else None
    return Reply(
        "", "", (choice,), read_usage(body.get("usage")), None, tier, NAME, body, malformed(word, body)
    )  # fmt: skip


def _part(raw: Body) -> Part | None:
    if raw.get("text") is not None:
        return Text(raw["text"])
    call = raw.get("toolUse")
    if call is not None and call.get("type") != "server_tool_use":
        return Call(call["toolUseId"], call["name"], dumps({} if call.get("input") is None else call["input"]).decode())
    if raw.get("reasoningContent") is not None:
        return _reasoning(raw["reasoningContent"])
    cited = raw.get("citationsContent")
    if cited is not None:
        text = "".join(item.get("text") or "" for item in cited.get("content") or ())
        return Text(text, citations=tuple(read_citation(item) for item in cited.get("citations") or ()))
    return Opaque("server tool" if call is not None else next(iter(raw)), NAME, native=raw)


def _reasoning(raw: Body) -> Part | None:
    if raw.get("redactedContent") is not None:
        return Redacted(*read_redacted(raw["redactedContent"]))
    text = raw["reasoningText"]
    signature = text.get("signature") or None
    if text.get("text") == HIDDEN and signature is None:
        return None
    return Thinking(text.get("text") or "", signature, ORIGIN if signature else None)


# Writing


def write_reply(reply: Reply, context: Context, stamp: Stamp) -> Body:
    """A Reply as Converse answers; of several answers the first."""
    if reply.dialect == NAME and type(reply.native) is dict:
        return dict(reply.native)
    choice = reply.choices[0]
    called = any(type(part) is Call for part in choice.parts)
    refused = any(type(part) is Refusal for part in choice.parts)
    content: list[Body] = []
    for part in choice.parts:
        if type(part) is Call and part.signature:
            content.append(_reasoned("", seal(part.origin, "call", part.signature, ORIGIN)))
        block = _block(part)
        if block is not None:
            content.append(block)
    body: Body = {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop_reason(choice.finish, called=called, stopped=choice.stop_sequence, refused=refused),
        "usage": write_usage(reply.usage),
        # The dialect wants the key; nobody measured the time.
        "metrics": {"latencyMs": 0},
    }
    if choice.stop_sequence is not None:
        body["additionalModelResponseFields"] = {"stop_sequence": choice.stop_sequence}
    tier = TIERS.get(reply.service_tier or "")
    if tier is not None:
        body["serviceTier"] = {"type": tier}
    return body


TIERS: Final = {"standard": "default", "default": "default", "priority": "priority", "flex": "flex"}
"""Service tiers of other dialects that this one has a word for."""


def stop_reason(finish: str | None, *, called: bool, stopped: str | None, refused: bool) -> str:
    """The ``stopReason``, derived from what was emitted."""
    if called and finish in ("stop", "tool_calls", None):
        return "tool_use"
    if refused and finish != "length":
        return "content_filtered"
    if finish == "stop" and stopped is not None:
        return "stop_sequence"
    return REASONS["stop" if finish in (None, "tool_calls") else finish]


def _block(part: Part) -> Body | None:
    if isinstance(part, Text) and part.citations:
        citations = [item for citation in part.citations if (item := write_citation(citation)) is not None]
        if citations:
            return {"citationsContent": {"content": [{"text": part.text}], "citations": citations}}
    if isinstance(part, Text | Refusal):
        return {"text": part.text} if part.text else None
    if isinstance(part, Call):
        return {"toolUse": {"toolUseId": part.id, "name": part.name, "input": reply_arguments(part)}}
    if isinstance(part, Thinking):
        signature = None if part.signature is None else seal(part.origin, "thinking", part.signature, ORIGIN)
        return _reasoned(part.text, signature)
    if isinstance(part, Redacted):
        return {"reasoningContent": {"redactedContent": write_redacted(part.data, part.origin)}}
    return dict(part.native) if isinstance(part, Opaque) and part.dialect == NAME else None


def _reasoned(text: str, signature: str | None) -> Body:
    """A thought; one without words may be the state of the call that follows, which has no place for it (``seal``)."""
    signed = {} if signature is None else {"signature": signature}
    return {"reasoningContent": {"reasoningText": {"text": text, **signed}}}


def write_citation(citation: Citation) -> Body | None:
    """A citation as Converse tells it; None for one that has neither a URL nor words of this dialect."""
    if citation.dialect == NAME:
        return dict(citation.native)
    if citation.url is None:
        return None
    out: Body = {"location": {"web": {"url": citation.url, "domain": urlsplit(citation.url).hostname or ""}}}
    if citation.title is not None:
        out["title"] = citation.title
    if citation.cited is not None:
        out["sourceContent"] = [{"text": citation.cited}]
    return out
