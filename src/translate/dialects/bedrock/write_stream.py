"""Records to ConverseStream events (wire/bedrock.md 11 and 12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from ...context import Context, Stamp
from ...framing import aws_frames
from ...records import (
    Answer,
    BlockStop,
    CallDelta,
    CallStart,
    CitationDelta,
    Closed,
    Event,
    Failed,
    Failure,
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
from .blocks import NAME, ORIGIN, write_redacted
from .error import exception_of
from .reply import TIERS, stop_reason, write_citation
from .usage import write_usage

Body = dict[str, Any]


@record
class ConverseWriteState(WriteState):
    """What the writer has sent so far.

    Attributes:
        started: whether messageStart was sent.
        index: of the next block.
        open: the open block as (kind, the events' block number); None when none is open.
        called: whether a call was made.
        refused: whether refusal text was sent.
        tier: the service tier.
        finish: held back until the stream is whole.
    """

    started: bool = False
    index: int = 0
    open: tuple[str, int] | None = None
    called: bool = False
    refused: bool = False
    tier: str | None = None
    finish: Finish | None = None


Result = tuple[ConverseWriteState, bytes]


def frame(kind: str, payload: Body) -> bytes:
    """One event."""
    headers = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    return aws_frames.write(headers, orjson.dumps(payload))


def exception(failure: Failure) -> bytes:
    """An error inside a stream."""
    name, body = exception_of(failure)
    headers = {":exception-type": name, ":content-type": "application/json", ":message-type": "exception"}
    return aws_frames.write(headers, orjson.dumps(body))


def start_writing(context: Context, stamp: Stamp) -> ConverseWriteState:
    """The state before the first event."""
    return ConverseWriteState(context, stamp)


def wrap_text(state: ConverseWriteState) -> tuple[bytes, bytes] | None:
    """Lengths and checksums stand around a text here, so that its bytes depend on it."""
    return None


def write_event(state: ConverseWriteState, event: Event) -> Result:
    """The events of one record, framed."""
    if not state.started and type(event) is not Start and type(event) is not Failed:
        return begin_unasked(WRITERS, state, event)
    return WRITERS[type(event)](state, event)


def _start(state: ConverseWriteState, event: Start) -> Result:
    if state.started:
        return state, b""
    payload: Body = {"role": "assistant"}
    if state.context.explain:
        payload["dragoman"] = {"losses": state.context.losses}
    state = evolve(state, started=True, usage=event.usage, tier=TIERS.get(event.service_tier or ""))
    return state, frame("messageStart", payload)


def _delta(state: ConverseWriteState, delta: Body) -> bytes:
    return frame("contentBlockDelta", {"contentBlockIndex": state.index - 1, "delta": delta})


def _close(state: ConverseWriteState) -> Result:
    if state.open is None:
        return state, b""
    return evolve(state, open=None), frame("contentBlockStop", {"contentBlockIndex": state.index - 1})


def _open(state: ConverseWriteState, key: tuple[str, int], start: Body | None = None) -> Result:
    """Open a block, after closing the one before; only calls are announced."""
    if state.open == key:
        return state, b""
    state, out = _close(state)
    if start is not None:
        out += frame("contentBlockStart", {"contentBlockIndex": state.index, "start": start})
    return evolve(state, index=state.index + 1, open=key), out


def _piece(kind: str, state: ConverseWriteState, block: int, delta: Body) -> Result:
    state, out = _open(state, (kind, block))
    return state, out + _delta(state, delta)


def _text(state: ConverseWriteState, event: TextDelta | RefusalDelta) -> Result:
    return _piece("text", state, event.block, {"text": event.text}) if event.text else (state, b"")


def _refusal(state: ConverseWriteState, event: RefusalDelta) -> Result:
    return _text(evolve(state, refused=True), event)


def _thinking(state: ConverseWriteState, event: ThinkingDelta) -> Result:
    return _piece("thinking", state, event.block, {"reasoningContent": {"text": event.text}})


def _signature(state: ConverseWriteState, event: SignatureDelta) -> Result:
    return _signed(state, ("thinking", event.block), seal(event.origin, "thinking", event.signature, ORIGIN))


def _signed(state: ConverseWriteState, key: tuple[str, int], signature: str) -> Result:
    """A signature; a thought without words has an empty text, which requests cannot leave out."""
    out = b""
    if state.open != key:
        state, out = _piece(key[0], state, key[1], {"reasoningContent": {"text": ""}})
    state, piece = _piece(key[0], state, key[1], {"reasoningContent": {"signature": signature}})
    return state, out + piece


def _redacted(state: ConverseWriteState, event: RedactedDelta) -> Result:
    data = write_redacted(event.data, event.origin)
    state, out = _piece("redacted", state, event.block, {"reasoningContent": {"redactedContent": data}})
    state, end = _close(state)
    return state, out + end


def _call_start(state: ConverseWriteState, event: CallStart) -> Result:
    out = b""
    if event.signature:
        # A call has no place for its state, which comes before it.
        state, out = _signed(state, ("state", event.block), seal(event.origin, "call", event.signature, ORIGIN))
    start = {"toolUse": {"toolUseId": event.id, "name": event.name}}
    state, piece = _open(state, ("call", event.block), start)
    return evolve(state, called=True), out + piece


def _call_delta(state: ConverseWriteState, event: CallDelta) -> Result:
    if state.open != ("call", event.block):
        # Calls come one after another on every recorded wire; a piece of a call that has ended has no place.
        raise ValueError("pieces of two tool calls are mixed")
    return state, _delta(state, {"toolUse": {"input": event.text}})


def _opaque(state: ConverseWriteState, event: OpaqueBlock) -> Result:
    if event.dialect != NAME:
        return state, b""
    state, out = _open(state, ("opaque", event.block), event.native["start"])
    state, end = _close(state)
    return state, out + end


def _citation(state: ConverseWriteState, event: CitationDelta) -> Result:
    citation = write_citation(event.citation)
    return (state, b"") if citation is None else _piece("text", state, event.block, {"citation": citation})


def _stop(state: ConverseWriteState, event: BlockStop) -> Result:
    if state.open is None or state.open[1] != event.block:
        return state, b""
    return _close(state)


def _closed(state: ConverseWriteState, event: Closed) -> Result:
    state, out = _close(state)
    finish = state.finish or Finish("stop")
    reason = stop_reason(finish.reason, called=state.called, stopped=finish.stop_sequence, refused=state.refused)
    stop: Body = {"stopReason": reason}
    if finish.stop_sequence is not None:
        stop["additionalModelResponseFields"] = {"stop_sequence": finish.stop_sequence}
    # The dialect wants the key; nobody measured the time.
    metadata: Body = {"usage": write_usage(state.usage), "metrics": {"latencyMs": 0}}
    if state.tier is not None:
        metadata["serviceTier"] = {"type": state.tier}
    return state, out + frame("messageStop", stop) + frame("metadata", metadata)


def _failed(state: ConverseWriteState, event: Failed) -> Result:
    return state, exception(event.failure)


WRITERS: dict[type, Callable[[ConverseWriteState, Any], Result]] = {
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
    Closed: _closed,
    Failed: _failed,
    Answer: nothing,
    LogprobsDelta: nothing,
    MediaBlock: nothing,
}
