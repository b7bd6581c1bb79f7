"""Converse requests to records (wire/bedrock.md 4, 6, 7, 8)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import orjson

from ...draft import Draft, Slot
from ...records import Extra, Message, OutputFormat, Path, Reasoning, Request, Tool, ToolChoice, evolve, traits
from ...records.request import ChoiceMode, Role
from ...values import (
    array_at,
    bool_at,
    choice_at,
    int_at,
    maybe_text,
    missing,
    number_at,
    object_at,
    strings_at,
    text_of,
    wrong_type,
    wrong_value,
)
from .blocks import NAME, kind_of_block, read_content, read_mark

POINTERS = MappingProxyType({
    "max_tokens": ("inferenceConfig", "maxTokens"),
    "temperature": ("inferenceConfig", "temperature"),
    "top_p": ("inferenceConfig", "topP"),
    "filename": ("name",),
    "call_id": ("toolResult", "toolUseId"),
    "stop": ("inferenceConfig", "stopSequences"),
    "tools": ("toolConfig", "tools"),
    "tool_choice": ("toolConfig", "toolChoice"),
    "parallel_calls": ("additionalModelRequestFields", "tool_choice"),
    "output": ("outputConfig", "textFormat"),
    "effort": ("outputConfig", "effort"),
    "reasoning": ("outputConfig", "effort"),
    "metadata": ("requestMetadata",),
    "service_tier": ("serviceTier", "type"),
    "output.schema_text": ("outputConfig", "textFormat", "structure", "jsonSchema", "schema"),
    "parts.context": ("document", "context"),
    "parts.citations": ("document", "citations"),
    "parts.is_error": ("toolResult", "status"),
    "toolConfig.schema": ("toolSpec", "inputSchema", "json"),
    "toolConfig.strict": ("toolSpec", "strict"),
})  # fmt: skip
"""Where the fields of a Request stand in this dialect, when their key is not their name."""

FIELDS = "additionalModelRequestFields"
SEARCH = "nova_grounding"
"""The system tool that searches the web."""


def read_request(body: Any) -> Request:
    """A parsed Converse body as a Request.

    On the wire the path names the model and says whether the answer is a stream; a body may say both, too.

    Raises:
        TranslationError: with the pointer of the field that is missing or of a wrong type or value.
    """
    body = object_at(body, ("body",))
    draft = Draft(POINTERS)
    draft.walk(body, SLOTS)
    if draft.messages is None:
        missing(("messages",))
    draft.model = draft.model or ""
    if draft.system is not None:
        draft.messages = (draft.system, *draft.messages)
    draft.include_usage = True
    draft.traits = traits.of_messages(draft.messages) | traits.of_tools(draft.tools)
    return draft.request(NAME, body)


def _model(key: str, value: Any, draft: Draft) -> None:
    if type(value) is not str or not value:
        wrong_type((key,), value, "a non-empty string")
    draft.model = value


def _stream(key: str, value: Any, draft: Draft) -> None:
    draft.stream = bool_at(value, (key,))


def _system(key: str, value: Any, draft: Draft) -> None:
    content = read_content(value, (key,), draft)
    if content:
        draft.system = Message("system", content, (key,), {"role": "system", "content": value})


def _messages(key: str, value: Any, draft: Draft) -> None:
    if not array_at(value, (key,)):
        wrong_value((key,), value, "at least one message")
    draft.messages = tuple([_message(raw, (key, index), draft) for index, raw in enumerate(value)])


def _message(raw: Any, path: Path, draft: Draft) -> Message:
    message = object_at(raw, path)
    role: Role = choice_at(
        message.get("role") or missing((*path, "role")), (*path, "role"), ("user", "assistant", "system")
    )
    if message.get("content") is None:
        missing((*path, "content"))
    draft.unknown(message, path, ("role", "content"))
    return Message(role, read_content(message["content"], (*path, "content"), draft), path, raw)


def _inference(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    if raw.get("maxTokens") is not None:
        draft.max_tokens = int_at(raw["maxTokens"], (key, "maxTokens"), 1)
    for name, own in (("temperature", "temperature"), ("top_p", "topP")):
        if raw.get(own) is not None:
            draft.option(name, number_at(raw[own], (key, own), 0, 1))
    if raw.get("stopSequences") is not None:
        draft.stop = strings_at(raw["stopSequences"], (key, "stopSequences"))
    draft.unknown(raw, (key,), ("maxTokens", "temperature", "topP", "stopSequences"))


def _tool_config(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    draft.unknown(raw, (key,), ("tools", "toolChoice"))
    tools: list[Tool] = []
    for index, item in enumerate(array_at(raw.get("tools") or missing((key, "tools")), (key, "tools"))):
        at = (key, "tools", index)
        kind = kind_of_block(object_at(item, at), at)
        if kind != "cachePoint":
            tools.append(_tool(kind, item, at, draft))
        elif tools and tools[-1].cache is None:
            tools[-1] = evolve(tools[-1], cache=read_mark(item[kind], (*at, kind), draft))
        else:
            draft.extras.append(Extra((*at, kind), item[kind]))
    draft.tools = tuple(tools)
    if raw.get("toolChoice") is not None:
        _tool_choice(raw["toolChoice"], (key, "toolChoice"), draft)


def _tool(kind: str, raw: dict[str, Any], path: Path, draft: Draft) -> Tool:
    at = (*path, kind)
    inner = object_at(raw[kind], at)
    if kind != "toolSpec":
        draft.unknown(inner, at, ("name",))
        name = maybe_text(inner, "name", at) or kind
        return Tool("web_search" if name == SEARCH else name, kind="builtin", path=path, native=raw)
    draft.unknown(inner, at, ("name", "description", "inputSchema", "strict"))
    place = (*at, "inputSchema")
    holder = object_at(inner.get("inputSchema") or missing(place), place)
    draft.unknown(holder, place, ("json",))
    schema = holder.get("json")
    strict = inner.get("strict")
    if strict is not None:
        bool_at(strict, (*at, "strict"))
    schema = object_at({} if schema is None else schema, (*place, "json"))
    return Tool(text_of(inner, "name", at), maybe_text(inner, "description", at), schema, strict, path, raw)


_MODES: dict[str, ChoiceMode] = {"auto": "auto", "any": "required", "tool": "named"}


def _tool_choice(value: Any, path: Path, draft: Draft) -> None:
    kind = kind_of_block(object_at(value, path), path)
    mode = _MODES.get(kind)
    if mode is None:
        wrong_value(path, value, 'one of {"auto": {}}, {"any": {}}, {"tool": {"name": "..."}}')
    inner = object_at(value[kind], (*path, kind))
    draft.unknown(inner, (*path, kind), ("name",) if mode == "named" else ())
    name = text_of(inner, "name", (*path, kind)) if mode == "named" else None
    draft.tool_choice = ToolChoice(mode, name)


def _reasoning(draft: Draft, **fields: Any) -> None:
    draft.reasoning = evolve(draft.reasoning or Reasoning(), **fields)


def _additional(key: str, value: Any, draft: Draft) -> None:
    """Fields of the model's own: reasoning switches, ``top_k`` and one call at a time have a meaning elsewhere."""
    raw = object_at(value, (key,))
    for name, item in raw.items():
        reader = ADDITIONAL.get(name)
        if item is not None and (reader is None or not reader((key, name), item, draft)):
            draft.extras.append(Extra((key, name), item))


def _thinking(path: Path, value: Any, draft: Draft) -> bool:
    """``thinking`` and its older spelling; the latter is a bare effort for some families (wire/bedrock.md 7)."""
    if type(value) is str:
        return _effort(path, value, draft)
    raw = object_at(value, path)
    budget = raw.get("budget_tokens")
    if budget is not None:
        int_at(budget, (*path, "budget_tokens"), 0)
    draft.unknown(raw, path, ("type", "budget_tokens", "display"))
    _reasoning(draft, mode=text_of(raw, "type", path), budget=budget, display=maybe_text(raw, "display", path))
    draft.point("reasoning", path)
    draft.point("display", (*path, "display"))
    draft.point("budget", (*path, "budget_tokens"))
    return True


def _effort(path: Path, value: Any, draft: Draft) -> bool:
    if type(value) is not str:
        wrong_type(path, value, "a string")
    if draft.reasoning is not None and draft.reasoning.effort is not None:
        return False
    _reasoning(draft, effort=value)
    draft.point("reasoning", path)
    draft.point("effort", path)
    return True


def _nova(path: Path, value: Any, draft: Draft) -> bool:
    raw = object_at(value, path)
    if raw.get("type") == "disabled":
        _reasoning(draft, effort="none")
    else:
        _reasoning(draft, effort=maybe_text(raw, "maxReasoningEffort", path) or "medium")
    draft.unknown(raw, path, ("type", "maxReasoningEffort"))
    draft.point("reasoning", path)
    return True


def _output_effort(path: Path, value: Any, draft: Draft) -> bool:
    raw = object_at(value, path)
    if raw.keys() != {"effort"}:
        return False
    return _effort((*path, "effort"), raw["effort"], draft)


def _top_k(path: Path, value: Any, draft: Draft) -> bool:
    if type(value) is not int:
        return False
    draft.option("top_k", value)
    draft.point("top_k", path)
    return True


def _nova_sampling(path: Path, value: Any, draft: Draft) -> bool:
    return type(value) is dict and value.keys() == {"topK"} and _top_k((*path, "topK"), value["topK"], draft)


def _single(path: Path, value: Any, draft: Draft) -> bool:
    if type(value) is not dict or type(value.get("disable_parallel_tool_use")) is not bool:
        return False
    draft.parallel_calls = not value["disable_parallel_tool_use"]
    return True


ADDITIONAL = {
    "thinking": _thinking,
    "reasoning_config": _thinking,
    "reasoningConfig": _nova,
    "reasoning_effort": _effort,
    "output_config": _output_effort,
    "top_k": _top_k,
    "inferenceConfig": _nova_sampling,
    "tool_choice": _single,
}
"""Additional fields that say what other dialects say, too."""


def _output_config(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    draft.unknown(raw, (key,), ("textFormat", "effort"))
    if raw.get("effort") is not None and not _effort((key, "effort"), raw["effort"], draft):
        draft.extras.append(Extra((key, "effort"), raw["effort"]))
    form = raw.get("textFormat")
    if form is None:
        return
    at = (key, "textFormat")
    choice_at(object_at(form, at).get("type"), (*at, "type"), ("json_schema",))
    place = (*at, "structure", "jsonSchema")
    structure = object_at(form.get("structure") or missing(place[:-1]), place[:-1])
    inner = object_at(structure.get("jsonSchema") or missing(place), place)
    draft.unknown(form, at, ("type", "structure"))
    draft.unknown(structure, place[:-1], ("jsonSchema",))
    draft.unknown(inner, place, ("schema", "name", "description"))
    text = text_of(inner, "schema", place)
    try:
        schema = object_at(orjson.loads(text), (*place, "schema"))
    except orjson.JSONDecodeError:
        wrong_value((*place, "schema"), text, "a string that holds a JSON schema")
    name, description = maybe_text(inner, "name", place) or "output", maybe_text(inner, "description", place)
    draft.output = OutputFormat("schema", name, schema, None, description)


def _labels(key: str, value: Any, draft: Draft) -> None:
    for name, word in object_at(value, (key,)).items():
        if type(word) is not str:
            wrong_type((key, name), word, "a string")
    draft.option("metadata", value)


def _tier(key: str, value: Any, draft: Draft) -> None:
    raw = object_at(value, (key,))
    tier = text_of(raw, "type", (key,))
    if tier in ("default", "flex", "priority"):
        draft.unknown(raw, (key,), ("type",))
        draft.option("service_tier", tier)
    else:
        draft.extras.append(Extra((key,), value))


SLOTS: dict[str, Slot] = {
    "model": _model,
    "stream": _stream,
    "messages": _messages,
    "system": _system,
    "inferenceConfig": _inference,
    "toolConfig": _tool_config,
    FIELDS: _additional,
    "outputConfig": _output_config,
    "requestMetadata": _labels,
    "serviceTier": _tier,
}
"""Every field of wire/bedrock.md 4 that has a meaning elsewhere; the others are extras."""
