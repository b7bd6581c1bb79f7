"""The bytes of HTTP/1.1 messages, as pure functions. Writers for both sides; the readers are the two protocols.

Names are lower-case `bytes` throughout. The edge owns the framing: whatever a caller says about lengths, transfer
codings or the connection is left out, so that a relayed header cannot contradict the bytes that follow it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Final

Headers = Sequence[tuple[bytes, bytes]]

OWN: Final = frozenset(
    (b"connection", b"content-length", b"keep-alive", b"proxy-connection", b"te", b"transfer-encoding", b"upgrade")
)
BODILESS: Final = frozenset((204, 304))
# Methods of which an empty body is not announced.
WITHOUT_BODY: Final = frozenset((b"GET", b"HEAD", b"OPTIONS", b"DELETE", b"TRACE"))
LAST_CHUNK: Final = b"0\r\n\r\n"
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
# 2**64 has as many; a longer content-length can only be one with leading zeros.
MAX_LENGTH_DIGITS: Final = 20
# With every 503 of the edge's own: what is full now is seldom full for long.
RETRY_AFTER: Final = (b"retry-after", b"1")


def whole_response(
    status: int,
    headers: Headers,
    body: bytes,
    *,
    keep_alive: bool = True,
    http_version: str = "1.1",
    extra: bytes = b"",
) -> bytes:
    """The head of a response whose body is known; the body itself follows unless the request was HEAD.

    Args:
        status: 200 to 599. A 204 or 304 gets no content-length.
        headers: Without framing headers, which are left out.
        body: Counted, not written.
        keep_alive: Whether the connection stays open after this response.
        http_version: The request's: a 1.0 client is told that its connection is kept.
        extra: Whole header lines, each with its line end, put in as they are.

    Raises:
        ValueError: A header holds a line break.
    """
    length = b"" if status in BODILESS else b"content-length: %d\r\n" % len(body)
    return _head(_status_line(status), headers, length + _connection(keep_alive, http_version) + extra)


def stream_head(
    status: int, headers: Headers, *, keep_alive: bool = True, http_version: str = "1.1", extra: bytes = b""
) -> bytes:
    """The head of a response whose body is not known yet: chunked, or closed at its end for an HTTP/1.0 client.

    Raises:
        ValueError: A header holds a line break.
    """
    chunked = http_version == "1.1"
    framing = b"transfer-encoding: chunked\r\n" if chunked and status not in BODILESS else b""
    return _head(_status_line(status), headers, framing + _connection(keep_alive and chunked, http_version) + extra)


def chunk(data: bytes) -> bytes:
    """One chunk. Of no data nothing, since an empty chunk would end the message."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def request_head(method: bytes, target: bytes, fixed: bytes, headers: Headers, body: bytes) -> bytes:
    """The head of a request with a whole body.

    Args:
        method: A token.
        target: Path and query, already percent-encoded.
        fixed: Prebuilt header lines, each with its line end.
        headers: Without framing headers, which are left out.
        body: Counted, not written. An empty body is announced only for methods that are expected to have one.

    Raises:
        ValueError: Something holds a line break, or method or target a space.
    """
    lines = _request_lines(method, target, fixed, tuple(headers))
    if not body and method in WITHOUT_BODY:
        return lines + b"\r\n"
    return b"%bcontent-length: %d\r\n\r\n" % (lines, len(body))


@lru_cache(maxsize=128)
def _request_lines(method: bytes, target: bytes, fixed: bytes, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """The part of a head that is the same for every request with the same account and URL."""
    if b" " in target or not target or not method.isalpha():
        raise ValueError(f"not an HTTP request line: {method!r} {target!r}")
    return _head(b"%b %b HTTP/1.1\r\n" % (method, target), headers, fixed)[:-2]


def unframed(headers: Headers) -> list[tuple[bytes, bytes]]:
    """The headers for a message that is framed by somebody else: names lower-case, framing headers left out.

    Raises:
        ValueError: A header holds a line break.
    """
    lines = [(name.lower(), value) for name, value in headers]
    if any(_BREAK.search(text) for line in lines for text in line):
        raise ValueError(_BROKEN_HEADER)
    return [line for line in lines if line[0] not in OWN]


def has_token(values: Iterable[bytes], token: bytes) -> bool:
    """Whether a comma-separated header, given as all of its lines, holds a (lower-case) token."""
    return any(part.strip() == token for value in values for part in value.lower().split(b","))


def says_close(headers: Headers) -> bool:
    """Whether a sender announces that this is its last message, whatever else it says."""
    return any(name == b"connection" and has_token((value,), b"close") for name, value in headers)


_BREAK: Final = re.compile(rb"[\r\n\0]")
_BROKEN_HEADER: Final = "a line break or NUL in an HTTP header"


def _head(first_line: bytes, headers: Headers, rest: bytes) -> bytes:
    lines = [b"%b: %b\r\n" % header for header in headers if header[0].lower() not in OWN]
    head = b"%b%b%b\r\n" % (first_line, b"".join(lines), rest)
    # Counting is the cheapest proof that no name or value smuggles in a line of its own.
    ends = len(lines) + 2 + rest.count(b"\n")
    if head.count(b"\n") != ends or head.count(b"\r") != ends or b"\0" in head:
        raise ValueError(_BROKEN_HEADER)
    return head


def _connection(keep_alive: bool, http_version: str) -> bytes:
    if not keep_alive:
        return b"connection: close\r\n"
    return b"" if http_version == "1.1" else b"connection: keep-alive\r\n"


@lru_cache(maxsize=600)
def _status_line(status: int) -> bytes:
    if not 200 <= status <= 599:
        raise ValueError(f"not a final HTTP status: {status}")
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    return b"HTTP/1.1 %d %b\r\n" % (status, phrase.encode("ascii"))
