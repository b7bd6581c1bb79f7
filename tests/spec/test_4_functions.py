"""spec/chat.md 4, functions: one test a sentence, in the order of the text, for every provider it concerns."""

import re

import pytest

from .answers import Called, Said, answer
from .wires import (
    CLAUDE, CLAUDES, CLOSED, GOOGLE, NATIVE, OPENAI, PNG, SCHEMA, USER, WIRES, ask, assistant, call, lost, refused,
    result, sent, to, tool,
)  # fmt: skip

F, G = tool(), tool("g")
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


def tools_of(name, body):
    kind = WIRES[name].kind
    if kind == "bedrock":
        return body.get("toolConfig", {}).get("tools", [])
    tools = body.get("tools", [])
    return tools[0]["functionDeclarations"] if kind == "google" and tools else tools


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


def choice_of(name, body):
    kind = WIRES[name].kind
    if kind == "google":
        return body["toolConfig"]["functionCallingConfig"]
    return body["toolConfig"].get("toolChoice") if kind == "bedrock" else body["tool_choice"]


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
    from ..core.proof.calls import receive
    from .answers import whole

    context = to(name, ask(**OLD)).head["context"]
    choice = receive(context, whole(WIRES[name].kind, Called("f", '{"z":1}'))).body["choices"][0]
    assert choice["message"]["function_call"] == {"name": "f", "arguments": '{"z":1}'}
    assert choice["finish_reason"] == "function_call"
    again = to(name, ask(*SPOKEN, functions=OLD["functions"]))
    assert again.status == 200
    assert ('"R"' in str(again.body).replace("'", '"')) and "z" in str(again.body)


# Results


SEVERAL = [USER, assistant("Two", tool_calls=[call("a"), call("b"), call("c")]), result("c", "C"), result("a", "A"),
           result("b", "B"), {"role": "user", "content": "And?"}]  # fmt: skip


@pytest.mark.parametrize("name", NATIVE)
def test_consecutive_tool_results_merge_into_one_native_turn_in_call_order(name):
    """Consecutive tool results merge into one native turn in call order"""
    planned = to(name, ask(*SEVERAL, tools=[F]))
    turns = planned.body.get("messages") or planned.body["contents"]
    blocks = turns[2].get("content") or turns[2]["parts"]
    expected = {
        "claude": [{"type": "tool_result", "tool_use_id": word.lower(), "content": word} for word in "ABC"],
        "bedrock": [{"toolResult": {"toolUseId": word.lower(), "content": [{"text": word}]}} for word in "ABC"],
        "google": [{"functionResponse": {"id": word.lower(), "name": "f", "response": {"output": word}}}
                   for word in "ABC"],
    }  # fmt: skip
    assert blocks[:3] == expected[WIRES[name].kind]
    assert [turn["role"] for turn in turns[:3]] == ["user", "model" if name in GOOGLE else "assistant", "user"]
    # What the user says comes behind all of them; on Google's wire results stand alone.
    said = turns[3]["parts"] if name in GOOGLE else blocks[3:]
    assert [block["text"] for block in said] == ["And?"]


@pytest.mark.parametrize("name", OPENAI)
def test_chat_servers_have_one_message_a_result(name):
    """Consecutive tool results …"""
    assert to(name, ask(*SEVERAL, tools=[F])).body["messages"] == SEVERAL


def test_responses_has_one_item_a_result():
    """Consecutive tool results …"""
    items = sent("responses", ask(*SEVERAL, tools=[F]))["input"]
    assert [item for item in items if item.get("type") == "function_call_output"] == [
        {"type": "function_call_output", "call_id": word.lower(), "output": word} for word in "CAB"
    ]


def arguments_of(name, body):
    kind = WIRES[name].kind
    if kind == "google":
        return body["contents"][1]["parts"][0]["functionCall"]["args"]
    if kind == "responses":
        return body["input"][1]["arguments"]
    block = body["messages"][1]
    if kind == "openai":
        return block["tool_calls"][0]["function"]["arguments"]
    return block["content"][0]["input"] if kind == "claude" else block["content"][0]["toolUse"]["input"]


@pytest.mark.parametrize("arguments", ["", "  ", "{}", "null", None])
@pytest.mark.parametrize("name", [*NATIVE, "responses"])
def test_empty_arguments_are_the_empty_object(name, arguments):
    """empty arguments are `{}`"""
    planned = to(name, ask(USER, assistant(tool_calls=[call(arguments=arguments)]), result(), tools=[F]))
    found = arguments_of(name, planned.body)
    assert found == ((arguments or "{}") if name == "responses" else {})


@pytest.mark.parametrize("name", [*NATIVE, "responses"])
def test_a_call_without_arguments_is_answered_with_the_empty_object(name):
    """empty arguments are `{}`"""
    given = answer(name, ask(tools=[F]), Called("f", "{}", "t1"))
    assert given.message["tool_calls"][0]["function"]["arguments"] == "{}"


@pytest.mark.parametrize("arguments", ["{", "[1]", "5", '"x"', "{} {}", "{'a': 1}"])
@pytest.mark.parametrize("name", NATIVE)
def test_invalid_json_in_arguments_is_a_400_for_targets_that_need_an_object(name, arguments):
    """invalid JSON in arguments is a 400 for targets that need an object"""
    planned = to(name, ask(USER, assistant(tool_calls=[call(arguments=arguments)]), result(), tools=[F]))
    param = "messages[1].tool_calls[0].function.arguments"
    refused(planned, param, "invalid_arguments", f"'{param}'", "a JSON object", "is not")


@pytest.mark.parametrize("name", [*OPENAI, "responses"])
def test_invalid_json_in_arguments_stays_text_for_targets_that_have_text(name):
    """invalid JSON in arguments is a 400 for targets that need an object"""
    body = sent(name, ask(USER, assistant(tool_calls=[call(arguments="{")]), result(), tools=[F]))
    assert arguments_of(name, body) == "{"


# Media in results


PICTURE = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}
WITH_PICTURE = ask(USER, assistant(tool_calls=[call()]), result(content=[{"type": "text", "text": "See"}, PICTURE]),
                   tools=[F])  # fmt: skip


@pytest.mark.parametrize("name", [*CLAUDES, *GOOGLE, "responses", "openai_compatible"])
def test_tool_results_with_images_go_where_the_target_takes_them(name):
    """tool results with images go where the target takes them"""
    planned = to(name, WITH_PICTURE)
    turns = planned.body.get("messages") or planned.body.get("contents") or planned.body["input"]
    picture = {"type": "base64", "media_type": "image/png", "data": PNG}
    expected = {
        "claude": {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": [
            {"type": "text", "text": "See"}, {"type": "image", "source": picture}]}]},
        "bedrock": {"role": "user", "content": [{"toolResult": {"toolUseId": "c1", "content": [
            {"text": "See"}, {"image": {"format": "png", "source": {"bytes": PNG}}}]}}]},
        "google": {"role": "user", "parts": [{"functionResponse": {
            "id": "c1", "name": "f", "response": {"output": "See"},
            "parts": [{"inlineData": {"mimeType": "image/png", "data": PNG}}]}}]},
        "responses": {"type": "function_call_output", "call_id": "c1", "output": [
            {"type": "input_text", "text": "See"},
            {"type": "input_image", "detail": "auto", "image_url": f"data:image/png;base64,{PNG}"}]},
        "openai": WITH_PICTURE["messages"][2],
    }  # fmt: skip
    assert turns[2] == expected[WIRES[name].kind]
    assert not any(path.startswith("/messages/2") for path, _, _ in planned.lost)


def test_groq_takes_them_in_the_result():
    """tool results with images go where the target takes them; wire/groq.md 1: tool content may be an image."""
    planned = to("groq", WITH_PICTURE, model="qwen/qwen3.8-27b")
    assert planned.body["messages"][2] == WITH_PICTURE["messages"][2]
    assert lost(planned) == set()


MOVED = {("/messages/2", "approximated", "quality")}


@pytest.mark.parametrize("name", ["openai", "azure", "xai"])
def test_where_results_are_text_they_follow_in_a_user_message(name):
    """tool results with images go where the target takes them; wire/openai-chat.md 3: none in a result, use a following
    user message."""
    planned = to(name, WITH_PICTURE)
    assert planned.body["messages"][2:] == [
        {"role": "tool", "tool_call_id": "c1", "content": "See"},
        {"role": "user", "content": [{"type": "text", "text": "Media of the tool result c1:"}, PICTURE]},
    ]
    assert lost(planned) == MOVED


@pytest.mark.parametrize("name", ["openai", "azure", "xai"])
def test_they_follow_behind_all_results_of_the_turn(name):
    """tool results with images go where the target takes them: results stand together (wire/openai-chat.md 3)."""
    turns = [USER, assistant(tool_calls=[call("a"), call("b")]), result("a", [PICTURE]), result("b", "B"), USER]
    planned = to(name, ask(*turns, tools=[F]))
    assert [turn["role"] for turn in planned.body["messages"]] == ["user", "assistant", "tool", "tool", "user", "user"]
    assert planned.body["messages"][4]["content"][1] == PICTURE
    assert lost(planned) == MOVED


def test_before_gemini_3_they_follow_in_the_user_s_turn():
    """tool results with images go where the target takes them; wire/gemini.md 5: media in results from Gemini 3 on."""
    planned = to("gemini", WITH_PICTURE, model="gemini-2.5-flash")
    assert [turn["role"] for turn in planned.body["contents"]] == ["user", "model", "user", "user"]
    assert planned.body["contents"][3]["parts"][1] == {"inlineData": {"mimeType": "image/png", "data": PNG}}
    assert planned.lost == MOVED


# Ids and names


ODD = "get.weather/now ü" + "x" * 130
REFUSED_IDS = {"plain": "call|1:0 ü", "long": "x" * 100}


def named_in(name, body):
    """The name of the tool as it is declared and as it was called, and the ids of the call and of its result."""
    kind = WIRES[name].kind
    declared = tools_of(name, body)[0]
    if kind == "google":
        used, back = (
            body["contents"][1]["parts"][0]["functionCall"],
            body["contents"][2]["parts"][0]["functionResponse"],
        )
        return declared["name"], used["name"], used["id"], back["id"]
    if kind == "responses":
        used, back = body["input"][1:3]
        return declared["name"], used["name"], used["call_id"], back["call_id"]
    used, back = body["messages"][1]["content"][0], body["messages"][2]["content"][0]
    if kind == "claude":
        return declared["name"], used["name"], used["id"], back["tool_use_id"]
    used, back = used["toolUse"], back["toolResult"]
    return declared["toolSpec"]["name"], used["name"], used["toolUseId"], back["toolUseId"]


LEGAL = {
    "claude": r"[a-zA-Z0-9_-]{1,64}", "bedrock": r"[a-zA-Z0-9_-]{1,64}", "google": r"[A-Za-z_][A-Za-z0-9_.:-]{0,127}",
    "responses": r"[a-zA-Z0-9_-]{1,64}",
}  # fmt: skip


@pytest.mark.parametrize("call_id", REFUSED_IDS.values(), ids=REFUSED_IDS)
@pytest.mark.parametrize("name", [*NATIVE, "responses"])
def test_ids_and_names_a_target_refuses_are_mapped_by_a_reversible_function(name, call_id):
    """Ids and names a target refuses are mapped by a reversible function whose table travels in `context`"""
    named = {"type": "function", "function": {"name": ODD}}
    body = ask(USER, assistant(tool_calls=[call(call_id, name=ODD)]), result(call_id), tools=[tool(ODD)],
               tool_choice=named)  # fmt: skip
    planned = to(name, body)
    declared, used, made, answered = named_in(name, planned.body)
    assert declared == used
    assert re.fullmatch(LEGAL[WIRES[name].kind], declared, re.ASCII)
    assert made == answered
    if call_id != "x" * 100 or name == "bedrock":
        assert re.fullmatch(r"[a-zA-Z0-9_-]+", made, re.ASCII)
    assert ODD not in str(planned.body)
    assert planned.head["context"]["names"] == {declared: ODD}
    assert choice_of(name, planned.body) in (
        {"type": "tool", "name": declared}, {"tool": {"name": declared}}, {"type": "function", "name": declared},
        {"mode": "ANY", "allowedFunctionNames": [declared]},
    )  # fmt: skip
    # The same request gives the same names, and the reply has the client's.
    assert to(name, body).body == planned.body
    given = answer(name, body, Called(declared, '{"z":1}', "t1"))
    assert given.message["tool_calls"][0]["function"]["name"] == ODD


def test_names_that_differ_only_where_they_are_refused_stay_different():
    """mapped by a reversible function"""
    planned = to("anthropic", ask(tools=[tool("a.b"), tool("a/b"), tool("a_b")]))
    names = [item["name"] for item in planned.body["tools"]]
    assert len(set(names)) == 3
    assert planned.head["context"]["names"] == {names[0]: "a.b", names[1]: "a/b"}


@pytest.mark.parametrize("name", [*NATIVE, "responses"])
def test_no_state_is_ever_smuggled_in_an_id(name):
    """**no state is ever smuggled in an id**"""
    from .answers import Thought

    thoughts = () if name == "responses" else (Thought("Hm", "c2ln"),)
    signature = {"signature": "Z29v"} if name in GOOGLE else {}
    given = answer(name, ask(tools=[F]), *thoughts, Called("f", "{}", "t1", **signature))
    assert given.message["tool_calls"][0]["id"] == "t1"


# finish_reason


ENDS = {
    "claude": ["tool_use", "end_turn", "stop_sequence", "pause_turn", "brand_new"],
    "bedrock": ["tool_use", "end_turn", "stop_sequence", "brand_new"],
    "google": ["STOP", "BRAND_NEW"],
    "responses": ["completed"],
}


@pytest.mark.parametrize(("name", "stop"), [(name, stop) for name in (*NATIVE, "responses")
                                            for stop in ENDS[WIRES[name].kind]])  # fmt: skip
def test_a_call_was_made_means_tool_calls_whatever_the_provider_said(name, stop):
    """`finish_reason` is derived from what was emitted: a call was made → `tool_calls`, whatever the provider said"""
    given = answer(name, ask(tools=[F]), Said("Now"), Called("f", '{"z":1}', "t1"), stop=stop)
    assert given.finish == "tool_calls"
    assert given.message["content"] == "Now"
    assert given.message["tool_calls"] == [call("t1", '{"z":1}')]


@pytest.mark.parametrize(("name", "stop"), [(name, stop) for name in (*NATIVE, "responses")
                                            for stop in ENDS[WIRES[name].kind] if stop != "pause_turn"])  # fmt: skip
def test_no_call_was_made_means_stop_even_if_the_provider_said_calls(name, stop):
    """`finish_reason` is derived from what was emitted"""
    given = answer(name, ask(tools=[F]), Said("Now"), stop=stop)
    assert given.finish == "stop"
    assert "tool_calls" not in given.message


@pytest.mark.parametrize("stop", ["stop", "tool_calls", "length"])
@pytest.mark.parametrize("name", OPENAI)
def test_an_upstream_that_speaks_openai_chat_keeps_its_own_value(name, stop):
    """(an upstream that already speaks openai_chat keeps its own value: OpenAI itself says `stop` after a forced named
    tool)"""
    given = answer(name, ask(tools=[F], tool_choice={"type": "function", "function": {"name": "f"}}),
                   Called("f", '{"z":1}', "t1"), stop=stop)  # fmt: skip
    assert given.finish == stop
