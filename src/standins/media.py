"""What an image or a document is, read from its first bytes, so that an answer can prove that it arrived whole."""

import base64
import binascii
import re

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
START_OF_FRAME = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})


def decode(data: str) -> bytes | None:
    """The bytes behind base64 text; nothing when it is not base64."""
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None


def split_data_url(url: str) -> tuple[str, bytes] | None:
    """The media type and the bytes of a base64 data URL; nothing when it is malformed."""
    match = re.fullmatch(r"data:([\w.+-]+/[\w.+-]+)(?:;[\w-]+=[^;,]*)*;base64,(.+)", url, re.DOTALL)
    data = decode(match[2]) if match else None
    return (match[1], data) if match and data else None


def sniff(data: bytes) -> str:
    """The media type that the bytes speak of, or nothing."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for head, kind in SIGNATURES if data.startswith(head)), "")


def describe(media_type: str, data: bytes) -> str:
    """One line: media type, bytes, and the size in pixels or pages where it can be read."""
    line = f"{media_type}, {len(data)} bytes"
    if size := pixels(data):
        return f"{line}, {size[0]}x{size[1]} pixels"
    if sniff(data) == "application/pdf":
        return f"{line}, {len(PAGE.findall(data))} page(s)"
    return line


def pixels(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF or JPEG."""
    kind = sniff(data)
    if kind == "image/png" and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if kind == "image/gif" and len(data) >= 10:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    return _jpeg(data) if kind == "image/jpeg" else None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        if data[at + 1] in START_OF_FRAME:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
