import socket
import struct

import pytest
import trio
from dragoman.io.http import Origin, Pool, UpstreamError, UpstreamLimits

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def at(port):
    return Origin("http", "127.0.0.1", port)


async def ask(pool, port, method="GET", body=b"", **options):
    return await pool.request(at(port), method, "/", [], body, **options)


async def answer_all(client, _):
    while True:
        await client.request()
        await client.send(OK)


def reset(client):
    client.stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.stream.socket.close()


def test_the_pool_adds_what_a_request_needs(run, upstream):
    async def script(client, _):
        head, body = await client.request()
        await client.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(head + body) + head + body)

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            response = await pool.request(at(port), "POST", "/p?q", [(b"a", b"b"), (b"content-length", b"9")], b"body")
            head, _, body = (await response.read()).partition(b"\r\n\r\n")
            lines = head.split(b"\r\n")
            assert lines[0] == b"POST /p?q HTTP/1.1"
            assert sorted(lines[1:]) == [
                b"a: b",
                b"accept-encoding: identity",
                b"content-length: 4",
                b"host: 127.0.0.1:%d" % port,
            ]
            assert body == b"body"
        await pool.aclose()

    run(main)


def test_a_callers_host_and_coding_are_kept(run, upstream):
    async def script(client, _):
        head, _ = await client.request()
        assert b"host: h.example\r\n" in head
        assert b"accept-encoding: br\r\n" in head
        assert head.count(b"host") == head.count(b"accept-encoding") == 1
        await client.send(OK)

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            headers = [(b"host", b"h.example"), (b"accept-encoding", b"br")]
            assert (await pool.request(at(port), "GET", "/", headers, b"")).status == 200
        await pool.aclose()

    run(main)


@pytest.mark.parametrize("target", ["/a b", "/\r\nx: y", "", "/\u00fc"])
def test_what_is_no_request_costs_no_connection(run, target):
    async def main():
        pool = Pool()
        with pytest.raises(ValueError):
            await pool.request(at(1), "GET", target, [], b"")
        assert pool.open_connections == 0

    run(main)


def test_a_body_arrives_piece_by_piece_and_the_end_is_empty_for_ever(run, upstream):
    async def main():
        sender, back = trio.open_memory_channel(0)

        async def script(client, _):
            await client.request()
            await client.send(CHUNKED)
            async for data in back:
                await client.send(data)
            await client.rest()

        pool = Pool()
        async with upstream(script) as port:
            response = await ask(pool, port)
            assert response.header(b"transfer-encoding") == b"chunked"
            assert response.header(b"missing") is None
            await sender.send(b"3\r\nabc\r\n")
            assert await response.receive() == b"abc"
            await sender.send(b"1\r\nd\r\n1\r\ne\r\n1")
            assert await response.receive() == b"de"
            assert pool.idle_connections == 0
            await sender.send(b"\r\nf\r\n0\r\n\r\n")
            assert await response.receive() == b"f"
            assert pool.idle_connections == 1
            assert [await response.receive() for _ in range(3)] == [b""] * 3
            await response.aclose()
            assert pool.idle_connections == 1
        await pool.aclose()

    run(main)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_connection_is_used_again(run, upstream, method):
    async def main():
        pool = Pool()
        connections = []

        async def script(client, n):
            connections.append(n)
            while True:
                await client.request()
                await client.send(OK if method == "GET" else OK[:-2])

        async with upstream(script) as port:
            for _ in range(5):
                assert await (await ask(pool, port, method)).read() == (b"ok" if method == "GET" else b"")
            assert connections == [0]
            assert (pool.open_connections, pool.idle_connections) == (1, 1)
        await pool.aclose()
        assert (pool.open_connections, pool.idle_connections) == (0, 0)

    run(main)


def test_the_connection_used_last_is_used_first(run, upstream):
    async def script(client, n):
        while True:
            await client.request()
            await client.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d" % n)

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            # Bodies that have come whole free their connections at once: hold three by asking at the same time.
            async with trio.open_nursery() as nursery:
                for _ in range(3):
                    nursery.start_soon(ask, pool, port)
            assert pool.idle_connections == 3
            first = await (await ask(pool, port)).read()
            for _ in range(5):
                assert await (await ask(pool, port)).read() == first
        await pool.aclose()

    run(main)


def test_each_origin_has_its_own_connections(run, upstream):
    async def main():
        pool = Pool()
        async with upstream(answer_all) as one, upstream(answer_all) as two:
            await ask(pool, one)
            await ask(pool, two)
            assert pool.idle_connections == 2
        await pool.aclose()

    run(main)


def test_no_more_than_so_many_are_kept(run, upstream):
    all_asked = trio.Event()

    async def script(client, n):
        await client.request()
        if n == 4:
            all_asked.set()
        await all_asked.wait()
        await client.send(OK)
        await client.rest()

    async def main():
        pool = Pool(UpstreamLimits(max_idle_per_origin=2))
        async with upstream(script) as port:
            async with trio.open_nursery() as nursery:
                for _ in range(5):
                    nursery.start_soon(ask, pool, port)
            assert pool.open_connections == pool.idle_connections == 2
        await pool.aclose()

    run(main)


def test_idle_connections_expire_by_themselves(run, upstream):
    closed = trio.Event()

    async def script(client, _):
        await client.request()
        await client.send(OK)
        await client.rest()
        closed.set()

    async def main():
        pool = Pool(UpstreamLimits(idle_ttl=0.1))
        async with upstream(script) as port:
            await ask(pool, port)
            await closed.wait()
            assert pool.open_connections == 0
        await pool.aclose()

    run(main)


def test_an_expired_connection_is_not_used_though_the_keeper_sleeps(run, upstream):
    async def main():
        pool = Pool()
        async with upstream(answer_all) as port:
            await ask(pool, port)
            pool._stations[at(port)].idle[0].idle_since -= 61
            await ask(pool, port)
            assert (pool.open_connections, pool.idle_connections) == (1, 1)
        await pool.aclose()

    run(main)


@pytest.mark.parametrize("more", [b"", b"HTTP/1.1 408 Request Timeout\r\n\r\n"], ids=["closed", "spoken on"])
def test_an_idle_connection_with_news_is_not_used(run, upstream, more):
    told = trio.Event()

    async def script(client, n):
        await client.request()
        await client.send(OK)
        if n == 0:
            await trio.sleep(0.01)
            await client.send(more)
            if more:
                told.set()
                await client.rest()
        else:
            await client.rest()

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            await ask(pool, port)
            if more:
                await told.wait()
            await trio.sleep(0.03)
            assert pool.idle_connections == 1
            response = await ask(pool, port, "POST", b"once")
            assert await response.read() == b"ok"
            assert pool.open_connections == 1
        await pool.aclose()

    run(main)


@pytest.mark.parametrize("end", [lambda client: client.stream.socket.close(), reset], ids=["close", "reset"])
@pytest.mark.parametrize("size", [4, 3_000_000], ids=["small", "large"])
def test_a_request_that_meets_a_stale_connection_is_sent_again_once(run, upstream, end, size):
    requests = []

    async def script(client, n):
        _, body = await client.request()
        requests.append((n, len(body)))
        await client.send(OK)
        if n == 0:
            await client.until(b"POST")
            end(client)  # as a server that closes an idle connection at the moment the request arrives
            return
        await client.rest()

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            await ask(pool, port)
            response = await ask(pool, port, "POST", b"x" * size)
            assert await response.read() == b"ok"
            assert requests == [(0, 0), (1, size)]
            assert pool.open_connections == 1
        await pool.aclose()

    run(main)


def test_a_request_is_not_sent_a_third_time(run, upstream):
    async def script(client, n):
        await client.request()
        if n == 0:
            await client.send(OK)
            await client.request()

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            await ask(pool, port)
            with pytest.raises(UpstreamError) as caught:
                await ask(pool, port)
            assert (caught.value.kind, caught.value.sent) == ("reset", True)
            assert pool.open_connections == 0

    run(main)


def test_a_stale_connection_that_answered_in_part_is_an_error(run, upstream):
    async def script(client, _):
        await client.request()
        await client.send(OK)
        await client.request()
        await client.send(OK[:7])

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            await ask(pool, port)
            with pytest.raises(UpstreamError) as caught:
                await ask(pool, port)
            assert (caught.value.kind, caught.value.sent) == ("truncated", True)

    run(main)


def test_a_closed_pool_takes_nothing_and_keeps_nothing(run, upstream):
    async def script(client, _):
        await client.request()
        await client.send(CHUNKED)
        await trio.sleep(0.02)
        await client.send(b"2\r\nok\r\n0\r\n\r\n")
        await client.rest()

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            response = await ask(pool, port)
            await pool.aclose()
            assert await response.read() == b"ok"
            assert pool.open_connections == 0
            with pytest.raises(trio.ClosedResourceError):
                await ask(pool, port)

    run(main)


def test_idle_connections_cost_a_request_nothing(run, upstream):
    async def main():
        pool = Pool()
        looked_at = 0
        async with upstream(answer_all) as port:
            async with trio.open_nursery() as nursery:
                for _ in range(50):
                    nursery.start_soon(ask, pool, port)
            assert pool.idle_connections == 50
            for connection in pool._stations[at(port)].idle:

                def readable(original=connection.wire.is_readable):
                    nonlocal looked_at
                    looked_at += 1
                    return original()

                connection.wire = Watched(connection.wire, readable)
            await ask(pool, port)
            assert looked_at == 1
        await pool.aclose()

    run(main)


class Watched:
    def __init__(self, wire, readable):
        self.wire, self.is_readable = wire, readable

    def __getattr__(self, name):
        return getattr(self.wire, name)
