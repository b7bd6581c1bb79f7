"""The gateway: a handler of HTTP requests over the core, the accounts and the keys."""

import os
import random
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

import orjson
import trio

from .access_log import AccessLog, Trail, write_line
from .accounts import Accounts
from .beside import NOTHING, Beside
from .cache import AnswerCache
from .cache.answers import cache_of
from .caller import Asked, declined, id_headers
from .calls import Declined, Unserved
from .catalog import Catalog
from .config import Config
from .core import Core, Parsed
from .deadline import Deadline
from .embedder import EmbeddingCaller
from .faults import place_of
from .headers import JSON, pairs
from .heads import Heads
from .http import Budget, Exchange, Request, Upstreams
from .keys import CHALLENGE, Key, KeyRing, check_model, check_policy, with_query_key
from .limits import Limiter, store_of
from .media import Fetcher
from .metrics import CONTENT_TYPE, Metrics
from .options import read_options, request_id
from .prices import Prices
from .readiness import answer, reasons
from .refusal import Refusal
from .relay import Relay
from .route_memory import RouteMemory
from .routes import DEFAULT_DIALECT, Route, Routes, dialect_of
from .routing import Router
from .tracing import Tracing

HeaderList = list[tuple[bytes, bytes]]

# Headers by which the clients of a dialect give themselves away at an address that they share with others.
_SPEAKERS: Final = ((b"anthropic-version", "anthropic"), (b"x-goog-api-client", "gemini"))
_FOR_MODELS: Final = ("generate", "count", "embed")
_ALIVE: Final = b'{"status":"ok"}'


class Gateway:
    """Answers every request of the gateway's clients.

    Args:
        config: accounts, keys and bounds.
        core: the translators, ``dragoman.translate.boundary``.
        pool: connections to the providers.
        log: called once for each request when it is over.
        clock: seconds since 1970, for what must be stamped.
        fetcher: fetches media for providers that do not; by default one of the configuration.
        tracing: begins traces; None where there are none.
        beside: what it works with as long as the process runs.
        before: the gateway whose place this one takes: it goes on with its counts, its memory and the answers it keeps.

    Attributes:
        memory: how the targets of routes do.
        counts: what is counted; None where nothing is.
        limiter: holds keys to their limits.
        available: whether what several gateways share can be had.
        cache: the answers that are told again.
        ready: whether more requests are wanted.
    """

    def __init__(  # noqa: PLR0913 - what it is made of, each by its name
        self,
        config: Config,
        core: Core,
        pool: Upstreams,
        *,
        log: AccessLog | None = None,
        clock: Callable[[], float] = time.time,
        fetcher: Fetcher | None = None,
        tracing: Tracing | None = None,
        beside: Beside = NOTHING,
        before: "Gateway | None" = None,
    ) -> None:
        rows = orjson.loads(core.providers())
        self._core = core
        self._clock = clock
        self._tracing = tracing
        fetcher = fetcher or Fetcher(config.media, Budget(config.server.max_buffered_bytes))
        self._budget = fetcher.budget
        kept = None if before is None else before.cache
        answers = beside.answers if config.cache.store == "shared" else None
        self.cache: AnswerCache = cache_of(config.cache, core, clock, store=answers, before=kept)
        relay = Relay(core, pool, config.server.max_reply_bytes)
        self._caller = EmbeddingCaller(core, Heads(config), fetcher, relay, self.cache)
        self._log = log or write_line
        models = {target.model for route in config.routes.values() for target in route.targets}
        accounts = {model.partition("/")[0] for model in models}
        self.counts: Metrics | None = _counts(config, accounts, None if before is None else before.counts)
        told = None if self.counts is None else self.counts.tell_health
        self.memory: RouteMemory = RouteMemory(
            models, _paced(config), told, before=None if before is None else before.memory
        )
        self._prices = Prices(config, clock)
        self._open_metrics = config.server.metrics == "open"
        self._routes = Routes(config.server.prefixes)
        self._keys = KeyRing(config.keys, clock)
        store = beside.store or (store_of() if before is None else before.limiter.store)
        self.limiter: Limiter = Limiter(config.keys, store, closed=config.server.shared_failure == "closed")
        self.available: Callable[[], bool] = beside.available
        self._accounts = Accounts(config, rows, core.sign, clock)
        self._catalog = Catalog(config, core, rows)
        self._spoken = frozenset(filter(partial(_speaks, core), self._routes.dialects))
        # Ids are told apart by it, and need not be hard to guess: a call to the system for each costs too much.
        self._random = random.Random(os.urandom(32))  # noqa: S311
        self._router = Router(self._caller, core, self.memory, self._random.random, clock)
        self.ready = True

    async def __call__(self, exchange: Exchange) -> None:
        """Answer one request. Whatever happens, the client gets an answer in its dialect."""
        request = exchange.request
        headers = _by_name(request)
        seed = self._seed()
        trail = Trail(request.method, request.path, request_id=request_id(headers, seed))
        try:
            await self._answer(exchange, headers, seed, trail)
        except Refusal as refusal:
            await self._refuse(exchange, trail, refusal)
        except Unserved as unserved:
            trail.status = unserved.answer.status
            await exchange.respond(*unserved.answer)
        except Exception as error:  # noqa: BLE001 - the last guard: a fault of ours must not be the client's silence
            trail.detail = place_of(error)
            internal = Refusal(500, "internal_error", "The gateway failed; the request id finds it in the log.")
            await self._refuse(exchange, trail, internal)
        finally:
            if not exchange.finished and trail.error is None:
                trail.status, trail.error = 499, "client_closed" if exchange.client_left else "stopped"
            if self.counts is not None and trail.dialect is not None:
                self.counts.leave()
            self._over(trail)

    def _over(self, trail: Trail) -> None:
        used = trail.used
        if trail.dialect is not None:
            trail.cost, trail.cost_failed = self._prices.of(used)
        if trail.grant is not None:
            self.limiter.settle(trail.grant, used)
        if self.counts is not None:
            self.counts.count(used)
        self._log(trail)
        if trail.trace is not None:
            trail.trace.end(trail)

    def error_answer(
        self, request: Request | None, path: str, status: int, code: str, message: str
    ) -> tuple[HeaderList, bytes]:
        """How the HTTP edge words its own errors: in the dialect that the path suggests."""
        headers = _by_name(request) if request is not None else {}
        trail = Trail(request.method if request is not None else "", path, status=status, error=code)
        trail.request_id, asked = request_id(headers, self._seed()), self._asked(request)
        if asked is not None:
            trail.dialect, trail.action = asked.dialect, asked.action
            if self._tracing is not None:
                trail.trace = self._tracing.begin(headers, trail, asked)
        self._over(trail)
        refusal = Refusal(status, code, message, headers=CHALLENGE if status == 401 else ())
        return self._error(dialect_of(path), trail, refusal)

    def _asked(self, request: Request | None) -> Route | None:
        """What the address of a request for a model means; None of any other."""
        if request is None:
            return None
        try:
            route = self._routes.find(request.method, request.path, request.query)
        except Refusal:
            return None
        return route if route.action in _FOR_MODELS else None

    def screen(self, request: Request) -> tuple[int, str, str] | None:
        """Why a request is refused whatever its body is: who has no key is not to fill the memory."""
        headers: Mapping[bytes, bytes] = _by_name(request)
        if dialect_of(request.path) == "gemini":
            headers = with_query_key(headers, request.query)
        try:
            self._keys.admit(headers)
        except Refusal as refusal:
            return refusal.status, refusal.message, refusal.code
        return None

    def note_failure(self, error: Exception, request: Request | None) -> None:
        """Log a fault that the HTTP edge met: it has no other place to be seen. Refusals are in the log already."""
        if isinstance(error, Refusal):
            return
        trail = Trail(request.method if request else "", request.path if request else "", status=500)
        trail.error, trail.detail = "connection_failed", place_of(error)
        self._log(trail)

    def _seed(self) -> str:
        return f"{self._random.getrandbits(96):024x}"

    async def _answer(self, exchange: Exchange, headers: Mapping[bytes, bytes], seed: str, trail: Trail) -> None:
        request = exchange.request
        route = self._routes.find(request.method, request.path, request.query)
        if route.dialect == "gemini":
            headers = with_query_key(headers, request.query)
        if route.action in _FOR_MODELS:
            self._enter(headers, trail, route)
            await self._generate(exchange, route, headers, seed, trail)
        elif route.action == "live":
            await self._send_json(exchange, trail, 200, _ALIVE)
        elif route.action == "ready":
            found = reasons(
                draining=not self.ready,
                held=self._budget.held,
                limit=self._budget.limit,
                cut_off=not self.available() and self.limiter.needs_store,
            )
            await self._send_json(exchange, trail, *answer(found))
        elif route.action == "metrics":
            await self._send_metrics(exchange, headers, trail)
        else:
            key = self._admit(headers, trail)
            dialect = next((dialect for name, dialect in _SPEAKERS if name in headers), route.dialect)
            body = self._catalog.one(route.model or "", key, dialect) if route.action == "model" else None
            await self._send_json(exchange, trail, 200, body or self._catalog.all(key, dialect))

    def _enter(self, headers: Mapping[bytes, bytes], trail: Trail, route: Route) -> None:
        """Begin to watch a request for a model."""
        trail.dialect, trail.action = route.dialect, route.action
        if self.counts is not None:
            self.counts.enter()
        if self._tracing is not None:
            trail.trace = self._tracing.begin(headers, trail, route)

    async def _generate(
        self, exchange: Exchange, route: Route, headers: Mapping[bytes, bytes], seed: str, trail: Trail
    ) -> None:
        key = self._admit(headers, trail)
        if route.dialect not in self._spoken:
            raise Refusal(404, "not_offered", f"Requests in the dialect {route.dialect} are not offered yet.")
        options = read_options(headers)
        check_policy(key, options.on_loss)
        deadline = None if options.timeout is None else Deadline.after(options.timeout)
        trail.metadata = {**key.metadata, **(options.metadata or {})} if key.metadata else options.metadata
        body = self._core.parse(exchange.request.body)
        model = route.model or body.model
        if not model:
            raise self._no_model(route, trail, body)
        trail.model = model
        check_model(key, model)
        stamp = {"now": int(self._clock()), "id": seed, "request_id": trail.request_id}
        several = self._accounts.route(model)
        lasting = None if several is None else several.config.cache_seconds
        caching = self.cache.caching(route.action, key, options.cache, lasting)
        asked = Asked(exchange, route, headers, key, options, deadline, stamp, trail, body, caching)
        trail.grant = await self.limiter.admit(
            key.name, partial(self._core.estimate, route.dialect, route.action, body), trail
        )
        del body  # `asked` keeps it no longer than it needs it
        if several is not None:
            await self._router.run(asked, several)
            return
        target = self._accounts.find(model, key)
        if caching is None or not await self._caller.recall(asked, target):
            await self._caller.run(asked, target)

    def _admit(self, headers: Mapping[bytes, bytes], trail: Trail) -> Key:
        key = self._keys.admit(headers)
        trail.key = key.name
        return key

    def _no_model(self, route: Route, trail: Trail, body: Parsed) -> Refusal | Declined:
        """Why a body names no model: it just does not, or it is no body at all."""
        # The core words what is wrong with a body that is not JSON; any provider will do for that.
        head = orjson.dumps({"from": route.dialect, "to": "openai", "model": "none", "request_id": trail.request_id})
        answer = self._core.embed(head, body) if route.action == "embed" else self._core.request(head, body)
        if answer.status in (200, 428):
            return Refusal(400, "missing_model", "The model is missing: name it as account/model.", param="model")
        return declined(answer, trail)

    async def _refuse(self, exchange: Exchange, trail: Trail, refusal: Refusal) -> None:
        trail.error = refusal.code
        if trail.detail is None:
            trail.detail = refusal.message
        if exchange.started:
            # Too late for a status. The edge cuts the connection, so that the client does not take it for the end.
            raise refusal
        headers, body = self._error(dialect_of(exchange.request.path), trail, refusal)
        await exchange.respond(trail.status, headers, body)

    def _error(self, dialect: str, trail: Trail, refusal: Refusal) -> tuple[HeaderList, bytes]:
        answer = self._core.error(
            orjson.dumps(
                {
                    "from": dialect if dialect in self._spoken else DEFAULT_DIALECT,
                    "status": refusal.status,
                    "code": refusal.code,
                    "message": refusal.message,
                    "param": refusal.param,
                    "request_id": trail.request_id,
                }
            )
        )
        trail.status = answer.status
        said = orjson.loads(answer.head).get("headers", {})
        return [JSON, *id_headers(trail), *pairs(said), *refusal.headers], answer.body

    async def _send_metrics(self, exchange: Exchange, headers: Mapping[bytes, bytes], trail: Trail) -> None:
        if self.counts is None:
            raise Refusal(404, "not_offered", "This gateway counts nothing: [server] metrics is off.")
        if not self._open_metrics:
            self._admit(headers, trail)
        self.counts.hand_over()
        text = await trio.to_thread.run_sync(self.counts.text_of_handed_over)
        trail.status = 200
        await exchange.respond(200, [CONTENT_TYPE, *id_headers(trail)], text)

    async def _send_json(self, exchange: Exchange, trail: Trail, status: int, body: bytes) -> None:
        trail.status = status
        await exchange.respond(status, [JSON, *id_headers(trail)], body)


def _paced(config: Config) -> Iterable[str]:
    """The models of targets that are chosen by their pace."""
    routes = (route for route in config.routes.values() if route.strategy == "latency")
    return (target.model for route in routes for target in route.targets)


def _counts(config: Config, accounts: Iterable[str], before: Metrics | None) -> Metrics | None:
    if config.server.metrics == "off":
        return None
    providers = [account.provider for account in config.accounts.values()]
    if before is None:
        return Metrics(providers, accounts)
    before.expect(providers, accounts)
    return before


def _by_name(request: Request) -> dict[bytes, bytes]:
    """The headers by name; what came in several lines is one list, as HTTP means it (RFC 9110, 5.3)."""
    headers = dict(request.headers)
    if len(headers) == len(request.headers):
        return headers
    headers = {}
    for name, value in request.headers:
        headers[name] = headers[name] + b", " + value if name in headers else value
    return headers


def _speaks(core: Core, dialect: str) -> bool:
    """Whether clients may use a dialect: the core writes errors in it, instead of one about the dialect."""
    return core.error(orjson.dumps({"from": dialect, "status": 404, "code": "probe", "message": "-"})).status == 404
