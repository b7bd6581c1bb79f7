"""The gateway as an ASGI application: ``hypercorn --worker-class trio dragoman.io.asgi:app``.

The configuration is found as by ``dragoman serve``: the file that ``DRAGOMAN_CONFIG`` names, else ``dragoman.toml`` in
the current folder, else the environment. What it says of the listener is not heeded: that is the ASGI server's.
"""

import logging
import os
from collections.abc import Callable
from typing import Final

import orjson
import trio

from ..translate import boundary
from .access_log import AccessLog
from .beside import stands_beside
from .config import NO_ACCOUNTS, Config, ConfigError, find, load
from .core import Core
from .http.asgi import AsgiFront, Receive, Scope, Send
from .ledger import Ledger, LedgerError, started
from .server import opened, prepare_process

_log = logging.getLogger("dragoman.asgi")

_NOT_TRIO: Final = "this application runs on trio: start hypercorn with --worker-class trio"
_NOT_STARTED: Final = "the ASGI server has not run the lifespan protocol, which starts this application"


def configured() -> Config:
    """The configuration of this process.

    Raises:
        ConfigError: it cannot be used.
    """
    config = load(find(os.environ), env=os.environ, providers=orjson.loads(boundary.providers()))
    if not config.accounts:
        raise ConfigError([NO_ACCOUNTS])
    for note in (*config.notes, prepare_process(config)):
        if note is not None:
            _log.warning(note)
    return config


class Application:
    """An ASGI application. It takes requests between the start and the end of its lifespan.

    Args:
        configure: gives the configuration when the application starts.
        core: the translators.
        log: the access log; by default as the configuration says.
    """

    def __init__(
        self, configure: Callable[[], Config] = configured, core: Core = boundary, *, log: AccessLog | None = None
    ) -> None:
        self._configure = configure
        self._core = core
        self._log = log
        self._front: AsgiFront | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification.

        Raises:
            ValueError: a scope of a type that is not spoken.
            RuntimeError: a request before the start.
        """
        kind = scope["type"]
        if kind == "lifespan":
            await self._live(receive, send)
        elif kind == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000, "reason": "WebSockets are not offered"})
        elif kind != "http":
            raise ValueError(f"this application speaks HTTP, not {kind!r}")
        elif self._front is None:
            raise RuntimeError(_NOT_STARTED)
        else:
            await self._front(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        if not trio.lowlevel.in_trio_run():
            await send({"type": "lifespan.startup.failed", "message": _NOT_TRIO})
            return
        try:
            config = self._configure()
        except ConfigError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        try:
            with started(config.server.ledger, os.environ) as ledger:
                await self._serve(config, ledger, receive, send)
        except LedgerError as error:
            message = f"the ledger cannot be used: {error}"
            await send({"type": "lifespan.startup.failed", "message": message})
        else:
            await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, config: Config, ledger: Ledger | None, receive: Receive, send: Send) -> None:
        async with (
            stands_beside(config.server.shared, ledger) as with_it,
            opened(config, self._core, log=self._log, beside=with_it) as ready,
            trio.open_nursery() as nursery,
        ):
            gateway = ready.gateway
            await nursery.start(with_it.count_again, lambda: gateway.limiter)
            self._front = AsgiFront(
                gateway,
                limits=ready.limits,
                budget=ready.budget,
                error_writer=gateway.error_answer,
                on_error=gateway.note_failure,
                screen=gateway.screen,
            )
            try:
                await send({"type": "lifespan.startup.complete"})
                await receive()
            finally:
                self._front = None
                gateway.ready = False
                nursery.cancel_scope.cancel()


app = Application()
