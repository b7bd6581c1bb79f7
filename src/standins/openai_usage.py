"""What chat completions cost: tokens of the prompt and the answer, and prefixes that were in the cache."""

from collections.abc import Mapping
from typing import Any

import attrs

from .memory import Memory, prefixes
from .openai_models import Model
from .turns import Script, tokens
from .wire import dump

CACHE_MINIMUM = 1024
CACHE_STEP = 128
REASONING_TOKENS = {"minimal": 8, "low": 16, "medium": 32, "high": 64, "xhigh": 128, "max": 256}


def reasoning_tokens(body: Mapping[str, Any], row: Model) -> int:
    """How much a model reasons about a request."""
    effort = body.get("reasoning_effort") or row.default
    return REASONING_TOKENS.get(effort, 0) if row.reasoning else 0


@attrs.frozen
class Meter:
    """What an answer costs, and what of its prompt was in the cache."""

    cache_minimum: int = CACHE_MINIMUM
    memory: Memory = attrs.field(factory=Memory)

    def usage(
        self, body: Mapping[str, Any], script: Script, reasoning: int, *, written: bool = False
    ) -> dict[str, Any]:
        """Usage in OpenAI's words; ``written`` tells tokens that went into the cache."""
        pieces = [dump([body["model"], body.get("tools")]), *map(dump, body["messages"])]
        ends = prefixes(pieces)
        prompt = tokens(ends[-1][1])
        mode = (body.get("prompt_cache_options") or {}).get("mode")
        cached, fresh = self.cached(b'"prompt_cache_breakpoint":' in dump(body["messages"]), mode, ends)
        said = tokens(script.text) + sum(tokens(call.name + call.arguments) + 4 for call in script.calls)
        details = {"cached_tokens": cached, "audio_tokens": 0}
        if written:
            details["cache_write_tokens"] = fresh
        return {
            "prompt_tokens": prompt,
            "completion_tokens": said + reasoning,
            "total_tokens": prompt + said + reasoning,
            "prompt_tokens_details": details,
            "completion_tokens_details": {
                "reasoning_tokens": reasoning,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }

    def cached(self, marked: bool, mode: str | None, ends: list[tuple[str, int]]) -> tuple[int, int]:
        """Tokens read from the cache and written to it, for a prompt with these ends of its prefixes."""
        if tokens(ends[-1][1]) < self.cache_minimum or (mode == "explicit" and not marked):
            return 0, 0
        known = max((size for prefix, size in ends if prefix in self.memory), default=0)
        for prefix, _ in ends:
            self.memory.add(prefix)
        cached = tokens(known) // CACHE_STEP * CACHE_STEP
        return cached, tokens(ends[-1][1]) // CACHE_STEP * CACHE_STEP - cached
