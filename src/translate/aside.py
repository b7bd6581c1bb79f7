"""Long media set aside while a request is translated.

Parsing and writing a body costs two more copies of every image in it, and pages of fresh memory for each. A translation
only moves base64 data, so a long string of it is cut out of the body, a mark stands for it meanwhile, and the bytes
that came are put into the body that goes out. An unescaped quote before ``data:`` can only open a string in JSON, and
so what is cut is the content of a string, looked at once to know that it is spelled as what it means.
"""

from __future__ import annotations

from typing import Final

import orjson

MIN_BYTES: Final = 65_536
"""Shorter strings are cheaper to translate than to cut out."""

_HEAD_BYTES: Final = 64
# A stretch of this length without a quote lies in every string that is long.
_STEP_BYTES: Final = MIN_BYTES // 2
# The first bytes of the data stay, since they tell what it is. A multiple of four: base64 comes in groups.

Aside = tuple[tuple[bytes, memoryview], ...]
"""Marks, and what they stand for."""


def set_aside(body: bytes) -> tuple[bytes, Aside]:
    """The body with marks for its long data, and the data; the body itself and nothing when there is none.

    Looked for are ``data:`` URLs and the values of keys called ``data``, without escapes. The JSON of the body is not
    looked at otherwise: it may be broken.
    """
    if len(body) < MIN_BYTES:
        return body, ()
    view = memoryview(body)
    pieces: list[bytes | memoryview] = []
    aside: list[tuple[bytes, memoryview]] = []
    done = place = 0
    while place + _STEP_BYTES <= len(body):
        if body.find(b'"', place, place + _STEP_BYTES) >= 0:
            place += _STEP_BYTES
            continue
        start, end = body.rfind(b'"', 0, place), body.find(b'"', place + _STEP_BYTES)
        if end < 0:
            break
        if end - start > MIN_BYTES and _is_media(body, start) and _is_plain(view[start + 1 : end]):
            comma = body.find(b";base64,", start, start + 200)
            begin = (comma + 8 if comma >= 0 else start + 1) + _HEAD_BYTES
            mark = b"~set-aside:%d~" % len(aside)
            aside.append((mark, view[begin:end]))
            pieces += (view[done:begin], mark)
            done = end
        place = end + 1
    if not aside:
        return body, ()
    return b"".join((*pieces, view[done:])), tuple(aside)


def put_back(body: bytes, aside: Aside) -> bytes | None:
    """The body with the data where their marks stand; None unless each mark stands there exactly once."""
    places: list[tuple[int, bytes, memoryview]] = []
    for mark, data in aside:
        place = body.find(mark)
        if place < 0 or body.find(mark, place + 1) >= 0:
            return None
        places.append((place, mark, data))
    view = memoryview(body)
    pieces: list[memoryview] = []
    done = 0
    for place, mark, data in sorted(places, key=lambda found: found[0]):
        pieces += (view[done:place], data)
        done = place + len(mark)
    return b"".join((*pieces, view[done:]))


def _is_media(body: bytes, quote: int) -> bool:
    """Whether a quote opens a ``data:`` URL, or the value of a key called ``data``."""
    before = body[max(quote - 32, 0) : quote].rstrip(b" \t\r\n")
    if body.startswith(b'"data:', quote):
        return not before.endswith(b"\\")
    key = before.removesuffix(b":").rstrip(b" \t\r\n")
    return key is not before and key.endswith(b'"data"') and not key.endswith(b'\\"data"')


def _is_plain(content: memoryview) -> bool:
    """Whether bytes without a quote mean themselves in a JSON string: ASCII that needs no escape.

    The serialiser knows what needs one, and is faster at looking than anything else here. It looks at pieces, since
    memory that is still in the cache costs nothing.
    """
    for start in range(0, len(content), MIN_BYTES):
        try:
            text = str(content[start : start + MIN_BYTES], "ascii")
        except UnicodeDecodeError:
            return False
        if len(orjson.dumps(text)) != len(text) + 2:
            return False
    return True
