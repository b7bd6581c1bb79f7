"""Output items of a response, both ways (wire/openai-responses.md 3, 5 and 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ...context import Stamp
from ...records import Call, Citation, Opaque, Part, Redacted, Refusal, Text, Thinking, Token
from ...seal import Kind, seal
from .items import UNSIGNED, own_state
from .logprobs import read_logprobs, write_logprobs
from .parts import NAME, ORIGIN

Body = dict[str, Any]


def read_items(items: Iterable[Any]) -> tuple[Part, ...]:
    """The parts of a response's output."""
    return tuple([part for item in items for part in read_item(item)])


def read_item(item: Body) -> tuple[Part, ...]:
    """The parts of one item; an item that only the dialect can express is one Opaque."""
    kind = item["type"]
    reader = READERS.get(kind)
    return (Opaque(str(kind), NAME, native=item),) if reader is None else reader(item)


def _message(item: Body) -> tuple[Part, ...]:
    parts: list[Part] = []
    for raw in item.get("content") or ():
        if raw["type"] == "refusal":
            parts.append(Refusal(raw["refusal"]))
        elif raw.get("text"):
            parts.append(Text(raw["text"], citations=read_annotations(raw.get("annotations"))))
    return tuple(parts)


def read_tokens(items: Iterable[Any]) -> tuple[Token, ...] | None:
    """The log probabilities of all texts of a response's output; None when there are none."""
    texts = [part for item in items if item["type"] == "message" for part in item.get("content") or ()]
    found = tuple([token for part in texts if part.get("logprobs") for token in read_logprobs(part["logprobs"])])
    return found or None


def read_annotations(raw: Any) -> tuple[Citation, ...]:
    """Annotations of a text as citations; one of a file has no URL."""
    return tuple([read_annotation(item) for item in raw or ()])


def read_annotation(item: Body) -> Citation:
    """One annotation."""
    start, end = item.get("start_index"), item.get("end_index")
    title = item.get("title") or item.get("filename")
    return Citation(item.get("url"), title, None, start, end, item, NAME)


def _call(item: Body) -> tuple[Part, ...]:
    return (Call(item["call_id"], item["name"], item.get("arguments") or "{}"),)


def _custom_call(item: Body) -> tuple[Part, ...]:
    return (Call(item["call_id"], item["name"], item.get("input") or "", custom=True),)


def _reasoning(item: Body) -> tuple[Part, ...]:
    text, state = reasoning_text(item), reasoning_state(item)
    if text:
        return (Thinking(text, state, ORIGIN if state else None),)
    return (Redacted(state, ORIGIN),) if state else ()


def reasoning_text(item: Body) -> str:
    """What an item shows of its reasoning: summaries, then raw text."""
    return "\n\n".join(part["text"] for key in ("summary", "content") for part in item.get(key) or ())


def reasoning_state(item: Body) -> str | None:
    """What only the provider can read of an item."""
    encrypted = item.get("encrypted_content")
    return own_state(item.get("id"), encrypted) if encrypted else None


READERS: dict[str, Callable[[Body], tuple[Part, ...]]] = {
    "message": _message,
    "function_call": _call,
    "custom_tool_call": _custom_call,
    "reasoning": _reasoning,
}


# Writing

PREFIXES = {"message": "msg", "reasoning": "rs", "function_call": "fc", "custom_tool_call": "ctc"}


def item_id(kind: str, response_id: str, stamp: Stamp, index: int) -> str:
    """An id for the item at an index, short enough to be sent back to any server of the API (64 characters)."""
    return f"{PREFIXES[kind]}_{(stamp.id or response_id)[:40]}_{index}"


def text_part(text: str, notes: list[Body], tokens: Iterable[Token] = ()) -> Body:
    """A text of a message."""
    logprobs = write_logprobs(tokens) if tokens else []
    return {"type": "output_text", "text": text, "annotations": notes, "logprobs": logprobs}


def refusal_part(text: str) -> Body:
    """A refusal of a message."""
    return {"type": "refusal", "refusal": text}


def message_item(name: str, content: list[Body], status: str) -> Body:
    """A message."""
    return {"id": name, "type": "message", "status": status, "role": "assistant", "content": content}


def call_item(name: str, call_id: str, tool: str, arguments: str, status: str, *, custom: bool) -> Body:
    """A tool call."""
    if custom:
        return {"id": name, "type": "custom_tool_call", "call_id": call_id, "name": tool, "input": arguments}
    return {
        "id": name, "type": "function_call", "status": status, "call_id": call_id, "name": tool, "arguments": arguments,
    }  # fmt: skip


def reasoning_item(name: str, text: str, origin: str | None, kind: Kind, state: str | None) -> Body:
    """Reasoning of another provider: its text as a summary, its state sealed as encrypted content."""
    summary = [{"type": "summary_text", "text": text}] if text else []
    sealed = seal((origin or ORIGIN) if state else UNSIGNED, kind, state or "", "")
    return {"id": name, "type": "reasoning", "summary": summary, "encrypted_content": sealed}


def write_annotation(citation: Citation, length: int) -> Body | None:
    """A ``url_citation`` with code-point offsets into its text of a length; None for a citation without a URL."""
    if citation.url is None:
        return None
    whole = citation.start is None or citation.end is None
    start, end = (0, length) if whole else (citation.start, citation.end)
    return {
        "type": "url_citation", "start_index": start, "end_index": end, "url": citation.url,
        "title": citation.title or "",
    }  # fmt: skip


def write_annotations(citations: Iterable[Citation], length: int) -> list[Body]:
    """Citations of a text of a length, each once."""
    found: list[Body] = []
    for citation in citations:
        note = write_annotation(citation, length)
        if note is not None and note not in found:
            found.append(note)
    return found
