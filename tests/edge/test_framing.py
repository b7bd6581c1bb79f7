import h11
import pytest
from dragoman.io.http import framing


def read_response(data, method="GET"):
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("host", "a")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    head, body = connection.next_event(), b""
    while isinstance(event := connection.next_event(), h11.Data):
        body += event.data
    assert isinstance(event, h11.EndOfMessage)
    return head, body


def test_a_whole_response_reads_as_written():
    data = framing.whole_response(201, [(b"x-a", b"1"), (b"x-a", b"2")], b"body", extra=b"date: now\r\n") + b"body"
    head, body = read_response(data)
    assert (head.status_code, head.reason, body) == (201, b"Created", b"body")
    assert list(head.headers) == [(b"x-a", b"1"), (b"x-a", b"2"), (b"content-length", b"4"), (b"date", b"now")]


def test_a_stream_reads_as_written():
    data = framing.stream_head(200, []) + framing.chunk(b"a" * 300) + framing.chunk(b"") + framing.chunk(b"b")
    head, body = read_response(data + framing.LAST_CHUNK)
    assert body == b"a" * 300 + b"b"
    assert list(head.headers) == [(b"transfer-encoding", b"chunked")]


def test_a_stream_for_http_1_0_ends_with_the_connection():
    head = framing.stream_head(200, [], http_version="1.0")
    assert b"transfer-encoding" not in head
    assert b"connection: close\r\n" in head


def test_keep_alive_is_said_where_it_is_not_understood_by_itself():
    assert b"connection" not in framing.whole_response(200, [], b"")
    assert b"connection: close\r\n" in framing.whole_response(200, [], b"", keep_alive=False)
    assert b"connection: keep-alive\r\n" in framing.whole_response(200, [], b"", http_version="1.0")


@pytest.mark.parametrize("status", [204, 304])
def test_a_response_without_a_body_has_no_length(status):
    assert b"content-length" not in framing.whole_response(status, [], b"")


def test_an_unknown_status_is_written():
    assert framing.whole_response(529, [], b"").startswith(b"HTTP/1.1 529 Unknown\r\n")


@pytest.mark.parametrize("status", [0, 101, 199, 600])
def test_what_is_no_final_status_is_not_written(status):
    with pytest.raises(ValueError, match="status"):
        framing.whole_response(status, [], b"")


def test_framing_headers_are_the_edges_own():
    foreign = [(b"Content-Length", b"99"), (b"transfer-encoding", b"gzip"), (b"connection", b"x"), (b"x", b"y")]
    for head in (framing.whole_response(200, foreign, b"abc"), framing.stream_head(200, foreign)):
        assert b"99" not in head
        assert b"gzip" not in head
        assert b"x: y\r\n" in head


@pytest.mark.parametrize("evil", [b"a\r\nx: y", b"a\nx: y", b"a\rb", b"a\r\n\r\n", b"a\0b"])
def test_no_header_smuggles_in_a_line(evil):
    for header in ((b"x", evil), (evil, b"x")):
        with pytest.raises(ValueError, match="line break"):
            framing.whole_response(200, [header], b"")
        with pytest.raises(ValueError, match="line break"):
            framing.stream_head(200, [header])
        with pytest.raises(ValueError, match="line break"):
            framing.request_head(b"GET", b"/", b"", [header], b"")


@pytest.mark.parametrize(
    ("method", "target"), [(b"GET", b"/a b"), (b"GET", b""), (b"G T", b"/"), (b"GET", b"/\r\nx: y"), (b"", b"/")]
)
def test_no_request_line_is_broken(method, target):
    with pytest.raises(ValueError):
        framing.request_head(method, target, b"", [], b"")


def test_a_request_reads_as_written():
    head = framing.request_head(b"POST", b"/p?q", b"host: h\r\n", [(b"a", b"b"), (b"content-length", b"7")], b"body")
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(head + b"body")
    request, data = connection.next_event(), connection.next_event()
    assert (request.method, request.target, data.data) == (b"POST", b"/p?q", b"body")
    assert sorted(request.headers) == [(b"a", b"b"), (b"content-length", b"4"), (b"host", b"h")]


def test_an_empty_body_is_announced_where_one_is_expected():
    assert b"content-length: 0\r\n" in framing.request_head(b"POST", b"/", b"", [], b"")
    assert b"content-length" not in framing.request_head(b"GET", b"/", b"", [], b"")
