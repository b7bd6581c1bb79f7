"""Runs tests over one mutant, each mutant in a process of its own.

Inside functions a mutant is *live*: a fork of the process that has collected the tests gets the changed code object.
Where the change would show at import only (tables, records, defaults) it is *cold*: a fork of a process that has
imported everything but the core imports the core with the change, collects and runs.
"""

import contextlib
import functools
import importlib.abc
import importlib.machinery
import importlib.util
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import hypothesis
import pytest

from . import preload
from .catalogue import ROOT, Mutant
from .coverage_map import PLAIN

SURVIVED, KILLED, CUT = 0, 1, 3
"""How a child ends: all tests passed; one failed; the budget ended before the tests did."""
WORDS = {SURVIVED: "survived", KILLED: "killed", CUT: "survived"}
STARTING = 120.0
"""Seconds that an import and a collection may take."""


def quick_laws() -> None:
    """A law that fails need not look for the smallest example."""
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutants",
        phases=phases,
        report_multiple_bugs=False,
        print_blob=False,
        derandomize=True,
        database=None,
        deadline=None,
    )
    hypothesis.settings.load_profile("mutants")


class Verdict:
    """A pytest plugin that notes whether a test failed."""

    failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed


def run(items: list[Any], seconds: list[float], budget: float, verdict: Verdict, tell: Callable[[int], Any]) -> int:
    """Run tests until one fails or the budget of processor time is spent; ``tell`` gets the place of each before it."""
    began = time.process_time()
    for place, item in enumerate(items):
        if time.process_time() - began > budget:
            return CUT
        tell(place)
        # One that never ends counts as noticed: the signals' default is to end the process.
        signal.setitimer(signal.ITIMER_PROF, 3 + 10 * seconds[place])
        signal.setitimer(signal.ITIMER_REAL, 60 + 60 * seconds[place])
        following = items[place + 1] if items[place + 1 :] else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if verdict.failed:
            return KILLED
    return SURVIVED


def bounded() -> None:
    """A mutant may not take the machine's memory, nor be heard."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)


def live(
    mutant: Mutant | None, items: list[Any], seconds: list[float], budget: float, verdict: Verdict
) -> tuple[str, int]:
    """The outcome of a mutant of a function (None is no mutant), and the place of the last test that ran."""
    change = None if mutant is None else swap(mutant)
    there, here = os.pipe()
    child = os.fork()
    if not child:
        code = KILLED
        try:
            bounded()
            if change is not None:
                change()
            code = run(items, seconds, budget, verdict, lambda place: os.write(here, place.to_bytes(4, "big")))
        finally:
            os._exit(code)
    os.close(here)
    with os.fdopen(there, "rb") as told:
        places = told.read()
    _, status = os.waitpid(child, 0)
    return _outcome(os.waitstatus_to_exitcode(status)), int.from_bytes(places[-4:], "big")


def _outcome(code: int) -> str:
    return WORDS.get(code, "killed") if code >= 0 else "timeout"


def swap(mutant: Mutant) -> Callable[[], None] | None:
    """What puts a mutant's code into the functions that live; None when there is no such function to be found."""
    scope = ".".join(mutant.change.scope)
    codes = [code for code in _codes(mutant.code()) if code.co_qualname == scope]
    functions = [one for one in _functions(sys.modules[mutant.module]) if one.__code__.co_qualname == scope]
    pairs = [(one, code) for one in functions for code in codes if _same(one.__code__, code)]
    if not pairs:
        return None

    def change() -> None:
        for function, code in pairs:
            function.__code__ = code
        for name, module in list(sys.modules.items()):
            if name.startswith("dragoman.translate"):
                for value in vars(module).values():
                    if hasattr(value, "cache_clear"):
                        value.cache_clear()

    return change


def _same(one: CodeType, other: CodeType) -> bool:
    return one.co_firstlineno == other.co_firstlineno and one.co_freevars == other.co_freevars


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    """The functions and methods of a module, without what is wrapped around them."""
    for value in vars(module).values():
        inside = vars(value).values() if isinstance(value, type) and value.__module__ == module.__name__ else (value,)
        for item in inside:
            function = item.fget if isinstance(item, property) else getattr(item, "__wrapped__", None) or item
            function = getattr(function, "__func__", function)
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                yield function


class Changed(importlib.machinery.SourceFileLoader):
    """Loads a module with a change in it."""

    mutant: Mutant

    def get_code(self, fullname: str) -> CodeType:
        return self.mutant.code()


class Finder(importlib.abc.MetaPathFinder):
    """Finds the one module that is changed."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != self.mutant.module:
            return None
        loader = Changed(fullname, str(self.mutant.path))
        loader.mutant = self.mutant
        return importlib.util.spec_from_file_location(fullname, self.mutant.path, loader=loader)


class Chosen(Verdict):
    """A pytest plugin that runs some tests in their order."""

    def __init__(self, names: list[str], seconds: list[float], budget: float, told: Any) -> None:
        self.names, self.seconds, self.budget, self.told = names, seconds, budget, told
        self.code = KILLED

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            return True
        known = {item.nodeid: item for item in session.items}
        chosen = [(place, known[name]) for place, name in enumerate(self.names) if name in known]
        seconds = [self.seconds[place] for place, _ in chosen]
        # A test that is gone with the mutant has not noticed it.
        self.code = run(
            [item for _, item in chosen], seconds, self.budget, self, lambda place: self.told.send(chosen[place][0])
        )
        return True


def _cold(mutant: Mutant | None, names: list[str], seconds: list[float], budget: float, told: Any) -> None:
    code = KILLED
    try:
        os.chdir(ROOT)
        bounded()
        quick_laws()
        if mutant is not None:
            sys.meta_path.insert(0, Finder(mutant))
        plugin = Chosen(names, seconds, budget, told)
        pytest.main([*PLAIN, *dict.fromkeys(name.partition("::")[0] for name in names)], plugins=[plugin])
        code = plugin.code
    finally:
        os._exit(code)


@functools.cache
def _server() -> Any:
    """Processes that have imported all but the core and its tests."""
    context = multiprocessing.get_context("forkserver")
    preload.write()
    context.set_forkserver_preload(["tests.mutants.preloaded"])
    return context


def cold(mutant: Mutant | None, names: list[str], seconds: list[float], budget: float) -> tuple[str, int]:
    """The outcome of a mutant that is there from the import on, and the place of the last test that ran."""
    there, here = multiprocessing.Pipe(duplex=False)
    child = _server().Process(target=_cold, args=(mutant, names, seconds, budget, here))
    child.start()
    here.close()
    place, ends = 0, time.monotonic() + STARTING + 4 * budget
    with contextlib.suppress(EOFError):
        while there.poll(max(0.0, ends - time.monotonic())):
            place = there.recv()
    child.join(max(0.0, ends - time.monotonic()))
    if child.exitcode is None:
        child.kill()
        child.join()
    return _outcome(child.exitcode or 0), place
