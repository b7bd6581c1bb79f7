"""What a provider remembers between requests: the prompt prefixes in its cache."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable

KEPT_PREFIXES = 10_000


class Memory:
    """The prefixes seen so far, oldest forgotten first."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, prefix: str) -> bool:
        return prefix in self._seen

    def add(self, prefix: str) -> None:
        """Remember a prefix."""
        self._seen[prefix] = None
        self._seen.move_to_end(prefix)
        if len(self._seen) > KEPT_PREFIXES:
            self._seen.popitem(last=False)


def prefixes(pieces: Iterable[bytes]) -> list[tuple[str, int]]:
    """For every piece the name of the prefix that ends with it, and that prefix's bytes."""
    digest, size, found = hashlib.sha256(), 0, []
    for piece in pieces:
        digest.update(len(piece).to_bytes(8, "big") + piece)
        size += len(piece)
        found.append((digest.hexdigest(), size))
    return found


def mint(prefix: str, length: int, *parts: bytes) -> str:
    """An id that follows from the parts, so that the same request gets the same one."""
    return prefix + hashlib.sha256(b"\0".join(parts)).hexdigest()[:length]
