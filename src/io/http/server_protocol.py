"""The server side of HTTP/1.1 without I/O: bytes in, whole requests out.

llhttp (through httptools) does the grammar and refuses by itself whatever makes the length of a message ambiguous: two
lengths, length with transfer coding, bare LF, folded headers, space before a colon, NUL. What it does not do is here:
counting heads, headers and bodies, the Host rule (RFC 9112, 3.2), `Expect`, foreign transfer codings, and ignoring
offers to upgrade (RFC 9110, 7.8), which some clients make on every first request.
"""

from typing import Final, Literal, NoReturn

import attrs
import httptools

from .limits import Limits

Phase = Literal["idle", "head", "body"]

# The headers that decide about the message itself.
_DECISIVE: Final = frozenset((b"host", b"content-length", b"transfer-encoding", b"expect"))


@attrs.frozen
class Request:
    """One whole request.

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


class ServerProtocol:
    """Reads the requests of one connection.

    `error` is set once something cannot be taken; requests that were complete before it are still handed out, and
    nothing is read after it. `closed` is set after the last request the client announced.

    Attributes:
        phase: What is half-read: nothing, a head or a body.
        body_bytes: How much of the current body has come.
        target: The target of the current request as far as it is known, for the answer to an error.
        wants_continue: The client waits for a `100 Continue` before it sends the body. Whoever sends it clears this.
    """

    __slots__ = (
        "_body",
        "_has_body",
        "_head_bytes",
        "_headers",
        "_limits",
        "_open_bytes",
        "_parser",
        "_peer",
        "_ready",
        "_upgrade",
        "_url",
        "body_bytes",
        "closed",
        "error",
        "phase",
        "wants_continue",
    )

    def __init__(self, limits: Limits, peer: str = "") -> None:
        self._limits = limits
        self._peer = peer
        self._parser = httptools.HttpRequestParser(self)
        self._ready: list[Request] = []
        self.error: ProtocolError | None = None
        self.closed = False
        self.on_message_begin()
        self.phase: Phase = "idle"

    @property
    def target(self) -> str:
        """See the class."""
        return self._url.decode("latin-1")

    def receive(self, data: bytes) -> list[Request]:
        """Take bytes and return the requests they completed. Never raises for what a client sent; see `error`."""
        if self.error is not None or self.closed:
            return []
        ready = self._ready = []
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            self._decline_upgrade(data[offer.args[0] :])
        except httptools.HttpParserError as error:
            self._note(error)
        # Nothing is called for an unfinished header line, however long, so whole pieces are counted here, but for one
        # that ended an earlier request.
        if self.phase == "head" and not ready:
            self._open_bytes += len(data)
            if self._open_bytes > self._limits.max_head_bytes:
                self._set_error(431, "The request head is too large.", "head_too_large")
        return ready

    # What llhttp calls.

    def on_message_begin(self) -> None:
        """A request line begins."""
        self.phase = "head"
        self.body_bytes = 0
        self.wants_continue = False
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()
        self._head_bytes = 0
        self._open_bytes = 0
        self._has_body = False
        self._upgrade = False

    def on_url(self, url: bytes) -> None:
        """A piece of the target."""
        self._url += url
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header line, or a trailer, which is counted and dropped."""
        self._count_head(len(name) + len(value) + 4)
        if self.phase != "body":
            self._headers.append((name.lower(), value.rstrip(b" \t")))

    def on_headers_complete(self) -> None:
        """The head is there: everything that can be refused without the body is refused now."""
        version = self._parser.get_http_version()
        if version not in {"1.1", "1.0"}:
            self._refuse(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.", "http_version_not_supported")
        if self._parser.get_method() == b"CONNECT" or b"#" in self._url:
            self._refuse(400, "The request target is not one a server can answer.", "bad_target")
        if len(self._headers) > self._limits.max_headers:
            self._refuse(431, "The request has too many headers.", "too_many_headers")
        self._upgrade = self._parser.should_upgrade()
        hosts = self._decide(version)
        if hosts > 1 or (hosts == 0 and version == "1.1"):
            self._refuse(400, "A request needs exactly one Host header.", "bad_host")
        self.phase = "body"

    def on_body(self, data: bytes) -> None:
        """A piece of the body."""
        self.body_bytes += len(data)
        if self.body_bytes > self._limits.max_body_bytes:
            self._refuse_body()
        self.wants_continue = False
        # Not a list of pieces: a body sent in chunks of two bytes would take twenty times its size.
        self._body += data

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._upgrade:  # its body is still to come: see _decline_upgrade
            return
        keep_alive = self._parser.should_keep_alive()
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
                tuple(self._headers),
                bytes(self._body),
                self._parser.get_http_version(),
                self._peer,
                keep_alive,
            )
        )

    # The rules llhttp leaves to us.

    def _decide(self, version: str) -> int:
        """Apply the headers that decide about the message; returns how many were Host."""
        hosts = 0
        expectation = b""
        for name, value in self._headers:
            if name not in _DECISIVE:
                continue
            if name == b"host":
                hosts += 1
            elif name == b"content-length":
                if int(value) > self._limits.max_body_bytes:
                    self._refuse_body()
                self._has_body = int(value) > 0
            elif name == b"transfer-encoding":
                # A 1.0 client cannot know transfer codings: a message that says otherwise was tampered with.
                if self._has_body or version == "1.0" or value.lower() != b"chunked":
                    self._refuse(501, "The only transfer coding taken is chunked.", "bad_transfer_encoding")
                self._has_body = True
            else:
                expectation = value.lower()
        if expectation and expectation != b"100-continue":
            self._refuse(417, "The only expectation met is 100-continue.", "expectation_failed")
        self.wants_continue = bool(expectation) and version == "1.1" and self._has_body
        return hosts

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > self._limits.max_head_bytes:
            self._refuse(431, "The request head is too large.", "head_too_large")

    def _refuse_body(self) -> NoReturn:
        limit = self._limits.max_body_bytes
        self._refuse(413, f"The request body is larger than {limit} bytes.", "body_too_large")

    def _refuse(self, status: int, message: str, code: str) -> NoReturn:
        # Raised through llhttp, which stops there and reports a callback error to `receive`.
        self._set_error(status, message, code)
        raise ValueError(message)

    def _set_error(self, status: int, message: str, code: str) -> None:
        if self.error is None:
            self.error = ProtocolError(status, message, code)

    def _note(self, error: httptools.HttpParserError) -> None:
        if self.closed:
            return  # bytes after the last request are nobody's
        self._set_error(400, f"This is not HTTP/1.1: {error}", "bad_request")

    def _decline_upgrade(self, rest: bytes) -> None:
        """Read the request again as if the upgrade had not been offered.

        llhttp takes everything after such a head for another protocol. A fresh parser gets the head without the offer,
        then the rest.
        """
        if self.error is not None:
            return
        lines = [b"%b: %b\r\n" % header for header in self._headers if header[0] != b"upgrade"]
        line = (self._parser.get_method(), self._url, self._parser.get_http_version().encode("ascii"))
        head = b"%b %b HTTP/%b\r\n%b\r\n" % (*line, b"".join(lines))
        ready, self._parser = self._ready, httptools.HttpRequestParser(self)
        ready.extend(self.receive(head + rest))


def _path_of_absolute(target: str) -> str:
    _, scheme, rest = target.partition("://")
    if not scheme:
        return target  # `*`
    return "/" + rest.partition("/")[2]
