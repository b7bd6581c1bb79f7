"""Request bodies of several sizes, in each dialect: the same on every machine, and like what clients really send.

A conversation is made once, without a dialect; one function for each dialect spells it.
"""

import base64
import random
from collections.abc import Callable
from typing import Any, Final

import attrs
import orjson

_SUBJECTS = (
    "the worker pool", "our billing export", "the night job", "this migration", "the search index", "the Zürich office",
    "the retry loop", "a stale lock", "the parser", "the mobile client", "the café's order queue", "the report",
)  # fmt: skip
_VERBS = (
    "stalls when", "is rebuilt before", "copies rows after", "waits until", "logs nothing while", "fails softly if",
    "was rewritten because", "holds memory as long as", "answers twice when", "ignores time zones since",
)  # fmt: skip
_CLAUSES = (
    "the second replica falls behind by more than a minute",
    "two customers share a name, such as Åsa Öberg or José Núñez",
    "nobody has touched the configuration for a week",
    "the input holds characters outside ASCII — “quotes”, 東京, or a ✓",
    "the disk is nearly full and the cleaner has not run",
    "a request arrives with an empty list of filters",
    "the clock of the host jumps back at the end of summer",
    "prices are given in € and the total is rounded twice",
)
_CODE = (
    """```python
def settle(rows: list[Row], *, limit: int = 500) -> Iterator[Batch]:
    '''Group rows by day.'''
    for day, group in groupby(rows, key=lambda row: row.day):
        items = list(group)
        while items:
            yield Batch(day, items[:limit])
            items = items[limit:]
```""",
    """```sql
SELECT c.name, sum(o.total) AS spent
FROM orders o JOIN customers c ON c.id = o.customer_id
WHERE o.placed_at >= now() - interval '30 days'
GROUP BY c.name HAVING sum(o.total) > 1000 ORDER BY 2 DESC;
```""",
    """```go
func (q *Queue) Take(ctx context.Context) (*Job, error) {
	select {
	case job := <-q.jobs:
		return job, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("take: %w", ctx.Err())
	}
}
```""",
)
_TOOLS = (
    "read_file", "write_file", "list_folder", "search_text", "run_tests", "run_query", "open_ticket", "get_metrics",
    "restart_worker", "fetch_log", "send_message", "plan_rollout", "compare_builds", "annotate_trace",
    "lookup_customer", "book_room", "convert_currency", "translate_text", "draw_chart", "schedule_job",
)  # fmt: skip


ToolCall = tuple[str, str, dict[str, Any]]
"""Id, name, arguments."""


@attrs.frozen
class Turn:
    """One message: of the user, of the assistant (perhaps with calls), or the result of the call ``answers``."""

    role: str
    text: str
    calls: tuple[ToolCall, ...] = ()
    answers: str = ""


@attrs.frozen
class Talk:
    """A conversation without a dialect."""

    system: str | None
    turns: tuple[Turn, ...]
    tools: tuple[dict[str, Any], ...] = ()
    image: str | None = None


def _prose(chance: random.Random, size: int) -> str:
    """About `size` characters of sentences, with code now and then where there is room for it."""
    pieces: list[str] = []
    length = 0
    while length < size:
        if size - length > 1200 and chance.random() < 0.25:
            piece = f"\n\n{chance.choice(_CODE)}\n\n"
        else:
            piece = f"{chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} {chance.choice(_CLAUSES)}. "
            piece = piece[0].upper() + piece[1:]
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces).strip()


def _tool(name: str, chance: random.Random) -> dict[str, Any]:
    action, _, thing = name.partition("_")
    return {
        "name": name,
        "description": f"{action.capitalize()} {thing}. {_prose(chance, 60)}",
        "schema": {
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": f"Where the {thing} is, for example reports/2024/märz.csv."},
                "limit": {"type": "integer", "minimum": 1, "maximum": 1000},
                "mode": {"type": "string", "enum": ["fast", "careful", "dry run"]},
            },
            "required": ["path"],
            "additionalProperties": False,
        },
    }


def _talk(messages: int, tools: int, text: int) -> Talk:
    """A conversation of so many messages (the system's is one), each of about `text` characters.

    After the first question come, in turn, a call with its result and an answer with the next question; an odd number
    of messages begins with two calls at once.
    """
    chance = random.Random(messages)
    turns = [Turn("user", _prose(chance, text))]
    if messages % 2:
        turns += _use_tools(turns, tools, text, chance, 2)
    while len(turns) + 1 < messages:
        if len(turns) % 6 in (1, 4) or len(turns) + 3 > messages:
            turns += _use_tools(turns, tools, text, chance, 1)
        else:
            turns += [Turn("assistant", _prose(chance, text)), Turn("user", _prose(chance, text // 2))]
    return Talk(_prose(chance, text * 2), tuple(turns), tuple(_tool(name, chance) for name in _TOOLS[:tools]))


def _use_tools(turns: list[Turn], tools: int, text: int, chance: random.Random, count: int) -> list[Turn]:
    calls = []
    for number in range(count):
        name = _TOOLS[(len(turns) + number) % tools]
        arguments = {"path": f"services/{name}/überblick-{len(turns)}.md", "limit": 40, "mode": "careful"}
        calls.append((f"call_{len(turns)}_{number}", name, arguments))
    results = [Turn("tool", _prose(chance, text * 3 // 2), answers=call[0]) for call in calls]
    return [Turn("assistant", _prose(chance, text // 4), tuple(calls)), *results]


def _image_talk() -> Talk:
    data = b"\x89PNG\r\n\x1a\n" + random.Random(5).randbytes(5_000_000 * 3 // 4)
    question = Turn("user", "What is on this picture? Say it in one sentence.")
    return Talk(None, (question,), image=base64.b64encode(data).decode("ascii"))


def _openai(talk: Talk, model: str) -> dict[str, Any]:
    messages: list[dict[str, Any]] = [{"role": "system", "content": talk.system}] if talk.system else []
    for turn in talk.turns:
        message: dict[str, Any] = {"role": turn.role, "content": turn.text}
        if turn.answers:
            message["tool_call_id"] = turn.answers
        if turn.calls:
            message["tool_calls"] = [
                {
                    "id": call_id,
                    "type": "function",
                    "function": {"name": name, "arguments": orjson.dumps(arguments).decode()},
                }
                for call_id, name, arguments in turn.calls
            ]
        messages.append(message)
    if talk.image is not None:
        url = {"url": f"data:image/png;base64,{talk.image}"}
        messages[-1]["content"] = [
            {"type": "text", "text": messages[-1]["content"]},
            {"type": "image_url", "image_url": url},
        ]
    body: dict[str, Any] = {"model": model, "messages": messages, "max_completion_tokens": 2048}
    if talk.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool["name"],
                    "description": tool["description"],
                    "parameters": tool["schema"],
                },
            }
            for tool in talk.tools
        ]
    return body


def _anthropic(talk: Talk, model: str) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for before, turn in zip((None, *talk.turns), talk.turns, strict=False):
        content: Any = turn.text
        if turn.calls:
            uses = [
                {"type": "tool_use", "id": call_id, "name": name, "input": arguments}
                for call_id, name, arguments in turn.calls
            ]
            content = [{"type": "text", "text": turn.text}, *uses]
        if turn.answers:
            result = {"type": "tool_result", "tool_use_id": turn.answers, "content": turn.text}
            if before is not None and before.answers:
                messages[-1]["content"].append(result)
                continue
            content = [result]
        messages.append({"role": "user" if turn.answers else turn.role, "content": content})
    if talk.image is not None:
        source = {"type": "base64", "media_type": "image/png", "data": talk.image}
        messages[-1]["content"] = [
            {"type": "text", "text": messages[-1]["content"]},
            {"type": "image", "source": source},
        ]
    body: dict[str, Any] = {"model": model, "max_tokens": 2048}
    if talk.system:
        body["system"] = talk.system
    body["messages"] = messages
    if talk.tools:
        body["tools"] = [
            {"name": tool["name"], "description": tool["description"], "input_schema": tool["schema"]}
            for tool in talk.tools
        ]
    return body


_WRITERS: Final[dict[str, Callable[[Talk, str], dict[str, Any]]]] = {"openai_chat": _openai, "anthropic": _anthropic}
_TALKS: Final[dict[str, Callable[[], Talk]]] = {
    "small": lambda: Talk(None, (Turn("user", "Which rivers flow through Zürich? Answer in one sentence."),)),
    "medium": lambda: _talk(6, 2, 100),
    "agent": lambda: _talk(31, 10, 560),
    "large": lambda: _talk(80, 20, 2680),
    "image": _image_talk,
}
SIZES: Final = tuple(_TALKS)


def request_body(dialect: str, size: str, model: str, **more: Any) -> bytes:
    """A request body.

    Args:
        dialect: openai_chat or anthropic.
        size: one of SIZES.
        model: what stands in ``model``.
        more: further top-level fields.
    """
    return orjson.dumps(_WRITERS[dialect](_TALKS[size](), model) | more)


def _answer(size: str) -> tuple[str, tuple[str, dict[str, Any]] | None]:
    """Text of an answer, and its call."""
    chance = random.Random(size)
    call = ("run_query", {"path": "reports/märz.csv", "limit": 40, "mode": "dry run"})
    return {
        "text": (_prose(chance, 800), None),
        "tool call": (_prose(chance, 120), call),
        "long": (_prose(chance, 20_000), None),
    }[size]


REPLY_SIZES: Final = ("text", "tool call", "long")


def reply_body(dialect: str, size: str, model: str) -> bytes:
    """A provider's whole reply.

    Args:
        dialect: openai_chat or anthropic.
        size: one of REPLY_SIZES.
        model: what stands in ``model``.
    """
    text, call = _answer(size)
    return orjson.dumps({"openai_chat": _openai_reply, "anthropic": _anthropic_reply}[dialect](text, call, model))


def _openai_reply(text: str, call: Any, model: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    if call is not None:
        function = {"name": call[0], "arguments": orjson.dumps(call[1]).decode()}
        message["tool_calls"] = [{"id": "call_8fW2mQ", "type": "function", "function": function}]
    finish = "tool_calls" if call is not None else "stop"
    return {
        "id": "chatcmpl-Bq3Zk2",
        "object": "chat.completion",
        "created": 1_750_000_000,
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": 812,
            "completion_tokens": 194,
            "total_tokens": 1006,
            "prompt_tokens_details": {"cached_tokens": 512, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        },
        "service_tier": "default",
        "system_fingerprint": "fp_3c5a",
    }


def _anthropic_reply(text: str, call: Any, model: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "text", "text": text}]
    if call is not None:
        content.append({"type": "tool_use", "id": "toolu_01Xw9", "name": call[0], "input": call[1]})
    return {
        "id": "msg_01Hq7",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": "tool_use" if call is not None else "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": 300,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 512,
            "output_tokens": 194,
            "service_tier": "standard",
        },
    }


@attrs.frozen
class Stream:
    """A provider's stream: what comes before the deltas, their events, the JSON of these alone, and what ends it."""

    opening: bytes
    deltas: tuple[bytes, ...]
    payloads: tuple[bytes, ...]
    ending: bytes


def _sse(dialect: str, value: dict[str, Any]) -> bytes:
    name = b"event: %b\n" % value["type"].encode() if dialect == "anthropic" else b""
    return b"%bdata: %b\n\n" % (name, orjson.dumps(value))


ANSWER_DELTAS: Final = 200
# How long the pieces of an answer are, in turn: as models' tokens come, a few characters at a time.
_CUTS: Final = (4, 9, 6, 14, 3, 11, 8, 22, 5, 9)
_DELTAS: Final[dict[str, tuple[str, ...]]] = {
    "plain": (" the replica",),
    "escaped": ('":\n    "',),
    "tool": (" 40, ",),
}
KINDS: Final = {
    "plain": "text delta, plain",
    "escaped": "text delta, escapes",
    "answer": "text deltas, an answer",
    "tool": "tool delta",
}
"""What a stream's deltas are. A core may have a shorter way for text without escapes, so both are measured alone; an
answer is prose and code cut into pieces that all differ, so that neither a cache nor one lucky spelling decides."""


def deltas(kind: str) -> tuple[str, ...]:
    """The texts of a stream's deltas."""
    if kind != "answer":
        return _DELTAS[kind]
    chance = random.Random("answer")
    # One delta in five has an escape: as in recorded streams of Claude, where it was 21 of 100.
    text = "\n\n".join(f"{_prose(chance, 60)}\n\n{code}" for code in _CODE * 2)
    pieces: list[str] = []
    start = 0
    while len(pieces) < ANSWER_DELTAS:
        length = _CUTS[len(pieces) % len(_CUTS)]
        pieces.append(text[start : start + length])
        start += length
    return tuple(pieces)


def stream(dialect: str, kind: str, model: str) -> Stream:
    """A provider's stream of text or of a tool call's arguments.

    Args:
        dialect: openai_chat or anthropic.
        kind: one of KINDS.
        model: what stands in ``model``.
    """
    write = {"openai_chat": _openai_stream, "anthropic": _anthropic_stream}[dialect]
    opening, middle, ending = write(kind, model)
    done = b"data: [DONE]\n\n" if dialect == "openai_chat" else b""
    return Stream(
        b"".join(_sse(dialect, value) for value in opening),
        tuple(_sse(dialect, value) for value in middle),
        tuple(orjson.dumps(value) for value in middle),
        b"".join(_sse(dialect, value) for value in ending) + done,
    )


def _openai_stream(kind: str, model: str) -> tuple[list[dict[str, Any]], ...]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {
            "id": "chatcmpl-Bq3Zk2",
            "object": "chat.completion.chunk",
            "created": 1_750_000_000,
            "model": model,
            "service_tier": "default",
            "system_fingerprint": "fp_3c5a",
            "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
        }

    start = chunk({"role": "assistant", "content": "", "refusal": None})
    if kind != "tool":
        return [start], [chunk({"content": text}) for text in deltas(kind)], [chunk({}, "stop")]
    function = {"name": "run_query", "arguments": ""}
    call = {"index": 0, "id": "call_8fW2mQ", "type": "function", "function": function}
    middle = [chunk({"tool_calls": [{"index": 0, "function": {"arguments": text}}]}) for text in deltas(kind)]
    return [start, chunk({"tool_calls": [call]})], middle, [chunk({}, "tool_calls")]


def _anthropic_stream(kind: str, model: str) -> tuple[list[dict[str, Any]], ...]:
    usage = {"input_tokens": 300, "cache_read_input_tokens": 512, "cache_creation_input_tokens": 0, "output_tokens": 1}
    message = {"id": "msg_01Hq7", "type": "message", "role": "assistant", "model": model, "content": [], "usage": usage}
    if kind == "tool":
        block: dict[str, Any] = {"type": "tool_use", "id": "toolu_01Xw9", "name": "run_query", "input": {}}
        inner = [{"type": "input_json_delta", "partial_json": text} for text in deltas(kind)]
    else:
        block = {"type": "text", "text": ""}
        inner = [{"type": "text_delta", "text": text} for text in deltas(kind)]
    stop = "tool_use" if kind == "tool" else "end_turn"
    opening = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": block},
    ]
    ending: list[dict[str, Any]] = [
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": stop, "stop_sequence": None},
            "usage": {"output_tokens": 194},
        },
        {"type": "message_stop"},
    ]
    return opening, [{"type": "content_block_delta", "index": 0, "delta": delta} for delta in inner], ending
