"""spec/chat.md 9, usage: one test a sentence, in the order of the text, for every provider."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..core.proof.calls import chunks, cut, frames, receive, stream
from ..core.proof.strategies import law
from .provider_answers import (
    CHAT,
    CLAUDE,
    GOOGLE,
    NAMES,
    PROVIDERS,
    WAYS,
    Counts,
    Json,
    Said,
    ask,
    chunk,
    context,
    reply_of,
    stream_of,
    streamed,
    told,
    usage_of,
)

ASKED: Json = {"stream_options": {"include_usage": True}}
COUNTS = Counts(fresh=50, read=1200, write=250, text=60, reasoning=20)


def fields_of(way: str) -> Json:
    return ASKED if way == "stream" else {}


def writes(name: str) -> int:
    """Tokens written to a cache: Gemini's wire does not tell them, and counts them as read afresh."""
    return 0 if name in GOOGLE else COUNTS.write


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_prompt_tokens_counts_everything_read(name, way):
    """`prompt_tokens` counts everything read (fresh + cache read + cache write)"""
    usage = WAYS[way](name, Said(usage=usage_of(name, COUNTS)), **fields_of(way)).usage
    assert usage["prompt_tokens"] == 50 + 1200 + 250


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_cached_tokens_are_the_reads(name, way):
    """`prompt_tokens_details.cached_tokens` the reads"""
    usage = WAYS[way](name, Said(usage=usage_of(name, COUNTS)), **fields_of(way)).usage
    assert usage["prompt_tokens_details"]["cached_tokens"] == 1200


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_cache_reads_and_writes_ride_along(name, way):
    """`cache_read_input_tokens` and `cache_creation_input_tokens` ride along"""
    usage = WAYS[way](name, Said(usage=usage_of(name, COUNTS)), **fields_of(way)).usage
    if name in CHAT:
        # A chat server's usage is its own but for true sums; the same numbers have OpenAI's names there.
        details = usage["prompt_tokens_details"]
        assert (details["cached_tokens"], details["cache_write_tokens"]) == (1200, 250)
    else:
        assert (usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]) == (1200, writes(name))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CLAUDE)
def test_writes_of_both_lifetimes_are_counted(name, way):
    """`cache_creation_input_tokens` ride along: those of one hour are among them (wire/anthropic.md 10, bedrock.md
    9)"""
    usage = usage_of(name, COUNTS)
    if name == "bedrock":
        usage["cacheDetails"] = [{"ttl": "5m", "inputTokens": 150}, {"ttl": "1h", "inputTokens": 100}]
    else:
        usage["cache_creation"] = {"ephemeral_5m_input_tokens": 150, "ephemeral_1h_input_tokens": 100}
    seen = WAYS[way](name, Said(usage=usage), **fields_of(way))
    assert (seen.usage["prompt_tokens"], seen.usage["cache_creation_input_tokens"]) == (1500, 250)
    assert (seen.head["usage"]["cache_write"], seen.head["usage"]["cache_write_long"]) == (150, 100)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_completion_tokens_includes_reasoning(name, way):
    """`completion_tokens` includes reasoning"""
    usage = WAYS[way](name, Said(usage=usage_of(name, COUNTS)), **fields_of(way)).usage
    assert usage["completion_tokens"] == 60 + 20


@pytest.mark.parametrize("name", NAMES)
@given(st.builds(Counts, *[st.integers(0, 10**6)] * 5))
@law(30)
def test_total_is_prompt_and_completion_always(name, counts):
    """`total_tokens = prompt + completion` always."""
    for way, answer in WAYS.items():
        seen = answer(name, Said(usage=usage_of(name, counts)), **fields_of(way))
        assert seen.usage["total_tokens"] == seen.usage["prompt_tokens"] + seen.usage["completion_tokens"]
        assert seen.usage["total_tokens"] == sum(counts)
        told_head = seen.head["usage"]
        assert (told_head["prompt"], told_head["completion"], told_head["total"]) == (
            seen.usage["prompt_tokens"], seen.usage["completion_tokens"], sum(counts),
        )  # fmt: skip


ODD_TOTALS: dict[str, Json] = {
    "openai": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 99},
    "openai_compatible": {"prompt_tokens": 5, "completion_tokens": 2},
    "gemini": {"promptTokenCount": 5, "candidatesTokenCount": 2, "totalTokenCount": 99},
    "vertex": {"promptTokenCount": "5", "candidatesTokenCount": "2"},
    "bedrock": {"inputTokens": 5, "outputTokens": 2, "totalTokens": 99},
    "anthropic": {"input_tokens": 5, "output_tokens": 2},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ODD_TOTALS)
def test_total_is_derived_whatever_the_provider_adds_up(name, way):
    """`total_tokens = prompt + completion` always."""
    usage = WAYS[way](name, Said(usage=ODD_TOTALS[name]), **fields_of(way)).usage
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (5, 2, 7)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", GOOGLE)
def test_what_a_server_tool_read_is_read(name, way):
    """`prompt_tokens` counts everything read: `toolUsePromptTokenCount` too (wire/gemini.md 13)"""
    usage = {**usage_of(name, Counts(10, 4, 0, 5, 3)), "toolUsePromptTokenCount": 7, "totalTokenCount": 29}
    seen = WAYS[way](name, Said(usage=usage), **fields_of(way)).usage
    assert (seen["prompt_tokens"], seen["completion_tokens"], seen["total_tokens"]) == (21, 8, 29)


@pytest.mark.parametrize("name", CHAT)
def test_more_cached_than_read_is_never_negative(name):
    """`prompt_tokens` counts everything read; wire/observed.md 3: "`cached_tokens` larger than `prompt_tokens`" """
    usage = {
        "prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6, "prompt_tokens_details": {"cached_tokens": 9},
    }  # fmt: skip
    body: Json = {"max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    got = receive(context(name, client="anthropic", **body), reply_of(name, Said(usage=usage)))
    assert (got.body["usage"]["input_tokens"], got.body["usage"]["cache_read_input_tokens"]) == (0, 5)
    assert (got.head["usage"]["prompt"], got.head["usage"]["total"]) == (5, 6)


@pytest.mark.parametrize("name", CHAT)
def test_a_server_s_further_counts_are_kept(name):
    """section 9 is about true sums; what else a server counts is its own (wire/observed.md 0: never closed)"""
    more = {"queue_time": 0.5, "cost_in_usd_ticks": 12, "num_sources_used": 0}
    usage = {**usage_of(name, COUNTS), **more}
    seen = told(name, Said(usage=usage)).usage
    assert {key: seen[key] for key in more} == more


# Streams: collected always


@pytest.mark.parametrize("name", NAMES)
def test_usage_of_a_stream_is_collected_though_nobody_asked(name):
    """Streams: collected always"""
    seen = streamed(name, Said(usage=usage_of(name, COUNTS)))
    assert (seen.head["usage"]["prompt"], seen.head["usage"]["completion"], seen.head["usage"]["total"]) == (
        1500, 80, 1580,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["openai", "azure", "xai", "groq", "openai_compatible"])
def test_a_provider_that_tells_usage_only_when_asked_is_asked(name):
    """Streams: collected always: what has to be asked for is asked for, and that is reported"""
    sent = ask(name, stream=True)
    assert sent.body["stream_options"] == {"include_usage": True}
    assert ("/stream_options/include_usage", "added", "hint") in sent.lost
    asked = ask(name, stream=True, **ASKED)
    assert asked.body["stream_options"] == {"include_usage": True}
    assert ("/stream_options/include_usage", "added", "hint") not in asked.lost


@pytest.mark.parametrize("name", ["anthropic", "vertex_claude"])
def test_usage_of_claude_s_stream_is_cumulative(name):
    """Streams: collected always; wire/anthropic.md 11: "cumulative totals (overwrite, never add)" """
    raw = stream_of(name, Said(usage=usage_of(name, COUNTS)))
    assert raw.count(b'"output_tokens":1}') == 1
    later = raw.replace(b'"usage":{"output_tokens":80', b'"usage":{"input_tokens":900,"output_tokens":80')
    _, head = stream(context(name, stream=True), [later])
    assert (head["usage"]["fresh"], head["usage"]["completion"]) == (900, 80)


@pytest.mark.parametrize("name", GOOGLE)
def test_the_last_usage_of_a_google_stream_counts(name):
    """Streams: collected always; wire/gemini.md 14: "in many chunks, cumulative: last one wins" """
    first = {"candidates": [{"index": 0, "content": {"role": "model", "parts": [{"text": "A"}]}}],
             "usageMetadata": {"promptTokenCount": 1500, "totalTokenCount": 1500}}  # fmt: skip
    types_only = {**first, "usageMetadata": {"trafficType": "ON_DEMAND"}}
    raw = b"".join(b"data: " + orjson.dumps(item) + b"\r\n\r\n" for item in (first, types_only))
    _, head = stream(context(name, stream=True), [raw + stream_of(name, Said("B", usage=usage_of(name, COUNTS)))])
    assert (head["usage"]["prompt"], head["usage"]["completion"]) == (1500, 80)


def test_usage_of_converse_comes_behind_the_stop_reason():
    """Streams: collected always; wire/bedrock.md 11: "Usage comes **after** the stop reason" """
    raw = stream_of("bedrock", Said(usage=usage_of("bedrock", COUNTS)))
    assert raw.index(b"messageStop") < raw.index(b"inputTokens")
    out, head = stream(context("bedrock", stream=True, **ASKED), cut(raw, 7))
    assert head["usage"]["total"] == 1580
    assert frames(out)[-2]["usage"]["total_tokens"] == 1580


# emitted as the final chunk with empty `choices` when asked, never twice, never followed by a null


def usages(out: bytes) -> list[Any]:
    return [item.get("usage") for item in frames(out) if item != "[DONE]"]


@pytest.mark.parametrize("name", NAMES)
def test_usage_is_the_final_chunk_with_empty_choices_when_asked(name):
    """emitted as the final chunk with empty `choices` when `stream_options.include_usage` is set"""
    made = context(name, stream=True, **ASKED)
    out, _ = stream(made, [stream_of(name, Said(usage=usage_of(name, COUNTS)))])
    items = frames(out)
    assert items[-1] == "[DONE]"
    assert items[-2]["choices"] == []
    assert items[-2]["usage"]["total_tokens"] == 1580
    assert items[-3]["choices"][0]["finish_reason"] == "stop"
    assert {(item["id"], item["model"], item["created"]) for item in items[:-1]} == {
        (items[0]["id"], items[0]["model"], items[0]["created"])
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_earlier_chunk_says_usage_null_as_openai_does(name):
    """emitted as the final chunk …; wire/openai-chat.md 9: "every earlier chunk then has `usage:null`" """
    made = context(name, stream=True, **ASKED)
    out, _ = stream(made, [stream_of(name, Said(usage=usage_of(name, COUNTS)))])
    items = [item for item in frames(out) if item != "[DONE]"]
    assert all("usage" in item and item["usage"] is None for item in items[:-1])


@pytest.mark.parametrize("fields", [{}, {"stream_options": {}}, {"stream_options": {"include_usage": False}}], ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_no_usage_is_emitted_unasked(name, fields):
    """when `stream_options.include_usage` is set"""
    made = context(name, stream=True, **fields)
    out, _ = stream(made, [stream_of(name, Said(usage=usage_of(name, COUNTS)))])
    # Groq's own aside of the finish chunk, `x_groq`, passes like any key of a chat server.
    assert all(item == "[DONE]" or ("usage" not in item and item["choices"]) for item in frames(out))


@pytest.mark.parametrize("size", [1, 17, 10_000])
@pytest.mark.parametrize("name", NAMES)
def test_usage_is_never_emitted_twice_nor_followed_by_a_null(name, size):
    """never twice, never followed by a null"""
    made = context(name, stream=True, **ASKED)
    out, _ = stream(made, cut(stream_of(name, Said(usage=usage_of(name, COUNTS))), size))
    found = usages(out)
    assert [bool(usage) for usage in found] == [False] * (len(found) - 1) + [True]


U: Json = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
BEGIN = chunk({"role": "assistant", "content": "A"})
PLACES = {
    "finish chunk": [BEGIN, chunk({}, "stop", usage=U)],
    "every chunk": [
        {**BEGIN, "usage": {**U, "completion_tokens": 1}},
        chunk({}, "stop", usage=U),
        chunk(None, usage=U),
    ],
    "second finish chunk": [BEGIN, chunk({}, "stop"), chunk({}, "stop", usage=U)],
    "aside": [BEGIN, chunk({}, "stop", x_groq={"id": "q", "usage": U})],
    "aside and beside": [BEGIN, chunk({}, "stop", x_groq={"id": "q", "usage": U}, usage=U), chunk(None, usage=U)],
    "null behind": [BEGIN, chunk({}, "stop", usage=U), chunk({}, None, usage=None)],
}
"""Where servers put usage (wire/observed.md 8 and 10, wire/xai.md 6, wire/groq.md 5)."""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", CHAT)
def test_wherever_a_server_puts_usage_it_is_emitted_once_and_last(name, place):
    """emitted as the final chunk with empty `choices` …, never twice, never followed by a null"""
    out, head = stream(context(name, stream=True, **ASKED), [chunks(*PLACES[place])])
    found = usages(out)
    assert [bool(usage) for usage in found] == [False] * (len(found) - 1) + [True]
    assert frames(out)[-2]["choices"] == []
    assert (head["usage"]["prompt"], head["usage"]["completion"], found[-1]["total_tokens"]) == (3, 2, 5)


# Law: streamed usage == non-streamed usage


@pytest.mark.parametrize("name", NAMES)
@given(st.builds(Counts, *[st.integers(0, 10**6)] * 5))
@law(30)
def test_the_law_streamed_usage_is_non_streamed_usage(name, counts):
    """Law: streamed usage == non-streamed usage."""
    said = Said(usage=usage_of(name, counts))
    whole, pieces = told(name, said), streamed(name, said, **ASKED)
    assert pieces.usage == whole.usage
    assert pieces.head["usage"] == whole.head["usage"]


def test_every_provider_is_here():
    """section 1: the providers of the table"""
    assert {to.to for to in PROVIDERS.values()} == {
        "openai", "azure", "anthropic", "bedrock", "gemini", "vertex", "xai", "groq", "openai_compatible",
    }  # fmt: skip
