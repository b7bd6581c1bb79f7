"""Where an upstream is."""

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import attrs

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@attrs.frozen(cache_hash=True)
class Origin:
    """Scheme, host and port: what connections can be shared for.

    Attributes:
        scheme: `http` or `https`.
        host: A lower-case name or an address, an IPv6 one without its brackets.
        port: 1 to 65535.
    """

    scheme: str = attrs.field(validator=attrs.validators.in_(_DEFAULT_PORTS))
    host: str
    port: int

    @staticmethod
    def parse(url: str) -> "tuple[Origin, str]":
        """Split an absolute URL into its origin and the request target (path and query; a fragment stays at home).

        Raises:
            ValueError: It is not an absolute http or https URL, or holds credentials.
        """
        scheme, separator, rest = url.partition("://")
        end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
        if not separator:
            raise ValueError("not an absolute URL")
        target = rest[end:].partition("#")[0]
        return _origin(scheme, rest[:end]), target if target.startswith("/") else "/" + target

    @property
    def authority(self) -> bytes:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        name = host.encode("ascii") if host.isascii() else host.encode("idna")
        return name if self.port == _DEFAULT_PORTS[self.scheme] else b"%b:%d" % (name, self.port)


@lru_cache(maxsize=1024)
def _origin(scheme: str, authority: str) -> Origin:
    parts = urlsplit(f"{scheme}://{authority}")
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError("not an http or https URL with a host")
    if "@" in authority:
        raise ValueError("credentials do not belong in a URL")
    port = _DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    if not port:
        raise ValueError("0 is not a port to connect to")
    return Origin(parts.scheme, parts.hostname, port)
