"""What providers answer, whole and as a stream, in the words of each: for the sentences that speak of replies."""

from typing import Any, NamedTuple

import orjson

from ..core.proof import converse
from ..core.proof.calls import chunks, cut, events, frames, receive, stream
from .wires import WIRES, to


class Said(NamedTuple):
    """A text of the answer."""

    text: str


class Thought(NamedTuple):
    """A thought with its signature."""

    text: str
    signature: str | None = None


class Called(NamedTuple):
    """A call with its arguments as JSON text."""

    name: str = "f"
    arguments: str = "{}"
    id: str = "id1"
    signature: str | None = None


Part = Said | Thought | Called
STOP = {"openai": "stop", "responses": "completed", "claude": "end_turn", "bedrock": "end_turn", "google": "STOP"}
"""How an answer ends that just ends; Google and Responses end so after calls, too."""


def whole(kind: str, *parts: Part, stop: str | None = None) -> dict[str, Any]:
    """A reply."""
    return _WHOLE[kind](parts, stop or STOP[kind])


def streamed(kind: str, *parts: Part, stop: str | None = None) -> bytes:
    """The same as a stream, each text and all arguments in two pieces."""
    return _STREAMED[kind](parts, stop or STOP[kind])


class Answered(NamedTuple):
    """What the client gets, whole and gathered from the stream, which must be the same."""

    message: dict[str, Any]
    finish: str
    head: dict[str, Any]
    deltas: list[dict[str, Any]]


def answer(name: str, body: dict[str, Any], *parts: Part, stop: str | None = None, **head: Any) -> Answered:
    """A provider's answer to a chat client's request, by both ways."""
    kind = WIRES[name].kind
    context = to(name, body, **head).head["context"]
    got = receive(context, whole(kind, *parts, stop=stop))
    assert got.status == 200, got
    choice = got.body["choices"][0]
    context = to(name, {**body, "stream": True}, **head).head["context"]
    wire, end = stream(context, cut(streamed(kind, *parts, stop=stop), 97))
    deltas, finish = [], None
    assert frames(wire)[-1] == "[DONE]", wire
    for chunk in frames(wire)[:-1]:
        for item in chunk["choices"]:
            deltas.append(item["delta"])
            finish = item["finish_reason"] or finish
    assert finish == choice["finish_reason"]
    assert end["finish_reason"] == got.head["finish_reason"]
    gathered = gather(deltas)
    for key in ("content", "reasoning_content", "tool_calls"):
        assert gathered.get(key) == choice["message"].get(key), (key, gathered, choice["message"])
    return Answered(choice["message"], choice["finish_reason"], got.head, deltas)


def gather(deltas: list[dict[str, Any]]) -> dict[str, Any]:
    """A message from its deltas, as clients put it together."""
    out: dict[str, Any] = {"content": None}
    calls: list[dict[str, Any]] = []
    for delta in deltas:
        for key in ("content", "reasoning_content"):
            if delta.get(key):
                out[key] = (out.get(key) or "") + delta[key]
        for piece in delta.get("tool_calls") or ():
            if piece["index"] == len(calls):
                calls.append({key: value for key, value in piece.items() if key != "index"})
                continue
            inner, more = calls[piece["index"]], piece.get(calls[piece["index"]]["type"], {})
            held = inner[inner["type"]]
            for key, value in more.items():
                held[key] = held.get(key, "") + value
    if calls:
        out["tool_calls"] = calls
    return out


def _pieces(text: str) -> list[str]:
    middle = len(text) // 2
    return [piece for piece in (text[:middle], text[middle:]) if piece]


# OpenAI's chat


def _chat_call(part: Called) -> dict[str, Any]:
    return {"id": part.id, "type": "function", "function": {"name": part.name, "arguments": part.arguments}}


def _chat(parts: tuple[Part, ...], stop: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
    calls = [_chat_call(part) for part in parts if isinstance(part, Called)]
    for part in parts:
        if isinstance(part, Said):
            message["content"] = (message["content"] or "") + part.text
        elif isinstance(part, Thought):
            message["reasoning_content"] = part.text
    if calls:
        message["tool_calls"] = calls
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": stop}
    return {"id": "c", "object": "chat.completion", "created": 5, "model": "m", "choices": [choice]}


def _chat_stream(parts: tuple[Part, ...], stop: str) -> bytes:
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": "", "refusal": None}]
    index = -1
    for part in parts:
        if isinstance(part, Called):
            index += 1
            begun = {**_chat_call(part), "function": {"name": part.name, "arguments": ""}}
            deltas.append({"tool_calls": [{"index": index, **begun}]})
            deltas += [{"tool_calls": [{"index": index, "function": {"arguments": piece}}]}
                       for piece in _pieces(part.arguments)]  # fmt: skip
        else:
            key = "content" if isinstance(part, Said) else "reasoning_content"
            deltas += [{key: piece} for piece in _pieces(part.text)]
    head = {"id": "c", "object": "chat.completion.chunk", "created": 5, "model": "m"}
    turns = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    return chunks(*({**head, "choices": [turn]} for turn in [*turns, {"index": 0, "delta": {}, "finish_reason": stop}]))


# Claude's Messages


def _claude_block(part: Part) -> dict[str, Any]:
    if isinstance(part, Said):
        return {"type": "text", "text": part.text}
    if isinstance(part, Thought):
        return {"type": "thinking", "thinking": part.text, "signature": part.signature or ""}
    return {"type": "tool_use", "id": part.id, "name": part.name, "input": orjson.loads(part.arguments)}


_COUNTED = {"input_tokens": 1, "output_tokens": 1}


def _claude(parts: tuple[Part, ...], stop: str) -> dict[str, Any]:
    return {"id": "1", "type": "message", "role": "assistant", "model": "m", "usage": _COUNTED,
            "content": [_claude_block(part) for part in parts], "stop_reason": stop}  # fmt: skip


def _claude_stream(parts: tuple[Part, ...], stop: str) -> bytes:
    out: list[dict[str, Any]] = [{"type": "message_start", "message": {**_claude((), stop), "stop_reason": None}}]
    for index, part in enumerate(parts):
        block, deltas = _claude_block(part), []
        if isinstance(part, Called):
            block["input"] = {}
            deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in _pieces(part.arguments)]
        elif isinstance(part, Said):
            block["text"] = ""
            deltas = [{"type": "text_delta", "text": piece} for piece in _pieces(part.text)]
        else:
            block |= {"thinking": "", "signature": ""}
            deltas = [{"type": "thinking_delta", "thinking": piece} for piece in _pieces(part.text)]
            deltas.append({"type": "signature_delta", "signature": part.signature or ""})
        out.append({"type": "content_block_start", "index": index, "content_block": block})
        out += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        out.append({"type": "content_block_stop", "index": index})
    out.append({"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": 1}})
    return events(*out, {"type": "message_stop"})


# Bedrock's Converse


def _bedrock_block(part: Part) -> dict[str, Any]:
    if isinstance(part, Said):
        return {"text": part.text}
    if isinstance(part, Thought):
        return {"reasoningContent": {"reasoningText": {"text": part.text, "signature": part.signature}}}
    return {"toolUse": {"toolUseId": part.id, "name": part.name, "input": orjson.loads(part.arguments)}}


_TOKENS = {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}


def _bedrock(parts: tuple[Part, ...], stop: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": [_bedrock_block(part) for part in parts]}
    return {"output": {"message": message}, "stopReason": stop, "usage": _TOKENS}


def _bedrock_stream(parts: tuple[Part, ...], stop: str) -> bytes:
    out = [converse.event("messageStart", {"role": "assistant"})]
    for index, part in enumerate(parts):
        at = {"contentBlockIndex": index}
        if isinstance(part, Called):
            start = {"toolUse": {"toolUseId": part.id, "name": part.name}}
            out.append(converse.event("contentBlockStart", {**at, "start": start}))
            deltas = [{"toolUse": {"input": piece}} for piece in _pieces(part.arguments)]
        elif isinstance(part, Said):
            deltas = [{"text": piece} for piece in _pieces(part.text)]
        else:
            deltas = [{"reasoningContent": {"text": piece}} for piece in _pieces(part.text)]
            deltas.append({"reasoningContent": {"signature": part.signature or ""}})
        out += [converse.event("contentBlockDelta", {**at, "delta": delta}) for delta in deltas]
        out.append(converse.event("contentBlockStop", at))
    return b"".join([*out, converse.event("messageStop", {"stopReason": stop}),
                     converse.event("metadata", {"usage": _TOKENS})])  # fmt: skip


# Google's generateContent


def _google_part(part: Part) -> dict[str, Any]:
    if isinstance(part, Called):
        out: dict[str, Any] = {
            "functionCall": {"id": part.id, "name": part.name, "args": orjson.loads(part.arguments)}
        }  # fmt: skip
    else:
        out = {"text": part.text} | ({"thought": True} if isinstance(part, Thought) else {})
    signature = None if isinstance(part, Said) else part.signature
    return out if signature is None else {**out, "thoughtSignature": signature}


def _google(parts: tuple[Part, ...], stop: str) -> dict[str, Any]:
    content = {"role": "model", "parts": [_google_part(part) for part in parts]}
    return {"candidates": [{"index": 0, "content": content, "finishReason": stop}], "modelVersion": "m"}


def _google_stream(parts: tuple[Part, ...], stop: str) -> bytes:
    out = [_google((part,), stop) for part in parts]
    for chunk in out[:-1]:
        del chunk["candidates"][0]["finishReason"]
    return b"".join(b"data: %b\n\n" % orjson.dumps(chunk) for chunk in out)


# OpenAI's Responses


def _item(index: int, part: Part) -> dict[str, Any]:
    if isinstance(part, Called):
        return {"type": "function_call", "id": f"fc_{index}", "call_id": part.id, "name": part.name,
                "arguments": part.arguments, "status": "completed"}  # fmt: skip
    content = [{"type": "output_text", "text": part.text, "annotations": []}]
    return {"type": "message", "id": f"msg_{index}", "role": "assistant", "status": "completed", "content": content}


def _responses(parts: tuple[Part, ...], stop: str) -> dict[str, Any]:
    return {"id": "resp_1", "object": "response", "created_at": 5, "model": "m", "status": stop, "error": None,
            "output": [_item(index, part) for index, part in enumerate(parts)], "usage": None}  # fmt: skip


def _responses_stream(parts: tuple[Part, ...], stop: str) -> bytes:
    out = [{"type": "response.created", "response": {**_responses((), stop), "status": "in_progress"}}]
    for index, part in enumerate(parts):
        item, at = _item(index, part), {"output_index": index, "item_id": f"x_{index}"}
        if isinstance(part, Called):
            out.append({"type": "response.output_item.added", **at, "item": {**item, "arguments": ""}})
            out += [{"type": "response.function_call_arguments.delta", **at, "delta": piece}
                    for piece in _pieces(part.arguments)]  # fmt: skip
            out.append({"type": "response.function_call_arguments.done", **at, "arguments": part.arguments})
        else:
            out.append({"type": "response.output_item.added", **at, "item": {**item, "content": []}})
            out += [{"type": "response.output_text.delta", **at, "content_index": 0, "delta": piece}
                    for piece in _pieces(part.text)]  # fmt: skip
        out.append({"type": "response.output_item.done", **at, "item": item})
    out.append({"type": "response.completed", "response": _responses(parts, stop)})
    return events(*({**item, "sequence_number": number} for number, item in enumerate(out)))


_WHOLE = {"openai": _chat, "claude": _claude, "bedrock": _bedrock, "google": _google, "responses": _responses}
_STREAMED = {
    "openai": _chat_stream, "claude": _claude_stream, "bedrock": _bedrock_stream, "google": _google_stream,
    "responses": _responses_stream,
}  # fmt: skip
