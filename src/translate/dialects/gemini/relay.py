"""A generateContent stream to a client of the dialect: the provider's own chunks, as they came."""

from __future__ import annotations

import orjson

from ...context import Context, Stamp
from ...records import Failed, Failure
from ...records.quick import evolve, record
from ...values import loads_exactly
from .error import write_error
from .stream import GeminiReadState, end_reading, read_chunk, start_reading
from .write_stream import closing, framed


@record
class GeminiRelayState:
    """The reader beside the relay, which learns usage, finish reason and errors.

    Attributes:
        read: the reader.
        context: of the request.
        begun: whether a chunk was sent.
    """

    read: GeminiReadState
    context: Context
    begun: bool = False


Result = tuple[GeminiRelayState, bytes]


def start_relay(context: Context, stamp: Stamp) -> GeminiRelayState:
    """The state before the first chunk."""
    return GeminiRelayState(start_reading(context.provider), context)


def relay(state: GeminiRelayState, frames: list[bytes]) -> Result:
    """The client's bytes for the provider's chunks."""
    out: list[bytes] = []
    form = state.context.stream_form
    for frame in frames:
        payload = loads_exactly(frame) if form == "array" or state.context.explain else orjson.loads(frame)
        for item in payload if type(payload) is list else (payload,):
            if state.read.closed:
                break
            read, _ = read_chunk(state.read, item)
            data = frame if item is payload and b"\n" not in frame else orjson.dumps(item)
            if state.context.explain and not state.begun:
                data = orjson.dumps({**item, "dragoman": {"losses": state.context.losses}})
            out.append(framed(data, form, begun=state.begun))
            state = GeminiRelayState(read, state.context, begun=True)
            if read.failure is not None:
                # The provider has said itself what is wrong, and the client understands it.
                out.append(closing(form, begun=True))
    return state, b"".join(out)


def end_relay(state: GeminiRelayState) -> Result:
    """The last bytes, when the connection has ended."""
    if state.read.closed:
        return state, b""
    read, events = end_reading(state.read)
    state = evolve(state, read=read)
    if events and isinstance(events[0], Failed):
        return state, _error(state, events[0].failure)
    return state, closing(state.context.stream_form, begun=state.begun)


def fail_relay(state: GeminiRelayState, failure: Failure) -> Result:
    """The stream breaks off with an error of our own."""
    read = evolve(state.read, closed=True, failure=failure)
    return evolve(state, read=read), _error(state, failure)


def _error(state: GeminiRelayState, failure: Failure) -> bytes:
    form = state.context.stream_form
    data = framed(orjson.dumps(write_error(failure, state.context)[1]), form, begun=state.begun)
    return data + closing(form, begun=True)
