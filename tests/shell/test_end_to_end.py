"""The official clients through the whole gateway to the stand-ins."""

import asyncio
import json
from urllib.parse import urlsplit

import anthropic
import openai
import orjson
import pytest
from dragoman import cli_demo, standins
from dragoman.translate import boundary

ROWS = {row["name"]: row for row in orjson.loads(boundary.providers())}
PROVIDERS = [name for name in ROWS if name in standins.PROVIDERS]
TOOL = cli_demo._TOOL


@pytest.fixture
def start(kit):
    """Start a gateway over the stand-ins of some providers."""

    def start_gateway(*providers):
        accounts, running = {}, {}
        for provider in providers:
            running[provider] = kit.stack.enter_context(standins.running(provider))
            url = running[provider].base_url + urlsplit(ROWS[provider]["base_url"]).path
            needed = {name: "here" for name in ROWS[provider]["needs"] if name != "base_url"}
            accounts[provider] = kit.account(url, provider, **needed)
        gateway = kit.gateway(kit.config(accounts), boundary)
        return gateway, running

    return start_gateway


@pytest.fixture
def client(kit):
    def connect(gateway):
        made = openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="none", max_retries=0, timeout=10)
        return kit.stack.enter_context(made)

    return connect


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
    assert running[provider].protocol_errors == []


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
            assert "Hello there" in reply.content[0].text
            assert reply.stop_reason == "end_turn"
            with client.messages.stream(**asked) as stream:
                assert stream.get_final_text() == reply.content[0].text
        with pytest.raises(anthropic.NotFoundError) as caught:
            client.messages.create(model="nope/x", max_tokens=5, messages=user("Hi"))
        assert caught.value.body["type"] == "error"


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
        assert {model.id for model in other.models.list()} == listed


def test_garbage_from_a_provider_is_a_502(kit, client):
    def garbage(connection, _):
        connection.sendall(kit.whole(200, b"<html>not json</html>", b"content-type: text/html\r\n"))

    gateway = kit.gateway(kit.config({"acc": kit.account(kit.upstream(garbage).url)}), boundary)
    for stream in (False, True):
        with pytest.raises(openai.InternalServerError) as caught:
            client(gateway).chat.completions.create(model="acc/gpt-4.1", messages=user("Hi"), stream=stream)
        assert caught.value.status_code == 502
