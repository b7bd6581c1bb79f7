"""Media against what the model and the provider take (spec/chat.md 3). What cannot be expressed is a 400."""

from __future__ import annotations

from base64 import b64decode
from typing import Any, NoReturn

from ..media import sniff
from ..records import Media, Path, Request, TranslationError, changed, render
from ..records.parts import place, place_of
from ..target import Target
from ..values import dotted
from .notes import Notes

_NOUNS = {"image": "images", "audio": "audio", "video": "video", "document": "documents"}
_SEND = "send it as data, or by an https URL"


def fit_media(part: Media, request: Request, target: Target, notes: Notes, images: int) -> Media:
    """The part as the target can take it.

    Args:
        part: one part.
        request: whose part it is.
        target: where it goes.
        notes: of the request.
        images: how many images there are so far, this one included.

    Raises:
        TranslationError: ``unsupported_content``, naming the part, when it cannot.
    """
    provider = target.provider
    foreign = part.foreign and "*" not in provider.extensions
    if request.dialect == provider.dialect and not (provider.subset or foreign):
        by_url = part.url is not None and provider.inline_media
        return _located(part, target, notes) if by_url else part
    fields: dict[str, Any] = {}
    if part.url is not None:
        part = _located(part, target, notes)
    media_type = part.media_type
    if media_type is None and part.data is not None:
        media_type = fields["media_type"] = sniff(part.data)
    if media_type == "image/jpg":
        media_type = fields["media_type"] = "image/jpeg"
    # A plain text can be said in words where no document can be.
    if part.kind != "document" or media_type != "text/plain" or provider.text_documents:
        _check_kind(part, media_type, target)
    _check_count(part, images, target)
    _check_file(part, target)
    if part.kind == "document" and part.data is not None:
        fields.update(_document(part, media_type, target, notes))
    if part.detail is not None or part.filename is not None:
        fields.update(_words(part, request, target, notes))
    # What its own dialect does not say so is said anew.
    return changed(part, **fields) if fields or foreign else part


def _detail(part: Media, request: Request, target: Target, notes: Notes) -> dict[str, Any]:
    """The wished resolution in a word that the provider has."""
    provider, path = target.provider, place_in(part, "detail", request)
    word = provider.values.get("detail", {}).get(part.detail or "")
    if word is not None:
        notes.lose(path, "approximated", "hint", f"{provider.name} has no detail '{part.detail}': it became '{word}'.")
        return {"detail": word}
    if part.kind in provider.detail:
        return {}
    if part.detail != "auto":
        notes.lose(path, "dropped", "hint", f"{provider.name} has no resolution switch.")
    return {"detail": None}


def _words(part: Media, request: Request, target: Target, notes: Notes) -> dict[str, Any]:
    """The wished resolution, and no file name where media of this kind have none."""
    fields = {} if part.detail is None else _detail(part, request, target, notes)
    if part.filename is None or part.kind in target.provider.named_media:
        return fields
    path = place_in(part, "filename", request)
    notes.lose(path, "dropped", "hint", f"{target.provider.name} has no names of {_NOUNS[part.kind]}.")
    return {**fields, "filename": None}


def place_in(part: Media, name: str, request: Request) -> Path:
    """Where a word about a part stands: inside its object, whatever that is called."""
    return place(part, str(request.pointers.get(name, (name,))[-1]))


def _check_count(part: Media, images: int, target: Target) -> None:
    most = target.row.max_images
    if part.kind == "image" and most is not None and images > most:
        _refuse(part, target, f"it takes at most {most} images in one request")


def _check_file(part: Media, target: Target) -> None:
    """A file id means something to the provider that gave it out."""
    prefix = target.provider.file_prefix
    if part.file_id is None:
        return
    if part.kind not in target.provider.file_kinds:
        _refuse(part, target, f"{_NOUNS[part.kind]} cannot be named by a file id there; {_SEND}")
    if prefix is None or not part.file_id.startswith(prefix):
        _refuse(part, target, f"the file id {part.file_id!r} belongs to another provider; {_SEND}")
    if part.media_type is None and target.provider.media_hosts is not None:
        _refuse(part, target, "its media type is unknown; say it in 'mime_type'")


def _document(part: Media, media_type: str | None, target: Target, notes: Notes) -> dict[str, Any]:
    """Plain text is decoded; a name is made up, and reported, where the provider wants one."""
    if media_type == "text/plain":
        return {"data": None, "text": _decoded(part)}
    if part.filename is not None or not target.provider.file_names:
        return {}
    name = "document.pdf" if media_type == "application/pdf" else "document"
    notes.lose(part.path, "added", "hint", f"{target.provider.name} wants a file name: '{name}'.")
    return {"filename": name}


def _located(part: Media, target: Target, notes: Notes) -> Media:
    """A part whose URL the provider fetches, or whose bytes the shell has fetched; else the URL is needed."""
    url = part.url or ""
    scheme, _, rest = url.partition("://")
    scheme = scheme.lower()
    hosts = target.provider.media_hosts
    taken = scheme in target.provider.media_urls.get(part.kind, ())
    if taken and (part.media_type or hosts is None or rest.partition("/")[0].lower() in hosts):
        return part
    fetched = target.media.get(url)
    if fetched is not None:
        media_type = part.media_type or fetched.get("media_type") or sniff(fetched["data"])
        return changed(part, url=None, data=fetched["data"], media_type=media_type)
    if taken and scheme not in ("http", "https"):
        _refuse(part, target, "its media type is unknown; say it in 'mime_type'")
    if scheme not in ("http", "https"):
        _refuse(part, target, f"it cannot fetch '{scheme}' URLs; {_SEND}")
    if url not in notes.needs:
        notes.needs[url] = dotted(place_of(part, url))
    return part


def _check_kind(part: Media, media_type: str | None, target: Target) -> None:
    allowed = _taken(part.kind, target)
    if allowed is None:
        return
    if not allowed:
        others = ["text", *(noun for kind, noun in _NOUNS.items() if _taken(kind, target) != frozenset())]
        _refuse(part, target, f"it takes no {_NOUNS[part.kind]}; what it takes: {', '.join(others)}")
    if media_type is None:
        if part.data is not None:
            _refuse(part, target, "its media type is unknown; say it in the data URL or in 'mime_type'")
    elif media_type not in allowed:
        _refuse(part, target, f"it takes {_NOUNS[part.kind]} of type {', '.join(sorted(allowed))}, not {media_type}")


def _taken(kind: str, target: Target) -> frozenset[str] | None:
    """Media types of a kind that provider and model take; None when any may be."""
    row = target.row
    if kind not in target.provider.media_kinds:
        return frozenset()
    return {"image": row.images, "document": row.documents, "audio": row.audio, "video": row.video}[kind]


def _decoded(part: Media) -> str:
    try:
        return b64decode(part.data or "", validate=True).decode()
    except ValueError:  # no base64, or no text in it
        raise TranslationError(
            f"Invalid value for '{dotted(part.path)}': its data is not base64 of UTF-8 text.",
            path=render(part.path),
        ) from None


def _refuse(part: Media, target: Target, why: str) -> NoReturn:
    raise TranslationError(
        f"Unsupported content '{dotted(part.path)}': {target.model} at {target.provider.name} cannot take it: {why}.",
        path=render(part.path),
        code="unsupported_content",
    )
