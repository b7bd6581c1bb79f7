"""The reply headers of the gateway's own."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

RawHeaders = tuple[tuple[bytes, bytes], ...]

JSON: Final = (b"content-type", b"application/json")
STREAM: Final[RawHeaders] = ((b"cache-control", b"no-cache"), (b"x-accel-buffering", b"no"))
MAX_LOSSES_BYTES: Final = 2048
# Clients and proxies refuse heads of more than 8 KB or so.
MAX_TEXT_BYTES: Final = 1024
_MOST_BYTES_A_CHARACTER: Final = len("%F0%9F%98%80")

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


def pairs(headers: Any) -> list[tuple[bytes, bytes]]:
    """Headers as the core gives them, an object of strings or a list of pairs, as the wire takes them."""
    items = headers.items() if isinstance(headers, Mapping) else headers
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in items]


def texts(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers of the wire as the core takes them."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
