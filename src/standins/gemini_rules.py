"""What generateContent refuses beyond what its types say."""

import re
from collections.abc import Mapping
from typing import Any

from . import media
from .gemini_models import Model
from .memory import mint
from .wire import dump, refuse

Body = Mapping[str, Any]

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,127}")
SKIPS = frozenset({"skip_thought_signature_validator", "context_engineering_is_the_way_to_go"})


def check(body: Body, model: Model) -> None:
    """Refuse with a 400 what the provider would refuse."""
    _contents(body["contents"], model)
    _tools(body, model)
    _config(body, model)


def signature(*parts: bytes) -> str:
    """The signature of something that this stand-in said."""
    return mint("U1RB", 24, *parts)


def _contents(contents: list[Any], model: Model) -> None:
    if not contents:
        refuse("* GenerateContentRequest.contents: contents is not specified")
    waiting: list[str] = []
    for index, content in enumerate(contents):
        where = f"* GenerateContentRequest.contents[{index}]"
        if content.get("role", "user") not in ("user", "model"):
            refuse("Please use a valid role: user, model.")
        if not content.get("parts"):
            refuse(f"{where}.parts: contents.parts must not be empty.")
        for part in content["parts"]:
            _part(part, where)
        waiting = _turns(content, waiting)
    if contents[0].get("role", "user") != "user":
        refuse("Please ensure that the first turn is a user turn.")
    if waiting:
        refuse("Please ensure that function call turns are followed by function response turns.")
    if contents[-1].get("role") == "model" and not model.prefill:
        refuse("The last content must not be of role 'model'.")
    if model.signs:
        _signatures(contents)


def _part(part: Any, where: str) -> None:
    kinds = [key for key in part if key in DATA]
    if len(kinds) != 1:
        refuse(f"{where}.parts: part must have exactly one data field, not {len(kinds)}.")
    if part.get("text") == "" and "thoughtSignature" not in part:
        refuse(f"{where}.parts: text is empty.")
    blob = part.get("inlineData")
    if blob is not None:
        data = media.decode(blob.get("data") or "")
        if not blob.get("mimeType") or not data:
            refuse("Unable to process input image. Please retry or report an error.")
        found = media.sniff(data)
        if found and found != blob["mimeType"]:
            refuse(f"Provided data is {found}, not {blob['mimeType']}.")
    file = part.get("fileData")
    if file is not None and not file.get("mimeType") and "youtu" not in file["fileUri"]:
        refuse("The file URI needs a MIME type.")


DATA = frozenset({
    "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult",
})  # fmt: skip


def _turns(content: Any, waiting: list[str]) -> list[str]:
    """Calls are answered at once, in one turn, each once."""
    answers = [part["functionResponse"] for part in content["parts"] if "functionResponse" in part]
    if waiting:
        if sorted(answer.get("id") or answer["name"] for answer in answers) != sorted(waiting):
            refuse(
                "Please ensure that the number of function response parts is equal to the number of function call "
                "parts of the function call turn."
            )
    elif answers:
        refuse("Please ensure that function response turn comes immediately after a function call turn.")
    calls = [part["functionCall"] for part in content["parts"] if "functionCall" in part]
    if calls and content.get("role") != "model":
        refuse("Function calls are of role 'model'.")
    return [call.get("id") or call["name"] for call in calls]


def _signatures(contents: list[Any]) -> None:
    """The first call of every step of the running turn is signed, by this provider or by the documented value."""
    start = 0
    for index, content in enumerate(contents):
        if content.get("role", "user") == "user" and not any("functionResponse" in part for part in content["parts"]):
            start = index
    for index in range(start, len(contents)):
        calls = [part for part in contents[index]["parts"] if "functionCall" in part]
        if not calls:
            continue
        sign = calls[0].get("thoughtSignature")
        name = calls[0]["functionCall"]["name"]
        if not sign:
            refuse(f"Function call `{name}` in the {index}. content block is missing a `thought_signature`.")
        if sign not in SKIPS and sign != signature(name.encode(), dump(calls[0]["functionCall"].get("args") or {})):
            refuse("Corrupted thought signature.")


def _tools(body: Body, model: Model) -> None:
    declared: list[str] = []
    built_in = 0
    for tool in body.get("tools") or ():
        for key, value in tool.items():
            if key != "functionDeclarations":
                built_in += 1
                continue
            for function in value:
                _function(function, declared)
    if declared and not model.mixes:
        if built_in:
            refuse("Tool use with function calling is unsupported together with other tools.")
        if (body.get("generationConfig") or {}).get("responseMimeType") == "application/json":
            refuse("Function calling with a response mime type: 'application/json' is unsupported")
    config = (body.get("toolConfig") or {}).get("functionCallingConfig") or {}
    allowed = config.get("allowedFunctionNames") or ()
    if allowed and config.get("mode") not in ("ANY", "VALIDATED"):
        refuse("allowed_function_names are taken in mode ANY or VALIDATED only.")
    if set(allowed) - set(declared):
        refuse("allowed_function_names must be among the function declarations.")


def _function(function: Any, declared: list[str]) -> None:
    name = function.get("name") or ""
    if not NAME.fullmatch(name):
        refuse(f"Invalid function name '{name}'.")
    if name in declared:
        refuse(f"Duplicate function declaration found: {name}")
    declared.append(name)
    if "parameters" in function and "parametersJsonSchema" in function:
        refuse("Only one of parameters and parametersJsonSchema may be set.")
    schema = function.get("parametersJsonSchema") or function.get("parameters")
    if schema is not None and str(schema.get("type", "object")).lower() == "object" and schema.get("properties") == {}:
        refuse("parameters.properties: should be non-empty for OBJECT type")


def _config(body: Body, model: Model) -> None:
    config = body.get("generationConfig") or {}
    if len(config.get("stopSequences") or ()) > 5:
        refuse("The number of stop sequences must be at most 5.")
    if config.get("candidateCount", 1) > 1 and not model.several:
        refuse("Multiple candidates is not enabled for this model")
    if {"responseSchema", "responseJsonSchema"} & config.keys() and not config.get("responseMimeType"):
        refuse("A response schema needs a JSON response mime type.")
    if config.get("logprobs") and not config.get("responseLogprobs"):
        refuse("Logprobs is set, but response_logprobs is not.")
    _thinking(config.get("thinkingConfig") or {}, model)


def _thinking(thinking: Any, model: Model) -> None:
    budget, level = thinking.get("thinkingBudget"), thinking.get("thinkingLevel")
    if budget is not None and level is not None:
        refuse("You can only set only one of thinking budget and thinking level.")
    if level is not None and level.upper() not in model.levels:
        refuse(f"Thinking level {level} is not supported for this model.")
    if budget is None or budget == -1 or model.levels:
        return
    low, high = model.budget or (0, 0)
    if (budget == 0 and model.off) or low <= budget <= high:
        return
    refuse(f"The thinking budget {budget} is invalid. Please choose a value between {low} and {high}.")
