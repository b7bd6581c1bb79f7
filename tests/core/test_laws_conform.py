"""Whether an answer keeps to its schema, judged as the reference implementation judges it; and times, as Python's."""

import datetime as dt
from typing import Any

import orjson
import pytest
from dragoman.translate import boundary
from dragoman.translate.conform import fault
from dragoman.translate.dialects.gemini.reply import seconds
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from proof.strategies import law

scalars = st.sampled_from([None, True, False, 0, 1, 5, -2, 1.0, 2.5, -0.5, 1e30, "", "a", "ab", "abc"])
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=5,
)
kinds = st.sampled_from(["object", "array", "string", "number", "integer", "boolean", "null"])
small = st.integers(0, 3)
limits = st.sampled_from([-2, 0, 1, 1.5, 5])


def nodes(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Schemas of every keyword that is judged."""
    keywords: dict[str, st.SearchStrategy[Any]] = {
        "type": st.one_of(kinds, st.lists(kinds, min_size=1, max_size=3, unique=True)),
        "enum": st.lists(values, min_size=1, max_size=3),
        "const": values,
        "required": st.lists(st.sampled_from(["a", "b"]), max_size=2, unique=True),
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), limits),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), small),
        **dict.fromkeys(("anyOf", "oneOf", "allOf", "prefixItems"), st.lists(inner, min_size=1, max_size=2)),
        "not": inner,
        "items": inner,
        "properties": st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
        "additionalProperties": inner,
        "$ref": st.sampled_from(["#/$defs/x", "#"]),
    }
    return st.lists(st.sampled_from(sorted(keywords)), max_size=3, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: keywords[name] for name in names})
    )


schemas = st.recursive(st.booleans(), nodes, max_leaves=6)


def grounded(schema: Any) -> bool:
    """Whether no reference leads back to itself without a step down into the value: such a schema has no meaning."""
    return b'"#"' not in orjson.dumps(schema)


@given(nodes(schemas).filter(grounded), schemas.filter(lambda schema: b"$ref" not in orjson.dumps(schema)), values)
@law(600)
def test_a_value_keeps_to_a_schema_when_the_reference_implementation_says_so(schema, meant, value):
    schema = {**schema, "$defs": {"x": meant}}
    assert (fault(schema, value) is None) == Draft202012Validator(schema).is_valid(value)


VALUES = [
    None, True, False, 0, 1, 5, -2, 1.0, 2.5, -0.5, 1e30, "", "a", "ab", "abc", [], [1], [1, "a"], [1, 2, 3], {},
    {"a": 1}, {"b": 1}, {"a": 1, "b": "a"},
]  # fmt: skip
KINDS = ("object", "array", "string", "number", "integer", "boolean", "null")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
SIZES = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
ALONE = [
    *({"type": kind} for kind in KINDS), *({"type": [one, other]} for one in KINDS for other in KINDS if one != other),
    *({key: limit} for key in BOUNDS for limit in (-2, 0, 1, 1.5, 5)),
    *({key: size} for key in SIZES for size in range(4)),
    *({"const": value} for value in VALUES), *({"enum": [value, "z"]} for value in VALUES),
    {"required": ["a"]}, {"required": ["a", "b"]}, {"properties": {"a": {"const": 1}}}, {"properties": {"a": False}},
    {"additionalProperties": False}, {"properties": {"a": {}}, "additionalProperties": False},
    {"properties": {"a": {}}, "additionalProperties": {"type": "string"}},
    {"patternProperties": {"a": True}, "properties": {"b": {"type": "string"}}},
    {"items": {"type": "integer"}}, {"prefixItems": [{"const": 1}]},
    {"prefixItems": [{"const": 2}, {}], "items": False},
    {"anyOf": [{"type": "string"}, {"minimum": 1}]}, {"oneOf": [{"type": "number"}, {"type": "integer"}]},
    {"oneOf": [{"minimum": 1}, {"maximum": 1}]}, {"allOf": [{"minimum": 0}, {"maximum": 1}]},
    {"not": {"type": "number"}},
]  # fmt: skip


@pytest.mark.parametrize("schema", ALONE, ids=str)
def test_every_keyword_means_what_the_reference_implementation_says(schema):
    judge = Draft202012Validator(schema)
    judged = [(value, fault(schema, value) is None, judge.is_valid(value)) for value in VALUES]
    assert [item for item in judged if item[1] != item[2]] == []


@pytest.mark.parametrize("value", [{}, {"a": {}}, {"a": {"a": {"a": 5}}}, {"b": 1}])
def test_a_schema_that_refers_to_itself_is_judged_too(value):
    schema = {"type": "object", "properties": {"a": {"$ref": "#"}}, "additionalProperties": False}
    assert (fault(schema, value) is None) == Draft202012Validator(schema).is_valid(value)


EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LAST = (dt.datetime(9999, 12, 31, tzinfo=dt.UTC) - dt.datetime(1, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(seconds=1)


@given(st.integers(0, LAST), st.sampled_from(["Z", ".5Z", ".123456789Z"]))
@law(100)
def test_a_time_is_read_as_the_seconds_that_it_means(since, end):
    moment = dt.datetime(1, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=since)
    assert seconds(moment.isoformat()[:19] + end) == (moment - EPOCH) // dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    "text", [None, 5, "", "today", "2026-11", "2026-11-27", "2026-11-27T10", "T10:00:00Z", "a-b-cT1:2:3"]
)
def test_what_is_no_time_is_none(text):
    assert seconds(text) is None


CONTEXT = {"client": "openai_chat", "provider": "anthropic", "dialect": "anthropic", "model": "m"}


@pytest.mark.parametrize("now", [-1, 2**53 + 1, 1.5, "1", True, [1]])
def test_a_time_to_stamp_that_is_none_is_refused_by_name(now):
    answer = boundary.reply(orjson.dumps({"context": CONTEXT, "status": 200, "now": now}), b"{}")
    error = orjson.loads(answer.body)["error"]
    assert (answer.status, error["param"]) == (400, "now")
    assert "whole seconds since 1970" in error["message"]
    assert boundary.open(orjson.dumps({"context": CONTEXT, "now": now}))[0] == 400


@pytest.mark.parametrize("depth", [300, 900, 2000])
def test_a_reply_that_is_nested_too_deeply_is_the_provider_s_fault(depth):
    call = {"type": "tool_use", "id": "c", "name": "f", "input": "DEEP"}
    reply = orjson.dumps({"type": "message", "role": "assistant", "content": [call]})
    deep = reply.replace(b'"DEEP"', b'{"a":' * depth + b"1" + b"}" * depth)
    answer = boundary.reply(orjson.dumps({"context": CONTEXT, "status": 200}), deep)
    assert answer.status == 502
