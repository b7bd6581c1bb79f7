"""Model rows by family, and how an id finds its row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Any, Final, Literal, NoReturn, Union, get_args, get_origin

import attrs

from ..records import TranslationError, steps_of
from ..records.quick import evolve
from ..records.remember import remember
from ..values import dotted, show, wrong_type
from .bedrock import BEDROCK
from .claude import CLAUDE
from .gemini import GEMINI
from .gpt import GPT
from .grok import GROK
from .groq import GROQ
from .row import EFFORTS, ModelRow, ReasoningRow

__all__ = ["EFFORTS", "FAMILIES", "UNKNOWN", "ModelRow", "ReasoningRow", "find", "read_rows"]

UNKNOWN: Final = ModelRow(prefix="")
"""The row of a model that nothing is known of: everything passes."""

FAMILIES: Final[Mapping[str, tuple[ModelRow, ...]]] = {
    "claude": CLAUDE,
    "gpt": GPT,
    "grok": GROK,
    "groq": GROQ,
    "gemini": GEMINI,
    "bedrock": BEDROCK,
}

# A prefix ends at a separator that does not begin a further version number: "claude-opus-5" must not take
# "claude-opus-5-9", nor "gpt-5" take "gpt-5.9", but a date or a word may follow.
_ENDS: Final = re.compile(r"(?![-.]?\d{1,2}(?!\d))(?=$|[-@:./_])")


def _belongs(model: str, prefix: str) -> bool:
    return model.startswith(prefix) and (
        _ENDS.match(model, len(prefix)) is not None or ("-" not in prefix and "." not in prefix)
    )


@remember(1024)
def find(model: str, families: tuple[str, ...], extra: tuple[ModelRow, ...] = ()) -> ModelRow:
    """The row of a model id: the longest prefix among the extra rows, then among the families, else UNKNOWN.

    Args:
        model: an upstream model id, or a family named by the configuration.
        families: names of row tables in FAMILIES, as the provider row lists them.
        extra: rows of the configuration; they win over the built-in ones.
    """
    for rows in (extra, tuple(row for family in families for row in FAMILIES[family])):
        rows_here = [row for row in rows if _belongs(model, row.prefix)]
        if rows_here:
            return max(rows_here, key=lambda row: len(row.prefix))
    return UNKNOWN


def read_rows(value: Any) -> tuple[ModelRow, ...]:
    """Extra or overriding rows from JSON: ``[{"prefix": ..., "like": <model id>, <column>: value, ...}, ...]``.

    ``like`` names a built-in model whose row is the starting point; ``reasoning`` is an object of ReasoningRow columns.

    Raises:
        TranslationError: naming the row and the column at fault.
    """
    if not value:
        return ()
    if not isinstance(value, list):
        wrong_type(("models",), value, "a list of rows")
    return tuple(_read_row(row, f"/models/{index}") for index, row in enumerate(value))


def _read_row(value: Any, path: str) -> ModelRow:
    if not isinstance(value, dict) or not isinstance(value.get("prefix"), str):
        wrong_type(steps_of(path), value, "an object with a string 'prefix'")
    columns = dict(value)
    like = columns.pop("like", None)
    base = find(str(like), tuple(FAMILIES)) if like is not None else UNKNOWN
    if "reasoning" in columns:
        columns["reasoning"] = _columns(base.reasoning, columns["reasoning"], f"{path}/reasoning")
        _check_efforts(columns["reasoning"], f"{path}/reasoning")
    row: ModelRow = _columns(base, columns, path)
    return row


def _check_efforts(row: ReasoningRow, path: str) -> None:
    """What one column promises another: a wish becomes the nearest of the levels, so there must be one."""
    strange = next((effort for effort in row.efforts if effort not in EFFORTS), None)
    if strange is not None:
        _unsound(f"{path}/efforts", f"{show(strange)} is not one of {', '.join(EFFORTS)}; 'words' renames them")
    if row.kind in ("native", "effort", "level") and not row.efforts:
        _unsound(f"{path}/efforts", f"the kind '{row.kind}' needs at least one level")
    if row.words and len(row.words) != len(row.efforts):
        _unsound(f"{path}/words", f"there are {len(row.words)}, but {len(row.efforts)} efforts that they stand for")
    if row.minimum > row.maximum:
        _unsound(f"{path}/minimum", f"{row.minimum} is more than the maximum, {row.maximum}")


def _unsound(path: str, what: str) -> NoReturn:
    raise TranslationError(f"Invalid value for column '{dotted(steps_of(path))}' of a model row: {what}.", path=path)


def _columns(base: Any, value: Any, path: str) -> Any:
    if not isinstance(value, dict):
        wrong_type(steps_of(path), value, "an object of columns")
    fields = {field.name: field for field in attrs.fields(type(base))}
    columns: dict[str, Any] = {}
    for name, item in value.items():
        at = dotted((*steps_of(path), name))
        if name not in fields:
            known = ", ".join(sorted(fields))
            raise TranslationError(f"Unknown column '{at}' of a model row; known: {known}.", path=f"{path}/{name}")
        kind = fields[name].type
        if not isinstance(item, ReasoningRow) and not _fits(kind, item):
            raise TranslationError(
                f"Invalid value for column '{at}' of a model row: {show(item)} is not {_expected(kind)}.",
                path=f"{path}/{name}",
            )
        columns[name] = item if isinstance(item, ReasoningRow) else _shape(kind, item)
    return evolve(base, **columns)


def _expected(kind: Any) -> str:
    words = str(kind) if get_origin(kind) or isinstance(kind, UnionType) else kind.__name__
    return words.replace("typing.", "").replace("frozenset", "list").replace("tuple", "list")


def _fits(kind: Any, item: Any) -> bool:
    """Whether a JSON value can stand in a column of a type."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return any(_fits(option, item) for option in get_args(kind))
    if origin is Literal:
        return item in get_args(kind)
    if origin in (tuple, frozenset):
        kinds = get_args(kind)
        if not isinstance(item, list) or not all(_fits(kinds[0], entry) for entry in item):
            return False
        return origin is frozenset or kinds[-1] is Ellipsis or len(item) == len(kinds)
    if kind in (int, float):
        return isinstance(item, int | float if kind is float else int) and not isinstance(item, bool)
    return item is None if kind is NoneType else isinstance(item, kind)


def _shape(kind: Any, item: Any) -> Any:
    """JSON lists as the tuples and sets that rows hold."""
    if not isinstance(item, list):
        return item
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    return tuple(item) if any(get_origin(option) is tuple for option in kinds) else frozenset(item)
