"""The official clients through the whole gateway to the stand-ins."""

import asyncio
import json
import threading

import anthropic
import botocore
import botocore.exceptions
import botocore.session
import openai
import orjson
import pytest
from botocore.config import Config
from dragoman import cli_demo, standins
from dragoman.io.catalog import entries
from dragoman.io.settings import ModelAlias
from dragoman.translate import boundary
from fronts import every_combination

pytestmark = every_combination

PROVIDERS = [row["name"] for row in orjson.loads(boundary.providers()) if row["name"] in standins.PROVIDERS]
TOOL = cli_demo._TOOL


def model_of(provider):
    return f"{provider}/{cli_demo.MODELS[provider][0]}"


def user(text):
    return [{"role": "user", "content": text}]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_case_of_the_demo_works(start, provider):
    gateway, running = start(provider)
    cells = cli_demo.try_account(gateway.url, provider, provider)
    assert {cell.case for cell in cells} == set(cli_demo.CASES)
    assert [cell for cell in cells if cell.outcome == "failed"] == []
    refused = {(provider, cell.case) for cell in cells if cell.outcome == "not offered"}
    assert refused == {pair for pair in cli_demo.NOT_OFFERED if pair[0] == provider}
    assert running[provider].protocol_errors == []


def test_a_deployment_behind_an_older_version_works(kit, client):
    standin = kit.stack.enter_context(standins.running("azure"))
    aliases = {"smart": ModelAlias("gpt-4o", "gpt-4o")}
    account = kit.account(standin.base_url, "azure", api_version="2024-06-01", models=aliases)
    gateway = kit.gateway(kit.config({"eu": account}), boundary)
    reply = client(gateway).chat.completions.create(model="eu/smart", messages=user("Hello"), max_completion_tokens=50)
    assert reply.choices[0].message.content == "You said: Hello"
    call = standin.requests[-1]
    assert (call.path, call.query) == ("/openai/deployments/gpt-4o/chat/completions", "api-version=2024-06-01")
    assert call.json()["max_tokens"] == 50
    assert [model.id for model in client(gateway).models.list()] == ["eu/smart"]


def test_a_name_of_our_own_has_the_capabilities_of_its_model(kit):
    aliases = {"smart": ModelAlias("dep", "gpt-5"), "dated": ModelAlias("gpt-4o-2024-08-06"), "own": ModelAlias("dep")}
    account = kit.account("https://r.example", "azure", models=aliases)
    found = {
        entry.id: entry.row
        for entry in entries(kit.config({"eu": account}), boundary, orjson.loads(boundary.providers()))
    }
    assert found["eu/smart"]["prefix"] == "gpt-5"
    assert found["eu/dated"]["prefix"] == "gpt-4o"
    assert found["eu/own"] == {}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_many_async_streams_at_once(start, provider):
    gateway, _ = start(provider)

    async def one(client, number):
        stream = await client.chat.completions.create(
            model=model_of(provider), messages=user(f"Hello number {number}"), stream=True
        )
        return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])

    async def main():
        async with openai.AsyncOpenAI(base_url=f"{gateway.url}/v1", api_key="x", max_retries=0, timeout=10) as client:
            return await asyncio.gather(*(one(client, number) for number in range(20)))

    texts = asyncio.run(main())
    assert all(f"Hello number {number}" in text for number, text in enumerate(texts))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_tools_stream_like_they_come_whole(start, client, provider):
    gateway, _ = start(provider)
    asked = {"model": model_of(provider), "messages": user("Weather in Paris and Rome, in parallel"), "tools": [TOOL]}
    whole = client(gateway).chat.completions.create(**asked)
    with client(gateway).chat.completions.stream(**asked) as stream:
        final = stream.get_final_completion()
    calls = [[(c.function.name, json.loads(c.function.arguments)) for c in reply.choices[0].message.tool_calls]
             for reply in (whole, final)]  # fmt: skip
    assert calls[0] == calls[1] == [("get_weather", {"city": "Paris"}), ("get_weather", {"city": "Rome"})]
    assert final.choices[0].finish_reason == "tool_calls"


@pytest.mark.parametrize(("status", "error"), [(429, openai.RateLimitError), (404, openai.NotFoundError),
                                               (500, openai.InternalServerError)])  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_errors_of_the_provider_are_the_clients_own(start, client, provider, stream, status, error):
    gateway, _ = start(provider)
    with pytest.raises(error) as caught:
        client(gateway).chat.completions.create(
            model=model_of(provider), messages=user(f"error:{status}"), stream=stream
        )
    assert caught.value.response.headers["x-request-id"] == gateway.trail().request_id
    assert gateway.trail().upstream_status == status


@pytest.mark.parametrize("oddity", ["reset", "truncate"])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_stream_that_breaks_is_an_error_and_no_silent_end(start, client, provider, oddity):
    gateway, _ = start(provider)
    with pytest.raises(openai.APIError):
        list(client(gateway).chat.completions.create(
            model=model_of(provider), messages=user(f"Say a lot, please, and then break [{oddity}]"), stream=True
        ))  # fmt: skip
    assert gateway.trail().error


@pytest.mark.parametrize("provider", PROVIDERS)
def test_hanging_up_in_the_middle_leaves_no_connection(kit, start, client, provider):
    gateway, running = start(provider)
    stream = client(gateway).chat.completions.create(
        model=model_of(provider), messages=user("long:1000 slow:20"), stream=True
    )
    next(iter(stream))
    assert running[provider].open_connections == 1
    stream.close()
    assert kit.until(lambda: running[provider].open_connections == 0)
    assert gateway.trail().status == 499


def test_connections_to_a_provider_are_kept(start, client):
    gateway, running = start("openai")
    one = client(gateway)
    for _ in range(5):
        one.chat.completions.create(model="openai/gpt-4.1", messages=user("Hello"))
    assert running["openai"].connections_accepted == 1


def test_losses_are_told_and_refused_on_demand(start, client):
    gateway, _ = start("anthropic")
    asked = {"model": model_of("anthropic"), "messages": user("Hello"), "seed": 1}
    raw = client(gateway).chat.completions.with_raw_response.create(**asked)
    assert any(item.startswith("/seed dropped") for item in json.loads(raw.headers["x-dragoman-losses"]))
    assert gateway.trail().losses
    with pytest.raises(openai.BadRequestError) as caught:
        client(gateway).chat.completions.create(**asked, extra_headers={"x-dragoman-on-loss": "refuse"})
    assert caught.value.param in ("seed", "max_tokens")
    told = client(gateway).chat.completions.create(**asked, extra_headers={"x-dragoman-explain": "true"})
    assert told.model_extra["dragoman"]["losses"]


def test_the_anthropic_client_speaks_to_every_provider(start):
    gateway, _ = start(*PROVIDERS)
    with anthropic.Anthropic(base_url=gateway.url, api_key="none", max_retries=0, timeout=10) as client:
        for provider in PROVIDERS:
            asked = {"model": model_of(provider), "max_tokens": 500, "messages": user("Hello there")}
            reply = client.messages.create(**asked)
            text = "".join(block.text for block in reply.content if block.type == "text")
            assert "Hello there" in text
            assert reply.stop_reason == "end_turn"
            with client.messages.stream(**asked) as stream:
                assert stream.get_final_text() == text
        with pytest.raises(anthropic.NotFoundError) as caught:
            client.messages.create(model="nope/x", max_tokens=5, messages=user("Hi"))
        assert caught.value.body["type"] == "error"


def aws_client(url, key="none"):
    """The official AWS client with an API key, which it sends as a bearer token."""
    session = botocore.session.Session()
    session.set_credentials("unused", "unused")
    config = Config(retries={"max_attempts": 0}, read_timeout=10, signature_version="bearer")
    client = session.create_client("bedrock-runtime", region_name="eu-west-1", endpoint_url=url, config=config)
    client.meta.events.register("before-sign.*", lambda request, **_: request.headers.add_header("x-api-key", key))
    client.meta.events.register("choose-signer.*", lambda **_: botocore.UNSIGNED)
    return client


def test_the_aws_client_speaks_to_every_provider(start):
    gateway, _ = start(*PROVIDERS)
    client = aws_client(gateway.url)
    for provider in PROVIDERS:
        asked = {"modelId": model_of(provider), "inferenceConfig": {"maxTokens": 500}}
        asked["messages"] = [{"role": "user", "content": [{"text": "Hello there"}]}]
        reply = client.converse(**asked)
        said = "".join(block.get("text", "") for block in reply["output"]["message"]["content"])
        assert "Hello there" in said
        assert reply["stopReason"] == "end_turn"
        streamed = list(client.converse_stream(**asked)["stream"])
        text = "".join(
            event["contentBlockDelta"]["delta"].get("text", "") for event in streamed if "contentBlockDelta" in event
        )
        assert text == said
        assert streamed[-1]["metadata"]["usage"] == reply["usage"]
        with pytest.raises(botocore.exceptions.ClientError) as failed:
            client.converse(**{**asked, "messages": [{"role": "user", "content": [{"text": "error:429"}]}]})
        assert failed.value.response["Error"]["Code"] == "ThrottlingException"
    with pytest.raises(botocore.exceptions.ClientError, match="no account") as caught:
        client.converse(modelId="nope/x", messages=[{"role": "user", "content": [{"text": "Hi"}]}])
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    client.close()


def test_shell_errors_are_those_of_the_openai_client(kit, client):
    account = kit.account("http://127.0.0.1:9/v1")
    gateway = kit.gateway(kit.config({"acc": account}, upstream_timeout_seconds=0.2), boundary)
    with pytest.raises(openai.NotFoundError, match="did you mean 'acc'") as caught:
        client(gateway).chat.completions.create(model="ac/x", messages=user("Hi"))
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.InternalServerError) as failed:
        client(gateway).chat.completions.create(model="acc/gpt-4.1", messages=user("Hi"))
    assert (failed.value.status_code, failed.value.code) == (502, "upstream_unreachable")
    with pytest.raises(openai.BadRequestError, match="JSON"):
        client(gateway).post("/chat/completions", cast_to=object, body=None, options={"headers": {"x": "y"}})


def test_the_models_of_the_core_are_listed_for_either_client(kit, client):
    accounts = {"one": kit.account("http://127.0.0.1:9"), "two": kit.account("http://127.0.0.1:9", "anthropic")}
    gateway = kit.gateway(kit.config(accounts), boundary)
    listed = {model.id for model in client(gateway).models.list()}
    assert {"one/gpt-5", "two/claude-sonnet-4-5"} <= listed
    assert client(gateway).models.retrieve("one/gpt-5").owned_by == "openai"
    with anthropic.Anthropic(base_url=gateway.url, api_key="none", max_retries=0, timeout=10) as other:
        # Clients of other dialects have no way to ask for embeddings.
        assert {model.id for model in other.models.list()} == {name for name in listed if "embedding" not in name}


def test_garbage_from_a_provider_is_a_502(kit, client):
    def garbage(connection, _):
        connection.sendall(kit.whole(200, b"<html>not json</html>", b"content-type: text/html\r\n"))

    gateway = kit.gateway(kit.config({"acc": kit.account(kit.upstream(garbage).url)}), boundary)
    for stream in (False, True):
        with pytest.raises(openai.InternalServerError) as caught:
            client(gateway).chat.completions.create(model="acc/gpt-4.1", messages=user("Hi"), stream=stream)
        assert caught.value.status_code == 502


def test_the_role_chunk_comes_with_the_providers_first_event(kit, client):
    go_on = threading.Event()
    start = b'{"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":1}}}'

    def behave(connection, _):
        connection.sendall(kit.chunked(b"event: message_start\ndata: %b\n\n" % start, end=False))
        go_on.wait(5)

    gateway = kit.gateway(kit.config({"a": kit.account(kit.upstream(behave).url, "anthropic")}), boundary)
    stream = client(gateway).chat.completions.create(model="a/claude-sonnet-4-5", messages=user("Hello"), stream=True)
    assert next(iter(stream)).choices[0].delta.role == "assistant"
    assert not go_on.is_set()
    go_on.set()
    stream.close()
