import h11
import pytest
from dragoman.io.http import Limits
from dragoman.io.http.server_protocol import ServerProtocol
from hypothesis import given, settings
from hypothesis import strategies as st

HEAD = b"POST /v1/chat?x=1&y HTTP/1.1\r\nHost: a.example\r\n"
LARGE = b"z" * 100_000

MESSAGES = {
    "get": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "post": HEAD + b"Content-Length: 5\r\nX-Empty:\r\nX-Padded: \t v \t\r\n\r\nhello",
    "empty body": HEAD + b"Content-Length: 0\r\n\r\n",
    "chunked": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n1\r\n!\r\n0\r\n\r\n",
    "chunked with trailers": HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Trailer: t\r\n\r\n",
    "http/1.0": b"POST /old HTTP/1.0\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok",
    "close": b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "head": b"HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n",
    "repeated headers": b"GET / HTTP/1.1\r\nHost: a\r\nAccept: a\r\nAccept: b\r\n\r\n",
    "large body": HEAD + b"Content-Length: 100000\r\n\r\n" + LARGE,
    "high bytes in a value": b"GET / HTTP/1.1\r\nHost: a\r\nX-Name: caf\xe9\r\n\r\n",
}


def read(*pieces, limits=None):
    protocol = ServerProtocol(limits or Limits(), "1.2.3.4:5")
    requests = [request for piece in pieces for request in protocol.receive(piece)]
    return protocol, requests


def by_bytes(data):
    return [data[at : at + 1] for at in range(len(data))]


def by_h11(data):
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(data)
    head, body = connection.next_event(), b""
    while isinstance(event := connection.next_event(), h11.Data):
        body += event.data
    return head, body


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_a_message_reads_as_h11_reads_it(message):
    _, [request] = read(message)
    head, body = by_h11(message)
    assert request.method.encode() == head.method
    assert request.target.encode() == head.target
    assert list(request.headers) == [(name, value) for name, value in head.headers]
    assert request.http_version.encode() == head.http_version
    assert request.body == body
    assert request.peer == "1.2.3.4:5"


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_the_split_of_the_bytes_does_not_matter(message):
    _, whole = read(message)
    protocol, split = read(*by_bytes(message))
    assert whole == split
    assert protocol.error is None
    assert protocol.phase == "idle"


@pytest.mark.parametrize("message", [m for name, m in MESSAGES.items() if name != "close"])
def test_what_follows_a_message_belongs_to_the_next(message):
    protocol, requests = read(message + b"GET /next HT")
    assert len(requests) == 1
    assert protocol.phase == "head"
    [following] = protocol.receive(b"TP/1.1\r\nHost: b\r\n\r\n")
    assert following.path == "/next"
    assert following.headers == ((b"host", b"b"),)


def test_blank_lines_before_a_request_are_skipped():
    _, [request] = read(b"\r\n\r\n" + MESSAGES["get"])
    assert request.target == "/"


def test_bytes_after_the_last_message_are_dropped():
    protocol, requests = read(MESSAGES["close"] + b"GET /more HTTP/1.1\r\nHost: a\r\n\r\n", b"rubbish")
    assert [request.path for request in requests] == ["/last"]
    assert not requests[0].keep_alive
    assert protocol.closed
    assert protocol.error is None


def test_pipelined_requests_come_in_order():
    pipelined = b"".join(message for name, message in MESSAGES.items() if name != "close")
    _, whole = read(pipelined)
    _, split = read(*by_bytes(pipelined))
    assert whole == split
    assert len(whole) == len(MESSAGES) - 1


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", True),
    ],
)
def test_the_client_decides_about_keep_alive(head, expected):
    _, [request] = read(head)
    assert request.keep_alive is expected


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"/a%2Fb?c=%20d?e", "/a%2Fb", "c=%20d?e"),
        (b"http://u.example:80/p/q?r", "/p/q", "r"),
        (b"http://u.example", "/", ""),
        (b"http://u.example?x=/y", "/", "x=/y"),
        (b"*", "*", ""),
        (b"//double", "//double", ""),
        (b"/x?y=http://z", "/x", "y=http://z"),
    ],
)
def test_path_and_query_are_taken_from_every_form_of_target(target, path, query):
    host = target.partition(b"//")[2].partition(b"/")[0].partition(b"?")[0] if target[:1] == b"h" else b"a"
    _, [request] = read(b"OPTIONS " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert (request.target, request.path, request.query) == (target.decode(), path, query)


REFUSED = {
    "garbage": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 400, "bad_request"),
    "unknown method": (b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "unknown_method"),
    "connect": (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"),
    "fragment": (b"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_target"),
    "no host": (b"GET / HTTP/1.1\r\nX: y\r\n\r\n", 400, "bad_host"),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "bad_host"),
    "two hosts in 1.0": (b"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400, "bad_host"),
    "http/2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http_version_not_supported"),
    "http/2.0": (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "http_version_not_supported"),
    "two lengths": (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400, "bad_request"),
    "length and chunked": (
        HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
        "bad_request",
    ),
    "chunked and length": (
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
        400,
        "bad_request",
    ),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: a\n\n", 400, "bad_request"),
    "folded header": (HEAD + b"X: y\r\n z\r\n\r\n", 400, "bad_request"),
    "space before colon": (HEAD + b"X : y\r\n\r\n", 400, "bad_request"),
    "nul in a value": (HEAD + b"X: \0\r\n\r\n", 400, "bad_request"),
    "negative length": (HEAD + b"Content-Length: -1\r\n\r\n", 400, "bad_request"),
    "gzip coding": (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501, "bad_transfer_encoding"),
    "chunked 1.0": (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501, "bad_transfer_encoding"),
    "bad chunk size": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400, "bad_request"),
    "foreign expectation": (HEAD + b"Content-Length: 1\r\nExpect: tea\r\n\r\n", 417, "expectation_failed"),
}


@pytest.mark.parametrize(("data", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_a_request_is_refused(data, status, code):
    for pieces in ([data], by_bytes(data)):
        protocol, requests = read(*pieces)
        assert requests == []
        assert (protocol.error.status, protocol.error.code) == (status, code)


def test_requests_before_a_refused_one_are_kept():
    protocol, requests = read(MESSAGES["post"] + b"rubbish\r\n\r\n")
    assert [request.body for request in requests] == [b"hello"]
    assert protocol.error.status == 400


def test_nothing_is_read_after_an_error():
    protocol, _ = read(b"rubbish\r\n\r\n")
    assert protocol.receive(MESSAGES["get"]) == []


@pytest.mark.parametrize("pieces", [lambda data: [data], by_bytes], ids=["whole", "by bytes"])
@pytest.mark.parametrize(
    "part",
    [b"GET /%b HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n", b"GET / HTTP/1.1\r\nX%b: a\r\n"],
)
def test_a_head_over_the_limit_is_refused(part, pieces):
    limits = Limits(max_head_bytes=500)
    protocol, requests = read(*pieces(part % (b"x" * 400)), limits=limits)
    assert protocol.error is None
    protocol, requests = read(*pieces(part % (b"x" * 600)), limits=limits)
    assert requests == []
    assert (protocol.error.status, protocol.error.code) == (431, "head_too_large")


def test_an_endless_header_line_is_refused_before_it_ends():
    protocol = ServerProtocol(Limits(max_head_bytes=500))
    protocol.receive(b"GET / HTTP/1.1\r\nX: ")
    for _ in range(10):
        protocol.receive(b"x" * 100)
    assert protocol.error.status == 431


def test_too_many_headers_are_refused():
    limits = Limits(max_headers=10)
    few, many = (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * count + b"\r\n" for count in (9, 10))
    assert read(few, limits=limits)[0].error is None
    protocol, _ = read(many, limits=limits)
    assert (protocol.error.status, protocol.error.code) == (431, "too_many_headers")


def test_endless_trailers_are_refused():
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"
    protocol, requests = read(head, *[b"X: y\r\n"] * 1000, limits=Limits(max_head_bytes=500))
    assert requests == []
    assert protocol.error.status == 431


def test_an_announced_body_over_the_limit_is_refused_before_it_comes():
    limits = Limits(max_body_bytes=10)
    protocol, _ = read(HEAD + b"Content-Length: 11\r\nExpect: 100-continue\r\n\r\n", limits=limits)
    assert (protocol.error.status, protocol.error.code) == (413, "body_too_large")
    assert not protocol.wants_continue
    assert read(HEAD + b"Content-Length: 10\r\n\r\n" + b"x" * 10, limits=limits)[0].error is None


def test_a_chunked_body_over_the_limit_is_refused_while_it_comes():
    limits = Limits(max_body_bytes=10)
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    assert read(head, b"a\r\n" + b"x" * 10 + b"\r\n", limits=limits)[0].error is None
    protocol, _ = read(head, b"6\r\nxxxxxx\r\n", b"6\r\nxxxxxx", limits=limits)
    assert protocol.error.status == 413


def test_the_phase_tells_what_is_half_read():
    protocol = ServerProtocol(Limits())
    phases = []
    for piece in (b"", b"\r\n", b"PO", HEAD[2:] + b"Content-Length: 2\r\n\r\n", b"x", b"x"):
        protocol.receive(piece)
        phases.append((protocol.phase, protocol.body_bytes))
    assert phases == [("idle", 0), ("idle", 0), ("head", 0), ("body", 0), ("body", 1), ("idle", 2)]


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        (b"Content-Length: 3\r\nExpect: 100-Continue\r\n\r\n", True),
        (b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n", True),
        (b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\na", False),
        (b"Content-Length: 0\r\nExpect: 100-continue\r\n\r\n", False),
        (b"Content-Length: 3\r\n\r\n", False),
    ],
)
def test_continue_is_wanted_only_while_the_whole_body_is_missing(extra, expected):
    protocol, _ = read(HEAD + extra)
    assert protocol.wants_continue is expected


@pytest.mark.parametrize("pieces", [lambda data: [data], by_bytes], ids=["whole", "by bytes"])
def test_an_offer_to_upgrade_is_ignored(pieces):
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
    message = HEAD + offer + b"Content-Length: 5\r\n\r\nhello"
    protocol, requests = read(*pieces(message + MESSAGES["get"]))
    assert protocol.error is None
    assert [(request.target, request.body) for request in requests] == [("/v1/chat?x=1&y", b"hello"), ("/", b"")]
    assert requests[0].header(b"http2-settings") == b"AAMAAABk"


def test_the_first_value_of_a_header_is_found():
    _, [request] = read(MESSAGES["repeated headers"])
    assert request.header(b"accept") == b"a"
    assert request.header(b"missing") is None


@settings(deadline=None)
@given(st.lists(st.binary(max_size=60)))
def test_no_bytes_make_the_reader_raise(pieces):
    protocol = ServerProtocol(Limits())
    for piece in pieces:
        protocol.receive(piece)


@settings(deadline=None)
@given(st.data())
def test_a_damaged_message_is_a_request_or_an_error_or_unfinished(data):
    message = bytearray(data.draw(st.sampled_from([m for m in MESSAGES.values() if len(m) < 1000])))
    for _ in range(data.draw(st.integers(1, 3))):
        message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(message)))
    one, whole = read(bytes(message))
    two, split = read(bytes(message[:cut]), bytes(message[cut:]))
    assert whole == split
    assert (one.error is None) == (two.error is None)
