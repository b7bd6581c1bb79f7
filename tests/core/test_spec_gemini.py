"""Decisions about Google's models and hosts, one promise a test (spec/chat.md, wire/gemini.md, wire/vertex.md)."""

import orjson
import pytest
from dragoman.translate import boundary
from proof.calls import context_of, frames, native, receive, send, stream

HI = {"model": "a/m", "messages": [{"role": "user", "content": "Hi"}]}


def config(body, model, **head):
    return native({**HI, **body}, to="gemini", model=model, **head).get("generationConfig", {})


# Thinking

BUDGETS = [
    ("gemini-2.5-flash", 5000, "low", 1500), ("gemini-2.5-flash", 5000, "medium", 3000),
    ("gemini-2.5-flash", 65_536, "high", 24_576), ("gemini-2.5-pro", 65_536, "high", 32_768),
    ("gemini-2.5-pro", None, "medium", 32_768), ("gemini-2.5-pro", 5000, "none", 128),
    ("gemini-2.5-pro", 5000, "minimal", 128), ("gemini-2.5-flash", 5000, "none", 0),
    ("gemini-2.5-flash-lite", 1000, "low", 512), ("gemini-2.5-flash-lite", 5000, "max", 4500),
    ("models/gemini-2.5-flash-preview-09-2025", 1001, "low", 300), ("gemini-2.5-flash", 100, "high", 90),
]  # fmt: skip


@pytest.mark.parametrize(("model", "limit", "effort", "budget"), BUDGETS)
def test_an_effort_is_a_share_of_the_limit_within_the_range(model, limit, effort, budget):
    body = {"reasoning_effort": effort} | ({"max_tokens": limit} if limit else {})
    assert config(body, model)["thinkingConfig"]["thinkingBudget"] == budget


def test_a_limit_below_the_smallest_budget_keeps_its_room():
    sent = send({**HI, "max_tokens": 100, "reasoning_effort": "low"}, to="gemini", model="gemini-2.5-pro")
    assert sent.body["generationConfig"]["maxOutputTokens"] == 228
    assert sent.body["generationConfig"]["thinkingConfig"]["thinkingBudget"] == 128
    assert ("/max_tokens", "approximated", "cost") in sent.lost


LEVELS = [
    ("gemini-4-argon", "minimal", "LOW", True), ("gemini-3.8-flash", "none", "LOW", True),
    ("gemini-3.6-flash", "minimal", "MINIMAL", False), ("gemini-3.5-flash", "xhigh", "HIGH", True),
    ("gemini-3.1-pro-preview", "medium", "MEDIUM", False), ("gemini-3-pro-image-preview", "low", "HIGH", True),
    ("gemini-3.1-flash-image-preview", "medium", "HIGH", True), ("gemini-9-future", "high", "HIGH", False),
    ("gemma-4-31b-it", "high", "HIGH", False), ("gemini-flash-latest", "max", "HIGH", True),
]  # fmt: skip


@pytest.mark.parametrize(("model", "effort", "level", "told"), LEVELS)
def test_newer_models_take_the_nearest_level(model, effort, level, told):
    sent = send({**HI, "reasoning_effort": effort}, to="gemini", model=model)
    assert sent.body["generationConfig"]["thinkingConfig"]["thinkingLevel"] == level
    assert (("/reasoning_effort", "approximated", "quality") in sent.lost) is told


def test_thoughts_are_shown_unless_they_are_off_or_unwanted():
    assert config({"reasoning_effort": "low"}, "gemini-3.5-flash")["thinkingConfig"]["includeThoughts"] is True
    assert "includeThoughts" not in config({"reasoning_effort": "none"}, "gemini-3.5-flash")["thinkingConfig"]
    unwanted = {"thinking": {"type": "enabled", "budget_tokens": 2000, "display": "omitted"}}
    assert config(unwanted, "gemini-2.5-flash")["thinkingConfig"] == {"thinkingBudget": 2000, "includeThoughts": False}


def test_a_dynamic_budget_is_asked_for_by_adaptive_thinking():
    assert config({"thinking": {"type": "adaptive"}}, "gemini-2.5-flash")["thinkingConfig"]["thinkingBudget"] == -1


# Signatures

SPELLINGS = [
    {"provider_specific_fields": {"thought_signature": "U2ln"}},
    {"extra_content": {"google": {"thought_signature": "U2ln"}}},
    {"thought_signature": "U2ln"},
    {"id": "c1__thought__U2ln"},
]


def loop(*steps, **more):
    """A user's question and assistant turns with calls, each answered."""
    messages = [{"role": "user", "content": "Go"}]
    for step in steps:
        messages.append({"role": "assistant", "content": None, "tool_calls": step})
        messages += [{"role": "tool", "tool_call_id": call["id"], "content": "done"} for call in step]
    return {"model": "a/m", "messages": messages, "tools": [{"type": "function", "function": {"name": "f"}}], **more}


def call(call_id, **more):
    return {"id": call_id, "type": "function", "function": {"name": "f", "arguments": "{}"}, **more}


def signatures(body):
    return [
        part.get("thoughtSignature")
        for content in body["contents"]
        for part in content["parts"]
        if "functionCall" in part
    ]


@pytest.mark.parametrize("spelling", SPELLINGS, ids=[str(list(s)) for s in SPELLINGS])
@pytest.mark.parametrize("host", ["gemini", "vertex"])
def test_a_signature_returns_to_its_call_on_either_host(host, spelling):
    sent = send(loop([call("c1") | spelling, call("c2")]), to=host, model="gemini-3.5-flash", project="p")
    assert signatures(sent.body) == ["U2ln", None]
    assert not any(kind == "added" for _, kind, _ in sent.lost)


def test_every_step_of_the_running_turn_is_signed_and_older_turns_are_left_alone():
    body = loop([call("c1")])
    body["messages"] += loop([call("c2"), call("c3")], [call("c4")])["messages"]
    sent = send(body, to="gemini", model="gemini-3.8-flash")
    skip = "skip_thought_signature_validator"
    assert signatures(sent.body) == [None, skip, None, skip]
    assert [path for path, kind, severity in sorted(sent.lost) if (kind, severity) == ("added", "quality")] == [
        "/messages/4/tool_calls/0",
        "/messages/7/tool_calls/0",
    ]


def test_a_running_step_of_another_model_is_signed_for_googles_own_client_too():
    asked = {"role": "user", "parts": [{"text": "Hi"}]}
    calls = [{"functionCall": {"id": key, "name": "f", "args": {}}} for key in "ab"]
    told = [{"functionResponse": {"id": key, "name": "f", "response": {"output": "r"}}} for key in "ab"]
    step = [{"role": "model", "parts": calls}, {"role": "user", "parts": told}]
    body = {"contents": [asked, *step, {"role": "model", "parts": [{"text": "So"}]}, asked, *step]}
    sent = send(body, "gemini", "gemini", model="gemini-3.5-flash")
    signed = [part.get("thoughtSignature") for content in sent.body["contents"] for part in content["parts"]]
    assert signed == [None] * 7 + ["skip_thought_signature_validator"] + [None] * 3
    assert sent.lost == {("/contents/5/parts/0", "added", "quality")}
    # What Gemini said itself goes through as it came.
    step[0]["parts"][0]["thoughtSignature"] = "c2ln"
    sent = send(body, "gemini", "gemini", model="gemini-3.5-flash")
    assert (sent.body, sent.lost) == (body, set())


def test_older_models_check_no_signature():
    assert signatures(native(loop([call("c1")]), to="gemini", model="gemini-2.5-flash")) == [None]


def test_claudes_thinking_does_not_go_to_google():
    blocks = [{"type": "thinking", "thinking": "Hm", "signature": "c2ln"}]
    body = loop([call("c1")])
    body["messages"][1]["thinking_blocks"] = blocks
    sent = send(body, to="gemini", model="gemini-3.5-flash")
    assert "c2ln" not in orjson.dumps(sent.body).decode()
    assert ("/messages/1/thinking_blocks/0", "dropped", "quality") in sent.lost


def test_a_late_signature_goes_to_chat_clients_and_comes_back_on_the_text():
    said = {
        "candidates": [
            {"content": {"parts": [{"text": "A"}, {"text": "", "thoughtSignature": "TGF0"}]}, "finishReason": "STOP"}
        ]
    }
    message = receive(context_of(HI, to="gemini", model="gemini-3.5-flash"), said).body["choices"][0]["message"]
    assert message["extra_content"] == {"google": {"thought_signature": "TGF0"}}
    body = {**HI, "messages": [*HI["messages"], message, {"role": "user", "content": "And?"}]}
    parts = native(body, to="gemini", model="gemini-3.5-flash")["contents"][1]["parts"]
    assert parts == [{"text": "A", "thoughtSignature": "TGF0"}]
    strict = context_of(HI, to="gemini", model="gemini-3.5-flash", strict_openai=True)
    assert "extra_content" not in receive(strict, said).body["choices"][0]["message"]


# Media


def picture(detail, kind="png"):
    return {"type": "image_url", "image_url": {"url": f"data:image/{kind};base64,iVBORw0KGgo=", "detail": detail}}


def shown(*parts):
    return {**HI, "messages": [{"role": "user", "content": list(parts)}]}


def test_resolution_is_said_for_each_part_where_the_model_can():
    parts = native(shown(picture("low"), picture("original"), picture("auto")), to="gemini", model="gemini-3.5-flash")[
        "contents"
    ][0]["parts"]
    levels = [part.get("mediaResolution") for part in parts]
    assert levels == [{"level": "MEDIA_RESOLUTION_LOW"}, {"level": "MEDIA_RESOLUTION_ULTRA_HIGH"}, None]


def test_resolution_is_the_highest_asked_where_there_is_one_for_all():
    sent = send(shown(picture("low"), picture("high"), picture("auto")), to="gemini", model="gemini-2.5-flash")
    assert sent.body["generationConfig"]["mediaResolution"] == "MEDIA_RESOLUTION_HIGH"
    assert not any("mediaResolution" in part for part in sent.body["contents"][0]["parts"])
    assert sent.lost == {("/messages/0/content/0/image_url/detail", "approximated", "quality")}


FILES = [
    ({"type": "video_url", "video_url": {"url": "https://youtu.be/x"}}, {"fileUri": "https://youtu.be/x"}),
    ({"type": "image_url", "image_url": {"url": "gs://b/a.png"}}, {"fileUri": "gs://b/a.png", "mimeType": "image/png"}),
    (
        {"type": "file", "file": {"file_id": "files/abc", "mime_type": "application/pdf"}},
        {"fileUri": "https://generativelanguage.googleapis.com/v1beta/files/abc", "mimeType": "application/pdf"},
    ),
]


@pytest.mark.parametrize(("part", "file"), FILES, ids=["youtube", "gs", "files"])
def test_what_google_fetches_itself_goes_by_address(part, file):
    assert native(shown(part), to="gemini", model="gemini-3.5-flash")["contents"][0]["parts"] == [{"fileData": file}]


def test_an_address_that_tells_no_type_is_fetched():
    part = {"type": "image_url", "image_url": {"url": "https://h.example/photo"}}
    assert send(shown(part), to="gemini", model="gemini-3.5-flash").head["needs"] == ["https://h.example/photo"]
    named = {"type": "image_url", "image_url": {"url": "gs://b/photo"}}
    assert "mime_type" in send(shown(named), to="gemini", model="gemini-3.5-flash").error["message"]


def test_vertex_has_no_files_of_the_gemini_api():
    sent = send(shown(FILES[2][0]), to="vertex", model="gemini-3.5-flash", project="p")
    assert sent.status == 400
    assert sent.error["param"] == "messages[0].content[0]"


def test_pictures_stay_in_tool_results_where_the_model_takes_them():
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    body = loop([call("c1", thought_signature="U2ln")])
    body["messages"][-1]["content"] = [{"type": "text", "text": "Here"}, image]
    inside = native(body, to="gemini", model="gemini-3.5-flash")["contents"][2]["parts"]
    blob = {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}
    assert inside[0]["functionResponse"]["parts"] == [blob]
    moved = native(body, to="gemini", model="gemini-2.5-flash")["contents"]
    assert "parts" not in moved[2]["parts"][0]["functionResponse"]
    assert blob in moved[3]["parts"]


# Tools and schemas

CUSTOMER = {
    "type": "object",
    "properties": {"kind": {"const": "a"}, "next": {"anyOf": [{"$ref": "#/$defs/N"}, {"type": "null"}]}},
    "$defs": {"N": {"type": "object", "properties": {"n": {"$ref": "#/$defs/N"}, "v": {"type": ["string", "null"]}}}},
    "additionalProperties": False,
}


def declared(model, schema=CUSTOMER, **more):
    tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
    sent = send({**HI, "tools": [tool], **more}, to="gemini", model=model)
    return sent.body["tools"][0]["functionDeclarations"][0], sent.lost


def test_schemas_are_json_schema_where_the_model_takes_it():
    function, lost = declared("gemini-2.5-flash")
    assert function["parametersJsonSchema"]["properties"]["kind"] == {"type": "string", "enum": ["a"]}
    assert function["parametersJsonSchema"]["$defs"] == CUSTOMER["$defs"]
    assert lost == set()


def test_older_models_get_the_old_style_with_references_written_out():
    function, lost = declared("gemini-2.0-flash")
    inner = function["parameters"]["properties"]["next"]
    assert inner["nullable"] is True
    assert inner["properties"]["v"] == {"nullable": True, "type": "STRING"}
    assert inner["properties"]["n"]["type"] == "OBJECT"
    assert "$defs" not in function["parameters"]
    assert lost == {("/tools/0/function/parameters/$defs/N/properties/n/$ref", "approximated", "quality")}


def test_a_tool_without_arguments_has_no_schema():
    function, _ = declared("gemini-2.5-flash", {"type": "object", "properties": {}, "additionalProperties": False})
    assert function == {"name": "f"}


CHOICES = [
    ("none", {"mode": "NONE"}),
    ("required", {"mode": "ANY"}),
    ({"type": "function", "function": {"name": "f"}}, {"mode": "ANY", "allowedFunctionNames": ["f"]}),
    (
        {
            "type": "allowed_tools",
            "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}]},
        },
        {"mode": "VALIDATED", "allowedFunctionNames": ["f"]},
    ),
]


@pytest.mark.parametrize(("choice", "calling"), CHOICES, ids=["none", "required", "named", "allowed"])
def test_a_choice_is_a_mode(choice, calling):
    tools = [{"type": "function", "function": {"name": "f"}}]
    body = native({**HI, "tools": tools, "tool_choice": choice}, to="gemini", model="gemini-2.5-flash")
    assert body["toolConfig"]["functionCallingConfig"] == calling


def test_strict_tools_are_validated():
    tool = {"type": "function", "function": {"name": "f", "strict": True, "parameters": CUSTOMER}}
    body = native({**HI, "tools": [tool]}, to="gemini", model="gemini-3.5-flash")
    assert body["toolConfig"]["functionCallingConfig"] == {"mode": "VALIDATED"}


def test_a_schema_beside_tools_is_native_on_generation_3_and_a_tool_before():
    schema = {"type": "json_schema", "json_schema": {"name": "a", "schema": CUSTOMER}}
    body = {**HI, "tools": [{"type": "function", "function": {"name": "f"}}], "response_format": schema}
    assert "responseJsonSchema" in native(body, to="gemini", model="gemini-3.5-flash")["generationConfig"]
    older = native(body, to="gemini", model="gemini-2.5-flash")
    assert "generationConfig" not in older
    assert [tool["name"] for tool in older["tools"][0]["functionDeclarations"]] == ["f", "a"]
    assert older["toolConfig"]["functionCallingConfig"] == {"mode": "ANY"}


def test_search_beside_functions_is_refused_before_generation_3():
    body = {**HI, "tools": [{"type": "function", "function": {"name": "f"}}], "web_search_options": {}}
    assert send(body, to="gemini", model="gemini-2.5-flash").error["param"] == "web_search_options"
    assert {"googleSearch": {}} in native(body, to="gemini", model="gemini-3.5-flash")["tools"]


# Rows


@pytest.mark.parametrize("model", ["gemini-3.6-flash", "gemini-3.5-flash-lite", "gemini-4-argon", "gemini-9"])
def test_the_newest_models_are_sent_no_sampling_and_no_prefill(model):
    sent = send({**HI, "temperature": 0.2, "top_p": 0.5}, to="gemini", model=model)
    assert "generationConfig" not in sent.body
    assert {("/temperature", "dropped", "quality"), ("/top_p", "dropped", "quality")} <= sent.lost
    trailing = {**HI, "messages": [*HI["messages"], {"role": "assistant", "content": "Dear"}]}
    assert send(trailing, to="gemini", model=model).status == 400


def test_several_answers_are_a_matter_of_generation_2():
    assert config({"n": 2}, "gemini-2.5-pro")["candidateCount"] == 2
    assert send({**HI, "n": 2}, to="gemini", model="gemini-3.5-flash").error["param"] == "n"


def test_vertex_has_no_store():
    sent = send({**HI, "store": True}, to="vertex", model="gemini-3.5-flash", project="p")
    assert "store" not in sent.body
    assert ("/store", "dropped", "hint") in sent.lost
    assert native({**HI, "store": True}, to="gemini", model="gemini-3.5-flash")["store"] is True


# Addresses

PLACES = [
    ("global", "https://aiplatform.googleapis.com"),
    ("eu", "https://aiplatform.eu.rep.googleapis.com"),
    ("europe-west4", "https://europe-west4-aiplatform.googleapis.com"),
]


@pytest.mark.parametrize(("location", "host"), PLACES)
def test_host_and_path_of_vertex_agree(location, host):
    head = {"to": "vertex", "project": "p", "location": location, "model": "gemini-3.5-flash"}
    path = f"/v1beta1/projects/p/locations/{location}/publishers/google/models/gemini-3.5-flash"
    assert send(HI, **head).head["url"] == f"{host}{path}:generateContent"
    assert send({**HI, "stream": True}, **head).head["url"] == f"{host}{path}:streamGenerateContent?alt=sse"


def test_claude_on_vertex_is_messages_with_a_version_and_without_a_model():
    head = {"to": "vertex", "project": "p", "model": "anthropic/claude-opus-4-5@20251101"}
    sent = send({**HI, "stream": True, "max_tokens": 9}, **head)
    assert sent.head["url"].endswith("/publishers/anthropic/models/claude-opus-4-5@20251101:streamRawPredict")
    assert sent.head["context"]["dialect"] == "anthropic"
    assert (sent.body["anthropic_version"], sent.body["stream"]) == ("vertex-2023-10-16", True)
    assert "model" not in sent.body


def test_claude_on_vertex_takes_no_addresses_whoever_asks():
    image = {"type": "image", "source": {"type": "url", "url": "https://h.example/a.png"}}
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [image]}], "container": "x"}
    head = {"to": "vertex", "project": "p", "model": "claude-opus-4-5@20251101", "on_loss": "allow"}
    assert send(body, "anthropic", **head).head["needs"] == ["https://h.example/a.png"]
    fetched = {"https://h.example/a.png": {"media_type": "image/png", "data": "iVBORw0KGgo="}}
    sent = send(body, "anthropic", **head, media=fetched)
    assert sent.body["messages"][0]["content"][0]["source"]["type"] == "base64"
    assert "container" not in sent.body
    assert ("/container", "dropped", "contract") in sent.lost


def test_an_error_of_googles_door_is_read_where_claude_is_behind_it():
    context = context_of({**HI, "max_tokens": 9}, to="vertex", project="p", model="claude-opus-4-5@20251101")
    body = [{"error": {"code": 403, "message": "Permission denied.", "status": "PERMISSION_DENIED"}}]
    got = receive(context, body, 403)
    assert (got.status, got.body["error"]["message"]) == (403, "Permission denied.")


# Streams


def test_a_bare_error_body_instead_of_events_is_an_error():
    context = context_of({**HI, "stream": True}, to="gemini", model="gemini-2.5-flash")
    error = {"error": {"code": 429, "message": "Slow down.", "status": "RESOURCE_EXHAUSTED"}}
    for body in (error, [error]):
        out, head = stream(context, [orjson.dumps(body, option=orjson.OPT_INDENT_2)])
        assert frames(out)[-1]["error"]["message"] == "Slow down."
        assert head["error"]["kind"] == "rate_limit"


def test_an_array_is_read_as_a_stream():
    context = context_of({**HI, "stream": True}, to="gemini", model="gemini-2.5-flash")
    chunks = [
        {"candidates": [{"content": {"parts": [{"text": "a"}]}}]},
        {"candidates": [{"content": {"parts": [{"text": "b"}]}, "finishReason": "STOP"}]},
    ]
    out, head = stream(context, [orjson.dumps(chunks)])
    assert "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in frames(out)[:-1]) == "ab"
    assert head["finish_reason"] == "stop"


def test_pieces_of_arguments_are_put_together():
    first = [{"jsonPath": "$.a.b[0]", "stringValue": "x", "willContinue": True}]
    second = [{"jsonPath": "$.a.b[0]", "stringValue": "y"}, {"jsonPath": "$.n", "numberValue": 1.5}]
    pieces = [
        {"functionCall": {"name": "f", "willContinue": True}},
        {"functionCall": {"partialArgs": first, "willContinue": True}},
        {"functionCall": {"partialArgs": second, "willContinue": True}},
        {"functionCall": {}},
    ]
    raw = b"".join(
        b"data: %b\r\n\r\n" % orjson.dumps({"candidates": [{"content": {"parts": [piece]}}]}) for piece in pieces
    )
    raw += b'data: {"candidates":[{"finishReason":"STOP"}]}\r\n\r\n'
    context = context_of({**HI, "stream": True}, to="gemini", model="gemini-2.5-flash")
    out, head = stream(context, [raw])
    text = "".join(
        call["function"].get("arguments", "")
        for chunk in frames(out)[:-1]
        for call in chunk["choices"][0]["delta"].get("tool_calls", ())
    )
    assert orjson.loads(text) == {"a": {"b": ["xy"]}, "n": 1.5}
    assert head["finish_reason"] == "tool_calls"


def test_ids_that_the_provider_does_not_give_follow_from_the_stamp():
    said = {"candidates": [{"content": {"parts": [{"functionCall": {"name": "f"}}] * 2}, "finishReason": "STOP"}]}
    context = context_of(HI, to="gemini", model="gemini-2.5-flash")
    calls = receive(context, said).body["choices"][0]["message"]["tool_calls"]
    assert [call["id"] for call in calls] == ["call_seed_0", "call_seed_1"]


def test_a_model_must_be_named_somewhere():
    answer = boundary.request(b'{"from":"gemini","to":"gemini"}', b'{"contents":[{"parts":[{"text":"Hi"}]}]}')
    assert answer.status == 400
    assert "'model'" in orjson.loads(answer.body)["error"]["message"]


def test_probabilities_of_tokens_reach_a_gemini_client():
    tokens = {"content": [{"token": "Hi", "logprob": -0.5, "bytes": [72, 105], "top_logprobs": []}], "refusal": None}
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    pieces = [
        {"index": 0, "delta": {"role": "assistant"}, "finish_reason": None},
        {"index": 0, "delta": {"content": "Hi"}, "logprobs": tokens, "finish_reason": None},
        {"index": 0, "delta": {}, "finish_reason": "stop"},
    ]
    raw = (
        b"".join(b"data: %b\n\n" % orjson.dumps({**head, "choices": [piece]}) for piece in pieces) + b"data: [DONE]\n\n"
    )
    asked = {"contents": [{"parts": [{"text": "Hi"}]}], "generationConfig": {"responseLogprobs": True}}
    out, _ = stream(context_of({**asked, "stream": True}, "gemini", "openai", model="gpt-4o"), [raw])
    found = [
        item["logprobsResult"] for chunk in frames(out) for item in chunk["candidates"] if "logprobsResult" in item
    ]
    assert found == [{"chosenCandidates": [{"token": "Hi", "logProbability": -0.5}]}]


def test_an_image_of_the_answer_reaches_chat_clients_and_is_lost_aloud_elsewhere():
    blob = {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}
    said = {"candidates": [{"content": {"parts": [{"text": "Here"}, blob]}, "finishReason": "STOP"}]}
    raw = b"data: %b\r\n\r\n" % orjson.dumps(said)
    image = {"index": 0, "type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    notes = context_of({**HI, "stream": True}, to="gemini", model="gemini-2.5-flash-image")
    got = receive(notes, said)
    assert got.body["choices"][0]["message"]["images"] == [image]
    out, head = stream(notes, [raw])
    deltas = [chunk["choices"][0]["delta"] for chunk in frames(out)[:-1]]
    assert [delta["images"] for delta in deltas if "images" in delta] == [[image]]
    assert head["losses"] == got.head["losses"] == []
    other = context_of({**HI, "max_tokens": 9, "stream": True}, "anthropic", "gemini", model="gemini-2.5-flash-image")
    lost = [loss["severity"] for loss in receive(other, said).head["losses"]]
    assert lost == [loss["severity"] for loss in stream(other, [raw])[1]["losses"]] == ["quality"]


@pytest.mark.parametrize("details", [9, "odd", {"a": 1}, [1, {"reason": 5}]])
def test_an_error_with_details_of_odd_shape_is_still_an_error(details):
    body = {"error": {"code": 404, "message": "No.", "status": "NOT_FOUND", "details": details}}
    context = {"client": "openai_chat", "provider": "gemini", "dialect": "gemini", "model": "m"}
    answer = boundary.reply(orjson.dumps({"context": context, "status": 404}), orjson.dumps(body))
    assert (answer.status, orjson.loads(answer.body)["error"]["message"]) == (404, "No.")
