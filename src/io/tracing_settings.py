"""What a configuration may say of traces."""

import attrs

from . import checks


@attrs.frozen
class TracingConfig:
    """``[tracing]``: spans of requests for models, sent by OTLP; where to, and of how many, ``OTEL_`` variables say.

    Attributes:
        enabled: whether requests are traced; needs ``dragoman[otel]``.
        propagate: whether providers are sent the trace's context, as ``traceparent`` and ``tracestate``.
        flush_seconds: time for the spans that are still to be sent when the gateway ends.
    """

    enabled: bool = False
    propagate: bool = False
    flush_seconds: float = attrs.field(default=5.0, validator=checks.positive)
