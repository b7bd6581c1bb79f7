"""Which addresses a client may have fetched: those that anybody on the internet could reach, and no others."""

import socket
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

import trio

Address = IPv4Address | IPv6Address

# Addresses that count as global, here or in some versions of Python, and are not: Azure's host services, those for
# protocols (RFC 6890), the old anycast of 6to4 (RFC 7526).
_RESERVED: Final = tuple(map(ip_network, ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24")))
# All that is given out of IPv6, and what stands for IPv4 behind a translator (RFC 6052).
_GIVEN_OUT: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_6TO4: Final = IPv6Network("2002::/16")
_TEREDO: Final = IPv6Network("2001::/32")
_TRY_SECONDS: Final = 3.0


class RefusedAddress(Exception):  # noqa: N818 - a rule of ours, not a fault
    """A name that leads where clients must not go. No address is named: it would tell what a name means in here."""


def is_public(address: Address) -> bool:
    """Whether an address is of the public internet, also by what it means to a translator or tunnel."""
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(inner)
        if address not in _GIVEN_OUT or address in _TEREDO:
            return False
    elif any(address in network for network in _RESERVED):
        return False
    return address.is_global and not address.is_multicast


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to an IPv6 one reach in the end."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour if address in _6TO4 else None


async def connect(host: str, port: int, *, allow_private: bool) -> trio.SocketStream:
    """A connection to one of a host's addresses, to the very one that was checked: a name is looked up once.

    Raises:
        RefusedAddress: one of the addresses is not public; a name that leads to both kinds is meant to confuse.
        OSError: there is no such host, or none of its addresses answers.
    """
    try:
        found = await trio.socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise OSError("no such host") from None
    addresses = list(dict.fromkeys(_addresses(found)))
    if not allow_private and not all(is_public(ip_address(address.partition("%")[0])) for address in addresses):
        raise RefusedAddress("its host is not on the public internet")
    failure: OSError = OSError("the host has no address")
    for address in addresses:
        with trio.move_on_after(_TRY_SECONDS) as scope:
            try:
                return await trio.open_tcp_stream(address, port)
            except OSError as error:
                failure = error
        if scope.cancelled_caught:
            failure = TimeoutError("the host does not answer")
    raise failure


def _addresses(found: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    for *_, place in found:
        yield str(place[0])
