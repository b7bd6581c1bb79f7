"""Losses and refusals stand where the client wrote, and what is carried is not said to be lost."""

import orjson
import pytest

from ..recordings.driving import ALLOW, call
from .base import PNG, assistant, chat, lost, made, result, user

BEDROCK_CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
HELLO = {"role": "user", "parts": [{"text": "Hi"}]}
GEMINI = {"contents": [HELLO]}


@pytest.mark.parametrize("key", ["²", "a/b", "a~b", "1" * 5000])
def test_a_key_of_digits_that_are_none_is_named_as_it_is(key):
    told = call({**GEMINI, key: 1}, "gemini", "openai", "gpt-4.1", on_loss=ALLOW)
    assert (told.status, [loss["path"] for loss in told.losses]) == (
        200, ["/" + key.replace("~", "~0").replace("/", "~1")]
    )  # fmt: skip


def test_what_is_written_anew_in_the_other_spelling_of_a_key_is_not_lost():
    image = {"inlineData": {"mimeType": "image/png", "data": PNG}, "mediaResolution": {"level": "MEDIA_RESOLUTION_LOW"}}
    body = {"contents": [{"role": "user", "parts": [image | {"x_odd": 1}, {"text": "Hi"}]}]}
    told = call(body, "gemini", "gemini", "gemini-2.5-flash", on_loss=ALLOW)
    assert told.body["contents"][0]["parts"][0]["xOdd"] == 1
    assert told.losses == []


@pytest.mark.parametrize(("provider", "model"), [("bedrock", "amazon.nova-pro-v1:0"), ("xai", "grok-4.5")])
@pytest.mark.parametrize(("kind", "url"), [("image", "https://e.example/a.png"), ("video", "https://e.example/a.mp4")])
def test_a_resolution_is_lost_where_it_was_wished(kind, url, provider, model):
    body = chat(user([{"type": f"{kind}_url", f"{kind}_url": {"url": url, "detail": "original"}}]))
    told = call(body, "openai_chat", provider, model, on_loss=ALLOW, region="eu-west-1")
    if told.status == 200:
        assert len(lost(told, f"/messages/0/content/0/{kind}_url/detail")) == 1


def test_one_resolution_for_all_is_reported_where_the_others_were_wished():
    videos = [
        {"type": "video_url", "video_url": {"url": f"https://e.example/{detail}.mp4", "detail": detail}}
        for detail in ("low", "high")
    ]
    told = call(chat(user(videos)), "openai_chat", "gemini", "gemini-2.5-flash", on_loss=ALLOW)
    assert lost(told, "/messages/0/content/0/video_url/detail") == ["approximated/quality"]


@pytest.mark.parametrize(("client", "body", "param"), [
    ("bedrock", {"messages": [
        {"role": "user", "content": [{"text": "Hi"}]},
        {"role": "user", "content": [{"toolResult": {"toolUseId": "c9", "content": [{"text": "r"}]}}]},
    ]}, "messages[1].content[0].toolResult.toolUseId"),
    ("openai_chat", chat(user("Hi"), result("c9")), "messages[1].tool_call_id"),
    ("gemini", {"contents": [HELLO, {"role": "user", "parts": [
        {"functionResponse": {"id": "c9", "name": "f", "response": {}}}]}]},
     "contents[1].parts[0].functionResponse.id"),
])  # fmt: skip
def test_a_result_without_a_call_is_refused_by_the_clients_own_word_for_its_id(client, body, param):
    told = call(body, client, "anthropic", "a-model", on_loss=ALLOW)
    assert told.status == 400
    assert f"'{param}'" in (told.body.get("message") or told.error["message"])


@pytest.mark.parametrize("provider", ["bedrock", "anthropic"])
def test_of_two_efforts_one_is_named_or_both_are_sent(provider):
    body = {
        "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
        "additionalModelRequestFields": {"output_config": {"effort": "high"}, "reasoning_effort": "low"},
    }
    model = "us.anthropic.claude-opus-4-8" if provider == "bedrock" else "claude-opus-4-8"
    told = call(body, "bedrock", provider, model, on_loss=ALLOW, region="eu-west-1")
    second = lost(told, "/additionalModelRequestFields/reasoning_effort")
    assert bool(second) is (b"low" not in told.raw)


@pytest.mark.parametrize("told", [{}, {"exclude": True}, {"enabled": True, "exclude": True}])
def test_a_foreign_reasoning_object_does_not_reach_a_server_that_has_none(told):
    sent = call(chat(reasoning=told), "openai_chat", "openai", "gpt-5.1", on_loss=ALLOW)
    assert "reasoning" not in sent.body
    assert bool(lost(sent, "/reasoning/exclude")) is ("exclude" in told)
    assert call(chat(reasoning=told), "openai_chat", "openai_compatible", "m").body["reasoning"] == told


@pytest.mark.parametrize("much", [{"effort": "high"}, {"max_tokens": 2000}])
def test_how_much_is_thought_beside_a_switch_that_is_off_is_contradicted_aloud(much):
    body = chat(reasoning={"enabled": False, **much}, max_tokens=5000)
    told = call(body, "openai_chat", "anthropic", "claude-sonnet-4-5", on_loss=ALLOW)
    assert told.body["thinking"]["type"] == "enabled"
    assert lost(told, "/reasoning/enabled") == ["dropped/hint"]


LOOP = (user("Hi"), assistant(tool_calls=[made("c1")]), result("c1", "found"))


def test_a_mark_nobody_set_stands_on_the_part_of_a_result_where_parts_are_marked():
    told = call(chat(*LOOP), "openai_chat", "openai", "gpt-5.6", prompt_cache="auto")
    part = {"type": "text", "text": "found", "prompt_cache_breakpoint": {"mode": "explicit"}}
    assert told.body["messages"][2]["content"] == [part]


def test_a_mark_of_the_whole_request_that_no_part_can_carry_is_a_loss_of_cost():
    thought = assistant(thinking_blocks=[{"type": "thinking", "thinking": "t", "signature": "c2ln"}])
    body = chat(user("Hi"), thought, cache_control={"type": "ephemeral"})
    told = call(body, "openai_chat", "bedrock", BEDROCK_CLAUDE, on_loss=ALLOW, region="eu-west-1")
    assert b"cachePoint" not in told.raw
    assert lost(told, "/cache_control") == ["dropped/cost"]


def test_a_mark_of_the_whole_request_does_not_take_the_place_of_another_one_in_silence():
    part = {"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral", "ttl": "5m"}}
    body = chat(user([part]), cache_control={"type": "ephemeral", "ttl": "1h"})
    told = call(body, "openai_chat", "bedrock", BEDROCK_CLAUDE, on_loss=ALLOW, region="eu-west-1")
    assert told.body["messages"][0]["content"][-1] == {"cachePoint": {"type": "default", "ttl": "5m"}}
    assert lost(told, "/cache_control") == ["dropped/cost"]


SPELLINGS = {
    "thinking_blocks": [{"type": "thinking", "thinking": "one\n", "signature": "c2ln"}],
    "content_blocks": [{"type": "thinking", "thinking": "two", "signature": "c2ln"}],
    "reasoning_details": [{"type": "reasoning.text", "text": "two", "signature": "c2ln"}],
    "reasoning_content": "two",
    "reasoning": "two",
}


@pytest.mark.parametrize("spelling", list(SPELLINGS)[1:])
@pytest.mark.parametrize("provider", ["anthropic", "openai"])
def test_a_second_spelling_of_reasoning_that_says_something_else_is_named(spelling, provider):
    def losses(*keys, text="two"):
        said = assistant("a", **{key: SPELLINGS[key] for key in keys})
        said = orjson.loads(orjson.dumps(said).replace(b"two", text.encode()))
        told = call(chat(user("x"), said, user("y")), "openai_chat", provider, "a-model", on_loss=ALLOW)
        return [loss["path"] for loss in told.losses if f"/{spelling}" in loss["path"]]

    assert len(losses("thinking_blocks", spelling)) == 1
    if provider == "anthropic":
        assert losses("thinking_blocks", spelling, text="one") == []


def test_a_thought_in_the_content_that_other_blocks_contradict_is_named():
    within = [{"type": "thinking", "thinking": "two", "signature": "c2ln"}, {"type": "text", "text": "a"}]
    said = assistant(within, thinking_blocks=SPELLINGS["thinking_blocks"])
    told = call(chat(user("x"), said, user("y")), "openai_chat", "anthropic", "claude-sonnet-4-5", on_loss=ALLOW)
    assert b"two" not in told.raw
    assert len(lost(told, "/messages/1/content/0")) == 1


def test_a_second_signature_of_a_call_that_differs_is_named():
    def losses(other):
        signed = made("c1", provider_specific_fields={"thought_signature": "c2ln"}, thought_signature=other)
        body = chat(user("Hi"), assistant(tool_calls=[signed]), result("c1"))
        return call(body, "openai_chat", "gemini", "gemini-3.5-flash", on_loss=ALLOW).losses

    assert losses("c2ln") == []
    assert [loss["path"] for loss in losses("b3RoZXI=")] == ["/messages/1/tool_calls/0/thought_signature"]
