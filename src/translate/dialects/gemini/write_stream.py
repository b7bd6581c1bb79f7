"""Events to generateContent streams, as server-sent events or as one JSON array (wire/gemini.md 14)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from ...context import Context, Stamp
from ...records import (
    Answer,
    BlockStop,
    Call,
    CallDelta,
    CallStart,
    Citation,
    CitationDelta,
    Closed,
    Event,
    Failed,
    Finish,
    LogprobsDelta,
    MediaBlock,
    OpaqueBlock,
    RedactedDelta,
    RefusalDelta,
    SignatureDelta,
    Start,
    TextDelta,
    ThinkingDelta,
    UsageUpdate,
)
from ...records.quick import evolve, record
from ...streams import WriteState, hold_usage, nothing
from .citations import grounding
from .error import write_error
from .parts import NAME, ORIGIN
from .reply import ending, envelope, write_logprobs, write_part
from .usage import write_usage

Body = dict[str, Any]


@record
class Answered:
    """One answer so far.

    Attributes:
        calls: calls that are not whole yet: block -> the call.
        texts: blocks of text with their pieces and sources; kept only when sources may come.
        refused: whether refusal text was sent.
        finish: held back until the stream is whole.
        thought: the last block of a thought.
    """

    calls: Mapping[int, Call] = MappingProxyType({})
    texts: tuple[tuple[int, str, tuple[Citation, ...]], ...] = ()
    refused: bool = False
    finish: Finish | None = None
    thought: int | None = None


@record
class GeminiWriteState(WriteState):
    """What the writer has sent so far.

    Attributes:
        envelope: what every chunk says of the reply; None before the first event.
        begun: whether a chunk was sent.
        answer: the index of the answer that events belong to.
        answers: all of them.
    """

    envelope: Any = None
    begun: bool = False
    answer: int = 0
    answers: Mapping[int, Answered] = MappingProxyType({})

    @property
    def now(self) -> Answered:
        """The answer that events belong to."""
        return self.answers.get(self.answer) or _FRESH

    def noting(self, **fields: Any) -> GeminiWriteState:
        """The state with other fields of that answer."""
        answers = {**self.answers, self.answer: evolve(self.now, **fields)}
        return evolve(self, answers=answers)


_FRESH = Answered()
Result = tuple[GeminiWriteState, bytes]


def start_writing(context: Context, stamp: Stamp) -> GeminiWriteState:
    """The state before the first event."""
    return GeminiWriteState(context, stamp)


def wrap_text(state: GeminiWriteState) -> tuple[bytes, bytes] | None:
    """The chunk around a text, once the stream has begun, unless calls wait or texts must be kept."""
    if not state.begun or state.context.cite or state.context.stream_form or state.now.calls:
        return None
    _, chunk = _send(state, _candidate(state, {"text": ""}))
    before, _, after = chunk.rpartition(b'"text":""')
    return before + b'"text":', after


def write_event(state: GeminiWriteState, event: Event) -> Result:
    """The chunks of one event, framed."""
    if state.envelope is None and type(event) not in (Start, Failed):
        state, _ = _start(state, Start("", ""))
    return WRITERS[type(event)](state, event)


def framed(chunk: bytes, form: str | None, *, begun: bool) -> bytes:
    """A chunk as an event, or as an item of the array."""
    if form == "array":
        return (b",\r\n" if begun else b"[") + chunk
    # An event is one line, and a line break of JSON that is in a text is spelled otherwise.
    return b"data: %b\n\n" % (chunk if b"\n" not in chunk else chunk.replace(b"\r", b" ").replace(b"\n", b" "))


def closing(form: str | None, *, begun: bool) -> bytes:
    """The end of the body: nothing, or the array's bracket."""
    return b"" if form != "array" else b"]" if begun else b"[]"


def _send(state: GeminiWriteState, *candidates: Body, **more: Any) -> Result:
    payload: Body = {"candidates": list(candidates)} if candidates else {}
    payload |= more | (state.envelope or {})
    if state.context.explain and not state.begun:
        payload["dragoman"] = {"losses": state.context.losses}
    data = framed(orjson.dumps(payload), state.context.stream_form, begun=state.begun)
    return (state if state.begun else evolve(state, begun=True)), data


def _candidate(state: GeminiWriteState, *parts: Body, **more: Any) -> Body:
    return {"content": {"role": "model", "parts": list(parts)}, **more, "index": state.answer}


def _start(state: GeminiWriteState, event: Start) -> Result:
    if state.envelope is not None:
        return state, b""
    return evolve(state, envelope=envelope(event.id, event.model, state.context, state.stamp)), b""


def _text(state: GeminiWriteState, event: TextDelta | RefusalDelta) -> Result:
    state, out = _flush(state)
    if not event.text:
        return state, out
    if state.context.cite:
        state = state.noting(texts=_longer(state.now.texts, event.block, event.text))
    state, data = _send(state, _candidate(state, {"text": event.text}))
    return state, out + data


def _longer(texts: Any, block: int, text: str) -> Any:
    if texts and texts[-1][0] == block:
        return (*texts[:-1], (block, texts[-1][1] + text, texts[-1][2]))
    return (*texts, (block, text, ()))


def _refusal(state: GeminiWriteState, event: RefusalDelta) -> Result:
    return _text(state.noting(refused=True), event)


def _thinking(state: GeminiWriteState, event: ThinkingDelta) -> Result:
    if not event.text:
        return state, b""
    state, out = _flush(state)
    if state.now.thought != event.block:
        state = state.noting(thought=event.block)
    state, data = _send(state, _candidate(state, {"text": event.text, "thought": True}))
    return state, out + data


def _signature(state: GeminiWriteState, event: SignatureDelta) -> Result:
    if event.origin != ORIGIN:
        return state, b""
    state, out = _flush(state)
    # Behind the pieces of a thought it is the thought's, else of what was said.
    thought = {"thought": True} if state.now.thought == event.block else {}
    state, data = _send(state, _candidate(state, {"text": "", **thought, "thoughtSignature": event.signature}))
    return state, out + data


def _call_start(state: GeminiWriteState, event: CallStart) -> Result:
    call = Call(event.id, event.name, "", custom=event.custom, signature=event.signature, origin=event.origin)
    return state.noting(calls={**state.now.calls, event.block: call}), b""


def _call_delta(state: GeminiWriteState, event: CallDelta) -> Result:
    call = state.now.calls[event.block]
    call = evolve(call, arguments=call.arguments + event.text)
    return state.noting(calls={**state.now.calls, event.block: call}), b""


def _stop(state: GeminiWriteState, event: BlockStop) -> Result:
    """A call goes out whole, in the order of the calls."""
    calls = state.now.calls
    return _flush(state) if event.block in calls and event.block == next(reversed(list(calls))) else (state, b"")


def _flush(state: GeminiWriteState) -> Result:
    calls = state.now.calls
    if not calls:
        return state, b""
    parts = [raw for call in calls.values() if (raw := write_part(call)) is not None]
    state = state.noting(calls=MappingProxyType({}))
    return _send(state, _candidate(state, *parts))


def _opaque(state: GeminiWriteState, event: OpaqueBlock) -> Result:
    if event.dialect != NAME:
        return state, b""
    state, out = _flush(state)
    state, data = _send(state, _candidate(state, event.native))
    return state, out + data


def _media(state: GeminiWriteState, event: MediaBlock) -> Result:
    part = write_part(event.media)
    if part is None:
        return state, b""
    state, out = _flush(state)
    state, data = _send(state, _candidate(state, part))
    return state, out + data


def _citation(state: GeminiWriteState, event: CitationDelta) -> Result:
    texts = state.now.texts
    if all(block != event.block for block, _, _ in texts):
        # Some sources are told before the text that they are of.
        texts = (*texts, (event.block, "", ()))
    noted = tuple(
        (block, text, (*notes, event.citation) if block == event.block else notes) for block, text, notes in texts
    )
    return state.noting(texts=noted), b""


def _logprobs(state: GeminiWriteState, event: LogprobsDelta) -> Result:
    return _send(state, {"logprobsResult": write_logprobs(event.tokens), "index": state.answer})


def _answer(state: GeminiWriteState, event: Answer) -> Result:
    state, out = _flush(state)
    return evolve(state, answer=event.index), out


def _hold_finish(state: GeminiWriteState, event: Finish) -> Result:
    return state.noting(finish=event), b""


def _closed(state: GeminiWriteState, event: Closed) -> Result:
    out = []
    candidates: list[Body] = []
    for index in sorted({0, *state.answers}):
        state, piece = _flush(evolve(state, answer=index))
        out.append(piece)
        answered = state.now
        finish = answered.finish or Finish("stop")
        more = ending(finish.reason, finish.explanation, refused=answered.refused)
        sources = grounding([(text, notes) for _, text, notes in answered.texts])
        if sources:
            more["groundingMetadata"] = sources
        candidates.append(_candidate(state, {"text": ""}, **more))
    usage = write_usage(state.usage)
    state, data = _send(state, *candidates, **({"usageMetadata": usage} if usage else {}))
    return state, b"".join(out) + data + closing(state.context.stream_form, begun=True)


def _failed(state: GeminiWriteState, event: Failed) -> Result:
    form = state.context.stream_form
    data = framed(orjson.dumps(write_error(event.failure, state.context)[1]), form, begun=state.begun)
    return state, data + closing(form, begun=True)


WRITERS: dict[type, Callable[[GeminiWriteState, Any], Result]] = {
    Start: _start,
    TextDelta: _text,
    ThinkingDelta: _thinking,
    SignatureDelta: _signature,
    RedactedDelta: nothing,
    RefusalDelta: _refusal,
    CallStart: _call_start,
    CallDelta: _call_delta,
    CitationDelta: _citation,
    OpaqueBlock: _opaque,
    MediaBlock: _media,
    BlockStop: _stop,
    UsageUpdate: hold_usage,
    Finish: _hold_finish,
    Answer: _answer,
    LogprobsDelta: _logprobs,
    Closed: _closed,
    Failed: _failed,
}
