"""What a request holds, as bits that its reader notes in passing, so that steps without work cost nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from .parts import Call, Media, Part, Result, Text
from .request import SYSTEM_ROLES, Message, Tool

ODD: Final = 1
"""A part needs a closer look: media, reasoning, a mark, a message's name, an id or name beyond letters and digits."""
CALLS: Final = 2
"""There are calls or results."""
MARKS: Final = 4
"""A part carries a cache mark."""
EMPTY: Final = 8
"""A turn or a text is empty."""
INNER_SYSTEM: Final = 16
"""System text stands between turns."""
ODD_TOOLS: Final = 32
"""A tool is more than a plain function: strict, marked, free-text, built in, or named beyond letters and digits."""


def plain(word: str) -> bool:
    """Whether an id or name is one that every target takes: ASCII letters, digits, underscores, hyphens, at most 64.

    A quick look: a word with a digit or a hyphen first is taken by most, and looked at more closely.
    """
    known = word.isidentifier() or (word.replace("-", "_").isidentifier() and word[0] != "-")
    return known and word.isascii() and len(word) <= 64


def plain_pair(name: str, call_id: str) -> bool:
    """Whether the name and the id of a call are plain, together no longer than one may be; one look at both."""
    return bool(name) and bool(call_id) and plain(name + call_id)


def of_messages(messages: tuple[Message, ...]) -> int:
    """The bits of messages, their order included."""
    bits = 0
    led = False
    for message in messages:
        if message.role not in SYSTEM_ROLES:
            led = True
        elif led:
            bits |= INNER_SYSTEM
        bits |= of_message(message)
    return bits


def of_message(message: Message) -> int:
    """The bits of one message."""
    bits = 0 if message.name is None else ODD
    content = message.content
    if not content:
        return bits | EMPTY
    return bits if isinstance(content, str) else bits | of_parts(content)


def of_parts(parts: tuple[Part, ...]) -> int:
    """The bits of parts."""
    bits = 0
    for part in parts:
        if isinstance(part, Text):
            if not part.text:
                bits |= EMPTY
        elif isinstance(part, Call):
            bits |= CALLS
            if part.custom or part.signature is not None or not plain(part.id) or not plain(part.name):
                bits |= ODD
        elif isinstance(part, Result):
            bits |= CALLS | _of_result(part)
        else:
            bits |= ODD
        if isinstance(part, Text | Media | Call | Result) and part.cache is not None:
            bits |= ODD | MARKS
    return bits


def _of_result(part: Result) -> int:
    bits = 0 if plain(part.call_id) and not part.is_error else ODD
    return bits if isinstance(part.content, str) else bits | ODD | of_parts(part.content)


def of_tools(tools: Iterable[Tool]) -> int:
    """The bits of tools."""
    for tool in tools:
        if tool.cache is not None or tool.kind != "function" or tool.strict or not plain(tool.name):
            return ODD_TOOLS
    return 0
