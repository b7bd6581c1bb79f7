"""How much the edge takes and how long it waits, on both of its sides. Sizes are bytes, times are seconds."""

import attrs
from attrs.validators import ge, gt


@attrs.frozen
class Limits:
    """What the server grants a client.

    Attributes:
        max_head_bytes: Request line and headers together; trailers, and the framing between two pieces of a chunked
            body, are held to the same. More is answered 431.
        max_headers: Header lines of one request, trailers included; more is answered 431.
        max_body_bytes: The decoded request body, held in memory; more is answered 413.
        head_timeout: From the first byte of a request to the end of its head. Progress does not extend it. 408.
        body_timeout: For the request body. Progress extends it, but only at `min_body_rate`: a body of N bytes has
            `body_timeout + N / min_body_rate` seconds in all, so that a trickle of single bytes holds nothing. 408.
        min_body_rate: Bytes a second that a body which takes longer than `body_timeout` must sustain.
        idle_timeout: A connection without a request (new, or kept alive) is closed without a word after this time.
            Looked at now and then: an eighth more may pass.
        write_timeout: A client that takes no byte at all of a response for this long is cut off.
        max_connections: Open client connections; one more is answered 503 and closed.
        max_pipelined: Requests read ahead on one connection; beyond them nothing is read until one is answered.
        max_buffered_bytes: Request bodies of all connections together, half-read ones and those whose requests are
            being answered; more is answered 503.
        drain_timeout: What running exchanges get to finish when the server drains; then they are cancelled.
    """

    max_head_bytes: int = attrs.field(default=65_536, validator=gt(0))
    max_headers: int = attrs.field(default=200, validator=gt(0))
    max_body_bytes: int = attrs.field(default=67_108_864, validator=ge(0))
    head_timeout: float = attrs.field(default=10.0, validator=gt(0))
    body_timeout: float = attrs.field(default=60.0, validator=gt(0))
    min_body_rate: float = attrs.field(default=8_192.0, validator=gt(0))
    idle_timeout: float = attrs.field(default=75.0, validator=gt(0))
    write_timeout: float = attrs.field(default=60.0, validator=gt(0))
    max_connections: int = attrs.field(default=4096, validator=gt(0))
    max_pipelined: int = attrs.field(default=16, validator=gt(0))
    max_buffered_bytes: int = attrs.field(default=1_073_741_824, validator=gt(0))
    drain_timeout: float = attrs.field(default=30.0, validator=ge(0))


@attrs.frozen
class UpstreamLimits:
    """What the pool grants an upstream.

    Attributes:
        connect_timeout: Name look-up, TCP and TLS handshake together.
        head_timeout: From the request being sent to the end of the response head. Long: a model may think for minutes
            before its first byte.
        idle_read_timeout: For one read of a response body to bring something.
        write_timeout: An upstream that takes no byte of the request for this long is given up.
        max_head_bytes: Status line and headers together, and those of the informational responses before; the framing
            of a chunked body as for requests.
        max_headers: Header lines of one response (trailers included).
        max_body_bytes: For `Response.read`, which holds the body in memory; a streamed body has no limit.
        max_idle_per_origin: Connections kept for reuse; beyond them the longest idle one is closed.
        idle_ttl: How long a connection is kept for reuse.
    """

    connect_timeout: float = attrs.field(default=10.0, validator=gt(0))
    head_timeout: float = attrs.field(default=600.0, validator=gt(0))
    idle_read_timeout: float = attrs.field(default=300.0, validator=gt(0))
    write_timeout: float = attrs.field(default=60.0, validator=gt(0))
    max_head_bytes: int = attrs.field(default=65_536, validator=gt(0))
    max_headers: int = attrs.field(default=200, validator=gt(0))
    max_body_bytes: int = attrs.field(default=67_108_864, validator=ge(0))
    max_idle_per_origin: int = attrs.field(default=512, validator=ge(0))
    idle_ttl: float = attrs.field(default=60.0, validator=gt(0))
