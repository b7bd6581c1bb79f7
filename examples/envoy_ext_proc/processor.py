"""An Envoy external processor: chat requests that pass through Envoy reach any provider, answers come back translated.

    python processor.py --targets targets.json --port 9002

Envoy keeps the connections, retries and limits; this service is asked about each request over one gRPC stream, and
hands bytes to ``dragoman.translate.boundary``. `Exchange` is one such stream without gRPC: a message in, messages out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import grpc
from dragoman.translate import boundary
from envoy_messages import (
    BUFFERED,
    FULL_DUPLEX_STREAMED,
    METHOD,
    OVERWRITE_IF_EXISTS_OR_ADD,
    SERVICE,
    STREAMED,
    CommonResponse,
    HeaderMutation,
    ProcessingRequest,
    ProcessingResponse,
)

DIALECTS = {
    "/v1/chat/completions": "openai_chat",
    "/v1/responses": "openai_responses",
    "/v1/messages": "anthropic",
}
UPSTREAM = "x-dragoman-upstream"
LOSSES = "x-dragoman-losses"
MAX_LOSSES_BYTES = 2048
# Of the client's headers and the provider's these pass, as do Envoy's own; what the boundary says comes on top.
_KEPT = frozenset(("x-request-id", "traceparent", "tracestate", "date", "server"))
_REQUEST_MODES = frozenset((BUFFERED, FULL_DUPLEX_STREAMED))
_RESPONSE_MODES = frozenset((BUFFERED, STREAMED, FULL_DUPLEX_STREAMED))
_PROVIDERS = {row["name"]: row for row in json.loads(boundary.providers())}


class Exchange:
    """One request and its answer.

    Args:
        targets: by the first segment of a model's name, the head of ``boundary.request`` that leads there, and
            ``key_env``, the variable with the key.
        variables: where keys are.
    """

    def __init__(self, targets: Mapping[str, Mapping[str, Any]], variables: Mapping[str, str] = os.environ) -> None:
        self._targets, self._variables = targets, variables
        self._modes = (BUFFERED, BUFFERED)
        self._client = "openai_chat"
        self._asked: dict[str, str] = {}
        self._body = bytearray()
        self._call: dict[str, Any] = {}
        self._answer: _Answer | None = None

    def take(self, message: Any) -> Iterator[Any]:
        """What to tell Envoy after one more of its messages."""
        if message.HasField("protocol_config"):
            config = message.protocol_config
            self._modes = (config.request_body_mode, config.response_body_mode)
        what = message.WhichOneof("one")
        if what == "request_headers":
            yield from self._request_headers(message.request_headers)
        elif what == "request_body":
            yield from self._request_body(message.request_body.body, message.request_body.end_of_stream)
        elif what == "request_trailers":
            if not self._call:
                yield from self._send(ended=False)
            yield ProcessingResponse(request_trailers={})
        elif self._answer is None and what == "response_headers":
            headers = _texts(message.response_headers.headers)
            self._answer = _Answer(self._client, self._call, self._modes[1], headers)
            yield from self._answer.begin(alone=message.response_headers.end_of_stream)
        elif self._answer is not None and what == "response_body":
            yield from self._answer.take(message.response_body.body, message.response_body.end_of_stream)
        elif self._answer is not None and what == "response_trailers":
            yield from self._answer.finish_by_trailers()
            yield ProcessingResponse(response_trailers={})

    def _request_headers(self, message: Any) -> Iterator[Any]:
        self._asked = _texts(message.headers)
        path = urlsplit(self._asked.get(":path", "")).path
        self._client = DIALECTS.get(path, "openai_chat")
        if path not in DIALECTS or self._asked.get(":method") != "POST":
            yield self._refuse(404, "unknown_route", f"There is POST to {', '.join(DIALECTS)}.")
        elif message.end_of_stream:
            yield self._refuse(400, "invalid_json", "The request has no body.")
        elif self._modes[0] not in _REQUEST_MODES or self._modes[1] not in _RESPONSE_MODES:
            text = (
                "The processing mode in Envoy must be BUFFERED or FULL_DUPLEX_STREAMED for bodies of requests, and one "
                "of these or STREAMED for bodies of responses."
            )
            yield self._refuse(500, "misconfigured", text)
        elif self._modes[0] == BUFFERED:
            yield ProcessingResponse(request_headers={"response": {}})

    def _request_body(self, data: bytes, end: bool) -> Iterator[Any]:
        self._body += data
        # A buffered body is one message, also where trailers follow it.
        if end or self._modes[0] == BUFFERED:
            yield from self._send(ended=True)

    def _send(self, *, ended: bool) -> Iterator[Any]:
        """The provider's call in place of the client's; or the refusal."""
        body = bytes(self._body)
        name, model = _model(body)
        if name not in self._targets or not model:
            names = ", ".join(self._targets)
            yield self._refuse(404, "model_not_found", f"Name the model as TARGET/MODEL; the targets are {names}.")
            return
        target = dict(self._targets[name])
        key = self._variables.get(target.pop("key_env", ""))
        headers = {name: value for name, value in self._asked.items() if not name.startswith(":")}
        head = {**target, "from": self._client, "model": model, "headers": headers}
        asked = boundary.request(_dumps(head), body)
        told = json.loads(asked.head)
        if asked.status == 428:
            fields = ", ".join(told["params"].values())
            text = f"This provider takes no media by URL: send the data itself at {fields}."
            yield self._refuse(400, "media_not_fetched", text)
            return
        if asked.status != 200:
            yield _immediate(asked, {**told.get("headers", {}), **_lost(told.get("losses", ()))})
            return
        self._call = told
        url = urlsplit(told["url"])
        place = f"{url.path}?{url.query}" if url.query else url.path
        pseudo = {":method": told["method"], ":scheme": url.scheme, ":authority": url.netloc, ":path": place}
        sent = {**pseudo, **told["headers"], **_signed_on(target["to"], key), UPSTREAM: name}
        if self._modes[0] == BUFFERED:
            change = _change({**sent, "content-length": str(len(asked.body))}, self._asked)
            common = {"header_mutation": change, "body_mutation": {"body": asked.body}, "clear_route_cache": True}
            yield ProcessingResponse(request_body={"response": common})
            return
        change = _change(sent, {**self._asked, "content-length": ""})
        yield ProcessingResponse(request_headers={"response": {"header_mutation": change, "clear_route_cache": True}})
        yield _streamed("request_body", asked.body, end=ended)

    def _refuse(self, status: int, code: str, message: str) -> Any:
        error = {"from": self._client, "status": status, "code": code, "message": message}
        answer = boundary.error(_dumps(error))
        return _immediate(answer, json.loads(answer.head)["headers"])


class _Answer:
    """The provider's answer, told in the client's dialect, by the processing mode of response bodies."""

    def __init__(self, client: str, call: Mapping[str, Any], mode: int, headers: Mapping[str, str]) -> None:
        self._call, self._mode, self._headers = call, mode, headers
        self._losses: list[Any] = list(call.get("losses", ()))
        status = int(headers.get(":status", "502"))
        plain = {name: value for name, value in headers.items() if not name.startswith(":")}
        stamp = {"now": int(time.time()), "id": uuid.uuid4().hex}
        self._head = _dumps({"context": call.get("context"), "status": status, "headers": plain, **stamp})
        self._client, self._status = client, status
        self._pipe: Any = None
        if call.get("stream") and status < 300:
            _, self._pipe = boundary.open(self._head)
        self._body = bytearray()
        self._begun = self._over = False

    def begin(self, *, alone: bool) -> Iterator[Any]:
        if alone:
            yield from self._whole_at_once()
        elif self._mode == STREAMED and self._pipe is not None:
            self._begun = True
            yield self._stream_head()
        elif self._mode == STREAMED:
            # A whole answer is known when its last byte is; needs `allow_mode_override` in Envoy.
            self._mode = BUFFERED
            yield ProcessingResponse(response_headers={"response": {}}, mode_override={"response_body_mode": BUFFERED})
        elif self._mode == BUFFERED:
            yield ProcessingResponse(response_headers={"response": {}})

    def take(self, data: bytes, end: bool) -> Iterator[Any]:
        if self._over:
            return
        if self._mode == FULL_DUPLEX_STREAMED:
            yield from self._duplex(data, end=end)
        elif self._mode == STREAMED:
            out = self._fed(data, end=end)
            change = {"body": out} if out else {"clear_body": True}
            yield ProcessingResponse(response_body={"response": {"body_mutation": change}})
        else:
            self._over = True  # a buffered body is one message
            self._body += data
            status, headers, body = self._whole()
            sent = {":status": str(status), **headers, "content-length": str(len(body))}
            common = {"header_mutation": _change(sent, self._headers), "body_mutation": {"body": body}}
            yield ProcessingResponse(response_body={"response": common})

    def finish_by_trailers(self) -> Iterator[Any]:
        if self._mode == FULL_DUPLEX_STREAMED and not self._over:
            yield from self._duplex(b"", end=True, trailers=True)

    def _duplex(self, data: bytes, *, end: bool, trailers: bool = False) -> Iterator[Any]:
        """Head and bodies leave when they are known, whatever came of the provider's."""
        if self._pipe is None:
            self._body += data
            if end:
                self._over = True
                status, headers, body = self._whole()
                change = _change({":status": str(status), **headers}, {**self._headers, "content-length": ""})
                yield ProcessingResponse(response_headers={"response": {"header_mutation": change}})
                yield _streamed("response_body", body, end=not trailers)
            return
        self._pipe, out = boundary.feed(self._pipe, data)
        if not self._begun and (out or end) and (failure := self._failed(out)) is not None:
            self._over = True
            yield _immediate(failure, {**json.loads(failure.head)["headers"], **_lost(self._losses)})
            return
        if end:
            self._over = True
            out += boundary.close(self._pipe)[0]
        if out and not self._begun:
            self._begun = True
            yield self._stream_head()
        if out or end:
            yield _streamed("response_body", out, end=end and not trailers)

    def _fed(self, data: bytes, *, end: bool) -> bytes:
        self._pipe, out = boundary.feed(self._pipe, data)
        if end:
            self._over = True
            out += boundary.close(self._pipe)[0]
        return bytes(out)

    def _failed(self, out: bytes) -> boundary.Answer | None:
        """The whole error, with a status of its own, of a stream that failed or ended before its first event."""
        if (failure := boundary.failed(self._pipe)) is None and not out:
            message = "The provider's stream ended before it began."
            error = {"from": self._client, "status": 502, "code": "stream_truncated", "message": message}
            return boundary.error(_dumps(error))
        return failure

    def _stream_head(self) -> Any:
        sent = {"content-type": self._call["stream_type"], **_lost(self._losses)}
        change = _change(sent, {**self._headers, "content-length": ""})
        return ProcessingResponse(response_headers={"response": {"header_mutation": change}})

    def _whole(self) -> tuple[int, dict[str, str], bytes]:
        """The answer's status, its own headers and its body, when all of it has come."""
        if self._pipe is not None:
            self._pipe, out = boundary.feed(self._pipe, bytes(self._body))
            if (failure := self._failed(out)) is None:
                kind = {"content-type": self._call["stream_type"]}
                return 200, {**kind, **_lost(self._losses)}, out + boundary.close(self._pipe)[0]
            answer = failure
        elif self._call:
            answer = boundary.reply(self._head, bytes(self._body))
        else:  # Envoy itself answers what never reached a provider
            message = self._body.decode(errors="replace")
            answer = boundary.error(_dumps({"from": self._client, "status": self._status, "message": message}))
        told = json.loads(answer.head)
        self._losses += told.get("losses", ())
        headers = {**told.get("headers", {}), "content-type": "application/json", **_lost(self._losses)}
        return answer.status, headers, answer.body

    def _whole_at_once(self) -> Iterator[Any]:
        self._over = True
        status, headers, body = self._whole()
        yield _immediate(boundary.Answer(status, b"{}", body), headers)


def shown(losses: Sequence[Mapping[str, str]]) -> str:
    """Losses as a header's value: ``path kind severity`` of each, and the number of those that have no room."""
    items: list[str] = []
    room = MAX_LOSSES_BYTES - len('["+999999 more"]')
    for number, loss in enumerate(losses):
        item = f"{loss['path']} {loss['kind']} {loss['severity']}"
        room -= len(json.dumps(item)) + 1
        if room < 0:
            items.append(f"+{len(losses) - number} more")
            break
        items.append(item)
    return json.dumps(items, separators=(",", ":"))


def _lost(losses: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {LOSSES: shown(losses)} if losses else {}


def _texts(headers: Any) -> dict[str, str]:
    return {one.key.lower(): (one.raw_value or one.value.encode()).decode("latin-1") for one in headers.headers}


def _change(sent: Mapping[str, str], had: Mapping[str, str]) -> Any:
    """Headers to set, and all others to take away but pseudo-headers, Envoy's, and those that pass."""
    gone = [
        name
        for name in had
        if name not in sent and name not in _KEPT and not name.startswith((":", "x-envoy-", "x-forwarded-"))
    ]
    options = [
        {"header": {"key": name, "raw_value": value.encode("latin-1")}, "append_action": OVERWRITE_IF_EXISTS_OR_ADD}
        for name, value in sent.items()
    ]
    return HeaderMutation(set_headers=options, remove_headers=gone)


def _streamed(what: str, body: bytes, *, end: bool) -> Any:
    piece = {"body": body, "end_of_stream": end}
    return ProcessingResponse(**{what: {"response": CommonResponse(body_mutation={"streamed_response": piece})}})


def _immediate(answer: boundary.Answer, headers: Mapping[str, str]) -> Any:
    change = _change({"content-type": "application/json", **headers}, {})
    status = {"code": answer.status}
    return ProcessingResponse(immediate_response={"status": status, "headers": change, "body": answer.body})


def _signed_on(provider: str, key: str | None) -> dict[str, str]:
    """The header with the credential, as the provider takes it."""
    auth = _PROVIDERS.get(provider, {}).get("auth")
    if key is None:
        return {}
    return {auth: key} if auth in {"x-api-key", "api-key", "x-goog-api-key"} else {"authorization": f"Bearer {key}"}


def _model(body: bytes) -> tuple[str, str]:
    """The target's name and the provider's model, out of ``TARGET/MODEL``."""
    try:
        name, _, model = json.loads(body)["model"].partition("/")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return "", ""
    return name, model


def _dumps(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value).encode()


async def serve(targets: Mapping[str, Mapping[str, Any]], address: str) -> tuple[grpc.aio.Server, int]:
    """A running server, and its port."""

    async def process(requests: AsyncIterator[Any], _context: Any) -> AsyncIterator[Any]:
        exchange = Exchange(targets)
        async for message in requests:
            for answer in exchange.take(message):
                yield answer

    handler = grpc.stream_stream_rpc_method_handler(
        process,
        request_deserializer=ProcessingRequest.FromString,
        response_serializer=ProcessingResponse.SerializeToString,
    )
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)])
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {METHOD: handler}),))
    port = server.add_insecure_port(address)
    await server.start()
    return server, port


async def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="Dragoman's translators as Envoy's external processor.")
    parser.add_argument("--targets", required=True, help="a JSON file: see the README")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9002, help="0 is a free one; default: 9002")
    given = parser.parse_args()
    with open(given.targets, encoding="utf-8") as file:  # noqa: ASYNC230, PTH123 - once, before anything runs
        targets = json.load(file)
    server, port = await serve(targets, f"{given.host}:{given.port}")
    print(f"serving on {given.host}:{port}", flush=True)  # noqa: T201 - the one line that it says
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(main())
