"""The server side of HTTP/1.1 without I/O: bytes in, whole requests out.

llhttp (through httptools) does the grammar and refuses by itself whatever makes the length of a message ambiguous: two
lengths, length with transfer coding, bare LF, folded headers, space before a colon, NUL. What it does not do is here:
request lines to the letter, counting heads, headers and bodies, the Host rule (RFC 9112, 3.2), `Expect`, foreign
transfer codings, and ignoring offers to upgrade (RFC 9110, 7.8), which some clients make on every first request.
"""

import re
from typing import Final, Literal, NoReturn

import attrs
import httptools

from .budget import Budget, Lease
from .framing import MAX_LENGTH_DIGITS, says_close
from .limits import Limits
from .reader import MessageReader

Phase = Literal["idle", "head", "body"]

OVERLOADED: Final = "The server holds as many request bodies as it may; try again."
# The headers that decide about the message itself.
_DECISIVE: Final = frozenset((b"host", b"content-length", b"transfer-encoding", b"expect"))
# RFC 9112, 3 and 2.3, without the liberties it grants: one space between the parts, nothing around them.
_REQUEST_LINE: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ ([!-~]+) HTTP/([0-9]\.[0-9])\r\n")
# RFC 3986, 3.2: a host and a port. User information has no place here (RFC 9110, 4.2.4).
_AUTHORITY: Final = re.compile(
    rb"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]{0,5})?"
)
_ABSOLUTE: Final = re.compile(rb"https?://([^/?]+)", re.IGNORECASE)
# What may come before a request (RFC 9112, 2.2), but not endlessly; and a line of which nothing has come.
_MAX_EMPTY_LINES: Final = 16
_NOTHING: Final = (bytearray(), bytearray(b"\r"))
_TLS_RECORD: Final = b"\x16\x03"


@attrs.define
class Request:
    """One whole request. Nothing is set after it was made; a frozen class would cost four times as much to make.

    Attributes:
        method: As sent, upper-case in practice.
        target: The raw request target: path and query, or an absolute URL where the client took this for a proxy.
        path: The target without origin and query, percent-encoding left as it is.
        query: What follows the first question mark, without it.
        headers: (name, value) in the order sent, names lower-case, values without surrounding white space.
        body: Whole, transfer coding removed, content coding not.
        http_version: `1.1` or `1.0`.
        peer: Where the client connects from, `address:port`.
        keep_alive: Whether the client is prepared to use the connection again.
        lease: Keeps the body's bytes counted as held, for as long as it is kept itself.
    """

    method: str
    target: str
    path: str
    query: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    http_version: str
    peer: str
    keep_alive: bool = True
    lease: Lease | None = attrs.field(default=None, eq=False, repr=False)

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, by its lower-case name."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


class ProtocolError(Exception):
    """A request that is not taken: the status to answer, a message for people and a code for programs."""

    def __init__(self, status: int, message: str, code: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


class ServerProtocol(MessageReader):
    """Reads the requests of one connection.

    `error` is set once something cannot be taken; requests that were complete before it are still handed out, and
    nothing is read after it. `closed` is set after the last request the client announced.

    Attributes:
        phase: What is half-read: nothing, a head or a body.
        body_bytes: How much of the current body has come.
        target: The target of the current request as far as it is known, for the answer to an error.
        unread: Whether `max_pipelined` requests were handed out and bytes are left: `receive(b"")` goes on with them.
        wants_continue: The client waits for a `100 Continue` before it sends the body. Whoever sends it clears this.
    """

    __slots__ = (
        "_body",
        "_budget",
        "_empty_lines",
        "_head",
        "_headers",
        "_lease",
        "_limits",
        "_max_headers",
        "_peer",
        "_ready",
        "_rest",
        "_upgrade",
        "_url",
        "body_bytes",
        "closed",
        "error",
        "phase",
        "wants_continue",
    )

    _parser: httptools.HttpRequestParser

    def __init__(self, limits: Limits, peer: str = "", budget: Budget | None = None) -> None:
        super().__init__(limits.max_head_bytes)
        self._limits = limits
        self._max_headers = limits.max_headers
        self._peer = peer
        self._budget = budget or Budget(limits.max_buffered_bytes)
        self._parser = httptools.HttpRequestParser(self)
        self._ready: list[Request] = []
        self._rest = b""
        self._empty_lines = 0
        self.error: ProtocolError | None = None
        self.closed = False
        self.on_message_begin()
        self.phase: Phase = "idle"

    @property
    def target(self) -> str:
        """See the class."""
        return self._url.decode("latin-1")

    @property
    def unread(self) -> bool:
        """See the class."""
        return bool(self._rest)

    def receive(self, data: bytes) -> list[Request]:
        """Take bytes and return the requests they completed. Never raises for what a client sent; see `error`."""
        if self._rest:
            data, self._rest = self._rest + data, b""
        ready = self._ready = []
        at, end = 0, len(data)
        try:
            while at < end and self.error is None and not self.closed:
                if len(ready) >= self._limits.max_pipelined:
                    self._rest = data[at:]
                    break
                at = self._advance(data, at)
        except (httptools.HttpParserError, ValueError) as error:
            self._note(error)
        if self.phase == "idle" and self._line not in _NOTHING:
            self.phase = "head"
        return ready

    # What llhttp calls.

    def on_message_begin(self) -> None:
        """A request line begins."""
        self.phase = "head"
        self.body_bytes = 0
        self.wants_continue = False
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._head: tuple[tuple[bytes, bytes], ...] = ()
        self._body: bytes | bytearray = b""
        self._lease: Lease | None = None
        self._upgrade = False

    def on_url(self, url: bytes) -> None:
        """A piece of the target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header line; or a trailer, which comes when the head has been taken, is counted and forgotten."""
        headers = self._headers
        headers.append((name.lower(), value.rstrip(b" \t")))
        if len(headers) > self._max_headers:
            self._refuse(431, "The request has too many headers.", "too_many_headers")

    def on_headers_complete(self) -> None:
        """The head is there: everything that can be refused without the body is refused now."""
        version = self._parser.get_http_version()
        self._head = tuple(self._headers)
        self._upgrade = self._parser.should_upgrade()
        hosts, length, chunked, expectation = self._decisive(version)
        if len(hosts) > 1 or (not hosts and version == "1.1") or not all(map(_AUTHORITY.fullmatch, hosts)):
            self._refuse(400, "A request needs exactly one Host header, with a host in it.", "bad_host")
        self._check_target(hosts)
        if expectation and expectation != b"100-continue":
            self._refuse(417, "The only expectation met is 100-continue.", "expectation_failed")
        if length > self._limits.max_body_bytes:
            self._refuse_body()
        if not self._budget.has(length):
            self._refuse_for_now()
        self.wants_continue = bool(expectation) and version == "1.1" and (chunked or length > 0)
        self.phase = "body"
        self._stage, self._left = "chunked" if chunked else "length", length

    def on_body(self, data: bytes) -> None:
        """A piece of the body."""
        self._framing = 0
        self.body_bytes += len(data)
        if self.body_bytes > self._limits.max_body_bytes:
            self._refuse_body()
        if self._lease is None:
            self._lease = Lease(self._budget)
        if not self._lease.take(len(data)):
            self._refuse_for_now()
        self.wants_continue = False
        # Not a list of pieces: a body sent in chunks of two bytes would take twenty times its size.
        if not self._body:
            self._body = data
            return
        if isinstance(self._body, bytes):
            self._body = bytearray(self._body)
        self._body += data

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._upgrade:  # its body is still to come: see _decline_upgrade
            return
        # llhttp believes "close, keep-alive".
        keep_alive = self._parser.should_keep_alive() and not says_close(self._head)
        self.closed = not keep_alive
        self.phase = "idle"
        self.wants_continue = False
        target = self._url.decode("latin-1")
        path, _, query = target.partition("?")
        if not path.startswith("/"):
            path = _path_of_absolute(path)
        self._ready.append(
            Request(
                self._parser.get_method().decode("ascii"),
                target,
                path,
                query,
                self._head,
                bytes(self._body),
                self._parser.get_http_version(),
                self._peer,
                keep_alive,
                self._lease,
            )
        )
        self._body, self._lease = b"", None
        self._expect_message()

    # The rules llhttp leaves to us.

    def _check_line(self, line: bytes) -> bool:
        if line == b"\r\n":
            self._empty_lines += 1
            if self._empty_lines > _MAX_EMPTY_LINES:
                self._refuse(400, "There are too many empty lines before a request.", "bad_request")
            return False
        match = _REQUEST_LINE.fullmatch(line)
        self._url = match[1] if match else b""
        if match is None:
            tls = line.startswith(_TLS_RECORD)
            message = "This port speaks HTTP without TLS." if tls else "The request line is not one of HTTP/1.1."
            self._refuse(400, message, "bad_request")
        if match[2] not in {b"1.1", b"1.0"}:
            self._refuse(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.", "http_version_not_supported")
        self._empty_lines = 0
        return True

    def _decisive(self, version: str) -> tuple[list[bytes], int, bool, bytes]:
        """The headers that decide: every Host, the length, whether there are chunks, what is expected."""
        hosts, length, codings, expectation = [], 0, 0, b""
        for name, value in self._head:
            if name not in _DECISIVE:
                continue
            if name == b"host":
                hosts.append(value)
            elif name == b"content-length":
                # Who writes a number like this hopes that somebody else reads another one.
                if len(value) > MAX_LENGTH_DIGITS:
                    self._refuse(400, "The content-length has too many digits.", "bad_request")
                length = int(value)
            elif name == b"transfer-encoding":
                codings += 1
                # A 1.0 client cannot know transfer codings: a message that says otherwise was tampered with.
                if codings > 1 or version == "1.0" or value.lower() != b"chunked":
                    self._refuse(501, "The only transfer coding taken is chunked, once.", "bad_transfer_encoding")
            elif value.lower() != expectation:  # said twice it is the same
                expectation = value.lower() if not expectation else b"more than one"
        return hosts, length, codings > 0, expectation

    def _check_target(self, hosts: list[bytes]) -> None:
        method, url = self._parser.get_method(), self._url
        if method == b"CONNECT" or b"#" in url or (url == b"*" and method != b"OPTIONS"):
            self._refuse(400, "The request target is not one a server can answer.", "bad_target")
        if url[:1] in {b"/", b"*"}:
            return
        # Two names for one place are two opinions about where a request goes (RFC 9112, 3.2 and 3.2.2).
        absolute = _ABSOLUTE.match(url)
        if absolute is None or not _AUTHORITY.fullmatch(absolute[1]):
            self._refuse(400, "The request target is not one a server can answer.", "bad_target")
        if hosts and hosts[0].lower() != absolute[1].lower():
            self._refuse(400, "The Host header and the request target name different hosts.", "bad_host")

    def _refuse_head(self) -> NoReturn:
        self._refuse(431, "The request head is too large.", "head_too_large")

    def _refuse_body(self) -> NoReturn:
        limit = self._limits.max_body_bytes
        self._refuse(413, f"The request body is larger than {limit} bytes.", "body_too_large")

    def _refuse_for_now(self) -> NoReturn:
        self._refuse(503, OVERLOADED, "overloaded")

    def _refuse(self, status: int, message: str, code: str) -> NoReturn:
        # Raised through llhttp, which stops there and reports a callback error to `receive`.
        self._set_error(status, message, code)
        raise ValueError(message)

    def _set_error(self, status: int, message: str, code: str) -> None:
        if self.error is None:
            self.error = ProtocolError(status, message, code)
            self._body, self._lease = b"", None

    def _note(self, error: Exception) -> None:
        if isinstance(error, httptools.HttpParserInvalidMethodError):
            self._set_error(501, "The request method is not known here.", "unknown_method")
        else:
            self._set_error(400, f"This is not HTTP/1.1: {error}", "bad_request")

    def _feed(self, piece: bytes) -> None:
        try:
            super()._feed(piece)
        except httptools.HttpParserUpgrade:
            self._decline_upgrade()

    def _decline_upgrade(self) -> None:
        """Read a head again as if the upgrade had not been offered.

        llhttp takes everything after such a head for another protocol, so a fresh parser gets the head without the
        offer. The piece that was fed ended where the head did.
        """
        lines = [b"%b: %b\r\n" % header for header in self._head if header[0] != b"upgrade"]
        line = (self._parser.get_method(), self._url, self._parser.get_http_version().encode("ascii"))
        self._parser = httptools.HttpRequestParser(self)
        self._parser.feed_data(b"%b %b HTTP/%b\r\n%b\r\n" % (*line, b"".join(lines)))


def _path_of_absolute(target: str) -> str:
    _, scheme, rest = target.partition("://")
    if not scheme:
        return target  # `*`
    return "/" + rest.partition("/")[2]
