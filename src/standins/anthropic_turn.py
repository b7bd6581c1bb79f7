"""Read a Messages request as a turn to answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from . import media
from .anthropic_rules import Asked, blocks
from .oddities import oddities
from .turns import NAMES_JSON, Tool, Turn


def turn(asked: Asked, header: str) -> Turn:
    """What the request asks of the model."""
    body = asked.body
    last = _last_user_blocks(body["messages"])
    results = tuple(_text(blocks(block.get("content"))) for block in last if block["type"] == "tool_result")
    text = _text(last)
    system = _text(blocks(body.get("system")))
    choice = body.get("tool_choice") or {"type": "auto"}
    kind = {"tool": "any"}.get(choice["type"], choice["type"])
    return Turn(
        text=text,
        system=system,
        results=results,
        media=tuple(_media(last)),
        tools=tuple(_tools(body)),
        force=kind,
        forced_tool=choice.get("name", ""),
        parallel=not choice.get("disable_parallel_tool_use"),
        schema=asked.format["schema"] if asked.format else None,
        wants_json=bool(NAMES_JSON.search(system)),
        thinks=_thinks(asked),
        stops=tuple(body.get("stop_sequences") or ()),
        limit=body["max_tokens"],
        odd=oddities(text, header),
    )


def _last_user_blocks(messages: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The blocks of the last user turn; neighbouring user messages are one turn."""
    found: list[Mapping[str, Any]] = []
    for message in reversed(messages):
        if message["role"] == "user":
            found = [*blocks(message["content"]), *found]
        elif found or message["role"] == "assistant":
            break
    return found


def _thinks(asked: Asked) -> bool:
    if asked.choice in ("any", "tool") and asked.model.forced == "without-thinking":
        return False
    return asked.thinking in ("adaptive", "enabled")


def _tools(body: Mapping[str, Any]) -> Iterator[Tool]:
    """The caller's tools; those that the provider runs itself are never called here."""
    for tool in body.get("tools") or ():
        if "input_schema" in tool:
            yield Tool(tool["name"], tool["input_schema"])


def _text(content: list[Mapping[str, Any]]) -> str:
    return "\n".join(block["text"] for block in content if block["type"] == "text")


def _media(content: list[Mapping[str, Any]]) -> Iterator[str]:
    for block in content:
        if block["type"] == "tool_result":
            yield from _media(blocks(block.get("content")))
        elif block["type"] in ("image", "document"):
            yield _source(block)


def _source(block: Mapping[str, Any]) -> str:
    source = block["source"]
    title = f"{block['title']}: " if block.get("title") else ""
    match source["type"]:
        case "base64":
            return title + media.describe(source["media_type"], media.decode(source["data"]) or b"")
        case "text":
            return f"{title}text/plain, {len(source['data'].encode())} bytes"
        case "url":
            return f"{title}a {block['type']} at {source['url']}"
        case kind:
            return f"{title}a {block['type']} by {kind}"
