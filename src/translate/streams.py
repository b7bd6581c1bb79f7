"""What stream readers, and stream writers, of every dialect have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from .context import Context, Stamp
from .records import Event, Failed, Failure, Finish, Start, Usage, UsageUpdate
from .records.quick import evolve, record


@record
class ReadState:
    """What a reader knows of a stream so far.

    Attributes:
        started: whether Start was yielded.
        closed: whether the provider's terminator, or an error, was seen; nothing counts after it.
        finish: the last finish reason.
        usage: the last usage.
        failure: the error that ended the stream.
        dropped: what of the stream had no place, in words.
        model: what the provider calls the model; empty where it does not say.
    """

    started: bool = False
    closed: bool = False
    finish: Finish | None = None
    usage: Usage | None = None
    failure: Failure | None = None
    dropped: tuple[str, ...] = ()
    model: str = ""

    @property
    def plain(self) -> bool:
        """Whether a plain text to append may go to the client without a look at this state."""
        return self.started and not self.closed


SMALL: Final = rb"(?:0|[1-9]\d{0,8})"
"""The JSON of a place in an answer, as a pattern: what is no place goes the long way, whose parser judges it."""


def is_utf8(text: bytes) -> bool:
    """Whether bytes are text; a parser would refuse others."""
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def text_or_none(value: Any) -> str | None:
    """A string or nothing, of an event that promises no more.

    Raises:
        TypeError: for anything else; the caller makes it an error of the stream.
    """
    if value is None or type(value) is str:
        return value
    raise TypeError("a string is expected")


def event_kind(payload: dict[str, Any]) -> Any:
    """The type of an event; an error that came as it is, in no event's envelope, has none.

    Raises:
        KeyError: for what is neither; the caller makes it an error of the stream.
    """
    return "error" if "type" not in payload and payload.get("error") else payload["type"]


_S = TypeVar("_S", bound=ReadState)


def failed(state: _S, failure: Failure) -> tuple[_S, tuple[Failed, ...]]:
    """The stream has ended with an error."""
    return evolve(state, closed=True, failure=failure), (Failed(failure),)


def truncated(state: _S, provider: str, native: Any = None) -> tuple[_S, tuple[Failed, ...]]:
    """The stream has ended without its terminator: an error, never a silent stop."""
    message = "The provider's stream ended before it was complete."
    failure = Failure(
        502, "server", message, "stream_truncated", retryable=True, provider=provider, native=native, truncated=True
    )
    return failed(state, failure)


@record
class WriteState:
    """What a writer has sent of a stream so far.

    Attributes:
        context, stamp: of the request.
        usage: held back until the stream is whole.
    """

    context: Context
    stamp: Stamp
    usage: Usage | None = None


_W = TypeVar("_W", bound=WriteState)


def hold_usage(state: _W, event: UsageUpdate) -> tuple[_W, bytes]:
    """A writer of usage that is said at the end."""
    return evolve(state, usage=event.usage), b""


def hold_finish(state: _W, event: Finish) -> tuple[_W, bytes]:
    """A writer of a finish that is said at the end, for a state that has a place for it."""
    return evolve(state, finish=event), b""


def nothing(state: _W, event: Event) -> tuple[_W, bytes]:
    """A writer of what only other dialects have; it is reported with the stream's losses."""
    return state, b""


def begin_unasked(
    writers: Mapping[type, Callable[[_W, Any], tuple[_W, bytes]]], state: _W, event: Event
) -> tuple[_W, bytes]:
    """Write an event of a stream whose provider never said that it begins."""
    state, opening = writers[Start](state, Start("", ""))
    state, rest = writers[type(event)](state, event)
    return state, opening + rest
