"""Sampling parameters against the model row, once reasoning is settled (wire/anthropic.md 6, wire/openai-chat.md 5)."""

from typing import Any

from attrs import evolve

from ..fields import OPTIONS
from ..records import Request
from ..target import Target
from .notes import Notes

DEFAULTS: dict[str, tuple[Any, ...]] = {
    "temperature": (1, 1.0),
    "top_p": (1, 1.0),
    "presence_penalty": (0, 0.0),
    "frequency_penalty": (0, 0.0),
    "logit_bias": ({},),
    "logprobs": (False,),
    "top_logprobs": (0,),
}
"""Values that pass even where the model refuses the parameter, since they ask for nothing."""


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Drop, clamp and report sampling parameters that the model refuses."""
    options = dict(request.options)
    if not options:
        return request
    row = target.row
    own = request.dialect == target.provider.dialect
    reasons = reasoning_is_on(request, target)
    why = f"{target.model} refuses it" + (" while it reasons" if row.sampling == "without_reasoning" else "")
    for name in sorted(options.keys() & (row.sampling_names | row.never)):
        if name not in row.never and (row.sampling == "free" or (row.sampling == "without_reasoning" and not reasons)):
            continue
        value = options[name]
        if name == "top_p" and reasons and row.top_p_floor is not None and value >= row.top_p_floor:
            continue
        if value in DEFAULTS.get(name, ()):
            if not own:
                del options[name]
            continue
        notes.lose(request.where(name), "dropped", OPTIONS[name].severity, f"{name}: {why}.")
        del options[name]
    _temperature(request, target, notes, options)
    return request if options == request.options else evolve(request, options=options)


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
