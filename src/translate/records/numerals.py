"""Numbers that stand in text."""

from __future__ import annotations

from typing import Final

_MOST_DIGITS: Final = 18
"""What 64 bits can hold, whatever the digits are."""


def numeral(text: str) -> int | None:
    """The number that a text of ASCII digits says; None for any other text.

    ``str.isdigit`` knows more digits than ``int`` (``"²"``), and ``int`` takes only so many of them.
    """
    return int(text) if text.isdigit() and text.isascii() and len(text) <= _MOST_DIGITS else None
