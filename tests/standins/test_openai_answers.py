"""The OpenAI stand-in, driven by the official client."""

import base64
import json
import struct

import openai
import pytest
from dragoman.standins import running

SAMPLE = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": SAMPLE}}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 7, 5) + b"\x08\x02\0\0\0"


def ask(text):
    return [{"role": "user", "content": text}]


def test_text_echoes_the_last_user_text(chat):
    reply = chat.create(model="gpt-4o", messages=ask("good morning"))
    assert reply.choices[0].message.content == "You said: good morning"
    assert reply.choices[0].finish_reason == "stop"
    assert reply.model == "gpt-4o-2024-08-06"
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


def test_same_request_gives_the_same_bytes(openai_standin):
    with openai.OpenAI(api_key="k", base_url=openai_standin.base_url + "/v1") as client:
        create = client.chat.completions.with_raw_response.create
        first, second = (create(model="gpt-4o", messages=ask("again")).content for _ in range(2))
    assert first == second


def test_stream_adds_up_to_the_whole(chat):
    chunks = list(
        chat.create(
            model="gpt-4o",
            messages=ask("one two three four five six"),
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    texts = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
    assert "".join(text or "" for text in texts) == "You said: one two three four five six"
    assert sum(1 for text in texts if text) >= 3
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens > 0
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert {chunk.id for chunk in chunks} == {chunks[0].id}


def test_stream_chunks_are_padded_unless_declined(chat):
    def padded(**options):
        chunks = chat.create(model="gpt-4o", messages=ask("x"), stream=True, **options)
        return {"obfuscation" in chunk.model_fields_set for chunk in chunks}

    assert padded() == {True}
    assert padded(stream_options={"include_obfuscation": False}) == {False}


def test_no_usage_is_streamed_unasked(chat):
    for chunk in chat.create(model="gpt-4o", messages=ask("x"), stream=True):
        assert "usage" not in chunk.model_fields_set


def test_weather_makes_a_tool_call_with_the_place_that_was_named(chat):
    reply = chat.create(model="gpt-4o", messages=ask("What is the weather in Oslo?"), tools=[WEATHER])
    (call,) = reply.choices[0].message.tool_calls
    assert reply.choices[0].finish_reason == "tool_calls"
    assert reply.choices[0].message.content is None
    assert json.loads(call.function.arguments) == {"city": "Oslo"}


def test_both_makes_two_calls_unless_parallel_calls_are_off(chat):
    question = ask("weather in both Oslo and Rome")
    two = chat.create(model="gpt-4o", messages=question, tools=[WEATHER]).choices[0].message.tool_calls
    assert [json.loads(call.function.arguments)["city"] for call in two] == ["Oslo", "Rome"]
    assert two[0].id != two[1].id
    one = chat.create(model="gpt-4o", messages=question, tools=[WEATHER], parallel_tool_calls=False)
    assert len(one.choices[0].message.tool_calls) == 1


def test_named_tool_choice_ends_with_stop_as_the_provider_does(chat):
    choice = {"type": "function", "function": {"name": "get_weather"}}
    reply = chat.create(model="gpt-4o", messages=ask("hello"), tools=[WEATHER], tool_choice=choice)
    assert reply.choices[0].message.tool_calls[0].function.name == "get_weather"
    assert reply.choices[0].finish_reason == "stop"


def test_no_tool_call_when_tools_are_forbidden_or_not_asked_for(chat):
    for text, choice in (("the weather", "none"), ("hello", "auto")):
        reply = chat.create(model="gpt-4o", messages=ask(text), tools=[WEATHER], tool_choice=choice)
        assert reply.choices[0].message.tool_calls is None


def test_streamed_calls_come_one_after_another_and_are_whole(chat):
    with chat.stream(model="gpt-4o", messages=ask("weather in both Oslo and Rome"), tools=[WEATHER]) as stream:
        final = stream.get_final_completion()
    calls = final.choices[0].message.tool_calls
    assert [json.loads(call.function.arguments) for call in calls] == [{"city": "Oslo"}, {"city": "Rome"}]


def test_tool_results_are_quoted(chat):
    question = ask("weather in Oslo")
    message = chat.create(model="gpt-4o", messages=question, tools=[WEATHER]).choices[0].message
    result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "4 degrees"}
    history = [*question, message.model_dump(exclude_none=True, exclude={"annotations"}), result]
    reply = chat.create(model="gpt-4o", messages=history, tools=[WEATHER])
    assert reply.choices[0].message.content == "The tools said: 4 degrees"


def test_custom_tool_gets_free_text(chat):
    tool = {"type": "custom", "custom": {"name": "shell"}}
    reply = chat.create(model="gpt-5.1", messages=ask("use the shell"), tools=[tool])
    assert reply.choices[0].message.tool_calls[0].custom.input == "input for shell"


def test_legacy_functions_answer_in_the_legacy_shape(chat):
    reply = chat.create(model="gpt-4o", messages=ask("weather"), functions=[WEATHER["function"]])
    assert reply.choices[0].finish_reason == "function_call"
    assert reply.choices[0].message.function_call.name == "get_weather"


def test_image_is_described_by_what_arrived(chat):
    url = "data:image/png;base64," + base64.b64encode(PNG).decode()
    parts = [{"type": "text", "text": "look"}, {"type": "image_url", "image_url": {"url": url}}]
    reply = chat.create(model="gpt-4o", messages=[{"role": "user", "content": parts}])
    assert f"image/png, {len(PNG)} bytes, 7x5 pixels" in reply.choices[0].message.content


def test_pdf_is_described_by_its_pages(chat):
    pdf = b"%PDF-1.4 /Type /Pages /Type /Page /Type/Page >>"
    data = "data:application/pdf;base64," + base64.b64encode(pdf).decode()
    part = {"type": "file", "file": {"filename": "a.pdf", "file_data": data}}
    reply = chat.create(model="gpt-4o", messages=[{"role": "user", "content": [part]}])
    assert "a.pdf: application/pdf, 47 bytes, 2 page(s)" in reply.choices[0].message.content


def test_json_schema_is_met(chat):
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "size": {"type": "integer", "minimum": 4}, "kind": {"enum": ["a"]}},
        "required": ["name", "size", "kind"],
        "additionalProperties": False,
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "thing", "schema": schema, "strict": True}}
    reply = chat.create(model="gpt-4o", messages=ask("a thing"), response_format=wanted)
    assert json.loads(reply.choices[0].message.content) == {"name": "some name", "size": 4, "kind": "a"}


@pytest.mark.parametrize("extra", [{"response_format": {"type": "json_object"}}, {}])
def test_json_by_instruction_is_json(chat, extra):
    reply = chat.create(model="gpt-4o", messages=[{"role": "system", "content": "Answer in JSON"}, *ask("x")], **extra)
    assert json.loads(reply.choices[0].message.content) == {"answer": "You said: x"}


def test_reasoning_shows_in_usage_only(chat):
    usage = chat.create(model="gpt-5", messages=ask("x"), reasoning_effort="high").usage
    assert usage.completion_tokens_details.reasoning_tokens == 64
    assert usage.completion_tokens > 64


def test_long_prefix_is_read_from_cache_the_second_time():
    with running("openai") as standin, openai.OpenAI(api_key="k", base_url=standin.base_url + "/v1") as client:
        system = {"role": "system", "content": "word " * 2000}
        cached = []
        for text in ("one", "two"):
            usage = client.chat.completions.create(model="gpt-4o", messages=[system, *ask(text)]).usage
            cached.append(usage.prompt_tokens_details.cached_tokens)
    assert cached == [0, 2432]


def test_stop_sequence_and_limit_end_the_text(chat):
    stopped = chat.create(model="gpt-4o", messages=ask("one STOP two"), stop="STOP").choices[0]
    assert (stopped.message.content, stopped.finish_reason) == ("You said: one ", "stop")
    limited = chat.create(model="gpt-4o", messages=ask("many words"), max_tokens=2).choices[0]
    assert (limited.message.content, limited.finish_reason) == ("You said", "length")


def test_choices_and_logprobs_come_as_many_as_asked(chat):
    reply = chat.create(model="gpt-4o", messages=ask("x"), n=3, logprobs=True, top_logprobs=2)
    assert [choice.index for choice in reply.choices] == [0, 1, 2]
    assert len(reply.choices[0].logprobs.content[0].top_logprobs) == 2


def test_models_are_listed(openai_standin):
    with openai.OpenAI(api_key="k", base_url=openai_standin.base_url + "/v1") as client:
        assert "gpt-4o" in {model.id for model in client.models.list()}
        assert client.models.retrieve("gpt-5").id == "gpt-5"
