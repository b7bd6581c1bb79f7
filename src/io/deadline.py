"""The time that a client, or a route, gives a call."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

import attrs
import trio

from .refusal import Refusal

CLIENT: Final = "x-dragoman-timeout-ms"


@attrs.frozen
class Deadline:
    """When an answer is wanted, whatever has to be done for it first.

    Attributes:
        seconds: what is allowed for the whole call.
        at: when they are over, on trio's clock.
        by: who says so.
    """

    seconds: float
    at: float
    by: str = CLIENT

    @classmethod
    def after(cls, seconds: float, by: str = CLIENT) -> "Deadline":
        """The deadline of a call that begins now."""
        return cls(seconds, trio.current_time() + seconds, by)

    @property
    def is_client(self) -> bool:
        """Whether it is the client who says so."""
        return self.by == CLIENT

    def left(self) -> float:
        """Seconds that are left; below 0 when it is over."""
        return self.at - trio.current_time()

    @contextmanager
    def hold(self, late: str) -> Iterator[trio.CancelScope]:
        """Do something within the time; its scope may be given more.

        Args:
            late: what to say when it is over: the beginning of a sentence.

        Raises:
            Refusal: 504, it is over.
        """
        with trio.CancelScope(deadline=self.at) as scope:
            yield scope
        if scope.cancelled_caught:
            allowed = f"{self.by} allowed {round(self.seconds * 1000)}"
            raise Refusal(504, "upstream_timeout", f"{late} in time ({allowed}).")


def within(deadline: Deadline | None, late: str) -> AbstractContextManager[object]:
    """`Deadline.hold` for a client that may have given none."""
    return nullcontext() if deadline is None else deadline.hold(late)
