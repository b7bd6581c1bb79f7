"""What several gateways share: a Valkey or Redis server (``[server] shared``), which may be away at any time.

Nobody ever waits for it longer than a call may take: while it is away, calls fail at once, and one task alone tries to
reach it again.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, TypeVar

import trio

from .faults import first_of
from .secret import Address

if TYPE_CHECKING:
    from coredis import Redis

_log = logging.getLogger("dragoman.shared")

CALL_SECONDS: Final = 1.0
"""What a call may take: the server needs a thousandth, a process with much to do may be that late to look."""
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 1.0
_COMPLAINT_SECONDS: Final = 60.0

_T = TypeVar("_T")


class SharedAway(Exception):  # noqa: N818 - a state of the world, which callers have an answer to
    """The shared server cannot be asked now."""


class Shared:
    """A shared server.

    Args:
        address: its URL: ``redis``, ``rediss`` (TLS), ``valkey``, ``valkeys`` or ``unix``.

    Attributes:
        up: whether it answers, as far as is known.
        came: set when it answers for the first time or again; another event then takes its place.
    """

    def __init__(self, address: Address) -> None:
        self.up = False
        self.came = trio.Event()
        self._address = address
        self._client: Redis[bytes] | None = None
        self._lost = trio.Event()
        self._told_away = False
        self._silent_until = 0.0

    @property
    def place(self) -> str:
        """Where it is, in words without a secret."""
        return str(self._address)

    async def call(self, work: Callable[["Redis[bytes]"], Awaitable[_T]]) -> _T:
        """Ask it.

        Args:
            work: what is asked. It is not cancelled with whoever calls this, since half an answer would be left.

        Raises:
            SharedAway: it does not answer in time, or not at all, or with an error.
        """
        client = self._client
        if not self.up or client is None:
            raise SharedAway
        cause = "no answer in time"
        with trio.move_on_after(CALL_SECONDS, shield=True):
            try:
                return await work(client)
            except _refusals() as error:
                # It answers, and others may be served: it has no memory left, or only reads.
                self._complain(self._words(error))
                raise SharedAway from None
            except Exception as error:  # noqa: BLE001 - whatever it is, there is no answer
                cause = self._words(error)
        self._lose(cause)
        raise SharedAway

    async def run(self, *, task_status: "trio.TaskStatus[None]" = trio.TASK_STATUS_IGNORED) -> None:
        """Keep a connection, until cancelled. It has started when the server was tried once."""
        pause = _FIRST_PAUSE
        while True:
            try:
                async with self._connected() as client:
                    with trio.fail_after(CALL_SECONDS):
                        await client.ping()
                    self._client = client
                    self._arrive()
                    pause = _FIRST_PAUSE
                    task_status.started()
                    task_status = trio.TASK_STATUS_IGNORED
                    await self._lost.wait()
            except Exception as error:  # noqa: BLE001 - whatever the client meets, the next one may do better
                self._lose(self._words(first_of(error)))
            finally:
                self._client, self.up = None, False
            task_status.started()
            task_status = trio.TASK_STATUS_IGNORED
            await trio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _connected(self) -> "Redis[bytes]":
        from coredis import Redis  # noqa: PLC0415 - an extra, and slow to import
        from coredis.retry import NoRetryPolicy  # noqa: PLC0415

        url = self._address.reveal()
        scheme, colon, rest = url.partition(":")
        return Redis.from_url(
            f"{_SCHEMES[scheme]}{colon}{rest}",
            connect_timeout=CALL_SECONDS,
            retry_policy=NoRetryPolicy(),
            verify_version=False,
        )

    def _arrive(self) -> None:
        self.up, self._lost = True, trio.Event()
        if self._told_away:
            _log.info("the shared server is back")
            self._told_away = False
        came, self.came = self.came, trio.Event()
        came.set()

    def _lose(self, cause: str) -> None:
        self.up = False
        self._lost.set()
        if not self._told_away:
            self._told_away = True
            _log.warning("the shared server %s is away: %s", self.place, cause)

    def _complain(self, cause: str) -> None:
        now = trio.current_time()
        if now >= self._silent_until:
            self._silent_until = now + _COMPLAINT_SECONDS
            _log.warning("the shared server %s refuses a call: %s", self.place, cause)

    def _words(self, error: BaseException) -> str:
        return self._address.hide(f"{type(error).__name__}: {error}")


_SCHEMES: Final = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss", "unix": "unix"}


def _refusals() -> tuple[type[Exception], ...]:
    from coredis.exceptions import ResponseError  # noqa: PLC0415 - an extra

    return (ResponseError,)


@asynccontextmanager
async def sharing(address: Address | None) -> AsyncIterator[Shared | None]:
    """The shared server of ``[server] shared`` as long as the block; None where there is none."""
    if address is None:
        yield None
        return
    async with trio.open_nursery() as nursery:
        shared = Shared(address)
        await nursery.start(shared.run)
        yield shared
        nursery.cancel_scope.cancel()
