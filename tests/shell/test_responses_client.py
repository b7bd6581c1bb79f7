"""The official client's Responses calls through the whole gateway, and chat calls that only Responses can serve."""

import json

import openai
import orjson
import pytest
from dragoman import cli_demo, standins
from dragoman.translate import boundary
from pydantic import BaseModel

PROVIDERS = [row["name"] for row in orjson.loads(boundary.providers()) if row["name"] in standins.PROVIDERS]
TOOL = {"type": "function", "name": "get_weather", "description": "The weather of a city.", "strict": True,
        "parameters": cli_demo._TOOL["function"]["parameters"]}  # fmt: skip
QUESTION = "Weather in Paris and Rome, in parallel"


def model_of(provider):
    return f"{provider}/{cli_demo.MODELS[provider][0]}"


def reasoner_of(provider):
    return "openai/gpt-5.6-sol" if provider == "openai" else f"{provider}/{cli_demo.MODELS[provider][1]}"


class Place(BaseModel):
    city: str
    country: str


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_response_and_its_stream_say_the_same(start, client, provider):
    gateway, _ = start(provider)
    asked = {"model": model_of(provider), "input": "Hello there", "instructions": "Be kind.", "metadata": {"a": "b"}}
    whole = client(gateway).responses.create(**asked)
    with client(gateway).responses.stream(**asked) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert "Hello there" in whole.output_text
    assert (final.output_text, final.status, final.usage) == (whole.output_text, "completed", whole.usage)
    assert (whole.instructions, whole.metadata, whole.store) == ("Be kind.", {"a": "b"}, False)
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-4:] == [
        "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
    ]  # fmt: skip


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_answer_is_parsed_into_its_form(start, client, provider):
    gateway, _ = start(provider)
    asked = {"model": model_of(provider), "input": "The capital of Chile?", "text_format": Place}
    assert isinstance(client(gateway).responses.parse(**asked).output_parsed, Place)
    with client(gateway).responses.stream(**asked) as stream:
        assert isinstance(stream.get_final_response().output_parsed, Place)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_loop_of_tools_with_reasoning_goes_round(start, client, provider):
    gateway, running = start(provider)
    talker = client(gateway)
    asked = {"model": reasoner_of(provider), "tools": [TOOL], "reasoning": {"effort": "low", "summary": "auto"}}
    history = [{"role": "user", "content": QUESTION}]
    with talker.responses.stream(input=history, **asked) as stream:
        final = stream.get_final_response()
    calls = [item for item in final.output if item.type == "function_call"]
    assert [json.loads(call.arguments) for call in calls] == [{"city": "Paris"}, {"city": "Rome"}]
    thoughts = [item for item in final.output if item.type == "reasoning"]
    assert thoughts
    assert thoughts[0].summary[0].text
    assert thoughts[0].encrypted_content
    history += [item.model_dump(exclude_none=True, exclude={"parsed_arguments"}) for item in final.output]
    history += [
        {"type": "function_call_output", "call_id": call.call_id, "output": f"Sunny in {city}"}
        for call, city in zip(calls, ("Paris", "Rome"), strict=True)
    ]
    after = talker.responses.create(input=history, **asked)
    assert "Sunny in Paris" in after.output_text
    # The model's own reasoning came back to it, whole.
    sent = running[provider].requests[-1].body
    state = thoughts[0].encrypted_content.rpartition(":")[2]
    assert state.encode() in sent
    assert b"dragoman:" not in sent


def test_reasoning_of_another_model_is_dropped_aloud(start, client):
    gateway, running = start("openai", "anthropic")
    talker = client(gateway)
    asked = {"tools": [TOOL], "reasoning": {"effort": "low", "summary": "auto"}}
    question = [{"role": "user", "content": "Weather in Paris"}]
    for here, there in (("anthropic", "openai"), ("openai", "anthropic")):
        final = talker.responses.create(model=reasoner_of(here), input=question, **asked)
        call = final.output[-1]
        history = [*question, *(item.model_dump(exclude_none=True) for item in final.output)]
        history.append({"type": "function_call_output", "call_id": call.call_id, "output": "Sunny in Paris"})
        raw = talker.responses.with_raw_response.create(model=reasoner_of(there), input=history, **asked)
        assert "Sunny in Paris" in raw.parse().output_text
        assert any(loss.startswith("/input/1 dropped quality") for loss in json.loads(raw.headers["x-dragoman-losses"]))
        assert b"dragoman:" not in running[there].requests[-1].body


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("previous_response_id", "resp_1"),
        ("conversation", "conv_1"),
        ("prompt", {"id": "pmpt_1"}),
        ("background", True),
        ("input", [{"role": "user", "content": "x"}, {"type": "item_reference", "id": "msg_1"}]),
    ],
)
def test_what_would_need_a_memory_is_a_clear_refusal(start, client, field, value):
    gateway, _ = start("openai")
    asked = {"model": "openai/gpt-4.1", "input": "Hello", field: value}
    with pytest.raises(openai.BadRequestError) as caught:
        client(gateway).responses.create(**asked)
    assert caught.value.param == {"input": "input[1]"}.get(field, field)
    assert caught.value.code == "unsupported_parameter"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_stream_that_breaks_is_an_error(start, client, provider):
    gateway, _ = start(provider)
    for oddity in ("truncate", "mid-error"):
        with pytest.raises(openai.APIError):
            list(client(gateway).responses.create(
                model=model_of(provider), input=f"Say a lot, please, and then break [{oddity}]", stream=True
            ))  # fmt: skip


@pytest.mark.parametrize(("status", "error"), [(429, openai.RateLimitError), (400, openai.BadRequestError)])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_errors_of_the_provider_are_the_clients_own(start, client, provider, status, error):
    gateway, _ = start(provider)
    with pytest.raises(error):
        client(gateway).responses.create(model=model_of(provider), input=f"error:{status}")


# Chat clients


def chat_loop(talker, model, **more):
    """A question with tools and reasoning, and the answer after the tool has spoken."""
    messages = [{"role": "user", "content": "Weather in Paris"}]
    asked = {"model": model, "tools": [cli_demo._TOOL], "reasoning_effort": "high", **more}
    first = talker.chat.completions.create(messages=messages, **asked)
    message = first.choices[0].message
    messages += [
        message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "Sunny in Paris"},
    ]
    return first, talker.chat.completions.create(messages=messages, **asked)


@pytest.mark.parametrize("model", ["gpt-5.4", "gpt-5.6-sol", "gpt-6-astra", "gpt-5.1-codex", "gpt-5.2-pro"])
def test_a_chat_client_reasons_beside_tools_and_does_not_notice_where(start, client, model):
    gateway, running = start("openai")
    first, second = chat_loop(client(gateway), f"openai/{model}")
    assert [call.path for call in running["openai"].requests] == ["/v1/responses"] * 2
    assert first.object == "chat.completion"
    assert first.choices[0].finish_reason == "tool_calls"
    assert first.usage.completion_tokens_details.reasoning_tokens > 0
    assert "Sunny in Paris" in second.choices[0].message.content
    assert second.choices[0].finish_reason == "stop"
    bodies = [orjson.loads(call.body) for call in running["openai"].requests]
    assert [body["reasoning"] for body in bodies] == [{"effort": "high"}] * 2
    assert bodies[0]["tools"][0]["strict"] is False
    # The reasoning that led to the call came back, encrypted as it was, before it.
    kinds = [item.get("type") for item in bodies[1]["input"]]
    assert kinds == [None, "reasoning", "function_call", "function_call_output"]


def test_a_chat_stream_from_responses_is_one_of_chat(start, client):
    gateway, running = start("openai")
    asked = {"model": "openai/gpt-5.6-sol", "messages": [{"role": "user", "content": QUESTION}],
             "tools": [cli_demo._TOOL], "reasoning_effort": "low"}  # fmt: skip
    with client(gateway).chat.completions.stream(**asked, stream_options={"include_usage": True}) as stream:
        final = stream.get_final_completion()
    assert running["openai"].requests[-1].path == "/v1/responses"
    calls = final.choices[0].message.tool_calls
    assert [json.loads(call.function.arguments)["city"] for call in calls] == ["Paris", "Rome"]
    assert final.choices[0].finish_reason == "tool_calls"
    assert final.usage.completion_tokens_details.reasoning_tokens > 0


def test_what_chat_can_serve_goes_to_chat(start, client):
    gateway, running = start("openai")
    talker, user = client(gateway), [{"role": "user", "content": "Hello"}]
    talker.chat.completions.create(model="openai/gpt-5.6-sol", messages=user, reasoning_effort="low")
    talker.chat.completions.create(
        model="openai/gpt-5.6-sol", messages=user, reasoning_effort="none", tools=[cli_demo._TOOL]
    )
    talker.chat.completions.create(model="openai/gpt-5.4", messages=user, tools=[cli_demo._TOOL])
    assert {call.path for call in running["openai"].requests} == {"/v1/chat/completions"}


def test_what_responses_lacks_is_refused_by_name(start, client):
    gateway, _ = start("openai")
    asked = {"model": "openai/gpt-5.6-sol", "tools": [cli_demo._TOOL], "messages": [{"role": "user", "content": "Hi"}]}
    for field, value in (("n", 2), ("stop", ["x"]), ("prediction", {"type": "content", "content": "x"})):
        with pytest.raises(openai.BadRequestError) as caught:
            client(gateway).chat.completions.create(**asked, **{field: value})
        assert (caught.value.param, caught.value.code) == (field, "unsupported_parameter")
