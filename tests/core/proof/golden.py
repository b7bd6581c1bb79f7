"""Golden cases: one folder a case, one file a dialect, every ordered pair of files a test.

    <dialect>.json              a request; files of one folder mean the same, each in its own words
    <dialect>.reply.json        a reply of that provider (an error when it has an "error")
    <dialect>.stream.txt        a stream of that provider
    head.json                   {"<target dialect>": head fields of its request, "reply": head fields of its replies}

What A says to a provider of B must be what the folder's ``B.json`` says, and its losses those of ``losses.json`` under
"A to B". Where the two cannot be the same a file ``A.to.B.json`` holds what it must be; for a refusal that file is
``{"status": ..., "error": ...}``. The model is that of ``B.json``, else of ``head.json``. Replies and streams work
alike: a reply of provider P for client C is ``C.reply.json``, else ``P.reply.to.C.json``. A case is about the dialects
that its file names name.
``wrong.json`` lists translations that the core does not get right yet, with the reason; their goldens are right.
``pytest tests/core --accept`` writes all that differs; the difference is then for git, and for a person, to judge.
"""

from pathlib import Path
from typing import Any, NamedTuple

import orjson
from dragoman.translate import DIALECTS

from . import converse
from .calls import MODEL, cut, provider_of, receive, send, stream

ROOT = Path(__file__).parents[2] / "cases"
ADDRESSED = {"bedrock": ("model", "stream"), "gemini": ("model", "stream")}
"""What a dialect says in the address, and its files say in the body."""
BINARY = {"bedrock": (converse.to_wire, converse.to_text)}
"""Streams that are no text: from the lines of a file to bytes, and back."""


class Pair(NamedTuple):
    """One translation of a case: ``what`` is request, reply or stream."""

    case: str
    what: str
    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.case}-{self.what}-{self.source}-to-{self.target}"


def pairs() -> list[Pair]:
    """Every translation that the files of the cases ask for."""
    found = []
    for folder in sorted(path for path in ROOT.iterdir() if path.is_dir()):
        named = {word for path in folder.iterdir() for word in path.name.split(".")}
        clients = [name for name in DIALECTS if (folder / f"{name}.json").exists()]
        found += [Pair(folder.name, "request", a, b) for a in clients for b in DIALECTS if b in named]
        for what, suffix in (("reply", "reply.json"), ("stream", "stream.txt")):
            providers = [name for name in DIALECTS if (folder / f"{name}.{suffix}").exists()]
            found += [Pair(folder.name, what, a, b) for a in providers for b in clients]
    return found


def load(path: Path) -> Any:
    return orjson.loads(path.read_bytes())


def native(path: Path, dialect: str) -> Any:
    """A file as the body that goes out: without what the address says."""
    value = load(path)
    if isinstance(value, list):
        return value
    return {key: item for key, item in value.items() if key not in ADDRESSED.get(dialect, ())}


def save(path: Path, value: Any) -> None:
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def sent_by(pair: Pair, client: str, provider: str, **more: Any) -> Any:
    """The request of a case in a client's words, sent to a provider of a dialect, and head fields of its replies."""
    folder = ROOT / pair.case
    heads = load(folder / "head.json") if (folder / "head.json").exists() else {}
    own = folder / f"{provider}.json"
    head = {"to": provider_of(provider, client), "model": load(own)["model"] if own.exists() else MODEL[provider]}
    head |= heads.get(provider, {})
    body = load(folder / f"{client}.json") | more
    return send(body, client, **head), heads.get("reply", {})


def request(pair: Pair) -> tuple[Any, list[Any]]:
    """The body that goes out, or the error, and the losses."""
    sent, _ = sent_by(pair, pair.source, pair.target)
    losses = [[loss["path"], loss["kind"], loss["severity"]] for loss in sent.losses]
    body = sent.body if sent.status == 200 else {"status": sent.status, **(sent.body or sent.head)}
    return body, losses


def reply(pair: Pair) -> tuple[Any, list[Any]]:
    """The client's reply to a provider's."""
    sent, head = sent_by(pair, pair.target, pair.source)
    got = receive(sent.head["context"], (ROOT / pair.case / f"{pair.source}.reply.json").read_bytes(), **head)
    losses = [[loss["path"], loss["kind"], loss["severity"]] for loss in got.head["losses"]]
    body = got.body if got.status == 200 else {"status": got.status, "headers": got.head["headers"], **got.body}
    return body, losses


def streamed(pair: Pair) -> tuple[bytes, list[Any]]:
    """The client's stream for a provider's, cut in three ways with one outcome; the head of ``close`` is a comment."""
    folder = ROOT / pair.case
    sent, _ = sent_by(pair, pair.target, pair.source, stream=True)
    data = (folder / f"{pair.source}.stream.txt").read_bytes()
    if pair.source in BINARY:
        data = BINARY[pair.source][0](data)
    context = sent.head["context"]
    whole, head = stream(context, [data])
    for size in (1, 7):
        assert stream(context, cut(data, size)) == (whole, head), f"cut in pieces of {size}"
    losses = [[loss["path"], loss["kind"], loss["severity"]] for loss in head.pop("losses")]
    if pair.target in BINARY:
        whole = BINARY[pair.target][1](whole)
    return whole + b": " + orjson.dumps(head) + b"\n", losses


def expected(pair: Pair) -> tuple[Path, Path]:
    """The file that says what must come out, if it exists, and the one that says it where dialects differ."""
    suffix = {"request": "json", "reply": "reply.json", "stream": "stream.txt"}[pair.what]
    middle = {"request": "", "reply": ".reply", "stream": ".stream"}[pair.what]
    folder = ROOT / pair.case
    end = "txt" if pair.what == "stream" else "json"
    return folder / f"{pair.target}.{suffix}", folder / f"{pair.source}{middle}.to.{pair.target}.{end}"


def losses_key(pair: Pair) -> str:
    what = "" if pair.what == "request" else f"{pair.what} "
    return f"{pair.source} {what}to {pair.target}"


def accept(pair: Pair, value: Any, losses: list[Any]) -> None:
    """Write what differs."""
    same, other = expected(pair)
    binary = isinstance(value, bytes)
    if not binary and same.exists() and native(same, pair.target) == value:
        other.unlink(missing_ok=True)
    elif binary:
        other.write_bytes(value)
    else:
        save(other, value)
    path = ROOT / pair.case / "losses.json"
    table = load(path) if path.exists() else {}
    table.pop(losses_key(pair), None)
    if losses:
        table[losses_key(pair)] = losses
    if table:
        save(path, dict(sorted(table.items())))
    else:
        path.unlink(missing_ok=True)


def wanted(pair: Pair) -> tuple[Any, list[Any]]:
    """What must come out."""
    same, other = expected(pair)
    path = ROOT / pair.case / "losses.json"
    losses = (load(path) if path.exists() else {}).get(losses_key(pair), [])
    if pair.what == "stream":
        return other.read_bytes(), losses
    return load(other) if other.exists() else native(same, pair.target), losses


def known_fault(pair: Pair) -> str | None:
    """Why the core does not get this right yet."""
    path = ROOT / pair.case / "wrong.json"
    reason: str | None = (load(path) if path.exists() else {}).get(losses_key(pair))
    return reason


def run(pair: Pair) -> tuple[Any, list[Any]]:
    return {"request": request, "reply": reply, "stream": streamed}[pair.what](pair)
