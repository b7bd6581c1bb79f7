"""Sampling parameters against the model row, once reasoning is settled (wire/anthropic.md 6, wire/openai-chat.md 5)."""

from __future__ import annotations

from typing import Any

from ..fields import OPTIONS
from ..records import Request, evolve
from ..target import Target
from .notes import Notes

DEFAULTS: dict[str, tuple[Any, ...]] = {
    "temperature": (1, 1.0),
    "top_p": (1, 1.0),
    "presence_penalty": (0, 0.0),
    "frequency_penalty": (0, 0.0),
    "n": (1,),
    "logit_bias": ({},),
    "logprobs": (False,),
    "top_logprobs": (0,),
}
"""Values that pass even where the model refuses the parameter, since they ask for nothing."""


_NONE: frozenset[str] = frozenset()


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Drop, clamp and report sampling parameters that the model refuses."""
    row, wishes = target.row, request.options
    reasons = reasoning_is_on(request, target)
    free = row.sampling == "free" or (row.sampling == "without_reasoning" and not reasons)
    never, refused, bound = row.never, row.refused, _NONE if free else row.sampling_names
    names = [name for name in wishes if name in bound or name in never or name in refused]
    if not names:
        low, high = row.temperature
        if low <= wishes.get("temperature", low) <= high and not (row.exclusive and "top_p" in wishes):
            return request
    options = dict(wishes)
    for name in names:
        _refused(name, request, target, notes, options, reasons=reasons)
    _temperature(request, target, notes, options)
    return request if options == request.options else evolve(request, options=options)


def _refused(
    name: str, request: Request, target: Target, notes: Notes, options: dict[str, Any], *, reasons: bool
) -> None:
    """Drop an option the model refuses; its default value asks for nothing."""
    row, value = target.row, options[name]
    if name in row.refused:
        if value not in DEFAULTS.get(name, ()):
            notes.lose(request.where(name), "dropped", "contract", f"{name}: {target.model} refuses it.")
        del options[name]
        return
    if name == "top_p" and reasons and row.top_p_floor is not None and value >= row.top_p_floor:
        return
    if value in DEFAULTS.get(name, ()):
        if request.dialect != target.provider.dialect:
            del options[name]
        return
    why = f"{target.model} refuses it" + (" while it reasons" if row.sampling == "without_reasoning" else "")
    notes.lose(request.where(name), "dropped", OPTIONS[name].severity, f"{name}: {why}.")
    del options[name]


def _temperature(request: Request, target: Target, notes: Notes, options: dict[str, Any]) -> None:
    row = target.row
    if row.exclusive and "temperature" in options and "top_p" in options:
        notes.lose(
            request.where("top_p"), "dropped", "quality", f"{target.model} takes temperature or top_p, not both."
        )
        del options["top_p"]
    low, high = row.temperature
    value = options.get("temperature")
    if value is not None and not low <= value <= high:
        bound = high if value > high else low
        detail = f"{target.model} takes temperatures from {low:g} to {high:g}: {value:g} became {bound:g}."
        notes.lose(request.where("temperature"), "approximated", "quality", detail)
        options["temperature"] = bound


def reasoning_is_on(request: Request, target: Target) -> bool:
    """Whether the model will reason, as the request stands after ``reasoning.fit``."""
    row, wish = target.row.reasoning, request.reasoning
    if wish is None or (wish.mode is None and wish.effort is None):
        return row.on
    if wish.mode is not None:
        return wish.mode != "disabled"
    return row.on if row.kind == "effort" else wish.effort != "none"
