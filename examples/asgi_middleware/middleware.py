"""ASGI middleware: an application that speaks OpenAI chat also takes Anthropic Messages and Gemini clients.

    app = Dialects(app)

Needs no framework and no event loop of its own: it awaits only what the server and the application hand it.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any
from urllib.parse import unquote

from dragoman.translate import boundary

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_LOSSES_BYTES = 2048  # clients and proxies refuse heads of more than 8 KB or so
_GEMINI = re.compile(r"/v1(?:beta)?/models/(?P<model>.+):(?P<verb>generateContent|streamGenerateContent)")
_DROPPED = {b"content-length", b"content-type", b"content-encoding", b"transfer-encoding"}


def asked(path: str, query: bytes) -> dict[str, Any] | None:
    """What an address says of the request, as a head of ``boundary.request``; None when it is not ours."""
    if path == "/v1/messages":
        return {"from": "anthropic"}
    found = _GEMINI.fullmatch(path)
    if found is None:
        return None
    stream = found["verb"] == "streamGenerateContent"
    form = {"stream_form": "array"} if stream and b"alt=sse" not in query.split(b"&") else {}
    return {"from": "gemini", "model": unquote(found["model"]), "stream": stream, **form}


class Dialects:
    """The application behind it sees OpenAI chat completions alone; every other address passes through untouched.

    Args:
        app: takes ``POST /v1/chat/completions``.
        on_loss: which losses refuse a request, as in ``boundary.request``; None is the default policy.
        max_body_bytes: a longer request is answered with 413.
    """

    def __init__(self, app: App, *, on_loss: Any = None, max_body_bytes: int = 32 * 1024 * 1024) -> None:
        self._app = app
        self._on_loss = {} if on_loss is None else {"on_loss": on_loss}
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        ours = scope["type"] == "http" and scope["method"] == "POST"
        head = asked(scope["path"], scope.get("query_string", b"")) if ours else None
        if head is None:
            await self._app(scope, receive, send)
            return
        body = await _body(receive, self._max_body_bytes)
        if body is None:
            return
        if len(body) > self._max_body_bytes:
            message = f"The body is longer than {self._max_body_bytes} bytes."
            await _whole(send, _error(head["from"], 413, "body_too_large", message))
            return
        model = {} if "model" in head else _model(body)
        asking = {**model, **head, **self._on_loss, "to": "openai_compatible", "base_url": "http://app/v1"}
        call = boundary.request(_dumps(asking), body)
        if call.status == 428:
            fields = ", ".join(json.loads(call.head)["params"].values())
            message = f"Media by URL are not fetched here: send the data itself at {fields}."
            await _whole(send, _error(head["from"], 400, "media_not_fetched", message))
            return
        if call.status != 200:
            await _whole(send, call)
            return
        translated = json.loads(call.head)
        answering = _Answer(send, head["from"], translated)
        await self._app(_chat_scope(scope, len(call.body)), _replay(call.body, receive), answering)


class _Answer:
    """The application's ``send``: its chat answer leaves in the client's dialect, a stream chunk by chunk."""

    def __init__(self, send: Send, client: str, call: Mapping[str, Any]) -> None:
        self._send = send
        self._client = client
        self._stream_type = str(call.get("stream_type", "text/event-stream")).encode()
        self._head: dict[str, Any] = {"context": call["context"], "now": int(time.time()), "id": uuid.uuid4().hex}
        self._losses: list[Mapping[str, str]] = call["losses"]
        self._kept: list[tuple[bytes, bytes]] = []
        self._body = b""
        self._pipe: Any = None
        self._begun = self._over = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start(message)
        elif message["type"] == "http.response.body":
            await self._take(message.get("body", b""), more=message.get("more_body", False))
        else:
            await self._send(message)

    def _start(self, message: Message) -> None:
        headers = [(name.lower(), value) for name, value in message.get("headers", ())]
        self._kept = [item for item in headers if item[0] not in _DROPPED]
        self._head["status"] = message["status"]
        self._head["headers"] = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
        kind = dict(headers).get(b"content-type", b"")
        if message["status"] == 200 and kind.startswith(b"text/event-stream"):
            _, self._pipe = boundary.open(_dumps(self._head))

    async def _take(self, data: bytes, *, more: bool) -> None:
        if self._over:
            return
        self._over = not more
        if self._pipe is None:
            self._body += data
            if not more:
                answer = boundary.reply(_dumps(self._head), self._body)
                await _whole(self._send, answer, self._kept, self._losses)
            return
        self._pipe, out = boundary.feed(self._pipe, data)
        if not self._begun and (out or not more):
            # A stream that failed before its first event is a whole error with a status of its own.
            failure = boundary.failed(self._pipe)
            if failure is None and not out:
                message = "The application's stream ended before it began."
                failure = _error(self._client, 502, "stream_truncated", message)
            if failure is not None:
                self._over = True
                await _whole(self._send, failure, self._kept, self._losses)
                return
            self._begun = True
            headers = [*self._kept, (b"content-type", self._stream_type), *_losses_header(self._losses)]
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        if not more:
            last, _ = boundary.close(self._pipe)
            out += last
        if out or not more:
            await self._send({"type": "http.response.body", "body": out, "more_body": more})


async def _body(receive: Receive, limit: int) -> bytes | None:
    """The request's body, cut off after the limit; None when the client left."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False) or len(body) > limit:
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives the translated body once, then what the server says: that the client left."""
    waiting = [body]

    async def take() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return take


def _chat_scope(scope: Scope, length: int) -> Scope:
    """The scope of the chat request; a client's key arrives where chat clients have it."""
    headers = [(name.lower(), value) for name, value in scope["headers"]]
    given = dict(headers)
    key = given.get(b"x-api-key") or given.get(b"x-goog-api-key")
    added = [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
    if key is not None and b"authorization" not in given:
        added.append((b"authorization", b"Bearer " + key))
    ours = _DROPPED | {b"accept-encoding"}  # a packed answer could not be read
    kept = [item for item in headers if item[0] not in ours]
    path = "/v1/chat/completions"
    return {**scope, "path": path, "raw_path": path.encode(), "query_string": b"", "headers": [*kept, *added]}


def _model(body: bytes) -> dict[str, str]:
    """The body's model as it stands, since a slash in it is the application's; what is no JSON is refused later."""
    try:
        model = json.loads(body)["model"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}
    return {"model": model} if isinstance(model, str) else {}


async def _whole(
    send: Send,
    answer: boundary.Answer,
    kept: Sequence[tuple[bytes, bytes]] = (),
    losses: Sequence[Mapping[str, str]] = (),
) -> None:
    head = json.loads(answer.head)
    own = {name.encode().lower(): str(value).encode() for name, value in head.get("headers", {}).items()}
    own |= {b"content-type": b"application/json", b"content-length": str(len(answer.body)).encode()}
    own |= dict(_losses_header([*losses, *head.get("losses", ())]))
    headers = [*(item for item in kept if item[0] not in own), *own.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _losses_header(losses: Sequence[Mapping[str, str]]) -> list[tuple[bytes, bytes]]:
    """Losses as a JSON list of ``path kind severity``, and the number of those that have no room."""
    items: list[str] = []
    room = MAX_LOSSES_BYTES - len('["+999999 more"]')
    for number, loss in enumerate(losses):
        item = f"{loss['path']} {loss['kind']} {loss['severity']}"
        room -= len(json.dumps(item)) + 1
        if room < 0:
            items.append(f"+{len(losses) - number} more")
            break
        items.append(item)
    return [(b"x-dragoman-losses", json.dumps(items, separators=(",", ":")).encode())] if items else []


def _error(client: str, status: int, code: str, message: str) -> boundary.Answer:
    return boundary.error(_dumps({"from": client, "status": status, "code": code, "message": message}))


def _dumps(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value).encode()
