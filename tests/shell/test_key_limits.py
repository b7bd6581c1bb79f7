import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime

import attrs
import httpx
import orjson
import pytest
import trio
from dragoman.cli import main
from dragoman.io.access_log import Trail
from dragoman.io.config import ConfigError, load
from dragoman.io.keys import KeyRing, hash_of
from dragoman.io.limits import FolderStore, MemoryStore
from dragoman.io.limits.decisions import Used, admit, begin_with, settle, spend
from dragoman.io.limits.limiter import Limiter
from dragoman.io.refusal import Refusal
from dragoman.io.settings import KeyConfig, KeyLimits, PriceConfig
from dragoman.translate import boundary
from hypothesis import given, settings
from hypothesis import strategies as st

HASH = f"sha256:{hashlib.sha256(b'k').hexdigest()}"
REPLY = b'{"ok":true}'
NOON = datetime(2026, 2, 27, 12, tzinfo=UTC).timestamp()
DAY = 86400


@pytest.fixture(params=["memory", "folder"])
def store(request, tmp_path):
    return MemoryStore() if request.param == "memory" else FolderStore(tmp_path)


@settings(deadline=None)
@given(st.integers(1, 20), st.lists(st.floats(0, 20), max_size=200))
def test_no_sixty_seconds_see_more_requests_than_the_limit(limit, pauses):
    used, now, passed = Used(), 1000.0, []
    for pause in pauses:
        now += pause
        used, verdict = admit(used, KeyLimits(requests_per_minute=limit), 0, 1, now)
        if verdict.refused is None:
            passed.append(now)
    assert all(sum(begin <= moment < begin + 60 for moment in passed) <= limit for begin in passed)


@settings(deadline=None)
@given(
    st.integers(1, 500), st.lists(st.tuples(st.floats(0, 30), st.integers(0, 300), st.integers(0, 300)), max_size=60)
)
def test_reservations_are_never_above_the_limit_and_settle_to_what_was_used(limit, requests):
    used, now = Used(), 1000.0
    for pause, reserved, spent in requests:
        now += pause
        used, verdict = admit(used, KeyLimits(tokens_per_minute=limit), reserved, 1, now)
        if verdict.refused is None:
            assert verdict.tokens <= limit
            before = sum(tokens for _, _, tokens in used.seconds)
            used = settle(used, verdict, spent, 1)
            assert sum(tokens for _, _, tokens in used.seconds) == before - verdict.reserved + spent
        assert all(tokens >= 0 for _, _, tokens in used.seconds)
    assert used.running == ()


@settings(deadline=None)
@given(st.integers(1, 5), st.lists(st.floats(0, 20), min_size=1, max_size=60))
def test_whoever_waits_as_told_is_let_through(limit, pauses):
    limits, used, now = KeyLimits(requests_per_minute=limit), Used(), 1000.0
    for pause in pauses:
        now += pause
        used, verdict = admit(used, limits, 0, 1, now)
        if verdict.refused is not None:
            assert 0 < verdict.wait <= 61
            assert admit(used, limits, 0, 1, now + verdict.wait)[1].refused is None


requests_over = st.tuples(st.floats(0, 30), st.integers(0, 300), st.integers(0, 300), st.sampled_from([0.0, 0.1, 2.5]))


@settings(deadline=None)
@given(st.lists(requests_over, max_size=30))
def test_to_settle_with_what_was_spent_is_to_settle_and_then_to_spend(requests):
    used, now = Used(), NOON
    for pause, reserved, tokens, usd in requests:
        used, verdict = admit(used, KeyLimits(), reserved, 1, now)
        now += pause
        settled = settle(used, verdict, tokens, 1)
        used = settle(used, verdict, tokens, 1, usd, now)
        assert used == (spend(settled, usd, now) if usd else settled)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 30), st.integers(0, 9)), min_size=1, max_size=60))
def test_all_is_there_again_when_it_was_told_and_not_a_second_before(requests):
    limits, used, now = KeyLimits(requests_per_minute=30, tokens_per_minute=100), Used(), 1000.0
    for pause, tokens in requests:
        now += pause
        used, verdict = admit(used, limits, tokens, 1, now)
        for name, reset in (("requests", verdict.requests_reset), ("tokens", verdict.tokens_reset)):
            _, then = admit(used, KeyLimits(), 0, 1, int(now) + reset)
            assert getattr(then, name) == (name == "requests")  # this one alone
            if reset:
                _, before = admit(used, KeyLimits(), 0, 1, int(now) + reset - 0.001)
                assert getattr(before, name) > getattr(then, name)


def test_five_thousand_requests_a_second_for_three_seconds_let_exactly_the_limit_through(store):
    limits = KeyLimits(requests_per_minute=100)
    moments = [1000.5 + n / 5000 for n in range(15_000)]
    verdicts = changed(store, *(lambda used, now=now: admit(used, limits, 0, os.getpid(), now) for now in moments))
    assert sum(verdict.refused is None for verdict in verdicts) == 100


def changed(store, *changes):
    """What changes of the key `k` tell."""

    async def one_after_the_other():
        return [await store.change("k", change) for change in changes]

    return trio.run(one_after_the_other)


def test_the_slot_of_a_process_that_died_is_free_again(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    store, limits = FolderStore(tmp_path), KeyLimits(concurrent_requests=1)
    for process, refused in ((ended.pid, None), (os.getpid(), None), (os.getpid(), "concurrent_requests")):
        [verdict] = changed(store, lambda used, process=process: admit(used, limits, 0, process, 1000.0))
        assert verdict.refused == refused


def test_a_folder_that_was_cleaned_up_is_made_anew(tmp_path):
    held = limiter(FolderStore(tmp_path / "gone"), requests_per_minute=1)
    trio.run(held.admit, "k", lambda: 1, Trail("POST", "/"))
    refusal(held)


def test_stores_of_one_folder_count_together(tmp_path):
    stores, limits = [FolderStore(tmp_path) for _ in range(2)], KeyLimits(requests_per_minute=4)
    verdicts = [
        changed(stores[number], lambda used: admit(used, limits, 0, os.getpid(), 1000.0))[0]
        for number in (0, 0, 1, 0, 1, 1, 0)
    ]
    assert [verdict.requests for verdict in verdicts] == [1, 2, 3, 4, 4, 4, 4]
    assert [verdict.refused for verdict in verdicts[3:5]] == [None, "requests_per_minute"]
    for file in tmp_path.iterdir():
        file.unlink()
    [verdict] = changed(stores[0], lambda used: admit(used, limits, 0, os.getpid(), 1000.0))
    assert verdict.requests == 1


def test_a_worker_that_has_a_key_for_a_moment_is_waited_for(tmp_path):
    held = limiter(FolderStore(tmp_path), requests_per_minute=2)
    trio.run(held.admit, "k", lambda: 1, Trail("POST", "/"))
    [path] = tmp_path.iterdir()

    async def leave(file):
        await trio.sleep(0.02)
        fcntl.flock(file, fcntl.LOCK_UN)

    async def ask_meanwhile():
        trail = Trail("POST", "/")
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(leave, file)
                await held.admit("k", lambda: 1, trail)
        return dict(trail.limits)

    assert trio.run(ask_meanwhile)[b"x-ratelimit-remaining-requests"] == b"0"


def limited(kit, upstream, **limits):
    keys = {"ci": KeyConfig(hash=HASH, limits=KeyLimits(**limits), metadata={"team": "a", "id": "b"})}
    return kit.running(kit.config({"a": kit.account(upstream.url)}, keys=keys))


def ask(gateway, model="a/gpt-4.1"):
    body = {"model": model, "messages": [], "max_tokens": 10}
    headers = {"authorization": "Bearer k"}
    return httpx.post(f"{gateway.url}/v1/chat/completions", json=body, headers=headers, trust_env=False, timeout=10)


def test_what_is_over_a_limit_is_refused_with_its_name_and_the_time_to_wait(kit):
    upstream = kit.answering(kit.whole(200, REPLY, b"content-type: application/json\r\nconnection: close\r\n"))
    with limited(kit, upstream, requests_per_minute=2) as gateway:
        answers = [ask(gateway) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert [answer.headers["x-ratelimit-remaining-requests"] for answer in answers] == ["1", "0", "0"]
        assert answers[2].headers["x-ratelimit-limit-requests"] == "2"
        assert answers[0].headers["x-ratelimit-reset-requests"] == "61s"
        assert 59 <= int(answers[2].headers["x-ratelimit-reset-requests"].removesuffix("s")) <= 61
        assert not [name for name in answers[0].headers if name.startswith("x-ratelimit-") and "tokens" in name]
        assert 59 <= int(answers[2].headers["retry-after"]) <= 61
        error = answers[2].json()["error"]
        assert error["code"] == "rate_limit_exceeded"
        assert "requests_per_minute = 2" in error["message"]
        assert len(upstream.requests) == 2
        assert gateway.trail(0).metadata == {"team": "a", "id": "b"}


def test_tokens_are_settled_to_what_the_provider_counted_and_given_back_where_none_was_asked(kit):
    upstream = kit.answering(kit.whole(200, REPLY, b"content-type: application/json\r\nconnection: close\r\n"))
    with limited(kit, upstream, tokens_per_minute=1000) as gateway:
        reserved = 1000 - int(ask(gateway, "b/gpt").headers["x-ratelimit-remaining-tokens"])
        assert reserved > 20
        first = int(ask(gateway).headers["x-ratelimit-remaining-tokens"])
        second = int(ask(gateway).headers["x-ratelimit-remaining-tokens"])
        assert 1000 - first <= reserved + 2
        assert second == first - 3  # the provider counted 3 tokens


def test_clients_of_anthropic_are_told_their_limits_in_its_headers_and_not_those_of_the_provider(kit):
    theirs = b"anthropic-ratelimit-requests-limit: 4000\r\nanthropic-ratelimit-tokens-limit: 9\r\n"
    usage = {"input_tokens": 1, "output_tokens": 1}
    reply = {"id": "m", "type": "message", "role": "assistant", "model": "c", "usage": usage, "stop_sequence": None,
             "content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn"}  # fmt: skip
    head = b"content-type: application/json\r\nconnection: close\r\n" + theirs
    upstream = kit.answering(kit.whole(200, json.dumps(reply).encode(), head))
    keys = {"ci": KeyConfig(hash=HASH, limits=KeyLimits(requests_per_minute=1))}
    config = kit.config({"a": kit.account(upstream.url, "anthropic")}, keys=keys)
    body = {"model": "a/claude-sonnet-4-5", "max_tokens": 10, "messages": [{"role": "user", "content": "Hi"}]}
    with kit.running(config, boundary) as gateway:
        for status in (200, 429):
            url, headers = f"{gateway.url}/v1/messages", {"x-api-key": "k", "anthropic-version": "2023-06-01"}
            answer = httpx.post(url, json=body, headers=headers, trust_env=False)
            assert answer.status_code == status
            told = {
                name[20:]: value for name, value in answer.headers.items() if name.startswith("anthropic-ratelimit-")
            }
            moment = datetime.fromisoformat(told.pop("requests-reset"))
            assert 58 <= (moment - datetime.now(UTC)).total_seconds() <= 63
            expected = {"requests-limit": "1", "requests-remaining": "0"}
            assert told == (expected | {"tokens-limit": "9"} if status == 200 else expected)
        assert answer.headers["retry-after"]


def limiter(store, moment=NOON, **limits):
    store.now = lambda: moment
    return Limiter({"k": KeyConfig(hash=HASH, limits=KeyLimits(**limits))}, store)


def spending(held, usd):
    """One request that costs so much."""
    trail = Trail("POST", "/")
    grant = trio.run(held.admit, "k", lambda: 1, trail)
    trail.cost = usd
    held.settle(grant, trail)


def refusal(held):
    with pytest.raises(Refusal) as caught:
        trio.run(held.admit, "k", lambda: 1, Trail("POST", "/"))
    assert (caught.value.status, caught.value.code) == (429, "rate_limit_exceeded")
    return caught.value.message, int(dict(caught.value.headers)[b"retry-after"])


def test_a_day_whose_money_is_spent_ends_at_midnight(store):
    held = limiter(store, usd_per_day=0.3)
    for _ in range(3):
        spending(held, 0.1)  # in binary fractions it is less than 0.3 or more, as it comes
    message, wait = refusal(held)
    assert "usd_per_day = 0.3" in message
    assert wait == DAY // 2
    assert refusal(limiter(store, NOON + wait - 1, usd_per_day=0.3))[1] == 1
    spending(limiter(store, NOON + wait, usd_per_day=0.3), 0.1)


def test_a_month_whose_money_is_spent_ends_with_its_last_day(store):
    spending(limiter(store, usd_per_month=1), 0.5)
    spending(limiter(store, NOON + DAY, usd_per_month=1), 0.5)
    message, wait = refusal(limiter(store, NOON + DAY, usd_per_month=1, usd_per_day=0.5))
    assert "usd_per_month = 1" in message  # the day's limit is reached too, for less long
    assert wait == DAY // 2
    spending(limiter(store, NOON + DAY + wait, usd_per_month=1), 0.5)


def test_what_was_spent_before_the_start_counts_and_never_lowers_what_is_counted_already(store):
    asked = []

    def spent(key, since):
        asked.append((key, since))
        return 2.0 if since.day == 1 else 1.0

    held = limiter(store, usd_per_day=1.5, usd_per_month=10)
    trio.run(held.begin, held.spent_before(spent))
    assert asked == [("k", datetime(2026, 2, 27, tzinfo=UTC)), ("k", datetime(2026, 2, 1, tzinfo=UTC))]
    spending(held, 0.5)
    trio.run(held.begin, held.spent_before(spent))
    assert "usd_per_day" in refusal(held)[0]
    assert "usd_per_month" in refusal(limiter(store, usd_per_month=2.5))[0]


def test_keys_without_limits_in_dollars_are_not_looked_up(store):
    limiter(store, requests_per_minute=1).spent_before(lambda *_: pytest.fail("asked"))


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**6), max_size=30))
def test_sums_of_money_are_exact(millionths):
    used = Used()
    for item in millionths:
        used = spend(used, item / 10**6, NOON)
    assert used.day[1] == used.month[1] == sum(millionths) * 1000
    assert begin_with(used, 0, 0, NOON) == (used if used.day[0] else begin_with(Used(), 0, 0, NOON))


def test_a_dear_answer_is_charged_to_its_key(kit):
    usage = {"prompt_tokens": 1000, "completion_tokens": 1000, "total_tokens": 2000}
    message = {"role": "assistant", "content": "Hi"}
    reply = {"id": "c", "object": "chat.completion", "created": 1, "model": "gpt-4.1", "usage": usage,
             "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}  # fmt: skip
    headers = b"content-type: application/json\r\nconnection: close\r\n"
    upstream = kit.answering(kit.whole(200, json.dumps(reply).encode(), headers))
    keys = {"ci": KeyConfig(hash=HASH, limits=KeyLimits(usd_per_day=1.5))}
    config = attrs.evolve(kit.config({"a": kit.account(upstream.url)}, keys=keys), prices={"*": PriceConfig(1000, 0)})
    with kit.running(config, boundary) as gateway:
        assert [ask_for_text(gateway).status_code for _ in range(3)] == [200, 200, 429]
        assert [gateway.trail(number).cost for number in range(2)] == [1.0, 1.0]


def ask_for_text(gateway):
    body = {"model": "a/gpt-4.1", "messages": [{"role": "user", "content": "Hi"}]}
    headers = {"authorization": "Bearer k"}
    return httpx.post(f"{gateway.url}/v1/chat/completions", json=body, headers=headers, trust_env=False, timeout=10)


def test_a_key_opens_until_it_expires_and_says_then_that_it_has():
    moment = datetime(2027, 1, 31, 12, tzinfo=UTC)
    keys = {"ci": KeyConfig(hash_of("secret"), expires=moment)}
    assert KeyRing(keys, lambda: moment.timestamp() - 0.001).admit({b"api-key": b"secret"}).name == "ci"
    with pytest.raises(Refusal) as caught:
        KeyRing(keys, moment.timestamp).admit({b"api-key": b"secret"})
    assert (caught.value.status, caught.value.code) == (401, "key_expired")
    assert "'ci' expired at 2027-01-31T12:00:00Z" in caught.value.message


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2027-01-31", datetime(2027, 2, 1, tzinfo=UTC)),
        ("2027-01-31T12:00:00Z", datetime(2027, 1, 31, 12, tzinfo=UTC)),
        ("2027-01-31T12:00:00+01:00", datetime(2027, 1, 31, 11, tzinfo=UTC)),
    ],
)
def test_a_date_is_the_last_day_of_a_key_and_a_date_time_its_end(write, written, moment):
    path = write(f"[keys.ci]\nhash = '{HASH}'\nexpires = {written}\n")
    assert load(path, env={}, providers=()).keys["ci"].expires == moment


@pytest.mark.parametrize(
    ("written", "words"),
    [("2027-01-31T12:00:00", "needs an offset"), ("'2027-01-31'", "expected a date"), ("12:00:00", "expected a date")],
)
def test_another_end_of_a_key_is_a_fault_with_its_place(write, written, words):
    path = write(f"[keys.ci]\nhash = '{HASH}'\nexpires = {written}\n")
    with pytest.raises(ConfigError, match=rf":3: keys\.ci\.expires: .*{words}"):
        load(path, env={}, providers=())


def test_a_new_key_is_printed_as_the_configuration_takes_it(capsys, write):
    options = ["--name", "my key", "--models", "smart", "a/*", "--expires", "2027-01-31T12:00:00Z"]
    assert main(["keys", "new", *options]) == 0
    said = capsys.readouterr().out
    fragment = said[said.index("[keys") :]
    assert tomllib.loads(fragment)["keys"]["my key"]["models"] == ["smart", "a/*"]
    key = load(write(fragment), env={}, providers=()).keys["my key"]
    assert key.expires == datetime(2027, 1, 31, 12, tzinfo=UTC)
    assert key.hash == hash_of(said.split()[1])


@pytest.mark.parametrize("expires", ["tomorrow", "2027-01-31T12:00:00", "2027-02-30"])
def test_a_key_is_not_made_with_an_end_that_is_none(expires, capsys):
    assert main(["keys", "new", "--expires", expires]) == 2
    assert "neither a date such as 2027-01-31" in capsys.readouterr().err


def test_a_worker_that_was_stopped_while_it_had_a_key_is_not_waited_for(tmp_path):
    held = limiter(FolderStore(tmp_path), requests_per_minute=2, concurrent_requests=2)
    trail = Trail("POST", "/")
    grant = trio.run(held.admit, "k", lambda: 1, trail)
    [file] = tmp_path.iterdir()
    with file.open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Refusal) as caught:
            trio.run(held.admit, "k", lambda: 1, trail)
        assert (caught.value.status, caught.value.code) == (503, "limits_unavailable")
        assert trail.limits_unknown
        held.settle(grant, trail)
    assert orjson.loads(file.read_bytes())[1] == [[os.getpid(), 1]]
    trio.run(held.admit, "k", lambda: 1, trail)
    assert orjson.loads(file.read_bytes())[1] == [[os.getpid(), 1]]  # the one that was settled, and this one


@settings(deadline=None)
@given(st.integers(1, 20), st.lists(st.tuples(st.floats(0, 5), st.floats(-0.9, 0.9)), max_size=100))
def test_clocks_that_differ_by_less_than_a_second_let_no_more_through(limit, pauses):
    """By whichever clock: what a process ahead has counted is not forgotten by one behind it."""
    used, now, passed = Used(), 1000.0, []
    for pause, skew in pauses:
        now += pause
        used, verdict = admit(used, KeyLimits(requests_per_minute=limit), 0, 1, now + skew)
        if verdict.refused is None:
            passed.append(now)
    assert all(sum(begin <= moment < begin + 58 for moment in passed) <= limit for begin in passed)


def test_a_clock_that_was_set_back_by_an_hour_does_not_lock_a_key_out():
    used, _ = admit(Used(), KeyLimits(requests_per_minute=1), 0, 1, 7200.0)
    assert admit(used, KeyLimits(requests_per_minute=1), 0, 1, 3600.0)[1].refused is None
