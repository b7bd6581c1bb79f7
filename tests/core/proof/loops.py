"""Tool loops in every dialect, with names, ids, arguments and schemas as they are given: text of JSON stays text."""

from typing import Any

import orjson
from orjson import Fragment

from .strategies import Json


def _chat(names: list[str], ids: list[str], arguments: str, schema: Any) -> Json:
    tools = [{"type": "function", "function": {"name": name, "parameters": schema}} for name in names]
    calls = [
        {"id": i, "type": "function", "function": {"name": name, "arguments": arguments}}
        for name, i in zip(names, ids, strict=True)
    ]
    messages = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": None, "tool_calls": calls},
        *({"role": "tool", "tool_call_id": i, "content": "r"} for i in ids),
    ]
    choice = {"type": "function", "function": {"name": names[0]}}
    return {"model": "a/m", "messages": messages, "tools": tools, "tool_choice": choice}


def _responses(names: list[str], ids: list[str], arguments: str, schema: Any) -> Json:
    tools = [{"type": "function", "name": name, "parameters": schema, "strict": False} for name in names]
    calls = [
        {"type": "function_call", "call_id": i, "name": name, "arguments": arguments}
        for name, i in zip(names, ids, strict=True)
    ]
    outputs = [{"type": "function_call_output", "call_id": i, "output": "r"} for i in ids]
    choice = {"type": "function", "name": names[0]}
    asked = [{"role": "user", "content": "Hi"}, *calls, *outputs]
    return {"model": "a/m", "input": asked, "tools": tools, "tool_choice": choice}


def _messages(names: list[str], ids: list[str], arguments: str, schema: Any) -> Json:
    tools = [{"name": name, "input_schema": schema} for name in names]
    calls = [
        {"type": "tool_use", "id": i, "name": name, "input": Fragment(arguments)}
        for name, i in zip(names, ids, strict=True)
    ]
    results = [{"type": "tool_result", "tool_use_id": i, "content": "r"} for i in ids]
    messages = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": calls},
        {"role": "user", "content": results},
    ]
    choice = {"type": "tool", "name": names[0]}
    return {"model": "a/m", "max_tokens": 99, "messages": messages, "tools": tools, "tool_choice": choice}


def _gemini(names: list[str], ids: list[str], arguments: str, schema: Any) -> Json:
    tools = [{"functionDeclarations": [{"name": name, "parametersJsonSchema": schema} for name in names]}]
    pairs = list(zip(names, ids, strict=True))
    calls = [{"functionCall": {"id": i, "name": name, "args": Fragment(arguments)}} for name, i in pairs]
    results = [{"functionResponse": {"id": i, "name": name, "response": {"output": "r"}}} for name, i in pairs]
    contents = [
        {"role": "user", "parts": [{"text": "Hi"}]},
        {"role": "model", "parts": calls},
        {"role": "user", "parts": results},
    ]
    mode = {"mode": "ANY", "allowedFunctionNames": [names[0]]}
    return {"contents": contents, "tools": tools, "toolConfig": {"functionCallingConfig": mode}}


def _converse(names: list[str], ids: list[str], arguments: str, schema: Any) -> Json:
    tools = [{"toolSpec": {"name": name, "inputSchema": {"json": schema}}} for name in names]
    calls = [
        {"toolUse": {"toolUseId": i, "name": name, "input": Fragment(arguments)}}
        for name, i in zip(names, ids, strict=True)
    ]
    results = [{"toolResult": {"toolUseId": i, "content": [{"text": "r"}]}} for i in ids]
    messages = [
        {"role": "user", "content": [{"text": "Hi"}]},
        {"role": "assistant", "content": calls},
        {"role": "user", "content": results},
    ]
    return {"messages": messages, "toolConfig": {"tools": tools, "toolChoice": {"tool": {"name": names[0]}}}}


_LOOPS = {
    "openai_chat": _chat,
    "openai_responses": _responses,
    "anthropic": _messages,
    "gemini": _gemini,
    "bedrock": _converse,
}
EMPTY = {"type": "object", "properties": {}}


def loop(client: str, names: list[str], ids: list[str], arguments: str = "{}", schema: Any = None) -> bytes:
    """A request that declares tools, has called each once, and must call the first now."""
    return orjson.dumps(_LOOPS[client](names, ids, arguments, EMPTY if schema is None else schema))


TEXT = frozenset({"openai_chat", "openai_responses"})
"""Dialects whose arguments are text; the others have objects."""


def calls_in(value: Any) -> list[Json]:
    """The calls in a reply or a request of any dialect, in order: objects with a name and arguments."""
    if isinstance(value, list):
        return [call for item in value for call in calls_in(item)]
    if not isinstance(value, dict):
        return []
    inner = [call for key, item in value.items() for call in ([] if key in _ARGUMENTS else calls_in(item))]
    own = "functionCall" in value or ("name" in value and value.keys() & _ARGUMENTS)
    return ([value.get("functionCall", value)] if own else []) + ([] if "functionCall" in value else inner)


_ARGUMENTS = frozenset({"arguments", "input", "args"})
