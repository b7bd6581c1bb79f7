"""What OpenAI refuses on chat completions beyond what its SDK's types say; every rule raises `Refused`."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from . import media
from .openai_models import Model
from .subsets import OPENAI, complaint
from .wire import refuse

Body = Mapping[str, Any]

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
SAMPLING_DEFAULTS = {"temperature": 1, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0}
SAMPLING = (*SAMPLING_DEFAULTS, "logprobs", "top_logprobs", "logit_bias")
NEVER_WITH_REASONING = ("presence_penalty", "frequency_penalty", "logit_bias")
RANGES = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
    "n": (1, 128),
    "top_logprobs": (0, 20),
    "max_tokens": (1, 10**7),
    "max_completion_tokens": (1, 10**7),
}
NO_AUDIO = "Content blocks are expected to be either text or image_url type."
IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")


def check(body: Body, model: Model) -> None:
    """Run every rule."""
    for rule in RULES:
        rule(body, model)


def check_shared(body: Body, model: Model) -> None:
    """The rules that hold on every surface."""
    for rule in (_metadata, _effort, _sampling):
        rule(body, model)


def _ranges(body: Body, _: Model) -> None:
    for key, (low, high) in RANGES.items():
        value = body.get(key)
        if value is None or low <= value <= high:
            continue
        kind = "decimal" if key in SAMPLING_DEFAULTS else "integer"
        word, sign, bound = ("below minimum", ">=", low) if value < low else ("above maximum", "<=", high)
        code = f"{kind}_below_min_value" if value < low else f"{kind}_above_max_value"
        refuse(
            f"Invalid '{key}': {kind} {word} value. Expected a value {sign} {bound}, but got {value} instead.",
            key,
            code,
        )
    stop = body.get("stop")
    if isinstance(stop, list) and not 1 <= len(stop) <= 4:
        refuse("Invalid 'stop': expected an array of 1 to 4 strings.", "stop", "array_above_max_length")
    if not body["messages"]:
        refuse(
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            "messages",
            "empty_array",
        )


def _dependent(body: Body, _: Model) -> None:
    if body.get("stream_options") is not None and not body.get("stream"):
        refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options")
    if body.get("top_logprobs") is not None and not body.get("logprobs"):
        refuse("'top_logprobs' is only allowed when 'logprobs' is enabled.", "top_logprobs")
    if not body.get("tools"):
        for key in ("parallel_tool_calls", "tool_choice"):
            if body.get(key) is not None and body[key] != "none":
                refuse(f"Invalid value for '{key}': '{key}' is only allowed when 'tools' are specified.", key)
    if "tools" in body and body["tools"] == []:
        refuse("Invalid 'tools': empty array. Expected an array with minimum length 1.", "tools", "empty_array")
    if body.get("max_tokens") is not None and body.get("max_completion_tokens") is not None:
        refuse("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", "max_tokens")


def _metadata(body: Body, _: Model) -> None:
    pairs = body.get("metadata") or {}
    if len(pairs) > 16 or any(len(key) > 64 or len(value) > 512 for key, value in pairs.items()):
        refuse("Invalid 'metadata': at most 16 pairs, keys of 64 and values of 512 characters.", "metadata")
    if len(body.get("safety_identifier") or "") > 128:
        refuse("Invalid 'safety_identifier': string too long.", "safety_identifier", "string_above_max_length")


def _limits(body: Body, model: Model) -> None:
    if body.get("max_tokens") is not None and not model.max_tokens:
        refuse(
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            "max_tokens",
            "unsupported_parameter",
        )
    if body.get("prompt_cache_options") is not None and not model.cache_options:
        _unsupported("prompt_cache_options")
    if body.get("stop") is not None and model.sampling == "never":
        _unsupported("stop")


def _effort(body: Body, model: Model) -> None:
    effort = body.get("reasoning_effort")
    if effort is None:
        return
    if not model.efforts:
        refuse("Unrecognized request argument supplied: reasoning_effort", "reasoning_effort")
    if effort not in model.efforts:
        levels = ", ".join(f"'{level}'" for level in model.efforts)
        refuse(
            f"Unsupported value: 'reasoning_effort' does not support '{effort}' with this model. "
            f"Supported values are: {levels}.",
            "reasoning_effort",
            "unsupported_value",
        )


def _sampling(body: Body, model: Model) -> None:
    if model.sampling == "free":
        return
    effort = body.get("reasoning_effort") or model.default
    free = effort == "none" and model.sampling != "never"
    for key in SAMPLING:
        value = body.get(key)
        refused = not free or key in NEVER_WITH_REASONING
        if not refused or value is None or value is False or value == SAMPLING_DEFAULTS.get(key, {}):
            continue
        if key not in SAMPLING_DEFAULTS:
            _unsupported(key)
        refuse(
            f"Unsupported value: '{key}' does not support {value} with this model. "
            f"Only the default ({SAMPLING_DEFAULTS[key]}) value is supported.",
            key,
            "unsupported_value",
        )


def _unsupported(key: str) -> None:
    refuse(f"Unsupported parameter: '{key}' is not supported with this model.", key, "unsupported_parameter")


def _tools(body: Body, model: Model) -> None:
    names = []
    for number, tool in enumerate(body.get("tools") or ()):
        inner = tool[tool["type"]]
        where = f"tools[{number}].{tool['type']}"
        check_name(inner["name"], f"{where}.name")
        names.append(inner["name"])
        schema = inner.get("parameters")
        if schema is not None:
            check_parameters(inner["name"], schema, f"{where}.parameters", strict=bool(inner.get("strict")))
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and choice["type"] in ("function", "custom"):
        name = choice[choice["type"]]["name"]
        if name not in names:
            refuse(f"Tool choice '{name}' not found in 'tools' parameter.", "tool_choice")
    effort = body.get("reasoning_effort") or model.default
    functions = any(tool["type"] == "function" for tool in body.get("tools") or ())
    if functions and model.tools_need_none and effort != "none":
        refuse(
            "Function tools with reasoning_effort are not supported for this model in /v1/chat/completions. "
            "Use /v1/responses, or set reasoning_effort to 'none'.",
            "reasoning_effort",
        )


def check_name(name: str, where: str) -> None:
    """A name of a tool or a format."""
    if not NAME.fullmatch(name):
        refuse(
            f"Invalid '{where}': string does not match pattern. Expected a string that matches the pattern "
            "'^[a-zA-Z0-9_-]+$'.",
            where,
            "invalid_value",
        )


def check_parameters(name: str, schema: Mapping[str, Any], where: str, *, strict: bool) -> None:
    """The schema of a tool's arguments."""
    if schema and schema.get("type") != "object":
        refuse(
            f"Invalid schema for function '{name}': schema must be a JSON Schema of 'type: \"object\"', "
            f"got 'type: {schema.get('type')!r}'.",
            where,
            "invalid_function_parameters",
        )
    found = complaint(schema, OPENAI) if strict else None
    if found:
        refuse(
            f"Invalid schema for function '{name}': In context={found.path}, {found.message}",
            where,
            "invalid_function_parameters",
        )


def _format(body: Body, _: Model) -> None:
    wanted = body.get("response_format") or {}
    if wanted.get("type") == "json_object" and "json" not in str(body["messages"]).lower():
        refuse(
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
            "messages",
        )
    if wanted.get("type") != "json_schema":
        return
    inner = wanted["json_schema"]
    check_name(inner["name"], "response_format.json_schema.name")
    if "schema" not in inner:
        refuse(
            "Missing required parameter: 'response_format.json_schema.schema'.",
            "response_format.json_schema.schema",
            "missing_required_parameter",
        )
    found = complaint(inner["schema"], OPENAI) if inner.get("strict") else None
    if found:
        refuse(
            f"Invalid schema for response_format '{inner['name']}': In context={found.path}, {found.message}",
            "response_format",
            "invalid_json_schema",
        )


def _pairing(body: Body, _: Model) -> None:
    waiting: list[str] = []
    for number, message in enumerate(body["messages"]):
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                refuse(
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "
                    "'tool_calls'.",
                    f"messages.[{number}].role",
                )
            waiting.remove(message["tool_call_id"])
            continue
        _answered(waiting)
        waiting = [call["id"] for call in message.get("tool_calls") or ()]
    _answered(waiting)


def _answered(waiting: list[str]) -> None:
    if waiting:
        refuse(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(waiting)}",
            "messages",
        )


def _messages(body: Body, model: Model) -> None:
    for number, message in enumerate(body["messages"]):
        where = f"messages[{number}]"
        if message["role"] == "assistant":
            _assistant(message, where)
        content = message.get("content")
        if content == []:
            refuse(f"Invalid '{where}.content': empty array.", f"{where}.content", "empty_array")
        for place, part in enumerate(content if isinstance(content, list) else ()):
            _part(part, f"{where}.content[{place}]")
            if part["type"] == "input_audio" and not model.audio:
                refuse(f"Invalid '{where}'. {NO_AUDIO}", where, "invalid_value")


def _assistant(message: Mapping[str, Any], where: str) -> None:
    said = (message.get(key) for key in ("content", "tool_calls", "function_call", "refusal", "audio"))
    if all(value is None for value in said):
        refuse(f"Invalid value for 'content': expected a string, got null. ({where})", f"{where}.content")
    if message.get("tool_calls") == []:
        refuse(f"Invalid '{where}.tool_calls': empty array.", f"{where}.tool_calls", "empty_array")
    for place, call in enumerate(message.get("tool_calls") or ()):
        check_name(call[call["type"]]["name"], f"{where}.tool_calls[{place}].{call['type']}.name")


def _part(part: Mapping[str, Any], where: str) -> None:
    if part["type"] == "image_url":
        check_image(part["image_url"]["url"], f"{where}.image_url.url")
    elif part["type"] == "input_audio" and not media.decode(part["input_audio"]["data"]):
        refuse("Invalid base64 in 'input_audio.data'.", f"{where}.input_audio.data", "invalid_value")
    elif part["type"] == "file":
        data = part["file"].get("file_data")
        if (data is None) == (part["file"].get("file_id") is None):
            refuse(f"Provide exactly one of 'file_data' and 'file_id'. ({where})", f"{where}.file")
        if data is not None and media.split_data_url(data) is None:
            refuse("Invalid file data: 'file_data' must be a base64 data URL.", f"{where}.file.file_data")


def check_image(url: str, where: str) -> None:
    """An image by its URL."""
    if url.startswith(("http://", "https://")):
        return
    found = media.split_data_url(url)
    if found is None:
        refuse("Invalid image URL: expected a valid URL or a base64-encoded data URL.", where, "invalid_image_url")
    if found[0] not in IMAGE_TYPES or media.sniff(found[1]) not in IMAGE_TYPES:
        refuse(
            "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
            "['png', 'jpeg', 'gif', 'webp'].",
            where,
            "invalid_image_format",
        )


RULES: tuple[Callable[[Body, Model], None], ...] = (
    _ranges,
    _dependent,
    _metadata,
    _limits,
    _effort,
    _sampling,
    _tools,
    _format,
    _messages,
    _pairing,
)
