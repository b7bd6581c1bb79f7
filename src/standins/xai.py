"""Stands in for xAI: OpenAI's chat with reasoning shown, whole tool calls, and errors of its own shape."""

from collections.abc import Iterator, Mapping
from typing import Any

from . import media, openai_rules, openai_wire
from .openai_chat import openai_params
from .openai_hosts import Body, Host, bearer, calls, chunk, framed, said, thought
from .openai_models import LOW_TO_HIGH, TO_XHIGH, WITH_NONE, Model
from .openai_wire import Answer
from .wire import Answer as App
from .wire import Call, Refused, Reply, refuse

PATH = "/v1/chat/completions"
# What the family refuses by name, in the words of its own protocol.
PENALTIES = {"presence_penalty": "presencePenalty", "frequency_penalty": "frequencyPenalty"}
MODELS = (
    Model("grok-3", max_tokens=True),
    Model("grok-3-mini", ("low", "high"), "high", max_tokens=True),
    Model("grok-4", (), "high", max_tokens=True),
    Model("grok-4-fast-non-reasoning", max_tokens=True),
    Model("grok-4.20", (), "high", max_tokens=True),
    Model("grok-4.20-non-reasoning", max_tokens=True),
    Model("grok-4.3", WITH_NONE, "low", max_tokens=True),
    Model("grok-4.5", LOW_TO_HIGH, "high", max_tokens=True),
    Model("grok-4.6", TO_XHIGH[1:], "high", max_tokens=True),
    Model("grok-4.7", TO_XHIGH[1:], "high", max_tokens=True),
)
CODES = {
    400: "invalid-argument", 401: "unauthenticated", 403: "permission-denied", 404: "not-found",
    429: "resource-exhausted", 500: "internal", 503: "unavailable",
}  # fmt: skip
TICKS_PER_TOKEN = 1_000
HEARTBEAT = "Thinking... "


def provider(*, key: str | None = None) -> App:
    """Start xAI with the given key (any when absent)."""

    def enter(call: Call) -> None:
        if call.bearer and key is not None and call.bearer != key:
            refuse("Incorrect API key provided.")
        bearer(call, key, PATH)

    return Host(enter, _params, _find, _check, _whole, _stream, _error)


def _params(body: Body) -> tuple[Any, Body]:
    if "search_parameters" in body or "web_search_options" in body:
        raise Refused(410, "Live search is deprecated. Please switch to the Agent Tools API.")
    judged = dict(body)
    # Its own field for what the model thought before, and echoes of an answer.
    judged["messages"] = [
        {key: value for key, value in message.items() if key not in ("reasoning_content", "annotations")}
        for message in body.get("messages") or ()
    ]
    judged.pop("deferred", None)
    return openai_params(body), judged


def _find(name: str) -> Model:
    fitting = [row for row in MODELS if name.startswith(row.prefix)]
    if not fitting:
        raise Refused(404, f"The model {name} does not exist or your team does not have access to it.")
    return max(fitting, key=lambda row: len(row.prefix))


def _check(body: Body, row: Model) -> None:
    name = body["model"]
    for key, word in PENALTIES.items():
        if key in body and not row.prefix.startswith("grok-3"):
            refuse(f"Model {name} does not support parameter {word}.")
    if body.get("stop") is not None and row.reasoning:
        refuse(f"Model {name} does not support parameter stop.")
    if body.get("reasoning_effort") is not None and not row.efforts:
        refuse(f"Model {name} does not support parameter reasoningEffort.")
    if body.get("service_tier") not in (None, "default", "priority"):
        raise Refused(422, f"Failed to deserialize the JSON body: unknown variant `{body['service_tier']}`.")
    openai_rules.check(body, row)
    for message in body["messages"]:
        content = message.get("content")
        for part in content if isinstance(content, list) else ():
            _part(part)


def _part(part: Mapping[str, Any]) -> None:
    if part["type"] not in ("text", "image_url"):
        raise Refused(422, f"Failed to deserialize the JSON body: unknown variant `{part['type']}`.")
    if part["type"] == "image_url":
        if part["image_url"].get("detail") == "original":
            raise Refused(422, "Failed to deserialize the JSON body: unknown variant `original`.")
        found = media.split_data_url(part["image_url"]["url"])
        if found is not None and found[0] not in ("image/png", "image/jpeg"):
            refuse("Unsupported image type: only jpg/jpeg and png are supported.")


def _usage(answer: Answer) -> dict[str, Any]:
    """Reasoning is counted beside the completion, and in the total."""
    usage = answer.usage
    reasoning = usage["completion_tokens_details"]["reasoning_tokens"]
    cost = usage["total_tokens"] * TICKS_PER_TOKEN
    details = {**usage["prompt_tokens_details"], "text_tokens": usage["prompt_tokens"], "image_tokens": 0}
    completion = usage["completion_tokens"] - reasoning
    more = {"prompt_tokens_details": details, "num_sources_used": 0, "cost_in_usd_ticks": cost}
    return {**usage, "completion_tokens": completion, **more}


def _finish(answer: Answer) -> str:
    """An older habit that is still met: nothing is said of an answer that calls."""
    return "" if answer.script.stop == "calls" else openai_wire.FINISH[answer.script.stop]


def _whole(answer: Answer) -> Reply:
    value = openai_wire.completion(answer)
    message: dict[str, Any] = {"role": "assistant", "content": answer.script.text, "refusal": None}
    if thought(answer):
        message["reasoning_content"] = thought(answer)
    if calls(answer):
        message["tool_calls"] = calls(answer)
    choice = {"index": 0, "message": message, "finish_reason": _finish(answer)}
    value |= {"choices": [choice], "usage": _usage(answer), "service_tier": "default"}
    if "citations" in answer.odd:
        value["citations"] = ["https://example.com/source"]
    return openai_wire.reply_of(answer, value)


def _stream(answer: Answer) -> Reply:
    return openai_wire.stream_of(answer, framed(_chunks(answer)), _error(openai_wire.BROKEN)[1])


def _chunks(answer: Answer) -> Iterator[dict[str, Any]]:
    usage = _usage(answer)
    running = {**usage, "completion_tokens": 0}
    for delta in _deltas(answer):
        value = chunk(answer, {"role": "assistant", **delta}, usage=running)
        del value["choices"][0]["finish_reason"]
        yield value
    yield chunk(answer, {"role": "assistant"}, _finish(answer), usage=running)
    more = {"citations": ["https://example.com/source"]} if "citations" in answer.odd else {}
    yield chunk(answer, None, usage=usage, **more)


def _deltas(answer: Answer) -> Iterator[dict[str, Any]]:
    if thought(answer):
        # Nothing new was thought, but the connection lives.
        yield from ({"reasoning_content": HEARTBEAT}, {"reasoning_content": HEARTBEAT})
        yield {"reasoning_content": thought(answer)}
    for piece in said(answer):
        yield {"content": piece}
    for call in calls(answer):
        yield {"content": "", "tool_calls": [call]}


def _error(refused: Refused) -> tuple[int, Any]:
    return refused.status, {"code": CODES.get(refused.status, "unknown"), "error": refused.message}
