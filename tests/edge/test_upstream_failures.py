import socket
import struct

import pytest
import trio
from dragoman.io.http import Origin, Patience, Pool, UpstreamError, UpstreamLimits

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def at(port):
    return Origin("http", "127.0.0.1", port)


async def ask(pool, port, method="GET", body=b"", **options):
    return await pool.request(at(port), method, "/", [], body, **options)


def always(data):
    async def script(client, _):
        await client.request()
        await client.send(data)

    return script


def reset(client):
    client.stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.stream.socket.close()


TRUNCATED = {
    "length": OK[:-1],
    "chunked": CHUNKED + b"5\r\nok",
    "between chunks": CHUNKED + b"2\r\nok\r\n",
    "before the last line": CHUNKED + b"2\r\nok\r\n0\r\n",
}


@pytest.mark.parametrize("data", TRUNCATED.values(), ids=TRUNCATED)
@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_truncated_body_is_an_error_after_what_came(run, upstream, data, how):
    async def script(client, _):
        await client.request()
        await client.send(data)
        await trio.sleep(0.02)
        if how == "reset":
            reset(client)

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            response = await ask(pool, port)
            received = b""
            with pytest.raises(UpstreamError) as caught:  # noqa: PT012 - how many reads it takes is TCP's affair
                while piece := await response.receive():
                    received += piece
            assert received in {b"ok", b"o"}
            assert caught.value.kind == "truncated"
            with pytest.raises(UpstreamError):  # and stays one
                await response.receive()
            await response.aclose()
            with pytest.raises(UpstreamError):
                await (await ask(pool, port)).read()
            assert pool.open_connections == 0

    run(main)


def test_a_body_until_the_end_of_the_connection_is_whole(run, upstream):
    async def main():
        pool = Pool()
        async with upstream(always(b"HTTP/1.1 200 OK\r\n\r\nto the end")) as port:
            assert await (await ask(pool, port)).read() == b"to the end"
            assert pool.open_connections == 0

    run(main)


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"rubbish\r\n\r\n", "protocol"), (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000, "too_large"), (b"", "reset")],
)
def test_an_answer_that_is_none_is_an_error(run, upstream, data, kind):
    async def main():
        pool = Pool()
        async with upstream(always(data)) as port:
            with pytest.raises(UpstreamError) as caught:
                await ask(pool, port)
            assert (caught.value.kind, caught.value.sent) == (kind, True)
            assert pool.open_connections == 0

    run(main)


def test_a_malformed_body_is_an_error_after_what_came(run, upstream):
    async def main():
        pool = Pool()
        async with upstream(always(CHUNKED + b"2\r\nok\r\nxyz")) as port:
            response = await ask(pool, port)
            assert await response.receive() == b"ok"
            with pytest.raises(UpstreamError) as caught:
                await response.receive()
            assert caught.value.kind == "protocol"
            assert pool.open_connections == 0

    run(main)


def test_a_body_over_the_limit_is_not_read(run, upstream):
    async def main():
        pool = Pool(UpstreamLimits(max_body_bytes=1))
        async with upstream(always(OK)) as port:
            assert await (await ask(pool, port)).read(limit=2) == b"ok"
        async with upstream(always(CHUNKED + b"2\r\nok\r\n")) as port:
            for _ in range(2):
                with pytest.raises(UpstreamError) as caught:
                    await (await ask(pool, port)).read()
                assert caught.value.kind == "too_large"
            assert pool.open_connections == pool.idle_connections
        await pool.aclose()

    run(main)


def test_a_silent_upstream_times_out(run, upstream):
    async def script(client, n):
        await client.request()
        if n == 1:
            await client.send(CHUNKED + b"1\r\na\r\n")
        await client.rest()

    async def main():
        pool = Pool(UpstreamLimits(head_timeout=0.05, idle_read_timeout=0.05))
        async with upstream(script) as port:
            with pytest.raises(UpstreamError, match=r"no response within 0\.05 s") as caught:
                await ask(pool, port)
            assert (caught.value.kind, caught.value.sent) == ("timeout", True)
            response = await ask(pool, port, patience=Patience(head=5))
            assert await response.receive() == b"a"
            with pytest.raises(UpstreamError) as caught:
                await response.receive()
            assert caught.value.kind == "timeout"
            assert pool.open_connections == 0

    run(main)


def test_an_upstream_that_takes_nothing_times_out(run, upstream):
    async def script(client, _):
        del client
        await trio.sleep_forever()

    async def main():
        pool = Pool(UpstreamLimits(write_timeout=0.1))
        async with upstream(script) as port:
            with pytest.raises(UpstreamError, match="took nothing") as caught:
                await ask(pool, port, "POST", b"x" * 30_000_000)
            assert (caught.value.kind, caught.value.sent) == ("timeout", True)
            assert pool.open_connections == 0

    run(main)


def test_an_upstream_that_refuses_a_large_body_early_is_heard(run, upstream):
    async def script(client, _):
        await client.until(b"\r\n\r\n")
        await client.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
        await client.stream.send_eof()
        for _ in range(3):  # reads a little more, then has enough
            await client.stream.receive_some()
            await trio.sleep(0.01)

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            try:
                response = await ask(pool, port, "POST", b"x" * 30_000_000)
                assert response.status == 413
                await response.aclose()
            except UpstreamError as error:
                # The reset may destroy an answer that had already arrived; TCP leaves no choice then.
                assert error.kind == "reset"  # noqa: PT017
            assert pool.open_connections == 0

    run(main)


def test_no_connection_is_an_error_and_nothing_was_sent(run):
    async def main():
        pool = Pool()
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        with pytest.raises(UpstreamError) as caught:
            await ask(pool, port)
        assert (caught.value.kind, caught.value.sent) == ("connect", False)
        assert "Connection refused" in caught.value.message
        with pytest.raises(UpstreamError) as caught:
            await pool.request(Origin("http", "host.invalid", 80), "GET", "/", [], b"")
        assert caught.value.kind == "connect"
        assert pool.open_connections == 0

    run(main)


def test_a_connection_that_does_not_come_about_times_out(run):
    async def never(*_):
        await trio.sleep_forever()

    async def main():
        pool = Pool(UpstreamLimits(connect_timeout=0.05), connect=never)
        with pytest.raises(UpstreamError) as caught:
            await ask(pool, 1)
        assert (caught.value.kind, caught.value.sent) == ("timeout", False)

    run(main)


@pytest.mark.parametrize("when", ["waiting for the head", "reading the body"])
def test_cancelling_closes_the_connection(run, upstream, when):
    closed = trio.Event()

    async def script(client, _):
        await client.request()
        if when == "reading the body":
            await client.send(CHUNKED)
        await client.rest()
        closed.set()

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            with trio.move_on_after(0.05) as scope:
                async with await ask(pool, port) as response:
                    await response.receive()
            assert scope.cancelled_caught
            assert pool.open_connections == 0
            await closed.wait()

    run(main)


def test_closing_works_in_a_cancelled_scope_and_twice(run, upstream):
    async def main():
        pool = Pool()
        async with upstream(always(CHUNKED + b"2\r\nok\r\n")) as port:
            response = await ask(pool, port)
            with trio.CancelScope() as scope:
                scope.cancel()
                await response.aclose()
                await response.aclose()
            assert pool.open_connections == 0
            with pytest.raises(trio.ClosedResourceError):
                await response.receive()

    run(main)
