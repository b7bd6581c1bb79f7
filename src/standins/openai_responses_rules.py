"""What OpenAI refuses on Responses beyond what its SDK's types say; every rule raises `Refused`."""

from collections.abc import Callable, Mapping
from typing import Any

from . import media
from .openai_models import Model
from .openai_responses_turn import items
from .openai_rules import check_image, check_name, check_parameters, check_shared
from .subsets import OPENAI, complaint
from .wire import refuse

Body = Mapping[str, Any]

LEAST_LIMIT = 16
ENCRYPTED = "reasoning.encrypted_content"
SEAL = "gAAAAstand-in"
"""How encrypted reasoning begins that was issued here."""
PREFIXES = {"message": "msg", "function_call": "fc", "reasoning": "rs", "custom_tool_call": "ctc"}
STATEFUL = {"previous_response_id": "Previous response", "conversation": "Conversation", "prompt": "Prompt"}


def check(body: Body, model: Model) -> None:
    """Run every rule."""
    for rule in RULES:
        rule(body, model)


def _shared(body: Body, model: Model) -> None:
    """Sampling, effort and metadata follow the rules of the model on every surface."""
    reasoning = body.get("reasoning") or {}
    check_shared({**body, "reasoning_effort": reasoning.get("effort")}, model)


def _limits(body: Body, model: Model) -> None:
    limit = body.get("max_output_tokens")
    if limit is not None and limit < LEAST_LIMIT:
        refuse(
            f"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= {LEAST_LIMIT}, "
            f"but got {limit} instead.",
            "max_output_tokens",
            "integer_below_min_value",
        )
    if ENCRYPTED in (body.get("include") or ()) and not model.reasoning:
        refuse("Encrypted content is not supported with this model.", "include")
    if body.get("prompt_cache_options") is not None and not model.cache_options:
        refuse(
            "Unsupported parameter: 'prompt_cache_options' is not supported with this model.",
            "prompt_cache_options",
            "unsupported_parameter",
        )


def _stateless(body: Body, _: Model) -> None:
    for key, what in STATEFUL.items():
        if body.get(key) is not None:
            refuse(f"{what} with id '{body[key]}' not found.", key, f"{key}_not_found")


def _tools(body: Body, _: Model) -> None:
    names = []
    for number, tool in enumerate(body.get("tools") or ()):
        if tool["type"] not in ("function", "custom"):
            continue
        check_name(tool["name"], f"tools[{number}].name")
        names.append(tool["name"])
        if tool.get("parameters") is not None:
            check_parameters(
                tool["name"], tool["parameters"], f"tools[{number}].parameters", strict=tool.get("strict") is True
            )
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and choice["type"] in ("function", "custom") and choice["name"] not in names:
        refuse(f"Tool choice '{choice['type']}' not found in 'tools' parameter.", "tool_choice")


def _format(body: Body, _: Model) -> None:
    form = (body.get("text") or {}).get("format") or {}
    if form.get("type") == "json_object" and "json" not in str(body["input"]).lower() + str(body.get("instructions")):
        refuse(
            "Response input messages must contain the word 'json' in some form to use 'text.format' of type "
            "'json_object'.",
            "input",
        )
    if form.get("type") != "json_schema":
        return
    check_name(form["name"], "text.format.name")
    found = complaint(form["schema"], OPENAI) if form.get("strict") else None
    if found:
        refuse(
            f"Invalid schema for response_format '{form['name']}': In context={found.path}, {found.message}",
            "text.format.schema",
            "invalid_json_schema",
        )


def _input(body: Body, _: Model) -> None:
    for number, item in enumerate(items(body)):
        where = f"input[{number}]"
        kind = item.get("type") or "message"
        prefix = PREFIXES.get(kind)
        if prefix and item.get("id") is not None and not item["id"].startswith(f"{prefix}_"):
            refuse(
                f"Invalid '{where}.id': '{item['id']}'. Expected an ID that begins with '{prefix}'.",
                f"{where}.id",
                "invalid_value",
            )
        if kind in ("function_call", "custom_tool_call"):
            check_name(item["name"], f"{where}.name")
        content = item.get("output" if kind.endswith("_output") else "content")
        for place, part in enumerate(content if isinstance(content, list) else ()):
            _part(part, f"{where}.content[{place}]", "output" if item.get("role") == "assistant" else "input")


def _part(part: Mapping[str, Any], where: str, side: str) -> None:
    kind = part["type"]
    if kind in ("input_text", "output_text") and not kind.startswith(side):
        refuse(f"Invalid value: '{kind}'. Supported values are: '{side}_text'.", where, "invalid_value")
    if kind == "input_image" and part.get("image_url"):
        check_image(part["image_url"], f"{where}.image_url")
    if kind == "input_file" and part.get("file_data") is not None:
        if media.split_data_url(part["file_data"]) is None:
            refuse(f"Invalid file data: '{where}.file_data'. Expected a base64-encoded data URL.", where)
        if not part.get("filename"):
            refuse(f"Missing required parameter: '{where}.filename'.", where, "missing_required_parameter")


def _pairing(body: Body, _: Model) -> None:
    waiting: list[str] = []
    for item in items(body):
        kind = item.get("type") or "message"
        if kind in ("function_call", "custom_tool_call"):
            waiting.append(item["call_id"])
        elif kind.endswith("_call_output"):
            if item["call_id"] not in waiting:
                refuse(f"No tool call found for function call output with call_id {item['call_id']}.", "input")
            waiting.remove(item["call_id"])
    if waiting:
        refuse(f"No tool output found for function call {waiting[0]}.", "input")


def _reasoning(body: Body, _: Model) -> None:
    """Encrypted reasoning is taken back whole, with the id that it was issued with, and before what it led to."""
    given = items(body)
    for number, item in enumerate(given):
        if item.get("type") != "reasoning":
            continue
        encrypted = item.get("encrypted_content")
        if encrypted is None:
            refuse(
                f"Item with id '{item['id']}' not found. Items are not persisted when `store` is set to false.", "input"
            )
        if not encrypted.startswith(SEAL):
            refuse(
                f"The encrypted content for item {item['id']} could not be verified.",
                "input",
                "invalid_encrypted_content",
            )
        if encrypted.rpartition(".")[2] != item["id"]:
            refuse(
                f"The encrypted content for item {item['id']} could not be verified. Reason: Encrypted content "
                "item_id did not match the target item id.",
                "input",
                "invalid_encrypted_content",
            )
        after = given[number + 1] if number + 1 < len(given) else {}
        if after.get("role") != "assistant" and after.get("type") not in PREFIXES:
            refuse(
                f"Item '{item['id']}' of type 'reasoning' was provided without its required following item.", "input"
            )


RULES: tuple[Callable[[Body, Model], None], ...] = (
    _shared,
    _limits,
    _stateless,
    _tools,
    _format,
    _input,
    _pairing,
    _reasoning,
)
