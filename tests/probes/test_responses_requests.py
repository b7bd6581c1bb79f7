"""Odd Responses requests to Claude and to chat servers: nothing is silent, and what each is to become."""

from typing import Any

import pytest

from ..recordings.driving import ALLOW, call
from ..recordings.judging import fault_of
from ..recordings.visible import paths_exist, strings
from .base import CLAUDES, PDF, PNG, lost

OBJECT = {"type": "object", "properties": {}}
TOOL = {"type": "function", "name": "f", "parameters": OBJECT, "strict": False}
CALL = {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": '{"b": 1.0, "a": 2}'}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "done"}


def ask(*items: Any, **more: Any) -> dict[str, Any]:
    return {"model": "a/m", "input": list(items) or "Hi", **more}


def user(*parts: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(parts)}


def said(text: str, **more: Any) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content, **more}


def thought(state: str, text: str = "hm") -> dict[str, Any]:
    summary = [{"type": "summary_text", "text": text}] if text else []
    return {"type": "reasoning", "id": "rs_1", "summary": summary, "encrypted_content": state}


GO = {"role": "user", "content": "go"}
LOOP = (GO, CALL, OUTPUT)
BODIES: dict[str, dict[str, Any]] = {
    "plain": ask(),
    "instructions": ask(instructions="be kind"),
    "developer": ask({"role": "developer", "content": "be kind"}, GO),
    "system in between": ask(GO, {"role": "assistant", "content": "yes"}, {"role": "system", "content": "kind"}, GO),
    "output message": ask(GO, said("one"), {"role": "user", "content": "two"}),
    "phase": ask(GO, said("one", phase="commentary"), {"role": "user", "content": "two"}),
    "refusal": ask(GO, {**said("x"), "content": [{"type": "refusal", "refusal": "no"}]}, GO),
    "annotated": ask(GO, {**said("x"), "content": [{"type": "output_text", "text": "x", "annotations": [
        {"type": "url_citation", "start_index": 0, "end_index": 1, "url": "https://u.example", "title": "t"}]}]}, GO),
    "loop": ask(*LOOP, tools=[TOOL]),
    "loop without tools": ask(*LOOP),
    "two calls": ask(GO, CALL, {**CALL, "call_id": "c2"}, {**OUTPUT, "call_id": "c2"}, OUTPUT, tools=[TOOL]),
    "empty arguments": ask(GO, {**CALL, "arguments": ""}, OUTPUT, tools=[TOOL]),
    "arguments that are none": ask(GO, {**CALL, "arguments": "{"}, OUTPUT, tools=[TOOL]),
    "output as parts": ask(GO, CALL, {**OUTPUT, "output": [{"type": "input_text", "text": "a"}, {
        "type": "input_image", "detail": "auto", "image_url": f"data:image/png;base64,{PNG}"}]}, tools=[TOOL]),
    "output of nothing": ask(GO, CALL, {**OUTPUT, "output": ""}, tools=[TOOL]),
    "output without a call": ask(GO, OUTPUT, tools=[TOOL]),
    "call without an output": ask(GO, CALL, tools=[TOOL]),
    "custom call": ask(GO, {"type": "custom_tool_call", "call_id": "c1", "name": "c", "input": "x y"},
                       {"type": "custom_tool_call_output", "call_id": "c1", "output": "done"},
                       tools=[{"type": "custom", "name": "c"}]),
    "image": ask(user({"type": "input_text", "text": "see"}, {
        "type": "input_image", "detail": "high", "image_url": f"data:image/png;base64,{PNG}"})),
    "image by id": ask(user({"type": "input_image", "detail": "auto", "file_id": "file-1"})),
    "document": ask(user({"type": "input_file", "filename": "a.pdf",
                          "file_data": f"data:application/pdf;base64,{PDF}"})),
    "document by url": ask(user({"type": "input_file", "file_url": "https://x.example/a.pdf"})),
    "marked text": ask(user({"type": "input_text", "text": "long", "prompt_cache_breakpoint": {"mode": "explicit"}})),
    "unknown part": ask(user({"type": "input_smell", "smell": "rose"})),
    "own thought": ask(GO, thought("gAAAAA"), said("so"), GO),
    "claude's thought": ask(GO, thought("dragoman:anthropic:thinking:c2ln"), CALL, OUTPUT, tools=[TOOL]),
    "claude's hidden thought": ask(GO, thought("dragoman:anthropic:redacted:ZGF0", ""), CALL, OUTPUT, tools=[TOOL]),
    "gemini's signature": ask(GO, thought("dragoman:google:call:c2ln", ""), CALL, OUTPUT, tools=[TOOL]),
    "unsigned thought": ask(GO, thought("dragoman:unsigned:thinking:"), said("so"), GO),
    "web search call": ask(GO, {"type": "web_search_call", "id": "ws_1", "status": "completed",
                                "action": {"type": "search", "query": "q"}}, said("so"), GO),
    "lone item": ask(GO, {"type": "x_search_call", "id": "xs_1"}, GO),
    "compaction": ask({"type": "compaction", "encrypted_content": "x"}, GO),
    "effort": ask(reasoning={"effort": "low"}),
    "summary": ask(reasoning={"effort": "high", "summary": "auto"}, max_output_tokens=5000),
    "summary alone": ask(reasoning={"summary": "auto"}, max_output_tokens=5000),
    "reasoning mode": ask(reasoning={"effort": "low", "mode": "pro", "context": "all_turns"}),
    "format": ask(text={"format": {"type": "json_schema", "name": "n", "strict": True, "schema": {
        "type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}}}),
    "format not strict": ask(text={"format": {"type": "json_schema", "name": "n", "strict": True, "schema": OBJECT}}),
    "any object": ask(text={"format": {"type": "json_object"}}, instructions="json"),
    "verbosity": ask(text={"verbosity": "low"}),
    "choice": ask(tools=[TOOL], tool_choice={"type": "function", "name": "f"}),
    "allowed": ask(tools=[TOOL, {**TOOL, "name": "g"}], tool_choice={
        "type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "g"}]}),
    "hosted choice": ask(tools=[{"type": "file_search", "vector_store_ids": ["v"]}], tool_choice={
        "type": "file_search"}),
    "hosted tool": ask(tools=[{"type": "code_interpreter", "container": {"type": "auto"}}]),
    "web search": ask(tools=[{"type": "web_search", "search_context_size": "low"}]),
    "async tool": ask(tools=[{**TOOL, "async": True}]),
    "one call": ask(tools=[TOOL], parallel_tool_calls=False),
    "logprobs": ask(include=["message.output_text.logprobs"], top_logprobs=2),
    "included": ask(include=["file_search_call.results", "reasoning.encrypted_content"]),
    "store": ask(store=True),
    "stream": ask(stream=True, stream_options={"include_obfuscation": True}),
    "truncation": ask(truncation="auto"),
    "options": ask(temperature=0.5, top_p=0.9, user="u", metadata={"a": "b"}, service_tier="flex",
                   prompt_cache_key="k", safety_identifier="s", max_tool_calls=3, max_output_tokens=100),
    "unknown": ask(frobnicate=1),
}  # fmt: skip


@pytest.mark.parametrize("policy", [{}, {"on_loss": ALLOW}], ids=["default", "allow"])
@pytest.mark.parametrize("name", BODIES)
def test_nothing_is_silent(name, policy):
    body = BODIES[name]
    targets = [("anthropic", model) for model in CLAUDES] + [("openai_compatible", "any")]
    for to, model in targets:
        told = call(body, "openai_responses", to, model, **policy)
        assert told.status in (200, 400), (model, told.body)
        if told.status == 400:
            assert told.error["type"] == "invalid_request_error"
            root = told.error["param"].split(".")[0].split("[")[0]
            assert root in body, (model, told.error)
            continue
        paths_exist(told.losses, body)
        assert to != "anthropic" or fault_of(told.raw, "anthropic") is None, model
        native = "\x00".join(strings(told.body))
        for at, text in words(body):
            assert text in native or any(at.startswith(loss["path"]) for loss in told.losses), (model, at)


def words(value: Any, at: str = ""):
    """What a client says in texts, names and data: each must arrive or be lost aloud."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("text", "name", "refusal", "smell", "filename", "instructions", "user") and isinstance(
                item, str
            ):
                yield f"{at}/{key}", item
            else:
                yield from words(item, f"{at}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from words(item, f"{at}/{index}")


@pytest.mark.parametrize("name", BODIES)
def test_openai_gets_it_as_it_was_or_hears_why_not(name):
    body = BODIES[name]
    told = call(body, "openai_responses", "openai", "gpt-4.1", on_loss=ALLOW)
    assert told.status == 200 or told.error["code"] == "invalid_schema", told.body
    if told.status == 200 and not [loss for loss in told.losses if loss["kind"] != "added"]:
        assert told.body == {"store": False, **body, "model": "gpt-4.1"}
    assert "dragoman:" not in told.raw.decode()


FOREIGN = ["claude's thought", "claude's hidden thought", "gemini's signature", "unsigned thought"]


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_state_is_dropped_aloud_and_the_rest_stays(name):
    body = BODIES[name]
    told = call(body, "openai_responses", "openai", "gpt-5.6-sol")
    assert told.status == 200
    assert [loss["severity"] for loss in told.losses if loss["kind"] == "dropped"] == ["quality"]
    assert told.body["input"] == [item for item in body["input"] if item.get("type") != "reasoning"]


def test_claudes_state_goes_back_to_claude():
    told = call(BODIES["claude's thought"], "openai_responses", "anthropic", "claude-sonnet-4-6")
    assert told.body["messages"][1]["content"] == [
        {"type": "thinking", "thinking": "hm", "signature": "c2ln"},
        {"type": "tool_use", "id": "c1", "name": "f", "input": {"b": 1.0, "a": 2}},
    ]
    told = call(BODIES["claude's hidden thought"], "openai_responses", "anthropic", "claude-sonnet-4-6")
    assert told.body["messages"][1]["content"][0] == {"type": "redacted_thinking", "data": "ZGF0"}


LOSSES = [
    ("phase", "/input/1/phase", "dropped/hint"),
    ("own thought", "/input/1", "dropped/quality"),
    ("web search call", "/input/1", "dropped/quality"),
    ("lone item", "/input/1", "dropped/quality"),
    ("compaction", "/input/0", "dropped/contract"),
    ("reasoning mode", "/reasoning/mode", "dropped/quality"),
    ("verbosity", "/text/verbosity", "dropped/quality"),
    ("hosted choice", "/tool_choice", "dropped/contract"),
    ("hosted tool", "/tools/0", "dropped/contract"),
    ("async tool", "/tools/0/async", "dropped/contract"),
    ("logprobs", "/include/0", "dropped/contract"),
    ("logprobs", "/top_logprobs", "dropped/contract"),
    ("included", "/include/0", "dropped/hint"),
    ("store", "/store", "dropped/hint"),
    ("stream", "/stream_options/include_obfuscation", "dropped/hint"),
    ("truncation", "/truncation", "dropped/quality"),
    ("marked text", "/input/0/content/0/prompt_cache_breakpoint", None),
    ("image", "/input/0/content/1/detail", "dropped/hint"),
    ("annotated", "/input/1/content/0/annotations", "dropped/hint"),
    ("summary alone", "/reasoning", "added/cost"),
    ("unknown", "/frobnicate", "dropped/contract"),
]


@pytest.mark.parametrize(("name", "path", "loss"), LOSSES)
def test_a_loss_says_what_and_where(name, path, loss):
    told = call(BODIES[name], "openai_responses", "anthropic", "claude-sonnet-4-5", on_loss=ALLOW)
    assert told.status == 200, told.body
    assert lost(told, path) == ([] if loss is None else [loss])


REFUSED = [
    ("format not strict", "text.format"),
    ("output without a call", "input[1].call_id"),
    ("call without an output", "input[1]"),
    ("arguments that are none", "input[1].arguments"),
    ("image by id", "input[0].content[0]"),
    ("unknown part", "input[0].content[0]"),
]


@pytest.mark.parametrize(("name", "param"), REFUSED)
def test_a_refusal_names_the_place(name, param):
    told = call(BODIES[name], "openai_responses", "anthropic", "claude-sonnet-4-5")
    assert (told.status, told.error["param"]) == (400, param), told.body


@pytest.mark.parametrize(
    "body",
    [
        {}, {"model": "m"}, {"input": "x"}, ask(input=[]), ask(input=5), ask(input=[1]),
        ask({"role": "x", "content": ""}),
        ask({"type": 5}), ask({}), ask({"role": "user"}), ask(GO, {"type": "function_call", "name": "f"}),
        ask(max_output_tokens=0), ask(temperature=3), ask(tools=[{}]), ask(tools=[{"type": "function"}]),
        ask(text={"format": {"type": "xml"}}), ask(tool_choice="must"), ask(reasoning={"effort": "huge"}),
        ask(include="all"), ask(instructions=["x"]), ask(metadata=[]), ask({"id": "msg_1"}),
        ask(user({"type": "input_image", "image_url": "not a url"})),
    ],
)  # fmt: skip
def test_wrong_bodies_are_refused_with_a_place(body):
    told = call(body, "openai_responses", "anthropic", "claude-sonnet-4-5")
    assert told.status == 400
    assert told.error["message"]
    assert told.error["param"]
