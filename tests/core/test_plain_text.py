"""The short way of plain text through a stream gives the bytes of the long one."""

import orjson
import pytest
from dragoman.translate import boundary
from dragoman.translate.pipe import Pipe

START = (
    b'event: message_start\ndata: {"type":"message_start","message":{"id":"m","model":"c","content":[],'
    b'"usage":{"input_tokens":1,"output_tokens":1}}}\n\n'
)


def _pipe() -> Pipe:
    body = b'{"model":"a/claude-sonnet-4-5","stream":true,"messages":[{"role":"user","content":"x"}]}'
    made = boundary.request(b'{"to":"anthropic"}', body)
    head = orjson.dumps({"context": orjson.loads(made.head)["context"], "now": 1, "id": "s"})
    status, pipe = boundary.open(head)
    assert status == 200
    return boundary.feed(pipe, START)[0]


def _delta(token: bytes, blanks: bytes = b"") -> bytes:
    json = (
        b'{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":' + token + b"}" + blanks + b"}"
    )
    return b"event: content_block_delta\ndata: " + json + b"\n\n"


TOKENS = [
    b'"Hello"',
    b'""',
    b'"a \\"quoted\\" word"',
    b'"line\\nbreak"',
    b'"slash\\/"',
    b'"\\b\\f\\r\\t\\\\ and \\"all\\" of them\\n"',
    b'"\\\\u0041"',
    b'"\\u0041"',
    b'"\\u00e9"',
    '"é — 日本 😀"'.encode(),
    b'"\x7f"',
]


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("blanks", [b"", b"     "])
def test_alone_beside_others_and_in_pieces_it_is_the_same(token, blanks):
    event = _delta(token, blanks)
    alone = boundary.feed(_pipe(), event)[1]
    pipe, pieces = _pipe(), b""
    for index in range(len(event)):
        pipe, out = boundary.feed(pipe, event[index : index + 1])
        pieces += out
    assert alone == pieces == boundary.feed(_pipe(), event + b": x\n\n")[1]
    assert orjson.loads(alone[6:])["choices"][0]["delta"]["content"] == orjson.loads(token)


@pytest.mark.parametrize("token", [b'"\xff\xfe"', b'"\xed\xa0\x80"', b'"tab\there"'])
def test_what_is_no_json_is_an_error_on_either_way(token):
    event = _delta(token)
    alone = boundary.feed(_pipe(), event)[1]
    assert alone == boundary.feed(_pipe(), b": x\n\n" + event)[1]
    assert b'"error"' in alone


def test_nothing_follows_an_error():
    pipe, _ = boundary.feed(_pipe(), _delta(b'"a"'))
    pipe, out = boundary.feed(pipe, b"data: {nope\n\n")
    assert b'"error"' in out
    assert boundary.feed(pipe, _delta(b'"b"')) == (pipe, b"")
    assert boundary.close(pipe)[0] == b""


def test_text_of_a_block_without_a_place_is_not_text_of_the_answer():
    block = b'data: {"type":"content_block_start","index":0,"content_block":{"type":"strange_block"}}\n\n'
    pipe, _ = boundary.feed(_pipe(), block)
    assert boundary.feed(pipe, _delta(b'"inside"'))[1] == b""


BEGUN = (
    b'data: {"type":"response.created","sequence_number":0,"response":{"id":"r","model":"m","output":[]}}\n\n'
    b'data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,'
    b'"item":{"type":"message","id":"i","role":"assistant","content":[]}}\n\n'
    b'data: {"type":"response.content_part.added","sequence_number":2,"item_id":"i","output_index":0,'
    b'"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}\n\n'
)
RELAYED = {
    "anthropic": (START, _delta),
    "openai_responses": (
        BEGUN,
        lambda token, place=b"0": (
            b'data: {"type":"response.output_text.delta","sequence_number":3,"item_id":"i","output_index":'
            + place + b',"content_index":0,"delta":' + token + b',"logprobs":[]}\n\n'
        ),
    ),
}  # fmt: skip


def _relayed(dialect: str) -> Pipe:
    provider = {"anthropic": "anthropic", "openai_responses": "openai"}[dialect]
    context = {"client": dialect, "provider": provider, "dialect": dialect, "model": "m"}
    status, pipe = boundary.open(orjson.dumps({"context": context, "now": 1, "id": "s"}))
    assert status == 200
    pipe, out = boundary.feed(pipe, RELAYED[dialect][0])
    # Not before text was begun is more of it plain.
    pipe, more = boundary.feed(pipe, RELAYED[dialect][1](b'"Hi"'))
    assert b"Hi" in more
    assert b"error" not in out + more
    return pipe


@pytest.mark.parametrize("dialect", RELAYED)
def test_a_relayed_text_goes_on_as_it_came(dialect):
    event = RELAYED[dialect][1]('"日本"'.encode())
    assert event.partition(b"data: ")[2].strip(b"\n") in boundary.feed(_relayed(dialect), event)[1]


@pytest.mark.parametrize("dialect", RELAYED)
@pytest.mark.parametrize("token", [b'"\xff\xfe"', b'"\xed\xa0\x80"'])
def test_a_relayed_text_that_is_none_ends_the_stream_with_an_error(dialect, token):
    out = boundary.feed(_relayed(dialect), RELAYED[dialect][1](token))[1]
    assert token not in out
    assert b"error" in out
    out.decode()


@pytest.mark.parametrize("place", [b"9" * 400, b"01"])
def test_a_place_that_is_no_number_ends_a_relayed_stream_with_an_error(place):
    for dialect, name in (("anthropic", b'"index":'), ("openai_responses", b'"output_index":')):
        event = RELAYED[dialect][1](b'"x"').replace(name + b"0", name + place)
        out = boundary.feed(_relayed(dialect), event)[1]
        assert place not in out
        assert b"error" in out
