"""Declared functions and choices in the words of each provider."""

from .wires import (
    WIRES,
    tool,
)

F, G = tool(), tool("g")


def tools_of(name, body):
    kind = WIRES[name].kind
    if kind == "bedrock":
        return body.get("toolConfig", {}).get("tools", [])
    tools = body.get("tools", [])
    return tools[0]["functionDeclarations"] if kind == "google" and tools else tools


def choice_of(name, body):
    kind = WIRES[name].kind
    if kind == "google":
        return body["toolConfig"]["functionCallingConfig"]
    return body["toolConfig"].get("toolChoice") if kind == "bedrock" else body["tool_choice"]
