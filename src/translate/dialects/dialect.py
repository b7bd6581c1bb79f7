"""What a dialect is: a record of pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..context import Context, Stamp
from ..records import Event, Failure, Reply, Request
from ..records.quick import record
from ..target import Target

Frames = Callable[[Any, bytes], tuple[Any, list[bytes]]]


def _no_headers(failure: Failure) -> dict[str, str]:
    """Most dialects say all of an error in its body."""
    return {}


@record
class Dialect:
    """A wire format.

    Attributes:
        name: the key of the registry.
        read_request: parsed body -> Request.
        write_request: (Request, Target, the Request as read if the dialects are the same) -> body.
        legacy: whether a request used a deprecated form that its reply must use too (``Context.legacy``).
        read_reply, write_reply: parsed body -> Reply; (Reply, Context, Stamp) -> body.
        read_error: (status, parsed body or text, provider, request id) -> Failure.
        write_error: (Failure, Context or None) -> status and body.
        start_reading: provider -> state; read_event: (state, frame) -> (state, events); end_reading: state ->
            (state, events).
        start_writing: (Context, Stamp) -> state; write_event: (state, event) -> (state, bytes).
        start_relay, relay, end_relay, fail_relay: the same stream to a client of the same dialect.
        split, last: framing of a stream: (tail, bytes) -> (tail, frames), and the frames of an unfinished tail.
        finishes: finish reasons that the common ones say wholly; others are reported.
        keeps_finish: whether its own clients are told a provider's finish reason as it came.
        plain: how a text to append looks as a frame, and as a whole event of the stream, when its JSON
            string (group 1) is spelled as the serialiser would spell it. None where it varies too much.
        wrap_text: the writer's state -> the client's bytes before and after the JSON string of a text to append, where
            they depend on nothing else; None where they do.
        notes: what a reply must know of its request besides, as fields of Context.
        error_headers: headers of an error's answer, for dialects that say something of it there.
        error_header: the provider's header that names an error's type; ``read_error`` then takes its value, too.
        stream_type: the content type of a stream.
        stream_forms: other forms that its clients may want a stream in (``Context.stream_form``).
        answers: whether a reply can hold several answers.
        tells: what an answer can tell besides text, thoughts and calls: ``blocks`` that only the dialect has,
            ``refusals`` apart from text, ``logprobs``, the ``stop_sequence`` that was hit, an ``explanation`` of the
            end, ``citations`` by their addresses, their ``places`` within a text, and their sources' ``quotes``;
            ``own_citations`` as they came; ``metadata`` of sources in a provider's own words.
        media: kinds of media that an answer can hold.
        extra_media: those of them that only keys beyond the dialect hold.
        origins: whose reasoning state an answer can hold; None: anyone's, sealed.
        spell: (JSON pointer, body) -> the pointer in the client's own spelling of keys, where several are understood.
        replace: replaces a text in bytes of a stream, which stays a stream.
    """

    name: str
    read_request: Callable[[Any], Request]
    write_request: Callable[[Request, Target, Request | None], dict[str, Any]]
    legacy: Callable[[Request], bool]
    read_reply: Callable[[Any], Reply]
    write_reply: Callable[[Reply, Context, Stamp], dict[str, Any]]
    read_error: Callable[..., Failure]
    write_error: Callable[[Failure, Context | None], tuple[int, dict[str, Any]]]
    start_reading: Callable[[str], Any]
    read_event: Callable[[Any, bytes], tuple[Any, tuple[Event, ...]]]
    end_reading: Callable[[Any], tuple[Any, tuple[Event, ...]]]
    start_writing: Callable[[Context, Stamp], Any]
    write_event: Callable[[Any, Event], tuple[Any, bytes]]
    start_relay: Callable[[Context, Stamp], Any]
    relay: Callable[[Any, list[bytes]], tuple[Any, bytes]]
    end_relay: Callable[[Any], tuple[Any, bytes]]
    fail_relay: Callable[[Any, Failure], tuple[Any, bytes]]
    split: Frames
    last: Callable[[Any], list[bytes]]
    finishes: frozenset[str]
    plain: tuple[re.Pattern[bytes], re.Pattern[bytes]] | None
    wrap_text: Callable[[Any], tuple[bytes, bytes] | None]
    notes: Callable[[Request], dict[str, Any]] | None = None
    error_headers: Callable[[Failure], dict[str, str]] = _no_headers
    error_header: str | None = None
    stream_type: str = "text/event-stream"
    stream_forms: frozenset[str] = frozenset()
    keeps_finish: bool = True
    answers: bool = False
    tells: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    extra_media: frozenset[str] = frozenset()
    origins: frozenset[str] | None = None
    spell: Callable[[str, Any], str] | None = None
    replace: Callable[[bytes, bytes, bytes], bytes] = bytes.replace
