"""Functions that leave ``strict`` unsaid: tried where the client's API tries it (wire/openai-responses.md 4)."""

import pytest
from proof.calls import send

STRICT = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
LOOSE = {"type": "object", "properties": {"a": {"type": "string"}}}
TARGETS = {
    "anthropic": {"model": "claude-sonnet-4-6"},
    "bedrock": {"model": "anthropic.claude-sonnet-4-6"},
    "openai_compatible": {"model": "some-model"},
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
