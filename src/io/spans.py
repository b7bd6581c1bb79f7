"""Traces by OpenTelemetry, named by its conventions for generative AI and for HTTP.

A request for a model is a server's span, and every call to a provider for its sake a client's span inside it. What is
said in a request or an answer is in neither. Contexts are handed on as values: nothing here is kept beside the task.
"""

import logging
import os
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Final
from urllib.parse import urlsplit

import trio
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagators.textmap import Getter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes as gen_ai
from opentelemetry.semconv.attributes import error_attributes, http_attributes, server_attributes, url_attributes
from opentelemetry.trace import (
    NoOpTracer,
    Span,
    SpanKind,
    Status,
    StatusCode,
    Tracer,
    format_trace_id,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from .access_log import LogLines, Trail
from .calls import Call, Unserved
from .http import Exchange
from .refusal import Refusal
from .routes import Route
from .sampling import LOWER, Foretold, bound_of
from .tracing import RequestTrace, Run, failure_of
from .tracing_settings import TracingConfig

_log = logging.getLogger("dragoman.tracing")

_Operation = gen_ai.GenAiOperationNameValues
_Provider = gen_ai.GenAiProviderNameValues
# A span's name has one of few values: the address with a place for its model.
_ADDRESSES: Final = {
    ("openai_chat", "generate", False): "/v1/chat/completions",
    ("openai_chat", "embed", False): "/v1/embeddings",
    ("openai_responses", "generate", False): "/v1/responses",
    ("anthropic", "generate", False): "/v1/messages",
    ("anthropic", "count", False): "/v1/messages/count_tokens",
    ("gemini", "generate", False): "/v1beta/models/{model}:generateContent",
    ("gemini", "generate", True): "/v1beta/models/{model}:streamGenerateContent",
    ("gemini", "count", False): "/v1beta/models/{model}:countTokens",
    ("bedrock", "generate", False): "/model/{model}/converse",
    ("bedrock", "generate", True): "/model/{model}/converse-stream",
    ("bedrock", "count", False): "/model/{model}/count-tokens",
}
# Whom the conventions have no name for is told by ours.
_PROVIDERS: Final = {
    "openai": _Provider.OPENAI.value,
    "azure": _Provider.AZURE_AI_OPENAI.value,
    "anthropic": _Provider.ANTHROPIC.value,
    "bedrock": _Provider.AWS_BEDROCK.value,
    "gemini": _Provider.GCP_GEMINI.value,
    "vertex": _Provider.GCP_VERTEX_AI.value,
    "vertex_express": _Provider.GCP_VERTEX_AI.value,
    "xai": _Provider.X_AI.value,
    "groq": _Provider.GROQ.value,
}
_GOOGLES: Final = frozenset(("gemini", "vertex", "vertex_express"))
_TOKENS: Final = (
    (gen_ai.GEN_AI_USAGE_INPUT_TOKENS, ("prompt",)),
    (gen_ai.GEN_AI_USAGE_OUTPUT_TOKENS, ("completion",)),
    (gen_ai.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, ("cache_read",)),
    (gen_ai.GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS, ("cache_write", "cache_write_long")),
    (gen_ai.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, ("reasoning",)),
)
_MAX_NAME: Final = 200  # characters of what clients choose
_NOWHERE: Final = Context()
_SERVER: Final = SpanKind.SERVER  # to look a member of an enumeration up costs, and every request would
_DROP: Final = Decision.DROP
_w3c: Final = TraceContextTextMapPropagator()


class Spans:
    """Begins traces and sends their spans, in a thread of its own.

    Args:
        config: what is to be done.
        exporter: sends spans; by default by OTLP over HTTP, as the ``OTEL_`` variables say.
    """

    def __init__(self, config: TracingConfig, exporter: SpanExporter | None = None) -> None:
        _tell_in_lines()
        self._propagate = config.propagate
        self._flush_seconds = config.flush_seconds
        # Ids need not be hard to guess, but others may seed the generator that all share.
        self._random = random.Random(os.urandom(32))  # noqa: S311
        self._provider = TracerProvider(resource=Resource.create(_named(os.environ)), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(Exporter(exporter or OTLPSpanExporter())))
        self._sampler = self._provider.sampler
        self._foretold = Foretold(self._sampler)
        self._provider.sampler = self._provider.id_generator = self._foretold
        self._tracer = self._provider.get_tracer("dragoman")
        self._disabled = isinstance(self._tracer, NoOpTracer)
        self._bound = LOWER + 1 if self._disabled else bound_of(self._sampler)

    def begin(self, headers: Mapping[bytes, bytes], trail: Trail, route: Route) -> RequestTrace:
        """See `tracing.Tracing`."""
        context, trace_id = _NOWHERE, self._random.getrandbits(128) or 1
        if b"traceparent" in headers:
            context = _w3c.extract(headers, _NOWHERE, _HEADERS)
            parent = get_current_span(context).get_span_context()
            trace_id = parent.trace_id if parent.is_valid else trace_id
        elif trace_id & LOWER >= self._bound:
            return Unsampled(trace_id, self._random if self._propagate else None)
        name, path = trail.method, trail.path[:_MAX_NAME]
        attributes = {http_attributes.HTTP_REQUEST_METHOD: name, url_attributes.URL_PATH: path}
        if address := _ADDRESSES.get((route.dialect, route.action, bool(route.head.get("stream")))):
            attributes[http_attributes.HTTP_ROUTE] = address
            name = f"{name} {address}"
        if not self._disabled:
            said = self._sampler.should_sample(context, trace_id, name, _SERVER, attributes, ())
            if said.decision is _DROP and not self._propagate:
                return Unsampled(trace_id)
            self._foretold.tell(trace_id, said)
        span = self._tracer.start_span(name, context, _SERVER, attributes)
        return RequestSpan(self._tracer, span, route.action, self._propagate)

    async def aclose(self) -> None:
        """See `tracing.Tracing`."""
        with trio.move_on_after(self._flush_seconds) as scope:
            await trio.to_thread.run_sync(self._provider.shutdown, abandon_on_cancel=True)
        if scope.cancelled_caught:
            _log.warning("spans could not be sent within %s s and are lost", self._flush_seconds)


class Unsampled:
    """The trace of a request of which nothing is told but its id: most are, and a span of the SDK costs much.

    Args:
        trace_id: its id.
        ids: draws the ids of calls, where providers are told them.
    """

    __slots__ = ("_ids", "_trace_id")
    tells_calls: Final = False

    def __init__(self, trace_id: int, ids: random.Random | None = None) -> None:
        self._trace_id = trace_id
        self._ids = ids

    @property
    def trace_id(self) -> str:
        """See `tracing.RequestTrace`."""
        return format_trace_id(self._trace_id)

    def watched(self, run: Run) -> Run:
        """See `tracing.RequestTrace`."""
        return run if self._ids is None else partial(self._named, run, self._ids)

    async def _named(self, run: Run, ids: random.Random, call: Call, exchange: Exchange, trail: Trail) -> None:
        span_id = ids.getrandbits(64) or 1
        call.headers.append((b"traceparent", b"00-%032x-%016x-02" % (self._trace_id, span_id)))  # random, not sampled
        await run(call, exchange, trail)

    def end(self, trail: Trail) -> None:
        """See `tracing.RequestTrace`."""


class RequestSpan:
    """The trace of one request: its own span, and those of the attempts inside it."""

    __slots__ = ("_action", "_context", "_propagate", "_span", "_tracer", "trace_id")
    tells_calls: Final = True

    def __init__(self, tracer: Tracer, span: Span, action: str, propagate: bool) -> None:
        self._tracer = tracer
        self._span = span
        self._action = action
        self._propagate = propagate
        self._context = set_span_in_context(span, _NOWHERE)
        self.trace_id = format_trace_id(span.get_span_context().trace_id)

    def watched(self, run: Run) -> Run:
        """See `tracing.RequestTrace`."""
        # Inside a span that is not sampled none is: where nobody is told of it, there need not be one.
        return partial(self._watch, run) if self._propagate or self._span.is_recording() else run

    async def _watch(self, run: Run, call: Call, exchange: Exchange, trail: Trail) -> None:
        span, began = self._attempt(call, trail), time.monotonic()
        failure: str | None = None
        try:
            await run(call, exchange, trail)
            failure = failure_of(trail.error, exchange)
        except Refusal as refusal:
            failure = refusal.code
            raise
        except Unserved:
            failure = trail.error
            raise
        except trio.Cancelled:
            failure = failure_of(trail.error, exchange)
            raise
        except BaseException as error:
            failure = type(error).__name__
            raise
        finally:
            if span.is_recording():
                _tell_attempt(span, trail, failure, began)
            span.end()

    def _attempt(self, call: Call, trail: Trail) -> Span:
        provider, model = trail.provider or "", (trail.model or "")[:_MAX_NAME]
        operation = _operation(self._action, provider)
        host, port = _server_of(call.head["url"])
        attributes: dict[str, Any] = {
            gen_ai.GEN_AI_OPERATION_NAME: operation,
            gen_ai.GEN_AI_PROVIDER_NAME: _PROVIDERS.get(provider, provider),
            gen_ai.GEN_AI_REQUEST_MODEL: model,
            http_attributes.HTTP_REQUEST_METHOD: call.head["method"],
            server_attributes.SERVER_ADDRESS: host,
            server_attributes.SERVER_PORT: port,
            "dragoman.account": trail.account or "",
            "dragoman.attempt": trail.attempts,
        }
        if "stream" in call.head:
            attributes[gen_ai.GEN_AI_REQUEST_STREAM] = bool(call.head["stream"])
        span = self._tracer.start_span(f"{operation} {model}", self._context, SpanKind.CLIENT, attributes)
        if self._propagate:
            carrier: dict[str, str] = {}
            _w3c.inject(carrier, set_span_in_context(span, _NOWHERE))
            call.headers += [(name.encode("ascii"), value.encode("ascii")) for name, value in carrier.items()]
        return span

    def end(self, trail: Trail) -> None:
        """See `tracing.RequestTrace`."""
        span = self._span
        if span.is_recording():
            span.set_attributes(_of_request(trail))
            if trail.error is not None:
                span.set_attribute(error_attributes.ERROR_TYPE, trail.error)
            # The conventions call a server's span failed where the server failed, not where the client did.
            if trail.status >= 500 or (trail.error is not None and trail.status < 400):
                span.set_status(Status(StatusCode.ERROR))
        span.end()


class _Headers(Getter[Mapping[bytes, bytes]]):
    """Finds a client's context in its headers."""

    def get(self, carrier: Mapping[bytes, bytes], key: str) -> list[str] | None:
        """See `Getter`."""
        value = carrier.get(key.encode())
        return None if value is None else [value.decode("latin-1")]

    def keys(self, carrier: Mapping[bytes, bytes]) -> list[str]:
        """See `Getter`."""
        return [name.decode("latin-1") for name in carrier]


_HEADERS: Final = _Headers()


class Exporter(SpanExporter):
    """Sends spans by another exporter, and says once when that begins to fail, and once when it no longer does."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner
        self._failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """See `SpanExporter`. It raises nothing."""
        reason = "the collector cannot be reached or refused them"
        try:
            result = self._inner.export(spans)
        except Exception as error:  # noqa: BLE001 - whatever it is, requests are answered all the same
            result, reason = SpanExportResult.FAILURE, type(error).__name__
        failing = result is not SpanExportResult.SUCCESS
        if failing and not self._failing:
            _log.warning("spans are lost: %s; check OTEL_EXPORTER_OTLP_ENDPOINT", reason)
        elif self._failing and not failing:
            _log.info("spans are sent again")
        self._failing = failing
        return result

    def shutdown(self) -> None:
        """See `SpanExporter`."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """See `SpanExporter`."""
        return self._inner.force_flush(timeout_millis)


def _of_request(trail: Trail) -> dict[str, Any]:
    """What is told of a request when it is over."""
    told: dict[str, Any] = {
        http_attributes.HTTP_RESPONSE_STATUS_CODE: trail.status,
        "dragoman.request_id": trail.request_id,
        "dragoman.dialect": trail.dialect,
        "dragoman.key": trail.key or None,
        "dragoman.route": trail.route,
        "dragoman.account": trail.account,
        "dragoman.attempts": trail.attempts,
        "dragoman.cache": trail.cache,
        gen_ai.GEN_AI_REQUEST_MODEL: trail.model[:_MAX_NAME] if trail.model else None,
    }
    if trail.provider:
        told[gen_ai.GEN_AI_PROVIDER_NAME] = _PROVIDERS.get(trail.provider, trail.provider)
    for severity, count in Counter(loss["severity"] for loss in trail.losses).items():
        told[f"dragoman.losses.{severity}"] = count
    return {name: value for name, value in told.items() if value is not None}


def _tell_attempt(span: Span, trail: Trail, failure: str | None, began: float) -> None:
    """Tell how a call to a provider ended."""
    told: dict[str, Any] = {}
    if trail.upstream_status is not None:
        told[http_attributes.HTTP_RESPONSE_STATUS_CODE] = trail.upstream_status
    if trail.usage:
        for name, buckets in _TOKENS:
            if any(bucket in trail.usage for bucket in buckets):
                told[name] = sum(trail.usage.get(bucket, 0) for bucket in buckets)
    if trail.served:
        told[gen_ai.GEN_AI_RESPONSE_MODEL] = trail.served[:_MAX_NAME]
    if trail.finish_reason:
        told[gen_ai.GEN_AI_RESPONSE_FINISH_REASONS] = (trail.finish_reason,)
    if trail.stream and trail.first_at:
        told[gen_ai.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] = trail.first_at - began
    if failure is not None:
        told[error_attributes.ERROR_TYPE] = failure
        span.set_status(Status(StatusCode.ERROR))
    span.set_attributes(told)


def _operation(action: str, provider: str) -> str:
    """The name of what a provider is asked to do. Counting tokens has none in the conventions."""
    if action == "generate":
        return _Operation.GENERATE_CONTENT.value if provider in _GOOGLES else _Operation.CHAT.value
    if action == "embed":
        return _Operation.EMBEDDINGS.value
    return "count_tokens" if action == "count" else action


@lru_cache(maxsize=1024)
def _server_of(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _named(variables: Mapping[str, str]) -> dict[str, str]:
    """The name of the service, where the variables have none: what is given here would win against them."""
    given = variables.get("OTEL_RESOURCE_ATTRIBUTES", "")
    named = variables.get("OTEL_SERVICE_NAME") or any(
        item.partition("=")[0].strip() == SERVICE_NAME for item in given.split(",")
    )
    return {} if named else {SERVICE_NAME: "dragoman"}


def _tell_in_lines() -> None:
    """Let the library speak in the lines of the log. What its exporters say at every failure, `Exporter` says once."""
    library = logging.getLogger("opentelemetry")
    if not library.handlers:
        library.addHandler(LogLines())
        library.propagate = False
    logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)
