"""spec/chat.md 4, functions: one test a sentence, in the order of the text, for every provider it concerns."""

import pytest

from ..core.proof.calls import receive
from .answers import Called, answer, whole
from .declared import F, G, choice_of, tools_of
from .wires import (
    CLAUDE,
    CLAUDES,
    CLOSED,
    GOOGLE,
    NATIVE,
    SCHEMA,
    USER,
    WIRES,
    ask,
    assistant,
    call,
    lost,
    refused,
    result,
    sent,
    to,
    tool,
)

NAMED = {"type": "function", "function": {"name": "g"}}


def allowed(mode, *names):
    tools = [{"type": "function", "function": {"name": name}} for name in names]
    return {"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": tools}}


def native_tool(name, tool_name="f", **more):
    """A declared function in the words of a provider."""
    kind = WIRES[name].kind
    if kind == "claude":
        return {"name": tool_name, "description": "F", "input_schema": SCHEMA, **more}
    if kind == "bedrock":
        return {"toolSpec": {"name": tool_name, "description": "F", "inputSchema": {"json": SCHEMA}, **more}}
    if kind == "google":
        return {"name": tool_name, "description": "F", "parametersJsonSchema": SCHEMA}
    if kind == "responses":
        # wire/openai-responses.md 4: left out, it would be tried strict.
        return {
            "type": "function",
            "name": tool_name,
            "description": "F",
            "parameters": SCHEMA,
            "strict": False,
            **more,
        }
    return tool(tool_name)


@pytest.mark.parametrize("name", WIRES)
def test_tools(name):
    """`tools`"""
    body = sent(name, ask(tools=[F, G]))
    assert tools_of(name, body) == [native_tool(name), native_tool(name, "g")]
    assert not body.keys() & {"tool_choice", "toolConfig"} - ({"toolConfig"} if name == "bedrock" else set())


@pytest.mark.parametrize("name", WIRES)
def test_a_tool_without_arguments(name):
    """`tools`"""
    bare = {"type": "function", "function": {"name": "now"}}
    empty = {"type": "object", "properties": {}}
    found = tools_of(name, sent(name, ask(tools=[bare])))[0]
    expected = {
        "openai": bare, "responses": {"type": "function", "name": "now", "parameters": empty, "strict": False},
        "claude": {"name": "now", "input_schema": empty},
        "bedrock": {"toolSpec": {"name": "now", "inputSchema": {"json": empty}}},
        # wire/gemini.md 5: both keys are left out, since some models refuse an empty object.
        "google": {"name": "now"},
    }  # fmt: skip
    assert found == expected[WIRES[name].kind]


CHOICES = {
    "auto": {"claude": {"type": "auto"}, "bedrock": {"auto": {}}, "google": {"mode": "AUTO"}},
    "required": {"claude": {"type": "any"}, "bedrock": {"any": {}}, "google": {"mode": "ANY"}},
    "none": {"claude": {"type": "none"}, "google": {"mode": "NONE"}},
}


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("name", WIRES)
def test_tool_choice_by_a_word(name, choice):
    """`tool_choice` (none, auto, required …)"""
    if name == "bedrock" and choice == "none":
        # wire/bedrock.md 6: there is no such choice, so that no tools are sent.
        planned = to(name, ask(tools=[F], tool_choice=choice))
        assert "toolConfig" not in planned.body
        assert planned.lost == {("/tool_choice", "approximated", "hint")}
        return
    body = sent(name, ask(tools=[F, G], tool_choice=choice))
    assert choice_of(name, body) == CHOICES[choice].get(WIRES[name].kind, choice)
    assert len(tools_of(name, body)) == 2


def test_none_where_the_history_needs_its_tools_is_reported_on_bedrock():
    """`tool_choice` (none …); wire/bedrock.md 6: history with calls needs its tools."""
    turns = [USER, assistant(tool_calls=[call()]), result()]
    planned = to("bedrock", ask(*turns, tools=[F], tool_choice="none"))
    assert tools_of("bedrock", planned.body) == [native_tool("bedrock")]
    assert "toolChoice" not in planned.body["toolConfig"]
    assert planned.lost == {("/tool_choice", "approximated", "quality")}


@pytest.mark.parametrize("name", WIRES)
def test_tool_choice_by_a_name(name):
    """`tool_choice` (… named …)"""
    expected = {
        "openai": NAMED, "responses": {"type": "function", "name": "g"}, "claude": {"type": "tool", "name": "g"},
        "bedrock": {"tool": {"name": "g"}}, "google": {"mode": "ANY", "allowedFunctionNames": ["g"]},
    }  # fmt: skip
    assert choice_of(name, sent(name, ask(tools=[F, G], tool_choice=NAMED))) == expected[WIRES[name].kind]


@pytest.mark.parametrize("mode", ["auto", "required"])
@pytest.mark.parametrize("name", WIRES)
def test_tool_choice_of_allowed_tools(name, mode):
    """`tool_choice` (… allowed_tools)"""
    body = ask(tools=[F, G, tool("h")], tool_choice=allowed(mode, "g", "h"))
    planned = to(name, body)
    if name in (*CLAUDES, "xai", "groq"):
        # Where no choice can be limited, only the allowed tools are sent.
        assert tools_of(name, planned.body) == [native_tool(name, "g"), native_tool(name, "h")]
        assert choice_of(name, planned.body) == CHOICES[mode].get(WIRES[name].kind, mode)
        assert lost(planned) == {("/tool_choice", "approximated", "cost"), ("/tools/0", "dropped", "hint")}
        return
    assert len(tools_of(name, planned.body)) == 3
    flat = {"type": "allowed_tools", "mode": mode, "tools": [{"type": "function", "name": n} for n in "gh"]}
    # wire/gemini.md 5: VALIDATED is the mode that names tools and forces no call.
    google = {"mode": {"auto": "VALIDATED", "required": "ANY"}[mode], "allowedFunctionNames": ["g", "h"]}
    expected = {"responses": flat, "google": google}.get(WIRES[name].kind, body["tool_choice"])
    assert choice_of(name, planned.body) == expected
    assert lost(planned) == set()


@pytest.mark.parametrize("name", NATIVE)
@pytest.mark.parametrize("choice", [{"type": "function", "function": {"name": "x"}}, allowed("auto", "x"), "required"])
def test_a_choice_of_a_tool_that_is_not_there_is_a_400(name, choice):
    """`tool_choice`"""
    if choice == allowed("auto", "x") and name in GOOGLE:
        return
    tools = {} if choice == "required" else {"tools": [F]}
    refused(to(name, ask(tool_choice=choice, **tools)), "tool_choice", "invalid_value", "'tools'")


@pytest.mark.parametrize(("model", "name"), [
    *((model, name) for model in ("claude-opus-5-5", "claude-sonnet-5-5") for name in CLAUDE),
    ("anthropic.claude-opus-5-5", "bedrock"), ("us.meta.llama3-3-70b-instruct-v1:0", "bedrock"),
    ("us.deepseek.r1-v1:0", "bedrock"),
])  # fmt: skip
@pytest.mark.parametrize("choice", ["required", NAMED])
def test_a_forced_call_is_a_contract_where_the_model_refuses_to_be_forced(model, name, choice):
    """`tool_choice`; wire/anthropic.md 5, wire/bedrock.md 6"""
    refused(to(name, ask(tools=[F, G], tool_choice=choice), model=model), "tool_choice", "unsupported_parameter")
    planned = to(name, ask(tools=[F, G], tool_choice=choice), model=model, on_loss="allow")
    assert choice_of(name, planned.body) == CHOICES["auto"][WIRES[name].kind]
    assert planned.lost == {("/tool_choice", "approximated", "contract")}


@pytest.mark.parametrize("several", [True, False])
@pytest.mark.parametrize("name", WIRES)
def test_parallel_tool_calls(name, several):
    """`parallel_tool_calls`"""
    planned = to(name, ask(tools=[F], parallel_tool_calls=several))
    missed = {("/parallel_tool_calls", "dropped", "quality")} if name in GOOGLE and not several else set()
    assert (planned.status, lost(planned)) == (200, missed)
    if WIRES[name].kind in ("openai", "responses"):
        assert planned.body["parallel_tool_calls"] is several
    single = {"type": "auto", "disable_parallel_tool_use": True}
    if name in CLAUDE:
        assert planned.body.get("tool_choice") == (None if several else single)
    if name == "bedrock":
        fields = planned.body.get("additionalModelRequestFields")
        assert fields == (None if several else {"tool_choice": single})


@pytest.mark.parametrize(("choice", "said"), [
    ("auto", {"type": "auto"}), ("required", {"type": "any"}), (NAMED, {"type": "tool", "name": "g"}),
])  # fmt: skip
@pytest.mark.parametrize("name", CLAUDES)
def test_one_call_at_a_time_is_said_beside_every_choice(name, choice, said):
    """`parallel_tool_calls`"""
    body = sent(name, ask(tools=[F, G], tool_choice=choice, parallel_tool_calls=False))
    place = body["additionalModelRequestFields"] if name == "bedrock" else body
    assert place["tool_choice"] == {**said, "disable_parallel_tool_use": True}


def test_a_family_that_cannot_be_told_loses_it_aloud():
    """`parallel_tool_calls`"""
    planned = to("bedrock", ask(tools=[F], parallel_tool_calls=False), model="amazon.nova-pro-v1:0")
    assert planned.lost == {("/parallel_tool_calls", "dropped", "quality")}


STRICT = tool(parameters=CLOSED, strict=True)


@pytest.mark.parametrize("name", WIRES)
def test_strict(name):
    """strict"""
    planned = to(name, ask(tools=[STRICT]))
    assert (planned.status, lost(planned)) == (200, set())
    found = tools_of(name, planned.body)[0]
    if name in GOOGLE:
        # The nearest to it, which is said once for all of them (wire/gemini.md 5).
        assert choice_of(name, planned.body) == {"mode": "VALIDATED"}
        assert found == {"name": "f", "description": "F", "parametersJsonSchema": CLOSED}
    else:
        inner = found.get("toolSpec") or found.get("function") or found
        assert inner["strict"] is True
        assert CLOSED in (inner.get("parameters"), inner.get("input_schema"), inner.get("inputSchema", {}).get("json"))


@pytest.mark.parametrize(("name", "model"), [
    ("anthropic", "claude-opus-4-1"), ("vertex_claude", "claude-sonnet-4@20250514"),
    ("bedrock", "anthropic.claude-opus-5"), ("bedrock", "amazon.nova-pro-v1:0"),
])  # fmt: skip
def test_strict_where_the_model_has_none_is_reported(name, model):
    """strict"""
    planned = to(name, ask(tools=[STRICT]), model=model)
    assert "strict" not in str(planned.body["tools"] if name in CLAUDE else planned.body["toolConfig"])
    assert planned.lost == {("/tools/0/function/strict", "dropped", "quality")}


CUSTOM = {"type": "custom", "custom": {"name": "sh", "description": "Shell"}}
FREE_TEXT = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}


@pytest.mark.parametrize("name", ["openai", "azure", "openai_compatible", "responses"])
def test_custom_tools_where_there_are_such(name):
    """custom tools"""
    grammar = {"type": "grammar", "grammar": {"syntax": "regex", "definition": "a+"}}
    full = {"type": "custom", "custom": {**CUSTOM["custom"], "format": grammar}}
    found = tools_of(name, sent(name, ask(tools=[full])))[0]
    flat = {"type": "custom", "name": "sh", "description": "Shell",
            "format": {"type": "grammar", "syntax": "regex", "definition": "a+"}}  # fmt: skip
    assert found == (flat if name == "responses" else full)


@pytest.mark.parametrize("name", [*NATIVE, "xai", "groq"])
def test_custom_tools_are_functions_with_one_string_elsewhere_and_come_back_as_free_text(name):
    """custom tools"""
    body = ask(tools=[CUSTOM])
    planned = to(name, body)
    assert lost(planned) == {("/tools/0", "approximated", "quality")}
    assert str(FREE_TEXT) in str(tools_of(name, planned.body)[0])
    given = answer(name, body, Called("sh", '{"input":"ls -l"}', "t1"))
    assert given.message["tool_calls"] == [{"id": "t1", "type": "custom", "custom": {"name": "sh", "input": "ls -l"}}]
    spoken = {"id": "t1", "type": "custom", "custom": {"name": "sh", "input": "ls -l"}}
    again = to(name, ask(USER, assistant(tool_calls=[spoken]), result("t1"), tools=[CUSTOM]))
    assert "ls -l" in str(again.body)


@pytest.mark.parametrize("name", [*NATIVE, "xai", "groq"])
def test_a_grammar_that_cannot_be_kept_is_a_contract(name):
    """custom tools"""
    form = {"type": "grammar", "grammar": {"syntax": "regex", "definition": "a+"}}
    planned = to(name, ask(tools=[{"type": "custom", "custom": {"name": "sh", "format": form}}]))
    refused(planned, "tools[0]", "unsupported_parameter", "free-text tools")


OLD = {"functions": [F["function"]], "function_call": {"name": "f"}}
SPOKEN = [USER, assistant(function_call={"name": "f", "arguments": '{"z":1}'}),
          {"role": "function", "name": "f", "content": "R"}]  # fmt: skip


@pytest.mark.parametrize("name", [*NATIVE, "responses"])
def test_the_deprecated_functions(name):
    """the deprecated `functions`"""
    body = sent(name, ask(**OLD))
    assert tools_of(name, body) == [native_tool(name)]
    expected = {
        "responses": {"type": "function", "name": "f"}, "claude": {"type": "tool", "name": "f"},
        "bedrock": {"tool": {"name": "f"}}, "google": {"mode": "ANY", "allowedFunctionNames": ["f"]},
    }  # fmt: skip
    assert choice_of(name, body) == expected[WIRES[name].kind]
    context = to(name, ask(**OLD)).head["context"]
    assert context["legacy"] is True


@pytest.mark.parametrize("name", [*NATIVE, "responses"])
def test_the_deprecated_functions_are_answered_in_the_deprecated_form(name):
    """the deprecated `functions`"""
    context = to(name, ask(**OLD)).head["context"]
    choice = receive(context, whole(WIRES[name].kind, Called("f", '{"z":1}'))).body["choices"][0]
    assert choice["message"]["function_call"] == {"name": "f", "arguments": '{"z":1}'}
    assert choice["finish_reason"] == "function_call"
    again = to(name, ask(*SPOKEN, functions=OLD["functions"]))
    assert again.status == 200
    assert "'R'" in str(again.body)
    assert "z" in str(again.body)
