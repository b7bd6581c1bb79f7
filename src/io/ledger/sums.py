"""Sums over the ledger."""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from .engines import TABLE, Engine
from .entry import BUCKETS

BY: Final = ("key", "model", "day", "account", "route", "provider", "status", "action")
"""What entries can be summed by."""

# What was told from the cache, no provider has counted once more.
_TOKENS: Final = ", ".join(f"SUM(CASE WHEN cache = 'hit' THEN 0 ELSE {bucket} END)" for bucket in BUCKETS)


@attrs.frozen
class Wanted:
    """Which entries are summed, and how.

    Attributes:
        by: some of `BY`, in the order of the answer.
        since, until: milliseconds since 1970: from the first on, and before the second; None is no bound.
        key: the name of the only key; None is all.
    """

    by: tuple[str, ...]
    since: int | None = None
    until: int | None = None
    key: str | None = None


@attrs.frozen
class Sum:
    """The entries that have the same in what they are summed by.

    Attributes:
        group: what they have; None where they have nothing there.
        requests: how many.
        errors: how many of them ended otherwise than well.
        hits: how many were told an answer of the cache.
        tokens: by bucket, as providers counted them; those of hits are not among them.
        cost: USD of those whose cost is known.
        unpriced: how many have a cost that is not known.
    """

    group: tuple[str | int | None, ...]
    requests: int
    errors: int
    hits: int
    tokens: Mapping[str, int]
    cost: float
    unpriced: int


def sums(engine: Engine, wanted: Wanted) -> list[Sum]:
    """The sums, in the order of their groups.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    columns = [engine.day if name == "day" else name for name in wanted.by]
    assert set(wanted.by) <= set(BY), "no other text becomes part of a statement"
    bounds = (("time >= ?", wanted.since), ("time < ?", wanted.until), ("key = ?", wanted.key))
    given = [(words, value) for words, value in bounds if value is not None]
    statement = (
        f"SELECT {''.join(f'{column}, ' for column in columns)}COUNT(*), "  # noqa: S608 - words of our own
        "SUM(CASE WHEN status >= 400 OR error IS NOT NULL THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN cache = 'hit' THEN 1 ELSE 0 END), "
        f"COALESCE(SUM(cost), 0), SUM(CASE WHEN cost IS NULL THEN 1 ELSE 0 END), {_TOKENS} FROM {TABLE}"
        f"{' WHERE ' if given else ''}{' AND '.join(words for words, _ in given)}"
    )
    if columns:
        places = ", ".join(str(place + 1) for place in range(len(columns)))
        statement += f" GROUP BY {places} ORDER BY {places}"
    rows = engine.rows(statement, [value for _, value in given])
    return [_sum(row[: len(columns)], row[len(columns) :]) for row in rows if row[len(columns)]]


def _sum(group: Sequence[str | int | None], row: Sequence[float]) -> Sum:
    requests, errors, hits, cost, unpriced, *tokens = row
    counts = {bucket: int(number) for bucket, number in zip(BUCKETS, tokens, strict=True)}
    return Sum(tuple(group), int(requests), int(errors), int(hits), counts, float(cost), int(unpriced))
