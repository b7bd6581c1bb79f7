"""Messages streams, built event by event."""

from typing import Any

import orjson


def event(kind: str, **more: Any) -> bytes:
    """One framed event."""
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), orjson.dumps({"type": kind, **more}))


def start(**usage: Any) -> bytes:
    message = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-5", "content": [],
        "stop_reason": None, "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1, **usage},
    }  # fmt: skip
    return event("message_start", message=message)


def opened(index: int, **block: Any) -> bytes:
    return event("content_block_start", index=index, content_block=block)


def delta(index: int, **change: Any) -> bytes:
    return event("content_block_delta", index=index, delta=change)


def stopped(index: int) -> bytes:
    return event("content_block_stop", index=index)


def text(index: int, *pieces: str) -> bytes:
    parts = [opened(index, type="text", text="")]
    parts += [delta(index, type="text_delta", text=piece) for piece in pieces]
    return b"".join([*parts, stopped(index)])


def call(index: int, call_id: str, *pieces: str, name: str = "f") -> bytes:
    parts = [opened(index, type="tool_use", id=call_id, name=name, input={})]
    parts += [delta(index, type="input_json_delta", partial_json=piece) for piece in pieces]
    return b"".join([*parts, stopped(index)])


def thought(index: int, *pieces: str, signature: str | None = "c2ln") -> bytes:
    parts = [opened(index, type="thinking", thinking="", signature="")]
    parts += [delta(index, type="thinking_delta", thinking=piece) for piece in pieces]
    if signature is not None:
        parts.append(delta(index, type="signature_delta", signature=signature))
    return b"".join([*parts, stopped(index)])


def hidden(index: int, data: str = "ZGF0YQ==") -> bytes:
    return opened(index, type="redacted_thinking", data=data) + stopped(index)


def finish(reason: str | None, usage: dict[str, Any] | None = None, **more: Any) -> bytes:
    change = {"stop_reason": reason, "stop_sequence": None, **more}
    return event("message_delta", delta=change, usage=usage or {"output_tokens": 20})


def error(kind: str, message: str = "Overloaded") -> bytes:
    return event("error", error={"type": kind, "message": message})


PING = event("ping")
STOP = event("message_stop")


SAMPLE = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-5",
    "content": [
        {"type": "thinking", "thinking": "h", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "ZGF0YQ=="},
        {"type": "text", "text": "x", "citations": [{"type": "web_search_result_location", "url": "u", "title": "t",
                                                      "cited_text": "c", "encrypted_index": "e"}]},
        {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}},
        {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}},
    ],
    "stop_reason": "tool_use", "stop_sequence": None, "stop_details": None,
    "usage": {"input_tokens": 1, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 2,
              "output_tokens_details": {"thinking_tokens": 1}, "service_tier": "standard"},
}  # fmt: skip
"""A plain reply with a block of every common kind."""
