"""Servers, clients and upstreams for the edge's tests: real sockets on the loopback, everything under a time limit."""

import select
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest
import trio
from dragoman.io.http import driver as drivers
from dragoman.io.http import lane, open_tcp_listeners, serve


@pytest.fixture(params=["streams", "lane", "crowded lane"])
def driver(request, monkeypatch):
    """Each test that moves bytes runs over both drivers: what one promises, the other does too.

    A crowded lane sends what it can together, though a test may have one connection only.
    """
    name = request.param.removeprefix("crowded ")
    if name == "lane" and not hasattr(select, "epoll"):
        pytest.skip("the lane needs epoll")
    if request.param != name:
        monkeypatch.setattr(lane, "_CROWD", 0)
    monkeypatch.setattr(drivers, "AUTO", name)
    return name


@pytest.fixture
def run(driver):
    """Run an async function to its end, or fail after some seconds."""
    assert driver == drivers.AUTO

    def run(main, seconds=10.0):
        async def limited():
            with trio.fail_after(seconds):
                return await main()

        return trio.run(limited)

    return run


@pytest.fixture
def eventually():
    """`await eventually(condition)`: return when it holds; the time limit of `run` is the limit."""

    async def eventually(condition):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await trio.sleep(0.001)

    return eventually


class Ended(Exception):  # noqa: N818 - not always an error
    """The other side closed before the awaited bytes came."""


class Client:
    """A raw connection: bytes as they are."""

    def __init__(self, stream):
        self.stream = stream
        self.seen = b""

    async def send(self, data):
        await self.stream.send_all(data)

    async def until(self, needle):
        """Everything up to and with `needle`."""
        while needle not in self.seen:
            data = await self.stream.receive_some()
            if not data:
                raise Ended(f"before {needle!r}: {self.seen!r}")
            self.seen += data
        found, _, self.seen = self.seen.partition(needle)
        return found + needle

    async def rest(self):
        """Everything up to the end of the stream."""
        try:
            while data := await self.stream.receive_some():
                self.seen += data
        except trio.BrokenResourceError:
            pass
        found, self.seen = self.seen, b""
        return found

    async def request(self):
        """One request, as an upstream reads it: head and body."""
        head = await self.until(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line.startswith(b"content-length: "):
                length = int(line.partition(b": ")[2])
        while len(self.seen) < length:
            data = await self.stream.receive_some()
            if not data:
                raise Ended(f"in a body of {length} bytes")
            self.seen += data
        body, self.seen = self.seen[:length], self.seen[length:]
        return head, body

    async def aclose(self):
        await self.stream.aclose()


class Served:
    """A running server, its port, and what its handlers let out."""

    def __init__(self, port):
        self.port = port
        self.errors = []
        self.server = None
        self.clients = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    async def connect(self):
        client = Client(await trio.open_tcp_stream("127.0.0.1", self.port))
        self.clients.append(client)
        return client


@pytest.fixture
def serving():
    """`async with serving(handler, **options) as served`."""

    @asynccontextmanager
    async def serving(handler, **options):
        listeners = await open_tcp_listeners("127.0.0.1", 0)
        served = Served(listeners[0].socket.getsockname()[1])
        options.setdefault("on_error", lambda error, _: served.errors.append(error))
        async with trio.open_nursery() as nursery:
            served.server = await nursery.start(partial(serve, handler, listeners, **options))
            try:
                yield served
            finally:
                served.server.stop()
                for client in served.clients:
                    client.stream.socket.close()

    return serving


@pytest.fixture
def upstream():
    """`async with upstream(script) as port`: `script(client, n)` plays the n-th connection, from 0."""

    @asynccontextmanager
    async def upstream(script):
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        count = 0

        async def play(stream):
            nonlocal count
            n, count = count, count + 1
            async with stream:
                with suppress(Ended, trio.BrokenResourceError, trio.ClosedResourceError):
                    await script(Client(stream), n)

        async with trio.open_nursery() as nursery:
            await nursery.start(partial(trio.serve_listeners, play, listeners))
            yield listeners[0].socket.getsockname()[1]
            nursery.cancel_scope.cancel()

    return upstream
