"""Chat-completion chunks to events (wire/openai-chat.md 9, wire/observed.md 1, 3, 8, 10)."""

from typing import Any

import attrs
import orjson

from ...records import (
    CallDelta,
    CallStart,
    CitationDelta,
    Closed,
    Event,
    Failed,
    Finish,
    LogprobsDelta,
    RedactedDelta,
    RefusalDelta,
    SignatureDelta,
    Start,
    TextDelta,
    ThinkingDelta,
    UsageUpdate,
)
from ...streams import ReadState, failed, text_or_none, truncated
from .error import read_error
from .logprobs import read_logprobs
from .reply import call_signature, common_finish, plain_content, read_annotations, reasoning_text
from .usage import read_usage

Body = dict[str, Any]

DONE = b"[DONE]"
TEXT, THOUGHTS, REFUSAL = -1, -1000, -2
"""Blocks of a choice; thinking blocks count on from THOUGHTS, calls have their index."""


@attrs.frozen
class ChatReadState(ReadState):
    """What a chat reader also knows.

    Attributes:
        calls: indexes of the tool calls that have begun.
        provider: whose stream it is.
    """

    calls: frozenset[int] = frozenset()
    provider: str = ""


def start_reading(provider: str) -> ChatReadState:
    """The state before the first chunk."""
    return ChatReadState(provider=provider)


def read_event(state: ChatReadState, frame: bytes) -> tuple[ChatReadState, tuple[Event, ...]]:
    """The events of one chunk.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: for a chunk that is none; the caller makes it an error.
    """
    if frame == DONE:
        return close_reading(state)
    payload = orjson.loads(frame)
    if state.started and payload.get("usage") is None:
        choices = payload.get("choices")
        if choices and len(choices) == 1 and choices[0].get("finish_reason") is None and not choices[0].get("index"):
            delta = choices[0].get("delta")
            if delta and len(delta) == 1 and "content" in delta and not choices[0].get("logprobs"):
                text = delta["content"]
                if type(text) is str:
                    return state, ((TextDelta(text, TEXT),) if text else ())
    return read_chunk(state, payload)


def read_chunk(state: ChatReadState, payload: Body) -> tuple[ChatReadState, tuple[Event, ...]]:
    """The events of a parsed chunk, whatever is in it."""
    error = payload.get("error")
    if error:
        body = error if type(error) is dict else payload
        status = body.get("status_code") or body.get("status") or body.get("code")
        status = status if type(status) is int and 400 <= status <= 599 else 502
        return failed(state, read_error(status, payload, state.provider, None))
    events: list[Event] = []
    if not state.started and (payload.get("id") or payload.get("choices")):
        events.append(_start(payload))
        state = attrs.evolve(state, started=True)
    for choice in payload.get("choices") or ():
        # Other answers than the first have no place in other dialects; the same dialect relays them as they are.
        if not choice.get("index"):
            state = _choice(state, choice, events)
        elif not state.dropped:
            state = attrs.evolve(state, dropped=("Only the first of several answers is shown.",))
    usage = read_usage(payload.get("usage") or (payload.get("x_groq") or {}).get("usage"))
    if usage is not None:
        state = attrs.evolve(state, usage=usage)
        events.append(UsageUpdate(usage))
    return state, tuple(events)


def _start(payload: Body) -> Start:
    created = payload.get("created")
    return Start(
        payload.get("id") or "",
        payload.get("model") or "",
        int(created) if type(created) in (int, float) and created else None,
        service_tier=payload.get("service_tier"),
    )


def _choice(state: ChatReadState, choice: Body, events: list[Event]) -> ChatReadState:
    delta = choice.get("delta") or {}
    _thoughts(delta, events)
    content = plain_content(delta.get("content"))[0]
    if content:
        events.append(TextDelta(content, TEXT))
    if delta.get("refusal"):
        events.append(RefusalDelta(delta["refusal"], REFUSAL))
    events.extend(CitationDelta(note, TEXT) for note in read_annotations(delta.get("annotations")))
    calls = delta.get("tool_calls") or ()
    for call, index in zip(calls, call_indexes(calls, len(state.calls)), strict=True):
        state = _call(state, call, index, events)
    legacy = delta.get("function_call")
    if legacy:
        state = _call(state, {"id": "call_0", "function": legacy}, 0, events)
    tokens = read_logprobs(choice.get("logprobs"))
    if tokens is not None:
        events.append(LogprobsDelta(tokens))
    word = text_or_none(choice.get("finish_reason"))
    if word is not None and state.finish is None:
        common = common_finish(word)
        finish = Finish("tool_calls" if common == "stop" and state.calls else common, word)
        events.append(finish)
        state = attrs.evolve(state, finish=finish)
    return state


def _thoughts(delta: Body, events: list[Event]) -> None:
    blocks = delta.get("thinking_blocks")
    if not blocks:
        text = reasoning_text(delta)
        if text:
            events.append(ThinkingDelta(text, THOUGHTS))
        return
    for raw in blocks:
        block = THOUGHTS + (raw.get("index") or 0)
        if raw.get("type") == "redacted_thinking":
            events.append(RedactedDelta(raw["data"], block, "anthropic"))
            continue
        if raw.get("thinking"):
            events.append(ThinkingDelta(raw["thinking"], block))
        if raw.get("signature"):
            events.append(SignatureDelta(raw["signature"], block, "anthropic"))


def call_indexes(calls: Any, known: int) -> list[int]:
    """The index of each call of a delta; where a server gives none, a call with an id is a new one."""
    indexes = []
    for call in calls:
        index = call.get("index")
        if type(index) is not int:
            index = known if call.get("id") else max(known - 1, 0)
        known = max(known, index + 1)
        indexes.append(index)
    return indexes


def _call(state: ChatReadState, raw: Body, index: int, events: list[Event]) -> ChatReadState:
    function = raw.get("function") or raw.get("custom") or {}
    began = index not in state.calls
    if began:
        signature = call_signature(raw)
        events.append(
            CallStart(
                raw.get("id") or "",
                function["name"],
                index,
                raw.get("type") == "custom",
                signature,
                "google" if signature else None,
            )
        )
        state = attrs.evolve(state, calls=state.calls | {index})
    text = function.get("arguments") or function.get("input")
    if text and not (began and text == "null"):
        events.append(CallDelta(text, index))
    return state


def close_reading(state: ChatReadState) -> tuple[ChatReadState, tuple[Event, ...]]:
    """``[DONE]``, or the end of the connection after a finish reason, which some servers leave it at."""
    if state.closed:
        return state, ()
    if not state.started:
        return truncated(state, state.provider)
    return attrs.evolve(state, closed=True), (Closed(),)


def end_reading(state: ChatReadState) -> tuple[ChatReadState, tuple[Event | Failed, ...]]:
    """The end of the connection."""
    if state.closed or state.finish is not None:
        return close_reading(state)
    return truncated(state, state.provider)
