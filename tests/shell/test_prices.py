"""What requests cost, by hand-computed examples and by the package's own sums."""

from datetime import UTC, datetime

import orjson
import pytest
from dragoman.io.access_log import Trail
from dragoman.io.config import Config, ConfigError, load
from dragoman.io.prices import PROVIDERS, Prices, listed_rates, priced
from dragoman.io.settings import AccountConfig, ModelAlias, PriceConfig
from dragoman.translate import boundary
from dragoman.translate.records import Usage
from genai_prices import types
from genai_prices.data_snapshot import get_snapshot

MOMENT = datetime(2026, 11, 28, tzinfo=UTC)
PROVIDER_ROWS = orjson.loads(boundary.providers())


def prices(**config):
    return Prices(Config(**config), MOMENT.timestamp)


def usage(**buckets):
    return Usage(**buckets).as_json()


@pytest.mark.parametrize(
    ("provider", "model", "buckets", "usd"),
    [
        # 3, 0.30, 3.75, 6 and 15 USD a million
        ("anthropic", "claude-sonnet-4-5",
         {"fresh": 1000, "cache_read": 10_000, "cache_write": 2000, "cache_write_long": 500, "text": 400},
         0.003 + 0.003 + 0.0075 + 0.003 + 0.006),
        # 1.25, 0.125 and 10, reasoning is output
        ("openai", "gpt-5", {"fresh": 2000, "cache_read": 8000, "text": 100, "reasoning": 900}, 0.0025 + 0.001 + 0.01),
        # a prompt of over 200,000 tokens pays 2.50, 0.25 and 15 for all of it
        ("gemini", "gemini-2.5-pro", {"fresh": 150_000, "cache_read": 60_000, "text": 1000}, 0.375 + 0.015 + 0.015),
        ("gemini", "gemini-2.5-pro", {"fresh": 150_000, "cache_read": 50_000, "text": 1000}, 0.1875 + 0.00625 + 0.01),
        # a region's surcharge
        ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", {"fresh": 1000, "text": 1000}, 0.0033 + 0.0165),
        ("vertex", "claude-sonnet-4-5@20250929", {"fresh": 1000, "text": 1000}, 0.003 + 0.015),
        ("groq", "openai/gpt-oss-120b", {"fresh": 10_000, "text": 1000}, 0.0015 + 0.0006),
    ],
)  # fmt: skip
def test_a_known_model_costs_what_its_list_price_says(provider, model, buckets, usd):
    assert prices().cost(provider, model, usage(**buckets)) == pytest.approx(usd, abs=1e-12)


def test_the_rates_of_every_listed_model_give_the_sums_of_the_package():
    counted = {"fresh": 1100, "cache_read": 700, "cache_write": 300, "text": 90, "reasoning": 60}
    inclusive = {"input_tokens": 2100, "cache_read_tokens": 700, "cache_write_tokens": 300, "output_tokens": 150}
    compared = 0
    for provider in get_snapshot().providers:
        for model in provider.models if provider.id in PROVIDERS.values() else ():
            listed = model.get_prices(MOMENT)
            ours = priced(listed_rates(listed), usage(**counted))
            if ours is not None and not any(key.endswith("_kcount") and "requests" in key for key in listed.__dict__):
                theirs = model.calc_price(types.Usage(**inclusive), provider, genai_request_timestamp=MOMENT)
                assert ours == pytest.approx(float(theirs.total_price), rel=1e-9), model.id
                compared += 1
    assert compared > 300


def test_every_provider_row_but_the_one_that_stands_for_any_server_has_its_prices():
    assert set(PROVIDERS) == {row["name"] for row in PROVIDER_ROWS} - {"openai_compatible"}


def test_what_has_no_known_price_costs_nothing_that_could_be_told():
    one = usage(fresh=1, text=1)
    assert prices().cost("openai", "no-such-model", one) is None
    assert prices().cost("openai", "x" * 10_000, one) is None
    assert prices().cost("openai_compatible", "gpt-5", one) is None
    assert prices().cost("openai", "text-embedding-3-small", one) is None  # it has no price of output
    assert prices().cost("openai", "text-embedding-3-small", usage(fresh=1_000_000)) == pytest.approx(0.02)


def test_prices_of_one_s_own_go_first_and_the_first_that_fits_counts():
    own = {"a/gpt-5": PriceConfig(1, 2, cache_read=0.5), "gpt-*": PriceConfig(10, 20)}
    counted = usage(fresh=1000, cache_read=1000, cache_write_long=1000, text=1000, reasoning=1000)
    made = prices(prices=own)
    assert made.cost("openai", "gpt-5", counted, "a") == pytest.approx((1 + 0.5 + 1 + 2 + 2) / 1000)
    assert made.cost("openai", "gpt-5", counted, "b") == pytest.approx((10 * 3 + 20 * 2) / 1000)


def test_a_deployment_costs_what_its_family_does():
    account = AccountConfig(provider="azure", base_url="https://x", models={"fast": ModelAlias("mine", family="gpt-5")})
    made = prices(accounts={"eu": account})
    assert made.cost("azure", "mine", usage(fresh=1_000_000), "eu") == pytest.approx(1.25)
    assert made.cost("azure", "mine", usage(fresh=1_000_000), "other") is None


def test_a_server_of_a_known_address_has_the_prices_of_its_provider():
    account = AccountConfig(provider="openai_compatible", base_url="https://api.deepseek.com/v1")
    assert prices(accounts={"d": account}).cost("openai_compatible", "deepseek-chat", usage(fresh=1000), "d") > 0


@pytest.mark.parametrize(
    ("known", "cost"),
    [
        ({}, 0.0),
        ({"provider": "openai", "model": "gpt-5"}, 0.0),
        ({"provider": "openai", "model": "gpt-5", "attempts": 1, "upstream_status": 429}, 0.0),
        ({"provider": "openai", "model": "gpt-5", "attempts": 1, "counted": "unknown"}, None),
    ],
)
def test_a_request_without_usage_costs_nothing_only_where_nobody_served_it(known, cost):
    assert prices().of(Trail("POST", "/", **known)) == (cost, 0.0)


def test_the_gateway_tells_the_cost_and_the_time_to_the_first_bytes(start, client):
    gateway, _ = start("anthropic")
    ask = {"model": "anthropic/claude-sonnet-4-5", "messages": [{"role": "user", "content": "Hi"}]}
    client(gateway).chat.completions.create(**ask)
    list(client(gateway).chat.completions.create(**ask, stream=True))
    whole, stream = gateway.trail(0), gateway.trail(1)
    for trail in (whole, stream):
        counted = trail.usage
        assert trail.cost == pytest.approx((counted["prompt"] * 3 + counted["completion"] * 15) / 1_000_000)
        assert trail.cost > 0
    assert not whole.first_at
    assert stream.first_at >= stream.started


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("input = -1\noutput = 1", 'prices."gpt-*".input: -1'),
        ("input = 1", 'prices."gpt-*".output: is missing'),
        ("input = 1\noutput = 1\nouptut = 2", "did you mean 'output'?"),
    ],
)
def test_a_price_that_cannot_be_meant_is_named(write, line, problem):
    with pytest.raises(ConfigError) as caught:
        load(write(f'[prices."gpt-*"]\n{line}\n'), env={}, providers=PROVIDER_ROWS)
    assert problem in str(caught.value)
