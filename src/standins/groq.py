"""Stands in for Groq: chat completions judged by Groq's own SDK, with its own fields for reasoning and usage."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from groq.types.chat.completion_create_params import CompletionCreateParams

from . import openai_rules, openai_wire
from .openai_hosts import Body, Host, bearer, calls, chunk, framed, said, thought
from .openai_models import LOW_TO_HIGH, WITH_NONE, Model
from .openai_wire import Answer
from .wire import Answer as App
from .wire import Call, Refused, Reply, refuse

PATH = "/openai/v1/chat/completions"
OSS = ("openai/gpt-oss-",)
QWEN = ("qwen/",)
VISION = ("qwen/qwen3.8", "meta-llama/llama-4")
BOUND = ("openai/gpt-oss-", "qwen/qwen3.8", "meta-llama/llama-4")
MODELS = (
    Model("openai/gpt-oss-", LOW_TO_HIGH, "medium", max_tokens=True),
    Model("qwen/qwen3", ("none", "default"), "default", max_tokens=True),
    Model("qwen/qwen3.8", (*WITH_NONE, "default"), "medium", max_tokens=True),
    Model("llama-3", max_tokens=True),
    Model("meta-llama/llama-4", max_tokens=True),
)
REFUSED = ("logprobs", "top_logprobs", "logit_bias")
UNREAD = ("store", "metadata")
MOST_IMAGES = 3
TIMES = {"queue_time": 0.01, "prompt_time": 0.02, "completion_time": 0.03, "total_time": 0.05}
CODES = {
    400: None,
    404: "model_not_found",
    429: "rate_limit_exceeded",
    498: "capacity_exceeded",
}
HEADERS = (
    ("x-groq-region", "nowhere"),
    ("x-ratelimit-limit-requests", "14400"),
    ("x-ratelimit-remaining-requests", "14399"),
    ("x-ratelimit-reset-requests", "6s"),
    ("x-ratelimit-reset-tokens", "7.66s"),
)


def provider(*, key: str | None = None) -> App:
    """Groq with the given key (any when absent)."""

    def enter(call: Call) -> None:
        bearer(call, key, PATH)

    return Host(enter, _params, _find, _check, _whole, _stream, _error, HEADERS)


def _params(body: Body) -> tuple[Any, Body]:
    # The service takes it; its SDK's types do not have it.
    return CompletionCreateParams, {key: value for key, value in body.items() if key != "stream_options"}


def _find(name: str) -> Model:
    fitting = [row for row in MODELS if name.startswith(row.prefix)]
    if not fitting:
        raise Refused(404, f"The model `{name}` does not exist or you do not have access to it.")
    return max(fitting, key=lambda row: len(row.prefix))


def _check(body: Body, row: Model) -> None:
    for name in REFUSED:
        if name in body:
            refuse(f"property '{name}' is unsupported", name)
    for name in UNREAD:
        if name in body:
            refuse(f"'{name}' is not currently supported", name)
    if body.get("n") not in (None, 1):
        refuse("'n' : number must be at most 1", "n")
    for number, message in enumerate(body["messages"]):
        _message(number, message, body["model"])
    _reasoning(body, row)
    _bound(body)
    common = {key: value for key, value in body.items() if key not in ("reasoning_effort", "tools")}
    functions = [tool for tool in body.get("tools") or () if "function" in tool]
    openai_rules.check({**common, "tools": functions} if functions else common, row)


def _message(number: int, message: Mapping[str, Any], model: str) -> None:
    where = f"messages.{number}"
    if "name" in message:
        refuse(f"property '{where}.name' is unsupported", where)
    if message["role"] == "assistant" and None in message.values():
        refuse(f"'{where}' : a property is null", where)
    content = message.get("content")
    images = [part for part in content if part["type"] == "image_url"] if isinstance(content, list) else []
    if images and not model.startswith(VISION):
        refuse(f"'{where}.content' : must be a string", where)
    if len(images) > MOST_IMAGES:
        refuse(f"Too many images provided. This model supports up to {MOST_IMAGES} images", where)


def _reasoning(body: Body, row: Model) -> None:
    effort, model = body.get("reasoning_effort"), body["model"]
    if effort is not None and effort not in row.efforts:
        refuse(f"`reasoning_effort` must be one of {', '.join(row.efforts) or 'nothing'}", "reasoning_effort")
    if "reasoning_format" in body and "include_reasoning" in body:
        refuse("cannot specify both `include_reasoning` and `reasoning_format`")
    if "reasoning_format" in body and not model.startswith(QWEN):
        refuse("`reasoning_format` is not supported with this model", "reasoning_format")
    if "include_reasoning" in body and not row.reasoning:
        refuse("`include_reasoning` is not supported with this model", "include_reasoning")
    if body.get("reasoning_format") == "raw" and (body.get("tools") or body.get("response_format")):
        refuse("`reasoning_format` raw goes neither with tools nor with JSON", "reasoning_format")


def _bound(body: Body) -> None:
    kind = (body.get("response_format") or {}).get("type")
    if kind != "json_schema":
        return
    if not body["model"].startswith(BOUND):
        refuse("This model does not support response format `json_schema`.", "response_format")
    for name in ("stream", "tools"):
        if body.get(name):
            refuse(f"response format `json_schema` cannot be combined with `{name}`", "response_format")


def _usage(answer: Answer) -> dict[str, Any]:
    return {**answer.usage, **TIMES}


def _aside(answer: Answer) -> dict[str, Any]:
    return {"id": f"req_{answer.id[:26]}", "seed": 7}


def _apart(answer: Answer) -> bool:
    """Whether reasoning stands beside the answer and not inside it."""
    form = answer.body.get("reasoning_format")
    bound = answer.body.get("tools") or answer.body.get("response_format")
    return answer.body["model"].startswith(OSS) or form == "parsed" or (form is None and bool(bound))


def _shown(answer: Answer) -> str:
    hidden = answer.body.get("reasoning_format") == "hidden" or answer.body.get("include_reasoning") is False
    return "" if hidden else thought(answer)


def _whole(answer: Answer) -> Reply:
    value = openai_wire.completion(answer)
    message: dict[str, Any] = {"role": "assistant"}
    inside = f"<think>{_shown(answer)}</think>" if _shown(answer) and not _apart(answer) else ""
    if answer.script.text or not answer.script.calls:
        message["content"] = inside + answer.script.text
    if _shown(answer) and not inside:
        message["reasoning"] = _shown(answer)
    if answer.script.calls:
        message["tool_calls"] = calls(answer)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish}
    more = {"service_tier": _tier(answer), "x_groq": _aside(answer), "usage_breakdown": None}
    return openai_wire.reply_of(answer, {**value, "choices": [choice], "usage": _usage(answer), **more})


def _tier(answer: Answer) -> str:
    return answer.body.get("service_tier") or "on_demand"


def _stream(answer: Answer) -> Reply:
    failure = {"message": openai_wire.BROKEN.message, "type": "server_error", "code": "failed", "status_code": 500}
    reply = openai_wire.stream_of(answer, framed(_chunks(answer)), {"error": failure})
    if "mid-error" in answer.odd:
        frames = list(reply.frames or ())
        reply = attrs.evolve(reply, frames=[*frames[:-1], b"event: error\n" + frames[-1]])
    return reply


def _chunks(answer: Answer) -> Iterator[dict[str, Any]]:
    yield chunk(answer, {"role": "assistant", "content": ""}, x_groq={"id": _aside(answer)["id"]})
    text = _shown(answer)
    inside = f"<think>{text}</think>" if text and not _apart(answer) else ""
    if inside:
        yield chunk(answer, {"content": inside})
    elif text:
        yield chunk(answer, {"reasoning": text, "channel": "analysis"})
    for piece in said(answer):
        yield chunk(answer, {"content": piece})
    for number, call in enumerate(calls(answer)):
        yield chunk(answer, {"tool_calls": [{"index": number, **call}]})
    usage = {**_aside(answer), "usage": _usage(answer)}
    yield chunk(answer, {}, answer.finish, x_groq=usage, service_tier=_tier(answer))
    if (answer.body.get("stream_options") or {}).get("include_usage"):
        yield chunk(answer, None, usage=_usage(answer), x_groq=usage)


def _error(refused: Refused) -> tuple[int, Any]:
    code = refused.code or CODES.get(refused.status, "internal_server_error")
    error = {"message": refused.message, "type": refused.kind, "code": code, "param": refused.param}
    return refused.status, {"error": {key: value for key, value in error.items() if value is not None}}
