"""Which tests run which lines of the core, what each costs, and what it reads: measured once, kept on disk.

Measured in forks of the process that has collected the tests, since a tracer costs time. Tests that fail are left out,
and so are tests that start a process, in which there is no mutant.
"""

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
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import coverage
import pytest

from .catalogue import CORE, ROOT, files

FOLDER = Path(os.environ.get("DRAGOMAN_MUTANTS", ROOT / ".mutants"))
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


def core_modules() -> list[str]:
    """Every module of the core."""
    names = [file.removesuffix(".py").removesuffix("__init__").rstrip("/") for file in files()]
    return [".".join(["dragoman", "translate", *filter(None, name.split("/"))]) for name in names]


def _tracer() -> coverage.Coverage:
    return coverage.Coverage(data_file=None, source=[str(CORE)], branch=False, config_file=False)


def imported() -> None:
    """Print the lines that run when the core is imported, in a process that has not imported it."""
    tracer = _tracer()
    tracer.start()
    for name in core_modules():
        importlib.import_module(name)
    tracer.stop()
    data = tracer.get_data()
    lines = {Path(path).relative_to(CORE).as_posix(): data.lines(path) for path in data.measured_files()}
    sys.stdout.write(json.dumps(lines))


def measure(items: list[pytest.Item], verdict: Any) -> Map:
    """The map of some collected tests; its tests are run."""
    tracer, found = _tracer(), Map()
    watch = _Watch()
    sys.addaudithook(watch)
    good = 0
    tracer.start()
    for number, item in enumerate(items):
        tracer.switch_context(str(number))
        verdict.failed = watch.started = False
        watch.opened = set()
        began = time.process_time()
        following = items[number + 1] if items[number + 1 :] else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        found.seconds.append(time.process_time() - began)
        # One that fails is measured again when it does not.
        found.names.append("" if verdict.failed else item.nodeid)
        found.reads.append(sorted(watch.opened)[:20])
        good |= (not verdict.failed and not watch.started) << number
    tracer.stop()
    data = tracer.get_data()
    for path in data.measured_files():
        file = Path(path).relative_to(CORE).as_posix()
        for line, contexts in data.contexts_by_lineno(path).items():
            flags = bytearray(len(items) // 8 + 1)
            for context in filter(str.isdigit, contexts):
                flags[int(context) >> 3] |= 1 << (int(context) & 7)
            bits = int.from_bytes(flags, "little") & good
            if bits:
                found.lines[file, line] = bits
    return found


class _Watch:
    """An audit hook that notes the files a test opens, the core's own among them, and whether it starts a process."""

    def __init__(self) -> None:
        self.opened: set[str] = set()
        self.started = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path = str(arguments[0])
            if path.endswith((".json", ".jsonl", ".txt")) or (path.endswith(".py") and path.startswith(str(CORE))):
                self.opened.add(path)
        elif event in ("subprocess.Popen", "os.fork"):
            self.started = True


STORED = FOLDER / "map.pickle"


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _core_digest() -> str:
    return _digest(*sorted(CORE.rglob("*.py")))


def _file_digests(names: Iterable[str]) -> dict[str, str]:
    found = {name.partition("::")[0] for name in names if name}
    return {file: _digest(ROOT / file, *_helpers(ROOT / file)) for file in found if (ROOT / file).exists()}


def _helpers(file: Path) -> list[Path]:
    """What lies beside a file of tests, and is none."""
    paths = file.parent.rglob("*")
    return sorted(path for path in paths if path.suffix in (".py", ".jsonl") and not path.name.startswith("test_"))


def load(*, keep: bool) -> Map:
    """What is known of tests that have not changed since; of no tests when the core has, unless it is to be kept."""
    FOLDER.mkdir(exist_ok=True)
    known = Map()
    if STORED.exists():
        core, digests, stored = pickle.loads(STORED.read_bytes())
        if keep or core == _core_digest():
            known = stored
            same = digests if keep else _file_digests(known.names)
            gone = {file for file in digests if digests[file] != same.get(file)}
            known.names = ["" if name.partition("::")[0] in gone else name for name in known.names]
    command = [sys.executable, "-c", "from tests.mutants.coverage_map import imported; imported()"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    known.importing = {(file, line) for file, lines in json.loads(printed).items() for line in lines}
    return known


def complete(known: Map, items: list[pytest.Item], jobs: int, verdict: Any) -> None:
    """Measure the tests that are not known, in forks, and keep the whole on disk."""
    there = set(known.names)
    missing = [item for item in items if item.nodeid not in there]
    if not missing:
        return
    outs = [FOLDER / f"part-{job}.pickle" for job in range(jobs)]
    children = [fork(functools.partial(_measured, missing[job::jobs], verdict, out)) for job, out in enumerate(outs)]
    for child, out in zip(children, outs, strict=True):
        if os.waitpid(child, 0)[1]:
            raise SystemExit("The tests could not be measured.")
        known.add(pickle.loads(out.read_bytes()))
        out.unlink()
    STORED.write_bytes(pickle.dumps((_core_digest(), _file_digests(known.names), known)))


def _measured(items: list[pytest.Item], verdict: Any, out: Path) -> None:
    out.write_bytes(pickle.dumps(measure(items, verdict)))


def fork(work: Callable[[], Any]) -> int:
    """The id of a child that does some work; its status is 0 when that raised nothing."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - it is shown, and the status tells
        traceback.print_exc()
    finally:
        os._exit(code)
