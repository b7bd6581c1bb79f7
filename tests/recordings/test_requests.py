"""Every recorded request that was answered: unchanged to its own dialect, complete or refused to the other one."""

import pytest

from .corpus import ROWS, asked, singles
from .driving import ALLOW, call
from .judging import fault_of
from .visible import everything_arrived, paths_exist, same

GOOD = [row for row in ROWS if row.status == 200 and row.kept]
CHAT = [row for row in GOOD if row.dialect == "openai_chat"]
MESSAGES = [row for row in GOOD if row.dialect == "anthropic"]
CLAUDES = (
    "claude-sonnet-4-0", "claude-haiku-4-5", "claude-sonnet-4-6", "claude-opus-4-8", "claude-opus-5",
    "claude-sonnet-5-5", "claude-fable-5-2",
)  # fmt: skip
GPTS = ("gpt-4.1", "gpt-5.2", "gpt-5.6-sol")


def body_of(row):
    body = asked(row)
    assert body is not None
    return body


def keeps(row, provider):
    body = body_of(row)
    told = call(body, row.dialect, provider, body["model"])
    assert told.status == 200, told.body
    want = dict(body)
    if row.dialect == "openai_chat" and body.get("stream"):
        want["stream_options"] = {**(body.get("stream_options") or {}), "include_usage": True}
    same(want, told.body)


@pytest.mark.parametrize("row", singles(CHAT))
def test_a_chat_server_gets_the_request_as_it_was(row):
    keeps(row, "openai_compatible")


@pytest.mark.parametrize("row", singles(row for row in CHAT if row.provider == "openai"))
def test_openai_gets_the_request_as_it_was(row):
    keeps(row, "openai")


@pytest.mark.parametrize("row", singles(MESSAGES))
def test_anthropic_gets_the_request_as_it_was(row):
    keeps(row, "anthropic")


def crosses(row, provider, model):
    """Complete or refused; when all losses are allowed, refused only for what cannot be said at all."""
    body = body_of(row)
    for policy in ({}, {"on_loss": ALLOW}):
        told = call(body, row.dialect, provider, model, **policy)
        assert told.status in (200, 400), told.body
        if told.status == 400:
            assert told.error["message"]
            assert told.error["type"] == "invalid_request_error"
            continue
        paths_exist(told.losses, body)
        everything_arrived(body, row.dialect, told)
        if provider != "openai_compatible":
            assert fault_of(told.raw, told.head["context"]["dialect"]) is None


@pytest.mark.parametrize("row", singles(CHAT))
def test_a_chat_request_reaches_claude(row):
    for model in CLAUDES:
        crosses(row, "anthropic", model)


@pytest.mark.parametrize("row", singles(MESSAGES))
def test_a_messages_request_reaches_gpt(row):
    for model in GPTS:
        crosses(row, "openai", model)
    crosses(row, "openai_compatible", "any-model")
