"""Every table of the core says what was approved: a change of one is seen here, beside what it does to bodies.

A line is one entry of a table: the module, the name, the key and what stands there. Rows of records say the columns
that differ from their defaults, and records say their defaults. ``pytest tests/approved --accept -n 0`` writes the
file.
"""

import ast
import importlib
import pkgutil
import re
import struct
import types
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import dragoman.translate
import pytest

FILE = Path(__file__).with_name("tables.txt")
LONG = 2000
"""Characters of a text above which it is told by its sum: the disposition tables, whose every row has a test."""


def modules() -> list[str]:
    """The names of the core's modules."""
    found = pkgutil.walk_packages(dragoman.translate.__path__, "dragoman.translate.")
    # The rows of these are approved in models.jsonl, as the boundary tells them.
    told = {f"dragoman.translate.models.{family}" for family in ("claude", "gpt", "gemini", "grok", "groq")}
    return sorted(info.name for info in found if info.name not in told)


def said(value: Any) -> str:
    """A value in words that are the same in every process."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{said(key)}: {said(item)}" for key, item in value.items()) + "}"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(map(said, value))) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(said, value)) + "]"
    if isinstance(value, re.Pattern):
        return f"/{value.pattern!r}/{value.flags}"
    if attrs.has(type(value)):
        fields = attrs.fields(type(value))
        told = {f.name: getattr(value, f.name) for f in fields}
        return f"{type(value).__name__}(" + ", ".join(
            f"{f.name}={said(told[f.name])}" for f in fields if f.default is attrs.NOTHING or told[f.name] != f.default
        ) + ")"  # fmt: skip
    if isinstance(value, struct.Struct) or callable(value):
        return called(value)
    if isinstance(value, str) and len(value) > LONG:
        return f"a text of {len(value)} characters, {zlib.crc32(value.encode()):08x}"
    return repr(value)


def called(value: Any) -> str:
    """A function by its name, and what it was made with."""
    if isinstance(value, struct.Struct):
        return f"Struct {value.format}"
    name: str = getattr(value, "__qualname__", type(value).__qualname__)
    cells = [cell.cell_contents for cell in getattr(value, "__closure__", None) or ()]
    made = [item for item in cells if not isinstance(item, type) and item is not value]
    return f"{name} of {said(made)}" if made and "<locals>" in name else name


def assigned(module: types.ModuleType) -> list[str]:
    """The names that a module gives a value or makes a class of, and does not import."""
    assert module.__file__ is not None
    found = []
    for node in ast.parse(Path(module.__file__).read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found.append(node.name)
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        found += [inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)]
    return [word for word in dict.fromkeys(found) if not word.startswith("__") and hasattr(module, word)]


def lines(name: str) -> Iterator[str]:
    """What a module's tables and records say."""
    module = importlib.import_module(name)
    short = name.removeprefix("dragoman.translate.")
    for word in assigned(module):
        value = getattr(module, word)
        if isinstance(value, type):
            if attrs.has(value) and value.__module__ == name:
                defaults = {f.name: f.default for f in attrs.fields(value)}
                yield from (f"{short} {word}.{column} = {said(default)}" for column, default in defaults.items())
        elif isinstance(value, Mapping):
            yield from (f"{short} {word}[{said(key)}] = {said(item)}" for key, item in value.items())
        elif isinstance(value, tuple) and value and attrs.has(type(value[0])):
            yield from (f"{short} {word}[{at}] = {said(row)}" for at, row in enumerate(value))
        elif not callable(value) or attrs.has(type(value)):
            yield f"{short} {word} = {said(value)}"


def approved() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in FILE.read_text("utf-8").splitlines() if FILE.exists() else []:
        found.setdefault(line.partition(" ")[0], []).append(line)
    return found


@pytest.mark.parametrize("name", modules())
def test_the_tables_of_a_module_say_what_was_approved(name, request):
    short = name.removeprefix("dragoman.translate.")
    told = list(lines(name))
    assert all("\n" not in line and " object at 0x" not in line for line in told)
    known = approved()
    if request.config.getoption("--accept", default=False):
        known[short] = told
        FILE.write_text("".join(f"{line}\n" for key in sorted(known) for line in known[key]), "utf-8")
    assert told == known.get(short, [])


def test_nothing_is_approved_that_is_no_module():
    assert approved().keys() <= {name.removeprefix("dragoman.translate.") for name in modules()}
