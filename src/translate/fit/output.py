"""The form of the answer: native where the model has it, else converted (spec/chat.md 6)."""

from __future__ import annotations

import re
from typing import Any

from ..fields import BINDS
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
from ..schema import SUBSETS, Pointer, Report, adapt, recursive, strict_fault
from ..target import Target
from ..values import dotted, dumps
from .notes import Notes
from .strict import keeps_rules

NO_ARGUMENTS: dict[str, Any] = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
"""What a strict tool without a schema takes: strict schemas say that there is nothing else."""
ANY_OBJECT: dict[str, Any] = {"type": "object", "additionalProperties": True}


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """The wished form as the target can give it.

    Raises:
        TranslationError: ``invalid_schema``, when ``strict: true`` is asked for a schema that is not strict.
    """
    if request.tools:
        request = _tool_schemas(request, target, notes)
    output = request.output
    if output is None or output.kind == "text":
        return request
    if output.strict:
        _check_strict(request, output)
    own = request.dialect == target.provider.dialect
    if own and not target.provider.subset:
        return request
    if output.kind == "schema" and not output.schema and not own:
        # A format without a schema binds to nothing but JSON.
        output = evolve(output, kind="json")
    if request.messages[-1].role == "assistant" and not target.row.schema_prefill:
        return _by_instruction(request, output, target, notes)
    if output.kind == "schema" and _takes_schema(request, target):
        native = output if own else _native_schema(request, output, target, notes)
        if native is not None:
            return evolve(request, output=native)
    if output.kind == "json" and target.row.json_output and (target.row.schema_beside_tools or not request.tools):
        return _worded(request, notes) if target.provider.json_word else request
    return _convert(request, output, target, notes)


def _takes_schema(request: Request, target: Target) -> bool:
    """Whether an answer to this request can be bound to a schema."""
    row = target.row
    alone = row.schema_alone and (request.stream or request.tools)
    return row.schema_output and not alone and (row.schema_beside_tools or not request.tools)


_JSON = re.compile("json", re.IGNORECASE)


def _worded(request: Request, notes: Notes) -> Request:
    """The word JSON stands in a message, else it is added (wire/openai-chat.md 7)."""
    for message in request.messages:
        texts = [part.text for part in message.parts if type(part) is Text]
        if any(_JSON.search(text) for text in texts):
            return request
    notes.lose(request.where("output"), "added", "hint", "The provider wants the word JSON in a message.")
    return _told(request, "Answer with one JSON object.")


def _check_strict(request: Request, output: OutputFormat) -> None:
    fault = strict_fault(output.schema)
    if fault is None:
        return
    path = (*request.where("output.schema"), *fault[0])
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
        if output.strict is None and request.dialect in BINDS and keeps_rules(output.schema):
            return evolve(output, strict=True)
        return output
    if not subset.recursive and recursive(output.schema):
        return None
    base, deep = _schema_place(request)
    report = _reporter(base, target, notes, deep=deep)
    schema = output.schema
    if output.description is not None and "description" not in schema:
        # The format has no words of its own there; the schema has.
        schema = {"description": output.description, **schema}
    return evolve(output, schema=adapt(schema, subset, report))


def _schema_place(request: Request) -> tuple[Path, bool]:
    """Where the schema stands in the client's body, and whether places in it can be pointed at: it may be a text."""
    text = request.pointers.get("output.schema_text")
    return (request.where("output.schema"), True) if text is None else (text, False)


def _reporter(base: Path, target: Target, notes: Notes, *, deep: bool = True) -> Report:
    """Notes what a schema that stands at ``base`` lost on the way into the model's subset."""

    def report(at: Pointer, what: str) -> None:
        notes.lose((*base, *at) if deep else base, "approximated", "quality", f"{target.model}: {what}.")

    return report


def _tool_schemas(request: Request, target: Target, notes: Notes) -> Request:
    """Strict tools obey the same rules as strict answers, on some models all do."""
    every = target.row.tool_schemas
    if request.dialect == target.provider.dialect:
        return request
    tools = [changed(tool, schema=NO_ARGUMENTS) if tool.strict and not tool.schema else tool for tool in request.tools]
    tools = [
        _tool_schema(tool, request, target, notes) if (every or tool.strict) and isinstance(tool.schema, dict) else tool
        for tool in tools
    ]
    return evolve(request, tools=tuple(tools))


def _tool_schema(tool: Tool, request: Request, target: Target, notes: Notes) -> Tool:
    subset = SUBSETS.get(target.row.schema_subset or "")
    path = request.where_in(tool, "strict")
    if subset is None:
        fault = strict_fault(tool.schema)
        if fault is None:
            return tool
        notes.lose(path, "dropped", "quality", f"The schema is not strict in the sense of {target.model}: {fault[1]}.")
        return changed(tool, strict=None)
    if not subset.recursive and tool.strict and recursive(tool.schema):
        notes.lose(path, "dropped", "quality", f"{target.model} takes no recursive schema in a strict tool.")
        tool = changed(tool, strict=None)
        if not target.row.tool_schemas:
            return tool
    report = _reporter(request.where_in(tool, "schema"), target, notes)
    schema = adapt(tool.schema, subset, report)
    return tool if schema == tool.schema else changed(tool, schema=schema)


def _convert(request: Request, output: OutputFormat, target: Target, notes: Notes) -> Request:
    choice = request.tool_choice
    if choice is not None and choice.mode in ("required", "named") and request.tools:
        # The client forces a call: there will be no text whose form could matter.
        detail = "A forced tool call leaves no text for a response format."
        notes.lose(request.where("output"), "dropped", "hint", detail)
        return evolve(request, output=None)
    forced = target.row.forced_tools
    if _noun(output) == "object" and (forced == "yes" or (forced == "manual" and not _thinks(request, target))):
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
    subset = SUBSETS.get(target.row.schema_subset or "")
    if target.row.tool_schemas and subset is not None:
        schema = adapt(schema, subset, _reporter(request.where("output.schema"), target, notes))
    callable_tools = request.tools if request.tool_choice is None or request.tool_choice.mode != "none" else ()
    named = not callable_tools and target.row.named_tools
    choice = ToolChoice("named", name) if named else ToolChoice("required")
    tools = (*request.tools, Tool(name, told, schema))
    return evolve(request, tools=tools, tool_choice=choice, output=None)


def _noun(output: OutputFormat) -> str:
    return "object" if output.kind == "json" or output.schema.get("type", "object") == "object" else "value"


def _by_instruction(request: Request, output: OutputFormat, target: Target, notes: Notes) -> Request:
    """Words instead of a grammar; the reply is checked."""
    detail = f"{target.model} cannot be bound to this format now: it is told to keep it, and the answer is checked."
    notes.lose(request.where("output"), "approximated", "quality", detail)
    notes.context["json_text"] = True
    notes.context["json_at"] = render(request.where("output"))
    told = f"Answer with one JSON {_noun(output)} and nothing else: no explanation, no Markdown fence."
    if output.kind == "schema":
        told += f"\nThe {_noun(output)} must match this JSON Schema:\n{dumps(output.schema).decode()}"
        notes.context["json_schema"] = output.schema
    return evolve(_told(request, told), output=None)


def _told(request: Request, words: str) -> Request:
    """The request with one more instruction to the model."""
    messages = list(request.messages)
    if messages[0].role in SYSTEM_ROLES:
        messages[0] = changed(messages[0], content=(*messages[0].parts, Text(words)))
    else:
        messages.insert(0, Message("system", (Text(words),)))
    return evolve(request, messages=tuple(messages))
