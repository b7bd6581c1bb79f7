"""From the gateway to a provider and back: one call, whole or as a stream."""

import functools
import math
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import attrs
import orjson
import trio

from .access_log import Trail
from .core import Answer, Core
from .headers import ARRAY, JSON, STREAM, RawHeaders, losses_header, pairs, texts
from .http import Exchange, Origin, Pool, Response, UpstreamError
from .refusal import Refusal
from .secret import MASK

_HIDDEN: Final = MASK.encode("ascii")

# How long the end of a provider's message may take after the end of what it says.
_END_SECONDS: Final = 1.0

# Kind of an upstream error -> (status, code, words)
_FAILURES: Final = {
    "connect": (502, "upstream_unreachable", "cannot be reached"),
    "tls": (502, "upstream_unreachable", "cannot be reached safely"),
    "timeout": (504, "upstream_timeout", "did not answer in time"),
    "reset": (502, "upstream_closed", "closed the connection before its answer was complete"),
    "protocol": (502, "upstream_invalid", "did not answer in HTTP"),
    "truncated": (502, "upstream_truncated", "stopped in the middle of its answer"),
    "too_large": (502, "upstream_too_large", "sent a larger answer than this gateway takes"),
}


# Content types of answers that are whole.
_DOCUMENTS: Final = frozenset((b"application/json", b"text/html"))
# What the log says of a reply that the core could not read.
_BAD_REPLY: Final = {"kind": "bad_reply"}


@attrs.frozen
class Call:
    """A translated call.

    Attributes:
        head: the core's answer to the request, parsed.
        body: the provider's bytes.
        headers: with credentials.
        provider: its name, for messages.
        timeout: seconds, or None.
        reply_headers: the gateway's own headers of every answer to this request.
        stamp: ``now`` and ``id`` for the core.
        secret: the credential, ``b""`` when there is none.
    """

    head: dict[str, Any]
    body: bytes
    headers: list[tuple[bytes, bytes]] = attrs.field(repr=False)
    provider: str
    timeout: float | None
    reply_headers: list[tuple[bytes, bytes]]
    stamp: dict[str, Any]
    secret: bytes = attrs.field(repr=False)

    def hide(self, data: bytes) -> bytes:
        """The data without the credential: some servers repeat what they were sent when they refuse it."""
        return data.replace(self.secret, _HIDDEN) if self.secret else data


class Relay:
    """Makes calls and hands the answers on.

    Args:
        core: the translators.
        pool: connections to the providers.
        max_reply_bytes: largest whole reply taken.
    """

    def __init__(self, core: Core, pool: Pool, max_reply_bytes: int) -> None:
        self._core = core
        self._pool = pool
        self._max_reply_bytes = max_reply_bytes

    async def run(self, call: Call, exchange: Exchange, trail: Trail) -> None:
        """Make the call and answer the client.

        Raises:
            Refusal: 502 or 504, only while the client has been sent nothing.
        """
        if call.timeout is None:
            await self._run(call, exchange, trail, None)
            return
        with trio.move_on_after(call.timeout) as scope:
            await self._run(call, exchange, trail, scope)
        if scope.cancelled_caught:
            raise _failed(call, "timeout", f"x-dragoman-timeout-ms allowed {round(call.timeout * 1000)}")

    async def _run(self, call: Call, exchange: Exchange, trail: Trail, scope: trio.CancelScope | None) -> None:
        origin, target = _address(call.head["url"])
        try:
            response = await self._pool.request(
                origin, call.head["method"], target, call.headers, call.body, head_timeout=call.timeout
            )
        except UpstreamError as error:
            raise _failed(call, error.kind, error.message) from None
        try:
            trail.upstream_status = response.status
            _check_response(call, response)
            if call.head["stream"] and response.status < 300 and not _is_document(response):
                await self._stream(call, response, exchange, trail, scope)
            else:
                await self._whole(call, response, exchange, trail)
        finally:
            await response.aclose()

    async def _whole(self, call: Call, response: Response, exchange: Exchange, trail: Trail) -> None:
        try:
            data = await response.read(self._max_reply_bytes)
        except UpstreamError as error:
            raise _failed(call, error.kind, error.message) from None
        answer = self._core.reply(_reply_head(call, response), data)
        head = orjson.loads(answer.head)
        if call.head["stream"] and answer.status < 300:
            raise _invalid(call, "answered with a whole document where a stream was asked for")
        losses = [*call.head["losses"], *head.get("losses", ())]
        _note(trail, head, losses)
        trail.status = answer.status
        if answer.status >= 400:
            trail.error = (head.get("error") or _BAD_REPLY)["kind"]
        await exchange.respond(answer.status, _headers(call, (JSON,), head, losses), call.hide(answer.body))

    async def _stream(
        self, call: Call, response: Response, exchange: Exchange, trail: Trail, scope: trio.CancelScope | None
    ) -> None:
        """Relay a stream. The client's answer begins with its first bytes: until then a failure has a status."""
        trail.stream = True
        status, pipe = self._core.open(_reply_head(call, response))
        if status != 200:
            raise _invalid(call, "began a stream that cannot be translated")
        form = STREAM if call.head["context"].get("stream_form") is None else ARRAY
        headers = _headers(call, form, {}, call.head["losses"])
        begin = functools.partial(_begin, exchange, headers, trail, scope)
        failure: UpstreamError | None = None
        try:
            while not self._core.over(pipe) and (data := await response.receive()):
                pipe, out = self._core.feed(pipe, data)
                if out:
                    if not exchange.started:
                        refused = self._core.failed(pipe)
                        if refused is not None:
                            await _refuse(call, refused, exchange, trail)
                            return
                        await begin()
                    await exchange.send(call.hide(out))
        except UpstreamError as error:
            failure = error
        await self._end(call, pipe, failure, exchange, trail, begin)
        if failure is None:
            await _read_out(response)

    async def _end(
        self,
        call: Call,
        pipe: Any,
        failure: UpstreamError | None,
        exchange: Exchange,
        trail: Trail,
        begin: Callable[[], Awaitable[None]],
    ) -> None:
        """End the client's stream as the provider's ended."""
        last, closing = self._core.close(pipe)
        head = orjson.loads(closing)
        _note(trail, head, [*call.head["losses"], *head.get("losses", ())])
        if head.get("truncated"):
            kind, detail = (failure.kind, failure.message) if failure else ("truncated", "its stream has no end")
            trail.error, trail.detail = _FAILURES.get(kind, _FAILURES["protocol"])[1], detail
            if not exchange.started:
                raise _failed(call, kind, detail)
        elif failed := head.get("error"):
            trail.error = failed["kind"]
        if not exchange.started:
            await begin()
        if last:
            await exchange.send(call.hide(last))
        await exchange.finish()


async def _refuse(call: Call, refused: Answer, exchange: Exchange, trail: Trail) -> None:
    """A stream that failed before it began is an answer like any other, with a status."""
    head = orjson.loads(refused.head)
    trail.status, trail.error = refused.status, head["error"]["kind"]
    _note(trail, head, call.head["losses"])
    await exchange.respond(refused.status, _headers(call, (JSON,), head, call.head["losses"]), call.hide(refused.body))


async def _begin(
    exchange: Exchange, headers: Sequence[tuple[bytes, bytes]], trail: Trail, scope: trio.CancelScope | None
) -> None:
    """Begin the client's answer; from now on only silence is limited, not the whole time."""
    trail.status = 200
    if scope is not None:
        scope.deadline = math.inf
    await exchange.start(200, headers)


async def _read_out(response: Response) -> None:
    """Wait for the end of an answer that has said its last word: only then can its connection be used again."""
    with trio.move_on_after(_END_SECONDS), suppress(UpstreamError):
        while await response.receive():
            pass


def _check_response(call: Call, response: Response) -> None:
    if 300 <= response.status < 400:
        raise Refusal(
            502,
            "upstream_redirect",
            f"{call.provider} answered with a redirect ({response.status}), which is not followed: check base_url.",
        )
    if response.status > 599:
        raise _invalid(call, f"answered with the status {response.status}, which HTTP does not have")
    encoding = response.header(b"content-encoding")
    if encoding is not None and encoding.strip().lower() not in (b"", b"identity"):
        raise _invalid(call, "compressed its answer, which it was not asked to")


def _is_document(response: Response) -> bool:
    """Whether an answer says itself that it is no stream: a server that ignores the wish, an error, a sign-in page."""
    kind = response.header(b"content-type") or b""
    return kind.partition(b";")[0].strip().lower() in _DOCUMENTS


def _invalid(call: Call, words: str) -> Refusal:
    return Refusal(502, "upstream_invalid", f"{call.provider} {words}.")


def _failed(call: Call, kind: str, detail: str) -> Refusal:
    status, code, words = _FAILURES.get(kind, _FAILURES["protocol"])
    return Refusal(status, code, f"{call.provider} {words} ({detail}).")


def _reply_head(call: Call, response: Response) -> bytes:
    return orjson.dumps(
        {
            "context": call.head["context"],
            "status": response.status,
            "headers": texts(response.headers),
            **call.stamp,
        }
    )


def _headers(
    call: Call, first: RawHeaders, head: dict[str, Any], losses: Sequence[dict[str, str]]
) -> list[tuple[bytes, bytes]]:
    headers = [*first, *call.reply_headers]
    if extra := head.get("headers"):
        headers += [(name, call.hide(value)) for name, value in pairs(extra)]
    if losses:
        headers.append((b"x-dragoman-losses", losses_header(losses)))
    return headers


def _note(trail: Trail, head: dict[str, Any], losses: Sequence[Any]) -> None:
    trail.usage = head.get("usage")
    trail.finish_reason = head.get("finish_reason")
    trail.losses = len(losses)


@functools.lru_cache(maxsize=1024)
def _address(url: str) -> tuple[Origin, str]:
    return Origin.parse(url)
