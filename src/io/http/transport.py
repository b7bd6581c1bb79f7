"""The pool in httpx's clothes: for code that wants an `httpx.AsyncClient` and not what comes with its own transport."""

from collections.abc import AsyncIterator
from typing import Final

import httpx

from .framing import OWN
from .origin import Origin
from .patience import Patience
from .pool import Pool
from .response import Response
from .upstream_error import UpstreamError

_ERRORS: Final[dict[str, type[httpx.TransportError]]] = {
    "connect": httpx.ConnectError,
    "tls": httpx.ConnectError,
    "timeout": httpx.ReadTimeout,
    "reset": httpx.ReadError,
    "protocol": httpx.RemoteProtocolError,
    "truncated": httpx.RemoteProtocolError,
    "too_large": httpx.RemoteProtocolError,
    "overloaded": httpx.PoolTimeout,
}


class PoolTransport(httpx.AsyncBaseTransport):
    """Sends httpx's requests through a pool, which stays the caller's to close.

    Request bodies are collected before they are sent; response bodies stream. Of httpx's time-outs only `read` is
    heeded, as the time to the response head; the pool's limits hold for the rest.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See `httpx.AsyncBaseTransport`.

        Raises:
            httpx.TransportError: As the pool's errors, closest kind.
        """
        url = request.url
        try:
            origin = Origin(url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80))
        except ValueError as error:
            raise httpx.UnsupportedProtocol(f"not an http or https URL: {url.scheme!r}", request=request) from error
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        headers = [header for header in headers if header[0] not in OWN]
        try:
            response = await self._pool.request(
                origin,
                request.method,
                url.raw_path.decode("ascii"),
                headers,
                await request.aread(),
                patience=Patience(head=request.extensions.get("timeout", {}).get("read")),
            )
        except UpstreamError as error:
            raise _translated(error, request) from error
        return httpx.Response(
            response.status,
            headers=list(response.headers),
            stream=_Body(response, request),
            extensions={"http_version": b"HTTP/1.1"},
        )


class _Body(httpx.AsyncByteStream):
    """An iterator of its own rather than an async generator, which would have to be finalised when a reader leaves."""

    def __init__(self, response: Response, request: httpx.Request) -> None:
        self._response = response
        self._request = request

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            piece = await self._response.receive()
        except UpstreamError as error:
            raise _translated(error, self._request) from error
        if not piece:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        await self._response.aclose()


def _translated(error: UpstreamError, request: httpx.Request) -> httpx.TransportError:
    kind = httpx.ConnectTimeout if error.kind == "timeout" and not error.sent else _ERRORS[error.kind]
    return kind(str(error), request=request)
