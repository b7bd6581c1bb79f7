"""spec/chat.md 4, functions: details behind its sentences, one test a promise."""

import orjson
import pytest

from ..core.proof.calls import chunks, context_of, events, frames, native, plain_context, receive, send, stream

USER = {"role": "user", "content": "Hi"}
SCHEMA = {"type": "object", "properties": {"z": {"type": "number"}, "a": {"type": "string"}}}


def tool(name="f", **more):
    return {"type": "function", "function": {"name": name, "parameters": SCHEMA, **more}}


def call(call_id="c1", name="f", arguments="{}"):
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


def result(call_id="c1", content="r"):
    return {"role": "tool", "tool_call_id": call_id, "content": content}


def ask(*messages, **fields):
    return {
        "model": "m",
        "messages": list(messages) or [USER],
        "max_tokens": 100,
        "tools": [tool(), tool("g")],
        **fields,
    }


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        ("none", {"type": "none"}),
        ("auto", {"type": "auto"}),
        ("required", {"type": "any"}),
        ({"type": "function", "function": {"name": "g"}}, {"type": "tool", "name": "g"}),
    ],
)
def test_the_choice_of_tools_has_the_same_meaning_both_ways(choice, sent):
    assert native(ask(tool_choice=choice))["tool_choice"] == sent
    tools = [{"name": "f", "input_schema": SCHEMA}, {"name": "g", "input_schema": SCHEMA}]
    back = {"model": "m", "max_tokens": 9, "messages": [USER], "tools": tools, "tool_choice": sent}
    assert native(back, "anthropic", "openai")["tool_choice"] == choice


def test_arguments_keep_their_bytes():
    text = '{"b": 1.50,  "a":1e2, "big": 12345678901234567890123}'
    body = ask(USER, {"role": "assistant", "content": None, "tool_calls": [call(arguments=text)]}, result())
    from dragoman.translate import boundary

    head = orjson.dumps({"to": "anthropic", "model": "claude-sonnet-4-5"})
    assert b'"input":' + text.encode() in boundary.request(head, orjson.dumps(body)).body


def test_an_upstream_that_speaks_the_dialect_keeps_its_own_finish_reason():
    message = {"role": "assistant", "content": None, "tool_calls": [call()]}
    reply = {"id": "1", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    assert receive(context_of(ask(), to="openai"), reply).body["choices"][0]["finish_reason"] == "stop"
    got = receive(plain_context("anthropic", "openai_chat"), reply)
    assert got.body["stop_reason"] == "tool_use"


def test_a_result_behind_another_answer_is_a_400():
    turns = (
        USER,
        {"role": "assistant", "content": None, "tool_calls": [call()]},
        USER,
        {"role": "assistant", "content": "A"},
        result(),
    )
    assert send(ask(*turns)).status == 400


def test_the_history_of_calls_survives_without_tools():
    body = ask(USER, {"role": "assistant", "content": None, "tool_calls": [call()]}, result())
    del body["tools"]
    sent = native(body)
    assert sent["tools"][0]["name"] == "f"
    assert sent["tool_choice"] == {"type": "none"}


def test_a_streamed_call_has_its_own_counter_and_says_its_name_once():
    raw = events(
        {
            "type": "message_start",
            "message": {"id": "1", "model": "m", "usage": {"input_tokens": 1, "output_tokens": 1}},
        },
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "x"}},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "content_block_start",
            "index": 1,
            "content_block": {"type": "tool_use", "id": "t", "name": "f", "input": {}},
        },
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": '{"z":'}},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": "1}"}},
        {"type": "content_block_stop", "index": 1},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 2}},
        {"type": "message_stop"},
    )
    out = frames(stream(context_of(ask(stream=True)), [raw])[0])
    calls = [
        item for chunk in out[:-1] for choice in chunk["choices"] for item in choice["delta"].get("tool_calls", ())
    ]
    assert [item["index"] for item in calls] == [0, 0, 0]
    assert [item.get("id") for item in calls] == ["t", None, None]
    assert [item["function"].get("name") for item in calls] == ["f", None, None]


def test_arguments_that_a_server_sends_at_once_are_streamed_as_pieces():
    delta = {"role": "assistant", "content": None, "tool_calls": [{"index": 0, **call(arguments='{"z":1}')}]}
    raw = chunks(
        {"id": "1", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
        {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]},
    )
    out = frames(stream(plain_context("anthropic", "openai_chat", stream=True), [raw])[0])
    kinds = [item["type"] for item in out]
    assert kinds == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    assert out[2]["delta"] == {"type": "input_json_delta", "partial_json": '{"z":1}'}
