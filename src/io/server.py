"""A running gateway: listeners, connection pool, handler, and an orderly end."""

import gc
import logging
import resource
import signal
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from enum import Enum
from functools import partial
from typing import Final, cast

import attrs
import trio

from .access_log import AccessLog, LogLines, Trail, no_log, write_line
from .beside import NOTHING, Beside, stands_beside
from .config import Config, ConfigError
from .core import Core
from .faults import first_of, place_of
from .front import Front, Term
from .gateway import Gateway
from .http import (
    Budget,
    Driver,
    HttpxPool,
    Limits,
    Pool,
    Server,
    UpstreamLimits,
    Upstreams,
    open_tcp_listeners,
    serve,
)
from .ledger import Ledger
from .media import Fetcher
from .settings import ServerConfig, limits_of
from .tracing import open_tracing

_log = logging.getLogger("dragoman.reload")

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# A client's connection often needs one to a provider; the rest is for listeners, logs and modules being loaded.
_FILES_A_CLIENT = 2
_FILES_BESIDE = 64


class Order(Enum):
    """What a running gateway can be told. The values are how a supervisor says it to a worker."""

    DRAIN = b"d"
    STOP = b"s"
    RELOAD = b"r"


Orders = AsyncIterable[Order]


@attrs.frozen
class Running:
    """A gateway that takes requests.

    Attributes:
        server: the HTTP server, to be drained.
        urls: where it listens, one for each address.
    """

    server: Server
    urls: tuple[str, ...]
    _front: Front
    _config: Config
    _open: Callable[[Config, Gateway], Awaitable[Term]]

    @property
    def gateway(self) -> Gateway:
        """The handler of now."""
        return self._front.gateway

    async def replace(self, config: Config) -> tuple[str, ...]:
        """Serve another configuration from now on; requests that are running end as they began.

        Returns:
            The settings in which it differs from the first one, and that only another start can change.
        """
        self._front.replace(await self._open(config, self.gateway))
        return tuple(name for name in _FIXED if getattr(config.server, name) != getattr(self._config.server, name))


_FIXED: Final = (
    "host", "port", "workers", "driver", "ledger", "shared", "watch",
    *(field.name for field in attrs.fields(ServerConfig) if Limits in field.metadata),
)  # fmt: skip
"""Settings of what listens and of connections that are there."""


@attrs.frozen
class Opened:
    """A gateway that can answer, without anything that listens.

    Attributes:
        gateway: the handler.
        limits: what clients are granted.
        budget: of all bodies in memory, in either direction.
    """

    gateway: Gateway
    limits: Limits
    budget: Budget


@asynccontextmanager
async def opened(
    config: Config,
    core: Core,
    *,
    log: AccessLog | None = None,
    ssl_context: ssl.SSLContext | None = None,
    budget: Budget | None = None,
    before: Gateway | None = None,
    beside: Beside = NOTHING,
) -> AsyncIterator[Opened]:
    """A gateway with its connections to providers, which are closed at the end of the block.

    Args:
        config: what to serve.
        core: the translators.
        log: the access log; by default as the configuration says.
        ssl_context: for connections to providers and for media; by default the public authorities are trusted.
        budget: of all bodies in memory; by default one of the configuration.
        before: the gateway whose place this one takes.
        beside: what it works with.
    """
    limits = limits_of(Limits, config.server)
    budget = budget or Budget(limits.max_buffered_bytes)
    pool = _upstreams(config, ssl_context, budget)
    tracing = open_tracing(config.tracing)
    try:
        log = log or (write_line if config.server.access_log else no_log)
        if beside.ledger is not None:
            log = _both(log, beside.ledger)
        fetcher = Fetcher(config.media, budget, ssl_context)
        gateway = Gateway(
            config,
            core,
            pool,
            log=log,
            fetcher=fetcher,
            tracing=tracing,
            beside=beside,
            before=before,
        )
        await beside.count_spending(gateway.limiter)
        yield Opened(gateway, limits, budget)
    finally:
        with trio.CancelScope(shield=True):
            await pool.aclose()
            if tracing is not None:
                await tracing.aclose()


@asynccontextmanager
async def running(
    config: Config,
    core: Core,
    *,
    log: AccessLog | None = None,
    ssl_context: ssl.SSLContext | None = None,
    listeners: Sequence[trio.SocketListener] | None = None,
    ledger: Ledger | None = None,
) -> AsyncIterator[Running]:
    """A gateway that runs as long as the block, and is stopped at its end.

    Args:
        config: as for ``opened``, like the other three.
        core: the translators.
        log: the access log.
        ssl_context: for connections to providers.
        listeners: where clients connect; by default those of the configured address are opened.
        ledger: takes note of every request for a model.

    Raises:
        OSError: the address cannot be listened on.
    """
    if listeners is None:
        listeners = await open_tcp_listeners(config.server.host, config.server.port)
    urls = tuple(_url(listener) for listener in listeners)
    limits = limits_of(Limits, config.server)
    budget = Budget(limits.max_buffered_bytes)
    async with stands_beside(config.server.shared, ledger) as with_it, trio.open_nursery() as nursery:
        ready = partial(opened, core=core, log=log, ssl_context=ssl_context, budget=budget, beside=with_it)
        make = partial(_stand, ready)
        front = Front(await nursery.start(make, config, None))
        serving = partial(
            serve,
            front,
            listeners,
            limits=limits,
            budget=budget,
            error_writer=front.error_answer,
            screen=front.screen,
            on_error=front.note_failure,
            driver=_driver(config),
        )
        server: Server = await nursery.start(serving)
        counting: trio.CancelScope = await nursery.start(with_it.count_again, lambda: front.gateway.limiter)
        try:
            yield Running(server, urls, front, config, partial(nursery.start, make))
        finally:
            server.stop()
            front.end()
            counting.cancel()


async def _stand(
    make: Callable[..., AbstractAsyncContextManager[Opened]],
    config: Config,
    before: Gateway | None,
    *,
    task_status: "trio.TaskStatus[Term]",
) -> None:
    """A gateway in its time: its connections to providers are closed when nothing of it goes on any more."""
    async with make(config, before=before) as ready:
        term = Term(ready.gateway)
        task_status.started(term)
        await term.over.wait()


async def serve_until_told(
    config: Config,
    core: Core,
    announce: Callable[[Running], None],
    orders: Orders,
    *,
    listeners: Sequence[trio.SocketListener] | None = None,
    read: Callable[[], Config] | None = None,
    ledger: Ledger | None = None,
) -> None:
    """Serve until the order to drain, then let running requests finish; until that is done, or the order to stop.

    Args:
        config: what to serve.
        core: the translators.
        announce: called when requests are taken.
        orders: as they come; to be told twice to drain is the same as once.
        listeners: see `running`.
        read: the configuration as it is when the order to re-load comes; `ConfigError` means that nothing changes.
        ledger: takes note of every request for a model.

    Raises:
        OSError: the address cannot be listened on.
    """
    one_at_a_time = trio.Lock()
    async with running(config, core, listeners=listeners, ledger=ledger) as run, trio.open_nursery() as nursery:
        # What is there now stays: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        announce(run)
        async for order in orders:
            if order is Order.STOP:
                run.server.stop()
                break
            if order is Order.RELOAD:
                if read is not None and run.gateway.ready:
                    nursery.start_soon(_reload, run, read, one_at_a_time)
            elif run.gateway.ready:
                run.gateway.ready = False
                nursery.start_soon(_drain, run.server, nursery.cancel_scope)


@asynccontextmanager
async def signalled_orders() -> AsyncIterator[Orders]:
    """The orders of a process on its own: its first SIGTERM or SIGINT is to drain, a second one to stop.

    SIGHUP is to re-load the configuration.
    """
    with trio.open_signal_receiver(*_SIGNALS) as signals:
        yield _orders_of(signals)


async def _orders_of(signals: AsyncIterator[int]) -> AsyncIterator[Order]:
    order = Order.DRAIN
    async for number in signals:
        if number == signal.SIGHUP:
            yield Order.RELOAD
        else:
            yield order
            order = Order.STOP


async def _reload(run: Running, read: Callable[[], Config], one_at_a_time: trio.Lock) -> None:
    """All of the new configuration, or nothing of it."""
    async with one_at_a_time:
        try:
            config = await trio.to_thread.run_sync(read)
        except ConfigError as error:
            _log.error("nothing is re-loaded: %s", "; ".join(error.problems))
            return
        try:
            fixed = await run.replace(config)
        except Exception as error:  # noqa: BLE001 - whatever it is, what runs goes on
            _log.error("nothing is re-loaded: the gateway cannot be made (%s)", place_of(first_of(error)))
            return
        later = f"; not before the next start: {', '.join(fixed)}" if fixed else ""
        _log.info("re-loaded%s", later)


def prepare_process(config: Config) -> str | None:
    """Make a process of its own fit for serving: everything it says is JSON lines, and it may open enough files.

    Returns:
        A note for people when the system grants fewer open files than the connections allowed may need.
    """
    log = logging.getLogger("dragoman")
    if not log.handlers:
        log.addHandler(LogLines())
        log.setLevel(logging.INFO)
        log.propagate = False
    wanted = config.server.max_connections * _FILES_A_CLIENT + _FILES_BESIDE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    granted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < granted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
    if granted >= wanted:
        return None
    return (
        f"only {granted} open files are granted, and {wanted} may be needed: raise 'ulimit -n' or lower max_connections"
    )


async def _drain(server: Server, scope: trio.CancelScope) -> None:
    await server.drain()
    scope.cancel()


def _both(log: AccessLog, ledger: Ledger) -> AccessLog:
    def note(trail: Trail) -> None:
        log(trail)
        if trail.dialect is not None:
            ledger.enter(trail)

    return note


def _driver(config: Config) -> Driver:
    return cast("Driver", config.server.driver)  # one of them: the configuration is checked


def _upstreams(config: Config, ssl_context: ssl.SSLContext | None, budget: Budget) -> Upstreams:
    server, limits = config.server, limits_of(UpstreamLimits, config.server)
    if server.transport == "own":
        return Pool(limits, ssl_context, budget, driver=_driver(config))
    proxy = server.proxy.reveal() if server.proxy is not None else None
    return HttpxPool(limits, ssl_context, budget, proxy=proxy, http2=server.http2)


def _url(listener: trio.SocketListener) -> str:
    host, port = listener.socket.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
