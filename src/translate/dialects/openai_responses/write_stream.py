"""Records to Responses stream events, in the order that official clients demand (wire/openai-responses.md 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
    evolve,
)
from ...streams import begin_unasked, hold_finish, hold_usage, nothing
from .error import error_code, write_error
from .output import Body
from .parts import NAME
from .reply import ended, envelope, response_id
from .stream_items import (
    ResponsesWriteState,
    Result,
    add_tokens,
    annotate,
    append,
    close_item,
    delta,
    emit,
    enter,
    frame,
    open_item,
    sealed_item,
)


def start_writing(context: Context, stamp: Stamp) -> ResponsesWriteState:
    """The state before the first event."""
    return ResponsesWriteState(context, stamp)


def wrap_text(state: ResponsesWriteState) -> tuple[bytes, bytes] | None:
    """Every event has a number of its own here."""
    return None


def write_event(state: ResponsesWriteState, event: Event) -> Result:
    """The events of one record, framed."""
    item = state.item
    if type(event) is TextDelta and item is not None and item.part == "output_text" and item.block == event.block:
        return delta(state, item, event.text)
    if state.body is None and type(event) is not Start and type(event) is not Failed:
        return begin_unasked(WRITERS, state, event)
    return WRITERS[type(event)](state, event)


def _start(state: ResponsesWriteState, event: Start) -> Result:
    if state.body is not None:
        return state, b""
    name = response_id(event.id, state.stamp)
    body = envelope(state.context, name, event.created or state.stamp.now, event.model, event.service_tier)
    state = evolve(state, body=body, usage=event.usage)
    first: Body = {"type": "response.created", "response": body}
    if state.context.explain:
        first["dragoman"] = {"losses": state.context.losses}
    return emit(state, first, {"type": "response.in_progress", "response": body})


def _text(state: ResponsesWriteState, event: TextDelta) -> Result:
    if not event.text:
        return state, b""
    return append(state, "output_text", event.block, event.text)


def _refusal(state: ResponsesWriteState, event: RefusalDelta) -> Result:
    return append(evolve(state, refused=True), "refusal", event.block, event.text)


def _citation(state: ResponsesWriteState, event: CitationDelta) -> Result:
    """Held until the text is whole: a citation may be of all of it. Some providers tell all sources at the end."""
    item = state.item
    runs = item is not None and item.part == "output_text" and item.block == event.block
    if event.block in state.places and not runs:
        return annotate(state, event.block, event.citation)
    state, out = enter(state, "output_text", event.block)
    item = state.item
    assert item is not None
    return evolve(state, item=evolve(item, citations=(*item.citations, event.citation))), out


def _thinking(state: ResponsesWriteState, event: ThinkingDelta) -> Result:
    if event.text:
        return append(state, "summary_text", event.block, event.text)
    item = state.item
    if item is not None and item.kind == "reasoning" and item.block == event.block:
        return state, b""
    return open_item(state, "reasoning", event.block)


def _signature(state: ResponsesWriteState, event: SignatureDelta) -> Result:
    item = state.item
    out = b""
    if item is None or item.kind != "reasoning" or item.block != event.block:
        state, out = open_item(state, "reasoning", event.block)
        item = state.item
        assert item is not None
    return evolve(state, item=evolve(item, signature=event)), out


def _redacted(state: ResponsesWriteState, event: RedactedDelta) -> Result:
    return sealed_item(state, "redacted", event.origin, event.data)


def _call_start(state: ResponsesWriteState, event: CallStart) -> Result:
    out = b""
    if event.signature:
        state, out = sealed_item(state, "call", event.origin, event.signature)
    state, piece = open_item(state, "custom_tool_call" if event.custom else "function_call", event.block, event)
    return state, out + piece


def _call_delta(state: ResponsesWriteState, event: CallDelta) -> Result:
    item = state.item
    if item is None or item.call is None or item.block != event.block:
        # Calls come one after another on every recorded wire; a piece of a call that has ended has no place.
        raise ValueError("pieces of two tool calls are mixed")
    return delta(state, item, event.text) if event.text else (state, b"")


def _opaque(state: ResponsesWriteState, event: OpaqueBlock) -> Result:
    if event.dialect != NAME:
        return state, b""
    state, out = close_item(state)
    index = len(state.output)
    state = evolve(state, output=(*state.output, event.native))
    state, piece = emit(
        state,
        {"type": "response.output_item.added", "output_index": index, "item": event.native},
        {"type": "response.output_item.done", "output_index": index, "item": event.native},
    )
    return state, out + piece


def _stop(state: ResponsesWriteState, event: BlockStop) -> Result:
    """An item is closed by the next one, or by the end, which knows whether it was cut short."""
    return state, b""


def _closed(state: ResponsesWriteState, event: Closed) -> Result:
    finish = state.finish or Finish("stop")
    out = b""
    if state.tokens:
        state, out = add_tokens(evolve(state, tokens=()), state.tokens)
    if finish.explanation and not state.refused:
        block = state.item.block if state.item is not None and state.item.kind == "message" else 0
        state, piece = append(state, "refusal", block, finish.explanation)
        out += piece
    state, piece = close_item(state, "incomplete" if finish.reason == "length" else "completed")
    assert state.body is not None
    body = ended(state.body, list(state.output), finish.reason, state.usage)
    state, last = emit(state, {"type": f"response.{body['status']}", "response": body})
    return state, out + piece + last


def error_frame(failure: Failure, context: Context, number: int) -> bytes:
    """An error inside a stream: flat as the dialect's type has it, and nested as its provider sends it."""
    _, body = write_error(failure, context)
    error = body["error"]
    flat = {key: error.get(key) for key in ("code", "message", "param")}
    return frame("error", {"type": "error", **flat, "error": error, "sequence_number": number})


def _failed(state: ResponsesWriteState, event: Failed) -> Result:
    """The error, which clients raise, and the failed response, which others wait for."""
    out = error_frame(event.failure, state.context, state.sequence)
    state = evolve(state, sequence=state.sequence + 1)
    if state.body is None:
        return state, out
    error = {"code": error_code(event.failure), "message": event.failure.message}
    body = {**state.body, "status": "failed", "error": error, "output": list(state.output)}
    state, last = emit(state, {"type": "response.failed", "response": body})
    return state, out + last


def _logprobs(state: ResponsesWriteState, event: LogprobsDelta) -> Result:
    """Those of a call are held until it has ended: its pieces may go on."""
    item = state.item
    if item is not None and item.part != "output_text":
        return evolve(state, tokens=(*state.tokens, *event.tokens)), b""
    return add_tokens(state, event.tokens)


WRITERS: dict[type, Callable[[ResponsesWriteState, Any], Result]] = {
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
    LogprobsDelta: _logprobs,
    MediaBlock: nothing,
}
