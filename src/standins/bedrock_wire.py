"""How Converse answers look on the wire: one JSON object, or binary event-stream messages."""

import base64
import zlib
from collections.abc import Iterator
from typing import Any

import attrs
import orjson

from .bedrock_rules import Asked
from .memory import mint
from .oddities import Oddities
from .turns import Hidden, Part, Script, Text, Thought, ToolCall, tokens
from .wire import Refused, Reply, dump, json_reply

STOPS = {
    "end": "end_turn",
    "calls": "tool_use",
    "limit": "max_tokens",
    "stop": "stop_sequence",
    "refusal": "guardrail_intervened",
    "filter": "content_filtered",
    "pause": "end_turn",
    "unknown": "future_reason",
}
PADDING = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ARGUMENT_PIECE = 9
HIDDEN = "[REDACTED]"
Body = dict[str, Any]


@attrs.frozen
class Answer:
    """Everything an answer is written from."""

    asked: Asked
    script: Script
    id: str
    odd: Oddities


def whole(answer: Answer) -> Reply:
    """The answer in one piece."""
    content = [_block(answer, number, part) for number, part in enumerate(answer.script.parts)]
    body = {
        "metrics": {"latencyMs": 412},
        "output": {"message": {"content": content, "role": "assistant"}},
        "stopReason": STOPS[answer.script.stop],
        "usage": _usage(answer),
    }
    return attrs.evolve(json_reply(200, body), pause=answer.odd.pause, ending=answer.odd.ending)


def stream(answer: Answer) -> Reply:
    """The answer as a stream."""
    frames = _frames(answer)
    kind = (("content-type", "application/vnd.amazon.eventstream"),)
    frames = _broken(frames) if "mid-error" in answer.odd else frames
    return Reply(200, kind, frames=frames, pause=answer.odd.pause, ending=answer.odd.ending)


def error(refused: Refused) -> Reply:
    """An error: its type stands in a header."""
    kind = f"{refused.kind}:http://internal.amazon.com/coral/com.amazon.bedrock/"
    return json_reply(refused.status, {"message": refused.message}, (("x-amzn-errortype", kind), *refused.headers))


def _usage(answer: Answer) -> Body:
    asked = tokens(dump(answer.asked.body))
    said = tokens(answer.script.text)
    said += sum(tokens(call.name + call.arguments) + 8 for call in answer.script.calls)
    said += sum(tokens(part.text) for part in answer.script.parts if isinstance(part, Thought))
    cache = {"cacheReadInputTokens": 0, "cacheReadInputTokenCount": 0, "cacheWriteInputTokens": 0}
    return {"inputTokens": asked, "outputTokens": said, "totalTokens": asked + said, **cache, "serverToolUsage": {}}


def _call_id(answer: Answer, number: int) -> str:
    return mint("tooluse_", 22, answer.id.encode(), bytes([number]))


def _block(answer: Answer, number: int, part: Part) -> Body:
    match part:
        case Text():
            return {"text": part.whole}
        case Thought():
            return {"reasoningContent": {"reasoningText": _thought(answer, part)}}
        case Hidden():
            return {"reasoningContent": {"redactedContent": _blob(part.data)}}
        case ToolCall():
            call = {"toolUseId": _call_id(answer, number), "name": part.name, "input": _object(part.arguments)}
            return {"toolUse": call}


def _thought(answer: Answer, part: Thought) -> Body:
    text: Body = {"text": HIDDEN if answer.asked.model.hides else part.text}
    if answer.asked.model.signs:
        text["signature"] = mint("", 40, part.text.encode())
    return text


def _blob(data: str) -> str:
    return base64.b64encode(data.encode()).decode()


def _object(arguments: str) -> Any:
    try:
        return orjson.loads(arguments)
    except orjson.JSONDecodeError:
        return {}  # cut by a limit: unstreamed, the provider gives what can be parsed


def _frames(answer: Answer) -> Iterator[bytes]:
    yield _event("messageStart", role="assistant")
    for number, part in enumerate(answer.script.parts):
        if isinstance(part, ToolCall):
            start = {"toolUse": {"name": part.name, "toolUseId": _call_id(answer, number)}}
            yield _event("contentBlockStart", contentBlockIndex=number, start=start)
        for delta in _deltas(answer, part):
            yield _event("contentBlockDelta", contentBlockIndex=number, delta=delta)
        yield _event("contentBlockStop", contentBlockIndex=number)
    yield _event("messageStop", stopReason=STOPS[answer.script.stop])
    yield _event("metadata", metrics={"latencyMs": 412}, usage=_usage(answer))


def _deltas(answer: Answer, part: Part) -> Iterator[Body]:
    match part:
        case Text():
            yield from ({"text": piece} for piece in part.pieces)
        case Thought():
            thought = _thought(answer, part)
            yield {"reasoningContent": {"text": thought["text"]}}
            if "signature" in thought:
                yield {"reasoningContent": {"signature": thought["signature"]}}
        case Hidden():
            yield {"reasoningContent": {"redactedContent": _blob(part.data)}}
        case ToolCall():
            text = "" if part.arguments == "{}" else part.arguments
            for at in range(0, len(text), ARGUMENT_PIECE):
                yield {"toolUse": {"input": text[at : at + ARGUMENT_PIECE]}}


def _broken(frames: Iterator[bytes]) -> Iterator[bytes]:
    """The beginning of a stream, and an exception in the place of its middle."""
    every = list(frames)
    yield from every[: max(2, len(every) // 2)]
    yield _frame({"exception-type": "throttlingException", "message-type": "exception"}, {"message": "slow down"})


def _event(kind: str, **payload: Any) -> bytes:
    padding = PADDING[: 1 + len(dump(payload)) % len(PADDING)]
    return _frame({"event-type": kind, "message-type": "event"}, {**payload, "p": padding})


def _frame(names: dict[str, str], payload: Body) -> bytes:
    words = {**names, "content-type": "application/json"}
    order = ("event-type", "exception-type", "content-type", "message-type")
    block = b""
    for name in (name for name in order if name in words):
        key, value = f":{name}".encode(), words[name].encode()
        block += bytes([len(key)]) + key + b"\x07" + len(value).to_bytes(2, "big") + value
    data = dump(payload)
    lengths = (16 + len(block) + len(data)).to_bytes(4, "big") + len(block).to_bytes(4, "big")
    body = lengths + zlib.crc32(lengths).to_bytes(4, "big") + block + data
    return body + zlib.crc32(body).to_bytes(4, "big")
