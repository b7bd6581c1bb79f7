"""Values put in places, as lines of data say: ``thinking.budget_tokens={budget}``.

A line is ``place=value``. The place is keys joined by dots. The value is a word in braces, which stands for a known
value (a line whose word is not known says nothing), or JSON, or else a string.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

import orjson


def spell(lines: Iterable[str], words: Mapping[str, Any], body: dict[str, Any]) -> None:
    """Put what the lines say into a body."""
    for line in lines:
        place, value = _line(line)
        if type(value) is Word:
            if words.get(value) is None:
                continue
            value = words[value]
        at = body
        for key in place[:-1]:
            # A copy: what stands there may be the client's own.
            at[key] = dict(at.get(key) or {})
            at = at[key]
        at[place[-1]] = value


def words_in(lines: Iterable[str]) -> frozenset[str]:
    """The words that lines stand open for."""
    return frozenset(str(value) for _, value in map(_line, lines) if type(value) is Word)


class Word(str):
    """The name of a value that is known only when the line is used."""

    __slots__ = ()


@functools.cache
def _line(line: str) -> tuple[tuple[str, ...], Any]:
    place, _, text = line.partition("=")
    value: Any = text
    if text.startswith("{") and text.endswith("}") and text[1:-1].isidentifier():
        value = Word(text[1:-1])
    else:
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            value = text
    return tuple(place.split(".")), value
