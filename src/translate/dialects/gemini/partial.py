"""Arguments of a call that come in pieces, each with the JSONPath of what it belongs to (wire/gemini.md 14)."""

from __future__ import annotations

import re
from typing import Any

Body = dict[str, Any]
Piece = dict[str, Any]

_STEP = re.compile(r"""\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]|\.?([^.\[\]]+)""")
_VALUES = ("stringValue", "numberValue", "boolValue")


def arguments_of(pieces: tuple[Piece, ...]) -> Body:
    """The arguments that pieces make, in the order in which they began; strings of one path are joined."""
    root: Body = {}
    for piece in pieces:
        steps = _steps(str(piece.get("jsonPath") or ""))
        if steps:
            _put(root, steps, next((piece[key] for key in _VALUES if key in piece), None))
    return root


def _steps(path: str) -> list[str | int]:
    return [
        int(match[1]) if match[1] is not None else next(word for word in match.group(2, 3, 4) if word is not None)
        for match in _STEP.finditer(path.removeprefix("$"))
    ]


def _put(root: Any, steps: list[str | int], value: Any) -> None:
    node = root
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if following is None:
            known = _get(node, step)
            joined = known + value if isinstance(known, str) and isinstance(value, str) else value
            _set(node, step, joined)
        else:
            if not isinstance(_get(node, step), dict | list):
                _set(node, step, [] if isinstance(following, int) else {})
            node = _get(node, step)


def _get(node: Any, step: str | int) -> Any:
    if isinstance(node, list):
        return node[step] if isinstance(step, int) and step < len(node) else None
    return node.get(step)


def _set(node: Any, step: str | int, value: Any) -> None:
    if isinstance(node, list) and step == len(node):
        # The pieces of an array come in its order: no other place may be made.
        node.append(value)
    else:
        node[step] = value
