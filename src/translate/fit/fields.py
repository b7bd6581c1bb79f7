"""Fields without a place: options the target's dialect lacks, and keys nobody knows (spec/chat.md 2)."""

from typing import Any

from ..fields import ALIASES, CARRIES, FREE, OPTIONS, VALUES
from ..records import Extra, Request, evolve
from ..spelling import words_in
from ..target import Target
from . import labels
from .notes import Notes


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Drop and report what the target has no place for."""
    dialect = target.provider.dialect
    if request.extras and (dialect != request.dialect):
        for extra in request.extras:
            if not _empty(extra):
                notes.lose_extra(request.dialect, extra.path, _name(target))
        request = evolve(request, extras=())
    if request.options and target.provider.labels is not None and dialect != request.dialect:
        request = labels.fit(request, target, notes)
    if request.options and not request.options.keys() <= FREE[dialect]:
        options = _options(request, target, notes)
        if options != request.options:
            request = evolve(request, options=options)
    if request.stream and not request.include_usage and target.provider.stream_usage:
        # Usage is always collected; the client sees it only when it asked (spec/chat.md 9).
        path = request.where("include_usage")
        notes.lose(path, "added", "hint", "The provider is asked to end its stream with usage.")
        request = evolve(request, include_usage=True)
    return request


def _name(target: Target) -> str:
    return f"{target.model or 'the model'} at {target.provider.name}"


def _empty(extra: Extra) -> bool:
    """Null, and echoes such as ``annotations: []``, say nothing."""
    return extra.value in (None, [], {}, "")


def _options(request: Request, target: Target, notes: Notes) -> dict[str, Any]:
    dialect = target.provider.dialect
    carries = CARRIES[dialect] | words_in(target.row.own_options)
    kept: dict[str, Any] = {}
    for name, value in request.options.items():
        option = OPTIONS[name]
        alias = ALIASES.get(name)
        if name in carries or (dialect == request.dialect and "*" in target.provider.extensions):
            allowed = VALUES.get((dialect, name))
            if allowed is None or value in allowed:
                kept[name] = value
            else:
                _lose(request, target, notes, name, f"'{value}' is not a value there")
        elif alias in carries and alias not in request.options:
            kept[alias] = value
        elif value not in option.neutral:
            _lose(request, target, notes, name, "it has no such thing")
    return kept


def _lose(request: Request, target: Target, notes: Notes, name: str, why: str) -> None:
    option = OPTIONS[name]
    detail = f"{_name(target)} was not asked for {option.what}: {why}."
    notes.lose(request.where(name), "dropped", option.severity, detail)
