"""What a running conversation would lose if it moved to another model. Pure: nothing is sent, no policy is applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

import attrs

from .faults import Fitted, fit_whatever, within
from .inventory import CACHES, CONCERNS, FIELDS, MEDIA, OPTION, OTHER, STATE, Item, inventory
from .providers import PROVIDERS
from .records import DEFAULT_POLICY, Loss, Policy, Request, TranslationError, render, steps_of
from .records.quick import record
from .target import Target, row_of
from .values import dotted


@record
class Kept:
    """How many things of a kind there are, and what becomes of them; ``there = kept + changed + gone``."""

    what: str
    there: int
    kept: int
    changed: int
    gone: int


@record
class Change:
    """A thing that says something else there."""

    what: str
    path: str
    old: str
    new: str


@record
class SwitchLoss:
    """A loss of the switch. ``now``: staying has it, too; ``refused``: the policy turns it into a 400."""

    loss: Loss
    now: bool
    refused: bool

    def as_json(self) -> dict[str, Any]:
        """The loss as the boundary shows it, with the two marks."""
        return {**self.loss.as_json(), "now": self.now, "refused": self.refused}


@record
class Refused:
    """What no policy lets through: the request would be answered with ``status``."""

    path: str
    param: str
    message: str
    code: str | None
    status: int


@record
class Concern:
    """All about one concern; ``costs`` are sentences."""

    name: str
    things: tuple[Kept, ...]
    changes: tuple[Change, ...]
    losses: tuple[SwitchLoss, ...]
    refusals: tuple[Refused, ...]
    costs: tuple[str, ...]

    @property
    def silent(self) -> bool:
        """Whether there is nothing to say of it."""
        return not (self.things or self.changes or self.losses or self.refusals or self.costs)

    def as_json(self) -> dict[str, Any]:
        """The concern as JSON."""
        return {
            "name": self.name,
            "things": [attrs.asdict(cast(Any, thing)) for thing in self.things],
            "changes": [attrs.asdict(cast(Any, change)) for change in self.changes],
            "losses": [loss.as_json() for loss in self.losses],
            "refusals": [attrs.asdict(cast(Any, refusal)) for refusal in self.refusals],
            "costs": list(self.costs),
        }


@record
class Preview:
    """What a switch would do.

    Attributes:
        present: ``provider/model`` where the conversation is now; None when that is not known.
        target: ``provider/model`` where it would go.
        row: prefix of the target's model row.
        dialect: the wire format spoken there.
        concerns: in the order of CONCERNS, those that have something to say.
        regained: losses that staying has, and the switch ends.
    """

    present: str | None
    target: str
    row: str
    dialect: str
    concerns: tuple[Concern, ...]
    regained: tuple[Loss, ...]

    @property
    def refused(self) -> bool:
        """Whether the next request would be refused as it stands."""
        return any(concern.refusals or any(loss.refused for loss in concern.losses) for concern in self.concerns)

    def as_json(self) -> dict[str, Any]:
        """The preview as JSON."""
        concerns = [concern.as_json() for concern in self.concerns]
        return {
            "present": self.present, "target": self.target, "row": self.row, "dialect": self.dialect,
            "refused": self.refused, "concerns": concerns, "regained": [loss.as_json() for loss in self.regained],
        }  # fmt: skip


def preview(
    request: Request, target: Target, present: Target | None = None, policy: Policy = DEFAULT_POLICY
) -> Preview:
    """What becomes of a running conversation at another model.

    Args:
        request: the conversation, from its dialect's reader.
        target: where it would go.
        present: where it is now; losses that it has there anyway are marked.
        policy: which losses it would be refused for; none is left out for that.
    """
    there = fit_whatever(request, target)
    here = None if present is None else fit_whatever(request, present)
    now = {(loss.path, loss.kind) for loss in here.losses} if here else set()
    book = _Book(request)
    items = list(inventory(request))
    fates = _fates(items, there)
    losses = [
        (book.concern(loss.path), SwitchLoss(loss, (loss.path, loss.kind) in now, policy.refused([loss]) is not None))
        for loss in there.losses
    ]
    refusals = [(book.concern(fault.path), _refused(fault)) for fault in there.faults]
    costs = list(_costs(request, there, present, fates))
    concerns = tuple(
        Concern(
            name,
            _counted(name, items, fates),
            tuple(change for item, _, change in fates if item.concern == name and change),
            tuple(loss for place, loss in losses if place == name),
            tuple(refusal for place, refusal in refusals if place == name),
            tuple(words for place, words in costs if place == name),
        )
        for name in CONCERNS
    )
    said = tuple(concern for concern in concerns if not concern.silent)
    then = {(loss.path, loss.kind) for loss in there.losses}
    # Where it cannot be told what is lost, it cannot be told what no longer is.
    before = here.losses if here is not None and there.request is not None else ()
    regained = tuple(loss for loss in before if (loss.path, loss.kind) not in then)
    to = there.target
    return Preview(_name(present), _name(to) or "", to.row.prefix, to.provider.dialect, said, regained)


def _name(target: Target | None) -> str | None:
    return None if target is None else f"{target.provider.name}/{target.model}"


def find_present(dialect: str, model: str) -> tuple[str, str] | None:
    """(provider, model) of a body's ``model``: by its first segment, or else by whose models are called so.

    Of several providers that serve a model, one that speaks the client's dialect is taken, or else its maker before
    hosts of many makers.
    """
    first, _, rest = model.partition("/")
    if rest and first in PROVIDERS:
        return first, rest
    rows = sorted(PROVIDERS.values(), key=lambda row: (row.dialect != dialect, row.deployments, bool(row.ids)))
    for name in filter(None, (rest, model)):
        for row in rows:
            if row_of(row, name, ()).prefix:
                return row.name, name
    return None


# The comparison


Fate = tuple[Item, str, Change | None]


def _fates(items: list[Item], there: Fitted) -> list[Fate]:
    """What becomes of each thing: ``kept``, ``changed`` or ``gone``.

    What is not said there, and no loss is about, is kept: the target does it unasked, as one that never reasons does
    what a ban of reasoning asks for.
    """
    if there.request is None:
        return [(item, "gone", None) for item in items]
    found: dict[tuple[str, str, Any], list[Any]] = {}
    for item in inventory(there.request):
        found.setdefault((item.concern, item.what, item.path), []).append(item.value)
    refused = {fault.path for fault in there.faults}
    bent = {loss.path for loss in there.losses if loss.kind == "approximated"}
    lost = {loss.path for loss in there.losses} | refused
    out: list[Fate] = []
    for item in items:
        values = found.get((item.concern, item.what, item.path))
        place = render(item.path)
        if any(within(fault, place) for fault in refused):
            out.append((item, "gone", None))
        elif not values:
            told = any(within(path, place) or within(place, path) for path in lost)
            out.append((item, "changed" if place in bent else "gone" if told else "kept", None))
        else:
            out.append(_compared(item, values.pop(0), place))
    return out


def _compared(item: Item, new: Any, place: str) -> Fate:
    if new == item.value:
        return item, "kept", None
    told = isinstance(item.value, str | int | float) and isinstance(new, str | int | float)
    worth = told and item.what not in _UNTOLD
    return item, "changed", Change(item.what, place, str(item.value), str(new)) if worth else None


_UNTOLD = frozenset({"calls", "texts", "instructions"})
"""Things whose words are too long for a table."""


def _counted(concern: str, items: list[Item], fates: list[Fate]) -> tuple[Kept, ...]:
    kinds = dict.fromkeys(item.what for item in items if item.concern == concern)
    counts = Counter((item.concern, item.what, fate) for item, fate, _ in fates)
    rows = []
    for what in kinds:
        kept, bent, gone = (counts[concern, what, fate] for fate in ("kept", "changed", "gone"))
        rows.append(Kept(what, kept + bent + gone, kept, bent, gone))
    return tuple(rows)


def _refused(fault: TranslationError) -> Refused:
    return Refused(fault.path, fault.param or dotted(steps_of(fault.path)), fault.message, fault.code, fault.status)


class _Book:
    """Which concern a place of the client's body belongs to."""

    def __init__(self, request: Request) -> None:
        self._places: dict[str, str] = {}
        for name, concern in FIELDS.items():
            self._places.setdefault(render(request.where(name)), concern)
        for item in inventory(request):
            # All that is ever lost or added at the place of a call itself is its signature.
            concern = STATE if item.what == "calls" else item.concern
            self._places.setdefault(render(item.path), concern)

    def concern(self, path: str) -> str:
        """The concern of the longest place that a path lies in."""
        while path:
            if path in self._places:
                return self._places[path]
            path = path.rpartition("/")[0]
        return OTHER


# What it costs


def _costs(request: Request, there: Fitted, present: Target | None, fates: list[Fate]) -> Iterator[tuple[str, str]]:
    target = there.target
    if _name(present) != _name(target):
        count, tools = len(request.messages), len(request.tools)
        what = f"{count} message{'s' * (count != 1)} and {tools} tool{'s' * (tools != 1)}"
        yield CACHES, f"No cache of another model holds: the next request reads its whole prompt anew, {what}."
    gone = sum(item.concern == STATE and fate == "gone" for item, fate, _ in fates)
    if gone:
        blocks = f"{gone} block{'s' * (gone != 1)}"
        yield STATE, f"{target.model} does not see {blocks} of reasoning, and may think again."
    urls = len(there.fetched)
    if urls:
        files = f"{urls} file{'s' * (urls != 1)}"
        yield MEDIA, f"{files} would be fetched by the gateway and sent as data, in every request."
    ceiling = target.row.max_output
    if ceiling is not None and request.max_tokens is not None and request.max_tokens > ceiling:
        words = f"The limit of {request.max_tokens:,} tokens is above what {target.model} can answer, {ceiling:,}."
        yield OPTION, f"{words} The provider may refuse it."
    before, after = present.row.context if present else None, target.row.context
    if before is not None and after is not None and after < before:
        yield OTHER, f"The context window shrinks from {before:,} to {after:,} tokens."
