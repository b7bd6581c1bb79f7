"""Content blocks of a Converse request (wire/bedrock.md 5). A block is an object with exactly one key."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from ...draft import Draft
from ...media import by_extension
from ...records import (
    Cache,
    Call,
    Citation,
    Extra,
    Media,
    Opaque,
    Part,
    Path,
    Redacted,
    Result,
    Text,
    Thinking,
    evolve,
)
from ...records.parts import MediaKind
from ...seal import seal, unseal
from ...values import array_at, choice_at, dumps, maybe_text, missing, object_at, text_of, wrong_value
from ..sealed import rejoined
from .formats import TYPES, media_type_of

NAME = "bedrock"
ORIGIN = "anthropic"
"""The signing domain of reasoning that carries a signature: Claude, wherever it is hosted."""

Body = dict[str, Any]


def read_content(value: Any, path: Path, draft: Draft) -> tuple[Part, ...]:
    """The blocks of a message, of ``system`` or of a tool result. A ``cachePoint`` marks the part before it."""
    parts: list[Part] = []
    sealed = False
    for index, raw in enumerate(array_at(value, path)):
        at = (*path, index)
        kind = kind_of_block(object_at(raw, at), at)
        if kind == "cachePoint":
            if not parts or not _marked(parts, raw[kind], (*at, kind), draft):
                draft.extras.append(Extra((*at, kind), raw[kind]))
            continue
        reader = READERS.get(kind)
        part = Opaque(kind, NAME, at, raw) if reader is None else reader(raw, at, draft)
        sealed = sealed or (type(part) is Thinking and part.origin not in (None, ORIGIN))
        parts.append(part)
    return rejoined(parts, _signature, ORIGIN) if sealed else tuple(parts)


def _signature(part: Thinking) -> str:
    word: str = part.native["reasoningContent"]["reasoningText"]["signature"]
    return word


def kind_of_block(raw: Body, path: Path) -> str:
    """The one key of a block that has a value."""
    kinds = [key for key, value in raw.items() if value is not None]
    if len(kinds) != 1:
        wrong_value(path, raw, 'a block with exactly one key, such as {"text": "..."}')
    return kinds[0]


def read_mark(value: Any, path: Path, draft: Draft) -> Cache:
    """A ``cachePoint``."""
    mark = object_at(value, path)
    draft.unknown(mark, path, ("type", "ttl"))
    return Cache(maybe_text(mark, "ttl", path), path)


def _marked(parts: list[Part], value: Any, path: Path, draft: Draft) -> bool:
    """Mark the last part, if it can carry a mark."""
    last = parts[-1]
    if not isinstance(last, Text | Media | Call | Result) or last.cache is not None:
        return False
    parts[-1] = evolve(last, cache=read_mark(value, path, draft))
    return True


def _text(raw: Body, path: Path, draft: Draft) -> Text:
    return Text(text_of(raw, "text", path), None, path, raw)


_SOURCES = ("bytes", "s3Location", "text", "content")


def _media(kind: MediaKind) -> Callable[[Body, Path, Draft], Part]:
    def read(raw: Body, path: Path, draft: Draft) -> Part:
        at = (*path, kind)
        inner = object_at(raw[kind], at)
        draft.unknown(inner, at, ("format", "source", "name", "context", "citations"))
        source = object_at(inner.get("source") or missing((*at, "source")), (*at, "source"))
        form = maybe_text(inner, "format", at)
        if form is not None:
            choice_at(form, (*at, "format"), tuple(TYPES[kind]))
        found = kind_of_block(source, (*at, "source"))
        if found not in _SOURCES:
            wrong_value((*at, "source"), source, "one of 'bytes', 's3Location', 'text', 'content'")
        media_type = media_type_of(kind, form)
        fields: Body = {}
        if found == "bytes":
            fields["data"] = text_of(source, "bytes", (*at, "source"))
        elif found == "s3Location":
            location = object_at(source[found], (*at, "source", found))
            fields["url"] = text_of(location, "uri", (*at, "source", found))
            draft.unknown(location, (*at, "source", found), ("uri",))
            media_type = media_type or by_extension(fields["url"])
        elif found == "text":
            fields["text"], media_type = text_of(source, "text", (*at, "source")), "text/plain"
        else:
            return Opaque("document of content blocks", NAME, path, raw)
        cite = inner.get("citations")
        if type(cite) is dict:
            draft.unknown(cite, (*at, "citations"), ("enabled",))
        return Media(
            kind,
            media_type,
            filename=maybe_text(inner, "name", at),
            context=maybe_text(inner, "context", at),
            cite=type(cite) is dict and cite.get("enabled") is True,
            path=path,
            native=raw,
            **fields,
        )

    return read


def _call(raw: Body, path: Path, draft: Draft) -> Part:
    at = (*path, "toolUse")
    inner = object_at(raw["toolUse"], at)
    if inner.get("type") == "server_tool_use":
        return Opaque("server tool", NAME, path, raw)
    draft.unknown(inner, at, ("toolUseId", "name", "input"))
    given = inner.get("input")
    if given is None:
        missing((*at, "input"))
    return Call(text_of(inner, "toolUseId", at), text_of(inner, "name", at), dumps(given).decode(), path, raw)


def _result(raw: Body, path: Path, draft: Draft) -> Part:
    at = (*path, "toolResult")
    inner = object_at(raw["toolResult"], at)
    draft.unknown(inner, at, ("toolUseId", "content", "status"))
    status = inner.get("status")
    if status is not None:
        choice_at(status, (*at, "status"), ("success", "error"))
    content = read_content(inner.get("content") or [], (*at, "content"), draft)
    return Result(text_of(inner, "toolUseId", at), content, path, raw, status == "error")


def _json(raw: Body, path: Path, draft: Draft) -> Text:
    """A result as JSON: elsewhere it is its text."""
    return Text(dumps(raw["json"]).decode(), None, path, raw)


def _reasoning(raw: Body, path: Path, draft: Draft) -> Part:
    at = (*path, "reasoningContent")
    inner = object_at(raw["reasoningContent"], at)
    draft.unknown(inner, at, ("reasoningText", "redactedContent"))
    if inner.get("redactedContent") is not None:
        data, origin = read_redacted(text_of(inner, "redactedContent", at))
        return Redacted(data, origin, path, raw)
    place = (*at, "reasoningText")
    text = object_at(inner.get("reasoningText") or missing(place), place)
    draft.unknown(text, place, ("text", "signature"))
    signature = maybe_text(text, "signature", place) or None
    if signature is None:
        return Thinking(text_of(text, "text", place), None, None, path, raw)
    origin, _, state = unseal(signature, ORIGIN)
    # Clients that assemble a stream have no text where none came.
    return Thinking(maybe_text(text, "text", place) or "", state, origin, path, raw)


def read_redacted(data: str) -> tuple[str, str]:
    """Redacted reasoning and its origin.

    A blob of Converse is the base64 of what Claude's own API gives as a string, so that one can go back to the other.
    """
    try:
        text = b64decode(data, validate=True).decode("ascii")
    except ValueError:  # no base64, or no text in it
        return data, NAME
    if not text or not text.isprintable():
        return data, NAME
    origin, _, state = unseal(text, ORIGIN)
    return state, origin


def write_redacted(data: str, origin: str | None) -> str:
    """What ``read_redacted`` took apart."""
    return data if origin == NAME else b64encode(seal(origin, "redacted", data, ORIGIN).encode()).decode("ascii")


def _citations(raw: Body, path: Path, draft: Draft) -> Text:
    """Text of the history with its sources: elsewhere it is the text."""
    at = (*path, "citationsContent")
    inner = object_at(raw["citationsContent"], at)
    draft.unknown(inner, at, ("content",))
    place = (*at, "content")
    pieces = []
    for index, item in enumerate(array_at(inner.get("content") or [], place)):
        pieces.append(text_of(object_at(item, (*place, index)), "text", (*place, index)))
        draft.unknown(item, (*place, index), ("text",))
    return Text("".join(pieces), None, path, raw)


READERS: dict[str, Callable[[Body, Path, Draft], Part]] = {
    "text": _text,
    "image": _media("image"),
    "document": _media("document"),
    "video": _media("video"),
    "audio": _media("audio"),
    "toolUse": _call,
    "toolResult": _result,
    "json": _json,
    "reasoningContent": _reasoning,
    "citationsContent": _citations,
}


def read_citation(raw: Any) -> Citation:
    """A citation of a reply's text; only web locations have a URL (wire/bedrock.md 5)."""
    if type(raw) is not dict:
        raise TypeError
    location = raw.get("location")
    web = location.get("web") if type(location) is dict else None
    url = web.get("url") if type(web) is dict else None
    quoted = "".join(item.get("text") or "" for item in raw.get("sourceContent") or ()) or None
    return Citation(url, raw.get("title"), quoted, native=raw, dialect=NAME)
