"""How responses look on the wire: one JSON object, or typed and numbered server-sent events."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from .memory import mint
from .oddities import Oddities
from .openai_responses_rules import SEAL
from .turns import Script, Text, Thought, ToolCall, pieces
from .wire import CREATED, Reply, dump, json_reply, stream_reply

REASONS = {"limit": "max_output_tokens", "filter": "content_filter", "unknown": "max_messages"}
PADDING = "tHeStAnDiNpAdSeVeRyEvEnTtOoNeLeNgTh"
ARGUMENT_PIECE = 6

Event = dict[str, Any]


@attrs.frozen
class Answer:
    """Everything an answer is written from."""

    body: Mapping[str, Any]
    script: Script
    id: str
    model: str
    reasons: bool
    usage: Mapping[str, Any]
    odd: Oddities

    @property
    def status(self) -> str:
        """How the response ends."""
        return "incomplete" if self.script.stop in REASONS else "completed"

    def named(self, prefix: str, number: int) -> str:
        """The id of an item."""
        return mint(f"{prefix}_", 32, self.id.encode(), prefix.encode(), bytes([number]))


def whole(answer: Answer) -> Reply:
    """The answer in one piece."""
    reply = json_reply(200, _response(answer, answer.status, _items(answer)))
    return attrs.evolve(reply, pause=answer.odd.pause, ending=answer.odd.ending)


def stream(answer: Answer) -> Reply:
    """The answer as a stream."""
    events = _broken(answer, list(_events(answer))) if "mid-error" in answer.odd else _events(answer)
    return attrs.evolve(stream_reply(_frames(answer, events)), pause=answer.odd.pause, ending=answer.odd.ending)


def _response(answer: Answer, status: str, output: list[Event]) -> Event:
    body, done = answer.body, status != "in_progress"
    reason = REASONS.get(answer.script.stop) if status == "incomplete" else None
    tier = body.get("service_tier") or "auto"
    failed = {"code": "server_error", "message": FAILED}
    return {
        "id": answer.id,
        "object": "response",
        "created_at": CREATED,
        "status": status,
        "background": False,
        "error": failed if status == "failed" else None,
        "incomplete_details": {"reason": reason} if reason else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "model": answer.model,
        "output": output,
        "parallel_tool_calls": body.get("parallel_tool_calls") is not False,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None, **(body.get("reasoning") or {})},
        "service_tier": {"auto": "default", "fast": "priority"}.get(tier, tier),
        "store": body.get("store") is not False,
        "temperature": body.get("temperature", 1.0),
        "text": {"format": {"type": "text"}, "verbosity": "medium", **(body.get("text") or {})},
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": body.get("tools") or [],
        "top_p": body.get("top_p", 1.0),
        "truncation": "disabled",
        "usage": answer.usage if done else None,
        "user": None,
        "metadata": body.get("metadata") or {},
    }


FAILED = "The server had an error while processing your request. Sorry about that!"


def _items(answer: Answer) -> list[Event]:
    """The output, whole."""
    out: list[Event] = []
    thought = "".join(part.text for part in answer.script.parts if isinstance(part, Thought))
    if answer.reasons:
        name = answer.named("rs", 0)
        summary = [{"type": "summary_text", "text": thought}] if thought else []
        out.append({"id": name, "type": "reasoning", "summary": summary, "encrypted_content": f"{SEAL}.{name}"})
    if answer.script.text:
        out.append(_message(answer, len(out)))
    out += [_call(answer, number, call) for number, call in enumerate(answer.script.calls)]
    return out


def _message(answer: Answer, number: int) -> Event:
    text = answer.script.text
    if answer.script.stop == "refusal":
        part: Event = {"type": "refusal", "refusal": text}
    else:
        notes = [_citation(text)] if "citations" in answer.odd else []
        part = {"type": "output_text", "text": text, "annotations": notes, "logprobs": []}
    return {
        "id": answer.named("msg", number),
        "type": "message",
        "status": answer.status,
        "role": "assistant",
        "content": [part],
    }


def _citation(text: str) -> Event:
    return {
        "type": "url_citation", "start_index": 0, "end_index": len(text), "title": "A source",
        "url": "https://example.com/source",
    }  # fmt: skip


def _call(answer: Answer, number: int, call: ToolCall) -> Event:
    call_id = mint("call_", 24, answer.id.encode(), bytes([number]))
    if call.custom:
        name = answer.named("ctc", number)
        return {"id": name, "type": "custom_tool_call", "call_id": call_id, "name": call.name, "input": call.arguments}
    return {
        "id": answer.named("fc", number), "type": "function_call", "status": answer.status, "call_id": call_id,
        "name": call.name, "arguments": call.arguments,
    }  # fmt: skip


def _frames(answer: Answer, events: Iterator[Event] | list[Event]) -> Iterator[bytes]:
    padded = (answer.body.get("stream_options") or {}).get("include_obfuscation") is not False
    for number, event in enumerate(events):
        payload = {"type": event["type"], "sequence_number": number, **event}
        if padded and event["type"].endswith(".delta"):
            payload["obfuscation"] = PADDING[: 4 + 7 * len(event["delta"]) % 13]
        yield b"event: " + event["type"].encode() + b"\ndata: " + dump(payload) + b"\n\n"


def _events(answer: Answer) -> Iterator[Event]:
    begun = _response(answer, "in_progress", [])
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    items = _items(answer)
    for index, item in enumerate(items):
        yield {"type": "response.output_item.added", "output_index": index, "item": _begun(item)}
        yield from EVENTS[item["type"]](answer, item, {"item_id": item["id"], "output_index": index})
        yield {"type": "response.output_item.done", "output_index": index, "item": item}
    yield {"type": f"response.{answer.status}", "response": _response(answer, answer.status, items)}


def _begun(item: Event) -> Event:
    """An item of which nothing has been said."""
    empty: Event = {"content": [], "summary": [], "arguments": "", "input": "", "status": "in_progress"}
    begun = {key: empty.get(key, value) for key, value in item.items()}
    begun.pop("encrypted_content", None)
    return begun


def _reasoning(_: Answer, item: Event, place: Event) -> Iterator[Event]:
    for index, part in enumerate(item["summary"]):
        here = {**place, "summary_index": index}
        text = part["text"]
        yield {"type": "response.reasoning_summary_part.added", **here, "part": {**part, "text": ""}}
        for piece in pieces(text):
            yield {"type": "response.reasoning_summary_text.delta", **here, "delta": piece}
        yield {"type": "response.reasoning_summary_text.done", **here, "text": text}
        yield {"type": "response.reasoning_summary_part.done", **here, "part": part}


def _spoken(answer: Answer, item: Event, place: Event) -> Iterator[Event]:
    part, here = item["content"][0], {**place, "content_index": 0}
    said = [piece for part in answer.script.parts if isinstance(part, Text) for piece in part.pieces]
    if part["type"] == "refusal":
        yield {"type": "response.content_part.added", **here, "part": {"type": "refusal", "refusal": ""}}
        yield from ({"type": "response.refusal.delta", **here, "delta": piece} for piece in said)
        yield {"type": "response.refusal.done", **here, "refusal": part["refusal"]}
        yield {"type": "response.content_part.done", **here, "part": part}
        return
    yield {"type": "response.content_part.added", **here, "part": {**part, "text": "", "annotations": []}}
    yield from ({"type": "response.output_text.delta", **here, "delta": piece, "logprobs": []} for piece in said)
    for index, note in enumerate(part["annotations"]):
        yield {
            "type": "response.output_text.annotation.added", **here, "annotation_index": index, "annotation": note,
        }  # fmt: skip
    yield {"type": "response.output_text.done", **here, "text": part["text"], "logprobs": []}
    yield {"type": "response.content_part.done", **here, "part": part}


def _called(_: Answer, item: Event, place: Event) -> Iterator[Event]:
    custom = item["type"] == "custom_tool_call"
    kind, key = ("custom_tool_call_input", "input") if custom else ("function_call_arguments", "arguments")
    text = item[key]
    for at in range(0, len(text), ARGUMENT_PIECE):
        yield {"type": f"response.{kind}.delta", **place, "delta": text[at : at + ARGUMENT_PIECE]}
    yield {"type": f"response.{kind}.done", **place, key: text}


EVENTS = {"reasoning": _reasoning, "message": _spoken, "function_call": _called, "custom_tool_call": _called}


def _broken(answer: Answer, events: list[Event]) -> list[Event]:
    """A stream that fails in its middle, as it was seen: an error event, then the failed response."""
    error = {"type": "server_error", "code": "server_error", "message": FAILED, "param": None}
    failed = {"type": "response.failed", "response": _response(answer, "failed", [])}
    return [*events[: len(events) // 2], {"type": "error", "error": error}, failed]
