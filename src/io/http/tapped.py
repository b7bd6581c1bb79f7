"""A response that somebody else reads along."""

from collections.abc import Callable

from .budget import Lease
from .response import Pumping, Take, pump
from .upstreams import UpstreamResponse


class Tapped(Pumping):
    """See `Response`.

    Args:
        response: any.
        tap: is given each piece of the body before whoever reads it. It must neither wait nor fail.
    """

    __slots__ = ("_response", "_tap", "headers", "status")

    def __init__(self, response: UpstreamResponse, tap: Callable[[bytes], None]) -> None:
        self.status = response.status
        self.headers = response.headers
        self._response = response
        self._tap = tap

    @property
    def lease(self) -> Lease:
        """Of the bytes that are held of its body."""
        return self._response.lease

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, by its lower-case name."""
        return self._response.header(name)

    async def receive(self) -> bytes:
        """The next piece of the body; empty at the end."""
        piece = await self._response.receive()
        self._tap(piece)
        return piece

    async def pump(self, take: Take) -> bool:
        """See `pump`."""

        def tapping(piece: bytes) -> bool:
            self._tap(piece)
            return take(piece)

        return await pump(self._response, tapping)

    async def read(self, limit: int | None = None) -> bytes:
        """The whole rest of the body."""
        data = await self._response.read(limit)
        self._tap(data)
        return data

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._response.aclose()
