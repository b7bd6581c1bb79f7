"""Amazon Bedrock, Converse and ConverseStream."""

from __future__ import annotations

from ...framing import aws_frames
from ...records import Request
from ..dialect import Dialect
from .blocks import NAME
from .error import HEADER, error_headers, read_error, write_error
from .relay import end_relay, fail_relay, relay, start_relay
from .reply import FINISH, read_reply, write_reply
from .request import read_request
from .stream import end_reading, read_event, start_reading
from .write_request import write_request
from .write_stream import start_writing, wrap_text, write_event


def legacy(request: Request) -> bool:
    """Whether the client used a deprecated form that its reply must use too."""
    return False


DIALECT = Dialect(
    NAME,
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
    aws_frames.split,
    aws_frames.last,
    frozenset(FINISH),
    None,
    wrap_text,
    error_headers=error_headers,
    error_header=HEADER,
    tells=frozenset({"blocks", "own_citations", "stop_sequence", "citations", "quotes"}),
    stream_type="application/vnd.amazon.eventstream",
    replace=aws_frames.replace,
)
