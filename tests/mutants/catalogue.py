"""All mutants of ``src/translate``, by module, and what a report says of one."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

from .operators import Change, Finder, mutate

ROOT = Path(__file__).parents[2]
CORE = ROOT / "src" / "translate"
TABLES = ("fields/", "models/", "providers/")
"""Module level of these is data: rows and entries are taken away, their values are not changed one by one."""
CODE = ("fields/table.py", "models/row.py", "providers/row.py")


class Mutant(NamedTuple):
    """One change of one module; ``number`` counts the changes of its file."""

    file: str
    number: int
    change: Change

    @property
    def module(self) -> str:
        steps = self.file.removesuffix(".py").removesuffix("__init__").rstrip("/").split("/")
        return ".".join(["dragoman", "translate", *filter(None, steps)])

    @property
    def path(self) -> Path:
        return CORE / self.file

    def code(self) -> CodeType:
        """The module's code with the change in it."""
        return compile(mutate(_source(self.file), self.number, table=_table(self.file))[0], str(self.path), "exec")

    def difference(self) -> tuple[str, str]:
        """The line before and after."""
        return mutate(_source(self.file), self.number, table=_table(self.file))[2:]


def _table(file: str) -> bool:
    return file.startswith(TABLES) and file not in CODE


@functools.cache
def _source(file: str) -> str:
    return (CORE / file).read_text("utf-8")


def files(only: str = "") -> list[str]:
    """Modules of the core below a path, which may be given from the root of the project or from the core."""
    below = only.removeprefix("src/translate").strip("/")
    names = sorted(path.relative_to(CORE).as_posix() for path in CORE.rglob("*.py"))
    return [name for name in names if not below or name == below or name.startswith(f"{below}/")]


def mutants(only: str = "") -> Iterator[Mutant]:
    """Every mutant, always in the same order."""
    for file in files(only):
        changes = Finder(table=_table(file)).changes(ast.parse(_source(file)))
        yield from (Mutant(file, number, change) for number, change in enumerate(changes))


class Names:
    """Who uses the value of a name: for mutants of tables, where no line of their own runs in a test."""

    def __init__(self) -> None:
        self.uses: list[tuple[str, set[str], set[str], tuple[int, int]]] = []
        for file in files():
            for node in ast.parse(_source(file)).body:
                self._note(file, node)

    def _note(self, file: str, node: ast.stmt) -> None:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            made = {node.name}
        else:
            made = {
                item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
            }
        used = {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)}
        used |= {item.attr for item in ast.walk(node) if isinstance(item, ast.Attribute)}
        self.uses.append((file, made, used, (node.lineno, node.end_lineno or node.lineno)))

    def lines(self, file: str, at: int) -> list[tuple[str, int, int]]:
        """Lines of all code that may see what the statement at a line of a file makes: (file, first, last)."""
        known = {
            name for where, made, _, span in self.uses if where == file and span[0] <= at <= span[1] for name in made
        }
        found: dict[tuple[str, int, int], None] = {}
        grown = True
        while grown:
            grown = False
            for where, made, used, span in self.uses:
                if used & known or made & known:
                    found[where, *span] = None
                    # What a function of a table's file makes is part of the table.
                    data = made if _table(where) else {name for name in made if name.isupper()}
                    if not data <= known:
                        known |= data
                        grown = True
        return list(found)


def as_json(mutant: Mutant, **more: Any) -> dict[str, Any]:
    """A mutant as the results show it."""
    before, after = mutant.difference()
    where = ".".join(mutant.change.scope)
    return {
        "file": mutant.file, "number": mutant.number, "line": mutant.change.place[0], "where": where,
        "operator": mutant.change.name, "before": before, "after": after, **more,
    }  # fmt: skip
