"""spec/chat.md 5, replay of opaque state: one test a clause, in the order of the text."""

import pytest

from .answers import Called, Thought, answer
from .states import (
    BLOCK,
    CLAUDE_STATE,
    EMPTY,
    GOOGLE_STATE,
    PLACES,
    REDACTED,
    REDACTED_STATE,
    SPELLINGS,
    F,
    loop,
    spelled,
    thoughts,
    turn_of,
)
from .wires import (
    CLAUDE,
    CLAUDES,
    GOOGLE,
    OPENAI,
    USER,
    WIRES,
    ask,
    assistant,
    call,
    lost,
    result,
    to,
)

SKIP = "skip_thought_signature_validator"


@pytest.mark.parametrize("target", CLAUDES)
@pytest.mark.parametrize("source", CLAUDES)
def test_claude_direct_bedrock_and_vertex_are_one_domain(source, target):
    """Replayed only to a target whose signing domain issued it (Claude direct, Bedrock and Vertex are one domain …)"""
    given = answer(source, ask(tools=[F]), Thought("Hm", CLAUDE_STATE), Called("f", "{}", "t1"))
    again = to(target, ask(USER, given.message, result("t1"), tools=[F]))
    assert (thoughts(again.body), again.losses) == ([BLOCK], [])


@pytest.mark.parametrize("target", GOOGLE)
@pytest.mark.parametrize("source", GOOGLE)
def test_gemini_api_and_vertex_are_one_domain(source, target):
    """Replayed only to … (… Gemini API and Vertex are one …)"""
    given = answer(source, ask(tools=[F]), Called("f", "{}", "t1", GOOGLE_STATE))
    again = to(target, ask(USER, given.message, result("t1"), tools=[F]))
    assert turn_of(again.body)[0]["thoughtSignature"] == GOOGLE_STATE
    assert again.losses == []


@pytest.mark.parametrize("name", [*GOOGLE, "openai", "azure", "xai", "groq", "responses"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_claude_s_thinking_is_dropped_aloud_elsewhere(name, spelling):
    """else dropped with `dropped/quality`"""
    planned = to(name, loop(SPELLINGS[spelling]), on_loss="allow")
    for state in (CLAUDE_STATE, REDACTED_STATE, "Hm"):
        assert state not in str(planned.body)
    key = next(iter(SPELLINGS[spelling]))
    dropped = {(f"/messages/1/{key}/{index}", "dropped", "quality") for index in range(3)}
    assert dropped <= planned.lost


@pytest.mark.parametrize("name", [*CLAUDES, "openai", "azure", "xai", "groq", "responses"])
@pytest.mark.parametrize("place", PLACES, ids=".".join)
def test_google_s_signatures_are_dropped_aloud_elsewhere(name, place):
    """else dropped with `dropped/quality`"""
    packed = f"c1__thought__{GOOGLE_STATE}" if place == ("id",) else "c1"
    planned = to(name, loop({}, spelled(place), result(packed)))
    assert GOOGLE_STATE not in str(planned.body)
    assert lost(planned) == {("/messages/1/tool_calls/0", "dropped", "quality")}


@pytest.mark.parametrize("name", WIRES)
def test_a_signature_of_what_was_said_goes_back_to_google_only(name):
    """Opaque state is kept per part; wire/gemini.md 9: `message.extra_content.google.thought_signature`"""
    said = assistant("A", extra_content={"google": {"thought_signature": GOOGLE_STATE}})
    planned = to(name, ask(USER, said, USER))
    if name in GOOGLE:
        assert turn_of(planned.body) == [{"text": "A", "thoughtSignature": GOOGLE_STATE}]
        assert planned.losses == []
    elif name == "openai_compatible":
        assert planned.body["messages"][1] == said
    else:
        assert GOOGLE_STATE not in str(planned.body)
        assert lost(planned) == {("/messages/1/extra_content", "dropped", "quality")}


@pytest.mark.parametrize("name", WIRES)
def test_unsigned_reasoning_is_never_shown_as_text(name):
    """Replayed only to a target whose signing domain issued it; else dropped with `dropped/quality`"""
    planned = to(name, ask(USER, assistant("A", reasoning_content="Hm"), USER))
    key = {"xai": "reasoning_content", "groq": "reasoning", "openai_compatible": "reasoning_content"}.get(name)
    if key is not None:
        # These servers take the reasoning of the history back (wire/xai.md 1, wire/groq.md 7).
        assert planned.body["messages"][1] == {"role": "assistant", "content": "A", key: "Hm"}
        assert lost(planned) == set()
    else:
        assert "Hm" not in str(planned.body)
        assert lost(planned) == {("/messages/1/reasoning_content", "dropped", "quality")}


def test_openai_s_encrypted_reasoning_is_bound_to_its_surface():
    """OpenAI encrypted reasoning is bound to its account"""
    item = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "ZW5j"}
    body = {"model": "m", "input": [{"role": "user", "content": "Hi"}, item, {"role": "assistant", "content": "A"},
                                    {"role": "user", "content": "B"}]}  # fmt: skip
    own = to("responses", body, "openai_responses")
    assert own.body["input"][1] == item
    for name in (*CLAUDES, *GOOGLE, "xai", "openai_compatible"):
        planned = to(name, body, "openai_responses")
        assert "ZW5j" not in str(planned.body)
        assert ("/input/1", "dropped", "quality") in planned.lost


STEPS = {
    "one call": ([USER, assistant(tool_calls=[call("a")]), result("a")], [1]),
    "parallel calls": ([USER, assistant(tool_calls=[call("a"), call("b")]), result("a"), result("b")], [1]),
    "two steps": (
        [USER, assistant(tool_calls=[call("a")]), result("a"), assistant(tool_calls=[call("b")]), result("b")], [1, 3]),
    "an older turn": (
        [USER, assistant(tool_calls=[call("a")]), result("a"), assistant("A"), USER, assistant(tool_calls=[call("b")]),
         result("b")], [5]),
    "no running loop": ([USER, assistant(tool_calls=[call("a")]), result("a"), assistant("A"), USER], []),
    "text before the call": ([USER, assistant("Well", tool_calls=[call("a")]), result("a")], [1]),
}  # fmt: skip


@pytest.mark.parametrize("case", STEPS)
@pytest.mark.parametrize("name", GOOGLE)
def test_history_of_another_model_gets_the_skipping_value_on_the_first_call_of_each_step(name, case):
    """History that came from another model and goes to Gemini 3 or later gets the documented validator-skipping value
    on the first call of each step of the current turn, reported `added/quality`."""
    turns, signed = STEPS[case]
    planned = to(name, ask(*turns, tools=[F]))
    assert planned.lost == {(f"/messages/{index}/tool_calls/0", "added", "quality") for index in signed}
    calls = [part for content in planned.body["contents"] for part in content["parts"] if "functionCall" in part]
    marks = [part.get("thoughtSignature") for part in calls]
    first = [f"{turns[index]['tool_calls'][0]['id']}" for index in signed]
    assert [part["functionCall"]["id"] for part in calls if part.get("thoughtSignature") == SKIP] == first
    assert set(marks) <= {SKIP, None}


@pytest.mark.parametrize("name", GOOGLE)
def test_a_step_with_its_own_signature_keeps_it(name):
    """History that came from another model …"""
    signed = spelled(PLACES[0])
    turns = [USER, assistant(tool_calls=[signed, call("b")]), result(), result("b")]
    planned = to(name, ask(*turns, tools=[F]))
    marks = [part.get("thoughtSignature") for part in turn_of(planned.body)]
    assert (marks, planned.losses) == ([GOOGLE_STATE, None], [])


@pytest.mark.parametrize("name", GOOGLE)
def test_claude_s_history_is_dropped_and_skipped(name):
    """History that came from another model …"""
    planned = to(name, loop({"thinking_blocks": [BLOCK]}))
    assert planned.lost == {
        ("/messages/1/thinking_blocks/0", "dropped", "quality"), ("/messages/1/tool_calls/0", "added", "quality"),
    }  # fmt: skip
    assert turn_of(planned.body)[0]["thoughtSignature"] == SKIP


@pytest.mark.parametrize("name", GOOGLE)
def test_before_gemini_3_nothing_is_added(name):
    """goes to Gemini 3 or later; wire/gemini.md 9: 2.5 does not validate."""
    planned = to(name, loop({}), model="gemini-2.5-flash")
    assert "thoughtSignature" not in str(planned.body)
    assert planned.losses == []


THINKING = [
    {"thinking": {"type": "enabled", "budget_tokens": 2000}}, {"reasoning_effort": "high"},
    {"reasoning": {"max_tokens": 2000}},
]  # fmt: skip


@pytest.mark.parametrize("asked", THINKING)
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", CLAUDES)
def test_in_a_tool_loop_with_thinking_on_thinking_blocks_return_first_unchanged_in_order(name, spelling, asked):
    """Anthropic tool loops with thinking on: thinking blocks return first, unchanged, in order."""
    planned = to(name, loop(SPELLINGS[spelling], **asked))
    assert thoughts(planned.body) == [BLOCK, EMPTY, REDACTED]
    blocks = turn_of(planned.body)
    assert all("reasoningContent" in block or block.get("type", "").endswith("thinking") for block in blocks[:3])
    assert blocks[3].get("type") == "tool_use" or "toolUse" in blocks[3]
    thinks = planned.body if name in CLAUDE else planned.body["additionalModelRequestFields"]
    assert thinks["thinking"]["type"] == "enabled"
    assert planned.losses == []


@pytest.mark.parametrize("name", CLAUDES)
def test_a_tool_loop_that_came_without_its_thinking_goes_on_without_and_says_so(name):
    """Anthropic tool loops with thinking on; wire/anthropic.md 6: the turn that made the calls must have its blocks."""
    planned = to(name, loop({}, reasoning_effort="high"))
    assert "thinking" not in str(planned.body)
    assert planned.lost == {("/reasoning_effort", "dropped", "quality")}


@pytest.mark.parametrize("name", OPENAI)
def test_no_visible_text_ever_holds_state(name):
    """Opaque state is kept per part with its origin."""
    planned = to(name, loop({**SPELLINGS["thinking_blocks"], "content": "said"}, spelled(PLACES[0])), on_loss="allow")
    said = planned.body["messages"][1]
    assert said["content"] == "said"
