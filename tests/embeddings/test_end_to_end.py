"""The official client through the whole gateway to the stand-ins, which judge every payload by the official SDKs."""

import itertools

import httpx
import openai
import pytest
from dragoman.io.keys import hash_of
from dragoman.io.settings import KeyConfig, RouteConfig, RouteTarget
from dragoman.standins import bedrock_sign_on

MODELS = {
    "openai": ("text-embedding-3-small", 1536, 256),
    "azure": ("text-embedding-3-large", 3072, 256),
    "gemini": ("gemini-embedding-001", 3072, 256),
    "vertex": ("text-embedding-005", 768, 256),
    "bedrock": ("amazon.titan-embed-text-v2:0", 1024, 256),
}
MORE = (
    ("vertex", "gemini-embedding-001"),
    ("bedrock", "amazon.titan-embed-text-v1"),
    ("bedrock", "cohere.embed-english-v3"),
    ("bedrock", "eu.cohere.embed-v4:0"),
)
TEXTS = [f"text number {number}" for number in range(21)]


def test_the_official_client_gets_vectors_of_every_provider_in_the_order_of_its_texts(start, numbers):
    gateway = start(*MODELS)
    for provider, (model, native, wished) in MODELS.items():
        for form, dimensions in itertools.product((openai.omit, "float", "base64"), (openai.omit, wished)):
            reply = gateway.client.embeddings.create(
                model=f"{provider}/{model}", input=TEXTS, dimensions=dimensions, encoding_format=form
            )
            length = native if dimensions is openai.omit else wished
            expected = [numbers(text, length) for text in TEXTS]
            if form == "base64":
                assert all(isinstance(item.embedding, str) for item in reply.data)
            else:
                assert [item.embedding for item in reply.data] == expected
            assert [item.index for item in reply.data] == list(range(len(TEXTS)))
            assert reply.usage.prompt_tokens == reply.usage.total_tokens == sum(-(-len(text) // 4) for text in TEXTS)


@pytest.mark.parametrize(("provider", "model"), MORE)
def test_other_models_of_the_same_providers_answer_too(start, numbers, provider, model):
    gateway = start(provider)
    reply = gateway.client.embeddings.create(model=f"{provider}/{model}", input=TEXTS)
    length = len(reply.data[0].embedding)
    assert [item.embedding for item in reply.data] == [numbers(text, length) for text in TEXTS]
    assert reply.usage.prompt_tokens == sum(-(-len(text) // 4) for text in TEXTS)


def test_texts_that_are_too_much_for_one_call_together_are_several(start, numbers):
    gateway = start("vertex")
    texts = [f"{number} " + "word " * 200 for number in range(90)]  # each of about 250 tokens
    reply = gateway.client.embeddings.create(model="vertex/text-embedding-005", input=texts)
    assert [item.embedding for item in reply.data] == [numbers(text, 768) for text in texts]
    assert len(gateway.running["vertex"].requests) == 5


def test_one_text_outside_a_list_is_one_vector(start, numbers):
    gateway = start("openai", "bedrock")
    for model in ("openai/text-embedding-3-small", "bedrock/amazon.titan-embed-text-v2:0"):
        reply = gateway.client.embeddings.create(model=model, input="alone", dimensions=256)
        assert [item.embedding for item in reply.data] == [numbers("alone", 256)]


def test_arrays_of_tokens_reach_openai_as_they_are(start, numbers):
    gateway = start("openai")
    reply = gateway.client.embeddings.create(
        model="openai/text-embedding-3-small", input=[[1, 2, 3], [4]], dimensions=4
    )
    assert [item.embedding for item in reply.data] == [numbers([1, 2, 3], 4), numbers([4], 4)]


@pytest.mark.parametrize("path", ["/v1/embeddings", "/embeddings"])
def test_the_answer_says_where_it_came_from_and_what_was_lost(start, path):
    gateway = start("bedrock")
    body = {"model": "bedrock/amazon.titan-embed-text-v2:0", "input": "x", "user": "somebody"}
    reply = httpx.post(gateway.url + path, json=body)
    assert reply.status_code == 200
    assert reply.headers["x-dragoman-provider"] == "bedrock"
    assert reply.headers["x-dragoman-model"] == "amazon.titan-embed-text-v2:0"
    assert reply.headers["x-dragoman-losses"] == '["/user dropped hint"]'
    refused = httpx.post(gateway.url + path, json=body, headers={"x-dragoman-on-loss": "refuse"})
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == "user"


@pytest.mark.parametrize("provider", MODELS)
@pytest.mark.parametrize(("words", "status"), [("error:429", 429), ("error:400", 400)])
def test_an_error_of_one_call_is_the_answer_in_openais_form(start, provider, words, status):
    gateway = start(provider)
    texts = [*TEXTS, words, *TEXTS]
    with pytest.raises(openai.APIStatusError) as caught:
        gateway.client.embeddings.create(model=f"{provider}/{MODELS[provider][0]}", input=texts)
    assert caught.value.status_code == status
    assert set(caught.value.body) >= {"message", "type", "param", "code"}


def test_after_a_failed_call_no_other_is_begun(start):
    gateway = start("bedrock")
    texts = ["error:500", *(f"text {number}" for number in range(200))]
    with pytest.raises(openai.InternalServerError):
        gateway.client.embeddings.create(model="bedrock/amazon.titan-embed-text-v2:0", input=texts)
    assert len(gateway.running["bedrock"].requests) < 50


def test_every_call_to_bedrock_is_signed_by_itself(start, numbers, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", bedrock_sign_on.ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", bedrock_sign_on.SECRET_KEY)
    gateway = start("bedrock", auth="aws")
    reply = gateway.client.embeddings.create(model="bedrock/amazon.titan-embed-text-v2:0", input=TEXTS, dimensions=256)
    assert [item.embedding for item in reply.data] == [numbers(text, 256) for text in TEXTS]
    signatures = {call.headers["authorization"] for call in gateway.running["bedrock"].requests}
    assert len(signatures) == len(TEXTS)


def test_a_deadline_holds_for_all_calls_together(start):
    gateway = start("bedrock")
    body = {"model": "bedrock/amazon.titan-embed-text-v2:0", "input": [*TEXTS, "[hang]"]}
    reply = httpx.post(f"{gateway.url}/v1/embeddings", json=body, headers={"x-dragoman-timeout-ms": "600"})
    assert reply.status_code == 504
    assert reply.json()["error"]["code"] == "upstream_timeout"
    assert reply.headers["x-dragoman-provider"] == "bedrock"


def test_a_key_uses_its_models_only(start):
    keys = {"ci": KeyConfig(hash=hash_of("dgm_secret"), models=("openai/text-embedding-3-small",))}
    gateway = start("openai", keys=keys)
    client = gateway.client.with_options(api_key="dgm_secret")
    assert client.embeddings.create(model="openai/text-embedding-3-small", input="x", dimensions=2).data
    with pytest.raises(openai.PermissionDeniedError):
        client.embeddings.create(model="openai/text-embedding-3-large", input="x")
    with pytest.raises(openai.AuthenticationError):
        gateway.client.embeddings.create(model="openai/text-embedding-3-small", input="x")


def test_a_route_asks_its_next_target_when_the_first_has_no_such_embeddings(start, numbers):
    targets = (RouteTarget("bedrock/anthropic.claude-x"), RouteTarget("openai/text-embedding-3-small"))
    gateway = start("openai", "bedrock", routes={"vectors": RouteConfig(targets=targets)})
    reply = gateway.client.embeddings.create(model="vectors", input="x", dimensions=8)
    assert reply.data[0].embedding == numbers("x", 8)


def test_a_body_without_a_model_or_without_sense_is_refused_by_name(start):
    gateway = start("openai")
    for data, param, code in (
        (b'{"input":"x"}', "model", "missing_model"),
        (b'{"model":"openai/text-embedding-3-small","input":[]}', "input", "invalid_value"),
        (b"{", None, "invalid_json"),
    ):
        reply = httpx.post(f"{gateway.url}/v1/embeddings", content=data)
        assert reply.status_code == 400
        assert (reply.json()["error"]["param"], reply.json()["error"]["code"]) == (param, code)


def test_a_model_without_embeddings_is_not_found(start):
    gateway = start("bedrock")
    with pytest.raises(openai.NotFoundError) as caught:
        gateway.client.embeddings.create(model="bedrock/anthropic.claude-x", input="x")
    assert caught.value.param == "model"
    assert caught.value.code == "not_offered"
