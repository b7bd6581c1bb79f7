"""What is sent otherwise than it was asked for is said, at the place where the client asked for it."""

import pytest
from proof.calls import send

CLOSED = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


@pytest.mark.parametrize(("to", "model"), [("openai", "gpt-5.1-codex"), ("anthropic", "claude-sonnet-4-6")])
def test_a_strict_tool_without_a_schema_is_sent_with_a_strict_one(to, model):
    tool = {"type": "function", "function": {"name": "now", "strict": True}}
    sent = send({"model": "m", "messages": [{"role": "user", "content": "Hi"}], "tools": [tool]}, to=to, model=model)
    (tool,) = sent.body["tools"]
    assert tool["strict"] is True
    assert (tool.get("parameters") or tool.get("input_schema")) == CLOSED


def test_little_reasoning_is_not_none():
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "reasoning_effort": "low", "max_tokens": 2}
    sent = send(body, to="gemini", model="gemini-2.5-flash")
    assert sent.body["generationConfig"]["thinkingConfig"]["thinkingBudget"] == 1


def test_a_wish_for_one_medium_that_another_for_all_overrules_is_reported():
    image = {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}
    part = {**image, "mediaResolution": {"level": "MEDIA_RESOLUTION_HIGH"}}
    body = {
        "contents": [{"role": "user", "parts": [part]}],
        "generationConfig": {"mediaResolution": "MEDIA_RESOLUTION_LOW"},
    }
    sent = send(body, "gemini", "gemini", model="gemini-2.5-flash")
    assert sent.body["generationConfig"]["mediaResolution"] == "MEDIA_RESOLUTION_LOW"
    assert sent.lost == {("/contents/0/parts/0/mediaResolution", "approximated", "quality")}


def test_that_reasoning_be_seen_is_lost_aloud_where_it_cannot_be_said():
    body = {"model": "m", "input": "Hi", "reasoning": {"effort": "low", "summary": "auto"}}
    sent = send(body, "openai_responses", "openai_compatible", model="some-model")
    assert sent.body["reasoning_effort"] == "low"
    assert sent.lost == {("/reasoning/summary", "dropped", "hint")}


def test_a_blank_output_is_lost_at_its_own_key():
    tools = [{"type": "function", "name": "now", "parameters": {"type": "object", "properties": {}}}]
    items = [
        {"role": "user", "content": "Hi"},
        {"type": "function_call", "call_id": "c", "name": "now", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": " "},
    ]
    body = {"model": "m", "input": items, "tools": tools}
    sent = send(body, "openai_responses", "bedrock", model="us.anthropic.claude-sonnet-4-6")
    assert sent.lost == {("/input/2/output", "dropped", "hint")}
