"""A wrong type at every place of rich requests: a clear 400 or a translation, never a fault of the gateway."""

import copy

import orjson
import pytest

from ..recordings.driving import ALLOW, call, context, reply
from .chat_bodies import BODIES
from .messages_streams import SAMPLE
from .test_unknown_keys import CHAT, MESSAGES, MORE

WRONG = (None, True, 5, -1.5, "", "x", [], [None], ["x"], [[]], {}, {"x": 1}, [{"type": "text"}], {"type": 5})


def places(value, at=()):
    yield at
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*at, index))


def wrong(body, at, value):
    body = copy.deepcopy(body)
    if not at:
        return value
    inner = body
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return body


def faults(body, client, targets):
    """(provider, place, value) of everything that is neither translated nor refused with a message."""
    found = []
    for at in places(body):
        for value in WRONG:
            for provider, model in targets:
                told = call(wrong(body, at, value), client, provider, model, on_loss=ALLOW)
                if told.status != 200 and not (told.status == 400 and told.body["error"]["message"]):
                    found.append((provider, at, value))
    return found


PICKED = (
    "five marks", "legacy history", "both", "docx", "signature 2", "strict schema bounds", "schema ref",
        "strict schema items",
    "strict tool oneOf", "strict schema allOf", "schema not", "strict tool nullable", "strict schema recursion",
)  # fmt: skip
CHATS = {"rich": CHAT, **MORE, **{name: BODIES[name] for name in PICKED}}


TARGETS = (("anthropic", "claude-sonnet-4-6"), ("openai", "gpt-4.1"), ("openai_compatible", "m"))


@pytest.mark.parametrize("name", CHATS)
def test_a_chat_request(name):
    assert faults(CHATS[name], "openai_chat", TARGETS) == []


def test_a_messages_request():
    assert faults(MESSAGES, "anthropic", TARGETS) == []


def test_a_chat_request_names_the_place():
    """Where the type of a field is plainly wrong, the 400 names the field or something in it."""
    for key, value in {
        "messages": 5, "model": 5, "max_tokens": "5", "temperature": "hot", "stop": 5, "stream": "yes", "tools": {},
        "tool_choice": 5, "response_format": "json", "n": "2", "reasoning_effort": 5, "top_p": [], "seed": "x",
        "logit_bias": [], "parallel_tool_calls": 1, "stream_options": 5, "metadata": 5, "functions": 5,
    }.items():  # fmt: skip
        told = call({**CHAT, key: value}, "openai_chat", "anthropic", "claude-sonnet-4-6", on_loss=ALLOW)
        assert told.status == 400, key
        assert told.error["param"].startswith(key), key


REPLIES = {
    "anthropic": SAMPLE,
    "openai": {
        "id": "c", "object": "chat.completion", "created": 1, "model": "g",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "logprobs": None, "message": {
            "role": "assistant", "content": "x", "refusal": None, "reasoning_content": "h",
            "annotations": [{"type": "url_citation", "url_citation": {
                "url": "u", "title": "t", "start_index": 0, "end_index": 1}}],
            "thinking_blocks": [{"type": "thinking", "thinking": "h", "signature": "s"}],
            "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3,
                  "prompt_tokens_details": {"cached_tokens": 0}, "completion_tokens_details": {"reasoning_tokens": 0}},
        "service_tier": "default",
    },
}  # fmt: skip


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
@pytest.mark.parametrize("provider", REPLIES)
def test_a_reply(provider, client):
    made = context(client, provider)
    for at in places(REPLIES[provider]):
        for value in WRONG:
            told = reply(made, orjson.dumps(wrong(REPLIES[provider], at, value)))
            assert told.status in (200, 502), (at, value)
            assert told.status == 200 or told.body["error"]["message"]
