"""Which traces are sampled, decided before the SDK of OpenTelemetry makes a span."""

from typing import Any, Final

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import INVALID_TRACE_ID

LOWER: Final = TraceIdRatioBased.TRACE_ID_LIMIT
"""The half of an id that a share is taken of."""


class Foretold(Sampler, RandomIdGenerator):
    """Tells the SDK what was decided of a request before it has a span: a sampler that counts is to be asked once.

    Of the spans inside it the sampler is asked as ever.
    """

    def __init__(self, sampler: Sampler) -> None:
        self._sampler = sampler
        self._trace_id = INVALID_TRACE_ID
        self._said: SamplingResult | None = None

    def tell(self, trace_id: int, said: SamplingResult) -> None:
        """Note what was decided of the span that is begun next."""
        self._trace_id, self._said = trace_id, said

    def generate_trace_id(self) -> int:
        """See `IdGenerator`. Traces begin with requests only."""
        return self._trace_id

    def should_sample(self, *told: Any, **more: Any) -> SamplingResult:
        """See `Sampler`."""
        said, self._said = self._said, None
        return self._sampler.should_sample(*told, **more) if said is None else said

    def get_description(self) -> str:
        """See `Sampler`."""
        return self._sampler.get_description()


def bound_of(sampler: Sampler) -> int:
    """From where on the lower half of an id says that a request without a parent is dropped, whatever else is asked.

    It is known of the samplers that take a share, and spares most requests the question: that costs more than the rest.
    """
    root = vars(sampler).get("_root") if type(sampler) is ParentBasedTraceIdRatio else sampler
    return root.bound if type(root) is TraceIdRatioBased else LOWER + 1
