import pytest
from dragoman.io.http import UpstreamLimits
from dragoman.io.http.client_protocol import ClientProtocol
from hypothesis import given, settings
from hypothesis import strategies as st

HEAD = b"HTTP/1.1 200 OK\r\n"
EARLY = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"

# data, body, reusable
DELIMITED = {
    "length": (HEAD + b"Content-Length: 5\r\n\r\nhello", b"hello", True),
    "no body": (HEAD + b"Content-Length: 0\r\n\r\n", b"", True),
    "chunked": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n", b"hello!", True),
    "trailers": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\n\r\n", b"a", True),
    "last": (HEAD + b"Content-Length: 2\r\nConnection: close\r\n\r\nok", b"ok", False),
    "http/1.0": (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", b"ok", False),
    "kept http/1.0": (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok", b"ok", True),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", b"", True),
    "304 with a length": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", b"", True),
    "informational first": (EARLY + HEAD + b"Content-Length: 2\r\n\r\nok", b"ok", True),
    "informational with a length": (
        b"HTTP/1.1 199 X\r\nContent-Length: 5\r\n\r\n" + HEAD + b"Content-Length: 2\r\n\r\nok",
        b"ok",
        True,
    ),
    "no reason": (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", b"ok", True),
    "upgrade offered": (HEAD + b"Upgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\nok", b"ok", True),
}
UNDELIMITED = {
    "plain": (HEAD + b"\r\nall of it", b"all of it"),
    "identity": (HEAD + b"Transfer-Encoding: identity\r\n\r\nall of it", b"all of it"),
    "http/1.0": (b"HTTP/1.0 200 OK\r\n\r\nall of it", b"all of it"),
}


def read(*pieces, method="GET", limits=None):
    protocol = ClientProtocol(limits or UpstreamLimits())
    protocol.begin(method)
    for piece in pieces:
        protocol.receive(piece)
    return protocol


def by_bytes(data):
    return [data[at : at + 1] for at in range(len(data))]


@pytest.mark.parametrize(("data", "body", "reusable"), DELIMITED.values(), ids=DELIMITED)
@pytest.mark.parametrize("pieces", [lambda data: [data], by_bytes], ids=["whole", "by bytes"])
def test_a_delimited_response_is_complete_where_it_says(data, body, reusable, pieces):
    protocol = read(*pieces(data))
    assert protocol.error is None
    assert protocol.complete
    assert protocol.take() == body
    assert protocol.reusable is reusable
    assert all(name == name.lower() for name, _ in protocol.headers)


@pytest.mark.parametrize(("data", "body", "reusable"), DELIMITED.values(), ids=DELIMITED)
def test_no_end_within_a_delimited_response_is_silent(data, body, reusable):
    del body, reusable
    for cut in range(1, len(data)):
        protocol = read(data[:cut])
        assert not protocol.complete
        protocol.receive_end()
        assert protocol.error.kind == "truncated"
        assert not protocol.reusable


@pytest.mark.parametrize(("data", "body"), UNDELIMITED.values(), ids=UNDELIMITED)
@pytest.mark.parametrize("pieces", [lambda data: [data], by_bytes], ids=["whole", "by bytes"])
def test_an_undelimited_response_ends_with_the_connection(data, body, pieces):
    protocol = read(*pieces(data))
    assert not protocol.complete
    protocol.receive_end()
    assert protocol.complete
    assert protocol.error is None
    assert protocol.take() == body
    assert not protocol.reusable


def test_an_end_before_any_byte_is_a_reset():
    protocol = read()
    protocol.receive_end()
    assert protocol.error.kind == "reset"
    assert not protocol.touched


@pytest.mark.parametrize("pieces", [lambda data: [data], by_bytes], ids=["whole", "by bytes"])
@pytest.mark.parametrize("more", [b"x", b"HTTP/1.1 200 OK\r\n", b"rubbish\r\n\r\n"])
def test_bytes_after_a_response_spoil_the_connection_not_the_response(more, pieces):
    protocol = read(*pieces(DELIMITED["length"][0] + more))
    assert protocol.complete
    assert protocol.error is None
    assert protocol.take() == b"hello"
    assert not protocol.reusable


@pytest.mark.parametrize("data", [DELIMITED["length"][0][:-5], HEAD + b"Transfer-Encoding: chunked\r\n\r\n"])
def test_the_response_to_head_has_no_body_and_the_connection_goes_on(data):
    protocol = read(data, method="HEAD")
    assert protocol.complete
    assert protocol.reusable
    protocol.begin("GET")
    protocol.receive(DELIMITED["length"][0])
    assert protocol.take() == b"hello"


def test_a_connection_carries_many_responses():
    protocol = read()
    for data, body, reusable in DELIMITED.values():
        if reusable:
            protocol.begin("POST")
            assert not protocol.touched
            protocol.receive(data)
            assert protocol.complete
            assert protocol.take() == body


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"rubbish", "protocol"),
        (b"HTTP/2 200\r\n\r\n", "protocol"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "protocol"),
        (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "protocol"),
        (HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "protocol"),
        (HEAD + b"X: " + b"y" * 600 + b"\r\n\r\n", "too_large"),
        (HEAD + b"X: y\r\n" * 30 + b"\r\n", "too_large"),
        (b"HTTP/1.1 103 Early\r\nX: y\r\n\r\n" * 60, "too_large"),
    ],
)
def test_a_response_that_cannot_be_used_is_an_error(data, kind):
    limits = UpstreamLimits(max_head_bytes=500, max_headers=20)
    assert read(*by_bytes(data), limits=limits).error.kind == kind


@pytest.mark.parametrize("data", [b"HTTP/1.1 2", HEAD + b"X: "])
def test_an_endless_line_is_refused_before_it_ends(data):
    protocol = read(data, *[b"0" * 100] * 10, limits=UpstreamLimits(max_head_bytes=500))
    assert protocol.error is not None


def test_what_came_before_an_error_is_kept():
    protocol = read(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\nrubbish")
    assert protocol.take() == b"ok"
    assert protocol.error.kind == "protocol"
    assert not protocol.complete


@settings(deadline=None)
@given(st.lists(st.binary(max_size=60)), st.sampled_from([b"", HEAD, HEAD + b"Transfer-Encoding: chunked\r\n\r\n"]))
def test_no_bytes_make_the_reader_raise(pieces, start):
    protocol = read(start, *pieces)
    protocol.receive_end()
    assert protocol.complete or protocol.error is not None
