"""spec/chat.md 6, response format: details behind its sentences, one test a promise."""

import orjson
import pytest

from ..core.proof.calls import context_of, native, receive, send

USER = {"role": "user", "content": "Who?"}
STRICT = {
    "type": "object",
    "properties": {"z": {"type": "string"}, "a": {"type": "integer"}},
    "required": ["z", "a"],
    "additionalProperties": False,
}


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


@pytest.mark.parametrize("model", ["claude-opus-5-5", "claude-sonnet-5-5"])
def test_else_it_is_an_instruction(model):
    recursive = {**STRICT, "properties": {"z": {"$ref": "#"}, "a": {"type": "integer"}}}
    sent = send(ask(recursive), model=model)
    assert "tools" not in sent.body
    assert orjson.dumps(recursive).decode() in sent.body["system"][-1]["text"]
    assert sent.lost == {("/response_format", "approximated", "quality")}


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


def test_a_schema_of_a_messages_client_is_a_response_format():
    config = {"format": {"type": "json_schema", "schema": STRICT}}
    body = {"model": "m", "max_tokens": 9, "messages": [USER], "output_config": config}
    inner = native(body, "anthropic", "openai")["response_format"]["json_schema"]
    assert inner["schema"] == STRICT
    assert inner["strict"] is True
