"""Content parts of a chat message (wire/openai-chat.md 4, spec/chat.md 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...draft import Draft
from ...media import AUDIO_FORMATS, by_extension, kind_of, sniff, split_data_url
from ...records import Cache, Extra, Media, Opaque, Part, Path, Redacted, Refusal, Text, Thinking, TranslationError
from ...records.parts import MediaKind
from ...seal import unseal
from ...values import maybe_text, missing, object_at, text_of, wrong_type, wrong_value

HOME = "anthropic"
"""The signing domain whose state thinking blocks carry bare (``seal``)."""


MARKS = ("cache_control", "prompt_cache_breakpoint")
"""Spellings of a cache mark."""


def read_cache(raw: dict[str, Any], path: Path, draft: Draft) -> Cache | None:
    """A cache mark in either spelling: ``cache_control`` or ``prompt_cache_breakpoint``; the first one wins."""
    found = None
    for key in MARKS:
        mark = raw.get(key)
        if mark is not None:
            at = (*path, key)
            draft.unknown(object_at(mark, at), at, ("type", "mode", "ttl"))
            cache = Cache(maybe_text(mark, "ttl", at), at)
            if found is not None and found != cache:
                draft.extras.append(Extra(at, mark))
            found = found or cache
    return found


def read_content(content: list[Any], path: Path, draft: Draft) -> tuple[Part, ...]:
    """An array of content parts; ``path`` is that of the array."""
    parts: list[Part] = []
    for index, raw in enumerate(content):
        at = (*path, index)
        if type(raw) is not dict:
            wrong_type(at, raw, "a content part object")
        kind = raw.get("type")
        if kind == "text":
            parts.append(_text(raw, at, draft))
            continue
        reader = READERS.get(kind) if type(kind) is str else None
        if reader is not None:
            parts.append(_read(reader, raw, at, draft))
        elif kind is None:
            missing((*at, "type"))
        elif type(kind) is not str:
            wrong_type((*at, "type"), kind, "a string")
        else:
            parts.append(Opaque(kind, "openai_chat", at, raw))
    return tuple(parts)


def _read(reader: Callable[[dict[str, Any], Path, Draft], Part], raw: dict[str, Any], path: Path, draft: Draft) -> Part:
    """A part as its reader sees it; one in a shape of some server's own passes to such servers only."""
    try:
        return reader(raw, path, draft)
    except TranslationError as fault:
        return Opaque(raw["type"], "openai_chat", path, raw, fault)


_TEXT_KEYS = frozenset({"type", "text", *MARKS})


def _text(raw: dict[str, Any], path: Path, draft: Draft) -> Text:
    text = text_of(raw, "text", path)
    if len(raw) == 2:
        return Text(text, None, path, raw)
    draft.unknown(raw, path, _TEXT_KEYS)
    return Text(text, read_cache(raw, path, draft), path, raw)


def _place(
    url: str, declared: str | None, path: Path, default: MediaKind, name: str | None = None
) -> tuple[MediaKind, str | None, str | None, str | None]:
    """Kind, media type, data and URL of what a URL or data URL names (spec/chat.md 3: the order of evidence)."""
    if url.startswith("data:"):
        media_type, data = split_data_url(url, path)
        if media_type in (None, "application/octet-stream"):
            media_type = declared or by_extension(name) or sniff(data)
        return kind_of(media_type, default), media_type, data, None
    if "://" not in url:
        wrong_value(path, url, "an https URL or a data URL")
    media_type = declared or by_extension(name) or by_extension(url)
    return kind_of(media_type, default), media_type, None, url


def _seen(kind: MediaKind) -> Callable[[dict[str, Any], Path, Draft], Media]:
    """A reader of ``image_url`` and of ``video_url``, which may say of what they name that it is something else.

    Images by a web address or as data are the dialect's own form, a bare address too, which OpenAI takes; all else is
    that of other servers.
    """
    key = f"{kind}_url"

    def read(raw: dict[str, Any], path: Path, draft: Draft) -> Media:
        value, at = raw.get(key), (*path, key)
        inner = {"url": value} if type(value) is str else object_at(value, at)
        declared = maybe_text(inner, "mime_type", at) or maybe_text(inner, "format", at)
        found, media_type, data, url = _place(text_of(inner, "url", at), declared, (*at, "url"), kind)
        draft.unknown(raw, path, ("type", key, *MARKS))
        draft.unknown(inner, at, ("url", "detail", "mime_type", "format"))
        own = key == "image_url" and found == "image" and declared is None
        return Media(
            found, media_type, data, url, detail=maybe_text(inner, "detail", at), cache=read_cache(raw, path, draft),
            path=path, native=raw, foreign=not own or (url is not None and not url.startswith(("https://", "http://"))),
        )  # fmt: skip

    return read


def _audio(raw: dict[str, Any], path: Path, draft: Draft) -> Media:
    at = (*path, "input_audio")
    inner = object_at(raw.get("input_audio"), at)
    given = data = text_of(inner, "data", at)
    form = maybe_text(inner, "format", at)
    draft.unknown(raw, path, ("type", "input_audio", *MARKS))
    draft.unknown(inner, at, ("data", "format"))
    media_type = AUDIO_FORMATS.get(form, f"audio/{form}") if form else None
    if data.startswith("data:"):
        told, data = split_data_url(data, (*at, "data"))
        media_type = told or media_type
    return Media(
        "audio", media_type or sniff(data), data, cache=read_cache(raw, path, draft), path=path, native=raw,
        foreign=data is not given,
    )  # fmt: skip


_FILE_KEYS = frozenset({"filename", "file_data", "file_id", "file_url", "mime_type", "format"})


def _file(raw: dict[str, Any], path: Path, draft: Draft) -> Media:
    at = (*path, "file")
    inner = object_at(raw.get("file"), at)
    draft.unknown(raw, path, ("type", "file", *MARKS))
    draft.unknown(inner, at, _FILE_KEYS)
    name = maybe_text(inner, "filename", at)
    declared = maybe_text(inner, "mime_type", at) or maybe_text(inner, "format", at)
    file_data, file_url = maybe_text(inner, "file_data", at), maybe_text(inner, "file_url", at)
    data = url = file_id = None
    own = declared is None
    if file_data is not None and file_data.startswith("data:"):
        _, media_type, data, url = _place(file_data, declared, (*at, "file_data"), "document", name)
    elif file_data is not None:
        own, data, media_type = False, file_data, declared or by_extension(name) or sniff(file_data)
    elif file_url is not None:
        own = False
        _, media_type, data, url = _place(file_url, declared, (*at, "file_url"), "document", name)
    else:
        file_id, media_type = text_of(inner, "file_id", at), declared or by_extension(name)
    kind = kind_of(media_type, "document")
    # The dialect's own form: a document by its id, or as a data URL.
    return Media(
        kind, media_type, data, url, file_id, filename=name, cache=read_cache(raw, path, draft), path=path, native=raw,
        foreign=not own or kind != "document",
    )  # fmt: skip


def _link(raw: dict[str, Any], path: Path, draft: Draft) -> Media:
    """A document by its address, in two servers' forms: ``document_url`` and ``file_url``."""
    key = raw["type"]
    value = raw.get(key)
    if type(value) is dict:
        draft.unknown(value, (*path, key), ("url",))
        value = value.get("url")
    if type(value) is not str:
        wrong_type((*path, key), value, "a URL")
    name = maybe_text(raw, "document_name", path)
    draft.unknown(raw, path, ("type", key, "document_name", *MARKS))
    kind, media_type, data, url = _place(value, None, (*path, key), "document", name)
    return Media(
        kind, media_type, data, url, filename=name, cache=read_cache(raw, path, draft), path=path, native=raw,
        foreign=True,
    )  # fmt: skip


def _refusal(raw: dict[str, Any], path: Path, draft: Draft) -> Refusal:
    draft.unknown(raw, path, ("type", "refusal"))
    return Refusal(text_of(raw, "refusal", path), path, raw)


def thinking_block(raw: dict[str, Any], path: Path, draft: Draft) -> Thinking | Redacted:
    """A ``thinking`` or ``redacted_thinking`` block, as in ``thinking_blocks`` and in content arrays."""
    if raw.get("type") == "redacted_thinking":
        draft.unknown(raw, path, ("type", "data", "index"))
        origin, _, data = unseal(text_of(raw, "data", path), HOME)
        return Redacted(data, origin, path, raw)
    draft.unknown(raw, path, ("type", "thinking", "signature", "index"))
    signature = maybe_text(raw, "signature", path) or None
    thinking = raw.get("thinking")
    if type(thinking) is list:
        # One server's own form: a list of text parts.
        thinking = "".join(text_of(object_at(item, path), "text", path) for item in thinking)
    text = thinking if type(thinking) is str else maybe_text(raw, "thinking", path) or ""
    if signature is None:
        return Thinking(text, None, None, path, raw)
    origin, _, state = unseal(signature, HOME)
    return Thinking(text, state, origin, path, raw)


READERS: dict[str, Callable[[dict[str, Any], Path, Draft], Part]] = {
    "text": _text,
    "image_url": _seen("image"),
    "video_url": _seen("video"),
    "input_audio": _audio,
    "file": _file,
    "document_url": _link,
    "file_url": _link,
    "refusal": _refusal,
    "thinking": thinking_block,
    "redacted_thinking": thinking_block,
}
