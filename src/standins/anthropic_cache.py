"""What a Messages request costs: token counts, and what the prompt cache wrote and read."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from .anthropic_rules import blocks
from .memory import Memory, prefixes
from .turns import Hidden, Script, Thought, ToolCall, tokens
from .wire import dump

LOOK_BACK = 20
Mark = Mapping[str, Any] | None


def usage(body: Mapping[str, Any], script: Script, memory: Memory, minimum: int) -> dict[str, Any]:
    """The final `usage` of a reply."""
    pieces = list(_pieces(body))
    ends = prefixes(piece for piece, _ in pieces)
    marked = [number for number, (_, mark) in enumerate(pieces) if mark]
    total = tokens(ends[-1][1])
    counts = [tokens(size) for _, size in ends]
    cached = [number for number in marked if counts[number] >= minimum]
    read = max((counts[number] for number in _hits(ends, cached, memory)), default=0)
    written = {"5m": 0, "1h": 0}
    for before, after in pairwise([read, *(max(counts[number], read) for number in cached)]):
        mark = next(pieces[number][1] for number in cached if max(counts[number], read) == after)
        written[(mark or {}).get("ttl") or "5m"] += after - before
    for number in cached:
        memory.add(ends[number][0])
    thought = sum(tokens(part.text) for part in script.parts if isinstance(part, Thought))
    hidden = sum(tokens(part.data) for part in script.parts if isinstance(part, Hidden))
    calls = sum(tokens(part.name + part.arguments) + 8 for part in script.parts if isinstance(part, ToolCall))
    return {
        "input_tokens": total - read - sum(written.values()),
        "cache_creation_input_tokens": sum(written.values()),
        "cache_read_input_tokens": read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": written["5m"],
            "ephemeral_1h_input_tokens": written["1h"],
        },
        "output_tokens": thought + hidden + calls + tokens(script.text),
        "output_tokens_details": {"thinking_tokens": thought + hidden},
        "service_tier": "standard",
        "inference_geo": "not_available",
    }


def _hits(ends: list[tuple[str, int]], cached: list[int], memory: Memory) -> Iterator[int]:
    for number in cached:
        yield from (at for at in range(number, max(-1, number - LOOK_BACK), -1) if ends[at][0] in memory)


def _pieces(body: Mapping[str, Any]) -> Iterator[tuple[bytes, Mark]]:
    """The prompt in the order of the prefix: model and tools, system, messages; with the marks."""
    groups: list[tuple[str, Any]] = [("tool", tool) for tool in body.get("tools") or ()]
    groups += [("system", block) for block in blocks(body.get("system"))]
    for message in body["messages"]:
        groups += [(message["role"], block) for block in blocks(message["content"])]
    automatic = body.get("cache_control")
    for number, (kind, block) in enumerate(groups):
        mark = block.get("cache_control") or (automatic if number == len(groups) - 1 else None)
        bare = {key: value for key, value in block.items() if key != "cache_control"}
        yield dump([body["model"] if number == 0 else "", kind, bare]), mark
