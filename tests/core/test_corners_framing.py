"""Framing where the stream is odd: cut anywhere, without an end, too long, or in the spelling of other systems."""

import itertools
import struct
from zlib import crc32

import orjson
import pytest
from dragoman.translate import read_events
from dragoman.translate.framing import aws_frames, sse
from dragoman.translate.framing.sse import FrameTooLong, last, split
from dragoman.translate.records import Closed, TextDelta

ONE = b"data: 1\n\n"


def fed(pieces):
    tail, found = b"", []
    for piece in pieces:
        tail, frames = split(tail, piece)
        found += frames
    return found, tail


STREAMS = {
    "a name": (b'event: a\ndata: {"a":1}\n\n', [b'{"a":1}']),
    "no blank": (b"data:1\n\n", [b"1"]),
    "two blanks": (b"data:  1\n\n", [b" 1"]),
    "no data": (b"event: a\n\n: c\n\nid: 1\n\n", []),
    "data that is empty": (b"data\n\ndata:\n\ndata: \n\n", []),
    "two lines": (b"data: [1,\ndata: 2]\n\n", [b"[1,\n2]"]),
    "two lines, one empty": (b"data: 1\ndata\n\n", [b"1\n"]),
    "a comment inside": (b"data: [1,\n: c\ndata: 2]\n\n", [b"[1,\n2]"]),
    "a name behind the data": (b"data: 1\nevent: a\n\n", [b"1"]),
    "another field": (b"retry: 5\ndata: 1\nid: 9\n\n", [b"1"]),
    "a field that begins so": (b"dataset: 1\n\ndata: 2\n\n", [b"2"]),
    "a mark": (b"\xef\xbb\xbfdata: 1\n\ndata: 2\n\n", [b"1", b"2"]),
    "blank lines": (b"\n\n\ndata: 1\n\n\n\ndata: 2\n\n", [b"1", b"2"]),
    "several": (b"data: 1\n\nevent: b\ndata: 2\n\ndata: 3\n\n", [b"1", b"2", b"3"]),
    "one of two lines among others": (b"data: 1\n\ndata: [2,\ndata: 3]\n\n", [b"1", b"[2,\n3]"]),
    "an empty one among others": (b"data: 1\n\ndata:\n\ndata: 3\n\n", [b"1", b"3"]),
    "text that looks like a line": (b'data: {"a":"\\ndata: x"}\n\n', [b'{"a":"\\ndata: x"}']),
}


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("name", STREAMS)
def test_the_data_of_every_event_in_any_cut(name, end):
    data, frames = STREAMS[name]
    data = data.replace(b"\n", end)
    for size in (1, 2, 3, 5, len(data)):
        found, tail = fed(data[at : at + size] for at in range(0, len(data), size))
        # A carriage return at the very end waits for its line feed.
        assert found + (last(tail) if end == b"\r" else []) == frames, size
    for at in range(len(data)):
        found, tail = fed([data[:at], data[at:]])
        assert found + (last(tail) if end == b"\r" else []) == frames, at


@pytest.mark.parametrize(("tail", "frames"), [
    (b"", []), (b"  \n", []), (b"data: 1", [b"1"]), (b"data: 1\n", [b"1"]), (b"data:1\r", [b"1"]),
    (b"event: a\ndata: 1", [b"1"]), (b"event: a\r\ndata: 1\r\n", [b"1"]), (b"event: a\rdata: 1", [b"1"]),
    (b"data: [DONE]", [b"[DONE]"]), (b"data: [DO", []), (b'data: {"a":', []), (b"event: a", []), (b"data:", []),
    (b'{"error":1}', [b'{"error":1}']), (b'{"error":\n1}', [b'{"error": 1}']), (b'{"error":\r1}', [b'{"error": 1}']),
    (b'  {"error":1}\n', [b'{"error":1}']), (b'{"error":', []), (b"[1]", []), (b"<html>", []),
])  # fmt: skip
def test_what_an_unfinished_tail_still_says(tail, frames):
    assert last(tail) == frames
    assert last(fed([tail[:3], tail[3:5], tail[5:]])[1]) == frames


def test_an_event_may_be_as_long_as_the_limit_and_no_longer(monkeypatch):
    monkeypatch.setattr(sse, "LIMIT", 20)
    for pieces in ([b"data: 12345678901234"], [b"data: ", b"1234567", b"8901234"], [b"d"] + [b"x"] * 19):
        assert b"".join(pieces) == sse.joined(fed(pieces)[1])
        with pytest.raises(FrameTooLong, match="20"):
            fed([*pieces, b"5"])
    # What is behind a whole event counts alone.
    assert fed([ONE + b"data: 12345678901234"]) == ([b"1"], b"data: 12345678901234")


def test_a_long_event_in_many_pieces_is_joined_once():
    pieces = [b"data: ", *[b"x" * 50] * 40]
    tail = b""
    for piece in pieces:
        tail, frames = split(tail, piece)
        assert frames == []
    assert isinstance(tail, tuple)
    assert split(tail, b"\n\n") == (b"", [b"x" * 2000])
    assert split(split(tail, b"\n")[0], b"\ndata") == (b"data", [b"x" * 2000])


DELTA = {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {"content": "a"}}]}
STOP = {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}


def stream(*payloads):
    return b"".join(b"data: %b\n\n" % (item if type(item) is bytes else orjson.dumps(item)) for item in payloads)


def test_nothing_counts_behind_the_end_of_a_stream():
    whole = read_events("openai_chat", stream(DELTA, STOP, b"[DONE]"))
    assert read_events("openai_chat", stream(DELTA, STOP, b"[DONE]", DELTA, b"no json")) == whole
    assert [event.text for event in whole if type(event) is TextDelta] == ["a"]
    assert sum(type(event) is Closed for event in whole) == 1


def test_the_last_event_counts_without_its_blank_line():
    whole = read_events("openai_chat", stream(DELTA, STOP, b"[DONE]"))
    assert read_events("openai_chat", stream(DELTA, STOP, b"[DONE]").rstrip()) == whole


def message(payload, **headers):
    return aws_frames.write({":event-type": "e", **headers}, payload)


def test_messages_of_aws_in_any_cut_of_three():
    data = message(b"one") + message(b"") + message(b"three", name="v")
    whole = aws_frames.split(b"", data)
    assert [aws_frames.read(frame)[1] for frame in whole[1]] == [b"one", b"", b"three"]
    assert whole[0] == b""
    for first, second in itertools.combinations(range(0, len(data), 3), 2):
        tail, found = b"", []
        for piece in (data[:first], data[first:second], data[second:]):
            tail, frames = aws_frames.split(tail, piece)
            found += frames
        assert (tail, found) == (b"", whole[1])


def test_a_document_in_a_message_s_place_is_kept_until_the_end_unless_it_is_too_long(monkeypatch):
    monkeypatch.setattr(aws_frames, "MAX_DOCUMENT_BYTES", 40)
    text = b'{"message":"no such model"}'
    tail, frames = aws_frames.split(b"", message(b"one") + text)
    assert [aws_frames.read(frame)[1] for frame in frames] == [b"one"]
    assert aws_frames.last(tail) == [text]
    assert aws_frames.is_document(text)
    tail, frames = aws_frames.split(tail, b" " * 12)
    assert frames == []
    tail, frames = aws_frames.split(tail, b" ")
    assert len(frames) == 1
    assert aws_frames.split(b"", text + b" " * 13)[1] != []


def test_a_secret_is_replaced_in_headers_and_payload_of_whole_messages():
    data = message(b'{"a":"secret"}', x="my secret") + message(b"plain") + message(b"secret")[:20]
    out = aws_frames.replace(data, b"secret", b"***")
    tail, frames = aws_frames.split(b"", out)
    assert [aws_frames.read(frame) for frame in frames] == [
        ({":event-type": "e", "x": "my ***"}, b'{"a":"***"}'), ({":event-type": "e"}, b"plain"),
    ]  # fmt: skip
    assert aws_frames.joined(tail) == message(b"secret")[:20]


@pytest.mark.parametrize("block", [
    b"\x01a\x07\x00\x05abc", b"\x05a\x07\x00\x01a", b"\x01a", b"\x01a\x07\x00", b"\x01a\x06\x00\x02a",
    b"\x01a\x09" + b"u" * 15, b"\x01a\x04abc", b"\x01a\x0a", b"\x01a\x00\x01a\x00", b"\x01\xff\x00",
])  # fmt: skip
def test_a_header_that_goes_beyond_its_block_or_is_none_is_refused(block):
    lengths = struct.pack(">II", 16 + len(block), len(block))
    frame = lengths + struct.pack(">I", crc32(lengths)) + block
    with pytest.raises(aws_frames.BadFrame):
        aws_frames.read(frame + struct.pack(">I", crc32(frame)))


@pytest.mark.parametrize(("block", "headers"), [
    (b"\x01a\x00\x01b\x01", {"a": True, "b": False}), (b"\x01a\x02\xff", {"a": -1}), (b"\x01a\x03\x01\x00", {"a": 256}),
    (b"\x01a\x04\x00\x00\x00\x05", {"a": 5}), (b"\x01a\x05" + b"\x00" * 7 + b"\x06", {"a": 6}),
    (b"\x01a\x06\x00\x02xy", {"a": b"xy"}), (b"\x02ab\x07\x00\x01z", {"ab": "z"}),
    (b"\x01a\x08" + b"\x00" * 7 + b"\x07", {"a": 7}), (b"\x01a\x09" + b"u" * 16, {"a": b"u" * 16}), (b"", {}),
])  # fmt: skip
def test_a_header_of_every_type_is_read(block, headers):
    lengths = struct.pack(">II", 18 + len(block), len(block))
    frame = lengths + struct.pack(">I", crc32(lengths)) + block + b"{}"
    assert aws_frames.read(frame + struct.pack(">I", crc32(frame))) == (headers, b"{}")
