"""The HTTP/1.1 edge: a server for clients, a pool for upstreams, both sans-I/O protocols moved by trio."""

from .budget import Budget, Lease
from .connection import ErrorWriter, OnError
from .driver import Driver
from .exchange import Exchange, Handler
from .framing import RETRY_AFTER
from .httpx_pool import HttpxPool
from .limits import Limits, UpstreamLimits
from .origin import Origin
from .patience import Patience
from .pool import Pool, default_context
from .response import Response, pump
from .server import Server, log_error, open_tcp_listeners, serve, write_error
from .server_protocol import ProtocolError, Request
from .tapped import Tapped
from .transport import PoolTransport
from .unpacked import packing, unpacked
from .upstream_error import UpstreamError
from .upstreams import UpstreamResponse, Upstreams

__all__ = [
    "RETRY_AFTER",
    "Budget",
    "Driver",
    "ErrorWriter",
    "Exchange",
    "Handler",
    "HttpxPool",
    "Lease",
    "Limits",
    "OnError",
    "Origin",
    "Patience",
    "Pool",
    "PoolTransport",
    "ProtocolError",
    "Request",
    "Response",
    "Server",
    "Tapped",
    "UpstreamError",
    "UpstreamLimits",
    "UpstreamResponse",
    "Upstreams",
    "default_context",
    "log_error",
    "open_tcp_listeners",
    "packing",
    "pump",
    "serve",
    "unpacked",
    "write_error",
]
