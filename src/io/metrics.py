"""What is counted of all requests, in the text format of Prometheus.

Labels have few values: no model, path or key is one. In a process on its own the counts are in its memory. With several
workers they are in files that all of them can read (`PROMETHEUS_MULTIPROC_DIR`, which their supervisor sets before they
start), so that whichever worker is asked tells the sums, those of workers that ended included.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

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


class Metrics:
    """The counters of a gateway.

    Args:
        providers: names of the configured ones: their counters of losses are there from the start, as 0.
        accounts: names of those that routes lead to.
    """

    def __init__(self, providers: Iterable[str], accounts: Iterable[str] = ()) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "dragoman_requests",
            "Requests for models, by the provider, the client's dialect and the class of the status it was sent.",
            ("provider", "dialect", "status"),
            registry=self._registry,
        )
        self._failed = Counter(
            "dragoman_failed_attempts",
            "Attempts of routes that failed at their provider, whatever the client was told in the end.",
            ("provider",),
            registry=self._registry,
        )
        self._losses = Counter(
            "dragoman_losses",
            "Differences between what clients asked and providers saw, or providers said and clients were told.",
            ("provider", "kind", "severity"),
            registry=self._registry,
        )
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
        self._seconds = Histogram(
            "dragoman_request_seconds",
            "Time from a request's head to the end of its answer, of requests that a provider was asked for.",
            ("provider", "stream"),
            registry=self._registry,
            buckets=REQUEST_BUCKETS,
        )
        self._first_byte = Histogram(
            "dragoman_first_byte_seconds",
            "Time from a request's head to the beginning of its answer, of streams.",
            ("provider",),
            registry=self._registry,
            buckets=FIRST_BYTE_BUCKETS,
        )
        self._tokens = Counter(
            "dragoman_tokens",
            "Tokens that providers counted, in buckets that do not overlap.",
            ("provider", "bucket"),
            registry=self._registry,
        )
        self._of_seconds: dict[tuple[str, bool], _Observe] = {}
        self._of_first_byte: dict[str, _Observe] = {}
        self._of_tokens: dict[tuple[str, str], _Observe] = {}
        # Looking a counter up by its labels costs more than to count.
        self._of_requests: dict[tuple[str | None, str | None, int], _Count] = {}
        self._of_losses: dict[tuple[str, str, str], _Count] = {}
        self.expect(providers, accounts)

    def expect(self, providers: Iterable[str], accounts: Iterable[str]) -> None:
        """Count losses of these providers from 0, where they are new, and tell that these accounts are healthy."""
        for account in set(accounts) - self._accounts:
            self.tell_health(account, healthy=True)
            self._accounts.add(account)
        for provider in set(providers):
            for kind in KINDS:
                for severity in SEVERITIES:
                    self._of_losses[provider, kind, severity] = self._losses.labels(provider, kind, severity).inc

    def count(self, trail: Trail) -> None:
        """Count a request for a model that is over; others are not counted."""
        if trail.dialect is None:
            return
        key = trail.provider, trail.dialect, trail.status // 100
        one_more = self._of_requests.get(key)
        if one_more is None:
            labels = trail.provider or NOBODY, trail.dialect, f"{trail.status // 100}xx"
            one_more = self._of_requests[key] = self._requests.labels(*labels).inc
        one_more()
        if trail.losses and trail.provider is not None and trail.attempts:
            for loss in trail.losses:
                self._of_losses[trail.provider, loss["kind"], loss["severity"]]()
        for _, provider in trail.failed:
            self._failed.labels(provider).inc()
        if trail.attempts and trail.provider is not None:
            self._measure(trail, trail.provider)

    def enter(self) -> None:
        """Count a request for a model that begins; `leave` is to be called once for it."""
        self._in_flight.inc()

    def leave(self) -> None:
        """Count one that is over."""
        self._in_flight.dec()

    def _measure(self, trail: Trail, provider: str) -> None:
        observe = self._of_seconds.get((provider, trail.stream))
        if observe is None:
            labels = provider, "true" if trail.stream else "false"
            observe = self._of_seconds[provider, trail.stream] = self._seconds.labels(*labels).observe
        observe(time.monotonic() - trail.started)
        if trail.stream and trail.first_at:
            observe = self._of_first_byte.get(provider)
            if observe is None:
                observe = self._of_first_byte[provider] = self._first_byte.labels(provider).observe
            observe(trail.first_at - trail.started)
        for name, count in (trail.usage or {}).items():
            # Totals are none of the buckets.
            if (bucket := _BUCKETS.get(name)) is not None:
                add = self._of_tokens.get((provider, bucket))
                if add is None:
                    add = self._of_tokens[provider, bucket] = self._tokens.labels(provider, bucket).inc
                add(count)

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
