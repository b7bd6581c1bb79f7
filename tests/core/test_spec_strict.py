"""Functions that leave ``strict`` unsaid: tried where the client's API tries it (wire/openai-responses.md 4)."""

import pytest
from proof.calls import send

STRICT = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
LOOSE = {"type": "object", "properties": {"a": {"type": "string"}}}
TARGETS = {
    "anthropic": {"model": "claude-sonnet-4-6"},
    "bedrock": {"model": "anthropic.claude-sonnet-4-6"},
    "openai_compatible": {"model": "some-model", "models": [{"prefix": "some-model", "strict_tools": True}]},
    "gemini": {"model": "gemini-2.5-flash"},
    "vertex": {"model": "gemini-3.5-flash", "project": "p"},
}


def function(schema, name="f", **more):
    return {"type": "function", "name": name, "parameters": schema, **more}


def sent(to, *tools, client="openai_responses", **head):
    body = {"model": "m", "max_output_tokens": 2000, "input": "Hi", "tools": list(tools)}
    if client == "openai_chat":
        nested = [{"type": "function", "function": {k: v for k, v in tool.items() if k != "type"}} for tool in tools]
        body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "tools": nested}
    planned = send(body, client, to, **TARGETS[to] | head)
    assert planned.status == 200, planned
    return planned


def strict(to, native):
    """Which of the provider's tools are strict; on Google's surface that is said once for all of them."""
    if to in ("gemini", "vertex"):
        return native.get("toolConfig") == {"functionCallingConfig": {"mode": "VALIDATED"}}
    if to == "bedrock":
        return [tool["toolSpec"].get("strict") for tool in native["toolConfig"]["tools"]]
    tools = native["tools"]
    return [(tool if to == "anthropic" else tool["function"]).get("strict") for tool in tools]


@pytest.mark.parametrize("to", TARGETS)
def test_it_is_tried_wherever_the_target_has_strict_functions(to):
    planned = sent(to, function(STRICT))
    assert strict(to, planned.body) in ([True], True)
    assert [loss for loss in planned.head["losses"] if loss["path"].startswith("/tools")] == []


@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize("tool", [
    function(STRICT, strict=False),
    function(LOOSE),
    function(None),
    function({**STRICT, "allOf": []}),
    function({"anyOf": [STRICT]}),
    function({**STRICT, "properties": {"a": {"type": "string", "pattern": "^(?!x)"}}}),
    function({**STRICT, "properties": {"a": {"type": "string", "default": "x"}}}),
    function({**STRICT, "properties": {"a": {"oneOf": [{"type": "string"}]}}}),
])  # fmt: skip
def test_what_is_not_strict_falls_back_without_a_word(to, tool):
    planned = sent(to, tool)
    assert strict(to, planned.body) in ([None], [False], False)
    assert [loss for loss in planned.head["losses"] if "strict" in loss["path"]] == []


@pytest.mark.parametrize("to", TARGETS)
def test_it_is_not_tried_for_clients_whose_default_is_another(to):
    assert strict(to, sent(to, function(STRICT), client="openai_chat").body) in ([None], False)


def test_it_is_not_tried_where_it_would_cost_something_or_does_not_exist():
    bounded = {**STRICT, "properties": {"a": {"type": "integer", "minimum": 1}}}
    for to, head, schema in (
        ("anthropic", {}, bounded),
        ("anthropic", {"model": "claude-opus-4-1"}, STRICT),
        ("bedrock", {"model": "us.amazon.nova-2-lite-v1:0"}, STRICT),
    ):
        planned = sent(to, function(schema), **head)
        assert strict(to, planned.body) == [None]
        assert [loss for loss in planned.head["losses"] if loss["path"].startswith("/tools")] == []
    assert strict("openai_compatible", sent("openai_compatible", function(bounded)).body) == [True]


def within(schema, **more):
    """A strict schema around one."""
    return {**STRICT, "properties": {"a": schema}, **more}


def nested(levels):
    return STRICT if levels == 1 else within(nested(levels - 1))


def referring(name, definition=STRICT, **beside):
    return within({"$ref": name, **beside}, **{"$defs": {"A": definition}})


WITHIN = [
    nested(10), within({"type": "array", "items": STRICT}), within({"const": "x"}), within({"enum": ["x", None]}),
    within({"type": "integer", "enum": list(range(1000))}), referring("#/$defs/A"),
    referring("#/$defs/A", within({"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}]})),
]  # fmt: skip
BROKEN = {
    "keys beside a reference": referring("#/$defs/A", description="q"),
    "too deep": nested(11),
    "too deep behind a reference": referring("#/$defs/A", nested(10)),
    "too many values": within({"type": "integer", "enum": list(range(1001))}),
    "too many values in all": within({"anyOf": [{"enum": list(range(600))}, {"enum": list(range(600))}]}),
    "too long an enum": within({"enum": [f"{number:0100}" for number in range(251)]}),
    "too many properties": {
        **STRICT, "properties": {f"p{n}": {"type": "null"} for n in range(5001)},
        "required": [f"p{n}" for n in range(5001)],
    },
    "too many letters": within({"const": "x" * 120_000}),
    "a reference that leads nowhere": referring("#/$defs/B"),
    "a reference that leads away": referring("https://h.example/schema"),
    "a reference to no schema": referring("#/$defs/A/properties"),
    "a reference to a reference": within({"$ref": "#/$defs/A"}, **{"$defs": {"A": {"$ref": "#/$defs/A"}}}),
    "a reference that is no string": referring(7),
    "a fault in a definition": referring("#/$defs/A", within({})),
    "no alternatives": within({"anyOf": []}),
    "no values": within({"enum": []}),
    "an unknown type": within({"type": "text"}),
    "no types": within({"type": []}),
    "a type that is no word": within({"type": {}}),
    "a null type": within({"type": None, "enum": ["x"]}),
    "a property without a type": within({"description": "q"}),
    "a property that is no schema": within(True),
    "an unknown property is required": {**STRICT, "required": ["a", "b"]},
    "an array of anything": within({"type": "array"}),
    "a list of anything or null": within({"type": ["array", "null"], "items": True}),
    "a root of alternatives": {**STRICT, "anyOf": [STRICT]},
}  # fmt: skip


@pytest.mark.parametrize("schema", WITHIN)
def test_what_keeps_to_the_rules_is_tried(schema):
    assert strict("openai_compatible", sent("openai_compatible", function(schema)).body) == [True]


@pytest.mark.parametrize("schema", BROKEN.values(), ids=BROKEN)
def test_what_breaks_a_rule_of_strict_schemas_is_not_tried(schema):
    """wire/openai-chat.md 7: a violation is a 400."""
    planned = sent("openai_compatible", function(schema))
    assert strict("openai_compatible", planned.body) == [None]
    assert [loss for loss in planned.head["losses"] if loss["path"].startswith("/tools")] == []


def test_a_schema_of_an_answer_is_made_strict_by_the_same_rules():
    def form(schema):
        config = {"format": {"type": "json_schema", "schema": schema}}
        body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}], "output_config": config}
        return send(body, "anthropic", "openai").body["response_format"]["json_schema"]

    assert form(referring("#/$defs/A"))["strict"] is True
    assert "strict" not in form(referring("#/$defs/A", description="q"))


@pytest.mark.parametrize(("to", "model"), [
    ("openai_compatible", "some-model"), ("openai_compatible", "gpt-4o"), ("groq", "llama-3.3-70b-versatile"),
    ("groq", "openai/gpt-oss-120b"), ("groq", "novel"), ("bedrock", "novel.model-v1:0"), ("gemini", "gemini-1.5-pro"),
])  # fmt: skip
def test_it_is_not_tried_where_no_row_knows_of_strict_functions(to, model):
    body = {"model": "m", "max_output_tokens": 2000, "input": "Hi", "tools": [function(STRICT)]}
    planned = send(body, "openai_responses", to, model=model)
    assert planned.status == 200
    assert strict(to, planned.body) in ([None], False)
    # One that the client asked for passes.
    body["tools"] = [function(STRICT, strict=True)]
    assert strict(to, send(body, "openai_responses", to, model=model).body) in ([True], True)


def test_it_is_tried_at_models_that_are_known_to_have_it():
    azure = {"model": "gpt-4o", "base_url": "https://h.example", "api_version": "2025-01-01-preview"}
    body = {"model": "m", "input": "Hi", "tools": [function(STRICT)]}
    assert strict("azure", send(body, "openai_responses", "azure", **azure).body) == [True]


CUSTOM = {"type": "custom", "name": "c"}


@pytest.mark.parametrize("to", ["gemini", "vertex"])
@pytest.mark.parametrize(("beside", "tried"), [
    (function(STRICT, "g"), True), (function(STRICT, "g", strict=True), True), ({"type": "web_search"}, True),
    (function(LOOSE, "g"), False), (function(None, "g"), False), (function(STRICT, "g", strict=False), False),
    (CUSTOM, False),
])  # fmt: skip
def test_where_all_are_strict_together_all_must_qualify(to, beside, tried):
    for tools in ([function(STRICT), beside], [beside, function(STRICT)]):
        assert strict(to, sent(to, *tools, model="gemini-3.5-flash").body) is tried
        # Elsewhere each is one of its own.
        native = sent("anthropic", *tools).body["tools"]
        assert [tool.get("strict") for tool in native if tool["name"] == "f"] == [True]


def test_its_own_api_is_left_to_try_itself():
    body = {"model": "m", "input": "Hi", "tools": [function(STRICT), function(LOOSE, "g")]}
    assert send(body, "openai_responses", "openai", model="gpt-5.1").body["tools"] == body["tools"]


@pytest.mark.parametrize(("count", "schema", "tried"), [
    (20, STRICT, True), (21, STRICT, False),
    (16, {**STRICT, "properties": {"a": {"type": ["string", "null"]}}}, True),
    (17, {**STRICT, "properties": {"a": {"type": ["string", "null"]}}}, False),
])  # fmt: skip
def test_more_than_a_request_may_have_are_not_tried(count, schema, tried):
    """wire/anthropic.md 5: beyond the limits all would be refused."""
    tools = [function(schema, f"f{number}") for number in range(count)]
    assert set(strict("anthropic", sent("anthropic", *tools).body)) == {True if tried else None}
    # One that the client asked for stays, whatever becomes of the others.
    asked = function(STRICT, "asked", strict=True)
    if not tried:
        assert strict("anthropic", sent("anthropic", asked, *tools).body) == [True, *[None] * count]
