# ruff: noqa: INP001 - a script
"""The tables of `compatibility.md`, made from the disposition table."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

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


def summary(dialect: str) -> Iterable[tuple[str, ...]]:
    """One line a section: how many fields are kept, bent, lost and refused at each target."""
    sections: dict[str, list[Row]] = {}
    for row in rows(dialect):
        sections.setdefault(row.section, []).append(row)
    for section, its in sections.items():
        yield (section, *(_counted(row.cells[target] for row in its) for target in TARGETS))


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
        told = _short(cell.words or "") if cell.place else ""
        place = f"sent as `{cell.place}`{f' {told}' if told else ''}" if cell.place else "sent in another form"
        words = f"≈{notes.number(f'{place}; {cell.severity}')}"
    for path, kind, severity in cell.others:
        words += f" +{notes.number(f'`{path}` is {kind}, too; {severity}')}"
    return words


def _short(words: str) -> str:
    if not words:
        return ""
    return f"`{words}`" if len(words) <= LONGEST else f"`{words[:LONGEST]}…`"


def field_words(row: Row) -> str:
    """A row's field for readers: a tag in brackets, and the sample where forms differ."""
    words = f"`{row.field}{'/…' if row.whole else ''}`"
    if row.sample is not None:
        words += f" = {_short(row.sample)}"
    return words if row.models == "plain" else f"{words}, {row.models} models"


def sections(dialect: str) -> Iterable[tuple[str, list[tuple[str, ...]], str]]:
    """(heading, lines of the table, footnotes) of each section."""
    found: dict[str, list[Row]] = {}
    for row in rows(dialect):
        found.setdefault(row.section, []).append(row)
    for section, its in found.items():
        notes = Notes()
        lines = [(field_words(row), *(cell_words(row.cells[target], notes) for target in TARGETS)) for row in its]
        yield section, lines, notes.lines()
