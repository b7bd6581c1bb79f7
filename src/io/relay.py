"""From the gateway to a provider and back: one call, whole or as a stream."""

import functools
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

import attrs
import orjson
import trio

from .access_log import Trail
from .cache import Replayed, Stored
from .cache.keep import kept_headers
from .calls import FAILURES, Call, Unserved, Whole, failed, invalid, without_credentials
from .core import Answer, Core
from .credentials import Outgoing, Signed, Source, Unavailable
from .deadline import within
from .headers import JSON, STREAM, texts
from .http import Exchange, Origin, UpstreamError, packing, pump, unpacked
from .http import UpstreamResponse as Response
from .http import Upstreams as Pool
from .refusal import Refusal
from .stream_relay import StreamRelay

# How long the end of a provider's message may take after the end of what it says.
_END_SECONDS: Final = 1.0

# Content types of answers that are whole.
_DOCUMENTS: Final = frozenset((b"application/json", b"text/html"))
# What the core makes of half an event. Where it is known why the rest did not come, that is what is to be told.
_CUT: Final = frozenset(("stream_truncated", "bad_stream"))
# What the log says of a reply that the core could not read.
_BAD_REPLY: Final = {"kind": "bad_reply"}


class Fetched(NamedTuple):
    """A whole reply as the provider sent it.

    Attributes:
        status: the HTTP status.
        headers: by name.
        body: its bytes.
        secret: the credential of the call, which the client is not to see.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    secret: bytes


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
            Unserved: a status that another attempt may better; the client has been sent nothing.
        """
        trail.asked_at = time.monotonic()
        call, response = await self._called(call)
        try:
            trail.upstream_status = response.status
            if response.status >= 300:
                trail.counted = None
            packed = packing(response)
            if packed:
                response = unpacked(response)
                packed = packing(response)
            _check_response(call, response, packed)
            if call.head["stream"] and response.status < 300 and not _is_document(response):
                await self._stream(call, response, exchange, trail)
            else:
                await self._whole(call, response, packed, exchange, trail)
        finally:
            await response.aclose()

    async def replay(self, call: Call, stored: Stored, exchange: Exchange, trail: Trail) -> None:
        """Answer the client with what the provider said to such a call before.

        Raises:
            Refusal: 502, only while the client has been sent nothing.
        """
        response = Replayed(stored.headers, stored.body)
        if call.head["stream"]:
            await self._stream(call, response, exchange, trail)
        else:
            await self._whole(call, response, b"", exchange, trail)

    async def fetch(self, call: Call) -> Fetched:
        """Make the call and read its whole reply.

        Raises:
            Refusal: 502 or 504.
        """
        call, response = await self._called(call)
        try:
            packed = packing(response)
            if packed:
                response = unpacked(response)
                packed = packing(response)
            _check_response(call, response, packed)
            data = b"" if packed else await self._read(call, response)
            return Fetched(response.status, texts(response.headers), data, call.secret)
        finally:
            await response.aclose()

    async def _called(self, call: Call) -> tuple[Call, Response]:
        return (call, await self._ask(call)) if call.source is None else await self._ask_signed(call, call.source)

    async def _ask(self, call: Call) -> Response:
        origin, target = _address(call.head["url"])
        watch, head = call.watch, call.head
        try:
            return await self._pool.request(
                origin,
                head["method"],
                target,
                call.headers,
                call.body,
                limits=None if watch is None else watch.limits,
                patience=watch,
            )
        except UpstreamError as error:
            refusal = _refusal(call, error)
            refusal.asked = error.sent
            raise refusal from None

    async def _ask_signed(self, call: Call, source: Source) -> tuple[Call, Response]:
        """Ask with credentials of a source; where they are refused and the source has others, ask once more."""
        outgoing = Outgoing(call.head["method"], call.head["url"], call.headers, call.body)
        for last in (False, True):
            try:
                with within(call.deadline, f"The credentials for {call.provider} did not come"):
                    signed = await source.sign(outgoing)
            except Unavailable as error:
                raise without_credentials(call.provider, error) from None
            once = attrs.evolve(call, headers=[*call.headers, *signed.headers], secret=signed.secret)
            response = await self._ask(once)
            # Nothing has been sent to the client: it need not know.
            if last or response.status < 400 or not await _renewed(call, source, signed, response):
                return once, response
        raise AssertionError("unreachable")

    async def _whole(self, call: Call, response: Response, packed: bytes, exchange: Exchange, trail: Trail) -> None:
        # An error keeps its status though its words are in a coding that was not asked for.
        data = b"" if packed else await self._read(call, response)
        answer = self._core.reply(_reply_head(call, response), data)
        head = orjson.loads(answer.head)
        if call.head["stream"] and answer.status < 300:
            raise invalid(call, "answered with a whole document where a stream was asked for")
        losses = [*call.head["losses"], *head.get("losses", ())]
        _note(trail, head, losses)
        trail.status = answer.status
        if answer.status >= 400:
            trail.error = (head.get("error") or _BAD_REPLY)["kind"]
        headers = call.answer_headers((JSON,), head, losses)
        if call.leaves(response.status, answer.status, head.get("error")):
            raise Unserved(Whole(answer.status, headers, call.hide(answer.body)))
        if call.keep is not None and response.status == answer.status == 200:
            trail.kept = await call.keep.put([Stored(kept_headers(response.headers), data)], call.secret)
        await exchange.respond(answer.status, headers, call.hide(answer.body))

    async def _read(self, call: Call, response: Response) -> bytes:
        if call.watch is not None:
            call.watch.take_whole()
        try:
            return await response.read(self._max_reply_bytes)
        except UpstreamError as error:
            raise _refusal(call, error) from None

    async def _stream(self, call: Call, response: Response, exchange: Exchange, trail: Trail) -> None:
        """Relay a stream. The client's answer begins with its first bytes: until then a failure has a status."""
        trail.stream = True
        status, pipe = self._core.open(_reply_head(call, response))
        if status != 200:
            raise invalid(call, "began a stream that cannot be translated")
        kind = call.head.get("stream_type", "text/event-stream").encode("ascii")
        headers = call.answer_headers(((b"content-type", kind), *STREAM), {}, call.head["losses"])
        begin = functools.partial(_begin, exchange, headers, trail)
        stream = StreamRelay(self._core, pipe, call, exchange, self._max_reply_bytes, begin)
        failure: UpstreamError | None = None
        try:
            await stream.run(response if call.keep is None else call.keep.tapped(response))
        except UpstreamError as error:
            failure = error
        except BaseException:
            # The client left, or time is up: what the provider has counted by now is all that will be known.
            trail.note_usage(self._told(stream).get("usage"), whole=False)
            raise
        if (refused := stream.refused()) is not None:
            if failure is not None and orjson.loads(refused.head)["error"]["code"] in _CUT:
                raise failed(call, failure.kind, failure.message)
            if self._core.failed(stream.pipe) is None:
                trail.note_usage(self._told(stream).get("usage"), whole=False)
            else:
                trail.counted = None  # an error in the place of an answer
            await _refuse(call, refused, exchange, trail)
        else:
            await self._end(call, stream, failure, exchange, trail)
        if failure is None:
            await _read_out(response)

    def _told(self, stream: StreamRelay) -> dict[str, Any]:
        """What is known of a stream so far."""
        told: dict[str, Any] = orjson.loads(self._core.close(stream.pipe)[1])
        return told

    async def _end(
        self, call: Call, stream: StreamRelay, failure: UpstreamError | None, exchange: Exchange, trail: Trail
    ) -> None:
        """End the client's stream as the provider's ended."""
        last, closing = self._core.close(stream.pipe)
        head = orjson.loads(closing)
        _note(trail, head, [*call.head["losses"], *head.get("losses", ())])
        if head.get("truncated"):
            kind, detail = (failure.kind, failure.message) if failure else ("truncated", "its stream has no end")
            trail.error, trail.detail = FAILURES.get(kind, FAILURES["protocol"])[1], detail
            if not exchange.started:
                raise failed(call, kind, detail)
        elif said := head.get("error"):
            trail.error = said["kind"]
        elif call.keep is not None and failure is None:
            # Before the client sees the end: who asks again then finds it.
            trail.kept = await call.keep.put_stream(call.secret)
        await stream.go_on()
        if last:
            await exchange.send(call.hide_in(self._core, stream.pipe, last))
        await exchange.finish()


async def settings_of(source: Source, provider: str) -> Mapping[str, str]:
    """What the credentials say for settings that the account leaves open.

    Raises:
        Refusal: there are no credentials.
    """
    try:
        return await source.parameters()
    except Unavailable as error:
        raise without_credentials(provider, error) from None


async def _renewed(call: Call, source: Source, signed: Signed, response: Response) -> bool:
    """Whether a refused call may be made again. If so, this answer to it is done with; if not, it is untouched."""
    try:
        with within(call.deadline, f"The credentials for {call.provider} did not come"):
            again = await source.refused(signed, response.status, dict(response.headers))
    except BaseException:
        await response.aclose()
        raise
    if again:
        await response.aclose()
    return again


async def _refuse(call: Call, refused: Answer, exchange: Exchange, trail: Trail) -> None:
    """A stream that failed before it began is an answer like any other, with a status."""
    head = orjson.loads(refused.head)
    trail.status, trail.error = refused.status, head["error"]["kind"]
    trail.losses = call.head["losses"]
    headers = call.answer_headers((JSON,), head, call.head["losses"])
    if call.leaves(refused.status, refused.status, head["error"]):
        raise Unserved(Whole(refused.status, headers, call.hide(refused.body)))
    await exchange.respond(refused.status, headers, call.hide(refused.body))


async def _begin(exchange: Exchange, headers: Sequence[tuple[bytes, bytes]], trail: Trail) -> None:
    """Begin the client's answer."""
    trail.status, trail.first_at = 200, time.monotonic()
    await exchange.start(200, headers)


def _refusal(call: Call, error: UpstreamError) -> Refusal:
    """What the client is told of an upstream that could not be used, or not in time."""
    told = error if call.watch is None else call.watch.told(error)
    return told if isinstance(told, Refusal) else failed(call, told.kind, told.message)


async def _read_out(response: Response) -> None:
    """Wait for the end of an answer that has said its last word: only then can its connection be used again."""
    with trio.move_on_after(_END_SECONDS), suppress(UpstreamError):
        await pump(response, _skip)


def _skip(_: bytes) -> bool:
    return False


def _check_response(call: Call, response: Response, packed: bytes) -> None:
    if 300 <= response.status < 400:
        raise Refusal(
            502,
            "upstream_redirect",
            f"{call.provider} answered with a redirect ({response.status}), which is not followed: check base_url.",
        )
    if response.status > 599:
        raise invalid(call, f"answered with the status {response.status}, which HTTP does not have")
    if packed and response.status < 400:
        raise invalid(call, "compressed its answer in a way that it was not asked to")


def _is_document(response: Response) -> bool:
    """Whether an answer says itself that it is no stream: a server that ignores the wish, an error, a sign-in page."""
    kind = response.header(b"content-type") or b""
    return kind.partition(b";")[0].strip().lower() in _DOCUMENTS


def _reply_head(call: Call, response: Response) -> bytes:
    return orjson.dumps(
        {
            "context": call.head["context"],
            "status": response.status,
            "headers": texts(response.headers),
            **call.stamp,
        }
    )


def _note(trail: Trail, head: dict[str, Any], losses: Sequence[Any]) -> None:
    trail.note_usage(head.get("usage"), whole=not (head.get("truncated") or head.get("error")))
    trail.finish_reason = head.get("finish_reason")
    trail.served = head.get("model")
    trail.losses = losses


@functools.lru_cache(maxsize=1024)
def _address(url: str) -> tuple[Origin, str]:
    return Origin.parse(url)
