"""Schemas and arguments stay what they are: keys in their order, numbers to the last digit, texts to the byte."""

import copy
import json
from decimal import Decimal

import orjson
import pytest
from dragoman.translate import DIALECTS, collect
from dragoman.translate.records import Call
from hypothesis import given
from hypothesis import strategies as st
from proof.answered import REPLIES, STREAMS
from proof.calls import plain_context, receive, stream
from proof.loops import TEXT, calls_in, loop
from proof.strategies import law, words
from proof.targets import PROVIDER_NAMES, at

numbers = st.one_of(
    st.sampled_from([
        "0", "-0", "1", "1.0", "-0.0", "1.10", "0.1", "1e2", "1E-7", "1e+22", "2.5e3", "9007199254740993",
        "18446744073709551616", "-12345678901234567890123",
    ]),
    st.integers(-(2**80), 2**80).map(str),
)  # fmt: skip
strings = st.sampled_from([
    '"a"', '"\\u00e9"', '"é"', '"\\ud83d\\ude00"', '"\\/"', '"/"', '"\\u0000"', '"\\n\\t"', '"\u2028"', '"1e2"', '""',
])  # fmt: skip
spaces = st.sampled_from(["", "", " ", "\n  "])


@st.composite
def objects(draw, depth=2):
    """The text of an object, its keys in no order, spelled in all ways that JSON has."""
    keys = draw(st.lists(words, max_size=4, unique=True))
    inner = st.one_of(numbers, strings, st.sampled_from(["true", "null", "[]", "{}"]))
    if depth:
        inner = st.one_of(
            inner, objects(depth - 1), st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
        )
    space = draw(spaces)
    return "{" + f",{space}".join(f'"{key}":{space}{draw(inner)}' for key in keys) + "}"


def same(text):
    """What a text of JSON says, in a form in which order, and what kind a number is, matter; its spelling does not."""
    return json.loads(
        text,
        object_pairs_hook=lambda pairs: ("object", pairs),
        parse_int=lambda word: ("integer", int(word)),
        parse_float=lambda word: ("number", Decimal(word)),
    )


def valued(value, key):
    """All values of a key in what ``same`` makes of a body, in order."""
    if isinstance(value, tuple) and value[0] == "object":
        for name, item in value[1]:
            if name == key:
                yield item
            yield from valued(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from valued(item, key)


KEYS = {
    "openai_chat": "arguments",
    "openai_responses": "arguments",
    "anthropic": "input",
    "gemini": "args",
    "bedrock": "input",
}


@pytest.mark.parametrize("to", PROVIDER_NAMES)
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(12)
def test_arguments_and_schemas_of_the_history_reach_every_provider_as_they_are(client, to, data):
    text, goal = data.draw(objects()), data.draw(at(to))
    inner = {
        name: orjson.Fragment(f'{{"type":"number","minimum":{data.draw(numbers)}}}')
        for name in data.draw(st.lists(words, min_size=1, max_size=4, unique=True))
    }
    schema = {"type": "object", "properties": inner, "required": list(inner)}
    sent = goal.ask(loop(client, ["f"], ["call_1"], text, schema), client)
    if sent.status != 200:
        assert sent.status == 400
        return
    dialect = sent.head["context"]["dialect"]
    told = same(sent.raw)
    (arguments,) = (
        valued(told, KEYS[dialect])
        if dialect != "openai_responses"
        else [item["arguments"] for item in sent.body["input"] if "arguments" in item]
    )
    if client in TEXT and dialect in TEXT:
        assert arguments == text
    elif client in TEXT:
        assert text.encode() in sent.raw
    else:
        assert (same(arguments) if dialect in TEXT else arguments) == same(text)
    properties = _bare(same(orjson.dumps(inner)))
    assert properties in [_bare(item) for item in valued(told, "properties")]


def _bare(properties):
    """Properties of a schema with nothing but their bounds: types have other words in some subsets."""
    return (
        "object",
        [(name, ("object", [pair for pair in said[1] if pair[0] == "minimum"])) for name, said in properties[1]],
    )


WAYS = [pytest.param(client, dialect, id=f"{dialect}-to-{client}") for client in DIALECTS for dialect in DIALECTS]


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(12)
def test_arguments_of_an_answer_reach_every_client_as_they_are(client, dialect, data):
    reply, wanted = copy.deepcopy(data.draw(REPLIES[dialect]())), []
    for call in calls_in(reply):
        key, text = KEYS[dialect], data.draw(objects())
        if dialect == "gemini":
            # An event of the provider's is one line.
            text = text.replace("\n", " ")
        call[key] = text if dialect in TEXT else orjson.Fragment(text)
        wanted.append(text)
    notes = plain_context(client, dialect)
    got = receive(notes, orjson.dumps(reply))
    told = [call[KEYS[client]] for call in calls_in(orjson.loads(got.raw))]
    if client not in TEXT:
        told = list(valued(same(got.raw), KEYS[client]))
    for found, text in zip(told, wanted, strict=True):
        if client in TEXT and dialect in TEXT:
            assert found == text
        elif dialect in TEXT:
            assert text.encode() in got.raw
        else:
            assert (same(found) if client in TEXT else found) == same(text)
    out, _ = stream({**notes, "stream": True}, [data.draw(STREAMS[dialect](reply))])
    for found, text in zip(heard(client, out), wanted, strict=True):
        # Where a stream is in pieces of text, they are passed on as they come.
        assert found == text or (same(found) == same(text) and "gemini" in (client, dialect))


def heard(client, out):
    """The arguments of the calls that a client reads in a stream."""
    functions = DIALECTS[client]
    state, events = functions.start_reading("p"), []
    tail, frames = functions.split(b"", out)
    for frame in (*frames, *functions.last(tail)):
        state, found = functions.read_event(state, frame)
        events += found
    _, found = functions.end_reading(state)
    return [part.arguments for part in collect([*events, *found]).choices[0].parts if isinstance(part, Call)]
