"""Where a key stands in a TOML file, so that messages can name the line. ``tomllib`` does not tell."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

KeyPath = tuple[str, ...]

_HEADER = re.compile(r"\s*(\[[^\[\]].*\])\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(r"\s*([^=\[\]{}#]+?)\s*=")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Key path -> line number (from 1) of every table header and every ``key =`` at the start of a line.

    Lines inside a multi-line string that look like assignments may add paths that do not exist; they hurt nobody.
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            path = _path_of(header[1])
            if path:
                table = path
                lines.setdefault(path, number)
        elif assignment := _ASSIGNMENT.match(line):
            path = _path_of(f"{assignment[1]} = 0")
            if path:
                lines.setdefault(table + path, number)
    return lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int | None:
    """The line of a key, of the first key inside it, or of the nearest table around it."""
    inside = [number for key, number in lines.items() if key[: len(path)] == path]
    if inside:
        return min(inside)
    for end in range(len(path), 0, -1):
        number = lines.get(path[:end])
        if number is not None:
            return number
    return None


def dotted(path: KeyPath) -> str:
    """A key path as TOML writes it."""
    return ".".join(key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}"' for key in path)


def _path_of(statement: str) -> KeyPath:
    """The keys of one TOML header or assignment; TOML's own parser knows about quotes and dots."""
    try:
        value: Any = tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while isinstance(value, dict) and len(value) == 1:
        key, value = next(iter(value.items()))
        path.append(key)
    return tuple(path)
