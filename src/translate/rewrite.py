"""Putting a body together, for writers of every dialect."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from .fields import foreign_keys
from .records import Request
from .target import Target

Body = dict[str, Any]
Writers = tuple[tuple[tuple[str, ...], Callable[[Request, Target, Body], None]], ...]
"""Which fields of a Request a function turns into keys of the body that it is given, in the order of the body."""


def assemble(
    request: Request,
    target: Target,
    original: Request | None,
    writers: Writers,
    owners: Mapping[str, tuple[str, ...]],
    always: Collection[str] = (),
) -> Body:
    """The body of the call.

    Without ``original`` every writer speaks. With it, the client speaks the provider's dialect: what ``fit`` did not
    touch is emitted as it came, unknown keys, spellings, nulls and order included (the identity law), and only
    writers whose fields changed (or are in ``always``) speak.

    Args:
        request: what to write.
        target: where to.
        original: the request as read, when the dialects are the same.
        writers: the dialect's writers.
        owners: top-level key -> the fields of the writer that speaks for it.
        always: fields whose spelling depends on the target even when their value does not change.
    """
    provider = target.provider
    body: Body = {"model": target.model} if provider.model_key else {}
    if provider.body:
        body.update(provider.body)
    if original is None:
        for _, write in writers:
            write(request, target, body)
        return body
    rewritten: Body = {}
    touched = set()
    for fields, write in writers:
        if any(getattr(request, name) is not getattr(original, name) or name in always for name in fields):
            touched.add(fields)
            write(request, target, rewritten)
    kept = {extra.path for extra in request.extras}
    # What these say is said in the dialect's own words, or is a loss.
    foreign = foreign_keys(provider.dialect, provider.extensions)
    for key, value in request.native.items():
        fields = owners.get(key, ())
        if key in rewritten:
            body[key] = rewritten.pop(key)
        elif key not in foreign and ((key,) in kept if not fields else fields not in touched or value is None):
            body[key] = value
    if provider.model_key:
        body["model"] = target.model
    else:
        body.pop("model", None)
    body.update(provider.body)
    body.update(rewritten)
    return body
