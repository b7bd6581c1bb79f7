"""Whether a gateway should be sent requests: the answer of ``GET /health/ready``.

A gateway listens only once its configuration is loaded and whole, so that whoever reaches the probe has that behind
him. Providers are not asked: were they, one that is down would take every gateway out of service at once.
"""

from typing import Final

import orjson

_ROOM: Final = 65_536
"""Bytes of a body that must find room, or most requests are refused."""


def reasons(*, draining: bool, held: int, limit: int, cut_off: bool = False) -> tuple[str, ...]:
    """Why a gateway should be sent no requests; nothing when it should be.

    Args:
        draining: whether it has been told to stop.
        held: bytes of bodies in memory.
        limit: how many there may be.
        cut_off: whether what it must share with other gateways cannot be had.
    """
    found = []
    if draining:
        found.append("draining")
    if held > 0 and held + _ROOM > limit:
        found.append("memory")
    if cut_off:
        found.append("shared")
    return tuple(found)


def answer(found: tuple[str, ...]) -> tuple[int, bytes]:
    """The status and the JSON that tell it."""
    if found:
        return 503, orjson.dumps({"status": "unready", "reasons": found})
    return 200, b'{"status":"ready"}'
