"""Heads of the boundary that say everything, and the bodies of embeddings: they are damaged as other bodies are."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import attrs
import orjson
from dragoman.translate import boundary
from dragoman.translate.models import ModelRow, ReasoningRow

from .damage import damaged, digest

_HI = [{"role": "user", "content": "Hi"}]
_CHAT = {"model": "openai/gpt-4o", "messages": _HI, "temperature": 0.5, "top_k": 5, "reasoning_effort": "low"}
_IMAGE = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "s3://h.example/a"}}]}]
_TURNS = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}
_ASKED = {"now": 5, "id": "seed", "request_id": "req_1"}
_STRANGE = {
    "kind": "effort", "efforts": ["low", "high"], "words": ["small", "big"], "modes": ["enabled"], "minimum": 5,
    "maximum": 9, "off": "lowest", "bare": ["low"],
}  # fmt: skip


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value


def _columns(row: Any, **given: Any) -> dict[str, Any]:
    """Every column of a row at its usual value."""
    names = {field.name for field in attrs.fields(type(row))} - {"reasoning"}
    return {name: _plain(getattr(row, name)) for name in sorted(names)} | given


_ROW = _columns(ModelRow(prefix="x"), like="gpt-5", temperature=[0, 2], strict_limits=[1, 2], seed=[0, 9],
                own_options=["top_k={top_k}"], images=["image/png"], stop=4)  # fmt: skip
_ROW["reasoning"] = _columns(ReasoningRow(), **_STRANGE)
_CONTEXT = {
    "client": "openai_chat", "provider": "openai_compatible", "dialect": "openai_chat", "model": "m", "stream": True,
    "include_usage": True, "names": {"f": "f.x"}, "custom": ["g"], "json_tool": "answer", "json_text": True,
    "json_at": "/response_format", "json_schema": {"type": "object"}, "legacy": True, "cite": True, "strict": False,
    "explain": True, "losses": [{"path": "/x", "kind": "dropped"}], "echo": {"user": "u"},
}  # fmt: skip
_CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
_REPLY = {"id": "1", "model": "m", "choices": [{"message": {"content": "{}", "tool_calls": [_CALL]}}]}
_CHUNK = {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {"content": "{}"}, "finish_reason": "stop"}]}
_HEADERS = {"retry-after": "5", "x-request-id": "r", "x-ratelimit-limit-requests": "9", "anthropic-beta": "b", "x": "y"}
_SIGNED = {
    "method": "POST", "url": "https://h.example:8443/a//b/../c?x=1&a=2", "headers": {"X-A": " b  c "}, "now": 5,
    "region": "r", "service": "s", "credentials": {"access_key": "A", "secret_key": "S", "session_token": "T"},
}  # fmt: skip


class Asked(NamedTuple):
    """A call of the boundary."""

    name: str
    what: str
    head: dict[str, Any]
    body: Any = None

    def __str__(self) -> str:
        return f"{self.what} {self.name}"


CALLS = [
    Asked("to azure", "request", {
        "from": "openai_chat", "to": "azure", "model": "x-1", "family": "gpt-4o", "base_url": "https://h.example/openai",
        "deployment": "d", "api_version": "2024-10-21", "stream": True, "headers": _HEADERS, "strict_openai": True,
        "on_loss": {"contract": "allow", "quality": "allow", "cost": "refuse", "hint": "allow"}, "explain": True,
        "causes": True, "prompt_cache": "auto", **_ASKED,
    }, _CHAT),
    Asked("with a row", "request", {"to": "openai_compatible", "base_url": "https://h.example", "model": "x",
                                    "models": [_ROW], "on_loss": "allow", "causes": True}, _CHAT),
    Asked("to vertex", "request", {"from": "gemini", "to": "vertex", "model": "gemini-2.5-flash", "project": "p",
                                   "location": "global", "stream": True, "stream_form": "array", **_ASKED}, _TURNS),
    Asked("to bedrock", "request", {"to": "bedrock", "model": "amazon.nova-pro-v1:0", "region": "r", "on_loss": "allow",
                                    "explain": True}, {**_CHAT, "model": "m"}),
    Asked("with media", "request", {"to": "gemini", "model": "gemini-2.5-flash", "media": {
        "s3://h.example/a": {"media_type": "image/png", "data": "aQ=="}}}, {**_CHAT, "messages": _IMAGE}),
    Asked("to count", "request", {"from": "anthropic", "to": "gemini", "model": "gemini-2.5-flash", "what": "count"},
          {"model": "m", "messages": _HI}),
    Asked("of a model", "request", {"on_loss": "refuse"}, {**_CHAT, "max_tokens": 5}),
    Asked("of all", "reply", {"context": _CONTEXT, "status": 200, "headers": _HEADERS, **_ASKED}, _REPLY),
    Asked("of an error", "reply", {"context": {**_CONTEXT, "provider": "openai"}, "status": 429, "headers": _HEADERS},
          {"error": {"message": "No.", "type": "t", "code": "c", "param": "p"}}),
    Asked("of a number", "reply", {"context": {
        "client": "anthropic", "provider": "gemini", "dialect": "gemini", "model": "m", "count": "gemini"}},
        {"totalTokens": 5}),
    Asked("of a stream", "open", {"context": _CONTEXT, **_ASKED}, _CHUNK),
    Asked("of our own", "error", {"from": "anthropic", "status": 429, "code": "c", "message": "No.", "param": "p",
                                  "request_id": "req_1"}),
    Asked("of a call", "sign", _SIGNED, {}),
    *[
        Asked(f"to {to} {model}", "embed", {
            "to": to, "model": model, "on_loss": "allow", "headers": _HEADERS, **place}, {
            "input": ["one", "two"], "model": "m", "dimensions": 512, "encoding_format": "base64", "user": "u",
            "task_type": "RETRIEVAL_QUERY", "title": "t", "x": 1})
        for to, model, place in (
            ("openai", "text-embedding-3-small", {}), ("gemini", "gemini-embedding-001", {}),
            ("vertex", "text-embedding-005", {"project": "p", "location": "global"}),
            ("vertex", "gemini-embedding-001", {"project": "p", "location": "global"}),
            ("bedrock", "amazon.titan-embed-text-v2:0", {"region": "r"}),
            ("bedrock", "cohere.embed-v4:0", {"region": "r", "family": "cohere.embed-v4:0"}),
            ("openai_compatible", "nomic", {"base_url": "https://h.example"}),
        )
    ],
    *[
        Asked(f"by {form}", "embedded", {
            "context": {"provider": provider, "dialect": dialect, "model": "m", "form": form, "base64": form != "titan",
                        "counts": [2 if count == 2 else 1]},
            "replies": [{"status": 200, "headers": {**_HEADERS, "x-amzn-bedrock-input-token-count": "7"}}]}, reply)
        for provider, dialect, form, count, reply in (
            ("openai", "openai_chat", "openai", 2, {"data": [
                {"index": 1, "embedding": [0.5, 1]}, {"index": 0, "embedding": "AAAAPw=="}],
                "usage": {"prompt_tokens": 7, "total_tokens": 7}}),
            ("gemini", "gemini", "batch", 2, {"embeddings": [{"values": [0.5]}, {"values": [1]}],
                                              "usageMetadata": {"promptTokenCount": 7}}),
            ("vertex", "gemini", "embed_content", 1, {"embedding": {"values": [0.5]},
                                                      "usageMetadata": {"promptTokenCount": 7}}),
            ("vertex", "gemini", "predict", 1, {"predictions": [
                {"embeddings": {"values": [0.5], "statistics": {"token_count": 7, "truncated": False}}}]}),
            ("bedrock", "bedrock", "titan", 1, {"embedding": [0.5], "inputTextTokenCount": 7}),
            ("bedrock", "bedrock", "cohere", 2, {"embeddings": {"float": [[0.5], [1]]}, "id": "1"}),
        )
    ],
]  # fmt: skip


def answers(asked: Asked) -> list[str]:
    """What comes of a call whose head, or body, is damaged: a line for each node."""
    rows = [f"as it is {_told(asked.what, asked.head, asked.body)}"]
    for pointer, gone, others in damaged(asked.head):
        rows.append(f"head {pointer} gone {_told(asked.what, gone, asked.body)}")
        rows.append(f"head {pointer} else {_many(_told(asked.what, head, asked.body) for head in others)}")
    if asked.what.startswith("embed"):
        for pointer, gone, others in damaged(asked.body):
            rows.append(f"body {pointer} gone {_told(asked.what, asked.head, gone)}")
            rows.append(f"body {pointer} else {_many(_told(asked.what, asked.head, body) for body in others)}")
    return rows


def _many(told: Iterator[str]) -> str:
    return digest(" ".join(told).encode())


def _told(what: str, head: Any, body: Any) -> str:
    status, *said = _call(what, orjson.dumps(head), orjson.dumps(body))
    return f"{status} {digest(*said)}"


def _call(what: str, head: bytes, body: bytes) -> tuple[int | bytes, ...]:
    if what == "open":
        status, pipe = boundary.open(head)
        pipe, told = boundary.feed(pipe, b"data: " + body + b"\n\n")
        return (status, told, *boundary.close(pipe))
    if what == "error":
        return tuple(boundary.error(head))
    if what == "embedded":
        return tuple(boundary.embedded(head, [body]))
    return tuple(getattr(boundary, what)(head, body))
