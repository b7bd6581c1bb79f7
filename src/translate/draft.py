"""What a request reader has gathered so far."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from .records import Cache, Extra, Message, OutputFormat, Path, Reasoning, Request, Tool, ToolChoice, make
from .records.request import NOTHING


class Draft:
    """Fields of the coming Request, set slot by slot while the reader walks the body once.

    Attributes:
        pointers: see Request.
        system: system text that stands beside the messages.
        legacy: ids given to calls of the deprecated form that has none, by function name.
    """

    __slots__ = (
        "cache", "extras", "include_usage", "legacy", "max_tokens", "messages", "model", "options", "output",
        "parallel_calls", "pointers", "reasoning", "stop", "stream", "system", "tool_choice", "tools", "traits",
    )  # fmt: skip

    def __init__(self, pointers: Mapping[str, Path]) -> None:
        self.pointers = pointers
        self.model: str | None = None
        self.messages: tuple[Message, ...] | None = None
        self.tools: tuple[Tool, ...] = ()
        self.tool_choice: ToolChoice | None = None
        self.parallel_calls: bool | None = None
        self.max_tokens: int | None = None
        self.stop: tuple[str, ...] = ()
        self.stream = False
        self.include_usage = False
        self.reasoning: Reasoning | None = None
        self.output: OutputFormat | None = None
        self.cache: Cache | None = None
        self.options: dict[str, Any] = {}
        self.traits = 0
        self.system: Message | None = None
        self.extras: list[Extra] = []
        self.legacy: dict[str, str] = {}

    def walk(self, body: dict[str, Any], slots: Mapping[str, Slot]) -> None:
        """Hand every top-level field to its slot; null asks for nothing, and a key without a slot is an extra."""
        for key, value in body.items():
            slot = slots.get(key)
            if slot is None:
                self.extras.append(Extra((key,), value))
            elif value is not None:
                slot(key, value, self)

    def unknown(self, raw: dict[str, Any], path: Path, known: Container[str]) -> None:
        """Note every key that is not known and not null."""
        for key, value in raw.items():
            if key not in known and value is not None:
                self.extras.append(Extra((*path, key), value))

    def option(self, name: str, value: Any) -> None:
        """Set one of the less frequent wishes."""
        self.options[name] = value

    def point(self, name: str, path: Path) -> None:
        """Say where in the client's body a field stands, when its key is not its name."""
        self.pointers = {**self.pointers, name: path}

    def request(self, dialect: str, native: dict[str, Any]) -> Request:
        """The finished Request; model and messages are set."""
        assert self.model is not None
        assert self.messages is not None
        return make.request(
            dialect, self.model, self.messages, self.tools, self.tool_choice, self.parallel_calls, self.max_tokens,
            self.stop, self.stream, self.include_usage, self.reasoning, self.output, self.cache,
            self.options or NOTHING, tuple(self.extras), self.pointers, native, self.traits,
        )  # fmt: skip


Slot = Callable[[str, Any, Draft], None]
"""Reads one top-level field, ``(key, value, draft)``; raises TranslationError when it is not what it should be."""
