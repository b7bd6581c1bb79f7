"""The providers of spec/chat.md 1 as the checklists ask them, and what each says on its wire (../shared/wire).

Nothing here knows the code: replies and streams are written as the wire documents show them.
"""

from typing import Any, NamedTuple

import orjson

from ..core.proof.calls import Got, Sent, chunks, events, frames, receive, send, stream
from ..core.proof.converse import event

Json = dict[str, Any]
USER = {"role": "user", "content": "Hi"}


class Provider(NamedTuple):
    """Who is asked: the boundary's name of it, the wire it speaks, a model, and what its address needs."""

    to: str
    wire: str
    model: str
    head: Json


_AZURE = {"base_url": "https://r.openai.azure.com"}
_VERTEX = {"project": "p"}
PROVIDERS = {
    "openai": Provider("openai", "chat", "gpt-4.1", {}),
    "azure": Provider("azure", "chat", "gpt-4.1", _AZURE),
    "anthropic": Provider("anthropic", "anthropic", "claude-sonnet-4-5", {}),
    "bedrock": Provider("bedrock", "bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", {}),
    "gemini": Provider("gemini", "gemini", "gemini-2.5-flash", {}),
    "vertex": Provider("vertex", "gemini", "gemini-2.5-flash", _VERTEX),
    "vertex_claude": Provider("vertex", "anthropic", "claude-sonnet-4-5@20250929", _VERTEX),
    "xai": Provider("xai", "chat", "grok-4.5", {}),
    "groq": Provider("groq", "chat", "openai/gpt-oss-120b", {}),
    "openai_compatible": Provider("openai_compatible", "chat", "some-model", {}),
}
NAMES = tuple(PROVIDERS)
CHAT = tuple(name for name in NAMES if PROVIDERS[name].wire == "chat")
CLAUDE = ("anthropic", "bedrock", "vertex_claude")
GOOGLE = ("gemini", "vertex")
BEDROCK_IDS = {
    "claude-opus-4-5": "us.anthropic.claude-opus-4-5-20251101-v1:0",
    "claude-sonnet-4-5": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "claude-haiku-4-5": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
}


def model_at(name: str, model: str) -> str:
    """A model's id at a provider: Bedrock's ids have a vendor, and a date up to 4.5 (wire/bedrock.md 2)."""
    if name != "bedrock" or "." in model.partition("-")[0]:
        return model
    return BEDROCK_IDS.get(model, f"us.anthropic.{model}")


def ask(name: str, model: str | None = None, client: str = "openai_chat", **fields: Any) -> Sent:
    """A request to a provider; options of the head stand under ``head``."""
    to = PROVIDERS[name]
    head = fields.pop("head", {})
    body = fields if "messages" in fields or client != "openai_chat" else {"messages": [USER], **fields}
    model = model_at(name, model) if model else to.model
    return send({"model": "m", **body}, client, to.to, model=model, **to.head, **head)


def context(name: str, model: str | None = None, client: str = "openai_chat", **fields: Any) -> Json:
    """What travels beside a request that was sent."""
    sent = ask(name, model, client, **fields)
    assert sent.status == 200, sent
    return sent.head["context"]


class Counts(NamedTuple):
    """Tokens, each counted once."""

    fresh: int = 50
    read: int = 1200
    write: int = 250
    text: int = 60
    reasoning: int = 20


class Said(NamedTuple):
    """An answer, in the provider's own words where it has some: ``finish`` and ``usage`` are native."""

    text: str = "A"
    thought: str = ""
    signature: str = ""
    calls: tuple[tuple[str, str, str], ...] = ()
    finish: str | None = None
    usage: Json | None = None
    more: Json | None = None


def usage_of(name: str, counts: Counts) -> Json:
    """Usage as the provider's wire counts it (wire/observed.md 9)."""
    fresh, read, write, text, reasoning = counts
    wire = PROVIDERS[name].wire
    if wire == "anthropic":
        return {
            "input_tokens": fresh, "cache_read_input_tokens": read, "cache_creation_input_tokens": write,
            "output_tokens": text + reasoning, "output_tokens_details": {"thinking_tokens": reasoning},
        }  # fmt: skip
    if wire == "bedrock":
        return {
            "inputTokens": fresh, "cacheReadInputTokens": read, "cacheWriteInputTokens": write,
            "outputTokens": text + reasoning, "totalTokens": sum(counts),
        }  # fmt: skip
    if wire == "gemini":
        return {
            "promptTokenCount": fresh + read + write, "cachedContentTokenCount": read, "candidatesTokenCount": text,
            "thoughtsTokenCount": reasoning, "totalTokenCount": sum(counts),
        }  # fmt: skip
    inside = text if name == "xai" else text + reasoning
    return {
        "prompt_tokens": fresh + read + write, "completion_tokens": inside, "total_tokens": sum(counts),
        "prompt_tokens_details": {"cached_tokens": read, "cache_write_tokens": write},
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    }  # fmt: skip


FINISH = {"chat": "stop", "anthropic": "end_turn", "bedrock": "end_turn", "gemini": "STOP"}
CALLED = {"chat": "tool_calls", "anthropic": "tool_use", "bedrock": "tool_use", "gemini": "STOP"}


def finish_of(name: str, said: Said) -> str:
    """The native reason: the one that was said, else the usual one."""
    return said.finish or (CALLED if said.calls else FINISH)[PROVIDERS[name].wire]


def reasoning_key(name: str) -> str:
    """The provider's own name of reasoning text on the chat wire."""
    return "reasoning" if name == "groq" else "reasoning_content"


def reply_of(name: str, said: Said) -> Json:
    """A whole reply as the provider's wire has it."""
    return {"chat": _chat, "anthropic": _anthropic, "bedrock": _bedrock, "gemini": _gemini}[PROVIDERS[name].wire](
        name, said
    )


def _usage(name: str, said: Said) -> Json:
    return usage_of(name, Counts(10, 0, 0, 5, 0)) if said.usage is None else said.usage


def _chat(name: str, said: Said) -> Json:
    message: Json = {"role": "assistant", "content": said.text}
    if said.thought:
        message[reasoning_key(name)] = said.thought
    if said.calls:
        # Beside calls OpenAI says null, xAI an empty text, and Groq nothing (wire/observed.md 0).
        message["content"] = said.text or ("" if name == "xai" else None)
        if name == "groq" and not said.text:
            del message["content"]
        message["tool_calls"] = [
            {"id": call, "type": "function", "function": {"name": function, "arguments": arguments}}
            for call, function, arguments in said.calls
        ]
    choice = {"index": 0, "message": message, "finish_reason": finish_of(name, said), "logprobs": None}
    head = {"id": "c1", "object": "chat.completion", "created": 5, "model": "upstream-1"}
    return {**head, "choices": [choice], "usage": _usage(name, said), **(said.more or {})}


def _anthropic(name: str, said: Said) -> Json:
    content: list[Json] = []
    if said.thought or said.signature:
        content.append({"type": "thinking", "thinking": said.thought, "signature": said.signature})
    if said.text:
        content.append({"type": "text", "text": said.text})
    content += [
        {"type": "tool_use", "id": call, "name": function, "input": orjson.loads(arguments)}
        for call, function, arguments in said.calls
    ]
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "upstream-1", "content": content,
        "stop_reason": finish_of(name, said), "stop_sequence": None, "usage": _usage(name, said), **(said.more or {}),
    }  # fmt: skip


def _bedrock(name: str, said: Said) -> Json:
    content: list[Json] = []
    if said.thought or said.signature:
        signed = {"signature": said.signature} if said.signature else {}
        content.append({"reasoningContent": {"reasoningText": {"text": said.thought, **signed}}})
    if said.text:
        content.append({"text": said.text})
    content += [
        {"toolUse": {"toolUseId": call, "name": function, "input": orjson.loads(arguments)}}
        for call, function, arguments in said.calls
    ]
    return {
        "output": {"message": {"role": "assistant", "content": content}}, "stopReason": finish_of(name, said),
        "usage": _usage(name, said), "metrics": {"latencyMs": 1}, **(said.more or {}),
    }  # fmt: skip


def _gemini_parts(said: Said) -> list[Json]:
    parts: list[Json] = []
    if said.thought:
        parts.append({"text": said.thought, "thought": True})
    if said.text:
        parts.append({"text": said.text})
    for number, (call, function, arguments) in enumerate(said.calls):
        signed = {"thoughtSignature": said.signature} if said.signature and number == 0 else {}
        parts.append({"functionCall": {"id": call, "name": function, "args": orjson.loads(arguments)}, **signed})
    return parts


def _gemini(name: str, said: Said) -> Json:
    candidate: Json = {"index": 0, "finishReason": finish_of(name, said)}
    parts = _gemini_parts(said)
    if parts:
        candidate["content"] = {"role": "model", "parts": parts}
    head = {"modelVersion": "upstream-1", "responseId": "r1"}
    more = dict(said.more or {})
    candidate |= more.pop("candidate", {})
    return {"candidates": [candidate], "usageMetadata": _usage(name, said), **head, **more}


# Streams


def stream_of(name: str, said: Said, *, whole: bool = True) -> bytes:
    """The stream that says the same; one that is not whole breaks off before its end."""
    return {
        "chat": _chat_stream, "anthropic": _anthropic_stream, "bedrock": _bedrock_stream, "gemini": _gemini_stream,
    }[PROVIDERS[name].wire](name, said, whole)  # fmt: skip


def chunk(delta: Json | None, finish: str | None = None, **more: Any) -> Json:
    """A chat chunk."""
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 5, "model": "upstream-1"}
    return {**head, "choices": choices, **more}


def _chat_stream(name: str, said: Said, whole: bool) -> bytes:
    items = [chunk({"role": "assistant", "content": ""})]
    items += [chunk({reasoning_key(name): letter}) for letter in said.thought]
    items += [chunk({"content": letter}) for letter in said.text]
    for index, (call, function, arguments) in enumerate(said.calls):
        begin = {"index": index, "id": call, "type": "function", "function": {"name": function, "arguments": ""}}
        items.append(chunk({"tool_calls": [begin]}))
        items.append(chunk({"tool_calls": [{"index": index, "function": {"arguments": arguments}}]}))
    if whole:
        usage = _usage(name, said)
        # Groq says usage unasked, aside and in the finish chunk; all say it in a chunk of its own when asked.
        beside = {"x_groq": {"id": "q", "usage": usage}, "usage": usage} if name == "groq" else {}
        items += [chunk({}, finish_of(name, said), **beside), chunk(None, usage=usage)]
    return chunks(*items, done=whole)


def _anthropic_stream(name: str, said: Said, whole: bool) -> bytes:
    reply = _anthropic(name, said)
    usage = reply["usage"]
    begun = {**{key: count for key, count in usage.items() if key != "output_tokens_details"}, "output_tokens": 1}
    empty = {**reply, "content": [], "stop_reason": None, "usage": begun}
    empty.pop("stop_details", None)
    items: list[Json] = [{"type": "message_start", "message": empty}]
    for index, block in enumerate(reply["content"]):
        begin, deltas = _anthropic_block(block)
        items.append({"type": "content_block_start", "index": index, "content_block": begin})
        items += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        items.append({"type": "content_block_stop", "index": index})
    if whole:
        delta = {key: reply[key] for key in ("stop_reason", "stop_sequence", "stop_details") if key in reply}
        told = {key: usage[key] for key in ("output_tokens", "output_tokens_details") if key in usage}
        items += [{"type": "message_delta", "delta": delta, "usage": told}, {"type": "message_stop"}]
    return events(*items)


def _anthropic_block(block: Json) -> tuple[Json, list[Json]]:
    if block["type"] == "text":
        notes = [{"type": "citations_delta", "citation": note} for note in block.get("citations") or ()]
        return {"type": "text", "text": ""}, [
            *({"type": "text_delta", "text": letter} for letter in block["text"]), *notes,
        ]  # fmt: skip
    if block["type"] == "thinking":
        words = [{"type": "thinking_delta", "thinking": letter} for letter in block["thinking"]]
        signed = {"type": "signature_delta", "signature": block["signature"]}
        return {"type": "thinking", "thinking": "", "signature": ""}, [*words, signed]
    if block["type"] == "tool_use":
        text = orjson.dumps(block["input"]).decode() if block["input"] else ""
        return {**block, "input": {}}, [
            {"type": "input_json_delta", "partial_json": ""}, {"type": "input_json_delta", "partial_json": text},
        ]  # fmt: skip
    return block, []


def _bedrock_stream(name: str, said: Said, whole: bool) -> bytes:
    reply = _bedrock(name, said)
    out = event("messageStart", {"role": "assistant", "p": "abc"})
    for index, block in enumerate(reply["output"]["message"]["content"]):
        at = {"contentBlockIndex": index}
        for delta in _bedrock_deltas(block):
            out += event(delta[0], {**delta[1], **at, "p": "abcd"})
        out += event("contentBlockStop", at)
    if whole:
        out += event("messageStop", {"stopReason": reply["stopReason"]})
        out += event("metadata", {"usage": reply["usage"], "metrics": {"latencyMs": 1}})
    return out


def _bedrock_deltas(block: Json) -> list[tuple[str, Json]]:
    if "text" in block:
        return [("contentBlockDelta", {"delta": {"text": letter}}) for letter in block["text"]]
    if "toolUse" in block:
        call = block["toolUse"]
        begin = {"toolUse": {"toolUseId": call["toolUseId"], "name": call["name"]}}
        text = orjson.dumps(call["input"]).decode()
        return [
            ("contentBlockStart", {"start": begin}), ("contentBlockDelta", {"delta": {"toolUse": {"input": text}}}),
        ]  # fmt: skip
    if "citationsContent" in block:
        cited = block["citationsContent"]
        return [
            *(("contentBlockDelta", {"delta": {"text": item["text"]}}) for item in cited["content"]),
            *(("contentBlockDelta", {"delta": {"citation": note}}) for note in cited["citations"]),
        ]
    thought = block["reasoningContent"]["reasoningText"]
    pieces: list[Json] = [{"text": thought["text"]}] if thought["text"] else []
    pieces += [{"signature": thought["signature"]}] if "signature" in thought else []
    return [("contentBlockDelta", {"delta": {"reasoningContent": piece}}) for piece in pieces]


def _gemini_stream(name: str, said: Said, whole: bool) -> bytes:
    reply = _gemini(name, said)
    head = {"modelVersion": "upstream-1", "responseId": "r1"}
    items: list[Json] = []
    for part in _gemini_parts(said):
        words = [{**part, "text": letter} for letter in part["text"]] if "text" in part else [part]
        items += [
            {"candidates": [{"index": 0, "content": {"role": "model", "parts": [word]}}], **head} for word in words
        ]
    if whole:
        last = {key: value for key, value in reply["candidates"][0].items() if key != "content"}
        rest = {key: value for key, value in reply.items() if key not in ("candidates", *head)}
        items.append({"candidates": [last], **rest, **head})
    return b"".join(b"data: " + orjson.dumps(item) + b"\r\n\r\n" for item in items)


# What a chat client sees


class Seen(NamedTuple):
    """What a chat client was told, whole or in a stream put together."""

    message: Json
    finish: str | None
    usage: Json | None
    head: Json


def told(name: str, said: Said, model: str | None = None, **fields: Any) -> Seen:
    """A whole reply, as a chat client is told it."""
    got = receive(context(name, model, **fields), reply_of(name, said))
    return seen_whole(got)


def seen_whole(got: Got) -> Seen:
    """What a whole reply says."""
    assert got.status == 200, got
    choice = got.body["choices"][0]
    return Seen(choice["message"], choice["finish_reason"], got.body.get("usage"), got.head)


def streamed(name: str, said: Said, model: str | None = None, **fields: Any) -> Seen:
    """A stream, as a chat client puts it together."""
    made = context(name, model, stream=True, **fields)
    out, head = stream(made, [stream_of(name, said)])
    items = frames(out)
    assert items[-1] == "[DONE]", items
    return gather(items[:-1], head)


STRINGS = ("content", "reasoning_content", "refusal")


def gather(items: list[Json], head: Json) -> Seen:
    """Chunks as one message, as the official client merges them (wire/openai-chat.md 9)."""
    message: Json = {}
    finish, usage = None, None
    for item in items:
        usage = item["usage"] if item.get("usage") else usage
        for choice in item["choices"]:
            finish = choice["finish_reason"] or finish
            for key, value in choice["delta"].items():
                _merge(message, key, value)
    message["content"] = message.get("content") or None
    return Seen(message, finish, usage, head)


def _merge(message: Json, key: str, value: Any) -> None:
    if key == "tool_calls":
        calls = message.setdefault(key, [])
        for call in value:
            if call["index"] == len(calls):
                calls.append({**{k: v for k, v in call.items() if k != "index"}, "function": dict(call["function"])})
            else:
                calls[call["index"]]["function"]["arguments"] += call["function"]["arguments"]
    elif key == "thinking_blocks":
        blocks = message.setdefault(key, [])
        for block in value:
            if block["index"] == len(blocks):
                blocks.append({k: v for k, v in block.items() if k != "index"})
            else:
                known = blocks[block["index"]]
                known["thinking"] += block.get("thinking", "")
                known["signature"] = known.get("signature", "") + block.get("signature", "")
    elif type(value) is str and type(message.get(key)) is str:
        message[key] += value
    elif value is not None or key not in message:
        message[key] = value


WAYS = {"whole": told, "stream": streamed}
"""The two ways of an answer: each promise about answers holds for both."""
