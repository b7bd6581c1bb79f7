"""What a request holds, thing by thing and by concern: two requests with one source can so be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs

from .fields import OPTIONS
from .records import Call, Media, Message, Opaque, Path, Reasoning, Redacted, Refusal, Request, Result, Text, Thinking
from .records.quick import record
from .records.request import SYSTEM_ROLES

STATE: Final = "reasoning state"
NAMES: Final = "ids and names"
CACHES: Final = "caches"
TOOLS: Final = "tools"
MEDIA: Final = "media"
FORMAT: Final = "instructions and format"
OPTION: Final = "sampling and options"
OTHER: Final = "other"

CONCERNS: Final = (STATE, NAMES, CACHES, TOOLS, MEDIA, FORMAT, OPTION, OTHER)

FIELDS: Final = {
    **dict.fromkeys(OPTIONS, OPTION),
    **dict.fromkeys((name for name in OPTIONS if name.startswith("prompt_cache")), CACHES),
    **dict.fromkeys(("max_tokens", "stop", "reasoning", "effort", "display"), OPTION),
    **dict.fromkeys(("tools", "tool_choice", "parallel_calls", "web_search"), TOOLS),
    "media_resolution": MEDIA,
    "output": FORMAT,
    "include_usage": OTHER,
}
"""Fields of a request by their common name (``Request.where``) -> the concern that they belong to."""


@record
class Item:
    """One thing in a request.

    Attributes:
        concern: one of CONCERNS.
        what: what kind of thing it is, in words.
        path: where it stands in the client's body.
        value: what it says; the same thing in another request is kept when this is equal.
    """

    concern: str
    what: str
    path: Path
    value: Any = attrs.field(default=None, repr=False)


def inventory(request: Request) -> Iterator[Item]:
    """Everything that a request holds, in the order of its body."""
    for message in request.messages:
        yield from _message(message)
    yield from _resolutions(request)
    for tool in request.tools:
        yield from _mark(tool)
        if tool.kind == "builtin":
            yield Item(TOOLS, tool.name.replace("_", " "), tool.path)
            continue
        yield Item(NAMES, "names of tools", tool.path, tool.name)
        what = "free-text tools" if tool.kind == "custom" else "functions"
        yield Item(TOOLS, what, tool.path, (tool.description, tool.schema, tool.strict, tool.format))
    yield from _fields(request)
    for extra in (extra for extra in request.extras if extra.value is not None):
        yield Item(OTHER, "further fields", extra.path, extra.value)


def _message(message: Message) -> Iterator[Item]:
    if message.name is not None:
        yield Item(NAMES, "names on messages", (*message.path, "name"), message.name)
    for part in message.parts:
        if message.role in SYSTEM_ROLES:
            yield from _mark(part)
            yield Item(FORMAT, "instructions", part.path, getattr(part, "text", None))
        else:
            yield from _part(part)


def _resolutions(request: Request) -> Iterator[Item]:
    """What each medium is read at: its own wish, or else the one that stands for all media."""
    general = request.options.get("media_resolution")
    parts = (part for message in request.messages for part in message.parts)
    media = (inner for part in parts for inner in (part.parts if isinstance(part, Result) else (part,)))
    for part in media:
        if isinstance(part, Media) and (said := part.detail or general) is not None:
            yield Item(MEDIA, "wished resolutions", part.path, said)


def _part(part: Any) -> Iterator[Item]:
    yield from _mark(part)
    items = _ITEMS.get(type(part))
    if items is not None:
        yield from items(part)


def _call(part: Call) -> Iterator[Item]:
    yield Item(TOOLS, "calls", part.path, part.arguments)
    yield Item(NAMES, "ids of calls", part.path, part.id)
    yield Item(NAMES, "names in calls", part.path, part.name)
    if part.signature is not None:
        yield Item(STATE, f"signatures of calls, by {part.origin}", part.path, part.signature)


def _result(part: Result) -> Iterator[Item]:
    yield Item(TOOLS, "results", part.path)
    yield Item(NAMES, "ids of results", part.path, part.call_id)
    if part.is_error:
        yield Item(TOOLS, "marks of failed results", part.path)
    for inner in () if isinstance(part.content, str) else part.content:
        yield from _part(inner)


def _opaque(part: Opaque) -> Iterator[Item]:
    yield Item(TOOLS, f"blocks of {part.dialect} alone", part.path, part.kind)


def _words(part: Text | Refusal) -> Iterator[Item]:
    if part.text:
        yield Item(OTHER, "texts" if isinstance(part, Text) else "refusals", part.path, part.text)


def _redacted(part: Redacted) -> Iterator[Item]:
    yield Item(STATE, f"redacted thinking, by {part.origin}", part.path, part.data)


def _thinking(part: Thinking) -> Iterator[Item]:
    what = "unsigned thinking" if part.signature is None else f"signed thinking, by {part.origin}"
    yield Item(STATE, what, part.path, (part.text, part.signature))


_NOUNS = {"image": "images", "audio": "sounds", "video": "films", "document": "documents"}


def _media(part: Media) -> Iterator[Item]:
    form = part.url or part.file_id or ("sent as text" if part.text is not None else "sent as data")
    yield Item(MEDIA, _NOUNS[part.kind], part.path, form)
    if part.filename is not None:
        yield Item(NAMES, "names of documents", part.path, part.filename)


_ITEMS: dict[type, Callable[[Any], Iterator[Item]]] = {
    Text: _words,
    Media: _media,
    Thinking: _thinking,
    Redacted: _redacted,
    Call: _call,
    Result: _result,
    Refusal: _words,
    Opaque: _opaque,
}


def _mark(holder: Any) -> Iterator[Item]:
    cache = getattr(holder, "cache", None)
    if cache is not None:
        yield Item(CACHES, "cache marks", cache.path, cache.ttl or "default lifetime")


def _fields(request: Request) -> Iterator[Item]:
    """What is said once for the whole request."""
    yield from _mark(request)
    said = {
        "max_tokens": ("limit of the answer", request.max_tokens),
        "stop": ("stop sequences", request.stop or None),
        "reasoning": ("wish for reasoning", None if request.reasoning is None else _wish(request.reasoning)),
        "tool_choice": ("choice of tools", request.tool_choice),
        # Calls in parallel are what every provider does unasked: only their ban asks for something.
        "parallel_calls": ("ban of parallel calls", request.parallel_calls is False or None),
        "output": ("form of the answer", None if request.output is None else request.output.kind),
        **{name: (OPTIONS[name].what, value) for name, value in request.options.items() if _asks(name, value)},
    }
    for name, (what, value) in said.items():
        if value is not None:
            # A search may be a tool that the provider runs, or a field.
            yield Item(FIELDS[name], what, request.where(name), None if name == "web_search" else value)


def _asks(name: str, value: Any) -> bool:
    """Whether an option asks for something; what ``fit`` says of its own accord is none."""
    return name in OPTIONS and value not in OPTIONS[name].neutral


def _wish(wish: Reasoning) -> str:
    """A wish for reasoning in words."""
    effort = None if wish.effort is None else f"effort {wish.effort}"
    budget = None if wish.budget is None else f"budget {wish.budget}"
    return ", ".join(filter(None, (wish.mode, effort, budget, wish.display))) or "as the model likes"
