"""The round trip of all pairs, the way back: what a provider answers, told to a client and read there, is what it said.

A provider's reply is read as records, translated, and the client's reply is read as records again. The two are the same
but for what a reported loss names; `proof/told.py` says in which respects wires differ without a loss.
"""

import pytest
from dragoman.translate import DIALECTS, collect
from dragoman.translate.context import Stamp
from dragoman.translate.records import CitationDelta, Text
from dragoman.translate.restore import identify
from hypothesis import given
from hypothesis import strategies as st
from proof.answered import spoken
from proof.calls import NOW, SEED, plain_context, receive, stream
from proof.strategies import law
from proof.told import ANSWERS, meaning, next_turn, opened, reported, states

WAYS = [pytest.param(client, dialect, id=f"{dialect}-to-{client}") for client in DIALECTS for dialect in DIALECTS]


def context(client, dialect):
    # Sources may come, so that their offsets are counted.
    return {**plain_context(client, dialect), "include_usage": True, "cite": True}


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(30)
def test_a_client_reads_what_the_provider_said_but_for_reported_losses(client, dialect, data):
    body = data.draw(ANSWERS[dialect]())
    got = receive(context(client, dialect), body)
    assert got.status == 200, got
    lost = reported(got.head["losses"])
    # Where the provider gives calls no id, they are given one.
    said = DIALECTS[dialect].read_reply(body)
    said = said if client == dialect else identify(said, Stamp(NOW, SEED))
    heard = opened(DIALECTS[client].read_reply(got.body), client)
    want, found = meaning(said, client, lost, said=True), meaning(heard, client, lost, said=False)
    assert found == want, got.head["losses"]


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(20)
def test_a_stream_tells_the_client_what_the_plain_reply_tells(client, dialect, data):
    body, raw = data.draw(spoken(dialect))
    notes = context(client, dialect)
    got = receive(notes, body)
    out, head = stream({**notes, "stream": True}, [raw])
    assert head["losses"] == got.head["losses"]
    functions = DIALECTS[client]
    state, events = functions.start_reading("p"), []
    tail, frames = functions.split(b"", out)
    for frame in (*frames, *functions.last(tail)):
        state, found = functions.read_event(state, frame)
        events += found
    state, found = functions.end_reading(state)
    events += found
    lost = reported(head["losses"])
    told = functions.read_reply(got.body)
    if client == "bedrock":
        # Sources that come late have a block of their own there, which has no text.
        lost |= {"citations"}
        notes = [part.citations for part in told.choices[0].parts if isinstance(part, Text)]
        late = {event.citation for event in events if isinstance(event, CitationDelta)}
        assert late == {note for part in notes for note in part}
    plain = meaning(opened(told, client), client, lost, said=True)
    streamed = meaning(opened(collect(events), client), client, lost, said=False)
    assert streamed == plain


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(20)
def test_the_state_of_an_answer_comes_back_with_the_next_turn(client, dialect, data):
    body = data.draw(ANSWERS[dialect]())
    got = receive(context(client, dialect), body)
    lost = reported(got.head["losses"])
    said = DIALECTS[dialect].read_reply(body).choices[0].parts
    again = DIALECTS[client].read_request(next_turn(client, got.body))
    back = [part for message in again.messages if message.role == "assistant" for part in message.parts]
    assert states(back, client, lost) == states(said, client, lost)
