"""Calls of the boundary beside the translation of chat: signatures, and embeddings."""

import orjson
from dragoman.translate import boundary

from . import heads
from .case import Case, expect
from .mutate import Json, dumps, mutate_bytes
from .promises import head_of, is_refusal, keeps_silent, losses_of, parsed
from .watch import timed


def make_sign(json_: Json, _: str) -> tuple[bytes, tuple[bytes, ...]]:
    rng = json_.rng
    url = rng.choice(
        ("https://h.example/model/a%3Ab/converse?b=1&a", "https://h.example:8443//a/../b", "http://[::1]/")
    )
    head = {
        "method": "POST", "url": url, "headers": {"content-type": "application/json", "x-a": " a  b "},
        "region": "eu-west-1", "service": "bedrock", "now": rng.choice((0, 1_795_000_000, -1, 10**12)),
        "credentials": {"access_key": "AKID", "secret_key": heads.CANARY, "session_token": rng.choice((None, "t"))},
    }  # fmt: skip
    return (dumps(json_(head)) if rng.random() < 0.8 else mutate_bytes(rng, dumps(head))), (rng.randbytes(9),)


def run_sign(case: Case) -> set[str]:
    answer = timed(case.size, 1, boundary.sign, case.head, case.whole)
    expect(answer == boundary.sign(case.head, case.whole), "the same call is signed in two ways")
    if answer.status == 200:
        given = head_of(case.head)
        secret = given["credentials"]["secret_key"]
        rest = given | {"credentials": given["credentials"] | {"secret_key": ""}}
        hidden = len(secret) > 8 and secret.encode() not in orjson.dumps(rest)
        expect(not (hidden and secret.encode() in answer.head), "a secret key is told")
        return {f"signed {sorted(head_of(answer.head)['headers'])}"}
    expect(heads.CANARY.encode() not in answer.head + answer.body, "a secret key is told", answer)
    return {is_refusal(answer.status, answer.body, "openai_chat", range(400, 500))}


# What of a call counts for the cache of answers


def make_essence(json_: Json, dialect: str) -> tuple[bytes, tuple[bytes, ...]]:
    rng = json_.rng
    provider = rng.choice(list(heads.MODELS))
    head = {"context": {"provider": provider, "dialect": dialect}, "headers": {"content-type": "application/json"}}
    labels = {"user": "u", "metadata": {"user_id": "u"}, "labels": {}, "requestMetadata": {"a": "b"}}
    return dumps(json_(head)), (json_.text(dumps({"messages": [{"role": "user", "content": "Hi"}], **labels})),)


def run_essence(case: Case) -> set[str]:
    essence = timed(case.size, 1, boundary.essence, case.head, case.whole)
    expect(essence == boundary.essence(case.head, case.whole), "the same call has two essences")
    return {"all of it" if essence.endswith(case.whole) else "less"}


# Embeddings: requests in OpenAI's form, and the replies of their calls

EMBEDDERS = {
    "openai": ("text-embedding-3-small", "text-embedding-ada-002", "any"),
    "azure": ("text-embedding-3-large", "any"),
    "openai_compatible": ("nomic",),
    "gemini": ("gemini-embedding-001", "any"),
    "vertex": ("text-embedding-005", "gemini-embedding-001", "any"),
    "vertex_express": ("text-multilingual-embedding-002",),
    "bedrock": ("amazon.titan-embed-text-v2:0", "eu.cohere.embed-v4:0", "cohere.embed-english-v3", "any"),
    "groq": ("any",),
}
REQUESTS = (
    {"input": "one"},
    {"input": ["one", "two", "three"], "dimensions": 256, "encoding_format": "base64"},
    {"input": ["one"] * 230, "encoding_format": "float", "user": "u"},
    {"input": [1, 2, 3], "dimensions": 1536},
    {"input": [[1, 2], [3]], "input_type": "search_query"},
    {"input": ["one", "two"], "task_type": "RETRIEVAL_DOCUMENT", "title": "t", "more": {"a": [1]}},
)
NUMBERS = [0.5, -1, 1e-7, 3.25]


def _head(json_: Json) -> dict[str, object]:
    rng = json_.rng
    provider = rng.choice(list(EMBEDDERS))
    head = {"to": provider, "model": rng.choice(EMBEDDERS[provider]), **heads.PLACE}
    if rng.random() < 0.2:
        del head[rng.choice(list(head))]
    if rng.random() < 0.6:
        head["on_loss"] = "allow"
    if rng.random() < 0.1:
        head["family"] = rng.choice(("titan-embed-text-v1", "embed-v4", "gpt-5"))
    return head


def make_embed(json_: Json, _: str) -> tuple[bytes, tuple[bytes, ...]]:
    rng = json_.rng
    body = orjson.dumps({"model": "a/m", **rng.choice(REQUESTS)})
    changed = mutate_bytes(rng, body) if rng.random() < 0.06 else json_.text(body)
    return heads.written(rng, json_, _head(json_), 0.15), (changed,)


def run_embed(case: Case) -> set[str]:
    head, body = case.head, case.whole
    answer = timed(case.size, 1, boundary.embed, head, body)
    expect(answer == boundary.embed(head, body), "the same request for embeddings is answered in two ways")
    once = boundary.parse(body)
    expect(answer == boundary.embed(head, once), "a parsed body is answered in another way")
    expect(answer == boundary.embed(head, once), "a request's value was changed", body[:300])
    keeps_silent(head, answer.head, answer.body)
    told = parsed(answer.head, "the head of calls for embeddings")
    said = losses_of(told)
    if answer.status != 200:
        return said | {is_refusal(answer.status, answer.body, "openai_chat", range(400, 500))}
    expect(sum(told["sizes"]) == len(answer.body), "bodies that are longer or shorter than is said", told["sizes"])
    at, counts = 0, told["context"]["counts"]
    expect(len(told["sizes"]) == len(counts) > 0, "a call without its count", told)
    for size in told["sizes"]:
        parsed(answer.body[at : at + size], "a native body of embeddings")
        at += size
    replies = [_reply(told["context"]["form"], count) for count in counts]
    whole = boundary.embedded(orjson.dumps(_told(told["context"], len(counts))), replies)
    expect(whole.status == 200, "a context that is not taken back", whole.body)
    data = parsed(whole.body, "embeddings")["data"]
    expect(len(data) == sum(counts), "more or fewer vectors than inputs", len(data))
    return said | {f"{told['context']['form']} in {min(len(counts), 3)}"}


def _told(context: object, calls: int) -> dict[str, object]:
    return {"context": context, "replies": [{"status": 200, "headers": {}}] * calls}


def _reply(form: str, count: int) -> bytes:
    """A sound reply of a provider."""
    usage = {"prompt_tokens": 3, "total_tokens": 3}
    data = [{"object": "embedding", "index": at, "embedding": NUMBERS} for at in range(count)]
    return orjson.dumps({
        "openai": {"object": "list", "data": data, "model": "m", "usage": usage},
        "batch": {"embeddings": [{"values": NUMBERS}] * count},
        "embed_content": {"embedding": {"values": NUMBERS}, "usageMetadata": {"promptTokenCount": 3}},
        "predict": {"predictions": [{"embeddings": {"values": NUMBERS, "statistics": {"token_count": 3}}}] * count},
        "titan": {"embedding": NUMBERS, "inputTextTokenCount": 3},
        "cohere": {"embeddings": {"float": [NUMBERS] * count}},
    }[form])  # fmt: skip


def make_embedded(json_: Json, _: str) -> tuple[bytes, tuple[bytes, ...]]:
    rng = json_.rng
    body = orjson.dumps(rng.choice(REQUESTS[:3]))
    asked = boundary.embed(orjson.dumps({**_head(json_), **heads.PLACE, "on_loss": "allow"}), body)
    context = orjson.loads(asked.head).get("context")
    if context is None:  # a provider or a model without embeddings
        context = {"provider": "openai", "dialect": "openai_chat", "model": "m", "form": "openai", "base64": False}
        context["counts"] = [1]
    bodies = [_reply(context["form"], count) for count in context["counts"]]
    at = rng.randrange(len(bodies))
    bodies[at] = mutate_bytes(rng, bodies[at]) if rng.random() < 0.1 else json_.text(bodies[at])
    head = _told(context, len(bodies))
    if rng.random() < 0.2:
        head["tell_model"] = True
    if rng.random() < 0.2:
        status = rng.choice(heads.STATUSES)
        head["replies"] = [{"status": status, "headers": dict.fromkeys(heads.CLIENT_HEADERS[:4], "1")}] * len(bodies)
    return (dumps(json_(head, most=2)) if rng.random() < 0.15 else dumps(head)), tuple(bodies)


def run_embedded(case: Case) -> set[str]:
    answer = timed(case.size, len(case.pieces), boundary.embedded, case.head, case.pieces)
    expect(answer == boundary.embedded(case.head, case.pieces), "the same embeddings are told in two ways")
    told = parsed(answer.head, "the head of embeddings")
    said = losses_of(told)
    if answer.status != 200:
        return said | {is_refusal(answer.status, answer.body, "openai_chat", range(400, 600))}
    data = parsed(answer.body, "embeddings")["data"]
    expect(type(data) is list, "embeddings that are no list", answer.body[:300])
    counts = head_of(case.head)["context"]["counts"]
    expect(len(data) == sum(counts), "more or fewer vectors than inputs", len(data))
    expect(type(told.get("model", "")) is str, "a model that is no name", told)
    return said | {f"told {type(data[0]['embedding']).__name__} {'model' in told}" if data else "told nothing"}
