"""Chat messages to records (wire/openai-chat.md 3 and 12, spec/chat.md 4, 5 and 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from ...draft import Draft
from ...records import (
    Call,
    Extra,
    Media,
    Message,
    Part,
    Path,
    Redacted,
    Refusal,
    Result,
    Stale,
    Text,
    Thinking,
    evolve,
    make,
    traits,
)
from ...records.parts import as_parts
from ...records.request import SYSTEM_ROLES, Role
from ...records.traits import plain_pair
from ...values import array_at, dumps, maybe_text, missing, object_at, text_of, wrong_type, wrong_value
from .extensions import GOOGLE
from .parts import read_cache, read_content
from .thoughts import dig, signed, thoughts

THOUGHT_MARK = "__thought__"
"""Some clients pack a signature into a call id behind this mark (spec/chat.md 5)."""


def read_messages(messages: list[Any], draft: Draft) -> tuple[Message, ...]:
    """The ``messages`` array; the most frequent shapes have shorter ways."""
    out: list[Message] = []
    led = False
    for index, raw in enumerate(messages):
        path = ("messages", index)
        try:
            role, content = raw["role"], raw["content"]
            message = None
            if type(content) is str and content and len(raw) == 2 and role in PLAIN:
                message = make.message(role, content, path, raw)
            elif role in QUICK:
                quick, bits = QUICK[role]
                message = quick(raw, path)
                if message is not None:
                    draft.traits |= bits
        except (KeyError, TypeError, AttributeError):
            # Not of a frequent shape, and perhaps no message at all.
            role, message = _role(raw, path), None
        if message is None:
            message = ROLES[_role(raw, path)](raw, path, draft)
            draft.traits |= traits.of_message(message)
        if role not in SYSTEM_ROLES:
            led = True
        elif led:
            draft.traits |= traits.INNER_SYSTEM
        out.append(message)
    return tuple(out)


def _plain_result(raw: dict[str, Any], path: Path) -> Message | None:
    """A tool's answer that is text and nothing else; None, or KeyError, when it is more or less than that.

    Its id is not looked at: it is that of a call, or refused by ``fit``.
    """
    call_id, content = raw["tool_call_id"], raw["content"]
    if type(call_id) is not str or type(content) is not str or len(raw) != 3 or not content or THOUGHT_MARK in call_id:
        return None
    return make.message("tool", (make.result(call_id, content, path),), path, raw)


_CONTENT, _CALLS = ("content",), ("tool_calls",)


def _plain_calls(raw: dict[str, Any], path: Path) -> Message | None:
    """Text, or none, and function calls of an id, a name and arguments; None, or KeyError, when it is anything else."""
    calls, content = raw["tool_calls"], raw["content"]
    if not calls or len(raw) != 3:
        return None
    out: list[Part] = []
    if content:
        if type(content) is not str:
            return None
        out.append(make.text(content, None, path + _CONTENT))
    at = path + _CALLS
    for index, call in enumerate(calls):
        call_id, function = call["id"], call["function"]
        name, arguments = function["name"], function["arguments"]
        if len(call) != 3 or len(function) != 2 or call["type"] != "function" or type(arguments) is not str:
            return None
        if not plain_pair(name, call_id) or THOUGHT_MARK in call_id:
            return None
        out.append(make.call(call_id, name, arguments, (*at, index), call))
    return make.message("assistant", tuple(out), path, raw)


def _plain_parts(raw: dict[str, Any], path: Path) -> Message | None:
    """Texts and nothing else; None, or KeyError, when it is more or less than that."""
    content = raw["content"]
    if type(content) is not list or not content or len(raw) != 2:
        return None
    out: list[Part] = []
    for index, part in enumerate(content):
        text = part["text"]
        if len(part) != 2 or part["type"] != "text" or type(text) is not str or not text:
            return None
        out.append(make.text(text, None, (*path, "content", index), part))
    return make.message("user", tuple(out), path, raw)


QUICK: dict[str, tuple[Callable[[dict[str, Any], Path], Message | None], int]] = {
    "tool": (_plain_result, traits.CALLS),
    "assistant": (_plain_calls, traits.CALLS),
    "user": (_plain_parts, 0),
}
"""Roles with a frequent plain shape, and the bits of such a message; what is not of that shape goes to ROLES."""


def _role(raw: Any, path: Path) -> str:
    """The role of a message, in the word of this dialect.

    Raises:
        TranslationError: when it is none, or no message.
    """
    role = raw.get("role") if type(raw) is dict else None
    if type(role) is not str or role not in ROLES:
        _no_message(raw, path)
    return role


def _no_message(raw: Any, path: Path) -> NoReturn:
    if type(raw) is not dict:
        wrong_type(path, raw, "a message object")
    if raw.get("role") is None:
        missing((*path, "role"))
    wrong_value((*path, "role"), raw["role"], "one of " + ", ".join(f"'{name}'" for name in ROLES))


PLAIN = frozenset({"system", "developer", "user", "assistant"})
"""Roles whose message may be a text and nothing else."""


def _spoken(role: Role) -> Callable[[dict[str, Any], Path, Draft], Message]:
    """A reader for roles that only have content."""

    def read(raw: dict[str, Any], path: Path, draft: Draft) -> Message:
        content = _content(raw, path, draft)
        if len(raw) == 2:
            return Message(role, content, path, raw)
        draft.unknown(raw, path, _PLAIN_KEYS)
        return Message(role, _marked(content, raw, path, draft), path, raw, maybe_text(raw, "name", path))

    return read


_PLAIN_KEYS = frozenset({"role", "content", "name", "cache_control"})


def _content(raw: dict[str, Any], path: Path, draft: Draft) -> str | tuple[Part, ...]:
    content = raw.get("content")
    if type(content) is str:
        return content
    if content is None:
        missing((*path, "content"))
    if type(content) is not list:
        wrong_type((*path, "content"), content, "a string or an array of content parts")
    return read_content(content, (*path, "content"), draft)


def _marked(content: str | tuple[Part, ...], raw: dict[str, Any], path: Path, draft: Draft) -> str | tuple[Part, ...]:
    """A message's own cache mark belongs on its last part (spec/chat.md 8), if that can carry one and has none."""
    if raw.get("cache_control") is None:
        return content
    mark = read_cache({"cache_control": raw["cache_control"]}, path, draft)
    assert mark is not None
    parts = as_parts(content, path)
    last = parts[-1] if parts else None
    known = last.cache if isinstance(last, Text | Media | Call | Result) else None
    if not isinstance(last, Text | Media | Call | Result) or known not in (None, mark):
        draft.extras.append(Extra(mark.path, raw["cache_control"]))
        return content
    return content if known else (*parts[:-1], evolve(last, cache=mark))


_ASSISTANT_KEYS = frozenset({
    "role", "content", "name", "refusal", "tool_calls", "function_call", "cache_control", "thinking_blocks",
    "content_blocks", "reasoning_content", "reasoning", "reasoning_details", "extra_content",
})  # fmt: skip


def _assistant(raw: dict[str, Any], path: Path, draft: Draft) -> Message:
    content = _block_texts(raw, path) if raw.get("content") in (None, "") else _content(raw, path, draft)
    draft.unknown(raw, path, _ASSISTANT_KEYS)
    draft.traits |= traits.ODD
    parts = as_parts(content, path)
    before = thoughts(raw, path, parts, draft)
    if before:
        parts = tuple([part for part in parts if not isinstance(part, Thinking | Redacted)])
    refusal = maybe_text(raw, "refusal", path)
    if refusal:
        parts = (*parts, Refusal(refusal, (*path, "refusal")))
    whole = before + parts + signed(raw, path, draft) + _calls(raw, path, draft)
    name = maybe_text(raw, "name", path)
    # A call whose id was not one alone makes the message another than it came.
    native = Stale(raw) if any(type(part) is Call and type(part.native) is Stale for part in whole) else raw
    said = content if whole == parts and type(content) is str and not refusal else whole
    return Message("assistant", _marked(said, raw, path, draft), path, native, name)


def _block_texts(raw: dict[str, Any], path: Path) -> tuple[Part, ...]:
    """What was said, of a server that says it in its blocks alone."""
    blocks = raw.get("content_blocks")
    return tuple(
        Text(block["text"], None, (*path, "content_blocks", index))
        for index, block in enumerate(blocks if type(blocks) is list else ())
        if type(block) is dict and block.get("type") == "text" and type(block.get("text")) is str
    )


def _calls(raw: dict[str, Any], path: Path, draft: Draft) -> tuple[Part, ...]:
    calls, legacy = raw.get("tool_calls"), raw.get("function_call")
    if calls is not None:
        at = (*path, "tool_calls")
        if legacy is not None:
            draft.extras.append(Extra((*path, "function_call"), legacy))
        return tuple([_call(item, (*at, index), draft) for index, item in enumerate(array_at(calls, at))])
    if legacy is None:
        return ()
    at = (*path, "function_call")
    function = object_at(legacy, at)
    name = text_of(function, "name", at)
    draft.unknown(function, at, ("name", "arguments"))
    # The deprecated form has no id; the message's place makes one that its result can name.
    draft.legacy[name] = call_id = f"call_{path[-1]}"
    return (Call(call_id, name, _arguments(function, at), path=at),)


_SIGNATURES = (
    ("provider_specific_fields", "thought_signature"),
    ("extra_content", GOOGLE, "thought_signature"),
    ("function", "thought_signature"),
    ("function", "provider_specific_fields", "thought_signature"),
    ("thought_signature",),
)


def _call(raw: Any, path: Path, draft: Draft) -> Call:
    raw = object_at(raw, path)
    call_id, custom = text_of(raw, "id", path), raw.get("type") == "custom"
    kind = "custom" if custom else "function"
    at = (*path, kind)
    inner = object_at(raw.get(kind), at)
    name, text = text_of(inner, "name", at), text_of(inner, "input", at) if custom else _arguments(inner, at)
    draft.unknown(raw, path, (kind, *_CALL_KEYS))
    draft.unknown(inner, at, ("name", "input") if custom else _FUNCTION_KEYS)
    _echoes(raw, path, draft)
    _echoes(inner, at, draft)
    call_id, mark, packed = call_id.partition(THOUGHT_MARK)
    signature = None
    for keys, found in (*((keys, dig(raw, *keys)) for keys in _SIGNATURES), (("id",), packed)):
        if found and signature not in (None, found):
            # A copy that differs: the first one wins.
            draft.extras.append(Extra((*path, *keys), found))
        signature = signature or found or None
    native = Stale(raw) if mark else raw
    cache = read_cache(raw, path, draft)
    return Call(call_id, name, text, path, native, custom, signature, GOOGLE if signature else None, cache)


def _echoes(raw: dict[str, Any], path: Path, draft: Draft) -> None:
    """Note what a server's own objects of a call hold besides a signature."""
    for key, known in _ECHOES:
        value = raw.get(key)
        if type(value) is dict:
            draft.unknown(value, (*path, key), (known,))
            if type(value.get(known)) is dict:
                draft.unknown(value[known], (*path, key, known), ("thought_signature",))
        elif value is not None:
            draft.extras.append(Extra((*path, key), value))


_ECHOES = (("provider_specific_fields", "thought_signature"), ("extra_content", GOOGLE))

_CALL_KEYS = ("id", "type", "cache_control", "provider_specific_fields", "extra_content", "thought_signature")
_FUNCTION_KEYS = ("name", "arguments", "thought_signature", "provider_specific_fields")


def _arguments(function: dict[str, Any], path: Path) -> str:
    arguments = function.get("arguments")
    if type(arguments) is str:
        return arguments
    if type(arguments) is dict:
        # Some clients send the object itself.
        return dumps(arguments).decode()
    return "" if arguments is None else wrong_type((*path, "arguments"), arguments, "a string of JSON")


_TOOL_KEYS = frozenset({"role", "content", "name", "tool_call_id", "cache_control"})


def _tool(raw: dict[str, Any], path: Path, draft: Draft) -> Message:
    call_id = text_of(raw, "tool_call_id", path)
    content = _content(raw, path, draft)
    native: Any = raw
    if THOUGHT_MARK in call_id:
        call_id, native = call_id.partition(THOUGHT_MARK)[0], Stale(raw)
    if len(raw) == 3:
        return Message("tool", (Result(call_id, content, path),), path, native)
    draft.unknown(raw, path, _TOOL_KEYS)
    result = Result(call_id, content, path, None, False, maybe_text(raw, "name", path), read_cache(raw, path, draft))
    return Message("tool", (result,), path, native)


def _function(raw: dict[str, Any], path: Path, draft: Draft) -> Message:
    name = text_of(raw, "name", path)
    call_id = draft.legacy.get(name)
    if call_id is None:
        wrong_value((*path, "name"), name, "the name of a function_call made before")
    content = maybe_text(raw, "content", path) or ""
    draft.unknown(raw, path, ("role", "name", "content"))
    return Message("tool", (Result(call_id, content, path, None, False, name),), path, raw)


ROLES: dict[str, Callable[[dict[str, Any], Path, Draft], Message]] = {
    "system": _spoken("system"),
    "developer": _spoken("developer"),
    "user": _spoken("user"),
    "assistant": _assistant,
    "tool": _tool,
    "function": _function,
}
