"""Endings and errors for clients of other dialects, and in odd bytes (of chat clients: tests/spec/test_10_*)."""

import orjson
import pytest
from dragoman.translate import boundary
from proof.calls import chunks, events, frames, plain_context, receive, send, stream

TEXT = {"type": "text", "text": "A"}


def said(content=(TEXT,), stop="end_turn", **more):
    usage = {
        "input_tokens": 50,
        "cache_read_input_tokens": 1200,
        "cache_creation_input_tokens": 250,
        "output_tokens": 80,
    }
    return {"id": "msg_1", "model": "claude-x", "content": list(content), "stop_reason": stop, "usage": usage, **more}


def streamed(stop="end_turn", text="A", usage=None, **delta):
    start = {"type": "message_start", "message": {**said([]), "usage": usage or said()["usage"]}}
    return events(
        start,
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": stop, **delta}, "usage": {"output_tokens": 80}},
        {"type": "message_stop"},
    )


CHAT = plain_context("openai_chat", "anthropic")
MESSAGES = plain_context("anthropic", "openai_chat")


def chunk(delta, finish=None, **more):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "created": 5, "model": "gpt-x", "choices": [choice], **more}


def test_usage_of_a_server_is_counted_once_though_it_comes_three_times():
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    raw = chunks(
        chunk({"role": "assistant", "content": "A"}),
        chunk({}, "stop", x_groq={"usage": usage}, usage=usage),
        {**chunk({}), "choices": [], "usage": usage},
    )
    for client in ("openai_chat", "anthropic"):
        fields = {"stream_options": {"include_usage": True}} if client == "openai_chat" else {}
        out, head = stream(plain_context(client, "openai_chat", stream=True, **fields), [raw])
        assert (head["usage"]["prompt"], head["usage"]["completion"]) == (3, 2)
        if client == "openai_chat":
            assert [item["usage"] for item in frames(out)[:-1] if item.get("usage")] == [usage]


# Finish reasons


@pytest.mark.parametrize(
    ("finish", "stop"), [("stop", "end_turn"), ("length", "max_tokens"), ("content_filter", "refusal")]
)
def test_finish_reasons_become_stop_reasons(finish, stop):
    reply = {"id": "1", "model": "m", "choices": [{"message": {"content": "A"}, "finish_reason": finish}]}
    assert receive(MESSAGES, reply).body["stop_reason"] == stop
    out, _ = stream(MESSAGES, [chunks(chunk({"content": "A"}), chunk({}, finish))])
    assert frames(out)[-2]["delta"]["stop_reason"] == stop


# Streams that break


@pytest.mark.parametrize(
    ("context", "raw"),
    [
        (CHAT, streamed()[:-60]),
        (MESSAGES, chunks(chunk({"role": "assistant", "content": "A"}), done=False)),
        (plain_context("openai_chat", "openai_chat"), chunks(chunk({"content": "A"}), done=False)),
        (plain_context("anthropic", "anthropic"), streamed()[:-60]),
    ],
    ids=["to-chat", "to-messages", "chat", "messages"],
)
def test_a_stream_that_ends_early_is_an_error_without_an_end_mark(context, raw):
    out, head = stream(context, [raw])
    assert head["truncated"] is True
    last = frames(out)[-1]
    assert last["error"]["message"]
    assert (last.get("type") == "error") == (context["client"] == "anthropic")
    assert b"[DONE]" not in out
    assert b"message_stop" not in out


BUSY = {"error": {"message": "Busy", "type": "server_error", "param": None, "code": "server_error"}}


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
def test_an_error_inside_a_stream_keeps_its_words(client):
    raw = chunks(chunk({"role": "assistant", "content": "A"}), BUSY, done=False)
    out, head = stream(plain_context(client, "openai_chat"), [raw])
    assert frames(out)[-1]["error"]["message"] == "Busy"
    assert head["error"]["message"] == "Busy"
    assert b"[DONE]" not in out


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
def test_an_overload_inside_a_stream_keeps_its_kind(client):
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    raw = streamed()[: streamed().index(b"event: content_block_stop")] + events(error)
    out, head = stream(plain_context(client, "anthropic"), [raw])
    wanted = "overloaded_error" if client == "anthropic" else "service_unavailable_error"
    assert frames(out)[-1]["error"]["type"] == wanted
    assert head["error"]["kind"] == "overloaded"


def test_an_event_without_data_is_nothing():
    out, head = stream(CHAT, [b"event: ping\n\n:comment\n\nid: 5\n\n" + streamed()])
    assert head["truncated"] is False
    assert "error" not in head
    assert out == stream(CHAT, [streamed()])[0]


# Errors


@pytest.mark.parametrize(("status", "wanted"), [(503, 529), (429, 429), (401, 401), (400, 400), (500, 500)])
def test_errors_of_openai_are_errors_for_messages_clients(status, wanted):
    got = receive(MESSAGES, {"error": {"message": "No.", "type": "x", "param": None, "code": None}}, status)
    assert got.status == wanted
    assert got.body["type"] == "error"
    assert got.body["error"]["message"] == "No."


@pytest.mark.parametrize(
    "body", [b"", b"<html>busy</html>", b"null", b"[]", b'"x"', b'{"error":"text"}', b'{"detail":"gone"}']
)
@pytest.mark.parametrize("context", [CHAT, MESSAGES], ids=["anthropic", "openai"])
def test_an_error_of_any_shape_is_an_error(context, body):
    got = receive(context, body, 502)
    assert got.status == 502
    assert got.body["error"]["message"]


def test_an_error_inside_a_200_is_an_error():
    filtered = {"error": {"message": "Filtered", "code": "content_filter", "status": 400}}
    got = receive(plain_context("openai_chat", "openai_chat"), filtered)
    assert (got.status, got.body["error"]["message"]) == (400, "Filtered")


def test_errors_of_our_own_speak_the_clients_dialect():
    for client in ("openai_chat", "anthropic"):
        head = {"from": client, "status": 404, "message": "No such model.", "code": "model_not_found", "param": "model"}
        answer = boundary.error(orjson.dumps(head))
        body = orjson.loads(answer.body)
        assert answer.status == 404
        assert body["error"]["message"] == "No such model."
        assert send(b"{", client).body.keys() == body.keys()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"message": "No.", "type": "requests", "code": "rate_limit_exceeded"}, 429),
        ({"message": "No.", "type": "insufficient_quota", "code": "insufficient_quota"}, 429),
        ({"message": "No.", "type": "server_error", "code": None}, 500),
        ({"message": "No.", "type": "service_unavailable_error", "code": "server_is_overloaded"}, 503),
        ({"message": "No.", "type": "invalid_request_error", "code": "invalid_value"}, 400),
        ({"message": "No.", "type": "overloaded_error"}, 503),
        ({"message": "No.", "type": "odd"}, 502),
    ],
)
def test_an_error_inside_a_success_has_the_status_that_its_words_mean(error, status):
    context = plain_context("openai_chat", "openai_chat")
    got = receive(context, {"error": error})
    assert (got.status, got.body["error"]["message"]) == (status, "No.")
    _, pipe = boundary.open(orjson.dumps({"context": context, "status": 200}))
    pipe, _ = boundary.feed(pipe, chunks({"error": error}))
    assert boundary.failed(pipe).status == status


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_a_byte_order_mark_is_no_part_of_a_stream(size):
    data = b"\xef\xbb\xbf" + chunks(chunk({"role": "assistant", "content": "A"}), chunk({"content": "B"}, "stop"))
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    for client in ("openai_chat", "anthropic"):
        out, head = stream(plain_context(client, "openai_chat"), pieces)
        assert b'"A"' in out
        assert (head["finish_reason"], head["truncated"]) == ("stop", False)


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
@pytest.mark.parametrize("source", ["openai_chat", "openai_responses", "anthropic", "gemini"])
def test_bare_json_in_the_place_of_a_stream_is_the_error_that_it_says(client, source):
    _, pipe = boundary.open(orjson.dumps({"context": plain_context(client, source), "status": 200}))
    error = {"code": 429, "type": "rate_limit_error", "message": "Slow."}
    pipe, out = boundary.feed(pipe, orjson.dumps({"error": error}, option=orjson.OPT_INDENT_2))
    assert out == b""
    answer = boundary.failed(pipe)
    assert answer is not None
    assert (answer.status, orjson.loads(answer.body)["error"]["message"]) == (429, "Slow.")


@pytest.mark.parametrize("client", ["openai_chat", "anthropic", "openai_responses"])
@pytest.mark.parametrize("source", ["openai_responses", "anthropic"])
def test_an_error_of_the_host_inside_a_stream_needs_no_type_of_the_dialect(client, source):
    host = {"error": {"code": 429, "message": "No capacity.", "status": "RESOURCE_EXHAUSTED"}}
    out, head = stream(plain_context(client, source), [b"data: " + orjson.dumps(host) + b"\n\n"])
    assert b"No capacity." in out
    assert head["error"]["kind"] == "rate_limit"
    if client != "openai_chat":
        assert out.startswith(b"event: error\ndata: {") or b"\nevent: error\ndata: {" in out
