"""The core's time grows with its input, not with its square, and never exponentially."""

import time

import orjson
from proof.calls import cut, events, plain_context, send, stream


def seconds(call, *arguments, **keywords):
    """Processor time of a call."""
    begin = time.process_time()
    call(*arguments, **keywords)
    return time.process_time() - begin


def test_references_that_share_definitions_are_followed_once():
    defs = {f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)}
    defs["d40"] = {"type": "string"}
    schema = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/d0"}},
        "required": ["a"],
        "additionalProperties": False,
        "$defs": defs,
    }
    form = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema, "strict": True}}
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "response_format": form}
    assert seconds(send, body) < 1


START = {"type": "message_start", "message": {"id": "1", "model": "m", "usage": {}}}


def text(words):
    return {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": words}}


JSON_BY_WORDS = {
    "client": "openai_chat",
    "provider": "anthropic",
    "dialect": "anthropic",
    "model": "m",
    "json_text": True,
}


def test_a_run_of_blanks_takes_no_longer_than_words():
    assert seconds(stream, JSON_BY_WORDS, [events(START, text("x" + " " * 20_000 + "x"))]) < 0.25


def test_many_small_events_take_linear_time():
    raw = events(START, *[text("hello world")] * 4000)
    for context in (plain_context("openai_chat", "anthropic"), JSON_BY_WORDS):
        assert seconds(stream, context, cut(raw, 200)) < 3


def test_a_large_event_in_small_pieces_is_bearable():
    raw = events(START, text("x" * 200_000))
    assert seconds(stream, plain_context("openai_chat", "anthropic"), cut(raw, 500)) < 1


def test_a_large_body_is_read_in_little_time():
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo" + "A" * 5_000_000}}
    body = orjson.dumps({"model": "m", "messages": [{"role": "user", "content": [image]}], "max_tokens": 9})
    assert seconds(send, body) < 1
