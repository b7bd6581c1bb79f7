"""A row of the disposition table, tried: the smallest request with the field and without it, at a target."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import attrs
import orjson
from dragoman.translate.fields.table import Cell, Row, untagged
from dragoman.translate.records.losses import SEVERITIES

from ..recordings.driving import ALLOW, Planned, call
from .contexts import CONTEXTS

PLAIN = {
    "openai": ("openai", "gpt-4.1"),
    "responses": ("openai", "gpt-5.1-codex"),
    "azure": ("azure", "gpt-4.1"),
    "xai": ("xai", "grok-4.3"),
    "groq": ("groq", "llama-3.3-70b-versatile"),
    "compatible": ("openai_compatible", "m"),
    "anthropic": ("anthropic", "claude-sonnet-4-5"),
    "vertex_claude": ("vertex", "claude-sonnet-4-5@20250929"),
    "bedrock": ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
    "gemini": ("gemini", "gemini-2.5-flash"),
    "vertex": ("vertex", "gemini-2.5-flash"),
}
REASONING = {
    "openai": ("openai", "gpt-5.1"),
    "azure": ("azure", "gpt-5.1"),
    "xai": ("xai", "grok-4.5"),
    "groq": ("groq", "openai/gpt-oss-120b"),
    "anthropic": ("anthropic", "claude-opus-4-8"),
    "vertex_claude": ("vertex", "claude-opus-4-8"),
    "bedrock": ("bedrock", "us.anthropic.claude-opus-4-8"),
    "gemini": ("gemini", "gemini-3.5-flash"),
    "vertex": ("vertex", "gemini-3.5-flash"),
}
CACHING = {
    "openai": ("openai", "gpt-5.6"),
    "responses": ("openai", "gpt-5.6-pro"),
    "azure": ("azure", "gpt-5.6"),
}
"""Models of OpenAI's that take cache marks."""
MODELS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "plain": PLAIN,
    "reasoning": {**PLAIN, **REASONING},
    "caching": {**PLAIN, **CACHING},
    # Circumstances: contexts of their own.
    "twice": PLAIN,
}
"""Set of models -> target -> (provider, model)."""

HEAD = {"base_url": "https://r.example", "region": "eu-west-1", "project": "p", "location": "global"}

Lost = tuple[str, str, str]
"""(pointer, kind, severity)"""


@attrs.frozen
class Asked:
    """The smallest request of a row; ``without`` is the same without the field."""

    body: Any
    without: Any
    pointer: str
    sample: Any


@attrs.frozen
class Seen:
    """What a target would be sent: with the field, and without it (None where that is refused)."""

    told: Planned
    before: Planned | None

    @property
    def losses(self) -> list[Lost]:
        """Losses that come with the field."""
        out = _losses(self.told)
        for loss in _losses(self.before) if self.before else ():
            if loss in out:
                out.remove(loss)
        return out

    def sorted(self, pointer: str) -> tuple[set[Lost], set[Lost]]:
        """Losses of the field itself, and of others, their indexes as ``*``.

        Where nothing is sent of the thing that holds the field, its loss is the field's. What is added to a request
        that could not be without the field has nothing to do with it.
        """
        new = self.losses
        related = {loss for loss in new if is_related(loss[0], pointer) and loss[1] != "added"}
        if not related and self.before is not None and self.before.raw == self.told.raw:
            related = {loss for loss in _losses(self.told) if is_above(loss[0], pointer) and loss[1] != "added"}
        # Of several the gravest is the field's.
        order = {severity: at for at, severity in enumerate(SEVERITIES)}
        gravest = min((order[loss[2]] for loss in related), default=0)
        own = {loss for loss in related if order[loss[2]] == gravest}
        others = {loss for loss in new if loss not in own and not (self.before is None and loss[1] == "added")}
        return own, {(general(path), kind, severity) for path, kind, severity in others}


def ask(row: Row) -> Asked:
    """The smallest request that has the row's field."""
    prefix, (body, at) = context(row.dialect, row.field, row.models)
    body = copy.deepcopy(body)
    steps = [*_steps(at), *_steps(untagged(row.field[len(prefix) :]))]
    steps = [0 if step == "*" else step for step in steps]
    pointer = "".join(f"/{step}" for step in steps)
    without = copy.deepcopy(body)
    _remove(without, steps)
    if row.sample is None:
        return Asked(body, without, pointer, _value(body, steps))
    sample = orjson.loads(row.sample)
    _put(body, steps, sample)
    return Asked(body, without, pointer, sample)


def see(row: Row, target: str, asked: Asked) -> Seen:
    """The row's request at a target, losses allowed."""
    before = sent(row, target, asked.without)
    return Seen(sent(row, target, asked.body), before if before.status == 200 else None)


def sent(row: Row, target: str, body: Any, on_loss: Any = ALLOW) -> Planned:
    """A request of the row's client at a target."""
    provider, model = MODELS[row.models][target]
    head = dict(HEAD) if provider in ("azure", "vertex", "openai_compatible", "bedrock") else {}
    if provider in ("vertex", "bedrock"):
        head.pop("base_url")
    return call(body, row.dialect, provider, model, on_loss=on_loss, **head)


def fault(row: Row, target: str) -> str | None:
    """What is not so as the row says; None when all is."""
    cell, asked = row.cells[target], ask(row)
    seen = see(row, target, asked)
    if cell.outcome == "refused":
        return _refused(seen.told, asked)
    if seen.told.status != 200:
        return f"refused: {seen.told.body}"
    related, others = seen.sorted(asked.pointer)
    if others != set(cell.others):
        return f"losses of other fields: {others}"
    said = {loss[1:] for loss in related}
    kind = {"bent": "approximated", "dropped": "dropped"}.get(cell.outcome)
    if said != ({(kind, cell.severity)} if kind else set()):
        return f"losses of the field: {related}"
    if cell.severity == "contract":
        # Which of several is named is nobody's promise.
        others = [path for path, _, severity in _losses(seen.told) if severity == "contract"]
        wrong = _refused(sent(row, target, asked.body, None), asked, others)
        if wrong:
            return f"by default {wrong}"
    return _CHECKS[cell.outcome](cell, asked, seen)


def _refused(told: Planned, asked: Asked, others: list[str] | None = None) -> str | None:
    """Whether it is a 400 that names the field, or one of the others, and says something."""
    if told.status != 400:
        return f"not refused: {told.status} {told.losses}"
    message, param = _said(told.body)
    named = [asked.pointer, *(others or ())]
    if param is not None:
        place = "/" + re.sub(r"[.\[\]]+", "/", param).strip("/")
        right = any(is_related(place, pointer) for pointer in named)
    else:
        right = any(str(step) in message for pointer in named for step in _steps(pointer))
    return None if message and right else f"refused otherwise: {param}: {message}"


def _said(body: Any) -> tuple[str, str | None]:
    """Message and param of an error of any dialect: not all of them have a param."""
    error = body.get("error", body)
    return error["message"], error.get("param")


def _kept(cell: Cell, asked: Asked, seen: Seen) -> str | None:
    if cell.place is None:
        return None
    expected = asked.sample if cell.words is None else orjson.loads(cell.words)
    found = list(values(seen.told.body, cell.place))
    if expected not in found:
        return f"{found} at {cell.place}"
    before = list(values(seen.before.body, cell.place)) if seen.before else []
    if found.count(expected) > before.count(expected) or _added(seen.before, asked.pointer):
        return None
    return "the same without it"


def _added(before: Planned | None, pointer: str) -> bool:
    """Whether the field, when the client does not say it, is said for it, which is a loss."""
    return before is not None and any(kind == "added" and path == pointer for path, kind, _ in _losses(before))


def _url(cell: Cell, _asked: Asked, seen: Seen) -> str | None:
    if cell.place not in seen.told.head["url"]:
        return seen.told.head["url"]
    return "the same without it" if seen.before and seen.before.head["url"] == seen.told.head["url"] else None


def _header(cell: Cell, _asked: Asked, seen: Seen) -> str | None:
    headers = seen.told.head["headers"]
    if cell.place not in headers:
        return str(headers)
    return "the same without it" if seen.before and seen.before.head["headers"] == headers else None


def _here(_cell: Cell, _asked: Asked, seen: Seen) -> str | None:
    if seen.before and seen.before.head["context"] == seen.told.head["context"]:
        return "the same context without it"
    return None


def _nothing(_cell: Cell, _asked: Asked, seen: Seen) -> str | None:
    if seen.before is None:
        return "it cannot be left out"
    return None if seen.before.body == seen.told.body else f"not the same without it: {seen.told.raw!r}"


def dropped(_cell: Cell, asked: Asked, seen: Seen) -> str | None:
    if seen.before is None:
        return None
    told, before = (
        sum(value == asked.sample for _, value in nodes(body)) for body in (seen.told.body, seen.before.body)
    )
    return None if told <= before else f"it is sent: {seen.told.raw!r}"


def _form(_cell: Cell, _asked: Asked, seen: Seen) -> str | None:
    if seen.before is not None and seen.before.raw == seen.told.raw:
        return "the same without it"
    return None


_CHECKS = {"kept": _kept, "bent": _kept, "url": _url, "header": _header, "here": _here, "nothing": _nothing,
           "dropped": dropped, "form": _form}  # fmt: skip


def values(body: Any, place: str) -> Iterator[Any]:
    """What stands at a pointer; ``*`` is any index or key."""
    step, _, rest = place[1:].partition("/")
    step = step.replace("~1", "/").replace("~0", "~")
    if isinstance(body, list):
        found = body if step == "*" else [body[int(step)]] if step.isdigit() and int(step) < len(body) else []
    elif isinstance(body, dict):
        found = list(body.values()) if step == "*" else [body[step]] if step in body else []
    else:
        found = []
    for value in found:
        if rest:
            yield from values(value, f"/{rest}")
        else:
            yield value


def is_related(path: str, pointer: str) -> bool:
    """Whether one of two pointers is the other, or below it."""
    return path == pointer or path.startswith(f"{pointer}/") or (path != "" and pointer.startswith(f"{path}/"))


def is_above(path: str, pointer: str) -> bool:
    """Whether a pointer is the other, or leads to it."""
    return path != "" and f"{pointer}/".startswith(f"{path}/")


def general(path: str) -> str:
    """A pointer with ``*`` for indexes."""
    return re.sub(r"/\d+(?=/|$)", "/*", path)


def _losses(told: Planned) -> list[Lost]:
    return [(loss["path"], loss["kind"], loss["severity"]) for loss in told.losses]


@cache
def context(dialect: str, field: str, models: str) -> tuple[str, tuple[Any, str]]:
    """The nearest context around a field: (its pointer, (a body, where it is there))."""
    contexts = CONTEXTS[dialect]
    at = field
    while True:
        above, _, step = at.rpartition("/")
        for name in (f"{at} ({models})", at, f"{above}/{step.partition(':')[0]}"):
            if name in contexts:
                return at, contexts[name]
        at = above


def _steps(pointer: str) -> list[str | int]:
    return [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]


def _value(body: Any, steps: list[Any]) -> Any:
    for step in steps:
        body = body[step]
    return body


def _remove(body: Any, steps: list[Any]) -> None:
    try:
        holder = _value(body, steps[:-1])
        del holder[steps[-1]]
    except (KeyError, IndexError, TypeError):
        return


def _put(body: Any, steps: list[Any], value: Any) -> None:
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if following is None:
            _set(body, step, value)
            return
        fresh: Any = [] if isinstance(following, int) else {}
        body = _get(body, step, fresh)


def _get(body: Any, step: Any, fresh: Any) -> Any:
    if isinstance(step, int):
        if step == len(body):
            body.append(fresh)
        return body[step]
    return body.setdefault(step, fresh)


def _set(body: Any, step: Any, value: Any) -> None:
    if isinstance(step, int) and step == len(body):
        body.append(value)
    else:
        body[step] = value


def nodes(body: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if path:
        yield path, body
    items = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in items:
        yield from nodes(value, f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}")
