"""Chat-completion streams, built chunk by chunk."""

from typing import Any

import orjson

ENVELOPE = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 7, "model": "gpt-x"}


def frame(value: Any) -> bytes:
    return b"data: " + orjson.dumps(value) + b"\n\n"


def chunk(delta: Any = None, finish: str | None = None, index: int = 0, **more: Any) -> bytes:
    choice = {"index": index, "delta": {} if delta is None else delta, "finish_reason": finish}
    return frame({**ENVELOPE, "choices": [choice], **more})


def usage(**more: Any) -> bytes:
    return frame({**ENVELOPE, "choices": [], "usage": TOKENS, **more})


def piece(index: int, arguments: str, **more: Any) -> dict[str, Any]:
    return {"tool_calls": [{"index": index, **more, "function": {"arguments": arguments}}]}


def begun(index: int, call_id: str, name: str = "f", arguments: str = "") -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {"tool_calls": [{"index": index, "id": call_id, "type": "function", "function": function}]}


TOKENS = {"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 30}
ROLE = chunk({"role": "assistant", "content": ""})
DONE = b"data: [DONE]\n\n"
