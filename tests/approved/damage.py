"""Bodies with one thing wrong: every node of a body taken away, or another value in its place, and what comes of it.

What comes of it is kept as a line: the error's code and parameter, or the losses and a digest of the body. It says that
something changed, not what: the damaged body is made again from the line's pointer.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson
from dragoman.translate import boundary

from . import corpus
from .corpus import CLIENTS, Said

OTHERS: tuple[Any, ...] = (None, True, 7, -0.5, "", "x", [], ["x"], {}, {"type": "x"})
GONE = object()
_TARGETS = {
    "openai_chat": ("openai", "gpt-5.1"),
    "openai_responses": ("openai", "gpt-5.1-codex"),
    "anthropic": ("anthropic", "claude-sonnet-4-5"),
    "gemini": ("gemini", "gemini-2.5-flash"),
    "bedrock": ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all nodes below a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inner:
        yield (*path, step)
        yield from places(item, (*path, step))


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy of a value with something else at a path."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    if new is GONE and len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = put(copy[path[0]], path[1:], new)
    return copy


def damaged(body: Any, turn: int) -> Iterator[tuple[str, Any]]:
    """Each node gone, and three other values in its place, which take turns: (what was done, body)."""
    for number, path in enumerate(places(body)):
        pointer = "/".join(map(str, path))
        yield f"/{pointer} gone", put(body, path, GONE)
        for at in range(3):
            other = OTHERS[(turn + number + 3 * at) % len(OTHERS)]
            yield f"/{pointer} {orjson.dumps(other).decode()}", put(body, path, other)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:10]


def asked(said: Said) -> list[str]:
    """What comes of a damaged request, at its own dialect's provider and at others' in turn."""
    own = CLIENTS.index(said.speaker)
    rows = []
    for turn, (what, body) in enumerate(damaged(orjson.loads(said.body), said.turn)):
        to, model = _TARGETS[CLIENTS[(own + turn) % len(CLIENTS)]]
        head = {"from": said.speaker, "to": to, "model": model, "on_loss": "allow", "region": "eu-west-1"}
        answer = boundary.request(orjson.dumps(head), orjson.dumps(body))
        assert answer.status in (200, 400, 428), (what, answer)
        rows.append(f"{what} {to} {_asked(answer)}")
    return rows


def _asked(answer: Any) -> str:
    head = orjson.loads(answer.head)
    if answer.status == 200:
        losses = sorted({f"{loss['path']} {loss['kind']} {loss['severity']}" for loss in head["losses"]})
        context = orjson.dumps(head["context"])
        return f"200 {'; '.join(losses)} #{_digest(answer.body + context)}"
    if answer.status == 428:
        return f"428 {head['params']}"
    body = orjson.loads(answer.body)
    error = body.get("error", body)
    # Where a dialect has no place for the parameter, the sentence names it.
    named = error.get("param") or next(iter(error.get("message", "").split("'")[1:2]), None)
    return f"{answer.status} {error.get('code')} {named}"


def answered(said: Said) -> list[str]:
    """What clients, in turn, are told of a damaged answer."""
    streams = said.name.startswith("stream ")
    rows = []
    for turn, (what, body) in enumerate(_answers(said)):
        client = CLIENTS[turn % len(CLIENTS)]
        context = corpus.context(said.speaker, client, streams=streams, strict=turn % 2 == 1)
        told = corpus.told_by(Said(said.speaker, said.name, body), context)
        rows.append(f"{what} {client} {told.get('status', '')} #{_digest(orjson.dumps(told))}")
    return rows


def _answers(said: Said) -> Iterator[tuple[str, bytes]]:
    if not said.name.startswith("stream "):
        for what, body in damaged(orjson.loads(said.body), said.turn):
            yield what, orjson.dumps(body)
        return
    if said.speaker == "bedrock":
        return
    blocks = said.body.split(b"\n\n")
    for place, block in enumerate(blocks):
        yield f"{place} gone", b"\n\n".join(blocks[:place] + blocks[place + 1 :])
        before, data, payload = block.rpartition(b"data: ")
        if not data or not payload.startswith(b"{"):
            continue
        for index, (what, body) in enumerate(damaged(orjson.loads(payload), said.turn + place)):
            if index % 2 == (said.turn + place) % 2:
                changed = before + data + orjson.dumps(body)
                yield f"{place} {what}", b"\n\n".join([*blocks[:place], changed, *blocks[place + 1 :]])
