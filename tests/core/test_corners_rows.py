"""Corners of model rows and of schemas: what a configuration may not say, and lists of types."""

import pytest
from dragoman.translate.fit import strict
from proof.calls import native, send

USER = {"role": "user", "content": "Hi"}


@pytest.mark.parametrize(("reasoning", "column"), [
    ({"kind": "level"}, "efforts"), ({"kind": "native"}, "efforts"), ({"kind": "effort"}, "efforts"),
    ({"kind": "native", "efforts": ["lowest"]}, "efforts"),
    ({"kind": "budget", "efforts": ["low", "lowest"]}, "efforts"),
    ({"kind": "native", "efforts": ["low"], "words": ["a", "b"]}, "words"), ({"minimum": 9, "maximum": 8}, "minimum"),
    ({"kind": "strange"}, "kind"), ({"on": 1}, "on"), ({"efforts": "low"}, "efforts"), ({"efforts": [1]}, "efforts"),
    ({"minimum": True}, "minimum"), ({"minimum": 1.5}, "minimum"), ({"ask": "x"}, "ask"), ({"x": 1}, "x"),
])  # fmt: skip
def test_a_row_that_promises_what_cannot_be_is_refused_by_its_column(reasoning, column):
    body = {"model": "m", "messages": [USER]}
    sent = send(body, to="openai_compatible", model="x", models=[{"prefix": "x", "reasoning": reasoning}])
    assert (sent.status, sent.error["param"]) == (400, f"models[0].reasoning.{column}")


@pytest.mark.parametrize("row", [
    {"reasoning": {"kind": "budget"}}, {"reasoning": {"kind": "fixed"}}, {"reasoning": {"minimum": 9, "maximum": 9}},
    {"reasoning": {"kind": "native", "efforts": ["low"], "words": ["a"]}}, {"reasoning": {"ask": None}},
    {"temperature": [0, 1.5]}, {"max_output": None}, {"images": None}, {"images": []}, {"like": "gpt-5"},
    {"single_calls": None}, {"strict_limits": [1, 2]}, {"top_p_floor": 1},
])  # fmt: skip
def test_a_row_that_can_be_is_taken(row):
    body = {"model": "m", "messages": [USER]}
    assert send(body, to="openai_compatible", model="x", models=[{"prefix": "x", **row}]).status == 200


@pytest.mark.parametrize(("row", "column"), [
    ({"temperature": [0]}, "temperature"), ({"temperature": [0, 1, 2]}, "temperature"),
    ({"max_output": "5"}, "max_output"),
    ({"images": "png"}, "images"), ({"images": [5]}, "images"), ({"stop": 1.5}, "stop"), ({"stop": True}, "stop"),
    ({"chat": None}, "chat"), ({"prefill": "odd"}, "prefill"), ({"strict_limits": [1]}, "strict_limits"),
])  # fmt: skip
def test_a_column_of_another_type_is_refused(row, column):
    body = {"model": "m", "messages": [USER]}
    sent = send(body, to="openai_compatible", model="x", models=[{"prefix": "y"}, {"prefix": "x", **row}])
    assert (sent.status, sent.error["param"]) == (400, f"models[1].{column}")


@pytest.mark.parametrize(("kinds", "told"), [
    (["null"], {"type": "NULL"}), (["string"], {"type": "STRING"}),
    (["string", "null"], {"type": "STRING", "nullable": True}),
    (["null", "string"], {"type": "STRING", "nullable": True}),
    (["string", "integer"], {"anyOf": [{"type": "STRING"}, {"type": "INTEGER"}]}),
    (["string", "integer", "null"], {"anyOf": [{"type": "STRING"}, {"type": "INTEGER"}], "nullable": True}),
])  # fmt: skip
def test_a_list_of_types_in_the_old_words_of_google(kinds, told):
    schema = {"type": "object", "properties": {"a": {"type": kinds, "description": "d"}}}
    tools = [{"type": "function", "function": {"name": "f", "parameters": schema}}]
    body = {"model": "m", "messages": [USER], "tools": tools}
    [function] = native(body, to="gemini", model="gemini-2.0-flash")["tools"][0]["functionDeclarations"]
    assert function["parameters"]["properties"] == {"a": {"description": "d", **told}}


MARK = {"type": "ephemeral"}
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}
TEXT = {"type": "text", "text": "a"}


@pytest.mark.parametrize(("content", "own", "lost"), [
    ([{**TEXT, "cache_control": MARK}], {}, []), ([{**IMAGE, "cache_control": MARK}], {}, []),
    ([{**TEXT, "cache_control": MARK}, {**IMAGE, "cache_control": MARK}], {}, ["/content/0"]),
    ([{**TEXT, "cache_control": MARK}], {"cache_control": MARK}, ["/content/0"]),
    ([{**IMAGE, "cache_control": MARK}, TEXT], {"cache_control": MARK}, ["/content/0"]),
])  # fmt: skip
def test_marks_inside_a_result_become_the_one_behind_it_at_bedrock(content, own, lost):
    call = {"type": "tool_use", "id": "t1", "name": "f", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": content, **own}
    body = {"model": "m", "max_tokens": 9, "messages": [
        USER, {"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]}  # fmt: skip
    sent = send(body, "anthropic", "bedrock", model="us.anthropic.claude-sonnet-4-5-20250929-v1:0", on_loss="allow")
    said = sent.body["messages"][2]["content"]
    assert [next(iter(block)) for block in said] == ["toolResult", "cachePoint"]
    assert len(said[0]["toolResult"]["content"]) == len(content)
    assert [loss["path"] for loss in sent.losses if loss["severity"] == "cost"] == [
        f"/messages/2/content/0{place}/cache_control" for place in lost
    ]


def many(count, value):
    return {f"p{at}": value for at in range(count)}


def closed(properties, **more):
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
        **more,
    }


def nested(levels, leaf):
    for _ in range(levels):
        leaf = closed({"a": leaf})
    return leaf


STRING = {"type": "string"}


@pytest.mark.parametrize(("schema", "kept"), [
    (closed(many(strict._PROPERTIES, STRING)), True), (closed(many(strict._PROPERTIES + 1, STRING)), False),
    (closed({"a": {"enum": [*range(strict._ENUMS)]}}), True),
    (closed({"a": {"enum": [*range(strict._ENUMS + 1)]}}), False),
    (closed({"a": {"const": "x" * (strict._CHARACTERS - 1)}}), True),
    (closed({"a": {"const": "x" * strict._CHARACTERS}}), False),
    (closed({"a": STRING}, **{"$defs": {"x" * (strict._CHARACTERS - 1): STRING}}), True),
    (closed({"a": STRING}, **{"$defs": {"x" * strict._CHARACTERS: STRING}}), False),
    (nested(strict._LEVELS, STRING), True), (nested(strict._LEVELS + 1, STRING), False),
    (closed({"a": {"$ref": "#/$defs/d"}}, **{"$defs": {"d": nested(strict._LEVELS - 1, STRING)}}), True),
    (closed({"a": {"$ref": "#/$defs/d"}}, **{"$defs": {"d": nested(strict._LEVELS, STRING)}}), False),
    (closed({"a": STRING}, **{"$defs": {"d": nested(strict._LEVELS - 1, STRING)}}), True),
    (closed({"a": STRING}, **{"$defs": {"d": nested(strict._LEVELS, STRING)}}), False),
    (closed({"a": {"$ref": "#"}}), True), (closed({"a": {"$ref": "#/properties/a"}}), False),
    (closed({"a": {"$ref": "#/$defs/none"}}), False), (closed({"a": {"$ref": "#", "title": "t"}}), False),
    (closed({"a": {"type": "array"}}), False), (closed({"a": {"type": "array", "items": STRING}}), True),
    (closed({"a": {"type": []}}), False), (closed({"a": {"type": ["string", "odd"]}}), False),
    (closed({"a": {}}), False),
    (closed({"a": {"anyOf": []}}), False), (closed({"a": {"anyOf": [STRING]}}), True),
    (closed({"a": {"enum": []}}), False), (closed({"a": {"type": "string", "properties": {}}}), False),
    ({**closed({}), "required": ["b"]}, False), (closed({}), True), ({"type": "object"}, False), (None, False),
    (closed({}, **{"$defs": []}), False), ({"anyOf": [closed({})]}, False), (closed({}, anyOf=[closed({})]), False),
])  # fmt: skip
def test_a_schema_up_to_the_limits_can_be_strict_unasked_and_none_beyond(schema, kept):
    assert strict.keeps_rules(schema) is kept


def test_an_enumeration_may_be_long_or_its_words_many_but_not_both():
    short, long = "x", "y" * (strict._LONG_CHARACTERS // strict._LONG)
    assert strict.keeps_rules(closed({"a": {"enum": [short] * (strict._LONG + 1)}}))
    assert strict.keeps_rules(closed({"a": {"enum": [long] * strict._LONG}}))
    assert not strict.keeps_rules(closed({"a": {"enum": [long] * (strict._LONG + 1)}}))
