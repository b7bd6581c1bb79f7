"""Odd cases on demand: errors, endings, broken streams."""

import time

import anthropic
import httpx
import openai
import pytest
from dragoman.standins import running
from dragoman.standins.oddities import oddities

TOOL = {"name": "f", "input_schema": {"type": "object"}}


@pytest.mark.parametrize(
    ("text", "header", "asked"),
    [
        ("error:429 please", "", {"error": 429}),
        ("please [length] it", "", {"length": 0}),
        ("[slow:5, long:20]", "", {"slow": 5, "long": 20}),
        ("hang", "", {"hang": 0}),
        ("slow:5 truncate", "", {"slow": 5, "truncate": 0}),
        ("hang on, what is the length?", "", {}),
        ("hello", "refusal, slow:3", {"refusal": 0, "slow": 3}),
        ("terror:500 and error:x", "", {}),
        ("", "", {}),
    ],
)
def test_magic_words_are_found_and_plain_talk_is_left_alone(text, header, asked):
    assert oddities(text, header).asked == asked


@pytest.fixture
def ask_openai(chat):
    def ask(text, **rest):
        return chat.create(model="gpt-4o", messages=[{"role": "user", "content": text}], **rest)

    return ask


@pytest.fixture
def ask_anthropic(messages):
    def ask(text, **rest):
        asked = {"model": "claude-haiku-4-5", "max_tokens": 2000, "messages": [{"role": "user", "content": text}]}
        return messages.create(**{**asked, **rest})

    return ask


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_openai_fails_natively_on_demand(ask_openai, status):
    with pytest.raises(openai.APIStatusError) as caught:
        ask_openai(f"error:{status}")
    assert caught.value.status_code == status
    assert caught.value.type
    assert ("retry-after" in caught.value.response.headers) is (status in (429, 503))
    assert "x-ratelimit-remaining-tokens" in caught.value.response.headers


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 413, 429, 500, 504, 529])
def test_anthropic_fails_natively_on_demand(ask_anthropic, status):
    with pytest.raises(anthropic.APIStatusError) as caught:
        ask_anthropic(f"error:{status}")
    assert caught.value.status_code == status
    assert caught.value.body["error"]["type"].endswith(("_error", "_large"))
    assert ("retry-after" in caught.value.response.headers) is (status == 429)


def test_spent_quota_is_told_apart_from_a_busy_moment(ask_openai, ask_anthropic):
    with pytest.raises(openai.RateLimitError) as caught:
        ask_openai("quota")
    assert caught.value.code == "insufficient_quota"
    with pytest.raises(anthropic.RateLimitError) as spent:
        ask_anthropic("quota")
    assert "retry-after" not in spent.value.response.headers


def test_prompts_that_are_too_long_are_named_so(ask_openai, ask_anthropic):
    with pytest.raises(openai.BadRequestError) as caught:
        ask_openai("too-long")
    assert caught.value.code == "context_length_exceeded"
    with pytest.raises(anthropic.BadRequestError, match="prompt is too long"):
        ask_anthropic("too-long")


def test_header_asks_as_the_text_does(ask_openai):
    with pytest.raises(openai.InternalServerError):
        ask_openai("hello", extra_headers={"x-standin": "error:503"})


@pytest.mark.parametrize(
    ("word", "finish"),
    [("length", "length"), ("stop-sequence", "stop"), ("unknown-stop", "future_reason"), ("content-filter", None)],
)
def test_openai_ends_as_asked(ask_openai, word, finish):
    choice = ask_openai(word).choices[0]
    assert choice.finish_reason == (finish or "content_filter")
    last = list(ask_openai(word, stream=True))[-1]
    assert last.choices[0].finish_reason == choice.finish_reason


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("length", "max_tokens"),
        ("stop-sequence", "stop_sequence"),
        ("unknown-stop", "future_reason"),
        ("pause", "pause_turn"),
        ("refusal", "refusal"),
    ],
)
def test_anthropic_ends_as_asked(ask_anthropic, word, reason):
    assert ask_anthropic(word).stop_reason == reason
    events = list(ask_anthropic(word, stream=True))
    assert events[-2].delta.stop_reason == reason


def test_openai_refuses_in_its_own_field(ask_openai):
    message = ask_openai("refusal").choices[0].message
    assert message.content is None
    assert message.refusal
    deltas = [chunk.choices[0].delta for chunk in ask_openai("refusal", stream=True)]
    assert "".join(delta.refusal or "" for delta in deltas) == message.refusal


def test_anthropic_explains_a_refusal(ask_anthropic):
    assert ask_anthropic("refusal").stop_details.explanation


def test_empty_answers_are_empty(ask_openai, ask_anthropic):
    assert ask_openai("empty").choices[0].message.content == ""
    assert ask_anthropic("empty").content == []


def test_redacted_thinking_stands_beside_two_calls(ask_anthropic):
    thinking = {"type": "enabled", "budget_tokens": 1024}
    reply = ask_anthropic("redacted", tools=[TOOL], thinking=thinking)
    assert [block.type for block in reply.content] == ["redacted_thinking", "tool_use", "tool_use"]
    starts = [event for event in ask_anthropic("redacted", tools=[TOOL], stream=True, thinking=thinking)
              if event.type == "content_block_start"]  # fmt: skip
    assert starts[0].content_block.data


def test_citations_come_on_demand(ask_openai, ask_anthropic):
    assert ask_openai("citations").choices[0].message.annotations[0].url_citation.url
    assert ask_anthropic("citations").content[0].citations[0].url


def test_long_gives_as_many_deltas_as_asked(ask_openai, ask_anthropic):
    deltas = [chunk.choices[0].delta.content for chunk in ask_openai("long:250", stream=True)]
    assert sum(1 for text in deltas if text) == 250
    events = list(ask_anthropic("long:250", stream=True, max_tokens=5))
    assert sum(1 for event in events if event.type == "content_block_delta") == 250


def test_slow_waits_before_every_event(ask_openai):
    began = time.perf_counter()
    count = len(list(ask_openai("slow:10", stream=True)))
    assert time.perf_counter() - began >= count * 0.01


def test_errors_come_in_mid_stream(ask_openai, ask_anthropic):
    with pytest.raises(openai.APIError) as caught:
        list(ask_openai("mid-error", stream=True))
    assert caught.value.code == "server_error"
    with pytest.raises(anthropic.APIStatusError) as broken:
        list(ask_anthropic("mid-error", stream=True))
    assert broken.value.body["error"]["type"] == "overloaded_error"


@pytest.mark.parametrize("word", ["truncate", "stall", "hang", "reset", "garbage"])
@pytest.mark.parametrize("streamed", [False, True])
def test_broken_answers_break_and_leave_nothing(word, streamed):
    with running("openai") as standin:
        body = {"model": "gpt-4o", "messages": [{"role": "user", "content": word}], "stream": streamed}
        with httpx.Client(base_url=standin.base_url, headers={"authorization": "Bearer k"}, timeout=0.2) as client:
            if word == "garbage":
                text = client.post("/v1/chat/completions", json=body).text
                assert "<html>" in text
            else:
                error = httpx.ReadTimeout if word in ("hang", "stall") else (httpx.NetworkError, httpx.ProtocolError)
                with pytest.raises(error):
                    client.post("/v1/chat/completions", json=body)
        nothing_left(standin)


def nothing_left(standin):
    for _ in range(200):
        if not (standin.open_connections or standin.streams_running):
            return
        time.sleep(0.01)
    pytest.fail(f"{standin.open_connections} connections, {standin.streams_running} streams left")


def test_hang_up_in_mid_stream_is_noticed_at_once():
    with running("anthropic") as standin:
        body = {
            "model": "claude-haiku-4-5",
            "max_tokens": 60_000,
            "stream": True,
            "messages": [{"role": "user", "content": "[slow:20, long:100000]"}],
        }
        headers = {"x-api-key": "k", "anthropic-version": "2023-06-01"}
        with httpx.stream("POST", standin.base_url + "/v1/messages", json=body, headers=headers) as reply:
            next(reply.iter_bytes())
            assert (standin.open_connections, standin.streams_running) == (1, 1)
        nothing_left(standin)
        assert standin.hang_ups == 1
