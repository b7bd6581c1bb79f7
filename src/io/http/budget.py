"""A bound over all connections for the bodies that are held in memory."""


class Budget:
    """Counts the bytes that leases hold: one for a whole process, whose single thread makes it exact.

    Attributes:
        limit: Most bytes at once.
        held: Bytes now taken.
    """

    __slots__ = ("held", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0

    def has(self, size: int) -> bool:
        """Whether so many bytes are left."""
        return self.held + size <= self.limit


class Lease:
    """A budget's bytes, given back when the lease is no longer referred to.

    Whoever keeps a body keeps its lease beside it. So the count follows the memory and not somebody's memory of it: no
    way out of a connection, a handler or a cancelled task can forget to give something back.
    """

    __slots__ = ("_budget", "_size")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._size = 0

    def take(self, size: int) -> bool:
        """Take so many bytes more, if they are left."""
        if not self._budget.has(size):
            return False
        self._budget.held += size
        self._size += size
        return True

    def __del__(self) -> None:
        self._budget.held -= self._size
