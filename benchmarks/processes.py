"""The processes that are measured: each pinned to a core, its CPU time and memory as the kernel counts them."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import attrs
import orjson
from dragoman.translate import boundary

from .upstream import MODELS

KEY: Final = "dgm_benchmark"
_KEY: Final = """
[keys.benchmark]
hash = "sha256:{digest}"
models = ["*"]
"""
_LIMITS: Final = """
[keys.benchmark.limits]
requests_per_minute = 100_000_000
tokens_per_minute = 1_000_000_000_000
concurrent_requests = 100_000
usd_per_day = 1_000_000_000
usd_per_month = 1_000_000_000
"""
_TRACES: Final = """
[tracing]
enabled = true
"""
_ROUTE: Final = """
[routes.{name}-route]
targets = ["{name}/{model}", "{other}/{model}"]
timeouts = {{ first_byte = 20, idle = 60, total = 300 }}
"""
_USUAL: Final = 'access_log = false\nledger = "sqlite:ledger.sqlite3"\n'
_BARE: Final = 'access_log = false\nledger = "off"\nmetrics = "off"\n'
_ON: Final = ("unlimited", "all")
_ALL: Final = 'ledger = "sqlite:ledger.sqlite3"\n'
SAMPLED: Final = 0.01
"""The share of requests that are traced where everything is on."""
_ACCOUNT: Final = """
[accounts.{name}]
provider = "{name}"
api_key = "file:provider-key"
base_url = "http://127.0.0.1:{port}{path}"
"""
PROVIDERS: Final = {
    row["name"]: row for row in orjson.loads(boundary.providers()) if row["name"] in ("openai", "anthropic", "gemini")
}
"""The providers that are measured, as far as there are such."""


@attrs.frozen
class Process:
    """A process that serves a port."""

    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """CPU time so far, of all its threads."""
        total = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            total += int((task / "schedstat").read_text("ascii").split()[0])
        return total / 1e9

    def megabytes(self) -> float:
        """Memory in use now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def connections_to(self, port: int) -> int:
        """Its open TCP connections to a port."""
        held = {str(link.readlink()) for link in Path(f"/proc/{self.pid}/fd").iterdir() if link.is_symlink()}
        count = 0
        for line in Path(f"/proc/{self.pid}/net/tcp").read_text("ascii").splitlines()[1:]:
            fields = line.split()
            count += fields[2].endswith(f":{port:04X}") and fields[3] == "01" and f"socket:[{fields[9]}]" in held
        return count


def cores() -> tuple[int, int] | None:
    """A core for the load and the stand-in, and one for what is measured; None when there are not two."""
    usable = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (usable[0], usable[-1]) if len(usable) > 1 else None


@contextmanager
def upstream(core: int | None) -> Iterator[Process]:
    """The stand-in for all providers."""
    with _process(["-m", "benchmarks.upstream"], core) as process:
        yield Process(process.pid, int(_line(process)))


@contextmanager
def floor(port: int, core: int | None, driver: str | None) -> Iterator[Process]:
    """The edge alone, in front of a port."""
    with _process(["-m", "benchmarks.floor", str(port), *([driver] if driver else [])], core) as process:
        yield Process(process.pid, int(_line(process)))


Features = Literal["usual", "bare", "unlimited", "all"]
"""Keys and a ledger; nothing of what a gateway can do beside answering; a key, a ledger, metrics, an access log, traces
of which one in a hundred is sampled and sent, and routes with health; or all of that with limits of the key."""


def _config(port: int, driver: str | None, features: Features) -> str:
    words = {"usual": _USUAL, "bare": _BARE}.get(features, _ALL)
    text = f"[server]\nport = 0\n{words}" + (f'driver = "{driver}"\n' if driver else "")
    if features != "bare":
        text += _KEY.format(digest=sha256(KEY.encode()).hexdigest())
    if features == "all":
        text += _LIMITS
    if features in _ON:
        text += _TRACES
    for name, row in PROVIDERS.items():
        text += _ACCOUNT.format(name=name, port=port, path=urlsplit(row["base_url"]).path)
        if features in _ON:
            other = "openai" if name != "openai" else "anthropic"
            text += _ROUTE.format(name=name, other=other, model=MODELS[row["dialect"]])
    return text


@contextmanager
def gateway(
    port: int, core: int | None, driver: str | None, profile: str | None, features: Features = "usual"
) -> Iterator[Process]:
    """The gateway, with an account at each provider that the stand-in behind the port plays."""
    text = _config(port, driver, features)
    variables = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",  # the stand-in says yes to everything
        "OTEL_TRACES_SAMPLER": "traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": str(SAMPLED),
        "OTEL_BSP_SCHEDULE_DELAY": "1000",
    }
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("wb") as log:
        Path(folder, "provider-key").write_text("sk-benchmark", "utf-8")
        config = Path(folder, "dragoman.toml")
        config.write_text(text, "utf-8")
        program = ["-m", "cProfile", "-o", profile] if profile else []
        command = [*program, "-m", "dragoman", "serve", "--config", str(config)]
        more = {"env": {**os.environ, **variables}, "stderr": log} if features in _ON else {}
        with _process(command, core, **more) as process:
            listens = _line(process)
            yield Process(process.pid, int(listens.split()[3].rpartition(":")[2]))


@contextmanager
def _process(words: Sequence[str], core: int | None, **more: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **more
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        yield process
    finally:
        process.stdin.close()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        sys.exit(f"benchmarks: {process.args!r} ended with {process.wait()}")
    return line
