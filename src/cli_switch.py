"""What ``dragoman explain --preview-switch`` finds out and how it is shown; ``cli`` prints it."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from .cli_calls import NotTranslated, UnknownProvider, Wish
from .io.structure import suggestion
from .translate import PROVIDERS, Target, TranslationError, aim, read_request
from .translate.switching import Concern, Preview, SwitchLoss, find_present, preview

OPTION = "--preview-switch"


def find_out(wish: Wish | None, dialect: str, target: str, body: bytes) -> Preview:
    """What a conversation would lose.

    Args:
        wish: where it is now, when that was said; by default what the body's model tells.
        dialect: of the conversation.
        target: ``provider/model``.
        body: the conversation: a request with its history.

    Raises:
        NotTranslated: the body is no request of the dialect.
        UnknownProvider: the target, or the present place, names none.
    """
    provider, _, model = target.partition("/")
    there = _aimed(provider, model, OPTION)
    if not model:
        raise UnknownProvider(f"'{target}' names no model: say {provider}/MODEL", OPTION)
    try:
        request = read_request(dialect, body)
        place = find_present(dialect, request.model) if wish is None else (wish.provider, wish.model or request.model)
        here = None if place is None else _aimed(*place, "--to")
        return preview(request, there, here)
    except TranslationError as error:
        raise NotTranslated(f"refused with {error.status}: {error.message}") from None


def _aimed(provider: str, model: str, option: str) -> Target:
    """A target whose address, which nobody will call, has names in capitals."""
    row = PROVIDERS.get(provider)
    if row is None:
        known = ", ".join(PROVIDERS)
        message = f"unknown provider '{provider}'{suggestion(provider, list(PROVIDERS))} (known: {known})"
        raise UnknownProvider(message, option)
    settings: dict[str, Any] = {name: name.upper() for name in row.needs}
    return aim(provider, model, **settings)


def shown(found: Preview) -> Iterator[RenderableType]:
    """The preview for a person: a table, and what there is to say of each concern."""
    here = found.present or "a model that is not known (name it with --to and --model)"
    row = found.row or "none, so it is taken to accept whatever its provider does"
    yield f"from [bold]{escape(here)}[/] to [bold]{escape(found.target)}[/], spoken to in {found.dialect}"
    yield f"model row: {escape(row)}"
    yield _verdict(found)
    for concern in found.concerns:
        yield ""
        yield f"[bold]{concern.name}[/]"
        if concern.things:
            yield _things(concern)
        yield from _words(concern)
    if found.regained:
        yield ""
        yield f"[bold]no longer lost[/] ({len(found.regained)})"
        yield from (f"  {escape(loss.path or '(the body)')}: {escape(loss.detail)}" for loss in found.regained)


def _verdict(found: Preview) -> str:
    """One line for who reads no further."""
    losses = [loss for concern in found.concerns for loss in concern.losses]
    if found.refused:
        faults = sum(len(concern.refusals) for concern in found.concerns) + sum(loss.refused for loss in losses)
        return (
            f"[red]the next request would be refused (400)[/], for {faults} reason{'s' * (faults != 1)}; all is listed"
        )
    new = sum(not loss.now for loss in losses)
    known = f", and {len(losses) - new} as now" if len(losses) > new else ""
    return f"losses: {new} by the switch{known}" if losses else "[green]nothing is lost[/]"


def _things(concern: Concern) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("  what", "there", "kept", "changed", "lost"):
        table.add_column(column, justify="left" if column == "  what" else "right")
    for thing in concern.things:
        counts = (thing.there, thing.kept, thing.changed, thing.gone)
        table.add_row(f"  {escape(thing.what)}", *(str(count) if count else "-" for count in counts))
    return table


def _words(concern: Concern) -> Iterator[str]:
    for change in concern.changes:
        yield f"  {escape(change.path)}: {escape(change.old)} -> {escape(change.new)}"
    for refusal in concern.refusals:
        yield f"  [red]refused ({refusal.status})[/] {escape(refusal.path or '(the body)')}: {escape(refusal.message)}"
    for loss in concern.losses:
        yield f"  {_mark(loss)} {escape(loss.loss.path or '(the body)')}: {escape(loss.loss.detail)}"
    for cost in concern.costs:
        yield f"  cost: {escape(cost)}"


def _mark(found: SwitchLoss) -> str:
    loss = found.loss
    kind = f"{loss.kind}/{loss.severity}"
    words = f"[red]{kind}, refused by default[/]" if found.refused else kind
    return f"{words} [dim](as now)[/]" if found.now else words
