"""A chat stream to a chat client: the provider's own chunks, repaired where clients differ (wire/observed.md 10).

Padding is left out, reasoning text has one name, the role is said once, usage comes once and last, and only when asked
for.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from ...context import Context, Stamp
from ...records import Citation, Failed, Failure, Finish
from ...records.quick import evolve, record
from ...records.request import NOTHING
from .error import write_error
from .repairs import PADDING, keep_finish, own_choice_keys, own_keys, relay_message, relay_tier
from .reply import FINISH, annotation, common_finish
from .stream import DONE, ChatReadState, call_indexes, close_reading, end_reading, read_chunk, start_reading
from .usage import write_usage

Body = dict[str, Any]


@record
class ChatRelayState:
    """What has been relayed.

    Attributes:
        read: the reader beside the relay: it learns usage, finish reason and errors.
        context: of the request.
        envelope: the last chunk's keys without choices and usage, for the usage chunk.
        roles: choices whose role was said.
        ended: choices whose finish reason was said.
        calls: choice -> the server's numbers of its calls, in the order in which they began.
        counts: how many entries of list-valued extensions were sent.
        before: keys of chunks that came before the answer, which the first chunk of the answer carries.
    """

    read: ChatReadState
    context: Context
    envelope: Any = None
    roles: frozenset[int] = frozenset()
    ended: frozenset[int] = frozenset()
    calls: Mapping[int, tuple[int, ...]] = MappingProxyType({})
    counts: Mapping[str, int] = NOTHING
    before: Mapping[str, Any] = NOTHING


def start_relay(context: Context, stamp: Stamp) -> ChatRelayState:
    """The state before the first chunk."""
    return ChatRelayState(start_reading(context.provider), context)


def relay(state: ChatRelayState, frames: list[bytes]) -> tuple[ChatRelayState, bytes]:
    """The client's bytes for the provider's chunks."""
    out: list[bytes] = []
    for frame in frames:
        if state.read.closed:
            break
        if frame == DONE:
            state = _close(state, out)
            continue
        payload = orjson.loads(frame)
        past = state.read
        read, _ = read_chunk(past, payload)
        if read is not past:
            state = evolve(state, read=read)
        if read.failure is not None:
            out.append(_error(read.failure, state.context))
            continue
        state = _chunk(state, payload, out, past)
    return state, b"".join(out)


def end_relay(state: ChatRelayState) -> tuple[ChatRelayState, bytes]:
    """The last bytes, when the connection has ended."""
    if state.read.closed:
        return state, b""
    read, events = end_reading(state.read)
    if events and isinstance(events[0], Failed):
        return evolve(state, read=read), _error(events[0].failure, state.context)
    out: list[bytes] = []
    state = _close(state, out)
    return state, b"".join(out)


def fail_relay(state: ChatRelayState, failure: Failure) -> tuple[ChatRelayState, bytes]:
    """The stream breaks off with an error of our own."""
    read = evolve(state.read, closed=True, failure=failure)
    return evolve(state, read=read), _error(failure, state.context)


def _error(failure: Failure, context: Context) -> bytes:
    return b"data: " + orjson.dumps(write_error(failure, context)[1]) + b"\n\n"


def _close(state: ChatRelayState, out: list[bytes]) -> ChatRelayState:
    read, events = close_reading(state.read)
    if events and isinstance(events[0], Failed):
        out.append(_error(events[0].failure, state.context))
        return evolve(state, read=read)
    if state.envelope is not None and any(type(event) is Finish for event in events):
        ending = {**state.envelope, "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}
        out.append(_frame(ending | {"usage": None} if state.context.include_usage else ending))
    usage = state.read.usage
    if state.context.include_usage and usage is not None and state.envelope is not None:
        numbers = write_usage(usage, own=True, strict=state.context.strict)
        out.append(_frame({**state.envelope, "choices": [], "usage": numbers}))
    out.append(b"data: [DONE]\n\n")
    return evolve(state, read=read)


def _frame(chunk: Body) -> bytes:
    return b"data: " + orjson.dumps(chunk) + b"\n\n"


_OURS = PADDING | {"choices", "usage"}
_ENVELOPE = ("id", "object", "created", "model", "service_tier", "system_fingerprint")


def _chunk(state: ChatRelayState, payload: Body, out: list[bytes], past: ChatReadState) -> ChatRelayState:
    context = state.context
    chunk = {key: value for key, value in payload.items() if key not in _OURS}
    relay_tier(chunk)
    if context.strict:
        chunk = own_keys(chunk)
    if not chunk.get("id"):
        # Words about the answer that are no part of it have no id; one stream has one (wire/azure-openai.md 5).
        if state.envelope is not None:
            chunk |= state.envelope
        elif not payload.get("choices"):
            return evolve(state, before={key: chunk[key] for key in chunk if key not in _ENVELOPE})
    elif state.envelope is None:
        state, chunk = _begin(state, chunk)
    choices = []
    for raw in payload.get("choices") or ():
        state, choice = _choice(state, own_choice_keys(raw) if context.strict else dict(raw), past.thought)
        choices.append(choice)
    if state.read.sources is not past.sources:
        state = _sources(state, state.read.sources[len(past.sources) :], choices)
    silent = len(chunk) <= _USAGE_KEYS and payload.get("usage") if not choices else context.strict and not _say(choices)
    if silent:
        return state
    chunk["choices"] = choices
    chunk["object"] = "chat.completion.chunk"
    if context.include_usage:
        chunk["usage"] = None
    out.append(_frame(chunk))
    return state


def _begin(state: ChatRelayState, chunk: Body) -> tuple[ChatRelayState, Body]:
    """The first chunk of the answer, with what came before it and what is said once."""
    envelope = {key: chunk[key] for key in _ENVELOPE if key in chunk}
    chunk = {**state.before, **chunk}
    if state.context.explain:
        chunk["dragoman"] = {"losses": state.context.losses}
    return evolve(state, envelope=envelope, before=NOTHING), chunk


def _say(choices: list[Body]) -> bool:
    """Whether the choices of a chunk say anything."""
    return any(choice["delta"] or choice["finish_reason"] or choice.get("logprobs") for choice in choices)


def _sources(state: ChatRelayState, urls: tuple[str, ...], choices: list[Body]) -> ChatRelayState:
    """New URLs of the reply's own list as annotations, which name no place in the text."""
    if not choices:
        choices.append({"index": 0, "delta": {}, "finish_reason": None})
    notes = [annotation(Citation(url), 0, 0) for url in urls]
    delta = choices[0]["delta"]
    if not delta.get("annotations"):
        delta["annotations"] = notes
    return _number(state, delta)


def _choice(state: ChatRelayState, choice: Body, thought: str | None) -> tuple[ChatRelayState, Body]:
    index = choice.get("index", 0)
    delta = relay_message(dict(choice.get("delta") or {}), state.context)
    if thought and delta.get("reasoning_content") == thought:
        del delta["reasoning_content"]
    delta.pop("role", None)
    if index not in state.roles:
        # Said once, and said though some servers leave it out: clients concatenate it, or end up without.
        state = evolve(state, roles=state.roles | {index})
        delta = {"role": "assistant", **delta}
    if delta.get("tool_calls"):
        state, delta["tool_calls"] = _calls(state, index, delta["tool_calls"])
    state = _number(state, delta)
    choice["delta"] = delta
    word = choice["finish_reason"] = choice.get("finish_reason") or None
    if word is not None:
        if index in state.ended:
            choice["finish_reason"] = None
        elif word not in FINISH:
            choice["finish_reason"] = common_finish(word)
            keep_finish(delta, word, state.context)
        state = evolve(state, ended=state.ended | {index})
    return state, choice


def _calls(state: ChatRelayState, choice: int, calls: list[Body]) -> tuple[ChatRelayState, list[Body]]:
    """Calls numbered 0, 1, 2 .. in the order in which they begin, whatever the server's own numbers are."""
    known = state.calls.get(choice, ())
    numbered = []
    for call, index in zip(calls, call_indexes(calls, max(known, default=-1) + 1), strict=True):
        fresh = index not in known
        if fresh:
            known = (*known, index)
        kind = {"type": "function"} if fresh and "type" not in call else {}
        numbered.append({**call, **kind, "index": known.index(index)})
    return evolve(state, calls={**state.calls, choice: known}), numbered


def _number(state: ChatRelayState, delta: Body) -> ChatRelayState:
    """Entries of list-valued extensions get an index: clients cannot merge them without (wire/openai-chat.md 9)."""
    for key, value in delta.items():
        if key == "tool_calls" or type(value) is not list:
            continue
        if value and all(type(entry) is dict and type(entry.get("index")) is not int for entry in value):
            first = state.counts.get(key, 0)
            delta[key] = [{**entry, "index": first + place} for place, entry in enumerate(value)]
            state = evolve(state, counts={**state.counts, key: first + len(value)})
    return state


_USAGE_KEYS = 7
"""A chunk with no choices and no more keys than these says nothing but usage."""
