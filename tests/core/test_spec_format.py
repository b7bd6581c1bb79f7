"""spec/chat.md 6, response format: one test a promise."""

import copy

import orjson
import pytest
from proof.calls import context_of, events, frames, native, receive, send, stream

USER = {"role": "user", "content": "Who?"}
STRICT = {
    "type": "object",
    "properties": {"z": {"type": "string"}, "a": {"type": "integer"}},
    "required": ["z", "a"],
    "additionalProperties": False,
}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}


def ask(schema=STRICT, **fields):
    inner = {"name": "person", "schema": schema}
    strict = fields.pop("strict", None)
    if strict is not None:
        inner["strict"] = strict
    form = {"type": "json_schema", "json_schema": inner}
    return {"model": "m", "messages": [USER], "max_tokens": 4000, "response_format": form, **fields}


def said(*blocks, stop="tool_use"):
    return {
        "id": "1",
        "model": "m",
        "content": list(blocks),
        "stop_reason": stop,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }


@pytest.mark.parametrize(
    "model", ["claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-6", "claude-opus-5-5", "claude-sonnet-5-5"]
)
def test_a_schema_is_native_where_the_model_has_it(model):
    sent = send(ask(strict=True), model=model)
    assert sent.body["output_config"]["format"]["type"] == "json_schema"
    assert orjson.dumps(sent.body["output_config"]["format"]["schema"]["properties"]) == orjson.dumps(
        STRICT["properties"]
    )
    assert "tools" not in sent.body
    assert sent.losses == []


@pytest.mark.parametrize("model", ["claude-sonnet-4-0", "claude-opus-4-1", "claude-3-5-haiku"])
def test_else_a_schema_is_a_forced_tool(model):
    sent = send(ask(strict=True), model=model)
    assert sent.body["tools"][0]["input_schema"] == STRICT
    assert sent.body["tool_choice"] == {"type": "tool", "name": sent.body["tools"][0]["name"]}
    assert sent.lost == {("/response_format", "approximated", "hint")}


@pytest.mark.parametrize("model", ["claude-opus-5-5", "claude-sonnet-5-5"])
def test_else_it_is_an_instruction(model):
    recursive = {**STRICT, "properties": {"z": {"$ref": "#"}, "a": {"type": "integer"}}}
    sent = send(ask(recursive), model=model)
    assert "tools" not in sent.body
    assert orjson.dumps(recursive).decode() in sent.body["system"][-1]["text"]
    assert sent.lost == {("/response_format", "approximated", "quality")}


def test_thinking_excludes_a_forced_tool_so_the_format_is_an_instruction_then():
    sent = send(ask(reasoning_effort="high"), model="claude-sonnet-4-0")
    assert sent.body["thinking"]["type"] == "enabled"
    assert "tools" not in sent.body
    assert "JSON" in sent.body["system"][-1]["text"]


ANSWER = {"type": "tool_use", "id": "t", "name": "person", "input": {"z": "x", "a": 1}}


def test_a_converted_answer_is_plain_text_with_stop_and_no_call():
    got = receive(context_of(ask(), model="claude-sonnet-4-0"), said(ANSWER))
    choice = got.body["choices"][0]
    assert choice["message"] == {"role": "assistant", "content": '{"z":"x","a":1}', "refusal": None}
    assert choice["finish_reason"] == "stop"
    assert got.head["finish_reason"] == "stop"


def test_a_converted_answer_streams_as_content():
    start = {
        "type": "message_start",
        "message": {"id": "1", "model": "m", "usage": {"input_tokens": 1, "output_tokens": 1}},
    }
    raw = events(
        start,
        {"type": "content_block_start", "index": 0, "content_block": {**ANSWER, "input": {}}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": '{"z":"x",'}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": '"a":1}'}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 2}},
        {"type": "message_stop"},
    )
    out, _ = stream(context_of(ask(stream=True), model="claude-sonnet-4-0"), [raw])
    items = frames(out)
    deltas = [choice["delta"] for item in items[:-1] for choice in item["choices"]]
    assert orjson.loads("".join(delta.get("content") or "" for delta in deltas)) == {"z": "x", "a": 1}
    assert not any("tool_calls" in delta for delta in deltas)
    assert items[-2]["choices"][0]["finish_reason"] == "stop"
    assert len([delta for delta in deltas if delta.get("content")]) == 2


def test_the_head_of_a_converted_stream_names_the_clients_finish_reason():
    start = {
        "type": "message_start",
        "message": {"id": "1", "model": "m", "usage": {"input_tokens": 1, "output_tokens": 1}},
    }
    raw = events(
        start,
        {"type": "content_block_start", "index": 0, "content_block": ANSWER},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 2}},
        {"type": "message_stop"},
    )
    _, head = stream(context_of(ask(stream=True), model="claude-sonnet-4-0"), [raw])
    assert head["finish_reason"] == "stop"


def test_beside_the_clients_own_tools_a_call_of_theirs_stays_a_call():
    body = ask(tools=[TOOL])
    sent = native(body, model="claude-sonnet-4-0")
    assert [tool["name"] for tool in sent["tools"]] == ["f", "person"]
    assert sent["tool_choice"] == {"type": "any"}
    context = context_of(body, model="claude-sonnet-4-0")
    theirs = receive(context, said({"type": "tool_use", "id": "t", "name": "f", "input": {}})).body["choices"][0]
    assert theirs["finish_reason"] == "tool_calls"
    assert theirs["message"]["tool_calls"][0]["function"]["name"] == "f"
    answer = receive(context, said(ANSWER)).body["choices"][0]
    assert (answer["finish_reason"], "tool_calls" in answer["message"]) == ("stop", False)


def test_the_answer_tool_does_not_take_the_name_of_a_tool_of_the_client():
    body = ask(tools=[{"type": "function", "function": {"name": "person"}}])
    names = [tool["name"] for tool in native(body, model="claude-sonnet-4-0")["tools"]]
    assert names[0] == "person"
    assert len(set(names)) == 2


@pytest.mark.parametrize("text", ['{"a":1}', '```json\n{"a":1}\n```', '```\n{"a":1}\n```\n', '  {"a":1}\n'])
def test_an_answer_by_instruction_is_bare_json(text):
    context = context_of({**ask(), "response_format": {"type": "json_object"}}, model="claude-opus-5-5")
    got = receive(context, said({"type": "text", "text": text}, stop="end_turn"))
    assert orjson.loads(got.body["choices"][0]["message"]["content"]) == {"a": 1}
    assert got.head["losses"] == []


def test_an_answer_by_instruction_that_is_no_json_is_reported():
    context = context_of({**ask(), "response_format": {"type": "json_object"}}, model="claude-opus-5-5")
    got = receive(context, said({"type": "text", "text": "No."}, stop="end_turn"))
    assert got.body["choices"][0]["message"]["content"] == "No."
    assert [loss["severity"] for loss in got.head["losses"]] == ["contract"]


def broken(change):
    schema = copy.deepcopy(STRICT)
    schema["properties"]["z"] = {"type": "array", "items": copy.deepcopy(STRICT)}
    change(schema)
    return schema


FAULTS = {
    "/response_format/json_schema/schema": [
        lambda s: s.pop("additionalProperties"),
        lambda s: s.update(additionalProperties=True),
        lambda s: s.update(required=["z"]),
        lambda s: s.pop("required"),
    ],
    "/response_format/json_schema/schema/properties/z/items": [
        lambda s: s["properties"]["z"]["items"].pop("additionalProperties"),
        lambda s: s["properties"]["z"]["items"].update(required=[]),
    ],
    "/response_format/json_schema/schema/$defs/D": [lambda s: s.update({"$defs": {"D": {"type": "object"}}})],
    "/response_format/json_schema/schema/anyOf/0": [lambda s: s.update({"anyOf": [{"type": "object"}]})],
}
CHANGES = [(pointer, change) for pointer, changes in FAULTS.items() for change in changes]


@pytest.mark.parametrize("to", ["anthropic", "openai", "openai_compatible"])
@pytest.mark.parametrize(("pointer", "change"), CHANGES)
def test_strict_is_checked_for_every_target(to, pointer, change):
    sent = send(ask(broken(change), strict=True), to=to)
    assert (sent.status, sent.error["param"]) == (400, "response_format")
    assert f"'{pointer}'" in sent.error["message"]
    assert send(ask(broken(change)), to=to).status == 200


REWRITES = [
    ({"oneOf": [{"type": "string"}, {"type": "null"}]}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ({"type": ["string", "null"]}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ({"const": "x"}, {"const": "x"}),
    ({"enum": ["a", 1]}, {"enum": ["a", 1]}),
]


@pytest.mark.parametrize(("given", "wanted"), REWRITES)
def test_what_can_be_said_otherwise_is_rewritten_without_loss(given, wanted):
    schema = {**STRICT, "properties": {"z": given, "a": {"type": "integer"}}}
    sent = send(ask(schema))
    assert sent.body["output_config"]["format"]["schema"]["properties"]["z"] == wanted
    assert sent.losses == []


@pytest.mark.parametrize(
    ("key", "value"),
    [("minimum", 1), ("maxLength", 3), ("multipleOf", 2), ("minItems", 4), ("format", "phone"), ("not", {})],
)
def test_what_the_subset_lacks_goes_into_the_description_with_its_pointer(key, value):
    schema = {
        **STRICT,
        "properties": {"z": {"type": "string", "description": "Z", key: value}, "a": {"type": "integer"}},
    }
    sent = send(ask(schema))
    told = sent.body["output_config"]["format"]["schema"]["properties"]["z"]
    assert key not in told
    assert told["description"].startswith("Z")
    assert key in told["description"]
    assert (f"/response_format/json_schema/schema/properties/z/{key}", "approximated", "quality") in sent.lost


def test_objects_are_closed_for_anthropic_and_an_open_one_is_reported():
    schema = {**STRICT, "additionalProperties": {"type": "string"}}
    sent = send(ask(schema))
    assert sent.body["output_config"]["format"]["schema"]["additionalProperties"] is False
    assert ("/response_format/json_schema/schema/additionalProperties", "approximated", "quality") in sent.lost


def test_a_format_of_text_is_no_format():
    sent = send({**ask(), "response_format": {"type": "text"}})
    assert "output_config" not in sent.body
    assert sent.losses == []


def test_a_schema_of_a_messages_client_is_a_response_format():
    config = {"format": {"type": "json_schema", "schema": STRICT}}
    body = {"model": "m", "max_tokens": 9, "messages": [USER], "output_config": config}
    inner = native(body, "anthropic", "openai")["response_format"]["json_schema"]
    assert inner["schema"] == STRICT
    assert inner["strict"] is True


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"type": ["integer", "null"], "minimum": 1}, "minimum"),
        ({"oneOf": [{"type": "null"}, {"type": "integer", "minimum": 1}]}, "oneOf/1/minimum"),
    ],
)
def test_the_pointer_of_a_loss_is_that_of_the_clients_schema(given, pointer):
    schema = {**STRICT, "properties": {"z": given, "a": {"type": "integer"}}}
    assert send(ask(schema)).lost == {
        (f"/response_format/json_schema/schema/properties/z/{pointer}", "approximated", "quality")
    }


def test_a_schema_and_a_beginning_of_the_answer_are_not_sent_together():
    prefill = {"role": "assistant", "content": "{"}
    sent = send(ask(messages=[USER, prefill]))
    ends_with_prefill = sent.status == 200 and sent.body["messages"][-1]["role"] == "assistant"
    assert not (ends_with_prefill and "output_config" in sent.body)
