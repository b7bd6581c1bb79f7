"""Metadata and ids of users where they become labels, whose words are limited (wire/bedrock.md 4)."""

from __future__ import annotations

import re
from typing import Any

from ..records import Request, evolve
from ..target import Target
from .notes import Notes


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Labels that the target takes; the others are reported."""
    provider, options = target.provider, dict(request.options)
    legal = re.compile(provider.labels or "", re.ASCII)
    people = [name for name in ("user", "safety_identifier") if options.get(name)]
    for name in people:
        if not legal.fullmatch(options[name]):
            detail = f"{provider.name} refuses the characters or the length of this label."
            notes.lose(request.where(name), "dropped", "hint", detail)
            del options[name]
    metadata = options.get("metadata")
    if metadata:
        room = None if provider.max_labels is None else provider.max_labels - bool(people)
        options["metadata"] = _labels(metadata, request, legal, room, notes)
        if not options["metadata"]:
            del options["metadata"]
    return request if options == request.options else evolve(request, options=options)


def _labels(value: dict[str, Any], request: Request, legal: re.Pattern[str], room: int | None, notes: Notes) -> Any:
    kept: dict[str, str] = {}
    for key, word in value.items():
        if room is not None and len(kept) >= room:
            why = "No more labels are taken."
        elif key and legal.fullmatch(key) and isinstance(word, str) and legal.fullmatch(word):
            kept[key] = word
            continue
        else:
            why = "The characters or the length of this label are refused."
        notes.lose((*request.where("metadata"), key), "dropped", "hint", why)
    return kept
