"""spec/chat.md 2, input controls and media: details behind its sentences, one test a promise."""

import pytest

from ..core.proof.calls import native, send

USER = {"role": "user", "content": "Hi"}


def ask(*messages, **fields):
    return {"model": "m", "messages": list(messages) or [USER], "max_tokens": 100, **fields}


def test_the_end_user_is_carried():
    assert native(ask(user="u"))["metadata"] == {"user_id": "u"}
    assert native(ask(safety_identifier="s"))["metadata"] == {"user_id": "s"}
    body = {"model": "m", "max_tokens": 9, "messages": [USER], "metadata": {"user_id": "u"}}
    assert native(body, "anthropic", "openai")["user"] == "u"


def test_stop_sequences_keep_to_the_limits_of_the_target():
    assert native(ask(stop="END"))["stop_sequences"] == ["END"]
    blank = send(ask(stop=["END", "  ", ""]), on_loss="allow")
    assert blank.body["stop_sequences"] == ["END"]
    assert blank.lost == {("/stop", "dropped", "contract")}
    five = {"model": "m", "max_tokens": 9, "messages": [USER], "stop_sequences": list("abcde")}
    assert send(five, "anthropic", "openai").status == 400
    assert send(five, "anthropic", "openai", on_loss="allow").body["stop"] == list("abcd")


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
