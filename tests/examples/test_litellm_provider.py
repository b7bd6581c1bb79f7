"""The example under LiteLLM in an environment of its own, against stand-in providers that judge every payload."""

import fcntl
import json
import os
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest
from dragoman.standins import running
from environments import ROOT, environment

EXAMPLE = ROOT / "examples" / "litellm_provider"
PROVIDERS = ("anthropic", "openai", "gemini", "bedrock")


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the calls of `litellm_calls` came to. LiteLLM takes seconds to import: processes of one run ask once."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return ask()
    told = tmp_path_factory.getbasetemp().parent / "litellm.json"
    with told.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(json.dumps(ask()))
    return json.loads(told.read_text())


def ask():
    python = environment(EXAMPLE / "requirements.txt")
    script = Path(__file__).parent / "litellm_calls.py"
    with ExitStack() as stack:
        standins = {name: stack.enter_context(running(name)) for name in PROVIDERS}
        places = {name: one.base_url + ("/v1" if name == "openai" else "") for name, one in standins.items()}
        # LiteLLM asks the internet for prices when it is imported, unless it is told not to.
        variables = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        run = [python, "-I", script, json.dumps(places)]
        done = subprocess.run(run, env=variables, capture_output=True, text=True, check=False, timeout=180)
        assert done.returncode == 0, done.stderr[-4000:]
        assert [one.crashes for one in standins.values()] == [[]] * len(standins)
        return json.loads(done.stdout.splitlines()[-1])


def message_of(response):
    return response["choices"][0]["message"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_whole_answers_and_streams_say_the_same(said, provider):
    whole, stream = said[provider]["whole"], said[provider]["stream"]
    assert "Hello" in message_of(whole)["content"]
    assert whole["choices"][0]["finish_reason"] == stream["choices"][0]["finish_reason"] == "stop"
    assert stream["chunks"] > 3
    for other in (stream, said[provider]["async_whole"], said[provider]["async_stream"]):
        assert message_of(other)["content"] == message_of(whole)["content"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_usage_arrives_in_both(said, provider):
    whole, stream = said[provider]["whole"]["usage"], said[provider]["stream"]["usages"]
    assert whole["total_tokens"] == whole["prompt_tokens"] + whole["completion_tokens"] > 0
    assert [usage["total_tokens"] for usage in stream] == [whole["total_tokens"]]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("way", ["tool", "tool_stream"])
def test_tools_are_called(said, provider, way):
    response = said[provider][way]
    assert response["choices"][0]["finish_reason"] == "tool_calls"
    (call,) = message_of(response)["tool_calls"]
    assert call["function"]["name"] == "get_weather"
    assert json.loads(call["function"]["arguments"]) == {"city": "Paris"}
    assert call["id"]


def test_losses_stand_where_litellm_has_what_is_its_own(said):
    response = said["anthropic"]["whole"]
    assert "/seed" in [loss["path"] for loss in response["hidden"]["dragoman_losses"]]
    shown = json.loads(response["hidden"]["additional_headers"]["llm_provider-x-dragoman-losses"])
    assert "/seed dropped hint" in shown


def test_losses_of_a_stream_stand_in_its_last_chunk(said):
    for way in ("stream", "async_stream"):
        (losses,) = said["anthropic"][way]["losses"]
        assert "/seed" in [loss["path"] for loss in losses]


def test_where_nothing_of_the_request_is_lost_nothing_is_said_of_it(said):
    shown = said["openai"]["whole"]["hidden"]["dragoman_losses"]
    assert [loss for loss in shown if loss["path"]] == []


def test_reasoning_arrives_whole_and_streamed(said):
    whole, stream = said["unusual"]["thinking"], said["unusual"]["thinking_stream"]
    assert message_of(whole)["reasoning_content"]
    assert message_of(stream)["reasoning_content"] == message_of(whole)["reasoning_content"]
    assert message_of(whole)["thinking_blocks"][0]["signature"]


@pytest.mark.parametrize(
    ("case", "kind", "status", "words"),
    [
        ("refused", "BadRequestError", 400, "Unsupported parameter: 'n'"),
        ("no_model", "NotFoundError", 404, "no-such-model"),
        ("no_provider", "NotFoundError", 404, "PROVIDER/MODEL"),
        ("rate_limit", "RateLimitError", 429, "rate limit"),
        ("rate_limit_stream", "RateLimitError", 429, "rate limit"),
        ("rate_limit_later", "MidStreamFallbackError", 429, "rate limit"),  # LiteLLM's router falls back by it
        ("no_connection", "ServiceUnavailableError", 503, "could not be reached"),
        ("too_slow", "Timeout", 408, "did not answer in time"),
        ("media", "BadRequestError", 400, "messages[0].content[0].image_url.url"),
    ],
)
def test_errors_are_those_of_litellm(said, case, kind, status, words):
    error = said["unusual"][case]
    assert (error["class"], error["status"]) == (kind, status)
    assert words in error["text"]


@pytest.mark.parametrize("case", ["broken_stream", "cut_stream"])
def test_a_stream_that_fails_after_it_began_is_an_error_and_no_short_answer(said, case):
    assert said["unusual"][case]["status"] >= 500


def test_when_to_try_again_reaches_litellm(said):
    assert said["unusual"]["rate_limit"]["headers"].get("retry-after")
