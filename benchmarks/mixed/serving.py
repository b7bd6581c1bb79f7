"""The gateway of the soak: a process with keys, limits, a ledger, metrics, an access log, and routes with time-outs.

As a program (`python -m benchmarks.mixed.serving serve ...`) it is `dragoman`, which tells how many tasks it has when
it is asked by SIGUSR1.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import attrs
import httpx
import orjson
import trio
from dragoman.cli import main
from dragoman.translate import boundary

from . import plan

KEY: Final = "dgm_soak"
INPUT_USD: Final = 2.0
OUTPUT_USD: Final = 8.0
"""For a million tokens, of every model."""
_TASKS: Final = "SOAK_TASKS"
_SERVER: Final = """
[server]
port = 0
ledger = "{ledger}"
workers = {workers}
upstream_timeout_seconds = 4
idle_timeout_seconds = 4
upstream_keep_alive_seconds = 4
drain_seconds = 5
[keys.soak]
hash = "sha256:{digest}"
[keys.soak.limits]
requests_per_minute = 1_000_000
tokens_per_minute = 1_000_000_000
concurrent_requests = 10_000
usd_per_day = 1_000_000
[prices."*"]
input = {input}
output = {output}
"""
_ACCOUNT: Final = """
[accounts.{name}]
provider = "{provider}"
api_key = "file:provider-key"
base_url = "http://127.0.0.1:{port}{path}"
{more}"""
_ROUTE: Final = """
[routes.{name}]
targets = {targets}
retry = {{ attempts = 2, on = [429, 500, 502, 503, 529] }}
timeouts = {{ first_byte = 3, idle = 3, total = 30 }}
"""
_ROWS: Final = {row["name"]: row for row in orjson.loads(boundary.providers())}


def config_text(ports: dict[str, int], ledger: str, workers: int = 1) -> str:
    """The configuration of a gateway before providers at these ports."""
    digest = sha256(KEY.encode()).hexdigest()
    text = _SERVER.format(digest=digest, ledger=ledger, workers=workers, input=INPUT_USD, output=OUTPUT_USD)
    for name in (*plan.MODELS, "dead"):
        provider = "anthropic" if name == "dead" else name
        text += _ACCOUNT.format(
            name=name, provider=provider, port=ports.get(name, 9), path=urlsplit(_ROWS[provider]["base_url"]).path,
            more='region = "eu-west-1"\nauth = "bearer"\n' if provider == "bedrock" else "",
        )  # fmt: skip
    for name, accounts in plan.ROUTES.items():
        targets = [f"{account}/{plan.MODELS.get(account, plan.MODELS['anthropic'])}" for account in accounts]
        text += _ROUTE.format(name=name, targets=orjson.dumps(targets).decode())
    return text


@attrs.define
class Served:
    """A running gateway.

    Attributes:
        process: it, or the supervisor of its workers.
        port: where it listens.
        folder: with its configuration, ledger and log.
    """

    process: "subprocess.Popen[str]"
    port: int
    folder: Path

    @property
    def log(self) -> Path:
        """Its stderr: the access log."""
        return self.folder / "log"

    @property
    def pids(self) -> list[int]:
        """The processes that serve."""
        told = [path.read_text("ascii") for path in Path(f"/proc/{self.process.pid}/task").glob("*/children")]
        return [int(child) for child in " ".join(told).split()] or [self.process.pid]

    @property
    def config(self) -> Path:
        """Its configuration file."""
        return self.folder / "dragoman.toml"

    def megabytes(self) -> float:
        """Memory of all of them now."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) for pid in self.pids)
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def sockets(self) -> int:
        """Their open sockets."""
        count = 0
        for pid in self.pids:
            for link in Path(f"/proc/{pid}/fd").iterdir():
                with suppress(OSError):
                    count += str(link.readlink()).startswith("socket:")
        return count

    def tasks(self) -> int:
        """How many tasks it has; it must be one process."""
        path = self.folder / "tasks"
        path.unlink(missing_ok=True)
        os.kill(self.process.pid, signal.SIGUSR1)
        until = time.monotonic() + 10
        while not path.exists() and time.monotonic() < until:
            time.sleep(0.01)
        return int(path.read_text("ascii"))

    def metric(self, pattern: str) -> float:
        """The sum of the series of metrics that begin so."""
        text = httpx.get(f"http://127.0.0.1:{self.port}/metrics", timeout=20, trust_env=False).text
        found = re.findall(rf"^{pattern}[^ \n]* ([0-9.e+]+)$", text, re.MULTILINE)
        return sum(map(float, found))


@contextmanager
def serving(folder: Path, text: str, core: int | None = None) -> Iterator[Served]:
    """A gateway with this configuration, in a folder of its own, until the block ends."""
    (folder / "provider-key").write_text("sk-soak", "utf-8")
    (folder / "dragoman.toml").write_text(text, "utf-8")
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.mixed.serving", "serve", "--config", str(folder / "dragoman.toml")],
            cwd=Path(__file__).parents[2], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
            env={**os.environ, _TASKS: str(folder / "tasks")},
        )  # fmt: skip
    assert process.stdout is not None
    try:
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        line = process.stdout.readline()
        if not line:
            sys.exit(f"the gateway ended with {process.wait()}: {(folder / 'log').read_text('utf-8')[-2000:]}")
        yield Served(process, int(line.split()[3].rpartition(":")[2]), folder)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _tell_tasks(*_: object) -> None:
    path = Path(os.environ[_TASKS])
    part = path.with_suffix(".part")
    part.write_text(str(trio.lowlevel.current_statistics().tasks_living), "ascii")
    part.rename(path)


if __name__ == "__main__":
    if _TASKS in os.environ:
        signal.signal(signal.SIGUSR1, _tell_tasks)
    main(sys.argv[1:])
