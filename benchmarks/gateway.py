"""What a running gateway costs, beside its floor: the same HTTP edge that hands on bytes nobody looks at.

The gateway is one worker on a core of its own; it checks keys and writes no access log. OpenAI clients are in front of
it, canned providers behind: they share the other core, and how much they can do without a gateway is printed as the
ceiling. Every way is measured in each round, one after the other, so that whatever slows the machine down slows all.
Each number is the best of its rounds: the least time, the most requests.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from . import loader, processes, upstream
from .machine import keep, machine, words
from .measure import CONNECTIONS, PACED, Plan, measure

COLUMNS: Final = ("", "way", "CPU us", "x floor", "a second", "added p50 us", "added p99 us")


def _cells(rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """The table without its head: one line for each row."""
    for row in rows:
        latency = ("", "") if row["what"] == PACED else (f"{row['added_p50_us']:,.0f}", f"{row['added_p99_us']:,.0f}")
        yield (
            row["what"],
            row["way"],
            f"{row['cpu_us']:,.1f}" if row["cpu_us"] < 100 else f"{row['cpu_us']:,.0f}",
            f"{row['times_floor']:.2f}",
            f"{row['per_second']:,.0f}",
            *latency,
        )


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(title="one request, or one event of a stream")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column in ("", "way") else "right")
    for before, row, cells in zip((None, *rows), rows, _cells(rows), strict=False):
        if before is not None and before["what"] != row["what"]:
            table.add_section()
        table.add_row(*cells)
    return table


def _markdown(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield f"| {' | '.join(COLUMNS)} |"
    yield f"|{'|'.join('---' if column in ('', 'way') else '---:' for column in COLUMNS)}|"
    for cells in _cells(rows):
        yield f"| {' | '.join(cells)} |"


def _notes(results: dict[str, Any]) -> Iterator[str]:
    """What is to be said beside the table."""
    memory, idle = results["megabytes"], results["idle"]
    yield (
        f"a second: from {CONNECTIONS} connections; the load by {results['load']} and the stand-in, without anything "
        f"between them, do {results['ceiling_per_second']:,.0f} requests of the medium body"
    )
    yield ("added: to what one connection sees without anything between; a stream's is to the first byte of an event")
    yield (
        f"stream: {upstream.EVENTS} text deltas at once, {upstream.EVENTS_IN_A_WRITE} in a write; {PACED}: one in a "
        f"write, every {upstream.PACE_SECONDS * 1000:g} ms"
    )
    yield (
        f"memory: gateway {memory['gateway']:.0f} MB, floor {memory['floor']:.0f} MB; gateway beside "
        f"{idle['connections']} idle connections to the provider {idle['megabytes']:.0f} MB"
    )
    yield (
        f"a medium request to {idle['way']} beside those: {idle['cpu_us']:,.0f} us of CPU, without them "
        f"{idle['cpu_us_without']:,.0f}"
    )
    times = max(row["times_bare"] for row in results["all_on"])
    told = ", ".join(f"{row['what']} {row['cpu_us']:,.0f} / {row['bare_cpu_us']:,.0f} us" for row in results["all_on"])
    yield (
        f"all on (key with limits, ledger, metrics, access log, {processes.SAMPLED:.0%} of traces, a route) beside a "
        f"bare gateway, openai -> anthropic: {told}; at most {times:.2f} x"
    )
    told = ", ".join(f"{row['what']} {row['unlimited_cpu_us'] / row['bare_cpu_us']:.2f} x" for row in results["all_on"])
    yield f"the same without limits of the key: {told}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gateway", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="only see that everything runs: a few seconds")
    parser.add_argument("--seconds", type=float, default=0.5, help="for each sample (default 0.5)")
    parser.add_argument("--rounds", type=int, default=10, help="samples of each kind (default 10)")
    parser.add_argument("--driver", help="[server] driver of the gateway, and the floor's (default: the gateway's own)")
    parser.add_argument("--own-load", action="store_true", help="send no load by wrk, even if it is installed")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--profile", metavar="FILE", help="run the gateway under cProfile and write its statistics")
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    if not Path("/proc/self/schedstat").exists():
        console.print("the CPU time of another process is read from /proc, which this system does not have")
        return
    on = machine()
    console.print(words(on))
    cores = processes.cores()
    apart = (
        f"gateway and floor on core {cores[1]}, load and stand-in on core {cores[0]}" if cores else "all on one core"
    )
    wrk = None if options.own_load or options.smoke else loader.WRK
    rounds, seconds = (1, 0.1) if options.smoke else (options.rounds, options.seconds)
    console.print(f"{apart}; best of {rounds} rounds")
    results = measure(Plan(rounds, seconds, cores, wrk, options.driver, options.profile))
    if options.markdown:
        print("\n".join(_markdown(results["rows"])))
    else:
        console.print(_table(results["rows"]))
    for note in _notes(results):
        console.print(note)
    path = keep("gateway", on, results)
    console.print(f"written: {path.relative_to(path.parents[2])}")


if __name__ == "__main__":
    main()
