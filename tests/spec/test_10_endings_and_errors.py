"""spec/chat.md 10, the shape of replies, finish reasons, errors: one test a sentence, for every provider."""

from typing import Any

import orjson
import pytest
from dragoman.translate import boundary

from ..core.proof import converse
from ..core.proof.calls import STAMP, chunks, cut, events, frames, receive, stream
from .provider_answers import (
    CHAT,
    GOOGLE,
    NAMES,
    PROVIDERS,
    WAYS,
    Json,
    Said,
    ask,
    chunk,
    context,
    reply_of,
    stream_of,
    told,
)

CALLS = (("call_1", "f", '{"a":1}'), ("call_2", "g", "{}"))
TOOLS: Json = {"tools": [{"type": "function", "function": {"name": name}} for name in ("f", "g")]}

# Shape as OpenAI's own


@pytest.mark.parametrize("name", NAMES)
def test_the_shape_is_openai_s_own(name):
    """Shape as OpenAI's own"""
    body = receive(context(name), reply_of(name, Said("Yes."))).body
    assert (body["object"], type(body["created"]), type(body["id"])) == ("chat.completion", int, str)
    assert body["id"]
    (choice,) = body["choices"]
    assert (choice["index"], choice["finish_reason"], choice["logprobs"]) == (0, "stop", None)
    assert choice["message"] == {"role": "assistant", "content": "Yes.", "refusal": None}
    assert {"prompt_tokens", "completion_tokens", "total_tokens"} <= body["usage"].keys()


@pytest.mark.parametrize("name", NAMES)
def test_the_shape_of_a_stream_is_openai_s_own(name):
    """Shape as OpenAI's own (wire/openai-chat.md 9)"""
    out, _ = stream(context(name, stream=True), [stream_of(name, Said("Yes."))])
    items = frames(out)
    assert items[-1] == "[DONE]"
    assert {item["object"] for item in items[:-1]} == {"chat.completion.chunk"}
    deltas = [item["choices"][0]["delta"] for item in items[:-1]]
    assert [("role" in delta) for delta in deltas] == [True] + [False] * (len(deltas) - 1)
    assert deltas[0]["role"] == "assistant"
    assert deltas[-1] == {}
    reasons = [item["choices"][0]["finish_reason"] for item in items[:-1]]
    assert reasons == [None] * (len(reasons) - 1) + ["stop"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_content_is_null_beside_tool_calls(name, way):
    """`content: null` beside tool calls"""
    seen = WAYS[way](name, Said("", calls=CALLS), **TOOLS)
    assert seen.finish == "tool_calls"
    assert seen.message["content"] is None
    calls = [{"id": call, "type": "function", "function": {"name": function, "arguments": arguments}}
             for call, function, arguments in CALLS]  # fmt: skip
    assert seen.message["tool_calls"] == calls


@pytest.mark.parametrize("said", [Said("Yes."), Said("", calls=CALLS)], ids=["text", "calls"])
@pytest.mark.parametrize("name", NAMES)
def test_refusal_is_null(name, said):
    """`refusal: null`"""
    message = told(name, said, **TOOLS).message
    assert "refusal" in message
    assert message["refusal"] is None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_there_is_no_tool_calls_key_when_there_is_none(name, way):
    """no `tool_calls` key when there is none"""
    assert "tool_calls" not in WAYS[way](name, Said("Yes."), **TOOLS).message


@pytest.mark.parametrize("calls", [[], None])
@pytest.mark.parametrize("name", CHAT)
def test_empty_lists_of_calls_of_a_server_are_none(name, calls):
    """no `tool_calls` key when there is none (wire/azure-openai.md 4: "`tool_calls:null`/`function_call:null`")"""
    reply = reply_of(name, Said("Yes."))
    reply["choices"][0]["message"]["tool_calls"] = calls
    message = receive(context(name), reply).body["choices"][0]["message"]
    assert message == {"role": "assistant", "content": "Yes.", "refusal": None}


@pytest.mark.parametrize("name", NAMES)
def test_model_is_the_provider_s_own_string_else_the_upstream_id(name):
    """`model` is the provider's own string (else the upstream id)"""
    reply = reply_of(name, Said("Yes."))
    body = receive(context(name), reply).body
    tells = PROVIDERS[name].wire != "bedrock"
    assert body["model"] == ("upstream-1" if tells else PROVIDERS[name].model)
    bare = {key: value for key, value in reply.items() if key not in ("model", "modelVersion")}
    assert receive(context(name), bare).body["model"] == PROVIDERS[name].model
    out, _ = stream(context(name, stream=True), [stream_of(name, Said("Yes."))])
    assert {item["model"] for item in frames(out)[:-1]} == {"upstream-1" if tells else PROVIDERS[name].model}


@pytest.mark.parametrize("key", ["obfuscation", "p"])
@pytest.mark.parametrize("name", CHAT)
def test_padding_of_a_chat_server_is_not_forwarded(name, key):
    """padding (`obfuscation`, `p`) is not forwarded"""
    items = [chunk({"role": "assistant", "content": "A"}, **{key: "xyz"}), chunk({}, "stop", **{key: "x"})]
    out, _ = stream(context(name, stream=True), [chunks(*items)])
    assert all(key not in item for item in frames(out)[:-1])
    body = receive(context(name), {**reply_of(name, Said("Yes.")), key: "xyz"}).body
    assert key not in body


def test_padding_of_converse_is_not_forwarded():
    """padding (`obfuscation`, `p`) is not forwarded"""
    raw = stream_of("bedrock", Said("Yes."))
    assert b'"p":"abcd"' in raw
    out, _ = stream(context("bedrock", stream=True), [raw])
    assert b'"p"' not in out


# `stop, length, tool_calls, content_filter`

ANTHROPIC = {
    "end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "model_context_window_exceeded": "length",
    "refusal": "content_filter",
}  # fmt: skip
GEMINI = {
    "STOP": "stop", "MAX_TOKENS": "length", "CONTINUATION": "length",
    **dict.fromkeys(["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
                     "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR", "ESCALATION",
                     "PUP_LIMITED_DISABLED"], "content_filter"),
    "FINISH_REASON_UNSPECIFIED": "stop",
}  # fmt: skip
WORDS: dict[str, dict[str, str]] = {
    **{name: {"stop": "stop", "length": "length", "content_filter": "content_filter"} for name in CHAT},
    "xai": {"stop": "stop", "length": "length", "end_turn": "stop", "max_len": "length", "max_context": "length",
            "time_limit": "length"},
    "anthropic": ANTHROPIC, "vertex_claude": ANTHROPIC,
    "bedrock": {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length",
                "model_context_window_exceeded": "length", "guardrail_intervened": "content_filter",
                "content_filtered": "content_filter", "refusal": "content_filter"},
    "gemini": GEMINI, "vertex": GEMINI,
}  # fmt: skip
"""The providers' words and what they mean (the tables of the wire documents)."""
REASONS = [(name, word, reason) for name, words in WORDS.items() for word, reason in words.items()]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "word", "reason"), REASONS)
def test_every_known_reason_has_one_of_four_words(name, word, reason, way):
    """`stop, length, tool_calls, content_filter`"""
    seen = WAYS[way](name, Said("Yes.", finish=word))
    assert seen.finish == reason
    assert seen.head["finish_reason"] == reason


WITH_CALLS = [(name, word) for name, words in WORDS.items() for word, reason in words.items() if reason == "stop"]
NATIVE_CALLED = {"chat": "tool_calls", "anthropic": "tool_use", "bedrock": "tool_use", "gemini": "STOP"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "word"), [*WITH_CALLS, *((n, NATIVE_CALLED[PROVIDERS[n].wire]) for n in NAMES)])
def test_a_call_that_was_made_is_tool_calls(name, word, way):
    """`stop, length, tool_calls, content_filter`, and section 4: a call was made → `tool_calls`, whatever the
    provider said
    (an upstream that already speaks openai_chat keeps its own value)"""
    seen = WAYS[way](name, Said("", calls=CALLS, finish=word), **TOOLS)
    assert seen.finish == (word if name in CHAT and word == "stop" else "stop" if name == "xai" and word == "end_turn"
                           else "tool_calls")  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_a_call_that_the_limit_cut_is_length(name, way):
    """`stop, length, tool_calls, content_filter`; wire/observed.md 1: "`length` with tool calls: 12" """
    word = {"chat": "length", "gemini": "MAX_TOKENS"}.get(PROVIDERS[name].wire, "max_tokens")
    assert WAYS[way](name, Said("", calls=CALLS, finish=word), **TOOLS).finish == "length"


# Anthropic `refusal` and Gemini safety/recitation/blocked prompts → `content_filter` with `refusal` text

FILTERED = [(name, word) for name, word, reason in REASONS if reason == "content_filter" and name not in CHAT]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "word"), FILTERED)
def test_a_filtered_answer_is_a_content_filter_with_refusal_text(name, word, way):
    """Anthropic `refusal` and Gemini safety/recitation/blocked prompts → `content_filter` with `refusal` text and
    `content: null` when nothing was said"""
    nothing = WAYS[way](name, Said("", finish=word))
    assert (nothing.finish, nothing.message["content"]) == ("content_filter", None)
    assert nothing.message["refusal"]
    some = WAYS[way](name, Said("Half", finish=word))
    assert (some.finish, some.message["content"]) == ("content_filter", "Half")
    assert some.message["refusal"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["anthropic", "vertex_claude"])
def test_a_refusal_of_claude_says_why(name, way):
    """Anthropic `refusal` … with `refusal` text: "`stop_details.explanation`" (wire/anthropic.md 18)"""
    details = {"type": "refusal", "category": "cyber", "explanation": "Not this."}
    seen = WAYS[way](name, Said("", finish="refusal", more={"stop_details": details}))
    assert (seen.message["content"], seen.message["refusal"]) == (None, "Not this.")
    vague = {"type": "refusal", "category": "cyber", "explanation": None}
    assert "cyber" in WAYS[way](name, Said("", finish="refusal", more={"stop_details": vague})).message["refusal"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", GOOGLE)
def test_a_filter_of_gemini_says_why(name, way):
    """Gemini safety/recitation … with `refusal` text"""
    seen = WAYS[way](name, Said("", finish="SAFETY", more={"candidate": {"finishMessage": "Not this."}}))
    assert seen.message["refusal"] == "Not this."


BLOCKS = ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK"]


@pytest.mark.parametrize("word", BLOCKS)
@pytest.mark.parametrize("name", GOOGLE)
def test_a_blocked_prompt_is_a_content_filter(name, word):
    """Gemini … blocked prompts → `content_filter` with `refusal` text and `content: null` (wire/gemini.md 13)"""
    feedback = {"blockReason": word, "blockReasonMessage": "Not this prompt."}
    body = {"promptFeedback": feedback, "usageMetadata": {"promptTokenCount": 5, "totalTokenCount": 5}}
    got = receive(context(name), body)
    choice = got.body["choices"][0]
    assert (got.status, choice["finish_reason"], got.head["finish_reason"]) == (200, "content_filter", "content_filter")
    assert (choice["message"]["content"], choice["message"]["refusal"]) == (None, "Not this prompt.")
    out, head = stream(context(name, stream=True), [b"data: " + orjson.dumps(body) + b"\r\n\r\n"])
    items = frames(out)
    assert (items[-1], items[-2]["choices"][0]["finish_reason"]) == ("[DONE]", "content_filter")
    assert "Not this prompt." in [item["choices"][0]["delta"].get("refusal") for item in items[:-1]]
    assert (head["finish_reason"], head["truncated"]) == ("content_filter", False)


# unknown reasons → `stop` with the native one under `provider_specific_fields.finish_reason` and a `hint` loss

UNKNOWN = {
    **{name: ["eos", "brand_new"] for name in CHAT},
    "anthropic": ["brand_new", "compaction"],
    "vertex_claude": ["brand_new"],
    "bedrock": ["brand_new"],
    **{name: ["BRAND_NEW", "LANGUAGE", "OTHER", "NO_IMAGE", "IMAGE_OTHER"] for name in GOOGLE},
}
UNKNOWN_WORDS = [(name, word) for name, words in UNKNOWN.items() for word in words]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "word"), UNKNOWN_WORDS)
def test_an_unknown_reason_is_stop_and_kept_aside_and_reported(name, word, way):
    """unknown reasons → `stop` with the native one under `provider_specific_fields.finish_reason` and a `hint` loss"""
    seen = WAYS[way](name, Said("Yes.", finish=word))
    assert (seen.finish, seen.message["content"]) == ("stop", "Yes.")
    assert seen.message["provider_specific_fields"]["finish_reason"] == word
    (loss,) = seen.head["losses"]
    assert (loss["path"], loss["kind"], loss["severity"]) == ("", "approximated", "hint")
    assert f"'{word}'" in loss["detail"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CHAT)
def test_an_unknown_reason_leaves_the_server_s_own_fields_alone(name, way):
    """unknown reasons → … under `provider_specific_fields.finish_reason`: beside what else a server says there"""
    own = {"provider_specific_fields": {"citations": ["c"]}}
    if way == "whole":
        reply = reply_of(name, Said("Yes.", finish="eos"))
        reply["choices"][0]["message"] |= own
        fields = receive(context(name), reply).body["choices"][0]["message"]["provider_specific_fields"]
    else:
        items = [chunk({"role": "assistant", "content": "Yes."}), chunk(own, "eos")]
        out, _ = stream(context(name, stream=True), [chunks(*items)])
        fields = frames(out)[-2]["choices"][0]["delta"]["provider_specific_fields"]
    assert fields == {"citations": ["c"], "finish_reason": "eos"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "word"), UNKNOWN_WORDS)
def test_a_strict_client_is_told_stop_and_the_loss(name, word, way):
    """unknown reasons → `stop` … and a `hint` loss: without keys beyond the dialect for who wants none"""
    seen = WAYS[way](name, Said("Yes.", finish=word), head={"strict_openai": True})
    assert seen.finish == "stop"
    assert "provider_specific_fields" not in seen.message
    assert [loss["severity"] for loss in seen.head["losses"]] == ["hint"]


# malformed function call → an error, not `stop`

FAULTS = [
    *((name, word) for name in GOOGLE for word in (
        "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE",
        "MISSING_THOUGHT_SIGNATURE")),
    ("bedrock", "malformed_tool_use"),
    ("bedrock", "malformed_model_output"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "word"), FAULTS)
def test_a_malformed_function_call_is_an_error(name, word):
    """malformed function call → an error, not `stop`"""
    got = receive(context(name, **TOOLS), reply_of(name, Said("", finish=word)))
    assert got.status == 502
    assert got.body["error"]["type"] == "server_error"
    assert got.body["error"]["code"] == word.lower()
    assert got.head["error"]["retryable"] is True
    assert got.body["error"]["provider"]["name"] == PROVIDERS[name].to


@pytest.mark.parametrize(("name", "word"), FAULTS)
def test_a_malformed_function_call_in_a_stream_is_an_error(name, word):
    """malformed function call → an error, not `stop`"""
    out, head = stream(context(name, stream=True, **TOOLS), [stream_of(name, Said("A", finish=word))])
    items = frames(out)
    assert items[-1]["error"]["code"] == word.lower()
    assert "[DONE]" not in items
    assert not any(choice["finish_reason"] for item in items[:-1] for choice in item["choices"])
    assert head["error"]["code"] == word.lower()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", GOOGLE)
def test_an_unexpected_call_that_is_there_is_a_call(name, way):
    """malformed function call → an error; wire/observed.md 6: "`UNEXPECTED_TOOL_CALL` (Vertex) comes WITH a usable
    functionCall part" """
    seen = WAYS[way](name, Said("", calls=CALLS[:1], finish="UNEXPECTED_TOOL_CALL"), **TOOLS)
    assert (seen.finish, seen.message["tool_calls"][0]["function"]["name"]) == ("tool_calls", "f")


# `pause_turn` is reported.


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["anthropic", "vertex_claude", "bedrock"])
def test_pause_turn_is_reported(name, way):
    """`pause_turn` is reported."""
    seen = WAYS[way](name, Said("Half", finish="pause_turn"))
    assert (seen.finish, seen.message["content"]) == ("stop", "Half")
    assert seen.message["provider_specific_fields"] == {"finish_reason": "pause_turn"}
    (loss,) = seen.head["losses"]
    assert (loss["kind"], loss["severity"]) == ("approximated", "hint")
    assert "pause_turn" in loss["detail"]


# A stream that ends early is an error frame with a top-level `error` object, then end of stream without `[DONE]`.


@pytest.mark.parametrize("size", [1, 13, 10_000])
@pytest.mark.parametrize("name", NAMES)
def test_a_stream_that_ends_early_is_an_error_frame_without_done(name, size):
    """A stream that ends early is an error frame with a top-level `error` object, then end of stream without
    `[DONE]`."""
    raw = stream_of(name, Said("Half"), whole=False)
    out, head = stream(context(name, stream=True), cut(raw, size))
    items = frames(out)
    assert items[-1].keys() == {"error"}
    assert {"message", "type", "param", "code"} <= items[-1]["error"].keys()
    assert "".join(item["choices"][0]["delta"].get("content") or "" for item in items[:-1]) == "Half"
    assert "[DONE]" not in items
    assert (head["truncated"], head["finish_reason"]) == (True, None)


@pytest.mark.parametrize("name", NAMES)
def test_a_stream_that_says_nothing_at_all_is_an_error(name):
    """A stream that ends early is an error frame …"""
    out, head = stream(context(name, stream=True), [])
    assert [item.keys() for item in frames(out)] == [{"error"}]
    assert head["truncated"] is True


@pytest.mark.parametrize("name", CHAT)
def test_a_server_that_leaves_out_its_end_mark_has_ended(name):
    """A stream that ends early …; wire/observed.md 0: "A stream may end without `[DONE]`" """
    items = [chunk({"role": "assistant", "content": "Yes."}), chunk({}, "stop")]
    out, head = stream(context(name, stream=True), [chunks(*items, done=False)])
    assert frames(out)[-1] == "[DONE]"
    assert (head["truncated"], head["finish_reason"]) == (False, "stop")


BEGUN = {name: stream_of(name, Said("Half"), whole=False) for name in NAMES}
CHAT_ERROR = b'data: {"error":{"message":"Busy","type":"server_error","param":null,"code":"server_error"}}\n\n'
CLAUDE_ERROR = events({"type": "error", "error": {"type": "api_error", "message": "Busy"}})
GOOGLE_ERROR = b'data: {"error":{"code":500,"message":"Busy","status":"INTERNAL"}}\r\n\r\n'
INSIDE = {
    **dict.fromkeys(CHAT, CHAT_ERROR),
    "xai": b'data: {"code":"internal","error":"Busy"}\n\n',
    "groq": b'event: error\ndata: {"error":{"message":"Busy","type":"server_error","code":"x","status_code":500}}\n\n',
    **dict.fromkeys(("anthropic", "vertex_claude"), CLAUDE_ERROR),
    "bedrock": converse.exception("internalServerException", {"message": "Busy"}),
    **dict.fromkeys(GOOGLE, GOOGLE_ERROR),
}


@pytest.mark.parametrize("name", NAMES)
def test_an_error_inside_a_stream_is_an_error_frame_without_done(name):
    """… an error frame with a top-level `error` object, then end of stream without `[DONE]`."""
    out, head = stream(context(name, stream=True), [BEGUN[name] + INSIDE[name]])
    items = frames(out)
    assert (items[-1]["error"]["message"], items[-1]["error"]["type"]) == ("Busy", "server_error")
    assert "[DONE]" not in items
    assert (head["error"]["message"], head["truncated"]) == ("Busy", False)


OVERLOADS = {
    "anthropic": events({"type": "error", "error": {"type": "overloaded_error", "message": "Busy"}}),
    "vertex_claude": events({"type": "error", "error": {"type": "overloaded_error", "message": "Busy"}}),
    "bedrock": converse.exception("serviceUnavailableException", {"message": "Busy"}),
    "gemini": b'data: {"error":{"code":503,"message":"Busy","status":"UNAVAILABLE"}}\r\n\r\n',
    "vertex": b'data: {"error":{"code":503,"message":"Busy","status":"UNAVAILABLE"}}\r\n\r\n',
    "xai": b'data: {"code":"unavailable","error":"Busy"}\n\n',
}


@pytest.mark.parametrize("name", OVERLOADS)
def test_an_overload_inside_a_stream_keeps_its_kind(name):
    """… an error frame with a top-level `error` object; an overload before the first word has its status"""
    out, head = stream(context(name, stream=True), [BEGUN[name] + OVERLOADS[name]])
    assert frames(out)[-1]["error"]["type"] == "service_unavailable_error"
    assert head["error"]["kind"] == "overloaded"
    _, pipe = boundary.open(orjson.dumps({"context": context(name, stream=True), **STAMP}))
    pipe, _ = boundary.feed(pipe, OVERLOADS[name])
    answer = boundary.failed(pipe)
    assert answer.status == 503
    assert orjson.loads(answer.head)["headers"]["retry-after"] == "1"


# Errors keep their HTTP status class: `{"error":{"message","type","param","code","provider":{"name","status","body"}}}`


def openai_error(kind: str | None, code: str | None = None, **more: Any) -> Json:
    return {"error": {"message": "No.", "type": kind, "param": None, "code": code, **more}}


def claude_error(kind: str) -> Json:
    return {"type": "error", "error": {"type": kind, "message": "No."}, "request_id": "req_1"}


def google_error(code: int, word: str, *details: Json) -> Json:
    return {"error": {"code": code, "message": "No.", "status": word, "details": list(details)}}


OPENAI_ERRORS = [
    (400, openai_error("invalid_request_error", "unsupported_parameter"), 400, "invalid_request_error", False),
    (401, openai_error("invalid_request_error", "invalid_api_key"), 401, "invalid_request_error", False),
    (403, openai_error("permission_error"), 403, "permission_error", False),
    (404, openai_error("invalid_request_error", "model_not_found"), 404, "invalid_request_error", False),
    (409, openai_error("invalid_request_error"), 409, "invalid_request_error", True),
    (413, openai_error(None), 413, "invalid_request_error", False),
    (422, openai_error("invalid_request_error"), 422, "invalid_request_error", False),
    (429, openai_error("rate_limit_error", "rate_limit_exceeded"), 429, "rate_limit_error", True),
    (429, openai_error("insufficient_quota", "insufficient_quota"), 429, "insufficient_quota", False),
    (429, openai_error(None, "credit_balance_exhausted"), 429, "insufficient_quota", False),
    (500, openai_error("server_error", "server_error"), 500, "server_error", True),
    (502, openai_error(None), 502, "server_error", True),
    (503, openai_error("service_unavailable_error", "server_is_overloaded"), 503, "service_unavailable_error", True),
]
CLAUDE_ERRORS = [
    (400, claude_error("invalid_request_error"), 400, "invalid_request_error", False),
    (401, claude_error("authentication_error"), 401, "authentication_error", False),
    (402, claude_error("billing_error"), 402, "insufficient_quota", False),
    (403, claude_error("permission_error"), 403, "permission_error", False),
    (404, claude_error("not_found_error"), 404, "invalid_request_error", False),
    (409, claude_error("conflict_error"), 409, "invalid_request_error", True),
    (413, claude_error("request_too_large"), 413, "invalid_request_error", False),
    (429, claude_error("rate_limit_error"), 429, "rate_limit_error", True),
    (500, claude_error("api_error"), 500, "server_error", True),
    (504, claude_error("timeout_error"), 504, "timeout_error", True),
    (529, claude_error("overloaded_error"), 503, "service_unavailable_error", True),
]
GOOGLE_ERRORS = [
    (400, google_error(400, "INVALID_ARGUMENT"), 400, "invalid_request_error", False),
    (400, google_error(400, "FAILED_PRECONDITION"), 400, "invalid_request_error", False),
    (400, google_error(400, "OUT_OF_RANGE"), 400, "invalid_request_error", False),
    (400, google_error(400, "INVALID_ARGUMENT", {"reason": "API_KEY_INVALID"}), 401, "authentication_error", False),
    (401, google_error(401, "UNAUTHENTICATED"), 401, "authentication_error", False),
    (403, google_error(403, "PERMISSION_DENIED"), 403, "permission_error", False),
    (404, google_error(404, "NOT_FOUND"), 404, "invalid_request_error", False),
    (429, google_error(429, "RESOURCE_EXHAUSTED"), 429, "rate_limit_error", True),
    (500, google_error(500, "INTERNAL"), 500, "server_error", True),
    (500, google_error(500, "UNKNOWN"), 500, "server_error", True),
    (503, google_error(503, "UNAVAILABLE"), 503, "service_unavailable_error", True),
    (504, google_error(504, "DEADLINE_EXCEEDED"), 504, "timeout_error", True),
]
AZURE_ERRORS = [
    (401, {"error": {"code": "401", "message": "No."}}, 401, "authentication_error", False),
    (404, {"error": {"code": "DeploymentNotFound", "message": "No."}}, 404, "invalid_request_error", False),
    (429, {"error": {"code": "429", "message": "No."}}, 429, "rate_limit_error", True),
    (429, {"statusCode": 429, "message": "No."}, 429, "rate_limit_error", True),
    (400, {"error": {"code": "OperationNotSupported", "message": "No."}}, 400, "invalid_request_error", False),
    (403, {"error": {"code": "AccessDenied", "message": "No."}}, 403, "permission_error", False),
    (400, openai_error(None, "content_filter", innererror={"code": "ResponsibleAIPolicyViolation"}), 400,
     "invalid_request_error", False),
]  # fmt: skip
XAI_ERRORS = [
    (400, {"code": "invalid-argument", "error": "No."}, 400, "invalid_request_error", False),
    (401, {"code": "unauthenticated", "error": "No."}, 401, "authentication_error", False),
    (403, {"code": "permission-denied", "error": "No."}, 403, "permission_error", False),
    (404, {"error": "No."}, 404, "invalid_request_error", False),
    (410, {"code": "gone", "error": "No."}, 410, "invalid_request_error", False),
    (429, {"code": "resource-exhausted", "error": "No."}, 429, "rate_limit_error", True),
]
GROQ_ERRORS = [
    (400, openai_error("invalid_request_error", "tool_use_failed", failed_generation="x"), 400,
     "invalid_request_error", True),
    (400, openai_error("invalid_request_error", "json_validate_failed", failed_generation="x"), 400,
     "invalid_request_error", True),
    (424, openai_error(None), 424, "invalid_request_error", False),
    (498, openai_error(None, "capacity_exceeded"), 503, "service_unavailable_error", True),
]  # fmt: skip
ERRORS = [
    *((name, *row) for name in CHAT for row in OPENAI_ERRORS),
    *((name, *row) for name in ("anthropic", "vertex_claude") for row in CLAUDE_ERRORS),
    *((name, *row) for name in (*GOOGLE, "vertex_claude") for row in GOOGLE_ERRORS if name in GOOGLE or row[0] != 400),
    *(("azure", *row) for row in AZURE_ERRORS),
    *(("xai", *row) for row in XAI_ERRORS),
    *(("groq", *row) for row in GROQ_ERRORS),
]
"""Provider, its status and body, the client's status and type, whether another try may help (the wire documents)."""


@pytest.mark.parametrize(("name", "status", "body", "wanted", "kind", "again"), ERRORS)
def test_errors_keep_their_class_and_carry_the_provider(name, status, body, wanted, kind, again):
    """Errors keep their HTTP status class: `{"error":{"message","type","param","code","provider":{"name","status",
    "body"}}}`; 529 and friends → 503 (the keys that are the provider's: wire/gemini.md 15, wire/groq.md 6)"""
    got = receive(context(name), body, status)
    assert got.status == wanted
    error = got.body["error"]
    assert error.keys() == {"message", "type", "param", "code", "provider"}
    assert (error["message"], error["type"]) == ("No.", kind)
    assert error["provider"] == {"name": PROVIDERS[name].to, "status": status, "body": body}
    assert got.head["error"]["retryable"] is again


AWS = [
    ("ValidationException", 400, 400, "invalid_request_error", False),
    ("AccessDeniedException", 403, 403, "permission_error", False),
    ("UnrecognizedClientException", 403, 401, "authentication_error", False),
    ("InvalidSignatureException", 403, 401, "authentication_error", False),
    ("ExpiredTokenException", 403, 401, "authentication_error", False),
    ("MissingAuthenticationTokenException", 403, 401, "authentication_error", False),
    ("ResourceNotFoundException", 404, 404, "invalid_request_error", False),
    ("UnknownOperationException", 404, 404, "invalid_request_error", False),
    ("ServiceQuotaExceededException", 400, 429, "insufficient_quota", False),
    ("ThrottlingException", 429, 429, "rate_limit_error", True),
    ("ModelNotReadyException", 429, 503, "service_unavailable_error", True),
    ("ModelTimeoutException", 408, 504, "timeout_error", True),
    ("ModelErrorException", 424, 502, "server_error", True),
    ("ConflictException", 400, 409, "invalid_request_error", False),
    ("InternalServerException", 500, 500, "server_error", True),
    ("ServiceUnavailableException", 503, 503, "service_unavailable_error", True),
]
"""Type, Bedrock's status, the client's status and type, whether another try may help (wire/bedrock.md 13)."""


@pytest.mark.parametrize(("word", "status", "wanted", "kind", "again"), AWS)
def test_errors_of_bedrock_are_known_by_their_type(word, status, wanted, kind, again):
    """Errors keep their HTTP status class …: where AWS has another status for the same, the one that says it elsewhere
    (wire/bedrock.md 13); `provider.status` is still AWS's own"""
    headers = {"x-amzn-errortype": f"{word}:http://internal.example/", "x-amzn-requestid": "r1"}
    got = receive(context("bedrock"), {"message": "No."}, status, headers=headers)
    error = got.body["error"]
    assert (got.status, error["message"], error["type"], error["code"]) == (wanted, "No.", kind, word)
    assert error["provider"] == {"name": "bedrock", "status": status, "body": {"message": "No."}}
    assert got.head["error"]["retryable"] is again


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", [400, 404, 500, 502])
@pytest.mark.parametrize("body", [b"", b"<html>gone</html>", b"null", b"[]", b'"x"', b'{"detail":"gone"}'])
def test_an_error_without_a_shape_keeps_its_class_too(name, status, body):
    """Errors keep their HTTP status class (wire/vertex.md 8: "do not assume JSON")"""
    got = receive(context(name), body, status)
    assert got.status == status
    assert got.body["error"]["message"]
    assert got.body["error"]["provider"]["status"] == status


@pytest.mark.parametrize("name", NAMES)
def test_a_strict_client_sees_openai_s_four_keys(name):
    """`{"error":{"message","type","param","code","provider":…}}`: without `provider` for who wants no extension"""
    got = receive(context(name, head={"strict_openai": True}), {"message": "No.", "error": {"message": "No."}}, 500)
    assert got.body["error"].keys() == {"message", "type", "param", "code"}


@pytest.mark.parametrize("name", CHAT)
def test_an_error_inside_a_success_is_an_error(name):
    """Errors keep their HTTP status class …; wire/xai.md 5 and wire/observed.md 3: 200 with an `error`"""
    got = receive(context(name), openai_error("invalid_request_error", "content_filter", status=400))
    assert (got.status, got.body["error"]["message"], got.body["error"]["code"]) == (400, "No.", "content_filter")
    got = receive(context(name), {"code": "resource-exhausted", "error": "No."})
    assert (got.status, got.body["error"]["message"]) == (429, "No.")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b'"x"', b'{"content":5}'])
def test_a_reply_that_is_none_is_a_bad_gateway(name, body):
    """Errors keep their HTTP status class: what is no reply is the provider's fault"""
    got = receive(context(name), body)
    assert (got.status, got.body["error"]["type"], got.body["error"]["code"]) == (502, "server_error", "bad_reply")


# 529 and friends → 503 with `retry-after`; `retry-after(-ms)` and rate-limit headers pass

OVERLOADED = [
    *((name, 529, claude_error("overloaded_error"), {}) for name in ("anthropic", "vertex_claude")),
    *((name, 503, google_error(503, "UNAVAILABLE"), {}) for name in GOOGLE),
    *((name, 503, openai_error("service_unavailable_error", "server_is_overloaded"), {}) for name in CHAT),
    ("groq", 498, openai_error(None, "capacity_exceeded"), {}),
    ("bedrock", 503, {"message": "No."}, {"x-amzn-errortype": "ServiceUnavailableException"}),
    ("bedrock", 429, {"message": "No."}, {"x-amzn-errortype": "ModelNotReadyException"}),
]


@pytest.mark.parametrize(("name", "status", "body", "headers"), OVERLOADED)
def test_529_and_friends_are_503_with_retry_after(name, status, body, headers):
    """529 and friends → 503 with `retry-after`"""
    got = receive(context(name), body, status, headers=headers)
    assert got.status == 503
    assert got.head["headers"]["retry-after"] == "1"
    told_time = receive(context(name), body, status, headers={**headers, "retry-after": "7"})
    assert told_time.head["headers"]["retry-after"] == "7"


LIMITS = {
    "openai": ["x-ratelimit-remaining-tokens", "x-ratelimit-reset-requests", "retry-after-ms"],
    "azure": ["x-ratelimit-remaining-requests", "retry-after-ms"],
    "anthropic": ["anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-requests-reset"],
    "xai": ["x-ratelimit-limit-requests"],
    "groq": ["x-ratelimit-limit-requests", "x-ratelimit-reset-tokens"],
    "openai_compatible": ["x-ratelimit-remaining-requests", "retry-after-ms"],
    "bedrock": [], "gemini": [], "vertex": [], "vertex_claude": [],
}  # fmt: skip
"""Rate-limit headers of each provider; AWS and Google have none (wire/bedrock.md 13, wire/gemini.md 15)."""


@pytest.mark.parametrize("status", [200, 429])
@pytest.mark.parametrize("name", NAMES)
def test_retry_after_and_rate_limit_headers_pass(name, status):
    """`retry-after(-ms)` and rate-limit headers pass"""
    headers = dict.fromkeys(["retry-after", *LIMITS[name]], "3") | {"x-secret": "s", "set-cookie": "c"}
    body = reply_of(name, Said("Yes.")) if status == 200 else {"message": "No.", "error": {"message": "No."}}
    got = receive(context(name), body, status, headers=headers)
    passed = got.head["headers"]
    assert {key: passed.get(key) for key in ("retry-after", *LIMITS[name])} == dict.fromkeys(
        ["retry-after", *LIMITS[name]], "3"
    )
    assert {"x-secret", "set-cookie"}.isdisjoint(passed)


@pytest.mark.parametrize(("delay", "seconds"), [("27s", "27"), ("1.5s", "2")])
@pytest.mark.parametrize("name", GOOGLE)
def test_google_s_delay_is_a_retry_after(name, delay, seconds):
    """`retry-after` …; wire/gemini.md 15: "No rate-limit headers; the delay is only in the body" """
    body = google_error(429, "RESOURCE_EXHAUSTED", {"@type": "type.googleapis.com/google.rpc.RetryInfo",
                                                   "retryDelay": delay})  # fmt: skip
    assert receive(context(name), body, 429).head["headers"]["retry-after"] == seconds


@pytest.mark.parametrize("word", ["true", "false"])
@pytest.mark.parametrize("name", NAMES)
def test_the_provider_s_word_on_retries_passes(name, word):
    """after the gateway's own retries `x-should-retry: false`: the core makes none, and passes a provider's word"""
    got = receive(context(name), {"error": {"message": "No."}}, 500, headers={"x-should-retry": word})
    # AWS and Google have no such header (wire/bedrock.md 13, wire/gemini.md 15).
    silent = ("bedrock", "vertex_claude", *GOOGLE)
    assert got.head["headers"].get("x-should-retry") == (None if name in silent else word)


def test_errors_of_our_own_speak_the_client_s_dialect():
    """`{"error":{"message","type","param","code",…}}`: the gateway's own errors too"""
    head = {"from": "openai_chat", "status": 404, "message": "No such model.", "code": "model_not_found",
            "param": "model"}  # fmt: skip
    answer = boundary.error(orjson.dumps(head))
    assert (answer.status, orjson.loads(answer.body)) == (
        404,
        {
            "error": {
                "message": "No such model.",
                "type": "invalid_request_error",
                "param": "model",
                "code": "model_not_found",
            }
        },
    )
    refused = ask("anthropic", n=2)
    assert refused.error.keys() == {"message", "type", "param", "code"}
