"""A stream on its way from a provider to a client: one frozen value and three functions."""

from __future__ import annotations

from typing import Any

import orjson

from .context import NO_STAMP, Context, Stamp
from .dialects import DIALECTS, Dialect
from .framing.sse import FrameTooLong
from .records import (
    Answer,
    CallStart,
    Closed,
    Event,
    Failed,
    Failure,
    Loss,
    Start,
    Unheard,
    UsageUpdate,
)
from .records.quick import evolve, record
from .restore import RestoreState, call_id, restore_event
from .streams import ReadState, is_utf8
from .unsaid import ONE_ANSWER, TABLE, Way, in_order, kept_back, of_end, of_legacy_call


@record
class Pipe:
    """A stream so far.

    Attributes:
        source: the provider's dialect.
        client: the client's dialect; None when the two are the same and the stream is relayed.
        context: of the request.
        tail: bytes of an unfinished frame.
        read: the reader's state, or the relay's.
        write: the writer's state.
        restore: what must be undone on the way; None when nothing.
        unsaid: what had no place at the client.
        stamp: of the reply.
        calls: how many calls have begun.
        muted: whether the answer that speaks is one that the client has no place for; None when there was none.
        unheard: names of what only clients of the provider's dialect are told.
        around: the client's bytes around the JSON string of a text to append, while plain text needs no more than that.
    """

    source: Dialect
    client: Dialect | None
    context: Context
    tail: Any = b""
    read: Any = None
    write: Any = None
    restore: RestoreState | None = None
    unsaid: tuple[Loss, ...] = ()
    around: tuple[bytes, bytes] | None = None
    stamp: Stamp = NO_STAMP
    calls: int = 0
    muted: bool | None = None
    unheard: frozenset[str] = frozenset()

    @property
    def seen(self) -> ReadState:
        """What is known of the provider's stream."""
        state: ReadState = self.read if self.client is not None else self.read.read
        return state


def open_pipe(context: Context, stamp: Stamp) -> Pipe:
    """The pipe before the first byte."""
    source = DIALECTS[context.dialect]
    if context.client == context.dialect and not context.restores:
        return Pipe(source, None, context, read=source.start_relay(context, stamp), stamp=stamp)
    client = DIALECTS[context.client]
    restore = RestoreState(context) if context.restores else None
    return Pipe(
        source,
        client,
        context,
        b"",
        source.start_reading(context.provider),
        client.start_writing(context, stamp),
        restore,
        stamp=stamp,
    )


def feed_pipe(pipe: Pipe, data: bytes) -> tuple[Pipe, bytes]:
    """The pipe after more of the provider's bytes, cut anywhere, and the client's bytes."""
    if pipe.around is not None and not pipe.tail:
        # One plain text delta, the most frequent read of all: its text goes from JSON to JSON as it is.
        assert pipe.source.plain is not None
        text = pipe.source.plain[1].fullmatch(data)
        if text is not None and is_utf8(text[1]):
            return pipe, pipe.around[0] + text[1] + pipe.around[1]
    try:
        tail, frames = pipe.source.split(pipe.tail, data)
    except FrameTooLong as error:
        return fail_pipe(pipe, str(error))
    if not frames:
        return (pipe, b"") if tail is pipe.tail else (evolve(pipe, tail=tail), b"")
    return _frames(pipe, tail, frames)


def _frames(pipe: Pipe, tail: Any, frames: list[bytes]) -> tuple[Pipe, bytes]:
    """The pipe after more frames, and the client's bytes."""
    if pipe.client is None:
        return _relay(pipe, tail, frames)
    if pipe.restore is not None:
        return _translate_restoring(pipe, tail, frames)
    return _translate(pipe, tail, frames)


def _translate(pipe: Pipe, tail: Any, frames: list[bytes]) -> tuple[Pipe, bytes]:
    out: list[bytes] = []
    if tail is not pipe.tail:
        pipe = evolve(pipe, tail=tail)
    try:
        for frame in frames:
            if pipe.around is not None:
                assert pipe.source.plain is not None
                text = pipe.source.plain[0].fullmatch(frame)
                if text is not None and is_utf8(text[1]):
                    out.append(pipe.around[0] + text[1] + pipe.around[1])
                    continue
            if pipe.read.closed:
                break
            pipe = _step(pipe, frame, out)
    except Exception as error:  # noqa: BLE001 - whatever a reader stumbles over, it is no event
        return _broken(pipe, out, error)
    return pipe, b"".join(out)


def _step(pipe: Pipe, frame: bytes, out: list[bytes]) -> Pipe:
    """One frame through reader and writer."""
    client = pipe.client
    assert client is not None
    read, events = pipe.source.read_event(pipe.read, frame)
    pipe, events = _told(pipe, events)
    write = pipe.write
    for event in events:
        write, piece = client.write_event(write, event)
        if piece:
            out.append(piece)
        if pipe.context.legacy and type(event) is CallStart:
            pipe = _legacy(pipe, event, piece)
    if read is pipe.read and write is pipe.write:
        return pipe
    around = client.wrap_text(write) if pipe.source.plain is not None and read.plain else None
    return Pipe(
        pipe.source, client, pipe.context, pipe.tail, read, write, None, pipe.unsaid, around, pipe.stamp, pipe.calls,
        pipe.muted, pipe.unheard,
    )  # fmt: skip


_RARE = frozenset({Answer, Unheard, *TABLE})
"""Events that are looked at on their way."""

_OF_ALL = frozenset({Start, UsageUpdate, Closed, Failed})
"""Events that are about the whole stream, not about one of several answers."""


def _told(pipe: Pipe, events: tuple[Event, ...]) -> tuple[Pipe, tuple[Event, ...]]:
    """The events that the client is told: calls with an id, and the first answer where it has no place for more."""
    if not pipe.muted:
        for event in events:
            if type(event) in _RARE:
                break
        else:
            return pipe, events
    assert pipe.client is not None
    out: list[Event] = []
    calls, muted, unsaid, unheard = pipe.calls, pipe.muted, pipe.unsaid, pipe.unheard
    for event in events:
        if type(event) is CallStart:
            event = event if event.id else evolve(event, id=call_id(pipe.stamp, calls))  # noqa: PLW2901 - as it goes on
            calls += 1
        elif type(event) is Answer and not pipe.client.answers:
            muted = event.index != 0
            continue
        elif type(event) is Unheard:
            unheard = unheard.union(event.keys)
            continue
        if not muted or type(event) in _OF_ALL:
            out.append(event)
            if type(event) in TABLE:
                found = TABLE[type(event)](event, Way(pipe.client, pipe.source, pipe.context.strict))
                unsaid += tuple([loss for loss in found if loss not in unsaid])
    return evolve(pipe, calls=calls, muted=muted, unsaid=unsaid, unheard=unheard), tuple(out)


def _translate_restoring(pipe: Pipe, tail: Any, frames: list[bytes]) -> tuple[Pipe, bytes]:
    out: list[bytes] = []
    pipe = evolve(pipe, tail=tail)
    try:
        for frame in frames:
            if pipe.read.closed:
                break
            read, events = pipe.source.read_event(pipe.read, frame)
            pipe = _emit(evolve(pipe, read=read), events, out)
    except Exception as error:  # noqa: BLE001 - whatever a reader stumbles over, it is no event
        return _broken(pipe, out, error)
    return pipe, b"".join(out)


def _emit(pipe: Pipe, events: tuple[Event, ...], out: list[bytes]) -> Pipe:
    """Write events, restored where that is due."""
    pipe, events = _told(pipe, events)
    assert pipe.client is not None
    restore, write = pipe.restore, pipe.write
    for event in events:
        if restore is None:
            pieces: tuple[Event, ...] = (event,)
        else:
            restore, pieces = restore_event(restore, event)
        for piece in pieces:
            write, data = pipe.client.write_event(write, piece)
            out.append(data)
            if pipe.context.legacy and type(piece) is CallStart:
                pipe = _legacy(pipe, piece, data)
    return evolve(pipe, restore=restore, write=write)


def _legacy(pipe: Pipe, call: CallStart, data: bytes) -> Pipe:
    """A call told in the deprecated form, if it was."""
    return evolve(pipe, unsaid=(*pipe.unsaid, *of_legacy_call(call, told=bool(data))))


def _relay(pipe: Pipe, tail: Any, frames: list[bytes]) -> tuple[Pipe, bytes]:
    out = b""
    try:
        # Frame by frame, so that what came before a broken one is not lost.
        for frame in frames:
            read, piece = pipe.source.relay(pipe.read, [frame])
            out += piece
            if read is not pipe.read:
                pipe = evolve(pipe, read=read)
    except Exception as error:  # noqa: BLE001 - whatever a reader stumbles over, it is no event
        return _broken(pipe, [out], error)
    return (pipe if tail is pipe.tail else evolve(pipe, tail=tail)), out


def _broken(pipe: Pipe, out: list[bytes], error: Exception) -> tuple[Pipe, bytes]:
    """An event that is none ends the stream with an error; what came before it counts."""
    why = "is not JSON" if isinstance(error, orjson.JSONDecodeError) else "is not what its format promises"
    pipe, last = fail_pipe(pipe, f"An event of the provider's stream {why}.")
    return pipe, b"".join(out) + last


def fail_pipe(pipe: Pipe, message: str, code: str = "bad_stream", status: int = 502) -> tuple[Pipe, bytes]:
    """End the stream with an error of our own, in the client's dialect."""
    if pipe.seen.closed:
        return pipe, b""
    failure = Failure(status, "server", message, code, retryable=True, provider=pipe.context.provider)
    if pipe.client is None:
        read, out = pipe.source.fail_relay(pipe.read, failure)
        return evolve(pipe, read=read, tail=b""), out
    pieces: list[bytes] = []
    read = evolve(pipe.read, closed=True, failure=failure)
    pipe = evolve(pipe, read=read, tail=b"", around=None)
    return _emit(evolve(pipe, restore=None), (Failed(failure),), pieces), b"".join(pieces)


def end_tail(pipe: Pipe) -> tuple[Pipe, bytes]:
    """The pipe once nothing more comes: what its tail holds may be an event, and bytes for the client."""
    frames = pipe.source.last(pipe.tail) if not pipe.seen.closed else []
    return _frames(pipe, b"", frames) if frames else (pipe, b"")


def close_pipe(pipe: Pipe) -> tuple[bytes, dict[str, Any]]:
    """The last bytes for the client, and what is known at the end: usage, finish_reason, losses, truncated, error."""
    pipe, out = end_tail(pipe)
    if pipe.client is None:
        read, last = pipe.source.end_relay(pipe.read)
        pipe = evolve(pipe, read=read)
    else:
        read, events = pipe.source.end_reading(pipe.read)
        pieces: list[bytes] = []
        pipe = _emit(evolve(pipe, read=read), events, pieces)
        last = b"".join(pieces)
    return out + last, summary(pipe)


def summary(pipe: Pipe) -> dict[str, Any]:
    """What is known of a stream, for logs and bills."""
    seen = pipe.seen
    unsaid = pipe.unsaid if pipe.muted is None else (ONE_ANSWER, *pipe.unsaid)
    if pipe.client is None:
        unsaid += of_end(seen.finish, pipe.source)
    elif pipe.unheard and pipe.client is not pipe.source:
        unsaid += (kept_back(pipe.unheard),)
    losses = list(in_order(unsaid)) if unsaid else []
    if pipe.client is not None:
        losses.extend(Loss("", "dropped", "contract", detail) for detail in seen.dropped)
    if pipe.restore is not None:
        losses.extend(pipe.restore.losses)
    finish = None if seen.finish is None else seen.finish.reason
    if finish == "tool_calls" and pipe.restore is not None and not pipe.restore.first.called:
        finish = "stop"
    head: dict[str, Any] = {
        "usage": None if seen.usage is None else seen.usage.as_json(),
        "finish_reason": finish,
        "losses": [loss.as_json() for loss in losses],
        "truncated": seen.failure is not None and seen.failure.truncated,
    }
    if pipe.stamp.tell_model and seen.model and type(seen.model) is str:
        head["model"] = seen.model
    if seen.failure is not None:
        head["error"] = {"message": seen.failure.message, "code": seen.failure.code, "kind": seen.failure.kind}
    return head
