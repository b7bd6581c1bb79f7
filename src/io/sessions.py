"""What a request belongs to, of a route whose sessions stick."""

from collections.abc import Mapping

from .core import Core, Parsed
from .keys import Key
from .route_settings import HEADER


def session_of(
    sticky: str, dialect: str, headers: Mapping[bytes, bytes], key: Key, body: Parsed, core: Core
) -> str | None:
    """What tells the session of a request; None where it has none, and goes where any request may.

    Args:
        sticky: ``user``, ``key``, ``conversation`` or ``header:NAME``.
        dialect: the client's.
        headers: the client's, by lower-case name.
        key: its key.
        body: its request.
        core: reads the body.
    """
    if sticky == "key":
        return key.name or None
    if sticky.startswith(HEADER):
        value = headers.get(sticky[len(HEADER) :].lower().encode("ascii"), b"").strip()
        return value.decode("latin-1") or None
    return core.session(dialect, sticky, body)
