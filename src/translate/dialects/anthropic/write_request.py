"""Records to Anthropic Messages requests (wire/anthropic.md 2 to 8)."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

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
    TranslationError,
    render,
)
from ...rewrite import Body, Writers, assemble
from ...target import Target
from ...values import dotted, show
from .blocks import NAME
from .request import SLOTS

EMPTY_SCHEMA: Body = {"type": "object", "properties": {}}
"""What a tool without arguments declares: ``input_schema`` is required here."""


def write_request(request: Request, target: Target, original: Request | None) -> Body:
    """The body of the call; ``original`` is the request as read when the client speaks this dialect too."""
    return assemble(request, target, original, WRITERS, OWNERS)


def _messages(request: Request, target: Target, body: Body) -> None:
    if request.dialect == NAME:
        _own_messages(request, body)
        return
    system: list[Body] = []
    out: list[Body] = []
    turn: list[Message] = []
    called = False
    for message in request.messages:
        role, content = message.role, message.content
        if role in ("user", "tool"):
            if not called and not turn and isinstance(content, str):
                out.append({"role": "user", "content": content})
            else:
                turn.append(message)
            continue
        if turn:
            _user_turn(turn, out)
            turn = []
        if role == "assistant":
            out.append({"role": "assistant", "content": content if isinstance(content, str) else _said(message)})
            # Until the next assistant turn, results may come among user messages, and must stand first.
            called = not isinstance(content, str)
        elif out:
            out.append({"role": "system", "content": _blocks(message.parts)})
        else:
            system.extend(_blocks(message.parts))
    if turn:
        _user_turn(turn, out)
    if system:
        body["system"] = system
    body["messages"] = out


def _said(message: Message) -> Any:
    """A message's content: a lone plain text is a string."""
    content = message.content
    return content if isinstance(content, str) else _content(_blocks(content))


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
    if len(turn) == 1 and isinstance(turn[0].content, str):
        out.append({"role": "user", "content": turn[0].content})
        return
    results = [
        part for message in turn if type(message.content) is not str for part in message.content if type(part) is Result
    ]
    if not results:
        out.extend([{"role": "user", "content": _said(message)} for message in turn])
        return
    if len(results) > 1:
        order = _call_order(out)
        results.sort(key=lambda result: order.get(result.call_id, len(order)))
    blocks = [_result(result) for result in results]
    if len(turn) > 1 or len(turn[0].content) > len(results):
        for message in turn:
            blocks.extend(_blocks(tuple([part for part in message.parts if type(part) is not Result])))
    out.append({"role": "user", "content": blocks})


def _call_order(out: list[Body]) -> dict[str, int]:
    content = out[-1]["content"] if out else ()
    ids = [block["id"] for block in content if type(block) is dict and block["type"] == "tool_use"]
    return {call_id: index for index, call_id in enumerate(ids)}


def _content(blocks: list[Body]) -> Any:
    """A lone plain text is a string."""
    if len(blocks) == 1 and blocks[0]["type"] == "text" and len(blocks[0]) == 2:
        return blocks[0]["text"]
    return blocks


def _blocks(parts: tuple[Part, ...]) -> list[Body]:
    """Blocks of parts; empty texts, which are refused here (wire/anthropic.md 3), were reported by ``fit``."""
    return [BLOCKS[type(part)](part) for part in parts if type(part) is not Text or part.text]


def _text(part: Text) -> Body:
    out: Body = {"type": "text", "text": part.text}
    if part.cache is not None:
        out.update(_mark(part.cache))
    return out


def _mark(cache: Cache | None) -> Body:
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
        return {"type": "image", "source": source, **_mark(part.cache)}
    out: Body = {"type": "document", "source": source}
    if part.filename is not None:
        out["title"] = part.filename
    if part.context is not None:
        out["context"] = part.context
    if part.cite:
        out["citations"] = {"enabled": True}
    return {**out, **_mark(part.cache)}


def _thinking(part: Thinking) -> Body:
    return {"type": "thinking", "thinking": part.text, "signature": part.signature or ""}


def _redacted(part: Redacted) -> Body:
    return {"type": "redacted_thinking", "data": part.data}


def _call(part: Call) -> Body:
    out: Body = {"type": "tool_use", "id": part.id, "name": part.name, "input": tool_input(part)}
    if part.cache is not None:
        out.update(_mark(part.cache))
    return out


def tool_input(call: Call) -> Any:
    """A call's arguments as the object this dialect wants, their text kept byte for byte.

    Raises:
        TranslationError: when they are not a JSON object.
    """
    text = call.arguments
    if call.custom:
        return {"input": text}
    if not text or text.isspace():
        return {}
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _bad_arguments(call, f"is not valid JSON ({error})") from None
    if type(value) is not dict:
        if value is None:
            return {}
        raise _bad_arguments(call, "is not a JSON object")
    return orjson.Fragment(text)


def _bad_arguments(call: Call, why: str) -> TranslationError:
    path = (*call.path, "function", "arguments")
    return TranslationError(
        f"Invalid value for '{dotted(path)}': the target needs a JSON object as arguments of a call, "
        f"but {show(call.arguments)} {why}.",
        path=render(path),
        code="invalid_arguments",
    )


def _result(part: Result) -> Body:
    out: Body = {"type": "tool_result", "tool_use_id": part.call_id}
    content = part.content if isinstance(part.content, str) else _content(_blocks(part.content))
    if content:
        out["content"] = content
    if part.is_error:
        out["is_error"] = True
    if part.cache is not None:
        out.update(_mark(part.cache))
    return out


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


def _tools(request: Request, target: Target, body: Body) -> None:
    own = request.dialect == NAME
    tools = [_tool(tool, own=own) for tool in request.tools]
    search = request.options.get("web_search")
    if search is not None:
        tools.append(_web_search(search))
    if tools:
        body["tools"] = tools


def _tool(tool: Tool, *, own: bool) -> Body:
    if own:
        native = tool.native.value if type(tool.native) is Stale else tool.native
        if tool.native is native or tool.kind == "builtin":
            return {k: v for k, v in native.items() if k != "cache_control"} | _mark(tool.cache)
    out: Body = {"name": tool.name}
    if tool.description is not None:
        out["description"] = tool.description
    if tool.kind == "custom":
        # A free-text tool is a tool with one string (wire/anthropic.md 18).
        out["input_schema"] = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}
    else:
        out["input_schema"] = _schema(tool.schema)
    if tool.strict:
        out["strict"] = True
    if tool.cache is not None:
        out.update(_mark(tool.cache))
    return out


def _schema(schema: Any) -> Body:
    """A tool's schema; the dialect wants ``"type": "object"`` at its root."""
    if not schema:
        return EMPTY_SCHEMA
    return schema if "type" in schema else {"type": "object", **schema}


def _web_search(options: Body) -> Body:
    tool: Body = {"type": "web_search_20250305", "name": "web_search"}
    location = options.get("user_location")
    if type(location) is dict and type(location.get("approximate")) is dict:
        tool["user_location"] = {"type": "approximate", **location["approximate"]}
    return tool


def _tool_choice(request: Request, target: Target, body: Body) -> None:
    choice = request.tool_choice
    single = request.parallel_calls is False
    if choice is None:
        if single:
            body["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": True}
        return
    out: Body = {"type": _CHOICES[choice.mode]}
    if choice.mode == "named":
        out["name"] = choice.name
    if single and choice.mode != "none":
        out["disable_parallel_tool_use"] = True
    body["tool_choice"] = out


def _limit(request: Request, target: Target, body: Body) -> None:
    if request.max_tokens is not None:
        body["max_tokens"] = request.max_tokens


def _stop(request: Request, target: Target, body: Body) -> None:
    if request.stop:
        body["stop_sequences"] = list(request.stop)


def _stream(request: Request, target: Target, body: Body) -> None:
    if request.stream:
        body["stream"] = True


def _reasoning(request: Request, target: Target, body: Body) -> None:
    reasoning, output = request.reasoning, request.output
    native = (request.native.get("output_config") or {}) if request.dialect == NAME else {}
    config: Body = {k: v for k, v in native.items() if k not in ("effort", "format")}
    if reasoning is not None and reasoning.mode is not None:
        thinking: Body = {"type": reasoning.mode}
        if reasoning.mode == "enabled":
            thinking["budget_tokens"] = reasoning.budget
        if reasoning.display is not None and reasoning.mode in ("enabled", "adaptive"):
            thinking["display"] = reasoning.display
        body["thinking"] = thinking
    if reasoning is not None and reasoning.effort is not None:
        config["effort"] = reasoning.effort
    if output is not None and output.kind == "schema":
        config["format"] = {"type": "json_schema", "schema": output.schema}
    if config:
        body["output_config"] = config


def _cache(request: Request, target: Target, body: Body) -> None:
    if request.cache is not None:
        body.update(_mark(request.cache))


def _options(request: Request, target: Target, body: Body) -> None:
    for name, value in request.options.items():
        if name == "user":
            metadata = request.native.get("metadata") if request.dialect == NAME else None
            body["metadata"] = {**(metadata or {}), "user_id": value}
        elif name == "service_tier":
            body["service_tier"] = "standard_only" if value == "default" else value
        elif name != "web_search":
            body[name] = value


_CHOICES = {"auto": "auto", "required": "any", "named": "tool", "none": "none"}

WRITERS: Writers = (
    (("max_tokens",), _limit),
    (("messages",), _messages),
    (("tools",), _tools),
    (("tool_choice", "parallel_calls"), _tool_choice),
    (("stop",), _stop),
    (("stream",), _stream),
    (("reasoning", "output"), _reasoning),
    (("cache",), _cache),
    (("options",), _options),
)

OWNERS: Mapping[str, tuple[str, ...]] = dict.fromkeys(SLOTS, ("options",)) | {
    "model": ("model",),
    "messages": ("messages",),
    "system": ("messages",),
    "max_tokens": ("max_tokens",),
    "tools": ("tools",),
    "tool_choice": ("tool_choice", "parallel_calls"),
    "stop_sequences": ("stop",),
    "stream": ("stream",),
    "thinking": ("reasoning", "output"),
    "output_config": ("reasoning", "output"),
    "output_format": ("reasoning", "output"),
    "cache_control": ("cache",),
}
"""Which writer speaks for a top-level key."""
