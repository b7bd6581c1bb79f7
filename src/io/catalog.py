"""The models that the accounts serve, as lists for clients and for people."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
import orjson

from .config import Config, Row
from .core import Core
from .keys import Key
from .refusal import Refusal
from .settings import AccountConfig, ModelAlias
from .structure import suggestion

CREATED: Final = 1_700_000_000
"""A fixed time for lists whose shape wants one: nobody knows when a model was made."""

ROUTE: Final = "route"
"""Who owns a model that is a route: no provider alone."""

# Rows whose prefix is a bare word are for ids of the family that no other row knows: they are no models.
_CONCRETE: Final = re.compile(r"[0-9-]")


@attrs.frozen
class Entry:
    """One model.

    Attributes:
        id: as clients write it, ``account/model`` or a route's name.
        provider: the provider's name; of a route, that it is one.
        upstream: the provider's id, or the targets of a route.
        row: what is known of it, a model row as the core lists it.
    """

    id: str
    provider: str
    upstream: str
    row: Mapping[str, Any]


class Catalog:
    """The models of a configuration."""

    def __init__(self, config: Config, core: Core, rows: Sequence[Row]) -> None:
        self.entries = tuple(entries(config, core, rows))

    def of(self, key: Key) -> list[Entry]:
        """The models that a key may use."""
        return [entry for entry in self.entries if key.may_use(entry.id)]

    def _told(self, key: Key, dialect: str) -> list[Entry]:
        """Those of them that a dialect's clients can ask: embeddings are offered in OpenAI's form only."""
        return [entry for entry in self.of(key) if dialect not in SHAPES or "embeddings" not in entry.row]

    def all(self, key: Key, dialect: str) -> bytes:
        """The list as a dialect's clients know it."""
        shape = SHAPES.get(dialect, _openai)
        data = [shape(entry) for entry in self._told(key, dialect)]
        if dialect == "gemini":
            return orjson.dumps({"models": data})
        if dialect != "anthropic":
            return orjson.dumps({"object": "list", "data": data})
        ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
        return orjson.dumps({"data": data, "has_more": False, **ends})

    def one(self, model: str, key: Key, dialect: str) -> bytes:
        """One model.

        Raises:
            Refusal: 404 when it does not exist for this key.
        """
        usable = self._told(key, dialect)
        for entry in usable:
            if entry.id == model:
                return orjson.dumps(SHAPES.get(dialect, _openai)(entry))
        near = suggestion(model, [entry.id for entry in usable])
        raise Refusal(404, "model_not_found", f"There is no model '{model[:100]}'{near or '.'}", param="model")


def model_rows(config: Config) -> list[dict[str, Any]]:
    """The configuration's model rows as the core takes them."""
    return [{"prefix": name, **columns} for name, columns in config.models.items()]


def entries(config: Config, core: Core, providers: Sequence[Row]) -> Iterator[Entry]:
    """The routes, then of each account its aliases and what the core knows for its provider."""
    for name, route in config.routes.items():
        yield Entry(name, ROUTE, f"{route.strategy}: {', '.join(map(str, route.targets))}", {})
    by_name = {row["name"]: row for row in providers}
    models = orjson.loads(core.models())
    by_prefix = {row["prefix"]: row for row in reversed(models)}  # families may know a model by the same prefix
    for name, account in config.accounts.items():
        for alias, target in account.models.items():
            row = _row_of(config, core, account, target)
            yield Entry(f"{name}/{alias}", account.provider, target.id, by_prefix.get(row, {}))
        provider = by_name[account.provider]
        families = () if provider.get("deployments") else provider.get("families", ())
        for row in models:
            prefix = row["prefix"]
            if row["family"] in families and prefix not in account.models and _CONCRETE.search(prefix):
                yield Entry(f"{name}/{prefix}", account.provider, prefix, row)
        for vectors in provider.get("embeddings", ()):
            if (model := vectors["id"]) not in account.models:
                yield Entry(f"{name}/{model}", account.provider, model, {"embeddings": vectors})


_PLAIN: Final = b'{"model":"m","messages":[{"role":"user","content":"Hello"}]}'


def _row_of(config: Config, core: Core, account: AccountConfig, alias: ModelAlias) -> str:
    """The prefix of the row that the core uses for an alias; it is asked with a request that asks for nothing."""
    head = {
        **account.parameters(),
        "from": "openai_chat",
        "to": account.provider,
        "model": alias.id,
        "family": alias.family,
        "models": model_rows(config),
    }
    prefix: str = orjson.loads(core.request(orjson.dumps(head), _PLAIN).head).get("row", "")
    return prefix


def _openai(entry: Entry) -> dict[str, Any]:
    shape = {"id": entry.id, "object": "model", "created": CREATED, "owned_by": entry.provider}
    return {**shape, "capabilities": said} if (said := capabilities(entry.row)) else shape


def capabilities(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a model, as an extension of the list: a key that is missing is unknown."""
    if (vectors := row.get("embeddings")) is not None:
        return {"context": vectors["context"], "input": ["text"], "output": ["embedding"], "embeddings": vectors}
    if "reasoning" not in row:
        return {}
    said: dict[str, Any] = {name: row[name] for name in ("context", "max_output") if row.get(name) is not None}
    if all(row.get(kind) is not None for kind in _MEDIA):
        said["input"] = ["text", *(name for kind, name in _MEDIA.items() if row[kind])]
    if row.get("outputs") is not None:
        said["output"] = sorted(row["outputs"])
    if (kind := row["reasoning"]["kind"]) not in ("any", "unknown"):
        said["reasoning"] = kind != "none"
    return {**said, "json_schema": row["schema_output"]}


_MEDIA: Final = {"images": "image", "documents": "document", "audio": "audio", "video": "video"}


def _anthropic(entry: Entry) -> dict[str, Any]:
    created = "2023-11-14T22:13:20Z"
    return {"type": "model", "id": entry.id, "display_name": entry.id, "created_at": created}


def _gemini(entry: Entry) -> dict[str, Any]:
    limits = {"outputTokenLimit": limit} if (limit := entry.row.get("max_output")) else {}
    methods = ["generateContent", "streamGenerateContent", "countTokens"]
    return {"name": f"models/{entry.id}", "displayName": entry.id, **limits, "supportedGenerationMethods": methods}


SHAPES: Final = {"anthropic": _anthropic, "gemini": _gemini}
"""Dialect -> a model as its clients know it; all others know OpenAI's."""
