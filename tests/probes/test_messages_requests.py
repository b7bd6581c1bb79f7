"""Odd Messages requests to the OpenAI family."""

import pytest

from ..recordings.driving import ALLOW, call
from ..recordings.judging import fault_of
from ..recordings.visible import everything_arrived, paths_exist
from .base import PDF, PNG, lost
from .messages_bodies import BODIES

GPTS = ("gpt-4o", "gpt-4.1", "gpt-5", "gpt-5.2", "gpt-5.6-sol", "gpt-6-astra", "o3")
CLASSIC = GPTS[:2]
CHAT = ("gpt-4o", "gpt-4.1", "gpt-5", "gpt-5.2", "o3")
"""Models whose chat surface takes tools, whatever they think; the others are asked for those on Responses."""
REASONERS = GPTS[2:]

LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
SEEN = {
    "model": lambda _native, _value: True,
    "messages": lambda _native, _value: True,
    "system": lambda native, _value: (native.get("messages") or native["input"])[0]["role"] in ("system", "developer"),
    "max_tokens": lambda native, value: value in [native.get(key) for key in LIMITS],
    "temperature": lambda native, value: native.get("temperature") == value,
    "top_p": lambda native, value: native.get("top_p") == value,
    "stop_sequences": lambda native, value: native["stop"] == value,
    "stream": lambda native, _value: (
        native["stream"] is True and ("input" in native or native["stream_options"]["include_usage"])
    ),
    "metadata": lambda native, value: native.get("user", native.get("safety_identifier")) == value["user_id"],
    "service_tier": lambda native, _value: "service_tier" in native,
    "tools": lambda native, value: len(native["tools"]) == len(value),
    "tool_choice": lambda native, _value: "tool_choice" in native or "parallel_tool_calls" in native,
    # Adaptive is what a reasoning model does by itself.
    "thinking": lambda native, value: (
        "reasoning_effort" in native
        or "reasoning" in native
        or value["type"] == "disabled"
        or (value["type"] == "adaptive" and native["model"] in REASONERS)
    ),
    "cache_control": lambda native, _value: "prompt_cache_options" in native,
    "output_config": lambda native, _value: bool(
        {"reasoning_effort", "response_format", "reasoning", "text"} & native.keys()
    ),
}


@pytest.mark.parametrize("policy", [{}, {"on_loss": ALLOW}], ids=["default", "allow"])
@pytest.mark.parametrize("name", BODIES)
def test_nothing_is_silent(name, policy):
    body = BODIES[name]
    for model in GPTS:
        told = call(body, "anthropic", "openai", model, **policy)
        assert told.status in (200, 400), (model, told.body)
        if told.status == 400:
            assert told.body["type"] == "error"
            assert told.error["type"] == "invalid_request_error"
            assert told.error["message"]
            continue
        paths_exist(told.losses, body)
        everything_arrived(body, "anthropic", told)
        dialect = told.head["context"]["dialect"]
        assert fault_of(told.raw, dialect) is None, (model, fault_of(told.raw, dialect))
        for key, value in body.items():
            if value not in ("", "auto"):
                assert lost(told, f"/{key}") or SEEN[key](told.body, value), (model, key)


@pytest.mark.parametrize("name", BODIES)
def test_anthropic_gets_it_as_it_was(name):
    body = BODIES[name]
    told = call(body, "anthropic", "anthropic", "claude-sonnet-4-6", on_loss=ALLOW)
    assert told.status == 200
    if not told.losses:
        assert {**told.body, "model": body["model"]} == body


GONE = object()


def native(told, path):
    value = told.body
    for step in path.split("."):
        try:
            value = value[int(step) if isinstance(value, list) else step]
        except (KeyError, IndexError):
            return GONE
    return value


VALUES = [
    ("system string", GPTS, "messages.0.content", "be kind"),
    ("system blocks", GPTS, "messages.1.role", "user"),
    ("temperature", CLASSIC, "temperature", 0.5),
    ("temperature", ("gpt-5", "gpt-6-astra", "o3"), "temperature", GONE),
    ("top_k", GPTS, "top_k", GONE),
    ("stop_sequences", CLASSIC, "stop", ["a", "b"]),
    ("five stop_sequences", CLASSIC, "stop", ["a", "b", "c", "d"]),
    ("stream", GPTS, "stream_options", {"include_usage": True}),
    ("plain", REASONERS, "max_completion_tokens", 5000),
    ("plain", REASONERS, "max_tokens", GONE),
    ("tool", CHAT, "tools.0.function.parameters.properties", {"a": {"type": "string"}}),
    ("tool described", CHAT, "tools.0.function.description", "d"),
    ("choice any", GPTS, "tool_choice", "required"),
    ("choice tool", CHAT, "tool_choice", {"type": "function", "function": {"name": "f"}}),
    ("choice none", GPTS, "tool_choice", "none"),
    ("choice single", GPTS, "parallel_tool_calls", False),
    ("loop", CHAT, "messages.1.tool_calls.0.function.arguments", "{}"),
    ("loop", CHAT, "messages.2", {"role": "tool", "tool_call_id": "t1", "content": "done"}),
    ("two calls", CHAT, "messages.1.content", "so"),
    ("two calls", CHAT, "messages.1.tool_calls.1.id", "b"),
    ("two calls", CHAT, "messages.3.role", "tool"),
    ("result and text", CHAT, "messages.3", {"role": "user", "content": "and now?"}),
    ("result without content", CHAT, "messages.2.content", ""),
    ("result with an image", CHAT, "messages.3.role", "user"),
    ("image", GPTS, "messages.0.content.0.image_url.url", f"data:image/png;base64,{PNG}"),
    ("image by url", GPTS, "messages.0.content.0.image_url.url", "https://x.example/a.png"),
    ("document", GPTS, "messages.0.content.0.file",
     {"filename": "T", "file_data": f"data:application/pdf;base64,{PDF}"}),
    ("thinking on", CLASSIC, "reasoning_effort", GONE),
    ("thinking off", ("gpt-5.6-sol",), "reasoning_effort", "none"),
    ("effort", ("gpt-5", "o3"), "reasoning_effort", "low"),
    ("effort and thinking", ("gpt-5", "o3"), "reasoning_effort", "high"),
    ("thought in the history", GPTS, "messages.1.content", "a"),
    ("format", GPTS, "response_format.type", "json_schema"),
    ("format", GPTS, "response_format.json_schema.schema.required", ["a"]),
    ("format", GPTS, "response_format.json_schema.strict", True),
    ("metadata", GPTS, "user", "u-1"),
    ("prefill", GPTS, "messages.1", {"role": "assistant", "content": "{"}),
    ("searched", GPTS, "messages.1.content", "found"),
]  # fmt: skip

LOSSES = [
    ("top_k", "/top_k", "dropped/quality"),
    ("cache top", "/cache_control", "dropped/cost"),
    ("cache on a text", "/messages/0/content/0/cache_control", "dropped/cost"),
    ("cache on a tool", "/tools/0/cache_control", "dropped/cost"),
    ("container", "/container", "dropped/contract"),
    ("unknown field", "/frobnicate", "dropped/contract"),
    ("code tool", "/tools/0", "dropped/contract"),
    ("result failed", "/messages/2/content/0/is_error", "dropped/quality"),
    ("result with an image", "/messages/2/content/0", "approximated/quality"),
    ("thought in the history", "/messages/1/content/0", "dropped/quality"),
    ("thought in the history", "/messages/1/content/1", "dropped/quality"),
    ("searched", "/messages/1/content/0", "dropped/quality"),
    ("document to cite", "/messages/0/content/0/citations", "dropped/quality"),
    ("document in context", "/messages/0/content/0/context", "dropped/quality"),
    ("metadata of more", "/metadata/team", "dropped/hint"),
    ("prefill", "/messages/1", "approximated/quality"),
    ("task budget", "/output_config/task_budget", "dropped/quality"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "models", "path", "value"), VALUES)
def test_it_becomes(name, models, path, value):
    for model in models:
        assert native(call(BODIES[name], "anthropic", "openai", model, on_loss=ALLOW), path) == value, model


@pytest.mark.parametrize(("name", "path", "words"), LOSSES)
def test_it_is_lost(name, path, words):
    told = call(BODIES[name], "anthropic", "openai", "gpt-4.1", on_loss=ALLOW)
    assert words in lost(told, path), told.losses or told.body


def test_a_strict_tool_with_optional_properties():
    shape = {"type": "object", "properties": {"a": {"type": "string"}}, "required": [], "additionalProperties": False}
    body = {**BODIES["tool"], "tools": [{"name": "f", "strict": True, "input_schema": shape}]}
    told = call(body, "anthropic", "openai", "gpt-4.1", on_loss=ALLOW)
    function = told.body["tools"][0]["function"]
    assert not function.get("strict") or function["parameters"]["required"] == ["a"]


REFUSED = ("image by file", "document by file", "result with a reference", "result orphan", "result missing")


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(name):
    for provider, model in (("openai", "gpt-4.1"), ("openai_compatible", "m")):
        if provider == "openai_compatible" and name == "document by file":
            continue
        told = call(BODIES[name], "anthropic", provider, model, on_loss=ALLOW)
        assert told.status == 400, told.body
        assert "messages" in told.error["message"]
