"""xAI: what Grok models refuse, reasoning beside the completion, streams and errors of its own (wire/xai.md)."""

import pytest
from proof.calls import chunks, context_of, cut, frames, receive, send, stream

USER = {"role": "user", "content": "Hi"}
ASK = {"model": "m", "messages": [USER]}
USAGE = {
    "prompt_tokens": 207, "completion_tokens": 12, "total_tokens": 406,
    "prompt_tokens_details": {"text_tokens": 207, "audio_tokens": 0, "image_tokens": 0, "cached_tokens": 7},
    "completion_tokens_details": {"reasoning_tokens": 187}, "num_sources_used": 0, "cost_in_usd_ticks": 2733600,
}  # fmt: skip


def xai(fields=None, client="openai_chat", model="grok-4.5", **head):
    return send({**ASK, **(fields or {})}, client, "xai", model=model, **head)


def context(client="openai_chat", **more):
    return context_of({**ASK, "max_tokens": 50, "stream": True, **more}, client, "xai", model="grok-4.5")


def chunk(delta=None, usage=None, **more):
    choices = [] if delta is None else [{"index": 0, "delta": {"role": "assistant", **delta}, **more}]
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 5, "model": "grok-4.5"}
    return {**head, "choices": choices, "usage": usage or {**USAGE, "completion_tokens": 1}}


CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}
OTHER = {"id": "call_2", "type": "function", "function": {"name": "g", "arguments": "{}"}}
CALLS = chunks(
    chunk({"reasoning_content": "Thinking... "}),
    chunk({"reasoning_content": "Thinking... "}),
    chunk({"reasoning_content": "so"}),
    chunk({"content": "", "tool_calls": [CALL]}),
    chunk({"content": "", "tool_calls": [OTHER]}),
    chunk({}, finish_reason=""),
    chunk(usage=USAGE),
)


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        ("grok-4.5", "presence_penalty", 0.5),
        ("grok-4", "frequency_penalty", -1),
        ("grok-4-fast-non-reasoning", "presence_penalty", 1),
        ("grok-4.5", "stop", "x"),
        ("grok-4-0709", "stop", ["x"]),
        ("grok-3-mini", "stop", ["x"]),
        ("grok-4.20-non-reasoning", "logprobs", True),
        ("grok-4.7", "logprobs", True),
        ("grok-4.5", "logit_bias", {"5": 1}),
        ("grok-4.5", "search_parameters", {"mode": "auto"}),
        ("grok-4.5", "web_search_options", {}),
        ("grok-4.5", "deferred", True),
    ],
)
def test_what_a_model_refuses_is_refused_by_name(model, field, value):
    sent = xai({field: value}, model=model)
    assert sent.status == 400
    assert (sent.error["param"], sent.error["code"]) == (field, "unsupported_parameter")
    allowed = xai({field: value}, model=model, on_loss="allow")
    assert field not in allowed.body
    assert (f"/{field}", "dropped", "contract") in allowed.lost


@pytest.mark.parametrize("value", [0, 0.0])
def test_a_neutral_penalty_is_not_sent_and_asks_for_nothing(value):
    sent = xai({"presence_penalty": value, "frequency_penalty": value, "logprobs": False})
    assert sent.body.keys() == {"model", "messages"}
    assert sent.losses == []


def test_older_models_take_what_they_took():
    asked = {"presence_penalty": 0.5, "stop": ["x"], "logprobs": True}
    sent = xai(asked, model="grok-3")
    assert (sent.losses, sent.body) == ([], {**ASK, "model": "grok-3", **asked})


def test_an_unknown_model_of_the_family_takes_everything():
    asked = {"presence_penalty": 0.5, "reasoning_effort": "max", "stop": "x"}
    sent = xai(asked, model="grok-9")
    assert (sent.losses, sent.body) == ([], {**ASK, "model": "grok-9", **asked})


@pytest.mark.parametrize(("tier", "sent"), [("priority", "priority"), ("fast", "priority"), ("default", "default"),
                                            ("auto", None), ("flex", None), ("scale", None)])  # fmt: skip
def test_a_service_tier_is_one_that_there_is(tier, sent):
    told = xai({"service_tier": tier})
    assert told.body.get("service_tier") == sent
    assert bool(told.losses) is (tier in ("flex", "scale"))


def test_pictures_of_two_kinds_and_three_resolutions():
    def sent(url, **detail):
        part = {"type": "image_url", "image_url": {"url": url, **detail}}
        return xai({"messages": [{"role": "user", "content": [part]}]})

    told = sent("https://h.example/x.png", detail="original")
    assert told.body["messages"][0]["content"][0]["image_url"]["detail"] == "high"
    assert told.lost == {("/messages/0/content/0/image_url/detail", "approximated", "hint")}
    assert sent("data:image/webp;base64,AAAA").error["param"] == "messages[0].content[0]"
    assert (
        sent("data:image/jpg;base64,AAAA")
        .body["messages"][0]["content"][0]["image_url"]["url"]
        .startswith("data:image/jpeg")
    )


@pytest.mark.parametrize(
    "part",
    [
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
        {"type": "video_url", "video_url": {"url": "https://h.example/x.mp4"}},
    ],
)
@pytest.mark.parametrize("model", ["grok-4.5", "grok-9"])
def test_other_media_are_refused(part, model):
    sent = xai({"messages": [{"role": "user", "content": [part]}]}, model=model)
    assert (sent.status, sent.error["param"]) == (400, "messages[0].content[0]")


def test_a_plain_text_document_is_said_in_words():
    file = {"type": "file", "file": {"filename": "a.txt", "file_data": "data:text/plain;base64,cGxhaW4="}}
    sent = xai({"messages": [{"role": "user", "content": [file]}]})
    assert "plain" in sent.body["messages"][0]["content"]
    assert ("/messages/0/content/0", "approximated", "quality") in sent.lost


def test_tools_of_the_server_are_refused_and_free_text_tools_are_functions():
    sent = xai({"tools": [{"type": "web_search"}]})
    assert (sent.status, sent.error["param"]) == (400, "tools[0]")
    free = {"type": "custom", "custom": {"name": "sh", "description": "d"}}
    choice = {"type": "custom", "custom": {"name": "sh"}}
    sent = xai({"tools": [free], "tool_choice": choice})
    assert sent.body["tools"][0]["function"]["parameters"]["required"] == ["input"]
    assert sent.body["tool_choice"] == {"type": "function", "function": {"name": "sh"}}
    call = {"id": "c", "type": "function", "function": {"name": "sh", "arguments": '{"input":"ls"}'}}
    reply = {"id": "r", "choices": [{"message": {"content": "", "tool_calls": [call]}, "finish_reason": "tool_calls"}]}
    got = receive(sent.head["context"], reply).body["choices"][0]["message"]["tool_calls"]
    assert got == [{"id": "c", "type": "custom", "custom": {"name": "sh", "input": "ls"}}]


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
def test_reasoning_goes_back_under_the_name_it_has_there(key):
    said = {"role": "assistant", "content": "4", key: "two and two"}
    sent = xai({"messages": [USER, said, USER]})
    assert sent.body["messages"][1] == {"role": "assistant", "content": "4", "reasoning_content": "two and two"}
    assert sent.losses == []


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
def test_whole_calls_without_index_an_empty_word_and_usage_everywhere_make_one_stream(client):
    made = context(client, **({"stream_options": {"include_usage": True}} if client == "openai_chat" else {}))
    wire, head = stream(made, [CALLS])
    for size in (1, 7):
        assert stream(made, cut(CALLS, size)) == (wire, head)
    assert head["finish_reason"] == "tool_calls"
    assert head["usage"]["completion"] == 199
    seen = frames(wire)
    if client == "anthropic":
        assert [item["content_block"]["type"] for item in seen if item["type"] == "content_block_start"] == [
            "thinking", "tool_use", "tool_use",
        ]  # fmt: skip
        assert [item["delta"]["thinking"] for item in seen if item.get("delta", {}).get("thinking")] == [
            "Thinking... ", "so",
        ]  # fmt: skip
        assert seen[-2]["delta"]["stop_reason"] == "tool_use"
        return
    deltas = [item["choices"][0]["delta"] for item in seen[:-2]]
    assert [delta.get("role") for delta in deltas].count("assistant") == 1
    assert "".join(delta.get("reasoning_content", "") for delta in deltas) == "Thinking... so"
    calls = [call for delta in deltas for call in delta.get("tool_calls", ())]
    assert [(call["index"], call["id"]) for call in calls] == [(0, "call_1"), (1, "call_2")]
    assert [item["choices"][0]["finish_reason"] for item in seen[:-2]].count("tool_calls") == 1
    assert seen[-3]["choices"][0]["finish_reason"] == "tool_calls"
    assert (seen[-2]["choices"], seen[-2]["usage"]["completion_tokens"]) == ([], 199)
    assert not any(item["usage"] for item in seen[:-2])


def test_usage_is_not_shown_to_a_client_that_did_not_ask():
    assert not any(item.get("usage") for item in frames(stream(context(), [CALLS])[0])[:-1])


@pytest.mark.parametrize(("word", "said"), [("end_turn", "stop"), ("max_len", "length"), ("max_context", "length"),
                                            ("time_limit", "length"), ("", "stop")])  # fmt: skip
def test_words_of_its_protocol_have_the_common_meaning(word, said):
    reply = {"id": "r", "choices": [{"message": {"content": "x"}, "finish_reason": word}]}
    got = receive(context(), reply)
    assert (got.body["choices"][0]["finish_reason"], got.head["finish_reason"]) == (said, said)
    seen = frames(stream(context(), [chunks(chunk({"content": "x"}), chunk({}, finish_reason=word))])[0])
    words = [item["choices"][0]["finish_reason"] for item in seen[:-1]]
    assert [item for item in words if item] == ([said] if word else [])
    assert receive(context("anthropic"), reply).body["stop_reason"] in ("end_turn", "max_tokens")


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
def test_an_empty_word_beside_calls_means_calls(client):
    reply = {"id": "r", "choices": [{"message": {"content": "", "tool_calls": [CALL]}, "finish_reason": ""}]}
    got = receive(context(client), reply).body
    word = got["choices"][0]["finish_reason"] if client == "openai_chat" else got["stop_reason"]
    assert word == {"openai_chat": "tool_calls", "anthropic": "tool_use"}[client]


SOURCES = ["https://a.example/1", "https://b.example/2", "https://a.example/1"]


def test_sources_become_annotations():
    reply = {"id": "r", "citations": SOURCES, "choices": [{"message": {"content": "text"}, "finish_reason": "stop"}]}
    notes = receive(context(), reply).body["choices"][0]["message"]["annotations"]
    assert [note["url_citation"]["url"] for note in notes] == SOURCES[:2]
    assert {(note["url_citation"]["start_index"], note["url_citation"]["end_index"]) for note in notes} == {(0, 4)}
    data = chunks(
        chunk({"content": "text"}), chunk({}, finish_reason="stop"), {**chunk(usage=USAGE), "citations": SOURCES}
    )
    deltas = [item["choices"][0]["delta"] for item in frames(stream(context(), [data])[0])[:-1]]
    found = [note for delta in deltas for note in delta.get("annotations", ())]
    assert [(note["index"], note["url_citation"]["url"]) for note in found] == list(enumerate(SOURCES[:2]))


@pytest.mark.parametrize(
    ("status", "code", "sent"),
    [(400, "invalid-argument", 400), (403, "permission-denied", 403), (404, "not-found", 404), (429, "x", 429),
     (410, "gone", 410), (200, "invalid-argument", 400), (200, "resource-exhausted", 429), (200, "The model", 502)],
)  # fmt: skip
def test_an_error_whose_text_is_no_object_becomes_one(status, code, sent):
    got = receive(context(), {"code": code, "error": "Model grok-4.5 does not support that."}, status)
    assert got.status == sent
    assert got.body["error"]["message"] == "Model grok-4.5 does not support that."
    assert got.body["error"]["code"] == code
    assert got.body["error"]["type"]


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
def test_an_error_inside_a_stream_ends_it_with_an_error(client):
    data = chunks(chunk({"content": "x"}), {"code": "unavailable", "error": "Try later."}, done=False)
    wire, head = stream(context(client), [data])
    assert frames(wire)[-1]["error"]["message"] == "Try later."
    assert head["error"] == {"message": "Try later.", "code": "unavailable", "kind": "overloaded"}
