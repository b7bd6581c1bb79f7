"""Answers that providers compress though they are asked not to."""

import gzip
import zlib

import httpx
import pytest
from fronts import every_combination

pytestmark = every_combination

BODY = {"model": "acc/gpt-5", "messages": []}
CHAT = "/v1/chat/completions"


@pytest.fixture
def client():
    with httpx.Client(timeout=10, trust_env=False) as client:
        yield client


def serve(kit, upstream, **more):
    return kit.gateway(kit.config({"acc": kit.account(upstream.url)}, **more))


@pytest.mark.parametrize("coding", [b"gzip", b"deflate"])
def test_an_answer_that_comes_compressed_unasked_is_unpacked(kit, client, coding):
    pack = gzip.compress if coding == b"gzip" else zlib.compress
    head = b"content-encoding: %b\r\ncontent-type: " % coding
    words = b'{"error":"slow down"}'
    gateway = serve(kit, kit.answering(kit.whole(429, pack(words), head + b"application/json\r\n")))
    reply = client.post(gateway.url + CHAT, json=BODY)
    assert (reply.status_code, reply.content) == (429, words)
    said = b"data: 1\n\n" + b"data: " + b"x" * 200_000 + b"\n\n"
    gateway = serve(kit, kit.answering(kit.whole(200, pack(said) + pack(b"data: 2\n\n") * (coding == b"gzip"),
                                                 head + b"text/event-stream\r\n")))  # fmt: skip
    reply = client.post(gateway.url + CHAT, json=BODY | {"stream": True})
    assert reply.content.startswith(said + b"data: 2\n\n" * (coding == b"gzip"))


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("status", "coding", "body", "wanted"),
    [
        (200, b"gzip", gzip.compress(b"{}" * 500)[:-9], (502, "upstream_truncated")),
        (200, b"gzip", gzip.compress(b" " * 5_000_000), (502, "upstream_too_large")),
        (200, b"gzip", b"{}", (502, "upstream_invalid")),
        (200, b"br", b"{}", (502, "upstream_invalid")),
        (429, b"br", b"{}", (429, None)),
        (503, b"gzip", b"", (503, None)),
    ],
    ids=["cut", "bomb", "not packed", "unknown", "an error all the same", "empty"],
)
def test_what_cannot_be_unpacked_is_an_error_of_the_right_class(kit, client, status, coding, body, wanted, stream):
    head = b"content-encoding: %b\r\ncontent-type: application/json\r\n" % coding
    gateway = serve(kit, kit.answering(kit.whole(status, body, head)), max_reply_bytes=4_000_000)
    reply = client.post(gateway.url + CHAT, json=BODY | {"stream": stream})
    assert reply.status_code == wanted[0]
    if wanted[1] is not None:
        assert reply.json()["error"]["code"] == wanted[1]
