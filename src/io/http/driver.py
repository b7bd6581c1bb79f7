"""The two drivers, which move the bytes of the same protocols: the lane where there is epoll, or plain trio streams."""

import select
from typing import Final, Literal

import trio

from .lane import LaneWire
from .wire import SocketWire, StreamWire, Wire

Driver = Literal["auto", "lane", "streams"]

AUTO: Final[Driver] = "lane" if hasattr(select, "epoll") else "streams"
"""What `auto` is on this system."""


def wire_of(stream: trio.abc.Stream, driver: Driver = "auto") -> Wire:
    """The fastest wire for a stream. A bare socket is taken over: use the wire from now on, not the stream.

    TLS has no place in the lane: whatever is not a bare socket moves by plain trio.
    """
    if not isinstance(stream, trio.SocketStream):
        return StreamWire(stream)
    driver = AUTO if driver == "auto" else driver
    return LaneWire(stream) if driver == "lane" else SocketWire(stream)
