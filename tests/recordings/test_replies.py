"""Every recorded reply to a client of either dialect, against an independent reading."""

import orjson
import pytest

from .corpus import ROWS, answered, asked, cases, load, singles
from .driving import context, reply
from .judging import accept_reply
from .reading import REPLY, as_input, chat_finish, messages_finish, tokens

PLAIN = [row for row in ROWS if row.status == 200 and not row.stream]


def translated(row, client):
    more = {}
    if client == "openai_chat" and "functions" in (asked(row) or {}):
        function = {"name": "f", "parameters": {"type": "object", "properties": {}}}
        more["functions"] = [function]
    return reply(context(client, row.target, **more), answered(row))


def is_error(body):
    """Some servers say 200 and mean an error."""
    return "choices" not in body and "content" not in body


@pytest.mark.parametrize(("row", "client"), cases(PLAIN))
def test_a_reply_says_the_same(row, client):
    recorded = orjson.loads(answered(row))
    told = translated(row, client)
    if is_error(recorded):
        assert told.status >= 400
        return
    assert told.status == 200, told.body
    said, heard = REPLY[row.dialect](recorded), REPLY[client](told.body)
    assert heard.text == said.text or (client == "anthropic" and heard.text == said.text + said.refusal)
    calls = said.parsed_calls()
    if client == "anthropic" and row.dialect != client:
        calls = [(name, as_input(arguments)) for name, arguments in calls]
    assert heard.parsed_calls() == calls
    assert [call[0] for call in heard.calls] == [call[0] for call in said.calls] or not all(c[0] for c in said.calls)
    assert heard.thinking == said.thinking
    assert tokens(heard.usage, client) == tokens(said.usage, row.dialect)
    assert told.body["model"] == recorded.get("model") or not recorded.get("model")
    if client == "openai_chat":
        assert heard.answers == said.answers
        if heard.usage:
            assert heard.usage["total_tokens"] == heard.usage["prompt_tokens"] + heard.usage["completion_tokens"]
    elif said.answers:
        assert any(loss["severity"] == "contract" for loss in told.head["losses"])


@pytest.mark.parametrize(("row", "client"), cases(PLAIN))
def test_a_reply_ends_the_same(row, client):
    recorded = orjson.loads(answered(row))
    if is_error(recorded):
        return
    said, told = REPLY[row.dialect](recorded), translated(row, client)
    heard = REPLY[client](told.body)
    if client == row.dialect == "openai_chat":
        assert heard.finish == (said.finish or "stop")
    elif client == row.dialect:
        assert heard.finish == said.finish
    elif client == "openai_chat":
        assert heard.finish == chat_finish(said.finish, called=bool(said.calls))
        assert (heard.refusal != "") == (said.finish == "refusal")
    else:
        refused = "refusal" if said.refusal else None
        assert heard.finish in (messages_finish(said.finish, called=bool(said.calls)), refused)
    if row.dialect == "anthropic":
        derived = chat_finish(said.finish, called=bool(said.calls))
        own = chat_finish(said.finish, called=False)
        assert told.head["finish_reason"] in ((derived, own) if client == row.dialect else (derived,))
    else:
        assert told.head["finish_reason"] in ((said.finish or "stop"), "tool_calls" if said.calls else None)


@pytest.mark.parametrize(("row", "client"), cases(PLAIN))
def test_a_reply_is_of_the_official_type(row, client):
    recorded = orjson.loads(answered(row))
    if is_error(recorded):
        return
    told = translated(row, client)
    if client == row.dialect == "anthropic":
        # The provider's own words pass as they came, newer than any type.
        assert told.body == recorded
    else:
        accept_reply({key: value for key, value in told.body.items() if key != "service_tier"}, client)


TIERS = {"auto", "default", "flex", "scale", "priority", "fast", None}


def test_every_service_tier_is_one_that_the_type_knows():
    tiers = {translated(row, "openai_chat").body.get("service_tier") for row in PLAIN}
    assert tiers <= TIERS


@pytest.mark.parametrize("row", singles(row for row in PLAIN if row.dialect == "openai_chat"))
def test_a_relayed_reply_keeps_what_the_provider_said(row):
    """Only the promised repairs: explicit nulls, one name for reasoning, usage sums, padding."""
    recorded = orjson.loads(answered(row))
    if is_error(recorded):
        return
    told = translated(row, "openai_chat").body
    repaired = {"usage", "choices", "p", "object", "created", "model", "service_tier"}
    for key in recorded.keys() - repaired:
        assert told[key] == recorded[key]
    for before, after in zip(recorded["choices"], told["choices"], strict=True):
        said = before.get("message") or {}
        for key in said.keys() - {"content", "tool_calls", "reasoning", "refusal"}:
            assert after["message"][key] == said[key]
        if "logprobs" in before:
            assert after["logprobs"] == before["logprobs"]


def test_there_are_replies():
    assert len({row.dialect for row in PLAIN}) == 2
    assert all(load(row)["response"]["status"] == 200 for row in PLAIN[:5])
