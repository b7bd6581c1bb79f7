"""Load: clients that send the same request again and again, each on a connection of its own."""

import asyncio
import time
from collections.abc import Sequence

import attrs
import httptools


@attrs.define
class Load:
    """What a load did.

    Attributes:
        seconds: how long it ran.
        latencies: seconds from the first byte sent to the last byte received, one for each request, in order of size.
        events: server-sent events received.
        gaps: seconds from the start of each request to the first byte of its answer's body, in order of size.
    """

    seconds: float = 0.0
    latencies: list[float] = attrs.field(factory=list)
    events: int = 0
    gaps: list[float] = attrs.field(factory=list)

    @property
    def requests(self) -> int:
        """How many were answered."""
        return len(self.latencies)

    def latency(self, share: float) -> float:
        """The latency, in microseconds, that so large a share of the requests did not exceed."""
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))] * 1e6


class _Client(asyncio.Protocol):
    """One connection. It sends its next request when the answer to the one before is whole."""

    def __init__(self, request: bytes, load: Load, until: float, turns: int | None) -> None:
        self._request = request
        self._load = load
        self._until = until
        self._turns = turns
        self._began = 0.0
        self._first = 0.0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        assert self._transport is not None
        self._first = 0.0
        self._began = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(f"no HTTP: {error}")

    def on_body(self, data: bytes) -> None:
        if not self._first:
            self._first = time.perf_counter()
            if self._parser.get_status_code() != 200:
                self._fail(f"status {self._parser.get_status_code()}: {data[:300].decode('utf-8', 'replace')}")
                return
        self._load.events += data.count(b"\n\n")

    def on_message_complete(self) -> None:
        now = time.perf_counter()
        self._load.latencies.append(now - self._began)
        self._load.gaps.append(self._first - self._began)
        if self._turns is not None:
            self._turns -= 1
        if now < self._until and self._turns != 0:
            self._parser = httptools.HttpResponseParser(self)
            # Not from within the parser's own callback.
            asyncio.get_running_loop().call_soon(self._send)
        elif not self.over.done():
            self.over.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"the connection was closed ({exc})")

    def _fail(self, message: str) -> None:
        if not self.over.done():
            self.over.set_exception(RuntimeError(message))

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()


async def _run(port: int, request: bytes, connections: int, seconds: float, turns: int | None) -> Load:
    loop = asyncio.get_running_loop()
    load = Load()
    began = time.perf_counter()
    clients: list[_Client] = []
    for _ in range(connections):
        _, client = await loop.create_connection(
            lambda: _Client(request, load, began + seconds, turns), "127.0.0.1", port
        )
        clients.append(client)
    await asyncio.wait_for(asyncio.gather(*(client.over for client in clients)), seconds + 30)
    load.seconds = time.perf_counter() - began
    for client in clients:
        client.close()
    load.latencies.sort()
    load.gaps.sort()
    return load


def run(port: int, request: bytes, connections: int, seconds: float, turns: int | None = None) -> Load:
    """Send a request from some connections for some seconds, or so many times on each.

    Raises:
        RuntimeError: an answer is not 200, or a connection breaks.
    """
    return asyncio.run(_run(port, request, connections, seconds, turns))


def http_request(path: str, body: bytes, headers: Sequence[tuple[str, str]]) -> bytes:
    """A request as bytes."""
    lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", "content-type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers]
    lines += [f"content-length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("ascii") + body
