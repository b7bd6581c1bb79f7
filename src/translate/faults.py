"""Fit and write a request whatever is wrong with it, so that all faults are found and not the first only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .dialects import DIALECTS
from .fit import Notes, fit
from .plan import surface
from .records import Call, Loss, Media, Message, Request, Text, TranslationError, changed, evolve, render
from .records.quick import record
from .target import Target

_TYPES = {"image": "image/png", "audio": "audio/wav", "video": "video/mp4", "document": "application/pdf"}
"""What media behind a URL are taken for, since nothing is fetched."""


@record
class Fitted:
    """A request at a target: as far as it can be told when something of it must be left out.

    Attributes:
        target: the surface that it would go to.
        request: as fitted; None when nothing can be left out that would help.
        losses: of everything but the faults.
        faults: what cannot be expressed there at all.
        fetched: URLs that must be fetched first.
    """

    target: Target
    request: Request | None
    losses: tuple[Loss, ...]
    faults: tuple[TranslationError, ...]
    fetched: frozenset[str]


def fit_whatever(request: Request, target: Target) -> Fitted:
    """Fit and write; whatever is at fault is noted and left out, so that all faults are found and not the first."""
    target = surface(request, target)
    own = request.dialect == target.provider.dialect
    faults: list[TranslationError] = []
    left: Request | None = request
    while left is not None:
        try:
            fitted, notes = fit(left, target)
            if notes.needs:
                target = evolve(target, media={**target.media, **_unfetched(left, notes)})
                continue
            DIALECTS[target.provider.dialect].write_request(fitted, target, left if own else None)
        except TranslationError as fault:
            if any(fault.path == known.path for known in faults):
                break
            faults.append(fault)
            left = _without(left, fault.path)
        else:
            return Fitted(target, fitted, tuple(notes.losses), tuple(faults), frozenset(target.media))
    return Fitted(target, None, (), tuple(faults), frozenset(target.media))


def _unfetched(request: Request, notes: Notes) -> dict[str, dict[str, str]]:
    """Stand-ins for media that would be fetched."""
    kinds = {item.url: item.kind for item in _all_media(request.messages) if item.url is not None}
    return {url: {"media_type": _TYPES[kinds[url]], "data": ""} for url in notes.needs}


def _all_media(messages: tuple[Message, ...]) -> Iterator[Media]:
    for message in messages:
        for part in message.parts:
            inner = part.content if hasattr(part, "content") and not isinstance(part.content, str) else (part,)
            yield from (item for item in inner if isinstance(item, Media))


def _without(request: Request, path: str) -> Request | None:
    """The request without what stands at a path; None when it is not known what that is."""
    for name in ("tool_choice", "output", "parallel_calls", "reasoning", "max_tokens"):
        if getattr(request, name) is not None and within(path, render(request.where(name))):
            return evolve(request, **{name: None})
    options = {name: item for name, item in request.options.items() if not within(path, render(request.where(name)))}
    if len(options) != len(request.options):
        return evolve(request, options=options)
    tools = tuple(tool for tool in request.tools if not within(path, render(tool.path)))
    if len(tools) != len(request.tools):
        return evolve(request, tools=tools)
    messages = tuple(_bare(message, path) for message in request.messages)
    if any(new is not old for new, old in zip(messages, request.messages, strict=True)):
        return evolve(request, messages=messages, traits=-1)
    kept = tuple(message for message in messages if render(message.path) != path)
    return evolve(request, messages=kept) if kept and len(kept) != len(messages) else None


def _bare(message: Message, path: str) -> Message:
    """The message with words where something stood that cannot be expressed."""
    content = message.content
    if isinstance(content, str):
        return message
    parts = tuple(_word(part, path) for part in content)
    same = all(new is old for new, old in zip(parts, content, strict=True))
    return message if same else changed(message, content=parts)


def _word(part: Any, path: str) -> Any:
    content = getattr(part, "content", None)
    if isinstance(content, tuple):
        inner = tuple(_word(item, path) for item in content)
        if any(new is not old for new, old in zip(inner, content, strict=True)):
            return changed(part, content=inner)
    if isinstance(part, Text) or not part.path or not within(path, render(part.path)):
        return part
    return changed(part, arguments="{}") if isinstance(part, Call) else Text("...", None, part.path)


def within(path: str, place: str) -> bool:
    """Whether a pointer names a place, or something inside it."""
    return path == place or path.startswith(f"{place}/")
