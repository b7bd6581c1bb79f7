"""A Messages stream to a Messages client: the provider's own events, as they came."""

from __future__ import annotations

import orjson

from ...context import Context, Stamp
from ...records import Failed, Failure
from ...records.quick import evolve, record
from ...streams import event_kind, is_utf8
from .error import write_error
from .stream import PLAIN, MessagesReadState, end_reading, read_payload, start_reading
from .write_stream import frame


@record
class MessagesRelayState:
    """The reader beside the relay, which learns usage, finish reason and errors."""

    read: MessagesReadState
    context: Context


def start_relay(context: Context, stamp: Stamp) -> MessagesRelayState:
    """The state before the first event."""
    return MessagesRelayState(start_reading(context.provider), context)


def relay(state: MessagesRelayState, frames: list[bytes]) -> tuple[MessagesRelayState, bytes]:
    """The client's bytes for the provider's events."""
    out: list[bytes] = []
    read = state.read
    for data in frames:
        if read.closed:
            break
        text = PLAIN[0].fullmatch(data) if read.plain else None
        if text is not None and is_utf8(text[1]):
            out.append(b"event: content_block_delta\ndata: %b\n\n" % data)
            continue
        payload = orjson.loads(data)
        if state.context.explain and not read.started:
            payload["dragoman"] = {"losses": state.context.losses}
            out.append(frame(payload["type"], payload))
            read, _ = read_payload(read, payload)
            continue
        read, _ = read_payload(read, payload)
        kind = event_kind(payload)
        if "type" not in payload or b"\n" in data:
            out.append(frame(kind, {"type": kind, **payload}))
        else:
            out.append(b"event: %b\ndata: %b\n\n" % (kind.encode(), data))
    if read is not state.read:
        state = evolve(state, read=read)
    return state, b"".join(out)


def end_relay(state: MessagesRelayState) -> tuple[MessagesRelayState, bytes]:
    """The last bytes, when the connection has ended."""
    read, events = end_reading(state.read)
    state = evolve(state, read=read)
    if events and isinstance(events[0], Failed):
        return state, frame("error", write_error(events[0].failure, state.context)[1])
    return state, b""


def fail_relay(state: MessagesRelayState, failure: Failure) -> tuple[MessagesRelayState, bytes]:
    """The stream breaks off with an error of our own."""
    read = evolve(state.read, closed=True, failure=failure)
    return evolve(state, read=read), frame("error", write_error(failure, state.context)[1])
