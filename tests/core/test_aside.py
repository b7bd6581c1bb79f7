"""Long media go around the JSON parser and writer, and nothing shows of it."""

import base64

import orjson
import pytest
from dragoman.translate import aside, asking, boundary
from hypothesis import given
from hypothesis import strategies as st

LONG = aside.MIN_BYTES
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400).decode()
PDF = base64.b64encode(b"%PDF-1.7\n" + bytes(range(256)) * 500).decode()
WORDS = base64.b64encode(b"plain words " * 9000).decode()


def image(data: str = PNG, kind: str = "image/png") -> dict:
    return {"type": "image_url", "image_url": {"url": f"data:{kind};base64,{data}"}}


def document(data: str, kind: str) -> dict:
    return {"type": "file", "file": {"filename": "a", "file_data": f"data:{kind};base64,{data}"}}


def chat(*parts: dict, **more: object) -> bytes:
    said = [{"role": "user", "content": [{"type": "text", "text": "What is this?"}, *parts]}]
    return orjson.dumps({"model": "a/claude-sonnet-4-5", "max_tokens": 9, "messages": said, **more})


def block(data: str, media_type: str = "image/png") -> dict:
    return {"type": "image", "source": {"type": "base64", "media_type": media_type, "data": data}}


def messages(*blocks: dict) -> bytes:
    said = [{"role": "user", "content": [*blocks, {"type": "text", "text": "What is this?"}]}]
    return orjson.dumps({"model": "a/gpt-4.1", "max_tokens": 9, "messages": said})


TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
HISTORY = [
    {"role": "user", "content": "Look."},
    {"role": "assistant", "content": None,
     "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]},
    {"role": "tool", "tool_call_id": "c1", "content": [image()]},
    {"role": "user", "content": [image(PNG[4:])]},
]  # fmt: skip

BODIES = {
    "an image": chat(image()),
    "two images": chat(image(), image(PNG[:-4])),
    "the same image twice": chat(image(), image()),
    "a document": chat(document(PDF, "application/pdf")),
    "plain text, which is decoded": chat(document(WORDS, "text/plain")),
    "plain text that is no text": chat(document(PNG, "text/plain")),
    "images in results and turns": orjson.dumps({"model": "a/x", "messages": HISTORY, "tools": [TOOL]}),
    "type by the first bytes": chat(image(kind="application/octet-stream")),
    "a type that is refused": chat(image(kind="image/tiff")),
    "escaped slashes": chat(image()).replace(b"/", b"\\/"),
    "not ASCII": chat(image(PNG + "é")),
    "not ASCII elsewhere": chat({"type": "text", "text": "é" * 90_000}, image(), {"type": "text", "text": "日"}),
    "line breaks": chat(image(PNG[:70000] + "\r\n" + PNG[70000:])),
    "a mark in the text": chat(image(), {"type": "text", "text": "~set-aside:0~"}),
    "an escaped mark in the text": chat(image(), {"type": "text", "text": "~"}).replace(b"~", b"\\u007eset-aside:0~"),
    "a quoted data URL in the text": chat({"type": "text", "text": f'<img src="data:image/png;base64,{PNG}">'}),
    "a quoted key in the text": chat({"type": "text", "text": f'{{"data": "{PNG}"}}'}),
    "a name of that kind": chat(image()).replace(b'"image_url":{', b'"image_url":{"data:' + PNG.encode() + b'":1,'),
    "cut short": chat(image())[:-200],
    "a comma too many": chat(image()).replace(b'"max_tokens":9', b'"max_tokens":9,,'),
    "a raw line break": chat(image()).replace(PNG[:40].encode(), PNG[:20].encode() + b"\n"),
    "raw bytes": chat(image()).replace(PNG[200:210].encode(), b"\xff\xfe"),
    "spaces": orjson.dumps(orjson.loads(chat(image())), option=orjson.OPT_INDENT_2),
    "a field that is lost": chat(image(), n=3),
}  # fmt: skip
BLOCKS = {
    "an image": messages(block(PNG)),
    "two": messages(block(PNG), {**block(PDF, "application/pdf"), "type": "document"}),
    "a document of words": messages(
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "words " * LONG}}
    ),
    "spaces": orjson.dumps(orjson.loads(messages(block(PNG))), option=orjson.OPT_INDENT_2),
    "spaces around the colon": messages(block(PNG)).replace(b'"data":', b'"data" \t:\n '),
    "a quoted key in a word": messages({"type": "text", "text": f'"data": "{PNG}"'}),
    "no colon": messages(block(PNG)).replace(b'"data":', b'"data" '),
    "no string": messages(block(PNG)).replace(b'"data":', b'"data": \n'),
}
HEADS = [{"to": "anthropic", "model": "claude-sonnet-4-5"}, {"to": "openai", "model": "gpt-4.1"},
         {"to": "openai", "model": "gpt-4.1", "on_loss": "allow", "explain": True}]  # fmt: skip
CASES = [
    pytest.param(client, body, id=f"{client}: {name}")
    for client, bodies in (("openai_chat", BODIES), ("anthropic", BLOCKS))
    for name, body in bodies.items()
]


@pytest.mark.parametrize("head", HEADS, ids=lambda head: "-".join(map(str, head.values())))
@pytest.mark.parametrize(("client", "body"), CASES)
def test_the_answer_is_that_of_the_long_way(client, body, head, monkeypatch):
    asked = orjson.dumps({**head, "from": client})
    answer = boundary.request(asked, body)
    monkeypatch.setattr(asking, "set_aside", lambda body: (body, ()))
    assert answer == boundary.request(asked, body)


@pytest.mark.parametrize(
    "name", ["an image", "two images", "images in results and turns", "spaces", "not ASCII elsewhere"]
)
def test_long_data_never_reach_the_parser(name, monkeypatch):
    read = []
    monkeypatch.setattr(asking, "loads", lambda body: read.append(len(body)) or orjson.loads(body))
    answer = boundary.request(b'{"to":"anthropic"}', BODIES[name])
    assert answer.status == 200
    assert [size < len(BODIES[name]) - LONG for size in read] == [True]


def test_short_bodies_are_left_alone():
    body = chat(image("iVBORw0KGgo="))
    assert aside.set_aside(body) == (body, ())


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_what_is_set_aside_comes_back(pieces):
    body = b"[" + b",".join(b'"data:image/png;base64,' + PNG.encode() + b'",' + piece for piece in pieces) + b"]"
    small, put = aside.set_aside(body)
    assert aside.put_back(small, put) in (body, None)
    assert len(put) <= len(pieces)


def test_only_what_stands_there_once_is_put_back():
    small, put = aside.set_aside(chat(image()))
    mark = put[0][0]
    assert aside.put_back(small + mark, put) is None
    assert aside.put_back(small.replace(mark, b""), put) is None
