"""Many slow streams at once, for minutes: `python -m benchmarks.soak --streams 1000 --seconds 300`.

A gateway on a core of its own; on the other core, in this process, OpenAI clients before it and an Anthropic behind it.
Every text delta carries its number and the time at which it was sent. So each client sees at once what is missing, what
came twice and how late it is; the lateness holds that of this process too. Streams end after a while, and their clients
begin the next ones on the same connections. At the end everybody leaves, and the gateway must be as it was before.
"""

import argparse
import asyncio
import contextlib
import gc
import os
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import httptools
import orjson
from rich.console import Console

from . import answers, bodies
from .machine import keep, machine, words
from .processes import KEY, Process, cores, gateway

EVENTS_PER_SECOND: Final = 5000
STREAM_SECONDS: Final = 30.0
RAMP_SECONDS: Final = 5.0
SETTLE_SECONDS: Final = 90.0
LAG_MS: Final = 50.0
MEGABYTES: Final = 60.0

_MODEL: Final = "claude-sonnet-4-5"
_EVENT: Final = re.compile(rb'"content":"(\d+) (\d+\.\d+) "')
_NAME: Final = re.compile(rb"soak (\d+)\.")
_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_STREAM: Final = answers.stream("anthropic", "answer", _MODEL)
_HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


@attrs.define
class Soak:
    """What is known of a run.

    Attributes:
        pause: seconds between two events of a stream.
        until: when streams are to end.
        began: when the provider began the stream of each client.
        firsts: seconds from then to the first bytes at the client.
        lags: seconds from an event's sending to its arrival.
        streams: how many ended as they should.
        errors: what went wrong, and how often.
        megabytes: most memory of the gateway.
    """

    pause: float
    until: float
    began: dict[int, float] = attrs.field(factory=dict)
    firsts: list[float] = attrs.field(factory=list)
    lags: list[float] = attrs.field(factory=list)
    streams: int = 0
    errors: Counter[str] = attrs.field(factory=Counter)
    megabytes: float = 0.0


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


class Provider(asyncio.Protocol):
    """One connection of an Anthropic that answers everything with a slow stream."""

    def __init__(self, soak: Soak, loop: asyncio.AbstractEventLoop) -> None:
        self._soak = soak
        self._loop = loop
        self._data = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, end, body = self._data.partition(b"\r\n\r\n")
        found = _LENGTH.search(head)
        if not end or len(body) < int(found[1] if found else 0):
            return
        self._data = b""
        name = _NAME.search(body)
        assert name is not None
        assert self._transport is not None
        self._soak.began[int(name[1])] = time.perf_counter()
        self._transport.write(_HEAD + _chunk(_STREAM.opening))
        length = max(1, int(random.uniform(0.5, 1.0) * STREAM_SECONDS / self._soak.pause))
        self._loop.call_later(random.uniform(0.0, self._soak.pause), self._go_on, 0, length)

    def _go_on(self, number: int, length: int) -> None:
        if self._transport is None:
            self._soak.errors["the gateway left a stream"] += 1
            return
        now = time.perf_counter()
        if number == length or now >= self._soak.until:
            self._transport.write(_chunk(_STREAM.ending) + b"0\r\n\r\n")
            return
        delta = {"type": "text_delta", "text": f"{number} {now:.6f} "}
        event = orjson.dumps({"type": "content_block_delta", "index": 0, "delta": delta})
        self._transport.write(_chunk(b"event: content_block_delta\ndata: %b\n\n" % event))
        self._loop.call_later(self._soak.pause, self._go_on, number + 1, length)


class Client(asyncio.Protocol):
    """One client: stream after stream on one connection."""

    def __init__(self, soak: Soak, name: int, loop: asyncio.AbstractEventLoop) -> None:
        self._soak = soak
        self._name = name
        message = [{"role": "user", "content": f"soak {name}."}]
        body = bodies.request_body("openai_chat", "medium", f"anthropic/{_MODEL}", stream=True, messages=message)
        self._request = b"POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n"
        self._request += b"authorization: Bearer %b\r\ncontent-length: %d\r\n\r\n" % (KEY.encode(), len(body)) + body
        self.over: asyncio.Future[None] = loop.create_future()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._begin()

    def _begin(self) -> None:
        assert self.transport is not None
        self._parser = httptools.HttpResponseParser(self)
        self._next = 0
        self._started = self._done = False
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(f"no HTTP: {error}")

    def on_body(self, data: bytes) -> None:
        now = time.perf_counter()
        if not self._started:
            self._started = True
            status = self._parser.get_status_code()
            if status != 200:
                self._fail(f"status {status}: {data[:200].decode('utf-8', 'replace')}")
                return
            self._soak.firsts.append(now - self._soak.began[self._name])
        for number, sent in _EVENT.findall(data):
            if int(number) != self._next:
                self._soak.errors["events lost, doubled or out of order"] += 1
            self._next = int(number) + 1
            self._soak.lags.append(now - float(sent))
        self._done = self._done or b"data: [DONE]" in data

    def on_message_complete(self) -> None:
        if not self._done:
            self._fail("a stream without its last word")
            return
        self._soak.streams += 1
        if time.perf_counter() < self._soak.until:
            asyncio.get_running_loop().call_soon(self._begin)  # not from within the parser's own callback
        elif not self.over.done():
            self.over.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self._fail(f"the gateway closed a connection ({exc})")

    def _fail(self, message: str) -> None:
        if not self.over.done():
            self._soak.errors[message] += 1
            self.over.set_result(None)


async def _warm_up(process: Process) -> None:
    """Whatever begins with the first connection is there before anything is counted."""
    reader, writer = await asyncio.open_connection("127.0.0.1", process.port)
    writer.write(b"GET /health/live HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\n\r\n")
    assert b" 200 OK" in await reader.read()
    writer.close()
    await writer.wait_closed()


async def _watch(soak: Soak, process: Process) -> None:
    while True:
        soak.megabytes = max(soak.megabytes, process.megabytes())
        await asyncio.sleep(1)


def _files(process: Process) -> int:
    return len(list(Path(f"/proc/{process.pid}/fd").iterdir()))


async def _run(soak: Soak, process: Process, streams: int, seconds: float) -> dict[str, Any]:
    """Everything between the gateway's start and its end."""
    loop = asyncio.get_running_loop()
    await _warm_up(process)
    before, files, cpu = process.megabytes(), _files(process), process.cpu_seconds()
    watching = loop.create_task(_watch(soak, process))
    soak.until = time.perf_counter() + RAMP_SECONDS + seconds
    clients: list[Client] = []
    for name in range(streams):
        _, client = await loop.create_connection(lambda name=name: Client(soak, name, loop), "127.0.0.1", process.port)
        clients.append(client)
        await asyncio.sleep(RAMP_SECONDS / streams)
    await asyncio.wait([client.over for client in clients], timeout=seconds + 30)
    cpu = process.cpu_seconds() - cpu
    soak.errors["a stream that does not end"] += sum(not client.over.done() for client in clients)
    watching.cancel()
    for client in clients:
        assert client.transport is not None
        client.transport.abort()
    left = time.perf_counter()
    while _files(process) > files and time.perf_counter() - left < SETTLE_SECONDS:  # noqa: ASYNC110
        await asyncio.sleep(0.5)
    soak.lags.sort()
    soak.firsts.sort()
    return {
        "errors": dict(+soak.errors),
        "streams": soak.streams,
        "events": len(soak.lags),
        "events_per_second": round(len(soak.lags) / seconds),
        "lag_p50_ms": round(_share(soak.lags, 0.5), 2),
        "lag_p99_ms": round(_share(soak.lags, 0.99), 2),
        "first_p50_ms": round(_share(soak.firsts, 0.5), 2),
        "first_p99_ms": round(_share(soak.firsts, 0.99), 2),
        "cpu_us_per_event": round(cpu / max(1, len(soak.lags)) * 1e6, 1),
        "megabytes_idle": round(before, 1),
        "megabytes_above": round(soak.megabytes - before, 1),
        "megabytes_left": round(process.megabytes() - before, 1),
        "files_left": _files(process) - files,
        "settled_after_seconds": round(time.perf_counter() - left, 1),
    }


def _share(seconds: list[float], share: float) -> float:
    """Milliseconds that so large a share did not exceed."""
    return seconds[min(len(seconds) - 1, int(share * len(seconds)))] * 1000 if seconds else 0.0


async def soak(streams: int, seconds: float, driver: str | None) -> dict[str, Any]:
    """Start everything, run, and tell what happened."""
    loop = asyncio.get_running_loop()
    ours, its = cores() or (None, None)
    if ours is not None:
        os.sched_setaffinity(0, {ours})
    notes = Soak(streams / EVENTS_PER_SECOND, 0.0)
    server = await loop.create_server(lambda: Provider(notes, loop), "127.0.0.1", 0, backlog=1024)
    with contextlib.closing(server), gateway(server.sockets[0].getsockname()[1], its, driver, None) as process:
        gc.collect()
        gc.freeze()  # a full collection here would be counted as the gateway's lateness
        return await _run(notes, process, streams, seconds)


def main(arguments: Sequence[str] | None = None) -> None:
    """Soak, print, write JSON; exit 1 when a promise does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--streams", type=int, default=1000, help="at once (default 1000)")
    parser.add_argument("--seconds", type=float, default=300.0, help="how long (default 300)")
    parser.add_argument("--driver", help="of the gateway's edge, if not its default")
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    if not Path("/proc/self/schedstat").exists():
        console.print("the CPU time of another process is read from /proc, which this system does not have")
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    on = machine()
    console.print(words(on))
    results = asyncio.run(soak(options.streams, options.seconds, options.driver))
    for key, value in results.items():
        console.print(f"{key.replace('_', ' '):>22}  {value:,}" if key != "errors" else f"{'errors':>22}  {value or 0}")
    path = keep("soak", on, {"streams_at_once": options.streams, "seconds": options.seconds, **results})
    console.print(f"written: {path.relative_to(path.parents[2])}")
    kept = results["lag_p99_ms"] <= LAG_MS and results["megabytes_above"] <= MEGABYTES
    if results["errors"] or results["files_left"] > 0 or not kept:
        console.print(f"promised: no errors, lag p99 {LAG_MS:g} ms, {MEGABYTES:g} MB above idle, no files left")
        sys.exit(1)


if __name__ == "__main__":
    main()
