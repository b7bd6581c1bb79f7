"""Going through the parts of messages, nested ones included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..records import Call, Media, Message, Result, Text, changed

Markable = Text | Media | Call | Result


def walk(messages: tuple[Message, ...]) -> Iterator[Markable]:
    """Every part that may carry a cache mark, in order; parts of a result before the result itself."""
    for message in messages:
        for part in message.parts:
            if isinstance(part, Result):
                yield from (inner for inner in part.parts if isinstance(inner, Text | Media))
            if isinstance(part, Markable):
                yield part


def map_parts(messages: tuple[Message, ...], change: Callable[[Any], Any]) -> tuple[Message, ...]:
    """The messages with every markable part changed; untouched messages stay the same objects."""
    out = []
    for message in messages:
        if isinstance(message.content, str):
            out.append(message)
            continue
        parts = tuple([_mapped(part, change) for part in message.content])
        same = all(new is old for new, old in zip(parts, message.content, strict=True))
        out.append(message if same else changed(message, content=parts))
    return tuple(out)


def _mapped(part: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(part, Result) and not isinstance(part.content, str):
        inner = tuple([_mapped(item, change) for item in part.content])
        if any(new is not old for new, old in zip(inner, part.content, strict=True)):
            part = changed(part, content=inner)
    return change(part) if isinstance(part, Markable) else part
