"""An answer that was kept, in the place of a provider's response."""

from collections.abc import Mapping
from typing import Final

import trio

from ..http import Budget, Lease

# As much as comes in one read of a busy connection: small enough that others have their turn in between.
_PIECE: Final = 16_384
# The bytes are the store's, which has a bound of its own: they are not held once more.
_NOTHING: Final = Budget(0)


class Replayed:
    """See `http.UpstreamResponse`. A stream comes in pieces, as fast as it is taken."""

    def __init__(self, headers: Mapping[str, str], body: bytes) -> None:
        self.status = 200
        self.headers = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())
        self._body = body
        self._at = 0

    @property
    def lease(self) -> Lease:
        """Of no bytes."""
        return Lease(_NOTHING)

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, by its lower-case name."""
        return next((value for key, value in self.headers if key == name), None)

    async def receive(self) -> bytes:
        """The next piece of the body; empty at the end."""
        await trio.lowlevel.checkpoint()
        piece = self._body[self._at : self._at + _PIECE]
        self._at += len(piece)
        return piece

    async def read(self, limit: int | None = None) -> bytes:
        """The whole body, whatever the limit: it was held to one when it came."""
        del limit
        return self._body

    async def aclose(self) -> None:
        """Nothing is open."""
