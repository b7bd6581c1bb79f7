"""Stands in for Azure OpenAI: OpenAI's chat under the names of deployments, behind content filters."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

from . import openai_rules, openai_wire
from .openai_chat import openai_params, tolerated
from .openai_hosts import Body, Host
from .openai_models import Model, model
from .openai_wire import Answer
from .turns import Script
from .wire import Answer as App
from .wire import Call, Refused, Reply, dump, refuse

DEPLOYED = re.compile(r"/openai/deployments/([^/]+)/(?:chat/completions|embeddings)")
V1 = "/openai/v1/chat/completions"
RESPONSES = "/openai/v1/responses"
EMBEDDINGS = "/openai/v1/embeddings"
VERSION = re.compile(r"20\d\d-\d\d-\d\d(-preview)?")
SAFE = {name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")}
FOUND = SAFE | {"violence": {"filtered": True, "severity": "medium"}}
PROMPT = [{"prompt_index": 0, "content_filter_results": {**SAFE, "jailbreak": {"filtered": False, "detected": False}}}]
MOST_IMAGES = 10
NOT_HERE = ("web_search_options", "moderation")
CODES = {401: "401", 403: "AccessDenied", 404: "404", 429: "RateLimitReached", 500: "InternalServerError"}
OWN_CODES = ("DeploymentNotFound", "OperationNotSupported")
HEADERS = (
    ("apim-request-id", "stand-in"),
    ("x-ms-region", "Nowhere"),
    ("x-ratelimit-remaining-requests", "99"),
    ("x-ratelimit-remaining-tokens", "99000"),
)


def provider(*, key: str | None = None) -> App:
    """Azure OpenAI with the given resource key (any when absent); a deployment is called like its model."""

    def enter(call: Call) -> str | None:
        return _enter(call, key)

    return Host(enter, _params, _find, _check, _whole, _stream, _error, HEADERS, False, RESPONSES)


def _enter(call: Call, key: str | None) -> str | None:
    given = call.headers.get("api-key", "")
    if bool(given) == bool(call.bearer) or (key is not None and given != key):
        raise Refused(
            401, "Access denied due to invalid subscription key or wrong API endpoint. Give one credential.", code="401"
        )
    versions = parse_qs(call.query).get("api-version", [])
    deployed = DEPLOYED.fullmatch(call.path)
    if deployed is not None and len(versions) == 1 and VERSION.fullmatch(versions[0]):
        return deployed[1]
    if call.path in (V1, RESPONSES, EMBEDDINGS) and versions in ([], ["preview"], ["latest"]):
        return None
    raise Refused(404, "Resource not found", code="404")


def _params(body: Body) -> tuple[Any, Body]:
    return openai_params(body), tolerated(body)


def _find(name: str) -> Model:
    row = model(name)
    if row is None:
        raise Refused(404, "The API deployment for this resource does not exist.", code="DeploymentNotFound")
    return row


def _check(body: Body, row: Model) -> None:
    if not row.chat:
        raise Refused(400, "The chatCompletion operation does not work with this model.", code="OperationNotSupported")
    for name in NOT_HERE:
        if name in body:
            refuse(f"Unrecognized request argument supplied: {name}", name)
    openai_rules.check(body, row)
    parts = [part for message in body["messages"] for part in _parts(message)]
    if any(part["type"] == "file" for part in parts):
        refuse("Invalid content: 'file' parts are not supported with this API.", "messages")
    if sum(part["type"] == "image_url" for part in parts) > MOST_IMAGES:
        refuse(f"Too many images: at most {MOST_IMAGES} are supported.", "messages")


def _parts(message: Mapping[str, Any]) -> list[Any]:
    content = message.get("content")
    return content if isinstance(content, list) else []


def _results(script: Script) -> dict[str, Any]:
    return FOUND if script.stop == "filter" else SAFE


def _whole(answer: Answer) -> Reply:
    value = openai_wire.completion(answer)
    for choice in value["choices"]:
        choice["content_filter_results"] = _results(answer.script)
        if answer.script.stop == "filter":
            del choice["message"]
    return openai_wire.reply_of(answer, {**value, "prompt_filter_results": PROMPT})


def _stream(answer: Answer) -> Reply:
    return openai_wire.stream_of(answer, _frames(answer), _error(openai_wire.BROKEN)[1])


def _frames(answer: Answer) -> Iterator[bytes]:
    """Before the answer and after its end come words about it, which have neither id nor model."""
    nameless = {"id": "", "object": "", "created": 0, "model": ""}
    yield b"data: " + dump({"choices": [], **nameless, "prompt_filter_results": PROMPT}) + b"\n\n"
    asked = bool((answer.body.get("stream_options") or {}).get("include_usage"))
    usage: dict[str, Any] = {"usage": None} if asked else {}
    for choices in openai_wire.chunks(answer):
        for choice in choices:
            choice["content_filter_results"] = {}
            if choice["finish_reason"] == "content_filter":
                del choice["delta"]
                choice["content_filter_results"] = FOUND
        yield openai_wire.frame(answer, choices, usage, padded=True)
    offsets = {"check_offset": 0, "start_offset": 0, "end_offset": len(answer.script.text)}
    note = {"content_filter_results": _results(answer.script), "content_filter_offsets": offsets}
    late = {"choices": [{"index": 0, "finish_reason": None, **note}], **nameless}
    yield b"data: " + dump(late) + b"\n\n"
    if asked:
        yield openai_wire.frame(answer, [], {"usage": answer.usage}, padded=True)
    yield b"data: [DONE]\n\n"


def _error(refused: Refused) -> tuple[int, Any]:
    if refused.status == 400 and refused.code not in OWN_CODES:
        return 400, openai_wire.error(refused)
    code = refused.code if refused.code in OWN_CODES else CODES.get(refused.status, str(refused.status))
    return refused.status, {"error": {"code": code, "message": refused.message}}
