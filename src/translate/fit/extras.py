"""Unknown keys on their way to a provider of the same dialect: what is written anew may not have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..fields import says_nothing
from ..records import Extra, Path


def gone(extras: Iterable[Extra], body: Any, dialect: str) -> Iterator[Extra]:
    """Extras that are not in a body of their own dialect, though they say something.

    A message may have moved, so that any index will do.
    """
    said = (extra for extra in extras if not says_nothing(dialect, extra.path, extra.value))
    return (extra for extra in said if not _has(body, extra.path, extra.value))


def _has(body: Any, path: Path, value: Any) -> bool:
    if not path:
        return bool(body == value)
    step, rest = path[0], path[1:]
    if type(step) is int:
        return type(body) is list and any(_has(item, rest, value) for item in body)
    if type(body) is not dict:
        return False
    # What is written anew has one spelling of keys, where the client may have used the other.
    step = step if step in body else _SNAKE.sub(lambda found: found[1].upper(), str(step))
    return step in body and _has(body[step], rest, value)


_SNAKE = re.compile("_([a-z0-9])")
