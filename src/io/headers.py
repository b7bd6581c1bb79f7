"""The reply headers of the gateway's own."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import quote

RawHeaders = tuple[tuple[bytes, bytes], ...]

JSON: Final = (b"content-type", b"application/json")
STREAM: Final[RawHeaders] = ((b"cache-control", b"no-cache"), (b"x-accel-buffering", b"no"))
MAX_LOSSES_BYTES: Final = 2048
# Clients and proxies refuse heads of more than 8 KB or so.
MAX_TEXT_BYTES: Final = 1024
_MOST_BYTES_A_CHARACTER: Final = len("%F0%9F%98%80")

_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,9})?")
# Header -> its unit in seconds; the first one counts.
_WAITS: Final = {b"retry-after-ms": 0.001, b"retry-after": 1.0}
_PLAIN: Final = re.compile(r"[!-~]+(?: [!-~]+)*")


def text_header(value: str) -> bytes:
    """A string as a header value: as it is when ASCII, else percent-encoded; of a long one the beginning."""
    if _PLAIN.fullmatch(value):
        return value[:MAX_TEXT_BYTES].encode("ascii")
    return quote(value[: MAX_TEXT_BYTES // _MOST_BYTES_A_CHARACTER], safe="/:@.,+=~ ").encode("ascii")


def losses_header(losses: Sequence[Mapping[str, str]]) -> bytes:
    """``x-dragoman-losses``: a JSON list of ``path kind severity``, and a count of those that do not fit."""
    items: list[str] = []
    room = MAX_LOSSES_BYTES - len('["+999999 more"]')
    for number, loss in enumerate(losses):
        item = json.dumps(f"{loss['path']} {loss['kind']} {loss['severity']}")
        room -= len(item) + 1
        if room < 0:
            items.append(f'"+{len(losses) - number} more"')
            break
        items.append(item)
    return f"[{','.join(items)}]".encode("ascii")


def retry_after(headers: Iterable[tuple[bytes, bytes]], now: float) -> float:
    """Seconds after which a failed request may be made again; 0 where the headers do not say, or say it oddly.

    Args:
        headers: of the answer; ``retry-after-ms`` is the more precise one.
        now: seconds since 1970, for a ``retry-after`` that is a date (RFC 9110, 10.2.3).
    """
    found = {name: value.decode("latin-1").strip() for name, value in headers if name in _WAITS}
    for name, seconds in _WAITS.items():
        if _NUMBER.fullmatch(text := found.get(name, "")):
            return float(text) * seconds
    try:
        return max(parsedate_to_datetime(found[b"retry-after"]).timestamp() - now, 0.0)
    except (KeyError, ValueError, OverflowError):
        return 0.0


def pairs(headers: Any) -> list[tuple[bytes, bytes]]:
    """Headers as the core gives them, an object of strings or a list of pairs, as the wire takes them."""
    items = headers.items() if isinstance(headers, Mapping) else headers
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in items]


def texts(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers of the wire as the core takes them."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
