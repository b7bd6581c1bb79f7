"""Odd cases on demand: words in the last user text, or in the request header `x-standin` (a comma list).

In a text, words with a colon or a hyphen count wherever they stand (`error:429`, `mid-error`); the plain ones
(`length`, `hang`) only in square brackets, or when the text consists of such words alone, because people use them.
"""

import re
from collections.abc import Mapping

import attrs

from .wire import Ending, Reply, stream_reply

VALUED = ("error", "slow", "long")
PLAIN = (
    *("refusal", "length", "pause", "empty", "truncate", "stall", "reset", "hang", "garbage", "redacted", "citations"),
    *("quota",),
)
HYPHENED = ("stop-sequence", "unknown-stop", "content-filter", "mid-error", "too-long")
ANYWHERE = re.compile(rf"(?<![\w-])(?:(?:{'|'.join(VALUED)}):\d+|{'|'.join(HYPHENED)})(?![\w-])")
BRACKETS = re.compile(r"\[([\w:, -]+)\]")
KNOWN = re.compile(rf"(?:{'|'.join(VALUED)}):\d+|{'|'.join((*PLAIN, *HYPHENED))}")


@attrs.frozen
class Oddities:
    """What is asked for beyond an ordinary answer: name to number, 0 for those that take none."""

    asked: Mapping[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.asked

    @property
    def error(self) -> int:
        """The HTTP status to fail with, or 0."""
        return self.asked.get("error", 0)

    @property
    def fails(self) -> bool:
        """Asks for an error instead of an answer."""
        return bool({"error", "quota", "too-long"} & self.asked.keys())

    @property
    def pause(self) -> float:
        """Seconds before every event."""
        return self.asked.get("slow", 0) / 1000

    @property
    def ending(self) -> Ending:
        """How the answer's bytes end."""
        return "truncate" if "truncate" in self else "stall" if "stall" in self else "clean"

    @property
    def deltas(self) -> int:
        """How many text deltas to send, 0 for as many as it takes."""
        return self.asked.get("long", 0)


def oddities(text: str, header: str = "") -> Oddities:
    """Read the magic words."""
    words = [*header.split(","), *ANYWHERE.findall(text)]
    for group in BRACKETS.findall(text):
        words += group.split(",")
    alone = [word for word in re.split(r"[\s,]+", text) if word]
    if all(KNOWN.fullmatch(word) for word in alone):
        words += alone
    asked = {}
    for word in words:
        if KNOWN.fullmatch(word.strip()):
            name, _, number = word.strip().partition(":")
            asked[name] = int(number or 0)
    return Oddities(asked)


def unlike_any_answer(odd: Oddities, *, streamed: bool) -> Reply | None:
    """The answers that are none in any dialect: no bytes at all, or bytes without sense."""
    if "hang" in odd:
        return Reply(200, (), ending="hang")
    if "reset" in odd:
        return Reply(200, (), ending="reset")
    if "garbage" not in odd:
        return None
    nonsense = b"<html>This is no answer.</html>"
    if streamed:
        return stream_reply((b"data: {" + nonsense + b"\n\n", nonsense))
    return Reply(200, (("content-type", "application/json"),), nonsense)
