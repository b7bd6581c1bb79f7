import pytest
import trio
from dragoman.io.http import Limits

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SHORT = Limits(head_timeout=0.15, body_timeout=0.15, idle_timeout=0.15, min_body_rate=1000)


async def ok(exchange):
    await exchange.respond(200, [], b"ok")


async def trickle(client, data, seconds=0.02):
    try:
        for at in range(len(data)):
            await client.send(data[at : at + 1])
            await trio.sleep(seconds)
    except trio.BrokenResourceError:
        pass


def test_a_head_that_trickles_in_is_answered_408(run, serving):
    async def main():
        async with serving(ok, limits=SHORT) as served, trio.open_nursery() as nursery:
            client = await served.connect()
            nursery.start_soon(trickle, client, b"GET /slow HTTP/1.1\r\nHost: " + b"a" * 1000)
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
            assert b"connection: close\r\n" in answer
            nursery.cancel_scope.cancel()

    run(main)


@pytest.mark.parametrize("seconds", [0.02, 1.0], ids=["trickles in", "stops coming"])
def test_a_body_that_is_too_slow_is_answered_408(run, serving, seconds):
    async def main():
        async with serving(ok, limits=SHORT) as served, trio.open_nursery() as nursery:
            client = await served.connect()
            head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"
            await client.send(head)
            nursery.start_soon(trickle, client, b"a" * 1000, seconds)
            assert (await client.rest()).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
            nursery.cancel_scope.cancel()

    run(main)


def test_a_body_that_keeps_its_rate_may_take_longer(run, serving):
    async def main():
        async with serving(ok, limits=SHORT) as served:
            client = await served.connect()
            await client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(10):
                await trio.sleep(0.04)
                await client.send(b"x" * 100)
            assert (await client.until(b"ok")).startswith(b"HTTP/1.1 200")

    run(main)


@pytest.mark.parametrize("before", [b"", GET, b"\r\n"], ids=["new", "kept", "blank line"])
def test_an_idle_connection_is_closed_without_a_word(run, serving, before):
    async def main():
        async with serving(ok, limits=SHORT) as served:
            client = await served.connect()
            await client.send(before)
            if before == GET:
                await client.until(b"ok")
            assert await client.rest() == b""

    run(main)


def test_no_limit_on_requests_runs_while_a_handler_does(run, serving):
    async def handler(exchange):
        await trio.sleep(0.4)
        await ok(exchange)

    async def main():
        async with serving(handler, limits=SHORT) as served:
            client = await served.connect()
            await client.send(GET + GET[:5])
            assert (await client.until(b"ok")).startswith(b"HTTP/1.1 200")
            await client.send(GET[5:])
            assert (await client.until(b"ok")).startswith(b"HTTP/1.1 200")

    run(main)
