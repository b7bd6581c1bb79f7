"""What a request used is counted however it ended: cut short, left by its client, or after attempts in vain."""

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import httpx
import orjson
import pytest
from dragoman.io.access_log import Trail
from dragoman.io.ledger import Wanted, engine_of, entry_of, sums
from dragoman.io.ledger.entry import COLUMNS
from dragoman.io.limits.limiter import used_tokens
from dragoman.io.secret import Address
from dragoman.io.settings import Retry, RouteConfig, RouteTarget
from dragoman.translate import boundary
from entries import whole
from fronts import every_combination

MESSAGES = "/v1/messages"
BODY = {"model": "a/claude-sonnet-4-5", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4.1",
         "choices": [{"index": 0, "delta": {"role": "assistant", "content": "One, "}}]}  # fmt: skip
NEW_COLUMNS = ("action", "counted", "failed_tokens", "failed_cost")


def event(value):
    return b"event: %b\ndata: %b\n\n" % (value["type"].encode(), orjson.dumps(value))


USED = {"input_tokens": 1000, "cache_read_input_tokens": 200, "output_tokens": 2}
START = event({"type": "message_start", "message": {"id": "m", "model": "c", "usage": USED}})
BLOCK = event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
WORD = event({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "One, "}})
BUSY = event({"type": "error", "error": {"type": "overloaded_error", "message": "busy"}})
# 1,000 tokens of 3 $, 200 from the cache of 0.3 $, 2 of 15 $ for a million.
STARTED_USD = (1000 * 3 + 200 * 0.3 + 2 * 15) / 1e6


def leave(gateway, path, body):
    """Read the first piece of a stream, and go."""
    with (
        httpx.Client(timeout=10, trust_env=False) as client,
        client.stream("POST", gateway.url + path, json=body | {"stream": True}) as answer,
    ):
        next(answer.iter_bytes())


def ask(gateway, path, body):
    return httpx.post(gateway.url + path, json=body, timeout=10, trust_env=False)


def entered(trail):
    return SimpleNamespace(**whole(entry_of(trail, "1", 1.0, trail.started)))


@every_combination
def test_what_a_provider_counted_before_its_client_left_is_kept_and_marked(kit):
    def behave(connection, _):
        connection.sendall(kit.chunked(START, BLOCK, WORD, end=False))
        claude.wait_for_hang_up(connection)

    claude = kit.upstream(behave)
    gateway = kit.gateway(kit.config({"a": kit.account(claude.url, "anthropic")}), boundary)
    leave(gateway, MESSAGES, BODY)
    trail = gateway.trail()
    assert (trail.status, trail.error, trail.counted) == (499, "client_closed", "partial")
    assert trail.usage == {"fresh": 1000, "cache_read": 200, "text": 2, "prompt": 1200}
    assert trail.cost == pytest.approx(STARTED_USD)
    entry = entered(trail)
    assert (entry.action, entry.counted, entry.fresh, entry.text) == ("generate", "partial", 1000, 2)
    # How many tokens there were nobody knows: for the limit of a key it is the reservation that counts.
    assert used_tokens(trail, 777) == 777


def test_what_no_provider_told_is_unknown_and_has_no_cost(kit):
    def behave(connection, _):
        connection.sendall(kit.chunked(b"data: %b\n\n" % orjson.dumps(CHUNK), end=False))
        other.wait_for_hang_up(connection)

    other = kit.upstream(behave)
    gateway = kit.gateway(kit.config({"a": kit.account(other.url)}), boundary)
    leave(gateway, "/v1/chat/completions", {"model": "a/gpt-4.1", "messages": BODY["messages"]})
    trail = gateway.trail()
    assert (trail.usage, trail.counted, trail.cost) == (None, "unknown", None)
    assert entered(trail).counted == "unknown"


def test_a_stream_that_is_cut_counts_what_was_counted(kit):
    claude = kit.answering(kit.chunked(START, BLOCK, WORD))
    gateway = kit.gateway(kit.config({"a": kit.account(claude.url, "anthropic")}), boundary)
    ask(gateway, MESSAGES, BODY | {"stream": True})
    trail = gateway.trail()
    assert (trail.error, trail.counted, trail.cost) == ("upstream_truncated", "partial", pytest.approx(STARTED_USD))


@pytest.mark.parametrize("kind", ["unreachable", "refusing", "an error in the place of a stream"])
def test_who_counted_nothing_costs_nothing(kit, kind):
    url = "http://127.0.0.1:9"
    if kind == "refusing":
        url = kit.answering(kit.whole(529, b'{"type":"error","error":{"type":"overloaded_error","message":"x"}}')).url
    elif kind != "unreachable":
        url = kit.answering(kit.chunked(BUSY)).url
    gateway = kit.gateway(kit.config({"a": kit.account(url, "anthropic")}), boundary)
    assert ask(gateway, MESSAGES, BODY | {"stream": True}).status_code >= 500
    trail = gateway.trail()
    assert (trail.usage, trail.counted, trail.cost) == (None, None, 0.0)


def test_an_attempt_that_failed_after_it_began_is_priced_beside_the_answer(kit):
    def behave(connection, request):
        connection.sendall(kit.chunked(START, BLOCK, BUSY) if b"sonnet" in request else kit.chunked(*rest))

    rest = (
        event({"type": "message_start", "message": {"id": "m", "model": "c", "usage": {"input_tokens": 10}}}),
        BLOCK, WORD,
        event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}}),
        event({"type": "message_stop"}),
    )  # fmt: skip
    claude = kit.upstream(behave)
    accounts = {"a": kit.account(claude.url, "anthropic")}
    targets = (RouteTarget("a/claude-sonnet-4-5"), RouteTarget("a/claude-haiku-4-5"))
    gateway = kit.gateway(kit.config(accounts, routes={"r": RouteConfig(targets, retry=Retry(1))}), boundary)
    assert "One, " in ask(gateway, MESSAGES, BODY | {"model": "r", "stream": True}).text
    trail = gateway.trail()
    assert trail.cost_failed == pytest.approx(STARTED_USD)
    assert trail.cost == pytest.approx(STARTED_USD + (10 * 1 + 5 * 5) / 1e6)
    entry = entered(trail)
    assert (entry.fresh, entry.text, entry.failed_tokens, entry.counted) == (10, 5, 1202, "partial")
    assert 'dragoman_tokens_total{bucket="input",provider="anthropic"} 1010.0' in ask_metrics(gateway)


def ask_metrics(gateway):
    return httpx.get(f"{gateway.url}/metrics", timeout=10, trust_env=False).text


def test_where_every_attempt_failed_nothing_is_counted_twice(kit):
    claude = kit.answering(kit.chunked(START, BLOCK, BUSY))
    accounts = {"a": kit.account(claude.url, "anthropic")}
    targets = (RouteTarget("a/claude-sonnet-4-5"), RouteTarget("a/claude-sonnet-4"))
    gateway = kit.gateway(kit.config(accounts, routes={"r": RouteConfig(targets, retry=Retry(1))}), boundary)
    assert ask(gateway, MESSAGES, BODY | {"model": "r", "stream": True}).status_code == 529
    trail = gateway.trail()
    assert trail.attempts == len(trail.wasted) == 2
    assert trail.cost == trail.cost_failed == pytest.approx(2 * STARTED_USD)
    entry = entered(trail)
    assert (entry.fresh, entry.failed_tokens, entry.counted) == (0, 2 * 1202, "partial")


def test_to_count_tokens_is_an_action_of_its_own_and_costs_nothing(kit):
    claude = kit.answering(kit.whole(200, b'{"input_tokens": 14}'))
    gateway = kit.gateway(kit.config({"a": kit.account(claude.url, "anthropic")}), boundary)
    assert ask(gateway, f"{MESSAGES}/count_tokens", BODY).json() == {"input_tokens": 14}
    trail = gateway.trail()
    assert (trail.action, trail.usage, trail.counted, trail.cost) == ("count", None, None, 0.0)
    assert entered(trail).action == "count"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_ledger_that_was_made_before_gets_the_new_columns_and_keeps_what_it_has(request, tmp_path, kind):
    names = [name for name in COLUMNS if name not in NEW_COLUMNS]
    types = {int: "BIGINT NOT NULL", float: "DOUBLE PRECISION NOT NULL", float | None: "DOUBLE PRECISION"}
    columns = ", ".join(
        f"{name} {types.get(COLUMNS[name], 'TEXT')}" + " PRIMARY KEY" * (name == "id") for name in names
    )
    old = whole(entry_of(Trail("POST", "/", dialect="anthropic", status=200, cost=0.5), "old", 1.0, 1.0))
    known = [old[name] for name in names]
    make = [
        "CREATE TABLE dragoman_ledger (version BIGINT NOT NULL)",
        "INSERT INTO dragoman_ledger VALUES (1)",
        f"CREATE TABLE dragoman_requests ({columns})",
    ]
    insert = f"INSERT INTO dragoman_requests ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    if kind == "sqlite":
        address = Address(f"sqlite:{tmp_path}/ledger")
        with closing(sqlite3.connect(tmp_path / "ledger")) as connection, connection:
            for statement in make:
                connection.execute(statement)
            connection.execute(insert, known)
    else:
        import psycopg

        address = request.getfixturevalue("empty_database")
        with psycopg.connect(address.reveal()) as connection:
            for statement in make:
                connection.execute(statement)
            connection.execute(insert.replace("?", "%s"), known)
    engine = engine_of(address, {})
    engine.write([entry_of(Trail("POST", "/", action="count", cost=0.0), "new", 1.0, 1.0)])
    found = engine.rows(f"SELECT id, {', '.join(NEW_COLUMNS)} FROM dragoman_requests ORDER BY id", [])
    assert found == [("new", "count", None, 0, None), ("old", None, None, 0, None)]
    assert [(one.group, one.cost) for one in sums(engine, Wanted(("action",))) if one.group[0]] == [(("count",), 0.0)]
    # A gateway of the version before goes on writing it.
    again = known.copy()
    again[names.index("id")] = "older"
    engine.rows(f"{insert} RETURNING id", again)
    assert engine.rows("SELECT COUNT(*) FROM dragoman_requests", []) == [(3,)]
    engine.close()
