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
CODE = (
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


def prose(chance: random.Random, size: int) -> str:
    """About `size` characters of sentences, with code now and then where there is room for it."""
    pieces: list[str] = []
    length = 0
    while length < size:
        if size - length > 1200 and chance.random() < 0.25:
            piece = f"\n\n{chance.choice(CODE)}\n\n"
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
        "description": f"{action.capitalize()} {thing}. {prose(chance, 60)}",
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
    turns = [Turn("user", prose(chance, text))]
    if messages % 2:
        turns += _use_tools(turns, tools, text, chance, 2)
    while len(turns) + 1 < messages:
        if len(turns) % 6 in (1, 4) or len(turns) + 3 > messages:
            turns += _use_tools(turns, tools, text, chance, 1)
        else:
            turns += [Turn("assistant", prose(chance, text)), Turn("user", prose(chance, text // 2))]
    return Talk(prose(chance, text * 2), tuple(turns), tuple(_tool(name, chance) for name in _TOOLS[:tools]))


def _use_tools(turns: list[Turn], tools: int, text: int, chance: random.Random, count: int) -> list[Turn]:
    calls = []
    for number in range(count):
        name = _TOOLS[(len(turns) + number) % tools]
        arguments = {"path": f"services/{name}/überblick-{len(turns)}.md", "limit": 40, "mode": "careful"}
        calls.append((f"call_{len(turns)}_{number}", name, arguments))
    results = [Turn("tool", prose(chance, text * 3 // 2), answers=call[0]) for call in calls]
    return [Turn("assistant", prose(chance, text // 4), tuple(calls)), *results]


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
