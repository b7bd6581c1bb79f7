"""Records to Responses stream events, in the order that official clients demand (wire/openai-responses.md 6)."""

from collections.abc import Callable
from typing import Any, Literal

import attrs
import orjson

from ...context import Context, Stamp
from ...records import (
    BlockStop,
    CallDelta,
    CallStart,
    Citation,
    CitationDelta,
    Closed,
    Event,
    Failed,
    Failure,
    Finish,
    OpaqueBlock,
    RedactedDelta,
    RefusalDelta,
    SignatureDelta,
    Start,
    TextDelta,
    ThinkingDelta,
    Usage,
    UsageUpdate,
    evolve,
)
from ...records.quick import maker, record
from ...seal import Kind
from .error import error_code, write_error
from .output import (
    Body,
    call_item,
    item_id,
    message_item,
    reasoning_item,
    refusal_part,
    text_part,
    write_annotations,
)
from .parts import NAME
from .reply import ended, envelope, response_id

Pieces = tuple["Pieces | None", str]
"""A text that grows at its end: what was there before, and the last piece."""


def joined(pieces: "Pieces | None") -> str:
    """The text of pieces."""
    texts = []
    while pieces is not None:
        pieces, text = pieces
        texts.append(text)
    return "".join(reversed(texts))


@record
class Open:
    """The item that is under way.

    Attributes:
        kind: its type.
        id: minted once.
        block: the events' block that it belongs to; of a message, that of its last part.
        content: finished parts of a message.
        part: the part that runs: ``output_text``, ``refusal`` or ``summary_text``; None when none does.
        citations: of the part that runs.
        call: of a call, its beginning.
        signature: of reasoning, its state.
        head: events of the running part's next text, up to the text.
    """

    kind: Literal["message", "reasoning", "function_call", "custom_tool_call"]
    id: str
    block: int
    content: tuple[Body, ...] = ()
    part: str | None = None
    citations: tuple[Citation, ...] = ()
    call: CallStart | None = None
    signature: SignatureDelta | None = None
    head: bytes = b""


@record
class ResponsesWriteState:
    """What the writer has sent so far.

    Attributes:
        context, stamp: of the request.
        sequence: number of the next event.
        body: the response in progress; None before it has begun.
        output: finished items.
        item: the one that is under way.
        refused: whether refusal text was sent.
        finish, usage: held back until the stream is whole.
        text: of the part that runs, or the arguments of a call; of reasoning also when its part has ended.
    """

    context: Context
    stamp: Stamp
    sequence: int = 0
    body: Body | None = None
    output: tuple[Body, ...] = ()
    item: Open | None = None
    refused: bool = False
    finish: Finish | None = None
    usage: Usage | None = None
    # As deep as the answer has pieces: not to be compared or shown.
    text: Pieces | None = attrs.field(default=None, eq=False, repr=False)


_state = maker(ResponsesWriteState)

Result = tuple[ResponsesWriteState, bytes]


def frame(kind: str, payload: Body) -> bytes:
    """One event with its name."""
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), orjson.dumps(payload))


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
        return _delta(state, item, event.text)
    if state.body is None and type(event) is not Start and type(event) is not Failed:
        state, opening = _start(state, Start("", ""))
        state, rest = WRITERS[type(event)](state, event)
        return state, opening + rest
    return WRITERS[type(event)](state, event)


def _emit(state: ResponsesWriteState, *events: Body) -> Result:
    """Events with their numbers."""
    number, out = state.sequence, b""
    for payload in events:
        out += frame(payload["type"], {**payload, "sequence_number": number})
        number += 1
    return evolve(state, sequence=number), out


def _start(state: ResponsesWriteState, event: Start) -> Result:
    if state.body is not None:
        return state, b""
    name = response_id(event.id, state.stamp)
    body = envelope(state.context, name, event.created or state.stamp.now, event.model, event.service_tier)
    state = evolve(state, body=body, usage=event.usage)
    first: Body = {"type": "response.created", "response": body}
    if state.context.explain:
        first["dragoman"] = {"losses": state.context.losses}
    return _emit(state, first, {"type": "response.in_progress", "response": body})


# Items


def _open(state: ResponsesWriteState, kind: Any, block: int, call: CallStart | None = None) -> Result:
    """Open an item, after closing the one before; one is open at a time."""
    state, out = _close(state)
    assert state.body is not None
    index = len(state.output)
    name = item_id(kind, state.body["id"], state.stamp, index)
    if call is not None:
        item = call_item(name, call.id, call.name, "", "in_progress", custom=call.custom)
    elif kind == "message":
        item = message_item(name, [], "in_progress")
    else:
        item = {"id": name, "type": kind, "summary": []}
    head = b""
    if call is not None:
        head = _head("response.custom_tool_call_input" if call.custom else "response.function_call_arguments", name, {
            "output_index": index,
        })  # fmt: skip
    state = evolve(state, item=Open(kind, name, block, call=call, head=head), text=None)
    state, piece = _emit(state, {"type": "response.output_item.added", "output_index": index, "item": item})
    return state, out + piece


def _head(kind: str, name: str, place: Body) -> bytes:
    """A delta of a part up to its text."""
    event = f"{kind}.delta"
    payload = orjson.dumps({"type": event, "item_id": name, **place})
    return b"event: %b\ndata: %b" % (event.encode(), payload[:-1]) + b',"delta":'


def _delta(state: ResponsesWriteState, item: Open, text: str) -> Result:
    """A text to append to the part, or call, that runs."""
    number = state.sequence
    logprobs = b',"logprobs":[]' if item.part == "output_text" else b""
    state = _state(
        state.context, state.stamp, number + 1, state.body, state.output, item, state.refused, state.finish,
        state.usage, (state.text, text),
    )  # fmt: skip
    return state, item.head + orjson.dumps(text) + logprobs + b',"sequence_number":%d}\n\n' % number


_KINDS = {
    "output_text": "response.output_text",
    "refusal": "response.refusal",
    "summary_text": "response.reasoning_summary_text",
}


def _enter(state: ResponsesWriteState, part: str, block: int) -> Result:
    """Make a part run, in a message that is open or in a new item."""
    item = state.item
    kind = "reasoning" if part == "summary_text" else "message"
    if item is not None and item.kind == kind and item.part == part and item.block == block:
        return state, b""
    if kind == "reasoning" and item is not None and item.kind == kind and item.block == block:
        out = b""
    elif kind == "message" and item is not None and item.kind == kind:
        state, out = _end_part(state)
    else:
        state, out = _open(state, kind, block)
    item = state.item
    assert item is not None
    place: Body = {"output_index": len(state.output)}
    place |= {"summary_index": 0} if kind == "reasoning" else {"content_index": len(item.content)}
    head = _head(_KINDS[part], item.id, place)
    state = evolve(state, item=evolve(item, block=block, part=part, citations=(), head=head), text=None)
    empty: Body = {"type": part, "text": ""}
    if part != "summary_text":
        empty = text_part("", []) if part == "output_text" else refusal_part("")
    word = "reasoning_summary_part" if kind == "reasoning" else "content_part"
    state, piece = _emit(state, {"type": f"response.{word}.added", "item_id": item.id, **place, "part": empty})
    return state, out + piece


def _end_part(state: ResponsesWriteState) -> Result:
    """Close the part that runs."""
    item = state.item
    assert item is not None
    if item.part is None:
        return state, b""
    text = joined(state.text)
    place: Body = {"item_id": item.id, "output_index": len(state.output)}
    done = f"{_KINDS[item.part]}.done"
    if item.part == "summary_text":
        place["summary_index"] = 0
        part: Body = {"type": "summary_text", "text": text}
        events = [
            {"type": done, **place, "text": text},
            {"type": "response.reasoning_summary_part.done", **place, "part": part},
        ]
    else:
        place["content_index"] = len(item.content)
        notes = write_annotations(item.citations, len(text)) if item.part == "output_text" else []
        part = text_part(text, notes) if item.part == "output_text" else refusal_part(text)
        events = [
            {"type": "response.output_text.annotation.added", **place, "annotation_index": index, "annotation": note}
            for index, note in enumerate(notes)
        ]
        said: Body = {"text": text, "logprobs": []} if item.part == "output_text" else {"refusal": text}
        events += [{"type": done, **place, **said}, {"type": "response.content_part.done", **place, "part": part}]
    state, out = _emit(state, *events)
    content = item.content if item.part == "summary_text" else (*item.content, part)
    return evolve(state, item=evolve(item, part=None, content=content, citations=())), out


def _close(state: ResponsesWriteState, status: str = "completed") -> Result:
    """Close the item that is under way."""
    if state.item is None:
        return state, b""
    state, out = (state, b"") if state.item.call is not None else _end_part(state)
    item = state.item
    assert item is not None
    index = len(state.output)
    if item.call is not None:
        state, out = _end_call(state, item)
    whole = _whole(item, joined(state.text), status)
    state = evolve(state, item=None, text=None, output=(*state.output, whole))
    state, piece = _emit(state, {"type": "response.output_item.done", "output_index": index, "item": whole})
    return state, out + piece


def _end_call(state: ResponsesWriteState, item: Open) -> Result:
    """The whole arguments; a call that ends without a word has the empty object."""
    out = b""
    custom = item.call is not None and item.call.custom
    if state.text is None and not custom:
        state, out = _delta(state, item, "{}")
    kind, key = ("custom_tool_call_input", "input") if custom else ("function_call_arguments", "arguments")
    place = {"item_id": item.id, "output_index": len(state.output)}
    state, piece = _emit(state, {"type": f"response.{kind}.done", **place, key: joined(state.text)})
    return state, out + piece


def _whole(item: Open, text: str, status: str) -> Body:
    if item.call is not None:
        call = item.call
        return call_item(item.id, call.id, call.name, text, status, custom=call.custom)
    if item.kind == "message":
        return message_item(item.id, list(item.content), status)
    signature = item.signature
    origin, state = (None, None) if signature is None else (signature.origin, signature.signature)
    return reasoning_item(item.id, text, origin, "thinking", state)


# Events


def _text(state: ResponsesWriteState, event: TextDelta) -> Result:
    if not event.text:
        return state, b""
    return _append(state, "output_text", event.block, event.text)


def _append(state: ResponsesWriteState, part: str, block: int, text: str) -> Result:
    state, out = _enter(state, part, block)
    assert state.item is not None
    state, piece = _delta(state, state.item, text)
    return state, out + piece


def _refusal(state: ResponsesWriteState, event: RefusalDelta) -> Result:
    return _append(evolve(state, refused=True), "refusal", event.block, event.text)


def _citation(state: ResponsesWriteState, event: CitationDelta) -> Result:
    """Held until the text is whole: a citation may be of all of it."""
    state, out = _enter(state, "output_text", event.block)
    item = state.item
    assert item is not None
    return evolve(state, item=evolve(item, citations=(*item.citations, event.citation))), out


def _thinking(state: ResponsesWriteState, event: ThinkingDelta) -> Result:
    if event.text:
        return _append(state, "summary_text", event.block, event.text)
    item = state.item
    if item is not None and item.kind == "reasoning" and item.block == event.block:
        return state, b""
    return _open(state, "reasoning", event.block)


def _signature(state: ResponsesWriteState, event: SignatureDelta) -> Result:
    item = state.item
    out = b""
    if item is None or item.kind != "reasoning" or item.block != event.block:
        state, out = _open(state, "reasoning", event.block)
        item = state.item
        assert item is not None
    return evolve(state, item=evolve(item, signature=event)), out


def _sealed(state: ResponsesWriteState, kind: Kind, origin: str | None, data: str) -> Result:
    """A whole reasoning item of nothing but state."""
    state, out = _close(state)
    assert state.body is not None
    index = len(state.output)
    whole = reasoning_item(item_id("reasoning", state.body["id"], state.stamp, index), "", origin, kind, data)
    begun = {"id": whole["id"], "type": "reasoning", "summary": []}
    state = evolve(state, output=(*state.output, whole))
    state, piece = _emit(
        state,
        {"type": "response.output_item.added", "output_index": index, "item": begun},
        {"type": "response.output_item.done", "output_index": index, "item": whole},
    )
    return state, out + piece


def _redacted(state: ResponsesWriteState, event: RedactedDelta) -> Result:
    return _sealed(state, "redacted", event.origin, event.data)


def _call_start(state: ResponsesWriteState, event: CallStart) -> Result:
    out = b""
    if event.signature:
        state, out = _sealed(state, "call", event.origin, event.signature)
    state, piece = _open(state, "custom_tool_call" if event.custom else "function_call", event.block, event)
    return state, out + piece


def _call_delta(state: ResponsesWriteState, event: CallDelta) -> Result:
    item = state.item
    if item is None or item.call is None or item.block != event.block:
        # Calls come one after another on every recorded wire; a piece of a call that has ended has no place.
        raise ValueError("pieces of two tool calls are mixed")
    return _delta(state, item, event.text) if event.text else (state, b"")


def _opaque(state: ResponsesWriteState, event: OpaqueBlock) -> Result:
    if event.dialect != NAME:
        return state, b""
    state, out = _close(state)
    index = len(state.output)
    state = evolve(state, output=(*state.output, event.native))
    state, piece = _emit(
        state,
        {"type": "response.output_item.added", "output_index": index, "item": event.native},
        {"type": "response.output_item.done", "output_index": index, "item": event.native},
    )
    return state, out + piece


def _stop(state: ResponsesWriteState, event: BlockStop) -> Result:
    """An item is closed by the next one, or by the end, which knows whether it was cut short."""
    return state, b""


def _hold_usage(state: ResponsesWriteState, event: UsageUpdate) -> Result:
    return evolve(state, usage=event.usage), b""


def _hold_finish(state: ResponsesWriteState, event: Finish) -> Result:
    return evolve(state, finish=event), b""


def _closed(state: ResponsesWriteState, event: Closed) -> Result:
    finish = state.finish or Finish("stop")
    out = b""
    if finish.explanation and not state.refused:
        block = state.item.block if state.item is not None and state.item.kind == "message" else 0
        state, out = _append(state, "refusal", block, finish.explanation)
    state, piece = _close(state, "incomplete" if finish.reason == "length" else "completed")
    assert state.body is not None
    body = ended(state.body, list(state.output), finish.reason, state.usage)
    state, last = _emit(state, {"type": f"response.{body['status']}", "response": body})
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
    state, last = _emit(state, {"type": "response.failed", "response": body})
    return state, out + last


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
    UsageUpdate: _hold_usage,
    Finish: _hold_finish,
    Closed: _closed,
    Failed: _failed,
}
