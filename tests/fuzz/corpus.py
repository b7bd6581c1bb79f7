"""What is mutated: goldens, identity lines, and recorded traffic where it is there."""

import base64
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import orjson
from dragoman.translate import DIALECTS, boundary

from ..core.proof.converse import to_wire
from ..recordings.corpus import ROOT as RECORDINGS
from .events import Event, events_of

TESTS = Path(__file__).parents[1]
MOST_BYTES = 40_000
"""Longer bodies cost executions, and say little more."""
MOST_GRAFTS = 40


@attrs.define
class Corpus:
    """The material.

    Attributes:
        requests: dialect -> bodies of clients.
        replies: dialect -> (status, body) of providers, errors among them.
        streams: dialect -> events of providers.
        heads: head fields of goldens.
        rows: the built-in model rows, as heads may say them.
        grafts: key -> JSON texts that stood there; ``""`` has the items of arrays.
        kinds: the values of ``type``.
    """

    requests: dict[str, list[bytes]] = attrs.field(factory=lambda: defaultdict(list))
    replies: dict[str, list[tuple[int, bytes]]] = attrs.field(factory=lambda: defaultdict(list))
    streams: dict[str, list[tuple[Event, ...]]] = attrs.field(factory=lambda: defaultdict(list))
    heads: list[dict[str, Any]] = attrs.field(factory=list)
    rows: list[dict[str, Any]] = attrs.field(factory=list)
    grafts: dict[str, list[bytes]] = attrs.field(factory=lambda: defaultdict(list))
    kinds: list[str] = attrs.field(factory=list)

    @property
    def keys(self) -> list[str]:
        return list(self.grafts)


def _goldens(corpus: Corpus) -> None:
    for folder in sorted(path for path in (TESTS / "cases").iterdir() if path.is_dir()):
        if (folder / "head.json").exists():
            corpus.heads += orjson.loads((folder / "head.json").read_bytes()).values()
        for dialect in DIALECTS:
            for path in sorted(folder.glob(f"{dialect}.*")):
                _golden(corpus, dialect, path)


def _golden(corpus: Corpus, dialect: str, path: Path) -> None:
    body = path.read_bytes()
    suffix = path.name.removeprefix(f"{dialect}.")
    if suffix == "json":
        corpus.requests[dialect].append(orjson.dumps(orjson.loads(body)))
    elif suffix == "reply.json":
        corpus.replies[dialect].append((200, orjson.dumps(orjson.loads(body))))
    elif suffix == "stream.txt":
        corpus.streams[dialect].append(events_of(dialect, to_wire(body) if dialect == "bedrock" else body))


def _identities(corpus: Corpus) -> None:
    for dialect in DIALECTS:
        corpus.requests[dialect] += (TESTS / "identity" / f"{dialect}.jsonl").read_bytes().splitlines()


ENDPOINTS = {
    "chat.completions": "openai_chat", "openai.chat.completions": "openai_chat",
    "mantle.chat.completions": "openai_chat", "responses": "openai_responses", "mantle.responses": "openai_responses",
    "messages": "anthropic", "messages.count_tokens": "anthropic", "rawPredict": "anthropic",
    "streamRawPredict": "anthropic", "generateContent": "gemini", "streamGenerateContent": "gemini",
    "countTokens": "gemini", "converse": "bedrock", "converse-stream": "bedrock", "count-tokens": "bedrock",
}  # fmt: skip


def _recordings(corpus: Corpus) -> None:
    index = RECORDINGS / "index.jsonl"
    for line in index.read_bytes().splitlines() if index.is_file() else ():
        row = orjson.loads(line)
        dialect = ENDPOINTS.get(row["endpoint"])
        if dialect is None or row["bytes"] > MOST_BYTES:
            continue
        exchange = orjson.loads((RECORDINGS / row["path"]).read_bytes())
        asked, answer = exchange["request"] or {}, exchange["response"]
        if isinstance(asked.get("json"), dict):
            corpus.requests[dialect].append(orjson.dumps({"model": row["model"], **asked["json"]}))
        if "json" in answer:
            corpus.replies[dialect].append((row["status"], orjson.dumps(answer["json"])))
        elif row["stream"]:
            raw = answer.get("text", "").encode() or base64.b64decode(answer.get("base64", ""))
            found = events_of(dialect, raw)
            if found:
                corpus.streams[dialect].append(found)


def walk(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every value and the key it stands at, from the root."""
    yield key, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from walk(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)


def _texts(corpus: Corpus) -> Iterator[bytes]:
    for dialect in DIALECTS:
        yield from corpus.requests[dialect]
        yield from (body for _, body in corpus.replies[dialect])
        yield from (event.data for events in corpus.streams[dialect] for event in events if event.data[:1] == b"{")


def _graft(corpus: Corpus) -> None:
    """Collect what stands at each key."""
    seen: dict[str, set[bytes]] = defaultdict(set)
    kinds: dict[str, None] = {}
    for text in _texts(corpus):
        for key, value in walk(orjson.loads(text)):
            if key == "type" and isinstance(value, str):
                kinds[value] = None
            if len(seen[key]) < MOST_GRAFTS:
                form = orjson.dumps(value)
                if len(form) < 2_000 and form not in seen[key]:
                    seen[key].add(form)
                    corpus.grafts[key].append(form)
    corpus.kinds = list(kinds)


def gather(*, recordings: bool = True) -> Corpus:
    """All of it, in an order that does not change; without recordings it is the same on every machine."""
    corpus = Corpus()
    _goldens(corpus)
    _identities(corpus)
    if recordings:
        _recordings(corpus)
    for row in orjson.loads(boundary.models()):
        del row["family"]
        corpus.rows.append(row)
    _graft(corpus)
    return corpus
