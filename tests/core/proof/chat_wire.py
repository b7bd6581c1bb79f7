"""Completions for hypothesis: what clients may ask, what the provider may answer, and streams that say the same."""

import base64
from typing import Any

import orjson
from hypothesis import strategies as st

from .strategies import (
    NODE,
    PDF,
    PNG,
    Json,
    arguments,
    breakpoints,
    counts,
    fixed,
    marks,
    maybe,
    names,
    odd_names,
    schemas,
    split,
    texts,
    thinking_blocks,
    values,
    words,
)

# What clients ask

chat_text = st.one_of(
    maybe(fixed(type="text", text=texts), cache_control=marks),
    fixed(type="text", text=texts, prompt_cache_breakpoint=breakpoints),
)
chat_media = st.one_of(
    maybe(
        fixed(
            type="image_url",
            image_url=maybe(
                fixed(url=st.sampled_from(["https://h.example/x.png", f"data:image/png;base64,{PNG}"])),
                detail=st.sampled_from(["low", "high", "auto"]),
            ),
        ),
        cache_control=marks,
    ),
    fixed(
        type="file",
        file=st.sampled_from(
            [
                {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PDF}"},
                {"filename": "a.txt", "file_data": "data:text/plain;base64," + base64.b64encode(b"plain").decode()},
            ]
        ),
    ),
)
chat_content = st.one_of(texts, st.lists(st.one_of(chat_text, chat_media), min_size=1, max_size=3))
chat_texts = st.one_of(texts, st.lists(chat_text, min_size=1, max_size=2))
chat_tools = st.lists(
    maybe(
        fixed(
            type="function",
            function=maybe(fixed(name=odd_names), description=texts, parameters=schemas, strict=st.booleans()),
        ),
        cache_control=marks,
    ),
    max_size=3,
    unique_by=lambda tool: tool["function"]["name"],
)
CHAT_THOUGHTS = st.one_of(
    st.just({}),
    fixed(thinking_blocks=thinking_blocks),
    fixed(reasoning_content=texts),
    fixed(
        reasoning_details=st.lists(fixed(type="reasoning.text", text=texts, signature=words), min_size=1, max_size=2)
    ),
    fixed(refusal=texts),
)
"""What else an assistant message may say."""


@st.composite
def turn(draw: st.DrawFn, tools: list[str], begin: int) -> list[Json]:
    """A user message, and perhaps the answer with calls and their results."""
    turn: list[Json] = [draw(maybe(fixed(role="user", content=chat_content), name=words, cache_control=marks))]
    kind = draw(st.sampled_from(["user", "answer", "calls"] if tools else ["user", "answer"]))
    if kind == "answer":
        turn.append({"role": "assistant", "content": draw(chat_texts)})
        turn[-1].update(draw(CHAT_THOUGHTS))
        turn.append({"role": "user", "content": draw(texts)})
    if kind == "calls":
        calls = [
            {"id": f"call_{begin}_{n}", "type": "function", "function": {"name": name, "arguments": draw(arguments)}}
            for n, name in enumerate(draw(st.lists(st.sampled_from(tools), min_size=1, max_size=3)))
        ]
        for call in calls:
            if draw(st.integers(0, 9)) == 0:
                call["extra_content"] = {"google": {"thought_signature": draw(words)}}
        said = draw(st.one_of(st.none(), texts))
        turn.append({"role": "assistant", "content": said, "tool_calls": calls, **draw(CHAT_THOUGHTS)})
        turn += [
            draw(maybe(fixed(role="tool", tool_call_id=call["id"], content=chat_texts), cache_control=marks))
            for call in calls
        ]
    return turn


@st.composite
def conversation(draw: st.DrawFn, tools: list[str]) -> list[Json]:
    """A conversation that ends with the user or with tool results."""
    messages: list[Json] = []
    if draw(st.booleans()):
        messages.append({"role": draw(st.sampled_from(["system", "developer"])), "content": draw(chat_texts)})
    for number in range(draw(st.integers(1, 3))):
        messages += draw(turn(tools, number))
        if number == 0 and draw(st.integers(0, 5)) == 0:
            messages.append({"role": "system", "content": draw(texts)})
            messages.append({"role": "user", "content": draw(texts)})
    return messages


OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "temperature": st.sampled_from([0, 0.5, 1, 1.5, 2]),
    "top_p": st.sampled_from([0.1, 0.95, 1]),
    "top_k": st.integers(0, 50),
    "presence_penalty": st.sampled_from([0, 0.5, -1]),
    "frequency_penalty": st.sampled_from([0, 1.5]),
    "seed": st.integers(0, 9),
    "n": st.integers(1, 2),
    "logprobs": st.booleans(),
    "top_logprobs": st.integers(0, 3),
    "logit_bias": st.sampled_from([{}, {"5": 10}]),
    "user": words,
    "safety_identifier": words,
    "metadata": st.dictionaries(words, words, max_size=2),
    "store": st.booleans(),
    "service_tier": st.sampled_from(["auto", "default", "flex", "priority"]),
    "verbosity": st.sampled_from(["low", "medium", "high"]),
    "prompt_cache_key": words,
    "prompt_cache_retention": st.just("24h"),
    "prediction": st.just({"type": "content", "content": "x"}),
    "modalities": st.sampled_from([["text"], ["text", "audio"]]),
    "audio": st.just({"voice": "alloy", "format": "wav"}),
    "moderation": st.just({"model": "m"}),
    "stop": st.one_of(words, st.lists(st.one_of(words, st.just(" ")), min_size=1, max_size=5)),
    "max_tokens": st.integers(1, 20000),
    "max_completion_tokens": st.integers(1, 20000),
    "stream": st.booleans(),
    "reasoning_effort": st.sampled_from(["none", "minimal", "low", "medium", "high", "xhigh", "max"]),
    "reasoning": st.sampled_from([{"effort": "low"}, {"max_tokens": 2000}, {"enabled": True}, {"enabled": False}]),
    "thinking": st.sampled_from(
        [
            {"type": "enabled", "budget_tokens": 2000},
            {"type": "adaptive"},
            {"type": "disabled"},
        ]
    ),
    "response_format": st.one_of(
        st.just({"type": "text"}),
        st.just({"type": "json_object"}),
        fixed(type="json_schema", json_schema=maybe(fixed(name=names, schema=schemas), strict=st.just(False))),
        fixed(type="json_schema", json_schema=fixed(name=names, schema=st.just(NODE), strict=True)),
    ),
    "cache_control": marks,
    "web_search_options": st.sampled_from(
        [
            {},
            {"search_context_size": "low", "user_location": {"type": "approximate", "approximate": {"city": "Brest"}}},
        ]
    ),
    "x_unknown": values,
}
"""Every top-level field but messages, model and tools."""


@st.composite
def requests(draw: st.DrawFn, options: tuple[str, ...] = tuple(OPTIONS), most: int = 4) -> Json:
    """A valid chat-completions request."""
    tools = draw(chat_tools)
    tool_names = [tool["function"]["name"] for tool in tools]
    body: Json = {"model": "acct/m", "messages": draw(conversation(tool_names))}
    if tools:
        body["tools"] = tools
        choice = draw(st.sampled_from([None, None, "auto", "none", "required", "named", "allowed"]))
        one = {"type": "function", "function": {"name": tool_names[0]}}
        if choice == "named":
            body["tool_choice"] = one
        elif choice == "allowed":
            body["tool_choice"] = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [one]}}
        elif choice is not None:
            body["tool_choice"] = choice
        if draw(st.booleans()):
            body["parallel_tool_calls"] = draw(st.booleans())
    for key in draw(st.lists(st.sampled_from(options), max_size=most, unique=True)):
        body[key] = draw(OPTIONS[key])
    if body.get("stream") and draw(st.booleans()):
        body["stream_options"] = {"include_usage": draw(st.booleans())}
    return body


# What the provider answers


@st.composite
def usages(draw: st.DrawFn) -> Json:
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
def replies(draw: st.DrawFn) -> Json:
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
        "usage": draw(usages()), "service_tier": "default",
    }  # fmt: skip


@st.composite
def streams(draw: st.DrawFn, reply: Json) -> bytes:
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
