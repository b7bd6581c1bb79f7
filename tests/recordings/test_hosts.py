"""Requests to the hosts of the chat dialect that are not OpenAI: their own recorded ones, and everybody else's."""

from urllib.parse import parse_qs, urlsplit

import pytest

from .corpus import ROWS, asked, load, singles
from .driving import ALLOW, call
from .judging import fault_of
from .visible import paths_exist

GOOD = [row for row in ROWS if row.status == 200 and row.kept]
HOSTS = ("azure", "xai", "groq")
OWN = [row for row in GOOD if row.target in HOSTS]
MODELS = (
    ("azure", "gpt-5"), ("azure", "gpt-4.1"), ("xai", "grok-4.5"), ("xai", "grok-4-fast-non-reasoning"),
    ("groq", "openai/gpt-oss-120b"), ("groq", "qwen/qwen3.8-27b"), ("groq", "llama-3.3-70b-versatile"),
)  # fmt: skip
ADDED = {"stream_options", "include_reasoning", "reasoning_format"}


def types_of(provider, dialect):
    return "groq" if provider == "groq" else dialect


@pytest.mark.parametrize("row", singles(OWN))
def test_a_request_to_its_own_host_keeps_all_that_is_not_reported(row):
    body = asked(row)
    told = call(body, "openai_chat", row.target, body["model"], on_loss=ALLOW)
    assert told.status == 200, told.body
    paths_exist(told.losses, body)
    lost = {loss["path"].split("/")[1] for loss in told.losses}
    for key, value in body.items():
        assert key in lost or key in {"n", "stream_options"} or told.body[key] == value, key
    assert told.body.keys() - body.keys() <= ADDED | {"tools", "tool_choice"}
    if row.target == "groq":
        assert fault_of(told.raw, "groq") is None


def address(row):
    return urlsplit(load(row)["request"]["url"])


def whole(row):
    """Some recorders left the version away, and the older surface of other models has no row."""
    url = address(row)
    return url.path.startswith("/openai/v1/") or (url.path.startswith("/openai/deployments/") and url.query)


@pytest.mark.parametrize("row", singles(row for row in OWN if row.target == "azure" and whole(row)))
def test_an_azure_address_is_the_recorded_one(row):
    url = address(row)
    versions = parse_qs(url.query).get("api-version")
    named = url.path.split("/")[3] if "/deployments/" in url.path else "a-deployment"
    settings = {"api_version": versions[0]} if versions else {}
    told = call(asked(row), "openai_chat", "azure", named, base_url=f"{url.scheme}://{url.netloc}", **settings)
    assert urlsplit(told.head["url"]) == url


@pytest.mark.parametrize("row", singles(row for row in GOOD if row.target not in HOSTS))
def test_any_request_reaches_a_host_in_words_of_its_types_or_is_refused(row):
    body = asked(row)
    for provider, model in MODELS:
        told = call(body, row.dialect, provider, model, on_loss=ALLOW)
        assert told.status in (200, 400), told.body
        if told.status == 400:
            assert told.error["type"] == "invalid_request_error"
            assert told.error["message"]
            continue
        paths_exist(told.losses, body)
        # What a client of the same dialect says beyond the types is its own business.
        dialect = told.head["context"]["dialect"]
        if row.dialect != dialect:
            assert fault_of(told.raw, types_of(provider, dialect)) is None


def test_there_are_hosts_to_speak_to():
    assert {row.target for row in OWN} == set(HOSTS)
