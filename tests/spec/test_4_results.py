"""spec/chat.md 4, results, ids and how an answer ends: one test a sentence, in the order of the text."""

import re

import pytest

from .answers import Called, Said, Thought, answer
from .declared import F, choice_of, tools_of
from .wires import (
    CLAUDES,
    GOOGLE,
    NATIVE,
    OPENAI,
    PNG,
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


@pytest.mark.parametrize("name", [*NATIVE, "responses"])
def test_a_deprecated_call_beside_current_ones_is_reported(name):
    """the deprecated `functions`: the current spelling wins."""
    turn = assistant(tool_calls=[call()], function_call={"name": "g", "arguments": "{}"})
    planned = to(name, ask(USER, turn, result(), USER, tools=[F]))
    assert planned.lost == {("/messages/1/function_call", "dropped", "quality")}


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
    thoughts = () if name == "responses" else (Thought("Hm", "c2ln"),)
    signature = {"signature": "Z29v"} if name in GOOGLE else {}
    given = answer(name, ask(tools=[F]), *thoughts, Called("f", "{}", "t1", **signature))
    assert given.message["tool_calls"][0]["id"] == "t1"


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
