"""The estimate of a request's tokens, for whoever reserves them."""

import base64
import json

import pytest
from dragoman.translate import boundary


def estimate(dialect, body, action="generate"):
    data = json.dumps(body).encode()
    return boundary.estimate(dialect, action, boundary.parse(data)), len(data) // 4


@pytest.mark.parametrize(
    ("dialect", "body", "output"),
    [
        ("openai_chat", {"max_completion_tokens": 7, "max_tokens": 70}, 7),
        ("openai_chat", {"max_completion_tokens": None, "max_tokens": 70}, 70),
        ("openai_responses", {"max_output_tokens": 8}, 8),
        ("anthropic", {"max_tokens": 9}, 9),
        ("gemini", {"generationConfig": {"maxOutputTokens": 10}}, 10),
        ("gemini", {"generation_config": {"max_output_tokens": 11}}, 11),
        ("bedrock", {"inferenceConfig": {"maxTokens": 12}}, 12),
        ("openai_chat", {"max_tokens": 0}, 1024),
        ("openai_chat", {"max_tokens": "70"}, 1024),
        ("gemini", {"generationConfig": 5, "max_tokens": 5}, 1024),
        ("openai_chat", {}, 1024),
        ("openai_chat", [], 1024),
        ("no_dialect", {"max_tokens": 5}, 1024),
    ],
)
def test_an_estimate_is_a_quarter_of_the_bytes_and_the_longest_answer(dialect, body, output):
    found, quarter = estimate(dialect, body)
    assert found == quarter + output


def test_embeddings_have_no_answer_to_reserve_for_and_counting_uses_nothing():
    body = {"input": "x" * 400, "max_tokens": 50}
    assert estimate("openai_chat", body, "embed") == (len(json.dumps(body)) // 4,) * 2
    assert estimate("openai_chat", body, "count")[0] == 0


def test_the_bytes_of_an_image_are_not_its_tokens():
    image = base64.b64encode(bytes(range(256)) * 4096).decode()
    part = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{image}"}}
    found, quarter = estimate("openai_chat", {"messages": [{"role": "user", "content": [part]}], "max_tokens": 10})
    assert quarter > 300_000
    assert 1024 + 10 < found < 1200


def test_what_is_no_json_has_an_estimate_too():
    assert boundary.estimate("openai_chat", "generate", boundary.parse(b"{" * 40)) == 1024
