"""The wire forms of embeddings: how a call is written, and how its reply is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ..records import TranslationError
from ..records.quick import record
from ..values import count_of
from .records import TASKS, EmbeddingReply, EmbeddingRequest, Input, Vector
from .rows import EmbeddingRow

Body = dict[str, Any]
Write = Callable[[EmbeddingRequest, Sequence[Input], EmbeddingRow, str], Body]
Read = Callable[[Any, Mapping[str, str]], EmbeddingReply]


@record
class Form:
    """A wire form.

    Attributes:
        write: (request, inputs of this call, row, model id) -> body.
        read: (parsed reply, its headers) -> what it says.
        address: a pattern of the address of the provider's chat, and what stands there instead.
        takes: what can be said: ``user``, ``tokens``, ``title``, ``extras``.
    """

    write: Write
    read: Read
    address: tuple[str, str]
    takes: frozenset[str] = frozenset()


def _bad(what: str) -> TranslationError:
    return TranslationError(
        f"The provider's reply is not what its format promises: {what}.", code="bad_reply", status=502
    )


def _numbers(value: Any) -> list[float]:
    if type(value) is not list or not value or not all(type(item) is float or type(item) is int for item in value):
        raise _bad("a vector is no list of numbers")
    return value


def _list(value: Any, name: str) -> list[Any]:
    if type(value) is not list:
        raise _bad(f"there is no list of {name}")
    return value


def _object(value: Any) -> Body:
    if type(value) is not dict:
        raise _bad("it is no object")
    return value


# OpenAI, Azure, and servers like them


def _write_openai(request: EmbeddingRequest, inputs: Sequence[Input], row: EmbeddingRow, model: str) -> Body:
    body = {**request.raw, "model": model, "input": inputs[0] if request.single else list(inputs)}
    if not row.tasks:
        for name in ("input_type", "task_type", "title"):
            body.pop(name, None)
    return body


def _read_openai(reply: Any, headers: Mapping[str, str]) -> EmbeddingReply:
    reply = _object(reply)
    items = [_object(item) for item in _list(reply.get("data"), "data")]
    places = [item.get("index", at) for at, item in enumerate(items)]
    if sorted(place for place in places if type(place) is int) != list(range(len(items))):
        raise _bad("the places of its vectors are not 0, 1, 2 and so on")
    in_order = sorted(zip(places, items, strict=True), key=lambda pair: pair[0])
    vectors = tuple([_either(item.get("embedding")) for _, item in in_order])
    usage = reply.get("usage")
    counted = type(usage) is dict and type(usage.get("prompt_tokens")) is int
    model = reply.get("model")
    tokens = count_of(usage, "prompt_tokens") if counted else None
    return EmbeddingReply(vectors, tokens, model if type(model) is str and model else None)


def _either(value: Any) -> Vector:
    return value if type(value) is str and value else _numbers(value)


# Google


def _content(text: Input, role: str | None = None) -> Body:
    said = {"parts": [{"text": text}]}
    return {"role": role, **said} if role else said


def _wishes(request: EmbeddingRequest) -> Body:
    said = {"taskType": request.task, "title": request.title, "outputDimensionality": request.dimensions}
    return {name: value for name, value in said.items() if value is not None}


def _write_batch(request: EmbeddingRequest, inputs: Sequence[Input], row: EmbeddingRow, model: str) -> Body:
    wishes = _wishes(request)
    return {"requests": [{"model": f"models/{model}", "content": _content(text), **wishes} for text in inputs]}


def _read_batch(reply: Any, headers: Mapping[str, str]) -> EmbeddingReply:
    reply = _object(reply)
    vectors = tuple([_numbers(_object(item).get("values")) for item in _list(reply.get("embeddings"), "embeddings")])
    return EmbeddingReply(vectors, _google_count(reply))


def _google_count(reply: Body) -> int | None:
    usage = reply.get("usageMetadata")
    return count_of(usage, "promptTokenCount") if type(usage) is dict and "promptTokenCount" in usage else None


def _write_one(request: EmbeddingRequest, inputs: Sequence[Input], row: EmbeddingRow, model: str) -> Body:
    body = {"content": _content(inputs[0], "user")}
    # An input that is too long is an error everywhere; here it would be cut in silence.
    return {**body, "embedContentConfig": {**_wishes(request), "autoTruncate": False}}


def _read_one(reply: Any, headers: Mapping[str, str]) -> EmbeddingReply:
    reply = _object(reply)
    vector = _numbers(_object(reply.get("embedding")).get("values"))
    return EmbeddingReply((vector,), _google_count(reply))


def _write_predict(request: EmbeddingRequest, inputs: Sequence[Input], row: EmbeddingRow, model: str) -> Body:
    said = {"task_type": request.task, "title": request.title}
    wishes = {name: value for name, value in said.items() if value is not None}
    parameters: Body = {"autoTruncate": False}
    if request.dimensions is not None:
        parameters["outputDimensionality"] = request.dimensions
    return {"instances": [{"content": text, **wishes} for text in inputs], "parameters": parameters}


def _read_predict(reply: Any, headers: Mapping[str, str]) -> EmbeddingReply:
    items = [
        _object(_object(item).get("embeddings")) for item in _list(_object(reply).get("predictions"), "predictions")
    ]
    counts = [item.get("statistics") for item in items]
    counted = all(type(count) is dict and "token_count" in count for count in counts)
    tokens = sum(count_of(count, "token_count") for count in counts) if counted else None
    return EmbeddingReply(tuple([_numbers(item.get("values")) for item in items]), tokens)


# Bedrock


def _write_titan(request: EmbeddingRequest, inputs: Sequence[Input], row: EmbeddingRow, model: str) -> Body:
    body: Body = {"inputText": inputs[0]}
    if request.dimensions is not None and row.dimensions:
        body["dimensions"] = request.dimensions
    return body


def _read_titan(reply: Any, headers: Mapping[str, str]) -> EmbeddingReply:
    reply = _object(reply)
    tokens = count_of(reply, "inputTextTokenCount") if "inputTextTokenCount" in reply else None
    return EmbeddingReply((_numbers(reply.get("embedding")),), tokens)


def _write_cohere(request: EmbeddingRequest, inputs: Sequence[Input], row: EmbeddingRow, model: str) -> Body:
    task = TASKS[request.task or "RETRIEVAL_DOCUMENT"]
    body: Body = {"texts": list(inputs), "input_type": task, "embedding_types": ["float"]}
    if request.dimensions is not None and row.dimensions:
        body["output_dimension"] = request.dimensions
    return body


def _read_cohere(reply: Any, headers: Mapping[str, str]) -> EmbeddingReply:
    found = _object(reply).get("embeddings")
    if type(found) is dict:
        found = found.get("float")
    vectors = tuple([_numbers(item) for item in _list(found, "embeddings")])
    # It counts in a header, and nowhere in the body.
    count = headers.get("x-amzn-bedrock-input-token-count", "")
    return EmbeddingReply(vectors, int(count) if count.isascii() and count.isdecimal() and len(count) < 16 else None)


_GOOGLE: Final = frozenset({"title"})
_CONVERSE: Final = ("/converse$", "/invoke")

FORMS: Final[Mapping[str, Form]] = {
    "openai": Form(
        _write_openai, _read_openai, ("/chat/completions", "/embeddings"), frozenset({"user", "tokens", "extras"})
    ),
    "batch": Form(_write_batch, _read_batch, (":generateContent$", ":batchEmbedContents"), _GOOGLE),
    "embed_content": Form(_write_one, _read_one, (":generateContent$", ":embedContent"), _GOOGLE),
    "predict": Form(_write_predict, _read_predict, (":generateContent$", ":predict"), _GOOGLE),
    "titan": Form(_write_titan, _read_titan, _CONVERSE),
    "cohere": Form(_write_cohere, _read_cohere, _CONVERSE),
}
"""Name of a form -> the form."""
