"""Many slow streams at once, for minutes: `python -m benchmarks.soak --streams 1000 --seconds 300`.

A gateway on a core of its own; on the other core, in this process, OpenAI clients before it and an Anthropic behind it.
Every text delta carries its number and the time at which it was sent. So each client sees at once what is missing, what
came twice and how late it is; the lateness holds that of this process too. Streams end after a while, and their clients
begin the next ones on the same connections. At the end everybody leaves, and the gateway must be as it was before.
"""

import argparse
import gc
import os
import random
import re
import resource
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import httptools
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

_SLOTS: Final = 50
_MODEL: Final = "claude-sonnet-4-5"
_EVENT: Final = re.compile(rb'"content":"(\d+) (\d+\.\d+) "')
_NAME: Final = re.compile(rb"soak (\d+)\.")
_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_STREAM: Final = answers.stream("anthropic", "answer", _MODEL)
_HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
_DELTA: Final = (
    b"event: content_block_delta\ndata: "
    b'{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%d %.6f "}}\n\n'
)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


_OPENING: Final = _HEAD + _chunk(_STREAM.opening)
_ENDING: Final = _chunk(_STREAM.ending) + b"0\r\n\r\n"


@attrs.define
class Soak:
    """A run: one thread that moves the bytes of both sides, and what it finds.

    Attributes:
        pause: seconds between two events of a stream.
        until: when streams are to end.
        began: when the provider began the stream of each client.
        firsts: seconds from then to the first bytes at the client.
        lags: seconds from an event's sending to its arrival.
        streams: how many ended as they should.
        errors: what went wrong, and how often.
        poll, readers: who reads from which socket.
        wheel: the provider's streams, by the moment within a pause at which they send.
    """

    pause: float
    until: float
    poll: Any
    began: dict[int, float] = attrs.field(factory=dict)
    firsts: list[float] = attrs.field(factory=list)
    lags: list[float] = attrs.field(factory=list)
    streams: int = 0
    errors: Counter[str] = attrs.field(factory=Counter)
    readers: dict[int, Callable[[], None]] = attrs.field(factory=dict)
    wheel: list[set["Provider"]] = attrs.field(factory=lambda: [set() for _ in range(_SLOTS)])

    def watch(self, it: socket.socket, read: Callable[[], None]) -> None:
        """Call `read` whenever something is there."""
        it.setblocking(False)
        self.readers[it.fileno()] = read
        self.poll.register(it, select.EPOLLIN)

    def close(self, it: socket.socket) -> None:
        """Close what was watched."""
        if it.fileno() >= 0:
            del self.readers[it.fileno()]
            self.poll.unregister(it)
            it.close()

    def move(self, until: float, over: Callable[[], bool]) -> None:
        """Move bytes until a time, or until something is over."""
        tick = self.pause / _SLOTS
        turn = int(time.perf_counter() / tick)
        while (now := time.perf_counter()) < until and not over():
            while turn < now / tick:
                turn += 1
                for stream in tuple(self.wheel[turn % _SLOTS]):
                    stream.go_on()
            for fd, _ in self.poll.poll(max(0.0, turn * tick - time.perf_counter())):
                if fd in self.readers:
                    self.readers[fd]()


@attrs.define(eq=False)
class Provider:
    """One connection of an Anthropic that answers everything with a slow stream."""

    soak: Soak
    socket: socket.socket
    data: bytes = b""
    number: int = 0
    length: int = 0
    slot: int = 0

    def read(self) -> None:
        data = _receive(self.socket)
        self.data += data
        head, end, body = self.data.partition(b"\r\n\r\n")
        found = _LENGTH.search(head)
        if not data:
            self.leave()
        elif end and len(body) >= int(found[1] if found else 0):
            self.data = b""
            name = _NAME.search(body)
            assert name is not None
            self.number = 0
            self.length = max(1, int(random.uniform(0.5, 1.0) * STREAM_SECONDS / self.soak.pause))
            self.slot = random.randrange(_SLOTS)
            self.soak.began[int(name[1])] = time.perf_counter()
            self.socket.send(_OPENING)
            self.soak.wheel[self.slot].add(self)

    def go_on(self) -> None:
        now = time.perf_counter()
        last = self.number == self.length or now >= self.soak.until
        if last:
            self.soak.wheel[self.slot].discard(self)
        try:
            self.socket.send(_ENDING if last else _chunk(_DELTA % (self.number, now)))
        except OSError as error:
            self.soak.errors[f"the gateway takes no event ({type(error).__name__})"] += 1
            self.leave()
        self.number += 1

    def leave(self) -> None:
        self.soak.wheel[self.slot].discard(self)
        self.soak.close(self.socket)


class Client:
    """One client: stream after stream on one connection."""

    def __init__(self, soak: Soak, name: int, port: int) -> None:
        self._soak = soak
        self._name = name
        message = [{"role": "user", "content": f"soak {name}."}]
        body = bodies.request_body("openai_chat", "medium", f"anthropic/{_MODEL}", stream=True, messages=message)
        self._request = b"POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n"
        self._request += b"authorization: Bearer %b\r\ncontent-length: %d\r\n\r\n" % (KEY.encode(), len(body)) + body
        self.over = False
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        soak.watch(self.socket, self.read)
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._next = 0
        self._started = self._done = self._whole = False
        self.socket.send(self._request)

    def read(self) -> None:
        data = _receive(self.socket)
        if not data:
            self._fail("the gateway closed a connection")
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(f"no HTTP: {error}")
        if not self._whole or self.over:
            return
        if not self._done:
            self._fail("a stream without its last word")
            return
        self._soak.streams += 1
        self.over = time.perf_counter() >= self._soak.until
        if not self.over:
            self._begin()

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
        self._whole = True

    def _fail(self, message: str) -> None:
        self._soak.errors[message] += 1
        self.over = True
        self._soak.close(self.socket)


def _receive(it: socket.socket) -> bytes:
    try:
        return it.recv(65_536)
    except OSError:
        return b""


def _accept(soak: Soak, listener: socket.socket) -> None:
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    soak.watch(connection, Provider(soak, connection).read)


def _warm_up(process: Process) -> None:
    """Whatever begins with the first connection is there before anything is counted."""
    with socket.create_connection(("127.0.0.1", process.port)) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\n\r\n")
        assert b" 200 OK" in connection.recv(65_536)


def _files(process: Process) -> int:
    return len(list(Path(f"/proc/{process.pid}/fd").iterdir()))


def _drive(soak: Soak, process: Process, streams: int, seconds: float) -> dict[str, Any]:
    """Everything between the gateway's start and its end."""
    _warm_up(process)
    before, files, cpu = process.megabytes(), _files(process), process.cpu_seconds()
    most = before
    soak.until = time.perf_counter() + RAMP_SECONDS + seconds
    clients: list[Client] = []
    for name in range(streams):
        clients.append(Client(soak, name, process.port))
        soak.move(time.perf_counter() + RAMP_SECONDS / streams, lambda: False)
    while time.perf_counter() < soak.until + 30 and not all(client.over for client in clients):
        soak.move(time.perf_counter() + 1, lambda: False)
        most = max(most, process.megabytes())
    cpu = process.cpu_seconds() - cpu
    soak.errors["a stream that does not end"] += sum(not client.over for client in clients)
    for client in clients:
        soak.close(client.socket)
    left = time.perf_counter()
    while _files(process) > files and time.perf_counter() - left < SETTLE_SECONDS:
        soak.move(time.perf_counter() + 0.5, lambda: False)
    soak.lags.sort()
    soak.firsts.sort()
    return {
        "errors": dict(+soak.errors),
        "streams": soak.streams,
        "events": len(soak.lags),
        "events_per_second": round(len(soak.lags) / (seconds + RAMP_SECONDS / 2)),
        "lag_p50_ms": round(_share(soak.lags, 0.5), 2),
        "lag_p99_ms": round(_share(soak.lags, 0.99), 2),
        "first_p50_ms": round(_share(soak.firsts, 0.5), 2),
        "first_p99_ms": round(_share(soak.firsts, 0.99), 2),
        "cpu_us_per_event": round(cpu / max(1, len(soak.lags)) * 1e6, 1),
        "megabytes_idle": round(before, 1),
        "megabytes_above": round(most - before, 1),
        "megabytes_left": round(process.megabytes() - before, 1),
        "files_left": _files(process) - files,
        "settled_after_seconds": round(time.perf_counter() - left, 1),
    }


def _share(seconds: list[float], share: float) -> float:
    """Milliseconds that so large a share did not exceed."""
    return seconds[min(len(seconds) - 1, int(share * len(seconds)))] * 1000 if seconds else 0.0


def soak(streams: int, seconds: float, driver: str | None) -> dict[str, Any]:
    """Start everything, run, and tell what happened."""
    ours, its = cores() or (None, None)
    if ours is not None:
        os.sched_setaffinity(0, {ours})
    it = Soak(streams / EVENTS_PER_SECOND, 0.0, select.epoll())
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        it.watch(listener, lambda: _accept(it, listener))
        with gateway(listener.getsockname()[1], its, driver, None) as process:
            gc.collect()
            gc.freeze()  # a full collection here would be counted as the gateway's lateness
            return _drive(it, process, streams, seconds)


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
    results = soak(options.streams, options.seconds, options.driver)
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
