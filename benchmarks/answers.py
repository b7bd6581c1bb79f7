"""Providers' replies and streams, in each dialect: the same on every machine, and like what models really say."""

import random
from typing import Any, Final

import attrs
import orjson

from . import bodies


def _answer(size: str) -> tuple[str, tuple[str, dict[str, Any]] | None]:
    """Text of an answer, and its call."""
    chance = random.Random(size)
    call = ("run_query", {"path": "reports/märz.csv", "limit": 40, "mode": "dry run"})
    return {
        "text": (bodies.prose(chance, 800), None),
        "tool call": (bodies.prose(chance, 120), call),
        "long": (bodies.prose(chance, 20_000), None),
    }[size]


REPLY_SIZES: Final = ("text", "tool call", "long")


def reply_body(dialect: str, size: str, model: str) -> bytes:
    """A provider's whole reply.

    Args:
        dialect: openai_chat, anthropic or gemini.
        size: one of REPLY_SIZES.
        model: what stands in ``model``.
    """
    text, call = _answer(size)
    write = {"openai_chat": _openai_reply, "anthropic": _anthropic_reply, "gemini": _gemini_reply}[dialect]
    return orjson.dumps(write(text, call, model))


def _openai_reply(text: str, call: Any, model: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    if call is not None:
        function = {"name": call[0], "arguments": orjson.dumps(call[1]).decode()}
        message["tool_calls"] = [{"id": "call_8fW2mQ", "type": "function", "function": function}]
    finish = "tool_calls" if call is not None else "stop"
    return {
        "id": "chatcmpl-Bq3Zk2",
        "object": "chat.completion",
        "created": 1_750_000_000,
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": 812,
            "completion_tokens": 194,
            "total_tokens": 1006,
            "prompt_tokens_details": {"cached_tokens": 512, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        },
        "service_tier": "default",
        "system_fingerprint": "fp_3c5a",
    }


def _anthropic_reply(text: str, call: Any, model: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "text", "text": text}]
    if call is not None:
        content.append({"type": "tool_use", "id": "toolu_01Xw9", "name": call[0], "input": call[1]})
    return {
        "id": "msg_01Hq7",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": "tool_use" if call is not None else "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": 300,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 512,
            "output_tokens": 194,
            "service_tier": "standard",
        },
    }


def _gemini_reply(text: str, call: Any, model: str) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"text": text}]
    if call is not None:
        parts.append({"functionCall": {"name": call[0], "args": call[1]}})
    return _gemini(parts, model, finishReason="STOP")


def _gemini(parts: list[dict[str, Any]], model: str, **candidate: Any) -> dict[str, Any]:
    """A reply or an event: Gemini's are alike."""
    return {
        "candidates": [{"content": {"parts": parts, "role": "model"}, "index": 0, **candidate}],
        "usageMetadata": {
            "promptTokenCount": 812,
            "candidatesTokenCount": 194,
            "totalTokenCount": 1006,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 812}],
            "cachedContentTokenCount": 512,
        },
        "modelVersion": model,
        "responseId": "q3Zk2aBcD8fW2mQ",
    }


@attrs.frozen
class Stream:
    """A provider's stream: what comes before the deltas, their events, the JSON of these alone, and what ends it."""

    opening: bytes
    deltas: tuple[bytes, ...]
    payloads: tuple[bytes, ...]
    ending: bytes


def _sse(dialect: str, value: dict[str, Any]) -> bytes:
    name = b"event: %b\n" % value["type"].encode() if dialect == "anthropic" else b""
    return b"%bdata: %b%b" % (name, orjson.dumps(value), b"\r\n\r\n" if dialect == "gemini" else b"\n\n")


ANSWER_DELTAS: Final = 200
# How long the pieces of an answer are, in turn: as models' tokens come, a few characters at a time.
_CUTS: Final = (4, 9, 6, 14, 3, 11, 8, 22, 5, 9)
_DELTAS: Final[dict[str, tuple[str, ...]]] = {
    "plain": (" the replica",),
    "escaped": ('":\n    "',),
    "tool": (" 40, ",),
}
KINDS: Final = {
    "plain": "text delta, plain",
    "escaped": "text delta, escapes",
    "answer": "text deltas, an answer",
    "tool": "tool delta",
}
"""What a stream's deltas are. A core may have a shorter way for text without escapes, so both are measured alone; an
answer is prose and code cut into pieces that all differ, so that neither a cache nor one lucky spelling decides."""


def deltas(kind: str) -> tuple[str, ...]:
    """The texts of a stream's deltas."""
    if kind != "answer":
        return _DELTAS[kind]
    chance = random.Random("answer")
    # One delta in five has an escape: as in recorded streams of Claude, where it was 21 of 100.
    text = "\n\n".join(f"{bodies.prose(chance, 60)}\n\n{code}" for code in bodies.CODE * 2)
    pieces: list[str] = []
    start = 0
    while len(pieces) < ANSWER_DELTAS:
        length = _CUTS[len(pieces) % len(_CUTS)]
        pieces.append(text[start : start + length])
        start += length
    return tuple(pieces)


def stream(dialect: str, kind: str, model: str) -> Stream:
    """A provider's stream of text or of a tool call's arguments.

    Args:
        dialect: openai_chat, anthropic or gemini (whose calls come in one piece: text only).
        kind: one of KINDS.
        model: what stands in ``model``.
    """
    write = {"openai_chat": _openai_stream, "anthropic": _anthropic_stream, "gemini": _gemini_stream}[dialect]
    opening, middle, ending = write(kind, model)
    done = b"data: [DONE]\n\n" if dialect == "openai_chat" else b""
    return Stream(
        b"".join(_sse(dialect, value) for value in opening),
        tuple(_sse(dialect, value) for value in middle),
        tuple(orjson.dumps(value) for value in middle),
        b"".join(_sse(dialect, value) for value in ending) + done,
    )


def _openai_stream(kind: str, model: str) -> tuple[list[dict[str, Any]], ...]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {
            "id": "chatcmpl-Bq3Zk2",
            "object": "chat.completion.chunk",
            "created": 1_750_000_000,
            "model": model,
            "service_tier": "default",
            "system_fingerprint": "fp_3c5a",
            "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
        }

    start = chunk({"role": "assistant", "content": "", "refusal": None})
    if kind != "tool":
        return [start], [chunk({"content": text}) for text in deltas(kind)], [chunk({}, "stop")]
    function = {"name": "run_query", "arguments": ""}
    call = {"index": 0, "id": "call_8fW2mQ", "type": "function", "function": function}
    middle = [chunk({"tool_calls": [{"index": 0, "function": {"arguments": text}}]}) for text in deltas(kind)]
    return [start, chunk({"tool_calls": [call]})], middle, [chunk({}, "tool_calls")]


def _anthropic_stream(kind: str, model: str) -> tuple[list[dict[str, Any]], ...]:
    usage = {"input_tokens": 300, "cache_read_input_tokens": 512, "cache_creation_input_tokens": 0, "output_tokens": 1}
    message = {"id": "msg_01Hq7", "type": "message", "role": "assistant", "model": model, "content": [], "usage": usage}
    if kind == "tool":
        block: dict[str, Any] = {"type": "tool_use", "id": "toolu_01Xw9", "name": "run_query", "input": {}}
        inner = [{"type": "input_json_delta", "partial_json": text} for text in deltas(kind)]
    else:
        block = {"type": "text", "text": ""}
        inner = [{"type": "text_delta", "text": text} for text in deltas(kind)]
    stop = "tool_use" if kind == "tool" else "end_turn"
    opening = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": block},
    ]
    ending: list[dict[str, Any]] = [
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": stop, "stop_sequence": None},
            "usage": {"output_tokens": 194},
        },
        {"type": "message_stop"},
    ]
    return opening, [{"type": "content_block_delta", "index": 0, "delta": delta} for delta in inner], ending


def _gemini_stream(kind: str, model: str) -> tuple[list[dict[str, Any]], ...]:
    middle = [_gemini([{"text": text}], model) for text in deltas(kind)]
    return [], middle, [_gemini([{"text": ""}], model, finishReason="STOP")]
