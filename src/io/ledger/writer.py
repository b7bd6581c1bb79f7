"""Entries on their way to the ledger."""

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Final

from ..access_log import Trail
from ..secret import Address
from .engines import TABLE, Engine, LedgerError, Sqlite, engine_of
from .entry import Entry, entry_of

_log = logging.getLogger("dragoman.ledger")

# What a process that is killed may take with it.
_INTERVAL_SECONDS: Final = 0.5
_BATCH: Final = 1000
# Some 50 MB; at 100 requests a second an engine may be away for eight minutes.
_MOST_WAITING: Final = 50_000
# What the end of the process may wait for the last batches.
_STOP_SECONDS: Final = 3.0


class Ledger:
    """Takes entries without ever waiting, and writes them in a thread of its own.

    Args:
        engine: where to.
        most: entries that wait for an engine that is away; what comes when there are so many is counted only.

    Attributes:
        lost: how many entries were not kept.
    """

    def __init__(self, engine: Engine, most: int = _MOST_WAITING) -> None:
        self.lost = 0
        self._engine = engine
        self._most = most
        self._waiting: deque[Entry] = deque()
        self._held: list[Entry] = []
        self._ending = threading.Event()
        self._away = False
        self._told_lost = 0
        self._token = secrets.token_hex(8)
        self._numbers = count()
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def enter(self, trail: Trail) -> None:
        """Take note of a request that is over."""
        if len(self._waiting) >= self._most:
            self.lost += 1
            if self.lost == 1:
                _log.error("the ledger takes nothing in and %d entries wait: no more are kept", self._most)
            return
        number = f"{self._token}-{next(self._numbers)}"
        self._waiting.append(entry_of(trail, number, time.time(), time.monotonic()))

    @property
    def place(self) -> str:
        """Where it is, in words without a secret."""
        return self._engine.place

    def spent(self, key: str, since: float) -> float:
        """What a key has spent, as far as it is written and known. It waits for the engine: for a thread.

        Args:
            key: its name.
            since: seconds since 1970.

        Returns:
            USD.

        Raises:
            LedgerError: the engine is away.
        """
        engine = self._engine.again()
        try:
            statement = f"SELECT COALESCE(SUM(cost), 0) FROM {TABLE} WHERE key = ? AND time >= ?"  # noqa: S608
            ((usd,),) = engine.rows(statement, [key, int(since * 1000)])
            return float(usd)
        finally:
            engine.close()

    def stop(self, seconds: float = _STOP_SECONDS) -> None:
        """Write what is left, as far as that can be done in the time."""
        self._ending.set()
        self._thread.join(seconds)
        left = len(self._held) + len(self._waiting)
        if left or self.lost:
            _log.error("%d entries of the ledger could not be written", left + self.lost)

    def _run(self) -> None:
        last = False
        while not last:
            last = self._ending.wait(_INTERVAL_SECONDS)
            while self._write_some():
                pass
        self._engine.close()

    def _write_some(self) -> bool:
        """Write a batch; whether there is more and it can be written."""
        if not self._held:
            self._held = [self._waiting.popleft() for _ in range(min(len(self._waiting), _BATCH))]
        if not self._held:
            return False
        try:
            self._offer(self._held)
        except LedgerError as error:
            if error.refused:
                self._write_one_by_one()
                return True
            if not self._away:
                _log.warning("the ledger cannot be written, entries are kept and tried again: %s", error)
            self._away = True
            return False
        self._held = []
        if self._away or self.lost > self._told_lost:
            _log.info("the ledger is written again; %d entries were lost", self.lost - self._told_lost)
            self._away, self._told_lost = False, self.lost
        return True

    def _offer(self, entries: list[Entry]) -> None:
        try:
            self._engine.write(entries)
        except LedgerError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever an entry does to a driver, the thread must go on
            raise LedgerError(type(error).__name__, refused=True) from None

    def _write_one_by_one(self) -> None:
        """Find the entries that the engine will not have: they must not be in the way of all others."""
        while self._held:
            try:
                self._offer(self._held[:1])
            except LedgerError as error:
                if not error.refused:
                    return
                self.lost += 1
                refused = dict(zip(*self._held[0], strict=True))
                _log.warning("the ledger refuses the entry of the request %s", refused["request_id"])
            del self._held[0]


@contextmanager
def started(address: Address | None, env: Mapping[str, str]) -> Iterator[Ledger | None]:
    """The ledger of ``[server] ledger`` as long as the block; None where there is none.

    Raises:
        LedgerError: a file that was configured cannot be used.
    """
    engine = engine_of(address, env)
    if engine is not None:
        try:
            engine.open()
        except LedgerError as error:
            if address is None:
                _log.warning('there is no ledger: %s; name another place, or say [server] ledger = "off"', error)
                engine = None
            elif isinstance(engine, Sqlite):
                raise
            else:
                _log.warning("the ledger is away, entries are kept and tried again: %s", error)
    if engine is None:
        yield None
        return
    ledger = Ledger(engine)
    ledger.start()
    try:
        yield ledger
    finally:
        ledger.stop()
