"""Content blocks of a Messages request or reply (wire/anthropic.md 4 and 9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...draft import Draft
from ...media import by_extension, kind_of
from ...records import (
    Cache,
    Call,
    Citation,
    Media,
    Opaque,
    Part,
    Path,
    Redacted,
    Result,
    Text,
    Thinking,
)
from ...seal import unseal
from ...values import bool_at, dumps, maybe_text, missing, object_at, text_of, wrong_type, wrong_value
from ..sealed import rejoined

NAME = "anthropic"
ORIGIN = "anthropic"
"""The signing domain of the dialect: Claude, wherever it is hosted; the home of its clients (``seal``)."""


def read_cache(raw: dict[str, Any], path: Path, draft: Draft) -> Cache | None:
    """A block's cache mark."""
    mark = raw.get("cache_control")
    if mark is None:
        return None
    at = (*path, "cache_control")
    draft.unknown(object_at(mark, at), at, ("type", "ttl"))
    return Cache(maybe_text(mark, "ttl", at), at)


def read_content(content: Any, path: Path, draft: Draft) -> str | tuple[Part, ...]:
    """``content`` of a message or tool result: a string, or an array of blocks."""
    if type(content) is str:
        return content
    if type(content) is not list:
        wrong_type(path, content, "a string or an array of content blocks")
    parts: list[Part] = []
    sealed = False
    for index, raw in enumerate(content):
        at = (*path, index)
        if type(raw) is not dict:
            wrong_type(at, raw, "a content block object")
        kind = text_of(raw, "type", at)
        reader = READERS.get(kind)
        part = Opaque(kind, NAME, at, raw) if reader is None else reader(raw, at, draft)
        sealed = sealed or (type(part) is Thinking and part.origin not in (None, ORIGIN))
        parts.append(part)
    return rejoined(parts, lambda part: part.native["signature"], ORIGIN) if sealed else tuple(parts)


_TEXT_KEYS = frozenset({"type", "text", "cache_control"})


def _text(raw: dict[str, Any], path: Path, draft: Draft) -> Text:
    text = text_of(raw, "text", path)
    if len(raw) == 2:
        return Text(text, None, path, raw)
    draft.unknown(raw, path, _TEXT_KEYS)
    return Text(text, read_cache(raw, path, draft), path, raw)


def _image(raw: dict[str, Any], path: Path, draft: Draft) -> Media:
    draft.unknown(raw, path, frozenset({"type", "source", "cache_control"}))
    return _sourced(raw, path, "image", draft)


_DOCUMENT_KEYS = frozenset({"type", "source", "cache_control", "title", "context", "citations"})


def _document(raw: dict[str, Any], path: Path, draft: Draft) -> Part:
    draft.unknown(raw, path, _DOCUMENT_KEYS)
    if type(raw.get("source")) is dict and raw["source"].get("type") == "content":
        return Opaque("document of content blocks", NAME, path, raw)
    return _sourced(raw, path, "document", draft)


_SOURCES = {"base64": "data", "url": "url", "file": "file_id", "text": "text"}


def _sourced(raw: dict[str, Any], path: Path, kind: Any, draft: Draft) -> Media:
    at = (*path, "source")
    source = object_at(raw.get("source"), at)
    form = text_of(source, "type", at)
    field = _SOURCES.get(form)
    if field is None:
        wrong_value((*at, "type"), form, "one of " + ", ".join(f"'{name}'" for name in _SOURCES))
    key = "data" if form in ("base64", "text") else field
    value = text_of(source, key, at)
    media_type = maybe_text(source, "media_type", at)
    if media_type is None and form == "url":
        media_type = by_extension(value) or ("application/pdf" if kind == "document" else None)
    draft.unknown(source, at, frozenset({"type", "media_type", key}))
    cite = raw.get("citations")
    named: dict[str, Any] = {field: value}
    return Media(
        kind_of(media_type, kind) if kind == "image" else kind,
        media_type,
        filename=maybe_text(raw, "title", path),
        context=maybe_text(raw, "context", path),
        cite=type(cite) is dict and cite.get("enabled") is True,
        cache=read_cache(raw, path, draft),
        path=path,
        native=raw,
        **named,
    )


def _thinking(raw: dict[str, Any], path: Path, draft: Draft) -> Thinking:
    draft.unknown(raw, path, frozenset({"type", "thinking", "signature"}))
    text, signature = text_of(raw, "thinking", path), maybe_text(raw, "signature", path)
    if not signature:
        return Thinking(text, None, None, path, raw)
    origin, _, state = unseal(signature, ORIGIN)
    return Thinking(text, state, origin, path, raw)


def _redacted(raw: dict[str, Any], path: Path, draft: Draft) -> Redacted:
    draft.unknown(raw, path, frozenset({"type", "data"}))
    origin, _, data = unseal(text_of(raw, "data", path), ORIGIN)
    return Redacted(data, origin, path, raw)


_CALL_KEYS = frozenset({"type", "id", "name", "input", "cache_control"})


def _call(raw: dict[str, Any], path: Path, draft: Draft) -> Call:
    if len(raw) > 4:
        draft.unknown(raw, path, _CALL_KEYS)
    arguments = raw.get("input")
    if arguments is None:
        missing((*path, "input"))
    text = dumps(object_at(arguments, (*path, "input"))).decode()
    return Call(
        text_of(raw, "id", path),
        text_of(raw, "name", path),
        text,
        cache=read_cache(raw, path, draft),
        path=path,
        native=raw,
    )


_RESULT_KEYS = frozenset({"type", "tool_use_id", "content", "is_error", "cache_control"})


def _result(raw: dict[str, Any], path: Path, draft: Draft) -> Result:
    draft.unknown(raw, path, _RESULT_KEYS)
    content = raw.get("content")
    inner = () if content is None else read_content(content, (*path, "content"), draft)
    is_error = raw.get("is_error")
    failed = is_error is not None and bool_at(is_error, (*path, "is_error"))
    return Result(text_of(raw, "tool_use_id", path), inner, path, raw, failed, None, read_cache(raw, path, draft))


READERS: dict[str, Callable[[dict[str, Any], Path, Draft], Part]] = {
    "text": _text,
    "image": _image,
    "document": _document,
    "thinking": _thinking,
    "redacted_thinking": _redacted,
    "tool_use": _call,
    "tool_result": _result,
}


def read_citation(raw: Any) -> Citation:
    """A citation of a reply's text; only web citations have a URL (wire/anthropic.md 9)."""
    if type(raw) is not dict:
        raise TypeError
    url = raw.get("url") or (raw.get("source") if raw.get("type") == "search_result_location" else None)
    title = raw.get("title") or raw.get("document_title")
    return Citation(url, title, raw.get("cited_text"), native=raw, dialect=NAME)
