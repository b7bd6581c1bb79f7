"""Who makes a loss necessary, found out by asking what would become of the request elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .fit import fit
from .models import UNKNOWN
from .providers import PROVIDERS, ProviderRow
from .records import Loss, Request, TranslationError, evolve
from .target import Target


def causes(request: Request, target: Target, losses: Sequence[Loss]) -> list[str]:
    """The cause of each loss of a request at a target.

    ``model PREFIX`` names the model row: a model of which nothing is known would not lose it there. ``provider NAME``:
    another provider of the same dialect would not. ``dialect NAME``: all others would.

    Args:
        request: the request.
        target: where it goes, the surface that serves it.
        losses: from fitting the one to the other.
    """
    provider, row = target.provider, target.row
    plain = evolve(UNKNOWN, **provider.surface)
    of_model = _lost(request, evolve(target, row=plain)) if row.prefix else None
    others = [other for other in _rows_of(provider.dialect) if other.name != provider.name]
    of_dialect = [lost for other in others if (lost := _lost(request, evolve(target, provider=other))) is not None]
    found = []
    seen: Counter[tuple[str, str]] = Counter()
    for loss in losses:
        mark = loss.path, loss.kind
        seen[mark] += 1
        if of_model is not None and of_model[mark] < seen[mark]:
            found.append(f"model {row.prefix}")
        elif any(lost[mark] < seen[mark] for lost in of_dialect):
            found.append(f"provider {provider.name}")
        else:
            found.append(f"dialect {provider.dialect}")
    return found


def _lost(request: Request, target: Target) -> Counter[tuple[str, str]] | None:
    """What a target loses of a request: (path, kind) -> how often; None when it cannot take the request at all."""
    try:
        _, notes = fit(request, target)
    except TranslationError:
        return None
    return Counter((loss.path, loss.kind) for loss in notes.losses)


def _rows_of(dialect: str) -> Iterator[ProviderRow]:
    for row in PROVIDERS.values():
        surfaces = (row, row.other, *(variant for _, variant in row.variants))
        yield from (surface for surface in surfaces if surface is not None and surface.dialect == dialect)
