"""Fit: a request as a model can take it, with everything that had to be bent or dropped.

Every restriction there is lives here, one file a concern, and reads columns of the model row and the provider row; no
dialect knows any. The order matters: limits before reasoning (a budget is a share of the limit), tools and output
before reasoning (a forced tool may exclude thinking), reasoning before sampling (thinking excludes temperature).
"""

from __future__ import annotations

from ..fields import TRIES_STRICT
from ..records import Message, Request
from ..records.request import SYSTEM_ROLES
from ..records.traits import CALLS, EMPTY, INNER_SYSTEM, MARKS, ODD, ODD_TOOLS
from ..target import Target
from . import (
    caching,
    fields,
    limits,
    options,
    output,
    parts,
    reasoning,
    sampling,
    tools,
    turns,
)
from .notes import Notes
from .reasoning import will_reason

__all__ = ["Notes", "fit", "will_reason"]


def fit(request: Request, target: Target) -> tuple[Request, Notes]:
    """The request as the target can take it, and notes of what that cost.

    Each step is skipped when nothing in the request concerns it: most requests are plain, and pay for what they use.

    Raises:
        TranslationError: for what cannot be expressed at all, such as a kind of media the model does not take.
    """
    notes = Notes(request.traits)
    provider = target.provider
    if request.options or request.extras or request.stream or provider.subset or provider.stores:
        request = fields.fit(request, target, notes)
    tries = request.tools and request.dialect in TRIES_STRICT
    if (
        notes.traits & (CALLS | ODD_TOOLS)
        or request.tool_choice is not None
        or request.parallel_calls is not None
        or tries
    ):
        request = tools.fit(request, target, notes)
    if notes.traits & ODD or request.cache is not None or target.provider.message_keys:
        request = parts.fit(request, target, notes)
    led = _led_by_user(request, target)
    if notes.traits & (CALLS | EMPTY | INNER_SYSTEM) or not led or not target.provider.blank_text:
        request = turns.fit(request, target, notes)
    if (request.max_tokens or 0) < target.provider.limit_minimum or request.stop or request.extras:
        request = limits.fit(request, target, notes)
    if request.output is not None or notes.traits & ODD_TOOLS or (request.tools and target.row.tool_schemas):
        request = output.fit(request, target, notes)
    reasons = target.row.reasoning
    if request.reasoning is not None or reasons.ask is not None or (request.tools and not reasons.tools):
        request = reasoning.fit(request, target, notes)
    if request.options:
        request = options.fit(request, target, notes)
        request = options.with_alternatives(sampling.fit(request, target, notes), target)
    if notes.traits & (MARKS | ODD_TOOLS) or target.prompt_cache is not None or request.cache is not None:
        request = caching.fit(request, target, notes)
    return request, notes


def _led_by_user(request: Request, target: Target) -> bool:
    """Whether the user has the last word, and the first one where it must be so."""
    messages = request.messages
    if messages[-1].role not in ("user", "tool"):
        return False
    return not target.provider.user_first or _first_turn(messages) == "user"


def _first_turn(messages: tuple[Message, ...]) -> str:
    return next((message.role for message in messages if message.role not in SYSTEM_ROLES), "user")
