"""The client side of HTTP/1.1 without I/O: bytes in, one response out. Request bytes are made by `framing`.

llhttp (through httptools) does the grammar. Here are status lines to the letter, the counts it does not keep, skipped
informational responses, and the verdict on a connection's end: complete, cut short, or never answered.
"""

import re
from typing import Final, Literal, NoReturn

import httptools

from .framing import BODILESS, MAX_LENGTH_DIGITS, says_close
from .limits import UpstreamLimits
from .reader import MessageReader

ErrorKind = Literal["connect", "tls", "timeout", "reset", "protocol", "truncated", "too_large", "overloaded"]

# RFC 9112, 4. The reason is text for people, and may be left out with its space.
_STATUS_LINE: Final = re.compile(rb"HTTP/1\.[01] [1-9][0-9]{2}(?: [\t\x20-\x7e\x80-\xff]*)?\r\n")
# Codings that leave the body as it is; none other was asked for.
_CODINGS: Final = ((), (b"chunked",), (b"identity",))


class ResponseError(Exception):
    """A response that cannot be used. `kind` is as in `UpstreamError`."""

    def __init__(self, kind: ErrorKind, message: str) -> None:
        super().__init__(message)
        self.kind: ErrorKind = kind


class ClientProtocol(MessageReader):
    """Reads the responses of one connection, one after the other: `begin`, then `receive` until `complete`.

    Attributes:
        status: 0 until the head is there.
        headers: (name, value), names lower-case, there when `status` is.
        complete: The message ended where its framing said.
        reusable: Once complete: the connection may carry another request.
        touched: Whether any byte came since `begin`.
        error: Why nothing more can be read. What was read before it stays available.
    """

    __slots__ = (
        "_head_only",
        "_lines",
        "_max_headers",
        "_pieces",
        "complete",
        "error",
        "headers",
        "reusable",
        "status",
        "touched",
    )

    _parser: httptools.HttpResponseParser
    _LINE_START = b"HTTP/1."
    _LINE_BYTES = bytes((0x09, 0x0A, 0x0D, *range(0x20, 0x7F), *range(0x80, 0x100)))

    def __init__(self, limits: UpstreamLimits) -> None:
        super().__init__(limits.max_head_bytes)
        self._max_headers = limits.max_headers
        self._parser = httptools.HttpResponseParser(self)
        self._head_only = False
        self.begin()

    def begin(self, method: str = "GET") -> None:
        """Expect the response to a request of this method."""
        self._expect_message()
        if self._head_only:  # llhttp still waits for the body that was announced to a HEAD request
            self._parser = httptools.HttpResponseParser(self)
        self._head_only = method == "HEAD"
        self._pieces: list[bytes] = []
        self.complete = False
        self.reusable = False
        self.touched = False
        self.error: ResponseError | None = None
        self._lines: list[tuple[bytes, bytes]] = []
        self.status = 0
        self.headers: tuple[tuple[bytes, bytes], ...] = ()

    def receive(self, data: bytes) -> None:
        """Take bytes. Never raises for what an upstream sent; see `error`."""
        self.touched = True
        at, end = 0, len(data)
        try:
            while at < end and not self.complete and self.error is None:
                at = self._advance(data, at)
        except httptools.HttpParserUpgrade:
            self._set_error("protocol", "the upstream switched protocols unasked")
        except (httptools.HttpParserError, ValueError) as error:
            self._set_error("protocol", f"the upstream does not speak HTTP/1.1: {error}")
        if at < end:  # more than was asked for: whatever it is, it is not the answer to the next request
            self.reusable = False

    def receive_end(self) -> None:
        """The upstream closed its side: the end of a body that is delimited so, an error for every other message."""
        self.reusable = False
        if self.complete or self.error is not None:
            return
        if self._stage == "rest":
            self.complete = True
        elif self.touched:
            self._set_error("truncated", "the upstream closed the connection before the end of its response")
        else:
            self._set_error("reset", "the upstream closed the connection without an answer")

    def take(self) -> bytes:
        """The body bytes that came since the last call."""
        pieces = self._pieces
        if not pieces:
            return b""
        self._pieces = []
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    # What llhttp calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header line; or a trailer, which comes when the head has been taken, is counted and forgotten."""
        name, lines = name.lower(), self._lines
        if name == b"transfer-encoding" and b"\t" in value:
            # llhttp does not recognise the coding then, and would hand out the chunks' framing as the body.
            self._refuse("protocol", "there is a tab after the upstream's transfer coding")
        lines.append((name, value.rstrip(b" \t")))
        if len(lines) > self._max_headers:
            self._refuse("too_large", "the upstream's response has too many headers")

    def on_headers_complete(self) -> None:
        """A head is there."""
        status = self._parser.get_status_code()
        if status < 200:
            if status == 101:
                self._refuse("protocol", "the upstream switched protocols unasked")
            # It has no body, whatever it or llhttp says. Nothing it says of the connection is about the response that
            # is still to come, so that has a parser of its own; its head counts on, since there may be any number.
            self._parser = httptools.HttpResponseParser(self)
            self._lines = []
            self._stage = "line"
            return
        codings = tuple(value.lower() for name, value in self._lines if name == b"transfer-encoding")
        if codings not in _CODINGS:
            self._refuse("protocol", "the upstream used a transfer coding that it was not asked for")
        length = next((value for name, value in self._lines if name == b"content-length"), None)
        if length is not None and len(length) > MAX_LENGTH_DIGITS:
            self._refuse("protocol", "the upstream's content-length has too many digits")
        self.status, self.headers = status, tuple(self._lines)
        # RFC 9112, 6.3
        if self._head_only or status in BODILESS:
            self._stage = "length"
        elif codings == (b"chunked",):
            self._stage = "chunked"
        elif codings or length is None:
            self._stage = "rest"
        else:
            self._stage, self._left = "length", int(length)
        # A 1.0 server cannot know transfer codings: where its message ends is anybody's guess.
        sound = self._stage != "rest" and not (codings and self._parser.get_http_version() == "1.0")
        # llhttp believes "close, keep-alive".
        self.reusable = sound and self._parser.should_keep_alive() and not says_close(self.headers)
        self.complete = self._head_only

    def on_body(self, data: bytes) -> None:
        """A piece of the body."""
        self._framing = 0
        self._pieces.append(data)

    def on_message_complete(self) -> None:
        """The message ended where its framing said."""
        if self.status:  # else it was an informational one
            self.complete = True

    # What llhttp does not do.

    def _check_line(self, line: bytes) -> bool:
        if not _STATUS_LINE.fullmatch(line):
            self._refuse("protocol", "the upstream does not speak HTTP/1.1: its status line is none")
        return True

    def _refuse_head(self) -> NoReturn:
        self._refuse("too_large", "the upstream's response head is too large")

    def _refuse(self, kind: ErrorKind, message: str) -> NoReturn:
        # Raised through llhttp, which stops there and reports a callback error to `receive`.
        self._set_error(kind, message)
        raise ValueError(message)

    def _set_error(self, kind: ErrorKind, message: str) -> None:
        self.reusable = False
        if self.error is None:
            self.error = ResponseError(kind, message)
