"""What attackers send, as bytes: clients against the gateway, and upstreams in answer to it."""

import attrs

HOST = b"Host: a\r\n"
POST = b"POST /v1/chat/completions HTTP/1.1\r\n" + HOST
GET = b"GET /health/live HTTP/1.1\r\n" + HOST
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
SMUGGLED = b"GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n"
# What a client says that takes what is answered; `%s` is the model.
ASKED = b'{"model":"evil/%s","stream":true,"messages":[{"role":"user","content":"hi"}]}'


@attrs.frozen
class Drip:
    """The same bytes again and again, with a pause before each."""

    piece: bytes
    pause: float
    times: int = 1_000_000


@attrs.frozen
class Shape:
    """One attack of a client.

    Attributes:
        sent: bytes and drips, in order.
        status: of the last answer; 0 when the connection ends without one.
        code: of its error.
        answers: how many there are. One more than that is a request smuggled in.
        reads: whether the client takes what is answered.
        ends: whether it closes its sending side when it has sent everything.
    """

    sent: tuple[bytes | Drip, ...]
    status: int = 400
    code: bytes = b"bad_request"
    answers: int = 1
    reads: bool = True
    ends: bool = False


def _is(*sent, **answer):
    return Shape(sent, **answer)


def _post(headers, body=b"hello" + SMUGGLED, **answer):
    return Shape((POST + headers + b"\r\n\r\n" + body,), **answer)


def _chunks(body, **answer):
    return Shape((POST + CHUNKED + body,), **answer)


def ask(model):
    """A good request to the upstream that is not."""
    body = ASKED % model
    return POST + b"Content-Length: %d\r\n\r\n" % len(body) + body


_SLOW = {"status": 408, "code": b"request_timeout"}
_LARGE_HEAD = {"status": 431, "code": b"head_too_large"}
_CODING = {"status": 501, "code": b"bad_transfer_encoding"}
_TARGET = {"code": b"bad_target"}
_NO_HOST = {"code": b"bad_host"}

CLIENTS = {
    # Two opinions about the length
    "length and chunks": _post(b"Content-Length: 5\r\nTransfer-Encoding: chunked", b"0\r\n\r\n" + SMUGGLED),
    "chunks and length": _post(b"Transfer-Encoding: chunked\r\nContent-Length: 5", b"0\r\n\r\n" + SMUGGLED),
    "two lengths": _post(b"Content-Length: 5\r\nContent-Length: 6"),
    "the same length twice": _post(b"Content-Length: 5\r\nContent-Length: 5"),
    "a list of lengths": _post(b"Content-Length: 5, 5"),
    "a signed length": _post(b"Content-Length: +5"),
    "a negative length": _post(b"Content-Length: -5"),
    "a hexadecimal length": _post(b"Content-Length: 0x5"),
    "a length with a space in it": _post(b"Content-Length: 5 0"),
    "an empty length": _post(b"Content-Length:"),
    "a length with many zeros": _post(b"Content-Length: " + b"0" * 40 + b"5"),
    "a length beyond 64 bits": _post(b"Content-Length: 18446744073709551621"),
    "a length beyond the limit": _post(b"Content-Length: 99999999999", status=413, code=b"body_too_large"),
    "chunked twice": _post(b"Transfer-Encoding: chunked, chunked", b"0\r\n\r\n" + SMUGGLED),
    "chunked on two lines": _post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
    "almost chunked": _post(b"Transfer-Encoding: xchunked", **_CODING),
    "identity": _post(b"Transfer-Encoding: identity", **_CODING),
    "gzip, chunked": _post(b"Transfer-Encoding: gzip, chunked", b"0\r\n\r\n", **_CODING),
    "chunked, identity": _post(b"Transfer-Encoding: chunked, identity", b"0\r\n\r\n"),
    "chunked and a tab": _post(b"Transfer-Encoding: chunked\t", b"0\r\n\r\n"),
    "chunked and a vertical tab": _post(b"Transfer-Encoding: \x0bchunked", b"0\r\n\r\n"),
    "chunked in HTTP/1.0": _is(
        b"POST /v1/chat/completions HTTP/1.0\r\n" + CHUNKED + b"0\r\n\r\n" + SMUGGLED, **_CODING
    ),
    "space before the colon": _post(b"Content-Length : 5"),
    "tab before the colon": _post(b"Transfer-Encoding\t: chunked"),
    "a folded header": _post(b"X: a\r\n Content-Length: 5"),
    "a folded first header": _is(b"GET / HTTP/1.1\r\n X: y\r\n" + HOST + b"\r\n"),
    "bare line feeds": _is(GET.replace(b"\r", b"") + b"\n" + SMUGGLED),
    "one bare line feed": _is(GET + b"X: y\nContent-Length: 5\r\n\r\n"),
    "a bare carriage return": _is(GET + b"X: y\rContent-Length: 5\r\n\r\n"),
    "NUL in a value": _post(b"X: a\0b"),
    "NUL in a name": _post(b"X\0: a"),
    "an empty name": _post(b": a"),
    "no colon": _post(b"Content-Length"),
    # Chunks
    "a chunk size beyond 64 bits": _chunks(b"FFFFFFFFFFFFFFFFF\r\nhello"),
    "a chunk size beyond the limit": _chunks(b"FFFFFFF\r\n" + b"x" * 1_100_000, status=413, code=b"body_too_large"),
    "a signed chunk size": _chunks(b"+5\r\nhello\r\n0\r\n\r\n" + SMUGGLED),
    "a negative chunk size": _chunks(b"-5\r\nhello\r\n0\r\n\r\n"),
    "a chunk size with 0x": _chunks(b"0x5\r\nhello\r\n0\r\n\r\n" + SMUGGLED),
    "white space around a chunk size": _chunks(b" 5 \r\nhello\r\n0\r\n\r\n"),
    "no chunk size": _chunks(b"\r\nhello\r\n0\r\n\r\n"),
    "a chunk that is longer than it says": _chunks(b"5\r\nhelloworld\r\n0\r\n\r\n"),
    "a chunk that ends in a line feed": _chunks(b"5\r\nhello\n0\r\n\r\n" + SMUGGLED),
    "a chunk size that ends in a line feed": _chunks(b"5\nhello\r\n0\r\n\r\n" + SMUGGLED),
    "a line feed in an extension": _chunks(b'5;x="\n"\r\nhello\r\n0\r\n\r\n'),
    "a giant extension": _chunks(b"5;" + b"x" * 40_000 + b"\r\nhello\r\n0\r\n\r\n", **_LARGE_HEAD),
    "giant trailers": _chunks(b"0\r\n" + b"X: " + b"y" * 40_000 + b"\r\n\r\n", **_LARGE_HEAD),
    "a length in the trailers": _chunks(b"0\r\nContent-Length: 5\r\n\r\nhello"),
    "a coding in the trailers": _chunks(b"0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "a bad trailer": _chunks(b"0\r\nbad\r\n\r\n"),
    # Request lines
    "another host in the target": _is(b"GET http://b/ HTTP/1.1\r\n" + HOST + b"\r\n", **_NO_HOST),
    "a user in the target": _is(b"GET http://u@a/ HTTP/1.1\r\n" + HOST + b"\r\n", **_TARGET),
    "a fragment": _is(b"GET /#f HTTP/1.1\r\n" + HOST + b"\r\n", **_TARGET),
    "CONNECT": _is(b"CONNECT a:443 HTTP/1.1\r\n" + HOST + b"\r\n" + SMUGGLED, **_TARGET),
    "GET *": _is(b"GET * HTTP/1.1\r\n" + HOST + b"\r\n", **_TARGET),
    "OPTIONS *": _is(
        b"OPTIONS * HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", status=404, code=b"unknown_route"
    ),
    "an unknown method": _is(b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n", status=501, code=b"unknown_method"),
    "a method in lower case": _is(b"get / HTTP/1.1\r\n" + HOST + b"\r\n", status=501, code=b"unknown_method"),
    "HTTP/0.9": _is(b"GET /\r\n"),
    "HTTP/1.2": _is(b"GET / HTTP/1.2\r\n" + HOST + b"\r\n", status=505, code=b"http_version_not_supported"),
    "HTTP/2": _is(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status=505, code=b"http_version_not_supported"),
    "RTSP": _is(b"GET / RTSP/1.0\r\n" + HOST + b"\r\n"),
    "two spaces": _is(b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a tab for a space": _is(b"GET\t/ HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a byte beyond ASCII in the target": _is(b"GET /\xe9 HTTP/1.1\r\n" + HOST + b"\r\n"),
    "TLS": _is(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) * 2),
    "noise": _is(bytes(range(128, 256)) * 100),
    "endless empty lines": _is(b"\r\n" * 1000),
    # Host
    "no host": _is(b"GET / HTTP/1.1\r\n\r\n", **_NO_HOST),
    "two hosts": _is(GET + b"Host: b\r\n\r\n", **_NO_HOST),
    "the same host twice": _is(GET + HOST + b"\r\n", **_NO_HOST),
    "no host at all in it": _is(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", **_NO_HOST),
    "a URL for a host": _is(b"GET / HTTP/1.1\r\nHost: http://a/\r\n\r\n", **_NO_HOST),
    # Header bombs
    "a giant value": _is(GET + b"X: " + b"y" * 1_000_000, **_LARGE_HEAD),
    "a giant name": _is(GET + b"X" * 1_000_000, **_LARGE_HEAD),
    "a giant target": _is(b"GET /" + b"x" * 1_000_000, **_LARGE_HEAD),
    "a giant white space": _is(GET + b"X:" + b" " * 1_000_000, **_LARGE_HEAD),
    "many headers": _is(GET + b"X: y\r\n" * 2_000 + b"\r\n", status=431, code=b"too_many_headers"),
    "many trailers": _chunks(b"0\r\n" + b"X: y\r\n" * 2_000 + b"\r\n", status=431, code=b"too_many_headers"),
    # Bodies
    "a giant body": _is(
        POST + CHUNKED, *[b"10000\r\n" + b"x" * 65_536 + b"\r\n"] * 40, status=413, code=b"body_too_large"
    ),
    "chunks of one byte": _is(POST + CHUNKED + b"1\r\nx\r\n" * 60_000 + b"x", status=400, code=b"bad_request"),
    "another expectation": _post(b"Content-Length: 5\r\nExpect: tea", status=417, code=b"expectation_failed"),
    "continue, and too large": _post(
        b"Content-Length: 99999999\r\nExpect: 100-continue", status=413, code=b"body_too_large"
    ),
    # Pipelines
    "garbage behind a request": _is(GET + b"\r\n" + b"\0garbage\r\n\r\n", answers=2),
    "many requests": _is((GET + b"\r\n") * 500 + b"x\r\n", answers=501),
    "a refused request among good ones": _is(GET + b"\r\n" + GET + b"X : y\r\n\r\n" + GET + b"\r\n", answers=2),
    "requests behind the last": _is(
        GET + b"Connection: close, keep-alive\r\n\r\n" + SMUGGLED * 50, status=200, code=b"ok"
    ),
    # Time
    "nothing": _is(b"", status=0, answers=0),
    "half a head": _is(GET, **_SLOW),
    "a slow head": _is(GET + b"X: ", Drip(b"y", 0.05), **_SLOW),
    "half a body": _is(POST + b"Content-Length: 500\r\n\r\nx", **_SLOW),
    "a slow body": _is(POST + b"Content-Length: 500000\r\n\r\n", Drip(b"x", 0.05), **_SLOW),
    "slow chunks": _is(POST + CHUNKED, Drip(b"1\r\nx\r\n", 0.05), **_SLOW),
    "a slow chunk size": _is(POST + CHUNKED, Drip(b"0", 0.05), **_SLOW),
    "slow trailers": _is(POST + CHUNKED + b"0\r\n", Drip(b"X: y\r\n", 0.1), **_SLOW),
    "slow empty lines": _is(Drip(b"\r\n", 0.3), status=0, answers=0),
    "a half-closed socket": _is(POST + b"Content-Length: 5\r\n\r\n", status=0, answers=0, ends=True),
    "a half-closed socket behind a head": _is(GET[:20], status=0, answers=0, ends=True),
    "one who reads nothing": _is(ask(b"flood"), status=0, answers=0, reads=False),
    "one who reads nothing and asks on": _is((GET + b"\r\n") * 20_000, status=0, answers=0, reads=False),
}

_OK = b"HTTP/1.1 200 OK\r\n"
_EVENT = b'data: {"choices":[{"index":0,"delta":{"content":"x"}}]}\n\n'
_STREAM = b"Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_CHUNK = b"%x\r\n%b\r\n" % (len(_EVENT), _EVENT)
_UPSTREAM_INVALID = (502, b"upstream_invalid")
_TOO_LARGE = (502, b"upstream_too_large")
_TIMEOUT = (504, b"upstream_timeout")
_CUT = (502, b"upstream_truncated")

# model -> what the upstream sends, in order; status and code of the answer to the client. 200: it began, and breaks.
UPSTREAMS = {
    b"garbage": ((b"\0garbage\r\n\r\n",), _UPSTREAM_INVALID),
    b"tls": ((b"\x15\x03\x01\x00\x02\x02\x46",), _UPSTREAM_INVALID),
    b"http2": ((b"HTTP/2.0 200 OK\r\n\r\n",), _UPSTREAM_INVALID),
    b"switch": ((b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",), _UPSTREAM_INVALID),
    b"both-lengths": ((_OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",), _UPSTREAM_INVALID),
    b"two-lengths": ((_OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",), _UPSTREAM_INVALID),
    b"gzip-coding": ((_OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",), _UPSTREAM_INVALID),
    b"tab-coding": ((_OK + b"Transfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n",), _UPSTREAM_INVALID),
    b"line-feeds": ((b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",), _UPSTREAM_INVALID),
    b"header-bomb": ((_OK + b"X: y\r\n" * 100_000,), _TOO_LARGE),
    b"value-bomb": ((_OK + b"X: ", Drip(b"y" * 60_000, 0, 10)), _TOO_LARGE),
    b"informational": ((Drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0, 1000),), _TOO_LARGE),
    b"slow-informational": ((Drip(b"HTTP/1.1 100 Continue\r\n\r\n", 0.1),), _TIMEOUT),
    b"slow-head": ((_OK + b"X: ", Drip(b"y", 0.1)), _TIMEOUT),
    b"silent": ((Drip(b"", 10),), _TIMEOUT),
    b"nothing": ((), (502, b"upstream_closed")),
    b"half-a-head": ((_OK,), _CUT),
    b"half-a-body": ((_OK + b"Content-Length: 500\r\n\r\n{",), _CUT),
    b"endless-reply": ((b"HTTP/1.1 400 No\r\n\r\n", Drip(b"x" * 60_000, 0, 10_000)), _TOO_LARGE),
    b"endless-extension": ((_OK + _STREAM + b"5;", Drip(b"x" * 60_000, 0, 10_000)), _TOO_LARGE),
    b"endless-trailers": ((_OK + _STREAM + _CHUNK + b"0\r\n", Drip(b"X: y\r\n" * 1000, 0, 10_000)), (200, b"")),
    b"endless-event": ((_OK + _STREAM, Drip(b"ea60\r\n" + b"x" * 60_000 + b"\r\n", 0, 10_000)), _TOO_LARGE),
    b"bad-chunk": ((_OK + _STREAM + _CHUNK + b"xyz\r\n",), (200, b"")),
    b"cut-stream": ((_OK + _STREAM + _CHUNK,), (200, b"")),
    b"stalled-stream": ((_OK + _STREAM + _CHUNK, Drip(b"", 10)), (200, b"")),
    b"no-length": ((_OK + b"Content-Type: text/event-stream\r\n\r\n" + _EVENT,), (200, b"")),
    b"204": ((b"HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello",), (502, b"")),
    b"more-than-asked": (
        (_OK + b"Content-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",),
        (502, b""),
    ),
    b"redirect": (
        (b"HTTP/1.1 302 Found\r\nLocation: http://b/\r\nContent-Length: 0\r\n\r\n",),
        (502, b"upstream_redirect"),
    ),
    b"status-999": ((b"HTTP/1.1 999 X\r\nContent-Length: 2\r\n\r\n{}",), _UPSTREAM_INVALID),
    b"flood": ((_OK + _STREAM, Drip(_CHUNK * 500, 0, 10_000)), None),
}
