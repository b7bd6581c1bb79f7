"""AWS event streams, judged by the official SDK's decoder and the vectors of wire/bedrock.md 12."""

import struct
from zlib import crc32

import orjson
import pytest
from botocore.eventstream import (
    ChecksumMismatch,
    EventStreamBuffer,
    InvalidHeadersLength,
    InvalidPayloadLength,
    MessagePrelude,
    ParserError,
)
from dragoman.translate import boundary
from dragoman.translate.framing import aws_frames
from hypothesis import given
from hypothesis import strategies as st
from proof.calls import cut, plain_context
from proof.strategies import law

VECTORS = {
    "messageStop": (
        (
            "0000007a00000051ca2c46650b3a6576656e742d7479706507000b6d65737361676553746f700d3a636f6e74656e742d74797065070010"
            "6170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b2273746f70526561736f6e223a22656e"
            "645f7475726e227d5fbf09fc"
        ),
        b'{"stopReason":"end_turn"}',
    ),
    "contentBlockDelta": (
        (
            "0000009400000057b4ab9aee0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e742d74"
            "7970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74426c"
            "6f636b496e646578223a302c2264656c7461223a7b2274657874223a224869227d7d1f944657"
        ),
        b'{"contentBlockIndex":0,"delta":{"text":"Hi"}}',
    ),
    "throttlingException": (
        (
            "0000008800000061de0175f40f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a636f6e"
            "74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b"
            "226d657373616765223a22736c6f7720646f776e227d832ee072"
        ),
        b'{"message":"slow down"}',
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_are_read_and_written(name):
    raw, payload = bytes.fromhex(VECTORS[name][0]), VECTORS[name][1]
    headers, found = aws_frames.read(raw)
    assert found == payload
    assert name in headers.values()
    assert aws_frames.write(headers, payload) == raw


short = st.text(st.characters(codec="utf-8"), max_size=20)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
messages = st.lists(st.tuples(st.dictionaries(names, short, max_size=4), st.binary(max_size=200)), max_size=5)


def official(pieces):
    """What the SDK's decoder makes of bytes: headers and payloads."""
    buffer = EventStreamBuffer()
    found = []
    for piece in pieces:
        buffer.add_data(piece)
        found += [(message.headers, message.payload) for message in buffer]
    return found


def ours(pieces):
    tail, found = b"", []
    for piece in pieces:
        tail, frames = aws_frames.split(tail, piece)
        found += [aws_frames.read(frame) for frame in frames]
    return found, aws_frames.joined(tail)


@given(messages, st.integers(1, 40))
@law(150)
def test_what_is_written_is_read_by_the_sdk_and_here_however_it_is_cut(items, size):
    raw = b"".join(aws_frames.write(headers, payload) for headers, payload in items)
    for pieces in ([raw], cut(raw, size), cut(raw, 1)):
        assert official(pieces) == items
        assert ours(pieces) == (items, b"")


def header(name, kind, value):
    return bytes([len(name)]) + name + bytes([kind]) + value


headers_of_any_type = st.lists(
    st.one_of(
        st.sampled_from([(0, b""), (1, b"")]),
        st.binary(min_size=1, max_size=1).map(lambda value: (2, value)),
        st.binary(min_size=2, max_size=2).map(lambda value: (3, value)),
        st.binary(min_size=4, max_size=4).map(lambda value: (4, value)),
        st.binary(min_size=8, max_size=8).map(lambda value: (5, value)),
        st.binary(max_size=30).map(lambda value: (6, struct.pack(">H", len(value)) + value)),
        short.map(lambda value: (7, struct.pack(">H", len(value.encode())) + value.encode())),
        st.binary(min_size=8, max_size=8).map(lambda value: (8, value)),
        st.binary(min_size=16, max_size=16).map(lambda value: (9, value)),
    ),
    max_size=12,
)


def message(block, payload):
    lengths = struct.pack(">II", 16 + len(block) + len(payload), len(block))
    body = lengths + struct.pack(">I", crc32(lengths)) + block + payload
    return body + struct.pack(">I", crc32(body))


@given(headers_of_any_type, st.binary(max_size=20))
@law(150)
def test_headers_of_every_type_are_read_as_the_sdk_reads_them(items, payload):
    block = b"".join(header(b"h%d" % number, *item) for number, item in enumerate(items))
    raw = message(block, payload)
    assert [aws_frames.read(raw)] == official([raw])


BROKEN = (ChecksumMismatch, InvalidHeadersLength, InvalidPayloadLength, ParserError, UnicodeDecodeError, struct.error)


def refused_officially(raw):
    buffer = EventStreamBuffer()
    buffer.add_data(raw)
    try:
        return not list(buffer)
    except (*BROKEN, KeyError, IndexError):
        return True


def refused_here(raw):
    tail, frames = aws_frames.split(b"", raw)
    if not frames:
        return True
    try:
        aws_frames.read(frames[0])
    except aws_frames.BadFrame:
        return True
    assert tail == b""
    return False


@given(st.data())
@law(200)
def test_a_message_with_any_byte_changed_is_refused(data):
    raw = bytearray(bytes.fromhex(VECTORS[data.draw(st.sampled_from(list(VECTORS)))][0]))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    assert refused_officially(bytes(raw))
    assert refused_here(bytes(raw))


@given(st.binary(max_size=40), st.binary(max_size=20))
@law(200)
def test_any_header_block_that_is_taken_is_read_as_the_sdk_reads_it(block, payload):
    raw = message(block, payload)
    if not refused_here(raw):
        assert [aws_frames.read(raw)] == official([raw])


@pytest.mark.parametrize(
    ("total", "headers"),
    [(16 + 128 * 1024 + 1, 128 * 1024 + 1), (16 + 24 * 1024 * 1024 + 1, 0), (15, 0), (20, 5), (0, 0)],
)
def test_lengths_beyond_the_ceilings_and_below_the_floor_are_refused_at_once(total, headers):
    lengths = struct.pack(">II", total, headers)
    prelude = lengths + struct.pack(">I", crc32(lengths))
    tail, frames = aws_frames.split(b"", prelude)
    assert (tail, frames) == (b"", [prelude])
    with pytest.raises(aws_frames.BadFrame):
        aws_frames.read(prelude)


def test_the_ceilings_are_those_of_the_sdk():
    fields = {"total_length": 16 + 128 * 1024 + 24 * 1024 * 1024, "headers_length": 128 * 1024, "crc": 0}
    prelude = MessagePrelude(**fields)
    assert prelude.payload_length == aws_frames.MAX_PAYLOAD_BYTES
    lengths = struct.pack(">II", fields["total_length"], fields["headers_length"])
    whole = lengths + struct.pack(">I", crc32(lengths))
    assert aws_frames.split(b"", whole)[1] == []
    assert aws_frames.is_cut(whole)


def test_good_messages_before_a_broken_one_are_kept_in_any_cut():
    good = bytes.fromhex(VECTORS["messageStop"][0])
    bad = bytearray(good)
    bad[9] ^= 1
    for pieces in ([good + bytes(bad)], cut(good + bytes(bad), 1)):
        tail, frames = b"", []
        for piece in pieces:
            tail, found = aws_frames.split(tail, piece)
            frames += found
            if len(frames) == 2:
                break
        assert frames == [good, bytes(bad[:12])]


def test_a_long_message_in_many_pieces_is_joined_once():
    raw = aws_frames.write({":event-type": "x"}, b"a" * 4_000_000)
    tail, found = b"", []
    for piece in cut(raw, 1000):
        tail, frames = aws_frames.split(tail, piece)
        found += frames
    assert found == [raw]
    assert tail == b""


def test_an_unfinished_message_is_known_as_cut_and_a_whole_one_is_not():
    raw = bytes.fromhex(VECTORS["messageStop"][0])
    for end in range(1, len(raw)):
        tail, frames = aws_frames.split(b"", raw[:end])
        assert frames == []
        assert aws_frames.last(tail) == [raw[:end]]
        assert aws_frames.is_cut(raw[:end])
    assert not aws_frames.is_cut(raw)
    assert aws_frames.last(b"") == []


@pytest.mark.parametrize("client", ["bedrock", "openai_chat"])
def test_a_stream_without_a_secret_that_it_repeated_is_still_a_stream(client):
    context = plain_context(client, "bedrock")
    _, pipe = boundary.open(orjson.dumps({"context": context, "status": 200}))
    words = {":message-type": "exception", ":exception-type": "throttlingException"}
    error = aws_frames.write(words, b'{"message":"Slow, SECRETKEY."}')
    other = aws_frames.write({":message-type": "event", ":event-type": "messageStart"}, b'{"role":"assistant"}')
    pipe, out = boundary.feed(pipe, other + error)
    assert b"SECRETKEY" in out
    shown = boundary.conceal(pipe, out, b"SECRETKEY", b"****")
    assert b"SECRETKEY" not in shown
    if client == "bedrock":
        tail, frames = aws_frames.split(b"", shown)
        assert tail == b""
        assert [aws_frames.read(frame)[1] for frame in frames][-1].endswith(b'Slow, ****."}')
