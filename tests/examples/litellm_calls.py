"""What a user of LiteLLM does with the example's provider: run in the example's environment, told as JSON."""

import asyncio
import json
import sys
from pathlib import Path

import litellm
import openai

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "litellm_provider"))
from provider import Dragoman

HELLO = [{"role": "user", "content": "Hello, how are you?"}]
WEATHER = [{"role": "user", "content": "What is the weather in Paris? Use the tool."}]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = [{"type": "function", "function": {"name": "get_weather", "description": "Weather.", "parameters": SCHEMA}}]
ALLOWED = {"allowed_openai_params": ["reasoning_effort"]}
USAGE = {"stream_options": {"include_usage": True}}
MODELS = {
    "anthropic": "dragoman/anthropic/claude-sonnet-4-5",
    "openai": "dragoman/openai/gpt-4.1",
    "gemini": "dragoman/gemini/gemini-2.5-flash",
    "bedrock": "dragoman/bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
}


def told(response):
    return {**response.model_dump(exclude_none=True), "hidden": json.loads(json.dumps(response._hidden_params))}


def streamed(chunks):
    whole = litellm.stream_chunk_builder(list(chunks)).model_dump(exclude_none=True)
    usages = [chunk.usage.model_dump() for chunk in chunks if getattr(chunk, "usage", None)]
    losses = [chunk.dragoman_losses for chunk in chunks if getattr(chunk, "dragoman_losses", None)]
    return {**whole, "chunks": len(chunks), "usages": usages, "losses": losses}


def failed(call):
    try:
        call()
    except openai.OpenAIError as error:  # LiteLLM's errors are of these classes
        name, headers = type(error).__name__, dict(getattr(getattr(error, "response", None), "headers", {}))
        return {"class": name, "status": error.status_code, "text": str(error), "headers": headers}
    return None


def usual(provider, places):
    """Whole, streamed, and with tools, by the ways without and with ``await``."""
    base = {"model": MODELS[provider], "api_base": places[provider], "api_key": "k", "max_tokens": 2000, "seed": 3}

    def sync():
        yield "whole", told(litellm.completion(messages=HELLO, **base))
        yield "stream", streamed(list(litellm.completion(messages=HELLO, stream=True, **USAGE, **base)))
        yield "tool", told(litellm.completion(messages=WEATHER, tools=TOOLS, **base))
        yield "tool_stream", streamed(list(litellm.completion(messages=WEATHER, tools=TOOLS, stream=True, **base)))

    async def later():
        chunks = await litellm.acompletion(messages=HELLO, stream=True, **USAGE, **base)
        return told(await litellm.acompletion(messages=HELLO, **base)), streamed([chunk async for chunk in chunks])

    whole, stream = asyncio.run(later())
    return {**dict(sync()), "async_whole": whole, "async_stream": stream}


def unusual(places):
    base = {"model": MODELS["anthropic"], "api_base": places["anthropic"], "api_key": "k", "max_tokens": 2000}

    def ask(**given):
        return litellm.completion(**{**base, "messages": HELLO, **given})

    def read(text):
        return lambda: list(ask(messages=[{"role": "user", "content": text}], stream=True))

    async def read_later():
        messages = [{"role": "user", "content": "error:429"}]
        return [chunk async for chunk in await litellm.acompletion(**base, messages=messages, stream=True)]

    thinking = {"reasoning_effort": "low", **ALLOWED}
    by_url = [{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]
    bedrock = {"model": MODELS["bedrock"], "api_base": places["bedrock"]}
    return {
        "thinking": told(ask(**thinking)),
        "thinking_stream": streamed(list(ask(**thinking, stream=True))),
        "refused": failed(lambda: ask(n=3)),
        "no_model": failed(lambda: ask(model="dragoman/anthropic/no-such-model")),
        "no_provider": failed(lambda: ask(model="dragoman/nobody/any")),
        "rate_limit": failed(lambda: ask(messages=[{"role": "user", "content": "error:429"}])),
        "rate_limit_stream": failed(read("error:429")),
        "rate_limit_later": failed(lambda: asyncio.run(read_later())),
        "broken_stream": failed(read("mid-error")),
        "cut_stream": failed(read("[truncate]")),
        "no_connection": failed(lambda: ask(api_base="http://127.0.0.1:1")),
        "too_slow": failed(lambda: ask(messages=[{"role": "user", "content": "[hang]"}], timeout=0.3)),
        "media": failed(lambda: ask(**bedrock, messages=[{"role": "user", "content": by_url}])),
    }


def main():
    places = json.loads(sys.argv[1])
    litellm.suppress_debug_info = True
    litellm.num_retries = 0
    litellm.custom_provider_map = [
        {"provider": "dragoman", "custom_handler": Dragoman(settings={"bedrock": {"region": "eu-west-1"}})}
    ]
    said = {provider: usual(provider, places) for provider in MODELS}
    sys.stdout.write(json.dumps({**said, "unusual": unusual(places)}) + "\n")


main()
