import pytest
import trio
from dragoman.io.http import Limits

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


async def ok(exchange):
    await exchange.respond(200, [], b"ok")


def test_draining_closes_idle_connections_at_once_and_refuses_new_ones(run, serving):
    async def main():
        async with serving(ok) as served:
            used, unused = await served.connect(), await served.connect()
            await used.send(GET)
            await used.until(b"ok")
            with trio.fail_after(1):
                await served.server.drain()
            assert await used.rest() == b""
            assert await unused.rest() == b""
            with pytest.raises(OSError, match="connect"):
                await served.connect()

    run(main)


def test_draining_answers_what_has_arrived_and_was_not_read_yet(run, serving):
    async def main():
        async with serving(ok) as served:
            used = await served.connect()
            await used.send(GET)
            await used.until(b"ok")
            used.stream.socket._sock.send(GET)  # and nobody had the time to read it
            with trio.fail_after(1):
                await served.server.drain()
            answer = await used.rest()
            assert answer.startswith(b"HTTP/1.1 200")
            assert b"connection: close\r\n" in answer

    run(main)


def test_draining_waits_a_moment_for_the_request_of_who_has_just_come_or_was_just_answered(run, serving):
    async def main():
        async with serving(ok) as served, trio.open_nursery() as nursery:
            fresh, used = await served.connect(), await served.connect()
            await used.send(GET)
            await used.until(b"ok")
            nursery.start_soon(served.server.drain)
            await trio.sleep(0.02)
            for client in (fresh, used):
                await client.send(GET)
                answer = await client.rest()
                assert answer.startswith(b"HTTP/1.1 200")
                assert b"connection: close\r\n" in answer

    run(main)


def test_draining_lets_exchanges_finish_and_tells_their_clients(run, serving):
    async def handler(exchange):
        await trio.sleep(0.1)
        await ok(exchange)

    async def main():
        async with serving(handler) as served, trio.open_nursery() as nursery:
            client, half = await served.connect(), await served.connect()
            await client.send(GET + GET)
            await half.send(GET[:9])
            await trio.sleep(0.02)
            nursery.start_soon(served.server.drain)
            await trio.sleep(0.02)
            assert served.server.draining
            await half.send(GET[9:])
            for answer in (await client.rest(), await half.rest()):
                assert answer.startswith(b"HTTP/1.1 200")
                assert b"connection: close\r\n" in answer
                assert answer.count(b"HTTP/1.1") == 1

    run(main)


def test_draining_lets_a_stream_end_properly(run, serving):
    async def handler(exchange):
        await exchange.start(200, [])
        for _ in range(5):
            await exchange.send(b"x")
            await trio.sleep(0.02)
        await exchange.finish()

    async def main():
        async with serving(handler) as served, trio.open_nursery() as nursery:
            client = await served.connect()
            await client.send(GET)
            await client.until(b"x")
            nursery.start_soon(served.server.drain)
            assert (await client.rest()).endswith(b"0\r\n\r\n")

    run(main)


def test_draining_cancels_what_does_not_end_in_time(run, serving):
    cancelled = trio.Event()

    async def handler(exchange):
        del exchange
        try:
            await trio.sleep_forever()
        finally:
            cancelled.set()

    async def main():
        async with serving(handler, limits=Limits(drain_timeout=0.1)) as served:
            client = await served.connect()
            await client.send(GET)
            await trio.sleep(0.02)
            with trio.fail_after(1):
                await served.server.drain()
            assert cancelled.is_set()
            assert await client.rest() == b""
            assert served.errors == []

    run(main)
