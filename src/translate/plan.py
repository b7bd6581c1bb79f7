"""From a Request to the call to make: fit, policy, write."""

from __future__ import annotations

from typing import Any

import attrs

from .dialects import DIALECTS
from .fit import Notes, fit, will_reason
from .fit.extras import gone
from .records import (
    DEFAULT_POLICY,
    Loss,
    Media,
    Opaque,
    Path,
    Policy,
    Request,
    TranslationError,
    evolve,
    render,
    steps_of,
)
from .records.quick import maker, record
from .records.traits import ODD, ODD_TOOLS
from .target import Target
from .values import dotted, dumps, show


@record
class Call:
    """A call to make; the shell adds credentials.

    Attributes:
        method, url, headers: of the HTTP request.
        body: the native payload.
        stream: whether the answer will be a stream.
        losses: what the provider will not see as the client said it.
        context: for the reply; ``Context.read`` takes it.
        row: prefix of the model row that was used.
        foreign: fields with state that is dropped, since only those can read it who gave it out.
    """

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = attrs.field(repr=False)
    stream: bool
    losses: tuple[Loss, ...]
    context: dict[str, Any]
    row: str = ""
    foreign: tuple[str, ...] = ()


_call = maker(Call)


@record
class Needs:
    """Media that the target does not fetch: call again with their bytes in ``Target.media``.

    Attributes:
        urls: where they are.
        params: for each, the field of the client's body that names it first: ``messages[0].content[1].image_url.url``.
    """

    urls: tuple[str, ...]
    params: tuple[str, ...]


def plan(
    request: Request,
    target: Target,
    policy: Policy = DEFAULT_POLICY,
    *,
    strict: bool = False,
    explain: bool = False,
    stream_form: str | None = None,
) -> Call | Needs:
    """The call that a request means at a target.

    Args:
        request: from a dialect's reader.
        target: from ``aim``.
        policy: which losses are refused.
        strict: whether the client wants no key beyond its dialect.
        explain: whether the losses go into the reply's body.
        stream_form: how the client wants a stream (``Context.stream_form``).

    Raises:
        TranslationError: ``unsupported_parameter`` for a refused loss; others for what cannot be expressed.
    """
    target = surface(request, target)
    own = request.dialect == target.provider.dialect
    fitted, notes = fit(request, target)
    if notes.needs:
        return Needs(tuple(notes.needs), tuple(notes.needs.values()))
    written = DIALECTS[target.provider.dialect].write_request(fitted, target, request if own else None)
    if own and fitted.extras:
        known = {loss.path for loss in notes.losses}
        for extra in gone(fitted.extras, written, request.dialect):
            if render(extra.path) not in known:
                notes.lose_extra(request.dialect, extra.path, target.provider.name)
    losses = _spelled(notes.losses, request)
    refused = policy.refused(losses) if losses else None
    if refused is not None:
        raise _refusal(request, refused, losses, target)
    body = dumps(written)
    context = _context(request, fitted, target, notes, stream_form)
    if strict:
        context["strict"] = True
    if explain:
        context["explain"] = True
        context["losses"] = [loss.as_json() for loss in losses]
    url = target.stream_url if request.stream else target.url
    headers = target.all_headers()
    if notes.headers:
        headers = notes.headers | headers
    foreign = tuple([dotted(steps_of(losses[place].path)) for place in notes.foreign]) if notes.foreign else ()
    return _call("POST", url, headers, body, request.stream, losses, context, target.row.prefix, foreign)


def _spelled(losses: list[Loss], request: Request) -> tuple[Loss, ...]:
    """The losses, with the keys of the client's own spelling in their pointers."""
    spell = DIALECTS[request.dialect].spell if losses else None
    if spell is None:
        return tuple(losses)
    return tuple([evolve(loss, path=spell(loss.path, request.native)) for loss in losses])


def _context(
    request: Request, fitted: Request, target: Target, notes: Notes, stream_form: str | None
) -> dict[str, Any]:
    """What the reply must know of its request."""
    provider = target.provider
    own = request.dialect == provider.dialect
    context: dict[str, Any] = {
        "client": request.dialect,
        "provider": provider.name,
        "dialect": provider.dialect,
        "model": target.model,
    }
    if notes.context:
        context.update(notes.context)
    client = DIALECTS[request.dialect]
    if client.legacy(request):
        context["legacy"] = True
    if client.notes is not None and not own:
        context.update(client.notes(request))
    if request.stream:
        context["stream"] = True
        # What the client asked for: the provider may have been asked for more.
        context["include_usage"] = request.include_usage
        if stream_form in client.stream_forms:
            context["stream_form"] = stream_form
        context["cite"] = not own and _may_cite(fitted, notes.traits)
    return context


def surface(request: Request, target: Target) -> Target:
    """The target, or its other surface when only that one serves the request, or speaks the client's dialect."""
    other = target.other
    if other is None or (other.provider.dialect != request.dialect and _served(request, target)):
        return target
    return evolve(
        other, client_headers=target.client_headers, media=target.media, prompt_cache=target.prompt_cache
    )  # fmt: skip


_NONE: frozenset[str] = frozenset()


def _has_documents(request: Request) -> bool:
    parts = (part for message in request.messages for part in message.parts)
    return any(type(part) is Media and part.kind == "document" for part in parts)


def _searches(request: Request) -> bool:
    return any(tool.kind == "builtin" and tool.name == "web_search" for tool in request.tools)


def _served(request: Request, target: Target) -> bool:
    """Whether the first surface serves the model, its documents, a search, and tools beside reasoning, if wanted."""
    row, other = target.row, target.other
    if not row.chat:
        return False
    if other is not None and other.provider.web_search and _searches(request) and target.provider.builtins == _NONE:
        return False
    if row.documents == _NONE and other is not None and other.row.documents != _NONE and _has_documents(request):
        return False
    if row.reasoning.tools or not any(tool.kind == "function" for tool in request.tools):
        return True
    return not will_reason(request.reasoning, row.reasoning)


def _said(native: Any, path: Path) -> str:
    """The value that the client gave a field, for a message; nothing when it gave none."""
    for step in path:
        try:
            native = native[step]
        except (KeyError, IndexError, TypeError):
            return ""
    return f" ({show(native)})"


def _refusal(request: Request, loss: Loss, losses: tuple[Loss, ...], target: Target) -> TranslationError:
    path = steps_of(loss.path)
    param = dotted(path)
    fault, advice = ("Missing", "Say it yourself") if loss.kind == "added" else ("Unsupported", "Leave it out")
    return TranslationError(
        f"{fault} parameter: '{param}'{_said(request.native, path)} would be {loss.kind} for {target.model} at "
        f"{target.provider.name}. "
        f"{loss.detail} {advice}, or allow losses of severity '{loss.severity}' (on_loss).",
        path=loss.path,
        code="unsupported_parameter",
        param=param,
        losses=losses,
    )


def _may_cite(request: Request, bits: int) -> bool:
    """Whether the answer may hold citations: web search, documents to cite, blocks only the provider knows."""
    if "web_search" in request.options or (bits & ODD_TOOLS and any(tool.kind == "builtin" for tool in request.tools)):
        return True
    return bits & ODD != 0 and any(
        type(part) is Opaque or (type(part) is Media and part.cite)
        for message in request.messages
        for part in message.parts
    )
