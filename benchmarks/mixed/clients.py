"""Clients of every dialect: some read to the end, some leave in the middle, some read slowly."""

import asyncio
import random
import socket
import struct
import time
from typing import Any, Final
from urllib.parse import quote

import attrs
import orjson

from .plan import Wish
from .reading import Said, read_stream, read_whole

PATIENCE: Final = 40.0
"""Seconds that a client waits for something to come: by then every request has ended."""
_SLOW_READ: Final = 4096
_SLOW_BUFFER: Final = 16_384  # with less, the kernel waits between two pieces more than the client does
_SLOW_PAUSE: Final = 0.015
_MAX_TOKENS: Final = 8000
_RESET: Final = struct.pack("ii", 1, 0)
_SCHEMA: Final = {
    "type": "object", "properties": {"location": {"type": "string"}}, "required": ["location"],
    "additionalProperties": False,
}  # fmt: skip
_ABOUT: Final = "Tells the weather."


@attrs.define
class Outcome:
    """How a request ended, as its client saw it.

    Attributes:
        wish: it.
        status: 0 where there was none.
        said: what was read.
        left: whether the client went before the end.
        failure: what no client should ever meet: a connection that just ends, silence.
        request_id: as the answer names it.
        seconds: how long it took.
    """

    wish: Wish
    status: int = 0
    said: Said = attrs.field(factory=Said)
    left: bool = False
    failure: str | None = None
    request_id: str = ""
    seconds: float = 0.0


def request_of(wish: Wish, key: str) -> bytes:
    """The bytes of a request."""
    path, body = _WRITERS[wish.dialect](wish)
    data = orjson.dumps(body)
    lines = (
        f"POST {path} HTTP/1.1", "host: gateway", "content-type: application/json", f"authorization: Bearer {key}",
        f"x-request-id: {wish.marker}", f"content-length: {len(data)}", "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode("ascii") + data


def _chat(wish: Wish) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {"model": wish.model, "max_tokens": _MAX_TOKENS}
    body["messages"] = [{"role": "user", "content": wish.text}]
    if wish.stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    if wish.tools:
        function = {"name": "get_weather", "description": _ABOUT, "parameters": _SCHEMA}
        body["tools"] = [{"type": "function", "function": function}]
    return "/v1/chat/completions", body


def _responses(wish: Wish) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {"model": wish.model, "max_output_tokens": _MAX_TOKENS, "input": wish.text, "store": False}
    if wish.stream:
        body["stream"] = True
    if wish.tools:
        body["tools"] = [
            {"type": "function", "name": "get_weather", "description": _ABOUT, "parameters": _SCHEMA, "strict": True}
        ]
    return "/v1/responses", body


def _claude(wish: Wish) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {"model": wish.model, "messages": [{"role": "user", "content": wish.text}]}
    if wish.action == "count":
        return "/v1/messages/count_tokens", body
    body["max_tokens"] = _MAX_TOKENS
    if wish.stream:
        body["stream"] = True
    if wish.tools:
        body["tools"] = [{"name": "get_weather", "description": _ABOUT, "input_schema": _SCHEMA}]
    return "/v1/messages", body


def _gemini(wish: Wish) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {"contents": [{"role": "user", "parts": [{"text": wish.text}]}]}
    verb = "countTokens" if wish.action == "count" else "generateContent"
    if wish.action != "count":
        body["generationConfig"] = {"maxOutputTokens": _MAX_TOKENS}
    if wish.stream:
        verb = "streamGenerateContent?alt=sse"
    if wish.tools:
        function = {"name": "get_weather", "description": _ABOUT, "parametersJsonSchema": _SCHEMA}
        body["tools"] = [{"functionDeclarations": [function]}]
    return f"/v1beta/models/{wish.model}:{verb}", body


def _bedrock(wish: Wish) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {"messages": [{"role": "user", "content": [{"text": wish.text}]}]}
    body["inferenceConfig"] = {"maxTokens": _MAX_TOKENS}
    if wish.tools:
        spec = {"name": "get_weather", "description": _ABOUT, "inputSchema": {"json": _SCHEMA}}
        body["toolConfig"] = {"tools": [{"toolSpec": spec}]}
    return f"/model/{quote(wish.model, safe='')}/{'converse-stream' if wish.stream else 'converse'}", body


_WRITERS: Final = {
    "openai_chat": _chat, "openai_responses": _responses, "anthropic": _claude, "gemini": _gemini, "bedrock": _bedrock,
}  # fmt: skip


class Client:
    """One client: request after request, on one connection as long as it lasts.

    Args:
        port: of the gateway.
        key: its key.
    """

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._key = key
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, wish: Wish) -> Outcome:
        """Make a request, and read what comes as its wish says."""
        outcome, began = Outcome(wish), time.monotonic()
        if wish.behaviour == "slow":
            self.close()
        reusable = False
        try:
            async with asyncio.timeout(PATIENCE):
                reusable = await self._exchange(wish, outcome)
        except TimeoutError:
            outcome.failure = f"nothing ended within {PATIENCE:g} s"
        except (OSError, asyncio.IncompleteReadError) as error:
            outcome.failure = f"the connection broke ({type(error).__name__})"
        outcome.seconds = time.monotonic() - began
        if not reusable or wish.behaviour == "slow":
            self.close(rude=outcome.left and wish.rude)
        return outcome

    def close(self, *, rude: bool = False) -> None:
        """Close the connection."""
        if self._writer is None:
            return
        if rude:
            self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self._writer.transport.abort()
        else:
            self._writer.close()
        self._reader = self._writer = None

    async def _connect(self, *, slow: bool) -> None:
        connection = socket.socket()
        connection.setblocking(False)
        if slow:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SLOW_BUFFER)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", self._port))
        limit = _SLOW_READ if slow else 2**20
        self._reader, self._writer = await asyncio.open_connection(sock=connection, limit=limit)

    async def _exchange(self, wish: Wish, outcome: Outcome) -> bool:
        """One exchange; whether the connection can be used again."""
        if self._writer is None or self._reader is None or self._reader.at_eof():
            self.close()
            await self._connect(slow=wish.behaviour == "slow")
        assert self._reader is not None
        assert self._writer is not None
        self._writer.write(request_of(wish, self._key))
        await self._writer.drain()
        if wish.behaviour == "leaves" and not wish.leave_after:
            await asyncio.sleep(random.Random(wish.marker).random() * 0.1)
            outcome.left = True
            return False
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        outcome.status = int(head[0].split(" ")[1])
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
        outcome.request_id = headers.get("x-request-id", "")
        body = await self._body(wish, outcome, headers)
        if body is None:
            return False
        streamed = outcome.status == 200 and wish.stream
        outcome.said = read_stream(wish.dialect, body) if streamed else _whole(wish, outcome.status, body)
        return headers.get("connection", "").lower() != "close"

    async def _body(self, wish: Wish, outcome: Outcome, headers: dict[str, str]) -> bytes | None:
        """The body; None where the client leaves in the middle, which keeps what it read."""
        assert self._reader is not None
        if "content-length" in headers:
            return await self._reader.readexactly(int(headers["content-length"]))
        data = bytearray()
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            left = size + 2
            while left:
                piece = await self._reader.read(min(left, _SLOW_READ if wish.behaviour == "slow" else 65_536))
                if not piece:
                    raise asyncio.IncompleteReadError(bytes(data), None)
                data += piece
                left -= len(piece)
            del data[-2:]
            if wish.behaviour == "slow" and len(data) // _SLOW_READ > (len(data) - size) // _SLOW_READ:
                await asyncio.sleep(_SLOW_PAUSE)
            if wish.behaviour == "leaves" and len(data) >= wish.leave_after:
                outcome.left = True
                outcome.said = read_stream(wish.dialect, bytes(data))
                return None
        await self._reader.readuntil(b"\r\n")
        return bytes(data)


def _whole(wish: Wish, status: int, body: bytes) -> Said:
    if wish.action == "generate" or status >= 400:
        return read_whole(wish.dialect, status, body)
    value = orjson.loads(body)
    return Said(usage=(value["input_tokens"] if wish.dialect == "anthropic" else value["totalTokens"], 0), ended=True)
