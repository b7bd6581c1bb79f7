"""The cache of answers in front of providers that count how often they are asked."""

import json
import re
import threading

import attrs
import httpx
import orjson
import pytest
from dragoman import standins
from dragoman.cli_standins import MODELS
from dragoman.io.cache_settings import CacheConfig
from dragoman.io.keys import hash_of
from dragoman.io.settings import KeyConfig, KeyLimits, Retry, RouteConfig, RouteTarget
from dragoman.translate import boundary
from dragoman.translate.framing import aws_frames
from fronts import every_combination

CHAT, MESSAGES, EMBEDDINGS = "/v1/chat/completions", "/v1/messages", "/v1/embeddings"
ROWS = {row["name"]: row for row in orjson.loads(boundary.providers())}
PROVIDERS = ("openai", "anthropic", "gemini", "bedrock")
ON = CacheConfig(ttl_seconds=600)
BODY = {"model": "a/claude-sonnet-4-5", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 99}
STREAM = BODY | {"stream": True}
ROUTED = BODY | {"model": "smart"}
USAGE = {"input_tokens": 7, "output_tokens": 5}


def reply(text):
    return orjson.dumps(
        {"id": "m", "type": "message", "role": "assistant", "model": "c", "stop_reason": "end_turn",
         "content": [{"type": "text", "text": text}], "usage": USAGE}
    )  # fmt: skip


def frames(text):
    message = {"id": "m", "type": "message", "role": "assistant", "content": [], "model": "c", "stop_reason": None}
    events = [
        {"type": "message_start", "message": message | {"usage": USAGE}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}},
        {"type": "message_stop"},
    ]
    return [b"event: %b\ndata: %b\n\n" % (event["type"].encode(), orjson.dumps(event)) for event in events]


@pytest.fixture
def client():
    with httpx.Client(timeout=20, trust_env=False) as client:
        yield client


@pytest.fixture
def counting(kit):
    """A provider that speaks as Anthropic's does, and says how often it was asked."""

    def behave(connection, request):
        text = f"answer {len(upstream.requests)}"
        stream = b'"stream":true' in request
        connection.sendall(kit.chunked(*frames(text)) if stream else kit.whole(200, reply(text)))

    upstream = kit.upstream(behave)
    return upstream


@pytest.fixture
def serve(kit, counting):
    """A gateway with accounts `a` and `b` at the counting provider and the route `smart`."""

    def start(cache=ON, *, upstream=counting, routes=None, **more):
        account = kit.account(upstream.url, "anthropic")
        routes = routes or {"smart": RouteConfig((RouteTarget("a/claude-sonnet-4-5"),))}
        config = kit.config({"a": account, "b": account}, routes=routes, **more)
        return kit.gateway(attrs.evolve(config, cache=cache), boundary)

    return start


def found(answer):
    assert answer.status_code == 200, answer.text
    return answer.headers.get("x-dragoman-cache")


# Every dialect

HELLO = "Tell me of the sea, please"
MESSAGE = [{"role": "user", "content": HELLO}]
GOOGLE = {"contents": [{"role": "user", "parts": [{"text": HELLO}]}], "generationConfig": {"maxOutputTokens": 200}}
AMAZON = {"messages": [{"role": "user", "content": [{"text": HELLO}]}], "inferenceConfig": {"maxTokens": 200}}


def requests_of(model):
    """(dialect, whether it is a stream, path, body) of one question in every dialect."""
    for stream in (False, True):
        said = {"model": model, "stream": stream}
        yield "openai_chat", stream, CHAT, {"messages": MESSAGE, "max_tokens": 200, **said}
        yield "openai_responses", stream, "/v1/responses", {"input": HELLO, "max_output_tokens": 200, **said}
        yield "anthropic", stream, MESSAGES, {"messages": MESSAGE, "max_tokens": 200, **said}
    for stream, verb in ((False, "generateContent"), (True, "streamGenerateContent?alt=sse")):
        yield "gemini", stream, f"/v1beta/models/{model}:{verb}", GOOGLE
    for stream, verb in ((False, "converse"), (True, "converse-stream")):
        yield "bedrock", stream, f"/model/{model.replace('/', '%2F')}/{verb}", AMAZON


def meaning(dialect, stream, body):
    """An answer without what is its own: ids and times that the gateway gives."""
    if dialect == "bedrock" and stream:
        # The checksums of the frames are those of what is replaced here, too.
        _, messages = aws_frames.split(b"", body)
        body = b"".join(message[aws_frames.PRELUDE_BYTES : -aws_frames.CRC_BYTES] for message in messages)
    body = re.sub(rb"[0-9a-f]{24}", b"<id>", body)
    body = re.sub(rb'"created(_at)?":\d+', b"", body)
    return re.sub(rb'"latencyMs":\d+', b"", body)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_second_request_of_any_dialect_is_told_what_the_first_was(kit, client, provider):
    standin = kit.stack.enter_context(standins.running(provider))
    path = httpx.URL(ROWS[provider]["base_url"].replace("{region}", "here")).path.rstrip("/")
    needed = {name: "here" for name in ROWS[provider]["needs"] if name != "base_url"}
    config = kit.config({"p": kit.account(standin.base_url + path, provider, **needed)})
    gateway = kit.gateway(attrs.evolve(config, cache=ON), boundary)
    model = f"p/{MODELS[provider][0]}"
    for dialect, stream, address, body in requests_of(model):
        where = (dialect, stream)
        # Another question than those of other dialects, whose translations may be the same.
        asked = json.loads(json.dumps(body).replace(HELLO, f"{HELLO} {dialect} {stream}"))
        first = client.post(gateway.url + address, json=asked)
        assert (first.status_code, found(first)) == (200, "miss"), (where, first.text)
        assert "age" not in first.headers
        count = len(standin.requests)
        second = client.post(gateway.url + address, json=asked)
        assert (second.status_code, found(second)) == (200, "hit"), where
        assert len(standin.requests) == count, where
        assert int(second.headers["age"]) >= 0
        assert second.headers["content-type"] == first.headers["content-type"]
        assert second.headers.get("x-dragoman-losses") == first.headers.get("x-dragoman-losses")
        assert meaning(*where, second.content) == meaning(*where, first.content), where


def test_a_whole_answer_is_none_to_who_wants_a_stream(serve, client, counting):
    gateway = serve()
    assert [found(client.post(gateway.url + CHAT, json=body)) for body in (BODY, STREAM, BODY, STREAM)] == [
        "miss", "miss", "hit", "hit",
    ]  # fmt: skip
    assert len(counting.requests) == 2


def test_clients_of_several_dialects_share_an_answer_where_their_calls_are_the_same(serve, client, counting):
    gateway = serve()
    google = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}], "generationConfig": {"maxOutputTokens": 99}}
    first = client.post(f"{gateway.url}/v1beta/models/a/claude-sonnet-4-5:generateContent", json=google)
    second = client.post(gateway.url + CHAT, json=BODY)
    assert (found(first), found(second)) == ("miss", "hit")
    assert first.json()["candidates"][0]["content"]["parts"] == [{"text": "answer 1"}]
    assert second.json()["choices"][0]["message"]["content"] == "answer 1"
    # What is told of it is the client's own: its dialect, its losses.
    third = client.post(gateway.url + CHAT, json=BODY | {"seed": 7})
    assert (found(third), json.loads(third.headers["x-dragoman-losses"])) == ("hit", ["/seed dropped hint"])
    assert second.json()["usage"]["total_tokens"] == 12
    assert len(counting.requests) == 1


def test_what_is_asked_for_and_where_makes_the_key_and_credentials_do_not(serve, client):
    gateway = serve()
    client.post(gateway.url + CHAT, json=BODY)
    for more, headers, result in (
        ({"temperature": 0.5}, {}, "miss"),
        ({"max_tokens": 98}, {}, "miss"),
        ({"model": "a/claude-opus-4-1"}, {}, "miss"),
        ({}, {"anthropic-beta": "x-2025-01-01"}, "miss"),
        ({}, {"x-request-id": "another"}, "hit"),
        # Another account at the same place.
        ({"model": "b/claude-sonnet-4-5"}, {}, "hit"),
        # Who asks changes nothing at this provider.
        ({"user": "u1"}, {}, "hit"),
    ):
        assert found(client.post(gateway.url + CHAT, json=BODY | more, headers=headers)) == result, (more, headers)


@every_combination
def test_a_long_stream_comes_again_as_it_was(kit, client):
    text = [f"word {number} 😀 " for number in range(3000)]
    start, end = frames("")[:2], frames("")[3:]
    deltas = [
        b"event: content_block_delta\ndata: %b\n\n"
        % orjson.dumps({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}})
        for word in text
    ]
    upstream = kit.answering(kit.chunked(*start, *deltas, *end))
    config = kit.config({"a": kit.account(upstream.url, "anthropic")})
    gateway = kit.gateway(attrs.evolve(config, cache=ON), boundary)
    bodies = {CHAT: STREAM, "/v1/responses": {**STREAM, "input": "Hi", "max_output_tokens": 99}}
    for name in ("messages", "max_tokens"):
        del bodies["/v1/responses"][name]
    answers = [client.post(gateway.url + path, json=bodies[path]) for path in (CHAT, CHAT, "/v1/responses")]
    assert [found(answer) for answer in answers] == ["miss", "hit", "hit"]
    assert meaning("", False, answers[0].content) == meaning("", False, answers[1].content)
    for word in ("word 0 ", "word 2999 "):
        assert word in answers[2].text
    assert len(upstream.requests) == 1


# What is stored


def anyhow(kit, serve, behave):
    upstream = kit.upstream(behave)
    return serve(upstream=upstream), upstream


@pytest.mark.parametrize(
    "pieces",
    [
        frames("cut")[:4],
        [*frames("ill")[:3], b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n'],
        [b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n'],
        [b"data: nothing of the kind\n\n"],
    ],
    ids=["cut", "error inside", "error at once", "no stream"],
)
@pytest.mark.parametrize("end", [True, False])
def test_a_stream_that_has_no_good_end_is_not_kept(kit, serve, client, pieces, end):
    gateway, upstream = anyhow(kit, serve, lambda connection, _: connection.sendall(kit.chunked(*pieces, end=end)))
    for count in (1, 2):
        client.post(gateway.url + CHAT, json=STREAM)
        assert len(upstream.requests) == count
        assert gateway.trail(count - 1).kept is None
    assert len(gateway.run.gateway.cache.store) == 0


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b'{"error":{}}'),
        (429, b"{}"),
        (400, b"{}"),
        (201, reply("x")),
        (200, b"<html>"),
        (200, b'{"type":"error","error":{"type":"overloaded_error","message":"busy"}}'),
    ],
)
@pytest.mark.parametrize("body_of_client", [BODY, STREAM])
def test_what_is_no_good_answer_is_not_kept(kit, serve, client, status, body, body_of_client):
    gateway, upstream = anyhow(kit, serve, lambda connection, _: connection.sendall(kit.whole(status, body)))
    for count in (1, 2):
        client.post(gateway.url + CHAT, json=body_of_client)
        assert len(upstream.requests) == count
    assert len(gateway.run.gateway.cache.store) == 0


@every_combination
def test_who_leaves_in_the_middle_leaves_nothing_behind(kit, serve, client):
    go_on = threading.Event()

    def behave(connection, _):
        whole = kit.chunked(*frames("Hello"))
        cut = whole.index(b"\r\n", whole.index(b"Hello")) + 2  # the end of that chunk
        connection.sendall(whole[:cut])
        go_on.wait(10)
        connection.sendall(whole[cut:])

    gateway, upstream = anyhow(kit, serve, behave)
    with client.stream("POST", gateway.url + CHAT, json=STREAM) as answer:
        assert "Hello" in next(text for text in answer.iter_text() if "Hello" in text)
    assert kit.until(lambda: gateway.trails, 5)
    assert gateway.trail().status == 499
    go_on.set()
    assert len(gateway.run.gateway.cache.store) == 0
    assert found(client.post(gateway.url + CHAT, json=STREAM)) == "miss"
    assert found(client.post(gateway.url + CHAT, json=STREAM)) == "hit"
    assert len(upstream.requests) == 2


@pytest.mark.parametrize("body", [BODY, STREAM])
def test_an_answer_that_is_too_large_is_told_and_not_kept(serve, client, counting, body):
    gateway = serve(CacheConfig(ttl_seconds=600, max_answer_bytes=100))
    assert [found(client.post(gateway.url + CHAT, json=body)) for _ in range(2)] == ["miss", "miss"]
    assert [gateway.trail(number).kept for number in range(2)] == ["too_large", "too_large"]
    assert len(counting.requests) == 2


def test_an_answer_that_repeats_the_credential_is_not_kept(kit, serve, client, monkeypatch):
    monkeypatch.setattr("dragoman.io.accounts.MIN_SECRET", len("sk-very-secret"))
    gateway, _ = anyhow(
        kit, serve, lambda connection, _: connection.sendall(kit.whole(200, reply("You sent sk-very-secret")))
    )
    for count in (1, 2):
        answer = client.post(gateway.url + CHAT, json=BODY)
        assert (found(answer), "very-secret" in answer.text) == ("miss", False)
        assert gateway.trail(count - 1).kept == "unstored"


def test_the_answer_to_each_of_several_requests_at_once_is_their_own(kit, serve, client):
    # Nobody waits for another one's answer: the last one to end is the one that is kept.
    both = threading.Barrier(2)

    def behave(connection, _):
        threading.Thread(target=answer, args=(connection.dup(),), daemon=True).start()

    def answer(connection):
        with connection:
            both.wait(10)
            connection.sendall(kit.whole(200, reply("same")))

    gateway, upstream = anyhow(kit, serve, behave)
    results = []
    threads = [
        threading.Thread(
            target=lambda: results.append(found(httpx.post(gateway.url + CHAT, json=BODY, trust_env=False)))
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["miss", "miss"]
    assert found(client.post(gateway.url + CHAT, json=BODY)) == "hit"
    assert len(upstream.requests) == 2


# How long


def test_an_answer_is_told_for_its_time_and_no_longer(serve, client, counting):
    gateway = serve(CacheConfig(ttl_seconds=10))
    cache, now = gateway.run.gateway.cache, 1000.0
    cache._clock = cache.store._clock = lambda: now
    assert found(client.post(gateway.url + CHAT, json=BODY)) == "miss"
    now += 9.5
    again = client.post(gateway.url + CHAT, json=BODY)
    assert (found(again), again.headers["age"]) == ("hit", "9")
    # Who wants a younger one is asked for.
    assert found(client.post(gateway.url + CHAT, json=BODY, headers={"x-dragoman-cache": "5"})) == "miss"
    now += 6
    assert found(client.post(gateway.url + CHAT, json=BODY)) == "miss"
    assert len(counting.requests) == 3


def test_a_route_says_how_long_and_one_that_says_0_keeps_nothing(serve, client):
    targets = (RouteTarget("a/claude-sonnet-4-5"),)
    routes = {
        "on": RouteConfig(targets, cache_seconds=60),
        "off": RouteConfig(targets, cache_seconds=0),
        "silent": RouteConfig(targets),
    }
    gateway = serve(CacheConfig(), routes=routes)
    for model, results in (("off", [None, None]), ("silent", [None, None]), ("on", ["miss", "hit"])):
        assert [found(client.post(gateway.url + CHAT, json=BODY | {"model": model})) for _ in range(2)] == results
    # What is asked for directly is the same call.
    assert found(client.post(gateway.url + CHAT, json=BODY)) is None
    assert found(client.post(gateway.url + CHAT, json=BODY, headers={"x-dragoman-cache": "60"})) == "hit"
    gateway = serve(ON, routes=routes)
    assert [found(client.post(gateway.url + CHAT, json=BODY | {"model": "off"})) for _ in range(2)] == [None, None]
    assert [found(client.post(gateway.url + CHAT, json=BODY | {"model": "silent"})) for _ in range(2)] == [
        "miss",
        "hit",
    ]


# What a request wishes


def test_a_request_asks_for_the_cache_passes_it_by_or_renews_its_answer(kit, serve, client, counting):
    gateway = serve(CacheConfig())

    def ask(wish):
        answer = client.post(gateway.url + CHAT, json=BODY, headers={"x-dragoman-cache": wish} if wish else {})
        return found(answer), answer.json()["choices"][0]["message"]["content"]

    assert ask("") == (None, "answer 1")
    assert ask("600") == ("miss", "answer 2")
    assert ask("600") == ("hit", "answer 2")
    assert ask("off") == (None, "answer 3")
    assert ask("600") == ("hit", "answer 2")
    assert ask("Refresh=600") == ("miss", "answer 4")
    assert ask("600") == ("hit", "answer 4")
    assert kit.until(lambda: len(gateway.trails) == 7)
    assert [trail.cache for trail in gateway.trails] == [None, "miss", "hit", None, "hit", "refresh", "hit"]
    assert len(counting.requests) == 4


@pytest.mark.parametrize("wish", ["", "0", "1.5", "10m", "on", "-1", "2592001", "refresh=", "refresh=0", "off=5"])
@pytest.mark.parametrize(("path", "dialect"), [(CHAT, "openai_chat"), (MESSAGES, "anthropic")])
def test_a_wish_that_means_nothing_is_a_400_that_says_what_does(serve, client, counting, wish, path, dialect):
    answer = client.post(serve().url + path, json=BODY, headers={"x-dragoman-cache": wish})
    assert answer.status_code == 400
    error = answer.json()["error"]
    right = "x-dragoman-cache: expected whole seconds from 1 to 2592000, 'off', 'refresh' or 'refresh=SECONDS', not '"
    assert right in error["message"]
    assert ("code" in error) == (dialect == "openai_chat")
    assert not counting.requests


def test_to_renew_needs_to_know_for_how_long(serve, client):
    refresh = {"x-dragoman-cache": "refresh"}
    answer = client.post(serve(CacheConfig()).url + CHAT, json=BODY, headers=refresh)
    assert answer.status_code == 400
    assert "write 'refresh=600'" in answer.json()["error"]["message"]
    assert found(client.post(serve().url + CHAT, json=BODY, headers=refresh)) == "miss"


# Routes


def test_of_a_route_whose_target_fails_the_next_one_answers_from_the_cache(kit, client, counting):
    ill = kit.answering(kit.whole(503, b"{}"))
    accounts = {"bad": kit.account(ill.url), "a": kit.account(counting.url, "anthropic")}
    targets = (RouteTarget("bad/gpt-4.1"), RouteTarget("a/claude-sonnet-4-5"))
    config = kit.config(accounts, routes={"smart": RouteConfig(targets, retry=Retry(1), cache_seconds=60)})
    gateway = kit.gateway(config, boundary)
    assert [found(client.post(gateway.url + CHAT, json=ROUTED)) for _ in range(2)] == ["miss", "hit"]
    first, second = gateway.trail(), gateway.trail(1)
    assert (first.attempts, second.attempts, second.cost, second.account) == (2, 1, 0.0, "a")
    assert len(counting.requests) == 1


def test_a_hit_takes_no_place_and_tells_nothing_of_the_target(kit, client):
    go_on = threading.Event()

    def behave(connection, request):
        threading.Thread(target=answer, args=(connection.dup(), request), daemon=True).start()

    def answer(connection, request):
        with connection:
            if b"slow" in request:
                go_on.wait(10)
            connection.sendall(kit.whole(200, reply("Hi")))

    upstream = kit.upstream(behave)
    account = kit.account(upstream.url, "anthropic", max_concurrent_requests=1, max_queued=0)
    routes = {"smart": RouteConfig((RouteTarget("a/claude-sonnet-4-5"),), cache_seconds=60)}
    gateway = kit.gateway(kit.config({"a": account}, routes=routes), boundary)
    assert found(client.post(gateway.url + CHAT, json=ROUTED)) == "miss"
    memory = gateway.run.gateway.memory
    assert gateway.trail().cache == "miss"  # and the memory has been told
    before = dict(memory._health)
    slow = BODY | {"messages": [{"role": "user", "content": "slow"}]}
    thread = threading.Thread(target=lambda: httpx.post(gateway.url + CHAT, json=slow, trust_env=False, timeout=20))
    thread.start()
    try:
        assert kit.until(lambda: b"slow" in upstream.requests[-1], 5)
        assert client.post(gateway.url + CHAT, json=BODY | {"max_tokens": 7}).status_code == 503
        assert found(client.post(gateway.url + CHAT, json=ROUTED)) == "hit"
        assert found(client.post(gateway.url + CHAT, json=BODY, headers={"x-dragoman-cache": "60"})) == "hit"
        assert dict(memory._health) == before
    finally:
        go_on.set()
        thread.join()


# Keys, limits, counts


KEYS = {name: hash_of(name) for name in ("one", "two", "shy")}


def as_key(name):
    return {"authorization": f"Bearer {name}"}


def test_answers_are_shared_between_keys_or_are_each_key_s_own(serve, client):
    keys = {name: KeyConfig(digest) for name, digest in KEYS.items()}
    asked = ("one", "two", "one", "two")
    for scope, results in (("gateway", ["miss", "hit", "hit", "hit"]), ("key", ["miss", "miss", "hit", "hit"])):
        gateway = serve(CacheConfig(ttl_seconds=60, scope=scope), keys=keys)
        said = [found(client.post(gateway.url + CHAT, json=BODY, headers=as_key(name))) for name in asked]
        assert said == results


def test_a_key_may_have_nothing_to_do_with_the_cache(serve, client):
    gateway = serve(keys={"one": KeyConfig(KEYS["one"]), "shy": KeyConfig(KEYS["shy"], cache=False)})
    url = gateway.url + CHAT
    assert found(client.post(url, json=BODY, headers=as_key("shy"))) is None
    assert found(client.post(url, json=BODY, headers=as_key("one"))) == "miss"
    assert found(client.post(url, json=BODY, headers=as_key("shy"))) is None
    for wish, status in (("60", 403), ("refresh", 403), ("off", 200)):
        answer = client.post(url, json=BODY, headers=as_key("shy") | {"x-dragoman-cache": wish})
        assert answer.status_code == status
    assert found(client.post(url, json=BODY, headers=as_key("one"))) == "hit"


@pytest.mark.parametrize("body", [BODY, STREAM])
def test_a_hit_counts_as_a_request_and_costs_no_tokens_and_no_money(serve, client, body):
    limits = KeyLimits(requests_per_minute=100, tokens_per_minute=10_000, usd_per_day=1)
    gateway = serve(keys={"one": KeyConfig(KEYS["one"], limits=limits)})

    def left():
        used = gateway.run.gateway.limiter.store._used["one"]
        return sum(item[1] for item in used.seconds), sum(item[2] for item in used.seconds), used.day[1]

    client.post(gateway.url + CHAT, json=body, headers=as_key("one"))
    first = gateway.trail()
    requests, tokens, spent = left()
    assert {requests, tokens} == {1, 12}
    assert spent > 0
    assert found(client.post(gateway.url + CHAT, json=body, headers=as_key("one"))) == "hit"
    second = gateway.trail(1)
    assert (second.usage, second.finish_reason, second.stream) == (first.usage, first.finish_reason, first.stream)
    assert (second.cost, second.attempts, second.upstream_status) == (0.0, 0, None)
    requests, again, more = left()
    assert {requests, again} == {2, 12}
    assert more == spent


def test_what_the_cache_does_is_counted_and_hits_are_no_tokens_of_providers(kit, serve, client):
    gateway = serve(CacheConfig(ttl_seconds=60, max_answer_bytes=600))
    for more in ({}, {}, {"stream": True}, {"model": "nobody/m"}):
        client.post(gateway.url + CHAT, json=BODY | more)
    client.post(gateway.url + CHAT, json=BODY, headers={"x-dragoman-cache": "refresh"})
    client.post(gateway.url + CHAT, json=BODY, headers={"x-dragoman-cache": "off"})
    assert kit.until(lambda: len(gateway.trails) == 6)
    text = client.get(f"{gateway.url}/metrics").text
    counts = dict(re.findall(r'dragoman_cache_total{result="(\w+)"} (\S+)', text))
    assert counts == {"hit": "1.0", "miss": "2.0", "refresh": "1.0", "stored": "2.0", "too_large": "1.0"}
    assert 'dragoman_tokens_total{bucket="input",provider="anthropic"} 28.0' in text
    assert 'dragoman_request_seconds_count{provider="anthropic",stream="false"} 3.0' in text
    assert 'dragoman_requests_total{dialect="openai_chat",provider="anthropic",status="2xx"} 5.0' in text


# Embeddings


def test_embeddings_are_kept_in_one_piece(kit, client):
    asked = []

    def behave(connection, request):
        asked.append(request)
        texts = orjson.loads(request.partition(b"\r\n\r\n")[2])["input"]
        data = [{"object": "embedding", "index": place, "embedding": [len(asked), 0.5]} for place in range(len(texts))]
        usage = {"prompt_tokens": 3, "total_tokens": 3}
        body = {"object": "list", "model": "text-embedding-3-small", "data": data, "usage": usage}
        connection.sendall(kit.whole(200, orjson.dumps(body)))

    config = kit.config({"a": kit.account(kit.upstream(behave).url)})
    gateway = kit.gateway(attrs.evolve(config, cache=ON), boundary)
    body = {"model": "a/text-embedding-3-small", "input": ["one", "two"], "user": "u1"}
    wishes = ({}, {"user": "u2"}, {"input": ["two", "one"]}, {"input": ["one"]}, {"dimensions": 5}, {})
    answers = [client.post(gateway.url + EMBEDDINGS, json=body | wish) for wish in wishes]
    assert [found(answer) for answer in answers] == ["miss", "hit", "miss", "miss", "miss", "hit"]
    assert answers[0].json() == answers[1].json() == answers[5].json()
    assert (gateway.trail(5).cost, gateway.trail(5).usage["prompt"], len(asked)) == (0.0, 3, 4)


def test_embeddings_of_many_calls_are_one_answer(kit, client):
    standin = kit.stack.enter_context(standins.running("bedrock"))
    config = kit.config({"p": kit.account(standin.base_url, "bedrock", region="here")})
    gateway = kit.gateway(attrs.evolve(config, cache=ON), boundary)
    body = {"model": "p/amazon.titan-embed-text-v2:0", "input": ["one", "two", "three"]}
    first, second = (client.post(gateway.url + EMBEDDINGS, json=body) for _ in range(2))
    assert (found(first), found(second)) == ("miss", "hit")
    assert first.json() == second.json()
    assert len(standin.requests) == 3
    assert found(client.post(gateway.url + EMBEDDINGS, json=body | {"input": ["one"]})) == "miss"


def test_counting_tokens_has_nothing_to_do_with_it(kit, client):
    standin = kit.stack.enter_context(standins.running("anthropic"))
    config = kit.config({"p": kit.account(standin.base_url, "anthropic")})
    gateway = kit.gateway(attrs.evolve(config, cache=ON), boundary)
    body = {"model": "p/claude-sonnet-4-5", "messages": MESSAGE}
    for _ in range(2):
        answer = client.post(f"{gateway.url}/v1/messages/count_tokens", json=body, headers={"x-dragoman-cache": "60"})
        assert found(answer) is None
    assert len(standin.requests) == 2
