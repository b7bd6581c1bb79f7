"""Tools and the choice of tools (spec/chat.md 4, wire/anthropic.md 5)."""

from __future__ import annotations

from typing import Any

from ..fields import extra_severity, says_nothing
from ..records import Call, Request, Severity, Tool, ToolChoice, TranslationError, changed, evolve, render
from ..records.traits import CALLS, ODD_TOOLS
from ..target import Target
from ..values import dotted
from . import strict
from .notes import Notes
from .parts import fit_cache, legal_name


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Tools and choice as the target takes them."""
    request = strict.fit(request, target, notes)
    if notes.traits & ODD_TOOLS:
        request = _tools(request, target, notes)
    if request.dialect == target.provider.dialect and not target.provider.subset:
        return request if request.tool_choice is None else _forced(request, target, notes)
    if not request.tools:
        if notes.traits & CALLS:
            request = _history(request, target, notes)
        if not request.tools:
            return _without_tools(request, notes)
    if request.parallel_calls is not None and not target.provider.parallel_switch:
        if request.parallel_calls is False:
            path = request.where("parallel_calls")
            notes.lose(path, "dropped", "quality", f"{target.provider.name} cannot be kept from calling in parallel.")
        request = evolve(request, parallel_calls=None)
    if request.tool_choice is not None:
        request = _choice(request, target, notes)
        request = _forced(request, target, notes)
        request = _uncalled(request, target, notes)
    if request.parallel_calls is not None and target.row.single_calls is None:
        request = _parallel(request, target, notes)
    return request


def _tools(request: Request, target: Target, notes: Notes) -> Request:
    tools = tuple([tool for tool in (_tool(tool, request, target, notes) for tool in request.tools) if tool])
    if len(tools) != len(request.tools) or any(a is not b for a, b in zip(tools, request.tools, strict=True)):
        request = evolve(request, tools=tools)
    if request.dialect != target.provider.dialect and any(tool.kind == "builtin" for tool in tools):
        request = _search(request)
    return request


def _tool(tool: Tool, request: Request, target: Target, notes: Notes) -> Tool | None:
    own = request.dialect == target.provider.dialect
    fields: dict[str, Any] = {}
    if tool.cache is not None:
        cache = None
        if target.provider.tool_marks and target.row.tool_marks:
            cache = fit_cache(tool.cache, target, notes)
        else:
            where = target.model if target.provider.tool_marks else target.provider.name
            notes.lose(tool.cache.path, "dropped", "cost", f"{where} takes no cache marks on tools.")
        if cache is not tool.cache:
            fields["cache"] = cache
    if tool.kind == "builtin" and not (own and _runs(tool, target)):
        return _builtin(tool, request, target, notes)
    if not own:
        name = legal_name(tool.name, target.provider.tool_names)
        if name != tool.name:
            notes.names[tool.name] = fields["name"] = name
            notes.context.setdefault("names", {})[name] = tool.name
    if tool.kind == "custom" and not target.provider.custom_tools:
        fields["format"] = None
        detail = f"{target.provider.name} has no free-text tools: it is sent as a function with one string."
        severity: Severity = "contract" if _has_grammar(tool) else "quality"
        notes.lose(tool.path, "approximated", severity, detail)
        notes.context["custom"] = (*notes.context.get("custom", ()), tool.name)
    if tool.strict and target.row.strict_tools is False:
        notes.lose(request.where_in(tool, "strict"), "dropped", "quality", f"{target.model} has no strict tools.")
        fields["strict"] = None
    return changed(tool, **fields) if fields else tool


def _runs(tool: Tool, target: Target) -> bool:
    """Whether a provider runs a tool of its own dialect."""
    builtins = target.provider.builtins
    return builtins is None or tool.native.get("type") in builtins


def _has_grammar(tool: Tool) -> bool:
    return isinstance(tool.format, dict) and tool.format.get("type") == "grammar"


def _builtin(tool: Tool, request: Request, target: Target, notes: Notes) -> Tool | None:
    if tool.name == "web_search" and target.provider.web_search and target.row.web_search:
        told = {request.pointers.get(key, (key,))[0] for key in tool.format or ()}
        for key, value in _settings(tool).items():
            path = (*tool.path, key)
            if key not in _SEARCH_KEYS and key not in told and not says_nothing(request.dialect, path, value):
                detail = f"The search of {target.provider.name} was not told it."
                notes.lose(path, "dropped", extra_severity(request.dialect, path), detail)
        return tool
    detail = f"{target.model} at {target.provider.name} has no counterpart of the tool '{tool.name}'."
    notes.lose(tool.path, "dropped", "contract", detail)
    return None


def _settings(tool: Tool) -> dict[Any, Any]:
    """What stands at the tool's place: some dialects name a tool by the key that holds its settings."""
    native: Any = tool.native
    inner = native.get(tool.path[-1], native) if isinstance(native, dict) else None
    return inner if isinstance(inner, dict) else {}


_SEARCH_KEYS = frozenset({"type", "name", "cache_control", "systemTool"})
"""What of a search tool only says that it is one; its mark is fitted like all."""


def _search(request: Request) -> Request:
    """A provider's own search tool becomes the common wish for web search."""
    search = next((tool for tool in request.tools if tool.kind == "builtin" and tool.name == "web_search"), None)
    if search is None:
        return request
    kept = tuple(tool for tool in request.tools if tool.kind != "builtin")
    pointers = request.pointers if "web_search" in request.options else {**request.pointers, "web_search": search.path}
    options = {"web_search": search.format or {}, **request.options}
    return evolve(request, tools=kept, options=options, pointers=pointers)


def _history(request: Request, target: Target, notes: Notes) -> Request:
    """A history with calls needs tools, though none may be called now (wire/anthropic.md 5)."""
    if request.tools or not target.provider.tools_for_history:
        return request
    names = dict.fromkeys(part.name for message in request.messages for part in message.parts if type(part) is Call)
    if not names:
        return request
    detail = f"{target.provider.name} wants the tools of the history declared"
    tools = tuple(Tool(legal_name(name, target.provider.tool_names)) for name in names)
    if not target.provider.tool_none:
        notes.lose(("tools",), "added", "quality", f"{detail}, and cannot be kept from calling them.")
        return evolve(request, tools=tools)
    notes.lose(("tools",), "added", "hint", f"{detail}; they may not be called.")
    return evolve(request, tools=tools, tool_choice=ToolChoice("none"))


def _without_tools(request: Request, notes: Notes) -> Request:
    """Choice and parallelism say nothing without tools."""
    if request.tool_choice is not None and request.tool_choice.mode not in ("auto", "none"):
        path = request.where("tool_choice")
        raise TranslationError(
            f"Invalid value for '{dotted(path)}': a tool call is required, but no 'tools' are given.", path=render(path)
        )
    if request.tool_choice is not None or request.parallel_calls is not None:
        for name in ("tool_choice", "parallel_calls"):
            if getattr(request, name) is not None:
                notes.lose(request.where(name), "dropped", "hint", "Without tools it says nothing.")
        request = evolve(request, tool_choice=None, parallel_calls=None)
    return request


def _choice(request: Request, target: Target, notes: Notes) -> Request:
    choice = request.tool_choice
    assert choice is not None
    path = request.where("tool_choice")
    if choice.allowed is not None and not target.provider.allowed_tools:
        kept = tuple(tool for tool in request.tools if tool.name in choice.allowed)
        if not kept:
            raise TranslationError(
                f"Invalid value for '{dotted(path)}': none of the allowed tools is among 'tools'.", path=render(path)
            )
        notes.lose(path, "approximated", "cost", "Only the allowed tools are sent, which changes the cached prefix.")
        for tool in request.tools:
            if tool.name not in choice.allowed:
                notes.lose(tool.path, "dropped", "hint", f"'{tool.name}' is not among the allowed tools.")
        request = evolve(request, tools=kept, tool_choice=ToolChoice(choice.mode))
    elif choice.allowed is not None:
        allowed = tuple([notes.names.get(name, name) for name in choice.allowed])
        if allowed != choice.allowed:
            request = evolve(request, tool_choice=evolve(choice, allowed=allowed))
    elif choice.mode == "named":
        names = {tool.name for tool in request.tools}
        name = notes.names.get(choice.name or "", choice.name)
        if name not in names:
            raise TranslationError(
                f"Invalid value for '{dotted(path)}': the tool '{choice.name}' is not among 'tools'.", path=render(path)
            )
        custom = choice.custom and target.provider.custom_tools
        if (name, custom) != (choice.name, choice.custom):
            request = evolve(request, tool_choice=evolve(choice, name=name, custom=custom))
    return request


def _forced(request: Request, target: Target, notes: Notes) -> Request:
    """Some models refuse to be forced to call."""
    choice = request.tool_choice
    assert choice is not None
    if choice.mode not in ("required", "named") or target.row.forced_tools != "no":
        return request
    detail = f"{target.model} cannot be forced to call a tool: the choice became 'auto'."
    notes.lose(request.where("tool_choice"), "approximated", "contract", detail)
    return evolve(request, tool_choice=ToolChoice("auto"))


def _uncalled(request: Request, target: Target, notes: Notes) -> Request:
    """Tools that may not be called are left out where the target cannot be told so, unless the history needs them."""
    choice = request.tool_choice
    assert choice is not None
    if choice.mode == "named" and not target.row.named_tools:
        return _alone(request, choice, target, notes)
    if choice.mode != "none" or target.provider.tool_none:
        return request
    if notes.traits & CALLS:
        detail = f"{target.provider.name} needs the tools of the history, and cannot be kept from calling them."
        notes.lose(request.where("tool_choice"), "approximated", "quality", detail)
        return evolve(request, tool_choice=None)
    detail = f"{target.provider.name} has no tools that may not be called: none are sent."
    notes.lose(request.where("tool_choice"), "approximated", "hint", detail)
    return evolve(request, tools=(), tool_choice=None, parallel_calls=None)


def _alone(request: Request, choice: ToolChoice, target: Target, notes: Notes) -> Request:
    """Where a call can be forced, but not which, the tool is sent alone."""
    detail = f"{target.model} can be forced to call, but not which tool: '{choice.name}' is sent alone."
    notes.lose(request.where("tool_choice"), "approximated", "cost", detail)
    for tool in request.tools:
        if tool.name != choice.name:
            notes.lose(tool.path, "dropped", "cost", detail)
    tools = tuple(tool for tool in request.tools if tool.name == choice.name)
    return evolve(request, tools=tools, tool_choice=ToolChoice("required"))


def _parallel(request: Request, target: Target, notes: Notes) -> Request:
    """Several calls at once are what models do; some cannot be told to make one at a time."""
    if request.parallel_calls is False:
        detail = f"{target.model} cannot be told to make one call at a time."
        notes.lose(request.where("parallel_calls"), "dropped", "quality", detail)
    return evolve(request, parallel_calls=None)
