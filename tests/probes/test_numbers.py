"""Numbers that a double cannot hold: identifiers in arguments must not change on the way."""

import pytest

from ..recordings.driving import call, context, cut, reply, stream
from ..recordings.reading import chat_stream
from .messages_streams import STOP, finish, start
from .messages_streams import call as called

BIG = "12345678901234567890123"
REPLY = (
    '{"id":"m","type":"message","role":"assistant","model":"c","content":[{"type":"tool_use","id":"t1","name":"f",'
    '"input":{"id":%s}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}'
)
REQUEST = (
    '{"model":"m","max_tokens":5,"tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":['
    '{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f",'
    '"input":{"id":%s}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1"}]}]}'
)
SIZES = [str(2**53 + 1), str(2**63 - 1), str(-(2**63)), str(2**64 - 1), str(2**64), str(-(2**63) - 1), BIG, "-" + BIG]
SIZES.append("9" * 300)


@pytest.mark.parametrize("number", SIZES)
@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
def test_in_a_reply(client, number):
    import orjson
    from dragoman.translate import boundary

    head = orjson.dumps({"context": context(client, "anthropic"), "status": 200})
    assert number.encode() in boundary.reply(head, (REPLY % number).encode()).body


@pytest.mark.parametrize("number", SIZES)
@pytest.mark.parametrize(("provider", "model"), [("anthropic", "claude-opus-5"), ("openai", "gpt-4.1")])
def test_in_the_history(provider, model, number):
    assert number.encode() in call((REQUEST % number).encode(), "anthropic", provider, model).raw


@pytest.mark.parametrize("number", [BIG, "1e400", "1.10", "-0.0"])
def test_in_a_stream(number):
    arguments = f'{{"id":{number}}}'
    data = start() + called(0, "t1", arguments[:5], arguments[5:]) + finish("tool_use") + STOP
    got = stream(context("openai_chat", "anthropic", stream=True), cut(data, 11))
    assert chat_stream(got.wire).calls == [["t1", "f", arguments]]


@pytest.mark.parametrize("number", [BIG, "1.10", "-0.0"])
def test_in_a_chat_reply(number):
    import orjson

    arguments = f'{{"id":{number}}}'
    message = {"role": "assistant", "content": None, "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": arguments}}]}  # fmt: skip
    body = orjson.dumps({"id": "c", "object": "chat.completion", "created": 1, "model": "g", "choices": [
        {"index": 0, "message": message, "finish_reason": "tool_calls"}]})  # fmt: skip
    told = reply(context("openai_chat", "openai"), body)
    assert told.body["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"] == arguments
    from dragoman.translate import boundary

    raw = boundary.reply(orjson.dumps({"context": context("anthropic", "openai"), "status": 200}), body).body
    assert arguments.encode() in raw


def test_in_the_bounds_of_a_schema():
    body = (
        '{"model":"m","messages":[{"role":"user","content":"1e+22 and C++"}],"tools":[{"type":"function","function":'
        '{"name":"f","parameters":{"type":"object","properties":{"n":{"type":"integer","maximum":%s}}}}}]}'
    )
    for provider, model in (("anthropic", "claude-opus-5"), ("openai", "gpt-4.1")):
        sent = call((body % BIG).encode(), "openai_chat", provider, model)
        assert sent.status == 200
        assert b'"maximum":' + BIG.encode() in sent.raw


def test_in_a_google_stream():
    chunk = (
        '{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","args":{"id":%s}}}]},'
        '"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}}'
    )
    data = b"data: " + (chunk % BIG).encode() + b"\n\n"
    got = stream(context("openai_chat", "gemini", stream=True), cut(data, 11))
    assert [call[1:] for call in chat_stream(got.wire).calls] == [["f", f'{{"id":{BIG}}}']]


def test_in_a_block_that_begins_with_its_arguments():
    begun = (
        'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":'
        '{"type":"tool_use","id":"t1","name":"f","input":{"id":%s}}}\n\n'
        'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n'
    )
    data = start() + (begun % BIG).encode() + finish("tool_use") + STOP
    got = stream(context("openai_chat", "anthropic", stream=True), cut(data, 11))
    assert chat_stream(got.wire).calls == [["t1", "f", f'{{"id":{BIG}}}']]


def test_in_records():
    from dragoman.translate import aim, plan, read_reply, read_request

    assert read_reply("anthropic", (REPLY % BIG).encode()).choices[0].parts[0].arguments == f'{{"id":{BIG}}}'
    request = read_request("anthropic", (REQUEST % BIG).encode())
    assert BIG.encode() in plan(request, aim("openai", "gpt-4.1")).body


def test_a_long_media_beside_it_changes_nothing():
    image = "data:image/png;base64," + "iVBORw0KGgo+" * 9000
    body = (
        '{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"%s"}}]}],'
        '"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","maximum":%s}}}]}'
    )
    sent = call((body % (image, BIG)).encode(), "openai_chat", "anthropic", "claude-opus-5")
    assert BIG.encode() in sent.raw
    assert image.partition(",")[2].encode() in sent.raw


@pytest.mark.parametrize("provider", ["anthropic", "gemini"])
def test_in_a_bound_that_is_told_in_words(provider):
    body = (
        '{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":'
        '{"name":"a","strict":true,"schema":{"type":"object","additionalProperties":false,"required":["x"],'
        '"properties":{"x":{"type":"integer","maximum":BIG,"default":BIG}}}}}}'
    )
    models = {"anthropic": "claude-sonnet-4-5", "gemini": "gemini-2.0-flash"}
    sent = call(body.replace("BIG", BIG).encode(), "openai_chat", provider, models[provider])
    assert sent.status == 200
    assert BIG.encode() in sent.raw
    assert b"Fragment" not in sent.raw


def test_a_count_beyond_64_bits_is_refused_by_name():
    body = '{"model":"m","max_tokens":BIG,"messages":[{"role":"user","content":"x"}]}'.replace("BIG", BIG).encode()
    for provider, model in (("anthropic", "claude-opus-5"), ("gemini", "gemini-2.5-flash"), ("groq", "m")):
        sent = call(body, "openai_chat", provider, model)
        assert sent.status == 400
        assert b"'max_tokens': expected an integer of at most 64 bits" in sent.raw


def test_beside_more_levels_than_the_exact_parser_goes():
    deep = '{"a":' * 600 + BIG + "}" * 600
    from dragoman.translate import TranslationError, read_request

    with pytest.raises(TranslationError, match="content"):
        read_request("openai_chat", b'{"model":"m","messages":[{"role":"user","content":%b}]}' % deep.encode())
    begun = (
        'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":'
        '{"type":"tool_use","id":"t1","name":"f","input":DEEP}}\n\n'
    )
    got = stream(context("openai_chat", "anthropic", stream=True), [start() + begun.replace("DEEP", deep).encode()])
    assert b"bad_stream" in got.wire


def test_in_a_google_stream_that_is_one_array():
    chunk = '[{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"id":BIG}}}]},"index":0}]}]'
    words = {"client": "gemini", "dialect": "gemini", "provider": "gemini", "model": "m", "stream": True}
    got = stream({**words, "stream_form": "array"}, [chunk.replace("BIG", BIG).encode()])
    assert BIG.encode() in got.wire


def test_behind_a_thousand_plus_signs():
    words = "1 + 1 = 2, C++, e+, e+1 " * 300
    sent = call(
        REQUEST.replace('"content":"x"', f'"content":"{words}"').encode() % BIG.encode(),
        "anthropic",
        "openai",
        "gpt-4.1",
    )
    assert BIG.encode() in sent.raw
