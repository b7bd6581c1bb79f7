"""How generateContent looks on the wire: one object, server-sent events with CRLF, or one array."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import orjson

from .gemini_models import Model
from .gemini_rules import signature
from .memory import mint
from .oddities import Oddities
from .turns import Hidden, Script, Text, Thought, ToolCall, pieces
from .wire import Refused, Reply, dump, json_reply, stream_reply

FINISH = {
    "end": "STOP", "calls": "STOP", "limit": "MAX_TOKENS", "stop": "STOP", "refusal": "STOP", "filter": "SAFETY",
    "pause": "STOP", "unknown": "FUTURE_REASON",
}  # fmt: skip
WORDS = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}  # fmt: skip


@attrs.frozen
class Answer:
    """Everything an answer is written from."""

    body: Mapping[str, Any]
    script: Script
    id: str
    name: str
    model: Model
    usage: Mapping[str, int]
    odd: Oddities
    vertex: bool

    @property
    def candidates(self) -> int:
        """How many candidates were asked for."""
        return (self.body.get("generationConfig") or {}).get("candidateCount") or 1

    def reply(self, candidates: list[Any], **more: Any) -> dict[str, Any]:
        """A whole reply, or a chunk."""
        stamp = {"createTime": "2026-11-18T12:00:00.123456Z"} if self.vertex else {}
        return {"candidates": candidates, **more, "modelVersion": self.name, **stamp, "responseId": self.id}


def error(refused: Refused) -> dict[str, Any]:
    """The native error body."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": refused.code}] if refused.code else []
    if refused.status == 429:
        details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"})
    word = WORDS.get(refused.status, "INTERNAL" if refused.status >= 500 else "INVALID_ARGUMENT")
    body = {"code": refused.status, "message": refused.message, "status": word}
    return {"error": {**body, "details": details} if details else body}


def whole(answer: Answer) -> Reply:
    """The answer in one piece."""
    candidates = []
    for index in range(answer.candidates):
        parts = [part for piece in answer.script.parts for part in _parts(answer, piece, cut=False)]
        candidates.append(_ended(answer, index, parts))
    value = answer.reply(candidates, usageMetadata=_usage(answer, last=True))
    return attrs.evolve(json_reply(200, value), pause=answer.odd.pause, ending=answer.odd.ending)


def stream(answer: Answer, *, events: bool) -> Reply:
    """The answer as a stream, of events or of one array's items."""
    chunks = _broken(_chunks(answer)) if "mid-error" in answer.odd else _chunks(answer)
    reply = stream_reply(_events(chunks) if events else _array(chunks))
    return attrs.evolve(reply, pause=answer.odd.pause, ending=answer.odd.ending)


def _parts(answer: Answer, piece: Any, *, cut: bool) -> Iterator[dict[str, Any]]:
    if isinstance(piece, Text):
        for text in piece.pieces if cut else (piece.whole,):
            yield {"text": text}
    elif isinstance(piece, Thought):
        for text in pieces(piece.text) if cut else (piece.text,):
            yield {"text": text, "thought": True}
    elif isinstance(piece, Hidden):
        yield {"text": "", "thoughtSignature": piece.data}
    elif isinstance(piece, ToolCall):
        yield _call(answer, piece)


def _call(answer: Answer, call: ToolCall) -> dict[str, Any]:
    """Calls have ids, and the first one a signature, from generation 3 on."""
    arguments = orjson.loads(call.arguments) if _whole(call.arguments) else {}
    part: dict[str, Any] = {"functionCall": {"name": call.name, "args": arguments}}
    if answer.model.signs:
        number = answer.script.calls.index(call)
        part["functionCall"]["id"] = mint("fc", 12, answer.id.encode(), dump([number, call.name]))
        if number == 0:
            part["thoughtSignature"] = signature(call.name.encode(), dump(arguments))
    return part


def _whole(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _ended(answer: Answer, index: int, parts: list[Any]) -> dict[str, Any]:
    script = answer.script
    candidate: dict[str, Any] = {"finishReason": FINISH[script.stop]}
    if parts or script.stop != "filter":
        candidate = {"content": {"role": "model", **({"parts": parts} if parts else {})}, **candidate}
    if not answer.vertex or index:
        candidate["index"] = index
    if "citations" in answer.odd and script.text:
        segment = {"endIndex": len(script.text.encode()), "text": script.text}
        candidate["groundingMetadata"] = {
            "groundingChunks": [{"web": {"uri": "https://example.com/source", "title": "A source"}}],
            "groundingSupports": [{"segment": segment, "groundingChunkIndices": [0]}],
        }
    config = answer.body.get("generationConfig") or {}
    if config.get("responseLogprobs"):
        chosen = [{"token": piece, "logProbability": -0.25} for piece in pieces(script.text)]
        few = config.get("logprobs") or 0
        tops = [{"candidates": [{**token, "logProbability": -0.25 - rank} for rank in range(few)]} for token in chosen]
        candidate["logprobsResult"] = {"chosenCandidates": chosen, **({"topCandidates": tops} if few else {})}
    return candidate


def _usage(answer: Answer, *, last: bool) -> dict[str, Any]:
    traffic = {"trafficType": "ON_DEMAND"} if answer.vertex else {}
    if answer.vertex and not last:
        return traffic
    usage = {key: count for key, count in answer.usage.items() if count}
    if not last:
        usage.pop("candidatesTokenCount", None)
    details = {"promptTokensDetails": [{"modality": "TEXT", "tokenCount": usage.get("promptTokenCount", 0)}]}
    return {**usage, "totalTokenCount": _total(usage), **details, **traffic}


def _total(usage: Mapping[str, int]) -> int:
    return sum(usage.get(key, 0) for key in ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount"))


def _chunks(answer: Answer) -> Iterator[dict[str, Any]]:
    for index in range(answer.candidates):
        place = {"index": index} if index or not answer.vertex else {}
        for piece in answer.script.parts:
            for part in _parts(answer, piece, cut=True):
                content = {"content": {"role": "model", "parts": [part]}, **place}
                yield answer.reply([content], usageMetadata=_usage(answer, last=False))
        last = [{"text": ""}] if answer.script.stop != "filter" else []
        yield answer.reply([_ended(answer, index, last)], usageMetadata=_usage(answer, last=True))


def _broken(chunks: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    every = list(chunks)
    yield from every[: len(every) // 2]
    yield error(Refused(500, "An internal error has occurred."))


def _events(chunks: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    for chunk in chunks:
        yield b"data: " + dump(chunk) + b"\r\n\r\n"


def _array(chunks: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    begin = b"["
    for chunk in chunks:
        yield begin + dump(chunk)
        begin = b"\n,\r\n"
    yield b"]"
