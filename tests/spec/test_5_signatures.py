"""spec/chat.md 5, thought signatures and thinking blocks: one test a clause, in the order of the text."""

from base64 import b64decode

import orjson
import pytest

from .answers import Called, Said, Thought, answer
from .wires import (
    CLAUDE, CLAUDES, GOOGLE, OPENAI, USER, WIRES, ask, assistant, call, lost, result, to, tool,
)  # fmt: skip

CLAUDE_STATE, GOOGLE_STATE, REDACTED_STATE = "c2lnbmF0dXJl", "Z29vZ2xl", "cmVkYWN0ZWQ="
BLOCK = {"type": "thinking", "thinking": "Hm", "signature": CLAUDE_STATE}
EMPTY = {"type": "thinking", "thinking": "", "signature": CLAUDE_STATE}
REDACTED = {"type": "redacted_thinking", "data": REDACTED_STATE}
F = tool()
SKIP = "skip_thought_signature_validator"


def loop(turn, used=None, answered=None, **fields):
    """A running tool loop whose assistant turn is said so."""
    return ask(USER, assistant(**{"tool_calls": [used or call()], **turn}), answered or result(), tools=[F], **fields)


def turn_of(name, body):
    """The blocks of the assistant turn of such a loop."""
    turn = (body.get("messages") or body["contents"])[1]
    return turn.get("parts") or turn["content"]


def thoughts(name, body):
    """Thinking of the assistant turn, in Anthropic's words, wherever Claude is."""
    out = []
    for block in turn_of(name, body):
        inner = block.get("reasoningContent")
        if inner is None:
            out += [block] if block.get("type") in ("thinking", "redacted_thinking") else []
        elif "redactedContent" in inner:
            out.append({"type": "redacted_thinking", "data": b64decode(inner["redactedContent"]).decode()})
        else:
            text = inner["reasoningText"]
            out.append({"type": "thinking", "thinking": text["text"], "signature": text["signature"]})
    return out


# Accepted on input: calls


def spelled(where, signature=GOOGLE_STATE):
    """A call with its signature at a place."""
    used = call()
    for key in where[:-1]:
        used = used if key in used else {**used}
    if where == ("id",):
        return {**used, "id": f"c1__thought__{signature}"}
    out = {**used, "function": dict(used["function"])}
    at = out
    for key in where[:-1]:
        at = at.setdefault(key, {})
    at[where[-1]] = signature
    return out


PLACES = [
    ("provider_specific_fields", "thought_signature"),
    ("extra_content", "google", "thought_signature"),
    ("function", "thought_signature"),
    ("function", "provider_specific_fields", "thought_signature"),
    ("thought_signature",),
    ("id",),
]


@pytest.mark.parametrize("place", PLACES, ids=".".join)
@pytest.mark.parametrize("name", GOOGLE)
def test_a_call_s_signature_is_accepted_in_every_spelling(name, place):
    """Accepted on input … `tool_calls[].provider_specific_fields.thought_signature`,
    `tool_calls[].extra_content.google.thought_signature`, `tool_calls[].function.thought_signature`,
    `tool_calls[].function.provider_specific_fields.thought_signature`, `tool_calls[].thought_signature`, an id suffix
    `__thought__<base64>`"""
    packed = f"c1__thought__{GOOGLE_STATE}" if place == ("id",) else "c1"
    planned = to(name, loop({}, spelled(place), result(packed)))
    assert turn_of(name, planned.body) == [
        {"functionCall": {"id": "c1", "name": "f", "args": {}}, "thoughtSignature": GOOGLE_STATE}
    ]
    assert planned.losses == []


@pytest.mark.parametrize(("first", "second"), list(zip(PLACES, PLACES[1:], strict=False)))
def test_of_several_spellings_the_first_one_wins(first, second):
    """first found wins"""
    used = spelled(second, "c2Vjb25k")
    fields = spelled(first, "Zmlyc3Q=")
    both = {**used, **{k: v for k, v in fields.items() if k not in ("id", "function")}}
    both["function"] = {**used["function"], **fields["function"]}
    planned = to("gemini", loop({}, both, result(used["id"])))
    assert turn_of("gemini", planned.body)[0]["thoughtSignature"] == "Zmlyc3Q="


@pytest.mark.parametrize("name", WIRES)
def test_a_packed_id_is_stripped_on_the_tool_message_too(name):
    """an id suffix `__thought__<base64>` (stripped, on the tool message too)"""
    packed = f"c1__thought__{GOOGLE_STATE}"
    planned = to(name, loop({}, call(packed), result(packed)))
    assert "__thought__" not in str(planned.body)
    assert str(planned.body).count("'c1'") == 2


def test_a_packed_id_of_a_custom_call_is_stripped_too():
    """an id suffix `__thought__<base64>` (stripped, on the tool message too)"""
    packed = f"c1__thought__{GOOGLE_STATE}"
    used = {"id": packed, "type": "custom", "custom": {"name": "sh", "input": "ls"}}
    planned = to("gemini", loop({}, used, result(packed)))
    assert turn_of("gemini", planned.body)[0] == {
        "functionCall": {"id": "c1", "name": "sh", "args": {"input": "ls"}}, "thoughtSignature": GOOGLE_STATE,
    }  # fmt: skip


# Accepted on input: Claude


SPELLINGS = {
    "thinking_blocks": {"thinking_blocks": [BLOCK, EMPTY, REDACTED]},
    "content parts": {"content": [BLOCK, EMPTY, REDACTED]},
    "content_blocks": {"content_blocks": [BLOCK, EMPTY, REDACTED]},
    "reasoning_details": {"reasoning_details": [
        {"type": "reasoning.text", "text": "Hm", "signature": CLAUDE_STATE, "format": "anthropic-claude-v1"},
        {"type": "reasoning.text", "text": "", "signature": CLAUDE_STATE, "format": "anthropic-claude-v1"},
        {"type": "reasoning.encrypted", "data": REDACTED_STATE, "format": "anthropic-claude-v1"},
    ]},
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", CLAUDES)
def test_claude_s_thinking_is_accepted_in_every_spelling(name, spelling):
    """Claude: `thinking_blocks`, content parts of type `thinking`/`redacted_thinking`, `content_blocks` … OpenRouter's
    `reasoning_details`"""
    planned = to(name, loop(SPELLINGS[spelling]))
    assert thoughts(name, planned.body) == [BLOCK, EMPTY, REDACTED]
    assert planned.losses == []


@pytest.mark.parametrize("said", [{"reasoning_content": "Hm"}, {"reasoning": "Hm"}, {"reasoning": {"content": "Hm"}}])
@pytest.mark.parametrize("name", CLAUDES)
def test_a_signature_beside_the_reasoning_is_accepted(name, said):
    """Claude: … `extra_content.anthropic.signature`"""
    planned = to(name, loop({**said, "extra_content": {"anthropic": {"signature": CLAUDE_STATE}}}))
    assert thoughts(name, planned.body) == [BLOCK]
    assert planned.losses == []


@pytest.mark.parametrize("said", [{}, {"reasoning_content": ""}, {"reasoning_content": None}])
@pytest.mark.parametrize("name", CLAUDES)
def test_a_signature_without_reasoning_text_is_a_block_without_words(name, said):
    """Claude: … `extra_content.anthropic.signature`; wire/anthropic.md 6: blocks with empty text go back, too."""
    planned = to(name, loop({**said, "extra_content": {"anthropic": {"signature": CLAUDE_STATE}}}))
    assert thoughts(name, planned.body) == [EMPTY]
    assert planned.losses == []


@pytest.mark.parametrize(("first", "second"), [
    ("thinking_blocks", "content parts"), ("content parts", "content_blocks"), ("content_blocks", "reasoning_details"),
    ("thinking_blocks", "content_blocks"), ("thinking_blocks", "reasoning_details"),
])  # fmt: skip
def test_of_several_spellings_of_thinking_the_first_one_wins(first, second):
    """first found wins"""
    later = orjson.loads(orjson.dumps(SPELLINGS[second]).replace(b"Hm", b"later"))
    planned = to("anthropic", loop({**later, **SPELLINGS[first]}))
    assert [block.get("thinking") for block in thoughts("anthropic", planned.body)] == ["Hm", "", None]


def test_a_signature_beside_the_reasoning_wins_over_reasoning_details():
    """first found wins"""
    said = {"reasoning": "Hm", "extra_content": {"anthropic": {"signature": CLAUDE_STATE}}}
    later = {"reasoning_details": [{"type": "reasoning.text", "text": "later", "signature": "bGF0ZXI="}]}
    assert thoughts("anthropic", to("anthropic", loop({**said, **later})).body) == [BLOCK]


@pytest.mark.parametrize("content", [None, ""])
def test_what_was_said_in_blocks_alone_is_said(content):
    """Claude: … `content_blocks`"""
    blocks = [BLOCK, {"type": "text", "text": "said"}]
    planned = to("anthropic", ask(USER, assistant(content, content_blocks=blocks), USER))
    assert turn_of("anthropic", planned.body) == blocks
    assert planned.losses == []


def test_what_is_no_thinking_block_among_them_is_reported():
    """Opaque state is kept per part: nothing is lost without a word."""
    odd = {"type": "brand_new", "x": 1}
    planned = to("anthropic", loop({"thinking_blocks": [BLOCK, odd, "x"]}))
    assert thoughts("anthropic", planned.body) == [BLOCK]
    assert planned.lost == {(f"/messages/1/thinking_blocks/{index}", "dropped", "quality") for index in (1, 2)}


# Emitted


@pytest.mark.parametrize("name", CLAUDES)
def test_claude_s_thinking_is_emitted_as_reasoning_text_and_blocks(name):
    """Emitted: the spellings in `design/interfaces.md` 4."""
    given = answer(name, ask(), Thought("Hm", CLAUDE_STATE), Said("A"))
    assert given.message["reasoning_content"] == "Hm"
    assert given.message["thinking_blocks"] == [BLOCK]
    blocks = [block for delta in given.deltas for block in delta.get("thinking_blocks", ())]
    assert {block["index"] for block in blocks} == {0}
    assert "".join(block.get("thinking", "") for block in blocks) == "Hm"
    assert [block["signature"] for block in blocks if block.get("signature")] == [CLAUDE_STATE]


@pytest.mark.parametrize("name", GOOGLE)
def test_a_call_s_signature_is_emitted_in_both_spellings_once_in_one_delta(name):
    """Emitted: … `tool_calls[].provider_specific_fields.thought_signature` **and**
    `tool_calls[].extra_content.google.thought_signature` (both once, in one delta)"""
    given = answer(name, ask(tools=[F]), Called("f", '{"z":1}', "t1", GOOGLE_STATE), Called("f", "{}", "t2"))
    spellings = {
        "provider_specific_fields": {"thought_signature": GOOGLE_STATE},
        "extra_content": {"google": {"thought_signature": GOOGLE_STATE}},
    }
    first, second = given.message["tool_calls"]
    assert {key: first[key] for key in spellings} == spellings
    assert not spellings.keys() & second.keys()
    signed = [
        piece for delta in given.deltas for piece in delta.get("tool_calls", ()) if spellings.keys() & piece.keys()
    ]
    assert [{key: piece[key] for key in spellings} for piece in signed] == [spellings]


@pytest.mark.parametrize("name", [*CLAUDES, *GOOGLE])
def test_what_was_emitted_comes_back_unchanged(name):
    """Opaque state is kept per part with its origin."""
    signature = CLAUDE_STATE if name in CLAUDES else None
    used = Called("f", '{"z":1}', "t1", None if name in CLAUDES else GOOGLE_STATE)
    given = answer(name, ask(tools=[F]), Thought("Hm", signature), used)
    again = to(name, ask(USER, {**given.message}, result("t1"), tools=[F]))
    if name in CLAUDES:
        assert thoughts(name, again.body) == [BLOCK]
    else:
        assert turn_of(name, again.body)[-1]["thoughtSignature"] == GOOGLE_STATE
    # The words of an unsigned thought are none of the answer (wire/gemini.md 9 asks for signatures only).
    unsigned = set() if name in CLAUDES else {("/messages/1/reasoning_content", "dropped", "quality")}
    assert again.lost - {("/messages/1/thinking_blocks/0", "dropped", "quality")} == unsigned - again.lost ^ unsigned


def test_a_strict_client_gets_no_state():
    """Emitted: the spellings in `design/interfaces.md` 4 (`x-dragoman-strict-openai`: no extension keys)."""
    given = answer("anthropic", ask(), Thought("Hm", CLAUDE_STATE), Said("A"), strict_openai=True)
    assert given.message == {"role": "assistant", "content": "A", "refusal": None}
    called = answer("gemini", ask(tools=[F]), Called("f", "{}", "t1", GOOGLE_STATE), strict_openai=True)
    assert called.message["tool_calls"] == [call("t1")]


# Replayed


@pytest.mark.parametrize("target", CLAUDES)
@pytest.mark.parametrize("source", CLAUDES)
def test_claude_direct_bedrock_and_vertex_are_one_domain(source, target):
    """Replayed only to a target whose signing domain issued it (Claude direct, Bedrock and Vertex are one domain …)"""
    given = answer(source, ask(tools=[F]), Thought("Hm", CLAUDE_STATE), Called("f", "{}", "t1"))
    again = to(target, ask(USER, given.message, result("t1"), tools=[F]))
    assert (thoughts(target, again.body), again.losses) == ([BLOCK], [])


@pytest.mark.parametrize("target", GOOGLE)
@pytest.mark.parametrize("source", GOOGLE)
def test_gemini_api_and_vertex_are_one_domain(source, target):
    """Replayed only to … (… Gemini API and Vertex are one …)"""
    given = answer(source, ask(tools=[F]), Called("f", "{}", "t1", GOOGLE_STATE))
    again = to(target, ask(USER, given.message, result("t1"), tools=[F]))
    assert turn_of(target, again.body)[0]["thoughtSignature"] == GOOGLE_STATE
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
        assert turn_of(name, planned.body) == [{"text": "A", "thoughtSignature": GOOGLE_STATE}]
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


# Gemini 3 and later


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
    """History that came from another model and goes to Gemini 3 or later gets the documented validator-skipping value on
    the first call of each step of the current turn, reported `added/quality`."""
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
    marks = [part.get("thoughtSignature") for part in turn_of(name, planned.body)]
    assert (marks, planned.losses) == ([GOOGLE_STATE, None], [])


@pytest.mark.parametrize("name", GOOGLE)
def test_claude_s_history_is_dropped_and_skipped(name):
    """History that came from another model …"""
    planned = to(name, loop({"thinking_blocks": [BLOCK]}))
    assert planned.lost == {
        ("/messages/1/thinking_blocks/0", "dropped", "quality"), ("/messages/1/tool_calls/0", "added", "quality"),
    }  # fmt: skip
    assert turn_of(name, planned.body)[0]["thoughtSignature"] == SKIP


@pytest.mark.parametrize("name", GOOGLE)
def test_before_gemini_3_nothing_is_added(name):
    """goes to Gemini 3 or later; wire/gemini.md 9: 2.5 does not validate."""
    planned = to(name, loop({}), model="gemini-2.5-flash")
    assert "thoughtSignature" not in str(planned.body)
    assert planned.losses == []


# Tool loops with thinking on


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
    assert thoughts(name, planned.body) == [BLOCK, EMPTY, REDACTED]
    blocks = turn_of(name, planned.body)
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
