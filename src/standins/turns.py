"""What is answered: from a provider-neutral reading of the request to a provider-neutral script.

A provider only reads its request into a `Turn` and writes a `Script` as its own JSON or events.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

import attrs
import orjson

from .oddities import Oddities
from .schemas import instance

Stop = Literal["end", "calls", "limit", "stop", "refusal", "filter", "pause", "unknown"]

ASKS_FOR_TOOL = re.compile(r"\b(?:weather|tools?)\b", re.IGNORECASE)
ASKS_FOR_TWO = re.compile(r"\b(?:parallel|both)\b", re.IGNORECASE)
PLACES = re.compile(r"\b(?:in|at|for|and|both)\s+([A-Z][\w-]*(?:\s[A-Z][\w-]*)*)")

NAMES_JSON = re.compile(r"\bJSON\b", re.IGNORECASE)
ODD_STOPS: dict[str, Stop] = {"unknown-stop": "unknown", "pause": "pause", "content-filter": "filter"}
REFUSAL = "I cannot help with that."


@attrs.frozen
class Tool:
    """A tool on offer; `custom` tools take free text."""

    name: str
    schema: Mapping[str, Any]
    custom: bool = False


@attrs.frozen
class Turn:
    """What the request asks of the model."""

    text: str
    system: str = ""
    results: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    force: Literal["auto", "any", "none"] = "auto"
    forced_tool: str = ""
    parallel: bool = True
    schema: Mapping[str, Any] | None = None
    wants_json: bool = False
    thinks: bool = False
    stops: tuple[str, ...] = ()
    limit: int | None = None
    odd: Oddities = attrs.field(factory=Oddities)


@attrs.frozen
class Text:
    """A text, already cut into the pieces in which it is streamed."""

    pieces: tuple[str, ...]

    @property
    def whole(self) -> str:
        """The text in one piece."""
        return "".join(self.pieces)


@attrs.frozen
class ToolCall:
    """A call; `arguments` is JSON text, or the free text of a custom tool."""

    name: str
    arguments: str
    custom: bool = False


@attrs.frozen
class Thought:
    """Reasoning that may be shown."""

    text: str


@attrs.frozen
class Hidden:
    """Reasoning that is only handed over encrypted."""

    data: str


Part = Text | ToolCall | Thought | Hidden


@attrs.frozen
class Script:
    """The answer, part by part, and why it ends."""

    parts: tuple[Part, ...]
    stop: Stop = "end"
    stopped_by: str | None = None

    @property
    def text(self) -> str:
        """All text in one piece."""
        return "".join(part.whole for part in self.parts if isinstance(part, Text))

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The tool calls."""
        return tuple(part for part in self.parts if isinstance(part, ToolCall))


def tokens(value: str | bytes | int) -> int:
    """A plausible token count: a quarter of the bytes."""
    size = value if isinstance(value, int) else len(value.encode() if isinstance(value, str) else value)
    return -(-size // 4)


def pieces(text: str) -> tuple[str, ...]:
    """Cut a text after every second word, and words that are very long."""
    return tuple(re.findall(r"\S{1,16}\s*\S{0,16}\s*|\s+", text))


def compose(turn: Turn) -> Script:
    """The whole answer to a turn."""
    odd = turn.odd
    if "refusal" in odd:
        return Script((Text((REFUSAL,)),), "refusal")
    if "empty" in odd:
        return Script(())
    if turn.limit == 0:
        return Script((), "limit")
    parts: tuple[Part, ...]
    parts = calls if (calls := _calls(turn)) else (_text(turn),)
    stop: Stop = "calls" if calls else "end"
    if "redacted" in odd:
        parts = (Hidden("cmVkYWN0ZWQgYnkgdGhlIHN0YW5kLWlu"), *parts)
    elif turn.thinks:
        parts = (Thought(f"The user wrote {len(turn.text)} characters. I shall answer plainly."), *parts)
    return _ended(Script(parts, stop), turn)


def _text(turn: Turn) -> Text:
    if turn.odd.deltas:
        return Text(tuple(f"word{number} " for number in range(turn.odd.deltas)))
    if turn.schema is not None:
        return Text(pieces(orjson.dumps(instance(turn.schema)).decode()))
    said = f"You said: {turn.text}"
    if turn.wants_json:
        return Text(pieces(orjson.dumps({"answer": said}).decode()))
    lines = [f"I received {line}." for line in turn.media]
    if turn.results:
        lines.append("The tools said: " + "; ".join(turn.results))
    if turn.text or not lines:
        lines.append(said)
    return Text(pieces("\n".join(lines)))


def _calls(turn: Turn) -> tuple[ToolCall, ...]:
    if not turn.tools or turn.force == "none" or turn.results:
        return ()
    named = [tool for tool in turn.tools if tool.name in turn.text]
    if turn.forced_tool:
        named = [tool for tool in turn.tools if tool.name == turn.forced_tool]
    elif not (named or turn.force == "any" or "redacted" in turn.odd or ASKS_FOR_TOOL.search(turn.text)):
        return ()
    two = turn.parallel and ("redacted" in turn.odd or ASKS_FOR_TWO.search(turn.text) is not None)
    chosen = named or _fitting(turn)
    if two and len(chosen) == 1:
        chosen = chosen * 2
    hints = tuple(PLACES.findall(turn.text))
    return tuple(_call(tool, hints[number:]) for number, tool in enumerate(chosen[: 2 if two else 1]))


def _fitting(turn: Turn) -> list[Tool]:
    """The tools whose name shares a word with the text, else all of them."""
    words = {word.lower() for word in re.findall(r"\w{3,}", turn.text)}
    fitting = [tool for tool in turn.tools if words & set(re.split(r"[_-]", tool.name.lower()))]
    return fitting or list(turn.tools)


def _call(tool: Tool, hints: tuple[str, ...]) -> ToolCall:
    if tool.custom:
        return ToolCall(tool.name, f"input for {tool.name}", custom=True)
    made = instance(tool.schema, hints[:1])
    return ToolCall(tool.name, orjson.dumps(made if isinstance(made, dict) else {}).decode())


def _ended(script: Script, turn: Turn) -> Script:
    odd = turn.odd
    if "length" in odd or (turn.limit is not None and not odd.deltas and tokens(script.text) > turn.limit):
        return _cut(script, turn)
    if "stop-sequence" in odd:
        return attrs.evolve(script, stop="stop", stopped_by=turn.stops[0] if turn.stops else "END")
    for name, stop in ODD_STOPS.items():
        if name in odd:
            return attrs.evolve(script, stop=stop)
    found = [stop for stop in turn.stops if stop and stop in script.text]
    if script.stop == "end" and found:
        first = min(found, key=script.text.index)
        return _with_text(attrs.evolve(script, stop="stop", stopped_by=first), script.text[: script.text.index(first)])
    return script


def _cut(script: Script, turn: Turn) -> Script:
    """Cut the text, or else the arguments of the last call, as a limit does."""
    script = attrs.evolve(script, stop="limit")
    if calls := script.calls:
        last = attrs.evolve(calls[-1], arguments=calls[-1].arguments[:-2])
        return attrs.evolve(script, parts=(*script.parts[:-1], last))
    room = len(script.text) // 2 if "length" in turn.odd or turn.limit is None else turn.limit * 4
    return _with_text(script, script.text[:room])


def _with_text(script: Script, text: str) -> Script:
    others = tuple(part for part in script.parts if not isinstance(part, Text))
    return attrs.evolve(script, parts=(*others, Text(pieces(text)))) if text else attrs.evolve(script, parts=others)
