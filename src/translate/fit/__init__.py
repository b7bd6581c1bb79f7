"""Fit: a request as a model can take it, with everything that had to be bent or dropped.

Every restriction there is lives here, one file a concern, and reads columns of the model row and the provider row; no
dialect knows any. The order matters: limits before reasoning (a budget is a share of the limit), tools and output
before reasoning (a forced tool may exclude thinking), reasoning before sampling (thinking excludes temperature).
"""

from ..records import Request
from ..records.traits import CALLS, EMPTY, INNER_SYSTEM, MARKS, ODD, ODD_TOOLS
from ..target import Target
from . import caching, fields, limits, output, parts, reasoning, sampling, tools, turns
from .notes import Notes

__all__ = ["Notes", "fit"]


def fit(request: Request, target: Target) -> tuple[Request, Notes]:
    """The request as the target can take it, and notes of what that cost.

    Each step is skipped when nothing in the request concerns it: most requests are plain, and pay for what they use.

    Raises:
        TranslationError: for what cannot be expressed at all, such as a kind of media the model does not take.
    """
    notes = Notes(request.traits)
    if request.options or request.extras or request.stream:
        request = fields.fit(request, target, notes)
    if notes.traits & (CALLS | ODD_TOOLS) or request.tool_choice is not None or request.parallel_calls is not None:
        request = tools.fit(request, target, notes)
    if notes.traits & ODD or request.cache is not None:
        request = parts.fit(request, target, notes)
    ends = request.messages[-1].role in ("user", "tool")
    if notes.traits & (CALLS | EMPTY | INNER_SYSTEM) or not ends or not target.provider.blank_text:
        request = turns.fit(request, target, notes)
    if not request.max_tokens or request.stop or request.extras:
        request = limits.fit(request, target, notes)
    if request.output is not None or notes.traits & ODD_TOOLS:
        request = output.fit(request, target, notes)
    if request.reasoning is not None or (request.tools and not target.row.reasoning.tools):
        request = reasoning.fit(request, target, notes)
    if request.options:
        request = sampling.fit(request, target, notes)
    if notes.traits & (MARKS | ODD_TOOLS) or target.prompt_cache is not None or request.cache is not None:
        request = caching.fit(request, target, notes)
    return request, notes
