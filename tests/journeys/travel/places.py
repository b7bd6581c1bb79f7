"""Models that a conversation can be at, and what they answer on their own wires, with state that can be recognised."""

from base64 import b64encode
from typing import Any, NamedTuple

Json = dict[str, Any]

TOOL = "look_up"
CITIES = ("Paris", "Rome")


class Place(NamedTuple):
    """A model at a provider; ``domain`` is who signs its reasoning, None where there is nothing signed."""

    provider: str
    model: str
    domain: str | None


PLACES = {
    "anthropic": Place("anthropic", "claude-sonnet-4-5", "anthropic"),
    "bedrock": Place("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic"),
    "vertex_claude": Place("vertex", "claude-opus-5", "anthropic"),
    "gemini": Place("gemini", "gemini-3.5-flash", "google"),
    "vertex_gemini": Place("vertex", "gemini-3.1-pro", "google"),
    "openai": Place("openai", "gpt-5.6", "openai"),
    "openai_chat": Place("openai", "gpt-5.1", "openai"),
    "azure": Place("azure", "gpt-5.6", "openai"),
    "xai": Place("xai", "grok-4.3", None),
    "groq": Place("groq", "openai/gpt-oss-120b", None),
}


class State(NamedTuple):
    """A piece of opaque state that a provider gave out.

    Attributes:
        token: as the provider wrote it.
        domain: who can read it.
        kind: ``thinking``, ``redacted``, ``call`` (it stands on a call) or ``text`` (it stands on words).
        anchor: words of what it belongs to.
    """

    token: str
    domain: str
    kind: str
    anchor: str


class Said(NamedTuple):
    """A reply on its own wire, the state in it, and what of it people and programs can see."""

    reply: Json
    states: list[State]
    seen: list[str]


def token(domain: str, number: int, kind: str) -> str:
    """State that is base64, as all providers' is, with the two characters that have two spellings."""
    return f"{domain[:3]}+/{number:04d}{kind[:3]}AAAA"


def claude_blocks(number: int, *, calls: bool) -> tuple[list[Json], list[State], list[str]]:
    """Blocks of a Claude model on Anthropic's wire."""
    thought, words = f"Thought {number}", f"Words {number}"
    states = [State(token("anthropic", number, "thinking"), "anthropic", "thinking", thought)]
    blocks: list[Json] = [{"type": "thinking", "thinking": thought, "signature": states[0].token}]
    if calls:
        states.append(State(token("anthropic", number, "redacted"), "anthropic", "redacted", words))
        blocks.append({"type": "redacted_thinking", "data": states[1].token})
    blocks.append({"type": "text", "text": words})
    marks = [f"{city} {number}" for city in CITIES] if calls else []
    blocks += [
        {"type": "tool_use", "id": f"toolu_{number:03d}{index}", "name": TOOL, "input": {"city": mark}}
        for index, mark in enumerate(marks)
    ]
    return blocks, states, [words, *marks]


def anthropic(number: int, *, calls: bool) -> Said:
    """A Claude model on Anthropic's wire."""
    blocks, states, seen = claude_blocks(number, calls=calls)
    usage = {"input_tokens": 50, "cache_creation_input_tokens": 7, "cache_read_input_tokens": 3, "output_tokens": 20}
    reply = {
        "id": f"msg_{number}", "type": "message", "role": "assistant", "model": "claude-x", "content": blocks,
        "stop_reason": "tool_use" if calls else "end_turn", "stop_sequence": None, "stop_details": None, "usage": usage,
    }  # fmt: skip
    return Said(reply, states, seen)


def bedrock(number: int, *, calls: bool) -> Said:
    """A Claude model on Converse."""
    blocks, states, seen = claude_blocks(number, calls=calls)
    content: list[Json] = []
    for block in blocks:
        if block["type"] == "thinking":
            text = {"text": block["thinking"], "signature": block["signature"]}
            content.append({"reasoningContent": {"reasoningText": text}})
        elif block["type"] == "redacted_thinking":
            # A blob, whose bytes are the text of Anthropic's own wire.
            blob = b64encode(block["data"].encode()).decode()
            content.append({"reasoningContent": {"redactedContent": blob}})
        elif block["type"] == "text":
            content.append({"text": block["text"]})
        else:
            call = {
                "toolUseId": block["id"].replace("toolu", "tooluse"),
                "name": block["name"],
                "input": block["input"],
            }
            content.append({"toolUse": call})
    usage = {"inputTokens": 50, "outputTokens": 20, "totalTokens": 70}
    reply = {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": "tool_use" if calls else "end_turn", "usage": usage, "metrics": {"latencyMs": 5},
    }  # fmt: skip
    return Said(reply, states, seen)


def gemini(number: int, *, calls: bool) -> Said:
    """A Gemini 3 model: the first call of a step is signed, or else the words."""
    words = f"Words {number}"
    parts: list[Json] = [{"text": f"Thought {number}", "thought": True}]
    seen = [f"{city} {number}" for city in CITIES] if calls else [words]
    kind = "call" if calls else "text"
    state = State(token("google", number, kind), "google", kind, seen[0])
    if calls:
        for index, mark in enumerate(seen):
            # Some of its calls have an id, and some have none.
            named = {"id": f"fc{number}{index}"} if number % 2 else {}
            parts.append({"functionCall": {**named, "name": TOOL, "args": {"city": mark}}})
    else:
        parts.append({"text": words})
    parts[1]["thoughtSignature"] = state.token
    usage = {"promptTokenCount": 50, "candidatesTokenCount": 20, "thoughtsTokenCount": 5, "totalTokenCount": 75}
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}
    reply = {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "gemini-x", "responseId": f"r{number}"}
    return Said(reply, [state], seen)


def openai_responses(number: int, *, calls: bool) -> Said:
    """A GPT model on the Responses surface, which encrypts its reasoning."""
    words = f"Words {number}"
    seen = [f"{city} {number}" for city in CITIES] if calls else [words]
    state = State(token("openai", number, "thinking"), "openai", "thinking", seen[0])
    summary = [{"type": "summary_text", "text": f"Thought {number}"}]
    output: list[Json] = [
        {"id": f"rs_{number}", "type": "reasoning", "summary": summary, "encrypted_content": state.token}
    ]
    for index, mark in enumerate(seen if calls else ()):
        arguments = f'{{"city":"{mark}"}}'
        output.append({
            "id": f"fc_{number}{index}", "type": "function_call", "call_id": f"call_{number:03d}{index}", "name": TOOL,
            "arguments": arguments, "status": "completed",
        })  # fmt: skip
    if not calls:
        text = {"type": "output_text", "text": words, "annotations": [], "logprobs": []}
        output.append({
            "id": f"msg_{number}", "type": "message", "role": "assistant", "content": [text], "status": "completed",
        })  # fmt: skip
    details = {"input_tokens_details": {"cached_tokens": 3, "cache_write_tokens": 0},
               "output_tokens_details": {"reasoning_tokens": 5}}  # fmt: skip
    usage = {"input_tokens": 50, "output_tokens": 20, "total_tokens": 70, **details}
    reply = {
        "id": f"resp_{number}", "object": "response", "created_at": 1_795_000_000, "model": "gpt-x", "output": output,
        "status": "completed", "error": None, "incomplete_details": None, "instructions": None, "metadata": {},
        "parallel_tool_calls": True, "temperature": 1.0, "top_p": 1.0, "tool_choice": "auto", "tools": [],
        "usage": usage,
    }  # fmt: skip
    return Said(reply, [state], seen)


def openai_chat(number: int, *, calls: bool) -> Said:
    """A server of the chat dialect, whose reasoning is open and unsigned."""
    seen = [f"{city} {number}" for city in CITIES] if calls else [f"Words {number}"]
    message: Json = {"role": "assistant", "content": None if calls else seen[0], "refusal": None}
    message["reasoning_content"] = f"Thought {number}"
    if calls:
        message["tool_calls"] = [
            {"id": f"call_{number:03d}{index}", "type": "function",
             "function": {"name": TOOL, "arguments": f'{{"city":"{mark}"}}'}}
            for index, mark in enumerate(seen)
        ]  # fmt: skip
    usage = {"prompt_tokens": 50, "completion_tokens": 20, "total_tokens": 70}
    choice = {
        "index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls" if calls else "stop",
    }  # fmt: skip
    reply = {
        "id": f"chatcmpl-{number}", "object": "chat.completion", "created": 1_795_000_000, "model": "chat-x",
        "choices": [choice], "usage": usage, "service_tier": "default",
    }  # fmt: skip
    return Said(reply, [], seen)


ANSWERS = {
    "anthropic": anthropic,
    "bedrock": bedrock,
    "gemini": gemini,
    "openai_responses": openai_responses,
    "openai_chat": openai_chat,
}
