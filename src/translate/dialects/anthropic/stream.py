"""Messages stream events to records (wire/anthropic.md 11, wire/observed.md 4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson

from ...fields.answers import unheard
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
from ...streams import SMALL, ReadState, event_kind, failed, text_or_none, truncated
from ...values import loads_exactly
from .blocks import NAME, ORIGIN, read_citation
from .error import read_error
from .reply import common_finish, explanation_of
from .usage import read_usage

Body = dict[str, Any]


@record
class MessagesReadState(ReadState):
    """What a Messages reader also knows.

    Attributes:
        counts: the raw usage, merged so far.
        opaque: whether the open block has no place elsewhere.
        called: whether a call began.
        provider: whose stream it is.
    """

    counts: Any = None
    opaque: bool = False
    called: bool = False
    provider: str = ""

    @property
    def plain(self) -> bool:
        """Text of a block without a place elsewhere is not text of the answer."""
        return self.started and not self.closed and not self.opaque


# A JSON string whose escapes are those that a serialiser writes again: neither an escaped slash nor a code point.
_STRING = rb'"[^"\\\x00-\x1f\x7f]*(?:\\["\\nrtbf][^"\\\x00-\x1f\x7f]*)*"'
_TEXT = (
    rb'\{"type":"content_block_delta","index":' + SMALL
    + rb',"delta":\{"type":"text_delta","text":(' + _STRING + rb")\} *\}"
)  # fmt: skip
PLAIN = (re.compile(_TEXT), re.compile(rb"(?:event: content_block_delta\n)?data: " + _TEXT + rb"\n\n"))
"""A text delta as the provider spells it, blanks before the last brace included (wire/observed.md 4)."""

Result = tuple[MessagesReadState, tuple[Event, ...]]


def start_reading(provider: str) -> MessagesReadState:
    """The state before the first event."""
    return MessagesReadState(provider=provider)


def read_event(state: MessagesReadState, frame: bytes) -> Result:
    """The records of one event.

    Raises:
        KeyError, TypeError, ValueError: for an event that is none; the caller makes it an error.
    """
    payload = orjson.loads(frame)
    if payload.get("type") == "content_block_delta":
        delta = payload["delta"]
        if delta["type"] == "text_delta" and not state.opaque:
            return state, (TextDelta(delta["text"], payload["index"]),)
    elif payload.get("type") == "content_block_start":
        payload = loads_exactly(frame)
    return read_payload(state, payload)


def read_payload(state: MessagesReadState, payload: Body) -> Result:
    """The records of a parsed event; unknown events are ignored (wire/anthropic.md 1)."""
    reader = READERS.get(event_kind(payload))
    return (state, ()) if reader is None else reader(state, payload)


def _message_start(state: MessagesReadState, payload: Body) -> Result:
    message = payload["message"]
    counts = message.get("usage") or {}
    usage = read_usage(counts)
    start = Start(
        message.get("id") or "", message.get("model") or "", usage=usage, service_tier=counts.get("service_tier")
    )  # fmt: skip
    keys = unheard(NAME, message)
    state = evolve(state, started=True, counts=counts, usage=usage, model=start.model)
    return state, (start, Unheard(keys)) if keys else (start,)


def _block_start(state: MessagesReadState, payload: Body) -> Result:
    index = payload["index"]
    block = payload["content_block"]
    kind = block["type"]
    if type(kind) is not str:
        raise TypeError("a block's type is a string")
    opaque = False
    events: list[Event] = []
    if kind == "text":
        if block.get("text"):
            events.append(TextDelta(block["text"], index))
        events.extend(CitationDelta(read_citation(item), index) for item in block.get("citations") or ())
    elif kind == "tool_use":
        keys = unheard(NAME, {"content": [block]})
        events += [CallStart(block["id"], block["name"], index), *([Unheard(keys)] if keys else ())]
        if block.get("input"):
            events.append(CallDelta(orjson.dumps(block["input"]).decode(), index))
    elif kind == "thinking":
        events.append(ThinkingDelta(block.get("thinking") or "", index))
        if block.get("signature"):
            events.append(SignatureDelta(block["signature"], index, ORIGIN))
    elif kind == "redacted_thinking":
        events.append(RedactedDelta(block["data"], index, ORIGIN))
    else:
        opaque = True
        events.append(OpaqueBlock(kind, NAME, index, block))
    if opaque is not state.opaque or (kind == "tool_use" and not state.called):
        state = evolve(state, opaque=opaque, called=state.called or kind == "tool_use")
    return state, tuple(events)


def _block_delta(state: MessagesReadState, payload: Body) -> Result:
    if state.opaque:
        return state, ()
    delta, index = payload["delta"], payload["index"]
    kind = delta["type"]
    if kind == "text_delta":
        return state, (TextDelta(delta["text"], index),)
    if kind == "input_json_delta":
        return state, ((CallDelta(delta["partial_json"], index),) if delta["partial_json"] else ())
    if kind == "thinking_delta":
        return state, (ThinkingDelta(delta["thinking"], index),)
    if kind == "signature_delta":
        return state, (SignatureDelta(delta["signature"], index, ORIGIN),)
    if kind == "citations_delta":
        return state, (CitationDelta(read_citation(delta["citation"]), index),)
    return state, ()


def _block_stop(state: MessagesReadState, payload: Body) -> Result:
    if state.opaque:
        return evolve(state, opaque=False), ()
    return state, (BlockStop(payload["index"]),)


def _message_delta(state: MessagesReadState, payload: Body) -> Result:
    """Usage here is cumulative: it overwrites (wire/anthropic.md 11); several such events may come, the last counts."""
    events: list[Event] = []
    told = {key: value for key, value in (payload.get("usage") or {}).items() if value is not None}
    if told:
        counts = {**(state.counts or {}), **told}
        usage = read_usage(counts)
        assert usage is not None
        state = evolve(state, counts=counts, usage=usage)
        events.append(UsageUpdate(usage))
    delta = payload.get("delta") or {}
    word = text_or_none(delta.get("stop_reason"))
    if word is not None:
        explanation = explanation_of(delta.get("stop_details"))
        finish = Finish(
            common_finish(word, called=state.called), word, text_or_none(delta.get("stop_sequence")), explanation
        )
        state = evolve(state, finish=finish)
        events.append(finish)
    keys = unheard(NAME, {key: value for key, value in {**payload, **delta}.items() if key != "delta"})
    if keys:
        events.append(Unheard(keys))
    return state, tuple(events)


def _message_stop(state: MessagesReadState, payload: Body) -> Result:
    return evolve(state, closed=True), (Closed(),)


def _error(state: MessagesReadState, payload: Body) -> Result:
    return failed(state, read_error(0, payload, state.provider, None))


READERS: dict[str, Callable[[MessagesReadState, Body], Result]] = {
    "message_start": _message_start,
    "content_block_start": _block_start,
    "content_block_delta": _block_delta,
    "content_block_stop": _block_stop,
    "message_delta": _message_delta,
    "message_stop": _message_stop,
    "error": _error,
}


def end_reading(state: MessagesReadState) -> Result:
    """The end of the connection: without ``message_stop`` the stream is cut."""
    return (state, ()) if state.closed else truncated(state, state.provider)
