"""Stands in for Amazon Bedrock's Converse and ConverseStream: reads a request, judges it, answers on its wire."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import attrs

from . import bedrock_rules, bedrock_wire, embeddings, media
from .bedrock_judge import request_fault
from .bedrock_models import model
from .bedrock_rules import Asked
from .bedrock_sign_on import sign_on
from .memory import mint
from .oddities import Oddities, oddities, unlike_any_answer
from .turns import NAMES_JSON, Tool, Turn, compose
from .wire import Answer, Call, Refused, Reply

ROUTE = re.compile(r"/model/([A-Za-z0-9\-_.~%]+)/(converse|converse-stream)")
"""The id is one segment: everything outside these characters is percent-encoded."""
INVOKE = re.compile(r"/model/([A-Za-z0-9\-_.~%]+)/invoke")
OPERATIONS = {"converse": "Converse", "converse-stream": "ConverseStream"}
ERRORS = {
    400: ("ValidationException", "The stand-in was asked for a 400."),
    403: ("AccessDeniedException", "You don't have access to the model with the specified model ID."),
    404: ("ResourceNotFoundException", "This model version has reached the end of its life."),
    408: ("ModelTimeoutException", "Model took too long."),
    424: ("ModelErrorException", "The model failed."),
    429: ("ThrottlingException", "Too many requests, please wait before trying again."),
    500: ("InternalServerException", "The system encountered an unexpected error during processing."),
    503: ("ServiceUnavailableException", "Bedrock is unable to process your request."),
}


@attrs.frozen
class _Bedrock:
    key: str | None = None

    def __call__(self, call: Call) -> Reply:
        request_id = mint("", 32, call.body)
        try:
            reply = self._route(call)
        except Refused as refused:
            reply = bedrock_wire.error(refused)
        return attrs.evolve(reply, headers=(*reply.headers, ("x-amzn-requestid", request_id)))

    def _route(self, call: Call) -> Reply:
        sign_on(call, self.key)
        invoked = INVOKE.fullmatch(call.path)
        if invoked is not None and call.method == "POST":
            return embeddings.bedrock(call, unquote(invoked[1]), _failure)
        found = ROUTE.fullmatch(call.path)
        if found is None or call.method != "POST":
            message = "Unable to determine service/operation name to be authorized"
            raise Refused(404, message, "UnknownOperationException")
        streamed = found[2] == "converse-stream"
        asked = _asked(call, unquote(found[1]), OPERATIONS[found[2]])
        bedrock_rules.check(asked)
        turn = _turn(asked, call.headers.get("x-standin", ""))
        if (odd := unlike_any_answer(turn.odd, streamed=streamed)) is not None:
            return odd
        if turn.odd.fails:
            raise _failure(turn.odd)
        answer = bedrock_wire.Answer(asked, compose(turn), mint("", 22, call.body), turn.odd)
        return bedrock_wire.stream(answer) if streamed else bedrock_wire.whole(answer)


def provider(*, key: str | None = None) -> Answer:
    """Bedrock with the given API key (any when absent), or signatures of ``bedrock_sign_on``'s credentials."""
    return _Bedrock(key)


def _asked(call: Call, name: str, operation: str) -> Asked:
    try:
        body = call.json()
    except ValueError:
        raise Refused(400, "The request body is not valid JSON.", "SerializationException") from None
    found = request_fault(operation, body)
    if found is not None:
        raise Refused(400, found, "ValidationException")
    row = model(name)
    if row is None:
        raise Refused(400, "The provided model identifier is invalid.", "ValidationException")
    return Asked(body, row, name)


def _failure(odd: Oddities) -> Refused:
    if "quota" in odd:
        return Refused(400, "You have reached a service quota.", "ServiceQuotaExceededException")
    if "too-long" in odd:
        return Refused(400, "Input is too long for requested model.", "ValidationException")
    kind, message = ERRORS.get(odd.error, ("InternalServerException", f"The stand-in was asked for a {odd.error}."))
    return Refused(odd.error, message, kind)


def _turn(asked: Asked, header: str) -> Turn:
    """What the request asks of the model."""
    body, last = asked.body, asked.body["messages"][-1]["content"]
    text = _text(last)
    system = _text(body.get("system") or ())
    config = body.get("toolConfig") or {"tools": []}
    choice = config.get("toolChoice") or {}
    single = (asked.fields.get("tool_choice") or {}).get("disable_parallel_tool_use")
    form = (body.get("outputConfig") or {}).get("textFormat")
    schema = None if form is None else Call("", "", "", {}, form["structure"]["jsonSchema"]["schema"].encode()).json()
    return Turn(
        text=text,
        system=system,
        results=tuple(_text(block["toolResult"]["content"]) for block in last if "toolResult" in block),
        media=tuple(_media(last)),
        tools=tuple(_tools(config["tools"])),
        force="any" if choice.keys() & {"any", "tool"} else "auto",
        forced_tool=(choice.get("tool") or {}).get("name", ""),
        parallel=not single,
        schema=schema,
        wants_json=bool(NAMES_JSON.search(system)),
        thinks=asked.reasons,
        stops=tuple(asked.config.get("stopSequences") or ()),
        limit=asked.config.get("maxTokens"),
        odd=oddities(text, header),
    )


def _tools(tools: list[Mapping[str, Any]]) -> Iterator[Tool]:
    for tool in tools:
        if "toolSpec" in tool:
            yield Tool(tool["toolSpec"]["name"], tool["toolSpec"]["inputSchema"]["json"])


def _text(content: Any) -> str:
    return "\n".join(block["text"] for block in content if "text" in block)


TYPES = {"jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "pdf": "application/pdf"}


def _media(content: Any) -> Iterator[str]:
    for block in content:
        if "toolResult" in block:
            yield from _media(block["toolResult"]["content"])
        for kind in block.keys() & {"image", "document", "video", "audio"}:
            inner = block[kind]
            title = f"{inner['name']}: " if "name" in inner else ""
            source = inner["source"]
            if "bytes" in source:
                form = TYPES.get(inner.get("format"), f"{kind}/{inner.get('format')}")
                yield title + media.describe(form, media.decode(source["bytes"]) or b"")
            else:
                yield f"{title}a {kind} by {next(iter(source))}"
