"""Losses: every difference between what the client asked and what the provider will see, as a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, get_args

from .errors import TranslationError
from .numerals import numeral
from .quick import record

Kind = Literal["dropped", "approximated", "added"]
Severity = Literal["contract", "quality", "cost", "hint"]
Action = Literal["refuse", "allow"]

SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)


@record
class Loss:
    """One difference.

    Attributes:
        path: JSON pointer (RFC 6901) into the client's body; ``""`` is the whole body.
        kind: ``dropped`` (gone), ``approximated`` (bent), ``added`` (the client did not ask for it).
        severity: ``contract`` (the answer may be another one), ``quality``, ``cost`` or ``hint``.
        detail: one sentence for a person.
    """

    path: str
    kind: Kind
    severity: Severity
    detail: str

    def as_json(self) -> dict[str, str]:
        """The loss as the boundary shows it: ``{"path","kind","severity","detail"}``."""
        return {"path": self.path, "kind": self.kind, "severity": self.severity, "detail": self.detail}


@record
class Policy:
    """What to do with a loss of each severity: ``refuse`` (a 400 that names the parameter) or ``allow`` (report it)."""

    contract: Action = "refuse"
    quality: Action = "allow"
    cost: Action = "allow"
    hint: Action = "allow"

    @classmethod
    def read(cls, value: Any) -> Policy:
        """A policy from its wire forms: ``None``, ``"refuse"``, ``"allow"`` or ``{severity: action}``.

        Raises:
            TranslationError: for any other form, naming what is allowed.
        """
        if value is None:
            return DEFAULT_POLICY
        if value == "refuse":
            return REFUSE_ALL
        if value == "allow":
            return ALLOW_ALL
        if isinstance(value, Mapping) and all(k in SEVERITIES and v in ("refuse", "allow") for k, v in value.items()):
            return cls(**value)
        raise TranslationError(
            f"Invalid on_loss {value!r}: expected 'refuse', 'allow' or an object such as "
            '{"contract": "refuse", "cost": "allow"} with the severities contract, quality, cost, hint.',
            path="/on_loss",
        )

    def refused(self, losses: Iterable[Loss]) -> Loss | None:
        """The first loss that this policy refuses, or None."""
        for loss in losses:
            if getattr(self, loss.severity) == "refuse":
                return loss
        return None


DEFAULT_POLICY: Final = Policy()
REFUSE_ALL: Final = Policy("refuse", "refuse", "refuse", "refuse")
ALLOW_ALL: Final = Policy("allow", "allow", "allow", "allow")


def render(path: tuple[str | int, ...]) -> str:
    """A path of keys and indexes as a JSON pointer, for example ``("messages", 3)`` as ``/messages/3``."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def steps_of(pointer: str) -> tuple[str | int, ...]:
    """The keys and indexes of a JSON pointer; a key that is a number counts as an index."""
    words = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    return tuple([word if (index := numeral(word)) is None else index for word in words])
