"""What of an answer has no place at a client: each kind of it is a loss, said once.

One table serves whole replies and streams, so that both report the same. What a client's dialect can be told is its own
columns (``Dialect.tells``, ``media``, ``origins``, ``answers``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from .dialects import Dialect
from .fields.answers import unheard
from .records import (
    Call,
    CallStart,
    Choice,
    Citation,
    CitationDelta,
    Finish,
    LogprobsDelta,
    Loss,
    Media,
    MediaBlock,
    Opaque,
    OpaqueBlock,
    Redacted,
    RedactedDelta,
    Refusal,
    RefusalDelta,
    Reply,
    SignatureDelta,
    Text,
    Thinking,
)
from .records.losses import SEVERITIES
from .values import named

Losses = tuple[Loss, ...]


class Way(NamedTuple):
    """From whom an answer comes, and whom it is told to; ``strict``: in no key beyond the client's dialect."""

    client: Dialect
    source: Dialect
    strict: bool = False


STATE: Final = "reasoning state"
"""What a signature or redacted reasoning is called in losses: it is of use to its own provider only."""

ONE_ANSWER: Final = Loss("", "dropped", "contract", "Only the first of several answers is shown.")
_ONE_CALL: Final = Loss("", "dropped", "contract", "Only the first of several calls is shown.")
_LOGPROBS: Final = Loss("", "dropped", "contract", "Log probabilities of the answer have no counterpart.")
_REFUSAL: Final = Loss("", "approximated", "hint", "A refusal is told as text.")
_STOPPED: Final = Loss("", "dropped", "hint", "The stop sequence that was hit has no counterpart.")
_EXPLANATION: Final = Loss("", "dropped", "hint", "The explanation of the answer's end has no counterpart.")
_CITATIONS: Final = Loss("", "dropped", "quality", "Citations of the answer have no counterpart.")
_ADDRESS: Final = Loss("", "dropped", "quality", "A citation without an address has no counterpart.")
_METADATA: Final = Loss("", "dropped", "hint", "What the provider says of its search has no counterpart.")
_PLACE: Final = Loss("", "approximated", "hint", "The place of a citation within its text has no counterpart.")
_QUOTE: Final = Loss("", "dropped", "hint", "The quoted words of a citation have no counterpart.")


def _block(kind: str) -> Losses:
    return (Loss("", "dropped", "quality", f"A '{named(kind)}' block of the answer has no counterpart."),)


def _opaque(said: Opaque | OpaqueBlock, way: Way) -> Losses:
    own = said.dialect == way.client.name and "blocks" in way.client.tells
    return () if own else _block(said.kind)


def _media(said: Media | MediaBlock, way: Way) -> Losses:
    held = said.kind in way.client.media and not (way.strict and said.kind in way.client.extra_media)
    return () if held else _block(said.kind)


def _signed(said: Thinking | Call | CallStart | SignatureDelta, way: Way) -> Losses:
    return _state(said.origin, way) if said.signature else ()


def _redacted(said: Redacted | RedactedDelta, way: Way) -> Losses:
    return _state(said.origin, way)


def _state(origin: str | None, way: Way) -> Losses:
    return () if way.client.origins is None or origin in way.client.origins else _block(STATE)


def _cited(notes: Iterable[Citation], way: Way) -> Losses:
    """A citation in the client's own words may be whole; others are told as far as there are words."""
    tells, out = way.client.tells, []
    for note in notes:
        if note.dialect == way.client.name and "own_citations" in tells:
            continue
        if "citations" not in tells:
            out.append(_CITATIONS)
        elif note.url is None:
            out += [] if "quotes" in tells and "places" in tells else [_ADDRESS]
        else:
            out += [] if "places" in tells or note.start is None or note.end is None else [_PLACE]
            out += [] if "quotes" in tells or note.cited is None else [_QUOTE]
    return tuple(out)


def _text(said: Text, way: Way) -> Losses:
    return _cited(said.citations, way) if said.citations else ()


def _citation(said: CitationDelta, way: Way) -> Losses:
    return _cited((said.citation,), way)


def _refusal(said: Refusal | RefusalDelta, way: Way) -> Losses:
    return () if "refusals" in way.client.tells or not said.text else (_REFUSAL,)


def _logprobs(said: LogprobsDelta, way: Way) -> Losses:
    return () if "logprobs" in way.client.tells else (_LOGPROBS,)


def _finish(said: Finish, way: Way) -> Losses:
    return (*_ended(said.native, said.stop_sequence, said.explanation, way), *_sourced(said.metadata, way))


def _sourced(metadata: Mapping[str, Any], way: Way) -> Losses:
    """Citations are told on their own; what else is said of a search has a place among a provider's own fields only."""
    more = any(key not in _CITED for value in metadata.values() for key in value)
    return (_METADATA,) if more and (way.strict or "metadata" not in way.client.tells) else ()


_CITED = frozenset({"groundingChunks", "groundingSupports"})


def _ended(native: str | None, sequence: str | None, words: str | None, way: Way) -> Losses:
    out = []
    bent = way.client is not way.source or not way.client.keeps_finish
    if native is not None and bent and native not in way.source.finishes:
        detail = f"The provider ended with '{named(native)}', which has no counterpart."
        out.append(Loss("", "approximated", "hint", detail))
    if sequence is not None and "stop_sequence" not in way.client.tells:
        out.append(_STOPPED)
    if words is not None and "explanation" not in way.client.tells:
        out.append(_EXPLANATION)
    return tuple(out)


TABLE: Final[dict[type, Callable[[Any, Way], Losses]]] = {
    Text: _text,
    Refusal: _refusal,
    Media: _media,
    Opaque: _opaque,
    Thinking: _signed,
    Redacted: _redacted,
    Call: _signed,
    CitationDelta: _citation,
    RefusalDelta: _refusal,
    MediaBlock: _media,
    OpaqueBlock: _opaque,
    SignatureDelta: _signed,
    RedactedDelta: _redacted,
    CallStart: _signed,
    LogprobsDelta: _logprobs,
    Finish: _finish,
}
"""Parts and events that a client may have no place for; all others every client is told."""


def of_legacy_call(call: Call | CallStart, *, told: bool) -> Losses:
    """What the deprecated form has no place for (wire/openai-chat.md 3): a second call, and the state of any."""
    return (*(() if told else (_ONE_CALL,)), *(_block(STATE) if call.signature else ()))


def of_end(finish: Finish | None, dialect: Dialect) -> Losses:
    """What a client of the provider's own dialect is told otherwise than it came: why the answer ended."""
    return () if finish is None or dialect.keeps_finish else _ended(finish.native, None, None, Way(dialect, dialect))


def of_choice(choice: Choice, way: Way) -> Losses:
    """What of one answer has no place at a client."""
    losses: Losses = ()
    for part in choice.parts:
        losses += TABLE[type(part)](part, way)
    if choice.logprobs is not None and "logprobs" not in way.client.tells:
        losses += (_LOGPROBS,)
    ended = _ended(choice.native_finish, choice.stop_sequence, choice.explanation, way)
    return losses + ended + _sourced(choice.metadata, way)


def kept_back(keys: Iterable[str]) -> Loss:
    """What only clients of the provider's own dialect are told, as one loss."""
    names = sorted(keys)
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    detail = f"Of the answer is told to clients of the provider's dialect only: {', '.join(names[:_MOST_NAMES])}{more}."
    return Loss("", "dropped", "hint", detail)


_MOST_NAMES: Final = 20


def of_reply(reply: Reply, way: Way, legacy: Reply | None = None) -> Losses:
    """What of a reply has no place at a client; ``legacy`` is the reply as one of the deprecated form is told it."""
    shown = reply.choices if way.client.answers else reply.choices[:1]
    losses: Losses = () if shown is reply.choices or len(reply.choices) == 1 else (ONE_ANSWER,)
    for choice in shown:
        losses += of_choice(choice, way)
    for choice in legacy.choices if legacy is not None else ():
        calls = [part for part in choice.parts if type(part) is Call]
        for number, call in enumerate(calls):
            losses += of_legacy_call(call, told=number == 0)
    keys = () if way.client is way.source else unheard(way.source.name, reply.native)
    if keys:
        losses += (kept_back(keys),)
    return in_order(losses) if losses else ()


def in_order(losses: Iterable[Loss]) -> Losses:
    """Losses, each once, the gravest first: a stream tells things in another order than a reply has them."""
    return tuple(sorted(dict.fromkeys(losses), key=lambda loss: (SEVERITIES.index(loss.severity), loss.detail)))
