"""Servers that the tests start for themselves: a real PostgreSQL, a real Valkey or Redis, on loopback."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import attrs
import pytest

REQUIRED = "DRAGOMAN_REQUIRE_SERVERS"


@attrs.frozen
class Database:
    """A running PostgreSQL."""

    url: str
    process: subprocess.Popen


def programs():
    """The folder of the newest PostgreSQL's programs."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found and (named := shutil.which("initdb")):
        found = [Path(named).parent]
    if not found:
        missing("there is no PostgreSQL here: apt-get install postgresql")
    return max(found, key=lambda path: [int(part) for part in path.parent.name.split(".") if part.isdigit()])


def missing(words):
    pytest.fail(words) if os.environ.get(REQUIRED) == "1" else pytest.skip(words)


@contextmanager
def postgresql():
    """A server of its own, as a user that is not root, in a new folder."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    # A server refuses to run as root.
    who = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    bin_folder, quiet = programs(), {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    password = folder / "password"
    password.write_text("s3cret-word")
    password.chmod(0o644)
    try:
        make = [bin_folder / "initdb", "-D", folder / "data", "-U", "dragoman", "--auth=scram-sha-256", "--no-sync"]
        subprocess.run([*make, f"--pwfile={password}"], check=True, timeout=60, **quiet, **who)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        process = subprocess.Popen(
            [bin_folder / "postgres", "-D", folder / "data", "-p", str(port), "-h", "127.0.0.1", "-k", folder],
            **quiet, **who,
        )  # fmt: skip
        try:
            url = f"postgresql://dragoman:s3cret-word@127.0.0.1:{port}/postgres"
            wait_until_ready(url)
            yield Database(url, process)
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_ready(url):
    import psycopg

    for _ in range(200):
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)


class Valkey:
    """A Valkey or Redis server, which can be killed and started anew at the same port, with a password."""

    def __init__(self):
        self.program = shutil.which("valkey-server") or shutil.which("redis-server")
        if self.program is None:
            missing("there is no Valkey or Redis here: apt-get install redis-server")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.url = f"redis://:s3cret-word@127.0.0.1:{self.port}/0"
        self.process = None

    def __enter__(self):
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            [self.program, *options, "--requirepass", "s3cret-word"], stdout=subprocess.DEVNULL, cwd="/"
        )
        for _ in range(500):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            time.sleep(0.01)
        raise TimeoutError(self.port)

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def send_signal(self, number):
        self.process.send_signal(number)
