"""What a gateway works with as long as its process runs, whatever becomes of its configuration meanwhile."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import attrs
import trio

from .cache import CacheStore, SharedAnswers
from .ledger import Ledger, LedgerError
from .limits import Limiter, Store, keeping
from .secret import Address
from .shared import Shared, sharing

_log = logging.getLogger("dragoman.limits")


@attrs.frozen
class Beside:
    """The ledger, and what several gateways share.

    Attributes:
        ledger: takes note of every request for a model.
        shared: the server of what several gateways share.
        store: where it is kept there what keys have used.
        answers: where answers are kept there.
    """

    ledger: Ledger | None = None
    shared: Shared | None = None
    store: Store | None = None
    answers: CacheStore | None = None

    def available(self) -> bool:
        """Whether the shared server can be asked; so it is where there is none."""
        return self.shared is None or self.shared.up

    async def count_spending(self, limiter: Limiter) -> None:
        """Limits in money go on where the ledger says that they were; where it is away, they begin at nothing."""
        ledger = self.ledger
        if ledger is None:
            return

        def spent(key: str, since: datetime) -> float:
            return ledger.spent(key, since.timestamp())

        try:
            before = await trio.to_thread.run_sync(limiter.spent_before, spent)
        except LedgerError as error:
            _log.error("what keys have spent is not known, their limits in money begin at 0: %s", error)
        else:
            await limiter.begin(before)

    async def count_again(
        self, limiter: Callable[[], Limiter], *, task_status: "trio.TaskStatus[trio.CancelScope]"
    ) -> None:
        """The same whenever the shared server is back, which may have lost what it knew.

        Args:
            limiter: gives the one of now.
            task_status: is told what ends it.
        """
        with trio.CancelScope() as scope:
            task_status.started(scope)
            while self.ledger is not None and self.shared is not None:
                await self.shared.came.wait()
                await self.count_spending(limiter())


NOTHING: Final = Beside()


@asynccontextmanager
async def stands_beside(address: Address | None, ledger: Ledger | None = None) -> AsyncIterator[Beside]:
    """All of it as long as the block.

    Args:
        address: of the shared server; None where there is none.
        ledger: None where there is none.
    """
    async with sharing(address) as shared, keeping(shared) as store:
        yield Beside(ledger, shared, store, None if shared is None else SharedAnswers(shared))
