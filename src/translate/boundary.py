"""The FFI-style face: bytes in, bytes out, an int status; nothing raised, no object crosses (design/interfaces.md 1).

Heads are small JSON objects, bodies are wire bytes. ``request`` head in:

    from            inbound dialect: openai_chat (default), openai_responses, anthropic, gemini, bedrock
    to              provider: openai, azure, anthropic, bedrock, gemini, vertex, xai, groq, openai_compatible
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
    now, id         seconds since 1970, and a seed for ids
    request_id      what the error body of a refusal names as the request's id, in dialects that have one

Answer: 200 with {"method", "url", "headers", "stream", "losses", "context", "row"} and the native body, for a stream
also {"stream_type"}, the content type of the client's answer; 428 with {"needs"}; or the 4xx to send, its body in the
client's dialect and {"losses", "headers"} in the head.
"""

import re
from contextlib import suppress
from typing import Any, NamedTuple

import attrs
import orjson

from . import signing
from .aside import Aside, put_back, set_aside
from .context import Context, Stamp
from .counting import FORMS, form_of_client
from .dialects import DIALECTS, Dialect
from .models import FAMILIES, read_rows
from .pipe import Pipe, close_pipe, fail_pipe, feed_pipe, finish_loss, open_pipe
from .plan import Call, Needs, plan
from .providers import PROVIDERS, SETTINGS
from .records import Failure, Loss, Media, Opaque, Policy, Reply, TranslationError, evolve
from .records.errors import kind_of, stated_status
from .records.quick import maker, record
from .restore import identify, restore_reply
from .target import Target, aim, pick_headers
from .values import dotted, dumps, loads


class Answer(NamedTuple):
    """A status, a small JSON head and a body of wire bytes."""

    status: int
    head: bytes
    body: bytes


@record
class Parsed:
    """A body that was parsed once, for ``request`` to take instead of its bytes. For the caller it is opaque.

    Attributes:
        model: the top-level ``model``, or None when there is none.
        value: what the JSON says.
        fault: why it is none.
        aside: long media that ``value`` only has marks for.
        body: the bytes, while something is aside.
    """

    model: str | None
    value: Any = attrs.field(default=None, repr=False)
    fault: TranslationError | None = None
    aside: Aside = attrs.field(default=(), repr=False)
    body: bytes = attrs.field(default=b"", repr=False)


_parsed = maker(Parsed)
_stamp = maker(Stamp)


def parse(body: bytes) -> Parsed:
    """A client's body, parsed: to see its model before a provider is chosen, without parsing it twice."""
    small, aside = set_aside(body)
    parsed = _parse(small)
    if aside:
        # Where a fault is can be said of the whole body only.
        parsed = evolve(parsed, aside=aside, body=body) if parsed.fault is None else _parse(body)
    return parsed


def _parse(body: bytes) -> Parsed:
    try:
        value = loads(body)
    except TranslationError as error:
        return Parsed(None, None, error)
    model = value.get("model") if type(value) is dict else None
    return _parsed(model if type(model) is str else None, value)


def request(head: bytes, body: bytes | Parsed) -> Answer:
    """A client's request as the call to make; see the module's text for the head."""
    client = "openai_chat"
    settings: Any = None
    try:
        settings = _head(head)
        client = _client(settings)
        return _request(settings, client, body)
    except Exception as error:  # noqa: BLE001 - nothing is raised across this line
        return _error(error, client, _word(settings, "request_id"))


def _request(settings: dict[str, Any], client: str, body: bytes | Parsed) -> Answer:
    parsed = body if isinstance(body, Parsed) else parse(body)
    if parsed.fault is not None:
        raise parsed.fault
    if not parsed.aside:
        return _translated(settings, client, parsed.value)
    with suppress(Exception):  # the translation of the whole body will say what is wrong
        answer = _translated(settings, client, parsed.value)
        whole = put_back(answer.body, parsed.aside) if answer.status == 200 else None
        if whole is not None:
            return Answer(200, answer.head, whole)
    return _translated(settings, client, loads(parsed.body))


def _translated(settings: dict[str, Any], client: str, value: Any) -> Answer:
    counting = settings.get("what") == "count"
    if counting and type(value) is dict:
        value = form_of_client(client).request(value)
    read = DIALECTS[client].read_request(value)
    stream = settings.get("stream")
    if type(stream) is bool and stream is not read.stream:
        read = evolve(read, stream=stream)
    model = settings.get("model") or read.model.partition("/")[2] or read.model
    if not model:
        raise TranslationError("Missing required parameter: 'model'.", path="/model", code="missing_required_parameter")
    target = _target(settings, model)
    planned = plan(
        read,
        target,
        Policy.read(settings.get("on_loss")),
        strict=bool(settings.get("strict_openai")),
        explain=bool(settings.get("explain")),
        stream_form=_word(settings, "stream_form"),
    )
    if isinstance(planned, Needs):
        return Answer(428, orjson.dumps({"needs": planned.urls}), b"")
    if counting:
        planned = _question(planned, target)
    answer = {
        "method": planned.method,
        "url": planned.url,
        "headers": planned.headers,
        "stream": planned.stream,
        "losses": [loss.as_json() for loss in planned.losses] if planned.losses else [],
        "context": planned.context,
        "row": planned.row,
    }
    if planned.stream:
        array = "stream_form" in planned.context
        answer["stream_type"] = "application/json" if array else DIALECTS[client].stream_type
    return Answer(200, orjson.dumps(answer), planned.body)


def _question(planned: Call, target: Target) -> Call:
    """The call that asks how many tokens a planned call has."""
    name, counts = target.provider.name, target.provider.counts
    if counts is None:
        raise TranslationError(f"The provider '{name}' does not count tokens.", code="not_offered", status=404)
    form, pattern, instead = counts
    return evolve(
        planned,
        url=re.sub(pattern, instead, planned.url),
        body=dumps(FORMS[form].question(loads(planned.body), target.model)),
        context={**planned.context, "count": form},
    )


def _target(settings: dict[str, Any], model: str) -> Target:
    get = settings.get
    rows = get("models")
    given = {name: settings[name] for name in SETTINGS if name in settings}
    try:
        extra = read_rows(rows) if rows else ()
        target = aim(get("to") or "openai", model, get("family"), get("base_url"), extra, **given)
    except TypeError:
        words = "', '".join(("to", "model", "family", "base_url", *SETTINGS))
        raise TranslationError(f"The head needs strings for '{words}'.") from None
    headers, media, prompt_cache = get("headers"), get("media"), get("prompt_cache")
    if headers or media or prompt_cache:
        for name, value in (("headers", headers), ("media", media)):
            if value is not None and type(value) is not dict:
                raise TranslationError(f"Invalid type for '{name}' in the head: expected an object.", path=f"/{name}")
        target = evolve(target, client_headers=headers or {}, media=media or {}, prompt_cache=prompt_cache)
    return target


def reply(head: bytes, body: bytes) -> Answer:
    """The provider's whole reply, or error, as the client's.

    Head in: ``{"context", "status", "headers", "now", "id"}``; answer: the status to send, head
    ``{"usage", "finish_reason", "losses", "headers"}``, body in the client's dialect.
    """
    client = "openai_chat"
    settings: Any = None
    try:
        settings = _head(head)
        context = _context(settings)
        client = context.client
        status = int(settings.get("status") or 200)
        headers = settings.get("headers") or {}
        stamp = _stamp(int(settings.get("now") or 0), str(settings.get("id") or ""))
        if status >= 400:
            return _provider_error(status, headers, body, context)
        return _reply(context, stamp, headers, body)
    except Exception as error:  # noqa: BLE001 - nothing is raised across this line
        return _error(error, client, _word(settings, "request_id"), upstream=True)


def _reply(context: Context, stamp: Stamp, headers: dict[str, Any], body: bytes) -> Answer:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise TranslationError("The provider's reply is not JSON.", code="bad_reply", status=502) from None
    source, client = DIALECTS[context.dialect], DIALECTS[context.client]
    if isinstance(parsed, list) and len(parsed) == 1 and isinstance(parsed[0], dict):
        parsed = parsed[0]
    if isinstance(parsed, dict) and parsed.get("error") and not _REPLIES & parsed.keys():
        # Some servers say 200 and mean an error (wire/observed.md 3); the body may hold the status.
        return _provider_error(stated_status(parsed), headers, body, context)
    if source.error_header and headers.get(source.error_header):
        return _provider_error(200, headers, body, context)
    if context.count is not None:
        number = FORMS[context.count].number(parsed)
        return Answer(200, b'{"losses":[],"headers":{}}', dumps({form_of_client(context.client).key: number}))
    read = source.read_reply(parsed)
    if read.failure is not None and client is not source:
        native = read.native if read.failure.native is None else read.failure.native
        return _written_failure(
            evolve(read.failure, provider=context.provider, native=native), client, context, headers
        )
    losses: tuple[Loss, ...] = _reply_losses(read, context)
    read = identify(read, stamp)
    if context.restores:
        read, found = restore_reply(read, context)
        losses += found
    written = client.write_reply(read, context, stamp)
    if context.explain:
        written["dragoman"] = {"losses": [*context.losses, *(loss.as_json() for loss in losses)]}
    answer = {
        "usage": None if read.usage is None else read.usage.as_json(),
        "finish_reason": read.choices[0].finish,
        "losses": [loss.as_json() for loss in losses],
        "headers": pick_headers(headers, PROVIDERS[context.provider].reply_headers) if headers else {},
    }
    return Answer(200, orjson.dumps(answer), dumps(written))


_REPLIES = frozenset({"choices", "content", "candidates"})
"""Keys that a reply has, and an error has not."""


def _reply_losses(read: Reply, context: Context) -> tuple[Loss, ...]:
    """What of the answer has no place at the client."""
    if context.client == context.dialect:
        return ()
    held = DIALECTS[context.client].media
    finishes = DIALECTS[context.dialect].finishes
    kinds: dict[str, None] = {}
    unusual: list[Loss] = []
    for choice in read.choices:
        for part in choice.parts:
            if type(part) is Opaque or (type(part) is Media and part.kind not in held):
                kinds[str(part.kind)] = None
        if choice.native_finish is not None and choice.native_finish not in finishes:
            unusual.append(finish_loss(choice.native_finish))
    losses = [Loss("", "dropped", "quality", f"A '{kind}' block of the answer has no counterpart.") for kind in kinds]
    losses += unusual
    if len(read.choices) > 1 and not DIALECTS[context.client].answers:
        losses.append(Loss("", "dropped", "contract", "Only the first of several answers is shown."))
    return tuple(losses)


_REQUEST_IDS = ("request-id", "x-request-id", "apim-request-id")


def _provider_error(status: int, headers: dict[str, Any], body: bytes, context: Context) -> Answer:
    parsed: Any
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        parsed = body[:2000].decode("utf-8", "replace")
    source, headers = DIALECTS[context.dialect], {name.lower(): value for name, value in headers.items()}
    request_id = next((str(headers[key]) for key in _REQUEST_IDS if headers.get(key)), None)
    words = () if source.error_header is None else (_text(headers.get(source.error_header)),)
    failure = source.read_error(status, parsed, context.provider, request_id, *words)
    return _written_failure(failure, DIALECTS[context.client], context, headers)


_REQUEST_IDS = ("request-id", "x-request-id", "x-amzn-requestid")


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _written_failure(failure: Failure, client: Dialect, context: Context, headers: dict[str, Any]) -> Answer:
    status, written = client.write_error(failure, context)
    passed = pick_headers(headers, PROVIDERS[context.provider].reply_headers) if headers else {}
    if failure.retry_after is not None:
        # Whole seconds, as the header wants them; some providers tell the time in the body only.
        passed.setdefault("retry-after", str(int(failure.retry_after + 0.999)))
    if failure.kind == "overloaded":
        # An overload passes; clients that are told no time wait for one of their own (spec/chat.md 10).
        passed.setdefault("retry-after", "1")
    passed |= client.error_headers(failure)
    answer: dict[str, Any] = {
        "usage": None,
        "finish_reason": None,
        "losses": [],
        "headers": passed,
        "error": {"kind": failure.kind, "code": failure.code, "retryable": failure.retryable},
    }
    return Answer(status, orjson.dumps(answer), dumps(written))


def open(head: bytes) -> tuple[int, Pipe]:  # noqa: A001 - a promised name
    """A stream: ``(200, pipe)``; with a head that is none ``(400, pipe)``, whose pipe says so."""
    try:
        settings = _head(head)
        context = _context(settings)
        stamp = Stamp(int(settings.get("now") or 0), str(settings.get("id") or ""))
        return 200, open_pipe(context, stamp)
    except Exception:  # noqa: BLE001 - nothing is raised across this line
        return 400, open_pipe(Context("openai_chat", "openai", "openai_chat", ""), Stamp())


feed = feed_pipe
"""``feed(pipe, data) -> (pipe, bytes)``: the pipe after more of the provider's bytes, cut anywhere, and the client's
bytes."""


def failed(pipe: Pipe) -> Answer | None:
    """The whole error to answer with, when a stream failed before it began; None when it did not.

    A caller that has sent nothing yet can thus give the error its status, and clients can try again.
    """
    failure = pipe.seen.failure
    if failure is None or pipe.seen.started:
        return None
    return _written_failure(failure, DIALECTS[pipe.context.client], pipe.context, {})


def over(pipe: Pipe) -> bool:
    """Whether the provider has said its last word: nothing it may still send will reach the client."""
    return pipe.seen.closed


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
        settings = _head(head)
        client = _client(settings)
        status = int(settings.get("status") or 500)
        failure = Failure(
            status,
            kind_of(status),
            str(settings.get("message") or "An error occurred."),
            settings.get("code"),
            settings.get("param"),
            request_id=settings.get("request_id"),
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


def models() -> bytes:
    """The built-in model rows as a JSON list; without tables whose rows do not begin as ids do."""
    unlisted = {family for provider in PROVIDERS.values() if provider.ids for family in provider.families}
    rows = [
        {"family": family, **attrs.asdict(row, value_serializer=_plain)}
        for family, table in FAMILIES.items()
        if family not in unlisted
        for row in table
    ]
    return orjson.dumps(rows)


def _plain(_instance: Any, _field: Any, value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def providers() -> bytes:
    """The provider rows as a JSON list: what an address and a sign-on need."""
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
        }
        for row in PROVIDERS.values()
    ]
    return orjson.dumps(rows)


# Heads and errors


def _head(head: bytes) -> dict[str, Any]:
    try:
        settings = orjson.loads(head)
    except orjson.JSONDecodeError as error:
        raise TranslationError(f"The head is not valid JSON: {error}.", code="invalid_head") from None
    if type(settings) is not dict:
        raise TranslationError("The head must be a JSON object.", code="invalid_head")
    return settings


def _context(settings: dict[str, Any]) -> Context:
    context = Context.read(settings.get("context"))
    if context.client in DIALECTS and context.dialect in DIALECTS and context.provider in PROVIDERS:
        return context
    raise TranslationError("The context names an unknown dialect or provider.", path="/context", code="invalid_context")


def _client(settings: dict[str, Any]) -> str:
    client = settings.get("from") or "openai_chat"
    if type(client) is not str or client not in DIALECTS:
        known = ", ".join(DIALECTS)
        raise TranslationError(f"Unknown dialect {client!r}; known: {known}.", path="/from", code="unknown_dialect")
    return str(client)


def _word(settings: Any, key: str) -> str | None:
    value = settings.get(key) if type(settings) is dict else None
    return value if type(value) is str else None


def _error(error: Exception, client: str, request_id: str | None, *, upstream: bool = False) -> Answer:
    losses: list[dict[str, str]] = []
    if isinstance(error, RecursionError):
        error = TranslationError("The body is nested too deeply.", code="too_deep", status=502 if upstream else 400)
    if isinstance(error, TranslationError):
        steps = tuple(int(step) if step.isdigit() else step for step in error.path.split("/")[1:])
        param = error.param or dotted(steps) or None
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
