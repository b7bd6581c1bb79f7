"""The time for one call is kept to the moment, whatever the call is at, and may change while it runs."""

import math

import pytest
import trio
from dragoman.io.http import HttpxPool, Origin, Patience, Pool, UpstreamError

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
# What a loaded machine may be late; the keeper's own rounds are seconds apart.
SLACK = 0.5


@pytest.fixture(params=[Pool, HttpxPool])
def pool_of(request):
    return request.param


def says(*pieces):
    """A script that sends these, and then nothing."""

    async def script(client, _):
        await client.request()
        for piece in pieces:
            await client.send(piece)
        await client.rest()

    return script


async def ask(pool, port, patience, body=b""):
    return await pool.request(Origin("http", "127.0.0.1", port), "POST", "/", [], body, patience=patience)


async def seconds_until_timeout(awaitable):
    began = trio.current_time()
    with pytest.raises(UpstreamError) as caught:
        await awaitable
    assert (caught.value.kind, caught.value.sent) == ("timeout", True)
    return trio.current_time() - began


def is_about(taken, seconds):
    """The clock of a call begins a little before it is made."""
    return seconds - 0.05 < taken < seconds + SLACK


def test_a_head_that_is_not_there_in_time_ends_the_call(run, upstream, pool_of):
    async def main():
        pool = pool_of()
        async with upstream(says()) as port:
            patience = Patience(trio.current_time() + 0.1)
            assert is_about(await seconds_until_timeout(ask(pool, port, patience)), 0.1)
            # Beside one that may take long.
            async with trio.open_nursery() as nursery:
                nursery.start_soon(seconds_until_timeout, ask(pool, port, Patience(trio.current_time() + 0.6)))
                await trio.sleep(0.05)
                patience = Patience(trio.current_time() + 0.1)
                assert is_about(await seconds_until_timeout(ask(pool, port, patience)), 0.1)
        await pool.aclose()

    run(main)


def test_a_request_that_nobody_takes_ends_in_time(run, upstream, pool_of):
    async def script(*_):
        await trio.sleep_forever()

    async def main():
        pool = pool_of()
        async with upstream(script) as port:
            body = b"x" * 30_000_000
            patience = Patience(trio.current_time() + 0.2)
            assert is_about(await seconds_until_timeout(ask(pool, port, patience, body)), 0.2)
        await pool.aclose()

    run(main)


def test_a_body_that_goes_on_ends_in_time_all_the_same(run, upstream, pool_of):
    async def script(client, _):
        await client.request()
        await client.send(CHUNKED)
        try:
            while True:
                await client.send(b"1\r\na\r\n")
                await trio.sleep(0.01)
        except trio.BrokenResourceError:
            return

    async def main():
        pool = pool_of()
        async with upstream(script) as port:
            response = await ask(pool, port, Patience(trio.current_time() + 0.2))
            assert is_about(await seconds_until_timeout(response.read()), 0.2)
            await response.aclose()
        await pool.aclose()

    run(main)


def test_more_time_counts_at_once_and_so_does_less(run, upstream, pool_of):
    async def main():
        pool = pool_of()
        async with upstream(says(CHUNKED, b"1\r\na\r\n")) as port, trio.open_nursery() as nursery:
            patience = Patience(trio.current_time() + 0.2)
            response = await ask(pool, port, patience)
            assert await response.receive() == b"a"

            async def change(seconds, until, idle):
                await trio.sleep(seconds)
                patience.change(until, idle)

            # What was to end at 0.2 s goes on, until it has been silent for 0.5 s.
            nursery.start_soon(change, 0.1, math.inf, 0.5)
            assert is_about(await seconds_until_timeout(response.receive()), 0.5)
            await response.aclose()

            patience = Patience()
            response = await ask(pool, port, patience)
            assert await response.receive() == b"a"
            nursery.start_soon(change, 0.1, trio.current_time() + 0.2, None)
            assert is_about(await seconds_until_timeout(response.receive()), 0.2)
            await response.aclose()
        await pool.aclose()

    run(main)


def test_a_call_has_its_own_time_for_the_head_and_for_silence(run, upstream, pool_of):
    async def main():
        pool = pool_of()
        async with upstream(says()) as port:
            assert is_about(await seconds_until_timeout(ask(pool, port, Patience(head=0.1))), 0.1)
        async with upstream(says(CHUNKED, b"1\r\na\r\n")) as port:
            response = await ask(pool, port, Patience(idle=0.1))
            assert await response.receive() == b"a"
            assert is_about(await seconds_until_timeout(response.receive()), 0.1)
            await response.aclose()
        await pool.aclose()

    run(main)


def test_a_connection_keeps_nothing_of_the_time_of_its_last_call(run, upstream):
    async def script(client, _):
        for _ in range(2):
            await client.request()
            await trio.sleep(0.2)
            await client.send(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na")
        await client.rest()

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            patience = Patience(trio.current_time() + 0.3, idle=0.05)
            assert await (await ask(pool, port, patience)).read() == b"a"
            response = await ask(pool, port, None)  # on the same connection, beyond the time of the first
            patience.change(0.0)
            assert await response.read() == b"a"
            assert pool.open_connections == 1
        await pool.aclose()

    run(main)


def test_a_call_whose_time_was_over_before_it_began_is_not_sent(run, upstream, pool_of):
    asked = []

    async def script(client, _):
        while True:
            asked.append(await client.request())
            await client.send(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na")

    async def main():
        pool = pool_of()
        async with upstream(script) as port:
            assert await (await ask(pool, port, None)).read() == b"a"
            with pytest.raises(UpstreamError) as caught:
                await ask(pool, port, Patience(trio.current_time() - 1))
            assert (caught.value.kind, caught.value.sent) == ("timeout", False)
            assert await (await ask(pool, port, None)).read() == b"a"
        assert len(asked) == 2
        await pool.aclose()

    run(main)


def test_no_connection_in_time_is_a_call_that_was_not_sent(run):
    async def never(*_):
        await trio.sleep_forever()

    async def main():
        pool = Pool(connect=never)
        with pytest.raises(UpstreamError) as caught:
            await ask(pool, 1, Patience(trio.current_time() + 0.1))
        assert (caught.value.kind, caught.value.sent) == ("timeout", False)

    run(main)
