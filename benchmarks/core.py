"""What translating costs: requests, replies and stream events, each beside its floor.

The floor is parsing and writing the same bytes with orjson and nothing else. A case and its floor are measured in turns
within one round, so that whatever slows the machine down slows both. Garbage collection stays on, as in production.
"""

import argparse
import gc
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import attrs
import orjson
from dragoman.translate import boundary
from rich.console import Console
from rich.table import Table

from . import answers, bodies
from .machine import keep, machine, words

# From a client's dialect to a provider and a model of it.
ROUTES: Final = (
    ("openai_chat", "anthropic", "claude-sonnet-4-5"),
    ("anthropic", "openai", "gpt-4.1"),
    ("openai_chat", "openai", "gpt-4.1"),
    ("anthropic", "anthropic", "claude-sonnet-4-5"),
)
DIALECT_OF: Final = {"openai": "openai_chat", "anthropic": "anthropic"}
STAMP: Final = {"now": 1_750_000_000, "id": "a1b2c3d4e5f6a1b2c3d4e5f6"}
EVENTS_IN_A_READ: Final = 20
IMPORT_RUNS: Final = 11

Work = Callable[[], object]


@attrs.frozen
class Case:
    """Something to measure.

    Attributes:
        group, name, size: where it stands in the table.
        count: how many bytes, of the body or of one event.
        work: does it once.
        floor: what it is compared with, once.
        units: how many events one call is.
    """

    group: str
    name: str
    size: str
    count: int
    work: Work
    floor: Work
    units: int = 1


@attrs.frozen
class Timing:
    """Microseconds of one unit of work."""

    least: float
    median: float


def cases() -> Iterator[Case]:
    """Everything that is measured."""
    for client, provider, model in ROUTES:
        for size in bodies.SIZES:
            yield _request(client, provider, model, size)
    for client, provider, model in ROUTES:
        for size in answers.REPLY_SIZES:
            yield _reply(client, provider, model, size)
    for client, provider, model in ROUTES:
        for kind in answers.KINDS:
            for events in (1, EVENTS_IN_A_READ):
                yield _stream(client, provider, model, kind, events)


def _floor(*bodies_: bytes) -> Work:
    loads, dumps = orjson.loads, orjson.dumps
    if len(bodies_) == 1:
        body = bodies_[0]
        return lambda: dumps(loads(body))

    def several() -> None:
        for body in bodies_:
            dumps(loads(body))

    return several


def _request(client: str, provider: str, model: str, size: str) -> Case:
    body = bodies.request_body(client, size, f"account/{model}")
    head = orjson.dumps({"to": provider, "from": client, "model": model, **STAMP})
    _require(boundary.request(head, body).status == 200, f"{client} to {provider}, {size}: refused")
    name = _route(client, provider)
    return Case("request", name, size, len(body), lambda: boundary.request(head, body), _floor(body))


def _context(client: str, provider: str, model: str, **more: Any) -> Any:
    body = bodies.request_body(client, "small", f"account/{model}", **more)
    answer = boundary.request(orjson.dumps({"to": provider, "from": client, "model": model, **STAMP}), body)
    return orjson.loads(answer.head)["context"]


def _reply(client: str, provider: str, model: str, size: str) -> Case:
    body = answers.reply_body(DIALECT_OF[provider], size, model)
    head = orjson.dumps({"context": _context(client, provider, model), "status": 200, "headers": {}, **STAMP})
    _require(boundary.reply(head, body).status == 200, f"{provider} to {client}, {size}: not a reply")
    name = _route(provider, client)
    return Case("reply", name, size, len(body), lambda: boundary.reply(head, body), _floor(body))


def _stream(client: str, provider: str, model: str, kind: str, events: int) -> Case:
    stream = answers.stream(DIALECT_OF[provider], kind, model)
    context = _context(client, provider, model, stream=True)
    status, begun = boundary.open(orjson.dumps({"context": context, "status": 200, "headers": {}, **STAMP}))
    _require(status == 200, f"{provider} to {client}: no stream")
    # The first delta may open a block.
    begun, _ = boundary.feed(begun, stream.opening + stream.deltas[0])
    # Enough deltas to fill the reads.
    turns = -(-events // len(stream.deltas))
    deltas, payloads = stream.deltas * turns, stream.payloads * turns
    reads = tuple(b"".join(deltas[start : start + events]) for start in range(0, len(deltas), events))
    later, written = begun, 0
    for read in reads:
        later, out = boundary.feed(later, read)
        written += out.count(b"\n\n")
    _require(written == len(deltas), f"{provider} to {client}: {len(deltas)} events became {written}")
    later, ending = boundary.feed(later, stream.ending)
    _, closing = boundary.close(later)
    _require(not orjson.loads(closing)["truncated"] and ending, f"{provider} to {client}: the stream did not end")
    size = answers.KINDS[kind] + (f", {events} in a read" if events > 1 else "")
    length = round(sum(map(len, deltas)) / len(deltas))
    name = _route(provider, client)
    return Case("event", name, size, length, _feeder(begun, reads), _floor(*payloads), len(deltas))


def _feeder(pipe: Any, reads: tuple[bytes, ...]) -> Work:
    """A stream that goes on: each read continues where the one before it ended."""
    feed = boundary.feed

    def work() -> None:
        nonlocal pipe
        for read in reads:
            pipe, _ = feed(pipe, read)

    return work


def _require(condition: object, message: str) -> None:
    if not condition:
        sys.exit(f"benchmarks.core: {message}")


def _route(source: str, destination: str) -> str:
    return f"{source} -> {destination}".replace("openai_chat", "openai")


def measure(case: Case, rounds: int, batch_seconds: float) -> tuple[Timing, Timing]:
    """The timing of a case and of its floor."""
    works = (case.work, case.floor)
    counts = [_count(work, batch_seconds) for work in works]
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, count, times in zip(works, counts, taken, strict=True):
            times.append(_time(work, count) / count / case.units * 1e6)
    found = [Timing(min(times), statistics.median(times)) for times in taken]
    return found[0], found[1]


def _count(work: Work, seconds: float) -> int:
    """How often work must be repeated to take so long."""
    count = 1
    while (taken := _time(work, count)) < seconds / 4:
        count *= 2
    return max(1, round(count * seconds / taken))


def _time(work: Work, count: int) -> float:
    turns = range(count)
    began = time.perf_counter()
    for _ in turns:
        work()
    return time.perf_counter() - began


_IMPORT: Final = """
import time, attr, attrs, orjson
began = time.perf_counter()
import dragoman.translate.boundary
print(time.perf_counter() - began)
"""


def import_milliseconds(runs: int) -> Timing:
    """How long the core takes to import, beyond attrs and orjson: in new processes, compiled code cached."""
    command = [sys.executable, "-c", _IMPORT]
    with tempfile.TemporaryDirectory() as cache:
        # Whatever the surroundings say of compiled code: the first run caches it here.
        plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = plain | {"PYTHONPYCACHEPREFIX": cache}
        times = [
            float(subprocess.run(command, check=True, capture_output=True, env=environment).stdout) * 1e3
            for _ in range(runs + 1)
        ][1:]
    return Timing(min(times), statistics.median(times))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.core", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="only see that everything runs: a few seconds")
    parser.add_argument("--rounds", type=int, default=25, help="rounds for each case (default 25)")
    parser.add_argument("--only", default="", metavar="WORD", help="cases whose group, name or size has this word")
    options = parser.parse_args(arguments)
    rounds, batch = (2, 0.002) if options.smoke else (options.rounds, 0.01)
    console = Console(width=None if sys.stdout.isatty() else 120)
    on = machine()
    console.print(words(on), highlight=False)
    chosen = [case for case in cases() if options.only in f"{case.group} {case.name} {case.size}"]
    gc.collect()
    rows: list[dict[str, Any]] = []
    for group, members in itertools.groupby(chosen, key=lambda case: case.group):
        table = _new_table(group)
        for case in members:
            timing, floor = measure(case, rounds, batch)
            if rows and (rows[-1]["group"], rows[-1]["name"]) != (case.group, case.name):
                table.add_section()
            rows.append(_row(case, timing, floor))
            table.add_row(*_cells(rows[-1]))
        console.print(table)
    importing = import_milliseconds(1 if options.smoke else IMPORT_RUNS)
    console.print(
        f"import of dragoman.translate.boundary, attrs and orjson being there: {importing.least:.1f} ms "
        f"(median {importing.median:.1f})",
        highlight=False,
    )
    results = {
        "rounds": rounds,
        "cases": rows,
        "import_ms": attrs.asdict(importing),
    }
    path = keep("core", on, results)
    console.print(f"written: {path.relative_to(path.parents[2])}", highlight=False)


def _row(case: Case, timing: Timing, floor: Timing) -> dict[str, Any]:
    return {
        "group": case.group,
        "name": case.name,
        "size": case.size,
        "bytes": case.count,
        "us": round(timing.least, 3),
        "us_median": round(timing.median, 3),
        "floor_us": round(floor.least, 3),
        "floor_us_median": round(floor.median, 3),
        "ratio": round(timing.least / floor.least, 2),
    }


def _new_table(group: str) -> Table:
    table = Table(title=f"microseconds for one {group}")
    for column in ("from -> to", "what"):
        table.add_column(column)
    for column in ("bytes", "least", "median", "floor", "floor median", "ratio"):
        table.add_column(column, justify="right")
    return table


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    numbers = (row["us"], row["us_median"], row["floor_us"], row["floor_us_median"])
    return (
        row["name"],
        row["size"],
        f"{row['bytes']:,}",
        *(f"{number:,.1f}" for number in numbers),
        f"{row['ratio']:.2f}",
    )


if __name__ == "__main__":
    main()
