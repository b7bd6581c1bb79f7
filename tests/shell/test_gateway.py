"""The gateway over a core that translates nothing: what the shell itself promises."""

import contextlib
import threading
import time

import attrs
import httpx
import orjson
import pytest
from dragoman.io.keys import hash_of
from dragoman.io.secret import Secret
from dragoman.io.settings import KeyConfig, ModelAlias
from dragoman.translate import boundary
from fronts import every_combination

pytestmark = every_combination

BODY = {"model": "acc/gpt-5", "messages": []}
CHAT = "/v1/chat/completions"


@pytest.fixture
def client():
    with httpx.Client(timeout=10, trust_env=False) as client:
        yield client


def serve(kit, upstream, **more):
    return kit.gateway(kit.config({"acc": kit.account(upstream.url)}, **more))


def test_a_whole_reply_comes_back_with_the_gateways_headers(kit, client):
    upstream = kit.answering(kit.whole(200, b'{"ok":1}'))
    kit.core.losses = [{"path": "/n", "kind": "dropped", "severity": "contract", "detail": "x"}]
    gateway = serve(kit, upstream)
    reply = client.post(gateway.url + CHAT, json=BODY, headers={"x-request-id": "mine-1", "authorization": "Bearer me"})
    assert (reply.status_code, reply.json()) == (200, {"ok": 1})
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-request-id"] == "mine-1"
    assert reply.headers["x-dragoman-provider"] == "openai"
    assert reply.headers["x-dragoman-model"] == "gpt-5"
    assert orjson.loads(reply.headers["x-dragoman-losses"]) == ["/n dropped contract"]
    assert reply.headers["x-passed"] == "yes"
    head = upstream.requests[0].lower()
    assert b"authorization: bearer sk-very-secret\r\n" in head
    assert b"bearer me" not in head
    trail = gateway.trail()
    assert (trail.status, trail.upstream_status, trail.account, trail.model) == (200, 200, "acc", "gpt-5")
    assert (trail.usage, len(trail.losses), trail.request_id) == ({"total": 3}, 1, "mine-1")


def test_the_core_is_told_what_it_needs(kit, client):
    upstream = kit.answering(kit.whole(200, b"{}"))
    aliases = {"fast": ModelAlias("dep-1", "gpt-5")}
    accounts = {"acc": kit.account(upstream.url, "anthropic", models=aliases, region="eu")}
    key = KeyConfig(hash_of("k"), on_loss={"cost": "refuse"})
    gateway = kit.gateway(
        kit.config(accounts, keys={"me": key}, on_loss={"cost": "allow", "hint": "refuse"}, prompt_cache="auto")
    )
    kit.core.heads.clear()
    client.post(
        gateway.url + "/v1/messages",
        json={"model": "acc/fast"},
        headers={
            "x-api-key": "k",
            "anthropic-beta": "b1",
            "cookie": "no",
            "x-dragoman-on-loss": "quality=refuse",
            "x-dragoman-explain": "true",
            "x-dragoman-strict-openai": "true",
        },
    ).raise_for_status()
    head = kit.core.heads[0]
    assert head["from"] == "anthropic"
    assert head["to"] == "anthropic"
    assert (head["model"], head["family"]) == ("dep-1", "gpt-5")
    assert (head["base_url"], head["region"]) == (upstream.url, "eu")
    assert head["on_loss"] == {"cost": "refuse", "hint": "refuse", "quality": "refuse"}
    assert head["headers"] == {"anthropic-beta": "b1"}
    assert head["explain"] is head["strict_openai"] is True
    assert head["prompt_cache"] == "auto"
    assert abs(head["now"] - time.time()) < 5
    assert isinstance(head["now"], int)
    assert len(head["id"]) == 24
    reply = kit.core.heads[1]
    assert reply["status"] == 200
    assert reply["context"] == {"from": "anthropic"}
    assert reply["headers"]["content-type"] == "application/json"
    assert (reply["now"], reply["id"]) == (head["now"], head["id"])
    assert b"x-api-key: sk-very-secret" in upstream.requests[0]


def test_a_stream_is_relayed_as_it_comes(kit, client):
    go_on = threading.Event()

    def behave(connection, _):
        connection.sendall(kit.chunked(b"data: 1\n\n", end=False))
        assert go_on.wait(5)
        connection.sendall(kit.chunked(b"data: 2\n\nend").partition(b"\r\n\r\n")[2])

    gateway = serve(kit, kit.upstream(behave))
    with client.stream("POST", gateway.url + CHAT, json=BODY | {"stream": True}) as reply:
        assert reply.status_code == 200
        assert reply.headers["content-type"] == "text/event-stream"
        assert reply.headers["cache-control"] == "no-cache"
        assert reply.headers["x-accel-buffering"] == "no"
        pieces = reply.iter_raw()
        assert next(pieces) == b"data: 1\n\n"
        go_on.set()
        assert b"".join(pieces) == b"data: 2\n\ndata: [DONE]\n\n"
    assert (gateway.trail().status, gateway.trail().usage, gateway.trail().stream) == (200, {"total": 7}, True)


def test_an_error_of_the_provider_on_a_stream_is_a_whole_reply(kit, client):
    gateway = serve(kit, kit.answering(kit.whole(429, b'{"error":{}}')))
    reply = client.post(gateway.url + CHAT, json=BODY | {"stream": True})
    assert (reply.status_code, reply.json()) == (429, {"error": {}})


FAILURES = [
    (lambda *_: None, 502, "upstream_closed"),
    (lambda c, _: c.sendall(b"garbage\r\n\r\n"), 502, "upstream_invalid"),
    (lambda c, _: c.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"), 502, "upstream_truncated"),
    (lambda c, _: c.recv(1), 504, "upstream_timeout"),
    (lambda c, _: c.sendall(b"HTTP/1.1 302 F\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n"), 502, "upstream_redirect"),
    (lambda c, _: c.sendall(b"HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 1\r\n\r\nx"), 502,
     "upstream_invalid"),
    (lambda c, _: c.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n" + b"x" * 5000), 502,
     "upstream_too_large"),
    (lambda c, _: c.sendall(b"HTTP/1.1 600 X\r\ncontent-length: 0\r\n\r\n"), 502, "upstream_invalid"),
]  # fmt: skip


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(("behave", "status", "code"), FAILURES)
def test_a_failing_provider_is_an_error_in_the_clients_dialect(kit, client, behave, status, code, stream):
    gateway = serve(kit, kit.upstream(behave), upstream_timeout_seconds=0.2, max_reply_bytes=4000)
    began = time.monotonic()
    reply = client.post(gateway.url + "/v1/messages", json=BODY | {"stream": stream})
    assert time.monotonic() - began < 2
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert reply.json()["error"]["from"] == "anthropic"
    assert "openai (account 'acc')" in reply.json()["error"]["message"]
    assert reply.headers["x-request-id"].startswith("req_")
    assert reply.headers["request-id"] == reply.headers["x-request-id"]
    assert (reply.headers["x-dragoman-provider"], reply.headers["x-dragoman-model"]) == ("openai", "gpt-5")
    assert "secret" not in reply.text
    assert (gateway.trail().status, gateway.trail().error) == (status, code)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", [200, 401])
def test_a_provider_that_repeats_the_credential_does_not_give_it_away(kit, client, status, stream):
    secret = b"sk-0123456789abcdef"
    headers = b"content-type: text/plain\r\nx-echo: Bearer %b\r\n" % secret
    body = b"data: you sent %b\n\nend" % secret

    class Echoing(type(kit.core)):
        def reply(self, head, body):
            seen = orjson.loads(head)["headers"]
            return super().reply(head, body)._replace(head=orjson.dumps({"headers": {"x-passed": seen["x-echo"]}}))

    upstream = kit.answering(kit.whole(status, body, headers))
    account = attrs.evolve(kit.account(upstream.url), api_key=Secret(secret.decode()))
    gateway = kit.gateway(kit.config({"acc": account}), Echoing())
    reply = client.post(gateway.url + CHAT, json=BODY | {"stream": stream})
    assert b"Bearer " + secret in upstream.requests[0]
    assert reply.status_code == status
    assert "you sent ****" in reply.text
    assert secret.decode() not in f"{reply.text}{reply.headers}{gateway.trail()}"


def test_a_header_in_several_lines_is_one_list(kit, client):
    upstream = kit.answering(kit.whole(200, b"{}"))
    gateway = kit.gateway(kit.config({"acc": kit.account(upstream.url, "anthropic")}))
    lines = [("anthropic-beta", "a"), ("anthropic-beta", "b")]
    assert client.post(gateway.url + "/v1/messages", json=BODY, headers=lines).status_code == 200
    assert kit.core.heads[0]["headers"]["anthropic-beta"] == "a, b"


def test_a_word_for_a_credential_is_not_hidden(kit, client):
    upstream = kit.answering(kit.whole(200, b'{"model":"ollama"}'))
    account = attrs.evolve(kit.account(upstream.url), api_key=Secret("ollama"))
    gateway = kit.gateway(kit.config({"acc": account}))
    assert client.post(gateway.url + CHAT, json=BODY).json() == {"model": "ollama"}


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b'{"error":{"message":"slow down","code":429}}', 429, "slow down"),
        (b'{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}', 502, "a whole document where a stream"),
        (b"<html>Sign in</html>", 502, "not JSON"),
    ],
)
def test_a_document_where_a_stream_was_asked_for_is_an_error_that_says_so(kit, client, body, status, words):
    kind = b"text/html" if b"html" in body else b"application/json; charset=utf-8"
    upstream = kit.answering(kit.whole(200, body, b"content-type: %b\r\n" % kind))
    gateway = kit.gateway(kit.config({"acc": kit.account(upstream.url)}), boundary)
    reply = client.post(
        gateway.url + CHAT,
        json={"model": "acc/gpt-5", "messages": [{"role": "user", "content": "Hi"}], "stream": True},
    )
    assert reply.status_code == status
    assert words in reply.json()["error"]["message"]
    assert (gateway.trail().status, bool(gateway.trail().error)) == (status, True)


def test_a_stream_that_fails_before_it_begins_has_a_status_like_any_other_answer(kit, client):
    error = b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'
    upstream = kit.answering(kit.chunked(b"event: error\ndata: " + error + b"\n\n"))
    gateway = kit.gateway(kit.config({"acc": kit.account(upstream.url, "anthropic")}), boundary)
    ask = {"model": "acc/claude-opus-5", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    reply = client.post(gateway.url + CHAT, json=ask)
    assert (reply.status_code, reply.headers["content-type"]) == (503, "application/json")
    assert reply.headers["retry-after"]
    assert reply.json()["error"]["message"] == "Overloaded"
    assert (gateway.trail().status, gateway.trail().error) == (503, "overloaded")


def test_an_error_that_is_all_there_is_of_a_stream_has_a_status(kit, client):
    error = b'{"error":{"message":"slow down","code":"rate_limit_exceeded"}}'
    upstream = kit.answering(kit.whole(200, error, b"content-type: text/event-stream\r\n"))
    gateway = kit.gateway(kit.config({"acc": kit.account(upstream.url)}), boundary)
    ask = {"model": "acc/gpt-5", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    reply = client.post(gateway.url + CHAT, json=ask)
    assert (reply.status_code, reply.json()["error"]["message"]) == (429, "slow down")
    assert (gateway.trail().status, gateway.trail().error) == (429, "rate_limit")


def test_an_error_of_bedrock_that_calls_itself_a_stream_is_told_in_its_words(kit, client):
    error = b'{"message":"The service is away."}'
    upstream = kit.answering(kit.whole(200, error, b"content-type: application/vnd.amazon.eventstream\r\n"))
    account = kit.account(upstream.url, "bedrock", region="eu-west-1")
    gateway = kit.gateway(kit.config({"acc": account}), boundary)
    ask = {"model": "acc/us.amazon.nova-2-lite-v1:0", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    reply = client.post(gateway.url + CHAT, json=ask)
    assert (reply.status_code, reply.json()["error"]["message"]) == (502, "The service is away.")
    assert gateway.trail().error == "server"


def test_a_stream_ends_with_the_providers_last_word_though_its_connection_does_not(kit, client):
    go_on = threading.Event()

    def behave(connection, _):
        connection.sendall(kit.chunked(b"data: 1\n\nend", end=False))
        go_on.wait(5)
        connection.sendall(b"0\r\n\r\n")
        upstream.wait_for_hang_up(connection)

    upstream = kit.upstream(behave)
    gateway = serve(kit, upstream)
    with client.stream("POST", gateway.url + CHAT, json=BODY | {"stream": True}) as reply:
        assert b"".join(reply.iter_raw()).endswith(b"data: [DONE]\n\n")
    go_on.set()
    assert gateway.trail().error is None
    assert not upstream.closed_by_peer.is_set()  # the connection waits for the next request


def test_what_the_servers_own_end_cuts_is_not_the_clients_doing(kit, client):
    arrived = threading.Event()

    def behave(connection, _):
        arrived.set()
        upstream.wait_for_hang_up(connection)

    def ask():
        with contextlib.suppress(httpx.RemoteProtocolError):
            client.post(gateway.url + CHAT, json=BODY)

    upstream = kit.upstream(behave)
    with kit.running(kit.config({"acc": kit.account(upstream.url)})) as gateway:
        asking = threading.Thread(target=ask)
        asking.start()
        assert arrived.wait(5)
    asking.join(5)
    assert (gateway.trail().status, gateway.trail().error) == (499, "stopped")


def test_a_provider_that_is_not_there_is_a_502(kit, client):
    gateway = kit.gateway(kit.config({"acc": kit.account("http://127.0.0.1:9")}))
    reply = client.post(gateway.url + CHAT, json=BODY)
    assert (reply.status_code, reply.json()["error"]["code"]) == (502, "upstream_unreachable")


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_may_set_a_shorter_time(kit, client, stream):
    gateway = serve(kit, kit.upstream(lambda c, _: c.recv(1)))
    reply = client.post(gateway.url + CHAT, json=BODY | {"stream": stream}, headers={"x-dragoman-timeout-ms": "100"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (504, "upstream_timeout")


def test_a_shorter_time_does_not_cut_a_running_stream(kit, client):
    def behave(connection, _):
        connection.sendall(kit.chunked(b"data: 1\n\n", end=False))
        time.sleep(0.3)
        connection.sendall(kit.chunked(b"data: 2\n\nend").partition(b"\r\n\r\n")[2])

    gateway = serve(kit, kit.upstream(behave))
    reply = client.post(gateway.url + CHAT, json=BODY | {"stream": True}, headers={"x-dragoman-timeout-ms": "150"})
    assert reply.text == "data: 1\n\ndata: 2\n\ndata: [DONE]\n\n"


@pytest.mark.parametrize("end", ["close", "silence"])
def test_a_stream_cut_in_the_middle_ends_with_an_error_event(kit, client, end):
    def behave(connection, _):
        connection.sendall(kit.chunked(b"data: 1\n\ndata: 2", end=False))
        if end == "silence":
            connection.recv(1)

    gateway = serve(kit, kit.upstream(behave), idle_timeout_seconds=0.2)
    reply = client.post(gateway.url + CHAT, json=BODY | {"stream": True})
    assert reply.status_code == 200
    assert reply.text == 'data: 1\n\ndata: {"error":"truncated"}\n\n'
    assert gateway.trail().error == {"close": "upstream_truncated", "silence": "upstream_timeout"}[end]


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_hangs_up_ends_the_providers_work(kit, client, stream):
    def behave(connection, _):
        if stream:
            connection.sendall(kit.chunked(b"data: 1\n\n", end=False))
        upstream.wait_for_hang_up(connection)

    upstream = kit.upstream(behave)
    gateway = serve(kit, upstream)
    if stream:
        with client.stream("POST", gateway.url + CHAT, json=BODY | {"stream": True}) as reply:
            assert next(reply.iter_raw()) == b"data: 1\n\n"
    else:
        with pytest.raises(httpx.ReadTimeout):
            client.post(gateway.url + CHAT, json=BODY, timeout=0.1)
    assert upstream.closed_by_peer.wait(1)
    assert (gateway.trail().status, gateway.trail().error) == (499, "client_closed")


def test_keys_are_asked_for_on_every_route_of_the_api(kit, client):
    upstream = kit.answering(kit.whole(200, b"{}"))
    keys = {"me": KeyConfig(hash_of("k"), models=("acc/gpt-*",))}
    gateway = kit.gateway(kit.config({"acc": kit.account(upstream.url)}, keys=keys))
    for method, path in [("POST", CHAT), ("POST", "/v1/messages"), ("POST", "/v1/messages/count_tokens"),
                         ("GET", "/v1/models"), ("GET", "/v1/models/acc/gpt-5")]:  # fmt: skip
        reply = client.request(method, gateway.url + path, json=BODY)
        assert (reply.status_code, reply.json()["error"]["code"]) == (401, "missing_api_key"), path
        assert reply.headers["www-authenticate"] == "Bearer"
    assert client.get(gateway.url + "/health/live").status_code == 200
    mine = {"api-key": "k"}
    assert client.post(gateway.url + CHAT, json=BODY, headers=mine).status_code == 200
    reply = client.post(gateway.url + CHAT, json={"model": "acc/o3"}, headers=mine)
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "model_not_allowed")
    assert gateway.trail(6).key == "me"


def test_models_are_listed_for_a_key_in_either_shape(kit, client):
    keys = {"all": KeyConfig(hash_of("all")), "few": KeyConfig(hash_of("few"), models=("b/*",))}
    accounts = {
        "a": kit.account("http://x", models={"mine": ModelAlias("dep")}),
        "b": kit.account("http://x", "anthropic"),
    }
    gateway = kit.gateway(kit.config(accounts, keys=keys))
    reply = client.get(gateway.url + "/v1/models", headers={"api-key": "all"}).json()
    assert reply["object"] == "list"
    assert [row["id"] for row in reply["data"]] == ["a/mine", "a/gpt-5", "b/claude-sonnet-4-5"]
    assert reply["data"][0] == {"id": "a/mine", "object": "model", "created": 1700000000, "owned_by": "openai"}
    few = {"x-api-key": "few", "anthropic-version": "2023-06-01"}
    reply = client.get(gateway.url + "/v1/models", headers=few).json()
    assert [row["id"] for row in reply["data"]] == ["b/claude-sonnet-4-5"]
    assert reply["data"][0]["type"] == "model"
    one = client.get(gateway.url + "/v1/models/b/claude-sonnet-4-5", headers={"api-key": "few"})
    assert one.json()["id"] == "b/claude-sonnet-4-5"
    other = client.get(gateway.url + "/v1/models/a/gpt-5", headers={"api-key": "few"})
    assert other.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", CHAT, b'{"model":"nope/x"}', 404, "model_not_found"),
        ("POST", CHAT, b"{}", 400, "missing_model"),
        ("POST", CHAT, b"{", 400, "invalid_json"),
        ("GET", CHAT, b"", 405, "method_not_allowed"),
        ("GET", "/nothing", b"", 404, "unknown_route"),
    ],
)
def test_requests_that_lead_nowhere_are_told_why(kit, client, method, path, body, status, code):
    gateway = kit.gateway(kit.config({"acc": kit.account("http://127.0.0.1:9")}))
    reply = client.request(method, gateway.url + path, content=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert "x-request-id" in reply.headers


def test_a_refusal_of_the_core_is_sent_as_it_is(kit, client):
    answer = type(kit.core.error(b'{"status":1}'))
    losses = b'{"losses":[{"path":"/n","kind":"dropped","severity":"contract","detail":"x"}]}'
    kit.core.request_answer = answer(400, losses, b'{"error":"no n"}')
    gateway = kit.gateway(kit.config({"acc": kit.account("http://127.0.0.1:9")}))
    reply = client.post(gateway.url + CHAT, json=BODY)
    assert (reply.status_code, reply.json()) == (400, {"error": "no n"})
    assert reply.headers["x-dragoman-losses"] == '["/n dropped contract"]'
    kit.core.request_answer = answer(428, b'{"needs":["https://x/y.png"],"params":{"https://x/y.png":"z"}}', b"")
    reply = client.post(gateway.url + CHAT, json=BODY)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "media_not_fetched")
    assert "'z': the media at 'https://x/y.png'" in reply.json()["error"]["message"]


def test_errors_of_the_edge_speak_the_dialect_of_the_path(kit, client):
    gateway = kit.gateway(kit.config({"acc": kit.account("http://127.0.0.1:9")}, max_body_bytes=10))
    reply = client.post(gateway.url + "/v1/messages", content=b"x" * 11)
    assert reply.status_code == 413
    assert reply.json()["error"]["from"] == "anthropic"
    gateway.trail()


def test_a_fault_of_the_core_is_a_500_that_tells_nothing(kit, client):
    def broken(*_):
        raise KeyError("sk-very-secret")

    kit.core.request = broken
    gateway = kit.gateway(kit.config({"acc": kit.account("http://127.0.0.1:9")}))
    reply = client.post(gateway.url + CHAT, json=BODY)
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, "internal_error")
    assert "secret" not in reply.text
    assert gateway.trail().detail.startswith("KeyError in broken:")
    assert "secret" not in gateway.trail().detail


def test_a_fault_in_the_middle_of_a_stream_is_no_clean_end(kit, client):
    fed = []

    def feed(_, data):
        fed.append(data)
        if len(fed) == 2:
            raise KeyError("sk-very-secret")
        return b"", b"data: 1\n\n"

    def behave(connection, _):
        connection.sendall(kit.chunked(b"data: 1\n\n", end=False))
        assert kit.until(lambda: fed)
        connection.sendall(kit.chunked(b"data: 2\n\n", end=False).partition(b"\r\n\r\n")[2])
        upstream.wait_for_hang_up(connection)

    kit.core.feed = feed
    upstream = kit.upstream(behave)
    gateway = serve(kit, upstream)
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(gateway.url + CHAT, json=BODY | {"stream": True})
    assert upstream.closed_by_peer.wait(1)
    assert gateway.trail().error == "internal_error"
    assert len(gateway.trails) == 1


def test_probes_tell_whether_requests_are_taken(kit, client):
    gateway = kit.gateway(kit.config({"acc": kit.account("http://127.0.0.1:9")}))
    assert client.get(gateway.url + "/health/ready").status_code == 200
    assert client.head(gateway.url + "/health/ready").status_code == 200
    gateway.run.gateway.ready = False
    assert client.get(gateway.url + "/health/ready").status_code == 503
    assert client.get(gateway.url + "/health/live").status_code == 200
