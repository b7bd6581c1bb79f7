"""How Messages look on the wire: one JSON object, or named server-sent events."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import orjson

from .anthropic_rules import Asked, blocks
from .anthropic_thinking import history, shows, sign
from .memory import mint
from .oddities import Oddities
from .turns import Hidden, Part, Script, Text, Thought, ToolCall, pieces
from .wire import Refused, Reply, dump, json_reply, stream_reply

STOPS = {
    "end": "end_turn",
    "calls": "tool_use",
    "limit": "max_tokens",
    "stop": "stop_sequence",
    "refusal": "refusal",
    "filter": "refusal",
    "pause": "pause_turn",
    "unknown": "future_reason",
}
EXPLANATION = "The stand-in was asked to decline."
ARGUMENT_PIECE = 9
PING = b'event: ping\ndata: {"type": "ping"}\n\n'
Block = dict[str, Any]


@attrs.frozen
class Answer:
    """Everything an answer is written from."""

    asked: Asked
    script: Script
    id: str
    usage: Mapping[str, Any]
    odd: Oddities


def error(refused: Refused, request_id: str) -> dict[str, Any]:
    """The native error body."""
    inner = {"type": refused.kind, "message": refused.message}
    return {"type": "error", "error": inner, "request_id": request_id}


def whole(answer: Answer) -> Reply:
    """The answer in one piece."""
    content = [_block(answer, number, part) for number, part in enumerate(answer.script.parts)]
    value = _message(answer, content=content, usage=answer.usage, **_stop(answer))
    return attrs.evolve(json_reply(200, value), pause=answer.odd.pause, ending=answer.odd.ending)


def stream(answer: Answer) -> Reply:
    """The answer as a stream."""
    frames = _frames(answer)
    reply = stream_reply(_broken(frames) if "mid-error" in answer.odd else frames)
    return attrs.evolve(reply, pause=answer.odd.pause, ending=answer.odd.ending)


def _message(answer: Answer, **rest: Any) -> dict[str, Any]:
    head = {"model": answer.asked.body["model"], "id": answer.id, "type": "message", "role": "assistant"}
    return {**head, "stop_reason": None, "stop_sequence": None, "stop_details": None, **rest}


def _stop(answer: Answer) -> dict[str, Any]:
    script = answer.script
    details = (
        {"type": "refusal", "category": None, "explanation": EXPLANATION} if STOPS[script.stop] == "refusal" else None
    )
    return {"stop_reason": STOPS[script.stop], "stop_sequence": script.stopped_by, "stop_details": details}


def _block(answer: Answer, number: int, part: Part) -> Block:
    match part:
        case Text():
            block: Block = {"type": "text", "text": part.whole}
            found = _citations(answer, part.whole)
            return {**block, "citations": found} if found else block
        case Thought():
            text = part.text if shows(answer.asked) else ""
            before = history(answer.asked.body, len(answer.asked.body["messages"]))
            return {"type": "thinking", "thinking": text, "signature": sign(text, before)}
        case Hidden():
            return {"type": "redacted_thinking", "data": part.data}
        case ToolCall():
            name = mint("toolu_01", 22, answer.id.encode(), bytes([number]))
            return {
                "type": "tool_use",
                "id": name,
                "name": part.name,
                "input": _object(part.arguments),
                "caller": {"type": "direct"},
            }


def _object(arguments: str) -> Any:
    try:
        return orjson.loads(arguments)
    except orjson.JSONDecodeError:
        return {}  # cut by a limit: unstreamed, the provider gives what can be parsed


def _citations(answer: Answer, said: str) -> list[dict[str, Any]]:
    every = [block for message in answer.asked.body["messages"] for block in blocks(message["content"])]
    documents = [block for block in every if block["type"] == "document"]
    for number, block in enumerate(documents):
        if (block.get("citations") or {}).get("enabled"):
            return [_located(number, block)]
    if "citations" not in answer.odd:
        return []
    cited = {
        "cited_text": said[:40],
        "url": "https://example.com/source",
        "title": "A source",
        "encrypted_index": "RXg=",
    }
    return [{"type": "web_search_result_location", **cited}]


def _located(number: int, block: Mapping[str, Any]) -> dict[str, Any]:
    source = block["source"]
    head = {"document_index": number, "document_title": block.get("title"), "file_id": None}
    if source["type"] == "text":
        text = source["data"][:40]
        return {"type": "char_location", "cited_text": text, **head, "start_char_index": 0, "end_char_index": len(text)}
    if source["type"] == "content":
        place = {"start_block_index": 0, "end_block_index": 1}
        return {"type": "content_block_location", "cited_text": _text(blocks(source["content"])), **head, **place}
    place = {"start_page_number": 1, "end_page_number": 2}
    return {"type": "page_location", "cited_text": "page 1", **head, **place}


def _text(content: list[Mapping[str, Any]]) -> str:
    return "".join(block.get("text", "") for block in content)


def _frames(answer: Answer) -> Iterator[bytes]:
    first = {key: value for key, value in answer.usage.items() if key != "output_tokens_details"}
    first["output_tokens"] = min(4, answer.usage["output_tokens"])
    yield _frame("message_start", message=_message(answer, content=[], usage=first))
    for number, part in enumerate(answer.script.parts):
        start, deltas = _streamed(answer, number, part)
        yield _frame("content_block_start", index=number, content_block=start)
        if number == 0:
            yield PING
        for delta in deltas:
            yield _frame("content_block_delta", index=number, delta=delta)
        yield _frame("content_block_stop", index=number)
    final = (
        "input_tokens",
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
        "output_tokens",
        "output_tokens_details",
    )
    yield _frame("message_delta", delta=_stop(answer), usage={key: answer.usage[key] for key in final})
    yield _frame("message_stop")


def _frame(name: str, **rest: Any) -> bytes:
    data = dump({"type": name, **rest})
    padded = data[:-1] + b" " * (len(data) % 16) + b"}"
    return b"event: " + name.encode() + b"\ndata: " + padded + b"\n\n"


def _streamed(answer: Answer, number: int, part: Part) -> tuple[Block, Iterator[Block]]:
    """The skeleton of a block and what fills it."""
    block = _block(answer, number, part)
    match part:
        case Text():
            start: Block = {"type": "text", "text": ""}
            if "citations" in block:
                start["citations"] = []
            return start, _text_deltas(part, block)
        case Thought():
            return {**block, "thinking": "", "signature": ""}, _thinking_deltas(block)
        case ToolCall():
            return {**block, "input": {}}, _input_deltas(part.arguments)
        case Hidden():
            return block, iter(())


def _text_deltas(part: Text, block: Block) -> Iterator[Block]:
    for citation in block.get("citations", ()):
        yield {"type": "citations_delta", "citation": citation}
    for piece in part.pieces:
        yield {"type": "text_delta", "text": piece}


def _thinking_deltas(block: Block) -> Iterator[Block]:
    for piece in pieces(block["thinking"]):
        yield {"type": "thinking_delta", "thinking": piece}
    yield {"type": "signature_delta", "signature": block["signature"]}


def _input_deltas(arguments: str) -> Iterator[Block]:
    yield {"type": "input_json_delta", "partial_json": ""}
    if arguments != "{}":  # no arguments: nothing but the empty piece
        for at in range(0, len(arguments), ARGUMENT_PIECE):
            yield {"type": "input_json_delta", "partial_json": arguments[at : at + ARGUMENT_PIECE]}


def _broken(frames: Iterator[bytes]) -> Iterator[bytes]:
    every = list(frames)
    yield from every[: len(every) // 2]
    yield _frame("error", error={"type": "overloaded_error", "message": "Overloaded"})
