"""The Anthropic stand-in, driven by the official client."""

import base64
import json
import struct

import anthropic
import pytest
from dragoman.standins import running

SAMPLE = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"name": "get_weather", "input_schema": SAMPLE}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 7, 5) + b"\x08\x02\0\0\0"
MANUAL = {"type": "enabled", "budget_tokens": 1024}
OLD = {"model": "claude-haiku-4-5", "max_tokens": 2000}


def ask(text):
    return [{"role": "user", "content": text}]


def kinds(reply):
    return [block.type for block in reply.content]


def test_text_echoes_the_last_user_text(messages):
    reply = messages.create(**OLD, messages=ask("good morning"))
    assert [block.text for block in reply.content] == ["You said: good morning"]
    assert reply.stop_reason == "end_turn"
    assert reply.usage.input_tokens > 0


def test_same_request_gives_the_same_bytes(messages):
    create = messages.with_raw_response.create
    first, second = (create(**OLD, messages=ask("again")).http_response.content for _ in range(2))
    assert first == second


def test_stream_folds_into_the_whole(messages):
    asked = {**OLD, "messages": ask("weather in both Oslo and Rome"), "tools": [WEATHER], "thinking": MANUAL}
    whole = messages.create(**asked)
    with messages.stream(**asked) as stream:
        folded = stream.get_final_message()
    assert kinds(folded) == kinds(whole) == ["thinking", "tool_use", "tool_use"]
    assert [block.input for block in folded.content[1:]] == [{"city": "Oslo"}, {"city": "Rome"}]
    assert [block.input for block in whole.content[1:]] == [{"city": "Oslo"}, {"city": "Rome"}]
    assert folded.content[0].thinking == whole.content[0].thinking
    assert folded.usage.output_tokens == whole.usage.output_tokens
    assert folded.stop_reason == whole.stop_reason == "tool_use"


def test_stream_looks_like_the_native_one(messages):
    create = messages.with_streaming_response.create
    with create(**OLD, messages=ask("weather"), tools=[{**WEATHER, "input_schema": {"type": "object"}}],
                stream=True) as reply:  # fmt: skip
        raw = reply.read().decode()
    frames = [dict(line.split(": ", 1) for line in frame.splitlines()) for frame in raw.strip().split("\n\n")]
    events = [frame["event"] for frame in frames]
    assert events[:3] == ["message_start", "content_block_start", "ping"]
    assert events[-2:] == ["message_delta", "message_stop"]
    assert all(json.loads(frame["data"])["type"] == frame["event"] for frame in frames)
    assert any(frame["data"].endswith(" }") for frame in frames)
    pieces = [json.loads(frame["data"])["delta"] for frame in frames if frame["event"] == "content_block_delta"]
    assert pieces == [{"type": "input_json_delta", "partial_json": ""}]


@pytest.mark.parametrize(
    ("model", "display", "shown"),
    [
        ("claude-opus-4-6", None, True),
        ("claude-opus-4-6", "omitted", False),
        ("claude-opus-5", None, False),
        ("claude-opus-5", "summarized", True),
    ],
)
def test_thinking_is_shown_as_the_model_and_the_request_say(messages, model, display, shown):
    thinking = {"type": "adaptive", **({"display": display} if display else {})}
    with messages.stream(model=model, max_tokens=2000, thinking=thinking, messages=ask("x")) as stream:
        reply = stream.get_final_message()
    assert kinds(reply) == ["thinking", "text"]
    assert bool(reply.content[0].thinking) is shown
    assert len(reply.content[0].signature) > 200
    assert reply.usage.output_tokens_details.thinking_tokens > 0


def test_newer_models_think_unasked_and_older_do_not(messages):
    assert kinds(messages.create(model="claude-opus-5-5", max_tokens=100, messages=ask("x"))) == ["thinking", "text"]
    assert kinds(messages.create(model="claude-opus-4-7", max_tokens=100, messages=ask("x"))) == ["text"]


def test_tool_loop_with_thinking_goes_round(messages):
    for model, thinking in (("claude-haiku-4-5", MANUAL), ("claude-fable-5-2", {"type": "adaptive"})):
        asked = {"model": model, "max_tokens": 2000, "thinking": thinking, "tools": [WEATHER]}
        first = messages.create(**asked, messages=ask("weather in Oslo"))
        result = {"type": "tool_result", "tool_use_id": first.content[1].id, "content": "4 degrees"}
        history = [
            *ask("weather in Oslo"),
            {"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in first.content]},
            {"role": "user", "content": [result]},
        ]
        second = messages.create(**asked, messages=history)
        assert second.content[-1].text == "The tools said: 4 degrees"


def test_image_and_document_are_described_by_what_arrived(messages):
    def source(kind, data):
        return {"type": "base64", "media_type": kind, "data": base64.b64encode(data).decode()}

    parts = [
        {"type": "image", "source": source("image/png", PNG)},
        {"type": "document", "title": "a", "source": source("application/pdf", b"%PDF-1.4 /Type /Page")},
        {"type": "text", "text": "look"},
    ]
    text = messages.create(**OLD, messages=[{"role": "user", "content": parts}]).content[0].text
    assert f"image/png, {len(PNG)} bytes, 7x5 pixels" in text
    assert "a: application/pdf, 20 bytes, 1 page(s)" in text


def test_documents_with_citations_are_cited(messages):
    source = {"type": "text", "media_type": "text/plain", "data": "The sky is blue."}
    document = {"type": "document", "source": source, "citations": {"enabled": True}}
    parts = [document, {"type": "text", "text": "colour?"}]
    with messages.stream(**OLD, messages=[{"role": "user", "content": parts}]) as stream:
        reply = stream.get_final_message()
    assert reply.content[0].citations[0].cited_text == "The sky is blue."


def test_output_format_is_met(messages):
    schema = {**SAMPLE, "additionalProperties": False}
    wanted = {"format": {"type": "json_schema", "schema": schema}}
    reply = messages.create(**OLD, messages=ask("x"), output_config=wanted)
    assert json.loads(reply.content[0].text) == {"city": "some city"}


def test_stop_sequences_and_limits_end_the_text(messages):
    stopped = messages.create(**OLD, messages=ask("one STOP two"), stop_sequences=["STOP"])
    assert (stopped.content[0].text, stopped.stop_reason) == ("You said: one ", "stop_sequence")
    assert stopped.stop_sequence == "STOP"
    limited = messages.create(model="claude-haiku-4-5", max_tokens=2, messages=ask("many words"))
    assert (limited.content[0].text, limited.stop_reason) == ("You said", "max_tokens")
    assert messages.create(model="claude-haiku-4-5", max_tokens=0, messages=ask("x")).content == []


def test_marked_prefix_is_written_once_and_then_read():
    def counts(client, text, ttl):
        mark = {"type": "ephemeral", "ttl": ttl}
        system = [{"type": "text", "text": "word " * 4000, "cache_control": mark}]
        usage = client.messages.create(**OLD, system=system, messages=ask(text)).usage
        return usage.cache_creation_input_tokens, usage.cache_read_input_tokens, usage.input_tokens

    with running("anthropic") as standin, anthropic.Anthropic(api_key="k", base_url=standin.base_url) as client:
        written, read, rest = counts(client, "one", "5m")
        assert written > 5000
        assert read == 0
        assert counts(client, "two", "1h") == (0, written, rest)


def test_small_prefixes_are_not_cached_unless_told_so():
    mark = {"type": "ephemeral"}
    asked = {**OLD, "system": [{"type": "text", "text": "short", "cache_control": mark}], "messages": ask("x")}
    for options, cached in (({}, False), ({"cache_minimum": 0}, True)):
        with (
            running("anthropic", **options) as standin,
            anthropic.Anthropic(api_key="k", base_url=standin.base_url) as client,
        ):
            assert bool(client.messages.create(**asked).usage.cache_creation_input_tokens) is cached


def test_tokens_are_counted_as_they_are_charged(messages):
    counted = messages.count_tokens(model="claude-haiku-4-5", messages=ask("x" * 100))
    assert counted.input_tokens == messages.create(**OLD, messages=ask("x" * 100)).usage.input_tokens


def test_models_tell_what_they_accept(anthropic_standin):
    with anthropic.Anthropic(api_key="k", base_url=anthropic_standin.base_url) as client:
        found = client.models.retrieve("claude-opus-4-6")
        assert found.id in {model.id for model in client.models.list()}
    assert found.capabilities.thinking.types.adaptive.supported
    assert not found.capabilities.effort.xhigh.supported


def test_beta_requests_are_judged_by_the_beta_types(anthropic_standin):
    with anthropic.Anthropic(api_key="k", base_url=anthropic_standin.base_url) as client:
        edits = {"edits": [{"type": "clear_tool_uses_20250919"}]}
        reply = client.beta.messages.create(
            **OLD, messages=ask("x"), betas=["context-management-2025-06-27"], context_management=edits
        )
    assert reply.content[0].text == "You said: x"
