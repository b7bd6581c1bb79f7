"""What of a call tells its answer: the call without what only labels it, such as a user's name or the id of a request.

Two calls of the same essence may be given one answer. So nothing is left out that might matter: which labels change
nothing, a provider's row says (``silent``), and of servers that may mean anything by them no row says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from .providers import PROVIDERS, ProviderRow
from .target import pick_headers


def essence_of(provider: str, dialect: str, headers: Mapping[str, Any], body: bytes) -> bytes:
    """The essence of a call.

    Args:
        provider: whom it goes to.
        dialect: the provider's, of the surface that is called.
        headers: that the core wrote for it.
        body: that the core wrote for it.

    Returns:
        The headers that count, one line of JSON, and the body that counts.
    """
    if silent := _silent(provider, dialect):
        quiet = pick_headers(dict(headers), silent)
        headers = {name: value for name, value in headers.items() if name.lower() not in quiet}
        body = _without(body, silent)
    said = sorted((name.lower(), value) for name, value in headers.items())
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE) + body


def _silent(provider: str, dialect: str) -> tuple[str, ...]:
    """What only labels calls to a surface; nothing where the surface is not known."""
    row = PROVIDERS.get(provider)
    if row is None:
        return ()
    rows: tuple[ProviderRow | None, ...] = (row, row.other, *(variant for _, variant in row.variants))
    return next((one.silent for one in rows if one is not None and one.dialect == dialect), ())


def _without(body: bytes, keys: tuple[str, ...]) -> bytes:
    """A body without some of its top-level keys."""
    if not any(b'"%b":' % key.encode() in body for key in keys):
        return body
    try:
        value = orjson.loads(body)
        # Text that is not as the serialiser writes it may say more than its value does, a key twice or a long number:
        # it counts as it is.
        if type(value) is not dict or orjson.dumps(value) != body:
            return body
    except (orjson.JSONDecodeError, TypeError):
        return body
    return orjson.dumps({key: item for key, item in value.items() if key not in keys})
