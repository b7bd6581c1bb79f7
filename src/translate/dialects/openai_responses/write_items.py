"""Messages to input items of a Responses request (wire/openai-responses.md 3, 7 and 8)."""

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
from .parts import NAME


def write_input(request: Request, target: Target, body: Body) -> None:
    """``input``, and ``instructions`` where the client had them."""
    own = request.dialect == NAME
    items: list[Body] = []
    custom: set[str] = set()
    for message in request.messages:
        native = message.native
        if own and message.path == ("instructions",):
            body["instructions"] = "".join(part.text for part in message.parts if isinstance(part, Text))
        elif own and type(native) is dict:
            items.append(native)
        elif own and type(native) is list:
            items += [item for item, _ in native]
        elif message.role == "assistant":
            old = native.value if own and type(native) is Stale else ()
            items += _own_turn(message, old) if old else _turn(message.content, len(items))
            custom.update(part.id for part in message.parts if type(part) is Call and part.custom)
        else:
            items += _asked(message, custom, own=own)
    body["input"] = items


def _asked(message: Message, custom: set[str], *, own: bool) -> list[Body]:
    """Outputs of calls, and what a user or the system says."""
    if isinstance(message.content, str):
        return [{"role": message.role, "content": message.content}]
    results = [part for part in message.content if type(part) is Result]
    rest = tuple(part for part in message.content if type(part) is not Result)
    out = [_output(part, custom, own=own) for part in results]
    if rest or not results:
        role = "user" if message.role == "tool" else message.role
        out.append({"role": role, "content": _content(rest, own=own)})
    if own and type(message.native) is Stale:
        out[0].update({key: value for key, value in message.native.value.items() if key not in _ITEM_KEYS})
    return out


_ITEM_KEYS = frozenset({"type", "role", "content", "call_id", "output", "name", "arguments", "input", "summary"})


def _output(result: Result, custom: set[str], *, own: bool) -> Body:
    kind = "custom_tool_call_output" if result.call_id in custom else "function_call_output"
    return {"type": kind, "call_id": result.call_id, "output": _content(result.content, own=own)}


def _content(content: str | tuple[Part, ...], *, own: bool) -> Any:
    """A lone plain text is a string, anything else an array of parts."""
    if isinstance(content, str):
        return content
    if len(content) == 1 and type(content[0]) is Text and content[0].cache is None and not own:
        return content[0].text
    return [_part(part, own=own) for part in content] if content else ""


def _part(part: Part, *, own: bool) -> Body:
    native = getattr(part, "native", None)
    if own and type(native) is dict:
        return native
    if isinstance(part, Media):
        return {**_media(part), **_mark(part.cache)}
    if isinstance(part, Opaque):
        return dict(part.native)
    assert isinstance(part, Text | Refusal), part
    return {"type": "input_text", "text": part.text, **_mark(part.cache if isinstance(part, Text) else None)}


def _mark(cache: Cache | None) -> Body:
    if cache is None:
        return {}
    return {"prompt_cache_breakpoint": {"mode": "explicit", **({} if cache.ttl is None else {"ttl": cache.ttl})}}


def _media(part: Media) -> Body:
    url = part.url or f"data:{part.media_type or 'application/octet-stream'};base64,{part.data}"
    if part.kind == "image":
        out: Body = {"type": "input_image", "detail": part.detail or "auto"}
        return {**out, "file_id": part.file_id} if part.file_id is not None else {**out, "image_url": url}
    out = {"type": "input_file"} if part.filename is None else {"type": "input_file", "filename": part.filename}
    if part.file_id is not None:
        return {**out, "file_id": part.file_id}
    return {**out, "file_data": url} if part.data is not None else {**out, "file_url": url}


# What the model said


def _turn(content: str | tuple[Part, ...], start: int) -> list[Body]:
    """A turn of the model's as items; texts that follow each other are one message."""
    if isinstance(content, str):
        return [{"role": "assistant", "content": content}]
    out: list[Body] = []
    said: list[Text | Refusal] = []
    for part in content:
        if isinstance(part, Text | Refusal):
            said.append(part)
            continue
        if said:
            out.append(_said(said, start + len(out)))
            said = []
        out.append(ITEMS[type(part)](part))
    if said:
        out.append(_said(said, start + len(out)))
    return out


def _said(parts: list[Text | Refusal], number: int) -> Body:
    """A message; one that is more than a text has to have an id."""
    if len(parts) == 1 and type(parts[0]) is Text:
        return {"role": "assistant", "content": parts[0].text}
    content = [
        {"type": "output_text", "text": part.text, "annotations": []}
        if isinstance(part, Text)
        else {"type": "refusal", "refusal": part.text}
        for part in parts
    ]
    return {
        "type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed", "content": content,
    }  # fmt: skip


def _call(call: Call) -> Body:
    if call.custom:
        return {"type": "custom_tool_call", "call_id": call.id, "name": call.name, "input": call.arguments}
    return {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments or "{}"}


def _thinking(part: Thinking) -> Body:
    return _reasoning(part.signature or "", [{"type": "summary_text", "text": part.text}] if part.text else [])


def _redacted(part: Redacted) -> Body:
    return _reasoning(part.data, [])


def _reasoning(state: str, summary: list[Body]) -> Body:
    item_id, _, encrypted = state.partition(" ")
    out: Body = {"type": "reasoning"}
    if item_id:
        out["id"] = item_id
    return {**out, "summary": summary, "encrypted_content": encrypted}


def _opaque(part: Opaque) -> Body:
    return dict(part.native)


ITEMS: dict[type, Callable[[Any], Body]] = {
    Call: _call,
    Thinking: _thinking,
    Redacted: _redacted,
    Opaque: _opaque,
}


def _own_turn(message: Message, items: list[tuple[Body, int]]) -> list[Body]:
    """A turn of a client that speaks this dialect, of which something was changed or dropped.

    Items none of whose parts are touched stay as they came; others are written anew, their further keys kept. An item
    that only carried the state of a call goes with it.
    """
    first = message.path[-1]
    assert isinstance(first, int)
    out: list[Body] = []
    for number, (item, count) in enumerate(items, first):
        parts = tuple(part for part in message.parts if part.path[:2] == ("input", number))
        sealed = not count and bool(item.get("encrypted_content"))
        if len(parts) == count and not sealed and all(type(part.native) is dict for part in parts):
            out.append(item)
        elif parts:
            new = _turn(parts, number)
            kept = {key: value for key, value in item.items() if key not in _ITEM_KEYS and key not in new[0]}
            out += [{**new[0], **kept}, *new[1:]]
    return out
