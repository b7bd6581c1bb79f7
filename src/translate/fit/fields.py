"""Fields without a place: options the target's dialect lacks, and keys nobody knows (spec/chat.md 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ..fields import ALIASES, CARRIES, FREE, OPTIONS, VALUES, foreign_key, says_nothing
from ..providers import ProviderRow
from ..records import Extra, Request, evolve
from ..spelling import words_in
from ..target import Target
from . import labels
from .notes import Notes


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Drop and report what the target has no place for."""
    provider = target.provider
    own = provider.dialect == request.dialect
    if request.extras:
        request = _extras(request, target, notes, own=own)
    if request.options and provider.labels is not None and not own:
        request = labels.fit(request, target, notes)
    if request.options and not _fits(request.options, provider):
        options = _options(request, target, notes)
        if options != request.options:
            request = evolve(request, options=options)
    if request.parallel_calls is not None and "parallel_calls" in provider.lacks:
        _lose_parallel(request, target, notes)
        request = evolve(request, parallel_calls=None)
    return _habits(request, target, notes, own=own)


def _fits(options: Mapping[str, Any], provider: ProviderRow) -> bool:
    """Whether a provider has all of the options, whatever their values: most requests need no closer look."""
    if "web_search" in options or provider.subset:
        return False
    return options.keys() <= FREE[provider.dialect] and provider.lacks.isdisjoint(options)


def _habits(request: Request, target: Target, notes: Notes, *, own: bool) -> Request:
    """What is said or left unsaid at a provider whatever the client says: keeping answers, usage in streams."""
    provider = target.provider
    if provider.stores and "store" not in request.options:
        if own:
            detail = "Answers are not kept there unless that is asked for; reasoning comes encrypted instead."
            notes.lose(request.where("store"), "added", "hint", detail)
        request = evolve(request, options={**request.options, "store": False})
    if request.include_usage and "stream_options" in provider.lacks:
        if own:
            detail = f"{_name(target)} cannot be asked for usage in a stream."
            notes.lose(request.where("include_usage"), "dropped", "hint", detail)
        request = evolve(request, include_usage=False)
    if request.stream and not request.include_usage and provider.stream_usage:
        # Usage is always collected; the client sees it only when it asked (spec/chat.md 9).
        path = request.where("include_usage")
        notes.lose(path, "added", "hint", "The provider is asked to end its stream with usage.")
        request = evolve(request, include_usage=True)
    return request


def _extras(request: Request, target: Target, notes: Notes, *, own: bool) -> Request:
    """Extras go to a provider of the same dialect, but for those that it is known not to take."""
    kept = []
    for extra in request.extras:
        if own and not _unwelcome(extra, target):
            kept.append(extra)
        elif not says_nothing(request.dialect, extra.path, extra.value):
            notes.lose_extra(request.dialect, extra.path, _name(target))
    return request if len(kept) == len(request.extras) else evolve(request, extras=tuple(kept))


def _unwelcome(extra: Extra, target: Target) -> bool:
    provider, path = target.provider, extra.path
    if path[0] in provider.lacks or any(foreign_key(provider.dialect, step, provider.extensions) for step in path):
        return True
    return path[0] == "messages" and len(path) == 3 and bool(provider.message_keys)


def _lose_parallel(request: Request, target: Target, notes: Notes) -> None:
    if not request.parallel_calls:
        detail = f"{_name(target)} cannot be kept from several calls at once."
        notes.lose(request.where("parallel_calls"), "dropped", "quality", detail)


def _name(target: Target) -> str:
    return f"{target.model or 'the model'} at {target.provider.name}"


def _options(request: Request, target: Target, notes: Notes) -> dict[str, Any]:
    provider, carries = target.provider, _carried(target)
    whatever = provider.dialect == request.dialect and "*" in provider.extensions
    kept: dict[str, Any] = {}
    for name, value in request.options.items():
        alias = ALIASES.get(name)
        if name in provider.option_headers:
            _say_in_header(request, target, notes, name, value)
        elif name in provider.values and value in provider.values[name]:
            word = provider.values[name][value]
            if word is not None:
                kept[name] = word
            elif value not in OPTIONS[name].neutral:
                _lose(request, target, notes, name, f"'{value}' is not a value there")
        elif whatever or name in carries:
            if _has_value(name, value, request, target, notes):
                kept[name] = value
        elif alias in carries and alias not in request.options:
            kept[alias] = value
        elif value not in OPTIONS[name].neutral:
            _lose(request, target, notes, name, "it has no such thing")
    return kept


def _carried(target: Target) -> frozenset[str]:
    """The options that this target has, and the one that fitting itself sets there."""
    own = words_in(target.row.own_options) | {target.row.reasoning.ask or ""}
    carries = (CARRIES[target.provider.dialect] | own) - target.provider.lacks
    return carries if target.row.web_search else carries - {"web_search"}


def _has_value(name: str, value: Any, request: Request, target: Target, notes: Notes) -> bool:
    """Whether an option that the dialect has can have this value there; what it cannot have is reported."""
    dialect = target.provider.dialect
    allowed = VALUES.get((dialect, name))
    if allowed is not None and value not in allowed and dialect != request.dialect:
        _lose(request, target, notes, name, f"'{value}' is not a value there")
        return False
    return True


def _say_in_header(request: Request, target: Target, notes: Notes, name: str, value: str) -> None:
    """An option that is said in a request header; one that the client sent itself wins."""
    header = target.provider.option_headers[name]
    word = quote(value, safe=_PRINTED)
    if target.all_headers().get(header, word) != word:
        _lose(request, target, notes, name, f"the header {header} says something else")
    if word:
        notes.headers[header] = word


# What a header holds as it is: the printable ASCII characters.
_PRINTED = "!\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~"


def _lose(request: Request, target: Target, notes: Notes, name: str, why: str) -> None:
    option = OPTIONS[name]
    detail = f"{_name(target)} was not asked for {option.what}: {why}."
    notes.lose(request.where(name), "dropped", option.severity, detail)
