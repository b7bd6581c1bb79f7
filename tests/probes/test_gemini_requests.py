"""Odd chat and Messages requests to Google's models: general promises, judged by the SDK's own types."""

import pytest
from dragoman.standins import gemini_judge

from ..recordings.driving import ALLOW, call
from ..recordings.gemini_seen import compact, seen_as_chat
from ..recordings.visible import everything_arrived, paths_exist
from .base import lost
from .chat_bodies import BODIES
from .messages_bodies import BODIES as MESSAGES
from .test_chat_requests import NEUTRAL

GEMINIS = (
    "gemini-2.5-flash",
    "gemini-2.5-pro",
    "gemini-3.5-flash",
    "gemini-3.6-flash",
    "gemini-4-argon",
    "gemini-2.0-flash",
)


def setting(key):
    return lambda native, value: native["generationConfig"].get(key) == value


def is_there(key):
    return lambda native, _value: key in native.get("generationConfig", {})


def converted(native, _value):
    """A format is native, or an answer tool, or told in words."""
    return is_there("responseMimeType")(native, _value) or "tools" in native or "systemInstruction" in native


SEEN = {
    "model": lambda _native, _value: True,
    "messages": lambda _native, _value: True,
    "stream": lambda _native, _value: True,
    "stream_options": lambda _native, value: not value.keys() - {"include_usage"},
    "max_tokens": setting("maxOutputTokens"),
    "max_completion_tokens": setting("maxOutputTokens"),
    "stop": lambda native, value: (
        native["generationConfig"]["stopSequences"] == (value if isinstance(value, list) else [value])
    ),
    "temperature": setting("temperature"),
    "top_p": setting("topP"),
    "top_k": setting("topK"),
    "seed": setting("seed"),
    "n": setting("candidateCount"),
    "presence_penalty": setting("presencePenalty"),
    "frequency_penalty": setting("frequencyPenalty"),
    "logprobs": setting("responseLogprobs"),
    "top_logprobs": setting("logprobs"),
    "tools": lambda native, _value: "tools" in native,
    "functions": lambda native, _value: "tools" in native,
    "tool_choice": lambda native, _value: "functionCallingConfig" in native["toolConfig"],
    "function_call": lambda native, _value: "functionCallingConfig" in native["toolConfig"],
    "response_format": converted,
    "reasoning_effort": is_there("thinkingConfig"),
    "reasoning": is_there("thinkingConfig"),
    "thinking": is_there("thinkingConfig"),
    "metadata": lambda native, value: native["labels"] == value,
    "store": lambda native, value: native["store"] is value,
    "service_tier": lambda native, value: native["serviceTier"] == {"default": "standard"}.get(value, value),
    "web_search_options": lambda native, _value: {"googleSearch": {}} in native["tools"],
    "modalities": is_there("responseModalities"),
}
ASKS_NOTHING = {
    **NEUTRAL,
    "service_tier": ("auto",),
    "reasoning_effort": ("none",),
    "thinking": ({"type": "disabled"},),
}
ASKS_NOTHING["reasoning"] = ({}, {"enabled": False})


def holds(name, told, body, dialect):
    assert told.status in (200, 400), told.body
    if told.status == 400:
        error = told.error
        assert error["type"] == "invalid_request_error"
        assert error["message"]
        if dialect == "openai_chat":
            assert error["param"].split(".")[0].split("[")[0] in body
        return False
    paths_exist(told.losses, body)
    if "deep" not in name:  # deeper than the judges go
        everything_arrived(compact(body), dialect, seen_as_chat(told))
        assert gemini_judge.fault(told.body) is None
    return True


@pytest.mark.parametrize("policy", [{}, {"on_loss": ALLOW}], ids=["default", "allow"])
@pytest.mark.parametrize("name", BODIES)
def test_nothing_that_a_chat_client_asks_is_silent(name, policy):
    body = BODIES[name]
    for model in GEMINIS:
        told = call(body, "openai_chat", "gemini", model, **policy)
        if not holds(name, told, body, "openai_chat"):
            continue
        for key, value in body.items():
            if value is None or value in ASKS_NOTHING.get(key, ()) or (key == "logprobs" and not value):
                continue
            if key == "tools" and lost(told, "/tool_choice"):
                continue
            assert lost(told, f"/{key}") or SEEN[key](told.body, value), (model, key)


@pytest.mark.parametrize("policy", [{}, {"on_loss": ALLOW}], ids=["default", "allow"])
@pytest.mark.parametrize("name", MESSAGES)
def test_nothing_that_a_messages_client_asks_is_silent(name, policy):
    body = MESSAGES[name]
    for model in GEMINIS:
        holds(name, call(body, "anthropic", "gemini", model, **policy), body, "anthropic")


@pytest.mark.parametrize("name", BODIES)
def test_vertex_is_asked_as_its_types_want(name):
    told = call(BODIES[name], "openai_chat", "vertex", "gemini-3.5-flash", project="p", on_loss=ALLOW)
    if told.status == 200 and "deep" not in name:
        assert gemini_judge.fault(told.body, vertex=True) is None
