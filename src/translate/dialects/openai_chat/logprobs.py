"""Log probabilities of an answer's tokens, both ways (wire/openai-chat.md 8)."""

from __future__ import annotations

from typing import Any

from ...records import Token

Body = dict[str, Any]


def write_logprobs(tokens: tuple[Token, ...]) -> Body:
    """Log probabilities of an answer's tokens; ``bytes`` are told only where the provider tells them."""
    return {
        "content": [{**_token(token), "top_logprobs": [_token(other) for other in token.top]} for token in tokens],
        "refusal": None,
    }


def _token(token: Token) -> Body:
    return {"token": token.text, "logprob": token.logprob, "bytes": None if token.bytes is None else list(token.bytes)}


def read_logprobs(raw: Any) -> tuple[Token, ...] | None:
    """The log probabilities of a choice's or chunk's tokens."""
    content = raw.get("content") if type(raw) is dict else None
    if not content:
        return None
    return tuple([_read(item, tuple(map(_read, item.get("top_logprobs") or ()))) for item in content])


def _read(raw: Body, top: tuple[Token, ...] = ()) -> Token:
    told = raw.get("bytes")
    return Token(raw["token"], float(raw["logprob"]), top, None if told is None else tuple(told))
