"""What the boundary tells beside the wire bytes: the end of a stream, losses on demand, ids of requests."""

import orjson
import pytest
from dragoman.translate import boundary

CHAT = {"model": "a/m", "stream": True, "seed": 7, "messages": [{"role": "user", "content": "x"}]}
MESSAGES = {"model": "a/m", "stream": True, "max_tokens": 9, "messages": [{"role": "user", "content": "x"}]}
STREAMS = {
    "openai": b'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"}}]}\n\n'
    b'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    "anthropic": b'data: {"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":1}}}\n\n'
    b'data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n'
    b'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}\n\n'
    b'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}\n\n'
    b'data: {"type":"message_stop"}\n\n',
}
ROUTES = [(client, provider) for client in ("openai_chat", "anthropic") for provider in STREAMS]


def _open(client, provider, **settings):
    body = CHAT if client == "openai_chat" else MESSAGES
    model = {"openai": "gpt-4o", "anthropic": "claude-sonnet-4-5"}[provider]
    made = boundary.request(
        orjson.dumps({"from": client, "to": provider, "model": model, **settings}), orjson.dumps(body)
    )
    assert made.status == 200, made.body
    head = orjson.loads(made.head)
    _, pipe = boundary.open(orjson.dumps({"context": head["context"], "now": 1, "id": "s"}))
    return head, pipe


def _json(data):
    return [orjson.loads(line[6:]) for line in data.splitlines() if line.startswith(b"data: {")]


@pytest.mark.parametrize(("client", "provider"), ROUTES)
def test_a_stream_is_over_with_the_providers_last_word_and_not_before(client, provider):
    _, pipe = _open(client, provider)
    *before, last = STREAMS[provider].split(b"\n\n")[:-1]
    for event in before:
        pipe, _ = boundary.feed(pipe, event + b"\n\n")
        assert not boundary.over(pipe)
    pipe, _ = boundary.feed(pipe, last + b"\n\n")
    assert boundary.over(pipe)


@pytest.mark.parametrize(("client", "provider"), ROUTES)
def test_losses_are_told_once_in_a_stream_when_asked_for(client, provider):
    head, pipe = _open(client, provider, explain=True)
    out = _json(boundary.feed(pipe, STREAMS[provider])[1])
    told = [event["dragoman"] for event in out if "dragoman" in event]
    assert told == [{"losses": head["losses"]}]
    assert "dragoman" in out[0]


@pytest.mark.parametrize(("client", "provider"), ROUTES)
def test_a_stream_says_nothing_of_losses_unasked(client, provider):
    _, pipe = _open(client, provider)
    assert b"dragoman" not in boundary.feed(pipe, STREAMS[provider])[1]


SPEAKERS = {
    "openai": {"id": "c", "model": "served", "choices": [{"index": 0, "message": {"content": "Hi"}}]},
    "anthropic": {"id": "c", "model": "served", "content": [], "stop_reason": "end_turn", "usage": {}},
}


@pytest.mark.parametrize(("client", "provider"), ROUTES)
@pytest.mark.parametrize(("wish", "asked"), [(True, True), (False, False), (None, False), ("yes", False)])
def test_the_model_that_answered_is_told_when_asked_for(client, provider, wish, asked):
    head, _ = _open(client, provider)
    told = {"context": head["context"], "tell_model": wish}
    whole = boundary.reply(orjson.dumps(told), orjson.dumps(SPEAKERS[provider]))
    assert orjson.loads(whole.head).get("model") == ("served" if asked else None)
    _, pipe = boundary.open(orjson.dumps(told))
    pipe, _ = boundary.feed(pipe, STREAMS[provider])
    name = {"openai": "m", "anthropic": "c"}[provider]
    assert orjson.loads(boundary.close(pipe)[1]).get("model") == (name if asked else None)


def test_a_model_that_a_provider_does_not_name_is_not_told():
    for model in ("", None, 5, ["m"]):
        head, _ = _open("openai_chat", "openai")
        told = orjson.dumps({"context": head["context"], "tell_model": True})
        stream = STREAMS["openai"].replace(b'"m"', orjson.dumps(model))
        pipe, _ = boundary.feed(boundary.open(told)[1], stream)
        assert "model" not in orjson.loads(boundary.close(pipe)[1])
        whole = boundary.reply(told, orjson.dumps(SPEAKERS["openai"] | {"model": model}))
        assert "model" not in orjson.loads(whole.head)


def test_a_refusal_names_the_requests_id_where_the_dialect_has_a_place():
    head = {"from": "anthropic", "to": "openai", "request_id": "req_1"}
    assert orjson.loads(boundary.request(orjson.dumps(head), b"{}").body)["request_id"] == "req_1"


BODIES = {
    "a model": (b'{"model": "a/m", "messages": [{"role": "user", "content": "x"}]}', "a/m"),
    "the last of two models": (b'{"model": "a", "model": "b", "messages": []}', "b"),
    "a model that is none": (b'{"model": 5, "messages": []}', None),
    "a model further down": (b'{"messages": [{"model": "a"}]}', None),
    "a list": (b'[{"model": "a"}]', None),
    "no JSON": (b'{"model": "a"', None),
    "no UTF-8": (b'{"model": "\xff"}', None),
    "nothing": (b"", None),
    "too deep": (b"[" * 100_000, None),
}


@pytest.mark.parametrize(("body", "model"), BODIES.values(), ids=BODIES)
def test_a_parsed_body_tells_its_model_and_gives_the_answer_of_its_bytes(body, model):
    parsed = boundary.parse(body)
    assert parsed.model == model
    for to in ("openai", "anthropic"):
        head = orjson.dumps({"to": to, "model": "m"})
        assert boundary.request(head, parsed) == boundary.request(head, body)
        assert boundary.request(head, parsed) == boundary.request(head, body)  # it is not used up
