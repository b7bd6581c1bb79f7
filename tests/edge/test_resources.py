import gc
import signal
from contextlib import suppress

import pytest
import trio
from dragoman.io.http import Budget, Limits, Origin, Pool, UpstreamError
from dragoman.io.http.server_protocol import ServerProtocol

from .attacks import GONE, Tally, attacked, good_client
from .shapes import GET, POST

NUMBERED = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n"


async def ok(exchange):
    await exchange.respond(200, [], exchange.request.path.encode())


def test_bodies_of_all_connections_have_one_bound(run, serving):
    async def main():
        limits = Limits(max_buffered_bytes=100_000, max_body_bytes=80_000)
        async with serving(ok, limits=limits) as served:
            first, second, third = [await served.connect() for _ in range(3)]
            head = POST + b"Content-Length: 60000\r\n\r\n"
            await first.send(head + b"x" * 59_999)
            await first.stream.wait_send_all_might_not_block()
            while served.server.budget.held < 59_999:  # noqa: ASYNC110 - what is waited for has no event
                await trio.sleep(0.001)
            # Announced, and cut into chunks: neither is there room for.
            await second.send(head)
            await third.send(POST + b"Transfer-Encoding: chunked\r\n\r\nC350\r\n" + b"x" * 50_000)
            for refused in (await second.rest(), await third.rest()):
                assert refused.startswith(b"HTTP/1.1 503")
                assert b"overloaded" in refused
                assert b"retry-after: 1\r\n" in refused
            await first.send(b"x")
            assert (await first.until(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            await first.send(GET + b"\r\n")
            await first.until(b"/health/live")
            gc.collect()
            assert served.server.budget.held == 0

    run(main)


def test_what_a_client_sent_before_it_hung_up_is_given_back(run, serving, eventually):
    async def main():
        async with serving(ok) as served:
            client = await served.connect()
            await client.send(POST + b"Content-Length: 60000\r\n\r\n" + b"x" * 50_000)
            await eventually(lambda: served.server.budget.held == 50_000)
            await client.aclose()
            await eventually(lambda: not served.server.open_connections)
            gc.collect()
            assert served.server.budget.held == 0

    run(main)


def test_whole_replies_are_held_within_the_same_bound(run, upstream):
    async def script(client, n):
        del n
        while True:
            await client.request()
            await client.send(b"HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n" + b"x" * 600)

    async def main():
        async with upstream(script) as port:
            budget = Budget(1000)
            pool = Pool(budget=budget)
            origin = Origin("http", "127.0.0.1", port)
            first = await pool.request(origin, "GET", "/", [], b"")
            assert len(await first.read()) == 600
            second = await pool.request(origin, "GET", "/", [], b"")
            with pytest.raises(UpstreamError) as caught:
                await second.read()
            assert caught.value.kind == "overloaded"
            del first, second, caught
            gc.collect()
            assert budget.held == 0
            await pool.aclose()

    run(main)


def test_requests_that_come_at_once_are_read_as_there_is_room():
    protocol, count = ServerProtocol(Limits(max_pipelined=4)), 10
    paths = [[request.path for request in protocol.receive(b"".join(NUMBERED % n for n in range(count)))]]
    while protocol.unread:
        paths.append([request.path for request in protocol.receive(b"")])
    assert [len(some) for some in paths] == [4, 4, 2]
    assert [path for some in paths for path in some] == [f"/{n}" for n in range(count)]


def test_many_requests_at_once_are_answered_in_order(run, serving):
    async def main():
        async with serving(ok, limits=Limits(max_pipelined=4)) as served:
            client, count = await served.connect(), 600
            await client.send(b"".join(NUMBERED % n for n in range(count)))
            for n in range(count):
                await client.until(b"\r\n\r\n/%d" % n)
            # The connection goes on as any other.
            await client.send(GET + b"\r\n")
            await client.until(b"/health/live")

    run(main)


def test_a_process_without_descriptors_left_lives_on(run):
    async def main():
        async with attacked(files=64) as gateway:
            crowd = [await gateway.connect() for _ in range(150)]
            await trio.sleep(0.3)
            for stream in crowd:
                await stream.aclose()
            tally, over = Tally(), trio.Event()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(good_client, gateway, tally, over)
                await trio.sleep(0.5)
                over.set()
            assert tally.wrong == []
            assert tally.streams
            assert gateway.process.poll() is None

    run(main, seconds=30)


def test_one_connection_too_many_is_told_so_by_the_process(run):
    async def main():
        async with attacked(connections=2) as gateway:
            others = [await gateway.connect() for _ in range(2)]
            for other in others:
                await other.send_all(GET + b"\r\n")
                assert (await other.receive_some()).startswith(b"HTTP/1.1 200")
            async with await gateway.connect() as stream:
                seen = b""
                while data := await stream.receive_some():
                    seen += data
            assert seen.startswith(b"HTTP/1.1 503")
            assert b"too_many_connections" in seen
            assert b"retry-after: 1\r\n" in seen
            for other in others:
                await other.aclose()

    run(main, seconds=30)


def test_a_process_that_is_told_to_stop_lets_streams_end(run):
    async def main():
        async with attacked() as gateway:
            tally, over = Tally(), trio.Event()
            async with trio.open_nursery() as nursery:
                for _ in range(3):
                    nursery.start_soon(good_client, gateway, tally, over)
                await trio.sleep(0.4)
                over.set()
                gateway.process.send_signal(signal.SIGTERM)
                await gateway.process.wait()
            assert gateway.process.returncode == 0
            assert tally.wrong == []
            assert tally.streams == 3

    run(main, seconds=30)


ATTACKERS = {
    "half a head": GET + b"X: " + b"y" * 15_000,
    "many headers": GET + b"X: y\r\n" * 90,
    "half a body in small chunks": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 9_000,
    "pipelined requests, answers not read": (GET + b"\r\n") * 2_000,
}


@pytest.mark.parametrize("sent", ATTACKERS.values(), ids=ATTACKERS)
def test_a_connection_holds_bounded_memory_whatever_its_client_does(run, sent):
    connections = 100

    async def push(stream):
        with suppress(*GONE):
            async with stream:
                await stream.send_all(sent)
                await trio.sleep_forever()

    async def main():
        async with attacked() as gateway:
            async with await gateway.connect() as stream:
                await stream.send_all(GET + b"\r\n")
                await stream.receive_some()
            before = most = gateway.memory()
            async with trio.open_nursery() as nursery:
                for _ in range(connections):
                    nursery.start_soon(push, await gateway.connect())
                for _ in range(16):
                    await trio.sleep(0.05)
                    most = max(most, gateway.memory())
                nursery.cancel_scope.cancel()
            # A receive buffer, a head or what is read ahead of it, a small body, and the connection itself.
            assert most - before < connections * 160_000

    run(main, seconds=30)
