"""How the gateway asks for the limits of a key, and tells what became of a request."""

import math
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import attrs

from ..access_log import Trail
from ..headers import RawHeaders
from ..http import RETRY_AFTER
from ..refusal import Refusal
from ..settings import KeyConfig, KeyLimits
from .decisions import Used, Verdict, admit, begin_with, day_and_month, settle, spend
from .stores import FolderStore, MemoryStore, Store, StoreAway

SHARED_FOLDER: Final = "DRAGOMAN_LIMITS_DIR"
"""The environment variable by which a supervisor names its workers the folder of what keys have used."""

Spent = Callable[[str, datetime], float]
"""What a key has spent since a moment, in US dollars."""


@attrs.frozen
class Grant:
    """A request that was let through: `settle` is to be called once, when it is over.

    Attributes:
        key: the key's name.
        verdict: how it was let through; None where that could not be decided.
    """

    key: str
    verdict: Verdict | None


class Limiter:
    """Holds keys to their limits.

    Args:
        keys: by name, with their limits.
        store: where it is kept what they have used.
        closed: whether requests are refused, and not let through, while the store is away.
    """

    def __init__(self, keys: Mapping[str, KeyConfig], store: Store, *, closed: bool = True) -> None:
        self._limits = {name: key.limits for name, key in keys.items() if key.limits != KeyLimits()}
        self.store = store
        self._closed = closed

    @property
    def needs_store(self) -> bool:
        """Whether requests are refused while the store is away."""
        return self._closed and bool(self._limits)

    async def admit(self, key: str, estimate: Callable[[], int], trail: Trail) -> Grant | None:
        """Let a request through; None where its key has no limits.

        Args:
            key: its name.
            estimate: of the tokens that it may use.
            trail: is told the headers that every answer to the request has.

        Raises:
            Refusal: 429, and nothing of the request counts; 503 where what the key has used cannot be had.
        """
        limits = self._limits.get(key)
        if limits is None:
            return None
        store = self.store
        tokens = estimate() if limits.tokens_per_minute is not None else 0
        try:
            verdict = await store.change(key, lambda used: admit(used, limits, tokens, store.process, store.now()))
        except StoreAway:
            return self._unknown(key, trail)
        trail.limits = headers_of(limits, verdict, trail.dialect, store.now())
        if verdict.refused is None:
            return Grant(key, verdict)
        wait = math.ceil(verdict.wait)
        raise Refusal(
            429,
            "rate_limit_exceeded",
            f"The key '{key}' has reached its limit {verdict.refused} = {getattr(limits, verdict.refused)}; "
            f"try again in {wait} s.",
            headers=((b"retry-after", b"%d" % wait),),
        )

    def _unknown(self, key: str, trail: Trail) -> Grant:
        trail.limits_unknown = True
        if not self._closed:
            return Grant(key, None)
        raise Refusal(
            503,
            "limits_unavailable",
            f"What the key '{key}' has used cannot be looked up now; try again in a moment.",
            headers=(RETRY_AFTER,),
        )

    def settle(self, grant: Grant, trail: Trail) -> None:
        """Count what a request used indeed; one for which no provider was asked has used no tokens."""
        verdict, cost, store = grant.verdict, trail.cost, self.store
        if verdict is None and not cost:
            return
        tokens = 0 if verdict is None else used_tokens(trail, verdict.reserved)

        def change(used: Used) -> tuple[Used, None]:
            if verdict is not None:
                used = settle(used, verdict, tokens, store.process)
            return (spend(used, cost, store.now()) if cost else used), None

        # Whoever may have one request at a time has the next one ready, maybe for another process.
        store.post(grant.key, change, soon=self._limits[grant.key].concurrent_requests is not None)

    def spent_before(self, spent: Spent) -> dict[str, tuple[float, float]]:
        """US dollars of this day and this month, of the keys with limits in them. It may read files: for a thread."""
        moments = day_and_month(self.store.now())
        found = {}
        for key, limits in self._limits.items():
            if limits.usd_per_day is not None or limits.usd_per_month is not None:
                day, month = (spent(key, since) for since in moments)
                found[key] = day, month
        return found

    async def begin(self, before: Mapping[str, tuple[float, float]]) -> None:
        """Begin the sums of keys with what `spent_before` found; what is counted already is not lowered."""
        now = self.store.now()
        for key, (day, month) in before.items():
            # A store that is away is told when it is back.
            with suppress(StoreAway):
                await self.store.change(key, partial(_begun, day, month, now))


def _begun(day: float, month: float, now: float, used: Used) -> tuple[Used, None]:
    return begin_with(used, day, month, now), None


def store_of(environ: Mapping[str, str] = os.environ) -> Store:
    """The store of a gateway that shares nothing: with the other workers where it has some, else of the process.

    Args:
        environ: the environment, in which a supervisor names a folder.
    """
    folder = environ.get(SHARED_FOLDER)
    return MemoryStore() if folder is None else FolderStore(Path(folder))


def used_tokens(trail: Trail, reserved: int) -> int:
    """The tokens that a request used: what its provider counted; the reservation of an answer that was cut short."""
    if trail.usage is not None:
        return int(trail.usage.get("total", reserved))
    return 0 if not trail.attempts or (trail.status >= 400 and trail.status != 499) else reserved


def headers_of(limits: KeyLimits, verdict: Verdict, dialect: str | None, now: float) -> RawHeaders:
    """What is left of the limits of a minute, in the headers that a dialect's clients know.

    Args:
        limits: the key's.
        verdict: of the request.
        dialect: the client's.
        now: seconds since 1970.
    """
    names, reset_of = _HEADERS.get(dialect or "", _OPENAI)
    headers: list[tuple[bytes, bytes]] = []
    for word in ("requests", "tokens"):
        limit = getattr(limits, f"{word}_per_minute")
        if limit is not None:
            left, reset = max(limit - getattr(verdict, word), 0), math.ceil(getattr(verdict, f"{word}_reset"))
            headers += zip(names[word], (b"%d" % limit, b"%d" % left, reset_of(now, reset)), strict=True)
    return tuple(headers)


def _seconds(now: float, reset: int) -> bytes:  # noqa: ARG001 - the other form counts from it
    return b"%ds" % reset


def _moment(now: float, reset: int) -> bytes:
    return datetime.fromtimestamp(math.ceil(now + reset), UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode("ascii")


def _names(form: str) -> Mapping[str, tuple[bytes, ...]]:
    told = ("limit", "remaining", "reset")
    return {word: tuple(form.format(word=word, name=name).encode() for name in told) for word in ("requests", "tokens")}


_OPENAI: Final = (_names("x-ratelimit-{name}-{word}"), _seconds)
"""Names, and how long it takes until all is there again (wire/openai-chat.md)."""
_HEADERS: Final[Mapping[str, tuple[Mapping[str, tuple[bytes, ...]], Callable[[float, int], bytes]]]] = {
    # It tells when, not how long (wire/anthropic.md).
    "anthropic": (_names("anthropic-ratelimit-{word}-{name}"), _moment),
}
"""Dialect -> the same, where its clients know others than OpenAI's."""
