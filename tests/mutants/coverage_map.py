"""Which tests run which lines of the core, what each costs, and what it reads: measured once, kept on disk.

Measured in processes of their own, since a tracer costs time: ``python -m tests.mutants.coverage_map OUT PART PARTS``.
Tests that fail are left out, and so are tests that start a process, in which there is no mutant.
"""

import contextlib
import functools
import hashlib
import importlib
import json
import operator
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import coverage
import pytest

from .catalogue import CORE, ROOT, files

FOLDER = ROOT / ".mutants"
PLAIN = ["-q", "-s", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
"""How tests are run here: nobody reads what they print."""


class Map:
    """What is known of the tests.

    Attributes:
        names: of the tests, by number.
        seconds: what each costs, in processor time.
        reads: the files each opens.
        lines: (file, line) -> tests that run it, as the bits of an integer.
        importing: (file, line) that run when the core is imported.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.seconds: list[float] = []
        self.reads: list[list[str]] = []
        self.lines: dict[tuple[str, int], int] = {}
        self.importing: set[tuple[str, int]] = set()

    def add(self, other: "Map") -> None:
        """Put another part's tests behind one's own."""
        shift = len(self.names)
        self.names += other.names
        self.seconds += other.seconds
        self.reads += other.reads
        for spot, bits in other.lines.items():
            self.lines[spot] = self.lines.get(spot, 0) | bits << shift
        self.importing |= other.importing

    def tests(self, file: str, first: int, last: int) -> set[int]:
        """The tests that run one of some lines."""
        bits = functools.reduce(operator.or_, (self.lines.get((file, at), 0) for at in range(first, last + 1)), 0)
        return {at for at, bit in enumerate(reversed(f"{bits:b}")) if bit == "1"}

    def imported(self, file: str, first: int, last: int) -> bool:
        """Whether one of some lines runs at import."""
        return any((file, at) in self.importing for at in range(first, last + 1))


class Measuring:
    """A pytest plugin that runs every nth test under coverage."""

    def __init__(self, cover: coverage.Coverage, part: int, parts: int) -> None:
        self.cover, self.part, self.parts = cover, part, parts
        self.map = Map()
        self.bad: set[int] = set()
        self.failed = False
        self.opened: set[str] = set()
        self.started = False
        sys.addaudithook(self._watch)

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and arguments[0].endswith((".json", ".jsonl", ".txt")):
            self.opened.add(arguments[0])
        elif event in ("subprocess.Popen", "os.fork"):
            self.started = True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items[self.part :: self.parts]
        self.cover.start()
        for number, item in enumerate(items):
            self.cover.switch_context(str(number))
            self.failed = self.started = False
            self.opened = set()
            began = time.process_time()
            item.config.hook.pytest_runtest_protocol(
                item=item, nextitem=items[number + 1] if items[number + 1 :] else None
            )
            self.map.seconds.append(time.process_time() - began)
            self.map.names.append(item.nodeid)
            self.map.reads.append(sorted(self.opened)[:20])
            if self.failed or self.started:
                self.bad.add(number)
        self.cover.stop()
        return True

    def finish(self) -> Map:
        data = self.cover.get_data()
        good = ((1 << len(self.map.names)) - 1) & ~sum(1 << number for number in self.bad)
        for path in data.measured_files():
            file = Path(path).relative_to(CORE).as_posix()
            for line, contexts in data.contexts_by_lineno(path).items():
                if "import" in contexts:
                    self.map.importing.add((file, line))
                flags = bytearray(len(self.map.names) // 8 + 1)
                for context in contexts:
                    if context.isdigit():
                        flags[int(context) >> 3] |= 1 << (int(context) & 7)
                bits = int.from_bytes(flags, "little") & good
                if bits:
                    self.map.lines[file, line] = bits
        return self.map


def core_modules() -> list[str]:
    """Every module of the core."""
    names = [file.removesuffix(".py").removesuffix("__init__").rstrip("/") for file in files()]
    return [".".join(["dragoman", "translate", *filter(None, name.split("/"))]) for name in names]


def measure(paths: list[str], part: int, parts: int) -> Map:
    """The map of every nth test."""
    cover = coverage.Coverage(data_file=None, source=[str(CORE)], branch=False, config_file=False)
    cover.start()
    cover.switch_context("import")
    for name in core_modules():
        importlib.import_module(name)
    cover.switch_context("collect")
    cover.stop()
    plugin = Measuring(cover, part, parts)
    pytest.main([*PLAIN, *paths], plugins=[plugin])
    return plugin.finish()


def _state(paths: list[str]) -> dict[str, str]:
    """Digests of the core and of each folder of tests."""
    digests = {}
    for folder in [CORE, *[ROOT / path for path in paths]]:
        found = sorted(path for path in folder.rglob("*.py")) if folder.is_dir() else [folder]
        text = b"".join(path.read_bytes() for path in found)
        digests[str(folder.relative_to(ROOT))] = hashlib.sha256(text).hexdigest()
    return digests


def load(paths: list[str], jobs: int, *, keep: bool) -> Map:
    """The map, measured anew when tests or code are not those of last time, unless it is to be kept."""
    FOLDER.mkdir(exist_ok=True)
    name = hashlib.sha256(json.dumps(paths).encode()).hexdigest()[:8]
    stored, state = FOLDER / f"map-{name}.pickle", _state(paths)
    if stored.exists():
        known, whole = pickle.loads(stored.read_bytes())
        if keep or known == state:
            return whole
    outs = [FOLDER / f"part-{name}-{part}.pickle" for part in range(jobs)]
    commands = [
        [sys.executable, "-m", "tests.mutants.coverage_map", str(out), str(part), str(jobs), *paths]
        for part, out in enumerate(outs)
    ]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for command in commands]
    ends = [process.wait() for process in processes]
    if any(ends):
        raise SystemExit("The tests could not be measured.")
    whole = Map()
    for out in outs:
        whole.add(pickle.loads(out.read_bytes()))
        out.unlink()
    stored.write_bytes(pickle.dumps((state, whole)))
    return whole


def main() -> None:
    out, part, parts, *paths = sys.argv[1:]
    with contextlib.suppress(OSError):
        os.nice(10)
    found = measure(paths, int(part), int(parts))
    Path(out).write_bytes(pickle.dumps(found))


if __name__ == "__main__":
    from tests.mutants.coverage_map import main as run

    run()
