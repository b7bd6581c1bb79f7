"""Failing providers: the stand-ins' own answers, sent by a server that breaks off wherever the plan says."""

import asyncio
import socket
import struct
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import attrs
from dragoman import standins
from dragoman.standins.wire import Answer, Call, Reply

from . import plan
from .reading import Said, read_stream, read_whole

FRAME_PAUSE: Final = 0.02
STREAM_SECONDS: Final = 1.5
"""What the pauses of a stream add up to at most."""
DRIP_PIECES: Final = 60
DRIP_SECONDS: Final = 0.5
_RESET: Final = struct.pack("ii", 1, 0)
# Faults that the stand-in itself plays when it is told so by a header.
_PLAYED: Final = {"garbage": "garbage", "error event": "mid-error"}
_BREAKS: Final = frozenset(("reset in the body", "truncated", "stall"))
_OVERLOADED: Final = (
    b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'
)


@attrs.define
class Attempt:
    """What a provider was asked for the sake of a request, and what it did.

    Attributes:
        number, turn: of the request, and of the attempt to answer it.
        provider, dialect: who was asked, and how.
        action, stream: what for.
        fault: see `plan.fault`.
        kept: whether the connection had been used before.
        status: what was said.
        told: the whole answer, as it would be without the fault.
        sent: the bytes of an answer's body that were sent.
        whole: whether everything was sent.
    """

    number: int
    turn: int
    provider: str
    dialect: str
    action: str
    stream: bool
    fault: str | None
    kept: bool
    status: int = 0
    told: Said = attrs.field(factory=Said)
    sent: bytearray = attrs.field(factory=bytearray)
    whole: bool = False

    @property
    def good(self) -> bool:
        """Whether it was a right answer, as far as the client lets it."""
        return self.fault in (None, "drip")

    def said(self) -> Said:
        """What was sent, as far as it went."""
        return _said(self, bytes(self.sent)) if self.status == 200 else Said()


def _said(attempt: Attempt, body: bytes) -> Said:
    if attempt.action == "count":
        return Said()
    return read_stream(attempt.dialect, body) if attempt.stream else read_whole(attempt.dialect, 200, body)


class Providers:
    """All of them, each at a port of its own.

    Args:
        seed: of the plan.
        faulty: whether they fail at all.

    Attributes:
        faulty: the same; it may change.
        attempts: by the number of the request.
        unknown: requests without a marker.
    """

    def __init__(self, seed: int, *, faulty: bool = True) -> None:
        self._seed = seed
        self.faulty = faulty
        self._apps: dict[str, Answer] = {name: standins.PROVIDERS[name]() for name in plan.MODELS}
        self._servers: list[asyncio.Server] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self.attempts: defaultdict[int, list[Attempt]] = defaultdict(list)
        self.unknown: list[str] = []

    async def start(self) -> dict[str, int]:
        """Begin to serve; the port of each."""
        ports = {}
        for name in self._apps:
            server = await asyncio.start_server(lambda r, w, name=name: self._serve(name, r, w), "127.0.0.1", 0,
                                                backlog=1024, limit=2**22)  # fmt: skip
            self._servers.append(server)
            ports[name] = server.sockets[0].getsockname()[1]
        return ports

    def hang_up(self) -> None:
        """Close every connection, and go on serving."""
        for writer in tuple(self._writers):
            writer.transport.abort()

    def stop(self) -> None:
        """Serve no more."""
        for server in self._servers:
            server.close()
        self.hang_up()

    async def _serve(self, provider: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._writers.add(writer)
        kept = False
        try:
            while (call := await _read(reader)) is not None:
                if not await _Answering(self._seed, reader, writer, self._attempt(provider, call, kept)).run(
                    self._apps[provider], call
                ):
                    break
                kept = True
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _attempt(self, provider: str, call: Call, kept: bool) -> Attempt:
        number = plan.number_of(call.body)
        stream = b'"stream":true' in call.body or "stream" in call.path.lower()
        if number is None:
            self.unknown.append(call.path)
            number = -1
        before = self.attempts[number]
        fault = plan.fault(self._seed, number, len(before), provider=provider, stream=stream) if self.faulty else None
        dialect = {"openai": "openai_responses" if call.path.endswith("/responses") else "openai_chat"}.get(
            provider, provider
        )
        action = "count" if "count" in call.path else "generate"
        made = Attempt(number, len(before), provider, dialect, action, stream, fault, kept)
        before.append(made)
        return made


async def _read(reader: asyncio.StreamReader) -> Call | None:
    """A request; None where the connection ends between two."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    path, _, query = target.partition("?")
    return Call(method, path, query, headers, await reader.readexactly(int(headers.get("content-length", 0))))


@attrs.define
class _Answering:
    seed: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    attempt: Attempt

    async def run(self, app: Answer, call: Call) -> bool:
        """Answer as the plan says; whether another request may follow."""
        attempt, fault = self.attempt, self.attempt.fault or ""
        if fault == "reset":
            return self._reset()
        if fault == "hang":
            return await self._wait()
        if fault == "no http":
            await self._write(b"220 mail.example ESMTP ready\r\n")
            return False
        reply = app(_told(call, fault))
        frames = None if reply.frames is None else list(reply.frames)
        attempt.status = reply.status
        if attempt.action == "count" and (fault in _PLAYED or fault[:3].isdigit()) and reply.status == 200:
            attempt.fault = None  # the stand-in does not play it there
        if attempt.good and reply.status == 200:
            whole = reply.body if frames is None else b"".join(frames)
            attempt.told = _said(attempt, whole)
        if fault == "early overload" and frames is not None:
            frames = [frames[0], _OVERLOADED]
        head = _head(reply, stream=frames is not None, fault=fault)
        if fault.endswith("in the head"):
            await self._write(head[: len(head) // 2])
            return self._reset() if fault.startswith("reset") else False
        await self._write(head)
        pieces = [reply.body] if frames is None else frames
        if fault in _BREAKS:
            return await self._break_off(pieces, chunked=frames is not None)
        await self._send(pieces, chunked=frames is not None, drip=fault == "drip")
        attempt.whole = True
        return True

    async def _send(self, pieces: Sequence[bytes], *, chunked: bool, drip: bool = False) -> None:
        pause = min(FRAME_PAUSE, STREAM_SECONDS / len(pieces)) if chunked and len(pieces) < 500 else 0.0
        for place, piece in enumerate(pieces):
            data = b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece
            if drip and place % (1 + len(pieces) // DRIP_PIECES) == 0:
                await self._drip(data, len(pieces))
            else:
                await self._write(data)
            self.attempt.sent += piece
            if pause:
                await asyncio.sleep(pause)
            if self.reader.at_eof():
                raise ConnectionResetError
        if chunked:
            await self._write(b"0\r\n\r\n")

    async def _drip(self, data: bytes, pieces: int) -> None:
        size = max(3, len(data) * pieces // DRIP_PIECES)
        for at in range(0, len(data), size):
            await self._write(data[at : at + size])
            await asyncio.sleep(DRIP_SECONDS / DRIP_PIECES)

    async def _break_off(self, pieces: Sequence[bytes], *, chunked: bool) -> bool:
        place = plan.place_of_fault(self.seed, self.attempt.number, self.attempt.turn)
        if chunked:
            middle = min(int(place * len(pieces)), len(pieces) - 1)
            before, half = pieces[:middle], pieces[middle][: len(pieces[middle]) // 2]
            for piece in before:
                await self._write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.attempt.sent += piece
                await asyncio.sleep(FRAME_PAUSE if len(pieces) < 500 else 0)
            await self._write(b"%x\r\n%b\r\n" % (len(half), half) if half else b"")
        else:
            await self._write(pieces[0][: int(place * len(pieces[0]))])
        if self.attempt.fault == "stall":
            return await self._wait()
        return self._reset() if self.attempt.fault == "reset in the body" else False

    async def _write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def _wait(self) -> bool:
        """Say nothing more until the gateway is gone."""
        while await self.reader.read(65_536):
            pass
        return False

    def _reset(self) -> bool:
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.writer.transport.abort()
        return False


def _told(call: Call, fault: str) -> Call:
    """The request with a word to the stand-in."""
    status = fault.partition(" ")[0]
    word = f"error:{status}" if status.isdigit() else _PLAYED.get(fault)
    return call if word is None else attrs.evolve(call, headers={**call.headers, "x-standin": word})


def _head(reply: Reply, *, stream: bool, fault: str) -> bytes:
    headers = [(name, value) for name, value in reply.headers if not name.startswith("retry-after")]
    if fault.endswith("retry-after"):
        headers.append(("retry-after", "1"))
    headers.append(("transfer-encoding", "chunked") if stream else ("content-length", str(len(reply.body))))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {reply.status} Word\r\n{lines}\r\n".encode("latin-1")
