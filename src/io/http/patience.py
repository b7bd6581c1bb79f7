"""How long a call to an upstream may take, where its caller knows better than the limits of all."""

import math
from collections.abc import Callable


class Patience:
    """The time for one call. It may change while the call runs.

    Whoever carries the call looks at it to connect, to send and to read: a scope around the call would cost more than
    to carry it.

    Attributes:
        until: when the call is given up, whatever it is at, on trio's clock.
        head: seconds for the head of the response, instead of the limits'; None leaves them to these.
        idle: the same for a read of the body to bring something.
    """

    __slots__ = ("_changed", "head", "idle", "until")

    def __init__(self, until: float = math.inf, *, head: float | None = None, idle: float | None = None) -> None:
        self.until = until
        self.head = head
        self.idle = idle
        self._changed: Callable[[], None] = _nothing

    def tell(self, changed: Callable[[], None]) -> None:
        """Have somebody, and nobody else, told of changes."""
        self._changed = changed

    def tell_nobody(self) -> None:
        """Whoever was told has done with the call."""
        self._changed = _nothing

    def change(self, until: float, idle: float | None = None) -> None:
        """From now on these times count, also for a read that has begun."""
        self.until, self.idle = until, idle
        self._changed()


def _nothing() -> None:
    """Nobody waits."""
