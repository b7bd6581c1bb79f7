"""Read a Responses request as a turn to answer."""

from collections.abc import Callable, Mapping
from typing import Any

from . import media
from .oddities import oddities
from .openai_models import Model
from .turns import NAMES_JSON, Tool, Turn

OUTPUTS = ("function_call_output", "custom_tool_call_output")


def items(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The input as items."""
    given = body["input"]
    return [{"role": "user", "content": given}] if isinstance(given, str) else list(given)


def reasons(body: Mapping[str, Any], row: Model) -> bool:
    """Whether the model reasons before it answers."""
    effort = (body.get("reasoning") or {}).get("effort") or row.default
    return row.reasoning and effort != "none"


def turn(body: Mapping[str, Any], row: Model, header: str) -> Turn:
    """What the request asks of the model."""
    given = items(body)
    tail = len(given)
    while tail and given[tail - 1].get("type") in OUTPUTS:
        tail -= 1
    last = given[-1] if given[-1].get("role") == "user" else {}
    said = [_text(item["content"]) for item in given if item.get("role") in ("system", "developer")]
    system = "\n".join([body.get("instructions") or "", *said])
    text = _text(last.get("content"))
    form = (body.get("text") or {}).get("format") or {}
    tools, force, forced_tool = _tools(body)
    return Turn(
        text=text,
        system=system,
        results=tuple(_text(item["output"]) for item in given[tail:]),
        media=tuple(_media(last.get("content"))),
        tools=tools,
        force=force,
        forced_tool=forced_tool,
        parallel=body.get("parallel_tool_calls") is not False,
        schema=form["schema"] if form.get("type") == "json_schema" else None,
        wants_json=form.get("type") == "json_object" or bool(NAMES_JSON.search(system)),
        thinks=reasons(body, row) and (body.get("reasoning") or {}).get("summary") is not None,
        limit=body.get("max_output_tokens"),
        odd=oddities(text, header),
    )


def _tools(body: Mapping[str, Any]) -> tuple[tuple[Tool, ...], Any, str]:
    tools = tuple(
        Tool(tool["name"], tool.get("parameters") or {}, tool["type"] == "custom")
        for tool in body.get("tools") or ()
        if tool["type"] in ("function", "custom")
    )
    choice = body.get("tool_choice") or "auto"
    if isinstance(choice, str):
        return tools, {"required": "any"}.get(choice, choice), ""
    if choice["type"] == "allowed_tools":
        names = {item["name"] for item in choice["tools"]}
        kept = tuple(tool for tool in tools if tool.name in names)
        return kept, "any" if choice["mode"] == "required" else "auto", ""
    return tools, "any", choice.get("name", "")


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(part["text"] for part in content if part["type"] in ("input_text", "output_text"))
    return content or ""


def _media(content: Any) -> list[str]:
    parts = content if isinstance(content, list) else ()
    return [READERS[part["type"]](part) for part in parts if part["type"] in READERS]


def _image(part: Any) -> str:
    url = part.get("image_url") or part.get("file_id")
    found = media.split_data_url(url)
    return media.describe(*found) if found else f"an image at {url}"


def _file(part: Any) -> str:
    found = media.split_data_url(part.get("file_data") or "")
    name = part.get("filename") or part.get("file_id") or part.get("file_url") or "a file"
    return f"{name}: {media.describe(*found)}" if found else str(name)


READERS: dict[str, Callable[[Any], str]] = {"input_image": _image, "input_file": _file}
