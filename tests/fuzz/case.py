"""One execution of the fuzzer as a value, and as a file that people read."""

import base64
from pathlib import Path
from typing import Any, NamedTuple

import orjson

FOUND = Path(__file__).parent / "found"
"""Past findings, one file each: ``{"why", "target", "head", "pieces"}``."""


class Case(NamedTuple):
    """What is given to the core.

    Attributes:
        target: a name of ``targets.TARGETS``.
        head: the head of the boundary call; of readers nothing.
        pieces: the body; of streams the bytes in the pieces in which they come.
    """

    target: str
    head: bytes
    pieces: tuple[bytes, ...]

    @property
    def whole(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def size(self) -> int:
        return len(self.head) + sum(len(piece) for piece in self.pieces)


class Fault(AssertionError):  # noqa: N818 - it says what it is
    """A promise that was not kept: ``kind`` in a few words that do not change with the input, ``detail`` with them."""

    def __init__(self, kind: str, detail: object = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail != "" else kind)
        self.kind = kind


def expect(condition: object, kind: str, detail: object = "") -> None:
    """Raise a Fault unless a condition holds."""
    if not condition:
        raise Fault(kind, detail)


def _as_json(data: bytes) -> Any:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def _as_bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else base64.b64decode(value["base64"])


def write(path: Path, case: Case, why: str) -> None:
    """A case as a file."""
    value = {
        "why": why, "target": case.target, "head": _as_json(case.head), "pieces": [_as_json(p) for p in case.pieces]
    }  # fmt: skip
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read(path: Path) -> Case:
    """A file as a case."""
    value = orjson.loads(path.read_bytes())
    return Case(value["target"], _as_bytes(value["head"]), tuple(_as_bytes(piece) for piece in value["pieces"]))
