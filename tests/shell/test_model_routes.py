"""Routes: a model name over several targets, over the real translators and providers that fail."""

import socket
import threading
import time

import httpx
import orjson
import pytest
from dragoman.io.headers import retry_after
from dragoman.io.keys import hash_of
from dragoman.io.settings import KeyConfig, ModelAlias, Retry, RouteConfig, RouteTarget
from dragoman.translate import boundary
from fronts import every_combination

CHAT = "/v1/chat/completions"
BODY = {"model": "smart", "messages": [{"role": "user", "content": "Hi"}], "seed": 7}
OPENAI = {"id": "c", "object": "chat.completion", "created": 1, "model": "gpt-5",
          "choices": [{"index": 0, "message": {"role": "assistant", "content": "from OpenAI"},
                       "finish_reason": "stop"}],
          "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}  # fmt: skip
CLAUDE = {"id": "m", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "stop_reason": "end_turn",
          "content": [{"type": "text", "text": "from Claude"}],
          "usage": {"input_tokens": 1, "output_tokens": 1}}  # fmt: skip
EVENTS = [
    {"type": "message_start", "message": {"id": "m", "model": "c", "usage": {"input_tokens": 1, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "from Claude"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
    {"type": "message_stop"},
]
FRAMES = [b"event: %b\ndata: %b\n\n" % (event["type"].encode(), orjson.dumps(event)) for event in EVENTS]
BUSY = orjson.dumps({"error": {"type": "overloaded_error", "message": "busy", "code": "busy"}})
LISTED = Retry().on
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def client():
    with httpx.Client(timeout=20, trust_env=False) as client:
        yield client


@pytest.fixture
def claude(kit):
    """Claude, who answers whole and in streams."""

    def behave(connection, request):
        stream = b'"stream":true' in request
        connection.sendall(kit.chunked(*FRAMES) if stream else kit.whole(200, orjson.dumps(CLAUDE)))

    return kit.upstream(behave)


@pytest.fixture
def smart(kit, claude):
    """A gateway whose route asks first a target that behaves as told, and then Claude."""

    def start(behave, *, first="openai", attempts=1, on=LISTED, url=None, **more):
        upstream = None if url else kit.upstream(behave)
        accounts = {
            "first": kit.account(url or upstream.url, first),
            "claude": kit.account(claude.url, "anthropic", models={"fast": ModelAlias("claude-sonnet-4-5")}),
        }
        model = "gpt-4.1" if first == "openai" else "claude-sonnet-4-5"
        targets = (RouteTarget(f"first/{model}"), RouteTarget("claude/fast"))
        routes = {"smart": RouteConfig(targets, retry=Retry(attempts, on), **more.pop("route", {}))}
        return kit.gateway(kit.config(accounts, routes=routes, **more), boundary), upstream

    return start


def saying(kit, status, body=BUSY, headers=b""):
    return lambda connection, _: connection.sendall(
        kit.whole(status, body, b"content-type: application/json\r\n" + headers)
    )


def json_of(request):
    return orjson.loads(request.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", LISTED)
def test_a_listed_status_makes_the_next_target_answer(kit, smart, claude, client, status, stream):
    gateway, first = smart(saying(kit, status))
    reply = client.post(gateway.url + CHAT, json=BODY | {"stream": stream})
    assert reply.status_code == 200
    assert "from Claude" in reply.text
    assert (len(first.requests), len(claude.requests)) == (1, 1)
    assert reply.headers["x-dragoman-provider"] == "anthropic"
    assert reply.headers["x-dragoman-model"] == "claude-sonnet-4-5"
    assert "x-should-retry" not in reply.headers
    trail = gateway.trail()
    assert (trail.route, trail.account, trail.model, trail.attempts) == ("smart", "claude", "claude-sonnet-4-5", 2)
    assert (trail.status, trail.upstream_status, trail.error, trail.detail) == (200, 200, None, None)
    assert trail.failed == (("first", "openai"),)


@pytest.mark.parametrize("status", [400, 401, 404, 501])
def test_another_status_is_the_answer(kit, smart, claude, client, status):
    gateway, _ = smart(saying(kit, status))
    reply = client.post(gateway.url + CHAT, json=BODY)
    assert reply.status_code == status
    assert reply.headers["x-dragoman-provider"] == "openai"
    assert claude.requests == []
    assert (gateway.trail().attempts, gateway.trail().failed) == (1, ())


def test_the_statuses_are_the_routes(kit, smart, client):
    gateway, _ = smart(saying(kit, 401), on=(401,))
    assert "from Claude" in client.post(gateway.url + CHAT, json=BODY).text
    gateway, _ = smart(saying(kit, 503), on=(401,))
    assert client.post(gateway.url + CHAT, json=BODY).status_code == 503


@pytest.mark.parametrize("on", [529, 503])
def test_a_status_is_meant_as_the_provider_says_it_and_as_the_client_would_be_told(kit, smart, client, on):
    gateway, _ = smart(saying(kit, 529), first="anthropic", on=(on,))
    assert "from Claude" in client.post(gateway.url + CHAT, json=BODY).text


def test_an_answer_of_200_that_means_an_error_counts_as_that_error(kit, smart, client):
    gateway, _ = smart(saying(kit, 200, b'{"error":{"message":"slow down","code":429}}'))
    assert "from Claude" in client.post(gateway.url + CHAT, json=BODY).text


def reset(connection, _):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


FAILURES = {
    "closed": lambda *_: None,
    "reset": reset,
    "no HTTP": lambda connection, _: connection.sendall(b"garbage\r\n\r\n"),
    "truncated": lambda connection, _: connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"),
    "silent": lambda connection, _: connection.recv(1),
    "a redirect": lambda c, _: c.sendall(b"HTTP/1.1 302 F\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n"),
    "too large": lambda c, _: c.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n" + b"x" * 5000),
    "no JSON": lambda c, _: c.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nno"),
    "an empty stream": lambda c, _: c.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("how", FAILURES)
def test_a_target_that_fails_before_the_first_byte_makes_the_next_one_answer(smart, client, how, stream):
    gateway, _ = smart(FAILURES[how], upstream_timeout_seconds=0.3, max_reply_bytes=4000)
    reply = client.post(gateway.url + CHAT, json=BODY | {"stream": stream})
    assert (reply.status_code, "from Claude" in reply.text) == (200, True)
    assert (gateway.trail().attempts, gateway.trail().failed) == (2, (("first", "openai"),))


def test_a_target_that_cannot_be_reached_makes_the_next_one_answer(smart, client):
    gateway, _ = smart(None, url=NOWHERE)
    assert "from Claude" in client.post(gateway.url + CHAT, json=BODY).text


@every_combination
def test_a_stream_that_fails_with_its_first_event_makes_the_next_target_answer(kit, smart, claude, client):
    error = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n'
    gateway, first = smart(lambda c, _: c.sendall(kit.chunked(error)), first="anthropic")
    reply = client.post(gateway.url + CHAT, json=BODY | {"stream": True})
    assert (reply.status_code, "from Claude" in reply.text) == (200, True)
    assert "busy" not in reply.text
    assert reply.text.endswith("data: [DONE]\n\n")
    assert (len(first.requests), len(claude.requests)) == (1, 1)


@every_combination
@pytest.mark.parametrize("how", ["cut", "error"])
def test_after_the_first_byte_no_other_target_is_asked(kit, smart, claude, client, how):
    error = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n'
    pieces = FRAMES[:3] + ([error] if how == "error" else [])
    gateway, _ = smart(lambda c, _: c.sendall(kit.chunked(*pieces, end=how == "error")), first="anthropic", attempts=3)
    reply = client.post(gateway.url + CHAT, json=BODY | {"stream": True})
    assert reply.status_code == 200
    assert reply.text.count("from Claude") == 1
    assert '"error"' in reply.text
    assert "[DONE]" not in reply.text
    assert claude.requests == []
    assert (gateway.trail().attempts, gateway.trail().failed) == (1, ())


def test_each_attempt_is_translated_anew_and_its_losses_are_its_own(kit, smart, claude, client):
    gateway, first = smart(saying(kit, 503))
    body = BODY | {"logit_bias": {"1": 2}, "temperature": 1.5}
    headers = {"x-dragoman-on-loss": "allow", "x-dragoman-explain": "true"}
    reply = client.post(gateway.url + CHAT, json=body, headers=headers)
    asked, then = json_of(first.requests[0]), json_of(claude.requests[0])
    assert (asked["model"], asked["seed"], asked["logit_bias"]) == ("gpt-4.1", 7, {"1": 2})
    assert "max_tokens" not in asked
    assert (then["model"], then["temperature"]) == ("claude-sonnet-4-5", 1.0)
    assert not {"seed", "logit_bias"} & then.keys()
    lost = {loss.split()[0] for loss in orjson.loads(reply.headers["x-dragoman-losses"])}
    assert lost == {"/seed", "/logit_bias", "/temperature", "/max_tokens"}
    assert {loss["path"] for loss in reply.json()["dragoman"]["losses"]} == lost
    assert {loss["path"] for loss in gateway.trail().losses} == lost


def test_a_target_is_asked_again_with_the_very_same_bytes(kit, smart, claude, client):
    answers = iter([kit.whole(500, BUSY), kit.whole(200, orjson.dumps(OPENAI))])
    gateway, first = smart(lambda connection, _: connection.sendall(next(answers)), attempts=2)
    began = time.monotonic()
    reply = client.post(gateway.url + CHAT, json=BODY)
    assert time.monotonic() - began >= 0.125  # half of the first pause
    assert "from OpenAI" in reply.text
    assert first.requests[0] == first.requests[1]
    assert claude.requests == []
    assert (gateway.trail().account, gateway.trail().attempts) == ("first", 2)


def test_a_retry_waits_as_long_as_the_provider_says(kit, smart, client):
    answers = iter([kit.whole(429, BUSY, b"content-type: application/json\r\nretry-after-ms: 600\r\n"),
                    kit.whole(200, orjson.dumps(OPENAI))])  # fmt: skip
    gateway, _ = smart(lambda connection, _: connection.sendall(next(answers)), attempts=2)
    began = time.monotonic()
    assert "from OpenAI" in client.post(gateway.url + CHAT, json=BODY).text
    assert time.monotonic() - began >= 0.6


def test_a_long_rest_is_not_waited_for_where_another_target_can_answer(kit, smart, client):
    gateway, first = smart(saying(kit, 429, headers=b"retry-after: 30\r\n"), attempts=3)
    began = time.monotonic()
    assert "from Claude" in client.post(gateway.url + CHAT, json=BODY).text
    assert time.monotonic() - began < 5
    assert len(first.requests) == 1


@pytest.fixture
def alone(kit):
    """A gateway whose route has one target, which behaves as told."""

    def start(behave, attempts=2):
        upstream = kit.upstream(behave)
        routes = {"smart": RouteConfig((RouteTarget("a/gpt-5"),), retry=Retry(attempts))}
        return kit.gateway(kit.config({"a": kit.account(upstream.url)}, routes=routes), boundary), upstream

    return start


def test_where_no_target_answers_the_client_is_told_the_last_failure_and_not_to_try_again(kit, alone, client):
    answers = iter([kit.whole(500, BUSY), kit.whole(503, BUSY, b"retry-after: 17\r\nx-should-retry: true\r\n")])
    gateway, upstream = alone(lambda connection, _: connection.sendall(next(answers)))
    reply = client.post(gateway.url + CHAT, json=BODY)
    assert (reply.status_code, len(upstream.requests)) == (503, 2)
    assert reply.headers["retry-after"] == "17"
    assert reply.headers.get_list("x-should-retry") == ["false"]
    assert reply.json()["error"]["provider"]["status"] == 503
    assert (gateway.trail().status, gateway.trail().upstream_status, gateway.trail().attempts) == (503, 503, 2)
    assert gateway.trail().error == "overloaded"


def test_a_failure_that_was_not_tried_again_leaves_that_to_the_client(kit, alone, client):
    gateway, _ = alone(saying(kit, 503), attempts=1)
    assert "x-should-retry" not in client.post(gateway.url + CHAT, json=BODY).headers


def test_a_connection_that_fails_again_and_again_is_an_error_of_the_target(alone, client):
    gateway, upstream = alone(lambda *_: None, attempts=3)
    reply = client.post(gateway.url + CHAT, json=BODY)
    assert (reply.status_code, reply.json()["error"]["code"]) == (502, "upstream_closed")
    assert len(upstream.requests) == 3
    assert reply.headers["x-should-retry"] == "false"
    assert reply.headers["x-dragoman-provider"] == "openai"
    assert (gateway.trail().error, gateway.trail().attempts) == ("upstream_closed", 3)


def test_a_target_that_cannot_take_the_request_is_passed_over(kit, smart, claude, client):
    gateway, first = smart(saying(kit, 200, orjson.dumps(CLAUDE)), first="anthropic")
    openai = kit.answering(kit.whole(200, orjson.dumps(OPENAI)))
    accounts = {"claude": kit.account(claude.url, "anthropic"), "openai": kit.account(openai.url)}
    routes = {"smart": RouteConfig((RouteTarget("claude/claude-sonnet-4-5"), RouteTarget("openai/gpt-4.1")))}
    gateway = kit.gateway(kit.config(accounts, routes=routes), boundary)
    reply = client.post(gateway.url + CHAT, json=BODY | {"n": 2})  # one answer at a time is all that Claude gives
    assert "from OpenAI" in reply.text
    assert (first.requests, claude.requests, json_of(openai.requests[0])["n"]) == ([], [], 2)
    assert (gateway.trail().attempts, gateway.trail().failed, gateway.trail().error) == (1, (), None)


def test_where_no_target_can_take_the_request_the_first_one_says_why(kit, claude, client):
    accounts = {"a": kit.account(claude.url, "anthropic"), "b": kit.account(claude.url, "gemini")}
    routes = {"smart": RouteConfig((RouteTarget("a/claude-sonnet-4-5"), RouteTarget("b/gemini-2.5-pro")))}
    gateway = kit.gateway(kit.config(accounts, routes=routes), boundary)
    reply = client.post(gateway.url + CHAT, json=BODY | {"logit_bias": {"1": 2}})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "logit_bias")
    assert "claude-sonnet-4-5 at anthropic" in reply.json()["error"]["message"]
    assert reply.headers["x-dragoman-provider"] == "anthropic"
    assert (gateway.trail().attempts, gateway.trail().error, claude.requests) == (0, "not_translated", [])
    bad = client.post(gateway.url + CHAT, content=b'{"model": "smart"', headers={"content-type": "application/json"})
    assert (bad.status_code, bad.json()["error"]["code"]) == (400, "invalid_json")


def test_a_failure_of_a_provider_is_told_rather_than_what_another_target_cannot_take(kit, smart, claude, client):
    gateway, _ = smart(saying(kit, 503))
    reply = client.post(gateway.url + CHAT, json=BODY | {"logit_bias": {"1": 2}})
    assert (reply.status_code, reply.headers["x-dragoman-provider"]) == (503, "openai")
    assert claude.requests == []
    trail = gateway.trail()
    assert (trail.account, trail.model, trail.error, trail.attempts) == ("first", "gpt-4.1", "overloaded", 1)


def test_a_client_s_deadline_is_for_all_attempts(alone, client):
    def behave(connection, _):
        time.sleep(0.35)
        connection.sendall(b"HTTP/1.1 500 X\r\ncontent-length: 2\r\n\r\n{}")

    gateway, upstream = alone(behave, attempts=20)
    began = time.monotonic()
    reply = client.post(gateway.url + CHAT, json=BODY, headers={"x-dragoman-timeout-ms": "1500"})
    assert 0.5 < time.monotonic() - began < 3
    assert reply.status_code in (500, 504)
    assert 2 <= len(upstream.requests) <= 4


def test_a_wait_that_is_longer_than_the_client_s_ends_at_once_with_the_failure(kit, alone, client):
    gateway, upstream = alone(saying(kit, 503, headers=b"retry-after: 7\r\n"))
    began = time.monotonic()
    reply = client.post(gateway.url + CHAT, json=BODY, headers={"x-dragoman-timeout-ms": "3000"})
    assert time.monotonic() - began < 2.5
    assert (reply.status_code, reply.headers["retry-after"], len(upstream.requests)) == (503, "7", 1)


def test_what_a_client_cannot_wait_for_is_left_for_a_target_that_needs_no_wait(kit, smart, client):
    gateway, first = smart(saying(kit, 503, headers=b"retry-after: 1\r\n"), attempts=2)
    began = time.monotonic()
    reply = client.post(gateway.url + CHAT, json=BODY, headers={"x-dragoman-timeout-ms": "900"})
    assert time.monotonic() - began < 0.9
    assert "from Claude" in reply.text
    assert len(first.requests) == 1


def test_a_target_that_hangs_does_not_get_more_time_than_the_client_has(smart, claude, client):
    gateway, _ = smart(lambda connection, _: connection.recv(1))
    began = time.monotonic()
    reply = client.post(gateway.url + CHAT, json=BODY, headers={"x-dragoman-timeout-ms": "400"})
    assert time.monotonic() - began < 3
    assert (reply.status_code, reply.json()["error"]["code"]) == (504, "upstream_timeout")
    assert "x-dragoman-timeout-ms allowed 400" in reply.json()["error"]["message"]
    assert claude.requests == []


@every_combination
def test_a_client_that_leaves_ends_the_attempts(kit, alone):
    asked = threading.Event()

    def behave(connection, _):
        connection.sendall(kit.whole(503, BUSY, b"retry-after: 2\r\n"))
        asked.set()

    gateway, upstream = alone(behave, attempts=5)
    with socket.create_connection(gateway.url.removeprefix("http://").rsplit(":", 1), timeout=5) as client:
        body = orjson.dumps(BODY)
        client.sendall(
            b"POST %b HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%b" % (CHAT.encode(), len(body), body)
        )
        assert asked.wait(5)
        time.sleep(0.1)
    assert gateway.trail().status == 499
    time.sleep(2.2)
    assert len(upstream.requests) == 1


def test_weights_share_the_requests_out(kit, client):
    upstreams = {name: kit.answering(kit.whole(200, orjson.dumps(OPENAI))) for name in "abc"}
    accounts = {name: kit.account(upstream.url) for name, upstream in upstreams.items()}
    targets = (RouteTarget("a/m", 1), RouteTarget("b/m", 1), RouteTarget("c/m", 1e-9))
    routes = {"smart": RouteConfig(targets, strategy="weighted")}
    gateway = kit.gateway(kit.config(accounts, routes=routes), boundary)
    for _ in range(40):
        assert client.post(gateway.url + CHAT, json=BODY).status_code == 200
    # That one of two gets none of 40 has the chance 2 ** -39.
    assert upstreams["a"].requests
    assert upstreams["b"].requests
    assert not upstreams["c"].requests


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/messages", {"model": "smart", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}),
        ("/v1/responses", {"model": "smart", "input": "Hi"}),
        ("/v1beta/models/smart:generateContent", {"contents": [{"parts": [{"text": "Hi"}]}]}),
        ("/model/smart/converse", {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}),
    ],
)
def test_a_route_answers_clients_of_every_dialect(kit, smart, client, path, body):
    gateway, first = smart(saying(kit, 500))
    reply = client.post(gateway.url + path, json=body)
    assert reply.status_code == 200, reply.text
    assert "from Claude" in reply.text
    assert len(first.requests) == 1


def test_tokens_are_counted_by_the_first_target_that_counts(kit, client):
    counting = kit.answering(kit.whole(200, b'{"input_tokens":12}'))
    accounts = {"a": kit.account(NOWHERE), "b": kit.account(counting.url, "anthropic")}
    routes = {"smart": RouteConfig((RouteTarget("a/gpt-5"), RouteTarget("b/claude-sonnet-4-5")))}
    gateway = kit.gateway(kit.config(accounts, routes=routes), boundary)
    body = {"model": "smart", "messages": [{"role": "user", "content": "Hi"}]}
    reply = client.post(gateway.url + "/v1/messages/count_tokens", json=body)
    assert (reply.status_code, reply.json()) == (200, {"input_tokens": 12})


KEYS = {
    "all": KeyConfig(hash_of("all")),
    "route": KeyConfig(hash_of("route"), models=("smart",)),
    "account": KeyConfig(hash_of("account"), models=("claude/*",)),
    "stars": KeyConfig(hash_of("stars"), models=("sm*",)),
}


@pytest.mark.parametrize(
    ("key", "model", "status"),
    [
        ("route", "smart", 200),
        ("stars", "smart", 200),
        ("all", "smart", 200),
        ("account", "smart", 403),  # to be let to a target is not to be let to the route
        ("route", "claude/fast", 403),  # nor the other way round
        ("account", "claude/fast", 200),
    ],
)
def test_a_key_is_for_the_route_by_its_name(kit, smart, client, key, model, status):
    gateway, _ = smart(saying(kit, 503), keys=KEYS)
    reply = client.post(gateway.url + CHAT, json=BODY | {"model": model}, headers={"x-api-key": key})
    assert reply.status_code == status


def test_the_lists_of_models_show_the_routes_that_a_key_may_use(kit, smart, client):
    gateway, _ = smart(saying(kit, 503), keys=KEYS)

    def listed(path, key, **headers):
        return client.get(gateway.url + path, headers={"x-api-key": key, **headers}).json()

    assert [model["id"] for model in listed("/v1/models", "route")["data"]] == ["smart"]
    assert "smart" in [model["id"] for model in listed("/v1/models", "all")["data"]]
    assert "smart" not in [model["id"] for model in listed("/v1/models", "account")["data"]]
    assert listed("/v1/models/smart", "route")["owned_by"] == "route"
    named = listed("/v1/models", "route", **{"anthropic-version": "2023-06-01"})["data"]
    assert [model["display_name"] for model in named] == ["smart"]
    assert [model["name"] for model in listed("/v1beta/models", "route")["models"]] == ["models/smart"]


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("smrat", "There is no route 'smrat'; did you mean 'smart'? Routes: smart."),
        ("smart/gpt-5", "'smart' is a route, which is named alone: 'smart' and not 'smart/gpt-5'."),
        ("gpt-5", "Routes: smart. Accounts: "),
    ],
)
def test_a_model_that_is_no_route_is_a_404_that_names_the_routes(kit, smart, client, model, words):
    gateway, _ = smart(saying(kit, 503))
    reply = client.post(gateway.url + CHAT, json=BODY | {"model": model})
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "model_not_found")
    assert words in reply.json()["error"]["message"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([], 0.0),
        ([(b"retry-after", b"12")], 12.0),
        ([(b"retry-after", b" 1.5 ")], 1.5),
        ([(b"retry-after", b"12"), (b"retry-after-ms", b"250")], 0.25),
        ([(b"retry-after-ms", b"soon"), (b"retry-after", b"3")], 3.0),
        ([(b"retry-after", b"Thu, 01 Jan 1970 00:01:40 GMT")], 40.0),
        ([(b"retry-after", b"Thu, 01 Jan 1970 00:00:10 GMT")], 0.0),
        ([(b"retry-after", b"-3")], 0.0),
        ([(b"retry-after", b"1e9")], 0.0),
        ([(b"retry-after", b"Thu, 99 Jan 1970 00:00:10 GMT")], 0.0),
        ([(b"retry-after", b"\xff")], 0.0),
    ],
)
def test_the_wait_of_an_answer_is_read_in_all_its_forms(headers, seconds):
    assert retry_after(headers, 60.0) == seconds
