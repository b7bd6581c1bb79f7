"""The round trip of all pairs, the way back: what a provider answers, told to a client and read there, is what it said.

A provider's reply is read as records, translated, and the client's reply is read as records again. The two are the same
but for what a reported loss names; `proof/told.py` says in which respects wires differ without a loss.
"""

import orjson
import pytest
from dragoman.translate import DIALECTS, collect
from dragoman.translate.context import Stamp
from dragoman.translate.records import CitationDelta, Text
from dragoman.translate.restore import identify
from hypothesis import given
from hypothesis import strategies as st
from proof import sdk
from proof.answered import spoken
from proof.calls import NOW, SEED, chunks, context_of, frames, plain_context, receive, send, stream
from proof.strategies import law
from proof.told import ANSWERS, meaning, next_turn, opened, reported, states

WAYS = [pytest.param(client, dialect, id=f"{dialect}-to-{client}") for client in DIALECTS for dialect in DIALECTS]


def context(client, dialect):
    # Sources may come, so that their offsets are counted.
    return {**plain_context(client, dialect), "include_usage": True, "cite": True}


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(20)
def test_a_client_reads_what_the_provider_said_but_for_reported_losses(client, dialect, data):
    body = data.draw(ANSWERS[dialect]())
    # A name that is mapped back makes the reply a new one, also for a client of the same dialect.
    names = data.draw(st.sampled_from([{}, {"mapped": "näme"}]))
    got = receive({**context(client, dialect), "names": names}, body)
    assert got.status == 200, got
    lost = reported(got.head["losses"])
    # Where the provider gives calls no id, they are given one.
    said = DIALECTS[dialect].read_reply(body)
    said = said if client == dialect and not names else identify(said, Stamp(NOW, SEED))
    heard = opened(DIALECTS[client].read_reply(got.body), client)
    want, found = meaning(said, client, lost, said=True), meaning(heard, client, lost, said=False)
    assert found == want, got.head["losses"]
    if client == "openai_chat" and client != dialect:
        # What its annotations do not say of sources stands beside them, in the provider's own words.
        for choice, told in zip(said.choices, got.body["choices"], strict=True):
            notes = [note.native for part in choice.parts if isinstance(part, Text) for note in part.citations]
            assert told["message"].get("provider_specific_fields", {}).get("citations", []) == notes


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(12)
def test_a_stream_tells_the_client_what_the_plain_reply_tells(client, dialect, data):
    body, raw = data.draw(spoken(dialect))
    notes = {**context(client, dialect), "names": data.draw(st.sampled_from([{}, {"mapped": "näme"}]))}
    got = receive(notes, body)
    out, head = stream({**notes, "stream": True}, [raw])
    assert head["losses"] == got.head["losses"]
    functions = DIALECTS[client]
    state, events = functions.start_reading("p"), []
    tail, frames = functions.split(b"", out)
    for frame in (*frames, *functions.last(tail)):
        state, found = functions.read_event(state, frame)
        events += found
    state, found = functions.end_reading(state)
    events += found
    lost = reported(head["losses"])
    told = functions.read_reply(got.body)
    if client == "bedrock":
        # Sources that come late have a block of their own there, which has no text.
        lost |= {"citations"}
        notes = [part.citations for part in told.choices[0].parts if isinstance(part, Text)]
        late = {event.citation for event in events if isinstance(event, CitationDelta)}
        assert late == {note for part in notes for note in part}
    plain = meaning(opened(told, client), client, lost, said=True)
    streamed = meaning(opened(collect(events), client), client, lost, said=False)
    assert streamed == plain


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(12)
def test_the_state_of_an_answer_comes_back_with_the_next_turn(client, dialect, data):
    body = data.draw(ANSWERS[dialect]())
    got = receive(context(client, dialect), body)
    lost = reported(got.head["losses"])
    said = DIALECTS[dialect].read_reply(body).choices[0].parts
    again = DIALECTS[client].read_request(next_turn(client, got.body))
    back = [part for message in again.messages if message.role == "assistant" for part in message.parts]
    assert states(back, client, lost) == states(said, client, lost)


def test_details_of_reasoning_say_in_a_stream_what_they_say_in_a_reply():
    form = {"type": "reasoning.text", "format": "anthropic-claude-v1", "index": 0}
    sealed = {"type": "reasoning.encrypted", "data": "b3Bx", "format": "google-gemini-v1", "index": 1}
    pieces = [
        {"reasoning": "Hm", "reasoning_details": [{**form, "text": "Hm"}]},
        {"reasoning": "m", "reasoning_details": [{**form, "text": "m"}]},
        {"reasoning_details": [{**form, "signature": "c2ln"}]},
        {"content": "Hi", "reasoning_details": [sealed]},
    ]
    whole = {"content": "Hi", "reasoning": "Hmm", "reasoning_details": [{**form, "text": "Hmm", "signature": "c2ln"}]}
    whole["reasoning_details"].append(sealed)
    _says_the_same(whole, pieces, [("thinking", "Hmm", "c2ln"), ("thinking", "", "dragoman:google:thinking:b3Bx")])


def test_images_and_signatures_of_a_chat_server_say_in_a_stream_what_they_say_in_a_reply():
    picture = {"type": "image_url", "index": 0, "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    signed = {"extra_content": {"google": {"thought_signature": "c2ln"}}}
    whole = {"content": "Hi", "images": [picture], **signed}
    pieces = [{"content": "Hi"}, signed, {"images": [picture]}]
    losses = _says_the_same(whole, pieces, [("thinking", "", "dragoman:google:thinking:c2ln")])
    assert [loss["detail"] for loss in losses] == ["A 'image' block of the answer has no counterpart."]


def _says_the_same(message, deltas, thoughts):
    """A chat server's reply and stream to a Messages client: the thoughts, and one list of losses."""
    notes = context("anthropic", "openai_chat")
    head = {"id": "c", "created": 1, "model": "m"}
    done = {"index": 0, "finish_reason": "stop"}
    got = receive(notes, {**head, "choices": [{**done, "message": {"role": "assistant", **message}}]})
    items = [{**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    out, end = stream({**notes, "stream": True}, [chunks(*items, {**head, "choices": [{**done, "delta": {}}]})])
    streamed = sdk.GATHER["anthropic"](frames(out)).model_dump()
    for content in (got.body["content"], streamed["content"]):
        found = [(block["type"], block["thinking"], block["signature"]) for block in content if "thinking" in block]
        assert found == thoughts
    assert end["losses"] == got.head["losses"]
    return end["losses"]


def test_log_probabilities_cross_between_chat_and_responses():
    told = {"token": "Hi", "logprob": -0.5, "bytes": [72, 105], "top_logprobs": []}
    head = {"id": "c", "created": 1, "model": "m"}
    said = {"index": 0, "logprobs": {"content": [told], "refusal": None}}
    notes = context("openai_responses", "openai_chat")
    got = receive(notes, {**head, "choices": [{**said, "message": {"content": "Hi"}, "finish_reason": "stop"}]})
    assert got.body["output"][0]["content"][0]["logprobs"] == [told]
    last = {"index": 0, "delta": {}, "finish_reason": "stop"}
    items = [{**head, "choices": [{**said, "delta": {"content": "Hi"}}]}, {**head, "choices": [last]}]
    out, _ = stream({**notes, "stream": True}, [chunks(*items)])
    response = frames(out)[-1]["response"]
    assert response["output"][0]["content"][0]["logprobs"] == [told]
    # And back: a chat client of a response, or of its stream.
    notes = context("openai_chat", "openai_responses")
    assert receive(notes, response).body["choices"][0]["logprobs"]["content"] == [told]
    back, _ = stream({**notes, "stream": True}, [out])
    probabilities = [item["choices"][0]["logprobs"] for item in frames(back) if item != "[DONE]" and item["choices"]]
    assert [item["content"][0]["token"] for item in probabilities if item] == ["Hi"]


def test_every_signature_of_an_answer_reaches_a_chat_client_and_comes_back_in_its_place():
    parts = [
        {"text": "Hm", "thought": True, "thoughtSignature": "dGhvdWdodA=="},
        {"text": "One", "thoughtSignature": "b25l"},
        {"text": "Two", "thoughtSignature": "dHdv"},
        {"functionCall": {"id": "f1", "name": "f", "args": {}}, "thoughtSignature": "Y2FsbA=="},
    ]
    body = {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}]}
    message = receive(context("openai_chat", "gemini"), body).body["choices"][0]["message"]
    result = {"role": "tool", "tool_call_id": "f1", "content": "r"}
    tools = [{"type": "function", "function": {"name": "f"}}]
    asked = {"model": "m", "messages": [{"role": "user", "content": "Hi"}, message, result], "tools": tools}
    sent = send(asked, to="gemini", model="gemini-3.5-flash")
    assert sent.losses == []
    assert sent.body["contents"][1]["parts"] == [
        parts[0],
        {"text": "", "thoughtSignature": "dHdv"},
        # A chat message has one text, which one signature belongs to.
        {"text": "OneTwo", "thoughtSignature": "b25l"},
        parts[3],
    ]


@pytest.mark.parametrize("client", ["anthropic", "bedrock", "openai_responses"])
def test_the_signature_of_a_call_comes_back_at_its_call_through_every_client(client):
    call = {"functionCall": {"id": "f1", "name": "f", "args": {}}, "thoughtSignature": "Y2FsbA=="}
    body = {"candidates": [{"content": {"role": "model", "parts": [{"text": "A"}, call]}, "finishReason": "STOP"}]}
    asked = next_turn(client, receive(context(client, "gemini"), body).body)
    if client == "anthropic":
        asked["messages"].append({
            "role": "user", "content": [{"type": "tool_result", "tool_use_id": "f1", "content": "r"}],
        })  # fmt: skip
    elif client == "bedrock":
        answer = {"toolUseId": "f1", "content": [{"text": "r"}]}
        asked["messages"].append({"role": "user", "content": [{"toolResult": answer}]})
    else:
        asked["input"].append({"type": "function_call_output", "call_id": "f1", "output": "r"})
    sent = send(asked, client, "gemini", model="gemini-3.5-flash", on_loss="allow")
    assert sent.body["contents"][1]["parts"] == [{"text": "A"}, call]
    assert not any(loss["kind"] == "added" for loss in sent.losses)
    # Another domain's model does not see it, and that is said.
    other = send(asked, client, "anthropic", on_loss="allow")
    assert "Y2FsbA==" not in str(other.body)
    assert any("thought signature" in loss["detail"] for loss in other.losses)


def test_a_client_of_the_deprecated_functions_is_told_that_it_hears_of_one_call_only():
    asked = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "functions": [{"name": "f"}]}
    notes = context_of({**asked, "stream": True}, to="gemini", model="gemini-3.5-flash")
    calls = [{"functionCall": {"name": "f", "args": {}}}, {"functionCall": {"name": "f", "args": {}}}]
    calls[0]["thoughtSignature"] = "c2ln"
    body = {"candidates": [{"content": {"role": "model", "parts": calls}, "finishReason": "STOP", "index": 0}]}
    got = receive(notes, body)
    assert [loss["detail"] for loss in got.head["losses"]] == [
        "Only the first of several calls is shown.",
        "A 'reasoning state' block of the answer has no counterpart.",
    ]
    _, head = stream(notes, [chunks(body, done=False)])
    assert head["losses"] == got.head["losses"]


CALL = {"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
ODD = (
    {"images": ["https://a/b.png"]},
    {"images": [{"image_url": "https://a/b.png"}, {"type": "image", "b64_json": "aaaa"}]},
    {"images": [{"image_url": {"url": "data:image/png,zzz"}}]},
    {"images": {"image_url": {"url": "https://a/b.png"}}},
    {"reasoning_details": ["abc", None, 5]},
    {"reasoning_details": [{"type": "reasoning.text", "text": ["a"], "signature": 7, "format": {}}]},
    {"reasoning_details": [{"type": "reasoning.encrypted", "data": {"a": 1}}]},
    {"extra_content": {"google": [1]}},
    {"tool_calls": [{**CALL, "extra_content": {"google": [1]}, "provider_specific_fields": "x"}]},
    {"tool_calls": [{**CALL, "extra_content": "x", "provider_specific_fields": {"thought_signature": 7}}]},
)


@pytest.mark.parametrize("more", ODD, ids=str)
@pytest.mark.parametrize("client", DIALECTS)
def test_what_a_chat_server_says_under_keys_of_its_own_breaks_no_answer(client, more):
    message = {"role": "assistant", "content": "Hi", **more}
    head = {"id": "c", "created": 1, "model": "m"}
    whole = {**head, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    got = receive(context(client, "openai_chat"), whole)
    assert got.status == 200
    assert b"Hi" in orjson.dumps(got.body)
    pieces = [{"delta": {"content": "Hi", **more}, "finish_reason": None}, {"delta": {}, "finish_reason": "stop"}]
    raw = chunks(*[{**head, "choices": [{"index": 0, **piece}]} for piece in pieces])
    out, said = stream(context(client, "openai_chat"), [raw])
    assert b"Hi" in out
    assert "error" not in said


def test_a_strict_client_is_told_that_an_image_has_no_place():
    blob = {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}
    reply = {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hi"}, blob]}, "finishReason": "STOP"}]}
    for strict in (True, False):
        notes = {**context("openai_chat", "gemini"), "strict": strict}
        _, said = stream(notes, [b"data: " + orjson.dumps(reply) + b"\n\n"])
        losses = [loss["detail"] for loss in receive(notes, reply).head["losses"]]
        assert losses == [loss["detail"] for loss in said["losses"]]
        assert losses == (["A 'image' block of the answer has no counterpart."] if strict else [])
