"""OpenAI Responses."""

from __future__ import annotations

from ...framing import sse
from ...records import Request
from ..dialect import Dialect
from .error import read_error, write_error
from .relay import end_relay, fail_relay, relay, start_relay
from .reply import FINISH, echo, read_reply, write_reply
from .request import read_request
from .stream import PLAIN, end_reading, read_event, start_reading
from .write_request import write_request
from .write_stream import start_writing, wrap_text, write_event


def legacy(request: Request) -> bool:
    """Whether the client used a deprecated form that its reply must use too."""
    return False


DIALECT = Dialect(
    "openai_responses",
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
    sse.last,
    frozenset(FINISH),
    PLAIN,
    wrap_text,
    echo,
    tells=frozenset({"blocks", "refusals", "logprobs", "explanation", "citations", "places"}),
)
