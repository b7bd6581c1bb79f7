"""Events to chat-completion chunks (wire/openai-chat.md 9, design/interfaces.md 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from ...context import Context, Stamp
from ...records import (
    Answer,
    BlockStop,
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
from ...seal import seal
from ...streams import WriteState, hold_finish, hold_usage, nothing
from .error import write_error
from .extensions import GOOGLE, signature_fields, text_signature, write_image
from .logprobs import write_logprobs
from .parts import HOME
from .reply import (
    DECLINED,
    TIERS,
    annotation,
    finish_word,
    native_fields,
    write_call,
)
from .usage import write_usage

Body = dict[str, Any]


@record
class ChatWriteState(WriteState):
    """What the writer has sent so far.

    Attributes:
        head: every chunk up to its delta.
        tail: every chunk after its delta, without a finish reason.
        text_head, text_tail: the same around a lone content string; empty while text must be counted.
        calls: block -> index, for calls.
        silent: blocks of calls that have had no arguments yet.
        custom: blocks of free-text calls.
        thoughts: thinking blocks in order.
        finish: held back until the stream is whole.
        length: code points of text so far; counted only when citations may come.
        notes: citations with the offset at which their block began.
        block: the text block that runs.
        begins: text blocks with the offset at which each began.
        refused: whether refusal text was sent.
        signature: the first signature of something said, no thought (Google's).
        images: how many images were sent.
        answer: the index of the answer that this is about.
        others: what was sent of the others.
    """

    head: bytes = b""
    tail: bytes = b""
    text_head: bytes = b""
    text_tail: bytes = b""
    calls: tuple[int, ...] = ()
    silent: frozenset[int] = frozenset()
    custom: frozenset[int] = frozenset()
    thoughts: tuple[int, ...] = ()
    finish: Finish | None = None
    length: int = 0
    notes: tuple[tuple[Citation, int], ...] = ()
    block: int | None = None
    begins: tuple[tuple[int, int], ...] = ()
    refused: bool = False
    signature: str | None = None
    images: int = 0
    answer: int = 0
    others: Mapping[int, ChatWriteState] = MappingProxyType({})


def start_writing(context: Context, stamp: Stamp) -> ChatWriteState:
    """The state before the first event."""
    return ChatWriteState(context, stamp)


def wrap_text(state: ChatWriteState) -> tuple[bytes, bytes] | None:
    """The chunk around a content string, once the stream has begun and unless text must be counted."""
    return (state.text_head, state.text_tail) if state.text_head else None


def write_event(state: ChatWriteState, event: Event) -> tuple[ChatWriteState, bytes]:
    """The chunks of one event, framed."""
    if type(event) is TextDelta and state.text_head:
        return state, state.text_head + orjson.dumps(event.text) + state.text_tail
    if not state.head and type(event) is not Start and type(event) is not Failed:
        # A provider that says nothing of itself first: the role chunk is due all the same.
        state, opening = _start(state, Start("", ""))
        state, rest = WRITERS[type(event)](state, event)
        return state, opening + rest
    return WRITERS[type(event)](state, event)


def _chunk(state: ChatWriteState, delta: Body) -> bytes:
    return state.head + orjson.dumps(delta) + state.tail


def _start(state: ChatWriteState, event: Start) -> tuple[ChatWriteState, bytes]:
    if state.head:
        return state, b""
    context = state.context
    envelope: Body = {
        "id": event.id or f"chatcmpl-{state.stamp.id}",
        "object": "chat.completion.chunk",
        "created": event.created or state.stamp.now,
        "model": event.model or context.model,
    }
    tier = TIERS.get(event.service_tier or "")
    if tier is not None:
        envelope["service_tier"] = tier
    head = b"data: " + orjson.dumps(envelope)[:-1] + b',"choices":[{"index":0,"delta":'
    end = b',"usage":null}\n\n' if context.include_usage else b"}\n\n"
    tail = b',"logprobs":null,"finish_reason":null}]' + end
    text_head = b"" if context.cite else head + b'{"content":'
    state = evolve(
        state, head=head, tail=tail, text_head=text_head, text_tail=b"}" + tail, usage=event.usage
    )  # fmt: skip
    first = _chunk(state, {"role": "assistant", "content": "", "refusal": None})
    if context.explain:
        # Once, in the first chunk.
        first = first[:-3] + b',"dragoman":' + orjson.dumps({"losses": context.losses}) + b"}\n\n"
    return state, first


def _text(state: ChatWriteState, event: TextDelta) -> tuple[ChatWriteState, bytes]:
    """With citations to come: text is counted."""
    state = _enter(state, event.block)
    state = evolve(state, length=state.length + len(event.text))
    return state, _chunk(state, {"content": event.text})


def _enter(state: ChatWriteState, block: int) -> ChatWriteState:
    if state.block == block:
        return state
    return evolve(state, block=block, begins=(*state.begins, (block, state.length)))


def _thinking(state: ChatWriteState, event: ThinkingDelta) -> tuple[ChatWriteState, bytes]:
    if state.context.strict or not event.text:
        return state, b""
    state, index = _thought(state, event.block)
    block = {"type": "thinking", "thinking": event.text, "index": index}
    return state, _chunk(state, {"reasoning_content": event.text, "thinking_blocks": [block]})


def _thought(state: ChatWriteState, block: int) -> tuple[ChatWriteState, int]:
    if block in state.thoughts:
        return state, state.thoughts.index(block)
    return evolve(state, thoughts=(*state.thoughts, block)), len(state.thoughts)


def _signature(state: ChatWriteState, event: SignatureDelta) -> tuple[ChatWriteState, bytes]:
    if state.context.strict:
        return state, b""
    if event.origin == GOOGLE and event.block not in state.thoughts and state.signature is None:
        # It is of something said, and has a place of its own, for one; others stand sealed among the thoughts.
        return evolve(state, signature=event.signature), b""
    state, index = _thought(state, event.block)
    signature = seal(event.origin, "thinking", event.signature, HOME)
    block = {"type": "thinking", "thinking": "", "signature": signature, "index": index}
    return state, _chunk(state, {"thinking_blocks": [block]})


def _redacted(state: ChatWriteState, event: RedactedDelta) -> tuple[ChatWriteState, bytes]:
    if state.context.strict:
        return state, b""
    state, index = _thought(state, event.block)
    data = seal(event.origin, "redacted", event.data, HOME)
    return state, _chunk(state, {"thinking_blocks": [{"type": "redacted_thinking", "data": data, "index": index}]})


def _refusal(state: ChatWriteState, event: RefusalDelta) -> tuple[ChatWriteState, bytes]:
    return evolve(state, refused=True), _chunk(state, {"refusal": event.text})


def _call_start(state: ChatWriteState, event: CallStart) -> tuple[ChatWriteState, bytes]:
    index = len(state.calls)
    state = evolve(
        state,
        calls=(*state.calls, event.block),
        silent=state.silent if event.custom else state.silent | {event.block},
        custom=state.custom | {event.block} if event.custom else state.custom,
    )
    if state.context.legacy:
        return state, _chunk(state, {"function_call": {"name": event.name, "arguments": ""}}) if index == 0 else b""
    call = {"index": index, **write_call(event.id, event.name, "", custom=event.custom)}
    if event.signature and not state.context.strict:
        call.update(signature_fields(event.signature))
    return state, _chunk(state, {"tool_calls": [call]})


def _call_delta(state: ChatWriteState, event: CallDelta) -> tuple[ChatWriteState, bytes]:
    if not event.text:
        return state, b""
    if event.block in state.silent:
        state = evolve(state, silent=state.silent - {event.block})
    return state, _arguments(state, event.block, event.text)


def _arguments(state: ChatWriteState, block: int, text: str) -> bytes:
    index = state.calls.index(block)
    if state.context.legacy:
        return _chunk(state, {"function_call": {"arguments": text}}) if index == 0 else b""
    if block in state.custom:
        return _chunk(state, {"tool_calls": [{"index": index, "type": "custom", "custom": {"input": text}}]})
    return _chunk(state, {"tool_calls": [{"index": index, "function": {"arguments": text}}]})


def _stop(state: ChatWriteState, event: BlockStop) -> tuple[ChatWriteState, bytes]:
    """A call that ends without a word has the empty object as arguments."""
    if event.block not in state.silent:
        return state, b""
    return evolve(state, silent=state.silent - {event.block}), _arguments(state, event.block, "{}")


def _citation(state: ChatWriteState, event: CitationDelta) -> tuple[ChatWriteState, bytes]:
    begins = dict(state.begins)
    if event.block not in begins:
        state = _enter(state, event.block)
    begin = begins.get(event.block, state.length)
    return evolve(state, notes=(*state.notes, (event.citation, begin))), b""


def _media(state: ChatWriteState, event: MediaBlock) -> tuple[ChatWriteState, bytes]:
    """An image; other media have no place here, and are reported with the stream's losses."""
    if event.kind != "image" or state.context.strict:
        return state, b""
    image = write_image(event.media, state.images)
    return evolve(state, images=state.images + 1), _chunk(state, {"images": [image]})


def _answer(state: ChatWriteState, event: Answer) -> tuple[ChatWriteState, bytes]:
    """Another answer speaks: chunks name its index from now on."""
    others = {**state.others, state.answer: evolve(state, others=MappingProxyType({}))}
    known = others.pop(event.index, None)
    if known is not None:
        return evolve(known, others=others, usage=state.usage), b""
    old, new = (b'"choices":[{"index":%d,' % index for index in (state.answer, event.index))
    fresh = ChatWriteState(
        state.context, state.stamp, state.usage, state.head.replace(old, new), state.tail,
        state.text_head.replace(old, new), state.text_tail, answer=event.index, others=others,
    )  # fmt: skip
    return fresh, _chunk(fresh, {"role": "assistant", "content": "", "refusal": None})


def _logprobs(state: ChatWriteState, event: LogprobsDelta) -> tuple[ChatWriteState, bytes]:
    said = orjson.dumps(write_logprobs(event.tokens))
    return state, state.head + b"{}" + state.tail.replace(b'"logprobs":null', b'"logprobs":' + said, 1)


def _closed(state: ChatWriteState, event: Closed) -> tuple[ChatWriteState, bytes]:
    answers = sorted([state, *state.others.values()], key=lambda answer: answer.answer)
    out = [_ended(answer) for answer in answers]
    if state.context.include_usage and state.usage is not None:
        out.append(usage_chunk(state.head, write_usage(state.usage, own=False, strict=state.context.strict)))
    out.append(b"data: [DONE]\n\n")
    return state, b"".join(out)


def _ended(state: ChatWriteState) -> bytes:
    """The last chunks of one answer."""
    out = []
    for block in state.calls:
        state, piece = _stop(state, BlockStop(block))
        out.append(piece)
    finish = state.finish or Finish("stop")
    extra: Body = {}
    if finish.reason == "content_filter" and not state.refused:
        extra["refusal"] = finish.explanation or DECLINED
    notes = _annotations(state)
    if notes:
        extra["annotations"] = notes
    native = native_fields(finish.native, tuple(citation for citation, _ in state.notes), finish.metadata)
    if native and not state.context.strict:
        extra["provider_specific_fields"] = native
    if state.signature is not None:
        extra |= text_signature(state.signature)
    if extra:
        out.append(_chunk(state, extra))
    word = finish_word(finish.reason, bool(state.calls), state.context)
    out.append(
        state.head + b"{}" + state.tail.replace(b'"finish_reason":null', b'"finish_reason":"%b"' % word.encode(), 1)
    )
    return b"".join(out)


def usage_chunk(head: bytes, usage: Body) -> bytes:
    """The chunk of an envelope that carries nothing but usage."""
    return head[: head.index(b',"choices":[')] + b',"choices":[],"usage":' + orjson.dumps(usage) + b"}\n\n"


def _annotations(state: ChatWriteState) -> list[Body]:
    """All citations at once, since clients cannot merge lists that come in pieces (wire/openai-chat.md 9)."""
    found: list[Body] = []
    for citation, begin in state.notes:
        end = next((other for _, other in state.begins if other > begin), state.length)
        note = annotation(citation, begin, end)
        if note is not None and note not in found:
            found.append(note)
    return found


def _failed(state: ChatWriteState, event: Failed) -> tuple[ChatWriteState, bytes]:
    _, body = write_error(event.failure, state.context)
    return state, b"data: " + orjson.dumps(body) + b"\n\n"


WRITERS: dict[type, Callable[[ChatWriteState, Any], tuple[ChatWriteState, bytes]]] = {
    Start: _start,
    TextDelta: _text,
    ThinkingDelta: _thinking,
    SignatureDelta: _signature,
    RedactedDelta: _redacted,
    RefusalDelta: _refusal,
    CallStart: _call_start,
    CallDelta: _call_delta,
    CitationDelta: _citation,
    OpaqueBlock: nothing,
    MediaBlock: _media,
    BlockStop: _stop,
    UsageUpdate: hold_usage,
    Finish: hold_finish,
    Answer: _answer,
    LogprobsDelta: _logprobs,
    Closed: _closed,
    Failed: _failed,
}
