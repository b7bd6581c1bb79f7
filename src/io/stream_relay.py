"""A provider's stream on its way to the client: translated and sent on as it comes.

Of a route the beginning is held back until the stream has said something, so that one that fails before is no answer
and the next target can be asked. It is not held for long: clients and what is between them wait for a status.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import trio

from .attempt import Watch
from .calls import Call
from .core import Answer, Core
from .http import Exchange, UpstreamError, pump
from .http import UpstreamResponse as Response

HOLD_SECONDS: Final = 5.0
"""How long a beginning that says nothing is held back at most, from its first event."""
HOLD_BYTES: Final = 65_536
"""How much of it, in the client's bytes."""

Begin = Callable[[], Awaitable[None]]


class StreamRelay:
    """A stream on its way.

    Args:
        core: the translators.
        pipe: the core's.
        call: what was asked.
        exchange: the client's.
        max_unheard: most bytes of an event.
        begin: begins the client's answer.

    Attributes:
        pipe: the core's, as it is now.
    """

    __slots__ = (
        "_begin",
        "_call",
        "_core",
        "_exchange",
        "_first",
        "_hearing",
        "_max_unheard",
        "_releasing",
        "_unheard",
        "_watch",
        "pipe",
    )

    def __init__(self, core: Core, pipe: Any, call: Call, exchange: Exchange, max_unheard: int, begin: Begin) -> None:
        self._core = core
        self._max_unheard = max_unheard
        self._unheard = 0
        self._call = call
        self._exchange = exchange
        self._begin = begin
        # The first bytes for the client, which is sent nothing before its answer has begun.
        self._first = b""
        self._hearing = core.listen(pipe) if call.failover is not None else None
        self._releasing = False
        self._watch: Watch | None = call.watch
        self.pipe = pipe

    def refused(self) -> Answer | None:
        """The whole error to answer with, where the stream failed and the client need not know that there was one."""
        if self._exchange.started:
            return None
        # Once it has said something, it is told as it came, in however many pieces that was.
        unsaid = self._hearing is not None and not self._core.heard(self._hearing)
        return self._core.failed(self.pipe, True) if unsaid else self._core.failed(self.pipe)

    async def run(self, response: Response) -> None:
        """Relay until the stream is over, or is an error instead of an answer: see `refused`.

        Raises:
            UpstreamError: it was cut, or is too slow.
            Refusal: it did not begin in the time of the client or of the route.
        """
        while await self._pump(response):
            if self._first and not self._exchange.started and self.refused() is not None:
                return
            if self._is_decided():
                await self.go_on()
            if self._core.over(self.pipe):
                break

    async def go_on(self) -> None:
        """Begin the client's answer, if it has not begun, and send what is held back, or what has not left yet."""
        if not self._exchange.started:
            if self._watch is not None:
                self._watch.begin()
            await self._begin()
        if self._first:
            first, self._first = self._first, b""
            await self._exchange.send(first)
        else:
            await self._exchange.flush()

    def _is_decided(self) -> bool:
        """Whether the client's answer is to begin, or has."""
        hearing = self._hearing
        if hearing is None or self._exchange.started or len(self._first) > HOLD_BYTES:
            return True
        return self._core.heard(hearing) or self._core.over(self.pipe)

    def _take(self, data: bytes) -> bool:
        """Send on what came; returns whether to wait: for the answer to begin, for the client, or for nothing more.

        Raises:
            UpstreamError: an event is larger than a whole reply may be.
        """
        core = self._core
        self.pipe, out = core.feed(self.pipe, data)
        if self._hearing is not None:
            # Only as long as it matters: later the pipe alone is fed.
            self._hearing = None if self._exchange.started else core.hear(self._hearing, data)
        if not out:
            # What yields nothing may be an event without end, of which the pipe holds what has come.
            self._unheard += len(data)
            if self._unheard > self._max_unheard:
                raise UpstreamError("too_large", f"an event of over {self._unheard} bytes", sent=True)
            if not self._exchange.started and self._hearing is not None and core.heard(self._hearing):
                return True  # the answer has begun, though in the client's dialect there is nothing to say of it yet
        else:
            self._unheard = 0
            out = self._call.hide_in(core, self.pipe, out)
            if self._releasing or not self._exchange.started:
                held = bool(self._first)
                self._first += out
                return self._releasing or not held or self._is_decided()
            if not self._exchange.send_now(out):
                return True
        return core.over(self.pipe)

    async def _pump(self, response: Response) -> bool:
        if self._first and not self._exchange.started:
            return await self._pump_held(response)
        return await self._read(response)

    async def _read(self, response: Response) -> bool:
        """Hand on what comes.

        Raises:
            UpstreamError: see `pump`; or the times of the route are over.
            Refusal: the time until the stream begins is over.
        """
        try:
            return await pump(response, self._take)
        except UpstreamError as error:
            raise error if self._watch is None else self._watch.told(error) from None

    async def _pump_held(self, response: Response) -> bool:
        """The same while something is held back, which is sent when it is held for too long."""
        stopped = False
        failure: Exception | None = None
        async with trio.open_nursery() as nursery:
            nap = trio.CancelScope()
            nursery.start_soon(self._release, nap)
            try:
                stopped = await self._read(response)
            except Exception as error:  # noqa: BLE001 - raised again, without the group that a nursery would make of it
                failure = error
            # A release that is under way goes on: half a chunk can neither be taken back nor be followed by another.
            nap.cancel()
        if failure is not None:
            raise failure
        return stopped

    async def _release(self, nap: trio.CancelScope) -> None:
        with nap:
            await trio.sleep(HOLD_SECONDS)
        if nap.cancelled_caught:
            return
        self._releasing = True
        try:
            await self.go_on()
        finally:
            self._releasing = False
