"""Opaque state in every spelling that clients have for it."""

from base64 import b64decode

from .wires import (
    USER,
    ask,
    assistant,
    call,
    result,
    tool,
)

CLAUDE_STATE, GOOGLE_STATE, REDACTED_STATE = "c2lnbmF0dXJl", "Z29vZ2xl", "cmVkYWN0ZWQ="
BLOCK = {"type": "thinking", "thinking": "Hm", "signature": CLAUDE_STATE}
EMPTY = {"type": "thinking", "thinking": "", "signature": CLAUDE_STATE}
REDACTED = {"type": "redacted_thinking", "data": REDACTED_STATE}
F = tool()


def loop(turn, used=None, answered=None, **fields):
    """A running tool loop whose assistant turn is said so."""
    return ask(USER, assistant(**{"tool_calls": [used or call()], **turn}), answered or result(), tools=[F], **fields)


def turn_of(body):
    """The blocks of the assistant turn of such a loop."""
    turn = (body.get("messages") or body["contents"])[1]
    return turn.get("parts") or turn["content"]


def thoughts(body):
    """Thinking of the assistant turn, in Anthropic's words, wherever Claude is."""
    out = []
    for block in turn_of(body):
        inner = block.get("reasoningContent")
        if inner is None:
            out += [block] if block.get("type") in ("thinking", "redacted_thinking") else []
        elif "redactedContent" in inner:
            out.append({"type": "redacted_thinking", "data": b64decode(inner["redactedContent"]).decode()})
        else:
            text = inner["reasoningText"]
            out.append({"type": "thinking", "thinking": text["text"], "signature": text["signature"]})
    return out


def spelled(where, signature=GOOGLE_STATE):
    """A call with its signature at a place."""
    used = call()
    if where == ("id",):
        return {**used, "id": f"c1__thought__{signature}"}
    out = {**used, "function": dict(used["function"])}
    at = out
    for key in where[:-1]:
        at = at.setdefault(key, {})
    at[where[-1]] = signature
    return out


PLACES = [
    ("provider_specific_fields", "thought_signature"),
    ("extra_content", "google", "thought_signature"),
    ("function", "thought_signature"),
    ("function", "provider_specific_fields", "thought_signature"),
    ("thought_signature",),
    ("id",),
]
SPELLINGS = {
    "thinking_blocks": {"thinking_blocks": [BLOCK, EMPTY, REDACTED]},
    "content parts": {"content": [BLOCK, EMPTY, REDACTED]},
    "content_blocks": {"content_blocks": [BLOCK, EMPTY, REDACTED]},
    "reasoning_details": {"reasoning_details": [
        {"type": "reasoning.text", "text": "Hm", "signature": CLAUDE_STATE, "format": "anthropic-claude-v1"},
        {"type": "reasoning.text", "text": "", "signature": CLAUDE_STATE, "format": "anthropic-claude-v1"},
        {"type": "reasoning.encrypted", "data": REDACTED_STATE, "format": "anthropic-claude-v1"},
    ]},
}  # fmt: skip
