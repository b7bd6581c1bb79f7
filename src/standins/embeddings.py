"""Embeddings of all stand-ins: the same text has the same vector everywhere, of the length that was asked for."""

import base64
import hashlib
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from openai.types import EmbeddingCreateParams
from typing_extensions import NotRequired, TypedDict  # noqa: UP035 - pydantic takes no other before Python 3.12

from . import embeddings_judge
from .judge import fault
from .memory import mint
from .oddities import Oddities, oddities, unlike_any_answer
from .turns import tokens
from .wire import Call, Refused, Reply, dump, json_reply, refuse

NATIVE = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
GOOGLE = {"gemini-embedding-001": 3072, "text-embedding-005": 768, "text-multilingual-embedding-002": 768}
MOST_IN_A_BATCH, MOST_INSTANCES, MOST_TEXTS = 100, 250, 96
MOST_TOKENS = 20_000  # of all instances


Fails = Callable[[Oddities], Refused]
"""What a stand-in says when it is asked to fail."""


def vector(text: object, length: int) -> list[float]:
    """Numbers that follow from the text, each of them exact in 32 bits."""
    data = hashlib.shake_256(dump(text)).digest(2 * length)
    return [number / 32768 for number in struct.unpack(f"<{length}h", data)]


def _odd(texts: Sequence[object], call: Call) -> Oddities:
    said = next((text for text in texts if isinstance(text, str) and oddities(text).asked), "")
    return oddities(said, call.headers.get("x-standin", ""))


# OpenAI and Azure


def params(body: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
    """The official type of a body."""
    return EmbeddingCreateParams, body


def openai(call: Call, body: Any, name: str, fails: Fails) -> Reply:
    """The answer of a model to a body that the official types have nothing against."""
    native = NATIVE.get(name)
    if native is None:
        raise Refused(
            404, f"The model `{name}` does not exist or you do not have access to it.", code="model_not_found"
        )
    given = body["input"]
    inputs = given if isinstance(given, list) and not isinstance(given[0], int) else [given]
    length = body.get("dimensions", native)
    if "dimensions" in body and name.endswith("ada-002"):
        refuse("This model does not support specifying dimensions.", "dimensions")
    if not 1 <= length <= native:
        refuse(f"Invalid value for 'dimensions': must be from 1 to {native}.", "dimensions")
    if not all(inputs) or len(inputs) > 2048:
        refuse("'$.input' is invalid. Please check the API reference.", "input")
    odd = _odd(inputs, call)
    if (strange := unlike_any_answer(odd, streamed=False)) is not None:
        return strange
    if odd.fails:
        raise fails(odd)
    data = [
        {"object": "embedding", "index": at, "embedding": _spelled(vector(text, length), body)}
        for at, text in enumerate(inputs)
    ]
    count = sum(len(text) if isinstance(text, list) else tokens(text) for text in inputs)
    usage = {"prompt_tokens": count, "total_tokens": count}
    return json_reply(200, {"object": "list", "data": data, "model": name, "usage": usage})


def _spelled(numbers: list[float], body: Mapping[str, Any]) -> object:
    if body.get("encoding_format") != "base64":
        return numbers
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


# Google

METHODS = {False: ("batchEmbedContents",), True: ("predict", "embedContent")}
"""Whether it is Vertex -> its methods."""


def google(call: Call, name: str, method: str, fails: Fails, *, vertex: bool) -> Reply:
    """The answer to one of the methods."""
    native = GOOGLE.get(name)
    if native is None:
        raise Refused(404, f"models/{name} is not found, or is not supported for {method}.")
    try:
        body = call.json()
    except ValueError:
        refuse("Invalid JSON payload received. Unexpected token.")
    found = embeddings_judge.fault(name, method, body, vertex=vertex)
    if found is not None:
        refuse(f"Invalid JSON payload received. {found}")
    texts, wished = embeddings_judge.asked(method, body)
    most = {"batchEmbedContents": MOST_IN_A_BATCH, "predict": MOST_INSTANCES, "embedContent": 1}[method]
    length = native if wished is None else wished
    if len(texts) > most or not 1 <= length <= native:
        refuse(f"at most {most} texts can be in one batch, of at most {native} numbers each.")
    if method == "predict" and (count := sum(map(tokens, texts))) > MOST_TOKENS:
        refuse(f"Unable to submit request because the input token count is {count} but the model supports up to 20000.")
    odd = _odd(texts, call)
    if (strange := unlike_any_answer(odd, streamed=False)) is not None:
        return strange
    if odd.fails:
        raise fails(odd)
    return json_reply(200, _google_reply(method, texts, length))


def _google_reply(method: str, texts: Sequence[str], length: int) -> dict[str, Any]:
    vectors = [vector(text, length) for text in texts]
    count = sum(map(tokens, texts))
    if method == "predict":
        counts = [{"truncated": False, "token_count": tokens(text)} for text in texts]
        pairs = zip(vectors, counts, strict=True)
        return {"predictions": [{"embeddings": {"values": values, "statistics": said}} for values, said in pairs]}
    usage = {"usageMetadata": {"promptTokenCount": count}}
    if method == "embedContent":
        return {"embedding": {"values": vectors[0]}, **usage}
    return {"embeddings": [{"values": values} for values in vectors], **usage}


# Bedrock: InvokeModel, whose body is the model's own affair


class Titan1(TypedDict):
    """Amazon Titan Embeddings G1 - Text."""

    inputText: str


class Titan2(TypedDict):
    """Amazon Titan Text Embeddings V2."""

    inputText: str
    dimensions: NotRequired[int]
    normalize: NotRequired[bool]
    embeddingTypes: NotRequired[list[str]]


class Cohere3(TypedDict):
    """Cohere Embed 3."""

    texts: list[str]
    input_type: str
    truncate: NotRequired[str]
    embedding_types: NotRequired[list[str]]


class Cohere4(Cohere3):
    """Cohere Embed 4."""

    output_dimension: NotRequired[int]
    max_tokens: NotRequired[int]


BEDROCK: dict[str, tuple[Any, tuple[int, ...]]] = {
    "amazon.titan-embed-text-v1": (Titan1, (1536,)),
    "amazon.titan-embed-text-v2:0": (Titan2, (1024, 512, 256)),
    "cohere.embed-english-v3": (Cohere3, (1024,)),
    "cohere.embed-multilingual-v3": (Cohere3, (1024,)),
    "cohere.embed-v4:0": (Cohere4, (1536, 1024, 512, 256)),
}
"""Id -> the documented body, and the lengths of vectors, the usual one first."""
PURPOSES = ("search_document", "search_query", "classification", "clustering")


def bedrock(call: Call, name: str, fails: Fails) -> Reply:
    """InvokeModel's answer."""
    bare = name.split(".", 1)[1] if name.split(".", 1)[0] in ("us", "eu", "apac", "global") else name
    if bare not in BEDROCK:
        raise Refused(400, "The provided model identifier is invalid.", "ValidationException")
    kind, lengths = BEDROCK[bare]
    body = _invoked(call, kind, lengths)
    texts = body["texts"] if "texts" in body else [body["inputText"]]
    length = body.get("dimensions", body.get("output_dimension", lengths[0]))
    odd = _odd(texts, call)
    if (strange := unlike_any_answer(odd, streamed=False)) is not None:
        return strange
    if odd.fails:
        raise fails(odd)
    count = sum(map(tokens, texts))
    headers = (("x-amzn-bedrock-input-token-count", str(count)),)
    vectors = [vector(text, length) for text in texts]
    if "texts" in body:
        said = {"float": vectors} if body.get("embedding_types") else vectors
        form = "embeddings_by_type" if body.get("embedding_types") else "embeddings_floats"
        value = {"id": mint("", 32, call.body), "response_type": form, "embeddings": said, "texts": texts}
        return json_reply(200, value, headers)
    return json_reply(200, {"embedding": vectors[0], "inputTextTokenCount": count}, headers)


def _invoked(call: Call, kind: Any, lengths: Sequence[int]) -> Any:
    try:
        body = orjson.loads(call.body)
    except ValueError:
        raise Refused(400, "Malformed input request, please reformat your input.", "ValidationException") from None
    found = fault(kind, call.body, body)
    if found is not None:
        where = "/".join(map(str, found.path))
        raise Refused(400, f"Malformed input request: #/{where}: {found.message}.", "ValidationException")
    texts = body.get("texts", ["-"])
    wished = body.get("dimensions", body.get("output_dimension", lengths[0]))
    purpose = body.get("input_type", PURPOSES[0])
    if not 1 <= len(texts) <= MOST_TEXTS or wished not in lengths or purpose not in PURPOSES:
        raise Refused(400, "Malformed input request: a value is out of its bounds.", "ValidationException")
    return body
