"""What the two drivers promise beside what every other test here already runs over both."""

import contextlib
import functools
import select
import weakref
from contextlib import asynccontextmanager

import pytest
import trio
import trio.testing
from dragoman.io.http import Limits, Origin, Pool, lane, open_tcp_listeners, pump, serve
from dragoman.io.http import driver as drivers
from dragoman.io.http.lane import LaneWire
from dragoman.io.http.server_protocol import ServerProtocol
from dragoman.io.http.wire import SocketWire

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


def relaying(pool, port):
    """A handler that relays a stream as the gateway does."""

    async def handler(exchange):
        async with await pool.request(Origin("http", "127.0.0.1", port), "GET", "/", [], b"") as response:
            await exchange.start(response.status, [])
            while await pump(response, lambda piece: not exchange.send_now(piece)):
                await exchange.flush()
            await exchange.finish()

    return handler


def body_of(answer):
    """The body of a chunked answer."""
    body, rest = b"", answer
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return body


class Steps(trio.abc.Instrument):
    """Counts how often each task ran."""

    def __init__(self):
        self.of = {}

    def before_task_step(self, task):
        self.of[task] = self.of.get(task, 0) + 1


def test_each_driver_moves_bare_sockets_by_its_own_wire(run, driver):
    async def main():
        ours, theirs = trio.socket.socketpair()
        with theirs:
            wire = drivers.wire_of(trio.SocketStream(ours))
            assert type(wire) is (LaneWire if driver == "lane" else SocketWire)
            wire.abort()

    run(main)


IN_LANE = pytest.mark.parametrize("driver", ["crowded lane"], indirect=True)


@asynccontextmanager
async def crowded_pair():
    """A wire of a lane whose turn is crowded, with small buffers, and its other side."""
    ours, theirs = trio.socket.socketpair()
    ours.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_SNDBUF, 4096)
    wire = LaneWire(trio.SocketStream(ours))
    await trio.testing.wait_all_tasks_blocked()
    lane.current_lane().crowded = True
    async with trio.SocketStream(theirs) as its:
        yield wire, its
        await wire.aclose()


LAST_WORDS = b"last words " * 3000


async def read_all(stream):
    return b"".join([bytes(piece) async for piece in stream])


@IN_LANE
def test_what_is_sent_soon_leaves_when_all_who_are_awake_had_their_turn(run):
    async def main():
        async with crowded_pair() as (one, its), crowded_pair() as (other, others):
            assert one.send_soon(b"one")
            assert other.send_soon(b"other")
            assert not one.send_soon(b"again"), "one message at a time"
            assert not its.socket.is_readable()
            assert not others.socket.is_readable()
            await trio.testing.wait_all_tasks_blocked()
            assert its.socket.is_readable()
            assert others.socket.is_readable()
            assert (await its.receive_some(), await others.receive_some()) == (b"one", b"other")

    run(main)


@IN_LANE
@pytest.mark.parametrize("writes", [False, True])
def test_what_the_kernel_does_not_take_at_once_comes_later_and_in_order(run, writes):
    data = bytes(range(256)) * 128

    async def main():
        async with crowded_pair() as (wire, its):
            assert not wire.send_soon(data), "more than there is room for"
            wire._room = len(data)  # as if the kernel ran out of memory
            assert wire.send_soon(data)
            await trio.testing.wait_all_tasks_blocked()
            assert wire.send_now(b"end") == 0, "the kernel has no room"
            async with trio.open_nursery() as nursery:
                if writes:
                    nursery.start_soon(write, wire, b"end")
                got = b""
                while len(got) < len(data) + 3 * writes:
                    got += await its.receive_some()
            assert got == data + b"end" * writes
            assert wire.send_now(b"more") == 4
            await wire.aclose()
            assert await read_all(its) == b"more"

    async def write(wire, rest):
        rest = memoryview(rest)
        while rest:
            rest = rest[await wire.send_some(rest) :]

    run(main)


@IN_LANE
@pytest.mark.parametrize("forcefully", [False, True])
def test_a_wire_that_closes_sends_what_it_holds_unless_it_is_aborted(run, forcefully):
    async def main():
        async with crowded_pair() as (wire, its):
            wire._room = len(LAST_WORDS)
            assert wire.send_soon(LAST_WORDS)
            async with trio.open_nursery() as nursery:
                if forcefully:
                    wire.abort()
                else:
                    nursery.start_soon(wire.aclose)
                assert await read_all(its) == (b"" if forcefully else LAST_WORDS)

    run(main)


@IN_LANE
def test_nothing_is_held_for_a_peer_that_does_not_read(run):
    async def main():
        async with crowded_pair() as (wire, its):
            assert wire.send_now(b"unread")
            lane.current_lane().crowded = True
            assert not wire.send_soon(b"more")
            assert await its.receive_some() == b"unread"
            assert wire.send_soon(b"more")
            await trio.testing.wait_all_tasks_blocked()
            assert await its.receive_some() == b"more"

    run(main)


@IN_LANE
@pytest.mark.parametrize("end", ["drain", "idle"])
def test_a_slow_client_gets_all_of_a_response_though_the_server_is_done_with_it(run, end):
    body = bytes(range(256)) * 110

    async def handler(exchange):
        await exchange.respond(200, [], body)

    async def slow_client(port):
        client = trio.socket.socket()
        client.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_RCVBUF, 2048)
        await client.connect(("127.0.0.1", port))
        return trio.SocketStream(client)

    async def main():
        [listener] = await open_tcp_listeners("127.0.0.1", 0)
        listener.socket.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_SNDBUF, 4096)
        limits = Limits(idle_timeout=0.2) if end == "idle" else Limits()
        async with trio.open_nursery() as nursery:
            server = await nursery.start(functools.partial(serve, handler, [listener], limits=limits))
            clients = [await slow_client(listener.socket.getsockname()[1]) for _ in range(4)]
            for client in clients:
                await client.send_all(GET)
            await trio.sleep(0.5)
            if end == "drain":
                nursery.start_soon(server.drain)
            for client in clients:
                async with client:
                    assert (await read_all(client)).endswith(body)
            server.stop()

    run(main)


@IN_LANE
def test_a_peer_that_is_gone_is_noticed_by_who_reads(run):
    async def main():
        async with crowded_pair() as (wire, its):
            wire._room = 30_000
            assert wire.send_soon(b"x" * 30_000)
            await trio.testing.wait_all_tasks_blocked()
            await its.aclose()
            got = []
            with contextlib.suppress(ConnectionResetError):
                await wire.read_into(lambda data: got.append(data) or True)
            assert got in ([], [b""])

    run(main)


def test_the_lane_is_the_default_where_there_is_epoll():
    assert ("lane" if hasattr(select, "epoll") else "streams") == drivers.AUTO


@pytest.mark.parametrize("size", [1, 20_000])
def test_a_stream_arrives_whole_and_in_order(run, serving, upstream, size):
    pieces = [b"%d." % n * size for n in range(30)]

    async def script(client, _):
        while True:
            await client.request()
            await client.send(CHUNKED)
            for piece in pieces:
                await client.send(chunk(piece))
            await client.send(b"0\r\n\r\n")

    async def main():
        pool = Pool()
        async with upstream(script) as port, serving(relaying(pool, port)) as served:
            client = await served.connect()
            for _ in range(2):
                await client.send(GET)
                await client.until(b"\r\n\r\n")
                answer = await client.until(b"\r\n0\r\n\r\n")
                assert body_of(answer[: -len(b"0\r\n\r\n")]) == b"".join(pieces)
            assert (pool.open_connections, pool.idle_connections) == (1, 1)
            assert served.errors == []
        await pool.aclose()

    run(main)


@pytest.mark.parametrize("driver", ["lane"], indirect=True)
def test_in_the_lane_a_relayed_event_wakes_nobody(run, serving, upstream):
    handlers = []

    async def script(client, _):
        await client.request()
        await client.send(CHUNKED)
        for n in range(100):
            await client.send(chunk(b"event %d" % n))
            await trio.sleep(0.001)
        await client.send(b"0\r\n\r\n")
        await client.rest()

    async def main():
        pool, steps = Pool(), Steps()
        async with upstream(script) as port:
            handler = relaying(pool, port)

            async def noted(exchange):
                handlers.append(trio.lowlevel.current_task())
                await handler(exchange)

            async with serving(noted) as served:
                client = await served.connect()
                trio.lowlevel.add_instrument(steps)
                await client.send(GET)
                await client.until(b"\r\n0\r\n\r\n")
                trio.lowlevel.remove_instrument(steps)
                assert steps.of[handlers[0]] < 10
        await pool.aclose()

    run(main)


def test_a_stream_waits_for_a_client_that_does_not_read(run, serving, upstream):
    sent = 0

    async def script(client, _):
        nonlocal sent
        await client.request()
        await client.send(CHUNKED)
        for _ in range(1000):
            await client.send(chunk(b"x" * 100_000))
            sent += 100_000
        await client.send(b"0\r\n\r\n")
        await client.rest()

    async def main():
        pool = Pool()
        async with upstream(script) as port, serving(relaying(pool, port)) as served:
            client = await served.connect()
            await client.send(GET)
            await client.until(b"\r\n\r\n")
            before = -1
            while sent != before:  # until the upstream is stuck
                before = sent
                await trio.sleep(0.05)
            assert sent < 50_000_000
            received = len(client.seen)
            while not client.seen.endswith(b"\r\n0\r\n\r\n"):
                client.seen = client.seen[-10:] + await client.stream.receive_some(1_000_000)
                received += len(client.seen)
            assert received > 100_000_000
            assert pool.idle_connections == 1
            assert served.errors == []
        await pool.aclose()

    run(main)


@pytest.mark.parametrize("stuck", [False, True], ids=["reading", "not reading"])
def test_a_client_that_leaves_a_relayed_stream_ends_it_and_the_upstream(run, serving, upstream, eventually, stuck):
    ended = trio.Event()

    async def script(client, _):
        await client.request()
        await client.send(CHUNKED)
        try:
            while True:
                await client.send(chunk(b"x" * (100_000 if stuck else 10)))
                await trio.sleep(0 if stuck else 0.001)
        finally:
            ended.set()

    async def main():
        pool = Pool()
        limits = Limits(write_timeout=0.2) if stuck else Limits()
        async with upstream(script) as port, serving(relaying(pool, port), limits=limits) as served:
            client = await served.connect()
            await client.send(GET)
            await client.until(b"\r\n\r\n")
            if not stuck:
                await client.aclose()
            with trio.fail_after(2):
                await ended.wait()
                await eventually(lambda: served.server.open_connections == 0)
            assert pool.open_connections == 0
            assert served.errors == []
        await pool.aclose()

    run(main)


def test_what_a_take_raises_reaches_who_pumps_and_nobody_else(run, upstream):
    async def script(client, _):
        await client.request()
        await client.send(CHUNKED)
        await trio.sleep(0.02)
        await client.send(chunk(b"a"))
        await client.rest()

    def fail(_):
        raise ZeroDivisionError

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            origin = Origin("http", "127.0.0.1", port)
            good = await pool.request(origin, "GET", "/", [], b"")
            bad = await pool.request(origin, "GET", "/", [], b"")
            with pytest.raises(ZeroDivisionError):
                await pump(bad, fail)
            assert await good.receive() == b"a"
            assert pool.open_connections == 1
            await good.aclose()
        await pool.aclose()

    run(main)


def test_a_fault_in_reading_a_client_is_told_and_ends_only_its_connection(run, serving, eventually, monkeypatch):
    receive = ServerProtocol.receive

    def broken(self, data):
        if b"/broken" in data:
            raise ZeroDivisionError
        return receive(self, data)

    monkeypatch.setattr(ServerProtocol, "receive", broken)

    async def handler(exchange):
        await exchange.respond(200, [], b"ok")

    async def main():
        async with serving(handler) as served:
            good, bad = await served.connect(), await served.connect()
            await bad.send(GET.replace(b"/ ", b"/broken "))
            assert await bad.rest() == b""
            await good.send(GET)
            await good.until(b"ok")
            await eventually(lambda: len(served.errors) == 1)
            assert "ZeroDivisionError" in repr(served.errors[0])

    run(main)


@pytest.mark.parametrize("driver", ["lane"], indirect=True)
def test_a_connection_nobody_reads_from_keeps_the_lane_quiet(run, upstream):

    async def script(client, _):
        await client.request()
        await client.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await trio.sleep(0.02)
        await client.send(b"nobody asked")

    async def main():
        pool, steps = Pool(), Steps()
        async with upstream(script) as port:
            response = await pool.request(Origin("http", "127.0.0.1", port), "GET", "/", [], b"")
            assert await response.read() == b"ok"
            await trio.sleep(0.05)
            assert pool.idle_connections == 1
            trio.lowlevel.add_instrument(steps)
            await trio.sleep(0.1)
            trio.lowlevel.remove_instrument(steps)
            assert not any(task.name.endswith("Lane.run") for task in steps.of)
            assert lane.current_lane()._wires == {}
            response = await pool.request(Origin("http", "127.0.0.1", port), "GET", "/", [], b"")
            assert await response.read() == b"ok"
        await pool.aclose()

    run(main)


def test_a_piece_is_sent_now_only_where_one_may_be(run, serving):
    async def handler(exchange):
        with pytest.raises(RuntimeError):
            exchange.send_now(b"x")
        await exchange.start(200, [])
        assert exchange.send_now(b"")
        while exchange.send_now(b"x" * 100_000):
            pass
        with pytest.raises(RuntimeError):
            exchange.send_now(b"y")
        await exchange.flush()
        await exchange.send(b"end")
        await exchange.finish()
        with pytest.raises(RuntimeError):
            exchange.send_now(b"z")

    async def main():
        async with serving(handler) as served:
            client = await served.connect()
            await client.send(GET)
            assert (await client.until(b"0\r\n\r\n")).endswith(b"3\r\nend\r\n0\r\n\r\n")
            assert served.errors == []

    run(main)


def test_an_idle_connection_keeps_nothing_of_its_last_response(run, upstream):
    class Taker:
        def __call__(self, _):
            return False

    async def script(client, _):
        await client.request()
        await client.send(CHUNKED)
        await trio.sleep(0.01)
        await client.send(chunk(b"a") + b"0\r\n\r\n")
        await client.rest()

    async def main():
        pool = Pool()
        async with upstream(script) as port:
            response = await pool.request(Origin("http", "127.0.0.1", port), "GET", "/", [], b"")
            taker = Taker()
            kept = weakref.ref(taker)
            assert not await pump(response, taker)
            assert pool.idle_connections == 1
            del taker
            assert kept() is None
        await pool.aclose()

    run(main)
