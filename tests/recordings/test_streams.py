"""Every recorded stream to either client: any cut of its bytes, an independent reading, the SDKs' folds."""

import functools

import orjson
import pytest

from .corpus import ROWS, answered, asked, cases, is_sse, singles
from .driving import context, cut, frames, stream
from .judging import fold_chat, fold_messages
from .reading import STREAM, arguments_of, chat_finish, messages_finish, tokens

STREAMS = [row for row in ROWS if row.stream and row.status == 200 and is_sse(row)]
SMALL = 6_000
"""Streams up to this size are also fed byte by byte."""


def made(row, client):
    more = {}
    if client == "openai_chat" and "functions" in (asked(row) or {}):
        more["functions"] = [{"name": "f", "parameters": {"type": "object", "properties": {}}}]
    return context(client, row.target, stream=True, **more)


@functools.lru_cache(maxsize=8)
def streamed(row, client):
    return stream(made(row, client), [answered(row)])


@functools.lru_cache(maxsize=8)
def recorded(row):
    return STREAM[row.dialect](answered(row))


@pytest.mark.parametrize(("row", "client"), cases(STREAMS))
def test_the_cut_of_the_bytes_changes_nothing(row, client):
    data, whole = answered(row), streamed(row, client)
    for size in (1, 7) if len(data) <= SMALL else (7,) if len(data) <= 10 * SMALL else (97,):
        assert stream(made(row, client), cut(data, size)) == whole


@pytest.mark.parametrize(("row", "client"), cases(STREAMS))
def test_a_stream_says_the_same(row, client):
    said, got = recorded(row), streamed(row, client)
    heard = STREAM[client](got.wire)
    assert heard.text == said.text or (client == "anthropic" and heard.text == said.text + said.refusal)
    assert heard.thinking == said.thinking
    assert [name for name, _ in heard.parsed_calls()] == [name for name, _ in said.parsed_calls()]
    if not said.error:
        assert heard.parsed_calls() == said.parsed_calls()
    if client == row.dialect:
        assert heard.answers == said.answers


@pytest.mark.parametrize(("row", "client"), cases(STREAMS))
def test_a_stream_ends_the_same(row, client):
    said, got = recorded(row), streamed(row, client)
    heard = STREAM[client](got.wire)
    if said.error:
        assert said.error["message"] in heard.error["message"]
        assert not heard.done
        assert said.error["message"] in got.head["error"]["message"]
        return
    if said.finish is None:
        assert got.head["truncated"]
        assert heard.error
        return
    assert got.head["truncated"] is False
    assert heard.done
    assert not heard.error
    called = bool(said.calls)
    if client == row.dialect:
        assert heard.finish == said.finish
    elif client == "openai_chat":
        assert heard.finish == chat_finish(said.finish, called=called)
    else:
        assert heard.finish in (messages_finish(said.finish, called=called), "refusal" if said.refusal else None)
    want = tokens(said.usage, row.dialect)
    assert tokens(heard.usage, client) in (want, want or (0, 0, 0))
    if want:
        assert got.head["usage"] is not None


@pytest.mark.parametrize("row", singles(STREAMS))
def test_the_openai_client_reads_the_chunks(row):
    said, got = recorded(row), streamed(row, "openai_chat")
    if said.error or said.finish is None:
        return
    chunks = [orjson.loads(data) for _, data in frames(got.wire) if data != "[DONE]"]
    assert frames(got.wire)[-1] == (None, "[DONE]")
    assert all(chunk["object"] == "chat.completion.chunk" for chunk in chunks)
    if said.usage:
        assert chunks[-1]["choices"] == []
        assert chunks[-1]["usage"]["total_tokens"] > 0
        assert not any(chunk.get("usage") for chunk in chunks[:-1])
    folded = fold_chat(got.wire)
    message = folded.choices[0].message
    assert (message.content or "") == said.text
    assert message.role == "assistant"
    calls = [(call.function.name, arguments_of(call.function.arguments)) for call in message.tool_calls or ()]
    legacy = message.function_call
    assert (calls or ([(legacy.name, arguments_of(legacy.arguments))] if legacy else [])) == said.parsed_calls()
    assert [call.index for call in message.tool_calls or ()] == list(range(len(calls)))


@pytest.mark.parametrize("row", singles(STREAMS))
def test_the_anthropic_client_reads_the_events(row):
    said, got = recorded(row), streamed(row, "anthropic")
    if row.dialect == "anthropic":
        events = [orjson.loads(data) for _, data in frames(answered(row))]
        assert [orjson.loads(data) for _, data in frames(got.wire)] == events
        return
    if said.error or said.finish is None:
        return
    folded = fold_messages(got.wire)
    text = "".join(block.text for block in folded.content if block.type == "text")
    assert text in (said.text, said.text + said.refusal)
    calls = [(block.name, block.input) for block in folded.content if block.type == "tool_use"]
    want = said.parsed_calls()
    if said.finish == "length":
        # The last call may be a fragment, which the client completes as it likes.
        calls, want = calls[:-1], want[:-1]
    assert calls == want
    kinds = [orjson.loads(data)["type"] for _, data in frames(got.wire)]
    assert kinds[0] == "message_start"
    assert kinds[-2:] == ["message_delta", "message_stop"]
    assert kinds.count("message_delta") == 1
    assert kinds.count("content_block_start") == kinds.count("content_block_stop") == len(folded.content)


def before_the_end(row):
    """Where the bytes are cut: at fractions of what stands before the event that ends the answer."""
    data = answered(row)
    if row.dialect == "anthropic":
        end = data.rindex(b"message_stop") - len(b"event: ")
        ends = [at for at in (data.find(b"event: message_stop"), data.find(b'data: {"type":"message_stop"')) if at >= 0]
        end = min(ends, default=end)
    else:
        end = next(at for at in finishes(data))
    return sorted({end * part // 12 for part in (0, 1, 4, 7, 10, 11)} | {max(end - 1, 0), end})


def finishes(data):
    """Byte offsets of the frames with a finish reason."""
    at = 0
    for line in data.split(b"\n"):
        bare = line.strip()
        if bare.startswith(b"data:") and bare[5:].strip() != b"[DONE]":
            chunk = orjson.loads(bare[5:])
            if chunk.get("error") or any(choice.get("finish_reason") for choice in chunk.get("choices") or ()):
                yield at
        at += len(line) + 1


@pytest.mark.parametrize(("row", "client"), cases(STREAMS))
def test_a_broken_stream_ends_with_an_error(row, client):
    said = recorded(row)
    if not said.error and (said.finish is None or (not said.done and row.dialect == "anthropic")):
        return
    for at in before_the_end(row):
        got = stream(made(row, client), [answered(row)[:at]])
        heard = STREAM[client](got.wire)
        assert got.head["truncated"] is True, at
        assert heard.error, at
        assert not heard.done, at
        assert (said.text + said.refusal).startswith(heard.text)
        name, last = frames(got.wire)[-1]
        error = orjson.loads(last)["error"]
        assert error["message"]
        assert name == ("error" if client == "anthropic" else None)
