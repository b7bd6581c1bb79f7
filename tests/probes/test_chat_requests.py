"""Odd chat requests to Claude: general promises over the whole table, then what each is to become."""

import orjson
import pytest

from ..recordings.driving import ALLOW, call
from ..recordings.judging import fault_of
from ..recordings.visible import everything_arrived, paths_exist, strings
from .base import CLAUDES, lost
from .chat_bodies import BODIES

NEUTRAL = {
    "temperature": (1,), "top_p": (1,), "n": (1,), "presence_penalty": (0,), "frequency_penalty": (0,),
    "logprobs": (False,), "logit_bias": ({},), "metadata": ({},), "store": (False,), "verbosity": ("medium",),
    "modalities": (["text"],), "stop": ("", []), "service_tier": ("auto",), "parallel_tool_calls": (True,),
    "stream": (False,), "tools": ([],), "response_format": ({"type": "text"},), "reasoning": ({},),
}  # fmt: skip
"""Values that ask for nothing."""


def thinks(native):
    return "thinking" in native or "effort" in native.get("output_config", {})


SEEN = {
    "model": lambda _native, _value: True,
    "messages": lambda _native, _value: True,
    "max_tokens": lambda native, value: native["max_tokens"] == value,
    "max_completion_tokens": lambda native, value: native["max_tokens"] == value,
    "stop": lambda native, value: {value} if isinstance(value, str) else set(value) <= set(native["stop_sequences"]),
    "stream": lambda native, _value: native.get("stream") is True,
    "stream_options": lambda _native, value: not value.keys() - {"include_usage"},
    "temperature": lambda native, value: native.get("temperature") == value,
    "top_p": lambda native, value: native.get("top_p") == value,
    "top_k": lambda native, value: native.get("top_k") == value,
    "tools": lambda native, value: len(native["tools"]) >= len(value),
    "functions": lambda native, value: len(native["tools"]) >= len(value),
    "function_call": lambda native, value: native["tool_choice"] == {"type": "tool", "name": value["name"]},
    "tool_choice": lambda native, _value: native["tool_choice"]["type"] in ("auto", "any", "tool", "none"),
    "parallel_tool_calls": lambda native, _value: (
        native["tool_choice"].get("disable_parallel_tool_use") or native["tool_choice"]["type"] == "none"
    ),
    "response_format": lambda native, _value: "format" in native.get("output_config", {}),
    "reasoning_effort": lambda native, value: thinks(native) or value == "none",
    "reasoning": lambda native, value: thinks(native) or value.get("enabled") is False,
    "thinking": lambda native, value: thinks(native) or value["type"] == "disabled",
    "user": lambda native, value: native["metadata"]["user_id"] == value,
    "safety_identifier": lambda native, value: native["metadata"]["user_id"] == value,
    "service_tier": lambda native, value: native.get("service_tier") == {"default": "standard_only"}.get(value),
    "cache_control": lambda native, value: native.get("cache_control") == value,
    "web_search_options": lambda native, _value: any(tool["name"] == "web_search" for tool in native["tools"]),
}
"""Where a top-level field must be visible in the native body, when no loss names it."""


def asked_for(body):
    return {
        key: value
        for key, value in body.items()
        if value is not None and value not in NEUTRAL.get(key, ()) and (key != "logprobs" or value)
    }


@pytest.mark.parametrize("policy", [{}, {"on_loss": ALLOW}], ids=["default", "allow"])
@pytest.mark.parametrize("name", BODIES)
def test_nothing_is_silent(name, policy):
    body = BODIES[name]
    for model in CLAUDES:
        told = call(body, "openai_chat", "anthropic", model, **policy)
        assert told.status in (200, 400), (model, told.body)
        if told.status == 400:
            error = told.error
            assert error["type"] == "invalid_request_error"
            assert error["param"], model
            assert error["param"].split(".")[0].split("[")[0] in body, model
            continue
        paths_exist(told.losses, body)
        everything_arrived(body, "openai_chat", told)
        if name != "deep arguments":  # deeper than the judge can go
            assert fault_of(told.raw, "anthropic") is None, (model, fault_of(told.raw, "anthropic"))
        for key, value in asked_for(body).items():
            if key == "tools" and lost(told, "/tool_choice"):
                continue  # only the allowed ones are sent, which the loss says
            assert lost(told, f"/{key}") or SEEN[key](told.body, value), (model, key)


@pytest.mark.parametrize("name", BODIES)
def test_the_same_request_gives_the_same_bytes(name):
    first, second = (call(BODIES[name], "openai_chat", "anthropic", "claude-opus-5", on_loss=ALLOW) for _ in "ab")
    assert first == second


@pytest.mark.parametrize("name", BODIES)
def test_a_chat_server_gets_it_as_it_was(name):
    body = BODIES[name]
    told = call(body, "openai_chat", "openai_compatible", body["model"], on_loss=ALLOW)
    assert told.status in (200, 400)
    if told.status == 200 and not told.losses:
        want = {key: value for key, value in body.items() if key != "model"}
        if "__thought__" in "".join(strings(body)):
            return
        assert {key: value for key, value in told.body.items() if key != "model"} == want


def test_odd_bytes_are_refused():
    for body in (b"", b"[]", b"null", b'"x"', b"{", b"\xff", b'{"model":"m","messages":"x"}', b'{"model":"m"}', b"{}",
                 b'{"model":1,"messages":[]}', b'{"model":"m","messages":[]}', b'{"model":"m","messages":[1]}',
                 b'{"model":"m","messages":[{"role":"user","content":"\\ud800"}]}', b"[" * 5000):  # fmt: skip
        told = call(body, "openai_chat", "anthropic", "claude-opus-5")
        assert told.status == 400, body
        assert told.error["message"]
        assert orjson.dumps(told.body)
