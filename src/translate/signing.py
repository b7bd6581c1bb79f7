"""AWS Signature Version 4 as a pure function (wire/bedrock.md 3).

Credentials come as arguments, go into the signature, and are kept nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

import attrs

from .records.quick import record

ALGORITHM: Final = "AWS4-HMAC-SHA256"
UNSIGNED: Final = frozenset({
    "authorization", "baggage", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
    "traceparent", "tracestate", "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
})  # fmt: skip
"""Headers that proxies change, or that the signature itself adds."""

_PORTS: Final = {"http": 80, "https": 443}


@record
class Credentials:
    """Who signs; ``session_token`` belongs to temporary credentials."""

    access_key: str
    secret_key: str = attrs.field(repr=False)
    session_token: str | None = attrs.field(default=None, repr=False)


@record
class Call:
    """A call exactly as it will be sent; the path of its URL is percent-encoded already."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@record
class Scope:
    """What a signature is for: ``eu-west-1``, ``bedrock``, and the time in seconds since 1970.

    AWS tolerates about five minutes.
    """

    region: str
    service: str
    now: int


def sign(call: Call, credentials: Credentials, scope: Scope) -> dict[str, str]:
    """The headers that sign a call: ``x-amz-date``, ``authorization`` and, with a token, ``x-amz-security-token``."""
    moment = timestamp(scope.now)
    added = {"x-amz-date": moment}
    if credentials.session_token:
        added["x-amz-security-token"] = credentials.session_token
    named = {"host": _host(call.url)}
    named |= {name.lower(): " ".join(value.split()) for name, value in {**call.headers, **added}.items()}
    signed = {name: named[name] for name in sorted(named) if name not in UNSIGNED}
    place = f"{moment[:8]}/{scope.region}/{scope.service}/aws4_request"
    canonical = canonical_request(call, signed)
    words = f"{ALGORITHM}\n{moment}\n{place}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{credentials.secret_key}".encode()
    for step in place.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, words.encode(), "sha256").hex()
    added["authorization"] = (
        f"{ALGORITHM} Credential={credentials.access_key}/{place}, "
        f"SignedHeaders={';'.join(signed)}, Signature={signature}"
    )
    return added


def sign_as_told(head: Any, body: bytes) -> dict[str, str]:
    """``sign`` for the head of ``boundary.sign``.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: for a head that is none; what is in it may be secret.
    """
    given = head["credentials"]
    headers, token = head.get("headers") or {}, given.get("session_token")
    words = [head["method"], head["url"], head["region"], head.get("service") or "bedrock"]
    words += [given["access_key"], given["secret_key"], token or "", *headers, *headers.values()]
    if type(head["now"]) is not int or not all(type(word) is str for word in words):
        raise TypeError("strings are expected")
    method, url, region, service, access_key, secret_key = words[:6]
    call, who = Call(method, url, headers, body), Credentials(access_key, secret_key, token or None)
    return sign(call, who, Scope(region, service, head["now"]))


def canonical_request(call: Call, signed: Mapping[str, str]) -> str:
    """The call in the one spelling that both sides hash; ``signed`` is sorted, its names in lower case."""
    parts = urlsplit(call.url)
    lines = [
        call.method.upper(),
        # The path as it is sent, encoded once more: every service but S3 wants that.
        quote(_path(parts.path), safe="/~"),
        "&".join("=".join(pair) for pair in sorted(_pairs(parts.query))),
        *(f"{name}:{value}" for name, value in signed.items()),
        "",
        ";".join(signed),
        hashlib.sha256(call.body).hexdigest(),
    ]
    return "\n".join(lines)


def _pairs(query: str) -> list[tuple[str, str]]:
    return [item.partition("=")[::2] for item in query.split("&")] if query else []


def _path(path: str) -> str:
    """A path without dot segments and doubled slashes."""
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    end = "/" if steps and path.endswith("/") else ""
    return f"/{'/'.join(steps)}{end}"


def _host(url: str) -> str:
    """The value of the ``host`` header: the port is said when it is not the scheme's own."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port in (None, _PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def timestamp(now: int) -> str:
    """Seconds since 1970 as ``20260102T030405Z``, by the proleptic Gregorian calendar."""
    days, seconds = divmod(now, 86_400)
    # Years that begin in March, in eras of 400 years: the leap day is then the last of its year.
    era, day = divmod(days + 719_468, 146_097)
    year = (day - day // 1_460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    month = month + 3 if month < 10 else month - 9
    year += 400 * era + (month <= 2)
    hours, seconds = divmod(seconds, 3_600)
    return f"{year:04}{month:02}{day + 1:02}T{hours:02}{seconds // 60:02}{seconds % 60:02}Z"
