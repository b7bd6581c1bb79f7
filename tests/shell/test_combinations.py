"""One gateway behind every front and over every transport: the same bytes to the client and to the provider."""

import functools
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import orjson
import pytest
from dragoman import cli_demo, standins
from dragoman.io.config import Config
from dragoman.io.keys import hash_of
from dragoman.io.secret import Secret
from dragoman.io.settings import AccountConfig, KeyConfig, ServerConfig
from dragoman.translate import boundary
from exchanges import (
    CHAT,
    EVENTS,
    KEY,
    LAST,
    MESSAGES,
    OVERLOADED,
    REPLY,
    SECRET,
    STREAM,
    Exchange,
    Provider,
    asked,
    chunk,
    forgetful,
    post,
    request,
    reset,
    run,
    saying,
    silent,
    stalling,
    whole,
)  # fmt: skip
from fronts import COMBINATIONS, every_combination, gateway_thread

MAX_BODY, MAX_REPLY = 3_000_000, 2_000_000
PROVIDERS = {"openai": "gpt-4.1", "anthropic": "claude-sonnet-4-5"}
TOOL = cli_demo._TOOL
ANTHROPIC_TOOL = {"name": "get_weather", "input_schema": TOOL["function"]["parameters"]}
ECHO = b'{"error":{"message":"bad key %b"}}' % SECRET.encode()
LIMITS = b"retry-after: 7\r\nx-ratelimit-remaining-requests: 0\r\nopenai-version: 1\r\nx-own: no\r\n"
HUGE = REPLY.replace(b"dich", b"d" * (MAX_REPLY - len(REPLY)))


def to_standins():
    """Ordinary exchanges and the provider's refusals, with the stand-ins that judge what they are sent."""
    for provider, model in PROVIDERS.items():
        ask = functools.partial(asked, provider, model=model)
        for stream in (False, True):
            name = f"{provider}-{'stream' if stream else 'whole'}"
            tools = {"text": "Weather in Paris and Rome, in parallel", "stream": stream}
            yield Exchange(f"{name}-chat", (post(CHAT, ask(stream=stream)),))
            yield Exchange(f"{name}-messages", (post(MESSAGES, ask(stream=stream)),))
            yield Exchange(f"{name}-chat-tools", (post(CHAT, ask(tools=[TOOL], **tools)),))
            yield Exchange(f"{name}-messages-tools", (post(MESSAGES, ask(tools=[ANTHROPIC_TOOL], **tools)),))
            yield Exchange(f"{name}-long", (post(CHAT, ask("long:500", stream=stream)),))
            for odd in ("error:400", "error:429", "error:500", "error:503", "quota", "truncate", "reset", "garbage"):
                yield Exchange(f"{name}-{odd}", (post(CHAT, ask(f"[{odd}]", stream=stream)),))
                yield Exchange(f"{name}-{odd}-messages", (post(MESSAGES, ask(f"[{odd}]", stream=stream)),))
        yield Exchange(f"{provider}-mid-error", (post(CHAT, ask("mid-error", stream=True)),))
        yield Exchange(f"{provider}-kept", (post(CHAT, ask()), post(MESSAGES, ask(stream=True)), post(CHAT, ask())))
        yield Exchange(f"{provider}-losses", (post(CHAT, ask(seed=1, user="u"), b"x-dragoman-explain: true"),))
        yield Exchange(f"{provider}-refused-loss", (post(CHAT, ask(seed=1), b"x-dragoman-on-loss: refuse"),))


def to_the_script():
    """A provider that does not do what providers should."""
    for stream in (False, True):
        ask = functools.partial(asked, stream=stream)
        for name, behave in BEHAVIOURS.items():
            for path in (CHAT, MESSAGES):
                full = f"{name}-{'stream' if stream else 'whole'}-{path.rpartition(b'/')[2].decode()}"
                yield Exchange(full, (post(path, ask(full)),), behave)
    for name, behave in STREAMS.items():
        yield Exchange(name, (post(CHAT, asked(name, stream=True)),), behave)
        yield Exchange(f"{name}-messages", (post(MESSAGES, asked(f"{name}-messages", stream=True)),), behave)
    big = "x" * (MAX_BODY - 1000)
    yield Exchange("stale", (post(CHAT, asked("stale")),) * 2, forgetful)
    yield Exchange("huge", (post(CHAT, asked("huge")),), saying(whole(200, HUGE)))
    yield Exchange("too-huge", (post(CHAT, asked("too-huge")),), saying(whole(200, HUGE + b" " * 100)))
    yield Exchange("big", (post(CHAT, asked("big", big)),), saying(whole(200, REPLY)))
    yield Exchange("timeout", (post(CHAT, asked("timeout"), b"x-dragoman-timeout-ms: 1000"),), silent)
    answers = saying(whole(200, REPLY))
    chunks = chunk(b'{"model":"chunked/gpt-4.1",') + chunk(b'"messages":[{"role":"user","content":"Hi"}]}') + LAST
    yield Exchange("chunked", (post(CHAT, chunks, b"transfer-encoding: chunked", framed=False),), answers)
    yield Exchange("old", (post(CHAT, asked("old"), version=b"1.0"),), answers)
    yield Exchange("old-stream", (post(CHAT, asked("old-stream", stream=True), version=b"1.0"),), STREAMS["events"])
    yield Exchange("query", (post(CHAT + b"?a=1&b=%20", asked("query")),), answers)
    yield Exchange("absolute", (post(b"http://gateway" + CHAT, asked("absolute")),), answers)
    yield Exchange("words", (post(CHAT, asked("words", model="grüß/ dich")),), answers)
    yield Exchange("lines", (post(MESSAGES, asked("lines"), b"anthropic-beta: a", b"anthropic-beta: b"),), answers)
    yield Exchange("organisation", (post(CHAT, asked("organisation"), b"openai-organization: o-1"),), answers)


def to_nobody():
    """Requests that the gateway answers itself."""
    ask = asked("nobody")
    for path in (CHAT, MESSAGES):
        name = path.rpartition(b"/")[2].decode()
        announced = request(b"POST", path, b"content-length: %d" % (MAX_BODY + 1))
        growing = request(b"POST", path, b"transfer-encoding: chunked")
        yield Exchange(f"{name}-not-json", (post(path, b"{"),))
        yield Exchange(f"{name}-nothing", (post(path, b""),))
        yield Exchange(f"{name}-no-model", (post(path, b"{}"),))
        yield Exchange(f"{name}-no-account", (post(path, {**ask, "model": "nope/x"}),))
        yield Exchange(f"{name}-no-slash", (post(path, {**ask, "model": "x"}),))
        yield Exchange(f"{name}-wrong-type", (post(path, {**ask, "max_tokens": "many"}),))
        yield Exchange(f"{name}-refused-parameter", (post(path, {**ask, "model": "anthropic/claude-x", "n": 3}),))
        yield Exchange(f"{name}-strange-option", (post(path, ask, b"x-dragoman-nonsense: 1"),))
        yield Exchange(f"{name}-no-key", (request(b"POST", path, b"content-length: 0", key=None),))
        yield Exchange(f"{name}-wrong-key", (request(b"POST", path, b"content-length: 0", key="other"),))
        yield Exchange(f"{name}-too-large", (announced,))
        yield Exchange(f"{name}-grows-too-large", (growing + chunk(b" " * MAX_BODY) + chunk(b"  "),))
        yield Exchange(f"{name}-wrong-method", (request(b"GET", path),))
        yield Exchange(f"{name}-unreachable", (post(path, asked("unreachable")),))
    for method in (b"GET", b"HEAD"):
        for path in (b"/health/live", b"/health/ready", b"/v1/models", b"/v1/models/openai/gpt-4.1", b"/nothing/%41b"):
            yield Exchange(f"{method.decode()}-{path.decode()}", (request(method, path),) * 2)
    yield Exchange("models-anthropic", (request(b"GET", b"/v1/models", b"anthropic-version: 2023-06-01"),))
    yield Exchange("not-offered", (post(b"/v1beta/models/gemini-x:generateContent", b"{}"),))
    yield Exchange("headers", (request(b"GET", b"/health/live", *(b"x-%d: y" % n for n in range(250))),))


# Provider's behaviour -> for whole replies and streams, in both dialects.
BEHAVIOURS = {
    "limits": saying(whole(429, b'{"error":{"message":"slow down","type":"x","code":"rate"}}', LIMITS)),
    "page": saying(whole(502, b"<html>Bad gateway</html>", b"content-type: text/html\r\n")),
    "echo": saying(whole(401, ECHO)),
    "empty": saying(whole(200, b"")),
    "no-content": saying(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "hints": saying(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" + whole(200, REPLY)),
    "no-length": saying(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n" + REPLY, goes_on=False),
    "cut": saying(whole(200, REPLY)[:-9], goes_on=False),
    "closed": saying(goes_on=False),
    "babbles": saying(b"Here is your answer:\r\n\r\n", goes_on=False),
    "reset": reset,
    "switch": saying(b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", goes_on=False),
    "redirect": saying(b"HTTP/1.1 302 F\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n"),
    "zipped": saying(whole(200, b"x" * 9, b"content-encoding: gzip\r\n")),
    "status-600": saying(whole(600, b"{}")),
    "many-headers": saying(whole(200, REPLY, b"x-y: z\r\n" * 201)),
    "large-head": saying(whole(200, REPLY, b"x-y: %b\r\n" % (b"z" * 70_000))),
    "silent": silent,
}
STREAMS = {
    "events": saying(STREAM, *map(chunk, EVENTS), LAST),
    "pieces": saying(STREAM, *(chunk(b"".join(EVENTS)[at : at + 7]) for at in range(0, 400, 7)),
                     chunk(b"".join(EVENTS)[406:]), LAST),
    "at-once": saying(STREAM + chunk(b"".join(EVENTS)) + LAST),
    "until-closed": saying(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n", *EVENTS, goes_on=False),
    "no-end": saying(STREAM, *map(chunk, EVENTS[:-2]), LAST),
    "stops": saying(STREAM, *map(chunk, EVENTS[:3]), goes_on=False),
    "cut-event": saying(STREAM, chunk(EVENTS[0]), chunk(EVENTS[1][:20]), goes_on=False),
    "bad-chunk": saying(STREAM, chunk(EVENTS[0]), b"zz\r\n", goes_on=False),
    "bad-event": saying(STREAM, chunk(EVENTS[0]), chunk(b"data: {\n\n"), LAST),
    "fails-first": saying(STREAM, chunk(OVERLOADED), LAST),
    "fails-later": saying(STREAM, chunk(EVENTS[0]), chunk(OVERLOADED), LAST),
    "stalls": stalling,
    "echoes": saying(STREAM, chunk(EVENTS[0]), chunk(b"data: %b\n\n" % ECHO), LAST),
}  # fmt: skip

PARTS = (to_the_script, to_standins, to_nobody)
# Those in which somebody waits come first, so that they wait together.
EXCHANGES = {
    exchange.name: exchange
    for exchange in sorted(
        (exchange for part in PARTS for exchange in part()), key=lambda found: found.provider not in (silent, stalling)
    )
}
SCRIPTED = [exchange for exchange in EXCHANGES.values() if exchange.provider]


def configured(provider, homes):
    def account(url, provider="openai"):
        return AccountConfig(provider=provider, api_key=Secret(SECRET), base_url=url)

    accounts = {exchange.name: account(provider.urls[exchange.name]) for exchange in SCRIPTED}
    accounts |= {name: account(url, name) for name, url in homes.items()}
    accounts |= dict.fromkeys(("unreachable", "nobody"), account("http://127.0.0.1:9/v1"))
    server = ServerConfig(
        port=0,
        max_body_bytes=MAX_BODY,
        max_reply_bytes=MAX_REPLY,
        upstream_timeout_seconds=1.2,
        idle_timeout_seconds=1.2,
    )
    return Config(server=server, accounts=accounts, keys={"me": KeyConfig(hash_of(KEY))})


@pytest.fixture(scope="module")
def homes():
    """Where the stand-ins are."""
    rows = {row["name"]: row for row in orjson.loads(boundary.providers())}
    with ExitStack() as stack:
        running = {name: stack.enter_context(standins.running(name)) for name in PROVIDERS}
        yield {name: found.base_url + urlsplit(rows[name]["base_url"]).path for name, found in running.items()}


@pytest.fixture(scope="module")
def outcomes(homes):
    """Of a combination: name of an exchange -> what the client got and the provider was sent."""

    @functools.cache
    def all_of(combination):
        with (
            closing(Provider(SCRIPTED)) as provider,
            gateway_thread(configured(provider, homes), boundary, combination) as gateway,
            ThreadPoolExecutor(16) as pool,
        ):
            port = urlsplit(gateway.url).port
            running = {name: pool.submit(run, exchange, port) for name, exchange in EXCHANGES.items()}
            return {name: (answer.result(), provider.calls.get(name)) for name, answer in running.items()}

    return all_of


@pytest.mark.parametrize("name", EXCHANGES)
@pytest.mark.parametrize("combination", COMBINATIONS[1:], ids="-".join)
def test_an_exchange_is_the_same_in_every_combination(outcomes, combination, name):
    assert outcomes(combination)[name] == outcomes(COMBINATIONS[0])[name]


def test_no_exchange_stands_for_another():
    assert len(EXCHANGES) == sum(1 for part in PARTS for _ in part())


@every_combination
@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_ends_the_call_within_a_second(kit, stream):
    def behave(connection, _):
        if stream:
            connection.sendall(STREAM + chunk(EVENTS[0]) + chunk(EVENTS[1]))
        called.set()
        upstream.wait_for_hang_up(connection)

    called = threading.Event()
    upstream = kit.upstream(behave)
    gateway = kit.gateway(kit.config({"acc": kit.account(upstream.url)}), boundary)
    with socket.create_connection(("127.0.0.1", urlsplit(gateway.url).port), timeout=10) as connection:
        connection.sendall(post(CHAT, asked("acc", stream=stream)))
        if stream:
            assert b"dich" not in connection.recv(65536)
        assert called.wait(5)
    assert upstream.closed_by_peer.wait(1)
    assert (gateway.trail().status, gateway.trail().error) == (499, "client_closed")


@every_combination
@pytest.mark.parametrize("body", [b"content-length: 60000000\r\n\r\n", b"transfer-encoding: chunked\r\n\r\n5\r\n"])
def test_who_has_no_key_is_refused_before_a_long_body_is_read(kit, combination, body):
    config = kit.config({"acc": kit.account("http://127.0.0.1:1")}, keys={"me": KeyConfig(hash_of(KEY))})
    with gateway_thread(config, boundary, combination) as gateway:
        for path, kind in ((CHAT, b'"code":"missing_api_key"'), (MESSAGES, b'"type":"authentication_error"')):
            head = b"POST %b HTTP/1.1\r\nhost: a\r\nx-request-id: mine\r\n" % path
            with socket.create_connection(("127.0.0.1", urlsplit(gateway.url).port), timeout=10) as connection:
                connection.sendall(head + body)
                answer = b""
                while kind not in answer:
                    piece = connection.recv(65536)
                    assert piece, answer
                    answer += piece
            assert answer.startswith(b"HTTP/1.1 401 ")
            assert b"\r\nwww-authenticate: Bearer\r\n" in answer
            assert b"\r\nx-request-id: mine\r\n" in answer


@every_combination
def test_who_has_a_key_may_send_a_long_body_in_chunks(kit, combination):
    config = kit.config({"acc": kit.account("http://127.0.0.1:1")}, keys={"me": KeyConfig(hash_of(KEY))})
    with gateway_thread(config, boundary, combination) as gateway:
        head = b"POST %b HTTP/1.1\r\nhost: a\r\nauthorization: Bearer %b\r\n" % (CHAT, KEY.encode())
        with socket.create_connection(("127.0.0.1", urlsplit(gateway.url).port), timeout=10) as connection:
            connection.sendall(head + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")
