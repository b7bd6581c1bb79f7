"""Fetches what a request names, all at once and each address once."""

import ssl
from base64 import b64encode
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from types import MappingProxyType
from typing import Final
from urllib.parse import urljoin, urlsplit

import attrs
import trio

from ..http import RETRY_AFTER, Budget, Lease, Origin, Pool, Response, UpstreamError, UpstreamLimits, default_context
from ..refusal import Refusal
from ..settings import MediaConfig
from .addresses import RefusedAddress, connect
from .types import WrongType, type_of

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NO_URL: Final = "is no URL of http or https, without a user in it and percent-encoded"
_UNNAMED: Final[Mapping[str, str]] = MappingProxyType({})
_HEADERS: Final = ((b"accept", b"*/*"), (b"user-agent", b"dragoman"))


@attrs.frozen
class Media:
    """What was fetched.

    Attributes:
        found: URL -> ``{"media_type", "data"}``, as the core takes it.
        lease: keeps the bytes counted as held, for as long as it is kept itself.
    """

    found: Mapping[str, Mapping[str, str]] = attrs.field(repr=False)
    lease: Lease = attrs.field(repr=False)


class _Failed(Exception):  # noqa: N818 - becomes a refusal
    """Why a document is not there; the message ends a sentence that begins with its address."""


class _NotFetched(Exception):  # noqa: N818 - becomes a refusal
    """Which document is not there, and why, as in `_Failed`."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(why)
        self.url = url


_Unfetched = Refusal | _NotFetched


class Fetcher:
    """Fetches documents.

    Args:
        config: the rules.
        budget: of all bodies in memory.
        ssl_context: for https; by default the public authorities are trusted.
    """

    def __init__(self, config: MediaConfig, budget: Budget, ssl_context: ssl.SSLContext | None = None) -> None:
        self._config = config
        self.budget = budget
        self._ssl_context = ssl_context
        self._limits = UpstreamLimits(
            connect_timeout=config.timeout_seconds,
            head_timeout=config.timeout_seconds,
            idle_read_timeout=config.timeout_seconds,
            max_body_bytes=config.max_bytes,
        )

    async def fetch(self, urls: Sequence[str], params: Mapping[str, str] = _UNNAMED) -> Media:
        """The documents of some addresses.

        Args:
            urls: the addresses.
            params: for an address, the field of the client's request that names it, for what is said of it.

        Raises:
            Refusal: 400 that names the first address that cannot be had, its field, and why; 503 when memory is short.
        """
        try:
            return await self._fetch(urls)
        except _NotFetched as failure:
            raise _refusal(failure, params.get(failure.url)) from None

    async def _fetch(self, urls: Sequence[str]) -> Media:
        config = self._config
        if not config.enabled:
            raise _NotFetched(urls[0], "must be sent as data: this provider takes no URLs, and none are fetched here")
        wanted = list(dict.fromkeys(urls))
        if len(wanted) > config.max_items:
            why = f"is one too many: {config.max_items} are fetched for a request"
            raise _NotFetched(wanted[config.max_items], why)
        if self._ssl_context is None:
            self._ssl_context = default_context()
        outcome = await self._run(wanted)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def _run(self, urls: Sequence[str]) -> "Media | _Unfetched":
        """What came of it. A failure is not raised here: its traceback would keep what was fetched."""
        # A pool of the request's own: what it knows of clients' hosts goes with it.
        pool = Pool(self._limits, self._ssl_context, self.budget, connect=self._connect)
        job = _Job(self._config, pool, Lease(self.budget))
        failures: list[_Unfetched] = []
        try:
            async with trio.open_nursery() as nursery:
                for url in urls:
                    nursery.start_soon(job.run, url, nursery.cancel_scope, failures)
        finally:
            await pool.aclose()
        return failures[0] if failures else Media(job.found, job.lease)

    async def _connect(self, host: str, port: int) -> trio.SocketStream:
        return await connect(host, port, allow_private=self._config.allow_private)


class _Job:
    """The documents of one request."""

    def __init__(self, config: MediaConfig, pool: Pool, lease: Lease) -> None:
        self._config = config
        self._pool = pool
        self._room = trio.CapacityLimiter(config.max_concurrent)
        self._size = 0
        self.lease = lease
        self.found: dict[str, Mapping[str, str]] = {}

    async def run(self, url: str, scope: trio.CancelScope, failures: list[_Unfetched]) -> None:
        """Fetch one document; a failure ends the whole job."""
        grant = self._config.timeout_seconds
        try:
            async with self._room:
                with trio.move_on_after(grant) as time:
                    self.found[url] = await self._get(url)
            if time.cancelled_caught:
                failures.append(_NotFetched(url, f"did not come within {grant:g} s"))
        except (_Failed, RefusedAddress, WrongType) as error:
            failures.append(_NotFetched(url, str(error)))
        except Refusal as refusal:
            failures.append(refusal.with_traceback(None))  # it would keep what was fetched
        except UpstreamError as error:
            failures.append(_without_room() if error.kind == "overloaded" else _NotFetched(url, _words(error)))
        if failures:
            scope.cancel()

    async def _get(self, url: str) -> Mapping[str, str]:
        place = url
        for _ in range(self._config.max_redirects + 1):
            origin, target = self._checked(place)
            try:
                response = await self._pool.request(origin, "GET", target, _HEADERS, b"")
            except ValueError:
                raise _Failed(_NO_URL) from None
            async with response:
                location = response.header(b"location")
                if response.status not in _REDIRECTS or location is None:
                    return await self._read(response, place)
                place = _joined(place, location.decode("latin-1"))
        raise _Failed(f"is redirected more than {self._config.max_redirects} times")

    async def _read(self, response: Response, place: str) -> Mapping[str, str]:
        if response.status != 200:
            raise _Failed(f"is answered with the status {response.status}")
        if (response.header(b"content-encoding") or b"identity").strip().lower() not in (b"", b"identity"):
            raise _Failed("comes compressed, which it was not asked to")
        config = self._config
        whole = await self._whole(response)
        if not whole:
            raise _Failed("is empty")
        data = b64encode(whole).decode("ascii")
        if not self.lease.take(len(data)):
            raise _without_room()
        kind = type_of(response.header(b"content-type"), place, data, config.types)
        return {"media_type": kind, "data": data}

    async def _whole(self, response: Response) -> bytes:
        most, left = self._config.max_bytes, self._config.max_total_bytes - self._size
        too_many = f"makes more than {self._config.max_total_bytes} bytes together with the others"
        try:
            whole = await response.read(min(most, left))
        except UpstreamError as error:
            if error.kind == "too_large":
                raise _Failed(f"is larger than {most} bytes" if most <= left else too_many) from None
            raise
        self._size += len(whole)
        if self._size > self._config.max_total_bytes:  # others came meanwhile
            raise _Failed(too_many)
        return whole

    def _checked(self, url: str) -> tuple[Origin, str]:
        """Where an address leads, if it may: asked anew after each redirect."""
        try:
            origin, target = Origin.parse(url)
            target.encode("ascii")
        except ValueError:
            raise _Failed(_NO_URL) from None
        config = self._config
        if origin.scheme != "https" and not config.allow_http:
            raise _Failed("leads to http, and only https is fetched")
        if _listed(origin.host, config.deny_hosts) or (
            config.allow_hosts and not _listed(origin.host, config.allow_hosts)
        ):
            raise _Failed("leads to a host that is not fetched from here")
        return origin, target


def _words(error: UpstreamError) -> str:
    return {"timeout": "did not come in time", "connect": "cannot be reached"}.get(error.kind, "broke off")


def _joined(place: str, location: str) -> str:
    try:
        return urljoin(place, location)
    except ValueError:
        raise _Failed(_NO_URL) from None


def _listed(host: str, patterns: tuple[str, ...]) -> bool:
    return any(map(partial(fnmatchcase, host.rstrip(".")), patterns))


def _refusal(failure: _NotFetched, param: str | None) -> Refusal:
    told = f"media at {_shown(failure.url)} {failure}."
    # Not every dialect has a place for the field in its errors: the words name it too, as the core's do.
    message = f"The {told}" if param is None else f"Invalid value for '{param}': the {told}"
    return Refusal(400, "media_not_fetched", message, param=param)


def _without_room() -> Refusal:
    message = "This gateway holds as many bodies as it may, so the media were not fetched."
    return Refusal(503, "overloaded", message, headers=(RETRY_AFTER,))


def _shown(url: str) -> str:
    """An address without its query, which may hold a signature."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return f"'{url.partition('?')[0][:60]}'"
    text = f"{parts.scheme}://{host}{parts.path}"
    return f"'{text}'" if len(text) <= 100 else f"'{text[:97]}...'"
