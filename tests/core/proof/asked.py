"""What clients may ask, for hypothesis: requests of each dialect in the whole supported breadth."""

import base64
from typing import Any

from hypothesis import strategies as st

from . import converse, gemini_wire
from .strategies import (
    NODE,
    PDF,
    PNG,
    Json,
    arguments,
    fixed,
    marks,
    maybe,
    names,
    objects,
    odd_names,
    schemas,
    texts,
    values,
    words,
)

# OpenAI chat requests

breakpoints = st.sampled_from([{"mode": "explicit"}, {"mode": "explicit", "ttl": "30m"}])
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
thinking_blocks = st.lists(
    st.one_of(
        fixed(type="thinking", thinking=st.one_of(texts, st.just("")), signature=words),
        fixed(type="redacted_thinking", data=words),
    ),
    min_size=1,
    max_size=2,
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
def chat_turn(draw: st.DrawFn, tools: list[str], begin: int) -> list[Json]:
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
def chat_messages(draw: st.DrawFn, tools: list[str]) -> list[Json]:
    """A conversation that ends with the user or with tool results."""
    messages: list[Json] = []
    if draw(st.booleans()):
        messages.append({"role": draw(st.sampled_from(["system", "developer"])), "content": draw(chat_texts)})
    for number in range(draw(st.integers(1, 3))):
        messages += draw(chat_turn(tools, number))
        if number == 0 and draw(st.integers(0, 5)) == 0:
            messages.append({"role": "system", "content": draw(texts)})
            messages.append({"role": "user", "content": draw(texts)})
    return messages


CHAT_OPTIONS: dict[str, st.SearchStrategy[Any]] = {
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
def chat_requests(draw: st.DrawFn, options: tuple[str, ...] = tuple(CHAT_OPTIONS), most: int = 4) -> Json:
    """A valid chat-completions request."""
    tools = draw(chat_tools)
    tool_names = [tool["function"]["name"] for tool in tools]
    body: Json = {"model": "acct/m", "messages": draw(chat_messages(tool_names))}
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
        body[key] = draw(CHAT_OPTIONS[key])
    if body.get("stream") and draw(st.booleans()):
        body["stream_options"] = {"include_usage": draw(st.booleans())}
    return body


# Anthropic requests

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
def message_turn(draw: st.DrawFn, tools: list[str], begin: int) -> list[Json]:
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


MESSAGE_OPTIONS: dict[str, st.SearchStrategy[Any]] = {
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
def message_requests(draw: st.DrawFn, options: tuple[str, ...] = tuple(MESSAGE_OPTIONS), most: int = 4) -> Json:
    """A valid Messages request."""
    tools = draw(message_tools)
    tool_names = [tool["name"] for tool in tools]
    messages: list[Json] = []
    for number in range(draw(st.integers(1, 3))):
        messages += draw(message_turn(tool_names, number))
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
        body[key] = draw(MESSAGE_OPTIONS[key])
    return body


# OpenAI Responses requests

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
def response_turn(draw: st.DrawFn, tools: list[str], begin: int) -> list[Json]:
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


RESPONSE_OPTIONS: dict[str, st.SearchStrategy[Any]] = {
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
def response_requests(draw: st.DrawFn, options: tuple[str, ...] = tuple(RESPONSE_OPTIONS), most: int = 4) -> Json:
    """A valid Responses request."""
    tools = draw(response_tools)
    tool_names = [tool["name"] for tool in tools]
    items: list[Json] = []
    for number in range(draw(st.integers(1, 3))):
        items += draw(response_turn(tool_names, number))
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
        body[key] = draw(RESPONSE_OPTIONS[key])
    return body


REQUESTS = {
    "openai_chat": chat_requests,
    "openai_responses": response_requests,
    "anthropic": message_requests,
    "gemini": gemini_wire.requests,
    "bedrock": converse.requests,
}
