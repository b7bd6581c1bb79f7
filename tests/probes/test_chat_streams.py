"""Odd chat streams to a Messages client, and relayed to a chat client."""

import orjson
import pytest

from ..recordings.driving import context, cut, frames, stream
from ..recordings.judging import fold_chat, fold_messages
from ..recordings.reading import chat_stream, messages_stream
from .chat_streams import DONE, ENVELOPE, ROLE, TOKENS, begun, chunk, frame, piece, usage

HI = ROLE + chunk({"content": "Hel"}) + chunk({"content": "lo"})
FULL = HI + chunk(finish="stop") + usage() + DONE
F = ("f", {})


def to_messages(data, size=None, provider="openai_compatible"):
    return stream(context("anthropic", provider, stream=True), cut(data, size) if size else [data])


def to_chat(data, size=None, provider="openai_compatible"):
    return stream(context("openai_chat", provider, stream=True), cut(data, size) if size else [data])


GOOD = {
    "plain": (FULL, "Hello", "", [], "end_turn", (10, 20)),
    "no usage": (HI + chunk(finish="stop") + DONE, "Hello", "", [], "end_turn", None),
    "usage in the finish chunk": (HI + chunk(finish="stop", usage=TOKENS) + DONE, "Hello", "", [], "end_turn", (10,
        20)),
    "usage before the finish": (HI + usage() + chunk(finish="stop") + DONE, "Hello", "", [], "end_turn", (10, 20)),
    "usage in every chunk": (
        ROLE + chunk({"content": "Hello"}, usage={**TOKENS, "completion_tokens": 1, "total_tokens": 11})
        + chunk(finish="stop", usage=TOKENS) + DONE, "Hello", "", [], "end_turn", (10, 20)),
    "usage twice": (HI + chunk(finish="stop", usage=TOKENS) + usage() + DONE, "Hello", "", [], "end_turn", (10, 20)),
    "usage under x_groq": (
        HI + chunk(finish="stop", x_groq={"id": "r", "usage": TOKENS}) + DONE, "Hello", "", [], "end_turn", (10, 20)),
    "two finish chunks": (HI + chunk(finish="stop") + chunk(finish="stop", usage=TOKENS) + DONE,
                          "Hello", "", [], "end_turn", (10, 20)),
    "finish with the last text": (
        ROLE + chunk({"content": "Hello"}, finish="stop") + usage() + DONE, "Hello", "", [], "end_turn", (10, 20)),
    "a first chunk without choices": (
        frame({**ENVELOPE, "id": "", "model": "", "choices": [], "prompt_filter_results": []}) + FULL,
        "Hello", "", [], "end_turn", (10, 20)),
    "a choice without a delta": (
        ROLE + frame({**ENVELOPE, "choices": [{"index": 0, "finish_reason": None}]}) + chunk({"content": "Hello"})
        + chunk(finish="stop") + usage() + DONE, "Hello", "", [], "end_turn", (10, 20)),
    "no done": (HI + chunk(finish="stop") + usage(), "Hello", "", [], "end_turn", (10, 20)),
    "role in every delta": (
        b"".join(chunk({"role": "assistant", "content": text}) for text in ("Hel", "lo")) + chunk(finish="stop")
        + usage()
        + DONE, "Hello", "", [], "end_turn", (10, 20)),
    "no role": (chunk({"content": "Hello"}) + chunk(finish="stop") + usage() + DONE, "Hello", "", [], "end_turn",
        (10, 20)),
    "content null": (
        chunk({"role": "assistant", "content": None, "reasoning_content": "hm"}) + chunk({"content": "Hello"})
        + chunk({"content": None}) + chunk(finish="stop") + usage() + DONE, "Hello", "hm", [], "end_turn", (10, 20)),
    "reasoning by its other name": (
        ROLE + chunk({"reasoning": "hm"}) + chunk({"content": "Hello"}) + chunk(finish="stop") + usage() + DONE,
        "Hello", "hm", [], "end_turn", (10, 20)),
    "call in the role chunk": (
        chunk({"role": "assistant", "content": None, **begun(0, "a")}) + chunk(piece(0, "{}"))
        + chunk(finish="tool_calls") + usage() + DONE, "", "", [F], "tool_use", (10, 20)),
    "a whole call in one delta": (
        ROLE + chunk(begun(0, "a", arguments='{"x":1}')) + chunk(finish="tool_calls") + usage() + DONE,
        "", "", [("f", {"x": 1})], "tool_use", (10, 20)),
    "two whole calls in one delta": (
        ROLE + chunk({"tool_calls": [*begun(0, "a", arguments="{}")["tool_calls"],
                                     *begun(1, "b", arguments='{"x":1}')["tool_calls"]]})
        + chunk(finish="tool_calls") + usage() + DONE, "", "", [F, ("f", {"x": 1})], "tool_use", (10, 20)),
    "calls in the finish chunk": (
        ROLE + chunk(begun(0, "a", arguments="{}"), finish="tool_calls", usage=TOKENS) + DONE,
        "", "", [F], "tool_use", (10, 20)),
    "two calls in pieces": (
        ROLE + chunk(begun(0, "a")) + chunk(piece(0, '{"x"')) + chunk(piece(0, ":1}")) + chunk(begun(1, "b"))
        + chunk(piece(1, "{}")) + chunk(finish="tool_calls") + usage() + DONE,
        "", "", [("f", {"x": 1}), F], "tool_use", (10, 20)),
    "id and name repeated empty": (
        ROLE + chunk(begun(0, "a")) + chunk({"tool_calls": [
            {"index": 0, "id": "", "type": "function", "function": {"name": "", "arguments": "{}"}}]})
        + chunk(finish="tool_calls") + usage() + DONE, "", "", [F], "tool_use", (10, 20)),
    "call without arguments": (
        ROLE + chunk(begun(0, "a")) + chunk(finish="tool_calls") + usage() + DONE, "", "", [F], "tool_use", (10, 20)),
    "call that ends with stop": (
        ROLE + chunk(begun(0, "a", arguments="{}")) + chunk(finish="stop") + usage() + DONE,
        "", "", [F], "tool_use", (10, 20)),
    "text and call": (
        HI + chunk(begun(0, "a", arguments="{}")) + chunk(finish="tool_calls") + usage() + DONE,
        "Hello", "", [F], "tool_use", (10, 20)),
    "length": (HI + chunk(finish="length") + usage() + DONE, "Hello", "", [], "max_tokens", (10, 20)),
    "content_filter": (HI + chunk(finish="content_filter") + usage() + DONE, "Hello", "", [], "refusal", (10, 20)),
    "an unknown reason": (HI + chunk(finish="eos") + usage() + DONE, "Hello", "", [], "end_turn", (10, 20)),
    "obfuscated": (
        ROLE + chunk({"content": "Hello"}, obfuscation="xyz") + chunk(finish="stop", obfuscation="x")
        + usage(obfuscation="y") + DONE, "Hello", "", [], "end_turn", (10, 20)),
    "keep-alives": (b": PROCESSING\n\n" + FULL.replace(b"data:", b": x\n\ndata:"), "Hello", "", [], "end_turn", (10,
        20)),
    "crlf": (FULL.replace(b"\n", b"\r\n"), "Hello", "", [], "end_turn", (10, 20)),
    "no space after data": (FULL.replace(b"data: ", b"data:"), "Hello", "", [], "end_turn", (10, 20)),
    "event lines": (FULL.replace(b"data: {", b"event: message\ndata: {"), "Hello", "", [], "end_turn", (10, 20)),
    "unknown keys": (
        ROLE + chunk({"content": "Hello", "mood": "good"}, service="x") + chunk(finish="stop") + usage() + DONE,
        "Hello", "", [], "end_turn", (10, 20)),
    "after done": (FULL + HI, "Hello", "", [], "end_turn", (10, 20)),
    "nothing said": (ROLE + chunk(finish="stop") + usage() + DONE, "", "", [], "end_turn", (10, 20)),
    "xai counts": (
        HI + chunk(finish="stop") + frame({**ENVELOPE, "choices": [], "usage": {
            "prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 35,
            "completion_tokens_details": {"reasoning_tokens": 20}}}) + DONE, "Hello", "", [], "end_turn", (10, 25)),
    "two choices": (
        ROLE + chunk({"role": "assistant"}, index=1) + chunk({"content": "Hello"}) + chunk({"content": "Bye"}, index=1)
        + chunk(finish="stop") + chunk(finish="length", index=1) + usage() + DONE,
        "Hello", "", [], "end_turn", (10, 20)),
    "content as a list": (
        ROLE + chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]})
        + chunk({"content": "Hello"}) + chunk(finish="stop") + usage() + DONE, "Hello", "hm", [], "end_turn", (10, 20)),
    "arguments null": (
        ROLE + chunk(begun(0, "a", arguments="null")) + chunk(finish="tool_calls") + usage() + DONE,
        "", "", [F], "tool_use", (10, 20)),
    "call without an index": (
        ROLE + chunk({"tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}]})
        + chunk(finish="tool_calls") + usage() + DONE, "", "", [F], "tool_use", (10, 20)),
    "index from one": (
        ROLE + chunk(begun(1, "a", arguments="{}")) + chunk(finish="tool_calls") + usage() + DONE,
        "", "", [F], "tool_use", (10, 20)),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_whole_stream_to_a_messages_client(name):
    data, words, thinking, calls, reason, counted = GOOD[name]
    got = to_messages(data)
    said = messages_stream(got.wire)
    assert (said.text, said.thinking, said.parsed_calls()) == (words, thinking, calls)
    assert said.finish == reason
    assert said.done
    assert not said.error
    assert got.head["truncated"] is False
    if counted:
        assert (said.usage["input_tokens"], said.usage["output_tokens"]) == counted
    folded = fold_messages(got.wire)
    assert [block.input for block in folded.content if block.type == "tool_use"] == [given for _, given in calls]
    assert all(block.text for block in folded.content if block.type == "text")
    kinds = [kind for kind, _ in frames(got.wire)]
    assert kinds.count("message_delta") == kinds.count("message_stop") == kinds.count("message_start") == 1


@pytest.mark.parametrize("name", GOOD)
def test_a_whole_stream_to_a_chat_client(name):
    data, words, thinking, calls, _, counted = GOOD[name]
    got = to_chat(data)
    said = chat_stream(got.wire)
    assert (said.text, said.thinking, said.parsed_calls()) == (words, thinking, calls)
    assert said.done
    assert got.head["truncated"] is False
    chunks = [orjson.loads(line) for _, line in frames(got.wire) if line != "[DONE]"]
    counts = [one["usage"] for one in chunks if one.get("usage")]
    assert len(counts) == (1 if counted else 0)
    if counted:
        assert chunks[-1]["choices"] == []
        assert (counts[0]["prompt_tokens"], counts[0]["completion_tokens"], counts[0]["total_tokens"]) == (
            *counted, sum(counted),
        )  # fmt: skip
    folded = fold_chat(got.wire)
    message = folded.choices[0].message
    assert message.role == "assistant"
    assert (message.content or "") == words
    assert [one.index for one in message.tool_calls or ()] == list(range(len(calls)))
    assert b"obfuscation" not in got.wire


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("name", GOOD)
def test_the_cut_changes_nothing(name, size):
    data = GOOD[name][0]
    assert to_messages(data, size) == to_messages(data)
    assert to_chat(data, size) == to_chat(data)


def test_usage_only_when_asked():
    from ..recordings.driving import call

    plain = {"model": "m", "messages": [{"role": "user", "content": "x"}], "stream": True}
    made = call(plain, "openai_chat", "openai", "gpt-4.1").head["context"]
    for name in ("plain", "usage in the finish chunk", "usage in every chunk", "usage under x_groq", "usage twice"):
        got = stream(made, [GOOD[name][0]])
        chunks = [orjson.loads(line) for _, line in frames(got.wire) if line != "[DONE]"]
        assert not any(one.get("usage") for one in chunks), name
        assert all(one["choices"] for one in chunks), name
        assert got.head["usage"]["prompt"] == 10, name


BROKEN = {
    "in the text": HI,
    "in a call": ROLE + chunk(begun(0, "a")) + chunk(piece(0, '{"x')),
    "after usage": HI + usage(),
    "nothing": b"",
    "comments": b": x\n\n",
    "half a frame": HI + chunk({"content": "more"})[:-9],
    "html": b"<html>\n\nbad gateway</html>",
    "garbage": HI + b"data: {nope}\n\n" + DONE,
    "a list": HI + b"data: []\n\n",
    "an error in a chunk": HI + frame({"error": {"message": "Sorry.", "type": "server_error", "code": "x"}}) + DONE,
    "an error with a chunk around": HI
    + frame({**ENVELOPE, "choices": [], "error": {"message": "Sorry.", "code": 502}}),
    "an error event": HI + b"event: error\n" + frame({"error": {"message": "Sorry.", "status_code": 400}}),
    "an error as a string": HI + frame({"error": "Sorry."}),
    "an error first": frame({"error": {"message": "Sorry.", "type": "x", "code": "y"}}),
    "an error after the finish": HI + chunk(finish="error") + frame({"error": {"message": "Sorry.", "code": 500}}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_stream(name):
    data = BROKEN[name]
    for to, read in ((to_messages, messages_stream), (to_chat, chat_stream)):
        got = to(data)
        said = read(got.wire)
        assert said.error
        assert said.error["message"]
        assert not said.done
        assert got.head["error"]["message"]
        assert "Sorry" not in data.decode() or "Sorry." in said.error["message"]
        if "Sorry" not in data.decode() and name not in ("garbage", "a list", "html"):
            assert got.head["truncated"] is True
        assert [to(data, size) for size in (1, 7)] == [got, got]


def test_a_refusal_in_deltas():
    data = ROLE + chunk({"refusal": "I "}) + chunk({"refusal": "won't."}) + chunk(finish="stop") + usage() + DONE
    heard = chat_stream(to_chat(data).wire)
    assert heard.refusal == "I won't."
    assert heard.finish == "stop"
    said = messages_stream(to_messages(data).wire)
    assert said.finish in ("refusal", "end_turn")
    assert "I won't." in (said.text, said.refusal)
