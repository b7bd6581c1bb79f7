"""Google generateContent: the Gemini API and Vertex AI."""

from __future__ import annotations

from ...framing import sse
from ...records import Request
from ..dialect import Dialect
from .error import read_error, write_error
from .parts import ORIGIN
from .relay import end_relay, fail_relay, relay, start_relay
from .reply import FINISH, read_reply, write_reply
from .request import read_request, spell
from .stream import end_reading, last, read_event, start_reading
from .write_request import write_request
from .write_stream import start_writing, wrap_text, write_event


def legacy(request: Request) -> bool:
    """Whether the client used a deprecated form that its reply must use too."""
    return False


DIALECT = Dialect(
    "gemini",
    read_request,
    write_request,
    legacy,
    read_reply,
    write_reply,
    read_error,
    write_error,
    start_reading,
    read_event,
    end_reading,
    start_writing,
    write_event,
    start_relay,
    relay,
    end_relay,
    fail_relay,
    sse.split,
    last,
    frozenset(FINISH),
    None,
    wrap_text,
    stream_forms=frozenset({"array"}),
    answers=True,
    tells=frozenset({"blocks", "logprobs", "explanation", "citations", "places"}),
    media=frozenset({"image", "audio", "video", "document"}),
    origins=frozenset({ORIGIN}),
    spell=spell,
)
