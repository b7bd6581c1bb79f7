"""h11 and our readers on the same bytes: what each makes of them, and every difference that there may be.

An outcome is the list of messages that were accepted, each as h11 would say it, and why no more were. A message that is
refused and one that is not whole are the same thing here: both parsers are told that no more comes.
"""

import h11
from dragoman.io.http import Limits, UpstreamLimits
from dragoman.io.http.client_protocol import ClientProtocol
from dragoman.io.http.server_protocol import ServerProtocol


def our_requests(data):
    protocol = ServerProtocol(Limits())
    requests = protocol.receive(data)
    while protocol.unread:
        requests += protocol.receive(b"")
    seen = [
        (r.method.encode(), r.target.encode("latin-1"), r.http_version.encode(), r.headers, r.body) for r in requests
    ]
    return seen, protocol.error.message if protocol.error else None


def h11_requests(data):
    connection, seen = h11.Connection(h11.SERVER), []
    connection.receive_data(data)
    connection.receive_data(b"")
    try:
        while isinstance(head := connection.next_event(), h11.Request):
            body = b""
            while isinstance(event := connection.next_event(), h11.Data):
                body += event.data
            seen.append((head.method, head.target, head.http_version, _pairs(head), body))
            connection.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
            connection.send(h11.EndOfMessage())
            connection.start_next_cycle()
    except h11.RemoteProtocolError as error:
        return seen, str(error)
    except h11.LocalProtocolError:  # no next cycle
        return seen, "HTTP/1.0 connections are closed" if seen[-1][2] == b"1.0" else "this was the last request"
    return seen, None


def our_response(data, method):
    protocol = ClientProtocol(UpstreamLimits())
    protocol.begin(method)
    protocol.receive(data)
    reusable = protocol.complete and protocol.reusable
    protocol.receive_end()
    if protocol.error is not None:
        return [], str(protocol.error), False
    return [(protocol.status, protocol.headers, protocol.take())], None, reusable


def h11_response(data, method):
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("host", "a")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    try:
        while isinstance(head := connection.next_event(), h11.InformationalResponse):
            if head.status_code == 101:
                return [], "switched protocols", False
        if head is h11.NEED_DATA:
            return [], "no head", False
        body, told = b"", False
        while not isinstance(event := connection.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                connection.receive_data(b"")
                told = True
            else:
                body += event.data
    except h11.RemoteProtocolError as error:
        return [], str(error), False
    reusable = not told and connection.their_state is h11.DONE and not connection.trailing_data[0]
    return [(head.status_code, _pairs(head), body)], None, reusable


def _pairs(head):
    return tuple((bytes(name), bytes(value)) for name, value in head.headers)


def _get(headers=b"", line=b"GET / HTTP/1.1", host=b"a"):
    return line + b"\r\nHost: " + host + b"\r\n" + headers + b"\r\n"


def _chunked(body, headers=b""):
    return _get(b"Transfer-Encoding: chunked\r\n" + headers, b"POST / HTTP/1.1") + body


# Ours refuses, with these words, what h11 takes: the words -> why, and a request that shows it.
STRICTER = {
    # Two opinions about where a message ends
    "Content-Length can't be present with Transfer-Encoding": (
        "RFC 9112, 6.3 lets a server refuse it, and every smuggling attack needs it",
        _chunked(b"0\r\n\r\n", b"Content-Length: 5\r\n"),
    ),
    "Transfer-Encoding can't be present with Content-Length": (
        "the same, in the other order",
        _get(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + b"0\r\n\r\n",
    ),
    "Duplicate Content-Length": (
        "RFC 9112, 6.3 lets a recipient refuse it even when both say the same",
        _get(b"Content-Length: 0\r\nContent-Length: 0\r\n"),
    ),
    "Invalid character in Content-Length": ("the same as a list: `5, 5`", _get(b"Content-Length: 0, 0\r\n")),
    "The only transfer coding taken is chunked, once.": (
        "h11 takes chunks from an HTTP/1.0 client, whose proxies cannot know them (RFC 9112, 6.1)",
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    "Request has invalid `Transfer-Encoding`": (
        "a tab after `chunked`: legal white space that no client writes, and that not every parser takes away",
        _get(b"Transfer-Encoding: chunked\t\r\n") + b"0\r\n\r\n",
    ),
    "Invalid `Transfer-Encoding` header value": (
        "a framing header among the trailers (RFC 9110, 6.5.1 forbids it)",
        _chunked(b"0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ),
    # Line ends
    "The request line is not one of HTTP/1.1.": (
        "h11 takes a bare LF for a line end; RFC 9112, 2.2 allows it, and it has been used to smuggle",
        b"GET / HTTP/1.1\nHost: a\r\n\r\n",
    ),
    "Missing expected CR after header value": ("a bare LF after a header", b"GET / HTTP/1.1\r\nHost: a\n\r\n"),
    "Invalid header field char": ("a bare LF for the empty line", b"GET / HTTP/1.1\r\nHost: a\r\n\n"),
    "Unexpected whitespace after header value": (
        "a folded header: RFC 9112, 5.2 lets a server refuse it",
        _get(b"X: a\r\n b\r\n"),
    ),
    # Characters
    "Invalid header value char": (
        "control characters: RFC 9110, 5.5 has CR, LF and NUL refused, and lets a recipient refuse the others",
        _get(b"X: \x01\r\n"),
    ),
    "Invalid character in chunk size": ("white space after a chunk's size", _chunked(b"0 \r\n\r\n")),
    "Invalid character in chunk extensions": ("an extension without a name", _chunked(b"0;\r\n\r\n")),
    "Invalid character in chunk extensions name": ("an extension's name with odd bytes", _chunked(b"0;\x7f\r\n\r\n")),
    "Invalid character in chunk extensions value": (
        "an extension's value with odd bytes",
        _chunked(b"0;x=\xe9\r\n\r\n"),
    ),
    "Invalid character in chunk extensions quoted value": ("the same in quotes", _chunked(b'0;x="\x01"\r\n\r\n')),
    "Invalid quoted-pair in chunk extensions quoted value": ("the same escaped", _chunked(b'0;x="\\\x01"\r\n\r\n')),
    "Expected LF after chunk size": ("a bare CR in an extension", _chunked(b"0;x=\ry\r\n\r\n")),
    # What h11 leaves to its caller
    "A request needs exactly one Host header, with a host in it.": (
        "h11 counts Host and does not read it; RFC 9112, 3.2 has an invalid one refused",
        _get(host=b"a b"),
    ),
    "The Host header and the request target name different hosts.": (
        "a client must send the same in both (RFC 9112, 3.2)",
        _get(line=b"GET http://b/ HTTP/1.1"),
    ),
    "The request target is not one a server can answer.": (
        "CONNECT, fragments, other schemes, user names, `*` with a method other than OPTIONS",
        _get(line=b"GET /#f HTTP/1.1"),
    ),
    "Invalid characters in url": ("a target that is neither a path nor a URL", _get(line=b"GET x HTTP/1.1")),
    "Unexpected char in url schema": ("the same, with a colon", _get(line=b"GET a:1 HTTP/1.1")),
    "Unexpected start char in url": ("the same, with a query only", _get(line=b"GET ?q HTTP/1.1")),
    "Only HTTP/1.1 and HTTP/1.0 are spoken here.": ("h11 reads any version", _get(line=b"GET / HTTP/2.0")),
    "The request method is not known here.": ("h11 takes any token for a method", _get(line=b"get / HTTP/1.1")),
    "Invalid method for HTTP/x.x request": ("a method of RTSP", _get(line=b"DESCRIBE / HTTP/1.1")),
    "Expected HTTP/2 Connection Preface": ("the method of HTTP/2's preface", _get(line=b"PRI / HTTP/1.1")),
    "The only expectation met is 100-continue.": ("RFC 9110, 10.1.1: 417", _get(b"Expect: tea\r\n")),
}
STRICTER_OF_RESPONSES = {
    "its status line is none": ("h11 takes a bare LF, and any version", b"HTTP/1.1 204 X\n\r\n"),
    "there is a tab after the upstream's transfer coding": (
        "as for requests",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n",
    ),
    "Content-Length overflow": (
        "no body is that long; h11 only says so when it is not",
        b"HTTP/1.1 304 X\r\nContent-Length: 18446744073709551616\r\n\r\n",
    ),
}
# Ours takes what h11 refuses with these words: the words -> why, and the bytes that show it.
LAXER = {
    "no request line received": (
        "empty lines before a request: RFC 9112, 2.2 wants them ignored; here at most 16 of them, and only whole ones",
        b"\r\n" + _get(),
    ),
    "HTTP/1.0 connections are closed": (
        "h11 does not know `Connection: keep-alive`, by which HTTP/1.0 clients keep one",
        b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n",
    ),
    "illegal chunk header": (
        "more than twenty digits of a chunk's size, when all but the last few are zeros",
        _chunked(b"0" * 30 + b"\r\n\r\n"),
    ),
}
LAXER_OF_RESPONSES = {
    "illegal chunk header": (
        "as for requests",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 30 + b"\r\n\r\n",
    ),
    "Only Transfer-Encoding: chunked is supported": (
        "`identity` was a coding once, some servers still say it, and it changes nothing",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
    ),
}


def unexplained(ours, theirs, stricter, laxer):
    """What of the difference between two outcomes is in no table; None when there is none."""
    (mine, refused), (other, why_not) = ours, theirs
    same = 0
    for one, two in zip(map(_as_read, mine), map(_as_read, other), strict=False):
        if one != two:
            return f"read differently: {one} and {two}"
        same += 1
    if same < len(other) and not any(words in (refused or "") for words in stricter):
        return f"refused for a reason that is not listed: {refused}"
    if same < len(mine) and not any(words in (why_not or "") for words in laxer):
        return f"taken, though h11 says: {why_not}"
    return None


def _as_read(message):
    """A message without what the two are known to write differently.

    An offer to upgrade is taken out of a request by ours, since it is declined; h11 writes the transfer coding in lower
    case. Whether a connection can be used again is compared by the tests.
    """
    return tuple(
        tuple(
            (name, value.lower() if name == b"transfer-encoding" else value)
            for name, value in part
            if name != b"upgrade"
        )
        if isinstance(part, tuple)
        else part
        for part in message
    )
