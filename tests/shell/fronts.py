"""The gateway behind each of its fronts and over each of its transports, which must not make a difference."""

from contextlib import asynccontextmanager
from functools import partial

import attrs
import hypercorn.config
import hypercorn.trio
import pytest
import trio
from dragoman.io.asgi import Application
from dragoman.io.server import running

# Driver of our own server -> how `[server]` asks for it.
DRIVERS = {"streams": {}}
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
        async with under_hypercorn(Application(lambda: config, core, log=log)) as found:
            yield found
    else:
        async with running(config, core, log=log) as run:
            yield Front(run.gateway, run.urls[0])


@asynccontextmanager
async def under_hypercorn(app, **settings):
    """An ASGI application under hypercorn's trio worker, on a free port."""
    config = hypercorn.config.Config()
    plain = {"bind": "127.0.0.1:0", "errorlog": None, "graceful_timeout": 0, "include_server_header": False}
    for name, value in {**plain, **settings}.items():
        setattr(config, name, value)
    over = trio.Event()
    async with trio.open_nursery() as nursery:
        serve = partial(hypercorn.trio.serve, app, config, shutdown_trigger=over.wait, mode="asgi")
        urls = await nursery.start(serve)
        try:
            yield Front(app._front and app._front._handler, urls[0])
        finally:
            over.set()
