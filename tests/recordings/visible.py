"""What a request holds must be visible in the native body, or be named by a loss: nothing is silent."""

import base64
from collections.abc import Iterator
from typing import Any

import orjson

from .driving import Planned
from .reading import arguments_of

Found = tuple[str, Any]
"""A JSON pointer into the client's body, and what stands there."""


def same(want: Any, got: Any, at: str = "") -> None:
    """Deep equality with key order; ``model`` is the gateway's, and so is its place."""
    assert type(want) is type(got), at
    if isinstance(want, dict):
        assert [key for key in want if at or key != "model"] == [key for key in got if at or key != "model"], at
        for key in want:
            if at or key != "model":
                same(want[key], got[key], f"{at}/{key}")
    elif isinstance(want, list):
        assert len(want) == len(got), at
        for index, item in enumerate(want):
            same(item, got[index], f"{at}/{index}")
    else:
        assert want == got, at


def strings(value: Any) -> Iterator[str]:
    """Every string value and every key, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def _texts(content: Any, at: str) -> Iterator[Found]:
    if isinstance(content, str):
        yield at, content
    for index, part in enumerate(content if isinstance(content, list) else ()):
        here = f"{at}/{index}"
        if isinstance(part.get("text"), str):
            yield f"{here}/text", part["text"]
        if isinstance(part.get("refusal"), str):
            yield f"{here}/refusal", part["refusal"]
        if isinstance(part.get("thinking"), str):
            yield f"{here}/thinking", part["thinking"]
        if part.get("type") in ("tool_result", "document", "search_result"):
            yield from _texts(part.get("content"), f"{here}/content")
        source = part.get("source")
        if isinstance(source, dict) and source.get("type") == "text":
            yield f"{here}/source", source["data"]
        elif isinstance(source, dict) and source.get("type") == "content":
            yield from _texts(source["content"], f"{here}/source/content")


def texts(body: dict[str, Any]) -> Iterator[Found]:
    """Every text of the conversation, in either dialect."""
    yield from _texts(body.get("system"), "/system")
    for index, message in enumerate(body["messages"]):
        yield from _texts(message.get("content"), f"/messages/{index}/content")
        for key in ("refusal", "reasoning_content", "reasoning"):
            if isinstance(message.get(key), str):
                yield f"/messages/{index}/{key}", message[key]


def calls(body: dict[str, Any]) -> Iterator[Found]:
    """(name, arguments) of every call of the history."""
    for index, item in enumerate(body.get("input") or ()):
        if item.get("type") == "function_call":
            yield f"/input/{index}", (item["name"], arguments_of(item["arguments"]))
        elif item.get("type") == "custom_tool_call":
            yield f"/input/{index}", (item["name"], {"input": item["input"]})
    for index, message in enumerate(body.get("messages") or ()):
        for number, made in enumerate(message.get("tool_calls") or ()):
            at = f"/messages/{index}/tool_calls/{number}"
            if made.get("type") == "custom":
                yield at, (made["custom"]["name"], {"input": made["custom"]["input"]})
            else:
                given = made["function"].get("arguments") or ""
                yield at, (made["function"]["name"], given if isinstance(given, dict) else arguments_of(given))
        content = message.get("content")
        for number, block in enumerate(content if isinstance(content, list) else ()):
            if block.get("type") == "tool_use":
                yield f"/messages/{index}/content/{number}", (block["name"], block["input"])


SEARCH = {"web_search_preview": "web_search"}


def tools(body: dict[str, Any]) -> Iterator[Found]:
    """(name, description, schema) of every tool."""
    for key in ("tools", "functions"):
        for index, tool in enumerate(body.get(key) or ()):
            inner = tool.get("function") or tool.get("custom") or tool
            schema = inner.get("parameters") or inner.get("input_schema")
            name = inner.get("name") or SEARCH.get(tool.get("type")) or tool.get("type")
            yield f"/{key}/{index}", (name, inner.get("description"), schema)


def properties(schema: Any, at: str = "") -> Iterator[Found]:
    """Names of properties, and the words about them, wherever they stand."""
    if isinstance(schema, dict):
        for key, item in schema.items():
            if key == "properties" and isinstance(item, dict):
                for name in item:
                    yield f"{at}/properties/{name}", name
            elif key in ("description", "pattern", "$comment") and isinstance(item, str):
                yield f"{at}/{key}", item
            elif key == "enum" and isinstance(item, list):
                yield from ((f"{at}/enum", value) for value in item if isinstance(value, str))
            yield from properties(item, f"{at}/{key}")
    elif isinstance(schema, list):
        for index, item in enumerate(schema):
            yield from properties(item, f"{at}/{index}")


def media(body: dict[str, Any]) -> Iterator[Found]:
    """Data and addresses of media, without prefixes."""

    def walk(value: Any, at: str) -> Iterator[Found]:
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from walk(item, f"{at}/{index}")
        if not isinstance(value, dict):
            return
        for key, item in value.items():
            here = f"{at}/{key}"
            if isinstance(item, str) and key in ("url", "data", "file_data", "image_url", "file_id", "file_url"):
                yield here, item.partition(";base64,")[2] or item
            else:
                yield from walk(item, here)

    for index, message in enumerate(body["messages"]):
        yield from walk(message.get("content"), f"/messages/{index}/content")


def as_text(data: str) -> str | None:
    """Base64 of a text: what a plain-text document holds."""
    try:
        return base64.b64decode(data, validate=True).decode()
    except ValueError:
        return None


def covered(at: str, losses: list[dict[str, str]]) -> bool:
    """Whether a loss names the place, something above it, or something in it."""
    return any(
        loss["path"] == at or loss["path"].startswith(f"{at}/") or at.startswith(f"{loss['path']}/") for loss in losses
    )


def paths_exist(losses: list[dict[str, str]], body: Any) -> None:
    """Every loss that is no addition points into the client's body."""
    for loss in losses:
        assert loss["detail"]
        if loss["kind"] == "added":
            continue
        value = body
        for part in loss["path"].split("/")[1:]:
            step = part.replace("~1", "/").replace("~0", "~")
            if isinstance(value, list):
                value = value[int(step)]
            else:
                assert isinstance(value, dict), loss
                assert step in value, loss
                value = value[step]


def everything_arrived(body: dict[str, Any], dialect: str, told: Planned) -> None:
    """Texts, tools, schemas, calls and media of a request are in the native body, or lost with a note."""
    losses, native = told.losses, told.body
    said = "\x00".join(strings(native))
    found = list(texts(body))
    lost = {text for at, text in found if covered(at, losses)}
    for at, text in found:
        # The same words may stand twice, as ``reasoning`` and as ``reasoning_content``.
        assert not text.strip() or text in said or text in lost, at
    for at, name in media(body):
        fetched = name.startswith(("http://", "https://"))
        assert fetched or name in said or (as_text(name) or name) in said or covered(at, losses), at
    _tools_arrived(body, told, said)
    if dialect == "openai_chat" and isinstance(body.get("response_format"), dict):
        _words_arrived(body["response_format"], "/response_format", losses, said)
    made = list(calls(native))
    for at, one in calls(body):
        names = told.head["context"].get("names", {})
        assert any((names.get(name, name), given) == one for _, (name, given) in made) or covered(at, losses), at


def _words_arrived(schema: Any, at: str, losses: list[dict[str, str]], said: str) -> None:
    quoted = orjson.dumps(said).decode()
    for where, word in properties(schema, at):
        seen = word in said or orjson.dumps(word).decode()[1:-1] in quoted
        assert seen or covered(where, losses), where


def _tools_arrived(body: dict[str, Any], told: Planned, said: str) -> None:
    names = told.head["context"].get("names", {})
    there = {names.get(name, name): (description, schema) for _, (name, description, schema) in tools(told.body)}
    for at, (name, description, schema) in tools(body):
        if name not in there and (covered(at, told.losses) or covered("/tool_choice", told.losses)):
            continue
        assert name in there, at
        assert (description or None) == (there[name][0] or None), at
        _words_arrived(schema, at, told.losses, said)
