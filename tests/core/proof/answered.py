"""What providers may answer, for hypothesis: replies, and streams that say the same."""

import orjson
from hypothesis import strategies as st

from . import converse
from .strategies import Json, arguments, fixed, maybe, names, objects, texts, words

counts = st.integers(0, 100_000)


@st.composite
def split(draw: st.DrawFn, text: str) -> list[str]:
    """A text in pieces."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=3)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


CITED = {
    "type": "web_search_result_location", "url": "https://h.example/a", "title": "A", "cited_text": "a",
    "encrypted_index": "x",
}  # fmt: skip
STOPS = ("end_turn", "stop_sequence", "max_tokens", "refusal", "pause_turn", "model_context_window_exceeded", "novel")

message_blocks = st.one_of(
    maybe(fixed(type="text", text=texts), citations=st.just([CITED])),
    fixed(type="text", text=texts),
    fixed(type="tool_use", id=words.map("toolu_{}".format), name=names, input=objects),
    fixed(type="thinking", thinking=st.one_of(texts, st.just("")), signature=words),
    fixed(type="redacted_thinking", data=words),
)


@st.composite
def message_usage(draw: st.DrawFn) -> Json:
    """A provider's usage."""
    output = draw(counts)
    usage: Json = {
        "input_tokens": draw(counts),
        "cache_creation_input_tokens": draw(counts),
        "cache_read_input_tokens": draw(counts),
        "output_tokens": output,
    }
    if draw(st.booleans()):
        usage["output_tokens_details"] = {"thinking_tokens": draw(st.integers(0, output))}
    if draw(st.booleans()):
        long = draw(st.integers(0, usage["cache_creation_input_tokens"]))
        short = usage["cache_creation_input_tokens"] - long
        usage["cache_creation"] = {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long}
    return usage


@st.composite
def message_replies(draw: st.DrawFn) -> Json:
    """A message as the Messages API answers."""
    content = draw(st.lists(message_blocks, max_size=5, unique_by=lambda block: block.get("id") or id(block)))
    called = any(block["type"] == "tool_use" for block in content)
    stop = "tool_use" if called and draw(st.booleans()) else draw(st.sampled_from(STOPS))
    refusal = {"type": "refusal", "category": "cyber", "explanation": draw(st.one_of(st.none(), texts))}
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": content,
        "stop_reason": stop, "stop_sequence": draw(words) if stop == "stop_sequence" else None,
        "stop_details": refusal if stop == "refusal" else None, "usage": draw(message_usage()),
    }  # fmt: skip


@st.composite
def block_events(draw: st.DrawFn, index: int, block: Json) -> list[Json]:
    """One content block as its events."""
    kind = block["type"]
    deltas: list[Json] = []
    if kind == "text":
        skeleton: Json = {"type": "text", "text": ""}
        deltas += [{"type": "citations_delta", "citation": note} for note in block.get("citations", ())]
        deltas += [{"type": "text_delta", "text": piece} for piece in draw(split(block["text"]))]
    elif kind == "tool_use":
        skeleton = {**block, "input": {}}
        text = orjson.dumps(block["input"]).decode() if block["input"] else ""
        deltas += [{"type": "input_json_delta", "partial_json": piece} for piece in ["", *draw(split(text))]]
    elif kind == "thinking":
        skeleton = {"type": "thinking", "thinking": "", "signature": ""}
        deltas += [{"type": "thinking_delta", "thinking": piece} for piece in draw(split(block["thinking"]))]
        deltas.append({"type": "signature_delta", "signature": block["signature"]})
    else:
        skeleton = block
    return [
        {"type": "content_block_start", "index": index, "content_block": skeleton},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


@st.composite
def message_streams(draw: st.DrawFn, reply: Json) -> bytes:
    """The stream that says what a reply says."""
    usage = reply["usage"]
    start = {**reply, "content": [], "stop_reason": None, "stop_sequence": None, "stop_details": None}
    start["usage"] = {**usage, "output_tokens": min(1, usage["output_tokens"])}
    start["usage"].pop("output_tokens_details", None)
    items: list[Json] = [{"type": "message_start", "message": start}, {"type": "ping"}]
    for index, block in enumerate(reply["content"]):
        items += draw(block_events(index, block))
    delta = {key: reply[key] for key in ("stop_reason", "stop_sequence", "stop_details")}
    told = ("output_tokens", "output_tokens_details")
    items.append({"type": "message_delta", "delta": delta, "usage": {k: usage[k] for k in told if k in usage}})
    items.append({"type": "message_stop"})
    end = draw(st.sampled_from(["\n\n", "\r\n\r\n", "  \n\n"]))
    line = end[: len(end) // 2] if end != "  \n\n" else "\n"
    return "".join(f"event: {item['type']}{line}data: {orjson.dumps(item).decode()}{end}" for item in items).encode()


@st.composite
def chat_usage(draw: st.DrawFn) -> Json:
    """A provider's usage."""
    prompt, completion = draw(counts), draw(counts)
    usage: Json = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    if draw(st.booleans()):
        cached = draw(st.integers(0, prompt))
        written = draw(st.integers(0, prompt - cached))
        usage["prompt_tokens_details"] = {"cached_tokens": cached, "cache_write_tokens": written}
    if draw(st.booleans()):
        usage["completion_tokens_details"] = {"reasoning_tokens": draw(st.integers(0, completion))}
    return usage


@st.composite
def chat_replies(draw: st.DrawFn) -> Json:
    """A chat completion."""
    message: Json = {"role": "assistant", "content": draw(st.one_of(st.none(), texts)), "refusal": None}
    calls = draw(
        st.lists(
            fixed(id=words.map("call_{}".format), name=names, arguments=arguments),
            max_size=3,
            unique_by=lambda call: call["id"],
        )
    )
    if calls:
        message["tool_calls"] = [
            {
                "id": call["id"],
                "type": "function",
                "function": {"name": call["name"], "arguments": call["arguments"]},
            }
            for call in calls
        ]
    elif message["content"] is None:
        if draw(st.booleans()):
            message["refusal"] = draw(texts)
        else:
            message["content"] = ""
    if draw(st.booleans()):
        message["reasoning_content"] = draw(texts)
    finish = draw(st.sampled_from(["tool_calls", "stop", "length"] if calls else ["stop", "length", "content_filter"]))
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_795_000_000, "model": "gpt-x",
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": draw(chat_usage()), "service_tier": "default",
    }  # fmt: skip


@st.composite
def chat_streams(draw: st.DrawFn, reply: Json) -> bytes:
    """The stream that says what a completion says."""
    choice = reply["choices"][0]
    message = choice["message"]
    deltas: list[Json] = [{"role": "assistant", "content": None if message.get("tool_calls") else "", "refusal": None}]
    for key in ("reasoning_content", "content", "refusal"):
        if message.get(key):
            deltas += [{key: piece} for piece in draw(split(message[key]))]
    for index, call in enumerate(message.get("tool_calls", ())):
        function = call["function"]
        deltas.append({"tool_calls": [{"index": index, **call, "function": {**function, "arguments": ""}}]})
        deltas += [
            {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}
            for piece in draw(split(function["arguments"]))
        ]
    head = {"id": reply["id"], "object": "chat.completion.chunk", "created": reply["created"], "model": reply["model"]}
    head["service_tier"] = reply["service_tier"]
    items: list[Json] = [
        {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}], "usage": None}
        for delta in deltas
    ]
    last = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": choice["finish_reason"]}
    items.append({**head, "choices": [last], "usage": None})
    items.append({**head, "choices": [], "usage": reply["usage"]})
    comment = draw(st.sampled_from(["", ": keep-alive\n\n"]))
    return (comment.join(f"data: {orjson.dumps(item).decode()}\n\n" for item in items) + "data: [DONE]\n\n").encode()


REPLIES = {"openai_chat": chat_replies, "anthropic": message_replies, "bedrock": converse.replies}
STREAMS = {"openai_chat": chat_streams, "anthropic": message_streams, "bedrock": converse.streams}


@st.composite
def spoken(draw: st.DrawFn, dialect: str) -> tuple[Json, bytes]:
    """A reply, and a stream that says the same."""
    reply = draw(REPLIES[dialect]())
    return reply, draw(STREAMS[dialect](reply))
