"""Reasoning of earlier turns in its many spellings (spec/chat.md 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...draft import Draft
from ...records import Extra, Part, Path, Redacted, Thinking
from ...values import array_at, maybe_text, object_at, text_of, wrong_type
from .extensions import GOOGLE, origin_of
from .parts import thinking_block


def thoughts(raw: dict[str, Any], path: Path, parts: tuple[Part, ...], draft: Draft) -> tuple[Part, ...]:
    """Reasoning of an earlier turn beside its content: the first spelling found wins (spec/chat.md 5).

    The others say the same once more, as a rule; what says something else is noted.
    """
    within = tuple([part for part in parts if isinstance(part, Thinking | Redacted)])
    found = _found(raw, path, within, draft)
    for part in within if found else ():
        if isinstance(part, Thinking) and not _said(part.text, found):
            draft.extras.append(Extra(part.path, part.native))
    for at, text, value in _texts(raw, path):
        if not _said(text, found or within):
            draft.extras.append(Extra(at, value))
    return found


def _texts(raw: dict[str, Any], path: Path) -> Iterator[tuple[Path, Any, Any]]:
    """All spellings of reasoning as text, but the first one: (where, the text, the whole of it)."""
    for key in ("reasoning_content", "reasoning"):
        value = raw.get(key)
        yield (*path, key), value.get("content") if type(value) is dict else value, value
    for key in ("content_blocks", "reasoning_details"):
        items = raw.get(key)
        for index, item in enumerate(items if type(items) is list else ()):
            if type(item) is dict and item.get("type") != "text":
                text = next((item[name] for name in ("thinking", "text", "summary") if item.get(name)), None)
                yield (*path, key, index), text, item


def _said(text: Any, found: tuple[Part, ...]) -> bool:
    """Whether thoughts say a text, however it is broken into lines."""
    said = "".join([part.text for part in found if isinstance(part, Thinking)])
    return type(text) is not str or "".join(text.split()) in "".join(said.split())


def _found(raw: dict[str, Any], path: Path, within: tuple[Part, ...], draft: Draft) -> tuple[Part, ...]:
    found = _blocks(raw, "thinking_blocks", path, draft)
    if found or within:
        return found
    found = _blocks(raw, "content_blocks", path, draft)
    details = raw.get("reasoning_details")
    if found or details is None or dig(raw, "extra_content", "anthropic", "signature"):
        return found or _reasoning_text(raw, path)
    at = (*path, "reasoning_details")
    return _details(array_at(details, at), at, draft)


_THOUGHTS = ("thinking", "redacted_thinking")


def _blocks(raw: dict[str, Any], key: str, path: Path, draft: Draft) -> tuple[Part, ...]:
    """The thoughts of a list of blocks; what else it holds is a copy of the content, or else unknown."""
    out = []
    for index, block in enumerate(array_at(raw[key], (*path, key)) if raw.get(key) is not None else ()):
        at = (*path, key, index)
        if type(block) is dict and block.get("type") in _THOUGHTS:
            out.append(thinking_block(block, at, draft))
        elif key == "thinking_blocks":
            draft.extras.append(Extra(at, block))
    return tuple(out)


def _reasoning_text(raw: dict[str, Any], path: Path) -> tuple[Part, ...]:
    """Reasoning as a text, and Claude's signature of it, which may stand alone: a signed block need not have words."""
    signature = dig(raw, "extra_content", "anthropic", "signature")
    origin = "anthropic" if signature else None
    for key in ("reasoning_content", "reasoning"):
        value = raw.get(key)
        if type(value) is dict:
            value = value.get("content")
        if value is not None and type(value) is not str:
            wrong_type((*path, key), value, "a string")
        if value:
            return (Thinking(value, signature, origin, (*path, key)),)
    return (Thinking("", signature, origin, (*path, "extra_content")),) if signature else ()


def signed(raw: dict[str, Any], path: Path, draft: Draft) -> tuple[Part, ...]:
    """Google's signature of what was said (wire/gemini.md 9)."""
    extra = raw.get("extra_content")
    if type(extra) is not dict:
        return ()
    at = (*path, "extra_content")
    signature = dig(extra, GOOGLE, "thought_signature")
    known = []
    for name, key in ((GOOGLE, "thought_signature"), ("anthropic", "signature")):
        if dig(extra, name, key):
            known.append(name)
            draft.unknown(extra[name], (*at, name), (key,))
    draft.unknown(extra, at, known)
    return (Thinking("", signature, GOOGLE, at),) if signature else ()


_DETAIL_KEYS = frozenset({"type", "text", "summary", "data", "signature", "id", "format", "index"})


def _details(details: list[Any], path: Path, draft: Draft) -> tuple[Part, ...]:
    """OpenRouter's ``reasoning_details``; ``format`` tells whose signature it is."""
    found: list[Part] = []
    for index, item in enumerate(details):
        at = (*path, index)
        raw = object_at(item, at)
        draft.unknown(raw, at, _DETAIL_KEYS)
        # Who tells no format means Claude (spec/chat.md 5).
        origin = origin_of(maybe_text(raw, "format", at) or "anthropic")
        if raw.get("type") == "reasoning.encrypted":
            data = text_of(raw, "data", at)
            # Google's encrypted reasoning is the signature of a part.
            found.append(Thinking("", data, origin, at) if origin == GOOGLE else Redacted(data, origin, at))
            continue
        text = maybe_text(raw, "text", at) or maybe_text(raw, "summary", at) or ""
        signature = maybe_text(raw, "signature", at) or None
        if text or signature:
            found.append(Thinking(text, signature, origin if signature else None, at))
    return tuple(found)


def dig(raw: Any, *keys: str) -> str | None:
    """A non-empty string deep in objects, or None."""
    for key in keys:
        if type(raw) is not dict:
            return None
        raw = raw.get(key)
    return raw if type(raw) is str and raw else None
