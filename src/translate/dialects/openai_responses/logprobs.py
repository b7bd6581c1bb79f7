"""Log probabilities of an answer's tokens, which stand at its texts here (wire/openai-responses.md 5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...records import Token

Body = dict[str, Any]


def read_logprobs(raw: Any) -> tuple[Token, ...]:
    """The tokens of a text, or of a piece of it."""
    return tuple([_read(item, tuple(map(_read, item.get("top_logprobs") or ()))) for item in raw or ()])


def _read(raw: Body, top: tuple[Token, ...] = ()) -> Token:
    told = raw.get("bytes")
    return Token(raw["token"], float(raw["logprob"]), top, None if told is None else tuple(told))


def write_logprobs(tokens: Iterable[Token]) -> list[Body]:
    """Tokens as a text's ``logprobs``; the bytes must be there."""
    return [{**_token(token), "top_logprobs": [_token(other) for other in token.top]} for token in tokens]


def without_bytes(told: list[Body]) -> list[Body]:
    """What ``write_logprobs`` wrote, as the events of a text say it: there are no bytes in them."""
    return [
        {"token": one["token"], "logprob": one["logprob"]}
        | ({"top_logprobs": without_bytes(one["top_logprobs"])} if "top_logprobs" in one else {})
        for one in told
    ]


def _token(token: Token) -> Body:
    told = token.text.encode() if token.bytes is None else token.bytes
    return {"token": token.text, "bytes": list(told), "logprob": token.logprob}


def taken(tokens: list[Token], text: str) -> list[Token]:
    """The tokens that a text is made of, taken from those that are left."""
    out: list[Token] = []
    length = 0
    while tokens and length < len(text):
        length += len(tokens[0].text) or len(text)
        out.append(tokens.pop(0))
    return out
