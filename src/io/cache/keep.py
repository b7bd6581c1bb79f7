"""An answer on its way into the cache, and how it is written there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import orjson

from ..http import Lease, Tapped, UpstreamResponse
from .stores import CacheStore

Fate = Literal["stored", "too_large", "unstored"]
"""What became of a good answer: it is kept, there is no room for it, or it is not one to be told to others."""

# Headers of a reply that say something of the answer itself, by name or by ``name*``. All others are about the exchange
# that is over: its ids, its limits.
_KEPT_HEADERS: Final = frozenset((b"content-type",))
_KEPT_BEGINNINGS: Final = (b"x-amzn-bedrock-",)


class Stored(NamedTuple):
    """A provider's whole answer to one call, with status 200.

    Attributes:
        headers: those that are kept, by name.
        body: its bytes, of a stream all that came.
    """

    headers: Mapping[str, str]
    body: bytes


class Keep:
    """Where the answer to one request goes when it turns out to be complete and good.

    Args:
        store: where it is kept.
        key: under which key.
        seconds: how long.
        most: largest answer.
        clock: seconds since 1970.
    """

    __slots__ = ("_body", "_clock", "_headers", "_key", "_lease", "_most", "_seconds", "_store")

    def __init__(self, store: CacheStore, key: bytes, seconds: float, most: int, clock: Callable[[], float]) -> None:
        self._store = store
        self._key = key
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._headers: Sequence[tuple[bytes, bytes]] = ()
        self._body: bytearray | None = None
        self._lease: Lease | None = None

    def tapped(self, response: UpstreamResponse) -> UpstreamResponse:
        """The same response, a stream, of which a copy is made as it is read: for `put_stream`.

        The copy counts for the bound on bodies in memory; where there is no room for it, none is made.
        """
        if response.status != 200:
            return response
        self._headers, self._lease, self._body = response.headers, response.lease, bytearray()
        return Tapped(response, self._collect)

    def _collect(self, piece: bytes) -> None:
        if self._body is None or self._lease is None:
            return
        if len(self._body) + len(piece) > self._most or not self._lease.take(len(piece)):
            self._body = None
        else:
            self._body += piece

    async def put_stream(self, secret: bytes) -> Fate:
        """Keep the stream that was tapped, which is over and has its end. Arguments and result as of `put`."""
        if self._body is None:
            return "unstored" if self._lease is None else "too_large"
        return await self.put([Stored(kept_headers(self._headers), bytes(self._body))], secret)

    async def put(self, replies: Sequence[Stored], secret: bytes) -> Fate:
        """Keep an answer.

        Args:
            replies: one for each call, all of them good.
            secret: the credential of the calls, or nothing. Where a server repeats it nothing is kept: another account
                may be told the answer, and its own secret only is hidden from it.
        """
        if sum(len(reply.body) for reply in replies) > self._most:
            return "too_large"
        if secret and any(secret in reply.body for reply in replies):
            return "unstored"
        await self._store.put(self._key, written(self._clock(), replies), self._seconds)
        return "stored"


def kept_headers(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Those headers of a reply that are kept."""
    return {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in headers
        if name in _KEPT_HEADERS or name.startswith(_KEPT_BEGINNINGS)
    }


def written(at: float, replies: Sequence[Stored]) -> bytes:
    """An answer as it is kept: a line of JSON, ``{"at", "replies": [[headers, size of body], ...]}``, and the bodies.

    Args:
        at: when it came, in seconds since 1970.
        replies: one for each call.
    """
    head = {"at": at, "replies": [(reply.headers, len(reply.body)) for reply in replies]}
    return b"".join((orjson.dumps(head, option=orjson.OPT_APPEND_NEWLINE), *(reply.body for reply in replies)))


def read(data: bytes) -> tuple[float, list[Stored]] | None:
    """When an answer came and what it is; None for what was not written by `written`."""
    head, _, rest = data.partition(b"\n")
    try:
        value: Any = orjson.loads(head)
        at, replies, place = float(value["at"]), [], 0
        for headers, size in value["replies"]:
            replies.append(Stored({str(name): str(text) for name, text in headers.items()}, rest[place : place + size]))
            place += size
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return None
    return (at, replies) if place == len(rest) else None
