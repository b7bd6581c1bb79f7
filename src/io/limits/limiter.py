"""How the gateway asks for the limits of a key, and tells what became of a request."""

import math
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache, partial
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

Grant = tuple[str, Verdict | None]
"""A request that was let through: its key's name, and how; None where that could not be decided.

`Limiter.settle` is to be called once with it, when the request is over.
"""


class Limiter:
    """Holds keys to their limits.

    Args:
        keys: by name, with their limits.
        store: where it is kept what they have used.
        closed: whether requests are refused, and not let through, while the store is away.
    """

    def __init__(self, keys: Mapping[str, KeyConfig], store: Store, *, closed: bool = True) -> None:
        self._limits = {name: key.limits for name, key in keys.items() if key.limits != KeyLimits()}
        self._told = {name: _told(limits) for name, limits in self._limits.items()}
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
        told = self._told[key]
        trail.limits = _headers(told.get(trail.dialect) or told[None], verdict, store.now())
        if verdict.refused is None:
            return key, verdict
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
            return key, None
        raise Refusal(
            503,
            "limits_unavailable",
            f"What the key '{key}' has used cannot be looked up now; try again in a moment.",
            headers=(RETRY_AFTER,),
        )

    def settle(self, grant: Grant, trail: Trail) -> None:
        """Count what a request used indeed; one for which no provider was asked has used no tokens."""
        key, verdict = grant
        store, cost = self.store, trail.cost or 0.0
        if verdict is not None:
            tokens = used_tokens(trail, verdict.reserved)
        elif not cost:
            return

        def change(used: Used) -> tuple[Used, None]:
            if verdict is None:
                return spend(used, cost, store.now()), None
            return settle(used, verdict, tokens, store.process, cost, store.now()), None

        # Whoever may have one request at a time has the next one ready, maybe for another process.
        store.post(key, change, soon=self._limits[key].concurrent_requests is not None)

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


@attrs.frozen
class _Bound:
    """A limit of a minute, in the headers of a dialect.

    Attributes:
        most: it.
        first: the header that names it, the same in every answer.
        remaining, reset: the names of the others.
    """

    most: int
    first: tuple[bytes, bytes]
    remaining: bytes
    reset: bytes


@attrs.frozen
class _Told:
    """What clients of a dialect are told of a key's limits of a minute.

    Attributes:
        requests, tokens: where the key has such a limit.
        reset_of: how it is said when all is there again: of the present time, and the whole seconds until then.
    """

    requests: _Bound | None
    tokens: _Bound | None
    reset_of: Callable[[float, int], bytes]


def _headers(told: _Told, verdict: Verdict, now: float) -> RawHeaders:
    """What is left of the limits of a minute."""
    headers: RawHeaders = ()
    bound = told.requests
    if bound is not None:
        left, end = bound.most - verdict.requests, told.reset_of(now, verdict.requests_reset)
        headers = bound.first, (bound.remaining, b"%d" % left if left > 0 else b"0"), (bound.reset, end)
    bound = told.tokens
    if bound is not None:
        left, end = bound.most - verdict.tokens, told.reset_of(now, verdict.tokens_reset)
        headers += bound.first, (bound.remaining, b"%d" % left if left > 0 else b"0"), (bound.reset, end)
    return headers


def _seconds(now: float, reset: int) -> bytes:  # noqa: ARG001 - the other form counts from it
    return b"%ds" % reset


def _moment(now: float, reset: int) -> bytes:
    return _iso(math.ceil(now + reset))


@lru_cache(maxsize=64)
def _iso(second: int) -> bytes:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode("ascii")


# Dialect -> the form of names, and how it is said when all is there again: OpenAI's clients are told how long it takes
# (wire/openai-chat.md), Anthropic's at which moment it is (wire/anthropic.md).
_FORMS: Final[Mapping[str | None, tuple[str, Callable[[float, int], bytes]]]] = {
    None: ("x-ratelimit-{name}-{word}", _seconds),
    "anthropic": ("anthropic-ratelimit-{word}-{name}", _moment),
}


def _told(limits: KeyLimits) -> Mapping[str | None, _Told]:
    """Dialect -> what its clients are told; None stands for all that are not there."""
    return {
        dialect: _Told(
            _bound(limits.requests_per_minute, "requests", form), _bound(limits.tokens_per_minute, "tokens", form), way
        )
        for dialect, (form, way) in _FORMS.items()
    }


def _bound(most: int | None, word: str, form: str) -> _Bound | None:
    if most is None:
        return None
    limit, remaining, reset = (form.format(word=word, name=name).encode() for name in ("limit", "remaining", "reset"))
    return _Bound(most, (limit, b"%d" % most), remaining, reset)
