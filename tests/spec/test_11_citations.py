"""spec/chat.md 11, grounding and citations: one test a sentence, in the order of the text, for every provider."""

from typing import Any

import orjson
import pytest

from ..core.proof import converse
from ..core.proof.calls import chunks, events, frames, receive, stream
from .provider_answers import CHAT, GOOGLE, NAMES, Json, Seen, ask, chunk, context, gather, seen_whole

SEARCH: Json = {"web_search_options": {}}
FORMS: dict[str, Json] = {
    "web_search_options": SEARCH,
    "google_search": {"tools": [{"type": "google_search"}]},
    "web_search": {"tools": [{"type": "web_search"}]},
    "web_search_preview": {"tools": [{"type": "web_search_preview"}]},
    "web_search_20250305": {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
    "web_search_20260318": {"tools": [{"type": "web_search_20260318", "name": "web_search"}]},
}
"""How chat clients ask for a search: OpenAI's field, and the search tools of Google, OpenAI and Anthropic."""
CLAUDE_SEARCH = {"type": "web_search_20250305", "name": "web_search"}
NOVA = "us.amazon.nova-2-lite-v1:0"
HAVE = [
    *((name, None, {"tools": [CLAUDE_SEARCH]}) for name in ("anthropic", "vertex_claude")),
    *((name, None, {"tools": [{"googleSearch": {}}]}) for name in GOOGLE),
    ("bedrock", NOVA, {"toolConfig": {"tools": [{"systemTool": {"name": "nova_grounding"}}]}}),
]
"""Provider, model, and the native search (wire/anthropic.md 5, gemini.md 19, bedrock.md 6, vertex.md 4)."""
LACK = [("azure", None), ("xai", None), ("groq", None), ("bedrock", None)]
"""No search on chat: azure-openai.md 3, xai.md 1 (its server tools are of Responses), groq.md 1; Claude on Bedrock."""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("name", "model", "native"), HAVE)
def test_searches_map_where_both_sides_have_one(name, model, native, form):
    """`web_search_options` and provider search tools (`{"type":"google_search"}`, Anthropic `web_search_*`, xAI
    search) map
    where both sides have one."""
    sent = ask(name, model, **FORMS[form])
    ((key, value),) = native.items()
    assert sent.body[key] == value
    assert {loss for loss in sent.lost if loss[0] != "/max_tokens"} == set()


@pytest.mark.parametrize("form", [form for form in FORMS if form != "web_search_options"])
@pytest.mark.parametrize("model", ["gpt-4.1", "gpt-5.1", "gpt-5.6"])
def test_search_tools_go_to_openai_s_responses(model, form):
    """… map where both sides have one: chat has no search tool (wire/openai-chat.md 6), Responses has"""
    sent = ask("openai", model, **FORMS[form])
    assert sent.head["url"].endswith("/responses")
    assert sent.body["tools"] == [{"type": "web_search"}]
    assert sent.losses == []


@pytest.mark.parametrize("name", ["openai", "openai_compatible"])
def test_web_search_options_are_a_field_of_chat(name):
    """`web_search_options` … map where both sides have one"""
    wish = {"search_context_size": "low"}
    assert ask(name, web_search_options=wish).body["web_search_options"] == wish


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("name", "model"), LACK)
def test_a_search_is_refused_where_there_is_none(name, model, form):
    """map where both sides have one: elsewhere a wish without a place is a contract (section 2)"""
    sent = ask(name, model, **FORMS[form])
    param = "web_search_options" if form == "web_search_options" else "tools[0]"
    assert (sent.status, sent.error["param"], sent.error["code"]) == (400, param, "unsupported_parameter")
    assert "Leave it out" in sent.error["message"]
    allowed = ask(name, model, **FORMS[form], head={"on_loss": "allow"})
    assert "search" not in str({key: value for key, value in allowed.body.items() if key != "model"})
    assert (f"/{param.replace('[0]', '/0')}", "dropped", "contract") in allowed.lost


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name not in ("openai", "azure", "openai_compatible", "groq")]
)
def test_xai_s_retired_search_field_is_refused(name):
    """… xAI search …: the spec names it, but `search_parameters` is gone: "**retired: HTTP 410** … strip or answer 400"
    (wire/xai.md 1), and no side has anything to map it to"""
    sent = ask(name, search_parameters={"mode": "auto"})
    assert (sent.status, sent.error["param"], sent.error["code"]) == (400, "search_parameters", "unsupported_parameter")


WISHES: Json = {
    "search_context_size": "low",
    "user_location": {"type": "approximate", "approximate": {"city": "Brest"}},
}


@pytest.mark.parametrize(("name", "model"), [row[:2] for row in HAVE])
def test_what_a_search_cannot_be_told_is_reported(name, model):
    """map where both sides have one: each wish of a search is carried or reported"""
    sent = ask(name, model, web_search_options=WISHES)
    size = ("/web_search_options/search_context_size", "dropped", "hint")
    place = ("/web_search_options/user_location", "dropped", "quality")
    lost = {loss for loss in sent.lost if loss[0] != "/max_tokens"}
    if name in ("anthropic", "vertex_claude"):
        assert sent.body["tools"] == [{**CLAUDE_SEARCH, "user_location": {"type": "approximate", "city": "Brest"}}]
        assert lost == {size}
    else:
        assert lost == {size, place}
    settings = {"type": "web_search_20250305", "name": "web_search", "max_uses": 3}
    assert ("/tools/0/max_uses", "dropped", "quality") in ask(name, model, tools=[settings]).lost


@pytest.mark.parametrize("name", GOOGLE)
def test_search_beside_functions_is_refused_by_older_gemini(name):
    """map where both sides have one; wire/gemini.md 5: "mixing … works on Gemini 3 only" """
    tool = {"type": "function", "function": {"name": "f"}}
    sent = ask(name, tools=[tool], web_search_options={})
    assert (sent.status, sent.error["param"]) == (400, "web_search_options")
    newer = ask(name, "gemini-3.8-flash", tools=[tool], web_search_options={})
    assert newer.body["tools"] == [{"functionDeclarations": [{"name": "f"}]}, {"googleSearch": {}}]


# Citations of every provider → `message.annotations[]` of type `url_citation` with code-point offsets

TEXTS = ["Öh 😀 ", "blau", " und ", "日本"]
WHOLE = "".join(TEXTS)
URL = "https://h.example/a"


def at_anthropic() -> tuple[Json, bytes]:
    """Citations stand on whole blocks (wire/anthropic.md 9)."""
    notes = {1: [WEB, INSIDE], 3: [WEB]}
    content = [{"type": "text", "text": text, "citations": notes.get(place)} for place, text in enumerate(TEXTS)]
    items: list[Json] = [{"type": "message_start", "message": {"id": "m", "model": "c", "usage": {}}}]
    for index, text in enumerate(TEXTS):
        at = {"index": index}
        items.append({"type": "content_block_start", **at, "content_block": {"type": "text", "text": ""}})
        deltas: list[Json] = [{"type": "text_delta", "text": letter} for letter in text]
        deltas += [{"type": "citations_delta", "citation": note} for note in notes.get(index, [])]
        items += [{"type": "content_block_delta", **at, "delta": delta} for delta in deltas]
        items.append({"type": "content_block_stop", **at})
    items += [{"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1}},
              {"type": "message_stop"}]  # fmt: skip
    return {"id": "m", "model": "c", "content": content, "stop_reason": "end_turn", "usage": {}}, events(*items)


WEB: Json = {
    "type": "web_search_result_location", "url": URL, "title": "A", "cited_text": "x", "encrypted_index": "e",
}  # fmt: skip
INSIDE: Json = {
    "type": "char_location", "document_index": 0, "document_title": "D", "cited_text": "x", "start_char_index": 0,
    "end_char_index": 1,
}  # fmt: skip
ON_WEB: Json = {"title": "A", "location": {"web": {"url": URL, "domain": "h.example"}}}
IN_DOCUMENT: Json = {"title": "D", "location": {"documentChar": {"documentIndex": 0, "start": 0, "end": 1}}}


def at_bedrock() -> tuple[Json, bytes]:
    """Citations stand on blocks of their own kind (wire/bedrock.md 5)."""
    notes = {1: [ON_WEB, IN_DOCUMENT], 3: [ON_WEB]}
    content = [
        {"citationsContent": {"content": [{"text": text}], "citations": notes[place]}} if place in notes
        else {"text": text}
        for place, text in enumerate(TEXTS)
    ]  # fmt: skip
    raw = converse.event("messageStart", {"role": "assistant"})
    for index, text in enumerate(TEXTS):
        for delta in ({"text": text}, *({"citation": note} for note in notes.get(index, []))):
            raw += converse.event("contentBlockDelta", {"contentBlockIndex": index, "delta": delta})
        raw += converse.event("contentBlockStop", {"contentBlockIndex": index})
    raw += converse.event("messageStop", {"stopReason": "end_turn"}) + converse.event("metadata", {"usage": {}})
    return {"output": {"message": {"role": "assistant", "content": content}}, "stopReason": "end_turn"}, raw


def stretch(text: str) -> Json:
    start = len(WHOLE[: WHOLE.index(text)].encode())
    return {"startIndex": start, "endIndex": start + len(text.encode()), "text": text}


GROUNDING: Json = {
    "webSearchQueries": ["why"],
    "searchEntryPoint": {"renderedContent": "<div>why</div>"},
    "groundingChunks": [{"web": {"uri": URL, "title": "A"}}],
    "groundingSupports": [
        {"segment": stretch("blau"), "groundingChunkIndices": [0], "confidenceScores": [0.9]},
        {"segment": stretch("日本"), "groundingChunkIndices": [0]},
    ],
}


def at_gemini() -> tuple[Json, bytes]:
    """Supports count UTF-8 bytes, and come last in a stream (wire/gemini.md 13 and 14)."""
    whole = {"index": 0, "content": {"role": "model", "parts": [{"text": WHOLE}]}, "finishReason": "STOP",
             "groundingMetadata": GROUNDING}  # fmt: skip
    items = [{"candidates": [{"index": 0, "content": {"parts": [{"text": text}]}}]} for text in TEXTS]
    items.append({"candidates": [{"index": 0, "finishReason": "STOP", "groundingMetadata": GROUNDING}]})
    raw = b"".join(b"data: " + orjson.dumps(item) + b"\r\n\r\n" for item in items)
    return {"candidates": [whole]}, raw


NOTES: list[Json] = [
    {"type": "url_citation", "url_citation": {
        "start_index": WHOLE.index(text), "end_index": WHOLE.index(text) + len(text), "url": URL, "title": "A"}}
    for text in ("blau", "日本")
]  # fmt: skip


def at_chat() -> tuple[Json, bytes]:
    """A chat server's annotations are those of the dialect already (wire/openai-chat.md 8)."""
    message = {"role": "assistant", "content": WHOLE, "annotations": NOTES}
    reply = {"id": "c1", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    items = [chunk({"role": "assistant", "content": WHOLE}), chunk({"annotations": NOTES}), chunk({}, "stop")]
    return reply, chunks(*items)


SOURCES = {
    **dict.fromkeys(CHAT, at_chat), "anthropic": at_anthropic, "vertex_claude": at_anthropic, "bedrock": at_bedrock,
    "gemini": at_gemini, "vertex": at_gemini,
}  # fmt: skip


def asked(name: str) -> Json:
    """A request that may be answered with citations: where there is a search, it is asked for."""
    document = {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}
    if name == "bedrock":
        return {"messages": [{"role": "user", "content": [{"type": "text", "text": "Why?"}, document]}]}
    return {} if name in CHAT else SEARCH


def cited(name: str, way: str) -> Seen:
    reply, raw = SOURCES[name]()
    if way == "whole":
        return seen_whole(receive(context(name, **asked(name)), reply))
    out, head = stream(context(name, NOVA if name == "bedrock" else None, stream=True, **SEARCH)
                       if name not in CHAT else context(name, stream=True), [raw])  # fmt: skip
    return gather(frames(out)[:-1], head)


def stretches(notes: list[Json]) -> list[str]:
    return [WHOLE[note["url_citation"]["start_index"] : note["url_citation"]["end_index"]] for note in notes]


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize("name", NAMES)
def test_citations_of_every_provider_are_annotations_with_code_point_offsets(name, way):
    """Citations of every provider → `message.annotations[]` of type `url_citation` with code-point offsets"""
    seen = cited(name, way)
    notes = seen.message["annotations"]
    assert seen.message["content"] == WHOLE
    assert stretches(notes) == ["blau", "日本"]
    assert {(note["type"], note["url_citation"]["url"], note["url_citation"]["title"]) for note in notes} == {
        ("url_citation", URL, "A")
    }
    assert seen.head["losses"] == []


@pytest.mark.parametrize("name", NAMES)
def test_annotations_of_a_stream_come_in_one_piece_or_with_an_index(name):
    """→ `message.annotations[]`; wire/openai-chat.md 9: "entries without integer `index` … once only is fine" """
    _, raw = SOURCES[name]()
    made = context(name, NOVA if name == "bedrock" else None, stream=True, **({} if name in CHAT else SEARCH))
    out, _ = stream(made, [raw])
    lists = [choice["delta"]["annotations"] for item in frames(out)[:-1] for choice in item["choices"]
             if "annotations" in choice["delta"]]  # fmt: skip
    assert len(lists) == 1 or all(type(note.get("index")) is int for notes in lists for note in notes)


LIST = ["https://a.example/1", "https://b.example/2", "https://a.example/1"]


@pytest.mark.parametrize("name", ["xai", "openai_compatible"])
def test_a_server_s_list_of_sources_is_annotations_too(name):
    """Citations of every provider …: xAI's `citations`, a "top-level list of URL strings" (wire/xai.md 5)"""
    message = {"role": "assistant", "content": "text"}
    reply: Json = {"id": "r", "citations": LIST, "choices": [{"message": message, "finish_reason": "stop"}]}
    body = receive(context(name), reply).body
    notes = body["choices"][0]["message"]["annotations"]
    assert [note["url_citation"] for note in notes] == [
        {"start_index": 0, "end_index": 4, "url": url, "title": ""} for url in LIST[:2]
    ]
    assert body["citations"] == LIST
    strict = receive(context(name, head={"strict_openai": True}), reply).body
    assert "citations" not in strict
    assert strict["choices"][0]["message"]["annotations"] == notes


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize(("name", "key"), [("gemini", "citationSources"), ("vertex", "citations")])
def test_gemini_s_recitations_are_annotations_too(name, key, way):
    """Citations of every provider …: "`citationSources` on the Gemini API, `citations` on Vertex" (wire/gemini.md
    13)"""
    item = {"uri": URL, "title": "A", **{k: v for k, v in stretch("日本").items() if k != "text"}}
    candidate = {"index": 0, "content": {"parts": [{"text": WHOLE}]}, "finishReason": "STOP",
                 "citationMetadata": {key: [item]}}  # fmt: skip
    if way == "whole":
        seen = seen_whole(receive(context(name), {"candidates": [candidate]}))
    else:
        raw = b"data: " + orjson.dumps({"candidates": [candidate]}) + b"\r\n\r\n"
        out, head = stream(context(name, stream=True), [raw])
        seen = gather(frames(out)[:-1], head)
    assert stretches(seen.message["annotations"]) == ["日本"]
    assert seen.message["provider_specific_fields"] == {"citations": [item]}


def test_citations_of_openai_s_responses_are_annotations_too():
    """Citations of every provider …: of OpenAI's other surface, flat there (wire/openai-responses.md 8)"""
    note = {"type": "url_citation", "start_index": 6, "end_index": 10, "url": URL, "title": "A"}
    part = {"type": "output_text", "text": WHOLE, "annotations": [note], "logprobs": []}
    item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
    reply: Json = {"id": "resp_1", "object": "response", "created_at": 5, "model": "m", "status": "completed",
                   "output": [item], "usage": None}  # fmt: skip
    seen = seen_whole(receive(context("openai", tools=[{"type": "web_search"}]), reply))
    inner = {key: note[key] for key in ("start_index", "end_index", "url", "title")}
    assert seen.message["annotations"] == [{"type": "url_citation", "url_citation": inner}]


# the native metadata stays under `provider_specific_fields`

NATIVE: dict[str, list[Any]] = {
    "anthropic": [WEB, INSIDE, WEB], "vertex_claude": [WEB, INSIDE, WEB], "bedrock": [ON_WEB, IN_DOCUMENT, ON_WEB],
}  # fmt: skip


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize("name", NATIVE)
def test_the_native_citations_stay_under_provider_specific_fields(name, way):
    """the native metadata stays under `provider_specific_fields`."""
    seen = cited(name, way)
    assert seen.message["provider_specific_fields"] == {"citations": NATIVE[name]}


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize("name", GOOGLE)
def test_the_grounding_metadata_stays_whole_under_provider_specific_fields(name, way):
    """the native metadata stays under `provider_specific_fields`: queries and the "display duty" of
    `searchEntryPoint`, too
    (wire/gemini.md 13)"""
    fields = cited(name, way).message["provider_specific_fields"]
    assert fields["grounding_metadata"] == GROUNDING
    assert fields["citations"] == GROUNDING["groundingChunks"] * 2


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize("name", GOOGLE)
@pytest.mark.parametrize("client", ["openai_chat", "anthropic", "openai_responses", "bedrock"])
def test_what_a_client_has_no_place_for_is_reported(name, client, way):
    """the native metadata …: a client without a place for it, or that wants no extension, hears of it"""
    bodies: Json = {
        "openai_chat": {"head": {"strict_openai": True}, **SEARCH},
        "anthropic": {"max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]},
        "openai_responses": {"input": "Hi"},
        "bedrock": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]},
    }
    more = {"head": {"stream": True}} if client == "bedrock" and way == "stream" else {}
    more = {"stream": True} if client != "bedrock" and way == "stream" else more
    made = context(name, client=client, **{**bodies[client], **more})
    reply, raw = at_gemini()
    head = receive(made, reply).head if way == "whole" else stream(made, [raw])[1]
    assert "What the provider says of its search has no counterpart." in [loss["detail"] for loss in head["losses"]]


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize("name", [*NATIVE, *GOOGLE])
def test_a_strict_client_has_the_annotations_alone(name, way):
    """`message.annotations[]` is OpenAI's own; `provider_specific_fields` is not"""
    reply, raw = SOURCES[name]()
    model = NOVA if name == "bedrock" else None
    made = context(name, model, stream=way == "stream", head={"strict_openai": True}, **SEARCH)
    if way == "whole":
        message = receive(made, reply).body["choices"][0]["message"]
    else:
        out, head = stream(made, [raw])
        message = gather(frames(out)[:-1], head).message
    assert stretches(message["annotations"]) == ["blau", "日本"]
    assert "provider_specific_fields" not in message
