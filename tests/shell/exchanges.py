"""Exchanges for the comparison of fronts and transports: what clients send, what a scripted provider does to it."""

import http.client
import json
import re
import selectors
import socket
import struct
import threading
from contextlib import suppress

import attrs

SECRET = "sk-0123456789abcdef0123456789"
KEY = "dg-key"

# Headers that the fronts may differ in, and why.
EXCLUDED = {
    "date": "the time",
    "connection": "the front's own: its server says whether a connection goes on",
}
# Texts that differ from one run to the next, or by what is compared; everything else must be the same byte for byte.
VOLATILE = (
    (re.compile(rb"\b[0-9a-f]{24}\b|(?<=_)[0-9a-f]{24}"), b"<id>"),  # of a request or reply: random
    (re.compile(rb'"created":\d+'), b'"created":0'),  # the time
    (re.compile(rb"does not speak HTTP.*?\)\."), b"does not speak HTTP)."),  # the parser's words: llhttp's or h11's
)


@attrs.frozen
class Exchange:
    """Raw requests, one after the other on one connection, and what the provider does to each call."""

    name: str
    requests: tuple[bytes, ...]
    provider: object = None


@attrs.frozen
class Answer:
    """What came back. The reason phrase is no part of it: HTTP/2 has none, and no client reads it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    whole: bool

    @classmethod
    def read(cls, connection, method):
        response = http.client.HTTPResponse(connection, method=method)
        response.begin()
        headers = [(name.lower(), _steady(value.encode()).decode()) for name, value in response.getheaders()]
        body, whole = b"", True
        try:
            while piece := response.read1(65536):
                body += piece
            whole = not response.length
        except (http.client.IncompleteRead, ConnectionError, ValueError):
            whole = False
        steady = _steady(body)
        if whole and method != "HEAD" and ("content-length", str(len(body))) in headers:  # it is that of the body
            headers[headers.index(("content-length", str(len(body))))] = ("content-length", str(len(steady)))
        kept = tuple(header for header in headers if header[0] not in EXCLUDED)
        return cls(response.status, kept, steady, whole)


def _steady(text):
    for pattern, word in VOLATILE:
        text = pattern.sub(word, text)
    return text


def run(exchange, port):
    """The answers that a gateway gives."""
    answers = []
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for request in exchange.requests:
            connection.sendall(request)
            answers.append(Answer.read(connection, request.partition(b" ")[0].decode()))
    return answers


class Provider:
    """Does to each call what its exchange wants, and keeps what it was sent. Every exchange has a port of its own, so
    that no other's connections are kept for it."""

    def __init__(self, exchanges):
        self.calls = {exchange.name: [] for exchange in exchanges}
        self.urls = {}
        self._selector = selectors.DefaultSelector()
        for exchange in exchanges:
            listener = socket.create_server(("127.0.0.1", 0))
            self.urls[exchange.name] = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
            self._selector.register(listener, selectors.EVENT_READ, exchange)
        self._stop, stopping = socket.socketpair()
        self._selector.register(stopping, selectors.EVENT_READ)
        self._worker = threading.Thread(target=self._accept, daemon=True)
        self._worker.start()

    def _accept(self):
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    return
                connection, _ = key.fileobj.accept()
                threading.Thread(target=self._serve, args=(connection, key.data), daemon=True).start()

    def _serve(self, connection, exchange):
        calls = self.calls[exchange.name]
        with connection, suppress(OSError):
            connection.settimeout(10)
            while call := _read_call(connection):
                calls.append(_host_aside(call))
                if not exchange.provider(connection, len(calls)):
                    return

    def close(self):
        self._stop.send(b".")
        self._worker.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()
        self._stop.close()


def _read_call(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    length = int(re.search(rb"\ncontent-length: (\d+)", data.lower())[1])
    while len(data.partition(b"\r\n\r\n")[2]) < length:
        data += connection.recv(65536)
    return data


def _host_aside(call):
    """The call without its host line: h11 moves it to the top, where RFC 9110 would like it. It names a free port."""
    head, _, body = call.partition(b"\r\n\r\n")
    hosts = re.findall(rb"\r\nhost: 127\.0\.0\.1:\d+(?=\r\n|$)", head.lower())
    assert len(hosts) == 1, head
    return re.sub(rb"(?i)\r\nhost: [^\r]*", b"", head), body


# What the provider does. True: the connection goes on.


def saying(*pieces, goes_on=True):
    def behave(connection, _):
        for piece in pieces:
            connection.sendall(piece)
        return goes_on

    return behave


def whole(status, body, headers=b"content-type: application/json\r\n"):
    return b"HTTP/1.1 %d X\r\n%bcontent-length: %d\r\n\r\n%b" % (status, headers, len(body), body)


STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
LAST = b"0\r\n\r\n"


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


def silent(connection, _):
    return connection.recv(1)


def reset(connection, _):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def forgetful(connection, count):
    """Answers the first call, and hangs up on the second as if the connection had been idle for too long."""
    if count == 2:
        return False
    connection.sendall(whole(200, REPLY))
    return True


def stalling(connection, _):
    connection.sendall(STREAM + chunk(EVENTS[0]))
    return connection.recv(1)


REPLY = json.dumps({
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "gpt-4.1",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Grüß dich"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}).encode()  # fmt: skip


def _event(delta, finish=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    event = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "gpt-4.1"}
    return b"data: %b\n\n" % json.dumps({**event, "choices": [choice]}).encode()


EVENTS = (
    _event({"role": "assistant", "content": ""}),
    *(_event({"content": word}) for word in ("Grüß ", "dich", " 😀" * 400)),
    _event({}, "stop"),
    b"data: [DONE]\n\n",
)
OVERLOADED = b'data: {"error":{"message":"Overloaded","type":"server_error","code":"overloaded"}}\n\n'

# What clients send.


def post(path, body, *headers, version=b"1.1", framed=True):
    """A request. `framed`: whether the body is announced by its length."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    length = (b"content-length: %d" % len(body),) if framed else ()
    return request(b"POST", path, *length, b"content-type: application/json", *headers, version=version) + body


def request(method, path, *headers, key=KEY, version=b"1.1"):
    lines = (b"host: gateway", b"x-request-id: r-1", *((b"authorization: Bearer " + key.encode(),) if key else ()))
    return b"%b %b HTTP/%b\r\n%b\r\n\r\n" % (method, path, version, b"\r\n".join((*lines, *headers)))


CHAT, MESSAGES = b"/v1/chat/completions", b"/v1/messages"


def asked(account, text="Hello there", model="gpt-4.1", **more):
    return {"model": f"{account}/{model}", "messages": [{"role": "user", "content": text}], "max_tokens": 300, **more}
