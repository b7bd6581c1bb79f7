"""The boundary is total: whatever comes in, bytes come out, in the client's dialect, and nothing is raised."""

import importlib
from typing import get_args

import orjson
import pytest
from dragoman.translate import DIALECTS as REGISTRY
from dragoman.translate import boundary
from dragoman.translate.records import Event, Unheard
from hypothesis import given
from hypothesis import strategies as st
from proof import converse
from proof.answered import spoken
from proof.asked import REQUESTS
from proof.calls import PLACE, cut, plain_context
from proof.strategies import law, paths, put, values
from proof.targets import PROVIDER_NAMES, at

DIALECTS = tuple(REGISTRY)
CONTEXTS = [plain_context(client, dialect) for client in DIALECTS for dialect in DIALECTS]


def is_error(body, client):
    """Whether a body is an error as the official clients of a dialect read it."""
    parsed = orjson.loads(body)
    if client == "bedrock":
        assert isinstance(parsed["message"], str)
        assert parsed["message"]
        return
    error = parsed["error"]
    assert isinstance(error["message"], str)
    assert error["message"]
    if client == "gemini":
        assert isinstance(error["status"], str)
        assert isinstance(error["code"], int)
        return
    assert isinstance(error["type"], str)
    if client == "anthropic":
        assert parsed["type"] == "error"
    else:
        assert {"message", "type", "param", "code"} <= error.keys()
        assert all(error[key] is None or isinstance(error[key], str) for key in ("param", "code"))


def check_request(head, body, client="openai_chat"):
    answer = boundary.request(head, body)
    told = orjson.loads(answer.head)
    if answer.status == 200:
        assert {"method", "url", "headers", "stream", "losses", "context"} <= told.keys()
        orjson.loads(answer.body)
    elif answer.status == 428:
        assert told["needs"]
    else:
        assert 400 <= answer.status < 500, answer
        is_error(answer.body, client)
    return answer


head_of = st.fixed_dictionaries({
    "from": st.sampled_from(DIALECTS),
    "to": st.sampled_from(PROVIDER_NAMES),
    **{name: st.just(value) for name, value in PLACE.items()},
})  # fmt: skip


@given(head_of, st.binary(max_size=60))
@law(50)
def test_any_bytes_are_answered(head, body):
    check_request(orjson.dumps(head), body, head["from"])


@given(head_of, values)
@law(60)
def test_any_json_is_answered(head, body):
    check_request(orjson.dumps(head), orjson.dumps(body), head["from"])


@given(st.one_of(st.binary(max_size=40), values.map(orjson.dumps)))
@law(60)
def test_any_bytes_as_a_head_are_answered(head):
    for call in (boundary.request, boundary.reply):
        answer = call(head, b"{}")
        assert 400 <= answer.status < 600
        is_error(answer.body, "openai_chat")
    status, pipe = boundary.open(head)
    assert status == 400
    for data in (b"data: {}\n\n", b"x"):
        pipe, _ = boundary.feed(pipe, data)
    boundary.close(pipe)
    orjson.loads(boundary.error(head).body)


HEAD_KEYS = (
    "from", "to", "model", "family", "base_url", "region", "headers", "on_loss", "media", "models", "prompt_cache",
    "strict_openai", "explain", "now", "id",
)  # fmt: skip


@given(head_of, st.sampled_from(HEAD_KEYS), values)
@law(250)
def test_a_head_field_of_any_type_is_answered(head, key, value):
    body = {"model": "a/m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    changed = {**head, key: value}
    client = changed["from"] if changed["from"] in DIALECTS else "openai_chat"
    check_request(orjson.dumps(changed), orjson.dumps(body), client)


def drop(value, path):
    """A copy without one key or item."""
    if len(path) == 1:
        copy = dict(value) if isinstance(value, dict) else list(value)
        del copy[path[0]]
        return copy
    return put(value, path[:1], drop(value[path[0]], path[1:]))


odd = st.one_of(
    values,
    st.sampled_from(
        [{}, [], "", 0, -1, None, True, 1e300, 2**63, [None], [[]], {"type": None}, "data:", "gs://x", {"type": "x"}]
    ),
)


def mutated(data, body):
    place = data.draw(st.sampled_from(list(paths(body))[1:]))
    if data.draw(st.booleans()):
        return put(body, place, data.draw(odd))
    return drop(body, place)


@pytest.mark.parametrize("to", PROVIDER_NAMES)
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(16)
def test_a_request_with_any_one_thing_wrong_is_answered(client, to, data):
    body = mutated(data, data.draw(REQUESTS[client]()))
    head = {"from": client, "to": to, "model": data.draw(at(to)).model, "on_loss": "allow", **PLACE}
    check_request(orjson.dumps(head), orjson.dumps(body), client)


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda c: f"{c['dialect']}-to-{c['client']}")
@given(st.one_of(st.binary(max_size=40), values.map(orjson.dumps)), st.sampled_from([200, 400, 429, 500, 529]))
@law(60)
def test_any_provider_reply_is_answered(context, body, status):
    answer = boundary.reply(orjson.dumps({"context": context, "status": status}), body)
    orjson.loads(answer.head)
    if answer.status >= 400:
        is_error(answer.body, context["client"])
    else:
        orjson.loads(answer.body)


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda c: f"{c['dialect']}-to-{c['client']}")
@given(st.data())
@law(50)
def test_a_provider_reply_with_any_one_thing_wrong_is_answered(context, data):
    body, _ = data.draw(spoken(context["dialect"]))
    answer = boundary.reply(orjson.dumps({"context": context}), orjson.dumps(mutated(data, body)))
    assert answer.status in (200, 502)
    if answer.status == 502:
        is_error(answer.body, context["client"])


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda c: f"{c['dialect']}-to-{c['client']}")
@given(
    st.one_of(
        st.binary(max_size=60),
        values.map(lambda v: b"data: " + orjson.dumps(v) + b"\n\n"),
        st.builds(converse.event, st.sampled_from(["messageStart", "contentBlockDelta", "metadata", "x"]), values),
        st.builds(converse.exception, st.sampled_from(["throttlingException", "x", ""]), values),
    ),
    st.booleans(),
)
@law(60)
def test_any_provider_bytes_are_a_stream(context, data, twice):
    status, pipe = boundary.open(orjson.dumps({"context": context}))
    assert status == 200
    for piece in [data] * (2 if twice else 1):
        pipe, _ = boundary.feed(pipe, piece)
    _, head = boundary.close(pipe)
    assert {"usage", "finish_reason", "losses", "truncated"} <= orjson.loads(head).keys()


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda c: f"{c['dialect']}-to-{c['client']}")
@given(st.data())
@law(50)
def test_a_stream_with_any_one_thing_wrong_is_answered(context, data):
    _, whole = data.draw(spoken(context["dialect"]))
    wrong = binary_with_one_thing_wrong if context["dialect"] == "bedrock" else text_with_one_thing_wrong
    _, pipe = boundary.open(orjson.dumps({"context": context}))
    for piece in cut(wrong(data, whole), 97):
        pipe, _ = boundary.feed(pipe, piece)
    orjson.loads(boundary.close(pipe)[1])


def text_with_one_thing_wrong(data, whole):
    lines = whole.split(b"\n")
    places = [n for n, line in enumerate(lines) if line.startswith(b"data: {")]
    place = data.draw(st.sampled_from(places))
    lines[place] = b"data: " + orjson.dumps(mutated(data, orjson.loads(lines[place][6:])))
    return b"\n".join(lines)


def binary_with_one_thing_wrong(data, whole):
    items = converse.frames(whole)
    place = data.draw(st.sampled_from(range(len(items))))
    ((kind, payload),) = items[place].items()
    write = data.draw(st.sampled_from([converse.event, converse.exception]))
    frames = [converse.event(*next(iter(item.items()))) for item in items]
    frames[place] = write(data.draw(st.sampled_from([kind, "novel"])), mutated(data, payload))
    return b"".join(frames)


def nested(depth, opening, closing, core=b"1"):
    return opening * depth + core + closing * depth


DEEP = {
    "items": nested(240, b'{"items":', b"}", b"{}"),
    "not": nested(240, b'{"not":', b"}", b"{}"),
    "allOf": nested(120, b'{"allOf":[', b"]}", b"{}"),
    "properties": nested(120, b'{"type":"object","properties":{"a":', b"}}", b"{}"),
    "very deep": nested(1000, b'{"items":', b"}", b"{}"),
    "beyond parsing": nested(5000, b"[", b"]"),
}


@pytest.mark.parametrize("to", ["openai", "anthropic", "bedrock"])
@pytest.mark.parametrize("strict", [b"true", b"false"])
@pytest.mark.parametrize("schema", DEEP.values(), ids=DEEP)
def test_a_schema_of_any_depth_is_answered(schema, strict, to):
    form = b'{"type":"json_schema","json_schema":{"name":"n","strict":%b,"schema":%b}}' % (strict, schema)
    tool = b'{"type":"function","function":{"name":"f","strict":%b,"parameters":%b}}' % (strict, schema)
    messages = b'"model":"m","messages":[{"role":"user","content":"Hi"}]'
    for model in ("claude-sonnet-4-5", "claude-opus-5-5", "claude-sonnet-4-0"):
        head = orjson.dumps({"to": to, "model": model, "region": "eu-west-1"})
        check_request(head, b'{%b,"response_format":%b}' % (messages, form))
        check_request(head, b'{%b,"tools":[%b]}' % (messages, tool))


@pytest.mark.parametrize("schema", [
    {"$ref": "#"}, {"$ref": "#/"}, {"$ref": "#/$defs/x/y", "$defs": {"x": 5}}, {"$ref": 5}, {"$ref": "http://h/x"},
    {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, {"type": 5},
    {"type": [[]]},
    {"properties": 5}, {"properties": {"a": 5}}, {"anyOf": 5}, {"anyOf": [5]}, {"enum": 5}, {"required": 5},
    {"type": "object", "properties": {"a": {}}, "required": "a"}, {"format": []}, {"minItems": "x"}, {"type": []},
], ids=lambda value: str(value)[:40])  # fmt: skip
@pytest.mark.parametrize("model", ["claude-sonnet-4-5", "claude-opus-5-5", "claude-sonnet-4-0"])
def test_a_schema_of_any_shape_is_answered(schema, model):
    form = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "response_format": form}
    tool = {"type": "function", "function": {"name": "f", "strict": True, "parameters": schema}}
    head = orjson.dumps({"to": "anthropic", "model": model})
    check_request(head, orjson.dumps(body))
    form["json_schema"]["strict"] = True
    check_request(head, orjson.dumps({**body, "tools": [tool]}))


@pytest.mark.parametrize("client", [5, [1], {}, "nobody", None])
@pytest.mark.parametrize("key", ["client", "provider", "dialect", "model"])
def test_a_context_of_any_kind_is_answered(key, client):
    head = orjson.dumps({"context": {**CONTEXTS[0], key: client}})
    answer = boundary.reply(head, orjson.dumps({"content": [], "choices": [{"message": {"content": "x"}}]}))
    assert 200 <= answer.status < 600
    orjson.loads(answer.body)
    _, pipe = boundary.open(head)
    pipe, _ = boundary.feed(pipe, b'data: {"choices":[{"delta":{"content":"x"}}],"type":"message_stop"}\n\n')
    boundary.close(pipe)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_can_be_told_every_event(dialect):
    module = importlib.import_module(REGISTRY[dialect].write_event.__module__)
    # What is unheard is for no client.
    assert module.WRITERS.keys() == set(get_args(Event)) - {Unheard}
