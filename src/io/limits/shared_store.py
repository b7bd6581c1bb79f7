"""What keys have used, kept in a server that several gateways share.

The decisions are the pure functions that serve every store. A value has a version before it; a change is computed from
the last value that this process knows and put there if the server still has that version, else computed anew from what
the server has. All changes that wait meanwhile go together, so that a call serves many requests under load, and a key
for which N gateways contend costs each of them N calls at most.
"""

import hashlib
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs
import trio

from ..shared import Shared, SharedAway
from .decisions import NOTHING, Used, without
from .stores import Change, StoreAway, read, written

if TYPE_CHECKING:
    from coredis import Redis

_T = TypeVar("_T")

# What changes may wait for each other; then whoever waits is told that the store is away.
_COMMIT_SECONDS: Final = 2.0
# After a call that could not be made; while the server is away nothing is tried at all.
_AGAIN_SECONDS: Final = 0.1
# What nobody waits for may come later, so that it needs no call of its own.
_LATER_SECONDS: Final = 0.02
# A process that has not been heard of for so long has died, and its requests with it.
_LEASE_SECONDS: Final = 15
_HEARTBEAT_SECONDS: Final = 5
_FORGOTTEN_SECONDS: Final = 86_400
# So many changes that nobody waits for are kept for each key while the server is away.
_MOST_LATE: Final = 10_000
_STOP_SECONDS: Final = 1.0

_VERSION_BYTES: Final = 16
# How long a value stays when nothing changes it: as long as something in it counts.
_WINDOW_MS: Final = 130_000
_RUNNING_MS: Final = 86_400_000
_MONEY_MS: Final = 40 * 86_400_000

# The braces keep all of it in one slot of a cluster, as a script needs it.
_PREFIX: Final = "{dragoman}:limits:"
_PROCESSES: Final = "{dragoman}:processes"

# For every key: the version that is expected, the value with its new version, and its time to live in milliseconds.
_SWAP: Final = f"""
local out = {{redis.call('TIME')}}
for i, key in ipairs(KEYS) do
  local there = redis.call('GET', key) or ''
  if string.sub(there, 1, {_VERSION_BYTES}) == ARGV[3 * i - 2] then
    redis.call('SET', key, ARGV[3 * i - 1], 'PX', ARGV[3 * i])
    out[i + 1] = 1
  else
    out[i + 1] = there
  end
end
return out
"""
# Tells that a process is alive, and returns those that were and are not.
_BEAT: Final = f"""
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - {_FORGOTTEN_SECONDS})
redis.call('ZADD', KEYS[1], now + {_LEASE_SECONDS}, ARGV[1])
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. now)
"""


@attrs.define(eq=False)
class _Waiting:
    """A change that is to be made.

    Attributes:
        change: it.
        done: set when it was made, or could not be; None where nobody waits.
        told: what it told.
        made: whether it was.
    """

    change: Change[Any]
    done: trio.Event | None = None
    told: Any = None
    made: bool = False

    def end(self, told: Any = None, *, made: bool) -> None:
        """Tell whoever waits."""
        self.told, self.made = told, made
        if self.done is not None:
            self.done.set()


class SharedStore:
    """Keeps it in a shared server.

    Args:
        shared: the server.
        clock: seconds since 1970; how far it is from the server's own is measured.
    """

    def __init__(self, shared: Shared, clock: Callable[[], float] = time.time) -> None:
        # 53 bits: what every reader of numbers keeps.
        self.process: int = secrets.randbits(53)
        self._shared = shared
        self._clock = clock
        self._ahead = 0.0
        self._token = secrets.token_bytes(_VERSION_BYTES - 8)
        self._numbers = count(1)
        self._known: dict[str, tuple[bytes, Used]] = {}
        self._dead: frozenset[int] = frozenset()
        self._queues: dict[str, list[_Waiting]] = {}
        self._wake = trio.Event()
        self._sleep = trio.CancelScope()

    def now(self) -> float:
        """See `Store`: by the server's clock."""
        return self._clock() + self._ahead

    async def change(self, key: str, change: Change[_T]) -> _T:
        """See `Store`."""
        if not self._shared.up:
            raise StoreAway
        done = trio.Event()
        waiting = _Waiting(change, done)
        self._queues.setdefault(key, []).append(waiting)
        self._wake.set()
        with trio.CancelScope(shield=True):
            await done.wait()
        if not waiting.made:
            raise StoreAway
        told: _T = waiting.told
        return told

    def post(self, key: str, change: Change[None], *, soon: bool) -> None:
        """See `Store`. While the server is away it is kept, as far as there is room."""
        queue = self._queues.setdefault(key, [])
        if len(queue) >= _MOST_LATE:
            del queue[0]
        queue.append(_Waiting(change))
        if soon:
            self._wake.set()
        else:
            self._sleep.deadline = min(self._sleep.deadline, trio.current_time() + _LATER_SECONDS)

    async def run(self) -> None:
        """Make changes, until cancelled; then what is left is made, as far as that can be done in a moment."""
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._beat)
                await self._pump()
        finally:
            with trio.move_on_after(_STOP_SECONDS, shield=True):
                await self._commit(self._taken())

    async def _pump(self) -> None:
        while True:
            if not self._shared.up:
                self._put_back(self._taken())
                await self._shared.came.wait()
            if not self._queues:
                with self._sleep:
                    await self._wake.wait()
                self._sleep = trio.CancelScope()
            self._wake = trio.Event()
            if not await self._commit(self._taken()):
                await trio.sleep(_AGAIN_SECONDS)
            # Whoever was answered goes on first, and what he asks next goes with what others ask.
            await trio.lowlevel.checkpoint()

    def _taken(self) -> dict[str, list[_Waiting]]:
        queues, self._queues = self._queues, {}
        return queues

    async def _commit(self, batch: dict[str, list[_Waiting]]) -> bool:
        """Make changes, or tell those who wait that they cannot be made; what nobody waits for is kept.

        Returns:
            Whether all were made.
        """
        until = trio.current_time() + _COMMIT_SECONDS
        while batch:
            if trio.current_time() > until:
                self._put_back(batch)
                return False
            made = {key: self._made(key, waiting) for key, waiting in batch.items()}
            before = self._clock()
            try:
                seconds, *found = await self._shared.call(partial(_swap, made))
            except SharedAway:
                # It may have been done all the same: then it counts twice, since to count nothing would be worse.
                self._put_back(batch)
                return False
            self._ahead = int(seconds[0]) + int(seconds[1]) / 1_000_000 - (before + self._clock()) / 2
            for (key, step), there in zip(made.items(), found, strict=True):
                if there == 1:
                    self._known[key] = step.version, step.used
                    for waiting, told in zip(batch.pop(key), step.told, strict=True):
                        waiting.end(told, made=True)
                else:
                    self._known[key] = there[:_VERSION_BYTES], read(there[_VERSION_BYTES:])
        return True

    def _made(self, key: str, changes: list[_Waiting]) -> "_Step":
        expected, used = self._known.get(key, (b"", NOTHING))
        used = without(used, self._dead)
        told = []
        for waiting in changes:
            used, said = waiting.change(used)
            told.append(said)
        return _Step(expected, self._token + next(self._numbers).to_bytes(8), used, told)

    def _put_back(self, batch: dict[str, list[_Waiting]]) -> None:
        for key, changes in batch.items():
            late = []
            for waiting in changes:
                if waiting.done is None:
                    late.append(waiting)
                else:
                    waiting.end(made=False)
            if late:
                self._queues[key] = [*late, *self._queues.get(key, ())]

    async def _beat(self) -> None:
        """Tell that this process is alive, and learn which are not."""
        while True:
            with suppress(SharedAway):
                said = await self._shared.call(partial(_beat, self.process))
                self._dead = frozenset(map(int, said))
            await trio.sleep(_HEARTBEAT_SECONDS)


@attrs.frozen
class _Step:
    """A change of a key: from which version to which, and what it tells each of those who wait."""

    expected: bytes
    version: bytes
    used: Used
    told: list[Any]


async def _swap(made: Mapping[str, _Step], client: "Redis[bytes]") -> Any:
    arguments: list[bytes | int] = []
    for step in made.values():
        arguments += (step.expected, step.version + written(step.used), _lifetime(step.used))
    return await _script(client, _SWAP, [_PREFIX + key for key in made], arguments)


async def _beat(process: int, client: "Redis[bytes]") -> Any:
    return await _script(client, _BEAT, [_PROCESSES], [process])


async def _script(client: "Redis[bytes]", text: str, keys: Sequence[str], arguments: Sequence[bytes | int]) -> Any:
    from coredis.exceptions import NoScriptError  # noqa: PLC0415 - an extra

    try:
        return await client.evalsha(hashlib.sha1(text.encode()).hexdigest(), keys, arguments)  # noqa: S324 - its name
    except NoScriptError:
        return await client.eval(text, keys, arguments)


def _lifetime(used: Used) -> int:
    """Milliseconds for which a value is of use."""
    if used.day[1] or used.month[1]:
        return _MONEY_MS
    return _RUNNING_MS if used.running else _WINDOW_MS


@asynccontextmanager
async def keeping(shared: Shared | None) -> AsyncIterator[SharedStore | None]:
    """The store in a shared server as long as the block; None where there is no such server."""
    if shared is None:
        yield None
        return
    async with trio.open_nursery() as nursery:
        store = SharedStore(shared)
        nursery.start_soon(store.run)
        yield store
        nursery.cancel_scope.cancel()
