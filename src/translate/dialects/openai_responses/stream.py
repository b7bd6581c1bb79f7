"""Responses stream events to records (wire/openai-responses.md 6, wire/observed.md 2)."""

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
    LogprobsDelta,
    OpaqueBlock,
    RedactedDelta,
    RefusalDelta,
    SignatureDelta,
    Start,
    TextDelta,
    ThinkingDelta,
    Unheard,
    UsageUpdate,
)
from ...records.quick import evolve, record
from ...streams import SMALL, ReadState, event_kind, failed, truncated
from .error import read_error
from .logprobs import read_logprobs
from .output import read_annotation, reasoning_state, reasoning_text
from .parts import NAME, ORIGIN
from .reply import created_of, finish_of
from .usage import read_usage

Body = dict[str, Any]


@record
class ResponsesReadState(ReadState):
    """What a Responses reader also knows.

    Attributes:
        start: held back until something is said, so that a stream that fails at once can be an answer with a status.
        said: blocks that had a delta; what never had one is read from the whole item.
        noted: blocks whose citations came by themselves.
        thought: the reasoning part that runs: (output index, its kind, its index).
        calls: blocks of calls that have begun.
        items: whether a whole item was seen.
        speaking: whether the text that runs had a delta.
        provider: whose stream it is.
    """

    start: Start | None = None
    said: frozenset[int] = frozenset()
    noted: frozenset[int] = frozenset()
    thought: tuple[int, str, int] | None = None
    calls: frozenset[int] = frozenset()
    items: bool = False
    speaking: bool = False
    provider: str = ""

    @property
    def plain(self) -> bool:
        """Only further text of a part that has begun to speak is plain."""
        return self.speaking and not self.closed


# A JSON string whose escapes are those that a serialiser writes again: neither an escaped slash nor a code point.
_STRING = rb'"[^"\\\x00-\x1f\x7f]*(?:\\["\\nrtbf][^"\\\x00-\x1f\x7f]*)*"'
_HEAD = rb'\{"type":"response\.output_text\.delta","sequence_number":'
_PLACE = rb',"item_id":"\w*","output_index":' + SMALL + rb',"content_index":' + SMALL + rb',"delta":'
_TAIL = rb'(?:,"obfuscation":"\w*")?\}'
_TEXT = _HEAD + SMALL + _PLACE + rb"(" + _STRING + rb'),"logprobs":\[\]' + _TAIL
PADDED = re.compile(rb"(" + _HEAD + rb"(" + SMALL + rb")" + _PLACE + _STRING + rb',"logprobs":\[\])' + _TAIL)
"""A text delta: what of it goes on, and its number."""
PLAIN = (re.compile(_TEXT), re.compile(rb"(?:event: response\.output_text\.delta\n)?data: " + _TEXT + rb"\n\n"))
"""A text delta as the provider spells it."""

Result = tuple[ResponsesReadState, tuple[Event, ...]]


def start_reading(provider: str) -> ResponsesReadState:
    """The state before the first event."""
    return ResponsesReadState(provider=provider)


def read_event(state: ResponsesReadState, frame: bytes) -> Result:
    """The records of one event.

    Raises:
        KeyError, TypeError, ValueError: for an event that is none; the caller makes it an error.
    """
    # Some servers end with the word of another API.
    return (state, ()) if frame == b"[DONE]" else read_payload(state, orjson.loads(frame))


def read_payload(state: ResponsesReadState, payload: Body) -> Result:
    """The records of a parsed event; unknown events are ignored."""
    kind = event_kind(payload)
    reader = READERS.get(kind)
    if reader is None:
        return state, ()
    if kind in LIFECYCLE or state.started:
        return reader(state, payload)
    start = state.start or Start("", "")
    state, events = reader(evolve(state, started=True, start=None, model=start.model), payload)
    return state, (start, *events)


def _created(state: ResponsesReadState, payload: Body) -> Result:
    body = payload["response"]
    start = Start(
        body.get("id") or "", body.get("model") or "", created_of(body), service_tier=body.get("service_tier")
    )  # fmt: skip
    return (state if state.started else evolve(state, start=start)), ()


def _block(payload: Body) -> int:
    """The block of an event's part: its item, and its place in a message."""
    return int(payload["output_index"]) << 16 | int(payload.get("content_index") or 0)


def _say(state: ResponsesReadState, block: int, *, speaking: bool = False) -> ResponsesReadState:
    if block in state.said and speaking == state.speaking:
        return state
    return evolve(state, said=state.said | {block}, speaking=speaking)


def _text(state: ResponsesReadState, payload: Body) -> Result:
    block, text = _block(payload), payload["delta"]
    tokens = read_logprobs(payload.get("logprobs"))
    if tokens:
        state = _say(state, block, speaking=True) if text else state
        return state, (*((TextDelta(text, block),) if text else ()), LogprobsDelta(tokens))
    return (_say(state, block, speaking=True), (TextDelta(text, block),)) if text else (state, ())


def _refusal(state: ResponsesReadState, payload: Body) -> Result:
    block = _block(payload)
    return _say(state, block), (RefusalDelta(payload["delta"], block),)


def _annotation(state: ResponsesReadState, payload: Body) -> Result:
    block = _block(payload)
    state = state if block in state.noted else evolve(state, noted=state.noted | {block})
    return state, (CitationDelta(read_annotation(payload["annotation"]), block),)


def _thinking(state: ResponsesReadState, payload: Body) -> Result:
    index, kind = int(payload["output_index"]), payload["type"]
    part = (index, kind, payload.get("summary_index") or payload.get("content_index") or 0)
    block, text = index << 16, payload["delta"]
    if not text:
        return state, ()
    if part == state.thought:
        return state, (ThinkingDelta(text, block),)
    if block in state.said:
        # Another part of the same reasoning.
        text = f"\n\n{text}"
    return evolve(_say(state, block), thought=part), (ThinkingDelta(text, block),)


def _item_added(state: ResponsesReadState, payload: Body) -> Result:
    item = payload.get("item") or {}
    state = evolve(state, speaking=False) if state.speaking else state
    return _begin(state, item, _block(payload)) if item.get("type") in _CALLS else (state, ())


_CALLS = {"function_call": "arguments", "custom_tool_call": "input"}


def _begin(state: ResponsesReadState, item: Body, block: int) -> Result:
    if block in state.calls:
        return state, ()
    start = CallStart(item["call_id"], item["name"], block, item["type"] == "custom_tool_call")
    return evolve(state, calls=state.calls | {block}), (start,)


def _part_added(state: ResponsesReadState, payload: Body) -> Result:
    return (evolve(state, speaking=False) if state.speaking else state), ()


def _arguments(state: ResponsesReadState, payload: Body) -> Result:
    block, text = _block(payload), payload["delta"]
    if block not in state.calls:
        raise ValueError("arguments of a call that has not begun")
    return (_say(state, block), (CallDelta(text, block),)) if text else (state, ())


def _item_done(state: ResponsesReadState, payload: Body) -> Result:
    """What is only known of the whole item, and what was never told in pieces."""
    item, block = payload["item"], _block(payload)
    reader = DONE.get(item["type"])
    if reader is not None:
        state, events = reader(state, item, block)
    else:
        events = (OpaqueBlock(str(item["type"]), NAME, block, item),)
    return evolve(state, items=True, speaking=False), (*events, BlockStop(block))


def _call_done(state: ResponsesReadState, item: Body, block: int) -> Result:
    state, events = _begin(state, item, block)
    text = item.get(_CALLS[item["type"]])
    if text and block not in state.said:
        events = (*events, CallDelta(text, block))
    return state, events


def _message_done(state: ResponsesReadState, item: Body, block: int) -> Result:
    events: list[Event] = []
    # Some servers number the parts of the whole item otherwise than those of its pieces.
    told = any(known >> 16 == block >> 16 for known in state.said)
    noted = any(known >> 16 == block >> 16 for known in state.noted)
    for index, part in enumerate(item.get("content") or ()):
        here = block | index
        if part["type"] == "refusal":
            if not told and part.get("refusal"):
                events.append(RefusalDelta(part["refusal"], here))
            continue
        if not told and part.get("text"):
            events.append(TextDelta(part["text"], here))
        if not noted:
            events.extend(CitationDelta(read_annotation(note), here) for note in part.get("annotations") or ())
        if index:
            events.append(BlockStop(here))
    return state, tuple(events)


def _reasoning_done(state: ResponsesReadState, item: Body, block: int) -> Result:
    """Only here the encrypted content is final."""
    events: list[Event] = []
    text, encrypted = reasoning_text(item), reasoning_state(item)
    if text and block not in state.said:
        events.append(ThinkingDelta(text, block))
    if encrypted and (text or block in state.said):
        events.append(SignatureDelta(encrypted, block, ORIGIN))
    elif encrypted:
        events.append(RedactedDelta(encrypted, block, ORIGIN))
    return state, tuple(events)


DONE: dict[str, Callable[[ResponsesReadState, Body, int], Result]] = {
    "message": _message_done,
    "reasoning": _reasoning_done,
    "function_call": _call_done,
    "custom_tool_call": _call_done,
}


def _ended(state: ResponsesReadState, payload: Body) -> Result:
    body = payload["response"]
    events: list[Event] = []
    if not state.items:
        # A server that tells nothing but the whole.
        for index, item in enumerate(body.get("output") or ()):
            state, found = _item_done(state, {"output_index": index, "item": item})
            events += found
    usage = read_usage(body.get("usage"))
    if usage is not None:
        events.append(UsageUpdate(usage))
    keys = unheard(NAME, body)
    if keys:
        events.append(Unheard(keys))
    finish = Finish(*finish_of(body, called=bool(state.calls)))
    state = evolve(state, closed=True, finish=finish, usage=usage or state.usage)
    return state, (*events, finish, Closed())


def _failed(state: ResponsesReadState, payload: Body) -> Result:
    return failed(state, read_error(0, payload["response"], state.provider, None))


def _error(state: ResponsesReadState, payload: Body) -> Result:
    return failed(state, read_error(0, payload, state.provider, None))


READERS: dict[str, Callable[[ResponsesReadState, Body], Result]] = {
    "response.created": _created,
    "response.queued": _created,
    "response.in_progress": _created,
    "response.output_item.added": _item_added,
    "response.content_part.added": _part_added,
    "response.output_text.delta": _text,
    "response.output_text.annotation.added": _annotation,
    "response.refusal.delta": _refusal,
    "response.reasoning_summary_text.delta": _thinking,
    "response.reasoning_text.delta": _thinking,
    "response.function_call_arguments.delta": _arguments,
    "response.custom_tool_call_input.delta": _arguments,
    "response.output_item.done": _item_done,
    "response.completed": _ended,
    "response.incomplete": _ended,
    "response.failed": _failed,
    "error": _error,
}
LIFECYCLE = frozenset({"response.created", "response.queued", "response.in_progress", "response.failed", "error"})
"""Events that say nothing yet."""


def end_reading(state: ResponsesReadState) -> Result:
    """The end of the connection: without its last event the stream is cut."""
    return (state, ()) if state.closed else truncated(state, state.provider)
