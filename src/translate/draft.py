"""What a request reader has gathered so far."""

from collections.abc import Container
from typing import Any

from .records import Extra, Path


class Draft:
    """Fields of the coming Request, filled slot by slot while the reader walks the body once."""

    __slots__ = ("extras", "fields", "legacy", "options", "pointers")

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.options: dict[str, Any] = {}
        self.extras: list[Extra] = []
        self.pointers: dict[str, Path] = {}
        # Ids given to calls of the deprecated form that has none, by function name.
        self.legacy: dict[str, str] = {}

    def unknown(self, raw: dict[str, Any], path: Path, known: Container[str]) -> None:
        """Note every key that is not known and not null."""
        for key, value in raw.items():
            if key not in known and value is not None:
                self.extras.append(Extra((*path, key), value))
