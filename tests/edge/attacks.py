"""Attacks a running gateway with every shape while good clients stream through it: `make attack-edge`.

    python -m tests.edge.attacks --clients 100 --seconds 60

The gateway is a process of its own. Good clients must see every event of every stream in time; each shape must end as
its table says; the process must live and hold no more memory at the end than after its first round.
"""

import argparse
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import attrs
import trio

from .shapes import CLIENTS, POST, UPSTREAMS, Shape, ask

CONFIG = """
[server]
port = 0
access_log = false
ledger = "sqlite:ledger.sqlite3"
max_head_bytes = 16384
max_headers = 100
max_body_bytes = 1000000
max_reply_bytes = 2000000
max_connections = {connections}
head_timeout_seconds = 2
body_timeout_seconds = 2
keep_alive_seconds = 1
write_timeout_seconds = 1
upstream_timeout_seconds = 2
idle_timeout_seconds = 2
drain_seconds = 5
[accounts.good]
provider = "openai_compatible"
base_url = "http://127.0.0.1:{port}/good"
[accounts.evil]
provider = "openai_compatible"
base_url = "http://127.0.0.1:{port}/evil"
"""
EVENTS, PAUSE = 40, 0.02


def _event(choice):
    chunk = {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, **choice}],
    }
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


_END = _event({"delta": {}, "finish_reason": "stop"}) + b"data: [DONE]\n\n"
# Longer than any limit above takes, on a busy machine.
PATIENCE = 20.0
GONE = (trio.BrokenResourceError, trio.ClosedResourceError)


@attrs.define
class Tally:
    """What good clients saw."""

    streams: int = 0
    longest_gap: float = 0.0
    wrong: list[str] = attrs.field(factory=list)


class Gateway:
    """A running process, and where it listens."""

    def __init__(self, process, port):
        self.process = process
        self.port = port

    def memory(self):
        """Resident bytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    async def connect(self):
        """A raw connection."""
        return await trio.open_tcp_stream("127.0.0.1", self.port)


@asynccontextmanager
async def attacked(connections=4096, files=None):
    """A gateway with a good and an evil upstream; `files` is how many its process may have open."""
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        await nursery.start(partial(trio.serve_listeners, _upstream, listeners))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "dragoman.toml")
            port = listeners[0].socket.getsockname()[1]
            await trio.Path(path).write_text(CONFIG.format(port=port, connections=connections))
            command = [sys.executable, "-m", "dragoman", "serve", "--config", str(path)]
            options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
            if files is not None:
                options["preexec_fn"] = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (files, files))
            process = await trio.lowlevel.open_process(command, **options)
            try:
                yield Gateway(process, await _announced(process, nursery))
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        nursery.cancel_scope.cancel()


async def _announced(process, nursery):
    said = b""
    while b"http://127.0.0.1:" not in said or b"\n" not in said.partition(b"http://127.0.0.1:")[2]:
        data = await process.stdout.receive_some()
        if not data:
            raise RuntimeError(f"the gateway did not start: {said.decode()}")
        said += data
    nursery.start_soon(_forget, process.stdout)
    digits = said.partition(b"http://127.0.0.1:")[2]
    return int(digits[: len(digits) - len(digits.lstrip(b"0123456789"))])


async def _forget(stream):
    with suppress(*GONE):
        while await stream.receive_some():
            pass


async def _upstream(stream):
    with suppress(*GONE):
        async with stream:
            seen = b""
            while True:
                while b"\r\n\r\n" not in seen:
                    if not (data := await stream.receive_some()):
                        return
                    seen += data
                head, _, seen = seen.partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                while len(seen) < length:
                    seen += await stream.receive_some()
                body, seen = seen[:length], seen[length:]
                if b"/evil/" in head:
                    await _send(stream, UPSTREAMS[json.loads(body)["model"].encode()][0])
                    return
                await _good(stream)


async def _good(stream):
    await stream.send_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    for number in range(EVENTS):
        event = _event({"delta": {"content": f"<{number}>"}})
        await stream.send_all(b"%x\r\n%b\r\n" % (len(event), event))
        await trio.sleep(PAUSE)
    await stream.send_all(b"%x\r\n%b\r\n0\r\n\r\n" % (len(_END), _END))


async def _send(stream, steps):
    for step in steps:
        if isinstance(step, bytes):
            await stream.send_all(step)
            continue
        for _ in range(step.times):
            await trio.sleep(step.pause)
            await stream.send_all(step.piece)


async def good_client(gateway, tally, over):
    """Stream after stream on one connection, until it is over."""
    body = b'{"model":"good/m","stream":true,"messages":[{"role":"user","content":"hi"}]}'
    request = POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    try:
        async with await gateway.connect() as stream:
            while not over.is_set():
                await stream.send_all(request)
                await _take_stream(stream, tally)
                tally.streams += 1
    except Exception as error:  # noqa: BLE001 - whatever it is, a good client noticed something
        tally.wrong.append(f"{type(error).__name__}: {error}")


async def _take_stream(stream, tally):
    seen, before = b"", None
    while not seen.endswith(b"0\r\n\r\n"):
        with trio.fail_after(PATIENCE):
            data = await stream.receive_some()
        if not data:
            raise EOFError(f"in the middle of a stream: {seen[-300:]!r}")
        now = trio.current_time()
        if before is not None:
            tally.longest_gap = max(tally.longest_gap, now - before)
        before, seen = now, seen + data
    expected = [b"<%d>" % number for number in range(EVENTS)]
    if (
        not seen.startswith(b"HTTP/1.1 200")
        or [b"<" + part.partition(b">")[0] + b">" for part in seen.split(b"<")[1:]] != expected
    ):
        raise ValueError(f"not the stream that was sent: {seen[:300]!r}")
    if b"data: [DONE]" not in seen:
        raise ValueError("a stream without its end")


async def attack(gateway, shape):
    """Do one shape; returns everything that was answered.

    Raises:
        trio.TooSlowError: the gateway did not end it.
    """
    with trio.fail_after(PATIENCE):
        async with await gateway.connect() as stream, trio.open_nursery() as nursery:
            nursery.start_soon(_attack, stream, shape)
            seen = b""
            with suppress(*GONE):
                if shape.reads:
                    while data := await stream.receive_some():
                        seen += data
                else:
                    await _until_cut_off(stream)
            nursery.cancel_scope.cancel()
    return seen


async def _attack(stream, shape):
    with suppress(*GONE):
        await _send(stream, shape.sent)
        if shape.ends:
            await stream.send_eof()


async def _until_cut_off(stream):
    # Bytes lie in the socket and stay there; only the kernel can tell that the other side is gone.
    poll = select.poll()
    poll.register(stream.socket.fileno(), select.POLLRDHUP)
    while not poll.poll(0):  # noqa: ASYNC110 - what is waited for has no event
        await trio.sleep(0.05)


def verdict(shape, seen):
    """What is wrong with the answer to a shape; nothing if nothing is."""
    heads = [part for part in (b"\n" + seen).split(b"\nHTTP/1.1 ")[1:] if not part.startswith(b"100")]
    heads = [part for piece in heads for part in piece.split(b"}HTTP/1.1 ")]
    if len(heads) != shape.answers:
        return f"{len(heads)} answers and not {shape.answers}: {seen[-400:]!r}"
    if heads and not heads[-1].startswith(b"%d " % shape.status):
        return f"not a {shape.status}: {seen[-400:]!r}"
    if heads and shape.code not in heads[-1]:
        return f"not {shape.code!r}: {seen[-400:]!r}"
    return None


def upstream_verdict(expected, seen):
    """What is wrong with the answer to a request whose upstream misbehaves; nothing if nothing is."""
    status, code = expected
    if not seen.startswith(b"HTTP/1.1 %d " % status) or code not in seen:
        return f"not {status} {code.decode()}: {seen[:600]!r}"
    if status == 200 and b"[DONE]" in seen:
        return f"a broken stream looks whole: {seen[-300:]!r}"
    return None


async def round_of_attacks(gateway, wrong):
    """Every shape once, in groups at the same time; what is wrong is appended."""

    async def client(name, shape):
        try:
            bad = verdict(shape, await attack(gateway, shape)) if shape.reads else await attack(gateway, shape) and None
        except trio.TooSlowError:
            bad = "the gateway did not end it"
        if bad:
            wrong.append(f"{name}: {bad}")

    async def upstream(model, expected):
        request = ask(model).replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        try:
            bad = upstream_verdict(expected, await attack(gateway, Shape((request,))))
        except trio.TooSlowError:
            bad = "the gateway did not end it"
        if bad:
            wrong.append(f"upstream {model.decode()}: {bad}")

    async with trio.open_nursery() as nursery:
        for name, shape in CLIENTS.items():
            nursery.start_soon(client, name, shape)
            await trio.sleep(0.005)
        for model, (_, expected) in UPSTREAMS.items():
            if expected is not None:
                nursery.start_soon(upstream, model, expected)
                await trio.sleep(0.005)


async def campaign(clients, seconds):
    """Good clients and rounds of attacks for a time.

    Returns:
        The tally, what was wrong with the shapes, memory after the first round and at the end, rounds, and whether the
        process lived and ended well.
    """
    tally, wrong, over = Tally(), [], trio.Event()
    async with attacked() as gateway:
        async with trio.open_nursery() as nursery:
            for _ in range(clients):
                nursery.start_soon(good_client, gateway, tally, over)
            began, rounds = trio.current_time(), 1
            await round_of_attacks(gateway, wrong)
            first = gateway.memory()
            while trio.current_time() - began < seconds:
                await round_of_attacks(gateway, wrong)
                rounds += 1
            over.set()
        last = gateway.memory()
        alive = gateway.process.poll() is None
        gateway.process.send_signal(signal.SIGTERM)
        with trio.move_on_after(PATIENCE):
            await gateway.process.wait()
        ended = gateway.process.returncode
    return tally, wrong, (first, last), rounds, alive and ended == 0


def main():
    """Attack for a time, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20.0)
    args = parser.parse_args()
    tally, wrong, (first, last), rounds, well = trio.run(campaign, args.clients, args.seconds)
    count = len(CLIENTS) + len(UPSTREAMS) - 1
    sys.stdout.write(
        f"{rounds} rounds of {count} shapes beside {args.clients} good clients with {tally.streams} streams: longest "
        f"gap {tally.longest_gap:.3f} s; memory {first / 1e6:.1f} MB after the first round, {last / 1e6:.1f} MB at "
        f"the end; the process {'ended in good order' if well else 'did not end well'}\n"
    )
    for line in sorted(set(wrong + tally.wrong)):
        sys.stdout.write(f"{line}\n")
    return bool(wrong or tally.wrong or not well)


if __name__ == "__main__":
    sys.exit(main())
