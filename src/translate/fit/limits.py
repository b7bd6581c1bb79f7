"""The limit of the answer, and stop sequences (spec/chat.md 2)."""

from __future__ import annotations

from ..records import Request, evolve
from ..target import Target
from .notes import Notes

UNKNOWN_CEILING = 4096
"""For a provider that requires a limit, when no row knows the model's."""


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """State a limit where the provider requires one, and drop stop sequences that the model refuses."""
    if request.max_tokens is None and target.provider.limit_required:
        ceiling = target.row.max_output or UNKNOWN_CEILING
        path = request.where("max_tokens")
        notes.lose(path, "added", "hint", f"{target.provider.name} requires a limit: the model's ceiling, {ceiling}.")
        request = evolve(request, max_tokens=ceiling)
    if request.dialect == target.provider.dialect and target.row.limit_field is not None:
        for extra in request.extras:
            if extra.path == ("max_tokens",):
                notes.lose(extra.path, "dropped", "hint", f"{target.model} takes {target.row.limit_field} only.")
    if request.max_tokens == 0 and request.dialect != target.provider.dialect:
        detail = f"{target.provider.name} cannot be asked for an answer of no tokens."
        notes.lose(request.where("max_tokens"), "dropped", "contract", detail)
        request = evolve(request, max_tokens=None)
    least = target.provider.limit_minimum
    if request.max_tokens is not None and request.max_tokens < least and request.dialect != target.provider.dialect:
        detail = f"{target.provider.name} takes limits from {least} up: {request.max_tokens} became {least}."
        notes.lose(request.where("max_tokens"), "approximated", "cost", detail)
        request = evolve(request, max_tokens=least)
    return _stop(request, target, notes) if request.stop else request


def _stop(request: Request, target: Target, notes: Notes) -> Request:
    path = request.where("stop")
    kept = request.stop
    if not target.row.blank_stop:
        kept = tuple(text for text in kept if text and not text.isspace())
        if len(kept) != len(request.stop):
            detail = f"{target.model} refuses stop sequences of nothing but white space."
            notes.lose(path, "dropped", "contract", detail)
    limit = target.row.stop if target.provider.stop else 0
    if limit is not None and len(kept) > limit:
        detail = f"{target.model} takes at most {limit} stop sequences; the last {len(kept) - limit} are dropped."
        if limit == 0:
            detail = f"{target.model} takes no stop sequences{'' if target.provider.stop else ' on this surface'}."
        notes.lose(path, "dropped", "contract", detail)
        kept = kept[:limit]
    return request if kept == request.stop else evolve(request, stop=kept)
