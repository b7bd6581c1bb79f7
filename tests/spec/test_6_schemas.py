"""spec/chat.md 6, strict schemas and their keywords: one test a sentence, in the order of the text."""

import copy

import pytest
from openai.lib._parsing._completions import parse_chat_completion, type_to_response_format_param
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from .answers import Said, answer
from .forms import ANSWER, SHAPE, format_of, inner, tool_names, wants
from .wires import (
    CLAUDE,
    CLAUDES,
    GOOGLE,
    NATIVE,
    OPENAI,
    USER,
    WIRES,
    ask,
    assistant,
    lost,
    refused,
    to,
)


def broken(change):
    schema = copy.deepcopy(SHAPE)
    schema["properties"]["z"] = {"type": "array", "items": copy.deepcopy(SHAPE)}
    change(schema)
    return schema


AT = "/response_format/json_schema/schema"
FAULTS = [
    (AT, lambda s: s.pop("additionalProperties")), (AT, lambda s: s.update(additionalProperties=True)),
    (AT, lambda s: s.update(additionalProperties={"type": "string"})),
    (AT, lambda s: s.update(required=["z"])), (AT, lambda s: s.pop("required")),
    (f"{AT}/properties/z/items", lambda s: s["properties"]["z"]["items"].pop("additionalProperties")),
    (f"{AT}/properties/z/items", lambda s: s["properties"]["z"]["items"].update(required=[])),
    (f"{AT}/$defs/D", lambda s: s.update({"$defs": {"D": {"type": "object"}}})),
    (f"{AT}/definitions/D", lambda s: s.update({"definitions": {"D": {"type": ["object", "null"]}}})),
    (f"{AT}/properties/a/anyOf/1",
     lambda s: s["properties"].update(a={"anyOf": [{"type": "null"}, {"type": "object"}]})),
    (f"{AT}/properties/a~1b", lambda s: s.update(
        properties={"a/b": {"type": "object"}, "²": {"type": "null"}}, required=["a/b", "²"])),
    (f"{AT}/properties/²", lambda s: s.update(properties={"²": {"type": "object"}}, required=["²"])),
]  # fmt: skip


@pytest.mark.parametrize(("pointer", "change"), FAULTS)
@pytest.mark.parametrize("name", WIRES)
def test_strict_is_checked_in_the_core_for_every_target(name, pointer, change):
    """`strict: true` is checked in the core for every target: every property in `required` and `additionalProperties:
    false` at every object, or 400 with `param` = `response_format` and the pointer in the message."""
    refused(to(name, wants(broken(change), strict=True)), "response_format", "invalid_schema", f"'{pointer}'", "must")
    assert to(name, wants(broken(change))).status == 200


STRING, NULL = {"type": "string"}, {"type": "null"}
REWRITTEN = [
    # Claude has constants of its own; Google's subset has none (wire/anthropic.md 7, wire/gemini.md 6).
    ({"const": "x"}, {"const": "x"}, {"type": "string", "enum": ["x"]}),
    ({"type": "integer", "const": 4}, {"type": "integer", "const": 4}, {"type": "integer", "enum": [4]}),
    ({"oneOf": [STRING, NULL]}, {"anyOf": [STRING, NULL]}, {"anyOf": [STRING, NULL]}),
    ({"type": ["string", "null"]}, {"anyOf": [STRING, NULL]}, {"type": ["string", "null"]}),
    ({"type": ["string"]}, STRING, {"type": ["string"]}),
    ({"type": "string", "$comment": "c", "examples": ["e"]}, STRING, STRING),
]


@pytest.mark.parametrize(("given", "claude", "google"), REWRITTEN)
@pytest.mark.parametrize("name", [*CLAUDES, *GOOGLE])
def test_keywords_a_subset_lacks_are_rewritten_without_loss_where_possible(name, given, claude, google):
    """Keywords a target's schema subset lacks are rewritten without loss where possible (`const` → `enum`, `oneOf` →
    `anyOf`, nullable types …)"""
    assert inner(name, given) == (google if name in GOOGLE else claude, set())


@pytest.mark.parametrize("name", GOOGLE)
def test_references_are_inlined_where_there_are_none(name):
    """`$ref` inlined; wire/gemini.md 6: the old style has no references."""
    schema = {**SHAPE, "properties": {"z": {"$ref": "#/$defs/Z"}, "a": {"type": ["integer", "null"]}},
              "$defs": {"Z": {"const": "x"}}}  # fmt: skip
    planned = to(name, wants(schema), model="gemini-2.0-flash")
    made = planned.body["generationConfig"]["responseSchema"]
    assert made["properties"] == {"z": {"type": "STRING", "enum": ["x"]}, "a": {"type": "INTEGER", "nullable": True}}
    assert ("$defs" in made, lost(planned)) == (False, set())


@pytest.mark.parametrize("name", [*CLAUDES, *GOOGLE])
def test_references_stay_where_the_target_has_them(name):
    """`$ref` inlined (where it must be)"""
    schema = {**SHAPE, "properties": {"z": {"$ref": "#/$defs/Z"}, "a": {"type": "integer"}}, "$defs": {"Z": STRING}}
    planned = to(name, wants(schema))
    assert (format_of(name, planned.body), lost(planned)) == (schema, set())


NESTED = {**SHAPE, "properties": {"z": {"anyOf": [{"$ref": "#"}, NULL]}, "a": {"type": "integer"}}}
AROUND = {
    **SHAPE, "properties": {"z": {"$ref": "#/$defs/N"}, "a": {"type": "integer"}},
    "$defs": {"N": {**SHAPE, "properties": {"z": {"anyOf": [{"$ref": "#/$defs/N"}, NULL]}, "a": {"type": "integer"}}}},
}  # fmt: skip


@pytest.mark.parametrize("schema", [NESTED, AROUND])
@pytest.mark.parametrize("name", [*CLAUDES, *GOOGLE])
def test_recursion_is_detected(name, schema):
    """recursion detected; wire/anthropic.md 7: a recursive schema is a 400 there."""
    planned = to(name, wants(schema))
    if name in GOOGLE:
        assert (format_of(name, planned.body), lost(planned)) == (schema, set())
    else:
        assert format_of(name, planned.body) is None
        # The format can be a forced tool here, whose schema is not bound to the subset.
        assert tool_names(planned.body) == ["person"]
        assert lost(planned) == {("/response_format", "approximated", "hint")}


def test_recursion_is_cut_where_nothing_refers():
    """recursion detected; wire/gemini.md 6: the old style has no references."""
    planned = to("gemini", wants(NESTED), model="gemini-2.0-flash")
    assert "$ref" not in str(planned.body)
    assert planned.lost == {
        ("/response_format", "approximated", "hint"), (f"{AT}/properties/z/anyOf/0/$ref", "approximated", "quality"),
    }  # fmt: skip


TOLD = [
    ("minLength", 2, STRING), ("maxLength", 3, STRING), ("multipleOf", 2, {"type": "integer"}),
    ("exclusiveMinimum", 0, {"type": "number"}), ("uniqueItems", True, {"type": "array", "items": STRING}),
    ("not", {"const": "x"}, STRING), ("patternProperties", {"^x": STRING}, {"type": "string"}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "base"), TOLD)
@pytest.mark.parametrize("name", [*CLAUDES, *GOOGLE])
def test_other_keywords_move_into_the_description_with_a_loss_that_names_the_pointer(name, key, value, base):
    """else moved into the description with an `approximated/quality` loss naming the pointer"""
    found, losses = inner(name, {**base, "description": "Z", key: value})
    assert key not in found
    assert found["description"].startswith("Z\n\n{" + key)
    assert losses == {(f"{AT}/properties/z/{key}", "approximated", "quality")}


@pytest.mark.parametrize(("key", "value", "base"), [
    ("minimum", 1, {"type": "integer"}), ("maximum", 9, {"type": "integer"}),
    ("minItems", 4, {"type": "array", "items": STRING}), ("maxItems", 4, {"type": "array", "items": STRING}),
    ("format", "phone", STRING),
])  # fmt: skip
@pytest.mark.parametrize("name", [*CLAUDES, *GOOGLE])
def test_keywords_that_one_subset_has_and_the_other_lacks(name, key, value, base):
    """Keywords a target's schema subset lacks"""
    found, losses = inner(name, {**base, key: value})
    if name in GOOGLE:
        assert (found, losses) == ({**base, key: value}, set())
    else:
        assert found == {**base, "description": f"{{{key}: {value}}}"}
        assert losses == {(f"{AT}/properties/z/{key}", "approximated", "quality")}


@pytest.mark.parametrize(("given", "pointer"), [
    ({"type": ["integer", "null"], "minLength": 1}, "minLength"),
    ({"oneOf": [NULL, {"type": "string", "minLength": 1}]}, "oneOf/1/minLength"),
    ({"type": "array", "items": {"type": "string", "maxLength": 1}}, "items/maxLength"),
])  # fmt: skip
@pytest.mark.parametrize("name", [*CLAUDES, *GOOGLE])
def test_the_pointer_is_that_of_the_client_s_schema(name, given, pointer):
    """an `approximated/quality` loss naming the pointer"""
    assert inner(name, given)[1] == {(f"{AT}/properties/z/{pointer}", "approximated", "quality")}


@pytest.mark.parametrize("name", CLAUDES)
def test_an_open_object_is_closed_where_it_must_be_and_reported(name):
    """Keywords a target's schema subset lacks; wire/anthropic.md 7: objects are closed."""
    planned = to(name, wants({**SHAPE, "additionalProperties": {"type": "string"}}))
    assert format_of(name, planned.body)["additionalProperties"] is False
    assert planned.lost == {(f"{AT}/additionalProperties", "approximated", "quality")}


@pytest.mark.parametrize("name", OPENAI)
def test_a_chat_server_gets_the_schema_as_it_came(name):
    """Keywords a target's schema subset lacks"""
    schema = {**SHAPE, "properties": {"z": {"const": "x", "minLength": 1}, "a": {"oneOf": [STRING, NULL]}}}
    head = {"model": "openai/gpt-oss-120b"} if name == "groq" else {}
    planned = to(name, wants(schema), **head)
    assert (format_of(name, planned.body), lost(planned)) == (schema, set())


class Person(BaseModel):
    z: str
    a: int


@pytest.mark.parametrize("name", [*NATIVE, *OPENAI, "responses"])
def test_parse_helpers_of_the_official_client_work_against_every_provider(name):
    """`parse()` helpers of the official clients work against every provider."""
    body = ask(response_format=type_to_response_format_param(Person))
    assert body["response_format"]["json_schema"]["strict"] is True
    head = {"groq": {"model": "openai/gpt-oss-120b"}}.get(name, {})
    given = answer(name, body, Said(ANSWER), **head)
    choice = {"index": 0, "message": given.message, "finish_reason": given.finish, "logprobs": None}
    whole = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    parsed = parse_chat_completion(
        response_format=Person, input_tools=[], chat_completion=ChatCompletion.model_validate(whole)
    )
    assert parsed.choices[0].message.parsed == Person(z="x", a=1)


@pytest.mark.parametrize("name", CLAUDE)
def test_a_format_and_a_beginning_of_the_answer_are_not_sent_together(name):
    """Native wherever the model row says the target has it; wire/anthropic.md 7: it excludes prefill."""
    planned = to(name, {**wants(), "messages": [USER, assistant("{")]})
    assert (format_of(name, planned.body), planned.body["messages"][-1]["role"]) == (None, "assistant")
    assert planned.lost == {("/response_format", "approximated", "quality")}
