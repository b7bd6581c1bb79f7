"""spec/chat.md 9 and 10, usage, finish reasons, errors: one test a promise (usage has laws in test_laws_replies.py)."""

import orjson
import pytest
from dragoman.translate import boundary
from proof.calls import chunks, context_of, events, frames, plain_context, receive, send, stream

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


# Usage


def test_prompt_tokens_count_everything_read_and_the_cache_rides_along():
    usage = receive(CHAT, said()).body["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (1500, 80, 1580)
    assert usage["prompt_tokens_details"]["cached_tokens"] == 1200
    assert (usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]) == (1200, 250)


def test_completion_tokens_include_reasoning():
    usage = {**said()["usage"], "output_tokens_details": {"thinking_tokens": 30}}
    written = receive(CHAT, said(usage=usage)).body["usage"]
    assert written["completion_tokens"] == 80
    assert written["completion_tokens_details"]["reasoning_tokens"] == 30


def test_usage_of_a_stream_is_cumulative_and_overwrites():
    start = {"input_tokens": 10, "output_tokens": 7}
    raw = streamed(usage=start).replace(
        b'"usage":{"output_tokens":80}', b'"usage":{"input_tokens":900,"output_tokens":80}'
    )
    _, head = stream(CHAT, [raw])
    assert (head["usage"]["prompt"], head["usage"]["completion"]) == (900, 80)
    _, head = stream(CHAT, [streamed(usage=start)])
    assert (head["usage"]["prompt"], head["usage"]["completion"]) == (10, 80)


def test_usage_is_collected_though_nobody_asked():
    out, head = stream(CHAT, [streamed()])
    assert head["usage"]["total"] == 1580
    assert b'"usage"' not in out


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


def test_more_cached_than_prompt_tokens_is_never_negative():
    usage = {
        "prompt_tokens": 5,
        "completion_tokens": 1,
        "total_tokens": 6,
        "prompt_tokens_details": {"cached_tokens": 9},
    }
    reply = {
        "id": "1",
        "model": "m",
        "choices": [{"message": {"content": "A"}, "finish_reason": "stop"}],
        "usage": usage,
    }
    written = receive(MESSAGES, reply).body["usage"]
    assert (written["input_tokens"], written["cache_read_input_tokens"]) == (0, 5)


# Shape


def test_the_shape_is_openais_own():
    body = receive(CHAT, said()).body
    assert body["object"] == "chat.completion"
    assert (body["id"], body["model"], body["created"]) == ("msg_1", "claude-x", 1_795_000_000)
    assert body["choices"][0]["message"] == {"role": "assistant", "content": "A", "refusal": None}
    use = {"type": "tool_use", "id": "t", "name": "f", "input": {}}
    message = receive(CHAT, said([use], "tool_use")).body["choices"][0]["message"]
    assert message["content"] is None


def test_the_model_is_the_upstream_id_when_the_provider_tells_none():
    assert receive(CHAT, {**said(), "model": ""}).body["model"] == "claude-sonnet-4-5"


@pytest.mark.parametrize("key", ["obfuscation", "p"])
def test_padding_is_not_forwarded(key):
    raw = chunks(chunk({"role": "assistant", "content": "A"}, **{key: "xyz"}), chunk({}, "stop", **{key: "x"}))
    out, _ = stream(plain_context("openai_chat", "openai_chat"), [raw])
    assert key not in {name for item in frames(out)[:-1] for name in item}
    reply = {"id": "1", "model": "m", "p": "abc", "choices": [{"message": {"content": "A"}, "finish_reason": "stop"}]}
    assert "p" not in receive(plain_context("openai_chat", "openai_chat"), reply).body


def test_empty_and_null_calls_of_a_server_are_left_out():
    for calls in ([], None):
        message = {"role": "assistant", "content": "A", "tool_calls": calls}
        reply = {"id": "1", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        got = receive(plain_context("openai_chat", "openai_chat"), reply).body["choices"][0]["message"]
        assert got == {"role": "assistant", "content": "A", "refusal": None}


# Finish reasons


@pytest.mark.parametrize(
    ("stop", "finish"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("refusal", "content_filter"),
    ],
)
def test_stop_reasons_have_one_meaning_plain_and_streamed(stop, finish):
    assert receive(CHAT, said(stop=stop)).body["choices"][0]["finish_reason"] == finish
    out, head = stream(CHAT, [streamed(stop)])
    assert frames(out)[-2]["choices"][0]["finish_reason"] == finish
    assert head["finish_reason"] == finish


@pytest.mark.parametrize(
    ("finish", "stop"), [("stop", "end_turn"), ("length", "max_tokens"), ("content_filter", "refusal")]
)
def test_finish_reasons_become_stop_reasons(finish, stop):
    reply = {"id": "1", "model": "m", "choices": [{"message": {"content": "A"}, "finish_reason": finish}]}
    assert receive(MESSAGES, reply).body["stop_reason"] == stop
    out, _ = stream(MESSAGES, [chunks(chunk({"content": "A"}), chunk({}, finish))])
    assert frames(out)[-2]["delta"]["stop_reason"] == stop


def test_a_refusal_is_a_content_filter_with_its_words():
    details = {"type": "refusal", "category": "cyber", "explanation": "Not this."}
    choice = receive(CHAT, said([], "refusal", stop_details=details)).body["choices"][0]
    assert choice["finish_reason"] == "content_filter"
    assert choice["message"] == {"role": "assistant", "content": None, "refusal": "Not this."}


@pytest.mark.parametrize("stop", ["pause_turn", "brand_new"])
def test_an_unknown_reason_is_stop_and_kept_aside_and_reported(stop):
    got = receive(CHAT, said(stop=stop))
    choice = got.body["choices"][0]
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["provider_specific_fields"] == {"finish_reason": stop}
    assert [loss["severity"] for loss in got.head["losses"]] == ["hint"]
    out, head = stream(CHAT, [streamed(stop)])
    items = frames(out)
    assert items[-2]["choices"][0]["finish_reason"] == "stop"
    told = [choice["delta"].get("provider_specific_fields") for item in items[:-1] for choice in item["choices"]]
    assert {"finish_reason": stop} in told
    assert head["losses"] == got.head["losses"]


def test_an_unknown_reason_of_a_chat_server_is_stop_for_strict_readers():
    reply = {"id": "1", "model": "m", "choices": [{"message": {"content": "A"}, "finish_reason": "eos"}]}
    choice = receive(plain_context("openai_chat", "openai_chat"), reply).body["choices"][0]
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["provider_specific_fields"] == {"finish_reason": "eos"}


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


def test_a_stream_without_its_end_mark_but_with_a_finish_reason_is_whole():
    raw = chunks(chunk({"content": "A"}), chunk({}, "stop"), done=False)
    out, head = stream(plain_context("openai_chat", "openai_chat"), [raw])
    assert frames(out)[-1] == "[DONE]"
    assert head["truncated"] is False


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

ANTHROPIC = {
    400: ("invalid_request_error", 400, "invalid_request_error"),
    401: ("authentication_error", 401, "authentication_error"),
    403: ("permission_error", 403, "permission_error"),
    404: ("not_found_error", 404, "invalid_request_error"),
    413: ("request_too_large", 413, "invalid_request_error"),
    429: ("rate_limit_error", 429, "rate_limit_error"),
    500: ("api_error", 500, "server_error"),
    504: ("timeout_error", 504, "timeout_error"),
    529: ("overloaded_error", 503, "service_unavailable_error"),
}


@pytest.mark.parametrize("status", ANTHROPIC)
def test_errors_keep_their_class_and_carry_the_provider(status):
    kind, wanted, word = ANTHROPIC[status]
    body = {"type": "error", "error": {"type": kind, "message": "No."}, "request_id": "req_1"}
    got = receive(
        CHAT, body, status, headers={"retry-after": "7", "x-secret": "s", "anthropic-ratelimit-tokens-limit": "1"}
    )
    assert got.status == wanted
    error = got.body["error"]
    assert (error["message"], error["type"]) == ("No.", word)
    assert {"message", "type", "param", "code", "provider"} == error.keys()
    assert error["provider"] == {"name": "anthropic", "status": status, "body": body}
    assert got.head["headers"] == {"retry-after": "7", "anthropic-ratelimit-tokens-limit": "1"}


@pytest.mark.parametrize(("status", "wanted"), [(503, 529), (429, 429), (401, 401), (400, 400), (500, 500)])
def test_errors_of_openai_are_errors_for_messages_clients(status, wanted):
    got = receive(MESSAGES, {"error": {"message": "No.", "type": "x", "param": None, "code": None}}, status)
    assert got.status == wanted
    assert got.body["type"] == "error"
    assert got.body["error"]["message"] == "No."


def test_a_quota_is_told_from_a_rate_limit_and_not_retryable():
    body = {"error": {"message": "Quota", "type": "insufficient_quota", "param": None, "code": "insufficient_quota"}}
    got = receive(plain_context("openai_chat", "openai_chat"), body, 429)
    assert (got.status, got.body["error"]["code"]) == (429, "insufficient_quota")
    assert got.head["error"]["retryable"] is False
    limit = {"error": {"message": "Slow", "type": "rate_limit_error", "param": None, "code": "rate_limit_exceeded"}}
    assert receive(plain_context("openai_chat", "openai_chat"), limit, 429).head["error"]["retryable"] is True


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


def test_a_strict_client_sees_no_provider_in_an_error():
    context = context_of({"model": "m", "messages": [{"role": "user", "content": "Hi"}]}, strict_openai=True)
    assert "provider" not in receive(context, b"{}", 500).body["error"]


def test_a_reply_that_is_none_is_a_bad_gateway():
    for body in (b"", b"{}", b"[]", b"null", b'{"content":5}'):
        got = receive(CHAT, body)
        assert got.status == 502
        assert got.body["error"]["type"] == "server_error"


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
