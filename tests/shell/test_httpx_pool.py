"""Calls through httpx: what the comparison with our own pool does not see."""

import gc
from contextlib import asynccontextmanager
from functools import partial

import pytest
import trio
from dragoman.io.http import HttpxPool, Origin, Patience, UpstreamError, UpstreamLimits
from fronts import under_hypercorn


@pytest.fixture
def run():
    def run(main):
        async def limited():
            with trio.fail_after(10):
                await main()

        trio.run(limited)

    return run


class Peer:
    """One connection of a scripted server."""

    def __init__(self, stream):
        self.stream = stream
        self.seen = b""

    async def head(self):
        while b"\r\n\r\n" not in self.seen:
            data = await self.stream.receive_some()
            if not data:
                return b""
            self.seen += data
        head, _, self.seen = self.seen.partition(b"\r\n\r\n")
        return head

    async def send(self, data):
        await self.stream.send_all(data)

    async def left(self):
        try:
            while await self.stream.receive_some():
                pass
        except trio.BrokenResourceError:
            pass


@asynccontextmanager
async def scripted(script):
    """A server that plays a script to each connection; gives its origin."""

    async def play(stream):
        async with stream:
            await script(Peer(stream))

    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(partial(trio.serve_tcp, play, 0, host="127.0.0.1"))
        yield Origin("http", "127.0.0.1", listeners[0].socket.getsockname()[1])
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def opened(*args, **options):
    pool = HttpxPool(*args, **options)
    try:
        yield pool
    finally:
        with trio.CancelScope(shield=True):
            await pool.aclose()


HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n"
ENDLESS = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n"


async def failing(pool, origin, kind, *, sent, body=b"", **options):
    with pytest.raises(UpstreamError) as caught:
        await pool.request(origin, "POST", "/x", [], body, **options)
    assert (caught.value.kind, caught.value.sent) == (kind, sent)
    return caught.value.message


def test_nothing_is_added_to_a_request_and_nothing_is_decoded(run):
    heads = []

    async def script(peer):
        heads.append(await peer.head())
        await peer.send(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nX-A: 1\r\nx-a:  2 \r\ncontent-length: 3\r\n\r\nabc"
        )

    async def main():
        async with scripted(script) as origin, opened() as pool:
            headers = [(b"b", b"1"), (b"a", b"2"), (b"B", b"3"), (b"connection", b"close"), (b"content-length", b"9")]
            target = "/a%2Fb/c:d~e;f=g?h=%5B1%5D&i=j%20k"
            response = await pool.request(origin, "POST", target, headers, b"hi")
            assert await response.read() == b"abc"
            assert await response.receive() == b""
            assert response.headers == (
                (b"content-encoding", b"gzip"), (b"x-a", b"1"), (b"x-a", b"2"), (b"content-length", b"3"),
            )  # fmt: skip
            assert (response.header(b"x-a"), response.header(b"x-b")) == (b"1", None)
            lines = heads[0].split(b"\r\n")
            assert lines[0] == b"POST %b HTTP/1.1" % target.encode()
            assert lines[1] == b"host: " + origin.authority
            rest = [b"b: 1", b"a: 2", b"b: 3", b"accept-encoding: identity", b"content-length: 2"]
            assert lines[2:] == rest

    run(main)


@pytest.mark.parametrize("headers", [[(b"a", b"b\r\nc: d")], [(b"a\r\nb", b"c")], [(b"a", b"\0")]])
def test_a_header_cannot_smuggle_in_another(run, headers):
    async def main():
        async with opened() as pool:
            with pytest.raises(ValueError, match="line break"):
                await pool.request(Origin("http", "127.0.0.1", 9), "POST", "/", headers, b"")

    run(main)


def test_a_body_left_in_the_middle_closes_its_connection_at_once_and_leaves_no_litter(run):
    ended = trio.Event()

    async def script(peer):
        await peer.head()
        await peer.send(ENDLESS)
        await peer.left()
        ended.set()

    async def main():
        async with scripted(script) as origin, opened() as pool:
            response = await pool.request(origin, "GET", "/", [], b"")
            assert await response.receive() == b"hello"
            with trio.CancelScope() as scope:
                scope.cancel()
                await response.aclose()
                await response.aclose()
            with trio.fail_after(1):
                await ended.wait()
            with pytest.raises(trio.ClosedResourceError):
                await response.receive()
            assert pool._transport._pool.connections == []
            gc.collect()

    run(main)


@pytest.mark.parametrize("when", ["head", "body", "unread"])
def test_a_cancelled_call_closes_its_connection(run, when):
    ended = trio.Event()

    async def script(peer):
        await peer.head()
        if when != "head":
            await peer.send(ENDLESS)
        await peer.left()
        ended.set()

    async def main():
        async with scripted(script) as origin, opened() as pool:
            with trio.move_on_after(0.2):
                async with await pool.request(origin, "GET", "/", [], b"") as response:
                    if when == "body":
                        await response.read()
                    await trio.sleep_forever()
            with trio.fail_after(1):
                await ended.wait()
            gc.collect()

    run(main)


def test_each_step_has_its_own_time(run):
    taking = trio.Event()

    async def script(peer):
        if await peer.head() and b"slow" not in peer.seen:
            await taking.wait()

    async def main():
        limits = UpstreamLimits(connect_timeout=0.1, head_timeout=0.3, write_timeout=0.1, idle_read_timeout=0.1)
        async with scripted(script) as origin, opened(limits) as pool:
            assert await failing(pool, origin, "timeout", sent=True) == "no response within 0.3 s"
            began = trio.current_time()
            assert (
                await failing(pool, origin, "timeout", sent=True, patience=Patience(head=0.05))
                == "no response within 0.05 s"
            )
            assert trio.current_time() - began < 0.3
            words = await failing(pool, origin, "timeout", sent=True, body=b"x" * 20_000_000)
            assert words == "the upstream took nothing of the request for 0.1 s"
        closed = Origin("http", "127.0.0.1", 9)
        async with opened(limits) as pool:
            assert "Connection refused" in await failing(pool, closed, "connect", sent=False)

    run(main)


def test_a_large_body_may_take_longer_than_one_piece_of_it(run):
    async def script(peer):
        await peer.head()
        size = len(peer.seen)
        while size < 8_000_000:
            size += len(await peer.stream.receive_some(400_000))
            await trio.sleep(0.02)
        await peer.send(HEAD % 2 + b"ok")

    async def main():
        async with scripted(script) as origin, opened(UpstreamLimits(write_timeout=0.15)) as pool:
            began = trio.current_time()
            response = await pool.request(origin, "POST", "/", [], b"x" * 8_000_000)
            assert await response.read() == b"ok"
            assert trio.current_time() - began > 0.15

    run(main)


def test_a_handshake_that_does_not_end_is_given_up(run):
    async def script(peer):
        await peer.left()

    async def main():
        async with scripted(script) as origin, opened(UpstreamLimits(connect_timeout=0.1)) as pool:
            secure = Origin("https", "127.0.0.1", origin.port)
            words = await failing(pool, secure, "timeout", sent=False)
            assert words == "no connection to 127.0.0.1 within 0.1 s"

    run(main)


def test_requests_beyond_the_connections_wait_and_are_told(run, monkeypatch):
    monkeypatch.setattr("dragoman.io.http.httpx_pool.MAX_CONNECTIONS", 1)

    async def script(peer):
        while await peer.head():
            await peer.send(HEAD % 5)
            await trio.sleep(0.1)
            await peer.send(b"hello")

    async def main():
        async with scripted(script) as origin, opened(UpstreamLimits(connect_timeout=0.3)) as pool:
            first = await pool.request(origin, "GET", "/", [], b"")
            async with trio.open_nursery() as nursery:
                nursery.start_soon(first.read)
                second = await pool.request(origin, "GET", "/", [], b"")
            words = await failing(pool, origin, "timeout", sent=False)
            assert words == "all 1 connections to upstreams were in use for 0.3 s"
            await second.aclose()

    run(main)


# TLS, HTTP/2, proxies


async def application(scope, receive, send):
    """Says in what it was asked."""
    if scope["type"] == "lifespan":
        while True:
            kind = (await receive())["type"]
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return
    while (await receive()).get("more_body"):
        pass
    body = b"%b %b" % (scope["http_version"].encode(), scope["path"].encode())
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]})
    await send({"type": "http.response.body", "body": body})


@pytest.mark.parametrize(("http2", "offered", "spoken"), [
    (False, ["h2", "http/1.1"], b"1.1 /a"), (True, ["h2", "http/1.1"], b"2 /a"), (True, ["h2"], b"2 /a"),
])  # fmt: skip
def test_http2_is_spoken_where_it_is_wanted(run, certified, http2, offered, spoken):
    async def main():
        async with (
            under_hypercorn(application, alpn_protocols=offered, **certified.files) as upstream,
            opened(ssl_context=certified.trusting, http2=http2) as pool,
        ):
            origin, target = Origin.parse(upstream.replace("127.0.0.1", "localhost") + "/a")
            for _ in range(2):
                response = await pool.request(origin, "POST", target, [(b"a", b"b")], b"x" * 100_000)
                assert await response.read() == spoken
                assert (response.status, response.header(b"x-a")) == (200, b"1")
            stranger = Origin("https", "127.0.0.1", origin.port)
            assert "127.0.0.1" in await failing(pool, stranger, "tls", sent=False)

    run(main)


async def tunnel(peer, asked, allowed):
    """A proxy: forwards what comes with an absolute target, tunnels CONNECT."""
    head = await peer.head()
    asked.append(head)
    if not allowed:
        await peer.send(b"HTTP/1.1 407 Who Are You\r\ncontent-length: 0\r\n\r\n")
    elif head.startswith(b"CONNECT "):
        host, port = head.split()[1].decode().split(":")
        async with await trio.open_tcp_stream(host, int(port)) as there, trio.open_nursery() as nursery:
            await peer.send(b"HTTP/1.1 200 OK\r\n\r\n")

            async def carry(source, sink):
                async for data in source:
                    await sink.send_all(data)
                nursery.cancel_scope.cancel()

            nursery.start_soon(carry, peer.stream, there)
            nursery.start_soon(carry, there, peer.stream)
    else:
        await peer.send(HEAD % 9 + b"forwarded")


@pytest.mark.parametrize("allowed", [True, False])
def test_a_proxy_is_asked_with_its_credentials(run, certified, allowed):
    asked = []

    async def main():
        async with (
            scripted(partial(tunnel, asked=asked, allowed=allowed)) as proxy,
            under_hypercorn(application, **certified.files) as upstream,
            opened(ssl_context=certified.trusting, proxy=f"http://me:pass@127.0.0.1:{proxy.port}") as pool,
        ):
            origin, target = Origin.parse(upstream.replace("127.0.0.1", "localhost") + "/a")
            if allowed:
                response = await pool.request(origin, "GET", target, [], b"")
                assert await response.read() == b"1.1 /a"
                response = await pool.request(Origin("http", "nowhere", 80), "GET", "/b", [], b"")
                assert await response.read() == b"forwarded"
                assert asked[1].startswith(b"GET http://nowhere/b HTTP/1.1\r\n")
            else:
                words = await failing(pool, origin, "connect", sent=False)
                assert words == "cannot connect to localhost through the proxy: 407 Who Are You"
        assert asked[0].startswith(b"CONNECT localhost:")
        assert b"Proxy-Authorization: Basic bWU6cGFzcw==" in asked[0]

    run(main)


def test_a_closed_pool_takes_no_request(run):
    async def main():
        async with opened() as pool:
            await pool.aclose()
            with pytest.raises(trio.ClosedResourceError):
                await pool.request(Origin("http", "127.0.0.1", 9), "GET", "/", [], b"")

    run(main)
