"""Upstreams through httpx's stock transport: for proxies and HTTP/2, and as the judge of our own pool.

Same seam, same limits, same words for what goes wrong. Of httpx only the transport is used: a client would add headers
of its own, follow redirects and decode bodies. Time is kept by one cancel scope a request, whose deadline moves with
what httpcore says it does (its `trace` extension): httpcore's own time-outs know no whole head and no whole connect.
"""

import ssl
import sys
from collections.abc import AsyncIterator
from typing import Any, Final, Literal

import httpx
import trio

from .budget import Budget
from .framing import WITHOUT_BODY, Headers, unframed
from .httpx_response import HttpxResponse, failure_of, reason_below
from .limits import UpstreamLimits
from .origin import Origin
from .patience import Patience
from .upstream_error import UpstreamError

# httpcore looks at every connection for every request: with more of them it is the slowest part of a gateway.
MAX_CONNECTIONS: Final = 100

# One piece of a request body has the write time-out, so that a large body may take longer than one.
_PIECE_BYTES: Final = 65_536


class HttpxPool:
    """Sends requests through `httpx.AsyncHTTPTransport`. For one trio run; `aclose` it at the end.

    It differs from `Pool` in what httpx cannot do: there are at most `MAX_CONNECTIONS` connections, beyond which a
    request waits as long as it would for a connection; h11 puts `host` first and is stricter than llhttp about
    responses; a half-sent head that breaks off counts as none; and an HTTP/2 upstream is not told that nobody listens
    any more, since httpcore sends no RST_STREAM.

    Args:
        limits: as for `Pool`; `max_idle_per_origin` is not heeded, since all connections are kept.
        ssl_context: for upstreams; by default the public authorities are trusted.
        budget: for whole replies; by default they have no common bound.
        proxy: URL of a proxy, `http`, `https` or (with httpx's extra `socks`) `socks5`, credentials included.
        http2: whether HTTP/2 is offered to upstreams with TLS. Needs httpx's extra `http2`.
    """

    def __init__(
        self,
        limits: UpstreamLimits | None = None,
        ssl_context: ssl.SSLContext | None = None,
        budget: Budget | None = None,
        *,
        proxy: str | None = None,
        http2: bool = False,
    ) -> None:
        self.limits = limits or UpstreamLimits()
        self._budget = budget or Budget(sys.maxsize)
        self._proxied = proxy is not None
        self._closed = False
        self._transport = httpx.AsyncHTTPTransport(
            verify=ssl_context or True,
            trust_env=False,
            http2=http2,
            proxy=proxy,
            limits=httpx.Limits(
                max_connections=MAX_CONNECTIONS,
                max_keepalive_connections=MAX_CONNECTIONS,
                keepalive_expiry=self.limits.idle_ttl,
            ),
        )

    async def request(
        self,
        origin: Origin,
        method: str,
        target: str,
        headers: Headers,
        body: bytes,
        *,
        limits: UpstreamLimits | None = None,
        patience: Patience | None = None,
    ) -> HttpxResponse:
        """See `Pool.request`."""
        if self._closed:
            raise trio.ClosedResourceError("the pool is closed")
        given = {name.lower() for name, _ in headers}
        lines = unframed(headers)
        if b"host" not in given:
            lines.append((b"host", origin.authority))
        if b"accept-encoding" not in given:
            lines.append((b"accept-encoding", b"identity"))
        if body or method.encode("ascii") not in WITHOUT_BODY:
            lines.append((b"content-length", b"%d" % len(body)))
        url = httpx.URL(scheme=origin.scheme, host=origin.host, port=origin.port, raw_path=target.encode("ascii"))
        limits = limits or self.limits
        for last in (False, True):
            attempt = _Attempt(origin.host, limits, patience, proxied=self._proxied)
            try:
                return await self._ask(attempt, httpx.Request(method, url, headers=lines, stream=attempt.pieces(body)))
            except UpstreamError as error:
                # A kept connection that was closed meanwhile: the request goes out once more, as from `Pool`.
                if last or attempt.fresh or error.kind != "reset":
                    raise
        raise AssertionError("unreachable")

    async def aclose(self) -> None:
        """Close every connection. No request can be sent any more."""
        self._closed = True
        await self._transport.aclose()

    async def _ask(self, attempt: "_Attempt", request: httpx.Request) -> HttpxResponse:
        request.extensions["trace"] = attempt.trace
        with attempt.scope:
            try:
                response = await self._transport.handle_async_request(request)
            except httpx.TransportError as error:
                raise attempt.failure(error) from error
            finally:
                await attempt.clean_up()
        if attempt.scope.cancelled_caught:
            raise attempt.late()
        answer = HttpxResponse(response, attempt.limits, self._budget, attempt.patience)
        try:
            answer.check()
        except UpstreamError:
            await answer.aclose()
            raise
        return answer


_Step = Literal["wait", "connect", "secure", "send", "head"]
_STEPS: Final[dict[str, _Step]] = {
    "send_request_headers.started": "send",
    "receive_response_headers.started": "head",
}


class _Attempt:
    """One try to get an answer: what httpcore does at the moment, and how long it may.

    Attributes:
        limits: of the request.
        patience: the same.
        scope: around the try.
        fresh: whether it has a connection of its own making.
    """

    def __init__(self, host: str, limits: UpstreamLimits, patience: Patience | None, *, proxied: bool) -> None:
        self.limits = limits
        self.patience = patience or Patience()
        self._host = f"{host} through the proxy" if proxied else host
        self._grants = {
            "wait": limits.connect_timeout,
            "connect": limits.connect_timeout,
            "secure": limits.connect_timeout,
            "send": limits.write_timeout,
            "head": limits.head_timeout if self.patience.head is None else self.patience.head,
        }
        self._step: _Step
        self._stream: Any = None
        self.fresh = False
        self.scope = trio.CancelScope()
        self._enter("wait")

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """Told by httpcore of each thing it begins and ends."""
        step = event.partition(".")[2]
        if step == "connect_tcp.started":
            self.fresh = True
            self._enter("connect")
        elif step == "connect_tcp.complete":
            self._stream = info["return_value"]
        elif step == "start_tls.started":
            self._step = "secure"  # in the time of the connect
        elif self._step == "secure" and step == "start_tls.complete":
            self._step = "connect"
        elif step in _STEPS and info["request"].method != b"CONNECT":  # asking the proxy is part of connecting
            self._enter(_STEPS[step])

    async def clean_up(self) -> None:
        """Close what httpcore does not: a connection whose TLS handshake was cancelled."""
        if self._step == "secure":
            with trio.CancelScope(shield=True):
                await self._stream.aclose()

    def pieces(self, body: bytes) -> "_Pieces":
        """The body of the request. Each piece has the write time-out for itself."""
        return _Pieces(body, self)

    def go_on(self) -> None:
        """A piece was taken."""
        self._enter("send")

    def late(self) -> UpstreamError:
        """What it means that the time is over."""
        grant = f"{self._grants[self._step]:g} s"
        words = {
            "wait": f"all {MAX_CONNECTIONS} connections to upstreams were in use for {grant}",
            "send": f"the upstream took nothing of the request for {grant}",
            "head": f"no response within {grant}",
        }.get(self._step, f"no connection to {self._host} within {grant}")
        return UpstreamError("timeout", words, sent=self._sent)

    def failure(self, error: httpx.TransportError) -> UpstreamError:
        """What an error of httpx means that came before the head of the response."""
        if self._sent:
            return failure_of(error, "reset")
        words = str(error) if isinstance(error, httpx.ProxyError) else reason_below(error)
        if self._step == "secure":
            return UpstreamError("tls", f"no TLS with {self._host}: {words}", sent=False)
        return UpstreamError("connect", f"cannot connect to {self._host}: {words}", sent=False)

    @property
    def _sent(self) -> bool:
        return self._step in ("send", "head")

    def _enter(self, step: _Step) -> None:
        self._step = step
        self.scope.deadline = min(trio.current_time() + self._grants[step], self.patience.until)


class _Pieces(httpx.AsyncByteStream):
    """A request body. No generator: one that is left in the middle would wait for the garbage collector."""

    def __init__(self, body: bytes, attempt: _Attempt) -> None:
        self._body = body
        self._at = 0
        self._attempt = attempt

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = self._body[self._at : self._at + _PIECE_BYTES]
        if not piece:
            raise StopAsyncIteration
        self._at += len(piece)
        self._attempt.go_on()
        return piece
