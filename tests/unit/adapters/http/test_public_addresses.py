"""Which addresses the bridge connects to, against IANA's special-purpose registries.

https://www.iana.org/assignments/iana-ipv4-special-registry
https://www.iana.org/assignments/iana-ipv6-special-registry
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.http.public_addresses import is_public

# Every block of the two registries, whether or not it is globally reachable.
IPV4_REGISTRY = (
    *("0.0.0.0/8", "0.0.0.0/32", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("172.16.0.0/12", "192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32"),
    *("192.0.0.10/32", "192.0.0.170/32", "192.0.0.171/32", "192.0.2.0/24", "192.31.196.0/24"),
    *("192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
    *("198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "255.255.255.255/32"),
)
IPV6_REGISTRY = (
    *("::1/128", "::/128", "::ffff:0:0/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64"),
    *("2001::/23", "2001::/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:2::/48"),
    *("2001:3::/32", "2001:4:112::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28"),
    *("2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7"),
    "fe80::/10",
)
# Not in the registries, and not host addresses: multicast, formats that contain an IPv4
# address, and unallocated blocks.
OTHERS = ("224.0.0.0/4", "ff00::/8", "fec0::/10", "::/96", "::ffff:0:0:0/96", "4000::/2")
BLOCKS = [*IPV4_REGISTRY, *IPV6_REGISTRY, *OTHERS]

IPV4 = st.integers(0, 2**32 - 1).map(IPv4Address)


def addresses_within(block: str) -> st.SearchStrategy[str]:
    network = IPv6Network(block) if ":" in block else IPv4Network(block)
    first, last = int(network.network_address), int(network.broadcast_address)
    kind = type(network.network_address)
    return st.integers(first, last).map(lambda number: str(kind(number)))


@given(st.sampled_from(BLOCKS).flatmap(addresses_within))
def test_special_purpose_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("block", BLOCKS)
def test_special_purpose_blocks_are_rejected_up_to_their_boundaries(block: str) -> None:
    network = IPv6Network(block) if ":" in block else IPv4Network(block)

    assert not is_public(str(network[0]))
    assert not is_public(str(network[-1]))


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_only_global_unicast_and_nat64_ipv6_addresses_are_public(address: IPv6Address) -> None:
    if is_public(str(address)):
        assert address in IPv6Network("2000::/3") or address in IPv6Network("64:ff9b::/96")


@given(IPV4)
def test_nat64_address_is_checked_by_its_ipv4_address(address: IPv4Address) -> None:
    assert is_public(f"64:ff9b::{address}") is is_public(str(address))


@given(IPV4)
def test_other_formats_that_contain_an_ipv4_address_are_not_public(address: IPv4Address) -> None:
    high, low = divmod(int(address), 2**16)
    for form in (
        f"::{address}",
        f"::ffff:{address}",
        f"::ffff:0:{address}",
        f"64:ff9b:1::{address}",
        f"2002:{high:x}:{low:x}::1",
        f"2001::{address}",
    ):
        assert not is_public(form)


@pytest.mark.parametrize(
    "address",
    [
        "fe80::1%eth0",
        "fe80::1%1",
        "2600:1f18::1%eth0",
        "64:ff9b::52.94.236.248%1",
        "52.94.236.248%eth0",
        "fe80::1%",
        "",
        "localhost",
        "052.94.236.248",
    ],
)
def test_result_with_a_zone_or_without_an_address_is_not_public(address: str) -> None:
    """Resolvers return zones for link-local addresses; they must not raise."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["52.94.236.248", "1.1.1.1", "2600:1f18::1", "2a00:1450::1", "64:ff9b::52.94.236.248"],
)
def test_addresses_of_known_hosts_are_public(address: str) -> None:
    assert is_public(address)
