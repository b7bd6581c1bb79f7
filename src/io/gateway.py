"""The gateway: a handler of HTTP requests over the core, the accounts and the keys."""

import os
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, Final

import orjson

from .access_log import AccessLog, Trail, write_line
from .accounts import Accounts
from .catalog import Catalog
from .config import Config
from .core import Answer, Core, Parsed
from .deadline import Deadline
from .headers import JSON, RawHeaders, losses_header, pairs
from .heads import Heads, with_more
from .http import Budget, Exchange, Request, Upstreams
from .keys import Key, KeyRing, check_model, with_query_key
from .media import Fetcher
from .options import read_options, request_id
from .refusal import Refusal
from .relay import Call, Relay, settings_of
from .routes import DEFAULT_DIALECT, Route, Routes, dialect_of

HeaderList = list[tuple[bytes, bytes]]

# Headers by which the clients of a dialect give themselves away at an address that they share with others.
_SPEAKERS: Final = ((b"anthropic-version", "anthropic"), (b"x-goog-api-client", "gemini"))
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
    """

    def __init__(
        self,
        config: Config,
        core: Core,
        pool: Upstreams,
        *,
        log: AccessLog | None = None,
        clock: Callable[[], float] = time.time,
        fetcher: Fetcher | None = None,
    ) -> None:
        rows = orjson.loads(core.providers())
        self._core = core
        self._clock = clock
        self._fetcher = fetcher or Fetcher(config.media, Budget(config.server.max_buffered_bytes))
        self._log = log or write_line
        self._routes = Routes(config.server.prefixes)
        self._keys = KeyRing(config.keys)
        self._accounts = Accounts(config, rows, core.sign, clock)
        self._catalog = Catalog(config, core, rows)
        self._relay = Relay(core, pool, config.server.max_reply_bytes)
        self._heads = Heads(config)
        self._spoken = frozenset(filter(partial(_speaks, core), self._routes.dialects))
        # Ids are told apart by it, and need not be hard to guess: a call to the system for each costs too much.
        self._random = random.Random(os.urandom(32))  # noqa: S311
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
        except Exception as error:  # noqa: BLE001 - the last guard: a fault of ours must not be the client's silence
            trail.detail = place_of(error)
            internal = Refusal(500, "internal_error", "The gateway failed; the request id finds it in the log.")
            await self._refuse(exchange, trail, internal)
        finally:
            if not exchange.finished and trail.error is None:
                trail.status, trail.error = 499, "client_closed" if exchange.client_left else "stopped"
            self._log(trail)

    def error_answer(
        self, request: Request | None, path: str, status: int, code: str, message: str
    ) -> tuple[HeaderList, bytes]:
        """How the HTTP edge words its own errors: in the dialect that the path suggests."""
        headers = _by_name(request) if request is not None else {}
        trail = Trail(request.method if request is not None else "", path, status=status, error=code)
        trail.request_id = request_id(headers, self._seed())
        self._log(trail)
        return self._error(dialect_of(path), trail, Refusal(status, code, message))

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
        if route.action in ("generate", "count"):
            await self._generate(exchange, route, headers, seed, trail)
        elif route.action == "live" or (route.action == "ready" and self.ready):
            await self._send_json(exchange, trail, 200, _ALIVE)
        elif route.action == "ready":
            await self._send_json(exchange, trail, 503, b'{"status":"stopping"}')
        else:
            key = self._admit(headers, trail)
            dialect = next((dialect for name, dialect in _SPEAKERS if name in headers), route.dialect)
            body = self._catalog.one(route.model or "", key, dialect) if route.action == "model" else None
            await self._send_json(exchange, trail, 200, body or self._catalog.all(key, dialect))

    async def _generate(
        self, exchange: Exchange, route: Route, headers: Mapping[bytes, bytes], seed: str, trail: Trail
    ) -> None:
        key = self._admit(headers, trail)
        if route.dialect not in self._spoken:
            raise Refusal(404, "not_offered", f"Requests in the dialect {route.dialect} are not offered yet.")
        options = read_options(headers)
        deadline = None if options.timeout is None else Deadline.after(options.timeout)
        trail.metadata = options.metadata
        body = self._core.parse(exchange.request.body)
        model = route.model or body.model
        if not model:
            await self._no_model(exchange, route, trail, body)
            return
        trail.model = model
        check_model(key, model)
        target = self._accounts.find(model, key)
        trail.account, trail.model = target.account.name, target.model
        stamp = {"now": int(self._clock()), "id": seed, "request_id": trail.request_id}
        head = self._heads.of(route, headers, key, target, options, stamp)
        if target.account.source is not None:
            with _within(deadline, f"The credentials for {target.provider} did not come"):
                head = with_more(head, await settings_of(target.account.source, target.provider))
        answer = self._core.request(head, body)
        if answer.status == 428:
            with _within(deadline, "The media of the request did not come"):
                answer = await self._request_with_media(head, body, orjson.loads(answer.head))
        del body  # a large one would stay for as long as a stream lasts
        own = target.reply_headers
        if answer.status != 200:
            await self._decline(exchange, trail, answer, own)
            return
        plan = orjson.loads(answer.head)
        call = Call(
            head=plan,
            body=answer.body,
            headers=[*pairs(plan["headers"]), *target.account.auth],
            provider=target.provider,
            deadline=deadline,
            reply_headers=[*_id_headers(trail, route.dialect), *own],
            stamp=stamp,
            secret=target.account.secret,
            source=target.account.source,
        )
        try:
            await self._relay.run(call, exchange, trail)
        except Refusal as refusal:
            refusal.headers = (*refusal.headers, *own)
            raise

    async def _request_with_media(self, head: bytes, body: Parsed, missing: dict[str, Any]) -> Answer:
        """The core's answer to a request whose media the provider does not fetch itself.

        Args:
            head: of the request.
            body: of the request.
            missing: the core's first answer, which names the media.

        Raises:
            Refusal: they cannot be had.
        """
        media = await self._fetcher.fetch(missing["needs"], missing["params"])
        answer = self._core.request(with_more(head, {"media": media.found}), body)
        assert answer.status != 428, "the core has all that it named"
        return answer

    def _admit(self, headers: Mapping[bytes, bytes], trail: Trail) -> Key:
        key = self._keys.admit(headers)
        trail.key = key.name
        return key

    async def _no_model(self, exchange: Exchange, route: Route, trail: Trail, body: Parsed) -> None:
        """Say why a body names no model.

        Raises:
            Refusal: 400 when it just does not.
        """
        # The core words what is wrong with a body that is not JSON; any provider will do for that.
        head = orjson.dumps({"from": route.dialect, "to": "openai", "model": "none", "request_id": trail.request_id})
        answer = self._core.request(head, body)
        if answer.status in (200, 428):
            raise Refusal(400, "missing_model", "The model is missing: name it as account/model.", param="model")
        await self._decline(exchange, trail, answer, ())

    async def _decline(self, exchange: Exchange, trail: Trail, answer: Answer, own: RawHeaders) -> None:
        """Send what the core answered instead of a call."""
        head = orjson.loads(answer.head)
        losses = head.get("losses", ())
        trail.status, trail.losses, trail.error = answer.status, len(losses), "not_translated"
        headers = [JSON, *_id_headers(trail), *own, *pairs(head.get("headers", ()))]
        if losses:
            headers.append((b"x-dragoman-losses", losses_header(losses)))
        await exchange.respond(answer.status, headers, answer.body)

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
        return [JSON, *_id_headers(trail), *pairs(said), *refusal.headers], answer.body

    async def _send_json(self, exchange: Exchange, trail: Trail, status: int, body: bytes) -> None:
        trail.status = status
        await exchange.respond(status, [JSON, *_id_headers(trail)], body)


def _within(deadline: Deadline | None, late: str) -> AbstractContextManager[object]:
    return nullcontext() if deadline is None else deadline.hold(late)


def _by_name(request: Request) -> dict[bytes, bytes]:
    """The headers by name; what came in several lines is one list, as HTTP means it (RFC 9110, 5.3)."""
    headers = dict(request.headers)
    if len(headers) == len(request.headers):
        return headers
    headers = {}
    for name, value in request.headers:
        headers[name] = headers[name] + b", " + value if name in headers else value
    return headers


def _id_headers(trail: Trail, dialect: str | None = None) -> HeaderList:
    value = trail.request_id.encode("ascii")
    if (dialect or dialect_of(trail.path)) == "anthropic":
        # Its clients look for the id under another name.
        return [(b"x-request-id", value), (b"request-id", value)]
    return [(b"x-request-id", value)]


def _speaks(core: Core, dialect: str) -> bool:
    """Whether clients may use a dialect: the core writes errors in it, instead of one about the dialect."""
    return core.error(orjson.dumps({"from": dialect, "status": 404, "code": "probe", "message": "-"})).status == 404


def place_of(error: BaseException) -> str:
    """What failed and where, without the values involved."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place is not None else "unknown place"
    return f"{type(error).__name__} in {where}"
