"""Entries of the ledger as its table has them."""

from dragoman.io.ledger.entry import COLUMNS

NOTHING = {int: 0, float: 0.0, str: ""}


def whole(entry):
    """An entry with all columns, those in which it has nothing too."""
    return {name: NOTHING.get(kind) for name, kind in COLUMNS.items()} | dict(zip(*entry, strict=True))
