"""The traces of a gateway as the rest of the shell sees them. OpenTelemetry is imported only where they are on."""

from collections.abc import Awaitable, Callable, Mapping
from importlib.util import find_spec
from typing import Any, Final, Protocol

from .access_log import Trail
from .calls import Call
from .http import Exchange
from .routes import Route
from .tracing_settings import TracingConfig

Run = Callable[[Call, Exchange, Trail], Awaitable[None]]
"""Makes a call and answers the client."""

_NEEDED: Final = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http", "opentelemetry.semconv")


class RequestTrace(Protocol):
    """The trace of one request."""

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits."""

    @property
    def tells_calls(self) -> bool:
        """Whether anybody is told of the calls to providers."""

    def watched(self, run: Run) -> Run:
        """The same with a span of its own around it, where anybody is told of that."""

    def end(self, trail: Trail) -> None:
        """Tell how the request ended."""


class Tracing(Protocol):
    """Begins traces."""

    def begin(self, headers: Mapping[bytes, bytes], trail: Trail, route: Route) -> RequestTrace:
        """The trace of a request for a model, as part of the client's where its headers name one."""

    async def aclose(self) -> None:
        """Send what is still to be sent, within the time for it. It raises nothing."""


def open_tracing(config: TracingConfig) -> Tracing | None:
    """The traces that the settings ask for; None where they are off."""
    if not config.enabled:
        return None
    from .spans import Spans  # noqa: PLC0415 - an extra, and slow to import

    return Spans(config)


def missing() -> str | None:
    """What must be installed for traces, in words; None when it is there."""
    if all(map(_installed, _NEEDED)):
        return None
    return "needs OpenTelemetry: pip install 'dragoman[otel]'"


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def failure_of(error: str | None, exchange: Any) -> str | None:
    """The word for how an attempt ended that raised nothing, or was cancelled; None when all is well."""
    if error is None and not exchange.finished:
        return "client_closed" if exchange.client_left else "stopped"
    return error
