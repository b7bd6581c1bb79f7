"""Recorded Converse traffic to clients of every dialect, and everybody's traffic to Bedrock and to its clients."""

import base64
import functools
from urllib.parse import unquote

import attrs
import orjson
import pytest
from botocore.eventstream import EventStream, EventStreamBuffer
from botocore.parsers import EventStreamJSONParser
from dragoman.standins import bedrock_judge

from .corpus import ROOT, ROWS, answered, asked, is_sse, singles
from .driving import ALLOW, call, cut, reply, stream
from .judging import accept_reply, fault_of, fold_chat, fold_messages
from .reading import REPLY, STREAM, arguments_of
from .visible import covered, media, paths_exist, same, strings, texts, tools

MODELS = (
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "us.anthropic.claude-opus-4-8", "eu.anthropic.claude-opus-5-5",
    "us.amazon.nova-2-lite-v1:0", "us.amazon.nova-pro-v1:0", "openai.gpt-oss-120b-1:0", "deepseek.v3-v1:0",
)  # fmt: skip
REGION = {"region": "us-east-1"}


@attrs.frozen
class Exchange:
    """One recorded exchange with Converse or ConverseStream."""

    path: str
    status: int
    stream: bool

    def __str__(self) -> str:
        return self.path.removesuffix(".json")


def _exchanges():
    index = ROOT / "index.jsonl"
    rows = [orjson.loads(line) for line in index.read_bytes().splitlines()] if index.is_file() else []
    mine = [row for row in rows if row["provider"] == "bedrock" and row["endpoint"] in ("converse", "converse-stream")]
    return [Exchange(row["path"], row["status"], row["stream"]) for row in mine]


EXCHANGES = _exchanges()
GOOD = [row for row in EXCHANGES if row.status == 200]
PLAIN = [row for row in GOOD if not row.stream]
STREAMS = [row for row in GOOD if row.stream]
ERRORS = [row for row in EXCHANGES if row.status >= 400]


@functools.lru_cache(maxsize=32)
def load(row):
    return orjson.loads((ROOT / row.path).read_bytes())


def asked_of(row):
    """The recorded body, and the model of the address."""
    request = load(row)["request"]
    body = request.get("json") if request else None
    return body, unquote(request["url"].split("/model/")[1].rpartition("/")[0]) if request else None


def data_of(row):
    part = load(row)["response"]
    return orjson.dumps(part["json"]) if "json" in part else base64.b64decode(part.get("base64", ""))


ASKED = [row for row in GOOD if asked_of(row)[0] is not None]


@pytest.mark.parametrize("row", singles(ASKED))
def test_bedrock_gets_the_request_of_its_own_client_as_it_was(row):
    body, model = asked_of(row)
    told = call(body, "bedrock", "bedrock", model, stream=row.stream, on_loss=ALLOW, **REGION)
    assert told.status == 200, told.body
    # Some recorders decoded the address.
    wanted = load(row)["request"]["url"].split("/model/")[1]
    assert unquote(told.head["url"].split("/model/")[1]) == unquote(wanted)
    if told.losses:
        paths_exist(told.losses, body)
    else:
        same(body, told.body)


@pytest.mark.parametrize("row", singles(ASKED))
@pytest.mark.parametrize(("to", "model"), [("openai", "gpt-4.1"), ("anthropic", "claude-sonnet-4-5")])
def test_a_converse_request_reaches_another_provider(row, to, model):
    body, _ = asked_of(row)
    told = call(body, "bedrock", to, model, on_loss=ALLOW)
    assert told.status in (200, 400), told.body
    if told.status == 400:
        assert told.body["message"]
        return
    paths_exist(told.losses, body)
    assert fault_of(told.raw, told.head["context"]["dialect"]) is None
    said = "\x00".join(strings(told.body))
    for message in body["messages"]:
        for block in message["content"]:
            assert block.get("text", "").strip() in said
    for tool in (body.get("toolConfig") or {}).get("tools", ()):
        if "toolSpec" in tool:
            assert tool["toolSpec"]["name"] in said


@pytest.mark.parametrize("row", singles(row for row in ROWS if row.status == 200 and row.kept))
def test_everybodys_request_reaches_bedrock(row):
    body = asked(row)
    for number, model in enumerate(MODELS):
        if (len(row.path) + number) % 2:
            # Each of the models for half of the requests is enough.
            continue
        told = call(body, row.dialect, "bedrock", model, on_loss=ALLOW, **REGION)
        assert told.status in (200, 400), told.body
        if told.status == 400:
            assert told.error["type"] == "invalid_request_error"
            continue
        paths_exist(told.losses, body)
        assert bedrock_judge.request_fault("Converse", told.body) is None
        arrived(body, told)


def arrived(body, told):
    """Texts, media and tools are in the native body, or lost with a note."""
    said = "\x00".join(strings(told.body))
    lost = {text for at, text in texts(body) if covered(at, told.losses)}
    for at, text in texts(body):
        assert not text.strip() or text in said or text in lost or encoded(text) in said, at
    for at, name in media(body):
        gone = name.startswith(("http://", "https://")) or covered(at, told.losses)
        # Plain text goes as bytes, and redacted reasoning is base64 of what the vendor's own API says.
        assert gone or name in said or encoded(name) in said, at
    names = told.head["context"].get("names", {}).values()
    for at, (name, _, _) in tools(body):
        if name == "web_search" and "nova_grounding" in said:
            continue
        lossy = covered(at, told.losses) or covered("/tool_choice", told.losses)
        assert name in said or name in names or lossy, at


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def context(client, *, streams=False):
    messages = [{"role": "user", "content": "hi"}]
    body = {"model": "m", "max_tokens": 9, "messages": messages}
    if client == "bedrock":
        body = {"messages": [{"role": "user", "content": [{"text": "hi"}]}]}
    if streams and client == "openai_chat":
        body["stream_options"] = {"include_usage": True}
    head = {"stream": streams, "on_loss": ALLOW, **REGION}
    made = call(body, client, "bedrock", "us.amazon.nova-pro-v1:0", **head).head["context"]
    return {**made, "cite": True}


def said_in(blocks):
    """Text, calls and reasoning of Converse blocks; server tools are none of the client's."""
    text = "".join(
        block.get("text") or "".join(item["text"] for item in block.get("citationsContent", {}).get("content", ()))
        for block in blocks
    )
    calls = [
        (block["toolUse"]["name"], block["toolUse"]["input"])
        for block in blocks
        if "toolUse" in block and block["toolUse"].get("type") != "server_tool_use"
    ]
    thoughts = [
        block["reasoningContent"].get("reasoningText", {}).get("text", "")
        for block in blocks
        if "reasoningContent" in block
    ]
    return text, calls, "".join(thought for thought in thoughts if thought != "[REDACTED]")


FINISH = {
    "end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "tool_calls",
    "guardrail_intervened": "content_filter",
}  # fmt: skip


@pytest.mark.parametrize("row", singles(PLAIN))
def test_a_reply_says_the_same_to_every_client(row):
    recorded = orjson.loads(data_of(row))
    text, calls, thoughts = said_in(recorded["output"]["message"]["content"])
    usage = recorded["usage"]
    for client in ("openai_chat", "anthropic"):
        told = reply(context(client), data_of(row))
        assert told.status == 200, told.body
        accept_reply(told.body, client)
        heard = REPLY[client](told.body)
        assert (heard.text, heard.parsed_calls(), heard.thinking) == (text, calls, thoughts)
        finish = FINISH[recorded["stopReason"]]
        assert told.head["finish_reason"] == ("tool_calls" if calls and finish == "stop" else finish)
        assert told.head["usage"]["total"] == usage["totalTokens"]
    assert reply(context("bedrock"), data_of(row)).body == recorded


def events(wire):
    """A stream's events by the official SDK's parser."""

    class Raw:
        def stream(self):
            yield wire

        def close(self):
            pass

    shape = bedrock_judge.service().operation_model("ConverseStream").get_event_stream_output()
    return list(EventStream(Raw(), shape, EventStreamJSONParser(), "ConverseStream"))


def folded(wire):
    """Text, calls, reasoning, stop reason and usage of a ConverseStream."""
    blocks, ends = {}, {}
    for item in events(wire):
        ((kind, payload),) = item.items()
        if kind == "contentBlockStart":
            blocks[payload["contentBlockIndex"]] = {"start": payload["start"], "text": "", "thought": ""}
        elif kind == "contentBlockDelta":
            block = blocks.setdefault(payload["contentBlockIndex"], {"start": {}, "text": "", "thought": ""})
            delta = payload["delta"]
            block["text"] += delta.get("text") or (delta.get("toolUse") or {}).get("input") or ""
            block["thought"] += (delta.get("reasoningContent") or {}).get("text") or ""
        elif kind in ("messageStop", "metadata"):
            ends |= payload
    text = "".join(block["text"] for block in blocks.values() if not block["start"])
    mine = [block for block in blocks.values() if "toolUse" in block["start"]]
    calls = [
        (block["start"]["toolUse"]["name"], arguments_of(block["text"]))
        for block in mine
        if block["start"]["toolUse"].get("type") != "server_tool_use"
    ]
    thoughts = "".join(block["thought"] for block in blocks.values() if block["thought"] != "[REDACTED]")
    return text, calls, thoughts, ends


@pytest.mark.parametrize("row", singles(STREAMS))
@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
def test_a_stream_says_the_same_however_it_is_cut(row, client):
    data, made = data_of(row), context(client, streams=True)
    got = stream(made, [data])
    sizes = (1, 7) if len(data) < 6_000 else (7,) if len(data) < 60_000 else (97,)
    assert all(stream(made, cut(data, size)) == got for size in sizes)
    text, calls, thoughts, ends = folded(data)
    heard = STREAM[client](got.wire)
    assert (heard.text, heard.parsed_calls(), heard.thinking) == (text, calls, thoughts)
    assert heard.done
    assert got.head["usage"]["total"] == ends["usage"]["totalTokens"]
    assert got.head["finish_reason"] == ("tool_calls" if calls else FINISH[ends["stopReason"]])
    if client == "openai_chat":
        assert fold_chat(got.wire).choices[0].message.content in (text, text or None)
    else:
        assert "".join(block.text for block in fold_messages(got.wire).content if block.type == "text") == text


@pytest.mark.parametrize("row", singles(STREAMS))
def test_a_stream_to_its_own_client_is_the_same_bytes(row):
    data, made = data_of(row), context("bedrock", streams=True)
    got = stream(made, [data])
    assert got.wire == data
    assert stream(made, cut(data, 97)) == got
    assert got.head["usage"]["total"] == folded(data)[3]["usage"]["totalTokens"]


def frames_of(data):
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return [message.prelude.total_length for message in buffer]


@pytest.mark.parametrize("row", singles(STREAMS))
@pytest.mark.parametrize("client", ["openai_chat", "anthropic", "bedrock"])
def test_a_broken_stream_ends_with_an_error(row, client):
    data, made = data_of(row), context(client, streams=True)
    lengths = frames_of(data)
    whole = sum(lengths[:-2])
    for end in sorted({whole * part // 10 for part in (0, 1, 5, 9)} | {whole - 1, whole, whole + 20, len(data) - 1}):
        got = stream(made, [data[:end]])
        assert got.head["truncated"] is True, end
        if client == "bedrock":
            with pytest.raises(Exception, match="ended before it was complete"):
                events(got.wire)
        else:
            heard = STREAM[client](got.wire)
            assert heard.error
            assert not heard.done


@pytest.mark.parametrize("row", singles(STREAMS))
def test_any_flipped_bit_is_an_error(row):
    data = data_of(row)
    for place in (5, 11, len(data) // 2, len(data) - 3):
        broken = bytearray(data)
        broken[place] ^= 4
        got = stream(context("openai_chat", streams=True), [bytes(broken)])
        assert got.head.get("error") or got.head["truncated"]
        assert stream(context("openai_chat", streams=True), cut(bytes(broken), 7)) == got


@pytest.mark.parametrize("row", singles(ERRORS))
def test_an_error_is_told_to_every_client(row):
    response = load(row)["response"]
    for client in ("openai_chat", "anthropic", "bedrock"):
        told = reply(context(client), data_of(row), row.status, response["headers"])
        word = response["headers"].get("x-amzn-errortype", "").partition(":")[0]
        message = response["json"]["message"]
        if client == "bedrock":
            assert told.status == row.status
            assert told.body == response["json"]
            assert not word or told.head["headers"]["x-amzn-errortype"] == word
            continue
        assert message in told.body["error"]["message"]
        assert told.status == (401 if word == "UnrecognizedClientException" else row.status)
        if client == "openai_chat" and word:
            assert told.body["error"]["code"] == word


OTHERS = [row for row in ROWS if row.status == 200]


def others_context(row, *, streams):
    body = {"messages": [{"role": "user", "content": [{"text": "hi"}]}]}
    return call(body, "bedrock", row.target, "m", stream=streams, on_loss=ALLOW).head["context"]


@pytest.mark.parametrize("row", singles(row for row in OTHERS if not row.stream))
def test_everybodys_reply_is_one_for_a_converse_client(row):
    recorded = orjson.loads(answered(row))
    told = reply(others_context(row, streams=False), answered(row))
    if "choices" not in recorded and "content" not in recorded:
        assert told.status >= 400
        return
    said = REPLY[row.dialect](recorded)
    assert bedrock_judge.shape_fault("ConverseResponse", told.body) is None
    text, calls, thoughts = said_in(told.body["output"]["message"]["content"])
    assert text in (said.text, said.text + said.refusal)
    assert thoughts == said.thinking
    assert [name for name, _ in calls] == [name for name, _ in said.parsed_calls()]


@pytest.mark.parametrize("row", singles(row for row in OTHERS if row.stream and is_sse(row)))
def test_everybodys_stream_is_one_for_a_converse_client(row):
    said = STREAM[row.dialect](answered(row))
    made = others_context(row, streams=True)
    got = stream(made, [answered(row)])
    assert stream(made, cut(answered(row), 97)) == got
    if said.error or said.finish is None:
        with pytest.raises(Exception, match="An error occurred"):
            events(got.wire)
        return
    text, calls, thoughts, ends = folded(got.wire)
    assert text in (said.text, said.text + said.refusal)
    assert thoughts == said.thinking
    assert [name for name, _ in calls] == [name for name, _ in said.parsed_calls()]
    assert ends["usage"]["totalTokens"] == (got.head["usage"] or {"total": 0})["total"]


def test_there_are_recordings():
    assert len(PLAIN) > 100
    assert len(STREAMS) > 30
    assert len(ERRORS) > 10
