"""How many small changes of the core do its tests notice? `make mutants ARGS='--sample 600 --seed 1'`.

A sample of the mutants of ``src/translate`` is drawn by a seed, and each is given to the tests that run its lines. One
that no test notices within the budget *survives*; one that never ends counts as noticed. ARCHITECTURE.md says what the
figure means. Results and survivors are written to ``.mutants/``.
"""

import argparse
import gc
import json
import os
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from . import report
from .catalogue import ROOT, Mutant, as_json, mutants
from .choosing import Chooser
from .coverage_map import FOLDER, PLAIN, Map, complete, fork, load
from .running import Verdict, cold, live, quick_laws, swap

TESTS = ["tests/approved", "tests/core", "tests/probes", "tests/spec", "tests/fields", "tests/embeddings"]

MOST = 5000
"""Tests that a process for a cold mutant is told of."""


class Runner(Verdict):
    """A pytest plugin that runs, instead of the tests, the mutants over them."""

    def __init__(self, known: Map, chosen: list[Mutant], options: argparse.Namespace) -> None:
        self.map, self.chosen, self.options = known, chosen, options
        self.results: list[dict[str, Any]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        complete(self.map, session.items, self.options.jobs, self)
        self.chooser = Chooser(self.map, session.items)
        gc.collect()
        gc.freeze()
        jobs = self.options.jobs
        workers = [self._start(job, self.chosen[job::jobs]) for job in range(jobs)]
        for worker, out in workers:
            if os.waitpid(worker, 0)[1]:
                raise SystemExit("A worker failed.")
            self.results += [json.loads(line) for line in out.read_text("utf-8").splitlines()]
            out.unlink()
        killers = sorted({(result["cold"], result["by"]) for result in self.results if result["by"]})
        self.bad = [name for kind in (False, True) for name in self._fail_anyway(kind, killers)]
        return True

    def _start(self, job: int, some: list[Mutant]) -> tuple[int, Path]:
        out = FOLDER / f"out-{os.getpid()}-{job}.jsonl"
        return fork(lambda: self._work(some, out)), out

    def _work(self, some: list[Mutant], out: Path) -> None:
        with out.open("w", encoding="utf-8") as file:
            for mutant in some:
                file.write(json.dumps(self.judge(mutant)) + "\n")
                file.flush()

    def judge(self, mutant: Mutant) -> dict[str, Any]:
        """What became of a mutant."""
        order = self.chooser.tests(mutant)
        seconds = [self.map.seconds[number] for number in order]
        names = [self.map.names[number] for number in order]
        outcome, place, late = "survived", 0, self.chooser.cold(mutant) or swap(mutant) is None
        if late and order:
            # Their tests are less sure to be near: more of them are asked.
            outcome, place = cold(mutant, names[:MOST], seconds, 4 * self.options.budget)
        elif order:
            items = [self.chooser.items[number] for number in order]
            outcome, place = live(mutant, items, seconds, self.options.budget, self)
        by = names[place] if outcome == "killed" else ""
        return as_json(mutant, outcome=outcome, by=by, cold=late, tests=len(order))

    def _fail_anyway(self, late: bool, killers: list[tuple[bool, str]]) -> list[str]:
        """Tests that noticed mutants and fail without one too: there are none, or the figures are void."""
        names = [name for kind, name in killers if kind == late]
        numbers = {name: number for number, name in enumerate(self.map.names)}
        seconds = [self.map.seconds[numbers[name]] for name in names]
        if not names:
            return []
        if late:
            outcome, place = cold(None, names, seconds, 600)
        else:
            items = [self.chooser.items[numbers[name]] for name in names]
            outcome, place = live(None, items, seconds, 600, self)
        return [] if outcome == "survived" else [names[place]]


def options_of(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=600, metavar="N", help="how many mutants; 0 is all (600)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="draws the sample (1)")
    parser.add_argument("--only", default="", metavar="PATH", help="a file or folder of src/translate")
    parser.add_argument("--budget", type=float, default=20, metavar="SECONDS", help="processor time a mutant (20)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    parser.add_argument("--nice", type=int, default=10, help="how much everything else comes first (10)")
    parser.add_argument("--keep-map", action="store_true", help="do not measure changed tests and code anew")
    parser.add_argument("--again", metavar="FILE", help="the survivors of an earlier result, nothing else")
    parser.add_argument("tests", nargs="*", help=f"files or folders of tests ({', '.join(TESTS)})")
    return parser.parse_args(arguments)


def choose(options: argparse.Namespace) -> list[Mutant]:
    """The mutants that the options ask for."""
    every = list(mutants(options.only))
    if options.again:
        return report.again(every, options.again)
    if not options.sample or options.sample >= len(every):
        return every
    return random.Random(options.seed).sample(every, options.sample)


def main(arguments: list[str]) -> int:
    options = options_of(arguments)
    os.nice(options.nice)
    # Processes that make no bytecode: a mutant's would outlive it.
    sys.dont_write_bytecode = True
    paths = options.tests or [path for path in TESTS if (ROOT / path).is_dir()]
    known = load(keep=options.keep_map)
    runner = Runner(known, choose(options), options)
    quick_laws()
    pytest.main([*PLAIN, "--no-header", "--no-summary", *paths], plugins=[runner])
    out = FOLDER / f"result-{options.seed}.json"
    return report.show(runner.results, runner.bad, out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
