"""spec/chat.md 2, input controls: one test a sentence, in the order of the text, for every provider it concerns."""

import pytest

from .wires import (
    CLAUDE,
    GOOGLE,
    NATIVE,
    OPENAI,
    USER,
    WIRES,
    ask,
    assistant,
    call,
    lost,
    result,
    sent,
    to,
    tool,
)

MARK = {"type": "ephemeral", "ttl": "1h"}
LEADING = [
    {
        "role": "system",
        "content": [{"type": "text", "text": "a", "cache_control": MARK}, {"type": "text", "text": "b"}],
    },
    {"role": "developer", "content": "c"},
    {"role": "system", "content": "d"},
]


def system_of(name, body):
    """What stands at the provider's place for system text."""
    if WIRES[name].kind == "google":
        return body["systemInstruction"]["parts"]
    return body["system"]


@pytest.mark.parametrize(("name", "system", "losses"), [
    *((name, [{"type": "text", "text": "a", "cache_control": MARK}, *({"type": "text", "text": t} for t in "bcd")],
       set()) for name in CLAUDE),
    ("bedrock", [{"text": "a"}, {"cachePoint": {"type": "default", "ttl": "1h"}}, *({"text": t} for t in "bcd")],
     set()),
    *((name, [{"text": text} for text in "abcd"], {("/messages/0/content/0/cache_control", "dropped", "cost")})
      for name in GOOGLE),
])  # fmt: skip
def test_system_and_developer_messages_become_system_blocks_in_order_part_by_part(name, system, losses):
    """`system` and `developer` messages anywhere: Anthropic `system` blocks, Bedrock `system`, Gemini
    `systemInstruction`, in order, part by part (cache marks survive)."""
    planned = to(name, ask(*LEADING, USER))
    assert system_of(name, planned.body) == system
    assert [turn["role"] for turn in planned.body.get("messages") or planned.body["contents"]] == ["user"]
    assert lost(planned) == losses


@pytest.mark.parametrize("name", OPENAI)
@pytest.mark.parametrize("role", ["system", "developer"])
def test_chat_servers_have_system_and_developer_messages_themselves(name, role):
    """`system` and `developer` messages anywhere"""
    said = {"role": role, "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}
    assert sent(name, ask(said, USER))["messages"] == [said, USER]


MIDDLE = {"role": "system", "content": "Mid"}
POSITIONS = {
    "behind the user and last": [USER, MIDDLE],
    "between user and assistant": [USER, MIDDLE, assistant("A"), USER],
    "between assistant and user": [USER, assistant("A"), MIDDLE, USER],
    "between two users": [USER, MIDDLE, USER],
    "behind a result": [USER, assistant(tool_calls=[call()]), result(), MIDDLE],
    "between a call and its result": [USER, assistant(tool_calls=[call()]), MIDDLE, result()],
}
STANDS = {"behind the user and last", "between user and assistant", "behind a result"}
"""wire/anthropic.md 3: it follows a user turn, and is last or followed by an assistant turn."""


@pytest.mark.parametrize("role", ["system", "developer"])
@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("name", CLAUDE)
def test_a_mid_conversation_system_message_goes_where_the_target_has_a_place_for_it(name, position, role):
    """A mid-conversation system message goes where the target has a place for it"""
    turns = [{**turn, "role": role} if turn is MIDDLE else turn for turn in POSITIONS[position]]
    planned = to(name, ask(*turns, tools=[tool()]), model="claude-opus-4-8")
    place = turns.index({**MIDDLE, "role": role})
    if position in STANDS:
        stood = planned.body["messages"][place]
        assert stood == {"role": "system", "content": [{"type": "text", "text": "Mid"}]}
        assert ("system" in planned.body, planned.losses) == (False, [])
    else:
        assert planned.body["system"] == [{"type": "text", "text": "Mid"}]
        assert "system" not in [turn["role"] for turn in planned.body["messages"]]
        assert planned.lost == {(f"/messages/{place}", "approximated", "quality")}


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("name", [*OPENAI, "responses"])
def test_the_openai_family_has_a_place_for_it_anywhere(name, position):
    """A mid-conversation system message goes where the target has a place for it"""
    body = sent(name, ask(*POSITIONS[position], tools=[tool()]))
    turns = body["input"] if name == "responses" else body["messages"]
    assert [turn.get("role") for turn in turns].index("system") == POSITIONS[position].index(MIDDLE)


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("name", NATIVE)
def test_where_it_has_none_it_is_hoisted_with_a_loss_and_never_dropped(name, position):
    """where it has none it is hoisted with an `approximated/quality` loss; it is never dropped."""
    turns = [{"role": "system", "content": "First"}, *POSITIONS[position]]
    planned = to(name, ask(*turns, tools=[tool()]))
    assert [block["text"] for block in system_of(name, planned.body)] == ["First", "Mid"]
    moved = (f"/messages/{turns.index(MIDDLE)}", "approximated", "quality")
    # Gemini 3 wants a signature on a call of the running turn (5).
    assert planned.lost - {("/messages/2/tool_calls/0", "added", "quality")} == {moved}
    assert to(name, ask(*turns, tools=[tool()]), on_loss={"quality": "refuse"}).status == 400
