"""spec/chat.md 8, prompt caching: one test a sentence, in the order of the text, for every provider."""

from typing import Any

import orjson
import pytest
from dragoman.translate import boundary

from .provider_answers import CLAUDE, NAMES, PROVIDERS, USER, Json, ask

MARK: Json = {"type": "ephemeral"}
HOUR: Json = {"type": "ephemeral", "ttl": "1h"}
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
TOOL: Json = {"type": "function", "function": {"name": "f"}}
DROPPED, BENT = ("dropped", "cost"), ("approximated", "cost")
CHAT_MARKED = "gpt-5.6"
"""A model with breakpoints (wire/openai-chat.md 2)."""


def text(words: str = "x", **more: Any) -> Json:
    return {"type": "text", "text": words, **more}


def turn(role: str, *parts: Json, **more: Any) -> Json:
    return {"role": role, "content": list(parts), **more}


def loop(called: Json = CALL, result: Any = "r", tool: Json = TOOL, **more: Any) -> Json:
    """A tool loop whose call, result and tool may carry marks; further keys are the tool message's."""
    calls = {"role": "assistant", "content": None, "tool_calls": [called]}
    answer = {"role": "tool", "tool_call_id": "c1", "content": result, **more}
    return {"messages": [USER, calls, answer], "tools": [tool]}


def marked(mark: Json) -> dict[str, tuple[Json, str]]:
    """Place -> a request with a mark there, and the pointer of the mark."""
    here = {"cache_control": mark}
    return {
        "system": ({"messages": [turn("system", text(**here)), USER]}, "/messages/0/content/0"),
        "user": ({"messages": [turn("user", text(**here), text("y"))]}, "/messages/0/content/0"),
        "assistant": ({"messages": [USER, turn("assistant", text(**here)), USER]}, "/messages/1/content/0"),
        "result part": (loop(result=[text("r", **here)]), "/messages/2/content/0"),
        "call": (loop(called={**CALL, **here}), "/messages/1/tool_calls/0"),
        "tool": ({"tools": [{**TOOL, **here}]}, "/tools/0"),
        "function": ({"tools": [{"type": "function", "function": {"name": "f", **here}}]}, "/tools/0/function"),
        "message": ({"messages": [{"role": "user", "content": "Hi", **here}]}, "/messages/0"),
        "tool message": (loop(**here), "/messages/2"),
        "top": (here, ""),
    }


PLACES = tuple(marked(MARK))


def marks(value: Any, key: str = "cache_control") -> list[Any]:
    """All marks anywhere, in order."""
    if isinstance(value, dict):
        own = [value[key]] if key in value else []
        return own + [mark for item in value.values() for mark in marks(item, key)]
    return [mark for item in value for mark in marks(item, key)] if isinstance(value, list) else []


def about_marks(sent: Any) -> set[tuple[str, str, str]]:
    return {loss for loss in sent.lost if loss[2] == "cost" or "cache" in loss[0]}


# `cache_control` ... → Anthropic and Claude on Vertex as is


def at_anthropic(place: str, body: Json) -> Json:
    """The native object that carries the mark of a place (wire/anthropic.md 8)."""
    turns = body["messages"]
    found: dict[str, Any] = {
        "system": lambda: body["system"][0],
        "user": lambda: turns[0]["content"][0],
        "assistant": lambda: turns[1]["content"][0],
        "result part": lambda: turns[2]["content"][0]["content"][0],
        "call": lambda: turns[1]["content"][0],
        "tool": lambda: body["tools"][0],
        "function": lambda: body["tools"][0],
        "message": lambda: turns[0]["content"][0],
        "tool message": lambda: turns[2]["content"][0],
        "top": lambda: body,
    }
    native: Json = found[place]()
    return native


@pytest.mark.parametrize("mark", [MARK, HOUR, {"type": "ephemeral", "ttl": "5m"}], ids=["plain", "1h", "5m"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["anthropic", "vertex_claude"])
def test_marks_everywhere_go_to_claude_as_they_are(name, place, mark):
    """`cache_control` (with `ttl`) on system, user, assistant, tool-result parts, on tools, on messages (moved to the
    last part) and at top level. → Anthropic and Claude on Vertex as is"""
    body, _ = marked(mark)[place]
    sent = ask(name, **body)
    assert at_anthropic(place, sent.body)["cache_control"] == mark
    assert marks(sent.body) == [mark]
    assert about_marks(sent) == set()


@pytest.mark.parametrize("name", ["anthropic", "vertex_claude"])
@pytest.mark.parametrize("content", ["a", [text("a"), text("b")]], ids=["string", "parts"])
@pytest.mark.parametrize("role", ["system", "user", "assistant"])
def test_a_mark_on_a_message_is_moved_to_its_last_part(name, content, role):
    """on messages (moved to the last part)"""
    said = {"role": role, "content": content, "cache_control": HOUR}
    sent = ask(name, messages={"system": [said, USER], "user": [said], "assistant": [USER, said, USER]}[role])
    at = {"user": 0, "assistant": 1}
    blocks = sent.body["system"] if role == "system" else sent.body["messages"][at[role]]["content"]
    assert [("cache_control" in block) for block in blocks] == [False] * (len(blocks) - 1) + [True]
    assert blocks[-1]["cache_control"] == HOUR
    assert about_marks(sent) == set()


SIGNED = {"type": "thinking", "thinking": "t", "signature": "s"}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "openai_compatible"])
@pytest.mark.parametrize("content", ["", [SIGNED]], ids=["empty", "thinking"])
def test_a_mark_on_a_message_whose_last_part_can_carry_none_is_reported(name, content):
    """on messages (moved to the last part); wire/anthropic.md 8: "never on thinking, empty text" """
    sent = ask(name, messages=[USER, {"role": "assistant", "content": content, "cache_control": MARK}, USER])
    assert marks(sent.body) == []
    assert about_marks(sent) == {("/messages/1/cache_control", *DROPPED)}


@pytest.mark.parametrize("name", CLAUDE)
def test_a_part_s_own_mark_is_kept_and_another_one_of_its_message_reported(name):
    """on messages (moved to the last part): where that has a mark, one of the two has to give way"""
    said = turn("user", text(cache_control=MARK), cache_control=HOUR)
    sent = ask(name, messages=[said])
    blocks = sent.body["messages"][0]["content"]
    assert blocks == ([{"text": "x"}, {"cachePoint": {"type": "default"}}] if name == "bedrock" else said["content"])
    assert about_marks(sent) == {("/messages/0/cache_control", *DROPPED)}
    same = ask(name, messages=[turn("user", text(cache_control=HOUR), cache_control=HOUR)])
    assert about_marks(same) == set()


# Bedrock `cachePoint` after the marked block

POINT, HOUR_POINT = {"cachePoint": {"type": "default"}}, {"cachePoint": {"type": "default", "ttl": "1h"}}


def around(place: str, body: Json) -> list[Json]:
    """The native list in which the mark of a place stands (wire/bedrock.md 9)."""
    turns = body["messages"]
    if place == "system":
        system: list[Json] = body["system"]
        return system
    if place in ("tool", "function"):
        tools: list[Json] = body["toolConfig"]["tools"]
        return tools
    at = {"user": 0, "assistant": 1, "result part": 2, "call": 1, "message": 0, "tool message": 2, "top": 0}[place]
    content: list[Json] = turns[at]["content"]
    return content


@pytest.mark.parametrize(("mark", "point"), [(MARK, POINT), (HOUR, HOUR_POINT)], ids=["plain", "1h"])
@pytest.mark.parametrize("place", PLACES)
def test_bedrock_gets_a_cache_point_after_the_marked_block(place, mark, point):
    """Bedrock `cachePoint` after the marked block"""
    body, pointer = marked(mark)[place]
    sent = ask("bedrock", **body)
    blocks = around(place, sent.body)
    assert blocks[1] == point
    kinds = {"system": "text", "tool": "toolSpec", "function": "toolSpec", "call": "toolUse",
             "result part": "toolResult", "tool message": "toolResult"}  # fmt: skip
    assert list(blocks[0]) == [kinds.get(place, "text")]
    assert orjson.dumps(sent.body).count(b"cachePoint") == 1
    assert marks(sent.body) == []
    # It marks blocks only: a mark of the whole request becomes one on the last block.
    assert about_marks(sent) == ({(f"{pointer}/cache_control", "approximated", "hint")} if place == "top" else set())


def test_bedrock_marks_a_tool_result_as_a_whole():
    """Bedrock `cachePoint` after the marked block: a point cannot stand inside a result (wire/bedrock.md 5), so that of
    several marks in one result the last one counts"""
    parts = [text("r", cache_control=HOUR), text("s"), text("t", cache_control=MARK)]
    sent = ask("bedrock", **loop(result=parts))
    (result, point) = sent.body["messages"][2]["content"]
    assert [list(item) for item in result["toolResult"]["content"]] == [["text"]] * 3
    assert point == POINT
    assert about_marks(sent) == {("/messages/2/content/0/cache_control", *DROPPED)}


@pytest.mark.parametrize("model", ["us.amazon.nova-lite-v1:0", "us.amazon.nova-2-lite-v1:0"])
@pytest.mark.parametrize("place", PLACES)
def test_nova_takes_short_marks_and_none_on_tools(model, place):
    """Bedrock `cachePoint`; wire/bedrock.md 9: "`ttl: "1h"` only on newer Claude models", "Nova: no mark in tools" """
    body, pointer = marked(HOUR)[place]
    sent = ask("bedrock", model, **body)
    place_of_mark = f"{pointer}/cache_control"
    if place in ("tool", "function"):
        assert sent.body["toolConfig"]["tools"] == [
            {"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object", "properties": {}}}}}
        ]
        assert about_marks(sent) == {(place_of_mark, *DROPPED)}
        return
    assert around(place, sent.body)[1] == {"cachePoint": {"type": "default", "ttl": "5m"}}
    lost = {(place_of_mark, *BENT)} | ({(place_of_mark, "approximated", "hint")} if place == "top" else set())
    assert about_marks(sent) == lost


@pytest.mark.parametrize("model", ["meta.llama3-1-70b-instruct-v1:0", "openai.gpt-oss-120b-1:0"])
@pytest.mark.parametrize("place", PLACES)
def test_families_on_bedrock_without_a_cache_drop_marks_with_a_cost_loss(model, place):
    """elsewhere dropped with a **cost** loss"""
    body, pointer = marked(MARK)[place]
    sent = ask("bedrock", model, **body)
    assert b"cachePoint" not in orjson.dumps(sent.body)
    assert about_marks(sent) == {(f"{pointer}/cache_control", *DROPPED)}


# OpenAI models with breakpoints get `prompt_cache_breakpoint`

BREAK, HALF = {"mode": "explicit"}, {"mode": "explicit", "ttl": "30m"}
BROKEN = ("system", "user", "assistant", "message")
"""Places on chat that take a breakpoint: text, image, audio and file parts (wire/openai-chat.md 2)."""
WITH_BREAKPOINTS = ["gpt-5.6", "gpt-5.6-terra", "gpt-6-sol", "gpt-6-luna", "gpt-6-astra", "gpt-6.1-terra"]


@pytest.mark.parametrize(("mark", "wanted"), [(MARK, BREAK), (HOUR, HALF)], ids=["plain", "1h"])
@pytest.mark.parametrize("model", WITH_BREAKPOINTS)
@pytest.mark.parametrize("place", BROKEN)
@pytest.mark.parametrize("name", ["openai", "azure"])
def test_openai_models_with_breakpoints_get_breakpoints(name, model, place, mark, wanted):
    """OpenAI models with breakpoints get `prompt_cache_breakpoint` (chat knows one lifetime, 30m:
    wire/openai-chat.md 2)"""
    body, pointer = marked(mark)[place]
    sent = ask(name, model, **body)
    at = 1 if place == "assistant" else 0
    assert sent.body["messages"][at]["content"][0]["prompt_cache_breakpoint"] == wanted
    assert (marks(sent.body), marks(sent.body, "prompt_cache_breakpoint")) == ([], [wanted])
    assert about_marks(sent) == (set() if mark is MARK else {(f"{pointer}/cache_control", *BENT)})


@pytest.mark.parametrize("place", ["result part", "tool message"])
@pytest.mark.parametrize("name", ["openai", "azure"])
def test_a_marked_tool_result_has_a_breakpoint_too(name, place):
    """OpenAI models with breakpoints get `prompt_cache_breakpoint`"""
    body, _ = marked(MARK)[place]
    chat = ask(name, CHAT_MARKED, **body, reasoning_effort="none")
    assert chat.body["messages"][2]["content"][0]["prompt_cache_breakpoint"] == BREAK
    assert about_marks(chat) == set()
    # Tools beside reasoning go through Responses, where a result's parts carry it as well.
    responses = ask(name, CHAT_MARKED, **body)
    assert responses.body["input"][2]["output"][0]["prompt_cache_breakpoint"] == BREAK
    assert about_marks(responses) == set()


@pytest.mark.parametrize("place", ["call", "tool", "function"])
@pytest.mark.parametrize("effort", ["none", "low"], ids=["chat", "responses"])
@pytest.mark.parametrize("name", ["openai", "azure"])
def test_calls_and_tools_have_no_breakpoint(name, place, effort):
    """elsewhere dropped with a **cost** loss: "any text, image_url, input_audio or file part" (wire/openai-chat.md
    2)"""
    body, pointer = marked(MARK)[place]
    sent = ask(name, CHAT_MARKED, **body, reasoning_effort=effort)
    assert marks(sent.body) + marks(sent.body, "prompt_cache_breakpoint") == []
    assert about_marks(sent) == {(f"{pointer}/cache_control", *DROPPED)}


@pytest.mark.parametrize("name", ["openai", "azure"])
def test_the_automatic_mark_is_openai_s_implicit_mode(name):
    """OpenAI models with breakpoints …; wire/anthropic.md 18: `prompt_cache_options.mode: implicit` is the
    top-level mark"""
    sent = ask(name, CHAT_MARKED, cache_control=MARK)
    assert sent.body["prompt_cache_options"] == {"mode": "implicit"}
    assert (marks(sent.body), about_marks(sent)) == ([], set())


@pytest.mark.parametrize("place", PLACES)
def test_an_azure_version_before_breakpoints_drops_marks(place):
    """elsewhere dropped with a **cost** loss; wire/azure-openai.md 1: newer fields are "v1-only" """
    body, pointer = marked(MARK)[place]
    sent = ask("azure", CHAT_MARKED, head={"api_version": "2025-04-01-preview"}, **body)
    assert marks(sent.body) + marks(sent.body, "prompt_cache_breakpoint") == []
    assert "prompt_cache_options" not in sent.body
    assert {loss for loss in about_marks(sent) if loss[2] == "cost"} == {(f"{pointer}/cache_control", *DROPPED)}


@pytest.mark.parametrize("name", CLAUDE)
def test_breakpoints_of_openai_are_marks_for_claude(name):
    """the same in the other direction: `prompt_cache_breakpoint` is "the natural mapping target"
    (wire/openai-chat.md 2)"""
    sent = ask(name, messages=[turn("user", text(prompt_cache_breakpoint=HALF))])
    wanted = [{"text": "x"}, HOUR_POINT] if name == "bedrock" else [text(cache_control=HOUR)]
    assert sent.body["messages"][0]["content"] == wanted
    assert about_marks(sent) == {("/messages/0/content/0/prompt_cache_breakpoint", *BENT)}


@pytest.mark.parametrize("name", CLAUDE)
def test_of_two_spellings_on_one_part_the_other_is_reported(name):
    """`cache_control` (with `ttl`) …: nothing of it is lost in silence"""
    sent = ask(name, messages=[turn("user", text(cache_control=HOUR, prompt_cache_breakpoint=BREAK))])
    wanted = [{"text": "x"}, HOUR_POINT] if name == "bedrock" else [text(cache_control=HOUR)]
    assert sent.body["messages"][0]["content"] == wanted
    assert {path for path, *_ in sent.lost} >= {"/messages/0/content/0/prompt_cache_breakpoint"}


# elsewhere dropped with a **cost** loss

ELSEWHERE = ["openai", "azure", "gemini", "vertex", "xai", "groq"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ELSEWHERE)
def test_elsewhere_marks_are_dropped_with_a_cost_loss(name, place):
    """elsewhere dropped with a **cost** loss"""
    body, pointer = marked(HOUR)[place]
    sent = ask(name, **body)
    assert plain_text(sent.body) == plain_text(ask(name, **unmarked(body)).body)
    assert about_marks(sent) == {(f"{pointer}/cache_control", *DROPPED)}
    refused = ask(name, **body, head={"on_loss": {"cost": "refuse"}})
    assert (refused.status, refused.error["code"]) == (400, "unsupported_parameter")
    assert refused.error["param"].endswith("cache_control")
    assert "takes no cache marks" in refused.error["message"]


def plain_text(value: Any) -> Any:
    """A body in which a lone text part is its text: chat servers take both."""
    if isinstance(value, dict):
        return {key: plain_text(item) for key, item in value.items()}
    if isinstance(value, list):
        lone = len(value) == 1 and isinstance(value[0], dict) and value[0].get("type") == "text"
        return value[0]["text"] if lone else [plain_text(item) for item in value]
    return value


def unmarked(value: Any) -> Any:
    """A request without marks."""
    if isinstance(value, dict):
        return {key: unmarked(item) for key, item in value.items() if key != "cache_control"}
    return [unmarked(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("place", PLACES)
def test_an_unknown_server_gets_the_marks_as_they_are(place):
    """not "elsewhere": a server of which nothing is known may be one of those that read `cache_control`
    (wire/openai-chat.md 12)"""
    body, _ = marked(HOUR)[place]
    sent = ask("openai_compatible", **body)
    assert marks(sent.body) == [HOUR]
    assert sent.losses == []


@pytest.mark.parametrize("place", ["call", "result"])
def test_marks_of_a_messages_client_in_a_tool_loop_reach_an_unknown_server(place):
    """`cache_control` … on …, tool-result parts, …: of a client whose results and calls carry it themselves"""
    call: Json = {"type": "tool_use", "id": "c1", "name": "f", "input": {}}
    result: Json = {"type": "tool_result", "tool_use_id": "c1", "content": "r"}
    (call if place == "call" else result)["cache_control"] = HOUR
    messages = [USER, {"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
    tools = [{"name": "f", "input_schema": {"type": "object"}}]
    sent = ask("openai_compatible", None, "anthropic", messages=messages, tools=tools, max_tokens=9)
    assert marks(sent.body["messages"][1 if place == "call" else 2]) == [HOUR]
    assert sent.losses == []


# More than four marks: the last four, reported.


@pytest.mark.parametrize("name", CLAUDE)
def test_of_more_than_four_marks_the_last_four_are_kept_and_the_others_reported(name):
    """More than four marks: the last four, reported. The order is that of the prefix: tools, system, messages
    (wire/anthropic.md 8)"""
    sent = ask(
        name,
        tools=[{**TOOL, "cache_control": MARK}],
        messages=[
            turn("system", text("1", cache_control=MARK), text("2", cache_control=MARK)),
            turn("user", text("3", cache_control=MARK), text("4", cache_control=MARK)),
            turn("assistant", text("5", cache_control=MARK)),
            turn("user", text("6", cache_control=MARK)),
        ],
    )
    assert orjson.dumps(sent.body).count(b"cachePoint" if name == "bedrock" else b"cache_control") == 4
    kept = "cachePoint" if name == "bedrock" else "cache_control"
    assert kept not in str(sent.body.get("system")) + str(sent.body.get("tools") or sent.body.get("toolConfig"))
    assert about_marks(sent) == {
        ("/tools/0/cache_control", *DROPPED),
        ("/messages/0/content/0/cache_control", *DROPPED),
        ("/messages/0/content/1/cache_control", *DROPPED),
    }


@pytest.mark.parametrize("name", ["anthropic", "vertex_claude"])
def test_the_automatic_mark_takes_a_slot(name):
    """More than four marks: the last four; wire/anthropic.md 8: "4 explicit + automatic = 400" """
    parts = [text(str(number), cache_control=MARK) for number in range(4)]
    sent = ask(name, messages=[turn("user", *parts)], cache_control=MARK)
    assert sent.body["cache_control"] == MARK
    assert len(marks(sent.body)) == 4
    assert about_marks(sent) == {("/messages/0/content/0/cache_control", *DROPPED)}


def test_four_breakpoints_are_openai_s_limit_too():
    """More than four marks: the last four, reported (wire/openai-chat.md 2: "Max 4 written per request")"""
    parts = [text(str(number), cache_control=MARK) for number in range(6)]
    sent = ask("openai", CHAT_MARKED, messages=[turn("user", *parts)])
    content = sent.body["messages"][0]["content"]
    assert [("prompt_cache_breakpoint" in part) for part in content] == [False] * 2 + [True] * 4
    assert about_marks(sent) == {(f"/messages/0/content/{number}/cache_control", *DROPPED) for number in (0, 1)}


# Never injected unless `prompt_cache = "auto"` is asked for

PLAIN: Json = {
    "messages": [turn("system", text("s1"), text("s2")), turn("user", text("a"), text("b"))],
    "tools": [{"type": "function", "function": {"name": name}} for name in ("f", "g")],
}


@pytest.mark.parametrize("name", NAMES)
def test_no_mark_is_injected_unasked(name):
    """Never injected unless `prompt_cache = "auto"` is asked for"""
    told = orjson.dumps(ask(name, **PLAIN).body)
    assert not any(word in told for word in (b"cache", b"Cache"))


@pytest.mark.parametrize("name", CLAUDE)
def test_auto_marks_the_last_tool_the_last_system_block_and_the_last_user_block(name):
    """(then: last tool, last system block, last user block)"""
    sent = ask(name, head={"prompt_cache": "auto"}, **PLAIN).body
    if name == "bedrock":
        assert [next(iter(item)) for item in sent["toolConfig"]["tools"]] == ["toolSpec", "toolSpec", "cachePoint"]
        assert [next(iter(item)) for item in sent["system"]] == ["text", "text", "cachePoint"]
        assert [next(iter(item)) for item in sent["messages"][0]["content"]] == ["text", "text", "cachePoint"]
        return
    for blocks in (sent["tools"], sent["system"], sent["messages"][0]["content"]):
        assert [block.get("cache_control") for block in blocks] == [None, MARK]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in CLAUDE])
def test_auto_marks_nothing_where_there_are_no_marks(name):
    """(then: last tool, last system block, last user block)"""
    sent = ask(name, head={"prompt_cache": "auto"}, **PLAIN)
    assert sent.body == ask(name, **PLAIN).body
    assert sent.losses == ask(name, **PLAIN).losses


@pytest.mark.parametrize("name", CLAUDE)
def test_auto_leaves_a_client_that_marks_itself_alone(name):
    """Never injected …: a client that places marks has placed them"""
    body = {**PLAIN, "tools": [{**TOOL, "cache_control": MARK}]}
    sent = ask(name, head={"prompt_cache": "auto"}, **body)
    assert sent.body == ask(name, **body).body


# `prompt_cache_key` and `prompt_cache_retention` → OpenAI family; `x-grok-conv-id` → xAI

KEYS = {"prompt_cache_key": "talk-1", "prompt_cache_retention": "24h"}


@pytest.mark.parametrize("field", KEYS)
@pytest.mark.parametrize("model", ["gpt-4.1", "gpt-5.1"])
@pytest.mark.parametrize("name", ["openai", "azure", "openai_compatible"])
def test_cache_routing_goes_to_the_openai_family(name, model, field):
    """`prompt_cache_key` and `prompt_cache_retention` → OpenAI family"""
    sent = ask(name, model, **{field: KEYS[field]})
    assert sent.body[field] == KEYS[field]
    assert sent.losses == []


@pytest.mark.parametrize("field", KEYS)
@pytest.mark.parametrize("name", ["anthropic", "bedrock", "gemini", "vertex", "vertex_claude", "groq"])
def test_elsewhere_cache_routing_is_dropped_with_a_cost_loss(name, field):
    """`prompt_cache_key` and `prompt_cache_retention` → OpenAI family"""
    sent = ask(name, **{field: KEYS[field]})
    assert sent.body == ask(name).body
    assert about_marks(sent) == {(f"/{field}", *DROPPED)}


def test_xai_s_conversation_header_is_derived_from_the_key_when_absent():
    """`x-grok-conv-id` → xAI, derived from `prompt_cache_key` when absent"""
    sent = ask("xai", prompt_cache_key="talk-1")
    assert sent.head["headers"]["x-grok-conv-id"] == "talk-1"
    assert (sent.body.keys(), sent.losses) == ({"model", "messages"}, [])
    assert "x-grok-conv-id" not in ask("xai").head["headers"]


def test_xai_s_conversation_header_of_the_client_wins():
    """`x-grok-conv-id` → xAI, derived from `prompt_cache_key` when absent"""
    own = {"headers": {"X-Grok-Conv-Id": "mine"}}
    assert ask("xai", head=own).head["headers"]["x-grok-conv-id"] == "mine"
    sent = ask("xai", prompt_cache_key="talk-1", head=own)
    assert sent.head["headers"]["x-grok-conv-id"] == "mine"
    assert about_marks(sent) == {("/prompt_cache_key", *DROPPED)}


def test_xai_has_no_retention():
    """`prompt_cache_retention` → OpenAI family: xAI's cache has one switch (wire/xai.md 4)"""
    sent = ask("xai", prompt_cache_retention="24h")
    assert (sent.body.keys(), sent.lost) == ({"model", "messages"}, {("/prompt_cache_retention", *DROPPED)})


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("xai", "openai_compatible")])
def test_the_conversation_header_is_xai_s_only(name):
    """`x-grok-conv-id` → xAI"""
    assert "x-grok-conv-id" not in ask(name, head={"headers": {"x-grok-conv-id": "mine"}}).head["headers"]


# Minimum lengths are the provider's business.


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize("length", [1, 5000])
def test_minimum_lengths_are_the_provider_s_business(name, length):
    """Minimum lengths are the provider's business."""
    sent = ask(name, messages=[turn("user", text("w" * length, cache_control=MARK))])
    assert (b"cachePoint" if name == "bedrock" else b"cache_control") in orjson.dumps(sent.body)
    assert about_marks(sent) == set()


# Output is byte-deterministic

ARGUMENTS = '{"z": 1, "a": [2.50, {"q": 1e3}]}'
RICH: Json = {
    "model": "m", "max_tokens": 900, "temperature": 0.5, "stop": ["x"], "user": "u", "reasoning_effort": "none",
    "messages": [
        turn("system", text("s", cache_control=MARK)),
        turn("user", text("a"), {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}),
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "f", "arguments": ARGUMENTS}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "r"},
    ],
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {
        "type": "object", "properties": {"z": {"type": "integer"}, "a": {"type": "array", "items": {}}},
        "required": ["z"], "additionalProperties": False}}}],
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_output_is_byte_deterministic(name):
    """Output is byte-deterministic: the same request gives the same native bytes, in the same key order."""
    to = PROVIDERS[name]
    body = {**RICH}
    if name == "xai":
        del body["stop"]
    if name == "groq":
        # Its gpt-oss sees no pictures.
        body["messages"] = [RICH["messages"][0], USER, *RICH["messages"][2:]]
    head = {"to": to.to, "model": to.model, "region": "eu-west-1", "base_url": "https://h.example", **to.head}
    if to.to not in ("azure", "openai_compatible"):
        del head["base_url"]
    answers = {boundary.request(orjson.dumps(head), orjson.dumps(body)) for _ in range(5)}
    assert len(answers) == 1
    (answer,) = answers
    assert answer.status == 200, answer
    # Key order and the tokens of numbers of schemas and arguments are the client's own.
    assert answer.body.index(b'"z":{"type":"integer"}') < answer.body.index(b'"a":{"type":"array"')
    written = answer.body.replace(b'\\"', b'"').replace(b" ", b"")
    assert b'{"z":1,"a":[2.50,{"q":1e3}]}' in written


@pytest.mark.parametrize("name", NAMES)
def test_another_order_of_the_client_s_keys_gives_the_same_native_body(name):
    """Output is byte-deterministic: … in the same key order."""
    one = ask(name, max_tokens=900, temperature=1, reasoning_effort="none", user="u")
    other = ask(name, user="u", reasoning_effort="none", temperature=1, max_tokens=900)
    assert one.body == other.body
    if PROVIDERS[name].wire in ("bedrock", "gemini"):
        # A chat client's own body keeps its order at a chat server (the identity law), and so do the options of Claude.
        assert orjson.dumps(one.body) == orjson.dumps(other.body)
