"""Turns and blocks of a Converse request (wire/bedrock.md 4 and 5)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from typing import Any

from ...records import (
    Cache,
    Call,
    Media,
    Opaque,
    Part,
    Redacted,
    Refusal,
    Request,
    Result,
    Stale,
    Text,
    Thinking,
)
from ...records.request import SYSTEM_ROLES
from ...rewrite import Body
from ...target import Target
from ..arguments import request_arguments
from .blocks import NAME, write_redacted
from .formats import format_of

Blocks = list[Body]


def write_messages(request: Request, target: Target, body: Body) -> None:
    """``messages``, whose roles alternate, and ``system`` for what stands before them."""
    if request.dialect == NAME:
        _own_messages(request, body)
        return
    system: Blocks = []
    out: list[Body] = []
    for message in request.messages:
        content = message.content
        blocks = [{"text": content}] if isinstance(content, str) else _blocks(content)
        if message.role in SYSTEM_ROLES and not out:
            system += blocks
            continue
        role = {"tool": "user", "developer": "system"}.get(message.role, message.role)
        if out and out[-1]["role"] == role:
            out[-1]["content"] += blocks
        else:
            out.append({"role": role, "content": blocks})
    for index, turn in enumerate(out):
        if turn["role"] == "user":
            _arrange(turn["content"], out[index - 1]["content"] if index else [])
    if system:
        body["system"] = system
    body["messages"] = out


def _arrange(blocks: Blocks, before: Blocks) -> None:
    """Tool results first, in the order of their calls (wire/bedrock.md 6)."""
    if not any("toolResult" in block for block in blocks):
        return
    order = [block["toolUse"]["toolUseId"] for block in before if "toolUse" in block]
    groups = _groups(blocks)
    results = [group for group in groups if "toolResult" in group[0]]
    results.sort(key=lambda group: _place(group[0]["toolResult"]["toolUseId"], order))
    rest = [group for group in groups if "toolResult" not in group[0]]
    blocks[:] = [block for group in (*results, *rest) for block in group]


def _groups(blocks: Blocks) -> list[Blocks]:
    """Blocks with the marks that follow them."""
    groups: list[Blocks] = []
    for block in blocks:
        if "cachePoint" in block and groups:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _place(call_id: str, order: list[str]) -> int:
    return order.index(call_id) if call_id in order else len(order)


def _own_messages(request: Request, body: Body) -> None:
    out = []
    for message in request.messages:
        native = message.native
        if type(native) is not dict:
            blocks = [block for part in message.parts for block in (_own_block(part), *write_mark(part))]
            native = {"role": message.role, "content": blocks}
        if message.path == ("system",):
            body["system"] = native["content"]
        else:
            out.append(native)
    body["messages"] = out


_OWN_KEYS = frozenset({
    "format", "source", "name", "context", "citations", "toolUseId", "input", "content", "status", "reasoningText",
    "redactedContent",
})  # fmt: skip


def _own_block(part: Part) -> Body:
    """A block of a client that speaks this dialect: as it came, or rewritten with its unknown keys kept."""
    native = part.native
    if type(native) is not Stale:
        return native if type(native) is dict else BLOCKS[type(part)](part)
    block = BLOCKS[type(part)](part)
    for kind, inner in native.value.items():
        if kind in block and type(inner) is dict:
            block[kind] |= {key: value for key, value in inner.items() if key not in _OWN_KEYS}
    return block


def _blocks(parts: Iterable[Part]) -> Blocks:
    """Blocks of parts, each with its mark behind it."""
    out: Blocks = []
    for part in parts:
        out.append(BLOCKS[type(part)](part))
        out += write_mark(part)
    return out


def write_mark(part: Part) -> Blocks:
    """The mark behind a block."""
    cache = getattr(part, "cache", None)
    return [] if cache is None else [cache_point(cache)]


def cache_point(cache: Cache) -> Body:
    """A cache mark as a block of its own."""
    return {"cachePoint": {"type": "default"} if cache.ttl is None else {"type": "default", "ttl": cache.ttl}}


def _text(part: Text | Refusal) -> Body:
    return {"text": part.text}


def _media(part: Media) -> Body:
    if part.url is not None:
        source: Body = {"s3Location": {"uri": part.url}}
    elif part.text is not None:
        # As bytes, which every family takes.
        source = {"bytes": b64encode(part.text.encode()).decode("ascii")}
    else:
        source = {"bytes": part.data}
    inner: Body = {"format": format_of(part), "source": source}
    if part.kind == "document":
        inner = {"name": part.filename, **inner}
        if part.context is not None:
            inner["context"] = part.context
        if part.cite:
            inner["citations"] = {"enabled": True}
    return {part.kind: inner}


def _thinking(part: Thinking) -> Body:
    return {"reasoningContent": {"reasoningText": {"text": part.text, "signature": part.signature}}}


def _redacted(part: Redacted) -> Body:
    return {"reasoningContent": {"redactedContent": write_redacted(part.data, part.origin)}}


def _call(part: Call) -> Body:
    return {"toolUse": {"toolUseId": part.id, "name": part.name, "input": request_arguments(part)}}


def _result(part: Result) -> Body:
    inner: Body = {"toolUseId": part.call_id, "content": [BLOCKS[type(item)](item) for item in part.parts]}
    if part.is_error:
        inner["status"] = "error"
    return {"toolResult": inner}


def _opaque(part: Opaque) -> Body:
    return dict(part.native)


BLOCKS: dict[type, Callable[[Any], Body]] = {
    Text: _text,
    Refusal: _text,
    Media: _media,
    Thinking: _thinking,
    Redacted: _redacted,
    Call: _call,
    Result: _result,
    Opaque: _opaque,
}
