"""Media of a request, fetched by a running gateway from local servers, for a provider that takes no URLs."""

import json
import socket
import ssl
import threading
import time
from base64 import b64decode, b64encode

import httpx
import pytest
import trio
from dragoman.io.config import Config
from dragoman.io.http import Budget
from dragoman.io.media import Fetcher
from dragoman.io.refusal import Refusal
from dragoman.io.secret import Secret
from dragoman.io.settings import AccountConfig, MediaConfig, ServerConfig

PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
PDF = b"%PDF-1.4\n%fake\n"
IMAGE = {"content-type": "image/png"}


@pytest.fixture
def start(gateway, provider):
    def start_gateway(**media):
        account = AccountConfig(provider="bedrock", region="eu-west-1", api_key=Secret("k", "env X"),
                                base_url=provider.url)  # fmt: skip
        rules = MediaConfig(**{"allow_http": True, "allow_private": True, "timeout_seconds": 2.0} | media)
        return gateway(Config(server=ServerConfig(port=0), accounts={"aws": account}, media=rules))

    return start_gateway


def ask(running, *urls, path="/v1/chat/completions", headers=None):
    if path == "/v1/messages":
        parts = [{"type": "image", "source": {"type": "url", "url": url}} for url in urls]
    else:
        parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    content = [{"type": "text", "text": "What is this?"}, *parts]
    body = {"model": "aws/anthropic.claude-sonnet-4-5-20250929-v1:0", "max_tokens": 100,
            "messages": [{"role": "user", "content": content}]}  # fmt: skip
    return httpx.post(running.url + path, json=body, headers=headers, timeout=20, trust_env=False)


def refused(answer):
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "media_not_fetched"), answer.text
    return error["message"]


def test_an_image_is_fetched_and_sent_as_data(start, answers, provider):
    host = answers(lambda _: (200, IMAGE, PNG))
    answer = ask(start(), f"{host.url}/a.png?signature=secret")
    assert answer.status_code == 200, answer.text
    image = json.loads(provider.asked[0].body)["messages"][0]["content"][1]["image"]
    assert image == {"format": "png", "source": {"bytes": b64encode(PNG).decode()}}
    assert host.asked[0].target == "/a.png?signature=secret"
    assert "authorization" not in host.asked[0].headers


def test_each_address_is_asked_once_and_all_at_once(start, answers, provider):
    together = threading.Barrier(3, timeout=5)

    def answer(_):
        together.wait()
        return 200, IMAGE, PNG

    host = answers(answer)
    urls = [f"{host.url}/{name}.png" for name in "abcabc"]
    assert ask(start(), *urls).status_code == 200
    assert sorted(asked.target for asked in host.asked) == ["/a.png", "/b.png", "/c.png"]
    assert len(json.loads(provider.asked[0].body)["messages"][0]["content"]) == 7


def test_no_more_are_fetched_at_once_than_allowed(start, answers):
    now, most, lock = 0, 0, threading.Lock()

    def answer(_):
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.03)
        with lock:
            now -= 1
        return 200, IMAGE, PNG

    host = answers(answer)
    assert ask(start(max_concurrent=2), *(f"{host.url}/{number}.png" for number in range(6))).status_code == 200
    assert most == 2


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages"])
def test_a_private_host_is_refused_in_the_client_s_dialect_and_never_connected_to(start, answers, path, provider):
    host = answers(lambda _: (200, IMAGE, PNG))
    answer = ask(start(allow_private=False), f"{host.url}/a.png?token=secret", path=path)
    assert answer.status_code == 400
    message = answer.json()["error"]["message"]
    assert "not on the public internet" in message
    assert "/a.png" in message
    assert "secret" not in message
    assert (host.asked, provider.asked) == ([], [])


@pytest.mark.parametrize(("path", "field"), [
    ("/v1/chat/completions", "messages[0].content[2].image_url.url"),
    ("/v1/messages", "messages[0].content[2].source.url"),
])  # fmt: skip
@pytest.mark.parametrize(("settings", "status"), [({}, 404), ({"max_items": 1}, 200), ({"max_bytes": 80}, 200)])
def test_what_cannot_be_had_is_named_by_the_client_s_own_field(start, answers, path, field, settings, status):
    host = answers(lambda asked: (200, IMAGE, PNG) if asked.path == "/a.png" else (status, IMAGE, PNG + b"x" * 40))
    error = ask(start(**settings), f"{host.url}/a.png", f"{host.url}/b.png", path=path).json()["error"]
    assert error["message"].startswith(f"Invalid value for '{field}': the media at 'http://127.0.0.1/b.png' ")
    if path == "/v1/chat/completions":
        assert error["param"] == field


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.1", "0"])
def test_other_spellings_of_this_machine_are_refused_too(start, host):
    assert "public internet" in refused(ask(start(allow_private=False), f"http://{host}:9/a.png"))


@pytest.mark.parametrize(("settings", "words"), [
    ({"allow_http": False}, "only https"),
    ({"deny_hosts": ("127.0.0.*",)}, "a host that is not fetched from here"),
    ({"allow_hosts": ("*.example.com",)}, "a host that is not fetched from here"),
    ({"enabled": False}, "must be sent as data"),
    ({"max_items": 1}, "is one too many"),
    ({"max_bytes": 20}, "is larger than 20 bytes"),
    ({"types": ("audio/*",)}, "is of the type image/png"),
])  # fmt: skip
def test_the_rules_are_the_configuration_s(start, answers, settings, words):
    host = answers(lambda _: (200, IMAGE, PNG))
    urls = [f"{host.url}/a.png", f"{host.url}/b.png"]
    assert words in refused(ask(start(**settings), *urls))
    assert ask(start(allow_hosts=("127.0.0.1",)), *urls).status_code == 200


def redirecting(place, status=302):
    return status, {"location": place}, b""


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(start, answers, status):
    host = answers(lambda asked: (200, IMAGE, PNG) if asked.path == "/b" else redirecting("/b", status))
    assert ask(start(), f"{host.url}/a").status_code == 200


def test_rules_hold_again_after_a_redirect(start, answers):
    inner = answers(lambda _: (200, IMAGE, PNG))
    outer = answers(lambda _: redirecting(inner.url.replace("127.0.0.1", "localhost")))
    assert "a host that is not" in refused(ask(start(deny_hosts=("localhost",)), f"{outer.url}/a"))
    for place in ("ftp://x/y", "file:///etc/passwd", "gopher://x", "http://user:secret@x/y", "http://[::1"):
        outer.answer = lambda _, place=place: redirecting(place)
        message = refused(ask(start(), f"{outer.url}/a"))
        assert "secret" not in message
    assert inner.asked == []


def test_an_address_is_checked_again_after_a_redirect(answers):
    """Hosts that look public come from a resolver of the test's own; the second one is the cloud's metadata."""
    asked = []

    async def main():
        class Names(trio.abc.HostnameResolver):
            async def getaddrinfo(self, host, port, *_, **__):
                host = host.decode()
                asked.append(host)
                return [(2, 1, 6, "", ("127.0.0.1" if host == "outer.example" else "169.254.169.254", port))]

            async def getnameinfo(self, *_):
                raise NotImplementedError

        trio.socket.set_custom_hostname_resolver(Names())
        outer = answers(lambda _: redirecting("http://inner.example/latest/meta-data/"))
        port = outer.server_address[1]
        rules = MediaConfig(allow_http=True)
        from dragoman.io.media import addresses

        public = addresses.is_public
        addresses.is_public = lambda address: str(address) == "127.0.0.1" or public(address)
        try:
            await Fetcher(rules, Budget(1000)).fetch([f"http://outer.example:{port}/a"])
        finally:
            addresses.is_public = public

    with pytest.raises(Refusal, match="public internet"):
        trio.run(main)
    assert asked == ["outer.example", "inner.example"]


def test_redirects_have_an_end(start, answers):
    host = answers(lambda asked: redirecting(asked.path + "x"))
    assert "more than 3 times" in refused(ask(start(), f"{host.url}/a"))
    assert len(host.asked) == 4


@pytest.mark.parametrize("status", [403, 404, 410, 500, 503, 206, 204])
def test_another_status_is_told(start, answers, status):
    host = answers(lambda _: (status, IMAGE, b"" if status == 204 else PNG))
    assert f"status {status}" in refused(ask(start(), f"{host.url}/a.png"))


def raw(stack, *pieces, pause=0.0):
    """A host that says exactly this, piece by piece."""
    listener = socket.create_server(("127.0.0.1", 0))
    stack.callback(listener.close)

    def serve():
        try:
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    for piece in pieces:
                        connection.sendall(piece)
                        time.sleep(pause)
        except OSError:
            return

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/a.png"


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n"


@pytest.mark.parametrize(("pieces", "words"), [
    ([HEAD + b"content-length: 100000\r\n\r\n" + PNG], "broke off"),
    ([HEAD + b"content-length: 999999999999\r\n\r\n" + PNG * 20], "larger than 1000 bytes"),
    ([HEAD + b"transfer-encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"x" * 65535 + b"\r\n"], "larger than 1000 bytes"),
    ([HEAD + b"content-length: 0\r\n\r\n"], "is empty"),
    ([HEAD + b"content-encoding: gzip\r\ncontent-length: 1\r\n\r\nx"], "compressed"),
    ([b"SSH-2.0-OpenSSH\r\n"], "broke off"),
    ([], "broke off"),
])  # fmt: skip
def test_a_host_that_lies_is_told(start, stack, pieces, words):
    assert words in refused(ask(start(max_bytes=1000), raw(stack, *pieces)))


@pytest.mark.parametrize("pieces", [[HEAD, *[b"x: y\r\n"] * 99], [HEAD + b"\r\n", *[b"x"] * 99]])
def test_a_slow_host_has_so_much_time_and_no_more(start, stack, pieces):
    began = time.monotonic()
    assert "did not come" in refused(ask(start(timeout_seconds=0.3), raw(stack, *pieces, pause=0.05)))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(("answered", "words"), [(False, "The media of the request"), (True, "bedrock")])
def test_a_client_s_deadline_is_for_the_media_and_the_call_together(start, answers, provider, answered, words):
    """Either alone is quick enough, where both answer; what is left over of the time is all the provider has."""
    over = threading.Event()

    def late(_):
        over.wait(0.35 if answered else 5)
        return 200, IMAGE, PNG

    provider.answer = lambda _: (over.wait(0.35), (200, {}, {}))[1]
    host = answers(late)
    began = time.monotonic()
    answer = ask(start(timeout_seconds=10), f"{host.url}/a.png", headers={"x-dragoman-timeout-ms": "500"})
    took = time.monotonic() - began
    over.set()
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (504, "upstream_timeout")
    assert error["message"].startswith(words)
    assert "x-dragoman-timeout-ms allowed 500" in error["message"]
    assert len(provider.asked) == answered
    assert 0.45 < took < 2


def test_all_together_have_a_limit_too(start, answers):
    host = answers(lambda _: (200, IMAGE, PNG + b"x" * 400))
    urls = [f"{host.url}/{number}.png" for number in range(4)]
    running = start(max_bytes=1000, max_total_bytes=1000, max_concurrent=1)
    assert "more than 1000 bytes together with the others" in refused(ask(running, *urls))
    assert ask(running, *urls[:2]).status_code == 200


def test_memory_that_others_hold_is_not_taken_and_all_is_given_back(answers):
    host = answers(lambda _: (200, IMAGE, PNG * 100))
    budget = Budget(10_000)
    fetcher = Fetcher(MediaConfig(allow_http=True, allow_private=True), budget)
    url = f"{host.url}/a.png"

    async def main():
        with pytest.raises(Refusal) as caught:
            await fetcher.fetch([url])
        assert (caught.value.status, caught.value.code) == (503, "overloaded")
        assert budget.held == 0
        budget.limit = 50_000
        media = await fetcher.fetch([url])
        assert budget.held >= len(media.found[url]["data"])
        del media
        assert budget.held == 0

    trio.run(main)


@pytest.mark.parametrize(("said", "body", "url", "found"), [
    ("image/png", PNG, "/a", "image/png"),
    ("image/jpeg; charset=binary", PNG, "/a", "image/png"),  # providers look themselves
    ("application/octet-stream", PDF, "/a", "application/pdf"),
    ("", b"a,b\n", "/a.csv", "text/csv"),
    ("audio/mpeg", b"ID3...", "/a", "audio/mpeg"),
    ("image/jpg", b"\xff\xd8\xff\xe0....", "/a", "image/jpeg"),
])  # fmt: skip
def test_the_type_is_what_it_says_unless_its_bytes_say_better(answers, said, body, url, found):
    host = answers(lambda _: (200, {"content-type": said}, body))
    rules = MediaConfig(allow_http=True, allow_private=True)
    media = trio.run(Fetcher(rules, Budget(10_000)).fetch, [host.url + url])
    assert media.found[host.url + url]["media_type"] == found


@pytest.mark.parametrize(("said", "body", "words"), [
    ("text/html", b"<html>", "text/html"),
    ("image/png", b"<html>sign in</html>", "is not image/png, as its server says"),
    ("application/zip", b"PK", "application/zip"),
    ("application/octet-stream", b"????", "no type that could be told"),
])  # fmt: skip
def test_a_document_of_no_use_is_refused(start, answers, said, body, words):
    host = answers(lambda _: (200, {"content-type": said}, body))
    assert words in refused(ask(start(), f"{host.url}/a"))


def test_https_is_checked_for_the_name_in_the_address(stack, answers, authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    host = answers(lambda _: (200, IMAGE, PNG))
    listener = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)
    stack.callback(listener.close)

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except ssl.SSLError:
                continue
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(HEAD + b"content-length: %d\r\n\r\n" % len(PNG) + PNG)

    threading.Thread(target=serve, daemon=True).start()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    fetcher = Fetcher(MediaConfig(allow_private=True), Budget(10_000), trusting)
    port = listener.getsockname()[1]
    media = trio.run(fetcher.fetch, [f"https://localhost:{port}/a.png"])
    assert media.found[f"https://localhost:{port}/a.png"]["media_type"] == "image/png"
    with pytest.raises(Refusal, match=r"broke off|cannot be reached"):
        trio.run(fetcher.fetch, [f"https://127.0.0.1:{port}/a.png"])
    assert host.asked == []


def test_a_provider_that_fetches_itself_is_left_to(gateway, answers):
    host = answers(lambda _: (200, IMAGE, PNG))
    upstream = answers(lambda _: (200, {"content-type": "application/json"}, {"choices": []}))
    account = AccountConfig(provider="openai_compatible", base_url=upstream.url)
    running = gateway(Config(server=ServerConfig(port=0), accounts={"aws": account}))
    ask(running, f"{host.url}/a.png")
    assert host.asked == []
    assert f"{host.url}/a.png" in upstream.asked[0].body.decode()
