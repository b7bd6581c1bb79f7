"""The client side of HTTP/1.1 without I/O: bytes in, one response out. Request bytes are made by `framing`.

llhttp (through httptools) does the grammar. Here are the counts it does not keep, skipped informational responses, and
the verdict on a connection's end: complete, cut short, or never answered.
"""

from typing import Literal, NoReturn

import httptools

from .framing import has_token
from .limits import UpstreamLimits

ErrorKind = Literal["connect", "tls", "timeout", "reset", "protocol", "truncated", "too_large"]


class ResponseError(Exception):
    """A response that cannot be used. `kind` is as in `UpstreamError`."""

    def __init__(self, kind: ErrorKind, message: str) -> None:
        super().__init__(message)
        self.kind: ErrorKind = kind


class ClientProtocol:
    """Reads the responses of one connection, one after the other: `begin`, then `receive` until `complete`.

    Attributes:
        status: 0 until the head is there.
        headers: (name, value), names lower-case, complete when `status` is set.
        complete: The message ended where its framing said.
        reusable: Once complete: the connection may carry another request.
        touched: Whether any byte came since `begin`.
        error: Why nothing more can be read. What was read before it stays available.
    """

    __slots__ = (
        "_delimited",
        "_head_bytes",
        "_head_only",
        "_header_count",
        "_limits",
        "_open_bytes",
        "_parser",
        "_pieces",
        "complete",
        "error",
        "headers",
        "reusable",
        "status",
        "touched",
    )

    def __init__(self, limits: UpstreamLimits) -> None:
        self._limits = limits
        self._parser = httptools.HttpResponseParser(self)
        self._head_only = False
        self.begin()

    def begin(self, method: str = "GET") -> None:
        """Expect the response to a request of this method."""
        if self._head_only:  # llhttp still waits for the body that was announced to a HEAD request
            self._parser = httptools.HttpResponseParser(self)
        self._head_only = method == "HEAD"
        self._pieces: list[bytes] = []
        self.complete = False
        self.reusable = False
        self.touched = False
        self.error: ResponseError | None = None
        self._head_bytes = 0
        self._header_count = 0
        self._open_bytes = 0
        self._clear_head()

    def receive(self, data: bytes) -> None:
        """Take bytes. Never raises for what an upstream sent; see `error`."""
        self.touched = True
        if self.complete:
            self.reusable = False
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._set_error("protocol", "the upstream switched protocols unasked")
        except httptools.HttpParserError as error:
            if not self.complete:
                self._set_error("protocol", f"the upstream does not speak HTTP/1.1: {error}")
            self.reusable = False
        if not self.status:
            # Nothing is called for an unfinished header line, however long: whole pieces are counted here.
            self._open_bytes += len(data)
            if self._open_bytes > self._limits.max_head_bytes:
                self._set_error("too_large", "the upstream's response head is too large")

    def receive_end(self) -> None:
        """The upstream closed its side: the end of a body that is delimited so, an error for every other message."""
        self.reusable = False
        if self.complete or self.error is not None:
            return
        if self.status and not self._delimited:
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

    def on_message_begin(self) -> None:
        """A status line begins: of this response, after an informational one, or of one nobody asked for."""
        if self.complete:
            self.reusable = False
            raise ValueError("a response without a request")

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header line, or a trailer, which is counted and dropped."""
        self._head_bytes += len(name) + len(value) + 4
        self._header_count += 1
        limits = self._limits
        if self._head_bytes > limits.max_head_bytes or self._header_count > limits.max_headers:
            self._refuse("too_large", "the upstream's response head is too large")
        if self.status:
            return
        self.headers.append((name.lower(), value.rstrip(b" \t")))

    def on_headers_complete(self) -> None:
        """A head is there."""
        status = self._parser.get_status_code()
        if status < 200:
            if status == 101:
                self._refuse("protocol", "the upstream switched protocols unasked")
            self._clear_head()
            return
        self._delimited = self._is_delimited(status)
        self.status = status
        if self._head_only:
            self.reusable = self._parser.should_keep_alive() and self._delimited
            self.complete = True

    def on_body(self, data: bytes) -> None:
        """A piece of the body."""
        if self._head_only:
            self.reusable = False  # bytes after a head that has none
            return
        self._pieces.append(data)

    def on_message_complete(self) -> None:
        """The message ended where its framing said."""
        if self.status and not self._head_only:
            self.complete = True
            self.reusable = self._parser.should_keep_alive()

    def _clear_head(self) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self._delimited = True

    def _is_delimited(self, status: int) -> bool:
        """Whether the message says itself where it ends (RFC 9112, 6.3)."""
        if status in {204, 304} or self._head_only:
            return True
        codings = [value for name, value in self.headers if name == b"transfer-encoding"]
        if codings:
            return has_token(codings, b"chunked")
        return any(name == b"content-length" for name, _ in self.headers)

    def _refuse(self, kind: ErrorKind, message: str) -> NoReturn:
        # Raised through llhttp, which stops there and reports a callback error to `receive`.
        self._set_error(kind, message)
        raise ValueError(message)

    def _set_error(self, kind: ErrorKind, message: str) -> None:
        if self.error is None:
            self.error = ResponseError(kind, message)
