"""A call says which fields hold state that it drops, since only those can read it who gave it out."""

import orjson
import pytest
from dragoman.translate import boundary

THINKING = {"type": "thinking", "thinking": "hm", "signature": "c2lnbmVk"}
TARGETS = {"openai": "gpt-4.1", "anthropic": "claude-sonnet-4-5", "gemini": "gemini-2.5-flash", "groq": "llama-3.3-70b"}


def foreign(to, assistant, client="openai_chat"):
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", **assistant}, {"role": "user", "content": "On"}]
    body = {"model": "x", "messages": turns, "max_tokens": 9}
    head = orjson.dumps({"from": client, "to": to, "model": TARGETS[to]})
    answer = boundary.request(head, orjson.dumps(body))
    assert answer.status == 200, answer
    return orjson.loads(answer.head).get("foreign")


@pytest.mark.parametrize("to", TARGETS)
def test_signed_reasoning_is_foreign_everywhere_but_where_it_was_signed(to):
    said = {"content": "Hello", "thinking_blocks": [THINKING]}
    assert foreign(to, said) == (None if to == "anthropic" else ["messages[1].thinking_blocks[0]"])
    native = {"content": [THINKING, {"type": "text", "text": "Hello"}]}
    assert foreign(to, native, "anthropic") == (None if to == "anthropic" else ["messages[1].content[0]"])


@pytest.mark.parametrize("to", TARGETS)
def test_a_request_without_state_says_nothing_of_it(to):
    assert foreign(to, {"content": "Hello"}) is None
    # Nobody gave this out: it is lost, and no other target could read it.
    assert foreign(to, {"content": "Hello", "reasoning_content": "hm"}) is None
