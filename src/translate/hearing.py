"""Whether a stream has said something yet: for a caller that holds its beginning back, to be free to ask elsewhere.

A stream may begin well and still fail before its first word: Anthropic opens the message, then says that it is
overloaded.
"""

from __future__ import annotations

from typing import Any

from .dialects import Dialect
from .pipe import Pipe
from .records import Answer, BlockStop, Event, Failed, Start, TextDelta, ThinkingDelta, Unheard, UsageUpdate
from .records.quick import evolve, record


@record
class Hearing:
    """What was heard of a stream, beside its pipe and before its first word.

    Attributes:
        source: the provider's dialect.
        read: the reader's state.
        tail: bytes of an unfinished frame.
        heard: whether there was a piece of an answer, or its end.
    """

    source: Dialect
    read: Any
    tail: Any = b""
    heard: bool = False


def listen_to(pipe: Pipe) -> Hearing:
    """Nothing was heard yet."""
    return Hearing(pipe.source, pipe.source.start_reading(pipe.context.provider))


def hear_more(hearing: Hearing, data: bytes) -> Hearing:
    """What was heard after more of the provider's bytes."""
    if hearing.heard:
        return hearing
    read = hearing.read
    try:
        tail, frames = hearing.source.split(hearing.tail, data)
        for frame in frames:
            read, events = hearing.source.read_event(read, frame)
            if any(map(_says, events)):
                return evolve(hearing, heard=True)
    except Exception:  # noqa: BLE001 - whatever it is, the pipe says it
        return hearing
    return evolve(hearing, read=read, tail=tail)


_OPENING = frozenset({Start, Unheard, UsageUpdate, Answer, BlockStop, Failed})
"""What a stream says before it says something, or instead of it."""


def _says(event: Event) -> bool:
    if isinstance(event, TextDelta | ThinkingDelta):
        return bool(event.text)
    return type(event) not in _OPENING
