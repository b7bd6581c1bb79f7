"""The replies of a request's calls as the one reply of its client."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from struct import error as StructError  # noqa: N812 - a class that is named like a function
from struct import pack, unpack
from typing import Any, Final

import orjson

from ..context import Context
from ..heads import Answer
from ..providers import PROVIDERS
from ..records import TranslationError
from ..records.usage import Usage
from ..target import pick_headers
from ..telling import tell_error
from ..values import dumps
from .forms import FORMS
from .records import EmbeddingReply, Vector

Json = dict[str, Any]
_NO_CONTEXT: Final = "The head needs the 'context' of the request's answer, unchanged."
_KINDS: Final = {"provider": str, "dialect": str, "model": str, "form": str, "base64": bool, "counts": list}


def tell(settings: Json, bodies: Sequence[bytes]) -> Answer:
    """The client's reply; or the first call's error, where one failed.

    Args:
        settings: the head of ``boundary.embedded``.
        bodies: of the replies, in the order of ``settings["replies"]``.

    Raises:
        TranslationError: the head or a reply is none.
    """
    context = _context(settings)
    replies = _replies(settings, bodies)
    for (status, headers), body in zip(replies, bodies, strict=True):
        if status >= 400:
            who = Context("openai_chat", context["provider"], context["dialect"], context["model"])
            return tell_error(status, headers, body, who)
    counts = context["counts"]
    if len(counts) != len(bodies):
        raise TranslationError(f"The head tells of {len(bodies)} replies, but there were {len(counts)} calls.")
    form = FORMS[context["form"]]
    read = [form.read(_parsed(body), headers) for (_, headers), body in zip(replies, bodies, strict=True)]
    for reply, count in zip(read, counts, strict=True):
        if len(reply.vectors) != count:
            what = f"The provider answered with {len(reply.vectors)} vectors for {count} inputs."
            raise TranslationError(what, code="bad_reply", status=502)
    tokens = None if any(reply.tokens is None for reply in read) else sum(reply.tokens or 0 for reply in read)
    head: Json = {
        "usage": None if tokens is None else Usage(fresh=tokens).as_json(),
        "finish_reason": None,
        "losses": [] if tokens is not None else [_UNCOUNTED],
        "headers": pick_headers(replies[-1][1], PROVIDERS[context["provider"]].reply_headers),
    }
    if settings.get("tell_model") is True and read[0].model is not None:
        head["model"] = read[0].model
    if context["form"] == "openai" and len(bodies) == 1 and tokens is not None and _as_wished(read[0], context):
        # Numbers stay spelled as the provider spelled them.
        return Answer(200, orjson.dumps(head), bodies[0])
    vectors = [vector for reply in read for vector in reply.vectors]
    return Answer(200, orjson.dumps(head), dumps(_written(vectors, tokens or 0, context)))


_UNCOUNTED: Final = {
    "path": "/usage", "kind": "added", "severity": "hint",
    "detail": "The provider counted no tokens: 0 stands for a number that is not known.",
}  # fmt: skip


def _as_wished(reply: EmbeddingReply, context: Json) -> bool:
    wished = str if context["base64"] else list
    return all(type(vector) is wished for vector in reply.vectors)


def _written(vectors: list[Vector], tokens: int, context: Json) -> Json:
    spell = _encoded if context["base64"] else _decoded
    return {
        "object": "list",
        "data": [{"object": "embedding", "index": at, "embedding": spell(item)} for at, item in enumerate(vectors)],
        "model": context["model"],
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def _encoded(vector: Vector) -> str:
    """Base64 of little-endian 32-bit floats, as OpenAI has it."""
    if isinstance(vector, str):
        return vector
    try:
        return base64.b64encode(pack(f"<{len(vector)}f", *vector)).decode("ascii")
    except (OverflowError, StructError) as error:
        message = "The provider's vector has a number beyond 32 bits."
        raise TranslationError(message, code="bad_reply", status=502) from error


def _decoded(vector: Vector) -> list[float]:
    if not isinstance(vector, str):
        return vector
    try:
        data = base64.b64decode(vector, validate=True)
        return list(unpack(f"<{len(data) // 4}f", data))
    except (ValueError, StructError) as error:
        message = "The provider's vector is no base64 of 32-bit numbers."
        raise TranslationError(message, code="bad_reply", status=502) from error


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise TranslationError("The provider's reply is not JSON.", code="bad_reply", status=502) from None


def _context(settings: Json) -> Json:
    context: Any = settings.get("context")
    sound = type(context) is dict and all(type(context.get(name)) is kind for name, kind in _KINDS.items())
    if not sound or context["form"] not in FORMS or context["provider"] not in PROVIDERS:
        raise TranslationError(_NO_CONTEXT, path="/context", code="invalid_context")
    if context["dialect"] != PROVIDERS[context["provider"]].dialect:
        raise TranslationError(_NO_CONTEXT, path="/context/dialect", code="invalid_context")
    checked: Json = context
    return checked


def _replies(settings: Json, bodies: Sequence[bytes]) -> list[tuple[int, dict[str, str]]]:
    """Status and headers of each reply, names in lower case."""
    replies = settings.get("replies")
    if type(replies) is not list or len(replies) != len(bodies) or not replies:
        message = "The head needs 'replies', one object with 'status' and 'headers' for each body."
        raise TranslationError(message, path="/replies", code="invalid_head")
    out = []
    for reply in replies:
        said = reply if type(reply) is dict else {}
        status, headers = said.get("status", 200), said.get("headers") or {}
        status = status if type(status) is int and 100 <= status <= 599 else 502
        headers = headers if type(headers) is dict else {}
        out.append((status, {str(name).lower(): str(value) for name, value in headers.items()}))
    return out
