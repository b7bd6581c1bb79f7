"""OpenAI Responses: what a server may send, what a client of another provider sees (wire/openai-responses.md)."""

import orjson
import pytest
from dragoman.translate import boundary
from proof import sdk
from proof.calls import chunks, cut, events, frames, plain_context, receive, send, stream

CHAT = plain_context("openai_chat", "openai_responses", stream=True)
OWN = plain_context("openai_responses", "openai_responses", stream=True)
TO_US = plain_context("openai_responses", "openai_chat", stream=True)
BEGUN = {"id": "resp_1", "object": "response", "created_at": 1.5, "model": "m", "status": "in_progress", "output": []}
CREATED = {"type": "response.created", "response": BEGUN}
MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed",
           "content": [{"type": "output_text", "text": "Hi", "annotations": []}]}  # fmt: skip
CALL = {"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": "f", "arguments": '{"a":1}'}


def ended(*output, status="completed", **more):
    return {"type": f"response.{status}", "response": {**BEGUN, "status": status, "output": list(output), **more}}


def done(item, index=0):
    return {"type": "response.output_item.done", "output_index": index, "item": item}


def said(*payloads):
    out, head = stream(CHAT, [events(*payloads)])
    text = "".join(choice["delta"].get("content") or "" for item in frames(out)[:-1] for choice in item["choices"])
    return text, frames(out), head


# Reading


@pytest.mark.parametrize(
    "payloads",
    [
        (CREATED, done(MESSAGE), ended(MESSAGE)),
        (CREATED, ended(MESSAGE)),
        (ended(MESSAGE),),
        (CREATED, {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "Hi"},
         done(MESSAGE), ended(MESSAGE)),
    ],
)  # fmt: skip
def test_a_text_is_read_however_little_a_server_tells_of_it(payloads):
    text, _, head = said(*payloads)
    assert text == "Hi"
    assert (head["finish_reason"], head["truncated"]) == ("stop", False)


@pytest.mark.parametrize("payloads", [(CREATED, done(CALL), ended(CALL)), (CREATED, ended(CALL))])
def test_a_call_is_read_however_little_a_server_tells_of_it(payloads):
    _, items, head = said(*payloads)
    calls = [
        call for item in items[:-1] for choice in item["choices"] for call in choice["delta"].get("tool_calls", ())
    ]
    assert calls[0]["id"] == "call_1"
    assert "".join(call["function"].get("arguments", "") for call in calls) == '{"a":1}'
    assert head["finish_reason"] == "tool_calls"


ERROR = {"code": "rate_limit_exceeded", "message": "Slow down.", "param": None}


@pytest.mark.parametrize(
    "last",
    [
        {"type": "error", **ERROR},
        {"type": "error", "error": {**ERROR, "type": "x"}},
        {"type": "response.failed", "response": {**BEGUN, "status": "failed", "error": ERROR}},
    ],
)
def test_an_error_before_the_first_word_is_an_answer_with_its_status(last):
    _, pipe = boundary.open(orjson.dumps({"context": CHAT}))
    pipe, out = boundary.feed(pipe, events(CREATED, last))
    answer = boundary.failed(pipe)
    assert b"Slow down." in out
    assert answer is not None
    assert answer.status == 429
    assert orjson.loads(answer.body)["error"]["code"] == "rate_limit_exceeded"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("rate_limit_exceeded", 429), ("insufficient_quota", 429), ("server_error", 500), ("invalid_prompt", 400),
        ("image_too_large", 400), ("invalid_image_url", 400), ("vector_store_timeout", 504), ("bio_policy", 400),
        ("something_new", 500), (None, 502),
    ],
)  # fmt: skip
@pytest.mark.parametrize("client", ["openai_chat", "openai_responses", "anthropic"])
def test_a_failed_generation_has_the_status_of_its_fault(client, code, status):
    body = {**BEGUN, "status": "failed", "error": {"code": code, "message": "No."}}
    got = receive(plain_context(client, "openai_responses"), body)
    assert got.status == status
    assert got.body["error"]["message"] == "No."


def test_a_stream_may_end_with_the_word_of_another_api():
    out, head = stream(CHAT, [events(CREATED, done(MESSAGE), ended(MESSAGE)) + b"data: [DONE]\n\n"])
    assert not head["truncated"]
    assert frames(out).count("[DONE]") == 1
    out, head = stream(OWN, [events(CREATED, done(MESSAGE), ended(MESSAGE)) + b"data: [DONE]\n\n"])
    assert b"[DONE]" not in out
    assert not head["truncated"]


def test_a_stream_without_its_last_event_is_cut_whatever_items_it_had():
    _, items, head = said(CREATED, done(MESSAGE))
    assert head["truncated"]
    assert items[-1]["error"]["code"] == "stream_truncated"


def test_padding_is_not_passed_on_and_everything_else_is():
    delta = {"type": "response.output_text.delta", "sequence_number": 1, "item_id": "msg_1", "output_index": 0,
             "content_index": 0, "delta": "Hi", "logprobs": [], "obfuscation": "xyz", "future": 1}  # fmt: skip
    out, _ = stream(OWN, [events(CREATED, delta, ended(MESSAGE))])
    assert frames(out)[1] == {key: value for key, value in delta.items() if key != "obfuscation"}


def test_plain_text_deltas_take_the_short_way_to_the_same_bytes():
    part = {"type": "response.content_part.added", "output_index": 0, "content_index": 0, "part": {}}
    deltas = [
        {"type": "response.output_text.delta", "sequence_number": n, "item_id": "msg_1", "output_index": 0,
         "content_index": 0, "delta": text, "logprobs": [], "obfuscation": "abc"}
        for n, text in enumerate(["He", "llo", ' "w', "\\o\n", "rld ✓"])
    ]  # fmt: skip
    raw = events(CREATED, part, *deltas, ended(MESSAGE))
    whole = stream(CHAT, [raw])
    assert stream(CHAT, cut(raw, 5)) == whole
    text = "".join(c["delta"].get("content") or "" for i in frames(whole[0])[:-1] for c in i["choices"])
    assert text == 'Hello "w\\o\nrld ✓'
    # Event by event each delta arrives alone, which is when the short way is taken.
    assert stream(CHAT, [piece + b"\n\n" for piece in raw.split(b"\n\n")[:-1]]) == whole


def test_parts_of_one_reasoning_are_paragraphs():
    item = {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": t} for t in "ab"]}
    pieces = [
        {"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": n, "delta": t}
        for n, t in enumerate("ab")
    ]
    _, items, _ = said(CREATED, *pieces, done(item), ended(item))
    shown = "".join(c["delta"].get("reasoning_content", "") for i in items[:-1] for c in i["choices"])
    assert shown == "a\n\nb"
    message = receive(CHAT, ended(item)["response"]).body["choices"][0]["message"]
    assert message["reasoning_content"] == "a\n\nb"


def test_a_hosted_item_is_told_as_lost():
    search = {"id": "ws_1", "type": "web_search_call", "status": "completed"}
    _, _, head = said(CREATED, done(search), done(MESSAGE, 1), ended(search, MESSAGE))
    assert [(loss["kind"], loss["severity"]) for loss in head["losses"]] == [("dropped", "quality")]


# Writing


def test_a_signed_call_gives_its_signature_to_the_item_before_it():
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"},
            "extra_content": {"google": {"thought_signature": "c2ln"}}}  # fmt: skip
    message = {"role": "assistant", "tool_calls": [call]}
    reply = {"id": "x", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}
    output = receive(TO_US, reply).body["output"]
    assert [item["type"] for item in output] == ["reasoning", "function_call"]
    assert output[0]["encrypted_content"] == "dragoman:google:call:c2ln"
    items = [
        {"role": "user", "content": "x"},
        *output,
        {"type": "function_call_output", "call_id": "c1", "output": "y"},
    ]
    sent = send({"model": "m", "input": items}, "openai_responses", "openai_compatible", model="m")
    # It belongs to the call again, and a server that issued none is not given it.
    assert ("/input/1", "dropped", "quality") in sent.lost
    assert "c2ln" not in orjson.dumps(sent.body).decode()
    assert "dragoman" not in orjson.dumps([item.get("id") for item in output]).decode()


def test_unsigned_reasoning_goes_back_to_servers_that_replay_it_and_not_to_openai():
    reply = {"id": "x", "model": "m", "choices": [{"index": 0, "finish_reason": "stop", "message": {
        "role": "assistant", "content": "A", "reasoning_content": "hm"}}]}  # fmt: skip
    output = receive(TO_US, reply).body["output"]
    assert output[0]["summary"] == [{"type": "summary_text", "text": "hm"}]
    body = {"model": "m", "input": [{"role": "user", "content": "x"}, *output, {"role": "user", "content": "y"}]}
    there = send(body, "openai_responses", "openai_compatible", model="m")
    assert there.body["messages"][1] == {"role": "assistant", "content": "A", "reasoning_content": "hm"}
    here = send(body, "openai_responses", "openai", model="gpt-5.6-sol")
    assert ("/input/1", "dropped", "quality") in here.lost
    assert [item.get("type") for item in here.body["input"]] == [None, "message", None]


def test_a_citation_of_a_part_has_code_point_offsets_into_that_part():
    text = "😀 blue"
    note = {
        "type": "url_citation",
        "url_citation": {"start_index": 2, "end_index": 6, "url": "https://u", "title": "t"},
    }
    reply = {"id": "x", "model": "m", "choices": [{"index": 0, "finish_reason": "stop", "message": {
        "role": "assistant", "content": text, "annotations": [note]}}]}  # fmt: skip
    part = receive(TO_US, reply).body["output"][0]["content"][0]
    assert part["annotations"] == [
        {"type": "url_citation", "start_index": 2, "end_index": 6, "url": "https://u", "title": "t"}
    ]


@pytest.mark.parametrize(
    ("finish", "status", "reason"),
    [("stop", "completed", None), ("length", "incomplete", "max_output_tokens"),
     ("content_filter", "incomplete", "content_filter")],
)  # fmt: skip
def test_the_end_of_an_answer_is_a_status(finish, status, reason):
    base = {"id": "x", "model": "m", "created": 1}
    reply = {**base, "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "A"}, "finish_reason": finish}]}  # fmt: skip
    raw = chunks({**base, "choices": [{"index": 0, "delta": {"content": "A"}, "finish_reason": None}]},
                 {**base, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})  # fmt: skip
    plain = receive(TO_US, reply).body
    streamed = sdk.gather_responses(frames(stream(TO_US, [raw])[0]))
    assert plain["status"] == streamed.status == status
    assert plain["incomplete_details"] == ({"reason": reason} if reason else None)
    assert plain["output"][0]["status"] == ("incomplete" if finish == "length" else "completed")


def test_losses_are_told_once_in_a_stream_when_asked_for():
    for context, raw in (
        (TO_US, chunks({"id": "x", "choices": [{"index": 0, "delta": {"content": "A"}, "finish_reason": "stop"}]})),
        (OWN, events(CREATED, done(MESSAGE), ended(MESSAGE))),
    ):
        told = [{"path": "/x", "kind": "dropped", "severity": "hint", "detail": "d"}]
        out, _ = stream({**context, "explain": True, "losses": told}, [raw])
        assert [frame["dragoman"] for frame in frames(out) if "dragoman" in frame] == [{"losses": told}]


def test_a_converted_format_leaves_no_trace():
    form = {"format": {"type": "json_schema", "name": "n", "schema": {"type": "object", "properties": {}}}}
    body = {"model": "m", "input": "x", "text": form, "stream": True}
    sent = send(body, "openai_responses", "anthropic", model="claude-sonnet-4-0")
    tool = sent.body["tools"][0]["name"]
    reply = {"id": "msg_1", "type": "message", "role": "assistant", "model": "c", "stop_reason": "tool_use",
             "content": [{"type": "tool_use", "id": "t", "name": tool, "input": {"a": 1}}],
             "usage": {"input_tokens": 1, "output_tokens": 1}}  # fmt: skip
    output = receive(sent.head["context"], reply).body["output"]
    assert [item["type"] for item in output] == ["message"]
    assert orjson.loads(output[0]["content"][0]["text"]) == {"a": 1}


def test_two_ids_of_one_answer_are_never_the_same_and_short_enough_to_be_sent_back():
    blocks = [{"type": "thinking", "thinking": "a", "signature": "s"}, {"type": "text", "text": "b"},
              {"type": "tool_use", "id": "t1", "name": "f", "input": {}},
              {"type": "tool_use", "id": "t2", "name": "f", "input": {}}]  # fmt: skip
    reply = {"id": "m" * 90, "type": "message", "role": "assistant", "model": "c", "stop_reason": "tool_use",
             "content": blocks, "usage": {"input_tokens": 1, "output_tokens": 1}}  # fmt: skip
    output = receive(plain_context("openai_responses", "anthropic"), reply, id="").body["output"]
    ids = [item["id"] for item in output]
    assert len(set(ids)) == len(ids) == 4
    assert max(map(len, ids)) <= 64


def test_a_summary_alone_changes_nothing_for_openai():
    body = {"model": "m", "input": "x", "reasoning": {"summary": "auto"}, "store": False}
    sent = send(body, "openai_responses", "openai", model="gpt-5.4")
    assert sent.body == {**body, "model": "gpt-5.4"}


def test_encrypted_reasoning_keeps_its_id_on_the_way_through_a_messages_client():
    item = {"id": "rs_7", "type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}],
            "encrypted_content": "gAAAAA"}  # fmt: skip
    got = receive(plain_context("anthropic", "openai_responses"), ended(item, CALL)["response"]).body
    assert [block["type"] for block in got["content"]] == ["thinking", "tool_use"]
    messages = [
        {"role": "user", "content": "x"},
        {"role": "assistant", "content": got["content"]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "call_1", "content": "y"}]},
    ]
    tools = [{"name": "f", "input_schema": {"type": "object", "properties": {}}}]
    body = {"model": "m", "max_tokens": 100, "messages": messages, "tools": tools}
    sent = send(body, "anthropic", "openai", model="gpt-5.6-sol")
    assert sent.body["input"][1] == {**item, "type": "reasoning"}
    back = send(body, "anthropic", "anthropic", model="claude-sonnet-4-6")
    assert ("/messages/1/content/0", "dropped", "quality") in back.lost


@pytest.mark.parametrize("asked", [{"logprobs": True, "top_logprobs": 3}, {"top_logprobs": 3}])
def test_log_probabilities_are_asked_for_in_the_words_of_responses(asked):
    pdf = {"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBERi0xLjQK", "filename": "a.pdf"}}
    body = {"model": "m", "messages": [{"role": "user", "content": [pdf]}], **asked}
    sent = send(body, "openai_chat", "azure", model="gpt-4.1", base_url="https://h.example")
    assert sent.head["context"]["dialect"] == "openai_responses"
    assert sent.losses == []
    assert (sent.body["include"], sent.body["top_logprobs"]) == (["message.output_text.logprobs"], 3)


def test_alternatives_that_a_responses_client_wants_are_asked_for_by_both_words_elsewhere():
    body = {"model": "m", "input": "Hi", "top_logprobs": 3}
    sent = send(body, "openai_responses", "openai_compatible", model="m", base_url="https://h.example")
    assert (sent.body["logprobs"], sent.body["top_logprobs"], sent.losses) == (True, 3, [])
