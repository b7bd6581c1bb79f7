"""ConverseStream events to records (wire/bedrock.md 11 and 12, wire/observed.md 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from ...fields.answers import unheard
from ...framing import aws_frames
from ...records import (
    BlockStop,
    CallDelta,
    CallStart,
    CitationDelta,
    Closed,
    Event,
    Finish,
    OpaqueBlock,
    RedactedDelta,
    SignatureDelta,
    Start,
    TextDelta,
    ThinkingDelta,
    Unheard,
    UsageUpdate,
)
from ...records.quick import evolve, record
from ...streams import ReadState, failed, text_or_none, truncated
from .blocks import NAME, ORIGIN, read_citation, read_redacted
from .error import read_error
from .reply import HIDDEN, common_finish, malformed, stopped_by
from .usage import read_usage

Body = dict[str, Any]


@record
class ConverseReadState(ReadState):
    """What a Converse reader also knows.

    Attributes:
        opaque: blocks that have no place elsewhere.
        called: whether a call began.
        provider: whose stream it is.
    """

    opaque: frozenset[int] = frozenset()
    called: bool = False
    provider: str = ""


Result = tuple[ConverseReadState, tuple[Event, ...]]


def start_reading(provider: str) -> ConverseReadState:
    """The state before the first event."""
    return ConverseReadState(provider=provider)


def read_event(state: ConverseReadState, frame: bytes) -> Result:
    """The records of one message.

    Raises:
        KeyError, TypeError, ValueError: for a message that is none; the caller makes it an error.
    """
    if aws_frames.is_document(frame):
        return failed(state, read_error(0, orjson.loads(frame), state.provider, None))
    if aws_frames.is_cut(frame):
        return truncated(state, state.provider)
    return read_message(state, *aws_frames.read(frame))


def read_message(state: ConverseReadState, headers: dict[str, Any], data: bytes) -> Result:
    """The records of an opened message; unknown events are ignored."""
    kind = headers[":message-type"]
    if kind == "error":
        body = {"message": headers.get(":error-message")}
        return failed(state, read_error(0, body, state.provider, None, text_or_none(headers.get(":error-code"))))
    payload = orjson.loads(data)
    if kind == "exception":
        return failed(state, read_error(0, payload, state.provider, None, headers[":exception-type"]))
    reader = READERS.get(headers[":event-type"]) if kind == "event" else None
    return (state, ()) if reader is None else reader(state, payload)


def _message_start(state: ConverseReadState, payload: Body) -> Result:
    return evolve(state, started=True), (Start("", ""),)


def _block_start(state: ConverseReadState, payload: Body) -> Result:
    """Only calls, and what has no place elsewhere, are announced; texts begin with their first piece."""
    index, start = payload["contentBlockIndex"], payload.get("start") or {}
    call = start.get("toolUse")
    if call is not None and call.get("type") != "server_tool_use":
        return evolve(state, called=True), (CallStart(call["toolUseId"], call["name"], index),)
    if not start:
        return state, ()
    kind = "server tool" if call is not None else next(iter(start))
    return evolve(state, opaque=state.opaque | {index}), (OpaqueBlock(kind, NAME, index, payload),)


def _block_delta(state: ConverseReadState, payload: Body) -> Result:
    index, delta = payload["contentBlockIndex"], payload["delta"]
    if index in state.opaque:
        return state, ()
    if delta.get("text") is not None:
        return state, ((TextDelta(delta["text"], index),) if delta["text"] else ())
    if delta.get("toolUse") is not None:
        text = text_or_none(delta["toolUse"].get("input"))
        return state, ((CallDelta(text, index),) if text else ())
    if delta.get("citation") is not None:
        return state, (CitationDelta(read_citation(delta["citation"]), index),)
    if delta.get("reasoningContent") is not None:
        return state, _reasoning(delta["reasoningContent"], index)
    return state, ()


def _reasoning(piece: Body, index: int) -> tuple[Event, ...]:
    if piece.get("redactedContent") is not None:
        return (RedactedDelta(*_redacted(piece["redactedContent"], index)),)
    if piece.get("signature"):
        return (SignatureDelta(piece["signature"], index, ORIGIN),)
    text = text_or_none(piece.get("text"))
    return (ThinkingDelta(text, index),) if text and text != HIDDEN else ()


def _redacted(data: str, index: int) -> tuple[str, int, str]:
    text, origin = read_redacted(data)
    return text, index, origin


def _block_stop(state: ConverseReadState, payload: Body) -> Result:
    index = payload["contentBlockIndex"]
    return state, (() if index in state.opaque else (BlockStop(index),))


def _message_stop(state: ConverseReadState, payload: Body) -> Result:
    """Usage is still to come."""
    word = text_or_none(payload.get("stopReason"))
    failure = malformed(word, payload, state.provider)
    if failure is not None:
        return failed(state, failure)
    finish = Finish(
        common_finish(word, called=state.called), word, stopped_by(payload.get("additionalModelResponseFields"))
    )  # fmt: skip
    keys = unheard(NAME, payload)
    return evolve(state, finish=finish), (finish, Unheard(keys)) if keys else (finish,)


def _metadata(state: ConverseReadState, payload: Body) -> Result:
    """The last event, if the reason of the end was told before."""
    usage = read_usage(payload.get("usage"))
    keys = unheard(NAME, payload)
    events: tuple[Event, ...] = (Unheard(keys),) if keys else ()
    if usage is not None:
        events = (*events, UsageUpdate(usage))
    state = evolve(state, usage=usage)
    if state.finish is None:
        return state, events
    return evolve(state, closed=True), (*events, Closed())


READERS: dict[str, Callable[[ConverseReadState, Body], Result]] = {
    "messageStart": _message_start,
    "contentBlockStart": _block_start,
    "contentBlockDelta": _block_delta,
    "contentBlockStop": _block_stop,
    "messageStop": _message_stop,
    "metadata": _metadata,
}


def end_reading(state: ConverseReadState) -> Result:
    """The end of the connection: an answer that told why it ended is whole, even without its usage."""
    if state.closed:
        return state, ()
    if state.finish is not None:
        return evolve(state, closed=True), (Closed(),)
    return truncated(state, state.provider)
