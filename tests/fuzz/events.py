"""Streams as lists of events, in whatever framing their dialect has."""

import random
import re
from typing import NamedTuple

from dragoman.translate.framing import aws_frames


class Event(NamedTuple):
    """One event: its name (``""`` for none, ``!name`` for an exception of AWS) and its data."""

    name: str
    data: bytes


def events_of(dialect: str, raw: bytes) -> tuple[Event, ...]:
    """The events of a well-formed stream."""
    return _frames(raw) if dialect == "bedrock" else _blocks(raw)


def _frames(raw: bytes) -> tuple[Event, ...]:
    found = []
    for frame in aws_frames.split(b"", raw)[1]:
        headers, data = aws_frames.read(frame)
        kind = headers.get(":event-type")
        found.append(Event(kind if kind is not None else "!" + headers[":exception-type"], data))
    return tuple(found)


def _blocks(raw: bytes) -> tuple[Event, ...]:
    found = []
    for block in re.split(rb"\n\n|\r\n\r\n", raw):
        name, data = "", []
        for line in block.splitlines():
            if line.startswith(b"event:"):
                name = line[6:].strip().decode()
            elif line.startswith(b"data:"):
                data.append(line[5:].strip())
        if data:
            found.append(Event(name, b"\n".join(data)))
    return tuple(found)


def _frame(event: Event) -> bytes:
    kind = ("event", ":event-type") if event.name[:1] != "!" else ("exception", ":exception-type")
    headers = {":message-type": kind[0], kind[1]: event.name.removeprefix("!"), ":content-type": "application/json"}
    return aws_frames.write(headers, event.data)


def render_plainly(dialect: str, events: list[Event]) -> bytes:
    """The bytes of a stream in the usual spelling."""
    if dialect == "bedrock":
        return b"".join(_frame(event) for event in events)
    names = (b"event: %b\n" % event.name.encode() if event.name else b"" for event in events)
    return b"".join(b"%bdata: %b\n\n" % pair for pair in zip(names, (event.data for event in events), strict=True))


def render(rng: random.Random, dialect: str, events: list[Event]) -> bytes:
    """The bytes of a stream; server-sent events in one of the spellings that the format allows."""
    if dialect == "bedrock":
        return b"".join(_frame(event) for event in events)
    end = rng.choice((b"\n", b"\n", b"\n", b"\r\n", b"\r"))
    colon = rng.choice((b"data: ", b"data: ", b"data:"))
    out = []
    for event in events:
        if event.name:
            out.append(b"event: " + event.name.encode() + end)
        out += [colon + line + end for line in event.data.split(b"\n")]
        out.append(end)
        if rng.random() < 0.02:
            out.append(rng.choice((b": comment", b"id: 1", b"retry: 5", b"data", b"\xef\xbb\xbf", b"")) + end * 2)
    if rng.random() < 0.05:
        out.insert(0, b"\xef\xbb\xbf")
    if out and rng.random() < 0.1:
        out.pop()
    return b"".join(out)
