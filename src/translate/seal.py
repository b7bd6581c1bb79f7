"""Opaque reasoning state on its way through clients that have no word for whose it is (spec/chat.md 5).

Each dialect has a home: the signing domain whose state its clients carry bare. State of any other origin is sealed: the
same text behind a tag that names its origin and the kind of part it belongs to. A client hands it back as it hands back
its own, and the reader knows whose it is, so that a change of model can drop it. A tag is only ever part of an opaque
value, never of a visible text or an id.
"""

from __future__ import annotations

from typing import Final, Literal

Kind = Literal["thinking", "redacted", "call"]

_KINDS: Final[dict[str, Kind]] = {"thinking": "thinking", "redacted": "redacted", "call": "call"}
_TAG: Final = "dragoman"


def seal(origin: str | None, kind: Kind, state: str, home: str) -> str:
    """The state as a client of a dialect at ``home`` carries it."""
    return state if origin in (None, home) else f"{_TAG}:{origin}:{kind}:{state}"


def unseal(word: str, home: str) -> tuple[str, Kind | None, str]:
    """(origin, kind, state) of what a client carried; kind is None for bare state, which is of the home."""
    if word.startswith(_TAG):
        tag, *rest = word.split(":", 3)
        kind = _KINDS.get(rest[1]) if tag == _TAG and len(rest) == 3 else None
        if kind is not None:
            return rest[0], kind, rest[2]
    return home, None, word
