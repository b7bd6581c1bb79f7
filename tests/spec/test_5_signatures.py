"""spec/chat.md 5, thought signatures and thinking blocks: one test a clause, in the order of the text."""

import itertools

import orjson
import pytest

from .answers import Called, Said, Thought, answer
from .states import (
    BLOCK,
    CLAUDE_STATE,
    EMPTY,
    GOOGLE_STATE,
    PLACES,
    REDACTED,
    SPELLINGS,
    F,
    loop,
    spelled,
    thoughts,
    turn_of,
)
from .wires import (
    CLAUDES,
    GOOGLE,
    USER,
    WIRES,
    ask,
    assistant,
    call,
    result,
    to,
)


@pytest.mark.parametrize("place", PLACES, ids=".".join)
@pytest.mark.parametrize("name", GOOGLE)
def test_a_call_s_signature_is_accepted_in_every_spelling(name, place):
    """Accepted on input … `tool_calls[].provider_specific_fields.thought_signature`,
    `tool_calls[].extra_content.google.thought_signature`, `tool_calls[].function.thought_signature`,
    `tool_calls[].function.provider_specific_fields.thought_signature`, `tool_calls[].thought_signature`, an id suffix
    `__thought__<base64>`"""
    packed = f"c1__thought__{GOOGLE_STATE}" if place == ("id",) else "c1"
    planned = to(name, loop({}, spelled(place), result(packed)))
    assert turn_of(planned.body) == [
        {"functionCall": {"id": "c1", "name": "f", "args": {}}, "thoughtSignature": GOOGLE_STATE}
    ]
    assert planned.losses == []


@pytest.mark.parametrize(("first", "second"), list(itertools.pairwise(PLACES)))
def test_of_several_spellings_the_first_one_wins(first, second):
    """first found wins"""
    used = spelled(second, "c2Vjb25k")
    fields = spelled(first, "Zmlyc3Q=")
    both = {**used, **{k: v for k, v in fields.items() if k not in ("id", "function")}}
    both["function"] = {**used["function"], **fields["function"]}
    planned = to("gemini", loop({}, both, result(used["id"])))
    assert turn_of(planned.body)[0]["thoughtSignature"] == "Zmlyc3Q="


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
    assert turn_of(planned.body)[0] == {
        "functionCall": {"id": "c1", "name": "sh", "args": {"input": "ls"}}, "thoughtSignature": GOOGLE_STATE,
    }  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", CLAUDES)
def test_claude_s_thinking_is_accepted_in_every_spelling(name, spelling):
    """Claude: `thinking_blocks`, content parts of type `thinking`/`redacted_thinking`, `content_blocks` … OpenRouter's
    `reasoning_details`"""
    planned = to(name, loop(SPELLINGS[spelling]))
    assert thoughts(planned.body) == [BLOCK, EMPTY, REDACTED]
    assert planned.losses == []


@pytest.mark.parametrize("said", [{"reasoning_content": "Hm"}, {"reasoning": "Hm"}, {"reasoning": {"content": "Hm"}}])
@pytest.mark.parametrize("name", CLAUDES)
def test_a_signature_beside_the_reasoning_is_accepted(name, said):
    """Claude: … `extra_content.anthropic.signature`"""
    planned = to(name, loop({**said, "extra_content": {"anthropic": {"signature": CLAUDE_STATE}}}))
    assert thoughts(planned.body) == [BLOCK]
    assert planned.losses == []


@pytest.mark.parametrize("said", [{}, {"reasoning_content": ""}, {"reasoning_content": None}])
@pytest.mark.parametrize("name", CLAUDES)
def test_a_signature_without_reasoning_text_is_a_block_without_words(name, said):
    """Claude: … `extra_content.anthropic.signature`; wire/anthropic.md 6: blocks with empty text go back, too."""
    planned = to(name, loop({**said, "extra_content": {"anthropic": {"signature": CLAUDE_STATE}}}))
    assert thoughts(planned.body) == [EMPTY]
    assert planned.losses == []


@pytest.mark.parametrize(("first", "second"), [
    ("thinking_blocks", "content parts"), ("content parts", "content_blocks"), ("content_blocks", "reasoning_details"),
    ("thinking_blocks", "content_blocks"), ("thinking_blocks", "reasoning_details"),
])  # fmt: skip
def test_of_several_spellings_of_thinking_the_first_one_wins(first, second):
    """first found wins"""
    later = orjson.loads(orjson.dumps(SPELLINGS[second]).replace(b"Hm", b"later"))
    planned = to("anthropic", loop({**later, **SPELLINGS[first]}))
    assert [block.get("thinking") for block in thoughts(planned.body)] == ["Hm", "", None]


def test_a_signature_beside_the_reasoning_wins_over_reasoning_details():
    """first found wins"""
    said = {"reasoning": "Hm", "extra_content": {"anthropic": {"signature": CLAUDE_STATE}}}
    later = {"reasoning_details": [{"type": "reasoning.text", "text": "later", "signature": "bGF0ZXI="}]}
    assert thoughts(to("anthropic", loop({**said, **later})).body) == [BLOCK]


@pytest.mark.parametrize("content", [None, ""])
def test_what_was_said_in_blocks_alone_is_said(content):
    """Claude: … `content_blocks`"""
    blocks = [BLOCK, {"type": "text", "text": "said"}]
    planned = to("anthropic", ask(USER, assistant(content, content_blocks=blocks), USER))
    assert turn_of(planned.body) == blocks
    assert planned.losses == []


def test_what_is_no_thinking_block_among_them_is_reported():
    """Opaque state is kept per part: nothing is lost without a word."""
    odd = {"type": "brand_new", "x": 1}
    planned = to("anthropic", loop({"thinking_blocks": [BLOCK, odd, "x"]}))
    assert thoughts(planned.body) == [BLOCK]
    assert planned.lost == {(f"/messages/1/thinking_blocks/{index}", "dropped", "quality") for index in (1, 2)}


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
        assert thoughts(again.body) == [BLOCK]
    else:
        assert turn_of(again.body)[-1]["thoughtSignature"] == GOOGLE_STATE
    # Nobody signed the words of a thought of Google's (wire/gemini.md 9: signatures go back, summaries do not).
    unsigned = {("/messages/1/thinking_blocks/0", "dropped", "quality")}
    assert again.lost == (set() if name in CLAUDES else unsigned)


def test_a_strict_client_gets_no_state():
    """Emitted: the spellings in `design/interfaces.md` 4 (`x-dragoman-strict-openai`: no extension keys)."""
    given = answer("anthropic", ask(), Thought("Hm", CLAUDE_STATE), Said("A"), strict_openai=True)
    assert given.message == {"role": "assistant", "content": "A", "refusal": None}
    called = answer("gemini", ask(tools=[F]), Called("f", "{}", "t1", GOOGLE_STATE), strict_openai=True)
    assert called.message["tool_calls"] == [call("t1")]
