"""Records to OpenAI Chat Completions requests (wire/openai-chat.md 2, 3, 4, 6, 7)."""

from __future__ import annotations

from collections.abc import Mapping
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
    Tool,
)
from ...rewrite import Body, Writers, assemble
from ...target import Target
from .extensions import text_signature
from .parts import MARKS, READERS
from .request import SLOTS


def write_request(request: Request, target: Target, original: Request | None) -> Body:
    """The body of the call; ``original`` is the request as read when the client speaks this dialect too."""
    return assemble(request, target, original, WRITERS, OWNERS, _ALWAYS)


def _messages(request: Request, target: Target, body: Body) -> None:
    messages: list[Body] = []
    own = request.dialect == "openai_chat"
    for message in request.messages:
        if own and type(message.native) is dict:
            messages.append(message.native)
        elif type(message.content) is str and message.name is None:
            messages.append({"role": message.role, "content": message.content})
        else:
            messages.extend(_message(message, target, own))
    body["messages"] = messages


def _message(message: Message, target: Target, own: bool) -> list[Body]:
    if message.role == "assistant":
        out = [_assistant(message, target, own)]
    elif any(isinstance(part, Result) for part in message.parts):
        out = [_tool_message(part, target, own) for part in message.parts if isinstance(part, Result)]
        rest = tuple(part for part in message.parts if not isinstance(part, Result))
        if rest:
            out.append({"role": "user", "content": _content(rest, target, own)})
    else:
        out = [{"role": message.role, "content": _content(message.parts, target, own)}]
        if message.name is not None:
            out[0]["name"] = message.name
    if own and type(message.native) is Stale:
        known, taken = _MESSAGE_KEYS, target.provider.message_keys
        more = message.native.value.items()
        out[0].update({k: v for k, v in more if k not in known and k not in out[0] and (not taken or k in taken)})
    return out


_MESSAGE_KEYS = frozenset({
    "role", "content", "name", "refusal", "tool_calls", "function_call", "tool_call_id", "cache_control",
    "thinking_blocks", "content_blocks", "reasoning_content", "reasoning", "reasoning_details",
    "provider_specific_fields", "extra_content",
})  # fmt: skip


def _tool_message(result: Result, target: Target, own: bool) -> Body:
    out: Body = {"role": "tool", "tool_call_id": result.call_id, "content": _content(result.parts, target, own)}
    if result.cache is not None:
        out.update(_mark(result.cache, target))
    return out


def _assistant(message: Message, target: Target, own: bool) -> Body:
    out: Body = {"role": "assistant", "content": None}
    visible = tuple(part for part in message.parts if isinstance(part, Text | Opaque | Media))
    calls = [_call(part, target) for part in message.parts if isinstance(part, Call)]
    refusal = "".join(part.text for part in message.parts if isinstance(part, Refusal))
    thoughts = [part for part in message.parts if isinstance(part, Thinking | Redacted)]
    if visible:
        out["content"] = _content(visible, target, own)
    elif not calls and not refusal:
        out["content"] = ""
    if message.name is not None:
        out["name"] = message.name
    if refusal:
        out["refusal"] = refusal
    text = "".join(part.text for part in thoughts if isinstance(part, Thinking))
    if text:
        out[target.provider.reasoning_key] = text
    if any(isinstance(part, Redacted) or part.signature for part in thoughts):
        out["thinking_blocks"] = [_thought(part) for part in thoughts]
    if calls:
        out["tool_calls"] = calls
    if out["content"] is None and target.provider.message_keys:
        del out["content"]
    return out


def _thought(part: Thinking | Redacted) -> Body:
    if isinstance(part, Redacted):
        return {"type": "redacted_thinking", "data": part.data}
    return {"type": "thinking", "thinking": part.text, "signature": part.signature or ""}


def _call(call: Call, target: Target) -> Body:
    mark = {} if call.cache is None else _mark(call.cache, target)
    if call.custom:
        return {"id": call.id, "type": "custom", "custom": {"name": call.name, "input": call.arguments}, **mark}
    out: Body = {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": call.arguments or "{}"},
        **mark,
    }
    if call.signature:
        out |= text_signature(call.signature)
    return out


def _content(parts: tuple[Part, ...], target: Target, own: bool) -> Any:
    """A lone plain text is a string, anything else an array of parts."""
    if not parts:
        return ""
    if len(parts) == 1 and isinstance(parts[0], Text) and parts[0].cache is None:
        return parts[0].text
    return [_part(part, target, own) for part in parts]


def _part(part: Part, target: Target, own: bool) -> Body:
    native = getattr(part, "native", None)
    if own and type(native) is dict:
        return native
    if isinstance(part, Text):
        out: Body = {"type": "text", "text": part.text}
    elif isinstance(part, Media):
        out = _media(part)
    elif isinstance(part, Refusal):
        out = {"type": "refusal", "refusal": part.text}
    else:
        assert isinstance(part, Opaque), part
        return dict(part.native)
    if own and type(native) is Stale:
        _keep(native.value, out)
    if isinstance(part, Text | Media) and part.cache is not None:
        out.update(_mark(part.cache, target))
    return out


def _keep(came: Body, out: Body) -> None:
    """Keys of a part that no reader knows, those inside its object while it is of the same type."""
    out.update({k: v for k, v in came.items() if k not in out and k not in _PART_KEYS})
    kind = came["type"]
    old, new = came.get(kind), out.get(kind)
    if type(old) is dict and type(new) is dict:
        new.update({k: v for k, v in old.items() if k not in new and k not in _INNER_KEYS})


_PART_KEYS = frozenset({*READERS, *MARKS, "document_name"})
_INNER_KEYS = frozenset({"url", "detail", "mime_type", "format", "filename", "file_data", "file_id", "file_url"})


def _mark(cache: Cache, target: Target) -> Body:
    """A cache mark in the spelling the target reads."""
    ttl = {} if cache.ttl is None else {"ttl": cache.ttl}
    if target.row.cache_ttls:
        return {"prompt_cache_breakpoint": {"mode": "explicit", **ttl}}
    return {"cache_control": {"type": "ephemeral", **ttl}}


def _media(media: Media) -> Body:
    media_type = media.media_type or "application/octet-stream"
    if media.kind == "image":
        url = media.url or f"data:{media_type};base64,{media.data}"
        inner: Body = {"url": url}
        if media.detail is not None:
            inner["detail"] = media.detail
        return {"type": "image_url", "image_url": inner}
    if media.kind == "audio" and media.data is not None:
        form = {"mpeg": "mp3", "mpga": "mp3", "x-wav": "wav", "wave": "wav"}.get(
            media_type.partition("/")[2], media_type.partition("/")[2]
        )
        return {"type": "input_audio", "input_audio": {"data": media.data, "format": form}}
    if media.kind == "video":
        return {"type": "video_url", "video_url": {"url": media.url or f"data:{media_type};base64,{media.data}"}}
    inner = {} if media.filename is None else {"filename": media.filename}
    if media.file_id is not None:
        inner["file_id"] = media.file_id
    elif media.data is not None:
        inner["file_data"] = f"data:{media_type};base64,{media.data}"
    else:
        inner["file_url"] = media.url
    return {"type": "file", "file": inner}


def _tools(request: Request, target: Target, body: Body) -> None:
    if request.tools:
        own = request.dialect == "openai_chat"
        body["tools"] = [_tool(tool, target, own) for tool in request.tools]


def _tool(tool: Tool, target: Target, own: bool) -> Body:
    if own and type(tool.native) is dict and "name" not in tool.native:
        return tool.native
    if tool.kind == "builtin":
        return dict(tool.native.value if type(tool.native) is Stale else tool.native)
    inner: Body = {"name": tool.name}
    if tool.description is not None:
        inner["description"] = tool.description
    if tool.kind == "custom" and not target.provider.custom_tools:
        inner["parameters"] = _FREE_TEXT
    elif tool.kind == "custom":
        if tool.format is not None:
            inner["format"] = tool.format
        return {"type": "custom", "custom": inner}
    if tool.schema is not None:
        inner["parameters"] = tool.schema
    if tool.strict is not None:
        inner["strict"] = tool.strict
    out: Body = {"type": "function", "function": inner}
    if tool.cache is not None and not target.row.cache_ttls:
        out.update(_mark(tool.cache, target))
    return out


_FREE_TEXT = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}
"""The arguments of a function that stands for a free-text tool."""


def _tool_choice(request: Request, target: Target, body: Body) -> None:
    choice = request.tool_choice
    if choice is None:
        return
    if choice.mode == "named":
        kind = "custom" if choice.custom else "function"
        body["tool_choice"] = {"type": kind, kind: {"name": choice.name}}
    elif choice.allowed is not None:
        tools = [{"type": "function", "function": {"name": name}} for name in choice.allowed]
        body["tool_choice"] = {"type": "allowed_tools", "allowed_tools": {"mode": choice.mode, "tools": tools}}
    else:
        body["tool_choice"] = choice.mode


def _parallel(request: Request, target: Target, body: Body) -> None:
    if request.parallel_calls is not None:
        body["parallel_tool_calls"] = request.parallel_calls


def _limit(request: Request, target: Target, body: Body) -> None:
    if request.max_tokens is None:
        return
    field = target.row.limit_field
    told = [key for key in _LIMITS if request.native.get(key) is not None] if request.dialect == "openai_chat" else []
    if field is None and told:
        # Nothing is known of the model: the client's own spelling, or both.
        body.update({key: request.native[key] for key in told})
    else:
        body[field or target.provider.limit_field] = request.max_tokens


_LIMITS = ("max_completion_tokens", "max_tokens")


def _stop(request: Request, target: Target, body: Body) -> None:
    if request.stop:
        body["stop"] = list(request.stop)


def _stream(request: Request, target: Target, body: Body) -> None:
    if request.stream:
        body["stream"] = True


def _stream_options(request: Request, target: Target, body: Body) -> None:
    if request.stream and request.include_usage:
        options = request.native.get("stream_options") if request.dialect == "openai_chat" else None
        body["stream_options"] = {**(options or {}), "include_usage": True}


def _reasoning(request: Request, target: Target, body: Body) -> None:
    reasoning = request.reasoning
    if reasoning is None:
        return
    if reasoning.effort is not None:
        body["reasoning_effort"] = reasoning.effort
    elif reasoning.budget is not None:
        body["reasoning"] = {"max_tokens": reasoning.budget}


def _output(request: Request, target: Target, body: Body) -> None:
    output = request.output
    if output is None or output.kind == "text":
        return
    if output.kind == "json":
        body["response_format"] = {"type": "json_object"}
        return
    inner: Body = {"name": output.name or "output", "schema": output.schema}
    if output.description is not None:
        inner["description"] = output.description
    if output.strict is not None:
        inner["strict"] = output.strict
    body["response_format"] = {"type": "json_schema", "json_schema": inner}


def _cache(request: Request, target: Target, body: Body) -> None:
    if request.cache is None:
        return
    ttl = {} if request.cache.ttl is None else {"ttl": request.cache.ttl}
    if target.row.cache_ttls:
        body["prompt_cache_options"] = {"mode": "implicit", **ttl}
    else:
        body["cache_control"] = {"type": "ephemeral", **ttl}


def _options(request: Request, target: Target, body: Body) -> None:
    for name, value in request.options.items():
        body[_SPELLING.get(name, name)] = value


_SPELLING = {"web_search": "web_search_options"}

WRITERS: Writers = (
    (("messages",), _messages),
    (("tools",), _tools),
    (("tool_choice",), _tool_choice),
    (("parallel_calls",), _parallel),
    (("max_tokens",), _limit),
    (("stop",), _stop),
    (("stream",), _stream),
    (("include_usage",), _stream_options),
    (("reasoning",), _reasoning),
    (("output",), _output),
    (("cache",), _cache),
    (("options",), _options),
)
_ALWAYS = frozenset({"max_tokens"})
"""Fields whose spelling depends on the model even when their value does not change."""

OWNERS: Mapping[str, tuple[str, ...]] = dict.fromkeys(SLOTS, ("options",)) | {
    "model": ("model",),
    "messages": ("messages",),
    "tools": ("tools",),
    "functions": ("tools",),
    "tool_choice": ("tool_choice",),
    "function_call": ("tool_choice",),
    "parallel_tool_calls": ("parallel_calls",),
    "max_tokens": ("max_tokens",),
    "max_completion_tokens": ("max_tokens",),
    "stop": ("stop",),
    "stream": ("stream",),
    "stream_options": ("include_usage",),
    "response_format": ("output",),
    "reasoning_effort": ("reasoning",),
    "reasoning": ("reasoning",),
    "thinking": ("reasoning",),
    "cache_control": ("cache",),
}
"""Which field of the record speaks for a top-level key."""
