"""Fit: a request as a model can take it, with everything that had to be bent or dropped.

Every restriction there is lives here, one file a concern, and reads columns of the model row and the provider row; no
dialect knows any. The order matters: limits before reasoning (a budget is a share of the limit), tools and output
before reasoning (a forced tool may exclude thinking), reasoning before sampling (thinking excludes temperature).
"""

from collections.abc import Callable
from typing import Final

from ..records import Request
from ..target import Target
from . import caching, fields, limits, output, parts, reasoning, sampling, tools, turns
from .notes import Notes

__all__ = ["Notes", "fit"]

STEPS: Final[tuple[Callable[[Request, Target, Notes], Request], ...]] = (
    fields.fit,
    tools.fit,
    parts.fit,
    turns.fit,
    limits.fit,
    output.fit,
    reasoning.fit,
    sampling.fit,
    caching.fit,
)


def fit(request: Request, target: Target) -> tuple[Request, Notes]:
    """The request as the target can take it, and notes of what that cost.

    Raises:
        TranslationError: for what cannot be expressed at all, such as a kind of media the model does not take.
    """
    notes = Notes()
    for step in STEPS:
        request = step(request, target, notes)
    return request, notes
