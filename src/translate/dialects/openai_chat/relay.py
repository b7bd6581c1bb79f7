"""A chat stream to a chat client: the provider's own chunks, repaired where clients differ (wire/observed.md 10).

Padding is left out, reasoning text has one name, the role is said once, usage comes once and last, and only when asked
for.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs
import orjson

from ...context import Context, Stamp
from ...records import Failed, Failure
from ...records.request import NOTHING
from .error import write_error
from .reply import FINISH, TIERS, relay_message
from .stream import DONE, ChatReadState, call_indexes, close_reading, end_reading, read_chunk, start_reading
from .usage import write_usage

Body = dict[str, Any]


@attrs.frozen
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
    """

    read: ChatReadState
    context: Context
    envelope: Any = None
    roles: frozenset[int] = frozenset()
    ended: frozenset[int] = frozenset()
    calls: Mapping[int, tuple[int, ...]] = MappingProxyType({})
    counts: Mapping[str, int] = NOTHING


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
        read, _ = read_chunk(state.read, payload)
        if read is not state.read:
            state = attrs.evolve(state, read=read)
        if read.failure is not None:
            out.append(_error(read.failure, state.context))
            continue
        state = _chunk(state, payload, out)
    return state, b"".join(out)


def end_relay(state: ChatRelayState) -> tuple[ChatRelayState, bytes]:
    """The last bytes, when the connection has ended."""
    if state.read.closed:
        return state, b""
    read, events = end_reading(state.read)
    if events and isinstance(events[0], Failed):
        return attrs.evolve(state, read=read), _error(events[0].failure, state.context)
    out: list[bytes] = []
    state = _close(state, out)
    return state, b"".join(out)


def fail_relay(state: ChatRelayState, failure: Failure) -> tuple[ChatRelayState, bytes]:
    """The stream breaks off with an error of our own."""
    read = attrs.evolve(state.read, closed=True, failure=failure)
    return attrs.evolve(state, read=read), _error(failure, state.context)


def _error(failure: Failure, context: Context) -> bytes:
    return b"data: " + orjson.dumps(write_error(failure, context)[1]) + b"\n\n"


def _close(state: ChatRelayState, out: list[bytes]) -> ChatRelayState:
    read, events = close_reading(state.read)
    if events and isinstance(events[0], Failed):
        out.append(_error(events[0].failure, state.context))
        return attrs.evolve(state, read=read)
    usage = state.read.usage
    if state.context.include_usage and usage is not None and state.envelope is not None:
        numbers = write_usage(usage, own=True, strict=state.context.strict)
        out.append(_frame({**state.envelope, "choices": [], "usage": numbers}))
    out.append(b"data: [DONE]\n\n")
    return attrs.evolve(state, read=read)


def _frame(chunk: Body) -> bytes:
    return b"data: " + orjson.dumps(chunk) + b"\n\n"


_OURS = frozenset({"choices", "usage", "obfuscation", "p"})


def _chunk(state: ChatRelayState, payload: Body, out: list[bytes]) -> ChatRelayState:
    context = state.context
    chunk = {key: value for key, value in payload.items() if key not in _OURS}
    if state.envelope is None and chunk.get("id"):
        state = attrs.evolve(state, envelope=dict(chunk))
        if context.explain:
            chunk["dragoman"] = {"losses": context.losses}
    if chunk.get("service_tier") not in TIERS:
        chunk.pop("service_tier", None)
    choices = []
    for raw in payload.get("choices") or ():
        state, choice = _choice(state, dict(raw))
        choices.append(choice)
    if not choices and len(chunk) <= _ENVELOPE and payload.get("usage"):
        return state
    chunk["choices"] = choices
    chunk["object"] = "chat.completion.chunk"
    if context.include_usage:
        chunk["usage"] = None
    out.append(_frame(chunk))
    return state


def _choice(state: ChatRelayState, choice: Body) -> tuple[ChatRelayState, Body]:
    index = choice.get("index", 0)
    delta = relay_message(dict(choice.get("delta") or {}), state.context)
    delta.pop("role", None)
    if index not in state.roles:
        # Said once, and said though some servers leave it out: clients concatenate it, or end up without.
        state = attrs.evolve(state, roles=state.roles | {index})
        delta = {"role": "assistant", **delta}
    if delta.get("tool_calls"):
        state, delta["tool_calls"] = _calls(state, index, delta["tool_calls"])
    state = _number(state, delta)
    choice["delta"] = delta
    word = choice.setdefault("finish_reason", None)
    if word is not None:
        if index in state.ended:
            choice["finish_reason"] = None
        elif word not in FINISH:
            choice["finish_reason"] = "stop"
        state = attrs.evolve(state, ended=state.ended | {index})
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
    return attrs.evolve(state, calls={**state.calls, choice: known}), numbered


def _number(state: ChatRelayState, delta: Body) -> ChatRelayState:
    """Entries of list-valued extensions get an index: clients cannot merge them without (wire/openai-chat.md 9)."""
    for key, value in delta.items():
        if key == "tool_calls" or type(value) is not list:
            continue
        if value and all(type(entry) is dict and type(entry.get("index")) is not int for entry in value):
            first = state.counts.get(key, 0)
            delta[key] = [{**entry, "index": first + place} for place, entry in enumerate(value)]
            state = attrs.evolve(state, counts={**state.counts, key: first + len(value)})
    return state


_ENVELOPE = 7
"""A chunk with no choices and no more keys than these says nothing but usage."""
