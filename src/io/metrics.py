"""What is counted of all requests, in the text format of Prometheus.

Labels have few values: no model, path or key is one. In a process on its own the counts are in its memory. With several
workers they are in files that all of them can read (`PROMETHEUS_MULTIPROC_DIR`, which their supervisor sets before they
start), so that whichever worker is asked tells the sums, those of workers that ended included.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, disable_created_metrics, generate_latest
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

# A series for each moment when a counter began is of no use here.
disable_created_metrics()

_Count = Callable[[], None]


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
