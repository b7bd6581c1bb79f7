"""spec/chat.md 6, response format: one test a sentence, in the order of the text, for every provider it concerns."""

import orjson
import pytest

from .answers import Called, Said, answer
from .forms import ANSWER, SHAPE, format_of, tool_names, wants
from .wires import (
    CLAUDES,
    GOOGLE,
    OPENAI,
    USER,
    WIRES,
    ask,
    call,
    lost,
    sent,
    to,
    tool,
)


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


@pytest.mark.parametrize(("name", "head"), [pair for pair in FORCED if pair[0] != "openai"])
def test_a_converted_answer_is_indistinguishable_for_the_client(name, head):
    """A converted answer is indistinguishable for the client: text in `content`, `finish_reason: stop`, streams as
    content deltas, no tool call visible"""
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
