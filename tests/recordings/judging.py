"""What the official SDKs say of native requests and of client bytes."""

import json
from typing import Any

import anthropic.types
import orjson
import pydantic
from anthropic.lib.streaming._messages import accumulate_event
from anthropic.types import message_create_params as messages_params
from dragoman.standins import judge
from groq.types.chat.completion_create_params import CompletionCreateParams as GroqParams
from openai.lib.streaming.chat._completions import ChatCompletionStreamState
from openai.lib.streaming.chat._types import ParsedChatCompletionSnapshot
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.chat import completion_create_params as chat_params
from openai.types.responses import response_create_params as responses_params

from .driving import frames

PARAMS = {
    ("openai_chat", False): chat_params.CompletionCreateParamsNonStreaming,
    ("openai_chat", True): chat_params.CompletionCreateParamsStreaming,
    ("groq", False): GroqParams,
    ("groq", True): GroqParams,
    ("openai_responses", False): responses_params.ResponseCreateParamsNonStreaming,
    ("openai_responses", True): responses_params.ResponseCreateParamsStreaming,
    ("anthropic", False): messages_params.MessageCreateParamsNonStreaming,
    ("anthropic", True): messages_params.MessageCreateParamsStreaming,
}


def fault_of(raw: bytes, dialect: str) -> judge.Fault | None:
    """What the SDK's strict request type has against a native body."""
    value = orjson.loads(raw)
    for key in UNJUDGED[dialect] & value.keys():
        del value[key]
    return judge.fault(PARAMS[dialect, bool(value.get("stream"))], json.dumps(value).encode(), value)


UNJUDGED = {
    "openai_chat": {"metadata"},
    "groq": {"metadata", "stream_options"},
    "openai_responses": {"metadata"},
    "anthropic": {"metadata", "temperature", "top_p", "top_k"},
}
"""Sampling belongs to the protocol version that this gateway speaks and the newest SDK does not (wire/anthropic.md 1);
Groq's service takes ``stream_options`` though its types have none (wire/groq.md 1); ``metadata`` the judge cannot tell
from pydantic's own key of that name."""


_REPLIES = {
    "openai_chat": pydantic.TypeAdapter(ChatCompletion),
    "anthropic": pydantic.TypeAdapter(anthropic.types.Message),
}


def accept_reply(body: Any, client: str) -> None:
    """The SDK's response type reads the reply; raises what it has against it."""
    _REPLIES[client].validate_python(body)


_CHUNK = pydantic.TypeAdapter(ChatCompletionChunk)


def fold_chat(wire: bytes) -> ParsedChatCompletionSnapshot:
    """The official client's own accumulator over the chunks."""
    state = ChatCompletionStreamState()
    for _, data in frames(wire):
        if data != "[DONE]":
            state.handle_chunk(_CHUNK.validate_python(orjson.loads(data)))
    return state.current_completion_snapshot


_EVENT = pydantic.TypeAdapter(anthropic.types.RawMessageStreamEvent)


def fold_messages(wire: bytes) -> anthropic.types.Message:
    """The official client's own accumulator over the events."""
    snapshot = None
    buffers: dict[int, bytes] = {}
    for name, data in frames(wire):
        value = orjson.loads(data)
        assert name == value["type"]
        if name != "ping":
            event = _EVENT.validate_python(value)
            snapshot = accumulate_event(event=event, current_snapshot=snapshot, json_bufs=buffers)
    assert snapshot is not None
    return snapshot
