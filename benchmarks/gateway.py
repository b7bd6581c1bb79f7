"""What a running gateway costs: one worker on a core of its own, OpenAI clients in front, a canned Anthropic behind.

The gateway checks keys and writes no access log. The load and the stand-in share the other core; how much they can do
without the gateway is printed first, as the ceiling. CPU time is the gateway process's own, as the kernel counts it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import attrs
from rich.console import Console
from rich.table import Table

from . import bodies, upstream
from .loader import Load, http_request, run
from .machine import keep, machine, words

KEY: Final = "dgm_benchmark"
CONNECTIONS: Final = 16
IDLE: Final = 500
GATEWAY_PATH: Final = "/v1/chat/completions"
CONFIG: Final = """
[server]
port = 0
access_log = false

[accounts.claude]
provider = "anthropic"
api_key = "file:provider-key"
base_url = "http://127.0.0.1:{port}"

[keys.benchmark]
hash = "sha256:{digest}"
models = ["claude/*"]
"""


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


@contextmanager
def _process(command: Sequence[str], core: int | None) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        sys.exit(f"benchmarks.gateway: {process.args!r} ended with {process.wait()}")
    return line


@contextmanager
def _upstream(core: int | None) -> Iterator[Process]:
    with _process([sys.executable, "-m", "benchmarks.upstream"], core) as process:
        yield Process(process.pid, int(_line(process)))


@contextmanager
def _gateway(port: int, core: int | None, profile: str | None) -> Iterator[Process]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "provider-key").write_text("sk-benchmark", "utf-8")
        config = Path(folder, "dragoman.toml")
        config.write_text(CONFIG.format(port=port, digest=sha256(KEY.encode()).hexdigest()), "utf-8")
        program = ["-m", "cProfile", "-o", profile] if profile else []
        command = [sys.executable, *program, "-m", "dragoman", "serve", "--config", str(config)]
        with _process(command, core) as process:
            listens = _line(process)
            yield Process(process.pid, int(listens.split()[3].rpartition(":")[2]))


@attrs.frozen
class Sample:
    """A load, and what the gateway spent on it."""

    load: Load
    cpu: float

    @property
    def per_request(self) -> float:
        """Microseconds of CPU time for each request."""
        return self.cpu / self.load.requests * 1e6

    @property
    def per_event(self) -> float:
        """Microseconds of CPU time for each event."""
        return self.cpu / self.load.events * 1e6

    @property
    def busy(self) -> float:
        """Share of a core that the gateway used."""
        return self.cpu / self.load.seconds


def _sample(gateway: Process, request: bytes, connections: int, seconds: float) -> Sample:
    run(gateway.port, request, connections, seconds / 5)
    before = gateway.cpu_seconds()
    load = run(gateway.port, request, connections, seconds)
    return Sample(load, gateway.cpu_seconds() - before)


def _requests() -> dict[str, bytes]:
    """What the clients send, by name."""

    def through(size: str, **more: Any) -> bytes:
        body = bodies.request_body("openai_chat", size, f"claude/{upstream.MODEL}", **more)
        return http_request(GATEWAY_PATH, body, [("authorization", f"Bearer {KEY}")])

    direct = bodies.request_body("anthropic", "medium", upstream.MODEL)
    hold = [{"role": "user", "content": f"hold {IDLE}"}]
    return {
        "direct": http_request("/v1/messages", direct, [("x-api-key", "sk-benchmark")]),
        "whole": through("medium"),
        "paced": through("medium", stream=True),
        "saturated": through("medium", stream=True, user="saturate"),
        "hold": through("small", messages=hold),
    }


def measure(seconds: float, profile: str | None, cores: tuple[int, int] | None) -> dict[str, Any]:
    """Everything, as numbers."""
    ours, its = cores or (None, None)
    if ours is not None:
        os.sched_setaffinity(0, {ours})
    requests = _requests()
    with ExitStack() as stack:
        behind = stack.enter_context(_upstream(ours))
        gateway = stack.enter_context(_gateway(behind.port, its, profile))
        results: dict[str, Any] = {"seconds": seconds, "cores": cores, "connections": CONNECTIONS}
        run(behind.port, requests["direct"], CONNECTIONS, seconds / 5)
        ceiling = run(behind.port, requests["direct"], CONNECTIONS, seconds)
        results["ceiling"] = _of_load(ceiling)
        results["lone"] = _lone(behind, gateway, requests, seconds)
        results["load"] = _of_sample(_sample(gateway, requests["whole"], CONNECTIONS, seconds))
        results["streams_paced"] = _of_stream(_sample(gateway, requests["paced"], CONNECTIONS, seconds))
        results["streams_saturated"] = _of_stream(_sample(gateway, requests["saturated"], CONNECTIONS, seconds))
        results["megabytes"] = round(gateway.megabytes(), 1)
        # So many requests at once that the gateway opens so many connections, which it then keeps.
        run(gateway.port, requests["hold"], IDLE, seconds, turns=1)
        results["load_beside_idle"] = _of_sample(_sample(gateway, requests["whole"], CONNECTIONS, seconds))
        results["idle_connections"] = _connections_between(gateway, behind)
        results["megabytes_beside_idle"] = round(gateway.megabytes(), 1)
    return results


def _lone(behind: Process, gateway: Process, requests: dict[str, bytes], seconds: float) -> dict[str, Any]:
    """One client alone, without and with the gateway, in turns: the difference is the latency the gateway adds."""
    direct, through = Load(), Load()
    cpu = 0.0
    for _ in range(4):
        direct.latencies += run(behind.port, requests["direct"], 1, seconds / 4).latencies
        before = gateway.cpu_seconds()
        through.latencies += run(gateway.port, requests["whole"], 1, seconds / 4).latencies
        cpu += gateway.cpu_seconds() - before
    direct.latencies.sort()
    through.latencies.sort()
    return {
        "direct_p50_us": round(direct.latency(0.5)),
        "direct_p99_us": round(direct.latency(0.99)),
        "p50_us": round(through.latency(0.5)),
        "p99_us": round(through.latency(0.99)),
        "added_p50_us": round(through.latency(0.5) - direct.latency(0.5)),
        "added_p99_us": round(through.latency(0.99) - direct.latency(0.99)),
        "cpu_us": round(cpu / through.requests * 1e6, 1),
    }


def _of_load(load: Load) -> dict[str, Any]:
    return {
        "requests": load.requests,
        "requests_per_second": round(load.requests / load.seconds),
        "p50_us": round(load.latency(0.5)),
        "p99_us": round(load.latency(0.99)),
    }


def _of_sample(sample: Sample) -> dict[str, Any]:
    return {**_of_load(sample.load), "cpu_us": round(sample.per_request, 1), "busy": round(sample.busy, 3)}


def _of_stream(sample: Sample) -> dict[str, Any]:
    load = sample.load
    return {
        "streams": load.requests,
        "events": load.events,
        "events_per_second": round(load.events / load.seconds),
        "cpu_us_per_event": round(sample.per_event, 2),
        "first_event_p50_us": round(load.gaps[len(load.gaps) // 2] * 1e6),
        "busy": round(sample.busy, 3),
    }


def _connections_between(gateway: Process, behind: Process) -> int:
    """Open TCP connections to the stand-in's port that the gateway holds."""
    held = {str(link.readlink()) for link in Path(f"/proc/{gateway.pid}/fd").iterdir() if link.is_symlink()}
    port = f":{behind.port:04X}"
    count = 0
    for line in Path(f"/proc/{gateway.pid}/net/tcp").read_text("ascii").splitlines()[1:]:
        fields = line.split()
        count += fields[2].endswith(port) and fields[3] == "01" and f"socket:[{fields[9]}]" in held
    return count


def _tables(results: dict[str, Any]) -> Iterator[Table]:
    table = Table(title=f"whole replies, {CONNECTIONS} connections")
    for column in ("", "requests/s", "p50 us", "p99 us", "gateway CPU us/request", "gateway core busy"):
        table.add_column(column, justify="right" if column else "left")
    idle = f"gateway, {results['idle_connections']} connections open behind it"
    for name, key in (("ceiling: no gateway", "ceiling"), ("gateway", "load"), (idle, "load_beside_idle")):
        row = results[key]
        rest = (f"{row['cpu_us']:,.0f}", f"{row['busy']:.0%}") if "cpu_us" in row else ("", "")
        table.add_row(name, *(f"{row[word]:,}" for word in ("requests_per_second", "p50_us", "p99_us")), *rest)
    yield table
    lone = results["lone"]
    table = Table(title="whole replies, one connection")
    for column in ("", "p50 us", "p99 us", "gateway CPU us/request"):
        table.add_column(column, justify="right" if column else "left")
    table.add_row("no gateway", f"{lone['direct_p50_us']:,}", f"{lone['direct_p99_us']:,}", "")
    table.add_row("gateway", f"{lone['p50_us']:,}", f"{lone['p99_us']:,}", f"{lone['cpu_us']:,.0f}")
    table.add_row("added", f"{lone['added_p50_us']:,}", f"{lone['added_p99_us']:,}", "")
    yield table
    table = Table(title=f"streams of {upstream.EVENTS} text deltas, {CONNECTIONS} connections")
    for column in ("", "events/s", "gateway CPU us/event", "first event p50 us", "gateway core busy"):
        table.add_column(column, justify="right" if column else "left")
    paced = f"one event in a write, every {upstream.PACE_SECONDS * 1000:g} ms"
    saturated = f"{upstream.EVENTS_IN_A_WRITE} events in a write, at once"
    for name, key in ((paced, "streams_paced"), (saturated, "streams_saturated")):
        row = results[key]
        cells = (f"{row['events_per_second']:,}", f"{row['cpu_us_per_event']:,.1f}", f"{row['first_event_p50_us']:,}")
        table.add_row(name, *cells, f"{row['busy']:.0%}")
    yield table


def _cores() -> tuple[int, int] | None:
    """A core for the load and one for the gateway; None when there are not two."""
    usable = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (usable[0], usable[-1]) if len(usable) > 1 else None


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print tables, write JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gateway", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="only see that everything runs: a few seconds")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each measurement (default 5)")
    parser.add_argument("--profile", metavar="FILE", help="run the gateway under cProfile and write its statistics")
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    if not Path("/proc/self/schedstat").exists():
        console.print("the CPU time of another process is read from /proc, which this system does not have")
        return
    on = machine()
    console.print(words(on), highlight=False)
    cores = _cores()
    console.print(f"gateway on core {cores[1]}, load on core {cores[0]}" if cores else "gateway and load on one core")
    results = measure(0.3 if options.smoke else options.seconds, options.profile, cores)
    for table in _tables(results):
        console.print(table)
    console.print(
        f"memory of the gateway: {results['megabytes']:.0f} MB, beside {IDLE} open connections "
        f"{results['megabytes_beside_idle']:.0f} MB",
        highlight=False,
    )
    path = keep("gateway", on, results)
    console.print(f"written: {path.relative_to(path.parents[2])}", highlight=False)


if __name__ == "__main__":
    main()
