"""A Responses stream to a Responses client: the provider's own events, without their padding."""

from __future__ import annotations

from typing import Any

import orjson

from ...context import Context, Stamp
from ...records import Failed, Failure
from ...records.quick import evolve, record
from ...streams import event_kind, is_utf8
from .stream import PADDED, ResponsesReadState, end_reading, read_payload, start_reading
from .stream_items import frame
from .write_stream import error_frame


@record
class ResponsesRelayState:
    """What has been relayed.

    Attributes:
        read: the reader beside the relay, which learns usage, finish reason and errors.
        context: of the request.
        count: events so far, the number of the next one.
    """

    read: ResponsesReadState
    context: Context
    count: int = 0


def start_relay(context: Context, stamp: Stamp) -> ResponsesRelayState:
    """The state before the first event."""
    return ResponsesRelayState(start_reading(context.provider), context)


# Above it the next number would not be one that every reader keeps.
_MOST = 2**53 - 1


def _after(number: Any, count: int) -> int:
    """The number of the event after the one that says to have this number and is counted as that."""
    return number + 1 if type(number) is int and 0 <= number < _MOST else count + 1


def relay(state: ResponsesRelayState, frames: list[bytes]) -> tuple[ResponsesRelayState, bytes]:
    """The client's bytes for the provider's events."""
    out: list[bytes] = []
    read, count = state.read, state.count
    for data in frames:
        if read.closed:
            break
        if data == b"[DONE]":
            continue
        text = PADDED.fullmatch(data) if read.plain else None
        if text is not None and is_utf8(text[1]):
            out.append(b"event: response.output_text.delta\ndata: %b}\n\n" % text[1])
            count = _after(int(text[2]), count)
            continue
        payload = orjson.loads(data)
        read, _ = read_payload(read, payload)
        explained = state.context.explain and not count
        if explained:
            payload["dragoman"] = {"losses": state.context.losses}
        changed = explained or payload.pop("obfuscation", None) is not None or b"\n" in data
        kind = event_kind(payload)
        if "type" not in payload:
            payload, changed = {"type": kind, **payload}, True
        out.append(frame(kind, payload) if changed else b"event: %b\ndata: %b\n\n" % (kind.encode(), data))
        count = _after(payload.get("sequence_number"), count)
    return ResponsesRelayState(read, state.context, count), b"".join(out)


def end_relay(state: ResponsesRelayState) -> tuple[ResponsesRelayState, bytes]:
    """The last bytes, when the connection has ended."""
    read, events = end_reading(state.read)
    state = evolve(state, read=read)
    if events and isinstance(events[0], Failed):
        return state, error_frame(events[0].failure, state.context, state.count)
    return state, b""


def fail_relay(state: ResponsesRelayState, failure: Failure) -> tuple[ResponsesRelayState, bytes]:
    """The stream breaks off with an error of our own."""
    read = evolve(state.read, closed=True, failure=failure)
    return evolve(state, read=read), error_frame(failure, state.context, state.count)
