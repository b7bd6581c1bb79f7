"""Words of Converse for what media are (wire/bedrock.md 5)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from ...records import Media, TranslationError, render
from ...records.parts import MediaKind
from ...values import dotted

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TYPES: Final = MappingProxyType({
    "image": MappingProxyType({"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}),
    "document": MappingProxyType({
        "pdf": "application/pdf", "csv": "text/csv", "doc": "application/msword", "docx": _DOCX,
        "xls": "application/vnd.ms-excel", "xlsx": _XLSX, "html": "text/html", "txt": "text/plain",
        "md": "text/markdown",
    }),
    "video": MappingProxyType({
        "mkv": "video/x-matroska", "mov": "video/quicktime", "mp4": "video/mp4", "webm": "video/webm",
        "flv": "video/x-flv", "mpeg": "video/mpeg", "mpg": "video/mpeg", "wmv": "video/wmv", "three_gp": "video/3gpp",
    }),
    "audio": MappingProxyType({
        "mp3": "audio/mp3", "opus": "audio/opus", "wav": "audio/wav", "aac": "audio/aac", "flac": "audio/flac",
        "mp4": "audio/mp4", "ogg": "audio/ogg", "mkv": "audio/x-matroska", "mka": "audio/x-matroska",
        "x-aac": "audio/aac", "m4a": "audio/m4a", "mpeg": "audio/mpeg", "mpga": "audio/mpga", "pcm": "audio/pcm",
        "webm": "audio/webm",
    }),
})  # fmt: skip
"""Kind of media -> ``format`` -> media type."""

_MORE: Final = {"video/x-ms-wmv": "wmv", "image/jpg": "jpeg", "audio/x-wav": "wav", "audio/wave": "wav"}
# Of two formats of one media type the first is the usual one.
_FORMATS: Final[dict[str, dict[str, str]]] = {
    kind: {media_type: form for form, media_type in reversed(list(forms.items()))} | _MORE
    for kind, forms in TYPES.items()
}


def media_type_of(kind: MediaKind, form: Any) -> str | None:
    """The media type of a ``format``; None when it is not known."""
    return TYPES[kind].get(form) if type(form) is str else None


def format_of(part: Media) -> str:
    """The ``format`` of a part.

    Raises:
        TranslationError: when its media type has none.
    """
    if part.text is not None:
        return "txt"
    form = _FORMATS[part.kind].get(part.media_type or "")
    if form is None:
        raise TranslationError(
            f"Unsupported content '{dotted(part.path)}': Bedrock has no format for {part.kind} of type "
            f"{part.media_type or 'unknown'}; it takes {', '.join(sorted(set(TYPES[part.kind].values())))}.",
            path=render(part.path),
            code="unsupported_content",
        )
    return form
