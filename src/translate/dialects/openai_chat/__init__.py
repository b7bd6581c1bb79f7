"""OpenAI Chat Completions."""

from __future__ import annotations

from ...framing import sse
from ...records import Request
from ..dialect import Dialect
from .error import read_error, write_error
from .relay import end_relay, fail_relay, relay, start_relay
from .repairs import write_reply
from .reply import FINISH, read_reply
from .request import read_request
from .stream import end_reading, read_event, start_reading
from .write_request import write_request
from .write_stream import start_writing, wrap_text, write_event


def legacy(request: Request) -> bool:
    """Whether the client used a deprecated form that its reply must use too."""
    return "functions" in request.native


DIALECT = Dialect(
    "openai_chat",
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
    frozenset({*FINISH, "end_turn"}),
    None,
    wrap_text,
    keeps_finish=False,
    answers=True,
    tells=frozenset({"refusals", "logprobs", "explanation", "citations", "places", "quotes", "metadata"}),
    media=frozenset({"image"}),
    extra_media=frozenset({"image"}),
)
