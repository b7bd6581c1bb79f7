"""Cache marks: how many, and marks nobody set (spec/chat.md 8). Lifetimes are fitted with the parts."""

from __future__ import annotations

from ..records import Cache, Message, Part, Request, Result, Text, changed, evolve
from ..records.request import SYSTEM_ROLES
from ..records.traits import MARKS
from ..target import Target
from .notes import Notes
from .walk import Markable, map_parts, walk

SLOTS = 4
"""Marks a request may carry (wire/anthropic.md 8, wire/openai-chat.md 2)."""


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Keep the last four marks; set marks where ``prompt_cache`` asks for it."""
    if not target.row.cache_ttls:
        return request
    if request.cache is not None and not target.provider.whole_mark:
        request = _moved(request, request.cache, target, notes)
    count = (request.cache is not None) + sum([tool.cache is not None for tool in request.tools])
    if notes.traits & MARKS:
        count += sum(part.cache is not None for part in walk(request.messages))
    if count > SLOTS:
        return _keep_last(request, count - SLOTS, notes)
    if count == 0 and target.prompt_cache == "auto":
        return _mark(request, target)
    return request


def _keep_last(request: Request, surplus: int, notes: Notes) -> Request:
    """Drop the earliest marks, in the order of the cached prefix: tools, system, messages."""
    detail = f"At most {SLOTS} cache marks are taken; the last {SLOTS} are kept."
    left = surplus
    tools = []
    for tool in request.tools:
        if tool.cache is not None and left:
            left -= 1
            notes.lose(tool.cache.path, "dropped", "cost", detail)
            tool = changed(tool, cache=None)  # noqa: PLW2901 - the tool as it goes on
        tools.append(tool)

    def unmark(part: Text) -> Text:
        nonlocal left
        if part.cache is None or not left:
            return part
        left -= 1
        notes.lose(part.cache.path, "dropped", "cost", detail)
        return changed(part, cache=None)

    return evolve(request, tools=tuple(tools), messages=map_parts(request.messages, unmark))


def _moved(request: Request, cache: Cache, target: Target, notes: Notes) -> Request:
    """The mark of a whole request, as one on its last part where only parts carry marks."""
    last = _mark_last(request.messages[-1], cache, target)
    if last is request.messages[-1]:
        detail = f"{target.provider.name} marks parts, not requests, and the last part cannot be marked so."
        notes.lose(cache.path, "dropped", "cost", detail)
        return evolve(request, cache=None)
    detail = f"{target.provider.name} marks parts, not requests: the last part is marked."
    notes.lose(cache.path, "approximated", "hint", detail)
    notes.traits |= MARKS
    return evolve(request, cache=None, messages=(*request.messages[:-1], last))


def _mark(request: Request, target: Target) -> Request:
    """The last tool, the last system block, the last user block."""
    mark = Cache()
    tools = request.tools
    if tools:
        may = target.provider.tool_marks and target.row.tool_marks
        tools = (*tools[:-1], changed(tools[-1], cache=mark)) if may else tools
    messages = list(request.messages)
    for roles in (SYSTEM_ROLES, ("user", "tool")):
        for index in range(len(messages) - 1, -1, -1):
            if messages[index].role in roles and messages[index].parts:
                messages[index] = _mark_last(messages[index], mark, target)
                break
    return evolve(request, tools=tools, messages=tuple(messages))


def _mark_last(message: Message, mark: Cache, target: Target) -> Message:
    """The message with a mark on its last part, or as it is when that cannot carry one there, or has another."""
    last = _marked(message.parts[-1], mark, target)
    return message if last is None else changed(message, content=(*message.parts[:-1], last))


def _marked(part: Part, mark: Cache, target: Target) -> Part | None:
    if isinstance(part, Result) and target.provider.result_marks == "parts":
        inner = _marked(part.parts[-1], mark, target) if part.parts else None
        return None if inner is None else changed(part, content=(*part.parts[:-1], inner))
    if not isinstance(part, Markable) or (isinstance(part, Text) and not part.text) or part.cache not in (None, mark):
        return None
    return changed(part, cache=mark)
