"""Answers of pure functions that are kept for the next time, in bounded memory."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

LONGEST: Final = 512
"""Characters of a word that is kept. Clients choose the ids and names, and a thousand long ones would fill memory."""


class _Long(Exception):  # noqa: N818 - it says why nothing is kept
    """An argument is longer than LONGEST."""


def remember(most: int) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """A function whose last answers are kept, ``most`` of them; those to long words are made anew each time.

    What raises is not kept by ``lru_cache``, so that words are measured only when they are new.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        def measured(*words: _P.args, **named: _P.kwargs) -> _R:
            if any(type(word) is str and len(word) > LONGEST for word in (*words, *named.values())):
                raise _Long
            return function(*words, **named)

        short: Callable[..., _R] = functools.lru_cache(maxsize=most)(measured)

        @functools.wraps(function)
        def call(*words: _P.args, **named: _P.kwargs) -> _R:
            try:
                return short(*words, **named)
            except _Long:
                return function(*words, **named)

        return call

    return decorate
