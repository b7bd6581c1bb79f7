"""A Converse stream to a Converse client: the provider's own messages, as they came."""

from __future__ import annotations

import orjson

from ...context import Context, Stamp
from ...framing import aws_frames
from ...records import Failed, Failure, Finish
from ...records.quick import evolve, record
from .stream import ConverseReadState, end_reading, read_event, read_message, start_reading
from .write_stream import exception, frame


@record
class ConverseRelayState:
    """The reader beside the relay, which learns usage, finish reason and errors."""

    read: ConverseReadState
    context: Context


def start_relay(context: Context, stamp: Stamp) -> ConverseRelayState:
    """The state before the first message."""
    return ConverseRelayState(start_reading(context.provider), context)


def relay(state: ConverseRelayState, frames: list[bytes]) -> tuple[ConverseRelayState, bytes]:
    """The client's bytes for the provider's messages."""
    out: list[bytes] = []
    read = state.read
    for raw in frames:
        if read.closed:
            break
        if aws_frames.is_document(raw) or aws_frames.is_cut(raw):
            read, events = read_event(read, raw)
            out.extend(exception(event.failure) for event in events if isinstance(event, Failed))
            continue
        headers, data = aws_frames.read(raw)
        kind = headers.get(":event-type")
        if state.context.explain and kind == "messageStart":
            raw = frame(kind, {**orjson.loads(data), "dragoman": {"losses": state.context.losses}})  # noqa: PLW2901 - as it goes out
        out.append(raw)
        read, _ = read_message(read, headers, data)
        if read.failure is not None and kind == "messageStop":
            # Malformed: an error elsewhere, but the provider's own client knows the word, and gets the usage behind it.
            read = evolve(read, closed=False, finish=Finish("stop", read.failure.code))
    return (state if read is state.read else evolve(state, read=read)), b"".join(out)


def end_relay(state: ConverseRelayState) -> tuple[ConverseRelayState, bytes]:
    """The last bytes, when the connection has ended."""
    read, events = end_reading(state.read)
    state = evolve(state, read=read)
    if events and isinstance(events[0], Failed):
        return state, exception(events[0].failure)
    return state, b""


def fail_relay(state: ConverseRelayState, failure: Failure) -> tuple[ConverseRelayState, bytes]:
    """The stream breaks off with an error of our own."""
    read = evolve(state.read, closed=True, failure=failure)
    return evolve(state, read=read), exception(failure)
