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
from dragoman.translate import boundary
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


def answering(status, kind, *pieces):
    """An ASGI application that answers with these bytes."""

    async def app(_scope, receive, send):
        await receive()
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return app


def post(app, path, body, **options):
    async def ask():
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(load().Dialects(app, **options))) as http:
            return await http.post(f"http://app{path}", json=body)

    return asyncio.run(ask())


CLAUDE = {"model": "gpt-4.1", "max_tokens": 64, "messages": USER}
GEMINI = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}
STREAM_PATHS = {"/v1/messages": {**CLAUDE, "stream": True}, "/v1beta/models/m:streamGenerateContent": GEMINI}
BUSY = {"error": {"message": "Too much.", "type": "rate_limit_error", "code": "rate_limit_exceeded", "param": None}}


@pytest.mark.parametrize("path", STREAM_PATHS)
def test_a_stream_that_fails_before_its_first_event_is_a_whole_error(path):
    event = (
        b"data: " + json.dumps({"error": {**BUSY["error"], "code": "server_error", "type": "server_error"}}).encode()
    )
    answer = post(answering(200, b"text/event-stream", event[:20], event[20:], b"\n\n"), path, STREAM_PATHS[path])
    assert answer.status_code >= 500
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["error"]["message"] == "Too much."


@pytest.mark.parametrize("path", STREAM_PATHS)
def test_a_stream_of_nothing_is_a_whole_error(path):
    answer = post(answering(200, b"text/event-stream"), path, STREAM_PATHS[path])
    assert answer.status_code == 502
    assert "ended before it began" in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", STREAM_PATHS)
def test_a_refused_stream_keeps_its_status(path):
    answer = post(answering(429, b"application/json", json.dumps(BUSY).encode()), path, STREAM_PATHS[path])
    assert answer.status_code == 429
    assert answer.json()["error"]["message"] == "Too much."


def test_a_stream_that_fails_later_ends_with_the_error():
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    chunk["choices"] = [{"index": 0, "delta": {"role": "assistant", "content": "Half"}, "finish_reason": None}]
    pieces = [b"data: " + json.dumps(value).encode() + b"\n\n" for value in (chunk, BUSY)]
    answer = post(answering(200, b"text/event-stream", *pieces), "/v1/messages", STREAM_PATHS["/v1/messages"])
    assert answer.status_code == 200
    assert "Half" in answer.text
    assert "event: error" in answer.text
    assert "message_stop" not in answer.text


def test_media_that_would_have_to_be_fetched_are_refused_by_name(monkeypatch):
    url, field = "https://example.com/a.pdf", "messages[0].content[0].source.url"
    needs = boundary.Answer(428, json.dumps({"needs": [url], "params": {url: field}}).encode(), b"")
    monkeypatch.setattr(boundary, "request", lambda *_: needs)  # as for a target that takes no addresses
    answer = post(answering(500, b"text/plain"), "/v1/messages", CLAUDE)
    assert answer.status_code == 400
    assert answer.json()["type"] == "error"
    assert field in answer.json()["error"]["message"]


def test_losses_are_a_short_header_whatever_their_number():
    reply = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Yes"}, "finish_reason": "stop"}
    ]}  # fmt: skip
    app = answering(200, b"application/json", json.dumps(reply).encode())
    few = post(app, "/v1/messages", {**CLAUDE, "top_k": 5}, on_loss="allow")
    assert json.loads(few.headers["x-dragoman-losses"]) == ["/top_k dropped quality"]
    unknown = {f"unknown_field_number_{number}": 1 for number in range(200)}
    many = post(app, "/v1/messages", {**CLAUDE, **unknown}, on_loss="allow")
    assert many.status_code == 200
    assert len(many.headers["x-dragoman-losses"]) <= 2048
    *said, rest = json.loads(many.headers["x-dragoman-losses"])
    assert len(said) + int(rest.removeprefix("+").removesuffix(" more")) == 200
