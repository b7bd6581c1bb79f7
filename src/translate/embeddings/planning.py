"""A request as the calls to make, and what of it is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from ..providers import PROVIDERS
from ..records import Loss, TranslationError, evolve
from ..records.losses import Policy
from ..target import Target
from .forms import FORMS, Form
from .reading import read
from .records import COHERE_TASKS, EXACT_TASKS, TASKS, EmbeddingRequest, Input
from .rows import EmbeddingRow, find, providers

Json = dict[str, Any]


def plan(body: Any, target: Target, family: str | None, policy: Policy) -> tuple[Json, list[Json]]:
    """The calls for a parsed body.

    Args:
        body: the client's, parsed.
        target: where it goes; its address is that of the provider's chat.
        family: the id whose row is used, where the model's own does not tell it.
        policy: what is refused.

    Returns:
        What all calls share (``method``, ``url``, ``headers``, ``losses``, ``context``), and the bodies, in the order
        of their inputs.

    Raises:
        TranslationError: the request is at fault, or cannot be said there, or loses what the policy refuses.
    """
    request = read(body)
    row = _row(target, family)
    form = FORMS[row.form]
    if "tokens" not in form.takes and type(request.inputs[0]) is not str:
        raise TranslationError(
            f"Unsupported parameter: 'input': {target.provider.name} takes texts and no arrays of tokens, which only "
            "models of OpenAI read. Send the texts.",
            path="/input", code="unsupported_parameter",
        )  # fmt: skip
    losses = tuple(_losses(request, row, form, target))
    refused = policy.refused(losses)
    if refused is not None:
        _refuse(refused, losses, target)
    if _left(request, row):
        request = evolve(request, dimensions=None)
    groups = list(_groups(request.inputs, row))
    pattern, instead = form.address
    head = {
        "method": "POST",
        "url": re.sub(pattern, instead, target.url),
        "headers": target.all_headers(),
        "losses": [loss.as_json() for loss in losses],
        "context": {
            "provider": target.provider.name,
            "dialect": target.provider.dialect,
            "model": target.model,
            "form": row.form,
            "base64": request.base64,
            "counts": [len(group) for group in groups],
        },
    }
    return head, [form.write(request, group, row, target.model) for group in groups]


def _row(target: Target, family: str | None) -> EmbeddingRow:
    provider = target.provider
    model = family or target.model
    if provider.ids:
        before = re.match(provider.ids, model)
        model = model[before.end() :] if before else model
    row = find(provider.name, model)
    # A host of several makers' models has embeddings by one of them only.
    if row is None or provider.dialect != PROVIDERS[provider.name].dialect:
        message = f"The provider '{provider.name}' has no embeddings by the model '{target.model[:100]}'"
        known = ", ".join(sorted(providers()))
        if provider.ids:
            message += "; known are Titan and Cohere's Embed, and 'family' names one for an ARN"
        raise TranslationError(
            f"{message}. Embeddings are offered at {known}.", path="/model", code="not_offered", status=404
        )
    return row


def _groups(inputs: Sequence[Input], row: EmbeddingRow) -> Iterator[Sequence[Input]]:
    """The inputs of each call. Tokens are not counted here, but a text never has more of them than bytes."""
    if row.tokens is None:
        yield from (inputs[at : at + row.inputs] for at in range(0, len(inputs), row.inputs))
        return
    group: list[Input] = []
    room = row.tokens
    for text in inputs:
        weight = len(text.encode("utf-8", "surrogatepass")) if type(text) is str else len(text)
        if group and (weight > room or len(group) == row.inputs):
            yield group
            group, room = [], row.tokens
        group.append(text)
        room -= weight
    yield group


def _left(request: EmbeddingRequest, row: EmbeddingRow) -> bool:
    """Whether the wished length is not said: the model has one length only, or it is out of reach."""
    return request.dimensions is not None and row.dimensions is not None and not _has(row, request.dimensions)


def _has(row: EmbeddingRow, wished: int) -> bool:
    if not row.dimensions:
        return False
    return row.dimensions[0] <= wished <= row.dimensions[1] if row.span else wished in row.dimensions


def _losses(request: EmbeddingRequest, row: EmbeddingRow, form: Form, target: Target) -> Iterator[Loss]:
    """What the provider is not told, or is told otherwise."""
    wished = request.dimensions
    if wished is not None and _left(request, row) and wished != row.native:
        yield Loss("/dimensions", "dropped", "contract", f"Vectors of this model have {_lengths(row)} numbers.")
    elif wished is not None and not row.unit and wished != row.native:
        yield Loss("/dimensions", "approximated", "quality", "Vectors that are cut short are not of unit length.")
    if request.user is not None and "user" not in form.takes:
        yield Loss("/user", "dropped", "hint", "The provider has no place for the client's user.")
    yield from _task_losses(request, row, form)
    if request.title is not None and "title" not in form.takes and not (row.tasks and "extras" in form.takes):
        yield Loss("/title", "dropped", "quality", "The provider has no place for a title.")
    if "extras" not in form.takes:
        for name in request.extras:
            pointer = name.replace("~", "~0").replace("/", "~1")
            yield Loss(f"/{pointer}", "dropped", "quality", f"{target.provider.name} has no such field.")


def _task_losses(request: EmbeddingRequest, row: EmbeddingRow, form: Form) -> Iterator[Loss]:
    path = f"/{request.task_key}"
    if request.task is None:
        if row.form == "cohere":
            yield Loss(path, "added", "quality", "The model must be told a purpose: 'search_document' is said.")
    elif not row.tasks:
        yield Loss(path, "dropped", "quality", "The model cannot be told what its vectors are for.")
    elif row.form == "cohere" and request.task not in EXACT_TASKS and request.raw.get(request.task_key) in TASKS:
        nearest = TASKS[request.task]
        assert nearest in COHERE_TASKS
        yield Loss(path, "approximated", "quality", f"The nearest purpose of the model is '{nearest}'.")


def _lengths(row: EmbeddingRow) -> str:
    if not row.dimensions:
        return str(row.native)
    if row.span:
        return f"{row.dimensions[0]} to {row.dimensions[1]}"
    return f"{', '.join(map(str, row.dimensions[:-1]))} or {row.dimensions[-1]}"


def _refuse(loss: Loss, losses: tuple[Loss, ...], target: Target) -> NoReturn:
    name = loss.path[1:]
    fault, advice = ("Missing", "Say it yourself") if loss.kind == "added" else ("Unsupported", "Leave it out")
    raise TranslationError(
        f"{fault} parameter: '{name}' would be {loss.kind} for {target.model} at {target.provider.name}. "
        f"{loss.detail} {advice}, or allow losses of severity '{loss.severity}' (on_loss).",
        path=loss.path, code="unsupported_parameter", param=name, losses=losses,
    )  # fmt: skip
