"""A LiteLLM provider whose translation is Dragoman's: any of its providers behind ``litellm.completion``.

    litellm.custom_provider_map = [{"provider": "dragoman", "custom_handler": Dragoman()}]
    litellm.completion(model="dragoman/anthropic/claude-sonnet-4-5", messages=[...])

LiteLLM's request has OpenAI's shape. ``dragoman.translate.boundary`` makes the provider's bytes of it, httpx sends
them, and the boundary reads what comes back, whole or as a stream.
"""

from __future__ import annotations

import contextlib
import json
import os
import ssl
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import attrs
import httpx
from dragoman.translate import boundary
from litellm import CustomLLM, ModelResponse
from litellm.llms.custom_llm import CustomLLMError
from litellm.types.utils import GenericStreamingChunk, ModelResponseStream

PROVIDERS: dict[str, dict[str, Any]] = {row["name"]: row for row in json.loads(boundary.providers())}
LOSSES_HEADER = "x-dragoman-losses"
_OWN_HEADER = {"x-api-key": "x-api-key", "api-key": "api-key", "x-goog-api-key": "x-goog-api-key"}
# What LiteLLM hands on that is for itself, and no part of a chat request.
_NOT_WIRE = frozenset(("extra_body", "extra_headers", "max_retries", "stream", "stream_options"))


class Dragoman(CustomLLM):
    """Serves models named ``dragoman/PROVIDER/MODEL``.

    Args:
        on_loss: which losses refuse a request, as in ``boundary.request``; None is the default policy.
        settings: what an address needs by provider, such as ``{"vertex": {"project": "p", "location": "eu"}}``.
    """

    def __init__(self, *, on_loss: Any = None, settings: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        super().__init__()
        self._on_loss = {} if on_loss is None else {"on_loss": on_loss}
        self._settings = settings or {}
        self._tls = ssl.create_default_context()
        self._client = httpx.Client(verify=self._tls)

    def completion(self, **given: Any) -> ModelResponse:
        """See ``litellm.CustomLLM``."""
        call = self._call(given, stream=False)
        try:
            answer = self._client.request(**call.sent)
        except httpx.HTTPError as error:
            raise call.unreachable(error) from error
        return call.response(answer, answer.content, given["model_response"])

    async def acompletion(self, **given: Any) -> ModelResponse:
        """See ``litellm.CustomLLM``."""
        call = self._call(given, stream=False)
        try:
            # A client belongs to its event loop, and LiteLLM may be called from several.
            async with httpx.AsyncClient(verify=self._tls) as client:
                answer = await client.request(**call.sent)
        except httpx.HTTPError as error:
            raise call.unreachable(error) from error
        return call.response(answer, answer.content, given["model_response"])

    def streaming(self, **given: Any) -> Iterator[GenericStreamingChunk | ModelResponseStream]:
        """See ``litellm.CustomLLM``. A stream that is refused fails here, not when its first chunk is taken."""
        call = self._call(given, stream=True)
        try:
            answer = self._client.send(self._client.build_request(**call.sent), stream=True)
            if answer.status_code >= 400:
                with contextlib.closing(answer):
                    raise call.refused(answer, answer.read())
        except httpx.HTTPError as error:
            raise call.unreachable(error) from error
        return _taken(call, answer)

    async def astreaming(self, **given: Any) -> AsyncIterator[GenericStreamingChunk | ModelResponseStream]:
        """See ``litellm.CustomLLM``. It asks for chunks at once, so that all errors are those of a running stream."""
        call = self._call(given, stream=True)
        try:
            client = httpx.AsyncClient(verify=self._tls)
            async with client, client.stream(**call.sent) as answer:
                if answer.status_code >= 400:
                    raise call.refused(answer, await answer.aread())
                chunks = _Chunks(call, answer)
                async for data in answer.aiter_bytes():
                    for chunk in chunks.take(data):
                        yield chunk
                for chunk in chunks.end():
                    yield chunk
        except httpx.HTTPError as error:
            raise call.unreachable(error) from error

    def _call(self, given: Mapping[str, Any], *, stream: bool) -> _Call:
        """LiteLLM's arguments as the call to make."""
        provider, _, model = given["model"].partition("/")
        if provider not in PROVIDERS or not model:
            raise CustomLLMError(404, f"Name the model as PROVIDER/MODEL; the providers are {', '.join(PROVIDERS)}.")
        options = given["optional_params"]
        body = {name: value for name, value in options.items() if name not in _NOT_WIRE and value is not None}
        body |= {"model": model, "messages": given["messages"], **(options.get("extra_body") or {})}
        if stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        base_url = {"base_url": given["api_base"]} if given.get("api_base") else {}
        head = {"to": provider, "model": model, **self._settings.get(provider, {}), **base_url, **self._on_loss}
        asked = boundary.request(_dumps(head), _dumps(body))
        head = json.loads(asked.head)
        if asked.status == 428:
            fields = ", ".join(head["params"].values())
            raise CustomLLMError(400, f"{provider} takes no media by URL: send the data itself at {fields}.")
        if asked.status != 200:
            raise _error(asked.status, asked.body, {})
        own = {**(given.get("headers") or {}), **(options.get("extra_headers") or {})}
        headers = {**own, **head["headers"], **_signed_on(provider, given.get("api_key"))}
        timeout = {} if given.get("timeout") is None else {"timeout": given["timeout"]}
        sent = {"method": head["method"], "url": head["url"], "content": asked.body, "headers": headers, **timeout}
        return _Call(sent, head["context"], head["losses"])


@attrs.frozen
class _Call:
    """What is sent, and what the boundary wants to know when the answer comes."""

    sent: dict[str, Any]
    context: Any
    losses: list[dict[str, str]]

    def head(self, answer: httpx.Response) -> bytes:
        stamp = {"now": int(time.time()), "id": uuid.uuid4().hex}
        return _dumps({"context": self.context, "status": answer.status_code, "headers": dict(answer.headers), **stamp})

    def response(self, answer: httpx.Response, body: bytes, blank: ModelResponse) -> ModelResponse:
        """A whole answer as LiteLLM's, with the losses where its own headers are."""
        told = boundary.reply(self.head(answer), body)
        head = json.loads(told.head)
        if told.status >= 400:
            raise _error(told.status, told.body, head["headers"])
        response = ModelResponse(**json.loads(told.body))
        losses = [*self.losses, *head["losses"]]
        headers = {**head["headers"], **({LOSSES_HEADER: shown(losses)} if losses else {})}
        hidden = {"dragoman_losses": losses, "additional_headers": headers}
        response._hidden_params = {**(blank._hidden_params or {}), **hidden}  # noqa: SLF001 - LiteLLM's place for it
        return response

    def refused(self, answer: httpx.Response, body: bytes) -> CustomLLMError:
        told = boundary.reply(self.head(answer), body)
        return _error(told.status, told.body, json.loads(told.head)["headers"])

    def unreachable(self, error: httpx.HTTPError) -> CustomLLMError:
        host = httpx.URL(self.sent["url"]).host
        if isinstance(error, httpx.TimeoutException):
            return CustomLLMError(408, f"{host} did not answer in time.")  # the status of LiteLLM's Timeout
        return CustomLLMError(503, f"{host} could not be reached, or hung up: {type(error).__name__}.")


def _taken(call: _Call, answer: httpx.Response) -> Iterator[GenericStreamingChunk | ModelResponseStream]:
    try:
        with contextlib.closing(answer):
            chunks = _Chunks(call, answer)
            for data in answer.iter_bytes():
                yield from chunks.take(data)
            yield from chunks.end()
    except httpx.HTTPError as error:
        raise call.unreachable(error) from error


class _Chunks:
    """The provider's bytes as LiteLLM's chunks.

    Pieces of an answer go on as ``ModelResponseStream``, which has a place for reasoning and for several tool calls at
    once. The end, with usage and losses, is a ``GenericStreamingChunk``: only there LiteLLM takes both.
    """

    def __init__(self, call: _Call, answer: httpx.Response) -> None:
        self._losses = call.losses
        _, self._pipe = boundary.open(call.head(answer))
        self._rest = b""
        self._finish = ""
        self._usage: Any = None

    def take(self, data: bytes) -> Iterator[ModelResponseStream]:
        self._pipe, out = boundary.feed(self._pipe, data)
        yield from self._read(out)

    def end(self) -> Iterator[GenericStreamingChunk | ModelResponseStream]:
        if (failure := boundary.failed(self._pipe)) is not None:
            raise _error(failure.status, failure.body, json.loads(failure.head)["headers"])
        last, head = boundary.close(self._pipe)
        yield from self._read(last)
        losses = [*self._losses, *json.loads(head)["losses"]]
        yield GenericStreamingChunk(
            text="",
            is_finished=True,
            finish_reason=self._finish or "stop",
            usage=self._usage,
            index=0,
            provider_specific_fields={"dragoman_losses": losses} if losses else None,
        )

    def _read(self, out: bytes) -> Iterator[ModelResponseStream]:
        events = (self._rest + out).split(b"\n\n")
        self._rest = events.pop()
        for event in events:
            data = event.removeprefix(b"data: ")
            if data == b"[DONE]" or not event.startswith(b"data: "):
                continue
            chunk = json.loads(data)
            if "error" in chunk:
                raise _error((boundary.failed(self._pipe, unsent=True) or _BROKEN).status, data, {})
            self._usage = chunk.pop("usage", None) or self._usage
            for choice in chunk["choices"]:
                self._finish = choice.pop("finish_reason", None) or self._finish
            if any(choice["delta"] for choice in chunk["choices"]):
                yield ModelResponseStream(**chunk)


_BROKEN = boundary.Answer(502, b"{}", b"")


def shown(losses: list[dict[str, str]], room: int = 2048) -> str:
    """Losses as a header's value: ``path kind severity`` of each, and the number of those that have no room."""
    items: list[str] = []
    for number, loss in enumerate(losses):
        item = f"{loss['path']} {loss['kind']} {loss['severity']}"
        room -= len(json.dumps(item)) + 2
        if room < len('["+999999 more"]'):
            items.append(f"+{len(losses) - number} more")
            break
        items.append(item)
    return json.dumps(items)


def _signed_on(provider: str, key: str | None) -> dict[str, str]:
    """The header with the credential, LiteLLM's ``api_key`` or that of the environment, as the provider takes it."""
    row = PROVIDERS[provider]
    key = key or next((os.environ[name] for name in row["env"] if os.environ.get(name)), None)
    if key is None:
        return {}
    own = _OWN_HEADER.get(row["auth"])
    return {"authorization": f"Bearer {key}"} if own is None else {own: key}


def _error(status: int, body: bytes, headers: Mapping[str, str]) -> CustomLLMError:
    """An error in OpenAI's shape as LiteLLM's: its status decides the class, its headers when to try again."""
    told = json.loads(body)["error"]
    error = CustomLLMError(status, told["message"])
    error.body, error.code, error.param = told, told.get("code"), told.get("param")  # type: ignore[attr-defined]
    request = httpx.Request("POST", "http://provider")
    error.response = httpx.Response(status, headers=dict(headers), content=body, request=request)  # type: ignore[attr-defined]
    return error


def _dumps(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value).encode()
