"""Stands in for OpenAI: reads a chat or Responses request, judges it, answers on the native wire."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs
from openai.types.chat.completion_create_params import (
    CompletionCreateParamsNonStreaming,
    CompletionCreateParamsStreaming,
)

from . import embeddings, openai_responses, openai_rules, openai_turn, openai_wire
from .judge import Fault, fault
from .memory import mint
from .oddities import Oddities, unlike_any_answer
from .openai_models import LISTED, model
from .openai_usage import CACHE_MINIMUM, Meter, reasoning_tokens
from .turns import compose
from .wire import CREATED, Answer, Call, Headers, Refused, Reply, dump, json_reply, refuse

ERRORS = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("request_forbidden", "unsupported_country_region_territory"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
    500: ("server_error", "server_error"),
    503: ("service_unavailable_error", "server_is_overloaded"),
}
RETRY: Headers = (("retry-after", "1"), ("retry-after-ms", "1000"))


Judge = Callable[[Mapping[str, Any]], tuple[Any, Mapping[str, Any]]]
"""A body -> the official type, and the body as it is to be judged."""


@attrs.frozen
class _OpenAI:
    key: str | None = None
    meter: Meter = attrs.field(factory=Meter)

    def __call__(self, call: Call) -> Reply:
        headers = (("x-request-id", mint("req_", 32, call.body)), *LIMITS)
        try:
            reply = self._route(call)
        except Refused as refused:
            reply = json_reply(refused.status, openai_wire.error(refused), refused.headers)
        return attrs.evolve(reply, headers=(*reply.headers, *headers))

    def _route(self, call: Call) -> Reply:
        _authenticate(call, self.key)
        if (call.method, call.path) == ("GET", "/v1/models"):
            return json_reply(200, {"object": "list", "data": [_listed(name) for name in LISTED]})
        if call.method == "GET" and call.path.startswith("/v1/models/"):
            return json_reply(200, _listed(_known(call.path.removeprefix("/v1/models/"))))
        if call.path not in ("/v1/chat/completions", "/v1/responses", "/v1/embeddings"):
            raise Refused(404, f"Invalid URL ({call.method} {call.path})")
        if call.method != "POST":
            raise Refused(405, f"Not allowed to {call.method} on {call.path}.", code="method_not_supported")
        if call.path == "/v1/responses":
            body = body_of(call, openai_responses.params)
            return openai_responses.answer(call, body, _known(body["model"]), failure, self.meter.cached)
        if call.path == "/v1/embeddings":
            body = body_of(call, embeddings.params)
            return embeddings.openai(call, body, body["model"], of_input)
        return self._chat(call)

    def _chat(self, call: Call) -> Reply:
        body = body_of(call, _params)
        name = _known(body["model"])
        row = model(name)
        assert row is not None
        if not row.chat:
            raise Refused(
                404, "This model is only supported in v1/responses and not in v1/chat/completions.", param="model"
            )
        openai_rules.check(body, row)
        turn = openai_turn.turn(body, call.headers.get("x-standin", ""))
        if (odd := unlike_any_answer(turn.odd, streamed=bool(body.get("stream")))) is not None:
            return odd
        if turn.odd.fails:
            raise failure(turn.odd, "messages")
        script = compose(turn)
        answer = openai_wire.Answer(
            body=body,
            script=script,
            id=mint("chatcmpl-", 29, call.body),
            model=f"{name}-{row.snapshot}" if row.snapshot and name == row.prefix else name,
            usage=self.meter.usage(body, script, reasoning_tokens(body, row), written=row.cache_options),
            odd=turn.odd,
        )
        return openai_wire.stream(answer) if body.get("stream") else openai_wire.whole(answer)


LIMITS: Headers = (
    ("openai-organization", "stand-in"),
    ("openai-processing-ms", "1"),
    ("openai-version", "2020-10-01"),
    ("x-ratelimit-limit-requests", "500"),
    ("x-ratelimit-limit-tokens", "200000"),
    ("x-ratelimit-remaining-requests", "499"),
    ("x-ratelimit-remaining-tokens", "199000"),
    ("x-ratelimit-reset-requests", "120ms"),
    ("x-ratelimit-reset-tokens", "1ms"),
)


def provider(*, key: str | None = None, cache_minimum: int = CACHE_MINIMUM) -> Answer:
    """OpenAI with the given key (any when absent); prompts below `cache_minimum` tokens are not cached."""
    return _OpenAI(key, Meter(cache_minimum))


def _authenticate(call: Call, key: str | None) -> None:
    if not call.bearer:
        raise Refused(
            401,
            "You didn't provide an API key. You need to provide your API key in an Authorization header "
            "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
        )
    if key is not None and call.bearer != key:
        raise Refused(
            401,
            "Incorrect API key provided: ****. You can find your API key at "
            "https://platform.openai.com/account/api-keys.",
            code="invalid_api_key",
        )


def _known(name: str) -> str:
    if model(name) is None:
        raise Refused(
            404, f"The model `{name}` does not exist or you do not have access to it.", code="model_not_found"
        )
    return name


def _listed(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "openai"}


def body_of(call: Call, params: Judge) -> Any:
    """The body of a request that the official types have nothing against; `params` says which types those are."""
    try:
        body = call.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or not call.headers.get("content-type", "").startswith("application/json"):
        refuse("We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.")
    kind, judged = params(body)
    found = fault(kind, dump(judged), judged)
    if found:
        _refuse(found)
    return body


def _params(body: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
    return openai_params(body), tolerated(body)


def openai_params(body: Mapping[str, Any]) -> Any:
    """OpenAI's type of a body."""
    return CompletionCreateParamsStreaming if body.get("stream") else CompletionCreateParamsNonStreaming


def tolerated(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body without what OpenAI takes although its types do not.

    That is the `annotations` of an echoed answer, and a null format.
    """
    messages = body.get("messages")
    bare = [
        {key: value for key, value in message.items() if key != "annotations"}
        if isinstance(message, dict) and message.get("role") == "assistant"
        else message
        for message in (messages if isinstance(messages, list) else ())
    ]
    rest = {key: value for key, value in body.items() if not (key == "response_format" and value is None)}
    return {**rest, "messages": bare} if isinstance(messages, list) else rest


def _refuse(found: Fault) -> None:
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in found.path).lstrip(".")
    match found.kind:
        case "missing":
            refuse(f"Missing required parameter: '{where}'.", where, "missing_required_parameter")
        case "extra_forbidden":
            refuse(f"Unknown parameter: '{where}'.", where, "unknown_parameter")
        case "literal_error" | "union_tag_invalid":
            refuse(f"Invalid value: '{where}'. {found.message}.", where, "invalid_value")
        case _:
            refuse(f"Invalid type for '{where}': {found.message}.", where, "invalid_type")


def failure(odd: Oddities, param: str) -> Refused:
    """The error that was asked for; ``param`` is where the prompt stands."""
    if "quota" in odd:
        return Refused(
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            "insufficient_quota",
            code="insufficient_quota",
        )
    if "too-long" in odd:
        message = "Your input exceeds the context window of this model. Please adjust your input and try again."
        return Refused(400, message, param=param, code="context_length_exceeded")
    kind, code = ERRORS.get(odd.error, ("server_error" if odd.error >= 500 else "invalid_request_error", None))
    headers = RETRY if odd.error in (429, 503) else ()
    return Refused(odd.error, f"The stand-in was asked for a {odd.error}.", kind, code=code, headers=headers)


def of_input(odd: Oddities) -> Refused:
    """The same of a request for embeddings."""
    return failure(odd, "input")
