"""What fitting found out."""

from __future__ import annotations

from typing import Any

from ..fields import extra_severity
from ..records import Kind, Loss, Path, Severity, make, render


class Notes:
    """Losses, and what the reply must undo. Local to one call of ``fit``."""

    __slots__ = ("context", "foreign", "headers", "losses", "names", "needs", "traits")

    def __init__(self, traits: int) -> None:
        # Bits of ``records.traits``, as the messages stand now.
        self.traits = traits
        self.losses: list[Loss] = []
        # Which of them are of state that others can read: their places in the list.
        self.foreign: list[int] = []
        # Client's tool name -> the provider's, where the provider refuses the client's.
        self.names: dict[str, str] = {}
        # URL of media that must be inlined before the request can be written -> the first field that names it.
        self.needs: dict[str, str] = {}
        # Request headers that say what has no place in the body there; headers of the client win.
        self.headers: dict[str, str] = {}
        # Fields of Context.
        self.context: dict[str, Any] = {}

    def lose(self, path: Path, kind: Kind, severity: Severity, detail: str) -> None:
        """Note a loss."""
        self.losses.append(make.loss(render(path), kind, severity, detail))

    def lose_state(self, path: Path, detail: str) -> None:
        """Note that state is dropped which only those can read who gave it out."""
        self.foreign.append(len(self.losses))
        self.lose(path, "dropped", "quality", detail)

    def lose_extra(self, dialect: str, path: Path, where: str) -> None:
        """Note that a key without a place elsewhere is dropped."""
        self.lose(path, "dropped", extra_severity(dialect, path), f"{where} has no place for this field.")
