"""spec/chat.md 6, response format: one test a sentence, in the order of the text, for every provider it concerns."""

import copy

import orjson
import pytest

from .answers import Called, Said, answer
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
    call,
    lost,
    refused,
    sent,
    to,
    tool,
)

SHAPE = {
    "type": "object",
    "properties": {"z": {"type": "string"}, "a": {"type": "integer"}},
    "required": ["z", "a"],
    "additionalProperties": False,
}
ANSWER = '{"z":"x","a":1}'


def form(schema=SHAPE, **more):
    return {"type": "json_schema", "json_schema": {"name": "person", "schema": schema, **more}}


def wants(schema=SHAPE, fields=None, **more):
    return ask(response_format=form(schema, **more), **(fields or {}))


def format_of(name, body):
    """The schema at the provider's own place; None when there is none."""
    kind = WIRES[name].kind
    if kind == "claude":
        return body.get("output_config", {}).get("format", {}).get("schema")
    if kind == "bedrock":
        inner = body.get("outputConfig", {}).get("textFormat", {}).get("structure", {}).get("jsonSchema")
        return inner and orjson.loads(inner["schema"])
    if kind == "google":
        return body.get("generationConfig", {}).get("responseJsonSchema")
    if kind == "responses":
        return body.get("text", {}).get("format", {}).get("schema")
    return body.get("response_format", {}).get("json_schema", {}).get("schema")


def tool_names(body):
    tools = body.get("tools") or body.get("toolConfig", {}).get("tools", [])
    if tools and "functionDeclarations" in tools[0]:
        tools = tools[0]["functionDeclarations"]
    return [(item.get("function") or item.get("toolSpec") or item)["name"] for item in tools]


def system_text(name, body):
    if WIRES[name].kind == "google":
        return body["systemInstruction"]["parts"][-1]["text"]
    if WIRES[name].kind in ("claude", "bedrock"):
        return body["system"][-1]["text"]
    return str((body.get("messages") or body.get("input"))[0]["content"])


@pytest.mark.parametrize("name", WIRES)
def test_text(name):
    """`text`"""
    plain = sent(name, ask())
    body = sent(name, ask(response_format={"type": "text"}))
    if WIRES[name].kind == "openai":
        assert body.pop("response_format") == {"type": "text"}
    assert body == plain


@pytest.mark.parametrize("name", [*OPENAI, "responses", *GOOGLE])
def test_json_object_is_native_where_the_target_has_it(name):
    """`json_object`"""
    said = {"role": "user", "content": "As JSON"}
    body = sent(name, ask(said, response_format={"type": "json_object"}))
    if name in GOOGLE:
        assert body["generationConfig"]["responseMimeType"] == "application/json"
        assert "responseJsonSchema" not in body["generationConfig"]
    elif name == "responses":
        assert body["text"]["format"] == {"type": "json_object"}
    else:
        assert body["response_format"] == {"type": "json_object"}


@pytest.mark.parametrize("name", ["groq", "azure", "openai"])
def test_json_object_needs_the_word_json_in_a_message(name):
    """`json_object`; wire/openai-chat.md 7: a 400 unless some message contains the word."""
    body = {"model": "m", "max_tokens": 9, "messages": [USER], "response_format": {"type": "json_object"}}
    planned = to(name, body)
    if name == "openai":
        # A client of OpenAI's own dialect at OpenAI hears it from there.
        assert planned.body["messages"] == [USER]
    else:
        assert "JSON" in planned.body["messages"][0]["content"]
        assert lost(planned) == {("/response_format", "added", "hint")}


NATIVELY = {
    "openai": [{"model": "gpt-4o"}, {"model": "gpt-5.1"}], "azure": [{"family": "gpt-4o"}],
    "responses": [{}], "xai": [{"model": "grok-4.6"}], "groq": [{"model": "openai/gpt-oss-120b"}],
    "openai_compatible": [{}],
    "anthropic": [{"model": model} for model in
                  ("claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-6", "claude-opus-5", "claude-opus-5-5")],
    "vertex_claude": [{}, {"model": "claude-opus-5"}],
    "bedrock": [{}, {"model": "anthropic.claude-opus-4-6"}, {"model": "openai.gpt-oss-120b-1:0"}],
    "gemini": [{}, {"model": "gemini-2.5-flash"}], "vertex": [{}],
}  # fmt: skip


@pytest.mark.parametrize("strict", [True, False, None])
@pytest.mark.parametrize(("name", "head"), [(name, head) for name, heads in NATIVELY.items() for head in heads])
def test_json_schema_is_native_wherever_the_model_row_says_the_target_has_it(name, head, strict):
    """`json_schema`. Native wherever the model row says the target has it"""
    planned = to(name, wants(**({} if strict is None else {"strict": strict})), **head)
    assert planned.status == 200
    found = format_of(name, planned.body)
    # Key order too: answers come in the order of the schema.
    assert orjson.dumps(found) == orjson.dumps(SHAPE)
    assert (tool_names(planned.body), lost(planned)) == ([], set())
    if WIRES[name].kind == "google":
        assert planned.body["generationConfig"]["responseMimeType"] == "application/json"
    if WIRES[name].kind == "responses":
        made = planned.body["text"]["format"]
        assert (made["type"], made["name"], made.get("strict")) == ("json_schema", "person", strict)


FORCED = [
    ("anthropic", {"model": "claude-opus-4-1"}), ("vertex_claude", {"model": "claude-sonnet-4@20250514"}),
    ("bedrock", {"model": "anthropic.claude-sonnet-4-20250514-v1:0"}), ("bedrock", {"model": "amazon.nova-pro-v1:0"}),
    ("bedrock", {"model": "mistral.mistral-large-2407-v1:0"}), ("openai", {"model": "gpt-4"}),
    ("azure", {"family": "gpt-4o", "api_version": "2024-06-01"}), ("groq", {}),
]  # fmt: skip
INSTRUCTED = [
    ("bedrock", {"model": "anthropic.claude-opus-5-5"}), ("bedrock", {"model": "us.meta.llama3-3-70b-instruct-v1:0"}),
    ("bedrock", {"model": "us.deepseek.r1-v1:0"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "head"), FORCED)
def test_else_it_is_converted_by_a_forced_tool(name, head):
    """else converted: by forced tool where the model allows a forced tool"""
    if name == "openai":
        # What a client of the provider's own dialect asks of it stays as it is.
        assert format_of(name, to(name, wants(), **head).body) == SHAPE
        return
    planned = to(name, wants(strict=True), **head)
    assert format_of(name, planned.body) is None
    assert tool_names(planned.body) == ["person"]
    body = planned.body
    choice = body["tool_choice"] if "tool_choice" in body else body["toolConfig"]["toolChoice"]
    assert choice in (
        {"type": "tool", "name": "person"}, {"tool": {"name": "person"}}, {"any": {}},
        {"type": "function", "function": {"name": "person"}},
    )  # fmt: skip
    assert lost(planned) == {("/response_format", "approximated", "hint")}


@pytest.mark.parametrize(("name", "head"), INSTRUCTED)
def test_else_by_an_instruction(name, head):
    """else by an instruction plus validation of the answer"""
    planned = to(name, wants(strict=True), **head)
    assert (format_of(name, planned.body), tool_names(planned.body)) == (None, [])
    assert orjson.dumps(SHAPE).decode() in system_text(name, planned.body)
    assert lost(planned) == {("/response_format", "approximated", "quality")}


@pytest.mark.parametrize(("name", "model"), [
    ("anthropic", "claude-sonnet-4-0"), ("vertex_claude", "claude-sonnet-4-0"),
    ("bedrock", "anthropic.claude-sonnet-4-20250514-v1:0"),
])  # fmt: skip
def test_thinking_excludes_the_forced_tool(name, model):
    """where the model allows a forced tool"""
    planned = to(name, wants(fields={"reasoning_effort": "high"}), model=model)
    assert tool_names(planned.body) == []
    assert planned.lost == {("/response_format", "approximated", "quality")}


@pytest.mark.parametrize(("text", "good"), [
    (ANSWER, True), (f"```json\n{ANSWER}\n```", True), (f"```\n{ANSWER}\n```\n", True), (f"  {ANSWER}\n", True),
    ("No.", False), ('{"z":', False), ("[1]", False),
    # An object of another shape is none of this schema.
    ('{"z":"x"}', False), ('{"z":"x","a":"1"}', False), ('{"z":"x","a":1,"b":2}', False),
])  # fmt: skip
@pytest.mark.parametrize(("name", "head"), INSTRUCTED[:2])
def test_an_answer_by_instruction_is_validated(name, head, text, good):
    """by an instruction plus validation of the answer"""
    given = answer(name, wants(strict=True), Said(text), **head)
    losses = [(loss["path"], loss["kind"], loss["severity"]) for loss in given.head["losses"]]
    assert losses == ([] if good else [("/response_format", "approximated", "contract")])
    if good:
        assert given.message["content"].strip() == ANSWER


# A converted answer


@pytest.mark.parametrize(("name", "head"), [pair for pair in FORCED if pair[0] != "openai"])
def test_a_converted_answer_is_indistinguishable_for_the_client(name, head):
    """A converted answer is indistinguishable for the client: text in `content`, `finish_reason: stop`, streams as content
    deltas, no tool call visible"""
    stops = {"claude": "tool_use", "bedrock": "tool_use", "openai": "tool_calls"}
    given = answer(name, wants(), Called("person", ANSWER, "t1"), stop=stops[WIRES[name].kind], **head)
    assert given.message == {"role": "assistant", "content": ANSWER, "refusal": None}
    assert given.finish == given.head["finish_reason"] == "stop"
    assert len([delta for delta in given.deltas if delta.get("content")]) == 2
    assert not any("tool_calls" in delta for delta in given.deltas)


@pytest.mark.parametrize(("name", "head"), [pair for pair in FORCED if pair[0] != "openai"])
def test_also_beside_the_client_s_own_tools(name, head):
    """also beside the client's own tools"""
    body = wants(fields={"tools": [tool()]})
    planned = to(name, body, **head)
    assert tool_names(planned.body) == ["f", "person"]
    stops = {"claude": "tool_use", "bedrock": "tool_use", "openai": "tool_calls"}
    stop = stops[WIRES[name].kind]
    final = answer(name, body, Called("person", ANSWER, "t1"), stop=stop, **head)
    assert (final.message["content"], final.finish, "tool_calls" in final.message) == (ANSWER, "stop", False)
    theirs = answer(name, body, Called("f", '{"z":1}', "t1"), stop=stop, **head)
    assert (theirs.message["tool_calls"], theirs.finish) == ([call("t1", '{"z":1}')], "tool_calls")


@pytest.mark.parametrize("name", CLAUDES)
def test_the_answer_s_tool_does_not_take_a_name_of_the_client_s(name):
    """also beside the client's own tools"""
    model = {"bedrock": "anthropic.claude-sonnet-4-20250514-v1:0"}.get(name, "claude-sonnet-4-0")
    names = tool_names(to(name, wants(fields={"tools": [tool("person")]}), model=model).body)
    assert names[0] == "person"
    assert len(set(names)) == 2


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", ["openai/gpt-oss-120b", "qwen/qwen3.8-27b"])
def test_where_a_bound_answer_goes_alone_it_is_converted_beside_a_stream_or_tools(model, stream):
    """also beside the client's own tools; wire/groq.md 3: neither with streaming nor with tools."""
    fields = {"stream": True} if stream else {"tools": [tool()]}
    planned = to("groq", wants(fields=fields), model=model)
    assert (format_of("groq", planned.body), tool_names(planned.body)[-1]) == (None, "person")


@pytest.mark.parametrize("name", GOOGLE)
def test_before_gemini_3_a_schema_is_converted_beside_tools(name):
    """also beside the client's own tools; wire/gemini.md 5: JSON output beside functions on Gemini 3 only."""
    planned = to(name, wants(fields={"tools": [tool()]}), model="gemini-2.5-flash")
    assert (format_of(name, planned.body), tool_names(planned.body)) == (None, ["f", "person"])
    assert format_of(name, to(name, wants(fields={"tools": [tool()]})).body) == SHAPE


# strict


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
    (f"{AT}/properties/a/anyOf/1", lambda s: s["properties"].update(a={"anyOf": [{"type": "null"}, {"type": "object"}]})),
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


# Keywords


def inner(name, schema, **head):
    """What becomes of the schema of a property, and what is lost."""
    planned = to(name, wants({**SHAPE, "properties": {"z": schema, "a": {"type": "integer"}}}), **head)
    assert planned.status == 200
    return format_of(name, planned.body)["properties"]["z"], lost(planned)


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


# The official client


@pytest.mark.parametrize("name", [*NATIVE, *OPENAI, "responses"])
def test_parse_helpers_of_the_official_client_work_against_every_provider(name):
    """`parse()` helpers of the official clients work against every provider."""
    from openai.lib._parsing._completions import parse_chat_completion, type_to_response_format_param
    from openai.types.chat import ChatCompletion
    from pydantic import BaseModel

    class Person(BaseModel):
        z: str
        a: int

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
