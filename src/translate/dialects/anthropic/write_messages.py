"""Turns and blocks of an Anthropic Messages request (wire/anthropic.md 3 and 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...records import (
    Cache,
    Call,
    Media,
    Message,
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
from ...rewrite import Body
from ...target import Target
from ..arguments import request_arguments
from .blocks import NAME


def write_messages(request: Request, target: Target, body: Body) -> None:
    """``messages``, and ``system`` for what stands before them."""
    if request.dialect == NAME:
        _own_messages(request, body)
        return
    system: list[Body] = []
    out: list[Body] = []
    turn: list[Message] = []
    called = False
    for message in request.messages:
        role, content = message.role, message.content
        if role in _ASKING:
            if not called and not turn and type(content) is str:
                out.append({"role": "user", "content": content})
            else:
                turn.append(message)
            continue
        if turn:
            _user_turn(turn, out)
            turn = []
        if role == "assistant":
            # Until the next assistant turn, results may come among user messages, and must stand first.
            called = type(content) is not str
            out.append({"role": "assistant", "content": _content(content)})
        elif out:
            out.append({"role": "system", "content": _blocks(message.parts)})
        else:
            system += _system(content)
    if turn:
        _user_turn(turn, out)
    if system:
        body["system"] = system
    body["messages"] = out


_ASKING = frozenset({"user", "tool"})
"""Roles of user turns."""


def _system(content: str | tuple[Part, ...]) -> list[Body]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return _blocks(content)


def _own_messages(request: Request, body: Body) -> None:
    out = []
    for message in request.messages:
        native = message.native
        if type(native) is not dict:
            content = message.content
            said = content if isinstance(content, str) else [_own_block(part) for part in content]
            native = {"role": message.role, "content": said}
        if message.path == ("system",):
            body["system"] = native["content"]
        else:
            out.append(native)
    body["messages"] = out


_OWN_KEYS = frozenset({
    "type", "text", "source", "title", "context", "citations", "cache_control", "thinking", "signature", "data", "id",
    "name", "input", "tool_use_id", "content", "is_error",
})  # fmt: skip


def _own_block(part: Part) -> Body:
    """A block of a client that speaks this dialect: as it came, or rewritten with its unknown keys kept."""
    native = part.native
    if type(native) is dict:
        return native
    block = BLOCKS[type(part)](part)
    if type(native) is Stale:
        block = {**block, **{k: v for k, v in native.value.items() if k not in _OWN_KEYS}}
    return block


def _user_turn(turn: list[Message], out: list[Body]) -> None:
    """User messages up to the next assistant turn; tool results stand first, in one message, in call order."""
    results: list[Result] = []
    alone = True
    for message in turn:
        content = message.content
        if isinstance(content, str):
            alone = False
            continue
        for part in content:
            if type(part) is Result:
                results.append(part)
            else:
                alone = False
    if not results:
        out.extend([{"role": "user", "content": _content(message.content)} for message in turn])
        return
    if len(results) > 1:
        order = _call_order(out)
        results.sort(key=lambda result: order.get(result.call_id, len(order)))
    blocks = [_result(result) for result in results]
    if not alone:
        for message in turn:
            blocks.extend(_blocks(tuple([part for part in message.parts if type(part) is not Result])))
    out.append({"role": "user", "content": blocks})


def _call_order(out: list[Body]) -> dict[str, int]:
    """The places of the last turn's calls; neighbouring assistant messages are one turn (wire/anthropic.md 3)."""
    ids: list[str] = []
    for message in reversed(out):
        if message["role"] != "assistant":
            break
        content = message["content"]
        ids[:0] = [block["id"] for block in content if type(block) is dict and block["type"] == "tool_use"]
    return {call_id: index for index, call_id in enumerate(ids)}


def _content(content: str | tuple[Part, ...]) -> Any:
    """A message's or result's content: a lone plain text is a string."""
    if isinstance(content, str):
        return content
    blocks = _blocks(content)
    if len(blocks) == 1 and blocks[0]["type"] == "text" and len(blocks[0]) == 2:
        return blocks[0]["text"]
    return blocks


def _blocks(parts: tuple[Part, ...]) -> list[Body]:
    """Blocks of parts; empty texts, which are refused here (wire/anthropic.md 3), were reported by ``fit``."""
    out: list[Body] = []
    for part in parts:
        if type(part) is not Text or part.text:
            out.append(BLOCKS[type(part)](part))  # noqa: PERF401 - for the few parts of a turn a loop is faster
    return out


def _text(part: Text) -> Body:
    if part.cache is None:
        return {"type": "text", "text": part.text}
    return {"type": "text", "text": part.text, **write_mark(part.cache)}


def write_mark(cache: Cache | None) -> Body:
    """A cache mark as the keys of its block; none when there is no mark."""
    if cache is None:
        return {}
    return {"cache_control": {"type": "ephemeral"} if cache.ttl is None else {"type": "ephemeral", "ttl": cache.ttl}}


def _media(part: Media) -> Body:
    if part.data is not None:
        source: Body = {"type": "base64", "media_type": part.media_type, "data": part.data}
    elif part.text is not None:
        source = {"type": "text", "media_type": "text/plain", "data": part.text}
    elif part.url is not None:
        source = {"type": "url", "url": part.url}
    else:
        source = {"type": "file", "file_id": part.file_id}
    if part.kind == "image":
        return {"type": "image", "source": source, **write_mark(part.cache)}
    out: Body = {"type": "document", "source": source}
    if part.filename is not None:
        out["title"] = part.filename
    if part.context is not None:
        out["context"] = part.context
    if part.cite:
        out["citations"] = {"enabled": True}
    return {**out, **write_mark(part.cache)}


def _thinking(part: Thinking) -> Body:
    return {"type": "thinking", "thinking": part.text, "signature": part.signature}


def _redacted(part: Redacted) -> Body:
    return {"type": "redacted_thinking", "data": part.data}


def _call(part: Call) -> Body:
    arguments = request_arguments(part)
    return {"type": "tool_use", "id": part.id, "name": part.name, "input": arguments, **write_mark(part.cache)}


def _result(part: Result) -> Body:
    out: Body = {"type": "tool_result", "tool_use_id": part.call_id}
    content = _content(part.content)
    if content:
        out["content"] = content
    if part.is_error:
        out["is_error"] = True
    return {**out, **write_mark(part.cache)}


def _refusal(part: Refusal) -> Body:
    return {"type": "text", "text": part.text}


def _opaque(part: Opaque) -> Body:
    return dict(part.native)


BLOCKS: dict[type, Callable[[Any], Body]] = {
    Text: _text,
    Media: _media,
    Thinking: _thinking,
    Redacted: _redacted,
    Call: _call,
    Result: _result,
    Refusal: _refusal,
    Opaque: _opaque,
}
