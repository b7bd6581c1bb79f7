"""Bodies with one place that holds something odd, or nothing: near to what is said, and everywhere."""

import copy
from collections.abc import Iterator
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**19, "", "x", "\u2028", "data:image/png;base64,", "http://[", "a.b/c:d", [], [None],
    [[]], [{}], ["x"], {}, {"x": 1}, {"type": "x"}, {"type": 5}, {"text": None}, {"": {}}, [1, {"type": "text"}],
)  # fmt: skip
_GONE = object()


def changes(value: Any) -> Iterator[Any]:
    """The value with one place filled with something odd, or without it, for every place and everything odd."""
    yield from ODD
    if not isinstance(value, dict | list):
        return
    steps = list(value) if isinstance(value, dict) else range(min(len(value), 4))
    for step in steps:
        for inner in (*changes(value[step]), _GONE):
            changed = copy.copy(value)
            if inner is _GONE:
                del changed[step]
            else:
                changed[step] = inner
            yield changed
