"""The HTTP edge without sockets: a handler as an ASGI application, for servers that speak HTTP/2 and the like.

The ASGI server owns the framing and the connection, its head limits and its time for heads. Ours is what such servers
leave open, hypercorn above all: a limit and a time for bodies, a time for clients that take nothing, and the end of the
handler as soon as its client is gone.
"""

import math
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

import attrs
import trio

from .budget import Budget, Lease
from .connection import ErrorWriter, OnError
from .exchange import Exchange, Handler
from .framing import BODILESS, RETRY_AFTER, WITHOUT_BODY, Headers, unframed
from .limits import Limits
from .server import log_error, write_error
from .server_protocol import LONG_BYTES, OVERLOADED, ProtocolError, Request, Screen, no_screen

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# How long a refused client's body is read on, so that the server does not close under it and lose the answer.
_LINGER_SECONDS: Final = 2.0


_WITHOUT_BODY: Final = frozenset(method.decode() for method in WITHOUT_BODY)


class CutError(Exception):
    """A response that has begun and cannot be finished. Raised into the ASGI server, which breaks it off."""


class AsgiFront:
    """Serves a handler under an ASGI server on trio; the scopes are those of type `http`.

    Of the limits those for sizes, for the body's time and for writing are heeded; the rest is the server's.

    Args:
        handler: as for `serve`, like the rest.
        limits: sizes and times.
        budget: for the bodies of requests, when something else counts on it too; else the limits' own.
        error_writer: writes the answers that the edge gives by itself.
        on_error: told of every exception a handler lets out.
        screen: looks at requests whose bodies are long, before these are read.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        limits: Limits | None = None,
        budget: Budget | None = None,
        error_writer: ErrorWriter = write_error,
        on_error: OnError = log_error,
        screen: Screen = no_screen,
    ) -> None:
        self._handler = handler
        self._screen = screen
        self._limits = limits or Limits()
        self._budget = budget or Budget(self._limits.max_buffered_bytes)
        self._error_writer = error_writer
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            CutError: the response cannot be finished.
        """
        whole = True
        async with trio.open_nursery() as nursery:
            client = _Client(nursery, receive, send, self._limits)
            request = _request_of(scope)
            try:
                lease = Lease(self._budget)
                request = attrs.evolve(request, body=await self._read_body(request, client, lease), lease=lease)
            except ProtocolError as error:
                await self._refuse(request, error, client)
            except _GoneError:
                pass
            else:
                exchange = AsgiExchange(client, request)
                nursery.start_soon(client.watch, exchange)
                whole = await self._answer(exchange)
            nursery.cancel_scope.cancel()
        if not whole and not client.hung_up:
            raise CutError("the response could not be finished; the log says why")

    async def _read_body(self, request: Request, client: "_Client", lease: Lease) -> bytes:
        limits = self._limits
        size = len(request.target) + sum(len(name) + len(value) + 4 for name, value in request.headers)
        if size > limits.max_head_bytes:
            raise ProtocolError(431, "The request head is too large.", "head_too_large")
        if len(request.headers) > limits.max_headers:
            raise ProtocolError(431, "The request has too many headers.", "too_many_headers")
        announced = request.header(b"content-length") or b""
        if announced.isdigit() and int(announced) > limits.max_body_bytes:
            raise _too_large(limits)
        if _may_be_long(request, announced) and (refused := self._screen(request)) is not None:
            raise ProtocolError(*refused, request)
        body = bytearray()
        began = trio.current_time()
        with trio.CancelScope() as scope:
            while not client.body_read:
                scope.deadline = began + limits.body_timeout + len(body) / limits.min_body_rate
                piece = await client.receive_piece()
                body += piece
                if len(body) > limits.max_body_bytes:
                    raise _too_large(limits)
                if not lease.take(len(piece)):
                    raise ProtocolError(503, OVERLOADED, "overloaded")
        if scope.cancelled_caught:
            raise ProtocolError(408, "The request did not arrive in time.", "request_timeout")
        return bytes(body)

    async def _answer(self, exchange: "AsgiExchange") -> bool:
        """Run the handler; returns whether its response is whole."""
        request = exchange.request
        try:
            await self._handler(exchange)
            if not exchange.finished:
                raise RuntimeError("the handler returned without finishing its response")  # noqa: TRY301
        except Exception as error:  # noqa: BLE001 - whatever a handler does, the server is told no details
            self._on_error(error, request)
            if not exchange.started:
                message = "The server failed to answer this request."
                headers, body = self._error_writer(request, request.path, 500, "internal_error", message)
                await exchange.respond(500, headers, body)
        return exchange.finished

    async def _refuse(self, request: Request, error: ProtocolError, client: "_Client") -> None:
        """Answer a request that is not taken, and read the rest of it: over HTTP/1.1 for a while."""
        headers, body = self._error_writer(error.request, request.path, error.status, error.code, error.message)
        retry = (RETRY_AFTER,) if error.status == 503 else ()
        await client.start(error.status, [*unframed(headers), *retry, _length(body)])
        await client.write(b"" if request.method == "HEAD" else body)
        # hypercorn (0.18) fails as a whole when HTTP/2 brings more of a request whose response has ended. So the client
        # has all of the response, but is told of its end only after its own.
        with trio.move_on_after(_LINGER_SECONDS if request.http_version in ("1.0", "1.1") else math.inf):
            try:
                while not client.body_read:
                    await client.receive_piece()
            except _GoneError:
                return
        await client.end()


class AsgiExchange(Exchange):
    """One request and its response, in messages instead of bytes; see `Exchange`."""

    __slots__ = ("_client",)

    def __init__(self, client: "_Client", request: Request) -> None:
        super().__init__(client, request)
        self._client = client
        self._plain = True  # pieces go out as they are: the server knows how to frame them

    async def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """See `Exchange.respond`."""
        self._begin()
        lines = unframed(headers)
        bodiless = status in BODILESS
        self.started = True
        await self._client.start(status, lines if bodiless else [*lines, _length(body)])
        # Before the fact: the server may report a client that left as soon as it has the last message.
        self.finished = True
        await self._client.end(b"" if bodiless or self._silent else body)

    async def start(self, status: int, headers: Headers) -> None:
        """See `Exchange.start`."""
        self._begin()
        lines = unframed(headers)
        self.started = True
        self._silent = self._silent or status in BODILESS
        await self._client.start(status, lines)

    async def finish(self) -> None:
        """See `Exchange.finish`."""
        await super().finish()
        await self._client.end()


class _GoneError(Exception):
    """The client left before its request was whole."""


class _Client:
    """The client as an ASGI server shows it: the `Line` of its exchange.

    Each message is sent by a task of its own, since some servers shield themselves while they write: so a client that
    takes nothing can be given up and the handler ended, though the server still waits for it.

    Attributes:
        is_closing: never; a server that drains ends its connections itself.
        hung_up: whether the client is known to be gone, or was given up.
        body_read: whether the request has come whole.
    """

    is_closing = False

    def __init__(self, nursery: trio.Nursery, receive: Receive, send: Send, limits: Limits) -> None:
        self._nursery = nursery
        self._receive = receive
        self._send = send
        self._write_timeout = limits.write_timeout
        self.hung_up = False
        self.body_read = False

    async def receive_piece(self) -> bytes:
        """The next piece of the request's body.

        Raises:
            _GoneError: there will be no more.
        """
        message = await self._receive()
        if message["type"] != "http.request":
            self.hung_up = True
            raise _GoneError
        self.body_read = not message.get("more_body", False)
        return bytes(message.get("body", b""))

    async def watch(self, exchange: Exchange) -> None:
        """Wait for the client to leave, and end everything if it does so before its response is whole."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if not exchange.finished:
            self._give_up()

    async def start(self, status: int, headers: Headers) -> None:
        """Send the head of a response. It leaves at once."""
        await self._put({"type": "http.response.start", "status": status, "headers": list(headers)})

    async def write(self, data: bytes) -> None:
        """Send a piece of the body, or be cancelled."""
        await self._put({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self, data: bytes = b"") -> None:
        """Send the last piece of the body."""
        await self._put({"type": "http.response.body", "body": data, "more_body": False})

    async def _put(self, message: Message) -> None:
        over = trio.Event()
        failures: list[Exception] = []
        self._nursery.start_soon(self._hand_over, message, over, failures)
        with trio.move_on_after(self._write_timeout) as scope:
            await over.wait()
        if scope.cancelled_caught:
            self._give_up()
            await trio.lowlevel.checkpoint_if_cancelled()
            # Only reached from within a scope that the handler shielded.
            raise trio.BrokenResourceError("the client is gone")
        if failures:
            raise failures[0]

    async def _hand_over(self, message: Message, over: trio.Event, failures: list[Exception]) -> None:
        try:
            await self._send(message)
        except OSError:  # what the ASGI specification has for a client that is gone
            self._give_up()
        except Exception as error:  # noqa: BLE001 - the server's refusal is for whoever wrote the message
            failures.append(error)
        over.set()

    def _give_up(self) -> None:
        self.hung_up = True
        self._nursery.cancel_scope.cancel()


def _request_of(scope: Scope) -> Request:
    """The request without its body."""
    raw = scope.get("raw_path") or quote(scope["path"], safe="/:@!$&'()*+,;=~%").encode("ascii")
    path = raw.decode("latin-1").partition("?")[0]
    if not path.startswith("/"):
        path = urlsplit(path).path or "/"
    root = quote(scope.get("root_path") or "")
    if root and path.startswith(f"{root}/"):
        path = path[len(root) :]
    query = scope["query_string"].decode("latin-1")
    client = scope.get("client")
    return Request(
        method=scope["method"],
        target=f"{path}?{query}" if query else path,
        path=path,
        query=query,
        headers=tuple((name.lower(), value) for name, value in scope["headers"]),
        body=b"",
        http_version=scope["http_version"],
        peer=f"{client[0]}:{client[1]}" if client else "",
    )


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % len(body)


def _may_be_long(request: Request, announced: bytes) -> bool:
    if announced.isdigit():
        return int(announced) > LONG_BYTES or request.header(b"expect") is not None
    return request.method not in _WITHOUT_BODY


def _too_large(limits: Limits) -> ProtocolError:
    return ProtocolError(413, f"The request body is larger than {limits.max_body_bytes} bytes.", "body_too_large")
