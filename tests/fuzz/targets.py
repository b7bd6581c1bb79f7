"""What is fuzzed: how a case for it is made, and what must hold when it runs."""

import random
from collections.abc import Callable
from typing import NamedTuple

import orjson
from dragoman import translate
from dragoman.translate import DIALECTS, TranslationError, boundary
from dragoman.translate.aside import put_back, set_aside
from dragoman.translate.framing import aws_frames, sse

from ..edge.fuzz import pieces_of
from . import heads, others
from .case import Case, expect
from .events import render
from .mutate import Json, amplify, dumps, mutate_bytes, mutate_events
from .promises import (
    CALL,
    END,
    client_of_reply,
    client_of_request,
    error_in,
    head_of,
    is_refusal,
    keeps_silent,
    losses_of,
    parsed,
    stream_said,
    template,
)
from .watch import timed


class Target(NamedTuple):
    """Something to fuzz.

    Attributes:
        make: (chance and material, dialect) -> head and pieces.
        run: case -> what happened, in words that do not change with the input. Raises whatever is a finding.
        weight: how often it is tried.
    """

    make: Callable[[Json, str], tuple[bytes, tuple[bytes, ...]]]
    run: Callable[[Case], set[str]]
    weight: int


# Bodies


def _body(json_: Json, pool: list[bytes]) -> bytes:
    """A body of the corpus, the shorter of two, mutated: by its structure mostly, now and then as bytes."""
    rng = json_.rng
    body = min(rng.choice(pool), rng.choice(pool), key=len)
    chance = rng.random()
    if chance < 0.06:
        return mutate_bytes(rng, body, rng.choice(pool))
    if chance < 0.08:
        return dumps(amplify(json_, orjson.loads(body)))
    return json_.text(body)


def _pieces(rng: random.Random, data: bytes) -> tuple[bytes, ...]:
    """Data cut anywhere, empty pieces among them."""
    if rng.random() < 0.2:
        return (data,)
    pieces = pieces_of(rng, data) if len(data) < 3_000 else [data[at : at + 997] for at in range(0, len(data), 997)]
    if rng.random() < 0.3:
        pieces.insert(rng.randrange(len(pieces) + 1), b"")
    return tuple(pieces)


# Requests


def _make_request(json_: Json, dialect: str) -> tuple[bytes, tuple[bytes, ...]]:
    rng, corpus = json_.rng, json_.corpus
    provider = rng.choice(list(heads.MODELS))
    # Now and then a body of another dialect.
    source = dialect if rng.random() < 0.97 else rng.choice(list(DIALECTS))
    head = heads.asking(rng, dialect, provider, json_)
    return heads.written(rng, json_, head, 0.15), (_body(json_, corpus.requests[source]),)


def _run_request(case: Case) -> set[str]:
    head, body = case.head, case.whole
    client = client_of_request(head)
    answer = timed(case.size, 1, boundary.request, head, body)
    expect(answer == boundary.request(head, body), "the same request is answered in two ways")
    once = boundary.parse(body)
    expect(answer == boundary.request(head, once), "a parsed body is answered in another way")
    expect(_unchanged(once.value, body), "a request's value was changed", body[:300])
    keeps_silent(head, answer.head, answer.body)
    told = parsed(answer.head, "the head of an answer")
    if answer.status == 428:
        expect(told["needs"] and len(told["params"]) == len(set(told["needs"])), "needs without their fields", told)
        return {"needs", *_fetched(case, told["needs"])}
    said = losses_of(told)
    if answer.status != 200:
        return said | {is_refusal(answer.status, answer.body, client, range(400, 500))}
    expect(told.keys() >= CALL, "an answer without all of a call", told)
    parsed(answer.body, "a native body")
    if told["stream"]:
        usual = "application/json" if _is_array(told["context"]) else DIALECTS[client].stream_type
        expect(told["stream_type"] == usual, "a stream of another type than its client wants", told["stream_type"])
    status, _ = boundary.open(orjson.dumps({"context": told["context"]}))
    expect(status == 200, "a context that is not taken back", told["context"])
    whose = orjson.dumps({"context": told["context"], "headers": told["headers"]})
    essence = timed(case.size, 1, boundary.essence, whose, answer.body)
    expect(essence.startswith(b"[["), "a call whose essence is not found", essence[:300])
    return said | {f"context {key}" for key in told["context"]} | {f"row {told['row']}"}


def _unchanged(value: object, body: bytes) -> bool:
    if value is None or len(body) > 100_000:
        return True
    try:
        return value == boundary.parse(body).value
    except RecursionError:
        return True


def _fetched(case: Case, needs: list[str]) -> set[str]:
    """The same request with the media it needs."""
    picture = {"media_type": "image/png", "data": "iVBORw0KGgo="}
    if "media" in head_of(case.head):
        return set()
    try:
        head = orjson.dumps(head_of(case.head) | {"media": dict.fromkeys(needs, picture)})
    except TypeError:  # a head that only the parser goes so deep for
        return set()
    return _run_request(Case(case.target, head, case.pieces))


# Replies


def _make_reply(json_: Json, dialect: str) -> tuple[bytes, tuple[bytes, ...]]:
    rng, corpus = json_.rng, json_.corpus
    source = dialect if rng.random() < 0.97 else rng.choice(list(DIALECTS))
    status, body = rng.choice(corpus.replies[source])
    pool = [one for _, one in corpus.replies[source]]
    head = heads.told(rng, json_, dialect, status)
    return head, (_body(json_, [body] if rng.random() < 0.9 else pool),)


def _run_reply(case: Case) -> set[str]:
    head, body = case.head, case.whole
    answer = timed(case.size, 1, boundary.reply, head, body)
    expect(answer == boundary.reply(head, body), "the same reply is told in two ways")
    keeps_silent(head, answer.head, answer.body)
    told = parsed(answer.head, "the head of an answer")
    said = losses_of(told)
    if answer.status == 200:
        expect(type(parsed(answer.body, "a client's reply")) is dict, "a client's reply is no object", answer.body)
        return said | {f"finish {told.get('finish_reason')}"}
    refusal = is_refusal(answer.status, answer.body, client_of_reply(head), range(400, 600))
    # What is wrong with a reply is the provider's fault, not its client's.
    expect(answer.status >= 500 or "too deep" not in refusal, "a reply's fault is called its client's", refusal)
    asked = head_of(head).get("status")
    if type(asked) is int and 400 <= asked < 600:
        expect("not what its format promises" not in refusal, "an error is called a broken reply", refusal)
    return said | {refusal}


# Streams


def _make_stream(json_: Json, dialect: str) -> tuple[bytes, tuple[bytes, ...]]:
    rng, corpus = json_.rng, json_.corpus
    pool = corpus.streams[dialect]
    events = mutate_events(json_, min(rng.choice(pool), rng.choice(pool), key=len), rng.choice(pool))
    if events and rng.random() < 0.01:
        at = rng.randrange(len(events))
        events[at : at + 1] = [events[at]] * min(2_000, 1 + 200_000 // (len(events[at].data) + 1))
    data = render(rng, dialect, events)
    chance = rng.random()
    if chance < 0.1:
        data = mutate_bytes(rng, data, data)
    elif chance < 0.13:
        data += rng.choice(corpus.replies[dialect])[1]
    return heads.told(rng, json_, dialect), _pieces(rng, data)


def _drive(head: bytes, pieces: tuple[bytes, ...]) -> tuple[int, bytes, bytes, bytes]:
    """A stream from its beginning to its end: status, the client's bytes, the head of its end, an error if any."""
    status, pipe = boundary.open(head)
    out = []
    for piece in pieces:
        before = pipe
        over = boundary.over(before)
        pipe, data = boundary.feed(before, piece)
        expect(not (over and data), "a stream goes on after its last word", data[:200])
        out.append(data)
    error = boundary.failed(pipe)
    expect(boundary.failed(pipe) == error, "a stream fails in two ways")
    last, end = boundary.close(pipe)
    expect((last, end) == boundary.close(pipe), "a stream ends in two ways")
    return status, b"".join((*out, last)), end, b"" if error is None else error.body


def _run_stream(case: Case) -> set[str]:
    drive = timed(case.size, len(case.pieces), _drive, case.head, case.pieces)
    status, data, end, error = drive
    # A pipe of a head that is none speaks to chat clients.
    context = head_of(case.head)["context"] if status == 200 else {"client": "openai_chat"}
    expect(drive == timed(case.size, 1, _drive, case.head, (case.whole,)), "the pieces of a stream make a difference")
    _feed_late(case.head, case.pieces)
    told = parsed(end, "the head of an end")
    expect(told.keys() >= END, "an end that does not say all", told)
    said = losses_of(told) | {f"finish {told['finish_reason']} {told['truncated']} {status}"}
    if error:
        said.add("failed " + template(error_in(error, context["client"])["message"]))
    return said | stream_said(data, context["client"], array=_is_array(context))


def _is_array(context: dict[str, object]) -> bool:
    return context["client"] == "gemini" and context.get("stream_form") == "array"


def _feed_late(head: bytes, pieces: tuple[bytes, ...]) -> None:
    """A pipe is a value: an older one can be fed again, also after its end, and what comes then is the same."""
    _, pipe = boundary.open(head)
    seen = []
    for piece in pieces[:20]:
        seen.append((pipe, piece, boundary.feed(pipe, piece)[1]))
        pipe, _ = boundary.feed(pipe, piece)
        boundary.close(pipe)
        boundary.conceal(pipe, seen[-1][2], b"Hi", b"**")
    for older, piece, data in seen[:: max(1, len(seen) // 3)]:
        expect(boundary.feed(older, piece)[1] == data, "a pipe was changed by feeding it")


def _make_error(json_: Json, dialect: str) -> tuple[bytes, tuple[bytes, ...]]:
    rng = json_.rng
    head = {
        "from": dialect, "status": rng.choice(heads.STATUSES), "code": rng.choice(("c", None)), "message": "What.",
        "param": rng.choice(("p", None)), "request_id": "r",
    }  # fmt: skip
    return dumps(json_(head)), ()


def _run_error(case: Case) -> set[str]:
    answer = timed(case.size, 1, boundary.error, case.head)
    expect(answer == boundary.error(case.head), "the same error is told in two ways")
    parsed(answer.head, "the head of an error")
    expect(answer.status in range(400, 600), "a status that is no error's", answer.status)
    return {template(error_in(answer.body, client_of_request(case.head))["message"])}


# Readers


def _make_face(json_: Json, dialect: str) -> tuple[bytes, tuple[bytes, ...]]:
    rng, corpus = json_.rng, json_.corpus
    what = rng.choice((b"request", b"reply"))
    pool = corpus.requests[dialect] if what == b"request" else [body for _, body in corpus.replies[dialect]]
    return what, (_body(json_, pool),)


def _run_face(case: Case) -> set[str]:
    """The friendly face raises TranslationError and nothing else."""
    dialect = case.target.partition(".")[2]
    read = translate.read_request if case.head == b"request" else translate.read_reply
    try:
        first = timed(case.size, 1, read, dialect, case.whole)
    except TranslationError as error:
        expect(error.message, "an error without words")
        return {f"{error.status} {template(error.message)}"}
    again = read(dialect, case.whole)
    # Exact numbers know no equality: each is equal to itself only.
    expect(first == again or "Fragment" in repr(first), "the same body is read in two ways")
    return {"read"}


def _make_frames(json_: Json, dialect: str) -> tuple[bytes, tuple[bytes, ...]]:
    rng, pool = json_.rng, json_.corpus.streams[dialect]
    data = render(rng, dialect, mutate_events(json_, rng.choice(pool)[:8], rng.choice(pool)[:4]))
    return b"", _pieces(rng, mutate_bytes(rng, data, data) if rng.random() < 0.6 else data)


def _run_sse(case: Case) -> set[str]:
    read = timed(case.size, len(case.pieces), _frames_of, sse, case.pieces)
    expect(read == _frames_of(sse, (case.whole,)), "the pieces of events make a difference", read)
    return {f"{len(read[0])} events"}


def _frames_of(framing: object, pieces: tuple[bytes, ...]) -> tuple[list[bytes], list[bytes]]:
    tail, found = b"", []
    for piece in pieces:
        tail, frames = framing.split(tail, piece)
        found += frames
    return found, framing.last(tail)


def _run_aws_frames(case: Case) -> set[str]:
    read = _opened(timed(case.size, len(case.pieces), _frames_of, aws_frames, case.pieces))
    expect(read == _opened(_frames_of(aws_frames, (case.whole,))), "the pieces of messages make a difference", read)
    return {str(one)[:80] for one in read}


def _opened(found: tuple[list[bytes], list[bytes]]) -> list[object]:
    """What the messages say, up to the first that is none: behind it nothing is looked for."""
    out: list[object] = []
    for frame in found[0]:
        try:
            headers, payload = aws_frames.read(frame)
        except aws_frames.BadFrame as error:
            return [*out, str(error)]
        again = aws_frames.write(headers, payload) if all(type(v) is str for v in headers.values()) else frame
        expect(again == frame, "a message is not written as it was read", frame)
        out.append((sorted(headers), len(payload)))
    return [*out, found[1]]


def _make_aside(json_: Json, dialect: str) -> tuple[bytes, tuple[bytes, ...]]:
    rng = json_.rng
    data = rng.choice(("", "data:image/png;base64,")) + "iVBORw0K" * rng.choice((7_000, 9_000, 20_000))
    head = heads.asking(rng, dialect, rng.choice(list(heads.MODELS)), json_)
    value = orjson.loads(rng.choice(json_.corpus.requests[dialect]))
    spots = _strings(value)
    for at, key in rng.sample(spots, min(len(spots), rng.choice((1, 1, 2)))):
        at[key] = "~long~"
        if type(at) is dict and rng.random() < 0.3:
            at["data"] = "~long~"
    body = dumps(json_(value, most=2)).replace(b'"~long~"', orjson.dumps(data))
    return dumps(head), (mutate_bytes(rng, body) if rng.random() < 0.2 else body,)


def _strings(value: object) -> list[tuple[object, object]]:
    found: list[tuple[object, object]] = []
    stack = [value]
    while stack:
        here = stack.pop()
        for key, item in here.items() if type(here) is dict else enumerate(here):
            if type(item) is str:
                found.append((here, key))
            elif type(item) in (dict, list):
                stack.append(item)
    return found


def _run_aside(case: Case) -> set[str]:
    body = case.whole
    small, aside = timed(case.size, 1, set_aside, body)
    if aside and all(small.count(mark) == 1 for mark, _ in aside):
        expect(put_back(small, aside) == body, "what was set aside does not come back")
    return {f"aside {len(aside)}"} | _run_request(case)


KINDS = {
    "request": Target(_make_request, _run_request, 30),
    "reply": Target(_make_reply, _run_reply, 20),
    "stream": Target(_make_stream, _run_stream, 26),
    "error": Target(_make_error, _run_error, 2),
    "face": Target(_make_face, _run_face, 10),
    "aside": Target(_make_aside, _run_aside, 1),
    "essence": Target(others.make_essence, others.run_essence, 1),
}
TARGETS = {f"{kind}.{dialect}": target for kind, target in KINDS.items() for dialect in DIALECTS}
TARGETS |= {
    "sign": Target(others.make_sign, others.run_sign, 8),
    "embed": Target(others.make_embed, others.run_embed, 6),
    "told_embeddings": Target(others.make_embedded, others.run_embedded, 6),
    "sse.openai_chat": Target(_make_frames, _run_sse, 8),
    "sse.anthropic": Target(_make_frames, _run_sse, 8),
    "aws_frames.bedrock": Target(_make_frames, _run_aws_frames, 8),
}


def make(json_: Json, name: str) -> Case:
    """A case for a target."""
    head, pieces = TARGETS[name].make(json_, name.partition(".")[2])
    return Case(name, head, pieces)


def run(case: Case) -> set[str]:
    """Run a case."""
    return TARGETS[case.target].run(case)
