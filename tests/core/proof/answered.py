"""What providers may answer, for hypothesis: replies, and streams that say the same."""

import orjson
from hypothesis import strategies as st

from . import converse, gemini_wire
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


# Responses


@st.composite
def response_usage(draw: st.DrawFn) -> Json:
    """A provider's usage."""
    prompt, completion = draw(counts), draw(counts)
    cached = draw(st.integers(0, prompt))
    written = draw(st.integers(0, prompt - cached))
    return {
        "input_tokens": prompt, "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": written},
        "output_tokens": completion, "output_tokens_details": {"reasoning_tokens": draw(st.integers(0, completion))},
        "total_tokens": prompt + completion,
    }  # fmt: skip


SITED = {"type": "url_citation", "start_index": 0, "end_index": 1, "url": "https://h.example/a", "title": "A"}
output_parts = st.one_of(
    fixed(type="output_text", text=texts, annotations=st.one_of(st.just([]), st.just([SITED])), logprobs=st.just([])),
    fixed(type="refusal", refusal=texts),
)
response_items = st.one_of(
    fixed(type="message", role="assistant", content=st.lists(output_parts, min_size=1, max_size=2)),
    fixed(type="function_call", call_id=words.map("call_{}".format), name=names, arguments=arguments),
    maybe(
        fixed(
            type="reasoning",
            summary=st.lists(fixed(type="summary_text", text=texts), max_size=2),
        ),
        encrypted_content=words,
    ),
    fixed(type="web_search_call", action=st.just({"type": "search", "query": "q", "queries": ["q"]})),
)


@st.composite
def response_replies(draw: st.DrawFn) -> Json:
    """A response."""
    output = draw(st.lists(response_items, max_size=4, unique_by=lambda item: item.get("call_id") or id(item)))
    reason = draw(st.sampled_from([None, None, "max_output_tokens", "content_filter"]))
    prefixes = {"message": "msg", "function_call": "fc", "reasoning": "rs", "web_search_call": "ws"}
    items = [
        {"id": f"{prefixes[item['type']]}_{place}", **item, **({} if item["type"] == "reasoning" else _COMPLETED)}
        for place, item in enumerate(output)
    ]
    return {
        "id": "resp_1", "object": "response", "created_at": 1_795_000_000, "model": "gpt-x", "error": None,
        "status": "incomplete" if reason else "completed", "output": items, "parallel_tool_calls": True,
        "incomplete_details": {"reason": reason} if reason else None, "tool_choice": "auto", "tools": [],
        "service_tier": "default", "usage": draw(response_usage()),
    }  # fmt: skip


_COMPLETED = {"status": "completed"}


@st.composite
def item_events(draw: st.DrawFn, index: int, item: Json) -> list[Json]:
    """One output item as its events."""
    empty: Json = {"content": [], "summary": [], "arguments": "", "status": "in_progress"}
    begun = {key: empty.get(key, value) for key, value in item.items() if key != "encrypted_content"}
    events: list[Json] = [{"type": "response.output_item.added", "output_index": index, "item": begun}]
    at = {"item_id": item["id"], "output_index": index}
    for place, part in enumerate(item.get("content", ())):
        here, text = {**at, "content_index": place}, part.get("text", part.get("refusal"))
        kind = "output_text" if part["type"] == "output_text" else "refusal"
        more: Json = {"logprobs": []} if kind == "output_text" else {}
        skeleton = {**part, "text": "", "annotations": []} if more else {**part, "refusal": ""}
        events.append({"type": "response.content_part.added", **here, "part": skeleton})
        events += [
            {"type": f"response.{kind}.delta", **here, "delta": piece, **more, "obfuscation": "x"}
            for piece in draw(split(text))
        ]
        events += [
            {"type": "response.output_text.annotation.added", **here, "annotation_index": n, "annotation": note}
            for n, note in enumerate(part.get("annotations", ()))
        ]
        events.append({"type": f"response.{kind}.done", **here, "text" if more else "refusal": text, **more})
        events.append({"type": "response.content_part.done", **here, "part": part})
    for place, part in enumerate(item.get("summary", ())):
        here = {**at, "summary_index": place}
        events.append({"type": "response.reasoning_summary_part.added", **here, "part": {**part, "text": ""}})
        events += [
            {"type": "response.reasoning_summary_text.delta", **here, "delta": piece}
            for piece in draw(split(part["text"]))
        ]
        events.append({"type": "response.reasoning_summary_text.done", **here, "text": part["text"]})
        events.append({"type": "response.reasoning_summary_part.done", **here, "part": part})
    if "arguments" in item:
        events += [
            {"type": "response.function_call_arguments.delta", **at, "delta": piece}
            for piece in draw(split(item["arguments"]))
        ]
        events.append({"type": "response.function_call_arguments.done", **at, "arguments": item["arguments"]})
    return [*events, {"type": "response.output_item.done", "output_index": index, "item": item}]


@st.composite
def response_streams(draw: st.DrawFn, reply: Json) -> bytes:
    """The stream that says what a response says."""
    begun = {**reply, "status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
    items: list[Json] = [{"type": f"response.{word}", "response": begun} for word in ("created", "in_progress")]
    for index, item in enumerate(reply["output"]):
        items += draw(item_events(index, item))
    items.append({"type": f"response.{reply['status']}", "response": reply})
    comment = draw(st.sampled_from(["", ": keepalive\n\n"]))
    return b"".join(
        b"%bevent: %b\ndata: %b\n\n"
        % (comment.encode(), item["type"].encode(), orjson.dumps({**item, "sequence_number": number}))
        for number, item in enumerate(items)
    )


REPLIES = {
    "openai_chat": chat_replies,
    "openai_responses": response_replies,
    "anthropic": message_replies,
    "gemini": gemini_wire.replies,
    "bedrock": converse.replies,
}
STREAMS = {
    "openai_chat": chat_streams,
    "openai_responses": response_streams,
    "anthropic": message_streams,
    "gemini": gemini_wire.streams,
    "bedrock": converse.streams,
}


@st.composite
def spoken(draw: st.DrawFn, dialect: str) -> tuple[Json, bytes]:
    """A reply, and a stream that says the same."""
    reply = draw(REPLIES[dialect]())
    return reply, draw(STREAMS[dialect](reply))
