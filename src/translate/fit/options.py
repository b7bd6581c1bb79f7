"""Less frequent wishes that a target takes in part: search, modalities, seeds (wire/gemini.md 5, 7, 19)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..fields import OPTIONS, extra_severity
from ..records import Request, evolve, render
from ..target import Target
from .notes import Notes


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """What of the wishes the target takes; a client of the same dialect already speaks in its words."""
    if request.dialect == target.provider.dialect:
        return request
    options = dict(request.options)
    for name, value in request.options.items():
        fitting = _FITTING.get(name)
        if fitting is not None:
            fitted = fitting(value, request, target, notes)
            if fitted is None:
                del options[name]
            else:
                options[name] = fitted
    return request if options == request.options else evolve(request, options=options)


def with_alternatives(request: Request, target: Target) -> Request:
    """Alternatives stand beside what was chosen, so that who asks for them asks for both, in most dialects by name."""
    options = request.options
    if not options.get("top_logprobs") or options.get("logprobs") or request.dialect == target.provider.dialect:
        return request
    return evolve(request, options={**options, "logprobs": True})


def _web_search(value: Any, request: Request, target: Target, notes: Notes) -> Any:
    path = request.where("web_search")
    if request.tools and not target.row.search_beside_tools:
        notes.lose(path, "dropped", "contract", f"{target.model} takes web search or functions, not both.")
        return None
    # What the client's own dialect has no word for is lost already.
    lost = {loss.path for loss in notes.losses}
    told = {}
    for key, item in value.items():
        place = (*path, *request.pointers.get(key, (key,)))
        if item is None or render(place) in lost:
            continue
        if key in target.provider.search_keys:
            told[key] = item
        else:
            detail = f"The search of {target.provider.name} cannot be told it."
            notes.lose(place, "dropped", extra_severity(request.dialect, place), detail)
    return told


def _modalities(value: Any, request: Request, target: Target, notes: Notes) -> Any:
    outputs = target.row.outputs
    odd = [] if outputs is None else [word for word in value if word not in outputs]
    if not odd:
        return value
    detail = f"{target.model} does not answer in {', '.join(map(str, odd))}."
    notes.lose(request.where("modalities"), "dropped", OPTIONS["modalities"].severity, detail)
    return None


def _seed(value: Any, request: Request, target: Target, notes: Notes) -> Any:
    limits = target.row.seed
    if limits is None or limits[0] <= value <= limits[1]:
        return value
    notes.lose(request.where("seed"), "dropped", "hint", f"{target.model} takes seeds from {limits[0]} to {limits[1]}.")
    return None


_FITTING: dict[str, Callable[[Any, Request, Target, Notes], Any]] = {
    "web_search": _web_search,
    "modalities": _modalities,
    "seed": _seed,
}
"""Option -> what of its value the target takes; None drops it."""
