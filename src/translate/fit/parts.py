"""Part by part: media, opaque reasoning state, names and ids, cache lifetimes (spec/chat.md 3, 4, 5, 8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar
from zlib import crc32

from ..fields import extra_severity, foreign_key
from ..records import (
    Cache,
    Call,
    Media,
    Message,
    Opaque,
    Part,
    Redacted,
    Refusal,
    Request,
    Result,
    Stale,
    Text,
    Thinking,
    TranslationError,
    changed,
    evolve,
    render,
)
from ..records.remember import remember
from ..records.request import SYSTEM_ROLES
from ..records.traits import ODD, ODD_TOOLS, of_messages
from ..target import Target
from ..values import dotted, dumps
from . import details
from .media import fit_media
from .notes import Notes

_M = TypeVar("_M", Text, Media, Call, Result)
"""What may carry a cache mark."""

PDF = "application/pdf"
_DURATIONS = {"5m": 300, "30m": 1800, "1h": 3600, "12h": 43200, "24h": 86400}


class Walk:
    """One pass over all messages."""

    __slots__ = ("documents", "handlers", "images", "notes", "own", "request", "role", "target")

    def __init__(self, request: Request, target: Target, notes: Notes) -> None:
        # Of the message that is looked at.
        self.role = "user"
        self.request = request
        self.target = target
        self.notes = notes
        self.own = request.dialect == target.provider.dialect
        self.images = 0
        self.documents = 0
        self.handlers: dict[type, Callable[[Any], Part | None]] = {
            Text: self.text,
            Media: self.media,
            Thinking: self.thinking,
            Redacted: self.thinking,
            Call: self.call,
            Result: self.result,
            Refusal: self.refusal,
            Opaque: self.opaque,
        }

    def message(self, message: Message) -> Message:
        """The message as the target can take it; the same object when nothing changed."""
        content = message.content
        self.role = message.role
        if not self.own and message.role not in ("user", "tool"):
            _check_media(message, self.target)
        parts = content if isinstance(content, str) else self.parts(content)
        name = message.name
        if name is not None and not self.target.provider.names:
            self.notes.lose(
                (*message.path, "name"), "dropped", "hint", f"{self.target.provider.name} has no names on messages."
            )
            name = None
        if parts is content and name is message.name and not self.foreign(message):
            return message
        return changed(message, content=parts, name=name)

    def foreign(self, message: Message) -> bool:
        """Whether the message, as it came, has keys that this provider of the same dialect does not take."""
        if not self.own or type(message.native) is not dict:
            return self.own and type(message.native) is Stale
        provider = self.target.provider
        known = provider.message_keys
        if known and not (message.native.keys() <= known and None not in message.native.values()):
            return True
        own = provider.reasoning_key if provider.replays_reasoning else None
        calls = message.native.get("tool_calls") or ()
        keys = [*(key for key in message.native if key != own), *(key for call in calls for key in call)]
        return any(foreign_key(provider.dialect, key, provider.extensions) for key in keys)

    def parts(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """Parts as the target can take them; the same tuple when nothing changed."""
        out: list[Part] | None = None
        for index, part in enumerate(parts):
            if isinstance(part, Text) and part.cache is None:
                new: Part | None = part
            else:
                new = self.handlers[type(part)](part)
            if new is not part and out is None:
                out = list(parts[:index])
            if out is not None and new is not None:
                out.append(new)
        return parts if out is None else tuple(out)

    def text(self, part: Text) -> Text:
        """A text with a cache mark."""
        return self.marked(part)

    def marked(self, part: _M) -> _M:
        """A part whose cache mark, if any, fits the target."""
        if part.cache is None:
            return part
        provider = self.target.provider
        if self.role == "assistant" and not self.own and not provider.answer_marks:
            detail = f"{provider.name} takes no cache marks on what the model said."
            self.notes.lose(part.cache.path, "dropped", "cost", detail)
            return changed(part, cache=None)
        if type(part) is Call and self.target.row.cache_ttls and not provider.call_marks:
            self.notes.lose(part.cache.path, "dropped", "cost", f"{provider.name} takes no cache marks on calls.")
            return changed(part, cache=None)
        cache = fit_cache(part.cache, self.target, self.notes)
        return part if cache is part.cache else changed(part, cache=cache)

    def media(self, part: Media) -> Part:
        """Media the target takes; a plain-text document is text where documents cannot be."""
        self.images += part.kind == "image"
        fitted = fit_media(part, self.request, self.target, self.notes, self.images)
        words = self.target.provider.document_words and self.target.row.document_words
        if not self.own and not words:
            for key, said in (("context", part.context is not None), ("citations", part.cite)):
                if said:
                    detail = f"{self.target.provider.name} has no '{key}' on documents."
                    self.notes.lose(self.request.where_inside(part.path, key), "dropped", "quality", detail)
            fitted = changed(fitted, context=None, cite=False) if fitted.context or fitted.cite else fitted
        if fitted.media_type == PDF and self.target.row.pdf_text and not (self.own or fitted.cite):
            detail = f"{self.target.model} reads the text of a PDF here, and does not see its pages."
            self.notes.lose(part.path, "approximated", "quality", detail)
        if fitted.text is not None and not self.target.provider.text_documents:
            detail = f"{self.target.provider.name} takes no plain-text documents: it is sent as text."
            self.notes.lose(part.path, "approximated", "quality", detail)
            title = f"{fitted.filename}:\n" if fitted.filename else ""
            return self.marked(Text(title + fitted.text, fitted.cache, part.path))
        if fitted.kind == "document" and not self.own and self.target.provider.neutral_names:
            fitted = self.renamed(fitted, words=words)
        return self.marked(fitted)

    def renamed(self, part: Media, *, words: bool) -> Media:
        """A document under a name that says nothing, since models read it; its own name goes into its context."""
        self.documents += 1
        name = f"document-{self.documents}"
        if part.filename is None or part.filename == name:
            return changed(part, filename=name)
        detail = f"{self.target.provider.name} wants a neutral name: '{part.filename}' is sent as '{name}'"
        if not words:
            self.notes.lose(part.path, "approximated", "quality", f"{detail}.")
            return changed(part, filename=name)
        self.notes.lose(part.path, "approximated", "hint", f"{detail}, and told in its context.")
        context = f"{part.filename}\n{part.context}" if part.context else part.filename
        return changed(part, filename=name, context=context)

    def thinking(self, part: Thinking | Redacted) -> Part | None:
        """Reasoning state goes back only to the domain that issued it."""
        provider = self.target.provider
        readable = part.origin is not None and part.origin == provider.signing_domain
        placed = provider.hidden_reasoning or isinstance(part, Thinking)
        if (self.own and "*" in provider.extensions) or (readable and placed and self.target.row.reads_reasoning):
            return part
        if part.origin is None and isinstance(part, Thinking) and provider.replays_reasoning:
            return part
        what = f"issued by {part.origin}" if part.origin else "without a signature"
        alone = " without a word or a call that it belongs to" if readable and not placed else ""
        detail = f"Reasoning {what}{alone} cannot be sent back to {provider.name}."
        if part.origin is None:
            self.notes.lose(part.path, "dropped", "quality", detail)
        else:
            self.notes.lose_state(part.path, detail)
        return None

    def call(self, part: Call) -> Call:
        """A call with a name and an id the target accepts, without foreign state."""
        fields: dict[str, Any] = {}
        provider = self.target.provider
        foreign = part.signature is not None and part.origin != provider.signing_domain
        if foreign and not (self.own and "*" in provider.extensions):
            detail = f"A thought signature issued by {part.origin} cannot be sent back to {provider.name}."
            self.notes.lose_state(part.signed_at or part.path, detail)
            fields["signature"] = fields["origin"] = None
        if part.custom and not provider.custom_tools:
            fields |= {"custom": False, "arguments": dumps({"input": part.arguments}).decode()}
        if not self.own:
            name = self.notes.names.get(part.name) or legal_name(part.name, provider.tool_names)
            if name != part.name:
                fields["name"] = name
            if not re.fullmatch(provider.call_ids, part.id):
                fields["id"] = legal_id(part.id)
        part = changed(part, **fields) if fields else part
        return part if part.cache is None else self.marked(part)

    def result(self, part: Result) -> Result:
        """A result with fitted parts."""
        fields: dict[str, Any] = {}
        if not isinstance(part.content, str):
            inner = self.parts(part.content)
            if inner is not part.content:
                fields["content"] = inner
        if self.own and part.name is not None and self.target.provider.message_keys:
            self.notes.lose((*part.path, "name"), "dropped", "hint", f"{self.target.provider.name} has no names here.")
        if not self.own:
            if not re.fullmatch(self.target.provider.call_ids, part.call_id):
                fields["call_id"] = legal_id(part.call_id)
            if part.is_error and not (self.target.provider.result_errors and self.target.row.result_errors):
                fields["is_error"] = False
                path = self.request.where_inside(part.path, "is_error")
                detail = f"{self.target.provider.name} has no mark for a failed tool."
                self.notes.lose(path, "dropped", "quality", detail)
        part = changed(part, **fields) if fields else part
        part = part if part.cache is None else self.marked(part)
        place = self.target.provider.result_marks
        if place == "both" or (self.own and "*" in self.target.provider.extensions):
            return part
        return self.marked_behind(part) if place == "whole" else self.marked_inside(part)

    def marked_inside(self, part: Result) -> Result:
        """A result whose mark stands on its last part, if that can carry one and has none."""
        if part.cache is None:
            return part
        last = part.parts[-1] if part.parts else None
        if isinstance(last, Text | Media) and (last.text or isinstance(last, Media)) and last.cache is None:
            return changed(part, content=(*part.parts[:-1], changed(last, cache=part.cache)), cache=None)
        detail = f"{self.target.provider.name} marks parts of a tool result: its last one cannot be marked."
        self.notes.lose(part.cache.path, "dropped", "cost", detail)
        return changed(part, cache=None)

    def marked_behind(self, part: Result) -> Result:
        """A result with its own mark in the place of those of its parts, of which the last one counts."""
        marks = [inner.cache for inner in part.parts if isinstance(inner, Text | Media) and inner.cache is not None]
        if not marks:
            return part
        kept = part.cache or marks[-1]
        for mark in marks:
            if mark is not kept:
                detail = f"{self.target.provider.name} marks a tool result as a whole: its last mark is kept."
                self.notes.lose(mark.path, "dropped", "cost", detail)
        bare = tuple([changed(item, cache=None) if isinstance(item, Text | Media) else item for item in part.parts])
        return changed(part, content=bare, cache=kept)

    def refusal(self, part: Refusal) -> Part:
        """Only the OpenAI family tells a refusal from text."""
        if self.target.provider.refusals:
            return part
        self.notes.lose(part.path, "approximated", "hint", "A refusal of the history is sent as text.")
        return Text(part.text, None, part.path)

    def opaque(self, part: Opaque) -> Part | None:
        """A block of one dialect only."""
        if part.fault is not None and not (self.own and "*" in self.target.provider.extensions):
            raise part.fault
        if part.dialect == self.target.provider.dialect:
            return part
        where = self.target.provider.name
        if self.role == "assistant":
            detail = f"A '{part.kind}' block of the history has no counterpart at {where}."
            severity = extra_severity(part.dialect, part.path, part.kind)
            self.notes.lose(part.path, "dropped", severity, detail)
            return None
        raise TranslationError(
            f"Unsupported content '{dotted(part.path)}': {where} has no counterpart of a '{part.kind}' part; "
            "say it as text.",
            path=render(part.path),
            code="unsupported_content",
        )


def _check_media(message: Message, target: Target) -> None:
    """System messages are text, and most targets take no media from an assistant."""
    system = message.role in SYSTEM_ROLES
    for part in message.parts:
        if (system and type(part) is not Text) or (type(part) is Media and not target.provider.assistant_media):
            raise TranslationError(
                f"Unsupported content '{dotted(part.path)}': {message.role} messages to {target.provider.name} "
                f"hold text only; say it in a user message.",
                path=render(part.path),
                code="unsupported_content",
            )


@remember(4096)
def legal_name(name: str, pattern: str) -> str:
    """A tool name that the provider takes: the name itself, or one that tells it apart.

    ``pattern`` is the provider row's; what is made here has letters, digits, ``_`` and ``-``, at most 64, and a ``_``
    first where the pattern wants no digit or hyphen there.
    """
    if re.fullmatch(pattern, name):
        return name
    made = f"{re.sub(r'[^A-Za-z0-9_-]', '_', name)[:54]}_{crc32(name.encode()):08x}"
    return made if re.fullmatch(pattern, made) else f"_{made}"


def legal_id(call_id: str) -> str:
    """A call id of letters, digits, ``_`` and ``-``, at most 40; the same for a call and its result."""
    return f"{re.sub(r'[^A-Za-z0-9_-]', '_', call_id)[:31]}_{crc32(call_id.encode()):08x}"


def fit_cache(cache: Cache, target: Target, notes: Notes) -> Cache | None:
    """A cache mark with a lifetime the model takes, or None where marks have no place."""
    ttls = target.row.cache_ttls
    if not ttls:
        if target.provider.extensions & {"*", "cache_control"}:
            return cache
        notes.lose(cache.path, "dropped", "cost", f"{target.model} at {target.provider.name} takes no cache marks.")
        return None
    if cache.ttl is None or cache.ttl in ttls:
        # A mark in a foreign spelling is written anew, in the target's.
        foreign = cache.path and foreign_key(target.provider.dialect, cache.path[-1], target.provider.extensions)
        return Cache(cache.ttl, cache.path) if foreign else cache
    wished = _DURATIONS.get(cache.ttl, 300)
    ttl = next((item for item in ttls if _DURATIONS[item] >= wished), ttls[-1])
    notes.lose(cache.path, "approximated", "cost", f"A cache lifetime of {cache.ttl} became {ttl}.")
    return Cache(ttl, cache.path)


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Every part of every message as the target can take it."""
    fields: dict[str, Any] = {}
    if notes.traits & ODD or target.provider.message_keys:
        walk = Walk(request, target, notes)
        messages = tuple([walk.message(message) for message in request.messages])
        if any(new is not old for new, old in zip(messages, request.messages, strict=True)):
            fields["messages"] = messages
            notes.traits = of_messages(messages) | (notes.traits & ODD_TOOLS)
        if target.row.media_detail == "request":
            request = details.fit(evolve(request, **fields), target, notes)
            fields = {}
    if request.cache is not None:
        cache = fit_cache(request.cache, target, notes)
        if cache is not request.cache:
            fields["cache"] = cache
    return evolve(request, **fields) if fields else request
