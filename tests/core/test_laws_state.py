"""Opaque reasoning state stands in opaque fields only, never in a text or an id, and only where it can be read."""

import copy
import re

import pytest
from dragoman.translate import DIALECTS
from dragoman.translate.plan import surface
from hypothesis import given
from hypothesis import strategies as st
from proof.answered import STREAMS
from proof.asked import REQUESTS
from proof.calls import frames, plain_context, receive, stream
from proof.opaque import found, marked, signed
from proof.strategies import law
from proof.targets import PROVIDER_NAMES, at
from proof.told import ANSWERS, REPLIES

OPAQUE = {
    "openai_chat": {"signature", "data", "thought_signature"},
    "openai_responses": {"encrypted_content"},
    "anthropic": {"signature", "data"},
    "gemini": {"thoughtSignature"},
    "bedrock": {"signature", "redactedContent"},
}
"""Keys of a dialect whose values only their issuer reads."""
BARE = re.compile(r"OPAQUE\w+")
CARRIED = re.compile(r"(dragoman:\w+:\w+:)?(rs_\w+ )?OPAQUE\w+")
"""State as it was issued, and as a client of another dialect carries it: sealed, and behind the id of its item."""


@pytest.mark.parametrize("to", PROVIDER_NAMES)
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(16)
def test_no_provider_sees_state_that_it_did_not_issue_or_any_in_a_text(client, to, data):
    body = copy.deepcopy(data.draw(REQUESTS[client](most=1)))
    if client == "openai_chat":
        body = data.draw(signed(body))
    body = data.draw(marked(body, client))
    goal = data.draw(at(to))
    sent = goal.ask(body, client)
    if sent.status != 200:
        assert not list(found(sent.body))
        return
    provider = surface(DIALECTS[client].read_request(body), goal.target()).provider
    passes = client == provider.dialect and "*" in provider.extensions
    for path, origin, text in found(sent.body):
        # A server of which nothing is known gets what a client of its dialect says, as it is.
        assert path[-1] in OPAQUE[provider.dialect] or (passes and path[-1] in ("id", "tool_call_id")), path
        assert passes or (origin == provider.signing_domain and BARE.fullmatch(text)), (path, text)
    assert not list(found([sent.head["url"], sent.head["headers"], sent.head["context"], sent.losses]))


WAYS = [pytest.param(client, dialect, id=f"{dialect}-to-{client}") for client in DIALECTS for dialect in DIALECTS]


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(15)
def test_no_client_sees_state_in_a_text_or_an_id(client, dialect, data):
    notes = plain_context(client, dialect)
    body = data.draw(marked(copy.deepcopy(data.draw(ANSWERS[dialect]())), dialect, sealed=False))
    spoken = data.draw(marked(copy.deepcopy(data.draw(REPLIES[dialect]())), dialect, sealed=False))
    out, head = stream({**notes, "stream": True}, [data.draw(STREAMS[dialect](spoken))])
    got = receive(notes, body)
    for path, _, text in (*found(got.body), *found(frames(out))):
        assert path[-1] in OPAQUE[client], path
        assert CARRIED.fullmatch(text), text
    assert not list(found([got.head, head]))
