"""The state of calls for dialects whose calls have no place for it: a thought without words before the call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..records import Call, Part, Thinking, evolve
from ..seal import unseal


def rejoined(parts: list[Part], word_of: Callable[[Any], str], home: str) -> tuple[Part, ...]:
    """Parts whose calls have the state again that came before them; without its call it is a thought's.

    Args:
        parts: of a message.
        word_of: what the client carried as the signature of a thought.
        home: the signing domain whose state clients of the dialect carry bare.
    """
    out: list[Part] = []
    for part in parts:
        last = out[-1] if out else None
        if type(part) is Call and type(last) is Thinking and last.origin not in (None, home):
            origin, kind, state = unseal(word_of(last), home)
            if kind == "call":
                out[-1] = evolve(part, signature=state, origin=origin)
                continue
        out.append(part)
    return tuple(out)
