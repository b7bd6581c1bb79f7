"""Bodies that come compressed though nobody asked: some providers, and proxies before them, do so all the same."""

import zlib
from typing import Final

from .budget import Lease
from .response import overfull
from .upstream_error import UpstreamError
from .upstreams import UpstreamResponse

_CODINGS: Final = frozenset((b"gzip", b"x-gzip", b"deflate"))
# A few bytes may unpack to a thousand times as many: they are taken in pieces, so that limits can stop them.
_PIECE: Final = 64 * 1024
# Either format, told by its first bytes.
_WINDOW: Final = zlib.MAX_WBITS | 32
_NO_END: Final = "the compressed body has no end"


def packing(response: UpstreamResponse) -> bytes:
    """The coding of a body; empty when it is as it is."""
    coding = (response.header(b"content-encoding") or b"").strip().lower()
    return b"" if coding == b"identity" else coding


def unpacked(response: UpstreamResponse) -> UpstreamResponse:
    """The response with its body as it was before it was compressed; itself when it was not, or in an unknown way."""
    return Unpacked(response) if packing(response) in _CODINGS else response


class Unpacked:
    """See `Response`; the limits are those of the unpacked body."""

    def __init__(self, packed: UpstreamResponse) -> None:
        self.status = packed.status
        self.headers = tuple(
            header for header in packed.headers if header[0] not in (b"content-encoding", b"content-length")
        )
        self._packed = packed
        self._inflate = zlib.decompressobj(_WINDOW)
        self._rest = b""
        self._begun = False

    @property
    def lease(self) -> Lease:
        """Of the bytes that are held of it."""
        return self._packed.lease

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, by its lower-case name."""
        return next((value for key, value in self.headers if key == name), None)

    async def receive(self) -> bytes:
        """The next piece of the body; empty at the end.

        Raises:
            UpstreamError: as `Response`, or the body is not what its coding promises, or has no end.
        """
        while True:
            data, self._rest = self._rest, b""
            if not data and not (data := await self._packed.receive()):
                if self._begun and not self._inflate.eof:
                    raise UpstreamError("truncated", _NO_END, sent=True)
                return b""
            self._begun = True
            if self._inflate.eof:  # the next of several members
                self._inflate = zlib.decompressobj(_WINDOW)
            try:
                piece = self._inflate.decompress(data, _PIECE)
            except zlib.error:
                raise UpstreamError("protocol", "the body is not compressed as its head says", sent=True) from None
            self._rest = self._inflate.unused_data or self._inflate.unconsumed_tail
            if piece:
                return piece

    async def read(self, limit: int | None = None) -> bytes:
        """The whole rest of the body.

        Raises:
            UpstreamError: as `receive`, or `too_large` or `overloaded`.
        """
        body = bytearray()
        while piece := await self.receive():
            body += piece
            if limit is not None and (error := overfull(self.lease, len(piece), len(body), limit)) is not None:
                await self.aclose()
                raise error
        return bytes(body)

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._packed.aclose()
