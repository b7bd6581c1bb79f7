"""Functions that do not say whether they are strict, from clients in whose dialect that is tried (fields.TRIES_STRICT).

Their own API tries strict, and falls back (wire/openai-responses.md 4). So does this: such a function is strict where
its schema keeps to the rules of strict schemas (wire/openai-chat.md 7), and the target has strict functions and loses
nothing of the schema. Nobody asked for it: to fall back is no loss.
"""

from __future__ import annotations

from typing import Any

from ..fields import TRIES_STRICT
from ..records import Request, Tool, changed, evolve
from ..records.traits import ODD_TOOLS
from ..schema import STRICT, SUBSETS, adapt, recursive, strict_fault, unions
from ..target import Target
from .notes import Notes


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Functions as strict as the target can have them at no cost; all or none, where their number is limited."""
    row = target.row
    if request.dialect not in TRIES_STRICT or request.dialect == target.provider.dialect or not row.strict_tools:
        return request
    tools = tuple([changed(tool, strict=True) if _may(tool, target) else tool for tool in request.tools])
    strict = [tool for tool in tools if tool.strict]
    if len(strict) == sum(tool.strict is True for tool in request.tools):
        return request
    if row.strict_limits is not None:
        most, most_unions = row.strict_limits
        if len(strict) > most or sum(unions(tool.schema) for tool in strict) > most_unions:
            return request
    notes.traits |= ODD_TOOLS
    return evolve(request, tools=tools)


def _may(tool: Tool, target: Target) -> bool:
    """Whether a function that says nothing of it can be strict without a loss."""
    schema = tool.schema
    if tool.kind != "function" or tool.strict is not None or type(schema) is not dict:
        return False
    if schema.get("type") != "object" or strict_fault(schema) is not None or _fitted(schema, STRICT) != schema:
        return False
    subset = SUBSETS.get(target.row.schema_subset or "")
    if subset is None:
        return True
    if not subset.recursive and recursive(schema):
        return False
    # Where the schemas of all tools keep to the subset, being strict costs nothing more.
    return target.row.tool_schemas or _fitted(schema, subset) is not None


def _fitted(schema: dict[str, Any], subset: Any) -> Any:
    """The schema in a subset; None when something of it would be lost."""
    lost: list[str] = []
    fitted = adapt(schema, subset, lambda _, what: lost.append(what))
    return None if lost else fitted
