"""Fuzzes the pure core: `make fuzz ARGS='--seconds 60 --reader stream'`. Exit 1 when something is found.

Bodies, streams and heads of the goldens and the recordings are mutated and given to every call of the boundary and to
every reader. Whatever they are, nothing may be raised, errors must be the client's, the pieces of a stream must make no
difference, the same must be answered twice alike, nothing may be slow, kept, changed or told that is not to be.
"""

import argparse
import multiprocessing
import random
import sys
from pathlib import Path

from .case import write
from .running import MOST_GROWTH, Report, fuzz
from .targets import TARGETS


def _table(report: Report) -> list[str]:
    lines = [f"seed {report.seed}: {sum(report.runs.values())} executions", ""]
    for name, runs in sorted(report.runs.items()):
        lines.append(f"  {name:26} {runs:9,} {runs / max(report.seconds[name], 1e-9):9,.0f}/s")
    lines += ["", "  seconds   behaviours   memory     objects"]
    for (at, held, objects), (_, news) in zip(report.memory, report.news, strict=True):
        lines.append(f"  {at:7.0f} {news:12,} {held / 1e6:7.1f} MB {objects:10,}")
    return lines


def _findings(report: Report, folder: Path | None) -> list[str]:
    lines = []
    for number, (kind, found) in enumerate(sorted(report.found.items())):
        lines += ["", f"FOUND {kind} ({found.times} times, {found.case.target})", f"  head {found.case.head[:2000]!r}"]
        lines += [f"  piece {piece[:2000]!r}" for piece in found.case.pieces[:20]]
        lines.append("  " + found.words.strip().replace("\n", "\n  "))
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            write(folder / f"{report.seed}-{number}.json", found.case, kind)
    if report.growth > MOST_GROWTH:
        lines += ["", f"FOUND memory: {report.growth / 1e6:.1f} MB more than after the first quarter of the run"]
    return lines


def main() -> int:
    """Fuzz for a time."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=None, help="where to begin; by default somewhere")
    parser.add_argument("--reader", default="", help=f"only targets whose name holds this: {', '.join(TARGETS)}")
    parser.add_argument("--jobs", type=int, default=1, help="processes, each with a seed of its own")
    parser.add_argument("--save", type=Path, default=None, help="a folder for the cases that were found")
    args = parser.parse_args()
    if not any(args.reader in name for name in TARGETS):
        parser.error(f"no target is called {args.reader}")
    seed = random.SystemRandom().randrange(1 << 40) if args.seed is None else args.seed
    with multiprocessing.get_context("spawn").Pool(args.jobs) as pool:
        reports = pool.map(fuzz, [(seed + job, args.reader, args.seconds) for job in range(args.jobs)])
    bad = [line for report in reports for line in _findings(report, args.save)]
    for report in reports:
        sys.stdout.write("\n".join([*_table(report), ""]))
    sys.stdout.write("\n".join([*bad, ""]) if bad else "nothing found\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
