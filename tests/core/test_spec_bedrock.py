"""What is Bedrock's own: ends of streams, errors by header and frame, opaque reasoning between two hosts of Claude."""

import orjson
import pytest
from dragoman.translate import boundary
from dragoman.translate.framing import aws_frames
from dragoman.translate.spelling import spell, words_in
from proof import converse
from proof.calls import context_of, cut, events, frames, native, plain_context, receive, send, stream

START = converse.event("messageStart", {"role": "assistant"})
HI = converse.event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "Hi"}})
STOP = converse.event("messageStop", {"stopReason": "end_turn"})
USAGE = {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}
METADATA = converse.event("metadata", {"usage": USAGE, "metrics": {"latencyMs": 1}})


def chat(**rest):
    return plain_context("openai_chat", "bedrock", stream=True, stream_options={"include_usage": True}, **rest)


def test_usage_behind_the_stop_reason_is_waited_for():
    out, head = stream(chat(), [START, HI, STOP, METADATA])
    assert frames(out)[-1] == "[DONE]"
    assert frames(out)[-2]["usage"]["total_tokens"] == 5
    assert head["usage"]["total"] == 5
    _, pipe = boundary.open(orjson.dumps({"context": chat()}))
    for piece in (START, HI, STOP):
        pipe, _ = boundary.feed(pipe, piece)
        assert not boundary.over(pipe)
    assert boundary.over(boundary.feed(pipe, METADATA)[0])


def test_an_answer_that_told_its_end_is_whole_without_usage():
    out, head = stream(chat(), [START, HI, STOP])
    assert (frames(out)[-1], head["truncated"], head["usage"]) == ("[DONE]", False, None)


@pytest.mark.parametrize("left", [1, 11, 12, 30, -1])
def test_a_frame_that_was_cut_is_a_stream_that_was_cut(left):
    out, head = stream(chat(), [START, HI, STOP, METADATA[:left]])
    assert head["truncated"]
    assert frames(out)[-1]["error"]["code"] == "stream_truncated"


@pytest.mark.parametrize(
    ("frame", "status", "kind", "code"),
    [
        (converse.exception("throttlingException", {"message": "slow"}), 429, "rate_limit", "ThrottlingException"),
        (converse.exception("validationException", {"message": "slow"}), 400, "invalid_request", "ValidationException"),
        (
            converse.exception("modelStreamErrorException", {"message": "slow", "originalStatusCode": 500}),
            502, "server", "ModelStreamErrorException",
        ),
        (converse.exception("novelException", {"message": "slow"}), 502, "server", "NovelException"),
        (
            aws_frames.write(
                {":message-type": "error", ":error-code": "ServiceUnavailableException", ":error-message": "slow"}, b""
            ),
            503, "overloaded", "ServiceUnavailableException",
        ),
    ],
)  # fmt: skip
def test_an_error_inside_a_stream_has_a_status_when_nothing_was_said_yet(frame, status, kind, code):
    _, pipe = boundary.open(orjson.dumps({"context": chat()}))
    pipe, _ = boundary.feed(pipe, frame)
    answer = boundary.failed(pipe)
    assert answer.status == status
    assert orjson.loads(answer.head)["error"]["kind"] == kind
    error = orjson.loads(answer.body)["error"]
    assert (error["message"], error["code"]) == ("slow", code)


DOCUMENT = b'{"message":"The service is away.","__type":"com.amazon#ServiceUnavailableException"}'


@pytest.mark.parametrize("size", [1, 7, 11, 12, 13, 1000])
@pytest.mark.parametrize(("document", "status", "message"), [
    (DOCUMENT, 503, "The service is away."),
    (b'{"Message": "No such thing."}\n', 502, "No such thing."),
    (b"{}", 502, "The provider answered with status 502."),
    (b'{"message":"The servi', 502, "An event of the provider's stream is not JSON."),
    (b'{"message":"' + b"a" * 70_000 + b'"}', 502, "An event of the provider's stream is not JSON."),
])  # fmt: skip
@pytest.mark.parametrize("client", ["openai_chat", "bedrock"])
def test_an_error_told_as_json_in_a_stream_s_place_is_told_in_its_words(client, document, status, message, size):
    context = chat() if client == "openai_chat" else plain_context("bedrock", "bedrock", stream=True)
    _, pipe = boundary.open(orjson.dumps({"context": context}))
    for piece in cut(document, size if len(document) < 1000 else size * 100):
        pipe, _ = boundary.feed(pipe, piece)
    answer = boundary.failed(pipe)
    told = orjson.loads(answer.body)
    assert (answer.status, told["error"]["message"] if client == "openai_chat" else told["message"]) == (
        status,
        message,
    )


@pytest.mark.parametrize("size", [1, 13, 1000])
def test_an_error_told_as_json_behind_messages_ends_the_stream_in_its_words(size):
    out, head = stream(chat(), cut(START + HI + DOCUMENT, size))
    assert frames(out)[-1]["error"]["message"] == "The service is away."
    assert head["error"]["code"] == "ServiceUnavailableException"
    assert not head["truncated"]
    own, _ = stream(plain_context("bedrock", "bedrock", stream=True), cut(START + HI + DOCUMENT, size))
    assert own.startswith(START + HI)
    assert converse.frames(own)[-1]["error"] == {"type": "serviceUnavailableException", **orjson.loads(DOCUMENT)}


@pytest.mark.parametrize(
    ("status", "headers", "body", "told", "code"),
    [
        (400, {"x-amzn-errortype": "ValidationException:http://i/"}, {"message": "m"}, 400, "ValidationException"),
        (403, {"X-Amzn-ErrorType": "ExpiredTokenException"}, {"Message": "m"}, 401, "ExpiredTokenException"),
        (400, {}, {"__type": "com.amazon.x#ServiceQuotaExceededException", "message": "m"}, 429,
         "ServiceQuotaExceededException"),
        (424, {"x-amzn-errortype": "ModelErrorException"}, {"message": "m"}, 502, "ModelErrorException"),
        (408, {"x-amzn-errortype": "ModelTimeoutException"}, {"message": "m"}, 504, "ModelTimeoutException"),
        (429, {"x-amzn-errortype": "ModelNotReadyException"}, {"message": "m"}, 503, "ModelNotReadyException"),
        (200, {"x-amzn-errortype": "UnknownOperationException"}, {"message": "m"}, 404, "UnknownOperationException"),
        (200, {}, {"Output": {"__type": "com.amazon.coral.service#UnknownOperationException"}, "Version": "1.0"}, 404,
         "UnknownOperationException"),
        (418, {}, {"message": "m"}, 418, None),
        (500, {}, "no json", 500, None),
    ],
)  # fmt: skip
def test_an_error_is_known_by_its_type(status, headers, body, told, code):
    got = receive(chat(), body, status, headers=headers)
    assert got.status == told
    assert got.body["error"]["code"] == (code or got.body["error"]["code"])
    if status != 200 and isinstance(body, dict):
        assert got.body["error"]["message"] == "m"
        assert got.body["error"]["provider"]["body"] == body


@pytest.mark.parametrize(
    ("status", "error", "kind", "sent"),
    [
        (429, "rate_limit_error", "ThrottlingException", 429),
        (529, "overloaded_error", "ServiceUnavailableException", 503),
        (401, "authentication_error", "UnrecognizedClientException", 403),
        (404, "not_found_error", "ResourceNotFoundException", 404),
        (413, "request_too_large", "ValidationException", 400),
        (500, "api_error", "InternalServerException", 500),
    ],
)
def test_an_error_of_another_provider_has_a_type_for_a_converse_client(status, error, kind, sent):
    body = {"type": "error", "error": {"type": error, "message": "m"}}
    got = receive(plain_context("bedrock", "anthropic"), body, status)
    assert (got.status, got.body["message"], got.head["headers"]["x-amzn-errortype"]) == (sent, "m", kind)


def test_a_refusal_of_ours_is_an_error_of_aws_for_a_converse_client():
    sent = send({"messages": []}, "bedrock", "bedrock")
    assert (sent.status, sent.head["headers"]["x-amzn-errortype"]) == (400, "ValidationException")
    told = boundary.error(orjson.dumps({"from": "bedrock", "status": 404, "message": "m", "request_id": "r"}))
    headers = orjson.loads(told.head)["headers"]
    assert headers == {"x-amzn-errortype": "ResourceNotFoundException", "x-amzn-requestid": "r"}


CLAUDE_THOUGHTS = [
    {"type": "thinking", "thinking": "hm", "signature": "c2ln"},
    {"type": "redacted_thinking", "data": "EuYBCkQIBxABGAI="},
]


def test_opaque_reasoning_goes_from_claude_to_claude_on_bedrock_and_back():
    messages = [
        {"role": "user", "content": "x"},
        {"role": "assistant", "content": [*CLAUDE_THOUGHTS, {"type": "text", "text": "y"}]},
        {"role": "user", "content": "z"},
    ]
    there = native({"model": "m", "max_tokens": 9, "messages": messages}, "anthropic", "bedrock")
    blocks = there["messages"][1]["content"]
    assert blocks[0] == {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2ln"}}}
    assert blocks[1] == {"reasoningContent": {"redactedContent": "RXVZQkNrUUlCeEFCR0FJPQ=="}}
    back = native(there, "bedrock", "anthropic")
    assert back["messages"][1]["content"][:2] == CLAUDE_THOUGHTS


def test_reasoning_does_not_go_to_a_family_that_cannot_read_it():
    messages = [
        {"role": "user", "content": [{"text": "x"}]},
        {
            "role": "assistant",
            "content": [{"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2ln"}}}, {"text": "y"}],
        },
        {"role": "user", "content": [{"text": "z"}]},
    ]
    sent = send({"messages": messages}, "bedrock", "bedrock", model="us.amazon.nova-2-lite-v1:0")
    assert sent.body["messages"][1]["content"] == [{"text": "y"}]
    assert ("/messages/1/content/0", "dropped", "quality") in sent.lost


def test_an_id_that_is_too_long_is_the_same_in_call_and_result():
    made = {"id": "x" * 65, "type": "function", "function": {"name": "f", "arguments": ""}}
    messages = [
        {"role": "user", "content": "x"},
        {"role": "assistant", "content": None, "tool_calls": [made]},
        {"role": "tool", "tool_call_id": "x" * 65, "content": "\n"},
    ]
    turns = native({"model": "m", "messages": messages}, "openai_chat", "bedrock")["messages"]
    call, result = turns[1]["content"][0]["toolUse"], turns[2]["content"][0]["toolResult"]
    assert call["toolUseId"] == result["toolUseId"]
    assert len(call["toolUseId"]) <= 64
    assert (call["input"], result["content"]) == ({}, [])


def test_the_stream_of_an_address_is_one_and_its_type_is_told():
    body = {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}
    sent = send(body, "bedrock", "anthropic", stream=True)
    assert sent.body["stream"] is True
    assert sent.head["stream_type"] == "application/vnd.amazon.eventstream"
    assert send({"model": "m", **body}, "bedrock", "bedrock", stream=True).head["url"].endswith("/converse-stream")
    assert "stream_type" not in send(body, "bedrock", "anthropic").head


def test_an_explained_stream_is_still_one_for_the_sdk():
    body = {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}
    notes = context_of(body, "bedrock", "bedrock", stream=True, explain=True)
    out, _ = stream(notes, cut(START + HI + STOP + METADATA, 5))
    assert frames(out)[0]["messageStart"]["dragoman"] == {"losses": []}
    assert [next(iter(item)) for item in converse.events(out)][-1] == "metadata"


def test_a_line_puts_what_is_known_where_it_says():
    body = {"a": {"kept": 1}}
    inner = body["a"]
    spell(("a.b={x}", "a.c={y}", "d=true", "e.f=word", "g=[1]"), {"x": 5, "y": None}, body)
    assert body == {"a": {"kept": 1, "b": 5}, "d": True, "e": {"f": "word"}, "g": [1]}
    assert inner == {"kept": 1}
    assert words_in(("a={x}", "b=1", "c={y}")) == {"x", "y"}


def test_reasoning_state_of_another_provider_comes_back_through_a_converse_client_as_what_it_was():
    notes = plain_context("bedrock", "gemini", stream=True)
    parts = [{"text": "Hm", "thought": True, "thoughtSignature": "TGF0ZQ=="}, {"text": "Hi"}]
    reply = {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}]}
    message = receive(notes, reply).body["output"]["message"]
    asked = {"role": "user", "content": [{"text": "Hi"}]}
    body = {"messages": [asked, message, asked]}
    sent = send(body, "bedrock", "gemini", model="gemini-3.5-flash").body
    assert sent["contents"][1]["parts"][0]["thoughtSignature"] == "TGF0ZQ=="
    other = send(body, "bedrock", "bedrock", model="anthropic.claude-sonnet-4-5-20250929-v1:0", on_loss="allow")
    assert "TGF0ZQ==" not in orjson.dumps(other.body).decode()
    assert other.losses


CALL = {"functionCall": {"id": "f1", "name": "f", "args": {}}, "thoughtSignature": "Y2FsbA=="}


def test_the_state_of_a_streamed_call_comes_back_whole():
    """Without the text that comes before its signature the block is none that a request can hold."""
    tools = [{"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object"}}}}]
    asked = {"messages": [{"role": "user", "content": [{"text": "Hi"}]}], "toolConfig": {"tools": tools}}
    answer = {"candidates": [{"content": {"role": "model", "parts": [CALL]}, "finishReason": "STOP", "index": 0}]}
    context = context_of(asked, "bedrock", "gemini", model="gemini-3.5-flash", stream=True)
    out, _ = stream(context, [b"data: %b\n\n" % orjson.dumps(answer)])
    turn = converse.gather(converse.frames(out))["output"]["message"]
    thought, call = turn["content"]
    assert thought["reasoningContent"]["reasoningText"]["text"] == ""
    result = {"toolResult": {"toolUseId": call["toolUse"]["toolUseId"], "content": [{"text": "1"}]}}
    again = {**asked, "messages": [*asked["messages"], turn, {"role": "user", "content": [result]}]}
    assert converse.request_fault(again) is None
    sent = native(again, "bedrock", "gemini", model="gemini-3.5-flash")
    assert sent["contents"][1]["parts"][0]["thoughtSignature"] == "Y2FsbA=="


def test_a_streamed_signature_without_words_has_an_empty_text():
    pieces = events(
        {"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", "model": "m",
                                              "content": [], "usage": {"input_tokens": 1, "output_tokens": 0}}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "c2ln"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1}},
        {"type": "message_stop"},
    )  # fmt: skip
    out, _ = stream(plain_context("bedrock", "anthropic", stream=True), [pieces])
    (thought,) = converse.gather(converse.frames(out))["output"]["message"]["content"]
    assert thought["reasoningContent"]["reasoningText"]["text"] == ""


@pytest.mark.parametrize("said", [{}, {"text": None}])
def test_a_signature_of_the_history_needs_no_text(said):
    thought = {"reasoningContent": {"reasoningText": {**said, "signature": "c2ln"}}}
    messages = [
        {"role": "user", "content": [{"text": "x"}]},
        {"role": "assistant", "content": [thought, {"text": "y"}]},
        {"role": "user", "content": [{"text": "z"}]},
    ]
    sent = native({"messages": messages}, "bedrock", "anthropic")
    assert sent["messages"][1]["content"][0] == {"type": "thinking", "thinking": "", "signature": "c2ln"}
    thought["reasoningContent"]["reasoningText"].pop("signature")
    assert send({"messages": messages}, "bedrock", "anthropic").status == 400


def test_a_blob_that_is_no_base64_is_reasoning_of_bedrock():
    blocks = [{"reasoningContent": {"redactedContent": "\u2028"}}, {"text": "Hi"}]
    turns = [{"role": "user", "content": [{"text": "?"}]}, {"role": "assistant", "content": blocks}]
    body = {"messages": [*turns, {"role": "user", "content": [{"text": "?"}]}]}
    sent = send(body, "bedrock", "anthropic")
    assert ("/messages/1/content/0", "dropped", "quality") in sent.lost
    assert sent.body["messages"][1]["content"] == "Hi"
