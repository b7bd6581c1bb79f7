"""What several gateways share, over a real Valkey or Redis server that is killed, stopped and emptied."""

import hashlib
import json
import os
import signal
import time
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager

import attrs
import httpx
import pytest
import trio
from dragoman.cli import main
from dragoman.io.access_log import Trail
from dragoman.io.beside import stands_beside
from dragoman.io.cache import SharedAnswers
from dragoman.io.cache_settings import CacheConfig
from dragoman.io.config import ConfigError, load
from dragoman.io.ledger.writer import started
from dragoman.io.limits import Limiter, StoreAway, keeping, shared_store
from dragoman.io.limits.decisions import admit, settle, spend
from dragoman.io.refusal import Refusal
from dragoman.io.secret import Address
from dragoman.io.settings import KeyConfig, KeyLimits
from dragoman.io.shared import SharedAway, sharing
from dragoman.translate import boundary
from engines import Valkey

HASH = f"sha256:{hashlib.sha256(b'k').hexdigest()}"
REPLY = b'{"ok":true}'


@pytest.fixture
def valkey():
    with Valkey() as running:
        yield running


@asynccontextmanager
async def stores(valkey, number=1):
    """As many gateways' ways to what keys have used."""
    async with AsyncExitStack() as stack:
        shared = [await stack.enter_async_context(sharing(address(valkey))) for _ in range(number)]
        yield [await stack.enter_async_context(keeping(one)) for one in shared]


def address(valkey):
    return Address(valkey.url, "literal")


async def until(condition):
    with trio.fail_after(5):
        while not await condition():  # noqa: ASYNC110 - nobody tells when it is so
            await trio.sleep(0.01)


def request(store, **limits):
    return lambda used: admit(used, KeyLimits(**limits), 0, store.process, store.now())


def test_gateways_that_share_a_server_let_together_exactly_the_limit_through(valkey):
    async def offer():
        through = []

        async def one(store):
            verdict = await store.change("k", request(store, requests_per_minute=100))
            through.append(verdict.refused is None)

        async with stores(valkey, 3) as several, trio.open_nursery() as nursery:
            for number in range(900):
                nursery.start_soon(one, several[number % 3])
                if number % 30 == 0:
                    await trio.sleep(0.002)
        return through

    through = trio.run(offer)
    assert len(through) == 900
    assert sum(through) == 100


def test_changes_of_one_gateway_are_made_in_the_order_in_which_they_came(valkey):
    async def run():
        async with stores(valkey) as (store,):
            first = await store.change("k", request(store, concurrent_requests=1))
            store.post("k", lambda used: (settle(used, first, 0, store.process), None), soon=False)
            return [(await store.change("k", request(store, concurrent_requests=1))).refused for _ in range(2)]

    assert trio.run(run) == [None, "concurrent_requests"]


def test_what_is_posted_last_is_there_when_the_gateway_has_stopped(valkey):
    async def run():
        async with stores(valkey) as (store,):
            store.post("k", lambda used: (spend(used, 1.5, store.now()), None), soon=False)
        async with stores(valkey) as (store,):
            return await store.change("k", lambda used: (used, used))

    assert trio.run(run).day[1] == 1_500_000_000


def test_clocks_of_gateways_may_differ_since_the_server_has_the_time(valkey):
    async def run():
        async with stores(valkey, 2) as (ahead, behind):
            ahead._clock = lambda: time.time() + 1000
            behind._clock = lambda: time.time() - 1000
            for store in (ahead, behind):
                await store.change("other", request(store))
            verdicts = [await store.change("k", request(store, requests_per_minute=1)) for store in (ahead, behind)]
            return abs(ahead.now() - behind.now()), [verdict.refused for verdict in verdicts]

    apart, refused = trio.run(run)
    assert apart < 1
    assert refused == [None, "requests_per_minute"]


def test_requests_of_a_gateway_that_died_hold_no_place(valkey, monkeypatch):
    monkeypatch.setattr(shared_store, "_HEARTBEAT_SECONDS", 0.05)
    beat = shared_store._BEAT.replace("now + 15", "now + 1")
    assert beat != shared_store._BEAT
    monkeypatch.setattr(shared_store, "_BEAT", beat)

    async def run():
        async with stores(valkey) as (dying,):
            await dying.change("k", request(dying, concurrent_requests=1))
        async with stores(valkey) as (store,):
            refused = (await store.change("k", request(store, concurrent_requests=1))).refused

            async def free():
                return (await store.change("k", request(store, concurrent_requests=1))).refused is None

            await until(free)
            return refused

    assert trio.run(run) == "concurrent_requests"


@pytest.mark.parametrize("way", ["killed", "stopped"])
def test_a_server_that_is_away_is_not_waited_for_and_found_again(valkey, way):
    async def run():
        async with stores(valkey) as (store,):
            await store.change("k", request(store, requests_per_minute=1000))
            valkey.kill() if way == "killed" else valkey.send_signal(signal.SIGSTOP)
            took = []
            for _ in range(5):
                began = trio.current_time()
                with pytest.raises(StoreAway):
                    await store.change("k", request(store))
                took.append(trio.current_time() - began)
            store.post("k", lambda used: (spend(used, 2.0, store.now()), None), soon=True)
            valkey.__enter__() if way == "killed" else valkey.send_signal(signal.SIGCONT)

            async def back():
                return store._shared.up

            await until(back)
            used = await store.change("k", lambda used: (used, used))
            return took, used

    took, used = trio.run(run)
    assert max(took) < 2
    assert max(took[1:]) < 0.2  # that it is away is known from then on
    assert used.day[1] == 2_000_000_000  # what was spent meanwhile


def test_a_server_that_has_another_use_for_the_key_does_no_harm(valkey):
    async def run():
        async with sharing(address(valkey)) as shared, keeping(shared) as store:
            values = {"k": b"nothing that a gateway wrote", "l": b"v" * 16 + b'[[["x",1,2]],[],[0,0],[0,0]]'}
            await shared.call(lambda client: client.mset({f"{{dragoman}}:limits:{key}": values[key] for key in values}))
            return [(await store.change(key, request(store, requests_per_minute=1))).refused for key in "kkll"]

    assert trio.run(run) == [None, "requests_per_minute"] * 2


def test_a_wrong_password_is_said_once_without_it(valkey, caplog):
    wrong = Address(valkey.url.replace("s3cret-word", "wr0ng-word"), "literal")

    async def run():
        async with sharing(wrong) as shared:
            await trio.sleep(0.5)
            with pytest.raises(SharedAway):
                await shared.call(lambda client: client.ping())

    trio.run(run)
    [said] = [record.getMessage() for record in caplog.records]
    assert "redis://:****@127.0.0.1" in said
    assert "wr0ng" not in said


def test_a_server_without_memory_is_no_server_for_limits_and_is_complained_of_once(valkey, caplog):
    async def run():
        async with sharing(address(valkey)) as shared, keeping(shared) as store:
            await shared.call(lambda client: client.config_set({"maxmemory": 1}))
            for _ in range(3):
                with pytest.raises(StoreAway):
                    await store.change("k", request(store))
            assert shared.up
            await shared.call(lambda client: client.config_set({"maxmemory": 0}))
            return (await store.change("k", request(store, requests_per_minute=1))).refused

    assert trio.run(run) is None
    [said] = [record.getMessage() for record in caplog.records]
    assert "refuses a call" in said
    assert "OOM" in said


def test_a_server_that_refuses_is_tried_again_in_a_while_and_not_at_once(valkey, monkeypatch):
    asked = []

    async def run():
        async with sharing(address(valkey)) as shared, keeping(shared) as store:
            await shared.call(lambda client: client.config_set({"maxmemory": 1}))
            call = shared.call
            monkeypatch.setattr(shared, "call", lambda work: asked.append(work) or call(work))
            store.post("k", lambda used: (spend(used, 2.0, store.now()), None), soon=True)
            await trio.sleep(0.5)
            refused = len(asked)
            await call(lambda client: client.config_set({"maxmemory": 0}))
            return refused, (await store.change("k", lambda used: (used, used))).day[1]

    refused, spent = trio.run(run)
    assert 1 <= refused <= 7
    assert spent == 2_000_000_000


def test_values_go_when_nothing_in_them_counts_any_more(valkey):
    async def run():
        async with sharing(address(valkey)) as shared, keeping(shared) as store:
            await store.change("a", lambda used: (used, None))
            await store.change("b", request(store))
            await store.change("c", lambda used: (spend(used, 1.0, store.now()), None))
            names = ["{dragoman}:limits:" + key for key in "abc"]
            return [await shared.call(lambda client, name=name: client.ttl(name)) for name in names]

    minutes, day, month = trio.run(run)
    assert 100 < minutes <= 130
    assert 86_000 < day <= 86_400
    assert month > 31 * 86_400


def sharing_config(kit, upstream, valkey, failure="closed", **limits):
    keys = {"ci": KeyConfig(hash=HASH, limits=KeyLimits(**limits)), "free": KeyConfig(hash=f"sha256:{'0' * 64}")}
    config = kit.config({"a": kit.account(upstream.url)}, keys=keys)
    server = attrs.evolve(config.server, shared=address(valkey), shared_failure=failure)
    return attrs.evolve(config, server=server)


@contextmanager
def two_gateways(kit, config, core=None):
    with ExitStack() as stack:
        yield [stack.enter_context(kit.running(config, core)) for _ in range(2)]


def ask(gateway):
    body = {"model": "a/gpt-4.1", "messages": []}
    headers = {"authorization": "Bearer k"}
    return httpx.post(f"{gateway.url}/v1/chat/completions", json=body, headers=headers, trust_env=False, timeout=10)


def answering(kit):
    return kit.answering(kit.whole(200, REPLY, b"content-type: application/json\r\nconnection: close\r\n"))


def test_two_gateways_hold_a_key_to_one_limit(kit, valkey):
    config = sharing_config(kit, answering(kit), valkey, requests_per_minute=5)
    with two_gateways(kit, config) as gateways:
        answers = [ask(gateways[number % 2]) for number in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert [answer.headers["x-ratelimit-remaining-requests"] for answer in answers[:5]] == ["4", "3", "2", "1", "0"]


def test_a_key_with_one_request_at_a_time_has_the_next_one_at_another_gateway(kit, valkey):
    config = sharing_config(kit, answering(kit), valkey, concurrent_requests=1)
    with two_gateways(kit, config) as gateways:
        for number in range(6):
            assert kit.until(lambda number=number: ask(gateways[number % 2]).status_code == 200)


def ready(gateway):
    return httpx.get(f"{gateway.url}/health/ready", trust_env=False)


def test_closed_requests_of_keys_with_limits_are_refused_while_the_server_is_away_and_served_again(kit, valkey):
    with kit.running(sharing_config(kit, answering(kit), valkey, requests_per_minute=50)) as gateway:
        assert ask(gateway).status_code == 200
        valkey.kill()
        began = time.monotonic()
        answers = [ask(gateway) for _ in range(3)]
        assert time.monotonic() - began < 2
        assert {answer.status_code for answer in answers} == {503}
        assert answers[0].headers["retry-after"] == "1"
        error = answers[0].json()["error"]
        assert error["code"] == "limits_unavailable"
        assert "'ci'" in error["message"]
        assert ready(gateway).json() == {"status": "unready", "reasons": ["shared"]}
        assert "dragoman_limits_unknown_total 3.0" in httpx.get(f"{gateway.url}/metrics", trust_env=False).text
        valkey.__enter__()
        assert kit.until(lambda: ready(gateway).status_code == 200, 5)
        assert ask(gateway).status_code == 200


def test_open_requests_are_let_through_uncounted_while_the_server_is_away_and_counted_again(kit, valkey):
    with kit.running(sharing_config(kit, answering(kit), valkey, "open", requests_per_minute=2)) as gateway:
        assert [ask(gateway).status_code for _ in range(3)] == [200, 200, 429]
        valkey.kill()
        answers = [ask(gateway) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200] * 4
        assert "x-ratelimit-limit-requests" not in answers[0].headers
        assert gateway.trail(3).limits_unknown
        assert ready(gateway).status_code == 200
        valkey.__enter__()
        assert kit.until(gateway.run.gateway.available, 5)
        assert [ask(gateway).status_code for _ in range(3)] == [200, 200, 429]  # the server began anew


def test_money_that_the_server_forgot_is_counted_again_from_the_ledger(valkey, tmp_path):
    keys = {"k": KeyConfig(hash=HASH, limits=KeyLimits(usd_per_day=1.0))}

    async def run():
        with started(Address(f"sqlite:{tmp_path / 'ledger'}", "literal"), os.environ) as ledger:
            trail = Trail("POST", "/", key="k", dialect="openai_chat", cost=3.0)
            ledger.enter(trail)

            async def written():
                return await trio.to_thread.run_sync(ledger.spent, "k", 0.0) == 3.0

            await until(written)
            async with stands_beside(address(valkey), ledger) as beside, trio.open_nursery() as nursery:
                limiter = Limiter(keys, beside.store)
                scope = await nursery.start(beside.count_again, lambda: limiter)
                await limiter.admit("k", lambda: 1, trail)  # this server has never heard of the ledger
                valkey.kill()
                with pytest.raises(Refusal):
                    await limiter.admit("k", lambda: 1, trail)
                valkey.__enter__()

                async def refused():
                    try:
                        await limiter.admit("k", lambda: 1, trail)
                    except Refusal as refusal:
                        return refusal.status == 429
                    return False

                await until(refused)
                scope.cancel()

    trio.run(run)


REPLY_TO_ALL = {
    "id": "1", "object": "chat.completion", "created": 1, "model": "gpt-4.1",
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
}  # fmt: skip


def test_gateways_tell_each_others_answers_again_and_ask_while_the_server_is_away(kit, valkey):
    head = b"content-type: application/json\r\nconnection: close\r\n"
    upstream = kit.answering(kit.whole(200, json.dumps(REPLY_TO_ALL).encode(), head))
    config = sharing_config(kit, upstream, valkey, "open")
    config = attrs.evolve(config, keys={}, cache=CacheConfig(ttl_seconds=60, store="shared"))

    def told(gateway):
        answer = ask_for_text(gateway)
        assert answer.status_code == 200
        assert answer.json()["choices"][0]["message"]["content"] == "Hi"
        return answer.headers["x-dragoman-cache"]

    with two_gateways(kit, config, boundary) as (first, second):
        assert [told(gateway) for gateway in (first, second, first)] == ["miss", "hit", "hit"]
        assert len(upstream.requests) == 1
        valkey.kill()
        assert [told(gateway) for gateway in (first, second)] == ["miss", "miss"]
        valkey.__enter__()
        assert kit.until(lambda: all(gateway.run.gateway.available() for gateway in (first, second)), 5)
        assert [told(gateway) for gateway in (first, second)] == ["miss", "hit"]


def ask_for_text(gateway):
    body = {"model": "a/gpt-4.1", "messages": [{"role": "user", "content": "Hi"}]}
    return httpx.post(f"{gateway.url}/v1/chat/completions", json=body, trust_env=False, timeout=10)


def test_answers_go_when_their_time_is_over(valkey):
    async def run():
        async with sharing(address(valkey)) as shared:
            answers = SharedAnswers(shared)
            await answers.put(b"k" * 32, b"\x00 bytes \xff", 0.2)
            found = [await answers.get(b"k" * 32), await answers.get(b"l" * 32)]
            await trio.sleep(0.3)
            return [*found, await answers.get(b"k" * 32)]

    assert trio.run(run) == [b"\x00 bytes \xff", None, None]


def test_answers_can_be_shared_only_where_there_is_a_server(write):
    path = write("[cache]\nstore = 'shared'\n")
    with pytest.raises(ConfigError, match=r':2: cache\.store: "shared" needs \[server\] shared'):
        load(path, env={}, providers=())


@pytest.mark.parametrize(
    "value",
    ["http://h", "redis://", "redis:h", "redis://h:x/0", "redis://h/zero", "unix://", "nonsense", "redis://h:99999/0"],
)
def test_another_address_is_a_fault_with_its_place(write, value):
    path = write(f"[server]\nshared = '{value}'\n")
    with pytest.raises(ConfigError, match=r':2: server\.shared: must be "redis://host:6379/0"') as caught:
        load(path, env={}, providers=())
    assert str(caught.value).count(value) == (value == "redis://")


@pytest.mark.parametrize(
    "value", ["redis://h", "rediss://:p@h:1/3", "valkey://u:p@h", "valkeys://h/", "unix:///run/valkey.sock"]
)
def test_addresses_of_both_names_of_the_server_are_taken(write, value):
    path = write(f"[server]\nshared = '{value}'\nshared_failure = 'open'\n")
    assert load(path, env={}, providers=()).server.shared.reveal() == value


def test_another_way_to_fail_is_a_fault_that_says_which_there_are(write):
    path = write("[server]\nshared_failure = 'local'\n")
    with pytest.raises(ConfigError, match=r'server\.shared_failure: "local" must be "closed" or "open"'):
        load(path, env={}, providers=())


def test_a_password_is_shown_nowhere(write, capsys):
    path = write("[server]\nshared = 'redis://:very-hidden@127.0.0.1:1/0'\n")
    main(["check", "--config", str(path)])
    out = capsys.readouterr().out
    assert "redis://:****@127.0.0.1:1/0" in out
    assert "very-hidden" not in out
