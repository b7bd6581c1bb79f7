"""Odd Messages streams to a chat client."""

import orjson
import pytest

from ..recordings.driving import context, cut, frames, stream
from ..recordings.judging import fold_chat
from ..recordings.reading import chat_stream
from .messages_streams import (
    PING,
    STOP,
    call,
    delta,
    error,
    event,
    finish,
    hidden,
    opened,
    start,
    stopped,
    text,
    thought,
)  # fmt: skip

SAID = start() + text(0, "Hel", "lo") + finish("end_turn") + STOP
LONG = (
    start() + PING + thought(0, "h", "m") + text(1, "a", "b") + call(2, "t1", "", '{"a"', ":1}") + call(3, "t2")
    + finish("tool_use") + STOP
)  # fmt: skip


def to_chat(data, size=None):
    return stream(context("openai_chat", "anthropic", stream=True), cut(data, size) if size else [data])


GOOD = {
    "plain": (SAID, "Hello", [], "stop", (10, 20)),
    "long": (LONG, "ab", [("f", {"a": 1}), ("f", {})], "tool_calls", (10, 20)),
    "pings everywhere": (
        start() + PING + opened(0, type="text", text="") + PING + delta(0, type="text_delta", text="x") + PING
        + stopped(0) + PING + finish("end_turn") + PING + STOP, "x", [], "stop", (10, 20)),
    "no pings, crlf": (SAID.replace(b"\n", b"\r\n"), "Hello", [], "stop", (10, 20)),
    "comments": (b": hello\n\n" + SAID.replace(b"event:", b": c\nevent:"), "Hello", [], "stop", (10, 20)),
    "no space after data": (SAID.replace(b"data: ", b"data:"), "Hello", [], "stop", (10, 20)),
    "padded": (SAID.replace(b"}\n\n", b"         }\n\n"), "Hello", [], "stop", (10, 20)),
    "data lines only": (b"".join(line + b"\n\n" for line in SAID.split(b"\n") if line.startswith(b"data")),
                        "Hello", [], "stop", (10, 20)),
    "ids and retry lines": (SAID.replace(b"event:", b"id: 5\nretry: 10\nevent:"), "Hello", [], "stop", (10, 20)),
    "byte order mark": (b"\xef\xbb\xbf" + SAID, "Hello", [], "stop", (10, 20)),
    "no last blank line": (SAID.rstrip(b"\n"), "Hello", [], "stop", (10, 20)),
    "usage split": (
        start(cache_read_input_tokens=5, cache_creation_input_tokens=2) + text(0, "x")
        + finish(None, {"output_tokens": 4}) + finish("end_turn", {"output_tokens": 9, "input_tokens": 30}) + STOP,
        "x", [], "stop", (37, 9)),
    "usage of nulls": (
        start(cache_read_input_tokens=5) + text(0, "x")
        + finish("end_turn", {"output_tokens": 9, "input_tokens": None, "cache_read_input_tokens": None}) + STOP,
        "x", [], "stop", (15, 9)),
    "two finishes": (start() + text(0, "x") + finish("tool_use") + finish("end_turn") + STOP, "x", [], "stop", (10,
        20)),
    "tool input in the start": (
        start() + opened(0, type="tool_use", id="t1", name="f", input={"a": 1}) + stopped(0) + finish("tool_use")
        + STOP,
        "", [("f", {"a": 1})], "tool_calls", (10, 20)),
    "tool input never": (start() + call(0, "t1") + finish("tool_use") + STOP, "", [("f", {})], "tool_calls", (10, 20)),
    "call and end_turn": (start() + call(0, "t1") + finish("end_turn") + STOP, "", [("f", {})], "tool_calls", (10, 20)),
    "tool_use without a call": (start() + text(0, "x") + finish("tool_use") + STOP, "x", [], "stop", (10, 20)),
    "pause_turn": (start() + text(0, "x") + finish("pause_turn") + STOP, "x", [], "stop", (10, 20)),
    "unknown stop reason": (start() + text(0, "x") + finish("sunset") + STOP, "x", [], "stop", (10, 20)),
    "compaction": (start() + text(0, "x") + finish("compaction") + STOP, "x", [], "stop", (10, 20)),
    "context full": (start() + text(0, "x") + finish("model_context_window_exceeded") + STOP, "x", [], "length",
        (10, 20)),
    "max_tokens in a call": (
        start() + call(0, "t1", '{"a":') + finish("max_tokens") + STOP, "", [("f", '{"a":')], "length", (10, 20)),
    "stop_sequence": (
        start() + text(0, "x") + finish("stop_sequence", stop_sequence="END") + STOP, "x", [], "stop", (10, 20)),
    "unknown event": (start() + event("surprise", x=1) + text(0, "x") + finish("end_turn") + STOP, "x", [], "stop",
        (10, 20)),
    "unknown delta": (
        start() + opened(0, type="text", text="") + delta(0, type="sparkle_delta", sparkle=1)
        + delta(0, type="text_delta", text="x") + stopped(0) + finish("end_turn") + STOP, "x", [], "stop", (10, 20)),
    "unknown block": (
        start() + opened(0, type="hologram", h=1) + delta(0, type="hologram_delta", h=2) + stopped(0) + text(1, "x")
        + finish("end_turn") + STOP, "x", [], "stop", (10, 20)),
    "server tool": (
        start() + opened(0, type="server_tool_use", id="srv", name="web_search", input={})
        + delta(0, type="input_json_delta", partial_json='{"q":1}') + stopped(0)
        + opened(1, type="web_search_tool_result", tool_use_id="srv", content=[]) + stopped(1) + text(2, "x")
        + finish("end_turn") + STOP, "x", [], "stop", (10, 20)),
    "unicode": (start() + text(0, "é😀", "\u2028\x00") + finish("end_turn") + STOP, "é😀\u2028\x00", [], "stop", (10,
        20)),
    "empty text deltas": (start() + text(0, "", "x", "") + finish("end_turn") + STOP, "x", [], "stop", (10, 20)),
    "text in the block start": (
        start() + opened(0, type="text", text="Hi ") + delta(0, type="text_delta", text="x") + stopped(0)
        + finish("end_turn") + STOP, "Hi x", [], "stop", (10, 20)),
    "empty answer": (start() + finish("end_turn", {"output_tokens": 2}) + STOP, "", [], "stop", (10, 2)),
    "after the end": (SAID + text(5, "late") + STOP, "Hello", [], "stop", (10, 20)),
    "three calls": (
        start() + call(0, "a", "{}") + call(1, "b", '{"x":', "2}") + call(2, "c") + finish("tool_use") + STOP,
        "", [("f", {}), ("f", {"x": 2}), ("f", {})], "tool_calls", (10, 20)),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_whole_stream(name):
    data, words, calls, reason, (prompt, completion) = GOOD[name]
    got = to_chat(data)
    said = chat_stream(got.wire)
    assert said.text == words
    assert said.parsed_calls() == calls
    assert said.finish == reason
    assert said.done
    assert got.head["truncated"] is False
    assert (said.usage["prompt_tokens"], said.usage["completion_tokens"]) == (prompt, completion)
    assert said.usage["total_tokens"] == prompt + completion
    folded = fold_chat(got.wire).choices[0]
    assert folded.finish_reason == reason
    assert (folded.message.content or "") == words
    assert [one.index for one in folded.message.tool_calls or ()] == list(range(len(calls)))


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("size", [1, 7])
def test_the_cut_changes_nothing(name, size):
    data = GOOD[name][0]
    assert to_chat(data, size) == to_chat(data)


@pytest.mark.parametrize("name", [name for name in GOOD if name not in ("after the end", "no last blank line")])
def test_broken_before_each_event(name):
    data = GOOD[name][0]
    end = (
        data.rindex(b"message_stop", 0, data.rindex(b"message_stop")) if data.count(b"message_stop") > 1 else len(data)
    )
    for at in range(0, len(data), 13):
        if data[:at].rstrip().endswith(b"}") and b'message_stop"' in data[:at]:
            break
        if at > end:
            break
        broken(to_chat(data[:at]), at)


def broken(got, why=None):
    said = chat_stream(got.wire)
    assert said.error, why
    assert said.error["message"]
    assert not said.done, why
    assert got.head["truncated"] is True, why
    assert said.finish is None, why


ERRORS = [("overloaded_error", 503), ("api_error", 500), ("rate_limit_error", 429), ("moon_error", None)]


@pytest.mark.parametrize(("kind", "status"), ERRORS)
@pytest.mark.parametrize("before", [b"", start(), start() + text(0, "Hel"), start() + call(0, "t1", '{"a')])
def test_an_error_inside(kind, status, before):
    got = to_chat(before + error(kind, "Sorry.") + STOP)
    said = chat_stream(got.wire)
    assert "Sorry." in said.error["message"]
    assert said.error.keys() >= {"message", "type", "param", "code"}
    assert not said.done
    assert said.finish is None
    assert got.head["error"]["message"]
    if status is not None:
        assert said.error["provider"]["status"] in (status, 529 if status == 503 else status, None)
    assert [to_chat(before + error(kind, "Sorry.") + STOP, size) for size in (1, 7)] == [got, got]


REFUSALS = {
    "with words of its own": (start() + text(0, "I can") + finish("refusal") + STOP, "I can", True),
    "with nothing": (start() + finish("refusal") + STOP, "", True),
    "with an explanation": (
        start() + finish("refusal", stop_details={"type": "refusal", "category": "bio", "explanation": "No bio."})
        + STOP,
        "", "No bio."),
    "with both": (
        start() + text(0, "I can") + finish("refusal", stop_details={
            "type": "refusal", "category": None, "explanation": "No."}) + STOP, "I can", "No."),
    "with an explanation of null": (
        start() + finish("refusal", stop_details={"type": "refusal", "category": "cyber", "explanation": None}) + STOP,
        "", True),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal(name):
    data, content, refusal = REFUSALS[name]
    said = chat_stream(to_chat(data).wire)
    assert said.finish == "content_filter"
    assert said.text == content
    assert said.refusal == refusal or (refusal is True and said.refusal)
    assert said.done


def test_thinking_beside_two_calls():
    data = (
        start() + thought(0) + hidden(1) + thought(2, "because") + call(3, "a", "{}") + call(4, "b", "{}")
        + finish("tool_use") + STOP
    )  # fmt: skip
    got = to_chat(data)
    message = fold_chat(got.wire).choices[0].message
    assert [one.id for one in message.tool_calls] == ["a", "b"]
    blocks = [{key: value for key, value in block.items() if key != "index"} for block in message.thinking_blocks]
    assert blocks == [
        {"type": "thinking", "thinking": "", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "ZGF0YQ=="},
        {"type": "thinking", "thinking": "because", "signature": "c2ln"},
    ]
    assert message.reasoning_content == "because"
    # What the client got it can send back, and Claude gets its own blocks unchanged, in order, first.
    from ..recordings.driving import call as request

    again = {
        "model": "m", "max_tokens": 9000, "reasoning_effort": "low",
        "tools": [{"type": "function", "function": {"name": "f"}}],
        "messages": [
            {"role": "user", "content": "x"}, orjson.loads(message.model_dump_json(exclude_none=True)),
            {"role": "tool", "tool_call_id": "a", "content": "1"}, {"role": "tool", "tool_call_id": "b",
            "content": "2"},
        ],
    }  # fmt: skip
    native = request(again, "openai_chat", "anthropic", "claude-opus-4-8").body
    assert native["messages"][1]["content"][:3] == blocks
    assert [block["id"] for block in native["messages"][1]["content"][3:]] == ["a", "b"]


GARBAGE = {
    "garbage json": start() + text(0, "Hel") + b'event: content_block_delta\ndata: {"type": nope}\n\n' + STOP,
    "html": b"<html><body>502 Bad Gateway</body></html>",
    "html with lines": b"<html>\n\n<body>\n\n502 Bad Gateway</body></html>\n\n",
    "empty": b"",
    "blank lines": b"\n\n\n\n",
    "only comments": b": ping\n\n: ping\n\n",
    "a json error body": b'{"type":"error","error":{"type":"api_error","message":"boom"}}',
    "events that are lists": b"event: message_start\ndata: []\n\n",
    "events that are numbers": start() + b"data: 5\n\n",
    "delta of a block that is not open": start() + delta(3, type="input_json_delta", partial_json="{}"),
    "missing keys": start() + b'event: content_block_delta\ndata: {"type":"content_block_delta"}\n\n',
    "a wrong type of text": start() + opened(0, type="text", text="") + delta(0, type="text_delta", text=5),
    "no start": text(0, "x"),
    "done of the other dialect": start() + text(0, "x") + b"data: [DONE]\n\n",
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_ends_with_an_error(name):
    data = GARBAGE[name]
    got = to_chat(data)
    said = chat_stream(got.wire)
    assert said.error
    assert not said.done
    assert got.head.get("error")
    assert [to_chat(data, size) for size in (1, 7)] == [got, got]


@pytest.mark.parametrize("name", GOOD)
def test_a_messages_client_gets_the_events_as_they_came(name):
    data = GOOD[name][0]
    made = context("anthropic", "anthropic", stream=True)
    got = stream(made, [data])
    parsed = [orjson.loads(line) for _, line in frames(got.wire)]
    came = [orjson.loads(line) for _, line in frames(data.replace(b"\xef\xbb\xbf", b""))]
    end = [one["type"] for one in came].index("message_stop") + 1
    assert parsed == came[:end]
    assert got.head["truncated"] is False
    assert [stream(made, cut(data, size)) for size in (1, 7)] == [got, got]


@pytest.mark.parametrize("name", GARBAGE)
def test_a_messages_client_gets_garbage_as_an_error(name):
    got = stream(context("anthropic", "anthropic", stream=True), [GARBAGE[name]])
    name, last = frames(got.wire)[-1]
    assert name == "error"
    assert orjson.loads(last)["error"]["message"]
    assert got.head.get("error")
