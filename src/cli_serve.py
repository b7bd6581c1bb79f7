"""The gateway as a process on its own, as one of several, and the process above several."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import attrs
import orjson
import trio

from . import cli_standins
from .io import worker
from .io.config import NO_ACCOUNTS, Config, ConfigError
from .io.ledger import Ledger, LedgerError, started
from .io.limits import SHARED_FOLDER
from .io.metrics import VARIABLE as COUNTS
from .io.server import Orders, Running, serve_until_told, signalled_orders
from .io.settings import AccountConfig
from .io.supervisor import CannotServe, Supervisor, bind
from .io.watch import watched
from .translate import boundary

Say = Callable[[str], None]
Read = Callable[[], Config]


def serve_alone(config: Config, read: Read, say: Say) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        config: what to serve.
        read: reads it again, on SIGHUP; raises `ConfigError` when something in it is at fault.
        say: puts lines on stdout.

    Raises:
        CannotServe: there is nothing to serve, no place for counts, or the address cannot be listened on.
    """
    _check_folder(config)
    with watched(_file_of(config)):
        _serve(config, signalled_orders(), say, read)


def serve_as_worker(config: Config, descriptors: Sequence[int], read: Read, say: Say) -> None:
    """Serve on sockets that a supervisor bound, until it says so or is no more. For the rest see `serve_alone`."""

    def tell(words: str) -> None:
        say(words)
        worker.end_of_announcement()

    _serve(config, worker.supervised_orders(), tell, read, descriptors)


def supervise(config: Config, path: Path | None, recheck: Callable[[], object], say: Say) -> None:
    """Keep ``config.server.workers`` workers running until SIGTERM or SIGINT.

    Args:
        config: what they serve.
        path: the configuration file, if one was named; they read it themselves.
        recheck: raises `ConfigError` when what they would read now is at fault.
        say: puts lines on stdout.

    Raises:
        CannotServe: the address cannot be listened on, there is no place for counts, or the workers cannot start.
    """
    _check_folder(config)
    server = config.server

    def announce(words: str, processes: Sequence[int]) -> None:
        say(f"{words}workers: {len(processes)} (processes {', '.join(map(str, processes))})")

    try:
        sockets = bind(server.host, server.port)
    except OSError as error:
        raise _cannot_listen(config, error) from None
    # -P: the folder where the gateway is started is no place to import from.
    command = [sys.executable, "-P", "-m", "dragoman", "serve", *(["--config", str(path)] if path else ()), "--inherit"]
    with _counting(config) as counts, _limiting() as limits, watched(_file_of(config)):
        variables = {**counts, **limits}
        trio.run(Supervisor(command, sockets, server.workers, server.drain_seconds, recheck, announce, variables).run)


def _file_of(config: Config) -> Path | None:
    """The file to watch."""
    return Path(config.source) if config.server.watch else None


def _check_folder(config: Config) -> None:
    """Do nothing where counts are in memory, or in a folder that was named and is there.

    Raises:
        CannotServe: it is not, or cannot be written.
    """
    folder = os.environ.get(COUNTS)
    if folder is None or config.server.metrics == "off":
        return
    if not Path(folder).is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise CannotServe(
            f'{COUNTS} is "{folder}", which is no folder that can be written: make it, or leave the variable unset'
        )


@contextmanager
def _counting(config: Config) -> Iterator[Mapping[str, str]]:
    """A folder in which the workers count together, until they have ended; what they must know of it.

    Raises:
        CannotServe: there is no place for it.
    """
    if config.server.metrics == "off" or COUNTS in os.environ:
        yield {}
        return
    with _folder("counts", "count", ', or [server] metrics = "off"') as name:
        yield {COUNTS: name}


@contextmanager
def _limiting() -> Iterator[Mapping[str, str]]:
    """A folder in which the workers keep what keys have used; what they must know of it.

    Raises:
        CannotServe: there is no place for it.
    """
    with _folder("limits", "keep limits") as name:
        yield {SHARED_FOLDER: name}


@contextmanager
def _folder(name: str, what: str, otherwise: str = "") -> Iterator[str]:
    """A folder that the workers share until they have ended."""
    try:
        folder = TemporaryDirectory(prefix=f"dragoman-{name}-", ignore_cleanup_errors=True)
    except OSError as error:
        raise CannotServe(
            f"workers {what} in files, and there is no folder for them: {error.strerror or error}; "
            f"set TMPDIR to one that can be written{otherwise}"
        ) from None
    with folder as path:
        yield path


def _serve(
    config: Config,
    orders: AbstractAsyncContextManager[Orders],
    say: Say,
    read: Read,
    descriptors: Sequence[int] | None = None,
) -> None:
    try:
        with started(config.server.ledger, os.environ) as ledger:
            fault = trio.run(_serve_until_told, config, orders, say, read, descriptors, ledger)
    except LedgerError as error:
        raise CannotServe(f"the ledger cannot be used: {error}") from None
    if fault is not None:
        raise fault


async def _serve_until_told(
    config: Config,
    orders: AbstractAsyncContextManager[Orders],
    say: Say,
    read: Read,
    descriptors: Sequence[int] | None,
    ledger: Ledger | None,
) -> CannotServe | None:
    # Faults are returned, since a nursery would wrap what is raised inside it.
    fault: CannotServe | None = None
    more: Mapping[str, AccountConfig] = {}
    async with trio.open_nursery() as nursery:
        if config.source == "environment" and not cli_standins.missing():
            more = await cli_standins.demo_accounts(nursery, orjson.loads(boundary.providers()))
            config = _with(config, more)
        if not config.accounts:
            return CannotServe(NO_ACCOUNTS)
        listeners = None if descriptors is None else worker.inherited(descriptors)
        try:
            async with orders as given:
                await serve_until_told(
                    config,
                    boundary,
                    lambda run: say("\n".join(_announcement(config, run, ledger))),
                    given,
                    listeners=listeners,
                    read=lambda: _usable(_with(read(), more)),
                    ledger=ledger,
                )
        except OSError as error:
            fault = _cannot_listen(config, error)
        nursery.cancel_scope.cancel()
    return fault


def _with(config: Config, accounts: Mapping[str, AccountConfig]) -> Config:
    return attrs.evolve(config, accounts={**config.accounts, **accounts}) if config.source == "environment" else config


def _usable(config: Config) -> Config:
    """The configuration.

    Raises:
        ConfigError: it has nothing to serve.
    """
    if not config.accounts:
        raise ConfigError([NO_ACCOUNTS])
    return config


_MEANWHILE: Final = {
    "closed": "keys with limits are refused",
    "open": "limits do not count",
}


def _announcement(config: Config, run: Running, ledger: Ledger | None) -> Iterator[str]:
    yield f"dragoman listens on {', '.join(run.urls)} ({config.source})"
    named = (f"{name} ({account.provider})" for name, account in config.accounts.items())
    yield f"accounts: {', '.join(named)}"
    if config.routes:
        told = (f"{name} ({', '.join(map(str, route.targets))})" for name, route in config.routes.items())
        yield f"routes: {', '.join(told)}"
    if config.keys:
        yield f"keys: {', '.join(config.keys)}"
    else:
        yield "keys: none, everybody who reaches this address may use every account"
    server = config.server
    yield f"driver: {server.driver}; calls to providers: {server.transport}; workers: {server.workers}"
    readers = {"open": "open to everybody", "key": "for whoever has a key"}.get(server.metrics)
    yield f"metrics: {run.urls[0]}/metrics, {readers}" if readers else "metrics: off"
    yield f"ledger: {'off' if ledger is None else ledger.place}"
    if server.shared is not None:
        known = (
            "" if run.gateway.available() else f", which is away: {_MEANWHILE[server.shared_failure]} until it is back"
        )
        yield f"limits: shared at {server.shared}{known}"
    if kept := list(_kept(config)):
        where = "at the shared server" if config.cache.store == "shared" else "in memory"
        yield f"cache of answers, {where}: {', '.join(kept)}"
    if config.tracing.enabled:
        yield "traces: by OTLP" + (", continued to providers" if config.tracing.propagate else "")
    if model := cli_standins.demo_model(config.accounts):
        body = f'{{"model":"{model}","messages":[{{"role":"user","content":"Hello"}}]}}'
        yield f"try: curl {run.urls[0]}/v1/chat/completions -H 'content-type: application/json' -d '{body}'"


def _kept(config: Config) -> Iterator[str]:
    """Whose answers are kept for how long, of requests that do not say."""
    if config.cache.ttl_seconds:
        yield f"all requests ({config.cache.ttl_seconds:g} s)"
    for name, route in config.routes.items():
        if route.cache_seconds is not None:
            yield f"{name} ({route.cache_seconds:g} s)"


def _cannot_listen(config: Config, error: OSError) -> CannotServe:
    server = config.server
    return CannotServe(f"cannot listen on {server.host} port {server.port}: {error.strerror or error}")
