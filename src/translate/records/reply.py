"""A reply as it was meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from .errors import Failure
from .parts import Part, Token
from .quick import record
from .request import NOTHING
from .usage import Usage

FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]


@record
class Choice:
    """One answer.

    Attributes:
        parts: Thinking, Redacted, Text, Call, Refusal, Media and Opaque, in order.
        finish: the common reason; ``None`` only while a stream runs.
        native_finish: the provider's own word.
        stop_sequence: the stop sequence that was hit, if the provider tells.
        explanation: the provider's words about a refusal or filter.
        index: position among several answers.
        logprobs: probabilities of the answer's tokens; None when there are none.
        metadata: what the provider says of its sources beside the citations, in its own words.
    """

    parts: tuple[Part, ...] = ()
    finish: FinishReason | None = None
    native_finish: str | None = None
    stop_sequence: str | None = None
    explanation: str | None = None
    index: int = 0
    logprobs: tuple[Token, ...] | None = None
    metadata: Mapping[str, Any] = NOTHING


@record
class Reply:
    """A reply.

    Attributes:
        id: the provider's id of the answer.
        model: the provider's own model string.
        choices: at least one.
        usage: None when the provider told nothing.
        created: seconds since 1970, where the provider tells.
        service_tier: the tier used, in the provider's word.
        dialect: the provider's dialect.
        native: the provider's parsed body.
        failure: why this is no answer, though the provider gave it as one.
    """

    id: str
    model: str
    choices: tuple[Choice, ...]
    usage: Usage | None = None
    created: int | None = None
    service_tier: str | None = None
    dialect: str = attrs.field(default="", eq=False)
    native: Any = attrs.field(default=None, eq=False, repr=False)
    failure: Failure | None = None
