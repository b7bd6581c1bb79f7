"""generateContent streams to events (wire/gemini.md 14, wire/observed.md 6 and 7)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from ...fields.answers import unheard
from ...framing import sse
from ...records import (
    Answer,
    BlockStop,
    Call,
    CallDelta,
    CallStart,
    CitationDelta,
    Closed,
    Event,
    Finish,
    LogprobsDelta,
    Media,
    MediaBlock,
    Opaque,
    OpaqueBlock,
    SignatureDelta,
    Start,
    TextDelta,
    Thinking,
    ThinkingDelta,
    Unheard,
    UsageUpdate,
    evolve,
)
from ...records.quick import record
from ...streams import ReadState, failed, text_or_none, truncated
from ...values import dumps, loads_exactly
from .citations import METADATA, found_in, metadata_of, spread_over
from .error import read_error
from .partial import arguments_of
from .parts import NAME
from .reply import blocked, common_finish, explanation_of, fault_of, goes_on, read_logprobs, read_part, seconds, tier_of
from .usage import read_usage

Body = dict[str, Any]


@record
class Candidate:
    """One answer so far.

    Attributes:
        block: number of the last block.
        kind: what the last block is, while it can go on: text, thinking, or nothing.
        texts: blocks of text, each with its pieces as nested pairs: sources count offsets over all of them.
        called: whether a call was made.
        running: a call whose arguments come in pieces, with the pieces so far.
        finish: the last finish reason and the words about it.
        sources: the last grounding and citations.
    """

    block: int = -1
    kind: str = ""
    texts: tuple[tuple[int, Any], ...] = ()
    called: bool = False
    running: tuple[Call, tuple[Any, ...]] | None = None
    finish: tuple[str, str | None] | None = None
    sources: Mapping[str, Any] = MappingProxyType({})


@record
class GeminiReadState(ReadState):
    """What a generateContent reader also knows.

    Attributes:
        candidates: the answers, by index.
        answer: the one that the last event belongs to.
        provider: whose stream it is.
    """

    candidates: Mapping[int, Candidate] = MappingProxyType({})
    answer: int = 0
    provider: str = ""


Result = tuple[GeminiReadState, tuple[Event, ...]]


def start_reading(provider: str) -> GeminiReadState:
    """The state before the first chunk."""
    return GeminiReadState(provider=provider)


def read_event(state: GeminiReadState, frame: bytes) -> Result:
    """The events of one chunk, or of the chunks of a JSON array.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: for a chunk that is none; the caller makes it an error.
    """
    payload = loads_exactly(frame) if b'"functionCall"' in frame else orjson.loads(frame)
    if type(payload) is not list:
        return read_chunk(state, payload)
    events: list[Event] = []
    for item in payload:
        if not state.closed:
            state, found = read_chunk(state, item)
            events.extend(found)
    return state, tuple(events)


def read_chunk(state: GeminiReadState, payload: Body) -> Result:
    """The events of a parsed chunk: every one is a whole reply that holds only what is new."""
    if payload.get("error"):
        return failed(state, read_error(0, payload, state.provider, None))
    events: list[Event] = []
    raw_usage = payload.get("usageMetadata")
    if not state.started:
        created = seconds(payload.get("createTime"))
        name, model = text_or_none(payload.get("responseId")), text_or_none(payload.get("modelVersion"))
        events.append(Start(name or "", model or "", created, None, tier_of(raw_usage)))
        state = evolve(state, started=True, model=model or "")
    usage = read_usage(raw_usage)
    why = blocked(payload.get("promptFeedback"))
    if why is not None and not state.candidates:
        state = evolve(state, finish=Finish("content_filter", why[0], None, why[1]))
    if usage is not None:
        # Cumulative: the last one counts, and is told at the end.
        state = evolve(state, usage=usage)
    for raw in payload.get("candidates") or ():
        index = raw.get("index") or 0
        if index != state.answer:
            events.append(Answer(index))
        candidate = _candidate(state.candidates.get(index) or Candidate(), raw, events)
        state = evolve(state, candidates={**state.candidates, index: candidate}, answer=index)
        word = text_or_none(raw.get("finishReason"))
        fault = fault_of(word, raw.get("finishMessage"), called=candidate.called, provider=state.provider)
        if fault is not None:
            state, last = failed(state, fault)
            return state, (*events, *last)
    keys = unheard(NAME, payload)
    if keys:
        events.append(Unheard(keys))
    return state, tuple(events)


def _candidate(known: Candidate, raw: Body, events: list[Event]) -> Candidate:
    content = raw.get("content")
    for item in (content.get("parts") if type(content) is dict else None) or ():
        parts = read_part(item)
        call = item.get("functionCall")
        if type(call) is dict and (known.running is not None or call.get("willContinue") or "partialArgs" in call):
            known, parts = _piece(known, call, parts)
        for part in parts:
            known = _part(known, part, events)
    tokens = read_logprobs(raw.get("logprobsResult"))
    if tokens is not None:
        events.append(LogprobsDelta(tokens))
    sources = {key: raw[key] for key in (*METADATA, "citationMetadata") if raw.get(key)}
    word = text_or_none(raw.get("finishReason"))
    if sources or word is not None:
        finish = known.finish if word is None else (word, text_or_none(raw.get("finishMessage")))
        known = evolve(known, finish=finish, sources={**known.sources, **sources})
    return known


def _piece(known: Candidate, raw: Body, parts: tuple[Any, ...]) -> tuple[Candidate, tuple[Any, ...]]:
    """A piece of a call: the beginning has its name, the last one promises no more."""
    call, pieces = known.running or (None, ())
    if parts:
        call, pieces = parts[0], ()
    pieces = (*pieces, *(raw.get("partialArgs") or ()))
    if call is None or raw.get("willContinue"):
        return evolve(known, running=None if call is None else (call, pieces)), ()
    whole = evolve(call, arguments=dumps(arguments_of(pieces)).decode()) if pieces else call
    return evolve(known, running=None), (whole,)


def _part(known: Candidate, part: Any, events: list[Event]) -> Candidate:
    """One part's events; text goes on where text was before."""
    kind = type(part)
    if kind is Thinking and (part.text or (known.kind == "thinking" and goes_on(part))):
        if known.kind != "thinking":
            known = evolve(known, block=known.block + 1, kind="thinking")
        if part.text:
            events.append(ThinkingDelta(part.text, known.block))
        if part.signature:
            events.append(SignatureDelta(part.signature, known.block, part.origin))
            known = evolve(known, kind="")
        return known
    if kind not in (Thinking, Call, Opaque, Media):
        return _text(known, part.text, events)
    block = known.block + 1
    if kind is Call:
        events.append(CallStart(part.id, part.name, block, False, part.signature, part.origin))
        events.extend((CallDelta(part.arguments, block), BlockStop(block)))
    elif kind is Media:
        events.append(MediaBlock(part, block))
    elif kind is Opaque:
        events.append(OpaqueBlock(part.kind, NAME, block, part.native))
    else:
        events.append(SignatureDelta(part.signature, block, part.origin))
    return evolve(known, block=block, kind="", called=known.called or kind is Call)


def _text(known: Candidate, text: str, events: list[Event]) -> Candidate:
    if known.kind == "text":
        block, pieces = known.texts[-1]
        texts = (*known.texts[:-1], (block, (pieces, text)))
        known = evolve(known, texts=texts)
    else:
        block = known.block + 1
        known = evolve(known, block=block, kind="text", texts=(*known.texts, (block, (None, text))))
    events.append(TextDelta(text, block))
    return known


def _joined(pieces: Any) -> str:
    out = []
    while pieces is not None:
        pieces, text = pieces
        out.append(text)
    return "".join(reversed(out))


def end_reading(state: GeminiReadState) -> Result:
    """The end of the connection, which is the only end there is: a stream without a finish reason is cut."""
    if state.closed:
        return state, ()
    candidates = sorted(state.candidates.items())
    if any(candidate.finish is None for _, candidate in candidates) or not (candidates or state.finish):
        return truncated(state, state.provider)
    events: list[Event] = []
    finish = state.finish
    for index, candidate in candidates:
        if index != state.answer:
            events.append(Answer(index))
            state = evolve(state, answer=index)
        last = _end(candidate, events)
        finish = last if index == candidates[0][0] else finish
    if not candidates and finish is not None:
        events.append(finish)
    if state.usage is not None:
        events.append(UsageUpdate(state.usage))
    return evolve(state, finish=finish, closed=True), (*events, Closed())


def _end(candidate: Candidate, events: list[Event]) -> Finish:
    """What is known of an answer only at its end: its sources, and why it ended."""
    if candidate.sources:
        texts = [(block, _joined(pieces)) for block, pieces in candidate.texts]
        notes = found_in("".join(text for _, text in texts), dict(candidate.sources))
        spread = spread_over([len(text) for _, text in texts], notes)
        for (block, _), found in zip(texts, spread, strict=True):
            events.extend(CitationDelta(note, block) for note in found)
    assert candidate.finish is not None
    word, told = candidate.finish
    reason, metadata = common_finish(word, called=candidate.called), metadata_of(dict(candidate.sources))
    finish = Finish(reason, word, None, explanation_of(word, told), metadata)
    events.append(finish)
    return finish


def last(tail: sse.Tail) -> list[bytes]:
    """The event in an unfinished tail; a body that is no event stream at all is JSON as it is (wire/observed.md 6)."""
    whole = sse.joined(tail).strip()
    if whole[:1] not in (b"{", b"["):
        return sse.last(tail)
    try:
        return [dumps(loads_exactly(whole))]
    except orjson.JSONDecodeError:
        return []
