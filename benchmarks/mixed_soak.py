"""Mixed clients against failing providers, for minutes: `python -m benchmarks.mixed_soak --clients 200 --seconds 600`.

A gateway on a core of its own, with keys, limits, routes, a ledger and metrics. On the other core, in this process,
clients of five dialects before it (streams, whole answers, tools, clients that leave, clients that read slowly), and
providers of four behind it, of whose answers one in ten fails in one of all known ways. What is asked and what fails
follows from the seed. At the end every request is accounted for: what its client got, what its providers did and what
the ledger says must agree; and the gateway must be as it was before.
"""

import argparse
import asyncio
import gc
import itertools
import os
import resource
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import attrs
import httpx
from rich.console import Console

from .machine import keep, machine, words
from .mixed import plan
from .mixed.clients import Client, Outcome
from .mixed.providers import Providers
from .mixed.serving import KEY, Served, config_text, serving
from .mixed.verdicts import Row, problems, tokens, unheard
from .processes import cores

MEGABYTES: Final = 10.0
"""What memory may grow by, from the first third of the time after the start to the last."""
_WARM_UP: Final = 0.2
_WARMING: Final = 60
_SHOWN: Final = 30
_SETTLE_SECONDS: Final = 30.0
_RAMP_SECONDS: Final = 2.0
_RELOAD_SECONDS: Final = 1.0


@attrs.define
class Soak:
    """A run.

    Attributes:
        seed: of all that happens.
        faulty: whether providers fail.
        outcomes: of the requests, as their clients saw them.
        memory: megabytes of the gateway, at even times.
        next: number of the next request.
        reloads: how often the configuration was read anew, and what went wrong with that.
    """

    seed: int
    faulty: bool = True
    outcomes: list[Outcome] = attrs.field(factory=list)
    memory: list[float] = attrs.field(factory=list)
    next: int = 0
    reloads: Counter[str] = attrs.field(factory=Counter)

    async def client(self, port: int, until: float, delay: float) -> None:
        """Be a client for as long as that."""
        await asyncio.sleep(delay)
        client = Client(port, KEY)
        while time.monotonic() < until:
            wish = plan.wish(self.seed, self.next)
            self.next += 1
            await asyncio.sleep(wish.pause)
            self.outcomes.append(await client.ask(wish))
        client.close()

    async def watch(self, served: Served, every: float) -> None:
        """Look at the gateway's memory from time to time."""
        while True:
            self.memory.append(served.megabytes())
            await asyncio.sleep(every)


async def _reload(soak: Soak, served: Served, text: str, every: float) -> None:
    """Add a route again and again, and see how soon it is there; every third time the file is at fault."""
    async with httpx.AsyncClient(timeout=20, trust_env=False, headers={"authorization": f"Bearer {KEY}"}) as client:
        models = f"http://127.0.0.1:{served.port}/v1/models/"
        for turn in itertools.count():
            await asyncio.sleep(every)
            name = f"new-{turn}"
            route = f"\n[routes.{name}]\ntargets = ['openai/{plan.MODELS['openai']}']\n"
            broken = turn % 3 == 2
            served.config.write_text(text + route + "mistaken = 1\n" * broken, "utf-8")
            began = time.monotonic()
            served.process.send_signal(signal.SIGHUP)
            if broken:
                await asyncio.sleep(1)
            while not (there := (await client.get(models + name)).status_code == 200) and not broken:
                if time.monotonic() - began > _RELOAD_SECONDS:
                    soak.reloads["a new route that is not in use within a second"] += 1
                    break
                await asyncio.sleep(0.02)
            if broken and (there or "mistaken" not in served.log.read_text("utf-8")):
                soak.reloads["a file at fault that changes something, or is not spoken of"] += 1
            elif broken and (await client.get(f"{models}new-{turn - 1}")).status_code != 200:
                soak.reloads["a file at fault that takes a route away"] += 1
            soak.reloads["done"] += 1


async def _warm_up(soak: Soak, served: Served, providers: Providers) -> None:
    """Whatever begins with the first requests is there before anything is counted: an answer of every kind."""

    async def ask(number: int) -> None:
        client = Client(served.port, KEY)
        await client.ask(attrs.evolve(plan.wish(soak.seed + 1, number), behaviour="reads"))
        client.close()

    faulty, providers.faulty = providers.faulty, False
    await asyncio.gather(*(ask(number) for number in range(-_WARMING, 0)))
    providers.faulty = faulty
    providers.attempts.clear()


async def _settled(served: Served, sockets: int, tasks: int) -> tuple[int, int]:
    """Sockets and tasks that are more than before, once there are no more or time is up."""
    until = time.monotonic() + _SETTLE_SECONDS
    while True:
        left = served.sockets() - sockets, served.tasks() - tasks
        if left <= (0, 0) or time.monotonic() > until:
            return left
        await asyncio.sleep(0.25)


async def drive(
    soak: Soak, folder: Path, clients: int, seconds: float, core: int | None, reload_every: float | None = None
) -> dict[str, Any]:
    """Everything between the gateway's start and its end, and what was found."""
    providers = Providers(soak.seed, faulty=soak.faulty)
    ports = await providers.start()
    text = config_text(ports, f"sqlite:{folder}/ledger")
    with serving(folder, text, core) as served:
        served.metric("none")  # whatever begins with the first request
        sockets, tasks = served.sockets(), served.tasks()
        await _warm_up(soak, served, providers)
        gc.collect()
        gc.freeze()  # a full collection here would be counted as the gateway's slowness
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(soak.watch(served, max(seconds / 300, 0.2)))
            reloading = None
            if reload_every is not None:
                reloading = group.create_task(_reload(soak, served, text, reload_every))
            ramp = min(_RAMP_SECONDS, seconds / 4)
            async with asyncio.TaskGroup() as crowd:
                for number in range(clients):
                    crowd.create_task(soak.client(served.port, began + seconds, ramp * number / clients))
            watching.cancel()
            if reloading is not None:
                reloading.cancel()
        taken = time.monotonic() - began
        providers.hang_up()
        left = await _settled(served, sockets, tasks)
        in_flight = served.metric("dragoman_requests_in_flight")
        counted = served.metric("dragoman_requests_total") - _WARMING
        metered = served.metric("dragoman_tokens_total")
        served.process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(served.process.wait, 20)
    providers.stop()
    after = After(left, in_flight, counted, metered, status)
    log = sum(f'"request_id":"Soak-{soak.seed}-' in line for line in served.log.open(encoding="utf-8"))
    speed = {"seconds_taken": round(taken, 1), "per_second": round(len(soak.outcomes) / taken, 1)}
    return {**speed, **_report(soak, providers, folder / "ledger", log, after)}


@attrs.frozen
class After:
    """What there is when everybody has gone.

    Attributes:
        left: sockets and tasks that are more than before.
        in_flight, counted, tokens: requests under way, requests and tokens, by the metrics.
        status: of the gateway's exit.
    """

    left: tuple[int, int]
    in_flight: float
    counted: float
    tokens: float
    status: int


def _report(soak: Soak, providers: Providers, ledger: Path, log: int, after: After) -> dict[str, Any]:
    """What was found, once the gateway is gone.

    Args:
        soak: the run.
        providers: of it.
        ledger: the file.
        log: lines of requests in the access log.
        after: what there was at the end.
    """
    rows = _rows(ledger, soak.seed)
    found = _account(soak, providers, rows)
    if providers.unknown:
        found["providers were asked without a marker"] = providers.unknown[:_SHOWN]
    entries = sum(map(len, rows.values()))
    heard = len(soak.outcomes) - sum(
        unheard(outcome, providers.attempts.get(outcome.wish.number, ()), rows.get(outcome.wish.marker, ()))
        for outcome in soak.outcomes
    )
    for name, value, right in (
        ("sockets left", after.left[0], 0), ("tasks left", after.left[1], 0), ("exit status", after.status, 0),
        ("requests in flight", after.in_flight, 0), ("requests in the metrics", after.counted, heard),
        ("entries in the ledger", entries, heard), ("lines in the access log", log, heard),
        ("tokens in the metrics", after.tokens, _all_tokens(ledger)),
    ):  # fmt: skip
        if value > right or (name not in ("sockets left", "tasks left") and value != right):
            found[name] = [f"{value}, not {right}"]
    found |= {name: [str(count)] for name, count in soak.reloads.items() if name != "done"}
    return {
        "problems": {name: list(cases) for name, cases in found.items()},
        "requests": len(soak.outcomes),
        "unheard": len(soak.outcomes) - heard,
        "seconds_longest": round(max((outcome.seconds for outcome in soak.outcomes), default=0.0), 1),
        "attempts": sum(map(len, providers.attempts.values())),
        "outcomes": dict(sorted(Counter(map(_kind, soak.outcomes)).items())),
        "reloads": soak.reloads["done"],
        "faults": dict(sorted(_faults(providers).items())),
        "tokens": [sum(tokens(row)[place] for several in rows.values() for row in several) for place in (0, 1)],
        "failed_tokens": sum(row["failed_tokens"] for several in rows.values() for row in several),
        "counted": dict(sorted(Counter(str(row["counted"]) for several in rows.values() for row in several).items())),
        "usd": round(sum(row["cost"] or 0 for several in rows.values() for row in several), 4),
        "sockets_left": after.left[0],
        "tasks_left": after.left[1],
        "megabytes_in_time": _tenths(soak.memory),
        **_memory(soak.memory),
    }


def _rows(path: Path, seed: int) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        for row in connection.execute("SELECT * FROM dragoman_requests WHERE request_id LIKE ?", [f"Soak-{seed}-%"]):
            found[row["request_id"]].append(row)
    return found


def _all_tokens(path: Path) -> int:
    """Those of every entry, failed attempts' too."""
    buckets = "fresh + cache_read + cache_write + cache_write_long + audio_in + text + reasoning + audio_out"
    with closing(sqlite3.connect(path)) as connection:
        (number,) = connection.execute(f"SELECT SUM({buckets} + failed_tokens) FROM dragoman_requests").fetchone()
        return int(number)


def _account(soak: Soak, providers: Providers, rows: dict[str, list[Row]]) -> defaultdict[str, list[str]]:
    """What is wrong with any request, by what it is."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for outcome in soak.outcomes:
        wish = outcome.wish
        attempts = providers.attempts.get(wish.number, [])
        for problem in problems(outcome, attempts, rows.get(wish.marker, [])):
            kind = f"{wish.dialect} -> {wish.model}{', stream' * wish.stream}{', tools' * wish.tools}, {wish.behaviour}"
            seen = [(attempt.provider, attempt.fault) for attempt in attempts]
            entered = [(row["error"], row["attempts"], row["latency_ms"]) for row in rows.get(wish.marker, [])]
            case = f"{wish.marker} ({kind}; {seen}; {entered}): {problem}"
            found["".join(part for part in problem if not part.isdigit())[:60]].append(case)
    return found


def _faults(providers: Providers) -> Counter[str]:
    return Counter(attempt.fault or "none" for several in providers.attempts.values() for attempt in several)


def _kind(outcome: Outcome) -> str:
    if outcome.left:
        return "left"
    if outcome.status != 200:
        return str(outcome.status)
    return "stream with an error" if outcome.said.error else "answered"


def _memory(samples: Sequence[float]) -> dict[str, float]:
    after = samples[int(len(samples) * _WARM_UP) :] or [0.0]
    third = max(1, len(after) // 3)
    first, last = (sum(part) / len(part) for part in (after[:third], after[-third:]))
    return {
        "megabytes": round(last, 1),
        "megabytes_most": round(max(samples), 1),
        "megabytes_grown": round(last - first, 1),
    }


def _tenths(samples: Sequence[float]) -> list[float]:
    return [round(samples[place * (len(samples) - 1) // 10], 1) for place in range(11)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Soak, print, write JSON; exit 1 when a promise does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mixed_soak", description=__doc__)
    parser.add_argument("--clients", type=int, default=200, help="at once (default 200)")
    parser.add_argument("--seconds", type=float, default=600.0, help="how long (default 600)")
    parser.add_argument("--seed", type=int, default=1, help="of what is asked and what fails (default 1)")
    parser.add_argument("--reload-every", type=float, metavar="SECONDS", help="read a new configuration so often")
    parser.add_argument("--dry", action="store_true", help="write no JSON")
    parser.add_argument("--sound", action="store_true", help="no provider fails")
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False, markup=False)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    on = machine()
    console.print(words(on))
    ours, its = cores() or (None, None)
    if ours is not None:
        os.sched_setaffinity(0, {ours})
    soak = Soak(options.seed, not options.sound)
    with tempfile.TemporaryDirectory() as folder:
        results = asyncio.run(drive(soak, Path(folder), options.clients, options.seconds, its, options.reload_every))
    for key, value in results.items():
        if key != "problems":
            console.print(f"{key.replace('_', ' '):>16}  {value}")
    for problem, cases in results["problems"].items():
        console.print(f"\n{len(cases)} x {problem}")
        for case in cases[:3]:
            console.print(f"    {case}")
    if not options.dry:
        run = {"clients": options.clients, "seconds": options.seconds, "seed": options.seed}
        path = keep("mixed-soak", on, {**run, **results})
        console.print(f"written: {path.relative_to(path.parents[2])}")
    if results["problems"] or results["megabytes_grown"] > MEGABYTES:
        console.print(f"promised: every request accounted for, nothing left behind, {MEGABYTES:g} MB grown at most")
        sys.exit(1)


if __name__ == "__main__":
    main()
