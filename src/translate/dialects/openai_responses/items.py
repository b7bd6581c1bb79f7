"""Input items of a Responses request to messages (wire/openai-responses.md 3, 7 and 9).

What the model said stands in items of its own: reasoning, messages, calls. Items that follow each other are one turn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from ...draft import Draft
from ...records import (
    Call,
    Message,
    Opaque,
    Part,
    Path,
    Redacted,
    Result,
    Text,
    Thinking,
    TranslationError,
    evolve,
    render,
)
from ...records.request import Role
from ...seal import unseal
from ...values import (
    array_at,
    choice_at,
    dotted,
    maybe_text,
    missing,
    object_at,
    text_of,
    wrong_type,
    wrong_value,
)
from .parts import NAME, ORIGIN, read_content

Item = dict[str, Any]


class Turns:
    """Messages so far.

    Attributes:
        items: of the model's turn that is under way, each with the number of its parts.
        parts: of the same turn.
        signature: (origin, state, where it stood) that belongs to the next call.
    """

    __slots__ = ("_place", "items", "messages", "parts", "path", "signature")

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.items: list[tuple[Item, int]] = []
        self.parts: list[Part] = []
        self.path: Path = ()
        self.signature: tuple[str, str, Path] | None = None
        self._place = (0, 0)

    def sign(self, item: Item, path: Path, origin: str, state: str) -> None:
        """An item that is the state of the call that follows: nothing by itself."""
        self._unsigned()
        self.signature, self._place = (origin, state, path), (len(self.items), len(self.parts))
        self.said(item, path, ())

    def _unsigned(self) -> None:
        """A state that no call follows is no part of one, and still its issuer's alone."""
        if self.signature is None:
            return
        (origin, state, path), (item, part) = self.signature, self._place
        raw, _ = self.items[item]
        self.items[item] = (raw, 1)
        self.parts.insert(part, Redacted(state, origin, path, raw))
        self.signature = None

    def said(self, item: Item, path: Path, parts: tuple[Part, ...]) -> None:
        """One more item of the model's."""
        if not self.items:
            self.path = path
        self.items.append((item, len(parts)))
        self.parts += parts

    def end(self) -> None:
        """The model's turn is over."""
        if not self.items:
            return
        self._unsigned()
        content: Any = tuple(self.parts)
        said = self.items[0][0].get("content")
        if len(self.items) == 1 and type(said) is str:
            content = said
        self.messages.append(Message("assistant", content, self.path, self.items))
        self.items, self.parts = [], []


def read_input(value: Any, draft: Draft) -> tuple[Message, ...]:
    """The ``input``: text, or items."""
    if type(value) is str:
        return (Message("user", value, ("input",)),)
    if type(value) is not list:
        wrong_type(("input",), value, "a string or an array of items")
    if not value:
        wrong_value(("input",), value, "at least one item")
    turns = Turns()
    for index, raw in enumerate(value):
        path = ("input", index)
        item = object_at(raw, path)
        reader = READERS.get(_kind(item, path), _opaque)
        if item.get("status", "completed") != "completed" and reader is not _opaque:
            draft.unknown({"status": item["status"]}, path, ())
        reader(item, path, draft, turns)
    turns.end()
    return tuple(turns.messages)


def _kind(item: Item, path: Path) -> str:
    kind = item.get("type")
    if type(kind) is str:
        return kind
    if kind is not None:
        wrong_type((*path, "type"), kind, "a string")
    if "role" in item or "content" in item:
        return "message"
    return "item_reference" if "id" in item else missing((*path, "type"))


_MESSAGE_KEYS = frozenset({"type", "role", "content", "id", "status"})
_ROLES: tuple[Role, ...] = ("user", "assistant", "system", "developer")


def _message(item: Item, path: Path, draft: Draft, turns: Turns) -> None:
    role: Role = choice_at(item.get("role") or missing((*path, "role")), (*path, "role"), _ROLES)
    if item.get("content") is None:
        missing((*path, "content"))
    content = read_content(item["content"], (*path, "content"), draft)
    if len(item) > 2:
        draft.unknown(item, path, _MESSAGE_KEYS)
    if role != "assistant":
        turns.end()
        turns.messages.append(Message(role, content, path, item))
        return
    if isinstance(content, str):
        content = (Text(content, None, (*path, "content"), item),)
    turns.said(item, path, content)


_CALL_KEYS = frozenset({"type", "id", "call_id", "name", "arguments", "input", "status"})


def _call(item: Item, path: Path, draft: Draft, turns: Turns) -> None:
    draft.unknown(item, path, _CALL_KEYS)
    custom = item["type"] == "custom_tool_call"
    call = Call(
        text_of(item, "call_id", path),
        text_of(item, "name", path),
        text_of(item, "input" if custom else "arguments", path),
        path,
        item,
        custom,
    )
    if turns.signature is not None:
        origin, state, place = turns.signature
        call = evolve(call, signature=state, origin=origin, signed_at=place)
        turns.signature = None
    turns.said(item, path, (call,))


_OUTPUT_KEYS = frozenset({"type", "id", "call_id", "output", "status", "name"})


def _output(item: Item, path: Path, draft: Draft, turns: Turns) -> None:
    draft.unknown(item, path, _OUTPUT_KEYS)
    if item.get("output") is None:
        missing((*path, "output"))
    content = read_content(item["output"], (*path, "output"), draft)
    result = Result(text_of(item, "call_id", path), content, path, None, False, maybe_text(item, "name", path))
    turns.end()
    turns.messages.append(Message("tool", (result,), path, item))


_REASONING_KEYS = frozenset({"type", "id", "summary", "content", "encrypted_content", "status"})


def _reasoning(item: Item, path: Path, draft: Draft, turns: Turns) -> None:
    draft.unknown(item, path, _REASONING_KEYS)
    texts = [
        text_of(object_at(entry, (*path, key, index)), "text", (*path, key, index))
        for key in ("summary", "content")
        if item.get(key) is not None
        for index, entry in enumerate(array_at(item[key], (*path, key)))
    ]
    text = "\n\n".join(texts)
    word = maybe_text(item, "encrypted_content", path)
    origin, kind, state = unseal(word or "", ORIGIN)
    if kind == "call":
        turns.sign(item, path, origin, state)
    elif kind is None and not word:
        turns.said(item, path, (Thinking(text, None, origin, path, item),) if text else ())
    elif kind == "redacted" or (kind is None and not text):
        turns.said(item, path, (Redacted(_state(item, path, kind, state), origin, path, item),))
    elif origin == UNSIGNED:
        turns.said(item, path, (Thinking(text, None, None, path, item),))
    else:
        turns.said(item, path, (Thinking(text, _state(item, path, kind, state), origin, path, item),))


def _state(item: Item, path: Path, kind: str | None, state: str) -> str:
    return state if kind is not None else own_state(maybe_text(item, "id", path), state)


UNSIGNED = "unsigned"
"""The origin of sealed reasoning that nobody has signed."""


def own_state(item_id: str | None, encrypted: str) -> str:
    """The state of a reasoning item: encrypted content is bound to the id of its item, so that both travel."""
    return f"{item_id or ''} {encrypted}"


def _opaque(item: Item, path: Path, draft: Draft, turns: Turns) -> None:
    turns.said(item, path, (Opaque(item["type"], NAME, path, item),))


def _reference(item: Item, path: Path, draft: Draft, turns: Turns) -> NoReturn:
    raise stateful(path, "an item of an earlier response", "Send the item itself.")


def stateful(path: Path, what: str, instead: str) -> TranslationError:
    """A field that names state which a stateless gateway does not keep."""
    return TranslationError(
        f"Unsupported parameter: '{dotted(path)}' names {what}, and nothing is kept here between two requests. "
        f"{instead}",
        path=render(path),
        code="unsupported_parameter",
    )


READERS: dict[str, Callable[[Item, Path, Draft, Turns], None]] = {
    "message": _message,
    "function_call": _call,
    "custom_tool_call": _call,
    "function_call_output": _output,
    "custom_tool_call_output": _output,
    "reasoning": _reasoning,
    "item_reference": _reference,
}
