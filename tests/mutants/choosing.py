"""The tests that may notice a mutant, the most promising first."""

import functools
import inspect
from pathlib import Path
from typing import Any

from .catalogue import Mutant, Names
from .coverage_map import Map

NEAR = 30
"""How much earlier a test comes that is about the very module."""


class Chooser:
    """Orders tests by what they cost, how many of their kind went before, and whether they say the mutant's words."""

    def __init__(self, known: Map, items: list[Any]) -> None:
        numbers = {name: number for number, name in enumerate(known.names)}
        self.map = known
        self.items = {numbers[item.nodeid]: item for item in items if item.nodeid in numbers}
        self.names = Names()

    def cold(self, mutant: Mutant) -> bool:
        """Whether a mutant shows only when the core is imported with it."""
        return not mutant.change.live or self.map.imported(mutant.file, *mutant.change.span)

    def tests(self, mutant: Mutant) -> list[int]:
        """Numbers of tests in the order to run them."""
        near = self.map.tests(mutant.file, *mutant.change.place) & self.items.keys()
        order = self._ordered(mutant, near, broad=False)
        if not self.cold(mutant):
            return order
        # What runs the line comes first, as in a function that another one makes: a table's line runs in no test.
        found: set[int] = set()
        for spot in self.names.lines(mutant.file, mutant.change.place[0]):
            found |= self.map.tests(*spot)
        # Who reads the module's own text looks at all that it holds.
        found |= {number for number, paths in enumerate(self.map.reads) if str(mutant.path) in paths}
        return order + self._ordered(mutant, (found & self.items.keys()) - near, broad=True)

    def _ordered(self, mutant: Mutant, found: set[int], *, broad: bool) -> list[int]:
        words = mutant.change.words[:6]
        price = {number: (self.map.seconds[number] + 0.002) / (1 + 3 * self._said(number, words)) for number in found}
        for number in found:
            if self._is_near(number, mutant):
                price[number] /= NEAR
        kinds: dict[str, int] = {}
        for number in sorted(found, key=price.__getitem__):
            kind = self.map.names[number].partition("[")[0]
            kinds[kind] = kinds.get(kind, 0) + 1
            # Where no line tells which tests are near, one of each kind goes first.
            price[number] *= kinds[kind] if not broad or kinds[kind] == 1 else 100 * kinds[kind]
        return sorted(found, key=price.__getitem__)

    def _is_near(self, number: int, mutant: Mutant) -> bool:
        """Whether a test reads the module, or its file names it."""
        return str(mutant.path) in self.map.reads[number] or _says(str(self.items[number].path), mutant.module)

    def _said(self, number: int, words: tuple[str, ...]) -> float:
        item = self.items[number]
        texts = (*self.map.reads[number], item)
        heard = 0.0
        for rank, word in enumerate(words):
            if word in item.nodeid or any(
                _says(text if isinstance(text, str) else text.function, word) for text in texts
            ):
                heard += 1 / (1 + rank)
            elif _says(str(item.path), word):
                heard += 0.1 / (1 + rank)
        return heard


@functools.cache
def _text(of: Any) -> str:
    if isinstance(of, str):
        path = Path(of)
        return path.read_text("utf-8", "replace") if path.exists() else ""
    try:
        return inspect.getsource(inspect.unwrap(of))
    except (OSError, TypeError):
        return ""


@functools.cache
def _says(of: Any, word: str) -> bool:
    return word in _text(of)
