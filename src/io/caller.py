"""One attempt to answer a client: its request as a call to a target, made, and the answer handed on."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
import orjson

from .access_log import HIT, Trail
from .accounts import Target
from .attempt import DIRECT, StateUnread, Watch, Way
from .cache import AnswerCache, Caching, Found
from .calls import Call, Declined, Whole
from .core import Answer, Core, Parsed
from .deadline import Deadline, within
from .headers import JSON, RawHeaders, losses_header, pairs
from .heads import Heads, with_more
from .http import Exchange
from .keys import Key
from .media import Fetcher
from .options import Options
from .refusal import Refusal
from .relay import Relay, settings_of
from .routes import Route, dialect_of
from .slots import Places

_MISS: Final = (b"x-dragoman-cache", b"miss")
_HIT: Final = (b"x-dragoman-cache", b"hit")


@attrs.define
class Asked:
    """A client's request, as every attempt to answer it begins with it.

    Attributes:
        exchange: the request and its response.
        address: what its path means.
        headers: the client's, by name.
        key: its key.
        options: its wishes.
        deadline: when it, or its route, wants the answer, if one of them says.
        stamp: ``now``, ``id`` and ``request_id`` for the core.
        trail: for the access log.
        body: what was parsed already, until somebody takes it.
        caching: what it may do with the cache of answers; None where it has nothing to do with it.
        total_at: when its route wants a stream to end, on trio's clock.
    """

    exchange: Exchange
    address: Route
    headers: Mapping[bytes, bytes]
    key: Key
    options: Options
    deadline: Deadline | None
    stamp: dict[str, Any]
    trail: Trail
    body: Parsed | None
    caching: Caching | None = None
    total_at: float = math.inf

    def take_body(self, core: Core) -> Parsed:
        """The parsed body. It is not kept: a large one would stay for as long as a stream lasts."""
        body, self.body = self.body, None
        return body if body is not None else core.parse(self.exchange.request.body)

    def watch(self, target: Target, way: Way) -> Watch | None:
        """The time for an attempt that begins now; None where nothing bounds it."""
        return Watch.of(target.provider, way, self.deadline, self.total_at)

    def stamp_of_reply(self) -> dict[str, Any]:
        """What the core wants to know when the reply comes: a trace tells the model that answered, too."""
        trace = self.trail.trace
        return self.stamp if trace is None or not trace.tells_calls else {**self.stamp, "tell_model": True}


class Caller:
    """Makes attempts.

    Args:
        core: the translators.
        heads: makes the heads of requests.
        fetcher: fetches media for providers that do not.
        relay: makes the calls.
        cache: of answers.
    """

    def __init__(self, core: Core, heads: Heads, fetcher: Fetcher, relay: Relay, cache: AnswerCache) -> None:
        self._cache = cache
        self._core = core
        self._heads = heads
        self._fetcher = fetcher
        self._relay = relay

    async def recall(self, asked: Asked, target: Target, way: Way = DIRECT) -> bool:
        """Answer the client with what a target's provider said to the same call before, if that is kept.

        Nobody is asked, and no place at the target is taken. Where nothing is kept, `run` is to follow: it makes the
        call that was translated here.

        Args:
            asked: the request, which the cache is for.
            target: as for `run`.
            way: as for `run`.

        Returns:
            Whether the client has been answered.

        Raises:
            StateUnread, Refusal, Declined: as `run`.
        """
        trail, caching = asked.trail, asked.caching
        assert caching is not None, "it is asked for by somebody"
        trail.aim(target.account.name, target.account.provider, target.model)
        calls = await self._calls_of(asked, target, way)
        first = calls[0]
        key = self._cache.key_of(caching, first.head, [call.body for call in calls])
        found = await self._cache.find(caching, key)
        if found is None:
            trail.cache = "miss" if caching.reads else "refresh"
            first.keep, caching.calls = self._cache.keep(caching, key), calls
            first.reply_headers.append(_MISS)
            return False
        trail.cache = HIT
        first.reply_headers += (_HIT, (b"age", b"%d" % found.age))
        await self._tell(asked, first, found)
        return True

    async def _calls_of(self, asked: Asked, target: Target, way: Way) -> Sequence[Call]:
        """The calls to make for a request, of which the first stands for all."""
        return [await self._prepared(asked, target, way)]

    async def _tell(self, asked: Asked, call: Call, found: Found) -> None:
        await self._relay.replay(call, found.replies[0], asked.exchange, asked.trail)

    async def run(self, asked: Asked, target: Target, way: Way = DIRECT) -> None:
        """Answer the client from a target.

        Args:
            asked: the request. Its body is translated for this target alone.
            target: where it goes.
            way: how the attempt is made.

        Raises:
            TargetBusy: as many requests are answered there as may be.
            StateUnread: the target would drop state that others may read.
            Refusal: the target could not be asked, or did not answer; the client has been sent nothing.
            Declined: the core would not translate the request.
            Unserved: the answer is one that the client is not told.
        """
        if not target.slots:
            await self._run(asked, target, way)
            return
        asked.trail.aim(target.account.name, target.account.provider, target.model)
        async with Places(target.slots, waits=way.waits, deadline=asked.deadline):
            await self._run(asked, target, way)

    async def _run(self, asked: Asked, target: Target, way: Way) -> None:
        trail = asked.trail
        trail.aim(target.account.name, target.account.provider, target.model)
        caching = asked.caching
        if caching is None:
            call = await self._prepared(asked, target, way)
        else:
            (call,) = taken(asked, caching, target, way)
        trail.ask()
        try:
            run = self._relay.run if trail.trace is None else trail.trace.watched(self._relay.run)
            await run(call, asked.exchange, trail)
        except Refusal as refusal:
            if not refusal.asked:
                trail.counted = None
            refusal.headers = (*refusal.headers, *target.reply_headers)
            raise

    async def _prepared(self, asked: Asked, target: Target, way: Way) -> Call:
        body = asked.take_body(self._core)
        account = target.account
        head = await self._head_of(asked, target)
        answer = self._core.request(head, body)
        if answer.status == 428:
            with within(asked.deadline, "The media of the request did not come"):
                answer = await self._request_with_media(head, body, orjson.loads(answer.head))
        if answer.status != 200:
            raise declined(answer, asked.trail, target.reply_headers)
        plan = orjson.loads(answer.head)
        if not way.drops and (foreign := plan.get("foreign")):
            raise StateUnread(foreign[0], target.provider)
        return Call(
            head=plan,
            body=answer.body,
            headers=[*pairs(plan["headers"]), *account.auth],
            provider=target.provider,
            deadline=asked.deadline,
            reply_headers=[*id_headers(asked.trail, asked.address.dialect), *target.reply_headers],
            stamp=asked.stamp_of_reply(),
            secret=account.secret,
            source=account.source,
            failover=way.failover,
            watch=asked.watch(target, way),
        )

    async def _head_of(self, asked: Asked, target: Target) -> bytes:
        """The core's head, with what only the credentials say."""
        head = self._heads.of(asked.address, asked.headers, asked.key, target, asked.options, asked.stamp)
        source = target.account.source
        if source is None:
            return head
        with within(asked.deadline, f"The credentials for {target.provider} did not come"):
            return with_more(head, await settings_of(source, target.provider))

    async def _request_with_media(self, head: bytes, body: Parsed, missing: dict[str, Any]) -> Answer:
        """The core's answer to a request whose media the provider does not fetch itself.

        Args:
            head: of the request.
            body: of the request.
            missing: the core's first answer, which names the media.

        Raises:
            Refusal: they cannot be had.
        """
        media = await self._fetcher.fetch(missing["needs"], missing["params"])
        answer = self._core.request(with_more(head, {"media": media.found}), body)
        assert answer.status != 428, "the core has all that it named"
        return answer


def taken(asked: Asked, caching: Caching, target: Target, way: Way) -> Sequence[Call]:
    """The calls that were looked for in the cache and are made now.

    Their time begins here: the target may have been busy since.

    Args:
        asked: their request.
        caching: its own.
        target: as it was when they were looked for, like the way.
        way: how they are made.
    """
    calls = caching.take_calls()
    for call in calls:
        call.watch = asked.watch(target, way)
    return calls


def declined(answer: Answer, trail: Trail, own: RawHeaders = ()) -> Declined:
    """What the core answered instead of a call.

    Args:
        answer: the core's.
        trail: is told of it.
        own: the headers that tell where the request would have gone.
    """
    head = orjson.loads(answer.head)
    losses = head.get("losses", ())
    trail.losses, trail.error = losses, "not_translated"
    headers = [JSON, *id_headers(trail), *own, *pairs(head.get("headers", ()))]
    if losses:
        headers.append((b"x-dragoman-losses", losses_header(losses)))
    return Declined(Whole(answer.status, headers, answer.body))


def id_headers(trail: Trail, dialect: str | None = None) -> list[tuple[bytes, bytes]]:
    """The request's id as clients of a dialect look for it, and what is left of its key's limits."""
    value = trail.request_id.encode("ascii")
    names = _ID_NAMES.get(dialect or dialect_of(trail.path), _ID_NAME)
    return [*[(name, value) for name in names], *trail.limits]


_ID_NAME: Final = (b"x-request-id",)
_ID_NAMES: Final[Mapping[str, tuple[bytes, ...]]] = {"anthropic": (*_ID_NAME, b"request-id")}
"""Dialect -> the names of the header, where its clients know another one too."""
