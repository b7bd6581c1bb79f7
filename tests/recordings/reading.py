"""An independent reading of replies and streams, as plain as can be: no code of the core is used.

Everything becomes ``Said``: what a person would say the answer holds.
"""

from typing import Any

import attrs
import orjson

from .driving import frames


@attrs.define
class Said:
    """What an answer says.

    Attributes:
        text, thinking, refusal: joined.
        calls: [id, name, arguments as text] in order; a custom call's free text is shown as ``{"input": text}``.
        finish: the provider's own word.
        usage: the provider's own usage object, merged over the stream.
        answers: texts of further choices.
        error: an error object inside a stream.
        done: whether the terminator came.
        signatures: of thinking blocks; redacted data too.
    """

    text: str = ""
    thinking: str = ""
    refusal: str = ""
    calls: list[list[str]] = attrs.field(factory=list)
    finish: str | None = None
    usage: dict[str, Any] | None = None
    answers: dict[int, str] = attrs.field(factory=dict)
    error: Any = None
    done: bool = False
    signatures: list[str] = attrs.field(factory=list)

    def parsed_calls(self) -> list[tuple[str, Any]]:
        """(name, arguments) with arguments parsed where they are JSON; none at all is the empty object."""
        return [(name, arguments_of(text)) for _, name, text in self.calls]


def arguments_of(text: str) -> Any:
    if not text.strip():
        return {}
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return {} if value is None else value


# Chat completions


def _content(value: Any, said: Said) -> None:
    if isinstance(value, str):
        said.text += value
    for part in value if isinstance(value, list) else ():
        if part["type"] == "text":
            said.text += part["text"]
        elif part["type"] == "thinking":
            inner = part["thinking"]
            said.thinking += inner if isinstance(inner, str) else "".join(item["text"] for item in inner)


def _spoken(message: dict[str, Any], said: Said) -> None:
    _content(message.get("content"), said)
    said.refusal += message.get("refusal") or ""
    thinking = message.get("reasoning_content") or message.get("reasoning") or ""
    said.thinking += thinking if isinstance(thinking, str) else thinking.get("content") or ""


def chat_reply(body: dict[str, Any]) -> Said:
    said = Said(usage=body.get("usage"), done=True)
    for index, choice in enumerate(body["choices"]):
        message = choice.get("message") or {}
        if index:
            said.answers[index] = message.get("content") or ""
            continue
        said.finish = choice.get("finish_reason")
        _spoken(message, said)
        if not said.text and (message.get("audio") or {}).get("transcript"):
            said.text = message["audio"]["transcript"]
        for call in message.get("tool_calls") or ():
            if call.get("type") == "custom":
                text = orjson.dumps({"input": call["custom"]["input"]}).decode()
                said.calls.append([call["id"], call["custom"]["name"], text])
                continue
            inner = call["function"]
            said.calls.append([call.get("id") or "", inner["name"], inner.get("arguments") or ""])
        legacy = message.get("function_call")
        if legacy:
            said.calls.append(["", legacy["name"], legacy.get("arguments") or ""])
    return said


def chat_stream(wire: bytes) -> Said:
    said = Said()
    places: dict[int, list[str]] = {}
    for _, data in frames(wire):
        if data == "[DONE]":
            said.done = True
            continue
        chunk = orjson.loads(data)
        if chunk.get("error"):
            said.error = chunk["error"]
            continue
        usage = chunk.get("usage") or (chunk.get("x_groq") or {}).get("usage")
        if usage:
            said.usage = usage
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            if choice.get("index", 0):
                said.answers[choice["index"]] = said.answers.get(choice["index"], "") + (delta.get("content") or "")
                continue
            said.finish = choice.get("finish_reason") or said.finish
            _spoken(delta, said)
            for call in delta.get("tool_calls") or ():
                # Without an index an id begins a call.
                index = call.get("index", len(places) if call.get("id") else len(places) - 1)
                _piece(call, index, said, places)
            if delta.get("function_call"):
                _piece({"function": delta["function_call"]}, 0, said, places)
    return said


def _piece(call: dict[str, Any], index: int, said: Said, places: dict[int, list[str]]) -> None:
    inner = call.get("function") or {}
    if index not in places:
        places[index] = ["", "", ""]
        said.calls.append(places[index])
    place = places[index]
    place[0] = place[0] or call.get("id") or ""
    place[1] = place[1] or inner.get("name") or ""
    place[2] += inner.get("arguments") or ""


# Messages


def _block(block: dict[str, Any], said: Said) -> None:
    kind = block["type"]
    if kind == "text":
        said.text += block["text"]
    elif kind == "thinking":
        said.thinking += block["thinking"]
        if block.get("signature"):
            said.signatures.append(block["signature"])
    elif kind == "redacted_thinking":
        said.signatures.append(block["data"])
    elif kind == "tool_use":
        said.calls.append([block["id"], block["name"], orjson.dumps(block["input"]).decode()])


def messages_reply(body: dict[str, Any]) -> Said:
    said = Said(finish=body["stop_reason"], usage=body["usage"], done=True)
    for block in body["content"]:
        _block(block, said)
    said.refusal = (body.get("stop_details") or {}).get("explanation") or ""
    return said


def messages_stream(wire: bytes) -> Said:
    """Blocks are put together as the deltas say, then read as in a reply."""
    said = Said()
    blocks: dict[int, dict[str, Any]] = {}
    inputs: dict[int, str] = {}
    for _, data in frames(wire):
        event = orjson.loads(data)
        kind = event["type"]
        if kind == "message_start":
            said.usage = dict(event["message"]["usage"])
        elif kind == "content_block_start":
            blocks[event["index"]] = dict(event["content_block"])
            inputs[event["index"]] = ""
        elif kind == "content_block_delta":
            _delta(event, blocks, inputs)
        elif kind == "message_delta":
            said.finish = event["delta"].get("stop_reason") or said.finish
            said.refusal = (event["delta"].get("stop_details") or {}).get("explanation") or ""
            said.usage = {**(said.usage or {}), **{k: v for k, v in event.get("usage", {}).items() if v is not None}}
        elif kind == "message_stop":
            said.done = True
        elif kind == "error":
            said.error = event["error"]
    for index, block in blocks.items():
        if block["type"] != "tool_use":
            _block(block, said)
        else:
            said.calls.append([block["id"], block["name"], inputs[index] or orjson.dumps(block["input"]).decode()])
    return said


def _delta(event: dict[str, Any], blocks: dict[int, dict[str, Any]], inputs: dict[int, str]) -> None:
    index, delta = event["index"], event["delta"]
    block = blocks[index]
    if delta["type"] == "text_delta":
        block["text"] += delta["text"]
    elif delta["type"] == "thinking_delta":
        block["thinking"] += delta["thinking"]
    elif delta["type"] == "signature_delta":
        block["signature"] = delta["signature"]
    elif delta["type"] == "input_json_delta":
        inputs[index] += delta["partial_json"]


REPLY = {"openai_chat": chat_reply, "anthropic": messages_reply}
STREAM = {"openai_chat": chat_stream, "anthropic": messages_stream}


# Usage: (everything read, cached reads, everything written)


def tokens(usage: dict[str, Any] | None, dialect: str) -> tuple[int, int, int] | None:
    """The three sums, by the arithmetic of wire/observed.md 9."""
    if not usage:
        return None
    if dialect == "anthropic":
        read = usage.get("cache_read_input_tokens") or 0
        fresh = usage.get("input_tokens") or 0
        return fresh + read + (usage.get("cache_creation_input_tokens") or 0), read, usage.get("output_tokens") or 0
    prompt, completion = usage.get("prompt_tokens") or 0, usage.get("completion_tokens") or 0
    reasoning = (usage.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    cached = min(cached, prompt)  # some count more reads than tokens (wire/observed.md 3)
    if usage.get("total_tokens") == prompt + completion + reasoning:
        completion += reasoning  # xAI counts reasoning outside
    return prompt, cached, completion


# Finish reasons

TO_CHAT = {
    "end_turn": "stop", "stop_sequence": "stop", "pause_turn": "stop", "compaction": "stop", "tool_use": "tool_calls",
    "max_tokens": "length", "model_context_window_exceeded": "length", "refusal": "content_filter",
}  # fmt: skip
TO_MESSAGES = {
    "stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "function_call": "tool_use",
    "content_filter": "refusal",
}  # fmt: skip


CUT = "input"
"""Messages clients get a call's text that is no JSON object as an object with this key."""


def as_input(arguments: Any) -> Any:
    """A call's arguments as a Messages client can hold them."""
    return arguments if isinstance(arguments, dict) else {CUT: arguments}


def chat_finish(word: str | None, *, called: bool) -> str:
    """A Messages stop reason for a chat client: a call was made means ``tool_calls``."""
    found = TO_CHAT.get(word or "", "stop")
    return "tool_calls" if called and found in ("stop", "tool_calls") else "stop" if found == "tool_calls" else found


def messages_finish(word: str | None, *, called: bool) -> str:
    """A chat finish reason for a Messages client."""
    found = TO_MESSAGES.get(word or "", "end_turn")
    return "tool_use" if called and found in ("end_turn", "tool_use") else "end_turn" if found == "tool_use" else found
