"""Responses traffic: its recordings, its contexts, and an independent reading of it (no code of the core is used)."""

from typing import Any

import orjson

from . import corpus
from .corpus import Row
from .driving import ALLOW, call, frames
from .reading import Said

ENDPOINTS = {"responses", "mantle.responses"}
SERVED = "codex-mini-latest"
"""A model that OpenAI serves on this surface only."""


def _rows() -> tuple[Row, ...]:
    index = corpus.ROOT / "index.jsonl"
    if not index.is_file():
        return ()
    rows = []
    for line in index.read_bytes().splitlines():
        raw = orjson.loads(line)
        if raw["endpoint"] in ENDPOINTS:
            kept = not {"no-json-request", "response-only"} & set(raw["tags"])
            rows.append(Row(raw["path"], raw["provider"], "openai_responses", raw["stream"], raw["status"], kept))
    return tuple(rows)


RESPONSES = _rows()
CLIENTS = ("openai_chat", "openai_responses", "anthropic")
_HI = [{"role": "user", "content": "hi"}]
_PLAIN = {
    "openai_chat": {"messages": _HI},
    "openai_responses": {"input": _HI},
    "anthropic": {"messages": _HI, "max_tokens": 100},
}


def context(client: str, dialect: str, *, stream: bool = False) -> Any:
    """The context of a plain request of a client to a provider that speaks a dialect."""
    body = {"model": "m", **_PLAIN[client], **({"stream": True} if stream else {})}
    if client == "openai_chat" and stream:
        body["stream_options"] = {"include_usage": True}
    provider, model = {
        "openai_chat": ("openai_compatible", "any"),
        "openai_responses": ("openai", SERVED),
        "anthropic": ("anthropic", "claude-sonnet-4-5"),
    }[dialect]
    made = call(body, client, provider, model, on_loss=ALLOW).head["context"]
    assert (made["client"], made["dialect"]) == (client, dialect)
    return made


def said_by(body: dict[str, Any]) -> Said:
    """What a response says; ``finish`` is its status, or the reason why it is incomplete."""
    said = Said(usage=body.get("usage"), done=True)
    said.finish = (body.get("incomplete_details") or {}).get("reason") or body.get("status")
    for item in body["output"]:
        kind = item["type"]
        if kind == "message":
            for part in item.get("content") or ():
                said.text += part.get("text", "")
                said.refusal += part.get("refusal", "")
        elif kind == "reasoning":
            parts = [*(item.get("summary") or ()), *(item.get("content") or ())]
            said.thinking += "\n\n".join(part["text"] for part in parts)
            if item.get("encrypted_content"):
                said.signatures.append(item["encrypted_content"])
        elif kind == "function_call":
            said.calls.append([item["call_id"], item["name"], item["arguments"]])
        elif kind == "custom_tool_call":
            said.calls.append([item["call_id"], item["name"], orjson.dumps({"input": item["input"]}).decode()])
    return said


def streamed_by(wire: bytes) -> Said:
    """What a stream says, by its deltas alone."""
    said = Said()
    places: dict[int, list[str]] = {}
    thoughts: dict[int, list[tuple[Any, str]]] = {}
    for _, data in frames(wire):
        if data == "[DONE]":
            continue
        event = orjson.loads(data)
        kind = event["type"]
        item = event.get("item") or {}
        if kind == "response.output_text.delta":
            said.text += event["delta"]
        elif kind == "response.refusal.delta":
            said.refusal += event["delta"]
        elif kind in ("response.reasoning_summary_text.delta", "response.reasoning_text.delta"):
            part = (kind, event.get("summary_index"), event.get("content_index"))
            thoughts.setdefault(event["output_index"], []).append((part, event["delta"]))
        elif kind == "response.output_item.added" and item.get("type") in ("function_call", "custom_tool_call"):
            places[event["output_index"]] = [item["call_id"], item["name"], ""]
            said.calls.append(places[event["output_index"]])
        elif kind in ("response.function_call_arguments.delta", "response.custom_tool_call_input.delta"):
            places[event["output_index"]][2] += event["delta"]
        elif kind == "error":
            said.error = said.error or event.get("error") or event
        elif kind in ("response.completed", "response.incomplete"):
            whole = said_by(event["response"])
            said.finish, said.usage, said.done, said.signatures = whole.finish, whole.usage, True, whole.signatures
    said.thinking = "".join(_joined(pieces) for pieces in thoughts.values())
    return said


def _joined(pieces: list[tuple[Any, str]]) -> str:
    parts: dict[Any, str] = {}
    for part, text in pieces:
        parts[part] = parts.get(part, "") + text
    return "\n\n".join(parts.values())


def tokens(usage: dict[str, Any] | None) -> tuple[int, int, int] | None:
    """(everything read, cached reads, everything written)."""
    if not usage:
        return None
    cached = (usage.get("input_tokens_details") or {}).get("cached_tokens") or 0
    return usage.get("input_tokens") or 0, cached, usage.get("output_tokens") or 0
