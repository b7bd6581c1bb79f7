"""The ledger over real engines."""

import json
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
import trio
from dragoman import standins
from dragoman.cli import main
from dragoman.io.access_log import Trail, no_log
from dragoman.io.beside import Beside
from dragoman.io.config import Config
from dragoman.io.ledger import Ledger, LedgerError, Wanted, engine_of, entry_of, started, sums
from dragoman.io.ledger.engines import Postgresql, Sqlite, default_place
from dragoman.io.ledger.entry import BUCKETS, COLUMNS
from dragoman.io.refusal import Refusal
from dragoman.io.secret import Address, Secret
from dragoman.io.server import opened
from dragoman.io.settings import AccountConfig, KeyConfig, KeyLimits, ServerConfig
from dragoman.translate import boundary
from entries import whole
from fronts import until

NOON = 1_795_000_000.0  # 2026-11-18


@pytest.fixture
def told(monkeypatch, caplog):
    monkeypatch.setattr(logging.getLogger("dragoman"), "propagate", True)
    caplog.set_level(logging.INFO, "dragoman")
    return lambda words: [message for message in caplog.messages if words in message]


def trail(**known):
    known = {"dialect": "openai_chat", "status": 200, "key": "ci", "model": "gpt-5", "provider": "openai", **known}
    return Trail("POST", "/v1/chat/completions", **known)


def entry(number, time=NOON, **known):
    return entry_of(trail(**known), str(number), time, 10.0)


def written(address, *entries):
    engine = engine_of(address, {})
    engine.write(entries)
    return engine


def test_an_entry_tells_all_but_what_was_said():
    losses = [
        {"path": "/said", "kind": "dropped", "severity": word, "detail": "said"} for word in ("hint", "hint", "cost")
    ]
    known = trail(
        started=8.0, first_at=8.25, account="a", route="smart", stream=True, attempts=2, cost=0.5, losses=losses,
        usage={"fresh": 5, "reasoning": 2**70, "prompt": 5}, error="overloaded", detail="said",
        metadata={"team": "x\0"}, model="m" * 500, request_id="r",
    )  # fmt: skip
    made = whole(entry_of(known, "1", NOON, 10.0))
    assert {name: value for name, value in made.items() if value} == {
        "id": "1", "time": 1_795_000_000_000, "request_id": "r", "key": "ci", "account": "a", "provider": "openai",
        "model": "m" * 200, "route": "smart", "dialect": "openai_chat", "stream": 1, "status": 200, "attempts": 2,
        "error": "overloaded", "fresh": 5, "reasoning": 2**63 - 1, "cost": 0.5, "latency_ms": 2000.0,
        "first_token_ms": 250.0, "losses_cost": 1, "losses_hint": 2, "metadata": '{"team":"x\\u0000"}',
    }  # fmt: skip
    assert "said" not in str(made)


def test_what_is_written_twice_is_there_once_and_sums_are_those_of_the_entries(address):
    usage = {"fresh": 100, "cache_read": 7, "text": 3}
    entries = [
        entry(1, cost=0.25, usage=usage),
        entry(2, cost=None, usage=usage, model="other"),
        entry(3, time=NOON + 86400, cost=0.5, key="cd", status=429, error="rate_limited"),
    ]
    engine = written(address, *entries)
    engine.write(entries[:2])
    (whole,) = sums(engine, Wanted(()))
    assert (whole.requests, whole.errors, whole.cost, whole.unpriced) == (3, 1, 0.75, 1)
    assert {name: number for name, number in whole.tokens.items() if number} == {
        "fresh": 200,
        "cache_read": 14,
        "text": 6,
    }
    assert tuple(whole.tokens) == BUCKETS
    by_day = sums(engine, Wanted(("day", "key")))
    assert [(one.group, one.requests) for one in by_day] == [(("2026-11-18", "ci"), 2), (("2026-11-19", "cd"), 1)]
    assert [one.group for one in sums(engine, Wanted(("model", "status"), key="ci"))] == [
        ("gpt-5", 200),
        ("other", 200),
    ]
    edge = int(NOON * 1000) + 86_400_000
    assert sums(engine, Wanted((), since=edge))[0].requests == 1
    assert sums(engine, Wanted((), until=edge))[0].requests == 2
    assert sums(engine, Wanted((), key="x' OR '1'='1")) == []
    ledger = Ledger(engine)
    assert (ledger.spent("ci", 0), ledger.spent("cd", NOON), ledger.spent("cd", NOON + 90_000)) == (0.25, 0.5, 0)
    engine.close()


def test_entries_with_something_in_other_columns_are_written_together_and_what_they_leave_out_is_nothing(address):
    entries = [
        entry_of(Trail("POST", "/"), "1", NOON, 10.0),
        entry(2, usage={"fresh": 5, "audio_out": 0, "total": 5}, cost=0.0, cost_failed=0.0, action="generate"),
        entry(3, route="smart", stream=True, started=8.0, first_at=8.25, error="overloaded", metadata={"a": "b"}),
        entry(4, usage={"fresh": 7}, cost=0.5, cost_failed=0.25, action="generate"),
    ]
    engine = written(address, *entries)
    found = engine.rows(f"SELECT {', '.join(COLUMNS)} FROM dragoman_requests ORDER BY id", [])
    assert [dict(zip(COLUMNS, row, strict=True)) for row in found] == [whole(one) for one in entries]
    engine.close()


def test_of_entries_of_which_one_is_refused_none_is_written(address):
    engine = engine_of(address, {})
    with pytest.raises((LedgerError, OverflowError)):
        engine.write([entry(1), entry(2, error="x"), entry(3, route="smart", status=2**80)])
    assert sums(engine, Wanted(())) == []
    engine.close()


def test_what_is_entered_is_as_it_was_then():
    ledger = Ledger(Sqlite(Path("nowhere")))
    known = trail(cost=0.5)
    ledger.enter(known)
    known.cost = None
    (entered,) = ledger._waiting
    assert whole(entered)["cost"] == 0.5


def test_a_table_without_the_columns_that_came_later_is_given_them(address):
    engine = written(address, entry(1))
    with engine._used() as connection:
        connection.cursor().execute("ALTER TABLE dragoman_requests DROP COLUMN cache")
    engine.close()
    for number in (2, 3):  # and not twice
        written(address, entry(number, cache="hit", usage={"fresh": 9})).close()
    engine = engine_of(address, {})
    assert engine.rows("SELECT id, cache FROM dragoman_requests ORDER BY id", []) == [
        ("1", None), ("2", "hit"), ("3", "hit"),
    ]  # fmt: skip
    (known,) = sums(engine, Wanted(()))
    assert (known.requests, known.hits, known.tokens["fresh"]) == (3, 2, 0)
    engine.close()


def test_several_writers_at_once_lose_nothing(address):
    ledgers = [Ledger(engine_of(address, {})) for _ in range(4)]
    for ledger in ledgers:
        ledger.start()
        for _ in range(300):
            ledger.enter(trail(cost=0.001))
    for ledger in ledgers:
        ledger.stop()
        assert ledger.lost == 0
    engine = engine_of(address, {})
    assert sums(engine, Wanted(()))[0].requests == 1200
    engine.close()


def test_a_ledger_of_a_later_version_is_left_alone(address):
    engine = written(address, entry(1))
    if isinstance(engine, Sqlite):
        with closing(sqlite3.connect(address.reveal().removeprefix("sqlite:"))) as connection, connection:
            connection.execute("UPDATE dragoman_ledger SET version = 2")
    else:
        import psycopg

        with psycopg.connect(address.reveal()) as connection:
            connection.execute("UPDATE dragoman_ledger SET version = 2")
    engine.close()
    with pytest.raises(LedgerError, match="made by a later version"):
        engine.open()


def test_text_that_an_engine_does_not_take_holds_nothing_up(address):
    engine = written(address, entry(1, model="a\0b\ud800", request_id="\0"), entry(2, metadata={"a": "\0"}))
    assert [one.group for one in sums(engine, Wanted(("model",)))] == [("ab?",), ("gpt-5",)]
    engine.close()


def test_an_engine_that_hangs_holds_up_neither_requests_nor_the_end(told):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        ledger = Ledger(Postgresql(Address(f"postgresql://u:hidden@127.0.0.1:{mute.getsockname()[1]}/x")), most=2000)
        ledger.start()
        began = time.perf_counter()
        for _ in range(3000):
            ledger.enter(trail())
        assert time.perf_counter() - began < 0.5
        assert ledger.lost == 1000
        ledger.stop(0.1)
        assert time.perf_counter() - began < 2
    ledger._thread.join(10)
    assert len(told("no more are kept")) == 1
    assert told("3000 entries of the ledger could not be written")
    assert not told("hidden")


def test_a_database_that_stops_in_the_middle_holds_nothing_up_and_gets_all_when_it_goes_on(database, told):
    import psycopg

    with psycopg.connect(database.url, autocommit=True) as control:
        control.execute("DROP TABLE IF EXISTS dragoman_requests, dragoman_ledger")
        ledger = Ledger(engine_of(Address(database.url), {}))
        ledger.start()
        ledger.enter(trail())
        number = "SELECT COUNT(*) FROM dragoman_requests"
        find = "SELECT pid FROM pg_stat_activity WHERE application_name = 'dragoman' AND query <> ''"
        there = "SELECT to_regclass('dragoman_requests')"
        assert until(lambda: control.execute(there).fetchone()[0] and control.execute(number).fetchone()[0] == 1, 5)
        ((backend,),) = control.execute(find).fetchall()
        os.kill(backend, signal.SIGSTOP)
        try:
            began = time.perf_counter()
            for _ in range(500):
                ledger.enter(trail())
            assert time.perf_counter() - began < 0.2
            time.sleep(0.8)
            assert control.execute(number).fetchone()[0] == 1
        finally:
            os.kill(backend, signal.SIGCONT)
        ledger.stop()
        assert control.execute(number).fetchone()[0] == 501
    assert not told("could not be written")


def test_an_entry_that_is_refused_is_lost_alone(address, told):
    engine = engine_of(address, {})
    ledger = Ledger(engine)
    ledger.enter(trail())
    ledger.enter(trail(status=2**80))
    ledger.enter(trail())
    ledger.start()
    ledger.stop()
    assert ledger.lost == 1
    assert len(told("refuses the entry")) == 1
    assert sums(engine, Wanted(()))[0].requests == 2
    engine.close()


def test_an_engine_that_was_away_gets_what_was_kept_and_is_spoken_of_once(tmp_path, told):
    place = tmp_path / "sub"
    place.write_text("a file where the folder will be")
    engine = Sqlite(place / "ledger")
    ledger = Ledger(engine)
    ledger.start()
    ledger.enter(trail())
    assert until(lambda: told("cannot be written"), 3)
    ledger.enter(trail())
    time.sleep(0.7)
    place.unlink()
    ledger.stop()
    assert len(told("cannot be written, entries are kept")) == len(told("is written again; 0 entries were lost")) == 1
    assert sums(engine, Wanted(()))[0].requests == 2
    engine.close()


def test_the_password_of_a_database_shows_nowhere(database, told):
    address = Address(database.url.replace("s3cret-word", "wrong-w%C3%B6rd"))
    with started(address, {}) as ledger:
        assert ledger is not None
    assert told("the ledger is away")
    assert "wrong" not in f"{told('')} {address} {address!r}"
    assert "dragoman:****@127.0.0.1" in str(address)


def test_the_default_place_that_cannot_be_written_is_a_warning_and_a_configured_one_a_fault(tmp_path, told):
    (tmp_path / "dragoman").write_text("no folder")
    env = {"XDG_STATE_HOME": str(tmp_path)}
    assert default_place({"XDG_STATE_HOME": "relative"}) == Path.home() / ".local/state/dragoman/ledger.sqlite3"
    with started(None, env) as ledger:
        assert ledger is None
    assert told("there is no ledger")
    with pytest.raises(LedgerError), started(Address(f"sqlite:{tmp_path}/dragoman/x"), env):
        pass
    with started(Address("off"), env) as ledger:
        assert ledger is None


CONFIG = """
[server]
port = 0
ledger = "{ledger}"
[accounts.a]
provider = "openai"
api_key = "none"
base_url = "{url}/v1"
[prices."gpt-4.1"]
input = 2
output = 8
"""


@contextmanager
def served(folder, ledger):
    with standins.running("openai") as provider:
        path = folder / "dragoman.toml"
        path.write_text(CONFIG.format(ledger=ledger, url=provider.base_url))
        process = subprocess.Popen(
            [sys.executable, "-m", "dragoman", "serve", "--config", str(path)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            yield process, process.stdout.readline().split()[3], path
        finally:
            process.kill()
            process.communicate()


def ask(url, client, told):
    body = {"model": "a/gpt-4.1", "messages": [{"role": "user", "content": "Hi"}]}
    reply = client.post(f"{url}/v1/chat/completions", json=body)
    told.append((time.time(), reply.headers["x-request-id"], reply.json().get("usage")))


def test_usage_tells_what_clients_saw(tmp_path, address, capsys):
    told = []
    with served(tmp_path, address.reveal()) as (process, url, path):
        with httpx.Client(timeout=10, trust_env=False) as client:
            for _ in range(20):
                ask(url, client, told)
            client.post(f"{url}/v1/chat/completions", json={"model": "nobody/x"})
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert main(["usage", "--config", str(path), "--by", "account,model", "--json"]) == 0
    refused, answered = sorted(json.loads(capsys.readouterr().out), key=lambda one: one["requests"])
    assert (refused["account"], refused["model"], refused["errors"]) == (None, "nobody/x", 1)
    tokens = answered["tokens"]
    seen = [sum(usage[name] for _, _, usage in told) for name in ("prompt_tokens", "completion_tokens")]
    assert answered["requests"] == 20
    assert [tokens["fresh"] + tokens["cache_read"], tokens["text"] + tokens["reasoning"]] == seen
    assert answered["cost"] == pytest.approx((2 * seen[0] + 8 * seen[1]) / 1e6, abs=1e-9)
    assert main(["usage", "--config", str(path), "--since", "1h"]) == 0
    assert "gpt-4.1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "hint"),
    [
        (["--by", "key,x"], 2, "'x' is not one of key, model, day"),
        (["--by", "key,key"], 2, "names something twice"),
        (["--since", "yesterday"], 2, "'yesterday' is neither a day as 2026-11-01"),
        ([], 1, "there is no ledger at"),
    ],
)
def test_usage_says_what_is_wrong(tmp_path, monkeypatch, capsys, words, status, hint):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert main(["usage", *words]) == status
    assert hint in capsys.readouterr().err


@pytest.mark.parametrize("value", ["mysql://x", "sqlite:", "postgresql:x", "postgresql://h:x/y", "nonsense"])
def test_a_ledger_that_is_no_place_is_refused_with_its_line(write, capsys, value):
    path = write(f"[server]\nledger = '{value}'\n")
    assert main(["check", "--config", str(path)]) == 1
    err = capsys.readouterr().err
    assert f'{path}:2: server.ledger: must be "sqlite:PATH", "postgresql://host/name" or "off"' in err


def test_check_masks_the_password_of_the_ledger_and_serve_says_which_file_cannot_be_written(write, tmp_path, capsys):
    path = write("[server]\nledger = 'postgresql://u:very-hidden@h/x'\n")
    assert main(["check", "--config", str(path)]) == 0
    out, err = capsys.readouterr()
    assert "postgresql://u:****@h/x" in out
    assert "very-hidden" not in out + err
    path.write_text(
        "[server]\nport = 0\nledger = 'sqlite:dragoman.toml/x'\n[accounts.a]\nprovider='openai'\napi_key='x'\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "dragoman", "serve", "--config", str(path)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 1
    assert f"dragoman: the ledger cannot be used: {tmp_path}/dragoman.toml/x: " in done.stderr


def test_what_a_key_has_spent_counts_after_a_restart(address):
    hashed = f"sha256:{'0' * 64}"
    keys = {"ci": KeyConfig(hash=hashed, limits=KeyLimits(usd_per_day=1.0)), "free": KeyConfig(hash=f"{hashed[:-1]}1")}
    account = AccountConfig(provider="openai", api_key=Secret("x", "env X"))
    config = Config(server=ServerConfig(port=0), accounts={"a": account}, keys=keys)

    async def admitted(cost):
        with started(address, os.environ) as ledger:
            async with opened(config, boundary, beside=Beside(ledger), log=no_log) as ready:
                await ready.gateway.limiter.admit("free", lambda: 1, trail())
                try:
                    await ready.gateway.limiter.admit("ci", lambda: 1, trail())
                except Refusal as refusal:
                    return refusal.status
                ledger.enter(trail(cost=cost))
        return 200

    assert [trio.run(admitted, 0.6) for _ in range(3)] == [200, 200, 429]
