"""What `dragoman usage` finds: sums over the ledger, for people and for machines."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from .io.config import Config
from .io.ledger import BY, LedgerError, Sum, Wanted, engine_of, sums

_SPAN: Final = re.compile(r"([1-9][0-9]{0,5})([mhdw])")
_UNITS: Final = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


def groups(text: str) -> tuple[str, ...]:
    """What ``--by`` names.

    Raises:
        ValueError: it is not one of `BY`, or is named twice.
    """
    names = tuple(text.split(","))
    for name in names:
        if name not in BY:
            raise ValueError(f"'{name}' is not one of {', '.join(BY)}")
    if len(set(names)) < len(names):
        raise ValueError(f"'{text}' names something twice")
    return names


def moment(text: str) -> int:
    """The time that ``--since`` or ``--until`` names, in milliseconds since 1970; without a zone it is UTC.

    Raises:
        ValueError: it is neither a day, nor a time, nor a span before now.
    """
    if span := _SPAN.fullmatch(text):
        return int((time.time() - int(span[1]) * _UNITS[span[2]]) * 1000)
    try:
        named = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is neither a day as 2026-11-01, nor a time, nor a span as 7d, 12h or 30m") from None
    return int((named if named.tzinfo else named.replace(tzinfo=UTC)).timestamp() * 1000)


def find(config: Config, wanted: Wanted, env: Mapping[str, str]) -> list[Sum]:
    """The sums over the ledger of a configuration.

    Raises:
        LedgerError: there is none, or it cannot be read.
    """
    engine = engine_of(config.server.ledger, env, writes=False)
    if engine is None:
        raise LedgerError("there is no ledger: [server] ledger is off")
    try:
        return sums(engine, wanted)
    finally:
        engine.close()


def as_json(by: Sequence[str], found: Sum) -> dict[str, Any]:
    """A sum for machines."""
    return {
        **dict(zip(by, found.group, strict=True)),
        "requests": found.requests,
        "errors": found.errors,
        "cache_hits": found.hits,
        "tokens": dict(found.tokens),
        "cost": round(found.cost, 9),
        "unpriced": found.unpriced,
    }


def shown(by: Sequence[str], found: Sequence[Sum]) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    """The sums as a table: its head and its rows. Buckets in which nothing is are left out."""
    buckets = [name for name in found[0].tokens if any(one.tokens[name] for one in found)] if found else []
    cached = any(one.hits for one in found)
    head = (*by, "requests", "errors", *(["from cache"] * cached), *buckets, "USD", "without a price")
    rows = (
        (
            *("-" if value in (None, "") else str(value) for value in one.group),
            f"{one.requests:,}",
            f"{one.errors:,}",
            *([f"{one.hits:,}"] * cached),
            *(f"{one.tokens[name]:,}" for name in buckets),
            f"{one.cost:,.4f}",
            f"{one.unpriced:,}",
        )
        for one in found
    )
    return head, rows
