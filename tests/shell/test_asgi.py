"""The gateway under an ASGI server: what is not the same as under our own, and what the server leaves to us."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import asynccontextmanager

import h2.connection
import h2.errors
import h2.events
import httpx
import orjson
import pytest
import trio
import trio.testing
from dragoman.io import asgi
from dragoman.io.asgi import Application
from dragoman.io.http import Limits
from dragoman.io.http.asgi import AsgiFront, CutError
from dragoman.io.secret import Address
from fronts import under_hypercorn

BODY = {"model": "acc/gpt-5", "messages": []}
CHAT = "/v1/chat/completions"


def in_trio(main, *args):
    async def limited():
        with trio.fail_after(10):
            return await main(*args)

    return trio.run(limited)


def scope_of(**more):
    plain = {"type": "http", "http_version": "2", "method": "POST", "path": CHAT, "query_string": b"", "headers": []}
    return {**plain, "client": None, **more}


class Server:
    """An ASGI server without a network: the messages of one request in, those of its response out."""

    def __init__(self, *received):
        self._send, self._receive = trio.open_memory_channel(100)
        self.sent = []
        for message in received:
            self._send.send_nowait(message)

    def push(self, message):
        self._send.send_nowait(message)

    async def receive(self):
        return await self._receive.receive()

    async def send(self, message):
        await trio.lowlevel.checkpoint()
        self.sent.append(message)

    def answer(self):
        start, *rest = self.sent
        return start["status"], dict(start["headers"]), b"".join(message["body"] for message in rest)


def piece(body, more=False):
    return {"type": "http.request", "body": body, "more_body": more}


LEFT = {"type": "http.disconnect"}


def front_of(handler, **limits):
    errors = []
    front = AsgiFront(handler, limits=Limits(**limits), on_error=lambda error, _: errors.append(error))
    return front, errors


async def echo(exchange):
    request = exchange.request
    told = [request.method, request.path, request.query, request.http_version, request.peer, request.body.decode()]
    headers = [(b"Content-Type", b"application/json"), (b"Connection", b"close"), (b"transfer-encoding", b"chunked")]
    await exchange.respond(200, headers, orjson.dumps([*told, len(request.headers)]))


# HTTP/2


@pytest.fixture
def over_http2(kit, certified):
    """`async with over_http2(config, log)`: the base URL of a gateway under hypercorn with TLS."""

    @asynccontextmanager
    async def over_http2(config, log=lambda _: None):
        async with under_hypercorn(Application(lambda: config, kit.core, log=log), **certified.files) as url:
            yield url.replace("127.0.0.1", "localhost")

    return over_http2


def test_clients_may_speak_http2(kit, certified, over_http2):
    events = kit.chunked(b"data: 1\n\n", b"data: 2\n\nend")
    upstream = kit.upstream(
        lambda connection, call: connection.sendall(events if b'"stream":true' in call else kit.whole(200, b'{"ok":1}'))
    )
    config = kit.config({"acc": kit.account(upstream.url)}, max_body_bytes=100)

    async def main():
        async with (
            over_http2(config) as url,
            httpx.AsyncClient(base_url=url, http2=True, verify=certified.trusting, trust_env=False) as client,
        ):
            reply = await client.post(CHAT, json=BODY)
            assert (reply.http_version, reply.status_code, reply.json()) == ("HTTP/2", 200, {"ok": 1})
            assert reply.headers["content-length"] == "8"
            assert not {"connection", "transfer-encoding", "keep-alive"} & set(reply.headers)
            reply = await client.post(CHAT, json=BODY | {"stream": True})
            assert reply.text == "data: 1\n\ndata: 2\n\ndata: [DONE]\n\n"
            assert not {"connection", "transfer-encoding", "content-length"} & set(reply.headers)
            reply = await client.post("/v1/messages", content=b"x" * 300_000)
            assert (reply.status_code, reply.json()["error"]["from"]) == (413, "anthropic")
            reply = await client.head("/health/live")
            assert (reply.status_code, reply.content) == (200, b"")

    in_trio(main)


def test_an_http2_client_that_gives_up_one_stream_ends_the_providers_work(kit):
    def behave(connection, _):
        connection.sendall(kit.chunked(b"data: 1\n\n", end=False))
        upstream.wait_for_hang_up(connection)

    upstream = kit.upstream(behave)
    trails = []

    async def main():
        config = kit.config({"acc": kit.account(upstream.url)})
        async with under_hypercorn(Application(lambda: config, kit.core, log=trails.append)) as url:
            peer = await Http2.connect(url)
            body = orjson.dumps(BODY | {"stream": True})
            await peer.ask(1, b"POST", CHAT.encode(), body)
            assert await peer.until(1, h2.events.DataReceived) == b"data: 1\n\n"
            peer.protocol.reset_stream(1, h2.errors.ErrorCodes.CANCEL)
            await peer.ask(3, b"GET", b"/health/live")
            assert await trio.to_thread.run_sync(upstream.closed_by_peer.wait, 1)
            assert await peer.until(3, h2.events.StreamEnded) == b'{"status":"ok"}'
            await peer.stream.aclose()

    in_trio(main)
    assert [(trail.path, trail.status, trail.error) for trail in trails] in (
        [(CHAT, 499, "client_closed"), ("/health/live", 200, None)],
        [("/health/live", 200, None), (CHAT, 499, "client_closed")],
    )


class Http2:
    """A client that speaks HTTP/2 without TLS."""

    def __init__(self, stream):
        self.stream = stream
        self.protocol = h2.connection.H2Connection()
        self.protocol.initiate_connection()
        self.bodies = {}

    @classmethod
    async def connect(cls, url):
        return cls(await trio.open_tcp_stream("127.0.0.1", int(url.rpartition(":")[2])))

    async def ask(self, number, method, path, body=b""):
        head = [(":method", method), (":path", path), (":scheme", b"http"), (":authority", b"gateway")]
        self.protocol.send_headers(number, head, end_stream=not body)
        if body:
            self.protocol.send_data(number, body, end_stream=True)
        await self.stream.send_all(self.protocol.data_to_send())

    async def until(self, number, kind):
        """Read until an event of this kind comes on a stream; gives its body so far."""
        while True:
            for event in self.protocol.receive_data(await self.stream.receive_some()):
                if isinstance(event, h2.events.DataReceived):
                    self.bodies[event.stream_id] = self.bodies.get(event.stream_id, b"") + event.data
                if isinstance(event, kind) and event.stream_id == number:
                    return self.bodies.get(number, b"")


# The adapter


def test_a_request_is_what_the_scope_says():
    async def main():
        front, errors = front_of(echo)
        headers = [(b"A", b"1"), (b"a", b"2")]
        server = Server(piece(b"ab", more=True), piece(b"cd"))
        scope = scope_of(
            path="/p/ü",
            raw_path=b"/p/%C3%BC",
            query_string=b"q=%20",
            headers=headers,
            client=("::1", 9),
            root_path="/p",
        )
        await front(scope, server.receive, server.send)
        status, sent, body = server.answer()
        assert (status, orjson.loads(body)) == (200, ["POST", "/%C3%BC", "q=%20", "2", "::1:9", "abcd", 2])
        assert sent == {b"content-type": b"application/json", b"content-length": b"%d" % len(body)}
        without_raw = Server(piece(b""))
        await front(scope_of(path="/ü x"), without_raw.receive, without_raw.send)
        assert orjson.loads(without_raw.answer()[2])[1] == "/%C3%BC%20x"
        assert errors == []

    in_trio(main)


@pytest.mark.parametrize(
    ("scope", "limits", "received", "status"),
    [
        ({"headers": [(b"content-length", b"11")]}, {"max_body_bytes": 10}, [piece(b"x" * 11)], 413),
        ({}, {"max_body_bytes": 10}, [piece(b"x" * 6, more=True), piece(b"x" * 5)], 413),
        ({}, {"body_timeout": 0.05}, [piece(b"x", more=True)], 408),
        ({"headers": [(b"a", b"b")] * 3}, {"max_headers": 2}, [piece(b"")], 431),
        ({"headers": [(b"a", b"b" * 99)]}, {"max_head_bytes": 99}, [piece(b"")], 431),
    ],
)
def test_what_the_server_lets_through_is_limited_here(scope, limits, received, status, autojump_clock):
    async def main():
        front, errors = front_of(echo, **limits)
        server = Server(*received)
        await front(scope_of(http_version="1.1", **scope), server.receive, server.send)
        assert server.answer()[0] == status
        assert server.answer()[1][b"content-length"] == b"%d" % len(server.answer()[2])
        assert errors == []

    trio.run(main, clock=autojump_clock)


def test_a_refused_http2_client_finishes_its_body_first(autojump_clock):
    async def main():
        front, _ = front_of(echo, max_body_bytes=10)
        server = Server(piece(b"x" * 11, more=True))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(front, scope_of(), server.receive, server.send)
            await trio.sleep(60)
            assert server.answer()[0] == 413
            assert [message["more_body"] for message in server.sent[1:]] == [True]
            server.push(piece(b"x"))
        assert [message["more_body"] for message in server.sent[1:]] == [True, False]

    trio.run(main, clock=autojump_clock)


def test_a_client_that_leaves_before_its_request_is_whole_reaches_no_handler():
    async def main():
        handled = []
        front, errors = front_of(handled.append)
        server = Server(piece(b"x", more=True), LEFT)
        await front(scope_of(), server.receive, server.send)
        assert (handled, errors, server.sent) == ([], [], [])

    in_trio(main)


def test_the_servers_word_that_a_request_is_over_does_not_end_its_handler():
    async def main():
        ended = []

        async def handler(exchange):
            await exchange.respond(200, [], b"x")
            server.push(LEFT)
            await trio.testing.wait_all_tasks_blocked()
            ended.append(exchange.client_left)

        front, _ = front_of(handler)
        server = Server(piece(b""))
        await front(scope_of(), server.receive, server.send)
        assert ended == [False]

    in_trio(main)


def test_a_client_that_takes_nothing_is_given_up_though_the_server_still_waits(autojump_clock):
    async def main():
        ended, taken = trio.Event(), trio.Event()

        async def handler(exchange):
            try:
                await exchange.start(200, [])
                await exchange.send(b"x")
            finally:
                assert exchange.client_left
                ended.set()

        async def send(_):
            with trio.CancelScope(shield=True):
                await taken.wait()

        front, _ = front_of(handler, write_timeout=5)
        server = Server(piece(b""))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(front, scope_of(), server.receive, send)
            await ended.wait()
            taken.set()

    trio.run(main, clock=autojump_clock)


@pytest.mark.parametrize("gone", [OSError, trio.BrokenResourceError])
def test_a_server_that_cannot_send_ends_the_handler(gone):
    async def main():
        async def send(_):
            raise gone

        async def handler(exchange):
            try:
                await exchange.respond(200, [], b"x")
                await trio.sleep_forever()
            except Exception:
                refused.append(gone)
                raise

        refused = []
        front, errors = front_of(handler)
        server = Server(piece(b""))
        if gone is OSError:
            await front(scope_of(), server.receive, send)
            assert (refused, errors) == ([], [])
        else:
            with pytest.raises(CutError):
                await front(scope_of(), server.receive, send)
            assert refused == [gone]

    in_trio(main)


def test_a_response_that_cannot_be_finished_is_broken_off_by_the_server():
    async def main():
        async def handler(exchange):
            await exchange.start(200, [])
            raise KeyError("sk-secret")

        front, errors = front_of(handler)
        server = Server(piece(b""))
        with pytest.raises(CutError) as caught:
            await front(scope_of(), server.receive, server.send)
        assert "secret" not in repr(caught.value)
        assert caught.value.__context__ is None
        assert [type(error) for error in errors] == [KeyError]

    in_trio(main)


@pytest.mark.parametrize("headers", [[(b"a", b"b\r\nc: d")], [(b"a\n", b"b")]])
def test_a_handler_that_fails_before_its_response_is_a_500(headers):
    async def main():
        async def handler(exchange):
            await exchange.respond(200, headers, b"")

        front, errors = front_of(handler)
        server = Server(piece(b""))
        await front(scope_of(), server.receive, server.send)
        assert server.answer()[0] == 500
        assert [type(error) for error in errors] == [ValueError]

    in_trio(main)


# The life of the application


async def live(app, *received):
    sent = []
    waiting = list(received)

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    await app({"type": "lifespan"}, receive, send)
    return sent


STARTUP, SHUTDOWN = {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}


def test_the_application_finds_its_configuration_like_serve(write, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(asgi, "prepare_process", lambda _: None)
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "DRAGOMAN_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    failed = in_trio(live, Application(), STARTUP)
    assert failed[0]["type"] == "lifespan.startup.failed"
    assert "set OPENAI_API_KEY" in failed[0]["message"]
    monkeypatch.setenv("DRAGOMAN_CONFIG", str(tmp_path / "other.toml"))
    (tmp_path / "other.toml").write_text("[server]\nprot = 1\n")
    failed = in_trio(live, Application(), STARTUP)
    assert "other.toml:2: server.prot: unknown key; did you mean 'port'?" in failed[0]["message"]
    monkeypatch.delenv("DRAGOMAN_CONFIG")
    write('[accounts.mine]\nprovider = "openai"\napi_key = "env:KEY"\n')
    monkeypatch.setenv("KEY", "k")
    assert asgi.configured().source == "dragoman.toml"
    sent = in_trio(live, asgi.app, STARTUP, SHUTDOWN)
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_hypercorn_starts_it_by_its_documented_command(kit, tmp_path):
    upstream = kit.answering(kit.whole(400, b'{"error":{"message":"no"}}'))
    config = tmp_path / "gateway.toml"
    config.write_text(f"[accounts.a]\nprovider = 'openai'\napi_key = 'x'\nbase_url = '{upstream.url}'\n")
    command = ["hypercorn", "--worker-class", "trio", "--bind", "127.0.0.1:0", "dragoman.io.asgi:app"]
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=tmp_path,
        env={**os.environ, "DRAGOMAN_CONFIG": config.name},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        url = next(line for line in process.stderr if "Running on" in line).split("Running on ")[1].split()[0]
        body = {"model": "a/gpt-4.1", "messages": [{"role": "user", "content": "Hi"}]}
        reply = httpx.post(url + CHAT, json=body, trust_env=False)
        assert (reply.status_code, reply.json()["error"]["message"]) == (400, "no")
        logged = orjson.loads(next(line for line in process.stderr if line.startswith("{")))
        assert (logged["path"], logged["upstream_status"]) == (CHAT, 400)
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert process.returncode == 0


def test_an_asyncio_server_is_told_how_to_be_started():
    sent = asyncio.run(live(Application(), STARTUP))
    assert sent == [{"type": "lifespan.startup.failed", "message": asgi._NOT_TRIO}]
    assert "--worker-class trio" in asgi._NOT_TRIO


def test_what_is_not_http_is_refused():
    async def main():
        app = Application()
        server = Server({"type": "websocket.connect"})
        await app({"type": "websocket"}, server.receive, server.send)
        assert [message["type"] for message in server.sent] == ["websocket.close"]
        with pytest.raises(ValueError, match="speaks HTTP, not 'mqtt'"):
            await app({"type": "mqtt"}, server.receive, server.send)
        with pytest.raises(RuntimeError, match="lifespan"):
            await app(scope_of(), server.receive, server.send)

    in_trio(main)


def test_requests_are_entered_into_the_ledger(kit, tmp_path):
    upstream = kit.answering(kit.whole(200, b'{"ok":true}'))
    config = kit.config({"acc": kit.account(upstream.url)}, ledger=Address(f"sqlite:{tmp_path / 'ledger'}", "literal"))

    async def main():
        async with (
            under_hypercorn(Application(lambda: config, kit.core)) as url,
            httpx.AsyncClient(trust_env=False) as client,
        ):
            assert (await client.post(url + CHAT, json=BODY)).status_code == 200

    in_trio(main)
    with sqlite3.connect(tmp_path / "ledger") as found:
        assert found.execute("SELECT account, status FROM dragoman_requests").fetchall() == [("acc", 200)]
    found.close()


def test_a_ledger_that_cannot_be_used_ends_the_start_and_says_why(kit, tmp_path):
    config = kit.config({"acc": kit.account("http://127.0.0.1:9")}, ledger=Address(f"sqlite:{tmp_path}", "literal"))
    [failed] = in_trio(live, Application(lambda: config, kit.core), STARTUP)
    assert failed["type"] == "lifespan.startup.failed"
    assert "the ledger cannot be used" in failed["message"]
