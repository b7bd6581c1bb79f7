"""A provider's own replies and deltas for clients of the same dialect: as they came, but for repairs.

Every client may count on explicit nulls, one name for reasoning text, known words, and true sums of usage
(wire/observed.md 10).
"""

from __future__ import annotations

from typing import Any

from ...context import Context, Stamp
from ...records import Citation, Reply
from . import reply as anew
from .reply import FINISH, TIERS, annotation, common_finish, plain_content, read_sources, told_reasoning, unusual
from .usage import write_usage

Body = dict[str, Any]


def write_reply(reply: Reply, context: Context, stamp: Stamp) -> Body:
    """A Reply as a chat completion: the provider's own, repaired, or a new one."""
    if reply.dialect == "openai_chat" and type(reply.native) is dict:
        return _relay(reply, context)
    return anew.write_reply(reply, context, stamp)


PADDING = frozenset({"obfuscation", "p"})
"""Keys that hide the length of what is said, and say nothing."""

EXTENSIONS = frozenset({
    "reasoning_content", "reasoning", "reasoning_details", "thinking_blocks", "provider_specific_fields",
    "extra_content", "content_blocks", "citations", "executed_tools", "context", "images",
})  # fmt: skip
"""Message keys beyond the dialect, left out on request."""


def _relay(reply: Reply, context: Context) -> Body:
    """A provider's own chat completion: as it came, with the few repairs every client may count on."""
    body = {key: value for key, value in reply.native.items() if key not in PADDING}
    sources = read_sources(body.get("citations")) if body.get("citations") else ()
    body["choices"] = [relay_choice(raw, context, sources) for raw in body["choices"]]
    body["object"] = "chat.completion"
    if context.strict:
        body = own_keys(body)
    relay_tier(body)
    body.setdefault("created", 0)
    if not body.get("model"):
        body["model"] = context.model
    if reply.usage is not None:
        body["usage"] = write_usage(reply.usage, own=True, strict=context.strict)
    return body


_OWN_KEYS = frozenset({
    "id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint", "metadata",
    "moderation",
})  # fmt: skip
_OWN_CHOICE_KEYS = frozenset({"index", "message", "delta", "logprobs", "finish_reason"})


def own_keys(body: Body) -> Body:
    """A reply or chunk without keys beyond the dialect, for clients that are strict."""
    return {key: value for key, value in body.items() if key in _OWN_KEYS}


def own_choice_keys(choice: Body) -> Body:
    """A choice without keys beyond the dialect."""
    return {key: value for key, value in choice.items() if key in _OWN_CHOICE_KEYS}


def relay_tier(body: Body) -> None:
    """The service tier in the dialect's words, or none."""
    if "service_tier" in body:
        tier = TIERS.get(body["service_tier"] or "")
        if tier is None:
            del body["service_tier"]
        elif tier != body["service_tier"]:
            body["service_tier"] = tier


def relay_choice(raw: Body, context: Context, sources: tuple[Citation, ...]) -> Body:
    """One choice of a relayed reply: explicit nulls, one name for reasoning text, no empty list of calls."""
    choice = own_choice_keys(raw) if context.strict else dict(raw)
    message = relay_message(dict(raw.get("message") or {"role": "assistant"}), context)
    if sources and not message.get("annotations"):
        notes = (annotation(source, 0, len(message.get("content") or "")) for source in sources)
        message["annotations"] = [note for note in notes if note is not None]
    calls = message.get("tool_calls")
    if calls:
        message["tool_calls"] = [relay_call(call) for call in calls]
    else:
        message.pop("tool_calls", None)
    message["content"] = (message.get("content") or None) if calls else message.get("content")
    message.setdefault("refusal", None)
    choice["message"] = message
    choice.setdefault("finish_reason", "stop")
    word = choice["finish_reason"]
    if word not in FINISH:
        choice["finish_reason"] = "tool_calls" if calls and not word else common_finish(word)
        keep_finish(message, word, context)
    return choice


def keep_finish(message: Body, word: str | None, context: Context) -> None:
    """A reason that says more than the common one stays beside it, in a message or a delta."""
    if word and unusual(word) and not context.strict:
        known = message.get("provider_specific_fields")
        kept = known if type(known) is dict else {}
        message["provider_specific_fields"] = {**kept, "finish_reason": word}


def relay_call(raw: Body) -> Body:
    """A whole tool call: its type is said, its index is not."""
    call = {"id": raw.get("id") or "", "type": "function", **raw}
    call.pop("index", None)
    return call


def relay_message(message: Body, context: Context) -> Body:
    """One message or delta: reasoning text under one name, extensions left out when the client is strict."""
    if "reasoning_content" not in message:
        text = told_reasoning(message)
        if text:
            message["reasoning_content"] = text
    message.pop("reasoning", None)
    if type(message.get("content")) is list:
        message["content"] = plain_content(message["content"])[0]
    if context.strict:
        message = {key: value for key, value in message.items() if key not in EXTENSIONS}
        notes = message.get("annotations")
        if notes:
            message["annotations"] = [note for note in notes if note.get("type") == "url_citation"]
    return message
