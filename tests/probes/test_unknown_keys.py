"""A key that nobody knows, in every object of a rich request: kept by a server of the same dialect, else named."""

import copy

import pytest

from ..recordings.driving import ALLOW, call
from .base import PDF, PNG, assistant, chat, function, made, result, schema, system, user, wants

MARK = {"type": "ephemeral"}
KEY = "x_nobody"

CHAT = chat(
    system([{"type": "text", "text": "s", "cache_control": MARK}]),
    user([
        {"type": "text", "text": "t"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PDF}"}},
    ]),
    assistant("so", tool_calls=[made("c1")], thinking_blocks=[{"type": "thinking", "thinking": "h",
    "signature": "c2ln"}]),
    result("c1", [{"type": "text", "text": "r"}]),
    {"role": "assistant", "tool_calls": [{"id": "c2", "function": {"name": "f"}}]},
    result("c2"),
    tools=[function(), function("g", description="d", parameters=schema(a={"type": "string"}), strict=True)],
    tool_choice={"type": "function", "function": {"name": "f"}},
    response_format=wants(schema(a={"type": "string"})),
    stream=True,
    stream_options={"include_usage": True},
)  # fmt: skip
MORE = {
    "thinking": chat(thinking={"type": "adaptive"}),
    "reasoning": chat(reasoning={"effort": "low"}),
    "reasoning of nothing else": chat(reasoning={}),
    "allowed": chat(tools=[function()], tool_choice={
        "type": "allowed_tools",
        "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}]}}),
    "legacy": chat(functions=[{"name": "f"}], function_call={"name": "f"}),
    "web": chat(web_search_options={"user_location": {"type": "approximate", "approximate": {"country": "DE"}}}),
    "custom": chat(tools=[{"type": "custom", "custom": {"name": "sh", "format": {
        "type": "grammar", "grammar": {"syntax": "lark", "definition": "start: X"}}}}]),
    "free text": chat(tools=[{"type": "custom", "custom": {"name": "sh", "format": {"type": "text"}}}]),
    "legacy result": chat(user("x"), {"role": "assistant", "content": None,
        "function_call": {"name": "f", "arguments": "{}"}}, {"role": "function", "name": "f", "content": "r"}),
    "signatures": chat(user("x"), assistant("a", extra_content={"anthropic": {"signature": "c2ln"}}, tool_calls=[
        made("c1", extra_content={"google": {"thought_signature": "c2ln"}})]), result("c1")),
    "audio": chat(user([{"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}])),
    "details": chat(user("x"), assistant("a", reasoning_details=[
        {"type": "reasoning.text", "text": "h", "signature": "c2ln", "format": "anthropic-claude-v1"}]), user("y")),
}  # fmt: skip

MESSAGES = {
    "model": "m",
    "max_tokens": 9000,
    "system": [{"type": "text", "text": "s", "cache_control": MARK}],
    "messages": [
        user([
            {"type": "text", "text": "t"},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
            {"type": "document", "title": "T", "source": {"type": "text", "media_type": "text/plain", "data": "words"}},
        ]),
        assistant([
            {"type": "thinking", "thinking": "h", "signature": "c2ln"},
            {"type": "text", "text": "so"},
            {"type": "tool_use", "id": "c1", "name": "f", "input": {}},
        ]),
        user([{"type": "tool_result", "tool_use_id": "c1", "content": [{"type": "text", "text": "r"}]}]),
    ],
    "tools": [{"name": "f", "input_schema": {"type": "object", "properties": {}}, "cache_control": MARK}],
    "tool_choice": {"type": "auto"},
    "metadata": {"user_id": "u"},
    "thinking": {"type": "enabled", "budget_tokens": 2000},
    "output_config": {"effort": "low"},
}  # fmt: skip

CONVERSE = {
    "system": [{"text": "s"}, {"cachePoint": {"type": "default"}}],
    "messages": [
        user([{"text": "t"}, {"image": {"format": "png", "source": {"bytes": PNG}}}]),
        assistant([
            {"reasoningContent": {"reasoningText": {"text": "h", "signature": "c2ln"}}},
            {"citationsContent": {"content": [{"text": "so"}]}},
            {"toolUse": {"toolUseId": "c1", "name": "f", "input": {}}},
        ]),
        user([{"toolResult": {"toolUseId": "c1", "content": [{"text": "r"}]}}]),
    ],
    "toolConfig": {
        "tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object"}}}}],
        "toolChoice": {"tool": {"name": "f"}},
    },
    "inferenceConfig": {"maxTokens": 9000},
    "serviceTier": {"type": "flex"},
}  # fmt: skip
HI = [user([{"text": "t"}])]
PAPER = {"format": "pdf", "name": "a", "source": {"bytes": PDF}, "citations": {"enabled": True}}
FORM = {"type": "json_schema", "structure": {"jsonSchema": {"schema": "{}", "name": "n"}}}
ASKING = {
    "document": {"messages": [user([{"text": "t"}, {"document": PAPER}])]},
    "format": {"messages": HI, "outputConfig": {"textFormat": FORM}},
    "search": {"messages": HI, "toolConfig": {"tools": [{"systemTool": {"name": "nova_grounding"}}]}},
    "reasoning": {"messages": HI, "additionalModelRequestFields": {"thinking": {"type": "adaptive"}}},
}

FREE = {"json", "parameters", "schema", "input_schema", "input", "metadata", "logit_bias", "arguments"}
"""Objects whose keys belong to the client."""


def places(value, at=()):
    """Every object of the body, but those whose keys are free."""
    if isinstance(value, dict):
        yield at
        for key, item in value.items():
            if key not in FREE:
                yield from places(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*at, index))


def with_key(body, at):
    body = copy.deepcopy(body)
    value = body
    for step in at:
        value = value[step]
    value[KEY] = 1
    return body


def rows(bodies):
    return [
        pytest.param(body, at, id=f"{name}:{'/'.join(map(str, at))}")
        for name, body in bodies.items()
        for at in places(body)
    ]


@pytest.mark.parametrize(("body", "at"), rows({"rich": CHAT, **MORE}))
def test_it_is_named_on_the_way_to_claude(body, at):
    named_or_kept(with_key(body, at), at, "openai_chat", "anthropic", "claude-opus-4-8")


@pytest.mark.parametrize(("body", "at"), rows({"rich": MESSAGES}))
def test_it_is_named_on_the_way_to_gpt(body, at):
    named_or_kept(with_key(body, at), at, "anthropic", "openai", "gpt-4.1")


@pytest.mark.parametrize(("body", "at"), rows({"rich": CHAT, **MORE}))
def test_it_is_named_on_the_way_to_responses(body, at):
    named_or_kept(with_key(body, at), at, "openai_chat", "openai", "gpt-5.1-codex")


@pytest.mark.parametrize(("body", "at"), rows({"rich": CONVERSE, **ASKING}))
@pytest.mark.parametrize(("provider", "model"), [
    ("anthropic", "claude-sonnet-4-6"), ("gemini", "gemini-2.5-flash"), ("bedrock", "us.amazon.nova-pro-v1:0"),
])  # fmt: skip
def test_it_is_named_on_the_way_from_converse(body, at, provider, model):
    named_or_kept(with_key(body, at), at, "bedrock", provider, model)


def named_or_kept(body, at, client, provider, model):
    told = call(body, client, provider, model, on_loss=ALLOW)
    if told.status == 400:
        return
    pointer = "/" + "/".join(map(str, (*at, KEY)))
    named = [loss for loss in told.losses if pointer.startswith(loss["path"]) and loss["kind"] == "dropped"]
    assert bool(named) is not (KEY.encode() in told.raw)


@pytest.mark.parametrize(("body", "at"), rows({"rich": CHAT, **MORE}))
def test_a_chat_server_keeps_it(body, at):
    body = with_key(body, at)
    for provider in ("openai", "openai_compatible"):
        told = call(body, "openai_chat", provider, "a-model", on_loss=ALLOW)
        if told.status == 200:
            assert KEY.encode() in told.raw or told.losses


@pytest.mark.parametrize(("body", "at"), rows({"rich": MESSAGES}))
def test_anthropic_keeps_it(body, at):
    told = call(with_key(body, at), "anthropic", "anthropic", "claude-sonnet-4-6", on_loss=ALLOW)
    assert told.status == 200
    assert KEY.encode() in told.raw
