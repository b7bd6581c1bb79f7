"""What an answer says, on the wire of each dialect: the same readers for what clients got and what providers sent.

They share nothing with the gateway. They read as far as there is something whole.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import attrs
import orjson

Body = Mapping[str, Any]


@attrs.define
class Said:
    """What was said.

    Attributes:
        text: all of it.
        calls: name and arguments of each call, as JSON text.
        usage: tokens of prompt and answer, as far as they were told.
        finish: the last word on why it ended.
        ended: whether the last word of the dialect was there.
        error: the kind of an error, and its message.
    """

    text: str = ""
    calls: dict[Any, tuple[str, str]] = attrs.field(factory=dict)
    usage: tuple[int, int] | None = None
    finish: str | None = None
    ended: bool = False
    error: str | None = None

    def called(self) -> tuple[tuple[str, Any], ...]:
        """The calls with parsed arguments."""
        return tuple((name, orjson.loads(arguments or "{}")) for name, arguments in self.calls.values())

    def call(self, key: Any, name: str = "", arguments: str = "") -> None:
        """Add to a call."""
        before = self.calls.get(key, ("", ""))
        self.calls[key] = (name or before[0], before[1] + arguments)

    def fail(self, error: Any) -> None:
        """Note an error."""
        self.error = str(error)[:300]


def read_whole(dialect: str, status: int, body: bytes) -> Said:
    """A whole answer."""
    said = Said()
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return said
    if not isinstance(value, dict):
        return said
    if status >= 400:
        said.fail(_error_of(dialect, value))
        return said
    _WHOLE[dialect](said, value)
    said.ended = said.finish is not None
    return said


def read_stream(dialect: str, body: bytes) -> Said:
    """A stream, as far as its events are whole."""
    said = Said()
    if dialect == "bedrock":
        for kind, value in _frames(body):
            _bedrock_event(said, kind, value)
        return said
    event = _EVENTS[dialect]
    for block in body.replace(b"\r\n", b"\n").split(b"\n\n")[:-1]:
        data = b"\n".join(line[5:].strip() for line in block.split(b"\n") if line.startswith(b"data:"))
        if data == b"[DONE]":
            said.ended = True
        elif data:
            try:
                value = orjson.loads(data)
            except orjson.JSONDecodeError:
                continue
            event(said, value)
    return said


def _error_of(dialect: str, value: Body) -> str | None:
    """The message of an error, where it is shaped as the dialect's errors are."""
    if dialect == "bedrock":
        return value.get("message")
    error = value.get("error")
    return error.get("message") if isinstance(error, dict) else None


def _chat_usage(usage: Body) -> tuple[int, int]:
    return usage["prompt_tokens"], usage["completion_tokens"]


def _chat_whole(said: Said, value: Body) -> None:
    [choice] = value["choices"]
    said.text = choice["message"].get("content") or ""
    for number, call in enumerate(choice["message"].get("tool_calls") or ()):
        said.call(number, call["function"]["name"], call["function"]["arguments"])
    said.finish = choice["finish_reason"]
    said.usage = _chat_usage(value["usage"]) if value.get("usage") else None


def _chat_event(said: Said, value: Body) -> None:
    if value.get("error"):
        said.fail(value["error"].get("message"))
        return
    for choice in value.get("choices") or ():
        delta = choice.get("delta") or {}
        said.text += delta.get("content") or ""
        for call in delta.get("tool_calls") or ():
            function = call.get("function") or {}
            said.call(call["index"], function.get("name") or "", function.get("arguments") or "")
        said.finish = choice.get("finish_reason") or said.finish
    if value.get("usage"):
        said.usage = _chat_usage(value["usage"])


def _responses_whole(said: Said, value: Body) -> None:
    for number, item in enumerate(value["output"]):
        if item["type"] == "message":
            said.text += "".join(part.get("text", "") for part in item["content"])
        elif item["type"] == "function_call":
            said.call(number, item["name"], item["arguments"])
    said.finish = value["status"] if value["status"] in ("completed", "incomplete") else None
    if usage := value.get("usage"):
        said.usage = usage["input_tokens"], usage["output_tokens"]


def _responses_event(said: Said, value: Body) -> None:
    kind = value.get("type", "")
    if kind == "response.output_text.delta":
        said.text += value["delta"]
    elif kind == "response.output_item.added" and value["item"]["type"] == "function_call":
        said.call(value["output_index"], value["item"]["name"])
    elif kind == "response.function_call_arguments.delta":
        said.call(value["output_index"], "", value["delta"])
    elif kind in ("response.completed", "response.incomplete"):
        whole = Said()
        _responses_whole(whole, value["response"])
        said.usage, said.finish, said.ended = whole.usage, whole.finish, True
    elif kind == "error":
        said.fail(value.get("message"))
    elif kind == "response.failed":
        said.fail((value["response"].get("error") or {}).get("message"))


def _claude_usage(usage: Body, before: tuple[int, int] | None = None) -> tuple[int, int]:
    parts = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    prompt = sum(usage.get(name) or 0 for name in parts) if "input_tokens" in usage else (before or (0, 0))[0]
    return prompt, usage.get("output_tokens") or 0


def _claude_whole(said: Said, value: Body) -> None:
    for number, block in enumerate(value["content"]):
        if block["type"] == "text":
            said.text += block["text"]
        elif block["type"] == "tool_use":
            said.call(number, block["name"], orjson.dumps(block["input"]).decode())
    said.finish, said.usage = value["stop_reason"], _claude_usage(value["usage"])


def _claude_event(said: Said, value: Body) -> None:
    kind = value.get("type")
    if kind == "message_start":
        said.usage = _claude_usage(value["message"]["usage"])
    elif kind == "content_block_start" and value["content_block"]["type"] == "tool_use":
        said.call(value["index"], value["content_block"]["name"])
    elif kind == "content_block_delta":
        delta = value["delta"]
        if delta["type"] == "text_delta":
            said.text += delta["text"]
        elif delta["type"] == "input_json_delta":
            said.call(value["index"], "", delta["partial_json"])
    elif kind == "message_delta":
        said.usage = _claude_usage(value.get("usage") or {}, said.usage)
        said.finish = value["delta"].get("stop_reason") or said.finish
    elif kind == "message_stop":
        said.ended = True
    elif kind == "error":
        said.fail(value["error"].get("message"))


def _gemini_event(said: Said, value: Body) -> None:
    if value.get("error"):
        said.fail(value["error"].get("message"))
        return
    for candidate in value.get("candidates") or ():
        for part in (candidate.get("content") or {}).get("parts") or ():
            if "functionCall" in part:
                call = part["functionCall"]
                said.call(len(said.calls), call["name"], orjson.dumps(call.get("args") or {}).decode())
            elif not part.get("thought"):
                said.text += part.get("text") or ""
        if candidate.get("finishReason"):
            said.finish, said.ended = candidate["finishReason"], True
    if usage := value.get("usageMetadata"):
        output = sum(usage.get(name) or 0 for name in ("candidatesTokenCount", "thoughtsTokenCount"))
        said.usage = usage.get("promptTokenCount") or 0, output


def _bedrock_usage(usage: Body) -> tuple[int, int]:
    parts = ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
    return sum(usage.get(name) or 0 for name in parts), usage["outputTokens"]


def _bedrock_whole(said: Said, value: Body) -> None:
    for number, block in enumerate(value["output"]["message"]["content"]):
        if "toolUse" in block:
            said.call(number, block["toolUse"]["name"], orjson.dumps(block["toolUse"]["input"]).decode())
        said.text += block.get("text", "")
    said.finish, said.usage = value["stopReason"], _bedrock_usage(value["usage"])


def _bedrock_event(said: Said, kind: str, value: Body) -> None:
    if kind == "contentBlockStart" and "toolUse" in (value.get("start") or {}):
        said.call(value["contentBlockIndex"], value["start"]["toolUse"]["name"])
    elif kind == "contentBlockDelta":
        said.text += value["delta"].get("text", "")
        if "toolUse" in value["delta"]:
            said.call(value["contentBlockIndex"], "", value["delta"]["toolUse"]["input"])
    elif kind == "messageStop":
        said.finish = value["stopReason"]
    elif kind == "metadata":
        # There is no other end: the usage is the last that is told.
        said.usage, said.ended = _bedrock_usage(value["usage"]), True
    elif "Exception" in kind:
        said.fail(value.get("message"))


def _frames(data: bytes) -> Iterator[tuple[str, Body]]:
    """The frames of an AWS event stream: the kind of each, and its payload."""
    while len(data) >= 16 and len(data) >= (size := struct.unpack_from(">I", data)[0]) >= 16:
        head = struct.unpack_from(">I", data, 4)[0]
        names: dict[str, str] = {}
        at, end = 12, 12 + head
        while at < end:
            name = data[at + 1 : at + 1 + data[at]].decode()
            at += 1 + data[at]
            length = struct.unpack_from(">H", data, at + 1)[0]  # all of them are strings
            names[name] = data[at + 3 : at + 3 + length].decode()
            at += 3 + length
        kind = names.get(":event-type") or names.get(":exception-type") or ""
        try:
            value = orjson.loads(data[end : size - 4])
        except orjson.JSONDecodeError:
            value = {}
        yield kind, value
        data = data[size:]


_WHOLE: Final[dict[str, Callable[[Said, Body], None]]] = {
    "openai_chat": _chat_whole,
    "openai_responses": _responses_whole,
    "anthropic": _claude_whole,
    "gemini": _gemini_event,
    "bedrock": _bedrock_whole,
}
_EVENTS: Final[dict[str, Callable[[Said, Body], None]]] = {
    "openai_chat": _chat_event,
    "openai_responses": _responses_event,
    "anthropic": _claude_event,
    "gemini": _gemini_event,
}
