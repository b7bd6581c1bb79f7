"""A provider's whole reply, or error, as the client's."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import orjson

from .context import Context, Stamp
from .counting import FORMS, form_of_client
from .dialects import DIALECTS, Dialect
from .heads import Answer
from .providers import PROVIDERS
from .records import Failure, Finish, Loss, TranslationError, evolve
from .records.errors import stated_status
from .restore import identify, restore_reply
from .target import pick_headers
from .unsaid import Way, in_order, of_end, of_reply
from .values import dumps, exact, may_be_rounded


def tell(context: Context, stamp: Stamp, headers: dict[str, Any], body: bytes) -> Answer:
    """A reply as the client's; a provider may say with 200 that it failed. Raises TranslationError."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise TranslationError("The provider's reply is not JSON.", code="bad_reply", status=502) from None
    answer = _tell(context, stamp, headers, body, parsed)
    if may_be_rounded(answer.body):
        with suppress(Exception):  # a number where its size matters, and no argument of a call
            return _tell(context, stamp, headers, body, exact(body))
    return answer


def _tell(context: Context, stamp: Stamp, headers: dict[str, Any], body: bytes, parsed: Any) -> Answer:
    source, client = DIALECTS[context.dialect], DIALECTS[context.client]
    if isinstance(parsed, list) and len(parsed) == 1 and isinstance(parsed[0], dict):
        parsed = parsed[0]
    if isinstance(parsed, dict) and parsed.get("error") and not _REPLIES & parsed.keys():
        # Some servers say 200 and mean an error (wire/observed.md 3); the body may hold the status.
        return tell_error(stated_status(parsed), headers, body, context)
    if source.error_header and headers.get(source.error_header):
        return tell_error(200, headers, body, context)
    if context.count is not None:
        number = FORMS[context.count].number(parsed)
        return Answer(200, b'{"losses":[],"headers":{}}', dumps({form_of_client(context.client).key: number}))
    read = source.read_reply(parsed)
    if read.failure is not None and client is not source:
        native = read.native if read.failure.native is None else read.failure.native
        return tell_failure(evolve(read.failure, provider=context.provider, native=native), client, context, headers)
    said = read = identify(read, stamp)
    losses: tuple[Loss, ...] = ()
    if context.restores:
        read, losses = restore_reply(read, context)
    if source is not client or context.restores:
        # Else the client is told the provider's own reply.
        losses = (*of_reply(said, Way(client, source, context.strict), read if context.legacy else None), *losses)
    else:
        ends = [of_end(Finish(choice.finish or "stop", choice.native_finish), client) for choice in read.choices]
        losses = in_order(loss for end in ends for loss in end)
    written = client.write_reply(read, context, stamp)
    if context.explain:
        written["dragoman"] = {"losses": [*context.losses, *(loss.as_json() for loss in losses)]}
    answer: dict[str, Any] = {
        "usage": None if read.usage is None else read.usage.as_json(),
        "finish_reason": read.choices[0].finish,
        "losses": [loss.as_json() for loss in losses],
        "headers": pick_headers(headers, PROVIDERS[context.provider].reply_headers) if headers else {},
    }
    if stamp.tell_model and said.model and type(said.model) is str:
        answer["model"] = said.model
    return Answer(200, orjson.dumps(answer), dumps(written))


_REPLIES = frozenset({"choices", "content", "candidates"})
"""Keys that a reply has, and an error has not."""


def tell_error(status: int, headers: dict[str, Any], body: bytes, context: Context) -> Answer:
    """An error as the provider said it, in the client's dialect."""
    parsed: Any
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        parsed = body[:2000].decode("utf-8", "replace")
    source, headers = DIALECTS[context.dialect], {name.lower(): value for name, value in headers.items()}
    request_id = next((str(headers[key]) for key in _REQUEST_IDS if headers.get(key)), None)
    words = () if source.error_header is None else (_text(headers.get(source.error_header)),)
    failure = source.read_error(status, parsed, context.provider, request_id, *words)
    return tell_failure(failure, DIALECTS[context.client], context, headers)


_REQUEST_IDS = ("request-id", "x-request-id", "x-amzn-requestid", "apim-request-id")


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def tell_failure(failure: Failure, client: Dialect, context: Context, headers: dict[str, Any]) -> Answer:
    """A failure in the client's dialect: its status, its headers, its body."""
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
        "error": {"kind": failure.kind, "code": failure.code, "type": failure.type, "retryable": failure.retryable},
    }
    return Answer(status, orjson.dumps(answer), dumps(written))
