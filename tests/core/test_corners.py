"""What few bodies say: each of these was once changed by hand, and no other test noticed."""

import orjson
import pytest
from dragoman.translate import REFUSE_ALL, TranslationError, aim, boundary, plan, read_request
from dragoman.translate.conform import fault
from dragoman.translate.switching import preview
from proof.calls import send

USER = {"role": "user", "content": "Hi"}


def chat(**fields):
    return {"model": "m", "messages": [USER], **fields}


def told(client, dialect, provider, reply, **context):
    made = {"client": client, "provider": provider, "dialect": dialect, "model": "m", **context}
    answer = boundary.reply(orjson.dumps({"context": made, "status": 200}), orjson.dumps(reply))
    return answer, orjson.loads(answer.head)


def stream(client, dialect, provider, events):
    made = {"client": client, "provider": provider, "dialect": dialect, "model": "m"}
    _, pipe = boundary.open(orjson.dumps({"context": made, "now": 1, "id": "s"}))
    data = b"".join(b"data: " + orjson.dumps(event) + b"\n\n" for event in events)
    pipe, out = boundary.feed(pipe, data)
    last, _ = boundary.close(pipe)
    lines = (out + last).splitlines()
    return [orjson.loads(line[6:]) for line in lines if line.startswith(b"data: {")]


def test_an_old_word_for_a_required_call_is_understood():
    tools = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
    assert send(chat(tools=tools, tool_choice="any"), "openai_chat", "anthropic").body["tool_choice"] == {"type": "any"}


def test_a_file_by_id_has_the_type_that_its_name_tells():
    part = {
        "type": "file",
        "file": {"file_id": "https://generativelanguage.googleapis.com/v1beta/files/x", "filename": "a.pdf"},
    }
    sent = send(chat(messages=[{"role": "user", "content": [part]}]), "openai_chat", "gemini")
    [found] = sent.body["contents"][0]["parts"]
    assert found["fileData"]["mimeType"] == "application/pdf"


def test_the_detail_of_a_dropped_thought_says_who_issued_it():
    thought = {"role": "model", "parts": [{"text": "Hm", "thought": True, "thoughtSignature": "c2ln"}, {"text": "A"}]}
    body = {
        "contents": [{"role": "user", "parts": [{"text": "?"}]}, thought, {"role": "user", "parts": [{"text": "?"}]}]
    }
    details = [
        loss["detail"] for loss in send(body, "gemini", "anthropic").losses if loss["path"].startswith("/contents/1")
    ]
    assert details
    assert any("issued by google" in detail for detail in details), details


@pytest.mark.parametrize(("client", "body", "head", "words", "code"), [
    ("anthropic", {"model": "m", "max_tokens": 9, "messages": [5]}, {}, ("messages[0]", "a message object"), None),
    ("gemini", {"model": 5, "contents": []}, {}, ("'model'", "a string"), None),
    ("openai_responses", {"model": "m", "input": [{"role": "user", "content": [
        {"type": "input_image", "image_url": "a.png"}]}]}, {},
     ("input[0].content[0].image_url", "an https URL or a data URL"), "invalid_value"),
    ("klingon", chat(), {}, ("'klingon'",), "unknown_dialect"),
])  # fmt: skip
def test_a_refusal_says_what_would_be_right_and_its_code(client, body, head, words, code):
    answer = boundary.request(orjson.dumps({"from": client, "to": "gemini", **head}), orjson.dumps(body))
    error = orjson.loads(answer.body)["error"]
    assert answer.status == 400
    assert all(word in error["message"] for word in words), error
    if code is not None:
        assert error["code"] == code


def test_a_refused_loss_has_its_pointer_for_callers_of_the_friendly_face():
    request = read_request("openai_chat", orjson.dumps(chat(logit_bias={"1": 1})))
    with pytest.raises(TranslationError) as caught:
        plan(request, aim("anthropic", "claude-sonnet-4-5"), REFUSE_ALL)
    assert (caught.value.path, caught.value.param) == ("/logit_bias", "logit_bias")


def test_a_schema_that_nothing_keeps_to_says_so():
    assert fault(False, 1) == ((), "false")
    assert fault({"properties": {"a": False}}, {"a": 1}) == (("a",), "false")


def test_a_preview_counts_the_limit_and_stop_sequences_that_were_said():
    found = preview(
        read_request("openai_chat", orjson.dumps(chat(max_tokens=9, stop=["x"]))), aim("gemini", "gemini-3-pro")
    )
    there = {thing.what: thing.there for concern in found.concerns for thing in concern.things}
    assert (there["limit of the answer"], there["stop sequences"]) == (1, 1)
    found = preview(read_request("openai_chat", orjson.dumps(chat())), aim("gemini", "gemini-3-pro"))
    there = {thing.what for concern in found.concerns for thing in concern.things}
    assert not there & {"limit of the answer", "stop sequences"}


def test_a_call_of_a_server_s_tool_is_named_so_in_its_loss():
    call = {"toolUse": {"toolUseId": "c", "name": "search", "input": {}, "type": "server_tool_use"}}
    reply = {"output": {"message": {"role": "assistant", "content": [{"text": "Hi"}, call]}}, "stopReason": "end_turn",
             "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}}  # fmt: skip
    _, head = told("openai_chat", "bedrock", "bedrock", reply)
    assert any("server tool" in loss["detail"] for loss in head["losses"]), head


def test_a_signature_that_comes_with_the_beginning_of_a_thought_is_kept():
    events = [
        {"type": "message_start", "message": {"id": "m", "model": "c", "content": [], "usage": {"input_tokens": 1}}},
        {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "thinking", "thinking": "Hm", "signature": "c2ln"},
        },
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1}},
        {"type": "message_stop"},
    ]
    chunks = stream("openai_chat", "anthropic", "anthropic", events)
    blocks = [
        block for chunk in chunks for choice in chunk["choices"] for block in choice["delta"].get("thinking_blocks", ())
    ]
    assert [block["signature"] for block in blocks if block.get("signature")] == ["c2ln"]


def test_the_signature_behind_a_thought_is_the_thought_s_in_a_stream_to_google_s_clients():
    chunk = {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hm", "thought": True}]}}]}
    signed = {
        "candidates": [
            {"content": {"role": "model", "parts": [{"text": "", "thought": True, "thoughtSignature": "c2ln"}]}}
        ]
    }
    said = {"candidates": [{"content": {"role": "model", "parts": [{"text": "A"}]}, "finishReason": "STOP"}]}
    found = stream("gemini", "gemini", "gemini", [chunk, signed, said])
    parts = [part for event in found for part in event["candidates"][0]["content"]["parts"]]
    assert {"text": "", "thought": True, "thoughtSignature": "c2ln"} in parts


def test_a_source_that_is_told_twice_stands_once_in_a_response():
    note = {
        "type": "url_citation",
        "url_citation": {"url": "https://h.example", "title": "T", "start_index": 0, "end_index": 1},
    }
    events = [
        {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {"role": "assistant", "content": "So"}}]},
        {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {"annotations": [note]}}]},
        {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {"annotations": [note]}}]},
        {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ]
    found = stream("openai_responses", "openai_chat", "openai_compatible", events)
    [done] = [event for event in found if event["type"] == "response.completed"]
    [item] = done["response"]["output"]
    assert len(item["content"][0]["annotations"]) == 1
    assert sum(event["type"] == "response.output_text.annotation.added" for event in found) == 1
