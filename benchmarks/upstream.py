"""Canned answers of three providers, which cost next to nothing: no checks. `python -m benchmarks.upstream`.

The path of a request says whose answer it gets. What the answer is follows from the body, and words in it:

    no wish for a stream    a whole reply
    ... and hold 500        nothing, until there are 500 such requests: then all are answered
    a wish for a stream     EVENTS text deltas, one in a write, PACE_SECONDS apart
    ... and saturate        the same, EVENTS_IN_A_WRITE in a write and the next write at once
    ... and brief           only the first of them
"""

import asyncio
import re
import sys
from typing import Final

import attrs

from . import answers

EVENTS: Final = answers.ANSWER_DELTAS
PACE_SECONDS: Final = 0.004
EVENTS_IN_A_WRITE: Final = 20
MODELS: Final = {"openai_chat": "gpt-4.1", "anthropic": "claude-sonnet-4-5", "gemini": "gemini-2.5-flash"}

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_HOLD: Final = re.compile(rb"hold (\d+)")
_WHOLE_HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
_STREAM_HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


@attrs.frozen
class Canned:
    """What one provider says, as bytes of HTTP: a whole reply; a stream's beginning, deltas in two ways, and end."""

    whole: bytes
    first: bytes
    single: tuple[bytes, ...]
    several: tuple[bytes, ...]
    last: bytes


def _canned(dialect: str) -> Canned:
    reply = answers.reply_body(dialect, "text", MODELS[dialect])
    stream = answers.stream(dialect, "answer", MODELS[dialect])
    starts = range(0, EVENTS, EVENTS_IN_A_WRITE)
    return Canned(
        _WHOLE_HEAD % len(reply) + reply,
        _STREAM_HEAD + _chunk(stream.opening),
        tuple(map(_chunk, stream.deltas)),
        tuple(_chunk(b"".join(stream.deltas[start : start + EVENTS_IN_A_WRITE])) for start in starts),
        _chunk(stream.ending) + b"0\r\n\r\n",
    )


_CANNED: Final = {dialect: _canned(dialect) for dialect in MODELS}


def _dialect(target: bytes) -> str:
    if b"enerateContent" in target:
        return "gemini"
    return "anthropic" if target.endswith(b"/messages") else "openai_chat"


class Upstream(asyncio.Protocol):
    """One connection."""

    held: "list[Upstream]" = []  # noqa: RUF012 - shared by all connections

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._data = b""
        self._canned = _CANNED["openai_chat"]
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._data = self._data + data if self._data else data
        end = self._data.find(b"\r\n\r\n")
        if end < 0:
            return
        found = _LENGTH.search(self._data, 0, end)
        length = int(found[1]) if found else 0
        if len(self._data) < end + 4 + length:
            return
        target = self._data[: self._data.index(b"\r\n")].split(b" ")[1]
        body, self._data = self._data[end + 4 :], b""
        self._canned = _CANNED[_dialect(target)]
        self._answer(body, b":stream" in target or b'"stream":true' in body)

    def _answer(self, body: bytes, stream: bool) -> None:
        if stream:
            self.write(self._canned.first)
            writes = self._canned.single
            if b"saturate" in body:
                writes = self._canned.several
            elif b"brief" in body:
                writes = writes[:1]
            self._loop.call_soon(self._go_on, writes, 0)
        elif hold := _HOLD.search(body):
            self.held.append(self)
            if len(self.held) >= int(hold[1]):
                for waiting in self.held:
                    waiting.write(waiting._canned.whole)  # noqa: SLF001 - of this class
                self.held.clear()
        else:
            self.write(self._canned.whole)

    def _go_on(self, writes: tuple[bytes, ...], done: int) -> None:
        if self._transport is None:
            return
        if done == len(writes):
            self.write(self._canned.last)
            return
        self.write(writes[done])
        if writes is self._canned.several:
            self._loop.call_soon(self._go_on, writes, done + 1)
        else:
            self._loop.call_later(PACE_SECONDS, self._go_on, writes, done + 1)

    def write(self, data: bytes) -> None:
        """Send bytes, if anybody is there."""
        if self._transport is not None:
            self._transport.write(data)


async def _main() -> None:
    server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until the parent is done


if __name__ == "__main__":
    asyncio.run(_main())
