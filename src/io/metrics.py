"""What is counted of all requests, in the text format of Prometheus.

Labels have few values: no model, path or key is one. In a process on its own the counts are in its memory. With several
workers they are in files that all of them can read (`PROMETHEUS_MULTIPROC_DIR`, which their supervisor sets before they
start), so that whichever worker is asked tells the sums, those of workers that ended included.

To count with the library costs many times what an addition does. So it is added up here, and the library is told the
sums: when somebody asks, and with several workers at once, since any other may be asked.
"""

import os
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Final, Generic, TypeVar

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


class _AtOnce(dict[_K, float]):
    """Sums that the library is told at once: nothing is ever in it."""

    def __init__(self, series: Callable[[_K], Counter | Gauge]) -> None:
        super().__init__()
        self._series = series

    def __missing__(self, _: _K) -> float:
        return 0.0

    def __setitem__(self, key: _K, number: float) -> None:
        self._series(key).inc(number)


class _Sums(Generic[_K]):
    """What is counted, by what it is about.

    Args:
        find: the counter of one series.

    Attributes:
        more: what the library does not know of yet; add to it.
        series: the same as `find`, which takes longer than to count.
    """

    def __init__(self, find: Callable[[_K], Counter | Gauge]) -> None:
        self.series: Callable[[_K], Counter | Gauge] = cache(find)
        # No dictionary of a class of ours where it can be helped: in such a one all takes twice as long to be found.
        self.more: dict[_K, float] = defaultdict(float) if _FOLDER is None else _AtOnce(self.series)

    def hand_over(self) -> None:
        """Tell the library."""
        while self.more:
            key, number = self.more.popitem()
            self.series(key).inc(number)


class _Histogram(Histogram):
    """One that can be told of many times at once."""

    def add(self, counts: Sequence[int], seconds: float) -> None:
        """As if each of them had been observed.

        Args:
            counts: how many belong into each bucket; the last one has no bound.
            seconds: their sum.
        """
        self._sum.inc(seconds)
        for place, number in enumerate(counts):
            if number:
                self._buckets[place].inc(number)


class _Observed:
    """Times by the buckets of a histogram that does not know of them yet."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.counts = [0] * (len(bounds) + 1)
        self.seconds = 0.0
        self._bounds = bounds

    def observe(self, seconds: float) -> None:
        """Note one."""
        self.counts[bisect_left(self._bounds, seconds)] += 1
        self.seconds += seconds


class _ObservedAtOnce(dict[_K, Any]):
    """The histograms themselves: nothing is ever in it."""

    def __init__(self, series: Callable[[_K], Histogram]) -> None:
        super().__init__()
        self._series = series

    def __missing__(self, key: _K) -> Histogram:
        return self._series(key)


class _Times(Generic[_K]):
    """What is timed, by what it is about.

    Args:
        find: the histogram of one series.
        bounds: of its buckets.

    Attributes:
        more: what the library does not know of yet; what is there observes.
    """

    def __init__(self, find: Callable[[_K], _Histogram], bounds: Sequence[float]) -> None:
        self._series: Callable[[_K], _Histogram] = cache(find)
        waiting = defaultdict[_K, Any](partial(_Observed, bounds))
        self.more: dict[_K, Any] = waiting if _FOLDER is None else _ObservedAtOnce(self._series)

    def hand_over(self) -> None:
        """Tell the library."""
        while self.more:
            key, observed = self.more.popitem()
            self._series(key).add(observed.counts, observed.seconds)


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
        failed = Counter(
            "dragoman_failed_attempts",
            "Attempts of routes that failed at their provider, whatever the client was told in the end.",
            ("provider",),
            registry=self._registry,
        )
        unknown = Counter(
            "dragoman_limits_unknown",
            "Requests whose key has limits that could not be looked up, since what gateways share was away.",
            registry=self._registry,
        )
        cached = Counter(
            "dragoman_cache",
            "Requests that the cache of answers is for, by what was found, and answers, by what became of them there.",
            ("result",),
            registry=self._registry,
        )
        self._requests: _Sums[tuple[str | None, str, int]] = _Sums(
            lambda key: requests.labels(key[0] or NOBODY, key[1], f"{key[2]}xx")
        )
        self._losses: _Sums[tuple[str, str, str]] = _Sums(lambda key: losses.labels(*key))
        self._failed: _Sums[str] = _Sums(failed.labels)
        self._unknown: _Sums[None] = _Sums(lambda _: unknown)
        self._cached: _Sums[str] = _Sums(cached.labels)
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
        in_flight = Gauge(
            "dragoman_requests_in_flight",
            "Requests for models that are being answered.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._in_flight: _Sums[None] = _Sums(lambda _: in_flight)

    def _measure_with(self) -> None:
        """Times and tokens."""
        seconds = _Histogram(
            "dragoman_request_seconds",
            "Time from a request's head to the end of its answer, of requests that a provider was asked for.",
            ("provider", "stream"),
            registry=self._registry,
            buckets=REQUEST_BUCKETS,
        )
        first_byte = _Histogram(
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
        self._seconds: _Times[tuple[str, bool]] = _Times(
            lambda key: seconds.labels(key[0], "true" if key[1] else "false"), REQUEST_BUCKETS
        )
        self._first_byte: _Times[str] = _Times(first_byte.labels, FIRST_BYTE_BUCKETS)
        self._tokens: _Sums[tuple[str, str]] = _Sums(lambda key: tokens.labels(key[0], _BUCKETS[key[1]]))
        self._sums = (
            self._in_flight, self._requests, self._losses, self._failed, self._unknown, self._cached, self._seconds,
            self._first_byte, self._tokens,
        )  # fmt: skip

    def expect(self, providers: Iterable[str], accounts: Iterable[str]) -> None:
        """Count losses of these providers from 0, where they are new, and tell that these accounts are healthy."""
        for account in set(accounts) - self._accounts:
            self.tell_health(account, healthy=True)
            self._accounts.add(account)
        for provider in set(providers):
            for kind in KINDS:
                for severity in SEVERITIES:
                    self._losses.series((provider, kind, severity))  # it is there from now on

    def count(self, trail: Trail) -> None:
        """Count a request for a model that is over; others are not counted."""
        if trail.dialect is None:
            return
        provider = trail.provider
        self._requests.more[provider, trail.dialect, trail.status // 100] += 1
        if trail.attempts and provider is not None:
            self._seconds.more[provider, trail.stream].observe(time.monotonic() - trail.started)
            if trail.stream and trail.first_at:
                self._first_byte.more[provider].observe(trail.first_at - trail.started)
            self._count_tokens(provider, trail.usage)
            for loss in trail.losses:
                self._losses.more[provider, loss["kind"], loss["severity"]] += 1
        if trail.limits_unknown:
            self._unknown.more[None] += 1
        if trail.cache is not None:
            self._count_cached(trail.cache, trail.kept)
        if trail.failed:
            self._count_failed(trail)

    def enter(self) -> None:
        """Count a request for a model that begins; `leave` is to be called once for it."""
        self._in_flight.more[None] += 1

    def leave(self) -> None:
        """Count one that is over."""
        self._in_flight.more[None] -= 1

    def _count_tokens(self, provider: str, usage: Mapping[str, int] | None) -> None:
        if usage is not None:
            more = self._tokens.more
            for name, count in usage.items():
                # Totals are none of the buckets.
                if name in _BUCKETS:
                    more[provider, name] += count

    def _count_cached(self, found: str, kept: str | None) -> None:
        self._cached.more[found] += 1
        if kept is not None:
            self._cached.more[kept] += 1

    def _count_failed(self, trail: Trail) -> None:
        for _, provider in trail.failed:
            self._failed.more[provider] += 1
        for outlay in trail.wasted:
            self._count_tokens(outlay.provider, outlay.usage)

    def tell_health(self, account: str, healthy: bool) -> None:
        """Tell whether the targets at an account do well."""
        self._healthy.labels(account).set(1 if healthy else 0)

    def hand_over(self) -> None:
        """Let the library know of all that was counted. It is for the thread that counts."""
        for sums in self._sums:
            sums.hand_over()

    def text(self) -> bytes:
        """All counts. It is for the thread that counts."""
        self.hand_over()
        return self.text_of_handed_over()

    def text_of_handed_over(self) -> bytes:
        """All counts that were handed over. It may read files: it is for a thread of its own."""
        if _FOLDER is None:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, _FOLDER)
        return generate_latest(registry)
