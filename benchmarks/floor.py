"""The floor of a gateway: the same HTTP edge on the same driver, handing on bytes that nobody looks at.

`python -m benchmarks.floor PORT [DRIVER]` relays every request to that port on this machine. It has no keys, no
accounts, no translation and no log; what a gateway costs more than this, it costs for what it does.
"""

import sys
from functools import partial
from typing import Any

import trio
from dragoman.io.http import Exchange, Origin, Pool, open_tcp_listeners, serve

# What must not be handed on: it is about one connection.
_HOP = frozenset((b"connection", b"content-length", b"date", b"host", b"keep-alive", b"transfer-encoding"))


async def relay(pool: Pool, origin: Origin, exchange: Exchange) -> None:
    """Hand a request on, and its answer back: a stream piece by piece, anything else whole."""
    request = exchange.request
    headers = [item for item in request.headers if item[0] not in _HOP]
    async with await pool.request(origin, request.method, request.target, headers, request.body) as response:
        headers = [item for item in response.headers if item[0] not in _HOP]
        if response.header(b"content-type") != b"text/event-stream":
            await exchange.respond(response.status, headers, await response.read())
            return
        await exchange.start(response.status, headers)
        while data := await response.receive():
            await exchange.send(data)
        await exchange.finish()


async def _main(port: int, **edge: Any) -> None:
    pool = Pool(**edge)
    listeners = await open_tcp_listeners("127.0.0.1", 0)
    handler = partial(relay, pool, Origin("http", "127.0.0.1", port))
    async with trio.open_nursery() as nursery:
        await nursery.start(partial(serve, handler, listeners, **edge))
        print(listeners[0].socket.getsockname()[1], flush=True)
        await trio.to_thread.run_sync(sys.stdin.read)  # until the parent is done
        nursery.cancel_scope.cancel()
    await pool.aclose()


if __name__ == "__main__":
    trio.run(partial(_main, int(sys.argv[1]), **({"driver": sys.argv[2]} if sys.argv[2:] else {})))
