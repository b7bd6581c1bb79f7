"""Credentials of accounts: a header that never changes, or a source that gives headers for one call."""

import logging
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Final

import attrs

from ..headers import RawHeaders
from ..settings import AccountConfig
from .aws import AwsSource, Sign
from .source import Outgoing, Signed, Source, Unavailable
from .tokens import ENTRA_SCOPE, EntraTokens, GoogleTokens, TokenSource

__all__ = [
    "KINDS",
    "Clock",
    "Outgoing",
    "Sign",
    "Signed",
    "Source",
    "Unavailable",
    "header_of",
    "kind_of",
    "missing",
    "source_of",
]

Clock = Callable[[], float]
"""Seconds since 1970."""


@attrs.frozen
class Kind:
    """A way to sign on.

    Attributes:
        header: that carries an account's ``api_key``.
        before: what stands in it before the key.
        package: what a source needs, when there is no key; None when there is no source.
        extra: of this distribution, which brings it.
        gives: settings of an account that such a source can give.
    """

    header: bytes = b"authorization"
    before: bytes = b"Bearer "
    package: str | None = None
    extra: str = ""
    gives: tuple[str, ...] = ()


KINDS: Final[Mapping[str, Kind]] = {
    "bearer": Kind(),
    "none": Kind(),
    "x-api-key": Kind(b"x-api-key", b""),
    "api-key": Kind(b"api-key", b""),
    "x-goog-api-key": Kind(b"x-goog-api-key", b""),
    # With a key these are plain headers: a Bedrock API key, and one of Google's.
    "aws": Kind(package="botocore", extra="bedrock", gives=("region",)),
    "google": Kind(b"x-goog-api-key", b"", "google.auth", "vertex", ("project",)),
    "entra": Kind(package="azure.identity", extra="azure"),
}

# What these log may repeat what was sent and answered.
_LIBRARIES: Final = ("azure", "botocore", "google", "msal", "urllib3")


def kind_of(config: AccountConfig, row_auth: str) -> str:
    """How an account signs on: as it says itself, else as its provider's row says."""
    return config.auth or row_auth


def missing(kind: str) -> str | None:
    """What must be installed for a source of this kind, in words; None when it is there."""
    package = KINDS[kind].package
    if package is None or _installed(package):
        return None
    return f"signing on by \"{kind}\" needs the package {package}: pip install 'dragoman[{KINDS[kind].extra}]'"


def header_of(kind: str, config: AccountConfig) -> RawHeaders:
    """The header that never changes; nothing when there is no key."""
    if config.api_key is None:
        return ()
    written = KINDS[kind]
    return ((written.header, written.before + config.api_key.reveal().encode("ascii")),)


def source_of(kind: str, name: str, config: AccountConfig, sign: Sign, clock: Clock) -> Source | None:
    """The source of an account's credentials; None when its header says all.

    Args:
        kind: see `kind_of`.
        name: the account's.
        config: the account.
        sign: the core's signer.
        clock: seconds since 1970.
    """
    if config.api_key is not None or KINDS[kind].package is None:
        return None
    for library in _LIBRARIES:
        logging.getLogger(library).propagate = False
        logging.getLogger(library).addHandler(logging.NullHandler())
    if kind == "aws":
        return AwsSource(name, config.region, config.profile, sign, clock)
    if kind == "entra":
        return TokenSource(name, EntraTokens(config.scope or ENTRA_SCOPE), clock=clock)
    return TokenSource(name, GoogleTokens(config.credentials), () if config.project else ("project",), clock)


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # the package around it is not there
        return False
