"""Recorded traffic of the Gemini API and of Vertex AI, against an independent reading, in and out of other dialects."""

import functools
import warnings

import orjson
import pytest
from dragoman.standins import gemini_judge

from . import reading
from .corpus import ROOT, ROWS, Row, answered, asked, load
from .driving import ALLOW, call, context, cut, frames, reply, stream
from .gemini_seen import compact, seen_as_chat
from .judging import accept_reply, fault_of, fold_chat, fold_messages
from .visible import everything_arrived, paths_exist, same

METHODS = {"generateContent", "streamGenerateContent"}


def _rows():
    index = ROOT / "index.jsonl"
    for line in index.read_bytes().splitlines() if index.is_file() else ():
        raw = orjson.loads(line)
        if raw["provider"] in ("gemini", "vertex") and raw["endpoint"] in METHODS:
            kept = not {"no-json-request", "response-only"} & set(raw["tags"])
            yield Row(raw["path"], raw["provider"], "gemini", raw["stream"], raw["status"], kept)


OURS = tuple(_rows())
CLIENTS = ("openai_chat", "anthropic", "gemini")


def each(rows, clients=None):
    if clients is None:
        return [pytest.param(row, id=str(row)) for row in rows]
    return [pytest.param(row, client, id=f"{row}-{client}") for row in rows for client in clients]


def made(row, client, **more):
    extra = {"project": "p"} if row.provider == "vertex" else {}
    body = {"contents": [{"parts": [{"text": "hi"}]}]}
    if client != "gemini":
        extra = {}
        return {**context(client, "gemini", **more), "provider": row.provider}
    told = call({**body, **more}, "gemini", row.provider, "gemini-2.5-flash", **extra)
    return told.head["context"]


# An independent reading


def chunks_of(row):
    """The chunks of a recorded answer, whatever its framing."""
    part = load(row)["response"]
    if "json" in part:
        return part["json"] if isinstance(part["json"], list) else [part["json"]]
    return [orjson.loads(data) for _, data in frames(part["text"].encode())]


def said_by(chunks):
    """What a person would say the first candidate's chunks hold."""
    said = reading.Said(done=False)
    for chunk in chunks:
        if chunk.get("error"):
            said.error = chunk["error"]
        usage = chunk.get("usageMetadata")
        if usage and "promptTokenCount" in usage:
            said.usage = usage
        blocked = (chunk.get("promptFeedback") or {}).get("blockReason")
        if blocked:
            said.finish, said.done = blocked, True
        for candidate in chunk.get("candidates") or ():
            if candidate.get("index", 0) == 0:
                candidate_says(candidate, said)
    return said


def candidate_says(candidate, said):
    for part in (candidate.get("content") or {}).get("parts") or ():
        if "text" in part:
            if part.get("thought"):
                said.thinking += part["text"]
            else:
                said.text += part["text"]
        if "functionCall" in part and "name" not in part["functionCall"]:
            for piece in part["functionCall"].get("partialArgs") or ():
                made_args = orjson.loads(said.calls[-1][2])
                key = piece["jsonPath"].removeprefix("$.")
                made_args[key] = made_args.get(key, "") + piece["stringValue"]
                said.calls[-1][2] = orjson.dumps(made_args)
        elif "functionCall" in part:
            made_call = part["functionCall"]
            said.calls.append([made_call.get("id") or "", made_call["name"], orjson.dumps(made_call.get("args") or {})])
        if part.get("thoughtSignature"):
            said.signatures.append(part["thoughtSignature"])
    if candidate.get("finishReason"):
        said.finish, said.done = candidate["finishReason"], True


def tokens(usage):
    """(read, cached, written) of the wire's usage."""
    get = usage.get
    read = (get("promptTokenCount") or 0) + (get("toolUsePromptTokenCount") or 0)
    written = (get("candidatesTokenCount") or 0) + (get("thoughtsTokenCount") or 0)
    return read, get("cachedContentTokenCount") or 0, written


FAULTS = {"MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE"}
FILTERED = {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "MODEL_ARMOR"}


def finish_for(said, client):
    if said.finish in FILTERED:
        return {"openai_chat": "content_filter", "anthropic": "refusal"}[client]
    if said.finish == "MAX_TOKENS":
        return {"openai_chat": "length", "anthropic": "max_tokens"}[client]
    if said.calls:
        return {"openai_chat": "tool_calls", "anthropic": "tool_use"}[client]
    return {"openai_chat": "stop", "anthropic": "end_turn"}[client]


def agree(said, heard, client):
    """Two readings say the same."""
    assert heard.text == said.text
    assert heard.thinking == said.thinking
    assert [(name, orjson.loads(text)) for _, name, text in heard.calls] == [
        (name, orjson.loads(text)) for _, name, text in said.calls
    ]
    ids = [call_id for call_id, _, _ in heard.calls]
    assert all(ids)
    assert len(set(ids)) == len(ids)
    assert heard.finish == finish_for(said, client)
    if said.usage:
        assert reading.tokens(heard.usage, client) == tokens(said.usage)


# Answers

PLAIN = [row for row in OURS if row.status == 200 and not row.stream]
STREAMS = [row for row in OURS if row.status == 200 and row.stream and "text" in load(row)["response"]]


def is_answer(row):
    """A few recordings are of other methods, such as batches."""
    body = load(row)["response"].get("json")
    return not isinstance(body, dict) or "metadata" not in body


PLAIN = [row for row in PLAIN if is_answer(row)]


@pytest.mark.parametrize(("row", "client"), each(PLAIN, ("openai_chat", "anthropic")))
def test_a_reply_says_the_same(row, client):
    said, told = said_by(chunks_of(row)), reply(made(row, client), answered(row))
    if said.finish in FAULTS:
        assert told.status == 502
        return
    assert told.status == 200, told.body
    agree(said, reading.REPLY[client](told.body), client)
    accept_reply({key: value for key, value in told.body.items() if key != "service_tier"}, client)


@pytest.mark.parametrize("row", each(PLAIN))
def test_a_reply_passes_to_its_own_dialect_as_it_is(row):
    told = reply(made(row, "gemini"), answered(row))
    assert (told.status, told.body) == (200, orjson.loads(answered(row)))


@functools.lru_cache(maxsize=8)
def streamed(row, client):
    return stream(made(row, client, stream=True), [answered(row)])


@pytest.mark.parametrize(("row", "client"), each(STREAMS, CLIENTS))
def test_the_cut_of_a_stream_changes_nothing(row, client):
    data, whole = answered(row), streamed(row, client)
    for size in (1, 7) if len(data) <= 6000 else (97,):
        assert stream(made(row, client, stream=True), cut(data, size)) == whole


@pytest.mark.parametrize(("row", "client"), each(STREAMS, ("openai_chat", "anthropic")))
def test_a_stream_says_the_same(row, client):
    said, got = said_by(chunks_of(row)), streamed(row, client)
    heard = reading.STREAM[client](got.wire)
    if said.error or said.finish is None:
        assert heard.error
        return
    assert heard.done
    agree(said, heard, client)
    if client == "openai_chat":
        folded = fold_chat(got.wire).choices[0].message
        assert (folded.content or "") == said.text
    else:
        fold_messages(got.wire)


@pytest.mark.parametrize("row", each(STREAMS))
def test_a_stream_passes_to_its_own_dialect_as_it_is(row):
    got = streamed(row, "gemini")
    assert [orjson.loads(data) for _, data in frames(got.wire)] == chunks_of(row)


@pytest.mark.parametrize("row", each(STREAMS))
def test_a_stream_is_one_array_where_that_is_asked_for(row):
    notes = {**made(row, "gemini", stream=True), "stream_form": "array"}
    assert orjson.loads(stream(notes, cut(answered(row), 50)).wire) == chunks_of(row)


@pytest.mark.parametrize(("row", "client"), each(STREAMS, CLIENTS))
def test_a_cut_stream_ends_with_an_error(row, client):
    if said_by(chunks_of(row)).error:
        return
    data = answered(row)
    end = data.find(b"finishReason")
    if data.find(b"blockReason") >= 0:
        return
    for at in {end, end // 2, 0}:
        got = stream(made(row, client, stream=True), [data[:at]])
        assert got.head["truncated"] is True
        last = orjson.loads(frames(got.wire)[-1][1])
        assert last["error"]["message"]


ERRORS = [row for row in OURS if row.status >= 400]


@pytest.mark.parametrize(("row", "client"), each(ERRORS, CLIENTS))
def test_an_error_keeps_its_class_and_its_words(row, client):
    response = load(row)["response"]
    told = reply(made(row, client), answered(row), row.status, response["headers"])
    assert told.status // 100 == row.status // 100
    assert told.body["error"]["message"]
    body = response.get("json")
    body = body[0] if isinstance(body, list) else body
    if body:
        assert body["error"]["message"] in told.body["error"]["message"]


# Requests

GOOD = [row for row in OURS if row.status == 200 and row.kept and "contents" in (asked(row) or {})]


def head_of(row):
    return {"project": "p"} if row.provider == "vertex" else {}


@pytest.mark.parametrize("row", each(GOOD))
def test_a_request_reaches_its_own_dialect_as_it_was(row):
    body = asked(row)
    told = call(body, "gemini", row.provider, load(row)["model"] or "gemini-2.5-flash", **head_of(row))
    assert told.status == 200, told.body
    same({key: value for key, value in body.items() if key != "model"}, told.body)


TEXTS = ("gpt-5.2", "claude-sonnet-4-5", "claude-opus-5-5")


@pytest.mark.parametrize("row", each(GOOD))
def test_a_request_reaches_other_providers(row):
    body = asked(row)
    for model in TEXTS:
        provider = "openai" if model.startswith("gpt") else "anthropic"
        for policy in ({}, {"on_loss": ALLOW}):
            told = call(body, "gemini", provider, model, **policy)
            assert told.status in (200, 400), told.body
            if told.status == 400:
                assert told.error["status"] == "INVALID_ARGUMENT"
                assert told.error["message"]
                continue
            paths_exist(told.losses, body)
            assert fault_of(told.raw, told.head["context"]["dialect"]) is None


FOREIGN = [row for row in ROWS if row.status == 200 and row.kept]
GEMINIS = ("gemini-2.5-flash", "gemini-2.5-pro", "gemini-3.5-flash", "gemini-4-argon")


@pytest.mark.parametrize("row", each(FOREIGN))
def test_requests_of_other_dialects_reach_gemini(row):
    body = asked(row)
    for model, policy in ((GEMINIS[0], {}), *((model, {"on_loss": ALLOW}) for model in GEMINIS)):
        told = call(body, row.dialect, "gemini", model, **policy)
        assert told.status in (200, 400), told.body
        if told.status == 400:
            assert told.error["message"]
            assert told.error["type"] == "invalid_request_error"
            continue
        paths_exist(told.losses, body)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert gemini_judge.fault(told.body) is None
        if policy:
            continue
        everything_arrived(compact(body), row.dialect, seen_as_chat(told))


def test_there_are_recordings():
    assert len(PLAIN) > 100
    assert len(STREAMS) > 50
    assert len(GOOD) > 100
