"""The gateway behind each of its fronts and over each of its transports, which must not make a difference."""

import queue
import threading
import time
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import attrs
import hypercorn.config
import hypercorn.trio
import pytest
import trio
from dragoman.io.asgi import Application
from dragoman.io.server import running

# Driver of our own server -> how `[server]` asks for it.
DRIVERS = {"streams": {"driver": "streams"}, "lane": {"driver": "lane"}}
FRONTS = (*DRIVERS, "asgi")
TRANSPORTS = ("own", "httpx")
COMBINATIONS = [(front, transport) for transport in TRANSPORTS for front in FRONTS]

every_combination = pytest.mark.parametrize("combination", COMBINATIONS, ids="-".join)


@attrs.frozen
class Front:
    """A running gateway: its handler and its address."""

    gateway: object
    url: str


@asynccontextmanager
async def fronted(combination, config, core, log):
    """A gateway in one of the combinations, until the block ends."""
    front, transport = combination
    server = attrs.evolve(config.server, transport=transport, **DRIVERS.get(front, {}))
    config = attrs.evolve(config, server=server)
    if front == "asgi":
        app = Application(lambda: config, core, log=log)
        async with under_hypercorn(app) as url:
            yield Front(app._front._handler, url)
    else:
        async with running(config, core, log=log) as run:
            yield Front(run.gateway, run.urls[0])


@asynccontextmanager
async def under_hypercorn(app, **settings):
    """An ASGI application under hypercorn's trio worker, on a free port; gives its URL."""
    config = hypercorn.config.Config()
    plain = {"bind": "127.0.0.1:0", "errorlog": None, "graceful_timeout": 0, "include_server_header": False}
    for name, value in {**plain, **settings}.items():
        setattr(config, name, value)
    over = trio.Event()
    async with trio.open_nursery() as nursery:
        serve = partial(hypercorn.trio.serve, app, config, shutdown_trigger=over.wait, mode="asgi")
        urls = await nursery.start(serve)
        try:
            yield urls[0]
        finally:
            over.set()


@attrs.define
class Gateway:
    """A gateway in a thread."""

    run: Front
    trails: list

    @property
    def url(self):
        return self.run.url

    def trail(self, number=0):
        """What the access log was told; the line is written after the answer."""
        assert until(lambda: len(self.trails) > number)
        return self.trails[number]


@contextmanager
def gateway_thread(config, core, combination=COMBINATIONS[0]):
    started = queue.SimpleQueue()

    async def main():
        trails = []
        over = trio.Event()
        async with fronted(combination, config, core, trails.append) as run:
            started.put((Gateway(run, trails), trio.lowlevel.current_trio_token(), over))
            await over.wait()

    def thread():
        try:
            trio.run(main)
        except BaseException as error:  # noqa: BLE001 - raised again in the test
            started.put(error)

    worker = threading.Thread(target=thread, name="gateway")
    worker.start()
    first = started.get(timeout=10)
    if isinstance(first, BaseException):
        worker.join()
        raise first
    gateway, token, over = first
    try:
        yield gateway
    finally:
        token.run_sync_soon(over.set)
        worker.join(10)
        assert not worker.is_alive()
        if not started.empty():
            raise started.get()


def until(condition, seconds=1.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.005)
    return bool(condition())
