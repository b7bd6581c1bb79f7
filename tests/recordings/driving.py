"""The boundary, driven: a head and a body in, parsed values out."""

from collections.abc import Iterable
from typing import Any

import attrs
import orjson
from dragoman.translate import boundary
from dragoman.translate.providers import PROVIDERS

ALLOW = {"contract": "allow", "quality": "allow", "cost": "allow", "hint": "allow"}
BASE = "https://models.example/v1"


@attrs.frozen
class Planned:
    """A translated request."""

    status: int
    body: Any
    raw: bytes
    head: Any

    @property
    def losses(self) -> list[dict[str, str]]:
        return self.head.get("losses") or []

    @property
    def error(self) -> dict[str, Any]:
        return self.body["error"]


def call(body: Any, client: str, provider: str, model: str, **head: Any) -> Planned:
    """``boundary.request`` of one body; media that are needed are given."""
    wire = body if isinstance(body, bytes) else orjson.dumps(body)
    head = {"from": client, "to": provider, "model": model, "now": 1, "id": "t", **head}
    if "base_url" in PROVIDERS[provider].needs:
        head.setdefault("base_url", BASE)
    answer = boundary.request(orjson.dumps(head), wire)
    if answer.status == 428:
        needs = orjson.loads(answer.head)["needs"]
        fetched = {"media_type": "application/pdf", "data": "JVBERi0xLjQK"}
        image = {"media_type": "image/png", "data": "iVBORw0KGgo="}
        head["media"] = {url: image if url.lower().endswith(("png", "jpg", "jpeg")) else fetched for url in needs}
        answer = boundary.request(orjson.dumps(head), wire)
    head_out, parsed = orjson.loads(answer.head), orjson.loads(answer.body)
    # Losses and errors say in words what is the matter.
    assert all(loss["detail"].strip(" .") for loss in head_out.get("losses") or ()), head_out
    assert answer.status < 400 or parsed.get("error", parsed)["message"].strip(" ."), parsed
    return Planned(answer.status, parsed, answer.body, head_out)


PLAIN = {"openai_chat": {"model": "m", "messages": [{"role": "user", "content": "hi"}]}}
PLAIN["anthropic"] = {**PLAIN["openai_chat"], "max_tokens": 100}


def context(client: str, provider: str, *, stream: bool = False, **more: Any) -> Any:
    """The context of a plain request of a client, as the boundary makes it."""
    body = {**PLAIN[client], **more}
    if stream:
        body["stream"] = True
        if client == "openai_chat":
            body["stream_options"] = {"include_usage": True}
    return call(body, client, provider, "upstream-model", on_loss=ALLOW).head["context"]


@attrs.frozen
class Told:
    """A translated reply."""

    status: int
    body: Any
    head: Any


def reply(made: Any, body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Told:
    """``boundary.reply`` of one body."""
    head = {"context": made, "status": status, "headers": headers or {}, "now": 1, "id": "t"}
    answer = boundary.reply(orjson.dumps(head), body)
    return Told(answer.status, orjson.loads(answer.body), orjson.loads(answer.head))


@attrs.frozen
class Streamed:
    """A translated stream: the client's bytes, and the head of ``close``."""

    wire: bytes
    head: Any


def stream(made: Any, pieces: Iterable[bytes]) -> Streamed:
    """``boundary.open``, ``feed`` for each piece, ``close``."""
    status, pipe = boundary.open(orjson.dumps({"context": made, "now": 1, "id": "t"}))
    assert status == 200
    out = []
    for piece in pieces:
        pipe, data = boundary.feed(pipe, piece)
        out.append(data)
    last, head = boundary.close(pipe)
    return Streamed(b"".join(out) + last, orjson.loads(head))


def cut(data: bytes, size: int) -> list[bytes]:
    """The data in pieces of one size."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def frames(wire: bytes) -> list[tuple[str | None, str]]:
    """Server-sent events read in the plainest way: (event, data)."""
    out = []
    for block in wire.decode().replace("\r\n", "\n").split("\n\n"):
        name, data = None, []
        for line in block.split("\n"):
            if line.startswith("event:"):
                name = line[6:].strip()
            elif line.startswith("data:"):
                data.append(line[5:].strip())
        if data:
            out.append((name, "\n".join(data)))
    return out
