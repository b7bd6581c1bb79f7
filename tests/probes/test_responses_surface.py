"""Odd chat and Messages requests to models that only OpenAI's Responses surface serves."""

import pytest

from ..recordings.driving import ALLOW, call
from ..recordings.judging import fault_of
from ..recordings.visible import everything_arrived, paths_exist
from .base import chat, function, lost, made, result, user
from .chat_bodies import BODIES as CHAT
from .messages_bodies import BODIES as MESSAGES
from .test_chat_requests import asked_for

MODELS = ("gpt-5.1-codex", "gpt-5.3-codex", "gpt-5.2-pro", "gpt-5.6-sol-pro")

SEEN = {
    "model": "model", "messages": "input", "system": "input", "max_tokens": "max_output_tokens",
    "max_completion_tokens": "max_output_tokens", "tools": "tools", "functions": "tools",
    "function_call": "tool_choice", "parallel_tool_calls": "parallel_tool_calls", "response_format": "text",
    "verbosity": "text",
    "reasoning_effort": "reasoning", "web_search_options": "tools", "user": "user", "stream": "stream",
    "cache_control": "prompt_cache_options", "thinking": "reasoning", "metadata": "metadata",
}  # fmt: skip
"""A field of the client's body -> the one that says it on this surface; by default one of the same name."""


def says(native, key, value):
    if key == "stream_options":
        return not value.keys() - {"include_usage"}
    if key == "tool_choice":
        return "tool_choice" in native or "parallel_tool_calls" in native
    if key == "metadata" and "user_id" in value:
        return native["user"] == value["user_id"]
    if key == "thinking":
        # These models think by themselves.
        return "reasoning" in native or "budget_tokens" not in value
    if key == "reasoning":
        return "reasoning" in native
    if key == "logprobs":
        return not value or "message.output_text.logprobs" in native["include"]
    if key == "output_config":
        return bool({"reasoning", "text"} & native.keys())
    return SEEN.get(key, key) in native


@pytest.mark.parametrize("policy", [{}, {"on_loss": ALLOW}], ids=["default", "allow"])
@pytest.mark.parametrize(
    ("client", "name"),
    [("openai_chat", name) for name in CHAT] + [("anthropic", name) for name in MESSAGES],
)
def test_nothing_is_silent(client, name, policy):
    body = (CHAT if client == "openai_chat" else MESSAGES)[name]
    for model in MODELS:
        told = call(body, client, "openai", model, **policy)
        assert told.status in (200, 400), (model, told.body)
        if told.status == 400:
            assert told.error["type"] == "invalid_request_error"
            assert told.error["message"]
            continue
        assert told.head["context"]["dialect"] == "openai_responses"
        paths_exist(told.losses, body)
        everything_arrived(body, client, told)
        if name != "deep arguments":  # deeper than the judge can go
            assert fault_of(told.raw, "openai_responses") is None, (model, fault_of(told.raw, "openai_responses"))
        for key, value in asked_for(body).items():
            assert value in ("", "auto") or lost(told, f"/{key}") or says(told.body, key, value), (model, key)


F = [function(parameters={"type": "object", "properties": {}})]
PART = {"type": "text", "text": "see"}


@pytest.mark.parametrize(
    ("body", "key", "value"),
    [
        (chat(tools=F), "tools", [{"type": "function", "name": "f", "parameters": F[0]["function"]["parameters"],
                                   "strict": False}]),
        (chat(tools=[function(strict=True, parameters={"type": "object", "properties": {}, "required": [],
                                                       "additionalProperties": False})]),
         "tools", [{"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}, "required": [],
                                                                    "additionalProperties": False}, "strict": True}]),
        (chat(tools=F, tool_choice={"type": "function", "function": {"name": "f"}}),
         "tool_choice", {"type": "function", "name": "f"}),
        (chat(tools=F, tool_choice={"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [
            {"type": "function", "function": {"name": "f"}}]}}),
         "tool_choice", {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "f"}]}),
        (chat(tools=[{"type": "custom", "custom": {"name": "c", "format": {
            "type": "grammar", "grammar": {"syntax": "lark", "definition": "x"}}}}]),
         "tools", [{"type": "custom", "name": "c",
                    "format": {"type": "grammar", "syntax": "lark", "definition": "x"}}]),
        (chat(response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}),
         "text", {"format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}}}),
        (chat(response_format={"type": "json_object"}, verbosity="low"),
         "text", {"format": {"type": "json_object"}, "verbosity": "low"}),
        (chat(reasoning_effort="high"), "reasoning", {"effort": "high"}),
        (chat(), "include", ["reasoning.encrypted_content"]),
        (chat(), "store", False),
        (chat(store=True), "store", True),
        (chat(user([PART, {"type": "image_url", "image_url": {"url": "https://x.example/a.png", "detail": "low"}}])),
         "input", [{"role": "user", "content": [{"type": "input_text", "text": "see"}, {
             "type": "input_image", "detail": "low", "image_url": "https://x.example/a.png"}]}]),
        (chat(user([{"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}
                     }])),
         "input", [{"role": "user", "content": [{"type": "input_file", "filename": "a.pdf",
                                                 "file_data": "data:application/pdf;base64,JVBERi0="}]}]),
        (chat(user("go"), {"role": "assistant", "content": "so", "tool_calls": [made("c1", '{"a": 1.0}')]},
              result("c1")),
         "input", [{"role": "user", "content": "go"}, {"role": "assistant", "content": "so"},
                   {"type": "function_call", "call_id": "c1", "name": "f", "arguments": '{"a": 1.0}'},
                   {"type": "function_call_output", "call_id": "c1", "output": "done"}]),
        (chat(user("a"), {"role": "assistant", "content": None, "refusal": "no"}, user("b")),
         "input", [{"role": "user", "content": "a"},
                   {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                    "content": [{"type": "refusal", "refusal": "no"}]},
                   {"role": "user", "content": "b"}]),
        (chat(web_search_options={"user_location": {"type": "approximate", "approximate": {"city": "Brest"}}}),
         "tools", [{"type": "web_search", "user_location": {"type": "approximate", "city": "Brest"}}]),
        (chat(web_search_options={"search_context_size": "high"}),
         "tools", [{"type": "web_search", "search_context_size": "high"}]),
    ],
)  # fmt: skip
def test_it_becomes(body, key, value):
    told = call(body, "openai_chat", "openai", "gpt-5.1-codex")
    assert told.status == 200, told.body
    assert told.body[key] == value


@pytest.mark.parametrize(("to", "model", "told"), [
    ("openai", "gpt-5.1-codex", []),
    ("openai_compatible", "sonar", []),
    ("anthropic", "claude-sonnet-4-5", ["search_context_size"]),
    ("gemini", "gemini-2.5-flash", ["search_context_size", "user_location"]),
    ("bedrock", "us.amazon.nova-premier-v1:0", ["search_context_size", "user_location"]),
])  # fmt: skip
def test_a_search_is_told_what_it_can_be_told_and_the_rest_is_reported_once(to, model, told):
    place = {"type": "approximate", "approximate": {"city": "Brest"}}
    body = chat(web_search_options={"search_context_size": "low", "user_location": place})
    sent = call(body, "openai_chat", to, model, on_loss=ALLOW, region="us-east-1")
    assert sent.status == 200, sent.body
    losses = sorted(loss["path"] for loss in sent.losses if loss["path"].startswith("/web"))
    assert losses == [f"/web_search_options/{key}" for key in told]


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("n", 2, 400), ("stop", ["x"], 400), ("logit_bias", {"1": 2}, 400), ("logprobs", True, 400),
        ("prediction", {"type": "content", "content": "x"}, 400), ("audio", {"voice": "alloy", "format": "wav"}, 400),
        ("modalities", ["text", "audio"], 400), ("seed", 1, 200), ("presence_penalty", 0.5, 200),
        ("frequency_penalty", 0.5, 200), ("temperature", 0.5, 200),
    ],
)  # fmt: skip
def test_what_the_surface_lacks_is_refused_or_told(field, value, status):
    told = call(chat(**{field: value}), "openai_chat", "openai", "gpt-5.1-codex")
    assert told.status == status
    assert field not in told.body
    if status == 400:
        assert (told.error["param"], told.error["code"]) == (field, "unsupported_parameter")
    else:
        assert lost(told, f"/{field}")
