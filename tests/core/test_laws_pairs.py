"""The round trip of all pairs: what a client means, written for a provider and read again, is what it meant.

The client's request is read as records, translated, and the provider's bytes are read as records again. The two are the
same but for what a reported loss names; `proof/meaning.py` says in which respects wires differ without a loss.
"""

import pytest
from dragoman.translate import DIALECTS
from dragoman.translate.target import aim
from hypothesis import given
from hypothesis import strategies as st
from proof.asked import REQUESTS
from proof.calls import send
from proof.meaning import differences
from proof.reported import resolve
from proof.strategies import FETCHED, law

TARGETS = {
    "openai_chat": (("openai_compatible", "some-model"), ("openai", "gpt-4o"), ("openai", "gpt-5.1")),
    "openai_responses": (("openai", "gpt-5.1-codex"),),
    "anthropic": (("anthropic", "claude-sonnet-4-6"), ("anthropic", "claude-opus-5-5")),
    "gemini": (("gemini", "gemini-2.5-flash"), ("gemini", "gemini-3.5-flash"), ("vertex", "gemini-3.5-flash")),
    "bedrock": (("bedrock", "us.anthropic.claude-sonnet-4-6"), ("bedrock", "us.amazon.nova-2-lite-v1:0")),
}
"""Providers that speak a dialect, with models that take much."""


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(25)
def test_a_provider_reads_what_the_client_meant_but_for_reported_losses(client, dialect, data):
    body = data.draw(REQUESTS[client](most=3))
    to, model = data.draw(st.sampled_from(TARGETS[dialect]))
    sent = send(body, client, to, model=model, on_loss="allow", media=FETCHED, project="p")
    if sent.status != 200:
        # Refused, and so not lost in silence.
        assert sent.status == 400, sent
        return
    if sent.head["context"]["dialect"] != dialect:
        # A provider of two surfaces answers each client on the one that it asks, if that can be.
        return
    meant, heard = DIALECTS[client].read_request(body), DIALECTS[dialect].read_request(sent.body)
    target = aim(to, model, base_url="https://server.example", project="p", region="r")
    assert differences(meant, heard, sent.head, target.row.reasoning) == {}, sent.losses


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(10)
def test_a_loss_between_any_two_dialects_names_what_the_client_wrote(client, dialect, data):
    body = data.draw(REQUESTS[client](most=5))
    to, model = data.draw(st.sampled_from(TARGETS[dialect]))
    sent = send(body, client, to, model=model, on_loss="allow", media=FETCHED, project="p")
    for loss in sent.losses:
        if loss["kind"] != "added":
            resolve(body, loss["path"])
