"""spec/chat.md 11, citations: one test a promise."""

import pytest
from proof.calls import context_of, events, frames, receive, stream

WEB = {
    "type": "web_search_result_location",
    "url": "https://h.example/a",
    "title": "A",
    "cited_text": "x",
    "encrypted_index": "e",
}
INSIDE = {
    "type": "char_location",
    "document_index": 0,
    "document_title": "D",
    "cited_text": "x",
    "start_char_index": 0,
    "end_char_index": 1,
}
BODY = {
    "model": "m",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Why?"}],
    "web_search_options": {},
    "stream": True,
}
PARTS = [("Öh 😀 ", ()), ("blau", (WEB, INSIDE)), (" und ", ()), ("日本", (WEB,))]
TEXT = "".join(text for text, _ in PARTS)


def plain():
    content = [{"type": "text", "text": text, "citations": list(notes) or None} for text, notes in PARTS]
    reply = {"id": "1", "model": "m", "content": content, "stop_reason": "end_turn", "usage": {}}
    return receive(context_of(BODY), reply).body["choices"][0]["message"]


def streamed():
    items = [{"type": "message_start", "message": {"id": "1", "model": "m", "usage": {}}}]
    for index, (text, notes) in enumerate(PARTS):
        items.append({"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}})
        for letter in text:
            delta = {"type": "text_delta", "text": letter}
            items.append({"type": "content_block_delta", "index": index, "delta": delta})
        for note in notes:
            delta = {"type": "citations_delta", "citation": note}
            items.append({"type": "content_block_delta", "index": index, "delta": delta})
        items.append({"type": "content_block_stop", "index": index})
    items.append({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1}})
    items.append({"type": "message_stop"})
    out, _ = stream(context_of(BODY), [events(*items)])
    message = {}
    for item in frames(out)[:-1]:
        for choice in item["choices"]:
            for key in ("annotations", "provider_specific_fields"):
                if key in choice["delta"]:
                    assert key not in message, "clients cannot merge lists that come in pieces"
                    message[key] = choice["delta"][key]
    return message


@pytest.mark.parametrize("answer", [plain, streamed])
def test_web_citations_are_annotations_with_offsets_in_code_points(answer):
    notes = [note["url_citation"] for note in answer()["annotations"]]
    assert [TEXT[note["start_index"] : note["end_index"]] for note in notes] == ["blau", "日本"]
    assert {(note["url"], note["title"]) for note in notes} == {("https://h.example/a", "A")}


@pytest.mark.parametrize("answer", [plain, streamed])
def test_the_native_citations_are_kept_aside(answer):
    assert answer()["provider_specific_fields"]["citations"] == [WEB, INSIDE, WEB]


def test_annotations_of_a_chat_server_stay_as_they_are():
    note = {"type": "url_citation", "url_citation": {"start_index": 1, "end_index": 2, "url": "u", "title": "t"}}
    message = {"role": "assistant", "content": "abc", "annotations": [note]}
    reply = {"id": "1", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    context = context_of({**BODY, "stream": False}, to="openai")
    assert receive(context, reply).body["choices"][0]["message"]["annotations"] == [note]
