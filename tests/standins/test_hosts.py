"""The stand-ins for Azure OpenAI, xAI and Groq, driven by the official clients: their ways, and what they refuse."""

import base64
import json
import struct

import groq
import openai
import pytest
from dragoman.standins import running

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": SCHEMA}}
BOUND = {"type": "json_schema", "json_schema": {"name": "place", "schema": SCHEMA}}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 7, 5) + b"\x08\x02\0\0\0"
IMAGE = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{base64.b64encode(PNG).decode()}"}}
PDF = {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}
VERSION = "2025-04-01-preview"
QUICK = {"max_retries": 0, "timeout": 10}


def ask(content):
    return [{"role": "user", "content": content}]


@pytest.fixture(scope="module")
def standins():
    with running("azure") as azure, running("xai") as xai, running("groq") as groq_:
        yield {"azure": azure, "xai": xai, "groq": groq_}
        for standin in (azure, xai, groq_):
            assert standin.protocol_errors == []
            assert standin.crashes == []


@pytest.fixture(scope="module")
def clients(standins):
    urls = {name: standin.base_url for name, standin in standins.items()}
    v1, both = f"{urls['azure']}/openai/v1", {"api-key": "k"}
    made = {
        "azure": openai.AzureOpenAI(api_key="k", azure_endpoint=urls["azure"], api_version=VERSION, **QUICK),
        "azure v1": openai.OpenAI(api_key="k", base_url=v1, default_headers=both, **QUICK),
        "xai": openai.OpenAI(api_key="k", base_url=f"{urls['xai']}/v1", **QUICK),
        "groq": groq.Groq(api_key="k", base_url=urls["groq"], **QUICK),
    }
    yield {name: client.chat.completions for name, client in made.items()}
    for client in made.values():
        client.close()


MODEL = {"azure": "gpt-4o", "xai": "grok-4.5", "groq": "qwen/qwen3.8-27b"}


@pytest.mark.parametrize("name", MODEL)
def test_text_a_stream_and_two_calls(clients, name):
    create, model = clients[name].create, MODEL[name]
    whole = create(model=model, messages=ask("good morning"))
    assert whole.choices[0].message.content.endswith("You said: good morning")
    chunks = list(create(model=model, messages=ask("good morning"), stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices and chunk.choices[0].delta)
    assert text == whole.choices[0].message.content
    asked = {"model": model, "messages": ask("Weather in Paris and Rome, in parallel"), "tools": [WEATHER]}
    calls = create(**asked).choices[0].message.tool_calls
    assert [json.loads(call.function.arguments)["city"] for call in calls] == ["Paris", "Rome"]
    streamed = [chunk.choices[0].delta for chunk in create(**asked, stream=True) if chunk.choices]
    found = [call for delta in streamed if delta for call in delta.tool_calls or ()]
    assert "".join(call.function.arguments for call in found) == "".join(call.function.arguments for call in calls)


def test_azure_speaks_of_filters_before_and_after_the_answer(clients):
    chunks = list(clients["azure"].create(model="gpt-4o", messages=ask("Hi"), stream=True))
    assert (chunks[0].id, chunks[0].choices, chunks[0].model) == ("", [], "")
    assert chunks[0].prompt_filter_results
    assert chunks[-1].id == ""
    assert chunks[-1].choices[0].delta is None
    assert chunks[-2].choices[0].finish_reason == "stop"
    filtered = clients["azure"].create(model="gpt-4o", messages=ask("[content-filter]"))
    assert filtered.choices[0].finish_reason == "content_filter"
    assert filtered.choices[0].message is None


def test_azure_knows_two_addresses_and_one_credential(standins, clients):
    with pytest.raises(openai.AuthenticationError) as caught:
        clients["azure v1"].create(model="gpt-4o", messages=ask("Hi"))
    assert caught.value.body["code"] == "401"
    place = standins["azure"].base_url
    with openai.OpenAI(api_key="k", base_url=f"{place}/openai/deployments/gpt-4o", **QUICK) as client:
        headers = {"api-key": "k", "authorization": openai.Omit()}
        with pytest.raises(openai.NotFoundError) as missing:
            client.chat.completions.create(model="x", messages=ask("Hi"), extra_headers=headers)
        assert missing.value.body["code"] == "404"
    with openai.OpenAI(api_key="k", base_url=f"{place}/openai/v1", **QUICK) as client:
        reply = client.chat.completions.create(model="gpt-4o", messages=ask("Hi"), extra_headers=headers)
        assert reply.prompt_filter_results


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"model": "nothing"}, "DeploymentNotFound"),
        ({"messages": ask([PDF])}, None),
        ({"messages": ask([IMAGE] * 11)}, None),
        ({"web_search_options": {}}, None),
        ({"messages": ask("error:429")}, "RateLimitReached"),
    ],
)
def test_azure_refuses(clients, more, code):
    with pytest.raises(openai.APIStatusError) as caught:
        clients["azure"].create(**{"model": "gpt-4o", "messages": ask("Hi"), **more})
    assert caught.value.body["code"] == code


def test_xai_counts_reasoning_beside_the_completion_and_usage_on_every_chunk(clients):
    usage = clients["xai"].create(model="grok-4.5", messages=ask("Hi")).usage
    reasoning = usage.completion_tokens_details.reasoning_tokens
    assert reasoning > 0
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens + reasoning
    chunks = list(clients["xai"].create(model="grok-4.5", messages=ask("Hi"), stream=True))
    assert all(chunk.usage for chunk in chunks)
    assert chunks[-1].choices == []
    thoughts = [getattr(chunk.choices[0].delta, "reasoning_content", None) for chunk in chunks[:2]]
    assert thoughts[0] == thoughts[1]
    assert all(chunk.choices[0].delta.role == "assistant" for chunk in chunks[:-1])


def test_xai_sends_a_call_whole_without_an_index_and_ends_with_an_empty_word(clients):
    stream = clients["xai"].create(model="grok-4.5", messages=ask("Weather in Paris"), tools=[WEATHER], stream=True)
    chunks = [chunk.choices[0] for chunk in stream if chunk.choices]
    calls = [choice for choice in chunks if choice.delta.tool_calls]
    assert calls[0].delta.tool_calls[0].index is None
    assert json.loads(calls[0].delta.tool_calls[0].function.arguments) == {"city": "Paris"}
    assert chunks[-1].finish_reason == ""


@pytest.mark.parametrize(
    "more",
    [{"presence_penalty": 0}, {"stop": ["x"]}, {"reasoning_effort": "none"}, {"service_tier": "flex"},
     {"messages": ask([PDF])}, {"extra_body": {"search_parameters": {}}}, {"model": "nothing"},
     {"model": "grok-4", "reasoning_effort": "low"}, {"messages": ask("error:500")}],
)  # fmt: skip
def test_xai_refuses_with_a_text_for_an_error(clients, more):
    with pytest.raises(openai.APIStatusError) as caught:
        clients["xai"].create(**{"model": "grok-4.5", "messages": ask("Hi"), **more})
    assert isinstance(caught.value.body, str)
    assert "code" in caught.value.response.json()


def test_groq_puts_reasoning_where_it_is_asked_to(clients):
    def said(**more):
        return clients["groq"].create(model="qwen/qwen3.8-27b", messages=ask("Hi"), **more).choices[0].message

    assert said().content.startswith("<think>")
    parsed = said(reasoning_format="parsed")
    assert parsed.reasoning
    assert parsed.content == "You said: Hi"
    assert said(reasoning_format="hidden").reasoning is None
    oss = clients["groq"].create(model="openai/gpt-oss-120b", messages=ask("Hi"), include_reasoning=True)
    assert oss.choices[0].message.reasoning


def test_groq_tells_usage_beside_the_last_chunk_and_again_when_asked(clients):
    asked = {"model": "llama-3.3-70b-versatile", "messages": ask("Hi"), "stream": True}
    chunks = list(clients["groq"].create(**asked))
    assert chunks[-1].x_groq.usage.total_tokens
    assert chunks[-1].choices[0].finish_reason == "stop"
    more = list(clients["groq"].create(**asked, extra_body={"stream_options": {"include_usage": True}}))
    assert more[-1].choices == []
    assert more[-1].usage.total_tokens == more[-1].x_groq.usage.total_tokens


@pytest.mark.parametrize(
    "more",
    [{"n": 2}, {"logprobs": True}, {"logit_bias": {}}, {"store": False}, {"extra_body": {"verbosity": "low"}},
     {"messages": [{"role": "user", "content": "Hi", "name": "bob"}]},
     {"messages": [*ask("Hi"), {"role": "assistant", "content": None}, *ask("Hi")]},
     {"messages": ask([IMAGE] * 4)}, {"model": "openai/gpt-oss-20b", "messages": ask([IMAGE])},
     {"model": "openai/gpt-oss-20b", "reasoning_format": "parsed"}, {"reasoning_effort": "xhigh"},
     {"reasoning_format": "parsed", "include_reasoning": True},
     {"model": "llama-3.3-70b-versatile", "response_format": BOUND},
     {"response_format": BOUND, "stream": True}, {"response_format": BOUND, "tools": [WEATHER]},
     {"response_format": {"type": "json_object"}}, {"reasoning_format": "raw", "tools": [WEATHER]},
     {"model": "nothing"}],
)  # fmt: skip
def test_groq_refuses(clients, more):
    with pytest.raises(groq.APIStatusError) as caught:
        clients["groq"].create(**{"model": "qwen/qwen3.8-27b", "messages": ask("Hi"), **more})
    assert caught.value.body["error"]["message"]


def test_groq_breaks_a_stream_with_an_event_and_no_end(clients):
    with pytest.raises(groq.APIError):
        list(clients["groq"].create(model="qwen/qwen3.8-27b", messages=ask("mid-error please"), stream=True))
