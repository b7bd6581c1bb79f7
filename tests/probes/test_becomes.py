"""What an odd chat request becomes at Claude: rows of (probe, models, place, native value, or the loss, or the 400)."""

import orjson
import pytest

from ..recordings.driving import ALLOW, call
from .base import CLAUDES, FORCELESS, OLD, PDF, PNG, lost
from .chat_bodies import BODIES, MARK

FREE = CLAUDES[:3]
"""Sampling is taken while nobody thinks."""
SHOWN = CLAUDES[3:]
"""Thinking must be asked to show itself."""
FORCED = CLAUDES[:5]
ALWAYS = CLAUDES[5:]
"""Thinking cannot be switched off."""
GONE = object()


def native(told, path):
    """The value at a dotted path of the native body; GONE when it is not there."""
    value = told.body
    for step in path.split("."):
        try:
            value = value[int(step) if isinstance(value, list) else step]
        except (KeyError, IndexError):
            return GONE
    return value


# (probe, models, path in the native body, value there)
VALUES = [
    ("temperature 1.5", FREE, "temperature", 1),
    ("temperature 0", FREE, "temperature", 0),
    ("temperature 0", CLAUDES[3:], "temperature", GONE),
    ("top_k", FREE, "top_k", 40),
    ("top_p", FREE, "top_p", 0.5),
    ("temperature and top_p", ("claude-haiku-4-5",), "top_p", GONE),
    ("temperature and top_p", ("claude-haiku-4-5",), "temperature", 0.5),
    ("temperature and top_p", ("claude-sonnet-4-0",), "top_p", 0.5),
    ("penalties", CLAUDES, "presence_penalty", GONE),
    ("seed", CLAUDES, "seed", GONE),
    ("stop string", CLAUDES, "stop_sequences", ["END"]),
    ("stop of five", CLAUDES, "stop_sequences", ["a", "b", "c", "d", "e"]),
    ("stop empty list", CLAUDES, "stop_sequences", GONE),
    ("max_completion_tokens", CLAUDES, "max_tokens", 100),
    ("both limits", CLAUDES, "max_tokens", 200),
    ("temperature 1", ("claude-haiku-4-5",), "max_tokens", 64_000),
    ("temperature 1", CLAUDES[2:], "max_tokens", 128_000),
    ("tool without parameters", CLAUDES, "tools.0.input_schema", {"type": "object", "properties": {}}),
    ("tool with empty parameters", CLAUDES, "tools.0.input_schema.type", "object"),
    ("tool without type in parameters", CLAUDES, "tools.0.input_schema.type", "object"),
    ("tool strict", CLAUDES[1:], "tools.0.strict", True),
    ("tool strict", CLAUDES[:1], "tools.0.strict", GONE),
    ("choice none", CLAUDES, "tool_choice", {"type": "none"}),
    ("choice auto", CLAUDES, "tool_choice", {"type": "auto"}),
    ("choice required", FORCED, "tool_choice", {"type": "any"}),
    ("choice named", FORCED, "tool_choice", {"type": "tool", "name": "f"}),
    ("choice allowed", FORCED, "tool_choice", {"type": "any"}),
    ("choice allowed", FORCED, "tools.0.name", "g"),
    ("choice allowed", FORCED, "tools.1", GONE),
    ("parallel false", CLAUDES, "tool_choice", {"type": "auto", "disable_parallel_tool_use": True}),
    ("parallel false and required", FORCED, "tool_choice", {"type": "any", "disable_parallel_tool_use": True}),
    ("parallel false and none", CLAUDES, "tool_choice", {"type": "none"}),
    ("custom tool", CLAUDES, "tools.0.input_schema.required", ["input"]),
    ("custom call in the history", CLAUDES, "messages.1.content.0.input", {"input": "ls -la"}),
    ("legacy function_call", FORCED, "tool_choice", {"type": "tool", "name": "f"}),
    ("legacy history", CLAUDES, "messages.1.content.0.input", {"a": 1}),
    ("web_search_options", CLAUDES, "tools.0.name", "web_search"),
    ("web_search with a place", CLAUDES, "tools.0.user_location",
     {"type": "approximate", "country": "DE", "city": "Ulm"}),
    ("tool with cache mark", CLAUDES, "tools.0.cache_control", MARK),
    ("result empty", CLAUDES, "messages.2.content.0.tool_use_id", "c1"),
    ("results out of order", CLAUDES, "messages.2.content.0.content", "one"),
    ("result with an image", CLAUDES, "messages.2.content.0.content.1.source.data", PNG),
    ("result after a user message", CLAUDES, "messages.2.content.0.type", "tool_result"),
    ("result after a user message", CLAUDES, "messages.2.content.1", {"type": "text", "text": "wait"}),
    ("text and calls", CLAUDES, "messages.1.content.0.text", "Let me see."),
    ("calls without a content key", CLAUDES, "messages.1.content.0.type", "tool_use"),
    ("history without tools", CLAUDES, "tool_choice", {"type": "none"}),
    ("arguments empty", CLAUDES, "messages.1.content.0.input", {}),
    ("arguments null", CLAUDES, "messages.1.content.0.input", {}),
    ("arguments an object", CLAUDES, "messages.1.content.0.input", {"a": 1}),
    ("format text", CLAUDES, "output_config", GONE),
    ("strict schema oneOf", CLAUDES[1:], "output_config.format.schema.properties.a.anyOf",
     [{"type": "string"}, {"type": "integer"}]),
    ("strict schema nullable", CLAUDES[1:], "output_config.format.schema.properties.a.anyOf",
     [{"type": "string"}, {"type": "null"}]),
    ("strict schema bounds", CLAUDES[1:], "output_config.format.schema.properties.a.minimum", GONE),
    ("loose", CLAUDES[1:], "output_config.format.schema.additionalProperties", False),
    ("format json", FORCED, "tool_choice.type", "tool"),
    ("format json", FORCELESS, "tools", GONE),
    ("mark on a part", CLAUDES, "messages.0.content.0.cache_control", MARK),
    ("mark on a system part", CLAUDES, "system.0.cache_control", MARK),
    ("mark on a message", CLAUDES, "messages.0.content.0.cache_control", MARK),
    ("mark on the top level", CLAUDES, "cache_control", MARK),
    ("mark on a result message", CLAUDES, "messages.2.content.0.cache_control", MARK),
    ("mark of an hour", CLAUDES, "messages.0.content.0.cache_control.ttl", "1h"),
    ("mark of 24 hours", CLAUDES, "messages.0.content.0.cache_control.ttl", "1h"),
    ("breakpoint", CLAUDES, "messages.0.content.0.cache_control", MARK),
    ("five marks", CLAUDES, "messages.0.content.0.cache_control", GONE),
    ("five marks", CLAUDES, "messages.0.content.4.cache_control", MARK),
    ("png", CLAUDES, "messages.0.content.1.source", {"type": "base64", "media_type": "image/png", "data": PNG}),
    ("jpg", CLAUDES, "messages.0.content.0.source.media_type", "image/jpeg"),
    ("https", CLAUDES, "messages.0.content.0.source", {"type": "url", "url": "https://x.example/a.png"}),
    ("data without a type", CLAUDES, "messages.0.content.0.source.media_type", "image/png"),
    ("image that is a pdf", CLAUDES, "messages.0.content.0.type", "document"),
    ("image that says it is a pdf", CLAUDES, "messages.0.content.0.type", "document"),
    ("pdf data", CLAUDES, "messages.0.content.0.source", {"type": "base64", "media_type": "application/pdf",
         "data": PDF}),
    ("pdf data", CLAUDES, "messages.0.content.0.title", "a.pdf"),
    ("pdf without a data url", CLAUDES, "messages.0.content.0.source.data", PDF),
    ("pdf by url", CLAUDES, "messages.0.content.0.source", {"type": "url", "url": "https://x.example/a.pdf"}),
    ("text file", CLAUDES, "messages.0.content.0.source", {"type": "text", "media_type": "text/plain",
         "data": "Hello"}),
    ("image as a file", CLAUDES, "messages.0.content.0.type", "image"),
    ("our file id", CLAUDES, "messages.0.content.0.source", {"type": "file", "file_id": "file_abc"}),
    ("effort none", CLAUDES[:3], "thinking", GONE),
    ("effort none", CLAUDES[3:5], "thinking", {"type": "disabled"}),
    ("effort none", ("claude-sonnet-5-5",), "thinking", {"type": "between_tools"}),
    ("effort none", ("claude-fable-5-2",), "output_config.effort", "low"),
    ("effort minimal", OLD, "thinking.budget_tokens", 1024),
    ("effort minimal", CLAUDES[2:], "output_config.effort", "low"),
    ("effort low", OLD, "thinking.budget_tokens", 19_200),
    ("effort medium within 2000", OLD, "thinking.budget_tokens", 1200),
    ("effort high within 2000", OLD, "thinking.budget_tokens", 1800),
    ("effort max within 2000", OLD, "thinking.budget_tokens", 1800),
    ("effort low within 2000", OLD, "thinking.budget_tokens", 1024),
    ("effort high within 100", OLD, "thinking.budget_tokens", 1024),
    ("effort high within 100", OLD, "max_tokens", 1124),
    ("effort high", SHOWN, "thinking", {"type": "adaptive", "display": "summarized"}),
    ("effort high", CLAUDES[2:], "output_config.effort", "high"),
    ("effort xhigh", ("claude-sonnet-4-6",), "output_config.effort", "high"),
    ("effort xhigh", CLAUDES[3:], "output_config.effort", "xhigh"),
    ("effort max", CLAUDES[2:], "output_config.effort", "max"),
    ("thinking enabled", CLAUDES[:3], "thinking", {"type": "enabled", "budget_tokens": 5000}),
    ("thinking enabled", CLAUDES[3:], "thinking.type", "adaptive"),
    ("thinking above the limit", CLAUDES[:3], "thinking.budget_tokens", 3999),
    ("thinking below the minimum", CLAUDES[:3], "thinking.budget_tokens", 1024),
    ("reasoning object", CLAUDES[2:], "output_config.effort", "low"),
    ("reasoning budget", CLAUDES[:3], "thinking.budget_tokens", 3000),
    ("both", CLAUDES[:3], "thinking.budget_tokens", 5000),
    ("thinking and forced", OLD, "thinking", GONE),
    ("thinking and forced", CLAUDES[2:5], "tool_choice", {"type": "any"}),
    ("thinking and forced", CLAUDES[2:5], "thinking.type", "adaptive"),
    ("thinking and temperature", CLAUDES, "temperature", GONE),
    ("thinking and top_p", OLD, "top_p", 0.97),
    ("thinking and prefill", OLD, "thinking", GONE),
    ("loop with blocks", CLAUDES, "messages.1.content.0",
     {"type": "thinking", "thinking": "hm", "signature": "c2lnbmF0dXJl"}),
    ("loop with blocks", CLAUDES, "messages.1.content.1", {"type": "redacted_thinking", "data": "ZGF0YQ=="}),
    ("loop with blocks", CLAUDES, "messages.1.content.2.type", "tool_use"),
    ("loop with blocks and no content key", CLAUDES, "messages.1.content.0.type", "thinking"),
    ("loop with blocks in the content", CLAUDES, "messages.1.content.0.type", "thinking"),
    ("loop without blocks", OLD, "thinking", GONE),
    ("blocks of an empty thought", CLAUDES, "messages.1.content.0",
     {"type": "thinking", "thinking": "", "signature": "c2ln"}),
    ("reasoning with an anthropic signature", CLAUDES, "messages.1.content.0.signature", "c2ln"),
    ("reasoning_details", CLAUDES, "messages.1.content.1", {"type": "redacted_thinking", "data": "ZGF0YQ=="}),
    ("content_blocks", CLAUDES, "messages.1.content.0.type", "thinking"),
    ("signature in the id", CLAUDES, "messages.1.content.0.id", "c1"),
    ("signature in the id", CLAUDES, "messages.2.content.0.tool_use_id", "c1"),
    ("system parts", CLAUDES, "system", [{"type": "text", "text": text} for text in "abc"]),
    ("developer", CLAUDES, "system", [{"type": "text", "text": "be kind"}]),
    ("system in the middle", FREE, "system", [{"type": "text", "text": "mind"}]),
    ("system in the middle", CLAUDES[3:5], "messages.1", {"role": "system", "content": [{"type": "text",
         "text": "mind"}]}),
    ("system at the end", CLAUDES[3:5], "messages.3.role", "system"),
    ("system after an assistant", CLAUDES, "system.0.text", "mind"),
    ("parts, one empty", CLAUDES, "messages.0.content", "a"),
    ("unicode", CLAUDES, "messages.0.content", "é😀\u2028\u0000\ufeff"),
    ("refusal of an assistant", CLAUDES, "messages.1.content", "I will not."),
    ("user", CLAUDES, "metadata", {"user_id": "u-1"}),
    ("safety_identifier", CLAUDES, "metadata", {"user_id": "u-1"}),
    ("tier default", CLAUDES, "service_tier", "standard_only"),
    ("stream", CLAUDES, "stream", True),
]  # fmt: skip

# (probe, path of the loss, kind/severity)
LOSSES = [
    ("temperature 1.5", "/temperature", "approximated/quality", FREE),
    ("temperature 0", "/temperature", "dropped/quality", CLAUDES[3:]),
    ("seed", "/seed", "dropped/hint", CLAUDES),
    ("penalties", "/presence_penalty", "dropped/quality", CLAUDES),
    ("n 2", "/n", "dropped/contract", CLAUDES),
    ("logprobs", "/logprobs", "dropped/contract", CLAUDES),
    ("logit_bias", "/logit_bias", "dropped/contract", CLAUDES),
    ("prediction", "/prediction", "dropped/contract", CLAUDES),
    ("modalities audio", "/audio", "dropped/contract", CLAUDES),
    ("unknown field", "/frobnicate", "dropped/contract", CLAUDES),
    ("stop blank", "/stop", "dropped/contract", CLAUDES),
    ("choice required", "/tool_choice", "approximated/contract", FORCELESS),
    ("custom tool with grammar", "/tools/0", "approximated/contract", CLAUDES),
    ("unknown builtin tool", "/tools/0", "dropped/contract", CLAUDES),
    ("tool strict", "/tools/0/function/strict", "dropped/quality", CLAUDES[:1]),
    ("metadata", "/metadata", "dropped/hint", CLAUDES),
    ("store", "/store", "dropped/hint", CLAUDES),
    ("verbosity low", "/verbosity", "dropped/quality", CLAUDES),
    ("five marks", "/messages/0/content/0/cache_control", "dropped/cost", CLAUDES),
    ("mark of 24 hours", "/messages/0/content/0/cache_control", "approximated/cost", CLAUDES),
    ("cache key", "/prompt_cache_key", "dropped/cost", CLAUDES),
    ("detail", "/messages/0/content/0/image_url/detail", "dropped/hint", CLAUDES),
    ("effort none", "/reasoning_effort", "approximated/quality", ALWAYS),
    ("effort minimal", "/reasoning_effort", "approximated/quality", CLAUDES[2:]),
    ("effort high within 100", "/max_tokens", "approximated/cost", OLD),
    ("both", "/reasoning_effort", "dropped/quality", CLAUDES),
    ("thinking and forced", "/reasoning_effort", "dropped/quality", OLD),
    ("thinking and temperature", "/temperature", "dropped/quality", CLAUDES),
    ("loop without blocks", "/reasoning_effort", "dropped/quality", OLD),
    ("blocks without a signature", "/messages/1/thinking_blocks/0", "dropped/quality", CLAUDES),
    ("reasoning_content alone", "/messages/1/reasoning_content", "dropped/quality", CLAUDES),
    ("signature 1", "/messages/1/tool_calls/0", "dropped/quality", CLAUDES),
    ("signature 2", "/messages/1/tool_calls/0", "dropped/quality", CLAUDES),
    ("signature 3", "/messages/1/tool_calls/0", "dropped/quality", CLAUDES),
    ("signature 4", "/messages/1/tool_calls/0", "dropped/quality", CLAUDES),
    ("signature 5", "/messages/1/tool_calls/0", "dropped/quality", CLAUDES),
    ("signature in the id", "/messages/1/tool_calls/0", "dropped/quality", CLAUDES),
    ("system in the middle", "/messages/1", "approximated/quality", FREE),
    ("names", "/messages/0/name", "dropped/hint", CLAUDES),
    ("unknown message key", "/messages/0/mood", "dropped/quality", CLAUDES),
    ("unknown part key", "/messages/0/content/0/mood", "dropped/quality", CLAUDES),
    ("strict schema bounds", "/response_format/json_schema/schema/properties/a/minimum", "approximated/quality",
     CLAUDES[1:]),
]  # fmt: skip

# (probe, the param that the 400 names), under the default policy
REFUSED = [
    ("n 2", "n"), ("logprobs", "logprobs"), ("logit_bias", "logit_bias"), ("stop blank", "stop"),
    ("choice of an unknown name", "tool_choice"), ("choice required without tools", "tool_choice"),
    ("custom tool with grammar", "tools[0]"), ("unknown builtin tool", "tools[0]"),
    ("result missing", "messages[1].tool_calls[0]"), ("result orphan", "messages[1].tool_call_id"),
    ("result twice", "messages[3].tool_call_id"),
    ("arguments invalid", "messages[1].tool_calls[0].function.arguments"),
    ("arguments array", "messages[1].tool_calls[0].function.arguments"),
    ("strict but not strict", "response_format"), ("gs", "messages[0].content[0]"),
    ("image that is audio", "messages[0].content[0]"), ("image of a type nobody takes", "messages[0].content[0]"),
    ("bad data url", "messages[0].content[0].image_url.url"), ("docx", "messages[0].content[0]"),
    ("their file id", "messages[0].content[0]"), ("audio", "messages[0].content[0]"), ("video",
         "messages[0].content[0]"),
    ("unknown part", "messages[0].content[0]"), ("prediction", "prediction"), ("unknown field", "frobnicate"),
    ("modalities audio", "modalities"), ("moderation", "moderation"),
    ("image in a system message", "messages[0].content[0]"), ("image of the assistant", "messages[1].content[0]"),
]  # fmt: skip


def told(name, model):
    return call(BODIES[name], "openai_chat", "anthropic", model, on_loss=ALLOW)


@pytest.mark.parametrize(("name", "models", "path", "value"), VALUES)
def test_it_becomes(name, models, path, value):
    for model in models:
        assert native(told(name, model), path) == value, model


@pytest.mark.parametrize(("name", "path", "words", "models"), LOSSES)
def test_it_is_lost(name, path, words, models):
    for model in models:
        assert words in lost(told(name, model), path), (model, told(name, model).losses)


@pytest.mark.parametrize(("name", "param"), REFUSED)
def test_it_is_refused(name, param):
    for model in CLAUDES:
        answer = call(BODIES[name], "openai_chat", "anthropic", model)
        assert answer.status == 400
        assert answer.error["param"] == param
        assert answer.error["type"] == "invalid_request_error"
        assert answer.error["code"]


BYTES = [
    ("arguments spaced", b'{ "a" : 1 ,\n"b":[ ] }'),
    ("arguments escaped", b'{"a":"\\u00e9\\ud83d\\ude00\\/"}'),
    ("arguments keys twice", b'{"a":1,"a":2}'),
    ("deep arguments", b'{"a":' * 300 + b"1" + b"}" * 300),
]


@pytest.mark.parametrize(("name", "kept"), BYTES)
def test_arguments_are_kept_byte_for_byte(name, kept):
    assert kept in told(name, "claude-opus-5").raw


def test_numbers_of_arguments_are_kept_byte_for_byte():
    kept = '{"id":12345678901234567890123,"x":1.10,"z":-0.0,"e":1E5}'
    body = orjson.loads(orjson.dumps(BODIES["arguments empty"]))
    body["messages"][1]["tool_calls"][0]["function"]["arguments"] = kept
    assert kept.encode() in call(body, "openai_chat", "anthropic", "claude-opus-5").raw


def test_a_limit_that_nobody_asked_for_is_reported():
    for model in CLAUDES:
        assert [(loss["kind"], loss["severity"]) for loss in told("temperature 1", model).losses] == [("added", "hint")]


NAMES = ("tool name with dots", "tool name of 80", "tool name unicode", "two tools whose names fall together")


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_come_back(name):
    from ..recordings.driving import reply

    planned = told(name, "claude-opus-5")
    given = [tool["function"]["name"] for tool in BODIES[name]["tools"]]
    sent = [tool["name"] for tool in planned.body["tools"]]
    assert len(set(sent)) == len(given)
    content = [{"type": "tool_use", "id": f"t{at}", "name": one, "input": {}} for at, one in enumerate(sent)]
    answer = {
        "id": "m", "type": "message", "role": "assistant", "model": "c", "content": content,
        "stop_reason": "tool_use", "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1},
    }  # fmt: skip
    heard = reply(planned.head["context"], orjson.dumps(answer)).body["choices"][0]["message"]
    assert [one["function"]["name"] for one in heard["tool_calls"]] == given


def test_a_system_text_never_parts_a_call_from_its_result():
    for model in CLAUDES:
        turns = told("results between system texts", model).body["messages"]
        assert [turn["role"] for turn in turns[:3]] == ["user", "assistant", "user"]
        assert turns[2]["content"][0]["type"] == "tool_result"


@pytest.mark.parametrize("name", ["web search tool", "a function beside web search"])
def test_a_builtin_search_is_the_providers_own(name):
    for model in CLAUDES:
        tools = told(name, model).body["tools"]
        assert [one["type"] for one in tools if one["name"] == "web_search"] == ["web_search_20250305"]
