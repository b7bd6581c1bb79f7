"""Native requests, read for judgement: the turns of a conversation with their calls, results and opaque state."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from .places import Json

STATE_KEYS = frozenset({
    "signature", "data", "redactedContent", "thoughtSignature", "thought_signature", "encrypted_content",
})  # fmt: skip
"""Keys that hold opaque state; every other string is words that somebody sees."""

IDS = {
    "anthropic": r"[a-zA-Z0-9_-]+",
    "bedrock": r"[a-zA-Z0-9_.:-]{1,64}",
    "openai_chat": r"\S{1,64}",
    "openai_responses": r"\S{1,64}",
    "gemini": r"\S{1,64}",
}


class Piece(NamedTuple):
    """A piece of a turn, in order: its kind (``state``, ``call``, ``result``, ``words``), its id, what it says."""

    turn: int
    role: str
    kind: str
    key: str
    text: str
    state: str = ""


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every string in a value with the key that it stands at."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from strings(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, key)
    elif isinstance(value, str):
        yield key, value


def layers(text: str) -> Iterator[str]:
    """A string, and what it hides in base64, standard or for URLs; the slashes of both spellings are one."""
    for _ in range(3):
        yield text.replace("-", "+").replace("_", "/")
        try:
            text = b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True).decode()
        except (Error, ValueError):
            return


def holds(value: Any, token: str) -> bool:
    """Whether a token is anywhere in a value, also inside what is encoded."""
    return any(token in layer for _, text in strings(value) for layer in layers(text))


def pieces(dialect: str, body: Json) -> list[Piece]:
    """All turns of a native request, in pieces."""
    return list(_PIECES[dialect](body))


def _words(turn: int, role: str, content: Any) -> Iterator[Piece]:
    for part in [{"text": content}] if isinstance(content, str) else content or ():
        if isinstance(part.get("text"), str):
            yield Piece(turn, role, "words", "", part["text"])


def _chat(body: Json) -> Iterator[Piece]:
    for turn, message in enumerate(body["messages"]):
        if message["role"] == "tool":
            yield Piece(turn, "user", "result", message["tool_call_id"], str(message["content"]))
            continue
        yield from _words(turn, message["role"], message.get("content"))
        for call in message.get("tool_calls", ()):
            yield Piece(turn, "assistant", "call", call["id"], call["function"]["arguments"])


def _responses(body: Json) -> Iterator[Piece]:
    for turn, item in enumerate(body["input"]):
        kind = item.get("type", "message")
        if kind == "reasoning":
            yield Piece(turn, "assistant", "state", "", str(item["summary"]), item["encrypted_content"])
        elif kind == "function_call":
            yield Piece(turn, "assistant", "call", item["call_id"], item["arguments"])
        elif kind == "function_call_output":
            yield Piece(turn, "user", "result", item["call_id"], str(item["output"]))
        else:
            yield from _words(turn, item["role"], item["content"])


def _anthropic(body: Json) -> Iterator[Piece]:
    turn, before = 0, ""
    for message in body["messages"]:
        # Neighbouring messages of one role are one turn.
        turn, before = turn + (message["role"] != before), message["role"]
        content = message["content"]
        for block in [{"type": "text", "text": content}] if isinstance(content, str) else content:
            yield _block(turn, before, block)


def _block(turn: int, role: str, block: Json) -> Piece:
    kind = block["type"]
    if kind == "thinking":
        return Piece(turn, role, "state", "", block["thinking"], block["signature"])
    if kind == "redacted_thinking":
        return Piece(turn, role, "state", "", "", block["data"])
    if kind == "tool_use":
        return Piece(turn, role, "call", block["id"], orjson.dumps(block["input"]).decode())
    if kind == "tool_result":
        return Piece(turn, role, "result", block["tool_use_id"], str(block["content"]))
    return Piece(turn, role, "words", "", block["text"])


def _bedrock(body: Json) -> Iterator[Piece]:
    for turn, message in enumerate(body["messages"]):
        for block in message["content"]:
            yield from _converse(turn, message["role"], block)


def _converse(turn: int, role: str, block: Json) -> Iterator[Piece]:
    if "reasoningContent" in block:
        told = block["reasoningContent"]
        text = told.get("reasoningText", {})
        yield Piece(turn, role, "state", "", text.get("text", ""), text.get("signature") or told["redactedContent"])
    elif "toolUse" in block:
        call = block["toolUse"]
        yield Piece(turn, role, "call", call["toolUseId"], orjson.dumps(call["input"]).decode())
    elif "toolResult" in block:
        yield Piece(turn, role, "result", block["toolResult"]["toolUseId"], str(block["toolResult"]["content"]))
    elif "text" in block:
        yield Piece(turn, role, "words", "", block["text"])


def _gemini(body: Json) -> Iterator[Piece]:
    for turn, content in enumerate(body["contents"]):
        role = "assistant" if content["role"] == "model" else "user"
        for part in content["parts"]:
            state = part.get("thoughtSignature", "")
            if "functionCall" in part:
                call = part["functionCall"]
                yield Piece(turn, role, "call", call.get("id", ""), orjson.dumps(call["args"]).decode(), state)
            elif "functionResponse" in part:
                told = part["functionResponse"]
                yield Piece(turn, role, "result", told.get("id", ""), str(told["response"]))
            else:
                kind = "state" if part.get("thought") else "words"
                yield Piece(turn, role, kind, "", part["text"], state)


_PIECES = {
    "openai_chat": _chat,
    "openai_responses": _responses,
    "anthropic": _anthropic,
    "bedrock": _bedrock,
    "gemini": _gemini,
}


def legal(dialect: str, key: str) -> bool:
    """Whether a provider takes the id of a call; Gemini's calls need none."""
    return re.fullmatch(IDS[dialect], key) is not None or (dialect == "gemini" and not key)
