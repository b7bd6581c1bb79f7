"""Where a request goes: a provider, a model, and what the address needs."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import attrs

from .models import UNKNOWN, ModelRow, find
from .providers import PROVIDERS, ProviderRow
from .records import TranslationError
from .records.quick import evolve, record
from .records.remember import remember
from .records.request import NOTHING
from .values import wrong_type


@record
class Target:
    """A provider and a model of it.

    Attributes:
        provider: who.
        row: what the model accepts.
        model: the upstream model id.
        url: the address of the call.
        stream_url: the address of a call for a stream.
        headers: fixed headers of the call, without credentials.
        prompt_cache: ``auto`` sets cache marks that the client did not ask for.
        other: the provider's other surface, for what the first one does not serve.
        media: URL -> ``{"media_type", "data"}``, what the shell has fetched.
        client_headers: headers of the client that the provider may want, names in lower case.
    """

    provider: ProviderRow
    row: ModelRow
    model: str
    url: str
    stream_url: str
    headers: dict[str, str]
    prompt_cache: str | None = None
    client_headers: Mapping[str, str] = NOTHING
    other: Target | None = None
    media: Mapping[str, Mapping[str, str]] = attrs.field(default=NOTHING, repr=False)

    def all_headers(self) -> dict[str, str]:
        """Headers of the call without credentials: fixed ones, then what the client sent and the provider takes."""
        if not self.client_headers:
            return self.headers
        return self.headers | pick_headers(self.client_headers, self.provider.client_headers)


def pick_headers(headers: Mapping[str, Any], patterns: tuple[str, ...]) -> dict[str, str]:
    """The headers whose lower-case name is listed, or begins like a pattern that ends in ``*``."""
    exact, starts = _split(patterns)
    picked = {}
    for name, value in headers.items():
        lower = name.lower()
        if lower in exact or (starts and lower.startswith(starts)):
            picked[lower] = str(value)
    return picked


@functools.cache
def _split(patterns: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The patterns that are names, and the beginnings."""
    exact = frozenset(pattern for pattern in patterns if not pattern.endswith("*"))
    return exact, tuple(pattern[:-1] for pattern in patterns if pattern.endswith("*"))


@remember(1024)
def aim(
    provider: str,
    model: str,
    family: str | None = None,
    base_url: str | None = None,
    rows: tuple[ModelRow, ...] = (),
    **settings: str | None,
) -> Target:
    """A target by names.

    Args:
        provider: a key of PROVIDERS.
        model: the upstream model id.
        family: the id whose model row is used, when ``model`` does not tell it.
        base_url: instead of the provider's own; needed where the row has none.
        rows: extra model rows, which win.
        settings: what the address needs besides: ``region``, ``project``, ``location``, ``deployment``,
            ``api_version``.

    Raises:
        TranslationError: for an unknown provider, or a setting that is missing.
    """
    named = {"to": provider, "model": model, "family": family, "base_url": base_url, **settings}
    for name, word in named.items():
        if word is not None and type(word) is not str:
            wrong_type((name,), word, "a string in the head")
    row = PROVIDERS.get(provider)
    if row is None:
        known = ", ".join(PROVIDERS)
        message = f"Unknown provider '{provider}' as 'to'; known: {known}."
        raise TranslationError(message, path="/to", code="unknown_provider")
    given = {**row.defaults, **{name: word for name, word in settings.items() if word}}
    for begin in row.model_prefixes:
        model = model.removeprefix(begin)
    row = _variant(row, family or model, given)
    found = row_of(row, family or model, rows)
    if found is UNKNOWN and row.fallback:
        found = find(row.fallback, row.families)
    served = evolve(found, **row.surface) if row.surface else found
    if row.deployments:
        model = given.get("deployment", model)
    target = _at(row, served, model, base_url, given)
    if row.other is None:
        return target
    # What the model does not take beside tools is a matter of the first surface.
    whole = evolve(found, **row.other.surface, reasoning=evolve(found.reasoning, tools=True))
    # An address that names the route of the first surface names the host of both.
    host = base_url and base_url.rstrip("/").removesuffix(row.path)
    return evolve(target, other=_at(row.other, whole, model, host, given))


def _variant(row: ProviderRow, model: str, given: Mapping[str, str]) -> ProviderRow:
    """The row as it is for a model and for the version of an account."""
    row = next((variant for begin, variant in row.variants if model.startswith(begin)), row)
    for version, columns in row.older:
        if given.get("api_version", version) < version:
            row = evolve(row, **columns)
    return row


def _at(row: ProviderRow, model_row: ModelRow, model: str, base_url: str | None, given: Mapping[str, str]) -> Target:
    """The target at one surface of a provider."""
    address = functools.partial(_address, row, model, base_url, given)
    path = next((form for name, form in row.forms if _has(given, name)), row.path)
    stream_path = row.stream_path if path is row.path and row.stream_path else path
    headers = {"content-type": "application/json", **dict(row.headers)}
    return Target(row, model_row, model, address(path), address(stream_path), headers)


def _has(given: Mapping[str, str], form: str) -> bool:
    """Whether an account has a setting, or has it with a certain value."""
    name, equals, value = form.partition("=")
    return given.get(name) == value if equals else name in given


def row_of(row: ProviderRow, model: str, rows: tuple[ModelRow, ...]) -> ModelRow:
    """The model row of an id; rows of the configuration may name the id as it is."""
    bare = model
    if row.ids:
        found = find(model, (), rows)
        if found is not UNKNOWN:
            return found
        before = re.match(row.ids, model)
        bare = model[before.end() :] if before else model
    return find(bare, row.families, rows)


def _address(row: ProviderRow, model: str, base_url: str | None, given: Mapping[str, str], path: str) -> str:
    """The address of a path at a provider.

    Raises:
        TranslationError: for a setting that is missing.
    """
    base = base_url or row.base_urls.get(given.get("location", ""), row.base_url)
    if not base:
        raise _missing(row, "base_url")
    values = {name: quote(value, safe=_UNRESERVED) for name, value in given.items()}
    try:
        path = path.format(model=quote(model, safe=_UNRESERVED), **values)
        return _joined(base if base_url else base.format(**values), path)
    except KeyError as error:
        raise _missing(row, error.args[0]) from None


def _joined(base: str, path: str) -> str:
    """A base URL and a path; what both of them say, such as a version, is said once."""
    base = base.rstrip("/")
    steps = path.split("/")
    for count in range(len(steps), 1, -1):
        begin = "/".join(steps[:count])
        if base.endswith(begin):
            return base + path[len(begin) :]
    return base + path


def _missing(row: ProviderRow, name: str) -> TranslationError:
    article = "an" if name[0] in "aeiou" else "a"
    message = f"Provider '{row.name}' needs {article} {name}."
    return TranslationError(message, path=f"/{name}", code="missing_setting")


# RFC 3986, 2.3, and the "@" of versions, which may stand in a path.
_UNRESERVED = "-_.~@"
