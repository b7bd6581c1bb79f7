"""spec/chat.md 2, input controls: one test a promise."""

import pytest
from proof.calls import native, send

USER = {"role": "user", "content": "Hi"}


def ask(*messages, **fields):
    return {"model": "m", "messages": list(messages) or [USER], "max_tokens": 100, **fields}


def test_system_and_developer_text_becomes_system_blocks_in_order_part_by_part():
    mark = {"type": "ephemeral", "ttl": "1h"}
    system = {
        "role": "system",
        "content": [{"type": "text", "text": "a", "cache_control": mark}, {"type": "text", "text": "b"}],
    }
    body = native(ask(system, {"role": "developer", "content": "c"}, USER))
    assert body["system"] == [
        {"type": "text", "text": "a", "cache_control": mark},
        {"type": "text", "text": "b"},
        {"type": "text", "text": "c"},
    ]


MIDDLE = ask(USER, {"role": "system", "content": "Mid"}, {"role": "assistant", "content": "A"}, USER)


def test_system_text_between_turns_stays_where_the_model_has_a_place():
    sent = send(MIDDLE, model="claude-opus-4-8")
    assert [message["role"] for message in sent.body["messages"]] == ["user", "system", "assistant", "user"]
    assert sent.losses == []


def test_system_text_between_turns_is_hoisted_with_a_loss_and_never_dropped():
    sent = send(MIDDLE, model="claude-sonnet-4-5")
    assert sent.body["system"] == [{"type": "text", "text": "Mid"}]
    assert sent.lost == {("/messages/1", "approximated", "quality")}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n", 2),
        ("logprobs", True),
        ("top_logprobs", 2),
        ("logit_bias", {"1": 5}),
        ("prediction", {"type": "content", "content": "x"}),
        ("audio", {"voice": "alloy", "format": "wav"}),
        ("modalities", ["text", "audio"]),
        ("x_unknown", 1),
    ],
)
def test_a_contract_loss_is_a_400_that_names_the_parameter(field, value):
    sent = send(ask(**{field: value}))
    assert sent.status == 400
    assert sent.error["type"] == "invalid_request_error"
    assert sent.error["param"] == field
    assert sent.error["code"] == "unsupported_parameter"
    assert (f"/{field}", "dropped", "contract") in sent.lost
    assert send(ask(**{field: value}), on_loss={"contract": "allow"}).status == 200


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("claude-opus-5-5", {"temperature": 0.2}),
        ("claude-opus-5-5", {"top_p": 0.2}),
        ("claude-opus-5-5", {"top_k": 2}),
        ("claude-sonnet-4-5", {"temperature": 0.2, "reasoning_effort": "high", "max_tokens": 4000}),
        ("claude-sonnet-4-5", {"top_k": 2, "reasoning_effort": "high", "max_tokens": 4000}),
        ("claude-sonnet-4-5", {"top_p": 0.2, "reasoning_effort": "high", "max_tokens": 4000}),
    ],
)
def test_sampling_that_the_model_refuses_is_dropped_with_a_quality_loss(model, fields):
    name = next(iter(fields))
    sent = send(ask(**fields), model=model)
    assert name not in sent.body
    assert (f"/{name}", "dropped", "quality") in sent.lost
    refused = send(ask(**fields), model=model, on_loss={"quality": "refuse"})
    assert refused.status == 400
    assert refused.error["param"] == name


def test_sampling_stays_where_thinking_is_off():
    assert native(ask(temperature=0.2))["temperature"] == 0.2
    assert native(ask(top_p=0.96, reasoning_effort="high", max_tokens=4000))["top_p"] == 0.96


@pytest.mark.parametrize(("field", "value"), [("metadata", {"a": "b"}), ("store", True), ("seed", 3)])
def test_hints_are_dropped_and_reported_and_never_refused(field, value):
    sent = send(ask(**{field: value}))
    assert sent.status == 200
    assert sent.lost == {(f"/{field}", "dropped", "hint")}


def test_the_end_user_is_carried():
    assert native(ask(user="u"))["metadata"] == {"user_id": "u"}
    assert native(ask(safety_identifier="s"))["metadata"] == {"user_id": "s"}
    body = {"model": "m", "max_tokens": 9, "messages": [USER], "metadata": {"user_id": "u"}}
    assert native(body, "anthropic", "openai")["user"] == "u"


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
def test_each_target_gets_the_spelling_of_the_limit_that_its_model_takes(field):
    body = {"model": "m", "messages": [USER], field: 77}
    assert native(body)["max_tokens"] == 77
    assert native(body, to="openai", model="gpt-5.1")["max_completion_tokens"] == 77
    assert "max_tokens" not in native(body, to="openai", model="gpt-5.1")
    assert native(body, to="openai", model="gpt-4o")[field] == 77
    assert native(body, to="openai_compatible")[field] == 77


@pytest.mark.parametrize(
    ("model", "ceiling"), [("claude-sonnet-4-5", 64000), ("claude-opus-4-0", 32000), ("claude-opus-5-5", 128000)]
)
def test_without_a_limit_anthropic_gets_the_models_ceiling_and_says_so(model, ceiling):
    sent = send({"model": "m", "messages": [USER]}, model=model)
    assert sent.body["max_tokens"] == ceiling
    assert [(loss["kind"], loss["severity"]) for loss in sent.losses] == [("added", "hint")]


@pytest.mark.parametrize(("asked", "sent"), [(1.2, 1), (2, 1), (1, 1), (0.4, 0.4), (0, 0)])
def test_a_temperature_above_one_is_clamped_and_not_halved(asked, sent):
    answer = send(ask(temperature=asked))
    assert answer.body["temperature"] == sent
    assert (("/temperature", "approximated", "quality") in answer.lost) == (asked != sent)


def test_stop_sequences_keep_to_the_limits_of_the_target():
    assert native(ask(stop="END"))["stop_sequences"] == ["END"]
    blank = send(ask(stop=["END", "  ", ""]), on_loss="allow")
    assert blank.body["stop_sequences"] == ["END"]
    assert blank.lost == {("/stop", "dropped", "contract")}
    five = {"model": "m", "max_tokens": 9, "messages": [USER], "stop_sequences": list("abcde")}
    assert send(five, "anthropic", "openai").status == 400
    assert send(five, "anthropic", "openai", on_loss="allow").body["stop"] == list("abcd")


def test_unknown_fields_are_forwarded_to_a_provider_of_the_same_dialect():
    assert native(ask(x_vendor={"a": [1]}), to="openai")["x_vendor"] == {"a": [1]}
    own = {"model": "m", "max_tokens": 9, "messages": [USER], "x_vendor": 1}
    assert native(own, "anthropic", "anthropic")["x_vendor"] == 1


def test_the_model_is_what_follows_the_first_slash():
    for name, upstream in (("a/b", "b"), ("groq-eu/openai/gpt-oss", "openai/gpt-oss"), ("plain", "plain")):
        assert native(ask() | {"model": name}, to="openai_compatible", model=None)["model"] == upstream


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ({"messages": [USER]}, "model", "missing_required_parameter"),
        ({"model": "m"}, "messages", "missing_required_parameter"),
        ({"model": "m", "messages": []}, "messages", "invalid_value"),
        ({"model": "m", "messages": [{"content": "x"}]}, "messages[0].role", "missing_required_parameter"),
        ({"model": "m", "messages": [{"role": "king", "content": "x"}]}, "messages[0].role", "invalid_value"),
        ({"model": "m", "messages": [{"role": "user", "content": 5}]}, "messages[0].content", "invalid_type"),
        (ask(temperature="hot"), "temperature", "invalid_type"),
        (ask(temperature=3), "temperature", "invalid_value"),
        (ask(reasoning_effort="huge"), "reasoning_effort", "invalid_value"),
        (ask(tools={}), "tools", "invalid_type"),
        (ask(response_format={"type": "yaml"}), "response_format.type", "invalid_value"),
    ],
)
def test_a_fault_of_the_client_is_a_400_that_names_the_place(body, param, code):
    sent = send(body)
    assert (sent.status, sent.error["param"], sent.error["code"]) == (400, param, code)


@pytest.mark.parametrize("before", [{}, {"title": "https://h.example/a.pdf"}])
def test_a_media_url_that_the_target_does_not_fetch_is_needed(before):
    document = {"type": "document", **before, "source": {"type": "url", "url": "https://h.example/a.pdf"}}
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [document]}]}
    sent = send(body, "anthropic", "openai")
    field = "messages[0].content[0].source.url"
    needed = {"needs": ["https://h.example/a.pdf"], "params": {"https://h.example/a.pdf": field}}
    assert (sent.status, sent.head) == (428, needed)
    media = {"https://h.example/a.pdf": {"media_type": "application/pdf", "data": "JVBERi0="}}
    part = native(body, "anthropic", "openai", media=media)["messages"][0]["content"][0]
    assert part["file"]["file_data"] == "data:application/pdf;base64,JVBERi0="


@pytest.mark.parametrize(("client", "part", "field"), [
    ("openai_chat", {"type": "file", "file": {"filename": "https://h.example/a.png",
                                              "file_url": "https://h.example/a.png"}},
     "messages[0].content[1].file.file_url"),
    ("openai_chat", {"type": "image_url", "image_url": {"url": "https://h.example/a.png", "detail": "auto"}},
     "messages[0].content[1].image_url.url"),
    ("openai_chat", {"type": "image_url", "image_url": "https://h.example/a.png"}, "messages[0].content[1].image_url"),
    ("openai_chat", {"type": "file", "file": {"file_url": "https://h.example/a.png"}},
     "messages[0].content[1].file.file_url"),
    ("anthropic", {"type": "image", "source": {"type": "url", "url": "https://h.example/a.png"}},
     "messages[0].content[1].source.url"),
    ("openai_responses", {"type": "input_image", "image_url": "https://h.example/a.png"},
     "input[0].content[1].image_url"),
    ("gemini", {"fileData": {"mimeType": "image/png", "fileUri": "https://h.example/a.png"}},
     "contents[0].parts[1].fileData.fileUri"),
])  # fmt: skip
def test_media_that_are_needed_are_named_by_the_client_s_own_field(client, part, field):
    kind = {"gemini": {}, "openai_responses": {"type": "input_text"}}.get(client, {"type": "text"})
    turns, inner = {"gemini": ("contents", "parts"), "openai_responses": ("input", "content")}.get(
        client, ("messages", "content")
    )
    body = {"model": "m", turns: [{"role": "user", inner: [{**kind, "text": "What?"}, part]}]}
    head = {"model": "anthropic.claude-sonnet-4-5-20250929-v1:0", "region": "eu-west-1"}
    sent = send(body | ({"max_tokens": 9} if client == "anthropic" else {}), client, "bedrock", **head)
    assert (sent.status, sent.head["params"]) == (428, {"https://h.example/a.png": field})


def test_an_invented_file_name_is_reported():
    document = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}}
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [document]}]}
    sent = send(body, "anthropic", "openai")
    assert sent.body["messages"][0]["content"][0]["file"].get("filename") is None or sent.losses


@pytest.mark.parametrize("part", [
    {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
    {"type": "image_url", "image_url": {"url": "https://h.example/a.mp4"}},
    {"type": "image_url", "image_url": {"url": "https://h.example/a", "mime_type": "audio/mp3"}},
    {"type": "image_url", "image_url": {"url": "data:image/bmp;base64,Qk0="}},
    {"type": "file", "file": {"file_id": "file-1"}},
    {"type": "image_url", "image_url": {"url": "gs://bucket/a.png"}},
    {"type": "brand_new"},
])  # fmt: skip
def test_what_a_target_cannot_express_is_a_400_that_names_the_part(part):
    sent = send(
        ask(
            USER,
            {"role": "assistant", "content": "A"},
            {"role": "user", "content": [{"type": "text", "text": "?"}, part]},
        )
    )
    assert (sent.status, sent.error["param"], sent.error["code"]) == (
        400,
        "messages[2].content[1]",
        "unsupported_content",
    )


@pytest.mark.parametrize("model", ["o3", "o4-mini"])
def test_stop_on_a_model_that_refuses_it_is_a_contract(model):
    sent = send(ask(stop="END"), to="openai", model=model)
    assert (sent.status, sent.error["param"]) == (400, "stop")


def test_an_unknown_field_that_is_null_says_nothing():
    sent = send(ask(x_vendor=None))
    assert sent.status == 200
    assert sent.losses == []


def test_system_texts_in_a_row_keep_their_order():
    system = [{"role": "system", "content": text} for text in ("one", "two")]
    body = native(ask(USER, *system, {"role": "assistant", "content": "A"}, USER), model="claude-opus-4-8")
    said = [block["text"] for block in body.get("system", [])]
    for message in body["messages"]:
        if message["role"] == "system":
            said += [block["text"] for block in message["content"]]
    assert said == ["one", "two"]
    assert "system" not in body


def test_a_refusal_beside_a_text_is_read_too():
    spoken = {"role": "assistant", "content": "A", "refusal": "No."}
    body = {"model": "m", "messages": [{"role": "user", "content": "x"}, spoken, {"role": "user", "content": "y"}]}
    said = native(body)["messages"][1]["content"]
    assert [block["text"] for block in said] == ["A", "No."]
