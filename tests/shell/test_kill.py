"""A gateway that is killed takes no more with it than the last second, and the next one serves at once."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from dragoman import standins
from dragoman.io.ledger import engine_of
from dragoman.io.secret import Address

CONFIG = """
[server]
port = {port}
workers = {workers}
ledger = "{ledger}"
access_log = false
[accounts.a]
provider = "openai"
api_key = "none"
base_url = "{url}/v1"
"""
START_SECONDS = 20.0
"""What a start may take on a machine that is busy with other tests; alone it is about one."""


@contextmanager
def served(path):
    """A gateway in a session of its own, so that all of its processes can be killed at one stroke."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dragoman", "serve", "--config", str(path)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout.readline().startswith("dragoman listens on ")
        yield process
    finally:
        kill_all(process)
        process.communicate()


def children(process):
    """The workers; any thread may have started them."""
    told = [path.read_text() for path in Path(f"/proc/{process.pid}/task").glob("*/children")]
    return [int(pid) for pid in " ".join(told).split()]


def kill_all(process):
    """SIGKILL to a supervisor and its workers, or to the one process that there is."""
    for pid in [process.pid, *children(process)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def ask(client, url, told):
    body = {"model": "a/gpt-4.1", "messages": [{"role": "user", "content": "Hi"}]}
    reply = client.post(f"{url}/v1/chat/completions", json=body)
    told.append((time.time(), reply.headers["x-request-id"]))


def load(url, told, clients=4):
    """Clients that ask until the gateway is gone."""

    def run():
        with httpx.Client(timeout=10, trust_env=False) as client:
            while True:
                try:
                    ask(client, url, told)
                except httpx.HTTPError:
                    return

    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    return threads


def entered(address):
    engine = engine_of(address, {}, writes=False)
    try:
        return [row[0] for row in engine.rows("SELECT request_id FROM dragoman_requests", [])]
    finally:
        engine.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_kill_takes_the_last_second_at_most_and_the_next_start_serves_at_once(tmp_path, address, workers):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url, path = f"http://127.0.0.1:{port}", tmp_path / "dragoman.toml"
    before, after = [], []
    with standins.running("openai") as provider:
        path.write_text(CONFIG.format(port=port, workers=workers, ledger=address.reveal(), url=provider.base_url))
        with served(path) as process:
            threads = load(url, before)
            time.sleep(2.5)
            killed = time.time()
            kill_all(process)
            for thread in threads:
                thread.join(20)
        began = time.monotonic()
        with served(path) as process, httpx.Client(timeout=10, trust_env=False) as client:
            ask(client, url, after)
            assert time.monotonic() - began < START_SECONDS
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
    kept = entered(address)
    old = {request_id for moment, request_id in before if moment < killed - 1}
    assert len(old) > 20
    assert old <= set(kept)
    assert {request_id for _, request_id in after} <= set(kept)
    assert len(kept) == len(set(kept))


def test_of_one_worker_that_is_killed_no_more_is_lost_and_the_others_go_on(tmp_path):
    address, path = Address(f"sqlite:{tmp_path}/ledger"), tmp_path / "dragoman.toml"
    told, over = [], threading.Event()
    with standins.running("openai") as provider:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        path.write_text(CONFIG.format(port=port, workers=2, ledger=address.reveal(), url=provider.base_url))
        with served(path) as process:

            def run():
                while not over.is_set():
                    with suppress(httpx.HTTPError), httpx.Client(timeout=10, trust_env=False, verify=False) as client:
                        ask(client, f"http://127.0.0.1:{port}", told)

            threads = [threading.Thread(target=run) for _ in range(4)]
            for thread in threads:
                thread.start()
            time.sleep(2)
            killed = time.time()
            os.kill(children(process)[0], signal.SIGKILL)
            time.sleep(1.5)
            over.set()
            for thread in threads:
                thread.join(20)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
    kept = set(entered(address))
    sure = {request_id for moment, request_id in told if moment < killed - 1}
    later = {request_id for moment, request_id in told if moment > killed + 0.5}
    assert len(sure) > 5
    assert sure <= kept
    assert later
    assert later <= kept
