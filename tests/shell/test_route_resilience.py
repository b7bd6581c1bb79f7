"""What makes a route trustworthy, over the real translators and providers that fail in all ways."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import orjson
import pytest
import trio
from dragoman.io import stream_relay
from dragoman.io.http import Origin, UpstreamError
from dragoman.io.http.limits import UpstreamLimits
from dragoman.io.http.pool import Pool
from dragoman.io.keys import hash_of
from dragoman.io.route_health import FIRST_COOL_DOWN, LEAST_FAILURES
from dragoman.io.settings import KeyConfig, Retry, RouteConfig, RouteTarget, Timeouts
from dragoman.translate import boundary

some_combinations = pytest.mark.parametrize("combination", [("lane", "own"), ("asgi", "httpx")], ids="-".join)

CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"
BODY = {"model": "smart", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 99}
STREAM = BODY | {"stream": True}
ONCE = Retry(1)


def reply(text, tokens=1):
    return orjson.dumps(
        {"id": "m", "type": "message", "role": "assistant", "model": "c", "stop_reason": "end_turn",
         "content": [{"type": "text", "text": text}],
         "usage": {"input_tokens": 1, "output_tokens": tokens}}
    )  # fmt: skip


def frames(text):
    usage = {"input_tokens": 1, "output_tokens": 1}
    events = [
        {"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", "content": [],
                                              "model": "c", "stop_reason": None, "usage": usage}},
        {"type": "ping"},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
        {"type": "message_stop"},
    ]  # fmt: skip
    return [b"event: %b\ndata: %b\n\n" % (event["type"].encode(), orjson.dumps(event)) for event in events]


BUSY = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n'


def chunk(*pieces):
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)


@pytest.fixture
def client():
    with httpx.Client(timeout=20, trust_env=False) as client:
        yield client


@pytest.fixture
def talker(kit):
    """A provider that says a word, whole or as a stream, to any number of clients at once, after a time."""

    def start(word, seconds=0.0, tokens=1):
        def behave(connection, request):
            threading.Thread(target=answer, args=(connection.dup(), request), daemon=True).start()

        def answer(connection, request):
            with connection, suppress(OSError):
                time.sleep(seconds)
                stream = b'"stream":true' in request
                connection.sendall(kit.chunked(*frames(word)) if stream else kit.whole(200, reply(word, tokens)))

        return kit.upstream(behave)

    return start


@pytest.fixture
def two(kit, talker):
    """A gateway whose route has the target that behaves as told, and `b`, who answers."""

    def start(behave, *, account=None, server=None, keys=None, **route):
        first = behave if hasattr(behave, "url") else kit.upstream(behave)
        second = talker("from b")
        accounts = {
            "a": kit.account(first.url, "anthropic", **(account or {})),
            "b": kit.account(second.url, "anthropic"),
        }
        targets = (RouteTarget("a/claude-sonnet-4-5"), RouteTarget("b/claude-sonnet-4-5"))
        route = {"targets": targets, "retry": ONCE} | route
        config = kit.config(accounts, routes={"smart": RouteConfig(**route)}, keys=keys, **(server or {}))
        return kit.gateway(config, boundary), first, second

    return start


def saying(kit, status, body, headers=b""):
    data = kit.whole(status, orjson.dumps(body), b"content-type: application/json\r\n" + headers)
    return lambda connection, _: connection.sendall(data)


def fault(kind, **more):
    return {"type": "error", "error": {"type": kind, "message": "no", **more}}


# Health


@pytest.mark.parametrize("strategy", ["priority", "weighted", "latency"])
@pytest.mark.parametrize("stream", [False, True])
def test_no_request_fails_while_one_of_two_targets_answers(kit, two, client, strategy, stream):
    gateway, first, second = two(saying(kit, 529, fault("overloaded_error")), strategy=strategy)
    for number in range(25):
        answer = client.post(gateway.url + CHAT, json=BODY | {"stream": stream})
        assert (answer.status_code, "from b" in answer.text) == (200, True), number
    # Who fails is left in peace.
    assert len(first.requests) <= LEAST_FAILURES
    assert len(second.requests) == 25


def test_a_target_that_recovers_is_tried_by_one_request_after_its_cool_down_and_is_back(kit, two, client):
    ill = True

    def behave(connection, request):
        saying(kit, 529, fault("overloaded_error"))(connection, request) if ill else connection.sendall(
            kit.whole(200, reply("from a"))
        )

    gateway, first, _ = two(behave)
    now, draw = 1000.0, 0.5
    router = gateway.run.gateway._router
    router._memory._clock, router._draw = (lambda: now), (lambda: draw)

    def ask():
        answer = client.post(gateway.url + CHAT, json=BODY)
        assert answer.status_code == 200
        return answer.text.partition("from ")[2][0]

    assert [ask() for _ in range(LEAST_FAILURES + 2)] == ["b"] * (LEAST_FAILURES + 2)
    now += FIRST_COOL_DOWN
    assert ask() == "b"  # not every request tries it
    draw = 0.05
    assert ask() == "b"  # this one did, and failed over
    assert len(first.requests) == LEAST_FAILURES + 1
    now, ill = now + 2 * FIRST_COOL_DOWN - 0.1, False
    assert ask() == "b"
    now += 0.2
    assert ask() == "a"
    draw = 0.5
    assert [ask() for _ in range(3)] == ["a"] * 3


def test_a_target_that_said_when_to_come_back_is_not_asked_before(kit, two, client):
    gateway, first, _ = two(saying(kit, 429, fault("rate_limit_error"), b"retry-after: 30\r\n"))
    for _ in range(5):
        assert client.post(gateway.url + CHAT, json=BODY).status_code == 200
    assert len(first.requests) == 1
    assert gateway.trail(1).attempts == 1


def test_faults_of_the_request_tell_nothing_of_the_target(kit, two, client):
    gateway, first, _ = two(saying(kit, 400, fault("invalid_request_error")), retry=Retry(1, (400,)))
    for _ in range(6):
        assert client.post(gateway.url + CHAT, json=BODY).status_code == 200
    assert len(first.requests) == 6


def test_a_client_without_patience_tells_nothing_of_the_target(two, talker, client):
    gateway, _, second = two(talker("from a", 0.15))
    for _ in range(5):
        late = client.post(gateway.url + CHAT, json=BODY, headers={"x-dragoman-timeout-ms": "40"})
        assert late.status_code == 504
    assert "from a" in client.post(gateway.url + CHAT, json=BODY).text
    assert second.requests == []


def test_streams_that_break_in_the_middle_make_a_target_fail(kit, two, client):
    gateway, first, _ = two(lambda c, _: c.sendall(kit.chunked(*frames("half")[:4], BUSY)))
    texts = [client.post(gateway.url + CHAT, json=STREAM).text for _ in range(5)]
    assert ["half" in text for text in texts] == [True] * LEAST_FAILURES + [False] * (5 - LEAST_FAILURES)
    assert len(first.requests) == LEAST_FAILURES


def test_the_health_of_the_accounts_of_routes_is_a_metric(kit, two, client):
    gateway, _, _ = two(saying(kit, 529, fault("overloaded_error")))

    def healthy():
        lines = client.get(gateway.url + "/metrics").text.splitlines()
        return sorted(line for line in lines if line.startswith("dragoman_target_healthy"))

    names = ['dragoman_target_healthy{account="a"} ', 'dragoman_target_healthy{account="b"} ']
    assert healthy() == [names[0] + "1.0", names[1] + "1.0"]
    for _ in range(LEAST_FAILURES):
        client.post(gateway.url + CHAT, json=BODY)
    assert healthy() == [names[0] + "0.0", names[1] + "1.0"]


@pytest.mark.parametrize("stream", [False, True])
def test_the_target_that_takes_least_time_for_a_token_answers_once_all_are_known(two, kit, client, stream):
    def slowly(connection, _):
        if not stream:
            time.sleep(0.1)
            connection.sendall(kit.whole(200, reply("from a")))
            return
        # Its first token comes at once; what counts is how long the tokens take.
        connection.sendall(kit.chunked(*frames("from a")[:4], end=False))
        time.sleep(0.1)
        connection.sendall(chunk(*frames("from a")[4:]) + b"0\r\n\r\n")

    gateway, first, second = two(slowly, strategy="latency")
    gateway.run.gateway._router._draw = lambda: 0.05  # the first one, and then whoever is not known
    for _ in range(8):
        assert client.post(gateway.url + CHAT, json=BODY | {"stream": stream}).status_code == 200
    assert (len(first.requests), len(second.requests)) == (1, 7)


# Codes


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("word", ["context_length_exceeded", "invalid_request_error"])
def test_a_listed_code_makes_the_next_target_answer(kit, talker, client, word, stream):
    body = {"error": {"type": "invalid_request_error", "code": "context_length_exceeded", "message": "too long"}}
    small, large = kit.upstream(saying(kit, 400, body)), talker("from b")
    accounts = {"a": kit.account(small.url), "b": kit.account(large.url, "anthropic")}
    targets = (RouteTarget("a/gpt-4.1"), RouteTarget("b/claude-sonnet-4-5"))
    for on, status in (((429, word), 200), ((429, "overloaded_error"), 400)):
        routes = {"smart": RouteConfig(targets, retry=Retry(3, on))}
        gateway = kit.gateway(kit.config(accounts, routes=routes), boundary)
        answer = client.post(gateway.url + CHAT, json=BODY | {"stream": stream})
        assert answer.status_code == status
        assert len(small.requests) == 1  # what is wrong with a request is not tried twice
        small.requests.clear()


# Streams that begin with an error


@some_combinations
@pytest.mark.parametrize("path", [CHAT, MESSAGES])
@pytest.mark.parametrize("how", ["error", "cut", "error in one piece"])
def test_a_stream_that_fails_before_its_first_word_makes_the_next_target_answer(two, kit, client, path, how):
    def behave(connection, _):
        head = kit.chunked(*frames("")[:3], end=False)
        if how == "error in one piece":
            connection.sendall(head + chunk(BUSY) + b"0\r\n\r\n")
            return
        connection.sendall(head)
        time.sleep(0.05)
        if how == "error":
            connection.sendall(chunk(BUSY) + b"0\r\n\r\n")

    gateway, first, second = two(behave)
    answer = client.post(gateway.url + path, json=STREAM)
    assert (answer.status_code, answer.text.count("from b")) == (200, 1)
    assert answer.text.count('"role":"assistant"') == 1
    assert "busy" not in answer.text
    assert (len(first.requests), len(second.requests)) == (1, 1)
    assert gateway.trail().failed == (("a", "anthropic"),)


def test_where_no_other_target_is_left_such_a_stream_is_an_error_with_its_status(kit, client):
    broken = kit.upstream(lambda c, _: c.sendall(kit.chunked(*frames("")[:2], BUSY)))
    accounts = {"a": kit.account(broken.url, "anthropic")}
    routes = {"smart": RouteConfig((RouteTarget("a/claude-sonnet-4-5"),), retry=ONCE)}
    gateway = kit.gateway(kit.config(accounts, routes=routes), boundary)
    answer = client.post(gateway.url + MESSAGES, json=STREAM)
    assert (answer.status_code, answer.json()["error"]["type"]) == (529, "overloaded_error")


@some_combinations
@pytest.mark.parametrize("path", [CHAT, MESSAGES])
def test_a_beginning_is_not_held_for_long_and_nothing_of_it_goes_lost(two, kit, client, monkeypatch, path):
    monkeypatch.setattr(stream_relay, "HOLD_SECONDS", 0.2)
    ping = frames("")[1]

    def behave(connection, _):
        connection.sendall(kit.chunked(*frames("late")[:2], end=False))
        for _ in range(25):
            time.sleep(0.0125)
            connection.sendall(chunk(ping))
        connection.sendall(chunk(*frames("late")[2:]) + b"0\r\n\r\n")

    gateway, _, second = two(behave)
    began = time.monotonic()
    with client.stream("POST", gateway.url + path, json=STREAM) as answer:
        assert 0.15 < time.monotonic() - began < 0.45  # the status is there before the first word
        answers = answer.read().decode()
    assert answers.count("late") == 1
    assert answers.count('"role":"assistant"') == 1
    assert answers.endswith("data: [DONE]\n\n" if path == CHAT else '"type":"message_stop"}\n\n')
    assert second.requests == []


# Time


def waiting(seconds, *pieces, first=b""):
    """A provider that sends a beginning, and the rest after a time."""

    def behave(connection, _):
        connection.sendall(first)
        connection.settimeout(seconds)
        with suppress(TimeoutError):
            connection.recv(1)  # until the gateway hangs up, or the time is over
        for piece in pieces:
            connection.sendall(piece)

    return behave


@some_combinations
@pytest.mark.parametrize("stream", [False, True])
def test_a_target_that_does_not_begin_in_time_makes_the_next_one_answer(two, client, stream):
    gateway, first, _ = two(waiting(1.0), retry=Retry(3), timeouts=Timeouts(first_byte=0.15))
    began = time.monotonic()
    answer = client.post(gateway.url + CHAT, json=BODY | {"stream": stream})
    assert time.monotonic() - began < 0.8
    assert "from b" in answer.text
    assert len(first.requests) == 1  # once was long enough


@some_combinations
def test_a_stream_that_began_and_says_nothing_in_time_makes_the_next_one_answer(two, kit, client):
    beginning = kit.chunked(*frames("")[:2], end=False)
    gateway, _, _ = two(waiting(1.0, first=beginning), timeouts=Timeouts(first_byte=0.2))
    began = time.monotonic()
    answer = client.post(gateway.url + CHAT, json=STREAM)
    assert time.monotonic() - began < 0.9
    assert (answer.text.count("from b"), answer.text.count('"role"')) == (1, 1)


@some_combinations
@pytest.mark.parametrize("timeouts", [Timeouts(idle=0.2), Timeouts(total=0.3)], ids=["idle", "total"])
def test_a_stream_that_falls_silent_or_takes_too_long_ends_with_an_error(two, kit, client, timeouts):
    beginning = kit.chunked(*frames("half")[:4], end=False)
    gateway, _, second = two(waiting(1.5, first=beginning), timeouts=timeouts)
    began = time.monotonic()
    answer = client.post(gateway.url + CHAT, json=STREAM)
    assert 0.15 < time.monotonic() - began < 1.0
    assert answer.text.count("half") == 1
    assert '"error"' in answer.text
    assert "[DONE]" not in answer.text
    assert second.requests == []
    assert gateway.trail().error == "upstream_timeout"


def test_a_stream_that_goes_on_is_not_idle(two, kit, client):
    def behave(connection, _):
        connection.sendall(kit.chunked(*frames("x")[:4], end=False))
        for _ in range(8):
            time.sleep(0.1)
            connection.sendall(chunk(frames("x")[3]))
        connection.sendall(chunk(*frames("x")[4:]) + b"0\r\n\r\n")

    gateway, _, _ = two(behave, timeouts=Timeouts(first_byte=0.5, idle=0.35))
    assert client.post(gateway.url + CHAT, json=STREAM).text.count('"content":"x"') == 9


def test_the_total_time_is_for_all_attempts(kit, two, client):
    gateway, first, second = two(saying(kit, 500, fault("api_error")), retry=Retry(20), timeouts=Timeouts(total=0.6))
    second.close()
    began = time.monotonic()
    answer = client.post(gateway.url + CHAT, json=BODY)
    assert time.monotonic() - began < 1.5
    assert answer.status_code >= 500
    assert 1 <= len(first.requests) <= 3
    gateway, _, _ = two(waiting(1.0), timeouts=Timeouts(total=0.2))
    answer = client.post(gateway.url + CHAT, json=BODY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "upstream_timeout")
    assert "timeouts.total of the route allowed 200" in answer.json()["error"]["message"]


def test_a_request_may_be_granted_another_time_to_connect_than_others(autojump_clock):
    async def never(_host, _port):
        await trio.sleep_forever()

    async def main():
        pool = Pool(UpstreamLimits(), connect=never)
        began = trio.current_time()
        with pytest.raises(UpstreamError, match="no connection to x within 2 s"):
            await pool.request(Origin("http", "x", 80), "GET", "/", [], b"", limits=UpstreamLimits(connect_timeout=2))
        return trio.current_time() - began

    assert trio.run(main, clock=autojump_clock) == 2


# Bounds


def gather(client, url, bodies, path=CHAT):
    with ThreadPoolExecutor(len(bodies)) as threads:
        return list(threads.map(lambda body: client.post(url + path, json=body), bodies))


@pytest.mark.parametrize("where", ["account", "target"])
def test_a_busy_target_makes_the_next_one_answer_at_once(two, talker, client, where):
    targets = (RouteTarget("a/m", max_concurrent=1 if where == "target" else None), RouteTarget("b/m"))
    bound = {"max_concurrent_requests": 1} if where == "account" else {}
    gateway, first, second = two(talker("from a", 0.4), account=bound, targets=targets)
    began = time.monotonic()
    answers = gather(client, gateway.url, [BODY] * 4)
    assert time.monotonic() - began < 1.0
    assert [answer.status_code for answer in answers] == [200] * 4
    assert (len(first.requests), len(second.requests)) == (1, 3)
    assert all(gateway.trail(number).failed == () for number in range(4))  # to be busy is no failure


def test_where_all_are_busy_requests_wait_for_their_turn(kit, talker, client):
    slow = talker("from a", 0.2)
    accounts = {"a": kit.account(slow.url, "anthropic", max_concurrent_requests=2)}
    routes = {"smart": RouteConfig((RouteTarget("a/m"),), retry=ONCE)}
    gateway = kit.gateway(kit.config(accounts, routes=routes), boundary)
    for model in ("smart", "a/m"):  # with a route and without one
        began = time.monotonic()
        answers = gather(client, gateway.url, [BODY | {"model": model}] * 6)
        assert [answer.status_code for answer in answers] == [200] * 6
        assert 0.55 < time.monotonic() - began < 2


@pytest.mark.parametrize("bound", [{"max_queued": 0}, {"queue_seconds": 0.1}])
def test_who_may_not_wait_is_told_when_to_come_back(kit, talker, client, bound):
    slow = talker("from a", 0.5)
    accounts = {"a": kit.account(slow.url, "anthropic", max_concurrent_requests=1, **bound)}
    routes = {"smart": RouteConfig((RouteTarget("a/m"),), retry=ONCE)}
    gateway = kit.gateway(kit.config(accounts, routes=routes), boundary)
    answers = gather(client, gateway.url, [BODY, BODY | {"model": "a/m"}])
    assert sorted(answer.status_code for answer in answers) == [200, 503]
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert (refused.json()["error"]["code"], refused.headers["retry-after"]) == ("target_busy", "1")
    assert "anthropic (account 'a')" in refused.json()["error"]["message"]


@some_combinations
def test_a_client_that_leaves_frees_its_place_and_its_place_in_the_queue(kit, client):
    begun = threading.Event()

    def behave(connection, request):
        if b"forever" in request:
            connection.sendall(kit.chunked(*frames("half")[:4], end=False))
            begun.set()
            with suppress(OSError):
                connection.settimeout(5)
                connection.recv(1)
        else:
            connection.sendall(kit.whole(200, reply("from a")))

    accounts = {"a": kit.account(kit.upstream(behave).url, "anthropic", max_concurrent_requests=1, max_queued=1)}
    routes = {"smart": RouteConfig((RouteTarget("a/m"),), retry=ONCE)}
    gateway = kit.gateway(kit.config(accounts, routes=routes), boundary)
    body = orjson.dumps(STREAM | {"messages": [{"role": "user", "content": "forever"}]})
    post = b"POST %b HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%b" % (CHAT.encode(), len(body), body)
    address = gateway.url.removeprefix("http://").rsplit(":", 1)
    with socket.create_connection(address, timeout=5) as first:
        first.sendall(post)
        assert begun.wait(5)
        with socket.create_connection(address, timeout=5) as second:
            second.sendall(post)
            queue = gateway.run.gateway._accounts.find("a/m", None).slots[0]._free
            assert kit.until(lambda: queue.statistics().tasks_waiting == 1, 5)
            assert client.post(gateway.url + CHAT, json=BODY).status_code == 503  # one answers, one waits
        assert {gateway.trail(number).status for number in (0, 1)} == {503, 499}
    answer = client.post(gateway.url + CHAT, json=BODY)
    assert (answer.status_code, "from a" in answer.text) == (200, True)


# Sessions

KEYS = {name: KeyConfig(hash_of(name)) for name in map(str, range(12))}


@pytest.mark.parametrize(
    ("sticky", "request_of"),
    [
        ("user", lambda name: (BODY | {"user": name}, {})),
        ("header:X-Session", lambda name: (BODY, {"x-session": name})),
        ("key", lambda name: (BODY, {"x-api-key": name})),
        ("conversation", lambda name: (BODY | {"messages": [{"role": "user", "content": name}]}, {})),
    ],
)
def test_the_requests_of_a_session_go_to_one_target(two, talker, client, sticky, request_of):
    gateway, first, second = two(
        talker("from a"), strategy="weighted", sticky=sticky, keys=KEYS if sticky == "key" else None
    )
    places = {}
    for name in KEYS:
        body, headers = request_of(name)
        turns = [*body["messages"], {"role": "assistant", "content": "And?"}, {"role": "user", "content": name * 2}]
        for messages in (body["messages"], body["messages"], turns):
            answer = client.post(gateway.url + CHAT, json=body | {"messages": messages}, headers=headers)
            assert answer.status_code == 200
            places.setdefault(name, set()).add("from a" in answer.text)
    assert all(len(place) == 1 for place in places.values())
    assert first.requests
    assert second.requests


def test_a_session_goes_elsewhere_while_its_target_fails(kit, two, client):
    gateway, first, _ = two(saying(kit, 529, fault("overloaded_error")), strategy="weighted", sticky="user")
    for name in map(str, range(12)):
        for _ in range(2):
            assert "from b" in client.post(gateway.url + CHAT, json=BODY | {"user": name}).text
    assert len(first.requests) == LEAST_FAILURES


# Affinity

THINKING = {"type": "thinking", "thinking": "hm", "signature": "c2lnbmVk"}
HISTORY = [
    {"role": "user", "content": "Hi"},
    {"role": "assistant", "content": "Hello", "thinking_blocks": [THINKING]},
    {"role": "user", "content": "Go on"},
]
STATEFUL = {"model": "smart", "messages": HISTORY}
OPENAI = {"id": "c", "object": "chat.completion", "created": 1, "model": "gpt-5",
          "choices": [{"index": 0, "message": {"role": "assistant", "content": "from OpenAI"},
                       "finish_reason": "stop"}],
          "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}  # fmt: skip


@pytest.fixture
def mixed(kit):
    """A gateway whose route leads to OpenAI first, and then to Claude who answers as told."""

    def start(status=200, **route):
        openai = kit.answering(kit.whole(200, orjson.dumps(OPENAI)))
        said = reply("from Claude") if status == 200 else orjson.dumps(fault("overloaded_error"))
        claude = kit.answering(kit.whole(status, said))
        accounts = {"openai": kit.account(openai.url), "claude": kit.account(claude.url, "anthropic")}
        targets = (RouteTarget("openai/gpt-4.1"), RouteTarget("claude/claude-sonnet-4-5"))
        route = {"targets": targets, "retry": ONCE} | route
        return kit.gateway(kit.config(accounts, routes={"smart": RouteConfig(**route)}), boundary), openai, claude

    return start


@pytest.mark.parametrize("required", [False, True])
def test_a_conversation_stays_where_its_state_can_be_read(mixed, client, required):
    gateway, openai, claude = mixed(required_affinity=required)
    assert "from OpenAI" in client.post(gateway.url + CHAT, json=BODY).text
    answer = client.post(gateway.url + CHAT, json=STATEFUL)
    assert "from Claude" in answer.text
    assert "thinking_blocks" not in answer.headers.get("x-dragoman-losses", "")
    assert b"c2lnbmVk" in claude.requests[0]
    assert len(openai.requests) == 1
    assert (gateway.trail(1).attempts, gateway.trail(1).failed) == (1, ())


def test_state_is_dropped_as_a_last_resort_and_reported(mixed, client):
    gateway, openai, claude = mixed(529)
    answer = client.post(gateway.url + CHAT, json=STATEFUL)
    assert (answer.status_code, "from OpenAI" in answer.text) == (200, True)
    assert "/messages/1/thinking_blocks/0 dropped quality" in answer.headers["x-dragoman-losses"]
    assert b"c2lnbmVk" not in openai.requests[0]
    assert (len(openai.requests), len(claude.requests)) == (1, 1)


def test_with_required_affinity_state_is_never_dropped(mixed, client):
    gateway, openai, _ = mixed(529, required_affinity=True)
    assert client.post(gateway.url + CHAT, json=STATEFUL).status_code == 503  # why who could read it did not answer
    gateway, other, _ = mixed(targets=(RouteTarget("openai/gpt-4.1"),), required_affinity=True)
    answer = client.post(gateway.url + CHAT, json=STATEFUL)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (
        400, "affinity_required", "messages[1].thinking_blocks[0]",
    )  # fmt: skip
    assert "openai (account 'openai')" in error["message"]
    assert openai.requests == other.requests == []
