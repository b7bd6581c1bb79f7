"""A client's request as the call to make: parsed once, read, aimed, planned."""

from __future__ import annotations

import re
from contextlib import suppress
from types import NoneType
from typing import Any

import attrs
import orjson

from . import embeddings
from .aside import MIN_BYTES, Aside, put_back, set_aside
from .causes import causes
from .counting import FORMS, form_of_client
from .dialects import DIALECTS
from .heads import Answer, object_of, word_of
from .models import read_rows
from .plan import Call, Needs, plan, surface
from .providers import SETTINGS
from .records import Policy, TranslationError, evolve
from .records.quick import maker, record
from .target import Target, aim
from .values import dumps, exact, loads, may_be_rounded, wrong_type


@record
class Parsed:
    """A body that was parsed once, for ``request`` to take instead of its bytes. For the caller it is opaque.

    Attributes:
        model: the top-level ``model``, or None when there is none.
        value: what the JSON says.
        fault: why it is none.
        body: the bytes.
        aside: long media that ``value`` only has marks for.
        small: the bytes with the marks; none where nothing is aside.
    """

    model: str | None
    value: Any = attrs.field(default=None, repr=False)
    fault: TranslationError | None = None
    body: bytes = attrs.field(default=b"", repr=False)
    aside: Aside = attrs.field(default=(), repr=False)
    small: bytes = attrs.field(default=b"", repr=False)


_parsed = maker(Parsed)


def parse(body: bytes) -> Parsed:
    """A client's body, parsed: to see its model before a provider is chosen, without parsing it twice."""
    small, aside = set_aside(body)
    parsed = _parse(small)
    if aside:
        # Where a fault is can be said of the whole body only.
        parsed = evolve(parsed, aside=aside, body=body, small=small) if parsed.fault is None else _parse(body)
    return parsed


def _parse(body: bytes) -> Parsed:
    try:
        value = loads(body)
    except TranslationError as error:
        return Parsed(None, None, error)
    model = value.get("model") if type(value) is dict else None
    return _parsed(model if type(model) is str else None, value, None, body)


def ask(settings: dict[str, Any], client: str, body: bytes | Parsed) -> Answer:
    """The call to make for a request; or what is needed first. Raises TranslationError."""
    if type(body) is bytes and len(body) < MIN_BYTES:
        return _exact(settings, client, loads(body), body)
    parsed = body if isinstance(body, Parsed) else parse(body)
    if parsed.fault is not None:
        raise parsed.fault
    if not parsed.aside:
        return _exact(settings, client, parsed.value, parsed.body)
    with suppress(Exception):  # the translation of the whole body will say what is wrong
        answer = _exact(settings, client, parsed.value, parsed.small)
        whole = put_back(answer.body, parsed.aside) if answer.status == 200 else None
        if whole is not None:
            return Answer(200, answer.head, whole)
    return _exact(settings, client, loads(parsed.body), parsed.body)


def ask_to_embed(settings: dict[str, Any], body: bytes | Parsed) -> Answer:
    """The calls to make for a request for embeddings. Raises TranslationError."""
    parsed = body if isinstance(body, Parsed) else parse(body)
    if parsed.fault is not None:
        raise parsed.fault
    # A long text may have been set aside as if it were a medium.
    value = loads(parsed.body) if parsed.aside else parsed.value
    named = value.get("model") if type(value) is dict else None
    named = named if type(named) is str else ""
    model = settings.get("model") or named.partition("/")[2] or named
    if not model:
        raise TranslationError("Missing required parameter: 'model'.", path="/model", code="missing_required_parameter")
    target = _target(settings, model)
    head, bodies = embeddings.plan(value, target, settings.get("family"), Policy.read(settings.get("on_loss")))
    written = [dumps(body) for body in bodies]
    return Answer(200, dumps({**head, "sizes": [len(body) for body in written]}), b"".join(written))


def _exact(settings: dict[str, Any], client: str, value: Any, body: bytes) -> Answer:
    """The translation of a body, once more where a number of it may have been rounded."""
    answer = _translated(settings, client, value)
    if may_be_rounded(answer.body):
        with suppress(Exception):  # a number where its size matters, as in a schema's bounds: rounding it is harmless
            return _translated(settings, client, exact(body))
    return answer


def _translated(settings: dict[str, Any], client: str, value: Any) -> Answer:
    counting = settings.get("what") == "count"
    if counting and type(value) is dict:
        value = form_of_client(client).request(value)
    read = DIALECTS[client].read_request(value)
    stream = settings.get("stream")
    if type(stream) is bool and stream is not read.stream:
        read = evolve(read, stream=stream)
    model = settings.get("model") or read.model.partition("/")[2] or read.model
    if not model:
        raise TranslationError("Missing required parameter: 'model'.", path="/model", code="missing_required_parameter")
    target = _target(settings, model)
    planned = plan(
        read,
        target,
        Policy.read(settings.get("on_loss")),
        strict=bool(settings.get("strict_openai")),
        explain=bool(settings.get("explain")),
        stream_form=word_of(settings, "stream_form"),
    )
    if isinstance(planned, Needs):
        fields = dict(zip(planned.urls, planned.params, strict=True))
        return Answer(428, orjson.dumps({"needs": planned.urls, "params": fields}), b"")
    if counting:
        planned = _question(planned, target)
    answer = {
        "method": planned.method,
        "url": planned.url,
        "headers": planned.headers,
        "stream": planned.stream,
        "losses": [loss.as_json() for loss in planned.losses] if planned.losses else [],
        "context": planned.context,
        "row": planned.row,
    }
    if planned.foreign:
        answer["foreign"] = planned.foreign
    if settings.get("causes"):
        answer["causes"] = causes(read, surface(read, target), planned.losses)
    if planned.stream:
        array = "stream_form" in planned.context
        answer["stream_type"] = "application/json" if array else DIALECTS[client].stream_type
    return Answer(200, dumps(answer), planned.body)


def _question(planned: Call, target: Target) -> Call:
    """The call that asks how many tokens a planned call has."""
    name, counts = target.provider.name, target.provider.counts
    if counts is None:
        raise TranslationError(f"The provider '{name}' does not count tokens.", code="not_offered", status=404)
    form, pattern, instead = counts
    return evolve(
        planned,
        url=re.sub(pattern, instead, planned.url),
        body=dumps(FORMS[form].question(loads(planned.body), target.model)),
        context={**planned.context, "count": form},
    )


_PLACE = frozenset(SETTINGS)
_WORDS = ("to", "model", "family", "base_url", *SETTINGS)


def _target(settings: dict[str, Any], model: str) -> Target:
    get = settings.get
    rows = get("models")
    given = {} if _PLACE.isdisjoint(settings) else {name: settings[name] for name in SETTINGS if name in settings}
    try:
        extra = read_rows(rows) if rows else ()
        target = aim(get("to") or "openai", model, get("family"), get("base_url"), extra, **given)
    except TypeError:
        # What is no string cannot be looked up.
        odd = next(name for name in _WORDS if type(get(name)) not in (str, NoneType))
        wrong_type((odd,), get(odd), "a string in the head")
    headers, media, prompt_cache = object_of(settings, "headers"), object_of(settings, "media"), get("prompt_cache")
    if headers or media or prompt_cache:
        target = evolve(target, client_headers=headers, media=media, prompt_cache=prompt_cache)
    return target
