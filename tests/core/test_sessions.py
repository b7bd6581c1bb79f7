"""What tells the session of a request."""

import orjson
import pytest
from dragoman.translate import boundary
from hypothesis import given, settings
from hypothesis import strategies as st

# One beginning, said in every dialect.
SAME = {
    "openai_chat": {"messages": [{"role": "developer", "content": "s"}, {"role": "user", "content": "hi"}]},
    "openai_responses": {"instructions": "s",
                         "input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}]},
    "anthropic": {"system": [{"type": "text", "text": "s"}], "messages": [{"role": "user", "content": "hi"}]},
    "gemini": {"system_instruction": {"parts": [{"text": "s"}]}, "contents": [{"parts": [{"text": "hi"}]}]},
    "bedrock": {"system": [{"text": "s"}], "messages": [{"role": "user", "content": [{"text": "hi"}]}]},
}  # fmt: skip


def conversation(body, dialect="openai_chat"):
    return boundary.session(dialect, "conversation", boundary.parse(orjson.dumps(body)))


def test_the_same_beginning_is_the_same_conversation_in_every_dialect():
    assert len({conversation(body, dialect) for dialect, body in SAME.items()}) == 1
    assert conversation({"messages": [{"role": "user", "content": "ho"}]}) != conversation(SAME["openai_chat"])


def test_later_turns_marks_and_settings_do_not_change_it():
    first = {"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}
    later = {
        "temperature": 1,
        "stream": True,
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "hi", "cache_control": {"type": "ephemeral"}}]},
            {"role": "assistant", "content": "Hello"},
            {"role": "user", "content": "More"},
        ],
    }
    assert conversation(first, "anthropic") == conversation(later, "anthropic")


@pytest.mark.parametrize(
    "body", [{}, {"messages": []}, {"messages": [{"role": "system", "content": "s"}]}, [], 5, None]
)
def test_what_begins_with_no_text_is_no_conversation(body):
    assert conversation(body) is None


@pytest.mark.parametrize(
    ("dialect", "body", "user"),
    [
        ("openai_chat", {"user": "u"}, "u"),
        ("openai_chat", {"safety_identifier": "s"}, "s"),
        ("openai_chat", {"user": "u", "safety_identifier": "s"}, "u"),
        ("openai_responses", {"user": "u"}, "u"),
        ("anthropic", {"metadata": {"user_id": "u"}}, "u"),
        ("anthropic", {"user": "u"}, None),
        ("gemini", {"user": "u"}, None),
        ("openai_chat", {"user": 5}, None),
        ("openai_chat", {"user": ""}, None),
        ("anthropic", {"metadata": "u"}, None),
        ("openai_chat", [], None),
    ],
)
def test_a_user_is_named_where_the_dialect_has_a_place_for_it(dialect, body, user):
    assert boundary.session(dialect, "user", boundary.parse(orjson.dumps(body))) == user


@settings(max_examples=60)
@given(st.sampled_from(list(SAME)), st.sampled_from(["user", "conversation"]), st.binary(max_size=60))
def test_nothing_is_raised_whatever_the_body_is(dialect, what, body):
    assert boundary.session(dialect, what, boundary.parse(body)) is None or body


KEYS = st.sampled_from(["role", "content", "text", "parts", "messages", "system"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=60)
@given(JSON, JSON)
def test_a_conversation_is_a_short_name_or_none(system, turns):
    name = conversation({"system": system, "messages": turns})
    assert name is None or len(name) == 32
