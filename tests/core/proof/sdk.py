"""Judgement by the official SDKs: their request types, reply models and stream accumulators."""

from collections.abc import Iterable
from typing import Any, cast

import anthropic.types as at
import google.genai.types as gt
import openai.types.chat as ot
import orjson
from anthropic.lib.streaming._messages import accumulate_event
from anthropic.types import message_create_params as messages
from dragoman.standins import gemini_judge, judge
from groq.types.chat.completion_create_params import CompletionCreateParams as GroqParams
from openai import omit
from openai._models import construct_type_unchecked
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.lib.streaming.responses._responses import ResponseStreamState
from openai.types.chat import completion_create_params as completions
from openai.types.responses import Response, ResponseStreamEvent
from openai.types.responses import response_create_params as responses
from pydantic import TypeAdapter

from . import converse

SAMPLING = {"temperature": float, "top_p": float, "top_k": int}
"""Taken by version 2023-06-01 only, so the SDK's types no longer list them (wire/anthropic.md 1)."""


def request_fault(dialect: str, body: dict[str, Any]) -> Any:
    """What the SDK's request types have against a body; None when nothing.

    Instead of the dialect a host may be named: Groq has an SDK of its own, and xAI a key of its own.
    """
    if dialect == "bedrock":
        return converse.request_fault(body)
    streams = body.get("stream") is True
    if dialect == "gemini":
        return gemini_judge.fault(body)
    if dialect == "groq":
        # The service takes it, though its types have none (wire/groq.md 1).
        params: Any = GroqParams
        body = {key: value for key, value in body.items() if key != "stream_options"}
    elif dialect == "anthropic":
        params = messages.MessageCreateParamsStreaming if streams else messages.MessageCreateParamsNonStreaming
        for key, kind in SAMPLING.items():
            if key in body and not isinstance(body[key], (int, kind)):
                return f"{key} is no {kind.__name__}"
        body = {key: value for key, value in body.items() if key not in SAMPLING}
    elif dialect == "openai_responses":
        params = responses.ResponseCreateParamsStreaming if streams else responses.ResponseCreateParamsNonStreaming
    else:
        if dialect == "xai":
            body = {**body, "messages": [_without(message, "reasoning_content") for message in body["messages"]]}
        params = (
            completions.CompletionCreateParamsStreaming if streams else completions.CompletionCreateParamsNonStreaming
        )
    return judge.fault(params, orjson.dumps(body), body)


def _without(message: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != key}


_COMPLETION: TypeAdapter[Any] = TypeAdapter(ot.ChatCompletion)
_CHUNK: TypeAdapter[Any] = TypeAdapter(ot.ChatCompletionChunk)
_MESSAGE: TypeAdapter[Any] = TypeAdapter(at.Message)
_RESPONSE: TypeAdapter[Any] = TypeAdapter(Response)
_RESPONSE_EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
_EVENT: TypeAdapter[Any] = TypeAdapter(at.RawMessageStreamEvent)


def unknown_keys(model: Any, at_path: str = "") -> Iterable[str]:
    """Keys that a parsed model carries beyond its type, as dotted paths."""
    for key in getattr(model, "model_extra", None) or ():
        yield f"{at_path}.{key}"
    for name in getattr(type(model), "model_fields", {}):
        value = getattr(model, name)
        for item in value if isinstance(value, list) else [value]:
            yield from unknown_keys(item, f"{at_path}.{name}")


OURS = {
    ".choices.message.reasoning_content",
    ".choices.message.thinking_blocks",
    ".choices.message.provider_specific_fields",
    ".choices.message.extra_content",
    ".choices.message.images",
    ".choices.delta.images",
    ".choices.delta.extra_content",
    ".choices.delta.reasoning_content",
    ".choices.delta.refusal",
    ".choices.delta.annotations",
    ".choices.delta.thinking_blocks",
    ".choices.delta.provider_specific_fields",
    ".choices.message.tool_calls.provider_specific_fields",
    ".choices.message.tool_calls.extra_content",
    ".choices.delta.tool_calls.provider_specific_fields",
    ".choices.delta.tool_calls.extra_content",
    ".store",
    ".response.store",
    ".usage.cache_creation",
    ".usage.cache_read_input_tokens",
    ".usage.cache_creation_input_tokens",
}


THEIRS = {
    ".prompt_filter_results",
    ".choices.content_filter_results",
    ".choices.content_filter_offsets",
    ".usage.num_sources_used",
    ".usage.cost_in_usd_ticks",
}
"""What hosts of the chat dialect say beyond it, to clients that are not strict."""


def read(adapter: TypeAdapter[Any], value: Any) -> Any:
    """A value by the SDK's model, strictly, with no keys but its own, ours and those of known hosts."""
    model = adapter.validate_json(orjson.dumps(value), strict=True)
    unknown = set(unknown_keys(model)) - OURS - THEIRS
    assert not unknown, unknown
    return model


def completion(body: Any) -> ot.ChatCompletion:
    """A chat completion as the SDK reads it."""
    return cast(ot.ChatCompletion, read(_COMPLETION, body))


def message(body: Any) -> at.Message:
    """A message as the SDK reads it."""
    return cast(at.Message, read(_MESSAGE, body))


def response(body: Any) -> Response:
    """A response as the SDK reads it."""
    return cast(Response, read(_RESPONSE, body))


def generated(body: Any) -> gt.GenerateContentResponse:
    """A generateContent reply as the SDK reads it."""
    assert gemini_judge.reply_fault(body) is None
    return gt.GenerateContentResponse.model_validate(body)


REPLIES = {
    "openai_chat": completion,
    "openai_responses": response,
    "anthropic": message,
    "gemini": generated,
    "bedrock": converse.reply,
}


def gather_chunks(payloads: list[Any]) -> ot.ChatCompletion:
    """A stream of chunks, accumulated as the official client does."""
    assert payloads[-1] == "[DONE]"
    state: Any = ChatCompletionStreamState()
    for payload in payloads[:-1]:
        for _ in state.handle_chunk(read(_CHUNK, payload)):
            pass
    return cast(ot.ChatCompletion, state.current_completion_snapshot)


def gather_events(payloads: list[Any]) -> at.Message:
    """A stream of events, accumulated as the official client does; one block is open at a time, with rising indexes."""
    snapshot: Any = None
    buffers: dict[int, bytes] = {}
    open_block: int | None = None
    count = 0
    for payload in payloads:
        if payload["type"] == "ping":
            continue
        event = read(_EVENT, payload)
        if event.type == "content_block_start":
            assert open_block is None
            assert event.index == count
            open_block, count = event.index, count + 1
        elif event.type in ("content_block_delta", "content_block_stop"):
            assert event.index == open_block
            open_block = None if event.type == "content_block_stop" else open_block
        snapshot = accumulate_event(event=event, current_snapshot=snapshot, json_bufs=buffers)
    assert open_block is None
    assert [payload["type"] for payload in payloads][-1] == "message_stop"
    return cast(at.Message, snapshot)


def gather_responses(payloads: list[Any]) -> Response:
    """A stream of events, accumulated as the official client does; what was said in pieces is what was said whole."""
    state: Any = ResponseStreamState(input_tools=omit, text_format=omit)
    for number, payload in enumerate(payloads):
        event = read(_RESPONSE_EVENT, payload)
        assert event.sequence_number == number
        state.handle_event(construct_type_unchecked(type_=cast(Any, ResponseStreamEvent), value=payload))
    snapshot = state._ResponseStreamState__current_snapshot
    last = event.response
    assert event.type == f"response.{last.status}"
    told = [payload["item"] for payload in payloads if payload["type"] == "response.output_item.done"]
    assert _without_sources(told) == _without_sources(payloads[-1]["response"]["output"])
    assert [payload["output_index"] for payload in payloads if payload["type"] == "response.output_item.added"] == list(
        range(len(told))
    )
    assert snapshot.output_text == last.output_text
    return cast(Response, last)


def _without_sources(items: list[Any]) -> list[Any]:
    """Items without their annotations: sources may come when the item that they are of was told already."""
    return [
        {**item, "content": [{**part, "annotations": []} for part in item["content"]]} if "content" in item else item
        for item in items
    ]


def gather_candidates(payloads: list[Any]) -> list[gt.GenerateContentResponse]:
    """A stream of replies; there is no accumulator, and the last one says why it ended."""
    read_ = [generated(payload) for payload in payloads]
    last = payloads[-1]
    blocked = any("promptFeedback" in payload for payload in payloads)
    assert blocked or any("finishReason" in item for item in last.get("candidates", ()))
    return read_


GATHER: dict[str, Any] = {
    "openai_chat": gather_chunks,
    "openai_responses": gather_responses,
    "anthropic": gather_events,
    "gemini": gather_candidates,
    "bedrock": converse.gather,
}
