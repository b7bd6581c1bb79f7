"""Chat-completion chunks to events (wire/openai-chat.md 9, wire/observed.md 1, 3, 8, 10)."""

from __future__ import annotations

from typing import Any

import orjson

from ...fields.answers import unheard
from ...providers import PROVIDERS
from ...records import (
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
    Redacted,
    RedactedDelta,
    RefusalDelta,
    SignatureDelta,
    Start,
    TextDelta,
    Thinking,
    ThinkingDelta,
    Unheard,
    UsageUpdate,
)
from ...records.errors import stated_status
from ...records.quick import evolve, record
from ...seal import unseal
from ...streams import ReadState, failed, text_or_none, truncated
from .error import read_error
from .extensions import GOOGLE, read_call_signature, read_details, read_images, read_text_signature
from .logprobs import read_logprobs
from .parts import HOME
from .reply import (
    FILTERS,
    common_finish,
    flagged,
    plain_content,
    read_annotations,
    read_sources,
    reasoning_text,
    shows_text,
)
from .usage import read_usage

Body = dict[str, Any]

DONE = b"[DONE]"
TEXT, THOUGHTS, REFUSAL, SIGNED, IMAGES, STATES = -1, -1000, -2, -3, -2000, -3000
"""Blocks of a choice; thoughts, images and states count on from THOUGHTS, IMAGES and STATES, calls have an index."""


@record
class ChatReadState(ReadState):
    """What a chat reader also knows.

    Attributes:
        calls: indexes of the tool calls that have begun.
        provider: whose stream it is.
        thought: the last piece of reasoning text, where the provider may repeat one to say that it goes on.
        sources: URLs of the reply's own list that were told.
    """

    calls: frozenset[int] = frozenset()
    provider: str = ""
    thought: str | None = None
    sources: tuple[str, ...] = ()


def start_reading(provider: str) -> ChatReadState:
    """The state before the first chunk."""
    row = PROVIDERS.get(provider)
    return ChatReadState(provider=provider, thought="" if row is not None and row.repeats else None)


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
            plain = FILTERS not in choices[0] and not choices[0].get("logprobs")
            if delta and len(delta) == 1 and "content" in delta and plain:
                text = delta["content"]
                if type(text) is str:
                    return state, ((TextDelta(text, TEXT),) if text else ())
    return read_chunk(state, payload)


def read_chunk(state: ChatReadState, payload: Body) -> tuple[ChatReadState, tuple[Event, ...]]:
    """The events of a parsed chunk, whatever is in it."""
    beside = payload.get("x_groq")
    error = payload.get("error") or (beside and beside.get("error"))
    if error:
        whole = payload if payload.get("error") else {**payload, "error": error}
        return failed(state, read_error(stated_status(whole), whole, state.provider, None))
    events: list[Event] = []
    if not state.started and (payload.get("id") or payload.get("choices")):
        start = _start(payload)
        events.append(start)
        state = evolve(state, started=True, model=start.model)
    for choice in payload.get("choices") or ():
        # Other answers than the first have no place in other dialects; the same dialect relays them as they are.
        if not choice.get("index"):
            state = _choice(state, choice, events)
        elif not state.dropped:
            state = evolve(state, dropped=("Only the first of several answers is shown.",))
    if payload.get("citations"):
        state = _sources(state, payload["citations"], events)
    usage = read_usage(payload.get("usage") or (beside and beside.get("usage")))
    if usage is not None:
        state = evolve(state, usage=usage)
        events.append(UsageUpdate(usage))
    keys = unheard("openai_chat", payload)
    if keys:
        events.append(Unheard(keys))
    return state, tuple(events)


def _sources(state: ChatReadState, urls: Any, events: list[Event]) -> ChatReadState:
    """The reply's own list of URLs, which some servers repeat on every chunk."""
    fresh = [note for note in read_sources(urls) if note.url not in state.sources]
    events.extend(CitationDelta(note, TEXT) for note in fresh)
    return evolve(state, sources=(*state.sources, *[note.url or "" for note in fresh])) if fresh else state


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
    state = _thoughts(state, delta, events)
    content = plain_content(delta.get("content"))[0]
    if content:
        events.append(TextDelta(content, TEXT))
    if delta.get("refusal"):
        events.append(RefusalDelta(delta["refusal"], REFUSAL))
    events.extend(CitationDelta(note, TEXT) for note in read_annotations(delta.get("annotations")))
    if delta.get("extra_content") and (signature := read_text_signature(delta)):
        events.append(SignatureDelta(signature, SIGNED, GOOGLE))
    if delta.get("images"):
        events.extend(MediaBlock(image, IMAGES + index) for index, image in read_images(delta["images"]))
    calls = delta.get("tool_calls") or ()
    for call, index in zip(calls, call_indexes(calls, len(state.calls)), strict=True):
        state = _call(state, call, index, events)
    legacy = delta.get("function_call")
    if legacy:
        state = _call(state, {"id": "call_0", "function": legacy}, 0, events)
    tokens = read_logprobs(choice.get("logprobs"))
    if tokens is not None:
        events.append(LogprobsDelta(tokens))
    if choice.get(FILTERS) and (filters := flagged(choice)):
        events.append(OpaqueBlock(FILTERS, "openai_chat", native=filters))
    # Some servers say an empty word until they say one, or say no other (wire/xai.md 5).
    word = text_or_none(choice.get("finish_reason"))
    if word and state.finish is None:
        common = common_finish(word)
        finish = Finish("tool_calls" if common == "stop" and state.calls else common, word)
        events.append(finish)
        state = evolve(state, finish=finish)
    return state


def _thoughts(state: ChatReadState, delta: Body, events: list[Event]) -> ChatReadState:
    blocks = delta.get("thinking_blocks")
    if not blocks:
        details = read_details(delta.get("reasoning_details"))
        text = "" if shows_text(part for _, part in details) else reasoning_text(delta)
        if text and text != state.thought:
            events.append(ThinkingDelta(text, THOUGHTS))
        if details:
            _details(details, events)
        return state if not text or state.thought is None else evolve(state, thought=text)
    for raw in blocks:
        block = THOUGHTS + (raw.get("index") or 0)
        if raw.get("type") == "redacted_thinking":
            origin, _, data = unseal(raw["data"], HOME)
            events.append(RedactedDelta(data, block, origin))
            continue
        if raw.get("thinking"):
            events.append(ThinkingDelta(raw["thinking"], block))
        if raw.get("signature"):
            origin, _, signature = unseal(raw["signature"], HOME)
            events.append(SignatureDelta(signature, block, origin))
    return state


def _details(details: list[tuple[int, Thinking | Redacted]], events: list[Event]) -> None:
    """Pieces of thoughts; a signature may come behind the text of its index."""
    for index, part in details:
        if type(part) is Redacted:
            events.append(RedactedDelta(part.data, STATES + index, part.origin))
            continue
        assert type(part) is Thinking
        if part.text:
            events.append(ThinkingDelta(part.text, THOUGHTS + index))
        if part.signature:
            base = STATES if part.origin == GOOGLE and not part.text else THOUGHTS
            events.append(SignatureDelta(part.signature, base + index, part.origin))


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
        signature = read_call_signature(raw)
        events.append(
            CallStart(
                raw.get("id") or "",
                function["name"],
                index,
                raw.get("type") == "custom",
                signature,
                GOOGLE if signature else None,
            )
        )
        state = evolve(state, calls=state.calls | {index})
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
    if state.finish is None and state.calls:
        finish = Finish("tool_calls")
        return evolve(state, closed=True, finish=finish), (finish, Closed())
    return evolve(state, closed=True), (Closed(),)


def end_reading(state: ChatReadState) -> tuple[ChatReadState, tuple[Event | Failed, ...]]:
    """The end of the connection."""
    if state.closed or state.finish is not None:
        return close_reading(state)
    return truncated(state, state.provider)
