"""Which addresses are of the public internet, in every spelling that leads to one."""

from ipaddress import ip_address

import pytest
import trio
from dragoman.io.media.addresses import RefusedAddress, connect, is_public

PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::8a", "::ffff:8.8.8.8",
          "64:ff9b::808:808", "2002:808:808::1"]  # fmt: skip
REFUSED = {
    "loopback": ["127.0.0.1", "127.8.8.8", "::1"],
    "this network": ["0.0.0.0", "0.1.2.3", "::"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    "link-local and metadata": ["169.254.169.254", "169.254.0.1", "fe80::1", "168.63.129.16", "fd00:ec2::254"],
    "carrier-grade NAT": ["100.64.0.1", "100.127.255.255"],
    "unique-local and site-local": ["fc00::1", "fd12:3456::1", "fec0::1"],
    "multicast and broadcast": ["224.0.0.1", "239.255.255.255", "ff02::1", "255.255.255.255"],
    "for documents, tests and the future": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "2001:db8::1",
                                            "240.0.0.1", "192.0.0.8", "192.88.99.1"],
    "mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:100.64.0.1"],
    "compatible": ["::127.0.0.1", "::8.8.8.8"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "64:ff9b:1::808:808"],
    "6to4": ["2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::1"],
    "Teredo": ["2001:0:4136:e378:8000:63bf:3fff:fdd2"],
}  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_open(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", [address for kind in REFUSED.values() for address in kind])
def test_what_is_not_of_the_public_internet_is_closed(address):
    assert not is_public(ip_address(address))


class Names(trio.abc.HostnameResolver):
    """A resolver with answers of our own, a new one for each question."""

    def __init__(self, *answers):
        self.answers = list(answers)

    async def getaddrinfo(self, _, port, *__, **___):
        return [(2, 1, 6, "", (address, port)) for address in self.answers.pop(0)]

    async def getnameinfo(self, sockaddr, flags):
        raise NotImplementedError


def connecting(*answers, port=9, allow_private=False):
    async def main():
        trio.socket.set_custom_hostname_resolver(Names(*answers))
        return await connect("name.example", port, allow_private=allow_private)

    return trio.run(main)


@pytest.mark.parametrize("answer", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["fe80::1%eth0"]])
def test_a_name_that_leads_to_a_closed_address_is_refused_before_anything_is_sent(answer):
    with pytest.raises(RefusedAddress):
        connecting(answer)


def test_a_name_is_looked_up_once_so_that_it_cannot_change_between_check_and_connection():
    """The second answer is what a rebinding server would give; nobody asks for it."""

    async def main():
        [listener] = await trio.open_tcp_listeners(0, host="127.0.0.1")
        names = Names(["127.0.0.1"], ["10.255.255.1"])
        trio.socket.set_custom_hostname_resolver(names)
        port = listener.socket.getsockname()[1]
        async with listener, await connect("name.example", port, allow_private=True) as stream:
            assert stream.socket.getpeername() == ("127.0.0.1", port)
        assert len(names.answers) == 1

    trio.run(main)


def test_another_address_is_tried_when_one_does_not_answer():
    async def main():
        [listener] = await trio.open_tcp_listeners(0, host="127.0.0.1")
        port = listener.socket.getsockname()[1]
        trio.socket.set_custom_hostname_resolver(Names(["127.0.0.2", "127.0.0.1"]))
        async with listener, await connect("name.example", port, allow_private=True) as stream:
            assert stream.socket.getpeername()[0] == "127.0.0.1"

    trio.run(main)


def test_a_name_that_is_none_is_an_os_error():
    async def main():
        await connect("a" * 70 + ".example", 9, allow_private=True)

    with pytest.raises(OSError, match=r"."):
        trio.run(main)
