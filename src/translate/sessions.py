"""What tells the session of a request, read from its body without a translation: it has to be cheap.

A user is named by a field that the dialect has for it. A conversation is told by how it begins, the system text and the
first user turn, which every later request of it repeats. Only text counts: cache marks and ids move from turn to turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

MOST_CHARACTERS = 4096
"""So much of each of the two texts counts."""

_USERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "openai_chat": (("user",), ("safety_identifier",)),
    "openai_responses": (("user",), ("safety_identifier",)),
    "anthropic": (("metadata", "user_id"),),
}
"""Dialect -> where its clients name their user; the first that is there counts."""

_SYSTEMS = ("system", "instructions", "systemInstruction", "system_instruction")
_TURNS = ("messages", "input", "contents")


def user_of(dialect: str, body: Any) -> str | None:
    """The user that a body names."""
    for path in _USERS.get(dialect, ()):
        value = body
        for step in path:
            value = value.get(step) if type(value) is dict else None
        if type(value) is str and value:
            return value
    return None


def conversation_of(body: Any) -> str | None:
    """A short name of the conversation; None when it begins with no text."""
    if type(body) is not dict:
        return None
    system = "".join(_texts([body.get(key) for key in _SYSTEMS]))
    turns = next((body[key] for key in _TURNS if body.get(key)), None)
    first = ""
    for turn in [turns] if type(turns) is str else turns or ():
        text = "".join(_texts(turn))
        if type(turn) is dict and turn.get("role") in ("system", "developer"):
            system += text
        elif text:
            first = text
            break
    if not first:
        return None
    said = f"{system[:MOST_CHARACTERS]}\0{first[:MOST_CHARACTERS]}"
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _texts(value: Any, depth: int = 4) -> Iterator[str]:
    """The texts of a turn, or of a part, in all dialects."""
    if type(value) is str:
        yield value
    elif type(value) is list and depth:
        for item in value:
            yield from _texts(item, depth - 1)
    elif type(value) is dict and depth:
        for key in ("text", "content", "parts"):
            if key in value:
                yield from _texts(value[key], depth - 1)
