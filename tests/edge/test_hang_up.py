import socket
import struct

import pytest
import trio
from dragoman.io.http import Limits, Origin, Pool

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
RESET = struct.pack("ii", 1, 0)


class Waiting:
    """A handler that waits for ever and tells when it is cancelled."""

    def __init__(self):
        self.begun = trio.Event()
        self.cancelled = trio.Event()

    async def __call__(self, exchange):
        self.begun.set()
        try:
            await self.wait(exchange)
        except trio.Cancelled:
            self.cancelled.set()
            raise

    async def wait(self, exchange):
        del exchange
        await trio.sleep_forever()


def reset(stream):
    stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    stream.socket.close()


HANG_UPS = {
    "close": lambda stream: stream.socket.close(),
    "reset": reset,
    "half-close": lambda stream: stream.socket.shutdown(socket.SHUT_WR),
}


@pytest.mark.parametrize("hang_up", HANG_UPS.values(), ids=HANG_UPS)
@pytest.mark.parametrize("more", [b"", GET, b"POST / HTTP/1.1\r\nHo"], ids=["one", "pipelined", "half of another"])
def test_a_hang_up_cancels_the_handler_at_once_and_is_no_error(run, serving, hang_up, more, eventually):
    async def main():
        handler = Waiting()
        async with serving(handler) as served:
            client = await served.connect()
            await client.send(GET + more)
            await handler.begun.wait()
            hang_up(client.stream)
            with trio.fail_after(1):
                await handler.cancelled.wait()
                await eventually(lambda: served.server.open_connections == 0)
            assert served.errors == []
            await client.aclose()
            # The others go on.
            other = await served.connect()
            await other.send(GET)
            await trio.sleep(0.01)
            assert served.server.open_connections == 1
            await other.aclose()

    run(main)


@pytest.mark.parametrize("streaming", [False, True])
def test_a_hang_up_closes_the_upstream_within_a_second(run, serving, upstream, streaming):
    closed = trio.Event()
    asked = trio.Event()

    async def script(client, _):
        await client.request()
        if streaming:
            await client.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
        asked.set()
        await client.rest()
        closed.set()

    async def main():
        pool = Pool()
        async with upstream(script) as port:

            async def handler(exchange):
                origin, target = Origin.parse(f"http://127.0.0.1:{port}/")
                async with await pool.request(origin, "GET", target, [], b"") as response:
                    await exchange.start(response.status, [])
                    while piece := await response.receive():
                        await exchange.send(piece)
                    await exchange.finish()

            async with serving(handler) as served:
                client = await served.connect()
                await client.send(GET)
                await asked.wait()
                if streaming:
                    await client.until(b"a\r\n")
                await client.aclose()
                with trio.fail_after(1):
                    await closed.wait()
                assert pool.open_connections == 0
                assert served.errors == []

    run(main)


def test_a_client_that_stops_reading_is_cut_off(run, serving, eventually):
    class Pouring(Waiting):
        sent = 0

        async def wait(self, exchange):
            await exchange.start(200, [])
            while True:
                await exchange.send(b"x" * 100_000)
                self.sent += 100_000

    async def main():
        handler = Pouring()
        async with serving(handler, limits=Limits(write_timeout=0.2)) as served:
            client = await served.connect()
            await client.send(GET)
            await handler.cancelled.wait()
            assert handler.sent < 50_000_000  # back-pressure
            assert served.errors == []
            await eventually(lambda: served.server.open_connections == 0)
            await client.aclose()

    run(main)


def test_a_slow_reader_is_not_cut_off(run, serving):
    async def handler(exchange):
        await exchange.respond(200, [], b"x" * 3_000_000)

    async def main():
        async with serving(handler, limits=Limits(write_timeout=0.2)) as served:
            client = await served.connect()
            await client.send(GET)
            await client.until(b"\r\n\r\n")
            received = len(client.seen)
            while received < 3_000_000:
                await trio.sleep(0.02)
                received += len(await client.stream.receive_some(400_000))
            assert received == 3_000_000

    run(main)


def test_a_client_gone_while_it_is_sent_to_is_no_error(run, serving):
    class Talking(Waiting):
        async def wait(self, exchange):
            await exchange.start(200, [])
            while True:
                await exchange.send(b"x" * 1000)
                await trio.lowlevel.checkpoint()

    async def main():
        handler = Talking()
        async with serving(handler) as served:
            client = await served.connect()
            await client.send(GET)
            await client.until(b"\r\n\r\n")
            reset(client.stream)
            await handler.cancelled.wait()
            assert served.errors == []

    run(main)


def test_many_dropped_clients_leave_the_server_standing(run, serving, eventually):
    async def handler(exchange):
        await exchange.respond(200, [], b"x" * 100_000)

    async def main():
        async with serving(handler) as served:

            async def drop(n):
                client = await served.connect()
                await client.send(GET * (n % 3) + GET[: n % len(GET)])
                reset(client.stream)

            async with trio.open_nursery() as nursery:
                for n in range(100):
                    nursery.start_soon(drop, n)
            await eventually(lambda: served.server.open_connections == 0)
            client = await served.connect()
            await client.send(GET)
            assert (await client.until(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            assert served.errors == []

    run(main)
