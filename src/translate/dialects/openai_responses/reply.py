"""Responses, both ways (wire/openai-responses.md 5 and 8, spec/chat.md 7, 10, 11)."""

from __future__ import annotations

from typing import Any, cast

from ...context import Context, Stamp
from ...records import (
    Call,
    Choice,
    Media,
    Opaque,
    Redacted,
    Refusal,
    Reply,
    Request,
    Text,
    Thinking,
    TranslationError,
    Usage,
)
from ...records.reply import FinishReason
from .logprobs import taken
from .output import (
    Body,
    call_item,
    item_id,
    message_item,
    read_items,
    read_tokens,
    reasoning_item,
    refusal_part,
    text_part,
    write_annotations,
)
from .parts import NAME
from .usage import read_usage, write_usage

FINISH = {"completed": "stop", "max_output_tokens": "length", "content_filter": "content_filter"}
"""The provider's word, a status or a reason of incompleteness -> the common one; anything else is ``stop``."""

REASONS = {"length": "max_output_tokens", "content_filter": "content_filter"}
"""The common reason -> the reason of incompleteness."""


def finish_of(body: Body, *, called: bool) -> tuple[FinishReason, str | None]:
    """(common reason, the provider's word) of a response; the word for a call is that calls are there."""
    word = body.get("status")
    if word == "incomplete":
        word = (body.get("incomplete_details") or {}).get("reason") or word
    finish = FINISH.get(word or "completed", "stop")
    return cast(FinishReason, "tool_calls" if called and finish == "stop" else finish), word


def read_reply(body: Any) -> Reply:
    """A parsed response as a Reply.

    Raises:
        TranslationError: status 502, when it is none.
    """
    output = body.get("output") if type(body) is dict else None
    if type(output) is not list:
        raise TranslationError("The provider's reply has no output.", path="/output", code="bad_reply", status=502)
    parts = read_items(output)
    finish, word = finish_of(body, called=any(type(part) is Call for part in parts))
    return Reply(
        body.get("id") or "",
        body.get("model") or "",
        (Choice(parts, finish, word, logprobs=read_tokens(output)),),
        read_usage(body.get("usage")),
        created_of(body),
        body.get("service_tier"),
        NAME,
        body,
    )


def created_of(body: Body) -> int | None:
    """When a response was created, in whole seconds."""
    created = body.get("created_at")
    return int(created) if type(created) in (int, float) and created else None


# Writing

TIERS = {
    "standard": "default", "default": "default", "priority": "priority", "flex": "flex", "scale": "scale",
    "auto": "auto", "fast": "fast",
}  # fmt: skip
"""Service tiers that the dialect knows."""

ECHOED = (
    "instructions", "max_output_tokens", "metadata", "parallel_tool_calls", "prompt_cache_key", "reasoning",
    "safety_identifier", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "user",
)  # fmt: skip


def echo(request: Request) -> dict[str, Any]:
    """What of a request its response says again."""
    return {"echo": {key: request.native[key] for key in ECHOED if request.native.get(key) is not None}}


def response_id(upstream: str, stamp: Stamp) -> str:
    """The id of a response: the provider's own word behind the prefix of the dialect."""
    return upstream if upstream.startswith("resp_") else f"resp_{upstream or stamp.id}"


def envelope(context: Context, name: str, created: int, model: str, tier: str | None) -> Body:
    """A response in progress, with nothing said."""
    said = context.echo
    body: Body = {
        "id": name,
        "object": "response",
        "created_at": created,
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": said.get("instructions"),
        "max_output_tokens": said.get("max_output_tokens"),
        "model": model or context.model,
        "output": [],
        "parallel_tool_calls": said.get("parallel_tool_calls", True),
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None, **said.get("reasoning", {})},
        "store": False,
        "temperature": said.get("temperature"),
        "text": {"format": {"type": "text"}, **said.get("text", {})},
        "tool_choice": said.get("tool_choice", "auto"),
        "tools": said.get("tools", []),
        "top_p": said.get("top_p"),
        "truncation": "disabled",
        "usage": None,
        "user": said.get("user"),
        "metadata": said.get("metadata", {}),
    }
    body.update({key: said[key] for key in ("prompt_cache_key", "safety_identifier", "top_logprobs") if key in said})
    if TIERS.get(tier or "") is not None:
        body["service_tier"] = TIERS[tier or ""]
    return body


def ended(body: Body, output: list[Body], finish: str | None, usage: Usage | None) -> Body:
    """A response that has come to its end."""
    reason = REASONS.get(finish or "")
    return {
        **body,
        "status": "incomplete" if reason else "completed",
        "incomplete_details": {"reason": reason} if reason else None,
        "output": output,
        "usage": None if usage is None else write_usage(usage),
    }


def write_reply(reply: Reply, context: Context, stamp: Stamp) -> Body:
    """A Reply as a response; of several answers the first."""
    if reply.dialect == NAME and type(reply.native) is dict:
        return dict(reply.native)
    choice = reply.choices[0]
    name = response_id(reply.id, stamp)
    body = envelope(context, name, reply.created or stamp.now, reply.model, reply.service_tier)
    return ended(body, _items(choice, name, stamp), choice.finish, reply.usage)


class _Output:
    """Items under construction."""

    def __init__(self, name: str, stamp: Stamp) -> None:
        self.name, self.stamp = name, stamp
        self.items: list[Body] = []
        self.content: list[Body] = []

    def mint(self, kind: str) -> str:
        return item_id(kind, self.name, self.stamp, len(self.items))

    def add(self, item: Body) -> None:
        self.end_message()
        self.items.append(item)

    def end_message(self, status: str = "completed") -> None:
        if self.content:
            self.items.append(message_item(self.mint("message"), self.content, status))
            self.content = []


def _items(choice: Choice, name: str, stamp: Stamp) -> list[Body]:
    last = "incomplete" if choice.finish == "length" else "completed"
    out = _Output(name, stamp)
    refused = False
    parts = [part for part in choice.parts if _shown(part)]
    tokens = list(choice.logprobs or ())
    for part in parts:
        if isinstance(part, Text):
            notes = write_annotations(part.citations, len(part.text))
            out.content.append(text_part(part.text, notes, taken(tokens, part.text)))
        elif isinstance(part, Refusal):
            refused = True
            out.content.append(refusal_part(part.text))
        else:
            _item(part, out, last if part is parts[-1] else "completed")
    if tokens:
        # Of calls, or of a text that is spelled otherwise.
        out.content.append(text_part("", [], tokens))
    if choice.explanation and not refused:
        out.content.append(refusal_part(choice.explanation))
    out.end_message(last)
    return out.items


def _shown(part: Any) -> bool:
    """Whether a part has a place in a response."""
    if isinstance(part, Opaque):
        return part.dialect == NAME
    return bool(part.text) if isinstance(part, Text) else not isinstance(part, Media)


def _item(part: Any, out: _Output, status: str) -> None:
    out.end_message()
    if isinstance(part, Thinking):
        out.add(reasoning_item(out.mint("reasoning"), part.text, part.origin, "thinking", part.signature))
    elif isinstance(part, Redacted):
        out.add(reasoning_item(out.mint("reasoning"), "", part.origin, "redacted", part.data))
    elif isinstance(part, Call):
        if part.signature:
            out.add(reasoning_item(out.mint("reasoning"), "", part.origin, "call", part.signature))
        kind = "custom_tool_call" if part.custom else "function_call"
        arguments = part.arguments or ("" if part.custom else "{}")
        out.add(call_item(out.mint(kind), part.id, part.name, arguments, status, custom=part.custom))
    else:
        out.add(dict(part.native))
