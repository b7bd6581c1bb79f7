"""Policies for losses: how they are written, and whose word counts when several speak."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NewType

SEVERITIES: Final = ("contract", "quality", "cost", "hint")
ACTIONS: Final = ("refuse", "allow")
SHOWN: Final = 40
"""Most characters of a wrong word that a message repeats."""

OnLoss = NewType("OnLoss", Mapping[str, str])
"""Severity -> ``refuse`` or ``allow``; a severity that is not named is for the less specific levels to say."""

NO_POLICY: Final = OnLoss(MappingProxyType({}))
DEFAULT: Final = OnLoss({severity: "refuse" if severity == "contract" else "allow" for severity in SEVERITIES})
"""What counts where no level names a severity: the core's own default."""


def checked_policy(value: Mapping[str, str]) -> OnLoss:
    """The policy itself.

    Raises:
        ValueError: an unknown severity or action.
    """
    for severity, action in value.items():
        if severity not in SEVERITIES:
            raise ValueError(f'unknown severity "{severity[:SHOWN]}"; there are {", ".join(SEVERITIES)}')
        if action not in ACTIONS:
            raise ValueError(f'"{action[:SHOWN]}" for {severity} must be "refuse" or "allow"')
    return OnLoss(value)


def read_policy(text: str) -> OnLoss:
    """A policy from its short form: ``refuse``, ``allow``, or ``contract=refuse,cost=allow``.

    Raises:
        ValueError: anything else.
    """
    text = text.strip().lower()
    if text in ACTIONS:
        return OnLoss(dict.fromkeys(SEVERITIES, text))
    policy: dict[str, str] = {}
    for item in text.split(","):
        severity, equals, action = item.partition("=")
        if not equals:
            raise ValueError(
                f'"{item.strip()[:SHOWN]}" must be "refuse", "allow", or a list like "contract=refuse,cost=allow"'
            )
        severity, action = severity.strip(), action.strip()
        if policy.setdefault(severity, action) != action:
            raise ValueError(f'"{severity[:SHOWN]}" is there twice, as {policy[severity]} and as {action[:SHOWN]}')
    return checked_policy(policy)


def settled(levels: Iterable[OnLoss]) -> OnLoss:
    """What several levels say together: of each severity, the last level that names it is heard.

    Args:
        levels: from the least specific to the most: server, account, model alias, route, key, request.
    """
    said = [level for level in levels if level]
    if len(said) < 2:
        return said[0] if said else NO_POLICY
    merged: dict[str, str] = {}
    for level in said:
        merged.update(level)
    return OnLoss(merged)


def relaxed(strict: OnLoss, wish: OnLoss) -> list[str]:
    """The severities that a wish would allow although a policy refuses them."""
    return [name for name, action in wish.items() if action == "allow" and strict.get(name) == "refuse"]
