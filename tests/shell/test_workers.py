"""Several workers on one port, as real processes."""

import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import attrs
import httpx
import pytest
from dragoman.io.supervisor import bind

EVENTS = [
    {"type": "message_start", "message": {"id": "m", "model": "c", "usage": {"input_tokens": 1, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "One, "}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "two."}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
    {"type": "message_stop"},
]
FRAMES = [b"data: %b\n\n" % json.dumps(event).encode() for event in EVENTS]
BODY = {"model": "a/claude-sonnet-4-5", "stream": True, "messages": [{"role": "user", "content": "Hi"}]}

ASKED = {"model": "a/claude-sonnet-4-5", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}


@attrs.define
class Served:
    """A supervisor and what it said."""

    process: subprocess.Popen
    url: str
    workers: set[int]
    log: Path

    def lines(self):
        whole = self.log.read_text().rpartition("\n")[0]  # the last one may be under way
        return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]

    def said(self, pattern):
        return [line["message"] for line in self.lines() if re.search(pattern, line.get("message", ""))]

    def living(self):
        """The ids of its workers by the process table, in which a dead one may still be for a moment."""
        return {pid for parent, pid in processes() if parent == self.process.pid}

    def alive(self):
        return httpx.get(f"{self.url}/health/live", timeout=10, trust_env=False).status_code == 200

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Served]:
    log = folder / "log"
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "dragoman", "serve", *options],
            cwd=folder, stdout=subprocess.PIPE, stderr=stderr, text=True,
        )  # fmt: skip
    workers = set()
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("workers: "):
                workers = set(map(int, re.search(r"\(processes (.*)\)", line)[1].split(", ")))
                break
        assert workers, log.read_text()
        yield Served(process, said[0].split()[3], workers, log)
    finally:
        process.kill()
        rest, _ = process.communicate()
        assert rest == ""


def processes():
    """The id of the parent of every process, and its own."""
    if not Path("/proc/self/stat").exists():
        listed = subprocess.run(["ps", "-A", "-o", "ppid=,pid="], capture_output=True, text=True, check=True)
        return [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            found.append((int(stat.read_text().rpartition(")")[2].split()[1]), int(stat.parent.name)))
    return found


def gone(pid):
    """Whether a process has ended; one that nobody has asked for its status yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path("/proc/self").exists()


@pytest.fixture
def configured(tmp_path, write):
    write("[server]\nport = 0\n[accounts.a]\nprovider = 'anthropic'\napi_key = 'x'\nbase_url = 'http://127.0.0.1:9'\n")
    return tmp_path


def test_one_announcement_speaks_for_all_and_the_end_is_in_good_order(configured):
    with serving(configured, "--workers", "2") as served:
        assert len(served.workers) == 2
        assert served.living() == served.workers
        assert served.alive()
        assert served.stop() == 0
        assert all(map(gone, served.workers))
        assert len(served.said("ended with exit status 0")) == 2


def test_the_number_of_workers_is_a_setting(configured):
    path = configured / "dragoman.toml"
    path.write_text(path.read_text().replace("port = 0", "port = 0\nworkers = 3"))
    with serving(configured) as served:
        assert len(served.workers) == 3


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="sockets of processes are read from /proc")
def test_every_worker_gets_connections(configured, kit):
    with serving(configured, "--workers", "2") as served, ExitStack() as stack:
        port = int(served.url.rpartition(":")[2])
        for _ in range(64):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        assert kit.until(lambda: sum(connections(worker, port) for worker in served.workers) == 64, 20)
        # That all go to one of two has the chance 2 ** -63.
        assert all(connections(worker, port) for worker in served.workers)


def test_whichever_worker_is_asked_tells_the_counts_of_all_also_of_those_that_died(configured, kit):
    with serving(configured, "--workers", "2") as served:

        def ask(number):
            # Each request on a connection of its own: the kernel spreads them over the workers.
            for _ in range(number):
                reply = httpx.post(f"{served.url}/v1/messages", json={"model": "nobody/x"}, timeout=10, trust_env=False)
                assert reply.status_code == 404

        def counts():
            """What several connections are told, at most one for each worker and certainly one of each."""
            said = [httpx.get(f"{served.url}/metrics", timeout=10, trust_env=False).text for _ in range(12)]
            return {re.search(r'^dragoman_requests_total\{.*"none".*\} (.*)$', text, re.MULTILINE)[1] for text in said}

        ask(24)
        assert kit.until(lambda: counts() == {"24.0"}, 20)
        victim = min(served.workers)
        os.kill(victim, signal.SIGKILL)
        assert kit.until(lambda: len(served.living() - {victim}) == 2, 20)
        assert kit.until(lambda: served.alive() and counts() == {"24.0"}, 20)
        ask(8)
        assert kit.until(lambda: counts() == {"32.0"}, 20)
        assert served.stop() == 0


def test_requests_in_flight_are_those_of_all_workers_and_none_of_the_dead(configured, kit):
    # Nobody accepts: the kernel completes the connections, and nobody answers.
    upstream = socket.create_server(("127.0.0.1", 0), backlog=64)
    path = configured / "dragoman.toml"
    path.write_text(path.read_text().replace("http://127.0.0.1:9", f"http://127.0.0.1:{upstream.getsockname()[1]}"))

    def ask(url):
        with suppress(httpx.HTTPError):
            httpx.post(f"{url}/v1/messages", json=ASKED, timeout=30, trust_env=False)

    def in_flight():
        try:
            text = httpx.get(f"{served.url}/metrics", timeout=10, trust_env=False).text
        except httpx.TransportError:
            return None  # the connection was one of a worker that died
        return re.search(r"^dragoman_requests_in_flight (.*)$", text, re.MULTILINE)[1]

    try:
        with serving(configured, "--workers", "2") as served:
            threads = [threading.Thread(target=ask, args=(served.url,)) for _ in range(16)]
            for thread in threads:
                thread.start()
            assert kit.until(lambda: in_flight() == "16.0", 20)
            for victim in served.workers:
                os.kill(victim, signal.SIGKILL)
                assert kit.until(lambda dead=victim: served.said(f"worker {dead} was killed by SIGKILL"), 20)
                assert kit.until(lambda: len(served.living() - served.workers) >= 1, 20)
            assert kit.until(lambda: len(served.living() - served.workers) == 2, 20)
            assert kit.until(lambda: in_flight() == "0.0", 20)
    finally:
        upstream.close()
    for thread in threads:
        thread.join(10)


def test_the_folder_of_the_counts_goes_with_the_supervisor(configured, tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    with serving(configured, "--workers", "2") as served:
        (counts,) = folder.glob("dragoman-counts-*")
        assert len(list(counts.glob("counter_*.db"))) == 2
        assert served.stop() == 0
    assert list(folder.iterdir()) == []


def test_workers_that_count_nothing_need_no_folder(configured, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "none"))
    path = configured / "dragoman.toml"
    path.write_text(path.read_text().replace("port = 0", 'port = 0\nmetrics = "off"'))
    with serving(configured, "--workers", "2") as served:
        assert httpx.get(f"{served.url}/metrics", timeout=10, trust_env=False).status_code == 404


def test_a_limit_holds_over_all_workers_and_the_death_of_one_changes_nothing(configured, kit):
    path = configured / "dragoman.toml"
    limits = "limits = { requests_per_minute = 8 }"
    path.write_text(f"{path.read_text()}\n[keys.ci]\nhash = 'sha256:{hashlib.sha256(b'k').hexdigest()}'\n{limits}\n")
    with serving(configured, "--workers", "2") as served:

        def ask(number):
            """The statuses of requests on connections of their own: the kernel spreads them over the workers."""
            headers = {"authorization": "Bearer k"}
            for _ in range(number):
                url = f"{served.url}/v1/messages"
                yield httpx.post(url, json={"model": "no/x"}, headers=headers, timeout=10, trust_env=False).status_code

        assert list(ask(6)) == [404] * 6
        victim = min(served.workers)
        os.kill(victim, signal.SIGKILL)
        assert kit.until(lambda: len(served.living() - {victim}) == 2, 20)
        assert kit.until(served.alive, 20)
        assert list(ask(8)) == [404] * 2 + [429] * 6
        assert served.stop() == 0


def connections(pid, port):
    """How many accepted connections to the port a process holds."""
    held = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            held.add(str(link.readlink()))
    fields = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return sum(f[1].endswith(f":{port:04X}") and f[3] == "01" and f"socket:[{f[9]}]" in held for f in fields)


def test_a_killed_worker_is_replaced_and_serving_goes_on(configured, kit):
    with serving(configured, "--workers", "2") as served:
        victim = min(served.workers)
        os.kill(victim, signal.SIGKILL)
        assert kit.until(lambda: gone(victim), 20)
        assert all(served.alive() for _ in range(8))
        assert kit.until(lambda: len(served.living() - {victim}) == 2, 20)
        assert served.said(f"worker {victim} was killed by SIGKILL; another one is started")
        assert served.stop() == 0


def test_a_worker_that_dies_young_again_and_again_is_replaced_ever_later(configured, kit):
    with serving(configured, "--workers", "2") as served:
        survivor = max(served.workers)
        for deaths in range(1, 4):
            assert kit.until(lambda: len(served.living()) == 2, 20)
            (young,) = served.living() - {survivor}
            os.kill(young, signal.SIGKILL)
            assert kit.until(lambda count=deaths: len(served.said("SIGKILL")) == count, 20)
        assert [re.findall(r"in (\S+) s", line) for line in served.said("SIGKILL")] == [[], ["0.5"], ["1"]]
        assert served.alive()
        assert served.stop() == 0


def test_the_supervisor_gives_up_when_no_worker_is_left_and_none_can_start(configured):
    with serving(configured, "--workers", "2") as served:
        (configured / "dragoman.toml").write_text("[server]\nport = 'none'\n")
        for worker in served.workers:
            os.kill(worker, signal.SIGKILL)
        assert served.process.wait(60) == 1
        log = served.log.read_text()
        assert "dragoman: no worker is left, and none can start" in log
        assert "server.port" in log


def test_sigterm_lets_a_running_stream_come_to_its_end(configured, kit, write):
    arrived, go_on = threading.Event(), threading.Event()

    def behave(connection, _):
        connection.sendall(kit.chunked(*FRAMES[:3], end=False))
        arrived.set()
        assert go_on.wait(20)
        connection.sendall(kit.chunked(*FRAMES[3:]).partition(b"\r\n\r\n")[2])

    url = kit.upstream(behave).url
    write(f"[server]\nport = 0\n[accounts.a]\nprovider = 'anthropic'\napi_key = 'x'\nbase_url = '{url}'\n")
    with serving(configured, "--workers", "2") as served:
        try:
            with httpx.stream("POST", f"{served.url}/v1/messages", json=BODY | {"max_tokens": 9}, timeout=10,
                              trust_env=False) as reply:  # fmt: skip
                assert arrived.wait(20)
                # A service manager may well tell every process by itself, and more than once.
                served.process.send_signal(signal.SIGTERM)
                for worker in served.workers:
                    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
                        with suppress(ProcessLookupError):
                            os.kill(worker, number)
                assert kit.until(lambda: sum(map(gone, served.workers)) == 1, 20)
                assert served.process.poll() is None
                go_on.set()
                assert "two." in (text := reply.read().decode())
                assert "message_stop" in text
        finally:
            go_on.set()
        assert served.process.wait(20) == 0
        (line,) = [line for line in served.lines() if "request_id" in line]
        assert (line["status"], line["finish_reason"]) == (200, "stop")


def test_a_second_signal_ends_at_once(configured, kit, write):
    go_on = threading.Event()
    arrived = threading.Event()

    def behave(*_):
        arrived.set()
        go_on.wait(20)

    url = kit.upstream(behave).url
    write(f"[server]\nport = 0\n[accounts.a]\nprovider = 'anthropic'\napi_key = 'x'\nbase_url = '{url}'\n")
    with serving(configured, "--workers", "2") as served:
        asking = threading.Thread(target=lambda: ask_in_vain(served.url))
        asking.start()
        try:
            assert arrived.wait(20)
            served.process.send_signal(signal.SIGINT)
            assert kit.until(lambda: len(served.said("exit status 0")) == 1, 20)
            began = time.monotonic()
            served.process.send_signal(signal.SIGINT)
            assert served.process.wait(20) == 0
            assert time.monotonic() - began < 15
            (line,) = [line for line in served.lines() if "request_id" in line]
            assert line["error"] == "stopped"
        finally:
            go_on.set()
            asking.join(10)


def ask_in_vain(url):
    with suppress(httpx.HTTPError):
        httpx.post(f"{url}/chat/completions", json=BODY, timeout=20, trust_env=False)


def test_no_worker_outlives_a_killed_supervisor(configured, kit):
    with serving(configured, "--workers", "2") as served:
        served.process.kill()
        served.process.wait(20)
        assert kit.until(lambda: all(map(gone, served.workers)), 20)


def test_sighup_lets_every_worker_read_the_configuration_anew(configured, kit):
    path = configured / "dragoman.toml"
    with serving(configured, "--workers", "2") as served, ExitStack() as stack:
        good = path.read_text()
        path.write_text("[server]\nprot = 1\n")
        served.process.send_signal(signal.SIGHUP)
        assert kit.until(lambda: served.said("nothing is re-loaded: .*server.prot"), 20)
        # Connections of both, and one client that asks again and again.
        clients = [stack.enter_context(httpx.Client(base_url=served.url, trust_env=False)) for _ in range(20)]
        assert {client.get("/api/llm/models").status_code for client in clients} == {404}
        path.write_text(good.replace("port = 0", "port = 0\nprefixes = ['/api/llm']"))
        began = time.monotonic()
        served.process.send_signal(signal.SIGHUP)
        assert kit.until(lambda: {client.get("/api/llm/models").status_code for client in clients} == {200}, 20)
        assert time.monotonic() - began < 5  # a process that starts takes longer on a machine with much to do
        assert kit.until(lambda: served.said("^re-loaded$") == ["re-loaded"] * 2, 20)
        assert served.living() == served.workers
        assert served.stop() == 0


def test_a_worker_that_starts_during_a_re_load_serves_the_new_configuration_too(configured, kit):
    path = configured / "dragoman.toml"
    with serving(configured, "--workers", "2") as served:
        victim = min(served.workers)
        os.kill(victim, signal.SIGKILL)
        assert kit.until(lambda: len(served.living() - {victim}) == 2, 20)
        path.write_text(path.read_text().replace("port = 0", "port = 0\nprefixes = ['/api/llm']"))
        served.process.send_signal(signal.SIGHUP)
        assert kit.until(lambda: len(served.said("^re-loaded$")) == 2, 20)
        replies = [httpx.get(f"{served.url}/api/llm/models", timeout=10, trust_env=False) for _ in range(16)]
        assert {reply.status_code for reply in replies} == {200}
        assert served.stop() == 0


def test_a_taken_port_is_1_and_no_worker_is_started(configured):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run(configured, "--workers", "2", "--port", str(port))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"cannot listen on 127.0.0.1 port {port}: " in done.stderr


def test_a_second_gateway_does_not_share_the_port_of_the_first(configured):
    with serving(configured, "--workers", "2") as served:
        port = served.url.rpartition(":")[2]
        done = run(configured, "--workers", "2", "--port", port)
        assert done.returncode == 1
        assert f"cannot listen on 127.0.0.1 port {port}: " in done.stderr


def test_a_configuration_at_fault_is_1_and_said_once(configured):
    (configured / "dragoman.toml").write_text("[server]\nworkers = 0\n")
    done = run(configured, "--workers", "2")
    assert done.returncode == 1
    assert done.stderr == "dragoman: dragoman.toml:2: server.workers: 0 must be greater than 0 and finite\n"


def test_workers_that_cannot_start_are_1_and_their_reason_is_said_once(configured):
    # A file without accounts is none at fault, but there is nothing to serve.
    (configured / "dragoman.toml").write_text("[server]\nport = 0\n")
    done = run(configured, "--workers", "3")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("dragoman: no accounts: set") == 1
    assert re.search(r"worker \d+ ended with exit status 1 before it was ready", done.stderr)
    assert done.stderr.endswith("dragoman: the workers cannot start\n")


def run(folder, *options):
    env = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return subprocess.run(
        [sys.executable, "-m", "dragoman", "serve", *options],
        cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_a_system_without_shared_ports_is_told_so(configured):
    program = "from dragoman.cli import main; import socket; del socket.SO_REUSEPORT; main(['serve', '--workers', '2'])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=configured, capture_output=True, text=True, check=False, timeout=20
    )
    told = "dragoman: several workers need SO_REUSEPORT, which this system does not have: run one worker\n"
    assert done.stderr.endswith(told), done.stderr


def test_one_free_port_is_taken_on_every_address():
    with ExitStack() as stack:
        sockets = [stack.enter_context(each) for each in bind("", 0)]
        assert len({each.getsockname()[1] for each in sockets}) == 1
        assert all(each.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT) for each in sockets)
        assert not any(each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) for each in sockets)
