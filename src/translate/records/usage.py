"""Usage in disjoint buckets; every total is derived."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import attrs

from .quick import record


@record
class Usage:
    """Tokens, each counted in exactly one bucket.

    Attributes:
        fresh: input that was neither read from nor written to a cache, in text and images.
        cache_read: input read from a cache.
        cache_write: input written to a cache with the default (short) lifetime.
        cache_write_long: input written to a cache with a long lifetime.
        audio_in: fresh input in audio.
        text: visible output.
        reasoning: output spent on reasoning.
        audio_out: output in audio.
        split: whether the provider told reasoning apart; when False, ``reasoning`` is inside ``text``.
        native: the provider's own usage object.
    """

    fresh: int = 0
    cache_read: int = 0
    cache_write: int = 0
    cache_write_long: int = 0
    audio_in: int = 0
    text: int = 0
    reasoning: int = 0
    audio_out: int = 0
    split: bool = False
    native: Any = attrs.field(default=None, eq=False, repr=False)

    @property
    def prompt(self) -> int:
        """Everything read: fresh + cache reads + cache writes."""
        return self.fresh + self.audio_in + self.cache_read + self.cache_write + self.cache_write_long

    @property
    def completion(self) -> int:
        """Everything written, reasoning included."""
        return self.text + self.reasoning + self.audio_out

    @property
    def total(self) -> int:
        """Prompt and completion."""
        return self.prompt + self.completion

    def as_json(self) -> dict[str, int]:
        """The buckets that are not empty, and the totals, for heads and logs."""
        out = {name: value for name, value in zip(_BUCKETS, _values(self), strict=True) if value}
        out["prompt"] = prompt = self.prompt
        out["completion"] = completion = self.completion
        out["total"] = prompt + completion
        return out


_BUCKETS = ("fresh", "cache_read", "cache_write", "cache_write_long", "audio_in", "text", "reasoning", "audio_out")
_values = attrgetter(*_BUCKETS)
