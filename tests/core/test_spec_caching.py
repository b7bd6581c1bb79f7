"""spec/chat.md 8, prompt caching: one test a promise."""

import pytest
from proof.calls import native, send

MARK = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}
CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def text(words="x", **more):
    return {"type": "text", "text": words, **more}


def ask(*messages, **fields):
    return {
        "model": "m",
        "messages": list(messages) or [{"role": "user", "content": "Hi"}],
        "max_tokens": 100,
        **fields,
    }


def marks(value):
    """How many marks there are anywhere."""
    if isinstance(value, dict):
        return ("cache_control" in value) + sum(marks(item) for item in value.values())
    return sum(marks(item) for item in value) if isinstance(value, list) else 0


def test_marks_on_every_place_arrive_as_they_are():
    body = ask(
        {"role": "system", "content": [text(cache_control=HOUR)]},
        {"role": "user", "content": [text(cache_control=MARK)]},
        {"role": "assistant", "content": [text("y", cache_control=MARK)], "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c", "content": [text("r", cache_control={"type": "ephemeral", "ttl": "5m"})]},
    )
    sent = send(body)
    assert sent.body["system"][0]["cache_control"] == HOUR
    turns = sent.body["messages"]
    assert turns[0]["content"][0]["cache_control"] == MARK
    assert turns[1]["content"][0]["cache_control"] == MARK
    assert turns[2]["content"][0]["content"][0]["cache_control"] == {"type": "ephemeral", "ttl": "5m"}
    assert [loss for loss in sent.losses if loss["path"] != "/tools"] == []


def test_marks_on_tools_and_at_top_level_arrive():
    tool = {"type": "function", "function": {"name": "f"}}
    body = ask(tools=[tool | {"cache_control": HOUR}], cache_control=MARK)
    sent = native(body)
    assert sent["tools"][0]["cache_control"] == HOUR
    assert sent["cache_control"] == MARK
    inner = ask(tools=[{"type": "function", "function": {"name": "f", "cache_control": HOUR}}])
    assert native(inner)["tools"][0]["cache_control"] == HOUR


@pytest.mark.parametrize("content", ["a", [text("a"), text("b")]])
def test_a_mark_on_a_message_moves_to_its_last_part(content):
    blocks = native(ask({"role": "user", "content": content, "cache_control": HOUR}))["messages"][0]["content"]
    assert blocks[-1]["cache_control"] == HOUR
    assert marks(blocks) == 1


def test_more_than_four_marks_keep_the_last_four_and_report_the_others():
    body = ask(
        {"role": "system", "content": [text(str(n), cache_control=MARK) for n in range(3)]},
        {"role": "user", "content": [text(str(n), cache_control=MARK) for n in range(3)]},
    )
    sent = send(body)
    assert marks(sent.body) == 4
    assert [("cache_control" in block) for block in sent.body["system"]] == [False, False, True]
    assert sent.lost == {(f"/messages/0/content/{n}/cache_control", "dropped", "cost") for n in (0, 1)}


def test_the_automatic_mark_takes_a_slot():
    body = ask({"role": "user", "content": [text(str(n), cache_control=MARK) for n in range(4)]}, cache_control=MARK)
    sent = send(body)
    assert marks(sent.body) == 4
    assert sent.body["cache_control"] == MARK


def test_marks_are_dropped_with_a_cost_loss_where_they_have_no_place():
    body = ask({"role": "user", "content": [text(cache_control=MARK)]})
    sent = send(body, to="openai")
    assert marks(sent.body) == 0
    assert sent.lost == {("/messages/0/content/0/cache_control", "dropped", "cost")}
    assert send(body, to="openai", on_loss={"cost": "refuse"}).status == 400


@pytest.mark.parametrize("spelling", ["cache_control", "message"])
def test_models_with_breakpoints_get_breakpoints(spelling):
    body = ask({"role": "user", "content": [text(cache_control=MARK)]})
    if spelling == "message":
        body = ask({"role": "user", "content": [text()], "cache_control": MARK})
    sent = native(body, to="openai", model="gpt-5.6")
    assert sent["messages"][0]["content"][0]["prompt_cache_breakpoint"] == {"mode": "explicit"}
    assert marks(sent) == 0


def test_marks_of_messages_clients_become_breakpoints_too():
    body = ask({"role": "user", "content": [text(cache_control=HOUR)]})
    sent = send(body, "anthropic", "openai", model="gpt-5.6")
    assert sent.body["messages"][0]["content"][0]["prompt_cache_breakpoint"] == {"mode": "explicit", "ttl": "30m"}
    assert sent.lost == {("/messages/0/content/0/cache_control", "approximated", "cost")}


def test_breakpoints_become_marks():
    point = {"mode": "explicit", "ttl": "30m"}
    sent = send(ask({"role": "user", "content": [text(prompt_cache_breakpoint=point)]}))
    assert sent.body["messages"][0]["content"] == [text(cache_control=HOUR)]
    assert sent.lost == {("/messages/0/content/0/prompt_cache_breakpoint", "approximated", "cost")}


def test_nothing_is_marked_unless_that_is_asked_for():
    tool = {"type": "function", "function": {"name": "f"}}
    system, user = {"role": "system", "content": "S"}, {"role": "user", "content": [text("a"), text("b")]}
    body = ask(system, user, tools=[tool])
    assert marks(native(body)) == 0
    auto = native(body, prompt_cache="auto")
    assert auto["tools"][-1]["cache_control"] == MARK
    assert auto["system"][-1]["cache_control"] == MARK
    assert [("cache_control" in block) for block in auto["messages"][-1]["content"]] == [False, True]
    marked = ask(system | {"cache_control": MARK}, user, tools=[tool])
    assert marks(native(marked, prompt_cache="auto")) == 1


@pytest.mark.parametrize("field", ["prompt_cache_key", "prompt_cache_retention"])
def test_cache_routing_goes_to_openai_only(field):
    body = ask(**{field: "24h"})
    assert native(body, to="openai")[field] == "24h"
    sent = send(body)
    assert field not in sent.body
    assert sent.lost == {(f"/{field}", "dropped", "cost")}


def test_keys_keep_their_order_in_schemas_and_arguments():
    import orjson

    schema = {
        "type": "object",
        "properties": {"z": {}, "a": {}, "m": {}},
        "required": ["z"],
        "additionalProperties": False,
    }
    turn = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{**CALL, "function": {"name": "f", "arguments": '{"z":1,"a":2}'}}],
    }
    tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
    body = ask(
        {"role": "user", "content": "Hi"}, turn, {"role": "tool", "tool_call_id": "c", "content": "r"}, tools=[tool]
    )
    sent = native(body)
    assert orjson.dumps(sent["tools"][0]["input_schema"]) == orjson.dumps(schema)
    assert list(sent["messages"][1]["content"][0]["input"]) == ["z", "a"]
