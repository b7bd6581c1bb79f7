"""Every row of the disposition table, tried at every target: exactly what it says happens."""

import pytest
from dragoman.translate.fields.table import TARGETS, TEXTS, Row, rows

from .trial import fault

ROWS = [pytest.param(row, id=f"{dialect}{row.name}") for dialect in TEXTS for row in rows(dialect)]


@pytest.mark.parametrize("row", ROWS)
def test_what_the_row_says_happens(row: Row):
    assert {target: wrong for target in TARGETS if (wrong := fault(row, target)) is not None} == {}


@pytest.mark.parametrize("dialect", TEXTS)
def test_no_row_is_there_twice(dialect):
    names = [row.name for row in rows(dialect)]
    assert len(names) == len(set(names))
