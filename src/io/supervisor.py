"""Several processes on one port: starts workers, replaces the dead, and ends them all.

The supervisor binds a socket with SO_REUSEPORT for each worker and hands it down, bound but not listening: whether the
address can be had shows before anything is started, and a worker takes connections only when it is ready for them.
The kernel spreads connections over the sockets that listen, so a dead worker's share goes to the others. To re-load is
an order like others: a worker that ended for it would have to close connections on which requests may be under way.

Between supervisor and worker are two pipes, and no signals, since a terminal or a service manager may send those to
all processes alike:

    the worker's stdin    one byte is one order; its end is the order to drain, even if the supervisor was killed
    the worker's stdout   its announcement, which ends when it is ready

The worker's half is in `worker`.
"""

import errno
import logging
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from typing import Final

import attrs
import trio

from .config import ConfigError
from .metrics import forget_worker
from .server import Order
from .settings import EMPTY

_log = logging.getLogger("dragoman.workers")

# A worker that is not ready after this time is given up.
_START_SECONDS: Final = 60.0
# A worker that lived so long did not die of its start.
_STABLE_SECONDS: Final = 10.0
# The waits before a worker that dies at once again and again is replaced: the first is replaced without one.
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
# So many such deaths in a row, while no other worker serves, and the supervisor gives up.
_MAX_FAILURES: Final = 5
# What an order may take beyond its own time; then the worker is killed.
_GRACE_SECONDS: Final = 5.0


class CannotServe(Exception):  # noqa: N818 - what it says is no error of this program
    """There is no serving here, or no more; the message is for the person at the terminal."""


def bind(host: str, port: int) -> list[socket.socket]:
    """Sockets on every address of a host, bound to one port and not listening. Together they reserve the port.

    Args:
        host: a name or address; an empty one means every interface.
        port: 0 for a free one, the same on every address.

    Raises:
        OSError: the address is taken, or not this machine's.
        CannotServe: the system does not know SO_REUSEPORT.
    """
    if not hasattr(socket, "SO_REUSEPORT"):
        raise CannotServe("several workers need SO_REUSEPORT, which this system does not have: run one worker")
    addresses = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    with ExitStack() as opened:
        sockets: list[socket.socket] = []
        unknown: OSError | None = None
        for family, _, _, _, (name, _, *rest) in addresses:
            try:
                # A port may be shared with all who ask for that, another gateway too: first see whether it is free.
                with _bound(family, (name, port, *rest), share=False) as probe:
                    port = probe.getsockname()[1]
            except OSError as error:
                if error.errno != errno.EAFNOSUPPORT:
                    raise
                unknown = error  # a system without IPv6 may still name such addresses
            else:
                sockets.append(opened.enter_context(_bound(family, (name, port, *rest), share=True)))
        if unknown is not None and not sockets:
            raise unknown
        opened.pop_all()
    return sockets


def _bound(family: int, address: tuple[object, ...], *, share: bool) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if share:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # Whoever shares it shares this too: a copy that waited would make a worker wait.
        made.setblocking(False)
        made.bind(address)
    except BaseException:
        made.close()
        raise
    return made


@attrs.define(eq=False)
class _Worker:
    """A process.

    Attributes:
        process: it.
        started: when, by trio's clock.
        words: its announcement, once it is ready.
        end: how it ended, once it has.
        wanted: whether it is replaced when it ends.
    """

    process: trio.Process
    started: float = attrs.field(factory=trio.current_time)
    words: str = ""
    end: str = ""
    wanted: bool = True

    @property
    def name(self) -> str:
        """For the log."""
        return f"worker {self.process.pid}"

    @property
    def serves(self) -> bool:
        """Whether it takes requests and is meant to."""
        return self.wanted and bool(self.words)

    async def ready(self) -> bool:
        """Wait until it is ready; False when it ends before that, or takes too long and is killed."""
        assert self.process.stdout is not None
        words = b""
        with trio.move_on_after(_START_SECONDS) as waiting:
            async for data in self.process.stdout:
                words += data
        if waiting.cancelled_caught:
            self.process.kill()
            return False
        self.words = words.decode("utf-8", "replace")
        return bool(words)

    async def obey(self, order: Order) -> None:
        """Give it an order. After one to end it is not replaced."""
        self.wanted = self.wanted and order is Order.RELOAD
        assert self.process.stdin is not None
        with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
            await self.process.stdin.send_all(order.value)

    async def ended(self) -> None:
        """Wait for its end."""
        status = await self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            await pipe.aclose()
        self.end = f"was killed by {_signal_name(-status)}" if status < 0 else f"ended with exit status {status}"
        if not self.words:
            self.end += " before it was ready"


@attrs.define(eq=False)
class Supervisor:
    """Keeps workers running.

    Attributes:
        command: starts a worker; the descriptors of its sockets are put behind it, separated by commas.
        sockets: as from `bind`. They are kept as long as the supervisor lives, which reserves the port for it.
        count: how many workers.
        drain_seconds: what running requests get at the end.
        recheck: called on SIGHUP, before the workers are told to re-load; raises `ConfigError` to prevent that.
        announce: called when all workers are ready, with the words of the first and the process ids of all.
        variables: of the environment, for the workers.
    """

    command: Sequence[str]
    sockets: Sequence[socket.socket]
    count: int
    drain_seconds: float
    recheck: Callable[[], object]
    announce: Callable[[str, Sequence[int]], None]
    variables: Mapping[str, str] = EMPTY
    _workers: set[_Worker] = attrs.field(factory=set, init=False)
    _ending: trio.Event = attrs.field(factory=trio.Event, init=False)
    _reloads: int = attrs.field(default=0, init=False)
    _fault: str | None = attrs.field(default=None, init=False)

    async def run(self) -> None:
        """Keep workers running until SIGTERM or SIGINT, then let them drain; a second signal ends them at once.

        Raises:
            CannotServe: a worker ended before it was ready, at first or again and again.
        """
        with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as signals:
            async with trio.open_nursery() as nursery:
                async with trio.open_nursery() as keeping:
                    nursery.start_soon(self._obey, signals, nursery)
                    await self._start_all(keeping)
                nursery.cancel_scope.cancel()
        if self._fault is not None:
            raise CannotServe(self._fault)

    async def _start_all(self, keeping: trio.Nursery) -> None:
        """Start the first, and the others when it is ready: a fault that all would have is told once."""
        workers = [await self._start(keeping)]

        async def start_another() -> None:
            workers.append(await self._start(keeping))

        if workers[0].words:
            async with trio.open_nursery() as nursery:
                for _ in range(self.count - 1):
                    nursery.start_soon(start_another)
        if self._ending.is_set():
            return
        if all(worker.words for worker in workers):
            self.announce(workers[0].words, [worker.process.pid for worker in workers])
            return
        for worker in workers:
            if worker.end:
                _log.error("%s %s", worker.name, worker.end)
        self._fault = "the workers cannot start"
        await self._end_all(Order.DRAIN)

    async def _start(self, keeping: trio.Nursery, failures: int = 0) -> _Worker:
        """A new worker that is ready and kept, or one that has ended before.

        Args:
            keeping: where it is kept.
            failures: see `_keep`.
        """
        reloads = self._reloads
        worker = await self._spawn()
        self._workers.add(worker)
        if self._ending.is_set():
            await worker.obey(Order.DRAIN)
        elif reloads != self._reloads:
            await worker.obey(Order.RELOAD)
        if await worker.ready():
            keeping.start_soon(self._keep, worker, failures, keeping)
        else:
            await self._ended(worker)
        return worker

    async def _ended(self, worker: _Worker) -> None:
        """Wait for the end of a worker."""
        await worker.ended()
        self._workers.discard(worker)
        forget_worker(worker.process.pid, self.variables)

    async def _spawn(self) -> _Worker:
        with ExitStack() as opened:
            sockets = [opened.enter_context(_bound(one.family, one.getsockname(), share=True)) for one in self.sockets]
            descriptors = [made.fileno() for made in sockets]
            process = await trio.lowlevel.open_process(
                [*self.command, ",".join(map(str, descriptors))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=descriptors,
                env={**os.environ, **self.variables},
                process_group=0,  # Ctrl-C is the supervisor's matter
            )
        return _Worker(process)

    async def _keep(self, worker: _Worker, failures: int, keeping: trio.Nursery) -> None:
        """Wait for the end of a worker, and replace it if it is still wanted then.

        Args:
            worker: the worker.
            failures: how many before it, one after the other, died young.
            keeping: where its successor is kept.
        """
        await self._ended(worker)
        if not worker.wanted:
            _log.info("%s %s", worker.name, worker.end)
            return
        failures = failures + 1 if trio.current_time() - worker.started < _STABLE_SECONDS else 0
        while failures < _MAX_FAILURES or any(other.serves for other in self._workers):
            pause = min(_FIRST_PAUSE * 2 ** (failures - 2), _LONGEST_PAUSE) if failures > 1 else 0.0
            when = f" in {pause:g} s" if pause else ""
            _log.warning("%s %s; another one is started%s", worker.name, worker.end, when)
            with trio.move_on_after(pause):
                await self._ending.wait()
            if self._ending.is_set():
                return
            worker = await self._start(keeping, failures)
            if worker.words:
                return
            failures += 1
        _log.error("%s %s", worker.name, worker.end)
        self._fault = "no worker is left, and none can start"
        await self._end_all(Order.DRAIN)

    async def _obey(self, signals: AsyncIterator[int], nursery: trio.Nursery) -> None:
        async for number in signals:
            if number == signal.SIGHUP:
                if not self._ending.is_set():
                    await self._reload()
            elif self._ending.is_set():
                await self._end_all(Order.STOP)
                nursery.start_soon(self._kill_all_after, _GRACE_SECONDS)
            else:
                await self._end_all(Order.DRAIN)
                nursery.start_soon(self._kill_all_after, self.drain_seconds + _GRACE_SECONDS)

    async def _end_all(self, order: Order) -> None:
        self._ending.set()
        for worker in tuple(self._workers):
            await worker.obey(order)

    async def _kill_all_after(self, seconds: float) -> None:
        await trio.sleep(seconds)
        for worker in self._workers:
            worker.process.kill()

    async def _reload(self) -> None:
        """Let all workers re-load, where the configuration is good: each of them says so."""
        try:
            self.recheck()
        except ConfigError as error:
            _log.error("nothing is re-loaded: %s", "; ".join(error.problems))
            return
        self._reloads += 1
        # One that is not ready may have read it before it changed: it finds the order when it is.
        for worker in tuple(self._workers):
            await worker.obey(Order.RELOAD)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
