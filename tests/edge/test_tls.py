import ssl

import httpx
import pytest
import trio
import trustme
from dragoman.io.http import Limits, Origin, Pool, UpstreamError, UpstreamLimits, open_tcp_listeners, serve

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def contexts():
    """A server's and a client's context that trust each other."""
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(server)
    server.set_alpn_protocols(["http/1.1"])
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


@pytest.fixture
def serving_tls(contexts):
    def serving_tls(nursery, handler, **options):
        async def start():
            [plain] = await open_tcp_listeners("127.0.0.1", 0)
            listener = trio.SSLListener(plain, contexts[0], https_compatible=True)
            nursery.start_soon(lambda: serve(handler, [listener], **options))
            return plain.socket.getsockname()[1]

        return start()

    return serving_tls


async def echo(exchange):
    if exchange.request.path == "/stream":
        await exchange.start(200, [])
        for _ in range(20):
            await exchange.send(b"x" * 50_000)
        await exchange.finish()
    else:
        await exchange.respond(200, [], exchange.request.body)


def test_pool_and_server_speak_tls_and_keep_the_connection(run, contexts, serving_tls):
    async def main():
        async with trio.open_nursery() as nursery:
            port = await serving_tls(nursery, echo)
            pool = Pool(ssl_context=contexts[1])
            origin = Origin("https", "localhost", port)
            for size in (0, 5, 300_000):
                response = await pool.request(origin, "POST", "/", [], b"x" * size)
                assert await response.read() == b"x" * size
                assert pool.open_connections == 1
            response = await pool.request(origin, "GET", "/stream", [], b"")
            assert len(await response.read()) == 1_000_000
            assert (pool.open_connections, pool.idle_connections) == (1, 1)
            await pool.aclose()
            nursery.cancel_scope.cancel()

    run(main)


def test_httpx_is_served_over_tls(run, contexts, serving_tls):
    async def main():
        async with trio.open_nursery() as nursery:
            port = await serving_tls(nursery, echo)
            async with httpx.AsyncClient(verify=contexts[1], base_url=f"https://localhost:{port}") as client:
                assert (await client.post("/", content=b"hello")).content == b"hello"
                assert len((await client.get("/stream")).content) == 1_000_000
            nursery.cancel_scope.cancel()

    run(main)


def test_a_hang_up_over_tls_cancels_the_handler(run, contexts, serving_tls):
    cancelled = trio.Event()

    async def handler(exchange):
        try:
            await exchange.start(200, [])
            await trio.sleep_forever()
        finally:
            cancelled.set()

    async def main():
        async with trio.open_nursery() as nursery:
            port = await serving_tls(nursery, handler)
            pool = Pool(ssl_context=contexts[1])
            response = await pool.request(Origin("https", "localhost", port), "GET", "/", [], b"")
            await response.aclose()
            with trio.fail_after(1):
                await cancelled.wait()
            nursery.cancel_scope.cancel()

    run(main)


def test_a_reader_that_stalls_over_tls_is_cut_off(run, contexts, serving_tls):
    cancelled = trio.Event()

    async def handler(exchange):
        try:
            await exchange.start(200, [])
            while True:
                await exchange.send(b"x" * 100_000)
        finally:
            cancelled.set()

    async def main():
        async with trio.open_nursery() as nursery:
            port = await serving_tls(nursery, handler, limits=Limits(write_timeout=0.2))
            pool = Pool(ssl_context=contexts[1])
            response = await pool.request(Origin("https", "localhost", port), "GET", "/", [], b"")
            await cancelled.wait()
            await response.aclose()
            nursery.cancel_scope.cancel()

    run(main)


def test_a_tls_upstream_that_falls_silent_times_out(run, contexts, serving_tls):
    async def handler(exchange):
        await exchange.start(200, [])
        await exchange.send(b"some")
        await trio.sleep_forever()

    async def main():
        async with trio.open_nursery() as nursery:
            port = await serving_tls(nursery, handler)
            pool = Pool(UpstreamLimits(idle_read_timeout=0.05), contexts[1])
            response = await pool.request(Origin("https", "localhost", port), "GET", "/", [], b"")
            with pytest.raises(UpstreamError) as caught:
                await response.read()
            assert caught.value.kind == "timeout"
            assert pool.open_connections == 0
            nursery.cancel_scope.cancel()

    run(main)


def test_a_client_that_speaks_plainly_to_tls_harms_nobody(run, serving_tls):
    errors = []

    async def main():
        async with trio.open_nursery() as nursery:
            port = await serving_tls(nursery, echo, on_error=lambda *error: errors.append(error))
            for data in (GET, b"", b"\x16\x03\x01"):
                async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
                    await stream.send_all(data)
                    await trio.sleep(0.01)
            nursery.cancel_scope.cancel()
        assert errors == []

    run(main)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_an_untrusted_upstream_is_refused_before_anything_is_sent(run, serving_tls, host):
    async def main():
        async with trio.open_nursery() as nursery:
            port = await serving_tls(nursery, echo)
            pool = Pool()  # the public roots
            with pytest.raises(UpstreamError, match="certificate verify failed") as caught:
                await pool.request(Origin("https", host, port), "GET", "/", [], b"")
            assert (caught.value.kind, caught.value.sent) == ("tls", False)
            assert pool.open_connections == 0
            nursery.cancel_scope.cancel()

    run(main)


def test_an_upstream_with_another_name_is_refused(run, contexts, serving_tls):
    async def main():
        async with trio.open_nursery() as nursery:
            port = await serving_tls(nursery, echo)
            pool = Pool(ssl_context=contexts[1])
            with pytest.raises(UpstreamError) as caught:
                await pool.request(Origin("https", "127.0.0.2", port), "GET", "/", [], b"")
            assert caught.value.kind in {"tls", "connect"}
            nursery.cancel_scope.cancel()

    run(main)


def test_a_plain_upstream_is_no_tls_upstream(run, contexts, upstream):
    async def script(client, _):
        await client.stream.receive_some()
        await client.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def main():
        pool = Pool(ssl_context=contexts[1])
        async with upstream(script) as port:
            with pytest.raises(UpstreamError) as caught:
                await pool.request(Origin("https", "localhost", port), "GET", "/", [], b"")
            assert caught.value.kind == "tls"
            assert pool.open_connections == 0

    run(main)


def test_a_handshake_that_hangs_times_out(run, contexts, upstream):
    async def script(client, _):
        await client.rest()

    async def main():
        pool = Pool(UpstreamLimits(connect_timeout=0.1), contexts[1])
        async with upstream(script) as port:
            with pytest.raises(UpstreamError) as caught:
                await pool.request(Origin("https", "localhost", port), "GET", "/", [], b"")
            assert (caught.value.kind, caught.value.sent) == ("timeout", False)
            assert pool.open_connections == 0

    run(main)


def test_an_idle_tls_connection_that_was_closed_is_not_used(run, contexts, serving_tls):
    async def main():
        async with trio.open_nursery() as nursery:
            port = await serving_tls(nursery, echo, limits=Limits(idle_timeout=0.1))
            pool = Pool(ssl_context=contexts[1])
            origin = Origin("https", "localhost", port)
            for _ in range(2):
                response = await pool.request(origin, "POST", "/", [], b"x")
                assert await response.read() == b"x"
                await trio.sleep(0.2)
            assert pool.open_connections == 1
            await pool.aclose()
            nursery.cancel_scope.cancel()

    run(main)
