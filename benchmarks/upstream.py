"""A stand-in for Anthropic that costs next to nothing: canned answers, no checks. `python -m benchmarks.upstream`.

What it answers follows from a word in the request's body:

    "stream":true       a stream of EVENTS text deltas, those of an answer: "saturate" sends 20 of them in a write and
                        the next write at once; else they come one in a write, PACE_SECONDS apart
    hold 500            nothing, until there are 500 such requests: then all are answered
    anything else       a whole reply
"""

import asyncio
import re
import sys
from typing import Final

from . import bodies

EVENTS: Final = bodies.ANSWER_DELTAS
PACE_SECONDS: Final = 0.004
EVENTS_IN_A_WRITE: Final = 20
MODEL: Final = "claude-sonnet-4-5"

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_HOLD: Final = re.compile(rb"hold (\d+)")
_REPLY: Final = bodies.reply_body("anthropic", "text", MODEL)
_STREAM: Final = bodies.stream("anthropic", "answer", MODEL)
_WHOLE: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
    len(_REPLY),
    _REPLY,
)
_STREAM_HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


_LAST: Final = _chunk(_STREAM.ending) + b"0\r\n\r\n"
_ONE: Final = tuple(map(_chunk, _STREAM.deltas))
_SEVERAL: Final = tuple(
    _chunk(b"".join(_STREAM.deltas[start : start + EVENTS_IN_A_WRITE])) for start in range(0, EVENTS, EVENTS_IN_A_WRITE)
)


class Upstream(asyncio.Protocol):
    """One connection."""

    held: "list[Upstream]" = []  # noqa: RUF012 - shared by all connections

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._data = b""
        self._left = 0
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
        body, self._data = self._data[end + 4 :], b""
        self._answer(body)

    def _answer(self, body: bytes) -> None:
        if b'"stream":true' in body:
            self._left = EVENTS
            self.write(_STREAM_HEAD + _chunk(_STREAM.opening))
            self._loop.call_soon(self._go_on, b"saturate" in body)
        elif hold := _HOLD.search(body):
            self.held.append(self)
            if len(self.held) >= int(hold[1]):
                for waiting in self.held:
                    waiting.write(_WHOLE)
                self.held.clear()
        else:
            self.write(_WHOLE)

    def _go_on(self, saturate: bool) -> None:
        if self._transport is None:
            return
        if self._left <= 0:
            self.write(_LAST)
        elif saturate:
            self.write(_SEVERAL[(EVENTS - self._left) // EVENTS_IN_A_WRITE])
            self._left -= EVENTS_IN_A_WRITE
            self._loop.call_soon(self._go_on, saturate)
        else:
            self.write(_ONE[EVENTS - self._left])
            self._left -= 1
            self._loop.call_later(PACE_SECONDS, self._go_on, saturate)

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
