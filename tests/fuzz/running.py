"""The fuzzer's loop: cases made, run, counted; what is found made small."""

import gc
import random
import time
from collections import Counter
from typing import Any

import attrs

from .case import Case
from .corpus import Corpus, gather
from .minimise import fault_of, minimise
from .mutate import Json
from .targets import TARGETS, make, run
from .watch import Hang, blocks, bounded, resident

MEASURES = 12
"""How often memory is looked at."""
WARM = 0.25
"""The part of a run in which caches fill."""
MOST_GROWTH = 24_000_000
"""Bytes that may stay after that: what is kept for ever grows by more than that in some minutes."""


@attrs.define
class Found:
    """A finding: the smallest case, what is wrong with it, and how often it came."""

    case: Case
    words: str
    times: int = 1


@attrs.define
class Report:
    """What one process did.

    Attributes:
        runs: target -> executions.
        seconds: target -> processor time of these.
        news: seconds since the start, and how many different things had happened by then.
        memory: seconds since the start, bytes and objects held.
        found: kind -> finding.
    """

    seed: int
    runs: Counter[str] = attrs.field(factory=Counter)
    seconds: Counter[str] = attrs.field(factory=Counter)
    news: list[tuple[float, int]] = attrs.field(factory=list)
    memory: list[tuple[float, int, int]] = attrs.field(factory=list)
    found: dict[str, Found] = attrs.field(factory=dict)

    @property
    def growth(self) -> int:
        """Bytes that were added after the caches were full."""
        warm = [held for at, held, _ in self.memory if at >= WARM * self.memory[-1][0]]
        return warm[-1] - warm[0]


class Fuzzer:
    """One process's worth of fuzzing: deterministic by its seed, but for where the time ends it."""

    def __init__(self, seed: int, reader: str = "", corpus: Corpus | None = None) -> None:
        self.report = Report(seed)
        self.corpus = corpus or gather()
        self.names = [name for name in TARGETS if reader in name]
        self.weights = [TARGETS[name].weight for name in self.names]
        self.seen: set[tuple[str, str]] = set()

    def one(self, number: int) -> None:
        """Run the case of a number."""
        rng = random.Random(f"{self.report.seed} {number}")
        name = rng.choices(self.names, self.weights)[0]
        case = make(Json(rng, self.corpus), name)
        began = time.process_time()
        try:
            with bounded():
                happened = run(case)
        except (Exception, Hang):  # noqa: BLE001 - whatever it is, it is a finding
            self._finding(case)
        else:
            self.seen |= {(name, what) for what in happened}
        self.report.runs[name] += 1
        self.report.seconds[name] += time.process_time() - began

    def _finding(self, case: Case) -> None:
        found = fault_of(case)
        if found is None:
            kind, words = f"{case.target}: only now and then", "It failed, and did not fail again."
        else:
            kind, words = found
        before = self.report.found.get(kind)
        if before is not None:
            before.times += 1
        else:
            self.report.found[kind] = Found(case, words)

    def _measure(self, at: float) -> None:
        self.report.memory.append((at, resident(), blocks()))
        self.report.news.append((at, len(self.seen)))

    def for_seconds(self, seconds: float) -> Report:
        """Run for a time, then make what was found small."""
        gc.collect()
        gc.freeze()  # the corpus is looked at once
        start, number = time.monotonic(), 0
        self._measure(0.0)
        while (at := time.monotonic() - start) < seconds:
            self.one(number)
            number += 1
            if at > len(self.report.memory) * seconds / MEASURES:
                self._measure(at)
        self._measure(time.monotonic() - start)
        self.shrink(min(10.0, 60.0 / max(1, len(self.report.found))))
        return self.report

    def shrink(self, seconds: float) -> None:
        """Make every finding small."""
        for kind, finding in self.report.found.items():
            finding.case = minimise(finding.case, kind, seconds)
            found = fault_of(finding.case)
            finding.words = found[1] if found else finding.words


def fuzz(arguments: tuple[int, str, float]) -> Any:
    """Fuzz in a process of its own: seed, targets, seconds."""
    seed, reader, seconds = arguments
    return Fuzzer(seed, reader).for_seconds(seconds)
