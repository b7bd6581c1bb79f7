"""SIGHUP to a gateway that is a process on its own: all of the new configuration at once, or nothing of it."""

import json
import logging
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import attrs
import httpx
import pytest
import trio
from dragoman.io.front import Front, Term
from dragoman.io.server import Running, _reload
from dragoman.io.watch import watched

REPLY = json.dumps({
    "id": "1", "object": "chat.completion", "created": 1, "model": "m", "usage": None,
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
}).encode()  # fmt: skip
CHUNK = (
    b'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":%b}]}\n\n'
)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


@attrs.define
class Served:
    process: subprocess.Popen
    url: str
    log: Path

    def said(self):
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line["message"] for line in lines if line.get("logger") == "dragoman.reload"]

    def reload(self, kit, words):
        count = len(self.said())
        self.process.send_signal(signal.SIGHUP)
        assert kit.until(lambda: len(self.said()) > count, 10)
        assert re.search(words, self.said()[-1]), self.said()

    def ask(self, model, **more):
        body = {"model": model, "messages": [{"role": "user", "content": "x"}], **more}
        return httpx.post(f"{self.url}/v1/chat/completions", json=body, timeout=10, trust_env=False)


@contextmanager
def serving(folder):
    log = folder / "log"
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "dragoman", "serve"], cwd=folder, stdout=subprocess.PIPE, stderr=stderr, text=True
        )
    try:
        first = process.stdout.readline()
        assert first.startswith("dragoman listens on "), log.read_text()
        yield Served(process, first.split()[3], log)
    finally:
        process.kill()
        process.communicate()


def toml(*accounts, routes="", server=""):
    parts = [f"[server]\nport = 0\n{server}"]
    parts += [f"[accounts.{name}]\nprovider = 'openai'\napi_key = 'x'\nbase_url = '{url}'\n" for name, url in accounts]
    return "".join((*parts, routes))


@pytest.fixture
def upstream(kit):
    return kit.answering(kit.whole(200, REPLY))


def test_a_new_route_is_in_use_and_no_request_fails_meanwhile(tmp_path, kit, upstream):
    path = tmp_path / "dragoman.toml"
    path.write_text(toml(("a", upstream.url)))
    with serving(tmp_path) as served:
        assert served.ask("a/m").status_code == 200
        assert served.ask("new").status_code == 404
        over, statuses = threading.Event(), []

        def load():
            with httpx.Client(trust_env=False, timeout=10) as client:
                while not over.is_set():
                    body = {"model": "a/m", "messages": [{"role": "user", "content": "x"}]}
                    statuses.append(client.post(f"{served.url}/v1/chat/completions", json=body).status_code)

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for number in range(3):
                path.write_text(toml(("a", upstream.url), routes=f"[routes.new{number}]\ntargets = ['a/m']\n"))
                began = time.monotonic()
                served.reload(kit, "^re-loaded$")
                assert served.ask(f"new{number}").status_code == 200
                assert time.monotonic() - began < 5  # a tenth of a second where nothing else runs
        finally:
            over.set()
            for thread in threads:
                thread.join()
        assert len(statuses) > 30
        assert set(statuses) == {200}
        assert served.ask("new1").status_code == 404


def test_a_file_that_changes_is_read_again_where_that_is_asked_for(tmp_path, kit, upstream):
    path = tmp_path / "dragoman.toml"
    path.write_text(toml(("a", upstream.url), server="watch = true\n"))
    with serving(tmp_path) as served:
        path.write_text("[server\n")
        assert kit.until(lambda: any("not TOML" in line for line in served.said()), 10)
        other = tmp_path / "other.toml"
        other.write_text(toml(("a", upstream.url), server="watch = true\n", routes="[routes.new]\ntargets = ['a/m']\n"))
        other.replace(path)
        assert kit.until(lambda: served.ask("new").status_code == 200, 10)
        assert kit.until(lambda: "re-loaded" in served.said(), 10)
        time.sleep(2.5)
        assert served.said().count("re-loaded") == 1  # what rests is left alone


def test_a_file_that_is_written_slowly_is_read_when_it_rests(tmp_path):
    path, seen = tmp_path / "file", []
    path.write_text("")
    before = signal.signal(signal.SIGHUP, lambda *_: seen.append(path.read_text()))
    try:
        with watched(path, 0.05):
            time.sleep(0.1)
            for number in range(20):
                path.write_text("x" * number)
                time.sleep(0.02)
            path.unlink()
            time.sleep(0.2)
            path.write_text("whole")
            deadline = time.monotonic() + 5
            while not seen and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(0.2)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert seen == ["whole"]


def test_a_file_at_fault_changes_nothing_and_says_where_and_why(tmp_path, kit, upstream):
    path = tmp_path / "dragoman.toml"
    path.write_text(toml(("a", upstream.url)))
    with serving(tmp_path) as served:
        for text, words in (
            (
                toml(("b", upstream.url)) + "[routes.r]\ntargets = ['nobody/m']\n",
                r"dragoman.toml:\d+.*routes.r.*nobody",
            ),
            ("[server\n", "not TOML"),
            ("[server]\nprot = 1\n", "server.prot"),
        ):
            path.write_text(text)
            served.reload(kit, f"^nothing is re-loaded: .*{words}")
            assert served.ask("a/m").status_code == 200
            assert served.ask("b/m").status_code == 404
        path.unlink()
        served.reload(kit, "nothing is re-loaded: ")
        assert served.ask("a/m").status_code == 200


def test_a_stream_that_runs_comes_to_its_end_with_the_configuration_it_began_with(tmp_path, kit, upstream):
    go_on = threading.Event()

    def slowly(connection: socket.socket, _: bytes) -> None:
        connection.sendall(HEAD + CHUNK % b'{"role":"assistant","content":"One, "}')
        assert go_on.wait(10)
        connection.sendall(CHUNK % b'{"content":"two."}' + b"data: [DONE]\n\n")

    slow = kit.upstream(slowly)
    path = tmp_path / "dragoman.toml"
    path.write_text(toml(("old", slow.url)))
    body = {"model": "old/m", "stream": True, "messages": [{"role": "user", "content": "x"}]}
    with serving(tmp_path) as served, httpx.Client(trust_env=False, timeout=10) as client:
        with client.stream("POST", f"{served.url}/v1/chat/completions", json=body) as stream:
            lines = stream.iter_lines()
            assert "One, " in next(lines)
            path.write_text(toml(("new", upstream.url)))
            served.reload(kit, "^re-loaded$")
            assert served.ask("old/m").status_code == 404
            assert served.ask("new/m").status_code == 200
            go_on.set()
            rest = "".join(lines)
        assert "two." in rest
        assert rest.endswith("data: [DONE]")


def test_counts_go_on_and_what_only_a_start_can_change_is_named(tmp_path, kit, upstream):
    path = tmp_path / "dragoman.toml"
    path.write_text(toml(("a", upstream.url)))
    with serving(tmp_path) as served:
        served.ask("a/m")
        path.write_text(toml(("a", upstream.url), server="max_body_bytes = 1000\nworkers = 2\n"))
        served.reload(kit, "^re-loaded; not before the next start: workers, max_body_bytes$")
        served.ask("a/m")
        counts = httpx.get(f"{served.url}/metrics", timeout=10, trust_env=False).text
        assert 'dragoman_requests_total{dialect="openai_chat",provider="openai",status="2xx"} 2.0' in counts


def test_the_end_is_in_good_order_after_it(tmp_path, kit, upstream):
    (tmp_path / "dragoman.toml").write_text(toml(("a", upstream.url)))
    with serving(tmp_path) as served:
        served.reload(kit, "^re-loaded$")
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(10) == 0


def test_a_gateway_that_cannot_be_made_changes_nothing(kit, monkeypatch, caplog):
    monkeypatch.setattr(logging.getLogger("dragoman"), "propagate", True)
    config = kit.config({})

    async def fail(*_):
        raise ExceptionGroup("", [OSError("a secret of somebody")])

    front = Front(Term("the gateway before"))
    run = Running(None, (), front, config, fail)
    trio.run(_reload, run, lambda: config, trio.Lock())
    assert run.gateway == "the gateway before"
    [said] = caplog.messages
    assert said.startswith("nothing is re-loaded: the gateway cannot be made (OSError in ")
    assert "secret" not in said
