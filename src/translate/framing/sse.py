"""Server-sent events (WHATWG HTML, section "Server-sent events"), the reading side.

A frame is the data of one event. Event names are not needed: every provider repeats the name inside its JSON, or
marks an error by its shape (wire/observed.md).
"""

from __future__ import annotations

import re
from typing import Any, Final

import orjson

LIMIT: Final = 64 * 1024 * 1024
"""The longest event in bytes; a longer one is a fault of the provider."""


class FrameTooLong(ValueError):  # noqa: N818 - it says what happened
    """An event longer than LIMIT."""


Tail = bytes | tuple[Any, bytes, int, bytes]
"""What is left of an unfinished event: bytes, or ``(older tail, newest piece, length of all, last two bytes)``.

A long event in many pieces is thus joined once, when its end is there, and not at every piece.
"""


def split(tail: Tail, data: bytes) -> tuple[Tail, list[bytes]]:
    """Complete events in what has arrived.

    Args:
        tail: what the last call left over; ``b""`` at the start.
        data: the next bytes, cut anywhere.

    Returns:
        What is left over, and the data of each event (lines of one event joined by newlines, comments and other
        fields dropped, events without data left out).

    Raises:
        FrameTooLong: when one event exceeds LIMIT.
    """
    if not tail:
        # One event a read is what a provider's pace makes most frequent.
        whole = _ONE.fullmatch(data)
        if whole is not None:
            return b"", [whole[1]]
        buffer = data
    else:
        length, end = (len(tail), tail[-2:]) if isinstance(tail, bytes) else tail[2:]
        seam = end + data
        if b"\n\n" not in seam and b"\r" not in seam:
            return _longer(tail, data, length + len(data), seam[-2:]), []
        buffer = joined(tail) + data
    if b"\r" in buffer:
        buffer = _newlines(buffer)
    stop = buffer.rfind(b"\n\n")
    if stop < 0:
        return _longer(b"", buffer, len(buffer), b""), []
    frames = _USUAL.findall(buffer)
    lines = buffer.count(b"\ndata", 0, stop) + buffer.startswith(b"data")
    if len(frames) != lines or len(frames) != buffer.count(b"\n\n"):
        frames = [frame for block in buffer[:stop].split(b"\n\n") if (frame := _fields(block))]
    elif b"" in frames:
        frames = [frame for frame in frames if frame]
    return buffer[stop + 2 :], frames


def _longer(tail: Tail, data: bytes, length: int, end: bytes) -> Tail:
    if length > LIMIT:
        raise FrameTooLong(f"an event is longer than {LIMIT} bytes")
    return (tail, data, length, end) if tail else data


def joined(tail: Tail) -> bytes:
    """A tail in one piece."""
    pieces: list[bytes] = []
    while not isinstance(tail, bytes):
        pieces.append(tail[1])
        tail = tail[0]
    pieces.append(tail)
    return b"".join(reversed(pieces))


_ONE = re.compile(rb"(?:event:[^\r\n]*\n)?data: ?([^\r\n ][^\r\n]*)\n\n")
_USUAL = re.compile(rb"^(?:event:[^\n]*\n)?data: ?([^\n]*)\n\n", re.MULTILINE)
"""An event of one data line, perhaps with a name: what every provider sends. Counting lines and blank lines tells
whether a buffer holds nothing else."""


_MARK = b"\xef\xbb\xbf"
"""A byte order mark, which a stream may begin with."""


def _newlines(buffer: bytes) -> bytes:
    """CRLF and CR as LF; a CR at the very end waits for its LF."""
    held = b"\r" if buffer.endswith(b"\r") else b""
    body = buffer[:-1] if held else buffer
    return body.replace(b"\r\n", b"\n").replace(b"\r", b"\n") + held


def _fields(block: bytes) -> bytes:
    """The data lines of any event, by the book."""
    lines = []
    for line in block.removeprefix(_MARK).split(b"\n"):
        if line.startswith(b"data:"):
            lines.append(line[6:] if line.startswith(b"data: ") else line[5:])
        elif line == b"data":
            lines.append(b"")
    return b"\n".join(lines)


def last(tail: Tail) -> list[bytes]:
    """The event in an unfinished tail at the end of a stream, if it has data.

    By the book an unfinished event is discarded; some servers leave out the last blank line, and some say what went
    wrong as bare JSON. What was cut is no JSON, and is discarded.
    """
    text = joined(tail).strip()
    if not text:
        return []
    if text.startswith(b"{"):
        return [text.replace(b"\r", b" ").replace(b"\n", b" ")] if _is_json(text) else []
    frame = _fields(text.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    return [frame] if frame and (frame == DONE or _is_json(frame)) else []


DONE: Final = b"[DONE]"
"""The terminator of chat streams, the one event that is no JSON."""


def _is_json(frame: bytes) -> bool:
    try:
        orjson.loads(frame)
    except orjson.JSONDecodeError:
        return False
    return True
