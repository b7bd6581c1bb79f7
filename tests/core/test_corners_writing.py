"""Corners of what is written: bodies, replies and events that say little, or say it oddly."""

import pytest
from dragoman.translate import aside
from dragoman.translate.dialects.openai_chat.logprobs import read_logprobs, write_logprobs
from dragoman.translate.telling import _REPLIES
from proof.calls import chunks, frames, native, plain_context, receive, send, stream

USER = {"role": "user", "content": "Hi"}


def test_a_refusal_of_the_history_says_nothing_else():
    items = [USER, {"role": "assistant", "content": [{"type": "refusal", "refusal": "No"}]}, USER]
    body = {"model": "m", "input": items, "store": False}
    sent = native(body, "openai_responses", "openai_compatible", model="m", on_loss="allow")
    assert sent["messages"][1] == {"role": "assistant", "content": None, "refusal": "No"}


def test_a_refusal_that_a_user_repeats_is_a_part_of_its_own():
    items = [{"role": "user", "content": [{"type": "refusal", "refusal": "No"}, {"type": "input_text", "text": "?"}]}]
    body = {"model": "m", "input": items, "store": False}
    sent = native(body, "openai_responses", "openai_compatible", model="m", on_loss="allow")
    assert sent["messages"][0]["content"][0] == {"type": "refusal", "refusal": "No"}


@pytest.mark.parametrize("told", [None, [83, 111]])
def test_the_bytes_of_a_token_are_told_where_the_provider_tells_them(told):
    token = {"token": "So", "logprob": -0.5, "bytes": told}
    raw = {"content": [{**token, "top_logprobs": [token, {"token": "No", "logprob": -1.0, "bytes": None}]}]}
    assert write_logprobs(read_logprobs(raw)) == {**raw, "refusal": None}


def test_half_a_letter_has_its_bytes_in_every_dialect_alternatives_too():
    token = {"token": "\ufffd", "logprob": -0.5, "bytes": [240, 159]}
    reply = {"choices": [{"message": {"content": "\ufffd"}, "finish_reason": "stop", "logprobs": {
        "content": [{**token, "top_logprobs": [token]}]}}]}  # fmt: skip
    got = receive(plain_context("openai_responses", "openai_chat"), reply)
    [told] = got.body["output"][0]["content"][0]["logprobs"]
    assert told["bytes"] == told["top_logprobs"][0]["bytes"] == [240, 159]
    got = receive(plain_context("openai_chat", "openai_responses"), got.body)
    assert got.body["choices"][0]["logprobs"]["content"] == [{**token, "top_logprobs": [token]}]


@pytest.mark.parametrize("raw", [None, [], {}, {"content": None}, {"content": []}, "x"])
def test_no_tokens_are_no_log_probabilities(raw):
    assert read_logprobs(raw) is None


@pytest.mark.parametrize(("dialect", "body"), [
    ("openai_chat", {"choices": [{"message": {"content": "A"}, "finish_reason": "stop"}]}),
    ("anthropic", {"content": [{"type": "text", "text": "A"}], "stop_reason": "end_turn"}),
    ("gemini", {"candidates": [{"content": {"parts": [{"text": "A"}]}, "finishReason": "STOP"}]}),
])  # fmt: skip
def test_a_reply_that_mentions_an_error_beside_its_answer_is_a_reply(dialect, body):
    client = "bedrock"
    got = receive(plain_context(client, dialect), {**body, "error": {"message": "by the way"}})
    assert got.status == 200
    assert got.body["output"]["message"]["content"] == [{"text": "A"}]
    assert _REPLIES & body.keys()
    assert receive(plain_context(client, dialect), {"error": {"message": "No."}}).status >= 400


@pytest.mark.parametrize(("error", "words"), [
    ("No.", "No."), (None, "The provider answered with status 500."), ({"message": "Bad."}, "Bad."),
    ({}, "The provider answered with status 500."),
])  # fmt: skip
def test_what_google_says_of_an_error_in_whatever_form(error, words):
    body = {} if error is None else {"error": error}
    assert receive(plain_context("openai_chat", "gemini"), body, status=500).body["error"]["message"] == words


def test_a_text_that_is_an_error_is_told():
    got = receive(plain_context("openai_chat", "gemini"), b"Bad gateway", status=502)
    assert got.body["error"]["message"] == "Bad gateway"


def delta(**said):
    return {"id": "1", "model": "m", "choices": [{"index": 0, "delta": said}]}


END = {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
NOTE = {"type": "url_citation", "url_citation": {
    "url": "https://h.example", "title": "T", "start_index": 0, "end_index": 1}}  # fmt: skip


def responses(*payloads):
    context = plain_context("openai_responses", "openai_chat", stream=True)
    return frames(stream(context, [chunks(*payloads, END)])[0])


def test_late_sources_of_a_text_are_counted_from_nought():
    other = {**NOTE, "url_citation": {**NOTE["url_citation"], "url": "https://i.example"}}
    calls = [{"index": 0, "id": "c1", "function": {"name": "f", "arguments": "{}"}}]
    told = responses(delta(content="So"), delta(tool_calls=calls), delta(annotations=[NOTE, other]))
    added = [event for event in told if event["type"] == "response.output_text.annotation.added"]
    assert [(event["annotation_index"], event["output_index"], event["content_index"]) for event in added] == [
        (0, 0, 0), (1, 0, 0),
    ]  # fmt: skip
    assert [note["url"] for note in told[-1]["response"]["output"][0]["content"][0]["annotations"]] == [
        "https://h.example", "https://i.example",
    ]  # fmt: skip


def test_sources_of_a_text_that_runs_are_told_when_it_is_whole():
    told = responses(delta(content="S"), delta(annotations=[NOTE]), delta(content="o"))
    kinds = [event["type"].removeprefix("response.") for event in told]
    assert kinds.index("output_text.annotation.added") > kinds.index("output_text.delta") + 1
    assert kinds.count("output_text.annotation.added") == 1
    assert [event["delta"] for event in told if event["type"].endswith("text.delta")] == ["S", "o"]


def test_thoughts_without_an_index_are_one_thought():
    blocks = [{"type": "thinking", "thinking": "h"}, {"type": "thinking", "thinking": "m", "index": 0}]
    told = responses(*[delta(thinking_blocks=[block]) for block in blocks], delta(content="A"))
    assert [item["type"] for item in told[-1]["response"]["output"]] == ["reasoning", "message"]


def test_an_effort_beside_a_switch_that_both_are_taken_is_no_loss():
    body = {"model": "m", "max_tokens": 5000, "messages": [USER], "thinking": {"type": "adaptive"},
            "output_config": {"effort": "low"}}  # fmt: skip
    sent = send(body, "anthropic", "anthropic", model="claude-opus-4-8")
    assert sent.losses == []
    assert (sent.body["thinking"], sent.body["output_config"]) == (body["thinking"], body["output_config"])


@pytest.mark.parametrize(("model", "effort", "words"), [
    ("gpt-5.1", "low", "temperature: gpt-5.1 refuses it while it reasons."),
    ("o3", "low", "temperature: o3 refuses it."),
])  # fmt: skip
def test_it_is_said_whether_a_model_refuses_sampling_or_only_while_it_reasons(model, effort, words):
    body = {"model": "m", "messages": [USER], "temperature": 0.5, "reasoning_effort": effort}
    sent = send(body, "openai_chat", "openai", model=model, on_loss="allow")
    assert [loss["detail"] for loss in sent.losses if loss["path"] == "/temperature"] == [words]


MARK = {"type": "ephemeral"}


def test_keys_that_nobody_knows_stay_at_a_part_that_is_written_anew_for_its_own_dialect():
    text = {"type": "text", "text": "a", "x_note": 1}
    image = {"type": "image_url", "image_url": {"url": "https://h.example/a.png", "x_in": 2}, "x_out": 3}
    marked = [{**part, "cache_control": MARK} for part in (text, image)]
    sent = send(
        {"model": "m", "messages": [{"role": "user", "content": marked}]}, "openai_chat", "openai", model="gpt-4o"
    )
    assert sent.body["messages"][0]["content"] == [text, image]
    assert [loss["path"] for loss in sent.losses] == [
        f"/messages/0/content/{place}/cache_control" for place in (0, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(("more", "told"), [(True, False), (False, False), ({"type": "string"}, True)])
def test_a_schema_of_further_properties_is_told_in_words_where_there_is_no_place_for_it(more, told):
    schema = {"type": "object", "properties": {"a": {"type": "object", "additionalProperties": more}}}
    tools = [{"type": "function", "function": {"name": "f", "parameters": schema}}]
    sent = send({"model": "m", "messages": [USER], "tools": tools}, "openai_chat", "gemini", model="gemini-2.0-flash")
    assert bool(sent.losses) is told
    assert ("additionalProperties" in sent.raw.decode()) is told


@pytest.mark.parametrize(("said", "words"), [
    ('{"a":1}', None), ("[1]", "a JSON object, but is none"), ("5", "a JSON object, but is none"),
    ("no", "JSON, but is none"),
])  # fmt: skip
def test_an_answer_by_instruction_that_is_no_object_is_reported(said, words):
    context = {**plain_context("openai_chat", "anthropic"), "json_text": True}
    got = receive(context, {"content": [{"type": "text", "text": said}], "stop_reason": "end_turn"})
    assert [loss["detail"].partition("asked to be ")[2].strip(".") for loss in got.head["losses"]] == (
        [] if words is None else [words]
    )


def test_data_come_back_where_their_marks_stand_in_whatever_order():
    data = [(b"~set-aside:%d~" % place, memoryview(b"data%d" % place)) for place in range(11)]
    body = b"|".join(mark for mark, _ in reversed(data))
    assert aside.put_back(body, tuple(data)) == b"|".join(bytes(found) for _, found in reversed(data))


def test_unknown_keys_of_the_tools_of_converse_stay_when_the_tools_are_written_anew():
    spec = {"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object"}}}}
    body = {"messages": [{"role": "user", "content": [{"text": "Hi"}]}], "toolConfig": {
        "tools": [spec, {"cachePoint": {"type": "default"}}], "xNew": 1}}  # fmt: skip
    sent = send(body, "bedrock", "bedrock", model="us.amazon.nova-pro-v1:0", on_loss="allow")
    assert sent.body["toolConfig"] == {"tools": [spec], "xNew": 1}
    assert [loss["severity"] for loss in sent.losses] == ["cost"]


@pytest.mark.parametrize(("place", "lost"), [
    ({"start_index": 0, "end_index": 1}, True), ({"end_index": 1}, False), ({"start_index": 0}, False), ({}, False),
])  # fmt: skip
def test_the_place_of_a_citation_is_lost_where_it_has_one_and_the_client_has_no_word_for_it(place, lost):
    note = {"type": "url_citation", "url_citation": {"url": "https://h.example", "title": "T", **place}}
    reply = {"choices": [{"message": {"content": "So", "annotations": [note]}, "finish_reason": "stop"}]}
    told = {
        client: receive(plain_context(client, "openai_chat"), reply).head["losses"] for client in ("bedrock", "gemini")
    }
    assert told["gemini"] == []
    assert [loss["detail"] for loss in told["bedrock"]] == (
        ["The place of a citation within its text has no counterpart."] if lost else []
    )


def test_tools_that_google_runs_stay_beside_functions_when_options_are_written_anew():
    tools = [{"functionDeclarations": [{"name": "f", "xNew": 1}]}, {"googleSearch": {}}, {"codeExecution": {}}]
    body = {"contents": [{"role": "user", "parts": [{"text": "q"}]}], "tools": tools,
            "generationConfig": {"presencePenalty": 1, "seed": 5}}  # fmt: skip
    row = {"prefix": "x", "refused": ["presence_penalty"]}
    sent = send(body, "gemini", "gemini", model="x", models=[row], on_loss="allow")
    assert sent.body["tools"] == tools
    assert sent.body["generationConfig"] == {"seed": 5}


@pytest.mark.parametrize(("name", "told"), [("n", {"name": "n"}), ("", {})])
def test_a_schema_without_a_name_has_none_at_bedrock(name, told):
    form = {"type": "json_schema", "json_schema": {"name": name, "schema": {"type": "object", "properties": {}}}}
    body = {"model": "m", "messages": [USER], "response_format": form}
    model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    sent = native(body, "openai_chat", "bedrock", model=model, on_loss="allow")
    found = sent["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
    assert {key: value for key, value in found.items() if key != "schema"} == told


@pytest.mark.parametrize(("finish", "reason"), [
    ("tool_calls", "tool_use"), ("stop", "tool_use"), (None, "tool_use"), ("length", "max_tokens"),
    ("content_filter", "content_filtered"),
])  # fmt: skip
def test_a_call_ends_an_answer_of_converse_unless_it_was_cut(finish, reason):
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    reply = {"choices": [{"message": {"content": None, "tool_calls": [call]}, "finish_reason": finish}]}
    assert receive(plain_context("bedrock", "openai_chat"), reply).body["stopReason"] == reason
