"""Groq: what it takes of the dialect, reasoning apart from the answer, bound answers, errors (wire/groq.md)."""

import orjson
import pytest
from proof.calls import chunks, context_of, cut, frames, receive, send, stream

USER = {"role": "user", "content": "Hi"}
ASK = {"model": "m", "messages": [USER]}
OSS, QWEN, SWITCH, LLAMA = "openai/gpt-oss-120b", "qwen/qwen3.8-27b", "qwen/qwen3-32b", "llama-3.3-70b-versatile"
ADDED = ("/reasoning_effort", "added", "hint")
SCHEMA = {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"], "additionalProperties": False}
BOUND = {"type": "json_schema", "json_schema": {"name": "place", "schema": SCHEMA, "strict": True}}
TOOL = {"type": "function", "function": {"name": "f", "description": "d", "parameters": SCHEMA}}


def groq(fields=None, client="openai_chat", model=LLAMA, **head):
    return send({**ASK, **(fields or {})}, client, "groq", model=model, **head)


def context(client="openai_chat", model=LLAMA, **more):
    return context_of({**ASK, "max_tokens": 50, "stream": True, **more}, client, "groq", model=model)


def chunk(delta=None, finish=None, **more):
    choices = [] if delta is None else [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 5, "model": OSS}
    return {**head, "choices": choices, **more}


def test_a_model_id_keeps_its_slashes():
    assert (
        send({**ASK, "model": "acct/openai/gpt-oss-20b"}, to="groq", model=None).body["model"] == "openai/gpt-oss-20b"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("n", 2), ("logprobs", True), ("top_logprobs", 3), ("logit_bias", {"5": 1}), ("modalities", ["text", "audio"]),
     ("audio", {"voice": "alloy", "format": "wav"}), ("prediction", {"type": "content", "content": "x"}),
     ("moderation", {"model": "m"}), ("web_search_options", {})],
)  # fmt: skip
def test_what_it_lacks_and_matters_is_refused_by_name(field, value):
    sent = groq({field: value})
    assert sent.status == 400
    assert (sent.error["param"], sent.error["code"]) == (field, "unsupported_parameter")


def test_what_it_lacks_and_matters_less_is_dropped_with_a_word():
    asked = {"presence_penalty": 0.5, "frequency_penalty": 1, "store": True, "metadata": {"a": "b"}, "verbosity": "low",
             "prompt_cache_key": "k", "prompt_cache_retention": "24h", "safety_identifier": "s"}  # fmt: skip
    sent = groq({**asked, "user": "u"})
    assert sent.body == {**ASK, "model": LLAMA, "user": "u"}
    assert {path for path, _, _ in sent.lost} == {f"/{name}" for name in asked}
    assert groq({"safety_identifier": "s"}).body["user"] == "s"


def test_neutral_values_are_not_sent_and_ask_for_nothing():
    asked = {"n": 1, "logprobs": False, "presence_penalty": 0, "store": False, "logit_bias": {}, "modalities": ["text"]}
    sent = groq(asked)
    assert (sent.body, sent.losses) == ({**ASK, "model": LLAMA}, [])


@pytest.mark.parametrize(("tier", "sent"), [("default", "on_demand"), ("priority", "performance"), ("auto", "auto"),
                                            ("fast", "performance"), ("flex", "flex"), ("scale", None)])  # fmt: skip
def test_a_service_tier_has_its_own_words(tier, sent):
    told = groq({"service_tier": tier})
    assert told.body.get("service_tier") == sent
    assert told.lost == ({("/service_tier", "dropped", "cost")} if sent is None else set())


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [(OSS, "include_reasoning", True), (SWITCH, "reasoning_format", "parsed"), (QWEN, "reasoning_format", "parsed")],
)
def test_reasoning_is_asked_to_stand_apart(model, field, value):
    sent = groq(model=model)
    assert sent.body == {**ASK, "model": model, field: value}
    assert sent.lost == {ADDED}
    assert groq().body.keys() == {"model", "messages"}


@pytest.mark.parametrize("said", [{"reasoning_format": "hidden"}, {"include_reasoning": False}])
def test_a_client_that_says_how_it_wants_reasoning_has_its_way(said):
    sent = groq(said, model=QWEN)
    assert (sent.body, sent.losses) == ({**ASK, "model": QWEN, **said}, [])


def test_a_bound_answer_is_native_where_the_model_has_it_alone():
    assert groq({"response_format": BOUND}, model=OSS).body["response_format"] == BOUND
    assert groq({"response_format": BOUND}, model=QWEN).body["response_format"] == BOUND


@pytest.mark.parametrize(
    ("model", "more", "choice"),
    [
        (OSS, {"stream": True}, {"type": "function", "function": {"name": "place"}}),
        (OSS, {"tools": [TOOL]}, "required"),
        (QWEN, {"tools": [TOOL], "stream": True}, "required"),
        ("new/model", {"stream": True}, {"type": "function", "function": {"name": "place"}}),
        (LLAMA, {}, {"type": "function", "function": {"name": "place"}}),
    ],
)
def test_elsewhere_it_is_a_forced_tool_whose_arguments_come_back_as_text(model, more, choice):
    sent = groq({"response_format": BOUND, **more}, model=model)
    assert "response_format" not in sent.body
    assert sent.body["tool_choice"] == choice
    assert sent.body["tools"][-1]["function"]["parameters"] == SCHEMA
    assert ("/response_format", "approximated", "hint") in sent.lost
    call = {"id": "c", "type": "function", "function": {"name": "place", "arguments": '{"x":"y"}'}}
    data = chunks(chunk({"role": "assistant", "tool_calls": [{"index": 0, **call}]}), chunk({}, "tool_calls"))
    if "stream" in more:
        seen = [item["choices"][0] for item in frames(stream(sent.head["context"], [data])[0])[:-1]]
        assert "".join(item["delta"].get("content") or "" for item in seen) == '{"x":"y"}'
        assert not any("tool_calls" in item["delta"] for item in seen)
        assert seen[-1]["finish_reason"] == "stop"
        return
    reply = {"id": "r", "choices": [{"message": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]}
    choice = receive(sent.head["context"], reply).body["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == ('{"x":"y"}', "stop")
    assert "tool_calls" not in choice["message"]


@pytest.mark.parametrize("to", ["groq", "azure"])
def test_any_json_object_comes_with_the_word(to):
    def ask(text):
        body = {**ASK, "messages": [{"role": "user", "content": text}], "response_format": {"type": "json_object"}}
        return send(body, to=to, model="gpt-4o" if to != "groq" else LLAMA, base_url="https://r.example")

    said = ask("Give me json.")
    assert (len(said.body["messages"]), said.losses) == (1, [])
    added = ask("Give me something.")
    assert "JSON" in added.body["messages"][0]["content"]
    assert added.body["messages"][1] == {"role": "user", "content": "Give me something."}
    assert added.body["response_format"] == {"type": "json_object"}
    assert added.lost == {("/response_format", "added", "hint")}


CALL = {"id": "functions.f:0", "type": "function", "function": {"name": "f", "arguments": "{}"}}
HISTORY = [
    {"role": "user", "content": "Hi", "name": "bob", "extra": 1},
    {"role": "assistant", "content": None, "function_call": None, "refusal": None, "annotations": [], "audio": None,
     "reasoning_content": "hm", "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "functions.f:0", "name": "f", "content": "ok"},
    {"role": "assistant", "content": None, "refusal": "No."},
    {"role": "user", "content": "Why?"},
]  # fmt: skip


def test_messages_carry_no_key_that_it_refuses():
    sent = groq({"messages": HISTORY, "tools": [TOOL]})
    assert sent.body["messages"] == [
        USER,
        {"role": "assistant", "reasoning": "hm", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "functions.f:0", "content": "ok"},
        {"role": "assistant", "content": "No."},
        {"role": "user", "content": "Why?"},
    ]
    assert sent.lost == {
        ("/messages/0/name", "dropped", "hint"),
        ("/messages/0/extra", "dropped", "quality"),
        ("/messages/2/name", "dropped", "hint"),
        ("/messages/3/refusal", "approximated", "hint"),
    }


def test_a_plain_assistant_turn_with_calls_says_no_null():
    turn = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    result = {"role": "tool", "tool_call_id": CALL["id"], "content": "ok"}
    sent = groq({"messages": [USER, turn, result], "tools": [TOOL]})
    assert sent.body["messages"] == [USER, {"role": "assistant", "tool_calls": [CALL]}, result]
    assert sent.losses == []


@pytest.mark.parametrize(
    ("model", "status"), [(OSS, 400), (LLAMA, 400), (SWITCH, 400), (QWEN, 200), ("new/model", 200)]
)
def test_pictures_go_to_models_that_see(model, status):
    part = {"type": "image_url", "image_url": {"url": "https://h.example/x.png"}}
    assert groq({"messages": [{"role": "user", "content": [part]}]}, model=model).status == status
    if model == QWEN:
        sent = groq({"messages": [{"role": "user", "content": [part] * 4}]}, model=model)
        assert (sent.status, sent.error["param"]) == (400, "messages[0].content[3]")


@pytest.mark.parametrize(
    "part",
    [
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
    ],
)
@pytest.mark.parametrize("model", [QWEN, "new/model"])
def test_other_media_are_refused(part, model):
    sent = groq({"messages": [{"role": "user", "content": [part]}]}, model=model)
    assert (sent.status, sent.error["param"]) == (400, "messages[0].content[0]")


def test_tools_that_it_runs_itself_pass_and_others_are_refused():
    assert groq({"tools": [{"type": "browser_search"}]}, model=OSS).body["tools"] == [{"type": "browser_search"}]
    sent = groq({"tools": [{"type": "web_search"}]}, model=OSS)
    assert (sent.status, sent.error["param"]) == (400, "tools[0]")


def test_allowed_tools_become_the_only_tools():
    other = {"type": "function", "function": {"name": "g"}}
    allowed = {"mode": "auto", "tools": [{"type": "function", "function": {"name": "g"}}]}
    choice = {"type": "allowed_tools", "allowed_tools": allowed}
    sent = groq({"tools": [TOOL, other], "tool_choice": choice})
    assert (sent.body["tools"], sent.body["tool_choice"]) == ([other], "auto")
    assert ("/tool_choice", "approximated", "cost") in sent.lost


USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "total_time": 0.5,
         "completion_tokens_details": {"reasoning_tokens": 3}}  # fmt: skip
REPLY = {
    "id": "r", "object": "chat.completion", "created": 1, "model": OSS, "usage": USAGE, "service_tier": "on_demand",
    "x_groq": {"id": "req_1", "usage": {"dram_cached_tokens": 5}}, "usage_breakdown": None,
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "ok", "reasoning": "hm"},
                 "finish_reason": "stop", "logprobs": None}],
}  # fmt: skip


def test_a_reply_shows_reasoning_under_one_name_and_a_tier_that_clients_know():
    got = receive(context(), REPLY).body
    assert got["choices"][0]["message"] == {
        "role": "assistant", "content": "ok", "reasoning_content": "hm", "refusal": None,
    }  # fmt: skip
    assert got["service_tier"] == "default"
    assert got["usage"] == USAGE
    assert receive(context(), {**REPLY, "service_tier": "performance"}).body["service_tier"] == "priority"
    kinds = [block["type"] for block in receive(context("anthropic"), REPLY).body["content"]]
    assert kinds == ["thinking", "text"]


def test_a_strict_client_sees_no_key_or_note_of_its_own():
    made = context_of(ASK, to="groq", model=OSS, strict_openai=True)
    notes = [{"type": "document_citation", "document_citation": {"document_id": "1"}}]
    own = {**REPLY["choices"][0]["message"], "executed_tools": [], "annotations": notes}
    got = receive(made, {**REPLY, "choices": [{**REPLY["choices"][0], "message": own}]}).body
    assert got["choices"][0]["message"] == {"role": "assistant", "content": "ok", "refusal": None, "annotations": []}
    assert got.keys() == {"id", "object", "created", "model", "choices", "usage", "service_tier"}


def streamed(*last):
    return chunks(
        chunk({"role": "assistant", "content": ""}, x_groq={"id": "req_1"}),
        chunk({"reasoning": "h", "channel": "analysis"}),
        chunk({"reasoning": "h", "channel": "analysis"}),
        chunk({"content": "ok"}),
        *last,
    )


ASIDE = {"id": "req_1", "seed": 5, "usage": USAGE}
ENDINGS = {
    "aside": [chunk({}, "stop", x_groq=ASIDE)],
    "both": [chunk({}, "stop", x_groq=ASIDE, usage=USAGE)],
    "asked": [chunk({}, "stop", x_groq=ASIDE, usage=USAGE), chunk(usage=USAGE, x_groq=ASIDE)],
}


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_usage_of_a_stream_is_found_wherever_it_stands_and_counted_once(client, ending):
    data = streamed(*ENDINGS[ending])
    made = context(client, **({"stream_options": {"include_usage": True}} if client == "openai_chat" else {}))
    wire, head = stream(made, [data])
    assert stream(made, cut(data, 5)) == (wire, head)
    assert (head["usage"]["prompt"], head["usage"]["completion"], head["usage"]["reasoning"]) == (10, 5, 3)
    seen = frames(wire)
    if client == "anthropic":
        assert seen[-2]["usage"]["output_tokens"] == 5
        return
    assert seen[-2]["choices"] == []
    assert seen[-2]["usage"]["total_tokens"] == 15
    assert not any(item.get("usage") for item in seen[:-2])
    # A repeated piece is a piece: only some servers mean nothing by it.
    assert "".join(item["choices"][0]["delta"].get("reasoning_content", "") for item in seen[:-2]) == "hh"


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
def test_an_error_beside_a_chunk_ends_the_stream(client):
    wire, head = stream(context(client), [streamed(chunk({}, x_groq={"id": "req_1", "error": "over capacity"}))])
    assert frames(wire)[-1]["error"]["message"] == "over capacity"
    assert head["error"]["kind"] == "server"


FAILED = {"error": {"message": "Failed to call a function.", "type": "invalid_request_error",
                    "code": "tool_use_failed", "failed_generation": "<function=f>{}"}}  # fmt: skip


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
def test_a_fault_of_the_model_is_worth_another_try_and_its_text_is_kept(client):
    got = receive(context(client), FAILED, 400)
    assert (got.status, got.head["error"]["retryable"], got.head["error"]["code"]) == (400, True, "tool_use_failed")
    assert b"<function=f>" in orjson.dumps(got.body)
    inside = {"error": {**FAILED["error"], "status_code": 400}}
    data = streamed().removesuffix(b"data: [DONE]\n\n") + b"event: error\ndata: " + orjson.dumps(inside) + b"\n\n"
    wire, head = stream(context(client), [data])
    assert frames(wire)[-1]["error"]["message"] == "Failed to call a function."
    assert head["error"]["code"] == "tool_use_failed"


@pytest.mark.parametrize(("client", "status"), [("openai_chat", 503), ("anthropic", 529)])
def test_a_status_that_clients_do_not_know_is_an_overload(client, status):
    got = receive(context(client), {"error": {"message": "Flex is full.", "code": "capacity_exceeded"}}, 498)
    assert got.status == status
    assert got.head["error"] == {"kind": "overloaded", "code": "capacity_exceeded", "type": None, "retryable": True}
    assert got.head["headers"]["retry-after"] == "1"
