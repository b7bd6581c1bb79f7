"""A Converse stream to a Converse client: the provider's own messages, as they came."""

import attrs
import orjson

from ...context import Context, Stamp
from ...framing import aws_frames
from ...records import Failed, Failure
from .stream import ConverseReadState, end_reading, read_event, read_message, start_reading
from .write_stream import exception, frame


@attrs.frozen
class ConverseRelayState:
    """The reader beside the relay, which learns usage, finish reason and errors.

    ``ended`` says that the client has been told of an end: by the provider's last message, or by an error.
    """

    read: ConverseReadState
    context: Context
    ended: bool = False


def start_relay(context: Context, stamp: Stamp) -> ConverseRelayState:
    """The state before the first message."""
    return ConverseRelayState(start_reading(context.provider), context)


def relay(state: ConverseRelayState, frames: list[bytes]) -> tuple[ConverseRelayState, bytes]:
    """The client's bytes for the provider's messages."""
    out: list[bytes] = []
    for raw in frames:
        if state.ended:
            break
        if aws_frames.is_cut(raw):
            read, events = read_event(state.read, raw)
            out.extend(exception(event.failure) for event in events if isinstance(event, Failed))
            state = attrs.evolve(state, read=read, ended=True)
            continue
        headers, data = aws_frames.read(raw)
        if state.context.explain and headers.get(":event-type") == "messageStart":
            out.append(frame("messageStart", {**orjson.loads(data), "dragoman": {"losses": state.context.losses}}))
        else:
            out.append(raw)
        state = _learn(state, headers, data)
    return state, b"".join(out)


def _learn(state: ConverseRelayState, headers: dict[str, object], data: bytes) -> ConverseRelayState:
    """A malformed answer closes the reader, but its client still gets the provider's last message."""
    last = headers.get(":event-type") == "metadata" or headers.get(":message-type") != "event"
    if state.read.closed:
        return attrs.evolve(state, ended=True) if last else state
    read, _ = read_message(state.read, headers, data)
    ended = read.closed and (last or read.failure is None)
    return state if read is state.read and not ended else attrs.evolve(state, read=read, ended=ended)


def end_relay(state: ConverseRelayState) -> tuple[ConverseRelayState, bytes]:
    """The last bytes, when the connection has ended."""
    read, events = end_reading(state.read)
    state = attrs.evolve(state, read=read, ended=True)
    if events and isinstance(events[0], Failed):
        return state, exception(events[0].failure)
    return state, b""


def fail_relay(state: ConverseRelayState, failure: Failure) -> tuple[ConverseRelayState, bytes]:
    """The stream breaks off with an error of our own."""
    read = attrs.evolve(state.read, closed=True, failure=failure)
    return attrs.evolve(state, read=read, ended=True), exception(failure)
