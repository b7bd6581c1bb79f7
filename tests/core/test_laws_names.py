"""Names and ids are legal at every provider, tell apart what they told apart, and come back as the client gave them."""

import copy
import re

import pytest
from dragoman.translate import DIALECTS, collect
from dragoman.translate.records import Call, Result
from hypothesis import given
from hypothesis import strategies as st
from proof.answered import REPLIES, STREAMS
from proof.calls import receive, stream
from proof.loops import calls_in, loop
from proof.strategies import law, odd_names
from proof.targets import PROVIDER_NAMES, at

# wire/openai-chat.md 6, wire/anthropic.md 5, wire/gemini.md 6, wire/bedrock.md 4
NAMES = {
    "openai_chat": r"[A-Za-z0-9_-]{1,64}",
    "openai_responses": r"[A-Za-z0-9_-]{1,64}",
    "anthropic": r"[a-zA-Z0-9_-]{1,64}",
    "gemini": r"[A-Za-z_][A-Za-z0-9_.:-]{0,127}",
    "bedrock": r"[a-zA-Z0-9_-]{1,64}",
}
IDS = {
    "openai_chat": r"[A-Za-z0-9_-]+",
    "openai_responses": r"[A-Za-z0-9_-]{1,64}",
    "anthropic": r"[a-zA-Z0-9_-]+",
    "gemini": r"[A-Za-z0-9_-]+",
    "bedrock": r"[a-zA-Z0-9_.:-]{1,64}",
}
LONGEST = {("openai", "openai_chat"): 40, ("azure", "openai_chat"): 40}
given_names = st.lists(
    st.one_of(
        odd_names,
        st.sampled_from(["a.b", "a b", "a_b", "a-b", "9lives", "-x", "ä", "a" * 64, "a" * 65, "b:c", "json_answer"]),
        st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=70),
    ),
    min_size=1,
    max_size=4,
    unique=True,
)
given_ids = st.one_of(
    st.sampled_from(["call_1", "toolu/1", "a|b", "a b", "functions.f:0", "é", "x" * 65, "x" * 200, "-", "a.b"]),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=70),
)


def parts(request, kind):
    return [part for message in request.messages for part in message.parts if isinstance(part, kind)]


def heard_calls(functions, out):
    state, events = functions.start_reading("p"), []
    tail, frames = functions.split(b"", out)
    for frame in (*frames, *functions.last(tail)):
        state, found = functions.read_event(state, frame)
        events += found
    _, found = functions.end_reading(state)
    return [(part.id, part.name) for part in collect([*events, *found]).choices[0].parts if isinstance(part, Call)]


@pytest.mark.parametrize("to", PROVIDER_NAMES)
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(12)
def test_names_and_ids_are_legal_there_and_restored_on_the_way_back(client, to, data):
    names, goal = data.draw(given_names), data.draw(at(to))
    ids = data.draw(st.lists(given_ids, min_size=len(names), max_size=len(names), unique=True))
    sent = goal.ask(loop(client, names, ids), client)
    assert sent.status in (200, 400)
    if sent.status == 400:
        # Some models cannot do what is asked; names and ids are never why.
        assert not any(word in sent.raw.decode() for word in ("'name'", "'id'", "call_id"))
        return
    dialect = sent.head["context"]["dialect"]
    heard = DIALECTS[dialect].read_request({"model": "m", **sent.body})
    called, answered = parts(heard, Call), parts(heard, Result)
    if client != dialect:
        for name in [tool.name for tool in heard.tools] + [call.name for call in called]:
            assert re.fullmatch(NAMES[dialect], name)
        for call_id in [call.id for call in called] + [result.call_id for result in answered]:
            assert re.fullmatch(IDS[dialect], call_id)
            assert len(call_id) <= LONGEST.get((to, dialect), len(call_id))
    assert len({call.id for call in called}) == len(ids)
    assert [result.call_id for result in answered] == [call.id for call in called]
    native = dict(zip(names, [call.name for call in called], strict=True))
    assert len(set(native.values())) == len(names)
    assert {tool.name for tool in heard.tools} <= set(native.values())
    choice = heard.tool_choice
    if choice is not None and choice.mode == "named":
        assert choice.name == native[names[0]]
    # What the model calls by these names, the client hears by its own.
    reply = copy.deepcopy(data.draw(REPLIES[dialect]()))
    wanted = []
    for call in calls_in(reply):
        name = data.draw(st.sampled_from(names))
        call["name"] = native[name]
        wanted.append((call.get("call_id", call.get("id", call.get("toolUseId"))), name))
    notes = sent.head["context"]
    got = receive(notes, reply)
    told = [part for part in DIALECTS[client].read_reply(got.body).choices[0].parts if isinstance(part, Call)]
    assert [call.name for call in told] == [name for _, name in wanted]
    for call, (call_id, _) in zip(told, wanted, strict=True):
        assert call.id == (call_id or call.id)
    out, _ = stream({**notes, "stream": True}, [data.draw(STREAMS[dialect](reply))])
    assert heard_calls(DIALECTS[client], out) == [(call.id, call.name) for call in told]
