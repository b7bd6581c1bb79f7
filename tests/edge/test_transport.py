import gzip

import httpx
import pytest
import trio
from dragoman.io.http import Pool, PoolTransport, UpstreamLimits


async def echo(exchange):
    request = exchange.request
    if request.path == "/gzip":
        await exchange.respond(200, [(b"content-encoding", b"gzip")], gzip.compress(b"unpacked"))
        return
    await exchange.start(201, [(b"x-target", request.target.encode()), (b"x-host", request.header(b"host"))])
    await exchange.send(request.body)
    await exchange.finish()


def test_httpx_works_over_the_pool(run, serving):
    async def pieces():
        yield b"a"
        yield b"b"

    async def main():
        pool = Pool()
        async with serving(echo) as served:
            async with httpx.AsyncClient(transport=PoolTransport(pool), base_url=served.url) as client:
                response = await client.post("/p ath", params={"q": "\u00fc"}, content=b"body")
                assert (response.status_code, response.content) == (201, b"body")
                assert response.headers["x-target"] == "/p%20ath?q=%C3%BC"
                assert response.headers["x-host"] == f"127.0.0.1:{served.port}"
                assert (await client.post("/", content=pieces())).content == b"ab"
                assert (await client.get("/gzip")).text == "unpacked"
                assert (await client.post("/", json={"a": 1})).json() == {"a": 1}
            assert pool.open_connections == pool.idle_connections == 1
            await pool.aclose()

    run(main)


@pytest.mark.filterwarnings("ignore:.*BoundAsyncStream")  # httpx leaves its own generator behind
def test_a_stream_is_streamed_and_can_be_left(run, upstream):
    async def script(client, _):
        await client.request()
        await client.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(3):
            await client.send(b"1\r\na\r\n")
            await trio.sleep(0.01)
        await client.rest()

    async def main():
        pool = Pool()
        async with upstream(script) as port, httpx.AsyncClient(transport=PoolTransport(pool)) as client:
            async with client.stream("GET", f"http://127.0.0.1:{port}/") as response:
                parts = response.aiter_raw()
                for _ in range(3):
                    assert await anext(parts) == b"a"
                await parts.aclose()
            assert pool.open_connections == 0

    run(main)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", httpx.ReadError),
        (b"rubbish\r\n\r\n", httpx.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", httpx.RemoteProtocolError),
        (None, httpx.ReadTimeout),
    ],
)
def test_failures_are_httpx_failures(run, upstream, data, error):
    async def script(client, _):
        await client.request()
        if data is None:
            await client.rest()
        else:
            await client.send(data)

    async def main():
        pool = Pool()
        async with upstream(script) as port, httpx.AsyncClient(transport=PoolTransport(pool), timeout=0.1) as client:
            with pytest.raises(error):
                await client.get(f"http://127.0.0.1:{port}/")
        assert pool.open_connections == 0

    run(main)


def test_connection_failures_are_httpx_failures(run):
    async def never(*_):
        await trio.sleep_forever()

    async def main():
        pool = Pool(UpstreamLimits(connect_timeout=0.05))
        async with httpx.AsyncClient(transport=PoolTransport(pool)) as client:
            with pytest.raises(httpx.UnsupportedProtocol):
                await client.get("ftp://127.0.0.1/")
            with pytest.raises(httpx.ConnectError):
                await client.get("http://host.invalid/")
        pool = Pool(UpstreamLimits(connect_timeout=0.05), connect=never)
        async with httpx.AsyncClient(transport=PoolTransport(pool)) as client:
            with pytest.raises(httpx.ConnectTimeout):
                await client.get("http://127.0.0.1:1/")

    run(main)
