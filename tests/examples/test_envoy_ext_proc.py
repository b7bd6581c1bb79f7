"""The external processor at its gRPC stream: it tells Envoy what the boundary says, in every processing mode."""

import json
import os
import random
import subprocess
import sys

import pytest
from dragoman.translate import boundary
from environments import ROOT

pytest.importorskip("grpc")

from envoy_filter import MODES, Filter, dial

EXAMPLE = ROOT / "examples" / "envoy_ext_proc"
TARGETS = {
    "claude": {"to": "anthropic", "key_env": "CLAUDE_KEY"},
    "gpt": {"to": "openai", "key_env": "GPT_KEY", "on_loss": "allow"},
    "near": {"to": "openai_compatible", "base_url": "http://127.0.0.1:9/v1?tenant=a"},
    "all": {"to": "anthropic", "on_loss": "allow"},
    "aws": {"to": "bedrock", "region": "eu-west-1"},
}
CHAT = {"model": "claude/claude-sonnet-4-5", "seed": 3, "messages": [{"role": "user", "content": "Hi"}]}
KIND = {"content-type": "application/json", "anthropic-organization-id": "o", "set-cookie": "c", "date": "now"}
SSE = {**KIND, "content-type": "text/event-stream; charset=utf-8"}
MESSAGE = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "stop_reason": "end_turn",
    "stop_sequence": None, "content": [{"type": "text", "text": "Good day, wörld."}],
    "usage": {"input_tokens": 3, "output_tokens": 5},
}  # fmt: skip
OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


def events(*values):
    return b"".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n".encode() for one in values)


BEGIN = {"type": "message_start", "message": {**MESSAGE, "content": [], "stop_reason": None}}
WORDS = (
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    *(
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": f"wörd {n} "}}
        for n in range(5)
    ),
    {"type": "content_block_stop", "index": 0},
)
END = (
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn", "stop_sequence": None},
        "usage": {"output_tokens": 9},
    },
    {"type": "message_stop"},
)
STREAM = events(BEGIN, *WORDS, *END)


@pytest.fixture(scope="module")
def channel(tmp_path_factory):
    targets = tmp_path_factory.mktemp("envoy") / "targets.json"
    targets.write_text(json.dumps(TARGETS))
    run = [sys.executable, EXAMPLE / "processor.py", "--targets", targets, "--port", "0"]
    keys = {"CLAUDE_KEY": "c-key", "GPT_KEY": "g-key"}
    with subprocess.Popen(run, env={**os.environ, **keys}, stdout=subprocess.PIPE, text=True) as process:
        try:
            with dial(int(process.stdout.readline().rpartition(":")[2])) as one:
                yield one
        finally:
            process.terminate()


@pytest.fixture
def envoy(channel):
    filters = []

    def make(**modes):
        filters.append(Filter(channel, **modes))
        return filters[-1]

    yield make
    for one in filters:
        one.close()


def dumps(value):
    return json.dumps(value).encode()


def call_of(body, **head):
    given = {"from": "openai_chat", **TARGETS["claude"], "model": "claude-sonnet-4-5", **head}
    given.pop("key_env", None)
    answer = boundary.request(dumps(given), dumps(body))
    assert answer.status == 200
    return json.loads(answer.head), answer.body


def stamp():
    return {"now": 1, "id": "a"}


def timeless(data):
    """Bytes for a client without the time at which they were made."""
    chunks = [line.removeprefix("data: ") for line in data.decode().splitlines() if line]
    values = [chunk if chunk == "[DONE]" else json.loads(chunk) for chunk in chunks]
    return [{**value, "created": 0} if "created" in value else value for value in values]


@pytest.mark.parametrize("mode", ["buffered", "duplex"])
@pytest.mark.parametrize("cut", [1, 1000])
def test_the_request_is_what_the_boundary_makes_of_it(envoy, mode, cut):
    sent = envoy(request_mode=MODES[mode]).request(dumps(CHAT), cut=cut, **{"x-request-id": "r"})
    told, native = call_of(CHAT)
    assert sent.body == native
    expected = {
        ":method": "POST", ":scheme": "https", ":authority": "api.anthropic.com", ":path": "/v1/messages",
        **told["headers"], "x-api-key": "c-key", "x-dragoman-upstream": "claude", "x-request-id": "r",
    }  # fmt: skip
    if mode == "buffered":
        expected["content-length"] = str(len(native))
    assert sent.headers == expected


@pytest.mark.parametrize("mode", ["buffered", "duplex"])
def test_a_request_may_end_with_trailers(envoy, mode):
    sent = envoy(request_mode=MODES[mode]).request(dumps(CHAT), trailers=True)
    assert (sent.body, sent.over) == (call_of(CHAT)[1], mode == "duplex")


def test_keys_addresses_and_headers_are_the_providers(envoy):
    gpt = envoy().request(dumps({**CHAT, "model": "gpt/gpt-4.1"}), **{"openai-organization": "org", "x-other": "1"})
    assert gpt.headers["authorization"] == "Bearer g-key"
    assert gpt.headers[":authority"] == "api.openai.com"
    assert "x-other" not in gpt.headers
    near = envoy().request(dumps({**CHAT, "model": "near/some/model"}))
    assert near.headers[":authority"] == "127.0.0.1:9"
    assert "authorization" not in near.headers
    assert json.loads(near.body)["model"] == "some/model"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("status", [200, 529])
def test_a_whole_answer_is_what_the_boundary_makes_of_it(envoy, mode, status):
    native = dumps(MESSAGE if status == 200 else OVERLOADED)
    through = envoy(response_mode=MODES[mode])
    through.request(dumps(CHAT))
    sent = through.response(status, {**KIND, "retry-after": "2"}, [native[:9], native[9:]])
    told, _ = call_of(CHAT)
    head = {"context": told["context"], "status": status, "headers": {**KIND, "retry-after": "2"}, **stamp()}
    expected = boundary.reply(dumps(head), native)
    assert sent.status == expected.status
    assert timeless(sent.body) == timeless(expected.body)
    assert json.loads(sent.headers["x-dragoman-losses"])[0] == "/seed dropped hint"
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers.get("content-length", str(len(sent.body))) == str(len(sent.body))
    for name, value in json.loads(expected.head)["headers"].items():
        assert sent.headers[name.lower()] == value
    assert "set-cookie" not in sent.headers
    assert sent.headers["date"] == "now"


def cuts(data):
    yield [data]
    yield [data[at : at + 1] for at in range(len(data))]
    for seed in range(3):
        chance = random.Random(seed)
        places = sorted(chance.sample(range(1, len(data)), 12))
        yield [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("pieces", list(cuts(STREAM)), ids=["whole", "bytes", "a", "b", "c"])
def test_a_stream_is_what_the_boundary_makes_of_it_however_it_is_cut(envoy, mode, pieces):
    body = {**CHAT, "stream": True}
    told, _ = call_of(body)
    _, pipe = boundary.open(dumps({"context": told["context"], "status": 200, **stamp()}))
    pipe, out = boundary.feed(pipe, STREAM)
    expected = out + boundary.close(pipe)[0]
    through = envoy(response_mode=MODES[mode])
    through.request(dumps(body))
    sent = through.response(200, SSE, pieces)
    assert timeless(sent.body) == timeless(expected)
    assert sent.headers["content-type"] == "text/event-stream"
    assert json.loads(sent.headers["x-dragoman-losses"]) == ["/seed dropped hint", "/max_tokens added hint"]
    if mode != "buffered":
        assert sum(map(bool, sent.pieces)) >= min(len(pieces), 3)
        assert "content-length" not in sent.headers


@pytest.mark.parametrize("mode", ["buffered", "duplex"])
def test_a_stream_may_end_with_trailers(envoy, mode):
    through = envoy(response_mode=MODES[mode])
    through.request(dumps({**CHAT, "stream": True}))
    sent = through.response(200, SSE, [STREAM], trailers=True)
    assert sent.over == (mode == "duplex")
    assert sent.body.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize("mode", ["buffered", "duplex"])
@pytest.mark.parametrize("native", [events(OVERLOADED), dumps(OVERLOADED), b""], ids=["event", "bare", "nothing"])
def test_a_stream_that_fails_before_it_begins_has_the_status_of_its_error(envoy, mode, native):
    through = envoy(response_mode=MODES[mode])
    through.request(dumps({**CHAT, "stream": True}))
    sent = through.response(200, SSE, [native[:30], native[30:]])
    assert sent.status == (503 if native else 502)
    assert json.loads(sent.body)["error"]["message"]
    assert sent.headers["content-type"] == "application/json"
    assert "/seed dropped hint" in sent.headers["x-dragoman-losses"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("tail", [events(OVERLOADED), b""], ids=["error", "cut"])
def test_a_stream_that_fails_later_ends_with_the_error_and_without_its_terminator(envoy, mode, tail):
    through = envoy(response_mode=MODES[mode])
    through.request(dumps({**CHAT, "stream": True}))
    sent = through.response(200, SSE, [events(BEGIN, *WORDS[:3]), tail or b": cut\n\n"])
    assert sent.status == 200
    assert "error" in timeless(sent.body)[-1]
    assert b"[DONE]" not in sent.body


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"n": 3}, 400, "unsupported_parameter"),
        ({"messages": 7}, 400, "invalid_type"),
        ({"model": "nobody/any"}, 404, "model_not_found"),
        ({"model": "claude"}, 404, "model_not_found"),
        ({"model": 5}, 404, "model_not_found"),
    ],
)
@pytest.mark.parametrize("mode", ["buffered", "duplex"])
def test_refusals_are_immediate_and_in_openais_shape(envoy, change, status, code, mode):
    sent = envoy(request_mode=MODES[mode]).request(dumps({**CHAT, **change}))
    assert (sent.immediate, sent.status) == (True, status)
    assert json.loads(sent.body)["error"]["code"] == code
    assert sent.headers["content-type"] == "application/json"
    assert ("/n dropped contract" in sent.headers.get("x-dragoman-losses", "")) == ("n" in change)


def test_refusals_are_in_the_dialect_of_the_address(envoy):
    sent = envoy().request(dumps({**CHAT, "model": "nobody/any"}), path="/v1/messages?beta=true")
    assert (sent.immediate, sent.status) == (True, 404)
    assert json.loads(sent.body)["type"] == "error"


def test_media_by_url_that_a_provider_does_not_take_are_refused_by_name(envoy):
    part = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    body = {**CHAT, "model": "aws/anthropic.claude-sonnet-4-5", "messages": [{"role": "user", "content": [part]}]}
    sent = envoy().request(dumps(body))
    assert (sent.immediate, sent.status) == (True, 400)
    assert "messages[0].content[0].image_url.url" in json.loads(sent.body)["error"]["message"]


def test_other_addresses_and_bodies_are_refused(envoy):
    assert envoy().request(dumps(CHAT), path="/v1/files").status == 404
    assert envoy().request(dumps(CHAT), **{":method": "GET"}).status == 404
    assert envoy().request(b"").status == 400
    for modes in ({"request_mode": MODES["streamed"]}, {"response_mode": 0}):
        wrong = envoy(**modes).request(dumps(CHAT))
        assert (wrong.status, json.loads(wrong.body)["error"]["code"]) == (500, "misconfigured")


def test_an_answer_without_a_body_becomes_one_that_has_an_error(envoy):
    through = envoy()
    through.request(dumps(CHAT))
    sent = through.response(503, KIND, [])
    assert (sent.immediate, sent.status) == (True, 503)
    assert json.loads(sent.body)["error"]["message"]


def test_what_envoy_itself_answers_is_told_in_the_clients_dialect(envoy):
    through = envoy(request_mode=MODES["duplex"])
    through._send(request_headers=through._heads({":method": "POST", ":path": "/v1/messages"}))
    sent = through.response(413, {"content-type": "text/plain"}, [b"Payload Too Large"])
    assert (sent.status, json.loads(sent.body)["error"]["message"]) == (413, "Payload Too Large")


def test_many_losses_are_counted_where_they_have_no_room(envoy):
    unknown = {f"unknown_field_number_{number}": 1 for number in range(200)}
    through = envoy()
    through.request(dumps({**CHAT, "model": "all/claude-sonnet-4-5", **unknown}))
    sent = through.response(200, KIND, [dumps(MESSAGE)])
    shown = sent.headers["x-dragoman-losses"]
    assert len(shown) <= 2048
    *said, rest = json.loads(shown)
    assert "/unknown_field_number_1 dropped contract" in said
    assert 200 <= len(said) + int(rest.removeprefix("+").removesuffix(" more")) <= 204
