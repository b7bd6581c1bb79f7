"""Where a request goes: a provider, a model, and what the address needs."""

import functools
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import attrs

from .models import UNKNOWN, ModelRow, find
from .providers import PROVIDERS, ProviderRow
from .records import TranslationError


@attrs.frozen
class Target:
    """A provider and a model of it.

    Attributes:
        provider: who.
        row: what the model accepts.
        model: the upstream model id.
        url: the address of the call.
        headers: fixed headers of the call, without credentials.
        prompt_cache: ``auto`` sets cache marks that the client did not ask for.
        media: URL -> ``{"media_type", "data"}``, what the shell has fetched.
        client_headers: headers of the client that the provider may want, names in lower case.
    """

    provider: ProviderRow
    row: ModelRow
    model: str
    url: str
    headers: dict[str, str]
    prompt_cache: str | None = None
    client_headers: Mapping[str, str] = attrs.field(factory=dict)
    media: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict, repr=False)

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


@functools.lru_cache(maxsize=1024)
def aim(
    provider: str,
    model: str,
    family: str | None = None,
    base_url: str | None = None,
    rows: tuple[ModelRow, ...] = (),
) -> Target:
    """A target by names.

    Args:
        provider: a key of PROVIDERS.
        model: the upstream model id.
        family: the id whose model row is used, when ``model`` does not tell it.
        base_url: instead of the provider's own; needed where the row has none.
        rows: extra model rows, which win.

    Raises:
        TranslationError: for an unknown provider or a missing base_url.
    """
    for name, word in (("to", provider), ("model", model), ("family", family), ("base_url", base_url)):
        if word is not None and type(word) is not str:
            raise TranslationError(f"Invalid type for '{name}' in the head: expected a string.", path=f"/{name}")
    row = PROVIDERS.get(provider)
    if row is None:
        known = ", ".join(PROVIDERS)
        raise TranslationError(f"Unknown provider '{provider}'; known: {known}.", path="/to", code="unknown_provider")
    base = base_url or row.base_url
    if not base:
        raise TranslationError(f"Provider '{provider}' needs a base_url.", path="/base_url", code="missing_base_url")
    found = find(family or model, row.families, rows)
    if found is UNKNOWN and row.fallback:
        found = find(row.fallback, row.families)
    path = row.path.format(model=quote(model, safe="-_.~")) if "{" in row.path else row.path
    headers = {"content-type": "application/json", **dict(row.headers)}
    return Target(row, found, model, base.rstrip("/") + path, headers)
