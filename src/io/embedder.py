"""Requests for embeddings: where a provider takes few texts a call, one request is several calls at once."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
import trio

from .access_log import Trail
from .accounts import Target
from .attempt import Way
from .cache import Found, Stored
from .cache.keep import kept_headers
from .caller import Asked, Caller, declined, id_headers, taken
from .calls import Call, Unserved, Whole
from .headers import JSON, pairs
from .http import Exchange
from .refusal import Refusal
from .relay import Fetched

CALLS_AT_ONCE: Final = 8
"""Calls that one request may have under way."""


class EmbeddingCaller(Caller):
    """Makes attempts, those to answer requests for embeddings too."""

    async def _run(self, asked: Asked, target: Target, way: Way) -> None:
        if asked.address.action != "embed":
            await super()._run(asked, target, way)
            return
        trail = asked.trail
        trail.aim(target.account.name, target.account.provider, target.model)
        caching = asked.caching
        calls = await self._calls(asked, target, way) if caching is None else taken(asked, caching, target, way)
        trail.ask()
        trail.asked_at = time.monotonic()

        async def run(call: Call, _exchange: Exchange, trail: Trail) -> None:
            for other in calls:
                other.headers = call.headers  # with the context of the trace, where that is told
            fetched = await self._fetch_all(calls)
            trail.upstream_status = fetched[-1].status
            await self._answer(asked, call, fetched)

        try:
            # One span, however many calls there are.
            watched = run if trail.trace is None else trail.trace.watched(run)
            await watched(calls[0], asked.exchange, trail)
        except Refusal as refusal:
            if not refusal.asked and len(calls) == 1:
                trail.counted = None
            refusal.headers = (*refusal.headers, *target.reply_headers)
            raise

    async def _calls_of(self, asked: Asked, target: Target, way: Way) -> Sequence[Call]:
        if asked.address.action != "embed":
            return await super()._calls_of(asked, target, way)
        return await self._calls(asked, target, way)

    async def _tell(self, asked: Asked, call: Call, found: Found) -> None:
        if asked.address.action != "embed":
            await super()._tell(asked, call, found)
            return
        await self._answer(
            asked, call, [Fetched(200, dict(one.headers), one.body, call.secret) for one in found.replies]
        )

    async def _calls(self, asked: Asked, target: Target, way: Way) -> list[Call]:
        """The calls of a request, in the order of its inputs."""
        body = asked.take_body(self._core)
        head = await self._head_of(asked, target)
        answer = self._core.embed(head, body)
        if answer.status != 200:
            raise declined(answer, asked.trail, target.reply_headers)
        plan = orjson.loads(answer.head)
        account = target.account
        headers = [*pairs(plan["headers"]), *account.auth]
        reply_headers = [*id_headers(asked.trail, asked.address.dialect), *target.reply_headers]
        return [
            Call(
                head=plan,
                body=native,
                headers=headers,
                provider=target.provider,
                deadline=asked.deadline,
                reply_headers=reply_headers,
                stamp=asked.stamp_of_reply(),
                secret=account.secret,
                source=account.source,
                failover=way.failover,
                watch=asked.watch(target, way),
            )
            for native in _cut(answer.body, plan["sizes"])
        ]

    async def _fetch_all(self, calls: Sequence[Call]) -> list[Fetched]:
        """The replies in the order of the calls; or the first that failed alone, and the calls under way are ended."""
        if len(calls) == 1:
            return [await self._relay.fetch(calls[0])]
        fetched: dict[int, Fetched] = {}
        failure: list[Fetched | Refusal] = []
        left = iter(enumerate(calls))

        async def work() -> None:
            for place, call in left:
                try:
                    reply: Fetched | Refusal = await self._relay.fetch(call)
                except Refusal as refusal:
                    reply = refusal
                if isinstance(reply, Refusal) or reply.status >= 300:
                    failure.append(reply)
                    nursery.cancel_scope.cancel()
                    return
                fetched[place] = reply

        async with trio.open_nursery() as nursery:
            for _ in range(min(CALLS_AT_ONCE, len(calls))):
                nursery.start_soon(work)
        if not failure:
            return [fetched[place] for place in range(len(calls))]
        if isinstance(failure[0], Refusal):
            raise failure[0]
        return [failure[0]]

    async def _answer(self, asked: Asked, call: Call, fetched: Sequence[Fetched]) -> None:
        """Tell the client what came."""
        trail = asked.trail
        replies = [{"status": reply.status, "headers": reply.headers} for reply in fetched]
        head = {"context": call.head["context"], "replies": replies, **call.stamp}
        answer = self._core.embedded(orjson.dumps(head), [reply.body for reply in fetched])
        told = orjson.loads(answer.head)
        losses = [*call.head["losses"], *told.get("losses", ())]
        _note(trail, answer.status, told, losses)
        if fetched[-1].status >= 300 and len(call.head["sizes"]) == 1:
            trail.counted = None
        # Where a credential lasts for a call only, the call that was made knows it.
        call.secret = fetched[-1].secret
        body, headers = call.hide(answer.body), call.answer_headers((JSON,), told, losses)
        if call.leaves(fetched[-1].status, answer.status, told.get("error")):
            raise Unserved(Whole(answer.status, headers, body))
        if call.keep is not None and answer.status == 200 and all(reply.status == 200 for reply in fetched):
            trail.kept = await call.keep.put([_stored(reply) for reply in fetched], call.secret)
        await asked.exchange.respond(answer.status, headers, body)


def _stored(reply: Fetched) -> Stored:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()]
    return Stored(kept_headers(headers), reply.body)


def _note(trail: Trail, status: int, told: Mapping[str, Any], losses: Sequence[Any]) -> None:
    trail.status, trail.losses = status, losses
    trail.note_usage(told.get("usage"))
    trail.served = told.get("model")
    if status >= 400:
        trail.error = (told.get("error") or {"kind": "bad_reply"})["kind"]


def _cut(data: bytes, sizes: Sequence[int]) -> list[bytes]:
    """Data in pieces of these sizes."""
    pieces, at = [], 0
    for size in sizes:
        pieces.append(data[at : at + size])
        at += size
    return pieces
