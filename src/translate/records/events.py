"""A stream as records: what a reader yields for a provider's events and a writer turns into a client's.

``block`` names the part a delta belongs to; only its equality with the block before, in the same answer, has a meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from .errors import Failure
from .parts import Citation, Media, Token
from .quick import record
from .reply import FinishReason
from .request import NOTHING
from .usage import Usage


@record
class Start:
    """The stream has begun."""

    id: str
    model: str
    created: int | None = None
    usage: Usage | None = None
    service_tier: str | None = None


@record
class Unheard:
    """What only clients of the provider's own dialect are told, by the names of its keys. No client is told this."""

    keys: tuple[str, ...]


@record
class TextDelta:
    """Text to append."""

    text: str
    block: int = 0


@record
class ThinkingDelta:
    """Reasoning text to append."""

    text: str
    block: int = 0


@record
class SignatureDelta:
    """The signature of a thinking block: replaces, and may come without any text."""

    signature: str
    block: int = 0
    origin: str | None = None


@record
class RedactedDelta:
    """A whole block of redacted reasoning."""

    data: str
    block: int = 0
    origin: str | None = None


@record
class RefusalDelta:
    """Refusal text to append."""

    text: str
    block: int = 0


@record
class CallStart:
    """A tool call begins."""

    id: str
    name: str
    block: int = 0
    custom: bool = False
    signature: str | None = None
    origin: str | None = None


@record
class CallDelta:
    """A piece of a call's arguments (JSON text), to append."""

    text: str
    block: int = 0


@record
class CitationDelta:
    """A citation of the block's text."""

    citation: Citation
    block: int = 0


@record
class OpaqueBlock:
    """A whole block that only its own dialect can express."""

    kind: str
    dialect: str
    block: int = 0
    native: Any = attrs.field(default=None, eq=False, repr=False)


@record
class MediaBlock:
    """A whole medium."""

    media: Media
    block: int = 0

    @property
    def kind(self) -> str:
        """What it is: image, audio, video or document."""
        return self.media.kind


@record
class BlockStop:
    """A block is complete."""

    block: int = 0


@record
class UsageUpdate:
    """Usage so far; overwrites what was known."""

    usage: Usage


@record
class Finish:
    """Why the answer ended, and its ``metadata`` (``Choice.metadata``). The last one counts."""

    reason: FinishReason
    native: str | None = None
    stop_sequence: str | None = None
    explanation: str | None = None
    metadata: Mapping[str, Any] = NOTHING


@record
class Answer:
    """The events that follow, blocks and finish reason, belong to another of several answers.

    Streams begin with the first answer, so that those with a single one never say this.
    """

    index: int


@record
class LogprobsDelta:
    """Probabilities of tokens, to append."""

    tokens: tuple[Token, ...]


@record
class Closed:
    """The provider's terminator was seen: the stream is whole."""


@record
class Failed:
    """The stream broke off with an error; nothing follows."""

    failure: Failure


Event = (
    Start
    | Unheard
    | TextDelta
    | ThinkingDelta
    | SignatureDelta
    | RedactedDelta
    | RefusalDelta
    | CallStart
    | CallDelta
    | CitationDelta
    | OpaqueBlock
    | MediaBlock
    | BlockStop
    | UsageUpdate
    | Finish
    | Answer
    | LogprobsDelta
    | Closed
    | Failed
)
