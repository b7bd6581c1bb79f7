"""spec/chat.md 5, thought signatures and thinking blocks: details behind its sentences, one test a promise."""

import pytest

from ..core.proof.calls import events, frames, native, plain_context, receive, send, stream

USER = {"role": "user", "content": "Hi"}
SIGNATURE = "c2lnbmF0dXJl"
BLOCK = {"type": "thinking", "thinking": "Hm", "signature": SIGNATURE}
EMPTY = {"type": "thinking", "thinking": "", "signature": SIGNATURE}
REDACTED = {"type": "redacted_thinking", "data": "cmVk"}
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "r"}
CALL_USE = {"type": "tool_use", "id": "c1", "name": "f", "input": {}}
TOOLS = [{"type": "function", "function": {"name": "f"}}]


def loop(assistant, calls=None, result=RESULT, **fields):
    turn = {"role": "assistant", "content": None, "tool_calls": [calls or CALL], **assistant}
    return {"model": "m", "max_tokens": 4000, "messages": [USER, turn, result], "tools": TOOLS, **fields}


@pytest.mark.parametrize("to", ["openai", "openai_compatible"])
def test_a_signature_goes_only_to_the_domain_that_issued_it(to):
    turn = {"role": "assistant", "content": [BLOCK, REDACTED, {"type": "text", "text": "x"}]}
    body = {"model": "m", "max_tokens": 9, "messages": [USER, turn, USER]}
    sent = send(body, "anthropic", to)
    assert SIGNATURE not in str(sent.body)
    assert "cmVk" not in str(sent.body)
    assert {
        ("/messages/1/content/0", "dropped", "quality"),
        ("/messages/1/content/1", "dropped", "quality"),
    } <= sent.lost


@pytest.mark.parametrize("extension", [{"reasoning_content": ""}, {"reasoning_details": []}, {"thinking_blocks": []}])
def test_empty_reasoning_of_the_history_does_not_reach_openai(extension):
    turn = {"role": "assistant", "content": "A", **extension}
    sent = native({"model": "m", "messages": [USER, turn, USER]}, to="openai")
    assert sent["messages"][1] == {"role": "assistant", "content": "A"}


def test_reasoning_of_the_history_does_not_reach_openai():
    turn = {"role": "assistant", "content": "A", "reasoning_content": "t", "thinking_blocks": [BLOCK]}
    sent = send({"model": "m", "messages": [USER, turn, USER]}, to="openai")
    assert sent.body["messages"][1] == {"role": "assistant", "content": "A"}
    assert any(severity == "quality" for _, _, severity in sent.lost)


def test_replies_show_reasoning_text_and_blocks_for_replay():
    reply = {
        "id": "1",
        "model": "m",
        "content": [BLOCK, EMPTY, REDACTED, {"type": "text", "text": "A"}],
        "stop_reason": "end_turn",
    }
    message = receive(plain_context("openai_chat", "anthropic"), reply).body["choices"][0]["message"]
    assert message["content"] == "A"
    assert message["reasoning_content"] == "Hm"
    assert message["thinking_blocks"] == [BLOCK, EMPTY, REDACTED]
    again = loop({"thinking_blocks": message["thinking_blocks"]})
    assert native(again)["messages"][1]["content"][:3] == [BLOCK, EMPTY, REDACTED]


def test_streamed_blocks_carry_an_index_and_the_signature_comes_once():
    start = {
        "type": "message_start",
        "message": {"id": "1", "model": "m", "usage": {"input_tokens": 1, "output_tokens": 1}},
    }
    empty = {"type": "thinking", "thinking": "", "signature": ""}
    raw = events(
        start,
        {"type": "content_block_start", "index": 0, "content_block": empty},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "a"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "b"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": SIGNATURE}},
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": REDACTED},
        {"type": "content_block_stop", "index": 1},
        {"type": "content_block_start", "index": 2, "content_block": empty},
        {"type": "content_block_delta", "index": 2, "delta": {"type": "thinking_delta", "thinking": "c"}},
        {"type": "content_block_delta", "index": 2, "delta": {"type": "signature_delta", "signature": "other"}},
        {"type": "content_block_stop", "index": 2},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
        {"type": "message_stop"},
    )
    out = frames(stream(plain_context("openai_chat", "anthropic", stream=True), [raw])[0])[:-1]
    deltas = [choice["delta"] for item in out for choice in item["choices"]]
    blocks = [block for delta in deltas for block in delta.get("thinking_blocks", ())]
    gathered = {}
    for block in blocks:
        at = gathered.setdefault(block["index"], {"thinking": "", "signature": ""})
        at["thinking"] += block.get("thinking", "")
        at["signature"] += block.get("signature", "")
    assert gathered == {
        0: {"thinking": "ab", "signature": SIGNATURE},
        1: {"thinking": "", "signature": ""},
        2: {"thinking": "c", "signature": "other"},
    }
    assert "".join(delta.get("reasoning_content") or "" for delta in deltas) == "abc"
