"""Response formats, and where providers get them."""

import orjson

from .wires import (
    WIRES,
    ask,
    lost,
    to,
)

SHAPE = {
    "type": "object",
    "properties": {"z": {"type": "string"}, "a": {"type": "integer"}},
    "required": ["z", "a"],
    "additionalProperties": False,
}
ANSWER = '{"z":"x","a":1}'


def form(schema=SHAPE, **more):
    return {"type": "json_schema", "json_schema": {"name": "person", "schema": schema, **more}}


def wants(schema=SHAPE, fields=None, **more):
    return ask(response_format=form(schema, **more), **(fields or {}))


def format_of(name, body):
    """The schema at the provider's own place; None when there is none."""
    kind = WIRES[name].kind
    if kind == "claude":
        return body.get("output_config", {}).get("format", {}).get("schema")
    if kind == "bedrock":
        inner = body.get("outputConfig", {}).get("textFormat", {}).get("structure", {}).get("jsonSchema")
        return inner and orjson.loads(inner["schema"])
    if kind == "google":
        return body.get("generationConfig", {}).get("responseJsonSchema")
    if kind == "responses":
        return body.get("text", {}).get("format", {}).get("schema")
    return body.get("response_format", {}).get("json_schema", {}).get("schema")


def tool_names(body):
    tools = body.get("tools") or body.get("toolConfig", {}).get("tools", [])
    if tools and "functionDeclarations" in tools[0]:
        tools = tools[0]["functionDeclarations"]
    return [(item.get("function") or item.get("toolSpec") or item)["name"] for item in tools]


def inner(name, schema, **head):
    """What becomes of the schema of a property, and what is lost."""
    planned = to(name, wants({**SHAPE, "properties": {"z": schema, "a": {"type": "integer"}}}), **head)
    assert planned.status == 200
    return format_of(name, planned.body)["properties"]["z"], lost(planned)
