"""Signatures of thinking blocks: made and verified without remembering anything.

A signature holds a name for everything that came before the block, and a keyed hash of that name and of the text. So
an altered text, a borrowed signature and (for models that bind) an altered history are all found out.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from .anthropic_rules import Asked, blocks
from .wire import dump, refuse

KEY = b"a stand-in has no secrets"
FILLER = b"stand-in thinking, encrypted by nobody; "
BEFORE = 32
"""The bytes of a name for the history."""
UNBOUND = ("cache_control",)


def sign(text: str, before: bytes) -> str:
    """The signature of a thinking text after the given history."""
    return base64.b64encode(b"\x12" + before + _seal(text, before) + FILLER * 4).decode()


def history(body: Mapping[str, Any], turns: int) -> bytes:
    """A name for the system text, the tools and the first messages."""
    messages = [[message["role"], blocks(message["content"])] for message in body["messages"][:turns]]
    everything = [blocks(body.get("system")), body.get("tools") or [], messages]
    return hashlib.sha256(dump(_unmarked(everything))).digest()


def check_thinking(asked: Asked) -> None:
    """Refuse blocks that were altered, and tool loops whose thinking got lost on the way."""
    messages = asked.body["messages"]
    for number, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        for place, block in enumerate(blocks(message["content"])):
            if block["type"] == "thinking":
                _check(block, asked, number, f"messages.{number}.content.{place}")
    if asked.thinking == "enabled":
        _check_loop(messages)


def _check(block: Mapping[str, Any], asked: Asked, number: int, where: str) -> None:
    raw = _decoded(block["signature"])
    before = raw[1 : 1 + BEFORE]
    if block["signature"] != sign(block["thinking"], before):
        refuse(f"{where}: Invalid `signature` in `thinking` block")
    if asked.model.bound and before != history(asked.body, number):
        refuse(f"{where}: the content before this `thinking` block differs from when it was created")


def _check_loop(messages: list[Mapping[str, Any]]) -> None:
    """With manual thinking the assistant turn that waits for results must begin with its thinking."""
    number = len(messages) - 1
    if number < 1 or not _has_results(messages[number]):
        return
    first = blocks(messages[number - 1]["content"])[0]["type"]
    if first not in ("thinking", "redacted_thinking"):
        refuse(
            f"messages.{number - 1}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{first}`. "
            "When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the "
            "lastmost set of `tool_use` and `tool_result` blocks)."
        )


def _has_results(message: Mapping[str, Any]) -> bool:
    return any(block["type"] == "tool_result" for block in blocks(message["content"]))


def _seal(text: str, before: bytes) -> bytes:
    return hmac.digest(KEY, before + text.encode(), "sha256")


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError:
        return b""


def _unmarked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unmarked(item) for key, item in value.items() if key not in UNBOUND}
    return [_unmarked(item) for item in value] if isinstance(value, list) else value


def shows(asked: Asked) -> bool:
    """The text of the thinking is shown."""
    display = (asked.body.get("thinking") or {}).get("display")
    return bool(display == "summarized" or (display is None and asked.model.shown))
