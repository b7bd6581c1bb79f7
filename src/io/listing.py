"""What a configuration resolves to, for people: every value with its origin, and the policies that come of it."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from .config import Config
from .policy import DEFAULT, SEVERITIES, OnLoss
from .secret import Secret
from .settings import EMPTY
from .toml_lines import KeyPath, dotted


def listing(config: Config) -> Iterator[tuple[str, str, str]]:
    """Every value as (key, value for people, origin). Secrets are masked."""
    for table in ("server", "cache", "media"):
        yield from _list_fields(config, (table,), getattr(config, table))
    for table in ("accounts", "routes", "keys", "prices"):
        yield from _list_value(config, (table,), getattr(config, table))
    for name, columns in config.models.items():
        for column, value in columns.items():
            yield from _list_value(config, ("models", name, column), value)


def policies(config: Config) -> Iterator[tuple[str, ...]]:
    """Who asks for what -> the action of each severity, and the key of the configuration that says it.

    Rows are (whom it is about, contract, quality, cost, hint); there are none when no level says anything. A key's row
    has only what the key itself says, which goes before all others; a request's header comes last of all.
    """
    levels: dict[str, list[_Level]] = {}
    server = _level(config.server, "server")
    for name, account in config.accounts.items():
        own = levels[f"{name}/*"] = [("default", DEFAULT), server, _level(account, "accounts", name)]
        for alias, model in account.models.items():
            levels[f"{name}/{alias}"] = [*own, _level(model, "accounts", name, "models", alias)]
    for name, route in config.routes.items():
        for target in route.targets:
            own = levels.get(target.model) or levels[f"{target.model.partition('/')[0]}/*"]
            levels[f"{name}, at {target.model}"] = [*own, _level(route, "routes", name)]
    for name, key in config.keys.items():
        if key.on_loss:
            levels[f"with the key {name}"] = [_level(key, "keys", name)]
    if any(said for own in levels.values() for _, said in own if said is not DEFAULT):
        for name, own in levels.items():
            yield name, *(_word(severity, own) for severity in SEVERITIES)


# A key of the configuration, and the policy that it says.
_Level = tuple[str, OnLoss]


def _level(record: Any, *path: str) -> _Level:
    return dotted((*path, "on_loss")), record.on_loss


def _word(severity: str, levels: list[_Level]) -> str:
    """The action of a severity and who says it, the last of the levels that does."""
    return next((f"{said[severity]} ({name})" for name, said in reversed(levels) if severity in said), "-")


def _list_fields(config: Config, path: KeyPath, record: Any) -> Iterator[tuple[str, str, str]]:
    for field in attrs.fields(type(record)):
        yield from _list_value(config, (*path, field.name), getattr(record, field.name))


def _list_value(config: Config, path: KeyPath, value: Any) -> Iterator[tuple[str, str, str]]:
    origin = config.origins.get(path)
    if origin is None and value in (None, EMPTY, {}, ()):
        return
    if isinstance(value, Mapping) and any(attrs.has(type(item)) for item in value.values()):
        for name, item in value.items():
            yield from _list_fields(config, (*path, name), item)
        return
    if attrs.has(type(value)):
        yield from _list_fields(config, path, value)
        return
    if isinstance(value, Secret):
        shown, origin = str(value), f"{origin or 'default'}, {value.source}" if origin != value.source else origin
    elif isinstance(value, Mapping):
        shown = ", ".join(f"{key}={item}" for key, item in value.items())
    elif isinstance(value, tuple | list):
        shown = ", ".join(map(str, value))
    else:
        shown = str(value).lower() if isinstance(value, bool) else str(value)
    yield dotted(path), shown, origin or "default"
