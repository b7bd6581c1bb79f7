"""Responses for hypothesis: what clients may ask, what the provider may answer, and streams that say the same."""

from typing import Any

import orjson
from hypothesis import strategies as st

from .strategies import (
    PDF,
    PNG,
    Json,
    arguments,
    breakpoints,
    counts,
    fixed,
    maybe,
    names,
    schemas,
    split,
    texts,
    values,
    words,
)

# What clients ask

response_text = maybe(fixed(type="input_text", text=texts), prompt_cache_breakpoint=breakpoints)
response_media = st.one_of(
    maybe(
        fixed(
            type="input_image",
            detail=st.sampled_from(["low", "high", "auto"]),
            image_url=st.sampled_from(["https://h.example/x.png", f"data:image/png;base64,{PNG}"]),
        ),
        prompt_cache_breakpoint=breakpoints,
    ),
    fixed(type="input_file", filename="a.pdf", file_data=f"data:application/pdf;base64,{PDF}"),
)
response_content = st.one_of(texts, st.lists(st.one_of(response_text, response_media), min_size=1, max_size=3))
response_texts = st.one_of(texts, st.lists(response_text, min_size=1, max_size=2))
response_tools = st.lists(
    maybe(
        fixed(type="function", name=names, parameters=schemas, strict=st.just(False)),
        description=texts,
    ),
    max_size=3,
    unique_by=lambda tool: tool["name"],
)
response_thoughts = st.one_of(
    st.just([]),
    st.lists(
        maybe(
            fixed(type="reasoning", id="rs_1", summary=st.lists(fixed(type="summary_text", text=texts), max_size=2)),
            encrypted_content=st.one_of(
                words, words.map("dragoman:anthropic:thinking:{}".format), words.map("dragoman:google:call:{}".format)
            ),
        ),
        min_size=1,
        max_size=2,
    ),
)
response_said = st.one_of(
    fixed(role="assistant", content=texts),
    maybe(
        fixed(
            type="message",
            id="msg_1",
            role="assistant",
            status="completed",
            content=st.lists(
                st.one_of(
                    fixed(type="output_text", text=texts, annotations=st.just([])), fixed(type="refusal", refusal=texts)
                ),
                min_size=1,
                max_size=2,
            ),
        ),
        phase=st.sampled_from(["commentary", "final_answer"]),
    ),
)


@st.composite
def turn(draw: st.DrawFn, tools: list[str], begin: int) -> list[Json]:
    """A user message, and perhaps the answer with calls and their outputs."""
    turn: list[Json] = [{"role": "user", "content": draw(response_content)}]
    kind = draw(st.sampled_from(["user", "answer", "calls"] if tools else ["user", "answer"]))
    if kind == "answer":
        turn += [*draw(response_thoughts), draw(response_said), {"role": "user", "content": draw(texts)}]
    if kind == "calls":
        calls = [
            {"type": "function_call", "call_id": f"call_{begin}_{n}", "name": name, "arguments": draw(arguments)}
            for n, name in enumerate(draw(st.lists(st.sampled_from(tools), min_size=1, max_size=3)))
        ]
        turn += [*draw(response_thoughts), *([draw(response_said)] if draw(st.booleans()) else []), *calls]
        turn += [
            {"type": "function_call_output", "call_id": call["call_id"], "output": draw(response_texts)}
            for call in calls
        ]
    return turn


OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "instructions": texts,
    "stream": st.booleans(),
    "temperature": st.sampled_from([0, 0.5, 1, 1.5]),
    "top_p": st.sampled_from([0.1, 1]),
    "max_output_tokens": st.integers(16, 20000),
    "user": words,
    "safety_identifier": words,
    "metadata": st.dictionaries(words, words, max_size=2),
    "store": st.booleans(),
    "service_tier": st.sampled_from(["auto", "default", "flex", "priority"]),
    "prompt_cache_key": words,
    "top_logprobs": st.integers(0, 3),
    "include": st.lists(
        st.sampled_from(["reasoning.encrypted_content", "message.output_text.logprobs", "file_search_call.results"]),
        max_size=2,
        unique=True,
    ),
    "reasoning": st.sampled_from([{"effort": "low"}, {"effort": "high", "summary": "auto"}, {"summary": "detailed"}]),
    "text": st.one_of(
        st.just({"verbosity": "low"}),
        fixed(format=st.sampled_from([{"type": "text"}, {"type": "json_object"}])),
        fixed(format=maybe(fixed(type="json_schema", name=names, schema=schemas), strict=st.just(False))),
    ),
    "truncation": st.sampled_from(["auto", "disabled"]),
    "max_tool_calls": st.integers(1, 3),
    "x_unknown": values,
}


@st.composite
def requests(draw: st.DrawFn, options: tuple[str, ...] = tuple(OPTIONS), most: int = 4) -> Json:
    """A valid Responses request."""
    tools = draw(response_tools)
    tool_names = [tool["name"] for tool in tools]
    items: list[Json] = []
    for number in range(draw(st.integers(1, 3))):
        items += draw(turn(tool_names, number))
        if number == 0 and draw(st.integers(0, 5)) == 0:
            items += [{"role": "developer", "content": draw(texts)}, {"role": "user", "content": draw(texts)}]
    body: Json = {"model": "acct/m", "input": items if draw(st.integers(0, 5)) else draw(texts)}
    if tools:
        body["tools"] = tools
        one = {"type": "function", "name": tool_names[0]}
        choice: Any = draw(st.sampled_from([None, "auto", "none", "required", one, {"type": "allowed_tools"}]))
        if choice == {"type": "allowed_tools"}:
            choice = {**choice, "mode": "auto", "tools": [one]}
        if choice is not None:
            body["tool_choice"] = choice
        if draw(st.booleans()):
            body["parallel_tool_calls"] = draw(st.booleans())
    for key in draw(st.lists(st.sampled_from(options), max_size=most, unique=True)):
        body[key] = draw(OPTIONS[key])
    return body


# What the provider answers


@st.composite
def usages(draw: st.DrawFn) -> Json:
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
def replies(draw: st.DrawFn) -> Json:
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
        "service_tier": "default", "usage": draw(usages()),
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
def streams(draw: st.DrawFn, reply: Json) -> bytes:
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
