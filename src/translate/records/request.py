"""A request as it was meant."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

import attrs

from .parts import Cache, Part, Path, as_parts
from .quick import record

Role = Literal["system", "developer", "user", "assistant", "tool"]
ChoiceMode = Literal["auto", "none", "required", "named"]

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

SYSTEM_ROLES: Final = frozenset({"system", "developer"})


@record
class Message:
    """One turn: ``content`` is plain text, or parts. System text stands where the client put it."""

    role: Role
    content: str | tuple[Part, ...]
    path: Path = ()
    native: Any = attrs.field(default=None, eq=False, repr=False)
    name: str | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The content as parts; plain text is one Text, empty text none."""
        return as_parts(self.content, self.path)


@record
class Tool:
    """A tool the model may call.

    Attributes:
        name: what the model calls.
        description: for the model.
        schema: JSON Schema of the arguments as parsed JSON; None means no arguments.
        strict: True, False, or None when the client did not say.
        kind: ``function``; ``custom`` (free text, ``format`` is its grammar); ``builtin`` (run by the provider:
            ``name`` is then the common word, for example ``web_search``, ``native`` the provider's own form, and
            ``format`` what of it the option of that name can say).
    """

    name: str
    description: str | None = None
    schema: Any = None
    strict: bool | None = None
    path: Path = ()
    native: Any = attrs.field(default=None, eq=False, repr=False)
    cache: Cache | None = None
    kind: Literal["function", "custom", "builtin"] = "function"
    format: Any = None


@record
class ToolChoice:
    """Whether the model must call.

    Attributes:
        mode: ``auto``, ``none``, ``required``, or ``named`` with ``name``.
        name: the tool of ``named``.
        allowed: the only tools that may be called; None means all.
        custom: whether ``name`` is a custom tool.
    """

    mode: ChoiceMode
    name: str | None = None
    allowed: tuple[str, ...] | None = None
    custom: bool = False


@record
class Reasoning:
    """What the client wishes of reasoning.

    Attributes:
        effort: ``none``, ``minimal``, ``low``, ``medium``, ``high``, ``xhigh``, ``max``; None when not said.
        mode: a native switch: ``enabled`` (with a budget), ``adaptive``, ``disabled``, ``between_tools``; None when
            only an effort, or nothing, was said.
        budget: tokens for thinking, inside the output limit.
        display: ``summarized``, ``omitted`` or another native value; None when not said, empty when it is settled that
            nothing be said.
        extras: further keys of a native thinking object.
    """

    effort: str | None = None
    mode: str | None = None
    budget: int | None = None
    display: str | None = None
    extras: Mapping[str, Any] = NOTHING


@record
class OutputFormat:
    """The form of the answer: ``text``, ``json`` (any object) or ``schema``."""

    kind: Literal["text", "json", "schema"]
    name: str | None = None
    schema: Any = None
    strict: bool | None = None
    description: str | None = None


@record
class Extra:
    """A key the reader has no place for: kept for the same dialect, a loss elsewhere."""

    path: Path
    value: Any = attrs.field(eq=False)


@record
class Request:
    """A request.

    Attributes:
        dialect: the inbound dialect.
        model: the model string as the client wrote it.
        messages: all turns in order, system text included.
        max_tokens: limit of the answer in tokens, reasoning included; None when not said.
        stop: stop sequences.
        stream: whether the answer is a stream.
        include_usage: whether a streamed answer shall end with usage (always true in dialects that always do).
        options: less frequent wishes by their common name (``fields.OPTIONS`` lists them).
        cache: the automatic cache mark of the whole request.
        extras: keys without a place, nested ones included.
        pointers: common name -> path in the client's body, where it is not the name itself.
        native: the parsed body.
        traits: bits of ``records.traits``; by default all of them, which is always safe.
    """

    dialect: str
    model: str
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice | None = None
    parallel_calls: bool | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    stream: bool = False
    include_usage: bool = False
    reasoning: Reasoning | None = None
    output: OutputFormat | None = None
    cache: Cache | None = None
    options: Mapping[str, Any] = NOTHING
    extras: tuple[Extra, ...] = ()
    pointers: Mapping[str, Path] = attrs.field(default=NOTHING, eq=False, repr=False)
    native: Any = attrs.field(default=None, eq=False, repr=False)
    traits: int = attrs.field(default=-1, eq=False, repr=False)

    def where(self, name: str) -> Path:
        """The path of a field in the client's body."""
        return self.pointers.get(name) or (name,)

    def where_inside(self, path: Path, name: str) -> Path:
        """The path of a part's field in the client's body."""
        return (*path, *self.pointers.get(f"parts.{name}", (name,)))

    def where_in(self, tool: Tool, name: str) -> Path:
        """The path of a tool's ``strict`` or ``schema`` in the client's body; of all tools for one that was made."""
        if not tool.path:
            return self.where("tools")
        return (*tool.path, *self.pointers.get(f"{tool.path[0]}.{name}", (name,)))
