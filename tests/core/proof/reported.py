"""Reported losses, as the law of all pairs asks for them: what may differ, and nothing else."""

from collections.abc import Mapping
from typing import Any

from dragoman.translate.models.row import ReasoningRow
from dragoman.translate.records import Path, Request, render

from .strategies import Json


class _Any:
    """Equal to everything: it stands where a loss was reported."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "ANY"


ANY: Any = _Any()


class Losses:
    """What was reported, by place in the client's body."""

    def __init__(self, request: Request, losses: list[Json]) -> None:
        self.request = request
        # Whether the resolution of media is said once for all.
        self.detail = False
        # How the model reasons when it is told nothing.
        self.reasons = ReasoningRow()
        # Whether objects are told without a word on further properties: models of that time add none.
        self.closed = False
        # Option -> value -> the provider's own word for it.
        self.words: Mapping[str, Mapping[str, str | None]] = {}
        self.kinds: dict[str, set[tuple[str, str]]] = {}
        for loss in losses:
            self.kinds.setdefault(loss["path"], set()).add((loss["kind"], loss["severity"]))
        # The mark of a whole request may become one of the last part that is left; that is reported.
        self.marked: Path | None = self._last() if self.at(request.where("cache")) else None

    def _last(self) -> Path | None:
        parts = [(message, part) for message in self.request.messages for part in message.parts]
        left = [part.path for message, part in parts if not self.gone(message.path) and not self.gone(part.path)]
        return left[-1] if left else None

    def gone(self, path: Path) -> bool:
        """Whether a loss says that what stood here was dropped."""
        return any(kind == "dropped" for kind, _ in self.kinds.get(render(path), ()))

    def at(self, path: Path) -> bool:
        """Whether a loss names exactly this place."""
        return render(path) in self.kinds

    def covers(self, path: Path) -> bool:
        """Whether a loss names this place, or one that it is part of."""
        return any(self.at(path[:end]) for end in range(1, len(path) + 1))

    def inside(self, path: Path) -> bool:
        """Whether a loss names this place, one that it is part of, or a part of it."""
        return self.covers(path) or any(known.startswith(render(path) + "/") for known in self.kinds)

    def of(self, name: str) -> bool:
        """Whether a loss concerns a field of the request."""
        return self.inside(self.request.where(name))

    def ends(self, path: Path, key: Any) -> bool:
        """Whether a loss names this key of what stands here, at any depth."""
        return any(known.startswith(render(path) + "/") and known.endswith(f"/{key}") for known in self.kinds)

    def added(self, names: tuple[str, ...]) -> int:
        """How often something was added, or bent into something else, at these fields."""
        heads = tuple(render(self.request.where(name)) for name in names)
        found = [path for path in self.kinds if path.startswith(heads)]
        return sum(path in heads or any(kind == "added" for kind, _ in self.kinds[path]) for path in found)

    def hint(self, path: Path) -> bool:
        """Whether what is reported here costs labels only: something bent, as a hint."""
        return self.kinds.get(render(path), set()) == {("approximated", "hint")}


def resolve(value: Any, pointer: str) -> Any:
    """What a JSON pointer names; KeyError or IndexError when nothing."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value
