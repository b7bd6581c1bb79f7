"""Reasoning: an effort, a budget or a native switch as the model's own kind (spec/chat.md 7, wire/anthropic.md 6)."""

from __future__ import annotations

from typing import Any

from ..fields import foreign_key
from ..models import EFFORTS, ReasoningRow
from ..records import Call, Path, Reasoning, Redacted, Request, Result, Thinking, evolve
from ..target import Target
from .notes import Notes

ASK: dict[str, Any] = {"reasoning_format": "parsed", "include_reasoning": True}
"""Fields that make reasoning stand apart from the answer (``ReasoningRow.ask``), at most one of them in a request."""

SHARES = {"low": 30, "medium": 60, "high": 90, "xhigh": 90, "max": 90}
"""Effort -> per cent of the answer limit that goes into thinking; ``minimal`` is the row's minimum."""


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Reasoning as the model takes it."""
    wish = request.reasoning
    row = target.row.reasoning
    if row.ask is not None:
        request = _ask(request, row.ask, target, notes)
    if wish is None:
        return _beside_tools(request, target, notes)
    fitted = _fitted(request, wish, target, notes)
    if wish.effort is not None and wish.mode is not None:
        _report_other(request, wish, fitted.reasoning, target, notes)
    if row.bare and fitted.reasoning is not None and fitted.reasoning.effort in row.bare:
        fitted = _bare(fitted, fitted.reasoning, target, notes)
    return fitted


def _fitted(request: Request, wish: Reasoning, target: Target, notes: Notes) -> Request:
    """A wish as the model's own kind has it."""
    kind = target.row.reasoning.kind
    if "reasoning" in target.provider.lacks:
        notes.lose(request.where("reasoning"), "dropped", "quality", f"{target.provider.name} has no such field there.")
        return evolve(request, reasoning=None)
    if kind == "any":
        return _unknown(request, wish, target, notes)
    if kind in ("none", "fixed", "unknown"):
        return _untold(request, wish, target, notes)
    if request.dialect == target.provider.dialect and _legal(wish, request.where("reasoning"), target):
        return _in_loop(request, wish, target, notes)
    if wish.mode == "between_tools" and wish.mode not in target.row.reasoning.modes:
        # What is nearest to it, as it is the nearest to off where it exists (wire/anthropic.md 6).
        detail = f"{target.model} cannot think between tools only: it is told not to think."
        notes.lose(request.where("reasoning"), "approximated", "quality", detail)
        wish = evolve(wish, mode="disabled")
    return _KINDS.get(kind, _claude)(request, wish, target, notes)


def _in_loop(request: Request, wish: Reasoning, target: Target, notes: Notes) -> Request:
    """A legal wish, but in a tool loop that another model began: there is no thinking that could be sent back."""
    if wish.mode != "enabled" or not target.row.reasoning.loops or not _loop_without_thinking(request):
        return request
    notes.lose(request.where("reasoning"), "dropped", "quality", f"{target.model}: {_NO_THINKING}.")
    return evolve(request, reasoning=None)


def _report_other(request: Request, wish: Reasoning, told: Reasoning | None, target: Target, notes: Notes) -> None:
    """An effort beside a native switch: the one of them that the model's kind has no place for."""
    lost = []
    if told is None:
        # The switch was reported; an effort that stands inside the same object was so with it.
        lost = ["effort"] if request.where("effort")[0] != request.where("reasoning")[0] else []
    elif wish.budget is not None:
        lost = [name for name in ("effort", "budget") if getattr(told, name) is None]
    elif _off(wish) and told.effort != wish.effort:
        lost = ["effort"]
    for name in lost:
        notes.lose(request.where(name), "dropped", "quality", f"{target.model} cannot be told it beside the rest.")


def _ask(request: Request, field: str, target: Target, notes: Notes) -> Request:
    """Ask for reasoning beside the answer and not inside it, unless the client has said how it wants it."""
    if field in request.options or (
        request.dialect == target.provider.dialect and not ASK.keys().isdisjoint(request.native)
    ):
        return request
    detail = f"{target.model} is asked to keep its reasoning apart from the answer: '{field}'."
    notes.lose(request.where("reasoning"), "added", "hint", detail)
    return evolve(request, options={**request.options, field: ASK[field]})


def _untold(request: Request, wish: Reasoning, target: Target, notes: Notes) -> Request:
    """A model that does not reason, reasons as it likes, or has words for it that are not known."""
    kind = target.row.reasoning.kind
    if kind == "unknown" and request.dialect == target.provider.dialect:
        return request
    if not _off(wish) or kind != "none":
        detail = f"{target.model} {_WHY[kind]}."
        notes.lose(request.where("reasoning"), "dropped", "quality", detail)
        if wish.effort is not None and wish.display not in (None, "omitted"):
            notes.lose(_display_place(request), "dropped", "hint", detail)
    return evolve(request, reasoning=None)


_WHY = {
    "none": "does not reason",
    "fixed": "reasons as it likes",
    "unknown": "does not tell its family, which has words of its own for reasoning: name the family",
}


def _beside_tools(request: Request, target: Target, notes: Notes) -> Request:
    """A model that reasons unasked, and takes no tools beside it here, is told not to (wire/openai-chat.md 5)."""
    row = target.row.reasoning
    if not request.tools or row.tools or not row.on or "none" not in row.efforts:
        return request
    detail = f"{target.model} takes no tools beside reasoning on this surface: effort 'none' is sent."
    notes.lose(request.where("reasoning"), "added", "quality", detail)
    return evolve(request, reasoning=Reasoning("none"))


def _claude(request: Request, wish: Reasoning, target: Target, notes: Notes) -> Request:
    """Thinking by budget or adaptive, and what excludes it."""
    row = target.row.reasoning
    if wish == Reasoning(display=wish.display):
        wish = evolve(wish, effort=_some(request, notes))
    manual = row.kind == "budget" or (wish.mode == "enabled" and wish.budget is not None and "enabled" in row.modes)
    if not manual:
        return _adaptive(request, wish, target, notes)
    why = None if _off(wish) else _forbidden(request, target)
    if why is not None:
        notes.lose(request.where("reasoning"), "dropped", "quality", f"{target.model}: {why}.")
        return evolve(request, reasoning=None)
    return _budget(request, wish, target, notes)


def _some(request: Request, notes: Notes) -> str:
    """The effort for whoever only says that reasoning be seen: that is to want some."""
    detail = "Only a summary of the reasoning was asked for: effort 'medium' is sent."
    notes.lose(request.where("reasoning"), "added", "cost", detail)
    return "medium"


def _off(wish: Reasoning) -> bool:
    return wish.mode == "disabled" or (wish.mode is None and wish.effort == "none")


def _legal(wish: Reasoning, where: Path, target: Target) -> bool:
    """Whether a client of the provider's own dialect already says what the model takes."""
    row = target.row.reasoning
    if foreign_key(target.provider.dialect, where[0], target.provider.extensions):
        return False
    if row.kind == "native":
        known = wish.effort in (row.words or row.efforts) or wish == Reasoning(display=wish.display)
        return wish.mode is None and wish.budget is None and known and row.tools
    return (wish.mode is None or wish.mode in row.modes) and (wish.effort is None or wish.effort in row.efforts)


def nearest(effort: str, levels: tuple[str, ...]) -> str:
    """The level closest to an effort, of two as close the weaker; ``none`` is close to no other."""
    place = EFFORTS.index(effort) if effort in EFFORTS else EFFORTS.index("medium")
    if effort != "none":
        levels = tuple(level for level in levels if level != "none") or levels
    return min(levels, key=lambda level: (abs(EFFORTS.index(level) - place), EFFORTS.index(level)))


def effort_of(budget: int, limit: int | None) -> str:
    """The effort whose share of the limit is closest to a budget."""
    share = budget * 100 // max(limit or 4 * budget, 1)
    return "low" if share < 45 else "medium" if share < 75 else "high"


def _unknown(request: Request, wish: Reasoning, target: Target, notes: Notes) -> Request:
    """Nothing is known of the model: an effort passes, a native object only to servers that take foreign keys."""
    own = request.dialect == target.provider.dialect
    if own and (wish.mode is None or "*" in target.provider.extensions):
        return request
    if wish.mode is None:
        told = evolve(wish, display=_shown(request, wish, target, notes))
        return evolve(request, reasoning=None if told == Reasoning() else told)
    effort = (
        "none" if _off(wish) else wish.effort or (effort_of(wish.budget, request.max_tokens) if wish.budget else None)
    )
    path = request.where("reasoning")
    if effort is None:
        notes.lose(path, "dropped", "quality", f"{target.model} decides itself how much it reasons.")
        return evolve(request, reasoning=None)
    notes.lose(path, "approximated", "quality", f"The native thinking object became effort '{effort}'.")
    return evolve(request, reasoning=Reasoning(effort))


def _shown(request: Request, wish: Reasoning, target: Target, notes: Notes) -> str | None:
    """Whether reasoning shall be seen, where that can be said; elsewhere a wish that is not met anyway is reported."""
    row = target.row.reasoning
    if target.provider.shows_reasoning:
        return wish.display
    anyway = None if row.kind == "any" else "summarized" if row.shown else "omitted"
    if wish.display not in (None, anyway):
        detail = f"{target.model} cannot be told here whether its reasoning is to be seen."
        notes.lose(_display_place(request), "dropped", "hint", detail)
    return None


def _display_place(request: Request) -> Path:
    return request.pointers.get("display", (request.where("reasoning")[0], "display"))


def _native(request: Request, wish: Reasoning, target: Target, notes: Notes) -> Request:
    """An effort field of the OpenAI family."""
    row, path = target.row.reasoning, request.where("reasoning")
    forced = request.tool_choice is not None and request.tool_choice.mode in ("required", "named")
    if _off(wish) and row.off == "omit":
        return evolve(request, reasoning=None)
    if forced and target.row.forced_tools == "manual":
        notes.lose(path, "dropped", "quality", f"{target.model}: a forced tool call excludes reasoning.")
        return evolve(request, reasoning=None)
    if _off(wish):
        effort: str | None = "none"
    elif wish.effort is not None:
        effort = wish.effort
    elif wish.budget:
        effort = effort_of(wish.budget, request.max_tokens)
        notes.lose(path, "approximated", "quality", f"A budget of {wish.budget} tokens became effort '{effort}'.")
    elif row.on:
        effort = None
    else:
        effort = _some(request, notes) if wish == Reasoning(display=wish.display) else "medium"
    shown = _shown(request, wish, target, notes)
    if effort is not None and effort not in (*row.efforts, *row.words):
        level = nearest(effort, row.efforts)
        notes.lose(path, "approximated", "quality", f"{target.model} has no effort '{effort}': it became '{level}'.")
        effort = level
    if effort not in (None, "none") and request.tools and not row.tools and "none" in row.efforts:
        detail = f"{target.model} takes no tools beside reasoning on this surface: effort '{effort}' became 'none'."
        notes.lose(path, "dropped", "quality", detail)
        effort = "none"
    if row.words and effort in row.efforts:
        effort = row.words[row.efforts.index(effort)]
    told = Reasoning(effort, display=shown)
    return evolve(request, reasoning=None if told == Reasoning() else told)


def will_reason(wish: Reasoning | None, row: ReasoningRow) -> bool:
    """Whether a model of the OpenAI family will reason when that is wished."""
    if wish is None:
        return row.on
    if _off(wish):
        return row.off == "lowest"
    return row.on or wish.effort is not None or wish.mode is not None


def _bare(request: Request, reasoning: Reasoning, target: Target, notes: Notes) -> Request:
    """Some efforts go with neither a limit nor sampling (wire/bedrock.md 7)."""
    why = f"{target.model} takes none beside effort '{reasoning.effort}'."
    if request.max_tokens is not None:
        notes.lose(request.where("max_tokens"), "dropped", "cost", f"A limit of the answer: {why}")
        request = evolve(request, max_tokens=None)
    kept = {}
    for name, value in request.options.items():
        if name in ("temperature", "top_p", "top_k"):
            notes.lose(request.where(name), "dropped", "quality", f"{name}: {why}")
        else:
            kept[name] = value
    return evolve(request, options=kept) if len(kept) != len(request.options) else request


def _level(request: Request, wish: Reasoning, target: Target, notes: Notes) -> Request:
    """An effort level and nothing else."""
    row, path = target.row.reasoning, request.where("reasoning")
    if _off(wish):
        return evolve(request, reasoning=_switched_off(wish, target, notes, path))
    effort = wish.effort if wish.effort != "none" else None
    if effort is None and wish.budget is not None:
        effort = effort_of(wish.budget, request.max_tokens)
        notes.lose(path, "approximated", "quality", f"A budget of {wish.budget} tokens became effort '{effort}'.")
    if effort is not None and effort not in row.efforts:
        level = nearest(effort, row.efforts)
        notes.lose(path, "approximated", "quality", f"{target.model} has no level '{effort}': it became '{level}'.")
        effort = level
    return evolve(request, reasoning=Reasoning(effort, None, None, _display(request, wish, target)))


# Claude


def _adaptive(request: Request, wish: Reasoning, target: Target, notes: Notes) -> Request:
    """Adaptive thinking with an effort level."""
    row, path = target.row.reasoning, request.where("reasoning")
    if _off(wish):
        return evolve(request, reasoning=_switched_off(wish, target, notes, path))
    effort = wish.effort
    if wish.budget is not None and effort is None:
        effort = effort_of(wish.budget, request.max_tokens)
        notes.lose(path, "approximated", "quality", f"A budget of {wish.budget} tokens became effort '{effort}'.")
    if effort == "none":
        effort = None
    if effort is not None and effort not in row.efforts:
        level = nearest(effort, row.efforts)
        notes.lose(path, "approximated", "quality", f"{target.model} has no effort '{effort}': it became '{level}'.")
        effort = level
    mode = wish.mode if wish.mode in row.modes and wish.mode != "enabled" else "adaptive"
    if wish.mode is None and request.dialect == target.provider.dialect:
        # Only an effort was said in the model's own words: that does not switch thinking on.
        return evolve(request, reasoning=Reasoning(effort))
    return evolve(request, reasoning=Reasoning(effort, mode, None, _display(request, wish, target)))


def _display(request: Request, wish: Reasoning, target: Target) -> str | None:
    """Visible reasoning must be asked for on the newer models; a client of another dialect expects to see it."""
    if wish.display is not None or request.dialect == target.provider.dialect:
        return wish.display
    return "summarized" if target.row.reasoning.display else None


def _switched_off(wish: Reasoning, target: Target, notes: Notes, path: Path) -> Reasoning | None:
    row = target.row.reasoning
    if row.off == "omit":
        return None
    if row.off == "disabled":
        return Reasoning(None, "disabled")
    detail = f"{target.model} cannot be kept from reasoning: the lowest setting is sent."
    notes.lose(path, "approximated", "quality", detail)
    # Who wants none does not ask to see what cannot be kept from being.
    hidden = "" if row.display else None
    if row.kind == "budget":
        return Reasoning(None, "enabled", row.minimum, hidden)
    lowest = row.efforts[0]
    if row.kind == "level":
        return Reasoning(lowest, display=hidden)
    return Reasoning(lowest, row.off if row.off in row.modes else "adaptive", display=hidden)


def _budget(request: Request, wish: Reasoning, target: Target, notes: Notes) -> Request:
    """A thinking budget. Law: minimum <= budget < max_tokens."""
    row, path = target.row.reasoning, request.where("reasoning")
    if _off(wish):
        lowest = _switched_off(wish, target, notes, path)
        if lowest is None or lowest.budget is None:
            return evolve(request, reasoning=lowest)
        # The lowest budget wants room, too.
        wish = lowest
    if wish.mode == "adaptive" and wish.effort is None and "adaptive" in row.modes:
        return evolve(request, reasoning=Reasoning(None, "adaptive", None, _display(request, wish, target)))
    limit = request.max_tokens or target.row.max_output or 4096
    if wish.budget is not None:
        asked = wish.budget
    else:
        effort = wish.effort or "high"
        if wish.mode is not None:
            notes.lose(path, "approximated", "quality", f"{target.model} takes a budget: '{effort}' sets it.")
        asked = row.minimum if effort == "minimal" else limit * SHARES.get(effort, 60) // 100
    budget = max(row.minimum, min(asked, row.maximum))
    fields: dict[str, Any] = {}
    if limit <= row.minimum:
        budget = row.minimum
        fields["max_tokens"] = row.minimum + limit
        detail = f"{target.model} thinks with at least {budget} tokens: max_tokens {limit} became {budget + limit}."
        notes.lose(request.where("max_tokens"), "approximated", "cost", detail)
    else:
        budget = min(budget, limit - 1)
    if wish.budget is not None and budget != asked:
        notes.lose(path, "approximated", "quality", f"A budget of {asked} tokens became {budget}.")
    # Some models take an effort beside a budget; an effort alone has become the budget.
    beside = wish.effort if wish.budget is not None and wish.effort in row.efforts else None
    told = Reasoning(beside, "enabled", budget, _display(request, wish, target))
    return evolve(request, reasoning=told, **fields)


def _forbidden(request: Request, target: Target) -> str | None:
    """What excludes a thinking budget: a forced tool, prefill, and a tool loop whose thinking was not sent back."""
    choice = request.tool_choice
    if choice is not None and choice.mode in ("required", "named") and target.row.forced_tools != "yes":
        return "a forced tool call excludes thinking"
    if not target.row.reasoning.loops:
        return None
    if request.messages[-1].role == "assistant":
        return "continuing an assistant message excludes thinking"
    if _loop_without_thinking(request):
        return _NO_THINKING
    return None


_NO_THINKING = "the running tool loop came without its thinking blocks"


def _loop_without_thinking(request: Request) -> bool:
    """Whether the last turn answers calls of an assistant turn that has no thinking block (wire/anthropic.md 6)."""
    turn = None
    answered = False
    for message in reversed(request.messages):
        if message.role == "assistant":
            turn = message
            break
        answered = answered or any(type(part) is Result for part in message.parts)
    if turn is None or not answered or not any(type(part) is Call for part in turn.parts):
        return False
    return not any(isinstance(part, Thinking | Redacted) for part in turn.parts)


_KINDS = {"native": _native, "level": _level}
