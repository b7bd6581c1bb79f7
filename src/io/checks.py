"""What values of settings must be, beyond their type: validators of the configuration's records."""

import math
import re
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import urlsplit

import attrs

from .policy import OnLoss, checked_policy
from .secret import Address, Secret

MOST_ATTEMPTS: Final = 20
_PREFIX: Final = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_PROXY_SCHEMES: Final = ("http", "https", "socks5", "socks5h")
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")
SHARED_SCHEMES: Final = ("redis", "rediss", "valkey", "valkeys", "unix")
_HASH: Final = re.compile(r"sha256:[0-9a-f]{64}")


class FieldError(ValueError):
    """A field's value is of the right type and still wrong. ``key`` is the field's name, ``""`` the record itself."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


Validator = Callable[[Any, "attrs.Attribute[Any]", Any], None]


def positive(_: Any, attribute: "attrs.Attribute[Any]", value: float) -> None:
    """A number above 0."""
    if not 0 < value < math.inf:
        raise FieldError(attribute.name, f"{value} must be greater than 0 and finite")


def not_negative(_: Any, attribute: "attrs.Attribute[Any]", value: float) -> None:
    """0, or a number above it."""
    if not 0 <= value < math.inf:
        raise FieldError(attribute.name, f"{value} must not be negative, and finite")


def attempts(_: Any, attribute: "attrs.Attribute[int]", value: int) -> None:
    """How often something is tried: a bound on how long its client is left without an answer."""
    if not 1 <= value <= MOST_ATTEMPTS:
        raise FieldError(attribute.name, f"{value} must be from 1 to {MOST_ATTEMPTS}")


def error_statuses(_: Any, attribute: "attrs.Attribute[tuple[int | str, ...]]", value: tuple[int | str, ...]) -> None:
    """HTTP statuses of answers that failed, and codes of errors."""
    for one in value:
        if isinstance(one, str):
            if not _CODE.fullmatch(one):
                kind = "a status is written without quotes" if one.isdecimal() else 'letters, digits, "_", "." and "-"'
                raise FieldError(attribute.name, f'"{one}" is not the code of an error: {kind}')
        elif not 400 <= one <= 599:
            raise FieldError(attribute.name, f"{one} is not the status of an error: 400 to 599")


def on_loss(_: Any, attribute: "attrs.Attribute[OnLoss]", value: OnLoss) -> None:
    """A policy for losses."""
    try:
        checked_policy(value)
    except ValueError as error:
        raise FieldError(attribute.name, str(error)) from None


def port(_: Any, attribute: "attrs.Attribute[int]", value: int) -> None:
    """A port to listen on."""
    if not 0 <= value <= 65535:
        raise FieldError(attribute.name, f"{value} is not a port: 0 (any free one) to 65535")


def not_empty(_: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """A text with something in it."""
    if value is not None and not value.strip():
        raise FieldError(attribute.name, "must not be empty")


def prefixes(_: Any, attribute: "attrs.Attribute[tuple[str, ...]]", value: tuple[str, ...]) -> None:
    """Paths without a slash at the end."""
    for prefix in value:
        if not _PREFIX.fullmatch(prefix):
            raise FieldError(attribute.name, f'"{prefix}" must look like "/api/llm", without a slash at the end')


def url(_: Any, attribute: "attrs.Attribute[str | None]", value: str | None) -> None:
    """Where a provider is."""
    if value is None:
        return
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, usable = None, False
    if parts is not None and parts.username is not None:
        raise FieldError(attribute.name, "must not carry a user or password; use api_key")
    if not usable:
        raise FieldError(attribute.name, f'"{value}" must be a URL such as "https://host/v1"')
    if parts is not None and (parts.query or parts.fragment):
        raise FieldError(attribute.name, "must not have a query or fragment")


def proxy(_: Any, attribute: "attrs.Attribute[Secret | None]", value: Secret | None) -> None:
    """Where a proxy is, credentials included."""
    if value is None:
        return
    try:
        parts = urlsplit(value.reveal())
        usable = parts.scheme in _PROXY_SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, usable = None, False
    if parts is None or not usable:
        raise FieldError(attribute.name, f'must be a URL such as "http://proxy:3128" ({", ".join(_PROXY_SCHEMES)})')
    if parts.scheme.startswith("socks"):
        installed(attribute.name, "socksio", "pip install 'httpx[socks]'")


def http2(_: Any, attribute: "attrs.Attribute[bool]", value: bool) -> None:
    """Whether HTTP/2 is wanted, and can be had."""
    if value:
        installed(attribute.name, "h2", "pip install 'httpx[http2]'")


def ledger(_: Any, attribute: "attrs.Attribute[Address | None]", value: Address | None) -> None:
    """Where the ledger is."""
    if value is None or value.reveal() == "off":
        return
    kind, _colon, place = value.reveal().partition(":")
    if kind == "sqlite" and place:
        return
    try:
        parts = urlsplit(value.reveal())
        usable = parts.scheme in ("postgresql", "postgres") and place.startswith("//") and parts.port != 0
    except ValueError:
        usable = False
    if not usable:  # and what it is may be a secret
        raise FieldError(attribute.name, 'must be "sqlite:PATH", "postgresql://host/name" or "off"')
    installed(attribute.name, "psycopg", "pip install 'dragoman[postgresql]'")


def shared(_: Any, attribute: "attrs.Attribute[Address | None]", value: Address | None) -> None:
    """Where it is kept what several gateways share."""
    if value is None:
        return
    try:
        parts = urlsplit(value.reveal())
        usable = parts.port != 0 and bool(parts.path if parts.scheme == "unix" else parts.hostname)
        usable = usable and (parts.scheme == "unix" or parts.path[1:].isdecimal() or not parts.path[1:])
    except ValueError:
        parts, usable = None, False
    if parts is None or not usable or parts.scheme not in SHARED_SCHEMES:  # and what it is may be a secret
        words = 'must be "redis://host:6379/0" (or rediss, valkey, valkeys, unix; the path is the number of a database)'
        raise FieldError(attribute.name, words)
    installed(attribute.name, "coredis", "pip install 'dragoman[valkey]'")


def installed(key: str, package: str, command: str) -> None:
    """Check that a package is there.

    Raises:
        FieldError: it is not; the message says how to install it.
    """
    if find_spec(package) is None:
        raise FieldError(key, f"needs the package {package}: {command}")


def key_hash(_: Any, attribute: "attrs.Attribute[str]", value: str) -> None:
    """The hash of a gateway's key."""
    if not _HASH.fullmatch(value):
        raise FieldError(
            attribute.name, 'must be "sha256:" and 64 hexadecimal digits; "dragoman keys new" prints a key and its hash'
        )
