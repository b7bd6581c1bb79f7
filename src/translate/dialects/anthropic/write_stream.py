"""Records to Messages stream events (wire/anthropic.md 11 and 15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from ...context import Context, Stamp
from ...records import (
    Answer,
    BlockStop,
    CallDelta,
    CallStart,
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
from ...seal import seal
from ...streams import WriteState, begin_unasked, hold_finish, hold_usage, nothing
from .blocks import NAME, ORIGIN
from .error import write_error
from .reply import call_state, message_id, stop_details, stop_reason
from .usage import write_usage

Body = dict[str, Any]


@record
class MessagesWriteState(WriteState):
    """What the writer has sent so far.

    Attributes:
        started: whether message_start was sent.
        index: of the next block.
        open: the open block as (kind, the events' block number); None when none is open.
        text_head: the event of a text delta up to its text, for the open block.
        signed: whether the open thinking block had its signature.
        called: whether a call was made.
        refusal: refusal text said so far; None when there was none.
        finish: held back until the stream is whole.
    """

    started: bool = False
    index: int = 0
    open: tuple[str, int] | None = None
    text_head: bytes = b""
    signed: bool = True
    called: bool = False
    refusal: str | None = None
    finish: Finish | None = None


Result = tuple[MessagesWriteState, bytes]


def frame(kind: str, payload: Body) -> bytes:
    """One event with its name."""
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), orjson.dumps(payload))


def start_writing(context: Context, stamp: Stamp) -> MessagesWriteState:
    """The state before the first event."""
    return MessagesWriteState(context, stamp)


def wrap_text(state: MessagesWriteState) -> tuple[bytes, bytes] | None:
    """Text belongs to a block here, so that its bytes depend on the event."""
    return None


def write_event(state: MessagesWriteState, event: Event) -> Result:
    """The events of one record, framed."""
    if type(event) is TextDelta and state.open == ("text", event.block):
        return state, state.text_head + orjson.dumps(event.text) + b"}}\n\n"
    if not state.started and type(event) is not Start and type(event) is not Failed:
        return begin_unasked(WRITERS, state, event)
    return WRITERS[type(event)](state, event)


def _start(state: MessagesWriteState, event: Start) -> Result:
    if state.started:
        return state, b""
    message: Body = {
        "id": message_id(event.id, state.stamp),
        "type": "message",
        "role": "assistant",
        "model": event.model or state.context.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**write_usage(event.usage), "output_tokens": event.usage.completion if event.usage else 0},
    }
    state = evolve(state, started=True, usage=event.usage)
    payload: Body = {"type": "message_start", "message": message}
    if state.context.explain:
        payload["dragoman"] = {"losses": state.context.losses}
    return state, frame("message_start", payload)


def _delta(state: MessagesWriteState, delta: Body) -> bytes:
    payload = {"type": "content_block_delta", "index": state.index - 1, "delta": delta}
    return frame("content_block_delta", payload)


def _close(state: MessagesWriteState) -> Result:
    """Close the open block. A thinking block must have a signature, if only an empty one (wire/anthropic.md 15)."""
    if state.open is None:
        return state, b""
    out = b"" if state.signed else _delta(state, {"type": "signature_delta", "signature": ""})
    out += frame("content_block_stop", {"type": "content_block_stop", "index": state.index - 1})
    return evolve(state, open=None, signed=True), out


_TEXT_HEAD = (
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":%d,"delta":{"type":"text_delta","text":'
)


def _open(state: MessagesWriteState, key: tuple[str, int], block: Body) -> Result:
    """Open a block, after closing the one before; one block is open at a time."""
    if state.open == key:
        return state, b""
    state, out = _close(state)
    index = state.index
    state = evolve(state, index=index + 1, open=key, text_head=_TEXT_HEAD % index, signed=key[0] != "thinking")
    payload = {"type": "content_block_start", "index": index, "content_block": block}
    return state, out + frame("content_block_start", payload)


def _text(state: MessagesWriteState, event: TextDelta | RefusalDelta) -> Result:
    state, out = _open(state, ("text", event.block), {"type": "text", "text": ""})
    if event.text:
        out += state.text_head + orjson.dumps(event.text) + b"}}\n\n"
    return state, out


def _refusal(state: MessagesWriteState, event: RefusalDelta) -> Result:
    return _text(evolve(state, refusal=(state.refusal or "") + event.text), event)


_THINKING = {"type": "thinking", "thinking": "", "signature": ""}


def _thinking(state: MessagesWriteState, event: ThinkingDelta) -> Result:
    state, out = _open(state, ("thinking", event.block), _THINKING)
    return state, out + (_delta(state, {"type": "thinking_delta", "thinking": event.text}) if event.text else b"")


def _signature(state: MessagesWriteState, event: SignatureDelta) -> Result:
    state, out = _open(state, ("thinking", event.block), _THINKING)
    signature = seal(event.origin, "thinking", event.signature, ORIGIN)
    out += _delta(state, {"type": "signature_delta", "signature": signature})
    return evolve(state, signed=True), out


def _redacted(state: MessagesWriteState, event: RedactedDelta) -> Result:
    data = seal(event.origin, "redacted", event.data, ORIGIN)
    state, out = _open(state, ("redacted", event.block), {"type": "redacted_thinking", "data": data})
    state, end = _close(state)
    return state, out + end


def _call_start(state: MessagesWriteState, event: CallStart) -> Result:
    out = b""
    if event.signature:
        # A call has no place for its state, which comes before it.
        state, out = _open(state, ("state", event.block), _THINKING)
        sealed = call_state(event.signature, event.origin)["signature"]
        out += _delta(state, {"type": "signature_delta", "signature": sealed})
    block = {"type": "tool_use", "id": event.id, "name": event.name, "input": {}}
    state, piece = _open(state, ("call", event.block), block)
    return evolve(state, called=True), out + piece


def _call_delta(state: MessagesWriteState, event: CallDelta) -> Result:
    if state.open != ("call", event.block):
        # Calls come one after another on every recorded wire; a piece of a call that has ended has no place.
        raise ValueError("pieces of two tool calls are mixed")
    return state, _delta(state, {"type": "input_json_delta", "partial_json": event.text})


def _opaque(state: MessagesWriteState, event: OpaqueBlock) -> Result:
    if event.dialect != NAME:
        return state, b""
    state, out = _open(state, ("opaque", event.block), event.native)
    state, end = _close(state)
    return state, out + end


def _citation(state: MessagesWriteState, event: CitationDelta) -> Result:
    if event.citation.dialect != NAME:
        return state, b""
    state, out = _open(state, ("text", event.block), {"type": "text", "text": ""})
    return state, out + _delta(state, {"type": "citations_delta", "citation": event.citation.native})


def _stop(state: MessagesWriteState, event: BlockStop) -> Result:
    if state.open is None or state.open[1] != event.block:
        return state, b""
    return _close(state)


def _closed(state: MessagesWriteState, event: Closed) -> Result:
    state, out = _close(state)
    finish = state.finish or Finish("stop")
    reason = stop_reason(finish.reason, state.called, finish.stop_sequence, state.refusal is not None)
    delta: Body = {"stop_reason": reason, "stop_sequence": finish.stop_sequence}
    details = stop_details(reason, finish.explanation or state.refusal)
    if details is not None:
        delta["stop_details"] = details
    out += frame("message_delta", {"type": "message_delta", "delta": delta, "usage": write_usage(state.usage)})
    return state, out + frame("message_stop", {"type": "message_stop"})


def _failed(state: MessagesWriteState, event: Failed) -> Result:
    _, body = write_error(event.failure, state.context)
    return state, frame("error", body)


WRITERS: dict[type, Callable[[MessagesWriteState, Any], Result]] = {
    Start: _start,
    TextDelta: _text,
    ThinkingDelta: _thinking,
    SignatureDelta: _signature,
    RedactedDelta: _redacted,
    RefusalDelta: _refusal,
    CallStart: _call_start,
    CallDelta: _call_delta,
    CitationDelta: _citation,
    OpaqueBlock: _opaque,
    BlockStop: _stop,
    UsageUpdate: hold_usage,
    Finish: hold_finish,
    Answer: nothing,
    LogprobsDelta: nothing,
    MediaBlock: nothing,
    Closed: _closed,
    Failed: _failed,
}
