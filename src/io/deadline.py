"""The time that a client, or a route, gives a call."""

from collections.abc import Iterator
from contextlib import contextmanager
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

    def missed(self, late: str) -> Refusal:
        """What the client is told when it is over.

        Args:
            late: the beginning of a sentence.
        """
        allowed = f"{self.by} allowed {round(self.seconds * 1000)}"
        return Refusal(504, "upstream_timeout", f"{late} in time ({allowed}).")


@contextmanager
def within(deadline: Deadline | None, late: str) -> Iterator[None]:
    """Do something within the time of a client that may have given none.

    Args:
        deadline: the client's.
        late: what to say when it is over: the beginning of a sentence.

    Raises:
        Refusal: 504, it is over.
    """
    if deadline is None:
        yield
        return
    with trio.CancelScope(deadline=deadline.at) as scope:
        yield
    if scope.cancelled_caught:
        raise deadline.missed(late)
