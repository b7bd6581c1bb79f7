"""Which requests the cache is for, under which keys their answers are, and what is found there."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import attrs
import orjson

from ..cache_settings import CacheConfig
from ..core import Core
from ..keys import Key
from ..options import CacheWish
from ..refusal import Refusal
from .keep import Keep, Stored, read
from .stores import CacheStore, MemoryStore

if TYPE_CHECKING:
    from ..calls import Call

# What else is put into a key changes this word: gateways of several versions may share a store.
_FORM: Final = "dragoman answer 1"
_CACHED: Final = frozenset(("generate", "embed"))


@attrs.define
class Caching:
    """What a request may do with the cache.

    Attributes:
        seconds: how old an answer may be, and how long a new one is kept.
        reads: whether an answer that is there is told; if not, a new one takes its place.
        whose: name of the only key that is told the answers; ``""`` where every key is.
        calls: the translated calls of the attempt that is to be made, from the look into the cache until then.
    """

    seconds: float
    reads: bool
    whose: str
    calls: "Sequence[Call]" = ()

    def take_calls(self) -> "Sequence[Call]":
        """The calls of the attempt, which are kept here no longer."""
        calls, self.calls = self.calls, ()
        return calls


class Found(NamedTuple):
    """An answer that was kept.

    Attributes:
        age: whole seconds since it came.
        replies: one for each call.
    """

    age: int
    replies: Sequence[Stored]


class AnswerCache:
    """The cache of a gateway.

    Args:
        config: its settings.
        core: tells what of a call counts.
        store: where the answers are.
        clock: seconds since 1970.

    Attributes:
        store: where the answers are.
    """

    def __init__(
        self, config: CacheConfig, core: Core, store: CacheStore, clock: Callable[[], float] = time.time
    ) -> None:
        self.store = store
        self._config = config
        self._core = core
        self._clock = clock

    def caching(self, action: str, key: Key, wish: CacheWish | None, of_route: float | None) -> Caching | None:
        """What a request may do with the cache; None where it is not for it.

        Args:
            action: what is asked for.
            key: of the request.
            wish: of the request.
            of_route: the seconds that its route says, if there is a route and it says.

        Raises:
            Refusal: 403, its key has nothing to do with the cache; 400, it wishes for a new answer to be kept, and
                nobody says how long.
        """
        seconds = self._config.ttl_seconds if of_route is None else of_route
        if (wish is None and not seconds) or action not in _CACHED or (wish is not None and wish.off):
            return None
        if not key.cache:
            if wish is None:
                return None
            message = f"The key '{key.name}' does not use the cache (its cache is false); a request cannot ask for it."
            raise Refusal(403, "cache_not_allowed", message, param="x-dragoman-cache")
        if wish is not None and wish.seconds is not None:
            seconds = wish.seconds
        if not seconds:
            message = (
                "x-dragoman-cache: 'refresh' needs to know how long the new answer is kept, which neither the route "
                "nor [cache] says: write 'refresh=600', in seconds."
            )
            raise Refusal(400, "invalid_header", message, param="x-dragoman-cache")
        whose = key.name if self._config.scope == "key" else ""
        return Caching(seconds, wish is None or not wish.refresh, whose)

    async def find(self, caching: Caching, key: bytes) -> Found | None:
        """The answer that is kept under a key, where the request may be told it."""
        if not caching.reads:
            return None
        data = await self.store.get(key)
        known = None if data is None else read(data)
        if known is None:
            return None
        at, replies = known
        # The clocks of machines that share a store differ by a little.
        age = max(self._clock() - at, 0.0)
        return Found(int(age), replies) if age <= caching.seconds else None

    def keep(self, caching: Caching, key: bytes) -> Keep:
        """Where the answer to a request is to go."""
        return Keep(self.store, key, caching.seconds, self._config.max_answer_bytes, self._clock)

    def key_of(self, caching: Caching, head: Mapping[str, Any], bodies: Sequence[bytes]) -> bytes:
        """The key of the answer to translated calls: 32 bytes that tell what is asked for, and whom.

        Args:
            caching: of the request.
            head: what the calls share, as the core wrote it. There are no credentials in it: accounts that lead to the
                same place are the same.
            bodies: of the calls.
        """
        context = head["context"]
        place = (
            _FORM,
            caching.whose,
            context["provider"],
            head["method"],
            head["url"],
            head.get("stream"),
            len(bodies),
        )
        digest = hashlib.sha256(orjson.dumps(place, option=orjson.OPT_APPEND_NEWLINE))
        said = orjson.dumps({"context": context, "headers": head["headers"]})
        for body in bodies:
            essence = self._core.essence(said, body)
            digest.update(b"%d\n" % len(essence))
            digest.update(essence)
        return digest.digest()


def cache_of(
    config: CacheConfig,
    core: Core,
    clock: Callable[[], float],
    *,
    store: CacheStore | None = None,
    before: AnswerCache | None = None,
) -> AnswerCache:
    """The cache of a gateway.

    Args:
        config: its settings.
        core: tells what of a call counts.
        clock: seconds since 1970.
        store: where the answers are, of several processes; by default they are in this one.
        before: the cache whose place it takes: of one in this process, the answers stay.
    """
    if store is None:
        kept = None if before is None else before.store
        store = kept if isinstance(kept, MemoryStore) else MemoryStore(config.max_bytes)
        if isinstance(store, MemoryStore):
            store.resize(config.max_bytes)
    return AnswerCache(config, core, store, clock)
