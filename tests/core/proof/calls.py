"""The boundary, as the tests call it: Python values in and out, always through bytes."""

from typing import Any, NamedTuple

import orjson
from dragoman.translate import boundary
from dragoman.translate.providers import PROVIDERS

from . import converse

NOW, SEED = 1_795_000_000, "seed"
STAMP = {"now": NOW, "id": SEED}

PROVIDER = {
    "openai_chat": "openai",
    "openai_responses": "openai",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "bedrock": "bedrock",
}
"""The provider that stands for a dialect."""
MODEL = {
    "openai_chat": "gpt-4o",
    "openai_responses": "gpt-5.1-codex",
    "anthropic": "claude-sonnet-4-5",
    "gemini": "gemini-2.5-flash",
    "bedrock": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
}


def provider_of(dialect: str, client: str) -> str:
    """The provider that speaks a dialect with a client: OpenAI answers each client on the surface that it asks."""
    return "openai_compatible" if (client, dialect) == ("openai_responses", "openai_chat") else PROVIDER[dialect]


PLACE = {"base_url": "https://server.example/v1", "region": "eu-west-1", "project": "p"}
"""What addresses of providers need."""


class Sent(NamedTuple):
    """What the boundary says to a request."""

    status: int
    head: dict[str, Any]
    body: Any
    raw: bytes = b""

    @property
    def losses(self) -> list[dict[str, str]]:
        return self.head.get("losses", [])

    @property
    def lost(self) -> set[tuple[str, str, str]]:
        return {(loss["path"], loss["kind"], loss["severity"]) for loss in self.losses}

    @property
    def error(self) -> dict[str, Any]:
        return self.body["error"]


class Got(NamedTuple):
    """What the boundary says to a provider's reply or stream."""

    status: int
    head: dict[str, Any]
    body: Any
    raw: bytes = b""


def send(body: Any, client: str = "openai_chat", to: str = "anthropic", **head: Any) -> Sent:
    """A client's request to a provider."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    head.setdefault("model", MODEL.get({"openai": "openai_chat"}.get(to, to), "some-model"))
    for name in PROVIDERS[to].needs:
        head.setdefault(name, PLACE[name])
    answer = boundary.request(orjson.dumps({"from": client, "to": to, **head}), raw)
    return Sent(answer.status, *in_words(answer.status, answer.head, answer.body), answer.body)


def in_words(status: int, raw_head: bytes, raw_body: bytes) -> tuple[dict[str, Any], Any]:
    """Head and body of an answer, whose losses and errors all say in words what is the matter."""
    head, body = orjson.loads(raw_head), orjson.loads(raw_body) if raw_body else None
    assert all(loss["detail"].strip(" .") for loss in head.get("losses", ())), head
    if status >= 400 and status != 428:
        assert body.get("error", body)["message"].strip(" ."), body
    return head, body


def native(body: Any, client: str = "openai_chat", to: str = "anthropic", **head: Any) -> Any:
    """The native body of a request that is not refused."""
    sent = send(body, client, to, **head)
    assert sent.status == 200, sent
    return sent.body


def context_of(body: Any, client: str = "openai_chat", to: str = "anthropic", **head: Any) -> dict[str, Any]:
    """What travels beside a call to its reply."""
    sent = send(body, client, to, **head)
    assert sent.status == 200, sent
    return sent.head["context"]


def plain_context(client: str, dialect: str, **rest: Any) -> dict[str, Any]:
    """The context of a request that needed nothing special."""
    request = {"model": "m", **PLAIN[client], **rest}
    return context_of(request, client, provider_of(dialect, client), model=MODEL[dialect])


_HI = [{"role": "user", "content": "Hi"}]
PLAIN: dict[str, dict[str, Any]] = {
    "openai_chat": {"max_tokens": 4000, "messages": _HI},
    "openai_responses": {"max_output_tokens": 4000, "input": _HI},
    "anthropic": {"max_tokens": 4000, "messages": _HI},
    "gemini": {
        "generationConfig": {"maxOutputTokens": 4000},
        "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
    },
    "bedrock": {"inferenceConfig": {"maxTokens": 4000}, "messages": [{"role": "user", "content": [{"text": "Hi"}]}]},
}
"""What a client of a dialect says who says little."""


def receive(context: dict[str, Any], body: Any, status: int = 200, **head: Any) -> Got:
    """A provider's whole reply for the client."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    answer = boundary.reply(orjson.dumps({"context": context, "status": status, **STAMP, **head}), raw)
    return Got(answer.status, *in_words(answer.status, answer.head, answer.body), answer.body)


def stream(context: dict[str, Any], pieces: list[bytes]) -> tuple[bytes, dict[str, Any]]:
    """A provider's stream, cut into pieces, for the client: all bytes, and the head of ``close``."""
    status, pipe = boundary.open(orjson.dumps({"context": context, **STAMP}))
    assert status == 200
    out = []
    for piece in pieces:
        pipe, data = boundary.feed(pipe, piece)
        out.append(data)
    last, head = boundary.close(pipe)
    return b"".join(out) + last, in_words(200, head, b"")[0]


def cut(data: bytes, size: int) -> list[bytes]:
    """Data in pieces of one size."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def frames(data: bytes) -> list[Any]:
    """The JSON of every event of a stream; ``[DONE]`` stays a string, and a binary event is ``{type: payload}``."""
    if data.startswith(b"\0"):
        return converse.frames(data)
    if data.startswith(b"{"):
        return [orjson.loads(line) for line in data.splitlines() if line.startswith(b"{")]
    found = []
    for block in data.decode().split("\n\n"):
        lines = [line[5:].strip() for line in block.split("\n") if line.startswith("data:")]
        if lines:
            text = "\n".join(lines)
            found.append(text if text == "[DONE]" else orjson.loads(text))
    return found


def events(*payloads: dict[str, Any]) -> bytes:
    """Anthropic stream events as bytes."""
    return b"".join(b"event: %b\ndata: %b\n\n" % (item["type"].encode(), orjson.dumps(item)) for item in payloads)


def chunks(*payloads: dict[str, Any], done: bool = True) -> bytes:
    """OpenAI chunks as bytes."""
    return b"".join(b"data: %b\n\n" % orjson.dumps(item) for item in payloads) + (b"data: [DONE]\n\n" if done else b"")
