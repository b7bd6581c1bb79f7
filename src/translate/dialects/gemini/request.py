"""generateContent requests to records (wire/gemini.md 2, 5, 7, 8, 19)."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from ...draft import Draft, Slot
from ...records import (
    Extra,
    Message,
    OutputFormat,
    Path,
    Reasoning,
    Request,
    Tool,
    ToolChoice,
    render,
    steps_of,
    traits,
)
from ...records.request import ChoiceMode
from ...values import (
    bool_at,
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
from .openapi import from_openapi
from .parts import NAME, Body, Contents, camel, camel_at, camel_key, list_at, snake, system_parts

_CONFIG = "generationConfig"
_THINKING = (_CONFIG, "thinkingConfig")

POINTERS = MappingProxyType({
    "messages": ("contents",),
    "max_tokens": (_CONFIG, "maxOutputTokens"),
    "stop": (_CONFIG, "stopSequences"),
    "reasoning": _THINKING,
    "effort": (*_THINKING, "thinkingLevel"),
    "budget": (*_THINKING, "thinkingBudget"),
    "display": (*_THINKING, "includeThoughts"),
    "output": (_CONFIG, "responseMimeType"),
    "tool_choice": ("toolConfig", "functionCallingConfig"),
    "temperature": (_CONFIG, "temperature"),
    "top_p": (_CONFIG, "topP"),
    "top_k": (_CONFIG, "topK"),
    "presence_penalty": (_CONFIG, "presencePenalty"),
    "frequency_penalty": (_CONFIG, "frequencyPenalty"),
    "seed": (_CONFIG, "seed"),
    "n": (_CONFIG, "candidateCount"),
    "logprobs": (_CONFIG, "responseLogprobs"),
    "top_logprobs": (_CONFIG, "logprobs"),
    "modalities": (_CONFIG, "responseModalities"),
    "media_resolution": (_CONFIG, "mediaResolution"),
    "detail": ("mediaResolution",),
    "filename": ("displayName",),
    "call_id": ("id",),
    "parts.is_error": ("response", "error"),
    "parts.content": ("response",),
    "metadata": ("labels",),
    "service_tier": ("serviceTier",),
    "web_search": ("tools",),
    "tools.schema": ("parametersJsonSchema",),
})  # fmt: skip
"""Where the fields of a Request stand in this dialect, when their key is not their name."""


def read_request(body: Any) -> Request:
    """A parsed generateContent body as a Request.

    The address has the model and says whether the answer is a stream; a body may have both as ``model``, ``stream``.

    Raises:
        TranslationError: with the pointer of the field that is missing or of a wrong type or value.
    """
    raw = object_at(body, ("body",))
    body = camel(raw)
    draft = Draft(POINTERS)
    draft.model = ""
    draft.walk(body, SLOTS)
    if draft.messages is None:
        missing(("contents",))
    if draft.system is not None:
        draft.messages = (draft.system, *draft.messages)
    draft.include_usage = True
    draft.traits = traits.of_messages(draft.messages) | traits.of_tools(draft.tools)
    draft.extras = [Extra(_spelled(extra.path, raw), extra.value) for extra in draft.extras]
    config = body.get(_CONFIG) or {}
    if any("_" in key for part in (raw, config, config.get("thinkingConfig") or {}) for key in part):
        draft.pointers = {name: _spelled(path, raw) for name, path in draft.pointers.items()}
    return draft.request(NAME, {key: value for key, value in raw.items() if key not in _ADDRESS})


def spell(pointer: str, body: Any) -> str:
    """A JSON pointer with its keys as the client spells them."""
    return render(_spelled(steps_of(pointer), body))


def _spelled(path: Path, body: Any) -> Path:
    """A path with its keys as the client spells them."""
    steps: list[str | int] = []
    for step in path:
        found: str | int = step
        if type(body) is dict and step not in body:
            found = snake(str(step)) if snake(str(step)) in body else step
        steps.append(found)
        try:
            body = body[found]
        except (KeyError, IndexError, TypeError):
            # An object that stands for an array of one, or a key that is not there.
            body = body if type(body) is dict and step == 0 else None
    return tuple(steps)


_ADDRESS = frozenset({"model", "stream"})


def _model(key: str, value: Any, draft: Draft) -> None:
    if type(value) is not str:
        wrong_type((key,), value, "a string")
    draft.model = value.removeprefix("models/")


def _stream(key: str, value: Any, draft: Draft) -> None:
    draft.stream = bool_at(value, (key,))


def _contents(key: str, value: Any, draft: Draft) -> None:
    if not list_at(value, (key,)):
        wrong_value((key,), value, "at least one content")
    draft.messages = Contents(draft).read(value, (key,))


def _system(key: str, value: Any, draft: Draft) -> None:
    draft.system = Message("system", system_parts(value, (key,), draft), (key,), value)


# Tools


def _tools(key: str, value: Any, draft: Draft) -> None:
    tools: list[Tool] = []
    for index, item in enumerate(list_at(value, (key,))):
        for spelled, inner in object_at(item, (key, index)).items():
            at, name = (key, index, spelled), camel_key(spelled)
            if name == "functionDeclarations":
                for place, function in enumerate(list_at(inner, at)):
                    tools.append(_function(function, (*at, place), draft))
            elif inner is not None:
                tools.append(Tool(_BUILTIN.get(name, name), kind="builtin", path=at, native={spelled: inner}))
    draft.tools = tuple(tools)


_BUILTIN = {"googleSearch": "web_search", "googleSearchRetrieval": "web_search"}
_FUNCTION_KEYS = frozenset({"name", "description", "parameters", "parametersJsonSchema"})


def _function(value: Any, path: Path, draft: Draft) -> Tool:
    raw = camel_at(value, path)
    draft.unknown(raw, path, _FUNCTION_KEYS)
    schema = raw.get("parametersJsonSchema")
    if schema is not None:
        object_at(schema, (*path, "parametersJsonSchema"))
    elif raw.get("parameters") is not None:
        schema = from_openapi(object_at(raw["parameters"], (*path, "parameters")))
    return Tool(text_of(raw, "name", path), maybe_text(raw, "description", path), schema, None, path, value)


_MODES: dict[str, ChoiceMode] = {
    "AUTO": "auto",
    "MODE_UNSPECIFIED": "auto",
    "VALIDATED": "auto",
    "ANY": "required",
    "NONE": "none",
}


def _tool_config(key: str, value: Any, draft: Draft) -> None:
    raw = camel_at(value, (key,))
    draft.unknown(raw, (key,), ("functionCallingConfig",))
    if raw.get("functionCallingConfig") is None:
        return
    at = (key, "functionCallingConfig")
    config = camel_at(raw["functionCallingConfig"], at)
    draft.unknown(config, at, ("mode", "allowedFunctionNames"))
    word = (maybe_text(config, "mode", at) or "AUTO").upper()
    if word not in _MODES:
        wrong_value((*at, "mode"), word, "one of " + ", ".join(f"'{mode}'" for mode in _MODES))
    if word == "VALIDATED":
        draft.extras.append(Extra((*at, "mode"), word))
    mode, names = _MODES[word], config.get("allowedFunctionNames")
    allowed = strings_at(names, (*at, "allowedFunctionNames")) if names and mode != "none" else None
    if mode == "required" and allowed is not None and len(allowed) == 1:
        draft.tool_choice = ToolChoice("named", allowed[0])
    else:
        draft.tool_choice = ToolChoice(mode, allowed=allowed)


# generationConfig


def _config(key: str, value: Any, draft: Draft) -> None:
    raw = camel_at(value, (key,))
    for name, item in raw.items():
        slot = SETTINGS.get(name)
        if item is None:
            continue
        if slot is None:
            draft.extras.append(Extra((key, name), item))
        else:
            slot((key, name), item, draft)
    _output(raw, draft)


def _limit(path: Path, value: Any, draft: Draft) -> None:
    draft.max_tokens = int_at(value, path, 0)


def _stop(path: Path, value: Any, draft: Draft) -> None:
    draft.stop = strings_at(value, path)


def _thinking(path: Path, value: Any, draft: Draft) -> None:
    raw = camel_at(value, path)
    draft.unknown(raw, path, ("includeThoughts", "thinkingBudget", "thinkingLevel"))
    shown, budget, level = raw.get("includeThoughts"), raw.get("thinkingBudget"), maybe_text(raw, "thinkingLevel", path)
    display = None if shown is None else "summarized" if bool_at(shown, (*path, "includeThoughts")) else "omitted"
    effort = level.lower() if level and level != "THINKING_LEVEL_UNSPECIFIED" else None
    if budget is not None:
        budget = int_at(budget, (*path, "thinkingBudget"), -1)
        mode = {-1: "adaptive", 0: "disabled"}.get(budget, "enabled")
        draft.reasoning = Reasoning(effort, mode, budget if budget > 0 else None, display)
    elif effort is not None:
        draft.reasoning = Reasoning(effort, None, None, display)
    elif display == "summarized":
        # The models think unasked: what is asked for is to see it.
        draft.reasoning = Reasoning(None, "adaptive", None, display)


def _output(raw: Body, draft: Draft) -> None:
    """The form of the answer, from its three keys."""
    kind = maybe_text(raw, "responseMimeType", (_CONFIG,))
    if kind in (None, "", "text/plain"):
        return
    if kind != "application/json":
        for name in ("responseMimeType", "responseSchema", "responseJsonSchema"):
            if raw.get(name) is not None:
                draft.extras.append(Extra((_CONFIG, name), raw[name]))
        return
    schema = raw.get("responseJsonSchema")
    key = "responseSchema" if schema is None else "responseJsonSchema"
    if raw.get(key) is None:
        draft.output = OutputFormat("json")
        return
    schema = object_at(raw[key], (_CONFIG, key))
    draft.output = OutputFormat("schema", "output", from_openapi(schema) if key == "responseSchema" else schema)
    draft.point("output", (_CONFIG, key))
    draft.point("output.schema", (_CONFIG, key))


def _nothing(path: Path, value: Any, draft: Draft) -> None:
    """Read together with others."""


def _setting(name: str, check: Callable[[Any, Path], Any]) -> Callable[[Path, Any, Draft], None]:
    def slot(path: Path, value: Any, draft: Draft) -> None:
        draft.option(name, check(value, path))

    return slot


def _range(low: float, high: float) -> Callable[[Any, Path], Any]:
    return lambda value, path: number_at(value, path, low, high)


def _integer(low: int | None, high: int | None = None) -> Callable[[Any, Path], Any]:
    return lambda value, path: int_at(value, path, low, high)


def _modalities(value: Any, path: Path) -> Any:
    return [word.lower() for word in strings_at(value, path)]


def _resolution(value: Any, path: Path) -> Any:
    word = value if type(value) is str else wrong_type(path, value, "a string")
    return word.removeprefix("MEDIA_RESOLUTION_").lower()


SETTINGS: dict[str, Callable[[Path, Any, Draft], None]] = {
    "maxOutputTokens": _limit,
    "stopSequences": _stop,
    "thinkingConfig": _thinking,
    "responseMimeType": _nothing,
    "responseSchema": _nothing,
    "responseJsonSchema": _nothing,
    "temperature": _setting("temperature", _range(0, 2)),
    "topP": _setting("top_p", _range(0, 1)),
    "topK": _setting("top_k", _integer(0)),
    "candidateCount": _setting("n", _integer(1, 8)),
    "seed": _setting("seed", _integer(None)),
    "presencePenalty": _setting("presence_penalty", _range(-2, 2)),
    "frequencyPenalty": _setting("frequency_penalty", _range(-2, 2)),
    "responseLogprobs": _setting("logprobs", bool_at),
    "logprobs": _setting("top_logprobs", _integer(0, 20)),
    "responseModalities": _setting("modalities", _modalities),
    "mediaResolution": _setting("media_resolution", _resolution),
}
"""Every key of generationConfig that has a meaning elsewhere; the others are extras."""

TIERS = {"standard": "default", "flex": "flex", "priority": "priority"}


def _tier(key: str, value: Any, draft: Draft) -> None:
    word = (value if type(value) is str else wrong_type((key,), value, "a string")).lower()
    if word not in ("unspecified", "service_tier_unspecified"):
        draft.option("service_tier", TIERS.get(word.removeprefix("service_tier_"), word))


def _labels(key: str, value: Any, draft: Draft) -> None:
    draft.option("metadata", object_at(value, (key,)))


def _store(key: str, value: Any, draft: Draft) -> None:
    draft.option("store", bool_at(value, (key,)))


SLOTS: dict[str, Slot] = {
    "model": _model,
    "stream": _stream,
    "contents": _contents,
    "systemInstruction": _system,
    "tools": _tools,
    "toolConfig": _tool_config,
    _CONFIG: _config,
    "serviceTier": _tier,
    "labels": _labels,
    "store": _store,
}
"""Every field of wire/gemini.md 2 that has a meaning elsewhere; the others are extras."""
