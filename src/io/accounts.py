"""Accounts ready for use: everything that does not change from request to request is made once, here."""

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import attrs

from .attempt import Failover, Way, granted
from .config import Config, Row
from .credentials import Clock, Sign, Source, header_of, kind_of, source_of
from .headers import RawHeaders, text_header
from .http.limits import UpstreamLimits
from .keys import Key
from .policy import OnLoss, settled
from .refusal import Refusal
from .settings import AccountConfig, ModelAlias, RouteConfig, RouteTarget, Timeouts, limits_of
from .slots import Slots
from .structure import suggestion

MAX_LISTED: Final = 10
# A client may name models as it likes: of long names nothing is kept, of others a bounded number.
MAX_KEPT: Final = 200
KEPT: Final = 1024
# A shorter credential ("none", "EMPTY", "ollama") is no secret, and to hide it would spoil answers with that word.
MIN_SECRET: Final = 16


@attrs.frozen
class Account:
    """One account.

    Attributes:
        name: the first segment of a model id.
        provider: the provider row's name.
        head: the part of the core's request head that is the same for all requests.
        auth: the header with the credential, where it never changes.
        source: what gives credentials for each call, where they do not last; None where there is nothing to be asked.
        secret: the credential, to be hidden where a provider repeats it; ``b""`` when it is too short to be one.
        passing: client headers that the provider wants, by name.
        passing_prefixes: the same, by the beginning of the name.
        aliases: names of our own for the provider's models.
        on_loss: the server's policy for losses and its own.
        slots: how many requests it answers at once; None where nothing bounds them.
    """

    name: str
    provider: str
    head: Mapping[str, Any]
    auth: RawHeaders = attrs.field(repr=False)
    source: Source | None = attrs.field(repr=False)
    secret: bytes = attrs.field(repr=False)
    passing: frozenset[bytes]
    passing_prefixes: tuple[bytes, ...]
    aliases: Mapping[str, ModelAlias]
    on_loss: OnLoss
    slots: Slots | None = None

    @classmethod
    def of(cls, name: str, config: AccountConfig, row: Row, sign: Sign, clock: Clock, server: OnLoss) -> "Account":
        """The account of a configuration, whose server has a policy."""
        kind = kind_of(config, row["auth"])
        wanted = [header.lower().encode("ascii") for header in row.get("client_headers", ())]
        return cls(
            name=name,
            provider=config.provider,
            head={"to": config.provider, **config.parameters()},
            auth=header_of(kind, config),
            source=source_of(kind, name, config, sign, clock),
            secret=_secret(config),
            passing=frozenset(header for header in wanted if not header.endswith(b"*")),
            passing_prefixes=tuple(header[:-1] for header in wanted if header.endswith(b"*")),
            aliases=config.models,
            on_loss=settled((server, config.on_loss)),
            slots=_slots(config.provider, name, config, config.max_concurrent_requests),
        )

    def passed(self, headers: Mapping[bytes, bytes]) -> dict[str, str]:
        """Those of a client's headers that go on to the provider's translation."""
        exact, starts = self.passing, self.passing_prefixes
        if not starts and exact.isdisjoint(headers):
            return {}
        return {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in headers.items()
            if name in exact or (starts and name.startswith(starts))
        }


@attrs.frozen(eq=False)
class Target:
    """What a client's model string means. It is made once for a model, and is itself the key of what is made for it.

    Attributes:
        account: where it goes.
        model: the provider's id.
        family: the model row to use, where the id does not tell it.
        provider: the provider in words, for messages.
        reply_headers: the headers that tell a client where its request went.
        on_loss: the policy for losses, as all levels say it that know neither key nor request.
        slots: the bounds for how many requests it answers at once, in the order in which places are taken.
    """

    account: Account
    model: str
    family: str | None
    provider: str
    reply_headers: RawHeaders
    on_loss: OnLoss
    slots: tuple[Slots, ...] = ()

    @classmethod
    def of(cls, account: Account, model: str) -> "Target":
        """The target of an account's model, which may be an alias."""
        alias = account.aliases.get(model)
        on_loss = account.on_loss
        if alias is not None:
            model, on_loss = alias.id, settled((on_loss, alias.on_loss))
        headers = (
            (b"x-dragoman-provider", account.provider.encode("ascii")),
            (b"x-dragoman-model", text_header(model)),
        )
        family = None if alias is None else alias.family
        slots = () if account.slots is None else (account.slots,)
        return cls(account, model, family, _words(account.provider, account.name), headers, on_loss, slots)


@attrs.frozen(eq=False)
class ModelRoute:
    """A model name of its own over targets.

    Attributes:
        name: the model's.
        config: its targets as they are chosen.
        targets: what their models mean.
        way: how its attempts are made, as far as they are alike.
    """

    name: str
    config: RouteConfig
    targets: Mapping[str, Target]
    way: Way


class Accounts:
    """All accounts by name."""

    def __init__(self, config: Config, rows: Sequence[Row], sign: Sign, clock: Clock = time.time) -> None:
        by_name = {row["name"]: row for row in rows}
        self._accounts = {
            name: Account.of(name, account, by_name[account.provider], sign, clock, config.server.on_loss)
            for name, account in config.accounts.items()
        }
        self._configs = config.accounts
        self._granted = limits_of(UpstreamLimits, config.server)
        self._target = lru_cache(maxsize=KEPT)(self._make)
        self._routes = {name: self._route_of(name, route) for name, route in config.routes.items()}

    def __iter__(self) -> Iterator[Account]:
        return iter(self._accounts.values())

    def route(self, model: str) -> ModelRoute | None:
        """The route of this name, if there is one. A route's name has no slash, so that it is no account's model."""
        return self._routes.get(model)

    def find(self, model: str, key: Key) -> Target:
        """What a model string means: ``account/model``, split at the first slash.

        Raises:
            Refusal: 404 that says what there is for this key.
        """
        name, slash, rest = model.partition("/")
        account = self._accounts.get(name) if slash else None
        if account is None or not rest:
            raise self._unknown(model, key)
        return self._target(name, rest) if len(rest) <= MAX_KEPT else self._make(name, rest)

    def _make(self, name: str, model: str) -> Target:
        return Target.of(self._accounts[name], model)

    def _route_of(self, name: str, config: RouteConfig) -> ModelRoute:
        targets = {}
        for one in config.targets:
            account, _, model = one.model.partition("/")
            target = self._make(account, model)
            on_loss, slots = settled((target.on_loss, config.on_loss)), (*self._own_slots(one), *target.slots)
            targets[one.model] = attrs.evolve(target, on_loss=on_loss, slots=slots)
        way = Way(Failover.of(config.retry.on), waits=False, drops=False)
        if config.timeouts != Timeouts():
            way = attrs.evolve(way, timeouts=config.timeouts, limits=granted(config.timeouts, self._granted))
        return ModelRoute(name, config, targets, way)

    def _own_slots(self, target: RouteTarget) -> tuple[Slots, ...]:
        """The bound of a route's target, beside that of its account."""
        name = target.model.partition("/")[0]
        slots = _slots(self._accounts[name].provider, name, self._configs[name], target.max_concurrent)
        return () if slots is None else (slots,)

    def _unknown(self, model: str, key: Key) -> Refusal:
        usable = [account for account in self._accounts.values() if _reachable(account, key)]
        names = [account.name for account in usable]
        name, slash, rest = model.partition("/")
        routes = [route for route in self._routes if key.may_use(route)]
        near = "" if slash else suggestion(model, routes)
        if near:
            message = f"There is no route '{_short(model)}'{near}"
        elif slash and name in routes:
            message = f"'{name}' is a route, which is named alone: '{name}' and not '{_short(model)}'."
        elif not names:
            message = "This gateway has no accounts for you."
        elif not slash:
            owner = next((account for account in usable if model in account.aliases), None)
            example = f"{owner.name if owner else names[0]}/{model}"
            message = f"A model is written account/model, for example '{_short(example)}'."
        elif name in self._accounts and not rest:
            message = f"The model after '{_short(name)}/' is missing."
        else:
            message = f"There is no account '{_short(name)}'{suggestion(name, names) or '.'}"
        for title, known in (("Routes", routes), ("Accounts", names)):
            message += f" {title}: {_some(known)}." if known else ""
        if routes or names:
            message += " GET /v1/models lists the models."
        return Refusal(404, "model_not_found", message, param="model")


def _reachable(account: Account, key: Key) -> bool:
    if any(key.may_use(f"{account.name}/{alias}") for alias in account.aliases):
        return True
    return any(pattern in ("*", account.name) or pattern.startswith(f"{account.name}/") for pattern in key.patterns)


def _words(provider: str, account: str) -> str:
    return f"{provider} (account '{account}')"


def _slots(provider: str, name: str, config: AccountConfig, most: int | None) -> Slots | None:
    if most is None:
        return None
    return Slots(_words(provider, name), most, config.max_queued, config.queue_seconds)


def _secret(config: AccountConfig) -> bytes:
    value = b"" if config.api_key is None else config.api_key.reveal().encode("ascii")
    return value if len(value) >= MIN_SECRET else b""


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MAX_LISTED])
    return shown if len(names) <= MAX_LISTED else f"{shown} and {len(names) - MAX_LISTED} more"


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:97]}..."
