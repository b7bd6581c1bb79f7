"""Odd requests to the hosts of the chat dialect that are not OpenAI: nothing is silent there either."""

import pytest
from dragoman.translate.models import FAMILIES

from ..recordings.driving import ALLOW, call
from ..recordings.visible import paths_exist
from .base import lost
from .chat_bodies import BODIES as CHAT
from .messages_bodies import BODIES as MESSAGES
from .test_chat_requests import asked_for

HOSTS = (
    ("azure", "gpt-4o", {}), ("azure", "gpt-5", {}), ("azure", "gpt-4o", {"api_version": "2024-06-01"}),
    ("xai", "grok-4.5", {}), ("xai", "grok-4-fast-non-reasoning", {}), ("xai", "grok-3", {}),
    ("groq", "openai/gpt-oss-120b", {}), ("groq", "qwen/qwen3.8-27b", {}), ("groq", "llama-3.3-70b-versatile", {}),
)  # fmt: skip
IDS = [f"{provider}-{model}-{version.get('api_version', 'now')}" for provider, model, version in HOSTS]
ROWS = {row.prefix: row for table in FAMILIES.values() for row in table}
SAME = {
    ("service_tier", "default"): ("service_tier", "on_demand"),
    ("service_tier", "priority"): ("service_tier", "performance"),
    ("reasoning_effort", "medium"): ("reasoning_effort", "default"),
}
"""What says the same in a host's own words."""
UNSAID = {"model", "stream_options", "cache_control", "messages"}
"""Fields that other tests look at."""


def unneeded(key, value, row):
    """Whether a model does so anyway: not to reason on one that cannot, or to reason on one that always does."""
    off = value == "none" or (key != "reasoning_effort" and ("disabled" in value.values() or False in value.values()))
    found = ROWS.get(row)
    kind = "any" if found is None else found.reasoning.kind
    return kind == "none" if off else key != "reasoning_effort" and kind == "native" and found.reasoning.on


def arrived(key, value, told):
    native = told.body
    if key in ("max_tokens", "max_completion_tokens"):
        return value in (native.get("max_tokens"), native.get("max_completion_tokens"))
    if key == "stop" and isinstance(value, str):
        return native.get("stop") in (value, [value])
    if key == "prompt_cache_key" and native.get(key) is None:
        return told.head["headers"].get("x-grok-conv-id") is not None
    if key == "safety_identifier" and key not in native:
        return native.get("user") == value
    if key == "tools":
        return native["tools"][: len(value)] == value
    if key in ("reasoning", "thinking", "reasoning_effort") and unneeded(key, value, told.head["row"]):
        return True
    if key in ("reasoning", "thinking"):
        return "reasoning_effort" in native
    other = SAME.get((key, value)) if isinstance(value, str) else None
    return native.get(key) == value or (other is not None and native.get(other[0]) == other[1])


@pytest.mark.parametrize("host", HOSTS, ids=IDS)
@pytest.mark.parametrize("name", CHAT)
def test_nothing_a_chat_client_says_is_silent(name, host):
    provider, model, settings = host
    body = CHAT[name]
    told = call(body, "openai_chat", provider, model, on_loss=ALLOW, **settings)
    assert told.status in (200, 400), told.body
    if told.status == 400:
        assert told.error["type"] == "invalid_request_error"
        assert told.error["param"].split(".")[0].split("[")[0] in body
        return
    paths_exist(told.losses, body)
    for key, value in asked_for(body).items():
        if key in UNSAID or lost(told, f"/{key}") or (key == "tools" and lost(told, "/tool_choice")):
            continue
        assert arrived(key, value, told), (key, value, told.body)
    for at, message in enumerate(body["messages"]):
        if "name" in message:
            assert lost(told, f"/messages/{at}/name") or told.body["messages"][at].get("name") == message["name"]


@pytest.mark.parametrize("host", HOSTS, ids=IDS)
@pytest.mark.parametrize("name", MESSAGES)
def test_nothing_a_messages_client_says_breaks(name, host):
    provider, model, settings = host
    body = MESSAGES[name]
    told = call(body, "anthropic", provider, model, on_loss=ALLOW, **settings)
    assert told.status in (200, 400), told.body
    if told.status == 200:
        paths_exist(told.losses, body)
