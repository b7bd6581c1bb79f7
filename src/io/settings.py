"""The configuration as records: what ``dragoman.toml`` may say, and nothing else."""

import re
import select
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeVar

import attrs

from . import checks
from .cache_settings import CacheConfig
from .checks import FieldError, Validator
from .http.limits import Limits, UpstreamLimits
from .policy import NO_POLICY, OnLoss
from .route_settings import Retry, RouteConfig, RouteTarget, Timeouts
from .secret import Address, Document, Secret
from .tracing_settings import TracingConfig

FETCHED_TYPES: Final = (
    "image/*", "audio/*", "video/*", "text/plain", "text/csv", "text/markdown", "application/pdf",
)  # fmt: skip
"""What providers take. Web pages are not among them: mostly they are a sign-on or an error."""
EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})

__all__ = [
    "EMPTY", "FETCHED_TYPES", "AccountConfig", "CacheConfig", "KeyConfig", "MediaConfig", "ModelAlias", "Retry",
    "RouteConfig", "RouteTarget", "ServerConfig", "Settings", "Timeouts", "checked_name", "limits_of",
]  # fmt: skip

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def _limit(record: type, name: str, validator: Validator = checks.positive) -> Any:
    """A setting that is a limit of the edge: it has the default there, and `limits_of` hands its value back."""
    default = attrs.fields_dict(record)[name].default
    return attrs.field(default=default, validator=validator, metadata={record: name})


@attrs.frozen
class ServerConfig:
    """``[server]``: where to listen and within which bounds.

    Attributes:
        host, port: address to listen on; port 0 takes a free one.
        workers: processes that share the port; each uses one core.
        prefixes: paths under which the API is served too, such as ``/api/llm``.
        max_connections: most client connections at once, in each worker.
        max_head_bytes: largest head of a client's request: request line and headers; a chunked body's trailers, and the
            framing between two pieces of it, are held to the same.
        max_headers: most header lines of a client's request, trailers included.
        max_body_bytes: largest body of a client's request.
        max_buffered_bytes: most bytes of bodies in memory at once, over all connections: clients' requests, while they
            come and until they are answered, and providers' whole replies.
        max_pipelined_requests: most requests of one connection that wait while another is answered.
        head_timeout_seconds: time for a request's head, from its first byte.
        body_timeout_seconds: time for a request's body, on top of what `min_body_bytes_per_second` allows it.
        min_body_bytes_per_second: slowest that a request's body may come once `body_timeout_seconds` are over.
        keep_alive_seconds: how long a client's connection is kept without a request.
        write_timeout_seconds: longest time that a client may take nothing of its answer.
        drain_seconds: time for running requests when the server is told to stop.
        connect_timeout_seconds: time to reach a provider.
        upstream_timeout_seconds: time until a provider begins to answer.
        idle_timeout_seconds: longest silence inside a provider's answer.
        upstream_write_timeout_seconds: longest time that a provider may take nothing of a request.
        max_reply_head_bytes: largest head of a provider's reply, informational responses before it included.
        max_reply_headers: most header lines of a provider's reply, trailers included.
        max_reply_bytes: largest whole reply of a provider, or event of a stream.
        max_idle_upstream_connections: most connections that are kept for reuse, for each host of a provider.
        upstream_keep_alive_seconds: how long a connection to a provider is kept for reuse.
        transport: what carries calls to providers: ``own``, or ``httpx`` for proxies and HTTP/2, at a higher price and
            with at most 100 connections.
        proxy: URL of the proxy to providers (``http``, ``https``, ``socks5``); with ``transport = "httpx"`` only.
        http2: whether HTTP/2 is offered to providers; with ``transport = "httpx"`` only.
        on_loss: policy for losses.
        strict_openai: whether replies carry no extension keys.
        prompt_cache: ``asked`` (cache marks are the client's) or ``auto`` (added where the provider takes them).
        access_log: whether each request writes one JSON line to stderr.
        metrics: who may read ``GET /metrics``: ``open`` (everybody who reaches the address), ``key`` (whoever has a key
            of the gateway), or ``off`` (nobody, and nothing is counted).
        ledger: where every request for a model is entered: ``sqlite:PATH``, ``postgresql://…``, or ``off``; as
            ``env:NAME`` or ``file:PATH`` where it holds a password. By default an SQLite file in the user's state
            folder, ``~/.local/state/dragoman/ledger.sqlite3``.
        watch: whether the configuration is read again when its file changes, as on SIGHUP.
        shared: a Valkey or Redis server in which several gateways keep what keys have used, so that a limit is one for
            all of them: ``redis://host:6379/0``; as ``env:NAME`` or ``file:PATH`` where it holds a password.
        shared_failure: what becomes of requests of keys with limits while it is away: ``closed`` refuses them (503),
            ``open`` lets them through.
        driver: what moves the bytes: ``lane`` (least work for each request and event; needs epoll), ``streams`` (plain
            trio, works everywhere), or ``auto``, which is the lane on Linux and streams elsewhere.
    """

    host: str = attrs.field(default="127.0.0.1", validator=checks.not_empty)
    port: int = attrs.field(default=8080, validator=checks.port)
    workers: int = attrs.field(default=1, validator=checks.positive)
    prefixes: tuple[str, ...] = attrs.field(default=(), validator=checks.prefixes)
    max_connections: int = _limit(Limits, "max_connections")
    max_head_bytes: int = _limit(Limits, "max_head_bytes")
    max_headers: int = _limit(Limits, "max_headers")
    max_body_bytes: int = _limit(Limits, "max_body_bytes")
    max_buffered_bytes: int = _limit(Limits, "max_buffered_bytes")
    max_pipelined_requests: int = _limit(Limits, "max_pipelined")
    head_timeout_seconds: float = _limit(Limits, "head_timeout")
    body_timeout_seconds: float = _limit(Limits, "body_timeout")
    min_body_bytes_per_second: float = _limit(Limits, "min_body_rate")
    keep_alive_seconds: float = _limit(Limits, "idle_timeout")
    write_timeout_seconds: float = _limit(Limits, "write_timeout")
    drain_seconds: float = _limit(Limits, "drain_timeout")
    connect_timeout_seconds: float = _limit(UpstreamLimits, "connect_timeout")
    upstream_timeout_seconds: float = _limit(UpstreamLimits, "head_timeout")
    idle_timeout_seconds: float = _limit(UpstreamLimits, "idle_read_timeout")
    upstream_write_timeout_seconds: float = _limit(UpstreamLimits, "write_timeout")
    max_reply_head_bytes: int = _limit(UpstreamLimits, "max_head_bytes")
    max_reply_headers: int = _limit(UpstreamLimits, "max_headers")
    max_reply_bytes: int = _limit(UpstreamLimits, "max_body_bytes")
    max_idle_upstream_connections: int = _limit(UpstreamLimits, "max_idle_per_origin", checks.not_negative)
    upstream_keep_alive_seconds: float = _limit(UpstreamLimits, "idle_ttl")
    transport: str = attrs.field(default="own")
    proxy: Secret | None = attrs.field(default=None, validator=checks.proxy)
    http2: bool = attrs.field(default=False, validator=checks.http2)
    on_loss: OnLoss = attrs.field(default=NO_POLICY, validator=checks.on_loss)
    strict_openai: bool = False
    prompt_cache: str = attrs.field(default="asked")
    access_log: bool = True
    metrics: str = attrs.field(default="open")
    ledger: Address | None = attrs.field(default=None, validator=checks.ledger)
    watch: bool = False
    shared: Address | None = attrs.field(default=None, validator=checks.shared)
    shared_failure: str = attrs.field(default="closed")
    driver: str = attrs.field(default="auto")

    def __attrs_post_init__(self) -> None:
        for key in ("proxy", "http2"):
            if getattr(self, key) and self.transport != "httpx":
                raise FieldError(key, 'needs transport = "httpx"')

    @transport.validator
    def _check_transport(self, attribute: "attrs.Attribute[str]", value: str) -> None:
        if value not in ("own", "httpx"):
            raise FieldError(attribute.name, f'"{value}" must be "own" or "httpx"')

    @prompt_cache.validator
    def _check_prompt_cache(self, attribute: "attrs.Attribute[str]", value: str) -> None:
        if value not in ("asked", "auto"):
            raise FieldError(attribute.name, f'"{value}" must be "asked" or "auto"')

    @metrics.validator
    def _check_metrics(self, attribute: "attrs.Attribute[str]", value: str) -> None:
        if value not in ("open", "key", "off"):
            raise FieldError(attribute.name, f'"{value}" must be "open", "key" or "off"')

    @shared_failure.validator
    def _check_shared_failure(self, attribute: "attrs.Attribute[str]", value: str) -> None:
        if value not in ("closed", "open"):
            raise FieldError(attribute.name, f'"{value}" must be "closed" or "open"')

    @driver.validator
    def _check_driver(self, attribute: "attrs.Attribute[str]", value: str) -> None:
        if value not in ("auto", "lane", "streams"):
            raise FieldError(attribute.name, f'"{value}" must be "auto", "lane" or "streams"')
        if value == "lane" and not hasattr(select, "epoll"):
            raise FieldError(attribute.name, '"lane" needs epoll, which this system does not have; use "auto"')


_Record = TypeVar("_Record", Limits, UpstreamLimits)


def limits_of(record: type[_Record], server: ServerConfig) -> _Record:
    """The edge's limits as the settings have them."""
    fields = attrs.fields(ServerConfig)
    return record(**{f.metadata[record]: getattr(server, f.name) for f in fields if record in f.metadata})


@attrs.frozen
class MediaConfig:
    """``[media]``: how media are fetched for providers that take no URLs.

    Attributes:
        enabled: whether they are.
        allow_hosts: the only hosts that are asked, as names or patterns such as ``*.example.com``; none means all.
        deny_hosts: hosts that are never asked.
        allow_http: whether plain ``http`` is allowed, beside ``https``.
        allow_private: whether hosts may be private, local or otherwise not on the public internet.
        types: media types that may come, as patterns.
        max_items: most URLs of one request.
        max_bytes: largest single document.
        max_total_bytes: most bytes of all documents of one request.
        timeout_seconds: time for each of them, redirects included.
        max_redirects: most redirects of each.
        max_concurrent: how many of a request are fetched at once.
    """

    enabled: bool = True
    allow_hosts: tuple[str, ...] = ()
    deny_hosts: tuple[str, ...] = ()
    allow_http: bool = False
    allow_private: bool = False
    types: tuple[str, ...] = attrs.field(default=FETCHED_TYPES)
    max_items: int = attrs.field(default=64, validator=checks.positive)
    max_bytes: int = attrs.field(default=33_554_432, validator=checks.positive)
    max_total_bytes: int = attrs.field(default=67_108_864, validator=checks.positive)
    timeout_seconds: float = attrs.field(default=20.0, validator=checks.positive)
    max_redirects: int = attrs.field(default=3, validator=checks.not_negative)
    max_concurrent: int = attrs.field(default=8, validator=checks.positive)


@attrs.frozen
class ModelAlias:
    """``[accounts.NAME.models.ALIAS]``: a name of our own for a provider's model.

    Attributes:
        id: the provider's model id, deployment or ARN.
        family: the model row to use where the id does not tell it.
        on_loss: policy for losses of requests to this alias.
    """

    id: str = attrs.field(validator=checks.not_empty)
    family: str | None = attrs.field(default=None, validator=checks.not_empty)
    on_loss: OnLoss = attrs.field(default=NO_POLICY, validator=checks.on_loss)


@attrs.frozen
class AccountConfig:
    """``[accounts.NAME]``: one set of credentials with one provider.

    Attributes:
        provider: name of the provider row.
        api_key: the credential, for every way to sign on that is a single secret.
        auth: how to sign on, where the provider's own way is not meant: ``bearer``, ``x-api-key``, ``api-key``,
            ``x-goog-api-key``, ``aws``, ``google``, ``entra`` or ``none``.
        credentials: a Google credentials file, for ``google``; without it the application default credentials count.
        profile: of the AWS configuration, for ``aws``.
        scope: whom an Entra token is for, for ``entra``.
        base_url: where the provider is, when not at its own place.
        endpoint: the same thing under the name that Azure's portal gives it.
        region, project, location, deployment, api_version: what some providers' URLs need.
        on_loss: policy for losses of requests to this account.
        max_concurrent_requests: most requests that the account answers at once, in each worker; None means unlimited.
        max_queued: most requests that wait for their turn, at the account and at each target of a route that has a
            limit of its own.
        queue_seconds: longest time that a request waits for its turn.
        models: alias -> the provider's id.
    """

    provider: str = attrs.field(validator=checks.not_empty)
    api_key: Secret | None = None
    auth: str | None = None
    credentials: Document | None = None
    profile: str | None = attrs.field(default=None, validator=checks.not_empty)
    scope: str | None = attrs.field(default=None, validator=checks.not_empty)
    base_url: str | None = attrs.field(default=None, validator=checks.url)
    endpoint: str | None = attrs.field(default=None, validator=checks.url)
    region: str | None = attrs.field(default=None, validator=checks.not_empty)
    project: str | None = attrs.field(default=None, validator=checks.not_empty)
    location: str | None = attrs.field(default=None, validator=checks.not_empty)
    deployment: str | None = attrs.field(default=None, validator=checks.not_empty)
    api_version: str | None = attrs.field(default=None, validator=checks.not_empty)
    on_loss: OnLoss = attrs.field(default=NO_POLICY, validator=checks.on_loss)
    max_concurrent_requests: int | None = attrs.field(
        default=None, validator=attrs.validators.optional(checks.positive)
    )
    max_queued: int = attrs.field(default=100, validator=checks.not_negative)
    queue_seconds: float = attrs.field(default=10.0, validator=checks.positive)
    models: Mapping[str, ModelAlias] = attrs.field(default=EMPTY)

    def __attrs_post_init__(self) -> None:
        if self.base_url is not None and self.endpoint is not None:
            raise FieldError("endpoint", "says the same as base_url: give one of them")

    @property
    def url(self) -> str | None:
        """Where the provider is, under either name."""
        return self.base_url if self.base_url is not None else self.endpoint

    def parameters(self) -> dict[str, str]:
        """What the core needs to build this account's URLs, by the names of the request head."""
        names = ("region", "project", "location", "deployment", "api_version")
        given = {"base_url": self.url} | {name: getattr(self, name) for name in names}
        return {name: value for name, value in given.items() if value is not None}


@attrs.frozen
class KeyLimits:
    """``[keys.NAME.limits]``: how much a key may use. What is left out has no limit.

    Attributes:
        requests_per_minute: most requests in any 60 seconds.
        tokens_per_minute: most tokens in any 60 seconds, of requests and answers together.
        concurrent_requests: most requests under way at once.
        usd_per_day: US dollars; when so many are spent, the key waits for the next day (UTC).
        usd_per_month: the same of a month.
    """

    requests_per_minute: int | None = attrs.field(default=None, validator=attrs.validators.optional(checks.positive))
    tokens_per_minute: int | None = attrs.field(default=None, validator=attrs.validators.optional(checks.positive))
    concurrent_requests: int | None = attrs.field(default=None, validator=attrs.validators.optional(checks.positive))
    usd_per_day: float | None = attrs.field(default=None, validator=attrs.validators.optional(checks.positive))
    usd_per_month: float | None = attrs.field(default=None, validator=attrs.validators.optional(checks.positive))


@attrs.frozen
class KeyConfig:
    """``[keys.NAME]``: a key of the gateway's own that clients present.

    Attributes:
        hash: ``sha256:`` and the hexadecimal digest of the key.
        models: patterns of the models and routes it may use, for example ``claude-prod/*``.
        on_loss: policy for losses of requests with this key; what it refuses, no request header allows.
        metadata: names and texts for the log of each of its requests, beneath those of the request itself.
        limits: how much it may use.
        expires: when it ends, a date-time with an offset; a date is its last day (UTC).
        cache: whether its requests may be told answers of the cache, and have theirs kept there.
    """

    hash: str = attrs.field(validator=checks.key_hash)
    models: tuple[str, ...] = ("*",)
    on_loss: OnLoss = attrs.field(default=NO_POLICY, validator=checks.on_loss)
    metadata: Mapping[str, str] = attrs.field(default=EMPTY)
    limits: KeyLimits = attrs.field(factory=KeyLimits)
    expires: datetime | None = None
    cache: bool = True


def _price(default: Any = None) -> Any:
    validator = attrs.validators.optional(checks.not_negative)
    return attrs.field(default=default, validator=validator)


@attrs.frozen
class PriceConfig:
    """``[prices."PATTERN"]``: what models cost, in USD per million tokens of each kind.

    Attributes:
        input: input that is neither read from nor written to a cache.
        output: output.
        cache_read: input read from a cache; like `input` where it is not said.
        cache_write: input written to a cache; like `input` where it is not said.
        cache_write_long: the same with a long lifetime; like `cache_write` where it is not said.
        audio_in: input in audio; like `input` where it is not said.
        reasoning: output spent on reasoning; like `output` where it is not said.
        audio_out: output in audio; like `output` where it is not said.
    """

    input: float = _price(attrs.NOTHING)
    output: float = _price(attrs.NOTHING)
    cache_read: float | None = _price()
    cache_write: float | None = _price()
    cache_write_long: float | None = _price()
    audio_in: float | None = _price()
    reasoning: float | None = _price()
    audio_out: float | None = _price()


@attrs.frozen
class Settings:
    """A whole configuration file.

    Attributes:
        server: the server.
        accounts: by name, the first segment of a model id.
        routes: by name, which is a model name of its own.
        keys: by name; none means that everybody may use everything.
        media: how media are fetched.
        tracing: whether requests are traced.
        cache: which answers are kept.
        models: beginning of model ids -> columns of a model row, extra to the core's or overriding them.
        prices: pattern of model ids -> what they cost, before the prices that are known anyhow.
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


def checked_name(name: str, what: str) -> str:
    """The name itself.

    Args:
        name: of an account or a route.
        what: which of the two, in words.

    Raises:
        ValueError: it could not be the first segment of a model id.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f'"{name}" is not {what} name: letters, digits, ".", "_" and "-", at most 64')
    return name
