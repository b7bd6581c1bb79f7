"""What was fitted fits: to fit it again changes nothing and costs nothing, as records and on the wire."""

import pytest
from dragoman.translate import DIALECTS
from dragoman.translate.fit import fit
from dragoman.translate.plan import surface
from dragoman.translate.records import TranslationError, evolve
from hypothesis import given
from hypothesis import strategies as st
from proof.asked import REQUESTS
from proof.strategies import FETCHED, law
from proof.targets import PROVIDER_NAMES, at

SAID_AGAIN = (
    "answers a trailing assistant message, but does not continue its text",
    "reads the text of a PDF here, and does not see its pages",
)
"""Losses that are about what stays as it is: nothing else means the same, and the model goes on taking it so."""


@pytest.mark.parametrize("to", PROVIDER_NAMES)
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(16)
def test_a_fitted_request_is_a_fixed_point_of_fit(client, to, data):
    request = DIALECTS[client].read_request(data.draw(REQUESTS[client](most=5)))
    auto = data.draw(st.sampled_from([None, "auto"]))
    target = surface(request, evolve(data.draw(at(to)).target(), media=FETCHED, prompt_cache=auto))
    try:
        fitted, notes = fit(request, target)
    except TranslationError:
        return
    again, more = fit(evolve(fitted, traits=notes.traits), target)
    assert again == fitted
    assert [loss for loss in more.losses if not any(words in loss.detail for words in SAID_AGAIN)] == []
    assert more.needs == {}
    assert more.headers.items() <= notes.headers.items()
    assert more.context.keys() <= notes.context.keys()


@pytest.mark.parametrize("to", PROVIDER_NAMES)
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(16)
def test_a_payload_is_itself_to_the_provider_that_it_was_written_for(client, to, data):
    body, goal = data.draw(REQUESTS[client](most=5)), data.draw(at(to))
    sent = goal.ask(body, client)
    if sent.status != 200:
        return
    raw = sent.raw
    if goal.target().provider.dialect == "anthropic" and "model" not in sent.body:
        # The address says it there.
        raw = b'{"model":"m",' + raw[1:]
    again = goal.ask(raw, sent.head["context"]["dialect"], stream=sent.head["stream"])
    assert again.raw == sent.raw, again.losses
    assert again.losses == []
