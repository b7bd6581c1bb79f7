"""Messages for hypothesis: what clients may ask, what the provider may answer, and streams that say the same."""

from typing import Any

import orjson
from hypothesis import strategies as st

from .strategies import (
    PDF,
    PNG,
    Json,
    counts,
    fixed,
    marks,
    maybe,
    names,
    objects,
    schemas,
    split,
    texts,
    thinking_blocks,
    values,
    words,
)

# What clients ask

message_text = maybe(fixed(type="text", text=texts), cache_control=marks)
message_media = st.one_of(
    maybe(
        fixed(
            type="image",
            source=st.sampled_from(
                [
                    {"type": "url", "url": "https://h.example/x.png"},
                    {"type": "base64", "media_type": "image/png", "data": PNG},
                ]
            ),
        ),
        cache_control=marks,
    ),
    maybe(
        fixed(
            type="document",
            source=st.sampled_from(
                [
                    {"type": "base64", "media_type": "application/pdf", "data": PDF},
                    {"type": "text", "media_type": "text/plain", "data": "plain"},
                ]
            ),
        ),
        title=words,
        cache_control=marks,
    ),
)
message_content = st.one_of(texts, st.lists(st.one_of(message_text, message_media), min_size=1, max_size=3))
message_texts = st.one_of(texts, st.lists(message_text, min_size=1, max_size=2))
message_tools = st.lists(
    maybe(fixed(name=names, input_schema=schemas), description=texts, cache_control=marks),
    max_size=3,
    unique_by=lambda tool: tool["name"],
)


@st.composite
def turn(draw: st.DrawFn, tools: list[str], begin: int) -> list[Json]:
    """A user message, and perhaps the answer with calls and their results."""
    turn: list[Json] = [{"role": "user", "content": draw(message_content)}]
    kind = draw(st.sampled_from(["user", "answer", "calls"] if tools else ["user", "answer"]))
    if kind == "answer":
        turn.append({"role": "assistant", "content": draw(message_texts)})
        turn.append({"role": "user", "content": draw(texts)})
    if kind == "calls":
        content: list[Json] = draw(st.one_of(st.just([]), thinking_blocks))
        content += [{"type": "text", "text": draw(texts)}] if draw(st.booleans()) else []
        calls: list[Json] = [
            {"type": "tool_use", "id": f"toolu_{begin}_{n}", "name": name, "input": draw(objects)}
            for n, name in enumerate(draw(st.lists(st.sampled_from(tools), min_size=1, max_size=3)))
        ]
        results = [
            {"type": "tool_result", "tool_use_id": call["id"], **draw(maybe(st.just({}), content=message_texts))}
            for call in calls
        ]
        turn.append({"role": "assistant", "content": [*content, *calls]})
        turn.append({"role": "user", "content": results})
    return turn


OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "system": message_texts,
    "stream": st.booleans(),
    "stop_sequences": st.lists(words, min_size=1, max_size=3),
    "temperature": st.sampled_from([0, 0.5, 1]),
    "top_p": st.sampled_from([0.1, 1]),
    "top_k": st.integers(0, 50),
    "metadata": fixed(user_id=words),
    "service_tier": st.sampled_from(["auto", "standard_only"]),
    "thinking": st.sampled_from(
        [
            {"type": "enabled", "budget_tokens": 2000},
            {"type": "adaptive", "display": "summarized"},
            {"type": "disabled"},
        ]
    ),
    "output_config": st.one_of(st.just({"effort": "low"}), fixed(format=fixed(type="json_schema", schema=schemas))),
    "cache_control": marks,
    "container": words,
    "x_unknown": values,
}


@st.composite
def requests(draw: st.DrawFn, options: tuple[str, ...] = tuple(OPTIONS), most: int = 4) -> Json:
    """A valid Messages request."""
    tools = draw(message_tools)
    tool_names = [tool["name"] for tool in tools]
    messages: list[Json] = []
    for number in range(draw(st.integers(1, 3))):
        messages += draw(turn(tool_names, number))
    body: Json = {"model": "acct/m", "max_tokens": draw(st.integers(1, 20000)), "messages": messages}
    if tools:
        body["tools"] = tools
        choice: Json | None = draw(
            st.sampled_from([None, {"type": "auto"}, {"type": "any"}, {"type": "none"}, {"type": "tool"}])
        )
        if choice is not None:
            named = {"name": tool_names[0]} if choice["type"] == "tool" else {}
            single = (
                {} if choice["type"] == "none" else draw(maybe(st.just({}), disable_parallel_tool_use=st.booleans()))
            )
            body["tool_choice"] = {**choice, **named, **single}
    for key in draw(st.lists(st.sampled_from(options), max_size=most, unique=True)):
        body[key] = draw(OPTIONS[key])
    return body


# What the provider answers

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
def usages(draw: st.DrawFn) -> Json:
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
def replies(draw: st.DrawFn) -> Json:
    """A message as the Messages API answers."""
    content = draw(st.lists(message_blocks, max_size=5, unique_by=lambda block: block.get("id") or id(block)))
    called = any(block["type"] == "tool_use" for block in content)
    stop = "tool_use" if called and draw(st.booleans()) else draw(st.sampled_from(STOPS))
    refusal = {"type": "refusal", "category": "cyber", "explanation": draw(st.one_of(st.none(), texts))}
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": content,
        "stop_reason": stop, "stop_sequence": draw(words) if stop == "stop_sequence" else None,
        "stop_details": refusal if stop == "refusal" else None, "usage": draw(usages()),
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
def streams(draw: st.DrawFn, reply: Json) -> bytes:
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
