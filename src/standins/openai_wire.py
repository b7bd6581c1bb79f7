"""How chat completions look on the wire: one JSON object, or chunks of server-sent events."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from .memory import mint
from .oddities import Oddities
from .turns import Script, Text, ToolCall, pieces
from .wire import CREATED, Refused, Reply, dump, json_reply, stream_reply

FINISH = {
    "end": "stop",
    "calls": "tool_calls",
    "limit": "length",
    "stop": "stop",
    "refusal": "stop",
    "filter": "content_filter",
    "pause": "stop",
    "unknown": "future_reason",
}
PADDING = "tHeStAnDiNpAdSeVeRyChUnKtOoNeLeNgTh"
ARGUMENT_PIECE = 6


@attrs.frozen
class Answer:
    """Everything an answer is written from."""

    body: Mapping[str, Any]
    script: Script
    id: str
    model: str
    usage: Mapping[str, Any]
    odd: Oddities

    @property
    def choices(self) -> int:
        """How many choices were asked for."""
        return self.body.get("n") or 1

    @property
    def finish(self) -> str:
        """The native finish reason."""
        choice = self.body.get("tool_choice")
        if self.script.stop == "calls":
            if self.body.get("functions"):
                return "function_call"
            if isinstance(choice, dict) and choice.get("type") != "allowed_tools":
                return "stop"  # so it is when a tool was named
        return FINISH[self.script.stop]

    @property
    def tier(self) -> str:
        """The service tier that served the request."""
        asked: str = self.body.get("service_tier") or "auto"
        return {"auto": "default", "fast": "priority"}.get(asked, asked)


def error(refused: Refused) -> dict[str, Any]:
    """The native error body."""
    return {"error": {"message": refused.message, "type": refused.kind, "param": refused.param, "code": refused.code}}


def whole(answer: Answer) -> Reply:
    """The answer in one piece."""
    return reply_of(answer, completion(answer))


def reply_of(answer: Answer, value: object) -> Reply:
    """A value as a reply, with the endings that were asked for."""
    return attrs.evolve(json_reply(200, value), pause=answer.odd.pause, ending=answer.odd.ending)


def completion(answer: Answer) -> dict[str, Any]:
    """The answer as a chat completion."""
    return {
        "id": answer.id,
        "object": "chat.completion",
        "created": CREATED,
        "model": answer.model,
        "choices": [
            {
                "index": index,
                "message": _message(answer, index),
                "logprobs": _logprobs(answer, answer.script.text),
                "finish_reason": answer.finish,
            }
            for index in range(answer.choices)
        ],
        "usage": answer.usage,
        "service_tier": answer.tier,
        "system_fingerprint": "fp_standin",
    }


def stream(answer: Answer) -> Reply:
    """The answer as a stream."""
    return stream_of(answer, _frames(answer), error(BROKEN))


BROKEN = Refused(
    500, "The server had an error while processing your request. Sorry about that!", "server_error", code="server_error"
)


def stream_of(answer: Answer, frames: Iterator[bytes], failure: Any) -> Reply:
    """Frames as a stream, with the endings that were asked for; ``failure`` is what breaks it in the middle."""
    reply = stream_reply(_broken(frames, failure) if "mid-error" in answer.odd else frames)
    return attrs.evolve(reply, pause=answer.odd.pause, ending=answer.odd.ending)


def _message(answer: Answer, index: int) -> dict[str, Any]:
    script = answer.script
    refused = script.stop == "refusal"
    content = None if refused or (script.calls and not script.text) else script.text
    message: dict[str, Any] = {
        "role": "assistant",
        "content": content,
        "refusal": script.text if refused else None,
        "annotations": [],
    }
    if "citations" in answer.odd:
        message["annotations"] = [citation(script.text)]
    calls = [call_of(answer, index, number, call) for number, call in enumerate(script.calls)]
    if calls and answer.body.get("functions"):
        message["function_call"] = calls[0]["function"]
    elif calls:
        message["tool_calls"] = calls
    return message


def call_of(answer: Answer, choice: int, number: int, call: ToolCall) -> dict[str, Any]:
    """A whole tool call."""
    name = mint("call_", 24, answer.id.encode(), bytes([choice, number]))
    if call.custom:
        return {"id": name, "type": "custom", "custom": {"name": call.name, "input": call.arguments}}
    return {"id": name, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def citation(text: str) -> dict[str, Any]:
    """A source of the whole text."""
    inner = {"start_index": 0, "end_index": len(text), "title": "A source", "url": "https://example.com/source"}
    return {"type": "url_citation", "url_citation": inner}


def _logprobs(answer: Answer, text: str) -> dict[str, Any] | None:
    if not answer.body.get("logprobs"):
        return None
    few = answer.body.get("top_logprobs") or 0
    entries = []
    for piece in pieces(text):
        entry = {"token": piece, "logprob": -0.25, "bytes": list(piece.encode())}
        entries.append({**entry, "top_logprobs": [{**entry, "logprob": -0.25 - rank} for rank in range(few)]})
    return {"content": entries, "refusal": None}


def _frames(answer: Answer) -> Iterator[bytes]:
    options = answer.body.get("stream_options") or {}
    asked = bool(options.get("include_usage"))
    padded = options.get("include_obfuscation") is not False
    for choices in chunks(answer):
        yield frame(answer, choices, {"usage": None} if asked else {}, padded=padded)
    if asked:
        yield frame(answer, [], {"usage": answer.usage}, padded=padded)
    yield b"data: [DONE]\n\n"


def frame(answer: Answer, choices: list[Any], usage: Mapping[str, Any], *, padded: bool) -> bytes:
    """One chunk."""
    chunk = {
        "id": answer.id,
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": answer.model,
        "service_tier": answer.tier,
        "system_fingerprint": "fp_standin",
        "choices": choices,
        **usage,
    }
    if padded:
        chunk["obfuscation"] = PADDING[: 4 + 7 * len(dump(choices)) % 13]
    return b"data: " + dump(chunk) + b"\n\n"


def chunks(answer: Answer) -> Iterator[list[dict[str, Any]]]:
    """The choices of every chunk."""
    for index in range(answer.choices):
        content = None if answer.script.calls else ""
        first: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
        deltas = [*_calls(answer, index)] if answer.script.calls else []
        if deltas and not answer.script.text:
            first |= deltas.pop(0)  # the first call starts in the chunk of the role
        yield [_choice(index, first)]
        for part in answer.script.parts:
            for piece in part.pieces if isinstance(part, Text) else ():
                key = "refusal" if answer.script.stop == "refusal" else "content"
                yield [{**_choice(index, {key: piece}), "logprobs": _logprobs(answer, piece)}]
        for delta in deltas:
            yield [_choice(index, delta)]
        if "citations" in answer.odd:
            yield [_choice(index, {"annotations": [citation(answer.script.text)]})]
        yield [{**_choice(index, {}), "finish_reason": answer.finish}]


def _choice(index: int, delta: Mapping[str, Any]) -> dict[str, Any]:
    return {"index": index, "delta": delta, "logprobs": None, "finish_reason": None}


def _calls(answer: Answer, index: int) -> Iterator[dict[str, Any]]:
    for number, call in enumerate(answer.script.calls):
        start = call_of(answer, index, number, call)
        kind, key = start["type"], "input" if call.custom else "arguments"
        start[kind] = {**start[kind], key: ""}
        cut = [call.arguments[at : at + ARGUMENT_PIECE] for at in range(0, len(call.arguments), ARGUMENT_PIECE)]
        if answer.body.get("functions"):
            yield {"function_call": start["function"]}
            for piece in cut:
                yield {"function_call": {key: piece}}
            return
        yield {"tool_calls": [{"index": number, **start}]}
        for piece in cut:
            yield {"tool_calls": [{"index": number, kind: {key: piece}}]}


def _broken(frames: Iterator[bytes], failure: Any) -> Iterator[bytes]:
    every = list(frames)
    yield from every[: len(every) // 2]
    yield b"data: " + dump(failure) + b"\n\n"
