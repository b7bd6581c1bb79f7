"""Read a chat completion request as a turn to answer."""

from collections.abc import Callable, Mapping
from typing import Any

from . import media
from .oddities import oddities
from .turns import NAMES_JSON, Tool, Turn


def turn(body: Mapping[str, Any], header: str) -> Turn:
    """What the request asks of the model."""
    messages = body["messages"]
    tail = len(messages)
    while tail and messages[tail - 1]["role"] in ("tool", "function"):
        tail -= 1
    results = messages[tail:]
    last = messages[-1] if messages[-1]["role"] == "user" else {}
    text = _text(last.get("content"))
    system = "\n".join(_text(item["content"]) for item in messages if item["role"] in ("system", "developer"))
    wanted = body.get("response_format") or {}
    schema = wanted["json_schema"]["schema"] if wanted.get("type") == "json_schema" else None
    tools, force, forced_tool = _tools(body)
    stop = body.get("stop") or ()
    return Turn(
        text=text,
        system=system,
        results=tuple(_text(item["content"]) for item in results),
        media=tuple(_media(last.get("content"))),
        tools=tools,
        force=force,
        forced_tool=forced_tool,
        parallel=body.get("parallel_tool_calls") is not False,
        schema=schema,
        wants_json=wanted.get("type") == "json_object" or bool(NAMES_JSON.search(system)),
        stops=(stop,) if isinstance(stop, str) else tuple(stop),
        limit=body.get("max_completion_tokens") or body.get("max_tokens"),
        odd=oddities(text, header),
    )


def _tools(body: Mapping[str, Any]) -> tuple[tuple[Tool, ...], Any, str]:
    offered = body.get("tools") or [{"type": "function", "function": item} for item in body.get("functions") or ()]
    tools = tuple(
        Tool(tool[tool["type"]]["name"], tool[tool["type"]].get("parameters") or {}, tool["type"] == "custom")
        for tool in offered
    )
    choice = body.get("tool_choice") or body.get("function_call") or "auto"
    if isinstance(choice, str):
        return tools, {"required": "any"}.get(choice, choice), ""
    if choice.get("type") == "allowed_tools":
        allowed = choice["allowed_tools"]
        names = {item[item["type"]]["name"] for item in allowed["tools"]}
        kept = tuple(tool for tool in tools if tool.name in names)
        return kept, "any" if allowed["mode"] == "required" else "auto", ""
    name = choice[choice["type"]]["name"] if "type" in choice else choice["name"]
    return tools, "any", name


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(part["text"] for part in content if part["type"] == "text")
    return content or ""


def _media(content: Any) -> list[str]:
    parts = content if isinstance(content, list) else ()
    return [READERS[part["type"]](part) for part in parts if part["type"] in READERS]


def _image(part: Any) -> str:
    found = media.split_data_url(part["image_url"]["url"])
    return media.describe(*found) if found else f"an image at {part['image_url']['url']}"


def _audio(part: Any) -> str:
    audio = part["input_audio"]
    return media.describe(f"audio/{audio['format']}", media.decode(audio["data"]) or b"")


def _file(part: Any) -> str:
    found = media.split_data_url(part["file"].get("file_data") or "")
    name = part["file"].get("filename") or part["file"].get("file_id") or "a file"
    return f"{name}: {media.describe(*found)}" if found else str(name)


READERS: dict[str, Callable[[Any], str]] = {"image_url": _image, "input_audio": _audio, "file": _file}
