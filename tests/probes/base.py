"""What probes share: small building blocks of bodies, and where each asked thing must be visible."""

from typing import Any

from ..recordings.driving import Planned

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PDF = "JVBERi0xLjQKJcOkw7zDtsOfCjEgMCBvYmoKPDw+PgplbmRvYmoK"

CLAUDES = (
    "claude-sonnet-4-0", "claude-haiku-4-5", "claude-sonnet-4-6", "claude-opus-4-8", "claude-opus-5",
    "claude-sonnet-5-5", "claude-fable-5-2",
)  # fmt: skip
OLD = CLAUDES[:2]
"""A budget of thinking tokens; sampling is free."""
FORCELESS = CLAUDES[5:]
"""Models that refuse to be forced to call."""
ADAPTIVE = CLAUDES[3:]


def user(content: Any, **more: Any) -> dict[str, Any]:
    return {"role": "user", "content": content, **more}


def system(content: Any, **more: Any) -> dict[str, Any]:
    return {"role": "system", "content": content, **more}


def assistant(content: Any = None, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content, **more}


def made(call_id: str, arguments: Any = "{}", name: str = "f", **more: Any) -> dict[str, Any]:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}, **more}


def result(call_id: str, content: Any = "done", **more: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": content, **more}


def function(name: str = "f", **more: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, **more}}


def chat(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"model": "acc/m", "messages": list(messages) or [user("Hi")], **more}


def schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def wants(shape: Any, strict: Any = True, **more: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": shape, "strict": strict, **more}}


def lost(told: Planned, path: str) -> list[str]:
    """``kind/severity`` of the losses at a place or below it."""
    return [
        f"{loss['kind']}/{loss['severity']}"
        for loss in told.losses
        if loss["path"] == path or loss["path"].startswith(f"{path}/")
    ]
