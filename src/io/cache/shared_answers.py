"""Answers kept in a server that several gateways share."""

from contextlib import suppress
from typing import Final

from ..shared import Shared, SharedAway

_PREFIX: Final = b"dragoman:answers:"


class SharedAnswers:
    """Keeps answers in a shared server, which has a bound of its own (``maxmemory``).

    Args:
        shared: the server. While it is away nothing is found and nothing is kept.
    """

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    async def get(self, key: bytes) -> bytes | None:
        """See `CacheStore`."""
        try:
            return await self._shared.call(lambda client: client.get(_PREFIX + key))
        except SharedAway:
            return None

    async def put(self, key: bytes, value: bytes, ttl_seconds: float) -> None:
        """See `CacheStore`."""
        milliseconds = max(1, round(ttl_seconds * 1000))
        with suppress(SharedAway):
            await self._shared.call(lambda client: client.set(_PREFIX + key, value, px=milliseconds))
