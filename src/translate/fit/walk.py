"""Going through the parts of messages, nested ones included."""

from collections.abc import Callable, Iterator
from typing import Any

from ..records import Call, Media, Message, Result, Text, changed

Markable = Text | Media | Call | Result


def walk(messages: tuple[Message, ...]) -> Iterator[Markable]:
    """Every part that may carry a cache mark, in order; parts of a result before the result itself."""
    for message in messages:
        for part in message.parts:
            kind = type(part)
            if kind is Text or kind is Media or kind is Call:
                yield part  # type: ignore[misc]
            elif type(part) is Result:
                for inner in part.parts:
                    if isinstance(inner, Text | Media):
                        yield inner
                yield part


def map_parts(messages: tuple[Message, ...], change: Callable[[Any], Any]) -> tuple[Message, ...]:
    """The messages with every markable part changed; untouched messages stay the same objects."""
    out = []
    for message in messages:
        parts = tuple([_mapped(part, change) for part in message.parts])
        same = all(new is old for new, old in zip(parts, message.parts, strict=True))
        out.append(message if same else changed(message, parts=parts))
    return tuple(out)


def _mapped(part: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(part, Result):
        inner = tuple([_mapped(item, change) for item in part.parts])
        if any(new is not old for new, old in zip(inner, part.parts, strict=True)):
            part = changed(part, parts=inner)
    return change(part) if isinstance(part, Markable) else part
