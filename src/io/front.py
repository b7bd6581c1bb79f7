"""What the HTTP edge talks to: the gateway of now. Another one takes its place while what it began goes on."""

import attrs
import trio

from .gateway import Gateway, HeaderList
from .http import Exchange, Request


@attrs.define(eq=False)
class Term:
    """The time of one gateway.

    Attributes:
        gateway: it.
        running: how many requests it answers.
        ending: whether another one has taken its place.
        over: set when it has, and nothing of it goes on.
    """

    gateway: Gateway
    running: int = 0
    ending: bool = False
    over: trio.Event = attrs.field(factory=trio.Event)

    def end(self) -> None:
        """It takes nothing more."""
        self.ending = True
        self._settle()

    def leave(self) -> None:
        """One of its requests is over."""
        self.running -= 1
        self._settle()

    def _settle(self) -> None:
        if self.ending and not self.running:
            self.over.set()


class Front:
    """A handler of requests that is there as long as the server.

    Args:
        first: the time of the first gateway.
    """

    def __init__(self, first: Term) -> None:
        self._term = first

    @property
    def gateway(self) -> Gateway:
        """The gateway of now."""
        return self._term.gateway

    def replace(self, term: Term) -> None:
        """From now on another gateway answers; requests that are running stay where they are."""
        before, self._term = self._term, term
        term.gateway.ready = before.gateway.ready  # one that drains goes on to drain
        before.end()

    def end(self) -> None:
        """Nothing is taken any more."""
        self._term.end()

    async def __call__(self, exchange: Exchange) -> None:
        """Answer one request: see `Gateway`."""
        term = self._term
        term.running += 1
        try:
            await term.gateway(exchange)
        finally:
            term.leave()

    def error_answer(
        self, request: Request | None, path: str, status: int, code: str, message: str
    ) -> tuple[HeaderList, bytes]:
        """See `Gateway`."""
        return self.gateway.error_answer(request, path, status, code, message)

    def screen(self, request: Request) -> tuple[int, str, str] | None:
        """See `Gateway`."""
        return self.gateway.screen(request)

    def note_failure(self, error: Exception, request: Request | None) -> None:
        """See `Gateway`."""
        self.gateway.note_failure(error, request)
