"""The official SDKs as judges: of every native payload, of every reply, of every stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from proof import converse, golden, sdk
from proof.answered import spoken
from proof.asked import CHAT_OPTIONS, MESSAGE_OPTIONS, REQUESTS, RESPONSE_OPTIONS
from proof.calls import frames, plain_context, receive, send, stream
from proof.strategies import PNG, law

PAIRS = golden.pairs()


def of(what):
    return [pytest.param(pair, id=str(pair)) for pair in PAIRS if pair.what == what]


@pytest.mark.parametrize("pair", of("request"))
def test_a_payload_of_a_case_is_what_the_sdk_would_send(pair):
    body, _ = golden.request(pair)
    # A client's own keys go to a provider of its own dialect, whatever they are.
    if "status" not in body and pair.source != pair.target:
        assert sdk.request_fault(pair.target, body) is None


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


CLAUDES = (
    "claude-sonnet-4-5", "claude-sonnet-4-0", "claude-opus-5-5", "claude-opus-4-6", "claude-opus-4-8",
    "claude-haiku-5-5", "claude-sonnet-5-5", "claude-3-5-haiku",
)  # fmt: skip
GPTS = ("gpt-4o", "gpt-4", "gpt-5", "gpt-5.1", "gpt-5.6", "gpt-6-astra", "o3")


@given(st.data(), st.sampled_from(CLAUDES))
@law(60)
def test_what_chat_clients_mean_is_a_payload_for_anthropic(data, model):
    sent = send(data.draw(REQUESTS["openai_chat"](most=6)), model=model, on_loss="allow")
    if sent.status == 200:
        assert sdk.request_fault("anthropic", sent.body) is None


@given(st.data(), st.sampled_from(GPTS))
@law(40)
def test_what_messages_clients_mean_is_a_payload_for_openai(data, model):
    sent = send(data.draw(REQUESTS["anthropic"](most=6)), "anthropic", "openai", model=model, on_loss="allow")
    assert sent.status == 200, sent
    assert sdk.request_fault(sent.head["context"]["dialect"], sent.body) is None


HOSTS = (
    ("azure", "gpt-4o"), ("azure", "gpt-5"), ("xai", "grok-4.5"), ("xai", "grok-3"), ("groq", "openai/gpt-oss-120b"),
    ("groq", "qwen/qwen3-32b"), ("groq", "qwen/qwen3.8-27b"), ("groq", "llama-3.3-70b-versatile"),
)  # fmt: skip


@pytest.mark.parametrize("client", ["openai_chat", "openai_responses", "anthropic"])
@given(st.data(), st.sampled_from(HOSTS))
@law(50)
def test_what_clients_mean_is_a_payload_for_every_host_of_the_chat_dialect(client, data, host):
    options = {"openai_chat": CHAT_OPTIONS, "anthropic": MESSAGE_OPTIONS, "openai_responses": RESPONSE_OPTIONS}[client]
    body = data.draw(REQUESTS[client](options=tuple(options.keys() - {"x_unknown"}), most=6))
    provider, model = host
    sent = send(body, client, provider, model=model, base_url="https://r.example", on_loss="allow")
    assert sent.status in (200, 400), sent
    if sent.status == 200:
        dialect = sent.head["context"]["dialect"]
        assert sdk.request_fault(provider if dialect == "openai_chat" else dialect, sent.body) is None


@given(st.data(), st.sampled_from(GPTS))
@law(40)
def test_extensions_of_chat_clients_do_not_reach_openai(data, model):
    body = data.draw(REQUESTS["openai_chat"](options=tuple(CHAT_OPTIONS.keys() - {"x_unknown"}), most=6))
    sent = send(body, "openai_chat", "openai", model=model, on_loss="allow")
    if sent.status == 200:
        assert sdk.request_fault(sent.head["context"]["dialect"], sent.body) is None


@given(st.data(), st.sampled_from(CLAUDES))
@law(30)
def test_what_messages_clients_say_reaches_anthropic(data, model):
    body = data.draw(REQUESTS["anthropic"](options=tuple(MESSAGE_OPTIONS.keys() - {"x_unknown"}), most=6))
    sent = send(body, "anthropic", "anthropic", model=model, on_loss="allow")
    assert sent.status == 200, sent
    assert sdk.request_fault("anthropic", sent.body) is None


ELSEWHERE = ("gpt-5.1-codex", "gpt-5.2-pro", "gpt-5.3-codex", "o3-deep-research")
"""Models that only the Responses surface serves."""


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
@given(st.data(), st.sampled_from(ELSEWHERE))
@law(40)
def test_what_other_clients_mean_is_a_payload_for_responses(client, data, model):
    sent = send(data.draw(REQUESTS[client](most=6)), client, "openai", model=model, on_loss="allow")
    if sent.status == 200:
        assert sent.head["url"].endswith("/responses")
        assert sdk.request_fault("openai_responses", sent.body) is None


@given(st.data(), st.sampled_from(["gpt-5.6-sol", "gpt-5.4", "gpt-6-astra"]))
@law(30)
def test_whichever_surface_is_asked_the_payload_is_its_own(data, model):
    sent = send(data.draw(REQUESTS["openai_chat"](most=6)), to="openai", model=model, on_loss="allow")
    if sent.status == 200:
        dialect = sent.head["context"]["dialect"]
        assert sent.head["url"].endswith({"openai_chat": "/completions", "openai_responses": "/responses"}[dialect])
        if dialect == "openai_responses":
            assert sdk.request_fault(dialect, sent.body) is None


@given(st.data(), st.sampled_from(CLAUDES))
@law(40)
def test_what_responses_clients_mean_is_a_payload_for_anthropic(data, model):
    body = data.draw(REQUESTS["openai_responses"](most=6))
    sent = send(body, "openai_responses", model=model, on_loss="allow")
    if sent.status == 200:
        assert sdk.request_fault("anthropic", sent.body) is None


@given(st.data(), st.sampled_from((*GPTS, *ELSEWHERE)))
@law(40)
def test_what_responses_clients_say_reaches_openai(data, model):
    options = tuple(RESPONSE_OPTIONS.keys() - {"x_unknown"})
    body = data.draw(REQUESTS["openai_responses"](options=options, most=6))
    sent = send(body, "openai_responses", "openai", model=model, on_loss="allow")
    assert sent.status == 200, sent
    assert sdk.request_fault("openai_responses", sent.body) is None


@pytest.mark.parametrize(
    ("client", "dialect"),
    [
        ("openai_chat", "anthropic"),
        ("anthropic", "openai_chat"),
        ("openai_chat", "openai_chat"),
        ("openai_responses", "anthropic"),
        ("openai_responses", "openai_chat"),
        ("openai_chat", "openai_responses"),
        ("anthropic", "openai_responses"),
        ("openai_chat", "bedrock"),
        ("anthropic", "bedrock"),
        ("bedrock", "openai_chat"),
        ("bedrock", "anthropic"),
    ],
)
@given(st.data())
@law(40)
def test_replies_and_streams_are_read_by_the_sdk(client, dialect, data):
    body, raw = data.draw(spoken(dialect))
    context = plain_context(client, dialect, stream=True)
    sdk.REPLIES[client](receive(context, body).body)
    sdk.GATHER[client](frames(stream(context, [raw])[0]))


BEDROCKS = (
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "us.anthropic.claude-opus-4-8", "eu.anthropic.claude-opus-5-5",
    "global.anthropic.claude-opus-4-6-v1", "anthropic.claude-3-5-sonnet-20240620-v1:0", "amazon.nova-lite-v1:0",
    "us.amazon.nova-2-lite-v1:0", "us.meta.llama4-maverick-17b-instruct-v1:0", "mistral.mistral-large-2407-v1:0",
    "us.deepseek.r1-v1:0", "deepseek.v3-v1:0", "openai.gpt-oss-120b-1:0", "qwen.qwen3-32b-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc",
)  # fmt: skip


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
@given(st.data(), st.sampled_from(BEDROCKS))
@law(75)
def test_what_clients_mean_is_a_payload_for_bedrock(client, data, model):
    media = {"https://h.example/x.png": {"media_type": "image/png", "data": PNG}}
    sent = send(data.draw(REQUESTS[client](most=6)), client, "bedrock", model=model, media=media, on_loss="allow")
    assert sent.status in (200, 400), sent
    if sent.status == 200:
        assert sdk.request_fault("bedrock", sent.body) is None


@given(st.data(), st.sampled_from(BEDROCKS))
@law(40)
def test_what_converse_clients_say_reaches_bedrock(data, model):
    body = data.draw(REQUESTS["bedrock"](options=tuple(converse.OPTIONS.keys() - {"x_unknown"}), most=6))
    sent = send(body, "bedrock", "bedrock", model=model, on_loss="allow")
    assert sent.status == 200, sent
    assert sdk.request_fault("bedrock", sent.body) is None


@pytest.mark.parametrize(("to", "models"), [("openai", GPTS), ("anthropic", CLAUDES)])
@given(st.data())
@law(40)
def test_what_converse_clients_mean_is_a_payload_for_others(to, models, data):
    model = data.draw(st.sampled_from(models))
    sent = send(data.draw(REQUESTS["bedrock"](most=6)), "bedrock", to, model=model, on_loss="allow")
    assert sent.status == 200, sent
    assert sdk.request_fault(sent.head["context"]["dialect"], sent.body) is None
