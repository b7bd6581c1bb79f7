"""Google's official client through the whole gateway to the stand-ins, and straight to them."""

from urllib.parse import urlsplit

import httpx
import orjson
import pytest
from dragoman import cli_demo, standins
from dragoman.translate import boundary
from google import genai
from google.genai import errors, types

ROWS = {row["name"]: row for row in orjson.loads(boundary.providers())}
PROVIDERS = [name for name in ROWS if name in standins.PROVIDERS]
WEATHER = types.FunctionDeclaration(
    name="get_weather",
    description="The weather of a city.",
    parameters_json_schema={"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)


def connect(kit, url):
    options = types.HttpOptions(base_url=url, api_version="v1beta", retry_options=types.HttpRetryOptions(attempts=1))
    return kit.stack.enter_context(genai.Client(api_key="none", vertexai=False, http_options=options))


@pytest.fixture
def client(kit):
    """The client before a gateway with an account of every stand-in."""
    accounts = {}
    for provider in PROVIDERS:
        running = kit.stack.enter_context(standins.running(provider))
        needed = {name: "here" for name in ROWS[provider]["needs"] if name != "base_url"}
        url = running.base_url + urlsplit(ROWS[provider]["base_url"] or "").path
        accounts[provider] = kit.account(url, provider, **needed)
    return connect(kit, kit.gateway(kit.config(accounts), boundary).url)


def models():
    return [f"{provider}/{model}" for provider in PROVIDERS for model in dict.fromkeys(cli_demo.MODELS[provider])]


@pytest.mark.parametrize("model", models())
def test_a_reply_and_a_stream_say_the_same(client, model):
    config = types.GenerateContentConfig(system_instruction="Be brief.", max_output_tokens=3000)
    reply = client.models.generate_content(model=model, contents="Hello there", config=config)
    assert "Hello there" in reply.text
    assert reply.candidates[0].finish_reason == types.FinishReason.STOP
    assert reply.usage_metadata.total_token_count > 0
    chunks = list(client.models.generate_content_stream(model=model, contents="Hello there", config=config))
    assert "".join(chunk.text or "" for chunk in chunks) == reply.text
    assert chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP
    assert chunks[-1].usage_metadata.total_token_count == reply.usage_metadata.total_token_count


@pytest.mark.parametrize("model", models())
def test_a_chat_with_tools_goes_round(client, model):
    config = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[WEATHER])], max_output_tokens=3000)
    chat = client.chats.create(model=model, config=config)
    reply = chat.send_message("Weather in Paris and Rome: call both, in parallel.")
    calls = reply.function_calls
    assert [call.args["city"] for call in calls] == ["Paris", "Rome"]
    parts = [
        types.Part(
            function_response=types.FunctionResponse(
                id=call.id, name=call.name, response={"output": f"Sunny in {call.args['city']}"}
            )
        )
        for call in calls
    ]
    after = chat.send_message(parts)
    assert "Sunny in Paris" in after.text
    assert "Sunny in Rome" in after.text


@pytest.mark.parametrize("model", models())
def test_a_schema_binds_the_answer(client, model):
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    config = types.GenerateContentConfig(
        response_mime_type="application/json", response_json_schema=schema, max_output_tokens=3000
    )
    reply = client.models.generate_content(model=model, contents="The capital of Chile?", config=config)
    assert orjson.loads(reply.text).keys() == {"city"}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_errors_are_the_clients_own(client, provider):
    model = f"{provider}/{cli_demo.MODELS[provider][0]}"
    for status, kind in ((429, errors.ClientError), (500, errors.ServerError)):
        with pytest.raises(kind) as caught:
            client.models.generate_content(model=model, contents=f"error:{status}")
        assert caught.value.code == status
    with pytest.raises(errors.ClientError) as caught:
        client.models.generate_content(model="nope/x", contents="Hi")
    assert caught.value.code == 404


def test_the_gemini_stand_in_takes_the_client_itself(kit):
    running = kit.stack.enter_context(standins.running("gemini"))
    client = connect(kit, running.base_url)
    reply = client.models.generate_content(model="gemini-3.5-flash", contents="Hello there")
    assert "Hello there" in reply.text
    said = "".join(
        c.text or "" for c in client.models.generate_content_stream(model="gemini-3.5-flash", contents="Hello")
    )
    assert "Hello" in said
    assert running.protocol_errors == []
    assert running.crashes == []


def test_a_stream_that_asks_for_no_events_is_one_array(kit):
    running = kit.stack.enter_context(standins.running("openai"))
    gateway = kit.gateway(kit.config({"openai": kit.account(f"{running.base_url}/v1", "openai")}), boundary)
    url = f"{gateway.url}/v1beta/models/openai/gpt-4.1:streamGenerateContent"
    body = {"contents": [{"parts": [{"text": "Hello there"}]}]}
    array = httpx.post(url, json=body, trust_env=False)
    assert array.headers["content-type"] == "application/json"
    events = httpx.post(f"{url}?alt=sse", json=body, trust_env=False)
    assert events.headers["content-type"] == "text/event-stream"
    assert array.json() == [orjson.loads(line[6:]) for line in events.text.splitlines() if line.startswith("data: ")]
