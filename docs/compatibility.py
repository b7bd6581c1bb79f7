# ruff: noqa: INP001 - a script
"""The tables of `compatibility.md`, made from the disposition table."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

import attrs
from dragoman.translate.fields.table import TARGETS, Cell, Row, rows

HEADS: Final[Mapping[str, str]] = {
    "openai": "OpenAI",
    "responses": "OpenAI (Responses)",
    "azure": "Azure",
    "xai": "xAI",
    "groq": "Groq",
    "compatible": "other chat servers",
    "anthropic": "Anthropic",
    "vertex_claude": "Vertex (Claude)",
    "bedrock": "Bedrock",
    "gemini": "Gemini",
    "vertex": "Vertex",
}
KEPT: Final = frozenset({"kept", "form", "url", "header", "here"})
LONGEST: Final = 60
LONGEST_IN_NOTE: Final = 160


def summary(dialect: str) -> Iterable[tuple[str, ...]]:
    """(section, how many fields are kept, bent, lost and refused at each target) of each section."""
    for section, its in _sections(dialect):
        yield (section, *(_counted(row.cells[target] for row in its) for target in TARGETS))


def _sections(dialect: str) -> Iterable[tuple[str, list[Row]]]:
    for section, its in groupby(rows(dialect), lambda row: row.section):
        yield section, list(its)


def _counted(cells: Iterable[Cell]) -> str:
    found = Counter(_kind(cell) for cell in cells)
    return " ".join(f"{found[kind]}{sign}" for kind, sign in _SIGNS.items() if found[kind])


_SIGNS: Final = {"kept": "✓", "bent": "≈", "dropped": "-", "refused": "✗"}


def _kind(cell: Cell) -> str:
    return "kept" if cell.outcome in KEPT else cell.outcome


class Notes:
    """Footnotes of one table, each once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a note."""
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def lines(self) -> str:
        """All notes."""
        return "".join(f"\n{number}. {text}" for text, number in self._numbers.items())


def cell_words(cell: Cell, notes: Notes) -> str:
    """A cell for readers."""
    if cell.outcome in KEPT:
        words = "✓"
    elif cell.outcome == "nothing":
        return ""
    elif cell.outcome == "refused":
        return "✗"
    elif cell.outcome == "dropped":
        words = f"- {cell.severity}"
    else:
        told = _short(cell.words or "", LONGEST_IN_NOTE) if cell.place else ""
        place = f"sent as `{cell.place}`{f' {told}' if told else ''}" if cell.place else "sent in another form"
        words = f"≈{notes.number(f'{place}; {cell.severity}')}"
    for path, kind, severity in cell.others:
        words += f" +{notes.number(f'`{path}` is {kind}, too; {severity}')}"
    return words


def _short(words: str, longest: int = LONGEST) -> str:
    if not words:
        return ""
    return f"`{words}`" if len(words) <= longest else f"`{words[:longest]}…`"


def field_words(row: Row) -> str:
    """A row's field for readers: a tag in brackets, and the sample where forms differ."""
    words = f"`{row.field}{'/…' if row.whole else ''}`"
    if row.sample is not None:
        words += f" = {_short(row.sample)}"
    return words if row.models == "plain" else f"{words}, {row.models} models"


@attrs.frozen
class Section:
    """A section as readers see it.

    Attributes:
        title: its heading.
        everywhere: the fields that every provider is told.
        heads: of the columns; targets at which all other fields fare alike share one.
        lines: of the table: the fields that fare alike, and how they do at the targets of each column.
        notes: the footnotes of its signs.
    """

    title: str
    everywhere: Sequence[str]
    heads: Sequence[str]
    lines: Sequence[tuple[str, ...]]
    notes: str


def sections(dialect: str) -> Iterable[Section]:
    """All sections of a client's dialect."""
    for title, its in _sections(dialect):
        notes = Notes()
        told = [(field_words(row), tuple(cell_words(row.cells[target], notes) for target in TARGETS)) for row in its]
        everywhere = [field for field, cells in told if set(cells) == {"✓"}]
        rest = [(field, cells) for field, cells in told if set(cells) != {"✓"}]
        columns: dict[tuple[str, ...], list[int]] = {}
        for place in range(len(TARGETS)):
            columns.setdefault(tuple(cells[place] for _, cells in rest), []).append(place)
        heads = [", ".join(HEADS[TARGETS[place]] for place in places) for places in columns.values()]
        lines = [
            ("<br>".join(field for field, _ in alike), *(cells[places[0]] for places in columns.values()))
            for cells, alike in groupby(rest, lambda line: line[1])
        ]
        yield Section(title, everywhere, heads, lines, notes.lines())
