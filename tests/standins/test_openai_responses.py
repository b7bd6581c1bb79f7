"""The OpenAI stand-in on its Responses surface: what it refuses, and what it answers."""

import openai
import pytest
from dragoman.standins.openai_models import LISTED

TOOL = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}, "strict": False}
GO = {"role": "user", "content": "hello"}
CALL = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}
LOOSE = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
STATE = {"type": "reasoning", "id": "rs_1", "summary": []}
REFUSED = {
    "unknown key": {"nonsense": 1},
    "chat's messages": {"messages": [GO]},
    "chat's stop": {"stop": ["x"]},
    "chat's nested tool": {"tools": [{"type": "function", "function": {"name": "f"}}]},
    "chat's image": {"input": [{"role": "user", "content": [
        {"type": "input_image", "detail": "auto", "image_url": {"url": "https://x"}}]}]},
    "a small limit": {"max_output_tokens": 15},
    "temperature of a reasoner": {"model": "gpt-5", "temperature": 0.5},
    "an effort that is none": {"model": "gpt-5.1", "reasoning": {"effort": "xhigh"}},
    "encrypted reasoning of none": {"model": "gpt-4.1", "include": ["reasoning.encrypted_content"]},
    "an earlier response": {"previous_response_id": "resp_1"},
    "a tool's name": {"tools": [{**TOOL, "name": "a b"}]},
    "a strict tool": {"tools": [{**TOOL, "parameters": LOOSE, "strict": True}]},
    "a choice of none": {"tools": [TOOL], "tool_choice": {"type": "function", "name": "g"}},
    "a strict format": {"text": {"format": {"type": "json_schema", "name": "n", "schema": LOOSE, "strict": True}}},
    "json without the word": {"text": {"format": {"type": "json_object"}}},
    "an output without its call": {"input": [GO, {"type": "function_call_output", "call_id": "c1", "output": "x"}]},
    "a call without its output": {"input": [GO, CALL], "tools": [TOOL]},
    "text of the wrong side": {"input": [{"type": "message", "role": "assistant", "id": "msg_1", "status": "completed",
                                          "content": [{"type": "input_text", "text": "x"}]}, GO]},
    "a foreign id": {"input": [GO, {**CALL, "id": "toolu_1"}], "tools": [TOOL]},
    "reasoning of nobody": {"input": [GO, STATE, {"role": "assistant", "content": "x"}, GO]},
    "reasoning of another": {"input": [GO, {**STATE, "encrypted_content": "c2ln"},
                                       {"role": "assistant", "content": "x"}, GO]},
    "reasoning under another id": {"input": [GO, {**STATE, "encrypted_content": "gAAAAstand-in.rs_2"},
                                             {"role": "assistant", "content": "x"}, GO]},
    "reasoning without what it led to": {"input": [{**STATE, "encrypted_content": "gAAAAstand-in.rs_1"}, GO]},
    "a file without a name": {"input": [{"role": "user", "content": [
        {"type": "input_file", "file_data": "data:application/pdf;base64,JVBERi0="}]}]},
}  # fmt: skip


@pytest.fixture(scope="module")
def client(openai_standin):
    with openai.OpenAI(api_key="k", base_url=openai_standin.base_url + "/v1", max_retries=0, timeout=10) as made:
        yield made


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses(client, name):
    asked = {"model": "gpt-5.1", "input": "hello", **REFUSED[name]}
    with pytest.raises(openai.BadRequestError) as caught:
        client.post("/responses", cast_to=object, body=asked)
    assert caught.value.body["message"]


def test_a_listed_model_answers(client):
    for model in LISTED:
        assert "hello" in client.responses.create(model=model, input="hello").output_text


def test_chat_refuses_tools_beside_reasoning_and_responses_does_not(client):
    tool = {"type": "function", "function": {"name": "f", "parameters": TOOL["parameters"]}}
    for more in ({}, {"reasoning_effort": "low"}):
        with pytest.raises(openai.BadRequestError, match="/v1/responses"):
            client.chat.completions.create(model="gpt-5.6-sol", messages=[GO], tools=[tool], **more)
    assert client.responses.create(model="gpt-5.6-sol", input="Use the tool f", tools=[TOOL]).output[-1].name == "f"


@pytest.mark.parametrize("model", ["gpt-5.1-codex", "gpt-5-pro", "o3-deep-research"])
def test_some_models_live_here_only(client, model):
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model=model, messages=[GO])
    assert client.responses.create(model=model, input="hello").status == "completed"


def test_a_stream_says_what_the_whole_answer_says(client):
    for text in ("Tell me about rivers", "Use the tool f", "[refusal]", "[length] of many words here", "[citations] x"):
        asked = {"model": "gpt-5.1", "input": text, "tools": [TOOL], "reasoning": {"effort": "low", "summary": "auto"}}
        whole = client.responses.create(**asked)
        with client.responses.stream(**asked) as stream:
            last = list(stream)[-1].response
        assert [item.type for item in last.output] == [item.type for item in whole.output]
        assert (last.output_text, last.status) == (whole.output_text, whole.status)
        assert whole.output[0].type == "reasoning"
