"""Google's and Amazon's official clients pointed at the gateway, with keys of its own; and how tokens are counted."""

import json
from hashlib import sha256
from urllib.parse import urlsplit

import anthropic
import boto3
import botocore
import botocore.exceptions
import httpx
import orjson
import pytest
from botocore.config import Config
from dragoman import cli_standins, standins
from dragoman.io.settings import KeyConfig
from dragoman.translate import boundary
from google import genai

KEY = "dgm_of-the-client"
KEYS = {"client": KeyConfig(hash="sha256:" + sha256(KEY.encode()).hexdigest())}
ROWS = {row["name"]: row for row in orjson.loads(boundary.providers())}
PROVIDERS = ["openai", "anthropic", "gemini", "bedrock"]


@pytest.fixture
def gateway(kit):
    accounts = {}
    for provider in PROVIDERS:
        running = kit.stack.enter_context(standins.running(provider))
        needed = {name: "demo" for name in ROWS[provider]["needs"] if name != "base_url"}
        url = running.base_url + urlsplit(ROWS[provider]["base_url"]).path
        accounts[provider] = kit.account(url, provider, **needed)
    return kit.gateway(kit.config(accounts, keys=KEYS), boundary)


def google_client(url, key=KEY):
    # Whatever the environment says of Google, this client is the gateway's.
    return genai.Client(api_key=key, vertexai=False, http_options={"base_url": url})


def aws_client(url, key=KEY):
    """The client as it is with AWS_BEARER_TOKEN_BEDROCK, but for its demand that a bearer token goes over TLS only."""
    config = Config(retries={"max_attempts": 0}, signature_version=botocore.UNSIGNED, read_timeout=10)
    client = boto3.client("bedrock-runtime", region_name="eu-west-1", endpoint_url=url, config=config)
    bearer = f"Bearer {key}"
    client.meta.events.register("before-send.*", lambda request, **_: request.headers.update(Authorization=bearer))
    return client


def model_of(provider):
    return f"{provider}/{cli_standins.MODELS[provider][0]}"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_google_s_client_gets_answers_and_streams_of_every_provider(gateway, provider):
    client = google_client(gateway.url)
    whole = client.models.generate_content(model=model_of(provider), contents="Hello there")
    assert "Hello there" in whole.text
    stream = client.models.generate_content_stream(model=model_of(provider), contents="Hello there")
    assert "Hello there" in "".join(piece.text or "" for piece in stream)


def test_google_s_client_lists_the_models(gateway):
    client = google_client(gateway.url)
    names = [model.name for model in client.models.list()]
    assert f"models/{model_of('anthropic')}" in names


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_google_s_streams_are_events_or_one_array_and_the_key_may_stand_in_the_address(gateway, version):
    body = {"contents": [{"role": "user", "parts": [{"text": "Hello there"}]}]}
    address = f"{gateway.url}/{version}/models/{model_of('anthropic')}:streamGenerateContent"
    array = httpx.post(f"{address}?key={KEY}", json=body, trust_env=False)
    assert (array.status_code, array.headers["content-type"]) == (200, "application/json")
    pieces = [part["text"] for piece in array.json() for part in piece["candidates"][0]["content"].get("parts", ())]
    assert "Hello there" in "".join(pieces)
    events = httpx.post(f"{address}?alt=sse&key={KEY}", json=body, trust_env=False)
    assert events.headers["content-type"] == "text/event-stream"
    assert events.text.startswith("data: {")
    refused = httpx.post(f"{address}?key=dgm_another", json=body, trust_env=False)
    assert (refused.status_code, refused.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_amazon_s_client_gets_answers_and_streams_of_every_provider(gateway, provider):
    client = aws_client(gateway.url)
    asked = {"modelId": model_of(provider), "messages": [{"role": "user", "content": [{"text": "Hello there"}]}],
             "inferenceConfig": {"maxTokens": 900}}  # fmt: skip
    blocks = client.converse(**asked)["output"]["message"]["content"]
    assert "Hello there" in "".join(block.get("text", "") for block in blocks)
    reply = client.converse_stream(**asked)
    assert reply["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "application/vnd.amazon.eventstream"
    deltas = [event["contentBlockDelta"]["delta"].get("text", "") for event in reply["stream"]
              if "contentBlockDelta" in event]  # fmt: skip
    assert "Hello there" in "".join(deltas)


def test_a_wrong_key_is_an_error_that_each_client_knows(gateway):
    client = google_client(gateway.url, "dgm_another")
    with pytest.raises(genai.errors.ClientError) as of_google:
        client.models.generate_content(model="openai/m", contents="Hello")
    assert (of_google.value.code, of_google.value.status) == (401, "UNAUTHENTICATED")
    with pytest.raises(botocore.exceptions.ClientError) as of_amazon:
        aws_client(gateway.url, "dgm_another").converse(modelId="openai/m", messages=[])
    assert of_amazon.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


# Provider, its settings, what it answers -> the path and the body's keys that it is asked with.
COUNTS = {
    "anthropic": ({}, {"input_tokens": 7}, "/v1/messages/count_tokens", {"model", "messages"}),
    "gemini": ({}, {"totalTokens": 7}, "/v1beta/models/m:countTokens", {"generateContentRequest"}),
    "vertex": ({"project": "p", "location": "global"}, {"totalTokens": 7},
               "/v1beta1/projects/p/locations/global/publishers/google/models/m:countTokens", {"contents"}),
    "vertex/claude": ({"project": "p", "location": "global"}, {"input_tokens": 7},
                      "/v1/projects/p/locations/global/publishers/anthropic/models/count-tokens:rawPredict",
                      {"anthropic_version", "model", "messages"}),
    "bedrock": ({"region": "eu-west-1"}, {"inputTokens": 7}, "/model/m/count-tokens", {"input"}),
}  # fmt: skip


def counted(kit, answer, provider, **settings):
    upstream = kit.answering(kit.whole(200, orjson.dumps(answer)))
    account = kit.account(upstream.url, provider.partition("/")[0], **settings)
    return upstream, kit.gateway(kit.config({"acc": account}, keys=KEYS), boundary)


def asked_with(upstream):
    head, _, body = upstream.requests[0].partition(b"\r\n\r\n")
    return head.split()[1].decode(), json.loads(body)


@pytest.mark.parametrize("provider", COUNTS)
def test_every_client_has_its_tokens_counted_by_every_provider_that_can(kit, provider):
    settings, answer, path, keys = COUNTS[provider]
    model = "acc/claude-sonnet-4-5" if "claude" in provider else "acc/m"
    upstream, gateway = counted(kit, answer, provider, **settings)
    messages = [{"role": "user", "content": "Hello there"}]
    client = kit.stack.enter_context(anthropic.Anthropic(base_url=gateway.url, api_key=KEY, max_retries=0))
    assert client.messages.count_tokens(model=model, messages=messages, system="Be kind").input_tokens == 7
    target, body = asked_with(upstream)
    assert target == path
    assert keys <= body.keys()
    assert not {"max_tokens", "stream", "inferenceConfig"} & body.keys()
    assert "Be kind" in json.dumps(body)
    google = google_client(gateway.url)
    assert google.models.count_tokens(model=model, contents="Hello there").total_tokens == 7
    asked = {"converse": {"messages": [{"role": "user", "content": [{"text": "Hello there"}]}]}}
    assert aws_client(gateway.url).count_tokens(modelId=model, input=asked)["inputTokens"] == 7
    assert len({request.split()[1] for request in upstream.requests}) == 1


def test_a_count_keeps_what_is_counted_and_leaves_out_what_is_about_the_answer(kit):
    upstream, gateway = counted(kit, {"input_tokens": 7}, "anthropic")
    tools = [{"name": "f", "description": "d", "input_schema": {"type": "object", "properties": {}}}]
    client = kit.stack.enter_context(anthropic.Anthropic(base_url=gateway.url, api_key=KEY, max_retries=0))
    client.messages.count_tokens(
        model="acc/claude-sonnet-4-5", messages=[{"role": "user", "content": "Hi"}], tools=tools,
        thinking={"type": "enabled", "budget_tokens": 20_000},
    )  # fmt: skip
    assert asked_with(upstream)[1] == {
        "model": "claude-sonnet-4-5", "messages": [{"role": "user", "content": "Hi"}], "tools": tools,
        "thinking": {"type": "enabled", "budget_tokens": 20_000},
    }  # fmt: skip


@pytest.mark.parametrize("provider", ["openai", "openai_compatible"])
def test_a_provider_that_does_not_count_is_named(kit, provider):
    upstream, gateway = counted(kit, {}, provider)
    body = {"model": "acc/m", "messages": [{"role": "user", "content": "Hi"}]}
    address, headers = f"{gateway.url}/v1/messages/count_tokens", {"x-api-key": KEY}
    answer = httpx.post(address, json=body, headers=headers, trust_env=False)
    assert answer.status_code == 404
    assert f"'{provider}' does not count tokens" in answer.json()["error"]["message"]
    assert upstream.requests == []


def test_a_count_that_is_none_and_an_error_are_told(kit):
    body = {"model": "acc/m", "messages": [{"role": "user", "content": "Hi"}]}
    for status, reply, told in [(200, {}, 502), (429, {"type": "error", "error": {"type": "rate_limit_error",
                                                                                "message": "slow"}}, 429)]:  # fmt: skip
        upstream = kit.answering(kit.whole(status, orjson.dumps(reply)))
        gateway = kit.gateway(kit.config({"acc": kit.account(upstream.url, "anthropic")}), boundary)
        answer = httpx.post(f"{gateway.url}/v1/messages/count_tokens", json=body, trust_env=False)
        assert answer.status_code == told
