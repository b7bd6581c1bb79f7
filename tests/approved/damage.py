"""Bodies with one thing wrong: every node of a body taken away, or another value in its place, and what comes of it.

What comes of a node that is gone is kept as a line: the error's code and parameter, or the losses and a digest of the
whole answer. Of all other values in its place there is one digest, with the sentences of errors and losses in it: it
says that something changed, not what. The damaged body is made again from the line's pointer.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson
from dragoman.translate import boundary

from ..fuzz.events import Event, events_of, render_plainly
from . import corpus
from .corpus import CLIENTS, Said

OTHERS: tuple[Any, ...] = (
    None, True, 0, 7, -0.5, 10**19, "", "x", "data:,", "a.b/c:d", [], ["x"], [None], [{}], {}, {"type": "x"}, {"": {}},
)  # fmt: skip
FEW = 3
"""Other values for a node of a stream, which take turns: streams cost more."""
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


def damaged(body: Any) -> Iterator[tuple[str, Any, list[Any]]]:
    """Each node: (pointer, the body without it, bodies with other values in its place)."""
    for path in places(body):
        yield "/" + "/".join(map(str, path)), put(body, path, GONE), [put(body, path, other) for other in OTHERS]


def digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:10]


def asked(said: Said) -> list[str]:
    """What comes of a damaged request, at its own dialect's provider and at others' in turn."""
    own = CLIENTS.index(said.speaker)
    rows = []
    for turn, (pointer, gone, others) in enumerate(damaged(orjson.loads(said.body)), said.turn):
        to = CLIENTS[(own + turn) % len(CLIENTS)]
        rows.append(f"{pointer} gone {_TARGETS[to][0]} {_asked(_ask(said.speaker, to, gone))}")
        told = [_ask(said.speaker, CLIENTS[(turn + at) % len(CLIENTS)], body) for at, body in enumerate(others)]
        rows.append(f"{pointer} else #{digest(*[part for answer in told for part in (answer.head, answer.body)])}")
    return rows


def _ask(client: str, target: str, body: Any) -> Any:
    to, model = _TARGETS[target]
    head = {"from": client, "to": to, "model": model, "on_loss": "allow", "region": "eu-west-1"}
    answer = boundary.request(orjson.dumps(head), orjson.dumps(body))
    assert answer.status in (200, 400, 428), (body, answer)
    return answer


def _asked(answer: Any) -> str:
    head = orjson.loads(answer.head)
    if answer.status == 200:
        losses = sorted({f"{loss['path']} {loss['kind']} {loss['severity']}" for loss in head["losses"]})
        return f"200 {'; '.join(losses)} #{digest(answer.head, answer.body)}"
    if answer.status == 428:
        return f"428 {head['params']}"
    body = orjson.loads(answer.body)
    error = body.get("error", body)
    # Where a dialect has no place for the parameter, the sentence names it.
    named = error.get("param") or next(iter(error.get("message", "").split("'")[1:2]), None)
    return f"{answer.status} {error.get('code')} {named}"


def answered(said: Said) -> list[str]:
    """What clients, in turn, are told of a damaged answer."""
    rows = _of_stream(said) if said.name.startswith("stream ") else _of_reply(said)
    return [f"{what} {client} {status} #{digest(told)}" for what, client, status, told in rows]


Row = tuple[str, str, str, bytes]


def _of_reply(said: Said) -> Iterator[Row]:
    for turn, (pointer, gone, others) in enumerate(damaged(orjson.loads(said.body)), said.turn):
        client, told = _told(said, turn, gone)
        yield f"{pointer} gone", client, str(told["status"]), orjson.dumps(told)
        many = [_told(said, turn + at, body)[1] for at, body in enumerate(others, 1)]
        yield f"{pointer} else", "in turn", "", orjson.dumps(many)


def _told(said: Said, turn: int, body: Any) -> tuple[str, dict[str, Any]]:
    client = CLIENTS[turn % len(CLIENTS)]
    made = corpus.context(said.speaker, client, streams=False, strict=turn % 2 == 1)
    return client, corpus.told_by(said._replace(body=orjson.dumps(body)), made)


def _of_stream(said: Said) -> Iterator[Row]:
    events = list(events_of(said.speaker, said.body))
    for turn, event in enumerate(events, said.turn):
        place = turn - said.turn
        yield _heard(said, turn, f"{place} gone", [*events[:place], *events[place + 1 :]])
        if not event.data.startswith((b"{", b"[{")):
            continue
        for step, (pointer, gone, others) in enumerate(damaged(orjson.loads(event.data)), turn):
            few = [others[(step + 5 * at) % len(others)] for at in range(FEW)]
            for at, body in enumerate((gone, *few)):
                odd = event._replace(data=orjson.dumps(body))
                what = f"{place} {pointer} {'else' if at else 'gone'}"
                yield _heard(said, step + at, what, [*events[:place], odd, *events[place + 1 :]])


def _heard(said: Said, turn: int, what: str, events: list[Event]) -> Row:
    client = CLIENTS[turn % len(CLIENTS)]
    made = corpus.context(said.speaker, client, streams=True, strict=turn % 2 == 1)
    told = corpus.streamed([render_plainly(said.speaker, events)], made)
    return what, client, "", orjson.dumps(told)
