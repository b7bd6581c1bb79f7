"""A stream's events as one Reply: the law "stream equals non-stream" is an equation between this and a reader."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .records import (
    Answer,
    Call,
    CallDelta,
    CallStart,
    Choice,
    Citation,
    CitationDelta,
    Event,
    Failed,
    Finish,
    LogprobsDelta,
    MediaBlock,
    Opaque,
    OpaqueBlock,
    Redacted,
    RedactedDelta,
    Refusal,
    RefusalDelta,
    Reply,
    SignatureDelta,
    Start,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    Token,
    TranslationError,
    UsageUpdate,
)


class _Gathered:
    """One answer under construction: its parts in the order in which their blocks began."""

    def __init__(self) -> None:
        self.parts: dict[tuple[str, int], dict[str, Any]] = {}
        self.finish: Finish | None = None
        self.tokens: tuple[Token, ...] | None = None

    def at(self, kind: str, block: int) -> dict[str, Any]:
        return self.parts.setdefault((kind, block), {"text": [], "citations": []})


def collect(events: Iterable[Event]) -> Reply:
    """The reply that a stream's events make.

    Raises:
        TranslationError: when the stream failed or was cut; its status and code are the failure's.
    """
    answers = {0: _Gathered()}
    gathered = answers[0]
    start, usage = Start("", ""), None
    for event in events:
        if isinstance(event, Failed):
            failure = event.failure
            raise TranslationError(failure.message, code=failure.code or "stream_failed", status=failure.status)
        if isinstance(event, Start):
            start = event
        elif isinstance(event, UsageUpdate):
            usage = event.usage
        elif isinstance(event, Answer):
            gathered = answers.setdefault(event.index, _Gathered())
        else:
            _gather(gathered, event)
    choices = tuple(_choice(index, gathered) for index, gathered in sorted(answers.items()))
    return Reply(start.id, start.model, choices, usage or start.usage, start.created, start.service_tier)


def _choice(index: int, gathered: _Gathered) -> Choice:
    parts = tuple(_part(kind, draft) for (kind, _), draft in gathered.parts.items())
    parts = tuple(part for part in parts if type(part) is not Text or part.text)
    finish = gathered.finish or Finish("stop")
    return Choice(
        parts, finish.reason, finish.native, finish.stop_sequence, finish.explanation, index, logprobs=gathered.tokens,
        metadata=finish.metadata,
    )  # fmt: skip


def _gather(gathered: _Gathered, event: Event) -> None:
    if isinstance(event, Finish):
        gathered.finish = event
    elif isinstance(event, LogprobsDelta):
        gathered.tokens = (*(gathered.tokens or ()), *event.tokens)
    elif isinstance(event, TextDelta | RefusalDelta | ThinkingDelta | CallDelta):
        gathered.at(_TEXTS[type(event)], event.block)["text"].append(event.text)
    elif isinstance(event, CallStart):
        gathered.at("call", event.block)["start"] = event
    elif isinstance(event, SignatureDelta):
        gathered.at("thinking", event.block)["signature"] = event
    elif isinstance(event, CitationDelta):
        gathered.at("text", event.block)["citations"].append(event.citation)
    elif isinstance(event, RedactedDelta):
        gathered.at("redacted", event.block)["redacted"] = event
    elif isinstance(event, OpaqueBlock):
        gathered.at("opaque", event.block)["opaque"] = event
    elif isinstance(event, MediaBlock):
        gathered.at("media", event.block)["media"] = event.media


_TEXTS: dict[type, str] = {TextDelta: "text", RefusalDelta: "refusal", ThinkingDelta: "thinking", CallDelta: "call"}


def _part(kind: str, draft: dict[str, Any]) -> Any:
    text = "".join(draft["text"])
    if kind == "text":
        citations: tuple[Citation, ...] = tuple(draft["citations"])
        return Text(text, citations=citations)
    if kind == "refusal":
        return Refusal(text)
    if kind == "thinking":
        signature = draft.get("signature")
        return Thinking(text) if signature is None else Thinking(text, signature.signature, signature.origin)
    if kind == "redacted":
        return Redacted(draft["redacted"].data, draft["redacted"].origin)
    if kind == "media":
        return draft["media"]
    if kind == "opaque":
        event = draft["opaque"]
        return Opaque(event.kind, event.dialect, native=event.native)
    start: CallStart = draft["start"]
    text = text or ("" if start.custom else "{}")
    return Call(
        start.id, start.name, text, custom=start.custom, signature=start.signature, origin=start.origin
    )  # fmt: skip
