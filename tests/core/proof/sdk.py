"""Judgement by the official SDKs: their request types, reply models and stream accumulators."""

from collections.abc import Iterable
from typing import Any, cast

import anthropic.types as at
import openai.types.chat as ot
import orjson
from anthropic.lib.streaming._messages import accumulate_event
from anthropic.types import message_create_params as messages
from dragoman.standins import judge
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types.chat import completion_create_params as completions
from pydantic import TypeAdapter

from . import converse

SAMPLING = {"temperature": float, "top_p": float, "top_k": int}
"""Taken by version 2023-06-01 only, so the SDK's types no longer list them (wire/anthropic.md 1)."""


def request_fault(dialect: str, body: dict[str, Any]) -> Any:
    """What the SDK's request types have against a body; None when nothing."""
    if dialect == "bedrock":
        return converse.request_fault(body)
    streams = body.get("stream") is True
    if dialect == "anthropic":
        params: Any = messages.MessageCreateParamsStreaming if streams else messages.MessageCreateParamsNonStreaming
        for key, kind in SAMPLING.items():
            if key in body and not isinstance(body[key], (int, kind)):
                return f"{key} is no {kind.__name__}"
        body = {key: value for key, value in body.items() if key not in SAMPLING}
    else:
        params = (
            completions.CompletionCreateParamsStreaming if streams else completions.CompletionCreateParamsNonStreaming
        )
    return judge.fault(params, orjson.dumps(body), body)


_COMPLETION: TypeAdapter[Any] = TypeAdapter(ot.ChatCompletion)
_CHUNK: TypeAdapter[Any] = TypeAdapter(ot.ChatCompletionChunk)
_MESSAGE: TypeAdapter[Any] = TypeAdapter(at.Message)
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
    ".choices.delta.reasoning_content",
    ".choices.delta.refusal",
    ".choices.delta.annotations",
    ".choices.delta.thinking_blocks",
    ".choices.delta.provider_specific_fields",
    ".choices.message.tool_calls.provider_specific_fields",
    ".choices.message.tool_calls.extra_content",
    ".choices.delta.tool_calls.provider_specific_fields",
    ".choices.delta.tool_calls.extra_content",
    ".usage.cache_creation",
    ".usage.cache_read_input_tokens",
    ".usage.cache_creation_input_tokens",
}


def read(adapter: TypeAdapter[Any], value: Any) -> Any:
    """A value by the SDK's model, strictly, with no keys but its own and ours."""
    model = adapter.validate_json(orjson.dumps(value), strict=True)
    assert not set(unknown_keys(model)) - OURS, set(unknown_keys(model)) - OURS
    return model


def completion(body: Any) -> ot.ChatCompletion:
    """A chat completion as the SDK reads it."""
    return cast(ot.ChatCompletion, read(_COMPLETION, body))


def message(body: Any) -> at.Message:
    """A message as the SDK reads it."""
    return cast(at.Message, read(_MESSAGE, body))


REPLIES = {"openai_chat": completion, "anthropic": message, "bedrock": converse.reply}


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


GATHER = {"openai_chat": gather_chunks, "anthropic": gather_events, "bedrock": converse.gather}
