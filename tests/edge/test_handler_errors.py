import json

import pytest
import trio
from dragoman.io.http import Limits

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"


async def echo(exchange):
    request = exchange.request
    await exchange.respond(200, [(b"x-path", request.path.encode())], request.body)


def test_garbage_after_a_request_does_not_take_its_answer(run, serving):
    async def main():
        async with serving(echo) as served:
            client = await served.connect()
            await client.send(POST + b"\x16\x03\x01 rubbish\r\n\r\n")
            assert b"200 OK" in await client.until(b"hello")
            assert (await client.rest()).startswith(b"HTTP/1.1 400 Bad Request")

    run(main)


def test_errors_are_written_by_the_error_writer(run, serving):
    def writer(request, path, status, code, message):
        assert message
        return [(b"x-code", code.encode())], json.dumps([request and request.method, path, status]).encode()

    async def handler(exchange):
        raise LookupError(exchange.request.path)

    async def main():
        async with serving(handler, error_writer=writer, limits=Limits(max_body_bytes=3)) as served:
            client = await served.connect()
            await client.send(GET)
            assert b"x-code: internal_error" in await client.until(b'["GET", "/", 500]')
            await client.send(POST.replace(b"/p ", b"/p?q "))
            assert b"x-code: body_too_large" in await client.until(b'[null, "/p", 413]')
            assert await client.rest() == b""
            assert [str(error) for error in served.errors] == ["/"]

    run(main)


def test_a_broken_error_writer_still_answers(run, serving):
    def writer(*_):
        raise ZeroDivisionError

    async def main():
        async with serving(echo, error_writer=writer) as served:
            client = await served.connect()
            await client.send(b"rubbish\r\n\r\n")
            assert (await client.rest()).startswith(b"HTTP/1.1 400")
            assert [type(error) for error in served.errors] == [ZeroDivisionError]

    run(main)


def test_a_refused_upload_gets_its_answer_although_the_client_goes_on_sending(run, serving):
    async def main():
        async with serving(echo, limits=Limits(max_body_bytes=1000)) as served:
            client = await served.connect()
            await client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n")
            for _ in range(9):
                await client.send(b"x" * 1_000_000)
            assert (await client.rest()).startswith(b"HTTP/1.1 413")

    run(main)


def test_a_handler_that_raises_is_a_500_without_its_reason(run, serving):
    async def handler(exchange):
        if exchange.request.path == "/":
            raise RuntimeError("the secret reason")
        await echo(exchange)

    async def main():
        async with serving(handler) as served:
            client = await served.connect()
            await client.send(GET)
            head = await client.until(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 500")
            await client.send(POST)  # the connection goes on
            body = await client.until(b"hello")
            assert b"secret" not in head + body
            assert b"Traceback" not in head + body
            assert [str(error) for error in served.errors] == ["the secret reason"]

    run(main)


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_a_handler_that_raises_in_mid_stream_aborts_it(run, serving, version):
    async def handler(exchange):
        await exchange.start(200, [])
        await exchange.send(b"some")
        await trio.sleep(0.05)
        raise RuntimeError("too late")

    async def main():
        async with serving(handler) as served:
            client = await served.connect()
            await client.send(b"GET / HTTP/%b\r\nHost: a\r\n\r\n" % version)
            await client.until(b"some")
            if version == b"1.0":  # whose end is the connection's: only a reset tells
                with pytest.raises(trio.BrokenResourceError):
                    await client.stream.receive_some()
            else:
                assert await client.rest() == b"\r\n"  # no last chunk
            assert [str(error) for error in served.errors] == ["too late"]

    run(main)


async def respond_not(exchange):
    assert not exchange.started


async def finish_not(exchange):
    await exchange.start(200, [])
    assert exchange.started


async def respond_twice(exchange):
    await exchange.respond(200, [], b"")
    await exchange.respond(200, [], b"")


async def send_too_early(exchange):
    await exchange.send(b"x")


async def finish_twice(exchange):
    await exchange.start(200, [])
    await exchange.finish()
    await exchange.finish()


@pytest.mark.parametrize("handler", [respond_not, finish_not, respond_twice, send_too_early, finish_twice])
def test_a_handler_that_breaks_the_rules_is_told(run, serving, handler):
    async def main():
        async with serving(handler) as served:
            client = await served.connect()
            await client.send(GET.replace(b"Host", b"Connection: close\r\nHost"))
            await client.rest()
            assert [type(error) for error in served.errors] == [RuntimeError]

    run(main)


def test_an_evil_header_is_a_500_and_nothing_of_it_is_sent(run, serving):
    async def handler(exchange):
        await exchange.respond(200, [(b"x", b"a\r\nevil: 1")], b"")

    async def main():
        async with serving(handler) as served:
            client = await served.connect()
            await client.send(GET)
            head = await client.until(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 500")
            assert b"evil" not in head

    run(main)


def test_a_failing_error_listener_does_not_take_the_server_down(run, serving):
    def fail(*_):
        raise ZeroDivisionError

    async def main():
        limits = Limits(max_connections=1)
        async with serving(respond_not, on_error=fail, error_writer=fail, limits=limits) as served:
            client = await served.connect()
            await client.send(GET)
            assert (await client.until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500")
            turned_away = await served.connect()
            await turned_away.rest()
            await client.send(GET)
            assert (await client.until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500")

    run(main)


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_a_handler_that_raises_after_its_response_takes_nothing_from_it(run, serving, version):
    async def handler(exchange):
        await echo(exchange)
        raise RuntimeError("afterwards")

    async def main():
        async with serving(handler) as served:
            client = await served.connect()
            for _ in range(2):
                await client.send(POST.replace(b"1.1", version).replace(b"Host", b"Connection: keep-alive\r\nHost"))
                assert (await client.until(b"hello")).startswith(b"HTTP/1.1 200")
            assert [str(error) for error in served.errors] == ["afterwards"] * 2

    run(main)
