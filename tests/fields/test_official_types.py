"""The disposition table has a row for every field of the official SDKs' request types."""

from fnmatch import fnmatchcase

import pytest
from dragoman.translate.fields.table import TEXTS, Row, rows

from .official import OFFICIAL

Steps = tuple[tuple[str, str], ...]


def steps(field: str) -> Steps:
    """(name, tag) of each step of a pointer; the tag may be empty."""
    return tuple((name, tag) for name, _, tag in (step.partition(":") for step in field.split("/")[1:]))


def speaks_for(row: Row, own: Steps, field: Steps) -> bool:
    """Whether a row is about a field. A list of one kind has no tags, and a row without a tag is about any kind."""
    if len(field) < len(own) or (len(field) > len(own) and not row.whole):
        return False
    pairs = zip(own, field, strict=False)
    return all(name == other and (not kind or fnmatchcase(kind, tag or "*")) for (name, tag), (other, kind) in pairs)


def missing(dialect: str) -> list[str]:
    """Official fields that no row speaks for."""
    known = [(row, steps(row.field)) for row in rows(dialect)]
    fields = dict.fromkeys(field for read in OFFICIAL[dialect] for field in read())
    return [field for field in fields if not any(speaks_for(row, own, steps(field)) for row, own in known)]


@pytest.mark.parametrize("dialect", TEXTS)
def test_every_field_of_the_official_request_types_has_a_row(dialect):
    assert missing(dialect) == []
