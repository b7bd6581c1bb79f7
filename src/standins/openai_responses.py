"""Stands in for OpenAI's Responses: reads a request, judges it, answers on the native wire."""

from collections.abc import Callable, Mapping
from typing import Any

from openai.types.responses.response_create_params import (
    ResponseCreateParamsNonStreaming,
    ResponseCreateParamsStreaming,
)

from . import openai_responses_rules, openai_responses_turn, openai_responses_wire
from .memory import mint, prefixes
from .oddities import Oddities, unlike_any_answer
from .openai_models import Model, model
from .openai_usage import REASONING_TOKENS
from .turns import Script, compose, tokens
from .wire import Call, Refused, Reply, dump

Cached = tuple[int, int]


Cache = Callable[[bool, str | None, list[tuple[str, int]]], Cached]
"""What the provider remembers of prompts: (marked, mode, ends of the prefixes) -> tokens read and written."""


def params(body: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
    """The SDK's type of a body, and the body."""
    return (ResponseCreateParamsStreaming if body.get("stream") else ResponseCreateParamsNonStreaming), body


def answer(call: Call, body: Any, name: str, failure: Callable[[Oddities, str], Refused], cache: Cache) -> Reply:
    """The answer to a request of a known model whose types are right; ``failure`` makes the errors asked for."""
    row = model(name)
    assert row is not None
    openai_responses_rules.check(body, row)
    turn = openai_responses_turn.turn(body, row, call.headers.get("x-standin", ""))
    if (odd := unlike_any_answer(turn.odd, streamed=bool(body.get("stream")))) is not None:
        return odd
    if turn.odd.fails:
        raise failure(turn.odd, "input")
    script = compose(turn)
    made = openai_responses_wire.Answer(
        body=body,
        script=script,
        id=mint("resp_", 32, call.body),
        model=f"{name}-{row.snapshot}" if row.snapshot and name == row.prefix else name,
        reasons=openai_responses_turn.reasons(body, row),
        usage=_usage(body, row, script, cache),
        odd=turn.odd,
    )
    return openai_responses_wire.stream(made) if body.get("stream") else openai_responses_wire.whole(made)


def _usage(body: Mapping[str, Any], row: Model, script: Script, cache: Cache) -> dict[str, Any]:
    items = body["input"] if isinstance(body["input"], list) else [body["input"]]
    pieces = [dump([body["model"], body.get("instructions"), body.get("tools")]), *map(dump, items)]
    ends = prefixes(pieces)
    mode = (body.get("prompt_cache_options") or {}).get("mode")
    cached, written = cache(b'"prompt_cache_breakpoint":' in dump(items), mode, ends)
    prompt = tokens(ends[-1][1])
    effort = (body.get("reasoning") or {}).get("effort") or row.default
    reasoning = REASONING_TOKENS.get(effort, 0) if row.reasoning else 0
    said = tokens(script.text) + sum(tokens(call.name + call.arguments) + 4 for call in script.calls)
    return {
        "input_tokens": prompt,
        "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": written if row.cache_options else 0},
        "output_tokens": said + reasoning,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": prompt + said + reasoning,
    }
