"""What requests cost in USD: the provider's list prices, as the package ``genai-prices`` brings them, or one's own.

The package's data are part of it: nothing is fetched. Its models say prices for counts that include each other; here
they become one rate for each of the disjoint buckets in which the core counts.
"""

import fnmatch
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import attrs

from .access_log import Outlay, Trail
from .accounts import KEPT, MAX_KEPT
from .config import Config
from .settings import PriceConfig

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, Provider

_PER: Final = 1_000_000
# A price may begin or end at a time of day; nobody charges by the second.
_PRICES_LAST_SECONDS: Final = 60

# Provider row -> the package's provider.
PROVIDERS: Final[Mapping[str, str]] = {
    "openai": "openai",
    "azure": "azure",
    "anthropic": "anthropic",
    "bedrock": "aws",
    "gemini": "google",
    "vertex": "google",
    "vertex_express": "google",
    "xai": "x-ai",
    "groq": "groq",
}

# Bucket of usage -> the package's prices that apply, the first that a model has.
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "fresh": ("input_mtok",),
    "cache_read": ("cache_read_mtok", "input_mtok"),
    "cache_write": ("cache_write_5m_mtok", "cache_write_mtok", "input_mtok"),
    "cache_write_long": ("cache_write_1h_mtok", "cache_write_mtok", "input_mtok"),
    "audio_in": ("input_audio_mtok", "input_mtok"),
    "text": ("output_mtok",),
    "reasoning": ("output_reasoning_mtok", "output_mtok"),
    "audio_out": ("output_audio_mtok", "output_mtok"),
}

# Bucket of usage -> keys of `[prices]` that apply, the first that is given.
_OWN_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "fresh": ("input",),
    "cache_read": ("cache_read", "input"),
    "cache_write": ("cache_write", "input"),
    "cache_write_long": ("cache_write_long", "cache_write", "input"),
    "audio_in": ("audio_in", "input"),
    "text": ("output",),
    "reasoning": ("reasoning", "output"),
    "audio_out": ("audio_out", "output"),
}


@attrs.frozen
class Rate:
    """What a token of one bucket costs.

    Attributes:
        base: USD per million tokens.
        tiers: (prompt tokens, rate) in ascending order: a longer prompt pays this rate for all its tokens.
    """

    base: float
    tiers: tuple[tuple[int, float], ...] = ()

    def at(self, prompt: int) -> float:
        """USD per million tokens, of a request with so many prompt tokens."""
        rate = self.base
        for start, higher in self.tiers:
            if prompt > start:
                rate = higher
        return rate


Rates = Mapping[str, Rate]
"""Bucket -> rate. A bucket that is not there has no known price."""


def priced(rates: Rates, usage: Mapping[str, int]) -> float | None:
    """What a usage costs.

    Args:
        rates: of the model.
        usage: disjoint buckets and their totals, as the core tells them; empty buckets may be left out.

    Returns:
        USD; None where a bucket that is not empty has no rate.
    """
    total = 0.0
    for bucket, count in usage.items():
        if count and bucket in _KEYS:
            rate = rates.get(bucket)
            if rate is None:
                return None
            total += count * (rate.at(usage.get("prompt", 0)) if rate.tiers else rate.base)
    return total / _PER


def own_rates(prices: PriceConfig) -> Rates:
    """The rates of a configuration's prices."""
    rates = {}
    for bucket, keys in _OWN_KEYS.items():
        given = (getattr(prices, key) for key in keys)
        rates[bucket] = Rate(next(value for value in given if value is not None))
    return rates


def listed_rates(prices: "ModelPrice") -> Rates:
    """The rates of the package's prices of a model."""
    rates = {}
    for bucket, keys in _KEYS.items():
        price: Any = next((value for key in keys if (value := prices.__dict__.get(key)) is not None), None)
        if price is not None:
            tiers = tuple((tier.start, float(tier.price)) for tier in getattr(price, "tiers", ()))
            rates[bucket] = Rate(float(getattr(price, "base", price)), tiers)
    return rates


class Prices:
    """The prices of all models. Making one loads the package's data, which takes about a fifth of a second.

    Args:
        config: the accounts, whose aliases tell what a deployment is, and prices that go before the package's.
        clock: seconds since 1970: some prices have a first day, or hold at a time of day.
    """

    def __init__(self, config: Config, clock: Callable[[], float] = time.time) -> None:
        from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - only a gateway needs it

        self._listed = list(get_snapshot().providers)
        by_id = {provider.id: provider for provider in self._listed}
        self._at: dict[str, Provider | None] = {name: by_id.get(listed) for name, listed in PROVIDERS.items()}
        self._places = {
            name: self._by_url(account.url)
            for name, account in config.accounts.items()
            if account.provider not in PROVIDERS and account.url is not None
        }
        self._families = {
            (name, alias.id): alias.family
            for name, account in config.accounts.items()
            for alias in account.models.values()
            if alias.family is not None
        }
        self._own = [
            (re.compile(fnmatch.translate(pattern)).match, own_rates(prices))
            for pattern, prices in config.prices.items()
        ]
        self._clock = clock
        self._rates = lru_cache(maxsize=KEPT)(self._find)

    def cost(self, provider: str, model: str, usage: Mapping[str, int], account: str = "") -> float | None:
        """What a request cost.

        Args:
            provider: the provider row's name.
            model: the provider's model id.
            usage: as the core counts it.
            account: where it went, for prices that are an account's, and for providers known by their address alone.

        Returns:
            USD; None where the model or the price of a bucket is not known.
        """
        if len(model) > MAX_KEPT:
            return None
        rates = self._rates(provider, account, model, int(self._clock()) // _PRICES_LAST_SECONDS)
        return None if rates is None else priced(rates, usage)

    def of(self, trail: Trail) -> tuple[float | None, float | None]:
        """What a request that is over cost, as far as its providers counted.

        Returns:
            USD of all its calls, and of those that failed before another one answered: 0 where nothing was used; None
            where none of them told what it used, or a price is not known.
        """
        if trail.wasted:
            return self._sum(trail.outlays()), self._sum(trail.wasted)
        # So it is with most, and needs no list of one.
        if trail.counted is None or trail.provider is None:
            return 0.0, 0.0
        if trail.usage is None:
            return None, 0.0
        return self.cost(trail.provider, trail.model or "", trail.usage, trail.account or ""), 0.0

    def _sum(self, outlays: Sequence[Outlay]) -> float | None:
        told = [one for one in outlays if one.usage is not None]
        if not told:
            return None if outlays else 0.0
        total = 0.0
        for one in told:
            cost = self.cost(one.provider, one.model, one.usage or {}, one.account)
            if cost is None:
                return None
            total += cost
        return total

    def _find(self, provider: str, account: str, model: str, minute: int) -> Rates | None:
        names = (f"{account}/{model}", model)
        for matches, rates in self._own:
            if any(map(matches, names)):
                return rates
        listed = self._at.get(provider) or self._places.get(account)
        if listed is None:
            return None
        family = self._families.get((account, model))
        for name in (model, family):
            if name is not None and (found := self._model(listed, name)) is not None:
                return listed_rates(found.get_prices(datetime.fromtimestamp(minute * _PRICES_LAST_SECONDS, UTC)))
        return None

    def _model(self, provider: "Provider", model: str) -> "ModelInfo | None":
        return provider.find_model(model, all_providers=self._listed)

    def _by_url(self, url: str) -> "Provider | None":
        return next((provider for provider in self._listed if re.match(provider.api_pattern, url)), None)
