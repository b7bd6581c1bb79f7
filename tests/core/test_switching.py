"""What a running conversation would lose at another model: everything that planning its next request says, and more."""

import orjson
import pytest
from dragoman.translate import ALLOW_ALL, DIALECTS, REFUSE_ALL, Needs, TranslationError, aim, plan, read_request
from dragoman.translate.switching import find_present, preview
from hypothesis import given
from hypothesis import strategies as st
from proof.asked import REQUESTS
from proof.reported import resolve
from proof.strategies import law

PLACES = {
    "openai": "gpt-5.6", "azure": "gpt-4.1", "anthropic": "claude-sonnet-4-5", "gemini": "gemini-3.5-flash",
    "bedrock": "us.anthropic.claude-sonnet-4-6", "vertex": "gemini-2.5-flash", "xai": "grok-4.3",
    "groq": "openai/gpt-oss-120b",
}  # fmt: skip

TOOL = {"name": "weather", "description": "d", "input_schema": {"type": "object", "properties": {}}}
CONVERSATION = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 64_000,
    "temperature": 1,
    "thinking": {"type": "enabled", "budget_tokens": 4000},
    "tools": [TOOL, {"type": "web_search_20250305", "name": "web_search"}],
    "system": [{"type": "text", "text": "Be kind", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
    "messages": [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Go", "cache_control": {"type": "ephemeral"}},
                {"type": "image", "source": {"type": "url", "url": "https://h.example/a.png"}},
            ],
        },
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Hm", "signature": "c2ln"},
                {"type": "redacted_thinking", "data": "cmVk"},
                {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}},
                {"type": "tool_use", "id": "no:plain", "name": "weather", "input": {}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "content": "Rain", "is_error": True},
                {"type": "tool_result", "tool_use_id": "no:plain", "content": "Sun"},
            ],
        },
    ],
}


def at(name):
    return aim(name, PLACES[name], base_url="https://h.example", project="p", region="r")


def look(body, to, now="anthropic", client="anthropic", **more):
    here = None if now is None else at(now)
    return preview(read_request(client, orjson.dumps(body)), at(to), here, **more)


def concern(found, name):
    return next(item for item in found.concerns if item.name == name)


def counts(found, name):
    return {thing.what: (thing.there, thing.kept, thing.changed, thing.gone) for thing in concern(found, name).things}


def losses(found, name):
    return {(item.loss.path, item.loss.kind, item.loss.severity) for item in concern(found, name).losses}


def test_reasoning_of_another_domain_is_counted_and_lost():
    found = look(CONVERSATION, "gemini")
    assert counts(found, "reasoning state") == {
        "signed thinking, by anthropic": (1, 0, 0, 1),
        "redacted thinking, by anthropic": (1, 0, 0, 1),
    }
    # The first call of the running step needs a signature there; what stands for it is told with the state.
    assert losses(found, "reasoning state") == {
        ("/messages/1/content/0", "dropped", "quality"),
        ("/messages/1/content/1", "dropped", "quality"),
        ("/messages/1/content/2", "added", "quality"),
    }
    assert concern(found, "reasoning state").costs == (
        "gemini-3.5-flash does not see 2 blocks of reasoning, and may think again.",
    )


def test_reasoning_stays_within_its_domain():
    found = look(CONVERSATION, "bedrock")
    assert counts(found, "reasoning state") == {
        "signed thinking, by anthropic": (1, 1, 0, 0),
        "redacted thinking, by anthropic": (1, 1, 0, 0),
    }


def test_ids_that_change_are_told_old_and_new():
    found = look(CONVERSATION, "gemini")
    assert counts(found, "ids and names")["ids of calls"] == (2, 1, 1, 0)
    changes = concern(found, "ids and names").changes
    assert {(change.what, change.path, change.old) for change in changes} == {
        ("ids of calls", "/messages/1/content/3", "no:plain"),
        ("ids of results", "/messages/2/content/1", "no:plain"),
    }
    assert len({change.new for change in changes}) == 1


def test_names_that_change_are_told_old_and_new():
    body = {"messages": [{"role": "user", "content": "Hi"}], "tools": [
        {"type": "function", "function": {"name": "wetter.heute", "parameters": {"type": "object", "properties": {}}}},
    ]}  # fmt: skip
    found = look({"model": "m", **body}, "anthropic", now=None, client="openai_chat")
    (change,) = concern(found, "ids and names").changes
    assert (change.what, change.path, change.old) == ("names of tools", "/tools/0", "wetter.heute")
    assert change.new.startswith("wetter_heute_")


def test_lost_caches_cost_the_whole_prompt():
    found = look(CONVERSATION, "openai")
    assert counts(found, "caches") == {"cache marks": (2, 1, 1, 0)}
    assert [(change.old, change.new) for change in concern(found, "caches").changes] == [("1h", "30m")]
    assert concern(found, "caches").costs == (
        "No cache of another model holds: the next request reads its whole prompt anew, 4 messages and 2 tools.",
    )
    assert concern(look(CONVERSATION, "anthropic"), "caches").costs == ()


def test_a_file_id_of_another_account_would_be_refused_and_the_rest_is_told_all_the_same():
    body = {**CONVERSATION, "messages": [*CONVERSATION["messages"]]}
    document = {"type": "document", "source": {"type": "file", "file_id": "file_abc"}}
    body["messages"][0] = {"role": "user", "content": [*CONVERSATION["messages"][0]["content"], document]}
    found = look(body, "groq")
    faults = concern(found, "media").refusals
    assert [(fault.path, fault.param, fault.status) for fault in faults] == [
        ("/messages/0/content/1", "messages[0].content[1]", 400),
        ("/messages/0/content/2", "messages[0].content[2]", 400),
    ]
    assert found.refused
    assert counts(found, "media") == {"images": (1, 0, 0, 1), "documents": (1, 0, 0, 1)}
    assert ("/messages/1/content/0", "dropped", "quality") in losses(found, "reasoning state")


def test_media_that_a_provider_does_not_fetch_are_told_as_a_cost():
    found = look(CONVERSATION, "bedrock")
    assert [(change.old, change.new) for change in concern(found, "media").changes] == [
        ("https://h.example/a.png", "sent as data")
    ]
    assert concern(found, "media").costs == (
        "1 file would be fetched by the gateway and sent as data, in every request.",
    )
    assert concern(found, "media").refusals == ()


def test_losses_that_staying_has_are_marked_and_those_that_end_are_told():
    body = {**CONVERSATION, "temperature": 0.2, "top_k": 3}
    found = look(body, "xai")
    now = {item.loss.path: item.now for item in concern(found, "sampling and options").losses}
    assert now["/top_k"] is True
    assert now["/thinking"] is False
    assert [loss.path for loss in found.regained] == ["/temperature"]
    assert look(body, "xai", now=None).regained == ()


def test_a_policy_marks_losses_and_leaves_none_out():
    strict = look(CONVERSATION, "gemini", policy=REFUSE_ALL)
    kind = look(CONVERSATION, "gemini", policy=ALLOW_ALL)
    assert strict.refused
    assert not kind.refused
    assert [concern.name for concern in strict.concerns] == [concern.name for concern in kind.concerns]
    for name in [concern.name for concern in kind.concerns]:
        assert losses(strict, name) == losses(kind, name)


def test_where_nothing_can_be_sent_the_fault_is_told_and_nothing_is_said_to_get_better():
    body = {"model": "claude-opus-5", "n": 2, "messages": [{"role": "system", "content": "Be kind"}]}
    found = look(body, "anthropic", now="xai", client="openai_chat")
    assert [fault.param for fault in concern(found, "other").refusals] == ["messages"]
    assert counts(found, "instructions and format") == {"instructions": (1, 0, 0, 1)}
    assert found.regained == ()


def test_all_faults_are_found_and_not_the_first_only():
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{"}}
    sound = {"type": "input_audio", "input_audio": {"data": "UklGRgAAAABXQVZF", "format": "wav"}}
    body = {"model": "m", "messages": [
        {"role": "user", "content": [{"type": "text", "text": "Hi"}, sound]},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "r"},
    ]}  # fmt: skip
    found = look(body, "anthropic", now=None, client="openai_chat")
    places = {fault.path for item in found.concerns for fault in item.refusals}
    assert places == {"/messages/0/content/1", "/messages/1/tool_calls/0/function/arguments"}


def test_limits_that_do_not_fit_are_costs():
    found = look(CONVERSATION, "azure")
    assert any("32,768" in words for words in concern(found, "sampling and options").costs)
    found = look(CONVERSATION, "groq")
    assert concern(found, "other").costs == ("The context window shrinks from 200,000 to 131,072 tokens.",)


def test_staying_loses_nothing():
    found = look(CONVERSATION, "anthropic")
    assert all(loss.now for concern in found.concerns for loss in concern.losses)
    assert all(thing.there == thing.kept for concern in found.concerns for thing in concern.things)


@pytest.mark.parametrize(
    ("dialect", "model", "place"),
    [
        ("openai_chat", "anthropic/claude-sonnet-4-5", ("anthropic", "claude-sonnet-4-5")),
        ("openai_chat", "groq/openai/gpt-oss-120b", ("groq", "openai/gpt-oss-120b")),
        ("openai_chat", "my-account/claude-sonnet-4-5", ("anthropic", "claude-sonnet-4-5")),
        ("openai_chat", "gpt-5.1", ("openai", "gpt-5.1")),
        ("openai_responses", "prod/grok-4.3", ("xai", "grok-4.3")),
        ("anthropic", "claude-opus-5", ("anthropic", "claude-opus-5")),
        ("bedrock", "eu.anthropic.claude-sonnet-4-6", ("bedrock", "eu.anthropic.claude-sonnet-4-6")),
        ("gemini", "gemini-3.5-flash", ("gemini", "gemini-3.5-flash")),
        ("openai_chat", "whatever", None),
        ("gemini", "", None),
    ],
)
def test_where_a_conversation_is_now_is_told_by_its_model(dialect, model, place):
    assert find_present(dialect, model) == place


def planned(request, target):
    try:
        call = plan(request, target, ALLOW_ALL)
    except TranslationError as error:
        return error
    return call


@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(25)
def test_a_preview_says_what_planning_says(client, data):
    body = data.draw(REQUESTS[client](most=4))
    to, now = data.draw(st.sampled_from(sorted(PLACES))), data.draw(st.sampled_from(sorted(PLACES)))
    request = read_request(client, orjson.dumps(body))
    found = preview(request, at(to), at(now))
    call = planned(request, at(to))
    told = [item.loss for concern in found.concerns for item in concern.losses]
    faults = [fault for concern in found.concerns for fault in concern.refusals]
    if isinstance(call, TranslationError):
        assert call.path in [fault.path for fault in faults]
        assert found.refused
    elif not isinstance(call, Needs):
        assert sorted(map(repr, told)) == sorted(map(repr, call.losses))
        assert faults == []
    for item in told:
        if item.kind != "added":
            resolve(body, item.path)
    for group in found.concerns:
        for thing in group.things:
            assert thing.there == thing.kept + thing.changed + thing.gone > 0
        for change in group.changes:
            resolve(body, change.path)
            assert change.old != change.new
    # What machines get is JSON.
    assert orjson.loads(orjson.dumps(found.as_json()))["target"] == f"{to}/{PLACES[to]}"


@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(15)
def test_nothing_is_gone_without_a_word(client, data):
    body = data.draw(REQUESTS[client](most=4))
    to = data.draw(st.sampled_from(sorted(PLACES)))
    found = preview(read_request(client, orjson.dumps(body)), at(to))
    told = [item.loss.path for concern in found.concerns for item in concern.losses]
    told += [fault.path for concern in found.concerns for fault in concern.refusals]
    gone = {thing.what for concern in found.concerns for thing in concern.things if thing.gone}
    assert told or not gone, gone


def test_a_ban_of_reasoning_is_kept_by_a_model_that_never_reasons():
    body = {
        "model": "m",
        "max_tokens": 9,
        "thinking": {"type": "disabled"},
        "messages": [{"role": "user", "content": "x"}],
    }
    assert counts(look(body, "azure"), "sampling and options")["wish for reasoning"] == (1, 1, 0, 0)
    wish = body | {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2000}
    assert counts(look(wish, "azure"), "sampling and options")["wish for reasoning"] == (1, 0, 0, 1)
