"""Sealed state of which the rest is gone: a call's without the call, hidden reasoning where it has no place."""

import base64

import orjson
import pytest
from dragoman.translate import boundary

USER = {"role": "user", "content": "hi"}
TARGETS = {
    "gemini": "gemini-3-pro-preview", "vertex": "gemini-3-pro-preview", "anthropic": "claude-sonnet-4-5",
    "bedrock": "anthropic.claude-sonnet-4-5", "openai": "gpt-5.1", "azure": "gpt-5.1", "xai": "grok-4",
    "groq": "openai/gpt-oss-20b",
}  # fmt: skip
OK = {"type": "text", "text": "ok"}


def responses(*states):
    items = [{"type": "reasoning", "summary": [], "encrypted_content": state} for state in states]
    return {"model": "m", "input": [USER, *items, {"role": "assistant", "content": "ok"}, USER]}


def anthropic(*states):
    blocks = [{"type": "redacted_thinking", "data": state} for state in states]
    return {"model": "m", "max_tokens": 10, "messages": [USER, {"role": "assistant", "content": [*blocks, OK]}, USER]}


def bedrock(*states):
    hidden = [base64.b64encode(state.encode()).decode() for state in states]
    blocks = [{"reasoningContent": {"redactedContent": data}} for data in hidden]
    user = {"role": "user", "content": [{"text": "hi"}]}
    return {"messages": [user, {"role": "assistant", "content": [*blocks, {"text": "ok"}]}, user]}


CLIENTS = {"openai_responses": responses, "anthropic": anthropic, "bedrock": bedrock}


def sent(client, to, body):
    head = {"from": client, "to": to, "model": TARGETS[to], "project": "p", "location": "eu", "region": "eu-west-1",
            "base_url": "http://127.0.0.1/v1", "on_loss": "allow"}  # fmt: skip
    status, told, native = boundary.request(orjson.dumps(head), orjson.dumps(body))
    assert status == 200, native
    return orjson.loads(native), orjson.loads(told)["losses"], native


@pytest.mark.parametrize("states", [("call",), ("redacted",), ("call", "call"), ("call", "redacted")], ids="+".join)
@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize("client", CLIENTS)
def test_state_without_what_it_belongs_to_is_dropped_and_said(client, to, states):
    body = CLIENTS[client](*(f"dragoman:google:{kind}:OPAQUE{number}" for number, kind in enumerate(states)))
    _, losses, native = sent(client, to, body)
    assert b"OPAQUE" not in native
    assert base64.b64encode(b"dragoman:") not in native
    dropped = [loss for loss in losses if loss["kind"] == "dropped" and "issued by google" in loss["detail"]]
    assert len(dropped) == len(states)


@pytest.mark.parametrize("to", ["gemini", "vertex"])
def test_of_two_states_before_a_call_the_second_is_the_calls(to):
    call = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "c1", "output": "x"}
    states = [
        {"type": "reasoning", "summary": [], "encrypted_content": f"dragoman:google:call:OPAQUE{n}"} for n in (1, 2)
    ]
    native, losses, _ = sent("openai_responses", to, {"model": "m", "input": [USER, *states, call, output]})
    [part] = native["contents"][1]["parts"]
    assert part["thoughtSignature"] == "OPAQUE2"
    assert [loss["path"] for loss in losses if loss["kind"] == "dropped"] == ["/input/1"]
