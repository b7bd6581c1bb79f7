"""Items of a Responses stream as they come into being: what is open, and the events that open and close it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

import attrs
import orjson

from ...records import CallStart, Citation, Finish, SignatureDelta, Token, evolve
from ...records.quick import maker, record
from ...seal import Kind
from ...streams import WriteState
from .logprobs import without_bytes, write_logprobs
from .output import (
    Body,
    call_item,
    item_id,
    message_item,
    reasoning_item,
    refusal_part,
    text_part,
    write_annotation,
    write_annotations,
)

Pieces = tuple["Pieces | None", str]
"""A text that grows at its end: what was there before, and the last piece."""


def joined(pieces: Pieces | None) -> str:
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
        citations, tokens: of the part that runs.
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
    tokens: tuple[Token, ...] = ()
    call: CallStart | None = None
    signature: SignatureDelta | None = None
    head: bytes = b""


@record
class ResponsesWriteState(WriteState):
    """What the writer has sent so far.

    Attributes:
        sequence: number of the next event.
        body: the response in progress; None before it has begun.
        output: finished items.
        item: the one that is under way.
        refused: whether refusal text was sent.
        finish: held back until the stream is whole.
        text: of the part that runs, or the arguments of a call; of reasoning also when its part has ended.
        places: block -> (item, part) of texts that have ended, for sources that are told late.
        tokens: log probabilities of no text.
    """

    sequence: int = 0
    body: Body | None = None
    output: tuple[Body, ...] = ()
    item: Open | None = None
    refused: bool = False
    finish: Finish | None = None
    # As deep as the answer has pieces: not to be compared or shown.
    text: Pieces | None = attrs.field(default=None, eq=False, repr=False)
    places: Mapping[int, tuple[int, int]] = MappingProxyType({})
    tokens: tuple[Token, ...] = ()


_state = maker(ResponsesWriteState)

Result = tuple[ResponsesWriteState, bytes]


def frame(kind: str, payload: Body) -> bytes:
    """One event with its name."""
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), orjson.dumps(payload))


def emit(state: ResponsesWriteState, *events: Body) -> Result:
    """Events with their numbers."""
    number, out = state.sequence, b""
    for payload in events:
        out += frame(payload["type"], {**payload, "sequence_number": number})
        number += 1
    return evolve(state, sequence=number), out


def open_item(state: ResponsesWriteState, kind: Any, block: int, call: CallStart | None = None) -> Result:
    """Open an item, after closing the one before; one is open at a time."""
    state, out = close_item(state)
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
    state, piece = emit(state, {"type": "response.output_item.added", "output_index": index, "item": item})
    return state, out + piece


def _head(kind: str, name: str, place: Body) -> bytes:
    """A delta of a part up to its text."""
    event = f"{kind}.delta"
    payload = orjson.dumps({"type": event, "item_id": name, **place})
    return b"event: %b\ndata: %b" % (event.encode(), payload[:-1]) + b',"delta":'


def delta(state: ResponsesWriteState, item: Open, text: str) -> Result:
    """A text to append to the part, or call, that runs."""
    number = state.sequence
    logprobs = b',"logprobs":[]' if item.part == "output_text" else b""
    state = _state(
        state.context, state.stamp, state.usage, number + 1, state.body, state.output, item, state.refused,
        state.finish, (state.text, text), state.places, state.tokens,
    )  # fmt: skip
    return state, item.head + orjson.dumps(text) + logprobs + b',"sequence_number":%d}\n\n' % number


_KINDS = {
    "output_text": "response.output_text",
    "refusal": "response.refusal",
    "summary_text": "response.reasoning_summary_text",
}


def enter(state: ResponsesWriteState, part: str, block: int) -> Result:
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
        state, out = open_item(state, kind, block)
    item = state.item
    assert item is not None
    place: Body = {"output_index": len(state.output)}
    place |= {"summary_index": 0} if kind == "reasoning" else {"content_index": len(item.content)}
    head = _head(_KINDS[part], item.id, place)
    state = evolve(state, item=evolve(item, block=block, part=part, citations=(), tokens=(), head=head), text=None)
    empty: Body = {"type": part, "text": ""}
    if part != "summary_text":
        empty = text_part("", []) if part == "output_text" else refusal_part("")
    word = "reasoning_summary_part" if kind == "reasoning" else "content_part"
    state, piece = emit(state, {"type": f"response.{word}.added", "item_id": item.id, **place, "part": empty})
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
        part = text_part(text, notes, item.tokens) if item.part == "output_text" else refusal_part(text)
        events = [
            {"type": "response.output_text.annotation.added", **place, "annotation_index": index, "annotation": note}
            for index, note in enumerate(notes)
        ]
        said: Body = {"refusal": text}
        if item.part == "output_text":
            said = {"text": text, "logprobs": without_bytes(part["logprobs"])}
        events += [{"type": done, **place, **said}, {"type": "response.content_part.done", **place, "part": part}]
    state, out = emit(state, *events)
    content = item.content if item.part == "summary_text" else (*item.content, part)
    if item.part == "output_text":
        state = evolve(state, places={**state.places, item.block: (len(state.output), len(item.content))})
    return evolve(state, item=evolve(item, content=content, citations=(), tokens=())), out


def close_item(state: ResponsesWriteState, status: str = "completed") -> Result:
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
    state, piece = emit(state, {"type": "response.output_item.done", "output_index": index, "item": whole})
    return state, out + piece


def _end_call(state: ResponsesWriteState, item: Open) -> Result:
    """The whole arguments; a call that ends without a word has the empty object."""
    out = b""
    assert item.call is not None
    custom = item.call.custom
    if state.text is None and not custom:
        state, out = delta(state, item, "{}")
    kind, key = ("custom_tool_call_input", "input") if custom else ("function_call_arguments", "arguments")
    place = {"item_id": item.id, "output_index": len(state.output)}
    state, piece = emit(state, {"type": f"response.{kind}.done", **place, key: joined(state.text)})
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


def annotate(state: ResponsesWriteState, block: int, citation: Citation) -> Result:
    """A source of a text that has ended: told at once, and again with the whole response at its end."""
    index, place = state.places[block]
    done = state.output[index] if index < len(state.output) else None
    if done is not None:
        content = list(done["content"])
    else:
        assert state.item is not None
        content = list(state.item.content)
    part = content[place]
    note = write_annotation(citation, len(part["text"]))
    if note is None or note in part["annotations"]:
        return state, b""
    notes = [*part["annotations"], note]
    content[place] = {**part, "annotations": notes}
    if done is not None:
        output = (*state.output[:index], {**done, "content": content}, *state.output[index + 1 :])
        state, name = evolve(state, output=output), done["id"]
    else:
        assert state.item is not None
        name = state.item.id
        state = evolve(state, item=evolve(state.item, content=tuple(content)))
    return emit(state, {
        "type": "response.output_text.annotation.added", "item_id": name, "output_index": index,
        "content_index": place, "annotation_index": len(notes) - 1, "annotation": note,
    })  # fmt: skip


def add_tokens(state: ResponsesWriteState, tokens: tuple[Token, ...]) -> Result:
    """Log probabilities of the text that runs, told with a piece of it that is empty; others have one of no words."""
    out = b""
    if state.item is None or state.item.part != "output_text":
        state, out = enter(state, "output_text", state.item.block if state.item is not None else 0)
    item = state.item
    assert item is not None
    place = {"item_id": item.id, "output_index": len(state.output), "content_index": len(item.content)}
    state = evolve(state, item=evolve(item, tokens=(*item.tokens, *tokens)))
    told = without_bytes(write_logprobs(tokens))
    state, piece = emit(state, {"type": "response.output_text.delta", **place, "delta": "", "logprobs": told})
    return state, out + piece


def append(state: ResponsesWriteState, part: str, block: int, text: str) -> Result:
    """A text to append to a part, which is made to run."""
    state, out = enter(state, part, block)
    assert state.item is not None
    state, piece = delta(state, state.item, text)
    return state, out + piece


def sealed_item(state: ResponsesWriteState, kind: Kind, origin: str | None, data: str) -> Result:
    """A whole reasoning item of nothing but state."""
    state, out = close_item(state)
    assert state.body is not None
    index = len(state.output)
    whole = reasoning_item(item_id("reasoning", state.body["id"], state.stamp, index), "", origin, kind, data)
    begun = {"id": whole["id"], "type": "reasoning", "summary": []}
    state = evolve(state, output=(*state.output, whole))
    state, piece = emit(
        state,
        {"type": "response.output_item.added", "output_index": index, "item": begun},
        {"type": "response.output_item.done", "output_index": index, "item": whole},
    )
    return state, out + piece
