"""spec/chat.md 4, functions: one test a promise."""

import orjson
import pytest
from proof.calls import chunks, context_of, events, frames, native, plain_context, receive, send, stream

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


def test_allowed_tools_become_the_only_tools():
    choice = {
        "type": "allowed_tools",
        "allowed_tools": {"mode": "required", "tools": [{"type": "function", "function": {"name": "g"}}]},
    }
    sent = send(ask(tool_choice=choice))
    assert [item["name"] for item in sent.body["tools"]] == ["g"]
    assert sent.body["tool_choice"] == {"type": "any"}
    assert ("/tool_choice", "approximated", "cost") in sent.lost


@pytest.mark.parametrize("choice", [None, "auto", "required"])
def test_one_call_at_a_time_is_said_in_the_choice(choice):
    fields = {} if choice is None else {"tool_choice": choice}
    body = native(ask(parallel_tool_calls=False, **fields))
    assert body["tool_choice"]["disable_parallel_tool_use"] is True
    assert "disable_parallel_tool_use" not in native(ask(parallel_tool_calls=True, tool_choice="auto"))["tool_choice"]


def test_strict_tools_stay_strict_where_the_model_has_them():
    closed = {**SCHEMA, "required": ["z", "a"], "additionalProperties": False}
    body = ask(tools=[tool(strict=True, parameters=closed)])
    assert native(body)["tools"][0]["strict"] is True
    older = send(body, model="claude-sonnet-4-0")
    assert "strict" not in older.body["tools"][0]
    assert ("/tools/0/function/strict", "dropped", "quality") in older.lost


def test_consecutive_results_merge_into_one_turn_in_call_order():
    body = ask(
        USER,
        {"role": "assistant", "content": None, "tool_calls": [call("a"), call("b")]},
        result("b"),
        result("a"),
        USER,
    )
    turns = native(body)["messages"]
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    kinds = [(block["type"], block.get("tool_use_id")) for block in turns[2]["content"]]
    assert kinds == [("tool_result", "a"), ("tool_result", "b"), ("text", None)]


@pytest.mark.parametrize("arguments", ["", "  ", "{}", "null"])
def test_empty_arguments_are_the_empty_object(arguments):
    body = ask(USER, {"role": "assistant", "content": None, "tool_calls": [call(arguments=arguments)]}, result())
    assert native(body)["messages"][1]["content"][0]["input"] == {}


def test_arguments_keep_their_bytes():
    text = '{"b": 1.50,  "a":1e2, "big": 12345678901234567890123}'
    body = ask(USER, {"role": "assistant", "content": None, "tool_calls": [call(arguments=text)]}, result())
    from dragoman.translate import boundary

    head = orjson.dumps({"to": "anthropic", "model": "claude-sonnet-4-5"})
    assert b'"input":' + text.encode() in boundary.request(head, orjson.dumps(body)).body


@pytest.mark.parametrize("arguments", ["{", "[1]", "5", '"x"', "{} {}"])
def test_arguments_that_are_no_object_are_a_400_where_an_object_is_needed(arguments):
    body = ask(USER, {"role": "assistant", "content": None, "tool_calls": [call(arguments=arguments)]}, result())
    sent = send(body)
    assert (sent.status, sent.error["code"]) == (400, "invalid_arguments")
    assert sent.error["param"] == "messages[1].tool_calls[0].function.arguments"
    assert send(body, to="openai").status == 200


def test_results_with_images_go_where_the_target_takes_them():
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    body = ask(USER, {"role": "assistant", "content": None, "tool_calls": [call()]}, result(content=[image]))
    inner = native(body)["messages"][2]["content"][0]["content"]
    assert inner[0]["type"] == "image"


def test_names_and_ids_that_the_target_refuses_are_mapped_and_mapped_back():
    odd = "get.weather/now ü" + "x" * 80
    body = ask(
        USER,
        {"role": "assistant", "content": None, "tool_calls": [call("call|1:0", odd)]},
        result("call|1:0"),
        tools=[tool(odd)],
        tool_choice={"type": "function", "function": {"name": odd}},
    )
    sent = native(body)
    name = sent["tools"][0]["name"]
    used = sent["messages"][1]["content"][0]
    assert name == sent["tool_choice"]["name"] == used["name"]
    assert len(name) <= 64
    assert used["id"] == sent["messages"][2]["content"][0]["tool_use_id"]
    assert all(character.isascii() and (character.isalnum() or character in "_-") for character in name + used["id"])
    context = context_of(body)
    use = {"type": "tool_use", "id": "t", "name": name, "input": {}}
    got = receive(context, {"id": "1", "model": "m", "content": [use], "stop_reason": "tool_use", "usage": {}})
    assert got.body["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == odd


def test_no_state_is_smuggled_in_an_id():
    block = {"type": "thinking", "thinking": "t", "signature": "c2ln"}
    use = {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}}
    got = receive(
        context_of(ask()), {"id": "1", "model": "m", "content": [block, use], "stop_reason": "tool_use", "usage": {}}
    )
    assert got.body["choices"][0]["message"]["tool_calls"][0]["id"] == "toolu_1"


@pytest.mark.parametrize("stop", ["tool_use", "end_turn", "stop_sequence", "brand_new"])
def test_a_call_was_made_means_tool_calls_whatever_the_provider_said(stop):
    use = {"type": "tool_use", "id": "t", "name": "f", "input": {}}
    got = receive(context_of(ask()), {"id": "1", "model": "m", "content": [use], "stop_reason": stop, "usage": {}})
    assert got.body["choices"][0]["finish_reason"] == "tool_calls"


@pytest.mark.parametrize("stop", ["tool_use", "end_turn"])
def test_no_call_was_made_means_stop_whatever_the_provider_said(stop):
    content = [{"type": "text", "text": "x"}]
    got = receive(context_of(ask()), {"id": "1", "model": "m", "content": content, "stop_reason": stop, "usage": {}})
    assert got.body["choices"][0]["finish_reason"] == "stop"


def test_an_upstream_that_speaks_the_dialect_keeps_its_own_finish_reason():
    message = {"role": "assistant", "content": None, "tool_calls": [call()]}
    reply = {"id": "1", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    assert receive(context_of(ask(), to="openai"), reply).body["choices"][0]["finish_reason"] == "stop"
    got = receive(plain_context("anthropic", "openai_chat"), reply)
    assert got.body["stop_reason"] == "tool_use"


CUSTOM = {"type": "custom", "custom": {"name": "sh", "description": "Shell"}}


def test_custom_tools_are_functions_with_one_string_and_come_back_as_free_text():
    body = ask(tools=[CUSTOM])
    sent = send(body)
    assert sent.body["tools"][0]["input_schema"]["properties"] == {"input": {"type": "string"}}
    assert sent.lost == {("/tools/0", "approximated", "quality")}
    use = {"type": "tool_use", "id": "t", "name": "sh", "input": {"input": "ls"}}
    got = receive(context_of(body), {"id": "1", "model": "m", "content": [use], "stop_reason": "tool_use", "usage": {}})
    assert got.body["choices"][0]["message"]["tool_calls"] == [
        {"id": "t", "type": "custom", "custom": {"name": "sh", "input": "ls"}}
    ]


def test_a_grammar_is_a_contract():
    form = {"type": "grammar", "grammar": {"syntax": "regex", "definition": "a+"}}
    sent = send(ask(tools=[{"type": "custom", "custom": {"name": "sh", "format": form}}]))
    assert (sent.status, sent.error["param"]) == (400, "tools[0]")


def test_deprecated_functions_are_answered_as_functions():
    body = {
        "model": "m",
        "messages": [USER],
        "max_tokens": 9,
        "functions": [{"name": "f", "parameters": SCHEMA}],
        "function_call": {"name": "f"},
    }
    sent = native(body)
    assert (sent["tools"][0]["name"], sent["tool_choice"]) == ("f", {"type": "tool", "name": "f"})
    use = {"type": "tool_use", "id": "t", "name": "f", "input": {"z": 1}}
    got = receive(context_of(body), {"id": "1", "model": "m", "content": [use], "stop_reason": "tool_use", "usage": {}})
    choice = got.body["choices"][0]
    assert choice["finish_reason"] == "function_call"
    assert choice["message"]["function_call"] == {"name": "f", "arguments": '{"z":1}'}


def test_a_result_without_its_call_is_a_400():
    sent = send(ask(USER, result("nobody")))
    assert sent.status == 400
    assert "nobody" in sent.error["message"]


def test_a_call_without_its_result_is_a_400():
    sent = send(ask(USER, {"role": "assistant", "content": None, "tool_calls": [call("lonely")]}, USER))
    assert sent.status == 400
    assert "lonely" in sent.error["message"]


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
