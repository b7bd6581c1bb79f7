"""What a piece of media is, from its data URL, its declared type, its extension or its first bytes (spec/chat.md 3)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from .records import Path, TranslationError, render
from .records.parts import MediaKind
from .values import dotted

EXTENSIONS: Final = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "heic": "image/heic", "heif": "image/heif", "bmp": "image/bmp", "svg": "image/svg+xml",
    "mp3": "audio/mp3", "mpga": "audio/mpga", "wav": "audio/wav", "ogg": "audio/ogg", "opus": "audio/ogg",
    "flac": "audio/flac", "aac": "audio/aac", "m4a": "audio/m4a", "aiff": "audio/aiff",
    "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm", "mkv": "video/x-matroska", "avi": "video/avi",
    "mpeg": "video/mpeg", "mpg": "video/mpeg", "flv": "video/x-flv", "wmv": "video/wmv", "3gp": "video/3gpp",
    "pdf": "application/pdf", "txt": "text/plain", "md": "text/markdown", "csv": "text/csv", "html": "text/html",
    "json": "application/json", "xml": "text/xml",
    "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip

AUDIO_FORMATS: Final = {
    "mp3": "audio/mp3", "wav": "audio/wav", "opus": "audio/ogg", "ogg": "audio/ogg", "flac": "audio/flac",
    "pcm16": "audio/pcm", "m4a": "audio/m4a", "mpeg": "audio/mpeg", "mpga": "audio/mpga", "mp4": "audio/mp4",
    "webm": "audio/webm", "aac": "audio/aac", "aiff": "audio/aiff",
}  # fmt: skip

# The first bytes of a format, in base64.
_MAGIC: Final = (
    ("iVBORw0KGgo", "image/png"),
    ("/9j/", "image/jpeg"),
    ("R0lGOD", "image/gif"),
    ("JVBERi0", "application/pdf"),
    ("SUQz", "audio/mp3"),
    ("T2dnUw", "audio/ogg"),
    ("ZkxhQw", "audio/flac"),
    ("Rk9STQ", "audio/aiff"),
    ("GkXfo", "video/webm"),
)
# The word behind the sync word of a bare stream of frames: its first four bits are the version and the layer.
_FRAMES: Final = dict.fromkeys("IJKLMNOPopqrstuv", "audio/mp3") | dict.fromkeys("EFGHklmn", "audio/aac")
# The last three letters of the four that name a form of RIFF, and of a brand of the ISO media format.
_RIFF: Final = {"RUJQ": "image/webp", "QVZF": "audio/wav", "Vkkg": "video/avi"}
_BRANDS: Final = {
    "ZWlj": "image/heic", "ZWl4": "image/heic", "aWYx": "image/heif", "NEEg": "audio/m4a", "dCAg": "video/quicktime",
}  # fmt: skip


def sniff(data: str) -> str | None:
    """The media type that the first bytes of base64 data tell, or None."""
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if data.startswith("UklGR"):
        # RIFF, four bytes of size, then WEBP or WAVE: bytes 9 to 11 are the first whole base64 group of the form type.
        return _RIFF.get(data[12:16])
    if data.startswith("//"):
        return _FRAMES.get(data[2:3])
    # Four bytes of size, then "ftyp" and a brand.
    return _BRANDS.get(data[12:16], "video/mp4") if data[6:11] == "Z0eXB" else None


def by_extension(name: str | None) -> str | None:
    """The media type that the extension of a URL or file name tells, or None."""
    if not name:
        return None
    try:
        path = urlsplit(name).path if "://" in name else name
    except ValueError:
        return None
    _, dot, extension = path.rpartition(".")
    return EXTENSIONS.get(extension.lower()) if dot else None


def kind_of(media_type: str | None, default: MediaKind) -> MediaKind:
    """Image, audio, video or document, from a media type."""
    if not media_type:
        return default
    head = media_type.partition("/")[0]
    if head == "image":
        return "image"
    if head == "audio":
        return "audio"
    return "video" if head == "video" else "document"


def split_data_url(url: str, path: Path) -> tuple[str | None, str]:
    """Media type and base64 data of a ``data:`` URL; the type is None when the URL does not say one.

    Raises:
        TranslationError: when it is not base64 or has no data.
    """
    comma = url.find(",", 5, 300)
    media_type, *parameters = url[5:comma].split(";")
    if comma < 0 or "base64" not in parameters:
        raise TranslationError(
            f"Invalid value for '{dotted(path)}': expected a data URL such as 'data:image/png;base64,...', "
            f"but got '{url[:40]}...'.",
            path=render(path),
        )
    if comma + 1 == len(url):
        raise TranslationError(f"Invalid value for '{dotted(path)}': the data URL holds no data.", path=render(path))
    return media_type.lower() or None, url[comma + 1 :]
