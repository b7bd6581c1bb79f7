"""The form of the answer: native where the model has it, else converted (spec/chat.md 6)."""

from typing import Any

import orjson

from ..records import (
    Message,
    OutputFormat,
    Path,
    Request,
    Text,
    Tool,
    ToolChoice,
    TranslationError,
    changed,
    evolve,
    render,
)
from ..records.request import SYSTEM_ROLES
from ..schema import SUBSETS, adapt, recursive, strict_fault
from ..target import Target
from ..values import dotted
from .notes import Notes

ANY_OBJECT: dict[str, Any] = {"type": "object", "additionalProperties": True}


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """The wished form as the target can give it.

    Raises:
        TranslationError: ``invalid_schema``, when ``strict: true`` is asked for a schema that is not strict.
    """
    if request.tools:
        request = _strict_tools(request, target, notes)
    output = request.output
    if output is None or output.kind == "text":
        return request
    if output.strict:
        _check_strict(request, output)
    if request.dialect == target.provider.dialect:
        return request
    if output.kind == "schema" and not output.schema:
        # A format without a schema binds to nothing but JSON.
        output = evolve(output, kind="json")
    if request.messages[-1].role == "assistant" and not target.row.schema_prefill:
        return _by_instruction(request, output, target, notes)
    if output.kind == "schema" and target.row.schema_output:
        native = _native_schema(request, output, target, notes)
        if native is not None:
            return evolve(request, output=native)
    if output.kind == "json" and target.row.json_output:
        return request
    return _convert(request, output, target, notes)


def _check_strict(request: Request, output: OutputFormat) -> None:
    fault = strict_fault(output.schema)
    if fault is None:
        return
    path = (*request.where("output"), "json_schema", "schema", *fault[0])
    raise TranslationError(
        f"Invalid schema for '{dotted(request.where('output'))}' at '{render(path)}': {fault[1]}.",
        path=render(path),
        code="invalid_schema",
        param=dotted(request.where("output")),
    )


def _native_schema(request: Request, output: OutputFormat, target: Target, notes: Notes) -> OutputFormat | None:
    """The schema in the model's subset; None when it cannot be said there at all."""
    subset = SUBSETS.get(target.row.schema_subset or "")
    if subset is None:
        if output.strict is None and strict_fault(output.schema) is None:
            return evolve(output, strict=True)
        return output
    if recursive(output.schema):
        return None
    base, deep = _schema_place(request)

    def report(at: tuple[str | int, ...], what: str) -> None:
        notes.lose((*base, *at) if deep else base, "approximated", "quality", f"{target.model}: {what}.")

    schema = output.schema
    if output.description is not None and "description" not in schema:
        # The format has no words of its own there; the schema has.
        schema = {"description": output.description, **schema}
    return evolve(output, schema=adapt(schema, subset, report))


def _schema_place(request: Request) -> tuple[Path, bool]:
    """Where the schema stands in the client's body, and whether places in it can be pointed at: it may be a text."""
    place = request.pointers.get("output.schema")
    return (place, False) if place is not None else ((*request.where("output"), "json_schema", "schema"), True)


def _strict_tools(request: Request, target: Target, notes: Notes) -> Request:
    """Strict tools obey the same rules as strict answers."""
    if request.dialect == target.provider.dialect or not any(tool.strict for tool in request.tools):
        return request
    return evolve(request, tools=tuple([_strict_tool(tool, request, target, notes) for tool in request.tools]))


def _strict_tool(tool: Tool, request: Request, target: Target, notes: Notes) -> Tool:
    if not tool.strict or not isinstance(tool.schema, dict):
        return tool
    subset = SUBSETS.get(target.row.schema_subset or "")
    path = request.where_in(tool, "strict")
    if subset is None:
        fault = strict_fault(tool.schema)
        if fault is None:
            return tool
        notes.lose(path, "dropped", "quality", f"The schema is not strict in the sense of {target.model}: {fault[1]}.")
        return changed(tool, strict=None)
    if recursive(tool.schema):
        notes.lose(path, "dropped", "quality", f"{target.model} takes no recursive schema in a strict tool.")
        return changed(tool, strict=None)
    base = request.where_in(tool, "schema")

    def report(at: tuple[str | int, ...], what: str) -> None:
        notes.lose((*base, *at), "approximated", "quality", f"{target.model}: {what}.")

    return changed(tool, schema=adapt(tool.schema, subset, report))


def _convert(request: Request, output: OutputFormat, target: Target, notes: Notes) -> Request:
    choice = request.tool_choice
    if choice is not None and choice.mode in ("required", "named") and request.tools:
        # The client forces a call: there will be no text whose form could matter.
        detail = "A forced tool call leaves no text for a response format."
        notes.lose(request.where("output"), "dropped", "hint", detail)
        return evolve(request, output=None)
    if target.row.forced_tools == "yes" or (target.row.forced_tools == "manual" and not _thinks(request, target)):
        return _by_tool(request, output, target, notes)
    return _by_instruction(request, output, target, notes)


def _thinks(request: Request, target: Target) -> bool:
    """Whether the model will reason in the way that excludes a forced tool."""
    wish, row = request.reasoning, target.row.reasoning
    if wish is None or wish.effort == "none" or wish.mode == "disabled":
        return False
    return row.kind in ("budget", "native") or (wish.mode == "enabled" and "enabled" in row.modes)


def _by_tool(request: Request, output: OutputFormat, target: Target, notes: Notes) -> Request:
    """A forced tool whose arguments are the answer; the reply turns them back into text."""
    taken = {tool.name for tool in request.tools}
    name = output.name or "json_answer"
    while name in taken:
        name += "_answer"
    detail = f"{target.model} has no such format: the answer is the arguments of a forced tool, turned back into text."
    notes.lose(request.where("output"), "approximated", "hint", detail)
    notes.context["json_tool"] = name
    told = output.description or "Give the final answer to the user by calling this tool."
    schema = output.schema if output.kind == "schema" and output.schema else ANY_OBJECT
    callable_tools = request.tools if request.tool_choice is None or request.tool_choice.mode != "none" else ()
    choice = ToolChoice("required") if callable_tools else ToolChoice("named", name)
    tools = (*request.tools, Tool(name, told, schema))
    return evolve(request, tools=tools, tool_choice=choice, output=None)


def _by_instruction(request: Request, output: OutputFormat, target: Target, notes: Notes) -> Request:
    """Words instead of a grammar; the reply is checked."""
    detail = f"{target.model} cannot be bound to this format now: it is told to keep it, and the answer is checked."
    notes.lose(request.where("output"), "approximated", "quality", detail)
    notes.context["json_text"] = True
    told = "Answer with one JSON object and nothing else: no explanation, no Markdown fence."
    if output.kind == "schema":
        told += f"\nThe object must match this JSON Schema:\n{orjson.dumps(output.schema).decode()}"
    messages = list(request.messages)
    if messages[0].role in SYSTEM_ROLES:
        messages[0] = changed(messages[0], content=(*messages[0].parts, Text(told)))
    else:
        messages.insert(0, Message("system", (Text(told),)))
    return evolve(request, messages=tuple(messages), output=None)
