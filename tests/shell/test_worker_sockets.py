"""Whoever holds a worker's socket: no connection waits where nobody will take it, and none is closed for a re-load."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

CHUNK = (
    b'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":%b}]}\n\n'
)
BODY = {"model": "a/m", "stream": True, "messages": [{"role": "user", "content": "x"}]}
ALIVE = b"GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="what becomes of a shared socket is the system's matter"
)


@contextmanager
def serving(folder):
    """A supervisor and two workers; gives it, its port, the workers' process ids, and what it says on stderr."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dragoman", "serve", "--workers", "2"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    said = []
    reading = threading.Thread(target=lambda: said.extend(iter(process.stderr.readline, "")))
    reading.start()
    try:
        address = process.stdout.readline()
        words = next(line for line in process.stdout if line.startswith("workers: "))
        pids = [int(pid) for pid in re.search(r"\(processes (.*)\)", words)[1].split(", ")]
        yield process, int(address.split()[3].rpartition(":")[2]), pids, said
    finally:
        process.kill()
        process.wait()
        reading.join(20)
        process.stdout.close()
        process.stderr.close()


@pytest.fixture
def slow(kit, tmp_path):
    """A provider whose streams wait in their middle until they may go on."""
    go_on = threading.Event()

    def behave(connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
        connection.sendall(CHUNK % b'{"role":"assistant","content":"One, "}')
        go_on.wait(30)
        connection.sendall(CHUNK % b'{"content":"two."}' + b"data: [DONE]\n\n")

    url = kit.upstream(behave).url
    (tmp_path / "dragoman.toml").write_text(
        f"[server]\nport = 0\nledger = 'off'\n[accounts.a]\nprovider = 'openai'\napi_key = 'x'\nbase_url = '{url}'\n"
    )
    yield go_on
    go_on.set()


def is_answered(port, seconds=10):
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(ALIVE)
        return connection.recv(100).startswith(b"HTTP/1.1 200 ")


def is_refused(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(ALIVE)
            return connection.recv(100) == b""
    except ConnectionError:
        return True


def test_who_drains_as_a_whole_refuses_connections_while_a_stream_ends(slow, kit, tmp_path):
    with serving(tmp_path) as (process, port, _, _):
        url = f"http://127.0.0.1:{port}/v1/chat/completions"
        with httpx.stream("POST", url, json=BODY, timeout=20, trust_env=False) as stream:
            lines = stream.iter_lines()
            assert "One, " in next(lines)
            process.send_signal(signal.SIGTERM)
            assert kit.until(lambda: is_refused(port), 10)
            slow.set()
            assert "two." in "".join(lines)
        assert process.wait(20) == 0


def test_connections_go_to_the_others_while_a_worker_that_somebody_else_told_drains(slow, tmp_path):
    with serving(tmp_path) as (_, port, pids, _):
        url = f"http://127.0.0.1:{port}/v1/chat/completions"
        with httpx.stream("POST", url, json=BODY, timeout=20, trust_env=False) as stream:
            lines = stream.iter_lines()
            assert "One, " in next(lines)
            # The one that holds the stream stays, so that there is somebody who drains.
            for pid in pids:
                if holds_a_stream(pid):
                    os.kill(pid, signal.SIGTERM)
            time.sleep(0.5)
            assert [number for number in range(20) if not is_answered(port)] == []
            slow.set()
            assert "two." in "".join(lines)


def holds_a_stream(pid):
    """Whether a process has sockets beside those of a worker without connections."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[3] == "01" and row[9] in inodes for row in rows)


@pytest.mark.usefixtures("slow")
def test_a_re_load_loses_no_connection(tmp_path):
    with (
        serving(tmp_path) as (process, port, _, said),
        socket.create_connection(("127.0.0.1", port), timeout=10) as kept,
    ):
        answered = 0
        for turn in range(1, 4):
            process.send_signal(signal.SIGHUP)
            while sum('"re-loaded"' in line for line in said) < 2 * turn:
                assert is_answered(port)
                kept.sendall(ALIVE.replace(b"connection: close\r\n", b""))
                assert kept.recv(1000).startswith(b"HTTP/1.1 200 ")
                answered += 1
        assert answered
