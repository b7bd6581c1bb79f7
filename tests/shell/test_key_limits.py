import hashlib
import json
import os
import subprocess
import sys

import httpx
import pytest
from dragoman.io.limits import FolderStore, MemoryStore
from dragoman.io.limits.decisions import Used, admit, settle
from dragoman.io.limits.limiter import estimate
from dragoman.io.settings import KeyConfig, KeyLimits
from hypothesis import given
from hypothesis import strategies as st

HASH = f"sha256:{hashlib.sha256(b'k').hexdigest()}"
REPLY = b'{"ok":true}'


@pytest.fixture(params=["memory", "folder"])
def store(request, tmp_path):
    return MemoryStore() if request.param == "memory" else FolderStore(tmp_path)


@given(st.integers(1, 20), st.lists(st.floats(0, 20), max_size=200))
def test_no_sixty_seconds_see_more_requests_than_the_limit(limit, pauses):
    used, now, passed = Used(), 1000.0, []
    for pause in pauses:
        now += pause
        used, verdict = admit(used, KeyLimits(requests_per_minute=limit), 0, 1, now)
        if verdict.refused is None:
            passed.append(now)
    assert all(sum(begin <= moment < begin + 60 for moment in passed) <= limit for begin in passed)


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


@given(st.integers(1, 5), st.lists(st.floats(0, 20), min_size=1, max_size=60))
def test_whoever_waits_as_told_is_let_through(limit, pauses):
    limits, used, now = KeyLimits(requests_per_minute=limit), Used(), 1000.0
    for pause in pauses:
        now += pause
        used, verdict = admit(used, limits, 0, 1, now)
        if verdict.refused is not None:
            assert 0 < verdict.wait <= 61
            assert admit(used, limits, 0, 1, now + verdict.wait)[1].refused is None


def test_five_thousand_requests_a_second_for_three_seconds_let_exactly_the_limit_through(store):
    limits = KeyLimits(requests_per_minute=100)
    verdicts = [
        store.change("k", lambda used, now=1000.5 + n / 5000: admit(used, limits, 0, os.getpid(), now))
        for n in range(15_000)
    ]
    assert sum(verdict.refused is None for verdict in verdicts) == 100


def test_the_slot_of_a_process_that_died_is_free_again(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    store, limits = FolderStore(tmp_path), KeyLimits(concurrent_requests=1)
    for process, refused in ((ended.pid, None), (os.getpid(), None), (os.getpid(), "concurrent_requests")):
        verdict = store.change("k", lambda used, process=process: admit(used, limits, 0, process, 1000.0))
        assert verdict.refused == refused


@pytest.mark.parametrize(
    ("body", "output"),
    [
        ({"max_tokens": 7}, 7),
        ({"generationConfig": {"maxOutputTokens": 8}}, 8),
        ({"inferenceConfig": {"maxTokens": 9}}, 9),
        ({"max_tokens": None}, 1024),
        ({}, 1024),
    ],
)
def test_an_estimate_is_a_quarter_of_the_bytes_and_the_longest_answer(body, output):
    data = json.dumps(body).encode()
    assert estimate(data) == len(data) // 4 + output


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
