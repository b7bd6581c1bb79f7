"""Records to generateContent requests (wire/gemini.md 2, 5 to 8, 19)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...records import Request, Tool
from ...rewrite import Body, Writers, assemble
from ...target import Target
from .parts import NAME, camel, snake
from .request import SETTINGS, SLOTS, TIERS
from .write_contents import write_contents


def write_request(request: Request, target: Target, original: Request | None) -> Body:
    """The body of the call; ``original`` is the request as read when the client speaks this dialect too."""
    return assemble(request, target, original, WRITERS, OWNERS)


def _native(request: Request, key: str) -> Body:
    """An object of the client's own body, in either spelling."""
    found: Body = request.native.get(key) or request.native.get(snake(key)) or {}
    return found


def _tools(request: Request, target: Target, body: Body) -> None:
    own = request.dialect == NAME
    functions = [_function(tool, target, own=own) for tool in request.tools if tool.kind != "builtin"]
    tools: list[Body] = [{"functionDeclarations": functions}] if functions else []
    tools += [dict(tool.native) for tool in request.tools if tool.kind == "builtin"]
    if "web_search" in request.options:
        tools.append({"googleSearch": {}})
    if tools:
        body["tools"] = tools


def _function(tool: Tool, target: Target, *, own: bool) -> Body:
    if own and type(tool.native) is dict:
        return dict(tool.native)
    out: Body = {"name": tool.name}
    if tool.description is not None:
        out["description"] = tool.description
    if tool.kind == "custom":
        # A free-text tool is a tool with one string.
        schema: Any = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}
    else:
        schema = tool.schema
    if not _empty(schema):
        out |= _schema(schema, target, ("parametersJsonSchema", "parameters"))
    return out


def _empty(schema: Any) -> bool:
    """Whether a tool has no arguments; an object without properties is refused by some models (wire/gemini.md 5)."""
    return not schema or (schema.keys() <= _BARE and not schema.get("properties") and not schema.get("required"))


_BARE = frozenset({"type", "properties", "required", "additionalProperties", "title", "description"})


def _schema(schema: Any, target: Target, keys: tuple[str, str]) -> Body:
    """A schema under the key of its style: JSON Schema, or the old one of the models that know no other."""
    old = target.row.schema_subset == "openapi"
    if "type" not in schema and "anyOf" not in schema and "$ref" not in schema:
        schema = {"type": "OBJECT" if old else "object", **schema}
    return {keys[1] if old else keys[0]: schema}


_MODES = {"auto": "AUTO", "none": "NONE", "required": "ANY", "named": "ANY"}


def _tool_config(request: Request, target: Target, body: Body) -> None:
    choice = request.tool_choice
    strict = any(tool.strict for tool in request.tools)
    native = camel(_native(request, "toolConfig")) if request.dialect == NAME else {}
    config: Body = {key: value for key, value in native.items() if key != "functionCallingConfig"}
    if choice is not None or strict:
        mode = "AUTO" if choice is None else _MODES[choice.mode]
        calling: Body = {"mode": mode}
        names = None if choice is None else (choice.name,) if choice.mode == "named" else choice.allowed
        if mode == "AUTO" and (strict or names is not None):
            # The nearest to strict tools, and the only mode that names tools without forcing a call.
            calling["mode"] = "VALIDATED"
        if names is not None:
            calling["allowedFunctionNames"] = list(names)
        config["functionCallingConfig"] = calling
    if config:
        body["toolConfig"] = config


def _config(request: Request, target: Target, body: Body) -> None:
    config: Body = {}
    if request.dialect == NAME:
        native = camel(_native(request, "generationConfig"))
        config = {key: value for key, value in native.items() if key not in SETTINGS}
        if request.output is None and native.get("responseMimeType") not in (None, "application/json"):
            # A form that only this dialect knows.
            config |= {key: native[key] for key in _FORMS if key in native}
    if request.max_tokens is not None:
        config["maxOutputTokens"] = request.max_tokens
    if request.stop:
        config["stopSequences"] = list(request.stop)
    _sampling(request, config)
    _output(request, target, config)
    _reasoning(request, config)
    if config:
        body["generationConfig"] = config


_FORMS = ("responseMimeType", "responseSchema", "responseJsonSchema")


def _sampling(request: Request, config: Body) -> None:
    for name, value in request.options.items():
        key = OPTIONS.get(name)
        if key is None or (name == "n" and value == 1 and request.dialect != NAME):
            continue
        if name == "modalities":
            config[key] = [word.upper() for word in value]
        elif name == "media_resolution":
            config[key] = f"MEDIA_RESOLUTION_{value.upper()}"
        else:
            config[key] = value


OPTIONS = {
    "temperature": "temperature", "top_p": "topP", "top_k": "topK", "n": "candidateCount", "seed": "seed",
    "presence_penalty": "presencePenalty", "frequency_penalty": "frequencyPenalty", "logprobs": "responseLogprobs",
    "top_logprobs": "logprobs", "modalities": "responseModalities", "media_resolution": "mediaResolution",
}  # fmt: skip
"""Options that are keys of generationConfig."""


def _output(request: Request, target: Target, config: Body) -> None:
    output = request.output
    if output is None or output.kind == "text":
        return
    config["responseMimeType"] = "application/json"
    if output.kind != "schema":
        return
    if request.dialect == NAME:
        native = camel(_native(request, "generationConfig"))
        config |= {key: native[key] for key in _FORMS if key in native}
    else:
        config |= _schema(output.schema, target, ("responseJsonSchema", "responseSchema"))


def _reasoning(request: Request, config: Body) -> None:
    wish = request.reasoning
    if wish is None:
        return
    thinking: Body = {}
    if wish.mode == "enabled":
        thinking["thinkingBudget"] = wish.budget
    elif wish.mode in _BUDGETS:
        thinking["thinkingBudget"] = _BUDGETS[wish.mode]
    elif wish.effort is not None:
        thinking["thinkingLevel"] = wish.effort.upper()
    if wish.display:
        thinking["includeThoughts"] = wish.display != "omitted"
    if thinking:
        config["thinkingConfig"] = thinking


_BUDGETS = {"adaptive": -1, "disabled": 0}


def _options(request: Request, target: Target, body: Body) -> None:
    options = request.options
    tier = options.get("service_tier")
    if tier is not None and tier != "auto":
        body["serviceTier"] = _TIERS.get(tier, tier)
    if options.get("metadata"):
        body["labels"] = options["metadata"]
    if "store" in options:
        body["store"] = options["store"]


_TIERS = {common: word for word, common in TIERS.items()}

_CONFIGURED = ("max_tokens", "stop", "reasoning", "output", "options")

WRITERS: Writers = (
    (("messages",), write_contents),
    (("tools",), _tools),
    (("tool_choice",), _tool_config),
    (_CONFIGURED, _config),
    (("options",), _options),
)

_OWNERS: Mapping[str, tuple[str, ...]] = dict.fromkeys(SLOTS, ("options",)) | {
    "contents": ("messages",),
    "systemInstruction": ("messages",),
    "tools": ("tools",),
    "toolConfig": ("tool_choice",),
    "generationConfig": _CONFIGURED,
}
OWNERS: Mapping[str, tuple[str, ...]] = {**_OWNERS, **{snake(key): fields for key, fields in _OWNERS.items()}}
"""Which writer speaks for a top-level key, in either spelling."""
