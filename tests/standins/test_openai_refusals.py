"""What the OpenAI stand-in refuses: by the SDK's types, and by the documented rules."""

import httpx
import openai
import pytest
from dragoman.standins import running

USER = {"role": "user", "content": "hello"}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
LOOSE = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}


def image(url):
    return [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}]


def schema(inner):
    return {"type": "json_schema", "json_schema": {"name": "n", "schema": inner, "strict": True}}


CLOSED = {"additionalProperties": False}
REFUSED = {
    "unknown key": ({"nonsense": 1}, "nonsense", "unknown_parameter"),
    "unknown nested key": ({"messages": [{**USER, "cache": 1}]}, "messages[0].cache", "unknown_parameter"),
    "key of a lazy list": ({"tools": [{**TOOL, "x": 1}]}, "tools[0].x", "unknown_parameter"),
    "missing": ({"messages": None}, "messages", "invalid_type"),
    "wrong type": ({"temperature": "1"}, "temperature", "invalid_type"),
    "number for a boolean": ({"store": 0}, "store", "invalid_type"),
    "wrong literal": ({"tools": [TOOL], "tool_choice": "any"}, "tool_choice", "invalid_value"),
    "unknown role": ({"messages": [{"role": "boss", "content": "x"}]}, "messages[0]", "invalid_value"),
    "no messages": ({"messages": []}, "messages", "empty_array"),
    "temperature": ({"temperature": 3}, "temperature", "decimal_above_max_value"),
    "stream_options": ({"stream_options": {"include_usage": True}}, "stream_options", None),
    "tool choice alone": ({"tool_choice": "auto"}, "tool_choice", None),
    "parallel alone": ({"parallel_tool_calls": True}, "parallel_tool_calls", None),
    "top_logprobs": ({"top_logprobs": 3}, "top_logprobs", None),
    "five stops": ({"stop": list("abcde")}, "stop", "array_above_max_length"),
    "tool name": ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "tools[0].function.name",
                  "invalid_value"),
    "strict tool": ({"tools": [{"type": "function", "function": {"name": "f", "parameters": LOOSE, "strict": True}}]},
                    "tools[0].function.parameters", "invalid_function_parameters"),
    "strict format": ({"response_format": schema(LOOSE)}, "response_format", "invalid_json_schema"),
    "optional property": ({"response_format": schema({**LOOSE, **CLOSED, "required": []})}, "response_format",
                          "invalid_json_schema"),
    "oneOf": ({"response_format": schema({**CLOSED, "type": "object", "properties": {"a": {"oneOf": []}},
                                          "required": ["a"]})}, "response_format", "invalid_json_schema"),
    "json_object without the word": ({"response_format": {"type": "json_object"}}, "messages", None),
    "image": ({"messages": image("data:image/png;base64,???")}, "messages[0].content[0].image_url.url",
              "invalid_image_url"),
    "image bytes": ({"messages": image("data:image/png;base64,aGVsbG8=")}, "messages[0].content[0].image_url.url",
                    "invalid_image_format"),
    "audio to a deaf model": ({"messages": [{"role": "user", "content": [
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}]}]}, "messages[0]", "invalid_value"),
    "orphaned result": ({"messages": [USER, {"role": "tool", "tool_call_id": "x", "content": "y"}]},
                        "messages.[1].role", None),
    "unanswered call": ({"messages": [USER, {"role": "assistant", "tool_calls": [CALL]}, USER]}, "messages", None),
    "empty assistant": ({"messages": [USER, {"role": "assistant", "content": None}]}, "messages[1].content", None),
    "max_tokens": ({"model": "gpt-5", "max_tokens": 5}, "max_tokens", "unsupported_parameter"),
    "sampling": ({"model": "o3", "temperature": 0.5}, "temperature", "unsupported_value"),
    "sampling while reasoning": ({"model": "gpt-5.1", "top_p": 0.5, "reasoning_effort": "low"}, "top_p",
                                 "unsupported_value"),
    "sampling by default effort": ({"model": "gpt-5.5", "temperature": 0}, "temperature", "unsupported_value"),
    "effort": ({"model": "gpt-5", "reasoning_effort": "none"}, "reasoning_effort", "unsupported_value"),
    "effort without reasoning": ({"model": "gpt-4o", "reasoning_effort": "low"}, "reasoning_effort", None),
    "tools with effort": ({"model": "gpt-5.4", "tools": [TOOL], "reasoning_effort": "low"}, "reasoning_effort", None),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "param", "code"), REFUSED.values(), ids=REFUSED)
def test_wrong_requests_are_refused_by_name(chat, changes, param, code):
    body = {"model": "gpt-4o", "messages": [USER], **changes}
    with pytest.raises(openai.BadRequestError) as caught:
        chat._client.post("/chat/completions", body=body, cast_to=object)
    assert (caught.value.param, caught.value.code) == (param, code)
    assert caught.value.type == "invalid_request_error"
    assert caught.value.request_id


ACCEPTED = {
    "default temperature": {"model": "o3", "temperature": 1},
    "sampling without effort": {"model": "gpt-5.1", "temperature": 0.5},
    "sampling with none": {"model": "gpt-5.5", "temperature": 0.5, "reasoning_effort": "none"},
    "tools with none": {"model": "gpt-5.4", "tools": [TOOL], "reasoning_effort": "none"},
    "nulls": {"temperature": None, "stop": None, "stream": None, "response_format": None},
    "echoed annotations": {"messages": [USER, {"role": "assistant", "content": "x", "annotations": []}, USER]},
    "image by url": {"messages": image("https://example.com/a.png")},
    "answered call": {
        "messages": [USER, {"role": "assistant", "content": None, "tool_calls": [CALL]},
                     {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": "ok"}]}],
    },
}  # fmt: skip


@pytest.mark.parametrize("changes", ACCEPTED.values(), ids=ACCEPTED)
def test_right_requests_are_not_refused(chat, changes):
    body = {"model": "gpt-4o", "messages": [USER], **changes}
    assert chat._client.post("/chat/completions", body=body, cast_to=object)["choices"]


def test_unknown_models_and_paths_are_not_found(openai_standin):
    with openai.OpenAI(api_key="k", base_url=openai_standin.base_url + "/v1", max_retries=0) as client:
        with pytest.raises(openai.NotFoundError) as caught:
            client.chat.completions.create(model="no-such-model", messages=[USER])
        assert caught.value.code == "model_not_found"
        with pytest.raises(openai.NotFoundError):
            client.post("/nowhere", body={}, cast_to=object)
        with pytest.raises(openai.NotFoundError, match="v1/responses"):
            client.chat.completions.create(model="gpt-5-pro", messages=[USER])


def test_keys_are_checked():
    with running("openai", key="right") as standin:
        url = standin.base_url + "/v1/chat/completions"
        body = {"model": "gpt-4o", "messages": [USER]}
        assert httpx.post(url, json=body).status_code == 401
        wrong = httpx.post(url, json=body, headers={"authorization": "Bearer wrong"})
        assert wrong.json()["error"]["code"] == "invalid_api_key"
        assert httpx.post(url, json=body, headers={"authorization": "Bearer right"}).status_code == 200


def test_a_body_that_is_no_json_is_refused(openai_standin):
    reply = httpx.post(
        openai_standin.base_url + "/v1/chat/completions",
        content=b"{",
        headers={"authorization": "Bearer k", "content-type": "application/json"},
    )
    assert reply.status_code == 400
    assert "could not parse" in reply.json()["error"]["message"]
