"""The official SDKs as judges: of every native payload, of every reply, of every stream."""

import pytest
from dragoman.standins import gemini_judge
from dragoman.translate import DIALECTS
from hypothesis import given
from hypothesis import strategies as st
from proof import golden, sdk
from proof.asked import OPTIONS, REQUESTS
from proof.calls import frames
from proof.strategies import law
from proof.targets import PROVIDER_NAMES, at

PAIRS = golden.pairs()


def of(what):
    return [pytest.param(pair, id=str(pair)) for pair in PAIRS if pair.what == what]


@pytest.mark.parametrize("pair", of("request"))
def test_a_payload_of_a_case_is_what_the_sdk_would_send(pair):
    body, _ = golden.request(pair)
    # A client's own keys go to a provider of its own dialect, whatever they are.
    if "status" not in body and pair.source != pair.target:
        # What only another surface of the target serves goes there.
        dialect = "openai_responses" if pair.target == "openai_chat" and "input" in body else pair.target
        assert sdk.request_fault(dialect, body) is None


@pytest.mark.parametrize("pair", of("reply"))
def test_a_reply_of_a_case_is_read_by_the_sdk(pair):
    body, _ = golden.reply(pair)
    # A provider's own new words go to a client of its own dialect as they are.
    if "status" not in body and (pair.source != pair.target or pair.target == "openai_chat"):
        sdk.REPLIES[pair.target](body)


@pytest.mark.parametrize("pair", of("stream"))
def test_a_stream_of_a_case_is_gathered_by_the_sdk(pair):
    data, _ = golden.streamed(pair)
    payloads = frames(data)
    if pair.source == pair.target != "openai_chat":
        return
    # The SDK has no streamed form of a free-text call (wire/openai-chat.md 9).
    if not any("error" in payload for payload in payloads) and b'"type":"custom"' not in data:
        sdk.GATHER[pair.target](payloads)


NOBODYS = frozenset({"x_unknown", "xUnknown"})
"""Options that no official type has: they go to providers of the client's own dialect, whatever they are."""


@pytest.mark.parametrize("to", [name for name in PROVIDER_NAMES if name != "openai_compatible"])
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(20)
def test_what_clients_mean_is_a_payload_for_every_provider(client, to, data):
    body = data.draw(REQUESTS[client](options=tuple(key for key in OPTIONS[client] if key not in NOBODYS), most=6))
    sent = data.draw(at(to)).ask(body, client)
    assert sent.status in (200, 400), sent
    if sent.status == 400:
        return
    dialect = sent.head["context"]["dialect"]
    if dialect == "gemini":
        assert gemini_judge.fault(sent.body, vertex=to != "gemini") is None
        return
    if dialect == "anthropic":
        # Vertex has the model in the address, and a key of its own.
        sent.body.setdefault("model", "m")
        sent.body.pop("anthropic_version", None)
    assert sdk.request_fault(to if to in ("xai", "groq") else dialect, sent.body) is None
