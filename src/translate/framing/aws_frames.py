"""AWS event streams, ``application/vnd.amazon.eventstream`` (wire/bedrock.md 12), both ways.

One message is: total length, length of the headers, CRC-32 of these eight bytes; headers; payload; CRC-32 of all
before. Numbers are big-endian. A frame here is a whole message as it came; ``read`` checks and opens it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, Final
from zlib import crc32

PRELUDE_BYTES: Final = 12
CRC_BYTES: Final = 4
MAX_HEADERS_BYTES: Final = 128 * 1024
MAX_PAYLOAD_BYTES: Final = 24 * 1024 * 1024
"""The ceilings of the official SDK."""
MAX_DOCUMENT_BYTES: Final = 64 * 1024
"""How much is waited for of what is no message but a JSON object: errors are shorter."""

_PRELUDE: Final = struct.Struct(">III")
_LENGTHS: Final = struct.Struct(">II")
_CRC: Final = struct.Struct(">I")
_SIZE: Final = struct.Struct(">H")

Tail = bytes | tuple[Any, bytes, int, int]
"""What is left of an unfinished message: bytes, or ``(older tail, newest piece, length of all, length wanted)``.

A long message in many pieces is thus joined once, when its end is there, and not at every piece.
"""


class BadFrame(ValueError):  # noqa: N818 - it says what is wrong
    """A message that is none: a checksum, a length or a header is wrong."""


def split(tail: Tail, data: bytes) -> tuple[Tail, list[bytes]]:
    """Complete messages in what has arrived.

    Args:
        tail: what the last call left over; ``b""`` at the start.
        data: the next bytes, cut anywhere.

    Returns:
        What is left over, and the messages. Nothing can be found behind a prelude that is broken: such a prelude is
        itself the last frame, which ``read`` refuses, and what follows is not looked at in this call. A JSON object in
        a message's place is left over until the end (``is_document``), unless it is too long for an error.
    """
    if type(tail) is tuple:
        length = tail[2] + len(data)
        if length < tail[3]:
            return (tail, data, length, tail[3]), []
    buffer = joined(tail) + data if tail else data
    frames: list[bytes] = []
    place = 0
    while len(buffer) - place >= PRELUDE_BYTES:
        total = _total(buffer, place)
        if total is None and buffer.startswith(_OBJECT, place) and len(buffer) - place < MAX_DOCUMENT_BYTES:
            rest = buffer[place:]
            return (b"", rest, len(rest), MAX_DOCUMENT_BYTES), frames
        if total is None:
            frames.append(buffer[place : place + PRELUDE_BYTES])
            return b"", frames
        if place + total > len(buffer):
            rest = buffer[place:]
            return (b"", rest, len(rest), total), frames
        frames.append(buffer[place : place + total])
        place += total
    return buffer[place:], frames


def _total(buffer: bytes, place: int) -> int | None:
    """The length of the message that begins at a place; None when its prelude is broken."""
    total, headers, checksum = _PRELUDE.unpack_from(buffer, place)
    payload = total - headers - PRELUDE_BYTES - CRC_BYTES
    if headers > MAX_HEADERS_BYTES or not 0 <= payload <= MAX_PAYLOAD_BYTES:
        return None
    return total if crc32(buffer[place : place + 8]) == checksum else None


def joined(tail: Tail) -> bytes:
    """A tail in one piece."""
    pieces: list[bytes] = []
    while not isinstance(tail, bytes):
        pieces.append(tail[1])
        tail = tail[0]
    pieces.append(tail)
    return b"".join(reversed(pieces))


def last(tail: Tail) -> list[bytes]:
    """The unfinished message at the end of a stream, if there is one; ``is_cut`` knows it."""
    text = joined(tail)
    return [text] if text else []


def is_cut(frame: bytes) -> bool:
    """Whether a frame is the beginning of a message whose end never came."""
    if len(frame) < PRELUDE_BYTES:
        return True
    total = _total(frame, 0)
    return total is not None and len(frame) < total


_OBJECT: Final = b"{"
"""As the first byte of a length it would mean two gigabytes, which no message has."""


def is_document(frame: bytes) -> bool:
    """Whether a frame is no message but a JSON object: an error that a server told as it is, in a stream's place."""
    return frame.startswith(_OBJECT)


def read(frame: bytes) -> tuple[dict[str, Any], bytes]:
    """The headers and the payload of a message.

    Raises:
        BadFrame: when it is none.
    """
    if len(frame) < PRELUDE_BYTES or _total(frame, 0) != len(frame):
        raise BadFrame("the prelude of a message is broken")
    body = memoryview(frame)[:-CRC_BYTES]
    if crc32(body) != _CRC.unpack_from(frame, len(frame) - CRC_BYTES)[0]:
        raise BadFrame("the checksum of a message is wrong")
    end = PRELUDE_BYTES + int(_LENGTHS.unpack_from(frame)[1])
    return _headers(frame[PRELUDE_BYTES:end]), bytes(body[end:])


_NUMBERS: Final = {2: struct.Struct(">b"), 3: struct.Struct(">h"), 4: struct.Struct(">i"), 5: struct.Struct(">q"),
                   8: struct.Struct(">q")}  # fmt: skip
"""Header types of fixed length; 8 is a time in milliseconds since 1970."""


def _headers(block: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    place = 0
    try:
        while place < len(block):
            size = block[place]
            name = _piece(block, place + 1, size).decode()
            place += 1 + size
            kind = block[place]
            if name in found:
                raise BadFrame("a header of a message is said twice")
            found[name], place = _value(block, place + 1, kind)
    except (IndexError, struct.error, UnicodeDecodeError):
        raise BadFrame("the headers of a message are broken") from None
    return found


def _value(block: bytes, place: int, kind: int) -> tuple[Any, int]:
    """A header's value, and where the next header begins."""
    if kind in (0, 1):
        return kind == 0, place
    number = _NUMBERS.get(kind)
    if number is not None:
        return number.unpack_from(block, place)[0], place + number.size
    if kind in (6, 7):
        (size,) = _SIZE.unpack_from(block, place)
        piece = _piece(block, place + 2, size)
        return (piece if kind == 6 else piece.decode()), place + 2 + size
    if kind == 9:
        return _piece(block, place, 16), place + 16
    raise BadFrame("a header of a message has an unknown type")


def _piece(block: bytes, place: int, size: int) -> bytes:
    if place + size > len(block):
        raise IndexError
    return block[place : place + size]


def write(headers: Mapping[str, str], payload: bytes) -> bytes:
    """A message with string headers: what AWS sends has no others."""
    pieces = []
    for name, value in headers.items():
        key, text = name.encode(), value.encode()
        pieces.append(b"%c%b\x07%b%b" % (len(key), key, _SIZE.pack(len(text)), text))
    block = b"".join(pieces)
    lengths = _LENGTHS.pack(PRELUDE_BYTES + len(block) + len(payload) + CRC_BYTES, len(block))
    body = lengths + _CRC.pack(crc32(lengths)) + block + payload
    return body + _CRC.pack(crc32(body))


def replace(data: bytes, old: bytes, new: bytes) -> bytes:
    """Whole messages with some text replaced in what they say: lengths and checksums follow.

    Raises:
        BadFrame: when one is none.
    """
    tail, frames = split(b"", data)
    out = []
    for frame in frames:
        if old not in frame:
            out.append(frame)
            continue
        headers, payload = read(frame)
        words = {name: str(value).replace(old.decode(), new.decode()) for name, value in headers.items()}
        out.append(write(words, payload.replace(old, new)))
    return b"".join((*out, joined(tail)))
