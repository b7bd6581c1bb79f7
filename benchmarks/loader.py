"""Load: clients that send the same request again and again, each on a connection of its own.

Whole replies are asked for by `wrk` where it is installed, since it can do more than a gateway on one core; else, and
always for streams, by clients of our own. The answers to both are checked for their status.
"""

import asyncio
import math
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import attrs
import httptools

WRK: Final = shutil.which("wrk")
"""Where wrk is, if it is."""


@attrs.frozen
class Load:
    """What a load did. Latencies are microseconds from the first byte sent.

    Attributes:
        seconds: how long it ran.
        requests: how many were answered.
        events: server-sent events received.
        p50, p99: to the last byte received, for half of the requests and for 99 in a hundred.
        first_p50, first_p99: to the first byte of the body; 0 where nobody looked.
    """

    seconds: float
    requests: int
    events: int
    p50: float
    p99: float
    first_p50: float = 0.0
    first_p99: float = 0.0


@attrs.frozen
class Call:
    """A request to send.

    Attributes:
        path, headers, body: it.
    """

    path: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def http(self) -> bytes:
        """The request as bytes."""
        lines = [f"POST {self.path} HTTP/1.1", "host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += [f"content-length: {len(self.body)}", "", ""]
        return "\r\n".join(lines).encode("ascii") + self.body


@attrs.define
class _Tally:
    """Seconds of each request to its last byte, to the first of its answer's body, and the events of all."""

    whole: list[float] = attrs.field(factory=list)
    first: list[float] = attrs.field(factory=list)
    events: int = 0


class _Client(asyncio.Protocol):
    """One connection. It sends its next request when the answer to the one before is whole."""

    def __init__(self, request: bytes, tally: _Tally, until: float, turns: int | None) -> None:
        self._request = request
        self._tally = tally
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
        self._tally.events += data.count(b"\n\n")

    def on_message_complete(self) -> None:
        now = time.perf_counter()
        self._tally.whole.append(now - self._began)
        self._tally.first.append(self._first - self._began)
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
    tally = _Tally()
    began = time.perf_counter()
    clients: list[_Client] = []
    for _ in range(connections):
        _, client = await loop.create_connection(
            lambda: _Client(request, tally, began + seconds, turns), "127.0.0.1", port
        )
        clients.append(client)
    await asyncio.wait_for(asyncio.gather(*(client.over for client in clients)), seconds + 30)
    taken = time.perf_counter() - began
    for client in clients:
        client.close()
    shares = [_share(times, share) for times in (tally.whole, tally.first) for share in (0.5, 0.99)]
    return Load(taken, len(tally.whole), tally.events, *shares)


def _share(times: list[float], share: float) -> float:
    """The microseconds that so large a share of the times does not exceed."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))] * 1e6


def run(port: int, call: Call, connections: int, seconds: float, turns: int | None = None) -> Load:
    """Send a request from some connections for some seconds, or so many times on each. By clients of our own.

    Raises:
        RuntimeError: an answer is not 200, or a connection breaks.
    """
    return asyncio.run(_run(port, call.http(), connections, seconds, turns))


_SCRIPT: Final = """
wrk.method = "POST"
local file = io.open("{body}", "rb")
wrk.body = file:read("*a")
file:close()
{headers}
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("\\nresult %d %d %d %d %d\\n", summary.duration, summary.requests,
    latency:percentile(50), latency:percentile(99), e.status + e.connect + e.read + e.write + e.timeout))
end
"""


def run_wrk(wrk: str, port: int, call: Call, connections: int, seconds: float) -> Load:
    """The same by wrk, which counts in whole seconds and looks at no events.

    Raises:
        RuntimeError: an answer is not 200, or a connection breaks.
    """
    with tempfile.TemporaryDirectory() as folder:
        body, script = Path(folder, "body"), Path(folder, "script.lua")
        body.write_bytes(call.body)
        headers = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in call.headers)
        script.write_text(_SCRIPT.format(body=body, headers=headers), "utf-8")
        length = f"{max(1, math.ceil(seconds))}s"
        url = f"http://127.0.0.1:{port}{call.path}"
        command = [wrk, "-t1", f"-c{connections}", f"-d{length}", "--timeout", "30s", "-s", str(script), url]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("result "))
    microseconds, requests, p50, p99, errors = map(int, line.split()[1:])
    if errors or not requests:
        raise RuntimeError(f"wrk met {errors} errors in {requests} requests")
    return Load(microseconds / 1e6, requests, 0, p50, p99)
