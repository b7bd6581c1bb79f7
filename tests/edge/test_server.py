import errno

import httpx
import pytest
import trio
from dragoman.io.http import Limits, open_tcp_listeners, serve

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"


async def echo(exchange):
    request = exchange.request
    await exchange.respond(200, [(b"x-path", request.path.encode())], request.body)


async def count_up(exchange):
    await exchange.start(200, [(b"content-type", b"text/plain")])
    for piece in (b"one ", b"", b"two ", b"three"):
        await exchange.send(piece)
    await exchange.finish()


def test_httpx_is_answered_whole_and_streamed(run, serving):
    async def handler(exchange):
        await (count_up if exchange.request.path == "/stream" else echo)(exchange)

    async def main():
        async with serving(handler) as served, httpx.AsyncClient(base_url=served.url) as client:
            whole = await client.post("/a?b", content=b"x" * 300_000)
            assert (whole.status_code, whole.content, whole.headers["x-path"]) == (200, b"x" * 300_000, "/a")
            assert "date" in whole.headers
            streamed = await client.get("/stream")
            assert streamed.text == "one two three"
            chunked = await client.post("/", content=(piece async for piece in pieces()))
            assert chunked.content == b"abc"
            assert (await client.head("/x")).headers["content-length"] == "0"
            assert served.server.open_connections == 1

    async def pieces():
        for piece in (b"a", b"b", b"c"):
            yield piece

    run(main)


def test_a_connection_is_kept_until_the_client_closes_it(run, serving, eventually):
    async def main():
        async with serving(echo) as served:
            client = await served.connect()
            for _ in range(3):
                await client.send(POST)
                assert (await client.until(b"hello")).startswith(b"HTTP/1.1 200 OK\r\n")
            assert served.server.open_connections == 1
            await client.aclose()
            await eventually(lambda: served.server.open_connections == 0)

    run(main)


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"])
def test_a_client_that_wants_one_answer_gets_one(run, serving, head):
    async def main():
        async with serving(echo) as served:
            client = await served.connect()
            await client.send(head + GET)
            answer = await client.rest()
            assert answer.count(b"HTTP/1.1 200") == 1
            assert b"connection: close" in answer

    run(main)


def test_pipelined_requests_are_answered_in_order_though_handlers_wait(run, serving):
    async def handler(exchange):
        await trio.sleep(0.01 if exchange.request.path == "/0" else 0)
        await echo(exchange)

    async def main():
        # More than may wait in the queue.
        async with serving(handler, limits=Limits(max_pipelined=2)) as served:
            client = await served.connect()
            for n in range(10):
                await client.send(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % n)
            for n in range(10):
                assert b"x-path: /%d\r\n" % n in await client.until(b"\r\n\r\n")

    run(main)


def test_a_request_that_comes_while_another_is_answered_is_not_lost(run, serving):
    release = trio.Event()

    async def handler(exchange):
        await release.wait()
        await echo(exchange)

    async def main():
        async with serving(handler) as served:
            client = await served.connect()
            await client.send(GET)
            await trio.sleep(0.01)
            for at in range(len(POST)):
                await client.send(POST[at : at + 1])
            release.set()
            assert b"x-path: /\r\n" in await client.until(b"\r\n\r\n")
            assert b"x-path: /p\r\n" in await client.until(b"hello")

    run(main)


def test_head_gets_the_head_alone(run, serving):
    async def handler(exchange):
        if exchange.request.path == "/stream":
            await count_up(exchange)
        else:
            await exchange.respond(200, [], b"a body")

    async def main():
        async with serving(handler) as served:
            client = await served.connect()
            await client.send(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b"content-length: 6\r\n" in await client.until(b"\r\n\r\n")
            assert b"transfer-encoding: chunked\r\n" in await client.until(b"\r\n\r\n")
            await client.send(GET)
            assert (await client.until(b"a body")).startswith(b"HTTP/1.1 200")

    run(main)


def test_a_stream_for_http_1_0_is_plain_and_closes(run, serving):
    async def main():
        async with serving(count_up) as served:
            client = await served.connect()
            await client.send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            answer = await client.rest()
            assert answer.endswith(b"\r\n\r\none two three")
            assert b"connection: close\r\n" in answer

    run(main)


def test_each_piece_of_a_stream_leaves_at_once(run, serving):
    async def main():
        proceed, back = trio.open_memory_channel(0)

        async def handler(exchange):
            await exchange.start(200, [])
            async for piece in back:
                await exchange.send(piece)
            await exchange.finish()

        async with serving(handler) as served:
            client = await served.connect()
            await client.send(GET)
            await client.until(b"\r\n\r\n")
            for piece in (b"a", b"bc"):
                await proceed.send(piece)
                assert await client.until(b"\r\n" + piece + b"\r\n" if client.seen else piece + b"\r\n")
            proceed.close()
            await client.until(b"0\r\n\r\n")

    run(main)


EXPECTING = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"


def test_a_client_that_waits_to_continue_is_told_to(run, serving):
    async def main():
        async with serving(echo) as served:
            client = await served.connect()
            for _ in range(2):
                await client.send(EXPECTING)
                assert await client.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
                await client.send(b"hello")
                assert (await client.until(b"hello")).startswith(b"HTTP/1.1 200")

    run(main)


def test_continue_waits_for_the_answer_under_way(run, serving):
    release = trio.Event()

    async def handler(exchange):
        await release.wait()
        await echo(exchange)

    async def main():
        async with serving(handler) as served:
            client = await served.connect()
            await client.send(GET)
            await trio.sleep(0.01)
            await client.send(EXPECTING)
            await trio.sleep(0.01)
            release.set()
            assert (await client.until(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            assert await client.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            await client.send(b"hello")
            assert (await client.until(b"hello")).startswith(b"HTTP/1.1 200")

    run(main)


def test_a_client_too_many_is_told_so_and_the_others_go_on(run, serving, eventually):
    async def main():
        async with serving(echo, limits=Limits(max_connections=2)) as served:
            first, second = await served.connect(), await served.connect()
            for client in (first, second):
                await client.send(POST)
                await client.until(b"hello")
            third = await served.connect()
            answer = await third.rest()
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"retry-after: 1\r\n" in answer
            assert b"too_many_connections" in answer
            assert served.server.refused_connections == 1
            await first.send(POST)
            await first.until(b"hello")
            await first.aclose()
            await eventually(lambda: served.server.open_connections == 1)
            fourth = await served.connect()
            await fourth.send(POST)
            assert b"200 OK" in await fourth.until(b"hello")

    run(main)


class Faulty(trio.abc.Listener):
    """A listener that fails a few times first."""

    def __init__(self, listener, *errors):
        self.listener, self.errors = listener, list(errors)

    async def accept(self):
        if self.errors:
            raise self.errors.pop()
        return await self.listener.accept()

    async def aclose(self):
        await self.listener.aclose()


def test_accepting_goes_on_after_errors_and_the_log_is_told_once(run, caplog):
    async def main():
        [listener] = await open_tcp_listeners("127.0.0.1", 0)
        port = listener.socket.getsockname()[1]
        full = OSError(errno.EMFILE, "too many open files")
        gone = OSError(errno.ECONNABORTED, "gone again")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(serve, echo, [Faulty(listener, full, gone, full)])
            async with httpx.AsyncClient() as client:
                assert (await client.get(f"http://127.0.0.1:{port}/")).status_code == 200
            nursery.cancel_scope.cancel()

    run(main)
    assert [record.levelname for record in caplog.records if record.name == "dragoman.http"] == ["WARNING"]


def test_listeners_are_closed_at_the_end(run, serving):
    async def main():
        async with serving(echo) as served:
            client = await served.connect()
            served.server.stop()
            assert await client.rest() == b""
        with pytest.raises(OSError, match="connect"):
            await served.connect()

    run(main)


def test_the_peer_is_told(run, serving):
    async def handler(exchange):
        await exchange.respond(200, [], exchange.request.peer.encode())

    async def main():
        async with serving(handler) as served:
            client = await served.connect()
            host, port = client.stream.socket.getsockname()
            await client.send(GET)
            await client.until(b"\r\n\r\n%b:%d" % (host.encode(), port))

    run(main)


@pytest.mark.parametrize("status", [204, 304])
def test_a_stream_that_may_have_no_body_has_none(run, serving, status):
    async def handler(exchange):
        await exchange.start(status, [])
        await exchange.send(b"nobody sees this")
        await exchange.finish()

    async def main():
        async with serving(handler) as served:
            client = await served.connect()
            await client.send(GET + GET.replace(b"Host", b"Connection: close\r\nHost"))
            answers = await client.rest()
            assert answers.count(b"HTTP/1.1 %d" % status) == 2
            assert b"transfer-encoding" not in answers
            assert b"nobody" not in answers

    run(main)


def test_large_pipelined_requests_wait_outside(run, serving):
    release = trio.Event()

    async def handler(exchange):
        await release.wait()
        await echo(exchange)

    async def main():
        async with serving(handler, limits=Limits(max_body_bytes=1_000_000)) as served, trio.open_nursery() as nursery:
            client = await served.connect()
            head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n"
            sent = 0

            async def send():
                nonlocal sent
                for _ in range(12):
                    await client.send(head + b"x" * 900_000)
                    sent += 1

            nursery.start_soon(send)
            await trio.sleep(0.3)
            assert sent < 12
            release.set()
            for _ in range(12):
                await client.until(b"content-length: 900000\r\n")

    run(main)
