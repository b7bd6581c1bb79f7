"""Read a generateContent request as a turn to answer."""

from collections.abc import Mapping
from typing import Any

import orjson

from . import media
from .oddities import oddities
from .turns import NAMES_JSON, Tool, Turn

_FORCES = {"ANY": "any", "NONE": "none"}


def turn(body: Mapping[str, Any], header: str) -> Turn:
    """What the request asks of the model."""
    contents = body["contents"]
    last = contents[-1]["parts"]
    results = tuple(_result(part["functionResponse"]) for part in last if "functionResponse" in part)
    text = "\n".join(part["text"] for part in last if part.get("text"))
    system = "\n".join(part["text"] for part in (body.get("systemInstruction") or {}).get("parts") or ())
    config = body.get("generationConfig") or {}
    wants_json = config.get("responseMimeType") == "application/json"
    schema = config.get("responseJsonSchema") or lower(config.get("responseSchema"))
    calling = (body.get("toolConfig") or {}).get("functionCallingConfig") or {}
    names: list[str] = calling.get("allowedFunctionNames") or []
    tools = tuple(tool for tool in _tools(body) if not names or tool.name in names)
    force: Any = _FORCES.get(calling.get("mode") or "AUTO", "auto")
    return Turn(
        text=text,
        system=system,
        results=results,
        media=tuple(_media(part) for part in last if "inlineData" in part or "fileData" in part),
        tools=tools,
        force=force,
        forced_tool=names[0] if force == "any" and len(names) == 1 else "",
        schema=schema if wants_json else None,
        wants_json=wants_json or bool(NAMES_JSON.search(system)),
        thinks=bool((config.get("thinkingConfig") or {}).get("includeThoughts")),
        stops=tuple(config.get("stopSequences") or ()),
        limit=config.get("maxOutputTokens"),
        odd=oddities(text, header),
    )


def _tools(body: Mapping[str, Any]) -> list[Tool]:
    return [
        Tool(function["name"], function.get("parametersJsonSchema") or lower(function.get("parameters")) or {})
        for tool in body.get("tools") or ()
        for function in tool.get("functionDeclarations") or ()
    ]


def _result(result: Any) -> str:
    response = result.get("response") or {}
    said = response.get("output", response.get("error")) if len(response) == 1 else None
    text = said if isinstance(said, str) else orjson.dumps(response).decode()
    return "; ".join([text, *(_media(part) for part in result.get("parts") or ())])


def _media(part: Any) -> str:
    if "fileData" in part:
        return f"a file at {part['fileData']['fileUri']}"
    blob = part["inlineData"]
    return media.describe(blob["mimeType"], media.decode(blob["data"]) or b"")


def lower(schema: Any) -> Any:
    """A schema of the old style with types as JSON Schema spells them."""
    if isinstance(schema, dict):
        return {
            key: value.lower() if key == "type" and isinstance(value, str) else lower(value)
            for key, value in schema.items()
        }
    return [lower(item) for item in schema] if isinstance(schema, list) else schema
