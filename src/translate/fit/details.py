"""The wished resolution of media, where it is said once for the whole request (spec/chat.md 3)."""

from __future__ import annotations

from ..records import Media, Message, Request, Result, changed, evolve
from ..target import Target
from .media import place_in
from .notes import Notes
from .walk import map_parts, walk

RANKS = ("low", "high", "original")
"""Wishes that can be said once, weakest first; ``original`` has no word of its own there."""


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """The client's own wish for all media, or else the highest one; every wish that it does not meet is reported."""
    wished = [part for part in walk_media(request.messages) if part.detail in RANKS]
    if not wished:
        return request
    highest = max((part.detail or "" for part in wished), key=RANKS.index)
    said = request.options.get("media_resolution", "high" if highest == "original" else highest)
    for part in wished:
        if part.detail != said:
            detail = f"{target.model} has one resolution for all media: '{part.detail}' became '{said}'."
            notes.lose(place_in(part, "detail", request), "approximated", "quality", detail)

    def bare(part: Media | Result) -> Media | Result:
        return changed(part, detail=None) if isinstance(part, Media) and part.detail is not None else part

    options = {**request.options, "media_resolution": said}
    return evolve(request, messages=map_parts(request.messages, bare), options=options)


def walk_media(messages: tuple[Message, ...]) -> list[Media]:
    """All media, those in results included."""
    return [part for part in walk(messages) if isinstance(part, Media)]
