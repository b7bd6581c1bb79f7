"""The round trip of all pairs: what a client means, written for a provider and read again, is what it meant.

The client's request is read as records, translated, and the provider's bytes are read as records again. The two are the
same but for what a reported loss names; `proof/meaning.py` says in which respects wires differ without a loss.
"""

import pytest
from dragoman.translate import DIALECTS
from dragoman.translate.plan import surface
from hypothesis import given
from hypothesis import strategies as st
from proof.asked import REQUESTS
from proof.meaning import differences
from proof.strategies import law
from proof.targets import speaking


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(25)
def test_a_provider_reads_what_the_client_meant_but_for_reported_losses(client, dialect, data):
    body = data.draw(REQUESTS[client](most=3))
    goal = data.draw(speaking(dialect))
    sent = goal.ask(body, client)
    if sent.status != 200:
        # Refused, and so not lost in silence.
        assert sent.status == 400, sent
        return
    if sent.head["context"]["dialect"] != dialect:
        # A provider of two surfaces answers each client on the one that it asks, if that can be.
        return
    meant = DIALECTS[client].read_request(body)
    # Claude on Vertex has its model in the address.
    heard = DIALECTS[dialect].read_request({"model": goal.model, **sent.body} if dialect == "anthropic" else sent.body)
    row = surface(meant, goal.target()).row
    assert differences(meant, heard, sent.head, row) == {}, sent.losses
