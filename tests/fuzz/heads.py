"""Heads of boundary calls, good and bad."""

import random
from typing import Any

import orjson
from dragoman.translate import DIALECTS, boundary
from dragoman.translate.providers import PROVIDERS

from .mutate import Json, dumps

CANARY = "canary-5f1d0c"
SECRET = ("authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "set-cookie", "proxy-authorization")
"""Headers that no answer may repeat."""
PLACE = {
    "region": "eu-west-1", "project": "p", "location": "global", "deployment": "d", "api_version": "2024-10-21",
    "base_url": "https://h.example/v1",
}  # fmt: skip
CLIENT_HEADERS = (
    "anthropic-beta", "x-grok-conv-id", "openai-beta", "x-request-id", "retry-after", "x-ratelimit-remaining-requests",
    "x-amzn-errortype", "x-amzn-requestid", "request-id", "content-type",
)  # fmt: skip
MODELS = {
    name: [
        row["prefix"]
        for row in orjson.loads(boundary.models())
        if row["family"] in provider.families and row["prefix"]
    ] or ["some-model"]
    for name, provider in PROVIDERS.items()
}  # fmt: skip
STATUSES = (200, 200, 200, 400, 401, 403, 404, 413, 424, 429, 500, 503, 529, 0, 99, 302, 600, 10**6, -5)


def provider_for(rng: random.Random, dialect: str) -> str:
    """A provider that speaks a dialect."""
    return rng.choice([
        name for name, row in PROVIDERS.items() if dialect in (row.dialect, row.other and row.other.dialect)
    ])  # fmt: skip


def asking(rng: random.Random, client: str, provider: str, json_: Json) -> dict[str, Any]:
    """A head for a request, all of its words good ones."""
    models = MODELS[provider] if rng.random() < 0.8 else MODELS[rng.choice(list(MODELS))]
    head: dict[str, Any] = {"from": client, "to": provider, "model": rng.choice(models), "now": 1, "id": "seed"}
    head |= PLACE
    if rng.random() < 0.2:
        del head[rng.choice(list(head))]
    if rng.random() < 0.1 and json_.corpus.heads:
        head |= rng.choice(json_.corpus.heads)
    if rng.random() < 0.7:
        head["on_loss"] = "allow"
    for key, values in _SOMETIMES.items():
        if rng.random() < 0.08:
            head[key] = rng.choice(values)
    if rng.random() < 0.1:
        head["models"] = [{**rng.choice(json_.corpus.rows), "prefix": head.get("model", "m")}]
    return head


_SOMETIMES: dict[str, tuple[Any, ...]] = {
    "strict_openai": (True,),
    "explain": (True,),
    "prompt_cache": ("auto",),
    "stream": (True, False),
    "stream_form": ("array",),
    "what": ("count",),
    "family": ("claude-sonnet-4-5", "gpt-5", "gemini-3-pro", "grok-4"),
    "request_id": ("r",),
    "on_loss": ("refuse", {"contract": "refuse"}, {"quality": "refuse", "hint": "refuse"}),
    "media": ({"https://h.example/x.png": {"media_type": "image/png", "data": "iVBORw0KGgo="}},),
}


def with_headers(rng: random.Random, head: dict[str, Any]) -> dict[str, Any]:
    """A head with headers, secret ones among them."""
    headers: dict[str, Any] = {name: "1" for name in CLIENT_HEADERS if rng.random() < 0.3}
    head["headers"] = headers | {name: CANARY for name in SECRET if rng.random() < 0.3}
    return head


def written(rng: random.Random, json_: Json, head: dict[str, Any], odds: float) -> bytes:
    """A head as bytes, sometimes mutated; with headers sometimes, whose secrets stay where they are."""
    changed = json_(head, most=2) if rng.random() < odds else head
    if type(changed) is dict and rng.random() < 0.3 and type(changed.get("headers")) in (dict, type(None)):
        changed = with_headers(rng, changed)
    return dumps(changed)


def context_for(rng: random.Random, json_: Json, dialect: str) -> dict[str, Any]:
    """The context of a request that a provider of a dialect is to answer, as the boundary made it."""
    client = rng.choice(list(DIALECTS))
    provider = provider_for(rng, dialect)
    body = rng.choice(json_.corpus.requests[client])
    head = asking(rng, client, provider, json_) | {"on_loss": "allow", "to": provider}
    if rng.random() < 0.5:
        body = json_.text(body)
    answer = boundary.request(orjson.dumps(head), body)
    context: dict[str, Any] = orjson.loads(answer.head).get("context") or {}
    if context.get("dialect") != dialect:
        context = {"client": client, "provider": provider, "dialect": dialect, "model": "m"}
    return context


def told(rng: random.Random, json_: Json, dialect: str, status: int = 200) -> bytes:
    """A head for a reply or a stream."""
    head = {"context": context_for(rng, json_, dialect), "status": status, "now": 1_795_000_000, "id": "seed"}
    if rng.random() < 0.1:
        head["status"] = rng.choice(STATUSES)
    return written(rng, json_, head, 0.1)


def keeps_secrets(head: bytes) -> bool:
    """Whether the secret of a head stands only where an answer may not take it from."""
    if CANARY.encode() not in head:
        return False
    try:
        value = orjson.loads(head)
    except orjson.JSONDecodeError:
        return False
    headers = value.get("headers") if type(value) is dict else None
    if type(headers) is not dict:
        return False
    value["headers"] = {name: item for name, item in headers.items() if name not in SECRET}
    return CANARY.encode() not in dumps(value)
