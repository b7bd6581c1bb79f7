"""What `dragoman serve` says when it begins."""

import attrs
from dragoman.cli_serve import _announcement
from dragoman.io.cache_settings import CacheConfig
from dragoman.io.keys import hash_of
from dragoman.io.ledger import Ledger, engine_of
from dragoman.io.secret import Address
from dragoman.io.server import Running
from dragoman.io.settings import KeyConfig, RouteConfig, RouteTarget
from dragoman.io.tracing_settings import TracingConfig

URL = "http://127.0.0.1:8080"


def said(config, ledger=None):
    return list(_announcement(config, Running(None, (URL,), None, None, None), ledger))


def test_it_names_what_is_served_where_and_to_whom(kit):
    routes = {"smart": RouteConfig((RouteTarget("a/gpt-5", 2), RouteTarget("b/claude")), "weighted")}
    accounts = {"a": kit.account("http://127.0.0.1:9"), "b": kit.account("http://127.0.0.1:9", "anthropic")}
    config = kit.config(accounts, routes=routes, keys={"me": KeyConfig(hash_of("k"))}, metrics="key", driver="streams")
    config = attrs.evolve(config, tracing=TracingConfig(enabled=True, propagate=True))
    ledger = Ledger(engine_of(Address("postgresql://me:sk-very-secret@db.example/dragoman"), {}))
    assert said(config, ledger) == [
        f"dragoman listens on {URL} (defaults)",
        "accounts: a (openai), b (anthropic)",
        "routes: smart (a/gpt-5 (weight 2), b/claude)",
        "keys: me",
        "driver: streams; calls to providers: own; workers: 1",
        f"metrics: {URL}/metrics, for whoever has a key",
        "ledger: postgresql://me:****@db.example/dragoman",
        "traces: by OTLP, continued to providers",
    ]


def test_what_is_off_is_said_to_be(kit):
    lines = said(kit.config({"a": kit.account("http://127.0.0.1:9")}, metrics="off"))
    assert {"metrics: off", "ledger: off"} <= set(lines)
    assert any(line.startswith("keys: none, everybody") for line in lines)
    assert not any(line.startswith(("routes", "traces", "cache")) for line in lines)


def test_whose_answers_are_kept_is_said(kit):
    routes = {
        name: RouteConfig((RouteTarget("a/gpt-5"),), cache_seconds=seconds)
        for name, seconds in (("on", 60), ("off", 0), ("silent", None))
    }
    config = kit.config({"a": kit.account("http://127.0.0.1:9")}, routes=routes)
    assert "cache of answers, in memory: on (60 s), off (0 s)" in said(config)
    config = attrs.evolve(config, cache=CacheConfig(ttl_seconds=0.5))
    assert "cache of answers, in memory: all requests (0.5 s), on (60 s), off (0 s)" in said(config)
