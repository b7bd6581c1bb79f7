"""All bodies that the tests have, each with the providers and models it goes to: what is approved is what they become.

The rows of ``*.jsonl`` here are the answers of the boundary, byte for byte. Models take turns, so that each row of the
model tables serves some requests. ``pytest tests/approved --accept -n 0`` writes what differs; the difference is then
for git, and for a person, to judge.
"""

import functools
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from dragoman.translate import boundary

from ..core.proof import converse
from ..core.proof.calls import PLAIN, STAMP, cut
from ..fuzz.events import Event, render_plainly
from ..probes import chat_bodies, messages_bodies
from ..probes.test_responses_requests import BODIES as RESPONSES
from . import more, rich, rich_answers, rich_streams

HERE = Path(__file__).parent
CASES = HERE.parent / "cases"
IDENTITY = HERE.parent / "identity"
CLIENTS = ("openai_chat", "openai_responses", "anthropic", "gemini", "bedrock")

_CLAUDES = (
    "claude-sonnet-4-5", "claude-opus-5-5", "claude-sonnet-4-0", "claude-haiku-5-5", "claude-fable-5-2",
    "claude-opus-4-6",
    "claude-3-5-haiku", "claude-sonnet-5", "claude-opus-4-8", "claude-haiku-4-5", "claude-mythos-5-1", "claude-2.1",
    "claude-sonnet-5-5", "claude-opus-4-1", "claude-3-7-sonnet", "claude-opus-5", "claude-opus-4-7", "claude-fable-5",
    "claude-sonnet-4-6", "claude-mythos-preview", "claude-3-opus", "claude-opus-4-5", "claude-fable-5-1",
    "claude-instant-1",
    "claude-mythos-5-2", "claude-mythos-5", "claude-opus-4-0", "claude-next",
)  # fmt: skip
_GPTS = (
    "gpt-4o", "gpt-5", "gpt-5.1", "o3", "gpt-5.6", "gpt-4.1", "gpt-5.1-codex", "gpt-3.5-turbo", "gpt-5.2", "o4-mini",
    "gpt-4", "gpt-5.4", "o1", "gpt-6-sol", "gpt-4-turbo", "gpt-5-pro", "gpt-5.3", "o3-mini", "gpt-audio", "gpt-5.5",
    "gpt-5-chat-latest", "o3-deep-research", "gpt-6-astra", "gpt-5.1-chat", "gpt-6.1-terra", "codex-mini", "gpt-6-luna",
    "gpt-5.3-codex", "gpt-6.1-sol", "o1-pro", "computer-use-preview", "gpt-4-vision-preview", "gpt-5.1-codex-max",
    "gpt-5.2-chat", "gpt-5.3-chat", "gpt-9", "chatgpt-4o-latest", "gpt-5.4-pro", "gpt-5.6-sol-codex",
)  # fmt: skip
_GEMINIS = (
    "gemini-2.5-flash", "gemini-3-pro", "gemini-2.5-pro", "gemini-3.5-flash", "gemini-2.0-flash", "gemini-4-argon",
    "gemini-2.5-flash-lite", "gemini-3.6-flash", "gemini-3-flash", "gemini-3.1-pro", "gemini-2.5-flash-image",
    "gemini-3.8-flash", "gemini-1.5-pro", "gemini-3.7-flash", "gemini-flash-latest", "gemini-3.5-flash-lite",
    "gemini-flash-lite-latest", "gemini-3.1-flash-lite", "gemini-pro-latest", "gemini-3.1-flash-image",
    "gemini-3-pro-image", "gemini-2.5-flash-preview-tts", "gemini-1.0-pro", "gemma-3n-e4b-it", "gemma-3-1b-it",
    "gemma-3-27b-it", "gemma-2-9b-it", "gemma-3-4b-it", "gemini-9", "gemini-2.5-pro-preview-tts", "gemma-3-12b-it",
    "gemma-4",
)  # fmt: skip
_BEDROCKS = (
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "us.amazon.nova-2-lite-v1:0", "us.anthropic.claude-opus-5-5-v1:0",
    "amazon.nova-pro-v1:0", "anthropic.claude-3-5-haiku-20241022-v1:0", "openai.gpt-oss-120b-1:0",
    "us.anthropic.claude-opus-4-8", "mistral.mistral-large-2407-v1:0", "us.meta.llama4-maverick-17b-instruct-v1:0",
    "deepseek.v3-v1:0", "anthropic.claude-sonnet-4-0", "amazon.nova-micro-v1:0", "us.deepseek.r1-v1:0",
    "us.anthropic.claude-haiku-5-5", "qwen.qwen3-32b-v1:0", "amazon.titan-text-express-v1",
    "us.meta.llama3-2-11b-instruct-v1:0",
    "us.anthropic.claude-fable-5-2", "amazon.nova-premier-v1:0", "mistral.pixtral-large-2502-v1:0",
    "cohere.command-r-v1:0",
    "anthropic.claude-3-5-sonnet-20241022-v2:0", "us.amazon.nova-2-omni-v1:0", "meta.llama3-70b-instruct-v1:0",
    "us.anthropic.claude-opus-4-6-v1", "mistral.mixtral-8x7b-instruct-v0:1", "ai21.jamba-1-5-large-v1:0",
    "anthropic.claude-v2:1", "us.anthropic.claude-sonnet-5-5", "mistral.ministral-3-8b-instruct", "deepseek.v3.1",
    "us.anthropic.claude-opus-5", "moonshot.kimi-k2-thinking", "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
    "mistral.magistral-small-2509", "us.anthropic.claude-opus-4-7", "minimax.minimax-m2", "google.gemma-3-27b-it",
    "nvidia.nemotron-nano-12b-v2", "writer.palmyra-x5-v1:0", "zai.glm-4.6", "us.anthropic.claude-mythos-5",
    "amazon.nova-lite-v1:0",
    "us.meta.llama3-2-90b-instruct-v1:0", "mistral.voxtral-mini-3b-2507", "deepseek.v3.2", "someone.else-v1:0",
)  # fmt: skip
_HOSTS = (
    ("xai", "grok-4.3"), ("groq", "openai/gpt-oss-120b"), ("azure", "gpt-4o"), ("openai_compatible", "some-model"),
    ("vertex", "gemini-2.5-flash"), ("xai", "grok-4.5"), ("groq", "qwen/qwen3-32b"), ("azure", "gpt-5.1"),
    ("vertex", "claude-sonnet-4-5"), ("xai", "grok-3-mini"), ("groq", "llama-3.3-70b-versatile"), ("azure", "o3"),
    ("vertex_express", "gemini-3-pro"), ("xai", "grok-4-fast"), ("groq", "meta-llama/llama-4-scout-17b"),
    ("azure", "grok-3"), ("xai", "grok-3"), ("groq", "moonshotai/kimi-k2-instruct"), ("xai", "grok-4.20-multi-agent"),
    ("vertex", "claude-opus-5-5"), ("xai", "grok-2-vision"), ("groq", "openai/gpt-oss-20b"),
    ("xai", "grok-code-fast-1"),
    ("xai", "grok-4"), ("groq", "qwen/qwen3.6-27b"), ("xai", "grok-4.6"), ("groq", "openai/gpt-oss-safeguard-20b"),
    ("xai", "grok-4.20-non-reasoning"), ("groq", "llama-3.1-8b-instant"), ("xai", "grok-4.7"), ("xai", "grok-2"),
    ("groq", "qwen/qwen3.8-27b"), ("xai", "grok-4-1-fast-non-reasoning"), ("groq", "meta-llama/llama-4-maverick-17b"),
    ("xai", "grok-4.20-reasoning"), ("groq", "someone/else"), ("xai", "grok-4-1-fast"), ("xai", "grok-9"),
)  # fmt: skip
PLACE = {"base_url": "https://models.example/v1", "region": "eu-west-1", "project": "p", "location": "global"}
_MEDIA = {
    "pdf": {"media_type": "application/pdf", "data": "JVBERi0xLjQK"},
    "png": {"media_type": "image/png", "data": "iVBORw0KGgo="},
}


class Said(NamedTuple):
    """A body of a client, or of a provider, and where it comes from."""

    speaker: str
    name: str
    body: bytes

    def __str__(self) -> str:
        return f"{self.speaker}-{self.name}"

    @property
    def turn(self) -> int:
        """A number that stays when bodies are added: it says whose turn it is."""
        return zlib.crc32(str(self).encode())


def requests() -> Iterator[Said]:
    """What clients say."""
    books: tuple[tuple[str, dict[str, Any]], ...] = (
        ("openai_chat", chat_bodies.BODIES),
        ("anthropic", messages_bodies.BODIES),
        ("openai_responses", RESPONSES),
    )
    for client, bodies in books:
        yield from (Said(client, name, _bytes(body)) for name, body in bodies.items())
    for client in CLIENTS:
        lines = (IDENTITY / f"{client}.jsonl").read_bytes().splitlines()
        yield from (Said(client, f"identity {number}", line) for number, line in enumerate(lines, 1))
        for number, line in enumerate(lines, 1):
            yield Said(client, f"count of {number}", _bytes(_question(client, orjson.loads(line), number)))
    for client in CLIENTS[1:]:
        for path in sorted(CASES.glob(f"*/{client}.json")):
            yield Said(client, f"case {path.parent.name}", path.read_bytes())
    for source in (more, rich):
        yield from (Said(client, name, _bytes(body)) for client, name, body in source.requests())


def _question(client: str, body: Any, number: int) -> Any:
    """How many tokens a request has, as clients ask."""
    if client == "bedrock":
        return {"input": {"converse": body}} if number != 1 else {"input": {}}
    return {"generateContentRequest": body} if client == "gemini" and number % 2 == 1 else body


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else orjson.dumps(body)


def targets(number: int) -> tuple[tuple[str, str], ...]:
    """Where a request goes whose turn it is: each dialect once, and one host."""
    turns = (("openai", _GPTS), ("anthropic", _CLAUDES), ("gemini", _GEMINIS), ("bedrock", _BEDROCKS))
    return (*((to, models[number % len(models)]) for to, models in turns), _HOSTS[number % len(_HOSTS)])


def sent(said: Said) -> list[dict[str, Any]]:
    """What becomes of a request at each of its targets."""
    return [sent_to(said, to, model, said.turn) for to, model in targets(said.turn)]


def sent_to(said: Said, to: str, model: str, number: int) -> dict[str, Any]:
    head: dict[str, Any] = {"from": said.speaker, "to": to, "model": model, "on_loss": "allow", "causes": True}
    wanted = ("base_url",) if to in ("azure", "openai_compatible") else ("region", "project", "location")
    head |= {name: PLACE[name] for name in wanted}
    # Every third client lets the gateway set cache marks; every fifth wants a stream, where that is said beside.
    head |= ({"prompt_cache": "auto"} if number % 3 == 0 else {}) | ({"stream": True} if number % 5 == 0 else {})
    head |= {"what": "count"} if said.name.startswith("count") else {}
    answer = boundary.request(orjson.dumps(head), said.body)
    if answer.status == 428:
        needs = orjson.loads(answer.head)["needs"]
        head["media"] = {url: _MEDIA["pdf" if "pdf" in url else "png"] for url in needs}
        answer = boundary.request(orjson.dumps(head), said.body)
    row: dict[str, Any] = {"to": to, "model": model, "status": answer.status}
    told = orjson.loads(answer.head)
    row |= {key: told[key] for key in ("url", "headers", "stream", "row", "stream_type") if key in told}
    causes = told.get("causes") or [""] * len(told["losses"])
    row["losses"] = [in_words(loss, cause) for loss, cause in zip(told["losses"], causes, strict=True)]
    row["context"] = told.get("context")
    if answer.status == 200:
        row["body"] = _as_written(answer.body)
    else:
        row["refused"] = orjson.loads(answer.body)
    return row


def in_words(loss: dict[str, str], cause: str = "") -> str:
    """A loss as a line, with what makes it necessary."""
    return "{path} {kind} {severity}{why}: {detail}".format_map({**loss, "why": f" by {cause}" if cause else ""})


def _as_written(body: bytes) -> Any:
    """A body that keeps the order of its keys and every digit in a row of one line."""
    return body.decode() if b"\n" in body or b"\r" in body else orjson.Fragment(body)


SPEAKERS = {"openai_chat": "openai", "openai_responses": "openai", "anthropic": "anthropic", "gemini": "gemini",
            "bedrock": "bedrock"}  # fmt: skip


def answers() -> Iterator[Said]:
    """What providers say: whole replies and errors, and streams."""
    for speaker in CLIENTS:
        for path in sorted(CASES.glob(f"*/{speaker}.reply.json")):
            yield Said(speaker, f"reply {path.parent.name}", path.read_bytes())
        for path in sorted(CASES.glob(f"*/{speaker}.stream.txt")):
            data = path.read_bytes()
            yield Said(speaker, f"stream {path.parent.name}", converse.to_wire(data) if speaker == "bedrock" else data)
    yield from (Said(speaker, name, _bytes(body)) for speaker, name, body in more.answers())
    for speaker, replies in rich_answers.REPLIES.items():
        yield from (Said(speaker, f"rich reply: {name}", _bytes(body)) for name, body in replies.items())
    for speaker, errors in rich_answers.ERRORS.items():
        for number, (status, body) in enumerate(errors, 1):
            yield Said(speaker, f"error {status} rich {number}", _bytes(body))
    for speaker, streams in rich_streams.STREAMS.items():
        for name, pairs in streams.items():
            events = [Event(kind, orjson.dumps(body)) for kind, body in pairs]
            done = [Event("", b"[DONE]")] if speaker == "openai_chat" else []
            yield Said(speaker, f"stream of rich: {name}", render_plainly(speaker, [*events, *done]))


NOTES: tuple[dict[str, Any], ...] = (
    {"names": {"f": "f.x", "get_weather": "weather.now"}},
    {"json_text": True, "json_at": "/response_format"},
    {"custom": ["f", "get_weather"]},
    {"json_tool": "f"},
    {"legacy": True},
    {"explain": True, "losses": []},
    {"cite": True},
    {"stream_form": "array"},
    {"include_usage": False},
)
"""What contexts note of requests that were more than plain (``Context``)."""


def told(said: Said) -> list[dict[str, Any]]:
    """What each client is told of an answer, plain ones and others; strict ones take turns with all others."""
    rows = []
    for place, client in enumerate(CLIENTS):
        notes = NOTES[(said.turn // 2 + place) % len(NOTES)]
        for note in ({}, notes if client == "openai_chat" or "legacy" not in notes else NOTES[0]):
            streams = said.name.startswith("stream ")
            made = context(said.speaker, client, streams=streams, strict=(said.turn + place) % 2 == 1)
            known = {"client": client, "strict": made.get("strict", False), "note": note, "dialect": made["dialect"]}
            rows.append({**known, **told_by(said, {**made, **note})})
    return rows


@functools.cache
def context(speaker: str, client: str, *, streams: bool, strict: bool) -> Any:
    """The context of a plain request of a client to a provider."""
    body: dict[str, Any] = {"model": "m", **PLAIN[client]}
    if streams:
        body["stream"] = True
    if streams and client == "openai_chat":
        body["stream_options"] = {"include_usage": True}
    to = SPEAKERS[speaker]
    if (client, speaker) == ("openai_responses", "openai_chat"):
        to = "openai_compatible"
    model = "gpt-5.1-codex" if speaker == "openai_responses" else "some-model"
    head = {
        "from": client,
        "to": to,
        "model": model,
        "stream": streams,
        "strict_openai": strict,
        **PLACE,
        "on_loss": "allow",
    }
    if to != "openai_compatible":
        del head["base_url"]
    return orjson.loads(boundary.request(orjson.dumps(head), orjson.dumps(body)).head)["context"]


def told_by(said: Said, made: Any) -> dict[str, Any]:
    """What the client of a context is told of an answer."""
    return _streamed(said, made) if said.name.startswith("stream ") else _replied(said, made)


def _replied(said: Said, made: Any) -> dict[str, Any]:
    first, _, rest = said.name.partition(" ")
    folder = CASES / rest
    heads = orjson.loads((folder / "head.json").read_bytes()) if (folder / "head.json").exists() else {}
    status = int(rest.split()[0]) if first == "error" else 200
    head = {"context": made, "status": status, **STAMP, **heads.get("reply", {})}
    answer = boundary.reply(orjson.dumps(head), said.body)
    return {"status": answer.status, "head": _brief(answer.head), "body": _as_written(answer.body)}


def _streamed(said: Said, made: Any) -> dict[str, Any]:
    told = streamed([said.body], made)
    assert streamed(cut(said.body, 11), made) == told
    return told


def streamed(pieces: list[bytes], made: Any) -> dict[str, Any]:
    """What the client of a context is told of a stream that comes in pieces."""
    _, pipe = boundary.open(orjson.dumps({"context": made, **STAMP}))
    out = []
    for piece in pieces:
        pipe, data = boundary.feed(pipe, piece)
        out.append(data)
    last, head = boundary.close(pipe)
    return {"head": _brief(head), "wire": (b"".join(out) + last).decode("utf-8", "backslashreplace")}


def _brief(raw: bytes) -> Any:
    head = orjson.loads(raw)
    head["losses"] = list(map(in_words, head["losses"]))
    return head
