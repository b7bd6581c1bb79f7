"""Stands in for Anthropic's Messages: reads a request, judges it, answers on the native wire."""

import re
from collections.abc import Mapping
from typing import Any

import attrs
from anthropic.types import message_count_tokens_params as count
from anthropic.types import message_create_params as plain
from anthropic.types.beta import message_count_tokens_params as beta_count
from anthropic.types.beta import message_create_params as beta

from . import anthropic_rules, anthropic_turn, anthropic_wire
from .anthropic_cache import usage
from .anthropic_models import LISTED, Model, model
from .anthropic_rules import SAMPLING, Asked
from .anthropic_thinking import check_thinking
from .judge import fault
from .memory import Memory, mint
from .oddities import Oddities, unlike_any_answer
from .turns import compose
from .wire import Answer, Call, Headers, Refused, Reply, dump, json_reply, refuse

VERSIONS = ("2023-01-01", "2023-06-01", "2026-10-21")
MOST_BYTES = 32 * 1024 * 1024
ONLY_HEADERS = ("user_profile_id", "workspace_id")
ERRORS = {
    400: ("invalid_request_error", "The stand-in was asked for a 400."),
    401: ("authentication_error", "invalid x-api-key"),
    402: ("billing_error", "Your credit balance is too low."),
    403: ("permission_error", "Your API key does not have permission to use the specified resource."),
    404: ("not_found_error", "The requested resource could not be found."),
    409: ("conflict_error", "The request conflicts with another."),
    413: ("request_too_large", "Request exceeds the maximum size"),
    429: ("rate_limit_error", "This request would exceed your organization's rate limit."),
    500: ("api_error", "Internal server error"),
    504: ("timeout_error", "The request timed out."),
    529: ("overloaded_error", "Overloaded"),
}
LIMITS: Headers = (
    ("anthropic-organization-id", "00000000-0000-4000-8000-000000000000"),
    ("anthropic-ratelimit-requests-limit", "4000"),
    ("anthropic-ratelimit-requests-remaining", "3999"),
    ("anthropic-ratelimit-requests-reset", "2026-11-20T12:00:00Z"),
    ("anthropic-ratelimit-tokens-limit", "400000"),
    ("anthropic-ratelimit-tokens-remaining", "399000"),
    ("anthropic-ratelimit-tokens-reset", "2026-11-20T12:00:00Z"),
)


@attrs.frozen
class _Anthropic:
    key: str | None = None
    cache_minimum: int | None = None
    memory: Memory = attrs.field(factory=Memory)

    def __call__(self, call: Call) -> Reply:
        request_id = mint("req_", 24, call.body)
        try:
            reply = self._route(call)
        except Refused as refused:
            reply = json_reply(refused.status, anthropic_wire.error(refused, request_id), refused.headers)
        return attrs.evolve(reply, headers=(*reply.headers, ("request-id", request_id), *LIMITS))

    def _route(self, call: Call) -> Reply:
        _authenticate(call, self.key)
        if call.method == "GET" and call.path.startswith("/v1/models"):
            return json_reply(200, _models(call.path.removeprefix("/v1/models").strip("/")))
        if call.path not in ("/v1/messages", "/v1/messages/count_tokens"):
            raise Refused(404, "Not Found", "not_found_error")
        if call.method != "POST":
            raise Refused(405, "Method Not Allowed")
        if len(call.body) > MOST_BYTES:
            raise Refused(413, ERRORS[413][1], "request_too_large")
        return self._messages(call) if call.path == "/v1/messages" else self._count(call)

    def _messages(self, call: Call) -> Reply:
        asked = _asked(call, counting=False)
        body = asked.body
        anthropic_rules.check(asked)
        check_thinking(asked)
        turn = anthropic_turn.turn(asked, call.headers.get("x-standin", ""))
        if (odd := unlike_any_answer(turn.odd, streamed=bool(body.get("stream")))) is not None:
            return odd
        if turn.odd.fails:
            raise _failure(turn.odd)
        script = compose(turn)
        minimum = asked.model.cache_minimum if self.cache_minimum is None else self.cache_minimum
        answer = anthropic_wire.Answer(
            asked=asked,
            script=script,
            id=mint("msg_01", 22, call.body),
            usage=usage(body, script, self.memory, minimum),
            odd=turn.odd,
        )
        return anthropic_wire.stream(answer) if body.get("stream") else anthropic_wire.whole(answer)

    def _count(self, call: Call) -> Reply:
        asked = _asked(call, counting=True)
        full = attrs.evolve(asked, body={"max_tokens": asked.model.ceiling, **asked.body})
        anthropic_rules.check(full)
        counted = usage(asked.body, compose(anthropic_turn.turn(full, "")), Memory(), asked.model.ceiling)
        return json_reply(200, {"input_tokens": counted["input_tokens"]})


def provider(*, key: str | None = None, cache_minimum: int | None = None) -> Answer:
    """Anthropic with the given key (any when absent).

    Prefixes below `cache_minimum` tokens are not cached; the default is each model's documented minimum.
    """
    return _Anthropic(key, cache_minimum)


def _authenticate(call: Call, key: str | None) -> None:
    given = call.headers.get("x-api-key", "")
    if not given and not call.bearer:
        raise Refused(401, "x-api-key header is required", "authentication_error")
    if given and call.bearer:
        raise Refused(401, "x-api-key and authorization must not both be set", "authentication_error")
    if key is not None and (given or call.bearer) != key:
        raise Refused(401, "invalid x-api-key", "authentication_error")
    version = call.headers.get("anthropic-version")
    if version is None:
        refuse("anthropic-version: header is required")
    if version not in VERSIONS:
        refuse(f'anthropic-version: "{version}" is not a valid version')


def _asked(call: Call, *, counting: bool) -> Asked:
    try:
        body = call.json()
    except ValueError as error:
        refuse(f"The request body is not valid JSON: {error}")
    if not isinstance(body, dict) or not call.headers.get("content-type", "").startswith("application/json"):
        refuse("Input should be a valid JSON object sent as application/json")
    betas = tuple(item.strip() for item in call.headers.get("anthropic-beta", "").split(",") if item.strip())
    version = call.headers["anthropic-version"]
    judged = {key: value for key, value in body.items() if not (key in SAMPLING and version < "2026")}
    found = fault(_params(body, counting=counting, betas=bool(betas)), dump(judged), judged)
    for key in ONLY_HEADERS:
        if key in body:
            refuse(f"{key}: Extra inputs are not permitted")
    if found:
        refuse(f"{'.'.join(map(str, found.path)) or 'body'}: {found.message}")
    for key in SAMPLING:
        if key in body and (isinstance(body[key], bool) or not isinstance(body[key], int | float)):
            refuse(f"{key}: Input should be a valid number")
    return Asked(body, _known(body["model"]), version, betas)


def _params(body: Mapping[str, Any], *, counting: bool, betas: bool) -> Any:
    if counting:
        return beta_count.MessageCountTokensParams if betas else count.MessageCountTokensParams
    module: Any = beta if betas else plain
    return module.MessageCreateParamsStreaming if body.get("stream") else module.MessageCreateParamsNonStreaming


def _known(name: str) -> Model:
    row = model(name)
    if row is None:
        raise Refused(404, f"model: {name}", "not_found_error")
    return row


def _failure(odd: Oddities) -> Refused:
    if "quota" in odd:  # a spend limit: it comes without retry-after
        return Refused(429, "You have reached your specified API usage limits.", "rate_limit_error")
    if "too-long" in odd:
        return Refused(400, "prompt is too long: 1000001 tokens > 1000000 maximum")
    kind, message = ERRORS.get(odd.error, ("api_error", f"The stand-in was asked for a {odd.error}."))
    return Refused(odd.error, message, kind, headers=(("retry-after", "1"),) if odd.error == 429 else ())


def _models(name: str) -> dict[str, Any]:
    if name:
        _known(name)
        return _listed(name)
    data = [_listed(item) for item in LISTED]
    return {"data": data, "has_more": False, "first_id": data[0]["id"], "last_id": data[-1]["id"]}


def _listed(name: str) -> dict[str, Any]:
    row = _known(name)
    display = LISTED.get(name) or re.sub(r"[-]", " ", name).title()
    levels: dict[str, Any] = {level: {"supported": level in row.efforts} for level in ("low", "medium", "high", "max")}
    types = {kind: {"supported": kind in row.thinking} for kind in ("adaptive", "enabled")}
    return {
        "type": "model",
        "id": name,
        "display_name": display,
        "created_at": "2026-01-01T00:00:00Z",
        "max_input_tokens": 200_000 if row.prefill else 1_000_000,
        "max_tokens": row.ceiling,
        "capabilities": {
            "image_input": {"supported": True},
            "pdf_input": {"supported": True},
            "structured_outputs": {"supported": row.formats},
            "effort": {"supported": bool(row.efforts), **levels, "xhigh": {"supported": "xhigh" in row.efforts}},
            "thinking": {"supported": bool(row.thinking), "types": types},
        },
    }
