"""spec/chat.md 5, thought signatures and thinking blocks: one test a promise."""

import pytest
from proof.calls import context_of, events, frames, native, plain_context, receive, send, stream

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


SPELLINGS = {
    "thinking_blocks": {"thinking_blocks": [BLOCK, REDACTED]},
    "content_blocks": {"content_blocks": [BLOCK, REDACTED, {"type": "text", "text": "said"}]},
    "content parts": {"content": [BLOCK, REDACTED]},
    "reasoning_details": {
        "reasoning_details": [
            {"type": "reasoning.text", "text": "Hm", "signature": SIGNATURE, "format": "anthropic-claude-v1"},
            {"type": "reasoning.encrypted", "data": "cmVk", "format": "anthropic-claude-v1"},
        ]
    },
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_thinking_returns_first_unchanged_and_in_order(spelling):
    body = loop(SPELLINGS[spelling], thinking={"type": "enabled", "budget_tokens": 2000})
    content = native(body)["messages"][1]["content"]
    assert content[:2] == [BLOCK, REDACTED]
    assert content[2]["type"] == "tool_use"


def test_a_signature_beside_reasoning_text_is_taken():
    said = {"reasoning_content": "Hm", "extra_content": {"anthropic": {"signature": SIGNATURE}}}
    assert native(loop(said))["messages"][1]["content"][0] == BLOCK


def test_the_first_spelling_wins():
    other = {"type": "thinking", "thinking": "other", "signature": "b3RoZXI="}
    body = loop({"thinking_blocks": [BLOCK], "content_blocks": [other], "reasoning_content": "third"})
    thoughts = [block for block in native(body)["messages"][1]["content"] if block["type"] == "thinking"]
    assert thoughts == [BLOCK]


def test_a_signed_block_without_text_is_kept():
    body = loop({"thinking_blocks": [EMPTY]})
    assert native(body)["messages"][1]["content"][0] == EMPTY


def test_unsigned_reasoning_is_not_replayed_to_claude_and_never_shown_as_text():
    sent = send(loop({"reasoning_content": "secret"}))
    assert "secret" not in str(sent.body)
    assert ("/messages/1/reasoning_content", "dropped", "quality") in sent.lost


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


FIVE = {
    "provider_specific_fields": {"provider_specific_fields": {"thought_signature": "Z29v"}},
    "extra_content": {"extra_content": {"google": {"thought_signature": "Z29v"}}},
    "function": {"function": {"name": "f", "arguments": "{}", "thought_signature": "Z29v"}},
    "function.provider_specific_fields": {
        "function": {"name": "f", "arguments": "{}", "provider_specific_fields": {"thought_signature": "Z29v"}}
    },
    "bare": {"thought_signature": "Z29v"},
    "id": {"id": "c1__thought__Z29v"},
}


@pytest.mark.parametrize("spelling", FIVE)
def test_a_thought_signature_of_another_domain_is_dropped_aloud_in_every_spelling(spelling):
    result = {**RESULT, "tool_call_id": "c1__thought__Z29v"} if spelling == "id" else RESULT
    sent = send(loop({}, {**CALL, **FIVE[spelling]}, result))
    assert sent.status == 200
    assert "Z29v" not in str(sent.body)
    assert sent.body["messages"][1]["content"][0]["id"] == "c1"
    assert sent.body["messages"][2]["content"][0]["tool_use_id"] == "c1"
    assert any(
        kind == "dropped" and severity == "quality" and path.startswith("/messages/1/tool_calls/0")
        for path, kind, severity in sent.lost
    )


def test_a_signature_packed_in_an_id_is_unpacked_for_openai_too():
    body = loop({}, {**CALL, "id": "c1__thought__Z29v"}, {**RESULT, "tool_call_id": "c1__thought__Z29v"})
    sent = native(body, to="openai")
    assert sent["messages"][1]["tool_calls"][0]["id"] == "c1"
    assert sent["messages"][2]["tool_call_id"] == "c1"


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


def test_a_compatible_server_gets_reasoning_back():
    turn = {"role": "assistant", "content": "A", "reasoning_content": "t"}
    sent = send({"model": "m", "messages": [USER, turn, USER]}, to="openai_compatible")
    assert sent.body["messages"][1] == turn
    assert sent.losses == []


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


def test_a_tool_loop_without_its_thinking_is_continued_without_thinking_and_says_so():
    sent = send(loop({}, reasoning_effort="medium"))
    assert "thinking" not in sent.body
    assert ("/reasoning_effort", "dropped", "quality") in sent.lost


def test_a_tool_loop_with_its_thinking_keeps_thinking():
    assert native(loop({"thinking_blocks": [BLOCK]}, reasoning_effort="medium"))["thinking"]["type"] == "enabled"


@pytest.mark.parametrize("calls", [[CALL_USE], [CALL_USE, {**CALL_USE, "id": "c2"}]])
def test_a_provider_s_own_client_goes_on_with_a_tool_loop_of_another_model_without_thinking(calls):
    results = [{"type": "tool_result", "tool_use_id": call["id"], "content": "r"} for call in calls]
    turns = [USER, {"role": "assistant", "content": calls}, {"role": "user", "content": results}]
    wish = {"type": "enabled", "budget_tokens": 2000}
    body = {"model": "m", "max_tokens": 4000, "messages": turns, "thinking": wish}
    sent = send(body, "anthropic")
    assert "thinking" not in sent.body
    assert sent.lost == {("/thinking", "dropped", "quality")}
    # With its thinking, or once a user speaks again, it thinks.
    for messages in (
        [USER, {"role": "assistant", "content": [BLOCK, *calls]}, turns[2]],
        [*turns, {"role": "assistant", "content": "Done"}, USER],
    ):
        sent = send({**body, "messages": messages}, "anthropic")
        assert (sent.body["thinking"], sent.lost) == (wish, set())


def test_results_stand_in_the_order_of_their_calls_when_a_turn_came_in_pieces():
    said = [{"role": "model", "parts": [{"functionCall": {"id": key, "name": "f", "args": {}}}]} for key in "ab"]
    told = [{"functionResponse": {"id": key, "name": "f", "response": {"output": key}}} for key in "ba"]
    contents = [{"role": "user", "parts": [{"text": "Hi"}]}, *said, {"role": "user", "parts": told}]
    sent = native({"contents": contents}, "gemini")
    assert [block["tool_use_id"] for block in sent["messages"][-1]["content"]] == ["a", "b"]


def test_a_strict_client_gets_no_extensions():
    context = context_of(loop({}), strict_openai=True)
    reply = {"id": "1", "model": "m", "content": [BLOCK, {"type": "text", "text": "A"}], "stop_reason": "end_turn"}
    message = receive(context, reply).body["choices"][0]["message"]
    assert message == {"role": "assistant", "content": "A", "refusal": None}
