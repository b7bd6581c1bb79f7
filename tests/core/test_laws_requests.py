"""Laws of requests: deterministic, without mutation, without silent losses, and back again."""

import copy
import json
import os
import subprocess
import sys

import orjson
import pytest
from dragoman.translate import DIALECTS, boundary
from hypothesis import given
from hypothesis import strategies as st
from proof.asked import REQUESTS, chat_requests, message_requests
from proof.calls import send
from proof.strategies import law

# The laws of gemini are in a file of their own.
NAMES = tuple(name for name in DIALECTS if name != "gemini")
TARGETS = ("openai", "anthropic", "openai_compatible", "bedrock", "azure", "xai", "groq")
MODELS = (
    "claude-sonnet-4-5", "claude-sonnet-4-0", "claude-opus-5-5", "claude-opus-4-6", "claude-haiku-5-5",
    "claude-3-5-haiku", "gpt-4o", "gpt-4", "gpt-5", "gpt-5.1", "gpt-5.6", "gpt-5.1-codex", "o3",
    "someone/else", "grok-4.5", "grok-4.3",
    "grok-3", "openai/gpt-oss-120b", "qwen/qwen3-32b", "llama-3.3-70b-versatile",
    "us.anthropic.claude-opus-4-8", "us.amazon.nova-2-lite-v1:0", "mistral.mistral-large-2407-v1:0",
    "deepseek.v3-v1:0", "openai.gpt-oss-120b-1:0",
)  # fmt: skip
PLACE = {"base_url": "https://h.example", "region": "eu-west-1"}


@pytest.mark.parametrize("client", NAMES)
@given(st.data())
@law(30)
def test_reading_does_not_change_what_was_read(client, data):
    body = data.draw(REQUESTS[client]())
    before = copy.deepcopy(body)
    DIALECTS[client].read_request(body)
    assert body == before
    assert orjson.dumps(body) == orjson.dumps(before)


@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize("client", NAMES)
@given(st.data())
@law(20)
def test_the_same_request_gives_the_same_bytes(client, to, data):
    body = orjson.dumps(data.draw(REQUESTS[client]()))
    model = data.draw(st.sampled_from(MODELS))
    head = orjson.dumps({"from": client, "to": to, "model": model, "on_loss": "allow", **PLACE})
    assert boundary.request(head, body) == boundary.request(head, body)


SCRIPT = """
import sys
from dragoman.translate import boundary
for line in sys.stdin.buffer.read().split(b"\\n"):
    head, tab, body = line.partition(b"\\t")
    if tab:
        answer = boundary.request(head, body)
        sys.stdout.buffer.write(b"%d\\t%b\\t%b\\n" % (answer.status, answer.head, answer.body))
"""


def test_the_bytes_do_not_depend_on_the_process():
    lines: list[bytes] = []

    @given(st.sampled_from(NAMES), st.sampled_from(TARGETS), st.sampled_from(MODELS), st.data())
    @law(40)
    def gather(client, to, model, data):
        head = {"from": client, "to": to, "model": model, "on_loss": "allow", **PLACE}
        lines.append(orjson.dumps(head) + b"\t" + orjson.dumps(data.draw(REQUESTS[client]())))

    gather()
    outcomes = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            input=b"\n".join(lines),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "4242")
    ]
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].count(b"\n") == len(lines)


# Losses

SPEAKS = {
    "model": {"model"},
    "messages": {"messages", "system"},
    "tools": {"tools"},
    "tool_choice": {"tool_choice", "tools"},
    "parallel_tool_calls": {"tool_choice"},
    "max_tokens": {"max_tokens"},
    "max_completion_tokens": {"max_tokens"},
    "stop": {"stop_sequences"},
    "stream": {"stream"},
    "stream_options": set(),
    "temperature": {"temperature"},
    "top_p": {"top_p"},
    "top_k": {"top_k"},
    "user": {"metadata"},
    "safety_identifier": {"metadata"},
    "service_tier": {"service_tier"},
    "reasoning_effort": {"thinking", "output_config"},
    "reasoning": {"thinking", "output_config"},
    "thinking": {"thinking", "output_config"},
    "response_format": {"output_config", "tools", "system"},
    "cache_control": {"cache_control"},
    "web_search_options": {"tools"},
}
"""A field of a chat request -> the fields of a Messages request that may speak for it."""

NEUTRAL = {
    "n": (1,), "logprobs": (False,), "top_logprobs": (0,), "logit_bias": ({},), "metadata": ({},), "store": (False,),
    "presence_penalty": (0,), "frequency_penalty": (0,), "top_p": (1,), "temperature": (1,), "verbosity": ("medium",),
    "modalities": (["text"],), "service_tier": ("auto", "default"), "stream": (False,),
    "response_format": ({"type": "text"},), "thinking": ({"type": "disabled"},), "reasoning": ({"enabled": False},),
    "reasoning_effort": ("none",), "parallel_tool_calls": (True,), "x_unknown": ({}, [], "", None),
    "stream_options": ({"include_usage": True}, {"include_usage": False}),
}  # fmt: skip
"""Values that ask for nothing, or for what is so anyway."""


@given(chat_requests(most=6), st.sampled_from([model for model in MODELS if model.startswith("claude")]))
@law(75)
def test_every_field_arrives_or_is_lost_aloud_or_refused(body, model):
    sent = send(body, model=model, on_loss="allow")
    if sent.status != 200:
        assert sent.status == 400
        return
    told = {loss["path"].split("/")[1] for loss in sent.losses}
    for key, value in body.items():
        if key in told or any(value == item and type(value) is type(item) for item in NEUTRAL.get(key, ())):
            continue
        if key == "max_tokens" and body.get("max_completion_tokens") == value:
            continue
        assert SPEAKS.get(key, set()) & sent.body.keys(), f"{key} vanished"


TO_BEDROCK = {
    "messages": {"messages"},
    "tools": {"toolConfig"},
    "tool_choice": {"toolConfig"},
    "parallel_tool_calls": {"additionalModelRequestFields"},
    "max_tokens": {"inferenceConfig"},
    "max_completion_tokens": {"inferenceConfig"},
    "stop": {"inferenceConfig"},
    "temperature": {"inferenceConfig"},
    "top_p": {"inferenceConfig"},
    "top_k": {"additionalModelRequestFields"},
    "user": {"requestMetadata"},
    "safety_identifier": {"requestMetadata"},
    "metadata": {"requestMetadata"},
    "service_tier": {"serviceTier"},
    "reasoning_effort": {"additionalModelRequestFields"},
    "reasoning": {"additionalModelRequestFields"},
    "thinking": {"additionalModelRequestFields"},
    "response_format": {"outputConfig", "toolConfig", "system"},
    "cache_control": {"messages"},
    "web_search_options": {"toolConfig"},
}
"""A field of a chat request -> the fields of a Converse request that may speak for it; the address says the rest."""
BEDROCKS = [model for model in MODELS if model.partition(".")[0] in ("us", "mistral", "deepseek", "openai")]


@given(chat_requests(most=6), st.sampled_from(BEDROCKS))
@law(100)
def test_every_field_arrives_at_bedrock_or_is_lost_aloud_or_refused(body, model):
    sent = send(body, to="bedrock", model=model, on_loss="allow")
    if sent.status != 200:
        assert sent.status in (400, 428)
        return
    told = {loss["path"].split("/")[1] for loss in sent.losses}
    for key, value in body.items():
        if key in told or any(value == item and type(value) is type(item) for item in NEUTRAL.get(key, ())):
            continue
        if key == "max_tokens" and body.get("max_completion_tokens") == value:
            continue
        if key in ("model", "stream", "stream_options"):
            continue
        assert TO_BEDROCK.get(key, set()) & sent.body.keys(), f"{key} vanished"


@given(chat_requests(most=6))
@law(40)
def test_a_contract_is_never_broken_unless_that_was_allowed(body):
    sent = send(body)
    if sent.status == 200:
        assert not [loss for loss in sent.losses if loss["severity"] == "contract"]
    else:
        assert sent.status == 400
        assert sent.error["type"] == "invalid_request_error"


def resolve(value, pointer):
    """What a JSON pointer names; KeyError or IndexError when nothing."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize("client", NAMES)
@given(st.data())
@law(30)
def test_a_loss_names_what_the_client_wrote(client, to, data):
    body = data.draw(REQUESTS[client](most=5))
    sent = send(body, client, to, model=data.draw(st.sampled_from(MODELS)), on_loss="allow")
    if sent.status == 200:
        for loss in sent.losses:
            if loss["kind"] != "added":
                resolve(body, loss["path"])


@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize("client", NAMES)
@given(st.data())
@law(20)
def test_a_policy_that_refuses_all_refuses_exactly_what_would_be_lost(client, to, data):
    body = data.draw(REQUESTS[client]())
    model = data.draw(st.sampled_from(MODELS))
    allowed = send(body, client, to, model=model, on_loss="allow")
    refused = send(body, client, to, model=model, on_loss="refuse")
    if allowed.status == 200 and not allowed.losses:
        assert refused == allowed
    elif allowed.status == 200:
        assert refused.status == 400
        assert refused.losses == allowed.losses


# There and back


def blocks(content):
    """Content as an array of blocks, with nothing that only spells."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [plain(block) for block in content]


def plain(block):
    # A chat file needs a name.
    kept = {key: value for key, value in block.items() if (key, value) != ("title", "document.pdf")}
    if kept["type"] == "tool_result":
        inner = blocks(kept.get("content", ""))
        kept["content"] = [item for item in inner if item.get("text") != ""]
    return kept


def merged(messages):
    """Messages with neighbours of one role joined, as the Messages API reads them."""
    out = []
    for message in messages:
        content = blocks(message["content"])
        if out and out[-1][0] == message["role"]:
            out[-1][1].extend(content)
        else:
            out.append((message["role"], content))
    return out


CARRIED = ("system", "stream", "stop_sequences", "temperature", "top_p", "metadata")


@given(message_requests(options=CARRIED))
@law(75)
def test_a_message_survives_the_way_to_chat_and_back(body):
    there = send(body, "anthropic", "openai_compatible", model="m", on_loss="allow")
    assert there.status == 200
    if [loss for loss in there.losses if loss["kind"] != "added"]:
        return
    back = send(there.body, "openai_chat", "anthropic", model="claude-3-5-haiku", on_loss="allow")
    assert back.status == 200, back
    if [loss for loss in back.losses if loss["kind"] != "added"]:
        return
    assert merged(back.body["messages"]) == merged(body["messages"])
    assert blocks(back.body.get("system", "")) == blocks(body.get("system", ""))
    for key in ("max_tokens", "stream", "stop_sequences", "temperature", "top_p", "metadata"):
        assert back.body.get(key) == (None if key == "stream" and not body.get(key) else body.get(key))
    kept = ("name", "description", "input_schema", "cache_control")
    said = [{key: tool[key] for key in kept if key in tool} for tool in body.get("tools", ())]
    assert [{key: tool[key] for key in kept if key in tool} for tool in back.body.get("tools", ())] == said
    assert json.dumps([tool["input_schema"] for tool in back.body.get("tools", ())]) == json.dumps(
        [tool["input_schema"] for tool in body.get("tools", ())]
    )
