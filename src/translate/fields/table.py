"""The disposition table: what becomes of every field of a client at every target.

One text for each client's dialect lists its fields, a row each::

    FIELD [= SAMPLE] [(MODELS)] | TARGETS OUTCOME | TARGETS OUTCOME ...

``FIELD`` is a JSON pointer with ``*`` for an index or any key; ``:TAG`` behind a step is the ``type`` or ``role`` of
the thing there, and ``TAG*`` the beginning of one; ``/**`` after it means all that is below it, too. ``SAMPLE`` is a
value by which the row is tried; without one it is that of the smallest request around the field.
``MODELS`` names the set of models, or the circumstances, with which it is tried, where these are not the plain ones. A
field with several forms has a row for each. A line that begins with white space goes on with the row before; ``# ``
begins a section.

``TARGETS`` are names of ``TARGETS``, or of ``GROUPS`` of them by the dialect they speak, or ``*`` for all others. What
becomes of the field there:

==================  ==================================================================================================
``=``               it is sent at the same place, as it is
``/x/*/y``          it is sent at that place, as it is
``/x/*/y JSON``     it is sent at that place, in those words
``form``            it is said by the form of what is sent: what kind of thing something is
``url TEXT``        it is said by the address, which holds this text
``header NAME``     it is said by a request header
``here``            Dragoman itself does it, on the way back
``.``               it says nothing: with or without it, the same is sent
``~SEVERITY``       it is bent, which is a loss; ``=``, a place and words, or ``form`` may follow
``-SEVERITY``       it is dropped, which is a loss
``!``               it is refused, whatever the policy
==================  ==================================================================================================

Losses of other fields that come with it follow as ``& /field -SEVERITY``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import orjson

from ..records import Severity
from ..records.losses import SEVERITIES
from ..records.quick import record
from . import anthropic, bedrock, gemini, openai_chat, openai_responses

TEXTS: Final[Mapping[str, str]] = MappingProxyType({
    "openai_chat": openai_chat.ROWS,
    "openai_responses": openai_responses.ROWS,
    "anthropic": anthropic.ROWS,
    "gemini": gemini.ROWS,
    "bedrock": bedrock.ROWS,
})  # fmt: skip
"""Client's dialect -> its fields."""

TARGETS: Final = (
    "openai", "responses", "azure", "xai", "groq", "compatible", "anthropic", "vertex_claude", "bedrock", "gemini",
    "vertex",
)  # fmt: skip
"""Providers, where one that speaks two dialects is two: ``responses`` is OpenAI's newer surface."""

GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "chat": ("openai", "azure", "xai", "groq", "compatible"),
    "messages": ("anthropic", "vertex_claude"),
    "google": ("gemini", "vertex"),
})  # fmt: skip
"""Targets that speak one dialect."""


@record
class Cell:
    """What becomes of a field at a target.

    Attributes:
        outcome: ``kept``, ``form``, ``url``, ``header``, ``here``, ``nothing``, ``bent``, ``dropped`` or ``refused``.
        severity: of the loss, for what is bent or dropped.
        place: where it is sent: a pointer, the words of an address, a header's name.
        words: what is sent there as JSON, where it is not the field's value.
        others: losses of other fields that come with it: (pointer, kind, severity).
    """

    outcome: str
    severity: Severity | None = None
    place: str | None = None
    words: str | None = None
    others: tuple[tuple[str, str, Severity], ...] = ()


@record
class Row:
    """A field of a client's dialect, or one form of it.

    Attributes:
        dialect: the client's.
        section: the heading that it stands under.
        field: its pointer.
        sample: a value as JSON; None when the smallest request around the field has one.
        whole: whether the row speaks for all that is below the field, too.
        models: the set of models that it is tried with.
        cells: target -> what becomes of it there.
    """

    dialect: str
    section: str
    field: str
    sample: str | None
    whole: bool
    models: str
    cells: Mapping[str, Cell]

    @property
    def name(self) -> str:
        """The row in one line, without its cells."""
        sample = f" = {self.sample}" if self.sample is not None else ""
        models = f" ({self.models})" if self.models != "plain" else ""
        return f"{self.field}{'/**' if self.whole else ''}{sample}{models}"


@functools.cache
def rows(dialect: str) -> tuple[Row, ...]:
    """All rows of a client's dialect, in the table's order."""
    return tuple([_row(dialect, section, line) for section, line in _lines(TEXTS[dialect])])


@functools.cache
def severities(dialect: str) -> Mapping[str, Severity]:
    """Pointer of a field -> the severity of its own loss: the mildest, since with the thing that holds it more is lost.

    A field is listed without tags, and with that of its last step.
    """
    found: dict[str, Severity] = {}
    for row in rows(dialect):
        lost = [cell.severity for cell in row.cells.values() if cell.severity and cell.outcome == "dropped"]
        if lost:
            severity = max(lost, key=SEVERITIES.index)
            above, _, step = row.field.rpartition("/")
            found.setdefault(f"{untagged(above)}/{step}", severity)
            found.setdefault(untagged(row.field), severity)
    return found


@functools.cache
def neutral(dialect: str) -> Mapping[str, tuple[Any, ...]]:
    """Pointer of a field, without tags -> values of it that say nothing at several targets: what is so anyway."""
    found: dict[str, tuple[Any, ...]] = {}
    for row in rows(dialect):
        if row.sample is not None and sum(cell.outcome == "nothing" for cell in row.cells.values()) > 1:
            field = untagged(row.field)
            found[field] = (*found.get(field, ()), orjson.loads(row.sample))
    return found


def untagged(field: str) -> str:
    """A field's pointer without the tags of its items."""
    return _TAG.sub("", field)


_TAG: Final = re.compile(r":[\w.*-]+(?=/|$)")
_MODELS: Final = re.compile(r" \((\w+)\)$")
_KINDS: Final = {"~": "approximated", "-": "dropped", "+": "added"}
_WORDS: Final = {"form": "form", "here": "here", ".": "nothing", "!": "refused"}


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """(section, row) with continued lines joined."""
    section = line = ""
    for part in text.splitlines():
        if part[:1] == " ":
            # What does not begin a cell goes on with a value.
            line += part if part.lstrip()[:1] == "|" else part.strip()
            continue
        if line:
            yield section, line
        line = ""
        if part.startswith("# "):
            section = part[2:]
        else:
            line = part
    if line:
        yield section, line


def _row(dialect: str, section: str, line: str) -> Row:
    head, *parts = [part.strip() for part in re.split(r" +\| +", line)]
    models = _MODELS.search(head)
    field, equals, sample = head[: models.start() if models else None].partition(" = ")
    field = field.strip()
    whole = field.endswith("/**")
    field = field.removesuffix("/**")
    told: dict[str, Cell] = {}
    for part in parts:
        names, cell = _cell(field, part)
        told.update(dict.fromkeys(names, cell))
    cells = {}
    for target in TARGETS:
        group = next((name for name, members in GROUPS.items() if target in members), "")
        found = told.get(target) or told.get(group) or told.get("*")
        if found is None:
            raise ValueError(f"{dialect}: no outcome for {target}: {line}")
        cells[target] = found
    unknown = told.keys() - {*TARGETS, *GROUPS, "*"}
    if unknown:
        raise ValueError(f"{dialect}: unknown target {', '.join(unknown)}: {line}")
    value = sample.strip() if equals else None
    return Row(dialect, section, field, value, whole, models[1] if models else "plain", cells)


def _cell(field: str, text: str) -> tuple[list[str], Cell]:
    text, *others = text.split(" & ")
    names = text.split(" ")
    at = next((at for at, word in enumerate(names) if not re.fullmatch(r"\*|[a-z_]+", word) or word in _SAID), None)
    if at is None or at == 0:
        raise ValueError(f"no targets, or no outcome: {text}")
    outcome, _, rest = " ".join(names[at:]).partition(" ")
    return names[:at], _outcome(field, outcome, rest, tuple(map(_other, others)))


_SAID: Final = frozenset({"form", "here", "url", "header"})


def _outcome(field: str, word: str, rest: str, others: tuple[tuple[str, str, Severity], ...]) -> Cell:
    if word in _WORDS:
        return Cell(_WORDS[word], others=others)
    if word in ("url", "header"):
        return Cell(word, place=rest, others=others)
    if word == "=":
        return Cell("kept", place=untagged(field), words=rest or None, others=others)
    if word[0] == "/":
        return Cell("kept", place=word, words=rest or None, others=others)
    if word[0] in "~-":
        place, _, words = rest.removeprefix("form").partition(" ")
        place = untagged(field) if place == "=" else place
        outcome = "bent" if word[0] == "~" else "dropped"
        return Cell(outcome, _severity(word[1:]), place or None, words or None, others)
    raise ValueError(f"unknown outcome: {word} {rest}")


def _other(text: str) -> tuple[str, str, Severity]:
    path, word = text.strip().split(" ")
    return path, _KINDS[word[0]], _severity(word[1:])


def _severity(word: str) -> Severity:
    if word not in SEVERITIES:
        raise ValueError(f"unknown severity: {word}")
    return word
