"""What a fetched document is: as its server says, unless its first bytes say better."""

from fnmatch import fnmatchcase
from typing import Final

from ...translate.media import by_extension, sniff

# What servers say that do not know.
_VAGUE: Final = frozenset({
    "", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/force-download",
    "application/unknown", "unknown/unknown", "*/*",
})  # fmt: skip
# Types whose documents are all known by their first bytes: providers look, too, and refuse what only claims to be one.
_KNOWN_BY_SIGHT: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})


class WrongType(Exception):  # noqa: N818 - the document is at fault, not the program
    """A document of a type that may not be fetched; the message ends a sentence."""


def type_of(content_type: bytes | None, url: str, data: str, allowed: tuple[str, ...]) -> str:
    """The media type of a document.

    Args:
        content_type: what the server said.
        url: where it is.
        data: in base64.
        allowed: patterns of types that may be.

    Raises:
        WrongType: it is none of those, or cannot be told, or is not what the server says.
    """
    said = (content_type or b"").decode("latin-1").partition(";")[0].strip().lower()
    said = "image/jpeg" if said in ("image/jpg", "image/pjpeg") else said
    seen = sniff(data)
    found = said
    if said in _VAGUE:
        found = seen or by_extension(url) or ""
    elif said in _KNOWN_BY_SIGHT:
        if seen not in _KNOWN_BY_SIGHT:
            raise WrongType(f"is not {said}, as its server says")
        found = seen
    if not found:
        raise WrongType("has no type that could be told")
    if not any(fnmatchcase(found, pattern) for pattern in allowed):
        raise WrongType(f"is of the type {found[:60]}, which is not fetched")
    return found
