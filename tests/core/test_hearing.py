"""Whether a stream has said something yet, in every dialect and cut anywhere."""

from itertools import pairwise

import orjson
import pytest
from dragoman.translate import boundary
from hypothesis import given, settings
from hypothesis import strategies as st


def sse(*events):
    return b"".join(b"data: %b\n\n" % orjson.dumps(event) for event in events)


def chat(**delta):
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}  # fmt: skip


START = {"type": "message_start", "message": {"id": "m", "model": "c", "usage": {"input_tokens": 1}}}
BLOCK = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
RESPONSE = {"id": "r", "object": "response", "status": "in_progress", "model": "m", "output": []}
# Provider -> its beginning that says nothing, its first word, and an error instead of it.
STREAMS = {
    "anthropic": (
        sse(START, {"type": "ping"}, BLOCK),
        sse({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "x"}}),
        sse({"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}),
    ),
    "openai": (
        sse(chat(role="assistant", content="")),
        sse(chat(content="x")),
        sse({"error": {"type": "server_error", "message": "busy", "code": "server_is_overloaded"}}),
    ),
    "gemini": (
        b"",
        sse({"candidates": [{"index": 0, "content": {"role": "model", "parts": [{"text": "x"}]}}]}),
        sse({"error": {"code": 503, "status": "UNAVAILABLE", "message": "busy"}}),
    ),
}
RESPONSES = (
    sse({"type": "response.created", "sequence_number": 0, "response": RESPONSE},
        {"type": "response.in_progress", "sequence_number": 1, "response": RESPONSE}),
    sse({"type": "response.output_text.delta", "sequence_number": 2, "item_id": "i", "output_index": 0,
         "content_index": 0, "delta": "x", "logprobs": []}),
    sse({"type": "error", "sequence_number": 2, "code": "server_is_overloaded", "message": "busy", "param": None}),
)  # fmt: skip
CASES = [(provider, client) for provider in STREAMS for client in ("openai_chat", "anthropic", "openai_responses")]


def stream_of(provider, client):
    # Clients of Responses are served there by OpenAI's own surface of that name.
    return RESPONSES if (provider, client) == ("openai", "openai_responses") else STREAMS[provider]


def opened(provider, client):
    body = {"model": "x", "stream": True, "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    if client == "openai_responses":
        body = {"model": "x", "stream": True, "input": "Hi"}
    model = {"anthropic": "claude-sonnet-4-5", "openai": "gpt-4.1", "gemini": "gemini-2.5-flash"}[provider]
    head = orjson.dumps({"from": client, "to": provider, "model": model})
    answer = boundary.request(head, orjson.dumps(body))
    assert answer.status == 200, answer
    context = orjson.loads(answer.head)["context"]
    status, pipe = boundary.open(orjson.dumps({"context": context, "status": 200, "headers": {}, "now": 1, "id": "i"}))
    assert status == 200
    return pipe


def fed(pipe, *pieces):
    hearing = boundary.listen(pipe)
    for piece in pieces:
        pipe, _ = boundary.feed(pipe, piece)
        hearing = boundary.hear(hearing, piece)
    return pipe, boundary.heard(hearing)


@pytest.mark.parametrize(("provider", "client"), CASES)
def test_a_stream_is_heard_with_its_first_word(provider, client):
    beginning, word, _ = stream_of(provider, client)
    pipe, heard = fed(opened(provider, client), beginning)
    assert not heard
    assert boundary.failed(pipe, True) is None
    _, heard = fed(opened(provider, client), beginning, word)
    assert heard


@pytest.mark.parametrize(("provider", "client"), CASES)
def test_an_error_instead_of_the_first_word_is_no_word_and_can_be_the_whole_answer(provider, client):
    beginning, word, error = stream_of(provider, client)
    pipe, heard = fed(opened(provider, client), beginning, error)
    assert not heard
    answer = boundary.failed(pipe, True)
    assert answer.status >= 500
    assert b"busy" in answer.body
    # After a word the stream is told as it came.
    _, heard = fed(opened(provider, client), beginning, word + error)
    assert heard


@settings(max_examples=40)
@given(st.data())
def test_it_does_not_matter_how_the_bytes_are_cut(data):
    provider, client = data.draw(st.sampled_from(CASES))
    beginning, word, _ = stream_of(provider, client)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(beginning + word)), max_size=6)))
    whole, places = beginning + word, [0, *cuts, len(beginning + word)]
    hearing = boundary.listen(opened(provider, client))
    for start, end in pairwise(places):
        hearing = boundary.hear(hearing, whole[start:end])
        assert boundary.heard(hearing) is (end == len(whole))


def test_what_is_no_stream_is_heard_by_nobody_and_raises_nothing():
    for junk in (b"data: {\n\n", b"data: []\n\n", b"\xff\xfe\n\n", b"data: 1\n\n"):
        for provider, client in CASES:
            _, heard = fed(opened(provider, client), junk)
            assert not heard
