"""The example before an application that forwards to the OpenAI stand-in: official client, official types."""

import asyncio
import importlib.util
import json
from pathlib import Path

import anthropic
import httpx
import httpx2
import pytest
from dragoman.standins import running
from google import genai

EXAMPLE = Path(__file__).parents[2] / "examples" / "asgi_middleware" / "middleware.py"
TOOL_SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
USER = [{"role": "user", "content": "Hello, how are you?"}]


def load():
    spec = importlib.util.spec_from_file_location("asgi_middleware_example", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def forwarder(base_url):
    """An ASGI application that speaks OpenAI chat: it hands each request on, and its answer back in small pieces."""

    async def app(scope, receive, send):
        message = await receive()
        headers = {name.decode(): value.decode() for name, value in scope["headers"] if name != b"host"}
        async with httpx.AsyncClient(base_url=base_url) as client:
            call = client.stream(scope["method"], scope["path"], content=message["body"], headers=headers)
            async with call as answer:
                kind = answer.headers["content-type"].encode()
                start = {"status": answer.status_code, "headers": [(b"content-type", kind), (b"x-app", b"1")]}
                await send({"type": "http.response.start", **start})
                async for piece in answer.aiter_bytes(7):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return app


@pytest.fixture(scope="module")
def standin():
    with running("openai") as one:
        yield one


def transport(standin, **options):
    return httpx2.ASGITransport(load().Dialects(forwarder(standin.base_url), **options))


async def claude(standin, ask):
    http = httpx2.AsyncClient(transport=transport(standin))
    async with anthropic.AsyncAnthropic(api_key="k", base_url="http://app", http_client=http, max_retries=0) as client:
        return await ask(client.messages)


def run(function, *args):
    return asyncio.run(function(*args))


def test_an_anthropic_client_gets_text_and_usage(standin):
    async def ask(messages):
        return await messages.create(model="gpt-4.1", max_tokens=64, messages=USER)

    message = run(claude, standin, ask)
    assert "Hello" in message.content[0].text
    assert message.stop_reason == "end_turn"
    assert message.usage.output_tokens > 0
    assert standin.requests[-1].path == "/v1/chat/completions"
    assert standin.requests[-1].headers["authorization"] == "Bearer k"


def test_an_anthropic_client_gets_a_stream_that_says_what_the_reply_says(standin):
    async def ask(messages):
        whole = await messages.create(model="gpt-4.1", max_tokens=64, messages=USER)
        async with messages.stream(model="gpt-4.1", max_tokens=64, messages=USER) as stream:
            pieces = [piece async for piece in stream.text_stream]
            return whole, pieces, await stream.get_final_message()

    whole, pieces, final = run(claude, standin, ask)
    assert len(pieces) > 1
    assert "".join(pieces) == whole.content[0].text
    assert final.stop_reason == "end_turn"


def test_an_anthropic_client_gets_a_tool_call(standin):
    async def ask(messages):
        tools = [{"name": "get_weather", "description": "The weather of a city.", "input_schema": TOOL_SCHEMA}]
        question = [{"role": "user", "content": "What is the weather in Paris? Use the tool."}]
        return await messages.create(model="gpt-4.1", max_tokens=64, messages=question, tools=tools)

    message = run(claude, standin, ask)
    assert message.stop_reason == "tool_use"
    assert message.content[-1].input == {"city": "Paris"}


def test_a_google_client_gets_a_reply_and_a_stream(standin):
    async def both():
        http = httpx2.AsyncClient(transport=transport(standin))
        path = "http://app/v1beta/models/gpt-4.1"
        body = {"contents": [{"role": "user", "parts": [{"text": "Hello, how are you?"}]}]}
        key = {"x-goog-api-key": "k"}
        async with http:
            whole = await http.post(f"{path}:generateContent", json=body, headers=key)
            events = await http.post(f"{path}:streamGenerateContent?alt=sse", json=body, headers=key)
            array = await http.post(f"{path}:streamGenerateContent", json=body, headers=key)
        return whole, events, array

    whole, events, array = run(both)
    reply = genai.types.GenerateContentResponse.model_validate(whole.json())
    assert "Hello" in reply.text
    assert whole.headers["x-app"] == "1"
    streamed = [json.loads(line[6:]) for line in events.text.splitlines() if line.startswith("data: ")]
    for pieces in (streamed, array.json()):
        assert len(pieces) > 1
        said = [genai.types.GenerateContentResponse.model_validate(piece).text or "" for piece in pieces]
        assert "".join(said) == reply.text


def test_errors_arrive_in_the_clients_dialect(standin):
    async def ask(messages):
        await messages.create(model="no-such-model", max_tokens=64, messages=USER)

    with pytest.raises(anthropic.NotFoundError) as caught:
        run(claude, standin, ask)
    assert caught.value.body["type"] == "error"


def test_a_body_that_is_too_long_is_refused_in_the_clients_dialect(standin):
    async def ask():
        async with httpx2.AsyncClient(transport=transport(standin, max_body_bytes=10)) as http:
            return await http.post("http://app/v1/messages", content=b"{" + b" " * 20 + b"}")

    answer = run(ask)
    assert answer.status_code == 413
    assert answer.json()["type"] == "error"


def test_chat_clients_pass_through_untouched(standin):
    async def ask():
        async with httpx2.AsyncClient(transport=transport(standin)) as http:
            body = {"model": "gpt-4.1", "messages": USER}
            return await http.post("http://app/v1/chat/completions", json=body, headers={"authorization": "Bearer k"})

    answer = run(ask)
    assert answer.json()["object"] == "chat.completion"
