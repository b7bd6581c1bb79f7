"""What is counted of all requests, in the text format of Prometheus.

Labels have few values: no model, path or key is one. In a process on its own the counts are in its memory. With several
workers they are in files that all of them can read (`PROMETHEUS_MULTIPROC_DIR`, which their supervisor sets before they
start), so that whichever worker is asked tells the sums, those of workers that ended included.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from .access_log import Trail
from .policy import SEVERITIES

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
# The library decides when it is imported where its counters are.
_FOLDER: Final = os.environ.get(VARIABLE)
CONTENT_TYPE: Final = (b"content-type", CONTENT_TYPE_PLAIN_0_0_4.encode("ascii"))
KINDS: Final = ("dropped", "approximated", "added")
NOBODY: Final = "none"
"""The provider of requests that were refused before one was asked."""

REQUEST_BUCKETS: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0)
"""Seconds: models answer in half a second or think for ten minutes."""
FIRST_BYTE_BUCKETS: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0, 25.0, 50.0, 100.0)
"""Seconds: a quick model begins in a fifth of one, one that thinks first in a minute."""
# What the core counts -> the bucket of it here.
_BUCKETS: Final = {
    "fresh": "input",
    "audio_in": "input",
    "cache_read": "cache_read",
    "cache_write": "cache_write",
    "cache_write_long": "cache_write",
    "text": "output",
    "audio_out": "output",
    "reasoning": "reasoning",
}

# A series for each moment when a counter began is of no use here.
disable_created_metrics()

_Count = Callable[[], None]
_Observe = Callable[[float], None]


def forget_worker(pid: int, variables: Mapping[str, str]) -> None:
    """Let what a worker that ended held to be so count no longer; what it counted stays.

    Args:
        pid: its process id.
        variables: of its environment, where it was not the supervisor's.
    """
    folder = variables.get(VARIABLE, _FOLDER)
    if folder is not None:
        mark_process_dead(pid, folder)


_K = TypeVar("_K")
_V = TypeVar("_V")


class _Series(dict[_K, _V]):
    """What counts or measures, by what it is about: looking one up by its labels costs more than to count."""

    def __init__(self, make: Callable[[_K], _V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: _K) -> _V:
        made = self[key] = self._make(key)
        return made


class Metrics:
    """The counters of a gateway.

    Args:
        providers: names of the configured ones: their counters of losses are there from the start, as 0.
        accounts: names of those that routes lead to.
    """

    def __init__(self, providers: Iterable[str], accounts: Iterable[str] = ()) -> None:
        self._registry = CollectorRegistry()
        requests = Counter(
            "dragoman_requests",
            "Requests for models, by the provider, the client's dialect and the class of the status it was sent.",
            ("provider", "dialect", "status"),
            registry=self._registry,
        )
        losses = Counter(
            "dragoman_losses",
            "Differences between what clients asked and providers saw, or providers said and clients were told.",
            ("provider", "kind", "severity"),
            registry=self._registry,
        )
        self._failed = Counter(
            "dragoman_failed_attempts",
            "Attempts of routes that failed at their provider, whatever the client was told in the end.",
            ("provider",),
            registry=self._registry,
        )
        self._unknown = Counter(
            "dragoman_limits_unknown",
            "Requests whose key has limits that could not be looked up, since what gateways share was away.",
            registry=self._registry,
        )
        self._of_requests: _Series[tuple[str | None, str, int], _Count] = _Series(
            lambda key: requests.labels(key[0] or NOBODY, key[1], f"{key[2]}xx").inc
        )
        self._of_losses: _Series[tuple[str, str, str], _Count] = _Series(lambda key: losses.labels(*key).inc)
        cached = Counter(
            "dragoman_cache",
            "Requests that the cache of answers is for, by what was found, and answers, by what became of them there.",
            ("result",),
            registry=self._registry,
        )
        self._of_cache: _Series[str, _Count] = _Series(lambda result: cached.labels(result).inc)
        self._hold()
        self._measure_with()
        self.expect(providers, accounts)

    def _hold(self) -> None:
        """What is so now."""
        self._healthy = Gauge(
            "dragoman_target_healthy",
            "Whether all targets of routes at an account did well when they were last asked (1), or one failed (0).",
            ("account",),
            registry=self._registry,
            multiprocess_mode="livemin",
        )
        self._accounts: set[str] = set()
        self._in_flight = Gauge(
            "dragoman_requests_in_flight",
            "Requests for models that are being answered.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )

    def _measure_with(self) -> None:
        """Times and tokens."""
        seconds = Histogram(
            "dragoman_request_seconds",
            "Time from a request's head to the end of its answer, of requests that a provider was asked for.",
            ("provider", "stream"),
            registry=self._registry,
            buckets=REQUEST_BUCKETS,
        )
        first_byte = Histogram(
            "dragoman_first_byte_seconds",
            "Time from a request's head to the beginning of its answer, of streams.",
            ("provider",),
            registry=self._registry,
            buckets=FIRST_BYTE_BUCKETS,
        )
        tokens = Counter(
            "dragoman_tokens",
            "Tokens that providers counted, in buckets that do not overlap.",
            ("provider", "bucket"),
            registry=self._registry,
        )
        self._of_seconds: _Series[tuple[str, bool], _Observe] = _Series(
            lambda key: seconds.labels(key[0], "true" if key[1] else "false").observe
        )
        self._of_first_byte: _Series[str, _Observe] = _Series(lambda provider: first_byte.labels(provider).observe)
        self._of_tokens: _Series[tuple[str, str], _Observe] = _Series(lambda key: tokens.labels(*key).inc)

    def expect(self, providers: Iterable[str], accounts: Iterable[str]) -> None:
        """Count losses of these providers from 0, where they are new, and tell that these accounts are healthy."""
        for account in set(accounts) - self._accounts:
            self.tell_health(account, healthy=True)
            self._accounts.add(account)
        for provider in set(providers):
            for kind in KINDS:
                for severity in SEVERITIES:
                    self._of_losses[provider, kind, severity]  # it is there from now on

    def count(self, trail: Trail) -> None:
        """Count a request for a model that is over; others are not counted."""
        if trail.dialect is None:
            return
        self._of_requests[trail.provider, trail.dialect, trail.status // 100]()
        if trail.losses and trail.provider is not None and trail.attempts:
            for loss in trail.losses:
                self._of_losses[trail.provider, loss["kind"], loss["severity"]]()
        if trail.limits_unknown:
            self._unknown.inc()
        if trail.cache is not None:
            self._of_cache[trail.cache]()
            if trail.kept is not None:
                self._of_cache[trail.kept]()
        for _, provider in trail.failed:
            self._failed.labels(provider).inc()
        for outlay in trail.wasted:
            self._count_tokens(outlay.provider, outlay.usage or {})
        if trail.attempts and trail.provider is not None:
            self._measure(trail, trail.provider)

    def enter(self) -> None:
        """Count a request for a model that begins; `leave` is to be called once for it."""
        self._in_flight.inc()

    def leave(self) -> None:
        """Count one that is over."""
        self._in_flight.dec()

    def _measure(self, trail: Trail, provider: str) -> None:
        self._of_seconds[provider, trail.stream](time.monotonic() - trail.started)
        if trail.stream and trail.first_at:
            self._of_first_byte[provider](trail.first_at - trail.started)
        self._count_tokens(provider, trail.usage or {})

    def _count_tokens(self, provider: str, usage: Mapping[str, int]) -> None:
        for name, count in usage.items():
            # Totals are none of the buckets.
            if (bucket := _BUCKETS.get(name)) is not None:
                self._of_tokens[provider, bucket](count)

    def tell_health(self, account: str, healthy: bool) -> None:
        """Tell whether the targets at an account do well."""
        self._healthy.labels(account).set(1 if healthy else 0)

    def text(self) -> bytes:
        """All counts. It may read files: it is for a thread."""
        if _FOLDER is None:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, _FOLDER)
        return generate_latest(registry)
