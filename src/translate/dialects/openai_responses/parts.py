"""Content parts of a Responses message or tool output (wire/openai-responses.md 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...draft import Draft
from ...media import AUDIO_FORMATS, by_extension, kind_of, sniff, split_data_url
from ...records import Cache, Media, Opaque, Part, Path, Refusal, Text
from ...records.parts import MediaKind
from ...values import maybe_text, object_at, text_of, wrong_type, wrong_value

NAME = "openai_responses"
ORIGIN = "openai"
"""The signing domain of the dialect, and the home of its clients (``seal``)."""


def read_cache(raw: dict[str, Any], path: Path, draft: Draft) -> Cache | None:
    """A part's cache mark."""
    mark = raw.get("prompt_cache_breakpoint")
    if mark is None:
        return None
    at = (*path, "prompt_cache_breakpoint")
    draft.unknown(object_at(mark, at), at, ("mode", "ttl"))
    return Cache(maybe_text(mark, "ttl", at), at)


def read_content(content: Any, path: Path, draft: Draft) -> str | tuple[Part, ...]:
    """``content`` of a message or ``output`` of a call: a string, or an array of parts."""
    if type(content) is str:
        return content
    if type(content) is not list:
        wrong_type(path, content, "a string or an array of content parts")
    parts: list[Part] = []
    for index, raw in enumerate(content):
        at = (*path, index)
        if type(raw) is not dict:
            wrong_type(at, raw, "a content part object")
        kind = text_of(raw, "type", at)
        reader = READERS.get(kind)
        parts.append(Opaque(kind, NAME, at, raw) if reader is None else reader(raw, at, draft))
    return tuple(parts)


_TEXT_KEYS = frozenset({"type", "text", "prompt_cache_breakpoint"})


def _text(raw: dict[str, Any], path: Path, draft: Draft) -> Text:
    text = text_of(raw, "text", path)
    if len(raw) == 2:
        return Text(text, None, path, raw)
    draft.unknown(raw, path, _TEXT_KEYS)
    return Text(text, read_cache(raw, path, draft), path, raw)


def _refusal(raw: dict[str, Any], path: Path, draft: Draft) -> Refusal:
    draft.unknown(raw, path, ("type", "refusal"))
    return Refusal(text_of(raw, "refusal", path), path, raw)


def _place(
    url: str, path: Path, default: MediaKind, name: str | None = None
) -> tuple[MediaKind, str | None, str | None, str | None]:
    """Kind, media type, data and URL of what a URL or data URL names."""
    if url.startswith("data:"):
        media_type, data = split_data_url(url, path)
        if media_type in (None, "application/octet-stream"):
            media_type = by_extension(name) or sniff(data)
        return kind_of(media_type, default), media_type, data, None
    if "://" not in url:
        wrong_value(path, url, "an https URL or a data URL")
    media_type = by_extension(url) or by_extension(name)
    return kind_of(media_type, default), media_type, None, url


_IMAGE_KEYS = frozenset({"type", "image_url", "file_id", "detail", "prompt_cache_breakpoint"})


def _image(raw: dict[str, Any], path: Path, draft: Draft) -> Media:
    draft.unknown(raw, path, _IMAGE_KEYS)
    detail, cache = maybe_text(raw, "detail", path), read_cache(raw, path, draft)
    url = maybe_text(raw, "image_url", path)
    if url is None:
        file_id = text_of(raw, "file_id" if raw.get("file_id") is not None else "image_url", path)
        return Media("image", file_id=file_id, detail=detail, cache=cache, path=path, native=raw)
    kind, media_type, data, url = _place(url, (*path, "image_url"), "image")
    return Media(kind, media_type, data, url, detail=detail, cache=cache, path=path, native=raw)


_FILE_KEYS = frozenset({"type", "filename", "file_data", "file_url", "file_id", "detail", "prompt_cache_breakpoint"})


def _file(raw: dict[str, Any], path: Path, draft: Draft) -> Media:
    draft.unknown(raw, path, _FILE_KEYS)
    name, detail = maybe_text(raw, "filename", path), maybe_text(raw, "detail", path)
    cache = read_cache(raw, path, draft)
    file_data, file_url = maybe_text(raw, "file_data", path), maybe_text(raw, "file_url", path)
    if file_data is not None and not file_data.startswith("data:"):
        media_type = by_extension(name) or sniff(file_data)
        kind = kind_of(media_type, "document")
        return Media(kind, media_type, file_data, detail=detail, filename=name, cache=cache, path=path, native=raw)
    given, key = (file_url, "file_url") if file_data is None else (file_data, "file_data")
    if given is not None:
        kind, media_type, data, url = _place(given, (*path, key), "document", name)
        return Media(kind, media_type, data, url, detail=detail, filename=name, cache=cache, path=path, native=raw)
    media_type = by_extension(name)
    kind = kind_of(media_type, "document")
    file_id = text_of(raw, "file_id", path)
    return Media(kind, media_type, file_id=file_id, detail=detail, filename=name, cache=cache, path=path, native=raw)


def _audio(raw: dict[str, Any], path: Path, draft: Draft) -> Media:
    at = (*path, "input_audio")
    inner = object_at(raw.get("input_audio"), at)
    draft.unknown(raw, path, ("type", "input_audio"))
    draft.unknown(inner, at, ("data", "format"))
    data, form = text_of(inner, "data", at), maybe_text(inner, "format", at)
    media_type = AUDIO_FORMATS.get(form, f"audio/{form}") if form else sniff(data)
    return Media("audio", media_type, data, path=path, native=raw)


READERS: dict[str, Callable[[dict[str, Any], Path, Draft], Part]] = {
    "input_text": _text,
    "output_text": _text,
    "text": _text,
    "refusal": _refusal,
    "input_image": _image,
    "input_file": _file,
    "input_audio": _audio,
}
