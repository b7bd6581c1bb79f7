"""The configuration of a running gateway: a TOML file or the environment, checked, with the origin of every value."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from .cache_settings import CacheConfig
from .checks import FieldError
from .credentials import KINDS, kind_of, missing
from .secret import Document, resolve
from .settings import (
    EMPTY,
    AccountConfig,
    KeyConfig,
    MediaConfig,
    PriceConfig,
    RouteConfig,
    ServerConfig,
    Settings,
    checked_name,
)
from .structure import Problem, structure, suggestion
from .toml_lines import KeyPath, dotted, key_lines, line_of
from .tracing import missing as missing_for_traces
from .tracing_settings import TracingConfig

DEFAULT_FILE: Final = "dragoman.toml"
VARIABLE: Final = "DRAGOMAN_CONFIG"
NO_ACCOUNTS: Final = f"no accounts: set OPENAI_API_KEY or ANTHROPIC_API_KEY, or write {DEFAULT_FILE}"
AUTH_WITHOUT_KEY: Final = "none"
# What an account may say of its credentials -> the way to sign on that it belongs to.
_BELONGS: Final = {"credentials": "google", "profile": "aws", "scope": "entra"}
_WILD: Final = re.compile(r"[*?[]")

Row = Mapping[str, Any]
"""A provider row as the core lists it: name, dialect, auth, base_url, needs, env."""


class ConfigError(Exception):
    """The configuration cannot be used.

    Attributes:
        problems: one readable line for each fault, with file, line and key.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@attrs.frozen
class Config:
    """What the gateway runs with.

    Attributes:
        server, accounts, routes, keys, media, tracing, cache, models, prices: as in the file.
        source: the file, or a word for where the accounts come from.
        notes: warnings for people.
        origins: key path -> where its value was given; what is not here is a default.
    """

    server: ServerConfig = attrs.field(factory=ServerConfig)
    accounts: Mapping[str, AccountConfig] = attrs.field(default=EMPTY)
    routes: Mapping[str, RouteConfig] = attrs.field(default=EMPTY)
    keys: Mapping[str, KeyConfig] = attrs.field(default=EMPTY)
    media: MediaConfig = attrs.field(factory=MediaConfig)
    tracing: TracingConfig = attrs.field(factory=TracingConfig)
    cache: CacheConfig = attrs.field(factory=CacheConfig)
    models: Mapping[str, Mapping[str, Any]] = attrs.field(default=EMPTY)
    prices: Mapping[str, PriceConfig] = attrs.field(default=EMPTY)
    source: str = "defaults"
    notes: tuple[str, ...] = ()
    origins: Mapping[KeyPath, str] = attrs.field(default=EMPTY, repr=False)


def find(env: Mapping[str, str]) -> Path | None:
    """The configuration file when none is named: that of ``DRAGOMAN_CONFIG``, else ``dragoman.toml`` if it is here."""
    if named := env.get(VARIABLE, "").strip():
        return Path(named)
    here = Path(DEFAULT_FILE)
    return here if here.is_file() else None


def load(path: Path | None, *, env: Mapping[str, str], providers: Sequence[Row]) -> Config:
    """Read a configuration file, or without one the environment.

    Args:
        path: the file; None takes the accounts of well-known environment variables.
        env: the environment.
        providers: the core's provider rows.

    Raises:
        ConfigError: the file cannot be read, or something in it is wrong; all faults are listed.
    """
    if path is None:
        accounts, origins, notes = accounts_from_env(env, providers)
        return Config(accounts=accounts, source="environment", notes=notes, origins=origins)
    name = str(path)
    text = _text_of(path)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{name}: not TOML: {error}"]) from None
    lines = key_lines(text)
    settings, problems = structure(raw, env, path.parent)
    if settings is not None:
        problems += _check(settings, providers)
    if settings is None or problems:
        raise ConfigError([_located(name, lines, problem) for problem in problems])
    config = Config(
        server=settings.server,
        accounts=settings.accounts,
        routes=settings.routes,
        keys=settings.keys,
        media=settings.media,
        tracing=settings.tracing,
        cache=settings.cache,
        models=settings.models,
        prices=settings.prices,
        source=name,
        notes=tuple(_warnings(settings)),
        origins={given: f"{name}:{line_of(lines, given)}" for given in _given(raw)},
    )
    if not settings.accounts:
        config = _with_env_accounts(config, env, providers)
    if lost := list(_check_routes(config)):
        raise ConfigError([_located(name, lines, problem) for problem in lost])
    return attrs.evolve(config, notes=(*config.notes, *_idle_patterns(config)))


def accounts_from_env(
    env: Mapping[str, str], providers: Sequence[Row]
) -> tuple[dict[str, AccountConfig], dict[KeyPath, str], tuple[str, ...]]:
    """Accounts named after their provider, for each provider whose well-known variable is set.

    Returns:
        The accounts, the origins of their values, and notes about variables that do not suffice.
    """
    accounts: dict[str, AccountConfig] = {}
    origins: dict[KeyPath, str] = {}
    notes: list[str] = []
    for row in providers:
        name = row["name"]
        variable = next((key for key in row.get("env", ()) if env.get(key, "").strip()), None)
        if variable is None:
            continue
        settings = {key: word for key, word in row.get("settings_env", ()) if env.get(word, "").strip()}
        given: dict[str, Any] = {key: env[word].strip() for key, word in settings.items()}
        try:
            account = AccountConfig(provider=name, api_key=resolve(f"env:{variable}", env=env, base=Path()), **given)
        except FieldError as error:
            notes.append(f"{settings[error.key]} is set, but {error.message}")
            continue
        if problems := list(_check_account(account, {name: row})):
            words = " and ".join(word for key, word in row.get("settings_env", ()) if key in row.get("needs", ()))
            how = f"set {words}, or write" if words else "write"
            notes.append(f"{variable} is set, but {name} {problems[0].message}: {how} the account in {DEFAULT_FILE}")
            continue
        accounts[name] = account
        origins |= {("accounts", name, key): f"env {variable}" for key in ("provider", "api_key")}
        origins |= {("accounts", name, key): f"env {word}" for key, word in settings.items()}
    return accounts, origins, tuple(notes)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise ConfigError([f"{path}: not UTF-8 text"]) from None
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror or type(error).__name__}"]) from None


def _located(name: str, lines: Mapping[KeyPath, int], problem: Problem) -> str:
    line = line_of(lines, problem.path)
    place = f"{name}:{line}" if line else name
    return f"{place}: {dotted(problem.path)}: {problem.message}"


def _check(settings: Settings, providers: Sequence[Row]) -> Iterator[Problem]:
    rows = {row["name"]: row for row in providers}
    for table, what in (("accounts", "an account"), ("routes", "a route")):
        for name in getattr(settings, table):
            try:
                checked_name(name, what)
            except ValueError as error:
                yield Problem((table, name), str(error))
    for name, account in settings.accounts.items():
        for problem in _check_account(account, rows):
            yield Problem(("accounts", name, *problem.path), problem.message)
    if settings.tracing.enabled and (needed := missing_for_traces()) is not None:
        yield Problem(("tracing", "enabled"), needed)
    if settings.cache.store == "shared" and settings.server.shared is None:
        yield Problem(("cache", "store"), '"shared" needs [server] shared, the address of the server')
    seen: dict[str, str] = {}
    for name, key in settings.keys.items():
        other = seen.setdefault(key.hash, name)
        if other != name:
            yield Problem(("keys", name, "hash"), f'is the hash of the key "{other}" too')


def _check_routes(config: Config) -> Iterator[Problem]:
    """Every target of a route must be a model of an account, be it one of the environment."""
    for name, route in config.routes.items():
        for index, target in enumerate(route.targets):
            path = ("routes", name, "targets", str(index))
            account, _, model = target.model.partition("/")
            if not model:
                nested = " (a route cannot lead to another one)" if account in config.routes else ""
                yield Problem(path, f'"{target.model}" must be written account/model{nested}')
            elif account not in config.accounts:
                near = suggestion(account, config.accounts) or f" (accounts: {', '.join(config.accounts) or 'none'})"
                yield Problem(path, f'there is no account "{account}"{near}')


def _check_account(account: AccountConfig, rows: Mapping[str, Row]) -> Iterator[Problem]:
    row = rows.get(account.provider)
    if row is None:
        known = sorted(rows)
        yield Problem(
            ("provider",),
            f'unknown provider "{account.provider}"{suggestion(account.provider, known)} (known: {", ".join(known)})',
        )
        return
    kind = kind_of(account, row["auth"])
    if kind not in KINDS:
        yield Problem(("auth",), f'"{kind}" must be one of {", ".join(KINDS)}')
        return
    yield from _check_credentials(account, kind)
    given = {*account.parameters(), *(() if account.api_key is not None else KINDS[kind].gives)}
    for need in row.get("needs", ()):
        if need not in given:
            example = "base_url (or endpoint)" if need == "base_url" else need
            yield Problem((), f"needs {example}")
    # A provider that has no well-known variable for its key is one that may do without.
    variable = next(iter(row.get("env", ())), None)
    keyless = kind == AUTH_WITHOUT_KEY or KINDS[kind].package is not None
    if account.api_key is None and not keyless and variable is not None:
        yield Problem((), f'needs api_key, for example api_key = "env:{variable}"')


def _check_credentials(account: AccountConfig, kind: str) -> Iterator[Problem]:
    """What an account says of its credentials must belong to its way to sign on."""
    for key, wanted in _BELONGS.items():
        if getattr(account, key) is None:
            continue
        if kind != wanted:
            yield Problem((key,), f'belongs to auth = "{wanted}", and this account signs on by "{kind}"')
        elif account.api_key is not None:
            yield Problem((key,), "does not go with api_key: give one of them")
    if account.credentials is not None and not _is_document(account.credentials):
        yield Problem(("credentials",), "is not a Google credentials file: a JSON object with a type")
    if account.api_key is not None:
        if kind == "entra" or account.auth == AUTH_WITHOUT_KEY:
            yield Problem(("api_key",), f'does not go with auth = "{kind}": give one of them')
    elif (needed := missing(kind)) is not None:
        yield Problem(("auth",) if account.auth else (), needed)


def _is_document(credentials: Document) -> bool:
    try:
        value = json.loads(credentials.reveal())
    except ValueError:
        return False
    return isinstance(value, dict) and isinstance(value.get("type"), str)


def _warnings(settings: Settings) -> Iterator[str]:
    for name, account in settings.accounts.items():
        if account.api_key is not None and account.api_key.source == "literal":
            yield f"accounts.{name}.api_key is written in the file: prefer env:NAME or file:PATH"
    ledger = settings.server.ledger
    if ledger is not None and ledger.source == "literal" and ledger.password is not None:
        yield "server.ledger has its password written in the file: prefer env:NAME or file:PATH"


def _idle_patterns(config: Config) -> Iterator[str]:
    """Notes about what keys may use and nobody serves: most likely a name that is spelled otherwise."""
    for name, key in config.keys.items():
        for pattern in key.models:
            first, slash, _ = pattern.partition("/")
            what, known = ("account", config.accounts) if slash else ("route", config.routes)
            if first not in known and not _WILD.search(first):
                there = suggestion(first, known) or "."
                yield f'keys.{name}.models: "{pattern}" is nothing that is served, there is no {what} "{first}"{there}'


def _given(raw: Mapping[str, Any], path: KeyPath = ()) -> Iterator[KeyPath]:
    """The path of every key of the parsed file, tables included."""
    for key, value in raw.items():
        yield (*path, key)
        if isinstance(value, dict):
            yield from _given(value, (*path, key))


def _with_env_accounts(config: Config, env: Mapping[str, str], providers: Sequence[Row]) -> Config:
    accounts, origins, notes = accounts_from_env(env, providers)
    return attrs.evolve(config, accounts=accounts, origins={**config.origins, **origins}, notes=(*config.notes, *notes))
