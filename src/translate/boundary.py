"""The FFI-style face: bytes in, bytes out, an int status; nothing raised, no object crosses (design/interfaces.md 1).

Heads are small JSON objects, bodies are wire bytes. ``request`` head in:

    from            inbound dialect: openai_chat (default), openai_responses, anthropic, gemini, bedrock
    to              provider: openai, azure, anthropic, bedrock, gemini, vertex, vertex_express, xai, groq,
                    openai_compatible
    model           upstream model id; default: the body's model after its first "/", else the body's model
    what            "count": the body asks how many tokens a request has, and the provider is to be asked
    family          model id whose row is used, when the id does not tell it
    stream          whether the answer shall be a stream, in dialects whose body does not say so
    stream_form     "array": a gemini client wants its stream as one JSON array
    base_url        where the provider is, instead of its own address
    region, project, location, deployment, api_version
                    what the provider's address needs; a deployment is the account's own name of the model
    headers         client headers; those that the provider row lists pass through
    on_loss         "refuse", "allow" or {severity: "refuse" | "allow"}
    media           {url: {"media_type", "data"}}, the answer to an earlier "needs"
    models          extra or overriding model rows: [{"prefix", "like", column: value, ...}]
    prompt_cache    "auto": set cache marks that the client did not ask for
    strict_openai   true: no extension keys in the reply
    explain         true: the losses appear as a top-level "dragoman" object in the reply
    causes          true: the answer has "causes", for each loss what makes it necessary: "model PREFIX" (of the row),
                    "provider NAME" or "dialect NAME"
    now, id         seconds since 1970, and a seed for ids
    request_id      what the error body of a refusal names as the request's id, in dialects that have one

Answer: 200 with {"method", "url", "headers", "stream", "losses", "context", "row"} and the native body, for a stream
also {"stream_type"}, the content type of the client's answer, and {"foreign": [field]} where state is dropped, such as
encrypted reasoning, that only those can read who gave it out; 428 with {"needs": [url], "params": {url: the client's
field that names it}}; or the 4xx to send, its body in the client's dialect and {"losses", "headers"} in the head.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, cast

import attrs
import orjson

from . import signing
from .asking import Parsed, ask, ask_to_embed, parse
from .context import Context, Stamp
from .dialects import DIALECTS
from .embeddings import models as embedding_models
from .embeddings import tell as tell_embedded
from .essence import essence_of
from .estimate import input_tokens, output_tokens
from .heads import Answer, client_of, context_of, head_of, object_of, stamp_of, status_of, word_of
from .hearing import Hearing, hear_more, listen_to
from .models import FAMILIES
from .pipe import Pipe, close_pipe, end_tail, fail_pipe, feed_pipe, open_pipe
from .providers import PROVIDERS
from .records import Failure, TranslationError, steps_of
from .records.errors import kind_of
from .sessions import conversation_of, user_of
from .telling import tell, tell_error, tell_failure
from .values import dotted, dumps

__all__ = [
    "Answer", "Hearing", "Parsed", "close", "conceal", "embed", "embedded", "error", "essence", "estimate", "failed",
    "feed", "hear", "heard", "listen", "models", "open", "over", "parse", "providers", "reply", "request", "session",
    "sign",
]  # fmt: skip


def request(head: bytes, body: bytes | Parsed) -> Answer:
    """A client's request as the call to make; see the module's text for the head."""
    client = "openai_chat"
    settings: Any = None
    try:
        settings = head_of(head)
        client = client_of(settings)
        return ask(settings, client, body)
    except Exception as error:  # noqa: BLE001 - nothing is raised across this line
        return _error(error, client, word_of(settings, "request_id"))


def reply(head: bytes, body: bytes) -> Answer:
    """The provider's whole reply, or error, as the client's.

    Head in: ``{"context", "status", "headers", "now", "id"}``; answer: the status to send, head
    ``{"usage", "finish_reason", "losses", "headers"}``, body in the client's dialect.
    """
    client = "openai_chat"
    settings: Any = None
    try:
        settings = head_of(head)
        context = context_of(settings)
        client = context.client
        status = status_of(settings, 100, 200)
        headers = object_of(settings, "headers")
        stamp = stamp_of(settings)
        if status >= 400:
            return tell_error(status, headers, body, context)
        return tell(context, stamp, headers, body)
    except Exception as error:  # noqa: BLE001 - nothing is raised across this line
        return _error(error, client, word_of(settings, "request_id"), upstream=True)


def embed(head: bytes, body: bytes | Parsed) -> Answer:
    """A client's request for embeddings, in OpenAI's form, as the calls to make.

    Head in: as `request`'s, of which ``to``, ``model``, ``family``, ``base_url``, what the address needs, ``headers``,
    ``on_loss`` and ``request_id`` count here. Answer: 200 with ``{"method", "url", "headers", "losses", "context",
    "sizes"}`` and the native bodies of the calls, one after the other in the order of their inputs, each as long as
    ``sizes`` says; all else the calls share. Or the 4xx to send.
    """
    settings: Any = None
    try:
        settings = head_of(head)
        return ask_to_embed(settings, body)
    except Exception as error:  # noqa: BLE001 - nothing is raised across this line
        return _error(error, "openai_chat", word_of(settings, "request_id"))


def embedded(head: bytes, bodies: Sequence[bytes]) -> Answer:
    """The replies of the calls for embeddings as the client's one reply, its vectors in the order of the inputs.

    Head in: ``{"context", "replies": [{"status", "headers"}, ...]}``, one for each body in the order of the calls;
    where a call failed, its reply alone will do. Answer: as `reply`'s.
    """
    settings: Any = None
    try:
        settings = head_of(head)
        return tell_embedded(settings, bodies)
    except Exception as error:  # noqa: BLE001 - nothing is raised across this line
        return _error(error, "openai_chat", word_of(settings, "request_id"), upstream=True)


def essence(head: bytes, body: bytes) -> bytes:
    """What of a call tells its answer: two calls of the same essence, method and address may be given one answer.

    Head in: ``{"context", "headers"}`` of the answer of `request` or `embed`. What only labels a call, such as the name
    of a user, is left out where the provider promises that it changes nothing; where in doubt, all of the call counts.
    """
    try:
        settings = orjson.loads(head)
        context = settings["context"]
        return essence_of(context["provider"], context["dialect"], settings["headers"], body)
    except Exception:  # noqa: BLE001 - nothing is raised across this line
        return head + body


def open(head: bytes) -> tuple[int, Pipe]:  # noqa: A001 - a promised name
    """A stream: ``(200, pipe)``; with a head that is none ``(400, pipe)``, whose pipe says so."""
    try:
        settings = head_of(head)
        context = context_of(settings)
        return 200, open_pipe(context, stamp_of(settings))
    except Exception:  # noqa: BLE001 - nothing is raised across this line
        return 400, open_pipe(Context("openai_chat", "openai", "openai_chat", ""), Stamp())


feed = feed_pipe
"""``feed(pipe, data) -> (pipe, bytes)``: the pipe after more of the provider's bytes, cut anywhere, and the client's
bytes."""


def failed(pipe: Pipe, unsent: bool = False) -> Answer | None:
    """The whole error to answer with, when a stream failed before it began; None when it did not.

    A caller that has sent nothing yet can thus give the error its status, and clients can try again. It asks once
    more at the end, when an error that came without its blank line, or as bare JSON, is complete.

    Args:
        pipe: of the stream.
        unsent: whether the client has been sent nothing though the stream has begun, and need not be.
    """
    if pipe.seen.failure is None and not pipe.seen.started:
        pipe, _ = end_tail(pipe)
    failure = pipe.seen.failure
    if failure is None or (pipe.seen.started and not unsent):
        return None
    return tell_failure(failure, DIALECTS[pipe.context.client], pipe.context, {})


def listen(pipe: Pipe) -> Hearing:
    """A second ear for a stream whose beginning is held back: one opaque immutable value, as the pipe is."""
    return listen_to(pipe)


hear = hear_more
"""``hear(hearing, data) -> hearing``: after more of the provider's bytes, cut anywhere."""


def heard(hearing: Hearing) -> bool:
    """Whether the stream has said something: a piece of an answer, or its end, and not only that it began or failed."""
    return hearing.heard


def session(client: str, what: str, body: Parsed) -> str | None:
    """What tells the session of a request: its ``user``, or its ``conversation``; None where the body does not say.

    A user is named as the client named it; a conversation by a digest of its system text and first user turn.
    """
    try:
        return user_of(client, body.value) if what == "user" else conversation_of(body.value)
    except Exception:  # noqa: BLE001 - nothing is raised across this line
        return None


def estimate(client: str, action: str, body: Parsed) -> int:
    """The tokens that a request may use, roughly: for whoever reserves them until the provider has counted.

    Args:
        client: its dialect.
        action: ``generate``, whose answer counts too, or ``embed``; whatever else uses none.
        body: the request.
    """
    if action not in ("generate", "embed"):
        return 0
    tokens = input_tokens(len(body.small or body.body), len(body.aside))
    return tokens + output_tokens(client, body.value) if action == "generate" else tokens


def over(pipe: Pipe) -> bool:
    """Whether the provider has said its last word: nothing it may still send will reach the client."""
    return pipe.seen.closed


def conceal(pipe: Pipe, data: bytes, secret: bytes, mask: bytes) -> bytes:
    """The client's bytes of a stream with a mask where a secret was, in the framing of its dialect."""
    try:
        return DIALECTS[pipe.context.client].replace(data, secret, mask)
    except Exception:  # noqa: BLE001 - nothing is raised across this line
        return data.replace(secret, mask)


def close(pipe: Pipe) -> tuple[bytes, bytes]:
    """The last bytes for the client, and a head: ``{"usage", "finish_reason", "losses", "truncated"}``.

    A stream without its terminator ends with an error event, never with a silent stop.
    """
    try:
        last, head = close_pipe(pipe)
        return last, dumps(head)
    except Exception:  # noqa: BLE001 - nothing is raised across this line
        _, last = fail_pipe(pipe, "The provider's stream is not what its format promises.")
        return last, b'{"usage":null,"finish_reason":null,"losses":[],"truncated":true}'


def error(head: bytes) -> Answer:
    """An error of the caller's own in a client's dialect.

    Head in: ``{"from", "status", "code", "message", "param", "request_id"}``.
    """
    client = "openai_chat"
    try:
        settings = head_of(head)
        client = client_of(settings)
        status = status_of(settings, 400, 500)
        failure = Failure(
            status,
            kind_of(status),
            word_of(settings, "message") or "An error occurred.",
            word_of(settings, "code"),
            word_of(settings, "param"),
            request_id=word_of(settings, "request_id"),
        )
        dialect = DIALECTS[client]
        written_status, written = dialect.write_error(failure, None)
        return Answer(written_status, dumps({"headers": dialect.error_headers(failure)}), dumps(written))
    except Exception as caught:  # noqa: BLE001 - nothing is raised across this line
        return _error(caught, client, None)


def sign(head: bytes, body: bytes) -> Answer:
    """The headers that sign a call with AWS credentials (Signature Version 4).

    Head in: ``{"method", "url", "headers", "region", "service", "now", "credentials": {"access_key", "secret_key",
    "session_token"}}``, the call exactly as it will be sent; ``service`` is ``bedrock`` when not said, ``now`` is in
    seconds since 1970, ``session_token`` belongs to temporary credentials. Answer: 200 with ``{"headers"}`` to add to
    the call, and no body; or 400 with an error that repeats nothing of the head. Credentials are kept nowhere.
    """
    try:
        headers = signing.sign_as_told(orjson.loads(head), body)
    except Exception:  # noqa: BLE001 - nothing is raised across this line, and nothing of the head goes into words
        message = (
            "The head of a call to sign needs strings for 'method', 'url', 'region' and for 'access_key' and "
            "'secret_key' of 'credentials', an object of strings for 'headers', and an integer for 'now'."
        )
        return _error(TranslationError(message, code="invalid_head"), "openai_chat", None)
    return Answer(200, orjson.dumps({"headers": headers}), b"")


@functools.cache
def models() -> bytes:
    """The built-in model rows as a JSON list; without tables whose rows do not begin as ids do."""
    unlisted = {family for provider in PROVIDERS.values() if provider.ids for family in provider.families}
    rows = [
        {"family": family, **attrs.asdict(cast(Any, row), value_serializer=_plain)}
        for family, table in FAMILIES.items()
        if family not in unlisted
        for row in table
    ]
    return orjson.dumps(rows)


def _plain(_instance: Any, _field: Any, value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def providers() -> bytes:
    """The provider rows as a JSON list: what an address and a sign-on need, and the models of embeddings."""
    rows = [
        {
            "name": row.name,
            "dialect": row.dialect,
            "surfaces": [row.dialect] if row.other is None else [row.dialect, row.other.dialect],
            "auth": row.auth,
            "base_url": row.base_url,
            "needs": row.needs,
            "env": row.env,
            "settings_env": row.settings_env,
            "deployments": row.deployments,
            "families": row.families,
            "client_headers": row.client_headers,
            "embeddings": embedding_models(row.name),
        }
        for row in PROVIDERS.values()
    ]
    return orjson.dumps(rows)


def _error(error: Exception, client: str, request_id: str | None, *, upstream: bool = False) -> Answer:
    losses: list[dict[str, str]] = []
    if isinstance(error, RecursionError):
        error = TranslationError("The body is nested too deeply.", code="too_deep")
    if isinstance(error, TranslationError):
        if upstream and error.code == "too_deep":
            error.status = 502  # the reply is the provider's
        param = error.param or dotted(steps_of(error.path)) or None
        failure = Failure(
            error.status, kind_of(error.status), error.message, error.code, param, request_id=request_id
        )  # fmt: skip
        losses = [loss.as_json() for loss in error.losses]
    elif upstream:
        # Whatever a reader stumbles over in a reply is the provider's fault: its reply is not what its format promises.
        message = "The provider's reply is not what its format promises."
        failure = Failure(502, "server", message, "bad_reply", request_id=request_id)
    else:
        message = f"The request could not be translated ({type(error).__name__}); this is a fault of the gateway."
        failure = Failure(500, "server", message, "internal_error", request_id=request_id)
    status, written = DIALECTS[client].write_error(failure, None)
    head = {"losses": losses, "headers": DIALECTS[client].error_headers(failure)}
    return Answer(status, orjson.dumps(head), orjson.dumps(written))
