"""The cache of answers: what a provider said to a call, told again to whoever makes the same call."""

from .answers import AnswerCache, Caching, Found
from .keep import Keep, Stored
from .replayed import Replayed
from .shared_answers import SharedAnswers
from .stores import CacheStore, MemoryStore

__all__ = [
    "AnswerCache", "CacheStore", "Caching", "Found", "Keep", "MemoryStore", "Replayed", "SharedAnswers", "Stored",
]  # fmt: skip
