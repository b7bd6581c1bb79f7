"""Every provider of spec/chat.md 1 by name, as the checklists of its sections ask them: through the boundary."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..core.proof.calls import Sent, send

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PDF = "JVBERi0xLjQKJcOkw7zDtsOfCjEgMCBvYmoKPDw+PgplbmRvYmoK"
WAV = "UklGRiQAAABXQVZFZm10IA=="
MP3 = "SUQzBAAAAAAAI1RTU0U="
MP4 = "AAAAGGZ0eXBpc29tAAAAAGlzb20="
USER: dict[str, Any] = {"role": "user", "content": "Hi"}
AZURE = "https://r.openai.azure.com"


class Wire(NamedTuple):
    """A provider as it is asked: its name in a head, the model and place, and whose request bodies it takes."""

    to: str
    kind: str
    head: dict[str, Any]


WIRES = {
    "openai": Wire("openai", "openai", {"model": "gpt-4o"}),
    "azure": Wire("azure", "openai", {"model": "mine", "family": "gpt-4o", "base_url": AZURE}),
    "xai": Wire("xai", "openai", {"model": "grok-4-fast-non-reasoning"}),
    "groq": Wire("groq", "openai", {"model": "llama-3.3-70b-versatile"}),
    "openai_compatible": Wire("openai_compatible", "openai", {"model": "some-model"}),
    "responses": Wire("openai", "responses", {"model": "gpt-5.3-codex"}),
    "anthropic": Wire("anthropic", "claude", {"model": "claude-sonnet-4-5"}),
    "vertex_claude": Wire("vertex", "claude", {"model": "claude-sonnet-4-5@20250929", "project": "p"}),
    "bedrock": Wire("bedrock", "bedrock", {"model": "anthropic.claude-sonnet-4-5-20250929-v1:0"}),
    "gemini": Wire("gemini", "google", {"model": "gemini-3.5-flash"}),
    "vertex": Wire("vertex", "google", {"model": "gemini-3.5-flash", "project": "p"}),
}
"""All of them; ``responses`` is OpenAI where chat cannot serve a request, ``vertex_claude`` is Vertex with Claude."""

OPENAI = ("openai", "azure", "xai", "groq", "openai_compatible")
"""Who speaks the chat dialect."""
CLAUDE = ("anthropic", "vertex_claude")
GOOGLE = ("gemini", "vertex")
CLAUDES = (*CLAUDE, "bedrock")
"""Where Claude answers."""
NATIVE = (*CLAUDES, *GOOGLE)
"""Who speaks another dialect than chat."""


def each(names: Iterable[str], value: Any) -> dict[str, Any]:
    """The same for several providers."""
    return dict.fromkeys(names, value)


def ask(*messages: Any, **fields: Any) -> dict[str, Any]:
    """A chat request with a limit, so that none need be added."""
    return {"model": "m", "max_tokens": 4000, "messages": list(messages) or [USER], **fields}


def to(name: str, body: Any, client: str = "openai_chat", **head: Any) -> Sent:
    """A request to a provider by its name in WIRES."""
    wire = WIRES[name]
    return send(body, client, wire.to, **{**wire.head, **head})


def sent(name: str, body: Any, client: str = "openai_chat", **head: Any) -> Any:
    """The native body of a request that is not refused and of which nothing is lost but habits of the provider."""
    planned = to(name, body, client, **head)
    assert planned.status == 200, planned
    assert lost(planned) == set()
    return planned.body


HABITS = {("/reasoning_effort", "added", "hint"), ("/stream_options/include_usage", "added", "hint")}
"""What is said to some providers whatever the client says."""


def lost(planned: Sent) -> set[tuple[str, str, str]]:
    """(pointer, kind, severity) of what was lost, without habits of the provider."""
    return planned.lost - HABITS


def refused(planned: Sent, param: str, code: str, *words: str) -> None:
    """A 400 that names the parameter, in the shape of the dialect, and whose message says these words."""
    assert planned.status == 400, planned
    error = planned.error
    assert error.keys() == {"message", "type", "param", "code"}
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", param, code)
    for word in words:
        assert word in error["message"], error["message"]


def assistant(content: Any = None, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content, **more}


def call(call_id: str = "c1", arguments: Any = "{}", name: str = "f", **more: Any) -> dict[str, Any]:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}, **more}


def result(call_id: str = "c1", content: Any = "done", **more: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": content, **more}


SCHEMA = {"type": "object", "properties": {"z": {"type": "number"}, "a": {"type": "string"}}}
CLOSED = {**SCHEMA, "required": ["z", "a"], "additionalProperties": False}


def tool(name: str = "f", **more: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "description": "F", "parameters": SCHEMA, **more}}
